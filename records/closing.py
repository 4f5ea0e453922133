"""The part of the door that closes: the day of each series, and the year.

A closing says from which number to which, which were annulled and by which acta, that none is
missing, which wait for their image, what came and got no number, who was numbered before an older
letter and why; with the seal of the log at that moment. It is a signed PDF/A, for Control Interno
and whoever audits (Acuerdo 060 de 2001, art. 5). What it tells is read from the journal itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from records import expiring, identity, lines, norms, numbering
from records.acts import EMPTY
from records.correction import HEAD
from records.errors import Refused
from records.events import (
    ClockAdjusted,
    ClockRatified,
    DayClosed,
    DocumentReceived,
    ImageFiled,
    NumberAnnulled,
    NumberAssigned,
    ReceptionDiscarded,
    ReceptionRevived,
    Recovery,
    YearClosed,
)
from records.filing import RECEIPT
from records.home import CLERKS
from records.issuing import Issuing
from records.lines import read_hour
from records.sheets import Column, Sheet

if TYPE_CHECKING:
    from records.events import Event
    from records.expiring import Expiry
    from records.heads import Head
    from records.tail import Tail

BACKUP_EVERY = timedelta(days=1)


class _Taken(Exception):
    """The acta's number is another one's by now."""


class AnnulledRow(msgspec.Struct, frozen=True):
    """A number that was annulled, and by which acta."""

    radicado: str
    acta: str


class SeriesDay(msgspec.Struct, frozen=True):
    """What a series did in a stretch of time; `desde` and `hasta` are None where it did nothing."""

    punto: str
    clase: str
    vigencia: int
    desde: int | None
    hasta: int | None
    primero: str | None
    ultimo: str | None
    cantidad: int
    anulados: list[AnnulledRow]
    huecos: list[int]
    """Numbers between `desde` and `hasta` that are not there: none, or something is very wrong."""


class Closing(msgspec.Struct, frozen=True):
    """A day's closing as it was signed."""

    fecha: str
    series: list[SeriesDay]
    sello: str
    """The root of the log, in hex: with `tamano` lines it is this and no other."""
    tamano: int
    evento: str
    archivo: str
    imagen_pendiente: list[str]
    descartados: list[dict[str, Any]]
    orden: list[dict[str, Any]]
    avisos: list[str]
    acuses: list[dict[str, Any]] = []


def series_of(events: list[Event], annulled: list[NumberAnnulled]) -> list[SeriesDay]:
    """The series that *events* moved, in order, with what of them was annulled.

    A restored log numbers under another code: each of its epochs stands in a row of its own.
    """
    numbers: dict[tuple[str, int, str, int], list[NumberAssigned]] = {}
    for event in events:
        fact = event.fact
        if isinstance(fact, NumberAssigned):
            key = (event.punto, event.epoch, fact.clase, fact.vigencia)
            numbers.setdefault(key, []).append(fact)
    out = []
    for (punto, _, clase, vigencia), given in sorted(numbers.items()):
        ns = [f.n for f in given]
        names = {f.radicado for f in given}
        out.append(
            SeriesDay(
                punto=punto,
                clase=clase,
                vigencia=vigencia,
                desde=ns[0],
                hasta=ns[-1],
                primero=given[0].radicado,
                ultimo=given[-1].radicado,
                cantidad=len(ns),
                anulados=[AnnulledRow(a.radicado, a.acta) for a in annulled if a.radicado in names],
                huecos=sorted(set(range(ns[0], ns[-1] + 1)) - set(ns)),
            )
        )
    return out


