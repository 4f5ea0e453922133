"""Writes docs/format/planillas: papers handed over, received, refused, missed; a sheet lost.

    python -m tests.records.golden_rounds FOLDER

Keys, salts and hours follow the rules of `golden`; the code of a planilla is the first 16 hex of
SHA-256 of its number.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from records.lines import sha256
from records.tail import Broken
from tests.records import golden
from tests.records.golden import Book, Scribe
from tests.records.golden_stack import _authority

DAY = "2026-11-23T"


def build(lie: str = "", **told: Any) -> dict[str, bytes]:
    """The folder's files, by their names in it; of the first event of type *lie* *told* is said.

    Where no log may go on after it, the lie is the last line.
    """
    book = Book()
    _authority(book)
    with suppress(*([Broken] if lie else [])):
        Round(book, lie, told).tell()
    return golden.finished(book, "AUT", "VU1")


class Round:
    """VU1: three papers go by one planilla, two of them again by others."""

    def __init__(self, book: Book, lie: str, told: dict[str, Any]) -> None:
        self.vu = Scribe(book, "VU1")
        self.lie, self.told = lie, told
        self.numbers: dict[str, str] = {}

    def tell(self) -> None:
        vu = self.vu
        vu.open(f"{DAY}08:00:00")
        for n, text in enumerate(("uno", "dos", "tres")):
            at = f"{DAY}08:0{n + 1}:00"
            subject = vu.receive(at, f"carta {text}")
            self.numbers[vu.number(at, subject, dependencia="120")] = subject
        one, two, three = self.numbers
        at, first = f"{DAY}09:00:00", self.make(f"{DAY}09:00:00", [one, two, three])
        for n, radicado in enumerate((one, two, three), start=1):
            self.move(at, radicado, "mensajero", planilla=first, linea=n)
        at = f"{DAY}10:00:00"
        lines = [[1, "recibido"], [2, "rechazado"], [3, "faltante"]]
        said = {"planilla": first, "lineas": lines, "modo": "hoja"}
        ficha = {"causas": {"2": "no es de esta dependencia"}, "recibe": "Luis Peña"}
        self.add(at, "planilla.recibida", said, ficha)
        for n, (radicado, lugar, what) in enumerate(
            ((one, "area", "recibido"), (two, "ventanilla", "rechazado"),
             (three, "mensajero", "faltante")), start=1,
        ):  # fmt: skip
            self.move(at, radicado, lugar, planilla=first, linea=n, resultado=what)
        at = f"{DAY}10:30:00"
        scan = vu.receive(at, "hoja firmada")
        back = {"planilla": first, "recepcion": scan, "sha256": sha256(b"hoja firmada")}
        self.add(at, "planilla.devuelta", back, actor="sistema")
        gone = {"recepcion": scan, "motivo": "planilla", "de": first}
        vu.add(at, "recepcion.descartada", gone, scan, actor="sistema")
        at, second = f"{DAY}11:00:00", self.make(f"{DAY}11:00:00", [three, two], ronda="tarde")
        for n, radicado in enumerate((three, two), start=1):
            self.move(at, radicado, "mensajero", planilla=second, linea=n)
        self.add(f"{DAY}11:10:00", "planilla.reimpresa", {"planilla": second, "copia": 1})
        at = f"{DAY}15:00:00"
        self.add(at, "planilla.perdida", {"planilla": second}, {"motivo": "se mojó en la ronda"})
        for n, radicado in enumerate((three, two), start=1):
            self.move(at, radicado, "ventanilla", planilla=second, linea=n, resultado="perdida")
        vu.add(
            f"{DAY}16:00:00",
            "papel.movido",
            {"radicado": one, "lugar": "archivo"},
            self.numbers[one],
            ficha={"nota": "caja 4"},
        )
        vu.anchor("2026-11-24T08:00:00")
        at = "2026-11-24T08:01:00"
        third = self.make(at, [three])
        self.move(at, three, "mensajero", planilla=third, linea=1)
        vu.note()

    def make(self, at: str, radicados: list[str], **ficha: str) -> str:
        end = self.vu.tail.planillas.get(2026)
        n = end.n + 1 if end else 1
        numero = f"2026-VU1-PL-{n:06d}"
        data = {
            "planilla": numero,
            "vigencia": 2026,
            "n": n,
            "anterior": end.seq if end else None,
            "dependencia": "120",
            "lineas": radicados,
            "codigo": sha256(numero.encode())[:16],
            "documento": self.vu.book.document(f"%PDF-1.7 {numero}".encode(), "pdf"),
            "mensajero": "ana",
        }
        self.add(at, "planilla.creada", data, ficha or None)
        return numero

    def add(
        self,
        at: str,
        kind: str,
        data: dict[str, Any],
        ficha: dict[str, Any] | None = None,
        actor: str = "ana",
    ) -> None:
        subject = f"planilla.{data['planilla']}"
        self.vu.add(at, kind, self._said(kind, data), subject, ficha=ficha, actor=actor)

    def move(self, at: str, radicado: str, lugar: str, **more: Any) -> None:
        data = {"radicado": radicado, "lugar": lugar, "dependencia": "120", **more}
        data["lote"] = f"{at}.000-05:00"
        said = self._said("papel.movido", data)
        self.vu.add(at, "papel.movido", said, self.numbers[radicado])

    def _said(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        if kind != self.lie:
            return data
        self.lie = ""
        return data | self.told


if __name__ == "__main__":
    golden.write(build(), Path(sys.argv[1]))
