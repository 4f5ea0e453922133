"""The only module that calls the doors: every call runs in a thread and answers with a message.

Two lanes. The clerk's lane is serial, so that what was typed is on disk before its number is
asked for. The second does what nobody waits for: seals, labels, retries, the log of errors. The
watcher runs in a thread of its own; it and the second lane share one `Recepcion`, and with it the
OCR workers.
"""

from __future__ import annotations

import re
import threading
import traceback
import zlib
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from records.errors import MachineCannot, Refused, VentanillaError
from tui import letters, texts
from tui import messages as m
from tui.lanes import Lane
from tui.sanitize import line
from tui.views import Choice, Found, Last, Session, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from textual.message_pump import MessagePump

    from ingest.backroom import Processed
    from ingest.drafts import Draft
    from ingest.reader import Reader
    from ingest.reception import Recepcion
    from records.alerts import Alert
    from records.office import Office

PATIENCE = 5.0
"""Seconds that leaving waits for what is under way; what is left is taken up by the next start."""
WATCH_AGAIN = 20.0
"""Seconds until the inbox is watched again after something went wrong there."""
PAGE = 100
FEW = 20
"""Records of one kind that are offered for a letter to be joined to."""
_GONE = ("no_existe", "ya_radicado", "ya_resuelto")


class Tasks:
    """The doors of one home, for one person."""

    def __init__(self, home: Path, persona: str | None, *, reader: Reader | None = None) -> None:
        self._home, self._persona, self._reader = home, persona, reader
        self._clerk = Lane("ventanilla-datos")
        self._behind = Lane("ventanilla-fondo")
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None
        self._own: dict[str, Recepcion] = {}
        self._opening = threading.Lock()
        self._told_queue: tuple[object, object] | None = None

    # -- life ---------------------------------------------------------------------------------

    @staticmethod
    def prepare() -> None:
        """What has to start before the screen is taken over."""
        from ingest.child import warm_up

        warm_up()

    @property
    def busy(self) -> int:
        """How much is asked and not answered."""
        return self._clerk.busy + self._behind.busy

    def close(self) -> bool:
        """Stop the watcher, finish what was asked, within `PATIENCE`; whether all was done."""
        self._stop.set()
        done = self._clerk.close(PATIENCE)
        done = self._behind.close(PATIENCE) and done
        if self._watcher is not None:
            self._watcher.join(PATIENCE)
            done = done and not self._watcher.is_alive()
        if done:
            for reception in self._own.values():
                reception.close()
        return done

    def watch(self, to: MessagePump) -> None:
        """Receive what arrives in the inbox, until `close`."""
        self._watcher = threading.Thread(
            target=self._watch, args=(to,), name="ventanilla-bandeja", daemon=True
        )
        self._watcher.start()

    def _watch(self, to: MessagePump) -> None:
        def tell(done: Processed) -> None:
            to.post_message(m.Told(_arrival(done), done.estado == "cuarentena", changed=True))

        while not self._stop.is_set():
            try:
                self._behind_door.vigilar(self._stop, tell)
            except VentanillaError as error:
                to.post_message(m.Told(f"{texts.NO_WATCH}{said(error)}", bad=True, changed=True))
            except Exception as error:
                code = self._note(error)
                to.post_message(m.Told(f"{texts.NO_WATCH}{texts.unexpected(code)}", bad=True))
            self._stop.wait(WATCH_AGAIN)

    def _door(self, name: str) -> Recepcion:
        from ingest.reception import Recepcion
        from records.office import Office

        with self._opening:
            if name not in self._own:
                office = Office(self._home, persona=self._persona)
                self._own[name] = Recepcion(office, reader=self._reader)
            return self._own[name]

    @property
    def _front_door(self) -> Recepcion:
        return self._door("clerk")

    @property
    def _behind_door(self) -> Recepcion:
        return self._door("behind")

    def _ask(
        self,
        lane: Lane,
        to: MessagePump,
        work: Callable[[], m.Answer | None],
        refused: Callable[[VentanillaError], m.Answer] | None = None,
    ) -> None:
        """Run *work* in *lane*; its answer, its refusal or its failure goes to *to*."""

        def run() -> None:
            try:
                answer = work()
            except VentanillaError as error:
                answer = refused(error) if refused else m.Told(said(error), bad=True)
            except Exception as error:
                wrapped = MachineCannot("inesperado", texts.unexpected(self._note(error)))
                answer = refused(wrapped) if refused else m.Told(str(wrapped), bad=True)
            if answer is not None:
                to.post_message(answer)

        lane.submit(run)

    # -- errors -------------------------------------------------------------------------------

    def report(self, error: BaseException) -> str:
        """Log an unexpected error, out of the way; returns its short code at once."""
        self._behind.submit(partial(self._write_log, error, code_of(error)))
        return code_of(error)

    def _note(self, error: BaseException) -> str:
        self._write_log(error, code_of(error))
        return code_of(error)

    def _write_log(self, error: BaseException, code: str) -> None:
        text = "".join(traceback.format_exception(error))
        entry = f"== {datetime.now().astimezone():%Y-%m-%dT%H:%M:%S%z} {code}\n{text}\n"
        try:
            folder = self._home / "salida"
            folder.mkdir(exist_ok=True)
            with (folder / "errores.log").open("a", encoding="utf-8") as log:
                log.write(entry)
        except OSError:
            pass  # a full disk must not turn a told error into an untold one

    # -- looking ------------------------------------------------------------------------------

    def open(self, to: MessagePump) -> None:
        """Who and where, then the queue."""
        self._ask(self._clerk, to, self._open)

    def _open(self) -> m.Answer:
        office = self._front_door.office
        authority, persona = office.authority, office.persona
        person = authority.personas.get(persona or "")
        return m.Opened(
            Session(
                entity=line(office.settings.entidad.nombre),
                short=line(office.settings.entidad.codigo),
                person=line(person.nombre) if person else "",
                role=letters.role_of(person),
                person_id=persona or "",
                clerk=letters.is_clerk(person),
                demo=authority.demo,
                inbox=str(office.home / "inbox"),
                alerts=self._pressing(),
                choices=letters.closed_lists(authority),
            )
        )

    def _alerts(self) -> list[Alert]:
        """All that presses, for who handles all; else what is theirs."""
        office = self._front_door.office
        person = office.authority.personas.get(office.persona or "")
        mine = None if person is None or letters.is_clerk(person) else person.id
        return office.alertas(persona=mine)

    def _pressing(self) -> str:
        from records.alerts import summary

        told = summary(self._alerts())
        return texts.pressing(told.vencidos, told.vence_hoy, told.por_fijar, told.por_vencer)

    def alerts(self, to: MessagePump) -> None:
        """What is due, and who should do what."""
        self._ask(self._clerk, to, lambda: m.AlertsRead(tuple(map(letters.alert, self._alerts()))))

    def record(self, to: MessagePump, shown: Found) -> None:
        """A record that a search found, as it stands."""
        self._ask(
            self._clerk,
            to,
            lambda: m.RecordRead(letters.record(shown, self._front_door.office.ver(shown.row.id))),
        )

    def queue(self, to: MessagePump, *, only_changes: bool = False) -> None:
        """What waits, and what could not be read."""
        self._ask(self._clerk, to, partial(self._queue, only_changes))

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
        self._ask(self._clerk, to, partial(self._letter, ident, lead))

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

        self._ask(self._clerk, to, work)

    def search(self, to: MessagePump, text: str, cursor: str | None = None) -> None:
        """A page of the records that fit *text*."""

        def work() -> m.Answer:
            office = self._front_door.office
            results = office.buscar(text, limite=PAGE, desde=cursor)
            rows = tuple(letters.found(r, office.authority) for r in results.radicados)
            return m.SearchDone(text, rows, results.total, results.siguiente, cursor is not None)

        self._ask(self._clerk, to, work)

    # -- a clerk's verbs ----------------------------------------------------------------------

    def write(self, to: MessagePump, ident: str, values: dict[str, str]) -> None:
        """Keep what was typed."""

        def work() -> m.Answer:
            return m.Kept(ident, values, self._write(ident, values))

        def refused(error: VentanillaError) -> m.Answer:
            return m.NotKept(ident, values, said(error), error.codigo in _GONE)

        self._ask(self._clerk, to, work, refused)

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

        self._ask(self._clerk, to, work, partial(_refused_number, ident))

    def number_without_image(self, to: MessagePump, values: dict[str, str]) -> None:
        """A person stands at the counter."""

        def work() -> m.Answer:
            issued = self._front_door.radicar_sin_imagen(values)
            self._after(to, issued.radicado, None)
            self._warn(to)
            return m.NumberGiven(letters.last(issued), None, None)

        self._ask(self._clerk, to, work, partial(_refused_number, None))

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
            return self._resolved(draft, left, texts.DISCARDED)

        def refused(error: VentanillaError) -> m.Answer:
            return m.NotResolved(ident, reason, of, note, said(error))

        self._ask(self._clerk, to, work, refused)

    def _resolved(self, draft: Draft, left: list[Draft], sentence: str) -> m.Answer:
        waiting = [self._waiting(d) for d in left]
        return m.Resolved(draft.id, letters.next_letter(waiting, draft.orden) or "", sentence)

    def may_belong(self, to: MessagePump, ident: str) -> None:
        """The records to which a letter may belong."""
        self._ask(self._clerk, to, lambda: m.MayBelong(ident, self._candidates(ident)))

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

        self._ask(self._clerk, to, work, refused)

    def hold(self, to: MessagePump, ident: str, take: bool) -> None:
        """Take a letter, or put it back."""

        def work() -> m.Answer:
            reception = self._front_door
            (reception.tomar if take else reception.soltar)(ident)
            return m.Told(texts.TAKEN if take else texts.RELEASED, changed=True)

        self._ask(self._clerk, to, work)

    # -- what nobody waits for ----------------------------------------------------------------

    def retry(self, to: MessagePump, ident: str, password: str | None = None) -> None:
        """Read once more what could not be read; *password* opens what asks for one."""

        def work() -> m.Answer:
            done = self._behind_door.reintentar(ident, password)
            return m.Told(_arrival(done), done.estado == "cuarentena", changed=True)

        self._ask(self._behind, to, work)

    def label(self, to: MessagePump, number: str) -> None:
        """The label of a number, once more."""

        def work() -> m.Answer:
            office = self._behind_door.office
            path = office.guardar_etiqueta(number)
            if not office.settings.etiqueta.imprimir:
                return m.Told(texts.label_saved(str(path)), file=str(path))
            office.imprimir(path)
            return m.Told(texts.LABEL_PRINTED)

        self._ask(self._behind, to, work)

    def _after(self, to: MessagePump, number: str, subject: str | None) -> None:
        """Print the label where the office wants it, and seal."""
        if self._front_door.office.settings.etiqueta.imprimir:
            self.label(to, number)
        if subject is not None:
            self._ask(self._behind, to, partial(self._seal, subject), _unsealed)

    def _seal(self, subject: str) -> None:
        self._behind_door.sellar(subject)  # False: still being read; the watcher seals it then


