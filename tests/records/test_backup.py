"""A whole home, copied while in use, checked, and made again; and what a backup must not do."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from records import backup, copies, manifest, restore, shelf, verify
from records.copies import Copy
from records.disk import Disk
from records.errors import Damaged, MachineCannot, Refused
from records.events import BackedUp
from records.office import Office
from tests.conftest import receive
from tests.program import environment
from tests.records.conftest import flip, settle, snapshot


def examine(stick: Path, fecha: str | None = None) -> copies.Checked:
    return copies.examine(copies.find_copy(stick, fecha))


def copied(stick: Path) -> Copy:
    return copies.find_copy(stick)


# -- making one -----------------------------------------------------------------------------------


def test_a_copy_holds_everything_but_the_keys_that_sign(full: Office, stick: Path) -> None:
    made = backup.crear(full, stick)
    checked = examine(stick)
    assert checked.ok, checked.hallazgos
    assert checked.avisos == []  # it reaches to the last line that this machine knows
    assert made.archivos == checked.archivos and checked.radicados == 1
    rutas = {e.ruta for e in listed(stick).archivos}
    assert {"config.toml", "drafts.json", "keys/raiz.pub", "keys/raiz.clave.json"} <= rutas
    assert {"inbox/fax: 12?.pdf", "cuarentena/roto.pdf"} <= rutas
    assert any(r.startswith("lecturas/") for r in rutas)
    assert not any(r.startswith(("salida/", "index.sqlite")) or "lugar" in r for r in rutas)
    on_stick = b"".join(p.read_bytes() for p in stick.rglob("*") if p.is_file())
    for private in full.home.glob("keys/*.pem"):
        if b"PRIVATE KEY" in private.read_bytes():
            assert private.read_bytes() not in on_stick
            assert private.name not in {p.name for p in stick.rglob("*")}


def test_a_backup_is_verified_where_it_lies_without_the_program(full: Office, stick: Path) -> None:
    backup.crear(full, stick)
    folder = next(stick.glob("ventanilla-*"))

    def verified(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "verificador.py", ".", *words]
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=60, check=False
        )

    root = (full.home / "keys" / "raiz.pub").read_text().strip()
    for words in ((), ("--raiz", root)):
        done = verified(*words)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert "Todo verifica." in done.stdout
    assert verified("--raiz", "ab" * 32).returncode == 3
    assert "python3 verificador.py . --raiz" in (folder / "LEAME.txt").read_text(encoding="utf-8")
    assert examine(stick).ok
    flip(next(folder.glob("journal/*/VU1.jsonl")))
    done = verified()
    assert done.returncode == 3 and "HALLAZGO journal/" in done.stdout


def listed(stick: Path, fecha: str | None = None) -> manifest.Manifest:
    copy = copies.find_copy(stick, fecha)
    return manifest.read((copy.folder / manifest.LIST).read_bytes())


def test_it_is_told_in_the_log(full: Office, stick: Path) -> None:
    made = backup.crear(full, stick)
    (event,) = [e for e in full.journal.events() if e.type == "respaldo.hecho"]
    fact = event.fact
    assert isinstance(fact, BackedUp)
    assert (fact.manifiesto, fact.archivos, fact.bytes) == (
        made.manifiesto, made.archivos, made.bytes
    )  # fmt: skip
    head = listed(stick).heads[next(full.journal.read())[1].body.log]
    assert (fact.tamano, fact.raiz) == (head.size, head.root)
    assert verify.verify(full, complete=True).ok


def test_the_second_copy_takes_only_what_is_new(full: Office, stick: Path) -> None:
    first = backup.crear(full, stick)
    receive(full, 1, start=9)
    second = backup.crear(full, stick)
    assert second.nuevos < first.nuevos and second.copia > first.copia
    for name in (first.copia, second.copia):
        checked = examine(stick, name)
        assert checked.ok, checked.hallazgos
    assert examine(stick, first.copia).eventos < examine(stick, second.copia).eventos


@dataclass
class Fat(Disk):
    """A disk in FAT under one folder: its names, no links, no modes, 4 GB (here less), slow end."""

    stick: Path = Path("/nowhere")
    largest: int = 1 << 32
    pulled_after: int = -1
    """Operations until it is pulled out; −1: never."""
    names: dict[str, str] = field(default_factory=dict)

    def _on(self, path: Path) -> bool:
        if not path.is_relative_to(self.stick):
            return False
        if self.pulled_after == 0:
            raise OSError(errno.EIO, "Input/output error")
        self.pulled_after -= self.pulled_after > 0
        for part in path.relative_to(self.stick).parts:
            if set(part) & set('<>:"\\|?*') or part.endswith((".", " ")) or len(part) > 255:
                raise OSError(errno.EINVAL, "Invalid argument")
            assert self.names.setdefault(part.lower(), part) == part
        return True

    def open(self, path: Path, flags: int, mode: int) -> int:
        self._on(path)
        return super().open(path, flags, mode)

    def write(self, fd: int, data: bytes) -> int:
        path = Path(f"/proc/self/fd/{fd}").readlink()
        if self._on(path) and path.stat().st_size + len(data) > self.largest:
            raise OSError(errno.EFBIG, "File too large")
        return super().write(fd, data)

    def fsync(self, fd: int) -> None:
        self._on(Path(f"/proc/self/fd/{fd}").readlink())
        super().fsync(fd)

    def rename(self, source: Path, target: Path) -> None:
        self._on(target)
        super().rename(source, target)


def test_a_stick_in_fat_takes_any_name_of_the_inbox(full: Office, stick: Path) -> None:
    inbox = full.home / "inbox"
    for name in ("CON.", "a" * 250, "Ñandú: «x».pdf", "n\u0303.pdf", "100%.pdf", "a\nb.pdf"):
        (inbox / name).write_bytes(name.encode())
    Path(os.fsdecode(os.fsencode(inbox) + b"/\xff\xfe.pdf")).write_bytes(b"sin nombre")
    office = Office(full.home, disk=Fat(stick=stick))
    backup.crear(office, stick)
    assert examine(stick).ok
    restore.restore(copied(stick), full.home.parent / "otra")
    assert snapshot(full.home.parent / "otra" / "inbox") == snapshot(inbox)


def test_a_file_that_fat_cannot_hold_is_a_clear_error(full: Office, stick: Path) -> None:
    office = Office(full.home, disk=Fat(stick=stick, largest=4000))
    with pytest.raises(MachineCannot) as told:
        backup.crear(office, stick)
    assert "4 GB" in told.value.mensaje and "exFAT" in told.value.consejo
    assert verify.verify(Office(full.home)).ok


def test_a_stick_pulled_out_leaves_the_older_copy_whole(full: Office, stick: Path) -> None:
    first = backup.crear(full, stick)
    receive(full, 2, start=9)
    for after in (0, 9, 25, 45, 60):
        with pytest.raises(MachineCannot) as told:
            backup.crear(Office(full.home, disk=Fat(stick=stick, pulled_after=after)), stick)
        assert "siguen enteras" in told.value.mensaje
        assert examine(stick).copia == first.copia and examine(stick).ok
    again = backup.crear(Office(full.home), stick)
    assert examine(stick).copia == again.copia and examine(stick).ok
    assert len(list(stick.glob("*/copias/*"))) == 2 and not list(stick.glob("*/copias/*/INC*"))
    assert not list(stick.glob("*/.nuevos/*"))


def test_half_a_line_that_a_cut_left_is_written_over(full: Office, stick: Path) -> None:
    backup.crear(full, stick)
    journal = next(stick.glob("*/journal/*/VU1.jsonl"))
    receive(full, 1, start=9)
    ours = next(full.home.glob("journal/*/VU1.jsonl")).read_bytes()
    held = journal.stat().st_size
    for garbage in (ours[held : held + 30] + b"\0" * 300, ours[held : held + 400], b"\0" * 9):
        with journal.open("r+b") as file:
            file.truncate(held)
            file.seek(held)
            file.write(garbage)
        made = backup.crear(full, stick)
        assert examine(stick, made.copia).ok
        held = journal.stat().st_size
        receive(full, 1, start=20 + len(garbage))
        ours = next(full.home.glob("journal/*/VU1.jsonl")).read_bytes()


def test_a_disk_that_loses_what_it_is_given_is_told(
    full: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(full.home, disk=Fat(stick=stick))
    real = Fat.rename

    def lose(disk: Fat, source: Path, target: Path) -> None:
        real(disk, source, target)
        if target.name == manifest.LIST:
            target.unlink()

    monkeypatch.setattr(Fat, "rename", lose)
    with pytest.raises(MachineCannot) as told:
        backup.crear(office, stick)
    assert told.value.codigo == "disco_danado"
    with pytest.raises(Refused):
        copied(stick)
    assert "respaldo.hecho" not in {e.type for e in full.journal.events()}


def test_a_full_disk_is_told_before_anything_is_written(
    full: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf.Shelf, "free", lambda _: 1000)
    with pytest.raises(MachineCannot) as told:
        backup.crear(full, stick)
    assert "MB" in told.value.mensaje and not list(stick.iterdir())


def test_no_copy_where_there_is_no_disk_or_in_the_home_itself(full: Office, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        backup.crear(full, tmp_path / "no-hay")
    assert not (tmp_path / "no-hay").exists()
    with pytest.raises(Refused):
        backup.crear(full, full.home / "salida")


# -- the backup as a witness ----------------------------------------------------------------------


def test_a_rolled_back_home_cannot_overwrite_its_backup(
    full: Office, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(full.home, tmp_path / "antes")
    receive(full, 3, start=9)
    backup.crear(full, stick)
    monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / "otro-equipo"))
    rolled = settle(tmp_path / "antes")
    before = snapshot(stick)
    with pytest.raises(Damaged) as told:
        backup.crear(rolled, stick)
    assert told.value.codigo == "respaldo_testigo"
    receive(rolled, 9, start=50)  # longer again, and another branch
    with pytest.raises(Damaged) as told:
        backup.crear(rolled, stick)
    assert told.value.codigo == "respaldo_testigo"
    assert snapshot(stick) == before
    (tmp_path / "otra-carpeta").mkdir()
    assert backup.crear(rolled, tmp_path / "otra-carpeta").archivos


def test_lines_that_no_manifest_tells_of_are_a_witness_too(
    full: Office, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.crear(full, stick)
    shutil.copytree(full.home, tmp_path / "antes")
    receive(full, 1, start=9)
    for path in full.home.glob("journal/*/VU1*.jsonl"):  # a copy cut before its manifest
        shutil.copy(path, next(stick.glob(f"*/journal/*/{path.name}")))
    monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / "otro-equipo"))
    with pytest.raises(Damaged) as told:
        backup.crear(settle(tmp_path / "antes"), stick)
    assert told.value.codigo == "respaldo_testigo"


def test_a_damaged_backup_is_not_taken_for_a_fork(full: Office, stick: Path) -> None:
    backup.crear(full, stick)
    flip(next(stick.glob("*/journal/*/VU1.jsonl")))
    with pytest.raises(Damaged) as told:
        backup.crear(full, stick)
    assert told.value.codigo == "respaldo_danado"


def test_a_restored_home_makes_no_copies(full: Office, stick: Path, tmp_path: Path) -> None:
    backup.crear(full, stick)
    restore.restore(copied(stick), tmp_path / "nueva")
    with pytest.raises(Damaged):
        backup.crear(Office(tmp_path / "nueva"), stick)


# -- checking -------------------------------------------------------------------------------------


KINDS = (
    "journal/*/VU1.jsonl", "journal/*/VU1.fichas.jsonl", "journal/*/AUT.jsonl", "vault/*/*.pdf",
    "vault/*/*.toml", "lecturas/*.json", "sueltos/*/*", "copias/*/config.toml",
    "copias/*/drafts.json", "copias/*/keys/raiz.pub", "copias/*/keys/VU1.cert.pem",
    "copias/*/keys/raiz.clave.json", "copias/*/MANIFIESTO.json", "copias/*/MANIFIESTO.firma",
    "copias/*/RECIBO.jsonl",
)  # fmt: skip


def test_whatever_is_changed_or_lost_is_found_by_its_path(full: Office, stick: Path) -> None:
    backup.crear(full, stick)
    root = copied(stick).root
    for kind in KINDS:
        path = next(iter(sorted(root.glob(kind))))
        good = path.read_bytes()
        for spoil in (flip, Path.unlink):
            if kind == "copias/*/RECIBO.jsonl" and spoil is Path.unlink:
                continue  # it is not needed
            spoil(path)
            if kind == "copias/*/MANIFIESTO.json" and not path.exists():
                with pytest.raises(Refused):
                    copied(stick)
            else:
                checked = examine(stick)
                assert not checked.ok, kind
                assert str(path) in {f.archivo for f in checked.hallazgos}, (kind, checked)
                assert not any("/tmp/ventanilla-" in f.mensaje for f in checked.hallazgos)
            path.write_bytes(good)
    assert examine(stick).ok


def test_a_backup_with_a_pipe_in_it_holds_nobody_up(kept: Office, kept_stick: Path) -> None:
    path = copied(kept_stick).folder / "config.toml"
    path.unlink()
    os.mkfifo(path)
    (finding,) = examine(kept_stick).hallazgos
    assert finding.archivo == str(path)


def test_a_manifest_of_another_key_or_entity_is_found(full: Office, stick: Path) -> None:
    backup.crear(full, stick)
    assert copies.examine(copied(stick), full.keys.root_public()).ok
    (finding,) = copies.examine(copied(stick), "ab" * 32).hallazgos
    assert finding.codigo == "raiz"
    path = copied(stick).folder / manifest.LIST
    wider = manifest.read(path.read_bytes())
    path.write_bytes(manifest.write(manifest.Manifest(
        1, wider.fecha, wider.entidad, wider.punto, wider.log, wider.heads, wider.archivos[1:]
    )))  # fmt: skip
    assert {f.codigo for f in examine(stick).hallazgos} == {"firma", "recibo"}


@pytest.mark.parametrize("ruta", [
    "../fuera", "/etc/x", "inbox/../../x", "journal/VU1.lugar.json", "keys/VU1.ed25519.pem",
    "vault/ab/x.pdf", "index.sqlite", "inbox/a\0b", "", ".", "journal/../keys/x",
    "inbox/%2e%2e/%2e%2e/x",
])  # fmt: skip
def test_a_manifest_names_nothing_outside(ruta: str) -> None:
    assert not manifest.belongs(ruta)


# -- restoring ------------------------------------------------------------------------------------


def test_what_is_restored_reads_verifies_and_does_not_number(
    full: Office, stick: Path, tmp_path: Path
) -> None:
    backup.crear(full, stick)
    number = full.buscar("josé").radicados[0].radicado
    receive(full, 2, start=30)  # the original goes on: this machine knows later lines
    made = restore.restore(copied(stick), tmp_path / "nueva")
    assert made.radicados == 1 and any("llega hasta la línea" in a for a in made.avisos)
    new = Office(tmp_path / "nueva", persona="demo")
    report = verify.verify(new, complete=True)
    assert report.ok and report.avisos, report.hallazgos
    assert new.ver(number).campos["remitente"] == "José"
    assert (new.home / "inbox" / "fax: 12?.pdf").read_bytes() == b"%PDF-1.7 espera"
    assert (new.home / "inbox" / "fax").is_dir() and (new.home / "salida").is_dir()
    with pytest.raises(Damaged) as told:
        new.radicar_sin_imagen({"remitente": "Ana"})
    assert told.value.exit_code == 3 and "restauracion --autoriza" in told.value.consejo
    with pytest.raises(Damaged):
        receive(new, 1)


def test_a_restore_touches_nothing_that_is_there(full: Office, stick: Path, tmp_path: Path) -> None:
    backup.crear(full, stick)
    (tmp_path / "ahi").mkdir()
    with pytest.raises(Refused):
        restore.restore(copied(stick), tmp_path / "ahi")
    flip(next(stick.glob("*/vault/*/*.pdf")))
    with pytest.raises(Damaged):
        restore.restore(copied(stick), tmp_path / "nueva")
    assert {p.name for p in tmp_path.iterdir()} <= {"ahi", "memoria", "oficina", "marcas"}


def test_a_restore_that_is_cut_leaves_nothing(full: Office, stick: Path, tmp_path: Path) -> None:
    backup.crear(full, stick)
    disk = Fat(stick=tmp_path / ".nueva.restaurada-0", pulled_after=12)
    disk.stick = tmp_path / f".nueva.restaurada-{os.getpid()}"
    with pytest.raises(MachineCannot):
        restore.restore(copied(stick), tmp_path / "nueva", disk)
    assert not (tmp_path / "nueva").exists() and not list(tmp_path.glob(".nueva*"))


def test_an_older_copy_can_be_chosen(full: Office, stick: Path, tmp_path: Path) -> None:
    first = backup.crear(full, stick)
    receive(full, 3, start=30)
    backup.crear(full, stick)
    restore.restore(copies.find_copy(stick, first.copia), tmp_path / "nueva")
    assert Office(tmp_path / "nueva").journal.last_seq() < full.journal.last_seq() - 3
    assert verify.verify(Office(tmp_path / "nueva")).ok
    with pytest.raises(Refused) as told:
        copies.find_copy(stick, "2001-01-01T000000")
    assert first.copia in told.value.consejo


# -- while in use ---------------------------------------------------------------------------------

NUMBERING = """
import sys
from pathlib import Path
from records.office import Office
office = Office(Path(sys.argv[1]), persona="demo")
i = 0
while True:
    i += 1
    one = office.recibir(b"%%PDF-1.7 %d" % i, reclamo=f"c-{i}", nombre=f"{i}.pdf",
                         carril="ventanilla", extension="pdf")
    print(office.radicar(one, {"remitente": f"R{i}", "folios": "1"}).radicado, flush=True)
