"""The form is filled from what the letter says, and left empty where it says nothing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.digits import check_digit, dotted, mended, nit_holds
from ingest.fields import kinds, suggest
from ingest.fields.dates import MONTHS as MONTH_NAMES
from ingest.fields.dates import dates
from ingest.fields.identity import documents
from ingest.fields.subject import EN_DASH
from ingest.fields.towns import _table, town_of
from ingest.lectura import Pagina, Palabra
from ingest.letter import plain
from ingest.signs import mend
from records import norms
from records.fields import PRIORITIES

if TYPE_CHECKING:
    from ingest.lectura import Campo
    from ingest.reader import Reader

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"


def page(text: str, confidence: int = 95) -> Pagina:
    """A page of 12-point lines as OCR would give it."""
    words = []
    for number, line in enumerate(text.splitlines()):
        x = 72.0
        for word in line.split():
            width = 6.0 * len(word)
            box = (x, 72.0 + 16 * number, x + width, 84.0 + 16 * number)
            words.append(Palabra(word, confidence, box, number))
            x += width + 6
    return Pagina(612, 792, text, confidence, 0, False, words)


def fields(text: str) -> dict[str, str]:
    """The suggested values."""
    return {name: field.valor for name, field in suggest([page(text)]).items()}


LETTER = """FERRETERÍA EL TORNILLO S.A.S.
NIT 814.799.402-1
Chiquinquirá, 4 de noviembre de 2026
Oficio No. 2026-0718
Doctora
ALCALDÍA MUNICIPAL DE TUNJA
Secretaría de Hacienda
Calle 45 # 78-77
Asunto: Solicitud de pago de la factura FE-1187 por el suministro de tubería
y de cemento
Respetada doctora:
Solicito el pago, según el contrato con Pedro Pérez Gil, C.C. 11.111.111 de Tunja.
Atentamente,
~ Ar
Jhon Fredy Ibáñez Sagüí
C.C. 1.054.678.321 de Tunja
Representante legal
Avenida 4 # 12-08, local 3
Celular 318 555 0126
Correo: cartera@ejemplo.com
Anexos: tres (3) folios"""


def test_a_letter_fills_the_form() -> None:
    assert fields(LETTER) == {
        "remitente": "Jhon Fredy Ibáñez Sagüí",
        "entidad": "FERRETERÍA EL TORNILLO S.A.S.",
        "tipo_documento": "CC",
        "cedula": "1.054.678.321",
        "nit": "814.799.402-1",
        "direccion": "Avenida 4 # 12-08, local 3",
        "municipio": "Chiquinquirá",
        "correo": "cartera@ejemplo.com",
        "telefono": "318 555 0126",
        "asunto": "Solicitud de pago de la factura FE-1187 por el suministro de tubería "
        "y de cemento",
        "fecha": "2026-11-04",
        "oficio": "2026-0718",
        "destinatario": "Secretaría de Hacienda",
        "anexos": "tres (3) folios",
        "folios": "3",
        "tipo": "peticion",
        "canal": "fisico",
    }


def test_nothing_is_invented_for_an_empty_page() -> None:
    assert suggest([page("")]) == {}
    assert set(fields("Lista de mercado\npapa\nyuca")) <= {"canal"}


def test_the_addressee_is_never_the_sender() -> None:
    text = "Tunja, 3 de marzo de 2026\nSeñor\nPedro Pérez Gil\nCiudad\nCordial saludo:\nGracias."
    found = fields(text)
    assert "remitente" not in found
    assert found["destinatario"] == "Pedro Pérez Gil"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Tunja, 12 de noviembre de 2026", "2026-11-12"),
        ("Tunja, 1 de setiembre del 2025", "2025-09-01"),
        ("Tunja, noviembre 3 de 2026", "2026-11-03"),
        ("Fecha: 05/02/2026", "2026-02-05"),
        ("Tunja, 12 de novlembre de 2026", "2026-11-12"),
        ("Tunja, 25 de julio de 2022", "2022-07-25"),
        ("Tunja, 25 de junio de 2022", "2022-06-25"),
    ],
)
def test_dates_are_read_as_colombia_writes_them(written: str, iso: str) -> None:
    assert fields(written + "\nSeñores\nALCALDÍA\nCordial saludo:")["fecha"] == iso


def test_an_impossible_date_is_no_date() -> None:
    assert "fecha" not in fields("Tunja, 31 de febrero de 2026\nSeñores\nALCALDÍA")
    assert "fecha" not in fields("Tunja, 3 de juaio de 2026\nSeñores\nALCALDÍA")


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Queja por la falta de alumbrado", "queja"),
        ("Reclamo por el cobro del predial", "reclamo"),
        ("Derecho de petición de documentos - copia del expediente", "documentos"),
        ("Consulta sobre el uso del suelo", "consulta"),
        ("Denuncia por ocupación del espacio público", "denuncia"),
        ("Acción de tutela 2026-00231", "tutela"),
        ("Recurso de reposición contra la Resolución 15", "recurso"),
        ("Sugerencia para la atención", "sugerencia"),
        ("Solicitud de poda de un árbol", "peticion"),
    ],
)
def test_the_kind_follows_the_words_of_the_subject(subject: str, kind: str) -> None:
    assert fields(f"Tunja\nSeñores\nALCALDÍA\nAsunto: {subject}\nCordial saludo:")["tipo"] == kind


def test_a_fax_header_tells_the_channel_and_not_the_date() -> None:
    header = "FAX 18/08/2026 12:24 DE: 606 8767347 P.01/03"
    found = fields(f"{header}\nTunja, 2 de mayo de 2026\nSeñores\nAlcaldía")
    assert found["canal"] == "fax"
    assert found["fecha"] == "2026-05-02"


def test_doubtful_words_make_a_doubtful_field() -> None:
    sure, doubtful = suggest([page(LETTER, 96)]), suggest([page(LETTER, 40)])
    assert sure["asunto"].confianza > 85
    assert doubtful["asunto"].confianza < 50
    box = sure["cedula"].caja
    assert box is not None
    assert box[1] == 72.0 + 16 * 15


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Correo: carteraQejemplo.com", "Correo: cartera@ejemplo.com"),
        ("Correo: juzgado02(Wejemplo.com,", "Correo: juzgado02@ejemplo.com,"),
        ("Argúello y Gúiza", "Argüello y Güiza"),
        ("www.ejemplo.com", "www.ejemplo.com"),
    ],
)
def test_signs_that_the_model_lacks_are_put_back(read: str, meant: str) -> None:
    assert " ".join(w.texto for w in mend(page(read).palabras)) == meant


# -- dates, numbers, places, in all their spellings ----------------------------------------------

DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31))
FORMS = (
    "{d} de {m} de {y}",
    "{d:02} de {m} del {y}",
    "{d} de {m} del año {y}",
    "{d} de {M} de {y}",
    "{m} {d} de {y}",
    "{m} {d}, {y}",
    "a los ({d}) días del mes de {m} de {y}",
    "{d}/{n}/{y}",
    "{d:02}-{n:02}-{y}",
    "{d:02}.{n:02}.{y}",
    "{y}-{n:02}-{d:02}",
    "{y}/{n:02}/{d:02}",
    "{d}-{a}-{y}",
    "{d:02} {A} {y}",
)


@given(DAYS, st.sampled_from(FORMS))
def test_a_day_is_read_in_any_of_its_forms(day: dt.date, form: str) -> None:
    month = MONTH_NAMES[day.month - 1]
    text = form.format(
        d=day.day,
        n=day.month,
        y=day.year,
        m=month,
        M=month.upper(),
        a=month[:3],
        A=month[:3].upper(),
    )
    assert [d.value for d in dates(plain(text))] == [day.isoformat()]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("diecinueve (19) de enero de dos mil veintiséis (2026)", "2026-01-19"),
        ("diecinueve de enero de dos mil veintiséis", "2026-01-19"),
        ("abril veintidós (22) de dos mil veintiséis (2026)", "2026-04-22"),
        ("1º de mayo de 2026", "2026-05-01"),
        ("13 de marzo de 2.026", "2026-03-13"),
        ("3-V-2026", "2026-05-03"),
        ("l7 de jun¡o de 2O26", "2026-06-17"),
        ("3O de 0ctubre de 2026", "2026-10-30"),
        ("03/05/26", "2026-05-03"),
        ("5 de setembre de 2026", "2026-09-05"),
    ],
)
def test_odd_and_damaged_dates(written: str, iso: str) -> None:
    assert [d.value for d in dates(plain(mended(written)))] == [iso]


def test_what_is_no_day_is_no_date() -> None:
    for text in (
        "32 de mayo de 2026",
        "29/02/2025",
        "12.345.678",
        "3 de mayo",
        "2026-13-01",
        "99999999 de 9999999999 de 9999",
    ):
        assert list(dates(text)) == []


LOOKS = {"0": "Oo", "1": "lI|", "5": "S"}


@given(st.integers(10_000_000, 1_199_999_999), st.randoms(use_true_random=False))
def test_letters_among_the_figures_of_a_cedula_are_figures(number: int, random: object) -> None:
    from random import Random

    assert isinstance(random, Random)
    written = dotted(str(number))
    at = [i for i, c in enumerate(written) if c in LOOKS]
    harmed = list(written)
    for i in random.sample(at, min(len(at), 2)):
        harmed[i] = random.choice(LOOKS[written[i]])
    found = documents(plain(mended(f"C.C. {''.join(harmed)} de Tunja")))
    assert [(d.kind.codigo, d.number) for d in found] == [("CC", written)]


@pytest.mark.parametrize(
    ("written", "kind", "number"),
    [
        ("C.C. 51.234.567 de Tunja", "CC", "51.234.567"),
        ("cc 29871203", "CC", "29.871.203"),
        ("C .C. 93.4l2.56O de lbagué", "CC", "93.412.560"),
        ("C. de C. 16.482.337", "CC", "16.482.337"),
        ("€.€. 1.054.678.321", "CC", "1.054.678.321"),
        ("cédula de ciudadanía número 55.178.903 de Neiva", "CC", "55.178.903"),
        ("C.E. No. 298.411", "CE", "298.411"),
        ("cédula de extranjería 456789", "CE", "456.789"),
        ("T.I. 1.104.545.118", "TI", "1.104.545.118"),
        ("Pasaporte AV 552310", "PA", "AV552310"),
        ("Permiso por Protección Temporal PPT 4.887.120", "PPT", "4.887.120"),
        ("PEP 912345678901234", "PEP", "912345678901234"),
        ("C.C. 008.244.210", "CC", "1.008.244.210"),
    ],
)
def test_documents_of_every_kind(written: str, kind: str, number: str) -> None:
    assert [(d.kind.codigo, d.number) for d in documents(plain(mended(written)))] == [
        (kind, number)
    ]


@given(st.integers(100_000_000, 999_999_999))
def test_one_check_digit_in_ten_fits_a_nit(number: int) -> None:
    fits = [d for d in range(10) if nit_holds(f"{dotted(str(number))}-{d}")]
    assert fits == [check_digit(str(number))]
    assert nit_holds(dotted(str(number))) is None


def test_known_check_digits() -> None:
    # Published by the DIAN and by the entities themselves.
    for nit in ("800.197.268-4", "899.999.090-2", "860.034.313-7", "890.903.938-8"):
        assert nit_holds(nit)


def test_a_wrong_check_digit_makes_a_nit_unsure_and_keeps_it() -> None:
    right, wrong = (
        suggest([page(LETTER.replace("814.799.402-1", n))])["nit"]
        for n in (f"814.799.402-{check_digit('814799402')}", "814.799.402-0")
    )
    assert wrong.valor == "814.799.402-0"
    assert wrong.confianza < 90 <= right.confianza


def test_a_companys_nit_with_a_misread_first_figure_is_mended() -> None:
    check = check_digit("814799402")
    found = suggest([page(LETTER.replace("814.799.402-1", f"314.799.402-{check}"))])["nit"]
    assert (found.valor, found.confianza < 90) == (f"814.799.402-{check}", True)


def test_the_list_of_municipalities_is_whole() -> None:
    names = [n for of in _table().values() for n in of.split(",")]
    assert (len(_table()), len(names)) == (33, 1122)
    assert all(n.strip() == " ".join(n.split()) for n in names)


@pytest.mark.parametrize(
    ("written", "name", "department"),
    [
        ("Ibagué", "Ibagué", ""),
        ("lbagué", "Ibagué", ""),
        ("IBAGUE", "Ibagué", ""),
        ("Túquerres, Nariño", "Túquerres", "Nariño"),
        ("Soledad (Atlántico)", "Soledad", "Atlántico"),
        ("Neiva - Huila", "Neiva", "Huila"),
        ("ovejas sucre", "Ovejas", "Sucre"),
        ("Bogotá, D.C.", "Bogotá D.C.", ""),
        ("Santa Marta D.T.C.H.", "Santa Marta", ""),
        ("Cartagena de Indias D. T. y C.", "Cartagena de Indias", ""),
        ("Buga", "Buga", ""),
        ("Buenaventura (Valle)", "Buenaventura", "Valle del Cauca"),
    ],
)
def test_municipalities_as_letters_name_them(written: str, name: str, department: str) -> None:
    found = town_of(written)
    assert found is not None
    assert (found.name, found.department) == (name, department)


def test_a_place_that_the_list_does_not_know_is_told_less_surely() -> None:
    assert town_of("San Jacinto del Río") is None
    known, unknown = (
        suggest([page(f"{t}, 3 de mayo de 2026\nSeñores\nALCALDÍA\nCordial saludo:")])["municipio"]
        for t in ("San Jacinto", "San Jacinto del Río")
    )
    assert unknown.valor == "San Jacinto del Río"
    assert unknown.confianza < 90 <= known.confianza


def test_a_misread_town_is_the_one_that_can_be_meant() -> None:
    text = "Manlzaies, 3 de mayo de 2026\nSeñores\nALCALDÍA\nCordial saludo:"
    assert suggest([page(text, 70)])["municipio"].valor == "Manizales"
    # What was read for sure is not bent to a name of the list: it may be another place.
    assert (
        suggest([page(text.replace("Manlzaies", "Villa Clara"), 100)])["municipio"].valor
        == "Villa Clara"
    )


# -- priority -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "grounds"),
    [
        ("Mi hijo menor de edad no tiene cupo escolar.", "ninos"),
        ("Tengo siete meses de embarazo y no me atienden.", "gestante"),
        ("Soy una persona con discapacidad y uso silla de ruedas.", "discapacidad"),
        ("Soy adulto mayor y vivo solo.", "mayor"),
        ("La pared amenaza ruina y pone en peligro la vida de todos.", "vida_salud"),
        ("En mi calidad de periodista pido los contratos.", "periodista"),
        ("Soy una señora de 71 años con un nieto menor de edad.", "ninos, mayor"),
        ("Los documentos no pueden ser de fecha mayor a treinta días.", None),
        ("Soy mayor de edad y vecino de Tunja.", None),
        ("La Secretaría de Salud Municipal no contestó.", None),
    ],
)
def test_a_ground_of_priority_is_told_with_its_sentence(sentence: str, grounds: str | None) -> None:
    text = (
        "Tunja, 3 de mayo de 2026\nSeñores\nALCALDÍA\nAsunto: Visita\nCordial saludo:\n"
        f"Escribo por lo siguiente, que ya conté antes.\n{sentence}\nGracias.\nAtentamente,"
    )
    found = suggest([page(text)]).get("prioridad")
    assert (found.valor if found else None) == grounds
    if found is not None:
        assert found.confianza >= 90
        assert found.caja is not None
        assert (found.caja[1], found.caja[3]) == (72.0 + 16 * 6, 84.0 + 16 * 6)


def test_a_ground_that_is_only_mentioned_is_doubtful() -> None:
    text = "Asunto: Programa para adolescentes\nCordial saludo:\nSolicito copia del programa."
    found = suggest([page(f"Señores\nALCALDÍA\n{text}")])["prioridad"]
    assert (found.valor, found.confianza < 80) == ("ninos", True)


def test_every_ground_has_its_norm() -> None:
    held = [ground for ground, *_ in kinds.grounds()]
    assert tuple(g.codigo for g in held) == PRIORITIES
    assert all(norms.find(g.norma) for g in held)


SIGNED = "Tunja, 3 de mayo de 2026\nSeñores\nALCALDÍA\nCordial saludo:\nGracias.\nAtentamente,"


@pytest.mark.parametrize(
    ("read", "meant", "sure"),
    [
        ("LUlS EDUARDO RANGEL", "LUIS EDUARDO RANGEL", True),
        ("Clara inés Jaramillo", "Clara Inés Jaramillo", True),
        ("José Ignacio Jaramillo Munoz", "José Ignacio Jaramillo Muñoz", False),
        ("JORGEHERNÁN GRISALES OSPINA", "JORGE HERNÁN GRISALES OSPINA", False),
        ("Julio Cesar Vargas", "Julio Cesar Vargas", False),
        ("Wílmar Arbeláez Ñáñez", "Wílmar Arbeláez Ñáñez", True),
    ],
)
def test_names_as_an_engine_misreads_them(read: str, meant: str, sure: bool) -> None:
    found = suggest([page(f"{SIGNED}\n{read}\nC.C. 51.234.567", 97)])["remitente"]
    assert (found.valor, found.confianza >= 90) == (meant, sure)


def test_a_digital_letter_keeps_the_spelling_of_its_names() -> None:
    found = suggest([page(f"{SIGNED}\nJose Munoz Cesar\nC.C. 51.234.567", 100)])["remitente"]
    assert (found.valor, found.confianza >= 90) == ("Jose Munoz Cesar", True)


# -- what engines do to signs ---------------------------------------------------------------------


def test_a_dash_is_told_from_a_hyphen_by_its_width() -> None:
    """Engines write both as they like; on paper a dash is twice as wide."""

    def subject(width: float) -> str:
        made = page("Señores\nALCALDÍA\nAsunto: Derecho de petición - copias\nCordial saludo:")
        words = [
            Palabra("—", 80, (w.caja[0], w.caja[1], w.caja[0] + width, w.caja[3]), w.linea)
            if w.texto == "-"
            else w
            for w in made.palabras
        ]
        return suggest([Pagina(612, 792, made.texto, 90, 0, False, words)])["asunto"].valor

    assert subject(12 * EN_DASH + 1) == "Derecho de petición – copias"
    assert subject(12 * EN_DASH - 1) == "Derecho de petición - copias"


def _iso(text: str) -> str:
    day, month, year = text.split(" de ")
    return f"{year}-{MONTHS.split().index(month) + 1:02d}-{int(day):02d}"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="el corpus de cartas no está en esta copia")
@pytest.mark.parametrize("name", ["clean200bw/02.tif", "faxfine/03.tif", "noisy/02.jpg"])
def test_letters_of_the_corpus_give_their_fields(reader: Reader, name: str) -> None:
    path = CORPUS / name
    truth = json.loads(path.with_suffix(".json").read_text())["fields"]
    found: dict[str, Campo] = reader.read(path)[0].campos
    assert found["fecha"].valor == _iso(truth["fecha"])
    assert plain(found["remitente"].valor) == plain(truth["nombre"])
    assert found["asunto"].valor == truth["asunto"]
    for name in ("cedula", "nit"):
        if name in truth:
            assert found[name].valor == truth[name]
