"""`config.toml` as data: what the office is, how it numbers, where its letters come from.

Unknown keys are refused, so that a typing error is seen and not lived with.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from records.errors import Refused, reason
from records.events import SigningGranted
from records.expedientes import SERIES as EXPEDIENTES
from records.fields import KINDS
from records.rounds import SERIES as ROUNDS
from records.tail import ACTA, says_number


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Entity(_Section, frozen=True):
    """[entidad]: the public office, as it stands on stamps and footers (Acuerdo 060, art. 14)."""

    nombre: str
    nit: str = ""
    codigo: str = ""
    municipio: str = ""
    direccion: str = ""
    conmutador: str = ""
    fax: str = ""
    web: str = ""
    correo: str = ""


class Point(_Section, frozen=True):
    """[punto]: the sede or ventanilla with its own series (Acuerdo 060, art. 3)."""

    codigo: str = "VU1"
    nombre: str = "Ventanilla Única"


class DayOff(_Section, frozen=True):
    """A day that this entity does not work, and the act that says so."""

    fecha: date
    motivo: str


class Suspension(_Section, frozen=True):
    """A time in which the entity is closed and its terms stand still, by an act of its own."""

    desde: date
    hasta: date
    """Its last day, that one too."""
    acto: str


class Hours(_Section, frozen=True):
    """[horario]: when the public is attended (Acuerdo 060, art. 15), for hours and for terms."""

    zona: Literal["America/Bogota"] = "America/Bogota"
    sabado_habil: bool = False
    abre: str = "08:00"
    cierra: str = "17:00"
    dias_no_habiles: tuple[DayOff, ...] = ()
    suspensiones: tuple[Suspension, ...] = ()


class Terms(_Section, frozen=True):
    """[terminos]: which of two lawful readings gives the date that people are told.

    "estricta": from the day after the actual reception. "legal": what arrives on a rest day or
    after closing counts as filed on the next worked day (CPACA, art. 54, as it is printed).
    """

    lectura: Literal["estricta", "legal"] = "estricta"


class Numbers(_Section, frozen=True):
    """[radicado]: how a number looks, and which series there are."""

    mascara: str = "{vigencia}-{punto}-{clase}-{n:06d}"
    clases: dict[str, str] = msgspec.field(
        default_factory=lambda: {"E": "Recibida", "S": "Enviada", "I": "Interna"}
    )


class Inbox(_Section, frozen=True):
    """[inbox]: how long a file must rest, and how often everything is looked at again."""

    asentamiento_segundos: float = 2.0
    rescate_segundos: float = 10.0


class Lane(_Section, frozen=True):
    """[[carriles]]: a source of letters with its own order of reception (art. 5)."""

    nombre: str
    carpeta: str = ""
    canal: str = "fisico"
    fuente: str = "mostrador"
    recibido: Literal["reclamo", "archivo"] = "reclamo"


class Ocr(_Section, frozen=True):
    """[ocr]: how many workers (0: one a core), and by which way Tesseract is called."""

    procesos: int = 0
    motor: Literal["auto", "tesserocr", "pytesseract"] = "auto"


class StickerSheet(_Section, frozen=True):
    """[etiqueta.hoja]: an A4 sheet of stickers; by default 3 x 8 of 70 x 37 mm."""

    columnas: int = 3
    filas: int = 8
    ancho_mm: float = 70
    alto_mm: float = 37
    margen_izquierdo_mm: float = 0
    margen_superior_mm: float = 0.5
    separacion_horizontal_mm: float = 0
    separacion_vertical_mm: float = 0


class Label(_Section, frozen=True):
    """[etiqueta]: the sticker's form and size, and the command that prints it."""

    formato: Literal["pdf", "zpl", "escpos", "hoja"] = "pdf"
    imprimir: bool = False
    orden_impresion: tuple[str, ...] = ("lp", "{archivo}")
    ancho_mm: float = 80
    alto_mm: float = 38
    puntos_por_pulgada: Literal[203, 300, 600] = 203
    columnas: int = 42
    hoja: StickerSheet = StickerSheet()


class Signer(_Section, frozen=True):
    """[firma]: an accredited authority's PKCS#11 token that signs the PDFs; empty: the house's own.

    `pkcs11_llave` is the key's label, or its id in hex after `id:`. The PIN is never written here
    (`records.pin`).
    """

    pkcs11_modulo: str = ""
    pkcs11_ficha: str = ""
    pkcs11_llave: str = ""


class Letters(_Section, frozen=True):
    """[cartas]: the sheet that letters are written for, and whether their right margin is even."""

    papel: Literal["carta", "a4", "oficio"] = "carta"
    justificado: bool = False


