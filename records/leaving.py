"""The part of the door that says who is away, and who takes their work meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import absences, fields, lines
from records.absences import MOTIVES, Absence, Away
from records.correction import HEAD
from records.errors import Refused
from records.home import Home
from records.journal import Draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.events import Event


class Shown(Absence, frozen=True):
    """An absence as it is listed."""

    ahora: bool
    """They are away today."""


class Leaving(Home):
    """Say that somebody is away; who is."""

    def ausentar(
        self,
        persona: str,
        desde: str,
        hasta: str,
        motivo: str,
        *,
        reemplaza: str | None = None,
        acto: str | None = None,
        cambia: bool = False,
    ) -> Event:
        """Say that a person is away from a day to a day (both included), and who takes their work.

        *cambia*: what was said of the absence that begins on that day is said anew.

        Raises:
            Refused: a person is unknown, the days cannot be, they meet another absence, or who
                says so may not.
        """
        actor = self._may_send(persona)
        if reemplaza is not None:
            self.authority.require(reemplaza)
        if motivo not in MOTIVES:
            raise Refused("motivo", f"Los motivos son: {', '.join(MOTIVES)}.")
        first, last = absences.span(desde, hasta, lines.now().date())
        known = self.authority.ausencias
        if cambia:
            self._known(persona, first)
        elif (persona, first) in known:
            raise Refused(
                "ausencia_cruzada",
                f"{self._called(persona)} ya tiene una ausencia que empieza el {first}.",
                consejo="Para corregirla agregue --cambia; para quitarla, --anular.",
            )
        fact = Away(persona=persona, desde=first, hasta=last, reemplaza=reemplaza)
        names = {p.id: p.nombre for p in self.authority.personas.values()}
        absences.check(known.values(), fact, names)
        ficha = {"motivo": motivo}
        if kept := fields.clean_text(acto or ""):
            ficha["acto"] = kept
        return self._say(Draft(fact, f"persona.{persona}", actor, (), ficha))

    def anular_ausencia(self, persona: str, desde: str) -> Event:
        """Say that an absence that was told is none."""
        actor = self._may_send(persona)
        self._known(persona, desde)
        return self._say(Draft(Away(persona=persona, desde=desde), f"persona.{persona}", actor))

    def ausencias(self, *, todas: bool = False) -> Sequence[Shown]:
        """Who is away, or will be (*todas*: or was), the first to leave first.

        Why, and by which act, is told to the person and to whoever may say it; to nobody else.
        """
        self._look_again()
        today = lines.now().date().isoformat()
        viewer = self.persona
        out = []
        for one in sorted(self.authority.ausencias.values(), key=lambda a: (a.desde, a.persona)):
            if not todas and one.hasta < today:
                continue
            told = msgspec.structs.asdict(one)
            if viewer is None or not (viewer == one.persona or self._sends(viewer, one.persona)):
                told |= {"motivo": None, "acto": None}
            out.append(Shown(**told, ahora=one.holds(today)))
        return out

    def _may_send(self, persona: str) -> str:
        self._look_again()
        actor = self.authority.require(self.persona).id
        self.authority.require(persona)
        if not self._sends(actor, persona):
            raise Refused(
                "sin_permiso",
                f"{self._called(actor)} no puede decir que {self._called(persona)} está ausente.",
                consejo="Lo dicen el jefe de su dependencia, el de correspondencia o el "
                "administrador.",
            )
        return actor

    def _sends(self, actor: str, persona: str) -> bool:
        """Whether *actor* may say that a person is away: their head, or who keeps the people."""
        if {HEAD, "admin"} & self.authority.roles_of(actor):
            return True
        known = self.authority.personas.get(persona)
        area = self.authority.areas.get((known.dependencia if known else None) or "")
        return area is not None and area.jefe in self.authority.acts_for(actor)

    def _known(self, persona: str, desde: str) -> None:
        if (persona, desde) not in self.authority.ausencias:
            raise Refused(
                "sin_ausencia",
                f"No hay una ausencia de {self._called(persona)} que empiece el {desde}.",
                consejo="«ventanilla persona ausencias --todas» las muestra.",
            )

    def _called(self, persona: str) -> str:
        return self.authority.personas[persona].nombre
