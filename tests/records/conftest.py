"""Offices with something in them, made once and copied for each test: their keys take a second."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from records import backup
from records.disk import Disk
from records.lines import sha256
from records.office import Office
from tests.conftest import ROOT, page_pdf, receive


def settle(home: Path, disk: Disk | None = None) -> Office:
    """Let a copied test office number in its new place."""
    office = Office(home, disk=disk)
    office.journal.marks.settle()
    office.authority_journal.marks.settle()
    return office


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(data))


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="session")
def full_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`oficina`: numbers, a seal, letters that wait, one in quarantine; `memoria`: its backup;
    `marcas`."""
    folder = tmp_path_factory.mktemp("llena")
    old = os.environ.get("VENTANILLA_MARCAS")
    os.environ["VENTANILLA_MARCAS"] = str(folder / "marcas")
    office, _ = Office.found(folder / "oficina", ROOT / "config.toml", demo=True)
    first, _ = receive(office, 2)
    office.radicar(first, {"remitente": "José", "folios": "2"})
    office.sellar(first, page_pdf(), hueco=None, paginas=1, lectura=None)
    inbox = office.home / "inbox"
    (inbox / "fax: 12?.pdf").write_bytes(b"%PDF-1.7 espera")
    (inbox / ".tomados" / "ventanilla-20261122100003512-5e1f0c9a77b2").mkdir()
    (office.home / "cuarentena" / "roto.pdf").write_bytes(b"roto")
    (office.home / "lecturas" / f"{sha256(b'{}')}.json").write_bytes(b"{}")
    (office.home / "drafts.json").write_bytes(b"{}")
    (office.home / "salida" / "etiqueta.pdf").write_bytes(b"x")
    receive(office, 4, start=20)
    office.index.close()
    (folder / "memoria").mkdir()
    shutil.copytree(office.home, folder / "sin-respaldo")
    shutil.copytree(folder / "marcas", folder / "marcas-sin-respaldo")
    backup.crear(office, folder / "memoria")
    if old is None:
        del os.environ["VENTANILLA_MARCAS"]
    else:
        os.environ["VENTANILLA_MARCAS"] = old
    return folder


@pytest.fixture
def full(full_template: Path, tmp_path: Path) -> Office:
    """That office before any backup."""
    shutil.copytree(full_template / "sin-respaldo", tmp_path / "oficina")
    shutil.copytree(full_template / "marcas-sin-respaldo", tmp_path / "marcas")
    return settle(tmp_path / "oficina")


@pytest.fixture
def kept(full_template: Path, tmp_path: Path) -> Office:
    """That office with its backup, which lies on `kept_stick`."""
    for name in ("oficina", "memoria", "marcas"):
        shutil.copytree(full_template / name, tmp_path / name)
    return settle(tmp_path / "oficina")


@pytest.fixture
def kept_stick(tmp_path: Path) -> Path:
    """The stick of `kept`."""
    return tmp_path / "memoria"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty stick."""
    folder = tmp_path / "memoria"
    folder.mkdir()
    return folder
