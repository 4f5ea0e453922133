"""Proofs that a stranger can check with a file and the entity's root key, and nothing else.

Of inclusion: the line that gave a number lies in a log whose head was signed. Of consistency: a
log's signed head goes on from an earlier one. Each carries the head's note and the root's word for
the key that signed it; who checks must hold the root's key from elsewhere.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import msgspec

from records import checkpoint, lines, notes, segments
from records import tail as tails
from records.errors import Damaged, Refused
from records.events import KeyRotated, LogOpened, NumberAssigned, Restored, read_fact
from records.heads import Head, Heads
from records.lines import BadLine
from records.notes import BadNote, Checkpoint
from records.tail import Broken

if TYPE_CHECKING:
    from records.heads import Stored
    from records.home import Home

MAX_BYTES = 1 << 20
"""A proof is a line, two notes and some thirty hashes; more is none."""
_KEY_TYPES = (b'"type":"log.abierto"', b'"type":"clave.rotada"', b'"type":"restauracion"')


class PointKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key of a log, with the root's word for it (format v1, section 3)."""

    clave: str
    entidad: str
    epoch: int
    punto: str
    delegacion: str


class _Proof(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="prueba"
):
    v: int = 1
    log: str
    tamano: int
    """Lines of the log under the note."""
    camino: list[str]
    """Hashes, in the order in which RFC 9162 uses them."""
    nota: str
    clave: PointKey
    """The key that signed the note."""


class Inclusion(_Proof, frozen=True, tag="inclusion"):
    """That the line that gave *radicado* its number is in the log."""

    radicado: str
    seq: int
    linea: str
    """The line's hash."""
    texto: str
    """The line as it is stored, without its newline."""


class Consistency(_Proof, frozen=True, tag="consistencia"):
    """That the log of *tamano* lines begins with the *desde* lines whose root is *raiz_desde*."""

    desde: int
    raiz_desde: str
    nota_desde: str | None = None
    clave_desde: PointKey | None = None


Proof = Inclusion | Consistency
P = TypeVar("P", Inclusion, Consistency)


