"""The part of the door that seals: a record's PDF/A is stamped, signed by the punto and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import paper, people
from records.errors import Refused
from records.events import RecordSealed
from records.issuing import Issuing

if TYPE_CHECKING:
    from records.paper import Box
    from records.state import State


class Sealing(Issuing):
    """The signed record."""

    def sellar(
        self,
        subject: str,
        documento: bytes,
        *,
        hueco: Box | None,
        paginas: int,
        lectura: str | None,
    ) -> RecordSealed:
        """Stamp and sign the PDF/A of a numbered record, keep it, and say so; once.

        *documento* was checked as PDF/A when it was made; *hueco* is the free rectangle on page 1.
        Done again it changes nothing and returns what was sealed.
        """
        state = self.estado(subject)
        if state.sellado is not None:
            return state.sellado
        number = state.numero
        if number is None or state.imagen_pendiente:
            raise Refused("sin_numero", f"{subject} aún no se puede sellar.")
        place = "ninguno"
        if number.imagen is not None:  # a paper that bears our label is never stamped again
            place = "margen" if hueco is not None else "franja"
            documento = paper.stamp(documento, self.stamp_facts(state), hueco)
        signer = self.signer
        signed = signer.sign(documento, reason=_reason(state))
        digest = self.vault.put(signed, "pdf")
        original = [d.sha256 for d in state.documentos if d.rol == "original"][-1]
        fact = RecordSealed(
            radicado=number.radicado,
            sha256=digest,
            original=original,
            paginas=paginas,
            bytes=len(signed),
            certificado=signer.certificate,
            lectura=lectura,
            sello=place,
        )
        with self._writing() as writer:
            again = self.estado(subject)
            if again.sellado is not None:
                return again.sellado
            self._append(writer, fact, subject, people.SYSTEM)
        return fact

    def sellar_carta(self, subject: str) -> RecordSealed | None:
        """Seal a letter of the office's own from the PDF/A that was signed; None: it is on paper.

        Raises:
            CannotSign: the token cannot be used now; the number stands, the seal is pending.
        """
        state = self.estado(subject)
        made = state.carta.presentada
        if made is None or made.documento is None or state.carta.en_papel:
            return None
        box: Box | None = None
        if made.hueco is not None:
            x0, y0, x1, y1 = (v / 10 for v in made.hueco)
            box = (x0, y0, x1, y1)
        return self.sellar(
            subject,
            self.vault.read(made.documento),
            hueco=box,
            paginas=made.paginas or 1,
            lectura=made.lectura,
        )


def _reason(state: State) -> str:
    assert state.numero is not None
    signed = f", firmado por {state.carta.cargo}" if state.carta.cargo else ""
    return f"Radicado {state.numero.radicado}{signed}"
