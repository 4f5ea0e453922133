"""The room «Tablero»: the office in figures, each with a bar that leads to its records, and what
presses."""

from __future__ import annotations

from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal
from textual.widgets import Static

from records.words import plain
from tui import actions, tablero_words
from tui import messages as base
from tui.actions import rooms
from tui.actions.tablero import TABLERO, Looking
from tui.bars import figure
from tui.messages import tablero as m
from tui.screens.board import Room
from tui.texts import tablero as words
from tui.views import Column
from tui.widgets.filter import FilterLine
from tui.widgets.head import Head
from tui.widgets.keybar import KeyBar
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.events import DescendantBlur, DescendantFocus, Resize

    from tui.tablero_words import AlertLine, Bar, Lead
    from tui.tasks.tablero import TableroTasks
    from tui.views import Session

_GROUP, _NAME, _FIGURE = 19, 27, 8
_FIGURES = [Column(t, w) for t, w in zip(words.COLUMNS, (_GROUP, _NAME, _FIGURE, 0), strict=True)]
_ALERTS = [
    Column(title, width, room)
    for title, width, room in zip(words.ALERT_COLUMNS, (10, 18, 0, 24), (0, 0, 0, 96), strict=True)
]


_QUICK, _FRESH = 0.5, 60.0
"""Seconds: alerts that came sooner are asked for each time; others no more often than that."""


