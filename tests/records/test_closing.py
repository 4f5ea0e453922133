"""Constancia, actas, the day's and the year's closing, the register: what people hold in hand."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from records import pdfa, receipts, verify
from records.errors import Damaged, Refused
from records.lines import now
from records.office import Office
from records.register import sample
from tests.conftest import page_pdf, receive, text_of
from tests.program import run
from tests.records.test_annulment import numbered
from tests.records.test_clock import Hand

TODAY = now().date()
YEAR = TODAY.year


def flat(path: str | Path) -> str:
    return " ".join(text_of(Path(path).read_bytes()).split())


def unsigned_is_pdfa(path: str) -> bool:
    """The bytes before the signature's update are PDF/A-2b."""
    data = Path(path).read_bytes()
    first = data.index(b"%%EOF") + 6
    return pdfa.findings(data[:first]) == []


def qr_of(path: str) -> str:
    with pypdfium2.PdfDocument(Path(path)) as document:
        page = document[0].render(scale=200 / 72).to_pil()
        assert len(document) == 1
    (code,) = zxingcpp.read_barcodes(page)
    return code.text


# -- the citizen's receipt ------------------------------------------------------------------------


def test_a_receipt_says_what_the_law_asks_and_proves_itself(office: Office, tmp_path: Path) -> None:
    (subject,) = receive(office, 1)
    number = office.radicar(
        subject,
        {
            "remitente": "José Muñoz",
            "asunto": "Arreglo de la vía",
            "folios": "3",
            "anexos": '[{"clase": "CD", "cantidad": 2}, {"clase": "plano", "folios": 4}]',
            "faltantes": "la copia de la cédula",
            "dependencia": "140",
            "tipo": "peticion",
        },
    )
    done = office.constancia(number.radicado)
    said = flat(done.archivo)
    for words in (
        number.radicado, "José Muñoz", "Arreglo de la vía", "2 CD; 1 plano (4 folios)",
        "la copia de la cédula", "140 Secretaría de Planeación", "15 días hábiles",
        "vale igual que el original y es gratuita", "pregunte por el número",
    ):  # fmt: skip
        assert words in said, words
    assert qr_of(done.archivo) == done.qr
    assert unsigned_is_pdfa(done.archivo)
    root = office.keys.root_public()
    statement = receipts.check(done.qr, root)
    assert (statement.radicado, statement.hash) == (number.radicado, number.evento)
    (kept,) = [d for d in office.ver(number.radicado).documentos if d.rol == "constancia"]
    assert kept.sha256 == done.sha256
    assert verify.verify(Office(office.home), complete=True).ok
    # Asked again it is the same paper; after a correction it is another.
    assert office.constancia(number.radicado).sha256 == done.sha256
    office.rectificar(number.radicado, {"remitente": "José Núñez"}, "nombre mal leído")
    assert "José Núñez" in flat(office.constancia(number.radicado).archivo)
    outside = run(
        "constancia", "--verificar", done.qr, "--raiz", office.home / "keys" / "raiz.pub",
        "--casa", tmp_path / "nada", "--json",
    )  # fmt: skip
    assert outside.code == 0 and outside.json["valida"] is True
    assert outside.json["radicado"] == number.radicado


def test_a_receipt_that_was_changed_in_any_place_is_refused(office: Office) -> None:
    (radicado,) = numbered(office, 1)
    text = office.constancia(radicado).qr
    root = office.keys.root_public()
    swap = {c: chr(ord(c) ^ 1) if c.isalnum() else "x" for c in set(text)}
    for place in range(len(receipts.PREFIX), len(text)):
        bad = text[:place] + swap[text[place]] + text[place + 1 :]
        with pytest.raises((Damaged, Refused)):
            receipts.check(bad, root)
    with pytest.raises(Damaged):
        receipts.check(text, "00" * 32)
    for bad in ("", "hola", "VENTANILLA-C1", text + ".x", text[:-3], text + "A"):
        with pytest.raises((Damaged, Refused)):
            receipts.check(bad, root)


def test_a_receipt_shows_that_a_log_was_cut(office: Office) -> None:
    """The office that rolled its machine back can't see it; the citizen's paper can."""
    radicados = numbered(office, 3)
    text = office.constancia(radicados[2]).qr
    assert office.comprobar_constancia(text).en_diario is True
    line = receipts.check(text, office.keys.root_public()).seq
    path = office.journal.segments()[-1].path
    rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(rows[:line]))
    (office.home / "index.sqlite").unlink()
    with pytest.raises(Damaged, match="prueba que el número se dio"):
        Office(office.home).comprobar_constancia(text)


@pytest.mark.parametrize("length", [0, 300, 2000])
def test_a_receipt_is_one_page_whatever_the_letter_says(office: Office, length: int) -> None:
    (subject,) = receive(office, 1)
    long = ("palabra larga " * 200)[:length]
    fields = {k: long for k in ("remitente", "asunto", "anexos", "faltantes") if long}
    number = office.radicar(subject, fields)
    done = office.constancia(number.radicado)
    assert qr_of(done.archivo) == done.qr


