"""The part of the door for the time of retention: what is due, and what must not be touched.

Ley 594 de 2000, arts. 22-24: an expediente stays as long as the TRD says, from its closing. A hold
(a lawsuit, an audit, an inquiry) beats the table, whoever asks; what it keeps is shown as held and
never hidden.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from records import fields
from records.disposal import Disposal, fold
from records.events import in_order
from records.expedientes import Held, Released, subject_of
from records.journal import Draft
from retention import schedule
from retention.room import refused, today
from retention.shelving import Shelving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.events import Event
    from records.expedientes import Expediente
    from records.expedientes_index import HoldOf, Listed
    from records.journal import Writer

RETENTION = "Ley 594 de 2000, art. 24"
HOLDERS = ("auditor", "admin", "jefe_area")


class DueView(msgspec.Struct, frozen=True, omit_defaults=True):
    """An expediente of which something is due; days as `AAAA-MM-DD`."""

    expediente: str
    nombre: str
    serie: str
    dependencia: str
    fase: str
    base: str
    """From when its retention runs: its closing, or the event that the serie names."""
    cumple: str
    """When what is due became due."""
    disposicion: list[str]
    tipo: str | None = None
    """Of a transfer: primaria or secundaria."""
    documentos: int = 0


class HeldView(msgspec.Struct, frozen=True, omit_defaults=True):
    """An expediente that is held, and what would be due of it."""

    expediente: str
    nombre: str
    serie: str
    dependencia: str
    debido: str | None
    """`transferir`, `eliminar`, or nothing yet."""
    cumple: str | None
    desde: str
    hasta: str | None
    motivo: str


class NoClock(msgspec.Struct, frozen=True):
    """A closed expediente whose retention has not begun: the event of its serie is not told."""

    expediente: str
    nombre: str
    serie: str
    cerrado: str
    falta: str


class Pending(msgspec.Struct, frozen=True):
    """What is due on a day."""

    a_fecha: str
    transferir: list[DueView]
    eliminar: list[DueView]
    retenidos: list[HeldView]
    sin_fecha: list[NoClock]


class Turn(msgspec.Struct, frozen=True):
    """What a dependencia has to do with expedientes of a serie in a year, with what is closed
    today."""

    vigencia: int
    dependencia: str
    serie: str
    transferencias_primarias: int
    transferencias_secundarias: int
    eliminaciones: int


class Retention(Shelving):
    """What is due, and holds."""

    def pendientes(self, a_fecha: date | None = None) -> Pending:
        """What is due on a day of all closed expedientes; a day to come shows what will be, with
        what is known today."""
        day = a_fecha or today()
        office = self.office
        office.index.catch_up()
        holds: dict[str, list[HoldOf]] = {}
        for hold in office.index.holds():
            if hold.hasta is None or day.isoformat() <= hold.hasta:
                holds.setdefault(hold.expediente, []).append(hold)
        out = Pending(day.isoformat(), [], [], [], [])
        for one in office.index.expedientes("estado <> 'eliminado'"):
            self._judge(out, one, holds.get(one.numero, []), day)
        out.transferir.sort(key=lambda d: (d.cumple, d.expediente))
        out.eliminar.sort(key=lambda d: (d.cumple, d.expediente))
        return out

    def _judge(self, out: Pending, one: Listed, holds: Sequence[HoldOf], day: date) -> None:
        due = self.due_of(one, day)
        if holds:
            first = holds[0]
            out.retenidos.append(
                HeldView(
                    one.numero,
                    one.nombre,
                    one.serie,
                    one.dependencia,
                    due.duty if due else None,
                    due.since.isoformat() if due else None,
                    first.desde[:10],
                    None if any(h.hasta is None for h in holds) else max(
                        h.hasta for h in holds if h.hasta is not None
                    ),
                    "; ".join(h.motivo for h in holds),
                )
            )  # fmt: skip
            return
        row = self.row_of(one.serie, one.trd)
        if one.cerrado is not None and row.evento and one.hecho is None:
            missing = NoClock(one.numero, one.nombre, one.serie, one.cerrado, row.evento)
            out.sin_fecha.append(missing)
        if due is None:
            return
        view = DueView(
            expediente=one.numero,
            nombre=one.nombre,
            serie=one.serie,
            dependencia=one.dependencia,
            fase=one.fase,
            base=str(_base(one, counted=bool(row.evento))),
            cumple=due.since.isoformat(),
            disposicion=list(row.disposicion),
            tipo=due.kind,
            documentos=one.documentos,
        )
        (out.eliminar if due.duty == "eliminar" else out.transferir).append(view)

    def due_of(self, one: Listed, day: date) -> schedule.Due | None:
        """What the table says is due of an expediente on a day, whoever holds it."""
        row = self.row_of(one.serie, one.trd)
        base = _base(one, counted=bool(row.evento))
        if base is None or base > day:
            return None
        return schedule.due(schedule.clock(base, row), row, one.fase, day)

    def calendario(self, desde: int, hasta: int) -> list[Turn]:
        """The calendar of transfers and disposals of some years: how many expedientes of each serie
        come due in each of them. What is held stands in it too: a hold may end.

        Raises:
            Refused: the years do not go forward, or are more than a hundred.
        """
        if not 1 <= hasta - desde + 1 <= 100:
            raise refused("vigencias", "Diga los años en su orden, hasta cien.", RETENTION)
        self.office.index.catch_up()
        counts: Counter[tuple[int, str, str, str]] = Counter()
        for one in self.office.index.expedientes("estado='cerrado'"):
            row = self.row_of(one.serie, one.trd)
            base = _base(one, counted=bool(row.evento))
            for year, what in [] if base is None else schedule.steps(base, row, one.fase):
                if desde <= year <= hasta:
                    counts[year, one.dependencia, one.serie, what] += 1
        rows = sorted({key[:3] for key in counts})
        return [
            Turn(*key, *(counts[*key, what] for what in ("primaria", "secundaria", "eliminar")))
            for key in rows
        ]

    # -- disposals ----------------------------------------------------------------------------

    def eliminaciones(self) -> list[Disposal]:
        """All disposals by number."""
        self.office.index.catch_up()
        found = [fold(in_order(self.office.index.events(s))) for s in self.office.index.disposals()]
        return [one for one in found if one is not None]

    # -- holds --------------------------------------------------------------------------------

    def retener(
        self,
        expedientes: Sequence[str],
        motivo: str,
        *,
        fundamento: str = "",
        hasta: date | None = None,
    ) -> list[Event]:
        """Suspend the disposition of expedientes, with its ground, until a day or until it is
        lifted.

        Raises:
            Refused: no reason is given, the day is past, or one of them is gone.
        """
        actor, reason = self._keeper(*HOLDERS), self._reason(motivo)
        if hasta is not None and hasta < today():
            raise refused("por_venir", f"El {hasta} ya pasó.", RETENTION)
        told = {"motivo": reason, "fundamento": fields.clean_text(fundamento)}
        ficha = {k: v for k, v in told.items() if v}
        until = hasta.isoformat() if hasta else None

        def plan(_: Writer) -> list[Draft]:
            states = [self._alive(e) for e in dict.fromkeys(expedientes)]
            return [
                Draft(
                    Held(expediente=s.numero, hasta=until), subject_of(s.numero), actor, (), ficha
                )
                for s in states
            ]

        return self.office.asentar(plan)

    def liberar(self, numero: str, motivo: str = "", *, todas: bool = False) -> list[Event]:
        """Lift the hold upon an expediente; where there are several, *todas* says so of all.

        Raises:
            Refused: there is none, there are several and nobody said that all are meant, or who
                asks may not.
        """
        actor = self._keeper("auditor")
        note = fields.clean_text(motivo)

        def plan(_: Writer) -> list[Draft]:
            state = self._alive(numero)
            if not state.retenciones:
                raise refused("sin_retencion", f"{state.numero} no está retenido.", RETENTION)
            if len(state.retenciones) > 1 and not todas:
                told = "; ".join(h.motivo for h in state.retenciones)
                raise refused(
                    "varias_retenciones",
                    f"{state.numero} tiene {len(state.retenciones)} suspensiones: {told}.",
                    RETENTION,
                    "Si todas terminaron, dígalo con --todas.",
                )
            ficha = {"motivo": note} if note else None
            return [
                Draft(
                    Released(expediente=state.numero, retencion=hold.retencion),
                    subject_of(state.numero),
                    actor,
                    (),
                    ficha,
                )
                for hold in state.retenciones
            ]

        return self.office.asentar(plan)

    def must_be_free(self, state: Expediente) -> None:
        """Refuse to move or dispose of what is held today.

        Raises:
            Refused: it is held; the hold and who made it are told.
        """
        held = state.held(today().isoformat())
        if held:
            until = f", hasta el {held[0].hasta}" if held[0].hasta else ""
            raise refused(
                "retenido",
                f"{state.numero} tiene suspendida su eliminación desde el {held[0].desde[:10]}"
                f"{until}: {held[0].motivo}",
                RETENTION,
                "Nadie dispone de él mientras dure; la levanta el archivo con «liberar».",
            )


def _base(one: Listed, *, counted: bool) -> date | None:
    """From when retention runs; None: it has not begun. *counted*: from an event of the serie."""
    text = one.hecho if counted else one.cerrado
    return date.fromisoformat(text) if text and one.cerrado else None
