"""The command contract, driven from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pytest

from tests.conftest import ROOT, text_of
from tests.program import command, environment, run

SAMPLES = ROOT / "samples"
LETTER = SAMPLES / "08-solicitud-visita.tif"
of_demo = pytest.mark.xdist_group("demo")
"""In one process: the demonstration is made once."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The README's first command, once for the tests that only look."""
    folder = tmp_path_factory.mktemp("demo")
    os.environ["VENTANILLA_MARCAS"] = str(folder / "marcas")
    done = run("demo", "--sin-tui", "--json", "--casa", folder / "oficina")
    assert done.code == 0, done.err
    figures = done.json
    assert figures["radicados"] >= 8 and figures["verificado"] is True
    assert figures["borradores"] == 1 and figures["cuarentena"] == 1
    assert figures["paginas"] >= 11 and figures["segundos"] > 0
    return folder / "oficina"


@pytest.fixture
def marks_of_demo(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VENTANILLA_MARCAS", str(demo.parent / "marcas"))
    return demo


def found(tmp_path: Path) -> Path:
    casa = tmp_path / "oficina"
    done = run("iniciar", "--config", ROOT / "config.toml", "--demo", "--casa", casa, "--json")
    assert done.code == 0, done.err
    assert set(done.json) >= {"casa", "punto", "huella_clave"}
    return casa


@of_demo
def test_the_demo_goes_on_when_run_twice(marks_of_demo: Path) -> None:
    first = run("buscar", "", "--json", "--casa", marks_of_demo).json["total"]
    again = run("demo", "--sin-tui", "--json", "--casa", marks_of_demo)
    assert again.code == 0 and again.json["radicados"] == first


@of_demo
def test_the_signed_record_holds_text_and_stamp(marks_of_demo: Path) -> None:
    rows = run("buscar", "talud", "--json", "--casa", marks_of_demo).json["radicados"]
    seen = run("ver", rows[0]["radicado"], "--json", "--casa", marks_of_demo).json
    roles = {d["rol"]: d for d in seen["documentos"]}
    assert set(roles) == {"original", "registro"}
    original = (marks_of_demo / roles["original"]["archivo"]).read_bytes()
    assert original == LETTER.read_bytes()
    record = marks_of_demo / roles["registro"]["archivo"]
    assert not Path(roles["registro"]["archivo"]).is_absolute()
    text = text_of(record.read_bytes())
    assert rows[0]["radicado"] in text and "agrietamiento" in text
    with pikepdf.open(record) as pdf:
        assert len(pdf.pages) == roles["registro"]["paginas"]
    if shutil.which("pdfsig"):
        said = subprocess.run(["pdfsig", record], capture_output=True, text=True, check=False)
        assert "Signature is Valid" in said.stdout


@of_demo
def test_the_records_text_equals_what_was_read(marks_of_demo: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("sin poppler-utils")
    rows = run("buscar", "talud", "--json", "--casa", marks_of_demo).json["radicados"]
    seen = run("ver", rows[0]["radicado"], "--json", "--casa", marks_of_demo).json
    record = next(d for d in seen["documentos"] if d["rol"] == "registro")
    said = subprocess.run(
        ["pdftotext", "-raw", marks_of_demo / record["archivo"], "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    read = run("leer", LETTER, "--json").json["archivos"][0]["paginas"][0]["texto"]
    assert " ".join(read.split()) in " ".join(said.split())
    assert "é" in read or "ó" in read


@of_demo
def test_what_is_verified_is_told(marks_of_demo: Path) -> None:
    done = run("verificar", "--completo", "--json", "--casa", marks_of_demo)
    assert done.code == 0
    assert done.json["ok"] is True and done.json["hallazgos"] == []
    assert done.json["documentos"] > done.json["radicados"] >= 8
    radicado = run("buscar", "", "--json", "--casa", marks_of_demo).json["radicados"][0]["radicado"]
    assert run("verificar", radicado, "--casa", marks_of_demo).code == 0
    assert run("verificar", LETTER, "--json", "--casa", marks_of_demo).code == 3


@of_demo
def test_a_flipped_bit_ends_with_3_and_is_named(marks_of_demo: Path) -> None:
    path = next((marks_of_demo / "journal").glob("*/VU1.jsonl"))
    good = path.read_bytes()
    bad = bytearray(good)
    bad[len(bad) // 2] ^= 1
    path.write_bytes(bytes(bad))
    try:
        done = run("verificar", "--json", "--casa", marks_of_demo)
        assert done.code == 3
        assert done.json["ok"] is False
        (finding, *_) = done.json["hallazgos"]
        assert finding["archivo"].endswith("VU1.jsonl") and finding["linea"] > 1
        assert path.read_bytes() == bytes(bad)  # it never repairs
    finally:
        path.write_bytes(good)
    assert run("verificar", "--casa", marks_of_demo).code == 0


def test_receive_number_and_label(tmp_path: Path) -> None:
    casa = found(tmp_path)
    done = run("recibir", LETTER, "--json", "--casa", casa)
    assert done.code == 0
    (row,) = done.json["procesados"]
    assert row["estado"] == "por_radicar"
    (draft,) = run("bandeja", "--json", "--casa", casa).json["borradores"]
    assert set(draft) >= {"id", "orden", "carril", "archivo", "recibido", "estado", "paginas",
                          "confianza", "campos"}  # fmt: skip
    assert set(draft["campos"]["asunto"]) == {"valor", "confianza", "pagina", "caja"}
    numbered = run(
        "radicar", draft["id"], "--campo", "folios=2", "--campo", "dependencia=140", "--json",
        "--casa", casa,
    )  # fmt: skip
    (issued,) = numbered.json["radicados"]
    assert set(issued) >= {"radicado", "fecha", "recibido", "vence", "pdf", "sha256", "evento",
                           "etiqueta"}  # fmt: skip
    assert issued["vence"] > issued["recibido"] and issued["vence"].endswith("T23:59:59-05:00")
    seen = run("ver", issued["radicado"], "--json", "--casa", casa).json
    assert seen["termino"]["vence"] == issued["vence"]
    assert Path(issued["pdf"]).is_absolute() and Path(issued["etiqueta"]).exists()
    label = run("etiqueta", issued["radicado"], "--salida", "r.pdf", "--json", "--casa", casa,
                cwd=tmp_path)  # fmt: skip
    assert Path(label.json["archivo"]) == tmp_path / "r.pdf"
    assert issued["radicado"] in text_of((tmp_path / "r.pdf").read_bytes())
    nothing = run("radicar", "--todos", "--json", "--casa", casa)
    assert (nothing.code, nothing.json) == (0, {"radicados": [], "omitidos": []})


def test_refusals_say_why_and_change_nothing(tmp_path: Path) -> None:
    casa = found(tmp_path)
    for words in (
        ("radicar", "VU1.99"),
        ("radicar", "--sin-imagen", "--campo", "folios=cero"),
        ("radicar", "--sin-imagen", "--campo", "color=rojo"),
        ("radicar", "--sin-imagen", "--clase", "Z"),
        ("ver", "2026-VU1-E-000001"),
        ("recibir", "no-existe.pdf"),
        ("descartar", "VU1.99", "--motivo", "privada"),
        ("buscar", "desde:ayer"),
        ("descartar", "VU1.²", "--motivo", "prueba"),
        ("radicar", "--sin-imagen", "--recibido", "0001-01-01"),
        ("radicar", "--sin-imagen", "--recibido", "2099-01-01"),
        ("iniciar", "--config", str(ROOT / "config.toml"), "--demo"),
    ):
        done = run(*words, "--json", "--casa", casa)
        assert done.code == 1, (words, done.out, done.err)
        assert done.json["error"]["mensaje"] and "Traceback" not in done.err
    assert run("buscar", "", "--json", "--casa", casa).json["total"] == 0


def test_wrong_usage_ends_with_2(tmp_path: Path) -> None:
    for words in (("radicar",), ("bailar",), ("buscar",), ("asignar", "R"), ("plazo", "--tipo"),
                  ("radicar", "--campo", "sin-igual", "--sin-imagen")):  # fmt: skip
        done = run(*words, "--casa", tmp_path / "nada")
        assert done.code == 2, words
        assert "Traceback" not in done.err and done.err.strip()
    assert "todavía no" in run("hub", "estado").err


def test_without_an_office_it_says_so(tmp_path: Path) -> None:
    done = run("bandeja", "--json", cwd=tmp_path)
    assert done.code == 1 and "no hay una oficina" in done.json["error"]["mensaje"]


def test_global_options_go_before_and_after(tmp_path: Path) -> None:
    casa = found(tmp_path)
    before = run("--casa", casa, "--json", "estado")
    after = run("estado", "--json", "--casa", casa)
    by_env = run("estado", "--json", VENTANILLA_CASA=str(casa))
    assert before.json == after.json == by_env.json
    assert set(before.json) >= {"por_radicar", "vencidos", "pendientes_sello"}


def test_without_a_person_nothing_is_done_in_a_real_office(tmp_path: Path) -> None:
    secret = tmp_path / "clave.txt"
    secret.write_text("una frase bastante larga\n")
    casa = tmp_path / "oficina"
    made = run("iniciar", "--config", ROOT / "config.toml", "--punto", "VU7", "--clave-archivo",
               secret, "--casa", casa, "--json")  # fmt: skip
    assert made.json["punto"] == "VU7"
    assert run("radicar", "--sin-imagen", "--casa", casa).code == 1
    assert run("radicar", "--sin-imagen", "--casa", casa, "--persona", "gpardo").code == 1
    done = run("radicar", "--sin-imagen", "--casa", casa, "--json", "--persona", "cruiz")
    assert done.json["radicados"][0]["radicado"].split("-")[1:3] == ["VU7", "E"]
    people = run("persona", "lista", "--json", "--casa", casa).json["personas"]
    assert {"id", "nombre", "roles"} <= set(people[0])
    areas = run("area", "lista", "--json", "--casa", casa).json["areas"]
    assert {"codigo", "nombre", "jefe"} <= set(areas[0])
    assert run("iniciar", "--config", ROOT / "config.toml", "--casa", tmp_path / "b").code == 1


def test_a_missing_tesseract_is_the_machines_fault(tmp_path: Path) -> None:
    done = run("leer", LETTER, "--json", PATH=str(tmp_path))
    assert done.code == 4 and "Tesseract" in done.json["error"]["mensaje"]
    assert run("doctor", "--json", PATH=str(tmp_path)).code == 4


def test_help_is_spanish_and_light() -> None:
    done = run("--help")
    assert done.code == 0 and "uso:" in done.out and "positional" not in done.out
    assert run("radicar", "--ayuda").code == 0
    heavy = "textual rich pikepdf PIL pyhanko tinydb cryptography numpy msgspec".split()  # noqa: SIM905
    probe = (
        "import sys; from cli.main import build, speak_spanish; speak_spanish(); build();"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, env=environment(), check=True
    )
    assert said.stdout.strip() == "[]"


def test_the_watcher_takes_what_comes_and_stops_when_told(tmp_path: Path) -> None:
    casa = found(tmp_path)
    with subprocess.Popen(
        command("vigilar", "--casa", casa), env=environment(), stdout=subprocess.PIPE, text=True
    ) as watcher:
        assert watcher.stdout is not None
        assert "Vigilando" in watcher.stdout.readline()
        shutil.copy(LETTER, casa / "inbox" / "carta.tif")
        assert "por radicar" in watcher.stdout.readline()
        watcher.send_signal(signal.SIGTERM)
        assert watcher.wait(30) == 0
    (draft,) = run("bandeja", "--json", "--casa", casa).json["borradores"]
    assert draft["archivo"] == "carta.tif"


@of_demo
def test_a_copied_office_is_read_only(marks_of_demo: Path, tmp_path: Path) -> None:
    shutil.copytree(marks_of_demo, tmp_path / "copia")
    assert run("buscar", "talud", "--casa", tmp_path / "copia").code == 0
    assert run("verificar", "--casa", tmp_path / "copia").code == 0
    done = run("radicar", "--sin-imagen", "--casa", tmp_path / "copia", "--json")
    assert done.code == 3 and done.json["error"]["codigo"] == "casa_copiada"


def test_a_series_begins_where_another_system_ended(tmp_path: Path) -> None:
    casa = found(tmp_path)
    opened = run("serie", "abrir", "--clase", "E", "--desde", "500", "--acto", "Res. 1", "--json",
                 "--casa", casa)  # fmt: skip
    assert opened.json["evento"]
    issued = run("radicar", "--sin-imagen", "--json", "--casa", casa).json["radicados"][0]
    assert issued["radicado"].endswith("-E-000500") and issued["pdf"] is None
    assert (
        run("serie", "abrir", "--clase", "E", "--desde", "9", "--acto", "x", "--casa", casa).code
        == 1
    )
    assert run("verificar", "--completo", "--casa", casa).code == 0


def test_an_earlier_reception_is_declared(tmp_path: Path) -> None:
    casa = found(tmp_path)
    done = run(
        "radicar", "--sin-imagen", "--recibido", "2026-01-05T09:30", "--json", "--casa", casa
    )
    row = done.json["radicados"][0]
    assert row["recibido"] == "2026-01-05T09:30:00.000-05:00" < row["fecha"]


@of_demo
def test_json_is_alone_on_standard_output(marks_of_demo: Path) -> None:
    for words in (("estado",), ("bandeja",), ("bandeja", "--cuarentena"), ("doctor",),
                  ("vigilar", "--una-vez"), ("recuperar",), ("punto", "lista")):  # fmt: skip
        done = run(*words, "--json", "--casa", marks_of_demo)
        assert done.code == 0, (words, done.err)
        assert isinstance(json.loads(done.out), dict)


def test_the_inbox_empties_and_every_file_is_accounted_for(tmp_path: Path) -> None:
    casa = found(tmp_path)
    for name in ("08-solicitud-visita.tif", "11-danada.pdf"):
        shutil.copy(SAMPLES / name, casa / "inbox" / name)
    (casa / "inbox" / "vacio.pdf").touch()
    (casa / "inbox" / "nota.docx").write_bytes(b"PK\x03\x04 no es un documento")
    started = time.monotonic()
    done = run("vigilar", "--una-vez", "--json", "--casa", casa)
    assert done.code == 0 and time.monotonic() - started < 60
    states = {Path(p["archivo"]).name: p["estado"] for p in done.json["procesados"]}
    assert states == {
        "08-solicitud-visita.tif": "por_radicar",
        "11-danada.pdf": "cuarentena",
        "vacio.pdf": "cuarentena",
        "nota.docx": "cuarentena",
    }
    assert [p for p in (casa / "inbox").rglob("*") if p.is_file()] == []
    apart = run("bandeja", "--cuarentena", "--json", "--casa", casa).json["borradores"]
    assert all(d["motivo"] for d in apart) and len(apart) == 3


@of_demo
def test_no_query_is_too_much(marks_of_demo: Path) -> None:
    for query in ("(" * 3000, "no " * 1300, "x o " * 900, '"' * 99):
        assert run("buscar", query, "--json", "--casa", marks_of_demo).code == 0


@of_demo
def test_a_lost_or_spoilt_root_key_is_named(marks_of_demo: Path) -> None:
    path = marks_of_demo / "keys" / "raiz.pub"
    good = path.read_bytes()
    try:
        for bad in (None, b"\xff\xfe\x00", b"00" * 32):
            path.unlink(missing_ok=True)
            if bad is not None:
                path.write_bytes(bad)
            done = run("verificar", "--json", "--casa", marks_of_demo)
            assert done.code == 3
            assert "raiz" in str(done.json["hallazgos"])
    finally:
        path.write_bytes(good)


def test_a_killed_program_leaves_no_process_behind(tmp_path: Path) -> None:
    casa = found(tmp_path)
    watcher = subprocess.Popen(
        command("vigilar", "--casa", casa),
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert watcher.stdout is not None
    watcher.stdout.readline()
    shutil.copy(LETTER, casa / "inbox" / "carta.tif")
    assert "por radicar" in watcher.stdout.readline()
    watcher.kill()
    watcher.wait()
    watcher.stdout.close()
    deadline = time.monotonic() + 20
    while session(watcher.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert session(watcher.pid) == []


def session(leader: int) -> list[str]:
    """Commands of the living processes of a session."""
    out = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        state, *numbers = rest.split()
        if int(numbers[2]) == leader and state != "Z":
            out.append(head)
    return out
