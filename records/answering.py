"""The part of the door for what the office writes: presented, reviewed, signed, then numbered.

A letter answers records, or begins by itself, or stays inside. Nobody numbers it before a person
whom the table of signers names has signed it with a key of their own, or the ventanilla has seen
that signature on paper (Acuerdo 060 de 2001, arts. 4, 6 and 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import addressees, fields, letters_index, lines, norms, numbering, reserve, signers
from records.acts import EMPTY
from records.addressees import Addressee
from records.answer import (
    INTERNAL,
    KINDS,
    SENT,
    Approved,
    InkSigned,
    Presented,
    Reviewed,
    Withdrawn,
)
from records.assigning import Assigning, Moved
from records.clock import Clock
from records.correction import check_reason
from records.errors import Refused
from records.events import SigningGranted
from records.home import CLERKS
from records.journal import PREVIOUS, Draft
from records.letter_views import LetterView, letter_view
from records.query import seen_by
from records.sealing import Sealing
from records.tramite import AnswerMoved, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from records.events import Event, State
    from records.fact import Fact
    from records.journal import Writer
    from records.letters_index import LetterRow
    from records.tail import Tail

INSIDE = "Acuerdo 060 de 2001 (AGN), art. 7"


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
    firmante: str | None = None
    """None: the head of the área that writes."""
    dependencia: str | None = None
    """The área that writes; None: that which has the record, or the person's own."""
    revisan: tuple[str, ...] = ()
    folios: int = 0
    """0: as many as pages."""
    anexos: int = 0
    nota: str = ""


class LetterMoved(msgspec.Struct, frozen=True):
    """What an act made of a letter."""

    carta: str
    evento: str
    estado: str
    """Of the record that it answers; of the letter where it answers none."""
    vence: str | None
    radicados: list[str]
    salida: str | None = None


