"""The copies of a backup: find one, check it, look at it as at a home.

A copy is checked as a home is: it is laid out like one in a temporary folder (links to the backup's
files, the logs cut where the copy was made), and `verify` goes over it.
"""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import checkpoint, lines, manifest, segments, verify
from records.checking import Finding
from records.errors import Refused, VentanillaError, reason
from records.journal import Journal
from records.manifest import BadManifest, Entry, Manifest
from records.office import Office
from records.recovery import copy_of, load
from records.segments import segment_of
from records.shelf import hash_of, read_chunks
from records.tail import Broken, advance
from records.witness import newest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from records.checking import Report
    from records.tail import Tail

OF_RECEIPT = ("ancla", "respaldo.hecho")
_COPY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}(-[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy in a backup."""

    root: Path
    """The backup's folder, `ventanilla-<log>`."""
    name: str

    @property
    def folder(self) -> Path:
        """The copy's own folder."""
        return self.root / "copias" / self.name

    def path(self, entry: Entry) -> Path:
        """Where a file of the copy lies."""
        return self.root / manifest.place(entry, self.name)


class Checked(msgspec.Struct):
    """What was checked of a copy, and what does not verify."""

    copia: str
    ok: bool = True
    entidad: str = ""
    punto: str = ""
    fecha: str = ""
    raiz: str = ""
    """SHA-256 of the root's public key that the copy brings: to compare with what is on paper."""
    archivos: int = 0
    eventos: int = 0
    radicados: int = 0
    documentos: int = 0
    hallazgos: list[Finding] = []
    avisos: list[str] = []

    def find(self, codigo: str, mensaje: str, path: Path | str) -> None:
        """Note something that does not verify."""
        self.hallazgos.append(Finding(codigo, mensaje, str(path)))


# -- finding a copy -------------------------------------------------------------------------------


def is_backup(path: Path) -> bool:
    """Whether a folder is a backup, or holds some."""
    return bool(_shelves(path))


def _shelves(path: Path) -> list[Path]:
    if (path / "copias").is_dir():
        return [path]
    return sorted(p for p in path.glob("ventanilla-*") if (p / "copias").is_dir())


def find_copy(path: Path, fecha: str | None = None) -> Copy:
    """A copy in a backup: the newest, or that of *fecha*.

    Raises:
        Refused: there is no backup, several, or no such copy.
    """
    found = _shelves(path)
    if len(found) != 1:
        names = ", ".join(p.name for p in found)
        raise Refused(
            "sin_respaldo",
            f"En {path} hay varios respaldos: {names}."
            if found
            else f"En {path} no hay un respaldo.",
            consejo="Dé la carpeta «ventanilla-…» que quiere.",
        )
    copies = sorted(
        p.parent.name
        for p in (found[0] / "copias").glob(f"*/{manifest.LIST}")
        if _COPY.fullmatch(p.parent.name)
    )
    if not copies or (fecha is not None and fecha not in copies):
        raise Refused(
            "sin_copia",
            f"En {found[0]} no hay {f'una copia {fecha}' if fecha else 'ninguna copia entera'}.",
            consejo=f"Las que hay: {', '.join(copies)}." if copies else "Repita «respaldo crear».",
        )
    return Copy(found[0], fecha or copies[-1])


# -- checking -------------------------------------------------------------------------------------


def examine(copy: Copy, root: str | None = None, *, documents: bool = True) -> Checked:
    """Check a whole copy; with *root* (64 hex), also that it is that entity's.

    Without *documents* only its manifest, logs, settings and keys.
    """
    out = Checked(copy.name)
    _examine(copy, root, out, documents)
    out.ok = not out.hallazgos
    return out


def _examine(copy: Copy, root: str | None, out: Checked, documents: bool) -> None:
    listed = _read_manifest(copy, out, root)
    if listed is None:
        return
    out.entidad, out.punto, out.fecha = listed.entidad, listed.punto, listed.fecha
    for entry in listed.archivos:
        if documents or entry.ruta.startswith(("journal/", "keys/", "config.toml")):
            _check_file(copy, entry, out)
    if not any(f.codigo == "archivo_ajeno" for f in out.hallazgos):
        _check_as_home(copy, listed, out, verify.verify if documents else verify.verify_logs)


def _read_manifest(copy: Copy, out: Checked, root: str | None) -> Manifest | None:
    path, signature = copy.folder / manifest.LIST, copy.folder / manifest.SIGNATURE
    try:
        data = path.read_bytes()
        listed = manifest.read(data)
    except (OSError, BadManifest) as error:
        out.find("manifiesto", f"El manifiesto falta o fue alterado: {_said(error)}.", path)
        return None
    try:
        own = (copy.folder / "keys" / "raiz.pub").read_text(encoding="ascii").strip()
        out.raiz = lines.sha256(bytes.fromhex(own))
    except (OSError, ValueError) as error:
        out.find(
            "llave", f"Falta la llave de la entidad: {_said(error)}.", copy.folder / "keys/raiz.pub"
        )
        return listed
    if root is not None and root != own:
        out.find(
            "raiz",
            "El respaldo es de otra entidad que la oficina dada.",
            copy.folder / "keys/raiz.pub",
        )
    try:
        seal = manifest.check_seal(data, signature.read_bytes(), own)
        if seal.punto != listed.punto or seal.entidad != listed.entidad:
            out.find("firma", "El manifiesto lo firmó otra sede.", signature)
    except (OSError, BadManifest) as error:
        for one in (signature, path):  # which of the two was changed nobody can say
            out.find("firma", f"La firma del manifiesto no vale: {_said(error)}.", one)
    return listed


def _said(error: Exception) -> str:
    if isinstance(error, VentanillaError):
        return error.mensaje
    return reason(error) if isinstance(error, OSError) else str(error)


def _check_file(copy: Copy, entry: Entry, out: Checked) -> None:
    out.archivos += 1
    if not manifest.belongs(entry.ruta):
        out.find(
            "archivo_ajeno", f"{entry.ruta} no es de un respaldo.", copy.folder / manifest.LIST
        )
        return
    path = copy.path(entry)
    try:
        found = path.lstat()
        size = found.st_size
        if not stat.S_ISREG(found.st_mode):  # a pipe would hold the reader for ever
            out.find("archivo_ajeno", f"{entry.ruta} no es un archivo.", path)
            return
        if manifest.is_journal(entry.ruta):
            same = size >= entry.bytes and hash_of(path, 0, entry.bytes) == entry.sha256
            if size > entry.bytes and copy.name == newest(copy.root):
                out.avisos.append(
                    f"{path.name} sigue después de esta copia: otra posterior se cortó. Consérvelo."
                )
        else:
            same = size == entry.bytes and hash_of(path) == entry.sha256
    except FileNotFoundError:
        out.find("archivo_perdido", f"Falta {entry.ruta}.", path)
        return
    except OSError as error:
        out.find("archivo_ilegible", f"No se puede leer {entry.ruta}: {reason(error)}.", path)
        return
    if not same:
        out.find("archivo_danado", f"{entry.ruta} no es lo que se copió.", path)


def _check_as_home(
    copy: Copy, listed: Manifest, out: Checked, check: Callable[[Office], Report]
) -> None:
    """Check it as a home: first where its logs end, then all, with the line that tells of it."""
    before = len(out.hallazgos)
    with as_home(copy, listed) as home:
        try:
            _check_heads(home, listed, out, copy)
            receipt(copy, home, listed.punto)
        except BadManifest as error:
            out.find("recibo", str(error), copy.folder / manifest.RECEIPT)
        except (VentanillaError, OSError) as error:
            _find_unreadable(error, home, copy, out)
    with as_home(copy, listed, with_receipt=len(out.hallazgos) == before) as home:
        try:
            report = check(Office(home))
        except (VentanillaError, OSError) as error:
            _find_unreadable(error, home, copy, out)
            return
    out.eventos, out.radicados = report.eventos, report.radicados
    out.documentos = report.documentos
    out.avisos += report.avisos
    for one in report.hallazgos:
        said, where = (_in_backup(text, home, copy) for text in (one.mensaje, one.archivo))
        out.hallazgos.append(Finding(one.codigo, said, where, one.linea))


def _find_unreadable(error: Exception, home: Path, copy: Copy, out: Checked) -> None:
    why = _in_backup(_said(error), home, copy)
    if not any(f.codigo == "copia_ilegible" for f in out.hallazgos):
        out.find("copia_ilegible", f"La copia no se lee como oficina: {why}", copy.folder)


def _in_backup(text: str, home: Path, copy: Copy) -> str:
    """A path of the layout, as it lies in the backup."""
    for top in ("journal", "vault", "lecturas"):
        text = text.replace(f"{home}/{top}", f"{copy.root}/{top}")
    return text.replace(str(home), str(copy.folder))


def _check_heads(home: Path, listed: Manifest, out: Checked, copy: Copy) -> None:
    """The logs end where the manifest says, and its signer is the punto's key."""
    where = copy.folder / manifest.LIST
    tails = {p: load(Journal(home, p), None).tail for p in segments.puntos(home)}
    for log, head in listed.heads.items():
        tail = tails.get(head.punto)
        if tail is None or (tail.log, tail.seq, tail.prev, _root(tail)) != (
            log, head.seq, head.hash, head.root
        ):  # fmt: skip
            out.find("fin_de_diario", f"El diario de {head.punto} no termina donde debía.", where)
    own = tails.get(listed.punto)
    try:
        stored = lines.parse((copy.folder / manifest.SIGNATURE).read_bytes())
    except (OSError, lines.BadLine):
        return  # told already
    if own is not None and isinstance(stored, dict) and stored.get("clave") != own.clave:
        out.find("firma", "El manifiesto no lo firmó la llave de esta sede.", where)


def receipt(copy: Copy, home: Path, punto: str) -> list[tuple[int, bytes]]:
    """(vigencia, line) of what the log tells of the copy; they follow the log in *home*.

    Raises:
        BadManifest: they don't follow, or tell of another copy.
    """
    path = copy.folder / manifest.RECEIPT
    known = load(Journal(home, punto), None)
    if not path.is_file() or known.segment is None:
        return []
    tail, out, digest = copy_of(known.tail), [], ""
    try:
        for raw in path.read_bytes().removesuffix(b"\n").split(b"\n"):
            line = lines.read_line(raw)
            advance(tail, line)
            digest = str(line.body.data.get("manifiesto", digest))
            if line.body.type not in OF_RECEIPT:
                raise BadManifest("El recibo de la copia dice otra cosa.")
            out.append((max(int(line.body.at[:4]), known.segment.vigencia), raw))
    except (lines.BadLine, Broken) as error:
        raise BadManifest(f"El recibo de la copia fue alterado: {error}.") from error
    if digest != lines.sha256((copy.folder / manifest.LIST).read_bytes()):
        raise BadManifest("El recibo es de otra copia.")
    return out


def _root(tail: Tail) -> str:
    return checkpoint.root(tail.frontier).hex()


@contextmanager
def as_home(copy: Copy, listed: Manifest, *, with_receipt: bool = False) -> Iterator[Path]:
    """A folder like a home, made of a copy; read only, and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as folder:
        home = Path(folder) / "copia"
        for name in ("vault", "lecturas"):
            home.mkdir(exist_ok=True)
            (home / name).symlink_to(copy.root.absolute() / name)
        (home / "keys").symlink_to(copy.folder.absolute() / "keys")
        (home / "config.toml").symlink_to(copy.folder.absolute() / "config.toml")
        (home / "journal").mkdir()
        for entry in listed.archivos:
            if manifest.is_journal(entry.ruta):
                _lay_out(copy.path(entry).absolute(), home / entry.ruta, entry.bytes)
        for vigencia, raw in receipt(copy, home, listed.punto) if with_receipt else ():
            _add_line(segment_of(home, listed.punto, vigencia).path, raw)
        yield home


def _add_line(path: Path, raw: bytes) -> None:
    """Add a line to a file of the layout, and never to the backup's that it may be a link to."""
    path.parent.mkdir(exist_ok=True)
    if path.is_symlink():
        source = path.resolve()
        path.unlink()
        shutil.copyfile(source, path)
    with path.open("ab") as file:
        file.write(raw + b"\n")


def _lay_out(source: Path, target: Path, size: int) -> None:
    """A link where the whole file is meant, else its first *size* bytes."""
    target.parent.mkdir(exist_ok=True)
    if not source.exists() or source.stat().st_size <= size:
        target.symlink_to(source)
        return
    with target.open("wb") as file:
        for chunk in read_chunks(source, 0, size):
            file.write(chunk)
