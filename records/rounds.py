"""Hand-over of papers by planillas, and where each paper is (Acuerdo 060 de 2001, art. 8). Pure.

A planilla lists the papers of one round to a dependencia; it has a consecutive of its own for each
punto and year. Each line gets one outcome: received, refused with a cause, or missing. What befalls
a planilla stands on its own subject; what follows for a paper stands on its record's, in the same
write, so that a record tells its paper's way by itself. Facts, folds and the rules that a log must
keep; who may say what is for the door `records.handover`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from records import norms
from records.errors import Refused
from records.fact import Fact, Hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from records.events import Event

CONTROL = "Acuerdo 060 de 2001 (AGN), art. 8"
SERIES = "PL"
"""The class of the planillas' own series."""
PAPER = frozenset(
    {"fisico", "correo_postal", "mensajeria", "fax", "presencial", "buzon", "feria"}
    | {"notificacion_judicial"}
)
"""Channels by which paper comes, or on which it is printed at the counter."""
SENT = "S"
"""The class of what the entity sends: its paper leaves by mail and by no planilla of ours."""
MOST_LINES = 500
"""Lines of a planilla: more go on the next one, and an event has its limit."""

Count = Annotated[int, msgspec.Meta(ge=1)]
Code = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{16}\Z")]
Where = Literal["ventanilla", "mensajero", "area", "archivo"]
Outcome = Literal["recibido", "rechazado", "faltante"]
OUTCOMES: tuple[Outcome, ...] = ("recibido", "rechazado", "faltante")


# -- facts ----------------------------------------------------------------------------------------


class RoundMade(Fact, frozen=True):
    """`planilla.creada`: a planilla with its lines, by radicado; the first is line 1."""

    planilla: str
    vigencia: int
    n: int
    anterior: int | None
    """The seq of the planilla before in that year; None for the first."""
    dependencia: str
    lineas: list[str]
    codigo: Code
    """Drawn by lot: the sheet's QR says it beside the number."""
    documento: Hash
    mensajero: str | None = None
    """The person's id; who is none of the entity's stands by name in the ficha."""


class LinesAnswered(Fact, frozen=True):
    """`planilla.recibida`: outcomes of lines; causes, and who signed the sheet, in the ficha."""

    planilla: str
    lineas: list[tuple[Count, Outcome]]
    modo: Literal["aceptacion", "hoja"]
    """`aceptacion`: a person of the dependencia says so; `hoja`: a clerk tells what it says."""


class SheetReturned(Fact, frozen=True):
    """`planilla.devuelta`: the signed sheet came back as a scan."""

    planilla: str
    recepcion: str
    sha256: Hash


class SheetReprinted(Fact, frozen=True):
    """`planilla.reimpresa`: the sheet was given again, marked as the *copia*-th duplicate."""

    planilla: str
    copia: Count


class SheetLost(Fact, frozen=True):
    """`planilla.perdida`: somebody declares that the sheet is lost; why lies in the ficha."""

    planilla: str


class PaperMoved(Fact, frozen=True):
    """`papel.movido`, on a record: its paper is elsewhere from here on."""

    radicado: str
    lugar: Where
    dependencia: str | None = None
    """That of its planilla: where it goes, is, or comes back from."""
    planilla: str | None = None
    linea: Count | None = None
    resultado: Outcome | Literal["perdida"] | None = None
    """What came of the line; None: it left by it, or no planilla moved it."""
    lote: str | None = None
    """The hour of the planilla's own event, the same for all its papers."""


TYPES: dict[str, type[Fact]] = {
    "planilla.creada": RoundMade,
    "planilla.recibida": LinesAnswered,
    "planilla.devuelta": SheetReturned,
    "planilla.reimpresa": SheetReprinted,
    "planilla.perdida": SheetLost,
    "papel.movido": PaperMoved,
}


# -- where a paper is -----------------------------------------------------------------------------


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a paper is, since when, and by which line of which planilla."""

    lugar: Where
    desde: str
    dependencia: str | None = None
    planilla: str | None = None
    linea: int | None = None
    resultado: str | None = None

    @property
    def can_leave(self) -> bool:
        """Whether a planilla may take it: it waits, or was missing from one and is looked for."""
        return self.lugar == "ventanilla" or self.resultado == "faltante"

    @property
    def rechazo(self) -> str | None:
        """The dependencia that refused it, while it waits at the ventanilla."""
        return self.dependencia if self.resultado == "rechazado" else None

    @property
    def is_carried(self) -> bool:
        """Whether it is on a planilla and nobody has said yet what came of it."""
        return self.lugar == "mensajero" and self.resultado is None


def moved(fact: PaperMoved, at: str) -> Place:
    """Where a paper is after *fact*."""
    return Place(fact.lugar, at, fact.dependencia, fact.planilla, fact.linea, fact.resultado)


def place(clase: str, canal: str | None, since: str, last: Place | None) -> Place | None:
    """Where the paper of a numbered record is; None: it came without paper, or is sent.

    Until somebody moves it, it waits at the ventanilla *since* it was received.
    """
    if last is not None or clase == SENT or canal not in PAPER:
        return last
    return Place("ventanilla", since)


# -- a planilla -----------------------------------------------------------------------------------


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a planilla and what came of it."""

    n: int
    radicado: str
    resultado: Outcome | None = None
    causa: str | None = None
    fecha: str | None = None
    actor: str | None = None


