"""Lines taken out of the logs with their proofs: under one head, and true to the tree."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from records import checkpoint, notes, segments, slices
from records.errors import Damaged
from records.home import Home
from records.office import Office
from retention import verificar_paquete
from retention.verificar_paquete import Package
from tests.conftest import ROOT, receive

COMPLETE = ROOT / "docs" / "format" / "completo"
"""A life of two years: rotations, revocations, a restored epoch, and all types of its time."""


@pytest.fixture
def complete(tmp_path: Path) -> Home:
    """That example as a home to be read."""
    shutil.copytree(COMPLETE, tmp_path / "completo")
    shutil.copy(ROOT / "config.toml", tmp_path / "completo")
    return Home(tmp_path / "completo")


def addresses(home: Home, punto: str) -> list[tuple[str, int]]:
    return [(punto, seq) for seq in range(segments.Log(home.home, punto).last_seq() + 1)]


def laid(home: Home, wanted: list[tuple[str, int]], folder: Path) -> Package:
    """What a package has of *wanted* lines, the journal's part alone, in the verifier's hands."""
    some = slices.slices_of(home, wanted)
    (folder / "data" / "confianza").mkdir(parents=True)
    for name, data in slices.trust_of(home, some).items():
        (folder / "data" / "confianza" / name).write_bytes(data)
    told = Package(str(folder), "")
    for path in sorted(folder.rglob("*.*")):
        name = path.relative_to(folder).as_posix()
        told.sums[name] = verificar_paquete.sums_of(str(path))
    told.tried("trust", told.trust)
    return told


def rows(home: Home, wanted: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [
        {
            "linea": piece.linea.decode(),
            "ficha": None if piece.ficha is None else piece.ficha.decode(),
            "prueba": piece.prueba,
        }
        for one in slices.slices_of(home, wanted).values()
        for piece in one.lineas.values()
    ]


def test_every_line_of_a_long_life_is_proven_to_a_stranger(complete: Home, tmp_path: Path) -> None:
    wanted = [a for punto in ("AUT", "VU1", "VU2") for a in addresses(complete, punto)]
    told = laid(complete, wanted, tmp_path / "p")
    assert told.found == []
    told.events("todas", rows(complete, wanted))
    assert told.count["eventos"] == len(wanted) == 97


def test_each_path_leads_to_the_one_head_of_its_log(complete: Home) -> None:
    wanted = addresses(complete, "VU1")
    (one,) = slices.slices_of(complete, wanted).values()
    head = notes.head_of(notes.parse(one.nota))
    assert head.size == one.tamano == len(wanted)
    proofs = slices.proofs_of(complete, wanted)
    for seq, piece in one.lineas.items():
        path = [bytes.fromhex(step) for step in piece.prueba["camino"]]
        leaf = checkpoint.leaf(piece.linea)
        assert checkpoint.verify_inclusion(leaf, seq, head.size, path, head.root)
        assert proofs["VU1", seq] == piece.prueba
    fichas = sum(len(path.read_bytes().splitlines())
                 for path in complete.home.glob("journal/*/VU1.fichas.jsonl"))  # fmt: skip
    assert sum(piece.ficha is not None for piece in one.lineas.values()) == fichas


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 21, 33])
def test_the_tree_of_any_size_gives_the_paths_of_the_rfc(size: int) -> None:
    raws = [str(n).encode() for n in range(size)]
    tree = slices._Tree()
    for raw in raws:
        tree.add(raw)
    tree.finish()
    leaves = [checkpoint.leaf(raw) for raw in raws]
    assert tree.root(0, size) == checkpoint.tree(leaves)
    for index in range(size):
        ranges = checkpoint.inclusion_ranges(index, size)
        assert [tree.root(a, b) for a, b in ranges] == checkpoint.inclusion(leaves, index)


def test_a_head_is_signed_where_none_reaches_and_kept_where_one_does(office: Office) -> None:
    seq = receive(office, 2)
    (one,) = slices.slices_of(office, [("VU1", int(seq[0].split(".")[1]))]).values()
    receive(office, 1, start=7)
    (same,) = slices.slices_of(office, [("VU1", 0)]).values()
    assert same.nota == one.nota
    (later,) = slices.slices_of(office, [("VU1", one.tamano)]).values()
    assert later.tamano == one.tamano + 1


def test_a_line_that_is_not_there_or_was_changed_gives_no_proof(complete: Home) -> None:
    with pytest.raises(Damaged):
        slices.slices_of(complete, [("VU1", 55)])
    path = complete.home / "journal" / "2026" / "VU2.jsonl"
    raws = path.read_bytes().splitlines(keepends=True)
    raws[4] = raws[4].replace(b'"actor":"', b'"actor":"x', 1)
    path.write_bytes(b"".join(raws))
    with pytest.raises(Damaged, match="no son las que se sellaron"):
        slices.slices_of(complete, [("VU2", 3)])


def test_a_revoked_key_and_a_key_that_nobody_gave_are_found(complete: Home, tmp_path: Path) -> None:
    wanted = addresses(complete, "VU1")
    told = laid(complete, wanted, tmp_path / "p")
    every = rows(complete, wanted)
    keys = {json.loads(row["linea"])["k"] for row in every}
    assert len(keys) == 3 and len(told.revoked) == 2
    told.revoked[json.loads(every[-1]["linea"])["k"]] = {}
    with pytest.raises(verificar_paquete.Falta, match="revocada"):
        told.events("todas", every)
    del told.logs["VU1"]
    told.given = {(punto, key) for punto, key in told.given if punto != "VU1"}
    told.tried("x", told.punto, "data/confianza/VU1.llaves.json", "VU1")
    assert [one["que"] for one in told.found] == ["AUT no dio esa llave al punto"]
    with pytest.raises(verificar_paquete.Falta, match="no vino lo que prueba su diario"):
        told.events("todas", every)


def test_an_erased_ficha_leaves_its_line_and_its_proof(complete: Home) -> None:
    path = complete.home / "journal" / "2026" / "VU2.fichas.jsonl"
    raws = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"\n" + b"".join(raws[1:]))
    (one,) = slices.slices_of(complete, addresses(complete, "VU2")).values()
    held = [piece for piece in one.lineas.values() if piece.ficha is not None]
    assert len(held) == len(raws) - 1
