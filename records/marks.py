"""The three marks that tell a copied, restored or shortened home from the one that was written.

The machine's id, the identity of the journal's folder, and, outside the home, the last line known
to be durable. A mismatch makes the home read-only: a copy may be read and verified, never
continued. A missing outer mark (another user of the same machine, a cleaned account) is adopted,
since the two others hold. What this cannot see: a snapshot that rolls back the whole machine.
"""

from __future__ import annotations

import os
import uuid
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from records import lines
from records.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Callable

    from records.disk import Disk
    from records.tail import Tail

T = TypeVar("T")


class Mark(msgspec.Struct, frozen=True):
    """The last line of a log that was durable when a number was shown."""

    punto: str
    epoch: int
    seq: int
    hash: str


class Shown(Mark, frozen=True, omit_defaults=True):
    """The mark inside the home, with what was never shown and what the machine's clocks said."""

    pendientes: tuple[tuple[int, int], ...] = ()
    """Stretches of the log, (after, up to], that others wrote behind: nobody saw their numbers."""
    hora: str | None = None
    arranque: str | None = None
    """Which start of the machine it was."""
    segundos: float | None = None
    """Since that start, sleep included; nobody sets this clock."""


class PlaceMark(msgspec.Struct, frozen=True):
    """Where a log lives: machine and journal folder."""

    maquina: str
    carpeta: int


def state_folder() -> Path:
    """Where the outer marks lie: $VENTANILLA_MARCAS, else the user's state folder (XDG)."""
    own = os.environ.get("VENTANILLA_MARCAS")
    if own:
        return Path(own)
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "ventanilla"


