"""The part of the door that makes a letter of what a person asks: checked, and completed from the
records that it answers.

Who writes and signs it, whom it is for, what it may do to a term. What becomes of it then is for
`records.presenting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import addressees, analogous, fields, lines, norms, numbering, petition, signers
from records.addressees import Addressee
from records.answer import INTERNAL, KINDS, NO_ANSWERS, SENT, Presented
from records.assigning import Assigning
from records.calendar import Calendar
from records.errors import Refused
from records.home import CLERKS
from records.reserve import may_see
from records.tramite import Effect

if TYPE_CHECKING:
    from records.state import State

MAX_COUNT = 100_000
"""More leaves or anexos no letter has."""
INSIDE = "Acuerdo 060 de 2001 (AGN), art. 7"
CONTENT = "Ley 1712 de 2014, art. 21"


class Made(msgspec.Struct, frozen=True):
    """A letter as a file: what was given, and the PDF/A made of it; both lie in the vault."""

    sha256: str
    documento: str
    formato: str
    paginas: int
    hueco: tuple[float, float, float, float] | None
    """Free rectangle of page 1, in points from its top left corner."""
    lectura: str | None


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks for a letter; what is left out follows from the record it answers."""

    hecha: Made | None
    """None: it is signed on paper, and scanned later."""
    a: tuple[str, ...] = ()
    clase: str = SENT
    tipo: str = "respuesta"
    asunto: str = ""
    para: tuple[Addressee, ...] = ()
    dependencias: tuple[str, ...] = ()
    """Áreas that an internal letter is for."""
    parcial: bool = False
    efecto: Effect | None = None
    """What its sending does to the term of what it answers."""
    hasta: str | None = None
    """The last day that an extension tells."""
    publicada: bool = False
    """It answers many petitions alike, and is published for all of them (CPACA, art. 22)."""
    firmante: str | None = None
    """None: the head of the área that writes."""
    dependencia: str | None = None
    """The área that writes; None: that which has the record, or the person's own."""
    revisan: tuple[str, ...] = ()
    folios: int = 0
    """0: as many as pages."""
    anexos: int = 0
    nota: str = ""


