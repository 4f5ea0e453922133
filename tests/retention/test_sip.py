"""A transfer as an E-ARK SIP: valid for a judge that is not ours, and whatever changes is found."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tomllib
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from records.disk import Disk
from records.errors import Damaged, MachineCannot, Refused
from records.office import Office
from retention import sip, sip_reader, verificar_paquete
from retention.package import Paquete
from retention.sip import Written
from tests import eark
from tests.conftest import ROOT
from tests.faults import small_disk
from tests.retention import packages
from tests.retention.test_bag import Liar
from tests.retention.test_package import BARE, XSD, Links

NS = {"m": "http://www.loc.gov/METS/", "x": "http://www.w3.org/1999/xlink"}
HREF = f"{{{NS['x']}}}href"
INSIDE = "representations/expedientes/"


@pytest.fixture(scope="module")
def whole(sealed: Office) -> Paquete:
    """A transfer of a small office."""
    return packages.package_of(sealed)


@pytest.fixture(scope="module")
def made_sip(whole: Paquete, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A SIP of it, not to be changed."""
    return sip.write_sip(whole, tmp_path_factory.mktemp("salida") / "TP-2026-001", Disk())


@pytest.fixture
def spoilt(made_sip: Written, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return packages.copied(made_sip.path, tmp_path / "TP-2026-001")


def ugly(whole: Paquete) -> Paquete:
    """The same with what people and other systems write where they may."""
    first = whole.expedientes[0].registros[0]
    bad = "a\x00\x07\ufffe\"<&'>\U0001f600\r\n\u202e"
    members = [
        msgspec.structs.replace(
            first, radicado="", orden=n, eventos=[], asunto=bad, tipo=bad,
            documentos=[msgspec.structs.replace(d, nombre=name, rol="aux", mime=mime)
                        for d in first.documentos for name in (typed, typed.upper())],
        )
        for n, (typed, mime) in enumerate([("../../etc/passwd", "a/b"), ("CON", ""), ("", bad),
                                           ("100 %41+#?.p/df", "application/pdf")], 1)
    ]  # fmt: skip
    serie = msgspec.structs.replace(packages.SERIES[0], nombre_serie=bad, nombre_subserie="../" * 9)
    fonds = [
        msgspec.structs.replace(
            whole.expedientes[0], numero=numero, nombre=bad, serie=serie, registros=members,
            dependencia=bad, abierto="ayer", acceso=[bad], ubicacion=bad, indice=b"<a/>",
        )
        for numero in ("2026/120/" + "9" * 200, "2026/120/" + "9" * 201, "prn", bad)
    ]  # fmt: skip
    return msgspec.structs.replace(whole, expedientes=fonds, entidad=bad, numero=bad, acta=None)


# -- what others say of it ------------------------------------------------------------------------

CONTRADICTION = "SIP14"
"""The judge wants of every CREATOR's note that its type is IDENTIFICATIONCODE, in an attribute that
the METS schema does not admit, and (CSIP16) that it is SOFTWARE VERSION. The specification says the
first of the ARCHIVIST only: no SIP can have both."""


@pytest.mark.parametrize("what", ["plain", "ugly"])
def test_the_judge_of_e_ark_finds_nothing_wrong(
    made_sip: Written, whole: Paquete, tmp_path: Path, what: str
) -> None:
    path = made_sip.path
    if what == "ugly":
        path = sip.write_sip(ugly(whole), tmp_path / "feo", Disk()).path
    told = eark.judged(path)
    report, metadata = told["informe"], told["informe"]["metadata"]
    assert report["structure"]["status"] == "WellFormed"
    # A folder may be packed, and other metadata there may be: no more than that is said of it.
    said = {(m["rule_id"], m["severity"]) for m in report["structure"]["messages"]}
    assert said == {("CSIPSTR3", "Info"), ("CSIPSTR8", "Info")}
    assert metadata["schema_results"] == {"status": "VALID", "messages": []}
    assert told["representaciones"] == {"expedientes": []}
    wrong = [m for m in metadata["schematron_results"]["messages"] if m["severity"] == "Error"]
    assert [m["rule_id"] for m in wrong] == [CONTRADICTION]
    assert report["package"]["details"]["oaispackagetype"] == "SIP"


def test_the_judge_does_see_what_is_wrong(spoilt: Path) -> None:
    mets = spoilt / "METS.xml"
    mets.write_text(mets.read_text().replace("E-ARK-SIP.xml", "otro.xml"))
    (spoilt / INSIDE / "METS.xml").write_text(
        '<mets xmlns="http://www.loc.gov/METS/"><nada/></mets>'
    )
    told = eark.judged(spoilt)
    wrong = told["informe"]["metadata"]["schematron_results"]["messages"]
    assert "SIP2" in [m["rule_id"] for m in wrong if m["severity"] == "Error"]
    assert told["representaciones"]["expedientes"] != []


@pytest.mark.largo
@pytest.mark.skipif(not XSD, reason="VENTANILLA_PREMIS_XSD no nombra el esquema de PREMIS 3.0")
def test_premis_is_valid_by_its_schema(made_sip: Written) -> None:
    schema = etree.XMLSchema(etree.parse(XSD))
    found = list(made_sip.path.glob("**/metadata/preservation/*.xml"))
    assert len(found) == 3
    for path in found:
        assert schema.validate(etree.parse(str(path))), schema.error_log


# -- every file, with its hash and its size -------------------------------------------------------


def named(folder: Path) -> dict[str, tuple[str, int]]:
    """What the METS documents say, read without any of our readers."""
    out: dict[str, tuple[str, int]] = {}
    for mets in folder.glob("**/METS.xml"):
        tree = etree.parse(str(mets))
        for one in tree.iterfind(".//m:file", NS):
            (location,) = one.iterfind("m:FLocat", NS)
            _name(out, folder, mets, location, one)
        for one in tree.iterfind(".//m:mdRef", NS):
            _name(out, folder, mets, one, one)
    return out


def _name(out: dict[str, tuple[str, int]], folder: Path, mets: Path, where: etree._Element,
          what: etree._Element) -> None:  # fmt: skip
    path = mets.parent / urllib.parse.unquote(where.get(HREF))
    name = path.relative_to(folder).as_posix()
    assert name not in out and what.get("CHECKSUMTYPE") == "SHA-256"
    out[name] = (what.get("CHECKSUM"), int(what.get("SIZE")))


@pytest.mark.parametrize("what", ["plain", "ugly"])
def test_every_file_is_in_one_mets_with_its_hash_and_its_size(
    made_sip: Written, whole: Paquete, tmp_path: Path, what: str
) -> None:
    path = made_sip.path
    if what == "ugly":
        path = sip.write_sip(ugly(whole), tmp_path / "feo", Disk()).path
    files = {p.relative_to(path).as_posix(): p for p in path.rglob("*") if p.is_file()}
    del files["METS.xml"]
    real = {n: (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_size)
            for n, p in files.items()}  # fmt: skip
    assert named(path) == real
    told = sip_reader.read(path)
    assert told.valid, told.hallazgos
    assert {h.ruta: (h.sha256, h.bytes) for h in told.archivos} == real
    assert told.mets_sha256 == hashlib.sha256((path / "METS.xml").read_bytes()).hexdigest()
    names = [p.relative_to(path).as_posix() for p in path.rglob("*")]
    assert max(map(len, names)) <= 200
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", p) for p in name.split("/")), name


def test_identifiers_are_of_one_thing_in_the_package_and_lead_somewhere(made_sip: Written) -> None:
    trees = [etree.parse(str(path)) for path in made_sip.path.glob("**/METS.xml")]
    idents = [e.get("ID") for tree in trees for e in tree.iter() if e.get("ID")]
    assert len(idents) == len(set(idents)) > 50
    for name in ("DMDID", "ADMID", "FILEID"):
        asked = [e.get(name) for tree in trees for e in tree.iter() if e.get(name)]
        assert asked and {i for one in asked for i in one.split()} <= set(idents)


def test_a_document_leads_to_what_is_said_of_its_expediente(made_sip: Written) -> None:
    folder = made_sip.path / INSIDE
    tree = etree.parse(str(folder / "METS.xml"))
    sections = {e.get("ID"): e[0].get(HREF) for e in tree.iter() if e.get("ID") and len(e)
                and e.tag.endswith(("dmdSec", "digiprovMD"))}  # fmt: skip
    seen = set()
    for one in tree.iterfind(".//m:file", NS):
        numero = one[0].get(HREF).split("/")[3]
        assert sections[one.get("DMDID")] == f"metadata/descriptive/dc-{numero}.xml"
        assert sections[one.get("ADMID")] == f"metadata/preservation/premis-{numero}.xml"
        assert f">{numero}<" in (folder / sections[one.get("DMDID")]).read_text()
        seen.add(numero)
    assert seen == {"2026-120-0000", "2026-120-0001"}


def test_the_same_input_gives_the_same_bytes(
    made_sip: Written, whole: Paquete, tmp_path: Path
) -> None:
    again = sip.write_sip(whole, tmp_path / "otra", Disk())

    def content(folder: Path) -> dict[str, bytes]:
        return {p.relative_to(folder).as_posix(): p.read_bytes()
                for p in folder.rglob("*") if p.is_file()}  # fmt: skip

    assert content(again.path) == content(made_sip.path)
    assert again.mets_sha256 == made_sip.mets_sha256


def test_the_program_says_its_own_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == sip.VERSION


# -- what people and machines read ----------------------------------------------------------------


def test_the_finding_aid_has_the_levels_and_the_page_leads_to_every_file(made_sip: Written) -> None:
    folder = made_sip.path
    ead = etree.parse(str(folder / "metadata/descriptive/ead.xml"))
    levels = [e.get("level") for e in ead.iter() if e.get("level")]
    assert levels == ["fonds", "series", "file", "series", "subseries", "file"]
    inside = folder / "documentation"
    reader = Links()
    reader.feed((inside / "indice.html").read_text())
    assert all((inside / urllib.parse.unquote(link)).is_file() for link in reader.links)
    assert sum("/documentos/" in link for link in reader.links) == 8
    text = (inside / "inventario.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 8 and all((folder / row["Archivo"]).is_file() for row in rows)


def test_the_readme_fits_its_page_and_its_commands_work(made_sip: Written) -> None:
    rows = (made_sip.path / "documentation/LEAME.txt").read_text().split("\n")
    assert max(map(len, rows)) <= 78
    commands = [row.strip() for row in rows if re.match(" {4}(sha256sum|python3) ", row)]
    assert len(commands) == 2
    for command in commands:
        done = subprocess.run(
            command, shell=True, cwd=made_sip.path, check=True, capture_output=True, text=True
        )
        assert made_sip.mets_sha256 in done.stdout


def bare(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the package's own verifier where nothing is installed."""
    command = [*BARE, "documentation/verificar.py", *words]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)


def test_it_verifies_on_a_bare_machine_down_to_the_journals_lines(
    made_sip: Written, sealed: Office
) -> None:
    root = (sealed.home / "keys" / "raiz.pub").read_text().strip()
    done = bare(made_sip.path, "--json", "--raiz", root)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["raiz"], told["huella"]) == (root, made_sip.mets_sha256)
    assert (told["expedientes"], told["registros"], told["documentos"]) == (2, 4, 8)
    assert told["eventos"] == 12
    assert bare(made_sip.path, "--raiz", "0" * 64).returncode == 3


# -- what is changed is found ---------------------------------------------------------------------


def judged(folder: Path) -> list[str]:
    return [f"{f.ruta}: {f.que}" for f in sip_reader.read(folder).hallazgos]


def verified(folder: Path) -> list[str]:
    told = verificar_paquete.Package(str(folder), "").examine()
    return [f"{one['ruta']}: {one['que']}" for one in told["hallazgos"]]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(data))


