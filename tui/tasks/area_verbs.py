"""What the room «Área» has the doors do: each record its own outcome, told once for all."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from records.errors import CannotSign, Refused, VentanillaError
from tui import messages as base
from tui.messages import area as m
from tui.sanitize import line
from tui.tasks.core import Core, said
from tui.texts import area as words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from textual.message_pump import MessagePump

    from records.office import Office
    from tui.area_views import Wait

_MANY = 20
"""More than these take a while."""
WRONG_SECRET = ("clave_errada", "sin_clave")


class AreaVerbs:
    """Facts about what waits."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._stop = threading.Event()
        """Of what is under way: whoever asked wants no more of it."""

    def cancel(self) -> None:
        """Leave what was not begun of what is under way."""
        self._stop.set()

    # -- each by itself -----------------------------------------------------------------------

    def assign(
        self, to: MessagePump, waits: Sequence[Wait], area: str, whom: str | None, name: str
    ) -> None:
        """Give records to an área, and in it to a person: in one act where all of them go."""

        def whole(office: Office, these: Sequence[Wait]) -> None:
            office.asignar([w.number for w in these], area, whom)

        def one(office: Office, wait: Wait) -> None:
            office.asignar([wait.number], area, whom)

        self._each(to, "asignar", waits, one, name, whole=whole)

    def tell(
        self, to: MessagePump, waits: Sequence[Wait], area: str | None, whom: str | None, name: str
    ) -> None:
        """Tell an área or a person of records."""

        def whole(office: Office, these: Sequence[Wait]) -> None:
            office.informar([w.number for w in these], dependencia=area, persona=whom)

        def one(office: Office, wait: Wait) -> None:
            office.informar([wait.number], dependencia=area, persona=whom)

        self._each(to, "informar", waits, one, name, whole=whole)

    def give_back(self, to: MessagePump, waits: Sequence[Wait], why: str) -> None:
        """Say that they are not this área's matter."""
        self._each(to, "devolver", waits, lambda o, w: o.devolver(w.number, why))

    def note(self, to: MessagePump, waits: Sequence[Wait], text: str) -> None:
        """Keep a remark with each."""
        self._each(to, "anotar", waits, lambda o, w: o.anotar(w.number, text))

    def put_off(self, to: MessagePump, waits: Sequence[Wait], until: date) -> None:
        """Out of sight until a day."""
        self._each(to, "agendar", waits, lambda o, w: o.agendar(w.number, until), until.isoformat())

    def close(self, to: MessagePump, waits: Sequence[Wait], cause: str, why: str) -> None:
        """Nothing more is to be done."""
        self._each(
            to, "archivar", waits,
            lambda o, w: o.archivar(w.number, causa=cause or None, motivo=why or None),
        )  # fmt: skip

    def acknowledge(self, to: MessagePump, waits: Sequence[Wait]) -> None:
        """They were read."""
        self._each(to, "conocer", waits, lambda o, w: o.tomar_conocimiento(w.number))

    def review(self, to: MessagePump, waits: Sequence[Wait], wrong: str) -> None:
        """One's Vo.Bo.; *wrong*: what is to be corrected, or «»."""

        def one(office: Office, wait: Wait) -> None:
            if wait.letter is not None:
                office.revisar_carta(wait.letter, reparos=wrong or None)
            else:
                office.dar_vobo(wait.number, conforme=not wrong, nota=wrong or None)

        self._each(to, "reparos" if wrong else "vobo", waits, one)

    def ask_review(self, to: MessagePump, waits: Sequence[Wait], whom: str, name: str) -> None:
        """Ask a person for their Vo.Bo."""
        self._each(to, "pedir_vobo", waits, lambda o, w: o.pedir_vobo(w.number, whom), name)

    def fix(self, to: MessagePump, wait: Wait, moment: datetime, source: str) -> None:
        """An order says when it is due."""
        shown = f"{moment:%Y-%m-%d %H:%M}"
        self._each(to, "fijar", [wait], lambda o, w: o.fijar_plazo(w.number, moment, source), shown)

    def withdraw(self, to: MessagePump, wait: Wait, why: str) -> None:
        """A letter is not sent any more."""
        self._each(to, "retirar", [wait], lambda o, w: o.retirar_carta(w.signed_as, why))

    def _each(
        self,
        to: MessagePump,
        verb: str,
        waits: Sequence[Wait],
        one: Callable[[Office, Wait], object],
        *about: str,
        whole: Callable[[Office, Sequence[Wait]], object] | None = None,
    ) -> None:
        """Do it for each; *whole* does it for all in one act, or for none. Many are told as they
        are done, out of the way of what is looked at, and what was not begun can be left."""
        many = len(waits) > _MANY
        lane = self._core.behind if many else self._core.clerk
        stop = self._stop = threading.Event()

        def work() -> base.Answer:
            office = self._core.office(lane)
            before = len(office.avisos)
            names: list[str] = []
            refused = [(w.name, why) for w in waits if (why := _not_at_all(verb, w))]
            left = [w for w in waits if not _not_at_all(verb, w)]
            if many:
                to.post_message(m.Under(words.doing(0, len(left))))
            if whole is not None and len(left) > 1 and _went(lambda o: whole(o, left), office):
                names = [w.name for w in left]
            else:
                for at, wait in enumerate(left):
                    if stop.is_set():
                        refused += [(w.name, words.LEFT_UNDONE) for w in left[at:]]
                        break
                    if many and at % _MANY == 0:
                        to.post_message(m.Under(words.doing(at, len(left))))
                    try:
                        one(office, wait)
                    except VentanillaError as error:
                        refused.append((wait.name, line(said(error))))
                    else:
                        names.append(wait.name)
            form = (verb, tuple(w.name for w in waits)) if names else None
            return outcome(verb, names, refused, warned(office, before), *about, form=form)

        self._core.ask(lane, to, work)

    # -- signing ------------------------------------------------------------------------------

    def sign(self, to: MessagePump, waits: Sequence[Wait], secret: str | None) -> None:
        """Sign letters with the person's own key, one after the other: each has its number at
        once; their seals come after all of them."""
        stop = self._stop = threading.Event()

        def work() -> base.Answer | None:
            office = self._core.office(self._core.behind)
            before = len(office.avisos)
            names, numbers, signed = list[str](), list[str](), list[str]()
            refused = [(w.name, why) for w in waits if (why := w.refusals.get("aprobar"))]
            ready = [w for w in waits if "aprobar" not in w.refusals]
            for at, wait in enumerate(ready, 1):
                if stop.is_set():
                    refused += [(w.name, words.LEFT_UNSIGNED) for w in ready[at - 1 :]]
                    break
                to.post_message(m.Under(words.signing(at, len(ready))))
                try:
                    done = office.aprobar(wait.signed_as, clave=secret)
                except Refused as error:
                    if error.codigo in WRONG_SECRET and not signed:
                        return m.SecretRefused(tuple(waits), line(said(error)))
                    refused.append((wait.name, line(said(error))))
                except VentanillaError as error:
                    refused.append((wait.name, line(said(error))))
                else:
                    names.append(wait.name)
                    numbers.append(done.salida or done.carta)
                    signed.append(done.carta)
            to.post_message(
                outcome("aprobar", names, refused, warned(office, before), ", ".join(numbers))
            )
            return _sealed(office, signed)

        self._core.ask(self._core.behind, to, work)


