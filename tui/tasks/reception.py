"""What the room «Por radicar» asks of the doors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from records.errors import VentanillaError
from tui import letters, texts
from tui import messages as m
from tui.sanitize import line
from tui.tasks.alerts import counts_of
from tui.tasks.core import Core, arrival, said
from tui.tasks.who import session
from tui.views import Choice, Last, Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.message_pump import MessagePump

    from ingest.drafts import Draft
    from ingest.reception import Recepcion

FEW = 20
"""Records of one kind that are offered for a letter to be joined to."""
_GONE = ("no_existe", "ya_radicado", "ya_resuelto")


class Reception(Core):
    """Queue, letters, numbers."""

    _told_queue: tuple[object, object] | None = None

    @property
    def _front_door(self) -> Recepcion:
        return self.reception(self.clerk)

    @property
    def _behind_door(self) -> Recepcion:
        return self.reception(self.behind)

    # -- looking ------------------------------------------------------------------------------

    def open(self, to: MessagePump) -> None:
        """Who and where, then the queue."""
        self.ask(self.clerk, to, self._open)

    def _open(self) -> m.Answer:
        return m.Opened(session(self._front_door.office))

    def pressing(self, to: MessagePump) -> None:
        """What is due, in a sentence. Where thousands press, judging them takes a second, and
        neither the queue nor the rows of another room are to wait for it."""
        self.ask(self.slow, to, self._pressing)

    def _pressing(self) -> m.Answer | None:
        told = counts_of(self.office(self.slow))
        sentence = texts.pressing(told.vencidos, told.vence_hoy, told.por_fijar, told.por_vencer)
        return m.Pressing(sentence) if sentence else None

    def queue(self, to: MessagePump, *, only_changes: bool = False) -> None:
        """What waits, and what could not be read."""
        self.ask(self.clerk, to, partial(self._queue, only_changes))

    def _queue(self, only_changes: bool = False) -> m.QueueRead | None:
        reception = self._front_door
        drafts = reception.bandeja(), reception.bandeja(cuarentena=True)
        if only_changes and drafts == self._told_queue:
            return None
        self._told_queue = drafts
        return m.QueueRead(*(tuple(self._waiting(d) for d in part) for part in drafts))

    def _waiting(self, draft: Draft) -> Waiting:
        office = self._front_door.office
        return letters.waiting(draft, office.persona, office.authority.personas)

    def letter(self, to: MessagePump, ident: str, *, lead: bool = False) -> None:
        """A letter, to be shown."""
        self.ask(self.clerk, to, partial(self._letter, ident, lead))

    def _letter(self, ident: str, lead: bool) -> m.Answer:
        reception = self._front_door
        draft = reception.drafts.get(ident)
        authority = reception.office.authority
        try:
            reading = reception.lectura(draft)
        except VentanillaError:
            reading = None  # damaged: the watcher reads it again
        lists = letters.closed_lists(authority)
        persona = reception.office.persona
        others = [one.radicado for one in reception.office.abiertos_de(draft.values())]
        view = letters.letter(draft, reading, lists, persona, authority.personas, others)
        return m.LetterRead(view, lead)

    def original(self, to: MessagePump, ident: str) -> None:
        """Where the original of a letter lies."""

        def work() -> m.Answer:
            path = self._front_door.original(self._front_door.drafts.get(ident))
            return m.OriginalAt(str(path) if path else None)

        self.ask(self.clerk, to, work)

    # -- a clerk's verbs ----------------------------------------------------------------------

    def write(self, to: MessagePump, ident: str, values: dict[str, str]) -> None:
        """Keep what was typed."""

        def work() -> m.Answer:
            return m.Kept(ident, values, self._write(ident, values))

        def refused(error: VentanillaError) -> m.Answer:
            return m.NotKept(ident, values, said(error), error.codigo in _GONE)

        self.ask(self.clerk, to, work, refused)

    def _write(self, ident: str, values: Mapping[str, str]) -> int:
        rev = 0
        for name, value in values.items():
            rev = self._front_door.escribir(ident, name, value).rev
        return rev

    def number(
        self,
        to: MessagePump,
        ident: str,
        values: dict[str, str],
        reason: str | None = None,
        tie: tuple[str, str] | None = None,
    ) -> None:
        """Keep what was typed, give the number, say what it is to an earlier one (*tie*: how, and
        to which), then which letter follows."""

        def work() -> m.Answer:
            reception = self._front_door
            self._write(ident, values)
            order = reception.drafts.get(ident).orden
            if tie is not None:
                reception.office.comprobar_vinculo(tie[1], tie[0])
            issued = reception.radicar(ident, motivo=reason, sellar=False)
            if tie is not None:
                self._tie(to, issued.radicado, *tie)
            self._after(to, issued.radicado, issued.subject)
            self._warn(to)
            return self._given(letters.last(issued), ident, order)

        self.ask(self.clerk, to, work, partial(_refused_number, ident))

    def number_without_image(self, to: MessagePump, values: dict[str, str]) -> None:
        """A person stands at the counter."""

        def work() -> m.Answer:
            issued = self._front_door.radicar_sin_imagen(values)
            self._after(to, issued.radicado, None)
            self._warn(to)
            return m.NumberGiven(letters.last(issued), None, None)

        self.ask(self.clerk, to, work, partial(_refused_number, None))

    def _tie(self, to: MessagePump, number: str, how: str, other: str) -> None:
        """The number stands whatever becomes of the tie."""
        try:
            self._front_door.office.vincular(number, other, how)
        except VentanillaError as error:
            to.post_message(m.Told(texts.not_tied(number, said(error)), bad=True))

    def _warn(self, to: MessagePump) -> None:
        """What the office has to say of the number just given: a clock that jumped, say."""
        office = self._front_door.office
        for text in office.avisos:
            to.post_message(m.Told(text, bad=True))
        office.avisos.clear()

    def _given(self, last: Last, ident: str, order: int) -> m.Answer:
        waiting = [self._waiting(d) for d in self._front_door.bandeja()]
        return m.NumberGiven(last, ident, letters.next_letter(waiting, order) or "")

    def discard(
        self, to: MessagePump, ident: str, reason: str, of: str | None, note: str | None
    ) -> None:
        """Close a letter without a number."""

        def work() -> m.Answer:
            reception = self._front_door
            draft = reception.drafts.get(ident)
            reception.descartar(ident, reason, de=of, nota=note)
            left = reception.bandeja(cuarentena=draft.estado == "cuarentena")
            return self._resolved(draft, left, texts.DISCARDED, closed=True)

        def refused(error: VentanillaError) -> m.Answer:
            return m.NotResolved(ident, reason, of, note, said(error))

        self.ask(self.clerk, to, work, refused)

    def _resolved(
        self, draft: Draft, left: list[Draft], sentence: str, *, closed: bool = False
    ) -> m.Answer:
        waiting = [self._waiting(d) for d in left]
        following = letters.next_letter(waiting, draft.orden) or ""
        return m.Resolved(draft.id, following, sentence, closed)

    def revive(self, to: MessagePump, ident: str) -> None:
        """Bring back a letter that was closed without a number. What was read of it went with its
        closing: it is read once more, and the watcher looks at what arrives alone."""

        def work() -> m.Answer:
            self._front_door.revivir(ident)
            named = texts.rereading(ident)
            self.ask(self.behind, to, partial(self._read_again, ident), named=named, quiet=True)
            return m.Revived(ident)

        self.ask(self.clerk, to, work)

    def _read_again(self, ident: str) -> m.Answer:
        done = self._behind_door.leer(ident)
        told = texts.read_again(line(done.archivo).rpartition("/")[2])
        whole = done.estado in ("por_radicar", "duplicado")
        return m.Told(told if whole else arrival(done), done.estado == "cuarentena", changed=True)

    def may_belong(self, to: MessagePump, ident: str) -> None:
        """The records to which a letter may belong."""
        self.ask(self.clerk, to, lambda: m.MayBelong(ident, self._candidates(ident)))

    def _candidates(self, ident: str) -> tuple[Choice, ...]:
        """The one that it seems to repeat, those that wait for their image, its sender's last."""
        reception = self._front_door
        draft = reception.drafts.get(ident)
        sender = draft.values().get("remitente", "").replace('"', " ").strip()
        asked = ["estado:imagen_pendiente", *([f'remitente:"{sender}"'] if sender else [])]
        if draft.duplicado_de:
            asked.insert(0, f"radicado:{draft.duplicado_de}")
        found = [r for text in asked for r in reception.office.buscar(text, limite=FEW).radicados]
        return letters.candidates(found)

    def join(self, to: MessagePump, ident: str, number: str) -> None:
        """File a letter to a record; it gets no number of its own."""

        def work() -> m.Answer:
            reception = self._front_door
            draft = reception.drafts.get(ident)
            event = reception.incorporar(ident, number)
            left = reception.bandeja(cuarentena=draft.estado == "cuarentena")
            if "radicado" in event.data:
                told = texts.joined(str(event.data["radicado"]), image="rol" not in event.data)
            else:
                told = texts.sheet_joined(number)
            return self._resolved(draft, left, told)

        def refused(error: VentanillaError) -> m.Answer:
            if error.codigo in _GONE and self._front_door.drafts.find(ident) is None:
                return m.Told(said(error), bad=True, changed=True)
            return m.MayBelong(ident, self._candidates(ident), number, said(error))

        self.ask(self.clerk, to, work, refused)

    def hold(self, to: MessagePump, ident: str, take: bool) -> None:
        """Take a letter, or put it back."""

        def work() -> m.Answer:
            reception = self._front_door
            (reception.tomar if take else reception.soltar)(ident)
            return m.Told(texts.TAKEN if take else texts.RELEASED, changed=True)

        self.ask(self.clerk, to, work)

    # -- what nobody waits for ----------------------------------------------------------------

    def retry(self, to: MessagePump, ident: str, password: str | None = None) -> None:
        """Read once more what could not be read; *password* opens what asks for one."""

        def work() -> m.Answer:
            done = self._behind_door.reintentar(ident, password)
            return m.Told(arrival(done), done.estado == "cuarentena", changed=True)

        self.ask(self.behind, to, work, named=texts.rereading(ident), quiet=True)

    def label(self, to: MessagePump, number: str) -> None:
        """The label of a number, once more."""

        def work() -> m.Answer:
            office = self._behind_door.office
            path = office.guardar_etiqueta(number)
            if not office.settings.etiqueta.imprimir:
                return m.Told(texts.label_saved(str(path)), file=str(path))
            office.imprimir(path)
            return m.Told(texts.LABEL_PRINTED)

        self.ask(self.behind, to, work, named=texts.label_of(number), quiet=True)

    def _after(self, to: MessagePump, number: str, subject: str | None) -> None:
        """Print the label where the office wants it, and seal."""
        if self._front_door.office.settings.etiqueta.imprimir:
            self.label(to, number)
        if subject is not None:
            self.ask(
                self.behind, to, partial(self._seal, subject), _unsealed,
                named=texts.sealing(number), quiet=True,
            )  # fmt: skip

    def _seal(self, subject: str) -> None:
        self._behind_door.sellar(subject)  # False: still being read; the watcher seals it then


def _unsealed(error: VentanillaError) -> m.Answer:
    return m.Told(f"{texts.SEAL_FAILED}{said(error)}", bad=True)


def _refused_number(ident: str | None, error: VentanillaError) -> m.Answer:
    return m.NumberRefused(ident, error.codigo, said(error))
