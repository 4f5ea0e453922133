"""Writes docs/format/archivo: a TRD, expedientes and what befalls them, and their transfers.

    python -m tests.records.golden_archive FOLDER

Keys, salts and hours follow the rules of `golden`.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from records import trd
from records.tail import Broken
from records.trd import Row, Table
from tests.records import golden, golden_tramite
from tests.records.golden import Book, Scribe, fingerprint

DAY = "2026-11-23T"
ONE, TWO, THREE = (f"2026-VU1-EXP-00000{n}" for n in (1, 2, 3))
BACK, TAKEN = "2026-VU1-TRF-000001", "2026-VU1-TRF-000002"
THERE = "2025-VU1-EXP-000007.8A88E3DD"
TABLE = Table(
    version="1", entidad="Alcaldía de Prueba", acto="Resolución 3 de 2025", desde="2026-01-01",
    series=[
        Row(codigo="120.01", dependencia="120", serie="01", nombre_serie="Peticiones", ag=1, ac=2,
            disposicion=["E"], tipos=["Petición", "Respuesta"]),
        Row(codigo="120.02", dependencia="120", serie="02", nombre_serie="Contratos", ag=2, ac=18,
            disposicion=["CT", "M"], evento="liquidación"),
    ],
)  # fmt: skip


def build(lie: str = "", which: int = 0, **told: Any) -> dict[str, bytes]:
    """The folder's files, by their names in it; of the *which*-th event of the type *lie* *told* is
    said instead, `subject` among it. Where no log may go on after it, it is the last line."""
    book = Book()
    aut = golden_tramite.authority(book)
    digest = book.document(trd.written(TABLE), "json")
    adopted = {"version": "1", "sha256": digest, "acto": TABLE.acto, "desde": TABLE.desde}
    aut.add("2026-11-22T11:00:00", "trd.adoptada", adopted, "trd", actor="luz")
    story = _Story(book, digest, lie, which, told)
    with suppress(*([Broken] if lie else [])):
        story.tell()
    return golden.finished(book, "AUT", "VU1")


class _Story:
    """Two expedientes of the office, one that came from elsewhere, and their transfers."""

    def __init__(self, book: Book, digest: str, lie: str, n: int, told: dict[str, Any]) -> None:
        self.book, self.trd = book, digest
        self.lie, self.n, self.told = lie, n, told
        self.vu = Scribe(book, "VU1")

    def add(self, at: str, kind: str, subject: str, ficha: Any = None, **data: Any) -> str:
        """Add an event; its hash."""
        if kind == self.lie:
            if self.n == 0:
                subject = self.told.pop("subject", subject)
                data |= self.told
                self.lie = ""
            self.n -= 1
        said = {k: v for k, v in data.items() if v is not ...}
        return self.vu.add(f"{DAY}{at}", kind, said, subject, actor="luz", ficha=ficha).hash

    def on(self, at: str, kind: str, numero: str, ficha: Any = None, **data: Any) -> str:
        """Add an event of an expediente."""
        return self.add(at, f"expediente.{kind}", f"expediente.{numero}", ficha,
                        expediente=numero, **data)  # fmt: skip

    def of(self, at: str, kind: str, numero: str, ficha: Any = None, **data: Any) -> str:
        """Add an event of a transfer."""
        return self.add(at, f"transferencia.{kind}", f"transferencia.{numero}", ficha,
                        transferencia=numero, **data)  # fmt: skip

    def opened(self, at: str, numero: str, n: int, serie: str, **more: Any) -> None:
        before = self.vu.tail.archivo.get(("EXP", 2026))
        self.on(at, "abierto", numero, {"nombre": f"Asunto {n}"}, vigencia=2026, n=n,
                anterior=before.seq if before else None, serie=serie, trd=self.trd,
                dependencia="120", **more)  # fmt: skip

    def shut(self, at: str, numero: str, documents: int, leaves: int, **more: Any) -> None:
        text = f"<TipoDocumentoFoliado {numero} {at}/>".encode()
        said = {"indice": self.book.document(text, "xml"), "certificado": fingerprint("VU1"),
                "hoja": self.book.document(b"%PDF-1.7 hoja " + text, "pdf"), **more}  # fmt: skip
        self.on(at, "cerrado", numero, fecha="2026-11-23", documentos=documents, folios=leaves,
                **said)  # fmt: skip

    def tell(self) -> None:
        vu = self.vu
        vu.open(f"{DAY}08:00:00")
        letters = []
        for k in range(2):
            got = vu.receive(f"{DAY}08:0{k}:10", f"carta {k}")
            letters.append(vu.number(f"{DAY}08:0{k}:20", got))
        self.opened("09:00:00", ONE, 1, "120.01", soporte="hibrido", responsable="ana")
        self.on("09:00:00", "incorporado", ONE, orden=1, radicado=letters[0], tipo="Petición",
                folios=1)  # fmt: skip
        self.on("09:01:00", "incorporado", ONE, {"descripcion": "un plano"}, orden=2, folios=3,
                fecha="2026-10-01")  # fmt: skip
        self.on("09:02:00", "retirado", ONE, {"motivo": "era de otro"}, orden=2)
        self.on("09:03:00", "ubicado", ONE, caja="12", carpeta="3")
        self.on("09:04:00", "prestado", ONE, {"a": "Personería"}, hasta="2026-12-03")
        self.on("09:05:00", "devuelto", ONE)
        self.opened("09:06:00", TWO, 2, "120.02")
        self.on("09:07:00", "incorporado", TWO, orden=1, radicado=letters[1])
        self.on("09:08:00", "referido", TWO, con=ONE)
        self.on("09:09:00", "hecho", TWO, {"hecho": "acta de liquidación"}, fecha="2026-11-20")
        self.shut("09:10:00", ONE, 1, 1, abiertas=[letters[0]])
        self.on("09:11:00", "reabierto", ONE, {"motivo": "llegó otra carta"})
        self.shut("09:12:00", ONE, 1, 1)
        self.shut("09:13:00", TWO, 1, 0)
        self._transfers(letters)
        self._received()
        self._kept(letters[0])
        vu.note()

    def _transfers(self, letters: list[str]) -> None:
        held = self.on("09:20:00", "retenido", ONE, {"motivo": "proceso 7"}, hasta="2027-12-31")
        self.on("09:21:00", "liberado", ONE, retencion=held)
        package = "ab" * 32
        self.of("09:30:00", "preparada", BACK, {"destino": "/media/usb"}, vigencia=2026, n=1,
                anterior=None, tipo="primaria", expedientes=[ONE, TWO],
                paquete=package)  # fmt: skip
        self.of("09:31:00", "devuelta", BACK, {"motivo": "disco dañado"})
        before = self.vu.tail.archivo[("TRF", 2026)].seq
        self.of("09:32:00", "preparada", TAKEN, vigencia=2026, n=2, anterior=before,
                tipo="primaria", expedientes=[ONE], paquete="cd" * 32)  # fmt: skip
        acta = self.vu.signed_document("acta de aceptación")
        word = self.book.document(b'{"dice":"aceptada"}', "json")
        self.of("09:33:00", "aceptada", TAKEN, paquete="cd" * 32, acta=acta["documento"],
                certificado=acta["certificado"], recibo=word)  # fmt: skip
        self.on("09:33:00", "transferido", ONE, transferencia=TAKEN, fase="central")

    def _received(self) -> None:
        """A package of another entity."""
        package = "ef" * 32
        lote = self.book.document(b'{"origen":"paquete"}', "json")
        own = f"VU1.{self.vu.tail.seq + 1}"
        number = "2025-VU1-E-000003.8A88E3DD"
        self.add("10:00:00", "registro.importado", own, {"asunto": "Agua"}, radicado=number,
                 origen="paquete", clase="E", lote=lote, expediente=THERE)  # fmt: skip
        self.on("10:01:00", "recibido", THERE, {"nombre": "Un acueducto"}, serie="120.02",
                trd=self.trd, dependencia="120", soporte="electronico",
                abierto="2025-02-03T08:00:00.000-05:00", transferencia="2026-VU1-TRF-000009",
                paquete=package, fase="historico")  # fmt: skip
        self.on("10:01:00", "incorporado", THERE, orden=1, radicado=number, folios=2)
        self.shut("10:01:00", THERE, 1, 2, certificado=..., hoja=...)
        self.add("10:02:00", "paquete.recibido", f"paquete.{package[:16]}", paquete=package,
                 transferencia="2026-VU1-TRF-000009", log="8a88e3dd00112233", entidad="Otra",
                 expedientes=[THERE])  # fmt: skip

    def _kept(self, radicado: str) -> None:
        """What is done so that it lasts."""
        page = self.vu.signed_document("informe de integridad")
        self.add("11:00:00", "integridad.revisada", "integridad.VU1",
                 desde=f"{DAY}10:30:00.000-05:00", hasta=f"{DAY}11:00:00.000-05:00", documentos=9,
                 bytes=900, informe=page["documento"],
                 certificado=page["certificado"])  # fmt: skip
        first = self.book.document(b"carta 0", "txt")
        page = self.book.document(b"%PDF-1.7 carta 0", "pdf")
        self.add("11:10:00", "registro.migrado", "VU1.1", radicado=radicado, de=first, a=page,
                 rol="original", formato_de="x-fmt/111", formato_a="fmt/477",
                 herramienta="conversor 1")  # fmt: skip
        rows = self.book.document(b'{"filas":[]}', "json")
        self.add("11:20:00", "fondo.inventariado", "fondo.FA-2026-VU1-1", {"nombre": "Fondo"},
                 fondo="FA-2026-VU1-1", filas=1, documento=rows)  # fmt: skip


if __name__ == "__main__":
    golden.write(build(), Path(sys.argv[1]))
