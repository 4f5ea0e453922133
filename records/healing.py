"""Heal a damaged home from a backup or another home: byte-identical material, or nothing.

Of a log: every whole, signed line that we still hold must be in the other copy or follow from its
end, and the outer mark must be met; then the file is put together from the other's lines and those
of ours that it has not yet. A good line that differs is a fork: nothing is replaced, and the other
branch is kept as proof. Documents and readings are their hash. What is replaced is put aside.
"""

from __future__ import annotations

import re
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import copies, erasure, founding, lines, manifest, people, segments, verify
from records import tail as tails
from records.checking import Finding
from records.disk import PRIVATE, SHARED
from records.errors import Damaged, MachineCannot, Refused
from records.events import ForkKept, Recovery
from records.journal import Journal
from records.mending import Branch, Mended, plan
from records.office import Office
from records.shelf import Unreadable, hash_of, read_chunks
from records.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.fact import Fact
    from records.home import Home

_HASH = re.compile(rb'"([0-9a-f]{64})"')


class Healed(msgspec.Struct, frozen=True):
    """A file that is whole again, and where what stood there was put (None: nothing was there)."""

    archivo: str
    guardado: str | None


class Fork(msgspec.Struct, frozen=True):
    """Another branch of a log, kept as proof; `contado`: our own log tells of it."""

    punto: str
    desde: int
    lineas: int
    archivo: str
    contado: bool


class Outcome(msgspec.Struct):
    """What came of it."""

    sanados: list[Healed] = []
    bifurcaciones: list[Fork] = []


def sanar(office: Home, desde: Path) -> Outcome:
    """Heal *office* from *desde*, a backup or another home; changes nothing where they differ.

    Raises:
        Refused: there is nothing to heal from.
        Damaged: the other copy does not verify, is another office's, or does not reach far enough.
    """
    root = office.keys.root_public()
    if desde.resolve() == office.home.resolve():
        raise Refused("misma_casa", f"{desde} es la misma oficina.", consejo="Dé un respaldo.")
    try:
        with _other(desde, root) as other:
            return _Healer(office, other).run()
    except Unreadable as error:
        raise MachineCannot(
            "copia_ilegible",
            f"No se pudo leer {error.path} ({error}).",
            consejo="Revise el disco y repita.",
        ) from error


@contextmanager
def _other(desde: Path, root: str) -> Iterator[Path]:
    """The other copy as a home that can be read, its logs verified."""
    with ExitStack() as stack:
        if copies.is_backup(desde):
            copy = copies.find_copy(desde)
            checked = copies.examine(copy, root, documents=False)
            _must_verify(desde, checked.hallazgos)
            listed = manifest.read((copy.folder / manifest.LIST).read_bytes())
            yield stack.enter_context(copies.as_home(copy, listed, with_receipt=True))
        elif (desde / "journal").is_dir():
            view = stack.enter_context(_view(desde.absolute()))
            office = Office(view)
            if office.keys.root_public() != root:
                raise Damaged(
                    "otra_entidad",
                    f"{desde} es de otra entidad.",
                    consejo="No se tocó nada. Dé un respaldo de esta oficina.",
                )
            _must_verify(desde, verify.verify_logs(office).hallazgos)
            yield view
        else:
            raise Refused("sin_respaldo", f"En {desde} no hay un respaldo ni una oficina.")


@contextmanager
def _view(home: Path) -> Iterator[Path]:
    """Another home without its marks and its index: nothing is written there."""
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as folder:
        view = Path(folder) / "otra"
        view.mkdir()
        for name in ("vault", "lecturas", "keys", "config.toml"):
            (view / name).symlink_to(home / name)
        for path in home.glob("journal/[0-9][0-9][0-9][0-9]/*.jsonl"):
            target = view / path.relative_to(home)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path)
        yield view


def _must_verify(desde: Path, findings: list[Finding]) -> None:
    if findings:
        raise Damaged(
            "otra_danada",
            f"{desde} no verifica ({len(findings)} hallazgo(s)): {findings[0].mensaje}",
            consejo="No se tocó nada: de lo que no verifica no se sana. Dé otro respaldo.",
        )


