"""A PDF that asks for its password: opened with it, told without it, kept nowhere."""

from __future__ import annotations

import io
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

from ingest.lectura import Unreadable
from ingest.reception import Recepcion
from records.errors import Refused
from records.office import Office
from tests.conftest import page_pdf
from tests.program import command, environment, run

if TYPE_CHECKING:
    from ingest.reader import Reader

WORD = "Cédula-51234567"


def locked(user: str = WORD, owner: str = "dueña", revision: int = 6) -> bytes:
    """A letter that opens with *user*; with an empty one, for everybody."""
    lock = pikepdf.Encryption(
        user=user, owner=owner, R=revision, aes=revision >= 4, metadata=revision >= 4
    )
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(page_pdf("Señores Alcaldía de Tunja"))) as pdf:
        pdf.save(file, encryption=lock)
    return file.getvalue()


def kept(data: bytes, folder: Path) -> Path:
    """The path of a file of these bytes."""
    path = folder / "carta.pdf"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("revision", [3, 4, 6])
def test_its_password_opens_it_and_the_copy_has_none(
    reader: Reader, tmp_path: Path, revision: int
) -> None:
    lectura, made = reader.read(kept(locked(revision=revision), tmp_path), password=WORD)
    assert lectura.texto == "Señores Alcaldía de Tunja"
    assert "Traía contraseña; la copia de archivo no la lleva." in lectura.notas
    with pikepdf.open(io.BytesIO(made)) as copy:
        assert not copy.is_encrypted


def test_without_it_or_with_another_it_stays_closed(reader: Reader, tmp_path: Path) -> None:
    path = kept(locked(), tmp_path)
    for word, code in ((None, "cifrado"), ("otra", "contrasena")):
        with pytest.raises(Unreadable) as caught:
            reader.read(path, password=word)
        assert caught.value.codigo == code


def test_a_password_that_is_not_needed_does_no_harm(reader: Reader, tmp_path: Path) -> None:
    lectura, _ = reader.read(kept(locked(user=""), tmp_path), password="cualquiera")
    assert any("restricciones del autor" in note for note in lectura.notas)


def test_a_certificate_is_no_password(reader: Reader, tmp_path: Path) -> None:
    data = locked().replace(b"/Filter /Standard", b"/Filter /Adobe.PubSec")
    with pytest.raises(Unreadable) as caught:
        reader.read(kept(data, tmp_path), password=WORD)
    assert caught.value.codigo in ("certificado", "danado")


@pytest.fixture
def reception(office: Office, reader: Reader) -> Recepcion:
    """The reception of a demo office, with the real reader."""
    return Recepcion(Office(office.home), reader=reader)


def holds(home: Path, word: str) -> bool:
    """Whether any file under *home* has *word* in it."""
    return any(word.encode() in p.read_bytes() for p in home.rglob("*") if p.is_file())


def test_the_letter_waits_until_its_password_comes(reception: Recepcion, tmp_path: Path) -> None:
    data = locked()
    (done,) = reception.recibir([kept(data, tmp_path)])
    assert done.estado == "cuarentena" and "--contrasena-de" in (done.motivo or "")
    (draft,) = reception.bandeja(cuarentena=True)
    assert draft.codigo == "cifrado"
    with pytest.raises(Refused, match=r"no abre carta\.pdf") as wrong:
        reception.reintentar(draft.id, "no es esta")
    assert wrong.value.codigo == "contrasena"
    (draft,) = reception.bandeja(cuarentena=True)
    assert draft.codigo == "cifrado"
    assert [p.name for p in reception.quarantine.glob("*.pdf")]
    assert reception.reintentar(draft.id, WORD).estado == "por_radicar"
    assert list(reception.quarantine.glob(f"{draft.id}-*")) == []
    issued = reception.radicar(draft.id)
    assert issued.sha256 is not None
    original = reception.office.vault.find(draft.sha256 or "")
    assert original is not None and original.read_bytes() == data
    assert not holds(reception.office.home, WORD)
    assert not holds(reception.office.home, "no es esta")


def test_a_sealed_record_keeps_a_signed_letters_bytes(reception: Recepcion, tmp_path: Path) -> None:
    from tests.ingest.test_firmas import Signer

    data = Signer().sign(page_pdf())
    (done,) = reception.recibir([kept(data, tmp_path)])
    issued = reception.radicar(done.borrador or "")
    home = reception.office.home
    seen = run("ver", issued.radicado, "--json", "--casa", home).json
    roles = {d["rol"]: d for d in seen["documentos"]}
    assert (home / roles["original"]["archivo"]).read_bytes() == data
    assert (home / roles["registro"]["archivo"]).read_bytes() != data
    assert [f["estado"] for f in seen["firmas"]] == ["intacta"]
    assert any("Ana María Ríos" in note for note in seen["notas"])
    told = run("ver", issued.radicado, "--casa", home).out
    assert "No se comprobó quién responde por los certificados" in told


@pytest.mark.largo
def test_a_password_comes_by_a_file_or_by_the_input(tmp_path: Path) -> None:
    path, secret = kept(locked(), tmp_path), tmp_path / "clave.txt"
    secret.write_text(f"{WORD}\n", encoding="utf-8")
    opened = run("leer", path, "--contrasena-de", secret, "--json").json["archivos"][0]
    assert opened["paginas"][0]["texto"] == "Señores Alcaldía de Tunja"
    assert opened["firmas"] == []
    closed = run("leer", path, "--json")
    assert closed.code == 1 and closed.json["error"]["codigo"] == "cifrado"
    absent = run("leer", path, "--contrasena-de", tmp_path / "no.txt", "--json")
    assert absent.code == 1 and absent.json["error"]["codigo"] == "clave_archivo"


@pytest.mark.largo
def test_retrying_takes_the_password_from_the_input(office: Office, tmp_path: Path) -> None:
    home = office.home
    received = run("recibir", kept(locked(), tmp_path), "--json", "--casa", home).json
    ident = received["procesados"][0]["borrador"]

    def retry(word: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command("reintentar", ident, "--contrasena-de", "-", "--casa", home),
            input=f"{word}\n", capture_output=True, text=True, check=False, timeout=120,
            env=environment(PYTHONIOENCODING="utf-8"),
        )  # fmt: skip

    wrong = retry("otra")
    assert wrong.returncode == 1 and "La contraseña no abre carta.pdf" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    right = retry(WORD)
    assert right.returncode == 0 and "por radicar" in right.stdout
    assert not holds(home, WORD)


@pytest.mark.largo
def test_no_process_shows_it(reader: Reader, tmp_path: Path) -> None:
    path, stop, seen = kept(locked(), tmp_path), threading.Event(), set()

    def look() -> None:
        while not stop.is_set():
            for name in ("cmdline", "environ"):
                for entry in Path("/proc").glob(f"[0-9]*/{name}"):
                    with suppress(OSError):
                        if WORD.encode() in entry.read_bytes():
                            seen.add(entry)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        reader.read(path, password=WORD)
    finally:
        stop.set()
        watcher.join()
    assert not seen
