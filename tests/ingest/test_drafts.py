"""A queue of a thousand letters: as quick as a short one, and only what is changed is rewritten."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest

from ingest.drafts import Draft, Drafts, Suggested
from records.disk import Disk
from records.errors import Damaged

QUICK = 0.12
"""Seconds of processor for all that a new letter asks of the drafts: 0.03, and 0.25 where each
document of the file is taken apart each time."""
FIELDS = (
    "remitente", "documento", "asunto", "folios", "fecha", "direccion", "telefono", "correo",
    "ciudad", "tipo", "dependencia", "entidad",
)  # fmt: skip


def letter(n: int) -> Draft:
    value = Suggested(f"Visita técnica a la vereda El Peñón, solicitud {n}", 87, 1, (10, 20, 30, 4))
    return Draft(
        id=f"VU1.{n}",
        orden=n,
        carril="ventanilla",
        archivo=f"carta-{n}.jpg",
        recibido="2026-11-22T15:45:27.123-05:00",
        sha256=f"{n:064x}",
        campos=dict.fromkeys(FIELDS, value),
    )


def waiting(folder: Path, many: int) -> Drafts:
    """So many drafts, in a file as the program writes it."""
    rows = [
        b'"%d":%s' % (n, msgspec.json.encode(letter(n), order="sorted")) for n in range(1, many + 1)
    ]
    path = folder / "drafts.json"
    path.write_bytes(b'{"_default":{\n%s\n}}\n' % b",\n".join(rows))
    return Drafts(path, Disk())


def read(draft: Draft) -> Draft:
    return msgspec.structs.replace(draft, estado="por_radicar", confianza=90)


def test_a_letter_more_costs_little_where_a_thousand_wait(tmp_path: Path) -> None:
    drafts = waiting(tmp_path, 1000)
    spent = []
    for n in (1001, 1002, 1003):
        started = time.process_time()
        drafts.add(letter(n))
        for _ in range(4):
            assert drafts.find(f"VU1.{n}") is not None
        drafts.change(f"VU1.{n}", read)
        spent.append(time.process_time() - started)
    assert min(spent) < QUICK
    assert [d.orden for d in drafts.all()] == list(range(1, 1004))


def test_what_is_not_changed_stays_as_it_was_written(tmp_path: Path) -> None:
    drafts = waiting(tmp_path, 3)
    path = tmp_path / "drafts.json"
    first, second, third = path.read_text().splitlines()[1:4]
    by_hand = third.replace('"carril":', '"carril" : ')
    path.write_text(path.read_text().replace(third, by_hand))
    drafts.change("VU1.2", read)
    lines = path.read_text().splitlines()
    assert (lines[1], lines[3]) == (first, by_hand)
    assert lines[2] != second and '"confianza":90' in lines[2]
    drafts.remove("VU1.1")
    assert path.read_text().splitlines()[2] == by_hand
    assert [d.id for d in drafts.all()] == ["VU1.2", "VU1.3"]


@pytest.mark.parametrize(
    "ident", ["", "VU1", "VU1.", "VU1.x", "VU2.2", "VU1.²", "VU1." + "9" * 9000]
)
def test_what_is_no_id_of_here_is_not_found(tmp_path: Path, ident: str) -> None:
    drafts = waiting(tmp_path, 3)
    before = (tmp_path / "drafts.json").read_bytes()
    assert drafts.find(ident) is None and drafts.remove(ident) is None
    assert (tmp_path / "drafts.json").read_bytes() == before


@pytest.mark.parametrize("spoilt", ['"una carta"', '{"id": 7}', '{"id":"VU1.2"}', "[1]"])
def test_one_spoilt_draft_is_told_and_nothing_is_touched(tmp_path: Path, spoilt: str) -> None:
    drafts = waiting(tmp_path, 3)
    path = tmp_path / "drafts.json"
    text = path.read_text()
    second = text.splitlines()[2]
    path.write_text(text.replace(second, f'"2":{spoilt},'))
    before = path.read_bytes()
    for ask in (drafts.all, lambda: drafts.change("VU1.2", read)):
        with pytest.raises(Damaged, match=r"drafts\.json"):
            ask()
    assert drafts.find("VU1.3") is not None
    assert path.read_bytes() == before
