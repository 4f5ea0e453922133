"""A transfer package: expedientes that leave an archive, as files that need no program of ours.

Decreto 1515 de 2013, arts. 12, 16 and 20, and the primary transfers of the TRD. Plain types that
say what is handed over, and how it lies in a bag (BagIt, `retention.bag`): documents by serie,
subserie and expediente, each expediente with its signed índice, its hoja de control and its
history, and what a stranger needs to check all of it, the program included. What is filled in here
is not judged here: who asks for a package says which expedientes are due and whole.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from records import lines
from retention import bag, finding_aid, naming, premis
from retention.bag import Written
from retention.formats import EXTENSIONS, HEAD, Format, identify
from retention.whole import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from records.disk import Disk
    from retention.whole import Advance

VERIFIER = "verificar.py"
NO_SUBSERIE = "sin-subserie"


class Documento(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a record."""

    rol: str
    """What it is to the record: `original`, `registro`, `acuse`…"""
    nombre: str
    sha256: str
    bytes: int
    mime: str
    paginas: int | None = None
    origen: Path
    """Where the vault has it."""


class Evento(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the journal, as `records.slices` gives it."""

    linea: bytes
    ficha: bytes | None = None
    prueba: dict[str, Any] | None = None
    omitida: str = ""
    """Why its ficha is not handed over, where it has one and it is not."""


class Registro(msgspec.Struct, frozen=True, kw_only=True):
    """A member of an expediente: a record, or a paper without a radicado."""

    radicado: str
    """Empty: it has none."""
    asunto: str
    fecha: str
    tipo: str
    """Tipo documental."""
    campos: dict[str, Any] = {}
    """What the register says of it, as it stands today: a copy for reading."""
    documentos: list[Documento] = []
    eventos: list[Evento] = []
    """Every event of its subject, in the journal's order: one that is missing would be seen."""
    orden: int
    """Its place in the expediente, from 1."""
    pagina_inicio: int | None = None
    pagina_fin: int | None = None


class Serie(msgspec.Struct, frozen=True, kw_only=True):
    """The row of the TRD under which an expediente stands."""

    codigo: str
    """Dependencia, serie and subserie."""
    serie: str
    nombre_serie: str
    subserie: str = ""
    nombre_subserie: str = ""


class Expediente(msgspec.Struct, frozen=True, kw_only=True):
    """An expediente as it is handed over."""

    numero: str
    nombre: str
    serie: Serie
    dependencia: str
    abierto: str
    cerrado: str
    ag: int
    ac: int
    disposicion: list[str]
    acceso: list[str] = []
    """Restrictions of access, in words; empty: it is public."""
    ubicacion: str = ""
    """Where its papers are."""
    indice: bytes
    """The índice electrónico that was signed at its closing (XML)."""
    hoja: bytes = b""
    """The hoja de control (PDF); empty: it has none."""
    registros: list[Registro]
    eventos: list[Evento]
    """Every event of the expediente's own subject, in the journal's order."""


class Paquete(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer."""

    numero: str
    tipo: Literal["primaria", "secundaria"]
    entidad: str
    punto: str
    fecha: str
    """The day, `YYYY-MM-DD`."""
    expedientes: list[Expediente]
    fuid: dict[str, bytes] = {}
    """File name → the inventory in that form."""
    acta: bytes | None = None
    confianza: dict[str, bytes]
    """File name → what the journal's lines are checked with: `records.slices.trust_of`."""


class Colocado(msgspec.Struct, frozen=True):
    """A document where it lies in the package."""

    documento: Documento
    ruta: str
    """From the expediente's folder."""
    formato: Format


class Lugar(msgspec.Struct, frozen=True):
    """An expediente where it lies in the package."""

    expediente: Expediente
    carpeta: str
    """From `data/`, with its final slash."""
    registros: list[tuple[Registro, str, list[Colocado]]]
    """Each with the name of its file in `registros/`, and its documents."""


class Shape(NamedTuple):
    """What the kinds of packages differ in: where a file lies that the bag has under `data/`."""

    leame: str
    """The template of `LEAME.txt`."""
    lies: Callable[[str], str]
    """Its path in this kind."""
    seen: Callable[[str], str]
    """The same as a link of `indice.html`."""


BAG = Shape("LEAME.txt", str, str)


def write_package(
    paquete: Paquete, target: Path, disk: Disk, advance: Advance | None = None
) -> Written:
    """Write a package as a bag at *target*; whole or not at all.

    Raises:
        Refused, Damaged, MachineCannot: as `bag.write`.
        ValueError: a name in `fuid` or `confianza` that no file may have.
    """
    info = {
        "Source-Organization": paquete.entidad,
        "External-Identifier": paquete.numero,
        "External-Description": f"Transferencia documental {paquete.tipo} de "
        f"{len(paquete.expedientes)} expedientes",
        "Internal-Sender-Identifier": paquete.punto,
        "Bagging-Date": paquete.fecha,
    }
    return bag.write(target, layout(paquete), info, disk, advance)


def layout(paquete: Paquete, places: list[Lugar] | None = None, shape: Shape = BAG) -> list[Source]:
    """Every file of a package, with its path under `data/` or where *shape* puts it."""
    places = places_of(paquete.expedientes) if places is None else places
    root = paquete.confianza.get("raiz.pub", b"").decode("ascii", "replace").strip()
    verifier = resources.files("retention").joinpath("verificar_paquete.py").read_bytes()
    out = [
        Source("LEAME.txt", finding_aid.readme(paquete, root, shape.leame)),
        Source(VERIFIER, verifier),
        Source("inventario.csv", finding_aid.inventory(places, shape.lies)),
        Source("descripcion.csv", finding_aid.description(paquete, places)),
        Source("indice.html", finding_aid.page(paquete, places, shape.seen)),
    ]
    if paquete.acta is not None:
        out.append(Source("acta.pdf", paquete.acta))
    for folder, files in (("fuid", paquete.fuid), ("confianza", paquete.confianza)):
        for name, data in sorted(files.items()):
            if not naming.is_plain(name):
                raise ValueError(f"not a name of a file: {name!r}")
            out.append(Source(f"{folder}/{name}", data))
    for place in places:
        out += _of_expediente(place, paquete)
    return [Source(shape.lies(one.ruta), one.origen, one.sha256) for one in out]


# -- where things lie -----------------------------------------------------------------------------


def places_of(expedientes: list[Expediente]) -> list[Lugar]:
    """Each expediente with its folder; the names are the same however often they are made."""
    names, folders = naming.Names(), dict[tuple[str, ...], str]()

    def folder(above: str, *key: str, stem: str) -> str:
        if key not in folders:
            folders[key] = names.take(above, stem) + "/"
        return folders[key]

    out = []
    for one in expedientes:
        s = one.serie
        stem = naming.plain(f"{s.serie} {s.nombre_serie}", 24)
        serie = folder("expedientes/", s.serie, s.nombre_serie, stem=stem)
        stem = NO_SUBSERIE
        if s.subserie or s.nombre_subserie:
            stem = naming.plain(f"{s.subserie} {s.nombre_subserie}", 24)
        key = (s.serie, s.nombre_serie, s.subserie, s.nombre_subserie)
        above = folder(serie, *key, stem=stem)
        own = names.take(above, naming.plain(one.numero, 32)) + "/"
        out.append(Lugar(one, own, [_placed(r, naming.Names()) for r in one.registros]))
    return [_distinct(place) for place in out]


def _placed(registro: Registro, names: naming.Names) -> tuple[Registro, str, list[Colocado]]:
    called = naming.plain(registro.radicado, 24, "sin-radicado")
    folder = f"documentos/{registro.orden:04d}-{called}/"
    documents = []
    for one in registro.documentos:
        stem, _, ending = one.nombre.rpartition(".")
        stem = naming.plain(f"{one.rol} {stem or ending}", 24)
        extension = EXTENSIONS.get(one.mime) or naming.plain(ending if stem else "", 5, "bin")
        kind = identify(one.mime, _head(one.origen), one.rol)
        documents.append(Colocado(one, names.take(folder, stem, extension.lower()), kind))
    return registro, f"{registro.orden:04d}-{called}.json", documents


def _head(path: Path) -> bytes:
    """The first bytes of a file; none where it cannot be read, which the copy will tell."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def _distinct(place: Lugar) -> Lugar:
    """A defect of the caller is told before anything is written: two members at one place."""
    orders = [registro.orden for registro, _, _ in place.registros]
    if len(set(orders)) != len(orders):
        raise ValueError(f"two members of {place.expediente.numero} have the same order")
    return place


# -- what is written of an expediente -------------------------------------------------------------


def _of_expediente(place: Lugar, paquete: Paquete) -> list[Source]:
    one, base = place.expediente, place.carpeta
    out = [
        Source(f"{base}ficha.json", _json(_about(place))),
        Source(f"{base}indice.xml", one.indice),
        Source(f"{base}premis.xml", premis.document(place, paquete)),
    ]
    if one.hoja:
        out.append(Source(f"{base}hoja-de-control.pdf", one.hoja))
    for registro, name, documents in place.registros:
        out.append(Source(f"{base}registros/{name}", _json(_record(registro, documents))))
        out += [Source(base + d.ruta, d.documento.origen, d.documento.sha256) for d in documents]
    return out


def _about(place: Lugar) -> dict[str, Any]:
    own = msgspec.to_builtins(
        {
            name: getattr(place.expediente, name)
            for name in place.expediente.__struct_fields__
            if name not in ("indice", "hoja", "registros", "eventos")
        }
    )
    names = [name for _, name, _ in place.registros]
    return {**own, "registros": names, "eventos": _events(place.expediente.eventos)}


def _record(registro: Registro, documents: list[Colocado]) -> dict[str, Any]:
    told = [
        {
            "ruta": d.ruta,
            "rol": d.documento.rol,
            "nombre": d.documento.nombre,
            "sha256": d.documento.sha256,
            "bytes": d.documento.bytes,
            "mime": d.documento.mime,
            "formato": " ".join(filter(None, d.formato)),
            "paginas": d.documento.paginas,
        }
        for d in documents
    ]
    return {
        "radicado": registro.radicado,
        "asunto": registro.asunto,
        "fecha": registro.fecha,
        "tipo": registro.tipo,
        "orden": registro.orden,
        "pagina_inicio": registro.pagina_inicio,
        "pagina_fin": registro.pagina_fin,
        "campos": registro.campos,
        "documentos": told,
        "eventos": _events(registro.eventos),
    }


def _events(events: list[Evento]) -> list[dict[str, Any]]:
    """Lines and fichas as texts: they are UTF-8 by the format, and come back byte by byte."""
    out = []
    for one in events:
        row: dict[str, Any] = {"linea": one.linea.decode(), "ficha": None, "prueba": one.prueba}
        if one.omitida:
            row["omitida"] = one.omitida
        elif one.ficha is not None:
            row["ficha"] = one.ficha.decode()
        out.append(row)
    return out


def _json(value: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(lines.clean(value)), indent=1) + b"\n"
