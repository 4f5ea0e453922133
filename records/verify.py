"""Everything that can be checked, without repairing anything.

Chain, signatures, series, one outcome per reception, fichas, marks, keys against the authority,
every document's hash, every record's PDF signature, readings, and index = rebuild. Fail closed: the
first offence of a log ends the reading of that log and names file and line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from records import (
    erasure,
    founding,
    keys,
    lines,
    naming,
    people,
    revocations,
    segments,
    signatures,
    signing,
    trd,
)
from records import tail as tails
from records.admission import Admission
from records.errors import Damaged, MachineCannot, Refused, VentanillaError, reason
from records.events import (
    DocumentIssued,
    LogOpened,
    NumberAssigned,
    RecordSealed,
    read_fact,
)
from records.graves import Graves, dead_receptions, foreign
from records.heads import Heads, HeadWalk
from records.history import History
from records.journal import Journal
from records.lines import BadLine
from records.marks import state_folder
from records.people import Authority
from records.tail import Broken, Tail
from records.trd import TableAdopted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from records.fact import Fact
    from records.lines import Line
    from records.office import Office
    from records.segments import Segment
    from records.state import State
    from records.tail import Signed

    Look = Callable[[bytes, str], bool]
    Avance = Callable[[str, int, int], bool]
    """What is being checked, how much of it, of how much (0: nobody knows); no: stop."""


EVERY_LINES, EVERY_DOCUMENTS = 500, 20
"""After so many, who asked is told how far it is."""
REMEMBERED = 50
"""So many findings of the last verification are kept to be looked at."""


class Stopped(Exception):
    """Who asked for the verification cut it short: nothing is said of the home."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that does not verify."""

    codigo: str
    mensaje: str
    archivo: str = ""
    linea: int | None = None


class Report(msgspec.Struct):
    """What was checked, and what does not verify."""

    ok: bool = True
    eventos: int = 0
    radicados: int = 0
    documentos: int = 0
    hallazgos: list[Finding] = []
    avisos: list[str] = []
    """What is worth a word and no fault."""


class _Named(msgspec.Struct, gc=False):
    """A document that an event names."""

    sha256: str
    archivo: str
    linea: int
    certificado: str | None = None
    """The certificate that signed it, for what is signed."""
    at: str = ""
    """When it was signed."""
    nombre: str = ""
    sujeto: str = ""
    """Of the event that names it."""


@dataclass(slots=True)
class _Checker:
    office: Office
    report: Report = field(default_factory=Report)
    named: list[_Named] = field(default_factory=list)
    readings: dict[str, tuple[str, int]] = field(default_factory=dict)
    readers: dict[str, set[str]] = field(default_factory=dict)
    """Reading → the subjects that name it."""
    graves: Graves = field(default_factory=Graves)
    tables: list[tuple[TableAdopted, str, int]] = field(default_factory=list)
    authority: Authority = field(default_factory=Authority)
    """What the authority's log says, once it verified."""
    root: str = ""
    told: Avance = lambda *_: True
    bytes_read: int = 0
    bytes_of_logs: int = 0

    def __post_init__(self) -> None:
        home = self.office.home
        held = [s.path for p in segments.puntos(home) for s in segments.segments(home, p)]
        self.bytes_of_logs = sum(path.stat().st_size for path in held)
        self.authority = _authority(self.office)
        try:
            self.root = self.office.keys.root_public()
        except Damaged as error:
            self.find(error.codigo, error.mensaje, self.office.keys.folder / "raiz.pub")

    def find(
        self, codigo: str, mensaje: str, archivo: Path | str = "", linea: int | None = None
    ) -> None:
        self.report.hallazgos.append(Finding(codigo, mensaje, str(archivo), linea))

    def advance(self, what: str, done: int, total: int = 0) -> None:
        """Tell how far it is.

        Raises:
            Stopped: it is to go no further.
        """
        if not self.told(what, done, total):
            raise Stopped


IN_FLIGHT = (
    "cola_rota", "ficha_suelta", "diario_retrocedido", "indice", "documento_perdido", "ficha",
    "por_borrar",
)  # fmt: skip
"""Findings that a write under way may look like: they are looked at again while nobody writes."""


class LastCheck(msgspec.Struct, frozen=True):
    """When a home was last verified whole on this machine, and how it came out."""

    fecha: str
    ok: bool
    eventos: int
    hallazgos: int
    quien: str | None = None
    """Who asked for it; None: nobody was named."""
    completa: bool = False
    """Whether every file of the vault was looked at, named by an event or not."""
    documentos: int = 0
    primeros: list[Finding] = []
    """The first findings."""


