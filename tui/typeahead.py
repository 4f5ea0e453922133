"""Keys that are typed ahead wait for their turn.

Textual hands each key to what has the focus as it arrives, and what a key does (a dialog opens, the
focus goes elsewhere) is done later, by other tasks. Keys that come in one packet, of a line that
was slow or of somebody who types «/alumbrado» without looking, would all reach what had the focus
before. Here a key is handed over when the one before did what it does.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.app import App

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.message_pump import MessagePump

PATIENCE = 1.0
"""Seconds that a key waits for the one before: a handler that hangs must not take the keyboard."""
_STEP = 0.005


class TypeAhead(App[int], inherit_bindings=False):
    """Mixin of the app."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self._ahead: deque[events.Key | events.Paste] = deque()
        self._turn: asyncio.Task[None] | None = None
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def typed_ahead(self) -> bool:
        """Whether a key still does what it does, or others wait for it."""
        return self._turn is not None and not self._turn.done()

    async def on_event(self, event: events.Event) -> None:
        """A key, or what is pasted, in its turn; all else at once."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif self.typed_ahead:
            self._ahead.append(event)
        else:
            target = self._target
            await super().on_event(event)
            self._turn = asyncio.create_task(self._take(target))

    @property
    def _target(self) -> DOMNode:
        return self.focused or self.screen

    async def _take(self, target: DOMNode) -> None:
        await self._done(target)
        while self._ahead and self.is_running:
            event, target = self._ahead.popleft(), self._target
            await super().on_event(event)
            await self._done(target)

    async def _done(self, target: DOMNode) -> None:
        """Until *target*, and all to whom the key went on, handled it, and a screen that it opened
        is there."""
        try:
            async with asyncio.timeout(PATIENCE):
                for pump in target.ancestors_with_self:
                    await _reached(pump)
                while not (screen := self.screen).is_mounted:
                    await asyncio.sleep(_STEP)
                await _reached(screen)
                await _reached(self)
        except TimeoutError:
            return


async def _reached(pump: MessagePump) -> None:
    """Until a pump handled all that it has been sent so far."""
    handled = asyncio.Event()
    if pump.is_running and pump.call_later(handled.set):
        await handled.wait()
