"""The watched folder: when a file is whole, how it is taken, where it goes when it can't be read.

An event of the system only means «look again»: a periodic look over the whole folder finds
everything, so network folders work too. A file is taken when size, time and identity rest for the
settle time, at the start as at any other moment. Taking is an atomic rename into `.tomados/`: one
process wins. Pure but for `stat`, `rename` and the listing. Residual risk: a program that keeps a
file open and writes into it after a pause longer than the settle time; the claim compares size and
time again after reading.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import stat
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from records import lines
from records.disk import SyncFailed
from records.errors import MachineCannot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.disk import Disk
    from records.settings import Lane, Settings

CLAIMED = ".tomados"
EMPTY_PATIENCE = 5
"""An empty file rests this many settle times: some scanners create first and write later."""
_UNFINISHED = re.compile(r"(^~\$)|(\.(tmp|part|partial|crdownload|filepart)$)", re.I)
_CLAIM = re.compile(r"(?P<carril>[a-z][a-z0-9_]*)-(?P<at>\d{17})-(?P<random>[0-9a-f]{12})")
UNATTENDED = 600
"""Seconds after which a file that is not taken is worth a word."""
MAX_DEPTH = 6
MAX_BYTES = 512 * 1024 * 1024
"""The largest file that is taken; a scan of hundreds of pages has a tenth of it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What `stat` said of a file, and since when it says so (monotonic seconds)."""

    size: int
    mtime_ns: int
    inode: int
    since: float


@dataclass(slots=True)
class Tracker:
    """Which files have rested long enough."""

    settle: float
    _seen: dict[Path, Seen] = field(default_factory=dict)

    def look(self, paths: list[Path], now: float) -> list[Path]:
        """Take in a listing; returns the files that are whole."""
        whole = []
        current: dict[Path, Seen] = {}
        for path in paths:
            try:
                found = path.lstat()
            except OSError:
                continue  # gone between listing and look: the next look tells
            old = self._seen.get(path)
            facts = (found.st_size, found.st_mtime_ns, found.st_ino)
            if old is None or (old.size, old.mtime_ns, old.inode) != facts:
                current[path] = Seen(*facts, now)
                continue
            current[path] = old
            wait = self.settle * (EMPTY_PATIENCE if found.st_size == 0 else 1)
            if now - old.since >= wait:
                whole.append(path)
        self._seen = current
        return whole

    @property
    def waiting(self) -> int:
        """How many files were there at the last look."""
        return len(self._seen)


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that this office has taken: its folder in `.tomados/` bears the claim's id."""

    id: str
    path: Path
    carril: str
    at: datetime

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.name


def listing(inbox: Path) -> list[Path]:
    """Every file below the inbox, hidden ones and unfinished downloads left out, sorted by time."""
    found: list[tuple[int, str, Path]] = []
    for folder, folders, files in os.walk(inbox):
        here = Path(folder)
        folders[:] = [f for f in folders if not f.startswith(".")]
        if len(here.relative_to(inbox).parts) >= MAX_DEPTH:
            folders.clear()
        for name in files:
            if name.startswith(".") or _UNFINISHED.search(name):
                continue
            path = here / name
            try:
                found.append((path.lstat().st_mtime_ns, name, path))
            except OSError:
                continue  # taken by another process meanwhile
    return [path for _, _, path in sorted(found)]


def unattended(inbox: Path, now: float) -> list[Path]:
    """What lies in the inbox for a while and is never taken: hidden, unfinished, too deep, linked.

    *now* is a time of day in seconds since 1970. A person has to look at these.
    """
    taken = set(listing(inbox))
    found = []
    for folder, folders, files in os.walk(inbox):
        here = Path(folder)
        linked = [f for f in folders if (here / f).is_symlink()]
        folders[:] = [f for f in folders if f != CLAIMED]
        for path in (here / name for name in [*files, *linked]):
            try:
                old = now - path.lstat().st_mtime > UNATTENDED
            except OSError:
                continue  # gone meanwhile
            if old and path not in taken:
                found.append(path)
    return sorted(found)


