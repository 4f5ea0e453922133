"""The way of a record through the office: its facts, and what they amount to. Pure.

Who has it, since when and by whose hand; who was told of it, whose Vo.Bo. is awaited; when it was
given back, and where it waits. The clock of the answer runs through all of it. What a person may do
is for `records.assigning`; what is answered and sent comes after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from records.fact import Day, Fact, Hash

if TYPE_CHECKING:
    from records.events import Event

UNASSIGNED = "por repartir"
"""What stands in the place of an área while there is none."""
TO_ASSIGN, TO_DECIDE, ASSIGNED, SHARED = "por_repartir", "por_decidir", "asignados", "conjuntos"
GIVEN_BACK, TO_REVIEW, TOLD, LATER = "devueltos", "vobo", "informados", "agendados"
TO_SIGN, TO_SEND, RETURNS = "por_firmar", "por_enviar", "devoluciones"
SUSPENDED = "suspendidos"
TRAYS = (
    *(TO_ASSIGN, TO_DECIDE, ASSIGNED, SHARED, GIVEN_BACK, TO_REVIEW, TO_SIGN, TO_SEND, RETURNS),
    *(SUSPENDED, TOLD, LATER),
)
"""Where a record waits for somebody; one that waits for nobody is in none."""


class OfRecord(Fact, frozen=True, kw_only=True):
    """Stands on the record that it names."""

    radicado: str


class Assigned(OfRecord, frozen=True, kw_only=True):
    """`tramite.asignado`: an área has it from here on, and in it a person."""

    dependencia: str
    responsable: str | None = None
    conjuntas: list[str] = msgspec.field(default_factory=list)
    """Other áreas that must have their say; the first one answers."""
    decide: bool = False
    """The head of the correspondence unit decided whose it is, after it came back twice."""
    lote: str | None = None


class Returned(OfRecord, frozen=True, kw_only=True):
    """`tramite.devuelto`: an área says that it is not its matter; why lies in the ficha."""

    de: str
    a: str | None = None
    """The área that had it before; None: the correspondence unit."""
    decide: bool = False
    """The second time: the head of the correspondence unit decides."""


class Acknowledged(OfRecord, frozen=True, kw_only=True):
    """`tramite.conocido`: who has it has read it and begins."""

    dependencia: str


class Informed(OfRecord, frozen=True, kw_only=True):
    """`tramite.informado`: an área or a person is told of it, and need not act."""

    dependencia: str | None = None
    persona: str | None = None
    lote: str | None = None
    en_vez: Hash | None = None
    """The line that told somebody else, who needs not see it any more."""


class InformSeen(OfRecord, frozen=True, kw_only=True):
    """`tramite.enterado`: who was told has seen it; `informe` is the line that told them."""

    informe: Hash


class ReviewAsked(OfRecord, frozen=True, kw_only=True):
    """`tramite.vobo_pedido`: a person is asked for their Vo.Bo."""

    persona: str
    en_vez: Hash | None = None
    """The line that asked somebody else, in whose place they are."""


class ReviewGiven(OfRecord, frozen=True, kw_only=True):
    """`tramite.vobo_dado`: they agree, or say what is wrong (in the ficha)."""

    pedido: Hash
    conforme: bool


class Noted(OfRecord, frozen=True, kw_only=True):
    """`tramite.nota`: a remark, in the ficha."""


class TermFixed(OfRecord, frozen=True, kw_only=True):
    """`tramite.plazo`: an order or an act says when the answer is due; which one, in the ficha."""

    vence: str
    """An instant with its offset, to the second."""


class Scheduled(OfRecord, frozen=True, kw_only=True):
    """`tramite.agendado`: out of sight until a day; the term runs on."""

    hasta: Day


ON_THE_SPOT = "en_el_acto"
"""The cause of a verbal petition that was answered while the person was there."""


class Archived(OfRecord, frozen=True, kw_only=True):
    """`tramite.archivado`: nothing more is to be done; without an answer only by a cause."""

    causa: str | None = None


Step = Literal["presentada", "retirada", "aprobada", "enviada", "devuelta"]
Effect = Literal["prorroga", "requerimiento", "traslado", "aclaracion", "desistimiento"]
EXTENSION, DEMAND, TRANSFER = "prorroga", "requerimiento", "traslado"
UNCLEAR, SILENCE = "aclaracion", "desistimiento"
"""What a letter does to a petition when it is sent, not before (CPACA, arts. 14, 17, 19, 21)."""
ASKS = (DEMAND, UNCLEAR)
"""Effects that wait for the petitioner: to complete it (art. 17), to say what they want (19)."""


class AnswerMoved(OfRecord, frozen=True, kw_only=True):
    """`tramite.respuesta`: what became of a letter that answers this record."""

    respuesta: str
    """The subject of the letter."""
    paso: Step
    salida: str | None = None
    """Its radicado, once it has one."""
    parcial: bool = False
    enviada: str | None = None
    """The hour of the sending that the term is judged by."""
    efecto: Effect | None = None
    hasta: Day | None = None
    """The last day that an extension tells."""

    def extends(self, vence: str | None) -> bool:
        """Whether it extends a term that ends at *vence*: it was sent before that."""
        if self.efecto != EXTENSION or self.paso != "enviada" or self.hasta is None:
            return False
        sent = self.enviada or ""
        return vence is not None and sent[:19] <= vence[:19] and self.hasta > vence[:10]


class Completed(OfRecord, frozen=True, kw_only=True):
    """`tramite.completado`: the petitioner gave what was asked for; the term runs again."""

    con: str
    """The radicado that brought it."""
    vence: str | None = None
    """The new end of the term."""


class Renounced(OfRecord, frozen=True, kw_only=True):
    """`tramite.desistido`: the petitioner gave it up, in words or by silence (CPACA, 17, 18)."""

    tacito: bool = False
    con: str | None = None
    """The radicado that says so."""


class Lengthened(OfRecord, frozen=True, kw_only=True):
    """`tramite.ampliado`: the petitioner asked in time for longer to complete it (CPACA, 17)."""

    con: str
    """The radicado that asks."""
    hasta: Day


class Recomputed(OfRecord, frozen=True, kw_only=True):
    """`tramite.recalculado`: the calendar changed after its date was told; why is in the ficha."""

    vence: str
    vence_legal: str | None = None


class Prioritised(OfRecord, frozen=True, kw_only=True):
    """`tramite.priorizado`: it goes before its turn, by a ground that the ficha names (CPACA, 20;
    Ley 962 de 2005, art. 15)."""

    quita: bool = False
    """It goes by its turn again."""


Tie = Literal["alcance", "reiteracion", "recurso", "respuesta", "relacionado"]


class Linked(OfRecord, frozen=True, kw_only=True):
    """`tramite.vinculado`: what this record is to another one; each of the two says it."""

    con: str
    """The radicado of the other one."""
    como: Tie
    """What the later of them is to the earlier."""
    viene: bool = False
    """The other one is the later: it came to this one."""


class Joined(OfRecord, frozen=True, kw_only=True):
    """`tramite.acumulado`: it is decided together with another one (CPACA, art. 36); its own term
    runs on, and what answers the other answers it."""

    en: str


class ReceiptSent(OfRecord, frozen=True, kw_only=True):
    """`tramite.acuse`: who wrote by an electronic channel was told its number and hour, or who was
    written to that it left (CPACA, art. 61); to where lies in the ficha."""

    de: Literal["recibo", "salida"]
    medio: str
    enviado: str
    """When it left; never later than the event's `at`."""


