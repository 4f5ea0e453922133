"""The end of a journal as the writer needs it: last numbers, open receptions, key, the frontier.

Pure: `advance` folds one line after the other; nothing here reads or writes a file. It is what
makes numbering independent of the index: the writer rebuilds it from the
last `ancla`, at most 1,000 events back.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from records import checkpoint, disposal, expedientes, lines, rounds, transfers
from records.disposal import Proposed
from records.events import (
    Anchor,
    ClockAdjusted,
    DocumentReceived,
    EpochClosed,
    ImageFiled,
    KeyRotated,
    LogOpened,
    NumberAnnulled,
    NumberAssigned,
    ReceptionDiscarded,
    ReceptionRevived,
    RecordSealed,
    Restored,
    SeriesOpened,
    YearClosed,
    YearOpened,
    read_fact,
)
from records.expedientes import Opened
from records.rounds import RoundMade
from records.transfers import Prepared

if TYPE_CHECKING:
    from collections.abc import Callable

    from records.fact import Fact
    from records.lines import Line

    Signed = Callable[[Line, str], bool]
    """Whether a line bears the signature of a key (64 hex), named by its `k`."""

LOG = "log"
"""The subject of what is said of the log itself."""
ANCHOR_EVERY = 1000
ACTA = "ACTA"
"""The class of the actas' own series."""
SILENCE = timedelta(days=7)
"""After so long without an event a new year may be a clock that stands wrong."""
MAX_CARRIED = 5000
"""Open receptions an `ancla` carries at most, so that its line stays under 64 KiB."""


class Broken(Exception):
    """A line does not follow from those before it; the message says how."""


class SeriesEnd(msgspec.Struct, frozen=True):
    """The last number of a series and the seq that gave it (None: only opened by an act)."""

    n: int
    seq: int | None


NO_NUMBER = SeriesEnd(0, None)
"""Where a series stands that nobody opened and that gave no number."""
_digits = re.compile(r"\d+").findall


class Tail(msgspec.Struct):
    """The state after line `seq` (−1: an empty log)."""

    punto: str
    log: str = ""
    entidad: str = ""
    raiz: str = ""
    epoch: int = 0
    seq: int = -1
    prev: str = lines.ZERO
    at: str = ""
    """The latest hour of any event: a clock that was set back does not lower it."""
    clave: str = ""
    """The raw public key, in hex, that signs the next line."""
    delegacion: str = ""
    """The root's word for that key; empty while it is the log's first one."""
    serie: str = ""
    """The code under which numbers are given: the punto's own, or its epoch's."""
    sucesora: str = ""
    """The epoch is closed, and this key may go on with its series; empty: it is open."""
    series: dict[tuple[str, int], SeriesEnd] = {}
    open: dict[int, str] = {}
    """Seq of each open reception → its lane."""
    actas: dict[int, SeriesEnd] = {}
    """Vigencia → its last acta."""
    planillas: dict[int, SeriesEnd] = {}
    """Vigencia → its last planilla."""
    archivo: dict[tuple[str, int], SeriesEnd] = {}
    """(clase, vigencia) → the last number of a series of the archive."""
    vigencia: int = 0
    """The latest year known to be right: reached without a long silence, or said by a person."""
    frontier: tuple[bytes, ...] = ()
    leaf: bytes = b""
    """The leaf of the last line in the tree."""
    ficha: str = ""
    """The hash of the last ficha that an event names; empty while there is none."""
    log_head: str = ""
    """The hash of the newest event whose subject is the log itself."""
    anchor_seq: int = -1
    anchor_day: str = ""

    def public(self) -> Ed25519PublicKey:
        """The key that signs the next line."""
        return lines.public_key(self.clave)

    def reception_seq(self, subject: str) -> int | None:
        """The seq of an open reception by its subject (`VU1.12` → 12), else None."""
        punto, _, number = subject.rpartition(".")
        if punto != self.punto or not (number.isascii() and number.isdigit()):
            return None
        seq = int(number)
        return seq if seq in self.open else None

    def anchor(self) -> Anchor:
        """What an `ancla` after this line has to say."""
        carried: dict[str, list[int]] | None = None
        if len(self.open) <= MAX_CARRIED:
            carried = {}
            for seq, lane in sorted(self.open.items()):
                carried.setdefault(lane, []).append(seq)
        return Anchor(
            series={f"{c}/{v}": end.n for (c, v), end in self.series.items()},
            ultimos=[
                (c, v, end.seq)
                for (c, v), end in sorted(self.series.items())
                if end.seq is not None
            ],
            frontera=[h.hex() for h in self.frontier],
            abiertas=carried,
            hora=self.at,
            ficha=self.ficha,
            vigencia=self.vigencia,
            actas=_last_of_years(self.actas),
            planillas=_last_of_years(self.planillas) or None,
            archivo=_last_of_series(self.archivo) or None,
            serie=self.serie if self.serie != self.punto else None,
            clave=self.clave if self.delegacion else None,
            delegacion=self.delegacion or None,
        )

    def anchor_due(self, day: str) -> bool:
        """Whether the next event must be preceded by an `ancla`."""
        return self.anchor_day != day or self.seq + 1 - self.anchor_seq >= ANCHOR_EVERY


