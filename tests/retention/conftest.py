"""An archive that stands in time where a story says, with a TRD and letters that have numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from records import lines
from records.office import Office
from records.trd import Row, Table
from retention.archive import Archivo
from retention.bag import Written
from tests.conftest import page_pdf, receive
from tests.retention import packages

ROWS = [
    Row(codigo="140.01.01", dependencia="140", serie="01", nombre_serie="ACCIONES",
        subserie="01", nombre_subserie="Acciones de tutela", tipos=["Demanda", "Fallo"],
        soporte=["fisico", "electronico"], ag=2, ac=8, disposicion=["CT", "M"]),
    Row(codigo="140.02.01", dependencia="140", serie="02", nombre_serie="DERECHOS DE PETICIÓN",
        subserie="01", nombre_subserie="Peticiones de interés particular",
        tipos=["Petición", "Respuesta a la petición"], soporte=["electronico"], ag=1, ac=2,
        disposicion=["E"]),
    Row(codigo="120.03", dependencia="120", serie="03", nombre_serie="CONTRATOS", ag=2, ac=18,
        disposicion=["S"], evento="liquidación del contrato", muestra=10),
]  # fmt: skip
TABLE = Table(
    version="1", entidad="Alcaldía", acto="Resolución 12 de 2025", desde="2025-01-01", series=ROWS
)


class Clock:
    """The machine's clock, which stands where a story says."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.moment = datetime(2026, 3, 2, 9, 0, tzinfo=lines.BOGOTA)
        patch.setattr(lines, "now", lambda: self.moment)

    def to(self, day: date | str, hour: int = 9) -> None:
        """Go on to a day."""
        self.moment = datetime.fromisoformat(f"{day}T{hour:02d}:00:00-05:00")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def archive(clock: Clock, office: Office) -> Archivo:
    """An office of today whose TRD was adopted a year ago."""
    door = Archivo(office)
    office.adoptar_trd(TABLE)
    return door


@pytest.fixture
def letter(archive: Archivo) -> Callable[..., str]:
    """Makes a letter that has its number, its image and its seal."""
    count = 0

    def make(sealed: bool = True, **fields: str) -> str:
        nonlocal count
        office = archive.office
        values = {"remitente": "Ana Peña", "asunto": "Un hueco", "folios": "2", **fields}
        if not sealed:
            return office.radicar_sin_imagen(values).radicado
        (subject,) = receive(office, 1, start=count)
        count += 1
        number = office.radicar(subject, values)
        office.sellar(subject, page_pdf(f"Carta {count}"), hueco=None, paginas=1, lectura=None)
        return number.radicado

    return make


# -- packages of a real small office ---------------------------------------------------------------


@pytest.fixture(scope="package")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office of four sealed letters, not to be changed."""
    folder = tmp_path_factory.mktemp("oficina")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VENTANILLA_MARCAS", str(folder / "marcas"))
        office = packages.founded(folder, 4)
        packages.package_of(office)  # signs the heads, which needs these marks
    yield office
    office.index.close()


@pytest.fixture(scope="package")
def made(sealed: Office, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A package of it, not to be changed."""
    return packages.written(sealed, tmp_path_factory.mktemp("salida") / "TP-2026-001")


@pytest.fixture
def bagged(made: Written, tmp_path: Path) -> Path:
    """A copy of that package, to be spoilt."""
    return packages.copied(made.path, tmp_path / "TP-2026-001")