class TableroScreen(Room):
    """The screen."""

    BINDINGS: ClassVar = [*actions.bindings(TABLERO)]
    AUTO_FOCUS = "#cifras"

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self._bars: dict[str, Bar] = {}
        self._alerts: dict[str, AlertLine] | None = None
        """By number; None: not known yet."""
        self._levels: Mapping[str, int] = {}
        """How many alerts there are of each level."""
        self._asked = 0.0
        """When the alerts were asked for; 0: they came."""
        self._known, self._took = 0.0, 0.0
        """When they came last, and how many seconds that took."""
        self._figures: tuple[Bar, ...] | None = None
        self._level: str | None = None
        """Of which the alerts are listed; «» all; None: the figures are."""
        self._hour = ""
        self._kept: str | None = None
        """The figure under the cursor while alerts are listed."""

    @property
    def asks(self) -> TableroTasks:
        """What this room asks of the doors."""
        return self.tasks.tablero

    @property
    def list(self) -> VirtualList:
        """The lines."""
        return self.query_one("#cifras", VirtualList)

    @property
    def filter(self) -> FilterLine:
        """What narrows them."""
        return self.query_one(FilterLine)

    def compose(self) -> ComposeResult:
        yield Head()
        yield FilterLine()
        with Horizontal(id="tablero-sala"):
            yield VirtualList(_FIGURES, id="cifras")
            yield SheetPane(id="tablero-lado")
        yield Static("", id="tablero-detalle", markup=False)
        yield Notice(id="aviso")
        yield KeyBar(id="teclas")

    def on_mount(self) -> None:
        self.asks.enter(self)
        self._show_detail()
        self._show_hint()
        self.show_keys()

    def on_screen_resume(self) -> None:
        """Whoever comes back sees what is true now; alerts that take long are not asked for at each
        coming and going."""
        if self.is_mounted:
            self.asks.figures(self)
            if self._took < _QUICK or monotonic() - self._known > _FRESH:
                self._ask_alerts()

    def look_again(self) -> None:
        """Count again."""
        if self.is_mounted:
            self.asks.figures(self)
            self._ask_alerts()

    def _ask_alerts(self) -> None:
        if not self._asked:
            self._asked = monotonic()
            self.asks.alerts(self)

    def context(self) -> Looking:
        """What the guards look at."""
        session = self.session
        return Looking(
            place=actions.LIST if isinstance(self.focused, VirtualList) else actions.FORM,
            person=session is None or bool(session.person_id),
            roles=frozenset(session.roles if session else ()),
            chosen=self.is_mounted and self.list.cursor is not None,
        )

    # -- the doors' answers -------------------------------------------------------------------

    @on(m.Entered)
    def _entered(self, answer: m.Entered) -> None:
        self.session = answer.session
        self._show_head()
        self.show_keys()

    @on(m.FiguresRead)
    def _figures_read(self, answer: m.FiguresRead) -> None:
        self._figures, self._hour = answer.bars, answer.hour
        self._show_lines()

    @on(m.AlertsRead)
    def _alerts_read(self, answer: m.AlertsRead) -> None:
        self._known, self._took, self._asked = monotonic(), monotonic() - self._asked, 0.0
        self._alerts, self._levels = {a.number: a for a in answer.alerts}, answer.counts
        self._show_lines()

    @on(base.Told)
    def _told(self, answer: base.Told) -> None:
        self._asked = 0.0
        self.tell(answer.sentence, bad=answer.bad)

    # -- what a person does -------------------------------------------------------------------

    @on(VirtualList.RowsWanted)
    def _rows_wanted(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        self._put_rows(event.ids)

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        event.stop()
        self._show_detail()

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        self.do_tablero_abrir()

    @on(FilterLine.Changed)
    def _filtered(self, event: FilterLine.Changed) -> None:
        event.stop()
        self._show_lines()

    @on(FilterLine.Left)
    def _left(self, event: FilterLine.Left) -> None:
        event.stop()
        self.list.focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The keys follow the focus."""
        self.show_keys()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """As above."""
        self.call_after_refresh(self.show_keys)

    def on_resize(self, event: Resize) -> None:
        """Bars are as long as there is room."""
        if self._figures is not None:
            self.call_after_refresh(self._show_lines)

    def do_tablero_filtrar(self) -> None:
        """F3 and /."""
        self.filter.open()

    def do_tablero_mirar(self) -> None:
        """F5."""
        self.tell(words.COUNTING)
        self.look_again()

    def do_tablero_alertas(self) -> None:
        """F4 and a: the alerts, or the figures again."""
        self._turn(None if self._level is not None else "")

    do_tablero_alertas_letra = do_tablero_alertas

    def do_tablero_abrir(self) -> None:
        """F7 and Enter: the records of the line."""
        chosen = self.list.cursor
        if chosen is None:
            return
        if self._level is not None:
            self.visit("consulta", f"radicado:{chosen}")
            return
        one = self._bars[chosen]
        if one.lead is None or not one.value:
            self.tell(words.NOTHING_HERE if not one.value else one.told, bad=not one.value)
        else:
            self._follow(one.lead)

    def _follow(self, lead: Lead) -> None:
        if lead.room == "alertas":
            self._turn(lead.query)
            return
        place = rooms.BY_ID[lead.room]
        roles = self.session.roles if self.session and self.session.person_id else None
        if roles is not None and not place.admits(roles):
            self.tell(words.not_yours(place.title), bad=True)
        else:
            self.visit(lead.room, lead.query)

    def do_atras(self) -> None:
        """Esc: the filter, then the alerts, then where one came from."""
        if self.filter.text:
            self.filter.put("")
            self._show_lines()
        elif self._level is not None:
            self._turn(None)
        else:
            self.back()

    def _turn(self, level: str | None) -> None:
        """To the alerts of a level, or to the figures."""
        if self._level is None:
            self._kept = self.list.cursor
        self._level = level
        self.filter.put("")
        self.list.set_ids(())
        self.list.set_columns(_FIGURES if level is None else _ALERTS)
        self._show_lines(self._kept if level is None else None)
        self.list.focus()
        self._show_hint()

    # -- showing ------------------------------------------------------------------------------

    def _show_lines(self, cursor: str | None = None) -> None:
        """The lines that fit the filter; the cursor stays where it can."""
        wanted = plain(self.filter.field.value.strip())
        if self._level is None:
            made = () if self._figures is None else self._with_alerts(self._figures)
            self._bars = {b.id: b for b in made if _fits(wanted, b.group, b.name)}
            ids = list(self._bars)
        else:
            of_level = (a for a in (self._alerts or {}).values() if self._level in ("", a.level))
            ids = [a.number for a in of_level if all(w in a.plain for w in wanted.split())]
        self.list.set_ids(ids, cursor=cursor)
        self.filter.count("" if ids or not wanted else words.NONE_FITS)
        self._show_head()
        self._show_detail()
        self.show_keys()

    def _with_alerts(self, figures: tuple[Bar, ...]) -> tuple[Bar, ...]:
        """The alerts by level stand after what one heads oneself and today's work."""
        if self._alerts is None:
            return figures
        found = tablero_words.levels(self._levels)
        at = next((n for n, b in enumerate(figures) if b.group == words.OVERDUE), 0)
        return (*figures[:at], *found, *figures[at:])

    def _put_rows(self, ids: tuple[str, ...]) -> None:
        if self._level is not None:
            held = self._alerts or {}
            self.list.put_rows([held[i].row for i in ids if i in held])
            return
        width = self.list.scrollable_content_region.width - _GROUP - _NAME - _FIGURE - 6
        looks = getattr(self.app, "looks", None)
        plain_ = looks is not None and looks.ascii
        found = [self._bars[i] for i in ids if i in self._bars]
        self.list.put_rows(list(tablero_words.rows(found, width, ascii=plain_)))

    def _show_detail(self) -> None:
        detail = self.query_one("#tablero-detalle", Static)
        pane = self.query_one(SheetPane)
        ident = self.list.cursor
        if self._level is not None:
            alert = (self._alerts or {}).get(str(ident))
            told = f"{alert.said}\n{alert.what}" if alert else words.NO_ALERTS
            detail.update(told)
            pane.show(alert.sheet if alert else None)
            return
        one = self._bars.get(str(ident))
        detail.update(one.told if one else words.COUNTING if self._figures is None else "")
        if self._alerts is not None:
            worst = tuple(islice(self._alerts.values(), tablero_words.BESIDE))
            pane.show(tablero_words.beside(worst, self._count))
        else:
            pane.show(None)

    @property
    def _count(self) -> int:
        return sum(self._levels.values())

    def _show_head(self) -> None:
        count = "" if self._alerts is None else f" {figure(self._count)}"
        figures, alerts = words.TITLE, f"{words.ALERTS}{count}"
        parts = [f"[{figures}]", alerts] if self._level is None else [figures, f"[{alerts}]"]
        if self._hour:
            parts.append(words.seen_at(self._hour))
        self.query_one(Head).show(self.session, parts)

    def _show_hint(self) -> None:
        hint = words.HINT if self._level is None else words.ALERTS_HINT
        if self._level is not None and self._count > len(self._alerts or {}):
            hint = words.first_of(figure(tablero_words.LISTED), figure(self._count))
        self.query_one(Notice).hint(hint)


def _fits(wanted: str, *told: str) -> bool:
    """Whether all words that were typed are there."""
    if not wanted:
        return True
    said = plain(" ".join(told))
    return all(word in said for word in wanted.split())
