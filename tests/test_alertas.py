"""What is due and who should do what, as the people of an office are told it."""

from __future__ import annotations

import email
import email.policy
import re
import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, ClassVar

import pytest

from records import digest, lines
from records.alerts import Alert
from tests.program import here
from tests.town import Town, founded

NOW = datetime(2026, 11, 25, 10, tzinfo=lines.BOGOTA)
"""A Wednesday; Monday 16 was a rest day."""


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(lines, "now", lambda: NOW)
    return founded(tmp_path / "oficina")


def arrived(town: Town, day: str, kind: str, **fields: str) -> str:
    pairs = [
        w for k, v in {"asunto": "Un hueco", **fields}.items() for w in ("--campo", f"{k}={v}")
    ]
    done = town.does("cruiz", "radicar", "--sin-imagen", "--campo", f"tipo={kind}", *pairs,
                     "--recibido", f"2026-{day}T09:00")  # fmt: skip
    return str(done.json["radicados"][0]["radicado"])


def told(town: Town, *words: str, who: str | None = None) -> dict[str, dict[str, Any]]:
    done = town.does(who, "alertas", *words).json
    assert sum(1 for a in done["alertas"] if a["nivel"] == "vencido") == done["resumen"]["vencidos"]
    return {a["radicado"]: a for a in done["alertas"]}


class _Smtp(socketserver.StreamRequestHandler):
    """A mail server that takes all but one address (RFC 5321)."""

    taken: ClassVar[list[tuple[list[str], bytes]]] = []
    logins: ClassVar[list[str]] = []

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 prueba ESMTP")
        whom: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                self.say("250-prueba\r\n250-AUTH PLAIN\r\n250 8BITMIME")
            elif verb == "AUTH":
                self.logins.append(line.split()[-1])
                self.say("235 ok")
            elif verb == "RCPT":
                bad = "nadie@" in line
                whom += [] if bad else [line.partition("<")[2].partition(">")[0]]
                self.say("550 no existe" if bad else "250 ok")
            elif verb == "DATA":
                self.say("354 siga")
                body = []
                while (row := self.rfile.readline()) != b".\r\n":
                    body.append(row.removeprefix(b"."))
                self.taken.append((whom, b"".join(body)))
                whom = []
                self.say("250 ok")
            else:
                whom = []
                self.say("221 adiós" if verb == "QUIT" else "250 ok")


