"""Which dependencia a letter is for: the office's own rules (config.toml, [[reparto]]), then what
its letters teach (`records.learned`).

A suggestion that a clerk confirms; assignment and hand-over come with the trámite.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from records import learned
from records.learned import Suggestion
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from records.settings import Rule, Settings

SURE = 82
"""Confidence in a dependencia that a rule gave."""
_DISPUTED, _DISPUTES = 65, 60
"""Confidence in a rule's where the history says another, and how sure that must be of it."""
_MOST = 3


class Match(msgspec.Struct, frozen=True):
    """A rule that holds for a letter, and by what: `regla: «alumbrado»`."""

    rule: Rule
    motivo: str


def match(settings: Settings, text: str, fields: Mapping[str, str]) -> Match | None:
    """The first rule of which all conditions hold for a letter's text and fields.

    Of a condition's values one is enough. `palabras`: words of the subject or the text;
    `remitentes`: a document's number, a NIT, an e-mail address or its domain (`@dominio.gov.co`),
    words of the name or entity; `tipos`: the kind.
    """
    words = plain(f"{fields.get('asunto', '')}\n{text}")
    for rule in settings.reparto:
        found = []
        if rule.palabras:
            found.append(next((f"«{p}»" for p in rule.palabras if _says(words, p)), None))
        if rule.remitentes:
            by = next((r for r in rule.remitentes if _is_from(fields, r)), None)
            found.append(by and f"remitente «{by}»")
        if rule.tipos:
            kind = fields.get("tipo")
            found.append(f"tipo «{kind}»" if kind in rule.tipos else None)
        held = [f for f in found if f]
        if held and len(held) == len(found):
            return Match(rule, f"regla: {', '.join(held)}"[:160])
    return None


def by_rule(settings: Settings, found: Match | None) -> Suggestion | None:
    """The dependencia that a rule gives; one that names none gives the default's."""
    if found is None:
        return None
    area = found.rule.dependencia or settings.reparto_por_defecto.dependencia
    return Suggestion(area, SURE, found.motivo)


def joined(
    rule: Suggestion | None, learnt: Sequence[Suggestion], areas: Collection[str]
) -> list[Suggestion]:
    """Up to three áreas: the rule's, then what the history adds; only áreas that there are.

    A rule is the office's word and goes first. Where the history clearly says another área the
    rule's is less sure, so that a person looks.
    """
    rest = [s for s in learnt if s.dependencia in areas]
    if rule is None or rule.dependencia not in areas:
        return rest[:_MOST]
    same = next((s for s in rest if s.dependencia == rule.dependencia), None)
    others = [s for s in rest if s is not same]
    sure, why = rule.confianza, rule.motivo
    if same is not None and rest[0] is same and same.cartas:
        sure, why = max(sure, same.confianza), f"{why}; {same.motivo}"
    elif others and others[0].confianza >= _DISPUTES and others[0].cartas:
        sure, why = _DISPUTED, f"{why}; las cartas anteriores dicen otra área"
    return [Suggestion(rule.dependencia, sure, why), *others][:_MOST]


def letter(fields: Mapping[str, str], text: str) -> tuple[dict[str, str], frozenset[str]]:
    """A letter's features for `learned.suggest`, and which of them its subject has."""
    subject = fields.get("asunto", "")
    told = learned.features(subject, text, fields.get("tipo"))
    return told, frozenset(learned.words(subject))


def _says(words: str, phrase: str) -> bool:
    return bool(phrase.strip()) and bool(re.search(rf"\b{re.escape(plain(phrase))}\b", words))


def _is_from(fields: Mapping[str, str], who: str) -> bool:
    """Whether the sender is the one that a rule names."""
    if "@" in who:
        mail = plain(fields.get("correo", "")).strip()
        named = plain(who).strip()
        return mail.endswith(named) if named.startswith("@") else mail == named
    figures = re.sub(r"[.\s]", "", who).partition("-")[0]
    if figures.isdigit() and len(figures) >= 5:
        return figures in (
            re.sub(r"\W", "", fields.get("cedula", "")),
            re.sub(r"\W", "", fields.get("nit", "").partition("-")[0]),
        )
    return any(_says(plain(fields.get(name, "")), who) for name in ("entidad", "remitente"))
