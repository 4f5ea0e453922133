"""What is known of a terminal, what arrives from it, and the screen that shows both."""

from __future__ import annotations

import codecs
import json
import os
import re
import threading
from typing import TYPE_CHECKING, Any

import pytest

from cli.main import main
from tests.tui.test_pty import Terminal as Pty
from tests.tui.test_words import ENGLISH, NEVER
from tui import actions, keyboard, terminal, terminal_texts, themes
from tui.driver import TOLERANT
from tui.keyboard import Checklist, Press
from tui.keyboard_test import KeyboardTest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.tui.conftest import House

SIZE = (80, 24)
PLAIN = {"TERM": "xterm-256color", "LANG": "es_CO.UTF-8"}


@pytest.mark.parametrize(
    ("env", "colours"),
    [
        ({}, 0),
        ({"TERM": "dumb"}, 0),
        ({"TERM": "linux"}, 16),
        ({"TERM": "vt220"}, 16),
        ({"TERM": "screen-256color"}, 256),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, terminal.MILLIONS),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": ""}, 0),
    ],
)
def test_colours_are_those_that_the_environment_promises(env: dict[str, str], colours: int) -> None:
    assert terminal.colours(env) == colours


def test_what_stands_between_is_told() -> None:
    through = terminal.seen({**PLAIN, "TMUX": "/tmp/x", "SSH_TTY": "/dev/pts/3"}, SIZE)
    assert (through.multiplexer, through.ssh, through.sixel) == ("tmux", True, "no")
    screen = terminal.seen({"TERM": "screen.xterm", "LC_ALL": "C"}, (60, 20))
    assert screen.multiplexer == "screen" and not screen.utf8_locale and screen.small
    console = terminal.seen({"TERM": "linux"}, SIZE, "/dev/tty1")
    serial = terminal.seen({"TERM": "vt220"}, SIZE, "/dev/ttyUSB0")
    assert console.console and serial.serial and not serial.console
    windows = terminal.seen({**PLAIN, "WT_SESSION": "x"}, SIZE)
    assert windows.program == "Windows Terminal" and windows.sixel == ""
    assert terminal.seen({**PLAIN, "TERM_PROGRAM": "WezTerm"}, SIZE).sixel == "si"


@pytest.mark.parametrize(
    ("said", "utf8", "background"),
    [
        (b"\x1b[12;2R", True, ""),
        (b"\x1b[12;3R", False, ""),
        (b"\x1b]11;rgb:ffff/fafa/f0f0\x1b\\\x1b[2;2R", True, "claro"),
        (b"\x1b]11;rgb:00/2b/36\x07\x1b[2;2R", True, "oscuro"),
        (b"", None, ""),
        (b"typed ahead", None, ""),
    ],
)
def test_an_answer_is_understood(said: bytes, utf8: bool | None, background: str) -> None:
    assert terminal.understood(said) == terminal.Answer(utf8, background)


def test_colorfgbg_tells_the_background() -> None:
    told = [terminal.background({"COLORFGBG": v}) for v in ("15;0", "0;15", "0;default;7", "x", "")]
    assert told == ["oscuro", "claro", "claro", "", ""]


@pytest.mark.parametrize(("column", "utf8"), [(2, True), (3, False), (0, None)])
def test_a_terminal_is_asked_and_left_as_it_was(column: int, utf8: bool | None) -> None:
    master, slave = os.openpty()
    heard: list[bytes] = []

    def terminal_side() -> None:
        while b"\x1b[6n" not in b"".join(heard):
            heard.append(os.read(master, 100))
        if column:
            os.write(master, f"\x1b[7;{column}R".encode())

    import termios

    before = termios.tcgetattr(slave)
    side = threading.Thread(target=terminal_side)
    side.start()
    answer = terminal.ask(slave, slave, colour=False, patience=5 if column else 0.05)
    side.join()
    assert answer == terminal.Answer(utf8)
    assert termios.tcgetattr(slave) == before
    os.close(slave)
    os.close(master)


def test_bytes_of_a_latin_terminal_end_nothing() -> None:
    decode = codecs.getincrementaldecoder("utf-8")(TOLERANT).decode
    typed = [
        "a\u00f1o".encode("latin-1"),
        "ñandú".encode(),
        b"\x80 \x9d.",
        "é".encode()[:1],
        b"\xa9",
    ]
    assert "".join(decode(data) for data in typed) == "añoñandú€ \ufffd.é"


# -- the keys -----------------------------------------------------------------------------------


def test_the_list_holds_every_key_that_ventanilla_binds() -> None:
    asked = {key for keys in keyboard.groups().values() for key in keys}
    named = {
        "question_mark": "?",
        "slash": "/",
        "full_stop": ".",
        "colon": ":",
        "comma": ",",
        "plus": "+",
        "asterisk": "*",
    }
    bound = {named.get(k, k) for a in actions.ACTIONS for k in a.keys}
    assert {k for k in bound if len(k) > 1 or k in "?/.:"} <= asked


def test_letters_in_two_parts_count_and_are_told() -> None:
    checks = Checklist()
    checks.press(Press("n", "n", b"n"))
    checks.press(Press("combining_tilde", "\u0303", b"\xcc\x83"))
    assert "ñ" in checks.arrived and checks.apart
    assert terminal_texts.TWO_PARTS in keyboard.report(terminal.seen(PLAIN, SIZE), "16", checks)


def test_of_what_was_pasted_only_its_kind_is_kept() -> None:
    checks = Checklist()
    told = []
    for text in ("Peña secreta", "Pen\u0303a secreta", "PeÃ±a secreta"):
        checks.paste(text)
        told.append(checks.pasted)
    assert len(set(told)) == 3
    assert "secreta" not in keyboard.report(terminal.seen(PLAIN, SIZE), "16", checks)


