"""The TRD as a fact of the office: adopted, in force, verified, given back."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from records import lines, trd, verificador, verify
from records.errors import Refused
from records.events import TYPES
from records.office import Office
from retention.archive import Archivo
from retention.tables import NO_ACT, DirtyTable, row_of
from tests.conftest import SHARED, text_of
from tests.program import here
from tests.retention.sheets import CLEAN, flat, written

FIRST = flat("120.05;ACTAS", CLEAN, "120.06;CIRCULARES;;;;1;4;E;")
SECOND = flat("120.05;ACTAS", CLEAN.replace(";2;8;", ";3;7;"))
DIRTY = flat("120.05;ACTAS", CLEAN, "120.05.02;;Visitas;;;1;4;9;", "120.05.03;;Otras;;;;4;E;")
ORFEO = SHARED / "data" / "orfeo_seed" / "trd_subseries.csv"


@pytest.fixture
def archive(office: Office) -> Archivo:
    return Archivo(office)


def told(office: Office) -> int:
    """How many lines the authority's log has."""
    return office.authority_journal.last_seq()


def today() -> str:
    return lines.now().date().isoformat()


def both_verify(office: Office) -> bool:
    """Ours and the stranger's program, which must agree."""
    ours = verify.verify(office, complete=True).ok
    root = (office.home / "keys" / "raiz.pub").read_text().strip()
    found = verificador.examine(office.home, root)["hallazgos"]
    assert ours == (found == []), found
    return ours


