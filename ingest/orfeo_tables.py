"""The tables of Orfeo that are read, by name and columns, and what they are kept as. Pure.

The schema is that of Orfeo 6.2 (`create_db_postgres.sql`); older ones and forks lack some columns,
which are then nothing. Other tables of a dump are passed over and counted.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

Values = Mapping[str, str | None]
"""Column → text; None for NULL and for what the table does not have."""


class Row(msgspec.Struct, frozen=True):
    """A row of a table, and where in the file it stands."""

    tabla: str
    valores: dict[str, str | None]
    linea: int
    archivo: str = ""
    dudosa: bool = False
    """Some of its characters could not be read, and are shown as «�»."""


class Problem(msgspec.Struct, frozen=True):
    """A row that cannot be taken, and why, as a person reads it."""

    tabla: str
    clave: str
    linea: int
    motivo: str
    archivo: str = ""


class Table(msgspec.Struct, frozen=True):
    """A table: the column that names a record's radicado (None: a catalogue), and what is read."""

    columnas: frozenset[str]
    radicado: str | None = None


def _table(radicado: str | None, columns: str) -> Table:
    return Table(frozenset(columns.split()), radicado)


PRINCIPAL = "radicado"
TABLES: dict[str, Table] = {
    PRINCIPAL: _table(
        "radi_nume_radi",
        "radi_nume_radi radi_fech_radi tdoc_codi mrec_codi radi_fech_ofic radi_nume_iden radi_nomb"
        " radi_prim_apel radi_segu_apel muni_codi dpto_codi radi_dire_corr radi_tele_cont"
        " radi_nume_hoja radi_desc_anex radi_nume_deri radi_path radi_usua_actu radi_depe_actu"
        " radi_fech_asig ra_asun radi_usu_ante radi_depe_radi radicado_referencia_cliente"
        " radi_usua_radi codi_nivel radi_cuentai radi_tipo_deri carp_codi sgd_eanu_codigo"
        " sgd_trad_codigo fech_vcmto sgd_spub_codigo radi_nrr descripcion_asunto_pqrs",
    ),
    "sgd_dir_drecciones": _table(
        "radi_nume_radi",
        "radi_nume_radi sgd_dir_codigo sgd_dir_tipo sgd_oem_codigo sgd_ciu_codigo muni_codi"
        " dpto_codi sgd_dir_direccion sgd_dir_telefono sgd_dir_mail sgd_dir_nombre sgd_doc_fun"
        " sgd_dir_nomremdes sgd_dir_doc",
    ),
    "anexos": _table(
        "anex_radi_nume",
        "anex_radi_nume anex_codigo anex_tipo anex_creador anex_desc anex_numero"
        " anex_nomb_archivo anex_borrado anex_salida radi_nume_salida anex_radi_fech anex_estado"
        " anex_fech_envio anex_fech_anex anex_nomb_archivo_orig",
    ),
    "hist_eventos": _table(
        "radi_nume_radi",
        "radi_nume_radi depe_codi hist_fech usua_codi hist_obse usua_codi_dest sgd_ttr_codigo"
        " depe_codi_dest",
    ),
    "informados": _table(
        "radi_nume_radi", "radi_nume_radi usua_codi depe_codi info_desc info_fech info_leido"
    ),
    "sgd_anu_anulados": _table(
        "radi_nume_radi",
        "radi_nume_radi sgd_anu_desc sgd_eanu_codi sgd_anu_sol_fech sgd_anu_fech depe_codi"
        " usua_anu_acta sgd_anu_path_acta",
    ),
    "sgd_rdf_retdocf": _table(
        "radi_nume_radi", "radi_nume_radi sgd_mrd_codigo depe_codi sgd_rdf_fech"
    ),
    "sgd_exp_expediente": _table(
        "radi_nume_radi",
        "radi_nume_radi sgd_exp_numero sgd_exp_fech sgd_exp_estado sgd_exp_titulo sgd_exp_asunto"
        " sgd_exp_carpeta sgd_exp_ufisica sgd_exp_estante sgd_exp_caja sgd_exp_folios"
        " sgd_exp_subexpediente",
    ),
    "sgd_renv_regenvio": _table(
        "radi_nume_sal",
        "radi_nume_sal sgd_fenv_codigo sgd_renv_fech sgd_renv_nombre sgd_renv_destino"
        " sgd_renv_dir sgd_renv_mpio sgd_renv_depto sgd_renv_mail sgd_renv_planilla sgd_renv_guia"
        " sgd_renv_observa sgd_deve_codigo sgd_deve_fech sgd_renv_estado",
    ),
    "sgd_ttr_transaccion": _table(None, "sgd_ttr_codigo sgd_ttr_descrip"),
    "sgd_tpr_tpdcumento": _table(None, "sgd_tpr_codigo sgd_tpr_descrip sgd_tpr_termino"),
    "sgd_trad_tiporad": _table(None, "sgd_trad_codigo sgd_trad_descr"),
    "sgd_eanu_estanulacion": _table(None, "sgd_eanu_codi sgd_eanu_desc"),
    "sgd_fenv_frmenvio": _table(None, "sgd_fenv_codigo sgd_fenv_descrip"),
    "sgd_deve_dev_envio": _table(None, "sgd_deve_codigo sgd_deve_desc"),
    "medio_recepcion": _table(None, "mrec_codi mrec_desc"),
    "municipio": _table(None, "muni_codi dpto_codi muni_nomb id_pais"),
    "departamento": _table(None, "dpto_codi dpto_nomb id_pais"),
    "dependencia": _table(None, "depe_codi depe_nomb depe_estado"),
    "usuario": _table(None, "usua_codi depe_codi usua_login usua_nomb"),
    "sgd_ciu_ciudadano": _table(
        None,
        "sgd_ciu_codigo tdid_codi sgd_ciu_nombre sgd_ciu_direccion sgd_ciu_apell1 sgd_ciu_apell2"
        " sgd_ciu_telefono sgd_ciu_email muni_codi dpto_codi sgd_ciu_cedula",
    ),
    "sgd_oem_oempresas": _table(
        None,
        "sgd_oem_codigo sgd_oem_oempresa sgd_oem_rep_legal sgd_oem_nit sgd_oem_sigla muni_codi"
        " dpto_codi sgd_oem_direccion sgd_oem_telefono email",
    ),
    "sgd_srd_seriesrd": _table(None, "sgd_srd_codigo sgd_srd_descrip"),
    "sgd_sbrd_subserierd": _table(
        None,
        "sgd_srd_codigo sgd_sbrd_codigo sgd_sbrd_descrip sgd_sbrd_tiemag sgd_sbrd_tiemac"
        " sgd_sbrd_dispfin sgd_sbrd_soporte sgd_sbrd_procedi",
    ),
    "sgd_mrd_matrird": _table(
        None,
        "sgd_mrd_codigo depe_codi sgd_srd_codigo sgd_sbrd_codigo sgd_tpr_codigo soporte"
        " sgd_mrd_esta",
    ),
    "sgd_sexp_secexpedientes": _table(
        None,
        "sgd_exp_numero sgd_srd_codigo sgd_sbrd_codigo depe_codi sgd_sexp_fech sgd_sexp_ano"
        " sgd_sexp_parexp1 sgd_sexp_parexp2 sgd_sexp_parexp3 sgd_sexp_estado",
    ),
}
KEYS: dict[str, tuple[str, ...]] = {
    "sgd_dir_drecciones": ("sgd_dir_codigo",),
    "anexos": ("anex_codigo",),
    "hist_eventos": ("radi_nume_radi", "hist_fech"),
    "sgd_exp_expediente": ("sgd_exp_numero", "radi_nume_radi"),
    "sgd_renv_regenvio": ("radi_nume_sal", "sgd_renv_fech"),
    "sgd_rdf_retdocf": ("sgd_mrd_codigo", "radi_nume_radi"),
    "municipio": ("dpto_codi", "muni_codi"),
    "usuario": ("depe_codi", "usua_codi"),
    "sgd_sbrd_subserierd": ("sgd_srd_codigo", "sgd_sbrd_codigo"),
    "sgd_mrd_matrird": ("sgd_mrd_codigo",),
    "sgd_sexp_secexpedientes": ("sgd_exp_numero",),
    "sgd_ciu_ciudadano": ("sgd_ciu_codigo",),
    "sgd_oem_oempresas": ("sgd_oem_codigo",),
    "dependencia": ("depe_codi",),
}
"""By which columns a row is named in the report; of the others, the first that has a value."""
_LONG = 60


def key_of(table: str, values: Values) -> str:
    """What names a row in the report: codes and numbers, no names of people."""
    known = TABLES[table]
    columns = KEYS.get(table) or ((known.radicado,) if known.radicado else ())
    if not columns:
        columns = (next((c for c in values if "codi" in c), ""),)
    return " ".join(str(values.get(c) or "—")[:_LONG] for c in columns)
