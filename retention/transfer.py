"""The part of the door for transfers between archives of this home: prepared, accepted, sent back.

Primary (gestión → central) by the TRD, secondary (central → histórico) of what is kept for good
(Decreto 1515 de 2013). What is handed over is a package that proves itself; nothing leaves the
source before the other side has hashed all of it again and accepted. Packages that came from
another home: `retention.receiving`.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import fields, lines, norms
from records.expedientes import Passed
from records.expedientes import subject_of as expediente_subject
from records.journal import Draft
from records.numbering import next_of_archive
from records.reserve import PUBLIC
from records.sheets import Column
from records.transfers import (
    KINDS,
    PHASE,
    SERIES,
    Accepted,
    Kind,
    Prepared,
    SentBack,
    Transfer,
    fold,
    subject_of,
)
from retention import profiles
from retention.inventory import Chosen, Inventories
from retention.packing import packed
from retention.room import refused, today

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from records.events import Event
    from records.expedientes import Expediente
    from records.expedientes_index import TransferRow
    from records.journal import Writer
    from retention.fuid import Fuid
    from retention.package import Paquete
    from retention.profiles import Made, Profile
    from retention.whole import Advance

TRANSFER = "Ley 594 de 2000, art. 22"
SECONDARY = "Decreto 1515 de 2013, art. 12"
RESERVED = "Decreto 1515 de 2013, art. 20"
MOST = 1000
"""Expedientes of one transfer: its event has its limit."""
_COLUMNS = [
    Column("N.º", 0.5, right=True),
    Column("Expediente", 2.6),
    Column("Nombre", 4.5),
    Column("Serie", 1.5),
    Column("Cierre", 1.2),
    Column("Docs.", 0.8, right=True),
]


class Sent(msgspec.Struct, frozen=True):
    """A package that was prepared."""

    transferencia: str
    tipo: str
    paquete: str
    """Path of its folder."""
    fuid: str
    """Path of the inventory in it, as a spreadsheet."""
    expedientes: list[str]
    archivos: int
    bytes: int
    evento: str


class Taken(msgspec.Struct, frozen=True):
    """A package that was accepted or sent back."""

    transferencia: str
    estado: str
    paquete: str
    fuid: str
    expedientes: list[str]
    evento: str
    acta: str | None = None
    """Path of the signed acta."""
    recibo: str | None = None
    """Path of the signed word for the other home, where the package came from one."""


class Transfers(Inventories):
    """Transfers."""

    # -- preparing ----------------------------------------------------------------------------

    def transferir(
        self,
        expedientes: Sequence[str],
        destino: Path,
        *,
        tipo: str | None = None,
        motivo: str = "",
        perfil: Profile = "bagit",
        avance: Advance | None = None,
    ) -> Sent:
        """Write the package of a transfer under *destino*; the expedientes stay where they are.

        *perfil* is its kind: BagIt, or E-ARK for an archive with a preservation system. *avance* is
        told how many of its files are copied, and may stop it.

        Raises:
            Refused: there is no such kind; one of them is open, held, on its way, not due (without
                a reason), or has no such transfer; who asks is no archivist, or stopped it.
            MachineCannot: the destination cannot hold it.
        """
        actor, reason = self._keeper(), fields.clean_text(motivo)
        self._check_target(destino, perfil)
        names = list(dict.fromkeys(expedientes))
        while True:
            states = [self._may_leave(name, tipo, reason) for name in names]
            kind = self._one_kind(states, tipo)
            number, n, before, year = self._next_number()
            made = self._write(states, number, kind, destino, perfil, avance)
            fact = Prepared(
                transferencia=number,
                vigencia=year,
                n=n,
                anterior=before,
                tipo=kind,
                expedientes=[s.numero for s in states],
                paquete=made.huella,
            )
            event = None
            try:
                event = self._prepare(fact, states, actor, reason, str(destino))
            finally:
                if event is None:  # a package that no log knows is none
                    shutil.rmtree(made.path)
            if event is not None:
                break  # else somebody took the number, or an expediente changed, meanwhile
        return Sent(
            number,
            kind,
            str(made.path),
            str(profiles.inventory_of(made.path, number)),
            fact.expedientes,
            made.files,
            made.bytes,
            event.hash,
        )

    @staticmethod
    def _check_target(destino: Path, perfil: str) -> None:
        if perfil not in profiles.PROFILES:
            said = f"«{perfil}» no es un perfil de paquete."
            raise refused("perfil", said, TRANSFER, f"Son: {', '.join(profiles.PROFILES)}.")
        if not destino.is_dir() and not destino.parent.is_dir():
            raise refused(
                "sin_destino",
                f"No hay ninguna carpeta {destino.parent}.",
                TRANSFER,
                "¿Está conectado el disco? Conéctelo, o diga otra carpeta con --destino.",
            )

    def _next_number(self) -> tuple[str, int, int | None, int]:
        """The number of the next transfer, if nobody takes it meanwhile."""
        office = self.office
        with office.open_log(office.journal) as writer:
            office.check_clock(writer)
            year = int(writer.at()[:4])
            return (*next_of_archive(office.settings, writer.tail, SERIES, year), year)

    def _prepare(
        self, fact: Prepared, seen: Sequence[Expediente], actor: str, reason: str, where: str
    ) -> Event | None:
        def plan(writer: Writer) -> list[Draft]:
            year = int(writer.at()[:4])
            same = next_of_archive(self.office.settings, writer.tail, SERIES, year)
            if same != (fact.transferencia, fact.n, fact.anterior):
                raise _Moved
            if any(self.expediente(s.numero) != s for s in seen):
                raise _Moved
            told = {k: v for k, v in (("destino", where), ("motivo", reason)) if v}
            return [Draft(fact, subject_of(fact.transferencia), actor, (), told)]

        try:
            return self.office.asentar(plan)[0]
        except _Moved:
            return None

    def _may_leave(
        self, numero: str, tipo: str | None, reason: str, *, leaves: bool = True
    ) -> Expediente:
        """A closed expediente that may be transferred now; *leaves*: its records are read whole,
        which is noted, else it is only looked whether they may be."""
        if tipo is not None and tipo not in KINDS:
            raise refused("tipo", f"«{tipo}» no es una transferencia.", TRANSFER, "Son: "
                          + ", ".join(KINDS) + ".")  # fmt: skip
        state = self._alive(numero)
        if state.cerrado is None:
            raise refused("abierto", f"{state.numero} está abierto.", TRANSFER, "Ciérrelo primero.")
        self.must_be_free(state)
        pending = self.office.index.on_the_way(state.numero)
        if pending is not None:
            raise refused(
                "en_camino",
                f"{state.numero} va en la transferencia {pending}, que nadie ha aceptado.",
                TRANSFER,
            )
        if state.prestamo is not None:
            raise refused(
                "prestado",
                f"El papel de {state.numero} lo tiene {state.prestamo.a}.",
                TRANSFER,
                "Diga primero que volvió: «expediente devolver».",
            )
        for radicado in state.radicados:
            self.office.leer_entero(radicado, "transferencia", anota=leaves)
        kind = self._kind_for(state, tipo)
        self._check_phase(state, kind)
        self._check_time(state, kind, reason)
        return state

    def _kind_for(self, state: Expediente, tipo: str | None) -> Kind:
        if tipo is not None:
            kind: Kind = msgspec.convert(tipo, Kind)
            return kind
        (listed,) = self.office.index.expedientes("numero=?", (state.numero,))
        due = self.due_of(listed, today())
        if due is not None and due.kind is not None:
            return due.kind
        return "primaria" if state.fase == "gestion" else "secundaria"

    def _check_phase(self, state: Expediente, kind: Kind) -> None:
        if kind == "primaria" and state.fase != "gestion":
            raise refused(
                "ya_transferido", f"{state.numero} ya está en el archivo {state.fase}.", TRANSFER
            )
        if kind == "primaria":
            return
        row = self.row_of(state.abierto.serie, state.abierto.trd)
        if state.fase == "historico" or not {"CT", "S", "M"} & set(row.disposicion):
            raise refused(
                "sin_valor_permanente",
                f"{state.numero} no pasa al archivo histórico: "
                + ("ya está en él." if state.fase == "historico" else "la TRD lo elimina."),
                SECONDARY,
            )
        office = self.office
        access = {
            r: office.estado(office.subject(r, imported=True)).acceso for r in state.radicados
        }
        kept = [
            radicado
            for radicado, one in access.items()
            if one.nivel(today().isoformat()) != PUBLIC or one.identidad_protegida
        ]
        if kept:
            raise refused(
                "reservado",
                f"{state.numero} tiene documentos con reserva, o de quien tiene protegida su "
                f"identidad: {', '.join(kept[:5])}.",
                RESERVED,
                "Se transfieren cuando la reserva termine o se levante.",
            )

    def _check_time(self, state: Expediente, kind: Kind, reason: str) -> None:
        (listed,) = self.office.index.expedientes("numero=?", (state.numero,))
        due = self.due_of(listed, today())
        if (due is None or (due.kind or kind) != kind) and not reason:
            raise refused(
                "antes_de_tiempo",
                f"A {state.numero} no le llega todavía su transferencia {kind}.",
                TRANSFER,
                "Mire «retencion pendientes», o diga con --motivo por qué se adelanta.",
            )

    def _one_kind(self, states: Sequence[Expediente], tipo: str | None) -> Kind:
        kinds = {self._kind_for(s, tipo) for s in states}
        if len(kinds) != 1 or len(states) > MOST:
            raise refused(
                "mezcla",
                "Una transferencia lleva expedientes de una misma clase, hasta mil.",
                TRANSFER,
                "Repártalos en varias.",
            )
        return kinds.pop()

    def _write(
        self,
        states: Sequence[Expediente],
        number: str,
        kind: Kind,
        destino: Path,
        perfil: Profile,
        avance: Advance | None,
    ) -> Made:
        office, package = self.office, self._package(states, number, kind)
        office.disk.make_folder(destino)
        return profiles.write(perfil, package, destino / number, office.disk, avance)

    def _package(self, states: Sequence[Expediente], number: str, kind: Kind) -> Paquete:
        """All that is handed over."""
        at = lines.now()
        names = [s.numero for s in states]
        objeto = "transferencia_primaria" if kind == "primaria" else "transferencia_secundaria"
        made = self.inventory(Chosen(expedientes=names), objeto=objeto)  # type: ignore[arg-type]
        return packed(
            self,
            states,
            numero=number,
            tipo=kind,
            fecha=at.date().isoformat(),
            fuid=self._forms(made, number),
            acta=self._acta(states, number, kind, at),
        )

    def _forms(self, made: Fuid, number: str) -> dict[str, bytes]:
        """The inventory in its three forms, and in the columns of both norms."""
        out = {f"fuid-{number}.{f}": self.fuid_file(made, "001-2024", f) for f in
               ("xlsx", "csv", "pdf")}  # fmt: skip
        return {**out, f"fuid-{number}-042-2002.xlsx": self.fuid_file(made, "042-2002", "xlsx")}

    def _acta(self, states: Sequence[Expediente], number: str, kind: Kind, at: datetime) -> bytes:
        """The acta with which the package is handed over."""
        office = self.office
        sheet = office.hoja(
            f"Acta de transferencia {kind}", at=at, subtitle=number, mark=f"Acta {number}"
        )
        norm = norms.cite(TRANSFER if kind == "primaria" else SECONDARY, at.date())
        sheet.paragraph(
            f"Se entregan {len(states)} expedientes en un paquete que se comprueba por sí mismo. "
            "Quien entrega los conserva hasta que quien recibe los acepte."
        )
        sheet.table(_COLUMNS, [_line(n, s) for n, s in enumerate(states, start=1)])
        sheet.signature("Entrega:", "Nombre, cargo, firma y fecha")
        sheet.signature("Recibe:", "Nombre, cargo, firma y fecha")
        sheet.paragraph(f"Norma: {norm}.", small=True)
        return sheet.pdf()

    # -- asking -------------------------------------------------------------------------------

    def transferencias(self) -> list[TransferRow]:
        """All transfers by number."""
        self.office.index.catch_up()
        return self.office.index.transfers()

    def transferencia(self, numero: str) -> Transfer:
        """A transfer by its number.

        Raises:
            Refused: there is none.
        """
        self.office.index.catch_up()
        found = fold(self.office.index.events(subject_of(numero)))
        if found is None:
            raise refused("no_existe", f"No hay ninguna transferencia {numero}.", TRANSFER)
        return found

    # -- receiving ----------------------------------------------------------------------------

    def own_transfer(self, folder: Path) -> Transfer | None:
        """The transfer of this home whose package lies in *folder*, by the hash that fixes it."""
        self.office.index.catch_up()
        digest = profiles.hash_of(folder)
        if digest is None:
            return None
        rows = self.office.index.transfers("paquete=?", (digest,))
        return self.transferencia(rows[0].transferencia) if rows else None

    def _waiting(self, state: Transfer) -> Transfer:
        if state.estado != "preparada":
            raise refused(
                "ya_recibida",
                f"{state.numero} ya quedó {state.estado}.",
                TRANSFER,
            )
        return state

    def aceptar_propia(self, state: Transfer, folder: Path) -> Taken:
        """Accept a package of this home: the receiving archive hashes it again and signs."""
        actor = self._keeper()
        self._waiting(state)
        profiles.examine(folder, self.office.keys.root_public())
        office, at = self.office, lines.now()
        page = self._acceptance(state, actor, at)
        acta, certificate = office.firmar(page, f"Aceptación de {state.numero}")
        event = self.pass_on(state.numero, acta, certificate, actor)
        path = self._publish_acta(state.numero, acta)
        return self._taken(state, folder, "aceptada", event, acta=path)

    def pass_on(
        self, numero: str, acta: str, certificate: str, actor: str, recibo: str | None = None
    ) -> Event:
        """Say that a transfer was accepted, and of each expediente where it lies from now on."""

        def plan(_: Writer) -> list[Draft]:
            state = self._waiting(self.transferencia(numero))
            phase = PHASE[state.hecha.tipo]
            for name in state.hecha.expedientes:
                one = self.expediente(name)
                self.must_be_free(one)
                if one.cerrado is None or one.cerrado_en > state.fecha:
                    raise refused(
                        "cambio_entretanto",
                        f"{name} se reabrió después de preparar la transferencia.",
                        TRANSFER,
                        f"Devuélvala («transferencia devolver {numero}») y prepare otra.",
                    )
            fact = Accepted(
                transferencia=numero,
                paquete=state.hecha.paquete,
                acta=acta,
                certificado=certificate,
                recibo=recibo,
            )
            return [
                Draft(fact, subject_of(numero), actor),
                *(
                    Draft(
                        Passed(expediente=name, transferencia=numero, fase=phase),
                        expediente_subject(name),
                        actor,
                    )
                    for name in state.hecha.expedientes
                ),
            ]

        return self.office.asentar(plan)[0]

    def devolver_propia(self, state: Transfer, folder: Path, motivo: str) -> Taken:
        """Send a package of this home back, with the reasons; its expedientes stay where they
        are."""
        actor, reason = self._keeper(), self._reason(motivo)
        event = self.send_back(state.numero, reason, actor)
        return self._taken(state, folder, "devuelta", event)

    def send_back(self, numero: str, reason: str, actor: str) -> Event:
        """Say that a transfer was sent back."""

        def plan(_: Writer) -> list[Draft]:
            self._waiting(self.transferencia(numero))
            fact = SentBack(transferencia=numero)
            return [Draft(fact, subject_of(numero), actor, (), {"motivo": reason})]

        return self.office.asentar(plan)[0]

    def _acceptance(self, state: Transfer, actor: str, at: datetime, by: str = "") -> bytes:
        """The acta of who receives: what was hashed again, and taken."""
        office, made = self.office, state.hecha
        sheet = office.hoja(
            f"Acta de aceptación de transferencia {made.tipo}",
            at=at,
            subtitle=state.numero,
            mark=f"Aceptación de {state.numero}",
        )
        person = office.authority.personas[actor]
        sheet.paragraph(
            f"El {lines.read_hour(lines.stamp(at))} se leyó de nuevo todo el paquete de la "
            f"transferencia {state.numero}, se compararon las huellas de cada archivo y se aceptó"
            + (f". Lo hizo {by}, cuya palabra firmada se guarda." if by else ".")
        )
        sheet.pairs(
            [
                ("Paquete (SHA-256)", made.paquete),
                ("Expedientes", str(len(made.expedientes))),
                ("Pasan al archivo", PHASE[made.tipo]),
            ]
        )
        states = [self.expediente(name) for name in made.expedientes]
        sheet.table(_COLUMNS, [_line(n, s) for n, s in enumerate(states, start=1)])
        sheet.signature(person.nombre, person.cargo)
        norm = norms.cite(TRANSFER if made.tipo == "primaria" else SECONDARY, at.date())
        sheet.paragraph(f"Norma: {norm}.", small=True)
        return sheet.pdf()

    def _publish_acta(self, numero: str, digest: str) -> str:
        office = self.office
        folder = office.home / "salida" / "transferencias"
        office.disk.make_folder(folder)
        path = folder / f"{numero}-aceptacion.pdf"
        office.disk.publish(path, office.vault.read(digest))
        return str(path)

    @staticmethod
    def _taken(
        state: Transfer, folder: Path, estado: str, event: Event, acta: str | None = None
    ) -> Taken:
        return Taken(
            state.numero,
            estado,
            str(folder),
            str(profiles.inventory_of(folder, state.numero)),
            state.hecha.expedientes,
            event.hash,
            acta,
        )


def _line(n: int, state: Expediente) -> tuple[str, ...]:
    closed = state.cerrado
    return (
        str(n),
        state.numero,
        state.nombre,
        state.abierto.serie,
        closed.fecha if closed else "",
        str(len(state.miembros)),
    )


class _Moved(Exception):
    """What was packed is no longer so: it is packed again."""
