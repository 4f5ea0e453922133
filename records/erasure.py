"""The erasing that a disposal's order asks for, once it is durable: tombstones, then the bytes.

Each step is derived from the journals and may be done again: after a cut the next command, or
`recuperar`, goes on with what is owed. Order: tombstones; then documents and fichas under the same
lock; then what repeats their words (readings, drafts, printed papers, quarantine); last the index,
which is made anew so that no free page of it remembers them. A ficha leaves an empty line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from records import burying, expedientes, lines, segments
from records.burying import Grave, disposal_of
from records.catalog import Store
from records.disk import PRIVATE, SyncFailed
from records.disposal import Fulfilled, subject_of
from records.errors import MachineCannot
from records.events import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from records.disposal import Disposal
    from records.home import Home
    from records.journal import Writer

FOLDER = "eliminaciones"
"""Under `salida/`: inventories, notices and actas of disposals."""
MOST_TOLD = 20
"""Files that are named one by one."""


class Erased(msgspec.Struct, frozen=True):
    """What a disposal erased, and what it could not reach."""

    eliminacion: str
    expedientes: int
    registros: int
    documentos: int
    fichas: int
    archivos: int
    """Files beside them: readings, printed papers, what lay in quarantine."""
    compartidos: list[str]
    """Documents that another living record names too: they stay with it."""
    avisos: list[str]


@dataclass(slots=True)
class Remains:
    """What a home must not hold any more, by hashes and names."""

    documentos: set[str] = field(default_factory=set)
    fichas: set[str] = field(default_factory=set)
    lecturas: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    nombres: set[str] = field(default_factory=set)
    """Radicados and numbers of expedientes: in names of files under `salida/`."""

    @classmethod
    def of(cls, found: Iterable[Grave]) -> Remains:
        """What *found* leaves behind."""
        out = cls()
        for grave in found:
            out.subjects |= {grave.subject, *grave.also}
            out.lecturas |= grave.lecturas
            out.documentos |= grave.documentos
            out.fichas |= grave.fichas
            out.nombres.add(grave.radicado or grave.subject.partition(".")[2])
        return out

    def spare(self, office: Home) -> set[str]:
        """Leave out what something alive names; gives the documents of it."""
        named = self.documentos | self.lecturas
        alive = burying.named_elsewhere(office, named, self.subjects)
        kept = self.documentos & alive
        self.documentos -= alive
        self.lecturas -= alive
        return kept


def ordered(office: Home) -> list[Disposal]:
    """The disposals of this punto that were ordered and not finished."""
    prefix = subject_of("")
    found = [s.removeprefix(prefix) for s in office.index.unfinished_disposals()]
    states = [disposal_of(office, numero) for numero in found]
    return [s for s in states if s is not None and s.punto == office.punto]


def finish_all(office: Home) -> list[Erased]:
    """Finish what cuts left of disposals."""
    return [finish(office, one.numero) for one in ordered(office)]


def finish(office: Home, numero: str) -> Erased:
    """Erase all that the order of a disposal names and is still there; then say that it is done.

    Raises:
        MachineCannot: a file could not be erased; what is owed is finished by the next try.
    """
    office.index.catch_up()
    state = disposal_of(office, numero)
    assert state is not None and state.ejecutada is not None
    with office._writing() as writer:
        shared = _bury(office, writer, state)
        graves = burying.graves(office, state)
        told = _told(office, graves)
        remains = Remains.of(graves)
        remains.documentos, remains.fichas = set(told[0]), set(told[1])
        shared |= remains.spare(office)
        for digest in sorted(remains.documentos):
            office.vault.remove(digest)
        blank_fichas(office, remains.fichas)
    count = _erase_copies(office, remains)
    office.index.rebuild()
    left = list(left_of(office, remains))
    if left:
        raise MachineCannot(
            "eliminacion_a_medias",
            f"De {numero} queda algo por borrar: {left[0]}.",
            consejo="Revise permisos y disco, y ejecute «ventanilla recuperar»: sigue donde quedó.",
        )
    fact = Fulfilled(eliminacion=numero, documentos=len(told[0]), fichas=len(told[1]))
    with office._writing() as writer:
        again = disposal_of(office, numero)
        if again is not None and again.cumplida is None:
            office._append(writer, fact, subject_of(numero), state.ejecutada.acto.person)
    office.index.catch_up()
    records = [grave for grave in graves if grave.radicado is not None]
    return Erased(
        numero,
        len(graves) - len(records),
        len(records),
        len(remains.documentos),
        len(remains.fichas),
        count,
        sorted(shared),
        _notes(office, state, graves, remains),
    )


def _bury(office: Home, writer: Writer, state: Disposal) -> set[str]:
    """Say the tombstones that are owed; gives the documents that something alive names too."""
    found = burying.graves(office, state)
    named = {d for grave in found for d in grave.documentos}
    shared = burying.named_elsewhere(office, named, burying.subjects_of(found))
    burying.bury(writer, state, burying.tombstones(state, found, shared), office._after)
    office.index.catch_up()
    return shared


def _told(office: Home, graves: Iterable[Grave]) -> tuple[set[str], set[str]]:
    """The documents and fichas that the tombstones name."""
    papers, fichas = set[str](), set[str]()
    for grave in graves:
        for line in office.index.lines_of(grave.subject):
            if line.body.type in ("registro.eliminado", "expediente.eliminado"):
                papers.update(line.body.data.get("documentos", ()))
                fichas.update(line.body.data.get("fichas", ()))
    return papers, fichas


# -- fichas ---------------------------------------------------------------------------------------


def blanked(data: bytes, erased: set[str]) -> bytes:
    """Fichas, one a line, with an empty line for each that is *erased*."""
    rows = data.split(b"\n")
    return b"\n".join(b"" if row and lines.sha256(row) in erased else row for row in rows)


def blank_fichas(office: Home, erased: set[str]) -> None:
    """Write the fichas of this punto's log anew without those erased. Needs the log's lock."""
    journal = office.journal
    for segment in journal.segments() if erased else ():
        if not segment.fichas.exists():
            continue
        data = segment.fichas.read_bytes()
        clean = blanked(data, erased)
        if clean == data:
            continue
        try:
            office.disk.replace(segment.fichas, clean, mode=PRIVATE)
        except SyncFailed as error:
            journal.stop(error)
            raise
    journal.forget()


# -- what repeats them ----------------------------------------------------------------------------


def _erase_copies(office: Home, remains: Remains) -> int:
    """Erase readings, drafts, printed papers and what lies in quarantine; how many files."""
    home, disk = office.home, office.disk
    count = 0
    for path in _readings(home, remains):
        disk.remove(path)
        count += 1
    for name in ("drafts.json", "catalog.json"):
        _forget_rows(office, home / name, remains.subjects)
    for path in _printed(home, remains):
        disk.remove(path)
        count += 1
    for path in _quarantined(home, remains):
        clean = blanked(path.read_bytes(), remains.fichas)
        if lines.sha256(path.read_bytes()) in remains.documentos:
            disk.remove(path)
        else:
            disk.replace(path, clean, mode=PRIVATE)
        count += 1
    return count


def _readings(home: Path, remains: Remains) -> Iterator[Path]:
    for digest in sorted(remains.lecturas):
        yield from sorted((home / "lecturas").glob(f"{digest}.*"))


def _forget_rows(office: Home, path: Path, subjects: set[str]) -> None:
    """Drop the drafts of what was erased: most are gone since it was sealed."""
    if not path.exists():
        return
    store = Store(path, office.disk)
    with store.locked() as db:
        ids = [row.doc_id for row in db.all() if row.get("id") in subjects]
        if ids:
            db.remove(doc_ids=ids)


def _printed(home: Path, remains: Remains) -> Iterator[Path]:
    """Files under `salida/` that bear the number of something erased, or are a copy of it."""
    names = _pattern(remains.nombres)
    for path in sorted((home / "salida").rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        relative = path.relative_to(home / "salida")
        if relative.parts[0] == FOLDER:
            continue  # the inventories and actas of disposals: they are to be kept
        if names.search(relative.as_posix()) or _hash(path) in remains.documentos:
            yield path


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Any of these numbers, not as a part of a longer one."""
    either = "|".join(re.escape(one) for one in sorted(names)) or r"(?!)"
    return re.compile(rf"(?<![A-Za-z0-9])(?:{either})(?![A-Za-z0-9])")


