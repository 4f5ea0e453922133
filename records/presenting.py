"""The part of the door for what the office writes: a letter presented for signature, and found.

A letter answers records, or begins by itself, or stays inside. What it lacks follows from the
record that it answers. Reviews, signatures and numbers are for `records.answering`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import letters_index
from records.addressees import Addressee
from records.answer import Presented
from records.composing import Composing, Letter, inside, whole
from records.errors import Refused
from records.journal import Draft
from records.letter_views import LetterView, letter_view
from records.query import seen_by
from records.schema import JOINED
from records.sealing import Sealing
from records.tramite import AnswerMoved, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.events import Event
    from records.letters_index import LetterRow
    from records.state import State


class Directed(msgspec.Struct, frozen=True):
    """Who writes and signs a letter, and whom it is for, as its text says them."""

    dependencia: str
    firmante: str
    para: list[Addressee]
    propio: bool
    """It goes to the one who wrote what it answers, as the record has them."""


class LetterMoved(msgspec.Struct, frozen=True):
    """What an act made of a letter."""

    carta: str
    evento: str
    estado: str
    """Of the record that it answers; of the letter where it answers none."""
    vence: str | None
    radicados: list[str]
    salida: str | None = None


class Presenting(Composing, Sealing):
    """Present, correct, list."""

    def presentar(self, letter: Letter, *, carta: str | None = None) -> LetterMoved:
        """Present a letter for signature, or a corrected one in the place of *carta*.

        Raises:
            Refused: a record is not one's own or takes no answer, the signer may not sign such
                letters (art. 4), or something that a letter needs is missing.
        """
        actor = self._actor()
        old = None if carta is None else self._own_letter(carta, actor)
        letter = self._with_joined(letter, old)
        answered = [self._answerable(r, actor) for r in letter.a]
        if carta is None and whole(letter):
            self._only_one(letter.a)
        fact, ficha = self._presentation(letter, answered, actor)
        with self._writing() as writer:
            if old is not None:
                again = self._unsigned(old.subject)
                if again.carta.presentada is None or again.carta.presentada.a != fact.a:
                    raise Refused("otra_carta", "Esa carta responde otros radicados.")
                draft = Draft(fact, old.subject, actor, self._after(old.subject), ficha)
                events = writer.append_all([draft])
            else:
                subject = f"{self.punto}.{writer.next_seq()}"
                first = Draft(fact, subject, actor, (), ficha)
                told = self._tell(answered, subject, "presentada", actor, fact)
                events = writer.append_all([first, *told])
        return self._letter_moved(events[0])

    def dirigir(self, letter: Letter, *, carta: str | None = None) -> Directed:
        """Who writes, signs and gets a letter that is still to be made of a template.

        Raises:
            Refused: as `presentar`, as far as that does not hang on the file.
        """
        actor = self._actor()
        letter = self._with_joined(letter, None)
        answered = [self._answerable(r, actor) for r in letter.a]
        if carta is None and whole(letter):
            self._only_one(letter.a)
        letter = inside(letter, answered)
        fact, _ = self._presentation(letter, answered, actor)
        own = len(answered) == 1 and all(one.copia for one in letter.para) and not fact.dependencias
        closed = self._nameless(answered)
        whom = self._addressees(letter, answered, closed)
        return Directed(fact.dependencia, fact.firmante, whom, own)

    def _with_joined(self, letter: Letter, old: State | None) -> Letter:
        """What decides a record decides those that were joined to it (CPACA, art. 36), but for
        what was answered or ended since; a letter that is corrected answers what it did."""
        named = list(dict.fromkeys(r.strip().upper() for r in letter.a))
        letter = msgspec.structs.replace(letter, a=tuple(named))
        before = old.carta.presentada if old is not None else None
        if before is not None and set(named) <= set(before.a):
            return msgspec.structs.replace(letter, a=tuple(before.a))
        if not whole(letter) or not letter.a:
            return letter
        self.index.catch_up()
        joined = [j for r in named for j in self.index.tied(r, JOINED)]
        going = [j for j in joined if not self.estado(self.subject(j)).tramite.cerrado]
        return msgspec.structs.replace(letter, a=tuple(dict.fromkeys((*named, *going))))

    def _only_one(self, radicados: Sequence[str], more: str = "") -> None:
        """One whole answer at a time waits for its signature; *more* is advice besides, with the
        letter's id for its `{}`."""
        for radicado in radicados:
            for subject in letters_index.unsigned(self.index, radicado.strip().upper()):
                made = self.estado(subject).carta.presentada
                if made is not None and not made.parcial:
                    raise Refused(
                        "ya_presentada",
                        f"{radicado} ya tiene una respuesta por firmar: {subject}.",
                        consejo=f"Corríjala con --carta {subject}, retírela con «carta retirar», "
                        f"o responda por partes con --parcial{more.format(subject)}.",
                    )

    # -- shared -------------------------------------------------------------------------------

    def cartas(self, *, todas: bool = False) -> list[LetterRow]:
        """Letters that wait for signature, oldest first; with *todas*, numbered ones too."""
        self.index.catch_up()
        kept = "c.estado<>'retirado'" if todas else "c.estado='por_aprobar'"
        return letters_index.letters(self.index, kept, seen_by(self.sight, "r.id"))

    def carta(self, text: str) -> LetterView:
        """A letter by its id, its number, or what it answers."""
        self.index.catch_up()
        subject = self.index.subject_of(text.strip().upper())
        if subject is None and letters_index.numbered(self.index, text.strip().upper()):
            subject = text.strip().upper()
        if subject is not None:
            state = self.estado(subject)
            if state.carta.presentada is not None:
                self._must_see(state)
                self._note_reading(state, "ver", whole=self.knows(state))
                return letter_view(self.shown(state))
        state = self._unsigned(self.carta_de(text))
        if self.knows(state):  # without a number it has nothing to note a reading upon
            for answered in self._answered(state):
                if answered.acceso.identidad_protegida:
                    self._note_reading(answered, "ver", whole=True)
        return letter_view(self.shown(state))

    def carta_de(self, text: str) -> str:
        """The subject of a letter without a number: by its id, or by what it answers.

        Raises:
            Refused: there is none, or several.
        """
        self.index.catch_up()
        name = text.strip()
        found = letters_index.unsigned(self.index, name) or letters_index.unsigned(
            self.index, name.upper()
        )
        if len(found) == 1:
            return found[0]
        if not found and (number := letters_index.numbered(self.index, name.upper())):
            raise Refused("ya_firmada", f"La carta {text} ya tiene número: {number}.")
        if not found:
            raise Refused(
                "sin_carta",
                f"No hay ninguna carta por firmar de {text}.",
                consejo="«carta lista» muestra las que hay.",
            )
        raise Refused(
            "varias_cartas",
            f"{text} tiene {len(found)} cartas por firmar: {', '.join(found)}.",
            consejo="Diga cuál por su identificación.",
        )

    def _unsigned(self, subject: str) -> State:
        state = self._writable(subject)
        if state.numero is not None:
            raise Refused("ya_firmada", f"La carta ya tiene número: {state.numero.radicado}.")
        made = state.carta.presentada
        if made is None or state.carta.retirada:
            raise Refused("retirada", "La carta fue retirada.")
        for radicado in made.a:
            self._must_see(self.estado(self.subject(radicado)))
        return state

    def _own_letter(self, carta: str, actor: str) -> State:
        state = self._unsigned(self.carta_de(carta))
        made = state.carta.presentada
        assert made is not None
        mine = self.authority.acts_for(actor)
        if state.carta.presento not in mine and not self._heads(made.dependencia, actor):
            raise Refused(
                "no_es_suya",
                f"La carta la presentó {self._name(state.carta.presento)}.",
                consejo="Pídaselo, o al jefe de la dependencia.",
            )
        return state

    def _stand_ins(self) -> dict[str, set[str]]:
        return {one: self.authority.acts_for(one) for one in self.authority.personas}

    def _tell(
        self, answered: Sequence[State], subject: str, step: Step, actor: str, made: Presented
    ) -> list[Draft]:
        """A word to each record that a letter answers."""
        return [self._on(s, step_of(s, subject, step, made), actor) for s in answered]

    def _letter_moved(self, event: Event) -> LetterMoved:
        self.index.catch_up()
        state = self.estado(event.subject)
        made = state.carta.presentada
        assert made is not None
        parent = self.estado(self.subject(made.a[0])) if made.a else state
        number = state.numero
        return LetterMoved(
            state.subject, event.hash, parent.estado, parent.vence, made.a,
            number.radicado if number else None,
        )  # fmt: skip


def step_of(
    state: State,
    subject: str,
    step: Step,
    made: Presented,
    salida: str | None = None,
    enviada: str | None = None,
) -> AnswerMoved:
    """What a record is told of a letter that answers it."""
    assert state.numero is not None
    return AnswerMoved(
        radicado=state.numero.radicado,
        respuesta=subject,
        paso=step,
        salida=salida,
        parcial=made.parcial,
        enviada=enviada,
        efecto=made.efecto,
        hasta=made.hasta,
    )
