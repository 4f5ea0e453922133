"""The door `Archivo`: what an archivist does, built on an office.

It changes facts only through the office; commands and screens call it and hold no rule.
"""

from __future__ import annotations

from retention.catalogue import Catalogue
from retention.disposal import Disposals
from retention.preservation import Preservation
from retention.receiving import Receiving
from retention.rehearsing import Rehearsing


class Archivo(Receiving, Rehearsing, Preservation, Disposals, Catalogue):
    """The archive of an office."""
