"""docs/consulta.md is what the search language does: its examples, names, limits and indexes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from records import completing, grammar, listing
from records.grammar import ALL, ask
from records.office import Office
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "consulta.md").read_text(encoding="utf-8")
LETTERS = (
    {"remitente": "Zoraida Gómez", "asunto": "licencia de construcción", "dependencia": "140",
     "tipo": "queja"},
    {"remitente": "Luis Peña", "asunto": "hueco en la vía", "dependencia": "140", "canal": "web"},
    {"remitente": "Ana Ruiz", "asunto": "ruido de un bar", "dependencia": "150", "tipo": "tutela"},
    {"remitente": "Ana Ruiz", "asunto": "alumbrado público y ruido", "tipo": "peticion"},
)  # fmt: skip


def rows(title: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    part = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    table = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def code(cell: str) -> list[str]:
    return list(re.findall(r"`([^`]*)`", cell))


EXAMPLES = [code(cells[0])[0] for cells in rows("Examples")]
COSTS = [
    (code(q)[0] if code(q) else "", code(o)[0], code(i)[0]) for q, o, i in rows("What it costs")
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Four letters at the counter."""
    folder = tmp_path_factory.mktemp("pagina")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VENTANILLA_MARCAS", str(folder / "marcas"))
        Office.found(folder / "casa", ROOT / "config.toml", demo=True)
        office = Office(folder / "casa")
        for letter in LETTERS:
            office.radicar_sin_imagen(letter)
        yield office


@pytest.mark.parametrize("query", EXAMPLES)
def test_each_example_is_read_as_filters_and_finds_what_a_search_finds(
    office: Office, query: str
) -> None:
    asked = ask(query, ["yo"])
    assert asked != ask("")
    # A filter that was not understood would be searched as text.
    filters = re.findall(r"(?:^|[\s(-])(\w+)[:<>]", query)
    assert all(plain(name) not in (asked.match or "") for name in filters if name not in
               ("de", "asunto", "texto"))  # fmt: skip
    for order in listing.ORDERS:
        ids = [i for piece in office.listar(query, orden=order) for i in piece]
        assert len(ids) == office.contar(query) == office.buscar(query).total


@pytest.mark.parametrize(
    ("query", "hits"),
    [("hueco", 1), ("vía o ruido", 3), ("ruido -bar", 1), ("no (vía o ruido)", 1), ("alumbr*", 1),
     ('"alumbrado público"', 1), ("de:gómez asunto:licencia", 1), ("hueco vía", 1),
     ("área:140 estado:pendiente", 2), ("tipo:tutela o tipo:denuncia", 1)],
)  # fmt: skip
def test_what_the_page_says_of_some_is_so(office: Office, query: str, hits: int) -> None:
    assert query in EXAMPLES and office.contar(query) == hits


def test_the_fields_are_those_of_the_language_and_of_its_proposals() -> None:
    told = {name for cells in rows("Fields") for name in code(cells[0])}
    assert {plain(name) for name in told} == set(grammar.NAMES)
    assert set(completing.FIELDS) <= told
    rule = PAGE.split("field       =")[1].split(";")[0]
    assert set(re.findall(r'"(\w+)"', rule)) == set(grammar.NAMES)
    lacks = next(cells[2] for cells in rows("Fields") if cells[0] == "`sin`")
    assert {plain(name) for name in code(lacks)} <= set(grammar.WITHOUT)


def test_the_orders_and_limits_are_those_of_the_code() -> None:
    part = PAGE.split("\n## Orders\n")[1].split("\n## ")[0]
    assert [name for name in code(part) if name != "-"] == list(listing.ORDERS)
    for figure in (grammar.MAX_QUERY, grammar.MAX_TOKENS, grammar.MAX_NESTED, listing.FEW):
        assert re.search(rf"\b{figure}\b", PAGE), figure


@pytest.mark.parametrize(("query", "order", "index"), COSTS)
def test_no_list_of_the_page_reads_every_record(
    office: Office, query: str, order: str, index: str
) -> None:
    office.index.catch_up()
    asked, db = ask(query, ["cruiz"]), office.index.connection
    for where, by in listing.stretches(order):
        way = listing.way(db, asked, ALL, order)
        plan = str(db.execute(f"EXPLAIN QUERY PLAN {way.select(where, by)}", way.values).fetchall())
        if where != listing.OTHERS or order != "vence":
            assert index in plan, plan
        # No record is read to know that it is none of those.
        assert not re.search(r"SCAN registro(?! USING)", plan), plan
        if not query:
            assert "TEMP B-TREE" not in plan, plan
            assert "COVERING" in plan or index == "registro_vence", plan  # few expire


@pytest.mark.parametrize("order", [o for o in listing.ORDERS if o != "numero"])
def test_many_that_fit_are_told_from_the_index_of_their_order(
    office: Office, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [i for piece in office.listar("ruido o hueco", orden=order) for i in piece]
    monkeypatch.setattr(listing, "FEW", 0)
    many = [i for piece in office.listar("ruido o hueco", orden=order) for i in piece]
    assert many == few and len(few) == 3
    way = listing.way(office.index.connection, ask("ruido o hueco"), ALL, order)
    for where, by in listing.stretches(order):
        plan = str(office.index.query(f"EXPLAIN QUERY PLAN {way.select(where, by)}", way.values))
        assert "TEMP B-TREE" not in plan
        assert "COVERING" in plan or "registro_vence" in plan
