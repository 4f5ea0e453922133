"""Transfers from archive to archive: what proves itself is handed over, and only then taken."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from records.errors import Damaged, Refused
from records.importing import Imported
from records.importing import Paper as Copy
from records.lines import sha256
from records.office import Office
from retention.archive import Archivo
from retention.dossiers import Paper
from retention.inventory import Chosen
from tests.conftest import ROOT, page_pdf, text_of
from tests.retention.conftest import Clock
from tests.retention.test_expedientes import holds, no

Letter = Callable[..., str]


@pytest.fixture
def closed(archive: Archivo, letter: Letter) -> str:
    """An expediente of petitions, closed, with two letters."""
    two = [letter(), letter(asunto="Otra")]
    name = archive.abrir("140.02.01", "Petición de Ana Peña", con=two).expediente
    archive.cerrar(name, "respondida")
    return name


def test_nothing_leaves_before_the_other_side_hashed_it_again_and_took_it(
    archive: Archivo, closed: str, clock: Clock, tmp_path: Path
) -> None:
    no("antes_de_tiempo", "art. 22", lambda: archive.transferir([closed], tmp_path / "usb"))
    clock.to("2027-03-02")
    archive.office.abrir_vigencia(2027)
    sent = archive.transferir([closed], tmp_path / "usb")
    assert sent.tipo == "primaria" and sent.transferencia == "2027-VU1-TRF-000001"
    assert Path(sent.fuid).is_file() and archive.expediente(closed).fase == "gestion"
    no("en_camino", "art. 22", lambda: archive.transferir([closed], tmp_path / "usb"))
    bag = Path(sent.paquete)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-E", bag / "data" / "verificar.py", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    taken = archive.aceptar(bag)
    assert taken.estado == "aceptada" and taken.expedientes == [closed]
    assert archive.expediente(closed).fase == "central"
    assert "se compararon las huellas" in text_of(Path(str(taken.acta)).read_bytes())
    no("ya_recibida", "art. 22", lambda: archive.aceptar(bag))
    assert archive.pendientes().transferir == []
    holds(archive.office)


def test_a_package_that_does_not_verify_is_refused_and_told(
    archive: Archivo, closed: str, tmp_path: Path
) -> None:
    sent = archive.transferir([closed], tmp_path / "usb", motivo="se cierra la sede")
    page = next((Path(sent.paquete) / "data" / "expedientes").rglob("registro*.pdf"))
    data = bytearray(page.read_bytes())
    data[100] ^= 1
    page.chmod(0o644)
    page.write_bytes(bytes(data))
    with pytest.raises(Damaged, match="registro") as told:
        archive.aceptar(Path(sent.paquete))
    tags = Path(sent.paquete) / "tagmanifest-sha256.txt"
    kept = tags.read_bytes()
    tags.write_bytes(kept + b"\n")
    with pytest.raises(Damaged, match="su huella es otra"):
        archive.aceptar(Path(sent.paquete))
    assert "Devuélvalo" in told.value.consejo
    back = archive.devolver_paquete(Path(sent.paquete), "el disco llegó dañado")
    assert back.estado == "devuelta"
    assert archive.transferencia(sent.transferencia).devuelta == "el disco llegó dañado"
    assert archive.expediente(closed).fase == "gestion"
    again = archive.transferir([closed], tmp_path / "usb", motivo="otro disco")
    assert archive.aceptar(Path(again.paquete)).estado == "aceptada"
    holds(archive.office)


def test_what_is_open_held_or_to_be_destroyed_does_not_go(
    archive: Archivo, closed: str, letter: Letter, tmp_path: Path
) -> None:
    opened = archive.abrir("140.01.01", "Tutela", con=[letter()]).expediente
    no("abierto", "", lambda: archive.transferir([opened], tmp_path, motivo="ya"))
    archive.retener([closed], "proceso 7")
    no("retenido", "", lambda: archive.transferir([closed], tmp_path, motivo="ya"))
    archive.liberar(closed)
    said = {"tipo": "secundaria", "motivo": "ya"}
    no("sin_valor_permanente", "art. 12", lambda: archive.transferir([closed], tmp_path, **said))
    archive.cerrar(opened, "fallo")
    no("mezcla", "", lambda: archive.transferir([], tmp_path))
    sent = archive.transferir([opened], tmp_path, **said)
    assert archive.aceptar(Path(sent.paquete)).estado == "aceptada"
    assert archive.expediente(opened).fase == "historico"
    holds(archive.office)


def test_the_inventory_lists_what_lies_in_them(archive: Archivo, closed: str) -> None:
    made = archive.inventory(Chosen())
    (row,) = made.filas
    assert (row.codigo, row.electronico, row.fisico, row.cantidad) == ("140.02.01", True, False, 2)
    assert row.inicial is not None and str(row.inicial) == "2026-03-02"
    target = archive.office.home / "salida" / "fuid.csv"
    done = archive.fuid(Chosen(), formato="csv", salida=target)
    assert done.filas == 1 and closed in target.read_text("utf-8-sig")
    no("sin_filas", "art. 26", lambda: archive.inventory(Chosen(responsable="cruiz")))


def test_another_entity_takes_it_in_as_it_was_and_its_word_settles_it(
    archive: Archivo, letter: Letter, tmp_path: Path, clock: Clock
) -> None:
    one, two = letter(), letter(asunto="Otra")
    name = archive.abrir("140.01.01", "Tutela 7", con=[one, two], soporte="hibrido").expediente
    archive.incorporar_papel(name, Paper("Plano", 2))
    archive.cerrar(name, "fallo")
    sent = archive.transferir([name], tmp_path / "usb", tipo="secundaria", motivo="ya")
    bag = Path(sent.paquete)
    general = Archivo(Office.found(tmp_path / "agn", ROOT / "config.toml", demo=True)[0])
    told = no("raiz_desconocida", "art. 22", lambda: general.aceptar(bag))
    root = archive.office.keys.root_public()
    assert root in told.mensaje
    with pytest.raises(Damaged, match="otra"):
        general.aceptar(bag, "0" * 64)
    taken = general.aceptar(bag, root)
    there, mark = general.ver(taken.expedientes[0]), f".{root[:8].upper()}"
    here = archive.ver(name)
    assert there.expediente == name + mark and there.fase == "historico"
    assert [m.radicado for m in there.documentos] == [one + mark, two + mark, None]
    assert (there.nombre, there.cerrado, there.indice) == (here.nombre, here.cerrado, here.indice)
    assert there.retencion == here.retencion
    (ours_row,) = archive.inventory(Chosen(expedientes=[name])).filas
    (their_row,) = general.inventory(Chosen(expedientes=[name + mark])).filas
    assert ours_row.cantidad == 2 and ours_row.tamano
    assert (their_row.cantidad, their_row.tamano) == (ours_row.cantidad, ours_row.tamano)
    for radicado in (one, two):
        ours, theirs = archive.office.ver(radicado), general.office.ver(radicado + mark)
        assert {d.sha256 for d in ours.documentos} <= {d.sha256 for d in theirs.documentos}
        assert theirs.campos["asunto"] == ours.campos["asunto"]
        assert theirs.campos["remitente"] == ours.campos["remitente"]
        assert (theirs.fecha, theirs.recibido) == (ours.fecha, ours.recibido)
    no("ya_recibida", "", lambda: general.aceptar(bag, root))
    word = Path(str(taken.recibo))
    with pytest.raises(Refused):
        archive.recibo(word)
    settled = archive.recibo(word, general.office.keys.root_public())
    assert settled.estado == "aceptada" and archive.expediente(name).fase == "historico"
    forged = tmp_path / "falso.json"
    forged.write_bytes(word.read_bytes().replace(b'"aceptada"', b'"devuelta"'))
    with pytest.raises(Damaged):
        archive.recibo(forged, general.office.keys.root_public())
    holds(archive.office)
    holds(general.office)


def test_what_was_imported_goes_with_its_expediente_and_verifies(
    archive: Archivo, letter: Letter, tmp_path: Path
) -> None:
    old = "20149000012342"
    told = Imported(
        radicado=old, clase="E", fecha="2014-03-02", campos={"asunto": "Agua"},
        documentos=[Copy("original", page_pdf("Agua"), "pdf"), Copy("anexo", b"foto", "jpg")],
        historia={"eventos": [{"verbo": "Radicacion"}]},
    )  # fmt: skip
    archive.office.importar([told], {"archivo": "orfeo.sql"}, origen="orfeo")
    name = archive.abrir("140.01.01", "Tutela 9", con=[letter(), old]).expediente
    archive.cerrar(name, "fallo")
    said = {"tipo": "secundaria", "motivo": "ya"}
    sent = archive.transferir([name], tmp_path / "usb", **said)
    bag = Path(sent.paquete)
    assert verified(bag) == []
    for role in ("original", "anexo", "historia"):
        page = next((bag / "data" / "expedientes").rglob(f"{role}*"))
        kept = page.read_bytes()
        page.chmod(0o644)
        page.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        assert any(page.name in path for path in verified(bag)), role
        page.write_bytes(kept)
    general = Archivo(Office.found(tmp_path / "agn", ROOT / "config.toml", demo=True)[0])
    root = archive.office.keys.root_public()
    assert general.aceptar(bag, root).estado == "aceptada"
    assert archive.aceptar(bag).estado == "aceptada"
    holds(archive.office)
    holds(general.office)


def verified(bag: Path) -> list[str]:
    """Where the package's own program, on a bare interpreter, finds that it does not verify."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-E", bag / "data" / "verificar.py", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = [one["ruta"] for one in json.loads(done.stdout)["hallazgos"]]
    assert done.returncode == (3 if found else 0), done.stdout + done.stderr
    return found


