"""Acknowledgments of reception and departure, as an office queues, sends and marks them."""

from __future__ import annotations

import email
import email.policy
import io
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from filelock import FileLock

from records import acuses, channels, fields
from records.errors import MachineCannot
from records.office import Office
from tests.conftest import text_of
from tests.program import here
from tests.smtp import Smtp, serving
from tests.town import Town, founded

ANA = {"remitente": "Ana Peña", "canal": "correo_electronico", "correo": "ana@example.org"}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return founded(tmp_path / "oficina")


@pytest.fixture
def post(town: Town) -> Iterator[int]:
    """A mail server that the office knows."""
    with serving() as port:
        configure(town, port)
        yield port


def configure(town: Town, port: int) -> None:
    config = town.casa / "config.toml"
    text = config.read_text("utf-8").partition("\n[correo]\n")[0]
    config.write_text(
        f'{text}\n[correo]\nhost = "127.0.0.1"\npuerto = {port}\ntls = "no"\n'
        'remitente = "vu@example.org"\n',
        "utf-8",
    )


def due(town: Town, who: str | None = "cruiz") -> list[dict[str, Any]]:
    told = town.does(who, "acuses").json
    assert told["total"] == len(told["pendientes"])
    assert town.does(None, "estado").json["acuses_pendientes"] == told["total"]
    rows: list[dict[str, Any]] = told["pendientes"]
    return rows


def read(data: bytes) -> EmailMessage:
    found = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def attached(mail: EmailMessage) -> list[bytes]:
    return [p.get_content() for p in mail.iter_attachments()]


def refused(town: Town, *words: str, who: str = "cruiz", code: int = 1) -> dict[str, Any]:
    told: dict[str, Any] = town.does(who, *words, code=code).json["error"]
    return told


def letter(town: Town, *whom: str) -> str:
    """A letter that was signed on paper, and left by e-mail for all."""
    asked = town.number(tipo="peticion", remitente="Ana Peña", dependencia="140")
    pairs = [w for one in whom for w in ("--para", f"{one}; medio=correo_electronico")]
    made = town.does("cruiz", "responder", asked, "--en-papel", "--firmante", "mquintero", *pairs)
    town.does("cruiz", "enviar", asked, "--medio", "correo_electronico")
    return str(made.json["salida"])


def test_one_that_came_by_mail_waits_until_somebody_marks_it(town: Town) -> None:
    paper = town.number(correo="ana@example.org")
    assert due(town) == [] and town.see(paper)["acuses"] == []
    mail = town.number(**ANA, tipo="queja", anexos='[{"clase":"fotos","cantidad":2}]')
    chat = town.number(canal="whatsapp", telefono="300 555 1234", correo="no sé")
    lost = town.number(canal="redes")
    rows = due(town, None)
    assert [(r["radicado"], r["de"], r["medio"], r["a"]) for r in rows] == [
        (mail, "recibo", "correo_electronico", "ana@example.org"),
        (chat, "recibo", "whatsapp", "300 555 1234"),
        (lost, "recibo", "redes", None),
    ]
    assert rows[0]["desde"] == town.see(mail)["fecha"]
    shown = here("acuses", "--casa", town.casa).out
    assert "sin dirección: entregue la constancia" in shown and "3 acuse(s)" in shown
    assert "3 acuse(s) de recibo o de salida" in here("estado", "--casa", town.casa).out
    assert "POR ENVIAR" in here("ver", mail, "--casa", town.casa).out

    folder = town.casa / "salida" / "acuses"
    made = town.does("cruiz", "acuses", "preparar").json["archivos"]
    assert [Path(f["archivo"]).name for f in made] == [
        f"acuse-recibo-{mail}.eml", f"acuse-recibo-{chat}.txt", f"acuse-recibo-{lost}.txt",
    ]  # fmt: skip
    told = read((folder / f"acuse-recibo-{mail}.eml").read_bytes())
    assert told["To"] == "ana@example.org" and mail in told["Subject"]
    assert told["From"].addresses[0].addr_spec == "ventanilla@sanjacintodelrio.gov.co"
    text, (pdf,) = body(told), attached(told)
    due_on = "Respuesta: a más tardar el"
    for said in (mail, "Un hueco", "Queja", "2 fotos", due_on, "San Jacinto", "pregunte por"):
        assert said in text, said
    hour = here("ver", mail, "--casa", town.casa).out.split("Recibido ")[1].split(" ·")[0]
    assert f"Recibido: {hour}" in text and "DEMOSTRACIÓN" in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1
    assert mail in text_of(pdf)
    assert chat in (folder / f"acuse-recibo-{chat}.txt").read_text("utf-8")
    again = town.does("cruiz", "acuses", "preparar").json["archivos"]
    assert again == made and len(list(folder.iterdir())) == 3
    assert attached(read((folder / f"acuse-recibo-{mail}.eml").read_bytes())) == [pdf]
    assert len(due(town)) == 3  # to prepare is not to send

    done = town.does("cruiz", "acuse", chat, "--enviado").json
    assert (done["de"], done["medio"], done["faltan"]) == ("recibo", "whatsapp", 0)
    no = refused(town, "acuse", lost, "--enviado")
    assert no["codigo"] == "sin_direccion" and "art. 61" in no["norma"]
    town.does("cruiz", "acuse", lost, "--enviado", "--medio", "presencial", "--motivo",
              "se le entregó la constancia")  # fmt: skip
    assert [r["radicado"] for r in due(town)] == [mail]
    told_of = town.see(lost)["acuses"]
    assert (told_of[0]["medio"], told_of[0]["motivo"]) == (
        "personal",
        "se le entregó la constancia",
    )
    town.does("cruiz", "acuses", "preparar")
    assert [p.name for p in folder.iterdir()] == [f"acuse-recibo-{mail}.eml"]
    assert town.does(None, "verificar").json["ok"]


