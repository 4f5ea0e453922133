"""A TRD out of the sheets that an entity has: clean rows, dirty rows with their reasons, what was
derived and what should be known.

Columns as in the AGN's format (Ley 594 de 2000, art. 24; Acuerdo 004 de 2019, today Acuerdo 001 de
2024) and in flat lists. A row that does not say one thing is rejected with all its reasons and
never guessed; rows that say nothing of retention and have subseries below are heads of series, no
error. Where a file has no codes at all for series or subseries, they are numbered by the order of
the names, and told. Pure: it opens no file and adopts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import msgspec

from records.trd import Row
from records.words import plain
from retention import trd_codes, trd_rows, trd_values
from retention.trd_codes import MASKS, Code
from retention.trd_columns import MARKS
from retention.trd_rows import RETENTION
from retention.trd_values import LONG, Dirty, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from records.trd import Fate, Support
    from retention.trd_codes import Cut, Mask
    from retention.trd_reading import Book
    from retention.trd_rows import Entry
    from retention.trd_siblings import Siblings

_T = TypeVar("_T")
_P = ParamSpec("_P")


class Rejected(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row that was not taken, by its number in the sheet, and all that is wrong with it."""

    fila: int
    motivo: str
    hoja: str = ""
    """The sheet, where the file has several."""


class Derived(msgspec.Struct, frozen=True):
    """A code that the file does not have and was numbered."""

    que: str
    """`serie` or `subserie`."""
    codigo: str
    nombre: str


class Reading(msgspec.Struct, frozen=True):
    """What a file's TRD amounts to."""

    series: list[Row]
    rechazadas: list[Rejected]
    derivados: list[Derived]
    avisos: list[str]
    entidad: str = ""
    """The entity, where the file says it."""


@dataclass(slots=True)
class Draft:
    """An entry on its way to a row."""

    entry: Entry
    cut: Cut | None = None
    code: Code = field(default_factory=Code)
    nombre_serie: str = ""
    nombre_subserie: str = ""
    is_head: bool = False
    """A dependencia's or a serie's line: nothing of retention."""

    def fault(self, why: str) -> None:
        if why not in self.entry.faltas:
            self.entry.faltas.append(why)

    def tried(self, job: Callable[_P, _T], *args: _P.args, **named: _P.kwargs) -> _T | None:
        """What *job* gives, or None with its reason noted."""
        try:
            return job(*args, **named)
        except Dirty as dirty:
            self.fault(str(dirty))
            return None

    @property
    def place(self) -> tuple[str, str]:
        """Its serie, within its dependencia."""
        return self.code.dependencia, self.code.serie

    @property
    def is_sub(self) -> bool:
        """Whether it is a subserie's, by its code or by its name."""
        return bool(self.code.subserie or self.nombre_subserie)


def read_table(
    book: Book,
    columnas: Mapping[str, str] | None = None,
    *,
    mascara: str | None = None,
    siblings: Siblings | None = None,
) -> Reading:
    """The TRD that a book holds.

    *columnas* names columns that are not known by their heads (field → head), *mascara* says
    whether codes in one cell begin with the dependencia's, *siblings* completes codes and names
    from the entity's other files.

    Raises:
        Refused: no sheet has the head of a table, or a column cannot be told from another.
    """
    taken = trd_rows.take(book, columnas or {})
    work = _Work([Draft(entry) for entry in taken.entradas], [*book.avisos, *taken.avisos])
    work.codes(mascara)
    work.names()
    if siblings is not None:
        siblings.complete(work.drafts)
    work.derive()
    work.one_name()
    work.heads()
    rows = work.rows()
    if siblings is not None:
        rows = siblings.spread(rows, work.avisos)
    found = work.unique(rows)
    work.tell(found)
    several = len([page for page in book.hojas if page.filas]) > 1
    return Reading(found, work.rejected(several), work.derived, work.avisos, taken.entidad)


