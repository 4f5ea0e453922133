"""A sender whom the office knows: what the letter does not say is taken from his newest record.

What the page says is never overwritten. A completed value bears the radicado it is from (`de`) and
is unsure enough for a person to look at it. Where document and name of an earlier record are the
letter's own, both are surer; where the name is another, the number was misread or lent: less sure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ingest.drafts import Suggested
from ingest.letter import plain
from records.senders import SENDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from records.senders import Known

COMPLETED = 70
"""Confidence in what an earlier record says: people move, and a clerk confirms."""
AGREED = 96
"""Confidence in a number and a name that an earlier record has together."""
DISPUTED = 65
"""Highest confidence in a number and a name where an earlier record has another name."""
SURE = 90
"""From this confidence on a number names its bearer where the letter does not."""
READ = 50
"""Below this confidence a number is too doubtful to look its bearer up."""


def sought(fields: Mapping[str, Suggested]) -> dict[str, str]:
    """The values by which a sender is looked up: those that were read well enough."""
    return {
        name: fields[name].valor
        for name in ("cedula", "nit", "remitente", "direccion")
        if name in fields and fields[name].confianza >= READ
    }


def complete(fields: Mapping[str, Suggested], known: Sequence[Known]) -> dict[str, Suggested]:
    """*fields* with what the records of *known* senders (newest first) add, confirm or dispute."""
    out = dict(fields)
    for record in known:
        held = _same_sender(out, record)
        if held is None or (held[1] not in fields and fields[held[0]].confianza < SURE):
            continue  # a number alone, that may be misread, names nobody
        number, name = held
        if not _alike(out.get(name), record.campos.get(name)):
            _lower(out, number, name)
            continue
        if name in fields and number in fields and record.clave != "nombre":
            for field in (number, name):
                if _equal(fields[field].valor, record.campos.get(field, "")):
                    out[field] = replace(out[field], confianza=max(out[field].confianza, AGREED))
        _add(out, record)
    return out


_NAMED = {
    "doc": ("cedula", "remitente"),
    "nit": ("nit", "entidad"),
    "nombre": ("direccion", "remitente"),
}


def _same_sender(fields: Mapping[str, Suggested], record: Known) -> tuple[str, str] | None:
    """The fields of number and name by which *record* was found, where the letter has the first."""
    number, name = _NAMED[record.clave]
    return (number, name) if number in fields else None


def _alike(read: Suggested | None, held: str | None) -> bool:
    """Whether two names may be one person's: unknown, equal, or one with fewer names."""
    if read is None or not held:
        return True
    one, other = set(_words(read.valor)), set(_words(held))
    small, large = sorted((one, other), key=len)
    missing = [w for w in small if not any(_near(w, x) for x in large)]
    return len(missing) <= len(small) // 4


def _near(one: str, other: str) -> bool:
    """The same word, or one with a letter that an engine misread."""
    if one == other:
        return True
    wrong = sum(a != b for a, b in zip(one, other, strict=False))
    return len(one) == len(other) >= 4 and wrong == 1


def _words(name: str) -> list[str]:
    return [w for w in re.findall(r"[a-z]+", plain(name)) if len(w) > 2]


def _equal(one: str, other: str) -> bool:
    return re.sub(r"\W", "", plain(one)) == re.sub(r"\W", "", plain(other))


def _lower(fields: dict[str, Suggested], *names: str) -> None:
    for name in names:
        if name in fields:
            held = fields[name]
            fields[name] = replace(held, confianza=min(held.confianza, DISPUTED))


def _add(fields: dict[str, Suggested], record: Known) -> None:
    """What the letter lacks; a number and its kind go together, and a NIT stays a NIT."""
    numbered = "cedula" in fields or fields.get("tipo_documento", Suggested("", 0)).valor == "NIT"
    for name in SENDER:
        value = record.campos.get(name)
        paired = name in ("tipo_documento", "cedula") and (numbered or record.clave == "nit")
        if value and name not in fields and not paired:
            fields[name] = Suggested(value, COMPLETED, de=record.radicado)
