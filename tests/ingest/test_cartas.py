"""Letters of many styles say their fields, whatever the order in which columns are read."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.fields import suggest
from ingest.letter import plain
from tests.ingest.cartas import Carta, cartas, paginas

SETS = ("ajuste", "prueba", "nuevas", "otras", "ultimas")
LETTERS = [pytest.param(c, id=f"{name}-{c.nombre}") for name in SETS for c in cartas(name)]
COUNTED = ("canal", "folios")
"""Of every letter: not said by it, or said of its anexos."""
AS_WRITTEN = ("remitente", "asunto", "correo", "telefono", "destinatario", "entidad")


def confidence(letter: Carta) -> int:
    """Letters with an engine's errors come from an engine."""
    return 94 if "ocr" in letter.nombre else 100


@pytest.mark.parametrize("columns", [False, True], ids=["rows", "columns"])
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_says_its_fields(letter: Carta, columns: bool) -> None:
    found = suggest(paginas(letter.texto, columnas=columns, confianza=confidence(letter)))
    assert {k: v.valor for k, v in found.items() if k in letter.campos} == letter.campos
    invented = {
        k: v.valor
        for k, v in found.items()
        if k not in letter.campos and k not in COUNTED and v.confianza >= 90
    }
    assert invented == {}


@pytest.mark.parametrize("letter", LETTERS)
def test_each_field_has_the_box_of_its_words(letter: Carta) -> None:
    pages = paginas(letter.texto, confianza=confidence(letter))
    for name, field in suggest(pages).items():
        if name == "canal" and field.valor == "fisico":
            continue
        box, page = field.caja, pages[field.pagina - 1]
        assert box is not None, name
        assert 0 <= box[0] < box[2] <= page.ancho and 0 <= box[1] < box[3] <= page.alto
        inside = [
            w.texto
            for w in page.palabras
            if w.caja[0] >= box[0] - 0.1
            and w.caja[2] <= box[2] + 0.1
            and w.caja[1] >= box[1] - 0.1
            and w.caja[3] <= box[3] + 0.1
        ]
        assert inside, name
        if name in AS_WRITTEN and confidence(letter) == 100 and letter.nombre != "minusculas":
            there = plain(" ".join(inside)).replace("- ", "")
            assert plain(field.valor).split()[0] in there, name


@pytest.mark.parametrize("letter", LETTERS)
def test_an_engine_that_is_unsure_makes_no_field_sure(letter: Carta) -> None:
    found = suggest(paginas(letter.texto, confianza=55))
    sure = {k for k, v in found.items() if v.confianza >= 90}
    # Values of a closed list are met or not: a misread word does not lead to another of them.
    assert sure <= {"tipo", "tipo_documento", "prioridad", "municipio", "canal"}


@pytest.mark.parametrize(("name", "least"), [("estilos", 0.83), ("lejanas", 0.8)])
def test_what_is_sure_is_right_and_most_fields_are_sure(name: str, least: float) -> None:
    """Of the values at 90 and above 98 in 100 are right, invented ones counted as wrong."""
    sure, wrong, printed, reached = 0, [], 0, 0
    for letter in cartas(name):
        found = suggest(paginas(letter.texto, columnas=True, confianza=confidence(letter)))
        held = {k: v for k, v in found.items() if k not in COUNTED and v.confianza >= 90}
        sure += len(held)
        wrong += [
            (letter.nombre, k, v.valor) for k, v in held.items() if letter.campos.get(k) != v.valor
        ]
        printed += len(letter.campos)
        reached += sum(k in held for k in letter.campos)
    assert len(wrong) <= 0.02 * sure, wrong
    assert reached >= least * printed


TEXTS = [c.texto for name in SETS for c in cartas(name)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False), st.integers(0, 60))
def test_damage_of_any_kind_leaves_fields_and_never_an_error(
    text: str, random: object, harm: int
) -> None:
    from random import Random

    assert isinstance(random, Random)
    letters = list(text)
    for _ in range(harm):
        at = random.randrange(len(letters))
        letters[at] = random.choice(
            ["", "l", "O", "  ", "\n", "|", ".", "ñ", "²", "٣", "€", letters[at] * 3]
        )
    pages = paginas("".join(letters).replace("#", "4") or "x", confianza=random.randrange(101))
    for name, field in suggest(pages).items():
        assert field.valor, name
        assert 0 < field.confianza <= 99
        assert 1 <= field.pagina <= len(pages)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_or_leaves_the_form_empty(text: str) -> None:
    lines = "\n".join(x.lstrip("|>^~# ") for x in text.splitlines())
    for field in suggest(paginas(lines or "x")).values():
        assert field.valor
