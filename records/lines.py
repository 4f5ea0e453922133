"""A journal line, byte by byte: canonical JSON, hashes, signatures (format v1, docs/format).

RFC 8785 (canonical JSON; in this domain `json.dumps` gives it), DSSE's PAE for what is signed,
RFC 8032 (Ed25519). Verifies the stored bytes and never accepts a second spelling of a value.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import unicodedata
from binascii import unhexlify
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
EVENT = "application/vnd.ventanilla.evento.v1+json"
DELEGATION = "application/vnd.ventanilla.delegacion.v1+json"
_SIGNED = b"DSSEv1 %d %b %%d %%b" % (len(EVENT), EVENT.encode())
ZERO = "0" * 64
BOGOTA = timezone(timedelta(hours=-5))
"""Civil time of Colombia: UTC−5, no daylight saving since 1993."""

MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")

MAX_LINE = 64 * 1024
MAX_DEPTH = 16
MAX_INT = 2**53 - 1
_TAIL = len(',"k":"') + 16 + len('","s":"') + 128 + len('"}')
_tail_form = re.compile(rb',"k":"([0-9a-f]{16})","s":"[0-9a-f]{128}"\}').fullmatch
_KEY = re.compile(r"[a-z0-9_]+")
_SALT = re.compile(r"[0-9a-f]{32}")
_HASH = re.compile(r"[0-9a-f]{64}")
_SERIES_KEY = re.compile(r"[A-Z]{1,4}/[0-9]{4}")
_hex64 = re.compile(r"[0-9a-f]{64}").fullmatch
_is_type = lru_cache(maxsize=256)(re.compile(r"[a-z_.]+").fullmatch)
_AT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}-05:00"
)


class BadLine(Exception):
    """The bytes are not a line of format v1; the message says which rule they break."""


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """The signed part of a line, as format v1 names it."""

    v: int
    log: str
    punto: str
    epoch: int
    seq: int
    prev: str
    at: str
    actor: str
    type: str
    subject: str
    after: list[str]
    data: dict[str, Any]
    ficha: str | None = None


_Small = Annotated[int, msgspec.Meta(ge=-MAX_INT, le=MAX_INT)]
_Plain = str | _Small | bool | None | list[str]
"""What nearly all events and fichas hold: of the domain, but for the normal form of texts."""


class _PlainBody(
    Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False, kw_only=True
):
    """A body that is read quickly."""

    v: _Small
    epoch: _Small
    seq: _Small
    data: dict[str, _Plain]


_ENCODER = msgspec.json.Encoder(order="sorted")
_BODY = msgspec.json.Decoder(_PlainBody)
_OBJECT = msgspec.json.Decoder(dict[str, _Plain])
_NOT_PLAIN = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
_KNOWN_KEYS: set[str] = set()
"""Keys that were found to be of the form `_KEY`; few, since programs write them."""
MAX_KNOWN_KEYS = 4096


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line that was read: its body, the exact bytes, and their hash."""

    body: Body
    raw: bytes
    k: str
    hash: str

    @property
    def body_bytes(self) -> bytes:
        """The signed bytes as stored."""
        return self.raw[5:-_TAIL]


def canonical(value: object) -> bytes:
    """*value* in canonical form.

    Raises:
        BadLine: it holds something outside the domain (floats, odd keys, text not in NFC…).
    """
    _check(value, 1, "")
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def parse(raw: bytes) -> Any:
    """The value of canonical bytes.

    Raises:
        BadLine: not JSON, or not the one canonical spelling of it.
    """
    quick = _quick_object(raw)
    return _parse(raw) if quick is None else quick


def _parse(raw: bytes) -> Any:
    """`parse` to the letter: what this says holds, and it finds the words for what is wrong."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadLine(f"no es JSON: {error}") from error
    if canonical(value) != raw:
        raise BadLine("no está en su única forma canónica")
    return value


def _quick_object(raw: bytes) -> dict[str, Any] | None:
    """The object that canonical bytes spell, where that is plain to see; else None.

    Ten times as fast as `_parse`, and accepts nothing that it refuses: types and numbers are held
    to the domain while decoding, the same bytes come back from an encoder that knows one spelling,
    and keys and normal form are looked at. What is nested goes the exact way.
    """
    try:
        value = _OBJECT.decode(raw)
        same = _ENCODER.encode(value) == raw
    except _NOT_PLAIN:
        return None
    same = same and (raw.isascii() or _is_nfc(raw))
    return value if same and (_KNOWN_KEYS.issuperset(value) or _are_keys(value)) else None


def _quick_body(raw: bytes) -> Body | None:
    """The body that canonical bytes spell, as `_quick_object`; its fields' forms are not judged."""
    try:
        body = _BODY.decode(raw)
        same = _ENCODER.encode(body) == raw
    except _NOT_PLAIN:
        return None
    same = same and (raw.isascii() or _is_nfc(raw))
    return body if same and (_KNOWN_KEYS.issuperset(body.data) or _are_keys(body.data)) else None


