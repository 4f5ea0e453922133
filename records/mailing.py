"""Mail, where the office has a server (`[correo]`): the one part that uses a network.

The password stands alone in `keys/correo.clave`, which nobody else may read, or in the environment;
never in `config.toml`, whose text the authority's log keeps.
"""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
import stat
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

import msgspec

from records import digest
from records.errors import MachineCannot, Refused, reason
from records.settings import MAIL_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from records.digest import Digest
    from records.settings import Mail

VARIABLE = "VENTANILLA_CORREO_CLAVE"
FILE = "correo.clave"
PATIENCE = 30
"""Seconds that a server may keep silent."""


class Sent(msgspec.Struct, frozen=True):
    """A digest that went, or did not: of an área (None: of the whole office), to whom, and why
    not."""

    dependencia: str | None
    a: list[str]
    alertas: int
    motivo: str = ""


class Delivery(msgspec.Struct, frozen=True):
    """What became of the digests; `sin_alertas` are áreas of which there was nothing to tell."""

    enviados: list[Sent]
    fallidos: list[Sent]
    sin_alertas: list[str | None]


class Cut(Exception):
    """The connection is gone, or could not be made; why, in Spanish."""


class Line(msgspec.Struct, frozen=True):
    """An open connection to the office's server."""

    server: smtplib.SMTP

    def deliver(self, mail: EmailMessage, a: str) -> str:
        """Why the server did not take a message for an address; empty: it did.

        Raises:
            Cut: the connection is gone; the server may have taken it.
        """
        try:
            return _deliver(self.server, mail, [a]).get(a, "")
        except (OSError, UnicodeError, smtplib.SMTPException) as error:
            raise Cut(_why(error)) from error


@contextmanager
def line(mail: Mail, *, keys: Path) -> Iterator[Line]:
    """A connection for several messages.

    Raises:
        Cut: the server is not there, is not who it says, or refuses user and password.
        MachineCannot: the password cannot be used.
    """
    secret = password(keys) if mail.usuario else ""
    try:
        server = _connected(mail, secret)
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        raise Cut(_why(error)) from error
    try:
        yield Line(server)
        with suppress(OSError, smtplib.SMTPException):  # all that it took is taken
            server.quit()
    finally:
        server.close()


def check(mail: Mail, sender: str, lacks: str = "") -> None:
    """Refuse to send where the office has not said by which server, or in whose name.

    Raises:
        Refused: there is no server or no sender, or something else *lacks*.
    """
    if lacks or not (mail.host and sender):
        missing = lacks if mail.host and sender else "host o remitente"
        raise Refused(
            "sin_correo",
            f"En [correo] de config.toml falta {missing}.",
            consejo="docs/alertas.md dice cómo. Sin correo: «alertas resumen --salida DIR», "
            "«acuses preparar».",
        )
    check_sender(sender)


def check_sender(sender: str) -> None:
    """Refuse a sender that is no address.

    Raises:
        Refused: it is none.
    """
    if not MAIL_ADDRESS.fullmatch(sender):
        raise Refused(
            "remitente",
            f"«{sender}» no es una dirección de correo.",
            consejo="Escriba en [correo] un remitente, solo la dirección.",
        )


def send(
    mail: Mail, digests: Sequence[tuple[Digest, Sequence[str]]], *, sender: str, keys: Path
) -> Delivery:
    """Send each digest to its addresses, those without alerts aside; what fails stops no other.

    Raises:
        Refused: there is no server, no sender, or nobody to send to.
        MachineCannot: the password cannot be used.
    """
    check(mail, sender, "" if digests else "a quién enviar")
    secret = password(keys) if mail.usuario else ""
    full = [(one, list(whom)) for one, whom in digests if one.alertas]
    quiet = [one.codigo for one, _ in digests if not one.alertas]
    done: list[Sent] = []
    failed: list[Sent] = []
    try:
        with _connected(mail, secret) as server:
            for one, whom in full:
                refused = _deliver(server, message(one, whom, sender), whom)
                taken = [a for a in whom if a not in refused]
                if taken:
                    done.append(Sent(one.codigo, taken, len(one.alertas)))
                if refused:
                    why = "; ".join(dict.fromkeys(refused.values()))
                    failed.append(Sent(one.codigo, list(refused), len(one.alertas), why))
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        # The connection is gone: what it had not told yet did not go.
        told = {s.dependencia for s in [*done, *failed]}
        failed += [
            Sent(one.codigo, whom, len(one.alertas), _why(error))
            for one, whom in full
            if one.codigo not in told
        ]
    return Delivery(done, failed, quiet)


