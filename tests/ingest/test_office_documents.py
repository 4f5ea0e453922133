"""Templates of office programs: their fields however split, and what is refused in them."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from ingest import drafting, landlock, machine, office_documents, office_fields, office_xml
from records import pdfa, settings
from records.errors import MachineCannot, Refused
from records.templates import Template
from tests.conftest import ROOT, text_of

AT = datetime(2026, 11, 22, 10, 3, tzinfo=timezone(timedelta(hours=-5)))
VALUES = {"remitente": "José Ñáñez <b>&", "asunto": "Vía\nal Peñón", "cargo": "{{asunto}}"}
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}'
    "</Relationships>"
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# As Word leaves a field that was typed, corrected and spell-checked.
SPLIT = (
    "<w:p><w:r><w:t>Señor {</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{remi</w:t></w:r>"
    '<w:proofErr w:type="spellStart"/><w:r><w:t>tente</w:t></w:r><w:proofErr w:type="spellEnd"/>'
    '<w:r><w:t xml:space="preserve">}}, sobre {{ Asunto }} y {{</w:t></w:r><w:smartTag><w:r><w:t>'
    "cargo</w:t></w:r></w:smartTag><w:r><w:t>}}.</w:t></w:r></w:p>"
)
ODF_TEXT = (
    "<text:p>Señor {<text:span>{remi</text:span>ten<text:span>te<text:span>}</text:span></text:"
    "span>}, sobre {{ Asunto }} y {{cargo}}.</text:p>"
)


def word(
    body: str = SPLIT,
    main: str = office_xml._MAIN,
    more: dict[str, str | bytes] | None = None,
    related: str = "",
) -> bytes:
    """A .docx as small as one can be, with *more* parts and what its text is *related* to."""
    document = (
        '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
        f'wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    )
    link = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    parts = {
        "[Content_Types].xml": TYPES.format(main=main),
        "_rels/.rels": RELATIONS.format(link),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": RELATIONS.format(related),
        **(more or {}),
    }
    return zipped(parts)


def open_document(body: str = ODF_TEXT, more: dict[str, str | bytes] | None = None) -> bytes:
    names = {n: f"urn:oasis:names:tc:opendocument:xmlns:{n}:1.0" for n in (
        "office", "text", "draw", "script", "manifest")}  # fmt: skip
    said = " ".join(f'xmlns:{n}="{u}"' for n, u in names.items())
    content = (
        f'<office:document-content {said} xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'office:version="1.2"><office:body><office:text>{body}</office:text></office:body>'
        "</office:document-content>"
    )
    kind = office_xml.MIMETYPE.decode()
    manifest = (
        f'<manifest:manifest xmlns:manifest="{names["manifest"]}"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{kind}"/><manifest:file-entry '
        'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    parts = {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}
    return zipped({**parts, **(more or {})})


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


DOCUMENTS = {".docx": word, ".odt": open_document}


@pytest.mark.parametrize("suffix", DOCUMENTS)
def test_a_field_split_by_the_program_is_one_and_values_are_data(suffix: str) -> None:
    data = DOCUMENTS[suffix]()
    assert office_documents.read(data, suffix).campos == ["remitente", "asunto", "cargo"]
    parts = office_fields.filled(office_xml.judged(data, suffix), suffix, VALUES)
    assert (
        office_fields.texts(parts, suffix).replace("\n", "")
        == "Señor José Ñáñez <b>&, sobre Víaal Peñón y {{asunto}}."
    )
    again = office_xml.judged(office_xml.pack(parts), suffix)
    main = again["word/document.xml" if suffix == ".docx" else "content.xml"].decode()
    assert "&lt;b&gt;&amp;" in main and ("<w:br/>" in main or "<text:line-break/>" in main)


def test_a_field_without_a_value_is_told_from_the_child() -> None:
    if office_documents.program() is None:
        pytest.skip("sin LibreOffice")
    with pytest.raises(Refused, match="«asunto», «cargo»"):
        office_documents.to_pdf(word(), ".docx", {"remitente": "x"})


IMAGE = (
    f'<Relationship Id="r" Type="{OFFICE}/image" Target="file:///etc/passwd" '
    'TargetMode="External"/>'
)
OBJECT = f'<Relationship Id="r" Type="{OFFICE}/oleObject" Target="x.bin"/>'
CHUNK = f'<Relationship Id="r" Type="{OFFICE}/aFChunk" Target="x.html"/>'
FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> INCLUDE</w:instrText>'
    '</w:r><w:r><w:instrText>TEXT "/etc/passwd"</w:instrText></w:r></w:p>'
)
BOMB = "<!DOCTYPE a [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><a>&b;</a>"
DRAWN = '<text:p><draw:{} xlink:href="{}"/></text:p>'
HOSTILE = {
    "macro": (".docx", word(more={"word/vbaProject.bin": b"x"})),
    "docm": (".docx", word(main=office_xml._MAIN.replace("document.main", "macroEnabled.main"))),
    "image": (".docx", word(related=IMAGE)),
    "object": (".docx", word(related=OBJECT)),
    "chunk": (".docx", word(related=CHUNK)),
    "field": (".docx", word(FIELD)),
    "simple": (".docx", word('<w:p><w:fldSimple w:instr="DDEAUTO c m"/></w:p>')),
    "entity": (".docx", word(more={"word/header1.xml": BOMB})),
    "climb": (".docx", word(more={"../../x": b"x"})),
    "absolute": (".docx", word(more={"/x": b"x"})),
    "many": (".docx", word(more={f"p{n}": b"" for n in range(2001)})),
    "old": (".docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512),
    "cut": (".docx", word()[:-40]),
    "none": (".docx", b"%PDF-1.7"),
    "odt as docx": (".docx", open_document()),
    "odf image": (".odt", open_document(DRAWN.format("image", "../../etc/passwd"))),
    "odf net": (".odt", open_document(DRAWN.format("image", "http://x/y.png"))),
    "odf object": (".odt", open_document(DRAWN.format("object", "./Object 1"))),
    "odf section": (".odt", open_document('<text:section-source xlink:href="x.odt"/>')),
    "odf macro": (".odt", open_document(more={"Basic/script-lc.xml": "<a/>"})),
    "odf event": (".odt", open_document('<script:event-listener script:event-name="dom:load"/>')),
    "odf locked": (".odt", open_document(more={"META-INF/manifest.xml": "<encryption-data/>"})),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_could_lead_the_converter_astray_is_refused(name: str) -> None:
    suffix, data = HOSTILE[name]
    with pytest.raises(Refused) as caught:
        office_xml.judged(data, suffix)
    assert caught.value.codigo == "documento_invalido" and caught.value.consejo


def test_a_document_that_swells_is_refused() -> None:
    with pytest.raises(Refused, match="demasiado grande"):
        office_xml.judged(word(more={"word/x.bin": b"\0" * (101 << 20)}), ".docx")


def test_an_authors_own_template_path_is_dropped_and_links_stay() -> None:
    relations = RELATIONS.format(
        f'<Relationship Id="a" Type="{OFFICE}/attachedTemplate" Target="file:///C:/N.dotm" '
        f'TargetMode="External"/><Relationship Id="b" Type="{OFFICE}/hyperlink" '
        'Target="https://www.gov.co" TargetMode="External"/>'
    )
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    own = f'<w:settings xmlns:w="{main}"><w:attachedTemplate/><w:zoom/></w:settings>'
    parts = office_xml.judged(
        word(more={"word/_rels/settings.xml.rels": relations, "word/settings.xml": own}), ".docx"
    )
    kept = parts["word/_rels/settings.xml.rels"] + parts["word/settings.xml"]
    assert b"gov.co" in kept and b"zoom" in kept
    assert b"N.dotm" not in kept and b"attachedTemplate" not in kept


def test_without_libreoffice_a_person_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineCannot, match="LibreOffice") as caught:
        office_documents.to_pdf(word(), ".docx", VALUES)
    assert "apt-get install" in caught.value.consejo and "PDF" in caught.value.consejo


@pytest.mark.largo
@pytest.mark.skipif(office_documents.program() is None, reason="sin LibreOffice")
@pytest.mark.parametrize("suffix", DOCUMENTS)
def test_libreoffice_makes_a_letter_that_keeps_its_text(suffix: str, tmp_path: Path) -> None:
    before = set(Path("/tmp").glob("OSL_PIPE*"))
    path = tmp_path / f"oficio{suffix}"
    path.write_bytes(DOCUMENTS[suffix]())
    office = settings.load(ROOT / "config.toml")
    made = drafting.letter(office, Template("oficio", "odt", str(path)), VALUES, at=AT)
    assert pdfa.findings(made.pdf) == []
    text = " ".join(text_of(made.pdf).split())
    assert "Señor José Ñáñez <b>&, sobre Vía al Peñón y {{asunto}}." in text
    assert set(Path("/tmp").glob("OSL_PIPE*")) == before


@pytest.mark.skipif(not landlock.version(), reason="el núcleo no tiene Landlock")
def test_a_program_that_is_shut_in_sees_its_folder_alone(tmp_path: Path) -> None:
    secret, folder = tmp_path / "llave.pem", tmp_path / "obra"
    secret.write_text("secreto")
    folder.mkdir()
    (folder / "propio").write_text("carta")

    def shown(*files: str) -> str:
        given = msgspec.json.encode(office_documents.LIMITS).decode()
        words = ["-m", "ingest.shut_program", str(folder), given, "/usr/bin/cat", *files]
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout

    assert shown("{carpeta}/propio", str(secret), str(ROOT / "config.toml")) == "carta"
    if protected():
        networks = [row.split(":")[0].strip() for row in shown("/proc/net/dev").splitlines()[2:]]
        assert set(networks) <= {"lo"}


def protected() -> bool:
    """Whether `doctor` finds nothing that this kernel refuses."""
    return machine.protections() == []


@pytest.mark.largo
@pytest.mark.skipif(office_documents.program() is None, reason="sin LibreOffice")
def test_a_conversion_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    (tmp_path / "carta.docx").write_bytes(word())
    limits = office_documents.Limits(reloj=0.2, abiertos=1024)
    with pytest.raises(Refused, match="segundos"):
        office_documents._convert(
            office_documents.require_program(), tmp_path, "carta.docx", limits
        )
