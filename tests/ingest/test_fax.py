"""A fax's own line says who sent it, when and which page; a page that is not there is noticed."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from ingest import faxes, faxpages
from ingest.fields import suggest
from ingest.lectura import Fax, Pagina, Palabra
from tests.ingest.conftest import FONT, LETTER, draw

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.reader import Reader


def page(header: str = "", letter: str = "", foot: str = "", sure: int = 95) -> Pagina:
    """A page with a line at its very top, a letter from one inch down, a line at its very foot."""
    rows = [(header, 12.0), (foot, 772.0)]
    rows += [(line, 72.0 + 16 * n) for n, line in enumerate(letter.splitlines())]
    words = []
    for number, (line, y) in enumerate(sorted(rows, key=lambda r: r[1])):
        x = 36.0
        for word in line.split():
            words.append(Palabra(word, sure, (x, y, x + 5 * len(word), y + 8), number))
            x += 5 * len(word) + 5
    text = "\n".join(line for line, _ in sorted(rows, key=lambda r: r[1]) if line)
    return Pagina(612, 792, text, sure, 0, False, words)


def read(header: str) -> Fax | None:
    """The facts of a header line, if it is one."""
    found = faxes.headers([page(header)])
    return found[0].fax if found else None


def told(*numbers: str, hojas: int | None = None) -> str:
    """What a clerk is told of pages with such markers («1/3», «2», «» for unreadable)."""
    found = []
    for hoja, number in enumerate(numbers, 1):
        pagina, _, total = number.partition("/")
        found.append(fax(hoja, pagina=int(pagina or 0) or None, total=int(total or 0) or None))
    return " ".join(faxpages.notes(found, hojas or len(numbers)))


def fax(
    hoja: int,
    numero: str | None = "6068842166",
    hora: str | None = "2026-03-16T15:52",
    pagina: int | None = None,
    total: int | None = None,
) -> Fax:
    return Fax(hoja, "FAX", 90, (0, 0, 1, 1), numero, None, hora, None, pagina, total)


NUMBER, HOUR = "6068842166", "2026-03-16T15:52"


@pytest.mark.parametrize(
    ("header", "facts"),
    [
        ("FAX 16/03/2026 15:52 DE: 606 8842166 P.01/03", (NUMBER, HOUR, None, 1, 3)),
        (
            "16-MAR-2026 15:52 FROM:ALCALDIA IBAGUE  TO:6068842166  P.1/3",
            (None, HOUR, "ALCALDIA IBAGUE", 1, 3),
        ),
        ("Mar 16 2026 3:52PM HP LASERJET FAX p.1", (None, HOUR, "HP LASERJET FAX", 1, None)),
        ("2026/03/16 15:52 57 606 8842166 PAGE 001/003", ("57" + NUMBER, HOUR, None, 1, 3)),
        (
            "FROM : GOBERNACION   FAX NO. : 606-8842166   Mar. 16 2026 03:52PM P1",
            (NUMBER, HOUR, "GOBERNACION", 1, None),
        ),
        (
            "De: +57 606 884 2166 Para: Alcaldía de Tunja Pág. 2 de 5",
            ("+57" + NUMBER, None, None, 2, 5),
        ),
        (
            "28-OCT-2026 09:07  DE: 608 555 0133  JUZGADO 2 PROMISCUO  P.01/02",
            ("6085550133", "2026-10-28T09:07", "JUZGADO 2 PROMISCUO", 1, 2),
        ),
        (
            "01-31-2005 10:00 FROM: TOSHIBA +1-714-583-0000 T-123 P.001/003 F-030",
            ("+17145830000", "2005-01-31T10:00", "TOSHIBA", 1, 3),
        ),
        (
            "4/22/2020 3:42 PM FROM:+15558127619 Acme Ltda TO:15559876543 Pag.2/3",
            ("+15558127619", "2020-04-22T15:42", "Acme Ltda", 2, 3),
        ),
        (
            "From Alcaldía de Tunja|16/03/2026 15:52|Page 1 of 3",
            (None, HOUR, "Alcaldía de Tunja", 1, 3),
        ),
        ("3/16/2026 3:52:10 PM PAGE 1/003 Fax Server", (None, HOUR, None, 1, 3)),
        (
            "MAR/16/2026/MON 03:52 PM GOBERNACION FAX No. 606 8842166 P. 001/003",
            (NUMBER, HOUR, "GOBERNACION", 1, 3),
        ),
        (
            "16/03/2026 15:52 FAX 606 8842166 GOBERNACION @001",
            (NUMBER, HOUR, "GOBERNACION", 1, None),
        ),
        ("lun 16 mar 2026 15:52 GOBERNACION p.1", (None, HOUR, "GOBERNACION", 1, None)),
        ("606 8842166 16/03/26 15:52 P.01", (NUMBER, HOUR, None, 1, None)),
        # Worn: O for 0, I and l for 1, S for 5, b for 6; a stroke lost, a stroke too many.
        ("FAX l6/O3/2O26 I5:S2 DE: 6O6 88421b6 P.O1/O3", (NUMBER, HOUR, None, 1, 3)),
        (
            "FAX 2//06/2026 16:30 DF: 606 8703784 P.02/03",
            ("6068703784", "2026-06-27T16:30", None, 2, 3),
        ),
        ("FAX 16/03/2026 15:52 DE; 606 8842166 P.01703", (NUMBER, HOUR, None, 1, 3)),
        ("FAX 16/ 03/2026 15 :52 DE : 606 884 2166 P .01/ 03", (NUMBER, HOUR, None, 1, 3)),
        ("FAX 16+MAR-2026 15:52 DE: '606 8842166* S.007 P.01/03", (NUMBER, HOUR, None, 1, 3)),
        ("FAX 16,03,2026 15:52 No. 606 8842166 5.007 P,01/03", (NUMBER, HOUR, None, 1, 3)),
        ("16/03/2026 15:52 DE: 606 8842166 PAGE 001/0903", (NUMBER, HOUR, None, 1, None)),
        # What was not read is absent, and the rest stays.
        ("FAX 16/??/2026 15:52 DE: 606 8842166 P.01/03", (NUMBER, None, None, 1, 3)),
        ("FAX 16-33-2026 15:52 DE: P.01/03", (None, None, None, 1, 3)),
        ("FAX 16/03/2026 15:52 DE: 606 88 P.09/03", (None, HOUR, None, None, None)),
    ],
)
def test_a_header_becomes_facts(
    header: str, facts: tuple[str | None, str | None, str | None, int | None, int | None]
) -> None:
    found = read(header)
    assert found is not None
    assert (found.numero, found.hora, found.remitente, found.pagina, found.total) == facts
    assert found.confianza >= 75


@pytest.mark.parametrize(
    "line",
    [
        "16/3/26, 15:52 Correo de Alcaldía - Radicación de PQRS",
        "16/03/2026 15:52 Sistema de información financiera Página 1 de 3",
        "Tel. 606 884 2166 Fax 606 884 2167 Calle 10 # 23-45",
        "PBX (606) 884 21 66 Fax (606) 884 2167 Página 1 de 3",
        "RADICADO No. 2026-VU1-E-000123 16/03/2026 15:52 Folios 3",
        "RECIBIDO 16 MAR 2026 3:52 PM",
        "Ibagué, 16 de marzo de 2026",
        "Oficio 2026-0718 Página 2 de 5",
        "https://correo.ejemplo.gov.co/mail/u/0/ 16/3/2026 15:52 p. 1/3",
    ],
)
def test_margins_of_letters_are_no_headers(line: str) -> None:
    assert faxes.headers([page(line), page(foot=line)]) == []


WORN = {"0": "OoO", "1": "lI|", "2": "Z", "5": "S", "8": "B"}
FORMS = [
    "FAX {d:%d/%m/%Y} {d:%H:%M} DE: {local} P.{n:02}/{t:02}",
    "{d:%d}-{mon}-{d:%Y} {d:%H:%M} FROM:{name} {local} TO:6085550100 P.{n}/{t}",
    "{d:%Y/%m/%d} {d:%H:%M} {name} {local} PAGE {n:03}/{t:03}",
    "FROM : {name}  FAX NO. : {local}  {mon}. {d.day} {d:%Y} {d:%I:%M}{half} P{n}",
    "{mon} {d.day}, {d:%Y} {d:%I:%M} {half} FAX {local} p.{n}",
    "De: +57 {local} Para: {name} {d:%d/%m/%Y} {d:%H:%M} Pág. {n} de {t}",
    "{d:%d.%m.%Y}  {d:%H:%M}  {name}  FAX No. {local}  S.{t:03}  P.{n:03}/{t:03}",
]

MONTHS = [
    re.findall("...", "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"),
    re.findall("...", "ENEFEBMARABRMAYJUNJULAGOSEPOCTNOVDIC"),
]


@st.composite
def sent(draw_: st.DrawFn) -> tuple[str, str, str, int, int | None]:
    """A header as a machine prints it and as a page on the other side shows it: (line, facts)."""
    form = draw_(st.sampled_from(FORMS))
    day = draw_(st.datetimes(dt.datetime(1995, 1, 1), dt.datetime(2068, 12, 31)))
    subscriber = draw_(st.integers(2_000_000, 8_999_999))
    area = draw_(st.sampled_from(["601", "602", "604", "606", "608"]))
    split = draw_(st.sampled_from(["{a} {s}", "{a}{s}", "{a}-{s}", "({a}) {s}"]))
    total = draw_(st.integers(1, 99))
    number = draw_(st.integers(1, total))
    months = MONTHS[draw_(st.booleans())]
    line = form.format(
        d=day,
        mon=months[day.month - 1],
        half="AM" if day.hour < 12 else "PM",
        name=draw_(st.sampled_from(["GOBERNACION", "Juzgado Dos", "NOTARIA UNICA"])),
        local=split.format(a=area, s=subscriber),
        n=number,
        t=total,
    )
    tokens = line.split(" ")
    for index in draw_(st.sets(st.integers(0, len(tokens) - 1), max_size=3)):
        places = [i for i, c in enumerate(tokens[index]) if c in WORN]
        if len(places) >= 1 and sum(c.isdigit() for c in tokens[index]) >= 3:
            at = draw_(st.sampled_from(places))
            worn = draw_(st.sampled_from(WORN[tokens[index][at]]))
            tokens[index] = tokens[index][:at] + worn + tokens[index][at + 1 :]
    line = " ".join(tokens)
    if draw_(st.booleans()):
        line = re.sub(
            r"(?<=\d)([/:])(?=\d)", draw_(st.sampled_from([r"\1 ", r" \1"])), line, count=1
        )
    prefix = "+57" if "+57" in form else ""
    minute = f"{day:%Y-%m-%dT%H:%M}"
    return line, f"{prefix}{area}{subscriber}", minute, number, total if "{t" in form else None


@given(sent())
@example(("FAX 12/12/2026 15:52 DE: 606 8842l66 P.01/03", NUMBER, "2026-12-12T15:52", 1, 3))
def test_what_was_printed_is_read_through_the_wear(
    sent: tuple[str, str, str, int, int | None],
) -> None:
    line, number, minute, pagina, total = sent
    found = read(line)
    assert found is not None, line
    assert (found.numero, found.hora, found.pagina, found.total) == (number, minute, pagina, total)


@given(
    st.text(
        st.sampled_from("FAX fax DE: P.Pág/.:-|+()0123456789OIlSB de of am pm mar"), max_size=90
    )
)
def test_whatever_stands_there_gives_sound_facts_or_none(line: str) -> None:
    found = read(line)
    if found is not None:
        assert found.hora is None or dt.datetime.fromisoformat(found.hora)
        assert found.total is None or 1 <= (found.pagina or 0) <= found.total
        assert found.numero is None or re.fullmatch(r"\+?\d{7,15}", found.numero)


def test_the_header_is_the_channels_and_not_the_letters() -> None:
    found = suggest([page("FAX 18/08/2026 12:24 DE: 606 8767347 P.01/03", LETTER)])
    assert found["canal"].valor == "fax" and found["canal"].confianza > 80
    assert found["fax"].valor == "606 8767347, 2026-08-18 12:24, 3 páginas"
    assert found["fecha"].valor == "2026-11-12"
    assert found["telefono"].valor == "310 555 0142"
    bare = suggest([page("FAX 18/08/2026 12:24 TEL: 606 8767347 P.01/03", "Señores\nALCALDÍA")])
    assert "fecha" not in bare and "telefono" not in bare


def test_words_of_a_skewed_line_in_several_columns_are_one_header() -> None:
    words = [
        Palabra(text, 90, (x, 18 - x / 120, x + 40, 26 - x / 120), line)
        for text, x, line in (
            ("FAX", 20.0, 3), ("16/03/2026", 80.0, 3), ("15:52", 150.0, 3), ("DE:", 330.0, 0),
            ("606", 370.0, 0), ("8842166", 420.0, 0), ("P.01/03", 550.0, 1),
        )
    ]  # fmt: skip
    found = faxes.headers([Pagina(612, 792, "", 90, 0, False, words)])
    assert [(h.fax.numero, h.fax.hora, h.fax.pagina, h.fax.total) for h in found] == [
        (NUMBER, HOUR, 1, 3)
    ]


def test_the_senders_line_counts_before_the_receivers() -> None:
    received = "RECIBIDO 16/03/2026 15:58 DE: 606 1111111 P.07/09"
    found = faxes.headers([page("FAX 16/03/2026 15:52 DE: 606 8842166 P.01/03", foot=received)])
    assert len(found) == 2
    assert [f.numero for f in faxes.principal([h.fax for h in found])] == [NUMBER]


def test_an_old_fax_among_the_anexos_is_no_fax() -> None:
    pages = [page(letter=LETTER)] * 3 + [page("FAX 18/08/2019 12:24 DE: 606 8767347 P.01/01")]
    assert suggest(pages)["canal"].valor == "fisico"


# -- whether it arrived whole ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pages", "sentence"),
    [
        (("1/3", "3/3"), "Falta la página 2 de 3 del fax; pida que la reenvíen."),
        (("1/5", "2/5", "4/5"), "Faltan las páginas 3 y 5 de 5 del fax; pida que las reenvíen."),
        (("1", "2", "4"), "Falta la página 3 del fax; pida que la reenvíen."),
        (("2/3",), "El archivo trae solo la página 2 de 3 del fax"),
        (("1/2", "2/2", "2/2"), "La página 2 del fax viene repetida (hojas 2 y 3 del archivo)."),
        (("3/3", "2/3", "1/3"), "vienen en orden inverso: 3, 2, 1."),
        (("1/3", "3/3", "2/3"), "vienen en desorden: 1, 3, 2."),
        (("1/3", "2/3", "3/4"), "no dicen el mismo total (3 y 4): revise si falta alguna."),
        (("1/3", "1/3", "3/3"), "La hoja 2 del archivo dice ser otra vez la página 1 del fax"),
        (("1/5", "", "5/5"), "Faltan al menos 2 páginas de 5 del fax; pida que las reenvíen."),
    ],
)
def test_what_is_wrong_with_the_pages_is_told(pages: tuple[str, ...], sentence: str) -> None:
    assert sentence in told(*pages)


@pytest.mark.parametrize(
    "pages", [("1/3", "2/3", "3/3"), ("1/1",), ("1",), ("", ""), ("1/3", "", "3/3"), ("1/2", "")]
)
def test_a_fax_that_may_be_whole_alarms_nobody(pages: tuple[str, ...]) -> None:
    assert told(*pages) == "Encabezado del fax: 606 8842166, 16/03/2026 15:52."


def test_pages_without_any_header_may_be_those_that_seem_to_miss() -> None:
    assert "Falta" not in told("1/3", hojas=3)
    assert "Falta al menos una página de 3" in told("1/3", hojas=2)


def test_a_letter_that_is_no_fax_is_told_nothing() -> None:
    assert faxpages.notes([], 4) == []


def test_pages_of_two_faxes_in_one_file_are_told_apart() -> None:
    other = {"numero": "6082611234", "hora": "2026-03-16T16:20"}
    pages = [
        fax(1, pagina=1, total=2),
        fax(2, pagina=1, total=2, **other),
        fax(3, pagina=2, total=2),
    ]
    first, second = faxpages.notes(pages, 3)
    assert first == (
        "El archivo trae 2 faxes distintos: hojas 1 y 3 (606 8842166, 16/03/2026 15:52); hoja 2 "
        "(608 2611234, 16/03/2026 16:20). Sepárelos."
    )
    assert second.startswith("El archivo trae solo la página 1 de 2 del fax de 608 2611234")


def test_one_misread_figure_makes_no_second_fax() -> None:
    pages = [
        fax(1, pagina=1, total=3),
        fax(2, numero="6068842160", hora="2026-03-16T15:53", pagina=2, total=3),
        fax(3, hora="2026-03-16T19:53", pagina=3, total=3),
    ]
    assert faxpages.notes(pages, 3) == ["Encabezado del fax: 606 8842166, 16/03/2026 15:52."]


@pytest.mark.largo
def test_a_lost_page_of_a_real_fax_is_noticed(reader: Reader, tmp_path: Path) -> None:
    font = ImageFont.truetype(str(FONT), 30)
    pages = []
    for number in (1, 3):
        scan = draw(size=(1728, 2156), letter=36, mode="1")
        header = f"FAX 16/03/2026 15:52  DE: 606 8842166   P.0{number}/03"
        ImageDraw.Draw(scan).text((150, 28), header, 0, font)
        pages.append(scan.resize((1728, 1078), Image.Resampling.NEAREST))
    path = tmp_path / "fax.tif"
    pages[0].save(path, compression="group3", dpi=(204, 98), save_all=True, append_images=pages[1:])
    lectura, _ = reader.read(path)
    assert [(f.hoja, f.numero, f.hora, f.pagina, f.total) for f in lectura.fax] == [
        (1, NUMBER, HOUR, 1, 3),
        (2, NUMBER, HOUR, 3, 3),
    ]
    assert "Falta la página 2 de 3 del fax; pida que la reenvíen." in lectura.notas
    assert lectura.campos["canal"].valor == "fax"
    assert lectura.campos["fecha"].valor == "2026-11-12"
    assert "606 8842166" in lectura.texto
