"""A backup as a witness: what it holds of a log must be the beginning of what the home holds.

Where it holds more, or other bytes, the home was rolled back, restored or forked (or the backup is
damaged: its own manifest tells which). Bytes that no manifest speaks of may be what a cut left
behind; they count as lines only where they are whole lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from records import erasure, founding, lines, manifest, segments
from records.errors import Damaged, Refused
from records.journal import Journal
from records.lines import BadLine
from records.recovery import load
from records.segments import size_of
from records.shelf import CHUNK, Shelf, hash_of

if TYPE_CHECKING:
    from pathlib import Path

    from records.home import Home
    from records.manifest import Entry
    from records.segments import Segment
    from records.tail import Tail


FICHAS = ".fichas.jsonl"


@dataclass(frozen=True, slots=True)
class Noted:
    """Where a log stood at one moment: its end, and the bytes of each of its files."""

    tail: Tail
    sizes: dict[str, int]


def note(office: Home) -> list[Noted]:
    """Where each log of a home stands, each under its lock for no longer than it takes to look.

    The authority's last: it says who those before it are.
    """
    found = segments.puntos(office.home)
    return [_note_one(office, p) for p in sorted(found, key=lambda p: p == founding.AUTHORITY)]


def _note_one(office: Home, punto: str) -> Noted:
    own = {office.punto: office.journal, founding.AUTHORITY: office.authority_journal}
    journal = own.get(punto) or Journal(office.home, punto, office.disk)
    if (office.keys.folder / f"{punto}.ed25519.pem").is_file():
        with office.open_log(journal, closed=True) as writer:  # mends what a cut left
            return Noted(writer.tail, _sizes(journal))
    known = load(journal, None)  # the long part, before the lock
    with journal.held():
        known = load(journal, known)
        sizes = _sizes(journal)
        if known.segment is not None:
            sizes[_ruta(journal, known.segment.path)] = known.size
            fichas = _end_of_ficha(known.segment, known.tail.ficha)
            if fichas is not None:
                sizes[_ruta(journal, known.segment.fichas)] = fichas
        return Noted(known.tail, sizes)


def _sizes(journal: Journal) -> dict[str, int]:
    """Bytes of each file of a log."""
    paths = [p for s in journal.segments() for p in (s.path, s.fichas) if p.exists()]
    return {_ruta(journal, p): segments.size_of(p) for p in paths}


def _ruta(journal: Journal, path: Path) -> str:
    return path.relative_to(journal.home).as_posix()


def _end_of_ficha(segment: Segment, ficha: str) -> int | None:
    """Where the ficha with this hash ends; None where it is of an earlier year, or none."""
    if ficha and segment.fichas.exists():
        for offset, raw in segments.read_back(segment.fichas):
            if lines.sha256(raw) == ficha:
                return offset + len(raw) + 1
    return None


def newest(root: Path) -> str | None:
    """The name of the newest whole copy in a backup."""
    names = [p.parent.name for p in (root / "copias").glob(f"[0-9]*/{manifest.LIST}")]
    return max(names, default=None)


def cuts_to_make(office: Home, shelf: Shelf, noted: list[Noted]) -> dict[str, int]:
    """From which byte each journal file of the backup has to be gone on with.

    Raises:
        Damaged: the backup holds what the home lacks, or is damaged itself.
        Refused: it holds what a disposal erased, and nothing else that the home lacks.
    """
    vouched = {r: e for r, e in last_listed(shelf.root).items() if manifest.is_journal(r)}
    sizes = {ruta: size for n in noted for ruta, size in n.sizes.items()}
    there = [
        p.relative_to(shelf.root).as_posix() for p in (shelf.root / "journal").glob("[0-9]*/*")
    ]
    for ruta in [*vouched, *filter(manifest.is_journal, there)]:
        sizes.setdefault(ruta, 0)
    erased = erasure.erased_fichas(office)
    for ruta, size in sizes.items():
        if ruta.endswith(FICHAS) and _remembers(office.home / ruta, size, shelf.path(ruta), erased):
            raise _remembering(shelf.root)
    if erased:  # a manifest of before tells of fichas that were written anew since
        vouched = {r: e for r, e in vouched.items() if not r.endswith(FICHAS)}
    return {
        ruta: _agreed(office.home / ruta, size, shelf.path(ruta), vouched.get(ruta))
        for ruta, size in sizes.items()
    }


def last_listed(root: Path) -> dict[str, Entry]:
    """What the newest manifest of a backup lists, by path; nothing where it cannot be read."""
    name = newest(root)
    if name is None:
        return {}
    try:
        listed = manifest.read((root / "copias" / name / manifest.LIST).read_bytes())
    except manifest.BadManifest:
        return {}
    return {e.ruta: e for e in listed.archivos}


def _agreed(ours: Path, size: int, theirs: Path, vouched: Entry | None) -> int:
    """Up to where the backup's file is ours; what follows there is what a cut left."""
    held = size_of(theirs)
    known = vouched.bytes if vouched is not None else 0
    if held < known:
        raise _damaged_backup(theirs)
    same = _common(ours, theirs, min(size, held))
    if same == held:
        return held
    if same < known:
        if vouched is not None and hash_of(theirs, 0, known) != vouched.sha256:
            raise _damaged_backup(theirs)
        raise _rolled_back(theirs, same)
    with theirs.open("rb") as file:
        window = max(0, same - lines.MAX_LINE)
        file.seek(window)
        start = window + file.read(same - window).rfind(b"\n") + 1
        file.seek(start)
        rest = file.read()
    whole = rest[: rest.rfind(b"\n") + 1].split(b"\n")[:-1]
    if any(map(_says_something, whole)):
        raise _rolled_back(theirs, same)
    return same


