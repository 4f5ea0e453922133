"""When the program is ended from outside: a lost SSH session, a closed window, a shutdown.

What was typed is on disk 0.3 s after the last key in any case; here the last keys are kept too.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.entrance import Entrance


def listen(app: Entrance) -> None:
    """Keep what was typed when the system ends the program. What `nohup` ignores stays so."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, partial(_end, app, number))


def _end(app: Entrance, number: int) -> None:
    app.keep_rooms()
    if number == signal.SIGHUP:
        # The terminal is gone: Textual would wait for it to take what is drawn.
        threading.Thread(target=_finish, args=(app, 128 + number)).start()
    else:
        app.exit(128 + number)


def _finish(app: Entrance, code: int) -> None:
    app.tasks.close()
    os._exit(code)
