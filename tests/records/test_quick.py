"""The quick reading of a line accepts nothing that the exact one refuses, and says the same."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from records import lines, tail
from records.lines import BadLine

odd_keys = st.sampled_from(["a", "b_1", "series", "A", "ñ", "E/2026", "", "z" * 9])
atoms = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([2**53, 2**53 - 1, 1 - 2**53, -(2**53), 2**63, 2**64, 10**30])
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["n\u0303", "\u0301", "ñ", "\ufb01", "\u1100\u1161", "\x7f", "\u2028", "\\"])
)
anything = st.recursive(
    atoms,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_keys, inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(odd_keys, anything, max_size=5)
HEX = "ab" * 32
GOOD: dict[str, Any] = {
    "v": 1, "log": "a" * 16, "punto": "VU1", "epoch": 0, "seq": 3, "prev": HEX,
    "at": "2026-01-02T10:00:00.000-05:00", "actor": "ana", "type": "radicado.asignado",
    "subject": "VU1.2", "after": [HEX], "data": {"n": 1, "recibido": "José", "saltadas": ["a"]},
    "ficha": HEX,
}  # fmt: skip
bodies = st.dictionaries(st.sampled_from([*GOOD, "otro"]), anything, max_size=2).map(
    lambda changes: {**GOOD, **changes}
) | objects.map(lambda data: {**GOOD, "data": data})
TOKENS = [
    b"1.0", b"1e3", b"-0", b"01", b"null", b'"ficha":null,', b"\\u0041", b"\\u0007", b"\\/",
    b"\\ud800", b"\\u001f", b"\\u001F", "\u0301".encode(), b"\xed\xa0\x80", b"\xff", b" ", b"\n",
    b'"', b",", b"{}", b"[[]]", b"\x00", b"9007199254740992", b'"a":1,', b"true", b"NaN",
]  # fmt: skip


def spellings(value: object) -> st.SearchStrategy[bytes]:
    """Ways to write *value*, its only right one among them."""

    def write(choice: tuple[bool, bool, bool]) -> bytes:
        order, escaped, tight = choice
        marks = (",", ":") if tight else (", ", ": ")
        text = json.dumps(value, sort_keys=order, ensure_ascii=escaped, separators=marks)
        return text.encode("utf-8", "surrogatepass")

    right = st.just((True, False, True))
    return (right | right | st.tuples(st.booleans(), st.booleans(), st.booleans())).map(write)


@st.composite
def bytes_like(draw: st.DrawFn, values: st.SearchStrategy[object]) -> bytes:
    raw = draw(spellings(draw(values)))
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 3)))
        raw = (
            raw[:start] + draw(st.sampled_from([b"", *TOKENS]) | st.binary(max_size=2)) + raw[end:]
        )
    return raw


def exact(raw: bytes) -> Any:
    try:
        return lines._parse(raw)
    except BadLine:
        return None


@settings(max_examples=300)
@given(bytes_like(objects))
def test_an_object_is_read_as_the_exact_way_reads_it(raw: bytes) -> None:
    quick = lines._quick_object(raw)
    if quick is not None:
        assert quick == exact(raw)
        assert rfc8785.dumps(quick) == raw


@settings(max_examples=300)
@given(bytes_like(bodies))
def test_a_body_is_read_as_the_exact_way_reads_it(raw: bytes) -> None:
    quick = lines._quick_body(raw)
    if quick is not None:
        assert msgspec.structs.asdict(quick) == msgspec.structs.asdict(lines._read_body(raw))
        assert rfc8785.dumps(exact(raw)) == raw


@given(bytes_like(bodies))
def test_what_a_line_says_or_why_it_is_refused_is_the_same(raw: bytes) -> None:
    line = b'{"b":%b,"k":"%b","s":"%b"}' % (raw, b"0" * 16, b"0" * 128)
    with pytest.MonkeyPatch.context() as patch:
        told = _told(line)
        patch.setattr(lines, "_quick_body", lambda raw: None)
        assert told == _told(line)


def _told(line: bytes) -> object:
    try:
        read = lines.read_line(line)
        return msgspec.structs.asdict(read.body), read.raw, read.k, read.hash
    except BadLine as error:
        return str(error)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1.5}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":{"b":[9007199254740992]}}',
        b'{"A":1}',
        b'{"a":{"A":1}}',
        '{"a":"n\u0303"}'.encode(),
        '{"a":["n\u0303"]}'.encode(),
        b'{"a":' + b"[" * 16 + b"]" * 16 + b"}",
        b'{"a":' + b'{"a":' * 16 + b"1" + b"}" * 17,
    ],
)
def test_what_an_encoder_gives_back_alike_is_still_judged(raw: bytes) -> None:
    assert lines._quick_object(raw) is None
    with pytest.raises(BadLine):
        lines.parse(raw)


def test_what_is_written_every_day_takes_the_quick_way() -> None:
    assert lines._quick_body(lines.canonical(GOOD)) is not None
    ficha = {"remitente": "María Peñaloza Güiza", "sal": "0" * 32, "anexos": ["a"], "folios": 2}
    assert lines._quick_object(lines.canonical(ficha)) == ficha


@given(st.text("0159A-/٣", max_size=12), st.integers(1, 160))
def test_a_number_stands_alone_in_its_radicado(text: str, n: int) -> None:
    alone = re.search(rf"(?<!\d)0*{n}(?!\d)", text) is not None
    # Neither the year nor the punto's own digit says it.
    assert tail.says_number(f"2026VU1E {text}", 2026, "VU1", "E", n) == alone
