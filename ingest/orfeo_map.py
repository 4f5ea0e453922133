"""All that Orfeo told of one radicado becomes a record to be imported, and the document of its
history. Pure; what is not believed is not corrected but left out, told, and kept as it was said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ingest.orfeo_catalogue import OTHER, Catalogue, code
from ingest.orfeo_tables import PRINCIPAL, Row, Values
from records import fields, lines
from records.importing import Imported

Group = dict[str, list[Row]]
EARLIEST = datetime(1990, 1, 1, tzinfo=lines.BOGOTA)
"""Orfeo is younger; what is dated before has no date."""
_OURS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)")
_LOGIN = re.compile(r"(?=[^@]*[a-z])[a-z0-9][a-z0-9._-]{0,39}")
"""A person's name within the program; what holds no letter may be a document's number."""
_ANNULLED = "2"
_DROPPED = "2"
"""State of a radicado that was taken out of an expediente."""


@dataclass
class Mapped:
    """A record as it is to be imported, but for its documents."""

    registro: Imported
    avisos: list[str] = field(default_factory=list)
    """What was left out or doubted, as a person reads it."""
    imagen: str | None = None
    """The path of its main image."""
    anexos: list[tuple[str, list[str]]] = field(default_factory=list)
    """(code, paths where it may lie) of each annex that was not deleted."""


def moment(text: str | None) -> datetime | None:
    """A moment as PostgreSQL or a spreadsheet writes it; without a zone it is Colombian."""
    told = (text or "").strip()
    if found := _OURS.fullmatch(told):
        day, month, year, rest = found.groups()
        told = f"{year}-{int(month):02d}-{int(day):02d}{rest}"
    try:
        when = datetime.fromisoformat(told)
        local = when.replace(tzinfo=lines.BOGOTA) if when.tzinfo is None else when
        return local.astimezone(lines.BOGOTA)
    except (ValueError, OverflowError):
        return None


def record(radicado: str, group: Group, known: Catalogue, now: datetime) -> Mapped:
    """The record of *group*, which has a row of the table `radicado`."""
    row = group[PRINCIPAL][0].valores
    out = Mapped(
        Imported(radicado=radicado, clase=known.clase(row.get("sgd_trad_codigo"), radicado))
    )
    if out.registro.clase == OTHER:
        out.avisos.append("Orfeo no explica su tipo de radicado: queda con la clase OTRO.")
    told, date = row.get("radi_fech_radi"), moment(row.get("radi_fech_radi"))
    campos: dict[str, str] = {}
    if date is None or not EARLIEST <= date <= now + timedelta(days=1):
        date, campos["fecha_declarada"] = None, (told or "")
        out.avisos.append(f"Su fecha de radicación no puede ser: «{(told or '')[:40]}».")
    campos |= _registration(row, group, known, out)
    due = moment(row.get("fech_vcmto"))
    number = _number(row.get("radi_nume_hoja"))
    user = known.usuario(row.get("radi_depe_actu"), row.get("radi_usua_actu"))
    login = (user.get("usua_login") or "").strip().lower()
    out.registro = Imported(
        radicado=radicado,
        clase=out.registro.clase,
        fecha=None if date is None else lines.stamp(date),
        tipo=known.tipos.get(code(row.get("tdoc_codi"))) or None,
        canal=known.canal(row.get("mrec_codi")),
        dependencia=(row.get("radi_depe_actu") or row.get("radi_depe_radi") or "").strip() or None,
        responsable=login if _LOGIN.fullmatch(login) else None,
        vence=due.date().isoformat() if due is not None and due >= EARLIEST else None,
        folios=number,
        expediente=_expediente(group),
        anulado=_is_annulled(row, group),
        reservado=code(row.get("sgd_spub_codigo") or "0") != "0",
        campos=campos,
        historia=_history(radicado, group, known),
    )
    if any(one.dudosa for rows in group.values() for one in rows):
        out.avisos.append("Tiene caracteres que no se pudieron leer: quedan como «�».")
    out.imagen = (row.get("radi_path") or "").strip() or None
    out.anexos = [_annex(one.valores, known) for one in group.get("anexos", []) if _is_kept(one)]
    return out


# -- fields ---------------------------------------------------------------------------------------


def _registration(row: Values, group: Group, known: Catalogue, out: Mapped) -> dict[str, str]:
    """The fields of the register that may tell of persons."""
    day = moment(row.get("radi_fech_ofic"))
    told = {
        "asunto": row.get("ra_asun") or row.get("descripcion_asunto_pqrs"),
        "anexos": row.get("radi_desc_anex"),
        "oficio": row.get("radi_cuentai") or row.get("radicado_referencia_cliente"),
        "fecha": day.date().isoformat() if day is not None and day >= EARLIEST else None,
        **_person(row, group, known, out.registro.clase),
    }
    kept = {name: value.strip() for name, value in told.items() if value and value.strip()}
    long = [name for name, value in kept.items() if len(value) > fields.MAX_TEXT]
    if long:
        out.avisos.append(
            f"{', '.join(long)} pasa de {fields.MAX_TEXT} caracteres: entero queda en su historia."
        )
    return kept


def _person(row: Values, group: Group, known: Catalogue, clase: str) -> dict[str, str | None]:
    """Who wrote, or to whom a letter of the entity's went: the first address of the record."""
    whose = "remitente" if clase not in ("S", "I") else "destinatario"
    rows = [one.valores for one in group.get("sgd_dir_drecciones", [])]
    if not rows:
        own = (row.get(f"radi_{n}") for n in ("nomb", "prim_apel", "segu_apel"))
        return {
            whose: _name(*own),
            "cedula": row.get("radi_nume_iden"),
            "direccion": row.get("radi_dire_corr"),
            "telefono": row.get("radi_tele_cont"),
            "municipio": known.municipio(row.get("dpto_codi"), row.get("muni_codi")),
        }
    one = min(rows, key=lambda r: _number(r.get("sgd_dir_tipo")) or 9)
    citizen = known.ciudadanos.get(code(one.get("sgd_ciu_codigo")), {})
    firm = known.empresas.get(code(one.get("sgd_oem_codigo")), {})
    is_firm = bool(firm) and not (citizen and code(one.get("sgd_ciu_codigo")) != "0")
    names = [citizen.get(f"sgd_ciu_{n}") for n in ("nombre", "apell1", "apell2")]
    said = one.get("sgd_dir_nomremdes") or one.get("sgd_dir_nombre")
    name = one.get("sgd_dir_nombre") if is_firm else _name(*names) or said
    return {
        whose: "anónimo" if (name or "").strip().lower().startswith("anonimo") else name,
        "entidad": firm.get("sgd_oem_oempresa") if is_firm else None,
        "nit": firm.get("sgd_oem_nit") if is_firm else None,
        "cedula": None if is_firm else citizen.get("sgd_ciu_cedula") or one.get("sgd_dir_doc"),
        "direccion": one.get("sgd_dir_direccion"),
        "correo": one.get("sgd_dir_mail"),
        "telefono": one.get("sgd_dir_telefono"),
        "municipio": known.municipio(one.get("dpto_codi"), one.get("muni_codi")),
    }


