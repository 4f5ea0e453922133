"""An archive that stands in time where a story says, with a TRD and letters that have numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from records import lines
from records.office import Office
from records.trd import Row, Table
from retention.archive import Archivo
from tests.conftest import page_pdf, receive

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
