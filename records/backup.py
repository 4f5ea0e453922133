"""Copy a whole home, while it is in use, to another disk: `ventanilla respaldo crear`.

At the destination `ventanilla-<log>/`: the logs, only ever appended to; documents and readings by
their hash, copied once; loose files (inbox, quarantine) by their hash; and for each copy a folder
with its signed manifest and the small files of that moment (docs/respaldo.md).

What is there is a witness: logs there must be a prefix of ours, else the home was rolled back or
forked, and nothing is changed. The order makes a copy whole without stopping anybody: what waits is
copied first, then under each log's lock only its size is noted, then logs and documents. So a
letter that moves on meanwhile is in one of the two, and every draft belongs to a known reception.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from filelock import FileLock

from records import checkpoint, copies, lines, manifest, people, segments
from records import tail as tails
from records.errors import MachineCannot, Refused
from records.events import BackedUp
from records.manifest import Entry, Head, Manifest
from records.shelf import CutShort, Shelf, Unreadable, hash_of, read_chunks
from records.witness import Noted, cuts_to_make, last_listed, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.home import Home
    from records.journal import Journal
    from records.tail import Tail

MARGIN = 1 << 20
"""Bytes that must be left over on the destination: manifest, folders."""
TRIES = 5
"""How often a file is copied anew that changes while it is copied."""
INBOX, CLAIMED = "inbox", "/.tomados/"


class Made(msgspec.Struct, frozen=True):
    """A copy that was made: its name, how many files and bytes it holds, how many were new."""

    copia: str
    archivos: int
    bytes: int
    nuevos: int
    manifiesto: str
    avisos: list[str]


def crear(office: Home, destino: Path) -> Made:
    """Copy *office* to *destino*, a folder that exists on another disk.

    Raises:
        Refused: there is no such folder, it lies in the home, or another copy is being made.
        Damaged: the home is a copy itself, its logs don't verify, or the destination knows lines
            that they lack. Nothing was written there.
        MachineCannot: no room, or the disk failed; copies made before are whole.
    """
    if office._persona is not None:
        office.authority.require(office._persona)
    _check_destination(office, destino)
    office.journal.marks.check_place()
    try:
        with alone(office):
            return _Copy(office, destino).run()
    except Unreadable as error:
        raise MachineCannot(
            "no_se_lee",
            f"No se pudo leer {error.path} ({error}).",
            consejo="La copia no se terminó; las anteriores siguen enteras. Revise permisos y "
            "disco de la oficina, y repita.",
        ) from error


def _check_destination(office: Home, destino: Path) -> None:
    if not destino.is_dir():
        raise Refused(
            "sin_destino",
            f"La carpeta {destino} no existe.",
            consejo="Conecte el disco y dé una carpeta que ya exista en él: así no se llena por "
            "error el disco de este equipo.",
        )
    if destino.resolve().is_relative_to(office.home.resolve()):
        raise Refused(
            "destino_en_casa",
            "El destino está dentro de la misma oficina.",
            consejo="Use otro disco: una copia en el mismo sitio se pierde con él.",
        )


@contextmanager
def alone(office: Home) -> Iterator[None]:
    """While nobody else writes a backup of this office."""
    lock = FileLock(office.home / ".respaldo.lock", timeout=0)
    try:
        lock.acquire()
    except TimeoutError as error:
        raise Refused(
            "ocupado",
            "Otro proceso está haciendo un respaldo de esta oficina.",
            consejo="Espere a que termine y repita.",
        ) from error
    try:
        yield
    finally:
        lock.release()


class _Copy:
    """One copy under way."""

    def __init__(self, office: Home, destino: Path) -> None:
        self.office = office
        _, opened = next(office.journal.read())
        self.shelf = Shelf(destino / f"ventanilla-{opened.body.log}", office.disk)
        self.name = self._new_name()
        self.entries: dict[str, Entry] = {}
        self.new = 0
        self.warnings: list[str] = []
        self.vanished: list[Path] = []
        if destino.stat().st_dev == office.home.stat().st_dev:
            self.warnings.append(
                "El destino está en el mismo disco que la oficina: si el disco se daña, se pierden "
                "los dos. Haga otra copia en un disco aparte."
            )

    def _new_name(self) -> str:
        name = base = f"{lines.now():%Y-%m-%dT%H%M%S}"
        count = 1
        while self.shelf.size(f"copias/{name}") is not None:
            count += 1
            name = f"{base}-{count}"
        return name

    def run(self) -> Made:
        """Make the copy and say so in the log."""
        office = self.office
        with office.open_log(office.journal, closed=True) as writer:
            key = writer.key
        noted = note(office)
        starts = cuts_to_make(office, self.shelf, noted)  # before a byte is written there
        before = next(n.tail.seq for n in noted if n.tail.punto == office.punto)
        self._check_room(noted)
        self.shelf.prepare()
        self.shelf.begin(self.name)
        self._keep_small()
        noted = note(office)
        self._drop_received(before)
        self._keep_logs(noted, starts)
        self._keep_by_hash()
        own = next(n.tail for n in noted if n.tail.punto == office.punto)
        listed = self._manifest(noted, own)
        data = manifest.write(listed)
        delegation, epoch = delegation_of(office.journal, own)
        seal = manifest.sign(data, key, delegation, own.entidad, epoch, own.punto)
        text = manifest.README.format(entidad=own.entidad, punto=own.punto, log=own.log)
        self.shelf.keep("LEAME.txt", [text.replace("\n", "\r\n").encode()])
        self._keep_verifier(own.raiz)
        self.shelf.finish(self.name, data, seal)
        return self._tell(data, own)

    def _keep_verifier(self, root: str) -> None:
        """What checks the logs without this program, and the keys it reads them by: the root's, and
        of the certification authority, whose lists of revoked certificates are in the vault."""
        script = resources.files("records") / "verificador.py"
        self.shelf.keep("verificador.py", [script.read_bytes()])
        self.shelf.keep("keys/raiz.pub", [f"{root}\n".encode()])
        authority = self.office.home / "keys" / "ca.cert.pem"
        if (
            authority.is_file()
        ):  # lost, it is a finding of the verifier's, and no reason for no copy
            self.shelf.keep("keys/ca.cert.pem", [authority.read_bytes()])

    def _tell(self, data: bytes, own: Tail) -> Made:
        total = sum(e.bytes for e in self.entries.values())
        made = Made(
            self.name, len(self.entries), total, self.new, lines.sha256(data), self.warnings
        )
        fact = BackedUp(
            manifiesto=made.manifiesto,
            tamano=own.seq + 1,
            raiz=checkpoint.root(own.frontier).hex(),
            archivos=made.archivos,
            bytes=made.bytes,
        )
        office = self.office
        with office.open_log(office.journal, closed=True) as writer:
            if writer.tail.sucesora:
                return made  # nothing more is written in this epoch
            writer.append(fact, subject=tails.LOG, actor=office.persona or people.SYSTEM)
        self._keep_receipt(own.seq)
        return made

    def _keep_receipt(self, seq: int) -> None:
        """Put what the log tells of this copy beside it, where nothing else came between.

        Else the copy would always lack one line that this machine knows of, and could not heal it.
        """
        told: list[bytes] = []
        for segment in reversed(self.office.journal.segments()):
            for _, raw in segments.read_back(segment.path):
                body = lines.read_line(raw).body
                if body.seq <= seq:
                    break
                if body.type not in copies.OF_RECEIPT:
                    return
                told.insert(0, raw + b"\n")
        try:
            self.shelf.keep(f"copias/{self.name}/{manifest.RECEIPT}", told)
            self.shelf.sync()
        except CutShort:
            self.warnings.append("La copia está entera; su recibo no alcanzó a guardarse con ella.")

    def _manifest(self, noted: list[Noted], own: Tail) -> Manifest:
        heads = {
            n.tail.log: Head(
                n.tail.punto,
                n.tail.seq,
                n.tail.prev,
                n.tail.seq + 1,
                checkpoint.root(n.tail.frontier).hex(),
            )
            for n in noted
        }
        listed = sorted(self.entries.values(), key=lambda e: e.ruta)
        stamp = lines.stamp(lines.now())
        return Manifest(manifest.VERSION, stamp, own.entidad, own.punto, own.log, heads, listed)

    # -- what is there ------------------------------------------------------------------------

    def _check_room(self, noted: list[Noted]) -> None:
        need = MARGIN
        for size, ruta in ((s, r) for n in noted for r, s in n.sizes.items()):
            need += max(0, size - (self.shelf.size(ruta) or 0))
        for path in self._by_hash():
            ruta = path.relative_to(self.office.home).as_posix()
            need += segments.size_of(path) if self.shelf.size(ruta) is None else 0
        before = last_listed(self.shelf.root)
        for relative in self._small_files(quiet=True):
            entry = before.get(manifest.spell(relative))
            size = segments.size_of(self.office.home / relative)
            need += 0 if entry is not None and entry.bytes == size else size
        free = self.shelf.free()
        if free is not None and free < need:
            raise MachineCannot(
                "disco_lleno",
                f"En el destino caben {_megabytes(free)} y hacen falta {_megabytes(need)}.",
                consejo="Libere espacio o use otro disco; no se escribió nada.",
            )

    # -- copying ------------------------------------------------------------------------------

    def _keep_small(self) -> None:
        """What is neither a log nor named by its hash: settings, drafts, keys, what waits."""
        for relative in self._small_files():
            self._keep_loose(relative)

    def _small_files(self, *, quiet: bool = False) -> Iterator[Path]:
        """Paths in the home; the inbox last, claims behind it, since files go that way."""
        home = self.office.home
        tops = sorted(home.iterdir(), key=lambda p: (p.name == INBOX, p.name))
        later: list[Path] = []
        for top in tops:
            if top.name in ("journal", "vault", "lecturas", "salida"):
                continue
            for folder, folders, files in os.walk(top):
                folders.sort()
                if Path(folder) == home / INBOX and ".tomados" in folders:
                    folders.remove(".tomados")
                    later.append(Path(folder) / ".tomados")
                yield from self._plain(Path(folder), [*files, *folders], quiet)
            if not top.is_dir():
                yield from self._plain(home, [top.name], quiet)
        for claimed in later:
            for folder, folders, files in os.walk(claimed):
                yield from self._plain(Path(folder), [*files, *folders], quiet)

    def _plain(self, folder: Path, names: list[str], quiet: bool) -> Iterator[Path]:
        """Those that are copied; links and devices are told of."""
        for name in sorted(names):
            path = folder / name
            if path.is_dir() and not path.is_symlink():
                continue
            relative = path.relative_to(self.office.home)
            if not manifest.belongs(manifest.spell(relative)):
                continue
            if path.is_file() and not path.is_symlink():
                yield relative
            elif not quiet and path.is_symlink():
                self.warnings.append(f"{relative} es un enlace: no se copia.")

    def _keep_loose(self, relative: Path) -> None:
        path, ruta = self.office.home / relative, manifest.spell(relative)
        try:
            digest = _digest(path)
            if relative.parts[0] == "keys" and _is_open_key(path):
                return
            size = self._keep_one(path, ruta, digest)
        except Unreadable as error:
            if not error.gone:
                self.warnings.append(f"No se pudo copiar {relative}: {error}.")
            elif relative.parts[0] == INBOX:
                self.vanished.append(path)
            return
        self.entries[ruta] = size

    def _keep_one(self, path: Path, ruta: str, digest: str) -> Entry:
        """Copy a file that others may replace meanwhile: what was copied is what counts."""
        for _ in range(TRIES):
            size = segments.size_of(path)
            entry = Entry(ruta, size, digest)
            where = manifest.place(entry, self.name)
            if self.shelf.size(where) == size and not where.startswith("copias/"):
                return entry
            try:
                self.shelf.keep(where, read_chunks(path), digest)
            except ValueError as error:
                digest = str(error)
                continue
            self.new += 1
            return Entry(ruta, self.shelf.size(where) or 0, digest)
        raise Unreadable(path, OSError(errno.EBUSY, "no deja de cambiar"))

    def _drop_received(self, before: int) -> None:
        """Files of the inbox that became receptions meanwhile are in the log now, not waiting."""
        office = self.office
        office.index.catch_up()
        waiting = {r: e.sha256 for r, e in self.entries.items() if r.startswith(f"{INBOX}/")}
        claimed = {digest for ruta, digest in waiting.items() if CLAIMED in ruta}
        for ruta, digest in waiting.items():
            if (office.home / manifest.path_of(ruta)).exists():
                continue
            moved = digest in claimed and CLAIMED not in ruta
            if moved or office.index.receptions("sha256=? AND seq>?", (digest, before)):
                del self.entries[ruta]
        recent = office.index.receptions("seq>?", (before,)) if self.vanished else []
        names = {str((e.ficha or {}).get("archivo"))
                 for r in recent for e in office.index.events(r.subject)[:1]}  # fmt: skip
        self.warnings += [
            f"{path.name} dejó de estar en la bandeja de entrada mientras se copiaba."
            for path in self.vanished
            if lines.clean(path.name) not in names
        ]

    def _keep_logs(self, noted: list[Noted], starts: dict[str, int]) -> None:
        for ruta, size in ((r, s) for n in noted for r, s in n.sizes.items()):
            path, start = self.office.home / ruta, starts.get(ruta, 0)  # a new year begins at 0
            if start < size or self.shelf.size(ruta) != size:
                self.shelf.extend(ruta, read_chunks(path, start, size - start), start)
                self.new += 1
            digest = hash_of(path, 0, size)
            assert digest is not None
            self.entries[ruta] = Entry(ruta, size, digest)

    def _by_hash(self) -> Iterator[Path]:
        yield from self.office.vault.files()
        yield from sorted((self.office.home / "lecturas").glob("*.*"))

    def _keep_by_hash(self) -> None:
        for path in self._by_hash():
            ruta = path.relative_to(self.office.home).as_posix()
            digest = manifest.hash_in(ruta)
            if digest is None:
                continue
            try:
                size = path.lstat().st_size
                if self.shelf.size(ruta) != size:
                    self.shelf.keep(ruta, read_chunks(path), digest)
                    self.new += 1
            except FileNotFoundError:
                continue  # a PDF/A whose record was sealed meanwhile
            except Unreadable as error:
                if not error.gone:
                    self.warnings.append(f"No se pudo copiar {ruta}: {error}.")
                continue
            except ValueError:
                self.warnings.append(
                    f"{ruta} está dañado en la oficina y no se copió. Sánelo con «ventanilla "
                    "recuperar --desde RESPALDO»."
                )
                if self.shelf.size(ruta) is None or hash_of(self.shelf.path(ruta)) != digest:
                    continue
                size = self.shelf.size(ruta) or 0
            self.entries[ruta] = Entry(ruta, size, digest)


def _digest(path: Path) -> str:
    import hashlib

    seen = hashlib.sha256()
    for chunk in read_chunks(path):
        seen.update(chunk)
    return seen.hexdigest()


def _is_open_key(path: Path) -> bool:
    """Whether a file of the key folder is a private key that no passphrase wraps.

    Not those of persons and entity in a demo office, which say so of themselves: a restored one
    could not go on without them.
    """
    text = b"".join(read_chunks(path))
    return b"PRIVATE KEY" in text and not path.name.endswith(".clave.json")


def delegation_of(journal: Journal, tail: Tail) -> tuple[str, int]:
    """The root's word for the key that signs a log now, and the epoch it speaks of."""
    mark = b'"delegacion":"'
    for segment in reversed(journal.segments()):
        for _, raw in segments.read_back(segment.path):
            if mark not in raw or tail.clave.encode() not in raw:
                continue
            body = lines.read_line(raw).body
            if body.data.get("clave") == tail.clave:
                return str(body.data["delegacion"]), body.epoch
    raise segments.damaged(journal, "no dice quién delegó su llave")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB".replace(",", " ").replace(".", ",")
