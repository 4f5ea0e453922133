"""A .docx or .odt with fields becomes a PDF: filled by us, set by LibreOffice where that is there.

Both happen in limited processes. The filling: a child like those that read letters. LibreOffice
(`ingest.shut_program`): no network, no file but the system's and its own folder, bound memory and
time, a profile that is made for it and goes with it. What it writes is still a stranger's PDF, and
goes the way of all of those (`ingest.reader`) before it is a letter of the office.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ingest.child import Child, confined, put
from ingest.facts import Limits
from ingest.lectura import Unreadable
from records.errors import MachineCannot, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIXES = (".docx", ".odt")
LIMITS = Limits(cpu=120, reloj=120.0, quieto=120.0, archivo=256 << 20, abiertos=1024)
"""What filling and setting one document may cost, each."""
INSTALL = (
    "sudo apt-get install -y --no-install-recommends libreoffice-writer fonts-liberation "
    "fonts-crosextra-carlito"
)
PROGRAMS = ("soffice", "libreoffice")
_FILTER = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'
"""PDF/A-2b, with all fonts in it."""
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
_MADE, _FIELDS, _REFUSED = "lleno", "campos.json", "rechazo.json"


class _Refusal(msgspec.Struct, frozen=True):
    """A refusal on its way from the child."""

    codigo: str
    mensaje: str
    consejo: str


class Said(msgspec.Struct, frozen=True):
    """What a template of an office program says, and the names of its fields."""

    campos: list[str]
    texto: str


def read(data: bytes, suffix: str, limits: Limits = LIMITS) -> Said:
    """The fields and the text of a document.

    Raises:
        Refused: it is none that may be converted, or a field in it is none.
    """
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as name:
        folder = Path(name)
        _in_child(folder, data, suffix, None, limits)
        return msgspec.json.decode((folder / _FIELDS).read_bytes(), type=Said)


def to_pdf(data: bytes, suffix: str, values: Mapping[str, str], limits: Limits = LIMITS) -> bytes:
    """The PDF of a document, *suffix* `.docx` or `.odt`, with its fields filled.

    Raises:
        Refused: it is none that may be converted, a field lacks its value, or LibreOffice made
            nothing of it.
        MachineCannot: LibreOffice is not on this machine.
    """
    program = require_program()
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as name:
        folder = Path(name)
        _in_child(folder, data, suffix, dict(values), limits)
        work = folder / "obra"
        work.mkdir()
        (work / f"carta{suffix}").write_bytes((folder / _MADE).read_bytes())
        _convert(program, work, f"carta{suffix}", limits)
        return _taken(work / "carta.pdf", limits)


def program() -> str | None:
    """Where LibreOffice is; None: it is not on this machine."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def require_program() -> str:
    """Where LibreOffice is.

    Raises:
        MachineCannot: it is not on this machine.
    """
    found = program()
    if found is None:
        raise MachineCannot(
            "sin_libreoffice",
            "Para hacer una carta con una plantilla .docx u .odt hace falta LibreOffice, y en este "
            "equipo no está.",
            consejo=f"Instálelo con «{INSTALL}», use una plantilla .txt o .html, o adjunte la "
            "carta ya hecha en PDF. Nada se ha cambiado.",
        )
    return found


# -- filling --------------------------------------------------------------------------------------


def _in_child(
    folder: Path, data: bytes, suffix: str, values: dict[str, str] | None, limits: Limits
) -> None:
    """Judge a document in a limited child, and fill it where there are *values*."""
    document = folder / f"recibido{suffix}"
    document.write_bytes(data)
    try:
        with Child(folder, limits, _serve, str(document), str(folder), limits, values) as child:
            child.attend()
    except Unreadable as error:
        raise Refused(
            "documento_invalido",
            f"El documento no se pudo abrir ({error.codigo}).",
            consejo="Guárdelo de nuevo como .docx u .odt, o adjunte el PDF ya hecho.",
        ) from error
    told = folder / _REFUSED
    if told.exists():
        said = msgspec.json.decode(told.read_bytes(), type=_Refusal)
        raise Refused(said.codigo, said.mensaje, consejo=said.consejo)


def _serve(path: str, folder: str, limits: Limits, values: dict[str, str] | None) -> None:
    """The child's whole life."""
    from ingest import office_fields, office_xml
    from records import templates

    document, place = Path(path), Path(folder)

    def work() -> None:
        try:
            parts = office_xml.judged(document.read_bytes(), document.suffix)
            if values is None:
                text = office_fields.texts(parts, document.suffix)
                said = Said(templates.fields_of(text), text)
                put(place / _FIELDS, msgspec.json.encode(said))
                return
            made = office_xml.pack(office_fields.filled(parts, document.suffix, values))
            put(place / _MADE, made)
        except Refused as error:
            told = _Refusal(error.codigo, error.mensaje, error.consejo)
            put(place / _REFUSED, msgspec.json.encode(told))

    confined(work, place, limits, document)


# -- LibreOffice ----------------------------------------------------------------------------------


def _convert(program: str, folder: Path, name: str, limits: Limits) -> None:
    """Let LibreOffice write `carta.pdf` into *folder*; in time, or it and all of its end."""
    seen = "{carpeta}"
    command = [
        sys.executable, "-P", "-m", "ingest.shut_program",
        str(folder), msgspec.json.encode(limits).decode(),
        program, f"-env:UserInstallation=file://{seen}/perfil",
        "--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault",
        "--convert-to", _FILTER, "--outdir", seen, f"{seen}/{name}",
    ]  # fmt: skip
    rooms = str(Path(__file__).resolve().parents[1])
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**_ENVIRONMENT, "PYTHONPATH": rooms},
        cwd=folder,
        start_new_session=True,
    )
    try:
        process.wait(limits.reloj)
    except subprocess.TimeoutExpired as error:
        raise Refused(
            "conversion",
            f"LibreOffice no terminó la carta en {limits.reloj:.0f} segundos y se detuvo.",
            consejo="Simplifique el documento, o adjunte el PDF ya hecho.",
        ) from error
    finally:
        # Its own session: the program's helpers end with it.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _taken(made: Path, limits: Limits) -> bytes:
    """What LibreOffice wrote.

    Raises:
        Refused: nothing, or no file of a size that can be.
    """
    if made.is_symlink() or not made.is_file() or not 0 < made.stat().st_size <= limits.archivo:
        raise Refused(
            "conversion",
            "LibreOffice no pudo hacer un PDF de este documento.",
            consejo="Ábralo y guárdelo de nuevo, o adjunte el PDF ya hecho.",
        )
    return made.read_bytes()
