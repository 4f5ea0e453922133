"""Why a sending comes back: `return_causes.toml`, read once. Pure.

The postal operators' usual causes, with codes and words of our own; each says whether another
attempt at the same address is worth making.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

import msgspec

from records.errors import Refused
from records.words import plain


class Cause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cause as people read it."""

    texto: str
    reintentable: bool
    correo: bool = False
    """Of e-mail, not of the post."""
    otros_nombres: tuple[str, ...] = ()


@cache
def table() -> dict[str, Cause]:
    """Code → cause, in the table's order."""
    text = resources.files("records").joinpath("return_causes.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Cause])


@cache
def _names() -> dict[str, str]:
    return {
        _bare(name): code
        for code, cause in table().items()
        for name in (*cause.otros_nombres, cause.texto, code)
    }


def find(said: str) -> str | None:
    """The code of a cause by its code, its text, or an operator's word for it."""
    return _names().get(_bare(said))


def require(said: str) -> str:
    """The code of a cause.

    Raises:
        Refused: nobody knows it.
    """
    code = find(said)
    if code is None:
        raise Refused(
            "causa_desconocida",
            f"«{said}» no es una causa de devolución.",
            consejo="«ventanilla envios causas» las muestra.",
        )
    return code


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", plain(text)))
