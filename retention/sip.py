"""A transfer as an E-ARK SIP: the second kind of package, for archives with a preservation system.

CSIP and SIP 2.1.0 of the DILCIS Board, read by RODA and others. One SIP is one transfer, with one
representation: CSIP's are several renditions of one content, and a transfer hands over each
expediente once. What makes up an expediente is the representation's `data/`, with the índice, the
hoja de control and the records' data as they lie in a bag, so that `verificar.py` checks the
journal's lines in this kind too. What describes it is `metadata/`, what explains the package or
proves it `documentation/`.

Every file but the root `METS.xml` is named in one METS with its size and SHA-256; the root names
the representation's, so its own SHA-256 stands for every byte. It is written last.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from records import lines
from retention import described, mets, naming, package, premis, whole
from retention.indice import SCHEMA
from retention.mets import File, Group, Metadata, Told
from retention.package import Shape
from retention.whole import Entry, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from records.disk import Disk
    from retention.package import Lugar, Paquete
    from retention.whole import Advance

METS = "METS.xml"
NAME = "expedientes"
"""Of the representation."""
INSIDE = f"representations/{NAME}/"
PROGRAM = "Ventanilla"
VERSION = "0.1.0"
SUBMITTER = {"ROLE": "OTHER", "OTHERROLE": "SUBMITTER", "TYPE": "ORGANIZATION"}
"""SIP15–SIP18 call who submits a CREATOR too; eark-validator takes every CREATOR for a program."""
MIMES = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "py": "text/plain",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "xsd": "application/xml",
}
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Written:
    """A SIP that is on the disk."""

    path: Path
    files: int
    bytes: int
    """Of all but the METS documents."""
    mets_sha256: str
    """SHA-256 of the root `METS.xml`: it stands for every byte of the package."""


def sources_of(paquete: Paquete) -> list[Source]:
    """Every file of it but the METS documents."""
    return _Plan(paquete).sources()


def write_sip(
    paquete: Paquete, target: Path, disk: Disk, advance: Advance | None = None
) -> Written:
    """Write a package as an E-ARK SIP, a folder, at *target*; whole or not at all.

    Raises:
        Refused, Damaged, MachineCannot: as `whole.write`.
        ValueError: a name in `fuid` or `confianza` that no file may have.
    """
    plan = _Plan(paquete)
    own = ""

    def finish(work: Path, entries: list[Entry]) -> None:
        nonlocal own
        inside = plan.inside(entries)
        disk.make_folder(work / INSIDE, sync=False)
        whole.keep(work / INSIDE / METS, inside, disk)
        root = plan.root([*entries, whole.entry(INSIDE + METS, inside)])
        own = lines.sha256(root)
        whole.sync_folders(work, disk)
        whole.keep(work / METS, root, disk)
        disk.sync_folder(work)

    entries = whole.write(target, whole.checked(plan.sources()), "", finish, disk, advance)
    return Written(target, len(entries), sum(entry.bytes for entry in entries), own)


class _Plan:
    """Where each file of a package lies, and what it is."""

    def __init__(self, paquete: Paquete) -> None:
        self.paquete = paquete
        self.places = package.places_of(paquete.expedientes)
        names = naming.Names()
        # RODA knows a file of descriptive metadata by its name alone, without its folder.
        self.names = {
            place.carpeta: names.take("", naming.plain(place.expediente.numero, 32))
            for place in self.places
        }
        self.known = {
            self.lies(place.carpeta + d.ruta): (d.documento.mime, d.formato)
            for place in self.places
            for _, _, documents in place.registros
            for d in documents
        }

    # -- what lies where ----------------------------------------------------------------------

    def lies(self, ruta: str) -> str:
        """Where a file lies that a bag has under `data/`."""
        top, _, rest = ruta.partition("/")
        if top != "expedientes" or not rest:
            return f"documentation/{ruta}"
        own = self.names.get(ruta.removesuffix("premis.xml"))
        if own is not None:
            return f"{INSIDE}metadata/preservation/premis-{own}.xml"
        return f"{INSIDE}data/{rest}"

    def _seen(self, ruta: str) -> str:
        return posixpath.relpath(self.lies(ruta), "documentation")

    def _described(self, place: Lugar) -> str:
        return f"{INSIDE}metadata/descriptive/dc-{self.names[place.carpeta]}.xml"

    def sources(self) -> list[Source]:
        """Every file but the METS documents."""
        paquete, places = self.paquete, self.places
        shape = Shape("LEAME-eark.txt", self.lies, self._seen)
        schema = resources.files("retention").joinpath(SCHEMA).read_bytes()
        return [
            *package.layout(paquete, places, shape),
            Source("metadata/descriptive/ead.xml", described.ead(paquete, places)),
            Source("metadata/preservation/premis.xml", premis.of_transfer(paquete)),
            Source(f"schemas/{SCHEMA}", schema),
            *(Source(self._described(p), described.dublin_core(p, paquete)) for p in places),
        ]

    # -- the METS documents -------------------------------------------------------------------

    def inside(self, entries: Iterable[Entry]) -> bytes:
        """The METS of the representation."""
        known = {e.ruta.removeprefix(INSIDE): e for e in entries if e.ruta.startswith(INSIDE)}
        about: list[Metadata] = []
        history: list[Metadata] = []
        owners: dict[str, str] = {}
        for place in self.places:
            key = self.names[place.carpeta]
            owners[f"data/{place.carpeta.partition('/')[2]}"] = key
            one = self._described(place).removeprefix(INSIDE)
            about.append(Metadata(self._file(known.pop(one)), "DC", de=key))
            one = self.lies(f"{place.carpeta}premis.xml").removeprefix(INSIDE)
            history.append(Metadata(self._file(known.pop(one)), "PREMIS", "3.0", key))
        data = [
            replace(self._file(entry), de=_owner(path, owners))
            for path, entry in sorted(known.items())
        ]
        told = self._told(NAME, "Expedientes", "rep", about, history, [Group("Data", data)])
        return mets.document(replace(told, original=True))

    def root(self, entries: Iterable[Entry]) -> bytes:
        """The METS of the package."""
        known = {entry.ruta: entry for entry in entries}
        groups = [
            Group(use, [self._file(known[path]) for path in sorted(known) if path.startswith(base)])
            for use, base in (
                ("Documentation", "documentation/"),
                ("Schemas", "schemas/"),
                (f"Representations/{NAME}", INSIDE + METS),
            )
        ]
        ead = self._file(known["metadata/descriptive/ead.xml"])
        history = self._file(known["metadata/preservation/premis.xml"])
        label = f"Transferencia {self.paquete.tipo} {self.paquete.numero}"
        about = [Metadata(ead, "EAD", "2002")]
        made = [Metadata(history, "PREMIS", "3.0")]
        return mets.document(self._told(self.paquete.numero, label, "sip", about, made, groups))

    def _told(
        self,
        objid: str,
        label: str,
        prefix: str,
        about: Sequence[Metadata],
        history: Sequence[Metadata],
        groups: Sequence[Group],
    ) -> Told:
        program = {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}
        agents = [
            (program, PROGRAM, VERSION),
            ({"ROLE": "ARCHIVIST", "TYPE": "ORGANIZATION"}, self.paquete.entidad, ""),
            (SUBMITTER, f"{self.paquete.punto}, {self.paquete.entidad}", ""),
        ]
        day = f"{self.paquete.fecha}T00:00:00-05:00"
        return Told(objid, label, day, prefix, agents, about, history, groups)

    def _file(self, entry: Entry) -> File:
        mime, form = self.known.get(entry.ruta, ("", None))
        path = entry.ruta.removeprefix(INSIDE) if entry.ruta != INSIDE + METS else entry.ruta
        return File(path, entry.bytes, entry.sha256, mime or _mime(path), form)


def _mime(path: str) -> str:
    return MIMES.get(path.rpartition(".")[2], UNKNOWN)


def _owner(path: str, owners: Mapping[str, str]) -> str:
    """Whose file it is: three folders down lie the files of an expediente."""
    return owners.get("/".join(path.split("/")[:4]) + "/", "")
