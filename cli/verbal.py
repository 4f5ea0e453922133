"""The command verbal: what somebody asks at the counter or by telephone is taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.context import named_value
from records.errors import Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from ingest.reception import Heard, Recepcion

ABOUT = """\
Recibe una petición verbal: hace la constancia, la radica, la sella y la deja lista para imprimir.
Si se responde en el acto, --respuesta la deja respondida y archivada con el mismo número.
La simple orientación (dónde queda una oficina, a quién acudir) no se radica."""


def add(commands: Any) -> None:
    """Add this command."""
    take = commands.add_parser(
        "verbal",
        help="radica lo que alguien pide de viva voz; la simple orientación no se radica",
        description=ABOUT,
    )
    take.add_argument("--objeto", default="", metavar="T", help="qué pide; es obligatorio")
    take.add_argument("--razones", default="", metavar="T", help="en qué se apoya")
    take.add_argument(
        "--anexo", action="append", default=[], metavar="T", help="un documento que adjunta"
    )
    take.add_argument("--representante", default="", metavar="T", help="o apoderado: sus nombres")
    take.add_argument("--documento-representante", default="", metavar="T", help="su documento")
    take.add_argument(
        "--campo",
        action="append",
        default=[],
        metavar="CAMPO=VALOR",
        help="remitente (o «anónimo»), cedula, direccion, correo, telefono, asunto…",
    )
    take.add_argument("--tipo", metavar="T", help="peticion si no se dice")
    take.add_argument("--dependencia", metavar="D", help="a cuál va")
    take.add_argument("--canal", metavar="C", help="presencial (si no se dice) o telefonico")
    take.add_argument("--respuesta", default="", metavar="T", help="la que se le dio en el acto")
    take.add_argument(
        "--otra", action="store_true", help="otra persona pide exactamente lo mismo: otro número"
    )
    take.set_defaults(call=take_down)


def take_down(context: Context, options: argparse.Namespace) -> None:
    """verbal"""
    from cli.reception import catch_up, print_labels
    from records import token

    given = _fields(options)
    reception = context.reception()
    try:
        sealing = catch_up(context, reception)
        heard = _heard(reception, options, given)
    finally:
        reception.close()
    if reception.office.settings.etiqueta.imprimir:
        print_labels(context, reception, [heard.radicado])
    context.tell(reception.office)
    cannot = token.trouble()
    if sealing and cannot is not None:
        context.warn(f"Sello pendiente: {cannot}")
    if heard.repetida:
        context.warn(
            f"Ya estaba radicada: es {heard.radicado.radicado}. Si otra persona pide exactamente "
            "lo mismo, agregue --otra."
        )
    _show(context, heard, answered=bool(options.respuesta.strip()))


def _fields(options: argparse.Namespace) -> dict[str, str]:
    """The register's fields, as `--campo` and the options of their own say them."""
    given = dict(map(named_value, options.campo))
    for name in ("tipo", "dependencia", "canal"):
        said = getattr(options, name)
        if said is not None and given.get(name, said) != said:
            raise Misuse("uso", f"--{name} y --campo {name}=… dicen cosas distintas.")
        if said is not None:
            given[name] = said
    if options.anexo and given.get("anexos"):
        raise Misuse("uso", "Diga los anexos con --anexo o con --campo anexos=…, no con ambos.")
    return given


def _heard(reception: Recepcion, options: argparse.Namespace, given: dict[str, str]) -> Heard:
    from records.spoken import Spoken

    spoken = Spoken(
        objeto=options.objeto,
        razones=options.razones,
        anexos=tuple(options.anexo),
        representante=options.representante,
        documento_representante=options.documento_representante,
        respuesta=options.respuesta,
    )
    return reception.radicar_verbal(spoken, given, otra=options.otra)


def _show(context: Context, heard: Heard, *, answered: bool) -> None:
    from cli.reception import issued_rows, issued_text

    rows = [issued_text(heard.radicado)]
    if answered:
        rows.append("Respondida en el acto: queda archivada.")
    if heard.constancia:
        rows.append(f"Constancia para imprimir: {heard.constancia}")
    result = issued_rows([heard.radicado], [])
    told = {"constancia": heard.constancia, "repetida": heard.repetida}
    context.show({**result, **told}, "\n".join(rows))
