"""What the small tables of Orfeo say: names of codes, áreas, people, TRD, expedientes. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.orfeo_tables import Values
from records.words import plain

Rows = Mapping[str, list[dict[str, str | None]]]
TRD_TITLES = (
    "Código dependencia", "Código serie", "Nombre serie", "Código subserie", "Nombre subserie",
    "Tipos documentales", "Soporte", "AG", "AC", "Disposición final", "Procedimiento",
)  # fmt: skip
EXPEDIENTE_TITLES = (
    "Expediente", "Dependencia", "Código serie", "Código subserie", "Año", "Fecha", "Título",
    "Estado en Orfeo", "Radicados",
)  # fmt: skip
_TRD_COLUMNS = ("descrip", "soporte", "tiemag", "tiemac", "dispfin", "procedi")
_CHANNELS = {
    "mensajeria": "mensajeria", "correo electronico": "correo_electronico",
    "e-mail": "correo_electronico", "email": "correo_electronico",
    "personal": "presencial", "pagina web": "web", "web": "web",
    "telefono": "telefonico", "telefonico": "telefonico", "fax": "fax", "correo": "correo_postal",
    "correo certificado": "correo_postal",
}  # fmt: skip
_CLASSES = (("salida", "S"), ("entrada", "E"), ("intern", "I"), ("memor", "I"), ("pqr", "E"))
_BY_DIGIT = {"1": "S", "2": "E", "3": "I", "4": "E"}
OTHER = "OTRO"
"""The class of a number whose kind Orfeo does not explain."""


def code(value: str | None) -> str:
    """A code as it is compared: numbers without zeros before them and without fractions."""
    text = (value or "").strip()
    whole = text.split(".")[0] if text.replace(".", "", 1).isdigit() else text
    return whole.lstrip("0") or "0" if whole.isdigit() else whole


class Catalogue:
    """The small tables, by code."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.transacciones = self._by("sgd_ttr_transaccion", "sgd_ttr_codigo", "sgd_ttr_descrip")
        self.tipos = self._by("sgd_tpr_tpdcumento", "sgd_tpr_codigo", "sgd_tpr_descrip")
        self.medios = self._by("medio_recepcion", "mrec_codi", "mrec_desc")
        self.radicados = self._by("sgd_trad_tiporad", "sgd_trad_codigo", "sgd_trad_descr")
        self.anulacion = self._by("sgd_eanu_estanulacion", "sgd_eanu_codi", "sgd_eanu_desc")
        self.envios = self._by("sgd_fenv_frmenvio", "sgd_fenv_codigo", "sgd_fenv_descrip")
        self.devoluciones = self._by("sgd_deve_dev_envio", "sgd_deve_codigo", "sgd_deve_desc")
        self.dependencias = {
            (row.get("depe_codi") or "").strip(): (row.get("depe_nomb") or "").strip()
            for row in rows.get("dependencia", [])
        }
        self._municipios = {
            (code(r.get("dpto_codi")), code(r.get("muni_codi"))): (r.get("muni_nomb") or "").strip()
            for r in rows.get("municipio", [])
        }
        self._departamentos = self._by("departamento", "dpto_codi", "dpto_nomb")
        self._usuarios = {
            ((r.get("depe_codi") or "").strip(), code(r.get("usua_codi"))): r
            for r in rows.get("usuario", [])
        }
        self.ciudadanos = {
            code(r.get("sgd_ciu_codigo")): r for r in rows.get("sgd_ciu_ciudadano", [])
        }
        self.empresas = {
            code(r.get("sgd_oem_codigo")): r for r in rows.get("sgd_oem_oempresas", [])
        }
        self.matriz = {code(r.get("sgd_mrd_codigo")): r for r in rows.get("sgd_mrd_matrird", [])}
        lengths = {len(known) for known in self.dependencias if known}
        self.largos = sorted(lengths) or [3]
        """How many characters the código of an área has: it stands within paths and numbers."""

    def _by(self, table: str, key: str, name: str) -> dict[str, str]:
        return {
            code(row.get(key)): (row.get(name) or "").strip() for row in self._rows.get(table, [])
        }

    def clase(self, told: str | None, radicado: str) -> str:
        """`E`, `S`, `I` or `OTRO`, by the kind the row says, else by the number's last digit."""
        kind = code(told) if (told or "").strip() else radicado[-1:]
        name = plain(self.radicados.get(kind, ""))
        known = next((clase for word, clase in _CLASSES if word in name), None)
        return known or _BY_DIGIT.get(kind, OTHER)

    def canal(self, told: str | None) -> str | None:
        """The channel by our word for it where we have one, else as Orfeo calls it."""
        name = self.medios.get(code(told), "") if told else ""
        return _CHANNELS.get(plain(name), name) or None

    def municipio(self, dpto: str | None, muni: str | None) -> str:
        """`Funza (Cundinamarca)`, as far as known."""
        if not muni:
            return ""
        name = self._municipios.get((code(dpto), code(muni)), "")
        where = self._departamentos.get(code(dpto), "")
        return f"{name.title()} ({where.title()})" if name and where else name.title()

    def usuario(self, dependencia: str | None, codigo: str | None) -> Values:
        """A person by their number within an área."""
        return self._usuarios.get(((dependencia or "").strip(), code(codigo)), {})

    def trd(self) -> list[tuple[str, ...]]:
        """The rows of the retention table, one for each dependencia and subserie."""
        series = self._by("sgd_srd_seriesrd", "sgd_srd_codigo", "sgd_srd_descrip")
        uses: dict[tuple[str, str], dict[str, list[str]]] = {}
        for row in self._rows.get("sgd_mrd_matrird", []):
            row_of = (code(row.get("sgd_srd_codigo")), code(row.get("sgd_sbrd_codigo")))
            area = (row.get("depe_codi") or "").strip()
            kinds = uses.setdefault(row_of, {}).setdefault(area, [])
            kind = self.tipos.get(code(row.get("sgd_tpr_codigo")), "")
            if kind and kind not in kinds:
                kinds.append(kind)
        out: list[tuple[str, ...]] = []
        for row in self._rows.get("sgd_sbrd_subserierd", []):
            serie, sub = code(row.get("sgd_srd_codigo")), code(row.get("sgd_sbrd_codigo"))
            for area, kinds in sorted(uses.get((serie, sub), {"": []}).items()):
                texts = [row.get(f"sgd_sbrd_{column}") or "" for column in _TRD_COLUMNS]
                name, support, ag, ac, fate, how = (" ".join(text.split()) for text in texts)
                out.append((area, serie, series.get(serie, ""), sub, name, " | ".join(kinds),
                            support, ag, ac, fate, how))  # fmt: skip
        return out

    def expedientes(self, counts: Mapping[str, int]) -> list[tuple[str, ...]]:
        """The expedientes that Orfeo had; *counts*: how many imported radicados each holds."""
        out: list[tuple[str, ...]] = []
        for row in self._rows.get("sgd_sexp_secexpedientes", []):
            number = (row.get("sgd_exp_numero") or "").strip()
            titles = [row.get(f"sgd_sexp_parexp{n}") or "" for n in (1, 2, 3)]
            state = {"0": "abierto", "1": "cerrado"}.get(code(row.get("sgd_sexp_estado")), "")
            out.append((
                number, row.get("depe_codi") or "", code(row.get("sgd_srd_codigo")),
                code(row.get("sgd_sbrd_codigo")), code(row.get("sgd_sexp_ano")),
                (row.get("sgd_sexp_fech") or "")[:10],
                " · ".join(" ".join(t.split()) for t in titles if t.strip()), state,
                str(counts.get(number, 0)),
            ))  # fmt: skip
        return out

    def areas(self) -> list[tuple[str, str, bool]]:
        """(código, name, whether it is in use) of the dependencias."""
        return [
            ((r.get("depe_codi") or "").strip(), " ".join((r.get("depe_nomb") or "").split()),
             code(r.get("depe_estado")) != "0" or r.get("depe_estado") is None)
            for r in self._rows.get("dependencia", [])
        ]  # fmt: skip
