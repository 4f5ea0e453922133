"""What goes before its turn, and on which ground of the law. Pure.

Petitions are attended in the order of their presentation (Ley 962 de 2005, art. 15), but for those
that a norm puts first. A ground is never guessed: the ventanilla confirms what was read on the
letter, or who has the record names it.
"""

from __future__ import annotations

GROUNDS = {
    "vida_salud": "Ley 1437 de 2011 (CPACA), art. 20",
    "ninos": "Decreto-Ley 19 de 2012, art. 12",
    "gestante": "Ley 1437 de 2011 (CPACA), art. 5",
    "discapacidad": "Ley 1437 de 2011 (CPACA), art. 5",
    "mayor": "Ley 1437 de 2011 (CPACA), art. 5",
    "periodista": "Ley 1437 de 2011 (CPACA), art. 20",
}
"""Code of a ground → the norm that knows it."""
NAMES = {
    "vida_salud": "Vida o salud en peligro",
    "ninos": "Niños o adolescentes",
    "gestante": "Mujer gestante",
    "discapacidad": "Persona con discapacidad",
    "mayor": "Persona mayor",
    "periodista": "Periodista",
}
"""How people read them."""
TURN = "Ley 962 de 2005, art. 15"


def codes(value: str) -> list[str]:
    """The codes of a `prioridad`, as written: `vida_salud, ninos`."""
    return [part.strip() for part in value.split(",") if part.strip()]
