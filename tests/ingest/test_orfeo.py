"""What an office had in Orfeo comes over whole, once, and whatever does not fit is told."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from ingest import orfeo_map
from ingest.bodega import Bodega, Missing, extension
from ingest.orfeo import Done, Orfeo
from records import verificador, verify
from records.errors import Refused
from records.office import Office
from tests.conftest import ROOT, SHARED
from tests.ingest import orfeo_dumps as dumps
from tests.ingest.orfeo_dumps import ONE, THREE, TWO
from tests.program import environment, run

HEAD = b"SET client_encoding = 'UTF8';\n"


def taken(office: Office, data: bytes | Path, bodega: Path | None = None, **more: Any) -> Done:
    source = data
    if isinstance(data, bytes):
        source = office.home.parent / "orfeo.sql"
        source.write_bytes(data)
    assert isinstance(source, Path)
    return Orfeo(office).importar(source, bodega=bodega, **more)


def report(office: Office, done: Done) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((office.home / done.informe / "informe.json").read_bytes())
    for name, count in found["tablas"].items():
        parts = count["importadas"] + count["ya_estaban"] + count["rechazadas"]
        assert count["leidas"] == parts, name
    return found


def history(office: Office, radicado: str) -> dict[str, Any]:
    told = office.ver(radicado).importacion
    assert told is not None
    document: dict[str, Any] = json.loads((office.home / told["historia"]).read_bytes())
    return document


def bare(*rows: str) -> bytes:
    """A dump of the table of radicados alone, its rows as they stand in COPY."""
    head = "COPY radicado (radi_nume_radi, radi_fech_radi, ra_asun, radi_path) FROM stdin;\n"
    return HEAD + head.encode() + "".join(f"{row}\n" for row in rows).encode() + b"\\.\n"


# -- what comes over ------------------------------------------------------------------------------
def test_a_dump_comes_over_with_images_history_and_names(office: Office, tmp_path: Path) -> None:
    done = taken(office, dumps.copied(), dumps.bodega(tmp_path))
    assert (done.radicados, done.repetidos, done.imagenes, done.sin_imagen) == (3, 0, 3, 1)
    view = office.ver(ONE)
    assert view.campos == {
        "asunto": "Solicitud de agua para «El Rosal» segunda línea, con \\ barra y 'comillas'",
        "remitente": "MARÍA NÚÑEZ PEÑA", "cedula": "52123456", "direccion": "Calle 4 # 5-6",
        "telefono": "3101234567", "correo": "maria@example.org",
        "municipio": "Funza (Cundinamarca)", "oficio": "REF-1",
        "fecha": "2015-02-27", "folios": 3, "canal": "correo_electronico",
        "tipo": "Derecho de petición", "dependencia": "900", "responsable": "jperez",
    }  # fmt: skip
    assert (view.clase, view.fecha) == ("E", "2015-03-02T10:11:12.345-05:00")
    assert view.importacion is not None
    assert view.importacion["expediente"] == "2015900110000001E"
    assert (view.importacion["vencia"], view.vence) == ("2015-03-24", None)
    roles = [(d.rol, Path(str(d.archivo)).suffix) for d in view.documentos]
    assert roles == [("original", ".tif"), ("anexo", ".pdf"), ("historia", ".json")]
    events = history(office, ONE)["eventos"]
    assert [e["transaccion"] for e in events] == ["Radicación", "Reasignación"]
    assert (events[1]["usuario"], events[1]["observacion"]) == (
        "JPEREZ", "para su trámite, señora Núñez",
    )  # fmt: skip
    assert [a["anex_desc"] for a in history(office, ONE)["anexos"]] == [
        "plano",
        "borrado",
        "perdido",
    ]
    other = office.ver(TWO)
    assert (other.clase, "anulado" in other.marcas) == ("S", True)
    assert (other.campos["destinatario"], other.campos["entidad"], other.campos["nit"]) == (
        "Ana Gerente", "ACUEDUCTO S.A.", "900123456",
    )  # fmt: skip
    assert verify.verify(office, complete=True).hallazgos == []
    assert verificador.examine(office.home, office.keys.root_public())["hallazgos"] == []


def test_what_orfeo_kept_from_view_is_classified_at_once(office: Office, tmp_path: Path) -> None:
    taken(office, dumps.copied(), dumps.bodega(tmp_path))
    assert "clasificado" in office.ver(THREE).marcas and office.ver(THREE).clase == "I"
    stranger = Office(office.home, persona="nadie")
    assert stranger.ver(THREE).campos == {} and stranger.buscar("reservada").total == 0
    assert "clasificado" not in office.ver(ONE).marcas


def test_inserts_latin1_and_csv_say_the_same(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for n, source in enumerate(
        (
            dumps.copied(),
            dumps.inserted(),
            dumps.copied(encoding="LATIN1"),
            dumps.spread(tmp_path / "csv"),
            dumps.spread(tmp_path / "comas", separator=","),
        )
    ):
        shutil.copytree(office.home, home := tmp_path / f"casa{n}" / "oficina")
        monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / f"marcas{n}"))
        copy = Office(home)
        for journal in (copy.journal, copy.authority_journal):
            journal.marks.settle()
        done = taken(copy, source)
        read = report(copy, done)["tablas"]
        records = [office_view(copy, radicado) for radicado in (ONE, TWO, THREE)]
        seen.append((done.radicados, read, records, [(p.tabla, p.clave) for p in done.rechazados]))
    assert seen[0][0] == 3
    for other in seen[1:]:
        assert other == seen[0]


def office_view(office: Office, radicado: str) -> Any:
    view = office.ver(radicado)
    told = {k: v for k, v in history(office, radicado).items() if k != "registro"}
    return view.campos, view.clase, view.fecha, view.marcas, told


def test_names_are_in_fichas_and_documents_alone(office: Office, tmp_path: Path) -> None:
    taken(office, dumps.copied(), dumps.bodega(tmp_path))
    logs = b"".join(p.read_bytes() for p in office.home.glob("journal/*/VU1.jsonl")).decode()
    assert ONE in logs
    for word in ("NÚÑEZ", "Núñez", "52123456", "310123", "maria@", "Calle 4", "Rosal", "Gerente"):
        assert word not in logs, word
    manifest = next(office.home.glob(f"vault/*/{lote_of(office)}.json")).read_text()
    assert json.loads(manifest)["archivos"][0]["nombre"] == "orfeo.sql" and "NÚÑEZ" not in manifest


def lote_of(office: Office) -> str:
    state = office.estado(office.subject(ONE, imported=True))
    assert state.importado is not None
    return state.importado.lote


# -- the report -----------------------------------------------------------------------------------
def test_every_row_is_counted_and_what_does_not_fit_is_told(office: Office, tmp_path: Path) -> None:
    done = taken(office, dumps.copied(), dumps.bodega(tmp_path))
    told = report(office, done)
    assert [(p["tabla"], p["clave"][:14]) for p in told["rechazadas"]] == [
        ("hist_eventos", "20990000000002")
    ]
    assert told["tablas"]["hist_eventos"] == {
        "leidas": 3, "importadas": 2, "ya_estaban": 0, "rechazadas": 1,
    }  # fmt: skip
    assert told["otras_tablas"] == {"tabla_ajena": 1} and "informados" in told["sin_tabla"]
    (gap,) = told["sin_imagen"]
    assert (gap["radicado"], gap["documento"], gap["motivo"]) == (
        ONE, f"{ONE}00003", "No está en la bodega.",
    )  # fmt: skip
    again = taken(office, dumps.copied())
    assert (again.radicados, again.repetidos, again.sin_imagen) == (0, 3, 0)
    assert report(office, again)["tablas"]["anexos"]["ya_estaban"] == 3
    rows = (office.home / done.informe / "rechazadas.csv").read_text("utf-8-sig").splitlines()
    assert rows[0].startswith("Tabla;") and len(rows) == 2
    assert not (office.home / "salida" / "importaciones" / ".trabajo").exists()


def test_the_trd_and_the_expedientes_lie_in_the_report(office: Office) -> None:
    folder = office.home / taken(office, dumps.copied()).informe
    trd = (folder / "trd.csv").read_text("utf-8-sig").splitlines()
    assert trd == [
        "Código dependencia;Código serie;Nombre serie;Código subserie;Nombre subserie;"
        "Tipos documentales;Soporte;AG;AC;Disposición final;Procedimiento",
        "900;11;DERECHOS DE PETICIÓN;1;Peticiones;Derecho de petición;PAPEL;2;8;SELECCION;"
        "Se guarda una muestra",
    ]
    held = (folder / "expedientes.csv").read_text("utf-8-sig").splitlines()[1]
    assert held == "2015900110000001E;900;11;1;2015;;Agua;abierto;1"


def test_areas_are_proposed_and_created_only_when_asked(office: Office) -> None:
    rehearsed = taken(office, dumps.copied(), ensayo=True, crear_areas=True)
    assert {a.codigo: a.estado for a in rehearsed.areas}["900"] == "falta"
    here = set(office.authority.areas)
    done = taken(office, dumps.copied(), crear_areas=True)
    assert {a.codigo: a.estado for a in done.areas} == {
        "900": "creada", "800": "falta", "100": "existe" if "100" in here else "creada",
    }  # fmt: skip
    assert office.authority.areas["900"].nombre == "Secretaría de Obras"
    assert "800" not in office.authority.areas


def test_a_rehearsal_tells_the_same_and_writes_no_fact(office: Office, tmp_path: Path) -> None:
    bodega = dumps.bodega(tmp_path)
    before = office.journal.last_seq(), len(list(office.vault.files()))
    rehearsed = taken(office, dumps.copied(), bodega, ensayo=True)
    assert (office.journal.last_seq(), len(list(office.vault.files()))) == before
    done = taken(office, dumps.copied(), bodega)
    told, was = report(office, done), report(office, rehearsed)
    assert (told.pop("ensayo"), was.pop("ensayo")) == (False, True)
    assert told == was


# -- hostile --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("head", "code", "advice"),
    [
        (b"PGDMP\x01\x0e", "volcado_binario", "pg_restore --no-owner -f orfeo.sql orfeo.sql"),
        (b"toc.dat\0\0\0", "volcado_binario", "pg_restore"),
        (b"\x1f\x8b\x08", "volcado_comprimido", "gunzip -k orfeo.sql"),
        (b"-- MySQL dump 10.13\n", "volcado_mysql", "CSV"),
        (b"\xff\xfeS\0E\0T\0", "no_es_sql", "pg_dump"),
        (b"", "sin_tabla", ""),
        (b"hola\n", "volcado_cortado", ""),
        (dumps.copied()[:2500], "volcado_cortado", "Nada se ha cambiado"),
        (bare(f"{ONE}\t\\N\ta\t\\N")[:-3], "volcado_cortado", "Nada se ha cambiado"),
        (b"INSERT INTO radicado VALUES ('1');\n", "sin_columnas", "--column-inserts"),
        (b"INSERT INTO radicado (a) VALUES ('1", "volcado_cortado", ""),
        (b"SET client_encoding = 'KLINGON';\n", "codificacion", "UTF8"),
    ],
)
def test_what_is_no_whole_dump_is_refused_and_nothing_changes(
    head: bytes, code: str, advice: str, office: Office
) -> None:
    before = office.journal.last_seq()
    with pytest.raises(Refused) as refused:
        taken(office, head)
    assert refused.value.codigo == code and advice in refused.value.consejo
    assert office.journal.last_seq() == before
    assert not (office.home / "salida" / "importaciones" / ".trabajo").exists()


def test_rows_that_do_not_fit_are_told_and_the_others_come(office: Office) -> None:
    done = taken(
        office,
        bare(
            f"{ONE}\t2015-03-02 10:00:00-05\tbuena\t\\N",
            "20159000000022\t2015-03-02",
            f"{ONE}\t2015-03-02 10:00:00-05\tdos veces\t\\N",
            "\\N\t2015-03-02 10:00:00-05\tsin número\t\\N",
            "20159000000032 ; DROP\t2015-03-02 10:00:00-05\tmal\t\\N",
            "20159000000042\t2015-03-02 10:00:00-05\tbuena también\t\\N\t\\N",
        ),
    )
    assert done.radicados == 1 and office.ver(ONE).campos["asunto"] == "buena"
    assert sorted(p.motivo for p in done.rechazados) == [
        "El mismo radicado está dos veces: vale la primera fila.",
        "El número está vacío o tiene caracteres que no se admiten.",
        "El número está vacío o tiene caracteres que no se admiten.",
        "Tiene 2 valores y la tabla 4 columnas.",
        "Tiene 5 valores y la tabla 4 columnas.",
    ]
    report(office, done)


def test_dates_that_cannot_be_are_left_out_and_kept_as_told(office: Office) -> None:
    told = ["0001-01-01 00:00:00", "2099-01-01 00:00:00-05", "infinity", "\\N", "2015-02-30 08:00",
            "0044-03-15 00:00:00-05 BC"]  # fmt: skip
    rows = [f"2016900{n:06d}2\t{date}\tasunto\t\\N" for n, date in enumerate(told)]
    done = taken(office, bare(*rows, f"{ONE}\t02/03/2015 10:11\tde Excel\t\\N"))
    assert done.radicados == 7
    for n, date in enumerate(told):
        view = office.ver(f"2016900{n:06d}2")
        assert view.fecha == ""
        assert view.campos.get("fecha_declarada", "\\N") == date
    assert office.ver(ONE).fecha == "2015-03-02T10:11:00.000-05:00"
    assert len(report(office, done)["avisos"]) == len(told)
    assert office.buscar("desde:2015-01-01").total == 1


def test_a_field_of_a_million_characters_is_cut_in_the_record_and_whole_in_its_history(
    office: Office,
) -> None:
    long = "á" * 1_000_000
    done = taken(office, bare(f"{ONE}\t2015-03-02 10:00:00-05\t{long}\t\\N"))
    assert done.radicados == 1 and len(office.ver(ONE).campos["asunto"]) == 2000
    assert history(office, ONE)["registro"][0]["ra_asun"] == long
    assert "caracteres" in report(office, done)["avisos"][0]["aviso"]


def test_bytes_that_no_text_has_are_told(office: Office) -> None:
    row = f"{ONE}\t2015-03-02 10:00:00-05\tagua".encode() + b"\0\xff\xfe sucia\t\\N"
    done = taken(office, bare().replace(b"\\.\n", row + b"\n\\.\n"))
    assert done.radicados == 1 and "agua" in office.ver(ONE).campos["asunto"]
    assert "no se pudieron leer" in report(office, done)["avisos"][0]["aviso"]
    assert verify.verify(office).hallazgos == []


def test_no_path_leads_out_of_the_bodega(office: Office, tmp_path: Path) -> None:
    bodega = tmp_path / "bodega"
    (bodega / "2015").mkdir(parents=True)
    secret = tmp_path / "secreto.pdf"
    secret.write_bytes(b"%PDF-1.4 secreto")
    (bodega / "enlace.pdf").symlink_to(secret)
    (bodega / "carpeta").symlink_to(tmp_path)
    (bodega / "vacio.pdf").write_bytes(b"")
    os.mkfifo(bodega / "tubo.pdf")
    (bodega / "2015" / "BUENO.PDF").write_bytes(b"%PDF-1.4 bueno")
    bad = ["../../etc/passwd", "/2015/../../secreto.pdf", "enlace.pdf", "carpeta/secreto.pdf",
           "vacio.pdf", "tubo.pdf", "2015", "falta.pdf", "..\\\\secreto.pdf", "/",
           "BUENO.PDF/x"]  # fmt: skip
    rows = [f"2016900{n:06d}2\t2015-03-02 10:00:00-05\ta\t{path}" for n, path in enumerate(bad)]
    done = taken(office, bare(*rows, f"{ONE}\t2015-03-02 10:00:00-05\ta\tbodega/2015/bueno.pdf"),
                 bodega)  # fmt: skip
    assert (done.radicados, done.imagenes, done.sin_imagen) == (len(bad) + 1, 1, len(bad))
    assert [d.rol for d in office.ver(ONE).documentos] == ["original", "historia"]
    assert not [p for p in office.vault.files() if b"secreto" in p.read_bytes()[:20]]
    with pytest.raises(Missing):
        Bodega(bodega).read("a\0b")


def test_a_file_is_what_its_bytes_say() -> None:
    assert [extension(data) for data in (
        b"%PDF-1.4", b"II*\0", b"\xff\xd8\xff", b"PK\x03\x04...word/document.xml",
        b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1", b"#!/bin/sh",
    )] == ["pdf", "tif", "jpg", "docx", "odt", "doc", "rtf", "bin"]  # fmt: skip


def test_csv_that_is_not_whole_or_names_no_columns_is_refused(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "tablas"
    folder.mkdir()
    with pytest.raises(Refused) as refused:
        taken(office, folder)
    assert refused.value.codigo == "sin_tabla"
    (folder / "radicado.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Refused) as refused:
        taken(office, folder)
    assert refused.value.codigo == "sin_columnas"
    (folder / "radicado.csv").write_text('radi_nume_radi,ra_asun\n20159000000012,"sin cerrar\n')
    with pytest.raises(Refused) as refused:
        taken(office, folder)
    assert refused.value.codigo == "csv_cortado"
    text = 'radi_nume_radi,ra_asun\n20159000000012,año\n20159000000022,x,y\n20159000000032,"a"b\n'
    (folder / "radicado.csv").write_bytes(text.encode("latin-1"))
    done = taken(office, folder)
    assert (done.radicados, len(done.rechazados)) == (1, 2)
    assert office.ver(ONE).campos["asunto"] == "año"
    report(office, done)
    (folder / "toc.dat").write_bytes(b"PGDMP")
    with pytest.raises(Refused) as refused:
        taken(office, folder)
    assert refused.value.codigo == "volcado_binario"


def test_escapes_of_old_dumps_are_understood(office: Office) -> None:
    text = (
        b"SET standard_conforming_strings = off;\n"
        b"INSERT INTO radicado (radi_nume_radi, ra_asun) VALUES\n"
        b"('20159000000012', 'una\\'s; barra \\\\ y\nl\\303\\255nea'), \n"
        b"('20159000000022', E'otra\\ttab');\n"
        b"INSERT INTO radicado (radi_nume_radi, ra_asun) VALUES ('20159000000032', now());\n"
        b"INSERT INTO radicado (radi_nume_radi, ra_asun)"
        b" VALUES ('20159000000042', 'hola'::character varying(10));\n"
    )
    done = taken(office, text)
    assert done.radicados == 3 and [p.linea for p in done.rechazados] == [6]
    assert office.ver(ONE).campos["asunto"].startswith("una's; barra \\ y l")
    assert office.ver("20159000000042").campos["asunto"] == "hola"


def test_moments_are_read_as_postgres_and_spreadsheets_write_them() -> None:
    for told, read in (
        ("2015-03-02 23:30:00+00", "2015-03-02T18:30:00-05:00"),
        ("2015-03-02 10:11:12.345678-05", "2015-03-02T10:11:12.345678-05:00"),
        ("2/3/2015", "2015-03-02T00:00:00-05:00"),
        ("", None), (None, None), ("ayer", None), ("9999-12-31 23:59:59-14", None),
    ):  # fmt: skip
        found = orfeo_map.moment(told)
        assert (found.isoformat() if found else None) == read, told


# -- once -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [3, 404, 406])
def test_an_import_that_was_killed_goes_on_where_it_stopped(
    n: int, office: Office, tmp_path: Path
) -> None:
    rows = [f"2015900{i:06d}2\t2015-03-02 10:00:00-05\tasunto {i}\t/{i}.pdf" for i in range(300)]
    dump, bodega = tmp_path / "orfeo.sql", tmp_path / "bodega"
    dump.write_bytes(bare(*rows))
    bodega.mkdir()
    (bodega / "7.pdf").write_bytes(b"%PDF-1.4 siete")
    words = [sys.executable, "-m", "tests.killing_import", office.home, dump, bodega, str(n)]
    env = {**environment(), "PYTHONPATH": str(ROOT)}
    died = subprocess.run(list(map(str, words)), env=env, cwd=ROOT, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    there = Office(office.home)
    there.recuperar()
    done = Orfeo(there).importar(dump, bodega=bodega)
    assert done.radicados + done.repetidos == 300
    assert done.repetidos in (0, 200) and there.buscar("origen:orfeo").total == 300
    assert len(there.ver("20159000000072").documentos) == 2
    assert verify.verify(there).hallazgos == []
    there.index.close()


def test_two_imports_at_once_are_one_too_many(office: Office) -> None:
    def meanwhile(_: str) -> None:
        with pytest.raises(Refused) as refused:
            taken(office, dumps.copied())
        assert refused.value.codigo == "ocupado"

    assert taken(office, dumps.copied(), progreso=meanwhile).radicados == 3


# -- the command ----------------------------------------------------------------------------------
def test_the_command_tells_what_it_did(office: Office, tmp_path: Path) -> None:
    dump, bodega = tmp_path / "orfeo.sql", dumps.bodega(tmp_path)
    dump.write_bytes(dumps.copied())
    words = ("importar", "orfeo", dump, "--bodega", bodega)
    home = ("--casa", office.home)
    rehearsed = run(*home, "--json", *words, "--ensayo").json
    told = run(*home, "--json", *words).json
    assert {k: told[k] for k in ("radicados", "repetidos", "imagenes", "sin_imagen")} == {
        "radicados": 3, "repetidos": 0, "imagenes": 3, "sin_imagen": 1,
    }  # fmt: skip
    assert rehearsed["radicados"] == 3 and rehearsed["informe"].endswith("-ensayo")
    assert [row["tabla"] for row in told["rechazados"]] == ["hist_eventos"]
    assert (office.home / told["informe"] / "trd.csv").is_file()
    seen = run(*home, "ver", ONE).out
    assert "Importado de Orfeo, sin verificar" in seen and "Peña" not in seen.split("Campos")[0]
    assert "sin verificar" in run(*home, "buscar", "origen:orfeo").out
    dump.write_bytes(b"PGDMP")
    refused = run(*home, "--json", *words)
    assert (refused.code, refused.json["error"]["codigo"]) == (1, "volcado_binario")
    assert "pg_restore" in refused.err


# -- the real thing -------------------------------------------------------------------------------
POSTGRES = Path("/usr/lib/postgresql")


def server_programs() -> Path | None:
    found = sorted(POSTGRES.glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.mark.largo
def test_what_a_real_postgresql_dumps_comes_over(office: Office, tmp_path: Path) -> None:
    programs = server_programs()
    if programs is None:
        pytest.skip("no hay un servidor PostgreSQL en este equipo")
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        base = Path(folder)
        who: dict[str, Any] = {}
        if os.getuid() == 0:  # initdb refuses root
            shutil.chown(base, "postgres", "postgres")
            who = {"user": "postgres", "group": "postgres", "cwd": folder}

        def pg(*words: str, text: bytes | None = None) -> bytes:
            order = [str(programs / words[0]), *words[1:]]
            return subprocess.run(order, input=text, capture_output=True, check=True, **who).stdout

        data, socket = str(base / "data"), str(base)
        pg("initdb", "-D", data, "-A", "trust", "-U", "orfeo", "-E", "UTF8", "--locale=C.UTF-8")
        log = ("-l", str(base / "log"), "-o", f"-c listen_addresses='' -k {socket} -F")
        pg("pg_ctl", "-D", data, "-w", *log, "start")
        try:
            at = ("-h", socket, "-U", "orfeo")
            pg("psql", *at, "-v", "ON_ERROR_STOP=1", "-q", "-d", "postgres", text=schema())
            pg("psql", *at, "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres", text=dumps.copied())
            plain = pg("pg_dump", *at, "postgres")
            others = [
                pg("pg_dump", *at, "--inserts", "postgres"),
                pg("pg_dump", *at, "--column-inserts", "--rows-per-insert=2", "postgres"),
                pg("pg_dump", *at, "--encoding=LATIN1", "postgres"),
            ]
            custom = pg("pg_dump", *at, "-Fc", "postgres")
            tarred = pg("pg_dump", *at, "-Ft", "postgres")
        finally:
            pg("pg_ctl", "-D", data, "-m", "fast", "stop")
    done = taken(office, plain, dumps.bodega(tmp_path))
    assert (done.radicados, done.imagenes) == (3, 3)
    assert office.ver(ONE).campos["remitente"] == "MARÍA NÚÑEZ PEÑA"
    assert history(office, ONE)["registro"][0]["ra_asun"] == dumps.SUBJECT
    for other in others:
        assert taken(office, other, ensayo=True).repetidos == 3
    for binary in (custom, tarred):
        with pytest.raises(Refused) as refused:
            taken(office, binary)
        assert refused.value.codigo == "volcado_binario"


def schema() -> bytes:
    """The tables of the dump, with types like those of Orfeo's own schema."""
    out = []
    for name, (columns, _) in dumps.TABLES.items():
        kinds = [f"{c} {_kind(c)}" for c in columns.split()]
        out.append(f"CREATE TABLE public.{name} ({', '.join(kinds)});\n")
    return "".join(out).encode()


