"""The part of the door that stands before content: who looks, what is withheld, who has looked.

Whatever shows the content of a record asks here first. A reading of what is reserved, or of who
wrote where that is kept, is an event of the record; where it cannot be noted, nothing is shown (Ley
1712 de 2014, arts. 18, 19; Ley 1581 de 2012, arts. 4, 17).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from records import grounds, identity, lines, norms, reserve
from records.errors import Damaged, MachineCannot, Refused, VentanillaError, reason
from records.home import Home, erased
from records.reserve import CLASSIFIED, RESERVED, Consulted, Sight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.state import State

WITHHELD = {RESERVED: "«reservado»", CLASSIFIED: "«clasificado»"}
"""What stands in the place of a withheld value, in papers that leave the office."""
ERASED = "«eliminado»"
RESERVING, PRIVATE = "Ley 1712 de 2014, art. 19", "Ley 1712 de 2014, art. 18"
COPIED = "casa_copiada"
"""A copy of a home may be consulted and never writes (`records.marks`)."""
COUNTER = "ventanilla"
"""Gives the petitioner their own receipt, whatever its level."""
KEPT = "Ley 1581 de 2012, art. 4"
"""Personal data go round among those alone who need them."""


class Guarded(Home):
    """Sight, refusals, and the note of each reading."""

    @cached_property
    def _read_today(self) -> set[tuple[str, ...]]:
        """(person, subject, by what, day) of readings that this door has noted."""
        return set()

    @property
    def sight(self) -> Sight:
        """Who looks now. Nobody named, outside a demo office: what is public."""
        return self.sight_of(self.persona)

    def sight_of(self, persona: str | None) -> Sight:
        """The sight of a person today."""
        self._look_again()
        return reserve.sight_of(self.authority, persona, lines.now().date().isoformat())

    def withheld(self, state: State) -> str | None:
        """What stands for a record's sender and subject in a paper; None where they may stand."""
        if state.eliminado is not None:
            return ERASED
        return WITHHELD.get(state.acceso.nivel(lines.now().date().isoformat()))

    def knows(self, state: State) -> bool:
        """Whether who looks may know who wrote a record; of a letter that answers records, also
        who may know it of each of these."""
        sight = self.sight
        answered = self._answered(state)
        kept = any(s.acceso.identidad_protegida for s in answered)
        if kept and not state.acceso.identidad_protegida:  # a letter bears it from its number on
            state = replace(state, acceso=replace(state.acceso, identidad_protegida=True))
        return reserve.may_see_identity(state, sight) or (
            kept and all(reserve.may_see_identity(s, sight) for s in answered)
        )

    def shown(self, state: State) -> State:
        """A record as who looks may see it: without who wrote it, where that is kept from them."""
        return state if self.knows(state) else identity.masked(state)

    def _answered(self, state: State) -> list[State]:
        made = state.carta.presentada
        return [] if made is None else [self.estado(self.subject(r)) for r in made.a]

    def _must_know(self, state: State) -> None:
        """Refuse who may not know who wrote a record."""
        if self.knows(state):
            return
        raise Refused(
            "identidad_protegida",
            f"{state.radicado if state.numero or state.importado else state.subject} tiene "
            f"protegida la identidad: «{self.persona}» no está entre quienes la conocen.",
            consejo="Lo demás del radicado se muestra con «ver». Quien dirige la dependencia que "
            "lo tiene puede permitir que se conozca: «clasificar R --permite PERSONA».",
            norma=norms.cite(KEPT, lines.now().date()),
        )

    def _must_see(self, state: State, roles: Iterable[str] = ()) -> None:
        """Refuse who may not see a record, unless they hold one of *roles*."""
        if state.eliminado is not None:
            raise erased(state)
        sight = self.sight
        if reserve.may_see(state, sight) or set(roles) & sight.roles:
            return
        level, said = state.acceso.nivel(sight.hoy), state.acceso.clasificado
        assert said is not None
        ground = grounds.find(said.fundamento)
        of_level = RESERVING if level == RESERVED else PRIVATE
        article = norms.cite(ground.norma if ground else of_level, lines.now().date())
        raise Refused(
            "reservado" if level == RESERVED else "clasificado",
            f"{state.radicado} es información pública {level}: "
            + (f"«{self.persona}» no está entre quienes la conocen."
               if self.persona else "nadie dijo quién la pide."),
            consejo="Que existe es público, y «ver» lo muestra. Quien dirige la dependencia que "
            "la tiene puede permitir el acceso: «clasificar R --permite PERSONA».",
            norma=article,
        )  # fmt: skip

    def _note_reading(self, state: State, via: str, *, whole: bool = False) -> None:
        """Say that the person who acts read what is reserved or, where it was shown *whole*, who
        wrote it although that is kept; once a day by each way.

        Raises:
            MachineCannot: it cannot be noted here, and so it is not shown.
        """
        sight = self.sight
        reserved = state.acceso.nivel(sight.hoy) == RESERVED
        if not reserved and not (whole and state.acceso.identidad_protegida):
            return
        actor = self.authority.require(self.persona).id
        once = (actor, state.subject, via, sight.hoy)
        if once in self._read_today:
            return
        radicado = state.radicado
        try:
            with self._writing() as writer:
                fact = Consulted(radicado=radicado, via=via)
                self._append(writer, fact, state.subject, actor)
        except (OSError, VentanillaError) as error:
            if isinstance(error, Damaged) and error.codigo != COPIED:
                raise  # what is wrong with the journal is the greater news
            why = reason(error) if isinstance(error, OSError) else str(error)
            raise MachineCannot(
                "consulta_sin_anotar",
                f"{radicado} {'es reservado' if reserved else 'tiene la identidad protegida'}, y "
                f"aquí no se puede anotar quién lo consulta ({why}).",
                consejo="No se muestra lo que no queda anotado. Consúltelo en la oficina en uso.",
                norma=norms.cite(RESERVING if reserved else KEPT, lines.now().date()),
            ) from error
        self._read_today.add(once)
        self.index.catch_up()
