"""What is erased by two persons' order is gone, stays proven, and nobody erases by another way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records import disposal, lines, segments, verificador, verify
from records.lines import sha256
from records.office import Office
from tests.conftest import ROOT
from tests.records import golden, golden_disposal
from tests.records.second import RAIZ, laid, verdicts

LOG = "journal/{}/VU1.jsonl"
LIES: list[tuple[str, dict[str, Any]]] = [
    ("publicada", {"left_out": True}),
    ("publicada", {"desde": "2026-11-23"}),
    ("publicada", {"hasta": "2026-11-24"}),
    ("observada", {"n": 7}),
    ("resuelta", {"left_out": True}),
    ("resuelta", {"n": 2}),
    ("aprobada", {"left_out": True}),
    ("aprobada", {"fecha": "2027-02-22"}),
    ("aprobada", {"fecha": "2027-02-24"}),
    ("firmada", {"left_out": True}),
    ("firmada", {"signs": "hugo"}),
    ("ejecutada", {"signs": "rosa"}),
    ("ejecutada", {"firma": "0" * 64}),
    ("ejecutada", {"ficha": None}),
    ("ambas", {}),
    ("retenido", {}),
    ("propuesta", {"n": 2, "eliminacion": "2026-VU1-ELM-000002"}),
    ("propuesta", {"anterior": 3}),
    ("propuesta", {"expedientes": ["2026-VU1-EXP-000009"]}),
    ("registro.eliminado", {"orden": "0" * 64}),
    ("registro.eliminado", {"eliminacion": "2026-VU1-ELM-000009"}),
    ("registro.eliminado", {"radicado": "2026-VU1-E-000009"}),
    ("registro.eliminado", {"fichas": ["ab" * 32]}),
    ("expediente.eliminado", {"orden": "0" * 64}),
    ("expediente.eliminado", {"expediente": "2026-VU1-EXP-000009"}),
    ("cumplida", {"eliminacion": "2026-VU1-ELM-000009"}),
    ("certificada", {"certificado": "ab" * 32}),
    ("despues", {}),
    ("forja", {}),
]
FORMS: list[tuple[str, dict[str, Any]]] = [
    ("publicada", {"hasta": "2026-12-23"}),
    ("cumplida", {"fichas": 1}),
]
"""Lies about periods and counts, which the main verifier alone judges."""


# -- the format -----------------------------------------------------------------------------------
def test_a_disposal_is_written_alike_and_both_accept_it(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "format" / "eliminacion"
    kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
    built = golden_disposal.build()
    manifest = built.pop(golden.MANIFEST)
    assert kept == built and (folder / golden.MANIFEST).read_bytes() == manifest
    assert verdicts(built, tmp_path) == (True, True)
    office = Office(tmp_path / "casa")
    states = [office.estado(f"VU1.{n}") for n in (1, 4, 7, 10)]
    gone = [s for s in states if s.estado == "eliminado"]
    assert gone and all(s.campos == {} and s.documentos for s in gone)
    assert [s.campos for s in states if s not in gone]
    assert {"publicada", "ejecutada"} <= {k.partition(".")[2] for k in kinds(built)}
    assert set(disposal.TYPES) <= kinds(built)


def kinds(files: dict[str, bytes]) -> set[str]:
    rows = [raw for year in (2026, 2027) for raw in files[LOG.format(year)].splitlines()]
    return {json.loads(raw)["b"]["type"] for raw in rows}


@pytest.mark.parametrize(("step", "told"), LIES)
def test_both_refuse_a_lie_about_a_disposal(
    step: str, told: dict[str, Any], tmp_path: Path
) -> None:
    assert verdicts(golden_disposal.build(step, **told), tmp_path) == (False, False)


@pytest.mark.parametrize(("step", "told"), FORMS)
def test_the_main_verifier_judges_periods_and_counts(
    step: str, told: dict[str, Any], tmp_path: Path
) -> None:
    assert verdicts(golden_disposal.build(step, **told), tmp_path) == (False, True)


@pytest.mark.parametrize("what", ["semilla", "raiz", "conservados", "porcentaje", "tamano"])
def test_both_draw_a_sample_again(what: str, tmp_path: Path) -> None:
    body = next(b for b in bodies() if b["type"] == "eliminacion.propuesta")
    sample = body["data"]["muestra"]
    if what == "conservados":
        names = [n for n in body["data"]["expedientes"] if n not in sample["grupos"][0][what]]
        sample["grupos"][0][what] = names[:1]
    elif what == "porcentaje":
        sample["grupos"][0][what] = 99
    else:
        sample[what] = 3 if what == "tamano" else "ab" * 32
    files = golden_disposal.build("propuesta", muestra=sample)
    assert verdicts(files, tmp_path) == (False, False)


def bodies() -> list[dict[str, Any]]:
    built = golden_disposal.build()
    return [
        json.loads(raw)["b"]
        for year in (2026, 2027)
        for raw in built[LOG.format(year)].splitlines()
    ]


def test_both_find_what_is_gone_without_an_order_and_what_is_still_there(tmp_path: Path) -> None:
    good, whole = golden_disposal.build(), golden_disposal.build(erased=False)
    name = "journal/2026/VU1.fichas.jsonl"
    rows = good[name].split(b"\n")
    first = next(n for n, row in enumerate(rows) if row)
    back = [*rows]
    gone = next(n for n, row in enumerate(rows) if not row)
    back[gone] = whole[name].split(b"\n")[gone]
    blank = [*rows]
    blank[first] = b""
    erased = sorted(n for n in whole if n.startswith("vault/") and n not in good)
    alive = sorted(n for n in good if n.startswith("vault/") and n.endswith(".txt"))
    for case, files in {
        "a ficha missing": {**good, name: b"\n".join(blank)},
        "a ficha still there": {**good, name: b"\n".join(back)},
        "a document missing": {n: raw for n, raw in good.items() if n != alive[0]},
        "a document still there": {**good, erased[0]: whole[erased[0]]},
        "an empty line more": {**good, name: good[name] + b"\n"},
        "an empty line less": {**good, name: b"\n".join(rows[:gone] + rows[gone + 1 :])},
        "nothing erased": whole,
    }.items():
        home = laid(files, tmp_path / "casa")
        assert verificador.examine(home, RAIZ)["hallazgos"], case
        codes = {f.codigo for f in verify.verify(Office(home)).hallazgos} - {"firma_pdf"}
        assert codes, case


def test_both_find_a_flipped_bit_in_a_tombstone(tmp_path: Path) -> None:
    good = golden_disposal.build()
    name = LOG.format(2027)
    rows = good[name].splitlines(keepends=True)
    n = next(i for i, raw in enumerate(rows) if b"registro.eliminado" in raw)
    for position in range(40, len(rows[n]), 211):
        bad = bytearray(rows[n])
        bad[position] ^= 1
        files = {**good, name: b"".join([*rows[:n], bytes(bad), *rows[n + 1 :]])}
        assert verdicts(files, tmp_path) == (False, False), position


# -- the sample -----------------------------------------------------------------------------------
@given(
    st.integers(1, 60), st.integers(1, 100), st.text("0123456789abcdef", min_size=64, max_size=64)
)
@settings(max_examples=30)
def test_a_sample_keeps_its_share_and_depends_on_nothing_else(
    n: int, percent: int, seed: str
) -> None:
    names = [f"2026-VU1-EXP-{i:06d}" for i in range(n)]
    kept = disposal.keeps(seed, names, percent)
    assert kept == disposal.keeps(seed, reversed(names), percent)
    assert len(kept) == -(-n * percent // 100) and len(set(kept)) == len(kept)
    assert set(disposal.keeps(seed, names, max(1, percent // 2))) <= set(kept)


def test_readers_of_fichas_pass_over_an_empty_line(tmp_path: Path) -> None:
    home = laid(golden_disposal.build(), tmp_path / "casa")
    path = segments.segments(home, "VU1")[0].fichas
    forward = [raw for _, raw in segments.read_raw(path)]
    assert b"" in forward and forward == [raw for _, raw in segments.read_back(path)][::-1]
    office = Office(home)
    office.index.catch_up()
    assert office.index.differences() == []
    events = office.index.events("VU1.1") + office.index.events("VU1.4")
    assert any(e.ficha is None for e in events)
    assert all(sha256(lines.canonical(e.ficha)) for e in events if e.ficha)
