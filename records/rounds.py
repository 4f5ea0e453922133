"""Hand-over of papers by planillas, and where each paper is (Acuerdo 060 de 2001, art. 8). Pure.

A planilla lists the papers of one round to a dependencia; it has a consecutive of its own for each
punto and year. Each line gets one outcome: received, refused with a cause, or missing. What befalls
a planilla stands on its own subject; what follows for a paper stands on its record's, in the same
write, so that a record tells its paper's way by itself. Facts and folds; what may be said of a line
and what a log must keep is in `records.custody`, who may say it in `records.handover`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from records.fact import Fact, Hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.events import Event

SERIES = "PL"
"""The class of the planillas' own series."""
PAPER = frozenset(
    {"fisico", "correo_postal", "mensajeria", "fax", "presencial", "buzon", "feria"}
    | {"notificacion_judicial"}
)
"""Channels by which paper comes, or on which it is printed at the counter."""
SENT = "S"
"""The class of what the entity sends: its paper leaves by mail and by no planilla of ours."""

Count = Annotated[int, msgspec.Meta(ge=1)]
Code = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{16}\Z")]
Where = Literal["ventanilla", "mensajero", "area", "archivo"]
Outcome = Literal["recibido", "rechazado", "faltante"]
OUTCOMES: tuple[Outcome, ...] = ("recibido", "rechazado", "faltante")
BY_HAND: tuple[Where, ...] = ("ventanilla", "archivo")
"""Where a paper may be said to be without a planilla."""
AFTER: dict[Outcome, Where] = {
    "recibido": "area",
    "rechazado": "ventanilla",
    "faltante": "mensajero",
}
"""A refused paper goes back; one that is missing stays with who answered for it last."""


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
    recibe: str | None = None
    """Who signed the sheet, where a clerk told what it says."""


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
            told = event.ficha or {}
            causes = told.get("causas", {})
            state.por_hoja = state.por_hoja or fact.modo == "hoja"
            state.lineas = list(state.lineas)
            for n, outcome in fact.lineas:
                state.lineas[n - 1] = msgspec.structs.replace(
                    state.lineas[n - 1],
                    resultado=outcome,
                    causa=causes.get(str(n)),
                    fecha=event.at,
                    actor=event.actor,
                    recibe=told.get("recibe"),
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
            return [move(n, AFTER[outcome], outcome) for n, outcome in fact.lineas]
        case SheetLost():
            return [move(n, "ventanilla", "perdida") for n in open_lines]
    return []
