"""The room behind the counter: reads drafts, seals numbers; it needs no clerk.

Each step is repeated harmlessly by the next start. How letters come to have a draft: `intake`.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ingest import inbox, known, sorting, suggestions
from ingest.intake import Intake, turn
from ingest.lectura import Unreadable
from ingest.readings import READING_DAMAGED
from ingest.stacks import Stack
from records.errors import CannotSign, Damaged, Refused

if TYPE_CHECKING:
    from ingest.drafts import Draft
    from ingest.lectura import Lectura
    from ingest.reader import Reader
    from ingest.sorting import Filed
    from ingest.stacks import Part
    from records.office import Office


class Processed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a file that was received."""

    archivo: str
    estado: str
    borrador: str | None = None
    motivo: str | None = None
    radicado: str | None = None
    partes: list[str] = []
    """The letters of a stack: receptions of their own, still to be read."""


class Backroom(Intake):
    """What happens to documents of one home without anybody deciding anything."""

    def __init__(self, office: Office, *, reader: Reader | None = None) -> None:
        super().__init__(office)
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

    # -- reading --------------------------------------------------------------------------------

    def paginas_leidas(self, draft: Draft) -> tuple[int, int] | None:
        """Of a document that this very program is reading: pages read, and pages that came out of
        it so far. None: it waits, or another program reads it."""
        reader = self._given or self.__dict__.get("_own_reader")
        path = self.original(draft)
        found: tuple[int, int] | None = None
        if reader is not None and path is not None:
            found = reader.pages(path)
        return found

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

    def leer(
        self, ident: str, archivo: str | None = None, *, contrasena: str | None = None
    ) -> Processed:
        """Read one draft's document; then file it, seal it or leave it for a person.

        Raises:
            Refused: *contrasena* does not open it; it is in quarantine then.
        """
        draft = self.drafts.find(ident)
        original = self.original(draft) if draft else None
        with turn(original):
            draft = self.drafts.find(ident)
            shown = archivo or (draft.archivo if draft else ident)
            if draft is None:
                return Processed(shown, "resuelto", ident)
            if draft.estado != "cuarentena" and draft.lectura is None and draft.sha256:
                return self._read(draft, shown, contrasena)
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

    def _read(self, draft: Draft, shown: str, contrasena: str | None = None) -> Processed:
        """Read a draft's document, and do what follows from it.

        Raises:
            Refused: *contrasena* does not open it.
        """
        assert draft.sha256 is not None
        path = self.office.vault.find(draft.sha256)
        if path is None:
            raise Damaged("documento_perdido", f"Falta en la bóveda el original de {draft.id}.")
        try:
            reading, pdf = self.reader.read(
                path,
                on_first=self.first_pages.shown_in(draft),
                split=sorting.split_of(self, draft),
                password=contrasena,
            )
        except Unreadable as reason:
            if reason.codigo != "contrasena":
                return self._set_aside(draft, shown, reason)
            self._quarantine(draft.id, Unreadable("cifrado", reason.detalle))
            raise Refused(
                "contrasena",
                f"La contraseña no abre {draft.archivo or draft.id}.",
                consejo="Sigue en «No se pudo leer», sin cambios: revise mayúsculas, números y "
                "signos, y désela otra vez.",
            ) from reason
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
        areas = self.office.sugerir_area(suggestions.grounded(fields), reading.texto)
        fields = suggestions.with_area(fields, areas, self.office.authority.areas)

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
        if filed.planilla:
            told = f"hoja firmada de {filed.radicado}"
            return Processed(shown, "incorporado", draft.id, told)
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
            if self.office.sellar_carta(subject) is not None or self.sellar(subject):
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
