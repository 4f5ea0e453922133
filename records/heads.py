"""The signed heads of a home's logs: `checkpoints/<punto>/<size, 10 digits>.note`.

One rule (c2sp.org/tlog-checkpoint): a log never signs two heads that contradict each other. Who
issues one holds the log's lock, and first compares with the notes that are stored and with what
this machine remembers outside the home, so that a home that was set back signs nothing new. That
memory is durable before the note exists, and the note before anyone sees it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from records import checkpoint, lines, marks, notes
from records.errors import Damaged, Refused, reason
from records.notes import BadNote, Checkpoint
from records.segments import Log

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from records.disk import Disk
    from records.tail import Tail

_NAME = re.compile(r"([0-9]{10})\.note")


class Signed(msgspec.Struct, frozen=True):
    """What this machine remembers of the newest head it signed of a log."""

    punto: str
    tamano: int
    raiz: str
    linea: str
    """The hash of line `tamano` − 1: with it all the lines before are held."""


class Stored(msgspec.Struct, frozen=True):
    """A file where the notes lie; *size* is what its name says, None where it is no note's."""

    path: Path
    size: int | None

    def read(self) -> bytes:
        """The note's bytes.

        Raises:
            BadNote: it is no plain file, or cannot be read.
        """
        if self.path.is_symlink() or not self.path.is_file():
            raise BadNote("no es un archivo")
        try:
            with self.path.open("rb") as file:
                return file.read(notes.MAX_BYTES + 1)
        except OSError as error:
            raise BadNote(f"no se puede leer ({reason(error)})") from error


class Head(msgspec.Struct, frozen=True):
    """A head that holds: what it says, and its note as it is stored."""

    said: Checkpoint
    note: bytes


class Ground(msgspec.Struct, frozen=True):
    """What a log itself gives at some size: the root, the key in force (64 hex), its epoch."""

    root: bytes
    clave: str
    epoch: int = 0


class Problem(msgspec.Struct, frozen=True):
    """One stored head that does not fit its log."""

    codigo: str
    mensaje: str
    path: Path


class Heads:
    """The notes of one punto's log in a home."""

    def __init__(self, home: Path, punto: str, disk: Disk) -> None:
        self.folder = home / "checkpoints" / punto
        self._log = Log(home, punto)
        self._disk = disk

    def issue(self, tail: Tail, key: Ed25519PrivateKey) -> Head:
        """The signed note of the log as *tail* has it; the caller holds the log's lock.

        At the same size it is the note that is already there, to the byte.

        Raises:
            Refused: *key* is not the log's, or the log is empty.
            Damaged: this head would contradict one that was signed before; nothing was signed.
        """
        said = Checkpoint(
            notes.origin(tail.log, tail.epoch), tail.seq + 1, checkpoint.root(tail.frontier)
        )
        if not said.size or lines.raw_public(key).hex() != tail.clave:
            raise Refused("llave", f"Esa llave no es la del diario de {tail.punto}.")
        known = remembered(tail.log, tail.epoch)
        if known is not None:
            self._must_continue(known, said)
        held = self._held(said, tail)
        now = Signed(tail.punto, said.size, said.root.hex(), tail.prev)
        if known != now:
            path = _memory(tail.log, tail.epoch)
            self._disk.make_folder(path.parent)
            self._disk.replace(path, msgspec.json.encode(now))
        if held is None:
            held = notes.sign(tail.log, said.size, said.root, key, tail.epoch)
            self._disk.make_folder(self.folder)
            self._disk.replace(self._path(said.size), held)
        return Head(said, held)

    def forsake(self, size: int, into: Path) -> list[Path]:
        """Move the notes of a branch that was lost, of more than *size* lines, out of the way.

        They are proof that it was, and are kept.
        """
        out = []
        for one in self.stored():
            if one.size is not None and one.size > size:
                self._disk.make_folder(into)
                target = into / f"sello-{self._log.punto}-{one.path.name}"
                self._disk.move(one.path, target)
                out.append(target)
        return out

    def stored(self) -> list[Stored]:
        """Every file where the notes lie, smallest size first; nothing of them is checked."""
        if not self.folder.is_dir():
            return []
        found = []
        for path in sorted(self.folder.iterdir()):
            # What a cut leaves of a write begins with a dot and is no note.
            if not path.name.startswith("."):
                name = _NAME.fullmatch(path.name)
                found.append(Stored(path, int(name[1]) if name else None))
        return found

    def newest(self) -> Stored | None:
        """The stored note of the greatest size, by its name."""
        named = [s for s in self.stored() if s.size is not None]
        return max(named, key=lambda s: s.size or 0, default=None)

    def at(self, size: int) -> Stored | None:
        """The stored note of *size*, by its name."""
        path = self._path(size)
        return Stored(path, size) if path.exists() else None

    def _path(self, size: int) -> Path:
        return self.folder / f"{size:010d}.note"

    def _held(self, said: Checkpoint, tail: Tail) -> bytes | None:
        """The note that is stored for this very head."""
        newest = self.newest()
        if newest is None or newest.size is None or newest.size < said.size:
            return None
        if newest.size > said.size:
            raise _contradiction(tail.punto, f"{newest.path} es de {newest.size} líneas")
        try:
            note = newest.read()
            told = notes.read(note, [bytes.fromhex(tail.clave)])
        except BadNote as error:
            raise Damaged(
                "sello_danado",
                f"El sello {newest.path} no sirve: {error}.",
                consejo="No se firma otro. Ejecute «ventanilla verificar» y tráigalo de un "
                "respaldo.",
            ) from error
        if told != said:
            raise _contradiction(tail.punto, f"{newest.path} dice otra raíz u otro diario")
        return note

    def _must_continue(self, known: Signed, said: Checkpoint) -> None:
        punto = self._log.punto
        if known.tamano > said.size:
            raise _contradiction(punto, f"este equipo ya selló {known.tamano} líneas")
        if known.tamano == said.size:
            if known.raiz != said.root.hex():
                raise _contradiction(punto, "este equipo ya selló otra raíz con ese tamaño")
        elif self._log.hash_at(known.tamano - 1) != known.linea:
            raise _contradiction(punto, f"la línea {known.tamano - 1}, ya sellada, es otra")