def _quarantined(home: Path, remains: Remains) -> Iterator[Path]:
    """Files in quarantine that are, or hold, something erased."""
    for path in sorted((home / "cuarentena").rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        data = path.read_bytes()
        if lines.sha256(data) in remains.documentos or blanked(data, remains.fichas) != data:
            yield path


def _hash(path: Path) -> str:
    return lines.sha256(path.read_bytes())


# -- looking for it again -------------------------------------------------------------------------


def left_of(office: Home, remains: Remains) -> Iterator[str]:
    """What of it is still in the home, in words; nothing where all is gone."""
    home = office.home
    for digest in sorted(remains.documentos):
        if office.vault.find(digest) is not None:
            yield f"el documento {digest}"
    for segment in segments.segments(home, office.punto):
        held = segment.fichas.read_bytes() if segment.fichas.exists() else b""
        if blanked(held, remains.fichas) != held:
            yield f"una ficha en {segment.fichas.name}"
    for paths in (_readings(home, remains), _printed(home, remains), _quarantined(home, remains)):
        for path in paths:
            yield path.relative_to(home).as_posix()
    for subject in sorted(remains.subjects):
        if office.index.holds_words(subject):
            yield f"palabras de {subject} en el índice"


def remains_of(office: Home, numero: str) -> Remains:
    """What a finished disposal erased, for who looks for it again; of what lives it holds
    nothing."""
    state = disposal_of(office, numero)
    assert state is not None
    graves = burying.graves(office, state)
    out = Remains.of(graves)
    out.documentos, out.fichas = _told(office, graves)
    out.lecturas = {
        h
        for subject in out.subjects
        for line in office.index.lines_of(subject)
        if (h := line.body.data.get("lectura")) is not None
    }
    out.spare(office)
    return out


def all_remains(office: Home) -> Remains:
    """What all finished disposals of this punto erased."""
    out = Remains()
    for subject in office.index.disposals():
        state = disposal_of(office, subject.removeprefix(subject_of("")))
        if state is None or state.cumplida is None or state.punto != office.punto:
            continue
        more = remains_of(office, state.numero)
        out.documentos |= more.documentos
        out.fichas |= more.fichas
        out.lecturas |= more.lecturas
        out.subjects |= more.subjects
    return out


def erased_fichas(office: Home) -> set[str]:
    """The fichas that tombstones of any log here name."""
    office.index.catch_up()
    found = office.index.lines_of_type("registro.eliminado", "expediente.eliminado")
    return {one for line in found for one in line.body.data.get("fichas", ())}


def _notes(office: Home, state: Disposal, graves: Iterable[Grave], remains: Remains) -> list[str]:
    """What is told of what could not be reached."""
    out = []
    sheets = sorted({p for grave in graves for p in grave.planillas})
    if sheets:
        out.append(
            f"Las planillas {', '.join(sheets[:MOST_TOLD])} nombran lo eliminado junto a otros "
            "radicados: su hoja sigue en la bóveda."
        )
    stacks = sorted({s for subject in remains.subjects for s in _stacks(office, subject)})
    if stacks:
        out.append(
            f"Salieron de pilas de escaneo ({', '.join(stacks[:MOST_TOLD])}): el archivo entero de "
            "cada una, con las demás cartas, sigue en la bóveda."
        )
    names = [name.encode() for name in sorted(remains.nombres)]
    mention = [
        path.relative_to(office.home).as_posix()
        for path in sorted((office.home / "salida").rglob("*"))
        if path.is_file() and not path.is_symlink()
        and path.relative_to(office.home / "salida").parts[0] != FOLDER
        and any(name in path.read_bytes() for name in names)
    ]  # fmt: skip
    if mention:
        out.append(f"Lo nombran también, y no se tocaron: {', '.join(mention[:MOST_TOLD])}.")
    foreign = [r for numero in state.condenados for r in _foreign(office, numero)]
    if foreign:
        out.append(f"Son de otra sede, y allá siguen: {', '.join(foreign[:MOST_TOLD])}.")
    return out


def _stacks(office: Home, subject: str) -> Iterator[str]:
    """The stacks out of which a letter was cut: its claim begins with theirs."""
    for reception in office.index.receptions("subject=?", (subject,)):
        claim, cut, _ = reception.reclamo.rpartition("/")
        for stack in office.index.receptions("reclamo=?", (claim,)) if cut else ():
            if stack.sha256 is not None and office.vault.find(stack.sha256) is not None:
                yield stack.subject


def _foreign(office: Home, numero: str) -> Iterator[str]:
    """The records of an expediente that are none of this punto's."""
    subject = expedientes.subject_of(numero)
    held = expedientes.fold(in_order(office.index.events(subject)))
    for radicado in held.radicados if held is not None else ():
        own = office.index.subject_of(radicado)
        if own is None or not own.startswith(f"{office.punto}."):
            yield radicado