def verify(office: Office, *, complete: bool = False, avance: Avance = lambda *_: True) -> Report:
    """Check a whole home; with *complete*, every file of the vault, named by an event or not.

    Readers take no lock; only what looks like a write under way is checked again under the locks.
    *avance* is told how far it is.

    Raises:
        Stopped: *avance* said no. What was remembered of the last verification stays.
    """
    report = _verify(office, complete, avance)
    if any(f.codigo in IN_FLIGHT for f in report.hallazgos):
        with office.quiet():
            report = _verify(office, complete, avance)
    _note(office, report, complete)
    return report


def last_check(office: Office) -> LastCheck | None:
    """The last time that this machine verified the home; None where it does not remember."""
    try:
        return msgspec.json.decode(_note_path(office).read_bytes(), type=LastCheck)
    except (OSError, msgspec.MsgspecError):
        return None


def _note_path(office: Office) -> Path:
    return state_folder() / "verificado" / f"{lines.sha256(str(office.home).encode())[:16]}.json"


def _note(office: Office, report: Report, complete: bool) -> None:
    """Remember outside the home how it came out; a home is never written by who verifies it."""
    now = lines.stamp(lines.now())
    note = LastCheck(
        now, report.ok, report.eventos, len(report.hallazgos), office.persona, complete,
        report.documentos, report.hallazgos[:REMEMBERED],
    )  # fmt: skip
    path = _note_path(office)
    try:
        office.disk.make_folder(path.parent)
        office.disk.publish(path, msgspec.json.encode(note))
    except (MachineCannot, OSError) as error:
        report.avisos.append(f"No se pudo anotar cuándo se verificó: {error}.")


def _verify(office: Office, complete: bool, avance: Avance) -> Report:
    check = _check_logs(office, avance)
    found = segments.puntos(office.home)
    if founding.AUTHORITY not in found or office.punto not in found:
        check.find("diario_ausente", "Falta el diario de la autoridad o el de este punto.")
    _check_keys(check)
    _check_documents(check)
    _check_readings(check)
    _check_erased(check)
    _check_tables(check)
    if complete:
        _check_vault(check)
    if not check.report.hallazgos:
        _check_index(check)
    check.report.ok = not check.report.hallazgos
    return check.report


# -- logs -----------------------------------------------------------------------------------------


def _check_logs(office: Office, avance: Avance = lambda *_: True) -> _Checker:
    """Check every log, the authority's first: it says whose keys and persons count in all.

    Signatures are checked beside the reading. A log in which that or anything else ends the reading
    is read again with everything in its turn, and what is found then is what counts.
    """
    in_turn: set[str] = set()
    while True:
        check = _Checker(office, told=avance)
        offended = ""
        for punto in sorted(segments.puntos(office.home), key=lambda p: p != founding.AUTHORITY):
            if punto in in_turn:
                _check_log(check, punto, lines.signed_by)
            elif not _check_log_beside(check, punto):
                offended = punto
                break
        if not offended:
            return check
        in_turn.add(offended)


def _authority(office: Office) -> Authority:
    """What AUT says; nothing where it cannot be read, and then the walk says what is wrong."""
    try:
        return people.authority(office.authority_journal.events())
    except (VentanillaError, BadLine, msgspec.ValidationError):
        return Authority()


def _check_log_beside(check: _Checker, punto: str) -> bool:
    """Check a log, its signatures by other processes; False where it must be read in turn."""
    with signatures.Later() as later:
        try:
            return _check_log(check, punto, later, later.ficha) and later.all_hold()
        except Stopped:
            raise
        except Exception:  # from what nobody signed, perhaps: the reading in turn tells
            return False


def _check_log(check: _Checker, punto: str, signed: Signed, look: Look | None = None) -> bool:
    """Check one log; False where an offence ended its reading.

    *look* takes fichas with their hashes to be checked elsewhere: yes, for now.
    """
    office = check.office
    tail = Tail(punto)
    history, admission = History(), Admission(check.authority)
    blanks: dict[str, tuple[Path, int]] = {}
    walk = HeadWalk(Heads(office.home, punto, office.disk))
    for segment in segments.segments(office.home, punto):
        fichas, archivo = _Fichas(segment, blanks, look), str(segment.path)
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
    check: _Checker, segment: Segment, archivo: str, number: int, line: Line, fact: Fact | None
) -> None:
    """Note the documents and readings that an event names, and whose they are."""
    body, where = line.body, (archivo, number)
    if int(body.at[:4]) > segment.vigencia:
        check.find("vigencia", f"El evento {body.seq} no es de este año.", *where)
    for one in naming.papers(fact):
        name = one.nombre or body.subject
        check.named.append(_Named(one.sha256, *where, one.certificado, body.at, name, body.subject))
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


