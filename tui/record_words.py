"""A record as a sheet to read, wherever it is shown. Pure: everything arrives as arguments.

The door decided already what of it is open to who asks; all that comes from a document passes
`sanitize` here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import priority
from records.custody import told
from records.fields import KIND_NAMES
from records.ties import TIES
from tui import texts
from tui.letters import day, hour
from tui.sanitize import line
from tui.texts import consulta as words
from tui.views import Part, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from records.people import Authority
    from records.views import DocumentView, RecordView

Line = tuple[str, str]
_PLACES = {name: place for place, name in enumerate(texts.FIELD_LABELS)}


def sheet(view: RecordView, authority: Authority) -> Sheet:
    """Fields, term, way, answers, documents, history; and on top what stands in its way."""
    parts = (
        Part("", tuple(_notices(view)), "bold"),
        Part(words.DATA, tuple(_fields(view, authority))),
        Part(words.TERM, tuple(_term(view))),
        Part(words.ACCESS, tuple(_access(view))),
        Part(words.WAY, tuple(_way(view, authority))),
        Part(words.ANSWERS, tuple(_answers(view))),
        Part(words.OTHERS, tuple(_others(view))),
        Part(words.DOCUMENTS, tuple(map(_document, view.documentos))),
        Part(words.STORY, tuple(_story(view, authority))),
    )
    title = f"{line(view.radicado)} · {state(view.estado)}"
    return Sheet(view.radicado, title, tuple(p for p in parts if p.lines))


def closed_sheet(number: str) -> Sheet:
    """What stands beside the list for a record whose reading is noted."""
    return Sheet(f"{number}-", line(number), (Part("", (("", words.OPEN_TO_READ),)),))


def state(code: str) -> str:
    """A record's state in words."""
    return texts.STATES.get(code) or words.STATES.get(code) or code.replace("_", " ")


def person(ident: str | None, authority: Authority) -> str:
    """The name of a person; of a process, its own."""
    found = authority.personas.get(ident or "")
    return line(found.nombre) if found else line(ident or "")


def area(code: str | None, authority: Authority) -> str:
    """The code and name of an área."""
    found = authority.areas.get(code or "")
    return f"{found.codigo} {line(found.nombre)}" if found else line(code or "")


def _notices(view: RecordView) -> Iterator[Line]:
    if view.acceso is not None and not view.acceso.visible:
        yield "", words.WITHHELD
    marks = ", ".join(words.MARKS.get(m, m.replace("_", " ")) for m in view.marcas)
    if marks:
        yield "", f"{marks[:1].upper()}{marks[1:]}"
    if view.anulacion is not None:
        gone = view.anulacion
        why = f": {line(gone['motivo'])}" if gone["motivo"] else ""
        yield "", f"ANULADO por el acta {line(gone['acta'])}, {hour(gone['fecha'])}{why}"
    if view.eliminacion is not None:
        gone = view.eliminacion
        yield "", f"ELIMINADO por {gone['eliminacion']}, {gone.get('acta', 'sin acta')}"
    if view.importacion is not None:
        note = line(view.importacion["nota"])
        yield "", f"{note[:1].upper()}{note[1:]}, {hour(view.importacion['importado'])}"


def _fields(view: RecordView, authority: Authority) -> Iterator[Line]:
    if view.recibido:
        yield "Recibido", hour(view.recibido)
    if view.fecha:
        yield "Radicado", hour(view.fecha)
    for name in sorted(view.campos, key=_place):
        value = view.campos[name]
        if str(value) == "":
            continue
        yield (
            texts.FIELD_LABELS.get(name, name.replace("_", " ").capitalize()),
            _said(name, str(value), authority),
        )
    for change in view.rectificaciones:
        for name, value in change.despues.items():
            before = line(str(change.antes.get(name, "—")))
            what = texts.FIELD_LABELS.get(name, name)
            yield "Rectificado", f"{what} decía «{before}», dice «{line(str(value))}»"


def _place(name: str) -> int:
    """Where a field stands: as in the form; others after these."""
    return _PLACES.get(name, len(_PLACES))


