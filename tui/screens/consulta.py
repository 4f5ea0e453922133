"""The room «Consulta»: a line in which one asks, what was found, and the record beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Static

from tui import actions, consulta_words
from tui import messages as base
from tui.actions.consulta import CONSULTA, Search
from tui.dialogs.choose import ChooseDialog
from tui.dialogs.sheet import SheetDialog
from tui.messages import consulta as m
from tui.screens.board import Room
from tui.screens.shared import drop_view, name_view, show_document
from tui.texts import consulta as words
from tui.views import Choice, Column
from tui.widgets.head import Head
from tui.widgets.keybar import KeyBar
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.query import QueryLine
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import DescendantBlur, DescendantFocus

    from tui.tasks.consulta import ConsultaTasks
    from tui.views import SavedView, Session

_SHAPES = ((18, 0), (11, 70), (0, 0), (0, 0), (11, 60))


def _columns(order: str) -> list[Column]:
    titles = list(words.COLUMNS)
    if order == "vence":
        titles[1] = words.DUE_COLUMN
    return [Column(t, *shape) for t, shape in zip(titles, _SHAPES, strict=True)]


class ConsultaScreen(Room):
    """The screen."""

    BINDINGS: ClassVar = [
        *actions.bindings(CONSULTA),
        *(Binding(str(n), f"view({n})", show=False) for n in range(1, 10)),
    ]
    AUTO_FOCUS = "#consulta-texto"

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self._order = "numero"
        self._ticket = 0
        self._views: dict[int, SavedView] = {}
        self._counts: dict[int, str] = {}
        self._counted = True
        """Whether the saved views were counted since they may have changed."""

    @property
    def asks(self) -> ConsultaTasks:
        """What this room asks of the doors."""
        return self.tasks.consulta

    @property
    def line(self) -> QueryLine:
        """Where one asks."""
        return self.query_one(QueryLine)

    @property
    def query_text(self) -> str:
        """What is looked for."""
        return consulta_words.begun(self.line.text)

    @property
    def list(self) -> VirtualList:
        """What was found."""
        return self.query_one("#hallados", VirtualList)

    @property
    def _wide(self) -> bool:
        return self.app.size.width >= 120

    def compose(self) -> ComposeResult:
        yield Head()
        yield QueryLine(words.LINE, words.PLACEHOLDER)
        yield Static("", id="vistas", markup=False)
        with Horizontal(id="consulta-sala"):
            yield VirtualList(_columns(self._order), id="hallados")
            yield SheetPane(id="ficha-lado")
        yield Notice(id="aviso")
        yield KeyBar(id="teclas")

    def on_mount(self) -> None:
        self.asks.enter(self)
        self.asks.views(self)
        self.find()
        self._show_hint()
        self.show_keys()

    def context(self) -> Search:
        """What the guards look at."""
        session = self.session
        found = self.list if self.is_mounted else None
        return Search(
            place=actions.LIST if isinstance(self.focused, VirtualList) else actions.FORM,
            person=session is None or bool(session.person_id),
            roles=frozenset(session.roles if session else ()),
            chosen=found is not None and found.cursor is not None,
        )

    def look_again(self) -> None:
        """Something arrived: the same query, once more."""
        if self.is_mounted:
            self._counted = False
            self.find()

    def look_for(self, query: str) -> None:
        """Another room leads here: its query stands in the line, its records in the list."""
        self.line.put(query)
        self.list.focus()

    def find(self) -> None:
        """Look for what stands in the line."""
        self._ticket = self.asks.find(self, self.query_text, self._order)
        self.line.count(words.SEARCHING)

    # -- the doors' answers -------------------------------------------------------------------

    @on(m.Entered)
    def _entered(self, answer: m.Entered) -> None:
        self.session = answer.session
        self.line.proposing(partial(consulta_words.proposals, values=answer.known))
        self._show_head()
        self.show_keys()

    @on(m.IdsFound)
    def _found(self, answer: m.IdsFound) -> None:
        if answer.ticket != self._ticket:
            return
        first = self.list.ids[: len(answer.ids)] if answer.done else ()
        if answer.done and len(first) and len(self.list.ids) and self._begins(answer):
            self.list.grow(answer.ids)
        else:
            self.list.set_ids(answer.ids)
        self.line.count(words.count(len(answer.ids), exact=answer.done))
        if not answer.ids:
            self.query_one(SheetPane).show(None)
        if answer.done and not self._counted:
            self._count_views()
        self.show_keys()

    def _begins(self, answer: m.IdsFound) -> bool:
        """Whether what is shown is the beginning of what was found in all."""
        shown = self.list.ids
        return len(shown) <= len(answer.ids) and list(answer.ids[: len(shown)]) == list(shown)

    @on(m.QueryRefused)
    def _refused(self, answer: m.QueryRefused) -> None:
        if answer.ticket == self._ticket:
            self.line.count("")
            self.tell(answer.sentence, bad=True)

    @on(m.RowsRead)
    def _rows_read(self, answer: m.RowsRead) -> None:
        self.list.put_rows(answer.rows)

    @on(m.SheetRead)
    def _sheet_read(self, answer: m.SheetRead) -> None:
        if answer.preview:
            if answer.ident == self.list.cursor:
                self.query_one(SheetPane).show(answer.sheet)
        elif self.app.screen is self:

            def left(wanted: str | None) -> None:
                if wanted == "documento":
                    self.asks.document(self, answer.ident)

            self.app.push_screen(SheetDialog(answer.sheet), left)

    @on(m.DocumentAt)
    def _document_at(self, answer: m.DocumentAt) -> None:
        show_document(self, answer.path, words.NO_DOCUMENT)

    @on(m.ViewsRead)
    def _views_read(self, answer: m.ViewsRead) -> None:
        self._views = {v.key: v for v in answer.views}
        self._counts = {k: v for k, v in self._counts.items() if k in self._views}
        if answer.told:
            self.tell(answer.told)
        self._show_views()
        self._count_views()

    @on(m.ViewCounted)
    def _view_counted(self, answer: m.ViewCounted) -> None:
        self._counts[answer.key] = answer.count
        self._show_views()

    @on(m.ValuesRead)
    def _values_read(self, answer: m.ValuesRead) -> None:
        if not answer.values or self.app.screen is not self:
            return

        def chosen(piece: str | None) -> None:
            if piece is not None:
                self.line.put(consulta_words.narrowed(self.line.field.value.strip(), piece))

        choices = [Choice(piece, said) for piece, said in answer.values]
        self.app.push_screen(ChooseDialog(words.NARROW_TITLE, choices, ""), chosen)

    @on(base.Told)
    def _told(self, answer: base.Told) -> None:
        self.tell(answer.sentence, bad=answer.bad)

    # -- what a person does -------------------------------------------------------------------

    @on(QueryLine.Asked)
    def _asked(self, event: QueryLine.Asked) -> None:
        event.stop()
        self.find()

    @on(QueryLine.Left)
    def _to_list(self, event: QueryLine.Left) -> None:
        event.stop()
        self.list.focus()

    @on(VirtualList.RowsWanted)
    def _rows_wanted(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        self.asks.rows(self, event.ids, due=self._order == "vence")

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        event.stop()
        if self._wide:
            self.asks.preview(self, event.id)

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        self.asks.record(self, event.id)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The keys and the hint follow the focus."""
        self._show_hint()
        self.show_keys()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """As above."""
        self.call_after_refresh(self.show_keys)

    def action_view(self, key: int) -> None:
        """A digit in the list: the query kept under it."""
        view = self._views.get(key)
        if view is None:
            self.tell(words.no_view(key), bad=True)
            return
        same = view.query == self.line.text
        self._set_order(view.order)
        self.line.put(view.query)
        if same:
            self.find()

    def do_consulta_escribir(self) -> None:
        """F3 and /: to the line."""
        self.line.field.focus()

    def do_consulta_mirar(self) -> None:
        """F5."""
        self.look_again()

    def do_consulta_orden(self) -> None:
        """F6: the next order."""
        names = list(words.ORDERS)
        at = names.index(self._order) if self._order in names else -1
        self._set_order(names[(at + 1) % len(names)])
        self.find()

    do_consulta_orden_letra = do_consulta_orden

    def _set_order(self, order: str) -> None:
        self._order = order
        self.list.set_columns(_columns(order))
        self.list.set_ids(())
        self._show_head()

    def do_consulta_ver(self) -> None:
        """F7 and o: its PDF."""
        if self.list.cursor is not None:
            self.asks.document(self, self.list.cursor)

    do_consulta_ver_letra = do_consulta_ver

    def do_consulta_hoja(self) -> None:
        """Ctrl+X: its pages, all over the terminal."""
        row = self.list.row
        if row is not None:
            self.show_pages(row.cells[0])

    def do_consulta_exportar(self) -> None:
        """F8 and e: the list as a table."""
        self.tell(words.EXPORTING)
        self.asks.export(self, self.query_text, self._order)

    do_consulta_exportar_letra = do_consulta_exportar

    def do_consulta_filtrar(self) -> None:
        """A comma: narrow by a value of the record."""
        if self.list.cursor is not None:
            self.asks.values(self, self.list.cursor)

    def do_consulta_guardar(self) -> None:
        """W: keep the query under a digit."""
        query, order = self.query_text, self._order
        save = partial(self._save_view, query, order)
        name_view(self, words.save_text(query), save)

    def _save_view(self, query: str, order: str, name: str, key: int | None) -> None:
        self.asks.save_view(self, name, query, order, key)

    def do_consulta_borrar(self) -> None:
        """X: drop a saved view."""
        drop_view(self, self._views, words.NO_VIEWS, partial(self.asks.drop_view, self))

    def do_consulta_hoja_arriba(self) -> None:
        """RePág while one types: the sheet beside."""
        self.query_one(SheetPane).page(-1)

    def do_consulta_hoja_abajo(self) -> None:
        """AvPág while one types."""
        self.query_one(SheetPane).page(1)

    def do_atras(self) -> None:
        """Esc: the proposals, then the line, then where one came from."""
        if self.line.offering:
            self.line.close()
        elif isinstance(self.focused, VirtualList):
            self.line.field.focus()
        else:
            self.back()

    # -- showing ------------------------------------------------------------------------------

    def _count_views(self) -> None:
        self._counted = True
        for view in self._views.values():
            self.asks.count_view(self, view.key, view.query)

    def _show_views(self) -> None:
        shown = self.query_one("#vistas", Static)
        shown.display = bool(self._views)
        shown.update(consulta_words.views_line(self._views.values(), self._counts))

    def _show_head(self) -> None:
        self.query_one(Head).show(self.session, [f"[{words.TITLE}]", words.order(self._order)])

    def _show_hint(self) -> None:
        typing = not isinstance(self.focused, VirtualList)
        self.query_one(Notice).hint(words.LINE_HINT if typing else words.LIST_HINT)