def _last_of_years(ends: dict[int, SeriesEnd]) -> list[tuple[int, int, int]]:
    return [(year, end.n, end.seq) for year, end in sorted(ends.items()) if end.seq is not None]


def _last_of_series(ends: dict[tuple[str, int], SeriesEnd]) -> list[tuple[str, int, int, int]]:
    return [(*key, end.n, end.seq) for key, end in sorted(ends.items()) if end.seq is not None]


def can_begin(fact: Anchor) -> bool:
    """Whether an `ancla` says enough to begin from it; else the log is read from its first line."""
    return fact.abiertas is not None and fact.ficha is not None and fact.actas is not None


def begin(anchor_line: Line, public: str, entidad: str, raiz: str) -> Tail:
    """The tail just after an `ancla`, without what lies before it.

    It is signed by *public* (hex), the log's first key, or by the one that it names with the root's
    delegation. It must carry what `can_begin` asks for.

    Raises:
        Broken: the root did not delegate the key that it names.
    """
    body = anchor_line.body
    fact = msgspec.convert(body.data, Anchor)
    last = {(c, v): seq for c, v, seq in fact.ultimos}
    if fact.clave is not None:
        public = fact.clave
        check_delegation(fact.delegacion or "", public, entidad, body.epoch, body.punto, raiz)
    tail = Tail(
        punto=body.punto,
        log=body.log,
        entidad=entidad,
        raiz=raiz,
        epoch=body.epoch,
        seq=body.seq - 1,
        prev=body.prev,
        at=fact.hora or body.at,
        ficha=fact.ficha or "",
        vigencia=fact.vigencia or int(body.at[:4]),
        clave=public,
        delegacion=fact.delegacion or "",
        serie=fact.serie or body.punto,
        frontier=tuple(bytes.fromhex(h) for h in fact.frontera),
        actas={year: SeriesEnd(n, seq) for year, n, seq in fact.actas or []},
        planillas={year: SeriesEnd(n, seq) for year, n, seq in fact.planillas or []},
        archivo={(clase, year): SeriesEnd(n, seq) for clase, year, n, seq in fact.archivo or []},
    )
    for name, n in fact.series.items():
        clase, _, vigencia = name.partition("/")
        tail.series[(clase, int(vigencia))] = SeriesEnd(n, last.get((clase, int(vigencia))))
    for lane, seqs in (fact.abiertas or {}).items():
        tail.open.update(dict.fromkeys(seqs, lane))
    advance(tail, anchor_line)
    return tail


def advance(tail: Tail, line: Line, signed: Signed = lines.signed_by) -> Fact | None:
    """Take one more line into *tail*, which then stands after it; gives its typed fact.

    *signed* says whether a line bears the signature of a key, which is the one in force there. It
    may put off its answer (`signatures.Later`): then the caller asks for it before it believes
    anything of what *tail* says.

    Raises:
        Broken: the line does not follow, its signature is not the log's, or a rule of numbering
            is broken by it.
    """
    try:
        return _advance(tail, line, signed)
    except (msgspec.ValidationError, ValueError) as error:
        raise Broken(f"los datos de la línea {line.body.seq} no son válidos: {error}") from error


