"""Figures: each is counted by the very query that finds its records, and of what one may see."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from records import figures, lines
from records.errors import Refused
from records.figures import Board, Figure
from records.office import Office
from tests.town import founded

LETTER = {"remitente": "Ana Gil", "asunto": "Un hueco", "tipo": "peticion", "canal": "fisico"}


def by(found: tuple[Figure, ...]) -> dict[str, int]:
    return {one.clave: one.total for one in found}


def all_of(board: Board) -> list[Figure]:
    own = [f for area in board.propias for f in area.cuentas]
    return [*board.hoy, *board.vencidos, *board.por_vencer, *board.canales, *board.meses, *own]


def ago(days: int) -> dict[str, object]:
    return {"recibido": lines.now() - timedelta(days=days)}


def test_each_figure_is_what_its_query_finds(office: Office) -> None:
    office.radicar_sin_imagen({**LETTER, "dependencia": "140"}, **ago(60))
    office.radicar_sin_imagen({**LETTER, "dependencia": "140"}, **ago(60))
    office.radicar_sin_imagen(LETTER, **ago(60))
    office.radicar_sin_imagen({**LETTER, "canal": "web", "dependencia": "120"})
    board = office.tablero()
    assert by(board.hoy) == {
        "recibidos": 4, "radicados": 4, "respondidos": 0, "imagen_pendiente": 4,
        "sello_pendiente": 0,
    }  # fmt: skip
    assert by(board.vencidos) == {"140": 2, "": 1}
    assert by(board.canales) == {"fisico": 3, "web": 1}
    today = lines.now().date().isoformat()
    assert len(board.meses) == 12 and by(board.meses)[today[:7]] == 4
    counted = [f for f in all_of(board) if f.consulta]
    assert all(office.contar(f.consulta) == f.total for f in counted)
    assert board.a_tiempo == () and board.propias == ()


def test_what_one_may_not_see_is_not_counted_and_the_head_sees_their_area_first(
    office: Office,
) -> None:
    secret = office.radicar_sin_imagen({**LETTER, "dependencia": "140"}, **ago(60)).radicado
    office.radicar_sin_imagen({**LETTER, "dependencia": "120"}, **ago(60))
    head = office.authority.areas["140"].jefe
    other = office.authority.areas["120"].jefe
    office.clasificar(
        secret, "reservada", fundamento="19a", motivo="es una prueba", norma="Ley 1712"
    )
    assert by(Office(office.home, persona=head).tablero().vencidos) == {"140": 1, "120": 1}
    theirs = Office(office.home, persona=other).tablero()
    assert by(theirs.vencidos) == {"120": 1} and by(theirs.hoy)["radicados"] == 1
    (own,) = [area for area in theirs.propias if area.codigo == "120"]
    assert by(own.cuentas)["vencidos"] == by(own.cuentas)["pendientes"] == 1


def test_answers_are_in_time_or_late_by_the_term_as_it_was_told(office: Office) -> None:
    made = [office.radicar_sin_imagen({**LETTER, "dependencia": "140"}) for _ in range(4)]
    office.index.catch_up()
    rows = [
        ("2026-10-05T10:00:00.000-05:00", "2026-10-06T23:59:59-05:00", None),
        ("2026-10-07T10:00:00.000-05:00", "2026-10-06T23:59:59-05:00", None),
        ("2026-10-07T10:00:00.000-05:00", "2026-10-06T23:59:59-05:00", "2026-10-07T23:59:59-05:00"),
        ("2026-10-07T10:00:00.000-05:00", None, None),
    ]
    db = office.index.connection
    for one, row in zip(made, rows, strict=True):
        sql = "UPDATE registro SET respondido=?, vence=?, vence_legal=? WHERE radicado=?"
        db.execute(sql, (*row, one.radicado))
    counter = figures.Counter(office.index, office._seen())
    board = figures.board(counter, date(2026, 11, 3), Figure("recibidos", 0, ""), ())
    (month,) = board.a_tiempo
    assert (month.mes, month.a_tiempo, month.tarde) == ("2026-10", 2, 1)
    late = office.renglones([i for p in office.listar(month.consulta) for i in p])
    assert [r.radicado for r in late] == [made[1].radicado]
    assert office.contar("respondido:a_tiempo") == 2 and office.contar("respondido:2026") == 4
    assert office.contar("respondido:2026-10-05") == 1 and office.contar("respondido:nunca") == 0


@pytest.mark.parametrize(
    ("first", "last", "due", "hit"),
    [(1, 3, 1, True), (1, 3, 3, True), (1, 3, 4, False), (1, 3, 0, False), (0, 0, 0, True),
     (4, 7, 4, True), (8, 15, 16, False)],
)  # fmt: skip
def test_what_is_near_is_counted_by_days(
    office: Office, first: int, last: int, due: int, hit: bool
) -> None:
    office.radicar_sin_imagen(LETTER)
    office.index.catch_up()
    day = lines.now().date() + timedelta(days=due)
    sql = "UPDATE registro SET vence=?, vence_legal=NULL"
    office.index.connection.execute(sql, (f"{day}T23:59:59-05:00",))
    assert office.contar(figures.near(first, last)) == int(hit)


def test_a_day_is_told_from_the_logs_own_lines(office: Office) -> None:
    office.radicar_sin_imagen(LETTER)
    office.index.catch_up()
    assert office._received_on(lines.now().date().isoformat()) == 1
    assert office._received_on((lines.now() + timedelta(days=2)).date().isoformat()) == 0
    with pytest.raises(Refused):
        office.contar("desde:ayer")


def test_a_real_answer_counts_on_the_day_it_left_and_no_more_once_it_came_back(
    tmp_path: Path,
) -> None:
    town = founded(tmp_path / "oficina")
    asked = town.number(tipo="peticion", remitente="Ana Peña", direccion="Calle 5 # 4-3",
                        municipio="Tunja", dependencia="140")  # fmt: skip
    made = town.does("cruiz", "responder", asked, "--en-papel", "--firmante", "mquintero")
    out = made.json["salida"]
    office = Office(town.casa)
    today = lines.now().date().isoformat()
    assert office.contar(f"respondido:{today}") == 0
    sent = ("--medio", "certificado", "--guia", "RA123CO", "--operador", "4-72")
    town.does("cruiz", "enviar", out, *sent)
    board = office.tablero()
    assert by(board.hoy)["respondidos"] == 1
    (month,) = board.a_tiempo
    assert (month.mes, month.a_tiempo, month.tarde) == (today[:7], 1, 0)
    assert office.contar("respondido:a_tiempo") == office.contar(f"respondido:{today}") == 1
    town.does("cruiz", "devuelto", out, "--guia", "RA123CO", "--causa", "cambio_de_domicilio")
    assert office.tablero().a_tiempo == () and office.contar(f"respondido:{today}") == 0
    office.index.close()
