"""The norms: the table is sound, and docs/norms.md names only what exists."""

from __future__ import annotations

import ast
import importlib
import re
from datetime import date
from functools import cache
from typing import Any

import pytest

from records import norms, numbering
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "norms.md"
_CODE = re.compile(r"`([a-z_]+(?:\.\w+)+)`")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows() -> list[list[str]]:
    """The table «rule → norm → code → test» of docs/norms.md, without its head."""
    section = PAGE.read_text(encoding="utf-8").partition("## What holds today")[2]
    lines = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


ROWS = rows()


@cache
def defined_in(path: str) -> set[str]:
    """The functions that a test file defines."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def attribute(reference: str) -> Any:
    """What `package.module.Class.method` names."""
    parts = reference.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:]:
            fields = getattr(found, "__struct_fields__", ())
            found = name if name in fields else getattr(found, name)
        return found
    raise AttributeError(reference)


def test_the_table_is_sound() -> None:
    cited = [norm.cita for norm in norms.table()]
    assert len(cited) == len(set(cited))
    for norm in norms.table():
        assert norm.regla.endswith(".")
        assert norm.hasta is None or norm.begins <= norm.hasta
        if norm.recogida_en is not None:
            assert any(n.norma in norm.recogida_en for n in norms.vigentes(date(2026, 1, 1)))


def test_a_repealed_norm_gives_way_to_the_one_that_took_it_up() -> None:
    before = {n.norma for n in norms.vigentes(date(2023, 6, 1))}
    after = {n.norma for n in norms.vigentes(date(2026, 6, 1))}
    assert "Acuerdo 060 de 2001 (AGN)" in before - after
    assert "Acuerdo 001 de 2024 (AGN)" in after - before


def test_a_norm_whose_day_is_not_known_waits_for_the_next_year() -> None:
    norm = norms.find("Ley 1437 de 2011 (CPACA), art. 15")
    assert norm is not None and norm.desde is None
    assert not norm.holds(date(2015, 12, 31))
    assert norm.holds(date(2016, 1, 1))
    assert norms.vigentes(date(1880, 1, 1)) == ()


_CITED = re.compile(r'"((?:Ley|Decreto|Acuerdo)[^"\n{}]*?, art\. [^"\n{}]+?)"')


def test_what_the_code_cites_is_in_the_table() -> None:
    files = [
        p for room in ("records", "ingest", "retention", "cli") for p in (ROOT / room).rglob("*.py")
    ]
    cited = {found[1] for path in files for found in _CITED.finditer(path.read_text("utf-8"))}
    assert numbering.ORDER in cited and len(cited) > 30
    assert sorted(one for one in cited if norms.find(one) is None) == []


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:40] for row in ROWS])
def test_the_page_names_only_what_exists(row: list[str]) -> None:
    _, cited, code, tests = row
    citations = [c.strip() for c in cited.split(";")]
    assert citations and all(norms.find(c) for c in citations), citations
    references = _CODE.findall(code)
    assert references, code
    for reference in references:
        assert attribute(reference) is not None
    named = _TEST.findall(tests)
    assert named, tests
    for path, name in named:
        assert name in defined_in(path), f"{path}::{name}"


def test_every_norm_of_the_table_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [n.cita for n in norms.table() if n.cita not in text] == []