class Composing(Assigning):
    """What a letter is to be."""

    def _presentation(
        self, letter: Letter, answered: list[State], actor: str
    ) -> tuple[Presented, dict[str, object]]:
        """The fact of a letter, and its ficha."""
        letter, sight = inside(letter, answered), self.sight
        closed = [s for s in answered if not may_see(s, sight)]
        self._check_kind(letter)
        self._check_effect(letter, answered)
        if letter.publicada:
            analogous.check(answered, [self._kind(s) for s in answered])
            self._say_once(
                "Publíquela en un diario de amplia circulación y en la página web, y dé copia a "
                f"quien la pida ({norms.cite(analogous.TOGETHER, lines.now().date())})."
            )
        _check_counts(letter)
        area = self._writing_area(letter, answered, actor)
        subject = fields.clean_text(letter.asunto) or _answer_subject(answered, closed)
        if not subject:
            raise Refused("sin_asunto", "La carta necesita un asunto.", consejo="Use --asunto.")
        whom = self._addressees(letter, answered, self._nameless(answered))
        signer = letter.firmante or self.authority.areas[area].jefe
        if signer is None:
            raise Refused(
                "sin_firmante",
                f"La dependencia {area} no tiene jefe: diga quién firma.",
                consejo="Use --firmante PERSONA.",
            )
        self.authority.require(signer)
        for reviewer in letter.revisan:
            self.authority.require(reviewer)
        self._power(signer, signer, letter.clase, letter.tipo, area)
        made = letter.hecha
        fact = Presented(
            clase=letter.clase,
            tipo=letter.tipo,
            a=[s.numero.radicado for s in answered if s.numero is not None],
            parcial=letter.parcial or letter.tipo in NO_ANSWERS or letter.efecto is not None,
            efecto=letter.efecto,
            hasta=letter.hasta,
            firmante=signer,
            dependencia=area,
            revisan=list(dict.fromkeys(letter.revisan)),
            destinatarios=[one.recipient() for one in whom],
            dependencias=[self._area(code) for code in dict.fromkeys(letter.dependencias)],
            sha256=made.sha256 if made else None,
            documento=made.documento if made else None,
            formato=made.formato if made else None,
            paginas=made.paginas if made else None,
            folios=letter.folios or (made.paginas if made else 1),
            anexos=letter.anexos,
            hueco=[round(v * 10) for v in made.hueco] if made and made.hueco else None,
            lectura=made.lectura if made else None,
        )
        ficha: dict[str, object] = {"asunto": subject, "destinatarios": [o.who() for o in whom]}
        if note := fields.clean_text(letter.nota):
            ficha["nota"] = note
        return fact, ficha

    def _check_kind(self, letter: Letter) -> None:
        numbering.check_class(self.settings, letter.clase)
        if letter.clase == numbering.RECEIVED:
            raise Refused("clase", "La clase E es la de lo que llega: no se escribe.")
        if letter.tipo not in KINDS:
            raise Refused(
                "tipo_desconocido",
                f"No hay un tipo de carta «{letter.tipo}».",
                consejo=f"Los tipos son: {', '.join(KINDS)}.",
            )
        if (letter.clase == INTERNAL) != bool(letter.dependencias):
            raise Refused(
                "destino",
                "Una comunicación interna va a dependencias; las demás, a destinatarios.",
                consejo="Use --para-dependencia D en un memorando, y --para en una carta.",
                norma=norms.cite(INSIDE, lines.now().date()),
            )

    def comprobar_efecto(
        self, radicado: str, efecto: Effect, motivo: str, hasta: str | None = None
    ) -> None:
        """Whether a letter may have its effect, before anybody writes it; *motivo* is why, or what
        is asked for.

        Raises:
            Refused: the norm does not allow it, or no longer; nothing is said; or the record is
                not one's own.
        """
        state = self._answerable(radicado, self._actor())
        self._effect_of(efecto, state, hasta)
        if not fields.clean_text(motivo):
            raise Refused(
                "sin_motivo",
                "La carta debe decir por qué se manda, o qué se le pide a la persona.",
                consejo="Escríbalo con --motivo, --falta o --que.",
                norma=norms.cite(petition.PROLONG, lines.now().date()),
            )

    def _check_effect(self, letter: Letter, answered: list[State]) -> None:
        for state in answered:
            if letter.efecto is not None:
                self._say_once(*self._effect_of(letter.efecto, state, letter.hasta))

    def _effect_of(self, effect: Effect, state: State, hasta: str | None) -> list[str]:
        """Whether the norm allows what a letter is to do; what should be known of it."""
        calendar = Calendar.of(self.settings.horario)
        awaited = self._awaited(state)
        return petition.check(
            effect, state, self._kind(state), calendar, hasta=hasta, espera=awaited
        )

    def _nameless(self, answered: list[State]) -> list[State]:
        """Records of which the person may not be told who wrote them."""
        return [s for s in answered if not (may_see(s, self.sight) and self.knows(s))]

    def _addressees(
        self, letter: Letter, answered: list[State], closed: list[State]
    ) -> list[Addressee]:
        """Whom a letter is for; *closed* are the records of which the person may not be told who
        wrote them."""
        if letter.clase == INTERNAL:
            areas = [self.authority.areas[self._area(code)] for code in letter.dependencias]
            return [Addressee(nombre=f"{a.codigo} {a.nombre}", medio="interno") for a in areas]
        if letter.publicada:
            return [analogous.everybody(len(answered))]
        said = [addressees.checked(one) for one in letter.para]
        if closed and all(one.copia for one in said):
            raise Refused(
                "sin_destinatario",
                f"No se le muestra quién escribió {_names(closed)}.",
                consejo="Diga a quién va la carta, como se lee en ella: --para.",
                norma=norms.cite(CONTENT, lines.now().date()),
            )
        if all(one.copia for one in said):
            # Who asked twice is written to once.
            said = list(dict.fromkeys([*map(addressees.petitioner, answered), *said]))
        if not said:
            raise Refused("sin_destinatario", "La carta no dice a quién va.", consejo="Use --para.")
        return addressees.limit(said)

    def _writing_area(self, letter: Letter, answered: list[State], actor: str) -> str:
        """The área that writes: as said, that of the record, or the person's own."""
        known = self.authority.personas[actor]
        led = [a.codigo for a in self.authority.areas.values() if self._heads(a.codigo, actor)]
        of_record = [s.tramite.dependencia for s in answered if s.tramite.dependencia]
        for area in (letter.dependencia, *of_record, known.dependencia, *led):
            if area is not None:
                return self._area(area)
        raise Refused(
            "sin_dependencia",
            f"{known.nombre} no es de ninguna dependencia: diga cuál escribe.",
            consejo="Use --dependencia D.",
        )

    def _answerable(self, radicado: str, actor: str, *, papel: bool = False) -> State:
        """A record that may be answered by a person; who numbers paper need not see it."""
        state = self._open_record(radicado, closed=False)
        assert state.numero is not None
        if state.numero.aprobacion is not None and state.numero.clase != INTERNAL:
            raise Refused("no_se_responde", f"{radicado} es una carta de esta entidad.")
        if state.tramite.desistido is not None or state.tramite.trasladado is not None:
            raise petition.refused(
                "cerrado",
                f"{radicado} está {state.estado}: no se responde otra vez.",
                petition.GIVE_UP if state.tramite.desistido is not None else petition.PASS_ON,
            )
        self._warn_of(state)
        if not self._is(actor, *CLERKS):  # the ventanilla presents what others signed on paper
            self._may_act(state, actor)
        elif not papel:
            self._must_see(state)
        return state

    def _warn_of(self, state: State) -> None:
        """Say once what whoever answers a record should know of it."""
        said, number = [], state.radicado
        if (answer := state.tramite.respondido) is not None:
            said.append(
                f"{number} ya se respondió con {answer.salida}: esta carta va además de esa."
            )
        said += [
            f"{number} ya tiene una respuesta con número que no se ha enviado: {a.salida}."
            for a in state.tramite.respuestas.values()
            if a.paso == "aprobada" and not a.parcial
        ]
        calendar = Calendar.of(self.settings.horario)
        silent = not petition.decided(state.tramite.respuestas.values())
        if silent and petition.accepted(self._kind(state), state.due, calendar) is not None:
            cited = norms.cite(petition.PROLONG, lines.now().date())
            said.append(
                f"{number} no se respondió en término y se entiende aceptada: la entrega ya no se "
                f"puede negar ({cited}, num. 1)."
            )
        self._say_once(*said)

    def _say_once(self, *said: str) -> None:
        """Warn of something; a letter is looked at more than once before it is written."""
        self.avisos += [text for text in said if text not in self.avisos]

    def peticionario(self, radicado: str) -> Addressee:
        """Who wrote a record, as an addressee."""
        self.index.catch_up()
        state = self.estado(self.subject(radicado))
        self._must_see(state)
        self._must_know(state)
        return addressees.petitioner(state)

    def _power(self, person: str, firmante: str, clase: str, tipo: str, area: str) -> signers.Power:
        asked = signers.Asked(clase, tipo, area, lines.now().date())
        return signers.power(self.authority, person, asked, firmante)