class _Work:
    """The steps from entries to rows; each looks at all of them."""

    def __init__(self, drafts: list[Draft], avisos: list[str]) -> None:
        self.drafts, self.avisos = drafts, avisos
        self.derived: list[Derived] = []
        self._offices: dict[str, str] = {}

    # -- codes --------------------------------------------------------------------------------

    def codes(self, asked: str | None) -> None:
        """Give each entry the parts of its code."""
        for draft in self.drafts:
            entry = draft.entry
            draft.is_head = not entry.has(*RETENTION)
            for one in ("codigo", "serie", "subserie", "dependencia"):
                if one in entry.decimales:
                    draft.fault(
                        f"el código {quoted(entry.get(one))} está escrito como número con "
                        "decimales y puede haber perdido ceros: escríbalo como texto"
                    )
            if text := entry.get("codigo"):
                draft.cut = draft.tried(lambda t, d: trd_codes.cut(t, _office(d)), text, draft)
        cuts = [draft.cut for draft in self.drafts if draft.cut is not None]
        mask = trd_codes.mask(cuts, asked)
        for draft in self.drafts:
            draft.code = draft.tried(_code, draft, mask) or Code()
        if any(not cut.conocida and len(cut.partes) > 1 for cut in cuts) and asked is None:
            how, other = ("serie.subserie", MASKS[0])
            if mask.dependencia:
                how, other = ("dependencia.serie.subserie", MASKS[1])
            self.avisos.append(
                f"Los códigos se leyeron como {how}; si no es así, use --mascara {other}."
            )

    # -- names --------------------------------------------------------------------------------

    def names(self) -> None:
        """Give each entry the names that its row says."""
        for draft in self.drafts:
            entry, code = draft.entry, draft.code
            whole, serie = entry.get("nombre"), entry.get("nombre_serie")
            sub = entry.get("nombre_subserie")
            if draft.cut is not None and not code.serie and draft.is_head:  # a dependencia's line
                office = draft.tried(trd_values.text, whole or serie or sub)
                self._offices.setdefault(code.dependencia, office or "")
                continue
            if code.subserie or sub:
                own = sub or whole
                if not own and entry.has("codigo"):  # one column for the names of both
                    own, serie = serie, ""
                draft.nombre_subserie = draft.tried(trd_values.name, own, "la subserie") or ""
            elif code.serie or whole or not draft.is_head:
                serie = serie or whole
                draft.tried(trd_values.name, serie, "la serie")
            if serie:
                draft.nombre_serie = draft.tried(trd_values.name, serie, "la serie") or ""

    def one_name(self) -> None:
        """A serie has the name that is first said of it, on its own line or on any row."""
        first: dict[tuple[str, str], Draft] = {}
        for draft in self.drafts:
            if draft.nombre_serie and draft.code.serie:
                before = first.setdefault(draft.place, draft)
                if plain(before.nombre_serie) != plain(draft.nombre_serie):
                    draft.fault(
                        f"la serie {draft.code.serie} se llama {quoted(before.nombre_serie)} en la "
                        f"fila {before.entry.fila}"
                    )
        for draft in self.drafts:
            if draft.place in first:
                draft.nombre_serie = first[draft.place].nombre_serie

    # -- derived codes ------------------------------------------------------------------------

    def derive(self) -> None:
        """Number series, and subseries, where the whole file has no code for any."""
        whole = any(draft.entry.has("codigo") for draft in self.drafts)
        if not whole and not any(draft.code.serie for draft in self.drafts):
            self._derive("serie", [d for d in self.drafts if d.nombre_serie])
        if whole or any(draft.code.subserie for draft in self.drafts):
            return
        groups: dict[tuple[str, str], list[Draft]] = {}
        for draft in self.drafts:
            if draft.nombre_subserie and draft.code.serie:
                groups.setdefault(draft.place, []).append(draft)
        for _, group in sorted(groups.items()):
            self._derive("subserie", group)

    def _derive(self, what: str, drafts: list[Draft]) -> None:
        def name(draft: Draft) -> str:
            return draft.nombre_serie if what == "serie" else draft.nombre_subserie

        codes = trd_codes.numbered(name(d) for d in drafts if d.is_sub or not d.is_head)
        told: dict[str, Derived] = {}
        for draft in drafts:
            if code := codes.get(plain(name(draft))):
                draft.code = msgspec.structs.replace(draft.code, **{what: code})
                said = code if what == "serie" else draft.code.joined
                told.setdefault(code, Derived(what, said, name(draft)))
        self.derived += [told[code] for code in sorted(told)]

    # -- heads of series, and rows ------------------------------------------------------------

    def heads(self) -> None:
        """Lines without retention are heads of series that have subseries; else they are dirt."""
        parents = {draft.place for draft in self.drafts if draft.code.subserie}
        for draft in self.drafts:
            if not draft.is_head or draft.is_sub or draft.entry.faltas:
                continue
            if draft.code.serie and draft.place not in parents:
                draft.fault("la serie no tiene tiempos de retención, ni subseries debajo")
            elif draft.code.serie and draft.entry.tipos:
                draft.fault("tiene tipos documentales debajo y no tiene tiempos de retención")
            elif not draft.code.serie and draft.entry.tipos:
                draft.fault("tiene tipos documentales debajo y no es una serie")
            elif not draft.code.serie and draft.cut is None:
                draft.fault(
                    "no tiene código ni tiempos de retención: no se sabe si es una serie o un "
                    "tipo documental"
                )

    def rows(self) -> list[tuple[Draft, Row | None]]:
        """The rows; a dirty one is None and keeps its place, since the code that it bears is
        taken."""
        return [(d, self._row(d)) for d in self.drafts if d.is_sub or not d.is_head]

    def _row(self, draft: Draft) -> Row | None:
        code, entry = draft.code, draft.entry
        if not code.serie and (draft.cut is not None or not entry.has("codigo")):
            draft.fault("falta el código de la serie")
        if not code.subserie and draft.nombre_subserie:
            draft.fault("falta el código de la subserie")
        ag, ac, fates = self._retention(draft)
        types, supports, procedure = self._below(draft)
        sample = draft.tried(trd_values.sample, entry.get("muestra"))
        event = draft.tried(trd_values.text, entry.get("evento")) or ""
        office = draft.tried(trd_values.text, entry.get("oficina")) or ""
        if entry.faltas or ag is None or ac is None or not fates:
            return None
        return Row(
            codigo=code.joined,
            dependencia=code.dependencia,
            oficina=office or entry.oficina or self._offices.get(code.dependencia, ""),
            serie=code.serie,
            nombre_serie=draft.nombre_serie,
            subserie=code.subserie,
            nombre_subserie=draft.nombre_subserie,
            tipos=types,
            soporte=trd_values.in_order(supports),
            ag=ag,
            ac=ac,
            disposicion=fates,
            procedimiento=procedure,
            evento=event,
            muestra=sample,
        )

    def _retention(self, draft: Draft) -> tuple[int | None, int | None, list[Fate]]:
        entry = draft.entry
        ag = draft.tried(trd_values.years, entry.get("ag"), "archivo de gestión (AG)")
        ac = draft.tried(trd_values.years, entry.get("ac"), "archivo central (AC)")
        return ag, ac, draft.tried(_fates, entry) or []

    def _below(self, draft: Draft) -> tuple[list[str], set[Support], str]:
        """Tipos documentales, supports and procedure: the row's own and those below it."""
        entry = draft.entry
        types = draft.tried(trd_values.types, entry.get("tipos")) or []
        own = draft.tried(_supports, entry.celdas) or set()
        below: set[Support] = set()
        texts = [draft.tried(trd_values.lines, entry.get("procedimiento"))]
        for _, cells in entry.tipos:
            for name in ("nombre", "tipos"):
                types += draft.tried(trd_values.types, cells.get(name, "")) or []
            below |= draft.tried(_supports, cells) or set()
            texts.append(draft.tried(trd_values.lines, cells.get("procedimiento", "")))
        return list(dict.fromkeys(types)), own or below, "\n".join(filter(None, texts))

    # -- what comes of it ---------------------------------------------------------------------

    def unique(self, rows: list[tuple[Draft, Row | None]]) -> list[Row]:
        """The clean rows in the order of their codes; those that share one are dirt, all of them:
        which is right the file does not say."""
        bearers: dict[str, list[Draft]] = {}
        for draft, row in rows:
            if draft.code.serie:
                code = row.codigo if row is not None else draft.code.joined
                bearers.setdefault(code, []).append(draft)
        for code, drafts in bearers.items():
            places = [d.entry.fila for d in drafts]
            for draft in drafts if len(drafts) > 1 else ():
                others = ", ".join(str(f) for f in places if f != draft.entry.fila) or "otra hoja"
                draft.fault(f"el código {code} se repite (fila {others})")
        good = [row for draft, row in rows if row is not None and not draft.entry.faltas]
        return sorted(
            good, key=lambda r: trd_codes.natural(Code(r.dependencia, r.serie, r.subserie))
        )

    def rejected(self, several: bool) -> list[Rejected]:
        """The dirty rows, in the order of the file."""
        return [
            Rejected(d.entry.fila, "; ".join(d.entry.faltas), d.entry.hoja if several else "")
            for d in self.drafts
            if d.entry.faltas
        ]

    def tell(self, rows: list[Row]) -> None:
        """What is clean and still worth a look."""
        unnamed = sorted({r.serie for r in rows if not r.nombre_serie}, key=lambda s: (len(s), s))
        if unnamed:
            self.avisos.append(
                f"El archivo no dice cómo se llaman las series {', '.join(unnamed)}: dé su lista "
                "con --series ARCHIVO."
            )
        if alone := [r.codigo for r in rows if r.disposicion == ["M"]]:
            self.avisos.append(
                f"Solo con M, sin decir qué pasa con el original: {', '.join(alone[:20])}."
            )
        if long := [r.codigo for r in rows if r.ag + r.ac >= LONG]:
            self.avisos.append(f"Con {LONG} años de retención o más: {', '.join(long[:20])}.")


