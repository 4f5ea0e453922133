"""The part of the door that puts papers where they belong: a label's record, a stack's letters.

A scan that bears one of our codes is the image of a number given at the counter, or comes after it:
a signed acknowledgment, a copy that came back. A stack that was scanned in one go is closed, and
each of its letters is a reception of its own, in one write. Whether a code was read and where a
stack is parted is for `ingest` to say.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from records import paper, people, receipts
from records.errors import Damaged, Refused
from records.events import DocumentReceived, ImageFiled, ReceptionDiscarded
from records.home import Home
from records.journal import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from records.events import Event
    from records.journal import Writer
    from records.state import State

RECEIPT = "acuse"
"""The role of a document that came to a record after its image."""
DIVIDED = "dividida"
"""Why a stack's own reception gets no number."""


class Labelled(msgspec.Struct, frozen=True):
    """A record of this home that one of our codes on a paper names."""

    radicado: str
    subject: str
    imagen_pendiente: bool
    constancia: bool
    """The code is that of a constancia, and of no label or stamp."""
    documentos: list[str]
    """SHA-256 of each document that the record has."""
    paginas: int | None
    """Of its signed PDF; None while there is none."""
    imagen_de: str | None
    """The claim of the reception that became its image."""


class Letter(msgspec.Struct, frozen=True):
    """A letter that was cut out of a stack."""

    datos: bytes
    paginas: str
    """Which of the stack's, `4-6`: with the stack's claim they are the letter's own."""
    nombre: str
    pila: str
    """For people: which part of which stack it is."""


