"""Whether a fax arrived whole: what the headers of all its pages say together, for the clerk.

Pure: the headers of `ingest.faxes` in, sentences in Spanish out. A digit of a header may be read
wrongly, and a citizen must not be asked in vain to send again: pages without a readable number may
be those that seem to miss, and two faxes are told apart only where two facts say so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.faxes import dialled, principal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.lectura import Fax

APART = dt.timedelta(minutes=60)
"""Pages of one call bear hours that lie closer than this."""
LISTED = 8


def notes(found: Iterable[Fax], hojas: int) -> list[str]:
    """What a clerk must know of the fax in a file of *hojas* pages; empty where there is none."""
    pages = principal(found)
    if not pages:
        return []
    faxes = apart(pages)
    out = []
    if len(faxes) > 1:
        parts = "; ".join(f"{_sheets(f)} ({_told(f[0])})" for f in faxes)
        out.append(f"El archivo trae {len(faxes)} faxes distintos: {parts}. Sepárelos.")
    for fax in faxes:
        own = hojas if len(faxes) == 1 else len(fax)
        which = "del fax" if len(faxes) == 1 else f"del fax de {_told(fax[0])}"
        out += _of_one(fax, own, which)
    if len(faxes) == 1 and (pages[0].numero or pages[0].hora or pages[0].remitente):
        out.append(f"Encabezado del fax: {_told(pages[0])}.")
    return out


def apart(pages: Sequence[Fax]) -> list[list[Fax]]:
    """The pages by the fax that they belong to, also where two were shuffled into one file."""
    faxes: list[list[Fax]] = []
    for page in pages:
        home = next((f for f in reversed(faxes) if not _differs(page, f)), None)
        if home is None:
            faxes.append([page])
        else:
            home.append(page)
    return faxes


def _differs(page: Fax, fax: Sequence[Fax]) -> bool:
    """Whether two facts at least say that *page* is of another fax."""
    digits = min((_distance(page.numero, p.numero) for p in fax), default=0)
    later = all(_far(page.hora, p.hora) for p in fax)
    totals = {p.total for p in fax if p.total}
    signs = (digits >= 2) + (digits >= 4) + later
    signs += page.total is not None and bool(totals) and page.total not in totals
    signs += page.pagina is not None and page.pagina in {p.pagina for p in fax}
    return signs >= 2 and (digits >= 2 or later)


def _distance(one: str | None, other: str | None) -> int:
    """In how many digits two numbers differ, from their ends: one may lack its prefix."""
    if not one or not other:
        return 0
    short = min(len(one.lstrip("+")), len(other.lstrip("+")))
    pairs = zip(one[-short:], other[-short:], strict=True)
    return sum(a != b for a, b in pairs)


def _far(one: str | None, other: str | None) -> bool:
    if not one or not other:
        return False
    a, b = dt.datetime.fromisoformat(one), dt.datetime.fromisoformat(other)
    if "T" not in one or "T" not in other:
        return a.date() != b.date()
    return abs(a - b) > APART


def _of_one(fax: Sequence[Fax], hojas: int, which: str) -> list[str]:
    """What is wrong with the pages of one fax, of which the file has *hojas*."""
    order = [(p.pagina, p.hoja) for p in fax if p.pagina is not None]
    if not order:
        return []
    totals = Counter(p.total for p in fax if p.total)
    last = max(totals, key=lambda t: (totals[t], t)) if totals else max(n for n, _ in order)
    seen = Counter(n for n, _ in order)
    missing = [n for n in range(1, last + 1) if n not in seen]
    again = [n for n, times in sorted(seen.items()) if times > 1]
    unread = hojas - len(order)
    out = []
    whole = f" de {last}" if totals else ""
    if len(again) == len(missing) == 1 and hojas == last:
        out.append(_odd_page(order, again[0], missing[0], whole, which))
    else:
        out += _missing(missing, unread, hojas, whole, which, fax)
        out += [
            f"La página {n} {which} viene repetida ({_listed('hoja', _places(order, n))} del "
            "archivo)."
            for n in again
        ]
    if len(totals) > 1:
        said = _and(sorted(totals))
        out.append(f"Las páginas {which} no dicen el mismo total ({said}): revise si falta alguna.")
    out += _order([n for n, _ in order], which)
    return out


def _odd_page(
    order: list[tuple[int, int]], again: int, missing: int, whole: str, which: str
) -> str:
    """As many pages as there must be, one of them twice: its number may have been read wrongly."""
    places = _places(order, again)
    odd = next((p for p in places if p != again), places[-1])
    return (
        f"La hoja {odd} del archivo dice ser otra vez la página {again} {which}, y no aparece la "
        f"{missing}{whole}: revise si falta."
    )


def _missing(
    missing: list[int], unread: int, hojas: int, whole: str, which: str, fax: Sequence[Fax]
) -> list[str]:
    if len(missing) <= unread:  # those whose number was not read may be these
        return []
    if hojas == 1:
        return [
            f"El archivo trae solo la página {fax[0].pagina}{whole} {which}: busque las demás en "
            "otros archivos, o pida que las reenvíen."
        ]
    if unread:
        least = len(missing) - unread
        if least == 1:
            return [f"Falta al menos una página{whole} {which}; pida que la reenvíen."]
        return [f"Faltan al menos {least} páginas{whole} {which}; pida que las reenvíen."]
    if len(missing) == 1:
        return [f"Falta la página {missing[0]}{whole} {which}; pida que la reenvíen."]
    return [f"Faltan las páginas {_and(missing)}{whole} {which}; pida que las reenvíen."]


def _order(pages: list[int], which: str) -> list[str]:
    if len(pages) < 2 or all(a <= b for a, b in pairwise(pages)):
        return []
    said = ", ".join(map(str, pages[:LISTED])) + ("…" if len(pages) > LISTED else "")
    how = "en orden inverso" if all(a > b for a, b in pairwise(pages)) else "en desorden"
    return [f"Las páginas {which} vienen {how}: {said}."]


# -- words ----------------------------------------------------------------------------------------


def _told(fax: Fax) -> str:
    """Who and when, as the header says it."""
    who = dialled(fax.numero) if fax.numero else fax.remitente or "sin número"
    if not fax.hora:
        return who
    at = dt.datetime.fromisoformat(fax.hora)
    return f"{who}, {at:%d/%m/%Y %H:%M}" if "T" in fax.hora else f"{who}, {at:%d/%m/%Y}"


def _places(order: list[tuple[int, int]], page: int) -> list[int]:
    return [hoja for n, hoja in order if n == page]


def _sheets(fax: Sequence[Fax]) -> str:
    return _listed("hoja", [p.hoja for p in fax])


def _listed(noun: str, numbers: Sequence[int]) -> str:
    return f"{noun} {numbers[0]}" if len(numbers) == 1 else f"{noun}s {_and(numbers)}"


def _and(numbers: Sequence[int]) -> str:
    """«1, 2 y 4»; of many the first and how many more."""
    if len(numbers) > LISTED:
        return f"{', '.join(map(str, numbers[:LISTED]))} y {len(numbers) - LISTED} más"
    *most, last = map(str, numbers)
    return f"{', '.join(most)} y {last}" if most else last
