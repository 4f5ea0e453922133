"""Bags: what is written is valid for others too; what comes from others is read as hostile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import bagit
import pytest

from records.disk import Disk
from records.errors import Damaged, MachineCannot, Refused
from records.lines import sha256
from retention import bag, bag_reader
from retention.hostile import MAX_FINDINGS
from retention.whole import Source
from tests.conftest import ROOT
from tests.faults import small_disk

INFO = {"Source-Organization": "Alcaldía de\nPrueba", "External-Identifier": "TP-1"}


def written(target: Path, *more: Source) -> Path:
    sources = [Source("uno.txt", b"uno"), Source("dos/ñandú.txt", b"dos" * 999), *more]
    return bag.write(target, sources, INFO, Disk()).path


def judged(path: Path) -> list[tuple[str, str]]:
    return [(finding.ruta, finding.que) for finding in bag_reader.read(path).hallazgos]


def bagit_says(path: Path) -> bool:
    try:
        bagit.Bag(str(path)).validate(processes=1)
    except bagit.BagError:
        return False
    return True


def test_a_bag_is_valid_for_the_library_of_congress_and_for_us(tmp_path: Path) -> None:
    file = tmp_path / "carta.pdf"
    file.write_bytes(b"%PDF" * 9000)
    done = bag.write(
        tmp_path / "bolsa",
        [Source("a/carta.pdf", file, sha256(file.read_bytes())), Source("b.txt", b"")],
        INFO,
        Disk(),
    )
    assert (done.files, done.bytes) == (2, 36000)
    assert bagit_says(done.path)
    told = bag_reader.read(done.path)
    assert told.valid and told.tagmanifest_sha256 == done.tagmanifest_sha256
    assert told.tagmanifest_sha256 == sha256((done.path / "tagmanifest-sha256.txt").read_bytes())
    assert told.info["Source-Organization"] == "Alcaldía de Prueba"
    assert told.info["Payload-Oxum"] == "36000.2"
    assert [(h.ruta, h.bytes) for h in told.archivos] == [("data/a/carta.pdf", 36000),
                                                          ("data/b.txt", 0)]  # fmt: skip
    words = ["sha256sum", "--quiet", "-c", "manifest-sha256.txt"]
    subprocess.run(words, cwd=done.path, check=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bolsa", "carta.pdf"]


def test_line_breaks_and_percent_signs_in_names_come_back(tmp_path: Path) -> None:
    odd = Source("100 %\r\n de %0A.txt", b"x")
    path = written(tmp_path / "bolsa", odd)
    assert "100 %25%0D%0A de %250A.txt" in (path / "manifest-sha256.txt").read_text()
    told = bag_reader.read(path)
    assert told.valid and f"data/{odd.ruta}" in [h.ruta for h in told.archivos]


@pytest.mark.parametrize("path", ["", "/etc/x", "../x", "a/../x", "a//x", "./x", "x\0", "UNO.txt"])
def test_a_path_that_no_bag_may_have_is_a_defect_of_the_caller(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="payload"):
        written(tmp_path / "bolsa", Source(path, b"x"))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over_what_is_there_nor_where_no_disk_is(tmp_path: Path) -> None:
    written(tmp_path / "bolsa")
    for target in (tmp_path / "bolsa", tmp_path / "usb" / "bolsa"):
        with pytest.raises(Refused):
            written(target)
    (tmp_path / "enlace").symlink_to(tmp_path / "nada")
    with pytest.raises(Refused):
        written(tmp_path / "enlace")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bolsa", "enlace"]


def test_a_document_that_is_lost_or_changed_makes_no_bag(tmp_path: Path) -> None:
    file = tmp_path / "carta.pdf"
    file.write_bytes(b"otra")
    for source in (Source("a", tmp_path / "no.pdf"), Source("a", file, sha256(b"una"))):
        with pytest.raises(Damaged):
            written(tmp_path / "bolsa", source)
    assert [p.name for p in tmp_path.iterdir()] == ["carta.pdf"]


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "lleno", "2m") as place:
        big = [Source(f"{n}.bin", os.urandom(300_000)) for n in range(9)]
        with pytest.raises(MachineCannot) as refused:
            written(place / "bolsa", *big)
        assert refused.value.codigo == "disco_lleno"
        assert list(place.iterdir()) == []


class Liar(Disk):
    """A disk that loses the end of what it is given."""

    def write(self, fd: int, data: bytes) -> int:
        """One byte is another."""
        super().write(fd, data[:-1] + b"?")
        return len(data)


def test_a_disk_that_gives_back_other_bytes_is_seen(tmp_path: Path) -> None:
    with pytest.raises(MachineCannot) as refused:
        bag.write(tmp_path / "bolsa", [Source("a.txt", b"hola")], INFO, Liar())
    assert refused.value.codigo == "disco_danado"
    assert list(tmp_path.iterdir()) == []


_DIE = """
import os, signal, sys
from pathlib import Path
from records.disk import Disk
from retention import bag, whole