def _name(*parts: str | None) -> str:
    return " ".join(part.strip() for part in parts if part and part.strip())


def _number(text: str | None) -> int | None:
    whole = (text or "").split(".")[0].strip()
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 6 else None


def _is_annulled(row: Values, group: Group) -> bool:
    said = [row.get("sgd_eanu_codigo")]
    said += [one.valores.get("sgd_eanu_codi") for one in group.get("sgd_anu_anulados", [])]
    return any(one is not None and code(one) == _ANNULLED for one in said)


def _expediente(group: Group) -> str | None:
    rows = [one.valores for one in group.get("sgd_exp_expediente", [])]
    kept = [r for r in rows if code(r.get("sgd_exp_estado")) != _DROPPED]
    return next((n.strip() for r in kept if (n := r.get("sgd_exp_numero"))), None)


def _is_kept(row: Row) -> bool:
    return (row.valores.get("anex_borrado") or "N").upper() != "S"


def _annex(row: Values, known: Catalogue) -> tuple[str, list[str]]:
    """Where an annex lies: `/<year>/<dependencia>/docs/<name>`, by what its code begins with."""
    key, name = (row.get("anex_codigo") or "").strip(), (row.get("anex_nomb_archivo") or "").strip()
    if "/" in name:
        return key, [name]
    return key, [f"{key[:4]}/{key[4 : 4 + size]}/docs/{name}" for size in known.largos]


# -- the document of its history ------------------------------------------------------------------


def _history(radicado: str, group: Group, known: Catalogue) -> dict[str, Any]:
    """All that Orfeo told of a record, with codes explained: declared, and verified by nobody."""
    shown = {name: [_said(one.valores) for one in rows] for name, rows in group.items()}
    return {
        "sistema": "Orfeo",
        "radicado": radicado,
        "declarado": "Lo que Orfeo contaba; nadie lo ha verificado.",
        "registro": shown.get(PRINCIPAL, [])[:1],
        "eventos": sorted(
            (_event(one.valores, known) for one in group.get("hist_eventos", [])),
            key=lambda event: event["fecha"],
        ),
        **{name: rows for name, rows in shown.items() if name not in (PRINCIPAL, "hist_eventos")},
    }


def _said(row: Values) -> dict[str, str]:
    return {name: value for name, value in row.items() if value is not None}


def _event(row: Values, known: Catalogue) -> dict[str, str]:
    who = known.usuario(row.get("depe_codi"), row.get("usua_codi"))
    to = known.usuario(row.get("depe_codi_dest"), row.get("usua_codi_dest"))
    kind = code(row.get("sgd_ttr_codigo"))
    out = {
        "fecha": row.get("hist_fech"),
        "codigo": kind,
        "transaccion": known.transacciones.get(kind),
        "dependencia": row.get("depe_codi"),
        "usuario": who.get("usua_login"),
        "nombre": who.get("usua_nomb"),
        "dependencia_destino": row.get("depe_codi_dest"),
        "usuario_destino": to.get("usua_login"),
        "observacion": row.get("hist_obse"),
    }
    return {"fecha": "", **{name: value for name, value in out.items() if value}}