def test_a_version_is_adopted_holds_and_verifies(archive: Archivo, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No hay una TRD"):
        archive.trd()
    done = archive.adoptar_trd(written(tmp_path, FIRST), acto="Resolución 45 de 2026")
    assert (done.version, done.series, done.rechazadas) == ("1", 2, [])
    table = archive.trd()
    assert (table.acto, table.desde) == ("Resolución 45 de 2026", today())
    assert table.entidad == archive.office.settings.entidad.nombre
    assert row_of(table, "120.05.01").tipos == ["Citación", "Acta"]
    with pytest.raises(Refused, match="no tiene la serie"):
        row_of(table, "120.99")
    event = [*archive.office.authority_journal.events()][-1]
    assert (event.hash, event.type, event.subject) == (done.evento, "trd.adoptada", "trd")
    assert archive.table(event.data["sha256"]) == table
    assert both_verify(archive.office)
    # Another program finds it where this one left it.
    assert Archivo(Office(archive.office.home)).trd("1") == table


def test_the_same_table_again_is_told_and_not_written(archive: Archivo, tmp_path: Path) -> None:
    archive.adoptar_trd(written(tmp_path, FIRST))
    before = told(archive.office)
    again = archive.adoptar_trd(written(tmp_path, FIRST))
    assert (again.version, again.evento) == ("1", None)
    assert "no se cambió nada" in again.avisos[-1] and told(archive.office) == before
    # With something new said of it, it is another version.
    assert archive.adoptar_trd(written(tmp_path, FIRST), acto="Resolución 2").version == "2"
    assert archive.trd("1").acto == NO_ACT


def test_each_day_has_the_version_that_held_then(archive: Archivo, tmp_path: Path) -> None:
    first, second = written(tmp_path, FIRST), written(tmp_path, SECOND, "dos.csv")
    archive.adoptar_trd(first, version="2019", acto="Acuerdo 1", desde="2019-03-01")
    archive.adoptar_trd(second, version="2024", acto="Acuerdo 2", desde="2024-06-01")
    for day, version in (("2019-03-01", "2019"), ("2024-05-31", "2019"), ("2024-06-01", "2024")):
        assert archive.trd(on=date.fromisoformat(day)).version == version
    with pytest.raises(Refused, match="la primera rige desde el 2019-03-01"):
        archive.trd(on=date(2019, 2, 28))
    # One that is corrected on its own day takes its place.
    archive.adoptar_trd(first, version="2024b", acto="Acuerdo 3", desde="2024-06-01")
    assert archive.trd().version == "2024b"
    later = (lines.now().date() + timedelta(days=30)).isoformat()
    archive.adoptar_trd(second, version="nueva", acto="Acuerdo 4", desde=later)
    assert archive.trd().version == "2024b" and archive.trd("nueva").desde == later
    assert [one.version for one in archive.versiones()] == ["2019", "2024", "2024b", "nueva"]
    assert both_verify(archive.office)


def test_a_day_too_far_is_an_error_and_a_nearer_one_takes_the_place_of_what_has_not_begun(
    archive: Archivo, tmp_path: Path
) -> None:
    first, second = written(tmp_path, FIRST), written(tmp_path, SECOND, "dos.csv")
    now = lines.now().date()
    last = f"{now.year + 2}{now:-%m-%d}"
    for far in ("2206-01-01", "9999-12-31", f"{now.year + 3}-01-01"):
        with pytest.raises(Refused, match="más de dos años después de hoy") as refused:
            archive.adoptar_trd(first, desde=far)
        assert refused.value.codigo == "trd_fecha"
    assert archive.versiones() == []
    archive.adoptar_trd(first, version="vieja", desde="2020-01-01")
    soon = (now + timedelta(days=20)).isoformat()
    assert archive.adoptar_trd(second, version="lejos", desde=last).evento
    done = archive.adoptar_trd(first, version="pronto", acto="Acuerdo 2", desde=soon)
    assert "La versión lejos" in done.avisos[-1] and last in done.avisos[-1]
    for day, version in ((now.isoformat(), "vieja"), (soon, "pronto"), (last, "pronto")):
        assert archive.trd(on=date.fromisoformat(day)).version == version
    again = archive.adoptar_trd(second, version="ya", acto="Acuerdo 3", desde=now.isoformat())
    assert "pronto" in " ".join(again.avisos) and "lejos" not in " ".join(again.avisos)
    assert archive.trd(on=date.fromisoformat(last)).version == "ya"
    with pytest.raises(Refused, match=f"rige desde el {now}"):
        archive.adoptar_trd(first, version="atrás", desde=(now - timedelta(1)).isoformat())
    assert both_verify(archive.office)


def test_what_cannot_be_adopted_changes_nothing(archive: Archivo, tmp_path: Path) -> None:
    file = written(tmp_path, FIRST)
    archive.adoptar_trd(file, version="1", desde="2026-06-01")
    before, kept = told(archive.office), list(archive.office.vault.files())
    other = written(tmp_path, SECOND, "dos.csv")
    for wrong in (
        {"version": "1"},
        {"desde": "2026-05-31"},
        {"desde": "2026-02-30"},
        {"desde": "ayer"},
        {"acto": "  "},
        {"version": "x" * 41},
        {"mascara": "xx"},
    ):
        with pytest.raises(Refused):
            archive.adoptar_trd(other, **wrong)
    with pytest.raises(Refused):
        archive.adoptar_trd(tmp_path / "no hay.csv")
    assert told(archive.office) == before and list(archive.office.vault.files()) == kept
    # Nor does another program take the name of one that it has not seen.
    stale = Archivo(Office(archive.office.home))
    assert len(stale.versiones()) == 1
    archive.adoptar_trd(other, version="A")
    with pytest.raises(Refused, match="Ya hay una versión A"):
        stale.adoptar_trd(written(tmp_path, DIRTY), version="A", aceptar_limpias=True)
    assert both_verify(archive.office)


def test_dirty_rows_stop_it_until_somebody_accepts_the_clean_ones(
    archive: Archivo, tmp_path: Path
) -> None:
    before = told(archive.office)
    with pytest.raises(DirtyTable) as stopped:
        archive.adoptar_trd(written(tmp_path, DIRTY))
    found = stopped.value.found
    assert ([one.fila for one in found.rechazadas], found.series) == ([4, 5], 1)
    assert told(archive.office) == before
    done = archive.adoptar_trd(written(tmp_path, DIRTY), aceptar_limpias=True)
    assert [row.codigo for row in archive.trd().series] == ["120.05.01"]
    assert len(done.rechazadas) == 2 and done.evento is not None
    only = written(tmp_path, flat("05.01;;X;;;;;;"), "sucia.csv")
    with pytest.raises(DirtyTable):
        archive.adoptar_trd(only, aceptar_limpias=True)


def test_only_an_archivist_adopts(office: Office, tmp_path: Path) -> None:
    for person, role in (("vera", "ventanilla"), ("ines", "archivista")):
        office.agregar_persona(person, nombre=person, cargo="", roles=[role], passphrase=None)
    file = written(tmp_path, FIRST)
    with pytest.raises(Refused) as refused:
        Archivo(Office(office.home, persona="vera")).adoptar_trd(file)
    assert refused.value.codigo == "sin_permiso"
    assert refused.value.norma == "Ley 594 de 2000, art. 24"
    mine = Archivo(Office(office.home, persona="ines"))
    assert mine.adoptar_trd(file).version == "1"
    assert [*mine.office.authority_journal.events()][-1].actor == "ines"


# -- what was adopted stays ---------------------------------------------------------------------


def test_a_table_that_is_lost_or_changed_is_found(archive: Archivo, tmp_path: Path) -> None:
    archive.adoptar_trd(written(tmp_path, FIRST))
    office = archive.office
    path = office.vault.find(office.authority.tablas[0].sha256)
    assert path is not None
    good = path.read_bytes()
    path.write_bytes(good.replace(b'"ag":2', b'"ag":9'))
    assert not both_verify(office)
    path.unlink()
    assert not both_verify(office)
    path.write_bytes(good)
    assert both_verify(office)


def test_a_document_that_is_no_table_or_another_one_is_found(archive: Archivo) -> None:
    office = archive.office
    row = trd.Row(codigo="1", serie="1", nombre_serie="A", ag=1, ac=1, disposicion=["E"])
    table = trd.Table(version="1", entidad="X", acto="Y", desde="2026-01-01", series=[row])
    good = trd.written(table)
    fact = trd.adoption(table, lines.sha256(good))
    assert trd.problem(good, fact) == "" and trd.read(good) == table
    twice = trd.written(trd.Table(**{**_fields(table), "series": [row, row]}))
    for bad in (b"", b"[]", b"{}", good.replace(b'"E"', b'"X"'), good + b" ", twice,
                good.replace(b'n":"1"', b'n":"2"'), good.replace(b"2026", b"2025")):  # fmt: skip
        assert bad != good and trd.problem(bad, fact), bad
    office.vault.put(b"{}", "json")
    with office.open_log(office.authority_journal) as writer:
        wrong = trd.adoption(table, lines.sha256(b"{}"))
        office.index.catch_up()
        writer.append(wrong, subject=trd.SUBJECT, actor="demo")
    found = verify.verify(office).hallazgos
    assert [one.codigo for one in found] == ["trd"]
    assert found[0].archivo.endswith("AUT.jsonl") and found[0].linea


def _fields(table: trd.Table) -> dict[str, object]:
    return {name: getattr(table, name) for name in table.__struct_fields__}


def test_a_version_stands_in_the_authoritys_log_alone_and_on_its_subject(office: Office) -> None:
    assert TYPES["trd.adoptada"] is trd.TableAdopted
    fact = trd.TableAdopted(version="1", sha256="0" * 64, acto="Y", desde="2026-13-01")
    with office.open_log(office.journal) as writer:
        writer.append(fact, subject="otra", actor="demo")
    said = " ".join(one.mensaje for one in verify.verify_logs(office).hallazgos)
    assert "no es de este diario" in said and "es de trd" in said and "no existe" in said


_CUT = """
import os, signal, sys
from pathlib import Path
from records.disk import Disk
from records.office import Office
from retention.archive import Archivo
class Cut(Disk):
    left = int(sys.argv[3])
    def count(self):
        Cut.left -= 1
        if Cut.left < 0: os.kill(os.getpid(), signal.SIGKILL)
    def write(self, fd, data):
        self.count()
        return super().write(fd, data)
    def rename(self, source, target):
        self.count()
        super().rename(source, target)
Archivo(Office(Path(sys.argv[1]), disk=Cut())).adoptar_trd(Path(sys.argv[2]), version="B")
"""


def test_killed_at_any_step_it_is_there_whole_or_not_at_all(
    archive: Archivo, tmp_path: Path
) -> None:
    archive.adoptar_trd(written(tmp_path, FIRST), version="A")
    file, home = written(tmp_path, SECOND, "dos.csv"), archive.office.home
    seen = []
    for n in (0, 1, 2, 4, 6, 8, 10, 12):
        done = subprocess.run(
            [sys.executable, "-c", _CUT, home, file, str(n)], check=False, capture_output=True
        )
        after = Office(home)
        after.recuperar()
        versions = [one.version for one in Archivo(after).versiones()]
        seen.append((done.returncode == -signal.SIGKILL, versions))
        assert versions in (["A"], ["A", "B"])
        assert Archivo(after).trd(versions[-1]).series
        assert both_verify(after)
        after.index.close()
        if versions == ["A", "B"]:
            break
    assert seen[0] == (True, ["A"]) and seen[-1][1] == ["A", "B"]


# -- given back ---------------------------------------------------------------------------------


def test_the_official_layout_opens_everywhere_and_computes_nothing(
    archive: Archivo, tmp_path: Path
) -> None:
    bad = FIRST.replace(b"Se conserva.", b"=cmd|'/c calc'!A1").replace(
        "Actas de comité".encode(), b"@SUM(1)"
    )
    archive.adoptar_trd(written(tmp_path, bad), acto="Resolución 9")
    for form in ("xlsx", "csv", "pdf"):
        archive.exportar_trd(form, tmp_path / "salida" / f"trd.{form}")
    book = openpyxl.load_workbook(tmp_path / "salida" / "trd.xlsx")
    cells = {c.value: c for page in book for row in page for c in row if c.value is not None}
    assert all(cell.data_type != "f" for cell in cells.values())
    assert {"=cmd|'/c calc'!A1", "@SUM(1)", "120.05", "CT", "Elaboró:", "Hoja 1 de 1"} <= set(cells)
    assert cells[8].data_type == "n"
    flat_text = (tmp_path / "salida" / "trd.csv").read_text(encoding="utf-8-sig")
    assert "'@SUM(1)" in flat_text and "'=cmd" in flat_text
    page = (tmp_path / "salida" / "trd.pdf").read_bytes()
    text = text_of(page)
    for said in ("Tabla de retención documental", "120.05.01", "Resolución 9", "Página 1 de 2",
                 "Aprobó", "Citación", "CIRCULARES"):  # fmt: skip
        assert said in text
    for form in ("xlsx", "csv"):
        again = archive.adoptar_trd(tmp_path / "salida" / f"trd.{form}")
        assert again.evento is None and again.version == "1"
    with pytest.raises(Refused):
        archive.exportar_trd("ods", tmp_path / "trd.ods")
    # A procedure longer than a page is printed whole.
    words = " ".join(f"palabra{n}" for n in range(1500))
    archive.adoptar_trd(written(tmp_path, FIRST.replace(b"Se conserva.", words.encode())))
    archive.exportar_trd("pdf", tmp_path / "trd.pdf")
    text = text_of((tmp_path / "trd.pdf").read_bytes())
    assert "palabra0" in text and "palabra1499" in text


# -- commands -----------------------------------------------------------------------------------


def test_the_commands_from_import_to_export(archive: Archivo, tmp_path: Path) -> None:
    casa = ("--casa", archive.office.home)
    dirty = written(tmp_path, DIRTY)
    stopped = here("trd", "importar", dirty, "--json", *casa)
    assert stopped.code == 1
    assert stopped.json["version"] is None and stopped.json["series"] == 1
    assert [one["fila"] for one in stopped.json["rechazadas"]] == [4, 5]
    assert all(one["motivo"] for one in stopped.json["rechazadas"])
    assert stopped.json["error"]["codigo"] == "trd_sucia"
    assert stopped.json["derivados"] == [] and stopped.json["evento"] is None
    assert "fila 4" in stopped.err and "--aceptar-limpias" in stopped.err
    assert here("trd", "versiones", "--json", *casa).json == {"versiones": []}

    done = here("trd", "importar", dirty, "--aceptar-limpias", "--json", *casa)
    assert done.code == 0 and done.json["version"] == "1" and done.json["series"] == 1
    assert len(done.json["evento"]) == 64 and NO_ACT in done.err
    shown = here("trd", "ver", "--json", *casa).json
    assert (shown["version"], shown["acto"], shown["desde"]) == ("1", NO_ACT, today())
    (row,) = shown["series"]
    assert (row["codigo"], row["nombre"], row["ag"], row["ac"], row["disposicion"]) == (
        "120.05.01", "Actas de comité", 2, 8, ["CT"]
    )  # fmt: skip
    said = here("trd", "ver", *casa)
    assert "120.05.01" in said.out and "Actas de comité" in said.out
    assert here("trd", "ver", "--a-fecha", "1999-01-01", *casa).code == 1
    assert here("trd", "ver", "--a-fecha", "mañana", *casa).code == 2
    assert here("trd", "ver", "--version", "7", *casa).code == 1

    named = flat(CLEAN).replace(b";AG;AC;", b";Permanencia;AC;")
    said_of_it = ("--columna", "ag=Permanencia", "--version", "dos", "--acto", "Acuerdo 3")
    file = written(tmp_path, named, "dos.csv")
    more = here("trd", "importar", file, *said_of_it, "--json", *casa)
    assert more.code == 0 and more.json["version"] == "dos" and NO_ACT not in more.err
    told_all = here("trd", "versiones", "--json", *casa).json["versiones"]
    assert [one["version"] for one in told_all] == ["1", "dos"]
    target = tmp_path / "x" / "trd.xlsx"
    out = here("trd", "exportar", "--formato", "xlsx", "--salida", target, "--json", *casa)
    assert out.json == {"archivo": str(target), "version": "dos", "series": 1}
    assert target.is_file()
    assert here("verificar", "--completo", *casa).code == 0
    for name, data in (("a.xlsx", b"%PDF-1.7"), ("b.csv", b""), ("c.xlsx", b"PK\x03\x04")):
        none = here("trd", "importar", written(tmp_path, data, name), "--json", *casa)
        assert none.code == 1 and none.json["error"]["mensaje"] and "Traceback" not in none.err
    if ORFEO.is_file():
        _real_table(archive)


def _real_table(archive: Archivo) -> None:
    casa = ("--casa", archive.office.home, "--json")
    stopped = here("trd", "importar", ORFEO, *casa)
    assert stopped.code == 1 and stopped.json["series"] == 256
    assert [one["fila"] for one in stopped.json["rechazadas"]] == [106, 107, 260, 261]
    done = here("trd", "importar", ORFEO, "--aceptar-limpias", "--series",
                ORFEO.with_name("trd_series.csv"), *casa)  # fmt: skip
    assert done.code == 0 and done.json["series"] == 256
    codes = [row["codigo"] for row in here("trd", "ver", *casa).json["series"]]
    assert len(set(codes)) == 256 and codes[:2] == ["1.1", "1.2"]
