"""Bags: a folder that says of each of its files what it must be (BagIt 1.0, RFC 8493), written.

Manifests in SHA-256 and SHA-512 of the payload and of the tag files, never a `fetch.txt`: a bag of
ours is whole or is none. It is written beside its place under a name that begins with a dot, each
file synced and read again from the medium; `bagit.txt`, which makes a folder a bag, comes last, and
then the folder gets its name by one rename. A cut leaves nothing that looks like a bag.

What is written here is read, from whoever it comes, by `retention.bag_reader`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
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

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = ("sha256", "sha512")
AGENT = "Ventanilla"
CHUNK = 1 << 20
THREADS = 4
"""Two hash while two wait for the disk, which takes several syncs at once."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the payload."""

    ruta: str
    """Under `data/`, its parts joined by `/`."""
    origen: Path | bytes
    sha256: str | None = None
    """What a file must be; checked while it is copied."""

    @property
    def name(self) -> str:
        """How a person is told of it."""
        return self.ruta if isinstance(self.origen, bytes) else str(self.origen)


@dataclass(frozen=True, slots=True)
class Written:
    """A bag that is on the disk."""

    path: Path
    files: int
    bytes: int
    """Of the payload."""
    tagmanifest_sha256: str
    """SHA-256 of `tagmanifest-sha256.txt`: it stands for every byte of the bag."""


@dataclass(frozen=True, slots=True)
class _Entry:
    ruta: str
    bytes: int
    sums: tuple[str, ...]
    """By `ALGORITHMS`."""


def write(target: Path, files: Iterable[Source], info: Mapping[str, str], disk: Disk) -> Written:
    """Write a bag of *files* at *target*, with *info* in its `bag-info.txt`.

    `Payload-Oxum` is added, and `Bagging-Date` and `Bag-Software-Agent` where *info* has none.

    Raises:
        Refused: there is something at *target*, or no folder to put it in.
        Damaged: a source is not there, or not what its hash says.
        MachineCannot: the disk is full or fails, or gives back other bytes than it was given.
    """
    sources = sorted(_checked(files), key=lambda source: source.ruta)
    _must_be_free(target)
    with _workplace(target, disk) as work:
        with ThreadPoolExecutor(THREADS) as pool:
            entries = list(pool.map(lambda source: _copy(source, work, disk), sources))
        total = sum(entry.bytes for entry in entries)
        oxum = {"Payload-Oxum": f"{total}.{len(entries)}"}
        tags = {f"manifest-{a}.txt": _manifest(entries, n) for n, a in enumerate(ALGORITHMS)}
        tags["bag-info.txt"] = _info({**_defaults(), **info, **oxum})
        listed = [_entry(n, data) for n, data in sorted({**tags, "bagit.txt": DECLARATION}.items())]
        for n, algorithm in enumerate(ALGORITHMS):
            tags[f"tagmanifest-{algorithm}.txt"] = _manifest(listed, n)
        for name, data in tags.items():
            _keep(work / name, data, disk)
        _sync_folders(work, disk)
        _keep(work / "bagit.txt", DECLARATION, disk)
        disk.sync_folder(work)
        _must_be_free(target)
        disk.move(work, target)
    own = lines.sha256(tags["tagmanifest-sha256.txt"])
    return Written(target, len(entries), total, own)


def encoded(path: str) -> str:
    """A path as a manifest writes it (RFC 8493, 2.1.3): only these three are encoded."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def same_name(path: str) -> str:
    """What two paths have in common that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


# -- the payload ----------------------------------------------------------------------------------


def _checked(files: Iterable[Source]) -> Iterator[Source]:
    """The sources with their paths in NFC; one that no bag may have is a defect of the caller."""
    seen = set[str]()
    for source in files:
        path = unicodedata.normalize("NFC", source.ruta)
        if "\0" in path or any(part in ("", ".", "..") for part in path.split("/")):
            raise ValueError(f"not a path of a payload: {path!r}")
        if same_name(path) in seen:
            raise ValueError(f"two files of the payload are called {path!r}")
        seen.add(same_name(path))
        yield Source(path, source.origen, source.sha256)


def _copy(source: Source, work: Path, disk: Disk) -> _Entry:
    """Copy one file: one read feeds both hashes and the copy, then the medium is asked again."""
    path = work / "data" / source.ruta
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
    return _Entry(f"data/{source.ruta}", size, sums)


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


def _keep(path: Path, data: bytes, disk: Disk) -> None:
    disk.create(path, [data], mode=SHARED)
    _read_back(path, lines.sha256(data))


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


# -- the tag files --------------------------------------------------------------------------------


def _manifest(entries: Iterable[_Entry], algorithm: int) -> bytes:
    return "".join(f"{e.sums[algorithm]}  {encoded(e.ruta)}\n" for e in entries).encode()


def _entry(name: str, data: bytes) -> _Entry:
    return _Entry(name, len(data), tuple(hashlib.new(a, data).hexdigest() for a in ALGORITHMS))


def _defaults() -> dict[str, str]:
    return {"Bagging-Date": lines.now().date().isoformat(), "Bag-Software-Agent": AGENT}


def _info(info: Mapping[str, str]) -> bytes:
    # A value is one line: a line break would begin another label.
    return "".join(f"{label}: {' '.join(text.split())}\n" for label, text in info.items()).encode()


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


def _sync_folders(work: Path, disk: Disk) -> None:
    folders = [Path(folder) for folder, _, _ in os.walk(work, topdown=False)]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(disk.sync_folder, folders))
