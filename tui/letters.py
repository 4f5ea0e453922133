"""From drafts, readings and records to what the widgets show. Pure: everything arrives as
arguments.

All that comes from a document passes `sanitize` here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import lines, priority
from records.fields import KIND_NAMES
from tui import texts
from tui.choices import Several, words_of
from tui.sanitize import block, line
from tui.views import Choice, Field, Last, Letter, Page, Row, Waiting, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ingest.drafts import Draft
    from ingest.lectura import Lectura, Pagina
    from ingest.reception import Issued
    from records.people import Authority, Person
    from records.query import Row as Record

WANTED = ("remitente", "asunto", "dependencia", "folios")
CLERKS = ("ventanilla", "jefe_correspondencia")
_SHORT = 60


def hour(stamp: str) -> str:
    """A stamp, short: `22 nov 07:14`."""
    if not stamp:
        return ""
    when = lines.moment(stamp)
    return f"{when.day} {texts.MONTHS[when.month - 1]} {when:%H:%M}"


def day(stamp: str) -> str:
    """The day of a stamp: `14 dic 2026`."""
    if not stamp:
        return ""
    when = lines.moment(stamp)
    return f"{when.day} {texts.MONTHS[when.month - 1]} {when.year}"


def closed_lists(authority: Authority) -> dict[str, tuple[Choice, ...]]:
    """The values of the fields that have a list."""
    areas = [Choice(a.codigo, f"{a.codigo} {line(a.nombre)}") for a in authority.areas.values()]
    people = [Choice(p.id, f"{line(p.nombre)} ({p.id})") for p in authority.personas.values()]
    return {
        "tipo": tuple(Choice(k, w) for k, w in KIND_NAMES.items()),
        "prioridad": Several(Choice(k, w) for k, w in priority.NAMES.items()),
        "canal": tuple(Choice(k, w) for k, w in texts.CHANNELS.items()),
        "tipo_documento": tuple(Choice(k, w) for k, w in texts.DOCUMENTS.items()),
        "dependencia": (*areas, Choice(texts.UNASSIGNED, texts.UNASSIGNED.capitalize())),
        "responsable": tuple(people),
    }


def is_clerk(person: Person | None) -> bool:
    """Whether a person may type, number and close letters."""
    return person is not None and any(r in CLERKS for r in person.roles)


def role_of(person: Person | None) -> str:
    """The first role of a person, in words."""
    if person is None or not person.roles:
        return ""
    order = [r for r in texts.ROLES if r in person.roles]
    return texts.ROLES[order[0]] if order else person.roles[0]


def roles_of(person: Person | None) -> tuple[str, ...]:
    """All roles of a person."""
    return tuple(person.roles) if person else ()


def waiting(draft: Draft, persona: str | None, people: Mapping[str, Person]) -> Waiting:
    """A draft as a line of the queue."""
    holder = ""
    if draft.lo_tiene is not None and draft.lo_tiene != persona:
        holder = name_of(draft.lo_tiene, people)
    if draft.estado == "cuarentena":
        state, tone = line(draft.motivo or ""), "aviso"
    else:
        state, tone = _state(draft, holder)
    cells = (draft.id, draft.carril, line(draft.archivo)[:120], hour(draft.recibido), state)
    return Waiting(
        draft.id, draft.orden, draft.rev, draft.estado, holder, Row(draft.id, cells, tone)
    )


def _state(draft: Draft, holder: str) -> tuple[str, str]:
    if holder:
        return texts.held_by(holder), "tenue"
    if draft.estado == "leyendo":
        read = f"{draft.confianza}% {texts.READING}" if draft.primera else texts.READING
        return read, "tenue"
    sure = f"{draft.confianza}%" if draft.lectura else "--"
    if draft.duplicado_de:
        return f"{sure} {texts.DUPLICATE}", "aviso"
    return (f"{sure} {texts.MINE}" if draft.lo_tiene else sure), ""


def name_of(ident: str, people: Mapping[str, Person]) -> str:
    """The first name of a person."""
    found = people.get(ident)
    return line(found.nombre).split(" ")[0] if found else ident


def letter(
    draft: Draft,
    reading: Lectura | None,
    lists: Mapping[str, Sequence[Choice]],
    persona: str | None,
    people: Mapping[str, Person],
    others: Sequence[str] = (),
) -> Letter:
    """A draft with its form, its text, and what else its sender has open."""
    other = draft.lo_tiene is not None and draft.lo_tiene != persona
    return Letter(
        id=draft.id,
        order=draft.orden,
        rev=draft.rev,
        title=_title(draft),
        status=draft.estado,
        fields=tuple(form(draft, lists)),
        pages=tuple(page(p) for p in reading.paginas) if reading else (),
        notes=tuple(line(n) for n in draft.notas),
        duplicate_of=line(draft.duplicado_de or ""),
        holder=name_of(draft.lo_tiene, people) if other and draft.lo_tiene else "",
        mine=draft.lo_tiene is not None and not other,
        reason=line(draft.motivo or ""),
        locked=draft.codigo == "cifrado",
        others=tuple(others),
    )


def _title(draft: Draft) -> str:
    parts = [draft.id, line(draft.archivo)[:_SHORT]]
    if draft.paginas:
        parts.append(texts.pages(draft.paginas))
    if draft.lectura or draft.primera:
        parts.append(f"{draft.confianza}%")
    return " · ".join(p for p in parts if p)


def form(draft: Draft, lists: Mapping[str, Sequence[Choice]]) -> Iterable[Field]:
    """The fields of a draft in the order of the form."""
    shown = draft.shown()
    asked = draft.estado != "cuarentena"
    sender = any(shown[n].valor for n in ("remitente", "entidad") if n in shown)
    for name, label in texts.FIELD_LABELS.items():
        value = shown.get(name)
        wanted = asked and name in WANTED and not (name == "remitente" and sender)
        if value is None:
            yield Field(name, label, wanted=wanted)
            continue
        words = words_of(line(value.valor), lists.get(name, ()))
        place = (value.pagina, value.caja)
        yield Field(
            name,
            label,
            words,
            value.confianza,
            wanted,
            *place,
            source=line(value.de or ""),
            reason=line(value.motivo or ""),
        )


def page(read: Pagina) -> Page:
    """A page's text and where each of its words stands in it."""
    text = block(read.texto).replace("\f", "\n").rstrip()
    words, at = [], 0
    for word in read.palabras:
        shown = line(word.texto).strip()
        start = text.find(shown, at, at + 400) if shown else -1
        if start >= 0:
            at = start + len(shown)
            words.append(Word(start, at, word.caja))
    return Page(text, tuple(words))


def last(issued: Issued) -> Last:
    """A number that was given, for the banner."""
    return Last(issued.radicado, hour(issued.fecha), issued.folios, issued.subject)


def next_letter(queue: Sequence[Waiting], after: int) -> str | None:
    """Which letter comes after the one of this order: the next that can be numbered, else any."""
    ready = [w for w in queue if w.ready]
    later = [w for w in ready if w.order > after]
    for candidates in (later, ready, queue):
        if candidates:
            return candidates[0].id
    return None


def candidates(records: list[Record]) -> tuple[Choice, ...]:
    """Records to which a letter may be joined, each once, with whose they are."""
    rows: dict[str, Choice] = {}
    for record in records:
        waits = texts.IMAGE_PENDING if record.imagen_pendiente else line(record.asunto or "")
        words = " · ".join(w for w in (record.radicado, line(record.remitente or ""), waits) if w)
        rows.setdefault(record.radicado, Choice(record.radicado, words))
    return tuple(rows.values())
