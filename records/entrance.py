"""Who may come in at a screen, what each shows for it, and who was here last.

A passphrase proves whoever has a key: it opens the key. Who never got one enters on their own word,
as with `--persona` (docs/trust.md, «`actor` is the workstation's word»), and is told so; acts of
legal weight refuse them. Who had a key that was revoked and got no other does not enter: taking a
key away must not open a door that it closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records import keys, lines, people
from records.errors import Refused, VentanillaError
from records.marks import state_folder
from records.words import plain

if TYPE_CHECKING:
    from pathlib import Path

    from records.home import Home
    from records.people import Authority, Person

By = Literal["clave", "demostracion", "sin_llave", "revocada"]
"""By what a person enters: a passphrase; nothing, in a demonstration; their word; not at all."""


class Comer(msgspec.Struct, frozen=True):
    """A person at the door."""

    persona: people.Person
    por: By


def by_what(home: Home, authority: Authority, person: Person) -> By:
    """By what a person enters."""
    if person.clave is None:
        if authority.keys_of(person.id):
            return "revocada"
        return "demostracion" if authority.demo else "sin_llave"
    name = keys.person_key(person.id, person.clave)
    return "demostracion" if authority.demo and home.keys.is_open(name) else "clave"


def comers(home: Home) -> list[Comer]:
    """All persons of the home, by name."""
    authority = home.authority
    found = sorted(authority.personas.values(), key=lambda p: (plain(p.nombre), p.id))
    return [Comer(person, by_what(home, authority, person)) for person in found]


def admit(home: Home, persona: str | None, clave: str | None) -> Comer:
    """Let a person in who shows what they must; *clave* is kept nowhere.

    Raises:
        Refused: nobody is named, they are unknown, their key was revoked or lies elsewhere, or the
            passphrase does not open it.
    """
    authority = home.authority
    person = authority.require(persona)
    way = by_what(home, authority, person)
    if way == "revocada":
        raise Refused(
            "llave_revocada",
            f"La llave de {person.nombre} fue revocada y no tiene otra.",
            consejo="El administrador le da una nueva; hasta entonces no puede entrar.",
        )
    if way == "clave":
        assert person.clave is not None
        key = home.keys.load(keys.person_key(person.id, person.clave), clave)
        if not isinstance(key, Ed25519PrivateKey) or lines.raw_public(key).hex() != person.clave:
            raise Refused(
                "llave_ajena", f"La llave que hay aquí no es la que el diario da a {person.nombre}."
            )
    return Comer(person, way)


# -- who was here last: a convenience of this machine, in no home and no backup -------------------


class _Here(msgspec.Struct, frozen=True):
    persona: str


def _note(home: Home) -> Path:
    return state_folder() / "entradas" / f"{lines.sha256(str(home.home).encode())[:16]}.json"


def last_here(home: Home) -> str | None:
    """Who entered last on this machine, where that is known."""
    try:
        return msgspec.json.decode(_note(home).read_bytes(), type=_Here).persona
    except (OSError, msgspec.MsgspecError):
        return None


def was_here(home: Home, persona: str) -> None:
    """Note who entered."""
    path = _note(home)
    try:
        home.disk.make_folder(path.parent, sync=False)
        home.disk.publish(path, msgspec.json.encode(_Here(persona)))
    except VentanillaError:
        return  # an account without a folder of its own enters all the same; only the name is typed
