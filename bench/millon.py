"""A real home of a million records, written by the journal's own writer: it verifies.

    python -m bench.millon --registros 1000000 --casa DIR [--semilla N] [--anos 6] [--json FILE]

Receptions, numbers, seals, closings, letters that answer, over years that end today; several áreas,
channels, kinds; some overdue, some withheld, some with the text of their page; one in fifty was
imported from the system that the office had before. The same seed gives the same records; keys,
salts and so hashes differ each time. One small PDF stands for all documents. The clock of this
process is set to each half day as it is written, nothing waits for the disk, and a line that was
just signed is believed: `ventanilla verificar` checks them all.

Its marks lie where VENTANILLA_MARCAS says; who opens the home says the same, else it is taken for a
copy, which can be read and not written.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as hour
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

from bench import cartas_millon as post
from bench.diario import Hurried
from bench.medida import arguments, report
from records import keys, lines, numbering, pdfa, revocations
from records import tail as tails
from records.answer import InkSigned, Presented, Recipient
from records.calendar import Calendar
from records.dispatch import Sent
from records.events import DocumentReceived, Event, NumberAssigned, RecordSealed
from records.imported import RecordImported
from records.journal import PREVIOUS, Draft, Journal, Writer
from records.office import Office
from records.reserve import Classified
from records.tramite import ON_THE_SPOT, Acknowledged, AnswerMoved, Archived

if TYPE_CHECKING:
    from bench.cartas_millon import Letter
    from records.fact import Fact
    from records.tail import Tail

ROOT = Path(__file__).resolve().parents[1]
HALVES = (hour(12, 0), hour(16, 30))
OPENS = hour(8, 0), hour(12, 30)
PEOPLE = 3
"""Of each área, besides its head."""
TEXTS = 400
FOREIGN = 50
"""One record in so many was imported."""
CHUNK = 500
GROUNDS = {"clasificada": ("18a", None, "Ley 1581 de 2012"), "reservada": ("19d", 5, "Ley 1952")}
"""Level → its ground, the years that it lasts, the law."""
UNSEALED = 40
"""The newest ones, whose seal is still to come."""


class Clock:
    """The hour that this process believes."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Maker:
    """Writes the years of an office."""

    def __init__(self, home: Path, records: int, seed: int, years: int) -> None:
        self.foreign = records // FOREIGN
        self.wanted, self.made, self.events = records - self.foreign, 0, 0
        last = lines.now().date() - timedelta(days=1)  # what is to come is no fact yet
        first = last - timedelta(days=365 * years)
        self.clock = Clock(datetime.combine(first, hour(7), lines.BOGOTA))
        lines.now = self.clock
        # An office renews its certificate, and the list of revoked ones; here one serves all years.
        keys.POINT_YEARS, revocations.DAYS = years + 3, 365 * (years + 3)
        tails.advance = partial(tails.advance, signed=lambda _line, _key: True)
        self.disk = Hurried()
        self.office = _found(home, self.disk)
        self.days = [d for n in range(365 * years + 1)
                     if self._calendar.works(d := first + timedelta(days=n))]  # fmt: skip
        self.post = post.Post(seed)
        self.due: dict[date, list[tuple[str, str, str, bool, str]]] = defaultdict(list)
        """Day → what is done then: subject, área, kind, by letter, actor."""
        self.head: dict[str, str] = {}
        """Newest event of each subject that is still to be closed."""
        self.names: dict[str, str] = {}
        """Its radicado."""
        self.last = ""
        """The radicado that was given last."""
        self.seq = 0
        self._prepare()

    @property
    def _calendar(self) -> Calendar:
        return Calendar.of(self.office.settings.horario)

    def _prepare(self) -> None:
        """Documents, texts, and what each letter's facts have in common."""
        page = _page()
        self.pdf, self.size = self.office.vault.put(page, "pdf"), len(page)
        signed = self.office.signer.sign(page, reason="Registro")
        self.seal, self.sealed_size = self.office.vault.put(signed, "pdf"), len(signed)
        self.certificate = keys.fingerprint(self.office.keys.certificate(self.office.punto))
        self.readings = []
        folder = self.office.home / "lecturas"
        self.disk.make_folder(folder)
        for text in self.post.texts(TEXTS):
            data = json.dumps({"paginas": [{"texto": text}]}, ensure_ascii=False).encode()
            self.disk.replace(folder / f"{lines.sha256(data)}.json", data)
            self.readings.append(lines.sha256(data))

    def run(self) -> Iterator[int]:
        """Write it all; gives how many records there are after each half day."""
        office = self.office
        journal = Journal(office.home, office.punto, self.disk)
        key = office.keys.point_ed(office.punto)
        halves = [(d, at, begins) for d in self.days
                  for at, begins in zip(HALVES, OPENS, strict=True)]  # fmt: skip
        with journal.writing(key) as writer:
            self._import(writer)
            for n, (day, at, begins) in enumerate(halves):
                self.clock.at = datetime.combine(day, at, lines.BOGOTA)
                share = self.wanted * (n + 1) // len(halves) - self.made
                start = datetime.combine(day, begins, lines.BOGOTA)
                self._half_day(writer, start, self.post.letters(share, TEXTS))
                self.made += share
                yield self.made

    def _import(self, writer: Writer) -> None:
        """What the office brought from its former system, before its first letter."""
        letters = self.post.foreign(self.foreign)
        lote = self.office.vault.put(b'{"archivo":"radicados.csv"}', "json")
        first = self.clock.at.date()
        for begin in range(0, len(letters), CHUNK):
            drafts = []
            for n, one in enumerate(letters[begin : begin + CHUNK], start=begin):
                day = (first - timedelta(days=one.dias)).isoformat()
                number = f"{day[:4]}{one.area}{n:07d}{post.CLASS_DIGIT[one.clase]}"
                fact = RecordImported(
                    radicado=number, origen="orfeo", clase=one.clase, fecha=day, recibido=day,
                    tipo=one.tipo, canal=one.canal, dependencia=one.area,
                    folios=one.folios, documentos=[("original", self.pdf)],
                    lote=lote,
                )  # fmt: skip
                drafts.append(Draft(fact, self._own_subject, "dgarzon", (), dict(one.campos)))
            writer.append_all(drafts)
            self.events += len(drafts)

    def _own_subject(self, seq: int) -> str:
        return f"{self.office.punto}.{seq}"

    def _half_day(self, writer: Writer, start: datetime, letters: list[Letter]) -> None:
        at, self.seq = writer.at(), writer.next_seq()
        drafts: list[Draft] = []
        for n, one in enumerate(letters, start=self.made):
            drafts += self._numbered(one, at, start, sealed=n < self.wanted - UNSEALED)
        for closing in self.due.pop(self.clock.at.date(), ()):
            drafts += self._closed(closing, at)
        if drafts:
            for event in writer.append_all(drafts):
                self._note(event)
            self.events += len(drafts)

    def _note(self, event: Event) -> None:
        if event.subject in self.head:
            self.head[event.subject] = event.hash

    def _take(self, drafts: list[Draft]) -> list[Draft]:
        self.seq += len(drafts)
        return drafts

    def _numbered(self, one: Letter, at: str, start: datetime, *, sealed: bool) -> list[Draft]:
        office, punto = self.office, self.office.punto
        subject = f"{punto}.{self.seq}"
        received = lines.stamp(start + timedelta(minutes=one.minuto))
        image = self.pdf if one.imagen else None
        person = None if one.a_persona is None else f"f{one.area}{'abc'[one.a_persona]}"
        first = DocumentReceived(
            reclamo=f"m{self.seq}", sha256=image, bytes=self.size if image else None,
            formato="pdf" if image else None, carril=one.carril, canal=one.canal,
            recibido=min(received, at),
        )  # fmt: skip
        told = _due(office, one.tipo, first.recibido or at)
        actor = "cruiz" if one.minuto % 2 else "dgarzon"
        number = partial(
            self._number, recepcion=subject, recibido=first.recibido, fuente=first.fuente,
            carril=one.carril, canal=one.canal, tipo=one.tipo, dependencia=one.area,
            responsable=person, folios=one.folios, anexos=0, vence=told.vence,
            vence_legal=told.legal, imagen=image,
        )  # fmt: skip
        drafts = [
            Draft(first, subject, "sistema", ficha={"archivo": f"carta-{self.seq}.pdf"}),
            Draft(number, subject, actor, PREVIOUS, dict(one.campos)),
        ]
        if image and sealed:
            drafts.append(Draft(partial(self._sealed, one), subject, "sistema", PREVIOUS))
        if person is not None and one.minuto % 5 == 0:
            drafts.append(Draft(partial(_known, self, one.area), subject, person, PREVIOUS))
        if one.nivel is not None:
            drafts.append(self._withheld(one.nivel, subject))
        self._plan(one, subject, person or self._head_of(one.area))
        return self._take(drafts)

    def _number(self, tail: Tail, **fields: object) -> NumberAssigned:
        vigencia = self.clock.at.year
        n, before = numbering.next_number(tail, "E", vigencia)
        self.last = numbering.radicado(self.office.settings, vigencia, tail.serie, "E", n)
        if (subject := str(fields["recepcion"])) in self.head:
            self.names[subject] = self.last
        fact: NumberAssigned = NumberAssigned(
            radicado=self.last, clase="E", vigencia=vigencia, n=n, anterior=before, **fields  # type: ignore[arg-type]
        )  # fmt: skip
        return fact

    def _sealed(self, one: Letter, _tail: Tail) -> RecordSealed:
        return RecordSealed(
            radicado=self.last, sha256=self.seal, original=self.pdf, paginas=one.folios,
            bytes=self.sealed_size, certificado=self.certificate,
            lectura=None if one.texto is None else self.readings[one.texto],
        )  # fmt: skip

    def _withheld(self, nivel: str, subject: str) -> Draft:
        ground, years, law = GROUNDS[nivel]
        today = self.clock.at.date()
        end = None if years is None else f"{today.year + years}-{today:%m}-01"

        def fact(_tail: Tail) -> Classified:
            return Classified(
                radicado=self.last, nivel=nivel, fundamento=ground, hasta=end, norma=law  # type: ignore[arg-type]
            )  # fmt: skip

        why = {"motivo": "Trae datos que la ley no deja publicar"}
        return Draft(fact, subject, "asalcedo", PREVIOUS, why)

    def _plan(self, one: Letter, subject: str, actor: str) -> None:
        if one.cierre is None:
            return
        day = self.clock.at.date() + timedelta(days=one.cierre + 1)
        while day <= self.days[-1] and not self._works(day):
            day += timedelta(days=1)
        if day <= self.days[-1]:
            self.head[subject] = ""
            by_letter = one.por_carta and one.tipo not in ("sin_termino", "felicitacion")
            self.due[day].append((subject, one.area, one.tipo, by_letter, actor))

    @lru_cache(4000)  # noqa: B019 - one maker a process
    def _works(self, day: date) -> bool:
        return self._calendar.works(day)

    def _head_of(self, area: str) -> str:
        return self.office.authority.areas[area].jefe or "ntorres"

    def _closed(self, closing: tuple[str, str, str, bool, str], at: str) -> list[Draft]:
        subject, area, tipo, by_letter, actor = closing
        radicado, head = self.names.pop(subject), self.head.pop(subject)
        if by_letter:
            return self._answered(subject, radicado, head, area, at)
        plain = tipo in ("sin_termino", "felicitacion")
        fact = Archived(radicado=radicado, causa=None if plain else ON_THE_SPOT)
        why = None if plain else {"motivo": "Se atendió y resolvió con la persona"}
        return self._take([Draft(fact, subject, actor, (head,), why)])

    def _answered(self, subject: str, radicado: str, head: str, area: str, at: str) -> list[Draft]:
        """A letter signed on paper, numbered, sent; and a word to what it answers."""
        letter, signer = f"{self.office.punto}.{self.seq}", self._head_of(area)
        made = Presented(
            clase="S", tipo="respuesta", a=[radicado], firmante=signer, dependencia=area,
            destinatarios=[Recipient(medio="certificado")],
        )  # fmt: skip
        given: list[str] = []

        def seen(tail: Tail) -> Fact:
            post_of = self.office.authority.personas[signer].cargo
            return InkSigned(version=tail.prev, firmante=signer, cargo=post_of)

        def number(tail: Tail) -> Fact:
            fact = numbering.outgoing(self.office.settings, tail, at, made)
            given[:] = [fact.radicado]
            return fact

        def sent(_tail: Tail) -> Fact:
            return Sent(radicado=given[0], destinatario=1, intento=1, medio="certificado",
                        enviado=at, operador="Servicios Postales")  # fmt: skip

        def told(_tail: Tail) -> Fact:
            return AnswerMoved(radicado=radicado, respuesta=letter, paso="enviada",
                               salida=given[0], enviada=at)  # fmt: skip

        whom = {
            "asunto": f"Respuesta al radicado {radicado}",
            "destinatarios": [{"nombre": "Peticionario", "direccion": "Calle 1 # 2-03"}],
        }
        return self._take([
            Draft(made, letter, signer, (), whom),
            Draft(seen, letter, "cruiz", PREVIOUS),
            Draft(number, letter, "cruiz", PREVIOUS),
            Draft(sent, letter, "cruiz", PREVIOUS, {"direccion": "Calle 1 # 2-03"}),
            Draft(told, subject, "cruiz", (head,)),
        ])  # fmt: skip


