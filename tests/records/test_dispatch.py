"""What sendings amount to, and what an operator's file says of them: pure rules."""

from __future__ import annotations

import copy
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import carriers, causes
from records.answer import Presented, Recipient
from records.dispatch import CameBack, Delivered, Dispatch, GivenUp, Notified, OfSending, Sent
from records.dispatch_views import in_time
from records.dispatching import MAX_PROOF
from records.errors import Refused
from records.proof_files import ProofFiles

HOUR = "2026-11-23T{:02}:00:00.000-05:00"
R = "2026-VU1-S-000001"


def letter(*copies: bool, clase: str = "S") -> Dispatch:
    whom = [Recipient("certificado", copia) for copia in copies]
    made = Presented(
        clase=clase, tipo="oficio", firmante="luz", dependencia="120", destinatarios=whom
    )
    return Dispatch.of(made, HOUR.format(0))


def steps() -> st.SearchStrategy[list[tuple[str, int]]]:
    kinds = st.sampled_from(["sent", "back", "taken", "shut", "told"])
    return st.lists(st.tuples(kinds, st.integers(1, 3)), max_size=12)


def facts(story: list[tuple[str, int]]) -> list[tuple[OfSending, str]]:
    """The facts of a story, an hour each; what cannot be said is left out."""
    out: list[tuple[OfSending, str]] = []
    tries = dict.fromkeys((1, 2, 3), 0)
    for i, (kind, n) in enumerate(story, 1):
        at, one = HOUR.format(i), {"radicado": R, "destinatario": n}
        last = {**one, "intento": tries[n], "fecha": at}
        if kind == "sent":
            tries[n] += 1
            last["intento"] = tries[n]
            del last["fecha"]
            out.append((Sent(**last, medio="certificado", enviado=at), at))  # type: ignore[arg-type]
        elif kind == "shut":
            out.append((GivenUp(**one), at))  # type: ignore[arg-type]
        elif kind == "told" and i % 4 == 0:
            out.append((Notified(**one, forma="aviso", fecha=at), at))  # type: ignore[arg-type]
        elif kind in ("back", "taken") and tries[n]:
            made = CameBack(**last, causa="cerrado") if kind == "back" else Delivered(**last)  # type: ignore[arg-type]
            out.append((made, at))
    return out


@given(steps())
def test_an_answer_stands_while_each_addressee_has_a_sending_that_stands(
    story: list[tuple[str, int]],
) -> None:
    held = letter(False, False, True)
    for fact, at in facts(story):
        assert list(held.problems(fact, at)) == []
        held.apply(fact, at, None)
    main = held.destinatarios[:2]
    reached = [d.notificado is not None or any(a.estado != "devuelto" for a in d.intentos)
               for d in main]  # fmt: skip
    assert (held.respondida is not None) == all(reached)
    back = any(d.estado == "devuelto" for d in main)
    assert held.paso == ("enviada" if all(reached) else "devuelta" if back else "aprobada")
    trays = {w.bandeja for w in held.waits("120", "ana")}
    states = {d.estado for d in held.destinatarios}
    assert trays == {t for t, s in (("por_enviar", "por_enviar"), ("devoluciones", "devuelto"))
                     if s in states}  # fmt: skip
    assert (held.estado == "enviado") == (not trays)


@given(steps())
def test_planning_changes_nothing_that_is(story: list[tuple[str, int]]) -> None:
    held = letter(False, False, True)
    for fact, at in facts(story):
        before = copy.deepcopy(held)
        planned = copy.copy(held)
        planned.apply(fact, at, None)
        assert held == before
        held.apply(fact, at, None)
        assert held == planned


