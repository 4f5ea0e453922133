"""The archive copy of a foreign PDF: its pages as they are where PDF/A takes them, else drawn.

Three tries, each taking away more: the document without what an archive copy has no use for; its
bare pages; and these with a picture in the place of each that the checker still refuses.
What is taken away at first is invisible (keys of other programs, bookkeeping of fonts), so that a
letter out of a word processor keeps its letters, sharp and small, and is not photographed for the
sake of a key in its trailer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name

from ingest.encode import encode, encode_g4, encode_jpeg
from ingest.pictures import drawn, largest_dpi
from ingest.scans import ODD_OBJECTS
from ingest.searchable import image_object
from records import pdfa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pypdfium2 as pdfium
    from PIL import Image

    from ingest.facts import ImageFacts

DRAW_DPI = 300
SHARP_DPI = 400
"""For pages that are black on white: three times as many pixels cost less than grey ones."""
DRAW_PIXELS = 40_000_000
"""A drawing of 60 by 60 cm at 300 dpi; larger sheets are drawn coarser."""

_TRAILER = "Root Info ID Size"
_CATALOG = (
    "Type Pages Lang Metadata MarkInfo StructTreeRoot Outlines PageLabels Dests Names OCProperties"
)
_PAGE = (
    "Type Parent Resources MediaBox CropBox BleedBox TrimBox ArtBox Contents Rotate Group Annots "
    "StructParents Tabs UserUnit"
)
_RESOURCES = "ExtGState ColorSpace Pattern Shading XObject Font ProcSet Properties"
_IMAGE = (
    "Type Subtype Width Height ColorSpace BitsPerComponent Intent ImageMask Mask Decode "
    "Interpolate SMask SMaskInData StructParent Filter DecodeParms Length"
)
_FORM = (
    "Type Subtype FormType BBox Matrix Resources Group StructParent StructParents Filter "
    "DecodeParms Length"
)
TRAILER_KEYS, CATALOG_KEYS, PAGE_KEYS, RESOURCE_KEYS, IMAGE_KEYS, FORM_KEYS = (
    frozenset(f"/{name}" for name in names.split())
    for names in (_TRAILER, _CATALOG, _PAGE, _RESOURCES, _IMAGE, _FORM)
)
BARE_CATALOG = frozenset(("/Type", "/Pages", "/Lang"))
FAITHFUL = 0.5
"""Mean of what a picture in 256 colours may be off, in levels of 256."""
ROUNDS = 4
"""Times that the checker is asked before all pages are drawn."""
PRINTERS_STATE = ("/BG", "/BG2", "/UCR", "/UCR2", "/HT", "/HTP")
"""Of an ExtGState: how a press makes its plates."""
SHOWS = ("Tj", "TJ", "'", '"')
"""Operators that show text."""


def tidied(pdf: pikepdf.Pdf) -> None:
    """Take from *pdf* what is neither page nor order of pages."""
    _keep(pdf.trailer, TRAILER_KEYS)
    _keep(pdf.Root, CATALOG_KEYS)
    layers = frozenset(("/OC",)) if _hides_layers(pdf) else frozenset()
    for page in pdf.pages:
        _keep(page.obj, PAGE_KEYS)
        _set_visible_box(page)
        annots = page.obj.get(Name.Annots)
        if annots is not None:
            page.obj.Annots = Array([a for a in annots if a.get(Name.Subtype) == Name.Link])
    for item in pdf.objects:
        if not isinstance(item, Dictionary | pikepdf.Stream):
            continue
        if item.get(Name.Subtype) == Name.Image:
            _keep(item, IMAGE_KEYS | layers)
        elif item.get(Name.Subtype) == Name.Form:
            _keep(item, FORM_KEYS | layers)
        elif item.get(Name.Type) == Name.FontDescriptor and Name.CIDSet in item:
            del item[Name.CIDSet]  # of no use since PDF/A-2, and often wrong
        _tidy_states_and_resources(item)


def _set_visible_box(page: pikepdf.Page) -> None:
    """Make the crop box what a viewer shows: its part within the media box, where it has one."""
    media, crop = (sorted_box([float(v) for v in box]) for box in (page.mediabox, page.cropbox))
    common = (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )
    if common != crop:
        inside = common[0] < common[2] and common[1] < common[3]
        page.obj.CropBox = Array(list(common if inside else media))


def sorted_box(box: list[float]) -> tuple[float, float, float, float]:
    """A rectangle by its lower left and upper right corners, whichever two it was given by."""
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])


def _keep(item: pikepdf.Object, keys: frozenset[str]) -> None:
    for key in [k for k in item.keys() if k not in keys]:  # noqa: SIM118
        del item[key]


def _tidy_states_and_resources(item: pikepdf.Object) -> None:
    resources = item.get(Name.Resources)
    if isinstance(resources, Dictionary):
        _keep(resources, RESOURCE_KEYS)
        states = resources.get(Name.ExtGState)
        if isinstance(states, Dictionary):
            for _, state in states.items():
                for key in PRINTERS_STATE:
                    if isinstance(state, Dictionary) and key in state:
                        del state[key]


def _hides_layers(pdf: pikepdf.Pdf) -> bool:
    """Whether layers are hidden; where all are shown, they are forgotten."""
    found = pdf.Root.get(Name.OCProperties)
    if not isinstance(found, Dictionary):
        return False
    default = found.get(Name.D, Dictionary())
    if len(default.get(Name.OFF, Array())) or default.get(Name.BaseState) == Name.OFF:
        return True
    del pdf.Root[Name.OCProperties]
    return False


def archived(
    pdf: pikepdf.Pdf,
    document: pdfium.PdfDocument,
    units: list[float],
    beat: Callable[[], None],
    *,
    redraw: bool = False,
) -> tuple[bytes, list[int]]:
    """The PDF/A of *pdf*, which *document* has open, and the numbers of the pages drawn.

    *units* is the upright points that one unit of each page's space stands for; *beat* is called
    while it takes long. With *redraw* every page is drawn. *pdf* is changed.

    Raises:
        pdfa.NotPdfA: not even drawn pages passed.
    """
    every = set(range(1, len(document) + 1))
    done: set[int] = set()
    for attempt in range(0 if redraw else ROUNDS):
        made = _written(pdf)
        if made is not None:
            return made, sorted(done)
        if attempt == 0:
            _keep(pdf.Root, BARE_CATALOG)
            _keep(pdf.trailer, TRAILER_KEYS - {"/Info"})
            continue
        found = _guilty(pdf) - done
        if not found or found | done == every:
            break
        for number in sorted(found):
            _replace(pdf, number, document, units[number - 1])
            beat()
        done |= found
    with pikepdf.new() as new:
        for number in sorted(every):
            new.add_blank_page()
            _replace(new, number, document, units[number - 1])
            beat()
        return pdfa.write(new), sorted(every)


def _written(pdf: pikepdf.Pdf) -> bytes | None:
    try:
        return pdfa.write(pdf)
    except (pdfa.NotPdfA, pikepdf.PikepdfError, *ODD_OBJECTS):
        return None


def _guilty(pdf: pikepdf.Pdf) -> set[int]:
    """The pages that hold, at any depth, an object that the checker names; none: it names none."""
    told = " ".join(pdfa.troubles(pdf))
    named = {(int(n), int(g)) for n, g in re.findall(r"\bobj (\d+) (\d+)", told)}
    holders: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for item in pdf.objects:
        for child in _references(item):
            holders.setdefault(child, set()).add(item.objgen)
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    waiting, seen = list(named), set(named)
    while waiting:
        here = waiting.pop()
        if here in pages:
            continue  # what holds a page is the tree of all pages
        new = holders.get(here, set()) - seen
        seen |= new
        waiting += new
    return {pages[found] for found in seen & pages.keys()}


def _references(item: pikepdf.Object) -> Iterator[tuple[int, int]]:
    """The objects that *item* refers to, but for the one that holds it."""
    waiting = [item]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Dictionary | pikepdf.Stream):
            children = [value for key, value in here.items() if key not in ("/Parent", "/P")]
        elif isinstance(here, Array):
            children = list(here)
        else:
            continue
        for child in children:
            if not isinstance(child, Dictionary | Array | pikepdf.Stream):
                continue
            if child.is_indirect:
                yield child.objgen
            else:
                waiting.append(child)


def _replace(pdf: pikepdf.Pdf, number: int, document: pdfium.PdfDocument, unit: float) -> None:
    """Put a picture of a page in its place."""
    page = document[number - 1]
    width, height = (side * unit for side in page.get_size())
    facts, stream = drawing(page)
    page.close()
    made = pdf.pages[number - 1].obj
    _keep(made, frozenset(("/Type", "/Parent")))
    made.MediaBox = made.CropBox = Array([0, 0, round(width, 3), round(height, 3)])
    made.Rotate = 0
    made.Resources = Dictionary(XObject=Dictionary(Im0=image_object(pdf, facts, stream)))
    made.Contents = pdf.make_stream(f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Im0 Do Q".encode())


def drawing(page: pdfium.PdfPage) -> tuple[ImageFacts, bytes]:
    """A page as a picture: black on white where it is no more than that, else grey or colour."""
    width, height = page.get_size()
    dpi = min(DRAW_DPI, largest_dpi(width, height, DRAW_PIXELS))
    picture = drawn(page, dpi, grey=False)
    grey = _without_colour(picture)
    if grey is None:
        return _smaller(picture)
    if _has_tones(grey):
        return _smaller(grey)
    sharp = min(SHARP_DPI, largest_dpi(width, height, DRAW_PIXELS))
    return encode_g4(drawn(page, sharp).point([0] * 128 + [255] * 128).convert("1"))


def _smaller(picture: Image.Image) -> tuple[ImageFacts, bytes]:
    """As JPEG, or with few colours and no other loss, as flat drawings are packed best."""
    from PIL import Image, ImageChops, ImageStat

    packed = encode_jpeg(picture)
    few = picture
    if picture.mode == "RGB":
        few = picture.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        off = ImageStat.Stat(ImageChops.difference(few.convert("RGB"), picture)).mean
        if max(off) > FAITHFUL:
            return packed
    plain = encode(few)
    return plain if len(plain[1]) < len(packed[1]) else packed


def _without_colour(picture: Image.Image) -> Image.Image | None:
    """The page's grey where its three colours nowhere differ to the eye."""
    from PIL import ImageChops

    red, green, blue = picture.split()
    for one, other in ((red, green), (green, blue)):
        if ImageChops.difference(one, other).point([0] * 9 + [255] * 247).getbbox():
            return None
    return red


