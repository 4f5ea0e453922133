"""Some lines of the logs, taken out with what proves them: for a package that leaves the office.

Of each log one walk, whatever is asked of it, and one head: the paths of all its lines lead to the
same signed note (RFC 6962, format v1, sections 5 and 11). Besides them go the lines that give the
log its keys. `trust_of` adds what a stranger needs to judge those: the root's key, the authority's
whole log, the certificates. Fichas go with their lines where they are there; the authority's stay,
for they name persons.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from records import checkpoint, lines, proofs, segments
from records.lines import BadLine
from records.proofs import PointKeys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from records.home import Home
    from records.segments import Log

AUTHORITY = "AUT"
Address = tuple[str, int]
"""(punto, seq) of a line."""


class Piece(msgspec.Struct, frozen=True):
    """One line of a log as it is stored, and that it is there."""

    linea: bytes
    """Without its newline."""
    ficha: bytes | None
    """Its ficha as it is stored; None where it has none, or none that is left."""
    prueba: dict[str, Any]
    """`log`, `punto`, `seq`, and under the head of `tamano` lines `camino` (RFC 9162)."""


class Slice(msgspec.Struct, frozen=True):
    """Lines of one log under one head."""

    punto: str
    tamano: int
    nota: bytes
    lineas: dict[int, Piece]
    llaves: tuple[Piece, ...]
    """The lines that give the log its keys, the first one among them."""


def proofs_of(office: Home, wanted: Iterable[Address]) -> dict[Address, dict[str, Any]]:
    """The proof of inclusion of each line that is *wanted*: the `prueba` of its `Piece`.

    Raises:
        Refused, Damaged: as `slices_of`.
    """
    return {
        (punto, seq): piece.prueba
        for punto, one in slices_of(office, wanted).items()
        for seq, piece in one.lineas.items()
    }


def slices_of(office: Home, wanted: Iterable[Address]) -> dict[str, Slice]:
    """The lines that are *wanted*, by their log. Signs a head where none stored reaches them.

    Raises:
        Refused: a head must be signed, and this machine does not hold the log's key.
        Damaged: a log has no such line, or contradicts its heads.
    """
    asked = defaultdict[str, set[int]](set)
    for punto, seq in wanted:
        asked[punto].add(seq)
    return {punto: _slice(office, punto, seqs) for punto, seqs in sorted(asked.items())}


def trust_of(office: Home, slices: dict[str, Slice]) -> dict[str, bytes]:
    """Files by which a stranger who knows the root's key judges the lines of *slices*.

    Raises:
        Refused, Damaged: as `slices_of`.
    """
    log = segments.Log(office.home, AUTHORITY)
    authority = slices.get(AUTHORITY) or _slice(office, AUTHORITY, {log.last_seq()})
    known = (raw + b"\n" for raw in islice(_raws(log), authority.tamano))
    files = {f"{AUTHORITY}.jsonl": b"".join(known)}
    for one in {**slices, AUTHORITY: authority}.values():
        files[f"{one.punto}.note"] = one.nota
        if one.punto != AUTHORITY:
            said = [{"linea": key.linea.decode(), "prueba": key.prueba} for key in one.llaves]
            files[f"{one.punto}.llaves.json"] = msgspec.json.format(msgspec.json.encode(said))
    for name in ("raiz.pub", "ca.cert.pem", "ca.crl.pem", *(f"{p}.cert.pem" for p in slices)):
        path = office.home / "keys" / name
        if path.is_file():
            files[name] = path.read_bytes()
    return files


# -- one walk -------------------------------------------------------------------------------------


def _slice(office: Home, punto: str, seqs: set[int]) -> Slice:
    log = segments.Log(office.home, punto)
    if min(seqs) < 0 or max(seqs) > log.last_seq():
        raise segments.damaged(log, f"no tiene la línea {max(seqs)}")
    # Of the authority all counts: a key that it gave, or revoked, in its last line.
    least = log.last_seq() if punto == AUTHORITY else max(seqs)
    head = proofs.head_reaching(office, punto, least + 1)
    size, origin = head.said.size, head.said.origin.split("/")[1]
    keys, tree, raws = PointKeys(), _Tree(), dict[int, bytes]()
    try:
        for seq, raw in enumerate(islice(_raws(log), size)):
            keys.see(seq, raw)
            tree.add(raw)
            if seq in seqs:
                raws[seq] = raw
    except (BadLine, msgspec.ValidationError, IndexError) as error:
        raise segments.damaged(log, str(error)) from error
    tree.finish()
    if tree.size < size or tree.root(0, size) != head.said.root or not keys.lines:
        raise segments.damaged(log, f"sus primeras {size} líneas no son las que se sellaron")
    of_keys = {seq: raw for seq, raw, _ in keys.lines}
    fichas = _fichas(log, raws.values())

    def piece(seq: int, raw: bytes) -> Piece:
        path = [tree.root(a, b).hex() for a, b in checkpoint.inclusion_ranges(seq, size)]
        proof = {"log": origin, "punto": punto, "seq": seq, "tamano": size, "camino": path}
        return Piece(raw, fichas.get(raw), proof)

    return Slice(
        punto,
        size,
        head.note,
        {seq: piece(seq, raw) for seq, raw in raws.items()},
        tuple(piece(seq, raw) for seq, raw in of_keys.items()),
    )


def _raws(log: Log) -> Iterator[bytes]:
    return (raw for s in log.segments() for _, raw in segments.read_raw(s.path))


def _fichas(log: Log, raws: Iterable[bytes]) -> dict[bytes, bytes]:
    """Line → its ficha. No two events of a log name the same one, so its hash finds it."""
    owners = {str(hash_): raw for raw in raws if (hash_ := lines.read_line(raw).body.ficha)}
    found = dict[bytes, bytes]()
    for segment in log.segments():
        if len(found) == len(owners):
            break
        if segment.fichas.exists():
            for _, ficha in segments.read_raw(segment.fichas):
                owner = owners.get(lines.sha256(ficha))
                if owner is not None:
                    found[owner] = ficha
    return found


class _Tree:
    """All inner nodes of a log's tree: some 64 bytes a line."""

    def __init__(self) -> None:
        self._levels = [bytearray()]
        self.size = 0

    def add(self, raw: bytes) -> None:
        """Take the next line."""
        self._levels[0] += checkpoint.leaf(raw)
        self.size += 1

    def finish(self) -> None:
        """Make the nodes over the leaves: those of perfect subtrees."""
        while len(below := self._levels[-1]) >= 2 * checkpoint.SIZE:
            above, step = bytearray(), 2 * checkpoint.SIZE
            for at in range(0, len(below) - step + 1, step):
                above += checkpoint.node(
                    bytes(below[at : at + checkpoint.SIZE]),
                    bytes(below[at + checkpoint.SIZE : at + step]),
                )
            self._levels.append(above)

    def root(self, start: int, end: int) -> bytes:
        """The root over the leaves *start* to *end* − 1, where *start* is as RFC 6962 asks."""
        subtrees = []
        while start < end:
            level = (end - start).bit_length() - 1
            at = (start >> level) * checkpoint.SIZE
            subtrees.append(bytes(self._levels[level][at : at + checkpoint.SIZE]))
            start += 1 << level
        return checkpoint.root(tuple(subtrees))
