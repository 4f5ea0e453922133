"""The part of the door for the paper of expedientes: where it lies, and who has it.

Of an expediente that is híbrido or físico (Acuerdo 002 de 2014): caja, carpeta, tomo, estante; and
loans, each with the day on which it is to be back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import fields
from records.calendar import Calendar
from records.counting import count
from records.expedientes import PLACE, GivenBack, Lent, Placed
from retention.dossiers import Dossiers
from retention.room import FILES, refused, today

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from records.events import Event
    from records.expedientes import Expediente
    from records.expedientes_index import Listed


class Shelving(Dossiers):
    """Places and loans."""

    def ubicar(self, numero: str, lugar: Mapping[str, str]) -> Event:
        """Say where the paper of an expediente lies: caja, carpeta, tomo, estante, otro.

        Raises:
            Refused: it is electronic, or no place is named.
        """
        actor = self._handler(self.expediente(numero).abierto.dependencia)
        said = {k: fields.clean_text(v) for k, v in lugar.items() if k in PLACE}
        said = {k: v for k, v in said.items() if v}

        def fact(state: Expediente) -> Placed:
            self._has_paper(state)
            if not said:
                raise refused("sin_lugar", "Diga dónde: --caja, --carpeta, --tomo…", FILES)
            return Placed(expediente=state.numero, **said)

        return self._say(numero, self._alive, fact, actor)

    @staticmethod
    def _has_paper(state: Expediente) -> None:
        if state.abierto.soporte == "electronico":
            raise refused("sin_papel", f"{state.numero} es electrónico: no tiene papeles.", FILES)

    def prestar(self, numero: str, a: str, *, hasta: date | None = None, motivo: str = "") -> Event:
        """Lend the paper of an expediente to a person, by id or by name, until a day.

        Raises:
            Refused: it is electronic or lent already, or the day is past.
        """
        actor = self._keeper()
        office, who = self.office, fields.clean_text(a)
        until = hasta or self._loan_end()

        def fact(state: Expediente) -> Lent:
            self._has_paper(state)
            if state.prestamo is not None:
                raise refused(
                    "prestado",
                    f"{state.numero} lo tiene {state.prestamo.a} hasta el {state.prestamo.hasta}.",
                    FILES,
                    "Diga primero que volvió: «expediente devolver».",
                )
            if not who or until < today():
                raise refused("prestamo", "Diga a quién, y hasta qué día por venir.", FILES)
            known = who if who in office.authority.personas else None
            return Lent(expediente=state.numero, hasta=until.isoformat(), persona=known)

        known = who in office.authority.personas
        told = {"a": "" if known else who, "motivo": fields.clean_text(motivo)}
        return self._say(numero, self._alive, fact, actor, told)

    def _loan_end(self) -> date:
        settings = self.office.settings
        days = settings.archivo.prestamo_dias
        return count(days, "día hábil", today(), Calendar.of(settings.horario)).ends.date()

    def devolver(self, numero: str) -> Event:
        """Say that the paper of an expediente is back.

        Raises:
            Refused: nobody had it.
        """
        actor = self._keeper()

        def fact(state: Expediente) -> GivenBack:
            if state.prestamo is None:
                raise refused("no_prestado", f"{state.numero} no está prestado.", FILES)
            return GivenBack(expediente=state.numero)

        return self._say(numero, self._alive, fact, actor)

    def prestados(self) -> list[Listed]:
        """Expedientes whose paper is lent, the first to come back first."""
        self.office.index.catch_up()
        found = self.office.index.expedientes("prestado IS NOT NULL")
        return sorted(found, key=lambda e: (e.prestado or "", e.numero))