def _are_keys(value: dict[str, Any]) -> bool:
    """Whether an object's keys are of the form of all but series; remembers those that are."""
    good = all(map(_KEY.fullmatch, value))
    if good and len(_KNOWN_KEYS) < MAX_KNOWN_KEYS:
        _KNOWN_KEYS.update(value)
    return good


def _is_nfc(raw: bytes) -> bool:
    """Whether all texts in JSON of one spelling are in NFC, seen in it as a whole.

    Any part of a text in NFC is in NFC, and nothing composes with a quote, a backslash or a control
    character: where the whole is, each text in it is too. The reverse does not hold.
    """
    return unicodedata.is_normalized("NFC", raw.decode("utf-8"))


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise ValueError("clave repetida")
    return out


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"número no permitido {text}")


def _check(value: object, depth: int, under: str) -> None:
    """The domain of format v1: no floats, small integers, NFC text, few levels."""
    if depth > MAX_DEPTH:
        raise BadLine("demasiados niveles")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INT:
            raise BadLine("entero fuera de rango")
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check(item, depth + 1, under)
    elif isinstance(value, dict):
        form = _SERIES_KEY if under == "series" else _KEY
        for key, item in value.items():
            if not isinstance(key, str) or not form.fullmatch(key):
                raise BadLine(f"clave no permitida {key!r}")
            _check(item, depth + 1, key)
    else:
        raise BadLine(f"tipo no permitido {type(value).__name__}")


def _check_text(value: str) -> None:
    if value.isascii():
        return
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise BadLine("sustituto UTF-16 suelto")
    if not unicodedata.is_normalized("NFC", value):
        raise BadLine("texto que no está en NFC")


def clean(value: Any) -> Any:
    """Text from outside made fit for canonical form: NFC, lone surrogates replaced."""
    if isinstance(value, str):
        safe = value.encode("utf-8", "replace").decode("utf-8")
        return unicodedata.normalize("NFC", safe)
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(v) for v in value]
    return value


def salted(ficha: Mapping[str, Any]) -> dict[str, Any]:
    """A ficha as it is stored: clean text and 128 random bits, so that no one guesses a name.

    One that has its salt already is left as it is: a person signed its hash.
    """
    return dict(ficha) if "sal" in ficha else {**clean(ficha), "sal": secrets.token_hex(16)}


def ficha_problem(raw: bytes, digest: str) -> str:
    """What is wrong with a ficha that its event names by *digest*; empty where nothing is."""
    if sha256(raw) != digest:
        return "La ficha no es la que su evento nombra."
    try:
        ficha = parse(raw)
    except BadLine as error:
        return f"La ficha no es canónica: {error}."
    salted = isinstance(ficha, dict) and _SALT.fullmatch(str(ficha.get("sal")))
    return "" if salted else "La ficha no lleva su sal."


def pae(kind: str, body: bytes) -> bytes:
    """DSSE's pre-authentication encoding: the bytes that are signed."""
    name = kind.encode("ascii")
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(body), body)


def sha256(data: bytes) -> str:
    """SHA-256 in lower hex."""
    return hashlib.sha256(data).hexdigest()


def key_id(public: bytes) -> str:
    """`k` of a line: the first 16 hex of SHA-256 of the raw public key."""
    return sha256(public)[:16]


def log_id(entity: str, first_key: bytes) -> str:
    """A log's identity: the entity and the key that opened it."""
    return sha256(f"{entity}\n{first_key.hex()}".encode())[:16]


