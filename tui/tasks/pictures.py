"""The scanned page, drawn for the terminal."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui import messages as m
from tui import texts
from tui.lanes import Lane
from tui.tasks.core import Core, said
from tui.viewing import Viewing

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from ingest.reader import Reader
    from tui.pictures import Ask


class Pictures(Core):
    """A lane of its own: what was asked before and not drawn yet gets no answer."""

    def __init__(self, home: Path, persona: str | None, *, reader: Reader | None = None) -> None:
        super().__init__(home, persona, reader=reader)
        self.images = Lane("ventanilla-imagen")
        self.lanes.append(self.images)
        self.viewing = Viewing(partial(self.reception, self.images))

    def picture(self, to: MessagePump, ask: Ask, following: str | None = None) -> None:
        """A page as the pane wants it; then, for nobody, the next page and that of the letter
        *following*."""

        def work() -> m.Answer | None:
            drawn = self.viewing.drawn(ask)
            return m.PictureDrawn(ask, drawn) if drawn is not None else None

        def ahead() -> None:
            self.viewing.ahead(ask, following)

        if not self.viewing.draws:
            to.post_message(m.PictureDrawn(ask, None, texts.PICTURE_OFF))
            return
        self.viewing.want(ask)
        self.ask(self.images, to, work, lambda error: m.PictureDrawn(ask, None, said(error)))
        self.ask(self.images, to, ahead)
