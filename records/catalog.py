"""TinyDB kept crash-safe: whole or not at all, one writer at a time, damage noticed.

TinyDB's own JSON storage overwrites in place: a cut in the middle leaves half-new, half-old JSON.
Here a write is a new file, synced and moved over the old one. A lock file serialises processes;
TinyDB reads the whole file at each operation, so every operation sees what others wrote. It asks
for one document of a thousand each time: the others are passed on as they stand (`Row`).
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from filelock import FileLock
from tinydb import TinyDB
from tinydb.storages import Storage

from records.errors import Damaged, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from records.disk import Disk

LOCK_SECONDS = 30


class Row(MutableMapping[str, Any]):
    """A document of the file, understood once somebody looks into it."""

    __slots__ = ("_known", "_path", "_written")

    def __init__(self, path: Path, written: msgspec.Raw) -> None:
        self._path = path
        self._written: msgspec.Raw | None = written
        self._known: dict[str, Any] = {}

    def _content(self) -> dict[str, Any]:
        """What it says.

        Raises:
            Damaged: it is no JSON object.
        """
        if self._written is not None:
            try:
                self._known = msgspec.json.decode(self._written, type=dict[str, Any])
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise _damaged(self._path) from error
            self._written = None
        return self._known

    def written(self) -> bytes:
        """Its JSON: as it was read, where nobody looked into it."""
        return _json(self._known) if self._written is None else bytes(self._written)

    def __getitem__(self, key: str) -> Any:
        return self._content()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._content()[key] = value

    def __delitem__(self, key: str) -> None:
        del self._content()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content())

    def __len__(self) -> int:
        return len(self._content())


class CrashSafeStorage(Storage):
    """A TinyDB storage over `records.disk`."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._path = path
        self._disk = disk

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The whole content; None where nothing was written yet.

        Raises:
            Damaged: the file is no JSON object of such objects. It is not touched.
        """
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            tables = _TABLES.decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _damaged(self._path) from error
        return {
            name: {key: Row(self._path, raw) for key, raw in rows.items()}
            for name, rows in tables.items()
        }

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace the whole content, durably."""
        self._disk.replace(self._path, _lines(data), mode=0o600)


_TABLES = msgspec.json.Decoder(dict[str, dict[str, msgspec.Raw]])


def _lines(data: Mapping[str, Mapping[str, Any]]) -> bytes:
    """JSON with one document a line: small, and still readable by hand."""
    tables = []
    for table, rows in sorted(data.items()):
        body = b",\n".join(b"%s:%s" % (_json(str(k)), _line(v)) for k, v in rows.items())
        tables.append(b"%s:{\n%s\n}" % (_json(table), body))
    return b"{%s}\n" % b",\n".join(tables)


def _line(row: object) -> bytes:
    return row.written() if isinstance(row, Row) else _json(row)


def _json(value: object) -> bytes:
    return msgspec.json.encode(value, order="sorted")


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
