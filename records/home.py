"""An office's home as one person sees it: settings, journals, keys, people, how a fact is said.

The ground that the door `Office` stands on. It holds no rule about letters and numbers.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from records import fields, founding, keys, lines, people
from records import settings as settings_
from records.disk import Disk
from records.errors import Refused
from records.events import AreaAdded, CataloguePublished, Event, PersonAdded, State, fold
from records.index import Index
from records.journal import Draft, Journal
from records.keys import KeyRing
from records.signing import PdfSigner
from records.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from records.journal import Writer
    from records.settings import Settings


class Recovered(msgspec.Struct, frozen=True):
    """What a start found: cuts that were mended, and numbers that were never shown."""

    cortes: list[Event]
    no_mostrados: list[str]


CLERKS = ("ventanilla", "jefe_correspondencia")


class Home:
    """An office's home. Cheap to open; reads what is asked of it."""

    def __init__(self, home: Path, *, persona: str | None = None, disk: Disk | None = None) -> None:
        self.home = home.absolute()
        if not (self.home / "journal").is_dir() or not (self.home / "config.toml").is_file():
            raise Refused(
                "sin_casa",
                f"En {self.home} no hay una oficina.",
                consejo="Créela con «ventanilla iniciar», o diga dónde está con --casa.",
            )
        self.disk = disk or Disk()
        self._persona = persona
        self.vault = Vault(self.home, self.disk)
        self.keys = KeyRing(self.home / "keys", self.disk)
        self._local = threading.local()
        self._settings_read = ""
        self._authority_read = -1

    @classmethod
    def found(
        cls,
        home: Path,
        config: Path,
        *,
        punto: str | None = None,
        demo: bool = False,
        passphrase: str | None = None,
        disk: Disk | None = None,
    ) -> tuple[Self, str]:
        """Make an office's home from a config.toml; returns it and its key's fingerprint."""
        chosen = settings_.load(config)
        if punto is not None:
            point = msgspec.structs.replace(chosen.punto, codigo=punto)
            chosen = msgspec.structs.replace(chosen, punto=point)
            if not settings_.POINT_CODE.fullmatch(punto) or punto == founding.AUTHORITY:
                raise Refused("punto_invalido", f"«{punto}» no sirve como código de punto.")
        text = config.read_text(encoding="utf-8")
        real = disk or Disk()
        mark = founding.found(home, chosen, text, real, demo=demo, passphrase=passphrase)
        return cls(home, disk=real), mark

    # -- what it knows ------------------------------------------------------------------------

    @cached_property
    def settings(self) -> Settings:
        """The home's config.toml."""
        return settings_.load(self.home / "config.toml")

    @property
    def punto(self) -> str:
        """The code of this home's punto."""
        return self.settings.punto.codigo

    @property
    def index(self) -> Index:
        """The index, by a connection of this thread's own."""
        held: Index | None = getattr(self._local, "index", None)
        if held is None:
            held = self._local.index = Index(self.home)
        return held

    @cached_property
    def journal(self) -> Journal:
        """The log of this punto."""
        return Journal(self.home, self.punto, self.disk)

    @cached_property
    def authority_journal(self) -> Journal:
        """The log of the authority."""
        return Journal(self.home, founding.AUTHORITY, self.disk)

    @cached_property
    def authority(self) -> people.Authority:
        """Persons, áreas and puntos, as AUT says now."""
        return people.authority(self.authority_journal.events())

    @cached_property
    def _key(self) -> Any:
        self.journal.marks.check_place()  # a copy says that it is one, not that it lacks a key
        return self.keys.point_ed(self.punto)

    @cached_property
    def signer(self) -> PdfSigner:
        """Signs this punto's PDFs."""
        return PdfSigner(self.keys, self.punto)

    @property
    def persona(self) -> str | None:
        """Who acts: the person named, or the demo person of a demo office."""
        if self._persona:
            return self._persona
        return founding.DEMO_PERSON if self.authority.demo else None

    def _clerk(self) -> str:
        self._look_again()
        return self.authority.require(self.persona, *CLERKS).id

    # -- people and áreas ---------------------------------------------------------------------

    def agregar_persona(
        self,
        ident: str,
        *,
        nombre: str,
        cargo: str,
        roles: list[str],
        passphrase: str | None,
        cambia: bool = False,
    ) -> Event:
        """Add or change a person; with *passphrase* a key of their own is made."""
        actor = self.authority.require(self.persona, "admin").id
        known = ident in self.authority.personas
        if not settings_.PERSON_ID.fullmatch(ident):
            raise Refused(
                "persona", f"«{ident}» no sirve como id.", consejo="Minúsculas y cifras: «jlopez»."
            )
        if known != cambia:
            word = "ya existe" if known else "no existe"
            raise Refused("persona", f"La persona «{ident}» {word}.")
        public = None
        if passphrase is not None:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

            key = Ed25519PrivateKey.generate()
            public = lines.raw_public(key).hex()
            self.keys.store(keys.person_key(ident, public), key, passphrase)
        fact = PersonAdded(persona=ident, roles=people.check_roles(roles), clave=public)
        ficha = {"nombre": fields.clean_text(nombre), "cargo": fields.clean_text(cargo)}
        kind = "persona.cambiada" if cambia else "persona.alta"
        return self._say(Draft(fact, f"persona.{ident}", actor, (), ficha, kind))

    def agregar_area(self, codigo: str, nombre: str, jefe: str | None) -> Event:
        """Add a dependencia."""
        actor = self.authority.require(self.persona, "admin").id
        if not settings_.AREA_CODE.fullmatch(codigo):
            raise Refused("area", f"«{codigo}» no sirve como código de dependencia.")
        if codigo in self.authority.areas:
            raise Refused("area", f"La dependencia {codigo} ya existe.")
        if jefe is not None and jefe not in self.authority.personas:
            raise Refused("persona_desconocida", f"No hay ninguna persona «{jefe}».")
        fact = AreaAdded(codigo=codigo, nombre=fields.clean_text(nombre), jefe=jefe)
        return self._say(Draft(fact, f"area.{codigo}", actor))

    def _say(self, draft: Draft) -> Event:
        """Append a fact of the authority."""
        self.index.catch_up()  # the long part of it, before the lock
        key = self.keys.point_ed(founding.AUTHORITY)
        with self.authority_journal.writing(key) as writer:
            self.index.catch_up()
            head = self.index.head(str(draft.subject))
            after = (head,) if head else ()
            event = writer.append_all(
                [Draft(draft.fact, draft.subject, draft.actor, after, draft.ficha, draft.kind)]
            )[0]
        self.__dict__.pop("authority", None)
        return event

    # -- subjects -----------------------------------------------------------------------------

    def estado(self, subject: str) -> State:
        """The state of a subject now, folded from the journals themselves."""
        self.index.catch_up()
        return fold(subject, self.index.events(subject))

    def subject(self, radicado: str) -> str:
        """The subject that bears *radicado*.

        Raises:
            Refused: there is no such number.
        """
        found = self.index.subject_of(radicado.strip().upper())
        if found is None:
            raise Refused(
                "no_existe",
                f"No hay ningún radicado {radicado}.",
                consejo="Búsquelo con «ventanilla buscar».",
            )
        return found

    def recuperar(self) -> Recovered:
        """Mend what a crash left at the end of the journals. Harmless when there is nothing.

        Also finds the numbers that became durable and were never shown, because the cut came before
        the outer mark: they stand, and are shown now.
        """
        self.vault.clean()
        told: list[Event] = []
        unshown: list[str] = []
        for journal in (self.authority_journal, self.journal):
            if not (self.keys.folder / f"{journal.punto}.ed25519.pem").is_file():
                continue
            before = journal.last_seq()
            with journal.writing(self.keys.point_ed(journal.punto)) as writer:
                mark, after = journal.marks.shown(), writer.tail.seq
                if mark is not None and mark.seq < after:
                    journal.marks.write(writer.tail)
            self.index.catch_up()
            told += [
                e
                for e in self.index.events("log")
                if e.punto == journal.punto and before < e.seq <= after
            ]
            if mark is not None:
                unshown += self.index.numbers_between(journal.punto, mark.seq, after)
        return Recovered([e for e in told if e.type == "recuperacion"], unshown)

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        """Hold the lock of this punto's log, with the index caught up before and inside.

        What the index has to take in is taken before the lock; inside only what others have just
        appended is left. Settings that were edited since are published first: never silently.
        """
        self._publish_settings()
        self.index.catch_up()
        with self.journal.writing(self._key) as writer:
            self.index.catch_up()
            yield writer

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """While nobody writes the journals of this home (a home that cannot be locked is quiet)."""
        with ExitStack() as stack:
            for journal in (self.authority_journal, self.journal):
                stack.enter_context(journal.held())
            yield

    def _look_again(self) -> bytes:
        """A program that runs for days goes on with the settings and persons of today.

        Returns the text of config.toml.
        """
        text = (self.home / "config.toml").read_bytes()
        digest, last = lines.sha256(text), self.authority_journal.last_seq()
        if digest != self._settings_read:
            self.__dict__.pop("settings", None)
            self._settings_read = digest
        if last != self._authority_read:
            self.__dict__.pop("authority", None)
            self._authority_read = last
        return text

    def _publish_settings(self) -> None:
        """Say in the authority's log that config.toml is another one now, and keep its text."""
        text = self._look_again()
        digest = lines.sha256(text)
        if self.authority.catalogos.get("config") == digest or not self._holds_authority():
            return
        self.vault.put(text, "toml")
        fact = CataloguePublished(catalogo="config", sha256=digest)
        self._say(Draft(fact, "catalogo.config", self.persona or people.SYSTEM))

    def _holds_authority(self) -> bool:
        return (self.keys.folder / f"{founding.AUTHORITY}.ed25519.pem").is_file()

    def _writable(self, subject: str) -> State:
        """The state of a subject that may be gone on with here.

        Raises:
            Refused: a newer program said something of it that this one does not understand.
        """
        state = self.estado(subject)
        if state.desconocida:
            raise Refused(
                "mas_nuevo",
                f"{subject} tiene hechos de una versión más nueva de este programa.",
                consejo="Aquí se puede consultar; para seguir, actualice el programa.",
            )
        return state

    def _append(
        self,
        writer: Writer,
        fact: Any,
        subject: str,
        actor: str,
        ficha: dict[str, Any] | None = None,
    ) -> Event:
        self._writable(subject)
        head = self.index.head(subject)
        return writer.append(
            fact, subject=subject, actor=actor, after=(head,) if head else (), ficha=ficha
        )
