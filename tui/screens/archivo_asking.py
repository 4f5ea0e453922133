"""How the room «Archivo» asks and does: a dialog, what the door says of it, and the same dialog
again where it refused, with what was typed.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import on
from textual.widgets import Static

from tui.dialogs.archivo_trial import TrialDialog
from tui.dialogs.choose import ChooseDialog
from tui.messages import archivo as m
from tui.screens.drafting import Drafting
from tui.texts import archivo as words
from tui.views import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tui.archivo_views import Fact, Keeper, Trial
    from tui.dialogs.form import Filled, FormAsk
    from tui.screens.drafting import Form
    from tui.tasks.archivo import ArchivoTasks
    from tui.views import Id
    from tui.widgets.list import VirtualList

    Values = dict[str, str]


def draft_of(form: FormAsk) -> Form:
    """Under what is kept what was typed into a form."""
    return f"archivo: {form.title}", (form.text,)


class Asking(Drafting):
    """Dialogs and what comes of them."""

    running: int | None = None
    """The ticket of what is under way behind."""
    stops = False
    """Whether that can be stopped."""
    part: str
    keeper: Keeper

    def __init__(self) -> None:
        super().__init__()
        self._again: dict[int, Callable[[str], None]] = {}
        """Of what was asked: how to ask again, with what the door said."""
        self._asked: dict[int, Form] = {}
        """Of what is under way: the form that it was typed into."""
        self._offered: dict[int, Callable[[m.ChoicesRead], None]] = {}
        self._tried: dict[int, Callable[[Trial], None]] = {}

    @property
    @abstractmethod
    def asks(self) -> ArchivoTasks:
        """What this room asks of the doors."""

    @property
    @abstractmethod
    def list(self) -> VirtualList:
        """The list of the part that is shown."""

    @abstractmethod
    def fact(self) -> Fact:
        """What is known of the row under the cursor."""

    @abstractmethod
    def fact_of(self, ident: Id) -> Fact:
        """What is known of a row."""

    # -- asking -------------------------------------------------------------------------------

    def ask(self, form: FormAsk, do: Callable[[Values], int], complaint: str = "") -> None:
        """A dialog; what is typed there is done, and where the door refuses it comes back."""
        key = draft_of(form)

        def filled(said: Filled) -> None:
            ticket = do({**said.values, **said.secrets})
            self._asked[ticket] = key
            self._again[ticket] = partial(self.ask, form, do)

        self.fill_in(key, form, filled, complaint)

    def choose(
        self, title: str, choices: Mapping[str, str], current: str, then: Callable[[str], None]
    ) -> None:
        """A closed list."""
        listed = [Choice(code, said) for code, said in choices.items()]
        self._choose(title, listed, current, then)

    def _choose(
        self, title: str, choices: Sequence[Choice], current: str, then: Callable[[str], None]
    ) -> None:
        def chosen(code: str | None) -> None:
            if code is not None:
                then(code)

        self.app.push_screen(ChooseDialog(title, choices, current), chosen)

    def choose_read(self, ticket: int, title: str, then: Callable[[str], None]) -> None:
        """A list that the door has to read first."""

        def read(answer: m.ChoicesRead) -> None:
            self._choose(title, answer.choices, answer.suggested, then)

        self._offered[ticket] = read

    def try_first(
        self,
        title: str,
        form: FormAsk,
        attempt: Callable[[Values], int],
        write: Callable[[Trial, Values], int],
        complaint: str = "",
    ) -> None:
        """A dialog, then what would be written, then, where it is wanted, the writing."""
        key = draft_of(form)

        def filled(said: Filled) -> None:
            typed = dict(said.values)
            ticket = self.begin(attempt(typed))
            self._again[ticket] = partial(self.try_first, title, form, attempt, write)
            self._tried[ticket] = lambda trial: self._decide(title, trial, typed, write, key)

        self.fill_in(key, form, filled, complaint)

    def _decide(
        self,
        title: str,
        trial: Trial,
        typed: Values,
        write: Callable[[Trial, Values], int],
        key: Form,
    ) -> None:
        def decided(yes: bool | None) -> None:
            if yes:
                self._asked[self.begin(write(trial, typed))] = key

        self.app.push_screen(TrialDialog(title, trial), decided)

    def begin(self, ticket: int) -> int:
        """Something is under way behind."""
        self.running = ticket
        self.show_keys()
        return ticket

    # -- what comes of it ---------------------------------------------------------------------

    @on(m.ChoicesRead)
    def _choices_read(self, answer: m.ChoicesRead) -> None:
        offer = self._offered.pop(answer.ticket, None)
        if offer is not None and self.app.screen is self:
            offer(answer)

    @on(m.Tried)
    def _was_tried(self, answer: m.Tried) -> None:
        self._over(answer.ticket)
        decide = self._tried.pop(answer.ticket, None)
        self._again.pop(answer.ticket, None)
        if decide is not None and self.app.screen is self:
            decide(answer.trial)

    @on(m.Done)
    def _done(self, answer: m.Done) -> None:
        self._over(answer.ticket)
        self._again.pop(answer.ticket, None)
        self.forget_draft(self._asked.pop(answer.ticket, None))
        self.list.unmark()
        self.tell(answer.sentence, seconds=20)
        app: Any = self.app
        if answer.file and app.is_web:
            app.deliver_binary(answer.file)
        self.look_again()

    @on(m.NotDone)
    def _not_done(self, answer: m.NotDone) -> None:
        self._over(answer.ticket)
        self._offered.pop(answer.ticket, None)
        self._tried.pop(answer.ticket, None)
        self._asked.pop(answer.ticket, None)
        again = self._again.pop(answer.ticket, None)
        if again is not None and self.app.screen is self:
            again(answer.sentence)
        else:
            self.tell(answer.sentence, bad=True)

    @on(m.Progress)
    def _progress(self, answer: m.Progress) -> None:
        if answer.ticket != self.running:
            return
        self.stops = answer.stops
        self.show_keys()
        stops = f" · {words.STOPPABLE}" if answer.stops else ""
        said = words.running(answer.what, answer.done, answer.total)
        self._show_work(f"{said}{stops}")

    def _over(self, ticket: int) -> None:
        if ticket == self.running:
            self.running, self.stops = None, False
            self._show_work("")
            self.show_keys()

    def _show_work(self, sentence: str) -> None:
        line = self.query_one("#obra", Static)
        line.display = bool(sentence)
        line.update(sentence)

    def do_archivo_detener(self) -> None:
        """F9."""
        self.asks.stop()
        self._show_work(words.STOPPING)
