"""Many petitions alike, answered by one letter that is published (CPACA, art. 22). Pure rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import senders
from records.addressees import Addressee
from records.petition import refused
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.answer import Presented
    from records.state import State

TOGETHER = "Ley 1437 de 2011 (CPACA), art. 22"
MORE_THAN = 10
"""So many persons, and one more, must have asked alike."""
KINDS = ("documentos", "peticion", "consulta")
"""Information, general interest, consulta: the kinds of which the norm speaks."""


def check(states: Sequence[State], kinds: Sequence[str]) -> None:
    """Whether one published answer may do for these records, each of its kind.

    Raises:
        Refused: too few persons wrote them, or one is of a kind that is answered by itself.
    """
    for state, kind in zip(states, kinds, strict=True):
        if kind not in KINDS:
            raise refused(
                "no_analoga",
                f"{state.radicado} ({kind}) se responde a quien la presentó.",
                TOGETHER,
                f"Una respuesta publicada sirve para: {', '.join(KINDS)}.",
            )
    persons = {_writer(state) for state in states}
    if len(persons) <= MORE_THAN:
        raise refused(
            "pocas_analogas",
            f"Son peticiones de {len(persons)} personas: una sola respuesta publicada sirve para "
            f"más de {MORE_THAN}.",
            TOGETHER,
            "Responda a cada una; un mismo oficio puede ir a varios destinatarios.",
        )


def _writer(state: State) -> str:
    """Who wrote a record, as told from others; who gave no name is a person of their own."""
    said = state.campos
    name = plain(str(said.get("remitente") or said.get("entidad") or "")).strip()
    nameless = name in ("", "anonimo", "ilegible")
    return next(iter(senders.keys_of(said)), state.subject if nameless else name)


def everybody(count: int) -> Addressee:
    """The one addressee of a published answer to so many records."""
    return Addressee(nombre=f"Peticionarios de {count} radicados", medio="aviso")


def for_everybody(letter: Presented) -> bool:
    """Whether a letter is such an answer: to many, and to nobody but by notice."""
    return len(letter.a) > MORE_THAN and [one.medio for one in letter.destinatarios] == ["aviso"]
