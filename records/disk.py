"""The only module that writes durable files: the port that the crash tests break.

Promises, on a local file system that honours fsync (ext4, xfs, btrfs, NTFS): when `append`,
`replace`, `put` or `move` return, what they wrote survives a power cut; when they do not return,
the old content is whole, except that an `append` may leave a torn tail, which the journal's
recovery knows. SQLite writes its own files and is apart.

Primitives (one system call each, upper-case names of ALICE, OSDI 2014) are methods, so that a test
double can record, lose, reorder and tear them; everything else is built on the primitives.
"""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from records.errors import MachineCannot, reason

if TYPE_CHECKING:
    from collections.abc import Iterable

PRIVATE = 0o600
SHARED = 0o640


class Disk:
    """A real disk. Subclass and override the primitives to break it."""

    # -- primitives ---------------------------------------------------------------------------

    def open(self, path: Path, flags: int, mode: int) -> int:
        """open(2), never through a symbolic link, never inherited by a child."""
        return os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, mode)

    def write(self, fd: int, data: bytes) -> int:
        """write(2)."""
        return os.write(fd, data)

    def fsync(self, fd: int) -> None:
        """fsync(2) of a file or a directory."""
        os.fsync(fd)

    def truncate(self, fd: int, size: int) -> None:
        """ftruncate(2)."""
        os.ftruncate(fd, size)

    def rename(self, source: Path, target: Path) -> None:
        """rename(2): atomic within a file system."""
        source.rename(target)

    def unlink(self, path: Path) -> None:
        """unlink(2)."""
        path.unlink()

    def mkdir(self, path: Path) -> None:
        """mkdir(2)."""
        path.mkdir(mode=0o750)

    # -- built on them ------------------------------------------------------------------------

    def append(self, path: Path, data: bytes, *, mode: int = SHARED) -> None:
        """Append *data* to *path* in one write and make it durable; creates the file."""
        new = not path.exists()
        fd = self._open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, mode)
        try:
            self._write_all(fd, data)
            self._sync(fd, path)
        finally:
            os.close(fd)
        if new:
            self.sync_folder(path.parent)

    def replace(self, path: Path, data: bytes, *, mode: int = SHARED) -> None:
        """Give *path* the content *data*, all of it or none."""
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        self._write_new(temporary, data, mode)
        self._rename(temporary, path)
        self.sync_folder(path.parent)

    def publish(self, path: Path, data: bytes) -> None:
        """Give *path* the content *data*, whole or not at all, without waiting for the disk.

        For what is made for people and can be made again: labels, pages, exports under way.
        """
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        fd = self._open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, SHARED)
        try:
            self._write_all(fd, data)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        finally:
            os.close(fd)
        self._rename(temporary, path)

    def put(self, path: Path, data: bytes, *, temporary: Path, mode: int = 0o440) -> None:
        """Create *path* with *data*, written first at *temporary* (same file system)."""
        self._write_new(temporary, data, mode)
        self._rename(temporary, path)
        self.sync_folder(path.parent)

    def create(self, path: Path, chunks: Iterable[bytes], *, mode: int = PRIVATE) -> None:
        """Write *chunks* to *path* and sync it; what fails leaves no half of it.

        For what is too big for memory. Its name is not synced (`sync_folder`), and its mode is
        never set again: FAT knows none.
        """
        fd = self._open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        try:
            try:
                for chunk in chunks:
                    self._write_all(fd, chunk)
                self._sync(fd, path)
            finally:
                os.close(fd)
        except BaseException:
            with suppress(OSError):  # a disk that was pulled out: the first error is the one told
                path.unlink(missing_ok=True)
            raise

    def extend(self, path: Path, chunks: Iterable[bytes]) -> None:
        """Append *chunks* to *path*, created if need be, and sync it; a cut may leave a part."""
        fd = self._open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE)
        try:
            for chunk in chunks:
                self._write_all(fd, chunk)
            self._sync(fd, path)
        finally:
            os.close(fd)

    def move(self, source: Path, target: Path) -> None:
        """Move a file or folder within the file system and make both folders durable.

        Raises:
            FileNotFoundError: another process was faster.
        """
        try:
            self.rename(source, target)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _machine_error(error, target) from error
        self.sync_folder(target.parent)
        if source.parent != target.parent:
            self.sync_folder(source.parent)

    def cut(self, path: Path, size: int) -> None:
        """Shorten *path* to *size* bytes, durably."""
        fd = self._open(path, os.O_WRONLY, SHARED)
        try:
            self.truncate(fd, size)
            self._sync(fd, path)
        finally:
            os.close(fd)

    def remove(self, path: Path) -> None:
        """Remove *path* durably; that it is already gone is no error."""
        try:
            self.unlink(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _machine_error(error, path) from error
        self.sync_folder(path.parent)

    def make_folder(self, path: Path, *, sync: bool = True) -> None:
        """Make *path* and its parents, durably; that it exists is no error.

        Without *sync* whoever fills the folders syncs them all at the end.
        """
        if path.is_dir():
            return
        self.make_folder(path.parent, sync=sync)
        try:
            self.mkdir(path)
        except FileExistsError:
            return
        except OSError as error:
            raise _machine_error(error, path) from error
        if sync:
            self.sync_folder(path.parent)

    def sync(self, path: Path) -> None:
        """Make a file durable that another process wrote and may not have synced."""
        fd = self._open(path, os.O_RDONLY, 0)
        try:
            self._sync(fd, path)
        finally:
            os.close(fd)

    def sync_folder(self, path: Path) -> None:
        """Make the names in folder *path* durable."""
        fd = self._open(path, os.O_RDONLY | os.O_DIRECTORY, 0)
        try:
            self._sync(fd, path)
        finally:
            os.close(fd)

    # -- how failures speak -------------------------------------------------------------------

    def _write_new(self, path: Path, data: bytes, mode: int) -> None:
        fd = self._open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            try:
                self._write_all(fd, data)
                self._sync(fd, path)
                os.fchmod(fd, mode)
            finally:
                os.close(fd)
        except BaseException:
            # A half-written temporary helps nobody, and a full disk wants its space back.
            path.unlink(missing_ok=True)
            raise

    def _open(self, path: Path, flags: int, mode: int) -> int:
        try:
            return self.open(path, flags, mode)
        except OSError as error:
            raise _machine_error(error, path) from error

    def _rename(self, source: Path, target: Path) -> None:
        try:
            self.rename(source, target)
        except OSError as error:
            raise _machine_error(error, target) from error

    def _write_all(self, fd: int, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                written = self.write(fd, bytes(view) if len(view) < len(data) else data)
            except OSError as error:
                raise _machine_error(error, None) from error
            view = view[written:]

    def _sync(self, fd: int, path: Path) -> None:
        try:
            self.fsync(fd)
        except OSError as error:
            if error.errno == errno.EINVAL and path.is_dir():
                return  # some network file systems cannot sync a folder
            raise SyncFailed(path, error) from error


class SyncFailed(MachineCannot):
    """fsync failed: what the kernel holds of the file may be lost though it reads well.

    After it the page is marked clean and a second fsync lies (PostgreSQL's «fsyncgate», 2018): no
    one may append before the tail was read back, rewritten and synced again.
    """

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(
            "disco_sin_confirmar",
            f"El disco no confirmó lo escrito en {path.name} ({reason(cause)}).",
            consejo="No se muestra ningún número que no quedó guardado. Revise el disco y ejecute "
            "«ventanilla recuperar».",
        )


_ADVICE = {
    errno.ENOSPC: ("disco_lleno", "No queda espacio en el disco.", "Libere espacio y repita."),
    errno.EDQUOT: ("disco_lleno", "Se agotó la cuota de disco.", "Libere espacio y repita."),
    errno.EFBIG: (
        "archivo_grande",
        "El disco no admite un archivo tan grande: el formato FAT32 llega a 4 GB.",
        "Use un disco con formato exFAT, NTFS o ext4.",
    ),
    errno.EROFS: (
        "solo_lectura",
        "El disco está en modo de solo lectura.",
        "Revise el disco; nada se ha cambiado.",
    ),
    errno.EACCES: (
        "sin_permiso",
        "No hay permiso para escribir.",
        "Pida al administrador permiso sobre la carpeta.",
    ),
    errno.EPERM: (
        "sin_permiso",
        "No hay permiso para escribir.",
        "Pida al administrador permiso sobre la carpeta.",
    ),
}


def _machine_error(error: OSError, path: Path | None) -> MachineCannot:
    where = f" ({path})" if path is not None else ""
    code, message, advice = _ADVICE.get(
        error.errno or 0,
        ("disco", f"El disco respondió «{reason(error)}».", "Revise el disco y repita."),
    )
    return MachineCannot(code, message.rstrip(".") + where + ".", consejo=advice)
