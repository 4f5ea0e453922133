"""A backup forgets what a disposal erased: its copies are replaced by a new one, which is checked.

All copies of a backup share fichas and documents. Fichas are written anew with empty lines and the
documents go; then a new copy is made and verified, and the copies that held what is erased go too.
A cut leaves a backup that the next try finishes; between the first step and the new copy the older
ones do not verify: have another backup meanwhile.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec

from records import backup, copies, erasure, manifest
from records.copies import Copy
from records.erasure import Remains, blanked
from records.errors import Damaged, Refused
from records.shelf import Shelf, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from records.home import Home
    from records.manifest import Entry


class Scrubbed(msgspec.Struct, frozen=True):
    """What became of a backup."""

    respaldo: str
    copia: str
    """The new one; what it holds was verified."""
    retiradas: list[str]
    """Copies that held something erased."""
    archivos: int
    """Documents and readings that were taken out."""


def scrub(office: Home, destino: Path) -> Scrubbed:
    """Make a backup of this office, a folder on another disk, forget what disposals erased.

    Raises:
        Refused: there is no backup of this office.
        Damaged: it is another branch's, or the new copy does not verify.
        MachineCannot: the disk failed; try again.
    """
    office.index.catch_up()
    shelf = _shelf(office, destino)
    remains = erasure.all_remains(office)
    with backup.alone(office):
        for path in sorted((shelf.root / "journal").glob("[0-9]*/*.fichas.jsonl")):
            data = path.read_bytes()
            clean = blanked(data, remains.fichas)
            if clean != data:
                shelf.keep(path.relative_to(shelf.root).as_posix(), [clean])
        shelf.sync()
        gone_files = list(_files(shelf.root, remains))
        for path in gone_files:
            office.disk.remove(path)
    made = backup.crear(office, shelf.root.parent)
    new = Copy(shelf.root, made.copia)
    checked = copies.examine(new, office.keys.root_public())
    if not checked.ok:
        raise Damaged(
            "respaldo_danado",
            f"La copia nueva no verifica: {checked.hallazgos[0].mensaje}",
            consejo="Haga ya otro respaldo en otro disco; este olvidó lo eliminado y falla.",
        )
    gone = [name for name in _copies(shelf.root, made.copia) if _holds(shelf, name, remains)]
    for name in gone:
        office.disk.remove(shelf.root / "copias" / name / manifest.LIST)
        shutil.rmtree(shelf.root / "copias" / name)
    return Scrubbed(str(shelf.root), made.copia, gone, len(gone_files))


def _shelf(office: Home, destino: Path) -> Shelf:
    """The backup of this office under a folder, or that very folder."""
    _, opened = next(office.journal.read())
    name = f"ventanilla-{opened.body.log}"
    root = destino if destino.name == name else destino / name
    if not (root / "copias").is_dir():
        raise Refused(
            "sin_respaldo",
            f"En {destino} no hay un respaldo de esta oficina.",
            consejo="Conecte el disco, y dé la carpeta en la que se hizo «respaldo crear».",
        )
    return Shelf(root, office.disk)


def _copies(root: Path, but: str) -> list[str]:
    found = (root / "copias").glob(f"*/{manifest.LIST}")
    return sorted(p.parent.name for p in found if p.parent.name != but)


def _holds(shelf: Shelf, name: str, remains: Remains) -> bool:
    """Whether a copy holds something erased: then its manifest is not kept any more either."""
    try:
        listed = manifest.read((shelf.root / "copias" / name / manifest.LIST).read_bytes())
    except manifest.BadManifest:
        return True
    return any(_is_gone(shelf, entry, remains) for entry in listed.archivos)


def _is_gone(shelf: Shelf, entry: Entry, remains: Remains) -> bool:
    if manifest.is_journal(entry.ruta):
        return hash_of(shelf.path(entry.ruta), 0, entry.bytes) != entry.sha256
    digest = manifest.hash_in(entry.ruta) or entry.sha256
    return digest in remains.documentos | remains.lecturas


def _files(root: Path, remains: Remains) -> Iterator[Path]:
    for digest in sorted(remains.documentos | remains.lecturas):
        yield from sorted((root / "vault" / digest[:2]).glob(f"{digest}.*"))
        yield from sorted((root / "lecturas").glob(f"{digest}.*"))
        yield from sorted((root / "sueltos" / digest[:2]).glob(digest))
