"""Textual's own drivers, with what an office's terminals need besides.

A terminal that is not set to UTF-8 sends «ñ» as one byte; Textual's reader ends the program on it,
this one takes it for what it is in Windows-1252. And a browser's tab that is gone ends its program
instead of leaving it without anybody.
"""

from __future__ import annotations

import codecs
import os
import selectors
from dataclasses import dataclass

from textual import messages
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.web_driver import WebDriver
from textual.message import Message

TOLERANT = "ventanilla-cp1252"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # One byte at a time: what follows it may be good UTF-8 again.
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


codecs.register_error(TOLERANT, _as_cp1252)


@dataclass
class Arrived(Message):
    """Bytes, as the terminal sent them; what they mean follows."""

    data: bytes


class TerminalDriver(LinuxDriver):
    """The driver of a terminal."""

    def run_input_thread(self) -> None:
        """Read, decode and pass on what is typed, until the app ends."""
        parser = XTermParser(self._debug)
        decoder = codecs.getincrementaldecoder("utf-8")(TOLERANT)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    data = os.read(self.fileno, 4096)
                    self.arrived(data)
                    text = decoder.decode(data)
                    if text:
                        for event in parser.feed(text):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        try:
            for _ in parser.feed(""):
                break
        except (EOFError, ParseError):
            return

    def arrived(self, data: bytes) -> None:
        """What was read, before it is understood."""


class ListeningDriver(TerminalDriver):
    """It also tells the app the bytes."""

    def arrived(self, data: bytes) -> None:
        """Tell them."""
        self.process_message(Arrived(data))


class TabDriver(WebDriver):
    """The driver of a browser's tab."""

    def run_input_thread(self) -> None:
        """Read what the server passes on; when there is no server any more, end."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self.process_message(messages.ExitApp())
