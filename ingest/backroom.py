"""The room behind the counter: takes files in, reads drafts, seals numbers; it needs no clerk.

Each step is repeated harmlessly by the next start. What a cut left is found by `ponerse_al_dia`,
from the journal, never from memory.
"""

from __future__ import annotations

import fcntl
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ingest import inbox, known, sorting, suggestions
from ingest.drafts import Draft, Drafts
from ingest.firstpage import FirstPages
from ingest.lectura import Unreadable
from ingest.readings import READING_DAMAGED, Readings
from ingest.sniff import extension_of
from ingest.stacks import Stack
from records import lines
from records.errors import CannotSign, Damaged, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.inbox import Claim
    from ingest.lectura import Lectura
    from ingest.reader import Reader
    from ingest.sorting import Filed
    from ingest.stacks import Part
    from records.office import Office


OLDEST_FILE = timedelta(days=60)
"""How old a server's file may be for its own time to count as the hour of reception."""


class Processed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a file that was received."""

    archivo: str
    estado: str
    borrador: str | None = None
    motivo: str | None = None
    radicado: str | None = None
    partes: list[str] = []
    """The letters of a stack: receptions of their own, still to be read."""


class Backroom:
    """What happens to documents of one home without anybody deciding anything."""

    def __init__(self, office: Office, *, reader: Reader | None = None) -> None:
        self.office = office
        self.inbox = office.home / "inbox"
        self.quarantine = office.home / "cuarentena"
        self.drafts = Drafts(office.home / "drafts.json", office.disk)
        self.readings = Readings(office.home / "lecturas", office.disk)
        self.first_pages = FirstPages(self.drafts, self.readings, office)
        self._given = reader
        self._reader_lock = threading.Lock()

    @cached_property
    def _own_reader(self) -> Reader:
        from ingest.reader import Reader

        settings = self.office.settings.ocr
        return Reader(workers=settings.procesos or None, motor=settings.motor)

    @property
    def reader(self) -> Reader:
        """The reader, made when it is first needed: its workers cost half a second."""
        with self._reader_lock:
            return self._given or self._own_reader

    def close(self) -> None:
        """Let the workers go."""
        if "_own_reader" in self.__dict__:
            self._own_reader.close()

    # -- what a cut left ------------------------------------------------------------------------

    def ponerse_al_dia(self) -> list[str]:
        """Bring drafts and journal together again: done by every start that writes.

        Open receptions without a draft get one, drafts whose reception has an outcome go, and
        claims that were cut are taken up. Returns radicados that a cut kept from being shown.
        """
        unshown = self.office.recuperar().no_mostrados
        for held in inbox.claims(self.inbox):
            with _turn(held.path.parent):
                if held.path.exists():
                    self._take_or_put_away(held)
        known = {d.id: d for d in self.drafts.all()}
        waiting = {r.subject: r for r in self.office.index.receptions("estado='por_radicar'")}
        unsealed = set(self.office.por_sellar())
        for subject in waiting:
            if subject not in known:
                self.drafts.add(self._draft_of(subject))
        for ident, draft in known.items():
            if ident in waiting:
                continue
            if ident in unsealed:
                if draft.radicado is None:
                    self._mark_numbered(ident)
            else:
                self.first_pages.forget(self.drafts.remove(ident))
        return unshown

    def _mark_numbered(self, ident: str) -> None:
        """The number was given and the cut came before the draft could say so."""
        number = self.office.estado(ident).numero
        assert number is not None

        def mark(draft: Draft) -> Draft:
            status: Any = "radicado" if draft.estado == "por_radicar" else draft.estado
            return msgspec.structs.replace(draft, estado=status, radicado=number.radicado)

        self.drafts.change_if_there(ident, mark)

    def _draft_of(self, subject: str) -> Draft:
        state = self.office.estado(subject)
        reception = state.recepcion
        assert reception is not None
        stack = state.campos.get("pila")
        return Draft(
            id=subject,
            orden=int(subject.rpartition(".")[2]),
            carril=reception.carril,
            archivo=str(state.campos.get("archivo", "")),
            recibido=state.recibido or "",
            sha256=reception.sha256,
            estado="leyendo" if reception.sha256 else "por_radicar",
            duplicado_de=(
                self.office.index.earlier_same(subject, reception.sha256)
                if reception.sha256
                else None
            ),
            pila=stack,
            notas=[stack] if stack else [],
        )

    # -- taking in ------------------------------------------------------------------------------

    def _receive(
        self,
        data: bytes,
        name: str,
        lane: str,
        recibido: datetime | None,
        fuente: str | None,
        claim: str | None = None,
        *,
        declared: bool = False,
    ) -> str:
        subject = self.office.recibir(
            data,
            reclamo=claim or inbox.new_claim_id(lane, lines.now()),
            nombre=name,
            carril=lane,
            extension=extension_of(data),
            recibido=recibido,
            fuente=fuente,
            declarado_por=self.office.persona if declared else None,
        )
        self.office.index.catch_up()
        self.receive_draft(subject)
        return subject

    def receive_draft(self, subject: str) -> None:
        """Give a reception that waits for its outcome a draft, unless it has one."""
        if self.office.index.receptions("subject=? AND estado='por_radicar'", (subject,)):
            self.drafts.add(self._draft_of(subject))

    def take_file(self, path: Path) -> tuple[str, Draft | None] | None:
        """Claim a settled file and make it a reception; None when another process was faster."""
        if not inbox.is_plain(path):
            return self._refuse_special(path)
        lane = inbox.lane_of(self.inbox, path, self.office.settings)
        held = inbox.claim(self.inbox, path, lane.nombre, self.office.disk)
        if held is None:
            return None
        with _turn(held.path.parent):
            return self._take_or_put_away(held) if held.path.exists() else None

    def _take_or_put_away(self, held: Claim) -> tuple[str, Draft | None]:
        """One file that cannot be read must not keep the office from its work."""
        try:
            size = held.path.stat().st_size
            if size > inbox.MAX_BYTES:
                reason = f"Pesa {size >> 20} MB: divídalo o escanéelo con menos resolución."
            else:
                return self._take(held)
        except PermissionError:
            reason = "No hay permiso para leerlo: cambie sus permisos y vuelva a ponerlo."
        except MemoryError:
            reason = "No cabe en la memoria de este equipo: divídalo."
        inbox.put_away(held, self.quarantine, reason, self.office.disk)
        return "", None

    def _take(self, held: Claim) -> tuple[str, Draft | None]:
        lane = self.office.settings.lane_or_first(held.carril)
        data = self._whole(held.path)
        arrived = held.at
        if lane.recibido == "archivo":
            stamp = datetime.fromtimestamp(held.path.stat().st_mtime, tz=lines.BOGOTA)
            # A server with a dead clock dates its files in 1970: then the claim's hour counts.
            if held.at - OLDEST_FILE <= stamp <= held.at:
                arrived = stamp
        subject = self._receive(data, held.name, lane.nombre, arrived, lane.fuente, held.id)
        inbox.finish(held, self.office.disk)
        return subject, self.drafts.find(subject)

    @staticmethod
    def _whole(path: Path) -> bytes:
        """The bytes of a claimed file, read again when someone still wrote into it."""
        while True:
            before = path.stat()
            data = path.read_bytes()
            after = path.stat()
            same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
            if same and len(data) == after.st_size:
                return data

    def _refuse_special(self, path: Path) -> tuple[str, None] | None:
        """A link, a pipe or a device is no document: it is put aside as it is, and told."""
        name = inbox.quarantine_name(f"{lines.now():%Y%m%d%H%M%S}-{path.name}")
        target = self.quarantine / name
        try:
            self.office.disk.move(path, target)
        except FileNotFoundError:
            return None
        return "", None

    def original(self, draft: Draft) -> Path | None:
        """The file of a draft's original, for the system's viewer."""
        return self.office.vault.find(draft.sha256) if draft.sha256 else None

    # -- reading --------------------------------------------------------------------------------

    def leer_pendientes(self) -> list[Processed]:
        """Read every draft that was not read yet (a cut, or another process that ended)."""
        waiting = [(Path(d.archivo), d.id) for d in self.drafts.all() if d.estado == "leyendo"]
        return self._read_all(waiting)

    def _read_all(self, received: list[tuple[Path, str]]) -> list[Processed]:
        if not received:
            return []
        reader = self.reader  # a machine without Tesseract says so before any thread starts
        del reader
        with ThreadPoolExecutor(max_workers=self.width) as pool:
            done = list(pool.map(lambda r: self.leer(r[1], str(r[0])), received))
            letters = [(part, one.archivo) for one in done for part in one.partes]
            return [*done, *pool.map(lambda letter: self.leer(*letter), letters)]

    @property
    def width(self) -> int:
        """How many documents are read side by side."""
        return max(2, self.office.settings.ocr.procesos or os.cpu_count() or 2)

    def leer(self, ident: str, archivo: str | None = None) -> Processed:
        """Read one draft's document; then file it, seal it or leave it for a person."""
        draft = self.drafts.find(ident)
        original = self.original(draft) if draft else None
        with _turn(original):
            draft = self.drafts.find(ident)
            shown = archivo or (draft.archivo if draft else ident)
            if draft is None:
                return Processed(shown, "resuelto", ident)
            if draft.estado != "cuarentena" and draft.lectura is None and draft.sha256:
                return self._read(draft, shown)
        return self._processed(draft, shown)

    def _gone(self, shown: str, ident: str) -> Processed:
        """What became of a letter whose draft is gone after reading: filed, or discarded."""
        known = self.office.index.receptions("subject=?", (ident,))
        filed = bool(known) and known[0].estado == "incorporado"
        return Processed(shown, "incorporado" if filed else "resuelto", ident)

    @staticmethod
    def _processed(draft: Draft, shown: str) -> Processed:
        status = "duplicado" if draft.duplicado_de and draft.lectura else draft.estado
        return Processed(shown, status, draft.id, draft.motivo, draft.radicado)

    def _read(self, draft: Draft, shown: str) -> Processed:
        """Read a draft's document, and do what follows from it."""
        assert draft.sha256 is not None
        path = self.office.vault.find(draft.sha256)
        if path is None:
            raise Damaged("documento_perdido", f"Falta en la bóveda el original de {draft.id}.")
        try:
            reading, pdf = self.reader.read(
                path,
                on_first=self.first_pages.shown_in(draft),
                split=sorting.split_of(self, draft),
            )
        except Unreadable as reason:
            return self._set_aside(draft, shown, reason)
        except Stack as stack:
            return self._divide(draft, shown, stack.partes, path)
        return self._take_reading(draft, shown, reading, pdf)

    def _divide(self, draft: Draft, shown: str, parts: list[Part], path: Path) -> Processed:
        """A stack becomes its letters; one that cannot be cut stays whole, and says so."""
        if not parts:
            return self._set_aside(draft, shown, Unreadable("separador"))
        try:
            letters = sorting.divide(self, draft, parts, path)
        except (Unreadable, Refused) as error:
            why = (isinstance(error, Unreadable) and error.detalle) or error.mensaje
        else:
            told = f"Pila de {len(letters)} documento(s)."
            return Processed(shown, "dividido", draft.id, told, partes=letters)
        try:
            reading, pdf = self.reader.read(path)
        except Unreadable as reason:
            return self._set_aside(draft, shown, reason)
        note = f"Parece una pila y no se pudo dividir ({why}): sepárela y escanéela otra vez."
        reading = msgspec.structs.replace(reading, notas=[*reading.notas, note])
        return self._take_reading(draft, shown, reading, pdf)

    def _set_aside(self, draft: Draft, shown: str, reason: Unreadable) -> Processed:
        held = self._quarantine(draft.id, reason)
        return self._gone(shown, draft.id) if held is None else self._processed(held, shown)

    def _take_reading(self, draft: Draft, shown: str, reading: Lectura, pdf: bytes) -> Processed:
        """Keep what was read; then file it by its label, seal it or leave it for a person."""
        lectura, document = self.readings.keep(reading, pdf)
        settings = self.office.settings
        lane = settings.lane_or_first(draft.carril)
        fields = suggestions.of(reading, settings, lane, draft.recibido)
        fields = known.complete(fields, self.office.conocidos(known.sought(fields)))

        def take(now: Draft) -> Draft:
            return msgspec.structs.replace(
                now,
                estado="radicado" if now.radicado else "por_radicar",
                paginas=len(reading.paginas),
                confianza=reading.confianza,
                campos=fields,
                lectura=lectura,
                pdf=document,
                notas=[*([now.pila] if now.pila else []), *reading.notas],
                motivo=None,
                codigo=None,
            )

        read = self.first_pages.end(draft.id, take)
        if read is None:  # discarded while it was being read
            self.readings.drop_pdf(document)
            return self._gone(shown, draft.id)
        if read.radicado is not None:
            if self._seal_or_leave(read.id, read):
                self.drafts.remove(read.id)
            return self._processed(read, shown)
        filed = sorting.file_by_label(self, read, reading)
        if filed is None:
            return self._processed(self.drafts.find(read.id) or read, shown)
        return self._filed(read, shown, filed)

    def _filed(self, draft: Draft, shown: str, filed: Filed) -> Processed:
        """A document went to its record: an image is sealed, an acuse is kept as it came."""
        if not filed.acuse:
            self._seal_or_leave(filed.subject, draft)
        elif draft.pdf is not None:
            self._drop_pdf_of(draft)
        self.drafts.remove(draft.id)
        what = "acuse" if filed.acuse else "imagen"
        told = f"{what} de {filed.radicado}"
        return Processed(shown, "incorporado", draft.id, told, filed.radicado)

    def _drop_pdf_of(self, draft: Draft) -> None:
        """Its PDF/A is not needed any more, unless another draft of the same bytes needs it."""
        assert draft.pdf is not None
        if not any(d.pdf == draft.pdf and d.id != draft.id for d in self.drafts.all()):
            self.readings.drop_pdf(draft.pdf)

    def _quarantine(self, ident: str, reason: Unreadable) -> Draft | None:
        draft = self.first_pages.end(
            ident,
            lambda d: msgspec.structs.replace(
                d, estado="cuarentena", notas=[], motivo=reason.mensaje, codigo=reason.codigo
            ),
        )
        if draft is None:
            return None
        assert draft.sha256 is not None
        note: dict[str, object] = {
            "id": draft.id,
            "archivo": draft.archivo,
            "recibido": draft.recibido,
            "codigo": reason.codigo,
            "motivo": reason.mensaje,
            "detalle": reason.detalle,
            "sha256": draft.sha256,
        }
        name = f"{draft.id}-{draft.archivo}"
        data = self.office.vault.read(draft.sha256)
        inbox.set_aside(self.quarantine, name, data, note, self.office.disk)
        return draft

    def _forget_quarantine(self, ident: str) -> None:
        for path in self.quarantine.glob(f"{ident}-*"):
            self.office.disk.remove(path)

    # -- seals ----------------------------------------------------------------------------------

    def sellar(self, subject: str) -> bool:
        """Seal a numbered record from its draft's PDF/A; False while that is not made yet."""
        draft = self.drafts.find(subject)
        if draft is None or draft.lectura is None:
            return False
        try:
            self._seal_with(subject, draft)
        except Damaged as error:
            if error.codigo != READING_DAMAGED:
                raise
            self._read_anew(draft)
            return True
        self.drafts.remove(subject)
        return True

    def _read_anew(self, draft: Draft) -> None:
        """Its reading is gone or was altered: read the original again, which seals it."""
        self.drafts.change(
            draft.id,
            lambda d: msgspec.structs.replace(d, lectura=None, pdf=None, estado="leyendo"),
        )
        self.leer(draft.id)

    def _seal_with(self, subject: str, draft: Draft) -> None:
        assert draft.lectura is not None and draft.pdf is not None
        reading = self.readings.load(draft.lectura)
        document = self.readings.pdf(draft.pdf)
        self.office.sellar(
            subject,
            document,
            hueco=reading.hueco,
            paginas=len(reading.paginas),
            lectura=draft.lectura,
        )
        self._drop_pdf_of(draft)

    def _seal_or_leave(self, subject: str, draft: Draft) -> bool:
        """Reading goes on while nothing can be signed: the seal is pending then, and told so."""
        try:
            self._seal_with(subject, draft)
        except CannotSign:
            return False  # `token.trouble` says why; the watcher tries again
        return True

    def sellar_pendientes(self) -> int:
        """Finish every seal that a cut left open, reading again where its PDF/A is gone."""
        pending = self.office.por_sellar()
        for subject in pending:
            if self.sellar(subject):
                continue
            self.drafts.add(self._unsealed_draft(subject))
            self.leer(subject)
        return len(pending)

    def _unsealed_draft(self, subject: str) -> Draft:
        """A draft for a record whose seal is open and whose draft is gone."""
        state = self.office.estado(subject)
        assert state.numero is not None
        original = [d.sha256 for d in state.documentos if d.rol == "original"][-1]
        return msgspec.structs.replace(
            self._draft_of(subject),
            radicado=state.numero.radicado,
            sha256=original,
            estado="leyendo",
            duplicado_de=None,
        )


@contextmanager
def _turn(path: Path | None) -> Iterator[None]:
    """One process or thread at a time works on a claim's folder or on an original.

    A lock on the thing itself: a kill frees it, and no lock file is left to race about.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC) if path is not None else None
    except FileNotFoundError:
        fd = None
    try:
        if fd is not None:
            fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        if fd is not None:
            os.close(fd)
