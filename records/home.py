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
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records import accredited, erasure, fields, founding, keys, lines, norms, people
from records import settings as settings_
from records.acts import Pen
from records.disk import Disk
from records.errors import CannotSign, MachineCannot, Refused
from records.events import (
    NAMES,
    AreaAdded,
    CataloguePublished,
    Event,
    PersonAdded,
    PointKeyed,
)
from records.fact import Fact
from records.heads import Head, Heads
from records.imported import mark
from records.index import Index
from records.journal import Draft, Journal
from records.keys import KeyRing
from records.signing import PdfSigner
from records.state import State, fold
from records.token import TokenKey
from records.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from records.journal import Writer
    from records.settings import Settings
    from records.tail import Tail


class Recovered(msgspec.Struct, frozen=True):
    """What a start found: cuts that were mended, and numbers that were never shown."""

    cortes: list[Event]
    no_mostrados: list[str]


class Registered(msgspec.Struct, frozen=True):
    """A token's certificate that signs from here on."""

    punto: str
    certificado: str
    """Its SHA-256."""
    titular: str
    emisor: str
    vence: str
    """Its last day, UTC."""
    evento: str | None
    """The `punto.llave` that says so; None where it was said before."""


CLERKS = ("ventanilla", "jefe_correspondencia")
UNIT = "Acuerdo 060 de 2001 (AGN), art. 3"
"""Why nobody else numbers."""
DISPOSAL = "Decreto 1080 de 2015, art. 2.8.2.2.5"
"""On what, by whom and with what trace documents are erased."""


