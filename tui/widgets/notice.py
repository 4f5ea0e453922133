"""The line that answers: what happened, or why something cannot be done. It never covers
anything.
"""

from __future__ import annotations

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static


class Notice(Static):
    """A sentence for a while, then the hint of the place where the focus is."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._hint = ""
        self._sentence = ""
        self._bad = False
        self._timer: Timer | None = None

    @property
    def sentence(self) -> str:
        """What it says now."""
        return self._sentence or self._hint

    @property
    def idle(self) -> bool:
        """Whether it says only the hint."""
        return not self._sentence

    def hint(self, text: str) -> None:
        """What is shown while nothing else is."""
        if text != self._hint:
            self._hint = text
            self._draw()

    def tell(self, sentence: str, *, bad: bool = False, seconds: float = 8) -> None:
        """Say something; what went wrong stays longer."""
        self._sentence, self._bad = sentence, bad
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(seconds * (2 if bad else 1), self._over)
        self._draw()

    def _over(self) -> None:
        self._sentence, self._bad = "", False
        self._draw()

    def _draw(self) -> None:
        self.set_class(bool(self._sentence), "-dice")
        self.set_class(self._bad, "-mal")
        sign = "! " if self._bad else ""
        style = "bold" if self._sentence else "dim"
        self.update(Content.assemble((sign + self.sentence, style)))
