"""A letter of the office's own as people and scripts see it, and what its stamp says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import lines
from records.answer import INTERNAL

if TYPE_CHECKING:
    from records.people import Authority
    from records.state import State


class AddresseeView(msgspec.Struct, frozen=True):
    """An addressee of a letter."""

    medio: str
    copia: bool = False
    nombre: str = ""
    entidad: str = ""
    direccion: str = ""
    municipio: str = ""
    correo: str = ""
    telefono: str = ""


class LetterView(msgspec.Struct, frozen=True):
    """A letter: what it is, what it answers, who signs and who signed it."""

    carta: str
    estado: str
    tipo: str
    clase: str
    asunto: str
    responde_a: list[str]
    parcial: bool
    dependencia: str
    presento: str
    firmante: str
    firmo: str | None
    cargo: str
    en_papel: bool
    revisan: list[str]
    conformes: list[str]
    reparos: bool
    destinatarios: list[AddresseeView]
    documento: str | None
    """SHA-256 of the PDF/A that is, or was, signed."""


def letter_view(state: State) -> LetterView:
    """What a letter's subject shows."""
    letter = state.carta
    made = letter.presentada
    assert made is not None
    said = letter.datos.get("destinatarios") or [{}] * len(made.destinatarios)
    whom = [
        msgspec.convert({**msgspec.to_builtins(one), **who}, AddresseeView)
        for one, who in zip(made.destinatarios, said, strict=False)
    ]
    return LetterView(
        state.subject, state.estado, made.tipo, made.clase, str(letter.datos.get("asunto", "")),
        made.a, made.parcial, made.dependencia, letter.presento, made.firmante, letter.firmo,
        letter.cargo, letter.en_papel, made.revisan, letter.conformes, letter.reparos, whom,
        made.documento,
    )  # fmt: skip


def letter_lines(state: State, authority: Authority) -> tuple[str, ...]:
    """What the stamp of a letter says below its number: when, who signed, what it answers."""
    letter = state.carta
    made = letter.presentada
    assert made is not None and state.fecha is not None
    person = authority.personas.get(letter.firmo or "")
    name = person.nombre if person else letter.firmo or ""
    how = "Firmado en papel por" if letter.en_papel else "Firma electrónica de"
    where = "Para" if made.clase == INTERNAL else "Responde a"
    said = ", ".join(made.dependencias if made.clase == INTERNAL else made.a)
    return (
        f"Radicado {lines.read_hour(state.fecha)}",
        f"{how} {name}",
        *([letter.cargo] if letter.cargo else []),
        f"Folios {made.folios} · Anexos {made.anexos}",
        f"{where} {said}" if said else f"Dependencia {made.dependencia}",
    )
