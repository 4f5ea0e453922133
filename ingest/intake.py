"""How files become receptions with a draft, and how drafts and journal agree again after a cut.

Each step is repeated harmlessly by the next start. What a cut left is found by `ponerse_al_dia`,
from the journal, never from memory. Nothing is read here: that is `backroom`'s.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from ingest import inbox
from ingest.drafts import Draft, Drafts
from ingest.firstpage import FirstPages
from ingest.lectura import Unreadable
from ingest.readings import Readings
from ingest.sniff import extension_of
from records import lines
from records.errors import Damaged, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.inbox import Claim
    from ingest.raster import Vista
    from records.office import Office


OLDEST_FILE = timedelta(days=60)
"""How old a server's file may be for its own time to count as the hour of reception."""


class Intake:
    """What comes into one home before it is read."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.inbox = office.home / "inbox"
        self.quarantine = office.home / "cuarentena"
        self.drafts = Drafts(office.home / "drafts.json", office.disk)
        self.readings = Readings(office.home / "lecturas", office.disk)
        self.first_pages = FirstPages(self.drafts, self.readings, office)

    # -- what a cut left ------------------------------------------------------------------------

    def ponerse_al_dia(self) -> list[str]:
        """Bring drafts and journal together again: done by every start that writes.

        Open receptions without a draft get one, drafts whose reception has an outcome go, and
        claims that were cut are taken up. Returns radicados that a cut kept from being shown.
        """
        unshown = self.office.recuperar().no_mostrados
        for held in inbox.claims(self.inbox):
            with turn(held.path.parent):
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
        with turn(held.path.parent):
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

    def imagen(self, draft: Draft, pagina: int = 1, ancho_px: int | None = None) -> Vista:
        """A page of a draft as people see it: upright, in points of its reading, small and grey.

        It is drawn from the PDF/A that will be sealed, and before that is made from the original.

        Raises:
            Refused: there is no document, no such page, or it cannot be drawn.
        """
        from ingest.raster import WIDTH, page_of

        read = draft.lectura or draft.primera
        try:
            pages = self.readings.load(read).paginas if read else []
        except Damaged:
            pages = []  # it is read again; what came can be looked at meanwhile
        known = pages[pagina - 1] if 0 < pagina <= len(pages) else None
        path = self.readings.place(draft.pdf) if draft.pdf else None
        turn = known.rotacion if known and path is None else 0
        path = path or self.original(draft)
        if path is None:
            raise _not_shown(draft.id, pagina, "no tiene documento")
        try:
            seen = page_of(path, pagina, ancho_px or WIDTH, turn)
        except Unreadable as error:
            raise _not_shown(draft.id, pagina, error.mensaje) from error
        if known is None:
            return seen
        return msgspec.structs.replace(seen, ancho=known.ancho, alto=known.alto)

    def pagina(self, nombre: str, archivo: str, pagina: int = 1) -> Vista:
        """A page of a document of the vault as people see it; *archivo* is relative to the home,
        *nombre* is what people call it.

        Raises:
            Refused: there is no such page, or it cannot be drawn.
        """
        from ingest.raster import WIDTH, page_of

        try:
            return page_of(self.office.home / archivo, pagina, WIDTH, 0)
        except Unreadable as error:
            raise _not_shown(nombre, pagina, error.mensaje) from error


def _not_shown(what: str, page: int, why: str) -> Refused:
    return Refused(
        "sin_vista",
        f"La página {page} de {what} no se puede mostrar: {why}",
        consejo="Ábrala en el visor del sistema; el documento sigue como llegó.",
    )


@contextmanager
def turn(path: Path | None) -> Iterator[None]:
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