# -- cells that several fields tell -------------------------------------------------------------


def _office(draft: Draft) -> str:
    """The code of the dependencia that stands apart from the row's own code."""
    return trd_codes.office(draft.entry.get("dependencia")) or draft.entry.codigo_oficina


def _code(draft: Draft, mask: Mask) -> Code:
    entry, office = draft.entry, _office(draft)
    if entry.has("codigo"):
        if draft.cut is None:
            return Code()
        return mask.read(draft.cut, entry.get("codigo"), office)
    return Code(
        office,
        trd_codes.part(entry.get("serie"), "serie"),
        trd_codes.part(entry.get("subserie"), "subserie"),
    )


def _fates(entry: Entry) -> list[Fate]:
    """The disposition, in words in one column or by marks in several."""
    fates: set[Fate] = set()
    if entry.has("disposicion"):
        fates.update(trd_values.disposition(entry.get("disposicion")))
    for own in MARKS:
        if trd_values.marked(entry.get(own), own):
            fates.update(trd_values.disposition(own))
    if not fates:
        raise Dirty("falta la disposición final")
    return trd_values.agreed(fates)


def _supports(cells: Mapping[str, str]) -> set[Support]:
    out = trd_values.support(cells.get("soporte", ""))
    if _is_marked(cells, "fisico", "p", "f"):
        out.add("fisico")
    if _is_marked(cells, "electronico", "e", "el"):
        out.add("electronico")
    return out


def _is_marked(cells: Mapping[str, str], column: str, *own: str) -> bool:
    text = cells.get(column, "")
    return plain(text).strip() in own or trd_values.marked(text, column)
