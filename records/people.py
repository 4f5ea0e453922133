"""Persons, roles and áreas: what the events of AUT amount to, and who may do what.

`actor` of an event is asserted by the workstation; only a person's own signature proves a person
(docs/format). Names and posts lie in fichas; here they are read from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records.errors import Refused
from records.events import (
    AreaAdded,
    CataloguePublished,
    PersonAdded,
    PointAdmitted,
    PointKeyed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.events import Event

ROLES = ("ventanilla", "jefe_correspondencia", "jefe_area", "archivista", "auditor", "admin")
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


class Area(msgspec.Struct, frozen=True):
    """A dependencia."""

    codigo: str
    nombre: str
    jefe: str | None


class Authority(msgspec.Struct):
    """What AUT says: persons, áreas and the puntos that may number, with key and certificate."""

    personas: dict[str, Person] = {}
    areas: dict[str, Area] = {}
    puntos: dict[str, PointAdmitted] = {}
    certificados: dict[str, list[str]] = {}
    """Punto → SHA-256 of every certificate that was ever admitted for its PDFs, the latest last."""
    catalogos: dict[str, str] = {}
    """Catalogue → hash of its text in force."""
    demo: bool = False

    def require(self, person: str | None, *roles: str) -> Person:
        """The person, if they hold one of *roles* (any, where none is named).

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
                "persona_desconocida", f"No hay ninguna persona «{person}».", consejo=_SUBMIT
            )
        if roles and not set(roles) & set(found.roles):
            raise Refused(
                "sin_permiso",
                f"{found.nombre} no tiene el papel para esto (hace falta: {' o '.join(roles)}).",
                consejo=_SUBMIT,
            )
        return found


def authority(events: Iterable[Event]) -> Authority:
    """Fold the events of AUT, in order."""
    out = Authority()
    for event in events:
        ficha = event.ficha or {}
        match event.fact:
            case PersonAdded() as fact:
                old = out.personas.get(fact.persona)
                out.personas[fact.persona] = Person(
                    fact.persona,
                    str(ficha.get("nombre", old.nombre if old else fact.persona)),
                    str(ficha.get("cargo", old.cargo if old else "")),
                    tuple(fact.roles),
                    fact.clave or (old.clave if old else None),
                )
                out.demo = out.demo or bool(ficha.get("demostracion"))
            case AreaAdded() as fact:
                out.areas[fact.codigo] = Area(fact.codigo, fact.nombre, fact.jefe)
            case CataloguePublished() as fact:
                out.catalogos[fact.catalogo] = fact.sha256
            case PointAdmitted() as fact:
                out.puntos[fact.punto] = fact
                out.certificados.setdefault(fact.punto, []).append(fact.certificado)
            case PointKeyed() as fact:
                out.certificados.setdefault(fact.punto, []).append(fact.certificado)
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
