"""How an office's home begins: entity root, CA, authority's journal, the first punto's journal.

The home is made beside its place and moved there whole, so that a cut leaves none or all of it.
"""

from __future__ import annotations

import os
import re
import shutil
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records import keys, lines, people, revocations, templates
from records.errors import Refused
from records.events import (
    AreaAdded,
    CataloguePublished,
    LogOpened,
    PersonAdded,
    PointAdmitted,
)
from records.journal import PREVIOUS, Draft, Journal
from records.keys import KeyRing
from records.vault import Vault

if TYPE_CHECKING:
    from records.disk import Disk
    from records.settings import Settings

AUTHORITY = "AUT"
FOLDERS = (
    "inbox/.tomados",
    "cuarentena",
    "salida",
    "keys",
    "journal",
    "checkpoints",
    "vault",
    "lecturas",
)


def found(
    home: Path,
    settings: Settings,
    config: str,
    disk: Disk,
    *,
    demo: bool,
    passphrase: str | None,
) -> str:
    """Make the home of an entity's first punto; returns the fingerprint of the punto's key.

    Raises:
        Refused: something stands there already, or no passphrase was given.
    """
    home = home.absolute()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise Refused(
            "casa_existe",
            f"En {home} ya hay algo y no se toca.",
            consejo="Elija otra carpeta con --casa.",
        )
    admin = _first_admin(settings, demo)
    if any(person.id == people.DEMO_PERSON for person in settings.personas):
        raise Refused("persona", f"«{people.DEMO_PERSON}» es la persona de las demostraciones.")
    if not demo:
        if passphrase is None:
            raise Refused(
                "sin_clave",
                "Hace falta una clave para guardar la llave de la entidad.",
                consejo="Dé la clave con --clave-archivo ARCHIVO.",
            )
        keys.check_passphrase(passphrase)
    disk.make_folder(home.parent)
    building = home.with_name(f".{home.name}.nueva-{os.getpid()}")
    try:
        for folder in FOLDERS:
            disk.make_folder(building / folder)
        for lane in settings.carriles:
            disk.make_folder(building / "inbox" / lane.carpeta)
        disk.replace(building / "config.toml", _with_point(config, settings).encode())
        _place_templates(building, disk)
        secret = None if demo else passphrase
        fingerprint = _Founder(building, settings, disk, secret, demo, admin).run()
        disk.move(building, home)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return fingerprint


def _place_templates(building: Path, disk: Disk) -> None:
    """The three letters that every office writes, as templates to begin with."""
    disk.make_folder(building / templates.FOLDER)
    samples = resources.files("records").joinpath("plantillas")
    for sample in sorted(samples.iterdir(), key=lambda s: s.name):
        disk.replace(building / templates.FOLDER / sample.name, sample.read_bytes())


def _first_admin(settings: Settings, demo: bool) -> str:
    if demo:
        return people.DEMO_PERSON
    for person in settings.personas:
        if "admin" in person.roles:
            return person.id
    raise Refused(
        "sin_administrador",
        "La configuración no nombra a ninguna persona con el papel «admin».",
        consejo="Agréguela en [[personas]].",
    )


def _with_point(config: str, settings: Settings) -> str:
    """The configuration's text with the punto that was chosen."""
    section = re.compile(r"(^\[punto\][^\[]*?^codigo\s*=\s*)\"[^\"]*\"", re.M | re.S)
    changed, hits = section.subn(rf'\g<1>"{settings.punto.codigo}"', config, count=1)
    if hits:
        return changed
    return f'{config.rstrip()}\n\n[punto]\ncodigo = "{settings.punto.codigo}"\n'