"""


def test_a_copy_made_while_another_process_numbers(
    office: Office, stick: Path, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", NUMBERING, str(office.home)],
        env=environment(), stdout=subprocess.PIPE, text=True,
    ) as clerk:  # fmt: skip
        assert clerk.stdout is not None
        for _ in range(5):
            clerk.stdout.readline()
        names = []
        for _ in range(2):
            names.append(backup.crear(Office(office.home), stick).copia)
            time.sleep(0.2)
        clerk.send_signal(signal.SIGKILL)
        shown = len(clerk.stdout.read().split()) + 5
    previous = 0
    for name in names:
        checked = copies.examine(copies.find_copy(stick, name))
        assert checked.ok, checked.hallazgos
        assert checked.radicados >= previous
        previous = checked.radicados
    restore.restore(copied(stick), tmp_path / "nueva")
    new = Office(tmp_path / "nueva")
    assert verify.verify(new, complete=True).ok
    found = [r.radicado[-6:] for r in new.buscar("", limite=10_000).radicados]
    assert sorted(found) == [f"{n:06d}" for n in range(1, previous + 1)]
    assert 5 <= previous <= shown + 1
    Office(office.home).recuperar()  # the kill may have left a ficha without its line
    assert verify.verify(Office(office.home)).ok


def test_a_letter_that_is_received_meanwhile_is_in_the_copy_once(
    office: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = office.home / "inbox" / "carta.pdf"
    gone = office.home / "inbox" / "zeta.pdf"
    letter.write_bytes(b"%PDF carta")
    gone.write_bytes(b"x")
    kept = backup._Copy._keep_loose

    def moved(copy: backup._Copy, relative: Path) -> None:
        if relative.name == "zeta.pdf":
            gone.unlink()
        kept(copy, relative)
        if relative.name == "carta.pdf":
            office.recibir(letter.read_bytes(), reclamo="c", nombre="carta.pdf",
                           carril="ventanilla", extension="pdf")  # fmt: skip
            letter.unlink()

    monkeypatch.setattr(backup._Copy, "_keep_loose", moved)
    made = backup.crear(office, stick)
    assert not any(e.ruta.startswith("inbox/") for e in listed(stick).archivos)
    assert [a for a in made.avisos if "zeta.pdf" in a] and "carta" not in str(made.avisos)
    assert examine(stick).documentos == verify.verify(office).documentos


def test_two_copies_at_once_are_refused(full: Office, stick: Path) -> None:
    with backup.alone(full), pytest.raises(Refused):
        backup.crear(full, stick)


def test_json_of_a_manifest_is_plain(full: Office, stick: Path) -> None:
    """Another program can read it: one object, sorted keys, hashes of sha256sum."""
    backup.crear(full, stick)
    data = json.loads((copied(stick).folder / manifest.LIST).read_text(encoding="utf-8"))
    for row in data["archivos"]:
        if row["ruta"] == "config.toml":
            assert row["sha256"] == verify.lines.sha256((full.home / "config.toml").read_bytes())
    seal = json.loads((copied(stick).folder / manifest.SIGNATURE).read_text(encoding="utf-8"))
    (line,) = (copied(stick).folder / manifest.RECEIPT).read_text().splitlines()
    assert json.loads(line)["b"]["data"]["manifiesto"] == verify.lines.sha256(
        (copied(stick).folder / manifest.LIST).read_bytes()
    )
    assert set(seal) == {"clave", "delegacion", "entidad", "epoch", "firma", "punto"}