def _advance(tail: Tail, line: Line, signed: Signed) -> Fact | None:
    body = line.body
    if body.seq == 0 and tail.seq == -1:
        _open_log(tail, line)
    # Texts are made where they are needed: a log has a hundred thousand lines that need none.
    if body.punto != tail.punto:
        raise Broken(f"la línea es de {body.punto}, no de {tail.punto}")
    if body.log != tail.log:
        raise Broken("la línea es de otro diario")
    if body.seq != tail.seq + 1:
        raise Broken(f"se esperaba la línea {tail.seq + 1} y está la {body.seq}")
    if body.prev != tail.prev:
        raise Broken(f"la línea {body.seq} no continúa la anterior")
    if body.type == "restauracion":
        _restore(tail, line)
    if tail.sucesora:
        raise Broken(f"la línea {body.seq} sigue a una época cerrada")
    if body.epoch != tail.epoch:
        raise Broken(f"la línea {body.seq} es de otra época")
    if not signed(line, tail.clave):
        raise Broken(f"la firma de la línea {body.seq} no es válida")
    fact = read_fact(body.type, body.data)
    _take(tail, line, fact)
    if body.at[:4] != tail.at[:4]:
        _reach_year(tail, body.at)
    tail.leaf = checkpoint.leaf(line.raw)
    tail.frontier = checkpoint.grow(tail.frontier, body.seq, tail.leaf)
    # An adjusted clock begins its hours anew; else one that was set back lowers nothing.
    tail.at = body.at if body.type == "ajuste_reloj" else max(tail.at, body.at)
    tail.seq, tail.prev = body.seq, line.hash
    tail.ficha = body.ficha or tail.ficha
    if body.subject == LOG:
        tail.log_head = line.hash
    if body.type in ("ancla", "log.abierto"):
        tail.anchor_seq, tail.anchor_day = body.seq, body.at[:10]
    return fact


def _reach_year(tail: Tail, at: str) -> None:
    """A new year is taken for right where the event before is near; else a person has to say so."""
    year = int(at[:4])
    if year <= tail.vigencia:
        return
    near = not tail.at or lines.moment(at) - lines.moment(tail.at) <= SILENCE
    # Letters received meanwhile in the year that nobody confirmed do not make it right.
    if near and int(tail.at[:4] or 0) <= tail.vigencia:
        tail.vigencia = year


def _must(condition: bool, otherwise: str) -> None:
    if not condition:
        raise Broken(otherwise)


def _open_log(tail: Tail, line: Line) -> None:
    _must(line.body.type == "log.abierto", "el diario no empieza por log.abierto")
    fact = msgspec.convert(line.body.data, LogOpened)
    key = bytes.fromhex(fact.clave)
    _must(line.body.prev == lines.ZERO, "la primera línea no puede continuar otra")
    _must(line.body.epoch == 0, "un diario empieza por su época 0")
    _must(fact.punto == tail.punto, "el diario es de otro punto")
    _must(lines.log_id(fact.entidad, key) == line.body.log, "la identidad del diario no es la suya")
    check_delegation(
        fact.delegacion, fact.clave, fact.entidad, line.body.epoch, fact.punto, fact.raiz
    )
    tail.log, tail.entidad, tail.raiz = line.body.log, fact.entidad, fact.raiz
    tail.clave, tail.epoch, tail.serie = fact.clave, line.body.epoch, fact.punto


def check_delegation(
    delegation: str, key: str, entidad: str, epoch: int, punto: str, root: str
) -> None:
    """Check the root's signature over a punto's key.

    Raises:
        Broken: the root did not sign it.
    """
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(root))
        public.verify(bytes.fromhex(delegation), lines.delegation_bytes(key, entidad, epoch, punto))
    except (InvalidSignature, ValueError) as error:
        raise Broken(f"la entidad no delegó la llave de {punto}") from error


