"""Folders that are written whole or not at all: what every kind of package has in common.

A package is written beside its place under a name that begins with a dot, each file synced and read
again from the medium; what makes a folder a package of its kind comes last, and then the folder
gets its name by one rename. A cut leaves nothing that looks like a package, and the next try clears
it away. Kinds: `retention.bag`, `retention.sip`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import TYPE_CHECKING

from records import lines, shelf
from records.disk import SHARED
from records.errors import Damaged, MachineCannot, Refused, reason

if TYPE_CHECKING:
    from records.disk import Disk

Advance = Callable[[int, int], bool]
"""Told how many of how many are done, now and then; False: stop there."""
ALGORITHMS = ("sha256", "sha512")
CHUNK = 1 << 20
THREADS = 4
"""Two hash while two wait for the disk, which takes several syncs at once."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file that a package is to have."""

    ruta: str
    """From the folder of the package's files, its parts joined by `/`."""
    origen: Path | bytes
    sha256: str | None = None
    """What a file must be; checked while it is copied."""

    @property
    def name(self) -> str:
        """How a person is told of it."""
        return self.ruta if isinstance(self.origen, bytes) else str(self.origen)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that is on the disk."""

    ruta: str
    bytes: int
    sums: tuple[str, ...]
    """By `ALGORITHMS`."""

    @property
    def sha256(self) -> str:
        """Its SHA-256."""
        return self.sums[0]


def checked(files: Iterable[Source]) -> list[Source]:
    """The sources by path, each in NFC; one that no package may have is a defect of the caller."""
    seen = set[str]()
    out = []
    for source in files:
        path = unicodedata.normalize("NFC", source.ruta)
        if "\0" in path or any(part in ("", ".", "..") for part in path.split("/")):
            raise ValueError(f"not a path of a payload: {path!r}")
        if same_name(path) in seen:
            raise ValueError(f"two files of the payload are called {path!r}")
        seen.add(same_name(path))
        out.append(Source(path, source.origen, source.sha256))
    return sorted(out, key=lambda source: source.ruta)


def write(
    target: Path,
    sources: Sequence[Source],
    under: str,
    finish: Callable[[Path, list[Entry]], None],
    disk: Disk,
    advance: Advance | None = None,
) -> list[Entry]:
    """Copy *sources* to the folder *under* of a new folder *target*, and let *finish* end it.

    *finish* is given the folder, under the name that it has meanwhile, and what was copied; what it
    writes with `keep` and syncs is in the package, and the last of it makes it one.

    Raises:
        Refused: there is something at *target*, or no folder to put it in; or *advance* stopped it.
        Damaged: a source is not there, or not what its hash says.
        MachineCannot: the disk is full or fails, or gives back other bytes than it was given.
    """
    _must_be_free(target)
    with _workplace(target, disk) as work:
        with ThreadPoolExecutor(THREADS) as pool:
            copied = _told(advance, len(sources))
            entries = list(
                pool.map(lambda source: copied(_copy(source, under, work, disk)), sources)
            )
        finish(work, entries)
        _must_be_free(target)
        disk.move(work, target)
    return entries


def _told(advance: Advance | None, total: int) -> Callable[[Entry], Entry]:
    """Counts what is copied, for who waits."""
    lock, done = threading.Lock(), 0

    def copied(entry: Entry) -> Entry:
        nonlocal done
        if advance is not None:
            with lock:
                done += 1
                must_go_on(advance, done, total)
        return entry

    return copied


def must_go_on(advance: Advance | None, done: int, total: int) -> None:
    """Tell how far it is.

    Raises:
        Refused: who waits does not want it any more.
    """
    if advance is not None and not advance(done, total):
        raise Refused("detenido", "Se detuvo: no quedó nada escrito.")


def keep(path: Path, data: bytes, disk: Disk) -> None:
    """Write one file that was made in memory, and read it again."""
    disk.create(path, [data], mode=SHARED)
    _read_back(path, lines.sha256(data))


def sync_folders(work: Path, disk: Disk) -> None:
    """Sync each folder, so that no name is lost."""
    folders = [Path(folder) for folder, _, _ in os.walk(work, topdown=False)]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(disk.sync_folder, folders))


def entry(ruta: str, data: bytes) -> Entry:
    """What a file of these bytes is."""
    return Entry(ruta, len(data), tuple(hashlib.new(a, data).hexdigest() for a in ALGORITHMS))


def same_name(path: str) -> str:
    """What two paths have in common that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


