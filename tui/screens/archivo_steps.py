"""What a person does in the room «Archivo» with transfers and disposals.

What cannot be undone is confirmed by typing its number.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui.dialogs.form import FormAsk
from tui.screens.archivo_asking import draft_of
from tui.screens.archivo_verbs import Verbs
from tui.texts import archivo_forms as forms
from tui.views import Line

if TYPE_CHECKING:
    from tui.dialogs.form import Filled

SECRET = "clave"

_REASON = Line("motivo", forms.REASON, needed=True)


class Steps(Verbs):
    """Verbs of the last two parts, and the proposal of a disposal."""

    # -- transfers ----------------------------------------------------------------------------

    def do_archivo_aceptar(self) -> None:
        """The package of the row, or another one."""
        fact, name = self.fact(), str(self.list.cursor or "")
        path = f"{fact.place}/{name}" if fact.state == "preparada" else ""
        form = FormAsk(
            forms.ACCEPT_TITLE,
            "",
            (Line("paquete", forms.PACKAGE, path, needed=True), Line("raiz", forms.ROOT)),
        )
        self._accept(form)

    def _accept(self, form: FormAsk, complaint: str = "") -> None:
        key = draft_of(form)

        def named(said: Filled) -> None:
            values = dict(said.values)
            sure = FormAsk(
                forms.ACCEPT_TITLE, forms.ACCEPT_TEXT, (), Path(values["paquete"].rstrip("/")).name
            )

            def confirmed(_: Filled) -> None:
                ticket = self.begin(self.asks.accept(self, values))
                self._asked[ticket] = key
                self._again[ticket] = partial(self._accept, form)

            self.fill_in(draft_of(sure), sure, confirmed)

        self.fill_in(key, form, named, complaint)

    def do_archivo_devolver(self) -> None:
        """With the reasons."""
        name, place = str(self.list.cursor), self.fact().place
        form = FormAsk(forms.RETURN_TITLE, f"{name}. {forms.RETURN_TEXT}", (_REASON,), name)
        self.ask(form, lambda v: self.asks.send_back(self, name, place, v))

    def do_archivo_recibo(self) -> None:
        """The signed word of who received it."""
        name = str(self.list.cursor)
        path = f"{self.fact().place}/{name}-aceptada.json"
        lines = (Line("archivo", forms.RECEIPT, path, needed=True), Line("raiz", forms.ROOT))
        form = FormAsk(forms.RECEIPT_TITLE, forms.RECEIPT_TEXT, lines, name)
        self.ask(form, lambda v: self.begin(self.asks.receipt(self, v)))

    # -- disposals ----------------------------------------------------------------------------

    def do_archivo_proponer(self) -> None:
        """The first step."""
        names = self.chosen
        form = FormAsk(
            forms.PROPOSE_TITLE,
            f"{forms.for_files(names)}\n{forms.PROPOSE_TEXT}",
            (Line("muestra", forms.SAMPLE), Line("motivo", forms.REASON_IF)),
        )
        self.ask(form, lambda v: self.begin(self.asks.propose(self, names, v)))

    def do_archivo_paso(self) -> None:
        """The one that comes next."""
        name, asks = str(self.list.cursor), self.asks
        match self.fact().state:
            case "propuesta":
                form = FormAsk(forms.PUBLISH_TITLE, forms.PUBLISH_TEXT, (), name)
                self.ask(form, lambda _: asks.publish(self, name))
            case "publicada":
                lines = (
                    Line("acta", forms.ACT, needed=True),
                    Line("fecha", forms.ACT_DAY),
                    Line("documento", forms.ACT_FILE),
                )
                form = FormAsk(forms.APPROVE_TITLE, name, lines)
                self.ask(form, lambda v: asks.approve(self, name, v))
            case "aprobada":
                self._sign(name, forms.SIGN_TITLE, forms.SIGN_TEXT, erases=False)
            case "firmada":
                self._sign(name, forms.ERASE_TITLE, forms.ERASE_TEXT, erases=True)
            case "ejecutada":
                form = FormAsk(forms.FINISH_TITLE, forms.FINISH_TEXT, (), name)
                self.ask(form, lambda _: self.begin(asks.sign(self, name, None, erases=True)))
            case _:
                self.begin(asks.prove(self, name))

    def _sign(self, name: str, title: str, text: str, *, erases: bool) -> None:
        form = FormAsk(title, f"{name}. {text}", (Line(SECRET, forms.SECRET, secret=True),), name)

        def do(values: dict[str, str]) -> int:
            secret = values.pop(SECRET) or None
            return self.begin(self.asks.sign(self, name, secret, erases=erases))

        self.ask(form, do)

    def do_archivo_observar(self) -> None:
        """What somebody observed."""
        name = str(self.list.cursor)
        lines = (Line("quien", forms.WHO, needed=True), Line("texto", forms.WHAT_SAID, needed=True))
        self.ask(
            FormAsk(forms.OBSERVE_TITLE, name, lines), lambda v: self.asks.observe(self, name, v)
        )

    def do_archivo_responder(self) -> None:
        """Taken or not, with the reasons."""
        name = str(self.list.cursor)
        lines = (
            Line("n", forms.WHICH, needed=True),
            Line("acoge", forms.ACCEPTS, needed=True),
            _REASON,
            Line("excluye", forms.EXCLUDES),
        )
        self.ask(
            FormAsk(forms.ANSWER_TITLE, name, lines), lambda v: self.asks.answer(self, name, v)
        )

    def do_archivo_retirar(self) -> None:
        """Given up."""
        name = str(self.list.cursor)
        form = FormAsk(forms.WITHDRAW_TITLE, f"{name}. {forms.WITHDRAW_TEXT}", (_REASON,), name)
        self.ask(form, lambda v: self.asks.withdraw(self, name, v))
