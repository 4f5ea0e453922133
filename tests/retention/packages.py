"""A small office whose letters were numbered and sealed, and packages of them."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from records import slices
from records.disk import Disk
from records.office import Office
from retention import package
from retention.bag import Written
from retention.package import Documento, Evento, Expediente, Paquete, Registro, Serie
from tests.conftest import ROOT, page_pdf, receive

MIME = {"pdf": "application/pdf"}
WALL = "<script>alert(1)</script>"
SERIES = [
    Serie(codigo="120.21.02", serie="21", nombre_serie="Derechos de petición", subserie="02",
          nombre_subserie="Peticiones de información"),
    Serie(codigo="120.07", serie="07", nombre_serie="Conceptos"),
]  # fmt: skip


def founded(folder: Path, letters: int) -> Office:
    """An office of some sealed letters; the punto's key is another one half-way."""
    office, _ = Office.found(folder / "oficina", ROOT / "config.toml", demo=True)
    for n, subject in enumerate(receive(office, letters)):
        office.radicar(subject, {"remitente": f"José Ñáñez {n}", "asunto": f"=Hueco {n} {WALL}"})
        office.sellar(subject, page_pdf(f"Carta {n}"), hueco=None, paginas=1, lectura=None)
    return office


def taken(office: Office) -> list[Registro]:
    """Every record of an office as a package takes it: its files, and its lines with proofs."""
    rows = office.buscar("", limite=1000).radicados
    numbers = sorted(row.radicado for row in rows)
    events = {n: office.index.events(office.subject(n)) for n in numbers}
    wanted = [(e.punto, e.seq) for some in events.values() for e in some]
    pieces = slices.slices_of(office, wanted)
    out = []
    for order, number in enumerate(numbers, 1):
        seen = office.ver(number)
        documents = []
        for d in seen.documentos:
            if d.sha256 is None or d.archivo is None:
                continue
            path = office.home / d.archivo
            documents.append(
                Documento(rol=d.rol, nombre=f"Carta n.º {order}.pdf", sha256=d.sha256,
                          bytes=path.stat().st_size, mime="application/pdf", origen=path)
            )  # fmt: skip
        lines = []
        for event in events[number]:
            piece = pieces[event.punto].lineas[event.seq]
            lines.append(Evento(linea=piece.linea, ficha=piece.ficha, prueba=piece.prueba))
        out.append(
            Registro(radicado=number, asunto=f"=Hueco {WALL}", fecha="2026-11-22", tipo="Petición",
                     campos={"asunto": WALL}, documentos=documents, eventos=lines, orden=order)
        )  # fmt: skip
    return out


def index_of(registros: list[Registro]) -> bytes:
    """An índice electrónico of the records' files, unsigned: its signature is not our matter."""
    rows = []
    files = [d for r in registros for d in r.documentos]
    for n, d in enumerate(files, 1):
        rows.append(
            f"<DocumentoIndizado><Id>{n}</Id><Valor_Huella>{d.sha256}</Valor_Huella>"
            f"<Funcion_Resumen>SHA-256</Funcion_Resumen><Orden_Documento_Expediente>{n}"
            f"</Orden_Documento_Expediente><Tamano>{d.bytes}</Tamano></DocumentoIndizado>"
        )
    return f"<TipoDocumentoFoliado>{''.join(rows)}</TipoDocumentoFoliado>".encode()


def package_of(office: Office, *, fonds: list[list[Registro]] | None = None) -> Paquete:
    """A transfer of an office's records: one expediente for each list of them."""
    every = taken(office)
    fonds = fonds or [every[: len(every) // 2], every[len(every) // 2 :]]
    wanted = {(e.prueba["punto"], e.prueba["seq"]) for r in every for e in r.eventos if e.prueba}
    files = [
        Expediente(numero=f"2026-120-{n:04d}", nombre=f"Vías de «{WALL}»", serie=SERIES[n % 2],
                   dependencia="120", abierto="2026-01-02", cerrado="2026-11-22", ag=2, ac=8,
                   disposicion=["CT"], indice=index_of(some), hoja=page_pdf("Hoja de control"),
                   registros=some, eventos=[])
        for n, some in enumerate(fonds)
    ]  # fmt: skip
    return Paquete(
        numero="TP-2026-001",
        tipo="primaria",
        entidad="Alcaldía de Prueba",
        punto="VU1",
        fecha="2026-11-22",
        expedientes=files,
        fuid={"fuid.csv": b"uno\n"},
        acta=page_pdf("Acta"),
        confianza=slices.trust_of(office, slices.slices_of(office, wanted)),
    )


def written(office: Office, target: Path) -> Written:
    """That package on the disk."""
    return package.write_package(package_of(office), target, Disk())


def again(folder: Path) -> None:
    """Make the manifests of a changed package anew, as who changed it would."""
    for name in ("manifest", "tagmanifest"):
        for algorithm in ("sha256", "sha512"):
            (folder / f"{name}-{algorithm}.txt").unlink(missing_ok=True)
    payload = sorted(path for path in folder.glob("data/**/*") if path.is_file())
    oxum = f"Payload-Oxum: {sum(p.stat().st_size for p in payload)}.{len(payload)}"
    info = folder / "bag-info.txt"
    info.write_text(re.sub("Payload-Oxum: .*", oxum, info.read_text()))
    for algorithm in ("sha256", "sha512"):
        _list(folder, f"manifest-{algorithm}.txt", algorithm, payload)
    tags = sorted(folder.glob("*.txt"))
    for algorithm in ("sha256", "sha512"):
        _list(folder, f"tagmanifest-{algorithm}.txt", algorithm, tags)


def _list(folder: Path, name: str, algorithm: str, files: list[Path]) -> None:
    rows = [
        f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  "
        f"{path.relative_to(folder).as_posix()}\n"
        for path in files
    ]
    (folder / name).write_text("".join(rows))


def copied(folder: Path, target: Path) -> Path:
    """A copy of a package that may be spoilt."""
    shutil.copytree(folder, target)
    return target
