"""The register (libro) of what was numbered from a day to a day, as PDF/A and as a spreadsheet.

For Control Interno, the Contraloría and the AGN: each number in order, annulled ones with their
acta, corrected fields as they stand, per sede and together; with the seal of the log and a sample
that anyone can draw again: the records whose SHA-256 of seal and radicado is least.
"""

from __future__ import annotations

import hashlib
import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import identity, lines
from records.closing import Closings, SeriesDay, series_of
from records.errors import Refused
from records.events import NumberAnnulled
from records.lines import read_hour
from records.sheets import Column, Sheet
from records.state import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.heads import Head

SAMPLE = 20
MAX_SAMPLE = 1000
HEADERS = (
    "Sede",
    "Radicado",
    "Clase",
    "Recibido",
    "Radicado el",
    "Remitente o destinatario",
    "Asunto",
    "Dependencia",
    "Responsable",
    "Folios",
    "Anexos",
    "Canal",
    "Vence",
    "Estado",
    "Acta",
)


class Row(msgspec.Struct, frozen=True):
    """One number of the register, as it stands; `remitente` of the office's own letters is whom
    they are for, and `recibido` is empty."""

    punto: str
    radicado: str
    clase: str
    recibido: str
    fecha: str
    remitente: str
    asunto: str
    dependencia: str
    responsable: str
    folios: int
    anexos: int
    canal: str
    vence: str
    estado: str
    acta: str


class Register(msgspec.Struct, frozen=True):
    """The register that was made, and its files."""

    desde: str
    hasta: str
    filas: int
    series: list[SeriesDay]
    sello: str
    tamano: int
    pdf: str
    xlsx: str
    muestra: list[str]


def sample(seal: str, radicados: Sequence[str], size: int) -> list[str]:
    """*size* of *radicados*, drawn by the seal: those of least SHA-256(seal ‖ radicado)."""
    return sorted(radicados, key=lambda r: hashlib.sha256(f"{seal}{r}".encode()).digest())[:size]


