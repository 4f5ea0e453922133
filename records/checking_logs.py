"""What can be checked of the logs: chain, signatures, series, one outcome per reception, fichas,
marks.

Fail closed: the first offence of a log ends the reading of that log and names file and line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from records import founding, lines, naming, segments, signatures
from records import tail as tails
from records.admission import Admission
from records.checking import Checker, Named, Stopped
from records.errors import Damaged
from records.events import LogOpened, NumberAssigned
from records.graves import dead_receptions, foreign
from records.heads import Heads, HeadWalk
from records.history import History
from records.journal import Journal
from records.lines import BadLine
from records.tail import Broken, Tail
from records.trd import TableAdopted

if TYPE_CHECKING:
    from collections.abc import Callable

    from records.checking import Avance
    from records.fact import Fact
    from records.lines import Line
    from records.office import Office
    from records.segments import Segment
    from records.tail import Signed

    Look = Callable[[bytes, str], bool]

EVERY_LINES = 500
"""After so many, who asked is told how far it is."""


def check_logs(office: Office, avance: Avance = lambda *_: True) -> Checker:
    """Check every log, the authority's first: it says whose keys and persons count in all.

    Signatures are checked beside the reading. A log in which that or anything else ends the reading
    is read again with everything in its turn, and what is found then is what counts.
    """
    in_turn: set[str] = set()
    while True:
        check = Checker(office, told=avance)
        offended = ""
        for punto in sorted(segments.puntos(office.home), key=lambda p: p != founding.AUTHORITY):
            if punto in in_turn:
                check_log(check, punto, lines.signed_by)
            elif not check_log_beside(check, punto):
                offended = punto
                break
        if not offended:
            return check
        in_turn.add(offended)


def check_log_beside(check: Checker, punto: str) -> bool:
    """Check a log, its signatures by other processes; False where it must be read in turn."""
    with signatures.Later() as later:
        try:
            return check_log(check, punto, later, later.ficha) and later.all_hold()
        except Stopped:
            raise
        except Exception:  # from what nobody signed, perhaps: the reading in turn tells
            return False


def check_log(check: Checker, punto: str, signed: Signed, look: Look | None = None) -> bool:
    """Check one log; False where an offence ended its reading.

    *look* takes fichas with their hashes to be checked elsewhere: yes, for now.
    """
    office = check.office
    tail = Tail(punto)
    history, admission = History(), Admission(check.authority)
    blanks: dict[str, tuple[Path, int]] = {}
    walk = HeadWalk(Heads(office.home, punto, office.disk))
    for segment in segments.segments(office.home, punto):
        fichas, archivo = Fichas(segment, blanks, look), str(segment.path)
        number, end = 0, 0
        for number, (offset, raw) in enumerate(segments.read_raw(segment.path), start=1):
            try:
                line = lines.read_line(raw)
                fact = tails.advance(tail, line, signed)
            except (BadLine, Broken) as error:
                check.find("diario", f"{error}", segment.path, number)
                check.report.eventos += number - 1
                return False
            if walk.wants:
                walk.see(tail)
            for offence in history.take(line, fact, tail.leaf):
                check.find("historia", offence, segment.path, number)
            for offence in admission.take(line, fact):
                check.find("autoridad", offence, segment.path, number)
            _note_fact(check, segment, archivo, number, line, fact)
            if line.body.ficha is not None:
                fichas.match(check, line.body.ficha)
            end = offset + len(raw) + 1
            if number % EVERY_LINES == 0:
                check.advance("diario", check.bytes_read + end, check.bytes_of_logs)
        check.bytes_read += end
        check.report.eventos += number
        if end < segment.path.stat().st_size:
            check.find("cola_rota", "La última línea está incompleta.", segment.path, number + 1)
        fichas.finish(check)
    _check_graves(check, punto, tail, history, blanks)
    for problem in walk.problems(tail):
        check.find(problem.codigo, problem.mensaje, problem.path)
    _check_marks(check, punto, tail)
    return True


def _note_fact(
    check: Checker, segment: Segment, archivo: str, number: int, line: Line, fact: Fact | None
) -> None:
    """Note the documents and readings that an event names, and whose they are."""
    body, where = line.body, (archivo, number)
    if int(body.at[:4]) > segment.vigencia:
        check.find("vigencia", f"El evento {body.seq} no es de este año.", *where)
    for one in naming.papers(fact):
        name = one.nombre or body.subject
        check.named.append(Named(one.sha256, *where, one.certificado, body.at, name, body.subject))
    reading = naming.reading(fact)
    if reading is not None:
        check.readings[reading] = where
        check.readers.setdefault(reading, set()).add(body.subject)
    match fact:
        case NumberAssigned():
            check.report.radicados += 1
        case LogOpened() if check.root and fact.raiz != check.root:
            check.find("raiz", "El diario es de otra entidad.", *where)
        case TableAdopted():
            check.tables.append((fact, *where))


class Fichas:
    """Walks a segment's fichas in step with its events; *blanks* gathers the empty lines that a
    disposal left, by the hash of what was there."""

    def __init__(
        self,
        segment: Segment,
        blanks: dict[str, tuple[Path, int]],
        look: Look | None = None,
    ) -> None:
        self.path = segment.fichas
        self._look, self._blanks = look, blanks
        self.number = 0
        self._size = self.path.stat().st_size if self.path.exists() else 0
        self._end = 0
        self._rows = segments.read_raw(self.path) if self.path.exists() else iter(())
        self._broken = False

    def match(self, check: Checker, digest: str) -> None:
        if self._broken:
            return
        self.number += 1
        offset, raw = next(self._rows, (0, None))
        if raw is not None:
            self._end = offset + len(raw) + 1
        if raw == b"":
            self._blanks[digest] = (self.path, self.number)
            return
        raw = raw or b""
        if self._look is not None and self._look(raw, digest):
            return
        if problem := lines.ficha_problem(raw, digest):
            self._broken = True
            check.find("ficha", problem, self.path, self.number)

    def finish(self, check: Checker) -> None:
        if not self._broken and self._end < self._size:
            check.find("ficha_suelta", "Hay una ficha sin evento.", self.path, self.number + 1)


def _check_graves(
    check: Checker,
    punto: str,
    tail: Tail,
    history: History,
    blanks: dict[str, tuple[Path, int]],
) -> None:
    """Each empty ficha is one that a tombstone names, and none of those is still there."""
    disposals = history.disposals
    check.graves.take(disposals, dead_receptions(tail, history))
    erased = disposals.fichas
    for digest, (path, number) in blanks.items():
        if digest not in erased:
            check.find("ficha", "La ficha falta, y nadie ordenó eliminarla.", path, number)
    if left := erased - blanks.keys():
        folder = check.office.home / "journal"
        check.find("por_borrar", f"Siguen {len(left)} ficha(s) que se eliminaron.", folder)
    for subject in foreign(check.office.home, punto, disposals):
        check.find("historia", f"La lápida de {subject} nombra un documento ajeno.", punto)


def _check_marks(check: Checker, punto: str, tail: Tail) -> None:
    journal = Journal(check.office.home, punto, check.office.disk)
    try:
        journal.marks.check(tail, journal.hash_at)
    except Damaged as error:
        if not journal.marks.is_at_home():  # a copy may end earlier: it is no writing home
            check.report.avisos.append(error.mensaje)
            return
        path = journal.segments()[-1].path if journal.segments() else journal.home / "journal"
        check.find(error.codigo, error.mensaje, path)
    if journal.stop_marker.exists():
        check.find("detenido", "El disco no confirmó una escritura.", journal.stop_marker)
