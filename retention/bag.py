"""Bags: a folder that says of each of its files what it must be (BagIt 1.0, RFC 8493), written.

Manifests in SHA-256 and SHA-512 of the payload and of the tag files, never a `fetch.txt`: a bag of
ours is whole or is none (`retention.whole`). `bagit.txt`, which makes a folder a bag, comes last.

What is written here is read, from whoever it comes, by `retention.bag_reader`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from records import lines
from retention import whole
from retention.whole import ALGORITHMS, Entry, Source

if TYPE_CHECKING:
    from records.disk import Disk
    from retention.whole import Advance

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
AGENT = "Ventanilla"


@dataclass(frozen=True, slots=True)
class Written:
    """A bag that is on the disk."""

    path: Path
    files: int
    bytes: int
    """Of the payload."""
    tagmanifest_sha256: str
    """SHA-256 of `tagmanifest-sha256.txt`: it stands for every byte of the bag."""


def write(
    target: Path,
    files: Iterable[Source],
    info: Mapping[str, str],
    disk: Disk,
    advance: Advance | None = None,
) -> Written:
    """Write a bag of *files* at *target*, with *info* in its `bag-info.txt`.

    `Payload-Oxum` is added, and `Bagging-Date` and `Bag-Software-Agent` where *info* has none.

    Raises:
        Refused, Damaged, MachineCannot: as `whole.write`.
        ValueError: a file has a path that no bag may have.
    """
    own = ""

    def finish(work: Path, entries: list[Entry]) -> None:
        nonlocal own
        tags = _tags(entries, info)
        own = lines.sha256(tags["tagmanifest-sha256.txt"])
        for name, data in tags.items():
            whole.keep(work / name, data, disk)
        whole.sync_folders(work, disk)
        whole.keep(work / "bagit.txt", DECLARATION, disk)
        disk.sync_folder(work)

    entries = whole.write(target, whole.checked(files), "data/", finish, disk, advance)
    return Written(target, len(entries), sum(entry.bytes for entry in entries), own)


def encoded(path: str) -> str:
    """A path as a manifest writes it (RFC 8493, 2.1.3): only these three are encoded."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


# -- the tag files --------------------------------------------------------------------------------


def _tags(entries: list[Entry], info: Mapping[str, str]) -> dict[str, bytes]:
    """Every tag file but `bagit.txt`."""
    total = sum(entry.bytes for entry in entries)
    oxum = {"Payload-Oxum": f"{total}.{len(entries)}"}
    tags = {f"manifest-{a}.txt": _manifest(entries, n) for n, a in enumerate(ALGORITHMS)}
    tags["bag-info.txt"] = _info({**_defaults(), **info, **oxum})
    named = sorted({**tags, "bagit.txt": DECLARATION}.items())
    listed = [whole.entry(name, data) for name, data in named]
    for n, algorithm in enumerate(ALGORITHMS):
        tags[f"tagmanifest-{algorithm}.txt"] = _manifest(listed, n)
    return tags


def _manifest(entries: Iterable[Entry], algorithm: int) -> bytes:
    return "".join(f"{e.sums[algorithm]}  {encoded(e.ruta)}\n" for e in entries).encode()


def _defaults() -> dict[str, str]:
    return {"Bagging-Date": lines.now().date().isoformat(), "Bag-Software-Agent": AGENT}


def _info(info: Mapping[str, str]) -> bytes:
    # A value is one line: a line break would begin another label.
    return "".join(f"{label}: {' '.join(text.split())}\n" for label, text in info.items()).encode()
