"""The door `Recepcion`: what a person does with letters before they have a number.

A letter's way: settled file → claim → vault and `documento.recibido` (`Office.recibir`) → draft →
read in a limited child and the OCR workers → suggested fields, PDF/A → a person confirms →
`Office.radicar` → `Office.sellar`. What needs no person is in `backroom`.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ingest.backroom import Backroom, Processed
from ingest.drafts import Draft
from ingest.ownpage import read_own
from records import lines, reserve
from records.errors import MachineCannot, Refused, VentanillaError, reason
from records.office import check_received
from records.sheets import STAMP_ROOM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ingest.lectura import Lectura
    from records.events import Event
    from records.hearing import Numbered
    from records.spoken import Spoken


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
    etiqueta: str | None
    """Path of the label; None where it could not be written: `etiqueta` makes it again."""
    folios: int
    subject: str
    imagen: bool
    """Whether it has its scan; a number given at the counter waits for it."""


class Heard(msgspec.Struct, frozen=True):
    """A spoken petition that has its number."""

    radicado: Issued
    constancia: str | None
    """Path of the page to be printed; None where it could not be written: saying it all again
    writes it."""
    repetida: bool
    """It had its number already; it was said again within a day."""


class Omitted(msgspec.Struct, frozen=True):
    """A draft that got no number, and why."""

    id: str
    motivo: str


class Recepcion(Backroom):
    """The reception of one home. One per process; several processes work side by side."""

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
            check_received(recibido)
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
                f"No se puede leer {path} ({reason(error)}).",
                consejo="No se recibió ningún archivo: revise la ruta y repita.",
            ) from error

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

    # -- reading ------------------------------------------------------------------------------

    def reintentar(self, ident: str, contrasena: str | None = None) -> Processed:
        """Read a quarantined document once more; *contrasena* opens one that asks for it.

        The password is used for this reading and kept nowhere.

        Raises:
            Refused: it is not in quarantine, or the password is not its own.
        """
        self.office.authority.require(self.office.persona, *_CLERKS)
        draft = self.drafts.get(ident)
        if draft.estado != "cuarentena":
            raise Refused("no_en_cuarentena", f"{ident} no está en «No se pudo leer».")
        status: Any = "radicado" if draft.radicado else "leyendo"
        self.drafts.save(msgspec.structs.replace(draft, estado=status, motivo=None, codigo=None))
        self._forget_quarantine(ident)
        done = self.leer(ident, contrasena=contrasena)
        for part in done.partes:
            self.leer(part, done.archivo)
        return done

    # -- what a clerk does to a draft ---------------------------------------------------------

    def bandeja(self, *, cuarentena: bool = False) -> list[Draft]:
        """What waits for a number, in order of reception; or what could not be read.

        Receptions that have no draft (drafts.json was lost) are shown all the same. What comes
        again of a record that is withheld, or whose sender is, is for the counter, and for who may
        see that record and know who wrote it.
        """
        drafts = {d.id: d for d in self.drafts.all()}
        self.office.index.catch_up()
        for reception in self.office.index.receptions("estado='por_radicar'"):
            if reception.subject not in drafts:
                drafts[reception.subject] = self._draft_of(reception.subject)
        return [
            d
            for d in sorted(drafts.values(), key=lambda d: d.orden)
            if d.radicado is None and (d.estado == "cuarentena") == cuarentena and self._may_see(d)
        ]

    def _may_see(self, draft: Draft) -> bool:
        office = self.office
        known = draft.duplicado_de and office.index.subject_of(draft.duplicado_de)
        if not known or set(_CLERKS) & office.sight.roles:
            return True
        state = office.estado(known)
        return reserve.may_see(state, office.sight) and office.knows(state)

    def lectura(self, draft: Draft) -> Lectura | None:
        """The reading of a draft, once it was read; before, that of its page 1 if there is."""
        read = draft.lectura or draft.primera
        return self.readings.load(read) if read else None

    def escribir(self, ident: str, campo: str, valor: str) -> Draft:
        """Keep what a clerk typed, at once."""
        self.office.authority.require(self.office.persona, *_CLERKS)
        return self.drafts.change(
            ident,
            lambda d: msgspec.structs.replace(d, escritos={**d.escritos, campo: valor}),
        )

    def tomar(self, ident: str) -> Draft:
        """A clerk takes a draft: it stops blocking the others of its lane."""
        clerk = self.office.authority.require(self.office.persona, *_CLERKS).id
        return self.drafts.change(ident, lambda d: _taken(d, clerk))

    def soltar(self, ident: str) -> Draft:
        """Put a taken draft back: who took it, or the head of the unit."""
        person = self.office.authority.require(self.office.persona, *_CLERKS)

        def release(draft: Draft) -> Draft:
            if draft.lo_tiene not in (None, person.id) and HEAD not in person.roles:
                raise _held_by_another(draft)
            return msgspec.structs.replace(draft, lo_tiene=None)

        return self.drafts.change(ident, release)

    def descartar(
        self, ident: str, motivo: str, *, de: str | None = None, nota: str | None = None
    ) -> Event:
        """No radicar: the draft gets no number; the fact stays."""
        draft = self.drafts.find(ident)
        if draft is not None and draft.lo_tiene not in (None, self.office.persona):
            raise _held_by_another(draft)
        said = draft.values() if draft is not None else {}
        event = self.office.descartar(ident, motivo, de=de, nota=nota, campos=said)
        if draft is not None and draft.pdf is not None:
            self.readings.drop_pdf(draft.pdf)
        self.first_pages.forget(self.drafts.remove(ident))
        self._forget_quarantine(ident)
        return event

    def incorporar(self, ident: str, radicado: str) -> Event:
        """File a draft to a record: as its image where that is awaited, else as an *acuse*. Where
        *radicado* is a planilla's number it is that planilla's signed sheet.

        Raises:
            Refused: another clerk holds it, there is no such number, or it has that file already.
        """
        clerk = self.office.authority.require(self.office.persona, *_CLERKS).id
        draft = self.drafts.get(ident)
        if draft.lo_tiene not in (None, clerk):
            raise _held_by_another(draft)
        if self.office.planilla(radicado) is not None:
            event = self.office.devolver_planilla(ident, radicado, actor=clerk)
        else:
            event = self.office.incorporar(ident, radicado, lectura=draft.lectura, actor=clerk)
        if "radicado" in event.data and "rol" not in event.data and draft.lectura is not None:
            self._seal_or_leave(event.subject, draft)
        elif draft.pdf is not None:
            self._drop_pdf_of(draft)
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
        identidad_protegida: bool = False,
    ) -> Issued:
        """Number a draft with what was read, typed and given; the seal follows.
        *identidad_protegida* keeps who wrote it in the same write.

        Raises:
            Refused: see `Office.radicar`; also while it could not be read.
        """
        draft = self._numberable(ident)
        if not identidad_protegida:
            self._warn_of_kept(draft)
        values = {**draft.values(), **dict(campos or {})}
        free = self._never_block(draft)
        numbered = self.office.radicar(
            draft.id, values, clase=clase, motivo=motivo, no_bloquean=free, lote=lote,
            identidad_protegida=identidad_protegida,
        )  # fmt: skip
        try:
            self._note_number(draft.id, numbered.radicado)
            if sellar:
                self.sellar(draft.id)
        except (VentanillaError, OSError):
            pass  # the number must be seen; «sello pendiente»: the next start meets it again
        return self._issued(numbered)

    def _warn_of_kept(self, draft: Draft) -> None:
        """A letter that comes again would name in its new number who is kept in the other."""
        same = draft.duplicado_de and self.office.index.subject_of(draft.duplicado_de)
        if same and self.office.estado(same).acceso.identidad_protegida:
            self.office.avisos.append(
                f"{draft.duplicado_de}, que parece el mismo, tiene la identidad protegida: si este "
                "también la pide, dígalo ya con «proteger-identidad»."
            )

    def _note_number(self, ident: str, radicado: str) -> None:
        """Say in a draft that it has its number; another start may have done with it already."""
        self.drafts.change_if_there(
            ident,
            lambda d: msgspec.structs.replace(
                d, radicado=radicado, estado="leyendo" if d.estado == "leyendo" else "radicado"
            ),
        )

    def _numberable(self, ident: str) -> Draft:
        draft = self.drafts.find(ident)
        if draft is None:
            self.office.index.catch_up()
            if not self.office.index.receptions("subject=? AND estado='por_radicar'", (ident,)):
                raise self.office.sin_salida(ident)
            draft = self.drafts.add(self._draft_of(ident))  # who received it is about to
        if draft.estado == "cuarentena":
            raise Refused(
                "cuarentena",
                f"{ident} no se pudo leer: {draft.motivo}",
                consejo="Reinténtelo, escanéelo otra vez, o diga «No radicar» con su motivo.",
            )
        holder = draft.lo_tiene
        if holder is not None and holder != self.office.persona:
            raise _held_by_another(draft)
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

    def radicar_todos(
        self,
        *,
        clase: str = "E",
        issued: list[Issued] | None = None,
        omitted: list[Omitted] | None = None,
    ) -> tuple[list[Issued], list[Omitted]]:
        """Number every draft that is ready, in order; duplicates are left for a person.

        Lists that are given are filled as it goes: what was numbered is known whatever fails.
        """
        self.office.authority.require(self.office.persona, *_CLERKS)
        lote = lines.stamp(lines.now())
        issued = [] if issued is None else issued
        omitted = [] if omitted is None else omitted
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
        self,
        campos: Mapping[str, Any],
        *,
        clase: str = "E",
        recibido: datetime | None = None,
        identidad_protegida: bool = False,
    ) -> Issued:
        """A person at the counter: number, hour and label at once; the scan comes later."""
        return self._issued(
            self.office.radicar_sin_imagen(
                campos, clase=clase, recibido=recibido, identidad_protegida=identidad_protegida
            )
        )

    def radicar_verbal(
        self, dicho: Spoken, campos: Mapping[str, Any], *, otra: bool = False
    ) -> Heard:
        """Take down what somebody asks at the counter or by telephone: its page, reception, number
        and seal, and its closing where it was answered on the spot. No engine reads the page.

        Raises:
            Refused: see `Office.tomar_verbal`.
        """
        taken = self.office.tomar_verbal(dicho, campos)
        numbered, again = self.office.radicar_verbal(taken, otra=otra)
        path: str | None = None
        # The number must be seen; «sello pendiente»: the next start meets it again.
        with suppress(VentanillaError, OSError):
            self._seal_own(numbered)
        try:
            path = str(self.office.guardar_verbal(numbered.radicado))
        except (VentanillaError, OSError) as error:
            self.office.avisos.append(f"La constancia no se pudo escribir: {error}")
        return Heard(self._issued(numbered), path, again)

    def _seal_own(self, numbered: Numbered) -> None:
        """Seal a record whose original is a page of our own making."""
        state = self.office.estado(numbered.subject)
        if state.sellado is not None:
            return
        original = next(d.sha256 for d in state.documentos if d.rol == "original")
        page = self.office.vault.read(original)
        reading = read_own(page, STAMP_ROOM)
        lectura, document = self.readings.keep(reading, page)
        self.drafts.add(self._draft_of(state.subject))
        self.drafts.change_if_there(
            state.subject,
            lambda d: msgspec.structs.replace(
                d,
                radicado=numbered.radicado,
                estado="radicado",
                paginas=len(reading.paginas),
                lectura=lectura,
                pdf=document,
            ),
        )
        self.sellar(state.subject)

    def _issued(self, numbered: Numbered) -> Issued:
        try:
            label = str(self.office.guardar_etiqueta(numbered.radicado))
        except (MachineCannot, OSError):
            label = None  # a label can be made again; the number must be seen
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
            label,
            state.numero.folios or 1,
            numbered.subject,
            not state.imagen_pendiente,
        )


HEAD = "jefe_correspondencia"


def _held_by_another(draft: Draft) -> Refused:
    return Refused(
        "lo_tiene_otro",
        f"{draft.id} lo tiene {draft.lo_tiene}.",
        consejo="Pídale soltarlo, o que lo suelte el jefe de correspondencia.",
    )


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
