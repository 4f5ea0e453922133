"""What may be asked of the index: subjects, numbers, trays, lists. SQL over its tables, no more.

Questions about letters of the office's own lie in `letters_index`; the search in `query`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import msgspec

from records import learned
from records.events import NAMES
from records.expedientes_index import ExpedienteLookups
from records.imported import RecordImported
from records.numbering import RECEIVED
from records.query import PENDING
from records.tramite import UNASSIGNED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.events import Event
    from records.query import Condition


class Reception(msgspec.Struct, frozen=True):
    """A reception as the index knows it."""

    subject: str
    reclamo: str
    sha256: str | None
    carril: str
    recibido: str
    estado: str


class OpenOfSender(msgspec.Struct, frozen=True):
    """A record of the same sender that is not finished: what a new letter of theirs may be about;
    `vence` is the date that they were told."""

    radicado: str
    fecha: str
    asunto: str
    estado: str
    vence: str | None
    dependencia: str | None


class SendingRow(msgspec.Struct, frozen=True):
    """An attempt to send a letter, as the index knows it."""

    subject: str
    destinatario: int
    intento: int
    medio: str
    guia: str | None
    enviado: str
    estado: str


class Counts(msgspec.Struct, frozen=True):
    """How many records there are."""

    radicados: int
    imagen_pendiente: int
    sello_pendiente: int
    importados: int = 0


class Lookups(ExpedienteLookups):
    """The questions; `index.Index` answers `query` and `events`."""

    @abstractmethod
    def events(self, subject: str) -> list[Event]:
        """The events of a subject, read from the journals."""

    def head(self, subject: str) -> str | None:
        """The hash of the newest event of a subject."""
        rows = self.query(
            "SELECT hash FROM evento WHERE subject=? ORDER BY seq DESC LIMIT 1", (subject,)
        )
        return str(rows[0][0]) if rows else None

    def disposals(self) -> list[str]:
        """The subjects of all disposals, oldest first."""
        rows = self.query(
            "SELECT subject FROM evento WHERE tipo='eliminacion.propuesta' ORDER BY at, subject"
        )
        return [str(row[0]) for row in rows]

    def unfinished_disposals(self) -> list[str]:
        """Subjects of disposals that two persons ordered and of which something is still there."""
        rows = self.query(
            "SELECT subject FROM evento e WHERE tipo='eliminacion.ejecutada' AND NOT EXISTS"
            " (SELECT 1 FROM evento f WHERE f.subject=e.subject AND f.tipo='eliminacion.cumplida')"
            " ORDER BY subject"
        )
        return [str(row[0]) for row in rows]

    def lives(self, subject: str) -> bool:
        """Whether what a subject names is to be kept: not that of an erased record, nor of a
        reception that has no number and waits for none."""
        rows = self.query("SELECT estado FROM registro WHERE subject=?", (subject,))
        if not rows:
            rows = self.query(
                "SELECT CASE WHEN incorporado IS NULL THEN estado ELSE 'incorporado' END"
                " FROM recepcion WHERE subject=?",
                (subject,),
            )
        return not rows or rows[0][0] not in ("eliminado", "descartado", "incorporado")

    def holds_words(self, subject: str) -> bool:
        """Whether any word of a record's content is in the index."""
        found = self.query(
            "SELECT 1 FROM registro r JOIN texto t ON t.rowid=r.id WHERE r.subject=?"
            " AND (r.asunto || r.remitente || t.asunto || t.remitente || t.campos || t.cuerpo)<>''"
            " UNION SELECT 1 FROM carta WHERE subject=?"
            " UNION SELECT 1 FROM conocido c JOIN registro r ON r.id=c.id WHERE r.subject=?",
            (subject, subject, subject),
        )
        return bool(found)

    def subject_of(self, radicado: str) -> str | None:
        """The subject that bears a radicado."""
        return self._one("SELECT subject FROM registro WHERE radicado=?", radicado)

    def origin_of(self, subject: str) -> str | None:
        """From which system a record was imported; None: the number is ours."""
        sql = "SELECT origen FROM registro WHERE subject=? AND origen IS NOT NULL"
        return self._one(sql, subject)

    def imported(self, origen: str) -> set[str]:
        """The radicados that were imported from a system."""
        rows = self.query("SELECT radicado FROM registro WHERE origen=?", (origen,))
        return {str(r[0]) for r in rows}

    def radicado_of(self, subject: str) -> str | None:
        """The radicado of a subject."""
        return self._one("SELECT radicado FROM registro WHERE subject=?", subject)

    def subject_of_document(self, digest: str) -> str | None:
        """The subject whose signed record has this hash; of what was imported, none is ours."""
        sql = "SELECT subject FROM registro WHERE registro=? AND origen IS NULL"
        return self._one(sql, digest)

    def number_event(self, subject: str) -> str | None:
        """The hash of the event that gave a subject its number."""
        sql = "SELECT hash FROM evento WHERE subject=? AND tipo='radicado.asignado'"
        return self._one(sql, subject)

    def numbers_between(self, punto: str, after: int, upto: int) -> list[str]:
        """Radicados given by the events of a stretch of a log."""
        rows = self.query(
            "SELECT r.radicado FROM evento e JOIN registro r ON r.subject = e.subject"
            " WHERE e.punto=? AND e.tipo='radicado.asignado' AND e.seq>? AND e.seq<=?"
            " ORDER BY e.seq",
            (punto, after, upto),
        )
        return [str(r[0]) for r in rows]

    def events_of_day(self, punto: str, day: str) -> list[Event]:
        """The events of a log whose hour falls on a day, read from the journal, in order; without
        the records that were imported: they may be a hundred thousand."""
        subjects = self.query(
            "SELECT DISTINCT subject FROM evento WHERE punto=? AND at>=? AND at<? AND tipo<>?",
            (punto, day, f"{day}~", NAMES[RecordImported]),
        )
        found = [e for (s,) in subjects for e in self.events(str(s))]
        return sorted(
            (e for e in found if e.punto == punto and e.at[:10] == day), key=lambda e: e.seq
        )

    def last_of_type(self, punto: str, tipo: str, subject: str | None = None) -> Event | None:
        """The newest event of a type in a log (of one subject, where it is named)."""
        rows = self.query(
            "SELECT subject, hash FROM evento WHERE punto=? AND tipo=?"
            " AND (? IS NULL OR subject=?) ORDER BY seq DESC LIMIT 1",
            (punto, tipo, subject, subject),
        )
        if not rows:
            return None
        return next(e for e in self.events(str(rows[0][0])) if e.hash == rows[0][1])

    def of_type(self, tipo: str) -> list[Event]:
        """The events of a type, by punto and order: for what a log says seldom."""
        rows = self.query(
            "SELECT subject, hash FROM evento WHERE tipo=? ORDER BY punto, seq", (tipo,)
        )
        return [next(e for e in self.events(str(s)) if e.hash == digest) for s, digest in rows]

    def numbered(self, desde: str, hasta: str, punto: str | None = None) -> list[str]:
        """Subjects numbered from one day to another (both included), by punto and order."""
        rows = self.query(
            "SELECT subject FROM registro WHERE fecha>=? AND fecha<? AND (? IS NULL OR punto=?)"
            " AND origen IS NULL"
            " ORDER BY punto, clase, vigencia, n",
            (desde, f"{hasta}~", punto, punto),
        )
        return [str(r[0]) for r in rows]

    def without_image(self, punto: str) -> list[str]:
        """Radicados of a punto that wait for their image, oldest first."""
        rows = self.query(
            "SELECT radicado FROM registro WHERE punto=? AND imagen_pendiente=1"
            " AND estado<>'anulado' ORDER BY id",
            (punto,),
        )
        return [str(r[0]) for r in rows]

    def waiting_papers(self, punto: str, dependencia: str) -> list[tuple[str, bool, bool]]:
        """(radicado, whether it waits for its image, whether that very dependencia refused it) of
        papers that wait for a dependencia, the oldest number first."""
        rows = self.query(
            "SELECT radicado, imagen_pendiente, ifnull(rechazo, '')=dependencia FROM registro"
            " WHERE punto=? AND dependencia=?"
            " AND papel='ventanilla' AND estado<>'anulado' ORDER BY id",
            (punto, dependencia),
        )
        return [(str(r), bool(pending), bool(refused)) for r, pending, refused in rows]

    def rounds(self, where: str = "1", values: Iterable[Any] = ()) -> list[str]:
        """Numbers of planillas that fit a condition over the table `planilla`, oldest first."""
        sql = f"SELECT numero FROM planilla WHERE {where} ORDER BY fecha, numero"
        return [str(r[0]) for r in self.query(sql, values)]

    def unsealed(self) -> list[str]:
        """Subjects with number and image and no seal, oldest first."""
        rows = self.query("SELECT subject FROM registro WHERE sello_pendiente=1 ORDER BY id")
        return [str(r[0]) for r in rows]

    def withholds(self) -> bool:
        """Whether any record is classified, or was until its last day."""
        return bool(self.query("SELECT 1 FROM registro WHERE nivel IS NOT NULL LIMIT 1"))

    def classified(self, hoy: str) -> list[str]:
        """Subjects whose content is withheld on a day, in the order of the numbers."""
        rows = self.query(
            "SELECT subject FROM registro WHERE nivel IS NOT NULL"
            " AND (reserva_hasta IS NULL OR reserva_hasta >= ?) ORDER BY id",
            (hoy,),
        )
        return [str(r[0]) for r in rows]

    def sendings_by_waybill(self, guia: str) -> list[SendingRow]:
        """The attempts that bear a carrier's number."""
        rows = self.query("SELECT * FROM envio WHERE guia=? ORDER BY enviado", (guia,))
        return [SendingRow(*row) for row in rows]

    def letters_waiting(self, *bandejas: str) -> list[str]:
        """Letters in one of these trays, by the one that waits longest."""
        marks = ",".join("?" * len(bandejas))
        rows = self.query(
            f"SELECT subject FROM carta_espera WHERE bandeja IN ({marks})"
            " GROUP BY subject ORDER BY min(desde), subject",
            bandejas,
        )
        return [str(row[0]) for row in rows]

    def letters_on_their_way(self) -> list[str]:
        """Letters of which an attempt has neither come back nor been acknowledged, oldest first."""
        rows = self.query(
            "SELECT e.subject FROM envio e JOIN registro r ON r.subject=e.subject"
            " WHERE e.estado='enviado' AND r.estado<>'anulado'"
            " GROUP BY e.subject ORDER BY min(e.enviado), e.subject"
        )
        return [str(row[0]) for row in rows]

    def unsent_since(self, before: str) -> int:
        """How many letters have had their number since before an hour, and are not sent."""
        sql = "SELECT count(*) FROM carta_espera WHERE bandeja='por_enviar' AND desde<?"
        return int(self.query(sql, (before,))[0][0])

    def series(self, clase: str, vigencia: int, punto: str | None) -> list[str]:
        """Subjects of the numbers of a class and year, by punto and order."""
        rows = self.query(
            "SELECT subject FROM registro WHERE clase=? AND vigencia=? AND (? IS NULL OR punto=?)"
            " ORDER BY punto, fecha, n",
            (clase, vigencia, punto, punto),
        )
        return [str(row[0]) for row in rows]

    def counts(self) -> Counts:
        """How many records have a number of ours, and what they wait for; how many have none."""
        row = self.query(
            "SELECT count(*) - count(origen), ifnull(sum(imagen_pendiente), 0),"
            " ifnull(sum(sello_pendiente), 0), count(origen) FROM registro"
        )[0]
        return Counts(*row)

    def earlier_same(self, subject: str, digest: str) -> str | None:
        """Radicado or subject of an earlier reception of the same bytes that was not discarded."""
        # The first is found before its number is: of a form that everybody sends in the same bytes
        # there may be thousands, and each would be paired with each record of it.
        rows = self.query(
            "SELECT subject, coalesce((SELECT radicado FROM registro g WHERE g.subject=r.subject),"
            " (SELECT radicado FROM registro g WHERE g.original=r.sha256 LIMIT 1), incorporado)"
            " FROM (SELECT * FROM recepcion WHERE sha256=? AND estado<>'descartado'"
            " AND seq < (SELECT seq FROM recepcion WHERE subject=?) ORDER BY seq LIMIT 1) r",
            (digest, subject),
        )
        return str(rows[0][1] or rows[0][0]) if rows else None

    def senders(self, key: str, seen: Condition, limit: int = 3) -> list[tuple[str, str]]:
        """(subject, radicado) of a sender's newest records (`senders.keys_of`), not annulled, that
        fit *seen* (`records.query.seen_by`, over `r.id`)."""
        rows = self.query(
            "SELECT r.subject, r.radicado FROM conocido c JOIN registro r ON r.id = c.id"
            f" WHERE c.clave=? AND r.estado<>'anulado' AND {seen.sql} ORDER BY c.id DESC LIMIT ?",
            (key, *seen.values, limit),
        )
        return [(str(s), str(n)) for s, n in rows]

    def tied(self, radicado: str, como: str) -> list[str]:
        """Radicados that are tied so to a record, the oldest number first; not annulled ones."""
        rows = self.query(
            "SELECT r.radicado FROM vinculo v JOIN registro r ON r.id = v.id"
            " WHERE v.con=? AND v.como=? AND r.estado<>'anulado' ORDER BY r.id",
            (radicado, como),
        )
        return [str(row[0]) for row in rows]

    def running(self) -> list[str]:
        """Subjects of received records whose term runs, the oldest number first."""
        rows = self.query(
            f"SELECT subject FROM registro WHERE clase=? AND vence IS NOT NULL AND {PENDING.sql}"
            " ORDER BY id",
            (RECEIVED,),
        )
        return [str(row[0]) for row in rows]

    def open_of_sender(self, key: str, seen: Condition, limit: int = 20) -> list[OpenOfSender]:
        """A sender's received records that nobody has finished (`senders.keys_of`), the newest
        first, of those that fit *seen* (`records.query.seen_by`, over `r.id`)."""
        rows = self.query(
            "SELECT r.radicado, r.fecha, r.asunto, r.estado, coalesce(r.vence_legal, r.vence),"
            " nullif(r.dependencia, ?) FROM conocido c JOIN registro r ON r.id = c.id"
            f" WHERE c.clave=? AND r.clase=? AND r.{PENDING.sql} AND {seen.sql}"
            " ORDER BY c.id DESC LIMIT ?",
            (UNASSIGNED, key, RECEIVED, *seen.values, limit),
        )
        return [OpenOfSender(*row) for row in rows]

    def history(self, features: Iterable[str], keys: Iterable[str]) -> learned.History:
        """What was counted of a letter's *features*, and where the letters of its sender went:
        of the first of *keys* (`senders.keys_of`, `senders.origins_of`) that has any, ten."""
        rows = self.query(
            "SELECT rasgo, dependencia, n FROM aprendido"
            " WHERE rasgo IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode([learned.ALL, *features]).decode(),),
        )
        counts: dict[str, dict[str, int]] = {}
        for feature, area, n in rows:
            counts.setdefault(str(feature), {})[str(area)] = int(n)
        for key in keys:
            areas = self.query(
                "SELECT e.dependencia FROM conocido c JOIN ensena e ON e.id = c.id"
                " WHERE c.clave=? ORDER BY c.id DESC LIMIT 10",
                (key,),
            )
            if areas:
                sender = (key.partition(":")[0], [str(a) for (a,) in areas])
                return learned.History(counts.pop(learned.ALL, {}), counts, sender)
        return learned.History(counts.pop(learned.ALL, {}), counts)

    def _one(self, sql: str, value: str) -> str | None:
        rows = self.query(sql, (value,))
        return str(rows[0][0]) if rows else None

    def receptions(self, where: str = "1", values: Iterable[Any] = ()) -> list[Reception]:
        """Receptions that fit a condition over the table `recepcion`, in order."""
        rows = self.query(
            "SELECT subject, reclamo, sha256, carril, recibido, estado FROM recepcion"
            f" WHERE {where} ORDER BY punto, seq",
            values,
        )
        return [Reception(*row) for row in rows]
