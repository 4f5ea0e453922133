"""What a verification gathers as it goes: what does not verify, what is still to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import people, segments
from records.errors import Damaged, VentanillaError
from records.graves import Graves
from records.lines import BadLine
from records.people import Authority

if TYPE_CHECKING:
    from collections.abc import Callable

    from records.office import Office
    from records.trd import TableAdopted

    Avance = Callable[[str, int, int], bool]
    """What is being checked, how much of it, of how much (0: nobody knows); no: stop."""


class Stopped(Exception):
    """Who asked for the verification cut it short: nothing is said of the home."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that does not verify."""

    codigo: str
    mensaje: str
    archivo: str = ""
    linea: int | None = None


class Report(msgspec.Struct):
    """What was checked, and what does not verify."""

    ok: bool = True
    eventos: int = 0
    radicados: int = 0
    documentos: int = 0
    hallazgos: list[Finding] = []
    avisos: list[str] = []
    """What is worth a word and no fault."""


class Named(msgspec.Struct, gc=False):
    """A document that an event names."""

    sha256: str
    archivo: str
    linea: int
    certificado: str | None = None
    """The certificate that signed it, for what is signed."""
    at: str = ""
    """When it was signed."""
    nombre: str = ""
    sujeto: str = ""
    """Of the event that names it."""


@dataclass(slots=True)
class Checker:
    office: Office
    report: Report = field(default_factory=Report)
    named: list[Named] = field(default_factory=list)
    readings: dict[str, tuple[str, int]] = field(default_factory=dict)
    readers: dict[str, set[str]] = field(default_factory=dict)
    """Reading → the subjects that name it."""
    graves: Graves = field(default_factory=Graves)
    tables: list[tuple[TableAdopted, str, int]] = field(default_factory=list)
    authority: Authority = field(default_factory=Authority)
    """What the authority's log says, once it verified."""
    root: str = ""
    told: Avance = lambda *_: True
    bytes_read: int = 0
    bytes_of_logs: int = 0

    def __post_init__(self) -> None:
        home = self.office.home
        held = [s.path for p in segments.puntos(home) for s in segments.segments(home, p)]
        self.bytes_of_logs = sum(path.stat().st_size for path in held)
        self.authority = _authority(self.office)
        try:
            self.root = self.office.keys.root_public()
        except Damaged as error:
            self.find(error.codigo, error.mensaje, self.office.keys.folder / "raiz.pub")

    def find(
        self, codigo: str, mensaje: str, archivo: Path | str = "", linea: int | None = None
    ) -> None:
        self.report.hallazgos.append(Finding(codigo, mensaje, str(archivo), linea))

    def advance(self, what: str, done: int, total: int = 0) -> None:
        """Tell how far it is.

        Raises:
            Stopped: it is to go no further.
        """
        if not self.told(what, done, total):
            raise Stopped


def _authority(office: Office) -> Authority:
    """What AUT says; nothing where it cannot be read, and then the walk says what is wrong."""
    try:
        return people.authority(office.authority_journal.events())
    except (VentanillaError, BadLine, msgspec.ValidationError):
        return Authority()
