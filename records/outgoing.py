"""The part of the door that shows the consecutivo: every number of what goes out, in order.

Acuerdo 060 de 2001, art. 11: the unit keeps a copy of each letter sent, in their numbers' order.
Here the vault keeps them; this lists them without a gap, annulled ones with their acta, and lays
numbered copies into a folder that opens without any program.
"""

from __future__ import annotations

import html
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import identity, lines
from records.errors import Refused
from records.events import NumberAnnulled, NumberAssigned
from records.reserve import PUBLIC
from records.state import fold
from records.tracking import Tracking, as_csv

if TYPE_CHECKING:
    from records.events import Event
    from records.state import State

TITLES = (
    "Radicado", "Fecha", "Destinatario", "Asunto", "Dependencia", "Firma", "Cargo", "Estado",
    "Acta", "Archivo", "SHA-256", "Evento",
)  # fmt: skip


class OutgoingRow(msgspec.Struct, frozen=True):
    """One number of the consecutivo."""

    radicado: str
    n: int
    fecha: str
    destinatario: str
    asunto: str
    dependencia: str
    firmo: str
    cargo: str
    estado: str
    acta: str | None
    """Which acta annulled it."""
    imagen_pendiente: bool
    """On paper, and not scanned yet."""
    nivel: str
    """Who may see it: `records.reserve`."""
    identidad_protegida: bool
    """Whom it is for is kept: the letter says it, and so no copy is laid into a folder."""
    archivo: str | None
    """The signed PDF, else what was given; from the home. None where it is withheld."""
    sha256: str | None
    evento: str
    """The journal's hash of the line that gave the number."""


class Consecutivo(msgspec.Struct, frozen=True):
    """A stretch of a series, in order."""

    clase: str
    vigencia: int
    desde: int | None
    hasta: int | None
    huecos: list[str]
    """Numbers that should be there and are not: none, or something is very wrong."""
    radicados: list[OutgoingRow]
    carpeta: str | None = None


class Outgoing(Tracking):
    """The consecutivo of what goes out."""

    def consecutivo(
        self,
        clase: str,
        vigencia: int | None = None,
        *,
        desde: int | None = None,
        hasta: int | None = None,
        sede: str | None = None,
        salida: Path | None = None,
    ) -> Consecutivo:
        """Every number of a class and year (this one), in order; with *salida* as a folder too.

        Raises:
            Refused: there is no such class, or the folder has something in it.
        """
        from records import numbering

        self._look_again()
        self.authority.require(self.persona)
        numbering.check_class(self.settings, clase)
        self.authority.sede(sede)
        year = vigencia or lines.now().year
        self.index.catch_up()
        found = []
        for subject in self.index.series(clase, year, sede):
            events = self.index.events(subject)
            given = next(e for e in events if isinstance(e.fact, NumberAssigned))
            row = self._row(fold(subject, events), events, given)
            found.append(((given.punto, given.epoch), row))
        found.sort(key=lambda one: (one[0], one[1].n))
        first, last = desde or 0, 10**9 if hasta is None else hasta
        rows = [row for _, row in found if first <= row.n <= last]
        gaps = [f"{punto} {n}" for punto, n in _gaps(found) if first <= n <= last]
        ns = [r.n for r in rows]
        told = Consecutivo(clase, year, min(ns, default=None), max(ns, default=None), gaps, rows)
        if salida is None:
            return told
        self._lay(told, salida)
        return msgspec.structs.replace(told, carpeta=str(salida))

    def _row(self, state: State, events: list[Event], given: Event) -> OutgoingRow:
        number, letter = state.numero, state.carta
        assert number is not None
        signer = self.authority.personas.get(letter.firmo or "")
        acta = next((e.fact.acta for e in events if isinstance(e.fact, NumberAnnulled)), None)
        document = next(
            (d for d in reversed(state.documentos) if d.rol in ("registro", "original")), None
        )
        # Whoever asks: it leaves the office, as the register does.
        kept, state = self.withheld(state), identity.public(state)
        named = state.acceso.identidad_protegida
        return OutgoingRow(
            radicado=number.radicado,
            n=number.n,
            fecha=given.at,
            destinatario=kept or str(state.campos.get("destinatario") or ""),
            asunto=kept or str(state.campos.get("asunto") or ""),
            dependencia=str(state.publicos.get("dependencia") or ""),
            firmo=signer.nombre if signer is not None else letter.firmo or "",
            cargo=letter.cargo,
            estado=state.estado,
            acta=acta,
            imagen_pendiente=state.imagen_pendiente,
            nivel=state.acceso.nivel(lines.now().date().isoformat()),
            identidad_protegida=named,
            archivo=self.vault.relative(document.sha256)
            if document and not kept and not named
            else None,
            sha256=document.sha256 if document else None,
            evento=given.hash,
        )

    def _lay(self, told: Consecutivo, folder: Path) -> None:
        """The copies, the list and its page, all of them or none."""
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Refused(
                "carpeta_ocupada",
                f"{folder} ya tiene algo.",
                consejo="Dé una carpeta nueva o vacía.",
            )
        self.disk.make_folder(folder.parent)
        new = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp")
        self.disk.make_folder(new)
        try:
            names = [self._copy(row, new) for row in told.radicados]
            table = list(zip(told.radicados, names, strict=True))
            self.disk.publish(new / "index.html", _page(told, table, self.settings.entidad.nombre))
            rows = [_cells(row, name) for row, name in table]
            self.disk.publish(new / "consecutivo.csv", as_csv(TITLES, rows))
            if folder.exists():
                folder.rmdir()
            self.disk.move(new, folder)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise

    def _copy(self, row: OutgoingRow, folder: Path) -> str:
        """Lay a copy of a letter, checked against its hash; its name, or nothing where there is
        none or it is withheld."""
        if row.sha256 is None or _without_copy(row):
            return ""
        path = self.vault.find(row.sha256)
        name = f"{row.radicado}{path.suffix if path else '.pdf'}"
        self.disk.publish(folder / name, self.vault.read(row.sha256))
        return name


