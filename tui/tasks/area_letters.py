"""What the room «Área» has written: letters made of a template or a file, and presented.

Making one may take seconds (another program may convert the file), so it runs in the second lane;
until it is presented nothing is a fact, and it can be left.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from records.addressees import Addressee
from records.calendar import written_day
from records.composing import Letter
from tui import messages as base
from tui.messages import area as m
from tui.record_words import person
from tui.tasks.area_verbs import warned
from tui.tasks.core import Core
from tui.texts import area as words

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from ingest.reception import Recepcion
    from records.office import Office
    from tui.area_views import LetterWanted


class AreaLetters:
    """Write and present."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Leave what is being made: it is not presented."""
        self._stop.set()

    def present(self, to: MessagePump, wanted: LetterWanted) -> None:
        """Make a letter and present it for its signature."""
        stop = self._stop = threading.Event()

        def work() -> base.Answer:
            to.post_message(m.Under(words.WRITING))
            room = self._core.reception(self._core.behind)
            before = len(room.office.avisos)
            letter = _checked(room.office, wanted)
            made = _made(room, wanted, letter)
            if stop.is_set():
                return m.Done(words.ACT_CANCELLED)
            whole = msgspec.structs.replace(letter, hecha=made)
            done = room.office.presentar(whole, carta=wanted.corrects)
            waits = room.office.estado(done.carta).letter_waits()
            who = ", ".join(person(w.persona, room.office.authority) for w in waits)
            sentence = " ".join([words.presented(done.carta, who), *warned(room.office, before)])
            return m.Done(sentence, form=wanted.form)

        self._core.ask(self._core.behind, to, work)


def _checked(office: Office, wanted: LetterWanted) -> Letter:
    """The letter that is wanted, if the norm allows what it is to do."""
    effect: Any = wanted.effect
    whom: tuple[Addressee, ...] = ()
    if effect is not None:
        office.comprobar_efecto(wanted.records[0], effect, wanted.reason, wanted.until)
    if wanted.entity:
        whom = (
            office.peticionario(wanted.records[0]),
            Addressee(entidad=wanted.entity, direccion=wanted.address, correo=wanted.mail),
        )
    return Letter(
        hecha=None,
        a=wanted.records,
        tipo=wanted.kind,
        efecto=effect,
        hasta=wanted.until,
        para=whom,
        parcial=wanted.partial,
        firmante=wanted.signer,
        revisan=wanted.reviewers,
    )


def _made(room: Recepcion, wanted: LetterWanted, letter: Letter) -> Any:
    from datetime import date

    from ingest.answers import Draft, made_of

    said = dict(wanted.said)
    if wanted.until:
        said["hasta"] = written_day(date.fromisoformat(wanted.until))
    return made_of(
        room,
        Draft(
            archivo=Path(wanted.file).expanduser() if wanted.file else None,
            plantilla=None if wanted.file else wanted.template,
            a=wanted.records,
            campos=said,
            dirigida=room.office.dirigir(letter, carta=wanted.corrects),
        ),
    )
