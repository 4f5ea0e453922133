"""Reading beside OCRmyPDF's on the same pages, in one run: errors, fields, speed, memory, bytes.

    python -m bench.ocr [--rival PROGRAM] [--rondas N] [--sin-exactitud] [--json FILE]
                        [--grafico FILE] [CORPUS…]

A corpus is a folder `<class>/<number>` of pictures with `.txt` (what is printed) and `.json` (its
fields); without one ../shared/corpus is read, without that samples/ (speed alone). The rival is
OCRmyPDF (`--rival`, else `ocrmypdf` of the path; without it only our own figures and the limit are
given), with `-l spa`, its default PDF/A output, and the jobs that use the cores best: all for one
PDF, one each for single files. The limit is bare Tesseract in process, default settings, pixels
decoded beforehand. Speed is of twenty pages of five classes, once as one PDF, once as single files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from statistics import fmean, median
from typing import Any

import msgspec
import pikepdf
from PIL import Image

from bench import campos, dibujo
from bench.medida import arguments, report
from bench.procesos import measured
from bench.verdad import Page, error, pages, plain
from ingest.engine import in_process, models_folder
from ingest.reader import Reader

SHARED = Path(__file__).parents[2] / "shared" / "corpus"
SAMPLES = Path(__file__).parents[1] / "samples"
MIX = {"clean300g": 4, "clean200bw": 5, "noisy": 6, "faxfine": 3, "faxstd": 2}
"""Pages of the speed test, by class."""
CORES = len(os.sched_getaffinity(0))


def dpi_of(picture: Path) -> str:
    """What a picture without a resolution is told to OCRmyPDF to have."""
    with Image.open(picture) as image:
        return str(max(72, round(image.width / 8.27)))


def rival(program: str, source: Path, target: Path, jobs: int) -> str:
    """OCRmyPDF on one file; its text."""
    text = target.with_suffix(".rival.txt")
    options = ["-l", "spa", "--jobs", str(jobs), "--sidecar", str(text), "--quiet"]
    if source.suffix != ".pdf":
        with Image.open(source) as image:
            told = "dpi" in image.info
        options += [] if told else ["--image-dpi", dpi_of(source)]
    done = subprocess.run(
        [program, *options, source, target], check=False, capture_output=True, text=True
    )
    if done.returncode not in (0, 10):  # 10: made, though it is not the PDF/A that was asked for
        raise SystemExit(f"{program}: {done.stderr.strip()[-400:]}")
    return plain(text.read_text(encoding="utf-8"))


# -- exactness ------------------------------------------------------------------------------------


def exactness(held: list[Page], program: str | None, folder: Path) -> dict[str, Any]:
    """Mean CER by class for both, signs and fields; readings are left in *folder*."""
    ours: dict[str, list[float]] = defaultdict(list)
    theirs: dict[str, list[float]] = defaultdict(list)
    signs: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    with Reader() as reader, ThreadPoolExecutor(CORES) as pool:

        def read(page: Page) -> str:
            reading, pdf = reader.read(page.picture)
            (folder / f"{page.name}.json").write_bytes(msgspec.json.encode(reading))
            (folder / f"{page.name}.pdf").write_bytes(pdf)
            return plain(reading.texto)

        def read_theirs(page: Page) -> str:
            return rival(program or "", page.picture, folder / f"{page.name}.rival.pdf", 1)

        mine = list(pool.map(read, held))
        other = list(pool.map(read_theirs, held)) if program else [""] * len(held)
    for page, own, their in zip(held, mine, other, strict=True):
        if not page.text:
            ours["blank: letters read"].append(float(len(own)))
            continue
        ours[page.group].append(error(page.text, own))
        theirs[page.group].append(error(page.text, their) if program else 0.0)
        row = signs[page.group]
        row[0] += len(page.signed)
        row[1] += sum(s in own for s in page.signed)
        row[2] += sum(s in their for s in page.signed)
    return _table(ours, theirs, signs, program)


def _table(
    ours: dict[str, list[float]],
    theirs: dict[str, list[float]],
    signs: dict[str, list[int]],
    program: str | None,
) -> dict[str, Any]:
    print(f"{'class':<14}{'pages':>6}{'CER %':>8}{'worst':>8}{'signs':>10}{'rival CER':>11}"
          f"{'signs':>10}")  # fmt: skip
    out: dict[str, Any] = {}
    for group, values in sorted(ours.items()):
        if group not in signs:
            out[group] = fmean(values)
            continue
        total, own, their = signs[group]
        rate = f"{fmean(theirs[group]):11.2f}{their:>6}/{total}" if program else ""
        print(f"{group:<14}{len(values):>6}{fmean(values):>8.2f}{max(values):>8.2f}"
              f"{own:>6}/{total:<4}{rate}")  # fmt: skip
        out[f"CER % {group}"] = fmean(values)
        if program:
            out[f"rival CER % {group}"] = fmean(theirs[group])
    every = [v for g, values in ours.items() if g in signs for v in values]
    out["CER % all"] = fmean(every)
    if program:
        out["CER over rival's"] = fmean(every) / fmean([v for r in theirs.values() for v in r])
    total = sum(row[0] for row in signs.values())
    out["addresses and e-mails exact"] = sum(row[1] for row in signs.values()) / max(total, 1)
    if program:
        out["rival addresses and e-mails"] = sum(r[2] for r in signs.values()) / max(total, 1)
    return out


# -- speed ----------------------------------------------------------------------------------------


def as_pdf(pictures: list[Path], target: Path) -> Path:
    """The pictures as pages of one PDF, each with its own bytes, as scanners make it."""
    with pikepdf.new() as pdf:
        for picture in pictures:
            with tempfile.TemporaryDirectory() as name:
                with Image.open(picture) as image:
                    dpi = image.info.get("dpi", (200, 200))
                    single = Path(name) / "p.pdf"
                    _wrap(image, picture, (float(dpi[0]), float(dpi[1])), single)
                with pikepdf.open(single) as page:
                    pdf.pages.extend(page.pages)
        pdf.save(target)
    return target


def _wrap(image: Image.Image, picture: Path, dpi: tuple[float, float], target: Path) -> None:
    from ingest.encode import encode_g4, jpeg_facts
    from ingest.searchable import image_object

    if picture.suffix == ".jpg":
        facts, stream = jpeg_facts(image), picture.read_bytes()
    else:
        facts, stream = encode_g4(image.convert("1"))
    with pikepdf.new() as pdf:
        width, height = image.width * 72 / dpi[0], image.height * 72 / dpi[1]
        page = pdf.add_blank_page(page_size=(width, height))
        page.obj.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Im0=image_object(pdf, facts, stream))
        )
        content = f"{width:.3f} 0 0 {height:.3f} 0 0 cm /Im0 Do".encode()
        page.obj.Contents = pdf.make_stream(content)
        pdf.save(target)


_limit: Any = None


def limit(picture: Path) -> int:
    """Bare Tesseract in this process on a page's pixels; letters read."""
    global _limit
    import tesserocr

    if _limit is None:
        _limit = tesserocr.PyTessBaseAPI(path=f"{models_folder()}/", lang="spa", oem=1, psm=3)
    with Image.open(picture) as image:
        grey = image.convert("L")
    _limit.SetImageBytes(grey.tobytes(), grey.width, grey.height, 1, grey.width)
    _limit.SetSourceResolution(300)
    return len(_limit.GetTSVText(0))


