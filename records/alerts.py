"""Which terms are near or past, and who should do what about each. Pure.

The correspondence unit keeps watch over the time of each answer (Acuerdo 060 de 2001, art. 8). A
traffic light by the working days left; what an order dates and nobody has dated stands first; what
nobody has is told whatever its term. Nobody is awaited for what was never given to them: what is in
an área without a person is for its head, what is in none for the correspondence unit.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from records import counting, lines, norms, petition, term_rows
from records.calendar import Unreckoned, short_day
from records.correction import HEAD
from records.guard import COUNTER
from records.tramite import GIVEN_BACK, RETURNS, TO_DECIDE, TO_REVIEW, TO_SEND, UNCLEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from records.calendar import Calendar
    from records.people import Authority
    from records.petition import Awaited
    from records.settings import Alerts
    from records.terms_index import LetterWait, OpenRecord

CONTROL = "Acuerdo 060 de 2001 (AGN), art. 8"
Level = Literal["por_fijar", "vencido", "vence_hoy", "rojo", "amarillo", "verde"]
LEVELS: tuple[Level, ...] = ("por_fijar", "vencido", "vence_hoy", "rojo", "amarillo", "verde")
"""The worst first: of what has no date yet nobody knows whether it is late."""
URGENT: tuple[Level, ...] = ("por_fijar", "vencido", "vence_hoy")
_TODAY = ("respóndalo hoy", "; debe responderse hoy")
_WORDS: dict[str, tuple[str, str]] = {
    "por_fijar": (
        "anote con «fijar-plazo» cuándo vence, según la orden, y respóndalo dentro de ese término",
        "; cuándo vence lo dice la orden: anótelo con «fijar-plazo»",
    ),
    "vencido": _TODAY,
    "vence_hoy": _TODAY,
}
"""Level → what who has it should do, and what who gives it away should know."""
TO_FIX = timedelta(hours=24)
"""So long after its arrival it should be known when an order's matter is due."""
ROLES = {COUNTER: "Ventanilla", HEAD: "Jefe de correspondencia"}


class Alert(msgspec.Struct, frozen=True):
    """A record that wants attention, and whose."""

    radicado: str
    nivel: Level
    vence: str | None
    dias_habiles: int | None
    """Working days after today up to its last day; negative: since that day. None: it has no date,
    or one beyond the calendar."""
    dependencia: str | None
    responsable: str | None
    que_hacer: str
    quien: str
    """The id of a person, or the role `ventanilla` or `jefe_correspondencia`."""
    quien_nombre: str
    asunto: str
    tipo: str
    conjuntas: tuple[str, ...]
    """Other áreas that must have their say."""
    sin_responsable: bool
    norma: str
    """Which norm gives its term; where none does, that which orders this watch."""
    reservado: str | None
    """Its level today, where its content is withheld."""
    prioritario: bool = False
    """It goes before its turn, by a ground of the law."""
    desde: str | None = None
    """Since when who is to act has it."""
    vence_interno: str | None = None
    """The day by which its área wants it done."""
    meta: str | None = None
    """The hour by which somebody is to note when it is due: a day after it came."""
    espera_hasta: str | None = None
    """The last day of what its petitioner has to give what they were asked for."""


class Summary(msgspec.Struct, frozen=True):
    """How many alerts of each sort; `por_vencer` is red and amber together."""

    total: int
    por_fijar: int
    vencidos: int
    vence_hoy: int
    por_vencer: int
    sin_responsable: int


