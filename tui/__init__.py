"""The screens: they show, ask and call the doors; they hold no rule.

Textual reads its environment once, when it is imported, so what it must find there is set here,
before any module of this package can import it. The Kitty keyboard protocol stays off because
some terminals then lose AltGr: `@` on Latin American keyboards. Nothing moves by itself: each
frame costs over SSH. Bytes that are no UTF-8 must not end the program (`tui.driver`).
"""

import os

DRIVER = "tui.driver:TerminalDriver"
os.environ.setdefault("TEXTUAL_DRIVER", DRIVER)
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