class AreaRow(_Section, frozen=True):
    """[[areas]]: a dependencia at the start."""

    codigo: str
    nombre: str
    jefe: str | None = None


class Rule(_Section, frozen=True):
    """[[reparto]]: what suggests a kind and a dependencia; the first rule that matches holds.

    The plural ones are conditions, all of which must hold (`routing.match`); at least one.
    """

    palabras: tuple[str, ...] = ()
    remitentes: tuple[str, ...] = ()
    tipos: tuple[str, ...] = ()
    tipo: str | None = None
    dependencia: str | None = None


class DefaultRule(_Section, frozen=True):
    """[reparto_por_defecto]."""

    tipo: str = "peticion"
    dependencia: str = "por repartir"


class Handling(_Section, frozen=True):
    """[tramite]: how records go through the office."""

    devolver_horas: Annotated[int, msgspec.Meta(ge=0)] = 24
    """Within how many hours an área may give back what is not its matter."""
    quieto_dias: Annotated[int, msgspec.Meta(ge=1)] = 5
    """Days without any act after which a record is shown to the head as standing still."""
    sin_enviar_horas: Annotated[int, msgspec.Meta(ge=0)] = 24
    """Hours after which a letter that has its number and has not left is told as an alert."""
    anonimos: Literal["radicar", "literal"] = "radicar"
    """What becomes of what nobody signed and nobody is named in: numbered as all else (CPACA, art.
    15), or, of what is no petition, sent on without a number (Acuerdo 060, art. 10, parágrafo)."""
    interno_dias: dict[str, Annotated[int, msgspec.Meta(ge=1, le=60)]] = msgspec.field(
        default_factory=dict
    )
    """Código of an área → by how many worked days it wants to be done before a term ends."""


class Alerts(_Section, frozen=True):
    """[alertas]: from how many working days left on a term is told, and told as red."""

    amarillo_dias: Annotated[int, msgspec.Meta(ge=0, le=365)] = 5
    rojo_dias: Annotated[int, msgspec.Meta(ge=0, le=365)] = 2


class Mail(_Section, frozen=True):
    """[correo]: the mail server by which digests and acknowledgments go; empty: none.

    The password is never written here (`records.mailing`).
    """

    host: str = ""
    puerto: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 587
    tls: Literal["starttls", "tls", "no"] = "starttls"
    usuario: str = ""
    remitente: str = ""
    """Whom they come from; empty: the entity's own address."""
    correspondencia: tuple[str, ...] = ()
    """Where the digest of the whole office goes."""
    areas: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Código of an área → where its digest goes."""


class SignerRow(_Section, frozen=True):
    """[[firmas]]: which post signs which letters, at the start (Acuerdo 060 de 2001, art. 4)."""

    cargo: str
    tipo: str = "*"
    ambito: Literal["interna", "externa", "ambas"] = "ambas"
    desde: date = date(2001, 10, 30)
    hasta: date | None = None
    acto: str = "Manual de la unidad de correspondencia"

    def fact(self) -> SigningGranted:
        """As the authority's log says it."""
        return SigningGranted(
            cargo=self.cargo,
            tipo=self.tipo,
            ambito=self.ambito,
            desde=self.desde.isoformat(),
            hasta=self.hasta.isoformat() if self.hasta else None,
            acto=self.acto,
        )


class PersonRow(_Section, frozen=True):
    """[[personas]]: a person at the start."""

    id: str
    nombre: str
    cargo: str = ""
    roles: tuple[str, ...] = ()


COUNTER = Lane(nombre="mostrador", canal="fisico", fuente="mostrador")
"""The lane of persons who stand before the clerk: numbered at once, apart from the scanned pile."""


class Archive(_Section, frozen=True):
    """[archivo]: how expedientes are numbered, for how long lent, how often all is read again."""

    mascara: str = ""
    """As that of radicados, with `{serie}` and `{dependencia}` besides; empty: the same."""
    prestamo_dias: int = 8
    """Worked days for which a paper is lent where nobody says how long."""
    integridad_dias: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 90
    """Days in which every document of the vault is to be read again."""


class Interface(_Section, frozen=True):
    """[interfaz]: how the screens look where nobody says otherwise (docs/terminales.md)."""

    tema: Literal["auto", "oscuro", "claro", "contraste", "16"] = "auto"
    raton: bool = True
    """Whether the terminal is asked for the mouse; some send rubbish instead."""
    bordes: Literal["auto", "ascii"] = "auto"
    imagen: Literal["auto", "kitty", "sixel", "celdas", "no"] = "auto"
    """How scanned pages are drawn: what the terminal says it can, one way, or not at all."""


