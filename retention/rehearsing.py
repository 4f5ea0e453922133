"""The part of the door that tries before it writes: what a transfer would take along, and how much.

Nothing is written and no reading is noted: a rehearsal only looks.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec

from records import fields
from records.errors import Refused
from retention import profiles
from retention.transfer import Transfers
from retention.whole import must_go_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from records.expedientes import Expediente
    from retention.profiles import Profile
    from retention.whole import Advance


class Kept(msgspec.Struct, frozen=True):
    """An expediente that would not go, and why."""

    expediente: str
    motivo: str


class Rehearsal(msgspec.Struct, frozen=True):
    """What a transfer would write."""

    tipo: str | None
    """None: nothing would go."""
    expedientes: list[str]
    quedan: list[Kept]
    archivos: int
    """Of the package, but for the few that list the others."""
    bytes: int
    libre: int
    """Bytes that are free where it would go."""


class Rehearsing(Transfers):
    """Rehearsals."""

    def ensayar_transferencia(
        self,
        expedientes: Sequence[str],
        destino: Path,
        *,
        tipo: str | None = None,
        motivo: str = "",
        perfil: Profile = "bagit",
        avance: Advance | None = None,
    ) -> Rehearsal:
        """What `transferir` would write with these; those that it would refuse are told apart.

        Raises:
            Refused: as there, but for what only one expediente is refused for.
        """
        self._keeper()
        self._check_target(destino, perfil)
        reason, names = fields.clean_text(motivo), list(dict.fromkeys(expedientes))
        states: list[Expediente] = []
        kept: list[Kept] = []
        for done, name in enumerate(names, start=1):
            try:
                states.append(self._may_leave(name, tipo, reason, leaves=False))
            except Refused as error:
                kept.append(Kept(name, error.mensaje))
            must_go_on(avance, done, len(names))
        folder = destino if destino.is_dir() else destino.parent
        free = shutil.disk_usage(folder).free
        if not states:
            return Rehearsal(None, [], kept, 0, 0, free)
        kind = self._one_kind(states, tipo)
        package = self._package(states, self._next_number()[0], kind)
        files, size = profiles.planned(perfil, package)
        return Rehearsal(kind, [s.numero for s in states], kept, files, size, free)
