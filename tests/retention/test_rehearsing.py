"""What is tried before it is written, what may be stopped, and long lists of expedientes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from records.errors import Refused
from retention.archive import Archivo
from retention.dossiers import Paper
from retention.profiles import PROFILES, Profile

Letter = Callable[..., str]
WHY = "se cierra la sede"


@pytest.fixture
def two(archive: Archivo, letter: Letter) -> list[str]:
    """Two closed expedientes, and an open one."""
    names = []
    for name in ("Petición de Ana Peña", "100% de_la Calle"):
        made = archive.abrir("140.02.01", name, con=[letter(asunto=name)]).expediente
        archive.cerrar(made, "respondida")
        names.append(made)
    names.append(archive.abrir("140.01.01", "Tutela", con=[letter()]).expediente)
    return names


@pytest.mark.parametrize("perfil", PROFILES)
def test_a_rehearsal_says_what_is_then_written(
    archive: Archivo, two: list[str], tmp_path: Path, perfil: Profile
) -> None:
    before = archive.office.index.head("expediente." + two[0])
    tried = archive.ensayar_transferencia(two, tmp_path / "usb", motivo=WHY, perfil=perfil)
    assert tried.tipo == "primaria" and tried.expedientes == two[:2]
    assert [k.expediente for k in tried.quedan] == two[2:] and "abierto" in tried.quedan[0].motivo
    assert not (tmp_path / "usb").exists() and not archive.transferencias()
    assert archive.office.index.head("expediente." + two[0]) == before
    seen: list[tuple[int, int]] = []
    sent = archive.transferir(
        tried.expedientes,
        tmp_path / "usb",
        motivo=WHY,
        perfil=perfil,
        avance=lambda done, total: not seen.append((done, total)),  # type: ignore[func-returns-value]
    )
    assert sent.archivos == tried.archivos == len(seen) == seen[-1][0] == seen[-1][1]
    assert abs(sent.bytes - tried.bytes) < 2000  # the hour stands in some of its pages


def test_nothing_would_go_and_nobody_else_may_try(
    archive: Archivo, two: list[str], tmp_path: Path
) -> None:
    tried = archive.ensayar_transferencia(two, tmp_path / "usb")
    assert tried.tipo is None and not tried.archivos and len(tried.quedan) == 3
    with pytest.raises(Refused, match="No hay ninguna carpeta"):
        archive.ensayar_transferencia(two, tmp_path / "no" / "hay")


def test_a_rehearsal_of_what_is_reserved_is_no_reading(
    archive: Archivo, two: list[str], tmp_path: Path
) -> None:
    office = archive.office
    (inside,) = archive.expediente(two[0]).radicados
    office.clasificar(
        inside, "reservada", fundamento="19a", motivo="Es una prueba", norma="Ley 1712"
    )

    def readings() -> int:
        office.index.catch_up()
        events = office.index.events(office.subject(inside))
        return sum(e.type == "acceso.consultado" for e in events)

    archive.ensayar_transferencia(two[:1], tmp_path / "usb", motivo=WHY)
    assert readings() == 0
    archive.transferir(two[:1], tmp_path / "usb", motivo=WHY)
    assert readings() == 1


def test_what_is_stopped_leaves_nothing(archive: Archivo, two: list[str], tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        archive.transferir(
            two[:2], tmp_path / "usb", motivo=WHY, avance=lambda done, total: done < 3
        )
    assert caught.value.codigo == "detenido"
    assert not list((tmp_path / "usb").iterdir()) and not archive.transferencias()
    assert archive.transferir(two[:2], tmp_path / "usb", motivo=WHY).transferencia


def test_long_lists_are_found_by_words_and_counted(archive: Archivo, two: list[str]) -> None:
    assert archive.numeros() == two
    assert archive.numeros("peticion ANA") == two[:1]
    assert archive.numeros("100%") == archive.numeros("de_la") == two[1:2]
    assert archive.numeros("estado:abierto") == archive.numeros("serie:140.01") == two[2:]
    assert archive.numeros(series=["140.02.01"], orden="nombre") == [two[1], two[0]]
    assert archive.numeros("000003") == two[2:]
    assert [e.numero for e in archive.renglones(two[1:])] == two[1:]
    assert archive.cuentas() == {"140.01.01": {"abierto": 1}, "140.02.01": {"cerrado": 2}}


def test_a_paper_without_number_hides_nothing_that_lies_nowhere(
    archive: Archivo, letter: Letter
) -> None:
    inside, loose = letter(), letter(asunto="Suelta")
    made = archive.abrir("140.01.01", "Tutela", soporte="hibrido", con=[inside]).expediente
    archive.incorporar_papel(made, Paper("Un croquis", 1))
    found = archive.office.buscar("sin:expediente").radicados
    assert [r.radicado for r in found] == [loose]
