"""What needs no screen: the sanitiser, closed lists, wrapping, places of words."""

from __future__ import annotations

import pytest

from tui import choices, letters, sanitize
from tui.views import Choice, Page, Word
from tui.widgets import reading
from tui.widgets.list import fit

AREAS = (
    Choice("120", "120 Oficina Asesora Jurídica"),
    Choice("130", "130 Secretaría de Hacienda"),
    Choice("140", "140 Secretaría de Planeación"),
)


@pytest.mark.parametrize(
    ("hostile", "clean"),
    [
        ("a\x1b]0;rm -rf\x07b", "ab"),
        ("a\x1b]8;;http://x\x1b\\b", "ab"),
        ("a\x1bP1;2|secreto\x1b\\b", "ab"),
        ("a\x1b_x\x1b\\b", "ab"),
        ("a\x1b[31mrojo\x1b[0m", "arojo"),
        ("a\x9b2Jb", "ab"),
        ("a\x9d0;x\x9cb", "ab"),
        ("a\x1bcb", "ab"),
        ("a\x1b", "a"),
        ("a\x1b]sin fin", "a"),
        ("a\x07\x08\x7f\x00\x85b", "a b"),
        ("factura\u202efdp.exe", "facturafdp.exe"),
        ("a\u200b\u200d\u2060\ufeffb", "ab"),
        ("\U000e0041x\ufe0f", "x"),
        ("n\u0303andu\u0301", "ñandú"),
        ("uno\tdos\r\ntres\x0cfin", "uno dos tres fin"),
        ("[bold red]x[/]", "[bold red]x[/]"),
    ],
)
def test_nothing_of_a_terminals_commands_is_left(hostile: str, clean: str) -> None:
    assert sanitize.line(hostile) == clean


def test_lines_are_kept_where_there_may_be_several() -> None:
    assert sanitize.block("uno\r\ndos\x1b[2J\n\x1b]0;x\ntres") == "uno\ndos\n\ntres"


def test_cleaning_twice_changes_nothing() -> None:
    text = "á\x1b\x1b[[31mx\u202e\x1b]a\x1b\\b"
    once = sanitize.line(text)
    assert sanitize.line(once) == once
    assert once.isprintable()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("130", "130"),
        ("130 secretaria de hacienda", "130"),
        ("12", "120"),
        ("1", "1"),
        ("", ""),
        ("Hacienda", "Hacienda"),
    ],
)
def test_words_a_code_or_the_only_beginning_mean_a_value(typed: str, code: str) -> None:
    assert choices.code_of(typed, AREAS) == code


def test_a_list_is_narrowed_by_words_without_accents() -> None:
    assert [c.code for c in choices.matching("juridica ofi", AREAS)] == ["120"]
    assert len(choices.fold("Ñandú ﬁn")) == len("Ñandú ﬁn")


GROUNDS = choices.Several((Choice("ninos", "Niños"), Choice("mayor", "Persona mayor")))


def test_a_list_of_several_values_is_worded_read_and_chosen_from_part_by_part() -> None:
    assert choices.words_of("ninos, mayor", GROUNDS) == "Niños, Persona mayor"
    assert choices.code_of("persona, NINOS, ninos", GROUNDS) == "mayor, ninos"
    assert choices.known("ninos, mayor", GROUNDS) and not choices.known("ninos, x", GROUNDS)
    assert choices.chosen("ninos", "Persona mayor", GROUNDS) == "ninos, mayor"
    assert choices.chosen("mayor", "Niños, Persona mayor", GROUNDS) == "ninos"
    assert choices.chosen("130", "120", AREAS) == "130"
    assert choices.code_of("Aquí, allá", AREAS) == "Aquí, allá"


def test_wrapping_loses_no_letter_and_fits() -> None:
    text = "uno dos tres cuatro\n\nunapalabralarguísima 漢字漢字漢字 fin"
    rows = list(reading.wrap(text, 8))
    assert all(text[start : start + len(piece)] == piece for start, piece in rows)
    assert "".join(p for _, p in rows).replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_a_field_is_found_by_its_box_else_by_its_text() -> None:
    page = Page("Yo, Ana Gil", (Word(0, 3, (0, 0, 9, 9)), Word(4, 7, (10, 0, 19, 9))))
    assert reading.words_in(page, (10, 0, 30, 9)) == [(4, 7)]
    assert reading.find([page, Page("ANÁ GIL otra")], 2, "Aná Gil") == (1, [(0, 7)])
    assert reading.find([page], 1, "Gil") == (0, [(8, 11)])
    assert reading.find([page], 1, "nadie") == (-1, [])


def test_cells_are_cut_by_the_width_a_terminal_gives_them() -> None:
    assert fit("漢字漢字", 5) == "漢字…"
    assert fit("abc", 5) == "abc  "


def test_a_due_day_is_shown_as_people_say_it() -> None:
    assert letters.day("2026-12-14T23:59:59-05:00") == "14 dic 2026"
    assert letters.day("") == ""
