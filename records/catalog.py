"""TinyDB kept crash-safe: whole or not at all, one writer at a time, damage noticed.

TinyDB's own JSON storage overwrites in place: a cut in the middle leaves half-new, half-old JSON.
Here a write is a new file, synced and moved over the old one. A lock file serialises processes;
TinyDB reads the whole file at each operation, so every operation sees what others wrote.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from tinydb import TinyDB
from tinydb.storages import Storage

from records.errors import Damaged, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.disk import Disk

LOCK_SECONDS = 30


class CrashSafeStorage(Storage):
    """A TinyDB storage over `records.disk`."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._path = path
        self._disk = disk

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The whole content; None where nothing was written yet.

        Raises:
            Damaged: the file is no JSON object. It is not touched.
        """
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            content = json.loads(text)
        except ValueError as error:
            raise _damaged(self._path) from error
        if not isinstance(content, dict):
            raise _damaged(self._path)
        return content

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Replace the whole content, durably."""
        self._disk.replace(self._path, _lines(data).encode(), mode=0o600)


def _lines(data: dict[str, dict[str, Any]]) -> str:
    """JSON with one document a line: small, and still readable by hand."""
    tables = []
    for table, rows in sorted(data.items()):
        body = ",\n".join(f"{_compact(str(k))}:{_compact(v)}" for k, v in rows.items())
        tables.append(f"{_compact(table)}:{{\n{body}\n}}")
    return "{" + ",\n".join(tables) + "}\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _damaged(path: Path) -> Damaged:
    return Damaged(
        "borradores_danados",
        f"{path} no se entiende: alguien lo cambió por fuera.",
        consejo="Muévalo a otra parte: se vuelve a hacer con el diario y la bóveda, salvo lo que "
        "estaba escrito a mano.",
    )


class Store:
    """One TinyDB file shared by several processes."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=LOCK_SECONDS)
        self._db = TinyDB(path, disk, storage=CrashSafeStorage)

    @contextmanager
    def reading(self) -> Iterator[TinyDB]:
        """The database to be read: also where nothing can be written, not even a lock."""
        try:
            self._lock.acquire()
        except (OSError, TimeoutError):
            self._db.clear_cache()
            yield self._db
            return
        try:
            self._db.clear_cache()
            yield self._db
        finally:
            self._lock.release()

    @contextmanager
    def locked(self) -> Iterator[TinyDB]:
        """The database, while no other process writes it. Re-entrant within a thread.

        Raises:
            Refused: another process holds it for too long.
        """
        try:
            with self._lock:
                self._db.clear_cache()
                yield self._db
        except TimeoutError as error:
            raise Refused(
                "ocupado",
                "Otro proceso tiene los documentos por radicar desde hace rato.",
                consejo="Espere a que termine y repita; nada se ha cambiado.",
            ) from error