def _said(name: str, value: str, authority: Authority) -> str:
    match name:
        case "tipo":
            return KIND_NAMES.get(value, line(value))
        case "canal":
            return texts.CHANNELS.get(value, line(value))
        case "dependencia":
            return area(value, authority)
        case "responsable":
            return person(value, authority)
        case "tipo_documento":
            return texts.DOCUMENTS.get(value, line(value))
        case "prioridad":
            return ", ".join(priority.NAMES.get(c, line(c)) for c in priority.codes(value))
    return line(value)


def _term(view: RecordView) -> Iterator[Line]:
    if view.vence:
        yield "Vence", day(view.vence)
    for text in view.termino["explicacion"].splitlines() if view.termino else ():
        yield "", line(text)
    if view.espera is not None:
        yield "", f"Espera al peticionario. {line(view.espera.text())}"


def _access(view: RecordView) -> Iterator[Line]:
    access = view.acceso
    if access is None:
        return
    if access.nivel != "publica":
        until = f" hasta el {access.hasta}" if access.hasta else ""
        yield "Nivel", f"{access.nivel}{until}"
        yield "Fundamento", f"{line(access.causal or '')} ({line(access.norma or '')})"
        if access.motivo:
            yield "Motivo", line(access.motivo)
    if not access.identidad_visible:
        yield "", words.KEPT


def _way(view: RecordView, authority: Authority) -> Iterator[Line]:
    if view.papel is not None:
        import msgspec

        from records.rounds import Place

        yield "Papel", line(told(msgspec.convert(view.papel, Place)))
    if view.tramite is None:
        return
    for one in view.tramite.recorrido:
        where = area(one.dependencia, authority) or words.NOBODY_YET
        whom = f", {person(one.responsable, authority)}" if one.responsable else ""
        yield hour(one.desde), f"{where}{whom}"


def _answers(view: RecordView) -> Iterator[Line]:
    for one in view.respuestas:
        what = words.EFFECTS.get(one.efecto or "", "Respuesta parcial" if one.parcial else "")
        late = ""
        if one.en_tiempo is not None:
            late = ", en tiempo" if one.en_tiempo else f", TARDE: {one.tarde_dias} día(s)"
        sent = f"enviada {hour(one.enviada)}" if one.enviada else state(one.estado)
        yield what or "Respuesta", f"{line(one.salida or one.carta)}: {sent}{late}"
    for sending in view.envios:
        sent = f", {hour(sending.enviado)}" if sending.enviado else ""
        whom = line(sending.nombre)
        yield "Envío", f"{whom}: {state(sending.estado)}, {sending.medio.replace('_', ' ')}{sent}"
    for ack in view.acuses:
        sent = f"enviado {hour(ack.enviado)}" if ack.enviado else "POR ENVIAR"
        yield "Acuse", f"de {line(ack.de)}: {sent}"


def _others(view: RecordView) -> Iterator[Line]:
    if view.carta is not None and view.carta.responde_a:
        yield "", f"Responde a {', '.join(map(line, view.carta.responde_a))}"
    for tie in view.vinculos:
        yield "", words.is_tie(TIES.get(tie.como, tie.como), line(tie.radicado), comes=tie.viene)
    if view.acumulado is not None:
        yield "", f"Se decide con {line(view.acumulado)}"
    if view.acumulados:
        yield "", f"Con él se deciden {', '.join(map(line, view.acumulados))}"


def _document(one: DocumentView) -> Line:
    pages = texts.pages(one.paginas) if one.paginas else ""
    missing = "" if one.archivo else words.MISSING
    name = words.ROLES.get(one.rol, one.rol.replace("_", " ").capitalize())
    return "", " · ".join(filter(None, (name, pages, missing)))


def _story(view: RecordView, authority: Authority) -> Iterable[Line]:
    for event in view.historia:
        what = words.EVENTS.get(event.tipo, event.tipo.replace(".", ", ").replace("_", " "))
        note = event.ficha.get("nota") or event.ficha.get("motivo") or ""
        told_ = f": {line(str(note))}" if note else ""
        yield hour(event.fecha), f"{what} ({person(event.actor, authority)}){told_}"
