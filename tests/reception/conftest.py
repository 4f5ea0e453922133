"""A reception whose reader gives what was once read, and what is put into its inbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.reception import Recepcion
from records.office import Office
from tests.readers import RecordedReader


@pytest.fixture
def reader() -> RecordedReader:
    return RecordedReader()


@pytest.fixture
def reception(office: Office, reader: RecordedReader) -> Recepcion:
    config = office.home / "config.toml"
    text = config.read_text().replace("asentamiento_segundos = 2.0", "asentamiento_segundos = 0.1")
    config.write_text(text)
    return Recepcion(Office(office.home), reader=reader)  # type: ignore[arg-type]


def drop(reception: Recepcion, name: str, data: bytes | None = None, folder: str = "") -> Path:
    path = reception.inbox / folder / name
    path.write_bytes(data if data is not None else b"%PDF-" + name.encode())
    return path


def ids(reception: Recepcion) -> list[str]:
    return [d.id for d in reception.bandeja()]
