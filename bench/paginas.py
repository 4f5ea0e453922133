"""Pages a minute of the reader against bare Tesseract on the same pages, in the same run.

The bare side is the least that Tesseract's own program can do: pixels decoded beforehand, one
process a core, one thread each, TSV out; it makes no PDF. Usage:

    python -m bench.paginas [--json FILE] [--rondas N] [PAGE…]
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from bench.medida import arguments, median, report
from ingest.reader import Reader

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SAMPLES = Path(__file__).parents[1] / "samples"
PAGES = (
    "clean300g/00.jpg", "clean300g/01.jpg", "clean300g/02.jpg", "clean200bw/00.tif",
    "clean200bw/01.tif", "clean200bw/02.tif", "noisy/00.jpg", "noisy/01.jpg", "noisy/02.jpg",
    "faxfine/00.tif", "faxfine/01.tif", "faxstd/02.tif",
)  # fmt: skip
TESSERACT = ("-l", "spa", "--psm", "3", "--oem", "1", "tsv")


def bare(pixels: list[Path], cores: int) -> float:
    """Seconds that the command-line program needs for *pixels*."""

    def one(path: Path) -> None:
        subprocess.run(
            ["tesseract", path, path.with_suffix(""), *TESSERACT],
            check=True,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )

    started = time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(one, pixels))
    return time.perf_counter() - started


def ours(reader: Reader, files: list[Path], cores: int) -> float:
    """Seconds from the files to their searchable PDF/A, every page a document of its own."""
    started = time.perf_counter()
    with ThreadPoolExecutor(cores + 1) as pool:
        list(pool.map(reader.read, files))
    return time.perf_counter() - started


def measure(files: list[Path], rounds: int) -> dict[str, float]:
    """Interleaved rounds of both; pages a minute are of the median round."""
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name, Reader() as reader:
        pixels = []
        for number, file in enumerate(files):
            path = Path(name) / f"{number}.pgm"
            with Image.open(file) as image:
                image.convert("L").save(path, dpi=image.info.get("dpi", (200, 200)))
            pixels.append(path)
        reader.read(files[0])  # the workers' start is a program's, not a page's
        theirs, mine = [], []
        for _ in range(rounds):
            mine.append(ours(reader, files, cores))
            theirs.append(bare(pixels, cores))
    per_minute = 60 * len(files)
    return {
        "pages_a_minute_over_bare_tesseract": median(
            [t / m for t, m in zip(theirs, mine, strict=True)]
        ),
        "pages_a_minute": per_minute / median(mine),
        "bare_tesseract_pages_a_minute": per_minute / median(theirs),
        "pages": len(files),
        "cores": cores,
        "rounds": rounds,
    }


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--rondas", type=int, default=2)
    options = parser.parse_args()
    files = options.pages or [p for p in (CORPUS / n for n in PAGES) if p.exists()]
    files = files or [p for p in sorted(SAMPLES.iterdir()) if p.suffix in (".jpg", ".tif", ".png")]
    report("paginas", measure(files, options.rondas), options.json)


if __name__ == "__main__":
    main()
