"""The alerts of an área, or of the whole office, as a page for people: Markdown, HTML, calendar.

A digest leaves the program, so of what is classified or reserved it holds the number and the last
day, whoever asks for it (Ley 1712 de 2014, arts. 18, 19 and 21). What strangers wrote is text in
all three: it opens no mark, no tag and no property.
"""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from records import alerts, lines
from records.alerts import LEVELS, Alert
from records.calendar import long_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FORMATS = ("md", "html", "ics")
TITLES = {
    "por_fijar": "POR FIJAR: una orden dice cuándo vencen, y nadie lo ha anotado",
    "vencido": "VENCIDOS",
    "vence_hoy": "VENCEN HOY",
    "rojo": "ROJO: quedan muy pocos días",
    "amarillo": "AMARILLO: vencen pronto",
    "verde": "SIN RESPONSABLE, con tiempo todavía",
}
WITHHELD = "RESERVADOS O CLASIFICADOS"
_COLOURS = {"por_fijar": "#b00020", "vencido": "#b00020", "vence_hoy": "#b00020",
            "rojo": "#b00020", "amarillo": "#8a6100", "verde": "#1b6e3c"}  # fmt: skip
_MARKS = re.compile(r"([\\`*_\[\]<>&~|])")
_FOLD = 75
"""Octets of a line of a calendar, without its end (RFC 5545, 3.1)."""


class Digest(msgspec.Struct, frozen=True):
    """What is told to the head of an área, or of the correspondence unit (`codigo` None)."""

    codigo: str | None
    titulo: str
    entidad: str
    nit: str
    at: datetime
    alertas: list[Alert]

    @property
    def nombre(self) -> str:
        """The name of its file, without an ending."""
        return "alertas" if self.codigo is None else f"alertas-{self.codigo}"

    @property
    def open(self) -> list[Alert]:
        """Those of which the content may stand in a page."""
        return [a for a in self.alertas if a.reservado is None]

    @property
    def withheld(self) -> list[Alert]:
        """Those of which only the number may, by their last day."""
        shut = [a for a in self.alertas if a.reservado is not None]
        return sorted(shut, key=lambda a: (a.vence or "", a.radicado))

    def render(self, formato: str) -> bytes:
        """The file of one of `FORMATS`."""
        return {"md": markdown, "html": page, "ics": calendar}[formato](self)


def told(digest: Digest) -> str:
    """How many of what, in a line."""
    found = alerts.summary(digest.open)
    parts = [
        (found.por_fijar, "por fijar", "por fijar"),
        (found.vencidos, "vencido", "vencidos"),
        (found.vence_hoy, "vence hoy", "vencen hoy"),
        (found.por_vencer, "por vencer", "por vencer"),
        (found.sin_responsable, "sin responsable", "sin responsable"),
        (len(digest.withheld), "reservado o clasificado", "reservados o clasificados"),
    ]
    said = (f"{n} {one if n == 1 else many}" for n, one, many in parts if n)
    return " · ".join(said) or "Nada por atender."


def when(alert: Alert) -> str:
    """When it is due, in words: `venció el 24 nov 2026, hace 1 día hábil`."""
    if alert.espera_hasta is not None:
        has = "tenía" if alert.nivel == "rojo" else "tiene"
        day = long_day(date.fromisoformat(alert.espera_hasta))
        return f"suspendido: el peticionario {has} hasta el {day}"
    if alert.vence is None:
        return "sin fecha anotada" if alert.nivel == "por_fijar" else "sin término"
    day, left = _last(alert.vence), alert.dias_habiles
    if alert.nivel == "vencido":
        return f"venció el {day}" + (f", hace {_days(-left)}" if left else "")
    if alert.nivel == "vence_hoy":
        return f"vence hoy{_hour(alert.vence)}"
    return f"vence el {day}" + ("" if left is None else f": quedan {_days(left)}")


def _hour(vence: str) -> str:
    """At which hour, where the term does not run to midnight, as an order may fix it."""
    due = lines.moment(vence)
    return "" if (due.hour, due.minute) == (23, 59) else f" a las {due:%H:%M}"


def _last(vence: str) -> str:
    return f"{lines.read_day(vence)}{_hour(vence)}"


def _days(n: int) -> str:
    return f"{n} {'día hábil' if n == 1 else 'días hábiles'}"


def _groups(digest: Digest) -> Iterator[tuple[str, str, list[Alert]]]:
    """(level, title, alerts) of those that are not empty."""
    for level in LEVELS:
        held = [a for a in digest.open if a.nivel == level]
        if held:
            yield level, f"{TITLES[level]} ({len(held)})", held


def _due(alert: Alert) -> str:
    return f"vence el {_last(alert.vence)}" if alert.vence else "sin fecha anotada"


