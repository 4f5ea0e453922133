"""The line that a fax machine prints in a page's margin: who sent it, when, page n of m.

Pure: words in, facts out. The sender's machine writes it above the image, some receivers write one
of their own above or below. Neither is evidence of anything but what it says: reception is decided
elsewhere (`ingest.intake`), by the lane. A line counts as a header only where several of its
parts agree, since letters have dates, numbers and «Página 1 de 3» in their margins too. What
`ingest.faxpages` makes of all pages together is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from ingest.faxline import Parts
from ingest.lectura import Campo, Fax
from ingest.letter import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.lectura import Caja, Pagina, Palabra

MARGIN = 50.0
"""Points from the edge within which such a line stands: machines print it 3 to 15 mm down."""
MARGIN_SHARE = 0.06
"""The same as a share of small pages."""
FAR_SHARE = 0.12
"""How far down the first line of a page may still be one, where all its parts are there."""
MOST_LETTERS = 250

FAX = re.compile(r"\bf[a4]x\b")
RECEIVER = re.compile(r"\b(?:rx|rcvd|rec.?d|received|recibid[oa]|recepcion)\b")
OF_LETTERS = re.compile(
    r"\b(?:radicad[oa]|radicacion|folios?|https?|www|nit|codigo|version|calle|carrera|cra|kra|"
    r"avenida|correo|asunto|impreso)\b|\w@\w"
)
"""Words of letterheads, of footers and of our own stamp: no machine prints them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page's margin: its words from left to right, joined, and the same plain."""

    words: tuple[Palabra, ...]
    text: str
    plain: str

    @property
    def box(self) -> Caja:
        """What holds all its words."""
        boxes = [w.caja for w in self.words]
        return (
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )


@dataclass(frozen=True, slots=True)
class Header:
    """A header that was found: what it says, its words, and how sure it is one, in percent."""

    fax: Fax
    words: frozenset[Palabra]
    strength: int
    """By how many of its parts agree: a worn figure makes no other channel of it."""


def headers(paginas: Sequence[Pagina]) -> list[Header]:
    """The headers of all pages, from the top of each."""
    return [h for n, page in enumerate(paginas, 1) for h in _headers_of(page, n)]


def without_headers(paginas: Sequence[Pagina], found: Sequence[Header]) -> list[Pagina]:
    """The pages as a person wrote them: a header's date and number are not the letter's."""
    printed: dict[int, set[Palabra]] = {}
    for header in found:
        printed.setdefault(header.fax.hoja, set()).update(header.words)
    return [
        msgspec.structs.replace(page, palabras=[w for w in page.palabras if w not in printed[n]])
        if n in printed
        else page
        for n, page in enumerate(paginas, 1)
    ]


def fields(found: Sequence[Header], pages: int) -> dict[str, Campo]:
    """The channel, and what the register keeps of the header; nothing where it was no fax.

    A letter with an old fax among its anexos did not come by fax: page 1 or half of all bear one.
    """
    bearing = {h.fax.hoja for h in found}
    if 1 not in bearing and 2 * len(bearing) <= pages:
        return {}
    first = principal([h.fax for h in found])[0]
    strength = next(h.strength for h in found if h.fax is first)
    out = {"canal": Campo("fax", strength, first.hoja, first.caja)}
    told = summary(first)
    if told:
        out["fax"] = Campo(told, first.confianza, first.hoja, first.caja)
    return out


def principal(found: Iterable[Fax]) -> list[Fax]:
    """One header a page: the sender's before the receiver's, one with its page before others."""
    pages: dict[int, list[Fax]] = {}
    for fax in found:
        pages.setdefault(fax.hoja, []).append(fax)
    return [
        min(rows, key=lambda f: (bool(RECEIVER.search(plain(f.texto))), f.pagina is None))
        for _, rows in sorted(pages.items())
    ]


