"""The documents that the logs keep, as their lines name them: for who reads the vault again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from records import erasure, lines, naming, segments
from records.errors import Damaged
from records.events import read_fact
from records.lines import BadLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.fact import Fact
    from records.lines import Line
    from records.office import Office
    from records.segments import Segment


class Kept(NamedTuple):
    """A document that a line names, and which line."""

    sha256: str
    subject: str
    at: str


def documents(office: Office) -> Iterator[Kept]:
    """Every document that the logs name and no disposal erased, in their order and as often as they
    do; the logs are taken as verified.

    Raises:
        Damaged: a line cannot be read.
    """
    erased = erasure.all_remains(office).documentos
    for punto in segments.puntos(office.home):
        for segment in segments.segments(office.home, punto):
            for number, (_, raw) in enumerate(segments.read_raw(segment.path), start=1):
                line, fact = _plain(raw, segment, number)
                for paper in naming.papers(fact):
                    if paper.sha256 not in erased:
                        yield Kept(paper.sha256, line.body.subject, line.body.at)


def _plain(raw: bytes, segment: Segment, number: int) -> tuple[Line, Fact | None]:
    try:
        line = lines.read_line(raw)
        return line, read_fact(line.body.type, line.body.data)
    except (BadLine, msgspec.ValidationError) as error:
        raise Damaged(
            "diario_danado",
            f"La línea {number} de {segment.path} no se puede leer: {error}.",
            consejo="Ejecute «ventanilla verificar».",
        ) from error
