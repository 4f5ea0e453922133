"""What the limited child tells about a document: facts that travel as JSON, never as objects.

The child is not trusted: whoever reads these facts checks sizes against `Limits` again
(`ingest.worker`). Lengths are PDF points; a page's size here is the one after its Orientation tag
or `/Rotate` is obeyed and before OCR had its say.
"""

from __future__ import annotations

import msgspec

from ingest.lectura import Caja, Pagina
from ingest.marks import Marks

STDERR = "errores.txt"
"""File of the child's folder that takes its standard error."""


class Limits(msgspec.Struct, frozen=True):
    """What one document may cost. Sizes in bytes, times in seconds, areas in pixels."""

    paginas: int = 2000
    pixeles: int = 120_000_000
    """Of one page or one image, read from the headers before anything is decoded."""
    memoria: int = 4 << 30
    cpu: int = 1800
    reloj: float = 1800.0
    """Longest life of a child, without the time in which it rests (`ingest.backlog`)."""
    quieto: float = 90.0
    """Longest wait for the next page before the child is stopped."""
    archivo: int = 1 << 30
    """Largest file that the child may write."""
    abiertos: int = 128


class ImageFacts(msgspec.Struct, frozen=True):
    """An encoded image for a PDF image XObject; its bytes lie in `p0001.bin`."""

    ancho: int
    alto: int
    bits: int
    color: str
    """`DeviceGray`, `DeviceRGB` or `Indexed` (then `paleta` is RGB triples in hex)."""
    filtro: str
    """`DCTDecode`, `CCITTFaxDecode` or `FlateDecode`."""
    parametros: dict[str, int | bool] = {}
    paleta: str = ""


class PageFacts(msgspec.Struct, frozen=True):
    """One page: its size, its resolution and either pixels for OCR or the words it already has."""

    ancho: float
    alto: float
    dpi_x: float
    dpi_y: float
    bilevel: bool = False
    fax: bool = False
    """Pixels of a fax machine: not square, or 204 to the inch."""
    foto: bool = False
    """Taken without a scanner: nothing says its resolution."""
    espejo: bool = False
    """Stored mirrored left to right, before `giro` (Exif orientations 2, 4, 5 and 7)."""
    giro: int = 0
    """Degrees clockwise that the Orientation tag asks for; the OCR pixels obey it already."""
    girar_imagen: bool = True
    """Whether the stored image still needs `espejo` and `giro` when placed on its page."""
    pixeles: str = ""
    """File with the pixels for OCR (PGM, or PBM when bilevel); empty where nothing is left to be
    read."""
    imagen: ImageFacts | None = None
    """The page's image, of documents that are built page by page; None over `base.pdf`."""
    lectura: Pagina | None = None
    """Words of a page that has a text layer of its own; with `pixeles` too, the pixels bear what
    else the page says, and these words are painted over in them."""
    hueco: Caja | None = None
    marcas: Marks = Marks()
    blanca: bool = False
    """Nothing is on it; looked at only right after a separator sheet, whose back it may be."""


class DocumentFacts(msgspec.Struct, frozen=True):
    """A whole document as the child leaves it in its folder."""

    formato: str
    """`pdf`, `tiff`, `jpeg` or `png`."""
    paginas: list[PageFacts]
    base: bool = False
    """True: pages are laid over `base.pdf`; False: built from each page's image."""
    dibujadas: list[int] = []
    """Pages (from 1) of `base.pdf` that are only pictures of themselves: they need all words."""
    firmado: bool = False
    """Whether a PDF bears signatures, which another child then checks (`ingest.firmas`)."""
    notas: list[str] = []


class Job(msgspec.Struct, frozen=True):
    """One page for a worker."""

    folder: str
    facts: PageFacts
    primera: bool


class PageReading(msgspec.Struct, frozen=True):
    """What a worker gives back."""

    pagina: Pagina
    hueco: Caja | None = None
