"""Pictures of the room «Archivo», compared to approved ones. Renew: `pytest --snapshot-update`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from records import keys
from records.expedientes_index import TransferRow
from records.transfers import Prepared, Transfer
from retention.rehearsing import Kept, Rehearsal
from tests.tui import archivo_home
from tests.tui.archivo_home import LATER, Built, Clock, app_of, number, room_of
from tests.tui.conftest import Driver
from tui import archivo_sheets, archivo_words
from tui.dialogs.archivo_trial import TrialDialog
from tui.messages import archivo as m
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.pilot import Pilot


@pytest.fixture(scope="module")
def busy(archive_whole: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """With a disposal that stands published, and one that was withdrawn; not to be changed."""
    with pytest.MonkeyPatch.context() as patch:
        Clock(patch, LATER)
        patch.setattr(keys, "_ARGON", {"iterations": 1, "lanes": 1, "memory_cost": 64})
        patch.delenv("NO_COLOR", raising=False)
        built = archivo_home.copy(archive_whole, tmp_path_factory.mktemp("a") / "archivo", patch)
        door = built.door("rosa")
        for name in ("Caso", "Petición de Ana"):
            door.proponer([number(built, name)])
        door.retirar_eliminacion("2027-VU1-ELM-000001", "Se propuso por error")
        door.publicar("2027-VU1-ELM-000002")
        door.observar("2027-VU1-ELM-000002", "Veeduría", "¿Por qué ese? [b]")
        yield built


SENT = Transfer(
    Prepared(
        transferencia="2027-VU1-TRF-000001", vigencia=2027, n=1, anterior=None, tipo="primaria",
        expedientes=["2026-VU1-EXP-000001", "2026-VU1-EXP-000002"], paquete="ab" * 32,
    ),
    "2027-03-05T09:00:00.000-05:00", "rosa", "/media/usb",
)  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
@pytest.mark.parametrize("part", [*words.PANES, "formulario", "ensayo"])
def test_the_room_is_seen(
    busy: Built,
    snap_compare: Any,
    size: tuple[int, int],
    part: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "index_of", lambda _: "firmado; su huella empieza por 00112233")
    app, tasks = app_of(busy, "rosa")

    async def rest(pilot: Pilot[Any]) -> None:
        d = Driver(app, pilot)
        await d.settle()
        room = room_of(d)
        if part in words.PANES:
            await d.press(str(list(words.PANES).index(part) + 1))
            await d.press(*(["asterisk"] if part == "trd" else []), "down")
        if part == "transferencias":
            row = TransferRow(SENT.numero, "primaria", "preparada", SENT.fecha, "", SENT.destino)
            room._pane_read(m.PaneRead(part, room._tickets[part], archivo_words.transfers([row])))
            # The room asks for what stands beside this row, which the archive does not know.
            await pilot.pause(0.2)
            await d.settle()
            sheet = archivo_sheets.transfer(SENT, busy.door().office.authority)
            room._sheet_read(m.SheetRead(part, SENT.numero, sheet, preview=True))
            room.tell("")
        elif part == "formulario":
            await d.press("2", "end", "c")
        elif part == "ensayo":
            kept = [Kept("2026-VU1-EXP-000004", "Al [b]4[/] no le llega todavía.")]
            found = Rehearsal("primaria", list(SENT.hecha.expedientes), kept, 31, 288_800, 8 << 30)
            trial = archivo_sheets.transfer_trial(found, "/media/usb", "bagit")
            app.push_screen(TrialDialog(forms.TRANSFER_TITLE, trial))
        await pilot.pause(0.2)
        await d.settle()

    assert snap_compare(app, terminal_size=size, run_before=rest)
    assert tasks.close()