def _contradiction(punto: str, why: str) -> Damaged:
    return Damaged(
        "sello_contradictorio",
        f"El diario de {punto} contradice un sello ya firmado: {why}.",
        consejo="No se firma otro: alguien restauró o cambió la carpeta. Ejecute «ventanilla "
        "verificar» y traiga de un respaldo lo que falta.",
    )


def remembered(log: str, epoch: int = 0) -> Signed | None:
    """The newest head of an epoch of *log* that this machine signed, if it remembers one.

    Raises:
        Damaged: what it remembers is unreadable.
    """
    path = _memory(log, epoch)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Signed)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise Damaged(
            "marca_danada",
            f"La marca {path} no se entiende: {error}.",
            consejo="Bórrela solo si sabe por qué se dañó, y verifique la casa.",
        ) from error


def _memory(log: str, epoch: int) -> Path:
    name = f"{log}-{epoch}" if epoch else log
    return marks.state_folder() / "sellos" / f"{name}.json"


# -- checking -------------------------------------------------------------------------------------


@dataclass(slots=True)
class HeadWalk:
    """Compares the stored heads with their log while someone walks it.

    Made before the walk, so that a head issued meanwhile is none of its business.
    """

    heads: Heads
    _stored: list[Stored] = field(init=False)
    _grounds: dict[int, Ground] = field(init=False, default_factory=dict)
    _wanted: set[int | None] = field(init=False)

    def __post_init__(self) -> None:
        self._stored = self.heads.stored()
        self._wanted = {s.size for s in self._stored}

    @property
    def wants(self) -> bool:
        """Whether any head is stored, so that the walk must be seen."""
        return bool(self._stored)

    def see(self, tail: Tail) -> None:
        """The walk stands at *tail*, after one more line."""
        size = tail.seq + 1
        if size in self._wanted:
            self._grounds[size] = Ground(checkpoint.root(tail.frontier), tail.clave, tail.epoch)

    def problems(self, tail: Tail) -> list[Problem]:
        """What does not fit, at the end of the walk."""
        return check_heads(self._stored, tail.log, tail.seq + 1, self._grounds)


def check_heads(
    stored: list[Stored], log: str, size: int, grounds: Mapping[int, Ground]
) -> list[Problem]:
    """Compare notes with their log: *size* lines, and *grounds* at each size that a note names."""
    found = []
    for one in stored:
        try:
            problem = _check(one, log, size, grounds)
        except BadNote as error:
            problem = ("sello_danado", f"El sello no sirve: {error}.")
        if problem is not None:
            found.append(Problem(*problem, one.path))
    return found


def _check(
    one: Stored, log: str, size: int, grounds: Mapping[int, Ground]
) -> tuple[str, str] | None:
    if one.size is None:
        raise BadNote("el archivo no se llama como un sello")
    note = one.read()
    told = notes.head_of(notes.parse(note))
    if told.size != one.size:
        raise BadNote(f"es de {told.size} líneas y su nombre dice {one.size}")
    if not told.origin.startswith(notes.origin(log)):
        raise BadNote("es de otro diario")
    if told.size > size:
        return (
            "diario_retrocedido",
            f"El diario es más corto que un sello que se guarda: tiene {size} líneas y el sello "
            f"es de {told.size}.",
        )
    if not told.size:
        raise BadNote("un diario vacío no se sella")
    ground = grounds[told.size]
    if told.origin != notes.origin(log, ground.epoch):
        raise BadNote("es de otra época del diario")
    notes.read(note, [bytes.fromhex(ground.clave)])
    if told.root != ground.root:
        return "sello_contradictorio", f"El diario no es el que se selló con {told.size} líneas."
    return None