class Watch:
    """Judges the records of one office at one moment."""

    def __init__(
        self,
        now: datetime,
        calendar: Calendar,
        limits: Alerts,
        authority: Authority,
        kind: str,
        early: Mapping[str, int] | None = None,
    ) -> None:
        """*kind* is what a record without a kind counts as (`[reparto_por_defecto]`), *early* by
        how many worked days an área wants to be done before the end (`[tramite] interno_dias`)."""
        self.now, self.today, self.early = now, now.date(), early or {}
        self.calendar, self.limits, self.authority, self.kind = calendar, limits, authority, kind
        self._days = counting.WorkedDays(self.today, calendar)
        self._cited: dict[tuple[str, date], str] = {}

    def judge(self, row: OpenRecord) -> Alert:
        """What is to be said of a record."""
        kind = row.tipo or self.kind
        level, left = self._level(row.vence, kind)
        if row.estado == "suspendido":
            level = "rojo" if self._silent(row) else "verde"  # no term runs
        own = self._internal(row)
        level = self._hastened(level, own)
        who, what = self._task(row, level)
        goal = self._goal(row) if level == "por_fijar" else None
        return Alert(
            radicado=row.radicado,
            nivel=level,
            vence=row.vence,
            dias_habiles=left,
            dependencia=row.dependencia,
            responsable=row.responsable,
            que_hacer=what + self._granted(row, kind) + self._more(row, own, goal),
            quien=who,
            quien_nombre=self._name(who),
            asunto=row.asunto,
            tipo=kind,
            conjuntas=row.conjuntas,
            sin_responsable=row.bandeja is not None and row.responsable is None,
            norma=self._norm(kind, row.recibido),
            reservado=row.nivel,
            prioritario=row.prioritario,
            desde=row.desde,
            vence_interno=own.isoformat() if own is not None else None,
            meta=goal.isoformat() if goal is not None else None,
            espera_hasta=row.espera.hasta.isoformat() if row.espera is not None else None,
        )

    def _silent(self, row: OpenRecord) -> bool:
        """Whether the time that the petitioner had is over."""
        return row.espera is not None and self.today > row.espera.hasta

    def _goal(self, row: OpenRecord) -> datetime:
        return lines.moment(row.recibido).replace(microsecond=0) + TO_FIX

    def _internal(self, row: OpenRecord) -> date | None:
        """The day by which the área that has it wants it done."""
        own = self._own_day(row.vence, row.dependencia)
        return None if own is None else max(own, date.fromisoformat(row.recibido[:10]))

    def _own_day(self, vence: str | None, area: str | None) -> date | None:
        days = self.early.get(area or "")
        if days is None or vence is None:
            return None
        return counting.before(date.fromisoformat(vence[:10]), days, self.calendar)

    def _hastened(self, level: Level, own: date | None) -> Level:
        """Red from the day on that an área set itself."""
        early = own is not None and level in ("verde", "amarillo") and self.today >= own
        return "rojo" if early else level

    def _granted(self, row: OpenRecord, kind: str) -> str:
        """What silence has granted, of what is overdue."""
        copies = None
        if row.espera is None and row.bandeja is not None and row.carta is None:  # undecided
            copies = petition.accepted(kind, row.vence, self.calendar)
        if copies is None:
            return ""
        return (
            " Por el silencio se entiende aceptada: ya no se puede negar, y las copias se entregan "
            f"a más tardar el {short_day(copies)}."
        )

    def _more(self, row: OpenRecord, own: date | None, goal: datetime | None) -> str:
        """What else who is to act should know."""
        out = []
        if row.acumulado is not None:
            out.append(f" Se decide con {row.acumulado}: respóndalos juntos.")
        out += [
            f" La carta {salida} está firmada y sin enviar: no cuenta hasta que salga."
            for salida in row.por_enviar
        ]
        if own is not None and self.today > own:
            out.append(f" La fecha interna de {row.dependencia} era el {short_day(own)}.")
        if goal is not None and goal < self.now:
            out.append(" Ya pasaron 24 horas desde que llegó.")
        elif goal is not None:
            out.append(f" Debe saberse antes del {short_day(goal)}, {goal:%H:%M}.")
        return "".join(out)

    # -- how near -----------------------------------------------------------------------------

    def near(self, vence: str, area: str | None) -> tuple[Level, int | None]:
        """How near a term is for the área that has it, and the working days that are left
        (`Alert.dias_habiles`)."""
        level, left = self._level(vence, "")
        return self._hastened(level, self._own_day(vence, area)), left

    def _level(self, vence: str | None, kind: str) -> tuple[Level, int | None]:
        if vence is None:
            return ("por_fijar" if kind in term_rows.unfixed() else "verde"), None
        due = lines.moment(vence)
        left = self.working_days(due.date())
        if due < self.now:
            return "vencido", left
        if due.date() == self.today:
            return "vence_hoy", left
        if left is None or left > self.limits.amarillo_dias:
            return "verde", left
        return ("rojo" if left <= self.limits.rojo_dias else "amarillo"), left

    def working_days(self, due: date) -> int | None:
        """Working days after today up to *due*, or negative since then; None: beyond the
        calendar, as where the machine's clock stands at 1970."""
        try:
            return self._days.to(due)
        except Unreckoned:
            return None

    # -- who should do what -------------------------------------------------------------------

    def _task(self, row: OpenRecord, level: Level) -> tuple[str, str]:
        """Whose turn it is, and what they should do."""
        if row.carta is not None:
            return self._letter_task(row.carta, row)
        area, (answer, hurry) = row.dependencia, _WORDS.get(level, ("respóndalo", ""))
        if row.bandeja == TO_DECIDE:
            return HEAD, "Volvió dos veces: decida de qué dependencia es y asígnelo."
        if area is None:
            if row.bandeja == GIVEN_BACK:
                return COUNTER, "Lo devolvieron: asígnelo a otra dependencia."
            return COUNTER, "Repártalo: nadie lo tiene todavía."
        if row.espera is not None:
            return row.responsable or self._head(area), self._awaiting(row.espera)
        if row.bandeja is None:
            return row.responsable or self._head(area), (
                "Su respuesta no llegó y nadie intenta otro envío: publique el aviso, o responda "
                "de nuevo."
            )
        if row.responsable is None:
            give = "Volvió a su dependencia: asígnelo" if row.bandeja == GIVEN_BACK else "Asígnelo"
            return self._head(area), f"{give} a quien deba tramitarlo{hurry}."
        away = self.authority.away(row.responsable)
        if away is None:
            read = "Léalo y " if row.estado == "asignado" else ""
            return row.responsable, _capital(f"{read}{answer}.")
        other, name = self.authority.replaced_by(away), self._name(row.responsable)
        if other is not None:
            return other, _capital(f"{answer}: {name} está ausente hasta el {away.hasta}.")
        return self._head(area), (
            f"{name} está ausente hasta el {away.hasta} y nadie hace su trabajo: asígnelo a otra "
            f"persona{hurry}."
        )

    def _awaiting(self, asked: Awaited) -> str:
        day = short_day(asked.hasta)
        if self.today <= asked.hasta:
            return f"Espera al peticionario, que tiene hasta el {day}: no corre término."
        how = (
            "archívela («archivar --sin-respuesta no_aclarada»)"
            if asked.efecto == UNCLEAR
            else "decrete el desistimiento («desistir»)"
        )
        return f"El peticionario tenía hasta el {day} y no respondió: {how}."

    def _letter_task(self, letter: LetterWait, row: OpenRecord) -> tuple[str, str]:
        number = f" {letter.salida}" if letter.salida else ""
        whom = letter.persona or row.responsable or self._head(row.dependencia)
        match letter.bandeja:
            case _ if letter.bandeja == TO_SEND:
                return COUNTER, f"Envíe la respuesta{number}: ya está firmada."
            case _ if letter.bandeja == RETURNS:
                return whom, (
                    f"La respuesta{number} volvió: corrija la dirección o publique el aviso, y "
                    "responda lo que falte."
                )
            case _ if letter.bandeja == TO_REVIEW:
                return whom, "Dé su Vo.Bo. a la respuesta, o diga qué hay que corregir."
            case _ if letter.bandeja == GIVEN_BACK:
                return whom, "Corrija la respuesta: se la devolvieron con reparos."
        return whom, "Revise la respuesta y fírmela."

    def _head(self, area: str | None) -> str:
        """Who heads an área, or stands in for who does while they are away; the head of the
        correspondence unit where nobody does."""
        known = self.authority.areas.get(area or "")
        if known is None or known.jefe is None:
            return HEAD
        away = self.authority.away(known.jefe)
        acts = (e for e in self.authority.encargos if e.de == known.jefe)
        day = self.today.isoformat()
        stand = next((e.persona for e in acts if e.desde <= day <= e.hasta), None)
        return stand if away is not None and stand is not None else known.jefe

    def _name(self, who: str) -> str:
        known = self.authority.personas.get(who)
        return ROLES.get(who, who) if known is None else known.nombre

    def _norm(self, kind: str, received: str) -> str:
        key = (kind, lines.moment(received).date())
        if key not in self._cited:
            self._cited[key] = _rule(*key) or norms.cite(CONTROL, self.today)
        return self._cited[key]


