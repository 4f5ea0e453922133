"""Long lists, trays by their places, counts: the same answers as `buscar` and `bandejas` give."""

from __future__ import annotations

import threading
from array import array
from datetime import date, timedelta

import pytest

from records import lines, waits_index
from records.errors import Refused
from records.office import Office
from records.query import QueryCut, Row
from records.tramite import LATER

LETTERS = (
    {"remitente": "Zoraida Peña", "asunto": "vía rota", "dependencia": "140", "tipo": "queja"},
    {"remitente": "Álvaro Ñáñez", "asunto": "Árbol caído", "dependencia": "140",
     "responsable": "mquintero"},
    {"remitente": "ana nuñez", "asunto": "ruido", "dependencia": "150", "tipo": "sin_termino"},
    {"remitente": "Ana Núñez", "asunto": "bache en la vía", "tipo": "judicial"},
    {"asunto": "licencia", "dependencia": "140", "tipo": "tutela", "canal": "web"},
)  # fmt: skip


@pytest.fixture
def busy(office: Office) -> Office:
    """Five letters at the counter, one of them over."""
    given = [office.radicar_sin_imagen(letter).radicado for letter in LETTERS]
    office.archivar(given[2])
    return office


def found(office: Office, text: str = "", order: str = "numero") -> list[int]:
    return [i for piece in office.listar(text, orden=order) for i in piece]


def told(office: Office, order: str) -> list[str]:
    return [row.remitente for row in office.renglones(found(office, order=order))]


@pytest.mark.parametrize(
    "text",
    ["", "vía", "no vía", "vía o ruido", "área:140 vía", "vi* -bache", "(vía o ruido) tipo:queja",
     "estado:pendiente", "sin:dependencia", "responsable:mquintero", "nada de esto"],
)  # fmt: skip
def test_a_list_a_count_and_a_search_say_the_same(busy: Office, text: str) -> None:
    rows = busy.renglones(found(busy, text))
    asked = busy.buscar(text)
    assert [row.radicado for row in rows] == [row.radicado for row in asked.radicados]
    assert busy.contar(text) == asked.total == len(rows)
    assert busy.contar(text, limite=1) == min(1, len(rows))
    for listed, row in zip(rows, asked.radicados, strict=True):
        assert all(getattr(listed, name) == getattr(row, name) for name in Row.__struct_fields__)
    for order in ("fecha", "vence", "remitente", "asunto"):
        assert sorted(found(busy, text, order)) == sorted(found(busy, text))


def test_each_order_is_the_one_that_people_expect(busy: Office) -> None:
    names = [letter.get("remitente", "") for letter in LETTERS]
    assert told(busy, "numero") == told(busy, "fecha") == names[::-1]
    assert told(busy, "-numero") == names
    assert told(busy, "remitente") == ["Álvaro Ñáñez", "Ana Núñez", "ana nuñez", "Zoraida Peña", ""]
    assert told(busy, "-remitente")[0] == "Zoraida Peña" and told(busy, "-remitente")[-1] == ""
    rows = busy.renglones(found(busy, order="vence"))
    dated = [r.vence for r in rows[:2]]
    assert dated == sorted(map(str, dated)) and [r.vence for r in rows[2:]] == [None] * 3
    with pytest.raises(Refused, match="numero, fecha, vence"):
        busy.listar("", orden="color")


def test_rows_come_as_asked_and_without_what_is_gone(busy: Office) -> None:
    ids = found(busy)
    mixed = [ids[3], 999, ids[0]]
    assert [row.id for row in busy.renglones(mixed)] == [ids[3], ids[0]]
    row = busy.renglones([ids[0]])[0]
    assert (row.tipo, row.canal, row.prioritario) == ("tutela", "web", False)


def waits(office: Office) -> None:
    """What trays and their places say is one."""
    for asked in ({}, {"dependencia": "140"}, {"persona": "mquintero"}, {"bandeja": "asignados"},
                  {"bandeja": LATER}, {"bandeja": "por_firmar"}):  # fmt: skip
        places = office.esperas(**asked)
        assert isinstance(places, array)
        trays = office.bandejas(**asked)
        assert [t.lugar for t in trays] == list(places)
        assert office.renglones_espera(places[1:]) == trays[1:]


def test_places_are_what_trays_tell(busy: Office) -> None:
    waits(busy)
    first = busy.bandejas()
    assert [t.por_fijar for t in first] == [True, True, False, False]
    assert [t.vence for t in first[2:]] == sorted(str(t.vence) for t in first[2:])
    head = Office(busy.home, persona="mquintero")
    head.agendar(busy.buscar("árbol").radicados[0].radicado, date.today() + timedelta(days=3))
    waits(busy)
    assert [t.asunto for t in busy.bandejas(bandeja=LATER)] == ["Árbol caído"]
    assert busy.renglones_espera([t.lugar for t in first])[0].lugar == first[0].lugar
    gone = [t.lugar for t in first if t.asunto == "Árbol caído"]
    assert busy.renglones_espera(gone) == []  # its place went with what it told


