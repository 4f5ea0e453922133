"""Which of a record's documents is shown, and which page of it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from records.office import Office
    from records.views import RecordView

_SHOWN = ("registro", "original", "historia")
"""Which document is opened, the best first."""
_RECORD = "="


def document_of(office: Office, number: str) -> str | None:
    """The file of a record's PDF, relative to the home; of what is withheld, its public version.

    Raises:
        Refused: it is withheld from who looks, and has none.
    """
    view: RecordView = office.ver(number)
    access = view.acceso
    if access is not None and not (access.visible and access.identidad_visible):
        if access.version_publica:
            return access.version_publica
        office.ver(number, content=True)  # refused, with why
    held = {d.rol: d.archivo for d in view.documentos if d.archivo}
    return next((held[r] for r in _SHOWN if r in held), next(iter(held.values()), None))


def as_letter(number: str) -> str:
    """By what a pane names a record, among the letters that have no number yet."""
    return f"{_RECORD}{number}"


def number_of(letter: str) -> str | None:
    """The number of what a pane names; None where that is a letter without one."""
    return letter.removeprefix(_RECORD) if letter.startswith(_RECORD) else None
