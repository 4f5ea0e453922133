"""Whether this machine can do the work: Tesseract, space, file system, protections."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from ingest import landlock
from records import accredited
from records import settings as settings_
from records.disk import Disk
from records.errors import VentanillaError
from records.keys import SOON, KeyRing
from records.marks import state_folder
from records.token import TokenKey

MIN_FREE = 500 * 1024 * 1024
_NETWORK = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "vfat", "exfat", "msdos")
"""File systems that do not keep what fsync promised, or know no atomic rename."""


def examine(home: Path | None) -> list[str]:
    """What is missing or doubtful, in Spanish; empty when all is well."""
    place = home or Path.cwd()
    return [
        *_tesseract(home),
        *_space(place),
        *_file_system(home),
        *_state(),
        *_certificates(home),
        *_token(home),
    ]


def protections() -> list[str]:
    """What this kernel does not give the child that reads hostile documents; all else works."""
    out = []
    if not landlock.version():
        out.append("sin Landlock: el lector de documentos puede abrir los archivos de la cuenta")
    if not _has_namespaces():
        out.append("sin espacios de nombres: el lector de documentos puede ver la red")
    return out


def reading_aids() -> list[str]:
    """What would read better or faster if it were installed; all works without."""
    from ingest import engine, model

    out = []
    try:
        if model.source() is None:
            out.append(
                "sin el modelo de escritura latina, los signos # @ & ° de direcciones y correos se "
                "deducen por regla: sudo apt-get install tesseract-ocr-script-latn"
            )
    except VentanillaError:
        return []  # without Tesseract nothing is read, and `examine` says so
    if not engine.in_process():
        out.append("sin tesserocr cada página cuesta un proceso: se lee más despacio")
    return out


def writing_aids() -> list[str]:
    """What more letters could be made from if it were installed; the others need nothing."""
    from ingest import office_documents

    if office_documents.program() is not None:
        return []
    return [
        "sin LibreOffice no se llenan plantillas .docx ni .odt (las .txt y .html sí): "
        f"{office_documents.INSTALL}"
    ]


def _has_namespaces() -> bool:
    limit = Path("/proc/sys/user/max_user_namespaces")
    denied = Path("/proc/sys/kernel/unprivileged_userns_clone")
    if os.geteuid() == 0:
        return True
    if denied.exists() and denied.read_text().strip() == "0":
        return False
    return not limit.exists() or limit.read_text().strip() != "0"


def _tesseract(home: Path | None) -> list[str]:
    from ingest.engine import check_machine, chosen

    try:
        wanted = settings_.load(home / "config.toml").ocr.motor if home else "auto"
        check_machine(chosen(wanted))
    except VentanillaError as error:
        return [str(error)]
    return []


def _certificates(home: Path | None) -> list[str]:
    """What signs the records runs out one day; a warning comes two months before."""
    if home is None:
        return []
    ring = KeyRing(home / "keys", Disk())
    soon = datetime.now(tz=UTC) + SOON
    out = []
    for path in sorted((home / "keys").glob("*.cert.pem")):
        if path.name.endswith(".pkcs11.cert.pem"):
            continue  # `_token` tells of those in use
        name = path.name.removesuffix(".cert.pem")
        until = ring.certificate(name).not_valid_after_utc
        if until < soon:
            renew = "" if name == "ca" else f" Renuévelo: «ventanilla clave rotar --punto {name}»."
            out.append(f"El certificado de {name} vence el {until:%Y-%m-%d}.{renew}")
    until_list = ring.crl().next_update_utc
    if until_list is not None and until_list < soon:
        out.append(
            f"La lista de certificados revocados vence el {until_list:%Y-%m-%d}. Renuévela: "
            "«ventanilla clave rotar»."
        )
    return out


def _token(home: Path | None) -> list[str]:
    """Whether the token of config.toml signs now, and when its certificate ends."""
    if home is None:
        return []
    ring = KeyRing(home / "keys", Disk())
    try:
        chosen = settings_.load(home / "config.toml")
        if not chosen.firma.pkcs11_modulo:
            return []
        certificate = accredited.current(ring, chosen.punto.codigo)
        accredited.prove(certificate, TokenKey(chosen.firma, ring.folder, ring.disk))
    except VentanillaError as error:
        return [str(error)]
    until = certificate.not_valid_after_utc
    if until < datetime.now(tz=UTC) + SOON:
        return [f"El certificado del token vence el {until:%Y-%m-%d}: pida el nuevo a su emisor."]
    return []


def _space(folder: Path) -> list[str]:
    if not os.access(folder, os.W_OK):
        return [f"No se puede escribir en {folder}: el disco o la carpeta son de solo lectura."]
    free = shutil.disk_usage(folder).free
    if free >= MIN_FREE:
        return []
    return [f"Quedan {free // 2**20} MB libres en {folder}: libere espacio."]


def _file_system(home: Path | None) -> list[str]:
    if home is None:
        return []
    kind = _kind_of(home)
    if kind.startswith(_NETWORK):
        return [
            f"{home} está en un sistema de archivos «{kind}»: el diario debe estar en un disco "
            "propio de este equipo."
        ]
    return []


def _kind_of(path: Path) -> str:
    """The file system that holds *path*, by the longest mount point."""
    best, kind = "", ""
    mounts = Path("/proc/self/mounts")
    for row in mounts.read_text().splitlines() if mounts.exists() else []:
        _, point, name, *_ = row.split(" ")
        point = point.replace("\\040", " ")
        inside = str(path) == point or str(path).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, name
    return kind


def _state() -> list[str]:
    folder = state_folder()
    while not folder.exists():
        folder = folder.parent
    if os.access(folder, os.W_OK):
        return []
    return [f"No se puede escribir en {folder}: indique otra carpeta con VENTANILLA_MARCAS."]
