"""Append: one event against its own fsyncs and one bare signature, in a short and in a long log.

The limit does the same writes, of the same sizes, with the same fsyncs, and signs once: no journal
can be cheaper. A long log must cost what a short one does.

    python -m bench.diario [--json FILE] [--largo 1000000]
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.medida import arguments, median, report, timed
from records import keys, lines
from records.disk import Disk
from records.events import DocumentReceived, LogOpened, ReceptionDiscarded
from records.journal import Draft, Journal

BATCH = 500


class Hurried(Disk):
    """Builds the long log without waiting for the disk; never measured."""

    def fsync(self, fd: int) -> None:
        """Nothing."""


def build(home: Path, events: int, key: Ed25519PrivateKey) -> Journal:
    """A log of *events* receptions that were discarded."""
    root = Ed25519PrivateKey.generate()
    public = lines.raw_public(key).hex()
    opened = LogOpened(
        entidad=home.name,
        punto="VU1",
        clave=public,
        raiz=lines.raw_public(root).hex(),
        delegacion=keys.delegate(root, public, home.name, 0, "VU1"),
    )
    (home / "journal").mkdir(parents=True)
    journal = Journal(home, "VU1", Hurried())
    journal.marks.settle()
    with journal.writing(key) as writer:
        writer.append(opened, subject="log", actor="bench")
        while writer.tail.seq < events - 1:
            drafts = []
            seq = writer.tail.seq + 1 + writer.tail.anchor_due(writer.at()[:10])
            for i in range(min(BATCH, max(1, (events - seq) // 2))):
                drafts += pair(seq + 2 * i)
            writer.append_all(drafts)
    return Journal(home, "VU1", Disk())


def pair(seq: int) -> list[Draft]:
    """A reception and its discard."""
    subject = f"VU1.{seq}"
    return [
        Draft(DocumentReceived(reclamo=f"c{seq}", sha256="0" * 64), subject, "bench"),
        Draft(ReceptionDiscarded(recepcion=subject, motivo="prueba"), subject, "bench"),
    ]


def append_one(journal: Journal, key: Ed25519PrivateKey) -> None:
    """One reception with its ficha, as the office appends it."""
    with journal.writing(key) as writer:
        writer.append(
            DocumentReceived(reclamo="una", sha256="0" * 64),
            subject=lambda seq: f"VU1.{seq}",
            actor="bench",
            ficha={"archivo": "carta.pdf"},
        )


class Limit:
    """The same writes and fsyncs, and one bare signature."""

    def __init__(self, folder: Path, key: Ed25519PrivateKey) -> None:
        self.folder, self.key = folder, key

    def __call__(self) -> None:
        self.key.sign(b"x" * 600)
        for name, size in (("fichas", 80), ("log", 850)):
            self._append(self.folder / name, b"x" * size)
        self._replace(self.folder / "mark", b"x" * 120)

    @staticmethod
    def _append(path: Path, data: bytes) -> None:
        fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(fd, data)
        os.fsync(fd)
        os.close(fd)

    def _replace(self, path: Path, data: bytes) -> None:
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        self._append(fresh, data)
        fresh.rename(path)
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--corto", type=int, default=1_000)
    parser.add_argument("--largo", type=int, default=1_000_000)
    parser.add_argument("--veces", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        os.environ["VENTANILLA_MARCAS"] = str(folder / "marcas")
        key = Ed25519PrivateKey.generate()
        short = build(folder / "corto", options.corto, key)
        long = build(folder / "largo", options.largo, key)
        figures = measure(folder, short, long, key, options.veces)
    report("diario", figures, options.json)


def measure(
    folder: Path, short: Journal, long: Journal, key: Ed25519PrivateKey, times: int
) -> dict[str, float]:
    """Interleaved, so that a busy machine spoils all alike."""
    limit = Limit(folder, key)
    rows: dict[str, list[tuple[float, float]]] = {"limit": [], "short": [], "long": []}
    start_wall, _ = timed(lambda: append_one(long, key))
    append_one(short, key)
    for _ in range(times):
        rows["limit"].append(timed(limit))
        rows["short"].append(timed(lambda: append_one(short, key)))
        rows["long"].append(timed(lambda: append_one(long, key)))
    wall = {name: median([w for w, _ in row]) for name, row in rows.items()}
    cpu = {name: median([c for _, c in row]) for name, row in rows.items()}
    return {
        "append_over_limit": wall["short"] / wall["limit"],
        "long_over_short": wall["long"] / wall["short"],
        "append_cpu_beyond_limit_ms": (cpu["short"] - cpu["limit"]) * 1000,
        "append_ms": wall["short"] * 1000,
        "long_append_ms": wall["long"] * 1000,
        "limit_ms": wall["limit"] * 1000,
        "first_append_of_a_process_in_the_long_log_ms": start_wall * 1000,
    }


if __name__ == "__main__":
    main()
