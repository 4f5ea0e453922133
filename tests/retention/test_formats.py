"""Formats are told by bytes, what is at risk by radicado; a migration lies beside its document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from records import verificador, verify
from records.errors import Refused
from records.imported import RecordImported
from records.journal import Draft
from records.lines import sha256
from records.office import Office
from records.preserving import RecordMigrated
from retention import formats, register, sniffing
from retention.archive import Archivo
from retention.preservation import Preservation
from tests.conftest import page_pdf
from tests.program import here

Letter = Callable[..., str]
TOOL = "LibreOffice 25.2"


def picture(kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    Image.new("L", (9, 9)).save(out, kind, **how)
    return out.getvalue()


def zipped(*names: str, first: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def claiming(part: str, level: str) -> bytes:
    said = f"<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>{level}</pdfaid:conformance>"
    return b"%PDF-1.7\n" + said.encode()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
SAMPLES: list[tuple[str, bytes, str]] = [
    ("pdfa-2b", page_pdf(), "pdf"),
    ("pdfa-3u", claiming("3", "U"), "pdf"),
    ("pdfa-1b", b'%PDF-1.4 <x pdfaid:part="1" pdfaid:conformance="B"/>', "pdf"),
    ("pdf-1.7", claiming("9", "B"), "pdf"),
    ("pdf-1.4", b"\n\n%PDF-1.4 uno", "bin"),
    ("pdf", b"%PDF-9.9 uno", "pdf"),
    ("pdf-cifrado", locked(), "pdf"),
    ("tiff", picture("TIFF"), "jpg"),
    ("png-1.0", picture("PNG"), "png"),
    ("jfif-1.01", picture("JPEG"), "jpg"),
    ("jpeg", b"\xff\xd8\xff\xe1..Exif", "jpg"),
    ("gif-87a", picture("GIF"), "gif"),
    ("bmp", picture("BMP"), "bmp"),
    ("docx", DOCX, "bin"),
    ("xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), "bin"),
    ("odt", zipped("content.xml", first=b"application/vnd.oasis.opendocument.text"), "bin"),
    ("zip", zipped("a.txt"), "bin"),
    ("ole2", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(90), "doc"),
    ("rtf", b"{\\rtf1 hola}", "rtf"),
    ("heif", b"\0\0\0\x18ftypheic", "heic"),
    ("xml", b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "xml"),
    ("html", b" <!DOCTYPE html><p>", "htm"),
    ("json", b'{"a":1}', "json"),
    ("eml", b"Received: de\r\n aqui\r\nFrom: ana@x.co\r\n\r\nhola", "bin"),
    ("csv", "caja;año\r\n".encode("cp1252"), "csv"),
    ("texto", "Señor alcalde: le pido".encode(), "txt"),
    ("pem", b"-----BEGIN CERTIFICATE-----\n", "pem"),
    ("desconocido", b"\0\1\2\3", "bin"),
]


def test_a_format_is_told_by_its_bytes_whatever_its_name(tmp_path: Path) -> None:
    for want, data, extension in SAMPLES:
        path = tmp_path / f"x.{extension}"
        path.write_bytes(data)
        assert sniffing.sniff(path) == want, (want, data[:60])
    (tmp_path / "vacio").write_bytes(b"")
    assert sniffing.sniff(tmp_path / "vacio") == "desconocido"


def test_the_register_is_whole_and_says_the_same_as_the_packages() -> None:
    forms = register.forms()
    assert {f.migrar_a for f in forms.values()} <= {"", *forms}
    for form in forms.values():
        target = forms.get(form.migrar_a)
        assert form.estado == "preservacion" or target is None or target.estado == "preservacion"
        assert form.por_que and form.fuente and (form.estado == "preservacion") <= (target is None)
    puids = [f.puid for f in forms.values() if f.puid]
    assert len(set(puids)) == len(puids)
    said = {f.pronom for f in formats._OTHERS.values()} | set(formats._PDF.values())
    assert said <= set(puids)


def no(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(Refused) as told:
        act()
    assert told.value.codigo == code, told.value


def both_accept(office: Office) -> tuple[bool, bool]:
    office.index.catch_up()
    found = verificador.examine(office.home, office.keys.root_public())
    return verify.verify(office).ok, not found["hallazgos"]


def test_what_is_at_risk_is_told_and_its_migration_stands_beside_it(
    archive: Archivo, letter: Letter, tmp_path: Path
) -> None:
    office = archive.office
    subject = office.recibir(
        DOCX, reclamo="r", nombre="a.docx", carril="ventanilla", extension="bin"
    )
    at_risk = office.radicar(subject, {"remitente": "Ana", "asunto": "Un hueco"}).radicado
    other = letter()
    name = archive.abrir("140.01.01", "Tutela", con=[at_risk]).expediente
    found = here("formatos", "--json", "--casa", office.home).json
    (one,) = found["en_riesgo"]
    assert (one["radicado"], one["expedientes"], one["rol"]) == (at_risk, [name], "original")
    assert (one["formato"], one["migrar_a"], one["copia"]) == ("docx", "pdfa-2b", None)
    assert found["sin_copia"] == 1
    counts = {f["formato"]: (f["documentos"], f["puid"]) for f in found["formatos"]}
    assert counts["docx"] == (1, "fmt/412") and counts["pdfa-2b"] == (1, "fmt/477")
    assert found["documentos"] == sum(n for n, _ in counts.values())

    door = Preservation(office)
    new, worse = tmp_path / "carta.pdf", tmp_path / "carta.rtf"
    new.write_bytes(page_pdf("La misma carta"))
    worse.write_bytes(b"{\\rtf1 hola}")
    no("formato_destino", lambda: door.migrar(at_risk, "original", worse, TOOL))
    no("sin_documento", lambda: door.migrar(at_risk, "acuse", new, TOOL))
    no("sin_documento", lambda: door.migrar(other, one["sha256"], new, TOOL))
    no("sin_herramienta", lambda: door.migrar(at_risk, "original", new, " "))
    no("sin_archivo", lambda: door.migrar(at_risk, "original", tmp_path / "nada", TOOL))
    no("sin_permiso", lambda: Preservation(Office(office.home, persona="cruiz")).migrar(
        at_risk, "original", new, TOOL))  # fmt: skip
    done = here("migrar", at_risk, "--documento", one["sha256"][:12], "--archivo", new,
                "--herramienta", TOOL, "--json", "--casa", office.home)  # fmt: skip
    assert done.code == 0, done.err
    assert (done.json["formato_de"], done.json["formato_a"]) == ("fmt/412", "fmt/477")
    assert done.json["avisos"] == []
    seen = here("ver", at_risk, "--json", "--casa", office.home).json["documentos"]
    assert [(d["rol"], d["de"]) for d in seen] == [("original", None), ("migracion", one["sha256"])]
    assert (office.home / seen[0]["archivo"]).read_bytes() == DOCX
    assert (office.home / seen[1]["archivo"]).read_bytes() == new.read_bytes()
    no("ya_migrado", lambda: door.migrar(at_risk, "original", new, TOOL))
    (told,) = door.formatos().en_riesgo
    assert told.copia == "migracion" and door.formatos().sin_copia == 0
    assert both_accept(office) == (True, True)

    fact = RecordImported(
        radicado="20190001", origen="orfeo", clase="E", documentos=[("original", one["sha256"])],
        lote=done.json["a"],
    )  # fmt: skip
    office.asentar(lambda _: [Draft(fact, lambda seq: f"{office.punto}.{seq}", "demo")])
    claims = tmp_path / "dice.pdf"
    claims.write_bytes(claiming("2", "B") + b"%%EOF")
    no("pdf_danado", lambda: door.migrar("20190001", "original", claims, TOOL))
    claims.write_bytes(office.vault.read(office.estado(office.subject(other)).documentos[1].sha256))
    assert "no se pudo comprobar" in door.migrar("20190001", "original", claims, TOOL).avisos[0]
    assert both_accept(office) == (True, True)


def test_both_refuse_a_migration_that_lies(archive: Archivo, letter: Letter) -> None:
    office = archive.office
    one, two = letter(), letter()
    own, others = (office.estado(office.subject(r)).documentos[0].sha256 for r in (one, two))
    data = page_pdf("otra")

    def say(de: str) -> None:
        fact = RecordMigrated(
            radicado=one, de=de, a=sha256(data), rol="original", formato_de="fmt/18",
            formato_a="fmt/477", herramienta=TOOL,
        )  # fmt: skip
        office.asentar(lambda _: [Draft(fact, office.subject(one), "demo")])

    say(own)
    assert both_accept(office) == (False, False)  # the new document is not there
    office.vault.put(data, "pdf")
    assert both_accept(office) == (True, True)
    say(others)
    assert both_accept(office) == (False, False)
