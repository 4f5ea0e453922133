"""The part of the door for what another system numbered: many at once, declared, unverified.

Documents go to the vault first; then as many facts as a chunk has in one write. Who imports again,
after a cut too, goes on where it stopped: a radicado that is there is left alone and told.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from records import fields, lines, numbering
from records.errors import Refused
from records.filing import Filing
from records.imported import NUMBER, ORIGINS, RecordImported, is_time
from records.journal import PREVIOUS, Draft
from records.reserve import Classified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from records.imported import Origin, Role

WHO = ("archivista", "admin")
CHUNK = 200
"""Records written at once; others wait no longer for the lock than that takes."""
CHUNK_BYTES = 32 * 1024 * 1024
"""Documents held in memory before they go to the vault."""
MOST_DOCUMENTS = 400
"""Of one record: an event has its limit."""
_LONGEST = 120
"""Characters of what stands in an event's data."""
_WRITERS = 8
"""Documents that are made durable at once: a disk syncs many as quickly as one."""


class Paper(msgspec.Struct, frozen=True):
    """A document of a record that is imported."""

    rol: Role
    datos: bytes
    extension: str


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """A record as another system told it. What is in `campos` may be personal; the rest is not."""

    radicado: str
    clase: str
    fecha: str | None = None
    recibido: str | None = None
    tipo: str | None = None
    canal: str | None = None
    dependencia: str | None = None
    responsable: str | None = None
    vence: str | None = None
    folios: int | None = None
    expediente: str | None = None
    anulado: bool = False
    reservado: bool = False
    nivel: Literal["clasificada", "reservada"] = "clasificada"
    """Of what is withheld; `fundamento` and `reserva_hasta` are its ground and last day."""
    fundamento: str | None = None
    reserva_hasta: str | None = None
    """The other system kept it from view: it is classified in the same write, until people look."""
    campos: dict[str, str] = {}
    documentos: list[Paper] = []
    historia: dict[str, Any] | None = None
    """What that system told of its way, and what else it said of it; it goes to the vault."""


class Rejected(msgspec.Struct, frozen=True):
    """A record that was not imported, and why."""

    radicado: str
    codigo: str
    motivo: str


class Told(msgspec.Struct):
    """What an import did."""

    radicados: int = 0
    repetidos: int = 0
    """Imported before, from the same system."""
    rechazados: list[Rejected] = []
    documentos: int = 0
    lote: str = ""
    """SHA-256 of the manifest."""


