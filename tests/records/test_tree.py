"""Proofs over the tree: the naive words of RFC 6962, the vectors others hold, and every change."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records import checkpoint
from tests.conftest import ROOT

SHAPES = (1, 2, 3, 4, 6, 7, 8, 11, 17)
VECTORS = ROOT / "docs" / "format" / "vectores"


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text())["casos"]
    return found


def leaves(size: int) -> list[bytes]:
    return [checkpoint.leaf(str(i).encode()) for i in range(size)]


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def power(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def naive_root(held: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, over leaf hashes."""
    if len(held) == 1:
        return held[0]
    k = power(len(held))
    return digest(b"\x01" + naive_root(held[:k]) + naive_root(held[k:]))


def naive_path(m: int, held: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 §2.1.1."""
    if len(held) == 1:
        return []
    k = power(len(held))
    if m < k:
        return [*naive_path(m, held[:k]), naive_root(held[k:])]
    return [*naive_path(m - k, held[k:]), naive_root(held[:k])]


def naive_proof(m: int, held: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 §2.1.2."""
    if m == len(held):
        return [] if whole else [naive_root(held)]
    k = power(len(held))
    if m <= k:
        return [*naive_proof(m, held[:k], whole), naive_root(held[k:])]
    return [*naive_proof(m - k, held[k:], False), naive_root(held[:k])]


def test_roots_are_those_of_the_vectors() -> None:
    for case in cases("arbol"):
        assert checkpoint.tree(leaves(case["tamano"])).hex() == case["raiz"]


def test_inclusion_paths_are_those_of_the_vectors() -> None:
    for case in cases("inclusion"):
        held = leaves(case["tamano"])
        path = checkpoint.inclusion(held, case["indice"])
        assert [step.hex() for step in path] == case["camino"], case
        assert checkpoint.verify_inclusion(
            held[case["indice"]], case["indice"], len(held), path, checkpoint.tree(held)
        )


def test_consistency_proofs_are_those_of_the_vectors() -> None:
    for case in cases("consistencia"):
        held, old = leaves(case["tamano"]), case["desde"]
        path = checkpoint.consistency(held, old)
        assert [step.hex() for step in path] == case["camino"], case
        assert checkpoint.verify_consistency(
            old, len(held), checkpoint.tree(held[:old]), checkpoint.tree(held), path
        )


@given(st.data(), st.integers(1, 200))
@settings(max_examples=150, deadline=None)
def test_proofs_are_what_the_rfc_says(data: st.DataObject, size: int) -> None:
    held = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    assert checkpoint.tree(held) == naive_root(held)
    assert checkpoint.inclusion(held, index) == naive_path(index, held)
    assert checkpoint.consistency(held, old) == naive_proof(old, held)


@pytest.mark.parametrize("size", SHAPES)
def test_a_path_holds_for_its_own_leaf_place_size_and_root_alone(size: int) -> None:
    held = leaves(size)
    root = checkpoint.tree(held)
    for index in range(size):
        path = checkpoint.inclusion(held, index)
        for place in range(-1, 20):
            assert checkpoint.verify_inclusion(held[index], place, size, path, root) == (
                place == index
            )
        for other in range(-1, 36):
            # A wrong size is seen where it changes the shape above the leaf.
            held_up = checkpoint.verify_inclusion(held[index], index, other, path, root)
            assert held_up == (other == size) or len(
                checkpoint.inclusion(leaves(other), index)
            ) == len(path)
        for wrong in mutations(path):
            assert not checkpoint.verify_inclusion(held[index], index, size, wrong, root)
        assert not checkpoint.verify_inclusion(flip(held[index]), index, size, path, root)
        assert not checkpoint.verify_inclusion(held[index], index, size, path, flip(root))
        assert not checkpoint.verify_inclusion(held[index], index, size, path, b"")


@pytest.mark.parametrize("size", SHAPES)
def test_a_consistency_proof_holds_for_its_own_trees_alone(size: int) -> None:
    held = leaves(size)
    root = checkpoint.tree(held)
    roots = [checkpoint.tree(held[:n]) for n in range(size + 1)]
    for old in range(1, size + 1):
        path = checkpoint.consistency(held, old)
        for said in range(-1, size + 3):
            claimed = roots[said] if 0 <= said <= size else roots[old]
            assert checkpoint.verify_consistency(said, size, claimed, root, path) == (said == old)
        for wrong in mutations(path):
            assert not checkpoint.verify_consistency(old, size, roots[old], root, wrong)
        assert not checkpoint.verify_consistency(old, size, flip(roots[old]), root, path)
        assert not checkpoint.verify_consistency(old, size, roots[old], flip(root), path)
        if old != size:
            assert not checkpoint.verify_consistency(old, size, root, roots[old], path)
            assert not checkpoint.verify_consistency(size, old, root, roots[old], path)


def flip(value: bytes) -> bytes:
    return bytes([value[0] ^ 1]) + value[1:]


def mutations(path: list[bytes]) -> list[list[bytes]]:
    """Every step changed, dropped, doubled, swapped with the next, cut short; and one too many."""
    out = [[*path, digest(b"")], [digest(b""), *path]]
    for i, step in enumerate(path):
        rest = path[i + 1 :]
        out.append([*path[:i], flip(step), *rest])
        out.append([*path[:i], step[:-1], *rest])
        out.append([*path[:i], *rest])
        out.append([*path[:i], step, step, *rest])
        if rest:
            out.append([*path[:i], rest[0], step, *rest[1:]])
    return out


@pytest.mark.parametrize(("size", "place"), [(0, 0), (3, 3), (3, -1), (0, 1)])
def test_what_is_not_in_the_tree_has_no_proof(size: int, place: int) -> None:
    with pytest.raises(ValueError):
        checkpoint.inclusion(leaves(size), place)
    with pytest.raises(ValueError):
        checkpoint.consistency(leaves(size), 0 if place == 3 else size + 1)


@pytest.mark.largo
def test_a_million_leaves_have_short_proofs() -> None:
    held = [digest(i.to_bytes(4, "big")) for i in range(1_000_000)]
    root = checkpoint.tree(held)
    path = checkpoint.inclusion(held, 777_777)
    assert len(path) == 20
    assert checkpoint.verify_inclusion(held[777_777], 777_777, len(held), path, root)
    proof = checkpoint.consistency(held, 654_321)
    old = checkpoint.tree(held[:654_321])
    assert checkpoint.verify_consistency(654_321, len(held), old, root, proof)
