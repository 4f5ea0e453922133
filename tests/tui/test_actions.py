"""The registry of keys."""

from __future__ import annotations

from dataclasses import replace

from tests.tui.conftest import ROOT
from tui import actions, texts
from tui.actions import ACTIONS, BY_ID, Action
from tui.actions.reception import Desk as Context


def test_no_key_means_two_things_in_one_place() -> None:
    assert actions.conflicts() == []


def test_a_conflict_is_found() -> None:
    twice = [
        *ACTIONS,
        Action("otra", "Otra", "Otra.", ("f2",), (actions.MAIN,), place=actions.FORM),
    ]
    assert actions.conflicts(twice) == ["recepcion/formulario: f2 es de «radicar» y de «otra»"]


def test_ids_are_unique_and_everything_is_explained() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert all(a.title and a.help.endswith(".") and a.keys for a in ACTIONS)


def test_no_key_is_one_that_terminals_lose() -> None:
    never = {"f10", "f11", "ctrl+i", "ctrl+m", "ctrl+h", "ctrl+b", "ctrl+a", "ctrl+s"}
    keys = {k for a in ACTIONS for k in a.keys}
    assert not keys & never
    assert not any("alt" in k or k in ("ctrl+enter", "shift+enter") for k in keys)


def test_letters_never_win_over_a_field_in_which_one_types() -> None:
    for binding in actions.bindings(actions.MAIN):
        if len(binding.key) == 1 or binding.key in ("slash", "question_mark"):
            assert not binding.priority


def test_what_cannot_be_done_stays_visible_and_says_why() -> None:
    idle = Context(letter=False)
    labels = {k.key: k for k in actions.bar(idle)}
    assert not labels["F2"].enabled
    assert BY_ID["radicar"].refusal(idle) == texts.NO_LETTER
    busy = Context(letter=True, numbering=True)
    assert BY_ID["radicar"].refusal(busy) == texts.NUMBERING
    assert BY_ID["radicar"].refusal(replace(busy, numbering=False)) is None
    assert "Ana" in str(BY_ID["radicar"].refusal(Context(letter=True, holder="Ana")))


def test_the_key_bar_fits_eighty_columns() -> None:
    keys = actions.bar(Context())
    assert sum(len(k.key) + len(k.title) + 1 for k in keys) <= 80


def test_the_manual_tells_every_key() -> None:
    written = (ROOT / "docs" / "manual" / "teclas.md").read_text("utf-8")
    assert written == actions.manual(), "python -m tui.manual > docs/manual/teclas.md"
    assert "| F2 | Radicar y seguir |" in written
    assert "Ctrl+N" in written
    told = [a for a in ACTIONS if f"| {a.title} | {a.help} |" in written]
    untold = {s for a in ACTIONS if a not in told for s in a.screens}
    assert untold == {actions.HELP}


def test_who_is_no_clerk_is_told_so_and_not_that_nobody_is_named() -> None:
    guest = Context(letter=True, clerk=False)
    for ident in ("radicar", "mostrador", "no_radicar", "tomar"):
        assert BY_ID[ident].refusal(guest) == texts.NOT_A_CLERK
        assert BY_ID[ident].refusal(replace(guest, person=False)) == texts.NO_PERSON
    assert BY_ID["ver"].refusal(guest) is None
