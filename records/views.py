"""A record as people and scripts see it whole: `Office.ver`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from records import (
    acuses,
    counting,
    grounds,
    identity,
    lines,
    numbering,
    petition,
    priority,
    rounds,
)
from records.acuses import AcknowledgmentView
from records.calendar import Calendar, Unreckoned, long_day
from records.dispatch_views import AnswerView, SendingView, answers, sendings
from records.events import NumberAnnulled, NumberAssigned
from records.imported import UNVERIFIED
from records.letter_views import LetterView, letter_view
from records.petition import Awaited
from records.reserve import CLASSIFIED, PUBLIC, RESERVED, Grant
from records.state import visible
from records.tramite import EXTENSION, UNASSIGNED, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.events import Event
    from records.settings import Settings
    from records.state import State
    from records.tramite import AnswerMoved
    from records.vault import Vault


class DocumentView(msgspec.Struct, frozen=True):
    """A document of a record; `archivo` is relative to the home, None where the file is gone."""

    rol: str
    archivo: str | None
    sha256: str
    paginas: int | None
    de: str | None = None
    """Of a `migracion`: the hash of the document that it was made of."""


class HistoryView(msgspec.Struct, frozen=True):
    """One event of a record's history."""

    fecha: str
    tipo: str
    actor: str
    evento: str
    datos: dict[str, Any]
    ficha: dict[str, Any]


class RectificationView(msgspec.Struct, frozen=True):
    """A correction of fields: who, when, why, and both values."""

    fecha: str
    actor: str
    motivo: str
    antes: dict[str, Any]
    despues: dict[str, Any]


class StretchView(msgspec.Struct, frozen=True):
    """A time in which one área, and one person in it, had the record; `horas` until now."""

    dependencia: str | None
    responsable: str | None
    desde: str
    hasta: str | None
    horas: float


class TramiteView(msgspec.Struct, frozen=True):
    """Who has a record, who had it and for how long, and who is awaited."""

    dependencia: str | None
    responsable: str | None
    desde: str
    conjuntas: list[str]
    agendado: str | None
    recorrido: list[StretchView]
    horas_por_dependencia: dict[str, float]
    espera: list[Waiting]


class AccessView(msgspec.Struct, frozen=True):
    """How a record is classified today; all but `visible` and `identidad_visible` is public (Ley
    1712, arts. 20 and 21)."""

    nivel: str
    visible: bool
    """Whether its content is open to who asks."""
    fundamento: str | None = None
    causal: str | None = None
    """The ground in words."""
    norma: str | None = None
    """The article of the ground, and the law that the person named."""
    desde: str | None = None
    hasta: str | None = None
    motivo: str | None = None
    acto: str | None = None
    permitidos: list[Grant] = []
    version_publica: str | None = None
    """Its file, relative to the home."""
    identidad_visible: bool = True
    """Whether who wrote it is told to who asks; the mark `identidad_protegida` says that it is
    kept."""


class TieView(msgspec.Struct, frozen=True):
    """Another record, and what the later of the two is to the earlier; `viene`: it is the later."""

    radicado: str
    como: str
    viene: bool


class RecordView(msgspec.Struct, frozen=True):
    """The whole record."""

    radicado: str
    estado: str
    clase: str
    fecha: str
    recibido: str
    fuente: str | None
    carril: str | None
    marcas: list[str]
    campos: dict[str, Any]
    vence: str | None
    termino: dict[str, Any] | None
    historia: list[HistoryView]
    documentos: list[DocumentView]
    rectificaciones: list[RectificationView] = []
    anulacion: dict[str, Any] | None = None
    tramite: TramiteView | None = None
    carta: LetterView | None = None
    acceso: AccessView | None = None
    envios: list[SendingView] = []
    respuestas: list[AnswerView] = []
    vinculos: list[TieView] = []
    acumulado: str | None = None
    """The radicado with which it is decided."""
    acumulados: list[str] = []
    """Those that are decided with it."""
    prioridad: dict[str, Any] | None = None
    """Why it goes before its turn: {causal, causales, norma}."""
    espera: Awaited | None = None
    """What its petitioner was asked for, and until when they may give it."""
    acuses: list[AcknowledgmentView] = []
    """Acknowledgments of reception or of departure: those sent, then those due."""
    eliminacion: dict[str, Any] | None = None
    """By which disposal it was erased: {eliminacion, acta, aprobada, ordenada, firman, expediente,
    serie, documentos (their hashes), fichas (how many)}."""
    papel: dict[str, Any] | None = None
    """Where its paper is, and the way that it took; None: it came without paper."""
    importacion: dict[str, Any] | None = None
    """From which system it was imported, and what that said besides; None: the number is ours."""


