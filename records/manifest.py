"""What a copy of a home holds: its signed list of files, and where each lies in a backup.

A manifest is canonical JSON (`lines`), signed by the punto's key over DSSE's PAE; the root's
delegation of that key goes with it, so that `keys/raiz.pub` alone is enough to check it. Names come
from scanners and strangers: those that FAT could not hold lie in the backup by their hash. Pure.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from records import lines
from records import tail as tails
from records.tail import Broken

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KIND = "application/vnd.ventanilla.respaldo.v1+json"
VERSION = 1
LIST = "MANIFIESTO.json"
SIGNATURE = "MANIFIESTO.firma"
RECEIPT = "RECIBO.jsonl"
"""The line of the log that tells of the copy, which no copy could hold otherwise."""
README = """\
RESPALDO DE VENTANILLA
======================

Oficina: {entidad}, sede {punto}. Diario: {log}.

Qué hay aquí
  copias/FECHA/    una copia por cada fecha: su lista firmada (MANIFIESTO.json y MANIFIESTO.firma)
                   y los archivos pequeños de ese momento
  journal/         los diarios; solo crecen, y sirven a todas las copias
  vault/           los documentos; el nombre de cada uno es su SHA-256
  lecturas/        lo que se leyó de ellos
  sueltos/         lo que esperaba en la bandeja de entrada y en cuarentena, por su SHA-256

Las llaves con que esta sede firma NO están: con este disco nadie puede numerar.
Sí hay datos personales: guárdelo con llave.

Cómo comprobarlo
  ventanilla respaldo verificar CARPETA [--casa OFICINA]

Cómo restaurarlo (la carpeta de --casa no debe existir)
  ventanilla respaldo restaurar CARPETA --casa NUEVA [--copia FECHA]
  Lo restaurado se consulta y se verifica. Para volver a numerar:
  ventanilla restauracion --autoriza PERSONA --casa NUEVA

Sin el programa: los diarios y los documentos se comprueban aquí mismo, con Python, así:
  python3 verificador.py . --raiz LLAVE
  LLAVE es la llave raíz que la entidad anotó en papel; sin --raiz se usa keys/raiz.pub de aquí,
  que sólo prueba algo si es esa misma llave. Pide la biblioteca «cryptography» de Python.
Cada archivo de vault/ se comprueba también se comprueba con «sha256sum», y se abre como es.
No cambie ni borre nada aquí. Una carpeta entera de copias/ sí puede borrarse.
"""
"""What a backup's LEAME.txt says: for whoever finds the disk."""

_JOURNAL = re.compile(r"journal/[0-9]{4}/[A-Z][A-Z0-9]{1,7}(\.fichas)?\.jsonl")
_BY_HASH = re.compile(r"(?:vault/([0-9a-f]{2})|lecturas)/([0-9a-f]{64})\.[a-z0-9]{1,16}")
_PRIVATE = re.compile(r"(?i)keys/(.*\.(ed25519|rsa)\.pem|pkcs11\.(pin|rechazado))")
_NAMED = ("config.toml", "drafts.json", "catalog.json", "checkpoints", "keys")
"""What keeps its own name in a copy, so that a person finds it there."""
_SAFE = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,98}[A-Za-z0-9_])?")
"""A name that every file system takes as it is."""
_LEFT_OUT = ("salida", "index.sqlite", "index.sqlite-wal", "index.sqlite-shm")
_SPELLED = " !#$&'()+,-./;=@[]^_`{}~:*?\"<>|\\"


class Entry(msgspec.Struct, frozen=True):
    """A file of a home: its path there (`spell`), size and SHA-256; of a journal the prefix's."""

    ruta: str
    bytes: int
    sha256: str


class Head(msgspec.Struct, frozen=True):
    """Where a log stood: its last line, the number of lines, and the root of their tree."""

    punto: str
    seq: int
    hash: str
    size: int
    root: str


class Manifest(msgspec.Struct, frozen=True):
    """All that a copy holds."""

    version: int
    fecha: str
    entidad: str
    punto: str
    log: str
    heads: dict[str, Head]
    archivos: list[Entry]


class Seal(msgspec.Struct, frozen=True):
    """Who signed a manifest: the punto's key, its delegation by the root, the signature (hex)."""

    clave: str
    delegacion: str
    entidad: str
    epoch: int
    firma: str
    punto: str


class BadManifest(Exception):
    """A manifest or its signature is not what it should be; the message says why."""