def lane_of(inbox: Path, path: Path, settings: Settings) -> Lane:
    """The lane of a file by the folder it lies in; unknown folders belong to the inbox itself."""
    parts = path.relative_to(inbox).parts
    by_folder = {lane.carpeta: lane for lane in settings.carriles}
    first = parts[0] if len(parts) > 1 else ""
    return by_folder.get(first) or by_folder.get("") or settings.carriles[0]


def new_claim_id(lane: str, now: datetime) -> str:
    """A claim's id: lane, moment in milliseconds, random."""
    return f"{lane}-{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03d}-{secrets.token_hex(6)}"


def claim(inbox: Path, path: Path, lane: str, disk: Disk) -> Claim | None:
    """Take a file by an atomic rename; None when another process was faster."""
    now = lines.now()
    ident = new_claim_id(lane, now)
    folder = inbox / CLAIMED / ident
    disk.make_folder(folder)
    target = folder / path.name
    try:
        disk.move(path, target)
    except FileNotFoundError:
        folder.rmdir()
        return None
    except SyncFailed:
        raise  # it was moved: the next start goes on with the claim
    except MachineCannot:
        # A lane on another file system: copy, compare, and only then remove the source.
        if not _copy_over(path, target, disk):
            shutil.rmtree(folder)
            raise
    return Claim(ident, target, lane, now)


def _copy_over(path: Path, target: Path, disk: Disk) -> bool:
    if path.stat().st_dev == target.parent.stat().st_dev:
        return False
    data = path.read_bytes()
    disk.replace(target, data)
    shutil.copystat(path, target)
    if path.read_bytes() != data:
        return False
    disk.remove(path)
    return True


def claims(inbox: Path) -> Iterator[Claim]:
    """Claims that a cut left unfinished, oldest first; empty claim folders are removed."""
    folder = inbox / CLAIMED
    if not folder.is_dir():
        return
    for held in sorted(folder.iterdir(), key=lambda p: p.name.split("-")[1:2]):
        match = _CLAIM.fullmatch(held.name)
        if match is None or not held.is_dir():
            continue
        files = [p for p in held.iterdir() if not p.name.startswith(".")]
        if not files:
            _remove_empty(held)
            continue
        at = datetime.strptime(match["at"], "%Y%m%d%H%M%S%f").replace(tzinfo=lines.BOGOTA)
        yield Claim(held.name, files[0], match["carril"], at)


def finish(held: Claim, disk: Disk) -> None:
    """The claim's file is safe in the vault: remove it from the inbox."""
    disk.remove(held.path)
    _remove_empty(held.path.parent)


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # another process is at it, or a new claim fills it


def is_plain(path: Path) -> bool:
    """Whether it is a regular file (no link, pipe or device)."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def set_aside(
    quarantine: Path, name: str, data: bytes, note: dict[str, object], disk: Disk
) -> Path:
    """Put an original and a note that a clerk understands into the quarantine folder."""
    disk.make_folder(quarantine)
    safe = quarantine_name(name)
    target = quarantine / safe
    disk.replace(target, data)
    text = json.dumps(note, ensure_ascii=False, indent=1)
    disk.replace(target.with_name(f"{safe}.motivo.json"), text.encode())
    return target


def put_away(held: Claim, quarantine: Path, reason: str, disk: Disk) -> None:
    """Move a claimed file that cannot be taken into quarantine as it is, with the reason.

    It is no reception: its bytes could not be had. The file is only renamed.
    """
    disk.make_folder(quarantine)
    name = quarantine_name(f"{held.at:%Y%m%d%H%M%S}-{held.name}")
    disk.move(held.path, quarantine / name)
    note = {"archivo": os.fsencode(held.name).decode("utf-8", "replace"), "motivo": reason}
    text = json.dumps(note, ensure_ascii=False, indent=1)
    disk.replace(quarantine / f"{name}.motivo.json", text.encode())
    _remove_empty(held.path.parent)


def quarantine_name(name: str) -> str:
    """A file's name as the quarantine folder keeps it: short, and free of anything odd."""
    return re.sub(r"[^\w.() -]", "_", name)[-120:].lstrip(".") or "sin-nombre"
