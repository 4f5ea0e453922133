"""Keys that change hands, homes that were copied, restored or moved: which mark sees it, what goes
on and under which numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from records import signing, verify
from records.errors import Damaged, Refused, VentanillaError
from records.lines import moment, now
from records.marks import PlaceMark, state_folder
from records.office import Office
from tests.conftest import page_pdf, receive
from tests.records.test_annulment import OWN, PHRASE, as_, numbered, real

__all__ = ["real"]
YEAR = now().year


def copy_of(office: Office, name: str = "copia") -> Office:
    """The home, copied with everything in it, keys included."""
    office.index.close()
    target = office.home.with_name(name)
    shutil.copytree(office.home, target, symlinks=True)
    return Office(target)


def rolled_back(office: Office, kept: Path) -> Office:
    """The home as it was when it was kept, laid into the very same folders."""
    office.index.close()
    for part in ("journal", "vault", "keys"):
        for path in sorted((kept / part).rglob("*")):
            target = office.home / path.relative_to(kept)
            if path.is_file():
                target.write_bytes(path.read_bytes())
    for path in (office.home / "journal").rglob("*.jsonl"):
        if not (kept / path.relative_to(office.home)).exists():
            path.unlink()
    for path in office.home.glob("index.sqlite*"):
        path.unlink()
    return Office(office.home)


def refuses_to_number(office: Office) -> str:
    with pytest.raises(VentanillaError) as told:
        office.radicar_sin_imagen({})
    assert verify.verify_logs(Office(office.home)) is not None
    return told.value.codigo


# -- the three marks ------------------------------------------------------------------------------


def test_the_folders_identity_sees_a_copy_on_the_same_machine(office: Office) -> None:
    numbered(office)
    copy = copy_of(office)
    assert refuses_to_number(copy) == "casa_copiada"
    assert copy.buscar("ana").total == 3
    assert verify.verify(Office(copy.home)).ok
    assert office.radicar_sin_imagen({}).radicado.endswith("000004")


def test_the_machines_id_sees_a_home_on_another_machine(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from records import marks

    numbered(office)
    monkeypatch.setattr(marks, "machine_id", lambda disk: "otra máquina")
    assert refuses_to_number(Office(office.home)) == "casa_copiada"
    assert verify.verify(Office(office.home)).ok


def test_the_outer_mark_sees_a_home_that_was_rolled_back_in_place(office: Office) -> None:
    numbered(office)
    kept = office.home.with_name("guardada")
    office.index.close()
    shutil.copytree(office.home, kept)
    office.radicar_sin_imagen({})
    back = rolled_back(office, kept)
    assert refuses_to_number(back) == "diario_retrocedido"
    assert not verify.verify(Office(back.home)).ok


# -- a new epoch ----------------------------------------------------------------------------------


def test_a_copy_goes_on_in_an_epoch_and_a_series_of_its_own(office: Office) -> None:
    numbered(office)
    waiting = receive(office, 1, start=7)[0]
    copy = copy_of(office)
    with pytest.raises(Refused, match="papel"):
        Office(copy.home).restaurar_epoca("cruiz", "prueba de copia", clave=None)
    told = copy.restaurar_epoca("demo", "se dañó el disco", clave=None)
    assert [(e.punto, e.epoch, e.serie) for e in told] == [("AUT", 1, "AUTR1"), ("VU1", 1, "VU1R1")]
    assert copy.radicar_sin_imagen({}).radicado == f"{YEAR}-VU1R1-E-000001"
    assert copy.radicar(waiting, {}).radicado == f"{YEAR}-VU1R1-E-000002"
    assert Office(copy.home).radicar_sin_imagen({}).radicado == f"{YEAR}-VU1R1-E-000003"
    assert verify.verify(Office(copy.home), complete=True).ok
    with pytest.raises(Refused, match="puede seguir como está"):
        copy.restaurar_epoca("demo", "otra vez sin razón", clave=None)
    # On this machine the original is seen to have been succeeded; elsewhere its key is revoked.
    assert refuses_to_number(Office(office.home)) == "epoca_anterior"
    # A copy of the copy: the next epoch.
    third = copy_of(copy, "tercera")
    third.restaurar_epoca("demo", "otra copia más", clave=None)
    assert third.radicar_sin_imagen({}).radicado == f"{YEAR}-VU1R2-E-000001"
    assert verify.verify(Office(third.home)).ok


def test_a_rolled_back_home_goes_on_and_says_what_it_knew(office: Office) -> None:
    numbered(office)
    kept = office.home.with_name("guardada")
    office.index.close()
    shutil.copytree(office.home, kept)
    lost = office.radicar_sin_imagen({})
    back = rolled_back(office, kept)
    told = {e.punto: e for e in back.restaurar_epoca("demo", "se restauró", clave=None)}
    assert told["VU1"].perdidas > 0
    line = next(e for e in back.journal.events() if e.type == "restauracion")
    assert line.data["sabido_seq"] == line.seq - 1 + told["VU1"].perdidas
    again = back.radicar_sin_imagen({})
    assert again.radicado == f"{YEAR}-VU1R1-E-000001" != lost.radicado
    assert verify.verify(Office(back.home)).ok


def test_the_start_after_a_new_epoch_reads_from_the_last_anchor(office: Office) -> None:
    numbered(office)
    copy = copy_of(office)
    copy.restaurar_epoca("demo", "se dañó el disco", clave=None)
    with copy.open_log(copy.journal) as writer:
        from records.journal import Draft

        writer.append_all([Draft(writer.tail.anchor(), "log", "sistema")])
    fresh = Office(copy.home)
    assert fresh.radicar_sin_imagen({}).radicado == f"{YEAR}-VU1R1-E-000001"
    assert verify.verify(Office(copy.home)).ok


def test_what_the_old_key_signs_after_a_restoration_counts_for_nothing(office: Office) -> None:
    """Whoever took the old machine holds its key and could go on with the log as it was."""
    numbered(office)
    copy = copy_of(office)
    copy.restaurar_epoca("demo", "robaron el equipo", clave=None)
    revoked = copy.authority.revocadas
    assert {r.punto for r in revoked.values()} == {"AUT", "VU1"}
    office.radicar_sin_imagen({})  # the thief
    thief = next(iter(office.journal.segments())).path
    mine = next(iter(copy.journal.segments())).path
    kept = mine.read_bytes()
    mine.write_bytes(thief.read_bytes())
    next(s.fichas for s in copy.journal.segments()).write_bytes(
        next(s.fichas for s in office.journal.segments()).read_bytes()
    )
    report = verify.verify_logs(Office(copy.home))
    assert any("revocada" in f.mensaje for f in report.hallazgos), report.hallazgos
    mine.write_bytes(kept)


def test_a_planned_move_goes_on_with_the_series_once(office: Office) -> None:
    numbered(office)
    kept = office.home.with_name("guardada")
    office.cerrar_epoca(destino="equipo nuevo", motivo="cambio de equipo", clave=None)
    for act in (
        lambda: office.radicar_sin_imagen({}),
        lambda: receive(office, 1, start=5),
        lambda: office.agregar_area("990", "Nueva", None),
        lambda: office.restaurar_epoca("demo", "me arrepentí", clave=None),
    ):
        with pytest.raises(Refused, match=r"se mudó|se cerró"):
            act()
    assert verify.verify(Office(office.home)).ok
    shutil.copytree(office.home, kept)  # what a backup holds: all but the puntos' private keys
    for path in (kept / "keys").glob("*.pem"):
        if path.name.endswith((".ed25519.pem", ".rsa.pem")):
            path.unlink()
    copy = copy_of(office)
    told = copy.restaurar_epoca("demo", "cambio de equipo", clave=None)
    assert [e.serie for e in told] == ["AUT", "VU1"]
    assert copy.radicar_sin_imagen({}).radicado == f"{YEAR}-VU1-E-000004"
    assert verify.verify(Office(copy.home)).ok
    # Whoever restores a backup of the closed home has not the key that was named for the series.
    again = Office(kept)
    told = again.restaurar_epoca("demo", "se restauró después", clave=None)
    assert [e.serie for e in told] == ["AUTR2", "VU1R2"]
    assert again.radicar_sin_imagen({}).radicado == f"{YEAR}-VU1R2-E-000001"
    assert verify.verify(Office(again.home)).ok


def test_the_same_copy_twice_on_a_machine_gets_two_series(office: Office) -> None:
    numbered(office)
    for n in (1, 2):
        copy = copy_of(office, f"copia{n}")
        told = copy.restaurar_epoca("demo", "otra vez la misma copia", clave=None)
        assert [e.serie for e in told] == [f"AUTR{n}", f"VU1R{n}"]
        assert copy.radicar_sin_imagen({}).radicado == f"{YEAR}-VU1R{n}-E-000001"
        assert verify.verify(Office(copy.home)).ok


def test_what_is_refused_has_changed_nothing(real: Office) -> None:
    admin = as_(real, "svillamil")
    before = admin.authority_journal.last_seq(), admin.journal.last_seq()
    with pytest.raises(Refused, match="12 caracteres"):
        admin.dar_llave("ntorres", frase="corta")
    with pytest.raises(Refused, match="líneas"):
        admin.revocar_punto(clave=PHRASE, tamano=9999)
    with pytest.raises(Refused, match="nunca fue"):
        admin.revocar_punto(clave=PHRASE, llave="00" * 32)
    assert (admin.authority_journal.last_seq(), admin.journal.last_seq()) == before
    assert admin.authority.personas["ntorres"].clave is not None


def test_revoking_an_earlier_key_leaves_the_certificate_in_force(office: Office) -> None:
    first = sealed(office, 1)
    old = office.authority.puntos["VU1"]
    office.rotar_llave(clave=None)
    event = office.revocar_punto(clave=None, llave=old.clave)
    assert (event.data["clave"], event.data["certificado"]) == (old.clave, old.certificado)
    second = sealed(Office(office.home), 2)
    assert office.estado(second).sellado is not None and office.estado(first).sellado is not None
    report = verify.verify(Office(office.home), complete=True)
    assert report.ok, report.hallazgos


def test_a_wrong_size_of_a_revocation_is_put_right(office: Office) -> None:
    numbered(office)
    size = office.journal.last_seq() + 1
    wrong = office.revocar_punto(clave=None, tamano=2)
    assert not verify.verify_logs(Office(office.home)).ok
    office.revocar_punto(clave=None, tamano=size + 1, llave=wrong.data["clave"])
    report = verify.verify_logs(Office(office.home))
    assert report.ok, report.hallazgos


@pytest.mark.parametrize("step", ["begin", "adopt", "settle"])
def test_a_restoration_cut_half_way_is_taken_up_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from records.journal import Succession
    from records.keys import KeyRing
    from records.marks import Marks

    numbered(office)
    copy = copy_of(office)
    where = {
        "begin": (Succession, "begin"),
        "adopt": (KeyRing, "adopt"),
        "settle": (Marks, "settle"),
    }
    owner, name = where[step]
    original, calls = getattr(owner, name), []

    def cut(*a: object, **k: object) -> object:
        calls.append(1)
        if len(calls) == 2:  # the authority's went well, the punto's is cut
            raise KeyboardInterrupt
        return original(*a, **k)

    monkeypatch.setattr(owner, name, cut)
    with pytest.raises(KeyboardInterrupt):
        copy.restaurar_epoca("demo", "se dañó el disco", clave=None)
    monkeypatch.setattr(owner, name, original)
    again = Office(copy.home)
    assert refuses_to_number(again)
    again.restaurar_epoca("demo", "se dañó el disco", clave=None)
    number = again.radicar_sin_imagen({}).radicado
    assert number.endswith("E-000001") and "-VU1R" in number
    report = verify.verify(Office(copy.home))
    assert report.ok, report.hallazgos


# -- rotation, revocation -------------------------------------------------------------------------


def sealed(office: Office, start: int) -> str:
    (subject,) = receive(office, 1, start=start)
    office.radicar(subject, {}, motivo="prueba de llaves")
    office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    return subject


def test_a_rotated_key_goes_on_and_old_seals_stay_good(real: Office) -> None:
    first = sealed(real, 1)
    with pytest.raises(Refused, match="papel"):
        real.rotar_llave(clave=PHRASE)
    with pytest.raises(Refused, match="clave"):
        as_(real, "svillamil").rotar_llave(clave="otra frase cualquiera")
    old = real.journal.marks
    assert old is not None
    as_(real, "svillamil").rotar_llave(clave=PHRASE)
    second = sealed(real, 2)  # the running program goes on with the new key
    assert sealed(as_(real, "cruiz"), 3)
    certificates = {real.estado(s).sellado.certificado for s in (first, second)}  # type: ignore[union-attr]
    assert len(certificates) == 2
    as_(real, "svillamil").rotar_llave("AUT", clave=PHRASE)
    as_(real, "svillamil").agregar_area("990", "Nueva", None)
    report = verify.verify(Office(real.home), complete=True)
    assert report.ok, report.hallazgos


def test_a_revoked_punto_goes_on_with_a_new_key_and_certificate(real: Office) -> None:
    first = sealed(real, 1)
    admin = as_(real, "svillamil")
    event = admin.revocar_punto(clave=PHRASE)
    second = sealed(real, 2)
    assert verify.verify(Office(real.home), complete=True).ok
    ring = real.keys
    state = real.estado(first)
    assert state.sellado is not None and state.fecha is not None
    pdf = real.vault.read(state.sellado.sha256)
    assert signing.verify(pdf, ring, moment(state.fecha)).valid
    # What the old certificate would seal from now on is not trusted.
    assert not signing.verify(pdf, ring, moment(event.at).replace(year=YEAR + 1)).valid
    again = real.estado(second).sellado
    assert again is not None and again.certificado != state.sellado.certificado


def test_lines_behind_the_size_that_a_revocation_names_are_findings(office: Office) -> None:
    numbered(office)
    size = office.journal.last_seq()
    event = office.revocar_punto(clave=None, tamano=size - 1)
    assert list(event.data["tamanos"].values()) == [size - 1]
    report = verify.verify_logs(Office(office.home))
    assert any("revocada" in f.mensaje and f.linea == size for f in report.hallazgos)


def test_a_lost_passphrase_a_changed_one_and_a_revoked_person(real: Office) -> None:
    one, two, three, four = numbered(real, 4)
    head, admin = as_(real, "ntorres"), as_(real, "svillamil")
    head.anular(one, "carta privada por error", clave=OWN)
    head.cambiar_frase("ntorres", clave=OWN, nueva="otra frase igual de larga")
    with pytest.raises(Refused, match="clave"):
        as_(real, "ntorres").anular(two, "carta privada por error", clave=OWN)
    as_(real, "ntorres").anular(two, "carta privada", clave="otra frase igual de larga")
    with pytest.raises(Refused):
        admin.cambiar_frase("ntorres", clave="x", nueva="otra frase igual de larga")
    admin.dar_llave("ntorres", frase="una tercera frase larga")  # the passphrase was lost
    as_(real, "ntorres").anular(three, "carta privada", clave="una tercera frase larga")
    admin.revocar_persona("ntorres")
    with pytest.raises(Refused, match="llave"):
        as_(real, "ntorres").anular(four, "carta privada", clave="una tercera frase larga")
    with pytest.raises(Refused, match="clave"):
        admin.cambiar_frase("entidad", clave="no es esta frase", nueva="una frase nueva y larga")
    admin.cambiar_frase("entidad", clave=PHRASE, nueva="una frase nueva para la raíz")
    with pytest.raises(Refused, match="clave"):
        as_(real, "svillamil").rotar_llave(clave=PHRASE)
    as_(real, "svillamil").rotar_llave(clave="una frase nueva para la raíz")
    assert verify.verify(Office(real.home)).ok


@pytest.mark.parametrize("step", ["say", "append", "adopt"])
def test_a_rotation_cut_half_way_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from records.journal import Writer
    from records.keys import KeyRing

    numbered(office, 1)
    where = {"say": (Office, "_say"), "append": (Writer, "append_all"), "adopt": (KeyRing, "adopt")}
    owner, name = where[step]
    original, calls = getattr(owner, name), []

    def cut(*a: object, **k: object) -> object:
        calls.append(1)
        if len(calls) == (2 if step == "append" else 1):
            raise KeyboardInterrupt
        return original(*a, **k)

    monkeypatch.setattr(owner, name, cut)
    with pytest.raises(KeyboardInterrupt):
        office.rotar_llave(clave=None)
    monkeypatch.setattr(owner, name, original)
    after = Office(office.home)
    assert after.radicar_sin_imagen({}).radicado.endswith("000002")
    after.rotar_llave(clave=None)
    assert after.radicar_sin_imagen({}).radicado.endswith("000003")
    report = verify.verify(Office(office.home))
    assert report.ok, report.hallazgos


def test_an_annulment_by_whom_never_had_the_role_is_found(real: Office) -> None:
    """The punto's own key can write the line; it cannot write the head's signature."""
    from records.acts import EMPTY, Pen
    from records.events import NumberAnnulled
    from records.numbering import next_acta

    one, *_ = numbered(real)
    request = real.solicitar_anulacion(one, "quiero que desaparezca").solicitud
    as_(real, "svillamil").dar_llave("cruiz", frase=OWN)
    real = as_(real, "cruiz")
    key = real.keys.load(_key_name(real, "cruiz"), OWN)

    def fact(tail: object) -> NumberAnnulled:
        acta, n, before = next_acta(real.settings, tail, YEAR)  # type: ignore[arg-type]
        return NumberAnnulled(
            radicado=one,
            acta=acta,
            vigencia=YEAR,
            n=n,
            anterior=before,
            solicitud=request,
            acto=EMPTY,
        )

    for person in ("cruiz", "ntorres"):  # with a role that is not hers, with a name that is not
        copy = copy_of(real, f"copia-{person}")
        marks = state_folder()
        place = msgspec.json.decode(
            (copy.home / "journal" / "VU1.lugar.json").read_bytes(), type=PlaceMark
        )
        fixed = msgspec.structs.replace(place, carpeta=(copy.home / "journal").stat().st_ino)
        for punto in ("VU1", "AUT"):
            path = copy.home / "journal" / f"{punto}.lugar.json"
            path.write_bytes(msgspec.json.encode(fixed))
        kept = {p: p.read_bytes() for p in marks.rglob("*.json")}
        copy._sign_and_append(Pen(person, key), copy.subject(one), fact, {"motivo": "x"})  # type: ignore[arg-type]
        report = verify.verify_logs(Office(copy.home))
        assert not report.ok and any(person in f.mensaje for f in report.hallazgos)
        for path, data in kept.items():
            path.write_bytes(data)


def _key_name(office: Office, person: str) -> str:
    from records.keys import person_key

    public = office.authority.personas[person].clave
    assert public is not None
    return person_key(person, public)


def test_a_damaged_log_is_never_succeeded(office: Office) -> None:
    numbered(office)
    copy = copy_of(office)
    path = next(iter(copy.journal.segments())).path
    bad = bytearray(path.read_bytes())
    bad[len(bad) // 2] ^= 1
    path.write_bytes(bytes(bad))
    with pytest.raises(Damaged):
        copy.restaurar_epoca("demo", "se dañó el disco", clave=None)
