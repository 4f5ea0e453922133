"""The part of the door that moves a record through the office: who has it, who is awaited.

The correspondence unit says which área it is for; the área's head gives it to a person, passes it
on or gives it back with a reason and within a time; the second time the head of the correspondence
unit decides. Nothing here stops the clock of the answer (Acuerdo 060 de 2001, arts. 3 and 8).
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from records import fields, lines, norms, petition
from records.correction import HEAD, check_reason
from records.errors import Refused
from records.journal import Draft
from records.looking import Looking
from records.numbering import ORDER, RECEIVED
from records.tramite import (
    Acknowledged,
    Assigned,
    Informed,
    InformSeen,
    Noted,
    OfRecord,
    Returned,
    ReviewAsked,
    ReviewGiven,
    Scheduled,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from records.events import Event
    from records.fact import Fact
    from records.state import State
    from records.tail import Tail

CONTROL = "Acuerdo 060 de 2001 (AGN), art. 8"
ANSWER = "Ley 1437 de 2011 (CPACA), art. 14"
OPENERS = ("ventanilla", HEAD)


class Moved(msgspec.Struct, frozen=True):
    """What an act made of a record."""

    radicado: str
    evento: str
    estado: str
    vence: str | None
    dependencia: str | None
    responsable: str | None


class Assigning(Looking):
    """Assign, give back, tell, ask for a Vo.Bo., note, put off, file."""

    # -- handing over -------------------------------------------------------------------------

    def asignar(
        self,
        radicados: Sequence[str],
        dependencia: str,
        responsable: str | None = None,
        *,
        conjuntas: Iterable[str] | None = None,
        nota: str | None = None,
    ) -> list[Moved]:
        """Give records to an área, and in it to a person; several are one act, with one `lote`.

        *conjuntas* are the áreas that intervene; None: those that do, while the área is the same.

        Raises:
            Refused: one of them cannot go there, or the person may not send it; then none moves.
        """
        actor = self._actor()
        area = self._area(dependencia)
        said = None if conjuntas is None else [self._area(code) for code in conjuntas]
        others = said or []
        if area in others or len(set(others)) < len(others):
            raise Refused("conjuntas", "Una dependencia está dos veces.")
        if responsable is not None:
            self._member(responsable, area)
        lote = secrets.token_hex(8) if len(radicados) > 1 else None

        def fact(state: State) -> OfRecord:
            way = state.tramite
            self._may_hand(state, actor)
            others = (way.conjuntas if way.dependencia == area else []) if said is None else said
            same = (way.dependencia, way.responsable, way.conjuntas) == (area, responsable, others)
            if same:
                raise Refused("sin_cambio", f"{state.radicado} ya está así.")
            decide = way.por_decidir
            return Assigned(
                radicado=state.radicado, dependencia=area, responsable=responsable,
                conjuntas=others, decide=decide, lote=lote,
            )  # fmt: skip

        moved = self._act(radicados, fact, actor, _remark(nota))
        self._tell_away(responsable)
        return moved

    def devolver(self, radicado: str, motivo: str) -> Moved:
        """Say that a record is not this área's matter: it goes back where it came from.

        Within the hours of `[tramite]`; the second time it goes to the head of the correspondence
        unit, whose decision is not given back.
        """
        actor, reason = self._actor(), check_reason(motivo)

        def fact(state: State) -> OfRecord:
            way = state.tramite
            if way.dependencia is None:
                raise Refused("sin_dependencia", f"{state.radicado} no está en ninguna área.")
            self._may_act(state, actor)
            petition.open_(state, CONTROL)
            if way.decidido == way.dependencia:
                raise self._against(
                    "ya_decidido",
                    f"El jefe de correspondencia ya decidió que {state.radicado} es de "
                    f"{way.dependencia}.",
                    "Respóndalo, o tramite el traslado por competencia si es de otra entidad.",
                )
            hours = self.settings.tramite.devolver_horas
            if lines.now() - lines.moment(way.desde) > timedelta(hours=hours):
                raise self._against(
                    "devolucion_tardia",
                    f"{state.radicado} está en {way.dependencia} desde "
                    f"{lines.read_hour(way.desde)}: pasaron las {hours} horas para devolverlo.",
                    "Asígnelo usted al área que deba tenerlo, o pídalo al jefe de correspondencia.",
                )
            again = way.devoluciones >= 1
            return Returned(
                radicado=state.radicado, de=way.dependencia,
                a=None if again else way.antes, decide=again,
            )  # fmt: skip

        return self._act([radicado], fact, actor, {"motivo": reason})[0]

    def tomar_conocimiento(self, radicado: str) -> Moved:
        """Say that one has read it: the área begins, or who was informed is."""
        actor = self._actor()

        mine = self.authority.works_for(actor)

        def fact(state: State) -> OfRecord:
            way = state.tramite
            for told, inform in way.informes.items():
                if inform.persona in mine or self._heads(inform.dependencia, actor):
                    return InformSeen(radicado=state.radicado, informe=told)
            if way.dependencia is None:
                raise Refused("sin_dependencia", f"{state.radicado} no está en ninguna área.")
            self._may_act(state, actor)
            if way.conocido:
                raise Refused("ya_conocido", f"{state.radicado} ya está en trámite.")
            return Acknowledged(radicado=state.radicado, dependencia=way.dependencia)

        return self._act([radicado], fact, actor)[0]

    # -- telling and asking -------------------------------------------------------------------

    def informar(
        self,
        radicados: Sequence[str],
        *,
        dependencia: str | None = None,
        persona: str | None = None,
        nota: str | None = None,
    ) -> list[Moved]:
        """Tell an área or a person of records; they need not act."""
        actor = self._actor()
        if (dependencia is None) == (persona is None):
            raise Refused("a_quien", "Diga a qué dependencia o a qué persona se informa.")
        area = None if dependencia is None else self._area(dependencia)
        if persona is not None:
            self.authority.require(persona)
        lote = secrets.token_hex(8) if len(radicados) > 1 else None

        def fact(state: State) -> OfRecord:
            if self.withheld(state) is not None:  # who is told of it is let in
                self._may_act(state, actor)
            told = state.tramite.informes.values()
            if any((w.dependencia, w.persona) == (area, persona) for w in told):
                raise Refused("ya_informado", f"Ya se le informó de {state.radicado}.")
            return Informed(radicado=state.radicado, dependencia=area, persona=persona, lote=lote)

        return self._act(radicados, fact, actor, _remark(nota))

    def pedir_vobo(self, radicado: str, persona: str, *, nota: str | None = None) -> Moved:
        """Ask a person for their Vo.Bo."""
        actor = self._actor()
        self.authority.require(persona)

        def fact(state: State) -> OfRecord:
            self._may_act(state, actor, joint=True)
            if any(w.persona == persona for w in state.tramite.vobos.values()):
                raise Refused("ya_pedido", f"Ya se le pidió el Vo.Bo. de {state.radicado}.")
            return ReviewAsked(radicado=state.radicado, persona=persona)

        return self._act([radicado], fact, actor, _remark(nota))[0]

    def dar_vobo(self, radicado: str, *, conforme: bool, nota: str | None = None) -> Moved:
        """Answer a request for one's Vo.Bo.; who does not agree says why.

        Who has the record, or heads its área, gives theirs unasked.
        """
        actor = self._actor()
        said = _remark(nota)
        if not conforme and said is None:
            check_reason("")
        self.index.catch_up()
        if not self._asked_of(self.estado(self.subject(radicado)), actor):
            self._ask_oneself(radicado, actor)

        def fact(state: State) -> OfRecord:
            asked = self._asked_of(state, actor)
            if asked is None:
                raise Refused("cambio_entretanto", "Otra persona lo dio entretanto. Revíselo.")
            return ReviewGiven(radicado=state.radicado, pedido=asked, conforme=conforme)

        return self._act([radicado], fact, actor, said)[0]

    def _asked_of(self, state: State, actor: str) -> str | None:
        """The line that asked a person, or whom they work for, for their Vo.Bo."""
        mine = self.authority.works_for(actor)
        return next((h for h, w in state.tramite.vobos.items() if w.persona in mine), None)

    def _ask_oneself(self, radicado: str, actor: str) -> None:
        """Who has a record may say what they think of it; others are asked first."""

        def fact(state: State) -> OfRecord:
            if not self._has(state, actor, joint=True):
                raise Refused(
                    "sin_pedido",
                    f"Nadie le ha pedido el Vo.Bo. de {state.radicado}.",
                    consejo="Para pedirlo: «vobo R --pide PERSONA».",
                )
            return ReviewAsked(radicado=state.radicado, persona=actor)

        self._act([radicado], fact, actor)

    def anotar(self, radicado: str, texto: str) -> Moved:
        """Keep a remark with a record."""
        actor = self._actor()
        text = fields.clean_text(texto)
        if not text:
            raise Refused("sin_nota", "La nota está vacía.")
        return self._act(
            [radicado], lambda s: Noted(radicado=s.radicado), actor, {"nota": text}, closed=True,
            imported=True,
        )[0]  # fmt: skip

    def agendar(self, radicado: str, hasta: date) -> Moved:
        """Put a record out of sight until a day; its term runs on."""
        actor = self._actor()

        def fact(state: State) -> OfRecord:
            self._may_act(state, actor)
            petition.open_(state, CONTROL)
            if hasta <= lines.now().date():
                raise Refused("fecha_pasada", "La agenda es para un día que viene.")
            if state.vence and hasta.isoformat() > state.vence[:10]:
                raise Refused(
                    "despues_del_termino",
                    f"{state.radicado} vence el {state.vence[:10]}, antes de ese día.",
                    consejo="La agenda no corre el término: elija un día anterior.",
                )
            return Scheduled(radicado=state.radicado, hasta=hasta.isoformat())

        return self._act([radicado], fact, actor)[0]

    # -- shared -------------------------------------------------------------------------------

    def _act(
        self,
        radicados: Sequence[str],
        fact: Callable[[State], OfRecord],
        actor: str,
        ficha: dict[str, str] | None = None,
        *,
        closed: bool = False,
        imported: bool = False,
    ) -> list[Moved]:
        """Append one fact for each record, all in one write, or none."""
        wanted = list(dict.fromkeys(r.strip().upper() for r in radicados))
        with self._writing() as writer:
            drafts = []
            for radicado in wanted:
                state = self._open_record(radicado, closed=closed, imported=imported)
                self._must_see(state)
                drafts.append(self._on(state, fact(state), actor, ficha))
            events = writer.append_all(drafts)
        self.index.catch_up()
        return [self._moved(event) for event in events]

    def _on(
        self,
        state: State,
        fact: Fact | Callable[[Tail], Fact],
        actor: str,
        ficha: dict[str, str] | None = None,
    ) -> Draft:
        """What comes next on a record."""
        return Draft(fact, state.subject, actor, self._after(state.subject), ficha)

    def _moved(self, event: Event) -> Moved:
        state = self.estado(event.subject)
        way = state.tramite
        return Moved(
            state.radicado, event.hash, state.estado, state.vence, way.dependencia, way.responsable
        )

    def _open_record(self, radicado: str, *, closed: bool, imported: bool = False) -> State:
        self.index.catch_up()
        state = self._writable(self.subject(radicado, imported=imported))
        if state.anulado is not None:
            raise petition.refused(
                "anulado",
                f"{state.radicado} está anulado: no tiene trámite.",
                ORDER,
                "Lo que pedía se tramita con el radicado que lo reemplaza: «ver» dice por qué.",
            )
        if state.tramite.archivado is not None and not closed:
            raise Refused(
                "archivado",
                f"{radicado} está archivado: solo admite notas.",
                norma=norms.cite(CONTROL, lines.now().date()),
            )
        return state

    def _actor(self) -> str:
        self._look_again()
        return self.authority.require(self.persona).id

    def _area(self, code: str) -> str:
        return self.authority.area(code).codigo

    def _member(self, person: str, area: str) -> None:
        found = self.authority.require(person)
        if found.dependencia not in (None, area) and not self._heads(area, person):
            raise Refused(
                "otra_dependencia",
                f"{found.nombre} es de la dependencia {found.dependencia}, no de {area}.",
                consejo="Asígnelo a su dependencia, o cambie la de la persona.",
            )

    def _tell_away(self, person: str | None) -> None:
        """Warn that who gets something is away, and who does their work."""
        away = self.authority.away(person)
        if away is None:
            return
        people = self.authority.personas
        other = self.authority.replaced_by(away)
        whom = (
            f"entre tanto ve su bandeja {people[other].nombre}" if other else "nadie lo reemplaza"
        )
        self.avisos.append(
            f"{people[away.persona].nombre} está ausente hasta el {away.hasta}; {whom}."
        )

    def _heads(self, area: str | None, actor: str) -> bool:
        """Whether a person heads an área, or stands in for who does."""
        return self.authority.heads(area, actor)

    def _is(self, actor: str, *roles: str) -> bool:
        return bool(set(roles) & self.authority.roles_of(actor))

    def _may_act(self, state: State, actor: str, *, joint: bool = False) -> None:
        """Refuse to act on a record that is not one's own (`_has`)."""
        if not self._has(state, actor, joint=joint):
            raise self._against(
                "no_es_suyo",
                f"{state.radicado} está en {state.tramite.dependencia or 'por repartir'}: "
                f"{self.authority.personas[actor].nombre} no lo tiene.",
                "Pídalo al jefe de esa dependencia, o al de correspondencia.",
            )

    def _has(self, state: State, actor: str, *, joint: bool = False) -> bool:
        """Who has a record acts on it: the person, the área's head, whoever stands in for them;
        with *joint* also the head of another área that must have its say."""
        way = state.tramite
        mine = self.authority.works_for(actor)
        known = self.authority.personas[actor]
        own = way.responsable in mine or (
            way.responsable is None and known.dependencia == way.dependencia is not None
        )
        areas = [way.dependencia, *(way.conjuntas if joint else ())]
        shared = any(self._heads(a, actor) for a in areas)
        return own or shared or self._is(actor, HEAD)

    @staticmethod
    def _received(state: State, norm: str) -> None:
        """Refuse what is only for a communication that came."""
        if state.numero is None or state.numero.clase != RECEIVED:
            raise petition.refused(
                "no_recibida", f"{state.radicado} no es una comunicación recibida.", norm
            )

    def _may_hand(self, state: State, actor: str) -> None:
        way = state.tramite
        if way.por_decidir and not self._is(actor, HEAD):
            raise self._against(
                "lo_decide_el_jefe",
                f"{state.radicado} volvió dos veces: decide el jefe de correspondencia.",
                "Avísele; el término sigue corriendo.",
            )
        if not way.conocido and self._is(actor, *OPENERS):
            return
        self._may_act(state, actor)

    @staticmethod
    def _against(code: str, said: str, advice: str) -> Refused:
        cited = norms.cite(CONTROL, lines.now().date())
        return Refused(code, said, consejo=advice, norma=cited)


def _remark(text: str | None) -> dict[str, str] | None:
    kept = fields.clean_text(text or "")
    return {"nota": kept} if kept else None
