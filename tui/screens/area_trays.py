"""Which waits the room «Área» shows: whose, of which tray, by which filter, in which order."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Static

from tui import area_words, consulta_words
from tui.area_views import Asked, Whose
from tui.dialogs.choose import ChooseDialog
from tui.messages import area as m
from tui.screens.area_verbs import AreaVerbs
from tui.screens.shared import drop_view, name_view
from tui.texts import area as words
from tui.views import Choice, SavedView
from tui.widgets.head import Head
from tui.widgets.list import VirtualList
from tui.widgets.query import QueryLine

if TYPE_CHECKING:
    from tui.tasks.area import AreaTasks
    from tui.views import Session


class AreaTrays(AreaVerbs):
    """The part of the room that chooses what is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self._whose: Whose | None = None
        """None: nobody chose; then what the person begins with."""
        self._tray: str | None = None
        self._order = "vence"
        self._ticket = 0
        self._found = -1
        """How much waits; -1 while it is looked for."""
        self._saved: dict[int, SavedView] = {}
        self._counts: dict[int, str] = {}

    @property
    def asks(self) -> AreaTasks:
        """What this room asks of the doors to show."""
        return self.tasks.area

    @property
    def line(self) -> QueryLine:
        """Where the filter is written."""
        return self.query_one(QueryLine)

    @property
    def list(self) -> VirtualList:
        """What waits."""
        return self.query_one("#tramites", VirtualList)

    @property
    def whose(self) -> Whose:
        """Whose waits are shown."""
        if self._whose is not None:
            return self._whose
        if self.session is None or not self.session.person_id or (self.desk and self.desk.whole):
            return Whose(words.WHOLE)
        return Whose(words.MINE, person=self.session.person_id)

    @abstractmethod
    def find(self) -> None:
        """Look for what waits."""

    @property
    def query_text(self) -> str:
        """The filter."""
        return consulta_words.begun(self.line.text)

    def _asked(self, text: str) -> Asked:
        return Asked(self.whose, self._tray, text, self._order)

    # -- views

    @on(m.ViewsRead)
    def _views_read(self, answer: m.ViewsRead) -> None:
        self._saved = {v.key: v for v in answer.views}
        self._counts.clear()
        if answer.told:
            self.tell(answer.told)
        self._show_views()
        if self.session is not None:
            self._count_views()

    @on(m.ViewCounted)
    def _view_counted(self, answer: m.ViewCounted) -> None:
        if answer.ticket == self._ticket:
            self._counts[answer.key] = answer.count
            self._show_views()

    def action_view(self, key: int) -> None:
        """A digit in the list: the filter kept under it; once more, all again."""
        view = self._views().get(key)
        if view is None:
            self.tell(words.no_view(key), bad=True)
            return
        same = view.query == self.line.text.strip()
        self._order = view.order
        self._show_head()
        self._filter("" if same else view.query)

    def _filter(self, query: str) -> None:
        self.line.display = bool(query)
        before = self.line.text
        self.line.put(query)
        if query == before:
            self.find()

    def do_area_escribir(self) -> None:
        """F3 and /: to the filter."""
        self.line.display = True
        self.line.field.focus()

    # -- whose, which, in which order

    def do_area_orden(self) -> None:
        """F6: the next order."""
        names = list(words.ORDERS)
        self._order = names[(names.index(self._order) + 1) % len(names)]
        self._show_head()
        self.find()

    do_area_orden_letra = do_area_orden

    def do_area_bandeja(self) -> None:
        """B: one tray, or all."""

        def chosen(tray: str | None) -> None:
            if tray is not None:
                self._tray = tray or None
                self._show_head()
                self.find()

        dialog = ChooseDialog(words.TRAY_TITLE, area_words.trays(), self._tray or "")
        self.app.push_screen(dialog, chosen)

    def do_area_quien(self) -> None:
        """M: whose waits are shown."""
        if self.desk is None or self.session is None:
            return
        desk = self.desk
        found = area_words.whose(self.session.person_id, desk.own, desk.people, desk.areas)

        def chosen(code: str | None) -> None:
            if code is not None:
                self._whose = found[code]
                self._show_head()
                self.find()

        choices = [Choice(code, one.title) for code, one in found.items()]
        now = next((code for code, one in found.items() if one == self.whose), "")
        self.app.push_screen(ChooseDialog(words.WHOSE_TITLE, choices, now), chosen)

    def do_area_guardar(self) -> None:
        """W: keep the filter under a digit."""
        query, order = self.query_text, self._order
        save = partial(self._save_view, query, order)
        name_view(self, words.save_text(query), save)

    def _save_view(self, query: str, order: str, name: str, key: int | None) -> None:
        self.asks.save_view(self, name, query, order, key)

    def do_area_borrar(self) -> None:
        """X: drop a saved view."""
        drop_view(self, self._saved, words.NO_VIEWS, partial(self.asks.drop_view, self))

    # -- showing

    def _views(self) -> dict[int, SavedView]:
        """Those of the person, and under the other digits those that everybody has."""
        usual = {k: SavedView(k, name, query, "vence") for k, name, query in words.VIEWS}
        return dict(sorted({**usual, **self._saved}.items()))

    def _count_views(self) -> None:
        for view in self._views().values():
            self.asks.count_view(self, view.key, self._asked(view.query))

    def _show_views(self) -> None:
        narrowed = bool(self.line.text or self._tray)
        found = words.LOOKING
        if self._found >= 0:
            found = words.count(self._found, narrowed=narrowed)
        shown = consulta_words.views_line(self._views().values(), self._counts)
        self.query_one("#area-vistas", Static).update(f"{found} · {shown}")

    def _show_head(self) -> None:
        tray = [words.TRAYS[self._tray]] if self._tray else []
        parts = [f"[{words.TITLE}]", self.whose.title, *tray, words.order(self._order)]
        self.query_one(Head).show(self.session, parts)
