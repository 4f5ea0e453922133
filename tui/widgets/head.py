"""The first line: which office, which room and what it holds, and who is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui import texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.views import Session


class Head(Static):
    """Always the same places: the entity, what the room says of itself, the person and role."""

    def __init__(self, *, id: str = "cabeza") -> None:
        super().__init__(texts.LOADING, id=id, markup=False)

    def show(self, session: Session | None, parts: Sequence[str]) -> None:
        """Show *parts* between office and person."""
        said = list(parts)
        pieces = [(" ", "")]
        if session is not None:
            said += [session.person or texts.NOBODY, *([session.role] if session.role else [])]
            pieces += [(f"{session.short or session.entity[:20]} ", "bold")]
            pieces += [(f" {texts.DEMO} ", "bold reverse"), (" ", "")] if session.demo else []
        self.update(Content.assemble(*pieces, (" · ".join(said), "")))
