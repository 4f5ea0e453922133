"""Whom a letter of the office is for: who they are, where, by which means. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from records import fields
from records.answer import MEANS, Recipient, means
from records.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.state import State

WHO = ("nombre", "entidad", "direccion", "municipio", "correo", "telefono")
BY_MAIL_BOX = ("correo_electronico", "web", "chat", "whatsapp", "redes")
MAX_ADDRESSEES = 200


class Addressee(msgspec.Struct, frozen=True, kw_only=True):
    """One of those whom a letter goes to."""

    nombre: str = ""
    entidad: str = ""
    direccion: str = ""
    municipio: str = ""
    correo: str = ""
    telefono: str = ""
    medio: str = ""
    copia: bool = False

    def recipient(self) -> Recipient:
        """What the chain says of them."""
        return Recipient(medio=self.medio, copia=self.copia)

    def who(self) -> dict[str, Any]:
        """What the ficha says of them."""
        return {name: value for name in WHO if (value := getattr(self, name))}


def parse(text: str, *, copia: bool = False) -> Addressee:
    """`nombre=Ana; direccion=Calle 5; medio=certificado`, or just a name.

    Raises:
        Refused: a part is not one of an addressee's, or there is no name.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) == 1 and "=" not in parts[0]:
        return checked(Addressee(nombre=parts[0], copia=copia))
    values: dict[str, str] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        name = name.strip()
        if not equals or name not in (*WHO, "medio"):
            raise Refused(
                "destinatario",
                f"«{part}» no dice nada de un destinatario.",
                consejo="Se escribe «nombre=…; direccion=…»; sirven: "
                f"{', '.join((*WHO, 'medio'))}.",
            )
        values[name] = fields.clean_text(value)
    return checked(msgspec.convert({**values, "copia": copia}, Addressee))


def checked(one: Addressee) -> Addressee:
    """An addressee with a name and a means: what was asked, or what their address allows.

    Raises:
        Refused: no name, or no such means.
    """
    cleaned = {name: fields.clean_text(getattr(one, name)) for name in WHO}
    one = msgspec.structs.replace(one, **cleaned)
    if not one.nombre and not one.entidad:
        raise Refused("destinatario", "Un destinatario necesita un nombre o una entidad.")
    asked = means(one.medio) if one.medio else ""
    if asked is None:
        raise Refused(
            "medio_desconocido",
            f"No hay un medio «{one.medio}».",
            consejo=f"Los medios son: {', '.join(MEANS)}.",
        )
    known = asked or (
        "certificado" if one.direccion else "correo_electronico" if one.correo else "personal"
    )
    return msgspec.structs.replace(one, medio=known)


def petitioner(state: State) -> Addressee:
    """Who wrote a record: the answer goes to them, by the way they came where that can be."""
    said = state.campos
    nameless = said.get("remitente") in ("anónimo", "anonimo", "ilegible")
    values = {name: str(said.get(name) or "") for name in WHO if name != "nombre"}
    name = str(said.get("remitente") or "")
    if nameless or not name:
        name = "Peticionario sin nombre"
    one = msgspec.convert({**values, "nombre": name}, Addressee)
    if one.correo and state.publicos.get("canal") in BY_MAIL_BOX:
        return checked(msgspec.structs.replace(one, medio="correo_electronico"))
    return checked(one if not nameless or one.direccion or one.correo else _by_notice(one))


def _by_notice(one: Addressee) -> Addressee:
    """Nobody knows where an anonymous writer is: the answer is published."""
    return msgspec.structs.replace(one, medio="aviso")


def limit(many: Sequence[Addressee]) -> list[Addressee]:
    """Refuse more addressees than a line of the log can name."""
    if len(many) > MAX_ADDRESSEES:
        raise Refused(
            "demasiados_destinatarios",
            f"Una carta va a {MAX_ADDRESSEES} destinatarios a lo sumo.",
            consejo="Publíquela como circular, o hágala en varias.",
        )
    return list(many)
