"""What is done in the room «Área» about what waits: which dialog asks for what an act needs."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from tui import area_words
from tui.area_views import Desk, LetterWanted, Wait
from tui.dialogs.area_pick import PickDialog
from tui.dialogs.area_sign import SignDialog
from tui.dialogs.ask import ConfirmDialog
from tui.dialogs.form import Filled, FormAsk
from tui.screens.drafting import Drafting
from tui.texts import area as words
from tui.views import Choice, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tui.tasks.area_letters import AreaLetters
    from tui.tasks.area_verbs import AreaVerbs as VerbTasks

    Values = Mapping[str, str]


class AreaVerbs(Drafting):
    """The part of the room that acts."""

    def __init__(self) -> None:
        super().__init__()
        self.desk: Desk | None = None
        self.under_way = False
        """Whether something goes on that can be left."""
        self._waits: dict[int, Wait] = {}

    @property
    def acts(self) -> VerbTasks:
        """What this room has done."""
        return self.tasks.area_verbs

    @property
    def letters(self) -> AreaLetters:
        """What this room has written."""
        return self.tasks.area_letters

    @abstractmethod
    def chosen_for(self, action: str) -> Sequence[Wait]:
        """What an action is for."""

    def cancel(self) -> None:
        """Leave what is under way, as far as it was not done."""
        self.acts.cancel()
        self.letters.cancel()

    # -- who gets it --------------------------------------------------------------------------

    def do_area_asignar(self) -> None:
        """A: to a person or another área."""
        waits, desk = self.chosen_for("area_asignar"), self.desk
        if not waits or desk is None:
            return
        areas = {w.area for w in waits}
        code = areas.pop() if len(areas) == 1 else None
        now = waits[0].person if len(waits) == 1 else None
        choices = area_words.assignees(desk.people, desk.areas, code, now)

        def chosen(said: str | None) -> None:
            if said is not None:
                area, _, whom = said.partition("/")
                name = area_words.named(said, desk.people, desk.areas)
                self.acts.assign(self, waits, area, whom or None, name)

        self._choose(words.ASSIGN_TITLE, waits, choices, chosen)

    def do_area_informar(self) -> None:
        """I: told of it, without having to act."""
        waits, desk = self.chosen_for("area_informar"), self.desk
        if not waits or desk is None:
            return

        def chosen(said: str | None) -> None:
            if said is not None:
                area, _, whom = said.partition("/")
                name = area_words.named(said, desk.people, desk.areas)
                self.acts.tell(self, waits, area or None, whom or None, name)

        self._choose(words.TELL_TITLE, waits, area_words.tellable(desk.people, desk.areas), chosen)

    def do_area_devolver(self) -> None:
        """D: not of this área."""
        waits = self.chosen_for("area_devolver")
        lines = [Line("motivo", words.BACK_LABEL)]
        self._form("devolver", words.BACK_TITLE, waits, lines,
                   lambda v: self.acts.give_back(self, waits, v["motivo"]))  # fmt: skip

    def do_area_conocer(self) -> None:
        """C: read."""
        if waits := self.chosen_for("area_conocer"):
            self.acts.acknowledge(self, waits)

    def do_area_nota(self) -> None:
        """N: a remark."""
        waits = self.chosen_for("area_nota")
        lines = [Line("nota", words.NOTE_LABEL)]
        self._form("anotar", words.NOTE_TITLE, waits, lines,
                   lambda v: self.acts.note(self, waits, v["nota"]))  # fmt: skip

    def do_area_agendar(self) -> None:
        """H: out of sight until a day."""
        waits = self.chosen_for("area_agendar")
        lines = [Line("hasta", words.LATER_LABEL, hint=words.LATER_HINT)]

        def done(values: Values) -> str | None:
            until = area_words.day_of(values["hasta"])
            if until is None:
                return words.NO_DAY
            self.acts.put_off(self, waits, until)
            return None

        self._form("agendar", words.LATER_TITLE, waits, lines, done)

    def do_area_fijar(self) -> None:
        """L: what an order says of its term."""
        waits = self.chosen_for("area_fijar")
        lines = [
            Line("vence", words.FIX_WHEN, hint=words.FIX_WHEN_HINT),
            Line("fuente", words.FIX_SOURCE, hint=words.FIX_SOURCE_HINT),
        ]

        def done(values: Values) -> str | None:
            moment = area_words.moment_of(values["vence"])
            if moment is None:
                return words.NO_MOMENT
            self.acts.fix(self, waits[0], moment, values["fuente"])
            return None

        self._form("fijar", words.FIX_TITLE, waits, lines, done)

    def do_area_archivar(self) -> None:
        """Z: closed."""
        waits = self.chosen_for("area_archivar")
        choices = [Choice(code, said) for code, said in words.CLOSINGS.items()]

        def chosen(cause: str | None) -> None:
            if cause == "":
                self.acts.close(self, waits, "", "")
            elif cause is not None:
                self._form("archivar", words.CLOSINGS[cause], waits,
                           [Line("motivo", words.CLOSE_LABEL)],
                           lambda v: self.acts.close(self, waits, cause, v["motivo"]))  # fmt: skip

        self._choose(words.CLOSE_TITLE, waits, choices, chosen)

    # -- letters ------------------------------------------------------------------------------

    def do_area_responder(self) -> None:
        """R: an answer is presented, or corrected."""
        waits, desk = self.chosen_for("area_responder"), self.desk
        if not waits or desk is None:
            return
        against = [(w.name, why) for w in waits if (why := w.refusals.get("responder"))]
        if against:  # one letter answers all of them, or none
            self.tell(words.told("", tuple(against)), bad=True)
            return
        signers = tuple(Choice(p.id, p.name) for p in desk.people)
        first = "respuesta" if "respuesta" in desk.templates else ""
        lines = [
            Line("como", words.HOW, first, words.HOW_HINT, area_words.templates(desk.templates)),
            Line("respuesta", words.SAID, long=True),
            Line("firma", words.SIGNER, "", words.SIGNER_HINT, signers),
            Line("revisa", words.REVIEWER, "", words.REVIEWER_HINT, signers),
            Line("parcial", words.PARTIAL, "n", words.PARTIAL_HINT),
        ]
        corrected = waits[0].letter if len(waits) == 1 else None

        def done(values: Values) -> None:
            template = values["como"] if values["como"] in desk.templates else ""
            wanted = LetterWanted(
                records=tuple(w.number for w in waits if w.number),
                form=("responder", tuple(w.name for w in waits)),
                kind="respuesta",
                template=template,
                file="" if template else values["como"],
                said={"respuesta": values["respuesta"]},
                signer=values["firma"] or None,
                reviewers=(values["revisa"],) if values["revisa"] else (),
                partial=area_words.yes(values["parcial"]),
                corrects=corrected,
            )
            self.letters.present(self, wanted)

        title = words.CORRECT_TITLE if corrected else words.ANSWER_TITLE
        self._form("responder", title, waits, lines, done, needed=("como",))

    def do_area_requerir(self) -> None:
        """Q: the petitioner is to complete it, or to say what they want."""
        waits = self.chosen_for("area_requerir")
        choices = [Choice(code, said) for code, said in words.DEMANDS.items()]

        def chosen(effect: str | None) -> None:
            if effect is None:
                return
            field = "falta" if effect == "requerimiento" else "duda"

            def done(values: Values) -> None:
                self._write(
                    waits[0], effect, "requerimiento", values[field], {field: values[field]}
                )

            self._form(effect, words.DEMANDS[effect], waits,
                       [Line(field, words.DEMAND_LABELS[effect], long=True)], done)  # fmt: skip

        self._choose(words.DEMAND_TITLE, waits, choices, chosen)

    def do_area_prorrogar(self) -> None:
        """P: longer."""
        waits = self.chosen_for("area_prorrogar")
        lines = [
            Line("hasta", words.EXTEND_DAY, hint=words.LATER_HINT),
            Line("motivo", words.EXTEND_WHY),
        ]

        def done(values: Values) -> str | None:
            until = area_words.day_of(values["hasta"])
            if until is None:
                return words.NO_DAY
            why = values["motivo"]
            self._write(waits[0], "prorroga", "oficio", why, {"motivo": why},
                        until=until.isoformat())  # fmt: skip
            return None

        self._form("prorroga", words.EXTEND_TITLE, waits, lines, done)

    def do_area_trasladar(self) -> None:
        """T: another entity's matter."""
        waits = self.chosen_for("area_trasladar")
        lines = [
            Line("entidad", words.TRANSFER_WHO),
            Line("motivo", words.TRANSFER_WHY),
            Line("direccion", words.TRANSFER_ADDRESS),
            Line("correo", words.TRANSFER_MAIL),
        ]

        def done(values: Values) -> None:
            why = values["motivo"]
            said = {"entidad_competente": values["entidad"], "motivo": why}

            def sure(yes: bool | None) -> None:
                if yes:
                    self._write(waits[0], "traslado", "traslado", why, said,
                                entity=values["entidad"], address=values["direccion"],
                                mail=values["correo"])  # fmt: skip

            word = waits[0].name
            dialog = ConfirmDialog(words.TRANSFER_TITLE, words.TRANSFER_SURE, word)
            self.app.push_screen(dialog, sure)

        self._form("traslado", words.TRANSFER_TITLE, waits, lines, done,
                   needed=("entidad", "motivo"))  # fmt: skip

    def _write(
        self,
        wait: Wait,
        effect: str,
        kind: str,
        why: str,
        said: Values,
        *,
        until: str | None = None,
        entity: str = "",
        address: str = "",
        mail: str = "",
    ) -> None:
        wanted = LetterWanted(
            (wait.number,), (effect, (wait.name,)), kind, effect, template=effect, said=said,
            reason=why, until=until, entity=entity, address=address, mail=mail,
        )  # fmt: skip
        self.letters.present(self, wanted)

    def do_area_retirar(self) -> None:
        """E: a letter is taken back."""
        waits = self.chosen_for("area_retirar")
        lines = [Line("motivo", words.DROP_LETTER_LABEL)]
        self._form("retirar", words.DROP_LETTER_TITLE, waits, lines,
                   lambda v: self.acts.withdraw(self, waits[0], v["motivo"]))  # fmt: skip

    # -- reviews and signatures ---------------------------------------------------------------

    def do_area_vobo(self) -> None:
        """V: agreed, not agreed, or somebody else is asked."""
        waits, desk = self.chosen_for("area_vobo"), self.desk
        if not waits or desk is None:
            return
        able = {
            "conforme": any("vobo" not in w.refusals for w in waits),
            "reparos": any("vobo" not in w.refusals for w in waits),
            "pedir": any("pedir_vobo" not in w.refusals for w in waits),
        }
        choices = [Choice(code, said) for code, said in words.REVIEWS.items() if able[code]]

        def asked(whom: str | None) -> None:
            if whom is not None:
                ident = whom.removeprefix("/")
                name = area_words.named(whom, desk.people, desk.areas)
                self.acts.ask_review(self, waits, ident, name)

        def chosen(what: str | None) -> None:
            if what == "conforme":
                self.acts.review(self, waits, "")
            elif what == "reparos":
                self._form("reparos", words.REVIEW_TITLE, waits,
                           [Line("reparos", words.REVIEW_LABEL)],
                           lambda v: self.acts.review(self, waits, v["reparos"]))  # fmt: skip
            elif what == "pedir":
                people = area_words.tellable(desk.people, ())
                self._choose(words.REVIEW_ASK_TITLE, waits, people, asked)

        self._choose(words.REVIEW_TITLE, waits, choices, chosen)

    def do_area_firmar(self) -> None:
        """F2 and f: signed, and numbered at once."""
        waits = self.chosen_for("area_firmar")
        if waits:
            self.ask_secret(waits, "")

    do_area_firmar_letra = do_area_firmar

    def ask_secret(self, waits: Sequence[Wait], complaint: str) -> None:
        """The passphrase, which is the yes; of a key without one, a word."""
        text = words.sign_text(tuple(w.name for w in waits))

        def typed(secret: str | None) -> None:
            if secret:
                self.acts.sign(self, waits, secret)

        def sure(yes: bool | None) -> None:
            if yes:
                self.acts.sign(self, waits, None)

        if self.desk is not None and self.desk.key == "clave":
            self.app.push_screen(SignDialog(text, complaint), typed)
        else:
            word = waits[0].name if len(waits) == 1 else words.SIGN_WORD
            self.app.push_screen(ConfirmDialog(words.SIGN_TITLE, text, word), sure)

    # -- asking -------------------------------------------------------------------------------

    def _choose(
        self,
        title: str,
        waits: Sequence[Wait],
        choices: Sequence[Choice],
        then: Callable[[str | None], None],
    ) -> None:
        if waits:
            about = words.about(tuple(w.name for w in waits))
            self.app.push_screen(PickDialog(f"{title} · {about}", choices), then)

    def _form(
        self,
        verb: str,
        title: str,
        waits: Sequence[Wait],
        lines: Sequence[Line],
        then: Callable[[Values], str | None],
        *,
        needed: Sequence[str] | None = None,
        complaint: str = "",
    ) -> None:
        """Ask for *lines*; *then* does it, or says what is wrong. What was typed is kept until it
        was done."""
        if not waits:
            return
        names = tuple(w.name for w in waits)
        wanted = [one.name for one in lines] if needed is None else needed
        form = FormAsk(title, words.about(names), tuple(lines))

        def filled(said: Filled) -> None:
            empty = [one for one in lines if one.name in wanted and not said.values[one.name]]
            wrong = words.needed(empty[0].label) if empty else then(said.values)
            if wrong:
                self._form(verb, title, waits, lines, then, needed=needed, complaint=wrong)

        self.fill_in((verb, names), form, filled, complaint)
