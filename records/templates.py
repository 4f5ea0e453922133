"""Templates of letters: text with fields `{{nombre}}`, and the folder where an office has its own.

A field is a name between double braces; case, accents and blanks in it do not matter, so that
`{{ Dirección }}` is `direccion`. `{{telefono?}}` may stay empty; every other one must have a value.
A value is data: it is put in once and never looked at again, so none can bring a field or markup.
"""

from __future__ import annotations

import html
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from records.errors import Refused, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from records.disk import Disk

Kind = Literal["texto", "html", "docx", "odt"]
KINDS: dict[str, Kind] = {".txt": "texto", ".html": "html", ".docx": "docx", ".odt": "odt"}
"""What a template is, by how its file's name ends."""
FOLDER = "plantillas"
MOST_TEXT = 256 << 10
MOST_OFFICE = 20 << 20
"""Bytes that a template may have: of text or HTML, and of an office program."""
MOST_VALUE = 20_000
"""Characters of a value."""
FIELD = re.compile(r"\{\{([^{}]{1,80})\}\}")
_NAME = re.compile(r"[a-zñ][a-z0-9ñ_]{0,39}")
_FILE = re.compile(r"[^\W_][\w .-]{0,59}")


class Field(NamedTuple):
    """A field as a template names it."""

    name: str
    optional: bool


# -- fields ---------------------------------------------------------------------------------------


def field(written: str) -> Field:
    """The field that is *written* between the braces.

    Raises:
        Refused: that is no name.
    """
    said = " ".join(html.unescape(written).split())
    optional = said.endswith("?")
    name = key(said.removesuffix("?"))
    if not _NAME.fullmatch(name):
        raise Refused(
            "plantilla_invalida",
            f"«{{{{{written}}}}}» no es un campo.",
            consejo="Un campo se escribe {{nombre}}: letras, cifras y guion bajo.",
        )
    return Field(name, optional)


def key(written: str) -> str:
    """A field's name as it is looked up: `Fecha  Oficio`, `dirección` → `fecha_oficio`, …"""
    text = unicodedata.normalize("NFD", "_".join(written.split()).casefold())
    # What is over an ñ makes it another letter; accents and dieresis do not.
    bare = text.replace("\u0301", "").replace("\u0308", "")
    return unicodedata.normalize("NFC", bare)


def fields_of(text: str) -> list[str]:
    """The names of the fields of *text*, each once, in their order.

    Raises:
        Refused: a brace stands alone, or what stands between them is no name.
    """
    return list(dict.fromkeys(f.name for f in all_fields(text)))


def all_fields(text: str) -> list[Field]:
    """Every field of *text*, as often as it stands there.

    Raises:
        Refused: as `fields_of`.
    """
    found = [field(m[1]) for m in FIELD.finditer(text)]
    rest = FIELD.sub("", text)
    lonely = next((at for at in (rest.find("{{"), rest.find("}}")) if at >= 0), None)
    if lonely is not None:
        near = " ".join(rest[max(0, lonely - 20) : lonely + 30].split())
        raise Refused(
            "plantilla_invalida",
            f"Cerca de «{near}» hay unas llaves sueltas.",
            consejo="Un campo se escribe {{nombre}}, en una línea y con un solo tipo de letra.",
        )
    return found


def fill(text: str, values: Mapping[str, str], *, escape: Callable[[str], str] = str) -> str:
    """*text* with its fields replaced by *values*, each passed through *escape*.

    Raises:
        Refused: a field that must have a value has none, or as `fields_of`.
    """
    check(all_fields(text), values)
    known = {key(name): value for name, value in values.items()}

    def said(match: re.Match[str]) -> str:
        return escape(clean_value(known.get(field(match[1]).name, "")))

    return FIELD.sub(said, text)


def check(fields: Iterable[Field], values: Mapping[str, str]) -> None:
    """That each of *fields* that must have a value has one.

    Raises:
        Refused: it names those that lack one, and those that there are.
    """
    known = {key(name) for name, value in values.items() if clean_value(value)}
    missing = list(dict.fromkeys(f.name for f in fields if not f.optional and f.name not in known))
    if missing:
        names = ", ".join(f"«{name}»" for name in missing)
        raise Refused(
            "campo_sin_valor",
            f"La plantilla pide {names} y no hay con qué llenarlo.",
            consejo=f"Dé --campo {missing[0]}=…, o escriba en la plantilla {{{{{missing[0]}?}}}} "
            f"si puede faltar. Con valor están: {', '.join(sorted(known)) or 'ninguno'}.",
        )


