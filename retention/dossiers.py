"""The part of the door for expedientes while they are open: what goes in, where the paper is.

Acuerdo 002 de 2014: an expediente is made from the first document of a matter and holds all of
them; Ley 594 de 2000, art. 24: under the series of the TRD and no other. What closes them is in
`retention.closing`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from records import fields
from records.expedientes import (
    MEDIUMS,
    SERIES,
    Filed,
    Medium,
    Occurred,
    Opened,
    Referred,
    Unfiled,
    subject_of,
)
from records.journal import Draft
from records.numbering import next_of_archive
from records.reserve import may_see
from retention.room import FILES, refused, today
from retention.suggesting import Guess, guesses, kind_of
from retention.tables import Tables
from retention.views import ExpedienteView, view

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from records.events import Event
    from records.expedientes import Expediente, Member
    from records.expedientes_index import Listed
    from records.journal import Writer
    from records.state import State
    from records.trd import Row

TABLE = "Ley 594 de 2000, art. 24"
TOGETHER = "Acuerdo 002 de 2014 (AGN), art. 5"
LONGEST = 300
"""Letters of a name, or of what describes a paper."""
FIRST_DAY = date(1500, 1, 1)
CONTROL = "Acuerdo 002 de 2014 (AGN), art. 12"


class Begun(msgspec.Struct, frozen=True):
    """An expediente that was opened."""

    expediente: str
    serie: str
    nombre: str
    evento: str
    documentos: int


class Put(msgspec.Struct, frozen=True):
    """What was put into an expediente."""

    expediente: str
    documentos: int
    """How many it holds now."""
    eventos: list[str]


class Paper(msgspec.Struct, frozen=True):
    """A paper without a number, as who files it describes it."""

    descripcion: str
    folios: int
    fecha: date | None = None


class Dossiers(Tables):
    """Expedientes that are open."""

    # -- opening ------------------------------------------------------------------------------

    def abrir(
        self,
        serie: str,
        nombre: str,
        *,
        dependencia: str | None = None,
        soporte: str = "electronico",
        responsable: str | None = None,
        con: Sequence[str] = (),
    ) -> Begun:
        """Open an expediente under a row of the TRD in force, with its first documents *con*.

        Raises:
            Refused: there is no such row, no name, or who asks works elsewhere; or a document
                cannot go into it.
        """
        digest, row = self.adopcion().sha256, self._row(serie)
        where = dependencia or row.dependencia or self._own_area() or ""
        self._check_area(row, where)
        actor = self._handler(where)
        name = fields.clean_text(nombre)
        if not 0 < len(name) <= LONGEST:
            raise refused(
                "sin_nombre",
                f"Un expediente necesita un nombre, de hasta {LONGEST} letras.",
                FILES,
                "Dígalo con --nombre.",
            )
        if soporte not in MEDIUMS:
            raise refused(
                "soporte", f"«{soporte}» no es un soporte.", FILES, f"Son: {', '.join(MEDIUMS)}."
            )
        if responsable is not None:
            self.office.authority.require(responsable)
        named = list(dict.fromkeys(r.strip().upper() for r in con))

        def plan(writer: Writer) -> list[Draft]:
            year = int(writer.at()[:4])
            number, n, before = next_of_archive(
                self.office.settings, writer.tail, SERIES, year, serie=row.codigo, dependencia=where
            )
            fact = Opened(
                expediente=number,
                vigencia=year,
                n=n,
                anterior=before,
                serie=row.codigo,
                trd=digest,
                dependencia=where,
                soporte=msgspec.convert(soporte, Medium),
                responsable=responsable,
            )
            first = Draft(fact, subject_of(number), actor, (), {"nombre": name})
            return [first, *self._filing(number, row, 0, named, None, actor)]

        events = self.office.asentar(plan)
        made = events[0].data["expediente"]
        return Begun(str(made), row.codigo, name, events[0].hash, len(named))

    def _row(self, serie: str) -> Row:
        """A row of the table in force, by its code."""
        table = self.trd()
        row = table.row(serie.strip())
        if row is None:
            near = [r.codigo for r in table.series if r.codigo.endswith(serie.strip())][:5]
            raise refused(
                "fuera_de_trd",
                f"La TRD en vigor (versión {table.version}) no tiene la serie «{serie}».",
                TABLE,
                f"¿Quiso decir {', '.join(near)}?" if near else "Véalas con «ventanilla trd ver».",
            )
        return row

    def _own_area(self) -> str | None:
        office = self.office
        return office.authority.require(office.persona).dependencia

    def _check_area(self, row: Row, where: str) -> None:
        if row.dependencia and where != row.dependencia:
            raise refused(
                "otra_dependencia",
                f"La serie {row.codigo} es de la dependencia {row.dependencia}, no de {where}.",
                TABLE,
            )
        if where and not row.dependencia:
            self.office.authority.area(where)

    # -- what goes in -------------------------------------------------------------------------

    def incorporar(self, numero: str, radicados: Sequence[str], *, tipo: str | None = None) -> Put:
        """Put records into an open expediente, in this order.

        Raises:
            Refused: it is closed, a record is not there or lies in an expediente already, or *tipo*
                is none of the TRD's for its series.
        """
        named = list(dict.fromkeys(r.strip().upper() for r in radicados))
        actor = self._handler(self.expediente(numero).abierto.dependencia)

        def plan(_: Writer) -> list[Draft]:
            state = self._open(numero)
            row = self.row_of(state.abierto.serie, state.abierto.trd)
            return self._filing(state.numero, row, state.incorporados, named, tipo, actor)

        return self._put(numero, plan)

    def incorporar_papel(self, numero: str, papel: Paper, *, tipo: str | None = None) -> Put:
        """Put a paper that has no number into an expediente that holds paper.

        Raises:
            Refused: it is closed or electronic, or the paper is not described.
        """
        actor = self._handler(self.expediente(numero).abierto.dependencia)
        text = fields.clean_text(papel.descripcion)

        def plan(_: Writer) -> list[Draft]:
            state = self._open(numero)
            row = self.row_of(state.abierto.serie, state.abierto.trd)
            if state.abierto.soporte == "electronico":
                raise refused(
                    "sin_papel",
                    f"{state.numero} es electrónico: no tiene papeles.",
                    FILES,
                    "Lo que llega en papel se radica y se escanea; o abra uno híbrido.",
                )
            if not 0 < len(text) <= LONGEST:
                raise refused(
                    "sin_descripcion", f"Diga qué papel es, en hasta {LONGEST} letras.", CONTROL
                )
            if papel.fecha is not None and not FIRST_DAY <= papel.fecha <= today():
                raise refused("fecha", f"Un papel no puede ser del {papel.fecha}.", CONTROL)
            fact = Filed(
                expediente=state.numero,
                orden=state.incorporados + 1,
                tipo=self._kind(row, tipo),
                folios=papel.folios,
                fecha=papel.fecha.isoformat() if papel.fecha else None,
            )
            told = {"descripcion": text}
            return [Draft(fact, subject_of(state.numero), actor, (), told)]

        return self._put(numero, plan)

    def _put(self, numero: str, plan: Callable[[Writer], list[Draft]]) -> Put:
        events = self.office.asentar(plan)
        state = self.expediente(numero)
        return Put(state.numero, len(state.miembros), [e.hash for e in events])

    def _filing(
        self,
        numero: str,
        row: Row,
        before: int,
        radicados: Sequence[str],
        tipo: str | None,
        actor: str,
    ) -> list[Draft]:
        """The events that put records into an expediente that took *before* so far."""
        drafts = []
        for orden, radicado in enumerate(radicados, start=before + 1):
            state = self._fileable(radicado)
            kind = self._kind(row, tipo) if tipo else kind_of(row, state.publicos.get("tipo"))
            fact = Filed(
                expediente=numero,
                orden=orden,
                radicado=radicado,
                tipo=kind,
                folios=state.publicos.get("folios"),
            )
            drafts.append(Draft(fact, subject_of(numero), actor))
        return drafts

    def _fileable(self, radicado: str) -> State:
        """A record that lies in no expediente."""
        office = self.office
        state = office.estado(office.subject(radicado, imported=True))
        held = office.index.expediente_of(radicado)
        if held:
            raise refused(
                "ya_incorporado",
                f"{radicado} está en el expediente {held[0]}.",
                TOGETHER,
                "Un documento está en un solo expediente; los demás se refieren a él: "
                "«ventanilla expediente referir».",
            )
        return state

    def _kind(self, row: Row, tipo: str | None) -> str | None:
        """A tipo documental as the TRD spells it.

        Raises:
            Refused: the row names its types, and this is none of them.
        """
        if tipo is None:
            return None
        found = kind_of(row, tipo) if row.tipos else fields.clean_text(tipo)
        if found is None:
            raise refused(
                "tipo_fuera_de_trd",
                f"«{tipo}» no es un tipo documental de la serie {row.codigo}.",
                TABLE,
                f"Los suyos son: {'; '.join(row.tipos)}. La TRD se cambia con una versión nueva.",
            )
        return found

    def retirar(self, numero: str, radicado: str, motivo: str) -> Event:
        """Take out what was put there by error: a radicado, or the order of a paper.

        Raises:
            Refused: it is closed, does not hold it, or no reason is given.
        """
        actor = self._handler(self.expediente(numero).abierto.dependencia)
        reason = self._reason(motivo)

        def fact(state: Expediente) -> Unfiled:
            name = radicado.strip().upper()
            found = next((m for m in state.miembros if name in _names(m)), None)
            if found is None:
                raise refused("no_esta", f"{name} no está en {state.numero}.", FILES)
            return Unfiled(expediente=state.numero, orden=found.orden)

        return self._say(numero, self._open, fact, actor, {"motivo": reason})

    @staticmethod
    def _reason(motivo: str | None) -> str:
        reason = fields.clean_text(motivo or "")
        if not reason:
            raise refused("sin_motivo", "Diga por qué.", FILES, "Escríbalo con --motivo.")
        return reason

    def referir(self, numero: str, con: str) -> Event:
        """Say that an expediente has to do with another one, or with a record that lies elsewhere.

        Raises:
            Refused: there is no such thing, or it was said before.
        """
        actor = self._handler(self.expediente(numero).abierto.dependencia)
        other = con.strip()
        self.office.index.catch_up()
        if self.office.index.subject_of(other.upper()) is not None:
            other = other.upper()
        else:
            other = self.expediente(other).numero

        def fact(state: Expediente) -> Referred:
            if other == state.numero or other in state.radicados or other in state.referencias:
                raise refused("ya_referido", f"{other} ya consta en {state.numero}.", FILES)
            return Referred(expediente=state.numero, con=other)

        return self._say(numero, self._alive, fact, actor)

    def anotar_hecho(self, numero: str, fecha: date, hecho: str) -> Event:
        """Say that the event from which the series counts its retention took place.

        Raises:
            Refused: the series counts from the closing, or the day is still to come.
        """
        actor = self._handler(self.expediente(numero).abierto.dependencia)

        def fact(state: Expediente) -> Occurred:
            row = self.row_of(state.abierto.serie, state.abierto.trd)
            if not row.evento:
                raise refused(
                    "cuenta_del_cierre",
                    f"La retención de {row.codigo} corre desde el cierre del expediente.",
                    TABLE,
                )
            if fecha > today():
                raise refused("por_venir", f"El {fecha} no ha llegado.", TABLE)
            return Occurred(expediente=state.numero, fecha=fecha.isoformat())

        return self._say(numero, self._alive, fact, actor, {"hecho": fields.clean_text(hecho)})

    # -- asking -------------------------------------------------------------------------------

    def ver(self, numero: str) -> ExpedienteView:
        """The whole expediente; of its records what who asks may see.

        Raises:
            Refused: there is none.
        """
        state = self.expediente(numero)
        row = self.row_of(state.abierto.serie, state.abierto.trd)
        return view(state, self.table(state.abierto.trd), row, self._about, self._file_of)

    def _about(self, radicado: str) -> str:
        """What a record is about, or the word that stands for it."""
        office = self.office
        state = office.estado(office.subject(radicado, imported=True))
        if not may_see(state, office.sight):
            return office.withheld(state) or ""
        return str(office.shown(state).campos.get("asunto") or "")

    def _file_of(self, digest: str) -> str | None:
        path = self.office.vault.find(digest)
        return str(path.relative_to(self.office.home)) if path is not None else None

    def lista(self, *, serie: str | None = None, estado: str | None = None) -> list[Listed]:
        """Expedientes by number; of one serie, in one state."""
        self.office.index.catch_up()
        wanted = {"serie": serie, "estado": estado}
        parts = {k: v for k, v in wanted.items() if v}
        where = " AND ".join(f"{name}=?" for name in parts) or "1"
        return self.office.index.expedientes(where, list(parts.values()))

    def sugerir(self, radicado: str) -> list[Guess]:
        """Up to five rows of the TRD for a record, the likeliest first, each with its reason: by
        how records of its área and kind were filed before, and by the words of the table.

        Raises:
            Refused: there is no such record, or it may not be seen.
        """
        office = self.office
        seen = office.ver(radicado)
        table = self.trd()
        area, kind = seen.campos.get("dependencia"), seen.campos.get("tipo")
        return guesses(
            table,
            area,
            kind,
            str(seen.campos.get("asunto") or ""),
            office.index.filed_as(area, kind),
        )


def _names(member: Member) -> tuple[str, ...]:
    """By what a member is called: its radicado, or its order."""
    return (member.radicado or str(member.orden), f"#{member.orden}")
