"""The part of the door for disposal: no step is skipped, none happens by itself, two persons sign.

Decreto 1080 de 2015, art. 2.8.2.2.5; Acuerdo 001 de 2024, art. 4.5.4: inventory of what met its
retention, published for observations, approved by the committee in an acta, and only then erased.
What is kept for good is never proposed (Ley 594 de 2000, art. 19 par. 2), and a hold beats it all.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import absence, erasure, fields, lines, norms, periods
from records.acts import EMPTY
from records.calendar import Calendar
from records.disposal import (
    HEADS,
    KEEPERS,
    Agreed,
    Certified,
    Disposal,
    Executed,
    Observed,
    Published,
    Resolved,
    Signed,
    Withdrawn,
    subject_of,
)
from records.errors import CannotSign, Damaged, Refused, reason
from records.journal import Draft
from retention import disposal_pages
from retention.disposal_views import DisposalView, view
from retention.proposing import DISPOSAL, PUBLIC, Proposing
from retention.room import refused, today

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.erasure import Erased
    from records.events import Event
    from records.fact import Act, Fact
    from records.journal import Writer

RECEIVERS = ("ventanilla", "jefe_correspondencia")
"""Who else may write down what a citizen observed."""


class Done(msgspec.Struct, frozen=True):
    """What an `ejecutar` did: a first signature, or the erasing."""

    propuesta: str
    estado: str
    eliminado: Erased | None = None
    prueba: str | None = None
    """Path of the signed acta de eliminación."""
    avisos: list[str] = []


class Proof(msgspec.Struct, frozen=True):
    """That nothing is left, and the acta that says so."""

    propuesta: str
    estado: str
    ausencia: absence.Absence
    acta: str
    """Path of the signed acta de eliminación."""
    pagina: str
    """Path of the page for the website."""


class Disposals(Proposing):
    """Disposal."""

    # -- publishing, observations -------------------------------------------------------------

    def publicar(self, numero: str) -> DisposalView:
        """Say that the inventory stands on the website from today on, for as long as the norm asks;
        its page and PDF lie under `salida/eliminaciones/`.

        Raises:
            Refused: it is published already, or one of its expedientes is held or open.
        """
        actor, office, day = self._keeper(), self.office, today()
        state = self._at_step(numero, "propuesta", "se publica")
        self._must_be_free(state)
        period = periods.period(day)
        last = period.last_day(day, Calendar.of(office.settings.horario))
        said = Published(
            eliminacion=state.numero, desde=day.isoformat(), hasta=last.isoformat(), documento=""
        )
        shown = view(
            msgspec.structs.replace(state, publicada=said), self._rows(state), self._file_of
        )
        page = disposal_pages.notice(
            office.settings.entidad.nombre, shown, self._channel(), norms.cite(period.norma, day)
        )
        fact = msgspec.structs.replace(said, documento=office.vault.put(page, "html"))
        self._tell(numero, "propuesta", "se publica", fact, actor, free=True)
        self._publish(state.numero, "inventario.pdf", state.hecha.inventario)
        self._publish(state.numero, "inventario.html", fact.documento)
        return self.eliminacion_vista(numero)

    def _channel(self) -> str:
        """Where citizens send what they observe."""
        office = self.office.settings.entidad
        ways = [office.correo and f"al correo {office.correo}",
                office.direccion and f"en la ventanilla ({office.direccion})"]  # fmt: skip
        told = " o ".join(filter(None, ways))
        return f", {told}" if told else " en la ventanilla"

    def observar(self, numero: str, quien: str, texto: str) -> DisposalView:
        """Write down what somebody observed while it stands published.

        Raises:
            Refused: it is not published, or nothing is said.
        """
        actor = self._keeper(*RECEIVERS)
        told = {"quien": fields.clean_text(quien), "texto": fields.clean_text(texto)}
        if not all(told.values()):
            raise refused("sin_texto", "Diga quién observa y qué.", PUBLIC)
        state = self._at_step(numero, "publicada", "se observa")
        fact = Observed(eliminacion=state.numero, n=len(state.observaciones) + 1)
        self._tell(numero, "publicada", "se observa", fact, actor, told)
        return self.eliminacion_vista(numero)

    def resolver(
        self, numero: str, n: int, motivo: str, *, acoge: bool, excluye: Sequence[str] = ()
    ) -> DisposalView:
        """Answer an observation, with the reasons; what it takes out is not erased.

        Raises:
            Refused: there is no such observation without an answer, no reason, or it takes out what
                the disposal has not.
        """
        actor, why = self._keeper(), self._reason(motivo)
        state = self._at_step(numero, "publicada", "se responde")
        if n not in state.sin_responder:
            raise refused("no_existe", f"No hay una observación {n} sin respuesta.", PUBLIC)
        foreign = [one for one in excluye if one not in state.hecha.expedientes]
        if foreign or (excluye and not acoge):
            what = f"{foreign[0]} no está en {numero}" if foreign else "Lo que se niega no excluye"
            raise refused("excluye", f"{what}.", PUBLIC)
        fact = Resolved(eliminacion=state.numero, n=n, acoge=acoge, excluye=list(excluye))
        self._tell(numero, "publicada", "se responde", fact, actor, {"motivo": why})
        return self.eliminacion_vista(numero)

    # -- approval, signatures -----------------------------------------------------------------

    def aprobar(
        self,
        numero: str,
        acta: str,
        *,
        fecha: date | None = None,
        documento: Path | None = None,
    ) -> DisposalView:
        """Say that the committee approved it, by which acta of which day.

        Raises:
            Refused: the publication is not over, an observation has no answer, one of the
                expedientes is held or open, nothing is left to erase, or the day cannot be.
        """
        actor, text, day = self._keeper(), fields.clean_text(acta), fecha or today()
        state = self._at_step(numero, "publicada", "se aprueba")
        assert state.publicada is not None
        until = state.publicada.hasta
        norm = periods.period(date.fromisoformat(state.publicada.desde)).norma
        if not text:
            raise refused("sin_acta", "Diga el número del acta del comité.", DISPOSAL)
        if today().isoformat() <= until or day.isoformat() <= until:
            raise refused(
                "en_publicacion",
                f"{state.numero} está publicada hasta el {until}: el comité decide después.",
                norm,
                "Hasta entonces cualquiera puede presentar observaciones.",
            )
        if day > today():
            raise refused("por_venir", f"El {day} no ha llegado.", DISPOSAL)
        if state.sin_responder:
            raise refused(
                "sin_responder",
                f"Hay observaciones sin respuesta: {', '.join(map(str, state.sin_responder))}.",
                norm,
                f"Respóndalas con «eliminar resolver {state.numero} N».",
            )
        paper = self._keep_paper(documento)
        fact = Agreed(eliminacion=state.numero, acta=text, fecha=day.isoformat(), documento=paper)
        self._tell(numero, "publicada", "se aprueba", fact, actor, free=True)
        return self.eliminacion_vista(numero)

    def _keep_paper(self, path: Path | None) -> str | None:
        if path is None:
            return None
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Refused("sin_archivo", f"No se puede leer {path} ({reason(error)}).") from error
        if not data:
            raise Refused("sin_archivo", f"{path} está vacío: el acta no se guardó.")
        return self.office.vault.put(data, path.suffix.lstrip(".").lower() or "bin")

    def ejecutar(self, numero: str, clave: str | None = None) -> Done:
        """Sign the order to erase: first an archivist; then another person, who heads an área or
        the entity's records, and with that it is erased. Again it finishes what a cut left.

        Raises:
            Refused: a step is missing, one of the expedientes is held, who signs lacks the role or
                key, or signed already.
            MachineCannot: something could not be erased now; it is finished by the next try.
        """
        state = self.eliminacion(numero)
        if state.estado == "ejecutada":
            return self._erased(numero, None)
        if state.estado == "aprobada":
            self._sign(numero, clave)
            return Done(state.numero, "firmada", avisos=[self._second()])
        self._at_step(numero, "firmada", "se ejecuta")
        assert state.firmada is not None
        if self.office.persona == state.firmada.acto.person:
            raise self._same_person(state.firmada.acto)
        words = absence.words_of(self.office, state.numero)
        self._order(numero, clave)
        return self._erased(numero, words)

    def _sign(self, numero: str, clave: str | None) -> Event:
        def fact(_: str) -> Fact:
            state = self._at_step(numero, "aprobada", "se firma")
            self._must_be_free(state)
            return Signed(eliminacion=state.numero, acto=EMPTY)

        told = {"que": f"Firma la eliminación {numero}."}
        return self.office.firmar_asiento(clave, KEEPERS, subject_of(numero), fact, told)

    def _order(self, numero: str, clave: str | None) -> Event:
        def fact(person: str) -> Fact:
            state = self._at_step(numero, "firmada", "se ejecuta")
            assert state.firmada is not None and state.firma is not None
            if person == state.firmada.acto.person:
                raise self._same_person(state.firmada.acto)
            self._must_be_free(state)
            return Executed(eliminacion=state.numero, firma=state.firma, acto=EMPTY)

        # Its ficha is the last one of the log when the others go: a start looks for it.
        told = {"que": f"Ordena eliminar lo de {numero}."}
        return self.office.firmar_asiento(clave, HEADS, subject_of(numero), fact, told)

    def _same_person(self, act: Act) -> Refused:
        return refused(
            "misma_persona",
            f"{act.person} ya firmó: la segunda firma es de otra persona.",
            DISPOSAL,
            self._second(),
        )

    def _second(self) -> str:
        """Who may give the second signature; where there is nobody, how to add them."""
        people = self.office.authority.personas.values()
        first = self.office.persona
        able = [p.id for p in people if p.id != first and p.clave and set(p.roles) & set(HEADS)]
        if able:
            return f"Falta la firma de otra persona: {', '.join(able)}."
        return (
            "No hay otra persona con llave que pueda firmar. Agréguela con «ventanilla persona "
            "agregar ID --nombre N --rol jefe_area --clave-nueva ARCHIVO», y que ejecute con "
            "--persona ID --clave-archivo ARCHIVO."
        )

    def _erased(self, numero: str, words: absence.Words | None) -> Done:
        office = self.office
        done = erasure.finish(office, numero)
        told = list(done.avisos)
        found = absence.look(office, numero, words)
        told += [f"Queda algo en {one}." for one in found.restos]
        path = None
        try:
            path = self.probar(numero, words).acta
        except (CannotSign, Damaged) as error:
            told.append(f"{error} Después: «eliminar prueba {numero}».")
        return Done(numero, self.eliminacion(numero).estado, done, path, told)

    def probar(self, numero: str, words: absence.Words | None = None) -> Proof:
        """Look for what was erased all over the home, and give the signed acta de eliminación (the
        one of before, where there is one) with its page for the website.

        Raises:
            Refused: nothing was erased yet.
            Damaged: something of it is still there.
            CannotSign: the acta cannot be signed now.
        """
        state = self.eliminacion(numero)
        if state.cumplida is None:
            raise refused("sin_ejecutar", f"{numero} no se ha ejecutado.", DISPOSAL)
        found = absence.look(self.office, state.numero, words)
        if found.restos:
            raise Damaged(
                "restos",
                f"De lo eliminado queda algo: {', '.join(found.restos[:5])}.",
                consejo="Quite esos archivos, o devuélvalos a su sitio y ejecute «recuperar».",
            )
        if state.certificada is None:
            self._certify(state, found)
            state = self.eliminacion(numero)
        assert state.certificada is not None
        path = self._publish(state.numero, "acta.pdf", state.certificada.documento)
        assert state.publicada is not None
        page = self._publish(state.numero, "inventario.html", state.publicada.documento)
        return Proof(state.numero, state.estado, found, str(path), str(page))

    def _certify(self, state: Disposal, found: absence.Absence) -> None:
        office, at = self.office, lines.now()
        assert state.ejecutada is not None
        sheet = office.hoja(
            "Acta de eliminación documental", at=at, subtitle=state.numero,
            mark=f"Eliminación {state.numero}", landscape=True,
        )  # fmt: skip
        shown, states = self._view(state), [self.expediente(e) for e in state.condenados]
        page = disposal_pages.acta(
            sheet, shown, state, self._acts(states), found, self._who,
            norms.cite(DISPOSAL, at.date()),
        )  # fmt: skip
        digest, certificate = office.firmar(page, f"Acta de eliminación {state.numero}")
        fact = Certified(eliminacion=state.numero, documento=digest, certificado=certificate)
        actor = state.ejecutada.acto.person
        self._tell(state.numero, "eliminada", "se certifica", fact, actor)

    def _who(self, person: str) -> str:
        known = self.office.authority.personas.get(person)
        return f"{known.nombre} ({known.cargo})" if known and known.cargo else person

    def retirar_eliminacion(self, numero: str, motivo: str) -> DisposalView:
        """Give a disposal up before it is ordered.

        Raises:
            Refused: it was ordered, or no reason is given.
        """
        actor, why = self._keeper(), self._reason(motivo)

        def plan(_: Writer) -> list[Draft]:
            state = self.eliminacion(numero)
            if state.estado in ("ejecutada", "eliminada", "retirada"):
                raise refused("tarde", f"{state.numero} está {state.estado}.", DISPOSAL)
            fact = Withdrawn(eliminacion=state.numero)
            return [Draft(fact, subject_of(state.numero), actor, (), {"motivo": why})]

        self.office.asentar(plan)
        return self.eliminacion_vista(numero)