class Dying(Disk):
    left = int(sys.argv[2])
    def _count(self):
        Dying.left -= 1
        if Dying.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    def write(self, fd, data):
        self._count()
        return super().write(fd, data)
    def fsync(self, fd):
        self._count()
        super().fsync(fd)
    def rename(self, source, target):
        self._count()
        super().rename(source, target)

sources = [whole.Source(f"{n}/a.txt", b"a" * 5000) for n in range(3)]
bag.write(Path(sys.argv[1]), sources, {}, Dying())
"""


def test_who_is_killed_on_the_way_leaves_no_bag_and_the_next_try_clears_it(tmp_path: Path) -> None:
    target, whole, cuts = tmp_path / "bolsa", 0, 0
    for left in (0, 3, 8, 14, 19, 24, 27, 29, 99):
        words = [sys.executable, "-c", _DIE, target, str(left)]
        done = subprocess.run(words, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
        if target.exists():
            assert bag_reader.read(target).valid and bagit_says(target)
            whole += 1
            break
        assert done.returncode == -signal.SIGKILL
        cuts += 1
        for rest in tmp_path.iterdir():
            assert rest.name.startswith(".bolsa.")
            # Whole but for its name, or no bag at all.
            assert judged(rest) == [] or not (rest / "bagit.txt").exists()
        assert len(list(tmp_path.iterdir())) <= 1
    assert whole == 1 and cuts > 3
    left_over = [p.name for p in tmp_path.iterdir()]
    assert left_over == ["bolsa"]


# -- what others send -----------------------------------------------------------------------------


def relist(path: Path, change: Callable[[str], str]) -> None:
    """Change a manifest of the payload, its own sums left wrong."""
    manifest = path / "manifest-sha256.txt"
    manifest.write_text(change(manifest.read_text()))


def hostile(name: str, path: Path) -> str:
    """Spoil a bag in a way; what must be said of it, and of which path."""
    data, zeros = path / "data", "0" * 64
    match name:
        case "changed":
            (data / "uno.txt").write_bytes(b"unO")
            return "data/uno.txt: su sha256"
        case "extra":
            (data / "tres.txt").write_bytes(b"")
            return "data/tres.txt: no está en manifest-sha512.txt"
        case "missing":
            (data / "uno.txt").unlink()
            return "data/uno.txt: está en manifest-sha256.txt y no"
        case "renamed":
            (data / "uno.txt").rename(data / "Uno.txt")
            return "data/uno.txt: está en"
        case "link":
            (data / "uno.txt").unlink()
            (data / "uno.txt").symlink_to("/etc/hostname")
            return "data/uno.txt: es un enlace"
        case "linked folder":
            (data / "etc").symlink_to("/etc")
            return "data/etc: es un enlace"
        case "pipe":
            os.mkfifo(data / "tubo")
            return "data/tubo: no es un archivo"
        case "fetch":
            (path / "fetch.txt").write_text("http://x/ 1 data/x\n")
            return "fetch.txt: pide traer"
        case "up" | "absolute" | "home" | "windows" | "dot":
            worst = {"up": "data/../../x", "absolute": "/etc/passwd", "home": "~/x",
                     "windows": "data\\..\\x", "dot": "data/./x"}[name]  # fmt: skip
            relist(path, lambda text: f"{text}{zeros}  {worst}\n")
            return f"{worst}: manifest-sha256.txt: la ruta sale"
        case "twice":
            relist(path, lambda text: text + text)
            return "data/uno.txt: manifest-sha256.txt: está dos veces"
        case "case":
            (data / "UNO.txt").write_bytes(b"x")
            return "data/uno.txt: su nombre choca"
        case "NFD":
            (data / "dos" / "n\u0303andu\u0301.txt").write_bytes(b"x")
            return "su nombre no está en la forma NFC"
        case "bytes":
            Path(os.fsdecode(os.fsencode(data) + b"/\xff.txt")).write_bytes(b"x")
            return "su nombre no es UTF-8"
        case "disagree":
            relist(path, lambda text: text.split("\n", 1)[1])
            return "no está en manifest-sha256.txt"
        case "garbage":
            relist(path, lambda text: text + "esto no es nada\n")
            return "manifest-sha256.txt: una línea no es"
        case "huge":
            with (path / "manifest-sha256.txt").open("ab") as file:
                file.truncate(1 << 33)
            return "manifest-sha256.txt: es demasiado grande"
        case "no declaration":
            (path / "bagit.txt").unlink()
            return "bagit.txt: falta"
        case "other version":
            (path / "bagit.txt").write_text("BagIt-Version: 9.9\n")
            return "bagit.txt: no declara"
        case "oxum":
            info = path / "bag-info.txt"
            info.write_text(info.read_text().replace("Payload-Oxum: 3", "Payload-Oxum: 9"))
            return "bag-info.txt: Payload-Oxum dice"
        case "weak":
            for file in path.glob("*manifest-sha*.txt"):
                file.unlink()
            return ": no trae manifest-sha256.txt"
        case "deep":
            deep = data
            for _ in range(60):
                deep = deep / "a"
            deep.mkdir(parents=True)
            return "carpetas una dentro de otra"
    (path / "oculto.txt").write_text("x")
    return "oculto.txt: no está en tagmanifest-sha256.txt"


WAYS = ["changed", "extra", "missing", "renamed", "link", "linked folder", "pipe", "fetch", "up",
        "absolute", "home", "windows", "dot", "twice", "case", "NFD", "bytes", "disagree",
        "garbage", "huge", "no declaration", "other version", "oxum", "weak", "deep",
        "tag"]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_is_wrong_with_a_bag_is_told_with_its_path(tmp_path: Path, way: str) -> None:
    path = written(tmp_path / "bolsa")
    before = judged(path)
    want = hostile(way, path)
    stamps = sorted((p, p.lstat().st_mtime_ns) for p in path.rglob("*"))
    found = [f"{where}: {what}" for where, what in judged(path)]
    assert before == []
    assert any(want in one for one in found), found
    assert not any("root:" in one for one in found)
    assert stamps == sorted((p, p.lstat().st_mtime_ns) for p in path.rglob("*"))
    "".join(found).encode()  # every name can be shown


def test_all_that_is_wrong_is_told_and_what_is_right_is_listed(tmp_path: Path) -> None:
    path = written(tmp_path / "bolsa", Source("bien.txt", b"bien"))
    ways = ("changed", "extra", "linked folder", "fetch", "garbage")
    wants = [hostile(way, path) for way in ways]
    found = [f"{where}: {what}" for where, what in judged(path)]
    assert all(any(want in one for one in found) for want in wants), found
    good = [held.ruta for held in bag_reader.read(path).archivos]
    assert good == ["data/bien.txt", "data/dos/ñandú.txt"]


def test_findings_beyond_counting_are_summed_up(tmp_path: Path) -> None:
    path = written(tmp_path / "bolsa")
    relist(path, lambda text: text + "x\n" * 20_000)
    told = bag_reader.read(path).hallazgos
    assert len(told) == MAX_FINDINGS + 1
    assert any("hallazgos más" in one.que for one in told)


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "enlace").symlink_to(written(tmp_path / "bolsa"))
    (tmp_path / "archivo").write_bytes(b"")
    for name in ("enlace", "archivo", "nada"):
        with pytest.raises(Refused):
            bag_reader.read(tmp_path / name)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """No reading leaves a descriptor open."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    yield
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
