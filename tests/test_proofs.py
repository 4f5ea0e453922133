"""The command prueba: a proof that a stranger checks with the file and the root key alone."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.main import main
from records import lines, proofs
from records.errors import Damaged
from records.office import Office
from tests.conftest import ROOT, receive
from tests.program import run

VECTORS = ROOT / "docs" / "format" / "vectores"
EXAMPLE = ROOT / "docs" / "format" / "ejemplo"


@pytest.fixture
def numbered(office: Office) -> tuple[Office, list[str]]:
    """An office with three numbers."""
    return office, [office.radicar(s, {"remitente": "Ana"}).radicado for s in receive(office, 3)]


def check(file: Path, root: Path, **env: str) -> tuple[int, dict[str, Any]]:
    """Check a proof from an empty folder, with no office anywhere."""
    done = run("prueba", "--verificar", file, "--raiz", root, "--json", cwd=file.parent, **env)
    assert "Traceback" not in done.err
    return done.code, done.json


def test_a_number_is_proven_to_a_stranger(
    numbered: tuple[Office, list[str]], tmp_path: Path
) -> None:
    office, (first, _, last) = numbered
    file, root = tmp_path / "lejos" / "p.json", tmp_path / "lejos" / "raiz.pub"
    file.parent.mkdir()
    done = run("prueba", first, "--salida", file, "--casa", office.home, "--json")
    assert done.code == 0, done.err
    proof = json.loads(file.read_text())
    assert done.json == {**proof, "archivo": str(file)}
    keys_ = {"radicado", "log", "seq", "tamano", "linea", "camino", "nota", "texto", "clave"}
    assert set(proof) == keys_ | {"prueba", "v"}
    assert hashlib.sha256(proof["texto"].encode()).hexdigest() == proof["linea"]
    notes = sorted((office.home / "checkpoints" / "VU1").iterdir())
    assert [n.read_text() for n in notes] == [proof["nota"]]
    # The head that is there reaches the other numbers: no second one is signed.
    again = run("prueba", last.lower(), "--casa", office.home, "--json")
    assert again.json["nota"] == proof["nota"] and len(notes) == 1
    shutil.copy(office.home / "keys" / "raiz.pub", root)
    shutil.move(office.home, tmp_path / "perdida")
    code, told = check(file, root, VENTANILLA_MARCAS=str(tmp_path / "otras"))
    assert code == 0 and told["vale"] is True
    assert (told["radicado"], told["seq"], told["punto"]) == (first, proof["seq"], "VU1")
    assert not (tmp_path / "otras").exists()


def test_a_later_number_gets_a_newer_head_and_growth_is_proven(
    numbered: tuple[Office, list[str]], tmp_path: Path
) -> None:
    office, (first, *_) = numbered
    old = run("prueba", first, "--casa", office.home, "--json").json
    number = office.radicar(receive(office, 1, start=9)[0], {}).radicado
    new = run("prueba", number, "--casa", office.home, "--json").json
    assert new["tamano"] == old["tamano"] + 2
    file = tmp_path / "g.json"
    for start, known in ((old["tamano"], True), (2, False)):
        done = run("prueba", "--desde", str(start), "--casa", office.home, "--salida", file)
        assert done.code == 0 and str(file) in done.out, done.err
        code, told = check(file, office.home / "keys" / "raiz.pub")
        assert code == 0 and told["prueba"] == "consistencia"
        assert (told["desde"], told["tamano"]) == (start, new["tamano"])
        assert told["nota_desde"] is known
    assert run("verificar", "--casa", office.home).code == 0


@pytest.mark.parametrize("name", ["prueba-inclusion", "prueba-consistencia"])
def test_the_proofs_of_the_example_hold(name: str) -> None:
    code, told = check(VECTORS / f"{name}.json", EXAMPLE / "keys" / "raiz.pub")
    assert code == 0 and told["tamano"] == 5 and told["entidad"] == "Alcaldía de Prueba"


def inside(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, dict[str, Any]]:
    """The program's answer without a process of its own, where many are asked."""
    code = main([*map(str, words), "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, document


def lies(proof: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """*proof* with each of its values changed in turn, a field lost, a field too many."""
    out = []

    def put(label: str, path: tuple[str | int, ...], value: object) -> None:
        lie = copy.deepcopy(proof)
        place: Any = lie
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        out.append((f"{label} {path}", lie))

    def walk(value: object, path: tuple[str | int, ...]) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, (*path, key))
        elif isinstance(value, list):
            put("one too few", path, value[:-1])
            put("one too many", path, [*value, "0" * 64])
            for i, inner in enumerate(value):
                walk(inner, (*path, i))
        elif isinstance(value, int):
            put("more", path, value + 1)
            put("less", path, value - 1)
            put("text", path, str(value))
        elif isinstance(value, str):
            middle = len(value) // 2
            other = "1" if value[middle] != "1" else "2"
            put("changed", path, value[:middle] + other + value[middle + 1 :])
            put("empty", path, "")
            put("longer", path, value + " ")
            if value != value.upper():
                put("upper case", path, value.upper())

    walk(proof, ())
    for key in proof:
        out.append((f"without {key}", {k: v for k, v in proof.items() if k != key}))
    out.append(("one more field", {**proof, "otra": 1}))
    return out


@pytest.mark.parametrize("name", ["prueba-inclusion", "prueba-consistencia"])
def test_no_value_of_a_proof_can_be_changed(name: str) -> None:
    proof = json.loads((VECTORS / f"{name}.json").read_text())
    root = (EXAMPLE / "keys" / "raiz.pub").read_text().strip()
    told = proofs.check(json.dumps(proof).encode(), root)
    assert told.tamano == 5
    held = []
    for label, lie in lies(proof):
        try:
            proofs.check(json.dumps(lie).encode(), root)
            held.append(label)
        except Damaged as error:
            assert error.codigo == "prueba_no_vale"
    # `v` has one value only, and who leaves it out says the same.
    assert held == ["without v"]


def test_another_entitys_root_vouches_for_nothing(tmp_path: Path) -> None:
    other = tmp_path / "raiz.pub"
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    other.write_text(lines.raw_public(key).hex() + "\n")
    code, told = check(VECTORS / "prueba-inclusion.json", other)
    assert code == 3 and told["error"]["codigo"] == "prueba_no_vale"
    assert "vale" not in told


def test_a_key_of_ones_own_making_proves_nothing(tmp_path: Path) -> None:
    """Who has no word of the root makes a log, a head and a key of their own: refused."""
    mine, _ = Office.found(tmp_path / "mia", ROOT / "config.toml", demo=True)
    number = mine.radicar(receive(mine, 1)[0], {}).radicado
    proof = proofs.prove_number(mine, number)
    mine.index.close()
    root = (EXAMPLE / "keys" / "raiz.pub").read_text().strip()
    with pytest.raises(Damaged, match="no delegó"):
        proofs.check(json.dumps({**_plain(proof)}).encode(), root)
    theirs = json.loads((VECTORS / "prueba-inclusion.json").read_text())["clave"]
    with pytest.raises(Damaged):
        proofs.check(json.dumps({**_plain(proof), "clave": theirs}).encode(), root)


def _plain(proof: proofs.Proof) -> dict[str, Any]:
    import msgspec

    found: dict[str, Any] = msgspec.to_builtins(proof)
    return found


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"no es json",
        b"\xff\xfe",
        b'{"prueba":"inclusion"}',
        b'{"prueba":"otra","v":1}',
        b"[" * 10_000,
        b'"' + b"x" * (1 << 21) + b'"',
    ],
    ids=range(9),
)
def test_what_is_no_proof_ends_in_words(tmp_path: Path, data: bytes) -> None:
    root = (EXAMPLE / "keys" / "raiz.pub").read_text().strip()
    with pytest.raises(Damaged):
        proofs.check(data, root)
    if len(data) < 20:
        (tmp_path / "p.json").write_bytes(data)
        code, told = check(tmp_path / "p.json", EXAMPLE / "keys" / "raiz.pub")
        assert code == 3 and told["error"]["codigo"] == "prueba_no_vale"