def _remembers(ours: Path, size: int, theirs: Path, erased: set[str]) -> bool:
    """Whether the backup has fichas that a disposal erased, and is ours in all else."""
    if not erased or not theirs.exists() or not ours.exists():
        return False
    held = theirs.read_bytes()
    clean = erasure.blanked(held, erased)
    return clean != held and ours.read_bytes()[:size].startswith(clean[: clean.rfind(b"\n") + 1])


def _remembering(root: Path) -> Refused:
    return Refused(
        "respaldo_con_eliminados",
        f"El respaldo {root} guarda todavía lo que se eliminó.",
        consejo=f"Haga que lo olvide con «ventanilla eliminar limpiar --respaldo {root}», o use "
        "otra carpeta y destruya ese disco como los papeles.",
    )


def _common(ours: Path, theirs: Path, size: int) -> int:
    """How many bytes both begin with."""
    if size == 0:
        return 0
    done = 0
    with ours.open("rb") as a, theirs.open("rb") as b:
        while done < size:
            step = min(CHUNK, size - done)
            left, right = a.read(step), b.read(step)
            if left != right or len(left) != step:
                pairs = zip(left, right, strict=False)
                return done + next((i for i, (x, y) in enumerate(pairs) if x != y), 0)
            done += step
    return done


def _says_something(raw: bytes) -> bool:
    """Whether bytes are a whole line or a whole ficha, and not what a cut left."""
    try:
        value = lines.parse(raw) if not raw.startswith(b'{"b":') else lines.read_line(raw)
    except BadLine:
        return False
    return not isinstance(value, dict) or "sal" in value


def _rolled_back(theirs: Path, same: int) -> Damaged:
    with theirs.open("rb") as file:
        line = file.read(same).count(b"\n") + 1
    return Damaged(
        "respaldo_testigo",
        f"El respaldo conoce otra cosa desde la línea {line} de {theirs.name}: esta oficina fue "
        "restaurada o recortada, o hay dos que numeran.",
        consejo="En el respaldo no se escribió nada: es una prueba, consérvelo. Para seguir "
        "copiando use otra carpeta; para traer lo que falta, «ventanilla recuperar --desde».",
    )


def _damaged_backup(theirs: Path) -> Damaged:
    return Damaged(
        "respaldo_danado",
        f"El respaldo está dañado: {theirs} no es lo que su manifiesto dice.",
        consejo="A la oficina no le pasó nada. Haga el respaldo en otra carpeta u otro disco.",
    )