def _not_at_all(verb: str, wait: Wait) -> str:
    """Why the door cannot even be asked: a letter is no record to be assigned, say."""
    if wait.letter is None:
        return ""
    return wait.refusals.get("vobo" if verb == "reparos" else verb, "")


def _went(whole: Callable[[Office], object], office: Office) -> bool:
    """Whether all of them went in one act."""
    try:
        whole(office)
    except VentanillaError:
        return False  # each is tried by itself, and says why
    return True


def _sealed(office: Office, letters: Sequence[str]) -> base.Answer | None:
    """Seal what was signed; what waits for the token is told."""
    for letter in letters:
        try:
            office.sellar_carta(letter)
        except CannotSign as error:
            return base.Told(words.unsealed(line(error.mensaje)), bad=True)
    return None


def outcome(
    verb: str,
    names: Sequence[str],
    refused: Sequence[tuple[str, str]],
    warnings: Sequence[str],
    *about: str,
    form: tuple[str, tuple[str, ...]] | None = None,
) -> m.Done:
    """What is told of an act."""
    done = words.done(verb, tuple(names), *about) if names else ""
    told = words.told(done, tuple(refused)) if refused or done else ""
    sentence = " ".join([told, *warnings]).strip()
    return m.Done(sentence, tuple(refused), form, bad=bool(refused))


def warned(office: Office, before: int) -> list[str]:
    """What the door warned of since, told once."""
    found = [line(text) for text in office.avisos[before:]]
    del office.avisos[before:]
    return found