def clean_value(value: str) -> str:
    """A value as it is put in: composed, without controls; its line breaks stay."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (
        c for c in unicodedata.normalize("NFC", text)
        if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )  # fmt: skip
    return "".join(kept).strip()[:MOST_VALUE]


# -- files ----------------------------------------------------------------------------------------


class Template(msgspec.Struct, frozen=True):
    """A template of an office: its name, what it is, and where its file lies."""

    nombre: str
    tipo: Kind
    archivo: str

    @property
    def suffix(self) -> str:
        """How its file's name ends."""
        return Path(self.archivo).suffix.lower()

    def data(self) -> bytes:
        """Its bytes.

        Raises:
            Refused: they cannot be read, or are too many.
        """
        return read(Path(self.archivo))

    def text(self) -> str:
        """Its text, of one that is text or HTML.

        Raises:
            Refused: as `data`, or it is no text.
        """
        return decode(self.data(), Path(self.archivo).name)


def kind_of(path: Path) -> Kind:
    """What a template is by its name.

    Raises:
        Refused: none of what we can fill.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise Refused(
            "plantilla_formato",
            f"«{path.name}» no es una plantilla que se pueda llenar.",
            consejo=f"Sirven {', '.join(KINDS)}; un .doc o .docm guárdelo como .docx, sin macros.",
        )
    return kind


def read(path: Path) -> bytes:
    """The bytes of a template's file.

    Raises:
        Refused: it is not there, cannot be read, or is too large.
    """
    most = MOST_TEXT if kind_of(path) in ("texto", "html") else MOST_OFFICE
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise Refused(
            "sin_plantilla",
            f"No se puede leer {path} ({reason(error)}).",
            consejo="Revise la ruta.",
        ) from error
    if len(data) > most:
        raise Refused(
            "plantilla_grande",
            f"«{path.name}» pesa más de {most >> 10} KB.",
            consejo="Quítele las imágenes grandes; los anexos van aparte.",
        )
    return data


def decode(data: bytes, name: str) -> str:
    """The text of a file as editors write it: UTF-8, or what old Windows ones call ANSI, Unicode.

    Raises:
        Refused: it is no text.
    """
    codec = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Refused(
            "plantilla_formato", f"«{name}» no es texto.", consejo="Guárdela como texto UTF-8."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Templates:
    """The templates of a home: the files of its folder `plantillas/`."""

    def __init__(self, home: Path, disk: Disk) -> None:
        self._folder, self._disk = home / FOLDER, disk

    def all(self) -> list[Template]:
        """Those that there are, by name. What programs leave there while they edit is none."""
        if not self._folder.is_dir():
            return []
        return [
            Template(path.stem, KINDS[path.suffix.lower()], str(path))
            for path in sorted(self._folder.iterdir())
            if path.suffix.lower() in KINDS
            and not path.name.startswith((".", "~$"))
            and path.is_file()
            and not path.is_symlink()
        ]

    def find(self, name: str) -> Template:
        """The template that is called so, with or without how its file's name ends.

        Raises:
            Refused: there is none, or several are called so.
        """
        there = self.all()
        found = [t for t in there if Path(t.archivo).name == name]
        found = found or [t for t in there if t.nombre.casefold() == name.casefold()]
        if len(found) == 1:
            return found[0]
        if found:
            names = " y ".join(Path(t.archivo).name for t in found)
            raise Refused(
                "plantilla_ambigua",
                f"«{name}» puede ser {names}.",
                consejo="Dé el nombre con su terminación.",
            )
        raise Refused(
            "sin_plantilla",
            f"No hay una plantilla «{name}».",
            consejo=f"Las hay: {', '.join(t.nombre for t in there) or 'ninguna'}. Se agregan con "
            "«ventanilla plantilla agregar ARCHIVO».",
        )

    def put(self, name: str, data: bytes, *, replace: bool) -> Template:
        """Keep *data* as the template of the file name *name*.

        Raises:
            Refused: it is no name for one, or there is one of that name and *replace* is not said.
        """
        path = self._folder / name
        kind = kind_of(path)
        if not _FILE.fullmatch(path.stem) or Path(name).name != name:
            raise Refused(
                "plantilla_nombre",
                f"«{name}» no sirve como nombre de plantilla.",
                consejo="Use letras, cifras, espacios, guion y punto, hasta 60.",
            )
        if path.exists() and not replace:
            raise Refused(
                "plantilla_existe",
                f"Ya hay una plantilla «{name}» y no se toca.",
                consejo="Para cambiarla, repita con --reemplazar.",
            )
        self._disk.make_folder(self._folder)
        self._disk.replace(path, data)
        return Template(path.stem, kind, str(path))
