"""What reading a document gives: pages, words with their boxes, suggested fields.

Plain data that travels between the limited child, the OCR workers and the doors, and that lies in
`lecturas/` as JSON. Lengths are PDF points (1/72 inch), the origin is the top left corner of the
upright page. Confidences are whole percents, 0–100.
"""

from __future__ import annotations

import msgspec

Caja = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points from the top left corner of the upright page."""


class Palabra(msgspec.Struct, frozen=True):
    """One word as read. `linea` counts the lines of the page from 0."""

    texto: str
    confianza: int
    caja: Caja
    linea: int


class Pagina(msgspec.Struct, frozen=True):
    """One page: its true size, its text in reading order, and how sure the reading is."""

    ancho: float
    alto: float
    texto: str
    confianza: int
    rotacion: int
    """Degrees clockwise by which the scan was turned to stand upright: 0, 90, 180, 270."""
    blanca: bool
    palabras: list[Palabra]


class Campo(msgspec.Struct, frozen=True):
    """A suggested value for a registration field, and where on the page it stands."""

    valor: str
    confianza: int
    pagina: int
    """Page index from 1."""
    caja: Caja | None


class Fax(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a fax machine printed in the margin of a page; its clock and its owner vouch for it."""

    hoja: int
    """The page of the file that bears it, from 1."""
    texto: str
    """The line as it was read."""
    confianza: int
    caja: Caja
    numero: str | None = None
    """Of the machine that sent it: digits, after `+` where one was printed."""
    destino: str | None = None
    """The number that was called, where the line tells it."""
    hora: str | None = None
    """By the machine's own clock: `2026-03-16T15:52`, or the day alone."""
    remitente: str | None = None
    pagina: int | None = None
    """The page that this one says to be, from 1."""
    total: int | None = None


class Lectura(msgspec.Struct, frozen=True):
    """Everything that reading one document gave, its PDF/A apart."""

    paginas: list[Pagina]
    campos: dict[str, Campo]
    hueco: Caja | None
    """The free rectangle on page 1 for the stamp, or None: then the page grows by a strip."""
    etiqueta: str | None
    """Text of the QR of one of our labels on page 1."""
    notas: list[str]
    """Remarks for the record, in Spanish: repaired, restricted, signed, drawn anew…"""
    motor: str
    """Engine, version and language that read it."""
    fax: list[Fax] = []
    """The headers that fax machines printed, in the order of the pages; from the top of each."""
    otras_etiquetas: list[str] = []
    """Texts of labels of ours on further pages, each once."""

    @property
    def texto(self) -> str:
        """The whole text, a form feed between pages."""
        return "\f".join(p.texto for p in self.paginas)

    @property
    def confianza(self) -> int:
        """Mean confidence of the pages that bear text; 0 where none does."""
        read = [p.confianza for p in self.paginas if not p.blanca]
        return round(sum(read) / len(read)) if read else 0


PARCIAL = "Es la página 1; las demás se están leyendo."
"""Note of a reading that is not whole yet; by it no such reading equals a whole one."""

MENSAJES = {
    "vacio": (
        "El archivo llegó vacío: el escáner o la copia no terminó. "
        "Vuelva a escanear o a copiar el documento."
    ),
    "formato": (
        "El archivo no es PDF, TIFF, JPEG ni PNG por dentro, aunque el nombre lo diga. "
        "Pida el documento en uno de esos formatos."
    ),
    "cifrado": (
        "El documento está protegido con contraseña o certificado y no se puede abrir. "
        "Pida al remitente una copia sin protección, o escanee el papel."
    ),
    "danado": (
        "El archivo está dañado o llegó incompleto y no se puede leer entero. "
        "Vuelva a escanear o a copiar el documento."
    ),
    "limite": (
        "El documento pasa los límites de lectura de esta máquina (páginas o tamaño de página). "
        "Divídalo o escanéelo a 300 puntos por pulgada o menos."
    ),
    "tiempo": (
        "La lectura tardó demasiado y se detuvo. "
        "Vuelva a escanear el documento a 200 o 300 puntos por pulgada."
    ),
    "portafolio": (
        "El PDF es un portafolio: la carta viene como archivo adjunto dentro de una carátula. "
        "Abra el portafolio, guarde los documentos de adentro y recíbalos por separado."
    ),
    "formulario": (
        "El PDF es un formulario dinámico (XFA) cuyas páginas no están en el archivo. "
        "Pida una copia impresa a PDF, o imprímalo y escanéelo."
    ),
    "imagen": (
        "La imagen del documento usa una variante que no se puede leer. "
        "Vuelva a escanear en TIFF, JPEG o PDF corriente."
    ),
    "separador": (
        "El archivo solo trae hojas separadoras: no hay ningún documento en él. "
        "Si faltó la carta, escanéela; si no, descártelo."
    ),
    "pdfa": (
        "El documento no se pudo convertir en PDF/A de archivo. "
        "Imprímalo y escanéelo, o pida otra copia."
    ),
}
"""What a clerk is told for each code of an unreadable document: what happened and what to do."""


class Unreadable(Exception):
    """A document that cannot become pages; it waits in quarantine, its bytes untouched.

    `codigo` is one of `MENSAJES`; `detalle` is the technical reason, for the quarantine note.
    """

    def __init__(self, codigo: str, detalle: str = "") -> None:
        super().__init__(f"{codigo}: {detalle}" if detalle else codigo)
        self.codigo = codigo
        self.mensaje = MENSAJES[codigo]
        self.detalle = detalle
