"""Two verifiers that share no code: both refuse each flipped bit, and agree where chance writes."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from records import checking, checking_logs, lines, segments, verificador, verify
from records import tail as tails
from records.lines import BadLine
from records.office import Office
from records.tail import Broken, Tail
from tests.records import (
    forgery,
)
from tests.records.second import BIT_STRIDE, FOLDER, PUNTOS, RAIZ, laid, must_refuse, verdicts


# -- bits -----------------------------------------------------------------------------------------
def flipped(raw: bytes, stride: int, start: int) -> Iterator[bytes]:
    for bit in range(start % stride, len(raw) * 8, stride):
        bad = bytearray(raw)
        bad[bit // 8] ^= 1 << (bit % 8)
        yield bytes(bad)


def flip_lines(stride: int) -> int:
    """Flip bits of every line of the golden logs; each verifier is asked just before that line."""
    count = 0
    authority = verificador.Log(FOLDER, "AUT", RAIZ, None)
    authority.walk()
    said = verificador.Authority(authority.events)
    for punto in PUNTOS:
        tail, log = Tail(punto), verificador.Log(FOLDER, punto, RAIZ, said)
        fichas = fichas_of(punto)
        for name, raw in forgery.rows(punto):
            year, before = int(name.split("/")[1]), msgspec.structs.replace(tail)
            body = forgery.body_of(raw)
            ficha = [next(fichas)] if "ficha" in body else []
            for bad in flipped(raw, stride, count):
                part = bad.split(b"\n")[0]
                assert not main_takes(msgspec.structs.replace(before), part), (name, raw, bad)
                asked = copy.copy(log)
                asked.keys = list(log.keys)
                with pytest_raises_trouble():
                    asked.line(part, year, iter(ficha))
                    raise AssertionError((name, raw, bad))
                count += 1
            log.line(raw, year, iter(ficha))
            tails.advance(tail, lines.read_line(raw))
        assert tail.seq + 1 == log.seq == len(forgery.rows(punto))
    return count


class pytest_raises_trouble:  # noqa: N801
    """`pytest.raises`, half a million times."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and not issubclass(kind, AssertionError)


def main_takes(tail: Tail, raw: bytes) -> bool:
    try:
        tails.advance(tail, lines.read_line(raw))
    except (BadLine, Broken):
        return False
    return True


def fichas_of(punto: str) -> Iterator[bytes]:
    for name in sorted(n for n in forgery.files() if n.endswith(f"/{punto}.fichas.jsonl")):
        yield from forgery.files()[name].splitlines(keepends=True)


def flip_fichas(stride: int, tmp_path: Path) -> int:
    """Flip bits of every ficha; the main verifier walks them in step, the second line by line."""
    count = 0
    authority = verificador.Log(FOLDER, "AUT", RAIZ, None)
    authority.walk()
    said = verificador.Authority(authority.events)
    for punto in PUNTOS:
        log, fichas = verificador.Log(FOLDER, punto, RAIZ, said), fichas_of(punto)
        for name, raw in forgery.rows(punto):
            year, body = int(name.split("/")[1]), forgery.body_of(raw)
            ficha = [next(fichas)] if "ficha" in body else []
            for bad in flipped(ficha[0], stride, count) if ficha else ():
                asked = copy.copy(log)
                asked.keys = list(log.keys)
                with pytest_raises_trouble():
                    asked.line(raw, year, iter(bad.splitlines(keepends=True)))
                    raise AssertionError((name, bad))
                assert main_finds(bad, body["ficha"], tmp_path), (name, bad)
                count += 1
            log.line(raw, year, iter(ficha))
    return count


def main_finds(ficha: bytes, digest: str, tmp_path: Path) -> bool:
    path = tmp_path / "f.jsonl"
    path.write_bytes(ficha)
    check = checking.Checker(Office(laid({"journal/x": b""}, tmp_path / "c")))
    check.report.hallazgos.clear()
    walk = checking_logs.Fichas(segments.Segment(2026, path, path), {})
    walk.match(check, digest)
    walk.finish(check)
    return bool(check.report.hallazgos)


def test_both_refuse_flipped_bits(tmp_path: Path) -> None:
    assert flip_lines(BIT_STRIDE) > 1_000
    assert flip_fichas(BIT_STRIDE, tmp_path) > 50


@pytest.mark.largo
def test_both_refuse_every_flipped_bit_of_the_lines() -> None:
    assert flip_lines(1) > 500_000


