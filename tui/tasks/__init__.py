"""The only package that calls the doors; screens ask here and are answered with messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from records.errors import Refused
from tui.tasks.archivo import ArchivoTasks
from tui.tasks.area import AreaTasks
from tui.tasks.area_letters import AreaLetters
from tui.tasks.area_verbs import AreaVerbs
from tui.tasks.consulta import ConsultaTasks
from tui.tasks.core import code_of
from tui.tasks.integridad import IntegridadTasks
from tui.tasks.lobby import LobbyTasks
from tui.tasks.pictures import Pictures
from tui.tasks.procesos import ProcesosTasks
from tui.tasks.reception import Reception
from tui.tasks.tablero import TableroTasks

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.reader import Reader
    from records.office import Office


class Tasks(Reception, Pictures):
    """The doors of one home, for one person: each room's part."""

    def __init__(self, home: Path, persona: str | None, *, reader: Reader | None = None) -> None:
        super().__init__(home, persona, reader=reader)
        self.lobby = LobbyTasks(self)
        self.consulta = ConsultaTasks(self)
        self.tablero = TableroTasks(self)
        self.procesos = ProcesosTasks(self)
        self.integridad = IntegridadTasks(self)
        self.archivo = ArchivoTasks(self)
        self.area = AreaTasks(self)
        self.area_verbs = AreaVerbs(self)
        self.area_letters = AreaLetters(self)


def check(home: Path, persona: str | None) -> Office:
    """Open the office before anything is drawn.

    Raises:
        Refused: there is no office, or the person is unknown.
    """
    from records.office import Office

    office = Office(home, persona=persona)
    if persona:
        office.authority.require(persona)
    return office


__all__ = ["Refused", "Tasks", "check", "code_of"]
