"""The part of the door that keeps who wrote a record from being known (*identidad protegida*).

Who denounces may fear for it: the name goes to those alone who deal with the matter (Ley 1712 de
2014, arts. 4 and 18; Ley 1581 de 2012, arts. 4 and 17). What is masked then: `records.identity`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from records import letters_index, lines, norms
from records.correction import HEAD, check_reason
from records.errors import Refused
from records.events import NumberAssigned
from records.guard import KEPT
from records.home import CLERKS
from records.journal import PREVIOUS, Draft
from records.reserve import IdentityKept
from records.reserving import Reserving
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from records.reserve import OfAccess
    from records.reserving import Standing
    from records.state import State

AT_ONCE = "Se pidió al radicar"
"""The motive of what is said together with the number."""
_NAMING = ("remitente", "entidad", "cedula", "nit")
_LEAST = 4
"""Letters of a word of these that one looks for in a subject."""


class Protecting(Reserving):
    """Keep a sender's identity, and tell it again."""

    def proteger_identidad(self, radicado: str, motivo: str, *, quitar: bool = False) -> Standing:
        """Keep who wrote a record from all but those who deal with it; with *quitar*, no longer.

        The letters that answer it, and have their number, name that person no more than it does:
        they follow in the same write. One that is still to be signed follows with its number.

        Raises:
            Refused: the person may not (the clerks and who has it protect, the head of the
                correspondence unit alone takes it back), there is no reason, or it is so already.
        """
        reason = check_reason(motivo)

        def fact(state: State) -> IdentityKept:
            (self._may_uncover if quitar else self._may_protect)(state)
            if state.acceso.identidad_protegida is not quitar:
                raise Refused("sin_cambio", f"{state.radicado} ya está así.")
            if not quitar:
                self.avisos += doubts(state.campos)
            return IdentityKept(radicado=state.radicado, protegida=not quitar)

        return self._on_access(radicado, fact, {"motivo": reason})

    def _may_protect(self, state: State) -> None:
        self._must_see(state)
        sight, way = self.sight, state.tramite
        if (
            sight.roles & set(CLERKS)
            or way.responsable in sight.personas
            or way.dependencia in sight.dirige
        ):
            return
        raise Refused(
            "no_protege",
            f"La identidad de {state.radicado} la protegen la ventanilla, el jefe de "
            "correspondencia y quien lo tiene.",
            consejo="Pídaselo: es un momento, y nadie más la ve desde entonces.",
            norma=norms.cite(KEPT, lines.now().date()),
        )

    def _may_uncover(self, state: State) -> None:
        cited = norms.cite(KEPT, lines.now().date())
        if HEAD not in self.sight.roles:
            raise Refused(
                "no_descubre",
                "La protección de una identidad la quita solo el jefe de correspondencia.",
                consejo="Para que una persona la conozca: «clasificar R --permite PERSONA».",
                norma=cited,
            )
        kept = [s.radicado for s in self._answered(state) if s.acceso.identidad_protegida]
        if kept:
            raise Refused(
                "la_protege_otro",
                f"{state.radicado} responde a {', '.join(kept)}, y va a quien lo escribió.",
                consejo="Quite la protección allí: la respuesta la sigue.",
                norma=cited,
            )

    def _also(self, state: State, said: OfAccess, ficha: dict[str, str], actor: str) -> list[Draft]:
        if not isinstance(said, IdentityKept):
            return super()._also(state, said, ficha, actor)
        out, follow = list[Draft](), [state.radicado]
        for letter in self._answers_of(state):
            if letter.acceso.identidad_protegida is said.protegida:
                continue
            if not said.protegida and self._kept_besides(letter, follow):
                continue
            fact = IdentityKept(radicado=letter.radicado, protegida=said.protegida)
            why = {"motivo": f"Responde a {state.radicado}"}
            follow.append(letter.radicado)
            out.append(Draft(fact, letter.subject, actor, self._after(letter.subject), why))
        if follow[1:]:
            self.avisos.append(f"Lo mismo vale para lo que lo responde: {', '.join(follow[1:])}.")
        return out

    def _kept_besides(self, letter: State, freed: list[str]) -> bool:
        """Whether a letter answers something else whose sender is kept."""
        others = (s for s in self._answered(letter) if s.radicado not in freed)
        return any(s.acceso.identidad_protegida for s in others)

    def _answers_of(self, state: State) -> Iterator[State]:
        """The numbered letters that answer a record, and those that answer them."""
        asked, seen = [state.radicado], {state.subject}
        while asked:
            for subject in letters_index.answering(self.index, asked.pop()):
                if subject not in seen:
                    seen.add(subject)
                    letter = self._writable(subject)
                    asked.append(letter.radicado)
                    yield letter


def with_number(number: Draft) -> Draft:
    """What keeps the sender's identity from the very line on that gives the number."""
    fact = number.fact
    assert isinstance(fact, NumberAssigned)
    kept = IdentityKept(radicado=fact.radicado)
    return Draft(kept, number.subject, number.actor, after=PREVIOUS, ficha={"motivo": AT_ONCE})


def doubts(campos: Mapping[str, Any]) -> list[str]:
    """What a person should look at where an identity is kept: the subject stays as it was typed."""
    subject = set(_words(campos.get("asunto")))
    named = {word for name in _NAMING for word in _words(campos.get(name)) if len(word) >= _LEAST}
    if not subject & named:
        return []
    return [
        "El asunto dice algo que también está en los datos de quien escribe, y el asunto se "
        "muestra a todos: rectifíquelo si la nombra."
    ]


def _words(value: Any) -> list[str]:
    return re.findall(r"\w+", plain(str(value or "")))
