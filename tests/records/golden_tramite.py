"""Writes docs/format/tramite: letters on their way through the office, every type of it.

    python -m tests.records.golden_tramite FOLDER

Keys, salts and hours follow the rules of `golden`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.records import golden
from tests.records.golden import Book, Scribe, fingerprint, public

DAY = "2026-11-23T"


def build(lie: str = "", **told: str) -> dict[str, bytes]:
    """The folder's files, by their names in it; *lie* is a step of which *told* is said instead."""
    book = Book()
    authority(book)
    _punto(book, lie, told)
    return golden.finished(book, "AUT", "VU1")


def authority(book: Book) -> Scribe:
    """Two áreas with their heads, and a clerk of the first."""
    aut = Scribe(book, "AUT")
    aut.open("2026-11-22T10:00:00")
    for n, punto in enumerate(("AUT", "VU1")):
        data = {"punto": punto, "clave": public(punto), "certificado": fingerprint(punto)}
        aut.add(f"2026-11-22T10:00:0{n + 1}", "punto.alta", data, f"punto.{punto}")
    ca = {"catalogo": "ca", "sha256": fingerprint("ca")}
    aut.add("2026-11-22T10:01:00", "catalogo.publicado", ca, "catalogo.ca")
    for n, (code, head) in enumerate((("120", "luz"), ("130", "joel"))):
        person: dict[str, Any] = {"persona": head, "roles": ["jefe_area"]}
        aut.add(f"2026-11-22T10:02:0{n}", "persona.alta", person, f"persona.{head}", ficha={})
        area = {"codigo": code, "nombre": f"Área {code}", "jefe": head}
        aut.add(f"2026-11-22T10:03:0{n}", "area.alta", area, f"area.{code}")
    ana = {"persona": "ana", "roles": ["ventanilla"], "dependencia": "120"}
    aut.add("2026-11-22T10:04:00", "persona.alta", ana, "persona.ana", ficha={"nombre": "Ana"})
    why = {"motivo": "vacaciones", "acto": "Resolución 8 de 2026"}
    week = {"persona": "ana", "desde": "2026-11-24", "hasta": "2026-11-27", "reemplaza": "luz"}
    aut.add("2026-11-22T10:05:00", "ausencia", week, "persona.ana", ficha=why)
    day = {"persona": "luz", "desde": "2026-12-01", "hasta": "2026-12-01"}
    aut.add("2026-11-22T10:05:01", "ausencia", day, "persona.luz", ficha={"motivo": "permiso"})
    none = {"persona": "luz", "desde": "2026-12-01"}
    aut.add("2026-11-22T10:05:02", "ausencia", none, "persona.luz")
    return aut


def _punto(book: Book, lie: str, told_instead: dict[str, str]) -> None:
    """One letter is given back, reviewed, put off; another goes to two áreas and is filed."""
    vu = Scribe(book, "VU1")
    vu.open(f"{DAY}08:00:00")
    first = vu.receive(f"{DAY}08:01:00", "una petición")
    one = vu.number(f"{DAY}08:02:00", first)
    second = vu.receive(f"{DAY}08:03:00", "una felicitación")
    two = vu.number(f"{DAY}08:04:00", second)

    def act(at: str, kind: str, subject: str, actor: str = "luz", **more: Any) -> str:
        radicado = one if subject == first else two
        ficha = more.pop("ficha", None)
        data = {"radicado": radicado, **more, **(told_instead if kind == lie else {})}
        line = vu.add(f"{DAY}{at}", f"tramite.{kind}", data, subject, actor=actor, ficha=ficha)
        return line.hash

    act("09:00:00", "asignado", first, "ana", dependencia="130", ficha={"nota": "urgente"})
    act("09:10:00", "devuelto", first, "joel", de="130", ficha={"motivo": "no es de hacienda"})
    act("09:20:00", "asignado", first, "ana", dependencia="120", responsable="ana")
    act("09:30:00", "conocido", first, dependencia="120")
    asked = act("09:35:00", "vobo_pedido", first, persona="luz")
    asked = act("09:40:00", "vobo_pedido", first, persona="joel", en_vez=asked,
                ficha={"motivo": "luz se retira"})  # fmt: skip
    act("09:50:00", "vobo_dado", first, "joel", pedido=asked, conforme=False,
        ficha={"nota": "falta la firma"})  # fmt: skip
    act("10:00:00", "agendado", first, hasta="2026-11-27")
    act("10:05:00", "plazo", first, vence="2026-11-25T10:00:00-05:00",
        ficha={"fuente": "auto admisorio"})  # fmt: skip
    act("10:10:00", "nota", first, ficha={"nota": "llamó a preguntar"})
    lot = {"lote": "0123456789abcdef"}
    act("11:00:00", "asignado", second, "ana", dependencia="120", conjuntas=["130"], **lot)
    told = act("11:10:00", "informado", second, "ana", dependencia="130", **lot)
    act("11:20:00", "enterado", second, "joel", informe=told)
    told = act("11:30:00", "informado", second, "ana", persona="luz")
    act("11:35:00", "informado", second, persona="ana", en_vez=told, **lot)
    act("11:40:00", "archivado", second, ficha={"motivo": "no pide nada"})
    vu.note()


if __name__ == "__main__":
    golden.write(build(), Path(sys.argv[1]))