def test_what_cannot_be_said_of_one_is_refused(town: Town, tmp_path: Path) -> None:
    paper, mail = town.number(), town.number(**ANA)
    none = refused(town, "acuse", paper, "--enviado")
    assert none["codigo"] == "sin_acuse_pendiente" and "art. 61" in none["norma"]
    for code, *words in (
        ("sin_acuse_pendiente", mail, "--de", "salida"),
        ("sin_acuse_pendiente", mail, "--destinatario", "2"),
        ("no_existe", "2026-VU1-E-000099"),
        ("medio_desconocido", mail, "--medio", "paloma"),
        ("fecha_imposible", mail, "--fecha", "2020-01-01T08:00"),
        ("fecha_imposible", mail, "--fecha", "2199-01-01T08:00"),
        ("sin_motivo", mail, "--motivo", " "),
    ):
        assert refused(town, "acuse", *words, "--enviado")["codigo"] == code, words
    assert refused(town, "acuse", mail, "--enviado", who="mquintero")["codigo"] == "sin_permiso"
    assert refused(town, "acuses", "preparar", who="mquintero")["codigo"] == "sin_permiso"
    town.does("cruiz", "acuse", mail, code=2)
    town.does("cruiz", "acuse", mail, "--enviado", "--fecha", "2026-11-22", code=2)
    (tmp_path / "archivo").write_text("x")
    taken = ("acuses", "preparar", "--salida", str(tmp_path / "archivo"))
    assert refused(town, *taken)["codigo"] == "no_es_carpeta"
    assert refused(town, "acuses", "enviar")["codigo"] == "sin_correo"
    assert len(due(town)) == 1
    town.does("cruiz", "acuse", mail.lower(), "--enviado", "--a", "otra@example.org")
    sent = town.see(mail)["acuses"]
    assert [(a["a"], bool(a["enviado"])) for a in sent] == [("otra@example.org", True)]
    assert "se envió el" in refused(town, "acuse", mail, "--enviado")["mensaje"]
    gone = town.number(**ANA)
    town.does("cruiz", "rectificar", gone, "--campo", "canal=fisico", "--motivo", "llegó en papel")
    assert due(town) == []
    town.does("cruiz", "rectificar", paper, "--campo", "canal=web", "--motivo", "llegó por la web")
    (row,) = due(town)
    assert (row["radicado"], row["medio"], row["a"]) == (paper, "web", None)
    town.does(
        "cruiz",
        "rectificar",
        paper,
        "--campo",
        "correo=b@example.org",
        "--motivo",
        "lo dio después",
    )
    assert due(town)[0]["a"] == "b@example.org"


