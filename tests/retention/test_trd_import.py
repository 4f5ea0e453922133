"""A TRD out of the spreadsheets that entities have: what is clean, what is dirt, and why."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.errors import Refused
from records.trd import Row, Table
from retention import trd_export, trd_import, trd_reading, trd_siblings
from tests.conftest import SHARED
from tests.retention.sheets import CLEAN, HEAD, OFFICIAL, book, flat, read, reasons

FUNZA = SHARED / "data" / "funza_trd"
ORFEO = SHARED / "data" / "orfeo_seed"
needs_data = pytest.mark.skipif(not FUNZA.is_dir(), reason="sin ../shared/data")


# -- two real tables ------------------------------------------------------------------------------


@needs_data
def test_a_personerias_table_is_clean_and_its_series_are_numbered_by_name() -> None:
    found = trd_import.read_table(trd_reading.read(FUNZA / "6-subserries.csv"))
    assert found.rechazadas == [] and len(found.series) == 29
    assert Counter(str(row.disposicion) for row in found.series) == {"['E']": 28, "['CT']": 1}
    assert {tuple(row.soporte) for row in found.series} == {("fisico",)}
    # The entity's own list of series has the same sixteen, in this order.
    listed = (FUNZA / "5-series.csv").read_text(encoding="utf-8").splitlines()
    own = list(csv.DictReader(listed, delimiter=";"))
    assert [(d.que, int(d.codigo), d.nombre) for d in found.derivados] == [
        ("serie", int(row["Consecutivo serie"]), row["Nombre serie"]) for row in own
    ]
    kept = next(row for row in found.series if row.disposicion == ["CT"])
    assert (kept.codigo, kept.nombre, kept.ag, kept.ac) == ("13.1", "RESOLUCIONES", 10, 10)


@needs_data
def test_its_other_files_give_codes_offices_and_types() -> None:
    siblings = trd_siblings.read(
        *(trd_reading.read(FUNZA / name) for name in
          ("5-series.csv", "4-tiposdocumentales.csv", "2-dependencias.csv"))
    )  # fmt: skip
    found = trd_import.read_table(trd_reading.read(FUNZA / "6-subserries.csv"), siblings=siblings)
    assert len(found.series) == 29 and found.derivados == [] and found.rechazadas == []
    first = found.series[0]
    assert (first.codigo, first.oficina) == ("100.1.1", "DESPACHO DEL PERSONERO")
    assert first.tipos == [
        "Formato único de declaración",
        "Copia comunicación remisiorio a acción social",
        "Decisión de acción social",
    ]
    # Of the file of dependencias, each row but its head is one type of one subserie.
    told = (FUNZA / "2-dependencias.csv").read_text(encoding="utf-8").splitlines()
    assert sum(len(row.tipos) for row in found.series) == len(told) - 1


@needs_data
def test_an_alcaldias_table_has_four_dirty_rows_and_no_more() -> None:
    found = trd_import.read_table(trd_reading.read(ORFEO / "trd_subseries.csv"))
    why = reasons(found)
    assert sorted(why) == [106, 107, 260, 261]
    assert "«2»" in why[106] and "«2»" in why[260] and "«1»" in why[261]
    assert why[107] == "falta la disposición final"
    # Counted apart, with csv.DictReader: 29 + 84 + 48 + 3 + 92 = 256.
    assert Counter(" ".join(row.disposicion) for row in found.series) == {
        "S": 29,
        "CT M": 84,
        "E": 48,
        "S M": 3,
        "CT": 92,
    }
    assert Counter(" ".join(row.soporte) for row in found.series) == {
        "fisico": 232,
        "fisico electronico": 24,
    }
    assert found.derivados == []
    # A hundred years is much, and what labour histories are kept for: told, not refused.
    assert any("3.1, 18.1" in told for told in found.avisos)
    assert any("--series" in told for told in found.avisos)
    named = trd_siblings.read(trd_reading.read(ORFEO / "trd_series.csv"))
    again = trd_import.read_table(trd_reading.read(ORFEO / "trd_subseries.csv"), siblings=named)
    assert {row.nombre_serie for row in again.series if row.serie == "2"} == {"ACTAS"}
    assert all(row.nombre_serie for row in again.series)


# -- the official layout --------------------------------------------------------------------------


def test_the_official_layout_is_read_with_all_that_stands_around_it() -> None:
    other = [row[:] for row in OFFICIAL]
    other[3] = ["OFICINA PRODUCTORA: OFICINA JURÍDICA", "", "", "", "CÓDIGO: 130"]
    for row in other[7:15]:
        row[0] = str(row[0]).replace("120", "130")
    data = book(("120", OFFICIAL), ("130", other), ("Notas", [["Hecho por la firma X"]]))
    found = read(data)
    assert found.rechazadas == []
    assert [row.codigo for row in found.series] == [
        "120.05.01", "120.05.02", "120.06", "130.05.01", "130.05.02", "130.06"
    ]  # fmt: skip
    first, second, third = found.series[:3]
    assert first == Row(
        codigo="120.05.01",
        dependencia="120",
        oficina="SECRETARÍA DE PLANEACIÓN",
        serie="05",
        nombre_serie="ACTAS",
        subserie="01",
        nombre_subserie="Actas de comité",
        tipos=["Citación", "Acta firmada"],
        soporte=["fisico"],
        ag=2,
        ac=8,
        disposicion=["CT", "M"],
        procedimiento="Se conserva totalmente.\nSe digitaliza.",
    )
    assert second.tipos == ["Informe de visita", "Registro fotográfico"]
    assert (second.soporte, second.ac, second.disposicion) == (["electronico"], 0, ["E"])
    assert (third.nombre, third.subserie, third.disposicion) == ("CIRCULARES", "", ["S"])
    assert found.series[3].oficina == "OFICINA JURÍDICA"
    assert found.entidad == "ALCALDÍA DE EJEMPLO"
    assert any("«Notas»" in told for told in found.avisos)
    assert any("21" in told and "firmas" in told for told in found.avisos)  # the name that signs


def test_a_head_that_each_page_repeats_and_offices_one_below_the_other() -> None:
    below = [row[:] for row in OFFICIAL[2:15]]
    below[1] = ["OFICINA PRODUCTORA:", "TESORERÍA", "", "", "CÓDIGO:", 140]
    for row in below[5:]:
        row[0] = str(row[0]).replace("120", "140")
    found = read(book(("Hoja1", [*OFFICIAL[:9], *OFFICIAL[4:7], *OFFICIAL[9:16], *below])))
    assert found.rechazadas == []
    assert [row.codigo for row in found.series][2:4] == ["120.06", "140.05.01"]
    assert found.series[0].tipos == ["Citación", "Acta firmada"]
    assert found.series[-1].oficina == "TESORERÍA"


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("120.05.01", ("120", "05", "01")),
        ("120-05-01", ("120", "05", "01")),
        ("120-05.01", ("120", "05", "01")),
        ("120 05 01", ("120", "05", "01")),
        ("05.01", ("", "05", "01")),
        ("05", ("", "05", "")),
        ("A1.B-2", ("A1", "B", "2")),
    ],
)
def test_codes_in_one_cell_follow_the_files_own_mask(
    code: str, parts: tuple[str, str, str]
) -> None:
    names = ";Actas" if parts[2] else "Actas;"
    found = read(flat(f"{code};{names};;;1;2;E;"))
    (row,) = found.series
    assert (row.dependencia, row.serie, row.subserie) == parts
    assert row.codigo == ".".join(filter(None, parts))


def test_codes_in_columns_of_their_own_and_a_person_may_say_the_mask() -> None:
    head = "Cód. Dependencia;Oficina productora;Cód. Serie;Nombre Serie;Cód. Subserie;" \
        "Nombre Subserie;Retención AG;Retención AC;CT;E;S;D"  # fmt: skip
    (row,) = read(flat("1.120;Planeación;05;Actas;01;De comité;2 años;8;X;;;X", head=head)).series
    assert (row.codigo, row.dependencia, row.oficina) == ("1.120.05.01", "1.120", "Planeación")
    assert row.disposicion == ["CT", "M"]
    two = flat("120.05;Actas;;;;1;2;E;")
    assert read(two).series[0].dependencia == ""
    assert read(two, mascara="dp.ss.sb").series[0].dependencia == "120"
    assert any("--mascara dp.ss.sb" in told for told in read(two).avisos)


def test_a_column_that_nobody_knows_is_named_by_a_person() -> None:
    head = HEAD.replace("AG;AC", "Permanencia 1;Permanencia 2")
    with pytest.raises(Refused, match="AG") as refused:
        read(flat(CLEAN, head=head))
    assert "--columna" in refused.value.consejo and "«Permanencia 1»" in refused.value.mensaje
    named = {"ag": "Permanencia 1", "ac": "permanencia 2"}
    assert len(read(flat(CLEAN, head=head), named).series) == 1
    for wrong in ({"ag": "No hay"}, {"nada": "AC"}):
        with pytest.raises(Refused):
            read(flat(CLEAN), wrong)
    with pytest.raises(Refused, match="misma cosa"):
        read(flat(CLEAN, head=HEAD.replace("Procedimiento", "Años AG")))


# -- dirt -----------------------------------------------------------------------------------------

DIRT = {
    "120.05.02;;Visitas;;PAPEL;2;8;1;": "«1», que no es CT",
    "120.05.03;;Visitas;;PAPEL;2;8;;": "falta la disposición final",
    "120.05.04;;Visitas;;PAPEL;2;8;CT y E;": "se contradicen",
    "120.05.05;;Visitas;;PAPEL;;8;CT;": "faltan los años de archivo de gestión",
    "120.05.06;;Visitas;;PAPEL;2;dos;CT;": "archivo central (AC) dicen «dos»",
    "120.05.07;;Visitas;;PAPEL;2;201;CT;": "más de 200",
    "120.05.16;;Visitas;;PAPEL;5¹;8;CT;": "«5¹», que no es un número de años",
    "120.05.17;;Visitas;;PAPEL;2;2²;CT;": "«2²», que no es un número de años",
    "120.05.18;;Visitas;;PAPEL;²;8;CT;": "«²», que no es un número de años",
    "120.05.19;;Visitas;;PAPEL;２;8;CT;": "que no es un número de años",
    "120.05.20;;Visitas;;PAPEL;2;1\u03365;CT;": "que no es un número de años",
    "120.05.08;;;;PAPEL;2;8;CT;": "falta el nombre de la subserie",
    "120/05/09;;Visitas;;PAPEL;2;8;CT;": "no tiene la forma de los demás",
    "120.05.01.1;;Visitas;;PAPEL;2;8;CT;": "no tiene la forma de los demás",
    "120.¿?.01;;Visitas;;PAPEL;2;8;CT;": "no es un código",
    ";;Visitas;;PAPEL;2;8;CT;": "falta el código",
    "120.07;Contratos;;;;;;;": "ni subseries debajo",
    "120.05.12;;Visitas;;PAPEL;;;;": "faltan los años",
    "120.05.13;;Visitas;;CINTA;2;8;CT;": "el soporte dice «CINTA»",
    "120.05.14;;Visitas;;PAPEL;2;8;CT;;sobra": "columna sin encabezado",
    "120.05.15;OTRA SERIE;Visitas;;PAPEL;2;8;CT;": "se llama «ACTAS»",
}


@pytest.mark.parametrize("line", DIRT, ids=range(len(DIRT)))
def test_each_class_of_dirt_has_its_row_and_its_reason(line: str) -> None:
    found = read(flat("120.05;ACTAS", CLEAN, line))
    assert len(found.series) == 1
    assert list(reasons(found)) == [4] and DIRT[line] in reasons(found)[4]


@pytest.mark.parametrize("said", ["2", " 2\xa0", "2.0", "2 años", "2 AN\u0303OS", "2 Anos.", "2a"])
def test_years_are_read_with_their_word_or_without(said: str) -> None:
    (row,) = read(flat("120.05;ACTAS", CLEAN.replace(";2;8;", f";{said};8;"))).series
    assert (row.ag, row.ac) == (2, 8)


def test_dirty_rows_never_hide_each_other() -> None:
    found = read(flat("120.05;ACTAS", CLEAN, *DIRT))
    why = reasons(found)
    assert sorted(why) == list(range(4, 4 + len(DIRT)))
    assert all(text in why[n] for n, text in enumerate(DIRT.values(), start=4))
    assert [row.codigo for row in found.series] == ["120.05.01"]


def test_a_row_with_several_faults_tells_them_all() -> None:
    why = reasons(read(flat(CLEAN, "120.05.02;;;;DISCO;x;;9;")))[3]
    for part in ("nombre", "gestión", "central", "disposición", "soporte"):
        assert part in why


def test_which_of_two_with_one_code_is_right_the_file_does_not_say() -> None:
    found = read(flat(CLEAN, CLEAN.replace("comité", "junta"), "120.05.02;;Otras;;;1;1;E;"))
    assert [row.codigo for row in found.series] == ["120.05.02"]
    assert "se repite (fila 3)" in reasons(found)[2] and "(fila 2)" in reasons(found)[3]
    # One of them is dirty besides: its code is taken all the same.
    found = read(flat(CLEAN, CLEAN.replace(";CT;", ";9;")))
    assert found.series == [] and sorted(reasons(found)) == [2, 3]


def test_a_code_written_as_a_number_may_have_lost_a_zero() -> None:
    head = HEAD.split(";")
    found = read(book(("TRD", [head, [5.10, "", "Actas", "", "", 1, 1, "E"], [5, "ACTAS"]])))
    assert "puede haber perdido ceros" in reasons(found)[2]


def test_types_without_a_serie_above_and_below_one_without_retention_are_dirt() -> None:
    names = "Código;Series, subseries y tipos documentales;AG;AC;Disposición"
    found = read(flat(";Suelto", "05;ACTAS", ";Citación", "05.01;De comité;1;1;E", head=names))
    assert "no tiene código" in reasons(found)[2]
    assert "tipos documentales debajo" in reasons(found)[3]
    assert found.series[0].codigo == "05.01"


def test_what_has_no_codes_at_all_is_numbered_and_told() -> None:
    head = "Serie;Subserie;AG;AC;Disposición final"
    found = read(flat("Órdenes;De pago;1;1;E", "Actas;Junta;1;1;E", "Actas;Comité;1;1;CT",
                      "Circulares;;1;1;E", head=head))  # fmt: skip
    assert {row.codigo: row.nombre for row in found.series} == {
        "01.01": "Comité", "01.02": "Junta", "02": "Circulares", "03.01": "De pago"
    }  # fmt: skip
    assert [(d.que, d.codigo) for d in found.derivados] == [
        ("serie", "01"), ("serie", "02"), ("serie", "03"),
        ("subserie", "01.01"), ("subserie", "01.02"), ("subserie", "03.01"),
    ]  # fmt: skip
    # Where others have one, a missing code is dirt and nobody's to invent.
    found = read(flat("05.01;;Junta;;;1;1;E;", ";;Comité;;;1;1;E;"))
    assert list(reasons(found)) == [3] and found.derivados == []


# -- the file itself ------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_in_any_usual_dress(codec: str, separator: str) -> None:
    clean = CLEAN.replace("Se conserva.", "Años, y más años")
    text = flat("", clean, "120.05.02;;Ñ;;;;;;").decode()
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(csv.reader(io.StringIO(text), delimiter=";"))
    found = read(out.getvalue().encode(codec))
    assert found.series[0].nombre == "Actas de comité"
    assert found.series[0].tipos == ["Citación", "Acta"]
    assert list(reasons(found)) == [4]  # an empty row counts, a cell of two lines is one


def test_texts_full_of_another_separator_do_not_mislead() -> None:
    lines = "|".join('uno, "dos" y tres' for _ in range(40)).replace('"', '""')
    found = read(flat(CLEAN.replace("Se conserva.", lines)))
    assert found.series[0].procedimiento.splitlines() == ['uno, "dos" y tres'] * 40
    assert found.rechazadas == []


def _zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def _workbook_with(name: str, change: bytes, by: bytes) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(book(("TRD", [HEAD.split(";"), CLEAN.split(";")]))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            data = source.read(part)
            archive.writestr(part, data.replace(change, by, 1) if part == name else data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HOSTILE = {
    "nothing": b"",
    "blanks": b" \n\n ",
    "pdf": b"%PDF-1.7 ...",
    "old": b"\xd0\xcf\x11\xe0" + bytes(600),
    "bytes": bytes(range(256)) * 40,
    "no_codec": b"C\xf3digo;\x81\x8d;AG;AC",
    "no_table": b"hola;mundo\n1;2\n",
    "open_quotes": flat(CLEAN) + b'\r\n"120.05.02;;Visitas',
    "other_zip": _zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
    "cut": book(("TRD", [HEAD.split(";")]))[:-400],
    "torn_xml": _workbook_with(SHEET, b"</row>", b"<row>"),
    "no_strings": _workbook_with("xl/sharedStrings.xml", b"<si>", b"<sj>"),
    "entities": _workbook_with(
        SHEET,
        b"<worksheet",
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet',
    ),
    "bomb": _zipped(**{"xl__workbook.xml": b"x", "xl__sharedStrings.xml": bytes(40 * 2**20)}),
    "wide": _workbook_with(SHEET, b'r="I1"', b'r="XFD1"'),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_table_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read(data)
    assert refused.value.mensaje.endswith(".")


def test_a_sheet_of_a_million_rows_is_refused_and_one_with_a_row_far_below_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    far = _workbook_with(SHEET, b'<row r="2"', b'<row r="1048576"').replace(b"", b"")
    assert len(read(far).series) == 1
    monkeypatch.setattr(trd_reading, "MAX_ROWS", 50)
    with pytest.raises(Refused, match="filas"):
        read(flat(*[f"05.{n};;Actas;;;1;1;E;" for n in range(60)]))
    with pytest.raises(Refused, match="filas"):
        read(book(("TRD", [[n] for n in range(60)])))


@pytest.mark.largo
def test_a_million_rows_end_soon() -> None:
    with pytest.raises(Refused, match="filas"):
        read(b"Codigo;Nombre;AG;AC;CT\n" + b"05.01;Actas;1;1;X\n" * 10**6)


def test_a_formula_counts_by_its_saved_value_and_is_never_computed() -> None:
    head = HEAD.split(";")
    rows = [head, ["05.01", "", "Actas", "", "", ("=1+1", 2), ("=A1", 8), ("=X()", "CT")],
            ["05.02", "", "Otras", "", "", ("=1/0", "#DIV/0!"), 1, "E"]]  # fmt: skip
    found = read(book(("TRD", rows)))
    assert (found.series[0].ag, found.series[0].ac) == (2, 8)
    assert "error de fórmula (#DIV/0!)" in reasons(found)[3]
    bare = _workbook_with(SHEET, b"<v>5</v>", b"<v>5</v>")
    assert read(bare).series
    unsaved = book(("TRD", [head, ["05.01", "", "Actas", "", "", ("=1+1", ""), 1, "E"]]))
    assert "fórmula sin su resultado" in reasons(read(unsaved))[2]


def test_hidden_sheets_and_macros_are_told() -> None:
    hidden = b'<sheet state="hidden" name="TRD"'
    with pytest.raises(Refused):
        read(_workbook_with("xl/workbook.xml", b'<sheet name="TRD"', hidden))
    source = zipfile.ZipFile(io.BytesIO(book(("TRD", [HEAD.split(";"), CLEAN.split(";")]))))
    parts = {name: source.read(name) for name in source.namelist()}
    more = io.BytesIO()
    with zipfile.ZipFile(more, "w") as archive:
        for name, data in {**parts, "xl/vbaProject.bin": b"Sub Auto_Open()"}.items():
            archive.writestr(name, data)
    assert any("macros" in told for told in read(more.getvalue()).avisos)


# -- properties -----------------------------------------------------------------------------------

_WORDS = (
    st.text(st.sampled_from("abcñÑéÜ =+@'\"_&<>,.:x-"), max_size=12).map(str.split).map(" ".join)
)


def _named(first: str) -> st.SearchStrategy[str]:
    return _WORDS.map(lambda rest: f"{first}{rest}".strip())


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    """Rows as an import leaves them: one name a serie, one office a dependencia, sorted codes."""
    keys = draw(
        st.sets(
            st.tuples(
                st.sampled_from(["", "120", "1.130", "A7"]),
                st.sampled_from(["01", "5", "10", "B2"]),
                st.sampled_from(["", "01", "2", "10"]),
            ),
            min_size=1,
            max_size=8,
        )
    )
    names = draw(st.lists(_named("Serie "), min_size=16, max_size=16))
    offices = draw(st.lists(_named("Oficina "), min_size=4, max_size=4))
    spots = sorted({(d, s) for d, s, _ in keys})
    lots = sorted({d for d, _, _ in keys})
    rows = []
    for office, serie, sub in keys:
        fate = draw(st.sampled_from([["CT"], ["E"], ["S"], ["M"], ["CT", "M"], ["S", "M"]]))
        procedure = draw(st.lists(_named("Texto "), max_size=3))
        rows.append(
            Row(
                codigo=".".join(filter(None, (office, serie, sub))),
                dependencia=office,
                oficina=offices[lots.index(office)],
                serie=serie,
                nombre_serie=names[spots.index((office, serie))],
                subserie=sub,
                nombre_subserie=draw(_named("=Sub ")) if sub else "",
                tipos=draw(st.lists(_named("@Tipo "), max_size=3, unique=True)),
                soporte=draw(
                    st.sampled_from([[], ["fisico"], ["electronico"], ["fisico", "electronico"]])
                ),
                ag=draw(st.integers(0, 200)),
                ac=draw(st.integers(0, 200)),
                disposicion=fate,
                procedimiento="\n".join(procedure),
                evento=draw(st.sampled_from(["", "Liquidación del contrato"])),
                muestra=draw(st.sampled_from([None, 1, 10, 100])),
            )
        )
    return read(trd_export.csv(_table(rows))).series


def _table(rows: list[Row]) -> Table:
    return Table(
        version="1", entidad="Alcaldía", acto="Resolución 1", desde="2026-01-01", series=rows
    )


@given(rows=tables())
@settings(max_examples=25)
def test_what_is_exported_is_read_again_as_the_same_table(rows: list[Row]) -> None:
    assert rows
    for made in (trd_export.csv(_table(rows)), trd_export.xlsx(_table(rows))):
        again = read(made)
        assert again.rechazadas == []
        assert again.series == rows


@given(
    cells=st.lists(
        st.lists(st.text(max_size=8) | st.sampled_from(["05.01", "2", "CT", "Actas", "AG"]),
                 max_size=10),
        max_size=8,
    )
)  # fmt: skip
@settings(max_examples=60)
def test_no_cell_whatever_breaks_the_reader(cells: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([HEAD.split(";"), *cells])
    try:
        found = read(out.getvalue().encode("utf-8", "replace"))
    except Refused:
        return
    assert all(one.motivo and one.fila > 1 for one in found.rechazadas)