class Closings(Issuing):
    """The closing of the day and of the year."""

    def cierre(self, fecha: date | None = None, salida: Path | None = None) -> Closing:
        """Close a day (today): signed, kept, told by an event. Once more only if more happened.

        Raises:
            Refused: the day is still to come, or nobody says who closes it.
        """
        self._look_again()
        actor = self.authority.require(self.persona, *CLERKS, "auditor", "admin").id
        day = fecha or lines.now().date()
        if day > lines.now().date():
            raise Refused("fecha_futura", f"El {day:%d/%m/%Y} todavía no llega.")
        self.index.catch_up()
        events = self.index.events_of_day(self.punto, day.isoformat())
        kept = self._already_closed(day, events)
        head = self.seal_head()
        closing = self._describe(day, events, head)
        target = salida or self.home / "salida" / "cierres" / f"cierre-{day.isoformat()}.pdf"
        self.disk.make_folder(target.parent)
        if kept is not None:
            fact = kept.fact
            assert isinstance(fact, DayClosed)
            self.disk.publish(target, self.vault.read(fact.documento))
            return msgspec.structs.replace(
                closing,
                sello=fact.raiz,
                tamano=fact.tamano,
                evento=kept.hash,
                archivo=str(target),
            )
        signer = self.signer
        page = self._closing_page(closing, day, events)
        signed = signer.sign(page, reason=f"Cierre del {day.isoformat()}")
        fact = DayClosed(
            fecha=day.isoformat(),
            tamano=head.said.size,
            raiz=head.said.root.hex(),
            documento=self.vault.put(signed, "pdf"),
            certificado=signer.certificate,
        )
        subject = f"dia.{self.punto}.{day.isoformat()}"
        with self._writing() as writer:
            event = self._append(writer, fact, subject, actor)
        self.disk.publish(target, signed)
        return msgspec.structs.replace(closing, evento=event.hash, archivo=str(target))

    def _already_closed(self, day: date, events: list[Event]) -> Event | None:
        """The day's closing, where nothing that it would tell came after it."""
        subject = f"dia.{self.punto}.{day.isoformat()}"
        last = self.index.last_of_type(self.punto, "dia.cerrado", subject)
        if last is None:
            return None
        told = (NumberAssigned, NumberAnnulled, DocumentReceived, ImageFiled, ReceptionDiscarded,
                ReceptionRevived, ClockAdjusted, ClockRatified, Recovery)  # fmt: skip
        later = [e for e in events if e.seq > last.seq and isinstance(e.fact, told)]
        return None if later else last

    def _describe(self, day: date, events: list[Event], head: Head) -> Closing:
        annulled = [e.fact for e in events if isinstance(e.fact, NumberAnnulled)]
        series = series_of(events, annulled)
        named = {row.radicado for one in series for row in one.anulados}
        others = [AnnulledRow(a.radicado, a.acta) for a in annulled if a.radicado not in named]
        for clase in self.settings.radicado.clases:
            mine = [r for r in others if f"-{clase}-" in r.radicado]
            if not any(s.clase == clase for s in series):
                series.append(
                    SeriesDay(self.punto, clase, day.year, None, None, None, None, 0, mine, [])
                )
        return Closing(
            fecha=day.isoformat(),
            series=series,
            sello=head.said.root.hex(),
            tamano=head.said.size,
            evento="",
            archivo="",
            imagen_pendiente=self.index.without_image(self.punto),
            descartados=self._discards(events),
            orden=self._order(events),
            avisos=self.alertas_del_dia(day, events),
            acuses=self._receipts(events),
        )

    def _receipts(self, events: list[Event]) -> list[dict[str, Any]]:
        """What came that day and got no number of its own, because it went to an earlier record."""
        return [
            {
                "recepcion": e.fact.recepcion,
                "radicado": e.fact.radicado,
                "archivo": self._withheld_name(e.subject)
                or str(self.estado(e.fact.recepcion).campos.get("archivo", "")),
                "actor": e.actor,
            }
            for e in events
            if isinstance(e.fact, ImageFiled) and e.fact.rol == RECEIPT
        ]

    def _withheld_name(self, subject: str) -> str | None:
        """What stands for the name of a file that came to a record: it may be the sender's."""
        state = self.estado(subject)
        kept = identity.WITHHELD if state.acceso.identidad_protegida else None
        return self.withheld(state) or kept

    def _discards(self, events: list[Event]) -> list[dict[str, Any]]:
        """What got no number that day and why; what was taken up again later is marked so."""
        out = []
        for event in events:
            fact = event.fact
            if isinstance(fact, ReceptionDiscarded):
                now = self.estado(fact.recepcion)
                same = self.index.subject_of(fact.de or "")
                hidden = self._withheld_name(same) if same else None
                out.append(
                    {
                        "recepcion": fact.recepcion,
                        "motivo": fact.motivo,
                        "de": fact.de,
                        "nota": hidden or str((event.ficha or {}).get("nota", "")),
                        "archivo": hidden or str(now.campos.get("archivo", "")),
                        "actor": event.actor,
                        "revivido": now.descartada is None,
                    }
                )
        return out

    @staticmethod
    def _order(events: list[Event]) -> list[dict[str, Any]]:
        """Numbers that were given before an older letter of their lane, and why."""
        return [
            {
                "radicado": e.fact.radicado,
                "saltadas": e.fact.saltadas_total,
                "cuales": list(e.fact.saltadas),
                "motivo": str((e.ficha or {}).get("motivo_orden", "")),
                "actor": e.actor,
            }
            for e in events
            if isinstance(e.fact, NumberAssigned) and e.fact.saltadas_total
        ]

    def alertas_del_dia(
        self, day: date | None = None, events: list[Event] | None = None
    ) -> list[str]:
        """What the head of the unit should look at (today): backups, the clock, cuts, what signs
        and ends soon."""
        out = []
        if events is None:
            self.index.catch_up()
            today = (day or lines.now().date()).isoformat()
            events = self.index.events_of_day(self.punto, today)
        backup = self.ultimo_respaldo()
        if backup is None:
            out.append("Nunca se ha hecho un respaldo de esta oficina.")
        elif lines.now() - lines.moment(backup) > BACKUP_EVERY:
            out.append(f"El último respaldo es del {read_hour(backup)}: hace más de un día.")
        adjusted = {e.hash: e for e in events if isinstance(e.fact, ClockAdjusted)}
        ratified = {e.fact.ajuste for e in self.index.events(f"reloj.{self.punto}")
                    if isinstance(e.fact, ClockRatified)}  # fmt: skip
        for digest, event in adjusted.items():
            state = "ratificado" if digest in ratified else "SIN RATIFICAR por el jefe"
            out.append(f"El reloj se ajustó a las {read_hour(event.at)} ({event.actor}): {state}.")
        cuts = sum(isinstance(e.fact, Recovery) for e in events)
        if cuts:
            out.append(f"Hubo {cuts} corte(s) del equipo, ya recuperados sin perder números.")
        return out + [expiring.told(one) for one in self.expiries() if one.pronto]

    def expiries(self) -> list[Expiry]:
        """What signs here, and until when."""
        token = self.punto if self.settings.firma.pkcs11_modulo else None
        return list(expiring.expiries(self.keys, token))

    def ultimo_respaldo(self) -> str | None:
        """When the last backup was made, by the journal."""
        self.index.catch_up()
        last = self.index.last_of_type(self.punto, "respaldo.hecho")
        return last.at if last is not None else None

    def ultimo_cierre(self) -> DayClosed | None:
        """The newest closing of a day."""
        self.index.catch_up()
        last = self.index.last_of_type(self.punto, "dia.cerrado")
        fact = last.fact if last is not None else None
        return fact if isinstance(fact, DayClosed) else None

    # -- the page -----------------------------------------------------------------------------

    def _closing_page(self, closing: Closing, day: date, events: list[Event]) -> bytes:
        sheet = self._sheet(
            "Cierre del día",
            at=lines.now(),
            subtitle=f"{day.day} {lines.MONTHS[day.month - 1]} {day.year} · sede {self.punto}",
            mark=f"Sello del día {closing.sello[:16]}",
        )
        received = sum(isinstance(e.fact, DocumentReceived) for e in events)
        total = sum(s.cantidad for s in closing.series)
        sheet.paragraph(
            f"Se recibieron {received} documentos y se dieron {total} números. Ningún número "
            "falta, se repite ni se cambió."
            if not any(s.huecos for s in closing.series)
            else "ATENCIÓN: faltan números. Ejecute «ventanilla verificar»."
        )
        _series_table(sheet, closing.series, self.settings.radicado.clases)
        _closing_lists(sheet, closing)
        sheet.heading("Sello del día")
        sheet.pairs(
            [
                ("Líneas del diario", str(closing.tamano)),
                ("Raíz (RFC 6962)", closing.sello),
                ("Cerrado", read_hour(lines.stamp(lines.now()))),
            ]
        )
        norm = norms.cite(numbering.ORDER, lines.now().date())
        sheet.paragraph(f"Norma: {norm}.", small=True)
        return sheet.pdf()

    # -- the year -----------------------------------------------------------------------------

    def cerrar_vigencia(self, vigencia: int, *, clave: str | None) -> Closing:
        """The acta that closes a year's series and opens the next, signed by the head of the unit.

        Raises:
            Refused: the year has not ended, was closed, or had no number.
        """
        now = lines.now()
        if vigencia >= now.year:
            raise Refused(
                "vigencia_en_curso", f"La vigencia {vigencia} se cierra desde el 1 de enero."
            )
        pen = self._pen(clave, HEAD)
        subject = f"vigencia.{self.punto}.{vigencia}"
        self.index.catch_up()
        done = self.index.last_of_type(self.punto, "vigencia.cerrada", subject)
        if done is not None:
            raise Refused("ya_cerrada", f"{vigencia} se cerró por el acta {done.data['acta']}.")
        events = self._numbers_of_year(vigencia)
        if not events:
            raise Refused("sin_numeros", f"En {vigencia} no se dio ningún número en {self.punto}.")
        head = self.seal_head()
        series = self._year_series(vigencia, events)
        while True:
            with self._writing() as writer:
                acta, n, _ = numbering.next_acta(self.settings, writer.tail, now.year)
            signer = self.signer
            page = self._year_page(vigencia, acta, series, head, pen.person)
            signed = signer.sign(page, reason=f"Acta {acta}: cierre de {vigencia}")
            document = self.vault.put(signed, "pdf")

            def fact(
                tail: Tail, n: int = n, document: str = document, own: str = signer.certificate
            ) -> YearClosed:
                written, number, before = numbering.next_acta(self.settings, tail, now.year)
                if number != n:
                    raise _Taken
                return YearClosed(
                    vigencia=vigencia,
                    acta=written,
                    n=number,
                    anterior=before,
                    acta_vigencia=now.year,
                    tamano=head.said.size,
                    raiz=head.said.root.hex(),
                    documento=document,
                    certificado=own,
                    acto=EMPTY,
                )

            try:
                event = self._sign_and_append(pen, subject, fact)
                break
            except _Taken:
                continue  # another acta took the number that the page says: the next
        target = self.home / "salida" / "actas" / f"{acta}.pdf"
        self.disk.make_folder(target.parent)
        self.disk.publish(target, signed)
        return Closing(
            fecha=lines.stamp(now)[:10],
            series=series,
            sello=head.said.root.hex(),
            tamano=head.said.size,
            evento=event.hash,
            archivo=str(target),
            imagen_pendiente=[],
            descartados=[],
            orden=[],
            avisos=[],
        )

    def _numbers_of_year(self, vigencia: int) -> list[Event]:
        subjects = self.index.numbered(f"{vigencia}-01-01", f"{vigencia}-12-31", self.punto)
        found = [e for s in subjects for e in self.index.events(s)]
        return sorted(found, key=lambda e: e.seq)

    @staticmethod
    def _year_series(vigencia: int, events: list[Event]) -> list[SeriesDay]:
        annulled = [e.fact for e in events if isinstance(e.fact, NumberAnnulled)]
        return [s for s in series_of(events, annulled) if s.vigencia == vigencia]

    def _year_page(
        self, vigencia: int, acta: str, series: list[SeriesDay], head: Head, person: str
    ) -> bytes:
        sheet = self._sheet(
            f"Acta de cierre de {vigencia} y apertura de {vigencia + 1}",
            at=lines.now(),
            subtitle=acta,
            mark=f"Acta {acta}",
        )
        sheet.paragraph(
            f"Se cierran las series de radicación de la vigencia {vigencia} en la sede "
            f"{self.punto} con los números que siguen. Las de {vigencia + 1} empiezan en 1."
        )
        _series_table(sheet, series, self.settings.radicado.clases)
        sheet.heading("Integridad")
        sheet.pairs(
            [
                ("Líneas del diario", str(head.said.size)),
                ("Raíz (RFC 6962)", head.said.root.hex()),
            ]
        )
        known = self.authority.personas.get(person)
        sheet.signature(known.nombre if known else person, known.cargo if known else "")
        norm = norms.cite(numbering.ORDER, lines.now().date())
        sheet.paragraph(f"Norma: {norm}.", small=True)
        return sheet.pdf()