class Kept(NamedTuple):
    """A document that a line names, and which line."""

    sha256: str
    subject: str
    at: str


def documents(office: Office) -> Iterator[Kept]:
    """Every document that the logs name and no disposal erased, in their order and as often as they
    do; the logs are taken as verified.

    Raises:
        Damaged: a line cannot be read.
    """
    erased = erasure.all_remains(office).documentos
    for punto in segments.puntos(office.home):
        for segment in segments.segments(office.home, punto):
            for number, (_, raw) in enumerate(segments.read_raw(segment.path), start=1):
                line, fact = _plain(raw, segment, number)
                for paper in naming.papers(fact):
                    if paper.sha256 not in erased:
                        yield Kept(paper.sha256, line.body.subject, line.body.at)


def _plain(raw: bytes, segment: Segment, number: int) -> tuple[Line, Fact | None]:
    try:
        line = lines.read_line(raw)
        return line, read_fact(line.body.type, line.body.data)
    except (BadLine, msgspec.ValidationError) as error:
        raise Damaged(
            "diario_danado",
            f"La línea {number} de {segment.path} no se puede leer: {error}.",
            consejo="Ejecute «ventanilla verificar».",
        ) from error


class _Fichas:
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

    def match(self, check: _Checker, digest: str) -> None:
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

    def finish(self, check: _Checker) -> None:
        if not self._broken and self._end < self._size:
            check.find("ficha_suelta", "Hay una ficha sin evento.", self.path, self.number + 1)


