"""From what the doors say of trays to the lines and sheets of the room «Área». Pure.

All that comes from a document passes `sanitize` here.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from records import possible
from records.answer import MEANS
from records.fields import KIND_NAMES
from records.lines import BOGOTA, now
from records.tramite import ASSIGNED, SUSPENDED, TRAYS
from tui.area_views import Department, Somebody, Wait, Whose
from tui.letters import day
from tui.record_words import area, person, state
from tui.sanitize import line
from tui.texts import area as words
from tui.views import Choice, Part, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from records.alerts import Watch
    from records.letter_views import LetterView
    from records.looking import Tray
    from records.people import Authority
    from records.possible import Hand, Verb

VERBS: tuple[Verb, ...] = possible.Verb.__args__  # type: ignore[attr-defined]

# -- rows -----------------------------------------------------------------------------------------


def wait(
    tray: Tray, watch: Watch, authority: Authority, who: Hand | None, *, other: bool = False
) -> Wait:
    """What waits, as a line: sign, number and colour of its term; what may be done about it.

    *other*: it is a letter that no form here corrects."""
    level, left = _level(tray, watch)
    awaited = person(tray.persona, authority) if tray.persona else (tray.dependencia or "")
    if tray.ausente_hasta:
        awaited = f"{awaited} ({words.away(tray.ausente_hasta)})"
    number = line(tray.radicado)
    first = "^ " if tray.prioritario else ""
    cells = (
        words.SIGNS[level],
        left,
        _short_day(tray.vence),
        number or line(tray.carta or ""),
        line(tray.remitente),
        f"{first}{line(tray.asunto)}",
        _what(tray, authority),
        awaited,
    )
    refused: dict[str, str] = {} if who is None else {
        v: why for v in VERBS if (why := possible.refusal(v, tray, who)) is not None
    }  # fmt: skip
    if other:
        refused["responder"] = words.OTHER_LETTER
    return Wait(
        tray.lugar, number, tray.carta, tray.bandeja, tray.dependencia, tray.persona, tray.vence,
        refused, Row(tray.lugar, cells, words.TONES.get(level, "")),
    )  # fmt: skip


def _what(tray: Tray, authority: Authority) -> str:
    """What it waits for: of what an área has, the person who works on it."""
    if tray.bandeja != ASSIGNED:
        return words.TRAYS.get(tray.bandeja, tray.bandeja)
    return person(tray.persona, authority) or words.TO_GIVE


def gone(place: int) -> Row:
    """What waits no more keeps its place until the list is read again."""
    return Row(place, ("", "", "", "", words.GONE, "", "", ""), "tenue")


def _level(tray: Tray, watch: Watch) -> tuple[str, str]:
    """How near it is, and how many worked days are left, in words."""
    if tray.por_fijar:
        return "por_fijar", words.LEFT["por_fijar"]
    if tray.bandeja == SUSPENDED:
        return "espera", words.LEFT["espera"]
    if tray.vence is None:
        return "verde", words.LEFT[""]
    level, left = watch.near(tray.vence, tray.dependencia)
    if level == "vence_hoy":
        return level, words.LEFT["vence_hoy"]
    return level, "" if left is None else words.days(left)


def _short_day(stamp: str | None) -> str:
    return day(stamp)[:-5] if stamp else ""


# -- who and where --------------------------------------------------------------------------------


def people(authority: Authority) -> tuple[Somebody, ...]:
    """All persons, by name."""
    found = sorted(authority.personas.values(), key=lambda p: (p.nombre, p.id))
    return tuple(
        Somebody(p.id, line(p.nombre), p.dependencia, away.hasta if away else "")
        for p in found
        for away in (authority.away(p.id),)
    )


def departments(authority: Authority) -> tuple[Department, ...]:
    """All áreas, by code."""
    found = sorted(authority.areas.values(), key=lambda a: a.codigo)
    return tuple(
        Department(a.codigo, line(a.nombre), a.jefe or "", person(a.jefe, authority)) for a in found
    )


def assignees(
    known: Sequence[Somebody], areas: Sequence[Department], code: str | None, now: str | None
) -> list[Choice]:
    """To whom something may go: first persons of the área that has it, then the other áreas.

    *now*: who has it, and is no choice. What follows the bar of a code is the person."""
    heads = {a.head for a in areas if a.code == code}
    first = [
        p for p in known
        if code is not None and p.id != now and (p.area in (None, code) or p.id in heads)
    ]  # fmt: skip
    first.sort(key=lambda p: (p.area != code, bool(p.away)))
    others = [a for a in areas if a.code != code]
    same = [a for a in areas if a.code == code and now is not None]
    return [
        *(Choice(f"{code}/{p.id}", _somebody(p)) for p in first),
        *(Choice(f"{a.code}/", _department(a)) for a in (*others, *same)),
    ]


def tellable(known: Sequence[Somebody], areas: Sequence[Department]) -> list[Choice]:
    """Whom one may tell of something."""
    return [
        *(Choice(f"/{p.id}", _somebody(p)) for p in known),
        *(Choice(f"{a.code}/", _department(a)) for a in areas),
    ]


def _somebody(one: Somebody) -> str:
    where = f" · {one.area}" if one.area else ""
    gone_ = f" · {words.away(one.away)}" if one.away else ""
    return f"{one.name}{where}{gone_}"


def _department(one: Department) -> str:
    head = f" · {one.head_name}" if one.head_name else ""
    return f"{one.code} {one.name}{head}"


def named(code: str, known: Sequence[Somebody], areas: Sequence[Department]) -> str:
    """A choice of `assignees` or `tellable`, as it is told."""
    area_code, _, ident = code.partition("/")
    name = next((p.name for p in known if p.id == ident), ident)
    title = next((f"{a.code} {a.name}" for a in areas if a.code == area_code), area_code)
    return f"{name} ({area_code})" if ident and area_code else name or title


def whose(
    persona: str, own: Sequence[str], known: Sequence[Somebody], areas: Sequence[Department]
) -> dict[str, Whose]:
    """Whose waits may be shown, the nearest first."""
    names = {a.code: a.name for a in areas}
    found = {"yo": Whose(words.MINE, person=persona)} if persona else {}
    for code in own:
        found[f"{code}/"] = Whose(words.area_of(code, names.get(code, "")), area=code)
    found["todo"] = Whose(words.WHOLE)
    for a in areas:
        found.setdefault(f"{a.code}/", Whose(words.area_of(a.code, a.name), area=a.code))
    for p in known:
        if p.id != persona:
            found[f"/{p.id}"] = Whose(p.name, person=p.id)
    return found


def trays() -> list[Choice]:
    """All trays, by name."""
    return [
        Choice("", words.ALL_TRAYS),
        *(Choice(t, f"{words.TRAYS[t]}: {words.TRAY_HELP[t]}") for t in TRAYS),
    ]


def templates(names: Iterable[str]) -> tuple[Choice, ...]:
    """Templates, to be chosen from."""
    return tuple(Choice(n, line(n)) for n in names)


# -- days -----------------------------------------------------------------------------------------

_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_MOMENT = re.compile(r"(\S+)[ T](\d{1,2}):(\d{2})")


def day_of(text: str, today: date | None = None) -> date | None:
    """A day as people write it: `2026-12-31`, `31/12`, `+3`; None: it is none."""
    text, today = text.strip(), today or now().date()
    try:
        if re.fullmatch(r"\+\d{1,3}", text):
            return today + timedelta(days=int(text))
        if found := _SLASHED.fullmatch(text):
            year = int(found[3]) if found[3] else today.year
            said = date(year, int(found[2]), int(found[1]))
            past = said < today and not found[3]
            return said.replace(year=year + 1) if past else said
        return date.fromisoformat(text)
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """A day with its hour, in Colombia; None: it is none."""
    found = _MOMENT.fullmatch(text.strip())
    said = day_of(found[1]) if found else None
    if found is None or said is None or int(found[2]) > 23 or int(found[3]) > 59:
        return None
    return datetime(said.year, said.month, said.day, int(found[2]), int(found[3]), tzinfo=BOGOTA)


# -- sheets ---------------------------------------------------------------------------------------


def letter_sheet(view: LetterView, authority: Authority, about: Sheet | None) -> Sheet:
    """A letter of the office's own, and the record that it answers below it."""
    parts = (Part(words.LETTER, tuple(_letter(view, authority))), *(about.parts if about else ()))
    return Sheet(f"{view.carta}@", f"{line(view.carta)} · {state(view.estado)}", parts)


