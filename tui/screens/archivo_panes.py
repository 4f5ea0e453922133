"""The parts of the room «Archivo»: what each shows, and what the doors answer to it.

Each part has a list of its own, which keeps its cursor and its marks while another one is looked
at. The two long lists are ids, whose rows are read when they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.content import Content
from textual.widgets import Static

from tui import archivo_words
from tui import messages as base
from tui.archivo_views import Fact, Keeper, Node, Pane
from tui.dialogs.sheet import SheetDialog
from tui.messages import archivo as m
from tui.screens.archivo_asking import Asking
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms
from tui.texts.archivo import DISPOSAL, DUE, FILES, LOOSE, PANES, TRANSFERS, TRD
from tui.views import Column
from tui.widgets.filter import FilterLine
from tui.widgets.head import Head
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tui.tasks.archivo import ArchivoTasks
    from tui.views import Id, Row, Session

_SHAPES: dict[str, tuple[tuple[int, int], ...]] = {
    TRD: ((0, 0), (3, 0), (3, 0), (7, 0), (8, 0), (8, 0)),
    FILES: ((19, 0), (0, 0), (10, 80), (9, 0), (5, 50), (10, 70)),
    LOOSE: ((18, 0), (11, 70), (0, 0), (0, 0), (11, 60)),
    DUE: ((19, 0), (0, 0), (12, 0), (10, 0), (9, 0), (24, 100)),
    TRANSFERS: ((19, 0), (10, 0), (9, 0), (10, 60), (0, 0)),
    DISPOSAL: ((19, 0), (6, 0), (14, 0), (4, 90), (0, 0)),
}
MARKED = (FILES, LOOSE, DUE)
PARTS = tuple(PANES)


def columns(part: str) -> list[Column]:
    """The columns of a part."""
    pairs = zip(words.COLUMNS[part], _SHAPES[part], strict=True)
    return [Column(title, *shape) for title, shape in pairs]


class Panes(Asking):
    """What the parts show."""

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self.keeper = Keeper(frozenset(), "", {})
        self.part = TRD
        self.nodes: tuple[Node, ...] = ()
        self.table = ""
        """What is said of the TRD that holds."""
        self.day: date | None = None
        """On which day what is due is asked for; None: today."""
        self.order = "numero"
        self.series: tuple[str, ...] = ()
        self.series_title = ""
        """Of which series the expedientes are shown; none: of all."""
        self._unfolded: set[str] | None = None
        self._panes: dict[str, Pane] = {}
        self._empty: dict[str, str] = {}
        """What is said of a part that shows nothing."""
        self._filters = dict.fromkeys(PARTS, "")
        self._tickets = dict.fromkeys(PARTS, 0)
        self._stale = set(PARTS)
        self._facts: dict[str, dict[Id, Fact]] = {part: {} for part in PARTS}

    @property
    def asks(self) -> ArchivoTasks:
        """What this room asks of the doors."""
        return self.tasks.archivo

    @property
    def list(self) -> VirtualList:
        """The list of the part that is shown."""
        return self.list_of(self.part)

    def list_of(self, part: str) -> VirtualList:
        """The list of a part."""
        return self.query_one(f"#lista-{part}", VirtualList)

    @property
    def _wide(self) -> bool:
        return self.app.size.width >= 120

    # -- which part ---------------------------------------------------------------------------

    def show_part(self, part: str) -> None:
        """Turn to a part; what may have changed since it was last seen is read again."""
        self.part = part
        for one in PARTS:
            self.list_of(one).display = one == part
        self.query_one(FilterLine).put(self._filters[part])
        self.list.focus()
        self.query_one(SheetPane).show(None)
        if part in self._stale:
            self.read()
        else:
            self._show_empty()
            self._preview()
        self._show_all()

    def read(self) -> None:
        """Read the part again."""
        part, asks, text = self.part, self.asks, self._filters[self.part]
        self._stale.discard(part)
        match part:
            case "trd":
                asks.tree(self)
            case "expedientes":
                self._tickets[part] = asks.numbers(self, text, self.series, self.order)
            case "sin":
                self._tickets[part] = asks.loose(self, text)
            case "debido":
                self._tickets[part] = asks.due(self, self.day)
            case "transferencias":
                self._tickets[part] = asks.transfers(self)
            case _:
                self._tickets[part] = asks.disposals(self)

    def look_again(self) -> None:
        """Something changed: each part is read again when it is next seen, this one now."""
        if self.is_mounted:
            self._stale.update(PARTS)
            self.read()

    @property
    def node(self) -> Node | None:
        """The line of the TRD under the cursor."""
        if not self.is_mounted:
            return None
        at = self.list_of(TRD).cursor
        return next((n for n in self.nodes if n.id == at), None)

    @property
    def shows_all(self) -> bool:
        """Whether the list of expedientes is narrowed by nothing."""
        return not self.series and not self._filters[FILES]

    def fact(self) -> Fact:
        """What is known of the row under the cursor."""
        return self._facts[self.part].get(self.list.cursor, Fact())

    def fact_of(self, ident: Id) -> Fact:
        """What is known of a row."""
        return self._facts[self.part].get(ident, Fact())

    # -- the doors' answers -------------------------------------------------------------------

    @on(m.Entered)
    def _entered(self, answer: m.Entered) -> None:
        self.session, self.keeper = answer.session, answer.keeper
        self.restore_drafts(answer.keeper.drafts)
        self._show_all()

    @on(m.TreeRead)
    def _tree_read(self, answer: m.TreeRead) -> None:
        self.nodes, self.table = answer.nodes, answer.title
        if self._unfolded is None and answer.nodes:
            self._unfolded = {n.id for n in answer.nodes if not n.above}
        self._empty[TRD] = answer.empty or words.EMPTY[TRD]
        self._show_tree()

    def _show_tree(self) -> None:
        unfolded, text = self._unfolded or set(), self._filters[TRD]
        shown = archivo_words.visible(self.nodes, unfolded, text)
        rows = {
            n.id: archivo_words.tree_row(n, unfolded=bool(text) or n.id in unfolded) for n in shown
        }
        if self.nodes:
            self._empty[TRD] = words.NOTHING_FITS
        self._facts[TRD] = {n.id: Fact(name=n.title) for n in shown if n.leaf}
        self._panes[TRD] = Pane(tuple(rows), rows)
        self._set_ids(TRD, tuple(rows))

    @on(m.PaneRead)
    def _pane_read(self, answer: m.PaneRead) -> None:
        if answer.ticket != self._tickets[answer.part]:
            return
        self._panes[answer.part] = answer.pane
        if answer.pane.rows:
            self._facts[answer.part] = dict(answer.pane.facts)
        self._narrow(answer.part)

    def _narrow(self, part: str) -> None:
        """A short list is narrowed here, by its words."""
        pane, text = self._panes[part], self._filters[part]
        if text and pane.rows:
            found = archivo_words.narrowed(pane.rows, text)
            self._empty[part] = words.NOTHING_FITS
            self._set_ids(part, found)
        else:
            self._empty[part] = pane.empty
            self._set_ids(part, pane.ids)

    @on(m.LooseFound)
    def _loose_found(self, answer: m.LooseFound) -> None:
        if answer.ticket != self._tickets[LOOSE]:
            return
        empty = words.NOTHING_FITS if self._filters[LOOSE] else words.EMPTY[LOOSE]
        self._panes[LOOSE] = Pane()
        self._empty[LOOSE] = empty if answer.done else words.NOT_YET_READ
        self._set_ids(LOOSE, answer.ids)

    def _set_ids(self, part: str, ids: Any) -> None:
        self.list_of(part).set_ids(ids)
        if part == self.part:
            self._show_empty()
            self._preview()
            self._show_all()

    @on(m.RowsRead)
    def _rows_read(self, answer: m.RowsRead) -> None:
        self._facts[answer.part].update(answer.facts)
        self.list_of(answer.part).put_rows(answer.rows)
        self.show_keys()

    @on(m.SheetRead)
    def _sheet_read(self, answer: m.SheetRead) -> None:
        if answer.preview:
            if answer.part == self.part and answer.ident == self.list.cursor:
                self.query_one(SheetPane).show(answer.sheet)
        elif self.app.screen is self:
            dialog = SheetDialog(answer.sheet)
            dialog.hint_text = forms.SHEET_HINT
            self.app.push_screen(dialog)

    @on(base.Told)
    def _told(self, answer: base.Told) -> None:
        self.tell(answer.sentence, bad=answer.bad)

    # -- moving -------------------------------------------------------------------------------

    @on(VirtualList.RowsWanted)
    def _rows_wanted(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        part = str(event.list.id).removeprefix("lista-")
        if part in (FILES, LOOSE):
            self.asks.rows(self, part, event.ids)
        else:
            held: Any = self._panes[part].rows
            rows: list[Row] = [held[i] for i in event.ids if i in held]
            event.list.put_rows(rows)

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        event.stop()
        self._preview()
        self.show_keys()

    @on(VirtualList.MarksChanged)
    def _marks_changed(self, event: VirtualList.MarksChanged) -> None:
        event.stop()
        self._show_all()

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if self.part != TRD:
            self.asks.sheet(self, self.part, event.id, preview=False)
        elif (node := self.node) is not None and node.leaf:
            self.show_series(node)
        elif node is not None:
            self.fold(node, node.id not in (self._unfolded or set()))

    def _preview(self) -> None:
        at = self.list.cursor
        if not self._wide or at is None:
            self.query_one(SheetPane).show(None)
        elif self.part == TRD:
            self.query_one(SheetPane).show(self.node.sheet if self.node else None)
        else:
            self.asks.sheet(self, self.part, at, preview=True)

    def fold(self, node: Node, unfolded: bool) -> None:
        """Show or hide what stands below a line."""
        held = self._unfolded if self._unfolded is not None else set()
        self._unfolded = held | {node.id} if unfolded else held - {node.id}
        self._show_tree()

    def unfold_all(self) -> None:
        """All of it or, where all is unfolded already, only the dependencias."""
        every = {n.id for n in self.nodes if not n.leaf}
        self._unfolded = set() if self._unfolded == every else every
        self._show_tree()

    def show_series(self, node: Node | None) -> None:
        """The expedientes of what is chosen in the TRD; None: all."""
        self.series = node.series if node else ()
        self.series_title = node.title if node else ""
        self._stale.add(FILES)
        self.show_part(FILES)

    # -- filter -------------------------------------------------------------------------------

    @on(FilterLine.Changed)
    def _filtered(self, event: FilterLine.Changed) -> None:
        event.stop()
        self._filters[self.part] = event.text
        if self.part == TRD:
            self._show_tree()
        elif self.part in (FILES, LOOSE):
            self.read()
        elif self.part in self._panes:
            self._narrow(self.part)

    @on(FilterLine.Left)
    def _filter_left(self, event: FilterLine.Left) -> None:
        event.stop()
        self.list.focus()

    def do_archivo_filtrar(self) -> None:
        """F3 and /."""
        self.query_one(FilterLine).open(self._filters[self.part])

    # -- showing ------------------------------------------------------------------------------

    def _show_empty(self) -> None:
        none = not len(self.list.ids)
        shown = self.query_one("#archivo-vacio", Static)
        shown.display = none
        self.list.set_class(none, "-vacia")
        shown.update(self._empty.get(self.part, words.NOT_YET_READ) if none else "")
        self.query_one(FilterLine).count(words.number(len(self.list.ids)))

    def _show_all(self) -> None:
        counts = {
            p: words.number(len(self.list_of(p).ids))
            for p in PARTS
            if p != TRD and p in self._panes
        }
        pieces = words.parts_line(self.part, counts, wide=self._wide)
        self.query_one("#partes", Static).update(Content.assemble(*pieces))
        self.query_one(Head).show(self.session, [f"[{words.TITLE}]", *self._said()])
        self.query_one(Notice).hint(words.HINTS[self.part])
        self.show_keys()

    def _said(self) -> Sequence[str]:
        """What stands in the head about the part."""
        found, out = self.list, list[str]()
        if self.part == TRD:
            out += [self.table] if self.table else []
        elif self.part in self._panes:
            out.append(words.several(len(found.ids), *words.COUNTED[self.part]))
        if found.marks:
            out.append(words.marked(len(found.marks)))
        if self.part == FILES:
            out.append(words.by(self.order))
            if self.series_title:
                out.append(self.series_title)
        if self.part == DUE and self.day is not None:
            out.append(words.on_day(self.day.isoformat()))
        return out

    def on_resize(self) -> None:
        """A wider terminal shows more."""
        if self.is_mounted:
            self._preview()
            self._show_all()