# -- one file --------------------------------------------------------------------------------------


def _copy(source: Source, under: str, work: Path, disk: Disk) -> Entry:
    """Copy one file: one read feeds both hashes and the copy, then the medium is asked again."""
    path = work / under / source.ruta
    disk.make_folder(path.parent, sync=False)
    seen = [hashlib.new(algorithm) for algorithm in ALGORITHMS]
    size = 0

    def fed() -> Iterator[bytes]:
        nonlocal size
        for chunk in _chunks(source):
            for one in seen:
                one.update(chunk)
            size += len(chunk)
            yield chunk

    disk.create(path, fed(), mode=SHARED)
    sums = tuple(one.hexdigest() for one in seen)
    if source.sha256 not in (None, sums[0]):
        raise Damaged(
            "documento_danado",
            f"El documento {source.name} ya no es el que se guardó; el paquete no se hizo.",
            consejo="Tráigalo de un respaldo y repita.",
        )
    _read_back(path, sums[0])
    return Entry(f"{under}{source.ruta}", size, sums)


def _chunks(source: Source) -> Iterator[bytes]:
    if isinstance(source.origen, bytes):
        yield source.origen
        return
    try:
        with source.origen.open("rb", buffering=0) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except FileNotFoundError as error:
        raise Damaged(
            "documento_perdido",
            f"Falta el documento {source.origen}; el paquete no se hizo.",
            consejo="Tráigalo de un respaldo y repita.",
        ) from error
    except OSError as error:
        raise MachineCannot(
            "lectura",
            f"No se puede leer {source.origen} ({reason(error)}); el paquete no se hizo.",
            consejo="Revise el disco y repita.",
        ) from error


def _read_back(path: Path, digest: str) -> None:
    try:
        given = shelf.hash_of(path, medium=True)
    except OSError as error:
        given = reason(error)
    if given != digest:
        raise MachineCannot(
            "disco_danado",
            f"El disco no devolvió los bytes que se le dieron de {path.name}; el paquete no se "
            "hizo.",
            consejo="Ese disco no guarda lo que se le da: use otro.",
        )


# -- the folder -----------------------------------------------------------------------------------


def _must_be_free(target: Path) -> None:
    if os.path.lexists(target):
        raise Refused(
            "destino_ocupado",
            f"Ya hay algo en {target}: un paquete no se escribe encima de nada.",
            consejo="Elija otro nombre o mueva lo que hay.",
        )
    if not target.parent.is_dir():
        raise Refused(
            "sin_carpeta",
            f"No existe la carpeta {target.parent}.",
            consejo="Conecte el disco o cree la carpeta, y repita.",
        )


@contextmanager
def _workplace(target: Path, disk: Disk) -> Iterator[Path]:
    """A folder beside *target* that is gone if the work fails; it is locked while it lasts."""
    for left in target.parent.glob(f".{_escaped(target.name)}.*.tmp"):
        _remove_abandoned(left)
    work = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    disk.make_folder(work)
    fd = os.open(work, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # without locks nobody takes it for abandoned either
            flock(fd, LOCK_EX | LOCK_NB)
        yield work
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    finally:
        os.close(fd)


def _escaped(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _remove_abandoned(work: Path) -> None:
    """Remove what a cut left of an earlier try; who still works in it holds its lock."""
    try:
        fd = os.open(work, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    try:
        flock(fd, LOCK_EX | LOCK_NB)
    except OSError:
        return
    else:
        shutil.rmtree(work, ignore_errors=True)
    finally:
        os.close(fd)