def password(keys: Path) -> str:
    """The password: of the environment, else of `keys/correo.clave`.

    Raises:
        MachineCannot: there is none, or others may read the file.
    """
    text = os.environ.get(VARIABLE) or _kept(keys / FILE)
    if not text.isascii():  # AUTH as the library speaks it sends ASCII alone
        raise MachineCannot(
            "clave_con_tildes",
            "La clave del correo tiene letras que no se pueden enviar (tildes, ñ).",
            consejo="Pida una clave sin ellas para esta cuenta.",
        )
    return text


def _kept(path: Path) -> str:
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise MachineCannot(
                "clave_expuesta",
                f"Otros usuarios del equipo pueden leer {path}: así no se usa la clave.",
                consejo=f"Corríjalo con: chmod 600 {path}. Si otros pudieron verla, cámbiela.",
            )
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error) if isinstance(error, OSError) else "no es texto"
        raise MachineCannot(
            "sin_clave",
            f"Falta la clave del correo ({path}: {why}).",
            consejo=f"Escríbala en ese archivo, con permisos 0600, o en la variable {VARIABLE}.",
        ) from error
    if not text:
        raise MachineCannot("sin_clave", f"{path} está vacío.", consejo="Escriba allí la clave.")
    return text


def message(one: Digest, whom: Sequence[str], sender: str) -> EmailMessage:
    """A digest as a message: text, HTML, and its calendar (RFC 5322; RFC 3834, 5)."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, ", ".join(whom)
    mail["Subject"] = " ".join(f"{one.titulo}: {digest.told(one)}".split())
    mail["Date"] = format_datetime(one.at)
    mail["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(digest.text(one))
    mail.add_alternative(digest.page(one).decode(), subtype="html")
    mail.add_attachment(
        digest.calendar(one), maintype="text", subtype="calendar", filename=f"{one.nombre}.ics",
        params={"charset": "utf-8", "method": "PUBLISH"},
    )  # fmt: skip
    return mail


def _connected(mail: Mail, secret: str) -> smtplib.SMTP:
    if mail.tls == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.puerto, timeout=PATIENCE, context=context
        )
    else:
        server = smtplib.SMTP(mail.host, mail.puerto, timeout=PATIENCE)
    try:
        if mail.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if mail.usuario:
            server.login(mail.usuario, secret)
    except BaseException:
        server.close()
        raise
    return server


def _deliver(server: smtplib.SMTP, mail: EmailMessage, whom: Sequence[str]) -> dict[str, str]:
    """Address → why the server did not take it.

    Raises:
        SMTPServerDisconnected, OSError: the connection is gone.
    """
    try:
        refused = server.send_message(mail, to_addrs=list(whom))
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        return dict.fromkeys(whom, _why(error))
    return {a: _answer(code, said) for a, (code, said) in refused.items()}


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"el servidor respondió {code}: {' '.join(text.split())}"


def _why(error: Exception) -> str:
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"el servidor no aceptó usuario y clave ({error.smtp_code})"
        case smtplib.SMTPResponseException():
            return _answer(error.smtp_code, error.smtp_error)
        case smtplib.SMTPServerDisconnected():
            return "el servidor cortó la conexión"
        case smtplib.SMTPNotSupportedError():
            return "el servidor no ofrece lo que [correo] pide (tls, o entrar con usuario)"
        case smtplib.SMTPException():
            return str(error)
        case ssl.SSLCertVerificationError():
            return f"el certificado del servidor no es válido ({error.verify_message})"
        case ssl.SSLError():
            return "no hubo acuerdo de TLS: revise puerto y tls"
        case socket.gaierror() | UnicodeError():
            return "no se encuentra un servidor de ese nombre"
        case ConnectionRefusedError():
            return "nadie atiende en ese puerto"
        case TimeoutError():
            return "el servidor no respondió a tiempo"
        case OSError():
            return f"no se pudo conectar ({reason(error)})"
    return str(error)
