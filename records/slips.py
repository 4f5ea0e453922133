"""The planilla as a sheet that goes with the papers and comes back signed; and what its QR says.

A row for each paper, with room to sign in. Who hands a letter in without a name stays without one.
The sheet comes back through the scanner, which knows it by its QR.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from records.sheets import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.sheets import Sheet
    from records.state import State

PREFIX = "VENTANILLA 1P"
"""How the QR of a planilla begins; that of a record's paper begins otherwise (`records.paper`)."""
_ROOM = "\n\n"
"""Empty lines that leave a hand room to sign in."""
_COLUMNS = [
    Column("N.º", 0.45, right=True),
    Column("Radicado", 2.3),
    Column("Recibido", 1.7),
    Column("Remitente", 2.2),
    Column("Asunto", 3.2),
    Column("Folios", 0.7, right=True),
    Column("Anexos", 0.8, right=True),
    Column("Recibe: firma y hora", 2.6, hand=True),
    Column("Si no se recibe: causa", 2.2, hand=True),
]
_LONGEST = 84
"""Characters of a sender or a subject that a row shows."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a planilla's sheet says."""

    numero: str
    codigo: str
    area: str
    hora: str
    ronda: str
    mensajero: str
    entrega: str
    norma: str
    filas: Sequence[tuple[str, ...]]
    """Radicado, hour of reception, sender, subject, folios, anexos."""


def code_text(numero: str, codigo: str) -> str:
    """The text of a planilla's QR."""
    return f"{PREFIX} {numero} {codigo.upper()}"


def read_code(text: str) -> tuple[str, str] | None:
    """(number, code) of a planilla's QR; None for any other text."""
    found = re.fullmatch(rf"{PREFIX} ([A-Z0-9_-]+) ([0-9A-F]{{16}})", text)
    return (found[1], found[2].lower()) if found else None


def row_of(state: State, recibido: str, withheld: str | None = None) -> tuple[str, ...]:
    """A record's row; *recibido* is its hour of reception as people read it, *withheld* what
    stands in the place of sender and subject."""
    number, fields = state.numero, state.campos
    assert number is not None
    sender = str(fields.get("remitente") or fields.get("entidad") or "sin nombre")
    if sender in ("anónimo", "anonimo"):
        sender = "anónimo"
    return (
        number.radicado,
        recibido,
        withheld or _short(sender),
        withheld or _short(str(fields.get("asunto") or "sin asunto")),
        str(state.publicos.get("folios") or 1),
        str(number.anexos or 0),
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def fill(sheet: Sheet, slip: Slip) -> bytes:
    """The page of *slip* on an office's empty *sheet*, as PDF/A-2b."""
    pairs = [
        ("Planilla", slip.numero),
        ("Va a", slip.area),
        ("Sale", slip.hora),
        ("Ronda", slip.ronda),
        ("Mensajero", slip.mensajero),
        ("Entrega", slip.entrega),
        ("Documentos", str(len(slip.filas))),
    ]
    told = [f"{name}: {value}" for name, value in pairs if value]
    how = (
        "Firme cada línea que reciba; en la que no, escriba la causa. Devuelva todas las páginas "
        "a la ventanilla."
    )
    sheet.qr(code_text(slip.numero, slip.codigo), "\n".join([*told, "", how]))
    rows = ((str(n), *row, _ROOM, "") for n, row in enumerate(slip.filas, start=1))
    sheet.table(_COLUMNS, rows)
    sheet.signature("Quien recibe: nombre, cargo, firma y hora")
    sheet.paragraph(f"Norma: {slip.norma}.", small=True)
    return sheet.pdf()
