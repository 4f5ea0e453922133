"""Run by tests/eark.py where the validator of the E-ARK Software group is installed, and no more.

Prints what it says of each folder, one JSON document a line. It fetches four vocabularies from its
makers' site whenever it starts; here they are read from the copies that it brings along.
"""

from __future__ import annotations

import importlib.util
import io
import json
import sys
import urllib.request
from pathlib import Path

SPEC = importlib.util.find_spec("eark_validator")
assert SPEC is not None and SPEC.submodule_search_locations is not None
VOCABULARIES = Path(SPEC.submodule_search_locations[0]) / "ipxml" / "resources" / "vocabs"


def brought_along(address: str) -> io.BytesIO:
    return io.BytesIO((VOCABULARIES / address.rpartition("/")[2]).read_bytes())


urllib.request.urlopen = brought_along  # type: ignore[assignment]

from eark_validator.mets import MetsValidator  # noqa: E402
from eark_validator.packages import PackageValidator  # noqa: E402

for name in sys.argv[1:]:
    report = PackageValidator(Path(name)).validation_report
    told = json.loads(report.model_dump_json())
    inner = {}
    for path in sorted(Path(name).glob("representations/*")):
        # The package's check goes no deeper than its root.
        judge = MetsValidator(str(path))
        judge.validate_mets("METS.xml")
        inner[path.name] = [str(one.message) for one in judge.validation_errors]
    print(json.dumps({"informe": told, "representaciones": inner}))
