"""What is due and who should do what, as the people of an office are told it."""

from __future__ import annotations

import email
import email.policy
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from records import digest, lines, mailing
from records.absences import Absence
from records.alerts import Alert, Watch
from records.calendar import Calendar
from records.errors import Refused
from records.people import Area, Authority
from records.settings import Alerts, Hours, Mail
from records.terms_index import LetterWait, OpenRecord
from tests.program import here
from tests.smtp import Smtp, serving
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


@pytest.fixture
def post() -> Iterator[int]:
    with serving() as port:
        yield port


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

    for hour, level in (("09:30", "vencido"), ("15:00", "vence_hoy")):
        town.does("lcardenas", "fijar-plazo", court, "--vence", f"2026-11-25T{hour}", "--fuente",
                  "auto admisorio")  # fmt: skip
        assert told(town)[court]["nivel"] == level
        assert town.does(None, "estado").json["vencidos"] == 1 + (level == "vencido")
    assert "vence hoy a las 15:00" in here("alertas", "--casa", town.casa).out
    out = town.casa.parent / "resumen"
    town.does(None, "alertas", "resumen", "--salida", str(out), "--formato", "ics")
    assert "DTSTART:20261125T200000Z" in (out / "alertas-120.ics").read_text("utf-8")

    whom = "nombre=Ana; direccion=Calle 5; municipio=Tunja; medio=certificado"
    letter = town.does(
        "cruiz", "responder", red, "--en-papel", "--firmante", "mquintero", "--para", whom
    )
    row = told(town)[red]
    assert row["quien"] == "ventanilla" and letter.json["salida"] in row["que_hacer"]
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
    assert Smtp.logins and [w for w, _ in Smtp.taken] == [
        ["obras@example.org"], ["nubia@example.org"],
    ]  # fmt: skip
    letter = email.message_from_bytes(Smtp.taken[0][1], policy=email.policy.default)
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
    assert "nadie atiende" in off["error"]["mensaje"]
    config.write_text(plain + '\n[correo]\nhost = "mx.example.org"\ntls = "no"\nusuario = "vu"\n',
                      "utf-8")  # fmt: skip
    assert "tls" in town.does(None, "alertas", code=1).json["error"]["mensaje"]


@pytest.mark.parametrize("way", ["tls", "starttls"])
def test_mail_goes_by_tls_to_a_server_that_is_who_it_says(
    way: Literal["tls", "starttls"], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = Alert(
        "R-1", "vencido", None, None, None, None, "Repártalo.", "ventanilla", "Ventanilla",
        "Un hueco", "peticion", (), True, "art. 8", None,
    )  # fmt: skip
    one = digest.Digest("140", "Alertas\r\nBcc: x@y", "Alcaldía", "1", NOW, [alert])
    Smtp.taken.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        shown.load_cert_chain(certificate(tmp_path / "servidor.pem"))
        if way == "tls":
            server.socket = shown.wrap_socket(server.socket, server_side=True)
        monkeypatch.setattr(Smtp, "starttls", shown if way == "starttls" else None)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        port = server.server_address[1]

        def sent(host: str, port: int) -> mailing.Delivery:
            how = Mail(host=host, puerto=port, tls=way)
            return mailing.send(
                how, [(one, ["a@example.org"])], sender="v@example.org", keys=tmp_path
            )

        try:
            assert "certificado" in sent("127.0.0.1", port).fallidos[0].motivo
            assert not Smtp.taken
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "servidor.pem"))
            assert sent("127.0.0.1", port).enviados[0].a == ["a@example.org"]
        finally:
            server.shutdown()
            thread.join()
    letter = email.message_from_bytes(Smtp.taken[0][1], policy=email.policy.default)
    assert letter["Bcc"] is None and "Bcc: x@y" in letter["Subject"]
    assert "nombre" in sent("no..vale", 25).fallidos[0].motivo
    with pytest.raises(Refused, match="no es una dirección"):
        mailing.send(Mail(host="x"), [(one, ["a@b"])], sender="Ana <a@b>", keys=tmp_path)


def certificate(path: Path) -> Path:
    """A certificate of 127.0.0.1 by itself, with its key, at *path*."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(Encoding.PEM))
    return path


AWAY = Absence("ana", "2026-11-20", "2026-11-30", None, None, None)


@pytest.mark.parametrize(
    ("row", "who", "what"),
    [
        ({"bandeja": "por_decidir"}, "jefe_correspondencia", "decida"),
        ({"bandeja": "devueltos"}, "ventanilla", "otra dependencia"),
        ({"bandeja": "devueltos", "dependencia": "1"}, "jefa", "Volvió"),
        ({"bandeja": "asignados", "dependencia": "2"}, "jefe_correspondencia", "Asígnelo"),
        ({"bandeja": "asignados", "dependencia": "1", "responsable": "ana"}, "jefa", "ausente"),
        ({"bandeja": "asignados", "dependencia": "1", "responsable": "luz"}, "luz", "Respóndalo"),
        ({"carta": LetterWait("por_firmar", None, "jefa", None)}, "jefa", "fírm"),
        ({"carta": LetterWait("vobo", None, "luz", None)}, "luz", "Vo.Bo."),
        ({"carta": LetterWait("devueltos", None, "luz", None)}, "luz", "reparos"),
        ({"dependencia": "1", "responsable": "luz"}, "luz", "aviso"),
    ],
)  # fmt: skip
def test_nobody_is_named_for_what_was_never_theirs(
    row: dict[str, Any], who: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "now", lambda: NOW)
    people = Authority(
        areas={"1": Area("1", "Obras", "jefa"), "2": Area("2", "Sin jefe", None)},
        ausencias={("ana", AWAY.desde): AWAY},
    )
    full = {"dependencia": None, "responsable": None, "vence": None, **row}
    record = OpenRecord("R-1", "Hueco", "peticion", lines.stamp(NOW), estado="en_tramite", **full)
    watch = Watch(NOW, Calendar.of(Hours()), Alerts(), people, "peticion")
    alert = watch.judge(record)
    assert alert.quien == who and re.search(what, alert.que_hacer)


def test_how_near_a_term_is_for_the_area_that_has_it() -> None:
    watch = Watch(NOW, Calendar.of(Hours()), Alerts(), Authority(), "peticion", {"140": 8})
    due = [lines.stamp(NOW + timedelta(days=n)) for n in (-3, 0, 1, 6, 11, 30)]
    levels = ["vencido", "vence_hoy", "rojo", "amarillo", "verde", "verde"]
    assert [watch.near(one, "150")[0] for one in due] == levels
    assert [watch.near(one, "140")[0] for one in due[3:]] == ["rojo", "rojo", "verde"]
    assert watch.near(due[0], "150")[1] == -3


def test_lines_of_a_calendar_never_split_a_letter() -> None:
    folded = digest.fold_line("SUMMARY:" + "ñ€😀x" * 60)
    parts = folded.split(b"\r\n")
    assert all(len(p) <= 75 and p.decode() for p in parts)
    assert b"".join([parts[0], *(p[1:] for p in parts[1:])]).decode() == "SUMMARY:" + "ñ€😀x" * 60
    assert Alert.__struct_fields__[:8] == (
        "radicado", "nivel", "vence", "dias_habiles", "dependencia", "responsable", "que_hacer",
        "quien",
    )  # fmt: skip
