"""The hour: clocks that go wrong, years that begin, two processes across midnight."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from records import lines, verify
from records.errors import Refused
from records.events import NumberAssigned
from records.office import Office
from tests.conftest import ROOT, receive
from tests.program import environment, run


class Hand:
    """The clock of the machine, in the test's hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, start: str) -> None:
        self.now = datetime.fromisoformat(start).replace(tzinfo=lines.BOGOTA)
        monkeypatch.setattr(lines, "now", lambda: self.now)

    def set(self, text: str) -> None:
        self.now = datetime.fromisoformat(text).replace(tzinfo=lines.BOGOTA)

    def go(self, **step: float) -> None:
        self.now += timedelta(**step)


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    return Hand(monkeypatch, "2026-11-20T10:00")


@pytest.fixture
def office(hand: Hand, tmp_path: Path) -> Office:
    """An office that begins in the test's own time."""
    made, _ = Office.found(tmp_path / "oficina", ROOT / "config.toml", demo=True)
    return made


def test_a_clock_a_little_behind_takes_the_last_hour(office: Office, hand: Hand) -> None:
    one, two = receive(office, 2)
    first = office.radicar(one, {})
    hand.go(seconds=-119)
    assert office.radicar(two, {}).fecha == first.fecha


def test_a_clock_far_behind_receives_and_does_not_number(office: Office, hand: Hand) -> None:
    one, two = receive(office, 2)
    office.radicar(one, {})
    hand.go(hours=-3)
    late = receive(office, 1, start=5)
    for subject in (two, *late):
        with pytest.raises(Refused, match="reloj"):
            office.radicar(subject, {}, motivo="prueba de reloj")
    with pytest.raises(Refused, match="reloj"):
        office.radicar_sin_imagen({})
    assert verify.verify(Office(office.home)).ok


def test_an_adjusted_clock_numbers_again_and_the_head_ratifies(office: Office, hand: Hand) -> None:
    one, two = receive(office, 2)
    hand.set("2027-03-05T10:00")  # a dead battery: months ahead
    office.abrir_vigencia(2027)
    wrong = office.radicar(one, {})
    assert wrong.radicado == "2027-VU1-E-000001"
    with pytest.raises(Refused, match="no está detrás"):
        office.ajustar_reloj("el reloj estaba adelantado")
    hand.set("2026-11-20T10:05")
    with pytest.raises(Refused):
        office.radicar(two, {})
    office.ajustar_reloj("el reloj estaba adelantado")
    assert office.radicar(two, {}).radicado == "2026-VU1-E-000001"
    (told,) = office.ajustes_de_reloj()
    assert (told.motivo, told.ratificado) == ("el reloj estaba adelantado", None)
    office.ratificar_reloj(clave=None)
    (told,) = office.ajustes_de_reloj()
    assert told.ratificado == "demo"
    with pytest.raises(Refused):
        office.ratificar_reloj(clave=None)
    assert verify.verify(Office(office.home)).ok


def test_a_jump_forward_is_told(office: Office, hand: Hand) -> None:
    one, two, three = receive(office, 3)
    office.radicar(one, {})
    assert office.avisos == []
    hand.go(minutes=9)
    office.radicar(two, {})
    assert office.avisos == []
    hand.go(minutes=25)
    office.radicar(three, {})
    assert len(office.avisos) == 1 and "25 minutos" in office.avisos[0]


def test_a_new_year_after_a_long_silence_asks_a_person(office: Office, hand: Hand) -> None:
    one, two = receive(office, 2)
    office.radicar(one, {})
    hand.set("2027-01-04T08:00")
    later = receive(office, 1, start=7)  # reception goes on
    for _ in range(2):
        with pytest.raises(Refused, match="vigencia abrir"):
            office.radicar(two, {})
    hand.go(days=1)
    with pytest.raises(Refused, match="vigencia abrir"):
        office.radicar(two, {})
    with pytest.raises(Refused, match="reloj"):
        office.abrir_vigencia(2028)
    office.abrir_vigencia(2027)
    assert office.radicar(two, {}).radicado == "2027-VU1-E-000001"
    assert office.radicar(later[0], {}).radicado == "2027-VU1-E-000002"
    with pytest.raises(Refused, match="ya está abierta"):
        office.abrir_vigencia(2027)
    assert verify.verify(Office(office.home)).ok


def test_letters_of_31_december_numbered_after_midnight(office: Office, hand: Hand) -> None:
    hand.set("2026-12-31T23:58")
    one, two, three = receive(office, 3)
    assert office.radicar(one, {}).radicado == "2026-VU1-E-000001"
    hand.set("2027-01-01T00:01")
    done = office.radicar(two, {})
    assert done.radicado == "2027-VU1-E-000001"
    assert done.recibido.startswith("2026-12-31T23:58")
    # A correction of the clock by a minute across midnight: the year does not go back.
    hand.set("2026-12-31T23:59:30")
    assert office.radicar(three, {}).radicado == "2027-VU1-E-000002"
    assert verify.verify(Office(office.home)).ok
    assert sorted(p.parent.name for p in (office.home / "journal").glob("*/VU1.jsonl")) == [
        "2026",
        "2027",
    ]


