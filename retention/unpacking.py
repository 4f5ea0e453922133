"""A package of another home as plain data: expedientes and records, folded from their own events.

The package was examined before (`retention.bag_reader`, `retention.verificar_paquete`): here it is
only read, and what it says is believed as far as its lines go.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from records import expedientes, lines, segments, trd
from records.errors import Damaged
from records.events import Event, in_order
from records.expedientes import Expediente
from records.imported import HISTORY, Role
from records.importing import Imported, Paper
from records.reserve import PUBLIC, RESERVED
from records.state import State, fold


class Told(msgspec.Struct):
    """A line as a package tells it."""

    linea: str
    ficha: str | None = None


class Placed(msgspec.Struct):
    """A document as a package tells it."""

    ruta: str
    rol: str
    sha256: str


class Record(msgspec.Struct):
    """A record's file."""

    radicado: str
    asunto: str
    fecha: str
    tipo: str
    orden: int
    documentos: list[Placed]
    eventos: list[Told]


class About(msgspec.Struct):
    """An expediente's file."""

    numero: str
    registros: list[str]
    eventos: list[Told]


class Unpacked(msgspec.Struct, frozen=True):
    """An expediente of a package."""

    folder: Any
    """`pathlib.Path` of its folder."""
    estado: Expediente
    registros: list[Record]
    indice: bytes
    hoja: bytes | None


def expedientes_of(package: Path) -> list[Unpacked]:
    """The expedientes of a package, by number.

    Raises:
        Damaged: what it says does not fold to closed expedientes.
    """
    found = sorted(package.glob("data/expedientes/*/*/*/ficha.json"))
    return sorted((_unpacked(path.parent) for path in found), key=lambda u: u.estado.numero)


def _unpacked(folder: Path) -> Unpacked:
    try:
        about = msgspec.json.decode((folder / "ficha.json").read_bytes(), type=About)
        records = [
            msgspec.json.decode((folder / "registros" / name).read_bytes(), type=Record)
            for name in about.registros
        ]
    except msgspec.MsgspecError as error:
        raise _odd(folder, str(error)) from error
    state = expedientes.fold(in_order(_events(about.eventos)))
    if state is None or state.cerrado is None:
        raise _odd(folder, "no es un expediente cerrado")
    page = folder / "hoja-de-control.pdf"
    return Unpacked(
        folder,
        state,
        sorted(records, key=lambda r: r.orden),
        (folder / "indice.xml").read_bytes(),
        page.read_bytes() if page.is_file() else None,
    )


def table_of(package: Path, digest: str) -> bytes:
    """The version of the TRD that an expediente of the package names.

    Raises:
        Damaged: it is not there, or is none.
    """
    path = package / "data" / "confianza" / f"trd-{digest[:16]}.json"
    data = path.read_bytes() if path.is_file() else b""
    try:
        if lines.sha256(data) != digest:
            raise msgspec.ValidationError("su huella es otra")
        trd.read(data)
    except msgspec.DecodeError as error:
        raise _odd(path, str(error)) from error
    return data


def imported(one: Record, folder: Path, named: str, expediente: str) -> Imported:
    """A record of a package as it is taken in under the number *named*: what its events tell."""
    state = fold(one.radicado, _events(one.eventos))
    own = _own(state)
    level, said = state.acceso.nivel(lines.now().date().isoformat()), state.acceso.clasificado
    return Imported(
        radicado=named,
        clase=own["clase"],
        fecha=state.fecha,
        recibido=state.recibido,
        tipo=state.publicos.get("tipo"),
        canal=state.publicos.get("canal"),
        dependencia=state.publicos.get("dependencia"),
        responsable=state.publicos.get("responsable"),
        vence=state.due and state.due[:10],
        folios=state.publicos.get("folios"),
        expediente=expediente,
        anulado=state.anulado is not None,
        campos={k: v for k, v in state.campos.items() if isinstance(v, str)},
        documentos=[
            Paper(
                _role(d.rol),
                (folder / d.ruta).read_bytes(),
                Path(d.ruta).suffix.lstrip(".") or "bin",
            )
            for d in one.documentos
        ],
        historia=msgspec.to_builtins(one),
        reservado=level != PUBLIC or state.acceso.identidad_protegida,
        nivel="reservada" if level == RESERVED else "clasificada",
        fundamento=said.fundamento if said is not None else None,
        reserva_hasta=said.hasta if said is not None else None,
    )


def _role(said: str) -> Role:
    """The role in which a document is taken in: a record that was imported there has a history
    from before, and what this home keeps as its history is the package's own word."""
    return "anexo" if said == HISTORY else msgspec.convert(said, Role)


def _own(state: State) -> dict[str, str]:
    if state.numero is not None:
        return {"clase": state.numero.clase}
    return {"clase": state.importado.clase if state.importado is not None else "E"}


def _events(told: list[Told]) -> list[Event]:
    out = []
    for one in told:
        ficha = one.ficha.encode() if one.ficha is not None else None
        out.append(segments.event_of(lines.read_line(one.linea.encode()), ficha))
    return out


def _odd(path: Path, why: str) -> Damaged:
    return Damaged(
        "paquete_raro",
        f"El paquete no se entiende en {path.name}: {why}.",
        consejo="No se tomó nada. Pídalo otra vez a quien lo entrega.",
    )
