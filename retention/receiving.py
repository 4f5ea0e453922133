"""The part of the door for packages of other homes: taken in, sent back, and the word that returns.

What comes is judged whole before anything is taken in. Its records stay what they were, numbers and
documents, as records that another system numbered; its expedientes come closed, with their índice,
and their retention goes on from the closing they had. The sending home disposes of nothing before
it has this home's signed word (Decreto 1515 de 2013, art. 12).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from records import handshake, lines, trd
from records.errors import Damaged, Refused, reason
from records.expedientes import Closed, Filed, Received, subject_of
from records.journal import Draft
from records.transfers import PHASE, PackageTaken, package_subject
from retention import profiles
from retention.indice import header_of
from retention.room import refused
from retention.transfer import TRANSFER, Taken, Transfers
from retention.unpacking import expedientes_of, imported, table_of

if TYPE_CHECKING:
    from records.handshake import Word
    from records.journal import Writer
    from records.transfers import Transfer
    from retention.unpacking import Unpacked

SECONDARY = "secundaria"


class Receiving(Transfers):
    """Packages of other homes."""

    def aceptar(self, folder: Path, raiz: str | None = None) -> Taken:
        """Accept the package in *folder*: all of it is read and hashed again before anything is
        said. One of another entity asks for that entity's root key, known by another way.

        Raises:
            Refused: who asks is no archivist, it was accepted or sent back before, or its root key
                is not known.
            Damaged: it does not verify.
        """
        _must_be_one(folder)
        own = self.own_transfer(folder)
        if own is not None:
            return self.aceptar_propia(own, folder)
        claimed = self._claimed(folder)
        if claimed is not None:
            raise Damaged(
                "paquete_cambiado",
                f"No es el paquete que se preparó como {claimed.numero}: su huella es otra.",
                consejo="No se acepta. Devuélvalo con «transferencia devolver», y prepare otro.",
            )
        actor = self._keeper()
        _must_be_a_bag(folder)
        root = self._root_of(folder, raiz)
        bag = profiles.examine_bag(folder, root)
        number, kind = bag.info.get("External-Identifier", ""), _kind(bag.info)
        subject = package_subject(bag.tagmanifest_sha256)
        if self.office.index.head(subject) is not None:
            raise refused("ya_recibida", f"El paquete {number} ya se había recibido.", TRANSFER)
        mark = "" if root == self.office.keys.root_public() else f".{root[:8].upper()}"
        units = expedientes_of(folder)
        self._take_records(units, number, mark)
        for unit in units:
            self._take_expediente(unit, folder, number, mark, kind, bag.tagmanifest_sha256, actor)
        names = [unit.estado.numero + mark for unit in units]
        fact = PackageTaken(
            paquete=bag.tagmanifest_sha256,
            transferencia=number,
            log=_log_of(units),
            entidad=header_of(units[0].indice).entidad if units else "",
            expedientes=names,
        )
        (event,) = self.office.asentar(lambda _: [Draft(fact, subject, actor)])
        word = self._answer(folder, bag.tagmanifest_sha256, number, "aceptada")
        return Taken(
            number,
            "aceptada",
            str(folder),
            str(folder / "data" / "fuid" / f"fuid-{number}.xlsx"),
            names,
            event.hash,
            recibo=word,
        )

    def devolver_paquete(self, folder: Path, motivo: str) -> Taken:
        """Send the package in *folder* back, with the reasons; one of another home gets them as a
        signed file.

        Raises:
            Refused: no reasons are given, or it was accepted or sent back before.
        """
        self.office.index.catch_up()
        rows = self.office.index.transfers("numero=?", (folder.name,))
        if rows and not folder.is_dir():  # its package is lost: it is named by its number
            return self.devolver_propia(self.transferencia(rows[0].transferencia), folder, motivo)
        _must_be_one(folder)
        own = self.own_transfer(folder) or self._claimed(folder)
        if own is not None:
            return self.devolver_propia(own, folder, motivo)
        self._keeper()
        _must_be_a_bag(folder)
        reasons = self._reason(motivo)
        digest, info = _identity(folder)
        if self.office.index.head(package_subject(digest)) is not None:
            raise refused("ya_recibida", f"El paquete {info} ya se aceptó.", TRANSFER)
        word = self._answer(folder, digest, info, "devuelta", reasons)
        return Taken(info, "devuelta", str(folder), "", [], "", recibo=word)

    def recibo(self, archivo: Path, raiz: str | None = None) -> Taken:
        """Take the signed word of the home that received a package of this one: its expedientes
        pass to that archive, or stay.

        Raises:
            Refused: it is of no transfer of this home, which waits for nothing, or its root key is
                not known.
            Damaged: it is no such word, or does not hold.
        """
        actor = self._keeper()
        data = _bytes_of(archivo)
        root = self._known_root(handshake.root_said(data), raiz)
        word = handshake.check(data, root)
        self.office.index.catch_up()
        rows = self.office.index.transfers("paquete=?", (word.paquete,))
        if not rows:
            raise refused("paquete_ajeno", f"{word.transferencia} no es de esta oficina.", TRANSFER)
        state = self._waiting(self.transferencia(rows[0].transferencia))
        if word.estado == "devuelta":
            event = self.send_back(state.numero, word.motivo, actor)
            return Taken(state.numero, "devuelta", "", "", state.hecha.expedientes, event.hash)
        return self._settle(word, data, state.numero, actor)

    def _settle(self, word: Word, data: bytes, numero: str, actor: str) -> Taken:
        office = self.office
        state = self.transferencia(numero)
        page = self._acceptance(state, actor, lines.now(), by=f"{word.entidad} ({word.punto})")
        acta, certificate = office.firmar(page, f"Aceptación de {numero}")
        event = self.pass_on(numero, acta, certificate, actor, office.vault.put(data, "json"))
        path = self._publish_acta(numero, acta)
        return Taken(numero, "aceptada", "", "", state.hecha.expedientes, event.hash, path)

    def _claimed(self, folder: Path) -> Transfer | None:
        """The transfer of this home that a package says it is, though it is not as it was made."""
        path = profiles.root_file(folder)
        if not path.is_file() or _bytes_of(path).strip() != self.office.keys.root_public().encode():
            return None
        after_eark = profiles.kind_of(folder) == "eark"
        number = profiles.objid_of(folder) if after_eark else _identity(folder)[1]
        rows = self.office.index.transfers("numero=?", (number,))
        return self.transferencia(rows[0].transferencia) if rows else None

    # -- taking in ----------------------------------------------------------------------------

    def _root_of(self, folder: Path, raiz: str | None) -> str:
        path = profiles.root_file(folder)
        told = _bytes_of(path).decode("ascii", "replace").strip() if path.is_file() else ""
        return self._known_root(told, raiz)

    def _known_root(self, told: str, raiz: str | None) -> str:
        """The root key by which another home is believed: our own, or one that a person says."""
        if not lines.is_hash(told):
            raise Damaged(
                "sin_raiz",
                "No se dice con qué llave raíz se comprueba.",
                consejo="Pídalo otra vez a quien lo entrega.",
            )
        own = self.office.keys.root_public()
        if raiz is not None and raiz.strip() != told:
            raise Damaged(
                "otra_raiz",
                f"Su llave raíz es {told}, y usted dijo otra.",
                consejo="No se acepta: no es de quien se esperaba.",
            )
        if raiz is None and told != own:
            raise refused(
                "raiz_desconocida",
                f"Es de otra entidad, cuya llave raíz es {told}.",
                TRANSFER,
                "Compárela con la que esa entidad le dio por otro camino, y repita con --raiz.",
            )
        return told

    def _take_records(self, units: list[Unpacked], number: str, mark: str) -> None:
        """The records, each once; who was cut goes on."""
        office = self.office
        rows = (
            imported(one, unit.folder, one.radicado + mark, unit.estado.numero + mark)
            for unit in units
            for one in unit.registros
            if one.radicado
        )
        manifest: dict[str, Any] = {"origen": "paquete", "transferencia": number}
        told = office.importar(rows, manifest, origen="paquete")
        if told.rechazados:
            first = told.rechazados[0]
            raise Refused(
                "registros_rechazados",
                f"{len(told.rechazados)} radicado(s) no se pueden tomar; el primero, "
                f"{first.radicado}: {first.motivo}",
                consejo="Los demás quedaron tomados y no se repiten. Devuelva el paquete, o "
                "resuelva eso y acéptelo otra vez.",
            )

    def _take_expediente(
        self,
        unit: Unpacked,
        folder: Path,
        number: str,
        mark: str,
        kind: str,
        paquete: str,
        actor: str,
    ) -> None:
        """An expediente with what lies in it, in one write; one that is there is left alone."""
        office, state = self.office, unit.estado
        name, closed = state.numero + mark, state.cerrado
        assert closed is not None
        subject = subject_of(name)
        if office.index.head(subject) is not None:
            return
        table = table_of(folder, state.abierto.trd)
        fact = Received(
            expediente=name,
            serie=state.abierto.serie,
            trd=office.vault.put(table, "json"),
            dependencia=state.abierto.dependencia,
            soporte=state.abierto.soporte,
            abierto=state.fecha,
            transferencia=number,
            paquete=paquete,
            fase=PHASE["secundaria" if kind == SECONDARY else "primaria"],
        )
        trd.read(table)
        drafts = [Draft(fact, subject, actor, (), {"nombre": state.nombre})]
        for n, member in enumerate(state.miembros, start=1):
            filed = Filed(
                expediente=name,
                orden=n,
                radicado=member.radicado and member.radicado + mark,
                tipo=member.tipo,
                folios=member.folios,
                fecha=member.fecha,
            )
            told = {"descripcion": member.descripcion} if member.descripcion else None
            drafts.append(Draft(filed, subject, actor, (), told))
        end = Closed(
            expediente=name,
            fecha=closed.fecha,
            documentos=len(state.miembros),
            folios=closed.folios,
            indice=office.vault.put(unit.indice, "xml"),
            hoja=office.vault.put(unit.hoja, "pdf") if unit.hoja else None,
        )
        drafts.append(Draft(end, subject, actor))

        def plan(_: Writer) -> list[Draft]:
            return drafts

        office.asentar(plan)

    # -- the word -----------------------------------------------------------------------------

    def _answer(self, folder: Path, digest: str, number: str, estado: str, motivo: str = "") -> str:
        """Write this home's signed word beside the package; where it lies."""
        office = self.office
        said: Any = estado
        data = office.dar_palabra(digest, number, said, motivo)
        target = folder.parent / f"{folder.name}-{estado}.json"
        office.disk.publish(target, data)
        return str(target)


