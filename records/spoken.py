"""A petition that somebody says, as the page that records it: what must be on it, and the page.

The page is the record's original: made before its number, which the stamp brings. It says that the
petition was presented verbally and how, when, by whom, and who took it (CPACA, art. 15; Decreto
1069 de 2015, art. 2.2.3.12.3, as Decreto 1166 de 2016 gave it); where it was answered on the spot,
the answer too (art. 2.2.3.12.4). The same input gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from records import glyphs, lines, norms, typeset
from records.archiving import NO_TERM
from records.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from records.sheets import Sheet

PETITION = "Ley 1437 de 2011 (CPACA), art. 15"
CONTENTS = "Decreto 1069 de 2015, art. 2.2.3.12.3"
ANSWER = "Decreto 1069 de 2015, art. 2.2.3.12.4"
COUNTER, TELEPHONE = "presencial", "telefonico"
CHANNELS = {
    COUNTER: "VERBAL, en persona, ante la ventanilla",
    TELEPHONE: "VERBAL, por teléfono",
}
"""The verbal channels, and how the page names them."""
NAMELESS = ("anónimo", "anonimo")
MAX_SAID = 100_000
"""Characters of one text: some forty pages. Who has more to say brings it written."""
_SUBJECT = 120
_ACCENTED = {
    "peticion": "petición",
    "felicitacion": "felicitación",
    "tramite": "trámite",
    "documentos": "petición de documentos o información",
    "autoridades": "petición entre autoridades",
    "organismo_control": "organismo de control",
    "habeas_consulta": "hábeas data: consulta",
    "habeas_reclamo": "hábeas data: reclamo",
    "sin_termino": "no requiere respuesta",
}


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says, beside the fields of the register."""

    objeto: str
    razones: str = ""
    anexos: tuple[str, ...] = ()
    representante: str = ""
    """Who speaks for the petitioner, as representative or apoderado, and their document."""
    documento_representante: str = ""
    respuesta: str = ""
    """The answer that was given on the spot; empty: it is still to be answered."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that was said."""
        return (self.objeto, self.razones, self.representante, self.documento_representante,
                self.respuesta, *self.anexos)  # fmt: skip


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A spoken petition that was checked, and its page; nothing of it is in the journal yet."""

    dicho: Spoken
    campos: dict[str, Any]
    """Field values as they will be recorded."""
    actor: str
    recibido: str
    """The hour that the page tells."""
    pagina: bytes


def prepare(spoken: Spoken, campos: Mapping[str, Any]) -> tuple[Spoken, dict[str, Any]]:
    """What was said as the page shows it, and the register's fields completed from it.

    Raises:
        Refused: the channel is not a verbal one, or nobody said what is asked or who asks it.
    """
    kept = Spoken(
        objeto=_clean(spoken.objeto),
        razones=_clean(spoken.razones),
        anexos=tuple(filter(None, map(_line, spoken.anexos))),
        representante=_line(spoken.representante),
        documento_representante=_line(spoken.documento_representante),
        respuesta=_clean(spoken.respuesta),
    )
    values = {k: v for k, v in campos.items() if str(v).strip()}
    if str(values.get("remitente", "")).strip().casefold() in NAMELESS:
        values["remitente"] = NAMELESS[0]
    values.setdefault("canal", COUNTER)
    _check(kept, values)
    values.setdefault("tipo", "peticion")
    values.setdefault("asunto", _beginning(kept.objeto))
    if kept.anexos:
        values["anexos"] = [{"clase": text} for text in kept.anexos]
    return kept, values


def _check(spoken: Spoken, values: Mapping[str, Any]) -> None:
    today = lines.now().date()
    if values["canal"] not in CHANNELS:
        raise Refused(
            "canal_no_verbal",
            f"«{values['canal']}» no es un canal verbal.",
            consejo=f"Los canales verbales son: {', '.join(CHANNELS)}. Lo que llega escrito se "
            "radica con «radicar».",
            norma=norms.cite(PETITION, today),
        )
    if not spoken.objeto:
        raise Refused(
            "sin_objeto",
            "Falta el objeto: qué pide la persona.",
            consejo="Dígalo con --objeto.",
            norma=norms.cite(CONTENTS, today),
        )
    if not values.get("remitente") and not values.get("entidad"):
        raise Refused(
            "sin_peticionario",
            "Falta quién presenta la petición.",
            consejo="Diga sus nombres con --campo remitente=…; si no los quiere dar, "
            "--campo remitente=anónimo: también se radica.",
            norma=norms.cite(CONTENTS, today),
        )
    if max(map(len, spoken.texts)) > MAX_SAID:
        raise Refused(
            "muy_largo",
            f"Un texto pasa de {MAX_SAID:,} letras.".replace(",", "."),
            consejo="Recíbalo escrito, como documento adjunto.",
        )


def nameless(values: Mapping[str, Any]) -> bool:
    """Whether who asks gave no name."""
    return values.get("remitente") in NAMELESS


def lost(texts: Iterable[str]) -> str | None:
    """Which characters of *texts* the page shows as «?», for a person to change; None: none."""
    font = glyphs.font()
    gone = sorted(c for c in set("".join(texts)) - font if glyphs.printable(c, font) == "?")
    if not gone:
        return None
    return f"En la constancia sale «?» por lo que su letra no tiene: {' '.join(gone[:20])}"


def _clean(text: str) -> str:
    """*text* without blanks around its lines; line breaks stay."""
    rows = typeset.clean(text).split("\n")
    return "\n".join(" ".join(row.split()) for row in rows).strip()


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _beginning(text: str) -> str:
    """The first words of an object, as the register's subject."""
    line = " ".join(text.split())
    if len(line) <= _SUBJECT:
        return line
    cut = line[: _SUBJECT - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:.") + "…"


# -- the page -------------------------------------------------------------------------------------


def fill(
    sheet: Sheet,
    spoken: Spoken,
    values: Mapping[str, Any],
    *,
    at: datetime,
    area: str,
    officer: str,
) -> bytes:
    """The page of a spoken petition on an office's empty *sheet*, as PDF/A-2b."""
    channel = str(values["canal"])
    sheet.pairs(
        [
            ("Forma de presentación", CHANNELS[channel]),
            ("Fecha y hora", lines.read_hour(lines.stamp(at))),
            *_who(spoken, values),
            ("Clase", _kind(str(values["tipo"]))),
            ("Va a", area),
            ("Documentos que adjunta", _attached(values.get("anexos"))),
            *([("Faltaba al recibir", values["faltantes"])] if values.get("faltantes") else []),
            ("La recibió", officer),
        ]
    )
    for title, text in (
        ("Objeto: qué pide", spoken.objeto),
        ("Razones en que se apoya", spoken.razones),
        ("Respuesta que se le dio en el acto", spoken.respuesta),
    ):
        if text:
            sheet.heading(title)
            sheet.paragraph(text)
    sheet.space(3)
    sheet.paragraph(_words(spoken, channel, str(values["tipo"])))
    if channel == COUNTER and not nameless(values):
        name = spoken.representante or str(values.get("remitente") or values.get("entidad"))
        sheet.signature(name, "Quien presenta la petición")
    cited = (PETITION, CONTENTS, *([ANSWER] if spoken.respuesta else []))
    told = "; ".join(norms.cite(n, at.date()) for n in cited)
    sheet.paragraph(f"Normas: {told} (Decreto 1166 de 2016).", small=True)
    return sheet.pdf()


def _who(spoken: Spoken, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who asks, for whom, and where the answer reaches them."""

    def said(*names: str) -> str:
        return ", ".join(str(values[n]) for n in names if values.get(n))

    name = "Anónimo: no dio su nombre" if nameless(values) else said("remitente", "entidad")
    document = " ".join(filter(None, (said("tipo_documento"), said("cedula")))) or (
        f"NIT {values['nit']}" if values.get("nit") else ""
    )
    speaks = ", ".join(filter(None, (spoken.representante, spoken.documento_representante)))
    return [
        ("Peticionario", name),
        ("Documento de identidad", document),
        *([("Representante o apoderado", speaks)] if speaks else []),
        ("Dirección", said("direccion", "municipio")),
        ("Correo electrónico", said("correo")),
        ("Teléfono", said("telefono")),
    ]


def _kind(code: str) -> str:
    return _ACCENTED.get(code, code.replace("_", " "))


def _attached(value: Any) -> str:
    """The register's anexos, a line each."""
    if not isinstance(value, list):
        return str(value or "ninguno")
    rows = [
        f"{row.get('clase') or 'sin clase'}"
        f"{f' ({many})' if (many := row.get('cantidad', 1)) > 1 else ''}"
        f"{f', {leaves} folios' if (leaves := row.get('folios')) else ''}"
        for row in value
    ]
    return "\n".join(f"{n}. {text}" for n, text in enumerate(rows, start=1))


def _words(spoken: Spoken, channel: str, kind: str) -> str:
    how = "por teléfono" if channel == TELEPHONE else "en persona"
    ended = "Se responde en el mismo término que una petición escrita. "
    if spoken.respuesta:
        ended = "Fue respondida en el acto, como queda escrito arriba. "
    elif kind in NO_TERM:
        ended = ""
    return (
        f"Esta petición fue presentada verbalmente, {how}; esta hoja es la constancia de ello. El "
        f"número y la hora de su radicación están en el sello. {ended}La copia de esta constancia "
        "es gratuita para quien la pide."
    )
