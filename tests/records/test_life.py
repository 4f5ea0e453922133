"""The life of a petition as a whole: whatever is done to it, and whenever, its term never ends
earlier than was told, and what is closed stays as it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records import lines, petition, terms
from records.calendar import Calendar
from records.dispatch import Addressee, Attempt, Dispatch
from records.errors import Refused
from records.events import NAMES, Event, NumberAssigned
from records.fact import Fact
from records.settings import Hours
from records.state import State, fold
from records.tramite import AnswerMoved, Completed, Lengthened, Recomputed, Renounced, end_of

CALENDAR = Calendar.of(Hours())
KINDS = ("peticion", "documentos", "consulta", "queja", "habeas_reclamo", "autoridades")
COMMON = ("requerimiento", "aclaracion", "prorroga", "completa", "amplia", "recalcula", "vuelve")
"""What goes on with a petition, and, rarer below, what ends it."""
ENDINGS = ("traslado", "desistimiento", "desiste", "responde")
STEPS = st.tuples(
    st.integers(0, 8),
    st.sampled_from((*COMMON, *COMMON, *COMMON, *ENDINGS)),
    st.integers(1, 90),
)
RADICADO = "2026-VU1-E-000001"


class Petition:
    """A petition, the letters about it, and the clock; every act goes by the office's rules."""

    def __init__(self, kind: str, at: datetime, patch: pytest.MonkeyPatch) -> None:
        self.kind, self.now, self.events = kind, at, list[Event]()
        self.sendings: dict[str, Dispatch] = {}
        patch.setattr(lines, "now", lambda: self.now)
        told = terms.term(kind, at, CALENDAR)
        self.say(NumberAssigned(radicado=RADICADO, clase="E", vigencia=at.year, n=1, anterior=None,
                                recepcion="VU1.1", tipo=kind, vence=told.vence))  # fmt: skip

    @property
    def state(self) -> State:
        return fold("VU1.1", self.events)

    def say(self, fact: Fact) -> None:
        n = len(self.events)
        after = [self.events[-1].hash] if n else []
        self.events.append(
            Event("VU1", 0, n, f"{n:064x}", lines.stamp(self.now), "ana", NAMES[type(fact)],
                  "VU1.1", after, msgspec.to_builtins(fact), None)
        )  # fmt: skip

    def awaited(self) -> petition.Awaited | None:
        asked = self.state.tramite.requerido
        sent = self.sendings[asked.respuesta] if asked is not None else Dispatch()
        return petition.awaited(self.state, sent, self.kind, CALENDAR)

    def does(self, what: str, days: int) -> None:
        """One act, if the rules allow it.

        Raises:
            Refused: they do not.
        """
        state = self.state
        match what:
            case "vuelve":
                self._returns(state)
            case "completa":
                self._completes(state)
            case "amplia":
                petition.open_(state, petition.COMPLETE)
                until = petition.lengthened(state, self.awaited(), self.now.date())
                self.say(Lengthened(radicado=RADICADO, con="R2", hasta=until.isoformat()))
            case "desiste":
                petition.open_(state, petition.GIVE_UP)
                self.say(Renounced(radicado=RADICADO))
            case "responde":
                petition.open_(state, petition.GIVE_UP)
                self._sends("VU1.99", None, None)
            case "recalcula":
                petition.open_(state, petition.GIVE_UP)
                if state.vence is not None:  # only what comes later is said
                    later = lines.moment(state.vence).date() + timedelta(days=days % 3)
                    self.say(Recomputed(radicado=RADICADO, vence=end_of(str(later))))
            case _:
                until = (self.now.date() + timedelta(days=days)).isoformat()
                hasta = until if what == "prorroga" else None
                petition.check(what, state, self.kind, CALENDAR, hasta=hasta, espera=self.awaited())
                self._sends(f"VU1.{len(self.events) + 10}", what, hasta)

    def _sends(self, letter: str, effect: Any, hasta: str | None) -> None:
        hour = lines.stamp(self.now)
        self.sendings[letter] = Dispatch([Addressee("personal", intentos=[
            Attempt("personal", hour, None, None, None, {})])])  # fmt: skip
        self.say(AnswerMoved(radicado=RADICADO, respuesta=letter, paso="enviada", salida="S1",
                             parcial=effect is not None, enviada=hour, efecto=effect,
                             hasta=hasta))  # fmt: skip

    def _returns(self, state: State) -> None:
        """The last letter comes back."""
        sent = [a for a in state.tramite.respuestas.values() if a.paso == "enviada"]
        if sent:
            last = sent[-1]
            self.say(AnswerMoved(radicado=RADICADO, respuesta=last.respuesta, paso="devuelta",
                                 salida="S1", parcial=last.parcial, efecto=last.efecto,
                                 hasta=last.hasta))  # fmt: skip

    def _completes(self, state: State) -> None:
        petition.open_(state, petition.COMPLETE)
        if state.tramite.requerido is None:
            raise petition.refused("nada_pedido", "Nada.", petition.COMPLETE)
        vence = petition.completed(state, self.now.date(), CALENDAR)
        self.say(Completed(radicado=RADICADO, con="R2", vence=vence))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=250)
@given(
    st.sampled_from(KINDS),
    st.datetimes(datetime(2022, 6, 1), datetime(2027, 6, 1)),
    st.lists(STEPS, min_size=4, max_size=16),
)
def test_whatever_happens_a_term_never_ends_earlier_and_what_is_closed_stays(
    monkeypatch: pytest.MonkeyPatch, kind: str, began: datetime, steps: list[tuple[int, str, int]]
) -> None:
    one = Petition(kind, began.replace(tzinfo=lines.BOGOTA, microsecond=0), monkeypatch)
    first = one.state.vence or ""
    for wait, what, days in steps:
        one.now += timedelta(days=wait, hours=1)
        before = one.state
        try:
            one.does(what, days)
        except Refused as error:
            assert error.norma, what
            assert one.state.vence == before.vence
            continue
        after = one.state
        assert (after.vence or "") >= (before.vence or "") >= first, what
        if before.tramite.cerrado:
            assert what == "vuelve", what  # only what came back opens it again
    if one.state.prorrogado is not None:
        assert one.state.prorrogado <= petition.latest(one.state, kind, CALENDAR).isoformat()
