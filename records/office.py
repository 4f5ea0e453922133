"""The door `Office`: one method for each thing a person may do to a record.

Each verb checks who asks, checks the rule, appends, returns. `ingest.Recepcion` and
`retention.Archivo` change facts only through it; screens and commands hold no rule of their own.
"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from records import (
    fields,
    labels,
    learned,
    lines,
    matters,
    norms,
    numbering,
    paper,
    people,
    protecting,
    routing,
    senders,
)
from records import settings as settings_
from records.acknowledging import Acknowledging
from records.adopting import Adopting
from records.alerting import Alerting
from records.archiving import NO_NAMES, NO_TERM, Archiving
from records.errors import MachineCannot, Refused
from records.events import (
    DocumentReceived,
    Event,
    ReceptionDiscarded,
    ReceptionRevived,
    SeriesOpened,
    in_order,
)
from records.exporting import Exporting
from records.figuring import Figuring
from records.fixing import Fixing
from records.guard import COUNTER
from records.handover import HandOver
from records.hearing import Hearing
from records.imported_view import imported_view
from records.importing import Importing
from records.journal import PREVIOUS, Draft
from records.leaving import Leaving
from records.ledger import Ledger
from records.numbering import Wanted
from records.outgoing import Outgoing
from records.overseeing import Overseeing
from records.petitioning import Petitioning
from records.query import Results, search, seen_by
from records.recounting import Recounting
from records.register import Registers
from records.relieving import Relieving
from records.reserve import Sight, may_see
from records.saved_views import SavedViews
from records.schema import JOINED
from records.state import State, fold
from records.succession import Succession
from records.tomb_view import tomb_view
from records.tying import Tying
from records.unfinished import UnfinishedForms
from records.views import RecordView, outside_view, record_view
from records.withheld import Withheld

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from records.hearing import Numbered
    from records.learned import Suggestion
    from records.senders import Known

MAX_AGE_DAYS = 366
MAX_START = 999_999
DISCARDS = ("privada", "duplicado", "publicidad", "ilegible", "mal_dirigida", "prueba", "otro")
NAMELESS = "anonima"
"""A reason besides, where the office reads article 10 of the Acuerdo 060 to the letter."""


def check_received(moment: datetime | None) -> None:
    """Refuse an hour of reception that is most likely a slip of the pen.

    Raises:
        Refused: it is later than now (five minutes aside) or a year and more ago.
    """
    if moment is None:
        return
    now = lines.now()
    if not now - timedelta(days=MAX_AGE_DAYS) <= moment <= now + timedelta(minutes=5):
        raise Refused(
            "recibido_imposible",
            f"{lines.stamp(moment)} no puede ser cuándo llegó.",
            consejo="Debe ser de este último año y no posterior a ahora.",
        )


class Office(
    Registers,
    Overseeing,
    HandOver,
    Hearing,
    Succession,
    Leaving,
    Relieving,
    Fixing,
    Recounting,
    Petitioning,
    Tying,
    Archiving,
    Outgoing,
    Withheld,
    Alerting,
    Acknowledging,
    Ledger,
    Adopting,
    Importing,
    SavedViews,
    UnfinishedForms,
    Exporting,
    Figuring,
):
    """The door: what a person may do to a record of this home."""

    # -- receptions ---------------------------------------------------------------------------

    def recibir(
        self,
        data: bytes | None,
        *,
        reclamo: str,
        nombre: str,
        carril: str,
        extension: str = "bin",
        recibido: datetime | None = None,
        fuente: str | None = None,
        declarado_por: str | None = None,
        actor: str | None = None,
    ) -> str:
        """Record a reception and keep its original; returns its subject. A repeat is harmless.

        *recibido* is when it reached the entity; None, or a moment still to come, means now.
        """
        lane = self.settings.lane(carril)
        if self._persona is not None:
            self.authority.require(self._persona)
        digest = self.vault.put(data, extension) if data is not None else None
        with self._writing() as writer:
            known = self._reception_of(reclamo)
            if known is not None:
                return known
            if data is not None and self.vault.find(digest or "") is None:
                self.vault.put(data, extension)  # a disposal erased the same bytes meanwhile
            at = writer.at()
            fact = DocumentReceived(
                reclamo=reclamo,
                sha256=digest,
                bytes=None if data is None else len(data),
                formato=extension if data is not None else None,
                carril=lane.nombre,
                canal=lane.canal,
                recibido=min(lines.stamp(recibido), at) if recibido else at,
                fuente=fields.clean_text(fuente or lane.fuente),
                declarado_por=declarado_por,
            )
            event = writer.append(
                fact,
                subject=self._new_subject,
                actor=actor or self.persona or people.SYSTEM,
                ficha={"archivo": fields.clean_text(nombre)},
                at=at,
            )
        return event.subject

    # -- numbers ------------------------------------------------------------------------------

    def radicar(
        self,
        recepcion: str,
        campos: Mapping[str, Any],
        *,
        clase: str = "E",
        motivo: str | None = None,
        no_bloquean: Collection[str] = (),
        lote: str | None = None,
        identidad_protegida: bool = False,
    ) -> Numbered:
        """Give the next number of a series to a reception.

        *no_bloquean* are receptions that others hold, or that are being read or quarantined: they
        do not count in the order of the lane. *identidad_protegida* keeps who wrote it in the same
        write: nothing shows the name after the number was given.

        Raises:
            Refused: the reception has an outcome already, an older one would be left behind without
                a reason, a field cannot be, or the clock stands far behind the last event.
        """
        actor = self._clerk()
        numbering.check_class(self.settings, clase)
        values = fields.check(campos, self.authority)
        with self._writing() as writer:
            seq = writer.tail.reception_seq(recepcion)
            if seq is None:
                raise self.sin_salida(recepcion)
            skipped = numbering.left_behind(writer.tail, seq, no_bloquean)
            numbering.require_reason(skipped, motivo)
            state = self._writable(recepcion)
            wanted = Wanted(values, clase, tuple(skipped), motivo, lote)
            number = self._draft_number(writer, state, wanted, actor)
            drafts = [replace(number, after=self._after(recepcion))]
            event = writer.append_all(self._kept(drafts, values, identidad_protegida))[0]
        return self._numbered(event)

    def radicar_sin_imagen(
        self,
        campos: Mapping[str, Any],
        *,
        clase: str = "E",
        recibido: datetime | None = None,
        fuente: str | None = None,
        identidad_protegida: bool = False,
    ) -> Numbered:
        """A person stands at the counter: reception and number at once, the scan comes later;
        *identidad_protegida* as in `radicar`."""
        check_received(recibido)
        actor = self._clerk()
        numbering.check_class(self.settings, clase)
        values = fields.check({"folios": "1", **campos}, self.authority)
        lane = settings_.COUNTER
        with self._writing() as writer:
            at, seq = writer.at(), writer.next_seq()
            reception = DocumentReceived(
                reclamo=f"mostrador-{seq}",
                carril=lane.nombre,
                canal=values.get("canal", lane.canal),
                recibido=min(lines.stamp(recibido), at) if recibido else at,
                fuente=fields.clean_text(fuente or lane.fuente),
                declarado_por=actor,
            )
            state = State(self._new_subject(seq), recepcion=reception, recibido=reception.recibido)
            first = Draft(reception, state.subject, actor, ficha={"archivo": ""})
            number = self._draft_number(writer, state, Wanted(values, clase), actor)
            # One write, so that hardly a cut leaves a reception at the counter without its number.
            drafts = [first, replace(number, after=PREVIOUS)]
            event = writer.append_all(self._kept(drafts, values, identidad_protegida), at=at)[1]
        return self._numbered(event)

    def _kept(self, drafts: list[Draft], values: Mapping[str, Any], kept: bool) -> list[Draft]:
        """These events, the number last, with the one that keeps who wrote where that was asked."""
        if not kept:
            return drafts
        self.avisos += protecting.doubts(values)
        return [*drafts, protecting.with_number(drafts[-1])]

    # -- receptions without a number ----------------------------------------------------------

    def descartar(
        self,
        recepcion: str,
        motivo: str,
        *,
        de: str | None = None,
        nota: str | None = None,
        campos: Mapping[str, Any] | None = None,
    ) -> Event:
        """Close a reception without a number; the fact stays and is shown in the day's closing.

        *campos* are those of its draft: what nobody signed is judged by them.
        """
        actor = self._clerk()
        if motivo == NAMELESS:
            self._check_unsigned(campos or {}, nota)
        elif motivo not in DISCARDS:
            raise Refused(
                "motivo_desconocido",
                f"«{motivo}» no es un motivo.",
                consejo=f"Los motivos son: {', '.join(DISCARDS)}.",
            )
        note = fields.clean_text(nota or "")
        if motivo == "otro" and not note:
            raise Refused("sin_nota", "«otro» necesita una nota.", consejo="Explíquelo con --nota.")
        if motivo in ("duplicado", "ilegible") and not de:
            what = "el radicado que repite" if motivo == "duplicado" else "su nuevo escaneo"
            raise Refused("sin_referencia", f"«{motivo}» debe nombrar {what}.", consejo="Use --de.")
        self._check_reference(motivo, de)
        with self._writing() as writer:
            if writer.tail.reception_seq(recepcion) is None:
                raise self.sin_salida(recepcion)
            return self._append(
                writer,
                ReceptionDiscarded(recepcion=recepcion, motivo=motivo, de=de),
                recepcion,
                actor,
                {"nota": note} if note else None,
            )

    def _check_unsigned(self, campos: Mapping[str, Any], nota: str | None) -> None:
        """What nobody signed goes on without a number only where the office says so, and never a
        petition: no authority refuses to number one (CPACA, art. 15 par. 2)."""
        kind = campos.get("tipo") or self.settings.reparto_por_defecto.tipo
        today = lines.now().date()
        if self.settings.tramite.anonimos != "literal" or kind not in NO_TERM:
            raise Refused(
                "anonima_se_radica",
                f"Una comunicación anónima de tipo «{kind}» se radica como las demás.",
                consejo="Radíquela con remitente=anónimo; queda marcada.",
                norma=norms.cite("Ley 1437 de 2011 (CPACA), art. 15", today),
            )
        if str(campos.get("remitente") or "") not in ("", *NO_NAMES):
            raise Refused(
                "con_remitente",
                f"La firma {campos['remitente']}: no es anónima.",
                norma=norms.cite("Acuerdo 060 de 2001 (AGN), art. 10", today),
            )
        if not fields.clean_text(nota or ""):
            raise Refused(
                "sin_nota", "Diga a qué dependencia se le pasa.", consejo="Explíquelo con --nota."
            )

    def _check_reference(self, motivo: str, de: str | None) -> None:
        if de is None:
            return
        self.index.catch_up()
        if motivo == "duplicado" and self.index.subject_of(de) is None:
            raise Refused("no_existe", f"No hay ningún radicado {de}.")
        if motivo == "ilegible" and not (
            self.index.receptions("subject=?", (de,)) or self.index.subject_of(de)
        ):
            raise Refused("no_existe", f"No hay ningún documento {de}.")

    def revivir(self, recepcion: str) -> Event:
        """Take a discard back: the reception waits again in its lane, at its old place."""
        actor = self._clerk()
        with self._writing() as writer:
            state = self.estado(recepcion)
            if state.descartada is None or state.recepcion is None:
                raise Refused("no_descartada", f"La recepción {recepcion} no está descartada.")
            fact = ReceptionRevived(recepcion=recepcion, carril=state.recepcion.carril)
            return self._append(writer, fact, recepcion, actor)

    # -- labels -----------------------------------------------------------------------------------

    def etiqueta(self, *radicados: str, formato: str | None = None, posicion: int = 1) -> bytes:
        """The labels of records, in a form of `labels.SUFFIX`; None is the office's own."""
        rows = [self._label_facts(r) for r in radicados]
        return labels.render(rows, self.settings.etiqueta, formato, posicion)

    def texto_etiqueta(self, radicado: str) -> str:
        """The label's text, for the hand stamp."""
        return paper.label_text(self._label_facts(radicado))

    def _label_facts(self, radicado: str) -> paper.Facts:
        """What a label says; that of what is withheld is for the counter and for who may see it."""
        self.index.catch_up()
        state = self.estado(self.subject(radicado))
        self._must_see(state, [COUNTER])
        self._note_reading(state, "etiqueta")
        return self.stamp_facts(state)

    def guardar_etiqueta(
        self,
        *radicados: str,
        path: Path | None = None,
        formato: str | None = None,
        posicion: int = 1,
    ) -> Path:
        """Write labels under `salida/` (or at *path*); a number named twice has two labels."""
        data = self.etiqueta(*radicados, formato=formato, posicion=posicion)
        more = len(set(radicados)) - 1
        name = f"{radicados[0]}-y-{more}" if more else radicados[0]
        suffix = labels.SUFFIX[formato or self.settings.etiqueta.formato]
        target = path or self.home / "salida" / "etiquetas" / f"{name}{suffix}"
        self.disk.make_folder(target.parent)
        self.disk.publish(target, data)
        return target

    def imprimir(self, archivo: Path) -> None:
        """Print by the office's own command.

        Raises:
            MachineCannot: the command is missing or failed; the number stands all the same.
        """
        order = [part.format(archivo=archivo) for part in self.settings.etiqueta.orden_impresion]
        try:
            subprocess.run(order, check=True, capture_output=True, timeout=20)
        except (OSError, subprocess.SubprocessError) as error:
            raise MachineCannot(
                "impresora",
                f"No se pudo imprimir {archivo.name}.",
                consejo="El número quedó asignado. Revise la impresora y repita con «etiqueta», o "
                "copie los datos con el sello de mano.",
            ) from error

    # -- series -------------------------------------------------------------------------------

    def abrir_serie(self, clase: str, desde: int, acto: str) -> Event:
        """Go on from another system's last number: once per series, in its first vigencia."""
        actor = self.authority.require(self.persona, "jefe_correspondencia", "admin").id
        numbering.check_class(self.settings, clase)
        if not 1 <= desde <= MAX_START or not acto.strip():
            raise Refused("serie", "Hacen falta un número desde 1 y el acto que lo ordena.")
        with self._writing() as writer:
            vigencia = int(writer.at()[:4])
            if any(c == clase for c, _ in writer.tail.series):
                raise Refused(
                    "serie_empezada",
                    f"La serie {clase} ya empezó en este punto.",
                    consejo="Una serie se abre con otro número solo una vez, antes del primero.",
                    norma=norms.cite(numbering.ORDER, lines.now().date()),
                )
            fact = SeriesOpened(
                clase=clase, vigencia=vigencia, desde=desde, acto=fields.clean_text(acto)
            )
            return writer.append(fact, subject=f"serie.{clase.lower()}", actor=actor)

    # -- asking -------------------------------------------------------------------------------

    def buscar(self, texto: str, *, limite: int = 50, desde: str | None = None) -> Results:
        """Records that fit a query, of those that are open to who asks."""
        self.index.catch_up()
        return search(self.index, texto, self.sight, limit=limite, cursor=desde)

    def ver(self, radicado: str, *, content: bool = False) -> RecordView:
        """The whole record that bears *radicado*; of what is withheld from who asks, that it
        exists, why it is withheld, and its public version. Where who wrote it is kept from them,
        all but that.

        Raises:
            Refused: *content* is what is wanted, and it is withheld from who asks.
            MachineCannot: it is reserved, or who wrote it is kept, and that it was read cannot be
                noted here.
        """
        self.index.catch_up()
        subject = self.subject(radicado, imported=True)
        state = self.estado(subject)
        if content:
            self._must_see(state)
        if state.eliminado is not None:
            return tomb_view(self, state, in_order(self.index.events(subject)))
        if not may_see(state, self.sight):
            return outside_view(state, self.vault)
        known = self.knows(state)
        self._note_reading(state, "ver", whole=known)
        events = in_order(self.index.events(subject))
        state = fold(subject, events)
        if state.importado is not None:
            return imported_view(state, events, self.vault, known=known)
        moved = [
            (step, fold(letter, self.index.events(letter)))
            for letter, step in state.tramite.respuestas.items()
        ]
        letters = [
            (step, one, may_see(one, self.sight) and known and self.knows(one))
            for step, one in moved
        ]
        joined = self.index.tied(state.radicado, JOINED)
        return record_view(
            state, events, self.vault, self.settings, letters, joined, self._awaited(state),
            known=known,
        )  # fmt: skip

    def conocidos(self, campos: Mapping[str, str]) -> list[Known]:
        """What earlier records say of the sender of these fields: of his document, NIT, or name
        with address, the newest first. Not what is classified: many people see a draft."""
        self.index.catch_up()
        seen = seen_by(Sight(lines.now().date().isoformat()), "r.id")
        return [
            senders.known(radicado, key, self.estado(subject).campos)
            for key in senders.keys_of(campos)
            for subject, radicado in self.index.senders(key, seen)
        ]

    def sugerir_area(self, campos: Mapping[str, str], texto: str) -> list[Suggestion]:
        """Up to three áreas for a letter of these fields and this text, the likeliest first, each
        with its reason: by the office's rules, by where its earlier letters went, and by the
        names of its áreas."""
        self.index.catch_up()
        names = {a.codigo: a.nombre for a in self.authority.areas.values()}
        told, subject = routing.letter(campos, texto)
        keys = (*senders.keys_of(campos), *senders.origins_of(campos))
        learnt = learned.suggest(
            told, subject, self.index.history(told, keys), names, matters.claims(names)
        )
        rule = routing.by_rule(self.settings, routing.match(self.settings, texto, campos))
        return routing.joined(rule, learnt, names)

    def por_sellar(self) -> list[str]:
        """Subjects that have number and image and no seal yet."""
        self.index.catch_up()
        return self.index.unsealed()
