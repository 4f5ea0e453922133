"""What the lobby asks: who may come in, and whether somebody is who they say.

Each question opens the office anew: a person or key given a minute ago counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from records.errors import VentanillaError
from tui.lobby_views import Person
from tui.lobby_words import hall, person
from tui.messages import lobby as m
from tui.tasks.core import said

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from records.office import Office
    from tui.messages import Answer
    from tui.tasks.core import Core


class LobbyTasks:
    """The door, in a lane of its own: nothing that is under way makes a person wait."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def _office(self) -> Office:
        from records.office import Office

        return Office(self._core.home)

    def hall(self, to: MessagePump) -> None:
        """Who may come in."""

        def work() -> Answer:
            from records.entrance import comers, last_here

            office = self._office()
            entity = office.settings.entidad.nombre
            shown = hall(entity, office.authority.demo, comers(office), last_here(office))
            return m.HallRead(shown)

        self._core.ask(self._core.door, to, work)

    def enter(self, to: MessagePump, ident: str, secret: str) -> None:
        """Let a person in, if *secret* opens their key."""

        def work() -> Answer:
            from records.entrance import admit, was_here

            office = self._office()
            comer = admit(office, ident, secret)
            was_here(office, ident)
            return m.LetIn(person(comer))

        def refused(error: VentanillaError) -> Answer:
            return m.NotLetIn(said(error), error.codigo == "clave_errada")

        self._core.ask(self._core.door, to, work, refused)

    def here(self, to: MessagePump) -> None:
        """Who works here already: by `--persona` and a file, or in a demonstration."""

        def work() -> Answer:
            from records.entrance import comers

            ident = self._core.office(self._core.door).persona
            known = (person(c) for c in comers(self._office()) if c.persona.id == ident)
            return m.Here(next(known, None))

        self._core.ask(self._core.door, to, work)

    def become(self, to: MessagePump, who: Person) -> None:
        """Work for another person."""
        self._core.become(who.id, to, m.Became(who))


@dataclass(frozen=True, slots=True)
class Start:
    """How the program begins: with the lobby, or with somebody (or nobody) already in."""

    lobby: bool
    who: Person | None = None


def start(office: Office, persona: str | None, secret: str | None) -> Start:
    """No lobby is needed where the passphrase was given in a file, in a demonstration, and where
    there is nobody who could come in: such an office is only looked at.

    Raises:
        Refused: *secret* is not that of *persona*.
    """
    from records.entrance import Comer, admit, by_what, was_here

    authority, ident = office.authority, persona or office.persona
    if secret is not None:
        comer = admit(office, ident, secret)
        was_here(office, comer.persona.id)
        return Start(False, person(comer))
    if ident is None:
        return Start(lobby=bool(authority.personas))
    comer = Comer(authority.require(ident), by_what(office, authority, authority.personas[ident]))
    return Start(False, person(comer)) if comer.por == "demostracion" else Start(True)
