"""A stack scanned in one go becomes its letters; a labelled paper finds its record."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.lectura import Unreadable
from ingest.reader import Reader
from ingest.reception import Recepcion
from records import lines, verificador, verify
from records.errors import Refused
from records.office import Office
from tests import scans
from tests.conftest import text_of
from tests.program import environment, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.backroom import Processed
    from ingest.reception import Issued


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    if shutil.which("tesseract") is None:
        pytest.skip("no hay Tesseract en esta máquina")
    with Reader() as made:
        yield made


@pytest.fixture
def reception(office: Office, reader: Reader) -> Recepcion:
    config = office.home / "config.toml"
    text = config.read_text().replace("asentamiento_segundos = 2.0", "asentamiento_segundos = 0.1")
    config.write_text(text)
    return Recepcion(Office(office.home), reader=reader)


def states(done: list[Processed]) -> list[str]:
    return [one.estado for one in done]


def subjects(reception: Recepcion) -> list[str]:
    """The subject line of each draft, in order."""
    return [d.values().get("asunto", "") for d in reception.bandeja()]


def all_verifies(reception: Recepcion) -> None:
    """Both verifiers accept the home, every file of the vault included."""
    report = verify.verify(reception.office, complete=True)
    assert report.ok, report.hallazgos
    root = (reception.office.home / "keys" / "raiz.pub").read_text()[:64]
    assert verificador.examine(reception.office.home, root)["hallazgos"] == []


def at_the_counter(reception: Recepcion, name: str) -> tuple[Issued, str]:
    """A number given at the counter, and the text of its label."""
    number = reception.radicar_sin_imagen({"remitente": name})
    return number, f"VENTANILLA 1 {number.radicado} {number.evento[:16].upper()}"


# -- separator sheets -----------------------------------------------------------------------------


def test_a_stack_from_the_scanner_becomes_its_letters(reception: Recepcion) -> None:
    pages = [scans.sheet(), scans.letter("Poda de árboles"), scans.sheet(), scans.blank(),
             scans.letter("Copia del acta"), scans.letter("Anexo del acta")]  # fmt: skip
    scans.tiff(reception.inbox / "lote.tif", scans.black(pages))
    done = reception.vigilar_una_vez()
    assert sorted(states(done)) == ["dividido", "por_radicar", "por_radicar"]
    first, second = reception.bandeja()
    assert "Poda" in first.values()["asunto"] and "acta" in second.values()["asunto"]
    assert (first.paginas, second.paginas) == (1, 2)
    assert (first.archivo, second.archivo) == ("lote-1de2.tif", "lote-2de2.tif")
    stack = next(d.borrador for d in done if d.estado == "dividido")
    assert second.notas[0] == f"Parte 2 de 2 de la pila lote.tif ({stack}), páginas 5-6."
    gone = reception.office.estado(stack or "")
    assert gone.estado == "descartado" and gone.recepcion is not None
    assert reception.office.vault.find(gone.recepcion.sha256 or "") is not None
    parts = [reception.office.estado(d.id) for d in (first, second)]
    assert {p.recibido for p in parts} == {gone.recibido}
    issued, omitted = reception.radicar_todos()
    assert len(issued) == 2 and omitted == []
    assert reception.office.ver(issued[1].radicado).campos["pila"].startswith("Parte 2 de 2")
    closing = reception.office.cierre()
    assert [(d["recepcion"], d["motivo"]) for d in closing.descartados] == [(stack, "dividida")]
    assert "páginas 2, 5-6" in closing.descartados[0]["nota"]
    all_verifies(reception)


def test_a_stack_of_jpeg_pages_in_a_pdf_is_parted_in_its_own_lane(reception: Recepcion) -> None:
    pages = [scans.letter("Queja por ruido"), scans.sheet(), scans.letter("Permiso de obra")]
    path = scans.picture_pdf(reception.office.home.parent / "pila.pdf", pages)
    when = lines.now().replace(hour=0, minute=0, second=1)
    done = reception.recibir([path], carril="lote_postal", recibido=when, fuente="4-72")
    assert states(done) == ["dividido", "por_radicar", "por_radicar"]
    assert {Path(one.archivo) for one in done} == {path}
    for draft in reception.bandeja():
        fact = reception.office.estado(draft.id).recepcion
        assert fact is not None and fact.canal == "correo_postal" and fact.fuente == "4-72"
        assert (draft.carril, draft.recibido) == ("lote_postal", lines.stamp(when))
    assert ["ruido" in s or "obra" in s for s in subjects(reception)] == [True, True]


def received(reception: Recepcion, pages: list[str | tuple[str, str] | None]) -> list[Processed]:
    """A PDF with its own text comes to the counter's scanner."""
    path = scans.text_pdf(reception.office.home.parent / "pila.pdf", pages)
    return reception.recibir([path])


