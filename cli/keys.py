"""Commands about keys, certificates and copies of a home: clave, restauracion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.errors import Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context

ENTITY = "Clave de las llaves de la entidad"


def add(commands: Any) -> None:
    """Add these commands."""
    group = commands.add_parser("clave", help="llaves y sus claves").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    rotate = group.add_parser("rotar", help="llave y certificado nuevos para una sede")
    rotate.add_argument("--punto", metavar="CODIGO", help="por defecto, la de este equipo")
    rotate.set_defaults(call=rotate_key)

    renew = group.add_parser("lista", help="renueva la lista de certificados revocados")
    renew.set_defaults(call=renew_list)

    revoke = group.add_parser("revocar", help="lo que firme desde ahora no vale")
    revoke.add_argument("--persona-id", dest="quien", metavar="ID", help="la llave de una persona")
    revoke.add_argument("--punto", metavar="CODIGO", help="la llave de una sede")
    revoke.add_argument("--tamano", type=int, metavar="N", help="líneas del diario que sí valen")
    revoke.add_argument("--llave", metavar="HEX", help="una llave anterior de la sede")
    revoke.set_defaults(call=revoke_key)

    give = group.add_parser("persona", help="da a una persona una llave nueva; revoca la anterior")
    give.add_argument("id")
    give.add_argument("--clave-nueva", metavar="ARCHIVO")
    give.set_defaults(call=give_key)

    phrase = group.add_parser("frase", help="cambia la clave que protege una llave")
    phrase.add_argument("llave", metavar="ID|entidad")
    phrase.add_argument("--clave-nueva", required=True, metavar="ARCHIVO")
    phrase.set_defaults(call=change_phrase)

    _add_certificate(group)

    again = commands.add_parser(
        "restauracion", help="sigue en una casa restaurada, copiada o mudada, con serie propia"
    )
    again.add_argument("--autoriza", required=True, metavar="ID", help="quién la autoriza")
    again.add_argument("--motivo", default="restauración de un respaldo", metavar="T")
    again.set_defaults(call=restore)


def rotate_key(context: Context, options: argparse.Namespace) -> None:
    """clave rotar"""
    event = context.office().rotar_llave(options.punto, clave=context.passphrase(ask=ENTITY))
    context.show(
        {"evento": event.hash, "clave": event.data["clave"]},
        "Llave y certificado nuevos. Lo firmado con los anteriores sigue valiendo.",
    )


def renew_list(context: Context, _options: argparse.Namespace) -> None:
    """clave lista"""
    from records import expiring, revocations

    office = context.office()
    event = office.renovar_lista(clave=context.passphrase(ask=ENTITY))
    held = {one.que: one for one in office.expiries()}
    crl = office.keys.crl()
    ending = [one for name, one in held.items() if one.pronto and name in office.authority.puntos]
    context.show(
        {
            "evento": event.hash,
            "numero": revocations.number(crl),
            "hasta": held["crl"].hasta,
            "revocados": len(crl),
            "certificados": [{"punto": one.que, "hasta": one.hasta} for one in ending],
        },
        "\n".join(
            [
                f"Lista de revocados n.º {revocations.number(crl)}: vale hasta el "
                f"{held['crl'].hasta}.",
                *(expiring.told(one) for one in ending),
            ]
        ),
    )


def revoke_key(context: Context, options: argparse.Namespace) -> None:
    """clave revocar"""
    if bool(options.quien) == bool(options.punto):
        raise Misuse("uso", "Diga --persona-id o --punto.")
    office = context.office()
    if options.quien:
        event = office.revocar_persona(options.quien)
    else:
        secret = context.passphrase(ask=ENTITY)
        event = office.revocar_punto(
            options.punto, clave=secret, tamano=options.tamano, llave=options.llave
        )
    since = f"desde la línea {options.tamano}" if options.tamano else "desde ahora"
    context.show(
        {"evento": event.hash, "tamanos": event.data["tamanos"], "llave": event.data["clave"]},
        f"Revocada: lo que esa llave firme {since} no vale. Lo que firmó antes, sí.\n"
        f"Llave {event.data['clave']}",
    )


def give_key(context: Context, options: argparse.Namespace) -> None:
    """clave persona"""
    secret = context.passphrase(path=options.clave_nueva) if options.clave_nueva else None
    event = context.office().dar_llave(options.id, frase=secret)
    context.show({"evento": event.hash}, f"{options.id} tiene una llave de firma nueva.")


def change_phrase(context: Context, options: argparse.Namespace) -> None:
    """clave frase"""
    old = context.passphrase(ask="Clave anterior")
    new = context.passphrase(path=options.clave_nueva) or ""
    event = context.office().cambiar_frase(options.llave, clave=old, nueva=new)
    context.show({"evento": event.hash}, f"La llave «{options.llave}» tiene otra clave.")


def restore(context: Context, options: argparse.Namespace) -> None:
    """restauracion"""
    office = context.office()
    done = office.restaurar_epoca(
        options.autoriza, options.motivo, clave=context.passphrase(ask=ENTITY)
    )
    lost = [
        f"{one.punto}: este equipo sabe de {one.perdidas} línea(s) que aquí faltan. Si aparecen, "
        "guárdelas: son prueba."
        for one in done
        if one.perdidas
    ]
    for text in lost:
        context.warn(text)
    context.show(
        {"epocas": [builtins(one) for one in done]},
        "\n".join(
            f"{one.punto} sigue en la época {one.epoch}"
            + ("." if one.punto == "AUT" else f"; radica como {one.serie}.")
            for one in done
        ),
    )


def _add_certificate(verbs: Any) -> None:
    one = verbs.add_parser(
        "certificado", help="firma desde ahora con el token de una entidad acreditada"
    )
    one.add_argument(
        "--archivo", metavar="CERT", required=True, help="el certificado del token, en PEM o DER"
    )
    one.add_argument(
        "--cadena", metavar="CADENA", help="los certificados de sus emisores, hasta la raíz"
    )
    one.set_defaults(call=register)


def register(context: Context, options: argparse.Namespace) -> None:
    """clave certificado"""
    done = context.office().registrar_certificado(
        Path(options.archivo), Path(options.cadena) if options.cadena else None
    )
    context.show(
        builtins(done),
        f"Desde ahora los PDF de {done.punto} se firman con el token de {done.titular}.\n"
        f"Emisor: {done.emisor} · vence el {done.vence}\n"
        "Si ese emisor está acreditado ante el ONAC, es una firma digital (Ley 527 de 1999, "
        "art. 28).",
    )
