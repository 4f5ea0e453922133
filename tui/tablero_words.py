"""From figures and alerts to the lines of the room «Tablero». Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from records.alerts import LEVELS
from records.digest import when
from records.words import plain
from tui import texts
from tui.bars import bar, figure
from tui.letters import day
from tui.record_words import area
from tui.sanitize import line
from tui.texts import tablero as words
from tui.views import Part, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from records.alerts import Alert
    from records.figures import Board, Figure, OwnArea
    from records.people import Authority

BESIDE = 40
"""So many alerts stand beside the figures."""
LISTED = 1000
"""So many alerts of a level are listed, the worst; all are counted."""
_BAD = ("vencidos", "por_fijar", "vencido", "vence_hoy", "no_leidos")


@dataclass(frozen=True, slots=True)
class Lead:
    """Where Enter leads: a room, and what it is asked for there."""

    room: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure of the chart."""

    id: str
    group: str
    name: str
    figure: str
    value: float
    top: float
    """The longest bar of its group."""
    told: str
    """The whole of it, in a sentence."""
    lead: Lead | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """What presses: of which level, whose number, the line, and all that there is to say."""

    level: str
    number: str
    row: Row
    what: str
    """Whose turn it is, and what they should do."""
    said: str
    """When it is due, whose it is, its subject."""
    sheet: Sheet
    plain: str
    """As a filter looks at it."""


# -- figures --------------------------------------------------------------------------------------


def bars(board: Board, waiting: Mapping[str, int], authority: Authority) -> tuple[Bar, ...]:
    """All figures, in the order of the screen; *waiting*: what has no number yet."""
    return (
        *(one for own in board.propias for one in _own(own, authority)),
        *_group(words.TODAY, _today(board, waiting)),
        *_group(words.OVERDUE, _overdue(board, authority)),
        *_group(words.DUE, (_near(f, f"Sin terminar, vencen {_days(f.clave)}")
                            for f in board.por_vencer)),
        *_timely(board),
        *_group(f"{words.CHANNELS}, {month(board.dia[:7])}", map(_channel, board.canales)),
        *_group(words.MONTHS, (_of(f, month(f.clave), f"Radicados en {month(f.clave)}")
                               for f in board.meses)),
    )  # fmt: skip


def month(code: str) -> str:
    """`2026-11` as people say it."""
    return f"{texts.MONTHS[int(code[5:7]) - 1]} {code[:4]}"


def _of(one: Figure, name: str, told: str) -> Bar:
    lead = Lead("consulta", one.consulta) if one.consulta else None
    end = words.shows(one.consulta) if one.consulta and one.total else ""
    bad = "aviso" if one.clave in _BAD and one.total else ""
    sentence = f"{told}: {figure(one.total)}. {end}".strip()
    return Bar(one.clave, "", name, figure(one.total), one.total, 0, sentence, lead, bad)


def _group(title: str, found: Iterable[Bar]) -> Iterator[Bar]:
    held = list(found)
    top = max((b.value for b in held), default=0)
    for one in held:
        yield replace(one, id=f"{title}/{one.id}", group=title, top=one.top or top)


def _days(code: str) -> str:
    first, last = code.split("-")
    return words.days(int(first), int(last))


def _near(one: Figure, told: str) -> Bar:
    return _of(one, _days(one.clave), told)


def _today(board: Board, waiting: Mapping[str, int]) -> Iterator[Bar]:
    for one in board.hoy[:1]:
        name = words.TODAY_NAMES[one.clave]
        said = f"{name} hoy {figure(one.total)}. {words.NO_LIST}"
        yield Bar(one.clave, "", name, figure(one.total), one.total, 0, said)
    for one in board.hoy[1:3]:
        name = words.TODAY_NAMES[one.clave]
        yield _of(one, name, f"{name} hoy")
    for code, name in words.WAITING_NAMES.items():
        total = waiting.get(code, 0)
        said = f"{figure(total)} {words.WAITING_TOLD[code]}"
        lead = Lead("recepcion", "no_leidos" if code == "no_leidos" else "")
        bad = "aviso" if code in _BAD and total else ""
        yield Bar(code, "", name, figure(total), total, 0, said, lead, bad)
    for one in board.hoy[3:]:
        name = words.TODAY_NAMES[one.clave]
        yield _of(one, name, name)


def _overdue(board: Board, authority: Authority) -> Iterator[Bar]:
    for one in board.vencidos:
        name = area(one.clave, authority) if one.clave else words.UNASSIGNED
        yield replace(_of(one, name, f"Vencidos sin terminar, {name}"), tone="aviso")
    if not board.vencidos:
        yield Bar("-", "", words.NOTHING_OVERDUE, "0", 0, 0, "No hay nada vencido.")