class Verdict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a proof that holds says."""

    prueba: str
    entidad: str
    punto: str
    log: str
    tamano: int
    raiz: str
    radicado: str | None = None
    seq: int | None = None
    fecha: str | None = None
    desde: int | None = None
    raiz_desde: str | None = None
    nota_desde: bool | None = None
    """Whether the earlier root is itself under a note; else who checks must know it."""


# -- making ---------------------------------------------------------------------------------------


def prove_number(office: Home, radicado: str) -> Inclusion:
    """The proof for a number; signs a head where none that is stored reaches its line.

    Raises:
        Refused: no such number, or a head must be signed and this machine does not hold the key.
        Damaged: the log contradicts its heads.
    """
    office.index.catch_up()
    subject = office.subject(radicado)
    event = next(e for e in office.index.events(subject) if e.type == "radicado.asignado")
    head = head_reaching(office, event.punto, event.seq + 1)
    walk = _Walk(office, event.punto, head.said.size)
    proof = Inclusion(
        log=_log_of(head.said),
        tamano=head.said.size,
        camino=[step.hex() for step in checkpoint.inclusion(walk.leaves, event.seq)],
        nota=head.note.decode(),
        clave=walk.key_at(head.said.size),
        radicado=str(event.data["radicado"]),
        seq=event.seq,
        linea=event.hash,
        texto=walk.raw_at(event.seq).decode(),
    )
    return _proved(office, proof)


def prove_growth(office: Home, old_size: int) -> Consistency:
    """The proof that this punto's log goes on from its first *old_size* lines.

    Raises:
        Refused: the log has no such size, or a head must be signed and the key is not here.
        Damaged: the log contradicts its heads.
    """
    punto = office.punto
    lines_now = segments.Log(office.home, punto).last_seq() + 1
    if not 1 <= old_size <= lines_now:
        raise Refused(
            "tamano", f"El diario de {punto} tiene {lines_now} líneas: no se parte de {old_size}."
        )
    head = head_reaching(office, punto, min(old_size + 1, lines_now))
    walk = _Walk(office, punto, head.said.size)
    old = Heads(office.home, punto, office.disk).at(old_size)
    proof = Consistency(
        log=_log_of(head.said),
        tamano=head.said.size,
        camino=[step.hex() for step in checkpoint.consistency(walk.leaves, old_size)],
        nota=head.note.decode(),
        clave=walk.key_at(head.said.size),
        desde=old_size,
        raiz_desde=checkpoint.tree(walk.leaves[:old_size]).hex(),
        nota_desde=None if old is None else _stored(old).decode(),
        clave_desde=None if old is None else walk.key_at(old_size),
    )
    return _proved(office, proof)


def _log_of(head: Checkpoint) -> str:
    return head.origin.split("/")[1]


def head_reaching(office: Home, punto: str, least: int) -> Head:
    """The newest stored head where it reaches *least* lines, else a new one, signed now."""
    heads = Heads(office.home, punto, office.disk)
    newest = heads.newest()
    if newest is not None and newest.size is not None and newest.size >= least:
        note = _stored(newest)
        return Head(notes.head_of(notes.parse(note)), note)
    return office.seal_head(punto)


def _stored(one: Stored) -> bytes:
    try:
        note = one.read()
        if notes.head_of(notes.parse(note)).size != one.size:
            raise BadNote("su nombre dice otro tamaño")
    except BadNote as error:
        raise Damaged(
            "sello_danado",
            f"El sello {one.path} no sirve: {error}.",
            consejo="Ejecute «ventanilla verificar» y tráigalo de un respaldo.",
        ) from error
    return note


class PointKeys:
    """The keys of a log, taken from its lines as they are read."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, bytes, PointKey]] = []
        """(seq, line, key) of each line that gives one."""

    def see(self, seq: int, raw: bytes) -> None:
        """Take the key of a line, if it gives one. Few speak of keys: only those are parsed.

        Raises:
            BadLine: it is no line of the format.
        """
        if not any(kind in raw for kind in _KEY_TYPES):
            return
        body = lines.read_line(raw).body
        fact = read_fact(body.type, body.data)
        if not isinstance(fact, LogOpened | KeyRotated | Restored):
            return
        entidad = fact.entidad if isinstance(fact, LogOpened) else self.lines[-1][2].entidad
        key = PointKey(fact.clave, entidad, body.epoch, body.punto, fact.delegacion)
        self.lines.append((seq, raw, key))

    def at(self, size: int) -> PointKey:
        """The key in force after the first *size* lines."""
        return [key for seq, _, key in self.lines if seq < size][-1]


class _Walk:
    """The first *size* lines of a log: their leaves, and who might sign at each size."""

    def __init__(self, office: Home, punto: str, size: int) -> None:
        self.log = segments.Log(office.home, punto)
        self.leaves: list[bytes] = []
        self._keys = PointKeys()
        raws = (raw for s in self.log.segments() for _, raw in segments.read_raw(s.path))
        try:
            for seq, raw in enumerate(islice(raws, size)):
                self.leaves.append(checkpoint.leaf(raw))
                self._keys.see(seq, raw)
        except (BadLine, msgspec.ValidationError) as error:
            raise segments.damaged(self.log, str(error)) from error
        if len(self.leaves) < size or not self._keys.lines:
            raise segments.damaged(self.log, "es más corto que un sello que se guarda")

    def key_at(self, size: int) -> PointKey:
        """The key in force after the first *size* lines."""
        return self._keys.at(size)

    def raw_at(self, seq: int) -> bytes:
        """Line *seq* as it is stored."""
        found = [f for s in self.log.segments() if (f := segments.find_seq(s.path, seq))]
        return found[-1][1]


def _proved(office: Home, proof: P) -> P:
    """*proof*, checked as a stranger would: a damaged log gives none."""
    try:
        check(msgspec.json.encode(proof), office.keys.root_public())
    except Damaged as error:
        raise Damaged(
            "diario_danado",
            f"El diario o sus sellos no verifican, y de ellos no sale una prueba: {error.mensaje}",
            consejo="Ejecute «ventanilla verificar».",
        ) from error
    return proof


# -- checking -------------------------------------------------------------------------------------


