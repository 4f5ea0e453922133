"""Dumps of an invented Orfeo, in the three ways in which its tables come."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

Tables = dict[str, tuple[str, list[tuple[str | None, ...]]]]
ONE, TWO, THREE = "20159000000012", "20159000000021", "20161000000033"
SUBJECT = "Solicitud de agua\tpara «El Rosal»\nsegunda línea, con \\ barra y 'comillas'"
TABLES: Tables = {
    "dependencia": (
        "depe_codi depe_nomb depe_estado",
        [("900", "Secretaría de Obras", "1"), ("100", "Despacho", "1"), ("800", "Vieja", "0")],
    ),
    "usuario": ("usua_codi depe_codi usua_login usua_nomb", [("1", "900", "JPEREZ", "Juan Pérez")]),
    "medio_recepcion": ("mrec_codi mrec_desc", [("3", "Correo electrónico")]),
    "municipio": ("muni_codi dpto_codi muni_nomb", [("286", "25", "FUNZA")]),
    "departamento": ("dpto_codi dpto_nomb", [("25", "CUNDINAMARCA")]),
    "sgd_trad_tiporad": (
        "sgd_trad_codigo sgd_trad_descr", [("2", "Entrada"), ("1", "Salida"), ("3", "Interna")],
    ),
    "sgd_tpr_tpdcumento": ("sgd_tpr_codigo sgd_tpr_descrip", [("459", "Derecho de petición")]),
    "sgd_ttr_transaccion": (
        "sgd_ttr_codigo sgd_ttr_descrip", [("2", "Radicación"), ("9", "Reasignación")],
    ),
    "sgd_ciu_ciudadano": (
        "sgd_ciu_codigo sgd_ciu_nombre sgd_ciu_apell1 sgd_ciu_apell2 sgd_ciu_cedula",
        [("7", "MARÍA", "NÚÑEZ", "PEÑA", "52123456")],
    ),
    "sgd_oem_oempresas": (
        "sgd_oem_codigo sgd_oem_oempresa sgd_oem_nit", [("5", "ACUEDUCTO S.A.", "900123456")],
    ),
    "sgd_srd_seriesrd": ("sgd_srd_codigo sgd_srd_descrip", [("11", "DERECHOS DE PETICIÓN")]),
    "sgd_sbrd_subserierd": (
        "sgd_srd_codigo sgd_sbrd_codigo sgd_sbrd_descrip sgd_sbrd_tiemag sgd_sbrd_tiemac"
        " sgd_sbrd_dispfin sgd_sbrd_soporte sgd_sbrd_procedi",
        [("11", "1", "Peticiones", "2", "8", "SELECCION", "PAPEL", "Se guarda\nuna muestra")],
    ),
    "sgd_mrd_matrird": (
        "sgd_mrd_codigo depe_codi sgd_srd_codigo sgd_sbrd_codigo sgd_tpr_codigo",
        [("1", "900", "11", "1", "459")],
    ),
    "sgd_sexp_secexpedientes": (
        "sgd_exp_numero sgd_srd_codigo sgd_sbrd_codigo depe_codi sgd_sexp_ano sgd_sexp_parexp1"
        " sgd_sexp_estado",
        [("2015900110000001E", "11", "1", "900", "2015", "Agua", "0")],
    ),
    "radicado": (
        "radi_nume_radi radi_fech_radi tdoc_codi mrec_codi radi_fech_ofic radi_nume_hoja radi_path"
        " radi_usua_actu radi_depe_actu ra_asun radi_cuentai sgd_eanu_codigo sgd_trad_codigo"
        " fech_vcmto sgd_spub_codigo",
        [
            (ONE, "2015-03-02 10:11:12.345678-05", "459", "3", "2015-02-27", "3",
             f"/2015/900/{ONE}.tif", "1", "900", SUBJECT, "REF-1", None, "2",
             "2015-03-24 00:00:00-05", "0"),
            (TWO, "2015-03-05 08:00:00-05", "459", None, None, None, None, "1", "900",
             "Respuesta", None, "2", "1", None, "0"),
            (THREE, "2016-01-02 08:00:00-05", None, None, None, "1", f"2016/100/{THREE}.pdf", None,
             "100", "Queja reservada", None, None, "3", None, "1"),
        ],
    ),
    "sgd_dir_drecciones": (
        "sgd_dir_codigo sgd_dir_tipo radi_nume_radi sgd_ciu_codigo sgd_oem_codigo"
        " sgd_dir_direccion sgd_dir_telefono sgd_dir_mail sgd_dir_nombre muni_codi dpto_codi",
        [
            ("1", "1", ONE, "7", None, "Calle 4 # 5-6", "3101234567", "maria@example.org",
             None, "286", "25"),
            ("2", "1", TWO, None, "5", "Carrera 1", None, None, "Ana Gerente", None, None),
        ],
    ),
    "anexos": (
        "anex_radi_nume anex_codigo anex_nomb_archivo anex_borrado anex_desc",
        [
            (ONE, f"{ONE}00001", f"1{ONE}_00001.PDF", "N", "plano"),
            (ONE, f"{ONE}00002", f"1{ONE}_00002.docx", "S", "borrado"),
            (ONE, f"{ONE}00003", f"1{ONE}_00003.pdf", "N", "perdido"),
        ],
    ),
    "hist_eventos": (
        "radi_nume_radi depe_codi hist_fech usua_codi hist_obse sgd_ttr_codigo",
        [
            (ONE, "900", "2015-03-03 09:00:00-05", "1", "para su trámite, señora Núñez", "9"),
            (ONE, "900", "2015-03-02 10:11:13-05", "1", "Se radicó", "2"),
            ("20990000000002", "900", "2015-03-02 10:11:13-05", "1", "de nadie", "2"),
        ],
    ),
    "sgd_exp_expediente": (
        "radi_nume_radi sgd_exp_numero sgd_exp_estado",
        [(ONE, "2015900110000009E", "2"), (ONE, "2015900110000001E", "0")],
    ),
    "sgd_anu_anulados": ("radi_nume_radi sgd_eanu_codi usua_anu_acta", [(TWO, "2", "15")]),
    "tabla_ajena": ("a b", [("1", "COPY radicado (x) FROM stdin;")]),
}  # fmt: skip
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def with_rows(table: str, *rows: dict[str, str | None]) -> Tables:
    """The tables, with more rows in one of them: what a row does not say is NULL."""
    columns, held = TABLES[table]
    more = [tuple(row.get(name) for name in columns.split()) for row in rows]
    return {**TABLES, table: (columns, [*held, *more])}


def copied(tables: Tables = TABLES, encoding: str = "UTF8") -> bytes:
    """As `pg_dump` writes it."""
    out = [f"-- PostgreSQL database dump\n\nSET client_encoding = '{encoding}';\n"
           "CREATE FUNCTION public.f() RETURNS text\n    LANGUAGE plpgsql\n    AS $$\nBEGIN\n"
           "COPY radicado (x) FROM stdin;\nRETURN 'it''s; a';\nEND $$;\n\n"]  # fmt: skip
    for name, (columns, rows) in tables.items():
        out.append(f"COPY public.{name} ({', '.join(columns.split())}) FROM stdin;\n")
        for row in rows:
            cells = ["\\N" if cell is None else cell.translate(_ESCAPES) for cell in row]
            out.append("\t".join(cells) + "\n")
        out.append("\\.\n\n\n")
    out.append("--\n-- PostgreSQL database dump complete\n--\n")
    return "".join(out).encode("latin-1" if encoding == "LATIN1" else "utf-8")


def inserted(tables: Tables = TABLES) -> bytes:
    """As `pg_dump --inserts` writes it: no columns, but the schema before."""
    out = ["SET standard_conforming_strings = on;\n"]
    for name, (columns, _) in tables.items():
        shape = ",\n".join(f"    {c} character varying(30)" for c in columns.split())
        out.append(
            f"CREATE TABLE public.{name} (\n{shape},\n    CONSTRAINT c CHECK ((1 > 0))\n);\n"
        )
    for name, (_, rows) in tables.items():
        for row in rows:
            cells = ["NULL" if cell is None else _quoted(cell) for cell in row]
            out.append(f"INSERT INTO public.{name} VALUES ({', '.join(cells)});\n")
    return "".join(out).encode()


def _quoted(cell: str) -> str:
    return cell if cell.isdigit() and len(cell) < 4 else "'" + cell.replace("'", "''") + "'"


def spread(folder: Path, tables: Tables = TABLES, separator: str = ";") -> Path:
    """As CSV files, one a table."""
    folder.mkdir()
    for name, (columns, rows) in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=separator)
            writer.writerow(columns.split())
            writer.writerows([cell or "" for cell in row] for row in rows)
    return folder


def bodega(folder: Path) -> Path:
    """Its images: the one of the first radicado, an annex (spelt otherwise), the third's."""
    files: Iterable[tuple[str, bytes]] = (
        (f"2015/900/{ONE}.tif", b"II*\0 la carta"),
        (f"2015/900/docs/1{ONE}_00001.pdf", b"%PDF-1.4 el plano"),
        (f"2016/100/{THREE}.pdf", b"%PDF-1.4 la queja"),
    )
    for name, data in files:
        path = folder / "bodega" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / "bodega"