def _known(maker: Maker, area: str, _tail: Tail) -> Acknowledged:
    return Acknowledged(radicado=maker.last, dependencia=area)


@lru_cache(20_000)
def _due_of(office: Office, tipo: str, recibido: str) -> numbering.Due:
    return numbering.due(office.settings, "E", tipo, recibido)


def _due(office: Office, tipo: str, recibido: str) -> numbering.Due:
    """When it is due; only terms of hours look at the hour."""
    by_hour = tipo in ("tutela", "judicial", "defensoria")
    return _due_of(office, tipo, recibido if by_hour else f"{recibido[:10]}T09:00:00.000-05:00")


def _found(home: Path, disk: Hurried) -> Office:
    """A demo office with twelve áreas, and three people in each besides its head."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    heads = ("ntorres", "pbenitez", "mquintero", "asalcedo", "asalcedo")
    more = zip(post.EXTRA_AREAS.items(), heads, strict=True)
    areas = [
        f'[[areas]]\ncodigo = "{code}"\nnombre = "{name}"\njefe = "{head}"\n'
        for (code, name), head in more
    ]
    config = home.parent / f".{home.name}.toml"
    disk.make_folder(home.parent)
    config.write_text("\n".join([text, *areas]), encoding="utf-8")
    office, _ = Office.found(home, config, demo=True, disk=disk)
    config.unlink()
    for code in post.MATTERS:
        for k, letter in enumerate("abc"[:PEOPLE]):
            name = f"{post.FIRST[k * 7 % 30]} {post.LAST[int(code) % 40]}"
            office.agregar_persona(
                f"f{code}{letter}", nombre=name, cargo="Profesional", roles=["jefe_area"],
                passphrase=None, dependencia=code,
            )  # fmt: skip
    office.index.close()
    return Office(home, disk=disk)


def _page() -> bytes:
    """A PDF/A of one page with a line of text, for all letters."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(612, 792))
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdfa.embed_font(pdf)))
    show = pdfa.face().encode("Carta de prueba")
    page.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 700 Td " + show + b" Tj ET")
    out = io.BytesIO(pdfa.write(pdf))
    return out.getvalue()


