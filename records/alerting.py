"""The part of the door that watches over terms: alerts, digests as files, digests by mail.

Whoever asks sees of alerts what they may see of records; a digest leaves the program and holds of
what is classified or reserved the number and its last day, whoever makes it (`records.digest`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import alerts, digest, lines, mailing, terms_index
from records.alerts import Alert, Summary, Watch
from records.awaiting import Awaiting
from records.calendar import Calendar
from records.correction import HEAD
from records.digest import Digest
from records.errors import Refused
from records.guard import COUNTER
from records.query import Condition, seen_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from records.mailing import Delivery
    from records.people import Area
    from records.terms_index import OpenRecord


class DigestFile(msgspec.Struct, frozen=True):
    """A digest that was written: of an área (None: of the whole office), and how much is in it."""

    archivo: str
    dependencia: str | None
    alertas: int


class Alerting(Awaiting):
    """Tell what is due, and who should do what."""

    def alertas(
        self, *, dependencia: str | None = None, persona: str | None = None, dias: int | None = None
    ) -> list[Alert]:
        """What presses, the worst first: of an área; of a person, with the áreas that they head; or
        of all. Only what is open to who looks.

        Besides what is urgent and what nobody has: terms with at most *dias* working days left
        (`[alertas] amarillo_dias`).

        Raises:
            Refused: there is no such área or person.
        """
        area = None if dependencia is None else self.authority.area(dependencia).codigo
        found = self._pressing(persona, dias)
        held = (a for a in found if area is None or alerts.concerns(a, area))
        return sorted(held, key=alerts.worst)

    def cuentas_alertas(self, *, persona: str | None = None) -> Summary:
        """How many `alertas` there are of each sort; thousands of them are counted, not kept.

        Raises:
            Refused: there is no such person.
        """
        return alerts.summary(self._pressing(persona))

    def _pressing(self, persona: str | None, dias: int | None = None) -> Iterator[Alert]:
        if persona is not None:
            self.authority.require(persona)
        days = self.settings.alertas.amarillo_dias if dias is None else dias
        return (
            a
            for a in self._judged(seen_by(self.sight, "r.id"))
            if alerts.pressing(a, days) and (persona is None or self._is_for(a, persona))
        )

    def resumenes(self) -> list[Digest]:
        """The digest of each área, by its code, and last that of the whole office."""
        days, now = self.settings.alertas.amarillo_dias, lines.now()
        held = (a for a in self._judged(Condition("1")) if alerts.pressing(a, days))
        told = sorted(held, key=alerts.worst)
        entity = self.settings.entidad
        heads: list[tuple[str | None, str]] = [
            *((a.codigo, f"Alertas · {a.codigo} {a.nombre}") for a in self._areas()),
            (None, "Alertas · Correspondencia, todas las dependencias"),
        ]
        return [
            Digest(
                code, title, entity.nombre, entity.nit, now,
                [a for a in told if code is None or alerts.concerns(a, code)],
            )
            for code, title in heads
        ]  # fmt: skip

    def guardar_resumenes(self, carpeta: Path, formato: str) -> list[DigestFile]:
        """Write those digests into a folder, each under its own name, whole or not at all.

        An área without alerts gets its file too: that of yesterday would be believed.

        Raises:
            Refused: there is no such format, or no such folder can be.
        """
        if formato not in digest.FORMATS:
            raise Refused("formato", f"Los formatos son: {', '.join(digest.FORMATS)}.")
        if carpeta.exists() and not carpeta.is_dir():
            raise Refused("no_es_carpeta", f"{carpeta} es un archivo.", consejo="Dé una carpeta.")
        pages = [(one, one.render(formato)) for one in self.resumenes()]
        self.disk.make_folder(carpeta)
        out = []
        for one, data in pages:
            path = carpeta / f"{one.nombre}.{formato}"
            self.disk.publish(path, data)
            out.append(DigestFile(str(path), one.codigo, len(one.alertas)))
        return out

    def enviar_resumenes(self) -> Delivery:
        """Send each digest that has alerts to the addresses of `[correo]`.

        Only who answers for the correspondence sends, or `admin`, who runs it by the clock.

        Raises:
            Refused: `[correo]` says no server or nobody to send to, or names an área that is none.
            MachineCannot: the password cannot be used.
        """
        self._look_again()
        self.authority.require(self.persona, COUNTER, HEAD, "admin")
        mail = self.settings.correo
        for code in mail.areas:
            self.authority.area(code)
        held = [
            (one, mail.correspondencia if one.codigo is None else mail.areas.get(one.codigo, ()))
            for one in self.resumenes()
        ]
        return mailing.send(
            mail,
            [(one, whom) for one, whom in held if whom],
            sender=mail.remitente or self.settings.entidad.correo,
            keys=self.keys.folder,
        )

    # -- shared -------------------------------------------------------------------------------

    def _judged(self, seen: Condition) -> Iterator[Alert]:
        self._look_again()
        self.index.catch_up()
        watch = self.vigia()
        rows = terms_index.open_records(self.index, seen, watch.today.isoformat())
        return map(watch.judge, map(self._with_awaited, rows))

    def vigia(self) -> Watch:
        """Who judges, as of now, how near a term is."""
        settings = self.settings
        return Watch(
            lines.now(), Calendar.of(settings.horario), settings.alertas, self.authority,
            settings.reparto_por_defecto.tipo, settings.tramite.interno_dias,
        )  # fmt: skip

    def _with_awaited(self, row: OpenRecord) -> OpenRecord:
        """A record that stands still, with what its petitioner is to give and until when."""
        if row.estado != "suspendido":
            return row
        return msgspec.structs.replace(row, espera=self.esperado(row.radicado))

    def _is_for(self, alert: Alert, persona: str) -> bool:
        """Whether it is a person's turn, or the record is theirs, or of an área that they head."""
        mine = self.authority.works_for(persona)
        led = any(self.authority.heads(a, persona) for a in (alert.dependencia, *alert.conjuntas))
        roles = alert.quien in self.authority.roles_of(persona)
        return led or roles or alert.quien in mine or alert.responsable in mine

    def _areas(self) -> Iterable[Area]:
        return sorted(self.authority.areas.values(), key=lambda a: a.codigo)