@pytest.fixture
def post() -> Iterator[int]:
    _Smtp.taken.clear()
    _Smtp.logins.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_who_should_do_what_by_the_days_left(town: Town) -> None:
    town.does(None, "persona", "agregar", "lpaz", "--nombre", "Luis Paz", "--rol", "auditor",
              "--dependencia", "140")  # fmt: skip
    late = arrived(town, "11-17", "congreso")
    today = arrived(town, "11-18", "congreso", dependencia="130")
    red = arrived(town, "11-20", "congreso", dependencia="140", responsable="lpaz")
    amber = arrived(town, "11-23", "congreso", dependencia="140", responsable="lpaz")
    far = arrived(town, "11-25", "peticion", dependencia="140", responsable="lpaz")
    court = arrived(town, "11-24", "tutela", dependencia="120", responsable="lcardenas")
    idle = arrived(town, "11-25", "peticion", dependencia="150")

    rows = told(town)
    assert list(rows) == [court, late, today, red, amber, idle]
    shown = {r: (a["nivel"], a["dias_habiles"], a["quien"]) for r, a in rows.items()}
    assert shown == {
        court: ("por_fijar", None, "lcardenas"),
        late: ("vencido", -1, "ventanilla"),
        today: ("vence_hoy", 0, "joviedo"),
        red: ("rojo", 2, "lpaz"),
        amber: ("amarillo", 3, "lpaz"),
        idle: ("verde", 15, "asalcedo"),
    }
    assert "Repártalo" in rows[late]["que_hacer"] and rows[late]["responsable"] is None
    assert "Asígnelo" in rows[today]["que_hacer"] and "orden" in rows[court]["que_hacer"]
    assert "Ley 5 de 1992" in rows[late]["norma"] and "2591" in rows[court]["norma"]
    assert list(told(town, "--dependencia", "140")) == [red, amber]
    assert list(told(town, "--dependencia", "140", "--dias", "30")) == [red, amber, far]
    assert list(told(town, "--de", "joviedo")) == [today]
    town.does("ntorres", "persona", "ausencia", "lpaz", "--desde", "2026-11-25", "--hasta",
              "2026-11-30", "--reemplaza", "joviedo", "--motivo", "vacaciones")  # fmt: skip
    assert told(town)[red]["quien"] == "joviedo"

    state = town.does(None, "estado").json
    counted = {k: state[k] for k in ("vencidos", "vence_hoy", "por_vencer", "por_fijar")}
    assert counted == {"vencidos": 1, "vence_hoy": 1, "por_vencer": 2, "por_fijar": 1}
    assert state["sin_responsable"] == 3
    text = here("estado", "--casa", town.casa).out
    assert "POR FIJAR" in text and text.index(court) < text.index(late) < text.index(today)
    assert "Lucía Cárdenas" in text and idle not in text
    first = town.does(None, "tramites").json["radicados"]
    assert [r["radicado"] for r in first][:2] == [court, late]
    assert [r["por_fijar"] for r in first][:2] == [True, False]

    whom = "nombre=Ana; direccion=Calle 5; municipio=Tunja; medio=certificado"
    out = town.does(
        "cruiz", "responder", red, "--en-papel", "--firmante", "mquintero", "--para", whom
    )
    row = told(town)[red]
    assert row["quien"] == "ventanilla" and out.json["salida"] in row["que_hacer"]
    assert row["nivel"] == "rojo" and not row["sin_responsable"]
    town.does("cruiz", "enviar", red, "--medio", "certificado", "--guia", "RA1")
    assert red not in told(town)
    town.does("cruiz", "devuelto", red, "--guia", "RA1", "--causa", "direccion_deficiente")
    assert "volvió" in told(town)[red]["que_hacer"]

    config = town.casa / "config.toml"
    plain = config.read_text("utf-8")
    config.write_text(plain + "\n[alertas]\namarillo_dias = 20\nrojo_dias = 3\n", "utf-8")
    again = told(town)
    assert (again[amber]["nivel"], again[far]["nivel"]) == ("rojo", "amarillo")
    config.write_text(plain + "\n[alertas]\namarillo_dias = 1\nrojo_dias = 3\n", "utf-8")
    assert "rojo_dias" in town.does(None, "alertas", code=1).json["error"]["mensaje"]


