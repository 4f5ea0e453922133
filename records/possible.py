"""What may be done about what waits, as far as its tray and its área tell. Pure.

For screens, which dim what would be refused and say why before anybody fills a form. The door
judges again, by the record itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from records.correction import HEAD
from records.home import CLERKS
from records.tramite import (
    ASSIGNED,
    GIVEN_BACK,
    LATER,
    RETURNS,
    SHARED,
    SUSPENDED,
    TO_ASSIGN,
    TO_DECIDE,
    TO_REVIEW,
    TO_SEND,
    TO_SIGN,
    TOLD,
)
from records.words import plain

if TYPE_CHECKING:
    from records.people import Authority
    from records.waits_index import Wait

Verb = Literal[
    "asignar", "devolver", "responder", "aprobar", "vobo", "requerir", "informar", "prorrogar",
    "trasladar", "anotar", "agendar", "archivar", "conocer", "fijar", "retirar", "pedir_vobo",
]  # fmt: skip
ANYBODY: frozenset[Verb] = frozenset(("informar", "anotar"))
"""What every person may do who may see a record."""
_WORK: frozenset[Verb] = ANYBODY | frozenset[Verb](
    ("asignar", "devolver", "responder", "requerir", "prorrogar", "trasladar", "agendar",
     "archivar", "conocer", "fijar", "pedir_vobo")
)  # fmt: skip
_RECORD: dict[str, tuple[frozenset[Verb], str]] = {
    TO_ASSIGN: (
        _WORK - {"devolver", "conocer", "agendar"},
        "Aún no se ha repartido: primero se asigna.",
    ),
    TO_DECIDE: (
        ANYBODY | {"asignar", "fijar"},
        "Volvió dos veces: primero se decide de quién es, y se asigna.",
    ),
    GIVEN_BACK: (_WORK, "Se devolvió: asígnelo a quien deba tenerlo."),
    ASSIGNED: (_WORK, ""),
    LATER: (_WORK, ""),
    SUSPENDED: (
        _WORK - {"requerir", "prorrogar", "devolver"},
        "Espera al peticionario: su término no corre.",
    ),
    SHARED: (
        ANYBODY | {"vobo", "pedir_vobo"},
        "Lo responde otra dependencia; esta da su concepto.",
    ),
    TO_REVIEW: (ANYBODY | {"vobo"}, "Está aquí para su Vo.Bo.: délo, o diga los reparos."),
    TOLD: (ANYBODY | {"conocer"}, "Está aquí para que lo conozca; lo tramita otra dependencia."),
}
"""Tray of a record → what may be done there, and why nothing else."""
_LETTER: dict[str, tuple[frozenset[Verb], str]] = {
    TO_SIGN: (frozenset(("aprobar", "vobo", "retirar")), "Es una carta que espera firma."),
    TO_REVIEW: (frozenset(("vobo", "aprobar", "retirar")), "Es una carta que espera su Vo.Bo."),
    GIVEN_BACK: (frozenset(("responder", "retirar")), "Es una carta con reparos: corríjala."),
    TO_SEND: (frozenset(), "Ya está firmada: la envía la ventanilla."),
    RETURNS: (frozenset(), "Es una carta que volvió: la ventanilla la envía de nuevo."),
}
"""Tray of a letter of the office's own → the same."""
_NOT_THERE: dict[Verb, str] = {
    "aprobar": "No tiene ninguna carta que espere su firma.",
    "vobo": "No tiene ningún Vo.Bo. pendiente.",
    "retirar": "No tiene ninguna carta que se pueda retirar.",
}
"""Why what is done about a letter cannot be done where none waits."""
_NOT_ITS_OWN = ("asignar", "vobo", "conocer", *ANYBODY)


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, as far as it matters for what they may do."""

    trabaja: frozenset[str]
    """Whose work they do (`Authority.works_for`)."""
    dirige: frozenset[str]
    """Áreas that they head."""
    dependencia: str | None
    unidad: bool
    """Whether they head the correspondence unit."""
    reparte: bool
    """Whether they hand out what nobody has begun."""
    firma: bool
    """Whether they sign any letters at all."""
    mira: bool
    """Whether they only look: who controls does no work of an área."""


def hand(authority: Authority, persona: str) -> Hand:
    """What matters of a person."""
    parts, roles = authority.acts_for(persona), authority.roles_of(persona)
    led = frozenset(a.codigo for a in authority.areas.values() if a.jefe in parts)
    posts = {plain(authority.personas[p].cargo) for p in parts if p in authority.personas}
    named = any(post in posts for post, _, _ in authority.firmas)
    own = authority.personas[persona].dependencia
    return Hand(
        trabaja=frozenset(authority.works_for(persona)),
        dirige=led,
        dependencia=own,
        unidad=HEAD in roles,
        reparte=bool(roles & set(CLERKS)),
        firma=named if authority.firmas else bool(led),
        mira=roles <= {"auditor"} and not led and own is None,
    )


def offered(verb: Verb, who: Hand) -> bool:
    """Whether a verb is anything for a person at all."""
    if verb == "aprobar":
        return who.firma
    return verb in ANYBODY or not who.mira


def has(wait: Wait, who: Hand) -> bool:
    """Whether what waits is a person's own: assigned to them, or of an área that they head."""
    own = wait.persona in who.trabaja or (
        wait.persona is None and wait.dependencia is not None
        and wait.dependencia == who.dependencia
    )  # fmt: skip
    return own or wait.dependencia in who.dirige or who.unidad


def refusal(verb: Verb, wait: Wait, who: Hand) -> str | None:
    """Why a verb cannot be done about what waits, in Spanish; None: nothing here is against it."""
    table = _RECORD if wait.carta is None else _LETTER
    allowed, why = table.get(wait.bandeja, (ANYBODY, ""))
    if verb not in allowed:
        return why or _NOT_THERE.get(verb, "No hay nada de eso pendiente en él.")
    if verb == "prorrogar" and wait.vence is None:
        return "No tiene fecha que prorrogar."
    if wait.carta is not None or verb in ANYBODY or has(wait, who):
        return None
    if wait.bandeja == TO_DECIDE:
        return "Volvió dos veces: decide el jefe de correspondencia."
    if who.reparte and (verb in _NOT_ITS_OWN or wait.dependencia is None or verb == "fijar"):
        return None
    where = wait.dependencia or "por repartir"
    return f"{wait.radicado} está en {where}: usted no lo tiene."
