"""Event signatures and fichas checked beside the reading of a log, by processes of their own.

A signature costs five times what all else about its line does, and needs nothing but the line's
bytes and the key that holds at its place. So the reader walks the log in order, and hands bytes and
key over (`Later`), and each ficha with the hash that its event names; whoever is free checks them:
a worker on another core, or the reader between two batches. Workers are told the very bytes that
the reader judged and open no file. Whatever goes wrong with one, and any that does not hold, is one
answer, *no*: then the log is read again with each checked in its turn, and only that reading says
what is wrong.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import subprocess
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from records import lines

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from records.lines import Line

BATCH = 96
"""Lines a batch: 9 ms of work, 80 KB."""
AHEAD = 4
"""Batches that a worker is given before it has answered the first, so that it never waits."""
BACKLOG = 12
"""Batches that wait at most; then the reader checks one itself."""
SMALL = 1500
"""Lines of a log from which workers are worth their start."""
BUFFER = 1 << 20
"""Bytes that the system is asked to hold for a worker (it may grant less, and lets wait then)."""
MOST = 4
"""Workers at most: the reader feeds no more."""
PATIENCE = 60.0
"""Seconds without an answer after which a worker counts as lost."""
COMMAND = [sys.executable, "-P", "-m", "records.signatures"]
_HEAD = struct.Struct(">II32s")
"""Number of the batch, bytes of its lines, raw key; no key (`FICHAS`): fichas with their hashes."""
FICHAS = "0" * 64
"""Stands for the key in a batch of fichas. It is a point of small order: no log may have it."""
_ANSWER = struct.Struct(">II")
"""Number of the batch, how many of its signatures hold."""


class Batch:
    """Lines, as stored, that one key must have signed; or fichas, each behind its hash."""

    __slots__ = ("clave", "k", "raws")

    def __init__(self, clave: str) -> None:
        self.clave = clave
        self.k = "" if clave == FICHAS else lines.k_of(clave)
        self.raws: list[bytes] = []

    def holds(self) -> bool:
        """Whether all hold, checked here and now."""
        return _count(self.clave, self.raws) == len(self.raws)


class Lost(Exception):
    """A worker does not answer, or not as agreed."""


class Worker:
    """One process that checks signatures; it ends when its socket does."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        # A terminal's Ctrl-C is for the reader, which then ends it: hence its own session.
        path = os.pathsep.join(p or str(Path.cwd()) for p in sys.path)
        try:
            self._process = subprocess.Popen(
                COMMAND,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._socket = ours
        self._socket.settimeout(PATIENCE)
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)
        self._sent = 0
        self.waiting: deque[tuple[int, int]] = deque()
        """Number and lines of each batch that is not answered yet."""

    def send(self, batch: Batch) -> None:
        """Hand a batch over.

        Raises:
            Lost: it is gone.
        """
        data = b"\n".join(batch.raws)
        head = _HEAD.pack(self._sent, len(data), bytes.fromhex(batch.clave))
        try:
            self._socket.sendall(head + data)
        except OSError as error:
            raise Lost from error
        self.waiting.append((self._sent, len(batch.raws)))
        self._sent += 1

    def has_answered(self) -> bool:
        """Whether an answer, or its end, is there to be read."""
        return bool(self._poll.poll(0))

    def answer(self) -> bool:
        """Wait for the oldest batch: whether all of its signatures hold.

        Raises:
            Lost: it is gone, or answers something else.
        """
        try:
            number, good = _ANSWER.unpack(_take(self._socket, _ANSWER.size))
        except (OSError, struct.error) as error:
            raise Lost from error
        asked, count = self.waiting.popleft()
        if number != asked or good > count:
            raise Lost
        return bool(good == count)

    def end(self) -> None:
        """End it and leave nothing of it behind."""
        self._socket.close()
        self._process.kill()
        self._process.wait()


