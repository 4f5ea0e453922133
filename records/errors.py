"""The one tree of errors that reach a person: what happened, what to do, which norm.

A door raises one of these and nothing else for what a user can cause or meet; `cli` and `tui`
show `mensaje` and `consejo` as they are. Everything below the doors that is not one of these is a
defect and must be seen as such.

    VentanillaError
    ├── Refused          exit 1: a rule, a permission, bad input. Nothing changed.
    ├── Misuse           exit 2: the command was written wrongly.
    ├── Damaged          exit 3: something does not verify.
    └── MachineCannot    exit 4: the machine lacks something (Tesseract, space, permission).
        └── CannotSign   what signs the PDFs cannot be used now: numbers go on, seals wait.
"""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command ends with."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_VERIFIED = 3
    MACHINE = 4


_REASONS = {
    errno.ENOENT: "no existe",
    errno.EACCES: "no hay permiso",
    errno.EPERM: "no hay permiso",
    errno.EISDIR: "es una carpeta",
    errno.ENOTDIR: "hay un archivo donde debía haber una carpeta",
    errno.ENAMETOOLONG: "el nombre es demasiado largo",
    errno.ENOSPC: "no queda espacio",
    errno.EDQUOT: "se agotó la cuota",
    errno.EROFS: "el disco es de solo lectura",
    errno.EIO: "error de lectura o escritura del disco",
    errno.EMFILE: "hay demasiados archivos abiertos",
    errno.ENODEV: "el disco ya no está conectado",
    errno.ENXIO: "el disco ya no está conectado",
    errno.ENOTCONN: "el disco ya no está conectado",
}


def reason(error: OSError) -> str:
    """Why the system refused, in Spanish."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))


class VentanillaError(Exception):
    """Base of all. `codigo` is stable and short, for scripts; the rest is for people."""

    exit_code = ExitCode.REFUSED

    def __init__(
        self, codigo: str, mensaje: str, *, consejo: str = "", norma: str | None = None
    ) -> None:
        super().__init__(mensaje)
        self.codigo = codigo
        self.mensaje = mensaje
        self.consejo = consejo
        self.norma = norma

    def __str__(self) -> str:
        return f"{self.mensaje} {self.consejo}".strip()


class Refused(VentanillaError):
    """A rule, a permission or bad input said no; nothing changed."""

    exit_code = ExitCode.REFUSED


class Misuse(VentanillaError):
    """The command itself was wrong."""

    exit_code = ExitCode.USAGE


class Damaged(VentanillaError):
    """What is stored does not verify; nothing is written until it is healed."""

    exit_code = ExitCode.NOT_VERIFIED


class MachineCannot(VentanillaError):
    """The machine cannot do it now: a missing program, a full or read-only disk."""

    exit_code = ExitCode.MACHINE


class CannotSign(MachineCannot):
    """What signs the PDFs (a token) cannot be used now; the number stands, its seal waits."""
