"""The PIN of the token: where it comes from, and that a refused one is never tried again.

Tokens lock after about three wrong PINs, and what signs unattended tries for ever. So the first
refusal is written down (by a salted Argon2id hash, never the PIN), for every process of the home,
and holds until another PIN is given or the note is removed by hand.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from records.disk import PRIVATE
from records.errors import CannotSign, reason

if TYPE_CHECKING:
    from records.disk import Disk

VARIABLE = "VENTANILLA_PIN"
FILE = "pkcs11.pin"
NOTE = "pkcs11.rechazado"

_given: str | None = None
_compared: dict[tuple[bytes, str], bool] = {}
"""(note's bytes, PIN) → whether it is the refused one: Argon2id is dear, and is asked often."""

_unwritten: set[tuple[Path, str]] = set()
"""Refused PINs whose note the disk did not take."""


def take() -> None:
    """Take the PIN out of the environment: programs that this one starts do not get it."""
    global _given
    _given = os.environ.pop(VARIABLE, None) or _given


def read(keys: Path) -> str:
    """The PIN: of the environment, else of `keys/pkcs11.pin`.

    Raises:
        CannotSign: there is none, or others may read the file.
    """
    take()
    if _given is not None:
        return _given
    path = keys / FILE
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise CannotSign(
                "pin_expuesto",
                f"Otros usuarios del equipo pueden leer {path}: así no se usa el PIN.",
                consejo=f"Corríjalo con: chmod 600 {path}. Si otros pudieron verlo, cámbielo.",
            )
        pin = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error) if isinstance(error, OSError) else "no es texto"
        raise CannotSign(
            "sin_pin",
            f"Falta el PIN del token ({path}: {why}).",
            consejo=f"Escríbalo en ese archivo, con permisos 0600, o en la variable {VARIABLE}.",
        ) from error
    if not pin:
        raise CannotSign("sin_pin", f"{path} está vacío.", consejo="Escriba allí el PIN del token.")
    return pin


def was_refused(keys: Path, pin: str) -> bool:
    """Whether the token refused this PIN before."""
    if (keys, pin) in _unwritten:
        return True
    try:
        data = (keys / NOTE).read_bytes()
    except FileNotFoundError:
        return False
    except OSError:
        return True  # a note that cannot be read forbids: a wrong guess would cost the token
    known = _compared.get((data, pin))
    if known is None:
        try:
            note = json.loads(data)
            known = _hash(pin, bytes.fromhex(note["sal"])) == note["huella"]
        except (ValueError, KeyError, TypeError):
            known = True
        _compared[data, pin] = known
    return known


def refuse(keys: Path, pin: str, disk: Disk) -> None:
    """Note that the token refused *pin*."""
    salt = os.urandom(16)
    data = json.dumps({"sal": salt.hex(), "huella": _hash(pin, salt)}).encode()
    _unwritten.add((keys, pin))
    disk.replace(keys / NOTE, data, mode=PRIVATE)
    _unwritten.discard((keys, pin))
    _compared[data, pin] = True


def accept(keys: Path, disk: Disk) -> None:
    """The token took a PIN: what was refused before is of no interest."""
    if (keys / NOTE).exists():
        disk.remove(keys / NOTE)


def _hash(pin: str, salt: bytes) -> str:
    # Here, since the first thing that every command does is `take`.
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    # RFC 9106, section 4, second recommended option.
    kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
    return kdf.derive(pin.encode()).hex()
