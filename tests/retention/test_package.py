"""A transfer package opens without us, and whatever is changed in it is found on a bare machine."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import os
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bagit
import msgspec
import pytest
from lxml import etree

from records.disk import Disk
from records.errors import Damaged, MachineCannot
from records.office import Office
from retention import bag_reader, package, verificar_paquete
from retention.bag import Written
from retention.package import Registro
from tests.faults import small_disk
from tests.retention import packages

XSD = os.environ.get("VENTANILLA_PREMIS_XSD", "")
"""The schema of PREMIS 3.0 (premis-v3-0.xsd, Library of Congress); it is not ours to ship."""
BARE = [sys.executable, "-I", "-S", "-E"]
"""Python as it is where nothing was ever installed."""


def bare(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the package's own verifier with an empty environment and without any package."""
    command = [*BARE, "data/verificar.py", *words]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)


def found(folder: Path) -> list[str]:
    """What it says is wrong, run in this process."""
    told = verificar_paquete.Package(str(folder), "").examine()
    return [f"{one['ruta']}: {one['que']}" for one in told["hallazgos"]]


def test_a_package_is_a_bag_and_verifies_on_a_bare_machine(made: Written, sealed: Office) -> None:
    bagit.Bag(str(made.path)).validate(processes=1)
    assert bag_reader.read(made.path).valid
    done = bare(made.path, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    root = (sealed.home / "keys" / "raiz.pub").read_text().strip()
    assert told["raiz"] == root and told["huella"] == made.tagmanifest_sha256
    assert (told["expedientes"], told["registros"], told["documentos"]) == (2, 4, 8)
    assert told["eventos"] == 12
    assert bare(made.path, "--raiz", root).returncode == 0
    said = bare(made.path).stdout
    for word in ("pdfsig", "xmlsec1", root, made.tagmanifest_sha256, "verifica."):
        assert word in said
    other = bare(made.path, "--raiz", "0" * 64)
    assert other.returncode == 3 and "no es la que se exige" in other.stdout
    for words in (["--raiz", "x"], ["nada"], [".", "."], ["--raiz"]):
        assert bare(made.path, *words).returncode == 2
    words = ["sha256sum", "--quiet", "-c"]
    for name in ("tagmanifest-sha256.txt", "manifest-sha256.txt"):
        subprocess.run([*words, name], cwd=made.path, check=True)


def test_the_bare_machine_has_no_library_and_the_verifier_none_of_ours(made: Written) -> None:
    words = [*BARE, "-c", "import cryptography"]
    assert subprocess.run(words, env={}, capture_output=True, check=False).returncode == 1
    text = (made.path / "data" / "verificar.py").read_text()
    names = set(re.findall(r"^ *(?:from|import) ([a-z0-9]+)", text, re.MULTILINE))
    assert names - set(sys.stdlib_module_names) == {"cryptography"}


RFC8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
     "d25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
     "4a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip
"""RFC 8032, section 7.1."""


@pytest.mark.parametrize(("key", "what", "signature"), RFC8032)
def test_its_own_ed25519_is_that_of_the_rfc(key: str, what: str, signature: str) -> None:
    parts = [bytes.fromhex(one) for one in (key, signature, what)]
    assert verificar_paquete.plainly(*parts) and verificar_paquete.verifies(*parts)
    for n in range(3):
        for at in range(0, len(parts[n]) * 8, 37):
            wrong = bytearray(parts[n])
            wrong[at // 8] ^= 1 << at % 8
            spoilt = [*parts[:n], bytes(wrong), *parts[n + 1 :]]
            assert not verificar_paquete.plainly(*spoilt)
            assert not verificar_paquete.verifies(*spoilt)
    order = verificar_paquete.L
    again = int.from_bytes(parts[1][32:], "little") + order  # the same modulo the group's order
    twin = parts[1][:32] + again.to_bytes(32, "little")
    assert not verificar_paquete.plainly(parts[0], twin, parts[2])


# -- what is changed is found ---------------------------------------------------------------------


def judges(folder: Path) -> dict[str, bool]:
    """Who finds something wrong."""
    try:
        bagit.Bag(str(folder)).validate(processes=1)
        theirs = False
    except bagit.BagError:
        theirs = True
    ours = not bag_reader.read(folder).valid
    return {"bagit": theirs, "bag": ours, "verificar": found(folder) != []}


@pytest.mark.parametrize("way", ["changed", "extra", "missing", "renamed"])
def test_a_file_that_is_not_as_it_was_is_found_by_all_three(bagged: Path, way: str) -> None:
    assert not any(judges(bagged).values())
    victim = next(bagged.glob("data/expedientes/*/*/*/documentos/*/registro-*.pdf"))
    match way:
        case "changed":
            data = bytearray(victim.read_bytes())
            data[len(data) // 2] ^= 1
            victim.write_bytes(data)
        case "extra":
            victim.with_name("otro.pdf").write_bytes(b"x")
        case "missing":
            victim.unlink()
        case "renamed":
            victim.rename(victim.with_name("otro.pdf"))
    assert all(judges(bagged).values())
    assert bare(bagged).returncode == 3


def test_whichever_byte_is_flipped_it_is_found(bagged: Path) -> None:
    for path in sorted(bagged.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        for at in {len(data) // 3, len(data) - 1}:
            path.write_bytes(data[:at] + bytes([data[at] ^ 0x02]) + data[at + 1 :])
            assert found(bagged), path
            assert not bag_reader.read(bagged).valid, path
        path.write_bytes(data)
    assert found(bagged) == []


Json = dict[str, Any]


def edit(folder: Path, pattern: str, change: Callable[[Json], object]) -> None:
    """Change a JSON file of the package."""
    path = sorted(folder.glob(f"data/expedientes/*/*/*/{pattern}"))[0]
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value, ensure_ascii=False))


def swap(folder: Path, path: str, old: str, new: str) -> None:
    """Change a text file of the package."""
    (file,) = sorted(folder.glob(path))[:1]
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def other_document(folder: Path) -> None:
    path = sorted(folder.glob("data/expedientes/*/*/*/documentos/*/registro-*.pdf"))[0]
    path.write_bytes(path.read_bytes() + b"\n")


def other_document_and_its_record(folder: Path) -> None:
    other_document(folder)
    path = sorted(folder.glob("data/expedientes/*/*/*/documentos/*/registro-*.pdf"))[0]

    def follow(value: Json) -> None:
        one = next(d for d in value["documentos"] if d["rol"] == "registro")
        one["sha256"] = verificar_paquete.sums_of(str(path))[0]
        one["bytes"] = path.stat().st_size

    edit(folder, "registros/*.json", follow)


def on_record(change: Callable[[Json], object]) -> Callable[[Path], None]:
    """Change the first record."""
    return lambda folder: edit(folder, "registros/*.json", change)


def on_line(n: int, change: Callable[[Json], object]) -> Callable[[Path], None]:
    """Change event *n* of the first record."""
    return on_record(lambda value: change(value["eventos"][n]))


def one_letter(row: Json) -> None:
    row["linea"] = row["linea"].replace('"actor":"', '"actor":"x', 1)


def spaced(row: Json) -> None:
    row["linea"] = row["linea"].replace('"actor":', '"actor": ', 1)


def ficha(row: Json) -> None:
    row["ficha"] = row["ficha"].replace("Ñáñez", "Núñez")


def path_of_proof(row: Json) -> None:
    row["prueba"]["camino"][0] = "0" * 64


def drop_event(folder: Path) -> None:
    edit(folder, "registros/*.json", lambda value: value["eventos"].pop(1))


def drop_record(folder: Path) -> None:
    (base,) = [p.parent for p in sorted(folder.glob("data/expedientes/*/*/*/ficha.json"))[:1]]
    name = sorted(p.name for p in (base / "registros").iterdir())[0]
    (base / "registros" / name).unlink()
    for path in (base / "documentos" / name[:-5]).iterdir():
        path.unlink()
    edit(folder, "ficha.json", lambda value: value["registros"].remove(name))


def cut_authority(folder: Path) -> None:
    path = folder / "data/confianza/AUT.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def first_document(row: Json, **values: Any) -> None:
    row["documentos"][0].update(values)


INDEX = "data/expedientes/*/*/*/indice.xml"
TRUST = "data/confianza/"
DEEP: dict[str, tuple[Callable[[Path], object], str]] = {
    "a document": (other_document, "no es el que dice su registro"),
    "a document and what its record says": (
        other_document_and_its_record, "ninguna línea del diario lo nombra"),
    "a letter in a line": (on_line(0, one_letter), "la firma de la línea no es válida"),
    "a blank in a line": (on_line(0, spaced), "no está en la forma canónica"),
    "a name in a ficha": (on_line(1, ficha), "su ficha falta o es otra"),
    "a ficha left out": (on_line(1, lambda r: r.update(ficha=None)), "su ficha falta o es otra"),
    "a proof": (on_line(2, path_of_proof), "la prueba no lleva al sello"),
    "a proof left out": (on_line(2, lambda r: r.update(prueba=None)), "no trae su prueba"),
    "an event left out": (drop_event, "falta o sobra una línea antes de ella"),
    "the first event left out": (
        on_record(lambda v: v["eventos"].pop(0)), "falta o sobra"),
    "all events left out": (
        on_record(lambda v: v["eventos"].clear()), "no dan ese radicado"),
    "a record left out": (drop_record, "no está entre los entregados"),
    "another number": (
        on_record(lambda v: v.update(radicado="2026-VU1-E-000009")), "no dan ese radicado"),
    "a document's size": (
        on_record(lambda v: first_document(v, bytes=9)), "no es el que dice su registro"),
    "a document from elsewhere": (
        on_record(lambda v: first_document(v, ruta="../../../x")), "falta"),
    "the authority's last line": (cut_authority, "AUT.jsonl no es el diario que se selló"),
    "the authority's note": (
        lambda f: swap(f, f"{TRUST}AUT.note", "\n— v", "\n— V"), "no es un sello"),
    "the root's key": (lambda f: (f / f"{TRUST}raiz.pub").write_text("0"), "está mal escrita"),
    "the lines of keys": (
        lambda f: swap(f, f"{TRUST}VU1.llaves.json", "Alcald", "Alkald"), "delegó"),
    "a note of another size": (
        lambda f: swap(f, f"{TRUST}VU1.note", "\n", "/1\n"), "no es un sello"),
    "the índice's order": (
        lambda f: swap(f, INDEX, "Expediente>1<", "Expediente>2<"), "no está en orden"),
    "the índice's size": (lambda f: swap(f, INDEX, "<Tamano>", "<Tamano>1"), "tiene otro tamaño"),
    "the índice's hash": (
        lambda f: swap(f, INDEX, "<Valor_Huella>", "<Valor_Huella>0"), "no está entre"),
    "an índice that expands": (
        lambda f: swap(f, INDEX, "<Tipo", "<!DOCTYPE a><Tipo"), "no es un índice simple"),
    "an índice that is none": (lambda f: swap(f, INDEX, "</", "<"), "mal formado"),
}  # fmt: skip


@pytest.mark.parametrize("way", DEEP)
def test_who_makes_the_manifests_anew_is_found_by_the_journal(bagged: Path, way: str) -> None:
    change, want = DEEP[way]
    change(bagged)
    packages.again(bagged)
    bagit.Bag(str(bagged)).validate(processes=1)
    said = found(bagged)
    assert any(want in one for one in said), said
    assert not any(str(bagged) in one for one in said)


def test_a_package_of_another_root_verifies_only_for_its_own_root(bagged: Path) -> None:
    root = (bagged / "data/confianza/raiz.pub").read_text().strip()
    (bagged / "data/confianza/raiz.pub").write_text("ab" * 32)
    packages.again(bagged)
    assert any("es de otra llave raíz" in one for one in found(bagged))
    assert bare(bagged, "--raiz", root).returncode == 3


def test_whatever_a_file_holds_the_verifier_ends_in_order(bagged: Path) -> None:
    for pattern in ("*/ficha.json", "*/registros/*.json", "*/indice.xml"):
        path = sorted(bagged.glob(f"data/expedientes/*/*/{pattern}"))[0]
        data = path.read_bytes()
        for other in (b"", b"[]", b"\xff", b"[" * 100_000, b'{"eventos":[{"linea":7}]}', b"<a/>"):
            path.write_bytes(other)
            packages.again(bagged)
            assert found(bagged) != [], (path, other)
        path.write_bytes(data)


def test_a_ficha_that_is_withheld_is_told_and_is_no_fault(sealed: Office, tmp_path: Path) -> None:
    whole = packages.package_of(sealed)

    def withheld(one: Registro) -> Registro:
        lines = [
            msgspec.structs.replace(e, ficha=None, omitida="identidad reservada") if e.ficha else e
            for e in one.eventos
        ]
        return msgspec.structs.replace(one, eventos=lines)

    fonds = [
        msgspec.structs.replace(e, registros=[withheld(r) for r in e.registros])
        for e in whole.expedientes
    ]
    path = tmp_path / "TP"
    package.write_package(msgspec.structs.replace(whole, expedientes=fonds), path, Disk())
    done = bare(path)
    assert done.returncode == 0 and "ficha no entregada: identidad reservada" in done.stdout
    text = b"".join(p.read_bytes() for p in path.rglob("*") if p.is_file())
    assert "Ñáñez".encode() not in text


# -- what people open -----------------------------------------------------------------------------


class Links(html.parser.HTMLParser):
    """The links and elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]


def test_the_page_leads_to_every_document_and_runs_nothing(made: Written) -> None:
    data = made.path / "data"
    reader = Links()
    reader.feed((data / "indice.html").read_text())
    assert "script" not in reader.tags
    assert all((data / urllib.parse.unquote(link)).is_file() for link in reader.links)
    documents = {p.relative_to(data).as_posix() for p in data.glob("expedientes/**/*.pdf")}
    assert documents <= set(reader.links)


def test_the_inventory_names_every_document_and_no_text_is_a_formula(made: Written) -> None:
    text = (made.path / "data" / "inventario.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    paths = {p.relative_to(made.path / "data").as_posix()
             for p in (made.path / "data").glob("expedientes/*/*/*/documentos/*/*")}  # fmt: skip
    assert {row["Archivo"] for row in rows} == paths
    assert all(row["Asunto"].startswith("'=") for row in rows)
    kinds = {row["Archivo"].rpartition("/")[2].split("-")[0]: row["PRONOM"] for row in rows}
    assert kinds == {"original": "fmt/276", "registro": "fmt/477"}
    text = (made.path / "data" / "descripcion.csv").read_text("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Nivel de descripción"] for row in told] == [
        "Fondo", "Serie", "Expediente", "Serie", "Subserie", "Expediente"]  # fmt: skip
    assert "2026-VU1-E" not in text


def test_the_readme_fits_its_page_and_its_commands_work(made: Written) -> None:
    rows = (made.path / "data" / "LEAME.txt").read_text().split("\n")
    assert max(map(len, rows)) <= 78
    root = (made.path / "data/confianza/raiz.pub").read_text().strip()
    assert f"    {root}" in rows
    commands = [row.strip() for row in rows if re.match(" {4}(sha256sum|python3) ", row)]
    assert len(commands) == 4
    for command in commands:
        subprocess.run(command, shell=True, cwd=made.path, check=True, capture_output=True)


def test_names_are_short_plain_and_never_what_somebody_typed(
    sealed: Office, tmp_path: Path
) -> None:
    whole = packages.package_of(sealed)
    first = whole.expedientes[0].registros[0]
    ugly = [
        msgspec.structs.replace(
            first, radicado="", orden=n, eventos=[],
            documentos=[msgspec.structs.replace(d, nombre=name, rol="aux")
                        for d in first.documentos for name in (typed, typed.upper())],
        )
        for n, typed in enumerate(["../../etc/passwd", "CON", "x" * 300 + ".pdf", "", "a\nb?.p/df",
                                  "=cmd|' '!A0.html", "ñandú.PDF. "], 1)
    ]  # fmt: skip
    wide = packages.SERIES[0]
    serie = msgspec.structs.replace(
        wide, nombre_serie="Procesos " * 40, nombre_subserie="../" * 30, serie="21", subserie="NUL"
    )
    fonds = [
        msgspec.structs.replace(
            whole.expedientes[0], numero=numero, serie=serie, registros=ugly, indice=b"<a/>"
        )
        for numero in ("2026/120/" + "9" * 200, "2026/120/" + "9" * 201, "prn")
    ]
    path = tmp_path / "TP"
    package.write_package(msgspec.structs.replace(whole, expedientes=fonds), path, Disk())
    assert bag_reader.read(path).valid
    names = [p.relative_to(path).as_posix() for p in path.rglob("*")]
    assert max(map(len, names)) <= 180
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        for part in name.split("/"):
            assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", part) and part[-1] != ".", name
            assert part.split(".")[0].casefold() not in ("con", "nul", "prn", "aux"), name
    files = [name for name in names if "/documentos/" in name and (path / name).is_file()]
    assert len(files) == 3 * 7 * 4


# -- PREMIS ---------------------------------------------------------------------------------------

PREMIS = {"p": "http://www.loc.gov/premis/v3"}


def test_premis_tells_files_events_and_who_without_a_name(made: Written) -> None:
    path = sorted(made.path.glob("data/expedientes/*/*/*/premis.xml"))[0]
    tree = etree.parse(str(path))

    def texts(query: str) -> list[str]:
        return [one.text for one in tree.findall(f".//{query}", PREMIS)]

    paths = texts("p:objectIdentifierValue")[1:]
    assert all((path.parent / one).is_file() for one in paths) and len(paths) == 4
    assert set(texts("p:formatRegistryKey")) == {"fmt/276", "fmt/477"}
    kinds = texts("p:eventType")
    for kind in ("capture", "accession", "normalization", "digital signature generation"):
        assert kinds.count(kind) == 2
    assert kinds[-1] == "transfer"
    agents = set(texts("p:agentIdentifierValue"))
    assert {"Ventanilla", "VU1"} <= agents
    assert set(texts("p:linkingAgentIdentifierValue")) <= agents
    known = set(texts("p:objectIdentifierValue"))
    assert set(texts("p:linkingObjectIdentifierValue")) <= known
    assert "Ñáñez" not in path.read_text()


@pytest.mark.largo
@pytest.mark.skipif(not XSD, reason="VENTANILLA_PREMIS_XSD no nombra el esquema de PREMIS 3.0")
def test_premis_is_valid_by_its_schema(made: Written) -> None:
    schema = etree.XMLSchema(etree.parse(XSD))
    for path in made.path.glob("data/expedientes/*/*/*/premis.xml"):
        assert schema.validate(etree.parse(str(path))), schema.error_log


# -- what fails while it is written ---------------------------------------------------------------


def test_a_document_that_the_vault_lost_makes_no_package(sealed: Office, tmp_path: Path) -> None:
    whole = packages.package_of(sealed)
    first = whole.expedientes[0].registros[0]
    lost = [msgspec.structs.replace(d, origen=tmp_path / "no") for d in first.documentos]
    record = msgspec.structs.replace(first, documentos=lost)
    fonds = [msgspec.structs.replace(whole.expedientes[0], registros=[record])]
    with pytest.raises(Damaged):
        package.write_package(
            msgspec.structs.replace(whole, expedientes=fonds), tmp_path / "TP", Disk()
        )
    assert list(tmp_path.iterdir()) == []


def test_a_full_stick_leaves_no_package(sealed: Office, tmp_path: Path) -> None:
    with small_disk(tmp_path / "usb", "256k") as place:
        with pytest.raises(MachineCannot) as refused:
            packages.written(sealed, place / "TP")
        assert refused.value.codigo == "disco_lleno"
        assert list(place.iterdir()) == []


def test_two_members_of_one_order_are_a_defect(sealed: Office, tmp_path: Path) -> None:
    whole = packages.package_of(sealed)
    some = whole.expedientes[0].registros
    fonds = [msgspec.structs.replace(whole.expedientes[0], registros=[some[0], some[0]])]
    with pytest.raises(ValueError, match="same order"):
        package.layout(msgspec.structs.replace(whole, expedientes=fonds))
    with pytest.raises(ValueError, match="name of a file"):
        package.layout(msgspec.structs.replace(whole, fuid={"../x": b""}))
