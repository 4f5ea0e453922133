"""The part of the door that acknowledges: to who wrote that it came, to who was written to that it
left, with date, hour and number (CPACA, arts. 61 and 62).

What is due is listed until a fact of the record says that it was sent. An acknowledgment leaves the
office by plain mail: of what is classified or reserved it has the number, the hours and the last
day, and no constancia goes with it, whoever sends it (Ley 1712 de 2014, arts. 18, 19 and 21).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
from filelock import FileLock, Timeout

from records import acuse_messages, acuses, acuses_index, channels, fields, lines, mailing, norms
from records.acuse_messages import Attached, Envelope, Notice
from records.acuses import ACKNOWLEDGE, BY_MAIL, DEPARTURE, RECEPTION, Due
from records.answer import MEANS, means
from records.correction import HEAD, check_reason
from records.errors import Refused
from records.guard import COUNTER
from records.issuing import Issuing, annexes_text
from records.sending_rules import whom_of
from records.tramite import ReceiptSent
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from email.message import EmailMessage
    from pathlib import Path

    from records.acuses_index import DueRow
    from records.events import Event
    from records.state import State

PROVES = "Ley 1437 de 2011 (CPACA), art. 62"
DEMO = "OFICINA DE DEMOSTRACIÓN: este mensaje no tiene ningún valor."
MAX_CUTS = 3
"""So often in a row may a connection break before the server is left alone."""
_FILE = re.compile(r"acuse-(?:recibo|salida)-.+\.(?:eml|txt)")


class Pending(msgspec.Struct, frozen=True):
    """An acknowledgment that waits. Of a record that is withheld from who asks, its number alone
    (`visible` false)."""

    radicado: str
    de: str
    medio: str | None
    a: str | None
    """An e-mail address, else a telephone; None: nobody knows, or it is not shown."""
    desde: str | None
    destinatario: int | None
    """Of a departure: which addressee of the letter."""
    visible: bool


class Prepared(msgspec.Struct, frozen=True):
    """A file to be sent by hand: a message, or a text for where there is no e-mail."""

    archivo: str
    radicado: str
    de: str
    medio: str


class Outcome(msgspec.Struct, frozen=True):
    """What became of one that was to go by mail: since when it is sent, or why it is not."""

    radicado: str
    de: str
    a: str | None
    """None: the record is withheld from who sends."""
    enviado: str | None
    motivo: str = ""


class Marked(msgspec.Struct, frozen=True):
    """An acknowledgment told as sent; `faltan` is how many its record still has."""

    radicado: str
    de: str
    medio: str
    enviado: str
    evento: str
    faltan: int


class Acknowledging(Issuing):
    """List, prepare, send, mark."""

    def acuses(self) -> list[Pending]:
        """What is unsent, what waits longest first."""
        self.index.catch_up()
        return [_shown(row) for row in acuses_index.due(self.index, self.sight)]

    def acuses_pendientes(self) -> int:
        """How many are unsent: a count of numbers, whose existence is public."""
        self.index.catch_up()
        return acuses_index.count(self.index)

    def preparar_acuses(self, carpeta: Path | None = None) -> list[Prepared]:
        """Write into a folder (`salida/acuses`) a message for each that has an e-mail address, and
        a text for each that has none; each whole or not at all. Marks nothing as sent.

        Again it writes the same names; files of its own that are due no more are taken away, so
        that nobody sends them twice.

        Raises:
            Refused: who asks is not of the correspondence unit, there is no such folder, or the
                office has no address to write from.
        """
        actor = self._clerk()
        folder = carpeta or self.home / "salida" / "acuses"
        if folder.exists() and not folder.is_dir():
            raise Refused("no_es_carpeta", f"{folder} es un archivo.", consejo="Dé una carpeta.")
        self.index.catch_up()
        rows = acuses_index.due(self.index, self.sight)
        if any(row.correo for row in rows):
            mailing.check_sender(self._sender)
        self.disk.make_folder(folder)
        out = []
        for row in rows:
            state = self._writable(row.subject)
            due = _still(state, row)
            if due is None:
                continue
            path = folder / _name(row)
            data = acuse_messages.text(self._notice(state, due)).encode()
            if due.correo:
                data = self._message(state, due, actor).as_bytes()
            self.disk.publish(path, data)
            out.append(Prepared(str(path), row.radicado, row.de, row.medio))
        kept = {one.archivo for one in out}
        for path in folder.iterdir():
            if _FILE.fullmatch(path.name) and str(path) not in kept:
                self.disk.remove(path)
        return out

    def enviar_acuses(self) -> Iterator[Outcome]:
        """Send by the office's server each that has an e-mail address, one after the other.

        What the server took is marked before the next one goes, so that a cut repeats at most one
        (with the same Message-ID) and loses none. What fails stays due. Who answers for the
        correspondence sends, or `admin`, who runs it by the clock.

        Raises:
            Refused: `[correo]` names no server, somebody else is sending, or who asks may not.
            MachineCannot: the password cannot be used, or the mark cannot be written.
        """
        self._look_again()
        actor = self.authority.require(self.persona, COUNTER, HEAD, "admin").id
        mail = self.settings.correo
        mailing.check(mail, self._sender)
        self.index.catch_up()
        with self._alone():
            rows = [r for r in acuses_index.due(self.index, self.sight) if r.correo]
            if not rows:
                return
            with self._writing():
                pass  # where nothing can be marked nothing is sent
            yield from self._post(rows, actor)

    def marcar_acuse(
        self,
        radicado: str,
        *,
        de: str | None = None,
        medio: str | None = None,
        a: str | None = None,
        destinatario: int | None = None,
        motivo: str | None = None,
        enviado: datetime | None = None,
    ) -> Marked:
        """Say that an acknowledgment was sent by other means: *a* is to where, if not to where it
        is known to go; with no address at all a reason (*motivo*) says what was done.

        Raises:
            Refused: nothing is due, it must be said which one, there is neither address nor reason,
                no such means, or the hour cannot be.
        """
        actor = self._clerk()
        self.index.catch_up()
        subject = self.subject(radicado)
        state = self._writable(subject)
        due = self._meant(state, de, fields.clean_text(a or ""), destinatario)
        to = _to(due, fields.clean_text(a or ""), motivo)
        chosen = _means(medio) if medio is not None else due.medio
        event = self._mark_sent(subject, due, actor, chosen, to, enviado)
        if event is None:
            raise Refused("cambio_entretanto", "Otra persona lo marcó entretanto. Revíselo.")
        fact = event.fact
        assert isinstance(fact, ReceiptSent)
        left = acuses.pending(self.estado(subject))
        return Marked(fact.radicado, fact.de, fact.medio, fact.enviado, event.hash, len(left))

    # -- sending ------------------------------------------------------------------------------

    @property
    def _sender(self) -> str:
        return self.settings.correo.remitente or self.settings.entidad.correo

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process sends at a time: two would each send what the other has not marked yet."""
        lock = FileLock(self.home / ".acuses.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise Refused(
                "ocupado",
                "Otro proceso está enviando los acuses.",
                consejo="Espere a que termine; lo que no salga sigue en «acuses».",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _post(self, rows: list[DueRow], actor: str) -> Iterator[Outcome]:
        """Send them over one connection; where it breaks, the rest over another, so that one
        message that a server cannot bear keeps no other back."""
        waiting, cuts = list(rows), 0
        while waiting:
            met = False
            try:
                with mailing.line(self.settings.correo, keys=self.keys.folder) as post:
                    met = True
                    while waiting:
                        done = self._post_one(post, waiting[0], actor)
                        cuts = 0
                        del waiting[0]
                        if done is not None:
                            yield done
            except mailing.Cut as error:
                cuts += 1
                lost = 1 if met and cuts < MAX_CUTS else len(waiting)
                for row in waiting[:lost]:
                    yield _failed(row, str(error))
                del waiting[:lost]

    def _post_one(self, post: mailing.Line, row: DueRow, actor: str) -> Outcome | None:
        """Send one and mark it; None: it is due no more."""
        try:
            state = self._writable(row.subject)
        except Refused as error:
            return _failed(row, error.mensaje)
        due = _still(state, row)
        if due is None or not due.correo:
            return None
        why = post.deliver(self._message(state, due, actor), due.correo)
        if why:
            return _failed(row, why)
        event = self._mark_sent(row.subject, due, actor, BY_MAIL, _to(due, "", None), None)
        fact = event.fact if event is not None else None
        when = fact.enviado if isinstance(fact, ReceiptSent) else lines.stamp(lines.now())
        return Outcome(row.radicado, row.de, due.correo if row.visible else None, when)

    # -- marking ------------------------------------------------------------------------------

    def _mark_sent(
        self,
        subject: str,
        due: Due,
        actor: str,
        medio: str,
        to: dict[str, Any],
        moment: datetime | None,
    ) -> Event | None:
        """Say that one was sent; None where another person has said so meanwhile."""
        with self._writing() as writer:
            state = self._writable(subject)
            if due.key not in {d.key for d in acuses.pending(state)}:
                return None
            fact = ReceiptSent(
                radicado=state.radicado,
                de="salida" if due.de == DEPARTURE else "recibo",
                medio=medio,
                enviado=_hour(writer.at(), state, due, moment),
            )
            event = self._append(writer, fact, subject, actor, to)
        self.index.catch_up()
        return event

    @staticmethod
    def _meant(state: State, de: str | None, a: str, destinatario: int | None) -> Due:
        """Which one is meant: of those due, by whom it is for, else by its address."""
        found = [d for d in acuses.pending(state) if de in (None, d.de)]
        if destinatario is not None:
            found = [d for d in found if d.destinatario == destinatario]
        if not found:
            raise Refused(
                "sin_acuse_pendiente",
                _why_none(state, de),
                norma=norms.cite(ACKNOWLEDGE, lines.now().date()),
            )
        found = [d for d in found if a and d.a == a] or found
        if len({(d.destinatario, d.a) for d in found}) > 1:
            said = "; ".join(f"{d.destinatario}: {d.a or 'sin dirección'}" for d in found)
            raise Refused(
                "cual_destinatario",
                f"{state.radicado} tiene varios acuses por enviar ({said}).",
                consejo="Diga cuál con --destinatario N.",
            )
        return found[0]

    # -- what it says -------------------------------------------------------------------------

    def _closed(self, state: State) -> bool:
        """Whether a message that goes by plain mail tells number and hours alone."""
        return self.withheld(state) is not None or state.acceso.identidad_protegida

    def _message(self, state: State, due: Due, actor: str) -> EmailMessage:
        attached = None
        if due.de == RECEPTION and not self._closed(state):
            attached = Attached(f"constancia-{state.radicado}.pdf", self._receipt(state, actor)[0])
        envelope = Envelope(
            self._sender,
            due.correo,
            acuses.address(self.settings.entidad.correo),
            "\n".join((state.subject, *map(str, due.key))),
            lines.now(),
        )
        return acuse_messages.message(self._notice(state, due), envelope, attached)

    def _notice(self, state: State, due: Due) -> Notice:
        coming, shut = due.de == RECEPTION, self._closed(state)
        rows = self._rows_in(state, due) if coming else _rows_out(state, due)
        return Notice(
            f"Acuse de {due.de}: radicado {state.radicado}",
            self.settings.entidad.nombre,
            f"{'Recibimos su' if coming else 'Le enviamos una'} comunicación. "
            f"Con estos datos {'quedó radicada' if coming else 'salió'}:",
            [row for row in rows if not shut or row[0] not in _INNER],
            self._words(state, due, shut=shut),
        )

    def _words(self, state: State, due: Due, *, shut: bool) -> list[str]:
        """What stands under the facts."""
        coming = due.de == RECEPTION
        words = []
        if shut:
            words.append("Por la reserva de su contenido este mensaje no dice el asunto.")
        if coming and shut:
            words.append("La constancia completa se entrega en la ventanilla.")
        elif coming and due.correo:
            words.append("Va adjunta la constancia, que es gratuita.")
        proof = norms.cite(PROVES, lines.now().date())
        words += [
            self._how_to_ask(state),
            f"Este acuse prueba {'el recibo' if coming else 'el envío'} ({proof}). Lo hizo un "
            "programa: no hace falta responderlo.",
        ]
        return [*words, DEMO] if self.authority.demo else words

    def _rows_in(self, state: State, due: Due) -> list[tuple[str, str]]:
        channel = channels.table().get(str(state.publicos.get("canal")))
        shut = self._closed(state)
        last = f"a más tardar el {lines.read_day(state.due)}" if state.due else ""
        return [
            ("Radicado", state.radicado),
            ("Recibido", lines.read_hour(state.recibido or due.desde)),
            ("Número dado", lines.read_hour(due.desde)),
            ("Por", channel.nombre if channel else ""),
            ("Asunto", str(state.campos.get("asunto") or "sin asunto legible")),
            ("Clase", _kind_name(state.publicos.get("tipo"))),
            ("Anexos", annexes_text(state.campos.get("anexos"))),
            ("Respuesta", last if shut else self._due_text(state)),
        ]


_INNER = ("Asunto", "Clase", "Anexos", "Responde a")
"""Rows that tell of the content."""


def _rows_out(state: State, due: Due) -> list[tuple[str, str]]:
    made, number = state.carta.presentada, state.numero
    assert made is not None and number is not None
    whom = whom_of(state, due.destinatario)
    return [
        ("Radicado", state.radicado),
        ("Salió", lines.read_hour(due.desde)),
        ("Por", MEANS[BY_MAIL]),
        ("A", due.correo or str(whom.get("nombre") or "")),
        ("Asunto", str(state.campos.get("asunto") or "")),
        ("Anexos", str(number.anexos) if number.anexos else "ninguno"),
        ("Responde a", ", ".join(made.a)),
    ]


def _shown(row: DueRow) -> Pending:
    if not row.visible:
        return Pending(row.radicado, row.de, None, None, None, None, visible=False)
    return Pending(
        row.radicado, row.de, row.medio, row.correo or row.telefono or None, row.desde,
        row.destinatario or None, visible=True,
    )  # fmt: skip


def _name(row: DueRow) -> str:
    """The file's name: the radicado holds what a name may hold (`settings`)."""
    which = f"-{row.destinatario}-{row.intento}" if row.destinatario else ""
    return f"acuse-{row.de}-{row.radicado}{which}.{'eml' if row.correo else 'txt'}"


def _still(state: State, row: DueRow) -> Due | None:
    key = (row.de, row.destinatario, row.intento)
    return next((d for d in acuses.pending(state) if d.key == key), None)


def _failed(row: DueRow, why: str) -> Outcome:
    return Outcome(row.radicado, row.de, row.correo if row.visible else None, None, why)


def _to(due: Due, said: str, reason: str | None) -> dict[str, Any]:
    """The ficha: to where it went, or what was done where there was nowhere; and which sending."""
    mail = acuses.address(said)
    where: dict[str, Any]
    if said:
        phone = re.fullmatch(r"[+()0-9 .-]{6,}", said) is not None
        name = "correo" if mail == said else "telefono" if phone else "direccion"
        where = {name: said}
    else:
        known = {"correo": due.correo, "telefono": "" if due.correo else due.telefono}
        where = {k: v for k, v in known.items() if v}
    if reason is not None:
        where["motivo"] = check_reason(reason)
    if not where:
        raise Refused(
            "sin_direccion",
            "No se sabe a dónde iba este acuse.",
            consejo="Diga a dónde se envió (--a), o qué se hizo (--motivo «se le entregó la "
            "constancia»). Con «rectificar» se agrega su correo.",
            norma=norms.cite(ACKNOWLEDGE, lines.now().date()),
        )
    if due.destinatario:
        where |= {"destinatario": due.destinatario, "intento": due.intento}
    return where


def _means(said: str) -> str:
    """A means or a channel by its word."""
    word = "_".join(re.findall(r"[a-z0-9]+", plain(said)))
    found = means(said) or (word if word in channels.table() else None)
    if found is None:
        known = dict.fromkeys((*(c for c in channels.table() if channels.electronic(c)), *MEANS))
        raise Refused(
            "medio_desconocido",
            f"No hay un medio «{said}».",
            consejo=f"Los medios son: {', '.join(known)}.",
        )
    return found


def _hour(at: str, state: State, due: Due, moment: datetime | None) -> str:
    """When it was sent: not before the number or the sending, and not to come."""
    when = at if moment is None else lines.stamp(moment)
    if when > at or when[:16] < due.desde[:16]:
        what = "tiene número" if due.de == RECEPTION else "salió"
        raise Refused(
            "fecha_imposible",
            f"{lines.read_hour(when)} no puede ser: {state.radicado} {what} desde "
            f"{lines.read_hour(due.desde)}, y lo que viene aún no ha pasado.",
            norma=norms.cite(ACKNOWLEDGE, lines.now().date()),
        )
    return min(max(when, due.desde), at)  # people tell minutes


def _why_none(state: State, de: str | None) -> str:
    """Why nothing is due of a record."""
    own = state.carta.presentada is not None
    sent = [one for one in state.tramite.acuses if de in (None, one.de)]
    if state.anulado is not None:
        return f"{state.radicado} está anulado: no se acusa."
    if other := acuses.pending(state):
        waits = ", ".join(dict.fromkeys(f"de {d.de}" for d in other))
        return f"{state.radicado} no tiene un acuse así por enviar; sí {waits}."
    if sent:
        hour = lines.read_hour(sent[-1].enviado)
        return f"El acuse de {sent[-1].de} de {state.radicado} se envió el {hour}."
    if own and de != RECEPTION:
        return f"{state.radicado} no ha salido por correo electrónico: no hay acuse de salida."
    if own or de == DEPARTURE:
        return f"{state.radicado} no tiene acuse de {de or DEPARTURE}."
    return (
        f"{state.radicado} no llegó por un medio electrónico: la constancia hace las veces "
        "de acuse."
    )


def _kind_name(kind: str | None) -> str:
    """A kind as the person who wrote reads it; what asks for no answer is told none."""
    return "" if kind is None or kind == "sin_termino" else fields.KIND_NAMES[kind]
