"""A letter of the office as PDF/A-2b, from a template of text or HTML and its values.

The order of its parts is that of Colombian official letters (NTC 3393: place and date, addressee,
subject, greeting, text, farewell, signer, anexos, copies, who drafted and reviewed). At the top
right of page 1 the room for the stamp of its number stays free (`stamp_room`); each page ends with
address, conmutador, fax, web and mail (Acuerdo 060 de 2001, art. 14). The same input gives the same
bytes.

A template may begin with its *head*: lines `saludo: …` down to a line `---`. Each of `PARTS` is
taken from there, else from the value of that name, else as `DEFAULTS` says, else left out.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from records import binding, glyphs, letterhead, markup, norms, runs, templates, typeset
from records.calendar import written_day
from records.errors import Refused
from records.letterhead import Letterhead
from records.markup import Block, Run, Table
from records.runs import Place
from records.typeset import DARK, GREY, MM, Cell, Pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from records.paper import Box
    from records.settings import Settings

PAPERS = {"carta": (215.9, 279.4), "a4": (210.0, 297.0), "oficio": (215.9, 330.0)}
"""Width and height of a sheet, in millimetres."""
SIDE, TOP, BOTTOM = 25 * MM, 14 * MM, 28 * MM
STAMP_WIDTH, STAMP_HEIGHT = 78 * MM, 27 * MM
"""The room that stays free for a stamp (`paper.STAMP_WIDTH` × `STAMP_HEIGHT` is 67 × 22 mm)."""
SIZE, SMALL = 10.0, 8.0
SIGN = 16 * MM
"""The blank in which a person signs."""
PARTS = (
    "lugar", "tratamiento", "destinatario", "asunto", "referencia", "saludo", "despedida",
    "firmante", "cargo", "anexos", "copia", "proyecto", "reviso",
)  # fmt: skip
DEFAULTS = {"saludo": "Cordial saludo:", "despedida": "Atentamente,"}
_ADDRESSEE = ("entidad_remitente", "direccion", "municipio")
_NOTES = (("Anexos", "anexos"), ("Copia", "copia"), ("Proyectó", "proyecto"), ("Revisó", "reviso"))
_HEAD_LINE = re.compile(r"([A-Za-zÁÉÍÓÚÑáéíóúñ]+)[ \t]*:[ \t]*(.*)")
_FOOTER = (
    ("direccion", "dirección"), ("conmutador", "conmutador"), ("fax", "fax"),
    ("web", "página web"), ("correo", "correo"),
)  # fmt: skip


def compose(
    settings: Settings,
    text: str,
    values: Mapping[str, str],
    *,
    kind: Literal["texto", "html"],
    at: datetime,
    asunto: str = "",
    mark: str = "",
) -> bytes:
    """The letter that *text*, a template of *kind*, and *values* make at the aware moment *at*.

    *values* are named as `letterdata.values_of` names them; what else a template names must be
    among them. *asunto* goes before what they and the template's head say of the subject; *mark*
    stands at the left of each foot.

    Raises:
        Refused: a field has no value, the head has an unknown part, or the HTML one that can stand
            in no letter.
    """
    head, body = split_head(text)
    templates.check(templates.all_fields(body), values)
    parts = _parts(head, values, at, settings)
    if asunto:
        parts["asunto"] = templates.clean_value(asunto)
    blocks = blocks_of(body, values, kind)
    sheet = page_size(settings)
    letter = _Letter(settings, parts, justified=settings.cartas.justificado)
    return binding.bind(
        letter.lay_out(sheet, blocks),
        sheet,
        head=letter.head,
        title=parts.get("asunto") or "Carta",
        at=at,
        mark=mark,
        side=SIDE,
    )


def blocks_of(
    body: str, values: Mapping[str, str], kind: Literal["texto", "html"]
) -> Sequence[Block | Table]:
    """The filled text of a template as blocks; no value brings markup.

    Raises:
        Refused: as `compose`.
    """
    if kind == "texto":
        return markup.from_text(templates.fill(body, values))
    return markup.from_html(
        templates.fill(body, values, escape=lambda v: html.escape(v).replace("\n", "<br>"))
    )


def check(text: str, kind: Literal["texto", "html"]) -> list[str]:
    """The fields of a template that could be composed, those of its head among them.

    Raises:
        Refused: it could not, whatever the values.
    """
    head, body = split_head(text)
    names = templates.fields_of("\n".join([*head.values(), body]))
    blocks_of(body, dict.fromkeys(names, "x"), kind)
    return names


def page_size(settings: Settings) -> tuple[float, float]:
    """The sheet that `[cartas] papel` names, in points."""
    wide, high = PAPERS[settings.cartas.papel]
    return wide * MM, high * MM


def stamp_room(settings: Settings) -> Box:
    """What stays free on page 1 for a stamp: `paper.stamp`'s *where*."""
    right = page_size(settings)[0] - SIDE
    return right - STAMP_WIDTH, TOP, right, TOP + STAMP_HEIGHT