class Importing(Filing):
    """Import."""

    def importados(self, origen: Origin) -> set[str]:
        """The radicados that were imported from a system."""
        self.index.catch_up()
        return self.index.imported(origen)

    def importar(
        self,
        registros: Iterable[Imported],
        manifiesto: Mapping[str, Any],
        *,
        origen: Origin,
        ensayo: bool = False,
        progreso: Callable[[Told], None] = lambda _: None,
    ) -> Told:
        """Take in records that another system numbered, each once; *manifiesto* says from what, and
        holds no names. With *ensayo* it is only told what would be done.

        Raises:
            Refused: who asks is neither archivist nor administrator.
        """
        self._look_again()
        actor = self.authority.require(self.persona, *WHO).id
        text = msgspec.json.encode(lines.clean(manifiesto), order="sorted")
        told = Told(lote=lines.sha256(text))
        if not ensayo:
            self.vault.put(text, "json")
        self.index.catch_up()
        seen: set[str] = set()
        held: list[Imported] = []
        size = 0
        for one in registros:
            try:
                new = self._new(one, origen, seen)
            except Refused as error:
                told.rechazados.append(Rejected(one.radicado, error.codigo, error.mensaje))
                continue
            if not new:
                told.repetidos += 1
                continue
            held.append(one)
            size += sum(len(paper.datos) for paper in one.documentos)
            if len(held) >= CHUNK or size >= CHUNK_BYTES:
                self._take_in(held, origen, actor, told, ensayo)
                held, size = [], 0
                progreso(told)
        self._take_in(held, origen, actor, told, ensayo)
        progreso(told)
        self.index.catch_up()
        return told

    def _new(self, one: Imported, origen: Origin, seen: set[str]) -> bool:
        """Whether a record is still to be imported.

        Raises:
            Refused: it cannot be, or its number is another record's.
        """
        if not NUMBER.fullmatch(one.radicado):
            raise Refused("numero", "El número está vacío o tiene caracteres que no se admiten.")
        if one.radicado in seen:
            raise Refused("dos_veces", "El mismo número está dos veces en lo que se importa.")
        seen.add(one.radicado)
        if (subject := self.index.subject_of(one.radicado)) is not None:
            there = self.index.origin_of(subject)
            if there == origen:
                return False
            whose = "de esta oficina" if there is None else f"importado de {ORIGINS[there]}"
            raise Refused("ya_existe", f"Ya hay un radicado {whose} con ese número.")
        year = lines.now().year
        if numbering.could_be_ours(self.settings, self.punto, one.radicado, year):
            raise Refused("nuestro", "Esta oficina puede dar todavía ese número a otra carta.")
        _check(one)
        return True

    def _take_in(
        self, held: list[Imported], origen: Origin, actor: str, told: Told, ensayo: bool
    ) -> None:
        """Documents to the vault, then the facts in one write; what came meanwhile is left out."""
        if ensayo or not held:
            told.radicados += len(held)
            told.documentos += sum(len(one.documentos) for one in held)
            return
        with ThreadPoolExecutor(_WRITERS) as pool:
            facts = list(pool.map(lambda one: self._fact(one, origen, told.lote), held))
        with self._writing() as writer:
            drafts: list[Draft] = []
            count = 0
            for one, fact in zip(held, facts, strict=True):
                if self.index.subject_of(one.radicado) is None:
                    personal = {k: fields.clean_text(v) for k, v in one.campos.items()}
                    ficha = {k: v for k, v in personal.items() if v}
                    drafts.append(Draft(fact, self._new_subject, actor, (), ficha))
                    if one.reservado:
                        drafts.append(self._withheld(one, actor, fact.origen))
                    count += 1
                    told.documentos += len(one.documentos)
            if drafts:
                writer.append_all(drafts)
        told.radicados += count
        told.repetidos += len(held) - count

    def _withheld(self, one: Imported, actor: str, origen: Origin) -> Draft:
        """What keeps from view, right after its import, a record that was so before."""
        why = f"{ORIGINS[origen].capitalize()} lo tenía con acceso restringido; revise si procede."
        fact = Classified(
            radicado=one.radicado,
            nivel=one.nivel,
            fundamento=one.fundamento,
            hasta=one.reserva_hasta,
        )
        return Draft(fact, lambda seq: self._new_subject(seq - 1), actor, PREVIOUS, {"motivo": why})

    def _fact(self, one: Imported, origen: Origin, lote: str) -> RecordImported:
        papers = [(p.rol, self.vault.put(p.datos, p.extension)) for p in one.documentos]
        history = None
        if one.historia is not None:
            text = msgspec.json.encode(lines.clean(one.historia), order="sorted")
            history = self.vault.put(text, "json")
        return RecordImported(
            radicado=one.radicado,
            origen=origen,
            clase=one.clase,
            fecha=one.fecha,
            recibido=one.recibido,
            tipo=_public(one.tipo),
            canal=_public(one.canal),
            dependencia=_public(one.dependencia),
            responsable=_public(one.responsable),
            vence=one.vence,
            folios=one.folios,
            expediente=_public(one.expediente),
            anulado=one.anulado,
            documentos=papers,
            historia=history,
            lote=lote,
        )


def _public(text: str | None) -> str | None:
    return fields.clean_text(text or "")[:_LONGEST].strip() or None


def _check(one: Imported) -> None:
    """Refuse what the fact cannot say; a fact that cannot be written would hold up its chunk."""
    if not (one.clase.isascii() and one.clase.isupper() and 0 < len(one.clase) <= 4):
        raise Refused("clase", f"«{one.clase[:20]}» no es una clase de comunicación.")
    told = (one.fecha, one.recibido, one.vence)
    if not all(is_time(text) for text in told if text is not None):
        raise Refused("fecha", "Tiene una fecha que no existe.")
    if len(one.documentos) > MOST_DOCUMENTS:
        raise Refused("documentos", f"Trae más de {MOST_DOCUMENTS} documentos.")
    if one.folios is not None and not 0 <= one.folios <= fields.MAX_LEAVES:
        raise Refused("folios", "El número de folios no puede ser.")