def test_what_is_not_there_is_a_problem() -> None:
    held, at = letter(False), HOUR.format(1)
    sent = Sent(radicado=R, destinatario=1, intento=1, medio="fax", enviado=at)
    for fact in (
        Sent(radicado=R, destinatario=2, intento=1, medio="fax", enviado=at),
        Sent(radicado=R, destinatario=1, intento=2, medio="fax", enviado=at),
        Sent(radicado=R, destinatario=1, intento=1, medio="fax", enviado=HOUR.format(2)),
        Delivered(radicado=R, destinatario=1, intento=1, fecha=at),
        Notified(radicado=R, destinatario=1, forma="aviso", fecha="2026-13-01"),
    ):
        assert list(held.problems(fact, at)), fact
    assert list(held.problems(sent, at)) == []
    assert letter(False, clase="I").destinatarios == []


def test_late_is_told_by_the_sending_that_counts() -> None:
    due = "2026-11-23T23:59:59.999-05:00"
    assert in_time(due, HOUR.format(23)) == (True, 0)
    assert in_time(due, "2026-11-24T00:00:00.000-05:00") == (False, 1)
    assert in_time(due, "2026-12-01T08:00:00.000-05:00") == (False, 8)
    assert in_time(None, HOUR.format(1)) == in_time(due, None) == (None, 0)


def test_the_causes_of_the_post_are_there_and_known_by_the_operators_words() -> None:
    post = [c for c in causes.table().values() if not c.correo]
    assert len(post) >= 18
    assert causes.find("DIRECCIÓN  ERRADA") == "direccion_deficiente"
    assert causes.find("Enviado a Adpostal, control de calidad") == "control_de_calidad"
    assert causes.find("") is None
    with pytest.raises(Refused):
        causes.require("porque sí")


def test_an_operators_file_is_read_whatever_it_looks_like() -> None:
    for text, code in (
        ("Guía;Estado;Fecha\r\n ra 1 ;Entregado;23/11/2026 03:05 p. m.\r\n", "utf-8"),
        ("\ufeffN° GUIA,ESTADO ENVÍO,FECHA ENTREGA\nRA1,ENTREGADO,2026-11-23T15:05\n", "utf-8"),
        ("guia\testado\tfecha\nra1\tdevolución\t23/11/2026\n", "latin-1"),
    ):
        rows = carriers.read(text.encode(code))
        assert [r.guia for r in rows] == ["RA1"], text
        assert rows[0].fecha[:10] == "2026-11-23"
    assert carriers.moment("23/11/2026 03:05 p. m.") == "2026-11-23T15:05:00.000-05:00"
    assert carriers.moment("31/02/2026") is None
    own = carriers.read(b"envio no,gestion,dia\nX1,ENTREGADO,2026-11-23\n",
                        {"guia": "Envío No", "fecha": "Día"})  # fmt: skip
    assert own[0].problema is None
    for bad in (b"", b"a,b\n1,2\n", b"PK\x03\x04\0\0", b"guia,estado\nX,ENTREGADO\n"):
        with pytest.raises(Refused):
            carriers.read(bad)


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(data: bytes) -> None:
    try:
        rows = carriers.read(b"guia;estado;fecha;causa\n" + data)
    except Refused:
        return
    assert all(r.problema or (r.fecha and r.estado) for r in rows)


def test_proofs_are_found_by_their_waybill_in_a_folder_or_a_zip(tmp_path: Path) -> None:
    packed = tmp_path / "pruebas.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("../../dia/ra1.PDF", b"%PDF-1.7")
        zipped.writestr("RA2.exe", b"MZ")
        zipped.writestr("RA3.pdf", bytes(MAX_PROOF + 1))
    folder = tmp_path / "carpeta"
    folder.mkdir()
    (folder / "RA1.pdf").write_bytes(b"%PDF-1.7")
    for source in (packed, folder):
        found = ProofFiles(source)
        proof = found("RA1")
        assert proof is not None and (proof.data, proof.extension) == (b"%PDF-1.7", "pdf")
        assert [found(name) for name in ("RA2", "RA3", "RA4")] == [None, None, None]
    for bad in (tmp_path / "nada", folder / "RA1.pdf"):
        with pytest.raises(Refused):
            ProofFiles(bad)