def test_a_package_after_e_ark_is_prepared_accepted_and_sent_back_like_a_bag(
    archive: Archivo, closed: str, tmp_path: Path
) -> None:
    said = {"motivo": "se cierra la sede", "perfil": "eark"}
    no("perfil", "", lambda: archive.transferir([closed], tmp_path, motivo="ya", perfil="zip"))
    sent = archive.transferir([closed], tmp_path / "usb", **said)
    folder = Path(sent.paquete)
    fact = archive.transferencia(sent.transferencia).hecha
    assert fact.paquete == sha256((folder / "METS.xml").read_bytes())
    assert Path(sent.fuid).is_file() and "documentation" in sent.fuid
    page = next((folder / "representations").rglob("registro*.pdf"))
    before = page.read_bytes()
    page.chmod(0o644)
    page.write_bytes(before[:-1])
    with pytest.raises(Damaged, match="registro"):
        archive.aceptar(folder)
    assert archive.devolver_paquete(folder, "llegó dañado").estado == "devuelta"
    other = archive.transferir([closed], tmp_path / "usb", **said)
    mets = Path(other.paquete) / "METS.xml"
    mets.chmod(0o644)
    mets.write_text(mets.read_text().replace("<mets ", "<mets  "))
    with pytest.raises(Damaged, match="su huella es otra"):
        archive.aceptar(mets.parent)
    assert archive.devolver_paquete(mets.parent, "no es ese").estado == "devuelta"
    again = archive.transferir([closed], tmp_path / "usb", **said)
    general = Archivo(Office.found(tmp_path / "agn", ROOT / "config.toml", demo=True)[0])
    root = archive.office.keys.root_public()
    no("paquete_eark", "art. 22", lambda: general.aceptar(Path(again.paquete), root))
    no("paquete_eark", "art. 22", lambda: general.devolver_paquete(Path(again.paquete), "no"))
    taken = archive.aceptar(Path(again.paquete))
    assert taken.estado == "aceptada" and Path(taken.fuid).is_file()
    assert fact.paquete != archive.transferencia(again.transferencia).hecha.paquete
    assert archive.expediente(closed).fase == "central"
    holds(archive.office)


