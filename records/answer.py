"""What the office writes: a letter presented, reviewed, signed and only then numbered. Pure.

A letter lives on a subject of its own from the day it is presented; the records that it answers
learn of each step by `tramite.respuesta`. Who may sign is for `records.signers`, what a person may
do for `records.answering`, sending for `records.dispatch` (Acuerdo 060 de 2001, arts. 4, 7 and 11).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from records.fact import Act, Clase, Day, Fact, Hash
from records.tramite import GIVEN_BACK, TO_REVIEW, TO_SIGN, Effect, Waiting
from records.words import plain

if TYPE_CHECKING:
    from records.events import Event

KINDS = (
    "respuesta",
    "oficio",
    "traslado",
    "requerimiento",
    "citacion",
    "notificacion",
    "certificacion",
    "circular",
    "memorando",
    "acto",
)
"""Kinds of letters that an office writes, as the table of signers names them."""
NO_ANSWERS = ("traslado", "requerimiento", "citacion", "notificacion", "acto")
"""Of these: what is written about a petition without deciding it; its term runs on."""
INTERNAL = "I"
SENT = "S"
MEANS = {
    "certificado": "correo certificado",
    "correo_electronico": "correo electrónico",
    "personal": "entrega en persona",
    "mensajero": "mensajero de la entidad",
    "fax": "fax",
    "aviso": "publicación de aviso",
    "interno": "reparto interno",
}


_ALSO = {
    "correo": "correo_electronico",
    "email": "correo_electronico",
    "e_mail": "correo_electronico",
    "electronico": "correo_electronico",
    "correo_certificado": "certificado",
    "correo_postal": "certificado",
    "postal": "certificado",
    "mensajeria": "mensajero",
    "presencial": "personal",
    "en_persona": "personal",
    "publicacion": "aviso",
}
"""Other words for a means, those of the channels of reception among them."""


def means(text: str) -> str | None:
    """The means that a word says; None: it says none."""
    word = "_".join(re.findall(r"[a-z0-9]+", plain(text)))
    word = _ALSO.get(word, word)
    return word if word in MEANS else None


class Recipient(msgspec.Struct, frozen=True, omit_defaults=True):
    """An addressee as the chain knows them; who they are lies in the ficha, in the same order."""

    medio: str
    copia: bool = False


class Presented(Fact, frozen=True, kw_only=True):
    """`respuesta.presentada`: a letter, or a corrected one in its place, waits for signature.

    Its ficha has `asunto` and `destinatarios`, a list of {nombre, entidad, direccion, municipio,
    correo, telefono} as far as known.
    """

    clase: Clase
    tipo: str
    a: list[str] = msgspec.field(default_factory=list)
    """Radicados that it answers."""
    parcial: bool = False
    """It answers a part: the term runs on."""
    efecto: Effect | None = None
    """What its sending does to the term of what it answers."""
    hasta: Day | None = None
    """The last day that an extension tells."""
    firmante: str
    dependencia: str
    """The área that writes it."""
    revisan: list[str] = msgspec.field(default_factory=list)
    destinatarios: list[Recipient] = msgspec.field(default_factory=list)
    dependencias: list[str] = msgspec.field(default_factory=list)
    """Áreas that an internal letter is for."""
    sha256: Hash | None = None
    """What was given; None: it is signed on paper, and scanned later."""
    documento: Hash | None = None
    """The PDF/A made of it."""
    formato: str | None = None
    paginas: int | None = None
    folios: int = 1
    anexos: int = 0
    hueco: list[int] | None = None
    """Free rectangle on page 1: x0, y0, x1, y1 in tenths of a point from its top left corner."""
    lectura: Hash | None = None


class Reviewed(Fact, frozen=True, kw_only=True):
    """`respuesta.revisada`: a reviewer agrees, or says what is wrong (in the ficha)."""

    version: Hash
    """The line that presented what was reviewed."""
    conforme: bool
    por: list[str] = msgspec.field(default_factory=list)
    """Reviewers in whose place it is said, by an act, or who are several; none: the actor's own."""


class Approved(Fact, frozen=True, kw_only=True):
    """`respuesta.aprobada`: a person who may signs it with a key of their own (art. 4)."""

    version: Hash
    sha256: Hash
    """The PDF/A that is signed."""
    cargo: str
    acto: Act


class InkSigned(Fact, frozen=True, kw_only=True):
    """`respuesta.firmada`: it is signed on paper; the ventanilla saw the signature and looked up
    who may sign (art. 4)."""

    version: Hash
    firmante: str
    cargo: str


class Withdrawn(Fact, frozen=True, kw_only=True):
    """`respuesta.retirada`: it is not sent; why lies in the ficha."""

    version: Hash


AnswerFact = Presented | Reviewed | Approved | InkSigned | Withdrawn
TYPES: dict[str, type[Fact]] = {
    "respuesta.presentada": Presented,
    "respuesta.revisada": Reviewed,
    "respuesta.aprobada": Approved,
    "respuesta.firmada": InkSigned,
    "respuesta.retirada": Withdrawn,
}


class Answer(msgspec.Struct):
    """Where a letter of the office's own stands before it is sent."""

    presentada: Presented | None = None
    version: str = ""
    """The line that presented it last."""
    presento: str = ""
    desde: str = ""
    datos: dict[str, Any] = {}
    """Its ficha: asunto, destinatarios."""
    reparos: bool = False
    conformes: list[str] = []
    aprobacion: str | None = None
    """The line that signed it, by key or as seen on paper."""
    firmo: str | None = None
    cargo: str = ""
    en_papel: bool = False
    retirada: bool = False

    def apply(self, event: Event, fact: AnswerFact) -> None:
        """Take one more fact."""
        self.desde = event.at
        match fact:
            case Presented():
                self.presentada, self.version, self.presento = fact, event.hash, event.actor
                self.datos = {k: v for k, v in (event.ficha or {}).items() if k != "sal"}
                self.reparos, self.conformes = False, []
            case Reviewed():
                if fact.conforme:
                    self.conformes = [*self.conformes, *(fact.por or [event.actor])]
                else:
                    self.reparos = True
            case Approved():
                self.aprobacion, self.firmo, self.cargo = event.hash, fact.acto.person, fact.cargo
            case InkSigned():
                self.aprobacion, self.firmo, self.cargo = event.hash, fact.firmante, fact.cargo
                self.en_papel = True
            case Withdrawn():
                self.retirada = True

    @property
    def estado(self) -> str:
        """Before it has a number."""
        return "retirado" if self.retirada else "por_aprobar"

    def pending(self, stand_ins: dict[str, set[str]] | None = None) -> list[str]:
        """Reviewers who have not agreed yet; *stand_ins*: person → for whom they may, for reviews
        of before it was told in whose place."""
        assert self.presentada is not None
        said = {one for who in self.conformes for one in (stand_ins or {}).get(who, {who})}
        return [one for one in self.presentada.revisan if one not in said | set(self.conformes)]

    def waits(self) -> list[Waiting]:
        """Who is awaited before it has a number."""
        made = self.presentada
        if made is None or self.retirada:
            return []
        if self.reparos:
            return [Waiting(GIVEN_BACK, None, self.presento, self.desde)]
        if self.aprobacion is None and (pending := self.pending()):
            return [Waiting(TO_REVIEW, None, person, self.desde) for person in pending]
        return [Waiting(TO_SIGN, None, made.firmante, self.desde)]