class Later:
    """Takes signatures to be checked (`tail.advance`'s *signed*); `all_hold` gives the answer.

    Says yes at once to every line that names the right key: until `all_hold` has said yes too,
    nothing that followed from them may be believed.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._wanted = len(os.sched_getaffinity(0)) - 1 if workers is None else workers
        self._workers: list[Worker] = []
        self._backlog: deque[Batch] = deque()
        self._batch: Batch | None = None
        self._fichas = Batch(FICHAS)
        self._seen = 0
        self._good = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def __call__(self, line: Line, clave: str) -> bool:
        """Note that *line* must be signed by *clave*; False where it names another key.

        Raises:
            ValueError: *clave* is no key.
        """
        batch = self._batch
        if batch is None or batch.clave != clave or len(batch.raws) >= BATCH:
            lines.public_key(clave)  # a worker is told 32 bytes: whether it is a key shows here
            if clave == FICHAS:
                return False
            self._close_batch()
            batch = self._batch = Batch(clave)
        batch.raws.append(line.raw)
        return line.k == batch.k and self._good

    def ficha(self, raw: bytes, digest: str) -> bool:
        """Note that *raw* must be the ficha that its event names by *digest*."""
        self._fichas.raws.append(digest.encode() + raw)
        if len(self._fichas.raws) >= BATCH:
            self._close_fichas()
        return self._good

    def all_hold(self) -> bool:
        """Whether all that was taken holds. Checks what is still open."""
        self._close_batch()
        self._close_fichas()
        while self._good and (self._backlog or any(h.waiting for h in self._workers)):
            self._share(0)
            if not self._backlog:
                self._hear(wait=True)
        return self._good

    def _close_batch(self) -> None:
        if self._batch is None:
            return
        self._backlog.append(self._batch)
        self._seen += len(self._batch.raws)
        self._batch = None
        self._hand_on()

    def _close_fichas(self) -> None:
        if self._fichas.raws:
            self._backlog.append(self._fichas)
            self._seen += len(self._fichas.raws)
            self._fichas = Batch(FICHAS)
            self._hand_on()

    def _hand_on(self) -> None:
        if self._seen >= SMALL and len(self._workers) < min(self._wanted, MOST):
            self._hire()
        self._share(BACKLOG)

    def _hire(self) -> None:
        try:
            self._workers.append(Worker())
        except OSError:
            # No process to be had: the reader does with those it has, or checks all itself.
            self._wanted = len(self._workers)

    def _share(self, backlog: int) -> None:
        """Give workers what they can take; check the newest here while more than *backlog* wait."""
        self._hear(wait=False)
        try:
            for worker in self._workers:
                while self._backlog and len(worker.waiting) < AHEAD:
                    worker.send(self._backlog.popleft())
        except Lost:
            self._good = False
        if self._good and len(self._backlog) > backlog:
            self._good = self._backlog.pop().holds()

    def _hear(self, *, wait: bool) -> None:
        """Take the answers that are there; with *wait*, wait for one where none is."""
        try:
            for worker in self._workers:
                while worker.waiting and (wait or worker.has_answered()):
                    self._good = worker.answer() and self._good
                    wait = False
        except Lost:
            self._good = False


def _take(source: socket.socket, size: int) -> bytes:
    """Exactly *size* bytes; fewer where the other end is gone."""
    parts, missing = [], size
    while missing and (part := source.recv(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _count(clave: str, raws: list[bytes]) -> int:
    """How many, before the first that does not, hold."""
    if clave != FICHAS:
        return lines.count_signed(clave, raws)
    for count, raw in enumerate(raws):
        if lines.ficha_problem(raw[64:], raw[:64].decode("ascii", "replace")):
            return count
    return len(raws)


def serve(source: socket.socket) -> None:
    """What a worker does: batches in, answers out, until the reader closes."""
    while len(head := _take(source, _HEAD.size)) == _HEAD.size:
        number, size, key = _HEAD.unpack(head)
        data = _take(source, size)
        if len(data) < size:
            return
        good = _count(key.hex(), data.split(b"\n"))
        source.sendall(_ANSWER.pack(number, good))


if __name__ == "__main__":
    with suppress(OSError), socket.socket(fileno=os.dup(0)) as _source:
        serve(_source)
