"""The signed word of the home that received a package, for the home that sent it.

A JSON file that goes back with the stick: which package, whether it was taken or sent back, when;
signed by the receiving punto's key, with the root's delegation of that key, so that whoever knows
that root can check it without a network. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from records import lines
from records.errors import Damaged
from records.fact import Hash, Seal
from records.lines import BadLine
from records.tail import Broken, check_delegation

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KIND = "application/vnd.ventanilla.recibo-de-paquete.v1+json"
MAX_BYTES = 1 << 20


class Word(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the receiving home says of a package."""

    v: int = 1
    paquete: Hash
    """SHA-256 that fixes the package."""
    transferencia: str
    """Its number at the sending home."""
    estado: Literal["aceptada", "devuelta"]
    motivo: str = ""
    at: str
    entidad: str
    punto: str
    log: str


class Signed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: the word, and what proves whose it is."""

    dice: Word
    raiz: Hash
    clave: Hash
    epoch: int
    delegacion: Seal
    firma: Seal


def seal(word: Word, key: Ed25519PrivateKey, epoch: int, delegation: str, root: str) -> bytes:
    """The file of a word; *delegation* is the root's word for *key* in *epoch*."""
    said = lines.canonical(msgspec.to_builtins(word))
    signed = Signed(
        dice=word,
        raiz=root,
        clave=lines.raw_public(key).hex(),
        epoch=epoch,
        delegacion=delegation,
        firma=key.sign(lines.pae(KIND, said)).hex(),
    )
    return msgspec.json.format(msgspec.json.encode(signed), indent=1) + b"\n"


def check(data: bytes, root: str) -> Word:
    """What a file says, checked by the receiving entity's *root* key (hex).

    Raises:
        Damaged: it is none, was changed, or is of another entity.
    """
    try:
        if len(data) > MAX_BYTES:
            raise ValueError("tamaño")
        signed = msgspec.json.decode(data, type=Signed)
        word = signed.dice
        check_delegation(
            signed.delegacion, signed.clave, word.entidad, signed.epoch, word.punto, root
        )
        said = lines.canonical(msgspec.to_builtins(word))
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed.clave))
        public.verify(bytes.fromhex(signed.firma), lines.pae(KIND, said))
    except (Broken, BadLine, InvalidSignature, ValueError, msgspec.MsgspecError) as error:
        raise Damaged(
            "recibo_invalido",
            "El recibo del paquete no vale: fue alterado, o no es de la entidad que se espera.",
            consejo="Compare la llave raíz de quien recibe con la que tiene anotada, y dígala con "
            "--raiz.",
        ) from error
    return word


def root_said(data: bytes) -> str:
    """The root key that a file claims; empty where it is no such file."""
    try:
        return msgspec.json.decode(data, type=Signed).raiz
    except msgspec.MsgspecError:
        return ""
