"""What signs, and until when: certificates, the CA's list, a token; told before it runs out."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from records import accredited, lines
from records.errors import VentanillaError
from records.keys import SOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from records.keys import KeyRing

CA, LIST, TOKEN = "ca", "crl", "token"


class Expiry(msgspec.Struct, frozen=True):
    """Something that signs, and until when: a punto, `ca`, `crl`, `token`; *problema*: it cannot be
    read."""

    que: str
    hasta: str
    dias: int
    pronto: bool
    problema: str = ""


def expiries(ring: KeyRing, token_of: str | None) -> Iterator[Expiry]:
    """All that signs here; *token_of* is the punto that signs by a token, where one does."""
    for path in sorted(ring.folder.glob("*.cert.pem")):
        if not path.name.endswith(".pkcs11.cert.pem"):
            name = path.name.removesuffix(".cert.pem")
            yield _expiry(name, partial(_end_of, ring, name))
    yield _expiry(LIST, lambda: ring.crl().next_update_utc)
    if token_of is not None:
        yield _expiry(TOKEN, lambda: accredited.current(ring, token_of).not_valid_after_utc)


def told(one: Expiry) -> str:
    """What is said, and what is to be done, of something that runs out soon."""
    what, do = _WORDS.get(
        one.que,
        (f"El certificado de {one.que}", f"Renuévelo: «ventanilla clave rotar --punto {one.que}»."),
    )
    if one.problema:
        return f"{what}: {one.problema}"
    verb = "venció" if one.dias < 0 else "vence"
    return f"{what} {verb} el {one.hasta}. {do}".rstrip()


_WORDS = {
    LIST: ("La lista de certificados revocados", "Renuévela: «ventanilla clave lista»."),
    TOKEN: ("El certificado del token", "Pida el nuevo a su emisor."),
    CA: ("El certificado de la autoridad interna", ""),
}


def _end_of(ring: KeyRing, name: str) -> datetime:
    return ring.certificate(name).not_valid_after_utc


def _expiry(name: str, read: Callable[[], datetime | None]) -> Expiry:
    try:
        until = read()
    except VentanillaError as error:
        return Expiry(name, "", 0, True, error.mensaje)
    if until is None:
        return Expiry(name, "", 0, True, "no dice hasta cuándo vale")
    left = until - lines.now().astimezone(UTC)
    return Expiry(name, until.date().isoformat(), left.days, left < SOON)
