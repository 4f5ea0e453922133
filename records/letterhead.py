"""What stands on every official page: who speaks at its top, where the office is at its foot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from records import glyphs, typeset
from records.typeset import DARK, GREY, LEADING, MM, Cell

if TYPE_CHECKING:
    from records.settings import Settings
    from records.typeset import Pages

SIDE = 20 * MM
"""The margin at both sides."""
LEAF = "Página"
"""What a page is called at its foot."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who speaks: entity, NIT and sede at the top, *pie* (address, telephone, web) at the foot."""

    entidad: str
    nit: str = ""
    sede: str = ""
    pie: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Letterhead:
        """That of an office (Acuerdo 060 de 2001, art. 14); what is not said is left out."""
        office = settings.entidad
        said = (
            office.direccion,
            office.municipio,
            office.conmutador and f"Conmutador {office.conmutador}",
            office.fax and f"Fax {office.fax}",
            office.web,
            office.correo,
        )
        return cls(office.nombre, office.nit, settings.punto.nombre, " · ".join(filter(None, said)))


def one_line(text: str) -> str:
    """*text* as our font shows it, on one line."""
    return glyphs.one_line(text, glyphs.font())


def whole(
    pages: Pages,
    text: str,
    size: float,
    *,
    bold: bool = False,
    shade: float = DARK,
    lines: int | None = None,
) -> Cell:
    """A cell from margin to margin."""
    return Cell(text, pages.left, pages.width, size, bold=bold, shade=shade, lines=lines)


def draw(pages: Pages, head: Letterhead, room: tuple[float, float] | None = None) -> None:
    """The top of the first page; *room* (width, height) stays free at its right."""
    top, (wide, high) = pages.y, room or (0.0, 0.0)
    name = whole(pages, head.entidad, 11.5, bold=True, lines=5 if room else 2)
    below = " · ".join(filter(None, (head.nit and f"NIT {head.nit}", head.sede)))
    under = [whole(pages, below, 8.5, shade=GREY, lines=2)] if below else []
    for cell in (name, *under):
        pages.row([replace(cell, width=cell.width - wide)])
    pages.y = min(pages.y, top - high)
    pages.skip(2 * MM)
    pages.rule(pages.y, thick=1.0, shade=DARK)
    pages.skip(8 * MM)


def title(pages: Pages, scale: float, text: str, subtitle: str) -> None:
    """The document's title and what stands below it, in the middle."""
    limit = 4
    pages.row([replace(whole(pages, text, 14 * scale, bold=True, lines=limit), align="center")])
    if subtitle:
        pages.skip(1 * MM * scale)
        pages.row(
            [
                replace(
                    whole(pages, subtitle, 9.5 * scale, shade=GREY, lines=limit),
                    align="center",
                )
            ]
        )
    pages.skip(6 * MM * scale)


def running_head(pages: Pages, entity: str, title: str) -> None:
    """The top of the others."""
    half = pages.width / 2 - 3 * MM
    left = Cell(entity, pages.left, half, 7.5, shade=GREY, lines=1)
    right = Cell(title, pages.right - half, half, 7.5, shade=GREY, align="right", lines=1)
    pages.row([left, right])
    pages.skip(1 * MM)
    pages.rule(pages.y)
    pages.skip(4 * MM)


def address(text: str, size: tuple[float, float], side: float = SIDE) -> bytes:
    """The same foot of every page: a rule and the office's address on at most two lines."""
    room = size[0] - 2 * side
    cell = Cell("", side, room, 7.0, shade=GREY, align="center")
    # A line of the address ends between two of its parts.
    parts = " · ".join(part.replace(" ", "\u00a0") for part in one_line(text).split(" · "))
    rows = [t.rstrip(" ·") for t in typeset.wrap(parts, room, cell.size, limit=2)]
    out = [typeset.line(side, size[0] - side, 23 * MM, thick=0.4, shade=typeset.PALE)]
    out += [
        typeset.show(t, cell, 23 * MM - (n + 1) * cell.size * LEADING) for n, t in enumerate(rows)
    ]
    return b"\n".join(out)


def page_number(
    mark: str, n: int, total: int, size: tuple[float, float], side: float = SIDE, leaf: str = LEAF
) -> bytes:
    """The last line of a page: *mark*, and which page (or as *leaf* calls it) of how many."""
    said = f"{leaf} {n} de {total}"
    room = size[0] - 2 * side
    right = Cell("", side, room, 7.5, align="right")
    left = Cell("", side, room, 7.5, shade=GREY)
    free = room - typeset.width(said, 7.5) - 6 * MM
    text = typeset.cut(one_line(mark), free, 7.5)
    return b"\n".join((typeset.show(text, left, 13 * MM), typeset.show(said, right, 13 * MM)))
