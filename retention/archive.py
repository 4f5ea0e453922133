"""The door `Archivo`: what a person does with the TRD, with expedientes, and with what is due."""

from __future__ import annotations

from retention.receiving import Receiving


class Archivo(Receiving):
    """The archive of an office: it changes facts only through it."""
