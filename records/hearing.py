"""The part of the door for what somebody says, at the counter or by telephone.

It is taken down on a page of the office's own (`spoken`), which is the record's original; reception
and number are one write, and its closing where it was answered on the spot.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from records import fields, lines, numbering, paper, spoken
from records import settings as settings_
from records.clock import Clock
from records.events import DocumentReceived, Event, NumberAssigned
from records.filing import Filing
from records.issuing import Issuing
from records.journal import PREVIOUS, Draft
from records.numbering import RECEIVED, Wanted
from records.sheets import STAMP_ROOM
from records.spoken import Taken
from records.state import Document, State
from records.tramite import ON_THE_SPOT, UNASSIGNED, Archived

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from records.journal import Writer
    from records.sheets import Sheet
    from records.spoken import Spoken

REPEATED = timedelta(hours=24)
"""Within which the same spoken petition, taken by the same person, is the one that has a number."""


class Numbered(msgspec.Struct, frozen=True):
    """A number that was given: what the clerk, the label and the citizen see."""

    subject: str
    radicado: str
    fecha: str
    recibido: str
    vence: str | None
    evento: str


class Hearing(Issuing, Clock, Filing):
    """Take down, number, print; and what any number that is given now begins with."""

    def tomar_verbal(self, dicho: Spoken, campos: Mapping[str, Any]) -> Taken:
        """Check a petition that somebody says and make the page that records it (CPACA, art. 15;
        Decreto 1069 de 2015, art. 2.2.3.12.3). Nothing is written: no lock waits for a page.

        Raises:
            Refused: who asks is no clerk, the channel is not verbal, what is asked or who asks it
                is missing, or a field cannot be.
        """
        actor = self._clerk()
        notice = spoken.lost([*dicho.texts, *map(str, campos.values())])
        if notice is not None:
            self.avisos.append(notice)
        dicho, wanted = spoken.prepare(dicho, campos)
        values = fields.check(wanted, self.authority)
        at = lines.moment(lines.stamp(lines.now()))  # the journal's own precision
        sheet, page = self._spoken_page(dicho, values, actor, at)
        return Taken(
            dicho=dicho,
            campos={"folios": sheet.total, **values},
            actor=actor,
            recibido=lines.stamp(at),
            pagina=page,
        )

    def _spoken_page(
        self, dicho: Spoken, values: Mapping[str, Any], actor: str, at: datetime
    ) -> tuple[Sheet, bytes]:
        sheet = self._sheet(
            "Constancia de petición verbal", at=at, subtitle="", mark="Petición verbal",
            stamped=True,
        )  # fmt: skip
        area = self.authority.areas.get(values.get("dependencia", ""))
        where = f"{area.codigo} {area.nombre}" if area else UNASSIGNED
        officer = self._name(actor)
        return sheet, spoken.fill(sheet, dicho, values, at=at, area=where, officer=officer)

    def radicar_verbal(self, taken: Taken, *, otra: bool = False) -> tuple[Numbered, bool]:
        """Reception and number of a spoken petition in one write, and its closing where it was
        answered on the spot (art. 2.2.3.12.4).

        Done again by the same person within a day it finishes what a cut left and gives the same
        number, and True, unless *otra* says that somebody else asks the very same.
        """
        before = None if otra else self._said_before(taken)
        if before is None:
            self.vault.put(taken.pagina, "pdf")
        with self._writing() as writer:
            at = writer.at()
            state, drafts = self._heard(writer, taken, at, before)
            subject, actor = state.subject, taken.actor
            if state.numero is None:
                number = self._draft_number(writer, state, Wanted(taken.campos, RECEIVED), actor)
                drafts.append(replace(number, after=PREVIOUS if drafts else self._after(subject)))
            if taken.dicho.respuesta and not state.tramite.cerrado:
                told = drafts[-1].fact if drafts else state.numero
                assert isinstance(told, NumberAssigned)
                closed = Archived(radicado=told.radicado, causa=ON_THE_SPOT)
                why = {"motivo": fields.clean_text(taken.dicho.respuesta)}
                after = PREVIOUS if drafts else self._after(subject)
                drafts.append(Draft(closed, subject, actor, after, why))
            if drafts:
                writer.append_all(drafts, at=at)
        self.index.catch_up()
        return self._numbered(self._number_event(self.estado(subject))), before is not None

    def _heard(
        self, writer: Writer, taken: Taken, at: str, before: str | None
    ) -> tuple[State, list[Draft]]:
        """The reception of a spoken petition as it is (*before*), or as it is to be written."""
        if before is not None:
            return self._writable(before), []
        lane, seq = settings_.COUNTER, writer.next_seq()
        channel, digest = taken.campos["canal"], lines.sha256(taken.pagina)
        reception = DocumentReceived(
            reclamo=f"verbal-{seq}",
            sha256=digest,
            bytes=len(taken.pagina),
            formato="pdf",
            carril=lane.nombre,
            canal=channel,
            recibido=min(taken.recibido, at),
            fuente=lane.fuente if channel == spoken.COUNTER else "telefono",
            declarado_por=taken.actor,
        )
        subject = self._new_subject(seq)
        state = State(
            subject,
            recepcion=reception,
            recibido=reception.recibido,
            documentos=[Document("original", digest)],
        )
        name = {"archivo": "peticion-verbal.pdf"}
        return state, [Draft(reception, subject, taken.actor, ficha=name)]

    def _said_before(self, taken: Taken) -> str | None:
        """The reception whose page says the very same but for its hour; None: there is none."""
        self.index.catch_up()
        since = lines.stamp(lines.now() - REPEATED)
        for one in self.index.receptions(
            "carril=? AND sha256 IS NOT NULL AND recibido>=?", (settings_.COUNTER.nombre, since)
        ):
            state = self.estado(one.subject)
            gone = state.anulado is not None or state.descartada is not None
            other = state.numero and state.campos.get("asunto") != taken.campos["asunto"]
            if gone or other or state.recibido is None:
                continue
            hour = lines.moment(state.recibido)
            _, page = self._spoken_page(taken.dicho, taken.campos, taken.actor, hour)
            if lines.sha256(page) == one.sha256:
                return one.subject
        return None

    def guardar_verbal(self, radicado: str) -> Path:
        """The page of a spoken petition with its stamp, to be printed; unsigned while nothing can
        be signed: the person waits."""
        state = self.estado(self.subject(radicado))
        if state.sellado is not None:
            data = self.vault.read(state.sellado.sha256)
        else:
            original = next(d.sha256 for d in state.documentos if d.rol == "original")
            data = paper.stamp(self.vault.read(original), self.stamp_facts(state), STAMP_ROOM)
            self.avisos.append("La constancia se da sin firma en el PDF: su sello está pendiente.")
        target = self.home / "salida" / "verbales" / f"{state.radicado}.pdf"
        self.disk.make_folder(target.parent)
        self.disk.publish(target, data)
        return target

    # -- any number -------------------------------------------------------------------------------

    def _draft_number(self, writer: Writer, state: State, wanted: Wanted, actor: str) -> Draft:
        """The event that gives the next number; refused while the clock stands far behind."""
        self.check_clock(writer)
        fact, ficha = numbering.assignment(self.settings, writer.tail, writer.at(), state, wanted)
        return Draft(fact, state.subject, actor, ficha=ficha)

    def _numbered(self, event: Event) -> Numbered:
        fact = event.fact
        assert isinstance(fact, NumberAssigned)
        return Numbered(
            event.subject,
            fact.radicado,
            event.at,
            fact.recibido or event.at,
            fact.vence,
            event.hash,
        )