def test_digests_show_of_the_reserved_the_number_only_and_go_by_mail(
    town: Town, tmp_path: Path, post: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    nasty = "Hueco <b>; y, \\ *ya*" + " muy hondo" * 12
    late = arrived(town, "11-17", "congreso", dependencia="140", asunto=nasty)
    shut = arrived(town, "11-18", "congreso", dependencia="140", asunto="Extorsión",
                   responsable="mquintero", remitente="Berta Gil")  # fmt: skip
    town.does("ntorres", "clasificar", shut, "--nivel", "reservada", "--fundamento", "19d",
              "--hasta", "2030-01-01", "--motivo", "indagación")  # fmt: skip
    assert list(told(town, who="gpardo")) == [late]
    assert list(told(town, who="mquintero")) == [late, shut]
    assert town.does("gpardo", "estado").json["vence_hoy"] == 0
    out = tmp_path / "resumen"
    for form in ("md", "html", "ics"):
        made = town.does("mquintero", "alertas", "resumen", "--salida", str(out), "--formato", form)
        files = {Path(f["archivo"]).name: f for f in made.json["archivos"]}
        assert len(files) == 8 and files[f"alertas-140.{form}"]["alertas"] == 2
        for name in ("alertas-140", "alertas"):
            text = (out / f"{name}.{form}").read_text("utf-8").replace("\r\n ", "")
            assert late in text and shut in text
            assert "Extorsión" not in text and "Berta" not in text
            assert "<b>" not in text or form == "ics"
        other = (out / f"alertas-110.{form}").read_text("utf-8")
        assert late not in other and (form == "ics" or "Nada" in other)
    assert not [p for p in out.iterdir() if p.name.startswith(".")]

    raw = (out / "alertas-140.ics").read_bytes()
    assert raw.endswith(b"END:VCALENDAR\r\n") and b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    text = raw.decode().replace("\r\n ", "")
    assert "Hueco <b>\\; y\\, \\\\ *ya*" in text
    assert re.findall(r"DTSTART;VALUE=DATE:(\d+)", text) == ["20261124", "20261125"]
    uids = re.findall(r"UID:(.+)\r", text)
    again = town.does(
        None, "alertas", "resumen", "--salida", str(tmp_path / "b"), "--formato", "ics"
    )
    assert again.code == 0
    assert uids == re.findall(r"UID:(.+)\r", (tmp_path / "b" / "alertas.ics").read_bytes().decode())

    (tmp_path / "archivo").write_text("x")
    taken = town.does(None, "alertas", "resumen", "--salida", str(tmp_path / "archivo"), code=1)
    assert taken.json["error"]["mensaje"]

    arrived(town, "11-17", "congreso", dependencia="150")
    none = town.does("ntorres", "alertas", "enviar", code=1).json["error"]
    assert none["codigo"] == "sin_correo" and "[correo]" in none["mensaje"]
    config = town.casa / "config.toml"
    plain = config.read_text("utf-8")
    config.write_text(
        plain + f'\n[correo]\nhost = "127.0.0.1"\npuerto = {post}\ntls = "no"\nusuario = "vu"\n'
        'remitente = "vu@example.org"\ncorrespondencia = ["nubia@example.org"]\n'
        '[correo.areas]\n"140" = ["obras@example.org"]\n"130" = ["h@example.org"]\n'
        '"150" = ["nadie@example.org"]\n',
        "utf-8",
    )
    assert town.does("gpardo", "alertas", "enviar", code=1).json["error"]["codigo"] == "sin_permiso"
    secret = town.casa / "keys" / "correo.clave"
    secret.write_text("abracadabra\n")
    secret.chmod(0o644)
    bare = town.does("ntorres", "alertas", "enviar", code=4).json["error"]
    assert bare["codigo"] == "clave_expuesta" and "abracadabra" not in str(bare)
    secret.chmod(0o600)
    done = town.does("ntorres", "alertas", "enviar", code=4).json
    assert [s["a"] for s in done["enviados"]] == [["obras@example.org"], ["nubia@example.org"]]
    assert [f["a"] for f in done["fallidos"]] == [["nadie@example.org"]]
    assert done["sin_alertas"] == ["130"] and "abracadabra" not in str(done)
    assert _Smtp.logins and [w for w, _ in _Smtp.taken] == [
        ["obras@example.org"], ["nubia@example.org"],
    ]  # fmt: skip
    letter = email.message_from_bytes(_Smtp.taken[0][1], policy=email.policy.default)
    assert isinstance(letter, EmailMessage)
    assert "140" in letter["Subject"] and letter["Auto-Submitted"] == "auto-generated"
    kinds = [p.get_content_type() for p in letter.walk() if not p.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    bodies = [str(p.get_content()) for p in letter.walk() if not p.is_multipart()]
    assert all(late in body and shut in body and "Extorsión" not in body for body in bodies)
    monkeypatch.setenv("VENTANILLA_CORREO_CLAVE", "otra")
    config.write_text(config.read_text("utf-8").replace(f"puerto = {post}", "puerto = 1"), "utf-8")
    off = town.does("ntorres", "alertas", "enviar", code=4).json
    assert off["error"]["codigo"] == "correo_no_enviado" and off["enviados"] == []
    config.write_text(plain + '\n[correo]\nhost = "mx.example.org"\ntls = "no"\nusuario = "vu"\n',
                      "utf-8")  # fmt: skip
    assert "tls" in town.does(None, "alertas", code=1).json["error"]["mensaje"]


def test_lines_of_a_calendar_never_split_a_letter() -> None:
    folded = digest.fold_line("SUMMARY:" + "ñ€😀x" * 60)
    parts = folded.split(b"\r\n")
    assert all(len(p) <= 75 and p.decode() for p in parts)
    assert b"".join([parts[0], *(p[1:] for p in parts[1:])]).decode() == "SUMMARY:" + "ñ€😀x" * 60
    assert Alert.__struct_fields__[:8] == (
        "radicado", "nivel", "vence", "dias_habiles", "dependencia", "responsable", "que_hacer",
        "quien",
    )  # fmt: skip
