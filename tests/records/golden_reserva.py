"""Writes docs/format/reserva: a letter that is reserved, read, published in part and opened again.

    python -m tests.records.golden_reserva FOLDER

Keys, salts and hours follow the rules of `golden`.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.records import golden, golden_tramite
from tests.records.golden import Book, Scribe

DAY = "2026-11-23T"


def build(lie: str = "", **told: Any) -> dict[str, bytes]:
    """The folder's files, by their names in it; *lie* is a step of which *told* is said instead."""
    book = Book()
    golden_tramite.authority(book)
    vu = Scribe(book, "VU1")
    vu.open(f"{DAY}08:00:00")
    letter = vu.receive(f"{DAY}08:01:00", "una denuncia")
    radicado = vu.number(f"{DAY}08:02:00", letter)

    def act(at: str, kind: str, actor: str = "luz", **more: Any) -> None:
        ficha = more.pop("ficha", None)
        data = {"radicado": radicado, **more, **(told if kind == lie else {})}
        vu.add(f"{DAY}{at}", f"acceso.{kind}", data, letter, actor=actor, ficha=ficha)

    act("09:00:00", "clasificado", nivel="reservada", fundamento="19d", hasta="2031-11-22",
        norma="Ley 906 de 2004, art. 212B",
        ficha={"motivo": "indagación en curso", "acto": "Auto 12"})  # fmt: skip
    act("09:10:00", "permitido", persona="joel", hasta="2026-12-31")
    act("09:20:00", "consultado", "joel", via="ver")
    version = book.document(b"%PDF-1.7 la parte que se puede ver", "pdf")
    original = sha256(b"una denuncia").hexdigest()
    act("09:30:00", "version_publica", sha256=version, original=original)
    act("09:40:00", "retirado", persona="joel")
    act("10:00:00", "clasificado", nivel="clasificada", fundamento="18a",
        ficha={"motivo": "datos de terceros"})  # fmt: skip
    act("11:00:00", "clasificado", nivel="publica", ficha={"motivo": "lo pidió su titular"})
    vu.note()
    return golden.finished(book, "AUT", "VU1")


if __name__ == "__main__":
    golden.write(build(), Path(sys.argv[1]))
