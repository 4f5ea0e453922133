"""The part of the door that closes a record: nothing more is to be done.

What the law wants answered is closed without an answer only by one of its own causes (CPACA, arts.
14 and 19; Ley 190 de 1995, art. 38).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import lines, norms, petition
from records.assigning import ANSWER, Assigning, Moved
from records.correction import check_reason
from records.errors import Refused
from records.tramite import Archived

if TYPE_CHECKING:
    from records.state import State
    from records.tramite import OfRecord

DISRESPECT = "Ley 1437 de 2011 (CPACA), art. 19"
NAMELESS = "Ley 190 de 1995, art. 38"
CAUSES = {
    "irrespetuosa": DISRESPECT,
    "reiterativa": DISRESPECT,
    "no_aclarada": DISRESPECT,
    "anonima": NAMELESS,
}
"""Why a matter that the law wants answered may be filed without an answer."""
NO_TERM = ("sin_termino", "felicitacion")
NO_NAMES = ("anónimo", "anonimo")
"""How the register says that nobody signed."""


class Archiving(Assigning):
    """Close."""

    def archivar(
        self, radicado: str, *, causa: str | None = None, motivo: str | None = None
    ) -> Moved:
        """Close a record on which nothing more is to be done.

        What the law wants answered is closed without an answer only by one of `CAUSES`.
        """
        actor = self._actor()
        reason = check_reason(motivo or "") if causa is not None or motivo else None
        today = lines.now().date()
        if causa is not None and causa not in CAUSES:
            raise Refused(
                "causa_desconocida",
                f"«{causa}» no es una causa para archivar sin respuesta.",
                consejo=f"Las causas son: {', '.join(CAUSES)}.",
                norma=norms.cite(ANSWER, today),
            )

        def fact(state: State) -> OfRecord:
            self._may_act(state, actor)
            kind = self._kind(state)
            if kind not in NO_TERM and causa is None and not state.tramite.cerrado:
                raise Refused(
                    "sin_respuesta",
                    f"{state.radicado} ({kind}) espera respuesta.",
                    consejo="Respóndalo. Si la ley permite no responder: --sin-respuesta CAUSA "
                    f"({', '.join(CAUSES)}) y --motivo. Si no pide nada, rectifique su tipo.",
                    norma=norms.cite(ANSWER, today),
                )
            self._check_cause(state, causa)
            return Archived(radicado=state.radicado, causa=causa)

        return self._act([radicado], fact, actor, {"motivo": reason} if reason else None)[0]

    def _check_cause(self, state: State, causa: str | None) -> None:
        """Refuse a cause that is not so of this record."""
        if causa == "anonima" and state.campos.get("remitente") not in NO_NAMES:
            raise petition.refused(
                "con_remitente", f"{state.radicado} tiene remitente: no es anónima.", NAMELESS
            )
        if causa == "no_aclarada":
            petition.unexplained(state, self._awaited(state))
        if causa == "reiterativa":
            self._check_repeated(state, _repeated(state))

    def _check_repeated(self, state: State, earlier: list[str]) -> None:
        """What repeats may refer to an earlier answer (art. 19): there must be one."""
        if not earlier:
            self.avisos.append(
                f"{state.radicado} no está vinculado a la petición ya respondida: «vincular "
                f"{state.radicado} --con R --como reiteracion» deja a la vista a qué respuesta se "
                "remite."
            )
        elif not any(map(self._stands_answered, earlier)):
            raise petition.refused(
                "sin_respuesta_anterior",
                f"{', '.join(earlier)} no se ha respondido: no hay respuesta anterior a la que "
                "remitirse.",
                DISRESPECT,
                f"Responda las dos juntas: «acumular {state.radicado} --en {earlier[0]}».",
            )

    def _stands_answered(self, radicado: str) -> bool:
        return self.estado(self.subject(radicado)).tramite.respondido is not None


def _repeated(state: State) -> list[str]:
    """The earlier radicados that a record repeats."""
    return [v.con for v in state.tramite.vinculos if v.como == "reiteracion" and not v.viene]
