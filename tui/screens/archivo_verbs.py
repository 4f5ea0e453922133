"""What a person does in the room «Archivo» with the TRD, its expedientes, and what is due."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui.dialogs.form import FormAsk
from tui.screens.archivo_asking import draft_of
from tui.screens.archivo_panes import Panes
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms
from tui.texts.archivo import DUE, FILES, TRD
from tui.views import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.archivo_views import Trial
    from tui.dialogs.form import Filled
    from tui.screens.archivo_asking import Values
    from tui.views import Id

_REASON = Line("motivo", forms.REASON, needed=True)


class Verbs(Panes):
    """Verbs of the first four parts."""

    @property
    def chosen(self) -> list[str]:
        """What an action is for, by number."""
        return [str(i) for i in self.list.chosen]

    # -- the tree -----------------------------------------------------------------------------

    def do_archivo_desplegar(self) -> None:
        """→."""
        if self.node is not None and not self.node.leaf:
            self.fold(self.node, unfolded=True)

    def do_archivo_plegar(self) -> None:
        """←: below a line that is folded or holds nothing, what it stands under."""
        node = self.node
        if node is None:
            return
        at = self.list.ids.index(node.id)
        shown = at + 1 < len(self.list.ids)
        below = next((n for n in self.nodes if shown and n.id == self.list.ids[at + 1]), None)
        if below is not None and below.above == node.id:
            self.fold(node, unfolded=False)
        elif node.above:
            self.list.action_move(self.list.ids.index(node.above) - at)

    def do_archivo_marcar_todo(self) -> None:
        """An asterisk: all rows, or the whole tree."""
        if self.part == TRD:
            self.unfold_all()
        else:
            self.list.mark_all()

    # -- expedientes --------------------------------------------------------------------------

    def do_archivo_abrir_serie(self) -> None:
        """Of the serie under the cursor."""
        if self.node is not None:
            self._open_in(self.node.id)

    def do_archivo_abrir(self) -> None:
        """Of a serie that is chosen."""
        self.choose_read(self.asks.series(self), forms.SERIE_TITLE, self._open_in)

    def _open_in(self, serie: str, name: str = "", ids: Sequence[Id] = ()) -> None:
        def opened(support: str) -> None:
            text, lines = forms.new_in(serie), [Line("nombre", forms.NAME, name, needed=True)]
            if ids:
                text = f"{text} {forms.with_records(len(ids))}"
            else:
                lines.append(Line("con", forms.FIRST))
            self.ask(
                FormAsk(forms.OPEN_TITLE, text, tuple(lines)),
                lambda v: self.asks.open_file(self, serie, {**v, "soporte": support}, ids),
            )

        self.choose(forms.SUPPORT, forms.MEDIUMS, "electronico", opened)

    def do_archivo_incorporar(self) -> None:
        """Records that are typed."""
        name = self.chosen[0]
        text = f"{name} · {self.fact_of(name).name}"

        def kind_known(kind: str) -> None:
            said = f"{text}\n{kind}" if kind else text
            form = FormAsk(forms.ADD_TITLE, said, (Line("radicados", forms.RECORDS, needed=True),))
            self.ask(
                form,
                lambda v: self.asks.file(
                    self, name, v["radicados"].replace(",", " ").split(), kind
                ),
            )

        self.choose_read(self.asks.kinds(self, name), forms.KIND_TITLE, kind_known)

    def do_archivo_sacar(self) -> None:
        """What was put there by error."""
        name = self.chosen[0]
        lines = (Line("documento", forms.MEMBER, needed=True), _REASON)
        form = FormAsk(forms.TAKE_OUT_TITLE, f"{name} · {self.fact_of(name).name}", lines)
        self.ask(form, lambda v: self.asks.unfile(self, name, v))

    def do_archivo_cerrar(self) -> None:
        """Its índice is fixed."""
        name = self.chosen[0]
        form = FormAsk(
            forms.CLOSE_TITLE,
            f"{name} · {self.fact_of(name).name}\n{forms.CLOSE_TEXT}",
            (Line("motivo", forms.REASON_IF), Line("fecha", forms.CLOSE_DAY)),
        )
        self.ask(form, lambda v: self.asks.close(self, name, v))

    def do_archivo_reabrir(self) -> None:
        """With a reason."""
        name = self.chosen[0]
        form = FormAsk(forms.REOPEN_TITLE, f"{name}. {forms.REOPEN_TEXT}", (_REASON,))
        self.ask(form, lambda v: self.asks.reopen(self, name, v))

    def do_archivo_orden(self) -> None:
        """F6: the next order."""
        names = list(words.ORDERS)
        self.order = names[(names.index(self.order) + 1) % len(names)]
        self.read()

    def do_archivo_retener(self) -> None:
        """Nobody disposes of them."""
        names = self.chosen
        form = FormAsk(
            forms.HOLD_TITLE,
            forms.for_files(names),
            (_REASON, Line("fundamento", forms.GROUND), Line("hasta", forms.UNTIL)),
        )
        self.ask(form, lambda v: self.asks.hold(self, names, v))

    do_archivo_retener_debido = do_archivo_retener

    def do_archivo_liberar(self) -> None:
        """All that holds them."""
        names = self.chosen
        lines = (Line("motivo", forms.REASON_IF), Line("todas", forms.ALL_HOLDS, "no"))
        form = FormAsk(forms.RELEASE_TITLE, forms.for_files(names), lines)
        self.ask(form, lambda v: self.asks.release(self, names, v))

    do_archivo_liberar_debido = do_archivo_liberar

    # -- records without expediente -----------------------------------------------------------

    def do_archivo_llevar(self) -> None:
        """Into one that is open."""
        ids, first = list(self.list.chosen), self.fact_of(self.list.chosen[0]).name

        def chosen(name: str) -> None:
            title = f"{forms.KIND_TITLE} {forms.for_records(len(ids), first)} → {name}"
            then = partial(self._file_these, name, ids)
            self.choose_read(self.asks.kinds(self, name), title, then)

        ticket = self.asks.open_files(self, first)
        self.choose_read(ticket, forms.WHERE_TO_TITLE, chosen)

    def _file_these(self, name: str, ids: Sequence[Id], kind: str) -> None:
        self.asks.file_these(self, name, ids, kind)

    def do_archivo_llevar_nuevo(self) -> None:
        """Into a new one; the serie that is likely comes first."""
        ids, row = list(self.list.chosen), self.list.row
        name = row.cells[3] if row is not None else ""
        ticket = self.asks.series(self, self.fact_of(ids[0]).name)
        then = partial(self._open_in, name=name, ids=ids)
        self.choose_read(ticket, forms.SERIE_TITLE, then)

    # -- what is due --------------------------------------------------------------------------

    def do_archivo_fecha(self) -> None:
        """As of another day."""
        now = self.day.isoformat() if self.day else ""
        form = FormAsk(forms.DATE_TITLE, forms.DATE_TEXT, (Line("dia", forms.DATE, now),))
        self._ask_day(form)

    def _ask_day(self, form: FormAsk, complaint: str = "") -> None:
        key = draft_of(form)

        def answered(said: Filled) -> None:
            day = said.values["dia"]
            try:
                self.day = date.fromisoformat(day) if day else None
            except ValueError:
                self._ask_day(form, f"«{day}» {forms.NOT_A_DAY}")
            else:
                self.forget_draft(key)
                self.read()

        self.fill_in(key, form, answered, complaint)

    def do_archivo_hecho(self) -> None:
        """What its serie counts from took place."""
        name = self.chosen[0]
        form = FormAsk(
            forms.FACT_TITLE,
            f"{name} · {self.fact_of(name).name}",
            (Line("fecha", forms.FACT_DAY, needed=True), Line("hecho", forms.FACT)),
        )
        self.ask(form, lambda v: self.asks.note_fact(self, name, v))

    def do_archivo_calendario(self) -> None:
        """Year by year."""
        self.asks.calendar(self)

    # -- exports ------------------------------------------------------------------------------

    def do_archivo_transferir(self) -> None:
        """A package; first it is told what would be in it."""
        names = self.chosen

        def profiled(profile: str) -> None:
            form = FormAsk(
                forms.TRANSFER_TITLE,
                forms.for_files(names),
                (
                    Line("destino", forms.TARGET, f"{self.keeper.out}/transferencias", needed=True),
                    Line("motivo", forms.EARLY),
                ),
            )
            chosen = {"perfil": profile}
            self.try_first(
                forms.TRANSFER_TITLE,
                form,
                lambda v: self.asks.try_transfer(self, names, {**v, **chosen}),
                lambda trial, v: self.asks.transfer(self, trial.names, {**v, **chosen}),
            )

        self.choose(forms.PROFILE_TITLE, forms.PROFILES, "bagit", profiled)

    do_archivo_transferir_debido = do_archivo_transferir

    def do_archivo_exportar(self) -> None:
        """F8: the table, or the inventory of what is marked, else of all that the list has."""
        if self.part == TRD:
            self.choose(forms.TABLE_TITLE, forms.TABLE_FORMATS, "xlsx", self._export_table)
        else:
            whole = self.part == FILES and self.shows_all
            marked = self.list.marked or ([] if whole else self.list.ids)
            names = [str(i) for i in marked]
            first = next(iter(forms.FORMATS))
            self.choose(forms.FUID_TITLE, forms.FORMATS, first, partial(self._export_fuid, names))

    def _export_table(self, form: str) -> None:
        chosen = {"formato": form}

        def write(_: Trial, typed: Values) -> int:
            return self.asks.table(self, {**typed, **chosen})

        path = Path(self.keeper.out) / "trd" / f"trd.{form}"
        self.try_first(
            forms.TABLE_TITLE,
            FormAsk(forms.TABLE_TITLE, "", (Line("archivo", forms.FILE, str(path), needed=True),)),
            lambda v: self.asks.try_table(self, {**v, **chosen}),
            write,
        )

    def _export_fuid(self, names: list[str], form: str) -> None:
        chosen = {"formato": form}

        def write(_: Trial, typed: Values) -> int:
            return self.asks.fuid(self, names, {**typed, **chosen})

        stem = "fuid-por-disponer" if self.part == DUE else "fuid"
        path = Path(self.keeper.out) / "fuid" / f"{stem}.{form.split()[1]}"
        self.try_first(
            forms.FUID_TITLE,
            FormAsk(
                forms.FUID_TITLE,
                forms.for_files(names),
                (Line("archivo", forms.FILE, str(path), needed=True),),
            ),
            lambda v: self.asks.try_fuid(self, names, {**v, **chosen}),
            write,
        )