def write(manifest: Manifest) -> bytes:
    """The bytes of a manifest that are kept and signed."""
    return lines.canonical(msgspec.to_builtins(manifest))


def read(data: bytes) -> Manifest:
    """A manifest from its bytes.

    Raises:
        BadManifest: it is not one, or a newer version's.
    """
    try:
        found = msgspec.convert(lines.parse(data), Manifest)
    except (lines.BadLine, msgspec.ValidationError) as error:
        raise BadManifest(f"el manifiesto no se entiende: {error}") from error
    if found.version != VERSION:
        raise BadManifest(f"el manifiesto es de la versión {found.version}")
    return found


def sign(data: bytes, key: Ed25519PrivateKey, delegation: str, entidad: str, epoch: int,
         punto: str) -> bytes:  # fmt: skip
    """What `MANIFIESTO.firma` holds."""
    seal = Seal(
        clave=lines.raw_public(key).hex(),
        delegacion=delegation,
        entidad=entidad,
        epoch=epoch,
        firma=key.sign(lines.pae(KIND, data)).hex(),
        punto=punto,
    )
    return lines.canonical(msgspec.to_builtins(seal))


def check_seal(data: bytes, stored: bytes, root: str) -> Seal:
    """Check a manifest's signature against the root's public key (64 hex).

    Raises:
        BadManifest: the root did not delegate that key, or it did not sign these bytes.
    """
    try:
        seal = msgspec.convert(lines.parse(stored), Seal)
        tails.check_delegation(
            seal.delegacion, seal.clave, seal.entidad, seal.epoch, seal.punto, root
        )
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.clave))
        public.verify(bytes.fromhex(seal.firma), lines.pae(KIND, data))
    except (lines.BadLine, msgspec.ValidationError, ValueError) as error:
        raise BadManifest(f"la firma del manifiesto no se entiende: {error}") from error
    except Broken as error:
        raise BadManifest(str(error)) from error
    except InvalidSignature as error:
        raise BadManifest("la firma no es de este manifiesto") from error
    return seal


# -- paths ----------------------------------------------------------------------------------------


def spell(relative: Path) -> str:
    """A path in the home as a manifest says it: NFC text; other bytes, and `%`, as `%xx`."""
    text = relative.as_posix()
    plain = unicodedata.is_normalized("NFC", text) and text.isprintable()
    return text.replace("%", "%25") if plain else quote(os.fsencode(text), safe=_SPELLED)


def path_of(ruta: str) -> Path:
    """The path in the home that a manifest says."""
    return Path(os.fsdecode(unquote_to_bytes(ruta)))


def is_journal(ruta: str) -> bool:
    """Whether it is a segment of a log or its fichas: append-only, shared by all copies."""
    return _JOURNAL.fullmatch(ruta) is not None


def hash_in(ruta: str) -> str | None:
    """The SHA-256 that a document or reading bears as its name."""
    found = _BY_HASH.fullmatch(ruta)
    if found is None or (found[1] is not None and not found[2].startswith(found[1])):
        return None
    return found[2]


def belongs(ruta: str) -> bool:
    """Whether a file of a home is copied under this path, and may be made by a restore.

    Not the private keys of a punto: a stolen stick must not sign. Not locks, temporaries, marks
    of place, the index, nor what was printed.
    """
    if is_journal(ruta) or hash_in(ruta) is not None:
        return True
    path = path_of(ruta)
    parts = path.parts
    name = path.name
    if not parts or path.is_absolute() or "\0" in str(path) or ".." in parts:
        return False
    if spell(path) != ruta or parts[0] in ("journal", "vault", "lecturas", *_LEFT_OUT):
        return False
    ours = parts[0] not in ("inbox", "cuarentena")
    if ours and (name.endswith(".lock") or (name.startswith(".") and name.endswith(".tmp"))):
        return False
    return not _PRIVATE.fullmatch(ruta)


def place(entry: Entry, copy: str) -> str:
    """Where a file lies in the backup, from the backup's folder."""
    if is_journal(entry.ruta) or hash_in(entry.ruta) is not None:
        return entry.ruta
    parts = entry.ruta.split("/")
    if parts[0] in _NAMED and len(parts) <= 4 and all(map(_SAFE.fullmatch, parts)):
        return f"copias/{copy}/{entry.ruta}"
    return f"sueltos/{entry.sha256[:2]}/{entry.sha256}"
