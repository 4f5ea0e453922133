"""An E-ARK package that somebody else made, read as if it were hostile (CSIP 2.1.0).

Every file must be named once, in the METS at the root or in that of a representation which the root
names, with its size and a SHA-2 sum; nothing may be there besides. All that is wrong is told, each
with its path. Stricter than the CSIP, which lets a METS name less and be at other places. It judges
the folder only; whether a METS says the rest that the CSIP wants is for a validator.
"""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from retention.hostile import Finding, Folder, Held, opened
from retention.mets import METS as SPACE
from retention.mets import XLINK
from retention.whole import THREADS

METS = "METS.xml"
INSIDE = re.compile(r"representations/[^/]+/METS\.xml")
SUMS = {"SHA-256": ("sha256", 64), "SHA-512": ("sha512", 128)}
MAX_METS = 512 << 20
_FILE, _LOCATION = f"{{{SPACE}}}file", f"{{{SPACE}}}FLocat"
_METADATA, _HREF = f"{{{SPACE}}}mdRef", f"{{{XLINK}}}href"


@dataclass(frozen=True, slots=True)
class Sip:
    """What a folder holds, and what is wrong with it."""

    path: Path
    objid: str
    """What the package calls itself."""
    archivos: tuple[Held, ...]
    hallazgos: tuple[Finding, ...]
    mets_sha256: str
    """SHA-256 of the root METS; empty where there is none."""

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.hallazgos


def read(path: Path) -> Sip:
    """Read the folder *path* and judge it as an E-ARK package.

    Raises:
        Refused: it is no folder, or cannot be opened.
    """
    with opened(path) as fd:
        return _Reading(path, fd).judged()


@dataclass
class _Reading(Folder):
    objid: str = ""
    listed: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Path → size, algorithm and sum, as a METS says."""

    def judged(self) -> Sip:
        self.listing()
        if METS not in self.sizes:
            self.say(METS, "falta: sin él la carpeta no es un paquete E-ARK")
        self._take(METS)
        for path in sorted(path for path in self.listed if INSIDE.fullmatch(path)):
            self._take(path)
        self.collisions(self.listed, f"{METS}: ")
        held = self._compare()
        small = self.sizes.get(METS, 0) <= MAX_METS
        own = (self.sums(METS, ["sha256"]) if small else None) or {"sha256": ""}
        return Sip(self.path, self.objid, held, self.told(), own["sha256"])

    # -- what a METS says ---------------------------------------------------------------------

    def _take(self, mets: str) -> None:
        """Take what one METS names."""
        data = self.content(mets, MAX_METS)
        if data is None:
            return
        safe: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
        owner = None
        try:
            for event, element in etree.iterparse(
                io.BytesIO(data), events=("start", "end"), **safe
            ):
                if event == "start":
                    self._began(mets, element)
                    owner = element if element.tag in (_FILE, _METADATA) else owner
                elif element.tag in (_LOCATION, _METADATA):
                    self._row(mets, element.get(_HREF) or "", owner)
                elif element.tag == _FILE:
                    element.clear()  # there may be very many
        except (etree.XMLSyntaxError, _Stop) as error:
            self.say(mets, f"no es un XML que se pueda leer ({str(error)[:120]})")

    def _began(self, mets: str, element: Any) -> None:
        if element.getparent() is not None:
            return
        if element.getroottree().docinfo.doctype:
            raise _Stop("trae DOCTYPE")
        if element.tag != f"{{{SPACE}}}mets":
            raise _Stop("su raíz no es mets")
        if mets == METS:
            self.objid = element.get("OBJID", "")[:200]

    def _row(self, mets: str, href: str, owner: Any) -> None:
        path = mets[: -len(METS)] + unquote(href, errors="surrogateescape")
        parts = path.split("/")
        kind = owner.get("CHECKSUMTYPE", "") if owner is not None else ""
        if not href or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", href) or href[0] in "/~":
            self.say(mets, f"nombra «{href[:200]}», que no es una ruta dentro del paquete")
        elif "\\" in path or "\0" in path or {"", ".", ".."} & set(parts):
            self.say(path, f"{mets}: la ruta sale del paquete o no es segura")
        elif path in self.listed:
            self.say(path, f"{mets}: está dos veces")
        elif kind not in SUMS:
            self.say(path, f"{mets}: no trae su SHA-256 ni su SHA-512")
            self.listed[path] = ("", "", "")
        else:
            algorithm, length = SUMS[kind]
            digest = owner.get("CHECKSUM", "").lower()
            if not re.fullmatch(f"[0-9a-f]{{{length}}}", digest):
                self.say(path, f"{mets}: su huella está mal escrita")
            self.listed[path] = (owner.get("SIZE", ""), algorithm, digest)

    # -- what they say against what is there --------------------------------------------------

    def _compare(self) -> tuple[Held, ...]:
        there = self.sizes.keys() - {METS}
        for path in sorted(there - self.listed.keys()):
            self.say(path, "ningún METS lo nombra")
        for path in sorted(self.listed.keys() - there):
            self.say(path, "un METS lo nombra y no está en el paquete")
        with ThreadPoolExecutor(THREADS) as pool:
            checked = pool.map(self._check, sorted(there & self.listed.keys()))
            return tuple(held for held in checked if held is not None)

    def _check(self, path: str) -> Held | None:
        size, algorithm, digest = self.listed[path]
        if not algorithm:
            return None
        if size != str(self.sizes[path]):
            self.say(path, f"tiene {self.sizes[path]} bytes, y su METS dice {size[:20]!r}")
            return None
        sums = self.sums(path, {algorithm, "sha256"})
        if sums is None:
            return None
        if sums[algorithm] != digest:
            self.say(path, f"su {algorithm} no es el de su METS")
            return None
        return Held(path, self.sizes[path], sums["sha256"])


class _Stop(Exception):
    """A METS that is read no further."""
