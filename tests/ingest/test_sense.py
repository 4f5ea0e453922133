"""Text that a PDF brings is believed or not by what it looks like."""

from __future__ import annotations

import unicodedata

import pytest

from ingest.sense import garbled, poorly_read
from tests.ingest.conftest import LETTER

ENGLISH = """The council has received the request of the neighbours and will answer in the next
fifteen days, as it is the law for all of those that have asked for this, in writing or by phone."""
TABLE = """Ítem Código Descripción Cantidad Valor unitario Valor total
1 A-4402 Cemento gris 50 kg 120 28.500 3.420.000
2 B-0071 Varilla corrugada 1/2 300 21.900 6.570.000
3 C-1180 Arena lavada m3 14 95.000 1.330.000
Subtotal IVA Retención Total factura electrónica Bogotá Medellín"""
LETTERHEAD = """Personería Municipal Tunja Boyacá Carrera 9 19-68 Teléfono 7424567
personeria@tunja.gov.co www.personeriatunja.gov.co NIT 891855222-1
Código Postal 150001 Horario Lunes Viernes"""


def shifted(text: str, by: int) -> str:
    """What a font whose codes are not letters gives: each letter another sign."""
    return "".join(chr(max(33, ord(c) - by)) if c > " " else c for c in text)


def bare(text: str) -> str:
    """Spanish as read with the model of another language: no accents, no ñ."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize(
    "text", [LETTER, ENGLISH, TABLE, LETTERHEAD, "Anexo 1", "", "安徽省 用地 2020 年版 " * 20]
)
def test_text_is_not_taken_for_garbage(text: str) -> None:
    assert not garbled(text)


@pytest.mark.parametrize("by", [3, 29])
def test_codes_in_the_place_of_letters_are_garbage(by: int) -> None:
    assert garbled(shifted(LETTER, by))


def test_a_good_reading_of_a_scan_is_kept() -> None:
    assert not poorly_read(LETTER * 2)
    assert not poorly_read(ENGLISH * 2)


def test_a_bad_reading_of_a_scan_is_not() -> None:
    assert poorly_read(bare(LETTER) * 2)  # by a scanner set to English
    assert poorly_read("rn|i dc lo5 qve ~~ cl dcspocho; Ia scfiora _ pidc , cn cI c4so ncgodo" * 3)
    spoilt = (LETTER * 3).replace("Peñón", "P{ñón").replace("Tunja", "T}nja")
    assert poorly_read(spoilt)  # a letter in thirty stands in such a word
    assert poorly_read("Página 1")  # a scanner's stamp is no reading of the page