def _kind(column: str) -> str:
    if "fech" in column and column != "radi_fech_ofic":
        return "timestamp with time zone"
    if column in ("sgd_ciu_codigo", "sgd_ttr_codigo", "mrec_codi", "tdoc_codi", "radi_nume_hoja"):
        return "numeric(10,0)"
    return "character varying(50000)"


@pytest.mark.skipif(not (SHARED / "data" / "orfeo_seed").is_dir(), reason="no están los datos")
def test_a_real_retention_table_comes_out_as_trd_importar_takes_it(
    office: Office, tmp_path: Path
) -> None:
    seed, folder = SHARED / "data" / "orfeo_seed", tmp_path / "tablas"
    folder.mkdir()
    (folder / "radicado.csv").write_text("radi_nume_radi\n20159000000012\n")
    series = (seed / "trd_series.csv").read_text("utf-8-sig").split("\n", 1)[1]
    (folder / "sgd_srd_seriesrd.csv").write_text(
        "sgd_srd_codigo,sgd_srd_descrip,desde,hasta\n" + series
    )
    rows = (seed / "trd_subseries.csv").read_text("utf-8-sig").split("\n", 1)[1]
    (folder / "sgd_sbrd_subserierd.csv").write_text(
        "sgd_srd_codigo,sgd_sbrd_codigo,sgd_sbrd_descrip,a,b,sgd_sbrd_tiemag,sgd_sbrd_tiemac,"
        "sgd_sbrd_dispfin,sgd_sbrd_soporte,sgd_sbrd_procedi,id\n" + rows
    )
    done = taken(office, folder)
    trd = (office.home / done.informe / "trd.csv").read_text("utf-8-sig").splitlines()
    assert len(trd) == 261 and all(row.count(";") >= 10 for row in trd)
