"""What waits to be numbered: mutable documents in TinyDB, a line of which is at most 2 kB.

A draft holds field values and hashes; text and boxes lie in `lecturas/`. The file can be rebuilt
from journal and vault, but for what was typed, which is saved as it changes. Each change raises
`rev`; a save over a stale `rev` is refused, so that two clerks never overwrite each other unseen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
from tinydb.table import Document

from records.catalog import Store
from records.errors import Damaged, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tinydb import TinyDB

    from records.disk import Disk

Status = Literal["leyendo", "por_radicar", "cuarentena", "radicado"]
MAX_VALUE = 160
"""Characters of a suggested value that a draft keeps; the whole text lies in its reading."""


class Other(msgspec.Struct, frozen=True):
    """Another value that it may be."""

    valor: str
    confianza: int
    motivo: str


class Suggested(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value that was read: how sure, and where it stands."""

    valor: str
    confianza: int
    pagina: int | None = None
    caja: tuple[int, int, int, int] | None = None
    """Whole points: the words themselves lie in the reading."""
    de: str | None = None
    """The radicado of the earlier record that says it, where this letter does not."""
    motivo: str | None = None
    """Why, where it stands nowhere on the page: the rule, or what earlier letters taught."""
    otras: tuple[Other, ...] = ()


class Draft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A reception that waits for its outcome, or a numbered one that waits for its seal."""

    id: str
    """The reception's subject, e.g. `VU1.12`."""
    orden: int
    carril: str
    archivo: str
    recibido: str
    sha256: str | None
    estado: Status = "leyendo"
    paginas: int = 0
    confianza: int = 0
    campos: dict[str, Suggested] = {}
    escritos: dict[str, str] = {}
    """What a person typed; it overrides what was read."""
    duplicado_de: str | None = None
    lo_tiene: str | None = None
    lectura: str | None = None
    primera: str | None = None
    """The reading of its page 1, while the other pages are being read."""
    pdf: str | None = None
    motivo: str | None = None
    codigo: str | None = None
    notas: list[str] = []
    pila: str | None = None
    """Which part of which stack it is, for people."""
    radicado: str | None = None
    rev: int = 0

    def values(self) -> dict[str, str]:
        """The value of each field as it stands now."""
        read = {name: field.valor for name, field in self.campos.items()}
        return {k: v for k, v in {**read, **self.escritos}.items() if v}

    def shown(self) -> dict[str, Suggested]:
        """Each field with its confidence; what a person typed counts as certain."""
        typed = {
            name: Suggested(value, 100, *self._place(name)) for name, value in self.escritos.items()
        }
        return {**self.campos, **typed}

    def _place(self, name: str) -> tuple[int | None, tuple[int, int, int, int] | None]:
        read = self.campos.get(name)
        return (read.pagina, read.caja) if read else (None, None)


class Drafts:
    """The drafts of one home, shared by every process that works in it."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._store = Store(path, disk)

    def all(self) -> list[Draft]:
        """Every draft, in order of reception."""
        with self._store.reading() as db:
            rows = db.all()
        return sorted(map(_draft, rows), key=lambda d: d.orden)

    def get(self, ident: str) -> Draft:
        """A draft by its id.

        Raises:
            Refused: there is none.
        """
        found = self.find(ident)
        if found is None:
            raise Refused(
                "no_existe",
                f"No hay ningún documento por radicar con el id {ident}.",
                consejo="«ventanilla bandeja» muestra los que hay.",
            )
        return found

    def find(self, ident: str) -> Draft | None:
        """A draft by its id, or None."""
        with self._store.reading() as db:
            return _held(db, ident)

    def add(self, draft: Draft) -> Draft:
        """Keep a new draft; one that is there already stays as it is."""
        with self._store.locked() as db:
            held = _held(db, draft.id)
            if held is not None:
                return held
            # Its own number: TinyDB remembers the next id per process, and two would collide.
            db.insert(Document(_row(draft), doc_id=draft.orden))
        return draft

    def save(self, draft: Draft) -> Draft:
        """Save a changed draft; returns it with its new `rev`.

        Raises:
            Refused: someone else changed it since it was read, or it is gone.
        """
        with self._store.locked() as db:
            held = _held(db, draft.id)
            if held is None or held.rev != draft.rev:
                raise Refused(
                    "cambio_ajeno",
                    f"Otra persona cambió {draft.archivo or draft.id} mientras tanto.",
                    consejo="Vuelva a abrirlo: lo suyo no se guardó y lo ajeno sigue ahí.",
                )
            saved = msgspec.structs.replace(draft, rev=draft.rev + 1)
            db.update(_becomes(saved), doc_ids=[draft.orden])
        return saved

    def change(self, ident: str, change: Callable[[Draft], Draft]) -> Draft:
        """Read, change and save under the lock; *change* is pure and quick."""
        with self._store.locked():
            return self.save(change(self.get(ident)))

    def change_if_there(self, ident: str, change: Callable[[Draft], Draft]) -> Draft | None:
        """As `change`; None when another process has finished with the draft meanwhile."""
        with self._store.locked():
            return None if self.find(ident) is None else self.change(ident, change)

    def remove(self, ident: str) -> Draft | None:
        """Drop a draft and return it as it was; that it is gone is no error."""
        with self._store.locked() as db:
            held = _held(db, ident)
            if held is not None:
                db.remove(doc_ids=[held.orden])
        return held


def _held(db: TinyDB, ident: str) -> Draft | None:
    """The draft of that id, asked for by its own number: no other of the file is looked into."""
    _, _, number = ident.rpartition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    row = db.get(doc_id=int(number))
    if row is None:
        return None
    assert not isinstance(row, list)  # TinyDB gives one document for one number
    held = _draft(row)
    return held if held.id == ident else None


def _draft(row: Mapping[str, Any]) -> Draft:
    try:
        return msgspec.convert(dict(row), Draft)
    except msgspec.ValidationError as error:
        raise Damaged(
            "borradores_danados",
            f"drafts.json tiene un documento que no se entiende ({error}).",
            consejo="Muévalo a otra parte: se vuelve a hacer con el diario y la bóveda, salvo lo "
            "que estaba escrito a mano.",
        ) from error


def _becomes(draft: Draft) -> Callable[[dict[str, Any]], None]:
    """Replaces a stored row whole: an update of TinyDB's would keep what is left out now."""

    def become(row: dict[str, Any]) -> None:
        row.clear()
        row.update(_row(draft))

    return become


def _row(draft: Draft) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(draft)
    return row