class Filing(Home):
    """Labels and stacks."""

    def _new_subject(self, seq: int) -> str:
        return f"{self.punto}.{seq}"

    def _reception_of(self, reclamo: str) -> str | None:
        known = self.index.receptions("reclamo=?", (reclamo,))
        return known[0].subject if known else None

    def sin_salida(self, recepcion: str) -> Refused:
        """Why a reception cannot get an outcome now: it has one, or there is no such reception."""
        self.index.catch_up()
        radicado = self.index.radicado_of(recepcion)
        if radicado is not None:
            return Refused("ya_radicado", f"Ya tiene número: {radicado}.")
        known = self.index.receptions("subject=?", (recepcion,))
        if not known:
            return Refused("no_existe", f"No hay ninguna recepción {recepcion}.")
        return Refused(
            "ya_resuelto",
            f"La recepción {recepcion} ya tuvo salida ({known[0].estado}).",
            consejo="Si fue descartada por error, use «ventanilla revivir».",
        )

    # -- labels -------------------------------------------------------------------------------

    def rotulo(self, text: str) -> Labelled | None:
        """The record that the text of a code names: a label's, a stamp's, a constancia's.

        None for any other text, and for a number that is not of this home.

        Raises:
            Refused: it names one of our numbers and is not that number's.
        """
        label, constancia = paper.read_qr(text), False
        if label is None:
            try:
                said = receipts.check(text, self.keys.root_public())
            except (Refused, Damaged):
                return None
            label, constancia = (said.radicado, said.hash[:16]), True
        radicado, print_ = label
        self.index.catch_up()
        subject = self.index.subject_of(radicado)
        if subject is None:
            return None
        if not (self.index.number_event(subject) or "").startswith(print_):
            raise _foreign(radicado)
        state = self.estado(subject)
        return Labelled(
            radicado,
            subject,
            state.imagen_pendiente,
            constancia,
            [d.sha256 for d in state.documentos],
            state.sellado.paginas if state.sellado is not None else None,
            self._image_claim(subject),
        )

    def _image_claim(self, subject: str) -> str | None:
        """The claim of the scan that became a record's image."""
        facts = [e.fact for e in self.index.events(subject)]
        filed = [f for f in facts if isinstance(f, ImageFiled) and f.rol != RECEIPT]
        known = self.index.receptions("subject=?", (filed[0].recepcion,)) if filed else []
        return known[0].reclamo if known else None

    def incorporar_imagen(self, recepcion: str, radicado: str, huella: str) -> Event:
        """File a scan that bears one of our labels to the record that waits for its image.

        Raises:
            Refused: there is no such number, the label is not its own, or it has an image.
        """
        with self._open_reception(recepcion, radicado) as (writer, record, digest):
            if not (self.index.number_event(record.subject) or "").startswith(huella):
                raise _foreign(radicado)
            if not record.imagen_pendiente:
                raise Refused("ya_tiene_imagen", f"{radicado} ya tiene su imagen.")
            fact = ImageFiled(radicado=radicado, recepcion=recepcion, sha256=digest)
            return self._append(writer, fact, record.subject, people.SYSTEM)

    def incorporar(
        self, recepcion: str, radicado: str, *, lectura: str | None, actor: str = people.SYSTEM
    ) -> Event:
        """File a document to a record: as its image where that is awaited, else as an *acuse*.

        *lectura* is the hash of its reading, so that an acuse can be searched.

        Raises:
            Refused: there is no such number, or it has that very document already.
        """
        with self._open_reception(recepcion, radicado) as (writer, record, digest):
            assert record.numero is not None
            number = record.numero.radicado
            if any(d.sha256 == digest for d in record.documentos):
                raise Refused(
                    "ya_lo_tiene",
                    f"{number} ya tiene ese mismo archivo.",
                    consejo="Si no es otra carta, descártelo como duplicado.",
                )
            fact = ImageFiled(radicado=number, recepcion=recepcion, sha256=digest)
            if not record.imagen_pendiente:
                fact = msgspec.structs.replace(fact, rol=RECEIPT, lectura=lectura)
            return self._append(writer, fact, record.subject, actor)

    @contextmanager
    def _open_reception(self, recepcion: str, radicado: str) -> Iterator[tuple[Writer, State, str]]:
        """Hold the log for an open reception: the record it is for, and its document's SHA-256."""
        with self._writing() as writer:
            if writer.tail.reception_seq(recepcion) is None:
                raise self.sin_salida(recepcion)
            yield writer, self.estado(self.subject(radicado)), self._document_of(recepcion)

    def _document_of(self, recepcion: str) -> str:
        for document in self.estado(recepcion).documentos:
            if document.rol == "original":
                return document.sha256
        raise Refused("sin_documento", f"La recepción {recepcion} no tiene documento.")

    # -- stacks -------------------------------------------------------------------------------

    def dividir(self, recepcion: str, cartas: Iterable[Letter], extension: str) -> list[str]:
        """Close a stack and receive each of its letters, in one write; returns their subjects.

        They came where and when the stack came. Done again after a cut it receives only what is
        not there yet. The stack's own file stays in the vault.

        Raises:
            Refused: the stack has an outcome already; nothing of it was received then.
        """
        kept: list[tuple[Letter, str, int]] = []
        for letter in cartas:
            digest = self.vault.put(letter.datos, extension)
            kept.append((msgspec.structs.replace(letter, datos=b""), digest, len(letter.datos)))
        with self._writing() as writer:
            if writer.tail.reception_seq(recepcion) is None:
                raise self.sin_salida(recepcion)
            stack, at = self._writable(recepcion), writer.at()
            claims = [_claim_of(stack, letter) for letter, _, _ in kept]
            drafts = [
                _letter_draft(stack, letter, claim, digest, size, extension, at)
                for claim, (letter, digest, size) in zip(claims, kept, strict=True)
                if self._reception_of(claim) is None
            ]
            new = [Draft(fact, self._new_subject, people.SYSTEM, ficha=f) for fact, f in drafts]
            pages = ", ".join(letter.paginas for letter, _, _ in kept)
            end = Draft(
                ReceptionDiscarded(recepcion=recepcion, motivo=DIVIDED),
                recepcion,
                people.SYSTEM,
                self._after(recepcion),
                {"nota": f"Pila dividida en {len(kept)} documento(s): páginas {pages}."},
            )
            writer.append_all([*new, end], at=at)
        self.index.catch_up()
        found = [self._reception_of(claim) for claim in claims]
        return [subject for subject in found if subject is not None]


def _foreign(radicado: str) -> Refused:
    return Refused(
        "rotulo_ajeno",
        f"El rótulo no corresponde a {radicado}: es de otra entidad, o fue alterado.",
    )


def _claim_of(stack: State, letter: Letter) -> str:
    assert stack.recepcion is not None
    return f"{stack.recepcion.reclamo}/{letter.paginas}"


def _letter_draft(
    stack: State, letter: Letter, claim: str, digest: str, size: int, extension: str, at: str
) -> tuple[DocumentReceived, dict[str, str]]:
    """The reception of a stack's letter, and its ficha."""
    assert stack.recepcion is not None
    fact = msgspec.structs.replace(
        stack.recepcion,
        reclamo=claim,
        sha256=digest,
        bytes=size,
        formato=extension,
        recibido=min(stack.recibido or at, at),
    )
    return fact, {"archivo": letter.nombre, "pila": letter.pila}
