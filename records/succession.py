"""The part of the door that hands on: keys, stand-ins, a home that moves or comes from a backup.

A key is rotated by the old one and the root together; a revocation names sizes of logs, not an
hour; a home that was restored or copied opens an epoch of its own, with a new key and a series of
its own, and never goes on with the old one. The root's and the CA's passphrase is asked for
whatever gives a punto a key. What each case means for an office stands in docs/trust.md.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records import fields, founding, keys, lines, revocations
from records.correction import check_reason
from records.errors import Damaged, Refused
from records.events import (
    CataloguePublished,
    EpochClosed,
    KeyRevoked,
    KeyRotated,
    PassphraseChanged,
    PersonAdded,
    PointKeyed,
    Restored,
    StandIn,
)
from records.heads import Heads
from records.home import Home
from records.journal import Draft
from records.tail import LOG, epoch_series

if TYPE_CHECKING:
    from cryptography.x509 import CertificateRevocationList

    from records.events import Event
    from records.journal import Journal
    from records.tail import Tail

ENTITY = "entidad"
ENTITY_KEYS = ("raiz", "ca")
RESTORABLE = (
    "casa_copiada",
    "diario_retrocedido",
    "epoca_anterior",
    "sin_llave",
    "llave_ajena",
)
"""Why a home may not go on with its epoch, where it is whole all the same."""


class NewEpoch(msgspec.Struct, frozen=True):
    """A log that goes on in a new epoch, and under which code it numbers."""

    punto: str
    epoch: int
    serie: str
    evento: str
    perdidas: int
    """Lines that a mark of this machine knew and the log held does not have."""


class _Authority:
    """The entity's own keys, unlocked."""

    def __init__(self, home: Home, clave: str | None) -> None:
        root, ca = home.keys.load("raiz", clave), home.keys.load("ca", clave)
        assert isinstance(root, Ed25519PrivateKey)
        assert isinstance(ca, rsa.RSAPrivateKey)
        self.home, self.root, self.ca = home, root, ca

    def new_pair(
        self, punto: str, epoch: int, entidad: str
    ) -> tuple[Ed25519PrivateKey, str, PointKeyed]:
        """A punto's next pair, kept beside the present one: key, delegation, what AUT says."""
        ed, rsa_key = Ed25519PrivateKey.generate(), keys.new_rsa()
        ca = self.home.keys.certificate("ca")
        certificate = keys.make_point_certificate(ca, self.ca, rsa_key, entidad, punto)
        self.home.keys.store_next(punto, ed, rsa_key, certificate)
        public = lines.raw_public(ed).hex()
        fact = PointKeyed(
            punto=punto, epoch=epoch, clave=public, certificado=keys.fingerprint(certificate)
        )
        return ed, keys.delegate(self.root, public, entidad, epoch, punto), fact

    def next_list(self) -> CertificateRevocationList:
        """The CA's next list, good for two more years: whatever a list of this CA's ever held, and
        every certificate whose key AUT calls revoked."""
        home, ring = self.home, self.home.keys
        ca = ring.certificate("ca")
        gone = {r.certificado for r in home.authority.revocadas.values() if r.certificado}
        serials = [s for s in map(ring.serial_of, sorted(gone)) if s is not None]
        # A home's first list is named by nothing; the others say at least what it said.
        lists = [*revocations.held(home.vault, home.authority.listas), ring.crl()]
        own = [one for one in lists if revocations.is_of(one, ca)]
        return revocations.make(ca, self.ca, own, serials)


