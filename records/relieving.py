"""The part of the door that passes on all that waits for a person to another one: they leave, or
are away for long."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from records import waits_index
from records.assigning import Assigning, Moved
from records.correction import HEAD, check_reason
from records.errors import Refused
from records.journal import PREVIOUS, Draft
from records.reserve import may_see
from records.tramite import ASSIGNED, TO_REVIEW, TOLD, Assigned, Informed, OfRecord, ReviewAsked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.state import State
    from records.waits_index import Wait


class Passing(msgspec.Struct, frozen=True):
    """Something that waits for a person, and whether it can pass to another."""

    radicado: str
    bandeja: str
    asunto: str
    vence: str | None
    dependencia: str | None
    impedimento: str | None
    """Why it cannot; None: it can."""


class Relief(msgspec.Struct, frozen=True):
    """All that passes from a person to another, and what that made of the records."""

    pasan: list[Passing]
    radicados: list[Moved]
    """Empty where only the list was asked for."""


class Relieving(Assigning):
    """Pass on what somebody has, was asked and was told."""

    def relevar(
        self, persona: str, por: str, *, motivo: str = "", solo_lista: bool = False
    ) -> Relief:
        """Give all that waits for *persona* to *por*, in one write: what is assigned, each Vo.Bo.
        that was asked, each record that they were told of. *solo_lista*: only say what that is.

        Raises:
            Refused: nothing waits, or something may not pass; then nothing does.
        """
        self._look_again()
        actor = self.authority.require(self.persona, "jefe_area", HEAD, "admin").id
        reason = "" if solo_lista else check_reason(motivo)
        self.authority.require(persona)
        self.authority.require(por)
        if persona == por:
            raise Refused("relevo", "Quien releva es otra persona.")
        if solo_lista:
            return Relief([row for row, _, _ in self._passing(persona, por, actor)], [])
        with self._writing() as writer:
            found = list(self._passing(persona, por, actor))
            self._check_all(found, persona, por)
            drafts: list[Draft] = []
            for _, state, fact in found:
                again = bool(drafts) and drafts[-1].subject == state.subject
                after = PREVIOUS if again else self._after(state.subject)
                drafts.append(Draft(fact, state.subject, actor, after, {"motivo": reason}))
            events = writer.append_all(drafts)
        self.index.catch_up()
        last = {event.subject: event for event in events}
        self._tell_left(persona, por)
        return Relief([row for row, _, _ in found], [self._moved(e) for e in last.values()])

    def _passing(
        self, persona: str, por: str, actor: str
    ) -> Iterator[tuple[Passing, State, OfRecord]]:
        """What waits for a person, by what expires first, each with the fact that passes it on;
        what is of one record stands together."""
        self.index.catch_up()
        # All of it passes, also what is withheld from who passes it on: they see that it is there.
        waits = [w for w in self._all_waits(persona) if w.carta is None]
        lote, sight = secrets.token_hex(8), self.sight
        for number, said in dict.fromkeys((w.radicado, w.asunto) for w in waits):
            state = self._writable(self.subject(number))
            subject = said if may_see(state, sight) else self.withheld(state) or said
            for tray, fact in _facts(state, number, persona, por, lote):
                why = None
                try:
                    self._may_pass(state, tray, persona, por, actor)
                except Refused as error:
                    why = error.mensaje
                area = state.tramite.dependencia
                yield Passing(number, tray, subject, state.vence, area, why), state, fact

    def _all_waits(self, persona: str) -> list[Wait]:
        return waits_index.of_person(self.index, persona)

    def _may_pass(self, state: State, tray: str, persona: str, por: str, actor: str) -> None:
        """Whether one thing may pass: what is assigned as any hand-over, by who may make it; the
        rest by the head of the person's área as well."""
        area = state.tramite.dependencia or ""
        if tray == ASSIGNED:
            if not self._is(actor, "admin"):
                self._may_hand(state, actor)
            self._member(por, area)
        elif not (
            self._is(actor, HEAD, "admin")
            or self._heads(self.authority.personas[persona].dependencia, actor)
        ):
            self._may_act(state, actor)

    def _check_all(
        self, found: list[tuple[Passing, State, OfRecord]], persona: str, por: str
    ) -> None:
        name = self.authority.personas[persona].nombre
        if not found:
            raise Refused("nada_asignado", f"{name} no tiene nada asignado, ni nada por ver.")
        stuck = [
            f"{p.radicado} ({p.bandeja}): {p.impedimento}" for p, _, _ in found if p.impedimento
        ]
        if stuck:
            other = self.authority.personas[por].nombre
            raise Refused(
                "relevo_incompleto",
                f"De {len(found)} asuntos, {len(stuck)} no pueden pasar a {other}:\n"
                + "\n".join(stuck),
                consejo="Nada ha pasado. Asigne antes esos a quien deba tenerlos, o pida el relevo "
                "a quien pueda; --solo-lista los muestra todos.",
            )

    def _tell_left(self, persona: str, por: str) -> None:
        """Warn of what does not pass with the work, and of a successor who is away."""
        self._tell_away(por)
        name = self.authority.personas[persona].nombre
        letters = dict.fromkeys(w.carta for w in self._all_waits(persona) if w.carta is not None)
        if letters:
            self.avisos.append(
                f"Esperan a {name} estas cartas, y no pasan con el relevo: {', '.join(letters)}. "
                "Quien las presentó puede presentarlas de nuevo («--carta ID --firmante PERSONA»), "
                "y un encargo por acto permite firmarlas."
            )
        for area in self.authority.areas.values():
            if area.jefe == persona:
                self.avisos.append(
                    f"{name} encabeza {area.nombre}: eso no pasa con el trabajo. Mientras falte, "
                    "dé un encargo por acto («persona encargo»)."
                )


def _facts(
    state: State, number: str, persona: str, por: str, lote: str
) -> Iterator[tuple[str, OfRecord]]:
    """What of a record waits for a person: the tray, and the fact that passes it on."""
    way = state.tramite
    if way.responsable == persona and way.dependencia is not None:
        yield ASSIGNED, Assigned(
            radicado=number, dependencia=way.dependencia, responsable=por,
            conjuntas=way.conjuntas, lote=lote,
        )  # fmt: skip
    for asked, wait in way.vobos.items():
        if wait.persona == persona:
            yield TO_REVIEW, ReviewAsked(radicado=number, persona=por, en_vez=asked)
    for told, wait in way.informes.items():
        if wait.persona == persona:
            yield TOLD, Informed(radicado=number, persona=por, lote=lote, en_vez=told)
