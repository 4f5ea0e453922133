"""Writes docs/format/peticion: the legal life of petitions, every type of it.

    python -m tests.records.golden_petition FOLDER

Keys, salts and hours follow the rules of `golden`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.records import golden, golden_tramite
from tests.records.golden import Book, Scribe

DAY = "2026-11-23T"


def build(lie: str = "", **told: Any) -> dict[str, bytes]:
    """The folder's files, by their names in it; *lie* is a type, the first of which says *told*
    besides."""
    book = Book()
    golden_tramite.authority(book)
    _punto(book, lie, told)
    return golden.finished(book, "AUT", "VU1")


def _punto(book: Book, lie: str, told_instead: dict[str, Any]) -> None:
    """A petition goes first, who wrote it is not shown, its date moves with the calendar; another
    adds to it and is decided with it; who asked for longer gets it; who wrote is told."""
    vu = Scribe(book, "VU1")
    vu.open(f"{DAY}08:00:00")
    subjects, numbers = [], []
    for n, text in enumerate(("una petición", "su alcance", "pide más tiempo")):
        subjects.append(vu.receive(f"{DAY}08:0{n}:10", text))
        numbers.append(vu.number(f"{DAY}08:0{n}:20", subjects[-1]))
    instead = {lie: told_instead}

    def act(at: str, kind: str, which: int, ficha: Any = None, **data: Any) -> None:
        said = {"radicado": numbers[which], **data, **instead.pop(kind, {})}
        vu.add(f"{DAY}{at}", kind, said, subjects[which], actor="luz", ficha=ficha)

    hour = f"{DAY}08:30:00.000-05:00"
    act("08:30:00", "tramite.acuse", 0, {"correo": "ana@ejemplo.co"}, de="recibo",
        medio="correo_electronico", enviado=hour)  # fmt: skip
    ground = {"causal": "vida_salud", "motivo": "espera una cirugía"}
    act("08:40:00", "tramite.priorizado", 0, ground)
    act("08:41:00", "tramite.priorizado", 1, {"causal": "infancia", "motivo": "lo dice la carta"})
    act("08:42:00", "tramite.priorizado", 1, {"motivo": "no es así"}, quita=True)
    act("08:50:00", "acceso.identidad", 0, {"motivo": "denuncia a su jefe"})
    act("08:51:00", "acceso.identidad", 1, {"motivo": "denuncia a su jefe"})
    act("08:52:00", "acceso.identidad", 1, {"motivo": "ella lo pidió"}, protegida=False)
    act("09:00:00", "tramite.vinculado", 1, con=numbers[0], como="alcance")
    act("09:00:00", "tramite.vinculado", 0, con=numbers[1], como="alcance", viene=True)
    act("09:10:00", "tramite.acumulado", 1, {"motivo": "el mismo asunto"}, en=numbers[0])
    act("09:20:00", "tramite.ampliado", 0, con=numbers[2], hasta="2027-01-25")
    act("09:30:00", "tramite.recalculado", 0, {"motivo": "Decreto 50 de 2026: día cívico"},
        vence="2026-12-16T23:59:59-05:00", vence_legal="2026-12-17T23:59:59-05:00")  # fmt: skip
    vu.note()


if __name__ == "__main__":
    golden.write(build(), Path(sys.argv[1]))
