"""An office as its people see it: every command of a story, one after the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.program import Result, here


class Town:
    """An office and its people."""

    def __init__(self, casa: Path) -> None:
        self.casa = casa

    def does(self, who: str | None, *words: str, code: int = 0) -> Result:
        said = ("--persona", who) if who else ()
        done = here(*words, *said, "--casa", self.casa, "--json")
        assert done.code == code, done.err
        return done

    def number(self, **fields: str) -> str:
        pairs = [w for k, v in fields.items() for w in ("--campo", f"{k}={v}")]
        done = self.does("cruiz", "radicar", "--sin-imagen", "--campo", "asunto=Un hueco", *pairs)
        return str(done.json["radicados"][0]["radicado"])

    def tray(self, *words: str) -> dict[str, list[str]]:
        rows: dict[str, list[str]] = {}
        for row in self.does(None, "tramites", *words).json["radicados"]:
            rows.setdefault(row["bandeja"], []).append(row["radicado"])
        return rows

    def see(self, radicado: str) -> dict[str, Any]:
        return self.does(None, "ver", radicado).json


def founded(casa: Path) -> Town:
    """A demonstration office in *casa*."""
    office = Town(casa)
    office.does(None, "iniciar", "--config", str(ROOT / "config.toml"), "--demo")
    return office
