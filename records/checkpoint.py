"""RFC 6962 tree over a journal's lines: leaf, frontier, root.

The frontier is what is needed to go on with a tree without its leaves: the roots of its perfect
subtrees, largest first (one for each bit set in the size). Appending costs one hash on average.
"""

from __future__ import annotations

import hashlib

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
