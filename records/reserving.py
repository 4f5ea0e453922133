"""The part of the door that says who may see a record: its level, persons let in, what is shown to
the others, and the index of what is withheld (Ley 1712 de 2014, arts. 18 to 22).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from records import fields, grounds, letters_index, lines, norms, reserve
from records.correction import HEAD, check_reason
from records.errors import Refused
from records.guard import COUNTER, Guarded
from records.journal import Draft
from records.reserve import (
    LEVELS,
    PUBLIC,
    RESERVED,
    Classified,
    Grant,
    OfAccess,
    Permitted,
    PublicVersion,
    Withdrawn,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from records.grounds import Ground
    from records.state import State

CONTENT = "Ley 1712 de 2014, art. 21"
LASTS = "Ley 1712 de 2014, art. 22"
BURDEN = "Ley 1712 de 2014, art. 28"
PRIVATE = "Ley 1712 de 2014, art. 18"


class Standing(msgspec.Struct, frozen=True):
    """How a record stands after an act on who may see it."""

    radicado: str
    evento: str
    estado: str
    vence: str | None
    nivel: str
    fundamento: str | None
    norma: str | None
    hasta: str | None
    permitidos: list[Grant]
    """Persons who were let in by name."""
    version_publica: str | None
    """SHA-256 of the rendition that the others are shown."""
    identidad_protegida: bool
    """Whether who wrote it is kept."""


class Reserving(Guarded):
    """Classify, let in, shut out, publish a version, list."""

    def clasificar(
        self,
        radicado: str,
        nivel: str,
        *,
        fundamento: str | None = None,
        hasta: date | None = None,
        norma: str | None = None,
        motivo: str | None = None,
        acto: str | None = None,
    ) -> Standing:
        """Say of which level a record is from now on; *hasta* is its last day.

        *fundamento* is a code of `grounds`, *norma* the law that forbids access, *acto* the act
        that orders it. The motive and the act are published in the index of art. 20. What must not
        be seen is withheld at once: a ground or a motive may follow, and is asked for (`avisos`); a
        reserve whose end nobody tells ends with the longest term of the law. Letters that answer it
        and have their number are withheld with it.

        Raises:
            Refused: the person may not, the ground is not of that level, or a reserve would last
                longer than 15 years from its first day.
        """
        if nivel not in LEVELS:
            raise Refused(
                "nivel_desconocido",
                f"«{nivel}» no es un nivel.",
                consejo=f"Los niveles son: {', '.join(LEVELS)}.",
            )
        reason = None if motivo is None else check_reason(motivo)
        if nivel == PUBLIC and reason is None:
            check_reason("")
        law, act = fields.clean_text(norma or ""), fields.clean_text(acto or "")
        _ground_of(nivel, fundamento)
        if nivel == PUBLIC and (hasta or law):
            raise Refused("sobra", "Lo público no tiene término ni norma que lo reserve.")

        def fact(state: State) -> Classified:
            self._may_classify(state, nivel)
            end = _end(state, nivel, hasta)
            said = Classified(
                radicado=state.radicado, nivel=_level(nivel), fundamento=fundamento,
                hasta=end.isoformat() if end else None, norma=law or None,
            )  # fmt: skip
            held = state.acceso.clasificado
            if said == held or (nivel == PUBLIC and held is None):
                raise Refused("sin_cambio", f"{state.radicado} ya está así.")
            return said

        told = {name: said for name, said in (("motivo", reason), ("acto", act)) if said}
        done = self._on_access(radicado, fact, told or None)
        if nivel != PUBLIC and (fundamento is None or reason is None):
            self.avisos.append(
                f"{done.radicado} ya no se muestra. Falta su "
                f"{'fundamento' if fundamento is None else 'motivo'}: dígalo con «clasificar "
                f"{done.radicado} --nivel {nivel} --fundamento F --motivo T»; sin él no se puede "
                f"negar a quien lo pida ({norms.cite(BURDEN, lines.now().date())})."
            )
        elif nivel == RESERVED and not law:
            self.avisos.append(
                "El artículo 19 pide que una norma prohíba el acceso: dígala con --norma; sin ella "
                "la reserva no se sostiene ante quien la discuta."
            )
        return done

    def permitir(self, radicado: str, persona: str, hasta: date | None = None) -> Standing:
        """Let a person see a record, and know who wrote it where that is kept, until a day
        (included) where one is told."""
        self.authority.require(persona)

        def fact(state: State) -> Permitted:
            self._may_open(state)
            _check_withheld(state)
            if hasta is not None and hasta < lines.now().date():
                raise Refused("fecha_pasada", "El permiso es hasta un día que viene.")
            known = persona in state.acceso.permisos
            if not known and self._sees_all(state, persona):
                raise Refused("ya_lo_ve", f"{persona} ya puede ver {state.radicado}.")
            day = hasta.isoformat() if hasta else None
            if known and state.acceso.permisos[persona] == day:
                raise Refused("sin_cambio", f"{state.radicado} ya está así.")
            return Permitted(radicado=state.radicado, persona=persona, hasta=day)

        return self._on_access(radicado, fact)

    def retirar(self, radicado: str, persona: str) -> Standing:
        """Shut out a person who was let in, informed, or asked for a Vo.Bo. by name."""

        def fact(state: State) -> Withdrawn:
            self._may_open(state)
            if persona not in {*state.acceso.permisos, *state.acceso.nombrados}:
                raise Refused(
                    "sin_permiso_que_retirar",
                    f"Nadie dio acceso a {persona} en {state.radicado}.",
                    consejo="Quien lo tiene, o dirige su dependencia, lo ve por eso: reasígnelo.",
                )
            return Withdrawn(radicado=state.radicado, persona=persona)

        done = self._on_access(radicado, fact)
        if self._sees_all(self.estado(self.subject(radicado, imported=True)), persona):
            self.avisos.append(f"{persona} lo sigue viendo por su cargo o porque lo tramita.")
        return done

    def _sees_all(self, state: State, persona: str) -> bool:
        sight = self.sight_of(persona)
        return reserve.may_see(state, sight) and reserve.may_see_identity(state, sight)

    def sin_tapar(self, radicado: str) -> list[bytes]:
        """The PDFs of a record, for a public version to be compared with.

        Raises:
            Refused: its content, or who wrote it, is withheld from who asks.
        """
        self.index.catch_up()
        state = self.estado(self.subject(radicado, imported=True))
        self._must_see(state)
        self._must_know(state)
        self._note_reading(state, "version_publica", whole=True)
        found = [
            self.vault.read(d.sha256)
            for d in state.documentos
            if d.rol in ("original", "registro") and self.vault.relative(d.sha256)
        ]
        return [data for data in found if data.startswith(b"%PDF-")]

    def publicar_version(self, radicado: str, pdf: bytes, *, entregado: str) -> Standing:
        """Keep a rendition of a withheld record that everybody may see (art. 21).

        *pdf* was drawn anew from a file whose SHA-256 is *entregado*: what was covered there is not
        in it (`ingest.redaction`).

        Raises:
            Refused: the person may not, the record is public, or the file is one of its documents.
        """

        def fact(state: State) -> PublicVersion:
            if state.tramite.responsable not in self.sight.personas:
                self._may_open(state)
            _check_withheld(state)
            original = next((d for d in state.documentos[::-1] if d.rol == "original"), None)
            if original is None:
                raise Refused("imagen_pendiente", f"{state.radicado} aún no tiene imagen.")
            if {entregado, lines.sha256(pdf)} & {d.sha256 for d in state.documentos}:
                raise Refused(
                    "es_el_mismo",
                    "Ese archivo es un documento del radicado, tal como está: no oculta nada.",
                    consejo="Tape en una copia lo que se reserva, y entregue esa copia.",
                    norma=norms.cite(CONTENT, lines.now().date()),
                )
            digest = self.vault.put(pdf, "pdf")
            return PublicVersion(radicado=state.radicado, sha256=digest, original=original.sha256)

        return self._on_access(radicado, fact)

    # -- within -------------------------------------------------------------------------------

    def _on_access(
        self,
        radicado: str,
        fact: Callable[[State], OfAccess],
        ficha: dict[str, str] | None = None,
    ) -> Standing:
        """Append one fact on who may see a record, annulled and filed ones included."""
        self._look_again()
        actor = self.authority.require(self.persona).id
        with self._writing() as writer:
            self.index.catch_up()
            state = self._writable(self.subject(radicado, imported=True))
            said = fact(state)
            drafts = [Draft(said, state.subject, actor, self._after(state.subject), ficha)]
            drafts += self._also(state, said, ficha or {}, actor)
            event = writer.append_all(drafts)[0]
        self.index.catch_up()
        return self._standing(self.estado(event.subject), event.hash)

    def _also(self, state: State, said: OfAccess, ficha: dict[str, str], actor: str) -> list[Draft]:
        """What else is said of other records, in the same write."""
        if isinstance(said, Classified):
            return self._followed_by(state, said, ficha.get("acto", ""), actor)
        return []

    def _followed_by(self, state: State, said: Classified, acto: str, actor: str) -> list[Draft]:
        """The letters that answer a record, and what answers those: as withheld as it is now."""
        today, first = lines.now().date().isoformat(), state.radicado
        out: list[Draft] = []
        asked, seen = [first], {state.subject}
        follow: list[str] = []
        stay: list[str] = []
        while asked:
            radicado = asked.pop()
            for subject in letters_index.answering(self.index, radicado):
                letter = self._writable(subject)
                held = reserve.strength(letter.acceso.clasificado, today)
                if subject in seen or held == reserve.strength(said, today):
                    continue
                seen.add(subject)
                asked.append(letter.radicado)
                if held > reserve.strength(said, today):
                    stay.append(f"{letter.radicado} ({letter.acceso.nivel(today)})")
                    continue
                fact = msgspec.structs.replace(said, radicado=letter.radicado)
                why = {"motivo": f"Responde a {radicado}", "acto": acto}
                follow.append(letter.radicado)
                out.append(Draft(fact, subject, actor, self._after(subject), why))
        if follow:
            self.avisos.append(
                f"Se clasifica igual lo que responde a {first}: {', '.join(follow)}."
            )
        if stay:
            self.avisos.append(
                f"Sigue como está, hasta que se clasifique aparte, lo que responde a {first}: "
                f"{', '.join(stay)}."
            )
        return out

    def _standing(self, state: State, event: str) -> Standing:
        access = state.acceso
        level = access.nivel(lines.now().date().isoformat())
        said = access.clasificado if level != PUBLIC else None
        return Standing(
            radicado=state.radicado,
            evento=event,
            estado=state.estado,
            vence=state.vence,
            nivel=level,
            fundamento=said.fundamento if said else None,
            norma=said.norma if said else None,
            hasta=said.hasta if said else None,
            permitidos=[Grant(persona=p, hasta=day) for p, day in access.permisos.items()],
            version_publica=access.version,
            identidad_protegida=access.identidad_protegida,
        )

    def _may_classify(self, state: State, nivel: str) -> None:
        """The head of the área that has it or of the correspondence unit; the counter may withhold
        what nobody has begun, and then no more."""
        sight, way = self.sight, state.tramite
        fresh = not way.conocido and state.acceso.nivel(sight.hoy) == PUBLIC != nivel
        if not (COUNTER in sight.roles and fresh):
            self._may_open(state)

    def _may_open(self, state: State) -> None:
        sight, area = self.sight, state.tramite.dependencia
        if HEAD in sight.roles or (area is not None and area in sight.dirige):
            return
        self._must_see(state)
        raise Refused(
            "no_clasifica",
            f"Quién ve {state.radicado} lo dice quien dirige {area or 'correspondencia'}, o el "
            "jefe de correspondencia.",
            consejo="Pídaselo; la ventanilla solo clasifica lo que nadie ha empezado a tramitar.",
            norma=norms.cite(CONTENT, lines.now().date()),
        )


def _ground_of(nivel: str, code: str | None) -> Ground | None:
    """The ground of a classification.

    Raises:
        Refused: it is of another level, or it is not in force today.
    """
    if nivel == PUBLIC:
        if code is not None:
            raise Refused("sobra", "Lo público no necesita fundamento.")
        return None
    if code is None:
        return None
    ground, today = grounds.find(code), lines.now().date()
    if ground is None or ground.nivel != nivel or not ground.holds(today):
        serve = ", ".join(g.codigo for g in grounds.table() if g.nivel == nivel and g.holds(today))
        raise Refused(
            "fundamento",
            f"«{code}» no es un fundamento de la información {nivel}.",
            consejo=f"Sirven: {serve}. «clasificar --fundamentos» los explica.",
            norma=norms.cite(PRIVATE if nivel != RESERVED else f"{grounds.LAW}, art. 19", today),
        )
    return ground


def _end(state: State, nivel: str, hasta: date | None) -> date | None:
    """The last day: still to come, and a reserve's not beyond its 15 years, which are its end where
    none is told."""
    today = lines.now().date()
    if hasta is not None and hasta < today:
        raise Refused("fecha_pasada", f"{hasta.isoformat()} ya pasó.")
    if nivel != RESERVED:
        return hasta
    began = state.acceso.reservado_desde
    most = reserve.last_day(date.fromisoformat(began) if began else today)
    if hasta is not None and hasta > most:
        since = f" desde el {began}, cuando se reservó" if began else ""
        raise Refused(
            "termino_de_la_reserva",
            f"Una reserva dura a lo sumo {reserve.MOST_YEARS} años{since}.",
            consejo=f"Use --hasta con un día no posterior al {most.isoformat()}.",
            norma=norms.cite(LASTS, today),
        )
    return hasta or most


def _check_withheld(state: State) -> None:
    access = state.acceso
    public = access.nivel(lines.now().date().isoformat()) == PUBLIC
    if public and not access.identidad_protegida:
        raise Refused("es_publico", f"{state.radicado} es público: lo ve cualquiera.")


def _level(nivel: str) -> reserve.Level:
    level: reserve.Level = msgspec.convert(nivel, reserve.Level)
    return level
