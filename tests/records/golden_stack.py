"""Writes docs/format/pila: a stack that was parted, an image and an acuse that were filed.

    python -m tests.records.golden_stack FOLDER

Keys, salts and hours follow the rules of `golden`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from records.lines import sha256
from tests.records import golden
from tests.records.golden import Book, Scribe, fingerprint, public

DAY = "2026-11-23T"


def build() -> dict[str, bytes]:
    """The folder's files, by their names in it."""
    book = Book()
    _authority(book)
    _punto(book)
    return golden.finished(book, "AUT", "VU1")


def _authority(book: Book) -> None:
    aut = Scribe(book, "AUT")
    aut.open("2026-11-22T10:00:00")
    for n, punto in enumerate(("AUT", "VU1")):
        data = {"punto": punto, "clave": public(punto), "certificado": fingerprint(punto)}
        aut.add(f"2026-11-22T10:00:0{n + 1}", "punto.alta", data, f"punto.{punto}")
    ca = {"catalogo": "ca", "sha256": fingerprint("ca")}
    aut.add("2026-11-22T10:01:00", "catalogo.publicado", ca, "catalogo.ca")
    ana = {"persona": "ana", "roles": ["ventanilla"]}
    ficha = {"nombre": "Ana", "cargo": "Técnica"}
    aut.add("2026-11-22T10:02:00", "persona.alta", ana, "persona.ana", ficha=ficha)


def _punto(book: Book) -> None:
    """Two papers labelled at the counter and a letter are scanned in one go; a copy comes back."""
    vu = Scribe(book, "VU1")
    vu.open(f"{DAY}08:00:00")
    desk = vu.receive(f"{DAY}08:01:00", None, carril="mostrador")
    number = vu.number(f"{DAY}08:01:00", desk)
    stack = vu.receive(f"{DAY}08:10:00", "hoja, papel, hoja, carta de dos hojas")
    hour = f"{DAY}08:10:00.000-05:00"
    claim, whose = f"VU1-{stack.rpartition('.')[2]}", f"de la pila carta.txt ({stack})"
    paper, letter = "papel del mostrador", "carta de dos hojas"
    first, second = f"Parte 1 de 2 {whose}, página 2.", f"Parte 2 de 2 {whose}, páginas 4-5."
    at = f"{DAY}08:11:00"
    scan = vu.receive(at, paper, pila=first, reclamo=f"{claim}/2", recibido=hour)
    other = vu.receive(at, letter, pila=second, reclamo=f"{claim}/4-5", recibido=hour)
    note = {"nota": "Pila dividida en 2 documento(s): páginas 2, 4-5."}
    gone = {"recepcion": stack, "motivo": "dividida"}
    vu.add(at, "recepcion.descartada", gone, stack, ficha=note, actor="sistema")
    _file(vu, f"{DAY}08:12:00", desk, number, scan, paper)
    vu.seal(f"{DAY}08:12:01", desk, number, paper)
    vu.seal(f"{DAY}08:21:00", other, vu.number(f"{DAY}08:20:00", other), letter)
    back = vu.receive(f"{DAY}09:00:00", "copia firmada")
    reading = sha256(b"lectura de la copia firmada")
    _file(vu, f"{DAY}09:01:00", desk, number, back, "copia firmada", rol="acuse", lectura=reading)
    vu.note()


def _file(vu: Scribe, at: str, record: str, number: str, scan: str, text: str, **more: str) -> None:
    digest = sha256(text.encode())
    data = {"radicado": number, "recepcion": scan, "sha256": digest, **more}
    vu.add(at, "imagen.incorporada", data, record, actor="sistema")


if __name__ == "__main__":
    golden.write(build(), Path(sys.argv[1]))
