"""Persons, roles and áreas: what the events of AUT amount to, and who may do what.

`actor` of an event is asserted by the workstation; only a person's own signature proves a person
(docs/format). Names and posts lie in fichas; here they are read from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import absences, lines, norms
from records.absences import Absence, Away
from records.errors import Refused
from records.events import (
    AreaAdded,
    CataloguePublished,
    KeyRevoked,
    PersonAdded,
    PointAdmitted,
    PointKeyed,
    SigningGranted,
    StandIn,
)
from records.trd import TableAdopted
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.events import Event

ROLES = ("ventanilla", "jefe_correspondencia", "jefe_area", "archivista", "auditor", "admin")
DEMO_PERSON = "demo"
SYSTEM = "sistema"
"""The actor of what no person does: anchors, recoveries, seals of the watcher."""

_SUBMIT = "Pida el permiso al administrador, o actúe con --persona."


class Person(msgspec.Struct, frozen=True):
    """A person of the entity."""

    id: str
    nombre: str
    cargo: str
    roles: tuple[str, ...]
    clave: str | None
    """Public key in hex; None: no key of their own yet."""
    dependencia: str | None = None
    """The área they work in; None: not said."""


class Area(msgspec.Struct, frozen=True):
    """A dependencia."""

    codigo: str
    nombre: str
    jefe: str | None


class Tenure(msgspec.Struct, frozen=True):
    """What a person was from an event of AUT on: since when, in which roles, with which key."""

    since: str
    roles: tuple[str, ...]
    clave: str | None


class Authority(msgspec.Struct):
    """What AUT says: persons, áreas and the puntos that may number, with key and certificate."""

    personas: dict[str, Person] = {}
    pasado: dict[str, list[Tenure]] = {}
    """Person → what they were, oldest first: an old act is judged by its own day."""
    areas: dict[str, Area] = {}
    puntos: dict[str, PointAdmitted] = {}
    """Each punto as it is now: with the key and certificate of its latest `punto.llave`."""
    llaves: dict[str, dict[str, str]] = {}
    """Punto → every key it was ever given → the certificate that came with it."""
    certificados: dict[str, set[str]] = {}
    """Punto → every certificate that it was ever given."""
    revocadas: dict[str, KeyRevoked] = {}
    """Key (hex) → from which size on of each log it counts for nothing."""
    encargos: list[StandIn] = []
    firmas: dict[tuple[str, str, str], SigningGranted] = {}
    """(post in plain letters, kind, scope) → who may sign, and from when to when."""
    ausencias: absences.Absences = {}
    catalogos: dict[str, str] = {}
    """Catalogue → hash of its text in force."""
    listas: list[str] = []
    """Hashes of the CA's lists of revoked certificates, in the order in which they were said."""
    tablas: list[TableAdopted] = []
    """Versions of the TRD, in the order of their adoption."""
    demo: bool = False

    def require(self, person: str | None, *roles: str, norma: str | None = None) -> Person:
        """The person, if they hold one of *roles* (any, where none is named); *norma* is told to
        who lacks them.

        Raises:
            Refused: nobody is named, they are unknown, or lack the role.
        """
        if not person:
            raise Refused(
                "sin_persona",
                "Esta acción necesita saber quién la hace.",
                consejo="Diga quién es con --persona ID o con la variable VENTANILLA_PERSONA.",
            )
        found = self.personas.get(person)
        if found is None:
            raise Refused(
                "persona_desconocida",
                f"No hay ninguna persona «{person}».",
                consejo="«ventanilla persona lista» muestra las que hay.",
            )
        if roles and not set(roles) & self.roles_of(found.id):
            raise Refused(
                "sin_permiso",
                f"{found.nombre} no tiene el papel para esto (hace falta: {' o '.join(roles)}).",
                consejo=_SUBMIT,
                norma=norma and norms.cite(norma, lines.now().date()),
            )
        return found

    def sede(self, code: str | None) -> None:
        """Nothing, where *code* is a punto that was admitted, or none is asked for.

        Raises:
            Refused: it is none.
        """
        if code is not None and code not in self.puntos:
            raise Refused(
                "sede_desconocida",
                f"No hay ninguna sede «{code}».",
                consejo="«ventanilla punto lista» muestra las que hay.",
            )

    def area(self, code: str) -> Area:
        """The dependencia of a code.

        Raises:
            Refused: there is none.
        """
        found = self.areas.get(code.strip())
        if found is None:
            raise Refused(
                "dependencia_desconocida",
                f"No hay ninguna dependencia «{code}».",
                consejo="«ventanilla area lista» muestra las que hay.",
            )
        return found

    def roles_of(self, person: str, stamp: str | None = None) -> set[str]:
        """The roles of a person at a moment (now): their own, and by an act those of others."""
        day = (stamp or lines.stamp(lines.now()))[:10]
        held = set(self._own_roles(person, stamp))
        for act in self.encargos:
            if act.persona == person and act.desde <= day <= act.hasta:
                held |= set(self._own_roles(act.de, stamp))
        return held

    def acts_for(self, person: str) -> set[str]:
        """Whose part a person takes today: their own, and by an act that of others; the person of a
        demonstration, everybody's."""
        if self.demo and person == DEMO_PERSON:
            return set(self.personas)
        day = lines.stamp(lines.now())[:10]
        held = {a.de for a in self.encargos if a.persona == person and a.desde <= day <= a.hasta}
        return {person, *held}

    def works_for(self, person: str) -> set[str]:
        """Whose work a person does today: as `acts_for`, and of those whom they replace while
        these are away; of the latter not the roles, nor the área that they head."""
        today = lines.stamp(lines.now())[:10]
        away = self.ausencias.values()
        return self.acts_for(person) | {
            a.persona for a in away if a.reemplaza == person and a.holds(today)
        }

    def away(self, person: str | None) -> Absence | None:
        """The absence of a person who is away today."""
        today = lines.stamp(lines.now())[:10]
        mine = (a for a in self.ausencias.values() if a.persona == person and a.holds(today))
        return next(mine, None)

    def replaced_by(self, absence: Absence) -> str | None:
        """Who does the work of an absent person today: by the absence, or else by an act."""
        today = lines.stamp(lines.now())[:10]
        acts = (
            e.persona
            for e in self.encargos
            if e.de == absence.persona and e.desde <= today <= e.hasta
        )
        return absence.reemplaza or next(acts, None)

    def heads(self, code: str | None, person: str) -> bool:
        """Whether a person heads an área, or stands in for who does."""
        area = self.areas.get(code or "")
        return area is not None and area.jefe in self.acts_for(person)

    def is_of(self, code: str, person: str) -> bool:
        """Whether a person heads an área or works in it, or stands in for somebody who does, or
        does the work of somebody of it who is away."""
        known = [self.personas.get(one) for one in self.works_for(person)]
        works = any(one is not None and one.dependencia == code for one in known)
        return works or self.heads(code, person)

    def _own_roles(self, person: str, hour: str | None) -> tuple[str, ...]:
        if hour is None:  # now, whatever a clock that stands wrong may say
            known = self.personas.get(person)
            return known.roles if known is not None else ()
        roles: tuple[str, ...] = ()
        for tenure in self.pasado.get(person, ()):
            if tenure.since <= hour:
                roles = tenure.roles
        return roles

    def began_by(self, hour: str) -> None:
        """What was said before an event of *hour* began by then: a wrong clock had dated it."""
        for person, tenures in self.pasado.items():
            self.pasado[person] = [
                msgspec.structs.replace(t, since=min(t.since, hour)) for t in tenures
            ]

    def keys_of(self, person: str) -> set[str]:
        """Every key (hex) that a person ever had."""
        return {t.clave for t in self.pasado.get(person, ()) if t.clave is not None}

    def is_revoked(self, key: str, log: str, seq: int) -> bool:
        """Whether what *key* signed in line *seq* of *log* counts for nothing.

        A revocation that does not name the log holds for all of it.
        """
        known = self.revocadas.get(key)
        return known is not None and seq >= known.tamanos.get(log, 0)


