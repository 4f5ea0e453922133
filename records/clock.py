"""The part of the door that answers for the hour: a clock that stands wrong, a year that begins.

The machine's clock is a claim; the order of the lines is the fact. A clock a little behind takes
the last event's hour; further back letters are received and nothing is numbered until a clerk says
that it was put right, which the head of the correspondence unit ratifies the same day. A jump
forward is told. A new year after a long silence is opened by a person: it may be a dead battery.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from records import lines
from records.acts import EMPTY
from records.correction import HEAD, check_reason
from records.errors import Refused
from records.events import ClockAdjusted, ClockRatified, YearOpened
from records.home import Home
from records.lines import read_hour
from records.tail import SILENCE

if TYPE_CHECKING:
    from records.events import Event
    from records.journal import Writer
    from records.tail import Tail


FORWARD = timedelta(minutes=10)
"""A clock that went further than the machine's own time was set by somebody."""


def clock_of(punto: str) -> str:
    """The subject of what is said of a punto's clock."""
    return f"reloj.{punto}"


class Adjustment(msgspec.Struct, frozen=True):
    """An adjustment of the clock, and whether the head of the unit has ratified it."""

    evento: str
    fecha: str
    antes: str
    actor: str
    motivo: str
    ratificado: str | None
    """By whom; None: nobody yet."""


class Clock(Home):
    """What persons say of the clock, and whether a number may be given by it."""

    def check_clock(self, writer: Writer) -> None:
        """Whether the clock is good enough for a number; a jump forward is told in `avisos`.

        Raises:
            Refused: it stands far behind the last event, or a new year begins after long silence.
        """
        now, tail = lines.now(), writer.tail
        if writer.clock_is_behind():
            raise Refused(
                "reloj_atrasado",
                f"El reloj del equipo ({read_hour(lines.stamp(now))}) está detrás de lo último que "
                f"se anotó ({read_hour(tail.at)}).",
                consejo="Mientras tanto se puede recibir, no radicar. Si el reloj está mal, "
                "corríjalo. Si está bien y antes estaba adelantado, dígalo con «ventanilla reloj "
                "ajustar --motivo …».",
            )
        if now.year > tail.vigencia and (
            int(tail.at[:4]) > tail.vigencia or now - lines.moment(tail.at) > SILENCE
        ):
            raise Refused(
                "vigencia_nueva",
                f"El reloj dice {now.year} y lo último se anotó el {read_hour(tail.at)}: puede "
                "estar mal.",
                consejo="Si la fecha es la de hoy, ábralo con «ventanilla vigencia abrir "
                f"{now.year}» y repita; si no, corrija la hora del equipo.",
            )
        jump = self.journal.marks.jump()
        if jump > FORWARD:
            self.avisos.append(
                f"El reloj del equipo se adelantó {round(jump.total_seconds() / 60)} minutos desde "
                "lo último que se anotó. Si la hora no es la de hoy, corríjala antes de seguir."
            )

    def ajustar_reloj(self, motivo: str) -> Event:
        """Say that the clock stood ahead and was put right: from now on there are numbers again.

        Raises:
            Refused: the clock is not behind the log, so there is nothing to say.
        """
        actor = self._clerk()
        reason = check_reason(motivo)
        done: Event | None = None
        for journal in self._own_journals():
            with self.open_log(journal) as writer:
                self.index.catch_up()
                if not writer.clock_is_behind():
                    continue
                fact = ClockAdjusted(antes=writer.tail.at)
                subject, ficha = clock_of(journal.punto), {"motivo": reason}
                event = self._append(writer, fact, subject, actor, ficha)
                done = event if journal is self.journal else done
        if done is None:
            raise Refused(
                "reloj_bien",
                f"El reloj ({lines.stamp(lines.now())}) no está detrás de lo último que se anotó.",
                consejo="No hace falta ajustar nada: se puede radicar.",
            )
        return done

    def ajustes_de_reloj(self) -> list[Adjustment]:
        """Every adjustment of the clock, oldest first."""
        self.index.catch_up()
        events = self.index.events(clock_of(self.punto))
        ratified = {
            e.fact.ajuste: e.fact.acto.person for e in events if isinstance(e.fact, ClockRatified)
        }
        return [
            Adjustment(
                e.hash,
                e.at,
                e.fact.antes,
                e.actor,
                str((e.ficha or {}).get("motivo", "")),
                ratified.get(e.hash),
            )
            for e in events
            if isinstance(e.fact, ClockAdjusted)
        ]

    def ratificar_reloj(self, *, clave: str | None) -> list[Event]:
        """Ratify, with the head's own signature, the adjustments that wait for it."""
        pen = self._pen(clave, HEAD)
        waiting = [a for a in self.ajustes_de_reloj() if a.ratificado is None]
        if not waiting:
            raise Refused("nada_por_ratificar", "Ningún ajuste del reloj espera ratificación.")

        def signed(adjustment: Adjustment) -> Event:
            def fact(tail: Tail) -> ClockRatified:
                return ClockRatified(ajuste=adjustment.evento, acto=EMPTY)

            return self._sign_and_append(pen, clock_of(self.punto), fact)

        return [signed(a) for a in waiting]

    def abrir_vigencia(self, vigencia: int) -> Event:
        """Say that the new year is right, after a silence so long that the clock may be wrong."""
        actor = self._clerk()
        with self._writing() as writer:
            now = lines.now()
            if vigencia != now.year:
                raise Refused(
                    "vigencia_ajena",
                    f"El reloj del equipo dice {now:%d/%m/%Y}: no se puede abrir {vigencia}.",
                    consejo="Corrija la hora del equipo si está mal, y repita.",
                )
            if writer.tail.vigencia >= vigencia:
                raise Refused("ya_abierta", f"La vigencia {vigencia} ya está abierta.")
            subject = f"vigencia.{self.punto}.{vigencia}"
            return self._append(writer, YearOpened(vigencia=vigencia), subject, actor)
