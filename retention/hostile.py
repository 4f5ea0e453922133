"""A folder that somebody else made, read as if it were hostile: what any kind of package needs.

All that is wrong is told, each with its path, and not only the first. Nothing is written, no link
is followed, no file outside of the folder is opened, and what is too big is told and left. Names
must be in NFC and differ in more than case. Kinds: `retention.bag_reader`, `retention.sip_reader`.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from records.errors import Refused, reason
from retention.whole import CHUNK, same_name

MAX_FILES = 1_000_000
MAX_DEPTH = 40
MAX_FINDINGS = 10_000
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    ruta: str
    """Within the package; empty where it is the package itself."""
    que: str


@dataclass(frozen=True, slots=True)
class Held:
    """A file that is what the package says."""

    ruta: str
    """From the package's folder."""
    bytes: int
    sha256: str


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """The folder *path*, open.

    Raises:
        Refused: it is no folder, or cannot be opened.
    """
    try:
        fd = os.open(path, _FOLDER)
    except OSError as error:
        raise Refused(
            "paquete",
            f"No se puede abrir la carpeta {path} ({reason(error)}).",
            consejo="Un paquete es una carpeta, no un enlace ni un archivo comprimido.",
        ) from error
    try:
        yield fd
    finally:
        os.close(fd)


@dataclass
class Folder:
    """A folder that is being read, and what is wrong with it."""

    path: Path
    fd: int
    findings: list[Finding] = field(default_factory=list)
    dropped: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    """Each plain file in the folder → its bytes."""

    def say(self, path: str, what: str) -> None:
        if len(self.findings) < MAX_FINDINGS:
            # A name that is no UTF-8 must not spoil who shows it.
            shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            self.findings.append(Finding(shown, what))
        else:
            self.dropped += 1

    def told(self) -> tuple[Finding, ...]:
        """All that is wrong, by path."""
        if self.dropped:
            self.findings.append(Finding("", f"y {self.dropped} hallazgos más"))
            self.dropped = 0
        return tuple(sorted(self.findings, key=lambda finding: finding.ruta))

    def listing(self) -> None:
        """Find every file; tell what is no file, and names that another system would confuse."""
        self._walk(self.fd, "", 0)
        self.collisions(self.sizes, "")

    def sums(self, path: str, algorithms: Iterable[str]) -> dict[str, str] | None:
        """The sums of a file; None where it is not there or cannot be read, which is told."""
        if path not in self.sizes:
            return None
        seen = {a: hashlib.new(a, usedforsecurity=False) for a in algorithms}
        try:
            with os.fdopen(self._open(path), "rb", buffering=0) as file:
                while chunk := file.read(CHUNK):
                    for one in seen.values():
                        one.update(chunk)
        except OSError as error:
            self.say(path, f"no se puede leer ({reason(error)})")
            return None
        return {a: one.hexdigest() for a, one in seen.items()}

    def content(self, path: str, limit: int) -> bytes | None:
        """A file of at most *limit* bytes; None where it is not there, or is told."""
        if path not in self.sizes:
            return None
        if self.sizes[path] > limit:
            self.say(path, f"es demasiado grande ({self.sizes[path]} bytes) y no se lee")
            return None
        try:
            with os.fdopen(self._open(path), "rb") as file:
                return file.read(limit)
        except OSError as error:
            self.say(path, f"no se puede leer ({reason(error)})")
            return None

    # -- the folder itself --------------------------------------------------------------------

    def _walk(self, fd: int, folder: str, depth: int) -> None:
        try:
            with os.scandir(fd) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self.say(folder, f"no se puede leer la carpeta ({reason(error)})")
            return
        for entry in found:
            path = f"{folder}{entry.name}"
            if len(self.sizes) >= MAX_FILES:
                self.say(path, f"hay más de {MAX_FILES} archivos: no se miran los demás")
                return
            try:
                self._entry(fd, entry.name, path, depth)
            except OSError as error:
                self.say(path, f"no se puede leer ({reason(error)})")

    def _entry(self, fd: int, name: str, path: str, depth: int) -> None:
        status = os.stat(name, dir_fd=fd, follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            self.say(path, "es un enlace, y no se sigue")
        elif stat.S_ISREG(status.st_mode):
            self._name(path)
            self.sizes[path] = status.st_size
        elif not stat.S_ISDIR(status.st_mode):
            self.say(path, "no es un archivo: es un dispositivo, una tubería o un enchufe")
        elif depth >= MAX_DEPTH:
            self.say(path, f"hay más de {MAX_DEPTH} carpetas una dentro de otra")
        else:
            inner = os.open(name, _FOLDER, dir_fd=fd)
            try:
                self._walk(inner, f"{path}/", depth + 1)
            finally:
                os.close(inner)

    def _name(self, path: str) -> None:
        try:
            path.encode()
        except UnicodeEncodeError:
            self.say(path, "su nombre no es UTF-8")
            return
        if not unicodedata.is_normalized("NFC", path):
            self.say(path, "su nombre no está en la forma NFC de Unicode")

    def collisions(self, paths: Iterable[str], where: str) -> None:
        """Tell which of *paths* some file system takes for another of them."""
        seen = dict[str, str]()
        for path in paths:
            other = seen.setdefault(same_name(path), path)
            if other != path:
                self.say(path, f"{where}su nombre choca con el de «{other}» en otros sistemas")

    def _open(self, path: str) -> int:
        """A plain file of the folder, reached without following any link."""
        *folders, name = path.split("/")
        fd = os.dup(self.fd)
        try:
            for folder in folders:
                inner = os.open(folder, _FOLDER, dir_fd=fd)
                os.close(fd)
                fd = inner
            file = os.open(name, _FILE, dir_fd=fd)
        finally:
            os.close(fd)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise FileNotFoundError(2, "")
        return file
