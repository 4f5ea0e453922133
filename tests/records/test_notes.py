"""Signed notes of a log's head: their one spelling, who signed, and what others may add."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from records import checkpoint, notes
from records.notes import BadNote
from records.segments import Log
from tests.records.test_format import OWN
from tests.records.test_tree import VECTORS

KNOWN: dict[str, Any] = json.loads((VECTORS / "nota.json").read_text())
PUBLIC = bytes.fromhex(KNOWN["clave"])
KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"VU1").digest())
WITNESS = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"testigo").digest())
ROOT_HASH = bytes.fromhex(KNOWN["raiz"])
NOTE: bytes = KNOWN["aceptadas"][0]["nota"].encode()


def test_the_head_of_the_example_is_signed_as_the_vectors_say() -> None:
    held = [checkpoint.leaf(line.raw) for _, line in Log(OWN, "VU1").read()]
    assert len(held) == KNOWN["tamano"] and checkpoint.tree(held) == ROOT_HASH
    assert notes.sign(KNOWN["log"], len(held), ROOT_HASH, KEY) == NOTE
    assert (OWN / "checkpoints" / "VU1" / "0000000005.note").read_bytes() == NOTE


def test_the_verifier_key_is_spelt_as_the_specification_says() -> None:
    name, ident, encoded = KNOWN["vkey"].split("+", 2)
    assert name == notes.origin(KNOWN["log"])
    assert base64.b64decode(encoded) == notes.ED25519 + PUBLIC
    assert notes.key_id(name, PUBLIC).hex() == ident


@pytest.mark.parametrize("case", KNOWN["aceptadas"], ids=lambda c: c["caso"])
def test_a_head_is_read(case: dict[str, str]) -> None:
    head = notes.read(case["nota"].encode(), [PUBLIC])
    assert (head.origin, head.size, head.root) == (notes.origin(KNOWN["log"]), 5, ROOT_HASH)


@pytest.mark.parametrize("case", KNOWN["rechazadas"], ids=lambda c: c["caso"])
def test_a_second_spelling_or_another_hand_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(BadNote):
        notes.read(case["nota"].encode(), [PUBLIC])


def test_no_changed_bit_of_a_note_holds() -> None:
    for position in range(len(NOTE)):
        for bit in range(8):
            bad = bytearray(NOTE)
            bad[position] ^= 1 << bit
            with pytest.raises(BadNote):
                notes.read(bytes(bad), [PUBLIC])


@given(st.integers(0, notes.MAX_SIZE), st.binary(min_size=32, max_size=32))
def test_what_is_signed_is_what_is_read(size: int, root: bytes) -> None:
    head = notes.read(notes.sign("0123456789abcdef", size, root, KEY), [PUBLIC])
    assert head == notes.Checkpoint("ventanilla/0123456789abcdef", size, root)


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_anything_else_is_refused_in_words(data: bytes) -> None:
    for note in (data, NOTE + data if data else b"", data + NOTE if data else b""):
        with pytest.raises(BadNote):
            notes.read(note, [PUBLIC])


def signature(name: str, key_id: bytes, data: bytes) -> bytes:
    return f"— {name} ".encode() + base64.b64encode(key_id + data) + b"\n"


def test_signatures_of_others_are_passed_over() -> None:
    name = notes.origin(KNOWN["log"])
    others = [
        signature("testigo.example/w", b"\0\1\2\3", b"x" * 72),
        signature("año.example/ñ", b"\0\1\2\3", b"y"),
        signature(name, b"\0\0\0\0", b"z" * 64),  # the log's name, another key
        signature("otro.example", notes.key_id(name, PUBLIC), b"z" * 64),  # its key id, other name
        signature("grande.example", b"\6\6\6\6", bytes(2428)),
    ]
    assert notes.read(NOTE + b"".join(others), [PUBLIC]).size == 5
    first = NOTE.index(b"\n\n") + 2
    assert notes.read(NOTE[:first] + b"".join(others) + NOTE[first:], [PUBLIC]).size == 5
    many = [signature(f"t{i}.example", b"\0\1\2\3", bytes(2428)) for i in range(16)]
    assert notes.read(NOTE + b"".join(many), [PUBLIC]).size == 5


def test_a_false_signature_by_a_known_key_spoils_the_note() -> None:
    name = notes.origin(KNOWN["log"])
    false = signature(name, notes.key_id(name, PUBLIC), bytes(64))
    with pytest.raises(BadNote):
        notes.read(NOTE + false, [PUBLIC])
    other = WITNESS.public_key().public_bytes_raw()
    false = signature(name, notes.key_id(name, other), bytes(64))
    assert notes.read(NOTE + false, [PUBLIC]).size == 5
    with pytest.raises(BadNote):
        notes.read(NOTE + false, [PUBLIC, other])


def test_too_large_a_note_is_refused() -> None:
    with pytest.raises(BadNote):
        notes.read(NOTE + signature("t", b"\0\1\2\3", bytes(notes.MAX_BYTES)), [PUBLIC])
    lines = [signature(f"t{i}", b"\0\1\2\3", b"x") for i in range(notes.MAX_SIGNATURES)]
    with pytest.raises(BadNote):
        notes.read(NOTE + b"".join(lines), [PUBLIC])
