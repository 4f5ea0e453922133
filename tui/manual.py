"""The manual of each role (`docs/manual/`), as sheets for the screen.

A chapter is Markdown of a few kinds: `#` its title, `##` its parts, paragraphs, lists, and tables
of two columns, which become labels and values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from records.errors import MachineCannot
from tui import texts
from tui.views import Part, Sheet

FOLDER = Path(__file__).parents[1] / "docs" / "manual"
COMMON = "comun"
CHAPTERS = (
    "recepcion", "area", "archivo", "consulta", "tablero", "procesos", "integridad", COMMON,
)  # fmt: skip
"""Files, without their ending: those of a role first."""
_INLINE = re.compile(r"\*\*(.+?)\*\*|`(.+?)`|\[(.+?)\]\([^)]*\)")
_RULE = re.compile(r"\|[\s:|-]+\|$")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter, and where it stands among the others."""

    name: str
    sheet: Sheet
    place: int
    of: int


def chapter_of(room: str) -> str:
    """Which chapter tells of a room; of those that have none, the one for everybody does."""
    return room if room in CHAPTERS else COMMON


def beside(name: str, step: int) -> str:
    """The chapter after another one, or before it."""
    return CHAPTERS[(CHAPTERS.index(name) + step) % len(CHAPTERS)]


def read(name: str) -> Chapter:
    """A chapter.

    Raises:
        MachineCannot: this installation came without its manual.
    """
    try:
        text = (FOLDER / f"{name}.md").read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MachineCannot("sin_manual", texts.NO_MANUAL) from error
    return Chapter(name, parse(name, text), CHAPTERS.index(name) + 1, len(CHAPTERS))


def parse(name: str, text: str) -> Sheet:
    """Markdown as a sheet."""
    title = ""
    parts: list[Part] = [Part("", ())]
    for block in re.split(r"\n{2,}", text.strip()):
        if block.startswith("# "):
            title = plain(block[2:])
        elif block.startswith("## "):
            parts.append(Part(plain(block[3:]), ()))
        else:
            last = parts[-1]
            gap = (("", ""),) if last.lines else ()
            parts[-1] = Part(last.title, (*last.lines, *gap, *_lines(block)))
    return Sheet(name, title, tuple(p for p in parts if p.lines or p.title))


def _lines(block: str) -> list[tuple[str, str]]:
    if block.startswith("|"):
        rows = [row for row in block.splitlines()[1:] if not _RULE.match(row)]
        cells = [[plain(c.strip()) for c in row.strip("|").split("|")] for row in rows]
        return [(first, " · ".join(rest)) for first, *rest in cells]
    if re.match(r"[-\d]", block):
        items = re.split(r"\n(?=- |\d+\. )", block)
        return [("", _item(plain(" ".join(item.split())))) for item in items]
    return [("", plain(" ".join(block.split())))]


def _item(text: str) -> str:
    return f"· {text[2:]}" if text.startswith("- ") else text


def plain(text: str) -> str:
    """Text without the signs of Markdown."""
    return _INLINE.sub(lambda found: next(g for g in found.groups() if g is not None), text)


def keys_in(text: str) -> list[str]:
    """What a chapter writes as keys: between backticks."""
    return re.findall(r"`([^`\n]+)`", text)


if __name__ == "__main__":
    from tui import actions

    print(actions.manual(), end="")
