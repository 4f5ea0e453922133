"""`config.toml` as data: what the office is, how it numbers, where its letters come from.

Unknown keys are refused, so that a typing error is seen and not lived with.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from records.errors import Refused, reason
from records.tail import says_number


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

    fecha: Any
    motivo: str


class Hours(_Section, frozen=True):
    """[horario]: when the public is attended (Acuerdo 060, art. 15); for the terms to come."""

    zona: Literal["America/Bogota"] = "America/Bogota"
    sabado_habil: bool = False
    abre: str = "08:00"
    cierra: str = "17:00"
    dias_no_habiles: tuple[DayOff, ...] = ()


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
    """[ocr]: how many workers (0: one a core)."""

    procesos: int = 0


class Label(_Section, frozen=True):
    """[etiqueta]: the sticker's size, and the command that prints it."""

    imprimir: bool = False
    orden_impresion: tuple[str, ...] = ("lp", "{archivo}")
    ancho_mm: float = 80
    alto_mm: float = 38


class Signer(_Section, frozen=True):
    """[firma]: an accredited authority's PKCS#11 token that signs the PDFs; empty: the house's own.

    `pkcs11_llave` is the key's label, or its id in hex after `id:`. The PIN is never written here
    (`records.pin`).
    """

    pkcs11_modulo: str = ""
    pkcs11_ficha: str = ""
    pkcs11_llave: str = ""


class AreaRow(_Section, frozen=True):
    """[[areas]]: a dependencia at the start."""

    codigo: str
    nombre: str
    jefe: str | None = None


class Rule(_Section, frozen=True):
    """[[reparto]]: words that suggest a kind and a dependencia; the first that matches holds."""

    palabras: tuple[str, ...]
    tipo: str | None = None
    dependencia: str | None = None


class DefaultRule(_Section, frozen=True):
    """[reparto_por_defecto]."""

    tipo: str = "peticion"
    dependencia: str = "por repartir"


class PersonRow(_Section, frozen=True):
    """[[personas]]: a person at the start."""

    id: str
    nombre: str
    cargo: str = ""
    roles: tuple[str, ...] = ()


COUNTER = Lane(nombre="mostrador", canal="fisico", fuente="mostrador")
"""The lane of persons who stand before the clerk: numbered at once, apart from the scanned pile."""


class Settings(_Section, frozen=True):
    """The whole of config.toml."""

    entidad: Entity
    punto: Point = Point()
    horario: Hours = Hours()
    radicado: Numbers = Numbers()
    inbox: Inbox = Inbox()
    carriles: tuple[Lane, ...] = (Lane(nombre="ventanilla"),)
    ocr: Ocr = Ocr()
    etiqueta: Label = Label()
    firma: Signer = Signer()
    areas: tuple[AreaRow, ...] = ()
    reparto_por_defecto: DefaultRule = DefaultRule()
    reparto: tuple[Rule, ...] = ()
    personas: tuple[PersonRow, ...] = ()

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
CLASS_CODE = re.compile(r"[A-Z]{1,4}")
PERSON_ID = re.compile(r"[a-z][a-z0-9_.-]{0,31}")
AREA_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,15}")
LANE_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


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
            f"{path} tiene un error: {error}.",
            consejo="Corríjalo; config.toml del proyecto explica cada línea.",
        ) from error
    _check(settings, path)
    return settings


def _check(settings: Settings, path: Path) -> None:
    problems = []
    if not POINT_CODE.fullmatch(settings.punto.codigo) or settings.punto.codigo == "AUT":
        problems.append("punto.codigo: de 2 a 8 letras mayúsculas y cifras, distinto de AUT")
    if not settings.entidad.nombre.strip() or "\n" in settings.entidad.nombre:
        problems.append("entidad.nombre: hace falta, en una línea")
    for code in settings.radicado.clases:
        if not CLASS_CODE.fullmatch(code):
            problems.append(f"radicado.clases: {code!r} debe ser de 1 a 4 mayúsculas")
    problems += [*_mask_problems(settings), *_lane_problems(settings), *_people_problems(settings)]
    problems += _signer_problems(settings.firma)
    if settings.inbox.asentamiento_segundos < 0 or settings.inbox.rescate_segundos <= 0:
        problems.append("inbox: los tiempos deben ser positivos")
    if problems:
        raise Refused("config_invalida", f"{path}: {'; '.join(problems)}.", consejo="Corríjalo.")


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


def _mask_problems(settings: Settings) -> list[str]:
    """A number must be found again by what is printed: capitals, figures, dots, dashes."""
    mask = settings.radicado.mascara
    missing = [p for p in ("{vigencia", "{punto", "{clase", "{n") if p not in mask]
    if missing:
        return [f"radicado.mascara: le falta {', '.join(p + '}' for p in missing)}"]
    try:
        sample = mask.format(vigencia=2026, punto="VU1", clase="E", n=1)
    except (KeyError, IndexError, ValueError) as error:
        return [f"radicado.mascara: no se entiende ({error})"]
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9._-]{3,59}", sample):
        return ["radicado.mascara: solo mayúsculas, cifras, punto, guion y guion bajo"]
    if not says_number(sample, 2026, "VU1", "E", 1):
        return ["radicado.mascara: el número debe poder leerse aparte de la vigencia"]
    return []


def _people_problems(settings: Settings) -> list[str]:
    out = []
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
