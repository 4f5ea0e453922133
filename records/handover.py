"""The part of the door that hands papers over: planillas received, returned, lost.

Whoever is of a dependencia accepts its lines; what a signed sheet says a clerk tells. The
sheet comes back through the scanner, is given again only as a marked duplicate, or is declared
lost. The rules are in `records.rounds`; a planilla is made in `records.handing`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from records import custody, fields, identity, lines, people, reserve, rounds, slips
from records.calendar import ONE_DAY, Calendar, Unreckoned
from records.correction import check_reason
from records.errors import Refused
from records.events import ReceptionDiscarded
from records.filing import Filing
from records.handing import Handing
from records.home import CLERKS
from records.journal import Draft
from records.paper import marked
from records.rounds import (
    BY_HAND,
    LinesAnswered,
    PaperMoved,
    Round,
    SheetLost,
    SheetReprinted,
    SheetReturned,
    subject_of,
)
from records.state import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from records.events import Event
    from records.rounds import Outcome, Where
    from records.state import State

SHEET = "planilla"
"""Why the reception of a returned sheet gets no number."""


class Answered(msgspec.Struct, frozen=True):
    """What was said of lines of a planilla."""

    planilla: str
    estado: str
    lineas: list[rounds.Line]
    """Those of which it was said now."""
    abiertas: int
    evento: str


class Summary(msgspec.Struct, frozen=True):
    """A planilla in a list."""

    planilla: str
    fecha: str
    dependencia: str
    mensajero: str
    estado: str
    lineas: int
    abiertas: list[int]
    dias: int
    """Days since it was made."""
    dias_habiles: int | None
    """Worked ones among them; None where the calendar does not reach so far."""
    devuelta: str | None


class RoundView(msgspec.Struct, frozen=True):
    """The whole planilla."""

    resumen: Summary
    ronda: str
    entrega: str
    lineas: list[rounds.Line]
    hojas: list[str | None]
    """Path of each returned sheet, relative to the home; None where the file is gone."""
    copias: int
    perdida: str | None
    motivo: str


class HandOver(Handing, Filing):
    """What a person does with planillas and papers."""

    # -- receiving ----------------------------------------------------------------------------

    def recibir_planilla(
        self,
        numero: str,
        lineas: Mapping[int, tuple[Outcome, str]],
        *,
        todas: bool = False,
        hoja: bool = False,
        recibe: str = "",
    ) -> Answered:
        """Say what came of lines: {line: (outcome, cause)}; with *todas* the rest was received.

        A person of the dependencia accepts; with *hoja* a clerk tells what the signed sheet says,
        and by whom it is signed (*recibe*).

        Raises:
            Refused: who asks may not say it, or `custody.answers` refuses.
        """
        said = {n: (outcome, fields.clean_text(cause)) for n, (outcome, cause) in lineas.items()}
        actor = self._receiver(self._round(numero), said, todas=todas, hoja=hoja)
        with self._writing() as writer:
            self._finish(writer)
            state = self._round(numero)
            chosen = custody.answers(state, said, rest=todas, on=self._today())
            fact = LinesAnswered(
                planilla=state.numero,
                lineas=[(n, outcome) for n, (outcome, _) in chosen.items()],
                modo="hoja" if hoja else "aceptacion",
            )
            ficha: dict[str, Any] = {
                "causas": {str(n): cause for n, (_, cause) in chosen.items() if cause},
                "recibe": fields.clean_text(recibe),
            }
            ficha = {k: v for k, v in ficha.items() if v}
            event = self._write(writer, fact, actor, ficha or None, state)
        now = self._round(numero)
        return Answered(
            now.numero,
            now.estado,
            [line for line in now.lineas if line.n in chosen],
            len(now.abiertas),
            event.hash,
        )

    def _receiver(
        self,
        state: Round,
        said: Mapping[int, tuple[Outcome, str]],
        *,
        todas: bool,
        hoja: bool,
    ) -> str:
        """Who may say what came of a planilla's lines.

        Raises:
            Refused: they are nobody of the dependencia, or with *hoja* no clerk.
        """
        self._look_again()
        if hoja:
            return self.authority.require(self.persona, *CLERKS).id
        person = self.authority.require(self.persona).id
        chosen = [
            one.radicado for one in state.lineas if one.n in said or (todas and not one.resultado)
        ]
        if self._receives(person, state.hecha.dependencia, chosen):
            return person
        raise custody.refused(
            "no_es_de_la_dependencia",
            f"{self._name(person)} no recibe por la dependencia {state.hecha.dependencia}.",
            self._today(),
            "Recibe quien la dirige o es de ella, el responsable de cada radicado, o su encargado. "
            "En la ventanilla se anota lo que dice la hoja firmada con --hoja.",
        )

    def _receives(self, person: str, dependencia: str, radicados: Collection[str]) -> bool:
        """Whether *person* receives for a dependencia: is of it, or in it in charge of each of
        *radicados*; or stands in for such a person."""
        if self.authority.is_of(dependencia, person):
            return True
        mine = self.authority.works_for(person)
        fields_of = [self.estado(self.subject(radicado)).publicos for radicado in radicados]
        return bool(fields_of) and all(
            public.get("dependencia") == dependencia and public.get("responsable") in mine
            for public in fields_of
        )

    # -- the sheet ----------------------------------------------------------------------------

    def planilla_rotulada(self, text: str) -> str | None:
        """The planilla that the text of a code names; None for any other text, and for a planilla
        that is not of this home.

        Raises:
            Refused: it names one of ours, and is not that planilla's.
        """
        named = slips.read_code(text)
        state = self.planilla(named[0]) if named is not None else None
        if named is None or state is None:
            return None
        if state.hecha.codigo != named[1]:
            raise Refused(
                "rotulo_ajeno",
                f"El código no corresponde a {state.numero}: es de otra entidad, o fue alterado.",
            )
        return state.numero

    def devolver_planilla(
        self, recepcion: str, numero: str, *, actor: str = people.SYSTEM
    ) -> Event:
        """File the scan of a signed sheet to its planilla; its reception gets no number.

        Lines without an outcome stay open: what is written on a sheet a person reads.

        Raises:
            Refused: the reception has an outcome or no document, or the planilla is lost.
        """
        with self._writing() as writer:
            self._finish(writer)
            if writer.tail.reception_seq(recepcion) is None:
                raise self.sin_salida(recepcion)
            state = self._open_round(numero)
            digest = next(
                (d.sha256 for d in self.estado(recepcion).documentos if d.rol == "original"), None
            )
            if digest is None:
                raise Refused("sin_documento", f"La recepción {recepcion} no tiene documento.")
            gone = ReceptionDiscarded(recepcion=recepcion, motivo=SHEET, de=state.numero)
            drafts = [Draft(gone, recepcion, actor, self._after(recepcion))]
            if all(sheet.sha256 != digest for sheet in state.hojas):  # a cut may have come between
                back = SheetReturned(planilla=state.numero, recepcion=recepcion, sha256=digest)
                subject = subject_of(state.numero)
                drafts.insert(0, Draft(back, subject, actor, self._after(subject)))
            return writer.append_all(drafts)[0]

    def imprimir_planilla(self, numero: str) -> tuple[Event, Path]:
        """The sheet once more: each page is marked as a duplicate, and the journal counts it.

        Raises:
            Refused: it names a sender whose letter was classified since, to who may not see it; or
                one whose identity is kept since, whoever asks.
        """
        actor = self._clerk()
        made = self._round(numero)
        self._check_shown(made)
        self._check_nameless(made)
        with self._writing() as writer:
            self._finish(writer)
            state = self._open_round(numero)
            fact = SheetReprinted(planilla=state.numero, copia=state.copias + 1)
            event = self._write(writer, fact, actor)
        said = f"DUPLICADO {fact.copia} · {lines.read_hour(event.at)} · {self._name(actor)}"
        page = marked(self.vault.read(state.hecha.documento), said)
        return event, self._publish(f"{state.numero}-duplicado-{fact.copia}", page)

    def _check_shown(self, made: Round) -> None:
        """What was withheld when a sheet was drawn stands on none; what is since, may."""
        for line in made.lineas:
            state = self.estado(self.subject(line.radicado))
            if self.withheld(state) is None:
                continue
            events = self.index.events(state.subject)
            if any(e.hash == state.acceso.evento and e.at > made.fecha for e in events):
                self._must_see(state)
                self._note_reading(state, SHEET)

    def _check_nameless(self, made: Round) -> None:
        named = [s.radicado for s in self._named_on(made)]
        if named:
            raise custody.refused(
                "identidad_protegida",
                f"La hoja de {made.numero} nombra a quien escribió {', '.join(named)}, y desde "
                "entonces se protege su identidad.",
                self._today(),
                "Declárela perdida, y haga una planilla nueva con lo que falte por recibir.",
            )

    def _named_on(self, made: Round) -> list[State]:
        """The records whose sender is kept now and stands on a sheet that was drawn before."""
        found = []
        for line in made.lineas:
            state = self.estado(self.subject(line.radicado))
            if state.acceso.identidad_protegida:
                told = [e for e in self.index.events(state.subject) if e.at < made.fecha]
                if not fold(state.subject, told).acceso.identidad_protegida:
                    found.append(state)
        return found

    def perder_planilla(self, numero: str, motivo: str) -> tuple[Event, list[str]]:
        """Declare a sheet lost; gives the radicados whose papers wait at the ventanilla again.

        Raises:
            Refused: there is no reason, or the sheet was lost before, or came back.
        """
        actor = self._clerk()
        reason = check_reason(motivo)
        with self._writing() as writer:
            self._finish(writer)
            state = self._open_round(numero)
            if state.devuelta is not None:
                raise custody.refused(
                    "ya_devuelta",
                    f"{state.numero} volvió el {lines.read_hour(state.devuelta)}: no está perdida.",
                    self._today(),
                )
            event = self._write(
                writer, SheetLost(planilla=state.numero), actor, {"motivo": reason}, state
            )
        return event, [line.radicado for line in state.abiertas]

    # -- papers without a planilla ------------------------------------------------------------

    def mover_papel(self, radicados: Collection[str], lugar: Where, nota: str = "") -> list[Event]:
        """Say that papers are back at the ventanilla, or in the archive.

        Raises:
            Refused: one is on a planilla that said nothing of it yet, is there already, or has no
                paper; or who says it is neither a clerk, nor the archivist, nor of where it was.
        """
        assert lugar in BY_HAND
        self._look_again()
        person = self.authority.require(self.persona).id
        roles = self.authority.roles_of(person)
        note = fields.clean_text(nota)
        with self._writing() as writer:
            self._finish(writer)
            drafts = []
            for radicado in dict.fromkeys(r.strip().upper() for r in radicados):
                state = self._writable(self.subject(radicado))
                self._check_moving(state, radicado, lugar)
                at = state.papel
                held = at.dependencia if at is not None and at.lugar == "area" else None
                if not roles & {*CLERKS, "archivista"} and not (
                    held is not None and self._receives(person, held, [radicado])
                ):
                    self.authority.require(person, *CLERKS, "archivista")
                fact = PaperMoved(radicado=radicado, lugar=lugar)
                ficha = {"nota": note} if note else None
                drafts.append(Draft(fact, state.subject, person, self._after(state.subject), ficha))
            return writer.append_all(drafts)

    def _check_moving(self, state: State, radicado: str, lugar: Where) -> None:
        at = state.papel
        if at is None:
            raise custody.refused("sin_papel", f"{radicado} no tiene papel.", self._today())
        if at.is_carried:
            raise custody.refused(
                "papel_en_planilla",
                f"El papel de {radicado} {custody.told(at)}, y nadie ha dicho qué fue de él.",
                self._today(),
                "Dígalo con «ventanilla planilla recibir».",
            )
        if at.lugar == lugar:
            raise custody.refused(
                "ya_esta_ahi", f"El papel de {radicado} ya {custody.told(at)}.", self._today()
            )

    # -- asking -------------------------------------------------------------------------------

    def planillas(
        self, *, sin_devolver: bool = False, dependencia: str | None = None
    ) -> list[Summary]:
        """Planillas, the oldest first; with *sin_devolver* only those that are still out."""
        self.index.catch_up()
        where, values = ["1"], list[Any]()
        if sin_devolver:
            where.append("estado='sin_devolver'")
        if dependencia is not None:
            where.append("dependencia=?")
            values.append(self.authority.area(dependencia).codigo)
        found = self.index.rounds(" AND ".join(where), values)
        return [self._summary(self._round(numero)) for numero in found]

    def ver_planilla(self, numero: str) -> RoundView:
        """The whole planilla; its scanned sheets are not told where they name a sender who is kept
        from who asks."""
        state = self._round(numero)
        nameless = all(map(self.knows, self._named_on(state)))
        return RoundView(
            self._summary(state),
            state.ronda,
            state.actor,
            [self._line(line) for line in state.lineas],
            [self.vault.relative(sheet.sha256) for sheet in state.hojas if nameless],
            state.copias,
            state.perdida,
            state.motivo,
        )

    def _line(self, line: rounds.Line) -> rounds.Line:
        """A line as who asks may see it: why a paper was refused tells what is in it."""
        if line.causa is None:
            return line
        record = self.estado(self.subject(line.radicado))
        if not reserve.may_see(record, self.sight):
            return msgspec.structs.replace(line, causa=self.withheld(record))
        if not self.knows(record):
            return msgspec.structs.replace(line, causa=identity.WITHHELD)
        return line

    def _summary(self, state: Round) -> Summary:
        made, today = lines.moment(state.fecha).date(), self._today()
        calendar = Calendar.of(self.settings.horario)
        days = [made + n * ONE_DAY for n in range(1, max(0, (today - made).days) + 1)]
        try:
            worked = sum(map(calendar.works, days))
        except Unreckoned:
            worked = None
        return Summary(
            state.numero,
            state.fecha,
            state.hecha.dependencia,
            state.mensajero,
            state.estado,
            len(state.lineas),
            [line.n for line in state.abiertas],
            len(days),
            worked,
            state.devuelta,
        )
