"""Make a home of a copy: whole or not at all, and one that never numbers.

It has no place file and no keys of the punto, so it can be read, searched and verified; to number
again, «ventanilla restauracion» opens a new epoch with a new key.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import founding, manifest
from records.copies import examine, receipt
from records.disk import PRIVATE, SHARED, Disk
from records.errors import Damaged, MachineCannot, Refused
from records.office import Office
from records.segments import segment_of
from records.shelf import Unreadable, hash_of, read_chunks

if TYPE_CHECKING:
    from records.copies import Copy
    from records.manifest import Manifest


class Restored(msgspec.Struct, frozen=True):
    """A home that was made from a copy."""

    casa: str
    copia: str
    archivos: int
    radicados: int
    raiz: str
    avisos: list[str]


def restore(copy: Copy, casa: Path, disk: Disk | None = None) -> Restored:
    """Make a home of a copy at *casa*, where nothing may be; whole or not at all.

    Raises:
        Refused: something stands there.
        Damaged: the copy does not verify; nothing was made.
    """
    real = disk or Disk()
    casa = casa.absolute()
    if casa.exists() or casa.is_symlink():
        raise Refused(
            "casa_existe",
            f"En {casa} ya hay algo y no se toca.",
            consejo="Elija otra carpeta con --casa.",
        )
    checked = examine(copy)
    if not checked.ok:
        first = checked.hallazgos[0]
        raise Damaged(
            "respaldo_danado",
            f"La copia {copy.name} no verifica ({len(checked.hallazgos)} hallazgo(s)): "
            f"{first.mensaje}",
            consejo="No se restauró nada. «ventanilla respaldo verificar» los nombra todos; pruebe "
            "otra fecha con --copia u otro respaldo.",
        )
    listed = manifest.read((copy.folder / manifest.LIST).read_bytes())
    real.make_folder(casa.parent)
    building = casa.with_name(f".{casa.name}.restaurada-{os.getpid()}")
    try:
        _build(copy, listed, building, real)
        real.move(building, casa)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return Restored(
        str(casa), copy.name, len(listed.archivos), checked.radicados, checked.raiz, checked.avisos
    )


def _build(copy: Copy, listed: Manifest, building: Path, disk: Disk) -> None:
    for folder in founding.FOLDERS:
        disk.make_folder(building / folder)
    touched: set[Path] = set()
    for entry in listed.archivos:
        source, target = copy.path(entry), building / manifest.path_of(entry.ruta)
        disk.make_folder(target.parent)
        try:
            disk.create(target, read_chunks(source, 0, entry.bytes), mode=_mode(entry.ruta))
        except Unreadable as error:
            raise MachineCannot(
                "respaldo_ilegible",
                f"No se pudo leer {source} ({error}).",
                consejo="No se restauró nada. Revise el disco del respaldo y repita.",
            ) from error
        touched.add(target.parent)
        if hash_of(target) != entry.sha256:
            raise Damaged(
                "respaldo_danado",
                f"{source} cambió mientras se restauraba.",
                consejo="No se restauró nada. Revise el disco del respaldo y repita.",
            )
    for vigencia, raw in receipt(copy, building, listed.punto):
        segment = segment_of(building, listed.punto, vigencia)
        disk.make_folder(segment.path.parent)
        disk.append(segment.path, raw + b"\n")
    for lane in Office(building).settings.carriles:
        disk.make_folder(building / "inbox" / lane.carpeta)
    for path in sorted(touched):
        disk.sync_folder(path)


def _mode(ruta: str) -> int:
    if ruta.startswith("vault/"):
        return 0o440
    private = ruta.endswith((".fichas.jsonl", ".clave.json", "drafts.json", "catalog.json"))
    return PRIVATE if private else SHARED
