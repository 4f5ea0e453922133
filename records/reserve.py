"""Who may see a numbered record: the facts of its classification, and what they amount to. Pure.

Everything is public but what is *clasificada* (a person would be harmed: Ley 1712 de 2014, art. 18)
or *reservada* (the public would: art. 19, for 15 years at most, art. 22). That covers the content:
that the record exists is always public (art. 21). A classification ends by itself when its last day
has passed, so every question is asked of a day.

`may_see` is the one rule; `records.query.seen_by` says the same in SQL, over the `grants` that the
index keeps. What a person may do is for `records.reserving`.

Who wrote a record is withheld apart from that, where somebody asked for it (`may_see_identity`):
the record itself stays as public as it is, and what is masked is for `records.identity`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec

from records.fact import Day, Fact, Hash
from records.tramite import RETURNS, TO_SEND, Informed, OfRecord, ReviewAsked

if TYPE_CHECKING:
    from records.events import Event
    from records.people import Authority
    from records.state import State

Level = Literal["publica", "clasificada", "reservada"]
PUBLIC, CLASSIFIED, RESERVED = "publica", "clasificada", "reservada"
LEVELS = (PUBLIC, CLASSIFIED, RESERVED)
MOST_YEARS = 15
"""A reserve lasts no longer (art. 22)."""
ENDLESS = "9999-12-31"
ALL_SEEING = "jefe_correspondencia"
"""Answers for the numbering, and so for each record."""
READERS = frozenset(("ventanilla", "archivista", "auditor"))
"""Handle or examine every record: they see what is clasificada, and not what is reservada."""
SENDER = "ventanilla"
"""Sends what the office writes, and so reads its envelope until it has left."""


class OfAccess(OfRecord, frozen=True, kw_only=True):
    """Who may see a record, or who saw it: moves nothing on its way through the office."""


class Classified(OfAccess, frozen=True, kw_only=True):
    """`acceso.clasificado`: its level from here on; why, and by which act, lies in the ficha."""

    nivel: Level
    fundamento: str | None = None
    """Code of a ground of `records.grounds`."""
    hasta: Day | None = None
    """The last day; None: until it is said otherwise."""
    norma: str | None = None
    """The law that forbids access, as the person wrote it (art. 19 asks for one)."""


class Permitted(OfAccess, frozen=True, kw_only=True):
    """`acceso.permitido`: a person may see it, until a day (included)."""

    persona: str
    hasta: Day | None = None


class Withdrawn(OfAccess, frozen=True, kw_only=True):
    """`acceso.retirado`: they may no more, however they came to it by name."""

    persona: str


class Consulted(OfAccess, frozen=True, kw_only=True):
    """`acceso.consultado`: a person, the event's `actor`, read what is reserved."""

    via: str


class PublicVersion(OfAccess, frozen=True, kw_only=True):
    """`acceso.version_publica`: a rendition without what is withheld (art. 21)."""

    sha256: Hash
    original: Hash
    """The record's, of which it is a version."""


class IdentityKept(OfAccess, frozen=True, kw_only=True):
    """`acceso.identidad`: who wrote it is shown to nobody but those who deal with it; why lies in
    the ficha."""

    protegida: bool = True


TYPES: dict[str, type[Fact]] = {
    "acceso.identidad": IdentityKept,
    "acceso.clasificado": Classified,
    "acceso.permitido": Permitted,
    "acceso.retirado": Withdrawn,
    "acceso.consultado": Consulted,
    "acceso.version_publica": PublicVersion,
}


class Grant(msgspec.Struct, frozen=True):
    """A person, or an área, that may see a record; `hasta` is the last day of it."""

    persona: str | None = None
    dependencia: str | None = None
    hasta: str | None = None


class Access(msgspec.Struct):
    """How a record stands classified."""

    clasificado: Classified | None = None
    """The classification said last, also where it has run out; None: it was never anything but
    public, or was made so again."""
    desde: str | None = None
    """The day of that classification."""
    quien: str | None = None
    """Who said it."""
    evento: str = ""
    """The line that says it."""
    motivo: str = ""
    acto: str = ""
    reservado_desde: str | None = None
    """The day on which it was first reserved: from there the 15 years run."""
    permisos: dict[str, str | None] = msgspec.field(default_factory=dict)
    """Person → until when they were let in by name."""
    nombrados: list[str] = msgspec.field(default_factory=list)
    """Persons who were informed, or asked for their Vo.Bo."""
    informadas: list[str] = msgspec.field(default_factory=list)
    """Áreas that were informed."""
    version: str | None = None
    """SHA-256 of the newest public version."""
    identidad_protegida: bool = False
    """Who wrote it is shown to those alone who deal with it."""

    def nivel(self, hoy: str) -> str:
        """The level in force on a day (`YYYY-MM-DD`)."""
        said = self.clasificado
        if said is None or (said.hasta is not None and said.hasta < hoy):
            return PUBLIC
        return said.nivel

    def follow(self, fact: OfRecord) -> None:
        """Who is named on the record's way through the office is let in."""
        match fact:
            case Informed(persona=str(person)) | ReviewAsked(persona=person):
                self.nombrados = [*dict.fromkeys([*self.nombrados, person])]
            case Informed(dependencia=str(area)):
                self.informadas = [*dict.fromkeys([*self.informadas, area])]

    def apply(self, event: Event, fact: OfAccess) -> None:
        """Take one more fact; that somebody looked changes nothing."""
        match fact:
            case Classified():
                self._classify(event, fact)
            case Permitted():
                self.permisos = {**self.permisos, fact.persona: fact.hasta}
            case Withdrawn():
                gone = fact.persona
                self.permisos = {p: d for p, d in self.permisos.items() if p != gone}
                self.nombrados = [p for p in self.nombrados if p != gone]
            case PublicVersion():
                self.version = fact.sha256
            case IdentityKept():
                self.identidad_protegida = fact.protegida

    def _classify(self, event: Event, fact: Classified) -> None:
        ficha = event.ficha or {}
        self.desde, self.quien, self.evento = event.at[:10], event.actor, event.hash
        self.motivo, self.acto = str(ficha.get("motivo", "")), str(ficha.get("acto", ""))
        self.clasificado = fact if fact.nivel != PUBLIC else None
        if fact.nivel == PUBLIC:
            self.permisos = {}
        elif fact.nivel == RESERVED:
            self.reservado_desde = self.reservado_desde or self.desde


