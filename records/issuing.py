"""The part of the door that gives papers: the citizen's constancia and the acta of an annulment.

The constancia says what Acuerdo 060 de 2001 and CPACA arts. 15 and 61 ask of a receipt, in plain
words, on one page, with a QR that proves itself (`receipts`). Both are signed, kept in the vault
and told by an event.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from records import identity, lines, norms, paper, receipts
from records.correction import Corrections
from records.errors import CannotSign, Damaged, Refused
from records.events import DocumentIssued, in_order
from records.guard import COUNTER
from records.letter_views import letter_lines
from records.letterhead import Letterhead
from records.lines import read_day, read_hour
from records.receipts import Statement
from records.reserve import Consulted
from records.segments import Log
from records.sheets import Sheet
from records.tramite import ON_THE_SPOT, ReceiptSent
from records.views import public_term

if TYPE_CHECKING:
    from datetime import datetime

    from records.events import Event
    from records.state import State
    from records.tail import Tail

RECEIPT_NORMS = ("Ley 1437 de 2011 (CPACA), art. 15", "Ley 1437 de 2011 (CPACA), art. 61")


class Issued(msgspec.Struct, frozen=True):
    """A paper that was given: where it lies, its hash, and the text of its QR."""

    archivo: str
    sha256: str
    qr: str


class Checked(msgspec.Struct, frozen=True):
    """What a receipt proves."""

    valida: bool
    radicado: str
    fecha: str
    entidad: str
    punto: str
    linea: int
    en_diario: bool | None
    """Whether the log at hand has that very line; None where none is at hand."""


class Issuing(Corrections):
    """Constancia and acta."""

    def stamp_facts(self, state: State) -> paper.Facts:
        """What the stamp and the label of a record say."""
        number = state.numero
        assert number is not None and state.fecha is not None
        area = self.authority.areas.get(state.publicos["dependencia"] or "")
        own = letter_lines(state, self.authority) if state.carta.presentada is not None else ()
        return paper.Facts(
            entidad=self.settings.entidad.nombre,
            radicado=number.radicado,
            recibido=lines.read_hour(state.recibido or state.fecha),
            fecha=lines.read_hour(state.fecha),
            folios=str(state.publicos["folios"] or 1),
            anexos=str(number.anexos or 0),
            area=f"{area.codigo} {area.nombre}" if area else str(state.publicos["dependencia"]),
            evento=self.index.number_event(state.subject) or "",
            propias=own,
        )

    # -- the citizen's receipt ----------------------------------------------------------------

    def constancia(self, radicado: str, salida: Path | None = None) -> Issued:
        """The receipt of a numbered letter; the one given before, where nothing changed since.

        Raises:
            Refused: there is no such number, it is a letter of the office's own, nobody says who
                gives it, or its content is withheld from them (the counter gives the petitioner
                their own). Where who wrote it is kept the paper does not name them.
        """
        self._look_again()
        actor = self.authority.require(self.persona).id
        self.index.catch_up()
        state = self._writable(self.subject(radicado))
        if state.carta.presentada is not None:
            raise Refused(
                "no_se_recibio",
                f"{radicado} es una carta de esta entidad; la constancia es de lo que se recibe.",
                consejo="Que tiene número lo muestran su sello y «ventanilla prueba».",
                norma=norms.cite(RECEIPT_NORMS[0], lines.now().date()),
            )
        self._must_see(state, [COUNTER])
        self._note_reading(state, "constancia")
        data, text = self._receipt(state, actor)
        return self._hand_out(data, "constancias", state, text, salida)

    def _receipt(self, state: State, actor: str) -> tuple[bytes, str]:
        """The receipt of a record, the one given before where nothing changed since; and the text
        of its QR."""
        text = self._receipt_text(state)
        events = in_order(self.index.events(state.subject))
        # That somebody read it, or was told that it came, changes nothing that it says.
        passed = (Consulted, ReceiptSent)
        last = next(e.fact for e in reversed(events) if not isinstance(e.fact, passed))
        if isinstance(last, DocumentIssued) and last.rol == "constancia":
            return self.vault.read(last.documento), text
        page = self._receipt_page(state, text)
        try:
            return self._issue("constancia", page, state.subject, actor), text
        except CannotSign as error:
            # The person waits, and the QR proves itself: the page is given without the PDF's seal.
            self.avisos.append(f"La constancia se da sin firma en el PDF: {error.mensaje}")
            return page, text

    def comprobar_constancia(self, text: str) -> Checked:
        """Check a receipt by this entity's root, and hold it against the log where it is here.

        Raises:
            Refused: the text is none.
            Damaged: it does not hold, or the log lacks the line that it names: it was cut, or this
                is another branch of it.
        """
        said = receipts.check(text, self.keys.root_public())
        known = self._has_line(said)
        if known is False:
            raise Damaged(
                "linea_ausente",
                f"La constancia de {said.radicado} es auténtica y el diario de aquí no tiene su "
                f"línea {said.seq}.",
                consejo="Guárdela: prueba que el número se dio. El diario fue recortado, o se "
                "restauró de un respaldo anterior; tráigalo completo.",
            )
        return checked(said, known)

    def _has_line(self, said: Statement) -> bool | None:
        log = Log(self.home, said.punto)
        first = next((line for _, line in log.read()), None)
        if first is None or first.body.log != said.log:
            return None
        return log.hash_at(said.seq) == said.hash

    def _receipt_text(self, state: State) -> str:
        """What the receipt's QR holds; the key in force signs it."""
        event = self._number_event(state)
        with self.open_log(self.journal, closed=True) as writer:
            tail, key = writer.tail, writer.key
        statement = Statement(
            at=event.at,
            entidad=tail.entidad,
            epoch=event.epoch,
            hash=event.hash,
            log=tail.log,
            punto=tail.punto,
            radicado=str(event.data["radicado"]),
            seq=event.seq,
        )
        return receipts.seal(statement, key, tail.epoch, self._delegation(tail))

    def _delegation(self, tail: Tail) -> str:
        if tail.delegacion:
            return tail.delegacion
        first = next(line for _, line in self.journal.read())
        return str(first.body.data["delegacion"])

    def _number_event(self, state: State) -> Event:
        return next(e for e in self.index.events(state.subject) if e.type == "radicado.asignado")

    def _receipt_page(self, state: State, text: str) -> bytes:
        number = state.numero
        assert number is not None
        sheet = self._sheet(
            "Constancia de radicación",
            at=lines.now(),
            subtitle=number.radicado,
            mark=f"Constancia de {number.radicado}",
            one_page=True,
        )
        if state.anulado is not None:
            sheet.paragraph(f"ESTE NÚMERO FUE ANULADO por el acta {state.anulado.acta}.")
        sheet.pairs(self._receipt_rows(state))
        sheet.paragraph(self._receipt_words(state))
        if (term := public_term(state, self.settings)) is not None:
            sheet.paragraph(f"Cómo se cuenta: {' '.join(term['explicacion'].split())}", small=True)
        sheet.qr(
            text,
            "Este código prueba, sin internet y sin esta oficina, que el número se dio: lo leen "
            "quienes tengan la llave pública de la entidad, con «ventanilla constancia "
            "--verificar». Guarde esta hoja.",
        )
        today = lines.now().date()
        sheet.paragraph(
            "Normas: " + "; ".join(norms.cite(n, today) for n in RECEIPT_NORMS) + ".", small=True
        )
        return sheet.pdf()

    @staticmethod
    def _annexes(state: State) -> str:
        """Of who is not to be known only how many: the words of an anexo may name them."""
        assert state.numero is not None
        if state.acceso.identidad_protegida:
            return str(state.numero.anexos or "ninguno")
        return annexes_text(state.campos.get("anexos"))

    def _receipt_rows(self, state: State) -> list[tuple[str, str]]:
        facts, fields = self.stamp_facts(state), identity.public(state).campos
        sender = [str(fields[k]) for k in ("remitente", "entidad") if fields.get(k)]
        rows = [
            ("Radicado", facts.radicado),
            ("Recibido", facts.recibido),
            ("Número dado", facts.fecha),
            ("Remitente", " · ".join(sender) or "sin nombre"),
            ("Asunto", str(fields.get("asunto") or "sin asunto legible")),
            ("Folios", facts.folios),
            ("Anexos", self._annexes(state)),
            ("Va a", facts.area),
        ]
        if fields.get("faltantes"):
            rows.insert(7, ("Faltaba al recibir", str(fields["faltantes"])))
        due = self._due_text(state)
        return [*rows, ("Respuesta", due)] if due else rows

    def _due_text(self, state: State) -> str:
        closed = state.tramite.archivado
        if closed is not None and closed.causa == ON_THE_SPOT:
            return "dada en el acto"
        term = public_term(state, self.settings)
        if term is None:
            return ""
        if not term["vence"]:
            return "la fecha la fija la norma o la orden que rige este asunto"
        how = f"{term['dias']} {plural(term['unidad'])}; {term['norma']}" if term["dias"] else ""
        day = read_day(state.due or term["vence"])
        return f"a más tardar el {day}" + (f" ({how})" if how else "")

    def _receipt_words(self, state: State) -> str:
        return (
            "Esta hoja tiene la fecha, la hora y el número con que recibimos su documento, y el "
            "número y la clase de lo que trajo: vale igual que el original y es gratuita. "
            f"{self._how_to_ask(state)}"
        )

    def _how_to_ask(self, state: State) -> str:
        """Where a person asks how it goes, and by which number."""
        office = self.settings.entidad
        ways = [
            office.direccion and f"en la ventanilla ({office.direccion})",
            office.conmutador and f"en el teléfono {office.conmutador}",
            office.correo and f"en {office.correo}",
            office.web and f"en {office.web}",
        ]
        where = ", ".join(filter(None, ways)) or "en la ventanilla"
        return f"Para saber cómo va, pregunte por el número {state.radicado} {where}."

    # -- actas --------------------------------------------------------------------------------

    def acta_de_anulacion(self, radicado: str, salida: Path | None = None) -> Issued:
        """The acta of an annulled number, signed; the one that is kept where it was made before.

        Raises:
            Refused: the number is not annulled.
        """
        self.index.catch_up()
        state = self.estado(self.subject(radicado))
        if state.anulado is None:
            raise Refused("no_anulado", f"{radicado} no está anulado.")
        self._must_see(state)
        self._note_reading(state, "acta")
        kept = next((d for d in state.documentos if d.rol == "acta"), None)
        if kept is not None:
            data = self.vault.read(kept.sha256)
        else:
            actor = self.persona or state.anulado.acto.person
            data = self._issue("acta", self._annulment_page(state), state.subject, actor)
        return self._hand_out(data, "actas", state, "", salida, state.anulado.acta)

    def _annulment_page(self, state: State) -> bytes:
        done, number = state.anulado, state.numero
        assert done is not None and number is not None and state.fecha is not None
        events = {e.hash: e for e in self.index.events(state.subject)}
        annulled = next(e for e in events.values() if e.type == "radicado.anulado")
        asked = events[done.solicitud]
        sheet = self._sheet(
            "Acta de anulación de radicado",
            at=lines.moment(annulled.at),
            subtitle=done.acta,
            mark=f"Acta {done.acta}",
        )
        signer = self.authority.personas.get(done.acto.person)
        own = state.carta.presentada is not None
        sheet.paragraph(
            f"El {read_hour(annulled.at)} se anula el número {number.radicado}. El número queda "
            "gastado: no se usa otra vez, no se borra y no se cambia; quien lo busque verá esta "
            "acta."
        )
        sheet.pairs(
            [
                ("Número anulado", number.radicado),
                ("Radicado", read_hour(state.fecha)),
                *([] if own else [("Recibido", read_hour(state.recibido or state.fecha))]),
                ("Justificación", str((annulled.ficha or {}).get("motivo", ""))),
                ("La pidió", f"{self._name(asked.actor)}, {read_hour(asked.at)}"),
                ("Motivo de la solicitud", str((asked.ficha or {}).get("motivo", ""))),
                ("La firma", self._name(done.acto.person)),
                ("Firmada", read_hour(done.acto.at)),
                ("Firma electrónica (Ed25519)", done.acto.firma),
                ("Línea del diario", f"{annulled.punto} {annulled.seq} · {annulled.hash}"),
            ]
        )
        sheet.signature(
            signer.nombre if signer else done.acto.person, signer.cargo if signer else ""
        )
        norm = norms.cite("Acuerdo 060 de 2001 (AGN), art. 5", lines.moment(annulled.at).date())
        sheet.paragraph(f"Norma: {norm}, parágrafo.", small=True)
        return sheet.pdf()

    # -- within -------------------------------------------------------------------------------

    def _sheet(
        self,
        title: str,
        *,
        at: datetime,
        subtitle: str,
        mark: str,
        landscape: bool = False,
        one_page: bool = False,
        stamped: bool = False,
    ) -> Sheet:
        """An official page of this office; that of a demo office says that it is none."""
        sheet = Sheet(
            Letterhead.of(self.settings),
            title,
            at=at,
            subtitle=subtitle,
            mark=mark,
            landscape=landscape,
            one_page=one_page,
            stamped=stamped,
        )
        if self.authority.demo:
            sheet.paragraph("OFICINA DE DEMOSTRACIÓN: este documento no tiene ningún valor.")
        return sheet

    def _name(self, person: str) -> str:
        known = self.authority.personas.get(person)
        return f"{known.nombre} ({known.cargo})" if known and known.cargo else person

    def _issue(self, rol: str, page: bytes, subject: str, actor: str) -> bytes:
        """Sign a page about a record, keep it, and say so."""
        state = self.estado(subject)
        assert state.numero is not None
        signer = self.signer
        signed = signer.sign(page, reason=f"{rol.capitalize()} de {state.numero.radicado}")
        fact = DocumentIssued(
            rol=rol,
            radicado=state.numero.radicado,
            documento=self.vault.put(signed, "pdf"),
            certificado=signer.certificate,
        )
        with self._writing() as writer:
            self._append(writer, fact, subject, actor)
        return signed

    def _hand_out(
        self,
        data: bytes,
        folder: str,
        state: State,
        qr: str,
        salida: Path | None,
        name: str | None = None,
    ) -> Issued:
        assert state.numero is not None
        target = salida or self.home / "salida" / folder / f"{name or state.numero.radicado}.pdf"
        self.disk.make_folder(target.parent)
        self.disk.publish(target, data)
        return Issued(str(target), lines.sha256(data), qr)


def checked(said: Statement, known: bool | None) -> Checked:
    """A receipt that holds, as commands show it."""
    return Checked(True, said.radicado, said.at, said.entidad, said.punto, said.seq, known)


def plural(unit: str) -> str:
    """`día hábil` → `días hábiles`."""
    words = {"día hábil": "días hábiles", "mes": "meses", "hora": "horas"}
    return words.get(unit, "días calendario")


def annexes_text(value: Any) -> str:
    """The anexos by number and class, as a person reads them."""
    if not value:
        return "ninguno"
    if not isinstance(value, list):
        return str(value)
    rows = []
    for row in value:
        extra = f" ({row['folios']} folios)" if row.get("folios") else ""
        rows.append(f"{row.get('cantidad', 1)} {row.get('clase') or 'sin clase'}{extra}")
    return "; ".join(rows)