def test_an_old_collection_has_its_inventory_too(archive: Archivo, tmp_path: Path) -> None:
    sheet = tmp_path / "viejo.csv"
    sheet.write_text("Caja;Carpeta;Asunto;Unidad;Inicial;Final;Folios\n1;2;Actas;Actas 1951;"
                     "1951-01-10;1951-12-20;120\n", encoding="utf-8")  # fmt: skip
    fondo = archive.importar_fondo(sheet, nombre="Archivo viejo").fondo
    made = archive.inventory(Chosen(fondo=fondo))
    assert (made.objeto, made.filas[0].nombre, made.filas[0].folios) == (
        "fondo_acumulado",
        "Actas",
        120,
    )


def test_what_is_on_its_way_is_not_reopened_and_a_lost_package_is_sent_back_by_its_number(
    archive: Archivo, closed: str, tmp_path: Path
) -> None:
    sent = archive.transferir([closed], tmp_path / "usb", motivo="ya")
    no("en_camino", "4.3.2.4", lambda: archive.reabrir(closed, "llegó otra carta"))
    shutil.rmtree(sent.paquete)
    no("no_es_paquete", "art. 22", lambda: archive.aceptar(Path(sent.paquete)))
    assert archive.devolver_paquete(Path(sent.transferencia), "se perdió").estado == "devuelta"
    archive.reabrir(closed, "llegó otra carta")
    no("sin_destino", "art. 22", lambda: archive.transferir([closed], tmp_path / "no" / "hay"))