def last_day(since: date) -> date:
    """The last day of a reserve that began on *since* (art. 22); that of 29 February ends on 28."""
    try:
        return since.replace(year=since.year + MOST_YEARS)
    except ValueError:
        return since.replace(year=since.year + MOST_YEARS, day=28)


def strength(said: Classified | None, hoy: str) -> tuple[int, str]:
    """How much a classification withholds on a day: its level's place, and until when."""
    if said is None or (said.hasta is not None and said.hasta < hoy):
        return 0, ""
    return LEVELS.index(said.nivel), said.hasta or ENDLESS if said.nivel != PUBLIC else ""


class Sight(msgspec.Struct, frozen=True):
    """Who looks, and on which day."""

    hoy: str
    personas: frozenset[str] = frozenset()
    """Whose part they take: their own, and by an act that of others."""
    dirige: frozenset[str] = frozenset()
    """The áreas that they head."""
    trabaja: frozenset[str] = frozenset()
    """The áreas that they work in."""
    roles: frozenset[str] = frozenset()


def sight_of(authority: Authority, person: str | None, hoy: str) -> Sight:
    """The sight of a person; of nobody, and of somebody unknown: what is public."""
    if person is None or person not in authority.personas:
        return Sight(hoy)
    mine = frozenset(authority.acts_for(person))
    known = [authority.personas[p] for p in mine if p in authority.personas]
    return Sight(
        hoy,
        mine,
        frozenset(a.codigo for a in authority.areas.values() if a.jefe in mine),
        frozenset(p.dependencia for p in known if p.dependencia is not None),
        frozenset(authority.roles_of(person)),
    )


def grants(state: State) -> list[Grant]:
    """Whom a classified record is open to: who has it, who was named, who classified it."""
    way, access = state.tramite, state.acceso
    persons: dict[str, str | None] = {**access.permisos}
    letter, made = state.carta, state.carta.presentada
    writers = [] if made is None else [letter.presento, made.firmante, letter.firmo, *made.revisan]
    for person in (way.responsable, access.quien, *access.nombrados, *writers):
        if person is not None:
            persons[person] = None
    areas = dict.fromkeys([way.dependencia, *way.conjuntas, *access.informadas])
    if made is not None:
        areas[made.dependencia] = None
    return [
        *(Grant(persona=p, hasta=day) for p, day in persons.items()),
        *(Grant(dependencia=a) for a in areas if a is not None),
    ]


def may_see(state: State, sight: Sight) -> bool:
    """Whether the content of a record is open to who looks."""
    level = state.acceso.nivel(sight.hoy)
    if level == PUBLIC or ALL_SEEING in sight.roles:
        return True
    if level == CLASSIFIED and sight.roles & READERS:
        return True
    areas = sight.dirige | (sight.trabaja if level == CLASSIFIED else frozenset())
    return any(
        (g.hasta is None or g.hasta >= sight.hoy)
        and (g.persona in sight.personas or g.dependencia in areas)
        for g in grants(state)
    )


def may_see_identity(state: State, sight: Sight) -> bool:
    """Whether who looks may know who wrote a record; of a letter of the office's own, whom it is
    for.

    The head of the correspondence unit, the person who has it, the head of its área, and who was
    let in by name; of a letter also who wrote, reviews or signs it, and the ventanilla while it has
    to send it. Not who was informed, nor who numbered it: they do their work without the name.
    """
    access, way, letter = state.acceso, state.tramite, state.carta
    if not access.identidad_protegida or ALL_SEEING in sight.roles:
        return True
    if SENDER in sight.roles and {w.bandeja for w in state.letter_waits()} & {TO_SEND, RETURNS}:
        return True
    persons = {p for p, day in access.permisos.items() if day is None or day >= sight.hoy}
    named, areas = {way.responsable}, {way.dependencia}
    if (made := letter.presentada) is not None:
        # One that came signed on paper the ventanilla presented, and wrote nothing of it.
        writer = None if letter.en_papel else letter.presento
        named |= {writer, made.firmante, letter.firmo, *made.revisan}
        areas.add(made.dependencia)
    return bool((persons | named) & sight.personas or areas & sight.dirige)
