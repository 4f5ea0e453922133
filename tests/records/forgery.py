"""An insider's pen: the golden logs, changed at one place and chained and signed anew.

Whoever holds a punto's keys can do all this; only what is *said* is then wrong. `Copy` holds the
logs in memory; `Copy.sealed` gives the files after an edit, with every later line mended where an
honest program would have written otherwise: hashes, frontiers, roots, proofs and acts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature

from records import checkpoint, lines
from tests.records import golden

Body = dict[str, Any]
Edit = Callable[[Body], object]
KEYS = ("AUT", "AUT.2", "AUT.3", "VU1", "VU1.2", "VU1.3", "VU2", "VU2.2", "VU2.4")
PENS = ("marta", "marta.2", "luis")
BY_ID = {lines.key_id(bytes.fromhex(golden.public(name))): name for name in KEYS}
TREE = ("dia.cerrado", "vigencia.cerrada", "respaldo.hecho")


@cache
def files() -> dict[str, bytes]:
    """The golden folder without vault and notes: what a lie is told in."""
    kept = ("journal/", "keys/")
    return {name: raw for name, raw in golden.build().items() if name.startswith(kept)}


def rows(punto: str) -> list[tuple[str, bytes]]:
    """(file, line without its end) of a punto's log, in order."""
    names = sorted(name for name in files() if name.endswith(f"/{punto}.jsonl"))
    return [(name, raw) for name in names for raw in files()[name].splitlines()]


def body_of(raw: bytes) -> Body:
    body: Body = json.loads(raw)["b"]
    return body


def seq_of(punto: str, kind: str, n: int = 0) -> int:
    """The seq of the *n*-th event of a type."""
    found = [i for i, (_, raw) in enumerate(rows(punto)) if body_of(raw)["type"] == kind]
    return found[n]


def signer_of(body: Body) -> str | None:
    """Whose key signed the act in *body*, if it holds one."""
    acto = body["data"].get("acto")
    if not isinstance(acto, dict):
        return None
    for name in PENS:
        try:
            key = golden.key_of(name).public_key()
            key.verify(bytes.fromhex(acto["firma"]), golden.act_bytes(body, acto))
        except InvalidSignature:
            continue
        return name
    raise AssertionError(body)


def raw_line(body: bytes, key: str) -> bytes:
    """A line over the very bytes *body*, signed by the key of that name."""
    signature = golden.key_of(key).sign(lines.pae(lines.EVENT, body)).hex().encode()
    k = lines.key_id(bytes.fromhex(golden.public(key))).encode()
    return b'{"b":' + body + b',"k":"' + k + b'","s":"' + signature + b'"}'


def forge(
    punto: str,
    edits: dict[int, Edit] | None = None,
    *,
    more: tuple[Edit, ...] = (),
    spelled: Callable[[bytes], bytes] | None = None,
    keys: dict[int, str] | None = None,
) -> dict[str, bytes]:
    """The golden files with *punto*'s log written anew.

    *edits* change bodies by seq, after the mending; *more* make further lines at the end out of a
    body that is a plain `recuperacion`; *spelled* respells the bytes of the edited bodies; *keys*
    says which key signs, by seq, where it is not the one before. An edit may put the name of a key
    under `_acto`, to have the act signed by it when all is said.
    """
    out = {name: raw for name, raw in files().items() if not name.endswith(f"/{punto}.jsonl")}
    edits = edits or {}
    known: dict[str, str] = {}
    frontier: tuple[bytes, ...] = ()
    roots = [checkpoint.root(())]
    prev, newest = lines.ZERO, dict[str, str]()
    old = rows(punto)
    for seq in range(len(old) + len(more)):
        if seq < len(old):
            name, before = old[seq]
            body, signer = body_of(before), signer_of(body_of(before))
            key = BY_ID[json.loads(before)["k"]]
            text = json.dumps(body)
            body = json.loads(re.sub("[0-9a-f]{64}", lambda m: known.get(m[0], m[0]), text))
            edit = edits.get(seq)
        else:
            edit, signer = more[seq - len(old)], None
            body = {**body, "type": "recuperacion", "subject": "log", "seq": seq}
            body["data"] = {"bytes": 0, "motivo": "sincronizacion"}
            body.pop("ficha", None)
        body["prev"] = prev
        body["after"] = [newest[body["subject"]]] if body["subject"] in newest else []
        if body["type"] == "ancla":
            body["data"]["frontera"] = [node.hex() for node in frontier]
        if body["type"] in TREE:
            body["data"]["raiz"] = roots[body["data"]["tamano"]].hex()
        if body["type"] == "clave.rotada":
            new = next(n for n in KEYS if golden.public(n) == body["data"]["clave"])
            body["data"]["prueba"] = golden.key_of(new).sign(prev.encode()).hex()
        if signer:
            golden.sign_act(body, signer)
        subject = body["subject"]
        if edit:
            edit(body)
            if body["subject"] != subject and "_after" not in body:
                body["after"] = [newest[body["subject"]]] if body["subject"] in newest else []
            body.pop("_after", None)
            if pen := body.pop("_acto", None):
                golden.sign_act(body, pen)
        spelling = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        signed = spelling.encode()
        if edit and spelled:
            signed = spelled(signed)
        raw = raw_line(signed, (keys or {}).get(seq, key))
        if seq < len(old):
            known[lines.sha256(before)] = lines.sha256(raw)
        prev = newest[body["subject"]] = lines.sha256(raw)
        frontier = checkpoint.grow(frontier, seq, checkpoint.leaf(raw))
        roots.append(checkpoint.root(frontier))
        out[name] = out.get(name, b"") + raw + b"\n"
    return out