def erased(state: State) -> Refused:
    """What is said to who asks for more of a record than its tombstone."""
    gone = state.eliminado
    assert gone is not None
    return Refused(
        "eliminado",
        f"{gone.radicado} se eliminó por {gone.eliminacion}: quedan su número, sus fechas y las "
        "huellas de lo que hubo.",
        consejo=f"«ventanilla ver {gone.radicado}» las muestra, con el acta que lo aprobó.",
        norma=norms.cite(DISPOSAL, lines.now().date()),
    )


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
        self.avisos: list[str] = []
        """What a person should know of what was just done; whoever shows it empties the list."""
        self._keys_held: dict[str, Ed25519PrivateKey] = {}
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

    @property
    def signer(self) -> PdfSigner:
        """Signs this punto's PDFs, as it stands now: take it once for each document.

        Raises:
            CannotSign: the token's certificate is not registered, or AUT has not admitted it.
        """
        self._look_again()
        if not self.settings.firma.pkcs11_modulo:
            return self._own_signer
        signer = PdfSigner(self.keys, self.punto, self._token)
        if signer.certificate not in self.authority.certificados.get(self.punto, ()):
            raise CannotSign(
                "token_sin_admitir",
                "La autoridad no ha admitido el certificado del token.",
                consejo="Regístrelo con «ventanilla clave certificado»; hasta entonces los sellos "
                "quedan pendientes.",
            )
        return signer

    @cached_property
    def _own_signer(self) -> PdfSigner:
        return PdfSigner(self.keys, self.punto)

    @property
    def _token(self) -> TokenKey:
        return TokenKey(self.settings.firma, self.keys.folder, self.disk)

    @property
    def persona(self) -> str | None:
        """Who acts: the person named, or the demo person of a demo office."""
        if self._persona:
            return self._persona
        return people.DEMO_PERSON if self.authority.demo else None

    def _clerk(self) -> str:
        self._look_again()
        return self.authority.require(self.persona, *CLERKS, norma=UNIT).id

    # -- people and áreas ---------------------------------------------------------------------

    def agregar_persona(
        self,
        ident: str,
        *,
        nombre: str,
        cargo: str,
        roles: list[str],
        passphrase: str | None,
        dependencia: str | None = None,
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
        if dependencia is not None and dependencia not in self.authority.areas:
            raise Refused("dependencia_desconocida", f"No hay una dependencia «{dependencia}».")
        if cambia and dependencia is None:
            dependencia = self.authority.personas[ident].dependencia
        public = None
        if passphrase is not None:
            key = Ed25519PrivateKey.generate()
            public = lines.raw_public(key).hex()
            self.keys.store(keys.person_key(ident, public), key, passphrase)
        fact = PersonAdded(
            persona=ident, roles=people.check_roles(roles), clave=public, dependencia=dependencia
        )
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

    def registrar_certificado(self, archivo: Path, cadena: Path | None = None) -> Registered:
        """Sign from here on by the token that config.toml names, with this certificate of it.

        *cadena* holds its issuers up to the root; they may also follow it in *archivo*. Done again
        it says nothing new.

        Raises:
            Refused: who asks is no administrator, the certificate does not serve, or an issuer of
                it is missing.
            CannotSign: the token cannot be used, or does not hold the certificate's key.
        """
        actor = self.authority.require(self.persona, "admin").id
        self._look_again()
        if not self.settings.firma.pkcs11_modulo:
            raise Refused(
                "sin_token",
                "config.toml no dice con qué token se firma.",
                consejo="Escriba la sección [firma]; docs/firma.md la explica.",
            )
        certificate, *others = accredited.read(archivo)
        more = accredited.read(cadena) if cadena is not None else []
        accredited.check(certificate, self.keys)
        chain = accredited.chain_of(certificate, [*others, *more])
        accredited.prove(certificate, self._token)
        self.keys.point_ed(founding.AUTHORITY)  # refused here where the authority is elsewhere
        accredited.keep_issuers(self.keys, self.punto, chain)
        digest, event = keys.fingerprint(certificate), None
        if digest not in self.authority.certificados.get(self.punto, ()):
            with self.open_log(self.journal) as writer:
                epoch, clave = writer.tail.epoch, writer.tail.clave
            fact = PointKeyed(punto=self.punto, epoch=epoch, clave=clave, certificado=digest)
            event = self._say(Draft(fact, f"punto.{self.punto}", actor)).hash
        accredited.keep(self.keys, self.punto, certificate)
        return Registered(
            self.punto,
            digest,
            accredited.common_name(certificate.subject),
            accredited.common_name(certificate.issuer),
            certificate.not_valid_after_utc.date().isoformat(),
            event,
        )

    def _say(self, draft: Draft) -> Event:
        """Append a fact of the authority."""
        self.index.catch_up()  # the long part of it, before the lock
        with self.open_log(self.authority_journal) as writer:
            self.index.catch_up()
            after = self._after(str(draft.subject))
            event = writer.append_all(
                [Draft(draft.fact, draft.subject, draft.actor, after, draft.ficha, draft.kind)]
            )[0]
        self.__dict__.pop("authority", None)
        return event

    # -- acts of legal weight -----------------------------------------------------------------

    def _pen(self, clave: str | None, *roles: str) -> Pen:
        """The key of the person who acts, unlocked by their passphrase *clave*.

        Raises:
            Refused: they lack the role or a key, or the passphrase is not the one.
        """
        self._look_again()
        person = self.authority.require(self.persona, *roles)
        if person.clave is None:
            raise Refused(
                "sin_llave",
                f"{person.nombre} no tiene llave de firma.",
                consejo=f"El administrador se la hace con «ventanilla clave persona {person.id} "
                "--clave-nueva ARCHIVO».",
            )
        key = self.keys.load(keys.person_key(person.id, person.clave), clave)
        assert isinstance(key, Ed25519PrivateKey)
        return Pen(person.id, key)

    def _sign_and_append(
        self,
        pen: Pen,
        subject: str,
        fact_of: Callable[[Tail], Fact],
        ficha: dict[str, Any] | None = None,
        *,
        also: Callable[[Writer], list[Draft]] = lambda _: [],
    ) -> Event:
        """Append an event that a person signs: signed before the lock, appended if it still holds.

        *fact_of* gives the fact, with an empty `acto`, that follows from the log's end; *also* what
        is to be said right after it, in the same write.

        Raises:
            Refused: the subject moved on while it was being signed.
        """
        stored = None if ficha is None else lines.salted(ficha)
        digest = None if stored is None else lines.sha256(lines.canonical(stored))
        self._writable(subject)
        head = self.index.head(subject)
        after = (head,) if head else ()
        while True:
            with self._writing() as writer:
                log, fact = writer.tail.log, fact_of(writer.tail)
            act = pen.sign(
                log=log,
                subject=subject,
                after=after,
                kind=NAMES[type(fact)],
                data=msgspec.to_builtins(fact),
                ficha=digest,
            )
            signed = msgspec.structs.replace(fact, acto=act)
            with self._writing() as writer:
                if self.index.head(subject) != head:
                    raise Refused(
                        "cambio_entretanto",
                        "Otra persona cambió este registro mientras usted firmaba.",
                        consejo="Revíselo y repita; nada se ha cambiado.",
                    )
                if fact_of(writer.tail) == fact:  # else somebody took that acta: sign the next
                    first = Draft(signed, subject, pen.person, after, stored)
                    return writer.append_all([first, *also(writer)])[0]

    # -- subjects -----------------------------------------------------------------------------

    def estado(self, subject: str) -> State:
        """The state of a subject now, folded from the journals themselves."""
        self.index.catch_up()
        return fold(subject, self.index.events(subject))

    def subject(self, radicado: str, *, imported: bool = False) -> str:
        """The subject that bears *radicado*; with *imported* also what another system numbered.

        Raises:
            Refused: there is no such number, or it is not for what is asked.
        """
        found = self.index.subject_of(radicado.strip().upper())
        if found is None:
            raise Refused(
                "no_existe",
                f"No hay ningún radicado {radicado.strip() or '«»'}.",
                consejo="Búsquelo con «ventanilla buscar».",
            )
        origin = None if imported else self.index.origin_of(found)
        if origin is not None:
            raise Refused(
                "importado",
                f"{radicado.strip()} es un registro {mark(origin)}: esta oficina no lo radicó, y "
                "no lo tramita, responde, entrega, sella ni anula.",
                consejo="Se puede ver, buscar, anotar, clasificar y llevar a un expediente. Si hay "
                "que actuar, radique lo que llegue, y diga en una nota de qué trata.",
            )
        return found

    def recuperar(self) -> Recovered:
        """Mend what a crash left at the end of the journals. Harmless when there is nothing.

        Also finds the numbers that became durable and were never shown, because the cut came before
        the outer mark: they stand, and are shown now.
        """
        self.vault.clean()
        self._place_list()
        told: list[Event] = []
        unshown: list[str] = []
        for journal in self._own_journals():
            before = journal.last_seq()
            with self.open_log(journal, closed=True) as writer:
                after = writer.tail.seq
                hidden = journal.marks.unshown(after)
                if hidden:
                    journal.marks.write(writer.tail)
            self.index.catch_up()
            told += [
                e
                for e in self.index.events("log")
                if e.punto == journal.punto and before < e.seq <= after
            ]
            for first, last in hidden:
                unshown += self.index.numbers_between(journal.punto, first, last)
        self._finish_erasing()
        return Recovered([e for e in told if e.type == "recuperacion"], unshown)

    def _finish_erasing(self) -> None:
        """Go on with disposals that a cut left; what cannot be erased now stops nobody else."""
        try:
            done = erasure.finish_all(self)
        except MachineCannot as error:
            self.avisos.append(str(error))
            return
        for one in done:
            self.avisos.append(f"Se terminó de borrar lo que {one.eliminacion} ordenó eliminar.")
            self.avisos += one.avisos

    def _place_list(self) -> None:
        """Put the list of revoked certificates that was published in its place, if it is not."""
        digest = self.authority.catalogos.get("crl")
        path = self.keys.folder / "ca.crl.pem"
        if digest is None or (path.is_file() and lines.sha256(path.read_bytes()) == digest):
            return
        self.keys.store_public(path.name, self.vault.read(digest))

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        """Hold the lock of this punto's log, with the index caught up before and inside.

        What the index has to take in is taken before the lock; inside only what others have just
        appended is left. Settings that were edited since are published first: never silently.
        """
        self._publish_settings()
        self.index.catch_up()
        with self.open_log(self.journal) as writer:
            self.index.catch_up()
            yield writer

    def seal_head(self, punto: str | None = None) -> Head:
        """The signed head of one of this home's logs, as it is now."""
        for journal in self._own_journals():
            if journal.punto == (punto or self.punto):
                with self.open_log(journal) as writer:
                    return Heads(self.home, journal.punto, self.disk).issue(writer.tail, writer.key)
        raise Refused("sin_llave", f"Desde aquí no se sella el diario de {punto}.")

    def _own_journals(self) -> list[Journal]:
        """The logs that this home may write: those whose key lies here."""
        return [
            journal
            for journal in (self.authority_journal, self.journal)
            if (self.keys.folder / f"{journal.punto}.ed25519.pem").is_file()
        ]

    @contextmanager
    def open_log(self, journal: Journal, *, closed: bool = False) -> Iterator[Writer]:
        """Hold the lock of a log with the key that the log names now.

        Raises:
            Refused: its epoch was closed because the office moved (unless *closed* is allowed).
        """

        def key(public: str) -> Ed25519PrivateKey:
            held = self._keys_held.get(public)
            if held is None:
                held = self._keys_held[public] = self.keys.point_in_force(journal.punto, public)
            return held

        with journal.writing(key) as writer:
            if writer.tail.sucesora and not closed:
                raise Refused(
                    "mudada",
                    f"{journal.punto} se mudó a otro equipo: aquí se consulta, no se numera.",
                    consejo="Trabaje en el equipo nuevo.",
                )
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
            self.__dict__.pop("_own_signer", None)
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
            Refused: a newer program said something of it that this one does not understand, or it
                was erased.
        """
        state = self.estado(subject)
        if state.desconocida:
            raise Refused(
                "mas_nuevo",
                f"{subject} tiene hechos de una versión más nueva de este programa.",
                consejo="Aquí se puede consultar; para seguir, actualice el programa.",
            )
        if state.eliminado is not None:
            raise erased(state)
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
        after = self._after(subject)
        return writer.append(fact, subject=subject, actor=actor, after=after, ficha=ficha)

    def _after(self, subject: str) -> tuple[str, ...]:
        """What the next event of a subject follows: its newest one, if there is any."""
        head = self.index.head(subject)
        return (head,) if head else ()
