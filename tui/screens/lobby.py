"""The lobby: who one is, and the passphrase that shows it. Also what covers a locked screen.

There is one for the life of the app, so that wrong passphrases are counted however it was called.
It knows nothing of any letter, and says nothing but what it is asked.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui import actions, texts
from tui.actions.lobby import Door
from tui.choices import fold
from tui.messages import lobby as m
from tui.screens.board import Board
from tui.texts import lobby as words
from tui.views import Column, Row
from tui.widgets.field import TextField
from tui.widgets.keybar import KeyBar
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.secret import SecretField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.lobby_views import Hall, Person

FREE_TRIES, LONGEST = 3, 60
"""Wrong passphrases that cost nothing; the longest pause after more of them, in seconds."""


def pause(tries: int) -> int:
    """Seconds until a passphrase is looked at again, after so many wrong ones."""
    return 0 if tries < FREE_TRIES else min(LONGEST, 2 ** (tries - FREE_TRIES + 1))


class Lobby(Board):
    """The screen."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar = [
        *actions.bindings(actions.LOBBY),
        Binding("enter", "enter", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("tab,shift+tab", "stay", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._hall: Hall | None = None
        self._title, self._told = words.WHO, ""
        self._first = ""
        """Who is asked first, or has the screen."""
        self._asks = False
        """Whether they are asked for their passphrase at once, and not the list first."""
        self._asked: Person | None = None
        self._checking = False
        self._tries, self._free_at = 0, float("-inf")
        self._clock = time.monotonic

    def compose(self) -> ComposeResult:
        yield Static("", id="cabeza", markup=False)
        with Vertical(id="entrada"):
            yield Static("", id="entrada-titulo", markup=False)
            yield Static("", id="entrada-texto", markup=False)
            yield TextField(placeholder=words.FIND, id="entrada-filtro")
            columns = [Column(words.COLUMNS[0]), Column(words.COLUMNS[1], 26, 60)]
            yield VirtualList([*columns, Column(words.COLUMNS[2], 18)], id="entrada-lista")
            yield Static(words.PASSPHRASE, id="entrada-pregunta", markup=False)
            yield SecretField(id="entrada-clave")
        yield Notice(id="aviso")
        yield KeyBar(id="teclas")

    def on_mount(self) -> None:
        self._list.can_focus = False
        self._restart()

    def context(self) -> Door:
        """Nothing is known of who is there."""
        return Door(choosing=self._asked is None)

    @property
    def _list(self) -> VirtualList:
        return self.query_one(VirtualList)

    @property
    def _filter(self) -> TextField:
        return self.query_one("#entrada-filtro", TextField)

    # -- beginning ----------------------------------------------------------------------------

    def begin(self, title: str, *, first: str = "", asks: bool = False, told: str = "") -> None:
        """Start over: with the list, *first* at its top, or with the passphrase of *first*."""
        self._title, self._first, self._asks, self._told = title, first, asks, told
        if self.is_mounted:
            self._restart()

    def forget(self) -> None:
        """Somebody came in: nothing that was typed here stays."""
        self._tries, self._free_at, self._asked = 0, float("-inf"), None
        self.query_one(SecretField).take()

    def _restart(self) -> None:
        self._checking = False
        self.query_one(SecretField).take()
        self.tell("")
        with self.prevent(Input.Changed):
            self._filter.value = ""
        self._narrow()
        self._show(self._whom())
        self.tasks.lobby.hall(self)

    @on(m.HallRead)
    def _hall_read(self, answer: m.HallRead) -> None:
        self._hall = answer.hall
        self._first = self._first or answer.hall.last
        self._narrow()
        self._show(self._person(self._asked.id) if self._asked else self._whom())

    def _whom(self) -> Person | None:
        """Who is asked at once, as soon as that is known; then no more."""
        person = self._person(self._first) if self._asks else None
        self._asks = self._asks and person is None
        return person

    def _person(self, ident: str) -> Person | None:
        people = self._hall.people if self._hall else ()
        return next((p for p in people if p.id == ident), None)

    # -- showing ------------------------------------------------------------------------------

    def _show(self, asked: Person | None) -> None:
        """The list, or what one person is asked."""
        self._asked = asked
        hall = self._hall
        pieces = [(f" {hall.entity[:50]} " if hall else f" {texts.TITLE} ", "bold")]
        pieces += [(f" {texts.DEMO} ", "bold reverse")] if hall and hall.demo else []
        self.query_one("#cabeza", Static).update(Content.assemble(*pieces))
        title = words.of(asked.name) if asked else self._title
        self.query_one("#entrada-titulo", Static).update(title)
        self.query_one("#entrada-texto", Static).update(self._text(asked))
        choosing, proves = asked is None, asked is not None and asked.proves
        for name in ("#entrada-filtro", "#entrada-lista"):
            self.query_one(name).display = choosing
        for name in ("#entrada-pregunta", "#entrada-clave"):
            self.query_one(name).display = proves
        if choosing:
            self.set_focus(self._filter)
        else:
            self.set_focus(self.query_one(SecretField) if proves else None)
        hint = words.ASK_HINT if proves else words.ENTER_HINT
        self.query_one(Notice).hint(words.CHOOSE_HINT if choosing else hint)
        self.show_keys()

    def _text(self, asked: Person | None) -> str:
        if asked is not None and not asked.proves:
            return words.DEMO_FREE if asked.by == "demostracion" else words.NO_KEY
        return self._told if asked is None or asked.id == self._first else ""

    def _narrow(self) -> None:
        pieces = fold(self._filter.value).split()
        people = self._hall.people if self._hall else ()
        fit = [p for p in people if all(w in fold(f"{p.name} {p.role} {p.id}") for w in pieces)]
        fit.sort(key=lambda p: p.id != self._first)
        self._list.set_ids([p.id for p in fit])
        if fit:
            self._list.select(fit[0].id)
        elif pieces:
            self.tell(words.NO_MATCH)

    @on(VirtualList.RowsWanted)
    def _rows_wanted(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        known = [p for i in event.ids if (p := self._person(i)) is not None]
        event.list.put_rows(
            [
                Row(p.id, (p.name, p.role, words.BY[p.by]), "tenue" if p.by == "revocada" else "")
                for p in known
            ]
        )

    # -- what a person does -------------------------------------------------------------------

    def action_stay(self) -> None:
        """Tab leads nowhere: there is one line."""

    def action_move(self, step: int) -> None:
        """The cursor of the list moves while the text keeps the focus."""
        self._list.action_move(step)

    def action_page(self, step: int) -> None:
        """As above."""
        self._list.action_page(step)

    def action_enter(self) -> None:
        """Enter, where nothing is typed."""
        if self._asked is not None:
            self._enter("")

    @on(Input.Changed, "#entrada-filtro")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._narrow()

    @on(Input.Submitted, "#entrada-filtro")
    @on(VirtualList.Chosen)
    def _chosen(self, event: Input.Submitted | VirtualList.Chosen) -> None:
        event.stop()
        person = self._person(str(self._list.cursor))
        if person is None:
            return
        if person.by == "revocada":
            self.tell(words.REVOKED, bad=True)
            return
        self.tell("")
        self._show(person)
        if person.by == "demostracion":
            self._enter("")

    @on(Input.Submitted, "#entrada-clave")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        left = math.ceil(self._free_at - self._clock()) if self._free_at > self._clock() else 0
        if self._checking:
            return
        if left:
            self.tell(words.wait(left), bad=True)
        elif not event.value:
            self.tell(words.EMPTY, bad=True)
        else:
            self._enter(self.query_one(SecretField).take())

    def _enter(self, secret: str) -> None:
        if self._asked is None or self._checking:
            return
        self._checking = True
        if secret:
            self.tell(words.CHECKING)
        self.tasks.lobby.enter(self, self._asked.id, secret)

    def do_otra_persona(self) -> None:
        """F2: the list, whoever was asked."""
        if not self._checking:
            self._back()

    def do_volver_entrada(self) -> None:
        """Esc: what was typed goes, then back to the list."""
        secret = self.query_one(SecretField)
        if secret.value:
            secret.take()
        elif self._asked is not None and not self._checking:
            self._back()
        else:
            self._filter.value = ""

    def _back(self) -> None:
        self.query_one(SecretField).take()
        self._filter.value = ""
        self.tell("")
        self._show(None)

    # -- the door's answers -------------------------------------------------------------------

    @on(m.LetIn)
    def _let_in(self, answer: m.LetIn) -> None:
        self._checking = False
        if self._asked is None or self._asked.id != answer.person.id:
            return
        app: Any = self.app
        app.let_in(answer.person)

    @on(m.NotLetIn)
    def _not_let_in(self, answer: m.NotLetIn) -> None:
        self._checking = False
        if not answer.wrong:
            self.tell(answer.sentence, bad=True)
            return
        self._tries += 1
        seconds = pause(self._tries)
        self._free_at = self._clock() + seconds
        self.tell(words.WRONG + (f" {words.wait(seconds)}" if seconds else ""), bad=True)

    def refuse(self, sentence: str) -> None:
        """Why nobody comes in now."""
        self._checking = False
        self._back()
        self.tell(sentence, bad=True)