class Settings(_Section, frozen=True):
    """The whole of config.toml."""

    entidad: Entity
    punto: Point = Point()
    horario: Hours = Hours()
    terminos: Terms = Terms()
    radicado: Numbers = Numbers()
    inbox: Inbox = Inbox()
    carriles: tuple[Lane, ...] = (Lane(nombre="ventanilla"),)
    ocr: Ocr = Ocr()
    etiqueta: Label = Label()
    firma: Signer = Signer()
    areas: tuple[AreaRow, ...] = ()
    firmas: tuple[SignerRow, ...] = ()
    reparto_por_defecto: DefaultRule = DefaultRule()
    reparto: tuple[Rule, ...] = ()
    personas: tuple[PersonRow, ...] = ()
    tramite: Handling = Handling()
    cartas: Letters = Letters()
    alertas: Alerts = Alerts()
    correo: Mail = Mail()
    archivo: Archive = Archive()
    interfaz: Interface = Interface()

    def lane(self, name: str) -> Lane:
        """A lane by its name.

        Raises:
            Refused: there is none.
        """
        for lane in (*self.carriles, COUNTER):
            if lane.nombre == name:
                return lane
        raise Refused(
            "carril_desconocido",
            f"No hay un carril «{name}».",
            consejo=f"Los carriles son: {', '.join(c.nombre for c in self.carriles)}.",
        )

    def lane_or_first(self, name: str) -> Lane:
        """A lane by its name; the first one where the office has dropped it since."""
        return next((c for c in (*self.carriles, COUNTER) if c.nombre == name), self.carriles[0])


POINT_CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}")
EPOCH_CODE = re.compile(r".*R[0-9]+")
RESERVED = (ACTA, ROUNDS, EXPEDIENTES, "TRF", "ELM")
"""Classes of series that are not of letters: actas, planillas, and those of the archive."""
CLASS_CODE = re.compile(r"[A-Z]{1,4}")
PERSON_ID = re.compile(r"[a-z][a-z0-9_.-]{0,31}")
AREA_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,15}")
LANE_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
MAIL_ADDRESS = re.compile(r"[!-;=?A-Z^-~]+@[A-Za-z0-9.-]+")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
HOUR = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def load(path: Path) -> Settings:
    """Read and check a config.toml.

    Raises:
        Refused: it is missing, is no TOML, or says something that cannot be.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        settings = msgspec.convert(raw, Settings, strict=True)
    except OSError as error:
        raise Refused(
            "sin_config",
            f"No se puede leer {path} ({reason(error)}).",
            consejo="Dé un archivo con --config; config.toml del proyecto es un ejemplo.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise Refused(
            "config_invalida",
            f"{path} tiene un error: {_in_spanish(str(error))}.",
            consejo="Corríjalo; config.toml del proyecto explica cada línea.",
        ) from error
    _check(settings, path)
    return settings


_NO_DATE = "no es una fecha del calendario (se escribe así: 2026-12-24)"
_WORDS = (
    (re.compile(r"^Invalid enum value '([^']*)'"), r"«\1» no es uno de los valores que sirven"),
    (re.compile(r"^Object contains unknown field `([^`]*)`"), r"«\1» no es una clave conocida"),
    (re.compile(r"^Expected `bool`, got `\w+`"), "va true o false, sin comillas"),
    (re.compile(r"^Invalid RFC3339 encoded date\b"), _NO_DATE),
    (re.compile(r"^Expected `date`, got `\w+`"), _NO_DATE),
    (re.compile(r"^Invalid date or datetime\b"), _NO_DATE),
    (re.compile(r"\(at line (\d+), column (\d+)\)$"), r"(línea \1, columna \2)"),
    (re.compile(r" - at `\$\.(.+)`$"), r" (\1)"),
)


def _in_spanish(message: str) -> str:
    """A reader's message, with what is most often wrong said in Spanish."""
    for english, spanish in _WORDS:
        message = english.sub(spanish, message)
    return message


