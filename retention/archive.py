"""The door `Archivo`: what a person does with the TRD, with expedientes, and with what is due."""

from __future__ import annotations

from retention.disposal import Disposals
from retention.transfer import Transfers


class Archivo(Transfers, Disposals):
    """The archive of an office: it changes facts only through it."""