TYPES: dict[str, type[Fact]] = {
    "tramite.asignado": Assigned,
    "tramite.devuelto": Returned,
    "tramite.conocido": Acknowledged,
    "tramite.informado": Informed,
    "tramite.enterado": InformSeen,
    "tramite.vobo_pedido": ReviewAsked,
    "tramite.vobo_dado": ReviewGiven,
    "tramite.nota": Noted,
    "tramite.plazo": TermFixed,
    "tramite.agendado": Scheduled,
    "tramite.archivado": Archived,
    "tramite.respuesta": AnswerMoved,
    "tramite.completado": Completed,
    "tramite.desistido": Renounced,
    "tramite.ampliado": Lengthened,
    "tramite.recalculado": Recomputed,
    "tramite.priorizado": Prioritised,
    "tramite.vinculado": Linked,
    "tramite.acumulado": Joined,
    "tramite.acuse": ReceiptSent,
}


def _stands(
    before: AnswerMoved | None, fact: AnswerMoved, sent: AnswerMoved | None
) -> AnswerMoved | None:
    """Which letter has its effect after one more step: *fact* ends only its own."""
    if sent is None and before is not None and before.respuesta != fact.respuesta:
        return before
    return sent


def end_of(day: str) -> str:
    """The last second of a day, in Colombia."""
    return f"{day}T23:59:59-05:00"