@pytest.mark.largo
def test_both_refuse_every_flipped_bit_of_the_fichas(tmp_path: Path) -> None:
    assert flip_fichas(1, tmp_path) > 25_000


def test_both_refuse_whole_logs_with_a_flipped_byte(tmp_path: Path) -> None:
    cases = []
    for i, (name, raw) in enumerate(sorted(forgery.files().items())):
        if name.endswith(".jsonl"):
            for position in range(i * 31, len(raw), len(raw) // 2):
                bad = bytearray(raw)
                bad[position] ^= 1 << (position % 8)
                cases.append((f"{name} {position}", {**forgery.files(), name: bytes(bad)}))
    assert must_refuse(cases, tmp_path) > 12


# -- chance ---------------------------------------------------------------------------------------
POOL = (None, True, False, 0, 1, -1, 2, 2**53 - 1, "", "x", "AUT", "VU1", "log", "VU1.2", "ab" * 32)
POOL += ("ab" * 16, [], {}, ["a"], {"a": 1}, "2026-11-23T08:00:00.000-05:00", "2027-01-12", "marta")
NEW = ("nuevo", "sha256", "recibido", "imagen", "clave", "certificado", "documento", "aprobacion")


def places(value: object, here: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    if here:
        yield here
    rows = value.items() if isinstance(value, dict) else ()
    rows = enumerate(value) if isinstance(value, list) else rows
    for name, inner in rows:
        yield from places(inner, (*here, name))


def at_random(draw: random.Random, pen: str | None) -> Callable[[forgery.Body], None]:
    """Some value of a body is gone, new or another; most times its act is signed anew."""

    def edit(body: forgery.Body) -> None:
        *path, last = draw.choice(list(places(body)))
        holder: object = body
        for name in path:
            holder = holder[name]  # type: ignore[index]
        assert isinstance(holder, (dict, list))
        what = draw.randrange(10)
        old = holder[last]  # type: ignore[index]
        if what < 2:
            del holder[last]  # type: ignore[arg-type]
        elif what == 2 and isinstance(holder, dict):
            holder[draw.choice(NEW)] = draw.choice(POOL)
        elif what < 6 and isinstance(old, str) and old:
            i = draw.randrange(len(old))
            holder[last] = old[:i] + draw.choice("0aZ-. é") + old[i + 1 :]  # type: ignore[index]
        elif what < 6 and isinstance(old, int):
            holder[last] = old + draw.choice((-1, 1))  # type: ignore[index]
        else:
            holder[last] = draw.choice(POOL)  # type: ignore[index]
        if not isinstance(body.get("subject"), str):
            body["subject"] = "log"
        whole = {"after", "log", "type", "data", "at", "punto", "seq"} <= body.keys()
        if pen and whole and isinstance(body["data"], dict) and draw.random() < 0.7:
            old_act = body["data"].get("acto", {})
            if isinstance(old_act, dict):
                body["_acto"] = pen

    return edit


def agree(seeds: Iterable[int], tmp_path: Path) -> tuple[int, int]:
    """Both give one verdict on logs that are changed at random and signed; (accepted, refused).

    But on forms of fields, which the first alone judges.
    """
    accepted = refused = 0
    for seed in seeds:
        draw = random.Random(seed)
        punto = draw.choice(PUNTOS)
        rows = forgery.rows(punto)
        seq = draw.randrange(len(rows))
        pen = forgery.signer_of(forgery.body_of(rows[seq][1]))
        files = forgery.forge(punto, {seq: at_random(draw, pen)})
        main, second = verdicts(files, tmp_path)
        if main != second:
            assert second and formal(tmp_path / "casa"), (seed, punto, seq)
        accepted, refused = accepted + main, refused + (not main)
    return accepted, refused


def formal(home: Path) -> bool:
    """Whether the first finds what it alone judges: an odd field, subject, `ancla`, certificate."""
    report = verify.verify_logs(Office(home))
    words = (
        "no son válidos",
        "y es de",
        "mal escrit",
        "no va en",
        "no dice lo que hay",
        "que la autoridad publicó",
    )
    return any(word in f.mensaje for f in report.hallazgos for word in words)


def test_both_agree_on_what_chance_changes(tmp_path: Path) -> None:
    accepted, refused = agree(range(15), tmp_path)
    assert accepted and refused > 5


@pytest.mark.largo
def test_both_agree_on_much_that_chance_changes(tmp_path: Path) -> None:
    accepted, refused = agree(range(1000, 3000), tmp_path)
    assert accepted > 50 and refused > 1500