def test_sheets_in_a_pdf_with_text_count_wherever_they_lie(reception: Recepcion) -> None:
    done = received(reception, ["uno", "uno bis", None, None, "dos", None, "tres", None])
    assert states(done) == ["dividido"] + ["por_radicar"] * 3
    assert subjects(reception) == ["uno", "dos", "tres"]
    assert [d.paginas for d in reception.bandeja()] == [2, 1, 1]
    texts = [text_of((reception.original(d) or Path()).read_bytes()) for d in reception.bandeja()]
    assert not any("SEPARADORA" in text for text in texts)
    all_verifies(reception)


def test_sheets_alone_are_told_and_no_letter(reception: Recepcion) -> None:
    done = received(reception, [None, "una sola"])
    assert states(done) == ["dividido", "por_radicar"]
    reception.descartar(done[1].borrador or "", "prueba")
    (done,) = received(reception, [None, None])
    assert done.estado == "cuarentena" and "separadoras" in (done.motivo or "")
    assert reception.bandeja() == [] and len(list(reception.quarantine.iterdir())) == 2
    reception.descartar(done.borrador or "", "prueba")
    assert list(reception.quarantine.iterdir()) == []
    all_verifies(reception)


def test_a_stack_that_cannot_be_cut_stays_one_letter_and_says_so(
    reception: Recepcion, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def no_cut(*_: object) -> Iterator[list[Path]]:
        raise Unreadable("danado", "la página 3 cambió al separarla")
        yield []

    monkeypatch.setattr(Reader, "cut", no_cut)
    (done,) = received(reception, ["uno", None, "dos"])
    assert done.estado == "por_radicar"
    (draft,) = reception.bandeja()
    assert draft.paginas == 3 and any("página 3 cambió" in note for note in draft.notas)
    assert reception.office.estado(draft.id).estado == "por_radicar"


def test_a_stack_that_was_numbered_meanwhile_is_not_divided(
    reception: Recepcion, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = Reader.cut
    numbers: list[str] = []

    @contextmanager
    def late(self: Reader, path: Path, parts: list[object]) -> Iterator[list[Path]]:
        with cut(self, path, parts) as files:  # type: ignore[arg-type]
            (draft,) = reception.bandeja()
            numbers.append(reception.radicar(draft.id, {"asunto": "Urgente"}).radicado)
            yield files

    monkeypatch.setattr(Reader, "cut", late)
    (done,) = received(reception, ["uno", None, "dos"])
    assert done.estado == "radicado" and reception.bandeja() == []
    seen = reception.office.ver(numbers[0])
    assert seen.marcas == [] and seen.documentos[-1].paginas == 3
    all_verifies(reception)


def test_a_person_may_say_that_it_is_one_letter(reception: Recepcion) -> None:
    """What was divided once and is revived is read whole; the same file again is a stack again."""
    done = received(reception, ["uno", None, "dos"])
    for part in done[0].partes:
        reception.descartar(part, "otro", nota="era una sola carta")
    reception.revivir(done[0].borrador or "")
    (again,) = reception.leer_pendientes()
    assert again.estado == "por_radicar" and reception.bandeja()[0].paginas == 3
    received(reception, ["tres", None, "cuatro"])
    done = received(reception, ["tres", None, "cuatro"])
    assert states(done) == ["dividido", "duplicado", "duplicado"]
    all_verifies(reception)


# -- a kill on the way ----------------------------------------------------------------------------


def killed_at(home: Path, path: Path, n: int) -> bool:
    """Receive *path* in a process that dies on the way; whether it did."""
    words = [sys.executable, "-m", "tests.killing", str(home), str(path), str(n)]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def kill(reception: Recepcion, tmp_path: Path, pages: list[str | None], n: int) -> bool:
    """Kill a division before its *n*-th write; the next start has each letter once, or False."""
    home = reception.office.home
    path = scans.text_pdf(tmp_path / f"pila-{n}.pdf", [f"{p} {n}" if p else None for p in pages])
    if not killed_at(home, path, n):
        return False
    after = Recepcion(Office(home), reader=reception.reader)
    after.ponerse_al_dia()
    after.leer_pendientes()
    assert subjects(after) == [f"{p} {n}" for p in pages if p], n
    all_verifies(after)
    for part in after.bandeja():
        after.descartar(part.id, "prueba")
    after.office.index.close()
    return True


LETTERS = ["uno", None, "dos", None, "tres"]


def test_a_kill_half_way_neither_loses_nor_doubles_a_letter(
    reception: Recepcion, tmp_path: Path
) -> None:
    assert kill(reception, tmp_path, LETTERS, 8)


@pytest.mark.largo
def test_a_kill_at_any_moment_neither_loses_nor_doubles_a_letter(
    reception: Recepcion, tmp_path: Path
) -> None:
    n = 0
    while kill(reception, tmp_path, LETTERS, n):
        n += 1
    assert n > 12


# -- labels ---------------------------------------------------------------------------------------


def test_labelled_papers_scanned_together_go_each_to_its_number(reception: Recepcion) -> None:
    (one, first), (two, second) = at_the_counter(reception, "Ana"), at_the_counter(reception, "Eva")
    done = received(reception, [("carta de Ana", first), "sigue", ("carta de Eva", second)])
    assert states(done) == ["dividido", "incorporado", "incorporado"]
    assert [d.radicado for d in done[1:]] == [one.radicado, two.radicado]
    for number, subject, pages in ((one, "carta de Ana", 2), (two, "carta de Eva", 1)):
        seen = reception.office.ver(number.radicado)
        assert seen.marcas == [] and seen.documentos[-1].paginas == pages
        assert reception.office.buscar(f'"{subject}"').radicados[0].radicado == number.radicado
    assert reception.bandeja() == []
    all_verifies(reception)


def test_the_rest_of_a_cut_stack_follows_the_image_that_was_filed(
    reception: Recepcion, tmp_path: Path
) -> None:
    """A torn write kept the first letter alone, and it was read before its stack was."""
    (_, first), (two, second) = at_the_counter(reception, "Ana"), at_the_counter(reception, "Eva")
    pages: list[str | tuple[str, str] | None] = [("de Ana", first), "sigue", ("de Eva", second)]
    office = reception.office
    held = {"nombre": "pila.pdf", "carril": "ventanilla", "extension": "pdf"}
    whole = scans.text_pdf(tmp_path / "pila.pdf", pages).read_bytes()
    stack = office.recibir(whole, reclamo="ventanilla-1", **held)
    part = scans.text_pdf(tmp_path / "parte.pdf", pages[:2]).read_bytes()
    office.recibir(part, reclamo="ventanilla-1/1-2", **held)
    reception.ponerse_al_dia()
    reception.leer(f"VU1.{int(stack.partition('.')[2]) + 1}")
    assert sorted(states(reception.leer_pendientes())) == ["dividido", "incorporado", "resuelto"]
    assert office.ver(two.radicado).marcas == [] and reception.bandeja() == []
    all_verifies(reception)


def test_a_letter_that_encloses_stamped_copies_is_not_parted(reception: Recepcion) -> None:
    _, label = at_the_counter(reception, "Ana")
    done = received(reception, ["carta nueva", ("copia de la de Ana", label)])
    assert states(done) == ["por_radicar"] and reception.bandeja()[0].paginas == 2


def test_what_comes_back_signed_is_filed_to_its_record(reception: Recepcion) -> None:
    number, label = at_the_counter(reception, "Ana")
    received(reception, [("carta", label)])
    (done,) = received(reception, [("carta con recibido guacamaya", label)])
    assert (done.estado, done.radicado) == ("incorporado", number.radicado)
    assert done.motivo == f"acuse de {number.radicado}" and reception.bandeja() == []
    seen = reception.office.ver(number.radicado)
    assert [d.rol for d in seen.documentos] == ["original", "registro", "acuse"]
    assert all((reception.office.home / (d.archivo or "")).is_file() for d in seen.documentos)
    assert reception.office.buscar("guacamaya").radicados[0].radicado == number.radicado
    assert list((reception.office.home / "lecturas").glob("*.pdf")) == []
    (told,) = reception.office.cierre().acuses
    assert (told["radicado"], told["archivo"]) == (number.radicado, "pila.pdf")
    reception.office.index.rebuild()
    assert reception.office.buscar("guacamaya").total == 1
    all_verifies(reception)


def test_the_constancia_that_comes_back_is_filed_too(reception: Recepcion) -> None:
    number, label = at_the_counter(reception, "Ana")
    given = reception.office.constancia(number.radicado)
    (early,) = reception.recibir([Path(given.archivo)])
    assert early.estado == "duplicado", "it is not the paper that the number waits for"
    received(reception, [("carta", label)])
    reception.descartar(early.borrador or "", "duplicado", de=number.radicado)
    again = reception.office.home.parent / "firmada.pdf"
    again.write_bytes(Path(given.archivo).read_bytes() + b"\n% firmada por Ana\n")
    (done,) = reception.recibir([again])
    assert (done.estado, done.motivo) == ("incorporado", f"acuse de {number.radicado}")
    all_verifies(reception)


def test_what_may_be_a_new_letter_is_left_to_a_person(reception: Recepcion) -> None:
    (number, label), (_, other) = at_the_counter(reception, "Ana"), at_the_counter(reception, "Eva")
    received(reception, [("carta", label)])
    cases: list[tuple[str, str | None, list[str | tuple[str, str] | None]]] = [
        ("mismo archivo", None, [("carta", label)]),
        ("llegó de fuera", "fax", [("carta de nuevo", label)]),
        ("más páginas", None, [("carta vieja", label), "y una nueva"]),
        ("sepárelos", None, [("carta vieja", label), ("otra", other)]),
    ]
    for why, lane, pages in cases:
        path = scans.text_pdf(reception.office.home.parent / "vuelve.pdf", pages)
        (done,) = reception.recibir([path], carril=lane)
        assert done.estado == "duplicado", why
        (draft,) = reception.bandeja()
        assert draft.duplicado_de == number.radicado
        assert any(why in note and number.radicado in note for note in draft.notas), draft.notas
        if why == "mismo archivo":
            with pytest.raises(Refused, match=why):
                reception.incorporar(draft.id, number.radicado)
            reception.radicar(draft.id)
        else:
            reception.incorporar(draft.id, number.radicado.lower())
        assert reception.bandeja() == []
    roles = [d.rol for d in reception.office.ver(number.radicado).documentos]
    assert roles == ["original", "registro", "acuse", "acuse", "acuse"]
    all_verifies(reception)


def test_a_forged_label_is_noted_and_a_strangers_is_none(reception: Recepcion) -> None:
    number, _ = at_the_counter(reception, "Ana")
    forged = f"VENTANILLA 1 {number.radicado} {'0' * 16}"
    (done,) = received(reception, [("carta", forged)])
    assert done.estado == "por_radicar"
    assert any("no corresponde" in note for note in reception.bandeja()[0].notas)
    (done,) = received(reception, [("otra", f"VENTANILLA 1 2026-OTRA-E-000001 {'0' * 16}")])
    assert done.estado == "por_radicar" and reception.bandeja()[1].notas == []
    assert reception.office.ver(number.radicado).marcas == ["imagen_pendiente"]


def test_a_paper_whose_label_cannot_be_read_is_joined_by_hand(reception: Recepcion) -> None:
    number, _ = at_the_counter(reception, "Ana")
    received(reception, ["carta con el rótulo roto"])
    (draft,) = reception.bandeja()
    other = Recepcion(Office(reception.office.home, persona="gpardo"), reader=reception.reader)
    with pytest.raises(Refused, match="papel"):
        other.incorporar(draft.id, number.radicado)
    casa = reception.office.home
    done = run("incorporar", draft.id, number.radicado, "--json", "--casa", casa)
    assert done.code == 0, done.err
    assert (done.json["radicado"], done.json["rol"]) == (number.radicado, "imagen")
    fresh = Recepcion(Office(casa), reader=reception.reader)
    seen = fresh.office.ver(number.radicado)
    assert seen.marcas == [] and [d.rol for d in seen.documentos] == ["original", "registro"]
    assert seen.historia[-2].actor == fresh.office.persona
    missing = run("incorporar", draft.id, "2026-VU1-E-000999", "--casa", casa)
    assert missing.code == 1 and "Traceback" not in missing.err
    all_verifies(fresh)


# -- the sheet ------------------------------------------------------------------------------------


def test_the_sheet_is_printed_with_and_without_an_office(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "hojas" / "hoja.pdf"
    done = run("hoja-separadora", "--salida", target, "--copias", "3", "--json", cwd=tmp_path)
    assert done.code == 0 and done.json == {"archivo": str(target)}
    text = text_of(target.read_bytes())
    assert text.count("HOJA SEPARADORA") == 3 and "No es un documento" in text
    done = run("hoja-separadora", "--json", "--casa", office.home)
    text = text_of(Path(done.json["archivo"]).read_bytes())
    assert Path(done.json["archivo"]) == office.home / "salida" / "hoja-separadora.pdf"
    assert "San Jacinto" in text and "HOJA SEPARADORA" in text
    refused = run("hoja-separadora", "--salida", "/proc/no/hoja.pdf", cwd=tmp_path)
    assert refused.code in (1, 4) and "Traceback" not in refused.err
    assert run("hoja-separadora", "--copias", "0", cwd=tmp_path).code == 2
