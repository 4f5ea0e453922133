"""The ground of the hand-over: planillas are read, made and written; what a cut took is said again.

Acuerdo 060 de 2001, art. 8: planillas certify that the competent officers received. An act upon a
planilla is one write: the planilla's own event first, then what follows for each paper. A cut
within it leaves the first of these lines, and the next act says the rest again before anything
else. What a person does with a planilla that is made: `records.handover`.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from records import custody, fields, identity, lines, norms, numbering, rounds, slips
from records.clock import Clock
from records.errors import Refused
from records.issuing import Issuing
from records.journal import Draft
from records.rounds import (
    LinesAnswered,
    PaperMoved,
    Round,
    RoundMade,
    SheetLost,
    SheetReprinted,
    subject_of,
)
from records.slips import Slip

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from records.events import Event
    from records.journal import Writer
    from records.people import Area

_MOVING = ("planilla.creada", "planilla.recibida", "planilla.perdida")
"""Events of a planilla from which movements of papers follow."""


class LineOf(msgspec.Struct, frozen=True):
    """A line of a new planilla."""

    n: int
    radicado: str


class Made(msgspec.Struct, frozen=True):
    """A planilla that was made, and what was left out of it."""

    planilla: str
    lineas: list[LineOf]
    archivo: str
    evento: str
    por_escanear: list[str]
    """Papers of the área that wait for their image: a paper that left cannot be scanned."""
    rechazados: list[str]
    """Papers that this very área refused: where they go is to be corrected first."""
    quedan: int
    """Papers that did not fit: they go on the next one."""


class _Chosen(msgspec.Struct, frozen=True):
    """What goes on a planilla, and what does not yet."""

    papers: list[str]
    por_escanear: list[str]
    rechazados: list[str]
    quedan: int


class Handing(Issuing, Clock):
    """Planillas as they are made and kept."""

    # -- making -------------------------------------------------------------------------------

    def crear_planilla(
        self,
        dependencia: str,
        radicados: Collection[str] = (),
        *,
        ronda: str = "",
        mensajero: str = "",
    ) -> Made:
        """A planilla with the papers that wait for *dependencia*, or with those of *radicados*.

        Raises:
            Refused: no such dependencia, nothing to hand over, or one of *radicados* cannot go:
                it is none of this punto, is annulled, goes elsewhere, or its paper is not here.
        """
        actor = self._clerk()
        area = self.authority.area(dependencia)
        who = fields.clean_text(mensajero)
        ficha = {"ronda": fields.clean_text(ronda), "mensajero": who}
        known = who if who in self.authority.personas else None
        ficha = {k: v for k, v in ficha.items() if v and not (k == "mensajero" and known)}
        while True:
            with self._writing() as writer:
                self._finish(writer)
                self.check_clock(writer)
                chosen = self._chosen(area, radicados)
                at = writer.at()
                number = numbering.next_round(self.settings, writer.tail, int(at[:4]))
                self._check_new(number[0])
            fact = self._draw_up(area, chosen.papers, number, at, ficha, actor, known)
            with self._writing() as writer:
                year = int(writer.at()[:4])
                same = numbering.next_round(self.settings, writer.tail, year) == number
                if not same or self._chosen(area, radicados) != chosen:
                    continue  # another clerk made one meanwhile, or moved a paper: look again
                event = self._write(writer, fact, actor, ficha or None)
                break
        path = self._publish(fact.planilla, self.vault.read(fact.documento))
        rows = [LineOf(n, radicado) for n, radicado in enumerate(fact.lineas, start=1)]
        return Made(
            fact.planilla,
            rows,
            str(path),
            event.hash,
            chosen.por_escanear,
            chosen.rechazados,
            chosen.quedan,
        )

    def _check_new(self, numero: str) -> None:
        """An older program may have left an `ancla` that says nothing of planillas."""
        if self.planilla(numero) is not None:
            raise Refused(
                "planilla_repetida",
                f"La planilla {numero} ya existe: un programa más viejo escribió en este diario.",
                consejo="Las que hay se siguen recibiendo. Actualice todos los equipos "
                "y llame a quien lo administra.",
            )

    def _chosen(self, area: Area, radicados: Collection[str]) -> _Chosen:
        """The papers of a new planilla.

        Raises:
            Refused: there is none, or one that was named cannot go.
        """
        if radicados:
            names = dict.fromkeys(r.strip().upper() for r in radicados)
            papers = [self._named(area, name) for name in names]
            if len(papers) > custody.MOST_LINES:
                raise custody.refused(
                    "planilla_larga",
                    f"Una planilla lleva hasta {custody.MOST_LINES} líneas.",
                    self._today(),
                    "Repártalas en varias.",
                )
            return _Chosen(papers, [], [], 0)
        waiting = self.index.waiting_papers(self.punto, area.codigo)
        refused = [radicado for radicado, _, by_them in waiting if by_them]
        unscanned = [radicado for radicado, pending, theirs in waiting if pending and not theirs]
        ready = [radicado for radicado, pending, by_them in waiting if not (pending or by_them)]
        if not ready:
            left = f" Esperan su imagen: {', '.join(unscanned)}." if unscanned else ""
            left += f" Los rechazó: {', '.join(refused)}." if refused else ""
            ways = ["escanéelos"] * bool(unscanned) + ["asígnelos a otra"] * bool(refused)
            raise custody.refused(
                "planilla_vacia",
                f"Ningún papel espera en la ventanilla para {area.codigo} {area.nombre}.{left}",
                self._today(),
                ", o ".join([*ways, "nómbrelos con --radicado."]).capitalize() if ways else "",
            )
        kept = ready[: custody.MOST_LINES]
        return _Chosen(kept, unscanned, refused, len(ready) - len(kept))

    def _named(self, area: Area, radicado: str) -> str:
        """A record that a planilla was told to take, by its radicado."""
        today = self._today()
        if self.index.subject_of(radicado) is None:
            raise custody.refused(
                "no_existe",
                f"No hay ningún radicado {radicado} en esta oficina.",
                today,
                "Búsquelo con «ventanilla buscar».",
            )
        state = self._writable(self.subject(radicado))
        if not state.subject.startswith(f"{self.punto}."):
            raise custody.refused("de_otra_sede", f"{radicado} es de otra sede.", today)
        if state.anulado is not None:
            raise custody.refused(
                "ya_anulado",
                f"{radicado} está anulado por el acta {state.anulado.acta}: no se entrega.",
                today,
            )
        custody.check_leaving(radicado, state.papel, today)
        goes = state.tramite.dependencia
        if goes != area.codigo:
            own = f"va a «{goes}»" if goes else "está por repartir"
            raise custody.refused(
                "otra_dependencia",
                f"{radicado} {own}, no va a {area.codigo} {area.nombre}.",
                today,
                "Asígnelo primero, o nómbrelo en la planilla de su dependencia.",
            )
        return radicado

    def _draw_up(
        self,
        area: Area,
        papers: list[str],
        number: tuple[str, int, int | None],
        at: str,
        told: Mapping[str, str],
        actor: str,
        mensajero: str | None,
    ) -> RoundMade:
        """Draw a planilla's sheet and keep it; gives the fact that names it."""
        numero, n, before = number
        codigo = secrets.token_hex(8)
        states = [self.estado(self.subject(radicado)) for radicado in papers]
        slip = Slip(
            numero,
            codigo,
            f"{area.codigo} {area.nombre}",
            lines.read_hour(at),
            told.get("ronda", ""),
            self._name(mensajero) if mensajero else told.get("mensajero", ""),
            self._name(actor),
            norms.cite(custody.CONTROL, self._today()),
            [
                slips.row_of(s, lines.read_hour(s.recibido or s.fecha or at), self.withheld(s))
                for s in map(identity.public, states)
            ],
        )
        sheet = self._sheet(
            "Planilla de entrega de comunicaciones",
            at=lines.moment(at),
            subtitle=f"{numero} · {area.codigo} {area.nombre}",
            mark=f"Planilla {numero}",
            landscape=True,
        )
        return RoundMade(
            planilla=numero,
            vigencia=int(at[:4]),
            n=n,
            anterior=before,
            dependencia=area.codigo,
            lineas=papers,
            codigo=codigo,
            documento=self.vault.put(slips.fill(sheet, slip), "pdf"),
            mensajero=mensajero,
        )

    # -- reading ------------------------------------------------------------------------------

    def planilla(self, numero: str) -> Round | None:
        """The planilla that bears a number; None where there is none."""
        self.index.catch_up()
        return rounds.fold(self.index.events(subject_of(numero.strip().upper())))

    def _round(self, numero: str) -> Round:
        state = self.planilla(numero)
        if state is None:
            raise custody.refused(
                "no_existe",
                f"No hay ninguna planilla {numero}.",
                self._today(),
                "Véalas con «ventanilla planilla lista».",
            )
        if state.desconocida:
            raise Refused(
                "mas_nuevo", f"{numero} tiene hechos de una versión más nueva de este programa."
            )
        return state

    def _open_round(self, numero: str) -> Round:
        state = self._round(numero)
        if state.perdida is not None:
            raise custody.refused(
                "planilla_perdida",
                f"{state.numero} se declaró perdida el {lines.read_hour(state.perdida)}.",
                self._today(),
                "Sus líneas abiertas quedaron libres para una planilla nueva.",
            )
        return state

    # -- writing ------------------------------------------------------------------------------

    def _write(
        self,
        writer: Writer,
        fact: RoundMade | LinesAnswered | SheetReprinted | SheetLost,
        actor: str,
        ficha: dict[str, Any] | None = None,
        state: Round | None = None,
    ) -> Event:
        """Append a planilla's event and, in the same write, what follows for its papers."""
        at, subject = writer.at(), subject_of(fact.planilla)
        made = fact if isinstance(fact, RoundMade) else state.hecha if state is not None else None
        follow: list[PaperMoved] = []
        if made is not None:
            open_lines = [line.n for line in state.abiertas] if state is not None else []
            follow = rounds.moves(made, fact, at, open_lines)
        for move in follow:
            self._writable(self.subject(move.radicado))
        drafts = [Draft(fact, subject, actor, self._after(subject), ficha)]
        drafts += [self._moving(move, actor) for move in follow]
        return writer.append_all(drafts, at=at)[0]

    def _moving(self, move: PaperMoved, actor: str) -> Draft:
        subject = self.subject(move.radicado)
        return Draft(move, subject, actor, self._after(subject))

    def _finish(self, writer: Writer) -> None:
        """Say what a cut kept from being said after the last event of a planilla."""
        found = [self.index.last_of_type(self.punto, kind) for kind in _MOVING]
        last = max((e for e in found if e is not None), key=lambda e: e.seq, default=None)
        if last is None:
            return
        events = self.index.events(last.subject)
        before = rounds.fold(e for e in events if e.seq < last.seq)
        whole = rounds.fold(events)
        assert whole is not None and last.fact is not None
        open_lines = [line.n for line in before.abiertas] if before is not None else []
        owed = rounds.moves(whole.hecha, last.fact, last.at, open_lines)
        missing = []
        for move in reversed(owed):  # a cut leaves the first lines of a write
            if self._was_said(move):
                break
            missing.append(move)
        if missing:
            writer.append_all([self._moving(move, last.actor) for move in reversed(missing)])
            self.index.catch_up()

    def _was_said(self, move: PaperMoved) -> bool:
        events = self.index.events(self.subject(move.radicado))
        return any(event.fact == move for event in events)

    def _publish(self, name: str, page: bytes) -> Path:
        target = self.home / "salida" / "planillas" / f"{name}.pdf"
        self.disk.make_folder(target.parent)
        self.disk.publish(target, page)
        return target

    @staticmethod
    def _today() -> date:
        return lines.now().date()
