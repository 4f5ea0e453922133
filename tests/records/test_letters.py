"""Letters from templates: what is read on them, where it stands, and what no value can do."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone

import msgspec
import pikepdf
import pypdfium2
import pytest

from records import letters, markup, paper, pdfa, settings, templates, typeset
from records.errors import Refused
from records.settings import Letters, Settings
from tests.conftest import ROOT, text_of

AT = datetime(2026, 11, 22, 10, 3, tzinfo=timezone(timedelta(hours=-5)))
SETTINGS = settings.load(ROOT / "config.toml")
SAMPLES = ROOT / "records" / "plantillas"
VALUES = {
    "radicado": "2026-VU1-E-000123", "fecha": "3 de noviembre de 2026", "hoy": "hoy",
    "remitente": "José Muñoz de la Peña", "direccion": "Calle 12 # 4-56, barrio El Peñón",
    "municipio": "Magangué", "tratamiento": "Señor(a)", "asunto": "Vía al Peñón",
    "dependencia": "Secretaría de Planeación", "firmante": "Marcela Quintero Vela",
    "cargo": "Secretaria de Planeación", "entidad": SETTINGS.entidad.nombre,
    "respuesta": "Se pavimentará.", "falta": "- La firma.\n- El mapa.", "motivo": "No es nuestra.",
    "entidad_competente": "la CAR",
}  # fmt: skip
LONG = "Se realizó visita técnica al sitio y se constató el hundimiento de la calzada. "


def letter(text: str = "Hola.", kind: str = "texto", **more: object) -> bytes:
    office = more.pop("office", SETTINGS)
    assert isinstance(office, Settings)
    values = {**VALUES, **{k: str(v) for k, v in more.items()}}
    return letters.compose(office, text, values, kind=kind, at=AT)  # type: ignore[arg-type]


def lines_of(data: bytes) -> list[str]:
    return [" ".join(line.split()) for line in text_of(data).splitlines() if line.strip()]


def pages_of(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        return [page.get_textpage().get_text_range() for page in document]


def in_order(text: str, *parts: str) -> bool:
    """Whether *text* says *parts* one after the other."""
    rest = " ".join(text.split())
    for part in parts:
        before, found, rest = rest.partition(part)
        assert found, f"{part!r} not after {before[-60:]!r}"
    return True


@pytest.mark.parametrize("name", ["respuesta", "traslado", "requerimiento"])
def test_each_sample_is_one_page_in_the_order_of_official_letters(name: str) -> None:
    data = letter(
        (SAMPLES / f"{name}.txt").read_text(),
        anexos="Plano\nFotografía", copia="Personería", proyecto="E. Arango", reviso="L. Cárdenas",
    )  # fmt: skip
    assert pdfa.findings(data) == []
    (text,) = pages_of(data)
    assert in_order(
        text, SETTINGS.entidad.nombre, "San Jacinto del Río, 22 de noviembre de 2026", "Señor(a)",
        "José Muñoz de la Peña", "Calle 12 # 4-56", "Magangué", "Asunto: ", "Vía al Peñón",
        "Referencia: Radicado 2026-VU1-E-000123 del 3 de noviembre", "Respetado(a)", "recibimos su",
        "Atentamente,", "Marcela Quintero Vela", "Secretaria de Planeación", "Anexos:", "1.",
        "Plano", "Copia: Personería", "Proyectó: E. Arango", "Revisó: L. Cárdenas",
    )  # fmt: skip
    assert "{{" not in text


def test_every_page_ends_with_what_acuerdo_060_asks_and_a_gap_is_told() -> None:
    pages = pages_of(letter("\n\n".join([LONG * 6] * 14)))
    assert len(pages) == 3
    entity = SETTINGS.entidad
    for n, page in enumerate(pages, 1):
        foot = page.replace("\u00a0", " ").split("Carrera 5")[-1]
        for said in ("# 4-12", entity.conmutador, entity.fax, entity.web, entity.correo,
                     f"Página {n} de 3"):  # fmt: skip
            assert said in foot
    assert letters.footer_notice(SETTINGS, AT) is None
    bare = msgspec.structs.replace(
        SETTINGS, entidad=msgspec.structs.replace(entity, fax="", web="")
    )
    notice = letters.footer_notice(bare, AT)
    assert notice and "fax, página web" in notice and "Acuerdo 060 de 2001 (AGN), art. 14" in notice


@pytest.mark.parametrize("sheet", ["carta", "a4", "oficio"])
def test_room_for_the_stamp_stays_free_and_takes_it(sheet: str) -> None:
    entity = msgspec.structs.replace(SETTINGS.entidad, nombre="Hospital Regional " * 9)
    office = msgspec.structs.replace(
        SETTINGS,
        cartas=Letters(papel=sheet),  # type: ignore[arg-type]
        entidad=entity,
    )
    data = letter(LONG * 30, office=office, remitente="Asociación " * 30)
    x0, y0, x1, y1 = letters.stamp_room(office)
    assert (x1 - x0) / typeset.MM >= 75 and (y1 - y0) / typeset.MM >= 25
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        page = document[0]
        wide, high = page.get_size()
        seen = [o.get_bounds() for o in page.get_objects()]
    assert (round(wide), round(high)) == {
        "carta": (612, 792), "a4": (595, 842), "oficio": (612, 935)
    }[sheet]  # fmt: skip
    assert not [
        b for b in seen if b[2] > x0 and b[0] < x1 and b[3] > high - y1 and b[1] < high - y0
    ]
    facts = paper.Facts("E", "2026-VU1-S-000001", "—", "—", "1", "0", "140", "a" * 64)
    stamped = paper.stamp(data, facts, (x0, y0, x1, y1))
    assert pdfa.findings(stamped) == []
    with pikepdf.open(io.BytesIO(stamped)) as pdf:
        assert float(pdf.pages[0].mediabox[3]) == pytest.approx(high, abs=0.1)


@pytest.mark.parametrize("count", range(1, 46, 4))
def test_a_signature_never_stands_alone(count: int) -> None:
    body = "\n\n".join(f"Párrafo {n}. {LONG * 2}" for n in range(count))
    *_, last = pages_of(letter(body))
    before = last.split("Atentamente,")[0]
    assert "Marcela Quintero Vela" in last
    assert "calzada" in before or len(pages_of(letter(body))) == 1


def test_text_in_several_faces_is_copied_whole_justified_or_not() -> None:
    body = (
        "<h1>Título</h1><p>Con <b>negri</b>lla, <i>cursiva ñ</i> y\n <b>dos</b> &lt;más&gt;.<br>"
        f"Otra línea.</p><ul><li>Uno<ul><li>Dentro</li></ul></li><li>Dos</li></ul><ol><li>Primero"
        f""
        f"<li>Segundo</ol><blockquote>Cita {LONG * 5}</blockquote><table><tr><th>Concepto<th>Valor"
        "</tr><tr><td>Predial</td><td>$ 1.250</td></tr><tr><td>Solo</td></table>"
    )
    for even in (False, True):
        office = msgspec.structs.replace(SETTINGS, cartas=Letters(justificado=even))
        said = lines_of(letter(body, "html", office=office))
        for line in (
            "Título", "Con negrilla, cursiva ñ y dos <más>.", "Otra línea.", "• Uno", "• Dentro",
            "1. Primero", "2. Segundo", "Concepto Valor", "Predial $ 1.250",
        ):  # fmt: skip
            assert any(line in one for one in said), line
        assert LONG.strip() in " ".join(said)


def test_a_value_brings_neither_markup_nor_a_field() -> None:
    hostile = "<script>alert(1)</script> {{clave}} & <b>x</b>\nsegunda ) Tj ET"
    for kind, body in (("texto", "Dice: {{dato}}"), ("html", "<p>Dice: {{dato}}</p>")):
        said = " ".join(lines_of(letter(body, kind, dato=hostile)))
        assert "<script>alert(1)</script> {{clave}} & <b>x</b> segunda ) Tj ET" in said


@pytest.mark.parametrize(
    "body",
    ["<img src='http://x/y.png'>", "<p>a</p><script>1</script>", "<iframe src=x></iframe>", "<hr>",
     "<style>p{}</style>", "<table><tr><td><table></table></td></tr></table>", "<svg/>",
     "<link rel=x>", "<form><input></form>", "<table>suelto</table>"],
)  # fmt: skip
def test_html_that_can_stand_in_no_letter_is_refused_by_name(body: str) -> None:
    with pytest.raises(Refused, match="línea 1") as caught:
        letter(body, "html")
    assert caught.value.codigo == "plantilla_invalida"


@pytest.mark.parametrize(
    "body",
    ["", "<p>", "</p></b></table>", "<b>sin cerrar", "<li>solo", "&#0;&bogus;", "<!-- x -->"],
)
def test_odd_html_is_set_as_browsers_would(body: str) -> None:
    assert pdfa.findings(letter(body, "html")) == []


def test_fields_are_found_as_people_write_them() -> None:
    text = "{{ Dirección }} {{fecha oficio}} {{AÑO}} {{direccion}} {{telefono?}}"
    assert templates.fields_of(text) == ["direccion", "fecha_oficio", "año", "telefono"]
    values = {"direccion": "Calle 1", "Fecha Oficio": "hoy", "año": "2026"}
    assert templates.fill(text, values) == "Calle 1 hoy 2026 Calle 1 "


@pytest.mark.parametrize("text", ["{{nombre}", "nombre}}", "{{a\nb{{c}}", "{{}}x{{", "{{1x}}"])
def test_braces_that_are_no_field_are_told(text: str) -> None:
    with pytest.raises(Refused) as caught:
        templates.fields_of(text)
    assert caught.value.codigo == "plantilla_invalida"


def test_a_field_without_a_value_is_told_with_those_there_are() -> None:
    with pytest.raises(Refused, match="«cedula», «oficio»") as caught:
        letter("{{cedula}} {{oficio}} {{radicado}}")
    assert "radicado" in caught.value.consejo and "--campo cedula=…" in caught.value.consejo


def test_a_head_says_the_parts_and_an_unknown_one_is_refused() -> None:
    text = "saludo: Apreciada {{remitente}}:\ndestinatario: Oficina\n  Calle 2\n---\nCuerpo."
    said = lines_of(letter(text))
    assert said.index("Oficina") + 1 == said.index("Calle 2")
    assert "Apreciada José Muñoz de la Peña:" in said and "José Muñoz de la Peña" not in said
    with pytest.raises(Refused, match="posdata"):
        letter("posdata: x\n---\nCuerpo.")


def test_the_same_input_gives_the_same_bytes_and_says_what_it_is() -> None:
    assert letter() == letter()
    with pikepdf.open(io.BytesIO(letter())) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Vía al Peñón"
        assert str(pdf.docinfo["/Author"]) == SETTINGS.entidad.nombre
        assert pdf.Root.Lang == "es-CO"


def test_plain_text_keeps_its_lines_and_its_items() -> None:
    blocks = markup.from_text("Uno\ndos\n\n- a\n- b\n1. c\nfin\n\n\n")
    said = [("".join(r.text for r in b.runs), b.marker) for b in blocks]
    assert said == [("Uno\ndos", ""), ("a", "•"), ("b", "•"), ("c", "1."), ("fin", "")]


def test_old_editors_files_are_read() -> None:
    for codec in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        assert templates.decode("Señor\r\nÁ".encode(codec), "x.txt") == "Señor\nÁ"
    with pytest.raises(Refused, match="no es texto"):
        templates.decode(b"PK\x03\x04\0\0", "x.txt")
