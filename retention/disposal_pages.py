"""What is published of a disposal: the inventory, the notice for the website, the acta at its end.

Decreto 1080 de 2015, art. 2.8.2.2.5: the acta names series and expedientes, dates, volume, and the
act that approved the TRD, and whoever signs; both are published. They say nothing of what the
documents were about.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from records.lines import moment, read_day, read_hour
from records.sheets import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from records.absence import Absence
    from records.disposal import Disposal, Sample
    from records.sheets import Sheet
    from retention.disposal_views import DisposalView, Proposal

_COLUMNS = [
    Column("N.º", 0.4, right=True),
    Column("Código", 1.1),
    Column("Serie o subserie", 2.4),
    Column("Expediente", 1.9),
    Column("Nombre", 3.2),
    Column("Desde", 1.0),
    Column("Hasta", 1.0),
    Column("Folios", 0.7, right=True),
    Column("Docs.", 0.6, right=True),
    Column("Soporte", 1.0),
    Column("Destino", 1.0),
]
_FATE = {"eliminar": "Eliminación", "conservar": "Conservación", "excluido": "Excluido"}
_STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3em .5em;"
    "text-align:left}td.n{text-align:right}"
)


def inventory(
    sheet: Sheet, rows: Sequence[Proposal], tables: Iterable[str], sample: Sample | None, norm: str
) -> bytes:
    """The inventory of what is proposed."""
    gone = [row for row in rows if row.destino == "eliminar"]
    sheet.paragraph(
        f"Se propone eliminar {len(gone)} expediente(s) de {len(rows)}: cumplieron el tiempo de "
        "retención que fija la tabla de retención documental y nadie suspendió su eliminación."
    )
    sheet.paragraph(f"Tabla de retención documental: {'; '.join(tables)}.")
    sheet.table(_COLUMNS, [_cells(n, row) for n, row in enumerate(rows, start=1)])
    if sample is not None:
        sheet.heading("Selección")
        for group in sample.grupos:
            sheet.paragraph(
                f"De la serie {group.serie} se conserva el {group.porcentaje} %: "
                f"{', '.join(group.conservados)}."
            )
        sheet.paragraph(
            "Cualquiera la puede sacar otra vez: se ordenan los expedientes de la serie por el "
            "SHA-256 de la semilla, un salto de línea y su número, y se conservan los primeros. La "
            f"semilla es el SHA-256 del número de esta propuesta, un salto de línea y la raíz del "
            f"diario en {sample.tamano} líneas, {sample.raiz}. Semilla: {sample.semilla}.",
            small=True,
        )
    sheet.paragraph(f"Norma: {norm}.", small=True)
    return sheet.pdf()


def _cells(n: int, row: Proposal) -> list[str]:
    return [
        str(n),
        row.serie,
        row.nombre_serie,
        row.expediente,
        row.nombre,
        row.desde,
        row.hasta,
        str(row.folios),
        str(row.documentos),
        row.soporte,
        _FATE[row.destino],
    ]


def notice(entidad: str, view: DisposalView, channel: str, norm: str) -> bytes:
    """The page for the website while citizens may object; whole in one file, without scripts."""
    said = view.publicada
    assert said is not None
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(n, row)) + "</tr>"
        for n, row in enumerate(view.expedientes, start=1)
    )
    heads = "".join(f"<th>{html.escape(column.title)}</th>" for column in _COLUMNS)
    title = f"Inventario de eliminación documental {view.propuesta}"
    return (
        '<!doctype html>\n<html lang="es-CO"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>'
        f"{html.escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{html.escape(title)}</h1><p>{html.escape(entidad)}</p>"
        f"<p>Publicado del {_day(said['desde'])} al {_day(said['hasta'])}. Hasta ese día cualquier "
        "persona puede presentar observaciones a la eliminación de estos documentos"
        f"{html.escape(channel)}.</p><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        f"<p>Norma: {html.escape(norm)}.</p></body></html>\n"
    ).encode()


def _day(text: str) -> str:
    return read_day(f"{text}T00:00:00.000-05:00")


def acta(
    sheet: Sheet,
    view: DisposalView,
    state: Disposal,
    tables: Iterable[str],
    absence: Absence,
    name: Callable[[str], str],
    norm: str,
) -> bytes:
    """The acta de eliminación, after all was looked for again."""
    gone = [row for row in view.expedientes if row.destino == "eliminar"]
    assert state.ordenada is not None and state.publicada is not None
    sheet.paragraph(
        f"El {read_hour(state.ordenada)} se ordenó eliminar, y se eliminaron, {len(gone)} "
        f"expediente(s), con {sum(r.documentos for r in gone)} documento(s) y "
        f"{sum(r.folios for r in gone)} folio(s)."
    )
    firsts = min(row.desde for row in gone)
    lasts = max(row.hasta for row in gone)
    signers = [f"{name(one.persona)}, {read_hour(one.fecha)}" for one in view.firmas]
    sheet.pairs(
        [
            ("Series", "; ".join(dict.fromkeys(f"{r.serie} {r.nombre_serie}" for r in gone))),
            ("Fechas extremas", f"{firsts} a {lasts}"),
            ("Volumen", f"{len(gone)} expedientes"),
            ("Aprobó la TRD", "; ".join(tables)),
            ("Publicación", f"{state.publicada.desde} a {state.publicada.hasta}"),
            ("Observaciones", str(len(view.observaciones) or "ninguna")),
            ("Aprobación del comité", f"{view.acta}, {view.aprobada}"),
            ("Primera firma", signers[0]),
            ("Segunda firma", signers[1]),
            ("Orden (línea del diario)", state.orden or ""),
        ]
    )
    sheet.table(_COLUMNS, [_cells(n, row) for n, row in enumerate(view.expedientes, start=1)])
    sheet.paragraph(
        f"Después se buscó en toda la oficina: ni {absence.documentos} documento(s), ni los datos "
        f"de {absence.fichas} asiento(s), ni su lectura, quedaron en ella. El diario conserva de "
        "cada registro su número, sus fechas y las huellas SHA-256 de lo que hubo."
    )
    for one in view.firmas:
        sheet.signature(name(one.persona), f"Firma electrónica del {_hour(one.fecha)}")
    sheet.paragraph(f"Norma: {norm}.", small=True)
    return sheet.pdf()


def _hour(stamp: str) -> str:
    return f"{moment(stamp):%d/%m/%Y %H:%M}"
