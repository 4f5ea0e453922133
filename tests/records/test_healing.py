"""A damaged home is healed from byte-identical material only; another branch is kept as proof."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records import backup, copies, healing, keys, lines, restore, verify
from records.errors import Damaged, Refused
from records.events import ForkKept, Recovery
from records.office import Office
from tests.conftest import ROOT, receive
from tests.records.conftest import flip, settle, snapshot


def again(office: Office) -> Office:
    return Office(office.home, persona="demo")


def journal(office: Office, name: str = "VU1.jsonl") -> Path:
    return next(office.home.glob(f"journal/*/{name}"))


def rows(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def cut(path: Path) -> None:
    path.write_bytes(b"".join(rows(path)[:-3]))


def lose_lines(path: Path) -> None:
    held = rows(path)
    path.write_bytes(b"".join(held[:2] + held[4:]))


def zeros(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[700:1300] = bytes(600)
    path.write_bytes(bytes(data))


def another_seq(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"seq":3,', b'"seq":93,'))


def no_newlines(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\x0b"))


def unlink(path: Path) -> None:
    path.unlink()


DAMAGE = (flip, cut, lose_lines, zeros, another_seq, no_newlines, unlink)


@pytest.mark.parametrize("harm", DAMAGE)
def test_a_damaged_log_is_healed_byte_by_byte(
    kept: Office, kept_stick: Path, harm: Callable[[Path], None]
) -> None:
    good = journal(kept).read_bytes()
    harm(journal(kept))
    outcome = healing.sanar(again(kept), kept_stick)
    (one,) = outcome.sanados
    assert one.archivo.endswith("VU1.jsonl") and journal(kept).read_bytes().startswith(good)
    told = [e.fact for e in again(kept).journal.events() if e.type == "recuperacion"]
    if harm is unlink:
        assert one.guardado is None and told == []
    else:
        digest = lines.sha256((kept.home / str(one.guardado)).read_bytes())
        (fact,) = told
        assert isinstance(fact, Recovery) and (fact.motivo, fact.sha256) == ("sanado", digest)
    assert verify.verify(again(kept), complete=True).ok
    receive(again(kept), 1, start=70)


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("VU1.jsonl", no_newlines),
        ("VU1.fichas.jsonl", flip),
        ("VU1.fichas.jsonl", unlink),
        ("AUT.jsonl", cut),
    ],
)
def test_a_log_is_healed_from_another_home(
    kept: Office, tmp_path: Path, harm: Callable[[Path], None], name: str
) -> None:
    shutil.copytree(kept.home, tmp_path / "otra")
    good = journal(kept, name).read_bytes()
    before = snapshot(tmp_path / "otra")
    harm(journal(kept, name))
    outcome = healing.sanar(again(kept), tmp_path / "otra")
    assert [Path(h.archivo).name for h in outcome.sanados] == [name]
    assert journal(kept, name).read_bytes().startswith(good)
    assert verify.verify(again(kept), complete=True).ok
    assert snapshot(tmp_path / "otra") == before


def test_lost_and_changed_documents_come_back_by_their_hash(kept: Office, kept_stick: Path) -> None:
    first, second, *_ = sorted(kept.vault.files())
    good = first.read_bytes(), second.read_bytes()
    first.unlink()
    flip(second)
    outcome = healing.sanar(again(kept), kept_stick)
    assert [h.guardado is None for h in outcome.sanados] == [True, False]
    assert (first.read_bytes(), second.read_bytes()) == good
    assert verify.verify(again(kept), complete=True).ok


def test_what_is_whole_is_not_touched(kept: Office, kept_stick: Path) -> None:
    receive(kept, 2, start=40)  # further than the backup
    kept.journal.forget()
    before = snapshot(kept.home)
    assert healing.sanar(again(kept), kept_stick) == healing.Outcome()
    assert {k: v for k, v in snapshot(kept.home).items() if "index" not in k} == {
        k: v for k, v in before.items() if "index" not in k
    }


def test_damage_behind_the_copies_end_is_not_healed(kept: Office, kept_stick: Path) -> None:
    receive(kept, 3, start=40)
    held = rows(journal(kept))
    journal(kept).write_bytes(b"".join([*held[:-2], held[-2].replace(b"VU1", b"VU2"), held[-1]]))
    before = snapshot(kept.home / "journal")
    with pytest.raises(Damaged) as told:
        healing.sanar(again(kept), kept_stick)
    assert told.value.codigo == "copia_corta" and snapshot(kept.home / "journal") == before


def test_a_damaged_last_line_that_nobody_else_knows_is_not_thrown_away(
    kept: Office, kept_stick: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a mark too: a number may have been in it."""
    receive(kept, 1, start=40)
    held = rows(journal(kept))
    journal(kept).write_bytes(b"".join([*held[:-1], held[-1].replace(b'"b"', b'"B"')]))
    monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / "sin-marcas"))
    with pytest.raises(Damaged) as told:
        healing.sanar(again(kept), kept_stick)
    assert told.value.codigo == "copia_corta"