def _take(tail: Tail, line: Line, fact: object) -> None:
    body = line.body
    match fact:
        case DocumentReceived():
            if body.subject != f"{tail.punto}.{body.seq}":
                raise Broken("una recepción lleva su propio número")
            hour = fact.recibido or body.at
            if hour > body.at or not lines.is_stamp(hour):
                raise Broken(f"{body.subject}: hora imposible")
            tail.open[body.seq] = fact.carril
        case NumberAssigned():
            _number(tail, body.seq, body.at, fact)
        case RecordSealed():
            return  # as frequent as the two above, and of no matter here
        case ReceptionDiscarded():
            _close(tail, fact.recepcion)
        case ImageFiled():
            _close(tail, fact.recepcion)
        case ReceptionRevived():
            seq = int(fact.recepcion.rpartition(".")[2])
            _must(seq not in tail.open, f"la recepción {fact.recepcion} ya estaba abierta")
            tail.open[seq] = fact.carril
        case SeriesOpened():
            key = (fact.clase, fact.vigencia)
            _must(key not in tail.series, f"la serie {fact.clase}/{fact.vigencia} ya tenía números")
            _must(fact.desde >= 1, "una serie empieza en 1 o más")
            tail.series[key] = SeriesEnd(fact.desde - 1, None)
        case KeyRotated():
            _rotate(tail, body.epoch, fact)
        case NumberAnnulled():
            _own_series(tail.actas, ACTA, fact.acta, fact.vigencia, fact, line, tail.serie)
        case YearClosed():
            _own_series(tail.actas, ACTA, fact.acta, fact.acta_vigencia, fact, line, tail.serie)
        case RoundMade():
            text = fact.planilla
            _own_series(tail.planillas, rounds.SERIES, text, fact.vigencia, fact, line, tail.serie)
        case Opened():
            _of_archive(tail, expedientes.SERIES, fact.expediente, fact, line)
        case Proposed():
            _of_archive(tail, disposal.SERIES, fact.eliminacion, fact, line)
        case Prepared():
            _of_archive(tail, transfers.SERIES, fact.transferencia, fact, line)
        case ClockAdjusted():
            _must(fact.antes == tail.at, f"el ajuste de reloj {body.seq} no dice la hora anterior")
            _must(body.at < tail.at, f"el ajuste de reloj {body.seq} no atrasa nada")
        case EpochClosed():
            _must(fact.clave != tail.clave, "la llave que sigue no puede ser la misma")
            tail.sucesora = fact.clave
        case YearOpened():
            _must(fact.vigencia == int(body.at[:4]), "se abre una vigencia que no es la del día")
            tail.vigencia = fact.vigencia
        case LogOpened():
            _must(body.seq == 0, f"la línea {body.seq} abre un diario ya abierto")
        case Anchor():
            _must(_same_anchor(fact, tail.anchor()), f"el ancla {body.seq} no dice lo que hay")
        case _:
            return


def _same_anchor(said: Anchor, true: Anchor) -> bool:
    """Whether an `ancla` says what is so; what it leaves out is not judged."""
    pairs = (
        (said.ultimos or None, true.ultimos),
        (said.abiertas, true.abiertas),
        (said.hora, true.hora),
        (said.ficha, true.ficha),
        (said.actas, true.actas),
        (said.planillas, true.planillas),
        (said.archivo, true.archivo),
        (said.vigencia, true.vigencia),
    )
    if said.series != true.series or said.frontera != true.frontera:
        return False
    if (said.serie, said.clave, said.delegacion) != (true.serie, true.clave, true.delegacion):
        return False
    return all(told is None or told == held for told, held in pairs)


def _number(tail: Tail, seq: int, at: str, fact: NumberAssigned) -> None:
    key = (fact.clase, fact.vigencia)
    if fact.clase == ACTA:
        raise Broken("la serie de actas es aparte")
    end = tail.series.get(key, NO_NUMBER)
    if fact.n != end.n + 1:
        raise Broken(f"{fact.radicado}: el consecutivo debía ser {end.n + 1}")
    if fact.anterior != end.seq:
        raise Broken(f"{fact.radicado}: no nombra el número anterior de su serie")
    if fact.vigencia != int(at[:4]):
        raise Broken(f"{fact.radicado}: la vigencia no es la del día")
    if fact.recibido is not None:
        if not lines.is_stamp(fact.recibido):
            raise Broken(f"{fact.radicado}: hora de recepción mal escrita")
        if fact.recibido > at:
            raise Broken(f"{fact.radicado}: recibido después de radicado")
    if not says_number(fact.radicado, fact.vigencia, tail.serie, fact.clase, fact.n):
        raise Broken(f"{fact.radicado} no es el número {fact.n} de {fact.clase}/{fact.vigencia}")
    # A number answers a reception, or a signature: that one the whole log's readers judge.
    if fact.aprobacion is None or fact.recepcion is not None:
        _close(tail, fact.recepcion or "")
    tail.series[key] = SeriesEnd(fact.n, seq)


