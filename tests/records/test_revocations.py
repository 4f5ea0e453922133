"""The list of revoked certificates over the years: renewed in time, told in time, never an older
one in its place."""

from __future__ import annotations

import subprocess
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from records import keys, lines, revocations, signing, verificador, verify
from records.errors import CannotSign, Refused
from records.events import CataloguePublished
from records.journal import Draft
from records.office import Office
from tests.conftest import page_pdf, receive
from tests.program import command, environment, here
from tests.records.test_annulment import OWN, PHRASE, as_, real
from tests.records.test_clock import Hand, hand

__all__ = ["hand", "real"]


def sealed(office: Office, n: int) -> bytes:
    (subject,) = receive(office, 1, start=n)
    office.radicar(subject, {"remitente": "Ana Gil"}, motivo="prueba de listas")
    fact = office.sellar(subject, page_pdf(str(n)), hueco=None, paginas=1, lectura=None)
    return office.vault.read(fact.sha256)


def published(office: Office) -> int:
    """How many lists AUT has named."""
    return sum(
        e.type == "catalogo.publicado" and e.data["catalogo"] == "crl"
        for e in office.authority_journal.events()
    )


def judged(office: Office) -> list[str]:
    """What either verifier finds of the lists."""
    first = [f.mensaje for f in verify.verify(Office(office.home)).hallazgos]
    second = verificador.examine(office.home, office.keys.root_public())["hallazgos"]
    return [*first, *(f["que"] for f in second)]


def test_an_office_without_news_is_told_two_months_before(hand: Hand, real: Office) -> None:
    assert not any("lista de certificados" in text for text in real.alertas_del_dia())
    hand.go(days=671)
    told = [text for text in Office(real.home).alertas_del_dia() if "vence" in text]
    assert any("lista de certificados revocados" in t and "clave lista" in t for t in told)
    assert any("certificado de VU1" in t and "clave rotar --punto VU1" in t for t in told)
    hand.go(days=90)
    told = [text for text in Office(real.home).alertas_del_dia() if "venció" in text]
    assert len(told) == 3


def test_the_list_is_renewed_by_who_has_the_entitys_passphrase(
    hand: Hand, real: Office, tmp_path: Path
) -> None:
    phrase = tmp_path / "C"
    phrase.write_text(PHRASE)
    phrase.chmod(0o600)
    words = ("clave", "lista", "--casa", real.home, "--clave-archivo", phrase, "--json")
    hand.go(days=700)
    key = next(e for e in real.integridad().llaves if e.que == "crl")
    assert key.pronto
    assert here("--persona", "ntorres", *words).code != 0
    done = here("--persona", "svillamil", *words)
    assert done.code == 0, done.err
    assert done.json["numero"] == 2 and done.json["hasta"] == "2030-10-20"
    assert [p["punto"] for p in done.json["certificados"]] == ["AUT", "VU1"]  # these end soon
    office = Office(real.home)
    assert not next(e for e in office.integridad().llaves if e.que == "crl").pronto
    assert published(office) == 1 and judged(office) == []
    as_(office, "cruiz").abrir_vigencia(2028)
    assert sealed(as_(office, "cruiz"), 1)


def test_the_list_is_renewed_when_the_entitys_keys_are_opened_for_something_else(
    hand: Hand, real: Office
) -> None:
    admin = as_(real, "svillamil")
    admin.cambiar_frase("entidad", clave=PHRASE, nueva="otra frase de la entidad")
    assert published(real) == 0  # more than a year is left
    hand.go(days=400)
    as_(real, "svillamil").cambiar_frase("entidad", clave="otra frase de la entidad", nueva=PHRASE)
    assert published(real) == 1
    as_(real, "ntorres").cambiar_frase("ntorres", clave=OWN, nueva="otra frase de la jefe")
    assert published(real) == 1  # a person's key is not the CA's
    until = Office(real.home).keys.crl().next_update_utc
    assert until is not None and until > lines.now() + timedelta(days=729)
    assert judged(real) == []


