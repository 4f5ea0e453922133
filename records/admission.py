"""What the authority's log says of the keys, certificates and persons of another log.

Pure: an `Authority` and lines in, problems in Spanish out. A key counts where AUT named it and
until the size at which it was revoked; an act counts where its person had the role on its day and
signed it with a key of their own that held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import acts, founding, lines
from records.answer import Approved
from records.correction import HEAD
from records.disposal import HEADS, KEEPERS, Certified, Executed, Proposed, Signed
from records.events import (
    ClockRatified,
    DayClosed,
    DocumentIssued,
    KeyRotated,
    LogOpened,
    NumberAnnulled,
    RecordSealed,
    Restored,
    YearClosed,
)
from records.expedientes import Closed
from records.fact import Fact
from records.preserving import VaultReviewed
from records.transfers import Accepted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from records.fact import Act
    from records.lines import Line
    from records.people import Authority

ROLES: dict[type[Fact], tuple[str, ...]] = {
    NumberAnnulled: (HEAD,),
    ClockRatified: (HEAD,),
    YearClosed: (HEAD,),
    Approved: (),
    Signed: KEEPERS,
    Executed: HEADS,
}
"""Which roles an act asks for, any of them; none: a post, which the table of signers names
(`signers`)."""
_CERTIFIED = (
    RecordSealed, DocumentIssued, DayClosed, YearClosed, VaultReviewed, Closed, Accepted, Proposed,
    Certified,
)  # fmt: skip
"""What names the certificate that signed its document."""
_SPOKEN_OF = (LogOpened, KeyRotated, Restored, *_CERTIFIED, *ROLES)


class Admission:
    """Judges the lines of one log, in order, by what AUT says of all."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._certificates = authority.certificados
        self._revoked = {lines.key_id(bytes.fromhex(k)): k for k in authority.revocadas}

    def take(self, line: Line, fact: Fact | None) -> Iterable[str]:
        """Problems of one line; most lines have nothing that the authority speaks of."""
        if line.k in self._revoked:
            return self._judge(line, fact)
        if type(fact) is RecordSealed:
            known = fact.certificado in self._certificates.get(line.body.punto, ())
            return () if known else self._judge(line, fact)
        return self._judge(line, fact) if type(fact) in _SPOKEN_OF else ()

    def _judge(self, line: Line, fact: Fact | None) -> Iterator[str]:
        body = line.body
        if line.k in self._revoked and self._authority.is_revoked(
            self._revoked[line.k], body.log, body.seq
        ):
            yield f"El evento {body.seq} lo firma una llave que ya estaba revocada."
        match fact:
            case LogOpened() | KeyRotated() | Restored():
                yield from self._key(body.punto, body.seq, fact)
            case (
                NumberAnnulled()
                | ClockRatified()
                | YearClosed()
                | Approved()
                | Signed()
                | Executed()
            ):
                yield from self._act(line, fact.acto, ROLES[type(fact)])
            case _:
                pass
        if isinstance(fact, _CERTIFIED) and fact.certificado is not None:
            known = self._authority.certificados.get(body.punto, ())
            if fact.certificado not in known:
                yield f"El evento {body.seq} nombra un certificado que nadie admitió."

    def _key(self, punto: str, seq: int, fact: LogOpened | KeyRotated | Restored) -> Iterator[str]:
        if fact.clave in self._authority.llaves.get(punto, ()):
            return
        if punto == founding.AUTHORITY and isinstance(fact, Restored):
            return  # the root's delegation, which `tail` checks, is all that can speak for it
        what = "no ha sido admitido" if punto not in self._authority.llaves else "es de otra llave"
        yield f"El diario de {punto} {what} según la autoridad (evento {seq})."

    def _act(self, line: Line, act: Act, roles: tuple[str, ...]) -> Iterator[str]:
        body, authority = line.body, self._authority
        if not lines.is_stamp(act.at):
            yield f"El acto del evento {body.seq} no dice una hora."
        if roles and not set(roles) & authority.roles_of(act.person, act.at):
            yield f"El evento {body.seq} lo firma {act.person}, que no tenía el papel para eso."
        for key in authority.keys_of(act.person):
            if acts.holds(body, act, key):
                if authority.is_revoked(key, body.log, body.seq):
                    yield f"El evento {body.seq} lleva la firma de una llave revocada."
                return
        yield f"La firma de {act.person} en el evento {body.seq} no es válida."
