"""From what the door `Archivo` returns to the lines of its room. Pure.

All that comes from a document, an expediente or the TRD passes `sanitize` here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.archivo_views import Fact, Node, Pane
from tui.choices import fold
from tui.sanitize import line
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms
from tui.views import Part, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from records.disposal import Disposal
    from records.expedientes_index import Listed, TransferRow
    from records.people import Authority
    from records.trd import Row as Serie
    from records.trd import Table
    from retention.due import Pending

_OPEN, _SHUT, _LEAF = "- ", "+ ", "  "
_NONE: dict[str, int] = {}
_HEADS = frozenset({"jefe_area", "jefe_correspondencia", "admin"})

# -- the TRD ---------------------------------------------------------------------------------------


def tree(
    table: Table, counts: Mapping[str, Mapping[str, int]], authority: Authority
) -> tuple[Node, ...]:
    """The table by dependencia, serie and row, each with how many expedientes it has; series of
    earlier versions that still have some come last."""
    known = {row.codigo for row in table.series}
    out: list[Node] = []
    areas: dict[str, dict[tuple[str, str], list[Serie]]] = {}
    for row in sorted(table.series, key=lambda r: r.codigo):
        series = areas.setdefault(row.dependencia, {})
        series.setdefault((row.serie, row.nombre_serie), []).append(row)
    for area, series in areas.items():
        top, codes = f"d:{area}", [r.codigo for rows in series.values() for r in rows]
        office = authority.areas.get(area)
        first = next(iter(series.values()))[0]
        name = (office.nombre if office else first.oficina) or ""
        title = line(f"{area} {name}".strip()) or words.UNCODED
        out.append(_node(top, "", 0, title, codes, counts))
        for (code, called), rows in series.items():
            out += _serie(top, code, called, rows, counts)
    lost = sorted(code for code in counts if code not in known)
    if lost:
        out.append(_node("d:?", "", 0, words.OTHERS, lost, counts))
        out += [_node(code, "d:?", 1, line(code), [code], counts, leaf=True) for code in lost]
    return tuple(out)


def _serie(
    top: str,
    code: str,
    called: str,
    rows: Sequence[Serie],
    counts: Mapping[str, Mapping[str, int]],
) -> Iterable[Node]:
    alone = rows[0] if len(rows) == 1 and not rows[0].subserie else None
    if alone is not None:
        yield _leaf(top, 1, alone, counts)
        return
    above = f"s:{top}:{code}:{called}"
    codes = [r.codigo for r in rows]
    yield _node(above, top, 1, line(f"{code} {called}"), codes, counts)
    for row in rows:
        yield _leaf(above, 2, row, counts)


def _leaf(above: str, level: int, row: Serie, counts: Mapping[str, Mapping[str, int]]) -> Node:
    title = line(f"{row.codigo} {row.nombre}")
    cells = (str(row.ag), str(row.ac), "/".join(row.disposicion))
    node = _node(row.codigo, above, level, title, [row.codigo], counts, cells, leaf=True)
    return replace(node, sheet=_sheet(row, title))


def _sheet(row: Serie, title: str) -> Sheet:
    """What the table says of a row."""
    fates = ", ".join(words.FATES[f] for f in row.disposicion)
    sample = f", {row.muestra} de cada cien" if row.muestra else ""
    told = [
        ("Serie", row.nombre_serie),
        ("Gestión", words.several(row.ag, "año", "años")),
        ("Central", words.several(row.ac, "año", "años")),
        ("Cuenta desde", row.evento or words.CLOSING),
        ("Después", f"{fates}{sample}"),
        ("Soporte", ", ".join(forms.MEDIUMS[s].lower() for s in row.soporte)),
        ("Procedimiento", row.procedimiento),
    ]
    data = Part("", tuple((label, line(value)) for label, value in told if value))
    kinds = Part(words.KINDS, tuple(("", line(kind)) for kind in row.tipos))
    return Sheet(row.codigo, title, tuple(p for p in (data, kinds) if p.lines))


def _node(
    ident: str,
    above: str,
    level: int,
    title: str,
    codes: Collection[str],
    counts: Mapping[str, Mapping[str, int]],
    cells: tuple[str, str, str] = ("", "", ""),
    *,
    leaf: bool = False,
) -> Node:
    held = [counts.get(code, _NONE) for code in codes]
    told = [sum(one.get(state, 0) for one in held) for state in ("abierto", "cerrado")]
    shown = tuple(words.number(n) if n else "·" for n in told)
    text = "  " * level + title
    row = Row(ident, (text, *cells, *shown), "" if any(told) or not leaf else "tenue")
    return Node(ident, above, row, title, tuple(codes), leaf)


def visible(nodes: Sequence[Node], unfolded: Collection[str], text: str) -> list[Node]:
    """The lines that are to be seen: below what is unfolded or, where something is looked for, what
    has every word of it and all above."""
    if text:
        wanted = fold(text).split()
        above = {n.id: n.above for n in nodes}
        shown = set[str]()
        for node in nodes:
            if all(w in fold(node.title) for w in wanted):
                at = node.id
                while at:
                    shown.add(at)
                    at = above.get(at, "")
        return [n for n in nodes if n.id in shown]
    seen = {""}
    out = []
    for node in nodes:
        if node.above in seen and (not node.above or node.above in unfolded):
            out.append(node)
            seen.add(node.id)
    return out


def tree_row(node: Node, *, unfolded: bool) -> Row:
    """A line of the tree with its sign."""
    sign = _LEAF if node.leaf else _OPEN if unfolded else _SHUT
    first, *rest = node.row.cells
    indent = len(first) - len(first.lstrip())
    text = f"{' ' * indent}{sign}{first.lstrip()}"
    return Row(node.id, (text, *rest), node.row.tone)


# -- expedientes -----------------------------------------------------------------------------------


def files(
    numbers: Iterable[str], found: Sequence[Listed], held: Collection[str]
) -> tuple[tuple[Row, ...], dict[str, Fact]]:
    """A line for each number; what is gone keeps its place."""
    known = {one.numero: one for one in found}
    rows, facts = [], {}
    for number in numbers:
        one = known.get(number)
        if one is None:
            rows.append(Row(number, (line(number), words.GONE, "", "", "", ""), "tenue"))
            continue
        holds = number in held
        tone = "aviso" if holds else "tenue" if one.estado == "eliminado" else ""
        state = words.HELD if holds else one.estado
        cells = (line(number), line(one.nombre), line(one.serie), state, str(one.documentos),
                 one.cerrado or "")  # fmt: skip
        rows.append(Row(number, cells, tone))
        facts[number] = Fact(one.estado, line(one.nombre), one.dependencia, held=holds)
    return tuple(rows), facts


# -- what is due -----------------------------------------------------------------------------------


def due(
    found: Pending, rules: Mapping[str, tuple[str, str]], on_its_way: Mapping[str, str]
) -> Pane:
    """What is due on a day, the oldest first; then what is held, and what has no date. *rules*:
    of a number its years and the event from which its serie counts; *on_its_way*: the transfer or
    disposal in which it is already."""
    rows: dict[str, Row] = {}
    facts: dict[str, Fact] = {}
    every = sorted([*found.transferir, *found.eliminar], key=lambda d: (d.cumple, d.expediente))
    for one in every:
        what = one.tipo or ("seleccionar" if "S" in one.disposicion else "eliminar")
        under_way = on_its_way.get(one.expediente, "")
        years, event = rules.get(one.expediente, ("", ""))
        rule = f"{'/'.join(one.disposicion)} {years}"
        told = words.WHAT["en_camino"] if under_way else words.WHAT[what]
        cells = (one.expediente, one.nombre, told, one.cumple, rule,
                 under_way or words.since(one.base, event))  # fmt: skip
        tone = "tenue" if under_way else ""
        rows[one.expediente] = Row(one.expediente, tuple(map(line, cells)), tone)
        facts[one.expediente] = Fact(what, line(one.nombre), one.dependencia, place=under_way)
    for held in found.retenidos:
        cells = (held.expediente, held.nombre, words.WHAT["retenido"], held.cumple or "",
                 "", held.motivo)  # fmt: skip
        rows[held.expediente] = Row(held.expediente, tuple(map(line, cells)), "aviso")
        facts[held.expediente] = Fact("retenido", line(held.nombre), held.dependencia, held=True)
    for lost in found.sin_fecha:
        cells = (lost.expediente, lost.nombre, words.WHAT["sin_fecha"], "", "",
                 f"falta {lost.falta}")  # fmt: skip
        rows[lost.expediente] = Row(lost.expediente, tuple(map(line, cells)), "tenue")
        facts[lost.expediente] = Fact("sin_fecha", line(lost.nombre))
    return Pane(tuple(rows), rows, facts, words.EMPTY[words.DUE])


# -- transfers, disposals --------------------------------------------------------------------------


def transfers(found: Sequence[TransferRow]) -> Pane:
    """All transfers, the newest first."""
    rows, facts = {}, {}
    for one in reversed(found):
        cells = (one.transferencia, one.tipo, one.estado, one.fecha[:10], one.destino)
        tone = "" if one.estado == "preparada" else "tenue"
        rows[one.transferencia] = Row(one.transferencia, tuple(map(line, cells)), tone)
        facts[one.transferencia] = Fact(one.estado, place=one.destino)
    return Pane(tuple(rows), rows, facts, words.EMPTY[words.TRANSFERS])


def disposals(found: Sequence[Disposal], roles: Collection[str], person: str, day: str) -> Pane:
    """All disposals, the newest first, each with its step, what comes next and who may do it."""
    rows, facts = {}, {}
    for one in reversed(found):
        cells = (one.numero, words.step(steps_done(one)), words.STATES[one.estado],
                 str(len(one.condenados)), following(one))  # fmt: skip
        tone = "tenue" if one.estado in ("retirada", "eliminada") else ""
        rows[one.numero] = Row(one.numero, tuple(map(line, cells)), tone)
        why = why_not(one, roles, person, day)
        facts[one.numero] = Fact(one.estado, one.numero, why_not=why)
    return Pane(tuple(rows), rows, facts, words.EMPTY[words.DISPOSAL])


def steps_done(one: Disposal) -> int:
    """How many of the steps are behind it."""
    if one.certificada is not None:
        return 7
    if one.cumplida is not None:
        return 6
    if one.firmada is not None:
        return 5
    if one.aprobada is not None:
        return 4
    if one.publicada is not None:
        return 2 if one.sin_responder or not one.observaciones else 3
    return 1


def following(one: Disposal) -> str:
    """What comes next of it."""
    if one.estado == "publicada" and one.sin_responder:
        return words.to_answer(", ".join(map(str, one.sin_responder)))
    return words.NEXT["certificada" if one.certificada is not None else one.estado]


def why_not(one: Disposal, roles: Collection[str], person: str, day: str) -> str:
    """Why this person cannot take the next step now; «» where they can."""
    state = one.estado
    if state == "retirada":
        return words.WITHDRAWN
    if one.certificada is not None:
        return words.ALL_DONE
    if state == "firmada":
        assert one.firmada is not None
        if one.firmada.acto.person == person:
            return words.YOU_SIGNED
        return "" if _HEADS & set(roles) else words.turn_of(words.DISPOSAL_STEPS[5][1])
    if state != "ejecutada" and "archivista" not in roles:
        return words.turn_of("el archivo")
    if state == "publicada":
        assert one.publicada is not None
        if one.sin_responder:
            return words.unanswered(", ".join(map(str, one.sin_responder)))
        if day <= one.publicada.hasta:
            return words.published_until(one.publicada.hasta)
    return ""


def narrowed(rows: Mapping[str, Row], text: str) -> tuple[str, ...]:
    """The ids of the rows that have every word of a text."""
    wanted = fold(text).split()
    whole = {ident: fold(" ".join(row.cells)) for ident, row in rows.items()}
    return tuple(i for i, said in whole.items() if all(w in said for w in wanted))