def footer_notice(settings: Settings, at: datetime) -> str | None:
    """What a letter's foot lacks, for a person to mend; None: nothing."""
    missing = [said for name, said in _FOOTER if not getattr(settings.entidad, name)]
    if not missing:
        return None
    norm = norms.cite("Acuerdo 060 de 2001 (AGN), art. 14", at.date())
    return (
        f"Al pie de la carta le falta: {', '.join(missing)} ({norm}). "
        "Escríbalo en [entidad] de config.toml."
    )


def glyph_notice(texts: Iterable[str]) -> str | None:
    """Which characters of *texts* our font lacks, for a person to change; None: none."""
    font = glyphs.font()
    lost = sorted(c for c in set("".join(texts)) - font if glyphs.printable(c, font) == "?")
    if not lost:
        return None
    return (
        f"En la carta sale «?» por lo que su letra no tiene: {' '.join(lost[:20])}. "
        "Cámbielo, o use una plantilla .docx u .odt."
    )


def split_head(text: str) -> tuple[dict[str, str], str]:
    """A template's head and the text below it. A line that begins with a blank goes on the last.

    Raises:
        Refused: a line above `---` says no part of a letter.
    """
    above, line, below = text.lstrip("\ufeff\n").partition("\n---\n")
    if not line or not _HEAD_LINE.match(above):
        return {}, text
    head: dict[str, str] = {}
    last = ""
    for said in above.split("\n"):
        if not said.strip():
            continue
        if said[0] in " \t" and last:
            head[last] += f"\n{said.strip()}"
            continue
        found = _HEAD_LINE.fullmatch(said.rstrip())
        last = templates.key(found[1]) if found is not None else ""
        if found is None or last not in PARTS:
            raise Refused(
                "plantilla_invalida",
                f"La cabeza de la plantilla dice «{said.strip()[:60]}».",
                consejo=f"Antes de --- van líneas «parte: texto». Hay: {', '.join(PARTS)}.",
            )
        head[last] = found[2].strip()
    return head, below


def addressee(values: Mapping[str, str]) -> str:
    """Who wrote, and where to answer, a line each: whom a letter is for where nobody is named."""
    rows = [values.get(name, "") for name in ("remitente", *_ADDRESSEE)]
    if not values.get("direccion"):
        rows.append(values.get("correo", ""))
    return "\n".join(filter(None, rows))


def _parts(
    head: Mapping[str, str], values: Mapping[str, str], at: datetime, settings: Settings
) -> dict[str, str]:
    """What each part of a letter says; those that say nothing are left out."""
    out = dict(DEFAULTS)
    out["lugar"] = ", ".join(filter(None, (settings.entidad.municipio, written_day(at.date()))))
    given = {templates.key(name): templates.clean_value(v) for name, v in values.items()}
    out |= {name: given[name] for name in PARTS if given.get(name)}
    out |= {name: templates.fill(said, values).strip(" –\n") for name, said in head.items()}
    if not out.get("destinatario"):
        out["destinatario"] = addressee(given)
    return {name: said for name, said in out.items() if said}


