"""The part of the door for preservation: fixity, formats, migrations, old collections."""

from __future__ import annotations

from retention.fixity import Fixity
from retention.format_report import Formats
from retention.funds import Funds
from retention.migrating import Migrating


class Preservation(Fixity, Formats, Migrating, Funds):
    """What keeps an archive readable for as long as it must be kept."""