def test_a_program_that_runs_over_new_year_goes_on_behind_what_another_wrote_first(
    office: Office, hand: Hand
) -> None:
    """The screen of one clerk has been open since December; another's writes the year's first line,
    into a file that the first has never seen."""
    hand.set("2026-12-31T16:00")
    (held,) = receive(office, 1)
    office.agregar_area("801", "De diciembre", None)
    hand.set("2027-01-02T08:00")
    other = Office(office.home, persona="demo")
    first = other.radicar_sin_imagen({"remitente": "Ana"})
    other.agregar_area("802", "De enero", None)
    assert first.radicado == "2027-VU1-E-000001"
    assert office.radicar(held, {"remitente": "Luis"}).radicado == "2027-VU1-E-000002"
    office.agregar_area("803", "De enero también", None)
    report = verify.verify(Office(office.home))
    assert report.ok, report.hallazgos
    assert other.radicar_sin_imagen({}).radicado == "2027-VU1-E-000003"


def test_only_an_adjustment_that_says_the_truth_is_a_line(office: Office, hand: Hand) -> None:
    from records.events import ClockAdjusted
    from records.tail import Broken

    receive(office, 1)
    key = office.keys.point_ed("VU1")
    with pytest.raises(Broken), office.journal.writing(key) as writer:
        writer.append(ClockAdjusted(antes=writer.tail.at), subject="reloj.VU1", actor="demo")
    hand.go(hours=-2)
    with pytest.raises(Broken), office.journal.writing(key) as writer:
        stamp = lines.stamp(hand.now)
        writer.append(ClockAdjusted(antes=stamp), subject="reloj.VU1", actor="demo")


PROCESS = """
import sys, time
from datetime import timedelta
from records import lines
from cli.main import main
base = lines.moment(sys.argv[1])
lines.now = lambda: base
main(["etiqueta", "2026-VU1-E-000009", "--casa", sys.argv[3]])  # a slow start is no matter here
start = time.monotonic()
lines.now = lambda: base + timedelta(seconds=time.monotonic() - start)
codes = []
for i in range(int(sys.argv[2])):
    codes.append(main(["radicar", "--sin-imagen", "--json", "--casa", sys.argv[3]]))
    time.sleep(0.25)
sys.exit(max(codes))
"""


def test_two_processes_across_midnight(tmp_path: Path) -> None:
    casa = tmp_path / "oficina"
    words = ["iniciar", "--config", str(ROOT / "config.toml"), "--demo", "--casa", str(casa)]
    start = "import sys; from records import lines; from cli.main import main;" \
        "base = lines.moment('2026-12-31T23:00:00.000-05:00'); lines.now = lambda: base;" \
        "sys.exit(main(sys.argv[1:]))"  # fmt: skip
    assert subprocess.run([sys.executable, "-c", start, *words], env=environment()).returncode == 0
    both = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, f"2026-12-31T23:59:5{8 + i}.000-05:00", "8", str(casa)],
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for i in range(2)
    ]
    shown = []
    for process in both:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        shown += [json.loads(row)["radicados"][0] for row in out.splitlines()]
    by_year: dict[str, list[int]] = {}
    for row in shown:
        by_year.setdefault(row["fecha"][:4], []).append(int(row["radicado"][-6:]))
        assert row["radicado"].startswith(row["fecha"][:4])
    assert set(by_year) == {"2026", "2027"}
    for numbers in by_year.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Honolulu", "UTC"])
def test_a_machine_in_another_zone_numbers_by_the_hour_of_bogota(tmp_path: Path, zone: str) -> None:
    casa = tmp_path / "oficina"
    assert (
        run("iniciar", "--config", ROOT / "config.toml", "--demo", "--casa", casa, TZ=zone).code
        == 0
    )
    made = run("radicar", "--sin-imagen", "--json", "--casa", casa, TZ=zone)
    stamp = made.json["radicados"][0]["fecha"]
    assert stamp.endswith("-05:00")
    assert abs(lines.moment(stamp) - lines.now()) < timedelta(minutes=2)
    assert made.json["radicados"][0]["radicado"].startswith(stamp[:4])
    assert run("verificar", "--casa", casa, TZ="America/Bogota").code == 0
    office = Office(casa)
    (event,) = [e for e in office.journal.events() if isinstance(e.fact, NumberAssigned)]
    assert event.at == stamp