def test_a_cut_beyond_what_the_backup_knows_is_not_healed(kept: Office, kept_stick: Path) -> None:
    receive(kept, 1, start=40)
    cut(journal(kept))
    before = snapshot(kept.home / "journal")
    with pytest.raises(Damaged) as told:
        healing.sanar(again(kept), kept_stick)
    assert told.value.codigo == "copia_corta" and snapshot(kept.home / "journal") == before


def test_of_a_copy_that_does_not_verify_nothing_is_taken(kept: Office, kept_stick: Path) -> None:
    flip(journal(kept))
    flip(next(kept_stick.glob("*/journal/*/VU1.jsonl")))
    before = snapshot(kept.home / "journal")
    with pytest.raises(Damaged) as told:
        healing.sanar(again(kept), kept_stick)
    assert told.value.codigo == "otra_danada" and snapshot(kept.home / "journal") == before


def test_another_entity_heals_nothing(kept: Office, tmp_path: Path) -> None:
    other, _ = Office.found(tmp_path / "ajena", ROOT / "config.toml", demo=True)
    with pytest.raises(Damaged):
        healing.sanar(again(kept), other.home)
    with pytest.raises(Refused):
        healing.sanar(again(kept), tmp_path / "nada")
    with pytest.raises(Refused):
        healing.sanar(again(kept), kept.home)


def test_a_fork_is_kept_as_proof_and_told_once(
    kept: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(kept.home, tmp_path / "otra")
    split = kept.journal.last_seq() + 1
    receive(again(kept), 2, start=50)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("VENTANILLA_MARCAS", str(tmp_path / "otro-equipo"))
        other = settle(tmp_path / "otra")
        receive(other, 3, start=60)
    lost = next(iter(kept.vault.files()))
    lost.unlink()
    before = journal(kept).read_bytes()
    outcome = healing.sanar(again(kept), tmp_path / "otra")
    (fork,) = outcome.bifurcaciones
    assert (fork.punto, fork.desde, fork.lineas, fork.contado) == ("VU1", split, 3, True)
    assert outcome.sanados == [] and not lost.exists()  # nothing is replaced
    proof = kept.home / fork.archivo
    assert proof.read_bytes() == b"".join(rows(journal(other))[split:])
    told = [e.fact for e in again(kept).journal.events() if e.type == "bifurcacion.conservada"]
    assert told == [ForkKept(desde=split, lineas=3, sha256=lines.sha256(proof.read_bytes()))]
    assert journal(kept).read_bytes().startswith(before)
    assert healing.sanar(again(kept), tmp_path / "otra").bifurcaciones
    types = [e.type for e in again(kept).journal.events()]
    assert types.count("bifurcacion.conservada") == 1


def test_lines_of_a_new_epoch_are_never_taken_for_damage(
    kept: Office, kept_stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office went on from an older state with a new key; the backup knows more of the old."""
    root = kept.keys.load("raiz", None)
    held = rows(journal(kept))
    old = lines.read_line(held[-3].rstrip()).body
    entidad = str(lines.read_line(held[0].rstrip()).body.data["entidad"])
    key = Ed25519PrivateKey.generate()
    public = lines.raw_public(key).hex()
    assert isinstance(root, Ed25519PrivateKey)
    data = {"clave": public, "serie": "VU1R1", "autoriza": "demo",
            "delegacion": keys.delegate(root, public, entidad, 1, "VU1")}  # fmt: skip
    body = {**msgspec.to_builtins(old), "epoch": 1, "type": "restauracion", "data": data,
            "subject": "log"}  # fmt: skip
    body.pop("ficha", None)
    journal(kept).write_bytes(b"".join(held[:-3]) + lines.seal_line(body, key).raw + b"\n")
    monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / "sin-marcas"))
    before = journal(kept).read_bytes()
    outcome = healing.sanar(again(kept), kept_stick)
    assert [f.desde for f in outcome.bifurcaciones] == [old.seq]
    assert journal(kept).read_bytes() == before


def test_a_restored_home_takes_what_a_newer_copy_has(
    kept: Office, kept_stick: Path, tmp_path: Path
) -> None:
    first = copies.find_copy(kept_stick)
    receive(kept, 3, start=40)
    backup.crear(kept, kept_stick)
    restore.restore(first, tmp_path / "nueva")
    new = Office(tmp_path / "nueva")
    old = new.journal.last_seq()
    healing.sanar(new, kept_stick)
    assert Office(tmp_path / "nueva").journal.last_seq() > old
    assert verify.verify(Office(tmp_path / "nueva"), complete=True).ok