class Answering(Assigning, Sealing, Clock):
    """Present, review, sign, number, withdraw."""

    # -- presenting ---------------------------------------------------------------------------

    def presentar(self, letter: Letter, *, carta: str | None = None) -> LetterMoved:
        """Present a letter for signature, or a corrected one in the place of *carta*.

        One that is signed on paper already gets its number at once; the ventanilla presents it.

        Raises:
            Refused: a record is not one's own or takes no answer, the signer may not sign such
                letters (art. 4), or something that a letter needs is missing.
        """
        actor = self._actor()
        answered = [self._answerable(r, actor) for r in letter.a]
        if carta is None and not letter.parcial:
            self._only_one(letter.a)
        fact, ficha = self._presentation(letter, answered, actor)
        old = None if carta is None else self._own_letter(carta, actor)
        with self._writing() as writer:
            if letter.hecha is None and old is None:
                events = self._number_paper(writer, fact, ficha, actor)
            elif old is not None:
                again = self._unsigned(old.subject)
                head = self.index.head(old.subject)
                if again.carta.presentada is None or again.carta.presentada.a != fact.a:
                    raise Refused("otra_carta", "Esa carta responde otros radicados.")
                draft = Draft(fact, old.subject, actor, (head,) if head else (), ficha)
                events = writer.append_all([draft])
            else:
                subject = f"{self.punto}.{writer.next_seq()}"
                first = Draft(fact, subject, actor, (), ficha)
                told = self._tell(answered, subject, "presentada", actor, parcial=letter.parcial)
                events = writer.append_all([first, *told])
        return self._letter_moved(events[0])

    def _only_one(self, radicados: Sequence[str]) -> None:
        """One whole answer at a time waits for its signature."""
        for radicado in radicados:
            for subject in letters_index.unsigned(self.index, radicado.strip().upper()):
                made = self.estado(subject).carta.presentada
                if made is not None and not made.parcial:
                    raise Refused(
                        "ya_presentada",
                        f"{radicado} ya tiene una respuesta por firmar: {subject}.",
                        consejo=f"Corríjala con --carta {subject}, retírela con «carta retirar», "
                        "o responda por partes con --parcial.",
                    )

    def _presentation(
        self, letter: Letter, answered: list[State], actor: str
    ) -> tuple[Presented, dict[str, object]]:
        """The fact of a letter, and its ficha."""
        self._check_kind(letter)
        area = self._writing_area(letter, answered, actor)
        subject = fields.clean_text(letter.asunto) or _answer_subject(answered)
        if not subject:
            raise Refused("sin_asunto", "La carta necesita un asunto.", consejo="Use --asunto.")
        whom = self._addressees(letter, answered)
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
            parcial=letter.parcial,
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

    def _addressees(self, letter: Letter, answered: list[State]) -> list[Addressee]:
        if letter.clase == INTERNAL:
            areas = [self.authority.areas[self._area(code)] for code in letter.dependencias]
            return [Addressee(nombre=f"{a.codigo} {a.nombre}", medio="interno") for a in areas]
        said = [addressees.checked(one) for one in letter.para]
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

    def _answerable(self, radicado: str, actor: str) -> State:
        """A record that may be answered by a person."""
        state = self._open_record(radicado, closed=False)
        assert state.numero is not None
        if state.numero.aprobacion is not None and state.numero.clase != INTERNAL:
            raise Refused("no_se_responde", f"{radicado} es una carta de esta entidad.")
        if not self._is(actor, *CLERKS):  # the ventanilla presents what others signed on paper
            self._may_act(state, actor)
        return state

    # -- reviewing ----------------------------------------------------------------------------

    def revisar_carta(self, carta: str, *, reparos: str | None = None) -> LetterMoved:
        """Agree with a letter, or say what is wrong: it goes back to who presented it."""
        actor = self._actor()
        said = None if reparos is None else {"reparos": check_reason(reparos)}
        subject = self.carta_de(carta)
        with self._writing() as writer:
            letter = self._unsigned(subject).carta
            mine = self.authority.acts_for(actor)
            made = letter.presentada
            assert made is not None
            asked = [one for one in letter.pending(self._stand_ins()) if one in mine]
            if not asked and made.firmante not in mine:
                raise Refused(
                    "sin_pedido",
                    "Nadie le ha pedido revisar esta carta.",
                    consejo="La revisan quienes se nombraron al presentarla, y quien la firma.",
                )
            if not asked and said is None:
                raise Refused("por_firmar", "Usted la firma: apruébela con «aprobar».")
            fact = Reviewed(version=letter.version, conforme=said is None)
            event = self._append(writer, fact, subject, actor, said)
        return self._letter_moved(event)

    def dar_vobo(self, radicado: str, *, conforme: bool, nota: str | None = None) -> Moved:
        """Answer a request for one's Vo.Bo.: of a letter that answers the record, or of it."""
        mine = self.authority.acts_for(self._actor())
        self.index.catch_up()
        for subject in letters_index.unsigned(self.index, radicado.strip().upper()):
            if mine & set(self.estado(subject).carta.pending(self._stand_ins())):
                done = self.revisar_carta(subject, reparos=None if conforme else nota or "")
                state = self.estado(self.subject(radicado))
                way = state.tramite
                return Moved(done.radicados[0], done.evento, state.estado, state.vence,
                             way.dependencia, way.responsable)  # fmt: skip
        return super().dar_vobo(radicado, conforme=conforme, nota=nota)

    def retirar_carta(self, carta: str, motivo: str) -> LetterMoved:
        """Take a letter back before it is signed; what it answered waits again."""
        actor, reason = self._actor(), check_reason(motivo)
        state = self._own_letter(carta, actor)
        with self._writing() as writer:
            letter = self._unsigned(state.subject).carta
            assert letter.presentada is not None
            answered = [self.estado(self.subject(r)) for r in letter.presentada.a]
            head = self.index.head(state.subject)
            fact = Withdrawn(version=letter.version)
            draft = Draft(fact, state.subject, actor, (head,) if head else (),
                          {"motivo": reason})  # fmt: skip
            told = self._tell(answered, state.subject, "retirada", actor)
            event = writer.append_all([draft, *told])[0]
        return self._letter_moved(event)

    # -- signing and numbering ----------------------------------------------------------------

    def aprobar(self, carta: str, *, clave: str | None) -> LetterMoved:
        """Sign a letter with one's own key; it gets its number at once, and then its seal.

        Raises:
            Refused: the person may not sign it (art. 4), somebody's review is missing, or it is
                another person's to sign.
        """
        actor = self._actor()
        subject = self.carta_de(carta)
        state = self._unsigned(subject)
        made = state.carta.presentada
        assert made is not None
        if made.documento is None:
            raise Refused("en_papel", "Esta carta se firma en papel.", consejo="Use «carta papel».")
        power = self._power(actor, made.firmante, made.clase, made.tipo, made.dependencia)
        if power.persona != made.firmante:
            raise Refused(
                "otro_firmante",
                f"La carta se presentó para la firma de {self._name(made.firmante)}.",
                consejo="Quien la presentó puede presentarla de nuevo con --firmante.",
            )
        self._check_ready(state)
        pen = self._pen(clave)

        def fact(_tail: Tail) -> Approved:
            return Approved(
                version=state.carta.version,
                sha256=str(made.documento),
                cargo=power.cargo,
                acto=EMPTY,
            )

        event = self._sign_and_append(
            pen, subject, fact, also=lambda writer: self._numbering(writer, subject, made, actor)
        )
        return self._letter_moved(event)

    def _number_paper(
        self, writer: Writer, made: Presented, ficha: dict[str, object], actor: str
    ) -> list[Event]:
        """A letter that came signed on paper: presented, seen and numbered in one write."""
        self.authority.require(actor, *CLERKS)
        subject = f"{self.punto}.{writer.next_seq()}"
        power = self._power(made.firmante, made.firmante, made.clase, made.tipo, made.dependencia)

        def seen(tail: Tail) -> Fact:
            return InkSigned(version=tail.prev, firmante=made.firmante, cargo=power.cargo)

        drafts = [
            Draft(made, subject, actor, (), ficha),
            Draft(seen, subject, actor, PREVIOUS),
            *self._numbering(writer, subject, made, actor),
        ]
        return writer.append_all(drafts)

    def firmar_en_papel(self, carta: str) -> LetterMoved:
        """The ventanilla saw the signature of who may sign (art. 4): the paper gets its number."""
        actor = self._clerk()
        subject = self.carta_de(carta)
        with self._writing() as writer:
            state = self._unsigned(subject)
            made = state.carta.presentada
            assert made is not None
            self._check_ready(state)
            power = self._power(
                made.firmante, made.firmante, made.clase, made.tipo, made.dependencia
            )
            fact = InkSigned(version=state.carta.version, firmante=made.firmante, cargo=power.cargo)
            head = self.index.head(subject)
            draft = Draft(fact, subject, actor, (head,) if head else ())
            events = writer.append_all([draft, *self._numbering(writer, subject, made, actor)])
        return self._letter_moved(events[0])

    def _check_ready(self, state: State) -> None:
        letter = state.carta
        if letter.reparos:
            raise Refused(
                "con_reparos",
                "La carta tiene reparos y espera a quien la presentó.",
                consejo="Debe presentarla corregida: «responder … --carta ID».",
            )
        pending = letter.pending(self._stand_ins())
        if pending:
            names = ", ".join(map(self._name, pending))
            raise Refused("falta_revision", f"Falta la revisión de {names}.")

    def _numbering(self, writer: Writer, subject: str, made: Presented, actor: str) -> list[Draft]:
        """What follows a signature in the same write: the number, and a word to what it answers."""
        self.check_clock(writer)
        at = writer.at()
        given: list[str] = []

        def number(tail: Tail) -> Fact:
            fact = numbering.outgoing(self.settings, tail, at, made)
            given[:] = [fact.radicado]
            return fact

        def told(state: State) -> Callable[[Tail], Fact]:
            return lambda _: _step(state, subject, "aprobada", made.parcial, given[0])

        answered = [self.estado(self.subject(r)) for r in made.a]
        first = Draft(number, subject, actor, PREVIOUS)
        kept = self._as_secret(answered, subject, given, actor)
        return [first, *kept, *(self._about(s, told(s), actor) for s in answered)]

    def _as_secret(
        self, answered: list[State], subject: str, given: list[str], actor: str
    ) -> list[Draft]:
        """What answers a classified record is as much so: it says the same things."""
        today = lines.now().date().isoformat()
        levels = [(reserve.LEVELS.index(s.acceso.nivel(today)), s) for s in answered]
        level, state = max(levels, key=lambda one: one[0], default=(0, None))
        if level == 0 or state is None or state.numero is None:
            return []
        said = state.acceso.clasificado
        assert said is not None

        def fact(_tail: Tail) -> Fact:
            return msgspec.structs.replace(said, radicado=given[0])

        ficha = {"motivo": f"Responde a {state.numero.radicado}", "acto": state.acceso.acto}
        return [Draft(fact, subject, actor, PREVIOUS, ficha)]

    def autorizar_firma(
        self, cargo: str, tipo: str, ambito: str, *, desde: str, hasta: str | None, acto: str
    ) -> Event:
        """Say which post signs which letters, from a day to a day, by an act (art. 4).

        Raises:
            Refused: who asks is no administrator, or the row is none.
        """
        actor = self.authority.require(self.persona, "admin").id
        post, by = fields.clean_text(cargo), fields.clean_text(acto)
        if not post or not by:
            raise Refused("firma", "Hace falta el cargo y el acto que lo autoriza.")
        if tipo not in (signers.ANY, *KINDS):
            raise Refused(
                "tipo_desconocido",
                f"No hay un tipo de carta «{tipo}».",
                consejo=f"Los tipos son: *, {', '.join(KINDS)}.",
            )
        if not lines.is_day(desde) or (hasta is not None and not lines.is_day(hasta)):
            raise Refused("fecha", "Las fechas se escriben así: 2026-12-31.")
        if hasta is not None and hasta < desde:
            raise Refused("fecha", "La autorización termina antes de empezar.")
        fact = msgspec.convert(
            {"cargo": post, "tipo": tipo, "ambito": ambito, "desde": desde, "acto": by,
             **({"hasta": hasta} if hasta else {})},
            SigningGranted,
        )  # fmt: skip
        return self._say(Draft(fact, "firmas", actor))

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
        if subject is not None:
            state = self.estado(subject)
            if state.carta.presentada is not None:
                self._must_see(state)
                self._note_reading(state, "ver")
                return letter_view(state)
        return letter_view(self._unsigned(self.carta_de(text)))

    def _followed(self, state: State, actor: str) -> list[Draft]:
        """What a letter answered waits again when its number is annulled."""
        made = state.carta.presentada
        answered = [self.estado(self.subject(r)) for r in made.a] if made else []
        return self._tell(answered, state.subject, "retirada", actor)

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
        self,
        answered: Sequence[State],
        subject: str,
        step: Step,
        actor: str,
        *,
        parcial: bool = False,
    ) -> list[Draft]:
        """A word to each record that a letter answers."""
        return [self._about(s, _step(s, subject, step, parcial), actor) for s in answered]

    def _about(self, state: State, fact: Fact | Callable[[Tail], Fact], actor: str) -> Draft:
        head = self.index.head(state.subject)
        return Draft(fact, state.subject, actor, (head,) if head else ())

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


def _step(
    state: State, subject: str, step: Step, parcial: bool, salida: str | None = None
) -> AnswerMoved:
    assert state.numero is not None
    return AnswerMoved(
        radicado=state.numero.radicado,
        respuesta=subject,
        paso=step,
        salida=salida,
        parcial=parcial,
    )


def _answer_subject(answered: list[State]) -> str:
    said = [
        f"{s.numero.radicado}: {s.campos.get('asunto') or 'sin asunto'}"
        for s in answered
        if s.numero is not None
    ]
    return f"Respuesta a {'; '.join(said)}"[:500] if said else ""