@cache
def _start() -> str | None:
    """Which start of this machine it is; None where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None


def since_start() -> tuple[str | None, float | None]:
    """(which start of this machine, seconds since then); None where the system does not tell.

    From the file, which nobody fakes, unlike the clocks that a process is given.
    """
    try:
        with open("/proc/uptime", "rb", buffering=0) as file:  # noqa: PTH123 (once a number)
            return _start(), float(file.read(64).split()[0])
    except (OSError, ValueError, IndexError):
        return None, None


def machine_id(disk: Disk) -> str:
    """A stable name of this machine, hashed; made up once where the system has none."""
    for source in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        if source.is_file() and (text := source.read_text().strip()):
            return lines.sha256(b"ventanilla\n" + text.encode())[:32]
    own = state_folder() / "maquina"
    if not own.exists():
        disk.make_folder(own.parent)
        disk.replace(own, uuid.uuid4().hex.encode())
    return own.read_text().strip()


class Marks:
    """The marks of one punto's log in one home."""

    def __init__(self, home: Path, punto: str, disk: Disk) -> None:
        self._home = home
        self._punto = punto
        self._disk = disk
        self._place_file = home / "journal" / f"{punto}.lugar.json"
        self._shown_file = home / "journal" / f"{punto}.mostrado.json"
        self._outer: Path | None = None

    def settle(self) -> None:
        """Note that this log lives here: once, when it is made."""
        place = PlaceMark(machine_id(self._disk), self._folder_id())
        self._disk.replace(self._place_file, msgspec.json.encode(place))

    def check_place(self) -> None:
        """Refuse to write in a home that was copied or moved to another machine.

        Raises:
            Damaged: the journal's folder or the machine is not the one that was settled.
        """
        if not self._place_file.exists():
            raise Damaged(
                "casa_copiada",
                f"Falta {self._place_file.name}, que dice dónde vive este diario.",
                consejo="Se puede consultar y verificar, pero no numerar. Si se restauró de un "
                "respaldo, siga con «ventanilla restauracion --autoriza PERSONA».",
            )
        if not self.is_at_home():
            raise Damaged(
                "casa_copiada",
                "Esta carpeta es una copia: fue hecha en otro equipo o en otro lugar del disco.",
                consejo="Se puede consultar y verificar, pero no numerar: dos copias que numeran "
                "repetirían números. Trabaje en la original.",
            )

    def is_at_home(self) -> bool:
        """Whether this is the folder that the log was settled in, and no copy of it."""
        if not self._place_file.exists():
            return False
        place = self._read(self._place_file, PlaceMark)
        return place.carpeta == self._folder_id() and place.maquina == machine_id(self._disk)

    def check(self, tail: Tail, hash_at: Callable[[int], str | None]) -> None:
        """Compare the outer mark with the log as it is on disk.

        Raises:
            Damaged: lines that were durable are gone or are others.
        """
        mark = self.last(tail.log)
        if mark is None:
            return
        if mark.epoch > tail.epoch:
            raise Damaged(
                "epoca_anterior",
                f"{self._punto} sigue en otra carpeta de este equipo, por una restauración "
                f"(época {mark.epoch}).",
                consejo="Aquí se consulta; se numera donde se restauró.",
            )
        found = tail.prev if mark.seq == tail.seq else hash_at(mark.seq)
        if mark.seq > tail.seq or found != mark.hash:
            raise Damaged(
                "diario_retrocedido",
                f"El diario de {self._punto} llega hasta la línea {tail.seq} y este equipo sabe "
                f"que la línea {mark.seq} ya existía.",
                consejo="Alguien restauró o recortó la carpeta. No se numera hasta traer de un "
                "respaldo las líneas que faltan.",
            )

    def check_torn(self, seq: int) -> None:
        """Refuse to put aside a torn line that was once known to be whole.

        Raises:
            Damaged: the mark knows line *seq*.
        """
        mark = self._read(self._outer, Mark) if self._outer and self._outer.exists() else None
        if mark is not None and mark.seq >= seq:
            raise Damaged(
                "diario_danado",
                f"La línea {seq} del diario de {self._punto} estuvo completa y ahora no lo está.",
                consejo="No es un corte de luz, es un daño: sánela desde una copia idéntica.",
            )

    def last(self, log: str) -> Mark | None:
        """The outer mark of *log*, if this machine has one."""
        self._outer = state_folder() / "marcas" / f"{log}.json"
        return self._read(self._outer, Mark) if self._outer.exists() else None

    def write(self, tail: Tail, unshown: tuple[tuple[int, int], ...] = ()) -> None:
        """Remember outside the home that the log reached *tail*; inside, what was not shown."""
        path = state_folder() / "marcas" / f"{tail.log}.json"
        self._disk.make_folder(path.parent)
        mark = Mark(tail.punto, tail.epoch, tail.seq, tail.prev)
        self._disk.replace(path, msgspec.json.encode(mark))
        self._outer = path
        # Not waited for: what a cut loses of it is only told once more.
        boot, seconds = since_start()
        clock = lines.stamp(lines.now())
        shown = Shown(mark.punto, mark.epoch, mark.seq, mark.hash, unshown, clock, boot, seconds)
        self._disk.publish(self._shown_file, msgspec.json.encode(shown))

    def jump(self) -> timedelta:
        """By how much the clock was set forward since the last line; zero where nothing tells."""
        shown = self._shown()
        boot, seconds = since_start()
        if shown is None or None in (shown.hora, shown.segundos, boot, seconds):
            return timedelta(0)
        if shown.arranque != boot:
            return timedelta(0)
        assert shown.hora is not None and shown.segundos is not None and seconds is not None
        went = lines.now() - lines.moment(shown.hora)
        return max(timedelta(0), went - timedelta(seconds=seconds - shown.segundos))

    def unshown(self, seq: int) -> tuple[tuple[int, int], ...]:
        """Stretches of a log that now ends at *seq* whose numbers a cut kept from being shown."""
        shown = self._shown()
        if shown is None:
            return ()
        return (*shown.pendientes, (shown.seq, seq)) if shown.seq < seq else shown.pendientes

    def _shown(self) -> Shown | None:
        """The mark inside the home; none where a cut left it unreadable.

        It was never synced, and tells only what to show.
        """
        try:
            return msgspec.json.decode(self._shown_file.read_bytes(), type=Shown)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def _folder_id(self) -> int:
        return (self._home / "journal").stat().st_ino

    @staticmethod
    def _read(path: Path, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(path.read_bytes(), type=kind)
        except msgspec.MsgspecError as error:
            raise Damaged(
                "marca_danada",
                f"La marca {path} no se entiende: {error}.",
                consejo="Bórrela solo si sabe por qué se dañó, y verifique la casa.",
            ) from error