def raw_public(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    """The 32 raw bytes of an Ed25519 public key."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes_raw()


def seal_line(body: Mapping[str, object], key: Ed25519PrivateKey) -> Line:
    """Sign *body* and give the line to append (without its newline).

    Raises:
        BadLine: the body is outside the domain or the line would pass 64 KiB.
    """
    signed = canonical(dict(body))
    signature = key.sign(pae(EVENT, signed))
    k = key_id(raw_public(key))
    raw = b'{"b":%b,"k":"%b","s":"%b"}' % (signed, k.encode(), signature.hex().encode())
    if len(raw) >= MAX_LINE:
        raise BadLine("la línea pasa de 64 KiB")
    return Line(msgspec.convert(dict(body), Body), raw, k, sha256(raw))


def read_line(raw: bytes) -> Line:
    """Read one stored line (without its newline); its signature is checked by `signed_by`.

    Raises:
        BadLine: a rule of the format is broken.
    """
    if len(raw) >= MAX_LINE:
        raise BadLine("la línea pasa de 64 KiB")
    tail = _tail_form(raw[-_TAIL:])
    if not raw.startswith(b'{"b":') or tail is None:
        raise BadLine("no tiene la forma de una línea del diario")
    stored = raw[5:-_TAIL]
    body = _quick_body(stored) or _read_body(stored)
    _check_body(body)
    return Line(body, raw, tail[1].decode("ascii"), hashlib.sha256(raw).hexdigest())


def _read_body(stored: bytes) -> Body:
    """The body of canonical bytes, to the letter, as `_parse` for any value."""
    value = _parse(stored)
    try:
        body = msgspec.convert(value, Body)
    except msgspec.ValidationError as error:
        raise BadLine(f"cuerpo con campos que no son: {error}") from error
    if body.v == VERSION and "ficha" in value and body.ficha is None:
        raise BadLine("huella de ficha mal escrita")
    return body


def _check_body(body: Body) -> None:
    if body.v != VERSION:
        raise BadLine(f"versión {body.v} desconocida")
    if body.ficha is not None and not _hex64(body.ficha):
        raise BadLine("huella de ficha mal escrita")
    if not _hex64(body.prev):
        raise BadLine("huella mal escrita")
    for digest in body.after:
        if not _hex64(digest):
            raise BadLine("huella mal escrita")
    if not is_stamp(body.at):
        raise BadLine("fecha mal escrita")
    if not _is_type(body.type):
        raise BadLine("tipo mal escrito")


def is_hash(text: str) -> bool:
    """Whether *text* is 64 lower hex."""
    return _HASH.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def is_stamp(text: str) -> bool:
    """Whether *text* is a moment as the journal writes it."""
    return _AT.fullmatch(text) is not None and is_day(text[:10])


def is_instant(text: str) -> bool:
    """Whether *text* is a moment to the second with Colombia's offset."""
    return is_stamp(f"{text[:19]}.000{text[19:]}")


@lru_cache(maxsize=4096)
def is_day(text: str) -> bool:
    """Whether *text* is a day that exists, as `2026-11-22`."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def signed_by(line: Line, clave: str) -> bool:
    """Whether the stored bytes bear the signature of the key of 64 hex, named by `k`.

    Raises:
        ValueError: *clave* is no key.
    """
    return line.k == k_of(clave) and count_signed(clave, [line.raw]) == 1


def count_signed(clave: str, raws: list[bytes]) -> int:
    """How many lines, before the first that does not, bear a signature of *clave*.

    The part of `signed_by` that costs something: it looks at no `k`. `read_line` read each.

    Raises:
        ValueError: *clave* is no key.
    """
    verify = public_key(clave).verify
    for count, raw in enumerate(raws):
        body = raw[5:-_TAIL]
        try:
            # As `pae` says it of an event.
            verify(unhexlify(raw[-130:-2]), _SIGNED % (len(body), body))
        except InvalidSignature:
            return count
    return len(raws)


@lru_cache(maxsize=64)
def public_key(clave: str) -> Ed25519PublicKey:
    """The key of 64 hex.

    Raises:
        ValueError: it is none.
    """
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(clave))


@lru_cache(maxsize=64)
def k_of(clave: str) -> str:
    """`k` of the lines that the key of 64 hex signs."""
    return key_id(bytes.fromhex(clave))


def delegation_bytes(key_hex: str, entity: str, epoch: int, punto: str) -> bytes:
    """What the root signs to let *punto* write."""
    return pae(
        DELEGATION,
        canonical({"clave": key_hex, "entidad": entity, "epoch": epoch, "punto": punto}),
    )


def now() -> datetime:
    """The machine's clock, in Colombian civil time."""
    return datetime.now(tz=BOGOTA)


def stamp(moment: datetime) -> str:
    """A moment as the journal writes it: milliseconds, −05:00."""
    local = moment.astimezone(BOGOTA)
    # Not strftime's %Y: it writes the year 1 as «1».
    return f"{local.replace(tzinfo=None).isoformat(timespec='milliseconds')}-05:00"


def moment(text: str) -> datetime:
    """The moment of a stamp."""
    return datetime.fromisoformat(text).astimezone(BOGOTA)


def read_hour(text: str) -> str:
    """A stamp as people read it: `22 nov 2026, 10:03`."""
    return f"{read_day(text)}, {moment(text):%H:%M}"


def read_day(text: str) -> str:
    """The day of a stamp as people read it: `14 dic 2026`."""
    when = moment(text)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"