def whole(letter: Letter) -> bool:
    """Whether a letter decides all that was asked."""
    return not letter.parcial and letter.tipo not in NO_ANSWERS and letter.efecto is None


def inside(letter: Letter, answered: list[State]) -> Letter:
    """What answers an internal letter goes to the área that wrote it, unless somebody is named."""
    wrote = [s.carta.presentada.dependencia for s in answered if s.carta.presentada is not None]
    if letter.clase != SENT or letter.para or not wrote or len(wrote) < len(answered):
        return letter
    return msgspec.structs.replace(letter, clase=INTERNAL, dependencias=tuple(wrote))


def _check_counts(letter: Letter) -> None:
    for name, told in (("folios", letter.folios), ("anexos", letter.anexos)):
        if not 0 <= told <= MAX_COUNT:
            raise Refused(
                "cantidad",
                f"«{told}» no puede ser el número de {name}.",
                consejo=f"Va de 0 a {MAX_COUNT}; sin --folios se cuentan las páginas.",
            )


def _names(states: list[State]) -> str:
    return ", ".join(s.numero.radicado for s in states if s.numero is not None)


def _answer_subject(answered: list[State], closed: list[State]) -> str:
    said = [
        _names([s]) + ("" if s in closed else f": {s.campos.get('asunto') or 'sin asunto'}")
        for s in answered
    ]
    return f"Respuesta a {'; '.join(said)}"[:500] if said else ""
