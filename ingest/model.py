"""The model that knows `#`, `@`, `&`, `°`, `º`, `ª` and `ü`: Debian's Latin one, made small.

The Spanish model of Tesseract has none of those signs in its alphabet. `script/Latin` of the
package tesseract-ocr-script-latn has, but most of its 89 MB are a list of words of all languages,
of no use for an address and slow to load; without it 0.6 MB are left. A model file
(`tesseract/src/ccutil/tessdatamanager.cpp`) is a count, a table of offsets (−1: absent) and the
components one after the other.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
from pathlib import Path

from ingest.engine import SIGNS, models_folder

WORDS = 19
"""The component `lstm-word-dawg`."""
MOST = 64
"""More components than any version of the format has."""


def source() -> Path | None:
    """Debian's Latin-script model, None where its package is not installed."""
    unpacked = Path(sys.prefix) / "debian" / "usr" / "share" / "tesseract-ocr"
    for folder in (models_folder(), *sorted(unpacked.glob("*/tessdata"))):
        for name in ("Latin.traineddata", "script/Latin.traineddata"):
            if (folder / name).is_file():
                return folder / name
    return None


def ensure() -> Path | None:
    """The small model, made now if it is not there or its source changed; None without source.

    It lies in the program's environment, else in the user's cache; each name bears the source's
    size and age, so an upgrade of the package makes a new one.
    """
    origin = source()
    if origin is None:
        return None
    told = origin.stat()
    name = f"{SIGNS}-{told.st_size:x}-{told.st_mtime_ns:x}.traineddata"
    for folder in _places():
        if (folder / name).is_file():
            return folder / name
    for folder in _places():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return make(origin, folder / name)
        except PermissionError:
            continue
        except OSError as error:
            if error.errno not in (28, 30):  # no space, or read-only: the next place may do
                raise
    return None


def _places() -> list[Path]:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return [Path(sys.prefix) / "share" / "ventanilla", Path(cache) / "ventanilla"]


def make(origin: Path, target: Path) -> Path:
    """Write *origin* without its list of words to *target*, whole or not at all.

    Raises:
        ValueError: *origin* is not a model file.
    """
    with origin.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        small = without_words(data)
    part = target.with_suffix(f".{os.getpid()}.parte")
    part.write_bytes(small)
    part.replace(target)
    return target


def without_words(data: mmap.mmap | bytes) -> bytes:
    """The model file *data* without its component of words."""
    (count,) = struct.unpack_from("<i", data, 0)
    if not 0 < count <= MOST:
        raise ValueError("not a model file")
    offsets = list(struct.unpack_from(f"<{count}q", data, 4))
    ends = [*sorted(o for o in offsets if o >= 0), len(data)]
    at = 4 + 8 * count
    table: list[int] = []
    parts: list[bytes] = []
    for kind, offset in enumerate(offsets):
        if offset < 0 or kind == WORDS:
            table.append(-1)
            continue
        part = bytes(data[offset : ends[ends.index(offset) + 1]])
        table.append(at)
        parts.append(part)
        at += len(part)
    return struct.pack(f"<i{count}q", count, *table) + b"".join(parts)
