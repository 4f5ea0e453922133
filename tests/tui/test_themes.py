"""Every theme can be read, the right one is chosen, and the office may say which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rich.color import Color
from textual.filter import dim_color

from records import settings
from records.errors import Misuse, Refused
from records.settings import Interface
from tests.conftest import ROOT
from tests.tui.conftest import USUAL, House, reading
from tui import terminal, themes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.color_triplet import ColorTriplet
    from rich.style import Style

LONG = pytest.mark.largo
AA = 4.5
"""WCAG 2.2, 1.4.3: text against what is behind it."""


def luminance(colour: ColorTriplet) -> float:
    parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(front: Color, back: Color) -> float:
    one, two = (luminance(c.get_truecolor()) + 0.05 for c in (front, back))
    return max(one, two) / min(one, two)


def of_style(style: Style) -> float:
    """The contrast of a text as it is drawn, dimmed where it is."""
    assert style.color is not None and style.bgcolor is not None
    front = dim_color(style.bgcolor, style.color) if style.dim else style.color
    return contrast(front, style.bgcolor)


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
def test_every_colour_can_be_read_on_both_grounds(theme: Any) -> None:
    least = 7.0 if theme.name == themes.CONTRAST else AA
    for back in (theme.background, theme.panel):
        for name in ("foreground", "secondary", "primary", "warning", "error", "success", "accent"):
            front = Color.parse(getattr(theme, name))
            assert contrast(front, Color.parse(back)) >= least, (name, back)


def texts_of(d: Any) -> list[tuple[str, Style]]:
    """What is drawn and its style; under a dialog all is dimmed, and nobody reads it there."""
    box: Any = d.app.screen
    if box.is_modal:
        box = next(iter([*box.query("#caja"), *box.query("#--container")]))
    within = box.region
    found = []
    for y, line in enumerate(d.app.screen._compositor.render_strips()):
        x = 0
        for segment in line:
            said = segment.text.strip()
            if (
                any(c.isalnum() for c in said)
                and segment.style is not None
                and within.contains(x, y)
            ):
                found.append((said, segment.style))
            x += segment.cell_length
    return found


@pytest.mark.parametrize(
    "screens",
    [
        pytest.param((), id="sala"),
        pytest.param(("enter", "f1", "f3", "f8", "f6", "ctrl+p"), id="todas", marks=LONG),
    ],
)
async def test_all_that_is_drawn_can_be_read(
    house: House, drive: Callable[..., Any], screens: tuple[str, ...]
) -> None:
    house.receive(reading("Yo, María Muñoz,\npido copia.\fHoja dos", **USUAL), None)
    poor: dict[tuple[str, str], str] = {}
    drawn = 0
    async with drive(size=(120, 30)) as d:
        for key in ("", *screens):
            await d.press(*filter(None, [key]))
            for theme in themes.THEMES:
                d.app.theme = theme.name
                await d.settle()
                texts = texts_of(d)
                drawn += len(texts)
                poor |= {(theme.name, t): str(s) for t, s in texts if of_style(s) < AA}
            if key:
                await d.press("escape")
    assert drawn > 100
    assert not poor


def test_the_theme_follows_the_wish_the_ground_and_the_colours() -> None:
    pick = themes.pick
    assert pick(256) == themes.OWN and pick(256, "auto", "claro") == themes.LIGHT
    assert pick(256, "oscuro", "claro") == themes.OWN
    assert pick(256, "contraste") == themes.CONTRAST and pick(256, "16") == themes.SIXTEEN
    # Sixteen colours, or none, are the terminal's own whatever is wanted.
    assert {pick(n, w) for n in (0, 16) for w in themes.WORDS} == {themes.SIXTEEN}
    assert pick(16, "auto", "claro") == themes.SIXTEEN_LIGHT
    assert {themes.word_of(pick(256, word)) for word, _ in themes.choices()} == {
        *(word for word, _ in themes.choices())
    }


def test_the_environment_weighs_more_and_is_checked() -> None:
    assert themes.wanted({}, "claro") == "claro"
    assert themes.wanted({themes.VARIABLE: "16"}, "claro") == "16"
    with pytest.raises(Misuse, match=r"«morado»; los temas son: auto, oscuro, claro, contraste"):
        themes.wanted({themes.VARIABLE: "morado"})


def test_a_terminal_decides_mouse_frames_and_warning() -> None:
    plain = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    usual = terminal.looks(terminal.seen(plain, (80, 24)), Interface(), plain)
    assert usual == terminal.Looks(themes.OWN)
    latin = terminal.seen(plain, (80, 24), answer=terminal.Answer(False, "claro"))
    old = terminal.looks(latin, Interface(raton=False), plain)
    assert (old.theme, old.mouse, old.ascii) == (themes.LIGHT, False, True)
    assert old.warning.isascii() and "UTF-8" in old.warning
    serial = terminal.seen({"TERM": "vt220"}, (80, 24), "/dev/ttyS0")
    assert not terminal.looks(serial, Interface(), plain).mouse


async def test_another_theme_and_plain_frames_while_it_runs(
    house: House, drive: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    async with drive() as d:
        themes.switch(d.app, "claro")
        assert d.app.theme == themes.LIGHT and not d.app.native_ansi_color
        themes.switch(d.app, "16")
        assert d.app.theme == themes.SIXTEEN_LIGHT and d.app.native_ansi_color
        themes.switch(d.app, "contraste")
        assert d.app.theme == themes.CONTRAST and not d.app.native_ansi_color
        d.app.set_class(True, "-ascii")
        await d.press("f6")
        assert "┌" not in d.shown() and "+--" in d.shown()


def test_the_office_says_its_theme_in_its_settings(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    whole = (ROOT / "config.toml").read_text(encoding="utf-8")
    path.write_text(whole)
    example = whole[: whole.index("[interfaz]")]
    assert settings.load(path).interfaz == Interface()
    said = 'tema = "claro"\nraton = false\nbordes = "ascii"\n'
    path.write_text(f"{example}\n[interfaz]\n{said}")
    assert settings.load(path).interfaz == Interface(tema="claro", raton=False, bordes="ascii")
    for wrong, told in (
        ('tema = "morado"', r"«morado» no es uno de los valores que sirven \(interfaz.tema\)"),
        ('raton = "no"', r"va true o false, sin comillas \(interfaz.raton\)"),
        ("colores = 3", r"«colores» no es una clave conocida \(interfaz\)"),
    ):
        path.write_text(f"{example}\n[interfaz]\n{wrong}\n")
        with pytest.raises(Refused, match=told):
            settings.load(path)
