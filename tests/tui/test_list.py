"""The one list, with a hundred thousand rows of which nobody has more than what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import App

from tui.views import Column, Row
from tui.widgets.list import PAGE, VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult

IDS = [f"r{n}" for n in range(100_000)]


class ListApp(App[None]):
    """A list alone."""

    def __init__(self, *, answers: bool = True) -> None:
        super().__init__()
        self.wanted: list[tuple[str, ...]] = []
        self.moved: list[str] = []
        self._answers = answers

    def compose(self) -> ComposeResult:
        yield VirtualList([Column("N.º", 8), Column("Qué")])

    @on(VirtualList.RowsWanted)
    def _wanted(self, event: VirtualList.RowsWanted) -> None:
        self.wanted.append(event.ids)
        if self._answers:
            event.list.put_rows([Row(i, (i, f"[red]fila[/] {i}")) for i in event.ids])

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        self.moved.append(event.id)

    def report(self, error: Exception) -> None:
        """Errors end the test."""
        raise error

    def line(self, y: int) -> str:
        """A line as text."""
        return self.query_one(VirtualList).render_line(y).text


async def test_only_what_is_seen_is_asked_for() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 20)) as pilot:
        rows = app.query_one(VirtualList)
        rows.set_ids(IDS)
        rows.focus()
        await pilot.press("end", "pageup", "home", "pagedown")
        await pilot.pause()
        assert sum(len(w) for w in app.wanted) <= 4 * PAGE
        assert rows.cursor == "r18"


async def test_markup_in_rows_is_only_text() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.query_one(VirtualList).set_ids(IDS)
        for _ in range(50):
            await pilot.pause()
            if "·····" not in app.line(1):
                break
        assert "[red]fila[/] r0" in app.line(1)


async def test_rows_that_are_not_here_are_dots_and_keys_do_not_wait() -> None:
    app = ListApp(answers=False)
    async with app.run_test(size=(60, 20)) as pilot:
        rows = app.query_one(VirtualList)
        rows.set_ids(IDS)
        rows.focus()
        await pilot.press("down", "down")
        assert "·····" in app.line(1)
        assert rows.cursor == "r2"


async def test_a_new_snapshot_keeps_the_row_not_its_place() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 20)) as pilot:
        rows = app.query_one(VirtualList)
        rows.set_ids(IDS[:50])
        rows.select("r30")
        rows.set_ids(IDS[10:60])
        assert rows.cursor == "r30"
        rows.set_ids([i for i in IDS[10:60] if i != "r30"])
        await pilot.pause()
        assert rows.cursor == "r31"


async def test_only_two_lines_are_drawn_when_the_cursor_moves() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 20)) as pilot:
        rows = app.query_one(VirtualList)
        rows.set_ids(IDS)
        rows.focus()
        await pilot.pause()
        await pilot.pause()
        drawn: list[int] = []
        real = rows.render_line
        rows.render_line = lambda y: (drawn.append(y), real(y))[1]  # type: ignore[method-assign]
        await pilot.press("down")
        await pilot.pause()
        assert set(drawn) <= {1, 2}
