"""What a person opens first in a package: LEAME.txt, a page, an inventory and a description.

Decreto 1515 de 2013, art. 12: the inventory of series and expedientes, and a description after
ISAD(G) by levels. Text, CSV and a page without any script, that open from the disk by themselves.
All that people wrote is escaped. Pure: bytes from data.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Iterable, Sequence
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING

from records.tracking import as_csv

if TYPE_CHECKING:
    from retention.package import Lugar, Paquete

WIDTH = 78

INVENTORY = (
    "Expediente", "Nombre del expediente", "Código", "Serie", "Subserie", "Orden", "Radicado",
    "Fecha", "Tipo documental", "Asunto", "Página inicial", "Página final", "Archivo", "Formato",
    "PRONOM", "Páginas", "Bytes", "SHA-256",
)  # fmt: skip
DESCRIPTION = (
    "Nivel de descripción", "Código de referencia", "Título", "Fecha inicial", "Fecha final",
    "Volumen", "Productor", "Valoración y disposición", "Condiciones de acceso",
    "Ubicación de lo físico", "Unidad superior",
)  # fmt: skip


def inventory(places: Iterable[Lugar], lies: Callable[[str], str]) -> bytes:
    """One row for each file, and one for each member that has none.

    *lies* tells where a file lies that the bag has under `data/`.
    """
    rows: list[tuple[str, ...]] = []
    for place in places:
        one, s = place.expediente, place.expediente.serie
        head = (one.numero, one.nombre, s.codigo, s.nombre_serie, s.nombre_subserie)
        for r, _, documents in place.registros:
            pages = (_number(r.pagina_inicio), _number(r.pagina_fin))
            middle = (str(r.orden), r.radicado, r.fecha, r.tipo, r.asunto, *pages)
            for d in documents:
                form = " ".join(filter(None, (d.formato.nombre, d.formato.version)))
                size = (_number(d.documento.paginas), str(d.documento.bytes), d.documento.sha256)
                path = lies(place.carpeta + d.ruta)
                rows.append((*head, *middle, path, form, d.formato.pronom, *size))
            if not documents:
                rows.append((*head, *middle, *[""] * 6))
    return as_csv(INVENTORY, rows)


def description(paquete: Paquete, places: Sequence[Lugar]) -> bytes:
    """The levels fondo, serie, subserie and expediente, each with what stands above it."""
    rows = [_fonds(paquete, places)]
    for series in grouped(places, 1):
        s = series[0].expediente.serie
        rows.append(_level_row("Serie", s.serie, s.nombre_serie, series, paquete, "fondo"))
        for some in grouped(series, 2):
            s = some[0].expediente.serie
            if s.nombre_subserie:
                name = s.nombre_subserie
                rows.append(_level_row("Subserie", s.codigo, name, some, paquete, s.serie))
            rows += [_file_row(place, paquete.entidad) for place in some]
    return as_csv(DESCRIPTION, rows)


def page(paquete: Paquete, places: Sequence[Lugar], seen: Callable[[str], str]) -> bytes:
    """The same for the eye: series, subseries, expedientes, records, each with its files.

    *seen* makes a link of a path that the bag has under `data/`.
    """
    title = f"Transferencia {paquete.tipo} {paquete.numero}"
    parts = [_HEAD.format(title=_e(title), entidad=_e(paquete.entidad), fecha=_e(paquete.fecha))]
    parts.append(
        f"<p>{len(places)} expedientes. Empiece por <a href='{seen('LEAME.txt')}'>LEAME.txt</a>; "
        f"la lista entera está en <a href='{seen('inventario.csv')}'>inventario.csv</a>.</p>"
    )
    if paquete.acta is not None:
        parts.append(f"<p><a href='{seen('acta.pdf')}'>Acta de transferencia</a></p>")
    for name in sorted(paquete.fuid):
        parts.append(f"<p><a href='{_e(seen(f'fuid/{name}'))}'>FUID: {_e(name)}</a></p>")
    for some in grouped(places, 2):
        s = some[0].expediente.serie
        below = f" · {_e(s.subserie)} {_e(s.nombre_subserie)}" if s.nombre_subserie else ""
        parts.append(f"<h2>{_e(s.serie)} {_e(s.nombre_serie)}{below}</h2>")
        parts += [_section(place, seen) for place in some]
    return ("\n".join(parts) + "\n</body></html>\n").encode()


def readme(paquete: Paquete, root: str, name: str) -> bytes:
    """`LEAME.txt`: what this is, how it is checked, and what to do where something is wrong."""
    template = resources.files("retention").joinpath(name).read_text(encoding="utf-8")
    values = {
        "numero": paquete.numero,
        "tipo": paquete.tipo,
        "entidad": " ".join(paquete.entidad.split()),
        "fecha": paquete.fecha,
        "punto": paquete.punto,
        "expedientes": len(paquete.expedientes),
        "raiz": root,
    }
    rows = [row for part in _paragraphs(template) for row in _wrapped(part.format(**values))]
    return ("\n".join(rows) + "\n").encode()


# -- pieces ---------------------------------------------------------------------------------------


def grouped(places: Sequence[Lugar], levels: int) -> list[list[Lugar]]:
    """The expedientes by serie (1) or by serie and subserie (2), in the order of their folders."""

    def folder(place: Lugar) -> list[str]:
        return place.carpeta.split("/")[1 : 1 + levels]

    ordered = sorted(places, key=lambda place: place.carpeta)
    return [list(some) for _, some in groupby(ordered, key=folder)]


def between(places: Sequence[Lugar]) -> tuple[str, str]:
    """The first day of some expedientes and the last."""
    days = sorted(place.expediente.abierto for place in places)
    ends = sorted(place.expediente.cerrado for place in places)
    return (days[0], ends[-1]) if places else ("", "")


def _fonds(paquete: Paquete, places: Sequence[Lugar]) -> tuple[str, ...]:
    name = f"{paquete.entidad}: transferencia {paquete.tipo} {paquete.numero}"
    return _level_row("Fondo", "fondo", name, places, paquete, "")


def _level_row(
    level: str, code: str, name: str, places: Sequence[Lugar], paquete: Paquete, above: str
) -> tuple[str, ...]:
    volume = f"{len(places)} expediente{'s' * (len(places) != 1)}"
    return (level, code, name, *between(places), volume, paquete.entidad, "", "", "", above)


def _file_row(place: Lugar, entidad: str) -> tuple[str, ...]:
    one = place.expediente
    fate = f"Gestión {one.ag} años, central {one.ac} años; {', '.join(one.disposicion)}"
    access = "; ".join(one.acceso) or "Pública"
    return ("Expediente", one.numero, one.nombre, one.abierto, one.cerrado,
            f"{len(one.registros)} registros", one.dependencia or entidad, fate, access,
            one.ubicacion, one.serie.codigo)  # fmt: skip


def _section(place: Lugar, seen: Callable[[str], str]) -> str:
    one, base = place.expediente, place.carpeta
    links = [
        ("ficha.json", "ficha"),
        ("indice.xml", "índice electrónico"),
        ("premis.xml", "PREMIS"),
    ]
    if one.hoja:
        links.append(("hoja-de-control.pdf", "hoja de control"))
    shown = " · ".join(f"<a href='{_e(seen(base + file))}'>{name}</a>" for file, name in links)
    rows = []
    for r, name, documents in place.registros:
        files = ", ".join(
            f"<a href='{_e(seen(base + d.ruta))}'>{_e(d.documento.rol)}</a>" for d in documents
        )
        rows.append(
            f"<tr><td>{r.orden}</td><td><a href='{_e(seen(f'{base}registros/{name}'))}'>"
            f"{_e(r.radicado) or 'sin radicado'}</a></td><td>{_e(r.fecha)}</td>"
            f"<td>{_e(r.tipo)}</td><td>{_e(r.asunto)}</td><td>{files}</td></tr>"
        )
    return (
        f"<h3>{_e(one.numero)} · {_e(one.nombre)}</h3>\n<p>{_e(one.abierto)} a {_e(one.cerrado)}. "
        f"{_e('; '.join(one.acceso))} {shown}</p>\n<table><tr><th>N.º</th><th>Radicado</th>"
        "<th>Fecha</th><th>Tipo documental</th><th>Asunto</th><th>Archivos</th></tr>\n"
        + "\n".join(rows)
        + "\n</table>"
    )


def _paragraphs(text: str) -> list[str]:
    """A text's paragraphs, each in one line; lines that begin with four blanks stay alone."""
    out: list[str] = []
    for row in text.rstrip("\n").split("\n"):
        if row and out and out[-1] and not row.startswith(("    ", "- ")) and out[-1][:4] != "    ":
            out[-1] += f" {row.strip()}"
        else:
            out.append(row)
    return out


def _wrapped(part: str) -> list[str]:
    if part.startswith("    ") or not part:
        return [part]
    indent = "  " if part.startswith(("- ", "  ")) else ""
    return textwrap.wrap(
        part, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _e(text: str) -> str:
    return html.escape(text)


_HEAD = """<!DOCTYPE html>
<html lang="es"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 16px/1.4 sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid #999; padding: .2em .5em; text-align: left; vertical-align: top; }}
</style></head><body>
<h1>{title}</h1>
<p>{entidad}, {fecha}</p>"""