class Succession(Home):
    """Keys, stand-ins, epochs."""

    # -- persons ------------------------------------------------------------------------------

    def encargar(self, persona: str, de: str, desde: str, hasta: str, acto: str) -> Event:
        """By an act, *persona* stands in for *de* from a day to a day (both included).

        Raises:
            Refused: a person is unknown, the days are no days or run backwards, or no act is named.
        """
        actor = self._admin()
        for one in (persona, de):
            self.authority.require(one)
        try:
            first, last = date.fromisoformat(desde), date.fromisoformat(hasta)
        except ValueError as error:
            raise Refused("fecha", "Las fechas se escriben así: 2026-12-31.") from error
        if last < first or persona == de or not acto.strip():
            raise Refused(
                "encargo", "Un encargo va de un día a otro, entre dos personas, por un acto."
            )
        fact = StandIn(
            persona=persona,
            de=de,
            desde=first.isoformat(),
            hasta=last.isoformat(),
            acto=fields.clean_text(acto),
        )
        return self._say(Draft(fact, f"persona.{persona}", actor))

    def dar_llave(self, persona: str, *, frase: str | None) -> Event:
        """Give a person a key of their own, under the passphrase *frase*.

        One that they had is revoked: of a lost passphrase nobody can tell who has found it.
        """
        actor = self._admin()
        person = self.authority.require(persona)
        if frase is not None:
            keys.check_passphrase(frase)
        elif not self.authority.demo:
            raise Refused("sin_clave", "Dé la clave de la persona con --clave-nueva ARCHIVO.")
        if person.clave is not None:
            self.revocar_persona(persona)
        key = Ed25519PrivateKey.generate()
        public = lines.raw_public(key).hex()
        self.keys.store(keys.person_key(persona, public), key, frase)
        fact = PersonAdded(
            persona=persona,
            roles=list(person.roles),
            clave=public,
            dependencia=person.dependencia,
        )
        ficha = {"nombre": person.nombre, "cargo": person.cargo}
        return self._say(Draft(fact, f"persona.{persona}", actor, (), ficha, "persona.cambiada"))

    def revocar_persona(self, persona: str) -> Event:
        """What a person's key signs from now on counts for nothing; what it signed stands."""
        actor = self._admin()
        person = self.authority.require(persona)
        if person.clave is None:
            raise Refused("sin_llave", f"{person.nombre} no tiene llave.")
        fact = KeyRevoked(clave=person.clave, tamanos=self._sizes(), persona=persona)
        return self._say(Draft(fact, f"persona.{persona}", actor))

    def cambiar_frase(self, llave: str, *, clave: str | None, nueva: str) -> Event:
        """Put the keys of the `entidad` (root and CA), or a person's, under another passphrase.

        The keys stay the same.

        Raises:
            Refused: the old passphrase is not the one, or the new one is too short.
        """
        self._look_again()
        actor = self.authority.require(self.persona)
        names = list(ENTITY_KEYS)
        if llave == ENTITY:
            self._admin()
        else:
            person = self.authority.require(llave)
            if llave != actor.id:
                raise Refused("sin_permiso", "Cada quien cambia su propia clave.")
            if person.clave is None:
                raise Refused("sin_llave", f"{person.nombre} no tiene llave.")
            names = [keys.person_key(llave, person.clave)]
        keys.check_passphrase(nueva)
        for name in names:
            self._rewrap(name, clave, nueva)
        event = self._say(Draft(PassphraseChanged(llave=llave), f"clave.{llave}", actor.id))
        if llave == ENTITY and revocations.near_end(self.keys.crl(), lines.now()):
            self._publish_list(_Authority(self, nueva), actor.id)
        return event

    def _rewrap(self, name: str, old: str | None, new: str) -> None:
        try:
            key = self.keys.load(name, old)
        except Refused as error:
            if error.codigo != "clave_errada":
                raise
            # A cut came between the entity's two keys: this one has the new passphrase already.
            self.keys.load(name, new)
            return
        self.keys.store(name, key, new)

    # -- puntos -------------------------------------------------------------------------------

    def rotar_llave(self, punto: str | None = None, *, clave: str | None) -> Event:
        """Give a punto a new key and a new certificate; the old key signs the handing over.

        *clave* unlocks the entity's root and CA. What the old key signed stands.
        """
        actor = self._admin()
        journal = self._journal_of(punto or self.punto)
        authority = _Authority(self, clave)
        with self.open_log(journal) as writer:
            epoch, entidad = writer.tail.epoch, writer.tail.entidad
        key, delegation, keyed = authority.new_pair(journal.punto, epoch, entidad)
        self._say(Draft(keyed, f"punto.{journal.punto}", actor))

        def fact(tail: Tail) -> KeyRotated:
            proof = key.sign(tail.prev.encode("ascii")).hex()
            return KeyRotated(clave=keyed.clave, delegacion=delegation, prueba=proof)

        with self.open_log(journal) as writer:
            event = writer.append_all([Draft(fact, LOG, actor, kind="clave.rotada")])[0]
        self.keys.adopt(journal.punto, keyed.clave)
        self.__dict__.pop("_own_signer", None)
        self._publish_list(authority, actor)
        return event

    def revocar_punto(
        self,
        punto: str | None = None,
        *,
        clave: str | None,
        tamano: int | None = None,
        llave: str | None = None,
    ) -> Event:
        """Somebody else may hold a punto's key: from now on what it signs counts for nothing.

        Of the key in force (*llave*, in hex, names an earlier one) the punto gets a new one first,
        so that its log goes on. *tamano* is the last size of the log that is held for good, where
        it is less than the whole of it: the lines behind it by that key are findings from then on.
        Said again of the same key, the last word counts.
        """
        journal = self._journal_of(punto or self.punto)
        code = journal.punto
        self._admin()
        authority = _Authority(self, clave)
        with self.open_log(journal) as writer:
            log, in_force, size = writer.tail.log, writer.tail.clave, writer.tail.seq + 1
        if tamano is not None and not 0 < tamano <= size:
            raise Refused("tamano", f"El diario de {code} tiene {size} líneas.")
        old = llave or in_force
        certificate = self.authority.llaves[code].get(old)
        if certificate is None:
            raise Refused("llave", f"Esa llave nunca fue de {code}.")
        if old == in_force:
            self.rotar_llave(code, clave=clave)
            size = journal.last_seq() + 1
        return self._revoke(authority, old, certificate, code, {log: tamano or size})

    def _revoke(
        self, authority: _Authority, key: str, certificate: str, punto: str, sizes: dict[str, int]
    ) -> Event:
        fact = KeyRevoked(clave=key, certificado=certificate, punto=punto, tamanos=sizes)
        event = self._say(Draft(fact, f"punto.{punto}", self.persona or ""))
        self._publish_list(authority, event.actor)
        return event

    def renovar_lista(self, *, clave: str | None) -> Event:
        """The CA's list of revoked certificates anew, for two more years; keys stay as they are.

        *clave* is the entity's passphrase.
        """
        actor = self._admin()
        return self._publish_list(_Authority(self, clave), actor)

    def _publish_list(self, authority: _Authority, actor: str) -> Event:
        """Say which list of revoked certificates holds, then put it in its place.

        It is made under the lock: of two that are made at once the second holds what the first did.
        """

        def fact(_: Tail) -> CataloguePublished:
            self.__dict__.pop("authority", None)
            pem = revocations.pem(authority.next_list())
            return CataloguePublished(catalogo="crl", sha256=self.vault.put(pem, "pem"))

        event = self._say(Draft(fact, "catalogo.crl", actor, kind="catalogo.publicado"))
        self._place_list()
        return event

    # -- epochs -------------------------------------------------------------------------------

    def cerrar_epoca(self, *, destino: str | None, motivo: str, clave: str | None) -> list[Event]:
        """The office moves to another machine: nothing more is written here.

        The home is then carried there whole, with the key of its next epoch, which is in no backup,
        and goes on there with its series by `restaurar_epoca`. *clave* is the entity's passphrase.
        """
        actor = self._admin()
        reason = check_reason(motivo)
        authority = _Authority(self, clave)
        self._publish_settings()
        keyed = {}
        for journal in self._own_journals():
            with self.open_log(journal) as writer:
                epoch, entidad = writer.tail.epoch + 1, writer.tail.entidad
            _, _, keyed[journal.punto] = authority.new_pair(journal.punto, epoch, entidad)
        for punto, fact in keyed.items():
            self._say(Draft(fact, f"punto.{punto}", actor))
        done = []
        for journal in reversed(self._own_journals()):  # the authority's last
            with self.open_log(journal) as writer:
                closed = EpochClosed(
                    clave=keyed[journal.punto].clave,
                    destino=fields.clean_text(destino or "") or None,
                )
                done.append(
                    writer.append(closed, subject=LOG, actor=actor, ficha={"motivo": reason})
                )
        self.index.catch_up()
        return done

    def restaurar_epoca(self, autoriza: str, motivo: str, *, clave: str | None) -> list[NewEpoch]:
        """A home that was restored, copied or moved goes on, in an epoch of its own.

        *autoriza* is a person with the role `admin`, *clave* the passphrase of the entity's keys.
        Old keys count for nothing behind what is held here.

        Raises:
            Refused: this home may go on as it is, or the person may not authorise it.
        """
        reason = check_reason(motivo)
        actor = self.authority.require(autoriza, "admin").id
        self._persona = self._persona or actor
        authority = _Authority(self, clave)
        self.index.rebuild()
        journals = [j for j in (self.authority_journal, self.journal) if self._must_succeed(j)]
        if not journals:
            raise Refused(
                "no_hace_falta",
                "Esta casa puede seguir como está: ni es copia ni fue restaurada.",
            )
        done = [self._succeed(authority, j, actor, reason) for j in journals]
        self.index.catch_up()
        return done

    def _must_succeed(self, journal: Journal) -> bool:
        try:
            with self.open_log(journal, closed=True) as writer:
                if writer.tail.sucesora:
                    raise Refused(
                        "mudada",
                        "Esta es la casa que se cerró para mudarse: sigue donde se llevó.",
                        consejo="Si la mudanza no se hizo, copie la carpeta a otro lugar del disco "
                        "y siga en la copia.",
                    )
                return False
        except (Damaged, Refused) as error:
            if error.codigo in RESTORABLE:
                return True
            raise

    def _succeed(
        self, authority: _Authority, journal: Journal, actor: str, reason: str
    ) -> NewEpoch:
        """Open a log's next epoch. The authority's own comes first, then it can speak of others.

        The place is settled last: a cut before leaves a home that still may not go on.
        """
        punto = journal.punto
        before = keys.fingerprint(self.keys.certificate(punto))
        with journal.succeeding() as succession:
            tail = succession.tail
            known = journal.marks.last(tail.log)
            lost = max(0, known.seq - tail.seq) if known is not None else 0
            old, log, size = tail.clave, tail.log, tail.seq + 1
            epoch = max(tail.epoch, known.epoch if known is not None else 0) + 1
            moved = self.keys.next_key(punto, tail.sucesora)
            if moved is not None and epoch == tail.epoch + 1:
                key, public, serie = moved, tail.sucesora, tail.serie
                delegation = keys.delegate(authority.root, public, tail.entidad, epoch, punto)
            else:
                key, delegation, keyed = authority.new_pair(punto, epoch, tail.entidad)
                public, serie = keyed.clave, epoch_series(punto, epoch)
                if punto != founding.AUTHORITY:
                    self._say(Draft(keyed, f"punto.{punto}", actor))
            fact = Restored(
                clave=public,
                delegacion=delegation,
                serie=serie,
                autoriza=actor,
                sabido_seq=known.seq if known is not None and lost else None,
                sabido_hash=known.hash if known is not None and lost else None,
            )
            heads = Heads(self.home, punto, self.disk)
            heads.forsake(size, self.home / "cuarentena")
            event = succession.begin(key, epoch, fact, actor, {"motivo": reason})
            self.keys.adopt(punto, public)
            journal.marks.settle()
        if punto == founding.AUTHORITY and moved is None:
            self._say(Draft(keyed, f"punto.{punto}", actor))
        self._revoke(authority, old, before, punto, {log: size})
        self.__dict__.pop("_own_signer", None)
        return NewEpoch(punto, epoch, fact.serie, event.hash, lost)

    # -- within -------------------------------------------------------------------------------

    def _admin(self) -> str:
        self._look_again()
        return self.authority.require(self.persona, "admin").id

    def _journal_of(self, punto: str) -> Journal:
        for journal in (self.authority_journal, self.journal):
            if journal.punto == punto:
                return journal
        raise Refused("punto", f"El diario de {punto} no se escribe en este equipo.")

    def _sizes(self) -> dict[str, int]:
        """How many lines each log held here has, by the log's id."""
        out = {}
        for journal in (self.authority_journal, self.journal):
            first = next((line for _, line in journal.read()), None)
            if first is not None:
                out[first.body.log] = journal.last_seq() + 1
        return out