def test_places_are_narrowed_by_the_same_language(busy: Office) -> None:
    for text, hits in (("vía", 2), ("área:140", 3), ("vía -bache", 1), ("ruido", 0)):
        rows = busy.renglones_espera(busy.esperas(texto=text))
        assert len(rows) == hits
    assert len(busy.esperas(dependencia="140", texto="vía")) == 1
    with pytest.raises(Refused):
        busy.esperas(bandeja="ninguna")


def test_places_come_in_other_orders_too(busy: Office) -> None:
    rows = {name: busy.renglones_espera(busy.esperas(orden=name)) for name in waits_index.ORDERS}
    assert rows["vence"] == busy.bandejas()
    assert [r.desde for r in rows["fecha"]] == sorted(r.desde for r in rows["vence"])
    numbers = [r.radicado for r in rows["numero"]]
    assert numbers == sorted(numbers, reverse=True)
    with pytest.raises(Refused, match="vence, fecha, numero"):
        busy.esperas(orden="color")


def test_what_is_withheld_is_neither_shown_nor_counted(busy: Office) -> None:
    secret = busy.buscar("árbol").radicados[0].radicado
    Office(busy.home, persona="mquintero").clasificar(
        secret, "reservada", fundamento="19d", motivo="lo pide el proceso",
        norma="Ley 906, art. 212B", hasta=lines.now().date() + timedelta(days=30),
    )  # fmt: skip
    knows, not_ = (Office(busy.home, persona=p) for p in ("mquintero", "asalcedo"))
    (hidden,) = found(knows, "árbol")
    assert len(found(knows)) == 5 and len(found(not_)) == 4 and not_.contar("") == 4
    for order in ("vence", "remitente", "-asunto"):
        assert hidden not in found(not_, order=order)
    assert not_.renglones([hidden]) == [] and knows.renglones([hidden]) != []
    assert not_.contar("árbol") == 0 == len(not_.esperas(texto="árbol"))
    places = knows.esperas(texto="árbol")
    assert len(places) == 1 and not_.renglones_espera(places) == []
    waits(not_)
    assert {t.asunto for t in knows.bandejas()} - {t.asunto for t in not_.bandejas()} == {
        "Árbol caído"
    }


def test_a_list_goes_on_as_it_was_begun(busy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.listing.FIRST", 2)
    monkeypatch.setattr("records.listing.PIECE", 2)
    going = busy.listar("", orden="-numero")
    seen = list(next(going))
    busy.radicar_sin_imagen({"asunto": "después"})
    seen += [i for piece in going for i in piece]
    assert len(seen) == 5 and len(found(busy)) == 6


def test_another_thread_cuts_a_list_short(busy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.listing.FIRST", 1)
    begun, cut, said = threading.Event(), threading.Event(), []

    def read() -> None:
        pieces = busy.listar("", orden="remitente")
        next(pieces)
        begun.set()
        cut.wait(20)
        try:
            said.append(list(pieces))
        except QueryCut as error:
            said.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    assert begun.wait(20)
    busy.cortar()
    cut.set()
    reader.join()
    assert isinstance(said[0], QueryCut)
    assert len(found(busy)) == 5  # and nothing else is
    busy.cortar()


def test_an_index_made_at_once_and_one_made_bit_by_bit_are_alike(busy: Office) -> None:
    assert busy.index.differences() == []
    names = [r[0] for r in busy.index.query("SELECT name FROM sqlite_master WHERE type='index'")]
    busy.index.rebuild()
    again = busy.index.query("SELECT name FROM sqlite_master WHERE type='index'")
    assert sorted(names) == sorted(r[0] for r in again) and "registro_vence" in names


@pytest.mark.parametrize(
    ("text", "order", "by"),
    [
        ("estado:pendiente", "vence", "registro_vence"),
        ("", "fecha", "registro_fecha"),
        ("", "remitente", "registro_remitente"),
        ("", "-asunto", "registro_asunto"),
    ],
)
def test_first_pages_are_read_from_an_index(
    busy: Office, text: str, order: str, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from records import listing
    from records.grammar import ALL, ask

    where, key = listing.stretches(order)[0]
    asked = ask(text).whole()
    plan = busy.index.query(
        f"EXPLAIN QUERY PLAN SELECT id FROM registro WHERE ({asked.sql}) AND {ALL.sql} AND {where}"
        f" ORDER BY {key}",
        asked.values,
    )
    assert by in str(plan) and "TEMP B-TREE FOR ORDER" not in str(plan)