def authority(events: Iterable[Event]) -> Authority:
    """Fold the events of AUT, in order."""
    out = Authority()
    latest = ""
    for event in events:
        ficha = event.ficha or {}
        if event.at < latest:
            out.began_by(event.at)
        latest = event.at
        match event.fact:
            case PersonAdded() as fact:
                old = out.personas.get(fact.persona)
                out.personas[fact.persona] = Person(
                    fact.persona,
                    str(ficha.get("nombre", old.nombre if old else fact.persona)),
                    str(ficha.get("cargo", old.cargo if old else "")),
                    tuple(fact.roles),
                    fact.clave or (old.clave if old else None),
                    fact.dependencia,
                )
                out.pasado.setdefault(fact.persona, []).append(
                    Tenure(event.at, tuple(fact.roles), fact.clave)
                )
                out.demo = out.demo or bool(ficha.get("demostracion"))
            case AreaAdded() as fact:
                out.areas[fact.codigo] = Area(fact.codigo, fact.nombre, fact.jefe)
            case CataloguePublished() as fact:
                out.catalogos[fact.catalogo] = fact.sha256
                if fact.catalogo == "crl":
                    out.listas.append(fact.sha256)
            case PointAdmitted() as fact:
                out.puntos[fact.punto] = fact
                out.llaves.setdefault(fact.punto, {}).setdefault(fact.clave, fact.certificado)
                out.certificados.setdefault(fact.punto, set()).add(fact.certificado)
            case PointKeyed() as fact:
                out.puntos[fact.punto] = PointAdmitted(
                    punto=fact.punto, clave=fact.clave, certificado=fact.certificado
                )
                out.llaves.setdefault(fact.punto, {}).setdefault(fact.clave, fact.certificado)
                out.certificados.setdefault(fact.punto, set()).add(fact.certificado)
            case KeyRevoked() as fact:
                out.revocadas[fact.clave] = fact
                person = out.personas.get(fact.persona or "")
                if person is not None and person.clave == fact.clave:
                    out.personas[person.id] = msgspec.structs.replace(person, clave=None)
            case StandIn() as fact:
                out.encargos.append(fact)
            case SigningGranted() as fact:
                out.firmas[plain(fact.cargo), fact.tipo, fact.ambito] = fact
            case TableAdopted() as fact:
                out.tablas.append(fact)
            case Away() as fact:
                absences.take(out.ausencias, fact, ficha)
            case _:
                continue
    return out


def check_roles(roles: Iterable[str]) -> list[str]:
    """Roles as they are stored.

    Raises:
        Refused: one of them does not exist.
    """
    chosen = sorted(set(roles))
    unknown = [r for r in chosen if r not in ROLES]
    if unknown or not chosen:
        raise Refused(
            "papel_desconocido",
            f"Papel desconocido: {', '.join(unknown) or '(ninguno)'}.",
            consejo=f"Los papeles son: {', '.join(ROLES)}.",
        )
    return chosen
