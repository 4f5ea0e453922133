"""The part of the door that follows sendings: the operator's file taken in, lists for people."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from records import carriers, fields, identity, lines
from records.answer import MEANS
from records.dispatch import RETURNED, UNSENT, CameBack, Delivered, Dispatch
from records.dispatch_views import SendingView, sendings
from records.dispatching import Dispatching, Proof, Step
from records.errors import Refused
from records.home import CLERKS
from records.reserve import may_see
from records.sending_rules import whom_of
from records.sheets import Column, Sheet
from records.tramite import RETURNS, TO_SEND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from records.carriers import Row
    from records.state import State

Result = Literal["aplicada", "ya_conocida", "en_camino", "rechazada"]
BY_POST = ("certificado", "mensajero")


class RowResult(msgspec.Struct, frozen=True):
    """What became of a row of an operator's file."""

    fila: int
    guia: str
    resultado: Result
    radicado: str | None = None
    motivo: str = ""


class Import(msgspec.Struct, frozen=True):
    """What became of an operator's file."""

    aplicadas: int
    ya_conocidas: int
    en_camino: int
    pruebas: int
    rechazadas: list[RowResult]
    filas: list[RowResult]


class SendingRow(SendingView, frozen=True, kw_only=True):
    """A sending in a list, with its letter."""

    radicado: str
    asunto: str
    desde: str
    direccion: str
    municipio: str
    correo: str


class Tracking(Dispatching):
    """Take in an operator's file; list what is to be sent, on its way, returned."""

    def importar_estados(
        self,
        data: bytes,
        *,
        columnas: Mapping[str, str] | None = None,
        prueba: Callable[[str], Proof | None] = lambda _: None,
        aceptar_limpias: bool = False,
    ) -> Import:
        """Take in what an operator's file says of sendings; done again it changes nothing.

        *prueba* gives the proof of a waybill, where there is one. Where a row cannot be taken and
        *aceptar_limpias* is not said, nothing is, and the result tells why.

        Raises:
            Refused: it is no such file.
        """
        actor = self._clerk()
        self.index.catch_up()
        rows = carriers.read(data, columnas)
        plan = _Plan(self)
        results = [plan.take(row) for row in rows]
        dirty = [r for r in results if r.resultado == "rechazada"]
        proofs = 0
        if not dirty or aceptar_limpias:
            for subject, taken in plan.letters.items():
                steps: list[Step] = []
                for row, n, attempt in taken:
                    digest = self._keep(prueba(row.guia))
                    proofs += digest is not None
                    steps.append(_step(plan.states[subject].radicado, row, n, attempt, digest))
                with self._writing() as writer:
                    self._carry(writer, self._still(plan.states[subject]), steps, actor)
        count = {r: sum(x.resultado == r for x in results) for r in ("ya_conocida", "en_camino")}
        done = sum(map(len, plan.letters.values())) if not dirty or aceptar_limpias else 0
        return Import(done, count["ya_conocida"], count["en_camino"], proofs, dirty, results)

    def _still(self, before: State) -> State:
        """The letter, if nobody touched its sending meanwhile."""
        state = self._outgoing(before.radicado)
        if state.envio != before.envio:
            raise Refused(
                "cambio_entretanto",
                f"Otra persona cambió los envíos de {before.radicado} mientras se importaba.",
                consejo="Repita la importación: lo ya aplicado no se aplica otra vez.",
            )
        return state

    def envios(self, que: str = "") -> list[SendingRow]:
        """Sendings by addressee: `sin_enviar`, `devueltos`, or all that is under way.

        Of a letter that is withheld from who asks the correspondence unit is shown the envelope,
        which it sends; others are not shown that it is there. Whom a letter is for, where that is
        kept, stands in no list: who sends it reads it with `ver`.
        """
        self.index.catch_up()
        trays = {"sin_enviar": [TO_SEND], "devueltos": [RETURNS]}.get(que, [TO_SEND, RETURNS])
        subjects = self.index.letters_waiting(*trays)
        if not que:
            subjects += self.index.letters_on_their_way()
        kept = {"sin_enviar": (UNSENT,), "devueltos": (RETURNED,)}.get(
            que, (UNSENT, RETURNED, "enviado")
        )
        return [
            row
            for subject in dict.fromkeys(subjects)
            for row in self._sendings_of(self.estado(subject))
            if row.estado in kept
        ]

    def _sendings_of(self, state: State) -> list[SendingRow]:
        sight, rows = self.sight, _rows(identity.public(state))
        sends = sight.roles & set(CLERKS)
        if sends:  # a carrier's number is how they follow what they sent
            rows = [
                msgspec.structs.replace(row, guia=whole.guia)
                for row, whole in zip(rows, _rows(state), strict=True)
            ]
        if may_see(state, sight):
            return rows
        kept = self.withheld(state) or ""
        return [msgspec.structs.replace(row, asunto=kept) for row in rows] if sends else []

    def sin_enviar(self) -> int:
        """How many letters have had their number for too long and have not left."""
        return self.index.unsent_since(self._sent_by())

    def para_operador(self) -> list[SendingRow]:
        """What waits for the post, for the list that goes with it."""
        return [r for r in self.envios("sin_enviar") if r.medio in BY_POST]

    def planilla_envios(self, formato: str) -> bytes:
        """The list for the operator, with weight and waybill left blank: a page or a CSV."""
        self.authority.require(self.persona)
        rows = [
            (str(i), r.nombre, r.direccion, r.municipio, r.radicado, MEANS[r.medio], "", "")
            for i, r in enumerate(self.para_operador(), 1)
        ]
        titles = ("N.º", "Destinatario", "Dirección", "Municipio", "Radicado", "Medio", "Peso",
                  "Guía")  # fmt: skip
        if formato == "csv":
            return as_csv(titles, rows)
        widths = (0.5, 3, 3.4, 1.7, 2.4, 1.6, 0.9, 2.2)
        sheet = self._sheet(
            "Planilla de envíos",
            at=lines.now(),
            subtitle=f"{len(rows)} envíos para el operador postal",
            mark=self.punto,
            landscape=True,
        )
        _fill(sheet, [Column(t, w) for t, w in zip(titles, widths, strict=True)], rows)
        return sheet.pdf()