def test_each_that_the_server_took_is_marked_then_and_what_fails_waits(
    town: Town, post: int
) -> None:
    first = town.number(**ANA)
    bad = town.number(**{**ANA, "correo": "nadie@example.org"})
    last = town.number(**{**ANA, "correo": "luis@example.org"})
    town.number(canal="chat")
    assert refused(town, "acuses", "enviar", who="mquintero")["codigo"] == "sin_permiso"
    done = town.does("svillamil", "acuses", "enviar", code=4).json
    assert [s["radicado"] for s in done["enviados"]] == [first, last]
    assert [f["radicado"] for f in done["fallidos"]] == [bad] and done["faltan"] == 2
    assert "550" in done["fallidos"][0]["motivo"]
    assert done["error"]["codigo"] == "correo_no_enviado"
    assert [whom for whom, _ in Smtp.taken] == [["ana@example.org"], ["luis@example.org"]]
    told = read(Smtp.taken[0][1])
    assert first in body(told) and told["Auto-Submitted"] == "auto-generated"
    assert told["From"].addresses[0].addr_spec == "vu@example.org"
    assert told["Reply-To"] == "ventanilla@sanjacintodelrio.gov.co"
    with pikepdf.open(io.BytesIO(attached(told)[0])) as opened:
        assert len(opened.pages) == 1
    (sent,) = town.see(first)["acuses"]
    assert (sent["medio"], sent["a"]) == ("correo_electronico", "ana@example.org")
    assert [r["radicado"] for r in due(town)] == [bad, town.see(bad)["radicado"][:-1] + "4"]

    configure(town, 1)
    off = town.does("cruiz", "acuses", "enviar", code=4).json
    assert off["enviados"] == [] and "nadie atiende" in off["error"]["mensaje"]
    assert len(due(town)) == 2
    configure(town, post)
    town.does(
        "cruiz", "rectificar", bad, "--campo", "correo=rosa@example.org", "--motivo", "mal leído"
    )
    assert town.does("cruiz", "acuses", "enviar").json["faltan"] == 1
    assert town.does("cruiz", "acuses", "enviar").json["enviados"] == []
    assert len(Smtp.taken) == 3
    with FileLock(town.casa / ".acuses.lock"):  # somebody else is sending
        assert refused(town, "acuses", "enviar")["codigo"] == "ocupado"
    receipt = town.does("cruiz", "constancia", first).json["sha256"]
    assert receipt == town.does("cruiz", "constancia", first).json["sha256"]
    assert town.does(None, "verificar", "--completo").json["ok"]