def _check_graves(
    check: _Checker,
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


def _check_marks(check: _Checker, punto: str, tail: Tail) -> None:
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


# -- keys, documents, index -----------------------------------------------------------------------


def _check_keys(check: _Checker) -> None:
    """The certificates of the key folder are those that the authority names."""
    authority, ring = check.authority, check.office.keys
    wanted = dict(authority.certificados)
    if "ca" in authority.catalogos:
        wanted["ca"] = {authority.catalogos["ca"]}
    for name, known in wanted.items():
        path = ring.folder / f"{name}.cert.pem"
        try:
            if keys.fingerprint(ring.certificate(name)) not in known:
                check.find("certificado", "No es el certificado que la autoridad publicó.", path)
        except Damaged as error:
            check.find(error.codigo, error.mensaje, path)
    _check_revocations(check)


def _check_revocations(check: _Checker) -> None:
    """The list of revoked certificates is the one that was published, once there was one; it is the
    CA's, and holds what every list before it held."""
    published = check.authority.listas
    ring, vault = check.office.keys, check.office.vault
    path = ring.folder / "ca.crl.pem"
    if published and (not path.is_file() or lines.sha256(path.read_bytes()) != published[-1]):
        check.find("certificado", "No es la lista de revocados que se publicó.", path)
    elif path.is_file():
        try:
            held, ca = ring.crl(), ring.certificate("ca")
        except Damaged as error:
            check.find(error.codigo, error.mensaje, path)
            return
        problem = revocations.problem(held, revocations.held(vault, published), ca)
        if problem:
            check.find("certificado", problem, path)
        gone = {r.certificado for r in check.authority.revocadas.values() if r.certificado}
        if {ring.serial_of(one) for one in gone} - {None} - revocations.serials(held):
            check.report.avisos.append(
                "La lista de revocados no trae aún un certificado que se revocó: hágala de nuevo "
                "con «ventanilla clave lista»."
            )


def _check_documents(check: _Checker) -> None:
    alive = check.graves.alive(check.named)
    for named in check.named:
        if named.sha256 in check.graves.documentos and named.sha256 not in alive:
            continue
        if check.report.documentos % EVERY_DOCUMENTS == 0:
            check.advance("documentos", check.report.documentos, len(check.named))
        check.report.documentos += 1
        try:
            data = check.office.vault.read(named.sha256)
        except VentanillaError as error:
            check.find(error.codigo, error.mensaje, named.archivo, named.linea)
            continue
        if named.certificado is not None:
            _check_signature(check, data, named)


def _check_signature(check: _Checker, data: bytes, named: _Named) -> None:
    signature = signing.verify(data, check.office.keys, lines.moment(named.at))
    where = (named.archivo, named.linea)
    if not signature.valid:
        check.find("firma_pdf", f"{named.nombre}: {signature.reason}.", *where)
    elif signature.certificate != named.certificado:
        check.find("firma_pdf", f"{named.nombre}: firmado con otro certificado.", *where)


def _check_readings(check: _Checker) -> None:
    """A reading must be the one the seal names; one that is gone can be made again."""
    for digest, (archivo, linea) in check.readings.items():
        path = check.office.home / "lecturas" / f"{digest}.json"
        if path.is_file() and lines.sha256(path.read_bytes()) != digest:
            check.find("lectura", f"El texto {path} fue alterado.", archivo, linea)


def _check_erased(check: _Checker) -> None:
    """What a disposal erased is there no more, unless something alive names it too."""
    office, graves = check.office, check.graves
    for digest in sorted(graves.documentos - graves.alive(check.named)):
        path = office.vault.find(digest)
        if path is not None:
            check.find("por_borrar", f"El documento {digest} se eliminó y sigue ahí.", path)
    for digest, subjects in check.readers.items():
        path = office.home / "lecturas" / f"{digest}.json"
        if subjects <= graves.dead and subjects & graves.erased and path.is_file():
            check.find("por_borrar", "Queda el texto de lo que se eliminó.", path)


def _check_tables(check: _Checker) -> None:
    """A version of the TRD is readable, and is the one that its event tells."""
    for fact, archivo, linea in check.tables:
        try:
            problem = trd.problem(check.office.vault.read(fact.sha256), fact)
        except VentanillaError:
            continue  # told with the documents
        if problem:
            check.find("trd", problem, archivo, linea)


def _check_vault(check: _Checker) -> None:
    for number, path in enumerate(check.office.vault.files()):
        if number % EVERY_DOCUMENTS == 0:
            check.advance("boveda", number)
        digest = path.name.partition(".")[0]
        try:
            same = lines.sha256(path.read_bytes()) == digest
        except OSError as error:
            check.find("documento", f"No se puede leer: {reason(error)}.", path)
            continue
        if not same and not any(f.mensaje.find(digest) >= 0 for f in check.report.hallazgos):
            check.find("documento_danado", f"El documento {digest} no es el que se guardó.", path)


def _check_index(check: _Checker) -> None:
    """The index holds what the journals give; one that is not there yet is no fault."""
    index = check.office.index
    if not index.path.exists():
        return
    check.advance("indice", 0)
    try:
        index.catch_up()
        for table in index.differences():
            check.find("indice", f"El índice difiere del diario en «{table}».", index.path)
    except VentanillaError as error:
        check.find(error.codigo, error.mensaje, index.path)


def verify_record(office: Office, radicado: str) -> Report:
    """Check one record: its events, its documents, its signature."""
    report = verify_logs(office)
    if report.hallazgos:
        return report
    office.index.catch_up()
    state = office.estado(office.subject(radicado, imported=True))
    check = _Checker(office, report)
    check.named = _documents_of(office, state, radicado)
    if state.eliminado is not None:
        check.graves.documentos |= {d.sha256 for d in state.documentos}
        check.graves.dead.add(state.subject)
    _check_documents(check)
    report.ok = not report.hallazgos
    return report


def _documents_of(office: Office, state: State, where: str) -> list[_Named]:
    """The documents of one record, as `_check_documents` takes them."""
    signed: dict[str, tuple[str, str]] = {}
    for event in office.index.events(state.subject):
        match event.fact:
            case RecordSealed() as fact:
                signed[fact.sha256] = (fact.certificado, event.at)
            case DocumentIssued() as fact:
                signed[fact.documento] = (fact.certificado, event.at)
            case _:
                continue
    out = []
    for document in state.documentos:
        certificate, at = signed.get(document.sha256, (None, ""))
        out.append(_Named(document.sha256, where, 0, certificate, at, where, state.subject))
    return out


def verify_logs(office: Office) -> Report:
    """Check the logs alone: chain, signatures, numbers, fichas, marks."""
    check = _check_logs(office)
    _check_keys(check)
    check.report.ok = not check.report.hallazgos
    return check.report


def verify_file(office: Office, path: Path) -> Report:
    """Check a PDF that someone shows: is it, byte for byte, a record of this office?"""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused("sin_archivo", f"No se puede leer {path} ({reason(error)}).") from error
    report = verify_logs(office)
    check = _Checker(office, report)
    office.index.catch_up()
    digest = lines.sha256(data)
    subject = office.index.subject_of_document(digest)
    if subject is None:
        check.find("no_es_registro", "El archivo no es un registro de esta oficina.", path)
    elif (state := office.estado(subject)).eliminado is not None:
        gone = state.eliminado
        report.avisos.append(f"Es de {gone.radicado}, que se eliminó por {gone.eliminacion}.")
    else:
        named = _documents_of(office, state, str(path))
        report.documentos = 1
        _check_signature(check, data, next(n for n in named if n.sha256 == digest))
    report.ok = not report.hallazgos
    return report