def record_view(
    state: State,
    events: list[Event],
    vault: Vault,
    settings: Settings,
    cartas: Iterable[tuple[AnswerMoved, State, bool]] = (),
    acumulados: list[str] | None = None,
    espera: Awaited | None = None,
    *,
    known: bool = True,
) -> RecordView:
    """What *state* and its *events* show of a numbered record, with the letters that answer it and
    whether each is open to who asks, what is decided with it, what its petitioner is to give;
    *known*: who wrote it may be told them."""
    first = _priority(state, known=known)
    if not known:
        state, events = identity.masked(state), [identity.stripped(e) for e in events]
    number = state.numero
    assert number is not None and state.fecha is not None
    fields = {**state.campos, **state.publicos}
    flags = {
        "imagen_pendiente": state.imagen_pendiente,
        "sello_pendiente": state.sello_pendiente,
        "anonimo": state.campos.get("remitente") in ("anónimo", "anonimo"),
        "prioritario": first is not None,
        "solo_lectura": state.desconocida,
        **withheld_flags(state),
    }
    return RecordView(
        radicado=number.radicado,
        estado=state.estado,
        clase=number.clase,
        fecha=state.fecha,
        recibido=state.recibido or state.fecha,
        fuente=number.fuente,
        carril=number.carril,
        marcas=[name for name, on in flags.items() if on],
        campos={k: v for k, v in fields.items() if v is not None},
        vence=state.vence,
        termino=term_view(state, settings),
        historia=[history_view(e) for e in events],
        documentos=[
            DocumentView(d.rol, vault.relative(d.sha256), d.sha256, d.paginas, d.de)
            for d in (state.documentos if known else identity.documents(state))
        ],
        rectificaciones=[_rectification(e) for e in state.rectificaciones],
        anulacion=_annulment(events) if state.anulado is not None else None,
        tramite=_tramite(state) if state.tramite.tramos else None,
        carta=letter_view(state) if state.carta.presentada is not None else None,
        acceso=access_view(state, vault, visible=True, known=known),
        envios=sendings(state),
        respuestas=answers(state, cartas),
        vinculos=[TieView(v.con, v.como, v.viene) for v in state.tramite.vinculos],
        acumulado=state.tramite.acumulado,
        acumulados=acumulados or [],
        prioridad=first,
        espera=espera,
        acuses=acuses.views(state),
        papel=_paper(state, events),
    )


def _priority(state: State, *, known: bool) -> dict[str, Any] | None:
    """Why it goes before its turn; the ground tells of the person, so it is for who knows them."""
    if not state.prioritario:
        return None
    codes = state.prioridad if known else []
    cited = dict.fromkeys(priority.GROUNDS[c] for c in codes if c in priority.GROUNDS)
    return {"causal": ", ".join(codes), "causales": codes, "norma": "; ".join(cited)}


def outside_view(state: State, vault: Vault) -> RecordView:
    """What everybody is shown of a record whose content is withheld from them: that it exists."""
    origin = state.importado
    return RecordView(
        radicado=state.radicado,
        estado=state.estado,
        clase=state.clase,
        fecha=state.fecha or "",
        recibido=state.recibido or state.fecha or "",
        fuente=None,
        carril=None,
        marcas=[
            *([UNVERIFIED] if origin else []),
            *(name for name, on in withheld_flags(state).items() if on),
        ],
        campos={},
        vence=None,
        termino=None,
        historia=[],
        documentos=[
            DocumentView(d.rol, vault.relative(d.sha256), d.sha256, d.paginas, d.de)
            for d in identity.documents(state)
        ],
        acceso=access_view(state, vault, visible=False, known=not state.acceso.identidad_protegida),
    )


def withheld_flags(state: State) -> dict[str, bool]:
    """Which marks say that something of a record is withheld today."""
    level = state.acceso.nivel(_today())
    return {
        "reservado": level == RESERVED,
        "clasificado": level == CLASSIFIED,
        "identidad_protegida": state.acceso.identidad_protegida,
    }


