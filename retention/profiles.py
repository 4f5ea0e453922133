"""The kinds of package that a transfer may be: BagIt, which any archive reads, and E-ARK.

One door for both: written, known again by the hash that stands for every byte, and examined.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from records import shelf
from records.errors import Damaged
from retention import bag_reader, package, sip, sip_reader, verificar_paquete

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.disk import Disk
    from retention.bag_reader import Bag
    from retention.hostile import Finding
    from retention.package import Paquete
    from retention.whole import Advance

Profile = Literal["bagit", "eark"]
PROFILES: tuple[Profile, ...] = ("bagit", "eark")
_MARKS: dict[Profile, str] = {"bagit": "tagmanifest-sha256.txt", "eark": sip.METS}
_START = 1 << 16
"""How much of a METS is looked at for the package's number."""
_PAYLOAD: dict[Profile, str] = {"bagit": "data", "eark": "documentation"}


class Made(NamedTuple):
    """A package that is on the disk."""

    path: Path
    files: int
    bytes: int
    huella: str
    """The hash that fixes it."""


def planned(perfil: Profile, paquete: Paquete) -> tuple[int, int]:
    """How many files a package of that kind would have, and their bytes, but for the few that list
    the others."""
    sources = sip.sources_of(paquete) if perfil == "eark" else package.layout(paquete)
    held = (len(s.origen) if isinstance(s.origen, bytes) else s.origen.stat().st_size
            for s in sources)  # fmt: skip
    return len(sources), sum(held)


def write(
    perfil: Profile, paquete: Paquete, target: Path, disk: Disk, advance: Advance | None = None
) -> Made:
    """Write a package of that kind.

    Raises:
        Refused, Damaged, MachineCannot, ValueError: as `whole.write`.
    """
    if perfil == "eark":
        made = sip.write_sip(paquete, target, disk, advance)
        return Made(made.path, made.files, made.bytes, made.mets_sha256)
    bag = package.write_package(paquete, target, disk, advance)
    return Made(bag.path, bag.files, bag.bytes, bag.tagmanifest_sha256)


def kind_of(folder: Path) -> Profile:
    """The kind of package that a folder would be."""
    after_eark = (folder / sip.METS).is_file() and not (folder / "bagit.txt").exists()
    return "eark" if after_eark else "bagit"


def hash_of(folder: Path) -> str | None:
    """The hash that fixes the package in *folder*; None where it has none."""
    try:
        return shelf.hash_of(folder / _MARKS[kind_of(folder)])
    except OSError:
        return None


def root_file(folder: Path) -> Path:
    """Where a package says its root key."""
    return folder / _PAYLOAD[kind_of(folder)] / "confianza" / "raiz.pub"


def objid_of(folder: Path) -> str:
    """The number that an E-ARK package says, whatever is wrong with it; else its folder's name."""
    with (folder / sip.METS).open("rb") as file:
        found = re.search(rb'<mets [^>]*?OBJID="([^"]{1,60})"', file.read(_START))
    return found[1].decode("utf-8", "replace") if found else folder.name


def inventory_of(folder: Path, numero: str) -> Path:
    """Where the inventory of a transfer lies in its package, as a spreadsheet."""
    return folder / _PAYLOAD[kind_of(folder)] / "fuid" / f"fuid-{numero}.xlsx"


def examine_bag(folder: Path, root: str) -> Bag:
    """A bag, read again to its last byte; its lines and indexes checked under a root key.

    Raises:
        Refused: it is no folder.
        Damaged: something in it does not verify; the message tells what, and how much more.
    """
    bag = bag_reader.read(folder)
    _must_hold(bag.hallazgos, folder, root)
    return bag


def examine(folder: Path, root: str) -> None:
    """The same of a package of any kind.

    Raises:
        Refused, Damaged: as `examine_bag`.
    """
    if kind_of(folder) == "eark":
        _must_hold(sip_reader.read(folder).hallazgos, folder, root)
    else:
        examine_bag(folder, root)


def _must_hold(findings: Sequence[Finding], folder: Path, root: str) -> None:
    told = [f"{f.ruta or 'el paquete'}: {f.que}" for f in findings]
    if not told:
        found = verificar_paquete.Package(str(folder), root).examine()
        told = [f"{f['ruta']}: {f['que']}" for f in found["hallazgos"]]
    if told:
        more = f" Y {len(told) - 3} hallazgos más." if len(told) > 3 else ""
        raise Damaged(
            "paquete_no_verifica",
            f"El paquete no verifica: {'; '.join(told[:3])}.{more}",
            consejo="No se acepta. Devuélvalo con «transferencia devolver», y pídalo otra vez.",
        )