class _Founder:
    """Writes keys, certificates and the first events into an empty home."""

    def __init__(
        self,
        home: Path,
        settings: Settings,
        disk: Disk,
        secret: str | None,
        demo: bool,
        admin: str,
    ) -> None:
        self._home, self._settings, self._disk = home, settings, disk
        self._secret, self._demo, self._admin = secret, demo, admin
        self._ring = KeyRing(home / "keys", disk)
        self._root = Ed25519PrivateKey.generate()

    def run(self) -> str:
        entidad, punto = self._settings.entidad.nombre, self._settings.punto.codigo
        ca_key = keys.new_rsa()
        ca = keys.make_ca(ca_key, entidad)
        self._ring.store("raiz", self._root, self._secret)
        self._ring.store("ca", ca_key, self._secret)
        self._ring.store_public("raiz.pub", lines.raw_public(self._root).hex().encode())
        self._ring.store_public("ca.cert.pem", keys.certificate_pem(ca))
        self._ring.store_public("ca.crl.pem", revocations.pem(revocations.make(ca, ca_key)))
        admitted = []
        for code in (AUTHORITY, punto):
            ed, rsa_key = Ed25519PrivateKey.generate(), keys.new_rsa()
            certificate = keys.make_point_certificate(ca, ca_key, rsa_key, entidad, code)
            self._ring.store_point(code, ed, rsa_key)
            self._ring.store_public(f"{code}.cert.pem", keys.certificate_pem(certificate))
            admitted.append(
                PointAdmitted(
                    punto=code,
                    clave=lines.raw_public(ed).hex(),
                    certificado=keys.fingerprint(certificate),
                )
            )
        self._open_log(
            AUTHORITY, [*self._first_facts(keys.fingerprint(ca)), *map(_admit, admitted)]
        )
        self._open_log(punto, [])
        return lines.sha256(bytes.fromhex(admitted[1].clave))

    def _open_log(self, punto: str, drafts: list[Draft]) -> None:
        key = self._ring.point_ed(punto)
        public = lines.raw_public(key).hex()
        entidad = self._settings.entidad.nombre
        opened = LogOpened(
            entidad=entidad,
            punto=punto,
            clave=public,
            raiz=self._ring.root_public(),
            delegacion=keys.delegate(self._root, public, entidad, 0, punto),
        )
        journal = Journal(self._home, punto, self._disk)
        journal.marks.settle()
        with journal.writing(key) as writer:
            writer.append(opened, subject="log", actor=self._admin)
            if drafts:
                named = [
                    Draft(d.fact, d.subject, self._admin, d.after, d.ficha, d.kind) for d in drafts
                ]
                writer.append_all(named)

    def _first_facts(self, ca: str) -> list[Draft]:
        settings = self._settings
        text = (self._home / "config.toml").read_bytes()
        config = Vault(self._home, self._disk).put(text, "toml")
        out = [
            Draft(CataloguePublished(catalogo="ca", sha256=ca), "catalogo.ca", ""),
            Draft(CataloguePublished(catalogo="config", sha256=config), "catalogo.config", ""),
        ]
        for area in settings.areas:
            fact = AreaAdded(codigo=area.codigo, nombre=area.nombre, jefe=area.jefe)
            out.append(Draft(fact, f"area.{area.codigo}", ""))
        for row in settings.firmas:
            out.append(
                Draft(row.fact(), "firmas", "", PREVIOUS if row is not settings.firmas[0] else ())
            )
        for person in settings.personas:
            out.append(self._person(person.id, person.nombre, person.cargo, list(person.roles)))
        if self._demo:
            draft = self._person(people.DEMO_PERSON, "Persona de demostración", "Demostración",
                                 list(people.ROLES))  # fmt: skip
            draft.ficha["demostracion"] = True  # type: ignore[index]
            out.append(draft)
        return out

    def _person(self, ident: str, nombre: str, cargo: str, roles: list[str]) -> Draft:
        public: str | None = None
        if ident == self._admin:
            key = Ed25519PrivateKey.generate()
            public = lines.raw_public(key).hex()
            self._ring.store(keys.person_key(ident, public), key, self._secret)
        fact = PersonAdded(persona=ident, roles=people.check_roles(roles), clave=public)
        return Draft(fact, f"persona.{ident}", "", (), {"nombre": nombre, "cargo": cargo})


def _admit(fact: PointAdmitted) -> Draft:
    return Draft(fact, f"punto.{fact.punto}", "")
