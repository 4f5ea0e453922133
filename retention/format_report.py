"""The part of the door that tells in which formats the vault is kept, and what of it is at risk.

Decreto 2609 de 2012, art. 18: preservation by migration, before a format can no longer be opened.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from records import kept
from records.errors import reason
from records.preserving import MIGRATION
from retention.register import Form, Standing, forms
from retention.room import Room
from retention.sniffing import sniff

if TYPE_CHECKING:
    from records.state import Document


class FormCount(msgspec.Struct, frozen=True):
    """How much of the vault is in a format."""

    formato: str
    puid: str
    nombre: str
    estado: Standing
    documentos: int
    bytes: int
    migrar_a: str
    por_que: str
    fuente: str


class AtRisk(msgspec.Struct, frozen=True):
    """A document in a format that is at risk."""

    sha256: str
    archivo: str
    formato: str
    nombre: str
    migrar_a: str
    por_que: str
    radicado: str | None
    expedientes: list[str]
    rol: str | None
    copia: str | None
    """The role of a document of the record that shows the same in a format that lasts: its
    migration, or the signed PDF/A of an original; None: there is none."""
    asuntos: list[str]
    """What names it, where that is no record."""


class FormatReport(msgspec.Struct, frozen=True):
    """The vault by format."""

    documentos: int
    bytes: int
    formatos: list[FormCount]
    en_riesgo: list[AtRisk]
    sin_copia: int
    """Of those at risk, how many have nothing beside them that lasts."""
    ilegibles: list[str]
    """Files that cannot be read, with the reason."""


class Formats(Room):
    """Formats."""

    def formatos(self) -> FormatReport:
        """The whole vault by format; each file is told by its bytes."""
        vault, home = self.office.vault, self.office.home
        count: Counter[str] = Counter()
        size: Counter[str] = Counter()
        risky: dict[str, tuple[str, str]] = {}
        broken: list[str] = []
        for path in vault.files():
            where = path.relative_to(home).as_posix()
            try:
                name, length = sniff(path), path.stat().st_size
            except OSError as error:
                broken.append(f"{where}: {reason(error)}")
                continue
            count[name] += 1
            size[name] += length
            if forms()[name].estado == "en_riesgo":
                risky[path.name.partition(".")[0]] = where, name
        at_risk = self._at_risk(risky)
        rows = [_row(forms()[name], count[name], size[name]) for name in forms() if count[name]]
        return FormatReport(
            documentos=count.total(),
            bytes=size.total(),
            formatos=rows,
            en_riesgo=at_risk,
            sin_copia=sum(one.copia is None for one in at_risk),
            ilegibles=broken,
        )

    def _at_risk(self, risky: dict[str, tuple[str, str]]) -> list[AtRisk]:
        if not risky:
            return []
        self.office.index.catch_up()
        named: dict[str, dict[str, None]] = {}
        for one in kept.documents(self.office):
            if one.sha256 in risky:
                named.setdefault(one.sha256, {})[one.subject] = None
        out: list[AtRisk] = []
        for digest, (where, name) in sorted(risky.items()):
            subjects = list(named.get(digest, ()))
            numbers = {s: self.office.index.radicado_of(s) for s in subjects}
            own = {s: number for s, number in numbers.items() if number is not None}
            form = forms()[name]
            for subject in own or [""]:
                out.append(self._risk(digest, where, form, subject, own, subjects))
        return out

    def _risk(
        self, digest: str, where: str, form: Form, subject: str, own: dict[str, str],
        subjects: list[str],
    ) -> AtRisk:  # fmt: skip
        number = own.get(subject)
        documents = self.office.estado(subject).documentos if number else []
        rol = next((d.rol for d in documents if d.sha256 == digest), None)
        return AtRisk(
            sha256=digest,
            archivo=where,
            formato=form.id,
            nombre=form.nombre,
            migrar_a=form.migrar_a,
            por_que=form.por_que,
            radicado=number,
            expedientes=self.office.index.expediente_of(number) if number else [],
            rol=rol,
            copia=_lasting(documents, digest, rol),
            asuntos=[s for s in subjects if s not in own],
        )


def _lasting(documents: list[Document], digest: str, rol: str | None) -> str | None:
    """What of a record shows the same as one of its documents, and lasts."""
    if any(d.de == digest for d in documents):
        return MIGRATION
    sealed = rol == "original" and any(d.rol == "registro" for d in documents)
    return "registro" if sealed else None


def _row(form: Form, count: int, size: int) -> FormCount:
    return FormCount(
        form.id, form.puid, form.nombre, form.estado, count, size, form.migrar_a, form.por_que,
        form.fuente,
    )  # fmt: skip
