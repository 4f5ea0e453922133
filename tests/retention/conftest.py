"""A package of a real small office, made once for each module that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from records.office import Office
from retention.bag import Written
from tests.retention import packages


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
