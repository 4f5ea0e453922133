"""The recogniser behind a port: Tesseract in this process, or its program through pytesseract.

Both use the same models and settings and give lines of words, so that all that follows is one
code. In process, a worker loads the models once and no page is written to
disk: a quarter less processor time for a page. `open_engine` takes that one where its wheel is
installed. An engine is for one worker and not to be shared between threads.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ingest.words import Word, WordLine, lines_of
from records.errors import MachineCannot

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]
    """Grey pixels, rows from the top, 0 black."""

LANGUAGE = "spa"
SIGNS = "signos"
"""The small Latin-script model of `ingest.model`."""
TIMEOUT = 180
"""Seconds for one page; a dense sheet of 120 Mpx needs a minute."""
AUTO, BLOCK, LINE = 3, 6, 7
"""Page segmentation modes of Tesseract: automatic, one block of text, one line."""
SETTINGS = {"invert_threshold": "0", "tessedit_do_invert": "0", "textord_all_prop": "1"}
"""White on black is not looked for: a fifth of the time, and no letter of an office is so. Nor is
it measured whether all letters are as wide (a typewriter's): a fortieth, and the network that reads
whole lines never asks; of 198 pages not a letter came out otherwise."""


class Engine(Protocol):
    """What the pipeline asks of a recogniser."""

    def read(self, pixels: Pixels, dpi: int, psm: int) -> list[WordLine]:
        """The page's lines in reading order."""

    def read_lines(self, lines: list[Pixels], dpi: int) -> list[list[Word]]:
        """Each line's words, by the model that knows all signs; empty without that model."""

    def rotation(self, pixels: Pixels, dpi: int) -> int | None:
        """Degrees clockwise that would set the page upright; None when it cannot tell."""


class TesserocrEngine:
    """Tesseract in this process; the models that every page needs stay loaded."""

    def __init__(self, models: Path, signs: Path | None) -> None:
        import tesserocr

        # What its library finds odd in a picture is for nobody's terminal.
        tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
        self._models = models
        self._signs = signs
        self._page = self._load(models, LANGUAGE)
        self._line: Any = None

    @staticmethod
    def _load(folder: Path, language: str, psm: int = AUTO) -> Any:
        import tesserocr

        return tesserocr.PyTessBaseAPI(
            path=f"{folder}/",
            lang=language,
            oem=tesserocr.OEM.LSTM_ONLY if language != "osd" else tesserocr.OEM.DEFAULT,
            psm=psm,
            variables={**SETTINGS, "debug_file": os.devnull},
        )

    def read(self, pixels: Pixels, dpi: int, psm: int) -> list[WordLine]:
        """The lines of one page.

        Raises:
            TimeoutError: it took longer than a page may.
        """
        self._page.SetPageSegMode(psm)
        return self._recognise(self._page, pixels, dpi)

    def read_lines(self, lines: list[Pixels], dpi: int) -> list[list[Word]]:
        """The words of each line."""
        if self._signs is None or not lines:
            return []
        if self._line is None:
            self._line = self._load(self._signs.parent, self._signs.stem, LINE)
        return [_words(self._recognise(self._line, line, dpi)) for line in lines]

    @staticmethod
    def _recognise(api: Any, pixels: Pixels, dpi: int) -> list[WordLine]:
        height, width = pixels.shape
        api.SetImageBytes(pixels.tobytes(), width, height, 1, width)
        api.SetSourceResolution(dpi)
        try:
            if not api.Recognize(TIMEOUT * 1000):
                raise TimeoutError("Recognize")
            return _lines(api.GetIterator())
        finally:
            api.Clear()

    def rotation(self, pixels: Pixels, dpi: int) -> int | None:
        """From the `osd` model; None where the page bears too few letters to tell."""
        height, width = pixels.shape
        # Few pages ask, and it takes 31 MB: loaded for one page, a ninth of what the page costs.
        with self._load(self._models, "osd", 0) as api:
            api.SetImageBytes(pixels.tobytes(), width, height, 1, width)
            api.SetSourceResolution(dpi)
            found = api.DetectOrientationScript()
        return (360 - int(found["orient_deg"])) % 360 if found else None


def _lines(found: Any) -> list[WordLine]:
    """What Tesseract's iterator walks over; its own table (TSV) of a page takes 25 ms to make."""
    from tesserocr import RIL

    lines: list[WordLine] = []
    block = paragraph = 0
    if found is None or found.Empty(RIL.WORD):
        return lines
    while True:
        # Each question walks the page from its first word: at words within a line one is enough.
        if found.IsAtBeginningOf(RIL.TEXTLINE) or not lines:
            block += found.IsAtBeginningOf(RIL.BLOCK)
            paragraph += found.IsAtBeginningOf(RIL.PARA)
            lines.append(WordLine((str(block), str(paragraph)), []))
        text = (found.GetUTF8Text(RIL.WORD) or "").strip()
        if text:
            box = found.BoundingBox(RIL.WORD)
            lines[-1].words.append(Word(text, round(found.Confidence(RIL.WORD)), box))
        if not found.Next(RIL.WORD):
            return [line for line in lines if line.words]


def _words(lines: list[WordLine]) -> list[Word]:
    return [word for line in lines for word in line.words]


class PytesseractEngine:
    """The system's Tesseract, one process a page."""

    def __init__(self, models: Path, signs: Path | None) -> None:
        self._models = models
        self._signs = signs

    def _config(self, psm: int, dpi: int, models: Path) -> str:
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        return f'--tessdata-dir "{models}" --oem 1 --psm {psm} --dpi {dpi} {options}'

    def _run(self, paths: str, language: str, config: str) -> str:
        import pytesseract

        try:
            # `run_and_get_multiple_output` takes no options; this too is one process a call.
            table = pytesseract.image_to_data(paths, lang=language, config=config, timeout=TIMEOUT)
        except RuntimeError as error:
            if "timeout" not in str(error).lower():
                raise
            raise TimeoutError(str(error)) from error
        return str(table)

    def read(self, pixels: Pixels, dpi: int, psm: int) -> list[WordLine]:
        """The lines of one page, in one call.

        Raises:
            TimeoutError: it took longer than a page may.
        """
        from PIL import Image

        with tempfile.TemporaryDirectory(prefix="ventanilla-") as folder:
            path = f"{folder}/pagina.pgm"
            Image.fromarray(pixels).save(path)
            return lines_of(self._run(path, LANGUAGE, self._config(psm, dpi, self._models)))

    def read_lines(self, lines: list[Pixels], dpi: int) -> list[list[Word]]:
        """The words of each: the lines are the pages of one file, so one call reads them all."""
        from PIL import Image

        if self._signs is None or not lines:
            return []
        with tempfile.TemporaryDirectory(prefix="ventanilla-") as folder:
            path = f"{folder}/renglones.tif"
            first, *rest = [Image.fromarray(line) for line in lines]
            first.save(path, save_all=True, append_images=rest)
            config = self._config(LINE, dpi, self._signs.parent)
            table = self._run(path, self._signs.stem, config)
        heading, *rows = table.splitlines()
        pages = [
            "\n".join([heading, *(r for r in rows if r.split("\t", 2)[1:2] == [str(number)])])
            for number in range(1, len(lines) + 1)
        ]
        return [_words(lines_of(page)) for page in pages]

    def rotation(self, pixels: Pixels, dpi: int) -> int | None:
        """From the `osd` model; None where the page bears too few letters to tell."""
        import pytesseract
        from PIL import Image

        with tempfile.TemporaryDirectory(prefix="ventanilla-") as folder:
            path = f"{folder}/pagina.pgm"
            Image.fromarray(pixels).save(path)
            try:
                found = pytesseract.image_to_osd(
                    path, config=f"--dpi {dpi}", timeout=TIMEOUT, output_type="dict"
                )
            except pytesseract.TesseractError:
                return None  # «Too few characters»: nothing to go by
        return int(found["rotate"]) % 360


def in_process() -> bool:
    """Whether the wheel with Tesseract inside is installed."""
    return importlib.util.find_spec("tesserocr") is not None


def open_engine(kind: str, models: Path, signs: Path | None) -> Engine:
    """An engine of the kind `check_machine` named, for one worker."""
    if kind == "tesserocr":
        return TesserocrEngine(models, signs)
    return PytesseractEngine(models, signs)


def chosen(wanted: str = "auto") -> str:
    """`tesserocr` or `pytesseract`, by what is wanted and what is installed.

    Raises:
        MachineCannot: tesserocr is asked for by name and is not there.
    """
    if wanted == "tesserocr" and not in_process():
        raise MachineCannot(
            "tesserocr",
            "La configuración pide el motor «tesserocr», que no está instalado.",
            consejo='Escriba motor = "auto" en [ocr] de config.toml.',
        )
    if wanted == "auto":
        return "tesserocr" if in_process() else "pytesseract"
    return wanted


@cache
def models_folder() -> Path:
    """Where the system's Tesseract keeps its models.

    Raises:
        MachineCannot: Tesseract, its Spanish model or that of orientation is missing.
    """
    try:
        said = subprocess.run(
            ["tesseract", "--list-langs"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise MachineCannot(
            "tesseract",
            "Falta Tesseract, el programa que lee los documentos.",
            consejo="Instálelo con: sudo apt-get install tesseract-ocr tesseract-ocr-spa",
        ) from error
    head, *languages = said.stdout.splitlines() or said.stderr.splitlines() or [""]
    place = re.search(r'"(.+)"', head)
    if place is None or not {LANGUAGE, "osd"} <= {x.strip() for x in languages}:
        raise MachineCannot(
            "tesseract",
            "Falta el idioma español de Tesseract, o el modelo que halla la orientación.",
            consejo="Instálelo con: sudo apt-get install tesseract-ocr-spa tesseract-ocr-osd",
        )
    return Path(place[1])


def check_machine(kind: str) -> str:
    """Name, version and language of the engine, for the record.

    Raises:
        MachineCannot: Tesseract or one of its models is missing.
    """
    models_folder()
    if kind == "tesserocr":
        import tesserocr

        version = str(tesserocr.tesseract_version()).split()[1]
    else:
        import pytesseract

        version = str(pytesseract.get_tesseract_version())
    return f"Tesseract {version} {LANGUAGE}"