async def test_the_screen_ticks_off_what_arrives() -> None:
    app = KeyboardTest(terminal.seen(PLAIN, SIZE), driver_class=None)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f2", "ctrl+g", "ctrl+q", "tab", "shift+tab", "ñ", "@", "escape", "left")
        await pilot.click()
        shown = "\n".join(
            "".join(s.text for s in line) for line in app.screen._compositor.render_strips()
        )
        assert app.is_running and "+F2" in shown and "+Ctrl+G" in shown and "+ñ" in shown
        assert " F3" in shown and "+F3" not in shown
        assert not ENGLISH.findall(shown) and not NEVER.findall(shown)
        await pilot.press("escape", "escape")
    assert {"f2", "ctrl+q", "shift+tab", "@", "clic"} <= set(app.checks.arrived)


@pytest.mark.parametrize("size", [SIZE, (140, 40)], ids=["80x24", "140x40"])
def test_the_keyboard_screen_in_the_light_theme(
    snap_compare: Callable[..., bool], size: tuple[int, int]
) -> None:
    found = terminal.seen({**PLAIN, "TERM_PROGRAM": "foot"}, SIZE)
    app = KeyboardTest(found, theme=themes.LIGHT, driver_class=None)
    assert snap_compare(app, terminal_size=size, press=["f2", "ctrl+g", "ñ", "@", "up"])


@pytest.mark.largo
def test_a_terminal_without_utf8_is_told_and_types_all_the_same(house: House) -> None:
    (ident,) = house.receive(None)
    pty = Pty(str(house.home))
    pty.until(lambda s: "ñ" in s)
    pty.send("\x1b[2;3R")  # its cursor, after «ñ», is in the third column
    pty.until(lambda s: "no muestra UTF-8" in s)
    pty.until(lambda s: "Remitente" in s)
    pty.settle()
    pty.send("\t")
    pty.send("Peñón".encode("latin-1"))
    pty.until(lambda s: "Peñón" in s)
    pty.settle()
    pty.send("\x11")
    assert pty.end() == 0
    assert house.reception().drafts.get(ident).escritos == {"entidad": "Peñón"}


class Keyboard(Pty):
    """`prueba-teclado` in a pseudo-terminal."""

    program = (
        "import sys; from cli.main import main;"
        " sys.exit(main(['prueba-teclado', '--informe', sys.argv[1]]))"
    )


def test_what_a_terminal_sends_is_told_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "informe.txt"
    pty = Keyboard(str(path))
    pty.until(lambda s: "ñ" in s)
    pty.send("\x1b[2;2R")  # where its cursor is
    pty.until(lambda s: "Faltan" in s)
    pty.settle()
    paste = "\x1b[200~Peña\x1b[201~"
    sent = {"+F2": "\x1bOQ", "+Ctrl+G": "\x07", "+á": "á", "+@": "@", "+pegar": paste}
    for ticked, keys in {**sent, "+clic": "\x1b[<0;5;5M"}.items():
        pty.send(keys)
        pty.until(lambda s, ticked=ticked: ticked in s)  # type: ignore[misc]
    pty.send(b"\xf1.")  # a terminal that is set to Latin-1
    pty.until(lambda s: "+ñ" in s)
    pty.send("\x1b")
    pty.until(lambda s: "Otra vez Esc" in s)
    pty.send("\x1b")
    pty.until(lambda s: "El informe quedó" in s)
    assert pty.end() == 0
    report = path.read_text()
    assert re.search(r"f2 +1b 4f 51\n", report) and re.search(r"á +c3 a1\n", report)
    assert re.search(r"TERM: +xterm-256color\n", report) and re.search(r"UTF-8: +sí\n", report)
    assert "pegado: 4 caracteres, tildes enteras" in report
    assert re.search(r"No llegaron:\n  F1 +F1 puede", report)
    assert pty.raw.rfind(b"\x1b[?1049l") > pty.raw.rfind(b"\x1b[?1049h")


def test_the_facts_need_no_terminal_the_screen_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "linux")
    assert main(["prueba-teclado", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["consola_linux"] is True and facts["colores"] == 16 and facts["tema"] == "16"
    assert main(["prueba-teclado"]) == 2
    assert main(["prueba-teclado", "--json", "--informe", str(tmp_path / "no" / "x")]) == 1
    assert not list(tmp_path.iterdir())


def test_what_is_said_is_spanish() -> None:
    own = [v for name, v in vars(terminal_texts).items() if name.isupper()]
    said = [v for v in own if isinstance(v, str)]
    said += [w for v in own if isinstance(v, dict) for w in v.values()]
    assert not [s for s in said if ENGLISH.search(s) or NEVER.search(s)]


async def test_the_terminals_cursor_is_where_one_works(
    house: House, drive: Callable[..., Any]
) -> None:
    """Screen readers and magnifiers follow it: on the row of a list, then in the field."""
    house.receive(None, None, None)
    async with drive() as d:
        await d.press("escape")

        def under() -> str:
            return str(d.shown().split("\n")[d.app.cursor_position.y])

        assert under().startswith(">VU1.1")
        await d.press("down")
        await d.until(lambda: d.room.desk.wanted == d.room.list.cursor, "la carta elegida")
        await d.settle()
        assert under().startswith(">VU1.2") and d.app.cursor_position.x == 0
        await d.press("enter")
        assert "Remitente" in under() and d.app.cursor_position.x > 50
        await d.press("tab", "tab")
        assert "Asunto" in under()
        await d.press("shift+tab")
        assert "Entidad" in under()
        await d.press("escape")
        assert under().startswith(">VU1.2")
