"""A bag of documents against a plain copy that hashes each and syncs it.

The rival reads a file, hashes it by SHA-256, writes it and syncs it, one after the other: what
anybody would call a careful copy. The bag hashes twice over (SHA-256 and SHA-512), reads all back
from the medium, and makes its manifests. The limit is half of the rival's speed.

    python -m bench.bag [--json FILE] [--documentos 1000] [--kib 256] [--rondas 3] [--en FOLDER]
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from bench.medida import arguments, median, report, timed
from records.disk import Disk
from retention import bag
from retention.whole import Source


def documents(folder: Path, count: int, size: int) -> list[Path]:
    """Files as a vault holds them, of sizes around *size*."""
    folder.mkdir()
    out = []
    for n in range(count):
        data = os.urandom(size // 2 + size * (n % 11) // 10)
        path = folder / f"{hashlib.sha256(data).hexdigest()}.pdf"
        path.write_bytes(data)
        out.append(path)
    return out


def plain(files: list[Path], target: Path) -> None:
    """The rival: hash, copy, sync."""
    target.mkdir()
    for path in files:
        data = path.read_bytes()
        hashlib.sha256(data).hexdigest()
        fd = os.open(target / path.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        os.write(fd, data)
        os.fsync(fd)
        os.close(fd)
    fd = os.open(target, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


def bagged(files: list[Path], target: Path) -> None:
    """Ours: a folder for each document, as in a package."""
    sources = [
        Source(f"documentos/{n:04d}/{path.stem[:8]}.pdf", path, path.stem)
        for n, path in enumerate(files, 1)
    ]
    bag.write(target, sources, {"Source-Organization": "Bench"}, Disk())


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--documentos", type=int, default=1000, metavar="N")
    parser.add_argument("--kib", type=int, default=256, metavar="N", help="mean size of one")
    parser.add_argument("--rondas", type=int, default=3, metavar="N")
    parser.add_argument("--en", type=Path, metavar="FOLDER", help="on which disk")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ventanilla-", dir=options.en) as name:
        folder = Path(name)
        files = documents(folder / "vault", options.documentos, options.kib << 10)
        total = sum(path.stat().st_size for path in files)
        os.sync()
        rival, ours = [], []
        for _ in range(options.rondas):  # in turn: a busy machine spoils both
            rival.append(timed(lambda: plain(files, folder / "copia"))[0])
            shutil.rmtree(folder / "copia")
            ours.append(timed(lambda: bagged(files, folder / "paquete"))[0])
            shutil.rmtree(folder / "paquete")
    figures = {
        "speed over copy-and-hash": median(rival) / median(ours),
        "MB/s of the bag": total / median(ours) / 1e6,
        "MB/s of copy-and-hash": total / median(rival) / 1e6,
        "MB": total / 1e6,
    }
    report("bag", figures, options.json)


if __name__ == "__main__":
    main()
