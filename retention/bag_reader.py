"""A bag that somebody else made, read as if it were hostile (BagIt 1.0 and 0.97, RFC 8493).

All that is wrong is told, each with its path, and not only the first. Nothing is written, no link
is followed, no file outside of the folder is opened, and what is too big is told and left.

Stricter than the RFC: every tag file must stand in each tag manifest where there is one, names must
be in NFC and differ in more than case, nothing may wait to be fetched, and a SHA-2 manifest must be
there. It judges the folder only; what the files say is for others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from retention.hostile import Finding, Folder, Held, opened
from retention.whole import THREADS

HEX = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}
"""Algorithms that are checked, with the length of their sums."""
STRONG = ("sha256", "sha512")
VERSIONS = ("1.0", "0.97")
MAX_TAG = 1 << 20
MAX_MANIFEST = 128 << 20
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_ROW = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?([^\r\n]+)")
_OXUM = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Bag:
    """What a folder holds, and what is wrong with it."""

    path: Path
    info: dict[str, str]
    """`bag-info.txt`; a label that comes again has its values joined by `; `."""
    archivos: tuple[Held, ...]
    hallazgos: tuple[Finding, ...]
    tagmanifest_sha256: str
    """SHA-256 of `tagmanifest-sha256.txt`; empty where there is none."""

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.hallazgos


def read(path: Path) -> Bag:
    """Read the folder *path* and judge it as a bag.

    Raises:
        Refused: it is no folder, or cannot be opened.
    """
    with opened(path) as fd:
        return _Reading(path, fd).judged()


@dataclass
class _Reading(Folder):
    listed: dict[tuple[bool, str], dict[str, str]] = field(default_factory=dict)
    """(of tag files?, algorithm) → what a manifest says of each path."""
    info: dict[str, str] = field(default_factory=dict)

    def judged(self) -> Bag:
        self.listing()
        self._declaration()
        self._manifests()
        self._info()
        held = self._compare()
        self._oxum()
        own = self._sums("tagmanifest-sha256.txt", ["sha256"]) or {"sha256": ""}
        return Bag(self.path, self.info, held, self.told(), own["sha256"])

    def _text(self, path: str, limit: int) -> Iterator[str]:
        """The lines of a tag file; nothing where it is no text of a sensible size."""
        data = self.content(path, limit)
        if data is None:
            return
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            self.say(path, "no es UTF-8")
        else:
            yield from re.split(r"\r\n|\n|\r", text)

    # -- the tag files ------------------------------------------------------------------------

    def _declaration(self) -> None:
        if "fetch.txt" in self.sizes:
            self.say("fetch.txt", "pide traer archivos de otra parte: no se recibe así")
        if "bagit.txt" not in self.sizes:
            self.say("bagit.txt", "falta: sin él la carpeta no es un paquete BagIt")
            return
        rows = [row for row in self._text("bagit.txt", MAX_TAG) if row]
        allowed = [[f"BagIt-Version: {v}", "Tag-File-Character-Encoding: UTF-8"] for v in VERSIONS]
        if rows not in allowed:
            self.say("bagit.txt", "no declara BagIt 1.0 o 0.97 en UTF-8")

    def _info(self) -> None:
        label = ""
        for row in self._text("bag-info.txt", MAX_TAG):
            if row[:1] in (" ", "\t") and label:
                self.info[label] += f" {row.strip()}"
            elif row:
                label, colon, value = (part.strip() for part in row.partition(":"))
                if not colon or not label:
                    label = ""
                    self.say("bag-info.txt", f"una línea no es «etiqueta: valor»: {row[:80]!r}")
                    continue
                before = self.info.get(label)
                self.info[label] = value if before is None else f"{before}; {value}"

    def _manifests(self) -> None:
        for name in sorted(n for n in self.sizes if "/" not in n):
            if not (match := _MANIFEST.fullmatch(name)):
                continue
            tag, algorithm = bool(match[1]), match[2]
            if algorithm not in HEX:
                self.say(name, f"sus huellas son de «{algorithm}», que no se comprueba")
                continue
            rows = self.listed.setdefault((tag, algorithm), {})
            for row in filter(None, self._text(name, MAX_MANIFEST)):
                self._row(name, row, tag, HEX[algorithm], rows)
            self.collisions(rows, f"{name}: ")
        if not any(not tag and algorithm in STRONG for tag, algorithm in self.listed):
            self.say("", "no trae manifest-sha256.txt ni manifest-sha512.txt")

    def _row(self, name: str, row: str, tag: bool, size: int, rows: dict[str, str]) -> None:
        match = _ROW.fullmatch(row)
        if not match or len(match[1]) != size:
            self.say(name, f"una línea no es «huella  ruta»: {row[:80]!r}")
            return
        path = re.sub("%(0[AaDd]|25)", lambda m: chr(int(m[1], 16)), match[2])
        parts = path.split("/")
        if path[0] in "/~" or "\\" in path or "\0" in path or {"", ".", ".."} & set(parts):
            self.say(path, f"{name}: la ruta sale del paquete o no es segura")
        elif (parts[0] == "data" and len(parts) > 1) is tag:
            self.say(path, f"{name}: esa ruta no es de este manifiesto")
        elif path in rows:
            self.say(path, f"{name}: está dos veces")
        else:
            rows[path] = match[1].lower()

    # -- what they say against what is there --------------------------------------------------

    def _compare(self) -> tuple[Held, ...]:
        payload = {path for path in self.sizes if path.startswith("data/")}
        tags = {p for p in self.sizes.keys() - payload if not _is_tagmanifest(p)}
        for tag, there in ((False, payload), (True, tags)):
            for (of_tags, algorithm), rows in sorted(self.listed.items()):
                if of_tags is tag:
                    name = f"{'tag' if tag else ''}manifest-{algorithm}.txt"
                    for path in sorted(there - rows.keys()):
                        self.say(path, f"no está en {name}")
                    for path in sorted(rows.keys() - there):
                        self.say(path, f"está en {name} y no en el paquete")
        with ThreadPoolExecutor(THREADS) as pool:
            checked = pool.map(self._check, sorted(payload | tags))
            return tuple(held for held in checked if held is not None)

    def _check(self, path: str) -> Held | None:
        """Hash one file by all that is said of it; a payload file that is as told."""
        tag = not path.startswith("data/")
        said = {a: rows[path] for (t, a), rows in self.listed.items() if t is tag and path in rows}
        sums = self._sums(path, {*said, "sha256"})
        if sums is None:
            return None
        wrong = sorted(a for a, digest in said.items() if sums[a] != digest)
        for algorithm in wrong:
            self.say(path, f"su {algorithm} no es el del manifiesto")
        if tag or wrong or not said:
            return None
        return Held(path, self.sizes[path], sums["sha256"])

    def _sums(self, path: str, algorithms: Iterable[str]) -> dict[str, str] | None:
        size = self.sizes.get(path)
        if size is None:
            return None
        if size > MAX_MANIFEST and not path.startswith("data/"):
            if not _MANIFEST.fullmatch(path):  # of a manifest it was told when it was read
                self.say(path, f"es demasiado grande ({size} bytes) y no se mira")
            return None
        return self.sums(path, algorithms)

    def _oxum(self) -> None:
        said = self.info.get("Payload-Oxum")
        if said is None:
            return
        sizes = [size for path, size in self.sizes.items() if path.startswith("data/")]
        match = _OXUM.fullmatch(said)
        if not match or (int(match[1]), int(match[2])) != (sum(sizes), len(sizes)):
            self.say(
                "bag-info.txt",
                f"Payload-Oxum dice {said[:40]}, y hay {sum(sizes)} bytes en {len(sizes)} archivos",
            )


def _is_tagmanifest(path: str) -> bool:
    match = _MANIFEST.fullmatch(path)
    return bool(match and match[1])