def _plain(text: str) -> str:
    """One line, without what a terminal or a reader would obey."""
    kept = (c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join("".join(kept).split())


# -- Markdown, and the text of a message -----------------------------------------------------------


def markdown(digest: Digest) -> bytes:
    """The page as Markdown (CommonMark)."""
    return _text(digest, lambda text: _MARKS.sub(r"\\\1", _plain(text)), "**").encode()


def text(digest: Digest) -> str:
    """The page as plain text."""
    return _text(digest, _plain, "")


def _text(digest: Digest, safe: Callable[[str], str], strong: str) -> str:
    head = "# " if strong else ""
    rows = [
        f"{head}{safe(digest.titulo)}",
        "",
        f"{safe(digest.entidad)} · {long_day(digest.at.date())}, {digest.at:%H:%M}",
        "",
        told(digest),
    ]
    for _, title, held in _groups(digest):
        rows += ["", f"{head and '## '}{title}", ""]
        for a in held:
            area = f" · {safe(a.dependencia or 'por repartir')}" if digest.codigo is None else ""
            rows += [
                f"- {strong}{safe(a.radicado)}{strong} · {when(a)}{area} · «{safe(a.asunto)}»",
                f"  {strong}{safe(a.quien_nombre)}:{strong} {safe(a.que_hacer)} ({safe(a.norma)})",
            ]
    if digest.withheld:
        rows += ["", f"{head and '## '}{WITHHELD} ({len(digest.withheld)})", ""]
        rows += [f"- {strong}{safe(a.radicado)}{strong} · {_due(a)}" for a in digest.withheld]
        rows += ["", "Quien los tiene ve qué hacer con «ventanilla alertas»."]
    return "\n".join(rows) + "\n"


# -- HTML ------------------------------------------------------------------------------------------

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
    "color:#1c1c1c;background:#fff}h2{font-size:1.05rem;margin:1.6rem 0 .4rem;padding-left:.6rem;"
    "border-left:.5rem solid}ul{list-style:none;padding:0;margin:0}li{padding:.5rem 0;"
    "border-bottom:1px solid #ddd}small{color:#555}"
)


def page(digest: Digest) -> bytes:
    """The page as HTML that any browser or mail reader shows, without network and script."""
    safe = _html
    body = []
    for level, title, held in _groups(digest):
        body.append(f'<h2 style="color:{_COLOURS[level]}">{safe(title)}</h2><ul>')
        for a in held:
            area = f" · {safe(a.dependencia or 'por repartir')}" if digest.codigo is None else ""
            body.append(
                f"<li><strong>{safe(a.radicado)}</strong> · {safe(when(a))}{area} · "
                f"«{safe(a.asunto)}»<br><strong>{safe(a.quien_nombre)}:</strong> "
                f"{safe(a.que_hacer)} <small>{safe(a.norma)}</small></li>"
            )
        body.append("</ul>")
    if digest.withheld:
        body.append(f'<h2 style="color:#333">{WITHHELD} ({len(digest.withheld)})</h2><ul>')
        body += [
            f"<li><strong>{safe(a.radicado)}</strong> · {safe(_due(a))}</li>"
            for a in digest.withheld
        ]
        body.append("</ul><p>Quien los tiene ve qué hacer con «ventanilla alertas».</p>")
    stamp = f"{digest.entidad} · {long_day(digest.at.date())}, {digest.at:%H:%M}"
    return (
        '<!doctype html>\n<html lang="es-CO"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{safe(digest.titulo)}</title><style>{_STYLE}</style>'
        f"</head><body><h1>{safe(digest.titulo)}</h1><p>{safe(stamp)}</p><p>{safe(told(digest))}"
        f"</p>{''.join(body)}</body></html>\n"
    ).encode()


def _html(text: str) -> str:
    return html.escape(_plain(text))


# -- calendar --------------------------------------------------------------------------------------


def calendar(digest: Digest) -> bytes:
    """The terms as a calendar (RFC 5545): an event of a whole day on the last day of each, or at
    its hour where an order fixes one.

    The UID is that of the record's term, and SEQUENCE grows with the hour: taken in again, an event
    is changed and not doubled (RFC 5546, 3.2.1). What has no date stands on the digest's own day.
    """
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Ventanilla//Alertas//ES",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(digest.titulo)}",
    ]
    for alert in digest.alertas:
        rows += _event(digest, alert)
    rows.append("END:VCALENDAR")
    return b"".join(fold_line(row) + b"\r\n" for row in rows)


def _event(digest: Digest, alert: Alert) -> list[str]:
    if alert.reservado is None:
        mark = {"vencido": "VENCIDO ", "por_fijar": "POR FIJAR "}.get(alert.nivel, "")
        title = f"{mark}{alert.radicado}: {_plain(alert.asunto)}"
        what = f"{alert.quien_nombre}: {alert.que_hacer} {when(alert)}. {alert.norma}"
    else:
        title, what = f"{alert.radicado} ({_due(alert)})", ""
    house = re.sub(r"[^A-Za-z0-9-]", "", digest.nit) or "ventanilla"
    return [
        "BEGIN:VEVENT",
        f"UID:termino-{alert.radicado}@{house}.ventanilla",
        f"DTSTAMP:{_instant(digest.at)}",
        f"SEQUENCE:{int(digest.at.timestamp()) // 60}",
        *_span(digest, alert),
        f"SUMMARY:{_escaped(title)}",
        *([f"DESCRIPTION:{_escaped(what)}"] if what else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _span(digest: Digest, alert: Alert) -> list[str]:
    """The last day; the very moment, where the term ends at an hour (without an end: 3.6.1)."""
    if alert.vence and _hour(alert.vence):
        return [f"DTSTART:{_instant(lines.moment(alert.vence))}"]
    day = lines.moment(alert.vence).date() if alert.vence else digest.at.date()
    return [
        f"DTSTART;VALUE=DATE:{_date(day)}",
        f"DTEND;VALUE=DATE:{_date(day + timedelta(days=1))}",
    ]


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _date(day: date) -> str:
    return day.isoformat().replace("-", "")


def _escaped(value: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11)."""
    return re.sub(r"([\\;,])", r"\\\1", _plain(value))


def fold_line(row: str) -> bytes:
    """A content line without its end, folded so that no part is longer than 75 octets and no letter
    is split (RFC 5545, 3.1)."""
    parts, part = [], b""
    for letter in row:
        octets = letter.encode("utf-8", "replace")
        if len(part) + len(octets) > _FOLD:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part])
