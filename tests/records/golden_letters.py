"""Writes docs/format/cartas: what the office writes, signed by key and on paper, and taken back.

    python -m tests.records.golden_letters FOLDER

Keys, salts and hours follow the rules of `golden`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.records import golden
from tests.records.golden import Book, Scribe, fingerprint, public

DAY = "2026-11-23T"
WHOM = [{"nombre": "Peña Ñáñez, José", "direccion": "Calle 5 # 4-3"}, {"entidad": "Personería"}]
TWO = [{"medio": "certificado"}, {"medio": "personal", "copia": True}]


def build(lie: str = "", **told: Any) -> dict[str, bytes]:
    """The folder's files, by their names in it; *lie* is a type, the first of which says *told*
    besides (None takes a field out)."""
    book = Book()
    _authority(book)
    _Desk(book, lie, told).write()
    return golden.finished(book, "AUT", "VU1")


def _authority(book: Book) -> None:
    aut = Scribe(book, "AUT")
    aut.open("2026-11-22T10:00:00")
    for n, punto in enumerate(("AUT", "VU1")):
        data = {"punto": punto, "clave": public(punto), "certificado": fingerprint(punto)}
        aut.add(f"2026-11-22T10:00:0{n + 1}", "punto.alta", data, f"punto.{punto}")
    ca = {"catalogo": "ca", "sha256": fingerprint("ca")}
    aut.add("2026-11-22T10:01:00", "catalogo.publicado", ca, "catalogo.ca")
    luz = {"persona": "luz", "roles": ["jefe_area"], "clave": public("luz")}
    aut.add("2026-11-22T10:02:00", "persona.alta", luz, "persona.luz", ficha={"cargo": "Jefe"})
    area = {"codigo": "120", "nombre": "Área 120", "jefe": "luz"}
    aut.add("2026-11-22T10:03:00", "area.alta", area, "area.120")
    row = {"cargo": "Jefe", "tipo": "*", "ambito": "ambas", "desde": "2026-01-01", "acto": "Manual"}
    aut.add("2026-11-22T10:04:00", "firma.autorizada", row, "firmas")


class _Desk:
    """Writes the punto's log."""

    def __init__(self, book: Book, lie: str, told: dict[str, Any]) -> None:
        self.vu, self.book, self.lie, self.told = Scribe(book, "VU1"), book, lie, told

    def add(self, at: str, kind: str, data: dict[str, Any], subject: str, **more: Any) -> str:
        if kind == self.lie:
            self.lie = ""
            data = {k: v for k, v in {**data, **self.told}.items() if v is not None}
        return self.vu.add(f"{DAY}{at}", kind, data, subject, **more).hash

    def present(self, at: str, text: str | None, subject: str = "", **more: Any) -> tuple[str, str]:
        """Present a letter; gives its subject and the line."""
        subject = subject or f"VU1.{self.vu.tail.seq + 1}"
        data = {"clase": "S", "tipo": "respuesta", "firmante": "luz", "dependencia": "120",
                "destinatarios": TWO, **more}  # fmt: skip
        if text is not None:
            data |= {
                "sha256": self.book.document(text.encode(), "txt"),
                "documento": self.book.document(f"%PDF-1.7 {text}".encode(), "pdf"),
                "formato": "txt",
                "paginas": 1,
                "hueco": [3000, 300, 5800, 1100],
            }
        ficha = {"asunto": "Respuesta", "destinatarios": WHOM}
        return subject, self.add(at, "respuesta.presentada", data, subject, ficha=ficha)

    def number(self, at: str, subject: str, aprobacion: str, **more: Any) -> str:
        clase = more.pop("clase", "S")
        end = self.vu.tail.series.get((clase, 2026))
        n = end.n + 1 if end else 1
        radicado = f"2026-VU1-{clase}-{n:06d}"
        data = {"radicado": radicado, "clase": clase, "vigencia": 2026, "n": n,
                "anterior": end.seq if end else None, "aprobacion": aprobacion,
                "dependencia": "120", **more}  # fmt: skip
        self.add(at, "radicado.asignado", data, subject)
        return radicado

    def about(self, at: str, subject: str, radicado: str, letter: str, step: str, **m: Any) -> None:
        data = {"radicado": radicado, "respuesta": letter, "paso": step, **m}
        self.add(at, "tramite.respuesta", data, subject)

    def write(self) -> None:
        """A petition answered by key after a correction, in part on paper; a memorandum; one taken
        back."""
        self.vu.open(f"{DAY}08:00:00")
        one = self.vu.receive(f"{DAY}08:01:00", "una petición")
        asked = self.vu.number(f"{DAY}08:02:00", one)
        letter, first = self.present("09:00:00", "respuesta", a=[asked], revisan=["ana"])
        self.about("09:00:00", one, asked, letter, "presentada")
        said = {"version": first, "conforme": False}
        self.add("09:10:00", "respuesta.revisada", said, letter, ficha={"reparos": "falta firma"})
        _, again = self.present("09:20:00", "respuesta corregida", letter, a=[asked])
        self.add("09:30:00", "respuesta.revisada", {"version": again, "conforme": True}, letter)
        self._approved(one, asked, letter, again)
        self._sent(one, asked, letter)
        paper, shown = self.present("10:00:00", None, a=[asked], parcial=True)
        seen = {"version": shown, "firmante": "luz", "cargo": "Jefe"}
        ink = self.add("10:00:00", "respuesta.firmada", seen, paper)
        out = self.number("10:00:00", paper, ink)
        self.about("10:00:00", one, asked, paper, "aprobada", salida=out, parcial=True)
        inside = {"clase": "I", "tipo": "memorando", "dependencias": ["120"]}
        memo, third = self.present("10:30:00", None, **inside, destinatarios=[{"medio": "interno"}])
        seen = {"version": third, "firmante": "luz", "cargo": "Jefe"}
        ink = self.add("10:30:00", "respuesta.firmada", seen, memo)
        self.number("10:30:00", memo, ink, clase="I")
        gone, last = self.present("11:00:00", "otra", a=[asked])
        self.about("11:00:00", one, asked, gone, "presentada")
        why = {"motivo": "ya no hace falta"}
        self.add("11:10:00", "respuesta.retirada", {"version": last}, gone, ficha=why)
        self.about("11:10:00", one, asked, gone, "retirada")
        self._life()
        self.vu.note()

    def _approved(self, one: str, asked: str, letter: str, version: str) -> None:
        pdf = self.book.document(b"%PDF-1.7 respuesta corregida", "pdf")
        signed = {"version": version, "sha256": pdf, "cargo": "Jefe"}
        line = self.add("09:40:00", "respuesta.aprobada", signed, letter, actor="luz", signs="luz",
                        act_at=f"{DAY}09:39:00.000-05:00")  # fmt: skip
        given = self.book.document(b"respuesta corregida", "txt")
        out = self.number("09:40:00", letter, line, imagen=given)
        self.about("09:40:00", one, asked, letter, "aprobada", salida=out)
        self.vu.seal(f"{DAY}09:41:00", letter, out, "respuesta corregida")

    def _sent(self, one: str, asked: str, letter: str) -> None:
        """To the addressee it comes back and goes again; the copy is given up, then notified."""
        out, hour = "2026-VU1-S-000001", f"{DAY}09:5{{}}:00.000-05:00"
        proof = self.book.document(b"%PDF-1.7 prueba de entrega", "pdf")
        first = {"radicado": out, "destinatario": 1, "intento": 1}
        told = {"salida": out}
        sent = {"medio": "certificado", "guia": "RA1", "enviado": hour.format(0)}
        to = {"direccion": "Calle 5 # 4-3"}
        self.add("09:50:00", "envio.registrado", {**first, **sent, "operador": "4-72"}, letter,
                 ficha=to)  # fmt: skip
        self.about("09:50:00", one, asked, letter, "enviada", **told, enviada=hour.format(0))
        back = {**first, "causa": "no_reside", "fecha": "2026-11-23"}
        self.add("09:51:00", "envio.devuelto", back, letter)
        self.about("09:51:00", one, asked, letter, "devuelta", **told)
        again = {**first, **sent, "intento": 2, "guia": "RA2", "enviado": hour.format(2)}
        to = {"direccion": "Carrera 8 # 1-1"}
        self.add("09:52:00", "envio.registrado", again, letter, ficha=to)
        self.about("09:52:00", one, asked, letter, "enviada", **told, enviada=hour.format(2))
        taken = {**first, "intento": 2, "fecha": hour.format(3), "prueba": proof}
        self.add("09:53:00", "envio.entregado", taken, letter, ficha={"recibe": "Ana Peña"})
        copy = {"radicado": out, "destinatario": 2}
        why = {"motivo": "no hay a dónde"}
        self.add("09:54:00", "envio.cerrado", copy, letter, ficha=why)
        notice = {**copy, "forma": "aviso", "fecha": hour.format(5), "prueba": proof}
        self.add("09:55:00", "envio.notificado", notice, letter)

    def _life(self) -> None:
        """Another petition is to be completed, is, and is given up."""
        two = self.vu.receive(f"{DAY}11:20:00", "otra petición")
        asked = self.vu.number(f"{DAY}11:21:00", two)
        more = self.vu.receive(f"{DAY}11:22:00", "lo que faltaba")
        brought = self.vu.number(f"{DAY}11:23:00", more)
        effect = {"parcial": True, "efecto": "requerimiento"}
        letter, shown = self.present("11:30:00", None, a=[asked], tipo="requerimiento", **effect,
                                     destinatarios=[{"medio": "personal"}])  # fmt: skip
        seen = {"version": shown, "firmante": "luz", "cargo": "Jefe"}
        ink = self.add("11:30:00", "respuesta.firmada", seen, letter)
        told = {"salida": self.number("11:30:00", letter, ink), **effect}
        self.about("11:30:00", two, asked, letter, "aprobada", **told)
        left = f"{DAY}11:31:00.000-05:00"
        sent = {"radicado": told["salida"], "destinatario": 1, "intento": 1, "medio": "personal"}
        self.add("11:31:00", "envio.registrado", {**sent, "enviado": left}, letter, ficha={})
        self.about("11:31:00", two, asked, letter, "enviada", **told, enviada=left)
        again = {"radicado": asked, "con": brought, "vence": "2026-12-15T23:59:59-05:00"}
        self.add("11:40:00", "tramite.completado", again, two)
        filed = {"radicado": brought, "causa": "complemento"}
        self.add("11:40:00", "tramite.archivado", filed, more)
        ended = {"radicado": asked, "con": brought}
        why = {"motivo": "ya no lo necesita"}
        self.add("11:50:00", "tramite.desistido", ended, two, ficha=why)


if __name__ == "__main__":
    golden.write(build(), Path(sys.argv[1]))
