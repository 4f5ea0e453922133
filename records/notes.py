"""A log's head as a C2SP checkpoint: a text of three lines and its signature, in a signed note.

Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature. The origin and
the name of the log's key are both `ventanilla/<log id>`; the key is the log's Ed25519 key. A note
may bear other signatures, of witnesses above all: they stay where they are and are not judged here.
Pure: bytes in, bytes out. Where the notes lie is for `records.heads`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from records import checkpoint, lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"
"""The type of a log's own signature; a witness's (`cosignature/v1`) is of type 4."""
MAX_BYTES = 256 * 1024
"""Sixteen signatures, which every reader must take, are some 55 KiB at their largest."""
MAX_SIGNATURES = 64
MAX_SIZE = 9_999_999_999
"""Ten digits: what a note's file name holds."""

_DASH = "— ".encode()
_ORIGIN = re.compile(r"ventanilla/[0-9a-f]{16}(?:/[1-9][0-9]{0,8})?")
_NUMBER = re.compile(r"0|[1-9][0-9]*")


class BadNote(Exception):
    """The bytes are no note, or no head of this log; the message says why."""


class Signature(msgspec.Struct, frozen=True):
    """One signature line: whose, by which key (4 bytes), and the bytes."""

    name: str
    key_id: bytes
    signature: bytes


class Note(msgspec.Struct, frozen=True):
    """A note as it is written; nothing is proven by it until `signed_by` says so."""

    text: bytes
    """With its final newline: what is signed."""
    signatures: tuple[Signature, ...]

    def signed_by(self, name: str, public: bytes) -> bool:
        """Whether the Ed25519 key *public* (32 bytes) of *name* signed it.

        Raises:
            BadNote: there is a signature of this key that does not hold, or more than one.
        """
        own = key_id(name, public)
        found = [s for s in self.signatures if (s.name, s.key_id) == (name, own)]
        if len(found) > 1:
            raise BadNote("la misma llave firma dos veces")
        try:
            for one in found:
                Ed25519PublicKey.from_public_bytes(public).verify(one.signature, self.text)
        except (InvalidSignature, ValueError) as error:
            raise BadNote(f"la firma de {name} no es válida") from error
        return bool(found)


class Checkpoint(msgspec.Struct, frozen=True):
    """A head: the log's name, how many lines its tree has, and the root."""

    origin: str
    size: int
    root: bytes


def origin(log: str, epoch: int = 0) -> str:
    """The name of a log, and of its key, in its notes.

    A restored log has lines that its lost branch had not: each epoch has a name of its own, under
    which it never contradicts itself.
    """
    return f"ventanilla/{log}/{epoch}" if epoch else f"ventanilla/{log}"


def key_id(name: str, public: bytes, kind: bytes = ED25519) -> bytes:
    """The four bytes by which a signature names its key."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def text_of(name: str, size: int, root: bytes) -> bytes:
    """What is signed: the origin *name*, size, root."""
    if not 0 <= size <= MAX_SIZE or len(root) != checkpoint.SIZE:
        raise ValueError("not a tree's size and root")
    return b"%b\n%d\n%b\n" % (name.encode(), size, base64.b64encode(root))


def sign(log: str, size: int, root: bytes, key: Ed25519PrivateKey, epoch: int = 0) -> bytes:
    """The signed note of a head. Ed25519 gives the same bytes each time."""
    name = origin(log, epoch)
    return sign_text(text_of(name, size, root), name, key)


def sign_text(text: bytes, name: str, key: Ed25519PrivateKey) -> bytes:
    """A note of *text*, which ends with a newline, signed by the key of *name*."""
    signed = key_id(name, lines.raw_public(key)) + key.sign(text)
    return b"%b\n%b%b %b\n" % (text, _DASH, name.encode(), base64.b64encode(signed))


def read(note: bytes, keys: Iterable[bytes]) -> Checkpoint:
    """The head that *note* says, signed by one of *keys* (raw public keys of the log).

    Signatures of other keys are passed over, as the specification asks. Extension lines, which it
    allows and advises against, are refused: no log of this format signs any.

    Raises:
        BadNote: not a note, not a head in its one spelling, or not signed by any of *keys*.
    """
    held = parse(note)
    head = head_of(held)
    held_by = [held.signed_by(head.origin, public) for public in set(keys)]
    if not any(held_by):
        raise BadNote("ninguna llave de este diario la firma")
    return head


def head_of(note: Note) -> Checkpoint:
    """What a note says, whoever signed it.

    Raises:
        BadNote: its text is no head of a log of this format.
    """
    rows = note.text.decode().split("\n")
    if len(rows) != 4 or rows[3] != "":
        raise BadNote("no tiene las tres líneas de un sello")
    name, size, root = rows[:3]
    if not _ORIGIN.fullmatch(name):
        raise BadNote("no es de un diario de Ventanilla")
    if not _NUMBER.fullmatch(size) or len(size) > len(str(MAX_SIZE)):
        raise BadNote("el tamaño está mal escrito")
    digest = _base64(root)
    if len(digest) != checkpoint.SIZE:
        raise BadNote("la raíz no tiene 32 bytes")
    return Checkpoint(name, int(size), digest)


def parse(note: bytes) -> Note:
    """A note's text and signatures, none of them checked.

    Raises:
        BadNote: the form is not that of c2sp.org/signed-note, or a line stands twice.
    """
    if len(note) > MAX_BYTES:
        raise BadNote("es demasiado grande")
    if any(byte < 0x20 and byte != 0x0A for byte in note):
        raise BadNote("tiene caracteres de control")
    try:
        note.decode()
    except UnicodeDecodeError as error:
        raise BadNote("no es UTF-8") from error
    cut = note.rfind(b"\n\n")
    if cut < 0 or not note.endswith(b"\n"):
        raise BadNote("le falta la línea en blanco o la última")
    rows = note[cut + 2 :].split(b"\n")[:-1]
    if not rows or len(rows) > MAX_SIGNATURES:
        raise BadNote("no tiene firmas, o tiene demasiadas")
    if len(set(rows)) != len(rows):
        raise BadNote("una firma está dos veces")
    return Note(note[: cut + 1], tuple(_signature(row) for row in rows))


def _signature(row: bytes) -> Signature:
    if not row.startswith(_DASH):
        raise BadNote("una línea de firma no lo es")
    name, blank, encoded = row[len(_DASH) :].decode().partition(" ")
    if not name or not blank or "+" in name or any(c.isspace() for c in name):
        raise BadNote("el nombre de una llave está mal escrito")
    data = _base64(encoded)
    if len(data) < 5:
        raise BadNote("una firma es demasiado corta")
    return Signature(name, data[:4], data[4:])


def _base64(text: str) -> bytes:
    """Standard base64 in its one spelling: padded, no stray bits or characters."""
    try:
        data = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("base64 mal escrito") from error
    if base64.b64encode(data).decode() != text:
        raise BadNote("base64 que no está en su única forma")
    return data
