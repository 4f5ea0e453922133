"""The part of the door that closes expedientes, and opens them again.

At its closing an expediente's índice electrónico is fixed: all its documents in order with their
hashes, in XML signed by the punto's certificate (G.INF.08; Acuerdo 003 de 2015). From then on
nothing goes in or out, and its time of retention runs; a closed one is reopened only with a reason
(Acuerdo 001 de 2024, art. 4.3.2.4).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from records import fields, lines, norms
from records.expedientes import Closed, Reopened, subject_of
from records.journal import Draft
from retention import hoja, indice, xades
from retention.content import contents, control_rows, newest_day, waiting
from retention.dossiers import CONTROL
from retention.due import Retention
from retention.room import refused, today

if TYPE_CHECKING:
    from datetime import datetime

    from records.events import Event
    from records.expedientes import Expediente
    from records.journal import Writer

CLOSING = "Acuerdo 001 de 2024 (AGN), art. 4.3.2.4"
MOST_NAMED = 100
FIRST_DAY = date(1900, 1, 1)


class Shut(msgspec.Struct, frozen=True):
    """An expediente that was closed."""

    expediente: str
    fecha: str
    documentos: int
    folios: int
    indice: str
    """Path of the índice electrónico."""
    sha256: str
    hoja: str
    """Path of the hoja de control."""
    evento: str
    abiertas: list[str]


class Closing(Retention):
    """Closing and reopening."""

    def cerrar(self, numero: str, motivo: str = "", *, fecha: date | None = None) -> Shut:
        """Close an expediente: its índice is made, signed and kept, and its retention begins.

        *fecha* is the day of the act that closes it, where that is not today; it needs a reason.

        Raises:
            Refused: it is closed or empty, a document of it waits for its image or seal, petitions
                in it wait for their answer and no reason is given, or the day cannot be.
            CannotSign: its índice cannot be signed now.
        """
        actor = self._handler(self.expediente(numero).abierto.dependencia)
        day, reason = self._closing_day(fecha, motivo), fields.clean_text(motivo)
        while True:
            state = self._open(numero)
            unanswered = self._may_close(state, reason)
            self._not_before(state, day)
            at = lines.now()
            xml, certificate = self._index_of(state, at, day)
            page = self._control_sheet(state, at)
            vault = self.office.vault
            fact = Closed(
                expediente=state.numero,
                fecha=day.isoformat(),
                documentos=len(state.miembros),
                folios=sum(m.folios or 0 for m in state.miembros),
                indice=vault.put(xml, "xml"),
                certificado=certificate,
                hoja=vault.put(page, "pdf"),
                abiertas=unanswered[:MOST_NAMED],
            )
            event = self._close(state, fact, actor, reason)
            if event is not None:
                break  # else somebody filed meanwhile: its index would not say so
        return self._shut(fact, event, unanswered)

    def _close(self, seen: Expediente, fact: Closed, actor: str, reason: str) -> Event | None:
        """Say that it is closed, if it is still as it was *seen*."""

        def plan(_: Writer) -> list[Draft]:
            if self._open(seen.numero) != seen:
                raise _Moved
            told = {"motivo": reason} if reason else None
            return [Draft(fact, subject_of(seen.numero), actor, (), told)]

        try:
            return self.office.asentar(plan)[0]
        except _Moved:
            return None

    def _closing_day(self, fecha: date | None, motivo: str) -> date:
        day = fecha or today()
        if not FIRST_DAY <= day <= today():
            raise refused("por_venir", f"Un expediente no se cierra el {day}.", CLOSING)
        if day != today() and not motivo.strip():
            raise refused(
                "sin_motivo",
                "Un cierre con fecha anterior nombra el acto que lo dice.",
                CLOSING,
                "Escríbalo con --motivo.",
            )
        return day

    def _not_before(self, state: Expediente, day: date) -> None:
        """Refuse a day before the newest of what lies in it: retention would begin too early."""
        newest = max(newest_day(self.office, member) for member in state.miembros)
        if day.isoformat() < newest:
            raise refused(
                "antes_de_lo_que_tiene",
                f"{state.numero} tiene un documento del {newest}: no pudo cerrarse el {day}.",
                CLOSING,
                f"Diga un día desde el {newest}, o ninguno si se cierra hoy.",
            )

    def _may_close(self, state: Expediente, reason: str) -> list[str]:
        """The petitions in it that wait for an answer; refuses what keeps it open."""
        if not state.miembros:
            raise refused(
                "vacio",
                f"{state.numero} no tiene ningún documento.",
                CLOSING,
                "Un expediente se forma con sus documentos; incorpórelos primero.",
            )
        pending, unanswered = waiting(self.office, state.radicados)
        if pending:
            raise refused(
                "sin_imagen",
                f"De {state.numero} esperan su imagen o su sello: {', '.join(pending[:5])}.",
                CLOSING,
                "Escanéelos y séllelos, y cierre después: el índice lleva la huella de cada uno.",
            )
        if unanswered and not reason:
            raise refused(
                "sin_responder",
                f"En {state.numero} hay peticiones sin responder: {', '.join(unanswered[:5])}.",
                CLOSING,
                "Respóndalas primero, o diga con --motivo por qué se cierra.",
            )
        return unanswered

    def _index_of(self, state: Expediente, at: datetime, day: date) -> tuple[bytes, str]:
        """The signed índice, and the certificate that signs it."""
        office, made = self.office, state.abierto
        row, table = self.row_of(made.serie, made.trd), self.table(made.trd)
        header = indice.Header(
            entidad=office.settings.entidad.nombre,
            expediente=state.numero,
            nombre=state.nombre,
            serie=made.serie,
            nombre_serie=row.nombre_serie,
            nombre_subserie=row.nombre_subserie,
            dependencia=made.dependencia,
            trd=table.version,
            fecha_apertura=state.fecha,
            fecha_cierre=lines.stamp(at) if day == at.date() else f"{day}T00:00:00-05:00",
        )
        xml = indice.build(header, [c.item for c in contents(office, state)])
        signer = office.signer
        return xades.sign(xml, signer, signer.own, signer.issuers(), at), signer.certificate

    def _control_sheet(self, state: Expediente, at: datetime) -> bytes:
        """The hoja de control, as it goes at the front of the file."""
        office, made = self.office, state.abierto
        row = self.row_of(made.serie, made.trd)
        area = office.authority.areas.get(made.dependencia)
        person = office.authority.personas.get(made.responsable or "")
        sheet = office.hoja(
            hoja.TITLE, at=at, subtitle=state.numero, mark=f"Hoja de control {state.numero}"
        )
        said = hoja.Hoja(
            dependencia=f"{area.codigo} {area.nombre}" if area else made.dependencia or "–",
            serie=f"{row.serie} {row.nombre_serie}",
            subserie=f"{row.subserie} {row.nombre_subserie}".strip(),
            expediente=state.nombre,
            numero=state.numero,
            filas=control_rows(office, state),
            norma=norms.cite(CONTROL, at.date()),
            caja=state.ubicacion.get("caja", ""),
            carpeta=state.ubicacion.get("carpeta", ""),
            responsable=person.nombre if person else "",
            cargo=person.cargo if person else "",
        )
        return hoja.fill(sheet, said)

    def _shut(self, fact: Closed, event: Event, unanswered: list[str]) -> Shut:
        """What was closed, with its papers where people find them."""
        office = self.office
        folder = office.home / "salida" / "expedientes" / fact.expediente
        office.disk.make_folder(folder)
        paths = []
        for name, digest in (("indice.xml", fact.indice), ("hoja-de-control.pdf", fact.hoja)):
            path = folder / name
            office.disk.publish(path, office.vault.read(digest or ""))
            paths.append(str(path))
        return Shut(
            fact.expediente,
            fact.fecha,
            fact.documentos,
            fact.folios,
            paths[0],
            fact.indice,
            paths[1],
            event.hash,
            unanswered,
        )

    def reabrir(self, numero: str, motivo: str) -> Event:
        """Open a closed expediente again; its retention begins anew at the next closing.

        Raises:
            Refused: who asks is no archivist, it is open, held by nobody's fault elsewhere: an
                archive accepted it; a disposal that stands would erase it; or no reason is given.
        """
        actor, reason = self._keeper(), self._reason(motivo)

        def fact(state: Expediente) -> Reopened:
            if state.cerrado is None:
                raise refused("abierto", f"{state.numero} está abierto.", CLOSING)
            pending = self.office.index.on_the_way(state.numero)
            if pending is not None:
                raise refused(
                    "en_camino",
                    f"{state.numero} va en la transferencia {pending}, que nadie ha aceptado.",
                    CLOSING,
                    f"Devuélvala primero: «transferencia devolver {pending} --motivo …».",
                )
            if state.fase != "gestion":
                raise refused(
                    "transferido",
                    f"{state.numero} está en el archivo {state.fase}: no se reabre.",
                    CLOSING,
                    "Abra otro y refiéralo a este: «ventanilla expediente referir».",
                )
            self._must_not_be_doomed(state.numero)
            return Reopened(expediente=state.numero)

        return self._say(numero, self._alive, fact, actor, {"motivo": reason})

    def _must_not_be_doomed(self, numero: str) -> None:
        """Refuse to change what a committee and the public were told would be erased as it was."""
        for one in self.eliminaciones():
            if one.estado not in ("retirada", "eliminada") and numero in one.condenados:
                raise refused(
                    "en_eliminacion",
                    f"{numero} está en la eliminación {one.numero}, que está {one.estado}.",
                    CLOSING,
                    f"Retírela primero: «eliminar retirar {one.numero} --motivo …»; o, publicada, "
                    "exclúyalo al acoger una observación.",
                )


class _Moved(Exception):
    """The expediente is no longer as it was when its index was made."""