def main() -> None:
    """Make it and tell how quickly."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--registros", type=int, default=1_000_000)
    parser.add_argument("--casa", type=Path, required=True)
    parser.add_argument("--semilla", type=int, default=1)
    parser.add_argument("--anos", type=int, default=6)
    parser.add_argument("--sin-indice", action="store_true", help="leave the index to who opens it")
    options = parser.parse_args()
    real = lines.now
    os.umask(0o027)
    began = told = time.perf_counter()
    maker = Maker(options.casa, options.registros, options.semilla, options.anos)
    for made in maker.run():
        if time.perf_counter() - told > 5:
            told = time.perf_counter()
            rate = maker.events / (told - began)
            print(f"{made:>9} radicados, {rate:,.0f} eventos/s", file=sys.stderr, flush=True)
    writing = time.perf_counter() - began
    lines.now = real
    figures = {
        "registros": options.registros, "eventos": maker.events, "segundos": writing,
        "eventos_por_segundo": maker.events / writing,
    }  # fmt: skip
    if not options.sin_indice:
        began = time.perf_counter()
        Office(options.casa).index.rebuild()
        figures["segundos_indice"] = time.perf_counter() - began
        figures["radicados_por_segundo_indice"] = options.registros / figures["segundos_indice"]
    report("millon", figures, options.json)


if __name__ == "__main__":
    main()
