"""Acts with legal weight: the second signature, made by a person's own key.

A line is signed by its punto and its `actor` is the workstation's word; only this signature proves
a person. It covers what is done, to what, and after what (DSSE's PAE, type `…acto.v1+json`), and is
made before the journal's lock is taken: where the subject has moved on meanwhile it holds no more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from records import lines
from records.fact import Act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.lines import Body

ACT = "application/vnd.ventanilla.acto.v1+json"
EMPTY = Act(person="", at="", nonce="", firma="")
"""Stands in the place of the signature while it is being made."""


@dataclass(frozen=True, slots=True)
class Pen:
    """A person's unlocked key."""

    person: str
    key: Ed25519PrivateKey

    def sign(
        self,
        *,
        log: str,
        subject: str,
        after: Sequence[str],
        kind: str,
        data: dict[str, Any],
        ficha: str | None,
    ) -> Act:
        """Sign an event to be; *data* is its `data` with or without a place for `acto`."""
        blank = Act(
            person=self.person,
            at=lines.stamp(lines.now()),
            nonce=secrets.token_hex(16),
            firma="",
        )
        said = _said(log, subject, after, kind, data, ficha, blank)
        return msgspec.structs.replace(blank, firma=self.key.sign(said).hex())


def holds(body: Body, act: Act, public: str) -> bool:
    """Whether *act*, inside the event *body*, bears the signature of the key *public* (hex)."""
    said = _said(body.log, body.subject, body.after, body.type, body.data, body.ficha, act)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(act.firma), said)
    except (InvalidSignature, ValueError):
        return False
    return True


def _said(
    log: str,
    subject: str,
    after: Sequence[str],
    kind: str,
    data: dict[str, Any],
    ficha: str | None,
    act: Act,
) -> bytes:
    payload = {"data": {k: v for k, v in data.items() if k != "acto"}, "ficha": ficha}
    return lines.pae(
        ACT,
        lines.canonical(
            {
                "after": list(after),
                "at": act.at,
                "log": log,
                "nonce": act.nonce,
                "payload": payload,
                "person": act.person,
                "subject": subject,
                "type": kind,
            }
        ),
    )