@dataclass
class _Healer:
    office: Home
    other: Path
    outcome: Outcome = field(default_factory=Outcome)

    def run(self) -> Outcome:
        """Plan every log, then replace what has to be; or keep the forks and replace nothing."""
        office = self.office
        with ExitStack() as stack:
            planned: list[Mended] = []
            forks: list[Branch] = []
            for punto in self._puntos():
                stack.enter_context(Journal(office.home, punto, office.disk).locked())
                found = plan(Journal(office.home, punto, office.disk), self.other)
                if isinstance(found, Branch):
                    forks.append(found)
                else:
                    planned.append(found)
            kept = [self._keep_fork(fork) for fork in forks]
            told = [] if forks else [self._mend(mended) for mended in planned]
        office.journal.forget()
        office.authority_journal.forget()
        for fork, file, fact in kept:
            said = fact is None or self._tell(fork.punto, fact)
            self.outcome.bifurcaciones.append(
                Fork(fork.punto, fork.desde, fork.lineas, self._name(file), said)
            )
        if not forks:
            self._documents()
            for punto, facts in told:
                for recovery in facts:
                    self._tell(punto, recovery)
        return self.outcome

    def _puntos(self) -> list[str]:
        found = {*segments.puntos(self.office.home), *segments.puntos(self.other)}
        return sorted(found, key=lambda p: (p != founding.AUTHORITY, p))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.office.home).as_posix()

    # -- logs ---------------------------------------------------------------------------------

    def _mend(self, mended: Mended) -> tuple[str, list[Recovery]]:
        office, told = self.office, []
        for file in mended.files:
            kept: Path | None = None
            if file.path.exists():
                kept = self._put_aside(file.path)
                size = segments.size_of(kept)
                told.append(Recovery(motivo="sanado", bytes=size, sha256=hash_of(kept)))
            office.disk.make_folder(file.path.parent)
            temporary = file.path.with_name(f".{file.path.name}.sanado.tmp")
            mode = PRIVATE if file.path.name.endswith(".fichas.jsonl") else SHARED
            office.disk.create(temporary, file.chunks(), mode=mode)
            office.disk.move(temporary, file.path)
            self._healed(file.path, kept)
        return mended.punto, told

    def _put_aside(self, path: Path) -> Path:
        """A second copy of a file that will be replaced, in quarantine."""
        disk, folder = self.office.disk, self.office.home / "cuarentena"
        disk.make_folder(folder)
        name, _, rest = path.name.partition(".")
        kept = folder / f"sanado-{name}-{str(hash_of(path))[:8]}.{rest}"
        disk.create(kept, read_chunks(path))
        disk.sync_folder(folder)
        return kept

    def _healed(self, path: Path, kept: Path | None) -> None:
        aside = None if kept is None else self._name(kept)
        self.outcome.sanados.append(Healed(self._name(path), aside))

    def _keep_fork(self, fork: Branch) -> tuple[Branch, Path, ForkKept | None]:
        """Keep the other branch; the fact to tell, or None where it was told before."""
        disk, folder = self.office.disk, self.office.home / "cuarentena"
        disk.make_folder(folder)
        text, fichas = fork.bytes(self.other)
        digest = lines.sha256(text)
        stem = f"bifurcacion-{fork.punto}-{fork.desde}-{digest[:8]}"
        target = folder / f"{stem}.jsonl"
        if target.exists():
            return fork, target, None
        disk.replace(folder / f"{stem}.fichas.jsonl", fichas, mode=PRIVATE)
        disk.replace(target, text, mode=PRIVATE)
        return fork, target, ForkKept(desde=fork.desde, lineas=fork.lineas, sha256=digest)

    def _tell(self, punto: str, fact: Fact) -> bool:
        """Say it in the log, where this home may write it."""
        office = self.office
        if not (office.keys.folder / f"{punto}.ed25519.pem").is_file():
            return False
        journal = Journal(office.home, punto, office.disk)
        if not journal.marks.is_at_home():
            return False
        try:
            with office.open_log(journal) as writer:
                writer.append(fact, subject=tails.LOG, actor=office.persona or people.SYSTEM)
        except (Damaged, Refused):  # damaged as well, or not ours to write: the outcome says so
            return False
        return True

    # -- what its hash names ------------------------------------------------------------------

    def _documents(self) -> None:
        """Documents and readings that our logs name and that are lost or changed."""
        named: set[str] = set()
        for punto in self._puntos():
            for segment in segments.segments(self.office.home, punto):
                for _, raw in segments.read_raw(segment.path):
                    named.update(h.decode() for h in _HASH.findall(raw))
        self.office.index.catch_up()
        gone = erasure.all_remains(self.office)
        named -= gone.documentos | gone.lecturas
        for path in Vault(self.other, self.office.disk).files():
            digest = path.name.partition(".")[0]
            if digest in named and not self._is_whole(self.office.vault.find(digest), digest):
                self._take(path, digest)
        for path in sorted((self.other / "lecturas").glob("*.json")):
            ours = self.office.home / "lecturas" / path.name
            if path.stem in named and ours.exists() and not self._is_whole(ours, path.stem):
                self._take(path, path.stem)

    @staticmethod
    def _is_whole(path: Path | None, digest: str) -> bool:
        return path is not None and path.is_file() and hash_of(path) == digest

    def _take(self, path: Path, digest: str) -> None:
        data = path.read_bytes()
        if lines.sha256(data) != digest:
            return  # damaged there too
        office = self.office
        reading = path.parent.name == "lecturas"
        old = office.home / "lecturas" / path.name if reading else office.vault.find(digest)
        kept: Path | None = None
        if old is not None and old.exists():
            kept = self._put_aside(old)
            office.disk.remove(old)
        if reading:
            office.disk.replace(office.home / "lecturas" / path.name, data)
            self._healed(office.home / "lecturas" / path.name, kept)
        else:
            office.vault.put(data, path.suffix[1:])
            found = office.vault.find(digest)
            assert found is not None
            self._healed(found, kept)
