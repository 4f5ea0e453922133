"""Which files a process may still open: Linux's Landlock, for the child with a hostile document.

Kernel documentation, userspace-api/landlock (ABI 1: files). A decoder that was taken over can then
neither read the keys and journals of the office nor write anywhere but its own folder. Where the
kernel has no Landlock nothing is restricted, and `doctor` says so.
"""

from __future__ import annotations

import ctypes
import os
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG, PATH_BENEATH = 1, 1
EXECUTE = 1
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
WRITE_FILE = 1 << 1
ALL = (1 << 13) - 1
"""Every right of ABI 1: execute, read, write, make and remove."""
MAKE_SOCKET = 1 << 9
MAKE_ODD = 0b1_1110_0100_0000
"""Make devices, sockets, pipes and symbolic links: who reads a child's folder must meet none."""
ON_FILES = READ_FILE | WRITE_FILE | EXECUTE


def version() -> int:
    """The kernel's Landlock ABI; 0 where there is none."""
    return max(0, _call(CREATE_RULESET, None, 0, VERSION_FLAG))


def restrict(
    readable: Iterable[Path],
    writable: Iterable[Path],
    runnable: Iterable[Path] = (),
    *,
    sockets: Iterable[Path] = (),
) -> bool:
    """From now on this process opens only what lies in these; False where the kernel cannot.

    It runs only what lies in *runnable*, which it may read too; in *sockets* it may make such.
    Needs `PR_SET_NO_NEW_PRIVS`. Paths that do not exist are left out.
    """
    if not version():
        return False
    handled = ctypes.create_string_buffer(struct.pack("=Q", ALL))
    ruleset = _call(CREATE_RULESET, handled, 8, 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(ruleset, path, READ_FILE | READ_FOLDER)
        for path in runnable:
            _allow(ruleset, path, READ_FILE | READ_FOLDER | EXECUTE)
        for path in writable:
            _allow(ruleset, path, ALL & ~EXECUTE & ~MAKE_ODD)
        for path in sockets:
            _allow(ruleset, path, MAKE_SOCKET)
        return _call(RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        granted = rights if path.is_dir() else rights & ON_FILES
        rule = ctypes.create_string_buffer(struct.pack("=Qi", granted, fd))
        _call(ADD_RULE, ruleset, PATH_BENEATH, rule, 0)
    finally:
        os.close(fd)


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.syscall(number, *arguments))
