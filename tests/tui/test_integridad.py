"""The room «Integridad»: what is remembered, a verification that one watches and stops."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from records import checking_files, checking_logs
from records.checking import Finding
from records.overseeing import Fork, Log, Standing
from records.verify import LastCheck
from tests.tui.conftest import House
from tests.tui.test_words import ENGLISH, NEVER
from tui import integridad_words, texts
from tui.screens.integridad import IntegridadScreen
from tui.screens.por_radicar import PorRadicar
from tui.texts import integridad as words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Driver

    Drive = Callable[..., Any]

LETTER = {"remitente": "Ana Gil", "asunto": "Un hueco", "tipo": "peticion"}
EVIL = "c\x1b]0;x\x07\x1b[31m[red]arta[/]\u202eoña"


def room_of(d: Driver) -> IntegridadScreen:
    found = d.app.screen_stack[0]
    assert isinstance(found, IntegridadScreen)
    return found


def line_of(d: Driver, text: str) -> str:
    return next(row for row in d.shown().split("\n") if text in row)


async def ready(d: Driver) -> None:
    """Until all is shown."""
    await d.until(lambda: room_of(d)._standing and words.LOOKING not in d.shown(), "mirado")


async def test_all_that_tells_of_loss_or_change_is_on_one_screen_with_what_to_do(
    house: House, drive: Drive
) -> None:
    house.office.radicar_sin_imagen(LETTER)
    await asyncio.to_thread(lambda: house.office.cierre())
    async with drive() as d:
        await d.press("ctrl+t")
        await ready(d)
        assert "OJO" in line_of(d, words.VERIFICATION) and "nunca" in line_of(d, "Verificación")
        assert "bien" in line_of(d, words.CLOSING) and "raíz" in line_of(d, words.CLOSING)
        assert "bien" in line_of(d, words.HEAD) and "la llave" in line_of(d, words.HEAD)
        assert "MAL" in line_of(d, words.BACKUP) and "nunca" in line_of(d, words.BACKUP)
        assert "bien" in line_of(d, words.CONFLICTS)
        assert "2 documentos: 2 sin releer" in line_of(d, words.VAULT)
        assert "vale hasta el" in line_of(d, "Certificado de VU1")
        assert "líneas, hasta el" in line_of(d, words.AUTHORITY_LOG)
        assert f"→ {words.DO_VERIFY}" in d.shown()
        shown = d.shown()
        assert not ENGLISH.findall(shown) and not NEVER.findall(shown)
        await d.press("down", "enter")
        assert words.DO_CLOSE[:20] in " ".join(d.shown().split())
        await d.press("escape", "escape")
        assert isinstance(d.app.screen, PorRadicar)


async def test_a_verification_is_run_watched_and_remembered(house: House, drive: Drive) -> None:
    house.office.radicar_sin_imagen(LETTER)
    async with drive(room="integridad") as d:
        await ready(d)
        await d.press("f2")
        await d.until(lambda: "todo verifica" in d.shown(), "verificado")
        assert "Persona de demostración" in " ".join(d.shown().split("\n")[-6:])
        assert "Todo verifica" in d.notice
        await d.press("ctrl+g")
        await d.until(lambda: words.VERIFYING in d.shown(), "también en Procesos")
        assert "hecho" in line_of(d, words.VERIFYING)
    damaged = house.home / "keys" / "VU1.cert.pem"
    damaged.write_text("nada")
    async with drive(room="integridad") as d:
        await ready(d)
        await d.press("c")
        await d.until(lambda: "NO verifica" in line_of(d, words.VERIFICATION), "no verifica")
        assert "MAL" in line_of(d, words.FINDING) and "certificado" in line_of(d, words.FINDING)
        await d.press("down")
        await d.until(lambda: "recuperar --desde" in d.shown(), "qué hacer")


async def test_a_verification_stops_when_told_and_the_one_before_counts(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking_logs, "EVERY_LINES", 2)
    go, at = threading.Event(), threading.Event()
    real = checking_files.check_keys

    def slow(check: Any) -> None:
        at.set()
        assert go.wait(15)
        real(check)
        check.advance("documentos", 5, 20)

    monkeypatch.setattr(checking_files, "check_keys", slow)
    async with drive(room="integridad") as d:
        await ready(d)
        await d.pilot.press("f2")
        await d.until(lambda: at.is_set() and words.STAGES["diario"] in d.shown(), "empezó")
        assert "%" in line_of(d, words.VERIFICATION)
        await d.pilot.press("f2")
        assert d.notice == words.ALREADY
        await d.pilot.press("x")
        assert d.notice == words.ASKED_TO_STOP
        go.set()
        await d.settle()
        assert d.notice == words.CANCELLED and "nunca" in line_of(d, words.VERIFICATION)
        await d.press("x")
        assert d.notice == words.NOT_RUNNING


async def test_the_share_of_the_day_is_read_and_who_is_no_keeper_does_not_enter(
    house: House, drive: Drive
) -> None:
    house.receive(None)
    async with drive(room="integridad") as d:
        await ready(d)
        await d.press("b")
        await d.until(lambda: d.notice == words.reviewed("1", 0), "leída")
        await ready(d)
        # What remains is the report of it, which was made just now.
        assert "2 documentos: 1 sin releer" in line_of(d, words.VAULT)
    async with drive(persona="cruiz") as d:
        await d.press("ctrl+t")
        assert isinstance(d.app.screen, PorRadicar)
        assert d.notice == texts.not_your_room(words.TITLE)


async def test_hostile_text_is_only_text(house: House, drive: Drive) -> None:
    check = LastCheck("2026-11-23T10:00:00-05:00", False, 9, 1, EVIL, False, 3,
                      [Finding("x", EVIL, EVIL, 4)])  # fmt: skip
    held = Standing(check, None, None, [Log(EVIL, False, 0, None)],
                    [Fork(EVIL, 3, 4, "2026-11-23T10:00:00-05:00")], None, [], [EVIL])  # fmt: skip
    authority = house.office.authority
    async with drive((140, 40), room="integridad") as d:
        await ready(d)
        room = room_of(d)
        room._standing = integridad_words.checks(held, authority)
        room._show()
        await d.press("down")
        await d.until(lambda: "[red]arta" in line_of(d, "MAL  Hallazgo"), "hallazgo")
        assert d.shown().replace("\n", "").isprintable()
        await d.press("enter")
        strips = d.app.screen._compositor.render_strips()
        assert not any("\x1b" in s.text or "\u202e" in s.text for row in strips for s in row)