def test_the_keys_that_follow_check_old_receipts_too(office: Office) -> None:
    (radicado,) = numbered(office, 1)
    old = office.constancia(radicado).qr
    office.rotar_llave(clave=None)
    office.rectificar(radicado, {"remitente": "Otra"}, "nombre mal leído")
    new = office.constancia(radicado).qr
    assert old != new
    for text in (old, new):
        assert office.comprobar_constancia(text).en_diario is True


# -- actas ----------------------------------------------------------------------------------------


def test_an_acta_tells_who_why_and_when_and_is_kept(office: Office) -> None:
    radicado, _ = numbered(office, 2)
    office.anular(radicado, "la carta era personal", clave=None)
    done = office.acta_de_anulacion(radicado)
    said = flat(done.archivo)
    for words in (radicado, f"{YEAR}-VU1-ACTA-000001", "la carta era personal", "queda gastado"):
        assert words in said
    assert office.acta_de_anulacion(radicado).sha256 == done.sha256
    assert unsigned_is_pdfa(done.archivo)
    assert {d.rol for d in office.ver(radicado).documentos} >= {"acta"}
    assert "ESTE NÚMERO FUE ANULADO" in flat(office.constancia(radicado).archivo)
    assert verify.verify(Office(office.home), complete=True).ok
    with pytest.raises(Refused):
        office.acta_de_anulacion(f"{YEAR}-VU1-E-000002")


# -- the day --------------------------------------------------------------------------------------


def test_a_closing_tells_the_day_and_its_seal(office: Office) -> None:
    one, two, three, four, five = receive(office, 5)
    office.radicar(one, {})
    office.radicar(three, {}, motivo="era una tutela")
    office.sellar(one, page_pdf(), hueco=None, paginas=1, lectura=None)
    office.descartar(four, "publicidad", nota="un catálogo")
    office.radicar_sin_imagen({"remitente": "Ana"})
    office.radicar(five, {}, clase="S", motivo="salida urgente")
    gone = office.radicar(two, {})
    office.anular(gone.radicado, "se radicó dos veces", clave=None)
    done = office.cierre()
    received = {s.clase: s for s in done.series}
    assert (received["E"].desde, received["E"].hasta, received["E"].cantidad) == (1, 4, 4)
    assert received["E"].huecos == [] and received["S"].cantidad == 1
    assert [a.radicado for a in received["E"].anulados] == [gone.radicado]
    assert received["I"].cantidad == 0
    assert done.imagen_pendiente == [f"{YEAR}-VU1-E-000003"]
    assert [(d["motivo"], d["nota"]) for d in done.descartados] == [("publicidad", "un catálogo")]
    assert [o["motivo"] for o in done.orden] == ["era una tutela", "salida urgente"]
    assert any("respaldo" in a for a in done.avisos)
    said = flat(done.archivo)
    for words in ("Ningún número falta", gone.radicado, f"{YEAR}-VU1-ACTA-000001", "un catálogo",
                  "era una tutela", done.sello[:16], f"{YEAR}-VU1-E-000003"):  # fmt: skip
        assert words in said, words
    assert unsigned_is_pdfa(done.archivo)
    report = verify.verify(Office(office.home), complete=True)
    assert report.ok, report.hallazgos
    # The same day again: the same closing, until more happens.
    assert office.cierre().evento == done.evento
    office.radicar_sin_imagen({})
    assert office.cierre().evento != done.evento


def test_a_day_is_closed_later_too_and_a_future_one_is_not(office: Office) -> None:
    numbered(office, 2)
    with pytest.raises(Refused, match="todavía no llega"):
        office.cierre(TODAY + timedelta(days=1))
    before = office.cierre(TODAY - timedelta(days=1))
    assert all(s.cantidad == 0 for s in before.series)
    assert office.cierre(TODAY - timedelta(days=1)).evento == before.evento
    assert office.cierre(TODAY).series[0].cantidad == 2


def test_a_backup_of_today_is_no_warning(office: Office, tmp_path: Path) -> None:
    numbered(office, 1)
    assert any("Nunca" in a for a in office.cierre().avisos)
    (tmp_path / "usb").mkdir()
    assert run("respaldo", "crear", "--destino", tmp_path / "usb", "--casa", office.home).code == 0
    assert not any("respaldo" in a for a in Office(office.home).cierre().avisos)


def test_a_changed_or_lost_closing_is_found(office: Office) -> None:
    numbered(office, 1)
    done = office.cierre()
    path = office.vault.find(verify.lines.sha256(Path(done.archivo).read_bytes()))
    assert path is not None
    path.chmod(0o640)
    data = path.read_bytes()
    path.write_bytes(data[:-20] + b"x" + data[-19:])
    assert not verify.verify(Office(office.home)).ok
    path.unlink()
    assert not verify.verify(Office(office.home)).ok


# -- the year -------------------------------------------------------------------------------------


