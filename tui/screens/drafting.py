"""A room whose forms keep what was typed: on disk a moment after each pause, until it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.dialogs.form import Filled, FormAsk, FormDialog
from tui.screens.board import Room

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Values = Mapping[str, str]
    Form = tuple[str, tuple[str, ...]]
    """What was typed into a form: for which act, about what."""


class Drafting(Room):
    """Forms, and what was typed into them and not done yet."""

    def __init__(self) -> None:
        super().__init__()
        self._drafts: dict[Form, dict[str, str]] = {}

    def restore_drafts(self, kept: Mapping[Form, Values]) -> None:
        """What an earlier session left; what this one has counts more."""
        for key, typed in kept.items():
            self._drafts.setdefault(key, dict(typed))

    def fill_in(
        self, key: Form, form: FormAsk, then: Callable[[Filled], None], complaint: str = ""
    ) -> None:
        """A form with what was typed into it before; *then* does it."""

        def keep(values: Values) -> None:
            same = all(values[one.name] == one.value for one in form.lines if not one.secret)
            typed = {} if same else dict(values)
            if typed or key in self._drafts:
                self._drafts[key] = typed
                self.tasks.area.keep(self, *key, typed)

        def left(filled: Filled | None) -> None:
            if filled is None:
                return
            keep(filled.values)
            if filled.done:
                then(filled)

        shown = form.filled(self._drafts.get(key, {}))
        self.app.push_screen(FormDialog(shown, complaint, keep), left)

    def keep(self) -> None:
        """Put on disk what stands in a form."""
        for screen in self.app.screen_stack:
            if isinstance(screen, FormDialog) and screen.is_mounted:
                screen.keep_now()

    def forget_draft(self, form: Form | None) -> None:
        """It was done: what was typed for it is not needed any more."""
        if form is not None and self._drafts.pop(form, None) is not None:
            self.tasks.area.keep(self, *form, {})