def test_a_changed_byte_anywhere_is_found(spoilt: Path, made_sip: Written) -> None:
    files = sorted(p for p in spoilt.rglob("*") if p.is_file() and p != spoilt / "METS.xml")
    assert judged(spoilt) == [] and len(files) == made_sip.files + 1
    for path in files:
        before = path.read_bytes()
        flip(path)
        name = path.relative_to(spoilt).as_posix()
        assert any(one.startswith(f"{name}: ") for one in judged(spoilt)), name
        assert any(one.startswith(f"{name}: ") for one in verified(spoilt)), name
        path.write_bytes(before)
    flip(spoilt / "METS.xml")
    assert sip_reader.read(spoilt).mets_sha256 != made_sip.mets_sha256


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.chmod(0o644)
    path.write_text(text.replace(old, new, 1))


def mets(old: str, new: str) -> Callable[[Path], None]:
    return lambda f: edited(f / "METS.xml", old, new)


LEAME = 'href="documentation/LEAME.txt"'
WAYS: dict[str, tuple[Callable[[Path], object], str]] = {
    "extra": (lambda f: (f / INSIDE / "data/otro.pdf").write_bytes(b""), "ningún METS lo nombra"),
    "missing": (lambda f: (f / "documentation/acta.pdf").unlink(), "acta.pdf: un METS lo nombra"),
    "no root": (lambda f: (f / "METS.xml").unlink(), "METS.xml: falta"),
    "no inner": (lambda f: (f / INSIDE / "METS.xml").unlink(), "un METS lo nombra y no está"),
    "link": (lambda f: (f / "documentation/etc").symlink_to("/etc"), "etc: es un enlace"),
    "pipe": (lambda f: os.mkfifo(f / "documentation/tubo"), "tubo: no es un archivo"),
    "case": (lambda f: (f / "documentation/leame.txt").write_bytes(b""), "su nombre choca"),
    "up": (mets(LEAME, 'href="documentation/../../x"'), "la ruta sale del paquete"),
    "up encoded": (mets(LEAME, 'href="%2e%2e/x"'), "la ruta sale del paquete"),
    "absolute": (mets(LEAME, 'href="/etc/passwd"'), "que no es una ruta dentro"),
    "file": (mets(LEAME, 'href="file:///etc/passwd"'), "que no es una ruta dentro"),
    "net": (mets(LEAME, 'href="https://x/y"'), "que no es una ruta dentro"),
    "windows": (mets(LEAME, 'href="..\\x"'), "la ruta sale del paquete"),
    "no href": (mets(LEAME, 'href=""'), "que no es una ruta dentro"),
    "bytes": (mets(LEAME, 'href="%ff"'), "\\xff: un METS lo nombra"),
    "twice": (mets(LEAME, 'href="documentation/acta.pdf"'), "está dos veces"),
    "weak": (mets('CHECKSUMTYPE="SHA-256"', 'CHECKSUMTYPE="MD5"'), "no trae su SHA-256"),
    "short": (mets('CHECKSUM="', 'CHECKSUM="0'), "su huella está mal escrita"),
    "size": (mets('SIZE="', 'SIZE="1'), "y su METS dice"),
    "no size": (mets(" SIZE=", " MIDE="), "y su METS dice ''"),
    "doctype": (mets("<mets ", '<!DOCTYPE mets [<!ENTITY a SYSTEM "/etc/passwd">]><mets '),
                "METS.xml: no es un XML que se pueda leer (trae DOCTYPE)"),
    "no mets": (lambda f: (f / "METS.xml").write_text("<a/>"), "su raíz no es mets"),
    "no xml": (lambda f: (f / "METS.xml").write_text("METS"), "no es un XML que se pueda leer"),
    "empty": (lambda f: (f / "METS.xml").write_bytes(b""), "no es un XML que se pueda leer"),
    "deep": (mets("<metsHdr", "<a>" * 9999 + "<metsHdr"), "no es un XML que se pueda leer"),
    "huge": (lambda f: os.truncate(f / "METS.xml", 1 << 33), "METS.xml: es demasiado grande"),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_is_wrong_is_told_with_its_path(spoilt: Path, way: str) -> None:
    change, want = WAYS[way]
    (spoilt / "METS.xml").chmod(0o644)
    change(spoilt)
    stamps = sorted((p, p.lstat().st_mtime_ns) for p in spoilt.rglob("*"))
    said = judged(spoilt)
    assert any(want in one for one in said), said
    assert not any("root:" in one for one in said)
    assert stamps == sorted((p, p.lstat().st_mtime_ns) for p in spoilt.rglob("*"))
    "".join(said).encode()
    if way != "huge":
        assert verified(spoilt) != []


def test_what_is_no_folder_is_refused(made_sip: Written, tmp_path: Path) -> None:
    (tmp_path / "enlace").symlink_to(made_sip.path)
    for name in ("enlace", "nada"):
        with pytest.raises(Refused):
            sip_reader.read(tmp_path / name)


def test_who_makes_the_mets_anew_is_found_by_the_journal(spoilt: Path) -> None:
    victim = next((spoilt / INSIDE).glob("data/*/*/*/documentos/*/registro-*.pdf"))
    inner, root = spoilt / INSIDE / "METS.xml", spoilt / "METS.xml"
    for path, of in ((victim, inner), (inner, root)):
        before = named(spoilt)[path.relative_to(spoilt).as_posix()]
        if path == victim:
            flip(victim)
        now = path.read_bytes()
        edited(of, before[0], hashlib.sha256(now).hexdigest())
        edited(of, f'SIZE="{before[1]}"', f'SIZE="{len(now)}"')
    assert judged(spoilt) == []
    assert any("no es el que dice su registro" in one for one in verified(spoilt))


# -- what fails while it is written ---------------------------------------------------------------


def test_what_fails_leaves_nothing(whole: Paquete, tmp_path: Path) -> None:
    with pytest.raises(MachineCannot) as lied:
        sip.write_sip(whole, tmp_path / "TP", Liar())
    assert lied.value.codigo == "disco_danado"
    first = whole.expedientes[0].registros[0]
    lost = [msgspec.structs.replace(d, origen=tmp_path / "no") for d in first.documentos]
    record = msgspec.structs.replace(first, documentos=lost)
    fonds = [msgspec.structs.replace(whole.expedientes[0], registros=[record])]
    with pytest.raises(Damaged):
        sip.write_sip(msgspec.structs.replace(whole, expedientes=fonds), tmp_path / "TP", Disk())
    assert list(tmp_path.iterdir()) == []
    with small_disk(tmp_path / "usb", "256k") as place:
        with pytest.raises(MachineCannot) as full:
            sip.write_sip(whole, place / "TP", Disk())
        assert full.value.codigo == "disco_lleno" and list(place.iterdir()) == []
    sip.write_sip(whole, tmp_path / "TP", Disk())
    with pytest.raises(Refused):
        sip.write_sip(whole, tmp_path / "TP", Disk())


_DIE = """
import os, signal, sys
from pathlib import Path
from records.disk import Disk
from retention import sip
from retention.package import Paquete

class Dying(Disk):
    left = int(sys.argv[2])
    def _count(self):
        Dying.left -= 1
        if Dying.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    def fsync(self, fd):
        self._count()
        super().fsync(fd)
    def rename(self, source, target):
        self._count()
        super().rename(source, target)

whole = Paquete(numero="T", tipo="primaria", entidad="E", punto="VU1", fecha="2026-11-22",
                expedientes=[], confianza={"raiz.pub": b"0"})
sip.write_sip(whole, Path(sys.argv[1]), Dying())
"""


def test_who_is_killed_on_the_way_leaves_no_sip(tmp_path: Path) -> None:
    target, cuts = tmp_path / "T", 0
    for left in (0, 15, 21, 22, 99):
        words = [sys.executable, "-c", _DIE, target, str(left)]
        subprocess.run(words, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
        if target.exists():
            break
        cuts += 1
        for rest in tmp_path.iterdir():
            assert rest.name.startswith(".T.")
            assert judged(rest) == [] or not (rest / "METS.xml").exists()
    assert cuts > 3 and judged(target) == []
    assert [p.name for p in tmp_path.iterdir()] == ["T"]