def said(error: VentanillaError) -> str:
    """What a person is told: an advice that names options of the command line helps nobody here."""
    advice = "" if re.search(r"--\w|«ventanilla ", error.consejo) else error.consejo
    return f"{error.mensaje} {advice}".strip()


def _unsealed(error: VentanillaError) -> m.Answer:
    return m.Told(f"{texts.SEAL_FAILED}{said(error)}", bad=True)


def _refused_number(ident: str | None, error: VentanillaError) -> m.Answer:
    return m.NumberRefused(ident, error.codigo, said(error))


def _arrival(done: Processed) -> str:
    name = line(done.archivo).rpartition("/")[2]
    if done.estado == "cuarentena":
        return texts.arrived_unreadable(name)
    if done.estado == "dividido":
        return texts.divided(name, len(done.partes))
    return texts.filed(name) if done.estado == "incorporado" else texts.arrived(name)


def code_of(error: BaseException) -> str:
    """A short code that is the same for the same defect: its kind and the line where it came up."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"V{zlib.crc32(f'{type(error).__name__}@{place}'.encode()) & 0xFFFF:04X}"


def check(home: Path, persona: str | None) -> Office:
    """Open the office before anything is drawn.

    Raises:
        Refused: there is no office, or the person is unknown.
    """
    from records.office import Office

    office = Office(home, persona=persona)
    if persona:
        office.authority.require(persona)
    return office


__all__ = ["Refused", "Tasks", "check", "code_of"]
