"""The part of the door for what the office writes: a letter presented for signature, and found.

A letter answers records, or begins by itself, or stays inside. What it lacks follows from the
record that it answers. Reviews, signatures and numbers are for `records.answering`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import (
    addressees,
    analogous,
    fields,
    letters_index,
    lines,
    norms,
    numbering,
    petition,
    signers,
)
from records.addressees import Addressee
from records.answer import INTERNAL, KINDS, NO_ANSWERS, SENT, Presented
from records.assigning import Assigning
from records.calendar import Calendar
from records.errors import Refused
from records.home import CLERKS
from records.journal import Draft
from records.letter_views import LetterView, letter_view
from records.query import seen_by
from records.reserve import may_see
from records.schema import JOINED
from records.sealing import Sealing
from records.tramite import AnswerMoved, Effect, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from records.events import Event
    from records.fact import Fact
    from records.letters_index import LetterRow
    from records.state import State
    from records.tail import Tail

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


class Directed(msgspec.Struct, frozen=True):
    """Who writes and signs a letter, and whom it is for, as its text says them."""

    dependencia: str
    firmante: str
    para: list[Addressee]
    propio: bool
    """It goes to the one who wrote what it answers, as the record has them."""


class LetterMoved(msgspec.Struct, frozen=True):
    """What an act made of a letter."""

    carta: str
    evento: str
    estado: str
    """Of the record that it answers; of the letter where it answers none."""
    vence: str | None
    radicados: list[str]
    salida: str | None = None


class Presenting(Assigning, Sealing):
    """Present, correct, list."""

    def presentar(self, letter: Letter, *, carta: str | None = None) -> LetterMoved:
        """Present a letter for signature, or a corrected one in the place of *carta*.

        Raises:
            Refused: a record is not one's own or takes no answer, the signer may not sign such
                letters (art. 4), or something that a letter needs is missing.
        """
        actor = self._actor()
        old = None if carta is None else self._own_letter(carta, actor)
        letter = self._with_joined(letter, old)
        answered = [self._answerable(r, actor) for r in letter.a]
        if carta is None and whole(letter):
            self._only_one(letter.a)
        fact, ficha = self._presentation(letter, answered, actor)
        with self._writing() as writer:
            if old is not None:
                again = self._unsigned(old.subject)
                if again.carta.presentada is None or again.carta.presentada.a != fact.a:
                    raise Refused("otra_carta", "Esa carta responde otros radicados.")
                draft = Draft(fact, old.subject, actor, self._after(old.subject), ficha)
                events = writer.append_all([draft])
            else:
                subject = f"{self.punto}.{writer.next_seq()}"
                first = Draft(fact, subject, actor, (), ficha)
                told = self._tell(answered, subject, "presentada", actor, fact)
                events = writer.append_all([first, *told])
        return self._letter_moved(events[0])

    def dirigir(self, letter: Letter, *, carta: str | None = None) -> Directed:
        """Who writes, signs and gets a letter that is still to be made of a template.

        Raises:
            Refused: as `presentar`, as far as that does not hang on the file.
        """
        actor = self._actor()
        letter = self._with_joined(letter, None)
        answered = [self._answerable(r, actor) for r in letter.a]
        if carta is None and whole(letter):
            self._only_one(letter.a)
        letter = _inside(letter, answered)
        fact, _ = self._presentation(letter, answered, actor)
        own = len(answered) == 1 and all(one.copia for one in letter.para) and not fact.dependencias
        closed = self._nameless(answered)
        whom = self._addressees(letter, answered, closed)
        return Directed(fact.dependencia, fact.firmante, whom, own)

    def _with_joined(self, letter: Letter, old: State | None) -> Letter:
        """What decides a record decides those that were joined to it (CPACA, art. 36), but for
        what was answered or ended since; a letter that is corrected answers what it did."""
        before = old.carta.presentada if old is not None else None
        if before is not None and {r.strip().upper() for r in letter.a} <= set(before.a):
            return msgspec.structs.replace(letter, a=tuple(before.a))
        if not whole(letter) or not letter.a:
            return letter
        self.index.catch_up()
        named = [r.strip().upper() for r in letter.a]
        joined = [j for r in named for j in self.index.tied(r, JOINED)]
        going = [j for j in joined if not self.estado(self.subject(j)).tramite.cerrado]
        return msgspec.structs.replace(letter, a=tuple(dict.fromkeys((*named, *going))))

    def _only_one(self, radicados: Sequence[str], more: str = "") -> None:
        """One whole answer at a time waits for its signature; *more* is advice besides, with the
        letter's id for its `{}`."""
        for radicado in radicados:
            for subject in letters_index.unsigned(self.index, radicado.strip().upper()):
                made = self.estado(subject).carta.presentada
                if made is not None and not made.parcial:
                    raise Refused(
                        "ya_presentada",
                        f"{radicado} ya tiene una respuesta por firmar: {subject}.",
                        consejo=f"Corríjala con --carta {subject}, retírela con «carta retirar», "
                        f"o responda por partes con --parcial{more.format(subject)}.",
                    )

    def _presentation(
        self, letter: Letter, answered: list[State], actor: str
    ) -> tuple[Presented, dict[str, object]]:
        """The fact of a letter, and its ficha."""
        letter, sight = _inside(letter, answered), self.sight
        closed = [s for s in answered if not may_see(s, sight)]
        self._check_kind(letter)
        self._check_effect(letter, answered)
        if letter.publicada:
            analogous.check(answered, [self._kind(s) for s in answered])
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

    def comprobar_efecto(self, radicado: str, efecto: Effect, hasta: str | None = None) -> None:
        """Whether a letter may have its effect, before anybody writes it.

        Raises:
            Refused: the norm does not allow it, or no longer; or the record is not one's own.
        """
        state = self._answerable(radicado, self._actor())
        self._effect_of(efecto, state, hasta)

    def _check_effect(self, letter: Letter, answered: list[State]) -> None:
        for state in answered:
            if letter.efecto is not None:
                said = self._effect_of(letter.efecto, state, letter.hasta)
                self.avisos += [text for text in said if text not in self.avisos]

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
            said = [*map(addressees.petitioner, answered), *said]
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
        if (answer := state.tramite.respondido) is not None:
            self.avisos.append(
                f"{radicado} ya se respondió con {answer.salida}: esta carta va además de esa."
            )
        if not self._is(actor, *CLERKS):  # the ventanilla presents what others signed on paper
            self._may_act(state, actor)
        elif not papel:
            self._must_see(state)
        return state

    def peticionario(self, radicado: str) -> Addressee:
        """Who wrote a record, as an addressee."""
        self.index.catch_up()
        state = self.estado(self.subject(radicado))
        self._must_see(state)
        self._must_know(state)
        return addressees.petitioner(state)

    # -- shared -------------------------------------------------------------------------------

    def cartas(self, *, todas: bool = False) -> list[LetterRow]:
        """Letters that wait for signature, oldest first; with *todas*, numbered ones too."""
        self.index.catch_up()
        kept = "c.estado<>'retirado'" if todas else "c.estado='por_aprobar'"
        return letters_index.letters(self.index, kept, seen_by(self.sight, "r.id"))

    def carta(self, text: str) -> LetterView:
        """A letter by its id, its number, or what it answers."""
        self.index.catch_up()
        subject = self.index.subject_of(text.strip().upper())
        if subject is None and letters_index.numbered(self.index, text.strip().upper()):
            subject = text.strip().upper()
        if subject is not None:
            state = self.estado(subject)
            if state.carta.presentada is not None:
                self._must_see(state)
                self._note_reading(state, "ver", whole=self.knows(state))
                return letter_view(self.shown(state))
        state = self._unsigned(self.carta_de(text))
        if self.knows(state):  # without a number it has nothing to note a reading upon
            for answered in self._answered(state):
                if answered.acceso.identidad_protegida:
                    self._note_reading(answered, "ver", whole=True)
        return letter_view(self.shown(state))

    def carta_de(self, text: str) -> str:
        """The subject of a letter without a number: by its id, or by what it answers.

        Raises:
            Refused: there is none, or several.
        """
        self.index.catch_up()
        name = text.strip()
        found = letters_index.unsigned(self.index, name) or letters_index.unsigned(
            self.index, name.upper()
        )
        if len(found) == 1:
            return found[0]
        if not found and (number := letters_index.numbered(self.index, name.upper())):
            raise Refused("ya_firmada", f"La carta {text} ya tiene número: {number}.")
        if not found:
            raise Refused(
                "sin_carta",
                f"No hay ninguna carta por firmar de {text}.",
                consejo="«carta lista» muestra las que hay.",
            )
        raise Refused(
            "varias_cartas",
            f"{text} tiene {len(found)} cartas por firmar: {', '.join(found)}.",
            consejo="Diga cuál por su identificación.",
        )

    def _unsigned(self, subject: str) -> State:
        state = self._writable(subject)
        if state.numero is not None:
            raise Refused("ya_firmada", f"La carta ya tiene número: {state.numero.radicado}.")
        made = state.carta.presentada
        if made is None or state.carta.retirada:
            raise Refused("retirada", "La carta fue retirada.")
        for radicado in made.a:
            self._must_see(self.estado(self.subject(radicado)))
        return state

    def _own_letter(self, carta: str, actor: str) -> State:
        state = self._unsigned(self.carta_de(carta))
        made = state.carta.presentada
        assert made is not None
        mine = self.authority.acts_for(actor)
        if state.carta.presento not in mine and not self._heads(made.dependencia, actor):
            raise Refused(
                "no_es_suya",
                f"La carta la presentó {self._name(state.carta.presento)}.",
                consejo="Pídaselo, o al jefe de la dependencia.",
            )
        return state

    def _power(self, person: str, firmante: str, clase: str, tipo: str, area: str) -> signers.Power:
        asked = signers.Asked(clase, tipo, area, lines.now().date())
        return signers.power(self.authority, person, asked, firmante)

    def _stand_ins(self) -> dict[str, set[str]]:
        return {one: self.authority.acts_for(one) for one in self.authority.personas}

    def _tell(
        self, answered: Sequence[State], subject: str, step: Step, actor: str, made: Presented
    ) -> list[Draft]:
        """A word to each record that a letter answers."""
        return [self._about(s, step_of(s, subject, step, made), actor) for s in answered]

    def _about(self, state: State, fact: Fact | Callable[[Tail], Fact], actor: str) -> Draft:
        return Draft(fact, state.subject, actor, self._after(state.subject))

    def _letter_moved(self, event: Event) -> LetterMoved:
        self.index.catch_up()
        state = self.estado(event.subject)
        made = state.carta.presentada
        assert made is not None
        parent = self.estado(self.subject(made.a[0])) if made.a else state
        number = state.numero
        return LetterMoved(
            state.subject, event.hash, parent.estado, parent.vence, made.a,
            number.radicado if number else None,
        )  # fmt: skip


def whole(letter: Letter) -> bool:
    """Whether a letter decides all that was asked."""
    return not letter.parcial and letter.tipo not in NO_ANSWERS and letter.efecto is None


def step_of(
    state: State,
    subject: str,
    step: Step,
    made: Presented,
    salida: str | None = None,
    enviada: str | None = None,
) -> AnswerMoved:
    """What a record is told of a letter that answers it."""
    assert state.numero is not None
    return AnswerMoved(
        radicado=state.numero.radicado,
        respuesta=subject,
        paso=step,
        salida=salida,
        parcial=made.parcial,
        enviada=enviada,
        efecto=made.efecto,
        hasta=made.hasta,
    )


def _inside(letter: Letter, answered: list[State]) -> Letter:
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
