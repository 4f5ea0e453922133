"""What can be checked beside the logs: keys against the authority, documents and their signatures,
readings, tables, the vault as a whole, index = rebuild."""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import keys, lines, revocations, signing, trd
from records.errors import Damaged, VentanillaError, reason

if TYPE_CHECKING:
    from records.checking import Checker, Named

EVERY_DOCUMENTS = 20
"""After so many, who asked is told how far it is."""


def check_keys(check: Checker) -> None:
    """The certificates of the key folder are those that the authority names."""
    authority, ring = check.authority, check.office.keys
    wanted = dict(authority.certificados)
    if "ca" in authority.catalogos:
        wanted["ca"] = {authority.catalogos["ca"]}
    for name, known in wanted.items():
        path = ring.folder / f"{name}.cert.pem"
        try:
            if keys.fingerprint(ring.certificate(name)) not in known:
                check.find("certificado", "No es el certificado que la autoridad publicó.", path)
        except Damaged as error:
            check.find(error.codigo, error.mensaje, path)
    _check_revocations(check)


def _check_revocations(check: Checker) -> None:
    """The list of revoked certificates is the one that was published, once there was one; it is the
    CA's, and holds what every list before it held."""
    published = check.authority.listas
    ring, vault = check.office.keys, check.office.vault
    path = ring.folder / "ca.crl.pem"
    if published and (not path.is_file() or lines.sha256(path.read_bytes()) != published[-1]):
        check.find("certificado", "No es la lista de revocados que se publicó.", path)
    elif path.is_file():
        try:
            held, ca = ring.crl(), ring.certificate("ca")
        except Damaged as error:
            check.find(error.codigo, error.mensaje, path)
            return
        problem = revocations.problem(held, revocations.held(vault, published), ca)
        if problem:
            check.find("certificado", problem, path)
        gone = {r.certificado for r in check.authority.revocadas.values() if r.certificado}
        if {ring.serial_of(one) for one in gone} - {None} - revocations.serials(held):
            check.report.avisos.append(
                "La lista de revocados no trae aún un certificado que se revocó: hágala de nuevo "
                "con «ventanilla clave lista»."
            )


def check_documents(check: Checker) -> None:
    alive = check.graves.alive(check.named)
    for named in check.named:
        if named.sha256 in check.graves.documentos and named.sha256 not in alive:
            continue
        if check.report.documentos % EVERY_DOCUMENTS == 0:
            check.advance("documentos", check.report.documentos, len(check.named))
        check.report.documentos += 1
        try:
            data = check.office.vault.read(named.sha256)
        except VentanillaError as error:
            check.find(error.codigo, error.mensaje, named.archivo, named.linea)
            continue
        if named.certificado is not None:
            check_signature(check, data, named)


def check_signature(check: Checker, data: bytes, named: Named) -> None:
    signature = signing.verify(data, check.office.keys, lines.moment(named.at))
    where = (named.archivo, named.linea)
    if not signature.valid:
        check.find("firma_pdf", f"{named.nombre}: {signature.reason}.", *where)
    elif signature.certificate != named.certificado:
        check.find("firma_pdf", f"{named.nombre}: firmado con otro certificado.", *where)


def check_readings(check: Checker) -> None:
    """A reading must be the one the seal names; one that is gone can be made again."""
    for digest, (archivo, linea) in check.readings.items():
        path = check.office.home / "lecturas" / f"{digest}.json"
        if path.is_file() and lines.sha256(path.read_bytes()) != digest:
            check.find("lectura", f"El texto {path} fue alterado.", archivo, linea)


def check_erased(check: Checker) -> None:
    """What a disposal erased is there no more, unless something alive names it too."""
    office, graves = check.office, check.graves
    for digest in sorted(graves.documentos - graves.alive(check.named)):
        path = office.vault.find(digest)
        if path is not None:
            check.find("por_borrar", f"El documento {digest} se eliminó y sigue ahí.", path)
    for digest, subjects in check.readers.items():
        path = office.home / "lecturas" / f"{digest}.json"
        if subjects <= graves.dead and subjects & graves.erased and path.is_file():
            check.find("por_borrar", "Queda el texto de lo que se eliminó.", path)


def check_tables(check: Checker) -> None:
    """A version of the TRD is readable, and is the one that its event tells."""
    for fact, archivo, linea in check.tables:
        try:
            problem = trd.problem(check.office.vault.read(fact.sha256), fact)
        except VentanillaError:
            continue  # told with the documents
        if problem:
            check.find("trd", problem, archivo, linea)


def check_vault(check: Checker) -> None:
    for number, path in enumerate(check.office.vault.files()):
        if number % EVERY_DOCUMENTS == 0:
            check.advance("boveda", number)
        digest = path.name.partition(".")[0]
        try:
            same = lines.sha256(path.read_bytes()) == digest
        except OSError as error:
            check.find("documento", f"No se puede leer: {reason(error)}.", path)
            continue
        if not same and not any(f.mensaje.find(digest) >= 0 for f in check.report.hallazgos):
            check.find("documento_danado", f"El documento {digest} no es el que se guardó.", path)


def check_index(check: Checker) -> None:
    """The index holds what the journals give; one that is not there yet is no fault."""
    index = check.office.index
    if not index.path.exists():
        return
    check.advance("indice", 0)
    try:
        index.catch_up()
        for table in index.differences():
            check.find("indice", f"El índice difiere del diario en «{table}».", index.path)
    except VentanillaError as error:
        check.find(error.codigo, error.mensaje, index.path)
