"""The room with others in it, with faults, and in its other corners."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Static

from ingest.lectura import Campo, Unreadable
from records.errors import MachineCannot
from tests.tui.conftest import House, focused, reading, value
from tui import actions, texts
from tui.dialogs.ask import TwiceDialog
from tui.dialogs.choose import ChooseDialog
from tui.screens.por_radicar import PorRadicar
from tui.widgets.field import TextField
from tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Callable

    Drive = Callable[..., Any]


async def test_take_and_put_back(house: House, drive: Drive) -> None:
    (ident,) = house.receive(None)
    async with drive() as d:
        await d.press("f9")
        assert house.reception().drafts.get(ident).lo_tiene == "demo"
        await d.until(lambda: d.room.desk.letter.mine)
        await d.press("f9")
        assert house.reception().drafts.get(ident).lo_tiene is None


async def test_a_letter_that_another_took_is_not_numbered(house: House, drive: Drive) -> None:
    (ident,) = house.receive(None)
    house.reception("cruiz").tomar(ident)
    async with drive() as d:
        await d.number()
        assert "Claudia" in d.notice
        assert house.numbers() == []


async def test_what_another_changed_is_shown_and_told(house: House, drive: Drive) -> None:
    (ident,) = house.receive(None)
    async with drive() as d:
        await d.pilot.press("z")
        house.reception("cruiz").escribir(ident, "asunto", "De Claudia")
        d.room.look_again()
        await d.until(lambda: value(d, "asunto") == "De Claudia")
        assert value(d, "remitente").endswith("z")
        assert d.notice.startswith(texts.FOREIGN)


async def test_a_letter_that_another_numbered_goes_and_is_told(house: House, drive: Drive) -> None:
    first, second = house.receive(None, None)
    async with drive() as d:
        await asyncio.to_thread(lambda: house.reception("cruiz").radicar(first))
        d.room.look_again()
        await d.until(lambda: d.room.desk.letter and d.room.desk.letter.id == second)
        assert texts.GONE.strip() in d.notice


async def test_new_letters_do_not_move_the_cursor(house: House, drive: Drive) -> None:
    house.receive(None, None)
    async with drive() as d:
        await d.press("ctrl+n", *" a")
        here = d.room.desk.wanted
        house.receive(None, name="nueva")
        d.room.look_again()
        await d.until(lambda: len(d.room.desk.queue) == 3)
        assert d.room.list.cursor == here
        assert value(d, "remitente").endswith(" a")
        assert focused(d) == "campo-remitente"


async def test_what_could_not_be_read_is_listed_and_read_again(house: House, drive: Drive) -> None:
    house.receive(Unreadable("danado"), None)
    async with drive() as d:
        await d.press("ctrl+l")
        assert "está dañado" in d.shown()
        await d.number()
        assert d.notice == texts.NOT_READABLE
        house.reader.script.clear()
        await d.press("r")
        await d.until(lambda: len(d.room.desk.queue) == 2)
        await d.press("escape")
        assert not d.room.desk.shows_unreadable


async def test_a_locked_letter_asks_for_its_password(house: House, drive: Drive) -> None:
    (ident,) = house.receive(Unreadable("cifrado"))
    async with drive() as d:
        await d.press("ctrl+l", "r", "escape")
        assert len(d.room.desk.unreadable) == 1
        await d.press("r", *"xyz9")
        assert "xyz9" not in d.shown() and "Contraseña del documento" in d.shown()
        await d.press("enter")
        await d.until(lambda: "La contraseña no abre" in d.notice)
        await d.until(lambda: d.room.desk.unreadable)
        await d.press("r", *"abre", "enter")
        await d.until(lambda: list(d.room.desk.queue) == [ident])


async def test_esc_backs_out_a_step_at_a_time(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await d.press("escape")
        assert focused(d) == "cola"
        await d.press("escape")
        assert d.notice == texts.QUIT_HINT
        await d.press("enter")
        assert focused(d) == "campo-remitente"


async def test_the_queue_is_walked_with_arrows(house: House, drive: Drive) -> None:
    house.receive(*[None] * 12)
    async with drive() as d:
        await d.press("escape", "down", "pagedown", "end")
        await d.until(
            lambda: d.room.desk.letter.order == max(w.order for w in d.room.desk.queue.values())
        )
        assert focused(d) == "cola"


async def test_a_closed_field_offers_its_list(house: House, drive: Drive) -> None:
    (ident,) = house.receive(None)
    async with drive() as d:
        await d.press("f4")
        assert d.notice == texts.NOT_A_LIST
        await d.press("enter", "f4")
        assert isinstance(d.app.screen, ChooseDialog)
        await d.press(*"hacienda", "enter")
        assert value(d, "dependencia") == "130 Secretaría de Hacienda"
        await d.press("tab")
        assert house.reception().drafts.get(ident).escritos["dependencia"] == "130"


async def test_a_beginning_or_a_code_is_enough(house: House, drive: Drive) -> None:
    (ident,) = house.receive(reading(tipo=Campo("queja", 60, 1, None)))
    async with drive() as d:
        d.room.form.go_to("tipo")
        await d.press("ctrl+u", *"recla", "tab")
        assert value(d, "tipo") == "Reclamo"
        assert house.reception().drafts.get(ident).escritos["tipo"] == "reclamo"


async def test_the_scan_is_told_where_there_is_no_viewer(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await d.press("f7")
        assert str(house.home) in d.notice


async def test_an_empty_queue_says_where_scans_go(house: House, drive: Drive) -> None:
    async with drive() as d:
        # A long path is wrapped, and then the form stands between its parts.
        left = "".join(line[:37].strip() for line in d.shown().splitlines())
        assert "casa/inbox" in left
        assert "F6" in d.shown()
        await d.number()
        assert d.notice == texts.NO_LETTER


async def test_letters_that_come_in_appear_by_themselves(house: House, drive: Drive) -> None:
    config = house.home / "config.toml"
    text = config.read_text().replace("asentamiento_segundos = 2.0", "asentamiento_segundos = 0.1")
    config.write_text(text)
    async with drive(watch=True) as d:
        (house.home / "inbox" / "carta.pdf").write_bytes(house.reader.pdf)
        await d.until(lambda: d.room.desk.letter and d.room.desk.letter.status == "por_radicar")
        assert "carta.pdf" in d.shown()


async def test_without_tesseract_the_screen_says_so_and_works(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.receive(None)
    gone = MachineCannot("sin_tesseract", "Falta Tesseract.")

    def fail(*_: object, **__: object) -> None:
        raise gone

    monkeypatch.setattr("ingest.reception.Recepcion.vigilar", fail)
    async with drive(watch=True) as d:
        await d.until(lambda: "Falta Tesseract" in d.notice)
        await d.number()
        assert len(house.numbers()) == 1


async def test_nobody_may_number_without_a_name(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        d.room.desk.session = replace(d.room.desk.session, person_id="")
        await d.number()
        assert d.notice == texts.NO_PERSON


async def test_an_unexpected_error_is_a_sentence_and_a_line_in_the_log(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.receive(None)
    async with drive(errors=True) as d:

        def burst() -> None:
            raise ZeroDivisionError("defecto")

        monkeypatch.setattr(d.room, "do_rotulo", burst)
        await d.press("f6", "enter", "f5")
        assert d.notice.startswith("Algo falló y quedó anotado (código V")
        log = house.home / "salida" / "errores.log"
        await d.until(log.exists)
        assert "ZeroDivisionError" in log.read_text()
        d.room._listen()
        await d.number()
        assert len(house.numbers()) == 2


async def test_a_damaged_reading_does_not_keep_a_letter_from_view(
    house: House, drive: Drive
) -> None:
    house.receive(None)
    shutil.rmtree(house.home / "lecturas")
    async with drive() as d:
        assert value(d, "remitente") == "María Muñoz Peña"


async def test_pasted_text_becomes_one_composed_line(house: House, drive: Drive) -> None:
    from textual import events

    house.receive(None)
    async with drive() as d:
        d.room.form.go_to("entidad")
        await d.pilot.pause()
        d.app.focused.post_message(events.Paste("Nin\u0303o\x1b[31m\n y Cía\u202e\u200b"))
        await d.settle()
        assert value(d, "entidad") == "Niño  y Cía"


async def test_keys_that_come_in_a_burst_go_where_they_belong(house: House, drive: Drive) -> None:
    from textual import events

    (ident,) = house.receive(None)
    async with drive() as d:
        d.now += 1
        for key, character in [("tab", "\t"), ("o", "o"), ("k", "k"), ("f2", None)]:
            d.app.post_message(events.Key(key, character))
        await d.until(lambda: house.numbers(), "número")
        await d.settle()
        state = house.office.estado(ident)
        assert state.campos["entidad"] == "ok"
        assert state.campos["remitente"] == "María Muñoz Peña"


@pytest.mark.parametrize("persona", ["gpardo", "earango"])
async def test_who_is_no_clerk_only_looks(house: House, drive: Drive, persona: str) -> None:
    (ident,) = house.receive(None)
    async with drive(persona=persona) as d:
        assert d.notice == texts.NOT_A_CLERK
        assert d.text("#estado") == texts.READ_ONLY
        assert d.room.form.disabled
        await d.press("enter", "tab", "x", "y")
        assert value(d, "remitente") == "María Muñoz Peña"
        labels = {k.key: k.enabled for k in actions.bar(d.room.context())}
        assert not any(labels[k] for k in ("F2", "F6", "F8", "F9"))
        for key in ("f6", "f8", "f9", "f2"):
            d.now += 1
            await d.press(key)
            assert isinstance(d.app.screen, PorRadicar)
            assert d.notice == texts.NOT_A_CLERK
    assert house.reception().drafts.get(ident).escritos == {}


async def test_what_is_typed_never_lands_in_the_letter_that_took_the_place(
    house: House, drive: Drive
) -> None:
    first, second = house.receive(None, None)
    async with drive() as d:
        assert focused(d) == "campo-remitente"
        await asyncio.to_thread(lambda: house.reception("cruiz").radicar(first))
        d.room.look_again()
        await d.until(lambda: d.room.desk.wanted == second)
        assert focused(d) == "cola"
        await d.press(*"abc")
        assert d.notice.startswith(texts.GONE.strip())
        assert value(d, "remitente") == "María Muñoz Peña"
    assert house.reception().drafts.get(second).escritos == {}


async def test_a_key_told_after_the_letter_changed_belongs_to_the_letter_before(
    house: House, drive: Drive
) -> None:
    first, second = house.receive(None, None)
    async with drive() as d:
        d.room.show_letter(second)
        d.room.post_message(Form.Typed(first, "asunto", "de la primera"))
        await d.settle()
        drafts = house.reception().drafts
        assert drafts.get(first).escritos["asunto"] == "de la primera"
        assert drafts.get(second).escritos == {}


async def test_typing_adds_at_the_end_and_ctrl_u_clears(house: House, drive: Drive) -> None:
    long = "Solicitud de copia del contrato de obra de la vía " * 2
    house.receive(reading(remitente=Campo("Ana", 60, 1, None), asunto=Campo(long, 90, 1, None)))
    async with drive() as d:
        await d.press("z")
        assert value(d, "remitente") == "Anaz"
        d.room.form.go_to("asunto")
        await d.press("z")
        assert value(d, "asunto") == long.strip() + "z"
        box = d.room.query_one("#campo-asunto", TextField)
        assert box.scroll_offset.x > 0
        await d.press("shift+tab")
        assert box.scroll_offset.x == 0
        d.room.form.go_to("asunto")
        await d.press("left", "left", "ctrl+u")
        assert value(d, "asunto") == ""


async def test_the_label_follows_the_focus(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        for _ in range(2):
            here = [r.id for r in d.room.query(".-aqui")]
            assert here == [d.app.focused.parent.id]
            await d.press("tab")
        await d.press("escape")
        assert not d.room.query(".-aqui")


@pytest.mark.parametrize("width", [80, 120, 160])
async def test_the_queue_always_shows_its_numbers(house: House, drive: Drive, width: int) -> None:
    (ident,) = house.receive(None)
    async with drive(size=(width, 40)) as d:
        head, row = d.shown().split("\n")[1:3]
        assert "N.º" in head and f">{ident} " in row and "95%" in row


async def test_esc_from_the_unreadable_comes_back_to_the_letter(house: House, drive: Drive) -> None:
    house.receive(Unreadable("danado"), None, None, None)
    async with drive() as d:
        await d.press("ctrl+n", "ctrl+n")
        here = d.room.desk.letter.id
        await d.press("ctrl+l", "escape")
        await d.until(lambda: d.room.desk.letter.id == here)
        assert d.room.list.cursor == here


async def test_a_repeated_letter_is_asked_about_once(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.receive(None)
    async with drive() as d:
        d.room.desk.letter = replace(d.room.desk.letter, duplicate_of="2026-VU1-E-000001")
        await d.number()
        assert isinstance(d.app.screen, TwiceDialog)
        assert "Parece repetida de 2026-VU1-E-000001" in d.shown()
        await d.press("enter")
        assert house.numbers() == []
        await d.number()
        await d.press("s")
        await d.until(lambda: not d.room.desk.numbering)
        assert len(house.numbers()) == 1


async def test_radicando_is_said_at_once(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.receive(None)
    async with drive() as d:
        with monkeypatch.context() as slow:
            slow.setattr(d.app.tasks, "number", lambda *_: None)
            d.now += 1
            await d.press("f2")
            assert d.notice == texts.NUMBERING_NOW
        d.room.end_numbering()
        await d.number()
        assert d.notice.startswith("Radicado ")


async def test_a_value_that_is_not_of_its_list_is_marked_and_named(
    house: House, drive: Drive
) -> None:
    house.receive(None)
    async with drive() as d:
        d.room.form.go_to("tipo")
        await d.press("ctrl+u", *"xyz", "tab")
        wrong = texts.unknown_value("Tipo", "xyz")
        assert d.notice == wrong
        assert "? <" in str(d.room.query_one("#fila-tipo .marca", Static).visual)
        await d.number()
        assert focused(d) == "campo-tipo" and d.notice == wrong
        assert house.numbers() == []
        await d.press("ctrl+u", *"quej")
        await d.number()
        assert len(house.numbers()) == 1


async def test_several_grounds_stand_in_one_field(house: House, drive: Drive) -> None:
    (ident,) = house.receive(reading(prioridad=Campo("vida_salud, ninos", 60, 1, None)))
    async with drive() as d:
        assert value(d, "prioridad") == "Vida o salud en peligro, Niños o adolescentes"
        d.room.form.go_to("prioridad")
        await d.press("f4", *"mayor", "enter")
        assert value(d, "prioridad").endswith("Niños o adolescentes, Persona mayor")
        await d.press("f4", *"vida", "enter")
        assert value(d, "prioridad") == "Niños o adolescentes, Persona mayor"
        await d.press("tab")
        assert house.reception().drafts.get(ident).escritos["prioridad"] == "ninos, mayor"
        d.room.form.go_to("prioridad")
        await d.press("ctrl+u", *"periodista, nino", "tab")
        assert value(d, "prioridad") == "Periodista, Niños o adolescentes"
        d.room.form.go_to("prioridad")
        await d.press("ctrl+u", *"ninguna, prisa", "enter")
        assert d.notice == texts.unknown_value("Prioridad", "ninguna, prisa")


async def test_a_value_of_an_earlier_record_says_so(house: House, drive: Drive) -> None:
    known = {
        "remitente": Campo("Ana Peña Gil", 95, 1, None),
        "cedula": Campo("51.234.567", 95, 1, None),
    }
    (first,) = house.receive(
        reading(**known, direccion=Campo("Calle 1 # 2-3", 95, 1, None)), name="primera"
    )
    given = (await asyncio.to_thread(house.reception().radicar, first)).radicado
    house.receive(reading("Otra carta", **known), name="segunda")
    async with drive() as d:
        assert value(d, "direccion") == "Calle 1 # 2-3"
        d.room.form.go_to("direccion")
        await d.pilot.pause()
        assert d.notice == texts.from_record(given)
        await d.press("enter")
        d.room.form.go_to("direccion")
        await d.pilot.pause()
        assert d.notice == texts.FIELD_HINT


async def test_a_suggested_area_says_why(house: House, drive: Drive) -> None:
    house.receive(reading("El alumbrado de la calle no prende"), name="queja")
    async with drive() as d:
        assert value(d, "dependencia").startswith("140 ")
        d.room.form.go_to("dependencia")
        await d.pilot.pause()
        assert d.notice == texts.suggested("regla: «alumbrado»")
        await d.press("ctrl+u", *"130", "tab")
        d.room.form.go_to("dependencia")
        await d.pilot.pause()
        assert d.notice == f"Dependencia: {value(d, 'dependencia')}"
        assert value(d, "dependencia").startswith("130 ")
