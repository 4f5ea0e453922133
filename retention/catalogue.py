"""The part of the door for long lists of expedientes: their numbers, the rows of those on a screen,
and how many each serie has.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from records.grammar import fold, folded
from retention.dossiers import Dossiers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.expedientes_index import Listed

ORDERS = {
    "numero": "numero",
    "nombre": f"{folded('nombre')}, numero",
    "cierre": "cerrado IS NULL, cerrado, numero",
    "documentos": "documentos DESC, numero",
}
"""By what a list is ordered."""
_FOUND = f"({folded('nombre')} LIKE ? ESCAPE '\\' OR lower(numero) LIKE ? ESCAPE '\\')"


class Catalogue(Dossiers):
    """Lists of expedientes."""

    def numeros(
        self, texto: str = "", *, series: Sequence[str] = (), orden: str = "numero"
    ) -> list[str]:
        """The numbers of the expedientes in whose name or number every word of *texto* is; of some
        *series*, where any is named. `estado:abierto` and `serie:140` mean what they say."""
        self.office.index.catch_up()
        parts, values = ["1"], list[str]()
        for word in texto.split():
            field, _, value = word.partition(":")
            if field.lower() == "estado" and value:
                parts.append("estado LIKE ? ESCAPE '\\'")
                values.append(f"{_escaped(value.lower())}%")
            elif field.lower() == "serie" and value:
                parts.append("serie LIKE ? ESCAPE '\\'")
                values.append(f"{_escaped(value)}%")
            else:
                parts.append(_FOUND)
                values += [f"%{_escaped(fold(word))}%", f"%{_escaped(word.lower())}%"]
        if series:
            parts.append(f"serie IN ({','.join('?' * len(series))})")
            values += series
        order = ORDERS.get(orden, ORDERS["numero"])
        return self.office.index.expediente_numbers(" AND ".join(parts), values, order)

    def renglones(self, numeros: Sequence[str]) -> list[Listed]:
        """What a list says of these; what is gone is left out."""
        marks = ",".join("?" * len(numeros))
        return self.office.index.expedientes(f"numero IN ({marks})", numeros)

    def cuentas(self) -> dict[str, dict[str, int]]:
        """How many expedientes each serie has, by their state."""
        self.office.index.catch_up()
        out: dict[str, dict[str, int]] = defaultdict(dict)
        for serie, state, count in self.office.index.expediente_counts():
            out[serie][state] = count
        return dict(out)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
