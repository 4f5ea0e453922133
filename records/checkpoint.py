"""RFC 6962 tree over a journal's lines: leaf, frontier, root; proofs of inclusion and consistency.

The frontier is what is needed to go on with a tree without its leaves: the roots of its perfect
subtrees, largest first (one for each bit set in the size). Appending costs one hash on average.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIZE = 32
"""Bytes of a hash."""
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf(line: bytes) -> bytes:
    """The leaf hash of a line (without its newline)."""
    return hashlib.sha256(b"\x00" + line).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(frontier: tuple[bytes, ...], size: int, new_leaf: bytes) -> tuple[bytes, ...]:
    """The frontier of a tree of *size* + 1 leaves."""
    carry, kept = new_leaf, len(frontier)
    while size & 1:
        kept -= 1
        carry = node(frontier[kept], carry)
        size >>= 1
    return (*frontier[:kept], carry)


def root(frontier: tuple[bytes, ...]) -> bytes:
    """The tree's root hash."""
    if not frontier:
        return EMPTY_ROOT
    *rest, value = frontier
    for subtree in reversed(rest):
        value = node(subtree, value)
    return value


def tree(leaves: Iterable[bytes]) -> bytes:
    """The root of the tree over leaf hashes."""
    frontier: tuple[bytes, ...] = ()
    for size, one in enumerate(leaves):
        frontier = grow(frontier, size, one)
    return root(frontier)


# -- proofs (RFC 6962 §2.1.1 and §2.1.2; checked as RFC 9162 §2.1.3.2 and §2.1.4.2 tell) -----------

Range = tuple[int, int]
"""The leaves `start` to `end` − 1."""


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The path from leaf *index* to the root of the tree of all *leaves* (leaf hashes).

    Raises:
        ValueError: there is no such leaf.
    """
    return [tree(leaves[a:b]) for a, b in inclusion_ranges(index, len(leaves))]


def consistency(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The proof that the tree of the first *old_size* leaves is the beginning of the tree of all.

    Empty where the two are the same.

    Raises:
        ValueError: *old_size* is not 1 to the number of leaves.
    """
    return [tree(leaves[a:b]) for a, b in _consistency(old_size, len(leaves))]


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The subtrees whose roots are the path of leaf *index* in a tree of *size*, lowest first."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, end = 0, size
    out = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            out.append((middle, end))
            end = middle
        else:
            out.append((start, middle))
            start = middle
    return out[::-1]


def _consistency(old_size: int, size: int) -> list[Range]:
    """The subtrees whose roots prove *size* an extension of *old_size*, lowest first."""
    if not 1 <= old_size <= size:
        raise ValueError(f"{old_size} is not a size up to {size}")
    start, end = 0, size
    out = []
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            out.append((middle, end))
            end = middle
        else:
            out.append((start, middle))
            start = middle
    if start:
        # Where it begins at 0 it is the old tree itself, whose root the other side holds.
        out.append((start, end))
    return out[::-1]


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root_hash: bytes
) -> bool:
    """Whether *path* leads from leaf *index* to the root of a tree of *size* leaves."""
    if not 0 <= index < size or not _hashes([leaf_hash, root_hash, *path]):
        return False
    here, last, value = index, size - 1, leaf_hash
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            value = node(step, value)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            value = node(value, step)
        here, last = here >> 1, last >> 1
    return last == 0 and value == root_hash


def verify_consistency(
    old_size: int, size: int, old_root: bytes, root_hash: bytes, path: Sequence[bytes]
) -> bool:
    """Whether *path* proves the tree of *size* to begin with the tree of *old_size*."""
    if not 1 <= old_size <= size or not _hashes([old_root, root_hash, *path]):
        return False
    if old_size == size:
        return not path and old_root == root_hash
    steps = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not steps:
        return False
    here, last = old_size - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node(step, old), node(step, new)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            new = node(new, step)
        here, last = here >> 1, last >> 1
    return last == 0 and old == old_root and new == root_hash


def _split(size: int) -> int:
    """The largest power of two below *size* (2 or more)."""
    return 1 << ((size - 1).bit_length() - 1)


def _hashes(path: Sequence[bytes]) -> bool:
    return all(len(step) == SIZE for step in path)