def _series_table(sheet: Sheet, series: list[SeriesDay], classes: dict[str, str]) -> None:
    columns = [
        Column("Serie", 2),
        Column("Desde", 2.4),
        Column("Hasta", 2.4),
        Column("Números", right=True),
        Column("Anulados", 2.6),
        Column("Huecos", right=True),
    ]
    rows = [
        (
            f"{s.clase} {classes.get(s.clase, '')}",
            s.primero or "—",
            s.ultimo or "—",
            str(s.cantidad),
            "; ".join(f"{r.radicado} (acta {r.acta})" for r in s.anulados) or "ninguno",
            str(len(s.huecos)) if s.huecos else "ninguno",
        )
        for s in series
    ]
    sheet.table(columns, rows, empty="Ninguna serie se movió.")


def _closing_lists(sheet: Sheet, closing: Closing) -> None:
    if closing.avisos:
        sheet.heading("Para atender")
        for text in closing.avisos:
            sheet.paragraph(f"• {text}")
    if closing.imagen_pendiente:
        sheet.heading("Numerados que esperan su imagen")
        sheet.paragraph(", ".join(closing.imagen_pendiente))
    if closing.descartados:
        sheet.heading("Recibidos que no se radicaron")
        sheet.table(
            [Column("Recepción"), Column("Motivo", 1.2), Column("Nota", 3), Column("Quién")],
            [
                (
                    d["recepcion"],
                    d["motivo"] + (f" de {d['de']}" if d["de"] else ""),
                    (d["nota"] or d["archivo"]) + (" (retomado después)" if d["revivido"] else ""),
                    d["actor"],
                )
                for d in closing.descartados
            ],
        )
    if closing.acuses:
        sheet.heading("Recibidos que se unieron a un radicado anterior")
        sheet.table(
            [Column("Recepción"), Column("Radicado", 1.6), Column("Archivo", 3), Column("Quién")],
            [(a["recepcion"], a["radicado"], a["archivo"], a["actor"]) for a in closing.acuses],
        )
    if closing.orden:
        sheet.heading("Numerados antes que otros recibidos primero")
        sheet.table(
            [Column("Radicado", 2), Column("Dejó atrás", right=True), Column("Por qué", 4)],
            [(o["radicado"], str(o["saltadas"]), o["motivo"]) for o in closing.orden],
        )