def _gaps(found: list[tuple[tuple[str, int], OutgoingRow]]) -> list[tuple[str, int]]:
    """(punto, number) of those that lack in a series of its own: a restored log has another."""
    series: dict[tuple[str, int], list[int]] = {}
    for key, row in found:
        series.setdefault(key, []).append(row.n)
    return [
        (punto, n)
        for (punto, _), ns in series.items()
        for n in sorted(set(range(ns[0], ns[-1] + 1)) - set(ns))
    ]


def _without_copy(row: OutgoingRow) -> str:
    """Why no copy of a letter goes into the folder; nothing where it does."""
    if row.nivel != PUBLIC:
        return f"información {row.nivel}: sin copia"
    return "identidad protegida: sin copia" if row.identidad_protegida else ""


def _cells(row: OutgoingRow, name: str) -> tuple[str, ...]:
    where = name or ("en papel, sin imagen todavía" if row.imagen_pendiente else "")
    where = _without_copy(row) or where
    return (
        row.radicado, lines.read_hour(row.fecha), row.destinatario, row.asunto, row.dependencia,
        row.firmo, row.cargo, row.estado, row.acta or "", where, row.sha256 or "", row.evento,
    )  # fmt: skip


_STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem;color:#1c1c1c}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.35rem .6rem;border-bottom:1px solid #ccc}tr.anulado td{color:#777;"
    "text-decoration:line-through}tr.anulado td.e{text-decoration:none}"
    "code{font-size:11px;color:#666}"
)


def _page(told: Consecutivo, table: list[tuple[OutgoingRow, str]], entity: str) -> bytes:
    """The list as a page that any browser opens, without network and without script."""
    body = []
    for row, name in table:
        link = f'<a href="{html.escape(name, quote=True)}">{html.escape(row.radicado)}</a>'
        state = f"anulado, acta {row.acta}" if row.acta else row.estado
        state += ", en papel, sin imagen todavía" if row.imagen_pendiente else ""
        state += f", {why}" if (why := _without_copy(row)) else ""
        cells = (lines.read_hour(row.fecha), row.destinatario, row.asunto, row.dependencia,
                 f"{row.firmo}{', ' + row.cargo if row.cargo else ''}")  # fmt: skip
        shown = "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        body.append(
            f"<tr{' class=anulado' if row.acta else ''}>"
            f"<td>{link if name else html.escape(row.radicado)}</td>{shown}"
            f'<td class="e">{html.escape(state)}<br><code>{row.evento}<br>{row.sha256 or ""}'
            "</code></td></tr>"
        )
    gaps = f"Faltan: {', '.join(told.huecos)}." if told.huecos else "Sin huecos."
    heads = "".join(
        f"<th>{h}</th>"
        for h in ("Radicado", "Fecha", "Destinatario", "Asunto", "Dep.", "Firma", "Estado")
    )
    title = f"Consecutivo {told.clase}, {told.vigencia}"
    return (
        f'<!doctype html><html lang="es-CO"><meta charset="utf-8"><title>{html.escape(title)}'
        f"</title><style>{_STYLE}</style><h1>{html.escape(title)}</h1>"
        f"<p>{html.escape(entity)} · {len(table)} números · {html.escape(gaps)}</p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table></html>\n"
    ).encode()