def _rule(kind: str, received: date) -> str | None:
    """What gives a kind its term; None for what has none, also before the table's first row."""
    try:
        rule = term_rows.rule_for(kind, received)
    except Unreckoned:
        return None
    return rule.cita if isinstance(rule, term_rows.Rule) else rule.norma


def worst(alert: Alert) -> tuple[int, bool, str, str]:
    """By this alerts stand in order: the worst first, and of those what goes before its turn."""
    return LEVELS.index(alert.nivel), not alert.prioritario, alert.vence or "", alert.radicado


def pressing(alert: Alert, days: int) -> bool:
    """Whether it is to be told: it is urgent, nobody has it, *days* working days are left, or the
    day on which its área wants it done is there."""
    near = alert.dias_habiles is not None and alert.dias_habiles <= days
    if alert.espera_hasta is not None:
        return alert.nivel == "rojo" or alert.sin_responsable
    early = alert.nivel == "rojo" and alert.vence_interno is not None
    return alert.nivel in URGENT or alert.sin_responsable or near or early


def concerns(alert: Alert, area: str) -> bool:
    """Whether an área has it, or must have its say in it."""
    return area in (alert.dependencia, *alert.conjuntas)


def summary(alerts: Iterable[Alert]) -> Summary:
    """How many there are of each sort; each is looked at once, none is kept."""
    levels, nobody = Counter[Level](), 0
    for alert in alerts:
        levels[alert.nivel] += 1
        nobody += alert.sin_responsable
    return Summary(
        total=levels.total(),
        por_fijar=levels["por_fijar"],
        vencidos=levels["vencido"],
        vence_hoy=levels["vence_hoy"],
        por_vencer=levels["rojo"] + levels["amarillo"],
        sin_responsable=nobody,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