def speed(pictures: list[Path], program: str | None, rounds: int, folder: Path) -> dict[str, Any]:
    """Pages a minute, processor seconds a page and memory, in interleaved rounds."""
    whole = as_pdf(pictures, folder / "veinte.pdf")
    rows: dict[str, list[tuple[float, float, int]]] = defaultdict(list)

    def note(what: str, work: Any) -> None:
        with measured() as cost:
            work()
        rows[what].append((cost.wall, cost.cpu, cost.peak))

    def every(work: Any, workers: int) -> None:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(work, pictures))

    def single(picture: Path) -> str:
        target = folder / f"{picture.parent.name}-{picture.stem}.pdf"
        return rival(program or "", picture, target, 1)

    with Reader() as reader:
        reader.read(pictures[0])  # the workers' start is a program's, not a page's
        sizes = [len(reader.read(p)[1]) / p.stat().st_size for p in pictures]
        for _ in range(rounds):
            note("one PDF", lambda: reader.read(whole))
            note("single files", lambda: every(reader.read, CORES + 1))
            if program:
                note("rival one PDF", lambda: rival(program, whole, folder / "r.pdf", CORES))
                note("rival single files", lambda: every(single, CORES))
            if in_process():
                with ProcessPoolExecutor(CORES) as pool:
                    list(pool.map(limit, pictures[:CORES]))
                    note("limit", lambda: list(pool.map(limit, pictures)))
    return {**_speeds(rows, len(pictures)), "output bytes over input's": median(sizes)}


def _speeds(rows: dict[str, list[tuple[float, float, int]]], count: int) -> dict[str, Any]:
    wall = {k: median([r[0] for r in v]) for k, v in rows.items()}
    cpu = {k: median([r[1] for r in v]) / count for k, v in rows.items()}
    out: dict[str, Any] = {}
    for what in ("one PDF", "single files"):
        if f"rival {what}" in wall:
            out[f"pages a minute over rival's, {what}"] = wall[f"rival {what}"] / wall[what]
        if "limit" in cpu:
            out[f"CPU a page over the limit's, {what}"] = cpu[what] / cpu["limit"]
    out |= {f"pages a minute, {k}": 60 * count / v for k, v in wall.items()}
    out |= {f"CPU s a page, {k}": v for k, v in cpu.items()}
    out |= {f"MB held, {k}": max(r[2] for r in v) / 2**20 for k, v in rows.items()}
    return out


def _mix(held: list[Page]) -> list[Path]:
    chosen = []
    for group, count in MIX.items():
        chosen += [p.picture for p in held if p.group == group][:count]
    return chosen


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("corpora", nargs="*", type=Path)
    parser.add_argument("--rival", default=shutil.which("ocrmypdf"), metavar="PROGRAM")
    parser.add_argument("--rondas", type=int, default=3)
    parser.add_argument("--sin-exactitud", action="store_true", help="speed alone")
    parser.add_argument("--sin-velocidad", action="store_true", help="exactness alone")
    parser.add_argument("--grafico", type=Path, metavar="FILE", help="draw the figures as SVG")
    options = parser.parse_args()
    corpora = options.corpora or ([SHARED] if SHARED.is_dir() else [])
    held = [page for corpus in corpora for page in pages(corpus)]
    pictures = _mix([p for p in held if p.corpus == corpora[0]]) if held else []
    pictures = pictures or sorted(p for p in SAMPLES.iterdir() if p.suffix in (".jpg", ".tif"))
    figures: dict[str, Any] = {"cores": CORES, "pages": len(held), "rounds": options.rondas}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        cases: list[campos.Case] = []
        if held and not options.sin_exactitud:
            figures |= exactness(held, options.rival, folder)
            cases = campos.cases(folder, corpora)
            campos.show(cases)
            figures |= campos.figures(cases)
        if not options.sin_velocidad:
            figures |= speed(pictures, options.rival, options.rondas, folder)
    if options.grafico:
        options.grafico.write_text(dibujo.svg(figures, campos.reliability(cases)), "utf-8")
    report("ocr", figures, options.json)


if __name__ == "__main__":
    main()