def summary(fax: Fax) -> str:
    """Who and when, for people: `606 8842166, 2026-03-16 15:52, 3 páginas`; may be empty."""
    who = dialled(fax.numero) if fax.numero else ""
    if fax.remitente:
        who = f"{who} ({fax.remitente})" if who else fax.remitente
    when = (fax.hora or "").replace("T", " ")
    count = f"{fax.total} {'página' if fax.total == 1 else 'páginas'}" if fax.total else ""
    return ", ".join(part for part in (who, when, count) if part) if who or when else ""


def dialled(number: str) -> str:
    """A number as Colombia writes it: `606 8842166`; others as they are."""
    local = re.fullmatch(r"(\+?57)?(60\d)(\d{7})", number)
    return " ".join(g for g in local.groups() if g) if local else number


# -- a line and its place -------------------------------------------------------------------------


def _headers_of(page: Pagina, number: int) -> list[Header]:
    out = []
    margin = min(MARGIN, MARGIN_SHARE * page.alto)
    top: list[Palabra] = []
    far: list[Palabra] = []
    bottom: list[Palabra] = []
    for word in page.palabras:
        middle = (word.caja[1] + word.caja[3]) / 2
        if middle <= FAR_SHARE * page.alto:
            (top if middle <= margin else far).append(word)
        elif middle >= page.alto - margin:
            bottom.append(word)
    for row in rows_of(top):
        out.append(_read(row, number, others=1))
    if not any(out):
        out += [_read(row, number, others=2) for row in rows_of(far)[:1]]
    out += [_read(row, number, others=1, spoken=True) for row in rows_of(bottom)]
    return [h for h in out if h is not None]


def rows_of(words: Iterable[Palabra]) -> list[Row]:
    """Words in rows from the top, also where a page is askew and the reader saw several columns."""
    rows: list[list[Palabra]] = []
    for word in sorted(words, key=lambda w: w.caja[0]):
        middle = (word.caja[1] + word.caja[3]) / 2
        near = [r for r in rows if r[-1].caja[1] - 1 <= middle <= r[-1].caja[3] + 1]
        if near:
            min(near, key=lambda r: abs(r[-1].caja[1] - word.caja[1])).append(word)
        else:
            rows.append([word])
    rows.sort(key=lambda r: r[0].caja[1])
    texts = [" ".join(w.texto for w in row) for row in rows]
    return [
        Row(tuple(row), t, plain(t))
        for row, t in zip(rows, texts, strict=True)
        if len(t) <= MOST_LETTERS
    ]


def _read(row: Row, hoja: int, *, others: int, spoken: bool = False) -> Header | None:
    """The header that *row* is, or None.

    *others*: how many of «fax», a label and a number must stand beside hour and page. *spoken*: a
    label or «fax» must be among them, for lines below the text, where reports print hour and page.
    """
    if OF_LETTERS.search(row.plain):
        return None
    parts = Parts.of(row.text)
    fax = bool(FAX.search(row.plain))
    words = fax or parts.labelled
    beside = sum((fax, parts.labelled, parts.numero is not None))
    whole = parts.clock and parts.paged
    if spoken:
        told = whole and words
    elif whole:
        told = beside >= others or (others == 1 and parts.short)
    else:
        told = others == 1 and beside >= 2 and (parts.clock or (parts.paged and parts.labelled))
        told = told and parts.numero is not None
    if not told:
        return None
    kinds = beside + 2 * parts.clock + parts.paged
    strength = min(98, 78 + 4 * kinds)
    return Header(_facts(row, parts, hoja, strength), frozenset(row.words), strength)


def _facts(row: Row, parts: Parts, hoja: int, strength: int) -> Fax:
    """What a header says; as sure as the less sure half of its words."""
    read = sorted(w.confianza for w in row.words)
    weak = read[: max(1, len(read) // 2)]
    return Fax(
        hoja=hoja,
        texto=row.text,
        confianza=round(strength * sum(weak) / len(weak) / 100),
        caja=row.box,
        numero=parts.numero,
        destino=parts.destino,
        hora=parts.hora,
        remitente=parts.remitente,
        pagina=parts.pagina,
        total=parts.total,
    )