def _letter(view: LetterView, authority: Authority) -> Iterator[tuple[str, str]]:
    yield "Tipo", KIND_NAMES.get(view.tipo, line(view.tipo).capitalize())
    yield "Asunto", line(view.asunto)
    if view.responde_a:
        partly = ", en parte" if view.parcial else ""
        yield words.LETTER_OF, ", ".join(map(line, view.responde_a)) + partly
    yield "Escribe", f"{area(view.dependencia, authority)}, {person(view.presento, authority)}"
    for one in view.destinatarios:
        where = ", ".join(line(x) for x in (one.direccion, one.municipio, one.correo) if x)
        name = line(one.nombre or one.entidad)
        how = MEANS.get(one.medio, line(one.medio))
        label = "Copia" if one.copia else "Para"
        yield label, " · ".join(x for x in (name, where, how) if x)
    for reviewer in view.revisan:
        said = "conforme" if reviewer in view.conformes else "falta"
        yield "Revisa", f"{person(reviewer, authority)}: {said}"
    if view.reparos:
        yield "Reparos", "tiene reparos: se corrige y se presenta otra vez"
    signer = view.firmo or view.firmante
    yield "Firma", person(signer, authority) + (", en papel" if view.en_papel else "")


# -- forms ----------------------------------------------------------------------------------------


def yes(text: str) -> bool:
    """Whether a person said yes."""
    return text.strip().lower() in ("s", "si", "sí", "x", "1")