def _check(settings: Settings, path: Path) -> None:
    problems = []
    if not POINT_CODE.fullmatch(settings.punto.codigo) or settings.punto.codigo == "AUT":
        problems.append("punto.codigo: de 2 a 8 letras mayúsculas y cifras, distinto de AUT")
    if EPOCH_CODE.fullmatch(settings.punto.codigo):
        problems.append("punto.codigo: lo que acaba en R y cifras es de las casas restauradas")
    if not settings.entidad.nombre.strip() or "\n" in settings.entidad.nombre:
        problems.append("entidad.nombre: hace falta, en una línea")
    for code in settings.radicado.clases:
        if not CLASS_CODE.fullmatch(code) or code in RESERVED:
            problems.append(
                f"radicado.clases: {code!r} debe ser de 1 a 4 mayúsculas, ni {', '.join(RESERVED)}"
            )
    problems += [*_mask_problems(settings), *_lane_problems(settings), *_people_problems(settings)]
    problems += [*_hours_problems(settings.horario), *_kind_problems(settings)]
    problems += [*_label_problems(settings.etiqueta), *_signer_problems(settings.firma)]
    problems += [*_alert_problems(settings.alertas), *_mail_problems(settings.correo)]
    if settings.inbox.asentamiento_segundos < 0 or settings.inbox.rescate_segundos <= 0:
        problems.append("inbox: los tiempos deben ser positivos")
    if problems:
        raise Refused("config_invalida", f"{path}: {'; '.join(problems)}.", consejo="Corríjalo.")


def _hours_problems(hours: Hours) -> list[str]:
    """The calendar by which terms are counted must be one."""
    out = [
        f"horario.{name}: «{value}» no es una hora (se escribe así: 08:00)"
        for name, value in (("abre", hours.abre), ("cierra", hours.cierra))
        if not HOUR.fullmatch(value)
    ]
    if not out and hours.abre >= hours.cierra:
        out.append(f"horario: abre ({hours.abre}) debe ser antes de cierra ({hours.cierra})")
    days = [off.fecha for off in hours.dias_no_habiles]
    out += [
        f"horario.dias_no_habiles: {day} está más de una vez"
        for day in sorted({d for d in days if days.count(d) > 1})
    ]
    out += [
        f"horario.dias_no_habiles: {off.fecha} necesita el acto que lo dice, en una línea"
        for off in hours.dias_no_habiles
        if not off.motivo.strip() or "\n" in off.motivo
    ]
    return out + _suspension_problems(hours.suspensiones)


def _suspension_problems(stops: tuple[Suspension, ...]) -> list[str]:
    """Each has a first and a last day and its act, and no day stands in two."""
    out = []
    for stop in stops:
        name = f"horario.suspensiones: la del {stop.desde}"
        if stop.hasta < stop.desde:
            out.append(f"{name} termina antes ({stop.hasta})")
        if not stop.acto.strip() or "\n" in stop.acto:
            out.append(f"{name} necesita el acto que la dispone, en una línea")
    for one, following in pairwise(sorted(stops, key=lambda stop: stop.desde)):
        if following.desde <= one.hasta:
            out.append(
                f"horario.suspensiones: la del {one.desde} y la del {following.desde} se cruzan"
            )
    return out


def _kind_problems(settings: Settings) -> list[str]:
    """A kind decides a term: one that does not exist would leave letters without it."""
    said = [("reparto_por_defecto.tipo", settings.reparto_por_defecto.tipo)]
    said += [("reparto: tipo", rule.tipo) for rule in settings.reparto if rule.tipo is not None]
    said += [("reparto: tipos", kind) for rule in settings.reparto for kind in rule.tipos]
    out = [
        f"{name}: «{kind}» no es un tipo (los hay: {', '.join(KINDS)})"
        for name, kind in said
        if kind not in KINDS
    ]
    for at, rule in enumerate(settings.reparto, 1):
        named = (*rule.palabras, *rule.remitentes)
        if not (named or rule.tipos) or not all(value.strip() for value in named):
            out.append(f"reparto: la regla {at} necesita palabras, remitentes o tipos, no vacíos")
    return out


def _label_problems(label: Label) -> list[str]:
    """A label must hold its QR; a sheet's stickers must lie on the sheet, each apart."""
    out = []
    sheet = label.hoja
    for name, one in (("etiqueta", label), ("etiqueta.hoja", sheet)):
        if not (40 <= one.ancho_mm <= 210 and 20 <= one.alto_mm <= 297):
            out.append(f"{name}: cada rótulo, de 40 × 20 mm a 210 × 297 mm")
    if not 24 <= label.columnas <= 64:
        out.append("etiqueta.columnas: de 24 a 64")
    if not (1 <= sheet.columnas <= 5 and 1 <= sheet.filas <= 14):
        out.append("etiqueta.hoja: de 1 a 5 columnas y de 1 a 14 filas")
    across = (sheet.columnas, sheet.ancho_mm, sheet.margen_izquierdo_mm)
    down = (sheet.filas, sheet.alto_mm, sheet.margen_superior_mm)
    for whole, gap, (count, one_mm, first) in (
        (210, sheet.separacion_horizontal_mm, across),
        (297, sheet.separacion_vertical_mm, down),
    ):
        if first < 0 or gap < 0 or first + count * one_mm + (count - 1) * gap > whole + 0.01:
            out.append("etiqueta.hoja: los rótulos no caben en una hoja A4")
    if label.imprimir and label.formato == "hoja":
        out.append("etiqueta: una hoja no se imprime con cada número; ponga imprimir = false")
    return out