class _Letter:
    """One letter: its parts downwards over pages."""

    def __init__(self, settings: Settings, parts: Mapping[str, str], *, justified: bool) -> None:
        self.head = Letterhead.of(settings)
        self._parts = parts
        self._justified = justified

    def lay_out(self, size: tuple[float, float], blocks: Sequence[Block | Table]) -> list[bytes]:
        """The pages, packed."""
        pages = Pages(size, side=SIDE, top=TOP, bottom=BOTTOM, begin=self._begin)
        self._opening(pages)
        closing = self._closing_height(pages) + SIZE
        for n, block in enumerate(blocks, 1):
            follower = blocks[n] if n < len(blocks) else None
            # What is last goes over with the signature: so does a title before it.
            last = follower is None or (follower is blocks[-1] and _is_title(block))
            keep = closing if last else 0.0
            if isinstance(block, Table):
                _table(pages, block)
                pages.need(keep)
            else:
                among = bool(block.marker) and isinstance(follower, Block) and follower.marker
                after = _AMONG if among else _AFTER
                _block(pages, block, keep, after, justified=self._justified)
        self._closing(pages)
        self._notes(pages)
        return pages.end()

    def _begin(self, pages: Pages, first: bool) -> None:
        if not first:
            subject = self._parts.get("asunto", "Carta")
            letterhead.running_head(pages, self.head.entidad, letterhead.one_line(subject))
            pages.skip(4 * MM)
            return
        top = pages.y
        room = pages.width - STAMP_WIDTH - 5 * MM
        long = len(typeset.wrap(typeset.clean(self.head.entidad), room, 11.5, bold=True)) > 3
        name = Cell(self.head.entidad, pages.left, room, 9.5 if long else 11.5, bold=True, lines=6)
        pages.row([name])
        below = "\n".join(filter(None, (f"NIT {self.head.nit}" if self.head.nit else "",
                                        self.head.sede)))  # fmt: skip
        if below:
            pages.row([Cell(below, pages.left, room, 8.5, shade=GREY, lines=3)])
        pages.y = min(pages.y - 2 * MM, top - STAMP_HEIGHT - 2 * MM)
        pages.rule(pages.y, thick=1.0, shade=DARK)
        pages.skip(6 * MM)

    def _opening(self, pages: Pages) -> None:
        self._say(pages, "lugar", after=1.6)
        self._say(pages, "tratamiento", after=0)
        to, _, where = self._parts.get("destinatario", "").partition("\n")
        _lines(pages, [Run(to, bold=True)])
        _lines(pages, [Run(where)])
        pages.skip(SIZE * 1.6)
        for label, part in (("Asunto", "asunto"), ("Referencia", "referencia")):
            said = self._parts.get(part)
            if said:
                _lines(pages, [Run(f"{label}: ", bold=True), Run(said)])
        pages.skip(SIZE * 1.2)
        self._say(pages, "saludo", after=1.0)

    def _say(self, pages: Pages, part: str, after: float) -> None:
        _lines(pages, [Run(self._parts.get(part, ""))])
        pages.skip(SIZE * after)

    def _closing_height(self, pages: Pages) -> float:
        """What farewell, room to sign, name and post take: they are never parted."""
        said = [self._parts.get(p, "") for p in ("despedida", "firmante", "cargo")]
        rows = sum(len(runs.wrap([Run(s, bold=True)], pages.width, SIZE)) for s in said)
        return (rows * runs.LEADING + 2.5) * SIZE + SIGN

    def _closing(self, pages: Pages) -> None:
        pages.need(self._closing_height(pages))
        pages.skip(SIZE * 0.8)
        self._say(pages, "despedida", after=0)
        pages.skip(SIGN)
        _lines(pages, [Run(self._parts.get("firmante", ""), bold=True)])
        self._say(pages, "cargo", after=0.6)

    def _notes(self, pages: Pages) -> None:
        """Anexos, copies, who drafted and reviewed: small, a line or a list each."""
        pages.skip(SIZE * 1.6)
        place = Place(pages.left, pages.width, SMALL)
        for label, part in _NOTES:
            rows = [row.strip() for row in self._parts.get(part, "").split("\n") if row.strip()]
            if not rows:
                continue
            if len(rows) == 1:
                runs.flow(pages, runs.wrap([Run(f"{label}: {rows[0]}")], place.width, SMALL), place)
                continue
            runs.flow(pages, runs.wrap([Run(f"{label}:")], place.width, SMALL), place, SMALL * 3)
            for number, row in enumerate(rows, 1):
                _item(pages, [Run(row)], f"{number}." if part == "anexos" else "–", place)
            pages.skip(SMALL * 0.5)