def access_view(state: State, vault: Vault, *, visible: bool, known: bool) -> AccessView:
    """How a record is classified today; *visible*, *known*: what of it is open to who asks."""
    access = state.acceso
    level, said = access.nivel(_today()), access.clasificado
    version = vault.relative(access.version) if access.version else None
    let_in = [Grant(persona=p, hasta=d) for p, d in access.permisos.items()]
    if level == PUBLIC or said is None:
        kept = access.identidad_protegida
        return AccessView(
            PUBLIC,
            visible=True,
            permitidos=let_in if kept and known else [],
            version_publica=version if kept else None,
            identidad_visible=known,
        )
    ground = grounds.find(said.fundamento)
    return AccessView(
        nivel=level,
        visible=visible,
        fundamento=said.fundamento,
        causal=ground.texto if ground else None,
        norma="; ".join(filter(None, [ground.cita if ground else None, said.norma])) or None,
        desde=access.desde,
        hasta=said.hasta,
        motivo=access.motivo,
        acto=access.acto or None,
        permitidos=let_in if visible else [],
        version_publica=version,
        identidad_visible=known,
    )


def _today() -> str:
    return lines.now().date().isoformat()


def _tramite(state: State) -> TramiteView:
    way = state.tramite
    now = lines.stamp(lines.now())
    end = way.tramos[-1].desde if way.archivado is not None else now
    route = [
        StretchView(t.dependencia, t.responsable, t.desde, t.hasta, _hours(t.desde, t.hasta or end))
        for t in way.tramos
    ]
    totals: dict[str, float] = {}
    for stretch in route:
        where = stretch.dependencia or UNASSIGNED
        totals[where] = round(totals.get(where, 0.0) + stretch.horas, 1)
    waits = way.waits() if state.anulado is None else []
    return TramiteView(
        way.dependencia, way.responsable, way.desde, way.conjuntas, way.agendado, route, totals,
        waits,
    )  # fmt: skip


def _hours(since: str, until: str) -> float:
    return round((lines.moment(until) - lines.moment(since)).total_seconds() / 3600, 1)


def _rectification(event: Event) -> RectificationView:
    ficha = event.ficha or {}
    return RectificationView(
        event.at,
        event.actor,
        str(ficha.get("motivo", "")),
        {**event.data.get("antes", {}), **ficha.get("antes", {})},
        {**event.data.get("despues", {}), **ficha.get("despues", {})},
    )


def _paper(state: State, events: list[Event]) -> dict[str, Any] | None:
    """{lugar, desde, dependencia?, planilla?, linea?, resultado?, pasos: each move so far}."""
    if state.papel is None:
        return None
    steps = []
    for event in events:
        if isinstance(event.fact, rounds.PaperMoved):
            step = msgspec.to_builtins(rounds.moved(event.fact, event.at))
            steps.append({**step, "actor": event.actor, **visible(event.ficha)})
    return {**msgspec.to_builtins(state.papel), "pasos": steps}


def _annulment(events: list[Event]) -> dict[str, Any]:
    """Which acta annulled the number, who asked for it and signed it, and why."""
    done = next(e for e in events if isinstance(e.fact, NumberAnnulled))
    fact = done.fact
    assert isinstance(fact, NumberAnnulled)
    asked = next((e for e in events if e.hash == fact.solicitud), None)
    return {
        "acta": fact.acta,
        "fecha": done.at,
        "motivo": str((done.ficha or {}).get("motivo", "")),
        "solicita": asked.actor if asked is not None else None,
        "firma": fact.acto.person,
    }


def term_view(state: State, settings: Settings) -> dict[str, Any] | None:
    """As `public_term`, with the day by which the área that has it wants it done."""
    told = public_term(state, settings)
    return None if told is None else _internally(told, state, settings)


def public_term(state: State, settings: Settings) -> dict[str, Any] | None:
    """As `_term`, with what silence has granted since it ended: what the petitioner is told."""
    told = _term(state, settings)
    return None if told is None else _granted(told, state, settings)


