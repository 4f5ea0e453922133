"""Where a backup lies: a folder on another disk, perhaps a slow stick in FAT that is pulled out.

Nothing but plain files under plain names: no links, no modes, no colons. Each file is written under
a temporary name, synced, read back from the medium and compared; names are synced before a manifest
speaks of them. What fails here says that it was the destination, and harms no copy made before.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from records import manifest
from records.errors import Damaged, MachineCannot, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from records.disk import Disk

CHUNK = 1 << 20
WORK = ".nuevos"
UNFINISHED = "INCOMPLETA.txt"


class Unreadable(Exception):
    """A file of the home could not be read while it was copied (not the destination's fault)."""

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(reason(cause))
        self.path = path
        self.gone = isinstance(cause, FileNotFoundError)


class CutShort(MachineCannot):
    """The destination failed half-way; what was there before is whole."""


class Shelf:
    """The folder of one office's backup."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self.root = root
        self.disk = disk
        self._unsynced: set[Path] = set()

    def path(self, where: str) -> Path:
        """The file that lies at *where*."""
        return self.root / where

    def size(self, where: str) -> int | None:
        """Bytes of the file at *where*; None where there is none."""
        with _at_destination():
            try:
                return self.path(where).lstat().st_size
            except FileNotFoundError:
                return None

    def free(self) -> int | None:
        """Bytes that are free on that disk; None where it does not say."""
        with _at_destination():
            folder = self.root
            while not folder.exists():
                folder = folder.parent
            usage = shutil.disk_usage(folder)
            return usage.free if usage.total else None

    def prepare(self) -> None:
        """Make the folder, and clear away what a cut left half-made."""
        with _at_destination():
            for name in ("journal", "vault", "lecturas", "sueltos", "copias", WORK):
                self.disk.make_folder(self.root / name)
            for path in (self.root / WORK).iterdir():
                self.disk.remove(path)
            for copy in filter(Path.is_dir, (self.root / "copias").iterdir()):
                mark = copy / UNFINISHED
                if (copy / manifest.LIST).exists():
                    self.disk.remove(mark)
                elif mark.exists() or not any(copy.iterdir()):
                    shutil.rmtree(copy)

    def keep(self, where: str, chunks: Iterable[bytes], digest: str | None = None) -> str:
        """Keep a file at *where* and read it back; returns its SHA-256.

        Raises:
            ValueError: the source is not what *digest* says; nothing was kept.
            MachineCannot: the destination failed, or gives back other bytes than it was given.
        """
        target, temporary = self.path(where), self.root / WORK / secrets.token_hex(8)
        seen = hashlib.sha256()
        with _at_destination():
            self._folder(target.parent)
            self.disk.create(temporary, _hashing(chunks, seen))
            given = seen.hexdigest()
            if digest is not None and given != digest:
                self.disk.unlink(temporary)
                raise ValueError(given)
            if hash_of(temporary, medium=True) != given:
                with suppress(OSError):
                    temporary.unlink()
                raise _cut_short(f"devolvió otros bytes al leer {where}", "disco_danado")
            size = temporary.stat().st_size
            self.disk.rename(temporary, target)
            self._unsynced.add(target.parent)
            if self.size(where) != size:  # there are file systems that lose what they rename
                raise _cut_short(f"perdió {where}", "disco_danado")
        return given

    def extend(self, where: str, chunks: Iterable[bytes], start: int) -> None:
        """Add *chunks* behind the first *start* bytes of *where*, and read them back."""
        path = self.path(where)
        seen = hashlib.sha256()
        with _at_destination():
            self._folder(path.parent)
            if (self.size(where) or 0) > start:
                self.disk.cut(path, start)
            self.disk.extend(path, _hashing(chunks, seen))
            if hash_of(path, start, medium=True) != seen.hexdigest():
                raise _cut_short(f"devolvió otros bytes al leer {where}", "disco_danado")
            self._unsynced.add(path.parent)

    def sync(self) -> None:
        """Make the names of all that was kept durable."""
        with _at_destination():
            for folder in sorted(self._unsynced):
                self.disk.sync_folder(folder)
            self._unsynced.clear()

    def begin(self, copy: str) -> None:
        """Begin a copy: its folder is marked unfinished until `finish`."""
        self.keep(f"copias/{copy}/{UNFINISHED}", [b"Copia sin terminar.\r\n"])

    def finish(self, copy: str, listed: bytes, signature: bytes) -> None:
        """Make a copy whole: its manifest comes last, when all that it names is durable.

        No folder is renamed: not every driver of a stick does that well.
        """
        self.keep(f"copias/{copy}/{manifest.SIGNATURE}", [signature])
        self.sync()
        self.keep(f"copias/{copy}/{manifest.LIST}", [listed])
        self.sync()
        with _at_destination():
            self.disk.remove(self.path(f"copias/{copy}/{UNFINISHED}"))

    def _folder(self, path: Path) -> None:
        if not path.is_dir():
            self.disk.make_folder(path)


def read_chunks(path: Path, start: int = 0, size: int | None = None) -> Iterator[bytes]:
    """The bytes of a file of the home, from *start*, *size* of them (all, where None).

    Raises:
        Unreadable: it is gone, forbidden, no plain file, or shorter than that.
    """
    left = size
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(fd, "rb", buffering=0) as file:
            file.seek(start)
            while left is None or left:
                chunk = file.read(CHUNK if left is None else min(CHUNK, left))
                if not chunk:
                    break
                left = None if left is None else left - len(chunk)
                yield chunk
    except OSError as error:
        raise Unreadable(path, error) from error
    if left:
        raise Damaged(
            "diario_danado",
            f"{path} se acortó mientras se leía.",
            consejo="Ejecute «ventanilla verificar».",
        )


def hash_of(
    path: Path, start: int = 0, size: int | None = None, *, medium: bool = False
) -> str | None:
    """SHA-256 of a stretch of a file; None where the file is shorter than that.

    With *medium* it is asked of the disk itself, where the system can (posix_fadvise).
    """
    seen = hashlib.sha256()
    left = size
    with path.open("rb", buffering=0) as file:
        if medium and hasattr(os, "posix_fadvise"):
            with suppress(OSError):  # a file system may not know it: then memory answers
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        file.seek(start)
        while left is None or left:
            chunk = file.read(CHUNK if left is None else min(CHUNK, left))
            if not chunk:
                break
            left = None if left is None else left - len(chunk)
            seen.update(chunk)
    return None if left else seen.hexdigest()


def _hashing(chunks: Iterable[bytes], seen: hashlib._Hash) -> Iterator[bytes]:
    for chunk in chunks:
        seen.update(chunk)
        yield chunk


@contextmanager
def _at_destination() -> Iterator[None]:
    """Say of a failure that it was the destination's."""
    try:
        yield
    except MachineCannot as error:
        if isinstance(error, CutShort):
            raise
        raise _cut_short(error.mensaje.rstrip("."), error.codigo) from error
    except OSError as error:
        raise _cut_short(reason(error), "") from error


_ADVICE = {
    "disco_lleno": "Libere espacio en el destino o use otro disco, y repita.",
    "archivo_grande": "Use un disco con formato exFAT, NTFS o ext4.",
    "solo_lectura": "Quite la protección contra escritura del disco y repita.",
    "sin_permiso": "Pida permiso sobre la carpeta del destino y repita.",
    "disco_danado": "Ese disco no guarda lo que se le da: use otro.",
}


def _cut_short(why: str, code: str) -> CutShort:
    advice = _ADVICE.get(code, "Vuelva a conectar el disco y repita: sigue donde quedó.")
    return CutShort(
        code if code in _ADVICE else "respaldo_cortado",
        f"La copia quedó a medias, por el destino: {why}. Las copias anteriores siguen enteras y a "
        "la oficina no le pasó nada.",
        consejo=advice,
    )