def _own_series(
    ends: dict[int, SeriesEnd],
    clase: str,
    text: str,
    vigencia: int,
    fact: NumberAnnulled | YearClosed | RoundMade | Opened | Prepared | Proposed,
    line: Line,
    serie: str,
) -> None:
    """The next acta, or the next planilla: each has a series of its own, which begins each year."""
    end = ends.get(vigencia, NO_NUMBER)
    _must(fact.n == end.n + 1, f"{text}: el consecutivo debía ser {end.n + 1}")
    _must(fact.anterior == end.seq, f"{text}: no nombra la línea anterior de su serie")
    _must(vigencia == int(line.body.at[:4]), f"{text}: la vigencia no es la del día")
    _must(
        says_number(text, vigencia, serie, clase, fact.n),
        f"{text} no es el número {fact.n} de {clase}/{vigencia}",
    )
    ends[vigencia] = SeriesEnd(fact.n, line.body.seq)


def _of_archive(
    tail: Tail, clase: str, text: str, fact: Opened | Prepared | Proposed, line: Line
) -> None:
    """The next number of a series of the archive."""
    key = (clase, fact.vigencia)
    ends = {fact.vigencia: tail.archivo.get(key, NO_NUMBER)}
    _own_series(ends, clase, text, fact.vigencia, fact, line, tail.serie)
    tail.archivo[key] = ends[fact.vigencia]


def says_number(text: str, vigencia: int, punto: str, clase: str, n: int) -> bool:
    """Whether a radicado as written names its vigencia, punto, clase and number.

    The number is said besides the punto and the year: the 1 of `VU1` is not the number 1.
    """
    if text == f"{vigencia}-{punto}-{clase}-{n:06d}":
        return True  # the mask of nearly all offices
    year, wanted = str(vigencia), str(n)
    if punto not in text or year not in text or clase not in text:
        return False
    rest = re.sub(rf"(?<!\d){year}(?!\d)", "-", text.replace(punto, "-", 1), count=1)
    return all(
        any((run.lstrip("0") or "0") == wanted for run in _digits(part)) for part in (text, rest)
    )


def _close(tail: Tail, reception: str) -> None:
    seq = tail.reception_seq(reception)
    if seq is None:
        raise Broken(f"la recepción {reception} no estaba abierta")
    del tail.open[seq]


def _rotate(tail: Tail, epoch: int, fact: KeyRotated) -> None:
    check_delegation(fact.delegacion, fact.clave, tail.entidad, epoch, tail.punto, tail.raiz)
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(fact.clave))
    try:
        public.verify(bytes.fromhex(fact.prueba), tail.prev.encode("ascii"))
    except InvalidSignature as error:
        raise Broken("la llave nueva no prueba que se posee") from error
    tail.clave, tail.delegacion = fact.clave, fact.delegacion


def epoch_series(punto: str, epoch: int) -> str:
    """The code under which a restored epoch numbers: `VU1R1`; no epoch before can have used it."""
    return f"{punto}R{epoch}"


def _restore(tail: Tail, line: Line) -> None:
    """A new epoch: the punto's next key by the root's word, and its own series.

    After an `epoca.cerrada` that names its key the series go on, since nothing was numbered behind
    it. An epoch may be skipped: this machine may know of one that was begun elsewhere.
    """
    fact, epoch = msgspec.convert(line.body.data, Restored), line.body.epoch
    _must(epoch > tail.epoch, f"la época {epoch} no sigue a la {tail.epoch}")
    check_delegation(fact.delegacion, fact.clave, tail.entidad, epoch, tail.punto, tail.raiz)
    _must(fact.clave != tail.clave, "una época nueva necesita una llave nueva")
    if fact.clave == tail.sucesora:
        _must(fact.serie == tail.serie, "una mudanza no cambia de serie")
    else:
        own = epoch_series(tail.punto, epoch)
        _must(fact.serie == own, f"la época {epoch} debe numerar como {own}")
        tail.series, tail.actas, tail.planillas, tail.archivo = {}, {}, {}, {}
    tail.serie, tail.epoch, tail.sucesora = fact.serie, epoch, ""
    tail.clave, tail.delegacion = fact.clave, fact.delegacion
