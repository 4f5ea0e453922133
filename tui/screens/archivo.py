"""The room «Archivo»: the TRD, its expedientes, and what becomes of them.

One room with six parts, a digit each. Each part has a list of its own, which keeps its cursor and
its marks while another one is looked at. What a person does there is in `tui.screens.archivo_verbs`
and `archivo_steps`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from tui import actions
from tui.actions.archivo import ARCHIVO, Archive
from tui.screens.archivo_panes import MARKED, PARTS, columns
from tui.screens.archivo_steps import Steps
from tui.texts import archivo as words
from tui.texts.archivo import FILES, PANES, TRD
from tui.widgets.filter import FilterLine
from tui.widgets.head import Head
from tui.widgets.keybar import KeyBar
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from textual.app import ComposeResult


class ArchivoScreen(Steps):
    """The screen."""

    BINDINGS: ClassVar = [
        *actions.bindings(ARCHIVO),
        *(Binding(str(n), f"part({n})", show=False) for n in range(1, len(PARTS) + 1)),
    ]
    AUTO_FOCUS = "#lista-trd"

    def compose(self) -> ComposeResult:
        yield Head()
        yield Static("", id="partes", markup=False)
        yield FilterLine()
        with Horizontal(id="archivo-sala"):
            with Vertical(id="archivo-listas"):
                for part in PARTS:
                    yield VirtualList(columns(part), id=f"lista-{part}", marks=part in MARKED)
                yield Static("", id="archivo-vacio", markup=False)
            yield SheetPane(id="archivo-ficha")
        yield Static("", id="obra", markup=False)
        yield Notice(id="aviso")
        yield KeyBar(id="teclas")

    def on_mount(self) -> None:
        self.asks.enter(self)
        self.show_part(TRD)

    # -- context ------------------------------------------------------------------------------

    def context(self) -> Archive:
        """What the guards look at."""
        session = self.session
        found = self.list if self.is_mounted else None
        facts = self._facts[self.part]
        ids = () if found is None else found.marks or (found.cursor,)
        chosen = (facts.get(i) for i in ids)
        node = self.node
        return Archive(
            place=self.part,
            person=session is None or bool(session.person_id),
            roles=frozenset(session.roles if session else ()),
            chosen=tuple(f for f in chosen if f is not None),
            leaf=self.part == TRD and node is not None and node.leaf,
            areas=self.keeper.areas,
            busy=self.running is not None,
            stops=self.stops,
            ready=self.part in self._panes,
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key means what it means in the part that is shown."""
        if action == "do" and parameters:
            place = actions.BY_ID[str(parameters[0])].place
            if place in PANES:
                return place == self.part
        return super().check_action(action, parameters)

    def action_do(self, ident: str) -> None:
        """Out of the palette: what belongs to another part says so."""
        place = actions.BY_ID[ident].place
        if place in PANES and place != self.part:
            part = f"{PARTS.index(place) + 1} {PANES[place]}"
            self.tell(words.elsewhere(actions.BY_ID[ident].title, part), bad=True)
            return
        super().action_do(ident)

    def action_part(self, number: int) -> None:
        """A digit."""
        self.show_part(PARTS[number - 1])

    def do_archivo_siguiente(self) -> None:
        """Tab."""
        self.show_part(PARTS[(PARTS.index(self.part) + 1) % len(PARTS)])

    def do_archivo_anterior(self) -> None:
        """Shift+Tab."""
        self.show_part(PARTS[(PARTS.index(self.part) - 1) % len(PARTS)])

    def do_archivo_mirar(self) -> None:
        """F5."""
        self.look_again()

    def do_atras(self) -> None:
        """Esc: the filter, the marks, the series that was chosen, then where one came from."""
        line = self.query_one(FilterLine)
        if line.field.has_focus or self._filters[self.part]:
            line.action_clear()
        elif self.list.marks:
            self.list.unmark()
        elif self.part == FILES and self.series:
            self.series, self.series_title = (), ""
            self._stale.add(FILES)
            self.show_part(TRD)
        else:
            self.back()