class Registers(Closings):
    """The register of an office."""

    def libro(
        self,
        desde: date,
        hasta: date,
        *,
        sede: str | None = None,
        muestra: int = SAMPLE,
        salida: Path | None = None,
    ) -> Register:
        """Make the register of the numbers given from *desde* to *hasta*, both included.

        *sede* leaves the others out. The files lie in `salida/libros`, or in the folder *salida*. A
        register goes out of the office: of what is classified or reserved today it has the number,
        and neither sender nor subject, whoever asks; nor the sender whose identity is kept.

        Raises:
            Refused: the days run backwards, the sample is no number, or nobody asks.
        """
        self._look_again()
        self.authority.require(self.persona)
        self.authority.sede(sede)
        if hasta < desde or not 0 <= muestra <= MAX_SAMPLE:
            raise Refused(
                "libro", f"El libro va de un día a otro, con una muestra de 0 a {MAX_SAMPLE}."
            )
        head = self.seal_head()
        rows, series = self._rows(desde, hasta, sede)
        seal = head.said.root.hex()
        drawn = sample(seal, [r.radicado for r in rows], muestra)
        name = f"libro-{desde.isoformat()}-{hasta.isoformat()}" + (f"-{sede}" if sede else "")
        folder = salida or self.home / "salida" / "libros"
        self.disk.make_folder(folder)
        page = self._page(rows, series, head, drawn, (desde, hasta, sede))
        signed = self.signer.sign(page, reason=f"Libro de radicación {desde} a {hasta}")
        self.disk.publish(folder / f"{name}.pdf", signed)
        self.disk.publish(folder / f"{name}.xlsx", self._spreadsheet(rows, series, seal, drawn))
        return Register(
            desde.isoformat(),
            hasta.isoformat(),
            len(rows),
            series,
            seal,
            head.said.size,
            str(folder / f"{name}.pdf"),
            str(folder / f"{name}.xlsx"),
            drawn,
        )

    def _rows(
        self, desde: date, hasta: date, sede: str | None
    ) -> tuple[list[Row], list[SeriesDay]]:
        """The numbers in order, read from the journals, and what each series did."""
        self.index.catch_up()
        rows: list[tuple[tuple[str, str, int, int, int], Row]] = []
        given, annulled = [], []
        for subject in self.index.numbered(desde.isoformat(), hasta.isoformat(), sede):
            events = self.index.events(subject)
            state = identity.public(fold(subject, events))
            number = state.numero
            assert number is not None and state.fecha is not None
            first = next(e for e in events if e.type == "radicado.asignado")
            given.append(first)
            annulled += [e.fact for e in events if isinstance(e.fact, NumberAnnulled)]
            fields, public = state.campos, state.publicos
            withheld = self.withheld(state)
            own = state.carta.presentada is not None
            names = ("destinatario",) if own else ("remitente", "entidad")
            whom = " · ".join(str(fields[k]) for k in names if fields.get(k))
            # A restored home goes on in an epoch with a series of its own.
            place = (first.punto, number.clase, number.vigencia, first.epoch, number.n)
            row = Row(
                first.punto,
                number.radicado,
                number.clase,
                "" if own else state.recibido or state.fecha,
                state.fecha,
                withheld or (f"Para {whom}" if own and whom else whom),
                withheld or str(fields.get("asunto") or ""),
                str(public.get("dependencia") or ""),
                str(public.get("responsable") or ""),
                int(public.get("folios") or 1),
                int(number.anexos or 0),
                str(public.get("canal") or ""),
                state.vence or "",
                state.estado,
                state.anulado.acta if state.anulado else "",
            )
            rows.append((place, row))
        rows.sort(key=lambda one: one[0])
        return [row for _, row in rows], series_of(given, annulled)

    def _page(
        self,
        rows: list[Row],
        series: list[SeriesDay],
        head: Head,
        drawn: list[str],
        span: tuple[date, date, str | None],
    ) -> bytes:
        desde, hasta, sede = span
        sheet = self._sheet(
            "Libro de radicación",
            at=lines.now(),
            subtitle=f"Del {desde:%d/%m/%Y} al {hasta:%d/%m/%Y} · "
            + (f"sede {sede}" if sede else "todas las sedes"),
            mark=f"Sello {head.said.root.hex()[:16]}",
            landscape=True,
        )
        _summary(sheet, series)
        puntos = sorted({r.punto for r in rows})
        for punto in puntos:
            sheet.heading(f"Sede {punto}")
            sheet.table(_COLUMNS, (_cells(r) for r in rows if r.punto == punto))
        if not rows:
            sheet.paragraph("No se dio ningún número en esos días.")
        sheet.heading("Muestra para revisar")
        sheet.paragraph(
            "Salen de ordenar los radicados por el SHA-256 del sello seguido del radicado: quien "
            "tenga este libro puede sacar la misma."
        )
        sheet.paragraph(", ".join(drawn) or "—")
        sheet.pairs(
            [
                ("Sello (raíz RFC 6962)", head.said.root.hex()),
                ("Líneas del diario", str(head.said.size)),
            ]
        )
        return sheet.pdf()

    def _spreadsheet(
        self, rows: list[Row], series: list[SeriesDay], seal: str, drawn: list[str]
    ) -> bytes:
        """The spreadsheet: one page a sede and one with all; text is never taken for a formula."""
        import xlsxwriter

        out = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(out, options) as book:
            book.set_properties(
                {"title": "Libro de radicación", "company": self.settings.entidad.nombre}
            )
            bold = book.add_format({"bold": True})
            pages = [("Consolidado", rows)]
            pages += [
                (p, [r for r in rows if r.punto == p]) for p in sorted({r.punto for r in rows})
            ]
            for name, part in pages:
                page = book.add_worksheet(name)
                page.write_row(0, 0, HEADERS, bold)
                page.freeze_panes(1, 2)
                page.set_column(0, len(HEADERS) - 1, 18)
                for n, row in enumerate(part, start=1):
                    for column, value in enumerate(msgspec.structs.astuple(row)):
                        if isinstance(value, int):
                            page.write_number(n, column, value)
                        else:
                            page.write_string(n, column, value)
                page.autofilter(0, 0, max(1, len(part)), len(HEADERS) - 1)
            page = book.add_worksheet("Series")
            page.write_row(0, 0, ("Sede", "Clase", "Vigencia", "Desde", "Hasta", "Números",
                                  "Anulados", "Huecos"), bold)  # fmt: skip
            for n, one in enumerate(series, start=1):
                figures = (one.cantidad, len(one.anulados), len(one.huecos))
                names = (one.punto, one.clase, one.vigencia, one.primero, one.ultimo)
                page.write_row(n, 0, (*names, *figures))
            page = book.add_worksheet("Muestra")
            page.write_row(0, 0, ("Sello", seal), bold)
            for n, radicado in enumerate(drawn, start=1):
                page.write_string(n, 0, radicado)
        return out.getvalue()


_COLUMNS = [
    Column("Radicado", 2.5),
    Column("Recibido", 1.9),
    Column("Radicado el", 1.9),
    Column("Remitente o destinatario", 2.6, clip=True),
    Column("Asunto", 3.0, clip=True),
    Column("Dep.", 1.0, clip=True),
    Column("Fol.", 0.6, right=True),
    Column("Vence", 1.2),
    Column("Estado", 2.9),
]


def _cells(row: Row) -> tuple[str, ...]:
    state = f"{row.estado} (acta {row.acta})" if row.acta else row.estado
    return (
        row.radicado,
        read_hour(row.recibido) if row.recibido else "",
        read_hour(row.fecha),
        row.remitente,
        row.asunto,
        row.dependencia,
        str(row.folios),
        row.vence[:10],
        state,
    )


def _summary(sheet: Sheet, series: list[SeriesDay]) -> None:
    sheet.table(
        [
            Column("Sede"),
            Column("Serie"),
            Column("Desde", 2.4),
            Column("Hasta", 2.4),
            Column("Números", right=True),
            Column("Anulados", right=True),
            Column("Huecos", right=True),
        ],
        [
            (
                s.punto,
                f"{s.clase}/{s.vigencia}",
                s.primero or "—",
                s.ultimo or "—",
                str(s.cantidad),
                str(len(s.anulados)),
                str(len(s.huecos)) if s.huecos else "ninguno",
            )
            for s in series
        ],
        empty="Ninguna serie se movió.",
    )