def check(data: bytes, root: str) -> Verdict:
    """What a proof says, if it holds under the entity's root key (64 hex).

    Raises:
        Damaged: it is no proof, or does not hold; the message says why.
    """
    try:
        if len(data) > MAX_BYTES:
            raise _No("es demasiado grande")
        proof = msgspec.json.decode(data, type=Inclusion | Consistency)
        if proof.v != 1:
            raise _No(f"es de la versión {proof.v}, que este programa no conoce")
        head = _note_under(proof.nota, proof.clave, proof.log, proof.tamano, root)
        path = [_hash(step) for step in proof.camino]
        if isinstance(proof, Inclusion):
            return _check_number(proof, head, path)
        return _check_growth(proof, head, path, root)
    except (_No, BadNote, BadLine, Broken, msgspec.MsgspecError, ValueError) as error:
        raise Damaged(
            "prueba_no_vale",
            f"La prueba no vale: {error}.",
            consejo="Pida otra a la entidad, o compruebe que la llave raíz es la suya.",
        ) from error


def read_root(data: bytes) -> str:
    """The root's public key from the bytes of a `raiz.pub`.

    Raises:
        Refused: it is no key.
    """
    text = data.decode("ascii", "replace").strip()
    if not lines.is_hash(text):
        raise Refused(
            "raiz",
            "Eso no es la llave raíz de una entidad: se esperan 64 cifras hexadecimales.",
            consejo="Es el archivo keys/raiz.pub de la entidad, que se recibe por otro camino.",
        )
    return text


class _No(Exception):
    """Why a proof does not hold."""


def _note_under(text: str, key: PointKey, log: str, size: int, root: str) -> Checkpoint:
    """The head of *log* that a note says, its key delegated by the root."""
    if bytes.fromhex(key.delegacion).hex() != key.delegacion:
        raise _No("la delegación está mal escrita")
    tails.check_delegation(key.delegacion, key.clave, key.entidad, key.epoch, key.punto, root)
    head = notes.read(text.encode(), [_hash(key.clave)])
    if head.origin != notes.origin(log, key.epoch) or head.size != size:
        raise _No("la nota es de otro diario o de otro tamaño")
    return head


def _check_number(proof: Inclusion, head: Checkpoint, path: list[bytes]) -> Verdict:
    raw = proof.texto.encode()
    line = lines.read_line(raw)
    body = line.body
    fact = read_fact(body.type, body.data)
    if not isinstance(fact, NumberAssigned) or fact.radicado != proof.radicado:
        raise _No(f"la línea no es la que dio el número {proof.radicado}")
    said = (line.hash, body.seq, body.log, body.punto)
    if said != (proof.linea, proof.seq, proof.log, proof.clave.punto):
        raise _No("la línea no es la que la prueba nombra")
    leaf = checkpoint.leaf(raw)
    if not checkpoint.verify_inclusion(leaf, proof.seq, head.size, path, head.root):
        raise _No("el camino no lleva de la línea a la raíz")
    return msgspec.structs.replace(
        _verdict(proof, head), radicado=fact.radicado, seq=proof.seq, fecha=body.at
    )


def _check_growth(proof: Consistency, head: Checkpoint, path: list[bytes], root: str) -> Verdict:
    before = _hash(proof.raiz_desde)
    if (proof.nota_desde is None) != (proof.clave_desde is None):
        raise _No("falta la nota de partida o su llave")
    if proof.nota_desde is not None and proof.clave_desde is not None:
        old = _note_under(proof.nota_desde, proof.clave_desde, proof.log, proof.desde, root)
        if old.root != before or proof.clave_desde.punto != proof.clave.punto:
            raise _No("la nota de partida es de otro diario o de otra raíz")
    if not 1 <= proof.desde <= head.size or not checkpoint.verify_consistency(
        proof.desde, head.size, before, head.root, path
    ):
        raise _No(f"las {head.size} líneas no continúan las {proof.desde} de antes")
    return msgspec.structs.replace(
        _verdict(proof, head),
        desde=proof.desde,
        raiz_desde=proof.raiz_desde,
        nota_desde=proof.nota_desde is not None,
    )


def _verdict(proof: Proof, head: Checkpoint) -> Verdict:
    return Verdict(
        prueba="inclusion" if isinstance(proof, Inclusion) else "consistencia",
        entidad=proof.clave.entidad,
        punto=proof.clave.punto,
        log=proof.log,
        tamano=head.size,
        raiz=head.root.hex(),
    )


def _hash(text: str) -> bytes:
    if not lines.is_hash(text):
        raise _No("una huella o llave está mal escrita")
    return bytes.fromhex(text)
