"""A sender whom the office knows: earlier records complete a form, confirm it or dispute it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from ingest import known, suggestions
from ingest.drafts import Suggested
from ingest.lectura import Campo, Lectura
from ingest.reception import Recepcion
from records import senders
from records.query import seen_by
from records.reserve import Sight
from records.senders import Known
from tests.conftest import page_pdf, reading, receive

if TYPE_CHECKING:
    from pathlib import Path

    from records.office import Office

ANA = {
    "remitente": "Ana Lucía Peña Gil",
    "tipo_documento": "CC",
    "cedula": "51.234.567",
    "direccion": "Calle 10 # 23-45",
    "municipio": "Tunja",
    "correo": "ana@ejemplo.com",
    "telefono": "310 555 0142",
}


def number(office: Office, **fields: str) -> str:
    """A record with these fields; its radicado."""
    office.index.catch_up()
    before = len(office.index.receptions())
    (subject,) = receive(office, 1, start=before)
    return office.radicar(subject, fields).radicado


def fields(sure: int = 95, **values: str) -> dict[str, Suggested]:
    """Values as read."""
    return {k: Suggested(v, sure, 1, (10, 10, 50, 20)) for k, v in values.items()}


def completed(office: Office, read: dict[str, Suggested]) -> dict[str, Suggested]:
    """What a draft is given."""
    return known.complete(read, office.conocidos(known.sought(read)))


def test_what_a_letter_does_not_say_is_taken_from_the_newest_record(office: Office) -> None:
    number(office, **ANA)
    newest = number(office, **{**ANA, "direccion": "Carrera 4 # 5-6", "telefono": ""})
    read = fields(remitente="Ana Lucía Peña Gil", cedula="51.234.567", correo="otra@ejemplo.com")
    out = completed(office, read)
    assert (out["direccion"].valor, out["direccion"].de) == ("Carrera 4 # 5-6", newest)
    assert out["direccion"].caja is None
    assert out["direccion"].confianza < 80  # a person looks at it
    assert out["municipio"].valor == "Tunja"
    assert (out["correo"].valor, out["correo"].de) == ("otra@ejemplo.com", None)
    assert out["telefono"].valor == "310 555 0142"  # the newest did not say it; the one before did


def test_the_same_number_and_name_make_both_surer(office: Office) -> None:
    number(office, **ANA)
    out = completed(office, fields(82, remitente="ANA LUCÍA PEÑA GIL", cedula="51234567"))
    assert out["remitente"].confianza > 90 and out["cedula"].confianza > 90
    assert out["remitente"].valor == "ANA LUCÍA PEÑA GIL"  # as this letter says it


def test_another_name_under_the_same_number_is_doubtful_and_completes_nothing(
    office: Office,
) -> None:
    number(office, **ANA)
    out = completed(office, fields(remitente="Pedro Rojas Mora", cedula="51.234.567"))
    assert out["remitente"].confianza < 80 and out["cedula"].confianza < 80
    assert set(out) == {"remitente", "cedula"}


@pytest.mark.parametrize("name", ["Ana Peña", "Ana Lucia Pena Gil", "Ana Lucla Peña Gil"])
def test_a_shorter_or_misread_name_is_the_same_persons(office: Office, name: str) -> None:
    number(office, **ANA)
    out = completed(office, fields(remitente=name, cedula="51.234.567"))
    assert out["municipio"].valor == "Tunja"


def test_a_doubtful_number_alone_looks_nobody_up(office: Office) -> None:
    number(office, **ANA)
    assert set(completed(office, fields(40, cedula="51.234.567"))) == {"cedula"}
    assert set(completed(office, fields(85, cedula="51.234.567"))) == {"cedula"}
    assert completed(office, fields(95, cedula="51.234.567"))["remitente"].valor == ANA["remitente"]


def test_a_company_is_known_by_its_nit_and_a_neighbour_by_name_and_address(office: Office) -> None:
    number(office, entidad="ACME S.A.S.", nit="900.555.012-9", direccion="Calle 1 # 2-3")
    out = completed(office, fields(nit="900.555.012-9", remitente="Luz Mora"))
    assert out["entidad"].valor == "ACME S.A.S."
    assert out["remitente"].valor == "Luz Mora"
    number(office, remitente="Rosa Díaz", direccion="Vereda El Alto", telefono="3105550000")
    out = completed(office, fields(remitente="ROSA DIAZ", direccion="vereda el alto"))
    assert out["telefono"].valor == "3105550000"
    assert "telefono" not in completed(office, fields(remitente="Rosa Díaz", direccion="El Bajo"))


def test_an_annulled_record_and_a_corrected_one(office: Office) -> None:
    radicado = number(office, **ANA)
    office.rectificar(radicado, {"direccion": "Avenida 9 # 1-1"}, motivo="se mudó")
    read = fields(remitente=ANA["remitente"], cedula=ANA["cedula"])
    assert completed(office, read)["direccion"].valor == "Avenida 9 # 1-1"
    office.rectificar(radicado, {"cedula": "51.234.576"}, motivo="cifras cambiadas")
    assert set(completed(office, read)) == {"remitente", "cedula"}
    assert office.index.differences() == []


def test_a_letter_that_is_read_gets_them_in_its_draft(office: Office, tmp_path: Path) -> None:
    first = number(office, **ANA)
    found = {"remitente": ANA["remitente"], "cedula": ANA["cedula"], "asunto": "Otra petición"}

    class Reader:
        def read(
            self, path: Path, on_first: object = None, split: object = None, password: object = None
        ) -> tuple[Lectura, bytes]:
            return reading("Otra petición", **found), page_pdf()

        def close(self) -> None:
            """Nothing to let go."""

    letter = tmp_path / "carta.pdf"
    letter.write_bytes(page_pdf("otra"))
    reception = Recepcion(office, reader=Reader())  # type: ignore[arg-type]
    (done,) = reception.recibir([letter])
    draft = reception.drafts.get(done.borrador or "")
    assert draft.campos["correo"] == Suggested("ana@ejemplo.com", known.COMPLETED, de=first)
    assert draft.campos["remitente"].de is None
    assert office.ver(reception.radicar(draft.id).radicado).campos["correo"] == "ana@ejemplo.com"


def test_keys_are_told_apart_and_short_ones_are_none() -> None:
    assert senders.keys_of(ANA) == ["doc:51234567", "nombre:ana lucia pena gil|calle 10 23 45"]
    assert senders.keys_of({"cedula": "1.2", "nit": "9", "remitente": "Ana"}) == []
    assert senders.keys_of({"nit": "900.555.012-9"}) == ["nit:900555012"]
    assert senders.keys_of({"cedula": "AV552310"}) == ["doc:AV552310"]


def test_a_sender_is_found_by_an_index_and_not_by_reading_all(office: Office) -> None:
    number(office, **ANA)
    office.index.catch_up()
    plan = office.index.query(
        "EXPLAIN QUERY PLAN SELECT r.subject, r.radicado FROM conocido c JOIN registro r"
        " ON r.id = c.id WHERE c.clave=? AND r.estado<>'anulado' ORDER BY c.id DESC LIMIT 3",
        ("doc:51234567",),
    )
    told = " ".join(str(row[-1]) for row in plan)
    assert "SCAN" not in told and "TEMP B-TREE" not in told
    rows = [(f"doc:{n}", n) for n in range(10_000_000, 10_200_000)]
    office.index._open().executemany("INSERT INTO conocido VALUES(?,?)", rows)
    seen = seen_by(Sight("2026-11-22"), "r.id")
    started = time.perf_counter()
    for _ in range(100):
        office.index.senders("doc:51234567", seen)
    assert time.perf_counter() - started < 1.0


def test_dates_after_the_reception_and_very_old_ones_are_doubtful(office: Office) -> None:
    def sure(day: str) -> int:
        read = reading()
        read.campos["fecha"] = Campo(day, 97, 1, (1.0, 1.0, 2.0, 2.0))
        lane = office.settings.carriles[0]
        out = suggestions.of(read, office.settings, lane, "2026-05-10T08:00:00.000-05:00")
        assert out["fecha"].valor == day
        return out["fecha"].confianza

    assert sure("2026-05-10") == sure("2026-05-11") == sure("2022-01-01") == 97
    assert sure("2026-05-12") < 80
    assert sure("2020-01-01") < 80


def test_a_value_of_a_closed_list_that_is_none_of_it_is_not_suggested(office: Office) -> None:
    lane = office.settings.carriles[0]
    made = reading("x", prioridad="ninos, marcianos", tipo_documento="XX", municipio="Tunja")
    out = suggestions.of(made, office.settings, lane)
    assert not {"prioridad", "tipo_documento"} & set(out)
    made = reading("x", prioridad="vida_salud, ninos", tipo_documento="CE")
    out = suggestions.of(made, office.settings, lane)
    assert (out["prioridad"].valor, out["tipo_documento"].valor) == ("vida_salud, ninos", "CE")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("ninos", "ninos"), ("mayor,  ninos, ninos", "ninos, mayor"), ("", None)],
)
def test_grounds_are_kept_once_and_in_order(office: Office, given: str, kept: str | None) -> None:
    radicado = number(office, asunto="Petición", prioridad=given)
    assert office.ver(radicado).campos.get("prioridad") == kept


def test_a_ground_or_a_document_that_does_not_exist_is_refused(office: Office) -> None:
    from records.errors import Refused

    for name, value in (("prioridad", "ninos, prisa"), ("tipo_documento", "cedula")):
        with pytest.raises(Refused, match=name):
            number(office, **{name: value})


def test_a_known_sender_is_a_plain_fact() -> None:
    made = senders.known("2026-VU1-E-000001", "doc:51234567", {**ANA, "asunto": "x", "anexos": []})
    assert made == Known("2026-VU1-E-000001", "doc", ANA)
