"""The door `Recepcion`: watch the inbox, read, keep drafts, and hand them to the office for a
number.

A letter's way: settled file → claim → vault and `documento.recibido` (`Office.recibir`) → draft →
read in a limited child and the OCR workers → suggested fields, PDF/A → a person confirms →
`Office.radicar` → `Office.sellar`. Each step is repeated harmlessly by the next start; what a cut
left is found by `ponerse_al_dia`, from the journal, never from memory.
"""

from __future__ import annotations

import fcntl
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ingest import inbox, suggestions
from ingest.drafts import Draft, Drafts
from ingest.lectura import Unreadable
from ingest.readings import READING_DAMAGED, Readings
from ingest.sniff import extension_of
from records import lines
from records.errors import Damaged, Refused
from records.paper import read_qr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ingest.inbox import Claim
    from ingest.lectura import Lectura
    from ingest.reader import Reader
    from records.events import Event
    from records.office import Numbered, Office


class Processed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a file that was received."""

    archivo: str
    estado: str
    borrador: str | None = None
    motivo: str | None = None
    radicado: str | None = None


class Issued(msgspec.Struct, frozen=True):
    """A number that was given, and what was made of it."""

    radicado: str
    fecha: str
    recibido: str
    vence: str | None
    pdf: str | None
    """Path of the signed PDF/A; None while the scan is missing or still being read."""
    sha256: str | None
    evento: str
    etiqueta: str
    folios: int
    subject: str


class Omitted(msgspec.Struct, frozen=True):
    """A draft that got no number, and why."""

    id: str
    motivo: str


class Recepcion:
    """The reception of one home. One per process; several processes work side by side."""

    def __init__(self, office: Office, *, reader: Reader | None = None) -> None:
        self.office = office
        self.inbox = office.home / "inbox"
        self.quarantine = office.home / "cuarentena"
        self.drafts = Drafts(office.home / "drafts.json", office.disk)
        self.readings = Readings(office.home / "lecturas", office.disk)
        self._given = reader
        self._reader_lock = threading.Lock()

    @cached_property
    def _own_reader(self) -> Reader:
        from ingest.reader import Reader

        return Reader(workers=self.office.settings.ocr.procesos or None)

    @property
    def reader(self) -> Reader:
        """The reader, made when it is first needed: its workers cost half a second."""
        with self._reader_lock:
            return self._given or self._own_reader

    def close(self) -> None:
        """Let the workers go."""
        if "_own_reader" in self.__dict__:
            self._own_reader.close()

    # -- what a cut left ----------------------------------------------------------------------

    def ponerse_al_dia(self) -> None:
        """Bring drafts and journal together again: done by every start that writes.

        Open receptions without a draft get one, drafts whose reception has an outcome go, and
        claims that were cut are taken up.
        """
        self.office.recuperar()
        for held in inbox.claims(self.inbox):
            with _turn(held.path.parent):
                if held.path.exists():
                    self._take(held)
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
                self.drafts.remove(ident)

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
        )

    # -- receiving ----------------------------------------------------------------------------

    def recibir(
        self,
        files: list[Path],
        *,
        carril: str | None = None,
        recibido: datetime | None = None,
        fuente: str | None = None,
    ) -> list[Processed]:
        """Receive copies of the given files and read them. The files themselves stay.

        Raises:
            Refused: a file is not there (none is then received).
        """
        self.ponerse_al_dia()
        lane = carril or self.office.settings.carriles[0].nombre
        self.office.settings.lane(lane)
        if recibido is not None:  # an hour other than now is somebody's word
            self.office.authority.require(self.office.persona, *_CLERKS)
        held = [(path, self._read_given(path)) for path in files]
        received = [
            (
                path,
                self._receive(
                    data, path.name, lane, recibido, fuente, declared=recibido is not None
                ),
            )
            for path, data in held
        ]
        return self._read_all(received)

    @staticmethod
    def _read_given(path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise Refused(
                "sin_archivo",
                f"No se puede leer {path} ({error.strerror}).",
                consejo="No se recibió ningún archivo: revise la ruta y repita.",
            ) from error

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
        if self.office.index.receptions("subject=? AND estado='por_radicar'", (subject,)):
            self.drafts.add(self._draft_of(subject))
        return subject

    def vigilar_una_vez(self) -> list[Processed]:
        """Wait out the settle time, handle what is in the inbox, and end."""
        done: list[Processed] = []
        self.vigilar(threading.Event(), done.append, until_empty=True)
        return done

    def vigilar(
        self,
        stop: threading.Event,
        tell: Callable[[Processed], None],
        *,
        until_empty: bool = False,
    ) -> None:
        """Watch the inbox until *stop* is set; *tell* is called, from other threads, for each file.

        The machine's readers are kept busy with as many documents as there are cores.
        """
        from ingest.watch import watch

        self.ponerse_al_dia()
        watch(self, stop, tell, until_empty=until_empty)

    def take_file(self, path: Path) -> tuple[str, Draft | None] | None:
        """Claim a settled file and make it a reception; None when another process was faster."""
        if not inbox.is_plain(path):
            return self._refuse_special(path)
        lane = inbox.lane_of(self.inbox, path, self.office.settings)
        held = inbox.claim(self.inbox, path, lane.nombre, self.office.disk)
        if held is None:
            return None
        with _turn(held.path.parent):
            return self._take(held) if held.path.exists() else None

    def _take(self, held: Claim) -> tuple[str, Draft | None]:
        lane = self.office.settings.lane_or_first(held.carril)
        data = self._whole(held.path)
        arrived = held.at
        if lane.recibido == "archivo":
            stamp = datetime.fromtimestamp(held.path.stat().st_mtime, tz=lines.BOGOTA)
            arrived = min(held.at, stamp)
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
        target = self.quarantine / f"{lines.now():%Y%m%d%H%M%S}-{path.name}"
        try:
            self.office.disk.move(path, target)
        except FileNotFoundError:
            return None
        return "", None

    # -- reading ------------------------------------------------------------------------------

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
            return list(pool.map(lambda r: self.leer(r[1], str(r[0])), received))

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
                draft = self._read(draft)
                if draft is None:
                    return Processed(shown, "incorporado", ident)
        return self._processed(draft, shown)

    @staticmethod
    def _processed(draft: Draft, shown: str) -> Processed:
        status = "duplicado" if draft.duplicado_de and draft.lectura else draft.estado
        return Processed(shown, status, draft.id, draft.motivo, draft.radicado)

    def _read(self, draft: Draft) -> Draft | None:
        """The draft after reading; None when its document was filed to a record."""
        assert draft.sha256 is not None
        path = self.office.vault.find(draft.sha256)
        if path is None:
            raise Damaged("documento_perdido", f"Falta en la bóveda el original de {draft.id}.")
        try:
            reading, pdf = self.reader.read(path)
        except Unreadable as reason:
            return self._quarantine(draft.id, reason)
        lectura, document = self.readings.keep(reading, pdf)
        settings = self.office.settings
        fields = suggestions.of(reading, settings, settings.lane_or_first(draft.carril))

        def take(now: Draft) -> Draft:
            return msgspec.structs.replace(
                now,
                estado="radicado" if now.radicado else "por_radicar",
                paginas=len(reading.paginas),
                confianza=reading.confianza,
                campos=fields,
                lectura=lectura,
                pdf=document,
                notas=reading.notas,
                motivo=None,
                codigo=None,
            )

        draft = self.drafts.change(draft.id, take)
        if draft.radicado is not None:
            self._seal_with(draft.id, draft)
            self.drafts.remove(draft.id)
            return draft
        return self._file_by_label(draft, reading)

    def _file_by_label(self, draft: Draft, reading: Lectura) -> Draft | None:
        """A scan that bears the label of a record without image becomes that image: None."""
        label = read_qr(reading.etiqueta or "")
        if label is None:
            return draft
        try:
            event = self.office.incorporar_imagen(draft.id, *label)
        except Refused as reason:
            note = f"Lleva un rótulo nuestro: {reason.mensaje}"

            def warn(now: Draft) -> Draft:
                return msgspec.structs.replace(
                    now, notas=[*now.notas, note], duplicado_de=now.duplicado_de or label[0]
                )

            if reason.codigo == "ya_tiene_imagen":
                return self.drafts.change(draft.id, warn)
            return draft
        self._seal_with(event.subject, draft)
        self.drafts.remove(draft.id)
        return None

    def _quarantine(self, ident: str, reason: Unreadable) -> Draft:
        draft = self.drafts.change(
            ident,
            lambda d: msgspec.structs.replace(
                d, estado="cuarentena", motivo=reason.mensaje, codigo=reason.codigo
            ),
        )
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

    def reintentar(self, ident: str) -> Processed:
        """Read a quarantined document once more.

        Raises:
            Refused: it is not in quarantine.
        """
        draft = self.drafts.get(ident)
        if draft.estado != "cuarentena":
            raise Refused("no_en_cuarentena", f"{ident} no está en «No se pudo leer».")
        status: Any = "radicado" if draft.radicado else "leyendo"
        self.drafts.save(msgspec.structs.replace(draft, estado=status, motivo=None, codigo=None))
        self._forget_quarantine(ident)
        return self.leer(ident)

    def _forget_quarantine(self, ident: str) -> None:
        for path in self.quarantine.glob(f"{ident}-*"):
            self.office.disk.remove(path)

    # -- what a clerk does to a draft ---------------------------------------------------------

    def bandeja(self, *, cuarentena: bool = False) -> list[Draft]:
        """What waits for a number, in order of reception; or what could not be read."""
        return [
            d
            for d in self.drafts.all()
            if d.radicado is None and (d.estado == "cuarentena") == cuarentena
        ]

    def lectura(self, draft: Draft) -> Lectura | None:
        """The reading of a draft, once it was read."""
        return self.readings.load(draft.lectura) if draft.lectura else None

    def original(self, draft: Draft) -> Path | None:
        """The file of a draft's original, for the system's viewer."""
        return self.office.vault.find(draft.sha256) if draft.sha256 else None

    def escribir(self, ident: str, campo: str, valor: str) -> Draft:
        """Keep what a person typed, at once."""
        return self.drafts.change(
            ident,
            lambda d: msgspec.structs.replace(d, escritos={**d.escritos, campo: valor}),
        )

    def tomar(self, ident: str) -> Draft:
        """A clerk takes a draft: it stops blocking the others of its lane."""
        clerk = self.office.authority.require(self.office.persona, *_CLERKS).id
        return self.drafts.change(ident, lambda d: _taken(d, clerk))

    def soltar(self, ident: str) -> Draft:
        """Put a taken draft back."""
        self.office.authority.require(self.office.persona, *_CLERKS)
        return self.drafts.change(ident, lambda d: msgspec.structs.replace(d, lo_tiene=None))

    def descartar(
        self, ident: str, motivo: str, *, de: str | None = None, nota: str | None = None
    ) -> Event:
        """No radicar: the draft gets no number; the fact stays."""
        draft = self.drafts.find(ident)
        event = self.office.descartar(ident, motivo, de=de, nota=nota)
        if draft is not None and draft.pdf is not None:
            self.readings.drop_pdf(draft.pdf)
        self.drafts.remove(ident)
        self._forget_quarantine(ident)
        return event

    def revivir(self, ident: str) -> Event:
        """Take a discard back: the document waits again, at its old place."""
        event = self.office.revivir(ident)
        self.office.index.catch_up()
        self.drafts.add(self._draft_of(ident))
        return event

    # -- numbers ------------------------------------------------------------------------------

    def radicar(
        self,
        ident: str,
        campos: Mapping[str, Any] | None = None,
        *,
        clase: str = "E",
        motivo: str | None = None,
        lote: str | None = None,
        sellar: bool = True,
    ) -> Issued:
        """Number a draft with what was read, typed and given; the seal follows.

        Raises:
            Refused: see `Office.radicar`; also while it could not be read.
        """
        draft = self._numberable(ident)
        values = {**draft.values(), **dict(campos or {})}
        free = self._never_block(draft)
        numbered = self.office.radicar(
            draft.id, values, clase=clase, motivo=motivo, no_bloquean=free, lote=lote
        )
        self.drafts.change(
            draft.id,
            lambda d: msgspec.structs.replace(
                d, radicado=numbered.radicado,
                estado="leyendo" if d.estado == "leyendo" else "radicado",
            ),
        )  # fmt: skip
        if sellar:
            self.sellar(draft.id)
        return self._issued(numbered)

    def _numberable(self, ident: str) -> Draft:
        draft = self.drafts.find(ident)
        if draft is None:
            self.office.index.catch_up()
            raise self.office.sin_salida(ident)
        if draft.estado == "cuarentena":
            raise Refused(
                "cuarentena",
                f"{ident} no se pudo leer: {draft.motivo}",
                consejo="Reinténtelo, escanéelo otra vez, o diga «No radicar» con su motivo.",
            )
        holder = draft.lo_tiene
        if holder is not None and holder != self.office.persona:
            raise Refused(
                "lo_tiene_otro", f"{ident} lo tiene {holder}.", consejo="Pídale soltarlo."
            )
        return draft

    def _never_block(self, draft: Draft) -> set[str]:
        """Drafts of which an older one may be left behind without a reason."""
        return {
            d.id
            for d in self.drafts.all()
            if d.id != draft.id
            and (
                d.estado in ("leyendo", "cuarentena")
                or (d.lo_tiene is not None and d.lo_tiene != self.office.persona)
            )
        }

    def radicar_todos(self, *, clase: str = "E") -> tuple[list[Issued], list[Omitted]]:
        """Number every draft that is ready, in order; duplicates are left for a person."""
        self.office.authority.require(self.office.persona, *_CLERKS)
        lote = lines.stamp(lines.now())
        issued: list[Issued] = []
        omitted: list[Omitted] = []
        for draft in self.bandeja():
            reason = _not_by_all(draft, self.office.persona)
            if reason is None:
                left = (
                    f"Radicación en lote: quedó por decidir {omitted[-1].id}" if omitted else None
                )
                try:
                    issued.append(self.radicar(draft.id, clase=clase, motivo=left, lote=lote))
                    continue
                except Refused as refused:
                    reason = str(refused)
            omitted.append(Omitted(draft.id, reason))
        return issued, omitted

    def radicar_sin_imagen(
        self, campos: Mapping[str, Any], *, clase: str = "E", recibido: datetime | None = None
    ) -> Issued:
        """A person at the counter: number, hour and label at once; the scan comes later."""
        return self._issued(self.office.radicar_sin_imagen(campos, clase=clase, recibido=recibido))

    def _issued(self, numbered: Numbered) -> Issued:
        label = self.office.guardar_etiqueta(numbered.radicado)
        self.office.index.catch_up()
        state = self.office.estado(numbered.subject)
        assert state.numero is not None
        digest = state.sellado.sha256 if state.sellado else None
        path = self.office.vault.find(digest) if digest else None
        return Issued(
            numbered.radicado,
            numbered.fecha,
            numbered.recibido,
            numbered.vence,
            str(path) if path else None,
            digest,
            numbered.evento,
            str(label),
            state.numero.folios or 1,
            numbered.subject,
        )

    # -- seals --------------------------------------------------------------------------------

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
        if not any(d.pdf == draft.pdf and d.id != draft.id for d in self.drafts.all()):
            self.readings.drop_pdf(draft.pdf)

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


_CLERKS = ("ventanilla", "jefe_correspondencia")


def _taken(draft: Draft, clerk: str) -> Draft:
    if draft.lo_tiene not in (None, clerk):
        raise Refused("lo_tiene_otro", f"{draft.id} ya lo tiene {draft.lo_tiene}.")
    return msgspec.structs.replace(draft, lo_tiene=clerk)


def _not_by_all(draft: Draft, persona: str | None) -> str | None:
    """Why `radicar --todos` leaves a draft alone; None when it does not."""
    if draft.duplicado_de is not None:
        return f"Posible duplicado de {draft.duplicado_de}: decídalo una persona."
    if draft.sha256 is None:
        return "Recepción en ventanilla sin documento: decídala una persona."
    if draft.estado == "leyendo":
        return "Todavía se está leyendo."
    if draft.lo_tiene not in (None, persona):
        return f"Lo tiene {draft.lo_tiene}."
    return None
