"""A judge of PDF/A that shares no code with ours, over every paper that an office gives out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

from ingest import drafting, office_documents
from records import labels, letters, paper, pdfa
from records.office import Office
from tests import softhsm
from tests.conftest import ROOT, page_pdf, receive
from tests.ingest.test_office_documents import DOCUMENTS, VALUES
from tests.records.test_clock import Hand
from tests.records.test_labels import FACTS, HOSTILE, TWO_BY_SEVEN
from tests.records.test_letters import LONG, SETTINGS, letter
from tests.records.test_seal import TOP_RIGHT, foreign
from tests.verapdf import verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.largo


def check(paths: Iterable[Path]) -> None:
    """The judge finds no fault in any of *paths*."""
    told = verdicts(paths)
    assert told
    assert {p.name: said for p, said in told.items() if said} == {}


def papers(office: Office, *radicados: str) -> list[Path]:
    """All PDFs that were given out, and those that the vault holds of these numbers."""
    kept = [
        office.home / document.archivo
        for radicado in radicados
        for document in office.ver(radicado).documentos
        if document.rol != "original" and document.archivo is not None
    ]
    return [*kept, *sorted((office.home / "salida").rglob("*.pdf"))]


def test_the_judge_says_no_where_it_must(tmp_path: Path) -> None:
    """One that says yes to all would prove nothing."""
    bare, inside_out = tmp_path / "sin.pdf", tmp_path / "letra.pdf"
    with pikepdf.open(io.BytesIO(page_pdf())) as pdf:
        del pdf.Root.OutputIntents
        pdf.save(bare)
    with pikepdf.open(io.BytesIO(page_pdf())) as pdf:
        del pdf.pages[0].Resources.Font.F1.DescendantFonts[0].FontDescriptor.FontFile2
        pdf.save(inside_out)
    (tmp_path / "nada.pdf").write_bytes(b"%PDF-1.7\n")
    told = verdicts([bare, inside_out, tmp_path / "nada.pdf"])
    assert told[bare].startswith("no conforme: 6.2.4.3")
    assert told[inside_out].startswith("no conforme: 6.2.11.4.1")
    assert told[tmp_path / "nada.pdf"].startswith("sin veredicto")


def test_what_an_office_gives_out_in_a_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand(monkeypatch, "2026-12-30T09:00")
    office, _ = Office.found(tmp_path / "oficina", ROOT / "config.toml", demo=True)
    pages = [page_pdf(), page_pdf("ñ «é» ©"), *(foreign(turn, 2, True) for turn in (90, 180, 270))]
    sealed = []
    for subject, page in zip(receive(office, len(pages)), pages, strict=True):
        number = office.radicar(subject, {"remitente": "José Muñoz", "asunto": "Vía al Peñón"})
        hueco = TOP_RIGHT if len(sealed) % 2 else None
        office.sellar(subject, page, hueco=hueco, paginas=1, lectura=None)
        office.constancia(number.radicado)
        sealed.append(number.radicado)
    gone, *_ = (office.radicar(s, {}).radicado for s in receive(office, 2, start=50))
    office.anular(gone, "se radicó dos veces", clave=None)
    office.acta_de_anulacion(gone)
    office.cierre()
    office.libro(hand.now.date(), hand.now.date(), muestra=2)
    hand.set("2027-01-02T09:00")
    office.radicar_sin_imagen({})
    office.cerrar_vigencia(2026, clave=None)
    given = papers(office, *sealed, gone)
    kinds = {p.parent.name for p in given}
    assert kinds >= {"constancias", "actas", "cierres", "libros"}
    assert len(given) > 2 * len(pages) + 5
    check(given)


def test_labels_and_sheets_of_stickers(tmp_path: Path) -> None:
    rows = [FACTS, HOSTILE] * 9
    made = {
        "rotulo.pdf": paper.label(FACTS, 62, 29),
        "hostil.pdf": paper.label(HOSTILE, 40, 20),
        "hoja.pdf": labels.sheet(rows, TWO_BY_SEVEN, 3),
        "negrita.pdf": bold_page(),
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    check(tmp_path.glob("*.pdf"))


def test_letters_from_templates(tmp_path: Path) -> None:
    rich = "<h1>Título</h1><p>Con <b>negrilla</b> y <i>cursiva</i>: {{remitente}}.</p>"
    made = {"texto.pdf": letter(LONG * 90), "html.pdf": letter(rich, "html", remitente=HOSTILE)}
    made["sellada.pdf"] = paper.stamp(made["html.pdf"], FACTS, letters.stamp_room(SETTINGS))
    if office_documents.program() is not None:
        for suffix, document in DOCUMENTS.items():
            pdf = office_documents.to_pdf(document(), suffix, VALUES)
            made[f"oficio{suffix}.pdf"] = drafting.archived(pdf)
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    check(tmp_path.glob("*.pdf"))


def bold_page() -> bytes:
    """A page that uses both our faces."""
    with pikepdf.open(io.BytesIO(page_pdf())) as pdf:
        page = pdf.pages[0]
        page.Resources.Font.F2 = pdfa.embed_font(pdf, bold=True)
        show = pdfa.face(bold=True).encode("Señor Alcalde")
        page.contents_add(b"BT /F2 20 Tf 72 500 Td " + show + b" Tj ET")
        return pdfa.write(pdf)


@softhsm.needed
def test_what_a_token_signs(signing_office: Office) -> None:
    (subject,) = receive(signing_office, 1)
    radicado = signing_office.radicar(subject, {}).radicado
    signing_office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    signing_office.constancia(radicado)
    check(papers(signing_office, radicado))
