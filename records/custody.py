"""What may be said of papers and of lines of a planilla, and what a log must keep of them. Pure.

Acuerdo 060 de 2001, art. 8. The one half is for who writes: refusals that name the norm, before
anything is written. The other is for who verifies: each move of a paper follows from what was said
of its line. Facts and folds: `records.rounds`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from records import norms
from records.errors import Refused
from records.rounds import (
    AFTER,
    BY_HAND,
    LinesAnswered,
    PaperMoved,
    RoundMade,
    SheetLost,
    SheetReprinted,
    SheetReturned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from records.fact import Fact
    from records.rounds import Outcome, Place, Round, Where

CONTROL = "Acuerdo 060 de 2001 (AGN), art. 8"
MOST_LINES = 500
"""Lines of a planilla: more go on the next one, and an event has its limit."""


# -- what may be said -----------------------------------------------------------------------------


def refused(codigo: str, mensaje: str, on: date, consejo: str = "") -> Refused:
    """A refusal that names the norm."""
    return Refused(codigo, mensaje, consejo=consejo, norma=norms.cite(CONTROL, on))


def answers(
    state: Round, said: Mapping[int, tuple[Outcome, str]], *, rest: bool, on: date
) -> dict[int, tuple[Outcome, str]]:
    """The outcomes that may be written, in the order of the lines: those *said*, with causes.

    With *rest* every other open line was received.

    Raises:
        Refused: there is no such line, it has its outcome, a refusal has no cause, nothing is
            said, or the planilla is lost.
    """
    if state.perdida is not None:
        raise refused(
            "planilla_perdida",
            f"{state.numero} se declaró perdida: ya no se recibe con ella.",
            on,
            "Sus líneas abiertas quedaron libres; vaya con una planilla nueva.",
        )
    for n, (outcome, cause) in said.items():
        if not 1 <= n <= len(state.lineas):
            raise refused("sin_linea", f"{state.numero} no tiene una línea {n}.", on)
        held = state.lineas[n - 1]
        if held.resultado is not None:
            raise refused(
                "linea_resuelta",
                f"La línea {n} de {state.numero} ya quedó como «{held.resultado}».",
                on,
                "Lo dicho no se cambia: mueva el papel con «papel», o con otra planilla.",
            )
        if outcome == "rechazado" and not cause:
            raise refused(
                "sin_causa",
                f"La línea {n} se rechaza sin decir la causa.",
                on,
                "Escríbala así: --linea 3=rechazado:no es de esta dependencia.",
            )
    open_lines = [line.n for line in state.abiertas]
    chosen = [n for n in open_lines if rest or n in said]
    if not chosen:
        raise refused(
            "nada_que_recibir",
            f"En {state.numero} no queda ninguna línea abierta."
            if not open_lines
            else "No se dijo ninguna línea.",
            on,
            "" if not open_lines else "Diga las líneas con --linea N=recibido, o --todas.",
        )
    return {n: said.get(n, ("recibido", "")) for n in chosen}


def check_leaving(radicado: str, at: Place | None, on: date) -> None:
    """Whether a planilla may take a record's paper.

    Raises:
        Refused: it has none, or is elsewhere.
    """
    if at is None:
        raise refused("sin_papel", f"{radicado} no tiene papel que entregar.", on)
    if not at.can_leave:
        raise refused(
            "papel_en_otro_lugar",
            f"El papel de {radicado} no está en la ventanilla: {told(at)}.",
            on,
            "Recíbalo primero en su planilla, o diga que volvió con «ventanilla papel».",
        )


def told(at: Place) -> str:
    """Where a paper is, as a person reads it."""
    sheet = f" (planilla {at.planilla}, línea {at.linea})" if at.planilla else ""
    match at.lugar:
        case "ventanilla" if at.resultado == "rechazado":
            return f"está en la ventanilla; {at.dependencia} lo rechazó{sheet}"
        case "ventanilla":
            return "está en la ventanilla"
        case "mensajero" if at.resultado == "faltante":
            return f"faltó en la entrega a {at.dependencia}{sheet}"
        case "mensajero":
            return f"va con el mensajero a {at.dependencia}{sheet}"
        case "area":
            return f"lo tiene la dependencia {at.dependencia}{sheet}"
    return "está en el archivo"


# -- what a log must keep -------------------------------------------------------------------------


@dataclass(slots=True)
class _Told:
    """A planilla as a log told it so far."""

    made: RoundMade
    outcomes: dict[int, str] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    settled: set[int] = field(default_factory=set)
    """Lines whose paper was moved by their outcome."""
    copies: int = 0
    lost: bool = False


@dataclass(slots=True)
class Rounds:
    """The planillas of a log, line by line: each move of a paper follows from what was said."""

    known: dict[str, _Told] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    """Radicado → the planilla that has it and said no outcome of it yet."""

    def take(
        self,
        subject: str,
        fact: Fact | None,
        numbers: Mapping[str, str],
        originals: Mapping[str, str],
    ) -> Iterator[str]:
        """What *fact* on *subject* breaks, in Spanish; *numbers* is radicado → subject,
        *originals* reception → hash."""
        match fact:
            case RoundMade():
                yield from self._make(fact, numbers)
            case LinesAnswered() | SheetReturned() | SheetReprinted() | SheetLost():
                held = self.known.get(fact.planilla)
                if held is None:
                    yield f"Se habla de la planilla {fact.planilla}, que no existe."
                else:
                    yield from self._follow(held, fact, originals)
            case PaperMoved():
                if numbers.get(fact.radicado) != subject:
                    yield f"Se mueve el papel de {fact.radicado} en otro registro."
                yield from self._move(fact)

    def _make(self, fact: RoundMade, numbers: Mapping[str, str]) -> Iterator[str]:
        if fact.planilla in self.known or fact.planilla in numbers:
            yield f"{fact.planilla} se repite."
        if not fact.lineas or len(set(fact.lineas)) < len(fact.lineas):
            yield f"{fact.planilla} está vacía o repite un radicado."
        for radicado in fact.lineas:
            if radicado not in numbers:
                yield f"{fact.planilla} lleva {radicado}, que no es un número de este diario."
            if radicado in self.carried:
                yield f"{fact.planilla} lleva {radicado}, que va en {self.carried[radicado]}."
            self.carried[radicado] = fact.planilla
        self.known[fact.planilla] = _Told(fact)

    def _follow(self, held: _Told, fact: Fact, originals: Mapping[str, str]) -> Iterator[str]:
        name = held.made.planilla
        match fact:
            case LinesAnswered():
                if held.lost:
                    yield f"{name} se recibe después de perdida."
                for n, outcome in fact.lineas:
                    if n > len(held.made.lineas) or n in held.outcomes:
                        yield f"{name}: la línea {n} no existe, o ya tenía resultado."
                    else:
                        self.carried.pop(held.made.lineas[n - 1], None)
                    held.outcomes[n] = outcome
            case SheetReturned():
                if held.lost or originals.get(fact.recepcion) != fact.sha256:
                    yield f"{name}: la hoja devuelta no es la que se recibió, o se había perdido."
            case SheetReprinted():
                if fact.copia != held.copies + 1:
                    yield f"{name}: el duplicado debía ser el {held.copies + 1}."
                held.copies = fact.copia
            case SheetLost():
                if held.lost:
                    yield f"{name} se declara perdida dos veces."
                held.lost = True
                for n, radicado in enumerate(held.made.lineas, start=1):
                    if n not in held.outcomes:
                        held.outcomes[n] = "perdida"
                        self.carried.pop(radicado, None)

    def _move(self, fact: PaperMoved) -> Iterator[str]:
        what = f"El papel de {fact.radicado}"
        if fact.planilla is None or fact.linea is None:
            if fact.planilla or fact.linea or fact.resultado or fact.lugar not in BY_HAND:
                yield f"{what} se mueve por una planilla que no se dice."
            elif fact.radicado in self.carried:
                yield f"{what} se mueve mientras va en {self.carried[fact.radicado]}."
            return
        held = self.known.get(fact.planilla)
        lines = held.made.lineas if held is not None else []
        if held is None or lines[fact.linea - 1 : fact.linea] != [fact.radicado]:
            yield f"{what} no es la línea {fact.linea} de {fact.planilla}."
            return
        outcome = fact.resultado
        wanted: Where = "mensajero"
        if outcome is not None:
            wanted = "ventanilla" if outcome == "perdida" else AFTER[outcome]
        done = held.left if outcome is None else held.settled
        if fact.lugar != wanted or fact.linea in done:
            yield f"{what} no queda donde dice, o se movió dos veces por {fact.planilla}."
        if outcome is not None and held.outcomes.get(fact.linea) != outcome:
            yield f"{what} se mueve por un resultado que {fact.planilla} no dice."
        if fact.dependencia != held.made.dependencia:
            yield f"{what} va a otra dependencia que {fact.planilla}."
        done.add(fact.linea)