def test_the_acta_that_closes_a_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.conftest import ROOT

    hand = Hand(monkeypatch, "2026-12-30T09:00")
    office, _ = Office.found(tmp_path / "oficina", ROOT / "config.toml", demo=True)
    first, *_ = numbered(office, 3)
    office.anular(first, "se radicó dos veces", clave=None)
    with pytest.raises(Refused, match="1 de enero"):
        office.cerrar_vigencia(2026, clave=None)
    hand.set("2027-01-02T09:00")
    office.radicar_sin_imagen({})
    done = office.cerrar_vigencia(2026, clave=None)
    assert [(s.clase, s.desde, s.hasta, len(s.anulados)) for s in done.series] == [("E", 1, 3, 1)]
    said = flat(done.archivo)
    assert "2027-VU1-ACTA-000001" in said and "Acta de cierre de 2026 y apertura de 2027" in said
    with pytest.raises(Refused, match="se cerró por el acta"):
        office.cerrar_vigencia(2026, clave=None)
    report = verify.verify(Office(office.home), complete=True)
    assert report.ok, report.hallazgos


# -- the register ---------------------------------------------------------------------------------


def test_the_register_lists_each_number_in_both_forms(office: Office) -> None:
    radicados = numbered(office, 30)
    office.rectificar(
        radicados[4], {"remitente": "=HYPERLINK(1)"}, "fórmula escrita por un tercero"
    )
    office.anular(radicados[7], "se radicó dos veces", clave=None)
    done = office.libro(TODAY, TODAY, muestra=5)
    assert done.filas == 30 and [s.cantidad for s in done.series] == [30]
    said = flat(done.pdf)
    for radicado in radicados:
        assert radicado in said
    assert unsigned_is_pdfa(done.pdf)
    assert done.muestra == sample(done.sello, radicados, 5)
    assert all(r in said for r in done.muestra)
    with ZipFile(io.BytesIO(Path(done.xlsx).read_bytes())) as book:
        names = book.namelist()
        sheets = [n for n in names if n.startswith("xl/worksheets/sheet")]
        text = b"".join(book.read(n) for n in names if n.endswith(".xml")).decode()
    assert len(sheets) == 4
    assert "<f>" not in text and "=HYPERLINK(1)" in text
    assert all(text.count(f">{r}<") >= 1 for r in radicados)
    with pikepdf.open(done.pdf) as pdf:
        assert len(pdf.pages) >= 2
    none = office.libro(date(2020, 1, 1), date(2020, 1, 2))
    assert none.filas == 0
    with pytest.raises(Refused):
        office.libro(TODAY, TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="No hay ninguna sede «ZZ9»"):
        office.libro(TODAY, TODAY, sede="ZZ9")


def test_the_register_of_a_restored_office_has_no_false_gaps(office: Office) -> None:
    from tests.records.test_succession import copy_of

    numbered(office, 3)
    copy = copy_of(office)
    copy.restaurar_epoca("demo", "se dañó el disco", clave=None)
    copy.radicar_sin_imagen({})
    done = copy.libro(TODAY, TODAY)
    assert [(s.primero, s.cantidad, s.huecos) for s in done.series] == [
        (f"{YEAR}-VU1-E-000001", 3, []),
        (f"{YEAR}-VU1R1-E-000001", 1, []),
    ]


# -- the program ----------------------------------------------------------------------------------


def test_the_commands_answer_as_the_contract_says(office: Office) -> None:
    numbered(office, 2)
    office.index.close()
    casa = ("--casa", office.home, "--json")
    closed = run("cierre", *casa)
    assert closed.code == 0
    (row,) = [s for s in closed.json["series"] if s["clase"] == "E"]
    assert {"clase", "desde", "hasta", "anulados", "huecos"} <= set(row)
    assert closed.json["sello"]
    assert run("cierre", "--fecha", "2026-99-01", *casa).code == 2
    day = TODAY.isoformat()
    book = run("libro", "--desde", day, "--hasta", day, *casa)
    assert book.code == 0 and book.json["filas"] == 2 and book.json["sello"]
    given = run("constancia", f"{YEAR}-VU1-E-000001", *casa)
    assert given.code == 0 and {"archivo", "qr"} <= set(given.json)
    good = run("constancia", "--verificar", given.json["qr"], *casa)
    assert good.code == 0 and good.json["valida"] is True
    assert {"valida", "radicado", "fecha"} <= set(good.json)
    bad = run("constancia", "--verificar", given.json["qr"][:-4] + "AAAA", *casa)
    assert bad.code == 3 and bad.json["valida"] is False
    none = run("constancia", "--verificar", "hola", *casa)
    assert none.code == 1 and none.json["valida"] is False
    annulled = run("anular", f"{YEAR}-VU1-E-000002", "--motivo", "duplicado por error", *casa)
    assert annulled.code == 0 and {"evento", "acta"} <= set(annulled.json)
    assert Path(annulled.json["archivo"]).is_file()
    twice = run("anular", f"{YEAR}-VU1-E-000002", "--motivo", "duplicado por error", *casa)
    assert twice.code == 1 and "error" in twice.json
    assert run("verificar", "--completo", *casa).code == 0
