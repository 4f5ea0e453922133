"""The first room: the queue, a letter's text beside its form, and the last number.

Everything happens in place: the next letter fills the same widgets, no screen is pushed. Doors
answer with messages; the handlers below are the only ones that change what is seen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from tui import actions, texts
from tui import messages as m
from tui.screens.desk import Change
from tui.screens.shared import show_document
from tui.screens.verbs import Verbs
from tui.views import Column
from tui.widgets.form import Form, state_of
from tui.widgets.head import Head
from tui.widgets.keybar import KeyBar
from tui.widgets.last import LastNumber
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.picture import Picture
from tui.widgets.reading import Reading

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import DescendantBlur, DescendantFocus

    from tui.views import Field, Letter

_SHAPES = ((8, 0), (11, 70), (0, 0), (12, 56), (17, 34))
_QUEUE_COLUMNS = [Column(t, *s) for t, s in zip(texts.QUEUE_COLUMNS, _SHAPES, strict=True)]
_SHAPES_UNREADABLE = ((8, 0), (11, 90), (24, 0), (12, 90), (0, 46))
_UNREADABLE_COLUMNS = [
    Column(t, *s) for t, s in zip(texts.UNREADABLE_COLUMNS, _SHAPES_UNREADABLE, strict=True)
]
_TYPING_PAUSE = 0.3
_LOOK_AGAIN = 3.0


class PorRadicar(Verbs):
    """The screen."""

    BINDINGS: ClassVar = [*actions.bindings(actions.MAIN)]
    AUTO_FOCUS = "#cola"
    _typing: Timer | None = None

    def compose(self) -> ComposeResult:
        # Said before the parts are there: afterwards, each of them would be styled once more.
        self.set_class(not self.tasks.viewing.draws, "-sin-imagen")
        form = Form(texts.FIELD_LABELS, id="datos")
        form.enable(False)
        yield Head()
        with Vertical(id="sala"):
            yield VirtualList(_QUEUE_COLUMNS, id="cola")
            with Vertical(id="mesa"):
                with Horizontal(id="rotulo"):
                    yield Static("", id="carta", markup=False)
                    yield Static("", id="estado", markup=False)
                yield Picture(id="imagen")
                with Horizontal(id="hoja"):
                    yield Reading(id="texto")
                    yield form
        yield LastNumber(id="ultimo")
        yield Notice(id="aviso")
        yield KeyBar(id="teclas")

    def on_mount(self) -> None:
        self.query_one(Reading).show((), texts.LOADING)
        self.tasks.open(self)
        self.tasks.queue(self)
        self.set_interval(_LOOK_AGAIN, self.look_again)
        self.show_keys()

    def look_for(self, query: str) -> None:
        """Another room leads here: «no_leidos» is what could not be read."""
        if self.desk.shows_unreadable != (query == "no_leidos"):
            self.do_no_leidos()

    def look_again(self) -> None:
        """What other processes did; and what could not be kept is tried once more."""
        self.keep_all()
        self.tasks.queue(self, only_changes=True)

    # -- the doors' answers -------------------------------------------------------------------

    @on(m.Opened)
    def _opened(self, answer: m.Opened) -> None:
        self.desk.session = answer.session
        self.form.set_choices(answer.session.choices)
        self.show_head()
        self._show_hint()
        self.show_keys()
        self.tasks.pressing(self)

    @on(m.Pressing)
    def _presses(self, answer: m.Pressing) -> None:
        # It may come seconds later: what answers to the clerk's own act stays.
        if self.query_one(Notice).idle:
            self.tell(answer.sentence, bad=True)

    @on(m.QueueRead)
    def _queue_read(self, answer: m.QueueRead) -> None:
        desk = self.desk
        before = desk.wanted if desk.wanted in desk.rows else None
        desk.queue = {w.id: w for w in answer.waiting}
        desk.unreadable = {w.id: w for w in answer.unreadable}
        if before is not None and before not in desk.rows:
            # Our own numbers and discards took it off the list before: this was somebody else.
            # What is being typed must not land in the letter that takes its place.
            self.list.focus()
            self.form.enable(False)
            if before not in {**desk.queue, **desk.unreadable}:
                self.tell(texts.GONE, bad=True)
        self.show_list()

    @on(m.LetterRead)
    def _letter_read(self, answer: m.LetterRead) -> None:
        desk, letter = self.desk, answer.letter
        if letter.id != desk.wanted:
            return
        before, desk.letter = desk.letter, letter
        same = before is not None and before.id == letter.id
        as_before = before.status if before is not None and same else None
        self.form.enable(letter.status != "cuarentena" and self.may_write)
        changed = self.form.show(letter.id, letter.fields, keep=desk.in_hand if same else ())
        # A page that was read meanwhile is nobody's change.
        as_far = before is not None and len(before.pages) == len(letter.pages)
        if before is not None and same and changed and as_far and before.status == letter.status:
            self.tell(f"{texts.FOREIGN}{', '.join(changed)}.", bad=True)
        self._show_sheet(letter)
        self.query_one(Picture).look_at(letter.id, pages=len(letter.pages))
        if as_before is not None and as_before != letter.status:
            self.query_one(Picture).again()
        if answer.lead and desk.batch and desk.repeat and not self.form.disabled:
            self.do_repetir()
        if answer.lead and not self.form.disabled and not self.form.go_to_doubt():
            self.form.go_to(next(iter(texts.FIELD_LABELS)))
        elif (field := self.form.current) is not None:
            self._look_at(field)
        self._show_hint()

    @on(m.Kept)
    def _kept(self, answer: m.Kept) -> None:
        self.desk.kept(answer.ident, answer.values)
        letter = self.desk.letter
        if letter is not None and letter.id == answer.ident:
            if answer.rev > letter.rev + len(answer.values):
                self.tasks.letter(self, answer.ident)  # somebody else wrote in between
            self.desk.letter = replace(letter, rev=max(letter.rev, answer.rev))
        self.go_on_leaving()

    @on(m.NotKept)
    def _not_kept(self, answer: m.NotKept) -> None:
        if answer.gone:
            self.desk.kept(answer.ident, answer.values)
            self.tell(f"{texts.GONE}{answer.sentence}", bad=True)
            self.tasks.queue(self)
        else:
            self.desk.not_kept(answer.ident, answer.values)
            self.tell(f"{texts.NOT_SAVED}{answer.sentence}", bad=True)
        self.go_on_leaving()

    @on(m.NumberGiven)
    def _number_given(self, answer: m.NumberGiven) -> None:
        self.desk.last = answer.last
        self.query_one(LastNumber).show(answer.last)
        doubts = [f.label for f in self.form.doubtful] if answer.ident == self.desk.wanted else []
        self.tell(texts.numbered(answer.last.number, doubts if answer.ident else []))
        self.end_numbering()
        self.desk.flying.pop(answer.ident or "", None)
        if answer.ident is not None and answer.ident == self.desk.wanted:
            self.desk.turn_to(None)
            self.desk.queue.pop(answer.ident, None)
            self.show_letter(answer.following or None, lead=True)
        self.tasks.queue(self)

    @on(m.NumberRefused)
    def _number_refused(self, answer: m.NumberRefused) -> None:
        self.end_numbering()
        if answer.ident is not None and answer.ident in self.desk.flying:
            # Whether it was kept before the refusal is not known: keeping it twice is harmless.
            self.tasks.write(self, answer.ident, self.desk.flying[answer.ident])
        if answer.code == "orden_de_recepcion":
            self.tell("")
            if answer.ident is not None:
                self.ask_order(answer.ident, answer.sentence)
            return
        self.tell(answer.sentence, bad=True)
        self.tasks.queue(self)

    @on(m.Resolved)
    def _resolved(self, answer: m.Resolved) -> None:
        self.tell(answer.sentence)
        if answer.closed:
            self.desk.changes.append(Change(answer.ident))
        if answer.ident == self.desk.wanted:
            self.desk.turn_to(None)
            self.desk.rows.pop(answer.ident, None)
            self.show_letter(answer.following or None, lead=not self.desk.shows_unreadable)
        self.tasks.queue(self)

    @on(m.Revived)
    def _revived(self, answer: m.Revived) -> None:
        self.tell(texts.UNDONE_DISCARD)
        self.keep_typed()
        self.desk.turn_to(answer.ident)
        self.tasks.queue(self)
        self.tasks.letter(self, answer.ident, lead=True)

    @on(m.MayBelong)
    def _may_belong(self, answer: m.MayBelong) -> None:
        if answer.ident == self.desk.wanted and self.app.screen is self:
            self.ask_join(answer.ident, answer.candidates, answer.typed, answer.sentence)
        elif answer.sentence:
            self.tell(answer.sentence, bad=True)

    @on(m.NotResolved)
    def _not_resolved(self, answer: m.NotResolved) -> None:
        letter = self.desk.letter
        typed = answer.of or answer.note or ""
        if typed and letter is not None and letter.id == answer.ident == self.desk.wanted:
            self.ask_discard(letter, answer.reason, typed, answer.sentence)
        else:
            self.tell(answer.sentence, bad=True)
        self.tasks.queue(self)

    @on(m.Told)
    def _told(self, answer: m.Told) -> None:
        self.tell(answer.sentence, bad=answer.bad)
        if answer.file and self.app.is_web:
            self.app.deliver_binary(answer.file)
        if answer.changed:
            self.tasks.queue(self)

    @on(m.OriginalAt)
    def _original_at(self, answer: m.OriginalAt) -> None:
        show_document(self, answer.path, texts.NO_ORIGINAL)

    # -- what a person does -------------------------------------------------------------------

    @on(VirtualList.RowsWanted)
    def _rows_wanted(self, event: VirtualList.RowsWanted) -> None:
        rows = self.desk.rows
        event.list.put_rows([rows[i].row for i in event.ids if i in rows])

    @on(VirtualList.CursorMoved)
    def _cursor_moved(self, event: VirtualList.CursorMoved) -> None:
        # One that comes late, when the cursor went on, must not bring it back.
        if event.id == self.list.cursor != self.desk.wanted:
            self.show_letter(event.id)

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        if event.id != self.desk.wanted:
            self.show_letter(event.id, lead=True)
        elif not self.form.disabled and not self.form.go_to_doubt():
            self.form.go_to(next(iter(texts.FIELD_LABELS)))

    @on(Form.Typed)
    def _typed(self, event: Form.Typed) -> None:
        if self._of_another(event):
            return
        self.desk.typed[event.name] = event.value
        self.desk.changed(event.name, event.value)
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(_TYPING_PAUSE, self.keep_typed)
        self._show_state()

    @on(Form.Accepted)
    def _accepted(self, event: Form.Accepted) -> None:
        if self._of_another(event):
            return
        self.desk.typed[event.name] = event.value
        self.desk.changed(event.name, event.value)
        self.keep_typed()
        self._show_state()

    def _of_another(self, event: Form.Typed | Form.Accepted) -> bool:
        """What was typed a moment before the letter changed is still that letter's."""
        if event.letter == self.desk.wanted:
            return False
        if event.letter:
            values = {event.name: event.value}
            self.desk.take_off(event.letter, values)
            self.tasks.write(self, event.letter, values)
        return True

    @on(Form.Unknown)
    def _unknown(self, event: Form.Unknown) -> None:
        self.tell(texts.unknown_value(event.field.label, event.field.value), bad=True)
        self._show_state()

    @on(Form.Left)
    def _left(self) -> None:
        self.keep_typed()

    @on(Form.Entered)
    def _entered(self, event: Form.Entered) -> None:
        field = event.field
        self.desk.entered = Change(self.form.letter, field.name, field.value)
        self._look_at(field)
        self._show_hint()

    @on(Picture.Wanted)
    def _picture_wanted(self, event: Picture.Wanted) -> None:
        ids, wanted = self.list.ids, self.desk.wanted
        at = ids.index(wanted) + 1 if wanted in ids else len(ids)
        self.tasks.picture(self, event.ask, ids[at] if at < len(ids) else None)

    @on(m.PictureDrawn)
    def _picture_drawn(self, answer: m.PictureDrawn) -> None:
        picture = self.query_one(Picture)
        if answer.drawn is not None:
            picture.show(answer.drawn)
        else:
            picture.fail(answer.ask, answer.sentence)

    def _look_at(self, field: Field) -> None:
        """The field's place, in the text and on the paper."""
        self.query_one(Reading).mark(field.page, field.box, field.value)
        letter = self.desk.letter
        if letter is not None and letter.id == self.form.letter:
            pages = len(letter.pages)
            self.query_one(Picture).look_at(letter.id, field.page, field.box, pages=pages)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The keys and the hint follow the focus, and so does what is large: a field that stands
        on the paper is shown there, in the place of the queue's other lines."""
        field = self.form.current
        self.set_class(field is not None and field.box is not None, "-en-datos")
        self._show_hint()
        self.show_keys()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """As above."""
        self.call_after_refresh(self.show_keys)

    # -- showing ------------------------------------------------------------------------------

    def show_letter(self, ident: str | None, *, lead: bool = False) -> None:
        """Turn to another letter: what was typed is kept first."""
        self.keep_typed()
        self.desk.turn_to(ident)
        if ident is None:
            self._show_nothing()
            return
        self.list.select(ident)
        self.tasks.letter(self, ident, lead=lead)

    def show_list(self, cursor: str | None = None) -> None:
        """The list as the desk has it; the letter under the cursor stays where it can."""
        desk = self.desk
        self.list.set_columns(_UNREADABLE_COLUMNS if desk.shows_unreadable else _QUEUE_COLUMNS)
        first = desk.letter is None and not desk.shows_unreadable
        self.list.set_ids(list(desk.rows), cursor=cursor or desk.wanted)
        self.show_head()
        self._show_hint()
        ident = self.list.cursor
        if ident is None:
            self.show_letter(None)
        elif ident != desk.wanted:
            self.show_letter(ident, lead=first and self.focused in (None, self.list))
        elif desk.letter is None or desk.letter.rev < desk.rows[ident].rev:
            self.tasks.letter(self, ident)

    def _show_nothing(self) -> None:
        desk = self.desk
        desk.letter = None
        if self.form.current is not None:
            self.list.focus()
        self.form.show_empty()
        self.form.enable(False)
        self.query_one("#carta", Static).update("")
        if desk.shows_unreadable:
            message = texts.NO_UNREADABLE
        else:
            message = texts.empty_queue(desk.session.inbox if desk.session else "")
        self.query_one(Reading).show((), message)
        self.query_one(Picture).look_away()
        self._show_state()
        self.show_keys()

    def _show_sheet(self, letter: Letter) -> None:
        """Title and text."""
        self.show_title()
        empty = letter.reason or (
            texts.NO_TEXT_YET if letter.status == "leyendo" else texts.EMPTY_TEXT
        )
        self.query_one(Reading).show(letter.pages, empty)
        self._show_state()
        self.show_keys()

    def show_title(self) -> None:
        """What is said of the letter beside its text."""
        letter, tie = self.desk.letter, self.desk.tied_to
        if letter is None:
            return
        notes = [texts.tied_to(*tie)] if tie is not None else []
        if tie is None and letter.others:
            notes.append(texts.open_of_sender(len(letter.others)))
        notes.append(letter.title)
        if letter.holder:
            notes.append(texts.held_by(letter.holder))
        elif letter.mine:
            notes.append(texts.MINE)
        if letter.duplicate_of:
            notes.append(f"{texts.DUPLICATE} {letter.duplicate_of}")
        self.query_one("#carta", Static).update(Content(" · ".join([*notes, *letter.notes])))

    def _show_state(self) -> None:
        letter = self.desk.letter
        doubts = len(self.form.doubtful)
        state = self.query_one("#estado", Static)
        if letter is None or letter.status == "cuarentena":
            state.update("")
        elif not self.may_write:
            state.update(Content.styled(texts.READ_ONLY, "bold"))
        else:
            state.update(Content.styled(state_of(doubts), "bold" if doubts else "bold reverse"))

    def show_head(self) -> None:
        """What waits, what is being read, and who is there."""
        desk = self.desk
        parts = []
        here = f"{texts.UNREADABLE} {len(desk.unreadable)}"
        mine = f"{texts.QUEUE} {len(desk.queue)}"
        parts.append(f"[{here}]" if desk.shows_unreadable else f"[{mine}]")
        if desk.shows_unreadable:
            parts.append(mine)
        elif desk.unreadable:
            parts.append(here)
        if desk.batch:
            parts.append(texts.BATCH)
        if desk.reading:
            parts.append(texts.reading_now(desk.reading))
        self.query_one(Head).show(desk.session, parts)

    def _show_hint(self) -> None:
        if self.desk.shows_unreadable:
            hint = texts.UNREADABLE_HINT
        elif self.desk.session is not None and not self.may_write:
            person = self.desk.session.person_id
            hint = texts.NOT_A_CLERK if person else texts.NO_PERSON
        else:
            source = self.form.source
            reason = texts.suggested(self.form.reason) if self.form.reason else ""
            told = texts.from_record(source) if source else reason or self.form.hidden_value
            hint = told or texts.FIELD_HINT
            hint = texts.QUEUE_HINT if self.form.current is None else hint
        self.query_one(Notice).hint(hint)