def test_a_transfer_that_cannot_be_told_leaves_no_package(
    archive: Archivo, closed: str, tmp_path: Path, clock: Clock
) -> None:
    clock.to("2027-03-02")
    no("vigencia_nueva", "", lambda: archive.transferir([closed], tmp_path / "usb", motivo="ya"))
    assert not list(tmp_path.glob("usb/*"))


def test_what_is_kept_from_who_packs_it_does_not_go(
    archive: Archivo, letter: Letter, tmp_path: Path
) -> None:
    office, hidden = archive.office, letter(dependencia="140")
    name = archive.abrir("140.01.01", "Tutela", con=[hidden]).expediente
    archive.cerrar(name, "fallo")
    office.clasificar(hidden, nivel="reservada", fundamento="19c", motivo="investigación",
                      hasta=date(2030, 1, 1))  # fmt: skip
    other = Archivo(Office(office.home, persona="earango"))
    with pytest.raises(Refused) as told:
        other.transferir([name], tmp_path / "usb", motivo="ya")
    assert told.value.codigo == "reservado"


def test_an_expediente_was_not_closed_before_it_had_its_documents(
    archive: Archivo, letter: Letter
) -> None:
    name = archive.abrir("140.01.01", "Tutela", con=[letter()]).expediente
    before = date(2000, 2, 29)
    told = no(
        "antes_de_lo_que_tiene", "4.3.2.4", lambda: archive.cerrar(name, "acto", fecha=before)
    )
    assert "2026-03-02" in told.consejo


def test_what_is_withheld_here_is_withheld_where_it_goes(
    archive: Archivo, letter: Letter, tmp_path: Path
) -> None:
    office, hidden, named = archive.office, letter(asunto="Secreto"), letter(asunto="Denuncia")
    name = archive.abrir("140.02.01", "Dos", con=[hidden, named]).expediente
    archive.cerrar(name, "respondidas")
    office.clasificar(hidden, nivel="reservada", fundamento="19c", motivo="investigación",
                      hasta=date(2030, 1, 1))  # fmt: skip
    office.proteger_identidad(named, "lo pidió")
    sent = archive.transferir([name], tmp_path / "usb", motivo="ya")
    general = Archivo(Office.found(tmp_path / "agn", ROOT / "config.toml", demo=True)[0])
    root = office.keys.root_public()
    general.aceptar(Path(sent.paquete), root)
    reader = Office(general.office.home, persona="lcardenas")
    for radicado, level in ((hidden, "reservada"), (named, "clasificada")):
        seen = reader.ver(f"{radicado}.{root[:8].upper()}")
        assert (seen.acceso.nivel == level and seen.campos == {}) or level == "clasificada"
    access = general.office.estado(general.office.subject(f"{hidden}.{root[:8].upper()}",
                                                          imported=True)).acceso  # fmt: skip
    assert access.clasificado is not None and access.clasificado.hasta == "2030-01-01"