def _signer_problems(firma: Signer) -> list[str]:
    """The module is code that runs in this program: its place is never left to a search path."""
    if not firma.pkcs11_modulo:
        named = firma.pkcs11_ficha or firma.pkcs11_llave
        return ["firma.pkcs11_modulo: falta la biblioteca del token"] if named else []
    if not Path(firma.pkcs11_modulo).is_absolute():
        return ["firma.pkcs11_modulo: hace falta la ruta completa, desde /"]
    ident = firma.pkcs11_llave.removeprefix("id:")
    if ident != firma.pkcs11_llave and not re.fullmatch(r"([0-9A-Fa-f]{2})+", ident):
        return ["firma.pkcs11_llave: después de «id:» van cifras hexadecimales, de dos en dos"]
    return []


def _alert_problems(alertas: Alerts) -> list[str]:
    if alertas.rojo_dias > alertas.amarillo_dias:
        return ["alertas: rojo_dias no puede ser más que amarillo_dias"]
    return []


def _mail_problems(correo: Mail) -> list[str]:
    """Addresses are one each; a password never crosses a network in the clear."""
    lists = [correo.correspondencia, *correo.areas.values()]
    named = [a for each in lists for a in each] + [a for a in (correo.remitente,) if a]
    out = [f"correo: «{a}» no es una dirección" for a in named if not MAIL_ADDRESS.fullmatch(a)]
    if correo.usuario and correo.tls == "no" and correo.host not in LOOPBACK:
        out.append(
            'correo.tls: con usuario hace falta "starttls" o "tls": la clave iría a la vista'
        )
    return out


def _mask_problems(settings: Settings) -> list[str]:
    """A number must be found again by what is printed: capitals, figures, dots, dashes."""
    out = _bad_mask("radicado.mascara", settings.radicado.mascara)
    if settings.archivo.mascara:
        named = {"serie": "120.05.07", "dependencia": "120"}
        out += _bad_mask("archivo.mascara", settings.archivo.mascara, **named)
    if not 1 <= settings.archivo.prestamo_dias <= 365:
        out.append("archivo.prestamo_dias: de 1 a 365")
    return out


def _bad_mask(where: str, mask: str, **named: str) -> list[str]:
    missing = [p for p in ("{vigencia", "{punto", "{clase", "{n") if p not in mask]
    if missing:
        return [f"{where}: le falta {', '.join(p + '}' for p in missing)}"]
    try:
        sample = mask.format(vigencia=2026, punto="VU1", clase="E", n=1, **named)
    except (KeyError, IndexError, ValueError) as error:
        return [f"{where}: no se entiende ({error})"]
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9._-]{3,59}", sample):
        return [f"{where}: solo mayúsculas, cifras, punto, guion y guion bajo"]
    if not says_number(sample, 2026, "VU1", "E", 1):
        return [f"{where}: el número debe poder leerse aparte de la vigencia"]
    return []


def _people_problems(settings: Settings) -> list[str]:
    out = [
        f"tramite.interno_dias: {code!r} no sirve como código de dependencia"
        for code in settings.tramite.interno_dias
        if not AREA_CODE.fullmatch(code)
    ]
    ids = [p.id for p in settings.personas]
    codes = [a.codigo for a in settings.areas]
    for name, values, form in (("personas", ids, PERSON_ID), ("areas", codes, AREA_CODE)):
        out += [f"{name}: {v!r} no sirve como código" for v in values if not form.fullmatch(v)]
        out += [
            f"{name}: {v!r} se repite" for v in sorted({v for v in values if values.count(v) > 1})
        ]
    return out


def _lane_problems(settings: Settings) -> list[str]:
    out = []
    names = [c.nombre for c in settings.carriles]
    if len(set(names)) != len(names) or len({c.carpeta for c in settings.carriles}) != len(names):
        out.append("carriles: nombre y carpeta no se repiten")
    for lane in settings.carriles:
        if not LANE_NAME.fullmatch(lane.nombre) or lane.nombre == COUNTER.nombre:
            out.append(f"carriles: el nombre {lane.nombre!r} no sirve")
        if lane.carpeta.startswith(".") or "/" in lane.carpeta or "\\" in lane.carpeta:
            out.append(f"carriles: la carpeta {lane.carpeta!r} no sirve")
    return out