def _has_tones(grey: Image.Image) -> bool:
    """Whether there are greys other than the soft edges of black strokes."""
    import numpy as np

    tones = np.asarray(grey).astype(np.int16)
    middle = (tones > 24) & (tones < 232)
    flat = middle[1:, 1:] & (abs(tones[1:, 1:] - tones[:-1, 1:]) < 6)
    flat &= abs(tones[1:, 1:] - tones[1:, :-1]) < 6
    return float(flat.mean()) > 0.0005


def without_text(pdf: pikepdf.Pdf, page: pikepdf.Page, *, unseen_only: bool) -> None:
    """Take another program's reading out of a page that is read anew."""
    stripper = _Stripper(unseen_only)
    data = stripper.stripped(page.obj, page.resources, 0)
    page.obj.Contents = pdf.make_stream(data)


class _Stripper:
    """Rewrites content streams without the operators that show text; forms too, once each."""

    def __init__(self, unseen_only: bool) -> None:
        self._unseen_only = unseen_only
        self._done: set[tuple[int, int]] = set()

    def stripped(self, content: pikepdf.Object, resources: pikepdf.Object, mode: int) -> bytes:
        """*content* without its shown text; *mode* is the text mode that it begins with."""
        kept: list[object] = []
        stack: list[int] = []
        for instruction in pikepdf.parse_content_stream(content):
            name = str(instruction.operator)
            if name == "q":
                stack.append(mode)
            elif name == "Q" and stack:
                mode = stack.pop()
            elif name == "Tr":
                mode = int(instruction.operands[0])
            elif name == "Do":
                self._form(resources.XObject[str(instruction.operands[0])], resources, mode)
            elif name in SHOWS and (mode == 3 or not self._unseen_only):
                continue
            kept.append(instruction)
        return pikepdf.unparse_content_stream(kept)  # type: ignore[arg-type]

    def _form(self, item: pikepdf.Object, resources: pikepdf.Object, mode: int) -> None:
        if item.get(Name.Subtype) != Name.Form or item.objgen in self._done:
            return
        self._done.add(item.objgen)
        own = item.get(Name.Resources, resources)
        item.write(self.stripped(item, own, mode))
