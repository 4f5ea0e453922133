"""Signatures of a PDF that was received: are the signed bytes intact, who says to have signed?

ISO 32000-1, 12.8 and ETSI EN 319 142-1 (PAdES), read by pyHanko in a limited child. Told is what
the file alone proves: whether the signed bytes are the ones that were signed, and what was added
after. Who answers for a certificate is not told, for nobody was asked: Ley 527 de 1999, art. 28,
makes a *firma digital* depend on that, so these are never called one. `check` runs in the child;
`note` words the outcome for a clerk.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ingest.lectura import Firma
from records import lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MOST = 40
"""Signatures that are looked at; a document with more says so."""
MOST_NOTED = 3
"""Signatures that get a note of their own."""
LONGEST = 120
"""Characters that are kept of anything that a certificate or a parser says."""
KNOWN = (
    "/adbe.pkcs7.detached",
    "/ETSI.CAdES.detached",
    "/ETSI.RFC3161",
)
WEAK = ("md2", "md5", "sha1")


def check(path: Path, password: str | None, emit: Callable[[Firma], None]) -> None:
    """Tell *emit* of each signature of the PDF at *path*, in the order in which they were made."""
    import logging

    from pyhanko.pdf_utils.reader import PdfFileReader

    logging.disable(logging.CRITICAL)  # what it grumbles about is told in our words
    with path.open("rb") as file:
        try:
            reader = PdfFileReader(file, strict=False)
            if reader.encrypted:
                reader.decrypt(password or "")
            fields = list(_fields(reader))
        except Exception as error:  # a damaged file can fail anywhere in the parser: it is told
            emit(_unchecked(error))
            return
        for name, field in fields[:MOST]:
            emit(_signature(reader, name, field))
        if len(fields) > MOST:
            emit(Firma("no_comprobada", motivo=f"quedan {len(fields) - MOST} firmas por mirar"))


def _fields(reader: Any) -> Iterator[tuple[str, Any]]:
    """Name and field of each signature, oldest revision first."""
    from pyhanko.sign.fields import enumerate_sig_fields

    found = []
    for name, _, field in enumerate_sig_fields(reader, filled_status=True):
        value = field.get_object().raw_get("/V")
        made = reader.xrefs.get_last_change(value.reference) if hasattr(value, "reference") else 0
        found.append((made, str(name), field))
    yield from ((name, field) for _, name, field in sorted(found, key=lambda f: f[0]))


def _signature(reader: Any, name: str, field: Any) -> Firma:
    from pyhanko.sign.validation import EmbeddedPdfSignature

    try:
        form = str(field.get_object()["/V"].get("/SubFilter", "sin tipo"))
        if form not in KNOWN:
            return Firma(
                "no_comprobada", campo=safe(name), motivo=f"es de otro tipo ({safe(form)})"
            )
        return _checked(EmbeddedPdfSignature(reader, field, name))
    except Exception as error:  # as above: one odd signature must not hide the others
        return _unchecked(error, name)


def _unchecked(error: Exception, field: str = "") -> Firma:
    said = safe(str(error) or type(error).__name__).rstrip(".")
    return Firma("no_comprobada", campo=safe(field), motivo=f"está mal formada ({said})")


def _checked(signature: Any) -> Firma:
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko.sign.validation.status import SignatureCoverageLevel as Covers
    from pyhanko_certvalidator import ValidationContext

    # No trust roots: not those of the system either, which are made for web sites.
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    stamp = signature.sig_object_type == "/DocTimeStamp"
    status: Any = (
        validate_pdf_timestamp(signature, nobody)
        if stamp
        else validate_pdf_signature(signature, nobody, ts_validation_context=nobody)
    )
    certificate = status.signing_cert
    subject, issuer = certificate.subject.native, certificate.issuer.native
    token = None if stamp else status.timestamp_validity
    stamped = status.timestamp if stamp else _proved(token)
    claimed = None if stamp else status.signer_reported_dt
    warnings = list(_warnings(certificate, stamped or claimed, status.md_algorithm))
    if status.coverage in (Covers.UNCLEAR, Covers.CONTIGUOUS_BLOCK_FROM_START):
        warnings.append("cubre_una_parte")
    if status.intact and not status.valid:
        warnings.append("firma_falsa")
    changes = _changes(status)
    allowed = stamp or status.docmdp_ok is not False
    state = "intacta" if allowed and changes != "otros" else "con_cambios"
    return Firma(
        estado=state if status.intact and status.valid else "alterada",
        tipo="sello_de_tiempo" if stamp else "certificacion" if signature.docmdp_level else "firma",
        campo=safe(signature.field_name),
        firmante=_of(subject, "common_name", "pseudonym", "organization_name"),
        entidad=_of(subject, "organization_name"),
        identificacion=_of(subject, "serial_number", "organization_identifier"),
        emisor=_of(issuer, "common_name", "organization_name"),
        fecha=_moment(claimed),
        sello_de_tiempo=_moment(stamped),
        permite=_allowed(signature.docmdp_level),
        cambios=changes,
        desde=_moment(certificate.not_valid_before)[:10],
        hasta=_moment(certificate.not_valid_after)[:10],
        avisos=warnings,
        certificado=certificate.sha256.hex(),
    )


def _proved(token: Any) -> datetime | None:
    """The hour of a time-stamp that is itself intact."""
    if token is None or not (token.intact and token.valid):
        return None
    hour: datetime = token.timestamp
    return hour


def _changes(status: Any) -> str:
    from pyhanko.sign.diff_analysis import ModificationLevel as Level

    return {
        Level.NONE: "",
        Level.LTA_UPDATES: "conservacion",
        Level.FORM_FILLING: "formulario",
        Level.ANNOTATIONS: "anotaciones",
    }.get(status.modification_level, "otros")


def _allowed(level: Any) -> str:
    from pyhanko.sign.fields import MDPPerm

    names = {
        MDPPerm.NO_CHANGES: "nada",
        MDPPerm.FILL_FORMS: "formulario",
        MDPPerm.ANNOTATE: "anotaciones",
    }
    return names.get(level, "")


def _warnings(certificate: Any, made: datetime | None, digest: str) -> Iterator[str]:
    if made is not None:
        made = made if made.tzinfo else made.replace(tzinfo=lines.BOGOTA)
        if made > certificate.not_valid_after:
            yield "vencido"
        if made < certificate.not_valid_before:
            yield "aun_no_vigente"
    if digest in WEAK:
        yield "algoritmo_debil"
    if certificate.self_issued:
        yield "autofirmado"


def _of(name: dict[str, Any], *parts: str) -> str:
    """The first of *parts* that a distinguished name has."""
    for part in parts:
        value = name.get(part)
        if value:
            return safe(", ".join(value) if isinstance(value, list) else value)
    return ""


def _moment(when: datetime | None) -> str:
    """A stamp of Colombian time; empty where it cannot be one."""
    if when is None:
        return ""
    try:
        return lines.stamp(when if when.tzinfo else when.replace(tzinfo=lines.BOGOTA))
    except (OverflowError, ValueError):
        return ""


def safe(text: object) -> str:
    """Text of strangers, in one line, without what a terminal or a reader would obey."""
    kept = (c if unicodedata.category(c)[0] != "C" else " " for c in str(text))
    return " ".join("".join(kept).split())[:LONGEST]


# -- for people ----------------------------------------------------------------------------------

NOBODY_ASKED = "No se comprobó quién responde por los certificados ni si fueron revocados."
CHANGES = {
    "conservacion": "Después solo se agregaron datos para conservarla.",
    "formulario": "Después se firmó otra vez o se llenaron campos.",
    "anotaciones": "Después se agregaron anotaciones.",
    "otros": "Después se cambió el documento.",
}
WARNINGS = {
    "vencido": "Su certificado ya estaba vencido cuando se firmó.",
    "aun_no_vigente": "Su certificado todavía no valía cuando se firmó.",
    "algoritmo_debil": "Usa un algoritmo que ya no es seguro.",
    "autofirmado": "El certificado se lo dio el mismo firmante.",
}


def notes(signatures: list[Firma]) -> list[str]:
    """What a clerk is told of a document's signatures: the worst first."""
    order = ("alterada", "con_cambios", "no_comprobada", "intacta")
    told = sorted(signatures, key=lambda s: order.index(s.estado))
    out = [note(signature) for signature in told[:MOST_NOTED]]
    if len(told) > MOST_NOTED:
        out.append(f"Y {len(told) - MOST_NOTED} firmas más.")
    if any(signature.estado != "no_comprobada" for signature in signatures):
        out.append(NOBODY_ASKED)
    return out


