"""What a clerk does at the screen «Por radicar»: one method for each action of the registry."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from abc import abstractmethod
from typing import TYPE_CHECKING

from tui import actions, texts
from tui.actions.reception import Desk
from tui.dialogs.ask import AskDialog, CounterDialog, PasswordDialog, QuitDialog, TwiceDialog
from tui.dialogs.choose import ChooseDialog, Discard, DiscardDialog
from tui.dialogs.file import FileDialog
from tui.dialogs.jump import JumpOverlay, jump_letters
from tui.screens.board import Board, Room
from tui.screens.desk import CALM
from tui.screens.desk import Desk as State
from tui.screens.page import PageScreen
from tui.widgets.field import TextField
from tui.widgets.form import Form
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.views import Choice, Letter


_AFTER_KEYS = ("radicar", "siguiente", "anterior")


class Verbs(Room):
    """The actions; what they show is the screen's part."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.desk = State()
        self._leaving: tuple[Callable[[], None], Callable[[], None]] | None = None
        """How to come to the front, and what to go on with, while the app is being left."""
        self._clock = clock

    @property
    def form(self) -> Form:
        """The fields."""
        return self.query_one(Form)

    @property
    def list(self) -> VirtualList:
        """The queue, or what could not be read."""
        return self.query_one("#cola", VirtualList)

    def context(self) -> Desk:
        """What the guards look at."""
        desk, letter = self.desk, self.desk.letter
        field = self.form.current if self.is_mounted else None
        return Desk(
            roles=frozenset(desk.session.roles if desk.session else ()),
            place=actions.FORM if field else actions.LIST,
            letter=letter is not None,
            others=len(letter.others) if letter else 0,
            unreadable=desk.shows_unreadable,
            holder=letter.holder if letter else "",
            numbering=desk.numbering,
            numbered=desk.last is not None,
            person=bool(desk.session and desk.session.person_id),
            clerk=self.may_write,
            list_field=bool(field and self.form.choices(field.name)),
            undo=desk.may_undo,
            repeat=bool(desk.repeat),
        )

    @property
    def may_write(self) -> bool:
        """Whether the person may type and number."""
        session = self.desk.session
        return session is not None and session.clerk and bool(session.person_id)

    @abstractmethod
    def show_letter(self, ident: str | None, *, lead: bool = False) -> None:
        """Turn to another letter. The screen's part."""

    @abstractmethod
    def show_head(self) -> None:
        """Show what the room holds, and who is there. The screen's part."""

    @abstractmethod
    def show_title(self) -> None:
        """Show what is said of the letter beside its text. The screen's part."""

    @abstractmethod
    def show_list(self, cursor: str | None = None) -> None:
        """Show the list anew, its cursor on a letter. The screen's part."""

    # -- numbers ------------------------------------------------------------------------------

    def action_do(self, ident: str) -> None:
        """As every screen, but a repeated F2 is not even answered."""
        if ident == "radicar" and not self.desk.may_number(self._clock()):
            return
        if ident in _AFTER_KEYS:
            self.after_keys(lambda: Board.action_do(self, ident))
        else:
            super().action_do(ident)

    def after_keys(self, act: Callable[[], None]) -> None:
        """Do something once the field in focus has taken in the keys that came before."""
        box = self.focused
        if isinstance(box, TextField):
            box.call_later(act)
        else:
            act()

    def do_radicar(self, reason: str | None = None) -> None:
        """F2: the number, and the next letter."""
        letter = self.desk.letter
        if letter is None:
            return
        self.desk.typed |= self.form.collect()
        if (field := self.form.unknown) is not None:
            self.form.go_to(field.name)
            self.tell(texts.unknown_value(field.label, field.value), bad=True)
            return
        if letter.duplicate_of and letter.id not in self.desk.twice:
            self._ask_twice(letter)
            return
        self.desk.numbered(letter.id)
        self._begin_numbering()
        self.tasks.number(self, letter.id, self.desk.take_typed(), reason, self.desk.tie)

    def do_vincular(self) -> None:
        """V: what the letter is to an open one of its sender; each press another way."""
        self.desk.next_tie()
        tie = self.desk.tied_to
        self.show_title()
        self.tell(texts.NOT_TIED if tie is None else texts.will_be_tied(*tie))

    def _ask_twice(self, letter: Letter) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                self.desk.twice.add(letter.id)
                self._radicar_still(letter.id)

        self.app.push_screen(TwiceDialog(letter.duplicate_of), answered)

    def _radicar_still(self, ident: str, reason: str | None = None) -> None:
        """After a question: unless the letter on screen became another meanwhile."""
        letter = self.desk.letter
        if letter is not None and letter.id == ident == self.desk.wanted:
            self.do_radicar(reason)
        else:
            self.tell(texts.GONE, bad=True)

    def ask_order(self, ident: str, sentence: str) -> None:
        """The door says that older letters would be left behind: it wants a reason."""

        def answered(reason: str | None) -> None:
            if reason:
                self._radicar_still(ident, reason)

        ask = AskDialog(texts.ORDER_TITLE, sentence, texts.ORDER_ASK)
        self.app.push_screen(ask, answered)

    def do_mostrador(self) -> None:
        """F6: somebody stands at the counter."""

        def answered(values: dict[str, str] | None) -> None:
            if values is not None:
                self._begin_numbering()
                self.tasks.number_without_image(self, values)

        self.keep_typed()
        self.app.push_screen(CounterDialog(), answered)

    def _begin_numbering(self) -> None:
        self.desk.numbering = True
        self.form.deaf = True
        self.query_one(Notice).tell(texts.NUMBERING_NOW, seconds=3600)
        self.show_keys()

    def end_numbering(self) -> None:
        """A number came, or was refused: Enter counts again after the calm."""
        self.desk.numbering = False
        self.desk.pressed = max(self.desk.pressed, self._clock())
        self.set_timer(CALM, self._listen)
        self.show_keys()

    def _listen(self) -> None:
        self.form.deaf = self.desk.numbering

    def do_rotulo(self) -> None:
        """F5."""
        if self.desk.last is not None:
            self.tasks.label(self, self.desk.last.number)

    # -- the letter on screen -----------------------------------------------------------------

    def keep_typed(self) -> None:
        """Put on disk what was typed, now."""
        if self.desk.letter is not None and self.desk.letter.id == self.desk.wanted:
            self.desk.typed |= self.form.collect()
        if self.desk.wanted is not None and (values := self.desk.take_typed()):
            self.tasks.write(self, self.desk.wanted, values)

    def keep_all(self) -> None:
        """As above, and what could not be kept before, of any letter."""
        self.keep_typed()
        for ident, values in list(self.desk.unsaved.items()):
            del self.desk.unsaved[ident]
            self.desk.take_off(ident, values)
            self.tasks.write(self, ident, values)

    def keep(self) -> None:
        """As above."""
        self.keep_all()

    def put_away(self, show: Callable[[], None], then: Callable[[], None]) -> None:
        """Once all is on disk. Asked again meanwhile, or if that fails, it asks."""
        self.after_keys(lambda: self._put_away(show, then))

    def _put_away(self, show: Callable[[], None], then: Callable[[], None]) -> None:
        again, self._leaving = self._leaving is not None, (show, then)
        if again:
            self._ask_to_leave()
            return
        self.keep_all()
        self.go_on_leaving()

    def go_on_leaving(self) -> None:
        """What was typed came to rest: leave, or ask when some of it would be lost."""
        if self._leaving is None or self.desk.flying:
            return
        if self.desk.at_risk:
            self._ask_to_leave()
        else:
            _, then = self._leaving
            self._leaving = None
            then()

    def _ask_to_leave(self) -> None:
        assert self._leaving is not None
        show, then = self._leaving
        self._leaving = None
        if not isinstance(self.app.screen, QuitDialog):
            show()
            self.app.push_screen(QuitDialog(), lambda yes: then() if yes else None)

    def do_no_radicar(self) -> None:
        """F8."""
        letter = self.desk.letter
        assert letter is not None
        self.keep_typed()
        self.ask_discard(letter)

    def ask_discard(
        self, letter: Letter, reason: str = "", typed: str = "", complaint: str = ""
    ) -> None:
        """Why it gets no number; again, with what was typed, when that was refused."""

        def answered(choice: Discard | None) -> None:
            if choice is not None:
                self.tasks.discard(self, letter.id, choice.reason, choice.of, choice.note)

        dialog = DiscardDialog(letter.duplicate_of, reason, typed, complaint)
        self.app.push_screen(dialog, answered)

    def do_incorporar(self) -> None:
        """I."""
        assert self.desk.letter is not None
        self.keep_typed()
        self.tasks.may_belong(self, self.desk.letter.id)

    def ask_join(
        self, ident: str, candidates: Sequence[Choice], typed: str = "", complaint: str = ""
    ) -> None:
        """To which record; again, with what was typed, when that was refused."""

        def answered(number: str | None) -> None:
            if number is not None:
                self.tasks.join(self, ident, number)

        self.app.push_screen(FileDialog(candidates, typed, complaint), answered)

    def do_tomar(self) -> None:
        """F9."""
        letter = self.desk.letter
        assert letter is not None
        self.tasks.hold(self, letter.id, not letter.mine and not letter.holder)

    def do_ver(self) -> None:
        """F7."""
        assert self.desk.letter is not None
        self.tasks.original(self, self.desk.letter.id)

    def do_ver_hoja(self) -> None:
        """Ctrl+X: the page on which the field stands, all over the terminal."""
        letter, field = self.desk.letter, self.form.current
        assert letter is not None
        page, box = (field.page, field.box) if field else (None, None)
        screen = PageScreen(letter.id, letter.title, page or 1, box, len(letter.pages))
        self.app.push_screen(screen)

    def do_reintentar(self) -> None:
        """r, among what could not be read."""
        letter = self.desk.letter
        assert letter is not None

        def again(password: str | None) -> None:
            if password is not None or not letter.locked:
                self.tell(texts.RETRYING)
                self.tasks.retry(self, letter.id, password)

        if letter.locked:
            self.app.push_screen(PasswordDialog(), again)
        else:
            again(None)

    def do_deshacer(self) -> None:
        """Ctrl+Z: the last thing that was done, one step back."""
        change = self.desk.undo()
        if change is None:
            return
        if not change.name:
            self.tasks.revive(self, change.ident)
            return
        self.desk.entered = None
        self.form.write(change.name, change.before)
        self.form.go_to(change.name)
        self.tell(texts.undone(texts.FIELD_LABELS[change.name]))

    def do_deshacer_letra(self) -> None:
        """u, in the queue."""
        self.do_deshacer()

    def do_repetir(self) -> None:
        """`.`: what was given to the letter before, where this one has nothing sure."""
        given = [n for n in self.desk.repeat if self.form.takes(n)]
        for name in given:
            self.form.write(name, self.desk.repeat[name])
        self.keep_typed()
        self.tell(texts.repeated([texts.FIELD_LABELS[n] for n in given]))

    def do_lote(self) -> None:
        """l: from now on each letter takes over what the one before was given."""
        self.desk.batch = not self.desk.batch
        self.tell(texts.BATCH_ON if self.desk.batch else texts.BATCH_OFF)
        self.show_head()

    def do_saltar(self) -> None:
        """Ctrl+O: a letter beside each field leads there."""
        if self.form.disabled:
            self.list.focus()
            return

        def answered(name: str | None) -> None:
            self.form.show_jumps({})
            if name:
                self.form.go_to(name)

        self.form.show_jumps(letters := jump_letters(list(texts.FIELD_LABELS)))
        self.tell(texts.JUMP_HINT)
        self.app.push_screen(JumpOverlay({v: k for k, v in letters.items()}), answered)

    def do_ver_letra(self) -> None:
        """o, in the queue."""
        self.do_ver()

    def do_elegir(self) -> None:
        """F4."""
        field = self.form.current
        if field is None:
            return

        def answered(code: str | None) -> None:
            if code is not None and self.form.letter == shown == self.desk.wanted:
                self.form.put(field.name, code)
                self.form.go_to(field.name)

        shown = self.form.letter
        choices = self.form.choices(field.name)
        current = next((c.code for c in choices if c.words == field.value), "")
        self.app.push_screen(ChooseDialog(field.label, choices, current), answered)

    # -- getting about ------------------------------------------------------------------------

    def do_siguiente(self) -> None:
        """Ctrl+N."""
        self._step(1)

    def do_anterior(self) -> None:
        """Ctrl+P."""
        self._step(-1)

    def _step(self, by: int) -> None:
        ids = self.list.ids
        if self.desk.wanted in ids:
            at = ids.index(self.desk.wanted) + by
            if 0 <= at < len(ids):
                self.list.select(ids[at])
                self.show_letter(ids[at], lead=True)

    def do_no_leidos(self) -> None:
        """Ctrl+L."""
        self.keep_typed()
        desk = self.desk
        desk.shows_unreadable = not desk.shows_unreadable
        back, desk.other = desk.other, desk.wanted
        self.list.focus()
        self.show_list(back)

    def do_texto_arriba(self) -> None:
        """RePág in the form."""
        self.query_one(Reading).page(-1)

    def do_texto_abajo(self) -> None:
        """AvPág in the form."""
        self.query_one(Reading).page(1)

    def do_consultar(self) -> None:
        """F3."""
        self.keep_typed()
        self.go("consulta")

    def do_atras(self) -> None:
        """Esc: one step."""
        if self.form.current is not None:
            self.list.focus()
        elif self.desk.shows_unreadable:
            self.do_no_leidos()
        else:
            self.tell(texts.QUIT_HINT)


def open_in_viewer(path: str) -> bool:
    """Open a file in the system's viewer, detached; False where this terminal has no screen for
    it.
    """
    order = "open" if sys.platform == "darwin" else "xdg-open"
    shown = (
        sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    program = shutil.which(order)
    if not shown or program is None:
        return False
    null = subprocess.DEVNULL
    subprocess.Popen([program, path], stdin=null, stdout=null, stderr=null, start_new_session=True)
    return True
