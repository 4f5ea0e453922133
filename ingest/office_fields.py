"""The fields of a .docx or .odt: found and filled in its XML, in the limited child.

A field may be split over stretches of text, as programs do while a person types: its paragraph is
read as one text, and the value looks as the field's first letter did.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lxml import etree

from ingest.office_xml import WORD, Element, parse, written
from records import templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BREAK = "\u2028"
"""Stands for a line break of a value, until it is one of the document's own."""
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_WORD_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")


class Slot(Protocol):
    """A piece of a paragraph's text that can be read and written."""

    def get(self) -> str:
        """What it says."""

    def put(self, text: str) -> None:
        """Say something else."""


@dataclass(frozen=True, slots=True)
class _Inner:
    """The text that an element begins with."""

    element: Element

    def get(self) -> str:
        return self.element.text or ""

    def put(self, text: str) -> None:
        self.element.text = text


@dataclass(frozen=True, slots=True)
class _Tail:
    """The text after an element."""

    element: Element

    def get(self) -> str:
        return self.element.tail or ""

    def put(self, text: str) -> None:
        self.element.tail = text


def _word_slots(root: Element) -> Iterator[list[Slot]]:
    """For each paragraph its stretches of text, without those of a paragraph within it."""
    for paragraph in root.iter(f"{WORD}p"):
        yield [
            _Inner(text)
            for text in paragraph.iter(f"{WORD}t")
            if next(text.iterancestors(f"{WORD}p"), None) is paragraph
        ]


def _odf_slots(root: Element) -> Iterator[list[Slot]]:
    for paragraph in root.iter(f"{_TEXT}p", f"{_TEXT}h"):
        yield list(_odf_texts(paragraph))


def _odf_texts(element: Element) -> Iterator[Slot]:
    yield _Inner(element)
    for child in element:
        if child.tag in (f"{_TEXT}span", f"{_TEXT}a", f"{_TEXT}meta"):
            yield from _odf_texts(child)
        yield _Tail(child)


def _text_parts(parts: Mapping[str, bytes], suffix: str) -> list[str]:
    if suffix == ".docx":
        return [name for name in parts if _WORD_PARTS.fullmatch(name)]
    return [name for name in ("content.xml", "styles.xml") if name in parts]


def texts(parts: Mapping[str, bytes], suffix: str) -> str:
    """What a document says, a paragraph a line."""
    slots = _word_slots if suffix == ".docx" else _odf_slots
    said = (
        "".join(slot.get() for slot in paragraph)
        for name in _text_parts(parts, suffix)
        for paragraph in slots(parse(parts[name]))
    )
    return "\n".join(line for line in said if line.strip())


def filled(parts: dict[str, bytes], suffix: str, values: Mapping[str, str]) -> dict[str, bytes]:
    """The parts with their fields filled; the look of a field is that of its first letter.

    Raises:
        Refused: a field lacks its value, or is none (`templates.fill`).
    """
    templates.check(templates.all_fields(texts(parts, suffix)), values)
    slots, broken = (_word_slots, _word_breaks) if suffix == ".docx" else (_odf_slots, _odf_breaks)
    out = dict(parts)
    for name in _text_parts(parts, suffix):
        root = parse(parts[name])
        for paragraph in slots(root):
            _fill(paragraph, values)
        broken(root)
        out[name] = written(root)
    return out


def _fill(paragraph: list[Slot], values: Mapping[str, str]) -> None:
    pieces = [slot.get() for slot in paragraph]
    whole = "".join(pieces)
    starts = [sum(map(len, pieces[:n])) for n in range(len(pieces))]
    for match in reversed(list(templates.FIELD.finditer(whole))):
        said = templates.fill(match[0], values).replace("\n", BREAK)
        for n in reversed(range(len(pieces))):
            low = max(match.start() - starts[n], 0)
            high = min(match.end() - starts[n], len(pieces[n]))
            if low >= high:
                continue
            mine = said if match.start() >= starts[n] else ""
            pieces[n] = pieces[n][:low] + mine + pieces[n][high:]
    for slot, piece in zip(paragraph, pieces, strict=True):
        if slot.get() != piece:
            slot.put(piece)


def _word_breaks(root: Element) -> None:
    """Line breaks of values as Word's own, and blanks at the ends kept."""
    for text in list(root.iter(f"{WORD}t")):
        first, *rest = (text.text or "").split(BREAK)
        text.text = first
        text.set(_SPACE, "preserve")
        after = text
        for line in rest:
            for tag, said in (("br", None), ("t", line)):
                made = etree.Element(f"{WORD}{tag}")
                made.text = said
                after.addnext(made)
                after = made
            after.set(_SPACE, "preserve")


def _odf_breaks(root: Element) -> None:
    """Line breaks of values as elements of the document's own."""
    for element in list(root.iter(etree.Element)):
        if BREAK in (element.text or ""):
            first, *rest = (element.text or "").split(BREAK)
            element.text = first
            for place, line in enumerate(rest):
                element.insert(place, _odf_break(line))
        if BREAK in (element.tail or ""):
            first, *rest = (element.tail or "").split(BREAK)
            element.tail = first
            after = element
            for line in rest:
                made = _odf_break(line)
                # `addnext` would take the tail of the one before along with it.
                parent = after.getparent()
                parent.insert(parent.index(after) + 1, made)
                after = made


def _odf_break(line: str) -> Element:
    made = etree.Element(f"{_TEXT}line-break")
    made.tail = line
    return made
