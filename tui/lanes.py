"""One thread that does what it is given, in order: so that what was typed is kept before it is
numbered.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Lane:
    """A serial worker. Its thread is a daemon: a door that hangs never keeps the terminal."""

    def __init__(self, name: str) -> None:
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._pending = 0
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def busy(self) -> int:
        """How much is asked and not done."""
        return self._pending

    def submit(self, work: Callable[[], None]) -> None:
        """Do *work* after all that was asked before. It handles its own errors."""
        with self._lock:
            self._pending += 1
        self._work.put(work)

    def close(self, patience: float) -> bool:
        """Finish what was asked, at most *patience* seconds; whether all was done."""
        self._work.put(None)
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            finally:
                with self._lock:
                    self._pending -= 1
