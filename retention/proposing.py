"""The ground of disposal: what may be proposed, its inventory and sample, and how one is found.

What is kept for good is never proposed (Ley 594 de 2000, art. 19 par. 2), nor what is held, open,
or before its time. The steps that follow are in `retention.disposal`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import disposal, fields, lines, norms
from records.disposal import (
    MOST,
    RULE,
    SERIES,
    Disposal,
    Proposed,
    Sample,
    Stratum,
    fold,
    subject_of,
)
from records.erasure import FOLDER
from records.errors import Refused
from records.events import in_order
from records.expedientes import Reopened
from records.journal import Draft
from records.numbering import next_of_archive
from retention import disposal_pages, schedule
from retention.disposal_views import DisposalView, Proposal, proposal, view
from retention.due import Retention
from retention.room import refused, today

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.events import Event
    from records.expedientes import Expediente
    from records.fact import Fact
    from records.journal import Writer
    from records.trd import Row

DISPOSAL = "Decreto 1080 de 2015, art. 2.8.2.2.5"
PUBLIC = "Acuerdo 001 de 2024 (AGN), art. 4.5.4"
KEPT = "Ley 594 de 2000, art. 19"
RETENTION = "Ley 594 de 2000, art. 24"


class _Moved(Exception):
    """Somebody took the number, or an expediente changed, meanwhile."""


def _place(event: Event) -> tuple[str, int, int]:
    """Where an event stands in the log."""
    return (event.at, event.epoch, event.seq)


class Proposing(Retention):
    """Disposals as they are proposed and read."""

    # -- proposing ----------------------------------------------------------------------------

    def proponer(
        self, expedientes: Sequence[str], *, muestra: int | None = None, motivo: str = ""
    ) -> DisposalView:
        """Propose to erase expedientes whose time is over; of a serie that is selected, a sample
        of *muestra* of a hundred is kept (as the TRD says, where it is not given).

        Raises:
            Refused: one of them is open, held, not due, kept for good or by another's sample, on
                its way, or in another disposal; a sample is asked where no serie is selected, or
                keeps them all; or who asks is no archivist.
            CannotSign: the inventory cannot be signed now.
        """
        actor, why = self._keeper(), fields.clean_text(motivo)
        names = list(dict.fromkeys(expedientes))
        if not 0 < len(names) <= MOST:
            raise refused("cuantos", f"Una eliminación lleva de 1 a {MOST} expedientes.", DISPOSAL)
        if muestra is not None and not 1 <= muestra <= 100:
            raise refused("muestra", "La muestra es un porcentaje, de 1 a 100.", DISPOSAL)
        while True:
            states = [self._may_go(name) for name in names]
            fact = self._draw_up(states, muestra)
            if self._append_new(fact, states, actor, why):
                break
        self._publish(fact.eliminacion, "inventario.pdf", fact.inventario)
        return self.eliminacion_vista(fact.eliminacion)

    def _may_go(self, numero: str) -> Expediente:
        """An expediente that may be proposed now."""
        state = self._alive(numero)
        name, made = state.numero, state.abierto
        if state.cerrado is None:
            raise refused("abierto", f"{name} está abierto.", DISPOSAL, "Ciérrelo primero.")
        row = self.row_of(made.serie, made.trd)
        if schedule.is_kept(row.disposicion) or state.fase == "historico":
            raise refused(
                "se_conserva",
                f"{name} se conserva: la serie {row.codigo} es de disposición "
                f"{'/'.join(row.disposicion)}.",
                KEPT,
                "Lo histórico no se elimina; lo que se conserva se transfiere.",
            )
        self.must_be_free(state)
        (listed,) = self.office.index.expedientes("numero=?", [name])
        due = self.due_of(listed, today())
        if due is None or due.duty != "eliminar":
            raise refused(
                "antes_de_tiempo",
                f"El tiempo de retención de {name} no ha terminado.",
                RETENTION,
                "«ventanilla retencion pendientes» muestra lo que se debe y desde cuándo.",
            )
        self._must_be_alone(name)
        return state

    def _must_be_alone(self, numero: str) -> None:
        pending = self.office.index.on_the_way(numero)
        if pending is not None:
            raise refused("en_camino", f"{numero} va en la transferencia {pending}.", DISPOSAL)
        for other in self.eliminaciones():
            if other.estado == "retirada":
                continue
            if numero in other.conservados:  # a sample is not drawn until it says otherwise
                raise refused(
                    "conservado_por_muestra",
                    f"{numero} se conserva: lo dejó la muestra de la eliminación {other.numero}.",
                    DISPOSAL,
                    "Lo que una muestra conserva no se vuelve a proponer.",
                )
            if other.estado != "eliminada" and numero in other.condenados:
                raise refused(
                    "en_otra", f"{numero} está en la eliminación {other.numero}.", DISPOSAL
                )

    def _draw_up(self, states: Sequence[Expediente], muestra: int | None) -> Proposed:
        """The proposal as it follows from the log's end, with its signed inventory."""
        office = self.office
        head = office.seal_head().said
        with office.open_log(office.journal) as writer:
            at = lines.moment(writer.at())
            number = next_of_archive(office.settings, writer.tail, SERIES, at.year)
        sample = self._sample(number[0], states, muestra, head.size, head.root.hex())
        fact = Proposed(
            eliminacion=number[0],
            vigencia=at.year,
            n=number[1],
            anterior=number[2],
            expedientes=[s.numero for s in states],
            inventario="",
            certificado="",
            muestra=sample,
        )
        seen = Disposal(fact, lines.stamp(at), "", office.punto)
        sheet = office.hoja(
            "Inventario de eliminación documental", at=at, subtitle=number[0],
            mark=f"Eliminación {number[0]}", landscape=True,
        )  # fmt: skip
        rows = [proposal(seen, s, self._row_of(s)) for s in states]
        page = disposal_pages.inventory(
            sheet, rows, self._acts(states), sample, norms.cite(DISPOSAL, at.date())
        )
        digest, certificate = office.firmar(page, f"Inventario de eliminación {number[0]}")
        return msgspec.structs.replace(fact, inventario=digest, certificado=certificate)

    def _row_of(self, state: Expediente) -> Row:
        return self.row_of(state.abierto.serie, state.abierto.trd)

    def _acts(self, states: Sequence[Expediente]) -> list[str]:
        """The acts that approved the versions of the TRD of these expedientes."""
        tables = [self.table(s.abierto.trd) for s in states]
        return list(dict.fromkeys(f"versión {t.version}, {t.acto}" for t in tables))

    def _sample(
        self, numero: str, states: Sequence[Expediente], muestra: int | None, size: int, root: str
    ) -> Sample | None:
        """What is kept of the series that are selected; None: none is."""
        selected: dict[str, tuple[Row, list[str]]] = {}
        for state in states:
            row = self._row_of(state)
            if "S" in row.disposicion:
                selected.setdefault(row.codigo, (row, []))[1].append(state.numero)
        if not selected and muestra is not None:
            raise refused(
                "sin_seleccion",
                "Ninguno de estos expedientes es de una serie de selección (S): no hay muestra.",
                DISPOSAL,
                "Propóngalos sin --muestra.",
            )
        if not selected:
            return None
        seed = disposal.seed(numero, root)
        groups = []
        for code, (row, names) in sorted(selected.items()):
            percent = muestra or row.muestra
            if percent is None:
                raise refused(
                    "sin_muestra",
                    f"La serie {code} es de selección, y la TRD no dice cuánto se conserva.",
                    DISPOSAL,
                    "Dígalo con --muestra: cuántos de cada cien expedientes.",
                )
            groups.append(Stratum(code, percent, disposal.keeps(seed, names, percent)))
        sample = Sample(RULE, size, root, seed, groups)
        if len(sample.conservados) == len(states):
            raise refused(
                "vacia",
                "La muestra los conserva todos: no queda nada que eliminar.",
                DISPOSAL,
                "Propóngalos junto con los demás de su serie que ya cumplieron su tiempo.",
            )
        return sample

    def _append_new(self, fact: Proposed, seen: Sequence[Expediente], actor: str, why: str) -> bool:
        """Say a proposal, if its number and expedientes are still as they were *seen*."""

        def plan(writer: Writer) -> list[Draft]:
            year = int(writer.at()[:4])
            same = next_of_archive(self.office.settings, writer.tail, SERIES, year)
            if same != (fact.eliminacion, fact.n, fact.anterior):
                raise _Moved
            if any(self._may_go(s.numero) != s for s in seen):
                raise _Moved
            told = {"motivo": why} if why else None
            return [Draft(fact, subject_of(fact.eliminacion), actor, (), told)]

        try:
            self.office.asentar(plan)
        except _Moved:
            return False
        return True

    # -- asking -------------------------------------------------------------------------------

    def eliminacion(self, numero: str) -> Disposal:
        """A disposal by its number.

        Raises:
            Refused: there is none.
        """
        self.office.index.catch_up()
        name = numero.strip().upper()
        found = fold(in_order(self.office.index.events(subject_of(name))))
        if found is None:
            raise refused(
                "no_existe",
                f"No hay ninguna eliminación {name}.",
                DISPOSAL,
                "Véalas con «ventanilla eliminar lista».",
            )
        return found

    def eliminacion_vista(self, numero: str) -> DisposalView:
        """A disposal as it is shown."""
        return self._view(self.eliminacion(numero))

    def _view(self, state: Disposal) -> DisposalView:
        return view(state, self._rows(state), self._file_of)

    def _rows(self, state: Disposal) -> list[Proposal]:
        found = [self.expediente(name) for name in state.hecha.expedientes]
        return [proposal(state, one, self._row_of(one)) for one in found]

    # -- within -------------------------------------------------------------------------------

    def _at_step(self, numero: str, step: str, what: str) -> Disposal:
        """A disposal that stands at a step.

        Raises:
            Refused: it stands at another; what comes next is told.
        """
        state = self.eliminacion(numero)
        if state.desconocida:
            raise Refused("mas_nuevo", f"{state.numero} es de una versión más nueva del programa.")
        if state.estado != step:
            raise refused(
                "fuera_de_paso",
                f"{state.numero} está {state.estado}: no {what}.",
                PUBLIC if step == "publicada" else DISPOSAL,
                f"Sigue: {self._view(state).siguiente}.",
            )
        return state

    def _must_be_free(self, state: Disposal) -> None:
        """Refuse to go on while an expediente of it is held, or was reopened, though it be closed
        again: something may lie in it that nobody proposed; or while none is left."""
        if not state.condenados:
            raise refused("vacia", f"En {state.numero} no queda nada que eliminar.", DISPOSAL)
        made = self._when_proposed(state.numero)
        for name in state.condenados:
            self.must_be_free(self._alive(name))
            again = (e for e in self._events(name) if isinstance(e.fact, Reopened))
            if any(_place(event) > made for event in again):
                raise refused(
                    "reabierto",
                    f"{name} se reabrió después de proponerse: ya no es lo que se propuso.",
                    DISPOSAL,
                    f"Retire {state.numero} con «eliminar retirar», y propóngalo otra vez cuando "
                    "cumpla su tiempo.",
                )

    def _when_proposed(self, numero: str) -> tuple[str, int, int]:
        events = in_order(self.office.index.events(subject_of(numero)))
        return next(_place(e) for e in events if isinstance(e.fact, Proposed))

    def _tell(
        self,
        numero: str,
        step: str,
        what: str,
        fact: Fact,
        actor: str,
        ficha: dict[str, str] | None = None,
        *,
        free: bool = False,
    ) -> Event:
        """Append a step of a disposal that stands, under the lock, where it is taken."""

        def plan(_: Writer) -> list[Draft]:
            state = self._at_step(numero, step, what)
            if free:
                self._must_be_free(state)
            return [Draft(fact, subject_of(state.numero), actor, (), ficha)]

        return self.office.asentar(plan)[0]

    def _publish(self, numero: str, name: str, digest: str) -> Path:
        office = self.office
        folder = office.home / "salida" / FOLDER / numero
        office.disk.make_folder(folder)
        office.disk.publish(folder / name, office.vault.read(digest))
        return folder / name