def test_wrong_use_is_told(
    numbered: tuple[Office, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office, (first, *_) = numbered
    proof = VECTORS / "prueba-inclusion.json"
    for words, code in (
        ((), 2),
        ((first, "--desde", "3"), 2),
        ((first, "--raiz", "x"), 2),
        (("--verificar", proof, "--salida", "x"), 2),
        (("2026-VU1-E-999999",), 1),
        (("--desde", "0"), 1),
        (("--desde", "999"), 1),
        (("--verificar", tmp_path / "no.json"), 1),
        (("--verificar", proof, "--raiz", tmp_path / "no.pub"), 1),
        (("--verificar", proof, "--raiz", proof), 1),
        (("--verificar", proof), 3),  # this home's root is another entity's
        ((first, "--salida", tmp_path / "no" / "p.json"), 4),
    ):
        ended, told = inside(capsys, "prueba", *words, "--casa", office.home)
        assert ended == code and told["error"]["mensaje"], words


def test_a_copy_proves_what_its_heads_reach_and_no_more(
    numbered: tuple[Office, list[str]], tmp_path: Path
) -> None:
    office, (first, *_) = numbered
    assert run("prueba", first, "--casa", office.home).code == 0
    late = office.radicar(receive(office, 1, start=9)[0], {}).radicado
    shutil.copytree(office.home, tmp_path / "copia")
    assert run("prueba", first, "--casa", tmp_path / "copia").code == 0
    done = run("prueba", late, "--casa", tmp_path / "copia", "--json")
    assert done.code == 3 and done.json["error"]["codigo"] == "casa_copiada"
    (tmp_path / "copia" / "keys" / "VU1.ed25519.pem").unlink()
    done = run("prueba", late, "--casa", tmp_path / "copia", "--json")
    assert done.code == 1 and done.json["error"]["codigo"] == "sin_llave"


def test_a_changed_log_gives_no_proof(
    numbered: tuple[Office, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    office, (first, _, last) = numbered
    assert run("prueba", last, "--casa", office.home).code == 0
    path = next((office.home / "journal").glob("*/VU1.jsonl"))
    good = path.read_bytes()
    for what in (b'"type":"log.abierto"', b'"n":1,', b'"reclamo":"ventanilla-1"', b'"n":3,'):
        at = good.index(what) + len(what) - 2
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        for word in (first, last):
            code, told = inside(capsys, "prueba", word, "--casa", office.home)
            assert code == 3 and told["error"], (what, told)
    path.write_bytes(good)
    assert inside(capsys, "prueba", first, "--casa", office.home)[0] == 0


def test_after_a_rotation_each_head_is_held_by_the_key_of_its_time(
    numbered: tuple[Office, list[str]], tmp_path: Path
) -> None:
    office, (first, *_) = numbered
    before = proofs.prove_number(office, first)
    public = office.rotar_llave(clave=None).data["clave"]
    growth = proofs.prove_growth(Office(office.home), before.tamano)
    assert growth.clave_desde == before.clave and growth.clave.clave == public
    file = tmp_path / "g.json"
    file.write_text(json.dumps(_plain(growth)))
    assert check(file, office.home / "keys" / "raiz.pub")[0] == 0
    assert run("verificar", "--casa", office.home, "--json").json["hallazgos"] == []


def follow(section: str) -> str:
    """What the shell says that does all that a section of the format page tells to type."""
    if any(shutil.which(tool) is None for tool in ("openssl", "xxd", "sha256sum", "base64")):
        pytest.skip("sin openssl, xxd o coreutils")
    page = (ROOT / "docs" / "format" / "README.md").read_text()
    text = page[page.index(f"## {section}") :].partition("\n## ")[0]
    script = "\n".join(part.split("```")[0] for part in text.split("```sh\n")[1:])
    done = subprocess.run(
        ["bash", "-eu", "-c", script],
        cwd=EXAMPLE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_of_the_format_is_followed_with_common_tools() -> None:
    """What the section «Checkpoints» tells a stranger to type ends in three verifications."""
    told = follow("11. Checkpoints")
    root = json.loads((VECTORS / "nota.json").read_text())["raiz"]
    assert told.count(root) == 3
    assert told.count("Signature Verified Successfully") == 1


def test_a_receipt_is_followed_with_common_tools() -> None:
    """Statement and key are verified, and the log has the line that the receipt names."""
    told = follow("12. The receipt's text")
    assert told.count("Signature Verified Successfully") == 2
    line = (EXAMPLE / "journal" / "2026" / "VU1.jsonl").read_bytes().split(b"\n")[3]
    assert told.count(hashlib.sha256(line).hexdigest()) == 2
