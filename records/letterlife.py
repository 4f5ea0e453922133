"""The rules of a log for what the office writes: presented, signed, numbered once, sent. Pure.

What was reviewed or signed is the version that stands; a signature names the very PDF/A; a number
by approval answers a signature that no other number has used (Acuerdo 060 de 2001, arts. 4 to 6).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from records.answer import AnswerFact, Approved, InkSigned, Presented, Reviewed, Withdrawn
from records.dispatch import Dispatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.dispatch import OfSending
    from records.lines import Line


@dataclass(slots=True)
class _Open:
    version: str
    documento: str | None
    carta: Presented


@dataclass(slots=True)
class LetterLives:
    """Letters of a log that have no number yet, by their subjects."""

    open: dict[str, _Open] = field(default_factory=dict)
    sent: dict[str, Dispatch] = field(default_factory=dict)
    """Letters that have their number: what was told of their sending."""

    def take(self, line: Line, fact: AnswerFact, originals: dict[str, str]) -> Iterator[str]:
        """Take one more fact of a letter; gives, in Spanish, what it breaks."""
        body = line.body
        held = self.open.get(body.subject)
        if isinstance(fact, Presented):
            if held is None and body.subject != f"{body.punto}.{body.seq}":
                yield f"El evento {body.seq} presenta una carta que no es suya."
            self.open[body.subject] = _Open(line.hash, fact.documento, fact)
            if fact.sha256 is not None:
                originals[body.subject] = fact.sha256
            return
        if held is None:
            yield f"El evento {body.seq} habla de una carta que nadie presentó, o ya resuelta."
            return
        match fact:
            case _ if fact.version != held.version:
                yield f"El evento {body.seq} no es de la última versión de la carta."
            case Reviewed() if not set(fact.por) <= set(held.carta.revisan):
                yield f"El evento {body.seq} revisa en lugar de quien no se nombró."
            case Approved() if fact.sha256 != held.documento:
                yield f"El evento {body.seq} firma otro documento que el presentado."
            case Withdrawn():
                del self.open[body.subject]
            case InkSigned():
                originals.pop(body.subject, None)  # the scan of what was signed is the original

    def number(self, subject: str, radicado: str) -> Iterator[str]:
        """A letter gets its number."""
        held = self.open.pop(subject, None)
        if held is None:
            yield f"{radicado} es el número de una carta que nadie presentó."
        else:
            self.sent[subject] = Dispatch.of(held.carta, "")

    def dispatch(self, line: Line, fact: OfSending) -> Iterator[str]:
        """It is sent, delivered, returned."""
        body = line.body
        held = self.sent.get(body.subject, Dispatch())
        yield from held.problems(fact, body.at)
        held.apply(fact, body.at, None)
