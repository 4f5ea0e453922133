"""The índice electrónico: what is written is what is read back, and nothing else passes for one."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from records.errors import Damaged, Refused
from retention import indice
from retention.indice import Header, Item
from retention.xmltext import holdable
from tests.conftest import ROOT

AT = "2026-03-02T09:15:00.250-05:00"
HEADER = Header(
    entidad="Alcaldía Municipal de San Jacinto del Río",
    expediente="EXP-2026-000012",
    nombre="Contrato 012 de 2026: acueducto <veredal> & «Ñame»",
    serie="120.31.02",
    nombre_serie="Contratos",
    trd="2025-1",
    fecha_apertura="2026-01-05T08:00:00-05:00",
    fecha_cierre="2026-11-20T16:30:00-05:00",
)


def item(orden: int, pages: tuple[int, int] | None, **more: object) -> Item:
    first, last = pages or (None, None)
    values: dict[str, object] = {
        "id": f"2026-VU1-E-{orden:06d}/1",
        "nombre": f"Oficio n.º {orden}",
        "tipologia": "Comunicación oficial",
        "creado": AT,
        "incorporado": AT,
        "huella": f"{orden:x}".rjust(64, "a"),
        "orden": orden,
        "pagina_inicio": first,
        "pagina_fin": last,
        "formato": "PDF/A-2b",
        "tamano": 40_000 + orden,
        "origen": "Digitalizado",
    }
    return Item(**(values | more))  # type: ignore[arg-type]


ITEMS = [
    item(1, (1, 3)),
    item(2, None, nombre="Audiencia.ogg", formato="OGG", origen="Electrónico"),
    item(3, (4, 4)),
]
XML = indice.build(HEADER, ITEMS)


def test_the_index_has_the_names_and_the_order_that_others_read() -> None:
    root = etree.fromstring(XML)
    assert XML.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert root.tag == "TipoDocumentoFoliado"
    assert root.nsmap == {"xsi": "http://www.w3.org/2001/XMLSchema-instance"}
    assert [[child.tag for child in node] for node in root] == [
        [
            "Id", "Nombre_Documento", "Tipologia_Documental", "Fecha_Creacion_Documento",
            "Fecha_Incorporacion_Expediente", "Valor_Huella", "Funcion_Resumen",
            "Orden_Documento_Expediente", "Pagina_Inicio", "Pagina_Fin", "Formato", "Tamano",
            "Origen",
        ]
    ] * 3  # fmt: skip
    assert root.findtext("DocumentoIndizado/Funcion_Resumen") == "SHA-256"
    assert [n.text for n in root.iter("Pagina_Inicio", "Pagina_Fin")] == list("130044")
    assert root.get("Nombre_Expediente") == HEADER.nombre


def test_what_was_written_is_read_back_and_twice_the_same() -> None:
    assert indice.rows_of(XML) == ITEMS
    assert indice.header_of(XML) == HEADER
    program = (
        "import sys; sys.path[:0] = [sys.argv[1]]; from tests.retention import test_indice as t;"
        "sys.stdout.buffer.write(t.XML)"
    )
    again = subprocess.run(
        [sys.executable, "-c", program, str(ROOT)],
        check=True,
        capture_output=True,
        env={"PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)},
    )
    assert again.stdout == XML


def test_an_expediente_without_documents_has_an_index() -> None:
    assert indice.rows_of(indice.build(HEADER, [])) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ([item(1, (1, 2)), item(3, (3, 3))], "su orden es 3"),
        ([item(2, (1, 2))], "su orden es 2"),
        ([item(1, (2, 3))], "empieza en la página 2, y sigue la 1"),
        ([item(1, (1, 3)), item(2, (3, 4))], "empieza en la página 3, y sigue la 4"),
        ([item(1, (1, 3)), item(2, (5, 6))], "empieza en la página 5, y sigue la 4"),
        ([item(1, (1, 0))], "antes de donde empieza"),
        ([item(1, None, pagina_inicio=1)], "solo una de sus dos páginas"),
        ([item(1, None, huella="A" * 64)], "huella"),
        ([item(1, None, huella="a" * 63)], "huella"),
        ([item(1, None, creado="2026-03-02")], "Fecha_Creacion_Documento"),
        ([item(1, None, creado="2026-13-02T09:15:00-05:00")], "Fecha_Creacion_Documento"),
        ([item(1, None, incorporado="2026-03-02T14:15:00Z")], "Fecha_Incorporacion_Expediente"),
        ([item(1, None, nombre=" \n")], "falta Nombre_Documento"),
        ([item(1, None, tipologia="")], "falta Tipologia_Documental"),
        ([item(1, None, tamano=-1)], "tamaño"),
        ([item(1, None, origen="Papel")], "origen"),
        ([item(1, None), item(2, None, id="2026-VU1-E-000001/1")], "ya lo tiene otro"),
    ],
)
def test_what_breaks_a_rule_is_not_written(changed: list[Item], said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        indice.build(HEADER, changed)


def test_a_header_that_says_nothing_is_not_written() -> None:
    for header in (
        Header(entidad="", expediente="E", nombre="N", serie="1"),
        Header(entidad="A", expediente="E", nombre="N", serie="1", fecha_cierre="ayer"),
    ):
        with pytest.raises(Refused):
            indice.build(header, ITEMS)


DOCUMENT = "<DocumentoIndizado>"
TEXT = XML.decode()


def broken(old: str, new: str, count: int = 1) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new, count).encode()


BAD = {
    "another root": TEXT.replace("TipoDocumentoFoliado", "tipoIndiceContenido").encode(),
    "a namespace": broken("<TipoDocumentoFoliado ", '<TipoDocumentoFoliado xmlns="urn:x" '),
    "no number": broken(' Numero_Expediente="EXP-2026-000012"', ""),
    "an attribute more": broken(" Entidad=", ' Otro="1" Entidad='),
    "two swapped": broken("<Id>2026-VU1-E-000001/1</Id>", "").replace(
        b"</Nombre_Documento>", b"</Nombre_Documento><Id>x</Id>", 1
    ),
    "one left out": broken("<Formato>PDF/A-2b</Formato>", ""),
    "one twice": broken("<Formato>PDF/A-2b</Formato>", "<Formato>P</Formato><Formato>P</Formato>"),
    "one more": broken("</Origen>", "</Origen><Nota>x</Nota>"),
    "misspelt": TEXT.replace("Tamano", "Tamaño").encode(),
    "another digest": broken("SHA-256", "MD5"),
    "a short hash": broken("a" * 63, "a" * 62),
    "a hash in capitals": broken("a" * 63, "A" * 63),
    "a size with its unit": broken("<Tamano>40001</Tamano>", "<Tamano>40 KB</Tamano>"),
    "a size that no machine holds": broken("40001", "9" * 5000),
    "a negative page": broken("<Pagina_Inicio>1<", "<Pagina_Inicio>-1<"),
    "pages that jump": broken("<Pagina_Inicio>4<", "<Pagina_Inicio>5<").replace(
        b"<Pagina_Fin>4<", b"<Pagina_Fin>5<"
    ),
    "an order that jumps": broken(">3</Orden_", ">4</Orden_"),
    "an order twice": broken(">3</Orden_", ">2</Orden_"),
    "an id twice": broken("000003/1<", "000001/1<"),
    "an hour without its zone": broken(AT, AT.removesuffix("-05:00")),
    "an hour of elsewhere": broken(AT, AT.replace("-05:00", "+01:00")),
    "another origin": broken("Digitalizado", "Papel"),
    "an empty text": broken(">Oficio n.º 1<", "> <"),
    "loose text": broken(DOCUMENT, f"hola {DOCUMENT}"),
    "a comment": broken("Oficio n.º 1", "Oficio<!-- x --> n.º 1"),
    "an instruction": broken(DOCUMENT, f"<?x y?>{DOCUMENT}"),
    "a DTD": b"<!DOCTYPE TipoDocumentoFoliado>" + XML.partition(b"?>")[2],
    "an entity": b'<!DOCTYPE TipoDocumentoFoliado [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    + XML.partition(b"?>")[2].replace(b"Audiencia.ogg", b"&e;"),
    "an undefined entity": broken("Audiencia.ogg", "&e;"),
    "a schema of its own": broken(
        " Version_Indice", ' xsi:noNamespaceSchemaLocation="file:///x.xsd" Version_Indice'
    ),
    "a signature of another sort": broken(
        "</TipoDocumentoFoliado>",
        '<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/></TipoDocumentoFoliado>',
    ),
    "a document within a document": broken("</Origen>", f"</Origen>{DOCUMENT}</DocumentoIndizado>"),
    "said to be UTF-7": broken("encoding='UTF-8'", "encoding='UTF-7'"),
    "said to be Latin-1": broken("encoding='UTF-8'", 'encoding = "ISO-8859-1"'),
    "UTF-16": TEXT.partition("?>")[2].encode("utf-16"),
    "a DTD in UTF-16": ("<!DOCTYPE x>" + TEXT.partition("?>")[2]).encode("utf-16"),
    "cut short": XML[: len(XML) // 2],
    "nothing": b"",
    "something else": b"%PDF-1.7",
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_no_other_xml_passes_for_an_index(name: str) -> None:
    with pytest.raises(Damaged) as refused:
        indice.rows_of(BAD[name])
    assert refused.value.mensaje.startswith("El índice electrónico no vale: ")


def test_a_huge_file_is_refused_unread() -> None:
    with pytest.raises(Damaged, match="16 MB"):
        indice.rows_of(XML + b" " * indice.MAX_BYTES)


def test_what_xml_cannot_hold_is_shown_and_counted() -> None:
    odd = "nul\x00 campana\x07 esc\x1b[31m \ufffe \ud800 fin"
    assert holdable(odd) == ("nul␀ campana␇ esc␛[31m � � fin", 5)
    xml = indice.build(HEADER, [item(1, (1, 1), nombre=odd)])
    assert b'Caracteres_Sustituidos="5"' in xml
    assert indice.rows_of(xml)[0].nombre == holdable(odd)[0]
    assert b"Caracteres_Sustituidos" not in XML


@settings(max_examples=60)
@given(st.text(min_size=1).filter(lambda text: text.strip() and not holdable(text)[1]))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    header = Header(entidad=text, expediente=text, nombre=text, serie=text)
    items = [item(1, (1, 1), nombre=text, tipologia=text, formato=text, id=text)]
    xml = indice.build(header, items)
    assert indice.rows_of(xml) == items
    assert indice.header_of(xml) == header


def test_the_schema_that_is_published_is_the_one_in_use() -> None:
    published = ROOT / "docs" / "format" / indice.SCHEMA
    assert published.read_bytes() == indice.schema_text()
