"""What the data of every event share: the base of the typed facts, their words, a person's act.

The facts themselves lie beside the rules that they serve: those of numbers and documents in
`records.events`, those of the way through the office in `records.tramite`, those of planillas and
papers in `records.rounds`.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

Hash = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
"""A hash, or a raw public key."""
Seal = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{128}\Z")]
"""An Ed25519 signature."""
Nonce = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Day = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
Clase = Annotated[str, msgspec.Meta(pattern=r"\A[A-Z]{1,4}\Z")]


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the typed `data` of an event; fields that newer programs add are kept, not read."""


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's own signature on an act of legal weight, inside the event's `data` as `acto`.

    Over PAE(`…acto.v1+json`, {log, subject, after, type, payload, person, at, nonce}), where
    `payload` is {`data`: the event's data without `acto`, `ficha`: the ficha's hash or null}.
    """

    person: str
    at: str
    nonce: Nonce
    firma: Seal
