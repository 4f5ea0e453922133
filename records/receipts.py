"""The citizen's receipt as a text that proves itself: what its QR holds, and how it is checked.

It says which line of which log gave the number and when, signed by the punto's key, and carries
that key with the root's delegation of it: who knows the entity's root, and nothing else, can check
it without a network and without the office (CPACA arts. 61 and 62: the acknowledgment proves). A
log that lacks a line that a receipt names was cut or is another branch: the receipt proves it.

    VENTANILLA-C1.<statement>.<signature>.<key>.<epoch of the key>.<delegation>

Statement, signature, key and delegation are base64url without padding; the statement is canonical
JSON and is signed over DSSE's PAE with the type `…constancia.v1+json`.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from records import lines
from records.errors import Damaged, Refused
from records.lines import BadLine
from records.tail import Broken, check_delegation

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

RECEIPT = "application/vnd.ventanilla.constancia.v1+json"
PREFIX = "VENTANILLA-C1"
_PART = re.compile(r"[A-Za-z0-9_-]+")
MAX_CHARS = 2000


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a receipt says: a line of a log, the number it gave, and when."""

    at: str
    entidad: str
    epoch: int
    hash: str
    log: str
    punto: str
    radicado: str
    seq: int


def seal(statement: Statement, key: Ed25519PrivateKey, key_epoch: int, delegation: str) -> str:
    """The text of a receipt. *delegation* is the root's word for *key* in *key_epoch*, in hex."""
    said = lines.canonical(msgspec.to_builtins(statement))
    parts = [
        _encode(said),
        _encode(key.sign(lines.pae(RECEIPT, said))),
        _encode(lines.raw_public(key)),
        str(key_epoch),
        _encode(bytes.fromhex(delegation)),
    ]
    return ".".join([PREFIX, *parts])


def check(text: str, root: str) -> Statement:
    """What a receipt says, checked by the entity's *root* key (hex) alone.

    Raises:
        Refused: the text is no receipt of ours.
        Damaged: it is one, and does not hold: it was changed, or another entity's root is asked.
    """
    text = "".join(text.split())
    parts = text.split(".")
    if parts[0] != PREFIX or len(text) > MAX_CHARS:
        raise Refused(
            "no_es_constancia",
            "El texto no es el de una constancia.",
            consejo=f"Es lo que se lee del código QR; empieza por «{PREFIX}».",
        )
    try:
        said, signature, key, epoch, delegation = parts[1:]
        body = _decode(said)
        statement = msgspec.convert(lines.parse(body), Statement)
        public = _decode(key)
        if not re.fullmatch(r"0|[1-9][0-9]{0,8}", epoch):
            raise ValueError("época")
        check_delegation(
            _decode(delegation).hex(),
            public.hex(),
            statement.entidad,
            int(epoch),
            statement.punto,
            root,
        )
        Ed25519PublicKey.from_public_bytes(public).verify(
            _decode(signature), lines.pae(RECEIPT, body)
        )
    except (Broken, BadLine, InvalidSignature, ValueError, msgspec.ValidationError) as error:
        raise Damaged(
            "constancia_invalida",
            "La constancia no es válida: fue alterada, o no es de esta entidad.",
            consejo="Compárela con el radicado en la ventanilla.",
        ) from error
    return statement


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    """The bytes of base64url without padding, in its one spelling."""
    if not _PART.fullmatch(text):
        raise ValueError("base64")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("base64") from error
    if _encode(data) != text:
        raise ValueError("base64")
    return data
