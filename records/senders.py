"""Senders that the office knows from earlier records, found by what names them; pure.

Who writes again is known by the number of a document or NIT, or by name and address together. What
an earlier record says completes a form and is never evidence: a person confirms it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from records.fields import FIELDS
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

SENDER = FIELDS[: FIELDS.index("telefono") + 1]
"""The fields that say who writes and where he is found: the form's first."""


class Known(msgspec.Struct, frozen=True):
    """What an earlier record says of a sender."""

    radicado: str
    clave: str
    """By what he is known: `doc`, `nit` or `nombre`."""
    campos: dict[str, str]


def keys_of(fields: Mapping[str, Any]) -> list[str]:
    """By what the sender of these *fields* is found again: `doc:51234567`, `nit:900555012`…"""
    keys = []
    number = _bare(fields.get("cedula"))
    if len(number) >= 5:
        keys.append(f"doc:{number}")
    nit = _bare(str(fields.get("nit") or "").partition("-")[0])
    if len(nit) >= 5:
        keys.append(f"nit:{nit}")
    name, address = (_words(fields.get(k)) for k in ("remitente", "direccion"))
    if name and address:
        keys.append(f"nombre:{name}|{address}")
    return keys


_EVERYBODYS = frozenset(
    (
        "gmail",
        "hotmail",
        "outlook",
        "yahoo",
        "live",
        "icloud",
        "msn",
        "aol",
        "protonmail",
        "une",
        "etb",
        "telecom",
    )
)
"""Providers whose addresses say nothing of where their bearers work."""


def origins_of(fields: Mapping[str, Any]) -> list[str]:
    """By what letters of the same origin are found, the closest first: `correo:`, `ent:`,
    `dominio:`."""
    keys = []
    mail = plain(str(fields.get("correo") or "")).strip()
    domain = mail.partition("@")[2]
    if domain:
        keys.append(f"correo:{mail}")
    entity = _words(fields.get("entidad"))
    if len(entity) >= 5:
        keys.append(f"ent:{entity[:80]}")
    if "." in domain and domain.partition(".")[0] not in _EVERYBODYS:
        keys.append(f"dominio:{domain}")
    return keys


def known(radicado: str, key: str, fields: Mapping[str, Any]) -> Known:
    """What a record tells of its sender."""
    told = {k: v for k in SENDER if isinstance(v := fields.get(k), str) and v}
    return Known(radicado, key.partition(":")[0], told)


def _bare(value: Any) -> str:
    return re.sub(r"[^0-9A-Z]", "", str(value or "").upper())


def _words(value: Any) -> str:
    return " ".join(re.findall(r"\w+", plain(str(value or ""))))