def _must_be_a_bag(folder: Path) -> None:
    """Of another home an E-ARK package is not taken in: it is for preservation systems."""
    if profiles.kind_of(folder) == "eark":
        raise refused(
            "paquete_eark",
            f"{folder} es un paquete E-ARK que no salió de esta oficina: es para un sistema de "
            "preservación, y aquí no se reciben los de otros.",
            TRANSFER,
            "Pida la misma transferencia con el perfil bagit.",
        )


def _identity(folder: Path) -> tuple[str, str]:
    """The hash that fixes a package and the number it says, whatever is wrong with it."""
    digest = lines.sha256(_bytes_of(folder / "tagmanifest-sha256.txt"))
    info = _bytes_of(folder / "bag-info.txt").decode("utf-8", "replace")
    found = [
        row[21:].strip() for row in info.splitlines() if row.startswith("External-Identifier:")
    ]
    return digest, "".join(found[:1])[:60] or folder.name


def _kind(info: dict[str, str]) -> str:
    return SECONDARY if SECONDARY in info.get("External-Description", "") else "primaria"


def _log_of(units: list[Unpacked]) -> str:
    for unit in units:
        for record in unit.registros:
            for told in record.eventos:
                return lines.read_line(told.linea.encode()).body.log
    return ""


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("sin_archivo", f"No se puede leer {path} ({reason(error)}).") from error


def _must_be_one(folder: Path) -> None:
    """Refuse what is no package at all: most likely its path was written wrongly."""
    named = ("bagit.txt", "manifest-sha256.txt", "METS.xml")
    if not any((folder / name).is_file() for name in named):
        raise refused(
            "no_es_paquete",
            f"En {folder} no hay un paquete de transferencia.",
            TRANSFER,
            "Revise la ruta: es la carpeta que lleva el número de la transferencia.",
        )