def _timely(board: Board) -> Iterator[Bar]:
    for one in board.a_tiempo:
        total, name = one.a_tiempo + one.tarde, month(one.mes)
        told = words.timely_told(name, figure(one.a_tiempo), figure(total), figure(one.tarde))
        if one.tarde:
            told = f"{told} Enter muestra las que salieron tarde."
        lead = Lead("consulta", one.consulta) if one.tarde else None
        share = words.rate(one.a_tiempo, one.tarde)
        yield Bar(f"{words.TIMELY}/{one.mes}", words.TIMELY, name, share, one.a_tiempo / total, 1,
                  told, lead)  # fmt: skip


def _channel(one: Figure) -> Bar:
    name = texts.CHANNELS.get(one.clave) or line(one.clave) or words.NO_CHANNEL
    return _of(one, name, f"Radicados este mes por {name}")


def _own(own: OwnArea, authority: Authority) -> Iterator[Bar]:
    where = area(own.codigo, authority)

    def one(found: Figure) -> Bar:
        name = words.OWN_NAMES.get(found.clave) or f"vencen {_days(found.clave)}"
        return _of(found, name, f"{where}, {name}")

    return _group(words.own(line(own.codigo)), map(one, own.cuentas))


def rows(found: Iterable[Bar], width: int, *, ascii: bool) -> Iterator[Row]:
    """Figures as lines whose bars have at most *width* cells; a group is named on its first."""
    named = ""
    for one in found:
        group, named = ("" if one.group == named else one.group), one.group
        drawn = bar(one.value, one.top, width, ascii=ascii)
        yield Row(one.id, (group, one.name, f"{one.figure:>8}", drawn), one.tone)


def levels(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """The alerts by level, as figures of the chart."""
    made = (
        Bar(level, "", words.level(level, texts.LEVELS[level]), figure(n), n, 0,
            f"{words.ALERTS}, {texts.LEVELS[level].lower()}: {figure(n)}. Enter las muestra, "
            "con lo que debe hacer quién.",
            Lead("alertas", level), "aviso" if level in _BAD else "")
        for level in LEVELS if (n := counts.get(level, 0))
    )  # fmt: skip
    none = Bar("-", "", words.NO_ALERTS.rstrip("."), "0", 0, 0, words.NO_ALERTS)
    return tuple(_group(words.ALERTS, [*made] or [none]))


# -- alerts ---------------------------------------------------------------------------------------


def alerts(found: Iterable[Alert], authority: Authority) -> Iterator[AlertLine]:
    """The worst of each level, as lines."""
    made: Counter[str] = Counter()
    for one in found:
        made[one.nivel] += 1
        if made[one.nivel] <= LISTED:
            yield alert(one, authority)


def alert(one: Alert, authority: Authority) -> AlertLine:
    """An alert: what is due, and who should do what."""
    name = texts.LEVELS[one.nivel]
    where = area(one.dependencia, authority) if one.dependencia else texts.UNASSIGNED
    number, subject, who = line(one.radicado), line(one.asunto), line(one.quien_nombre)
    said = f"{when(one)} · {where} · {subject}"
    what = f"{who}: {line(one.que_hacer)}"
    tone = "aviso" if one.nivel in _BAD else ""
    head = f"{name}  {number}  {said}"
    more = [(words.NORM, line(one.norma))] if one.norma else []
    since = [(words.SINCE, day(one.desde))] if one.desde else []
    sheet = Sheet(
        number,
        f"{number} · {name}",
        (
            Part("", (("", said),)),
            Part(words.WHO, (("", what), *since, *more)),
        ),
    )
    row = Row(number, (name, number, said, who), tone)
    return AlertLine(one.nivel, number, row, what, said, sheet, plain(f"{head} {what}"))


def _head(one: AlertLine) -> str:
    return f"{texts.LEVELS[one.level]}  {one.number}  {one.said}"


def beside(alerts: Sequence[AlertLine], total: int) -> Sheet:
    """The worst alerts, to be read beside the figures; *total*: how many there are in all."""
    lines = [
        pair for one in alerts[:BESIDE] for pair in (("", f"· {_head(one)}"), ("", f"  {one.what}"))
    ]
    if total > BESIDE:
        lines.append(("", words.more_alerts(total - BESIDE)))
    return Sheet(
        "alertas",
        f"{words.ALERTS} {figure(total)}",
        (Part("", tuple(lines or [("", words.NO_ALERTS)])),),
    )
