"""The journal's bytes: format v1, its one spelling, and the example that others hold too."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from records import checkpoint, lines, receipts
from records import tail as tails
from records.lines import BadLine
from records.segments import Log
from records.tail import Tail
from tests.conftest import ROOT, SHARED

OWN = ROOT / "docs" / "format" / "ejemplo"
OTHERS = SHARED / "format" / "ejemplo"

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20).map(
    lambda t: lines.clean(t)
)
keys = st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True)
numbers = st.integers(-lines.MAX_INT, lines.MAX_INT)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_form_is_rfc_8785(value: object) -> None:
    assert lines.canonical(value) == rfc8785.dumps(value)
    assert lines.parse(lines.canonical(value)) == value


@pytest.mark.parametrize(
    "spelling",
    [
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":-0}',
        b'{"a":1e3}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        '{"a":"n\u0303"}'.encode(),
        b'{"A":1}',
        b'{"a":9007199254740993}',
        b'{"a":NaN}',
        b"[" * 20 + b"]" * 20,
        b'{"a":1}\n',
        b'\xef\xbb\xbf{"a":1}',
    ],
)
def test_a_second_spelling_is_refused(spelling: bytes) -> None:
    with pytest.raises(BadLine):
        lines.parse(spelling)


@pytest.mark.parametrize("folder", [OWN, OTHERS], ids=["docs", "shared"])
@pytest.mark.parametrize("punto", ["AUT", "VU1"])
def test_the_example_verifies_and_is_written_alike(folder: Path, punto: str) -> None:
    if not folder.exists():
        pytest.skip(f"no está {folder.name} de {folder.parents[1].name}")
    log, tail = Log(folder, punto), Tail(punto)
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(punto.encode()).digest())
    for _, line in log.read():
        tails.advance(tail, line)
        assert lines.seal_line(lines.parse(line.body_bytes), key).raw == line.raw
    assert [e.seq for e in log.events()] == list(range(tail.seq + 1))
    root = (folder / "keys" / "raiz.pub").read_text().strip()
    assert tail.raiz == root


@pytest.mark.parametrize(
    "bits", [None, pytest.param(range(8), marks=pytest.mark.largo)], ids=["one", "all"]
)
def test_a_flipped_bit_of_any_byte_of_the_example_is_seen(
    tmp_path: Path, bits: range | None
) -> None:
    shutil.copytree(OWN, tmp_path / "e")
    path = tmp_path / "e" / "journal" / "2026" / "VU1.jsonl"
    good = path.read_bytes()
    for position in range(len(good)):
        for bit in bits or (position % 8,):
            bad = bytearray(good)
            bad[position] ^= 1 << bit
            raws = bytes(bad).split(b"\n")
            assert not _verifies(raws), (position, bit)


def _verifies(raws: list[bytes]) -> bool:
    tail = Tail("VU1")
    try:
        for raw in raws[:-1]:
            tails.advance(tail, lines.read_line(raw))
    except (BadLine, tails.Broken):
        return False
    return raws[-1] == b"" and tail.seq == 4


def test_the_tree_is_rfc_6962() -> None:
    # Vectors of RFC 6962's reference implementation: leaves of the well-known test tree.
    leaves = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43"]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    ]
    frontier: tuple[bytes, ...] = ()
    for size, (data, root) in enumerate(zip(leaves, roots, strict=True)):
        frontier = checkpoint.grow(frontier, size, checkpoint.leaf(data))
        assert checkpoint.root(frontier).hex() == root


def test_a_line_can_be_followed_with_common_tools() -> None:
    raw = (OWN / "journal" / "2026" / "VU1.jsonl").read_bytes().split(b"\n")
    first, second = json.loads(raw[0]), json.loads(raw[1])
    assert second["b"]["prev"] == hashlib.sha256(raw[0]).hexdigest()
    assert first["k"] == hashlib.sha256(bytes.fromhex(first["b"]["data"]["clave"])).hexdigest()[:16]


def test_the_examples_receipt_holds_and_is_written_alike() -> None:
    text = (ROOT / "docs" / "format" / "vectores" / "constancia.txt").read_text().strip()
    line = (OWN / "journal" / "2026" / "VU1.jsonl").read_bytes().split(b"\n")[3]
    first = json.loads((OWN / "journal" / "2026" / "VU1.jsonl").read_bytes().split(b"\n")[0])
    said = receipts.check(text, (OWN / "keys" / "raiz.pub").read_text().strip())
    assert said.hash == hashlib.sha256(line).hexdigest()
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"VU1").digest())
    assert receipts.seal(said, key, 0, first["b"]["data"]["delegacion"]) == text
