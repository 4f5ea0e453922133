"""A stack is parted where sheets and labels say so, and its letters lose nothing by it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from ingest import stacks
from ingest.cut import cut
from ingest.facts import Limits, PageFacts
from ingest.lectura import Unreadable
from ingest.marks import Marks
from ingest.stacks import Part
from tests import scans
from tests.conftest import text_of
from tests.ingest.conftest import draw

SHEET = "S"
WAITS = {"a": "R-1", "b": "R-2", "x": ""}


def pages_of(signs: str) -> list[PageFacts]:
    """`S` a sheet, `_` the blank back of one, a letter a label, `.` any other page."""
    return [
        PageFacts(
            612,
            792,
            200,
            200,
            marcas=Marks(sign == SHEET, sign if sign.isalpha() and sign != SHEET else None),
            blanca=sign == "_",
        )
        for sign in signs
    ]


def planned(signs: str) -> list[tuple[int, int]] | None:
    parts = stacks.plan(pages_of(signs), WAITS.get)
    return None if parts is None else [(p.primera, p.ultima) for p in parts]


def test_sheets_part_a_stack() -> None:
    assert planned("S..S.S...") == [(2, 3), (5, 5), (7, 9)]
    assert planned("..S.") == [(1, 2), (4, 4)]
    assert planned("SS.SS.S") == [(3, 3), (6, 6)]
    assert planned("S_..S_.") == [(3, 4), (7, 7)]
    assert planned("..S") == [(1, 2)] and planned("..S_") == [(1, 2)]
    assert planned("S") == [] and planned("S_SS_") == []
    assert planned(".") is None and planned("....") is None


def test_a_label_parts_only_papers_that_all_wait_for_their_image() -> None:
    assert planned("a.b..") == [(1, 2), (3, 5)]
    assert planned("ab") == [(1, 1), (2, 2)]
    assert planned("a.a.") is None, "one paper with its label twice"
    assert planned(".a.b") is None, "a letter that encloses labelled copies"
    assert planned("a.b.x") is None and planned("x.a") is None
    assert planned("a.z") is None, "a code that is nobody's here"
    assert planned("S.a.Sa.b.S..") == [(2, 4), (6, 7), (8, 9), (11, 12)]


def cut_of(path: Path, *parts: tuple[int, int]) -> list[Path]:
    cut(path, [Part(*pair) for pair in parts], path.parent, Limits())
    return sorted(path.parent.glob("parte-*"))


def frames_of(path: Path) -> list[tuple[object, ...]]:
    """What each page of a TIFF shows and says."""
    out: list[tuple[object, ...]] = []
    with Image.open(path) as image:
        for n in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(n)
            tags = image.tag_v2  # type: ignore[attr-defined]
            told = tags.get(259), tags.get(274), tags.get(282), tags.get(283), tags.get(296)
            out.append((image.size, image.mode, told, image.tobytes()))
    return out


def strips_of(path: Path) -> list[bytes]:
    """The compressed pictures of a TIFF, page by page."""
    raw, out = path.read_bytes(), []
    with Image.open(path) as image:
        for n in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(n)
            tags = image.tag_v2  # type: ignore[attr-defined]
            places = zip(tags[273], tags[279], strict=True)
            out.append(b"".join(raw[at : at + size] for at, size in places))
    return out


def small(n: int, mode: str = "L") -> Image.Image:
    return draw(f"Carta {n}", (400 + n, 300), 40, mode)


@pytest.mark.parametrize("compression", ["group4", "group3", "jpeg", "tiff_lzw", "raw"])
def test_the_pages_of_a_tiff_keep_their_very_strips(tmp_path: Path, compression: str) -> None:
    mode = "1" if "group" in compression else "L"
    path = scans.tiff(
        tmp_path / "pila.tif", [small(n, mode) for n in range(5)], 204, compression=compression
    )
    first, second = cut_of(path, (1, 2), (4, 5))
    strips, frames = strips_of(path), frames_of(path)
    assert strips_of(first) + strips_of(second) == strips[:2] + strips[3:]
    assert frames_of(first) + frames_of(second) == frames[:2] + frames[3:]
    assert strips[2] not in first.read_bytes() + second.read_bytes()


def test_a_tiff_keeps_odd_resolutions_orientations_and_sizes_of_number(tmp_path: Path) -> None:
    path = tmp_path / "pila.tif"
    pages = [small(n, "1") for n in range(3)]
    told = {274: 6, 282: 204.0, 283: 98.0, 296: 2}
    pages[0].save(
        path, save_all=True, append_images=pages[1:], compression="group4", tiffinfo=told,
        big_tiff=True,
    )  # fmt: skip
    (made,) = cut_of(path, (2, 3))
    assert frames_of(made) == frames_of(path)[1:]
    assert frames_of(made)[0][2] == (4, 6, 204.0, 98.0, 2)


def test_a_tiff_of_the_other_byte_order_with_previews_is_cut_by_its_pages(tmp_path: Path) -> None:
    path = tmp_path / "pila.tif"
    write_big_endian(path, [(0, 10), (1, 99), (0, 20), (1, 99), (0, 30)])
    first, second = cut_of(path, (1, 1), (2, 3))
    shown = [[np.frombuffer(f[3], "uint8")[0] for f in frames_of(p)] for p in (first, second)]  # type: ignore[call-overload]
    assert shown == [[10], [20, 30]]


def write_big_endian(path: Path, pages: list[tuple[int, int]]) -> None:
    """A TIFF in Motorola order; each page (its subfile type, its grey) is 4 by 4 pixels."""
    out = bytearray(b"MM\0*\0\0\0\0")
    link = 4
    for kind, grey in pages:
        data = len(out)
        out += bytes([grey]) * 16
        rows = [(254, 4, kind), (256, 4, 4), (257, 4, 4), (258, 3, 8), (259, 3, 1), (262, 3, 1),
                (273, 4, data), (277, 3, 1), (278, 4, 4), (279, 4, 16)]  # fmt: skip
        out[link : link + 4] = len(out).to_bytes(4, "big")
        out += len(rows).to_bytes(2, "big")
        for tag, form, value in rows:
            held = value.to_bytes(4, "big") if form == 4 else value.to_bytes(2, "big") + b"\0\0"
            out += tag.to_bytes(2, "big") + form.to_bytes(2, "big") + (1).to_bytes(4, "big") + held
        link = len(out)
        out += bytes(4)
    path.write_bytes(out)


def test_a_tiff_that_cannot_be_cut_is_refused_and_not_changed(tmp_path: Path) -> None:
    path = scans.tiff(tmp_path / "pila.tif", [small(n, "1") for n in range(3)])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unreadable):
        cut_of(path, (1, 1), (2, 3))
    picture = tmp_path / "carta.png"
    small(1).save(picture)
    with pytest.raises(Unreadable):
        cut_of(picture, (1, 1))


def test_the_pages_of_a_pdf_keep_their_very_pictures_and_no_others(tmp_path: Path) -> None:
    path = scans.picture_pdf(tmp_path / "pila.pdf", [small(n) for n in range(5)])
    with pikepdf.open(path) as stack:
        kept = [page.Resources.XObject.Im0.read_raw_bytes() for page in stack.pages]
    first, second = cut_of(path, (1, 2), (4, 5))
    for made, wanted in ((first, kept[:2]), (second, kept[3:])):
        with pikepdf.open(made) as letter:
            assert [p.Resources.XObject.Im0.read_raw_bytes() for p in letter.pages] == wanted
            pictures = [o for o in letter.objects if isinstance(o, pikepdf.Stream)]
            assert sum(o.get(Name.Subtype) == Name.Image for o in pictures) == 2
    again = [p.read_bytes() for p in (first, second)]
    assert [p.read_bytes() for p in cut_of(path, (1, 2), (4, 5))] == again, "the same bytes again"


def test_a_letter_of_a_pdf_takes_nothing_of_its_neighbour_along(tmp_path: Path) -> None:
    """Links, outlines and shared resources lead from page to page."""
    path = scans.text_pdf(tmp_path / "pila.pdf", ["uno", "dos", "tres"])
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[1].obj.Secreto = pikepdf.String("de la segunda carta")
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
        link.Dest = pikepdf.Array([pdf.pages[1].obj, Name.Fit])
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(link)])
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Segunda", 1))
        pdf.pages[2].rotate(90, relative=False)
        pdf.save(path)
    first, second = cut_of(path, (1, 1), (3, 3))
    for made in (first, second):
        with pikepdf.open(made) as letter:
            assert len(letter.pages) == 1
            assert not any(
                isinstance(o, pikepdf.Dictionary) and "/Secreto" in o for o in letter.objects
            )
    with pikepdf.open(second) as letter:
        assert letter.pages[0].Rotate == 90


def test_what_was_filled_in_and_what_is_hidden_stays_so(tmp_path: Path) -> None:
    path = scans.text_pdf(tmp_path / "pila.pdf", ["uno", None, "dos"])
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        seen = pdf.make_stream(
            b"0 g 0 0 80 80 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 80, 80]
        )
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, F=4)
        field.T, field.V = pikepdf.String("nombre"), pikepdf.String("Ana")
        field.Rect, field.AP = [100, 100, 180, 180], Dictionary(N=seen)
        kept = pdf.make_indirect(field)
        pdf.pages[0].Annots = pikepdf.Array([kept])
        pdf.Root.AcroForm = Dictionary(Fields=pikepdf.Array([kept]))
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("borrador")))
        pdf.pages[2].Resources.Properties = Dictionary(MC0=layer)
        pdf.pages[2].contents_add(b"/OC /MC0 BDC 0 g 100 100 80 80 re f EMC")
        pdf.Root.OCProperties = Dictionary(
            OCGs=pikepdf.Array([layer]), D=Dictionary(OFF=pikepdf.Array([layer]))
        )
        pdf.save(path)
    first, second = cut_of(path, (1, 1), (3, 3))
    at = (140, 792 - 140)
    assert scans.rasterised(first.read_bytes(), 72).getpixel(at) == 0
    assert scans.rasterised(second.read_bytes(), 72).getpixel(at) == 255
    with pikepdf.open(first) as letter:
        assert "/AcroForm" not in letter.Root
    assert "Ana Güiza" in text_of(second.read_bytes())
