"""Becomes another program, limited: `python -m ingest.shut_program FOLDER LIMITS PROGRAM ARG…`.

For a program that is not ours and is given strangers' bytes. Before it begins it has lost the
network, bound memory, time and files, and, where the kernel has Landlock, reads only the system's
own files and writes only in FOLDER, which it sees as its `/tmp` where the kernel allows that. In
the program's arguments `{carpeta}` stands for where it sees FOLDER. LIMITS are
`ingest.facts.Limits` as JSON.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

import msgspec

# Importing it is what gives up the network.
from ingest import landlock, offline  # noqa: F401
from ingest.child import confine
from ingest.facts import Limits

CLONE_NEWNS, MS_BIND = 0x20000, 0x1000
TEMPORARY = Path("/tmp")
RUN = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/opt")
READ = (
    "/proc", "/sys", "/dev/urandom", "/var/cache/fontconfig", "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)  # fmt: skip


def main() -> None:
    """Shut this process in, and go on as the program."""
    given, limits, *command = sys.argv[1:]
    folder = Path(given)
    # Programs make their sockets in /tmp, whatever they are told.
    private = bind_over(folder, TEMPORARY)
    seen = TEMPORARY if private else folder
    confine(msgspec.json.decode(limits, type=Limits))
    landlock.restrict(
        map(Path, READ),
        [seen, Path("/dev/null")],
        runnable=map(Path, RUN),
        sockets=[seen] if private else [seen, TEMPORARY],
    )
    os.chdir(seen)
    for name in ("HOME", "TMPDIR"):
        os.environ[name] = str(seen)
    os.execv(command[0], [word.replace("{carpeta}", str(seen)) for word in command])


def bind_over(folder: Path, place: Path) -> bool:
    """Let this process see *folder* at *place*; False where the kernel forbids it to users."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        return False
    return int(libc.mount(os.fsencode(folder), os.fsencode(place), None, MS_BIND, None)) == 0


if __name__ == "__main__":
    main()
