"""Annulling and correcting: a number stays spent, and both values stay (Acuerdo 060, art. 5)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from records import verify
from records.errors import Refused
from records.lines import now
from records.office import Office
from tests.conftest import ROOT, receive

PHRASE = "una frase de prueba larga"
OWN = "la frase de la jefe de correspondencia"


@pytest.fixture
def real(tmp_path: Path) -> Office:
    """An office with passphrases, where the head of correspondence (ntorres) has a key."""
    Office.found(tmp_path / "real", ROOT / "config.toml", passphrase=PHRASE)
    Office(tmp_path / "real", persona="svillamil").dar_llave("ntorres", frase=OWN)
    return Office(tmp_path / "real", persona="cruiz")


def as_(office: Office, person: str) -> Office:
    return Office(office.home, persona=person)


def numbered(office: Office, n: int = 3) -> list[str]:
    return [office.radicar(s, {"remitente": "Ana"}).radicado for s in receive(office, n)]


def test_an_annulment_takes_a_request_and_the_heads_signature(real: Office) -> None:
    first, second, _ = numbered(real)
    real.solicitar_anulacion(second, "se radicó dos veces la misma carta")
    with pytest.raises(Refused, match="papel"):
        real.anular(second, None, clave=OWN)
    with pytest.raises(Refused, match="clave"):
        as_(real, "ntorres").anular(second, None, clave="otra frase cualquiera")
    done = as_(real, "ntorres").anular(second, None, clave=OWN)
    assert done.acta == f"{now().year}-VU1-ACTA-000001"
    seen = real.ver(second)
    assert seen.estado == "anulado"
    assert seen.anulacion is not None
    assert seen.anulacion["motivo"] == "se radicó dos veces la misma carta"
    assert (seen.anulacion["solicita"], seen.anulacion["firma"]) == ("cruiz", "ntorres")
    assert real.ver(first).estado == "radicado"
    assert real.radicar(receive(real, 1, start=9)[0], {}).radicado.endswith("000004")
    assert verify.verify(Office(real.home)).ok


def test_a_number_is_annulled_once_and_never_without_a_reason(real: Office) -> None:
    one, two, _ = numbered(real)
    head = as_(real, "ntorres")
    with pytest.raises(Refused, match="motivo"):
        head.anular(one, None, clave=OWN)
    with pytest.raises(Refused, match="motivo"):
        head.anular(one, "x", clave=OWN)
    head.anular(one, "carta privada radicada por error", clave=OWN)
    with pytest.raises(Refused, match="ya está anulado"):
        head.anular(one, "carta privada radicada por error", clave=OWN)
    with pytest.raises(Refused, match="ya está anulado"):
        real.rectificar(one, {"remitente": "Otro"}, "nombre mal leído")
    assert head.anular(two, "carta privada radicada por error", clave=OWN).acta is not None
    assert head.ver(two).anulacion["acta"].endswith("000002")  # type: ignore[index]


def test_a_request_may_be_denied(real: Office) -> None:
    one, *_ = numbered(real)
    real.solicitar_anulacion(one, "creo que sobra este número")
    with pytest.raises(Refused, match="Ya se pidió"):
        real.solicitar_anulacion(one, "creo que sobra este número")
    as_(real, "ntorres").negar_anulacion(one, "la carta es oficial")
    assert real.ver(one).estado == "radicado"
    with pytest.raises(Refused, match="motivo"):
        as_(real, "ntorres").anular(one, None, clave=OWN)
    assert verify.verify(Office(real.home)).ok


def test_who_stands_in_by_an_act_may_sign_while_it_lasts(real: Office) -> None:
    one, *_ = numbered(real)
    admin, today = as_(real, "svillamil"), now().date()
    admin.dar_llave("dgarzon", frase=OWN)
    stand_in = as_(real, "dgarzon")
    with pytest.raises(Refused, match="papel"):
        stand_in.anular(one, "carta privada por error", clave=OWN)
    past = (today - timedelta(days=9)).isoformat(), (today - timedelta(days=2)).isoformat()
    admin.encargar("dgarzon", "ntorres", *past, "Resolución 7 de 2026")
    with pytest.raises(Refused, match="papel"):
        as_(real, "dgarzon").anular(one, "carta privada por error", clave=OWN)
    admin.encargar("dgarzon", "ntorres", today.isoformat(), today.isoformat(), "Resolución 8")
    assert as_(real, "dgarzon").anular(one, "carta privada por error", clave=OWN).acta
    assert verify.verify(Office(real.home)).ok
    with pytest.raises(Refused):
        admin.encargar("dgarzon", "ntorres", "2026-13-01", "2026-12-31", "Resolución 9")


def test_a_record_that_moved_on_while_it_was_being_signed_is_not_annulled(real: Office) -> None:
    one, *_ = numbered(real)
    head = as_(real, "ntorres")
    pen = head._pen(OWN, "jefe_correspondencia")
    real.solicitar_anulacion(one, "sobra este número, es copia")
    subject = real.subject(one)

    original = pen.sign

    class Slow:
        person = pen.person

        def sign(self, **words: object) -> object:
            real.rectificar(one, {"remitente": "Berta"}, "nombre mal leído")
            return original(**words)  # type: ignore[arg-type]

    head._pen = lambda *a, **k: Slow()  # type: ignore[method-assign,assignment,return-value]
    with pytest.raises(Refused, match="mientras usted firmaba"):
        head.anular(one, None, clave=OWN)
    assert real.estado(subject).anulado is None


def test_rectifying_keeps_both_values_and_touches_no_number(real: Office) -> None:
    one, *_ = numbered(real)
    before = real.ver(one)
    real.rectificar(one, {"remitente": "Ana Güiza", "folios": "4"}, "nombre y hojas mal leídos")
    after = real.ver(one)
    assert (after.radicado, after.fecha, after.recibido) == (one, before.fecha, before.recibido)
    assert after.campos["remitente"] == "Ana Güiza" and after.campos["folios"] == 4
    (change,) = after.rectificaciones
    assert change.antes == {"remitente": "Ana", "folios": 1}
    assert change.despues == {"remitente": "Ana Güiza", "folios": 4}
    assert (change.actor, change.motivo) == ("cruiz", "nombre y hojas mal leídos")
    assert [r.radicado for r in real.buscar("güiza").radicados] == [one]
    assert b"G\xc3\xbciza" not in b"".join(
        p.read_bytes() for p in (real.home / "journal").glob("*/VU1.jsonl")
    )
    for wrong in ({"radicado": "1"}, {"fecha_radicado": "x"}, {"n": "2"}, {"folios": "0"}):
        with pytest.raises(Refused):
            real.rectificar(one, wrong, "no se puede cambiar")
    with pytest.raises(Refused, match="ya dice eso"):
        real.rectificar(one, {"remitente": "Ana Güiza"}, "nada que cambiar")
    with pytest.raises(Refused, match="papel"):
        as_(real, "gpardo").rectificar(one, {"remitente": "X"}, "no es su papel")
    assert verify.verify(Office(real.home)).ok


def test_the_label_and_the_search_follow_the_correction(office: Office) -> None:
    (one,) = numbered(office, 1)
    office.rectificar(one, {"dependencia": "120"}, "era para Jurídica")
    assert "120 Oficina Asesora Jurídica" in office.texto_etiqueta(one)
    assert office.buscar("área:120").total == 1