def test_three_years_of_silence_cost_no_seal_and_what_was_sealed_holds_for_ever(
    hand: Hand, real: Office
) -> None:
    old, moment = sealed(real, 1), lines.now()
    hand.go(days=3 * 365)
    as_(real, "cruiz").abrir_vigencia(2029)
    (subject,) = receive(real, 1, start=2)
    office = as_(real, "cruiz")
    office.radicar(subject, {"remitente": "Luis"})
    with pytest.raises(CannotSign, match="clave rotar"):
        office.sellar(subject, page_pdf("2"), hueco=None, paginas=1, lectura=None)
    as_(real, "svillamil").rotar_llave(clave=PHRASE)
    again = as_(real, "cruiz")
    assert again.sellar(subject, page_pdf("2"), hueco=None, paginas=1, lectura=None)
    assert judged(real) == []
    hand.go(days=9 * 365)  # the CA itself has ended
    assert judged(real) == []
    assert signing.verify(old, real.keys, moment).valid
    assert b"/CRLs" in old  # the list of its day is in the file, for whoever has only the file


def test_revocations_and_a_renewal_at_once_lose_none(office: Office, tmp_path: Path) -> None:
    """Whoever publishes last must have seen what the others revoked."""
    gone = []
    for _ in range(3):
        before = office.authority.puntos["VU1"]
        office.rotar_llave(clave=None)
        gone.append((before.clave, office.keys.serial_of(before.certificado)))
    office.index.close()
    at_once = [
        subprocess.Popen(
            command("clave", *words, "--casa", office.home, "--persona", "demo"),
            env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for words in [("lista",), *(("revocar", "--punto", "VU1", "--llave", k) for k, _ in gone)]
    ]  # fmt: skip
    for process in at_once:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
    after = Office(office.home)
    assert {serial for _, serial in gone} <= revocations.serials(after.keys.crl())
    assert revocations.number(after.keys.crl()) == 1 + published(after)
    assert judged(after) == []


def test_an_older_list_is_never_taken_for_the_one_in_force(office: Office) -> None:
    """Who holds AUT's key and not the CA's can only say an old list again: a stolen certificate
    would be good once more."""
    office.renovar_lista(clave=None)
    older = (office.keys.folder / "ca.crl.pem").read_bytes()
    office.revocar_punto(clave=None)
    assert judged(office) == []
    say(office, older)
    told = judged(office)
    assert len(told) == 2 and all("revocados" in text for text in told)
    office.renovar_lista(clave=None)  # the CA's own word: the list is whole again
    assert judged(office) == []


def test_a_list_of_another_authority_is_found(office: Office) -> None:
    key = keys.new_rsa()
    fake = keys.make_ca(key, office.settings.entidad.nombre)
    say(office, revocations.pem(revocations.make(fake, key, [office.keys.crl()])))
    told = judged(office)
    assert len(told) == 2 and all("revocados" in text for text in told)


def say(office: Office, pem: bytes) -> None:
    """Publish a list as who holds AUT's key can."""
    digest = office.vault.put(pem, "pem")
    fact = CataloguePublished(catalogo="crl", sha256=digest)
    office._say(Draft(fact, "catalogo.crl", "demo"))
    office.keys.store_public("ca.crl.pem", pem)


def test_a_revoked_certificate_that_a_cut_kept_from_the_list_is_told_and_taken_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cut(Exception):
        pass

    def cut(*_: object) -> None:
        raise Cut

    monkeypatch.setattr(Office, "_publish_list", cut)
    before = office.authority.puntos["VU1"]
    with pytest.raises(Cut):
        office.rotar_llave(clave=None)
    with pytest.raises(Cut):
        office.revocar_punto(clave=None, llave=before.clave)
    monkeypatch.undo()
    again = Office(office.home, persona="demo")
    report = verify.verify(again)
    assert report.ok and any("clave lista" in text for text in report.avisos)
    again.renovar_lista(clave=None)
    assert office.keys.serial_of(before.certificado) in revocations.serials(again.keys.crl())
    assert not verify.verify(Office(office.home)).avisos


def test_only_an_administrator_with_the_passphrase_renews_it(real: Office) -> None:
    with pytest.raises(Refused, match="papel"):
        real.renovar_lista(clave=PHRASE)
    with pytest.raises(Refused, match="clave"):
        as_(real, "svillamil").renovar_lista(clave="no es esta frase")
    assert published(real) == 0
    assert real.keys.crl().next_update_utc.astimezone(UTC) > lines.now()  # type: ignore[union-attr]
