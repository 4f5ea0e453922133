"""The first that the fork server loads: it and all its children have no network from here on.

A namespace of their own costs 8 ms, and must be asked for before there are threads. A kernel may
forbid it to users; then the network stays, and nothing here ever uses it.
"""

from __future__ import annotations

import ctypes

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def leave_network() -> None:
    """Give up the network for this process and all that come of it."""
    ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER | CLONE_NEWNET)


leave_network()