def _lines(pages: Pages, said: Sequence[Run]) -> None:
    """Short text from margin to margin, in the letter's size."""
    place = Place(pages.left, pages.width, SIZE)
    runs.flow(pages, runs.wrap(said, place.width, SIZE), place)


_INDENT = 8 * MM
_AFTER, _AMONG = 0.9, 0.35
"""The blank below a paragraph, and below an item that another follows, in sizes of the letter."""
_HEADINGS = {1: 13.0, 2: 11.5, 3: 10.0}


def _is_title(block: Block | Table) -> bool:
    return isinstance(block, Block) and block.kind == "titulo"


def _block(pages: Pages, block: Block, keep: float, after: float, *, justified: bool) -> None:
    """A paragraph, heading or item, with the blank *after* it, in sizes of the letter."""
    if block.kind == "titulo":
        size = _HEADINGS[block.level]
        pages.skip(size * 0.5)
        place = Place(pages.left, pages.width, size)
        bold = [replace(run, bold=True) for run in block.runs]
        # A title stays with two lines of what it is the title of.
        runs.flow(pages, runs.wrap(bold, place.width, size), place, keep + SIZE * 4)
        pages.skip(size * 0.5)
        return
    x = pages.left + _INDENT * block.indent
    place = Place(x, pages.right - x, SIZE, justified)
    if block.marker:
        outer = replace(place, x=x - _INDENT, width=place.width + _INDENT)
        _item(pages, block.runs, block.marker, outer, keep)
    else:
        runs.flow(pages, runs.wrap(block.runs, place.width, SIZE), place, keep)
    pages.skip(SIZE * after)


def _item(pages: Pages, said: Sequence[Run], marker: str, place: Place, keep: float = 0.0) -> None:
    """An item of a list: its marker at the left, its lines beside it."""
    inner = replace(place, x=place.x + _INDENT, width=place.width - _INDENT)
    lines = runs.wrap(said, inner.width, place.size)
    cell = Cell(marker, place.x + 2.5 * MM, _INDENT, place.size)
    runs.flow(pages, lines, inner, keep, cell)


def _table(pages: Pages, table: Table) -> None:
    """A table with rules between its rows; its head is said again on each page."""
    size, gap = SIZE * 0.88, 3 * MM
    columns = list(zip(*table.rows, strict=True))
    weights = [min(40, max(6, *(max(map(len, c.split("\n"))) for c in col))) for col in columns]
    unit = (pages.width - gap * (len(columns) - 1)) / sum(weights)
    places, x = [], pages.left
    for weight in weights:
        places.append(Cell("", x, weight * unit, size))
        x += weight * unit + gap

    def row(on: Pages, texts: Sequence[str], *, bold: bool = False) -> None:
        cells = zip(places, texts, strict=True)
        on.row([replace(p, text=t, bold=bold) for p, t in cells], pad=2.2, rule=True)

    body = list(table.rows)
    pages.need(size * 6)
    pages.rule(pages.y)
    if table.head:
        head = body.pop(0)
        row(pages, head, bold=True)
        pages.header = lambda on: row(on, head, bold=True)
    for texts in body:
        row(pages, texts)
    pages.header = None
    pages.skip(SIZE * 1.2)
