"""Series, mask, next number, order of reception (Acuerdo 060 de 2001, arts. 2, 5 and 6).

Pure rules over a journal's tail. What they keep: no reserve, no gap, no repeat, no change; each
year begins at 1; numbers follow the order of reception within a lane, and leaving an older letter
behind asks for a reason. It does not annul: that is a fact with a signature of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records.errors import Refused
from records.tail import SeriesEnd

if TYPE_CHECKING:
    from collections.abc import Collection

    from records.settings import Settings
    from records.tail import Tail

ORDER = "Acuerdo 060 de 2001 (AGN), art. 5"


def next_number(tail: Tail, clase: str, vigencia: int) -> tuple[int, int | None]:
    """The next n of a series, and the seq of its last number (None for the first)."""
    end = tail.series.get((clase, vigencia), SeriesEnd(0, None))
    return end.n + 1, end.seq


def radicado(settings: Settings, vigencia: int, punto: str, clase: str, n: int) -> str:
    """A number as it is written, by the office's mask."""
    return settings.radicado.mascara.format(vigencia=vigencia, punto=punto, clase=clase, n=n)


def left_behind(tail: Tail, reception: int, never_block: Collection[str]) -> list[str]:
    """Older open receptions of the same lane that numbering *reception* now would leave behind.

    Those being read, quarantined or taken by another clerk (*never_block*) do not count.
    """
    lane = tail.open[reception]
    return [
        subject
        for seq, other in sorted(tail.open.items())
        if other == lane
        and seq < reception
        and (subject := f"{tail.punto}.{seq}") not in never_block
    ]


def require_reason(skipped: list[str], reason: str | None) -> None:
    """Leaving older letters behind needs a reason.

    Raises:
        Refused: there is none.
    """
    if skipped and not (reason or "").strip():
        raise Refused(
            "orden_de_recepcion",
            f"Hay {len(skipped)} documento(s) de este carril recibidos antes y sin radicar "
            f"(el primero: {skipped[0]}).",
            consejo="Radique primero el más antiguo, o diga por qué no con --motivo.",
            norma=ORDER,
        )


def check_class(settings: Settings, clase: str) -> None:
    """Refuse a class the office has not adopted."""
    if clase not in settings.radicado.clases:
        raise Refused(
            "clase_desconocida",
            f"No hay una clase «{clase}».",
            consejo=f"Las clases son: {', '.join(settings.radicado.clases)}.",
        )
