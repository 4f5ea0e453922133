"""The channels by which something is received: `channels.toml`, read once. Pure."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec


class Channel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A channel as people read it."""

    nombre: str
    electronico: bool = False
    """Who writes by it is sent an acknowledgment (CPACA, art. 61)."""


@cache
def table() -> dict[str, Channel]:
    """Code → channel, in the table's order.

    Raises:
        msgspec.ValidationError: the table is not what it should be (a defect of the program).
    """
    text = resources.files("records").joinpath("channels.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Channel])


def electronic(code: str | None) -> bool:
    """Whether a channel is an electronic one; one that nobody knows is not."""
    known = table().get(code or "")
    return known is not None and known.electronico
