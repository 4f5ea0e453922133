"""An error in a handler is told and logged; the widget goes on.

Textual ends the whole app on an exception in a handler. A clerk in the middle of a letter must
not lose the screen to a defect in, say, the help: the app's `report` shows one sentence and keeps
the rest alive.

Whoever has several messages that take long (a screen that is shown: its styles, its size, its
layout) lets others have a turn between them.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from textual.message import Message

_LONG = 0.02
"""Seconds."""


class Guarded(MessagePump):
    """Mixin of screens and widgets; goes first among the bases."""

    async def _dispatch_message(self, message: Message) -> None:
        begun = time.monotonic()
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            app: Any = self.app
            app.report(error)
        if time.monotonic() - begun > _LONG:
            await asyncio.sleep(0)
