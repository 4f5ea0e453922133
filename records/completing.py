"""What may come next at the cursor of a query: names of fields, values of those with a list. Pure.

The caller gives the lists (áreas, kinds, channels, sedes, persons); nothing is looked up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from records.grammar import DUE_TODAY, IN_TIME, LATE, OVERDUE
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FIELDS = {
    "área": "dependencia que lo tiene",
    "estado": "en qué va",
    "vence": "cuándo vence",
    "remitente": "quién escribe",
    "asunto": "de qué trata",
    "tipo": "clase de petición",
    "canal": "por dónde llegó",
    "responsable": "quién lo tiene",
    "radicado": "número, o cómo empieza",
    "desde": "desde un día: 2026-01-31",
    "hasta": "hasta un día: 2026-01-31",
    "año": "de un año",
    "respondido": "cuándo salió la respuesta: 2026-01, o si salió tarde",
    "sin": "lo que le falta",
    "oficio": "número de oficio u otro campo",
    "texto": "palabras de la carta",
    "expediente": "de un expediente",
    "serie": "de una serie de la TRD",
    "clase": "E, S o I",
    "sede": "ventanilla que lo radicó",
    "papel": "dónde está el papel",
    "vinculo": "unido a un radicado",
    "origen": "sistema del que se importó",
}
"""Every field as a person writes it, and what it is."""
STATES = {
    "pendiente": "sin terminar",
    "vencido": "sin terminar y vencido",
    "radicado": "por repartir",
    "asignado": "en su dependencia",
    "en_tramite": "alguien lo empezó",
    "por_aprobar": "una respuesta espera firma",
    "suspendido": "espera al peticionario",
    "respondido": "con respuesta enviada",
    "trasladado": "a otra entidad",
    "desistido": "el peticionario desistió",
    "archivado": "terminado",
    "anulado": "número anulado",
    "enviado": "carta nuestra que salió",
    "por_enviar": "carta nuestra por salir",
    "imagen_pendiente": "falta escanear el papel",
    "sello_pendiente": "falta el sello",
    "prioritario": "va antes de su turno",
}
ALWAYS: dict[str, dict[str, str]] = {
    "estado": STATES,
    "vence": {
        OVERDUE: "ya vencidos, sin terminar",
        DUE_TODAY: "hoy",
        "<3d": "en menos de 3 días",
        "<8d": "en menos de 8 días",
    },
    "sin": {
        "responsable": "nadie lo tiene",
        "dependencia": "por repartir",
        "imagen": "falta escanear el papel",
        "expediente": "en ninguno",
        "canal": "cartas de la entidad",
    },
    "respondido": {IN_TIME: "dentro del término", LATE: "después del término"},
    "responsable": {"yo": "lo que tengo yo"},
    "clase": {"E": "recibidas", "S": "enviadas", "I": "internas"},
    "papel": {"ventanilla": "", "mensajero": "", "area": "en su dependencia", "archivo": ""},
}
"""Lists that are the same in every office."""
_SAME = {"area": "área", "dep": "área", "dependencia": "área", "ano": "año", "de": "remitente"}
_WORD = re.compile(r'[-!]?(?:[^\s()":<>]+[:<>]"[^"]*"?|"[^"]*"?|[^\s()"]+)')
MOST = 12


class Completion(msgspec.Struct, frozen=True):
    """What may be put in the place of `text[inicio:fin]`."""

    texto: str
    que: str
    """What it is, in words."""
    inicio: int
    fin: int


def complete(
    text: str, position: int, known: Mapping[str, Mapping[str, str]] | None = None
) -> list[Completion]:
    """What may come at the cursor, the likeliest first, twelve at most.

    *known* gives the values of fields, each with what it is: `{"área": {"130": "Secretaría de
    Hacienda"}, "tipo": …}`; fields by any of their names. After a value comes nothing: it is there.
    """
    position = max(0, min(position, len(text)))
    word = next((m for m in _WORD.finditer(text) if m.start() < position <= m.end()), None)
    start, end = (word.start(), word.end()) if word else (position, position)
    typed = text[start:position]
    bang = typed[:1] if typed[:1] in ("-", "!") else ""
    name, sign, value = re.fullmatch(
        r"([^:<>]*)([:<>]?)(.*)", typed[len(bang) :], re.DOTALL
    ).groups()  # type: ignore[union-attr]
    start += len(bang)
    if not sign:
        found = _fitting(name, FIELDS.items())
        return [Completion(f"{one}:", what, start, end) for one, what in found]
    bare = plain(name)
    field = _SAME.get(bare, bare)
    values = _values(field, known or {})
    if sign in "<>":
        return []
    wanted = value.lstrip('"').rstrip('"')
    shown = _fitting(wanted, values.items())
    out = [Completion(f"{name}:{_quoted(v)}", what, start, end) for v, what in shown]
    return [] if len(out) == 1 and out[0].texto == text[start:end] else out


def _values(field: str, known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    out: dict[str, str] = {}
    for lists in (ALWAYS, known):
        for name, values in lists.items():
            bare = plain(name)
            if plain(_SAME.get(bare, bare)) == plain(field):
                out |= values
    return out


def _fitting(typed: str, rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that begin so; then those of which a word, or what they are, does."""
    start = plain(typed)
    first, second = [], []
    for value, what in rows:
        if plain(value).startswith(start):
            first.append((value, what))
        elif any(w.startswith(start) for w in re.findall(r"\w+", plain(f"{value} {what}"))):
            second.append((value, what))
    return [*first, *second][:MOST]


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r'[\s()":]', value) else value