class SentReceipt(msgspec.Struct, frozen=True):
    """An acknowledgment that was sent: of what, by which means, when, and to where."""

    de: str
    medio: str
    enviado: str
    a: dict[str, Any]
    """Its ficha: `correo`, `telefono`, `direccion` or `motivo`; of a departure `destinatario` and
    `intento` too. Empty where the ficha was withheld."""


class Stretch(msgspec.Struct, frozen=True):
    """A time in which one área had the record, and one person in it."""

    dependencia: str | None
    responsable: str | None
    desde: str
    hasta: str | None = None


class Pause(msgspec.Struct, frozen=True):
    """A time in which no term ran: since the letter that asked left, until what was asked came."""

    desde: str
    carta: str | None
    con: str


class Waiting(msgspec.Struct, frozen=True):
    """Somebody is awaited: in which tray, of which área or person, since when."""

    bandeja: str
    dependencia: str | None
    persona: str | None
    desde: str
    hasta: str | None = None
    """The day until which it is out of sight."""


class Tramite(msgspec.Struct):
    """Where a numbered record stands."""

    tramos: list[Stretch] = msgspec.field(default_factory=list)
    conjuntas: list[str] = msgspec.field(default_factory=list)
    devoluciones: int = 0
    """Since the head of the correspondence unit last decided."""
    devuelto: bool = False
    por_decidir: bool = False
    decidido: str | None = None
    """The área that the head of the correspondence unit decided on, which does not give it back;
    passed on to another by hand, that one may."""
    conocido: bool = False
    informes: dict[str, Waiting] = msgspec.field(default_factory=dict)
    """Line hash → who was told and has not seen it."""
    vobos: dict[str, Waiting] = msgspec.field(default_factory=dict)
    """Line hash → whose Vo.Bo. is awaited."""
    agendado: str | None = None
    archivado: Archived | None = None
    respuestas: dict[str, AnswerMoved] = msgspec.field(default_factory=dict)
    """Subject of a letter that answers it → the last step of it."""
    requerido: AnswerMoved | None = None
    """What the petitioner was asked for and has not given."""
    pausas: list[Pause] = msgspec.field(default_factory=list)
    completadas: list[str] = msgspec.field(default_factory=list)
    """Letters that asked and were given it: one that goes out again asks for nothing more."""
    trasladado: AnswerMoved | None = None
    desistido: Renounced | AnswerMoved | None = None
    """In words, or by silence: then by the act that says so, once it was sent."""
    ampliado: str | None = None
    """The last day of the longer time that the petitioner asked for."""
    prioritario: bool | None = None
    """Whether it goes before its turn, as was said of it; None: nothing was."""
    prioridad: list[str] = msgspec.field(default_factory=list)
    """On which grounds; none also where the ficha that names them was withheld."""
    vinculos: list[Linked] = msgspec.field(default_factory=list)
    acumulado: str | None = None
    """The radicado with which it is decided."""
    acuses: list[SentReceipt] = msgspec.field(default_factory=list)
    """Acknowledgments that were sent, in order."""

    @property
    def cerrado(self) -> bool:
        """Nothing more is decided about it."""
        ended = (self.archivado, self.desistido, self.trasladado, self.respondido)
        return any(one is not None for one in ended)

    @property
    def respondido(self) -> AnswerMoved | None:
        """The whole answer that was sent and has not come back: the first one."""
        sent = [a for a in self.respuestas.values() if a.paso == "enviada" and not a.parcial]
        return min(sent, key=lambda a: a.enviada or "") if sent else None

    @property
    def por_aprobar(self) -> bool:
        """A letter that answers it waits for its signature."""
        return any(a.paso == "presentada" for a in self.respuestas.values())

    @property
    def dependencia(self) -> str | None:
        """The área that has it; None: still to be assigned."""
        return self.tramos[-1].dependencia if self.tramos else None

    @property
    def responsable(self) -> str | None:
        """The person who has it."""
        return self.tramos[-1].responsable if self.tramos else None

    @property
    def antes(self) -> str | None:
        """The área that had it before the one that has it; None: the correspondence unit."""
        others = [t.dependencia for t in self.tramos if t.dependencia != self.dependencia]
        return others[-1] if others else None

    @property
    def desde(self) -> str:
        """Since when the área that has it has it."""
        since = self.tramos[-1].desde
        for stretch in reversed(self.tramos):
            if stretch.dependencia != self.dependencia:
                break
            since = stretch.desde
        return since

    @property
    def estado(self) -> str:
        """As the commands name it."""
        if self.archivado is not None:
            return "archivado"
        if self.desistido is not None:
            return "desistido"
        if self.trasladado is not None:
            return "trasladado"
        if self.respondido is not None:
            return "respondido"
        if self.por_aprobar:
            return "por_aprobar"
        if self.requerido is not None:
            return "suspendido"
        if self.dependencia is None:
            return "radicado"
        return "en_tramite" if self.conocido else "asignado"

    def begin(self, dependencia: str | None, responsable: str | None, at: str) -> None:
        """A number was given, perhaps with an área and a person at once."""
        self._hand(None if dependencia == UNASSIGNED else dependencia, responsable, at)

    def correct(self, dependencia: str | None, responsable: str | None, at: str) -> None:
        """Fields were corrected; what they say of área and person counts."""
        area = None if dependencia == UNASSIGNED else dependencia
        if (area, responsable) != (self.dependencia, self.responsable):
            self._hand(area, responsable, at)

    def apply(self, event: Event, fact: Fact) -> None:
        """Take one more fact."""
        match fact:
            case Assigned():
                self._assign(fact, event.at)
            case Returned():
                self.devoluciones += 1
                self._hand(fact.a, None, event.at)
                self.devuelto, self.por_decidir = True, fact.decide
            case Acknowledged():
                self.conocido, self.devuelto = True, False
            case Informed():
                self.informes.pop(fact.en_vez or "", None)
                self.informes[event.hash] = Waiting(TOLD, fact.dependencia, fact.persona, event.at)
            case InformSeen():
                self.informes.pop(fact.informe, None)
            case ReviewAsked():
                self.vobos.pop(fact.en_vez or "", None)
                self.vobos[event.hash] = Waiting(TO_REVIEW, None, fact.persona, event.at)
            case ReviewGiven():
                self.vobos.pop(fact.pedido, None)
            case Scheduled():
                self.agendado = fact.hasta
                return
            case Noted() | TermFixed() | Recomputed():
                return
            case ReceiptSent():
                to = {k: v for k, v in (event.ficha or {}).items() if k != "sal"}
                sent = SentReceipt(fact.de, fact.medio, fact.enviado, to)
                self.acuses = [*self.acuses, sent]
                return
            case Linked():
                self.vinculos = [*self.vinculos, fact]
                return
            case Prioritised():
                self.prioritario = not fact.quita
                grounds = str((event.ficha or {}).get("causal", "")).split(", ")
                self.prioridad = [g for g in grounds if g and self.prioritario]
                return
            case Lengthened():
                self.ampliado = fact.hasta
                return
            case Joined():
                self.acumulado = fact.en
            case AnswerMoved():
                self._answer(fact)
            case Completed():
                if self.requerido is not None:
                    asked = self.requerido
                    self.completadas = [*self.completadas, asked.respuesta]
                    pause = Pause(asked.enviada or "", asked.salida, fact.con)
                    self.pausas = [*self.pausas, pause]
                self.requerido = self.ampliado = None
            case Renounced():
                self.desistido, self.requerido = fact, None
            case Archived():
                self.archivado = fact
                self.informes, self.vobos = {}, {}
        self.agendado = None

    def _answer(self, fact: AnswerMoved) -> None:
        before = self.respondido
        others = {k: v for k, v in self.respuestas.items() if k != fact.respuesta}
        gone = fact.paso == "retirada"
        self.respuestas = others if gone else {**others, fact.respuesta: fact}
        if before is not None and self.respondido is None:
            self.archivado = None  # what it was closed for is no longer so
        self.conocido, self.devuelto = True, False
        sent = fact if fact.paso == "enviada" else None
        if fact.efecto in ASKS and fact.respuesta not in self.completadas:
            self.requerido = _stands(self.requerido, fact, sent)
        elif fact.efecto == TRANSFER:
            self.trasladado = _stands(self.trasladado, fact, sent)
        elif fact.efecto == SILENCE and not isinstance(self.desistido, Renounced):
            self.desistido = _stands(self.desistido, fact, sent)

    def _assign(self, fact: Assigned, at: str) -> None:
        self._hand(fact.dependencia, fact.responsable, at)
        self.conjuntas = list(fact.conjuntas)
        if fact.decide:
            self.decidido, self.devoluciones = fact.dependencia, 0

    def _hand(self, dependencia: str | None, responsable: str | None, at: str) -> None:
        other = not self.tramos or self.dependencia != dependencia
        if self.tramos:
            self.tramos = [*self.tramos[:-1], msgspec.structs.replace(self.tramos[-1], hasta=at)]
        self.tramos = [*self.tramos, Stretch(dependencia, responsable, at)]
        self.devuelto = self.por_decidir = False
        self.agendado = None
        if other:
            self.conocido, self.conjuntas = False, []

    def waits(self) -> list[Waiting]:
        """Who is awaited; what is finished is in no tray."""
        if self.archivado is not None or not self.tramos:
            return []
        if self.cerrado:
            return list(self.informes.values())
        since, area = self.tramos[-1].desde, self.dependencia
        if area is None:
            tray = TO_DECIDE if self.por_decidir else GIVEN_BACK if self.devuelto else TO_ASSIGN
            own = Waiting(tray, None, None, since)
        else:
            tray = GIVEN_BACK if self.devuelto else SUSPENDED if self.requerido else ASSIGNED
            own = Waiting(tray, area, self.responsable, since, self.agendado)
        shared = [Waiting(SHARED, other, None, since) for other in self.conjuntas]
        # While a whole answer waits for its signature, it stands in the tray in the record's place.
        whole = any(a.paso in ("presentada", "aprobada") and not a.parcial
                    for a in self.respuestas.values())  # fmt: skip
        if whole:
            return [*shared, *self.vobos.values(), *self.informes.values()]
        return [own, *shared, *self.vobos.values(), *self.informes.values()]