def note(signature: Firma) -> str:
    """One signature in a few sentences."""
    if signature.estado == "no_comprobada":
        where = f" «{signature.campo}»" if signature.campo else ""
        return f"Firma{where} que no se pudo comprobar: {signature.motivo}."
    who = f"{_what(signature)} de {signature.firmante or 'alguien sin nombre'}"
    if signature.entidad and signature.entidad != signature.firmante:
        who += f" ({signature.entidad})"
    sentences = [f"{who}{_when(signature)}{_by(signature)}."]
    if "firma_falsa" in signature.avisos:
        sentences.insert(0, "¡ATENCIÓN! La firma no es de la llave de su certificado.")
    elif signature.estado == "alterada":
        sentences.insert(0, "¡ATENCIÓN! El documento cambió después de firmado.")
    elif "cubre_una_parte" in signature.avisos:
        sentences.insert(0, "¡ATENCIÓN! La firma cubre solo una parte del archivo.")
    elif signature.estado == "con_cambios":
        sentences.insert(0, "¡ATENCIÓN! Lo firmado está intacto, pero el documento cambió después.")
    else:
        sentences.append("Lo firmado está intacto.")
        sentences += [CHANGES[signature.cambios]] if signature.cambios else []
    sentences += [WARNINGS[w] for w in signature.avisos if w in WARNINGS]
    return " ".join(sentences)


def _what(signature: Firma) -> str:
    return "Sello de tiempo" if signature.tipo == "sello_de_tiempo" else "Firma"


def _when(signature: Firma) -> str:
    if signature.tipo == "sello_de_tiempo":
        return f", {lines.read_hour(signature.sello_de_tiempo)}"
    if signature.sello_de_tiempo:
        return f", {lines.read_hour(signature.sello_de_tiempo)} según un sello de tiempo"
    if signature.fecha:
        return f", {lines.read_hour(signature.fecha)} según el firmante"
    return ", sin fecha"


def _by(signature: Firma) -> str:
    if not signature.emisor or "autofirmado" in signature.avisos:
        return ""
    return f", certificado de {signature.emisor}"
