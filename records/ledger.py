"""The part of the door by which another room says facts: the archive's rules lie in `retention`.

A room decides under the lock what follows from what is so, and the office appends it: in one write,
in order, each event after the newest of its subject.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from records import handshake
from records.clock import Clock
from records.handshake import Word
from records.issuing import Issuing
from records.journal import PREVIOUS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from records.events import Event
    from records.fact import Fact
    from records.journal import Draft, Writer
    from records.sheets import Sheet
    from records.state import State


class Ledger(Issuing, Clock):
    """Facts of the archive, and its pages."""

    def asentar(self, plan: Callable[[Writer], list[Draft]]) -> list[Event]:
        """Append what *plan*, called under the lock with the index caught up, asks for.

        Events of one subject must stand together. What *plan* refuses leaves all as it was.
        """
        with self._writing() as writer:
            self.check_clock(writer)
            drafts = plan(writer)
            before: str | None = None
            said: list[Draft] = []
            for draft in drafts:
                subject = str(draft.subject)
                after = PREVIOUS if subject == before else self._after(subject)
                said.append(replace(draft, after=after))
                before = subject
            events = writer.append_all(said)
        self.index.catch_up()
        return events

    def firmar_asiento(
        self,
        clave: str | None,
        roles: tuple[str, ...],
        subject: str,
        fact_of: Callable[[str], Fact],
        ficha: dict[str, str],
    ) -> Event:
        """Append a fact of the archive that the person who acts signs with their own key, unlocked
        by *clave*. *fact_of* gets their id, is called under the lock with the index caught up, and
        refuses what may not be.

        Raises:
            Refused: they lack the role or a key, the passphrase is not the one, or the subject
                moved on while it was being signed.
        """
        pen = self._pen(clave, *roles)

        def in_time(writer: Writer) -> list[Draft]:
            self.check_clock(writer)
            return []

        event = self._sign_and_append(
            pen, subject, lambda _: fact_of(pen.person), {**ficha}, also=in_time
        )
        self.index.catch_up()
        return event

    def firmar(self, page: bytes, reason: str) -> tuple[str, str]:
        """Sign a page and keep it: its SHA-256, and that of the certificate.

        Raises:
            CannotSign: it cannot be signed now.
        """
        signer = self.signer
        return self.vault.put(signer.sign(page, reason=reason), "pdf"), signer.certificate

    def leer_entero(self, radicado: str, via: str, *, anota: bool = True) -> State:
        """A record whose whole content leaves with who acts; what is reserved, and who wrote what
        keeps that, is noted as read. Without *anota* it is only looked whether it could leave.

        Raises:
            Refused: it is withheld from them, or who wrote it is.
            MachineCannot: the reading cannot be noted here.
        """
        state = self.estado(self.subject(radicado, imported=True))
        self._must_see(state)
        self._must_know(state)
        if anota:
            self._note_reading(state, via, whole=True)
        return state

    def dar_palabra(
        self, paquete: str, transferencia: str, estado: Literal["aceptada", "devuelta"], motivo: str
    ) -> bytes:
        """This home's signed word about a package of another one (`records.handshake`)."""
        with self.open_log(self.journal, closed=True) as writer:
            tail, key = writer.tail, writer.key
            at = writer.at()
        word = Word(
            paquete=paquete,
            transferencia=transferencia,
            estado=estado,
            motivo=motivo,
            at=at,
            entidad=tail.entidad,
            punto=tail.punto,
            log=tail.log,
        )
        return handshake.seal(word, key, tail.epoch, self._delegation(tail), tail.raiz)

    def hoja(
        self, title: str, *, at: datetime, subtitle: str, mark: str, landscape: bool = False
    ) -> Sheet:
        """An official page of this office."""
        return self._sheet(title, at=at, subtitle=subtitle, mark=mark, landscape=landscape)