def test_a_cut_repeats_at_most_one_and_loses_none(
    town: Town, post: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ana", "luis", "rosa"):
        town.number(**{**ANA, "correo": f"{name}@example.org"})
    whole, calls = Office._mark_sent, 0

    def cut(self: Office, *words: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise MachineCannot("disco_lleno", "No queda espacio en el disco.")
        return whole(self, *words)

    monkeypatch.setattr(Office, "_mark_sent", cut)
    done = town.does("cruiz", "acuses", "enviar", code=4).json
    assert len(done["enviados"]) == 1 and done["error"]["codigo"] == "disco_lleno"
    town.does("cruiz", "acuses", "enviar")
    assert [w for w, _ in Smtp.taken] == [
        ["ana@example.org"], ["luis@example.org"], ["luis@example.org"], ["rosa@example.org"],
    ]  # fmt: skip
    ids = [read(data)["Message-ID"] for _, data in Smtp.taken]
    assert ids[1] == ids[2] and len(set(ids)) == 3
    assert due(town) == []


def test_one_that_breaks_the_connection_keeps_no_other_back(town: Town, post: int) -> None:
    names = ("corte", "ana", "corte", "corte", "corte", "luis")
    numbers = [town.number(**{**ANA, "correo": f"{name}@example.org"}) for name in names]
    done = town.does("cruiz", "acuses", "enviar", code=4).json
    assert [s["radicado"] for s in done["enviados"]] == [numbers[1]]
    assert [f["radicado"] for f in done["fallidos"]] == [numbers[0], *numbers[2:]]
    assert all("cortó la conexión" in f["motivo"] for f in done["fallidos"])
    assert done["faltan"] == 5 and len(Smtp.taken) == 1


def test_no_name_and_no_address_becomes_a_header(town: Town, post: int) -> None:
    nasty = "Ana\r\nBcc: x@y.org"
    town.number(canal="web", remitente=nasty, asunto=f"Hola\n\n.\r\nBcc: z@y.org {nasty}",
                correo="Ana\r\nBcc: otra@example.org <ana@example.org>, b@example.org")  # fmt: skip
    town.number(canal="web", correo='"a b"@example.org, x,y@localhost')
    first, second = due(town)
    assert first["a"] == "otra@example.org" and second["a"] is None
    town.does("cruiz", "acuses", "enviar")
    ((whom, data),) = Smtp.taken
    told = read(data)
    assert whom == ["otra@example.org"] == [a.addr_spec for a in told["To"].addresses]
    assert told["Bcc"] is None and told["Cc"] is None and not told.defects
    assert "Asunto: Hola . Bcc: z@y.org Ana Bcc: x@y.org\n" in body(told)
    assert acuses.address("ana..b@example.org") == acuses.address("ana@example") == ""
    assert acuses.address("<Ana.Peña> a.b+c@sub.example.org.") == "a.b+c@sub.example.org"
    assert acuses.address("a" * 250 + "@example.org") == ""


def test_a_letter_that_left_by_mail_is_told_to_each(town: Town, post: int) -> None:
    out = letter(town, "nombre=Ana; correo=ana@example.org", "nombre=Luis; correo=l@example.org",
                 "nombre=Sin correo")  # fmt: skip
    rows = due(town)
    assert [(r["radicado"], r["de"], r["destinatario"], r["a"]) for r in rows] == [
        (out, "salida", 1, "ana@example.org"), (out, "salida", 2, "l@example.org"),
        (out, "salida", 3, None),
    ]  # fmt: skip
    which = refused(town, "acuse", out, "--enviado")
    assert which["codigo"] == "cual_destinatario" and "2: l@example.org" in which["mensaje"]
    words = ("--destinatario", "3", "--medio", "personal", "--motivo", "firmó la copia")
    assert town.does("cruiz", "acuse", out, "--enviado", *words).json["faltan"] == 2
    before = town.does(None, "buscar", f"radicado:{out}").json["radicados"][0]["dependencia"]
    assert before == "140"  # an acknowledgment moves no letter
    town.does("cruiz", "devuelto", out, "--destinatario", "2", "--causa", "correo_no_existe")
    assert [r["destinatario"] for r in due(town)] == [1]  # nobody is there to be told
    town.does("cruiz", "enviar", out, "--medio", "correo_electronico", "--destinatario", "2",
              "--correo", "nuevo@example.org")  # fmt: skip
    assert [r["a"] for r in due(town)] == ["ana@example.org", "nuevo@example.org"]
    made = town.does("cruiz", "acuses", "preparar").json["archivos"]
    assert [Path(f["archivo"]).name for f in made] == [
        f"acuse-salida-{out}-1-1.eml", f"acuse-salida-{out}-2-2.eml",
    ]  # fmt: skip
    town.does("cruiz", "acuses", "enviar")
    told = read(Smtp.taken[1][1])
    text = body(told)
    assert told["To"] == "nuevo@example.org" and out in text and "Salió: " in text
    assert attached(told) == [] and due(town) == []
    by = [(a["destinatario"], a["a"]) for a in town.see(out)["acuses"]]
    assert by == [(3, None), (1, "ana@example.org"), (2, "nuevo@example.org")]
    assert town.does(None, "verificar").json["ok"]


def test_a_letter_that_did_not_leave_by_mail_and_an_annulled_one_have_none(town: Town) -> None:
    asked = town.number(**ANA, tipo="peticion", dependencia="140", direccion="Calle 5")
    whom = "nombre=Ana; direccion=Calle 5; municipio=Tunja; medio=certificado"
    made = town.does("cruiz", "responder", asked, "--en-papel", "--firmante", "mquintero",
                     "--para", whom)  # fmt: skip
    town.does("cruiz", "enviar", asked, "--medio", "certificado", "--guia", "RA1")
    assert [r["radicado"] for r in due(town)] == [asked]
    told = refused(town, "acuse", made.json["salida"], "--enviado")
    assert "no ha salido por correo" in told["mensaje"]


def test_of_what_is_withheld_the_number_goes_and_no_subject(town: Town, post: int) -> None:
    shut = town.number(**{**ANA, "asunto": "Extorsión"}, tipo="denuncia", dependencia="140",
                       responsable="mquintero")  # fmt: skip
    town.does("ntorres", "clasificar", shut, "--nivel", "reservada", "--fundamento", "19d",
              "--hasta", "2030-01-01", "--motivo", "indagación")  # fmt: skip
    for who in ("cruiz", "gpardo"):
        (row,) = due(town, who)
        assert row["radicado"] == shut and row["visible"] is False
        assert row["a"] is None and row["desde"] is None and row["medio"] is None
    assert due(town, "mquintero")[0]["a"] == "ana@example.org"
    assert town.does("gpardo", "ver", shut).json["acuses"] == []
    town.does("cruiz", "acuses", "preparar", "--salida", str(town.casa / "salida" / "x"))
    (path,) = (town.casa / "salida" / "x").iterdir()
    done = town.does("cruiz", "acuses", "enviar").json
    assert done["enviados"][0]["a"] is None
    for data in (path.read_bytes(), Smtp.taken[0][1]):
        text = body(read(data))
        assert shut in text and "Recibido: " in text and "a más tardar" in text
        assert "Extorsión" not in text and "Denuncia" not in text and attached(read(data)) == []
    assert due(town) == []


def test_an_index_that_was_deleted_tells_the_same(town: Town) -> None:
    mail = town.number(**ANA)
    town.number(canal="chat")
    letter(town, "nombre=Ana; correo=ana@example.org")
    town.does("cruiz", "acuse", mail, "--enviado")
    before = due(town)
    assert len(before) == 2
    office = Office(town.casa)
    assert office.index.differences() == []
    office.index.close()
    for suffix in ("", "-wal", "-shm"):
        (town.casa / f"index.sqlite{suffix}").unlink(missing_ok=True)
    assert due(town) == before


def test_the_words_are_those_of_the_register() -> None:
    assert tuple(channels.table()) == fields.CHANNELS
    assert [c for c in channels.table() if channels.electronic(c)] == [
        "fax", "correo_electronico", "web", "chat", "whatsapp", "redes",
    ]  # fmt: skip