class _Plan:
    """What an operator's rows amount to, letter by letter, before anything is written."""

    def __init__(self, door: Tracking) -> None:
        self.door = door
        self.states: dict[str, State] = {}
        self.after: dict[str, Dispatch] = {}
        self.letters: dict[str, list[tuple[Row, int, int]]] = {}
        self.at = lines.stamp(lines.now())

    def take(self, row: Row) -> RowResult:
        """Judge one row more, in the light of those before."""
        if row.problema is not None:
            return RowResult(row.fila, row.guia, "rechazada", motivo=row.problema)
        found = self.door.index.sendings_by_waybill(row.guia)
        if not found:
            why = "Ningún envío tiene esa guía."
            return RowResult(row.fila, row.guia, "rechazada", motivo=why)
        subject, n, attempt = found[-1].subject, found[-1].destinatario, found[-1].intento
        if subject not in self.states:
            self.states[subject] = self.door.estado(subject)
            self.after[subject] = msgspec.structs.replace(self.states[subject].envio)
        radicado = self.states[subject].radicado
        result, why = self._judge(row, subject, n, attempt)
        if result == "aplicada":
            fact, ficha = _step(radicado, row, n, attempt, None)
            self.after[subject].apply(fact, self.at, ficha)
            self.letters.setdefault(subject, []).append((row, n, attempt))
        return RowResult(row.fila, row.guia, result, radicado, why)

    def _judge(self, row: Row, subject: str, n: int, attempt: int) -> tuple[Result, str]:
        held = self.after[subject].destinatarios[n - 1].intentos[attempt - 1]
        day = row.fecha[:10]
        if row.estado == "en_camino":
            return "en_camino", ""
        for told in held.resultados:
            if (told.estado, told.fecha[:10]) == (row.estado, day):
                return "ya_conocida", ""
        if self.states[subject].anulado is not None:
            return "rechazada", "La carta está anulada."
        if row.fecha > self.at or day < held.enviado[:10]:
            left = lines.read_day(held.enviado)
            return "rechazada", f"{day} no puede ser: salió el {left}, y aún no pasa lo que viene."
        last = held.resultado
        if last is not None and (last.estado == row.estado or last.fecha[:10] > day):
            return "rechazada", f"Ya se dijo otra cosa: {last.estado} el {last.fecha[:10]}."
        return "aplicada", ""


def _step(radicado: str, row: Row, n: int, attempt: int, digest: str | None) -> Step:
    if row.estado == RETURNED:
        assert row.causa is not None
        return CameBack(
            radicado=radicado, destinatario=n, intento=attempt, causa=row.causa, fecha=row.fecha,
            prueba=digest,
        ), None  # fmt: skip
    who = fields.clean_text(row.recibe)
    fact = Delivered(
        radicado=radicado, destinatario=n, intento=attempt, fecha=row.fecha, prueba=digest
    )
    return fact, {"recibe": who} if who else None


def _rows(state: State) -> list[SendingRow]:
    out = []
    for view in sendings(state):
        known = whom_of(state, view.n)
        more: dict[str, Any] = {f: getattr(view, f) for f in SendingView.__struct_fields__}
        more |= {k: str(known.get(k) or "") for k in ("direccion", "municipio", "correo")}
        more["radicado"] = state.radicado
        more["asunto"] = str(state.campos.get("asunto") or "")
        out.append(SendingRow(**more, desde=view.enviado or state.envio.desde))
    return out


def _fill(sheet: Sheet, columns: list[Column], rows: Sequence[tuple[str, ...]]) -> None:
    sheet.table(columns, rows, empty="Nada espera al operador.")
    sheet.pairs([("Entrega", ""), ("Recibe, por el operador", ""), ("Fecha y hora", "")])


def as_csv(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> bytes:
    """A CSV that a spreadsheet opens as it is; nothing in it is taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Text that begins like a formula gets an apostrophe, by which spreadsheets show it as text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
