"""Pictures of the rooms that watch over the office. Renew: `pytest --snapshot-update`."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ingest.drafts import Draft
from records.alerts import Alert
from records.checking import Finding
from records.events import DayClosed
from records.expiring import Expiry
from records.figures import Board, Figure, OwnArea, Timely
from records.overseeing import Backup, Fork, Log, SealedHead, Standing
from records.verify import LastCheck
from retention.fixity import Standing as Vault
from tests.tui.conftest import House
from tui import integridad_words, procesos_words, tablero_words, themes
from tui.app import VentanillaApp
from tui.graphics import Graphics
from tui.messages import integridad as standing
from tui.messages import procesos as running
from tui.messages import tablero as told
from tui.screens.integridad import IntegridadScreen
from tui.screens.procesos import ProcesosScreen
from tui.screens.tablero import TableroScreen
from tui.tasks import Tasks
from tui.views import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.pilot import Pilot

    Fill = Callable[[Any], None]

SIZES = [(80, 24), (140, 40)]


@pytest.fixture
def picture(house: House, snap_compare: Callable[..., bool]) -> Iterator[Callable[..., bool]]:
    """Compare a room of the house, filled by hand: no hour and no hash of this run is on it."""
    opened: list[Tasks] = []

    def compare(size: tuple[int, int], room: str, fill: Fill, *keys: str) -> bool:
        tasks = Tasks(house.home, None, reader=house.reader)  # type: ignore[arg-type]
        opened.append(tasks)
        tasks.viewing.graphics = Graphics("no")
        app = VentanillaApp(tasks, watch=False, theme=themes.OWN, room=room)

        async def rest(pilot: Pilot[Any]) -> None:
            await quiet(pilot)
            fill(app.screen_stack[0])
            for key in keys:
                await pilot.press(key)
            await quiet(pilot)

        async def quiet(pilot: Pilot[Any]) -> None:
            for _ in range(3):
                await pilot.pause(0.1)
                while tasks.busy:
                    await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=rest)

    yield compare
    for tasks in opened:
        tasks.close()


# -- Tablero --------------------------------------------------------------------------------------


def figures(*pairs: tuple[str, int]) -> tuple[Figure, ...]:
    return tuple(Figure(name, total, f"de:{name}") for name, total in pairs)


BOARD = Board(
    dia="2026-11-23",
    hoy=figures(("recibidos", 42), ("radicados", 38), ("respondidos", 17),
                ("imagen_pendiente", 3), ("sello_pendiente", 0)),
    vencidos=figures(("140", 12), ("120", 5), ("", 2)),
    por_vencer=figures(("0-0", 4), ("1-3", 9), ("4-7", 21), ("8-15", 60)),
    a_tiempo=(Timely("2026-11", 230, 20, "x"), Timely("2026-10", 310, 0, "x")),
    canales=figures(("fisico", 410), ("correo_electronico", 260), ("web", 90), ("", 44)),
    meses=figures(("2026-11", 804), ("2026-10", 1190), ("2026-09", 1042)),
    propias=(OwnArea("140", figures(("vencidos", 12), ("0-0", 1), ("1-3", 2), ("4-7", 6),
                                    ("8-15", 14), ("sin_responsable", 3), ("pendientes", 41))),),
)  # fmt: skip


def alert(level: Any, number: str, **more: Any) -> Alert:
    usual: dict[str, Any] = {
        "vence": "2026-11-20T23:59:59-05:00", "dias_habiles": -1, "dependencia": "140",
        "responsable": None, "que_hacer": "Asígnelo a quien deba tramitarlo; debe responderse hoy.",
        "quien": "mquintero", "quien_nombre": "Marcela Quintero Vela",
        "asunto": "Copia del contrato 044 de 2025", "tipo": "peticion", "conjuntas": (),
        "sin_responsable": True, "norma": "Ley 1755 de 2015, art. 14", "reservado": None,
    }  # fmt: skip
    return Alert(radicado=number, nivel=level, **(usual | more))


ALERTS = (
    alert("por_fijar", "2026-VU1-E-000310", vence=None, dias_habiles=None, asunto="Tutela 0421",
          que_hacer="Anote con «fijar-plazo» cuándo vence, según la orden."),
    alert("vencido", "2026-VU1-E-000123"),
    alert("vencido", "2026-VU1-E-000124", asunto="Un hueco en la calle 8"),
    alert("amarillo", "2026-VU1-E-000201", vence="2026-11-27T23:59:59-05:00", dias_habiles=4,
          que_hacer="Léalo y respóndalo."),
)  # fmt: skip


def show_board(house: House) -> Fill:
    def fill(room: TableroScreen) -> None:
        authority = house.office.authority
        waiting = {"por_radicar": 6, "leyendo": 2, "no_leidos": 1}
        room._figures_read(told.FiguresRead(tablero_words.bars(BOARD, waiting, authority), "07:42"))
        lines = tuple(tablero_words.alerts(ALERTS, authority))
        room._alerts_read(told.AlertsRead(lines, Counter(a.nivel for a in ALERTS)))

    return fill


@pytest.mark.parametrize("size", SIZES)
def test_the_board(picture: Callable[..., bool], house: House, size: tuple[int, int]) -> None:
    assert picture(size, "tablero", show_board(house), "down")


@pytest.mark.parametrize("size", SIZES)
def test_its_alerts(picture: Callable[..., bool], house: House, size: tuple[int, int]) -> None:
    assert picture(size, "tablero", show_board(house), "a", "down")


# -- Procesos en curso ----------------------------------------------------------------------------

NOW = datetime.fromisoformat("2026-11-23T10:42:00-05:00")


def ago(**time: int) -> datetime:
    return NOW - timedelta(**time)


JOBS = (
    Job(1, "Firmar el PDF de 2026-VU1-E-000311", "fallo", ago(minutes=9), ago(minutes=8),
        why="La ficha criptográfica no está puesta. Conéctela.", may_repeat=True),
    Job(2, "Verificar la oficina entera", "corre", ago(minutes=3), done=41_200, total=120_000,
        what="Documentos y firmas", may_cancel=True),
    Job(3, "Exportar una consulta", "cancelando", ago(seconds=12), done=4_000, total=9_500),
    Job(4, "Exportar una consulta", "espera", ago(seconds=4), may_cancel=True),
    Job(5, "Exportar una consulta", "hecho", ago(hours=1), ago(minutes=59), done=350),
)  # fmt: skip


def draft(ident: str, name: str, **more: Any) -> Draft:
    return Draft(id=ident, orden=1, carril="escaner", archivo=name, sha256=None,
                 recibido="2026-11-23T10:40:05-05:00", **more)  # fmt: skip


INBOX = (
    procesos_words.reading(draft("VU1.41", "carta-041.pdf"), (3, 12)),
    procesos_words.reading(draft("VU1.42", "carta-042.pdf"), None),
    procesos_words.unreadable(draft("VU1.40", "dañada.tiff", motivo="El archivo está dañado")),
    *procesos_words.seals(4),
)


@pytest.mark.parametrize("size", SIZES)
def test_what_runs_behind(
    picture: Callable[..., bool], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.procesos._now", lambda: NOW)
    monkeypatch.setattr("tui.tasks.procesos.ProcesosTasks.jobs", lambda _: JOBS)
    monkeypatch.setattr("tui.tasks.procesos.ProcesosTasks.inbox", lambda *_: None)

    def fill(room: ProcesosScreen) -> None:
        room._inbox_read(running.InboxRead(INBOX))

    assert picture(size, "procesos", fill)


# -- Integridad -----------------------------------------------------------------------------------

HASH = "8f3a" * 16
STANDING = Standing(
    verificacion=LastCheck(
        "2026-11-22T18:02:00-05:00", False, 120_311, 2, "demo", True, 60_220,
        [
            Finding("documento", "El documento 8f3a no es el que se guardó.", "vault/8f/3a.pdf"),
            Finding("ficha", "La ficha falta, y nadie ordenó eliminarla.", "VU1.fichas", 812),
        ],
    ),
    cierre=DayClosed(fecha="2026-11-22", tamano=120_300, raiz=HASH, documento=HASH,
                     certificado=HASH),
    sello=SealedHead(120_300, HASH, HASH),
    diarios=[
        Log("VU1", True, 120_279, "2026-11-23T10:40:00-05:00"),
        Log("AUT", False, 32, "2026-11-02T08:00:00-05:00"),
        Log("VU2", False, 0, None),
    ],
    bifurcaciones=[Fork("VU1", 4_000, 3, "2026-05-03T09:00:00-05:00")],
    respaldo=Backup("2026-11-20T19:00:00-05:00", 60_400, 7_310_000_000, True),
    llaves=[
        Expiry("VU1", "2026-12-20", 27, True),
        Expiry("crl", "2027-06-01", 190, False),
        Expiry("ca", "2036-01-01", 3_300, False),
    ],
    avisos=["El último respaldo es del 20 nov 2026, 19:00: hace más de un día."],
)  # fmt: skip
VAULT = Vault(60_220, 58_000, 2_220, 310, [], [], "2026-08-01T02:00:00-05:00", 90, 670, None)


@pytest.mark.parametrize("size", SIZES)
def test_whether_something_was_lost_or_changed(
    picture: Callable[..., bool],
    house: House,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.tasks.integridad.IntegridadTasks.standing", lambda *_: None)
    monkeypatch.setattr("tui.tasks.integridad.IntegridadTasks.vault", lambda *_: None)
    authority = house.office.authority

    def fill(room: IntegridadScreen) -> None:
        room._standing_read(standing.StandingRead(integridad_words.checks(STANDING, authority)))
        room._vault_read(standing.VaultRead(integridad_words.vault(VAULT)))

    assert picture(size, "integridad", fill)
