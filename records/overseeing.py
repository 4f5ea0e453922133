"""The part of the door for who answers that nothing was lost or changed: one look at all that tells
of it, and the verification itself.

Nothing is repaired here, and nothing is read but what is remembered: the vault is read again by
`retention.fixity`, the logs by `verify`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import expiring, lines, notes, segments
from records.closing import BACKUP_EVERY, Closings
from records.events import BackedUp, ForkKept
from records.heads import Heads
from records.notes import BadNote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from records.checking import Report
    from records.events import DayClosed
    from records.expiring import Expiry
    from records.verify import LastCheck


class Log(msgspec.Struct, frozen=True):
    """A log that this home knows of: whose, how long, until when."""

    punto: str
    propio: bool
    lineas: int
    hasta: str | None
    """The hour of its last line; None: nothing of it is here."""


class SealedHead(msgspec.Struct, frozen=True):
    """The newest signed head of this home's own log; *problema*: it cannot be read."""

    tamano: int
    raiz: str
    clave: str
    """The punto's key that signed it, in hex."""
    problema: str = ""


class Fork(msgspec.Struct, frozen=True):
    """Another branch of a log, which is kept as proof."""

    punto: str
    desde: int
    lineas: int
    fecha: str


class Backup(msgspec.Struct, frozen=True):
    """The last backup, as the log tells it."""

    fecha: str
    archivos: int
    bytes: int
    tarde: bool


class Standing(msgspec.Struct, frozen=True):
    """How an office stands."""

    verificacion: LastCheck | None
    cierre: DayClosed | None
    sello: SealedHead | None
    diarios: list[Log]
    bifurcaciones: list[Fork]
    respaldo: Backup | None
    llaves: list[Expiry]
    avisos: list[str]
    """Of today: the clock, cuts, backups."""


class Overseeing(Closings):
    """Look at all that tells whether something was lost or changed."""

    def verificar(
        self, *, completo: bool = False, avance: Callable[[str, int, int], bool] | None = None
    ) -> Report | None:
        """Check the whole home, and remember how it came out (`verify.verify`); None where *avance*
        said no."""
        from records import verify
        from records.checking import Stopped

        try:
            return verify.verify(self, complete=completo, avance=avance or (lambda *_: True))  # type: ignore[arg-type]
        except Stopped:
            return None

    def integridad(self) -> Standing:
        """How the office stands, by what is remembered."""
        from records.verify import last_check

        self._look_again()
        self.index.catch_up()
        ends = sorted(self.expiries(), key=lambda e: e.hasta)
        told = {expiring.told(one) for one in ends}
        return Standing(
            verificacion=last_check(self),  # type: ignore[arg-type]
            cierre=self.ultimo_cierre(),
            sello=self._newest_head(),
            diarios=list(self._logs()),
            bifurcaciones=[
                Fork(e.punto, e.fact.desde, e.fact.lineas, e.at)
                for e in self.index.of_type("bifurcacion.conservada")
                if isinstance(e.fact, ForkKept)
            ],
            respaldo=self._last_backup(),
            llaves=ends,
            avisos=[text for text in self.alertas_del_dia() if text not in told],
        )

    def _newest_head(self) -> SealedHead | None:
        stored = Heads(self.home, self.punto, self.disk).newest()
        if stored is None:
            return None
        known = [bytes.fromhex(key) for key in self.authority.llaves.get(self.punto, {})]
        try:
            note = stored.read()
            said = notes.read(note, known)
            held = notes.parse(note)
            signed = next(k for k in known if held.signed_by(said.origin, k))
        except BadNote as error:
            return SealedHead(stored.size or 0, "", "", str(error))
        return SealedHead(said.size, said.root.hex(), signed.hex())

    def _logs(self) -> Iterator[Log]:
        known = dict(self.index.query("SELECT punto, seq FROM posicion"))
        here = segments.puntos(self.home)
        for punto in dict.fromkeys([self.punto, *sorted(self.authority.puntos), *sorted(here)]):
            last = known.get(punto)
            sql = "SELECT at FROM evento WHERE punto=? AND seq=?"
            rows = self.index.query(sql, (punto, last)) if last is not None else []
            yield Log(
                punto=punto,
                propio=punto == self.punto,
                lineas=0 if last is None else int(last) + 1,
                hasta=str(rows[0][0]) if rows else None,
            )

    def _last_backup(self) -> Backup | None:
        last = self.index.last_of_type(self.punto, "respaldo.hecho")
        if last is None or not isinstance(last.fact, BackedUp):
            return None
        late = lines.now() - lines.moment(last.at) > BACKUP_EVERY
        return Backup(last.at, last.fact.archivos, last.fact.bytes, late)
