"""The form is filled from what the letter says, and left empty where it says nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.fields import suggest
from ingest.lectura import Pagina, Palabra
from ingest.letter import plain
from ingest.signs import mend

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
        ("Calle 10 ++ 23-45", "Calle 10 # 23-45"),
        ("Carrera 80 Bis 4 64-24", "Carrera 80 Bis # 64-24"),
        ("Correo: carteraQejemplo.com", "Correo: cartera@ejemplo.com"),
        ("Correo: juzgado02(Wejemplo.com,", "Correo: juzgado02@ejemplo.com,"),
        ("Argúello y Gúiza", "Argüello y Güiza"),
        ("la Ley 10 - 23-45", "la Ley 10 - 23-45"),
        ("www.ejemplo.com", "www.ejemplo.com"),
        ("Calle 10 con 23-45", "Calle 10 con 23-45"),
    ],
)
def test_signs_that_the_model_lacks_are_put_back(read: str, meant: str) -> None:
    assert " ".join(w.texto for w in mend(page(read).palabras)) == meant


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
    assert plain(found["asunto"].valor) == plain(truth["asunto"]).replace("–", "-")
    for name in ("cedula", "nit"):
        if name in truth:
            assert found[name].valor == truth[name]