def _term(state: State, settings: Settings) -> dict[str, Any] | None:
    """The term of a record: {tipo, vence, vence_legal?, dias, unidad, norma, explicacion} and more.

    What was told with the number counts. The rest is reckoned again, from the rule in force at
    reception; where that gives another day (the entity has another calendar since, say), it says
    so. `lectura`, "legal", is there where people were told the other reading. None: letters of its
    class have no term.
    """
    number, tipo = state.numero, state.publicos.get("tipo")
    assert number is not None
    if state.anulado is not None:
        return None
    kind = tipo or settings.reparto_por_defecto.tipo
    out: dict[str, Any]
    try:
        term = numbering.term_of(settings, number.clase, tipo, state.recibido or state.fecha or "")
    except Unreckoned as error:
        nothing = {"dias": None, "unidad": None, "norma": None}
        out = {"tipo": kind, "vence": state.vence, **nothing, "explicacion": str(error)}
        return _told_otherwise(out, state)
    if term is None:
        return None
    out = msgspec.to_builtins(term)
    for name in ("saltados", "desde", "primer_dia"):
        del out[name]
    if state.recalculado is not None:
        out["explicacion"] += f"\nSe recalculó después de dicha: {state.recalculado}."
    if state.vence != term.vence:
        out.pop("vence_legal", None)
        out["vence"] = state.vence
        if state.plazo is not None and state.vence is not None:
            moment = lines.moment(state.vence)
            out["explicacion"] += f"\nLo fijó {state.plazo}: {_day(state.vence)}, {moment:%H:%M}."
            return out
        out["explicacion"] += "".join(f"\n{text}" for text in _moved_by(state))
    return _told_otherwise(out, state)


def _moved_by(state: State) -> list[str]:
    """Why a term ends on another day than its rule gives, as people are told it."""
    if state.vence is None:
        return ["Al radicar no se dijo ninguna fecha."]
    way = state.tramite
    out = [
        f"Suspendido desde el {_day(pause.desde)}, por la carta {pause.carta or 'sin número'}; se "
        f"completó con {pause.con} y siguió con los días hábiles que quedaban."
        for pause in way.pausas
    ]
    if state.prorrogado is not None:
        said = [a.salida for a in way.respuestas.values() if a.efecto == EXTENSION and a.salida]
        out.append(f"Prorrogado hasta el {_day(state.vence)}, por la carta {', '.join(said)}.")
    if out:
        return [*out, f"Vence: {_day(state.vence)}, a medianoche."]
    return [f"Al radicar se dijo otra fecha, y es la que vale: {_day(state.vence)}."]


def _granted(out: dict[str, Any], state: State, settings: Settings) -> dict[str, Any]:
    """A term with what stands in its way now, or what silence has granted since it ended."""
    way = state.tramite
    if way.requerido is not None and not way.cerrado:
        out["explicacion"] += (
            f"\nSuspendido desde el {_day(way.requerido.enviada or '')}, por la carta "
            f"{way.requerido.salida}: no corre mientras el peticionario no la responda."
        )
    if way.cerrado or way.requerido is not None or petition.decided(way.respuestas.values()):
        return out
    copies = petition.accepted(out["tipo"], state.due, Calendar.of(settings.horario))
    if copies is not None:
        out["copias_hasta"] = copies.isoformat()
        out["explicacion"] += (
            "\nNadie la respondió en término: se entiende aceptada, y las copias se entregan a más "
            f"tardar el {long_day(copies)} ({petition.PROLONG}, num. 1)."
        )
    return out


def _internally(out: dict[str, Any], state: State, settings: Settings) -> dict[str, Any]:
    """A term with the day by which the área that has it wants it done, if it said one."""
    area = state.tramite.dependencia
    days = settings.tramite.interno_dias.get(area or "")
    if days is not None and state.vence is not None:
        due = lines.moment(state.vence).date()
        own = counting.before(due, days, Calendar.of(settings.horario))
        out["vence_interno"] = own.isoformat()
        out["explicacion"] += (
            f"\nFecha interna de {area}: {long_day(own)}, {days} días hábiles antes."
        )
    return out


def _told_otherwise(out: dict[str, Any], state: State) -> dict[str, Any]:
    """A term with what people were told by the other reading, if they were."""
    if state.vence_legal is not None:
        out |= {"vence_legal": state.vence_legal, "lectura": "legal"}
        out["explicacion"] += (
            f"\nA la persona se le dijo, por la otra lectura, el {_day(state.vence_legal)}: solo "
            "pasado ese día queda vencida. Las alertas avisan por la primera fecha."
        )
    return out


def _day(vence: str) -> str:
    return long_day(lines.moment(vence))


def history_view(event: Event) -> HistoryView:
    """One event as the history shows it."""
    fact = event.fact
    data = dict(event.data)
    if isinstance(fact, NumberAssigned):
        data.pop("anterior", None)
    return HistoryView(event.at, event.type, event.actor, event.hash, data, visible(event.ficha))
