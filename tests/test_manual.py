"""docs/cli.md is what the parser says."""

from __future__ import annotations

import pytest

from cli.manual import manual
from tests.conftest import ROOT


def test_the_manual_is_the_parsers_own() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert page == manual(), "Regenerate it: python -m cli.manual > docs/cli.md"


def test_no_terminal_and_no_environment_changes_the_manual(monkeypatch: pytest.MonkeyPatch) -> None:
    before = manual()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("VENTANILLA_CASA", "otra-casa")
    monkeypatch.setenv("VENTANILLA_PERSONA", "alguien")
    assert manual() == before
