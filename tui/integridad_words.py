"""From what the doors remember to the lines of the room «Integridad». Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.bars import figure
from tui.letters import day, hour
from tui.record_words import person
from tui.sanitize import line
from tui.texts import integridad as words
from tui.views import Part, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from records.checking import Finding
    from records.expiring import Expiry
    from records.overseeing import Fork, Log, Standing
    from records.people import Authority
    from records.verify import LastCheck
    from retention.fixity import Found
    from retention.fixity import Standing as Vault
    from tui.views import Job

AUTHORITY = "AUT"
SHORT = 16
"""Characters of a hash on a line; the sheet has all of it."""
MOST = 50
"""Documents of the vault that are listed by name."""


@dataclass(frozen=True, slots=True)
class Check:
    """A line: how something stands, and what to do about it."""

    id: str
    sign: str
    name: str
    told: str
    todo: str
    whole: str = ""
    """What the line only begins to say."""


def checks(held: Standing, authority: Authority) -> tuple[Check, ...]:
    """All that is remembered, in the order of the screen."""
    return (
        *_verification(held.verificacion, authority),
        *_closing(held),
        *_head(held),
        *map(_log, held.diarios),
        *_forks(held.bifurcaciones),
        *_backup(held),
        *map(_key, held.llaves),
        *(Check(f"aviso/{n}", "ojo", words.NOTICE, line(text), words.DO_NOTICE)
          for n, text in enumerate(held.avisos)),
    )  # fmt: skip


def at_work(job: Job) -> Check:
    """A verification under way, in the place of the last one."""
    share = f"{min(100, 100 * job.done // job.total)} %" if job.total else ""
    told = words.at_work(line(job.what), share)
    return Check("verificacion", "espera", words.VERIFICATION, told, words.ALREADY)


def _verification(held: LastCheck | None, authority: Authority) -> Iterator[Check]:
    if held is None:
        yield Check("verificacion", "ojo", words.VERIFICATION, words.NEVER_VERIFIED,
                    words.DO_VERIFY)  # fmt: skip
        return
    who = person(held.quien, authority) if held.quien else words.NOBODY
    told = words.verified(hour(held.fecha), who, figure(held.eventos),
                          words.documents(figure(held.documentos)),
                          ok=held.ok, whole=held.completa)  # fmt: skip
    if held.ok:
        yield Check("verificacion", "bien", words.VERIFICATION, told, words.DO_VERIFY)
        return
    many = words.findings(held.hallazgos, len(held.primeros))
    yield Check("verificacion", "mal", words.VERIFICATION, f"{told} · {many}", words.DO_FINDING)
    for number, found in enumerate(held.primeros):
        yield _finding(number, found)


def _finding(number: int, found: Finding) -> Check:
    where = line(found.archivo)
    if found.linea:
        where = f"{where}, línea {found.linea}"
    told = line(found.mensaje)
    return Check(f"hallazgo/{number}", "mal", words.FINDING, told, words.DO_FINDING, where)


def _closing(held: Standing) -> Iterator[Check]:
    one = held.cierre
    if one is None:
        yield Check("cierre", "ojo", words.CLOSING, words.NO_CLOSING, words.DO_CLOSE)
        return
    told = words.closed(day(f"{one.fecha}T00:00:00-05:00"), figure(one.tamano), one.raiz[:SHORT])
    yield Check("cierre", "bien", words.CLOSING, told, words.DO_CLOSE, one.raiz)


def _head(held: Standing) -> Iterator[Check]:
    one = held.sello
    if one is None:
        yield Check("sello", "ojo", words.HEAD, words.NO_HEAD, words.DO_CLOSE)
    elif one.problema:
        yield Check("sello", "mal", words.HEAD, line(one.problema), words.DO_BAD_HEAD)
    else:
        told = words.head(figure(one.tamano), one.raiz[:SHORT], one.clave[:SHORT])
        yield Check("sello", "bien", words.HEAD, told, words.DO_HEAD, one.raiz)


def _log(one: Log) -> Check:
    punto = line(one.punto)
    if one.hasta is None:
        return Check(f"diario/{punto}", "ojo", f"{words.OTHER_LOG} {punto}", words.NEVER_SEEN,
                     words.DO_NEVER_SEEN)  # fmt: skip
    told = words.log(figure(one.lineas), hour(one.hasta))
    if one.propio:
        return Check(f"diario/{punto}", "dato", words.OWN_LOG, told, words.DO_OWN_LOG, punto)
    if one.punto == AUTHORITY:
        return Check("diario/AUT", "dato", words.AUTHORITY_LOG, told, words.DO_OWN_LOG)
    name = f"{words.OTHER_LOG} {punto}"
    return Check(f"diario/{punto}", "dato", name, told, words.DO_OTHER_LOG)


def _forks(found: Sequence[Fork]) -> Iterator[Check]:
    if not found:
        yield Check("conflictos", "bien", words.CONFLICTS, words.NO_FORKS, words.DO_NO_FORKS)
    for number, one in enumerate(found):
        told = words.fork(line(one.punto), figure(one.desde), figure(one.lineas), hour(one.fecha))
        yield Check(f"conflicto/{number}", "mal", words.FORK, told, words.DO_FORK)


def _backup(held: Standing) -> Iterator[Check]:
    one = held.respaldo
    if one is None:
        yield Check("respaldo", "mal", words.BACKUP, words.NO_BACKUP, words.DO_BACKUP)
        return
    told = words.backup(hour(one.fecha), figure(one.archivos), _megabytes(one.bytes))
    if one.tarde:
        yield Check("respaldo", "ojo", words.BACKUP, told, words.DO_BACKUP)
    else:
        yield Check("respaldo", "bien", words.BACKUP, told, words.DO_BACKUP_GOOD)


def _megabytes(size: int) -> str:
    return (
        figure(size // 1_000_000) if size >= 10_000_000 else f"{size / 1e6:.1f}".replace(".", ",")
    )


def _key(one: Expiry) -> Check:
    name = words.certificate_of(line(one.que))
    if one.problema:
        return Check(f"llave/{one.que}", "mal", name, line(one.problema), words.DO_KEY_BAD)
    told = words.key_until(day(f"{one.hasta}T00:00:00-05:00"), one.dias)
    if not one.pronto:
        return Check(f"llave/{one.que}", "bien", name, told, words.DO_KEY_GOOD)
    own = {"ca": words.DO_CA, "crl": words.DO_LIST, "token": words.DO_TOKEN}
    todo = own.get(one.que, words.DO_KEY)
    return Check(f"llave/{one.que}", "mal" if one.dias < 0 else "ojo", name, told, todo)


# -- the vault ------------------------------------------------------------------------------------


def waiting() -> Check:
    """While it is looked at."""
    return Check("boveda", "espera", words.VAULT, words.LOOKING, words.DO_REVIEW)


def vault(held: Vault) -> tuple[Check, ...]:
    """What of the vault was read again."""
    told = words.vault(
        figure(held.documentos), figure(held.nunca), figure(held.vencidos), held.dias
    )
    more = []
    if held.ultima is not None:
        more.append(words.round_of(hour(held.ultima.hasta)))
    if held.mas_antigua is not None:
        more.append(words.oldest(hour(held.mas_antigua)))
    sign = "mal" if not held.sound else "ojo" if held.nunca or held.vencidos else "bien"
    return (
        Check("boveda", sign, words.VAULT, told, words.DO_REVIEW, " ".join(more)),
        *(_found(words.DAMAGED, one) for one in held.danados[:MOST]),
        *(_found(words.LOST, one) for one in held.faltan[:MOST]),
    )


def _found(name: str, one: Found) -> Check:
    names = ", ".join(map(line, [*one.radicados, *one.expedientes, *one.asuntos]))
    told = words.lost(line(one.archivo or one.sha256[:SHORT]), names)
    whole = f"{one.sha256}: {line(one.que)}"
    return Check(f"boveda/{one.sha256}", "mal", name, told, words.DO_DAMAGED, whole)


# -- lines ----------------------------------------------------------------------------------------


def row(one: Check) -> Row:
    """A check as a line."""
    tone = {"mal": "aviso", "ojo": "aviso", "espera": "tenue"}.get(one.sign, "")
    return Row(one.id, (words.SIGNS[one.sign], one.name, one.told), tone)


def detail(one: Check) -> str:
    """What the line cannot say, and what to do."""
    said = f"{one.told} · {one.whole}" if one.whole else one.told
    return f"{said}\n→ {one.todo}"


def sheet(one: Check) -> Sheet:
    """All of it."""
    said = [("", text) for text in (one.told, one.whole) if text]
    return Sheet(one.id, one.name, (Part("", tuple(said)), Part("Qué hacer", (("", one.todo),))))