class Round(msgspec.Struct):
    """What the events of a planilla amount to."""

    hecha: RoundMade
    fecha: str
    actor: str
    evento: str
    ronda: str = ""
    mensajero: str = ""
    """The messenger: a person's id, or a name."""
    lineas: list[Line] = []
    hojas: list[SheetReturned] = []
    devuelta: str | None = None
    """When the signed sheet first came back."""
    por_hoja: bool = False
    """A line was answered by what the sheet says: the sheet itself is still to be kept."""
    copias: int = 0
    perdida: str | None = None
    """When it was declared lost."""
    motivo: str = ""
    desconocida: bool = False
    """An event of a type from a newer version: read-only here."""

    @property
    def numero(self) -> str:
        """Its number as it is written."""
        return self.hecha.planilla

    @property
    def abiertas(self) -> list[Line]:
        """Lines of which nobody has said what came of them; of a lost planilla none."""
        return [] if self.perdida else [line for line in self.lineas if line.resultado is None]

    @property
    def estado(self) -> str:
        """`sin_devolver`: it is still out. `por_confirmar`: the sheet is back and lines are open.
        `cerrada`: each line has its outcome, by the área itself or by a sheet that is kept."""
        if self.perdida is not None:
            return "perdida"
        if self.abiertas:
            return "sin_devolver" if self.devuelta is None else "por_confirmar"
        return "sin_devolver" if self.por_hoja and self.devuelta is None else "cerrada"


def subject_of(planilla: str) -> str:
    """The subject of a planilla's events."""
    return f"planilla.{planilla}"


def fold(events: Iterable[Event]) -> Round | None:
    """The planilla that *events*, in the log's order, tell; None where none makes one."""
    out: Round | None = None
    for event in events:
        fact = event.fact
        if isinstance(fact, RoundMade):
            told = event.ficha or {}
            out = Round(
                fact,
                event.at,
                event.actor,
                event.hash,
                str(told.get("ronda", "")),
                fact.mensajero or str(told.get("mensajero", "")),
                [Line(n, radicado) for n, radicado in enumerate(fact.lineas, start=1)],
            )
        elif out is not None:
            _apply(out, event, fact)
    return out


def _apply(state: Round, event: Event, fact: Fact | None) -> None:
    match fact:
        case LinesAnswered():
            causes = (event.ficha or {}).get("causas", {})
            state.por_hoja = state.por_hoja or fact.modo == "hoja"
            state.lineas = list(state.lineas)
            for n, outcome in fact.lineas:
                state.lineas[n - 1] = msgspec.structs.replace(
                    state.lineas[n - 1],
                    resultado=outcome,
                    causa=causes.get(str(n)),
                    fecha=event.at,
                    actor=event.actor,
                )
        case SheetReturned():
            state.hojas = [*state.hojas, fact]
            state.devuelta = state.devuelta or event.at
        case SheetReprinted():
            state.copias = fact.copia
        case SheetLost():
            state.perdida = event.at
            state.motivo = str((event.ficha or {}).get("motivo", ""))
        case None:
            state.desconocida = True


def moves(made: RoundMade, fact: Fact, at: str, open_lines: Iterable[int] = ()) -> list[PaperMoved]:
    """What a planilla's event of hour *at* does to the papers of its lines, in their order.

    *open_lines* are those that had no outcome before: a lost sheet sets them free.
    """

    def move(n: int, lugar: Where, resultado: Outcome | Literal["perdida"] | None) -> PaperMoved:
        return PaperMoved(
            radicado=made.lineas[n - 1],
            lugar=lugar,
            dependencia=made.dependencia,
            planilla=made.planilla,
            linea=n,
            resultado=resultado,
            lote=at,
        )

    match fact:
        case RoundMade():
            return [move(n, "mensajero", None) for n in range(1, len(made.lineas) + 1)]
        case LinesAnswered():
            return [move(n, _AFTER[outcome], outcome) for n, outcome in fact.lineas]
        case SheetLost():
            return [move(n, "ventanilla", "perdida") for n in open_lines]
    return []


_AFTER: dict[Outcome, Where] = {
    "recibido": "area",
    "rechazado": "ventanilla",
    "faltante": "mensajero",
}
"""A refused paper goes back; one that is missing stays with who answered for it last."""


# -- rules ----------------------------------------------------------------------------------------


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
            wanted = "ventanilla" if outcome == "perdida" else _AFTER[outcome]
        done = held.left if outcome is None else held.settled
        if fact.lugar != wanted or fact.linea in done:
            yield f"{what} no queda donde dice, o se movió dos veces por {fact.planilla}."
        if outcome is not None and held.outcomes.get(fact.linea) != outcome:
            yield f"{what} se mueve por un resultado que {fact.planilla} no dice."
        if fact.dependencia != held.made.dependencia:
            yield f"{what} va a otra dependencia que {fact.planilla}."
        done.add(fact.linea)


BY_HAND: tuple[Where, ...] = ("ventanilla", "archivo")
"""Where a paper may be said to be without a planilla."""
