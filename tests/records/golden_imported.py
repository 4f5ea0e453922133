"""Builds the log of an office that took in two records of another system, noted and classified one.

Keys, salts and hours follow the rules of `golden`.
"""

from __future__ import annotations

from typing import Any

from tests.records import golden, golden_tramite
from tests.records.golden import Book, Scribe

DAY = "2026-11-23T"
NUMBER = "20159000000012"


def build(lie: str = "", **told: Any) -> dict[str, bytes]:
    """The folder's files, by their names in it; *lie* is a step of which *told* is said instead,
    `subject` among it."""
    book = Book()
    golden_tramite.authority(book)
    vu = Scribe(book, "VU1")
    vu.open(f"{DAY}08:00:00")
    own = vu.receive(f"{DAY}08:01:00", "una carta")
    vu.number(f"{DAY}08:02:00", own)
    lote = book.document(b'{"archivo":"orfeo.sql"}', "json")
    image = book.document(b"%PDF-1.4 de la bodega", "pdf")
    history = book.document(b'{"eventos":[]}', "json")

    def add(at: str, step: str, kind: str, data: dict[str, Any], **more: Any) -> str:
        changed = {**told} if step == lie else {}
        subject = str(changed.pop("subject", more.pop("subject", f"VU1.{vu.tail.seq + 1}")))
        vu.add(f"{DAY}{at}", kind, {**data, **changed}, subject, actor="luz", **more)
        return subject

    one = {"radicado": NUMBER, "origen": "orfeo", "clase": "E", "lote": lote}
    more = {"fecha": "2015-03-02T10:11:12.000-05:00", "recibido": "2015-03-02", "folios": 3,
            "tipo": "Derecho de petición", "dependencia": "900", "expediente": "2015900110000001E",
            "documentos": [["original", image]], "historia": history}  # fmt: skip
    first = add("09:00:00", "importado", "registro.importado", {**one, **more},
                ficha={"remitente": "Peña, José", "asunto": "Agua"})  # fmt: skip
    other = {**one, "radicado": "20159000000021", "clase": "S", "anulado": True}
    add("09:00:00", "segundo", "registro.importado", other, ficha={"asunto": "Respuesta"})
    add("09:10:00", "nota", "tramite.nota", {"radicado": NUMBER}, subject=first,
        ficha={"nota": "se buscó el papel"})  # fmt: skip
    add("09:20:00", "clasificado", "acceso.clasificado",
        {"radicado": NUMBER, "nivel": "clasificada", "fundamento": "18a"}, subject=first,
        ficha={"motivo": "datos de terceros"})  # fmt: skip
    if lie == "otro":
        kind = told.pop("tipo")
        add("09:30:00", "otro", kind, {"radicado": NUMBER}, subject=first)
    vu.note()
    return golden.finished(book, "AUT", "VU1")
