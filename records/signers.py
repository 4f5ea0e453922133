"""Who may sign what the office writes: Acuerdo 060 de 2001, art. 4. Pure.

The entity's manual says which posts sign which letters, for inside and for outside, from when to
when; each row is a fact of the authority's log. A stand-in by an act signs by the post that they
stand in for. While an entity has no row at all, the head of an área signs what the área writes.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from records import norms
from records.answer import INTERNAL
from records.errors import Refused
from records.words import plain

if TYPE_CHECKING:
    from records.events import SigningGranted
    from records.people import Authority

SIGNERS = "Acuerdo 060 de 2001 (AGN), art. 4"
ANY = "*"
BOTH = "ambas"


class Power(msgspec.Struct, frozen=True):
    """By what a person signs: the post, and the row of the table (None: there is no table)."""

    persona: str
    cargo: str
    acto: str | None


def scope(clase: str) -> str:
    """Whether letters of a class stay inside."""
    return "interna" if clase == INTERNAL else "externa"


class Asked(msgspec.Struct, frozen=True):
    """A letter, as far as it matters for who signs it."""

    clase: str
    tipo: str
    dependencia: str
    """The área that writes it."""
    dia: date


def power(authority: Authority, person: str, asked: Asked, firmante: str) -> Power:
    """By what *person* signs a letter: the post of *firmante*, where they are that person or stand
    in for them, else any post of theirs.

    Raises:
        Refused: no post that they hold, or stand in for, signs such letters.
    """
    for one in sorted(authority.acts_for(person), key=lambda p: (p != firmante, p != person)):
        known = authority.personas.get(one)
        if known is None:
            continue
        if not authority.firmas:
            if _heads(authority, one, asked):
                return Power(one, known.cargo, None)
            continue
        row = row_for(authority, known.cargo, asked)
        if row is not None:
            return Power(one, known.cargo, row.acto)
    raise refusal(authority, person, asked)


def _heads(authority: Authority, person: str, asked: Asked) -> bool:
    area = authority.areas.get(asked.dependencia)
    return area is not None and area.jefe == person


def row_for(authority: Authority, cargo: str, asked: Asked) -> SigningGranted | None:
    """The row in force by which a post signs such letters."""
    post, day = plain(cargo), asked.dia.isoformat()
    for kind in (asked.tipo, ANY):
        for where in (scope(asked.clase), BOTH):
            row = authority.firmas.get((post, kind, where))
            if row is not None and row.desde <= day <= (row.hasta or day):
                return row
    return None


def refusal(authority: Authority, person: str, asked: Asked) -> Refused:
    """Why a person may not sign, and who may."""
    known = authority.personas[person]
    who = sorted(
        p.nombre
        for p in authority.personas.values()
        if p.id != person
        and (
            row_for(authority, p.cargo, asked) is not None
            if authority.firmas
            else _heads(authority, p.id, asked)
        )
    )
    able = f"Puede firmarla: {', '.join(who[:5])}." if who else "Hoy nadie puede firmarla."
    post = f", {known.cargo}," if known.cargo else ""
    return Refused(
        "firma_no_autorizada",
        f"{known.nombre}{post} no firma comunicaciones de tipo «{asked.tipo}» "
        f"({scope(asked.clase)}).",
        consejo=f"{able} La tabla de firmas se ve con «firmas lista» y la cambia el administrador "
        "con «firmas autorizar».",
        norma=norms.cite(SIGNERS, asked.dia),
    )
