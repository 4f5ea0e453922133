"""An acknowledgment as text and as a message (RFC 5322). Pure.

What strangers wrote stands in the text alone, one line each: no name and no subject of theirs comes
near a header, and the address there is one that `acuses.address` let through.
"""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

import msgspec

from records import lines
from records.fields import clean_text

if TYPE_CHECKING:
    from datetime import datetime


class Notice(msgspec.Struct, frozen=True):
    """What an acknowledgment says."""

    titulo: str
    entidad: str
    saludo: str
    filas: list[tuple[str, str]]
    parrafos: list[str]


class Attached(msgspec.Struct, frozen=True):
    """A PDF that goes with it."""

    nombre: str
    data: bytes


class Envelope(msgspec.Struct, frozen=True):
    """Who writes, to whom, when; `clave` is the same each time that this one is sent."""

    de: str
    a: str
    responder_a: str
    clave: str
    at: datetime


def text(notice: Notice) -> str:
    """The notice as plain text, a line a fact."""
    rows = [f"{name}: {value}" for name, value in notice.filas if value]
    parts = [notice.entidad, notice.titulo.upper(), notice.saludo, *notice.parrafos]
    one, title, greeting, *rest = [clean_text(part) for part in parts]
    facts = "\n".join(clean_text(row) for row in rows)
    return "\n\n".join([f"{one}\n{title}", greeting, facts, *rest]) + "\n"


def message(notice: Notice, envelope: Envelope, attached: Attached | None) -> EmailMessage:
    """The notice as a message that says it was made by a program (RFC 3834, 5)."""
    mail = EmailMessage(policy=SMTP)
    user, _, domain = envelope.de.rpartition("@")
    mail["From"] = Address(clean_text(notice.entidad), user, domain)
    mail["To"] = Address(addr_spec=envelope.a)
    if envelope.responder_a not in ("", envelope.de):
        mail["Reply-To"] = Address(addr_spec=envelope.responder_a)
    mail["Subject"] = clean_text(notice.titulo)
    mail["Date"] = format_datetime(envelope.at)
    # One that a cut made go twice is known again by who receives it.
    known = lines.sha256(f"{envelope.clave}\n{envelope.a}".encode())[:24]
    mail["Message-ID"] = f"<{known}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text(notice), cte="quoted-printable")
    if attached is not None:
        mail.add_attachment(
            attached.data, maintype="application", subtype="pdf", filename=attached.nombre
        )
    return mail
