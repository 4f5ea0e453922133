"""Whoever touches a journal, a ficha, a document or a signature is found, with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from records import verify
from records.events import (
    ImageFiled,
    ReceptionDiscarded,
    ReceptionRevived,
    RecordSealed,
)
from records.fact import Fact
from records.office import Office
from records.tail import Broken
from tests.conftest import page_pdf, receive

STRIDE = 61
"""Bytes between two flips here; the long suite flips each bit."""


@pytest.fixture
def full(office: Office) -> Office:
    """An office with numbers, a discard, a filed image, a seal."""
    first, second, third = receive(office, 3)
    office.radicar(first, {"remitente": "José", "folios": "2"})
    office.sellar(first, page_pdf(), hueco=None, paginas=1, lectura=None)
    office.descartar(second, "otro", nota="Era un catálogo")
    number = office.radicar_sin_imagen({"remitente": "Ana"})
    office.incorporar_imagen(third, number.radicado, number.evento[:16])
    assert verify.verify(office, complete=True).ok
    return office


def journals(office: Office) -> list[Path]:
    return sorted((office.home / "journal").glob("*/*.jsonl"))


def refused(office: Office) -> bool:
    return not verify.verify_logs(Office(office.home)).ok


def flip_all(office: Office, stride: int) -> None:
    for path in journals(office):
        good = path.read_bytes()
        for i, position in enumerate(range(0, len(good), stride)):
            bad = bytearray(good)
            bad[position] ^= 1 << (i % 8)
            path.write_bytes(bytes(bad))
            report = verify.verify_logs(Office(office.home))
            assert not report.ok, (path.name, position)
            assert any(f.archivo.endswith(".jsonl") and f.linea for f in report.hallazgos), position
        path.write_bytes(good)
    assert verify.verify_logs(Office(office.home)).ok


def test_flipped_bits_of_journals_and_fichas_are_found(full: Office) -> None:
    flip_all(full, STRIDE)


@pytest.mark.largo
def test_every_flipped_byte_of_journals_and_fichas_is_found(full: Office) -> None:
    flip_all(full, 1)


def drop(raws: list[bytes], i: int) -> list[bytes]:
    return raws[:i] + raws[i + 1 :]


def repeat(raws: list[bytes], i: int) -> list[bytes]:
    return [*raws[: i + 1], raws[i], *raws[i + 1 :]]


def swap(raws: list[bytes], i: int) -> list[bytes]:
    j = (i + 1) % len(raws)
    out = list(raws)
    out[i], out[j] = out[j], out[i]
    return out


def cut(raws: list[bytes], i: int) -> list[bytes]:
    return raws[:i]


@pytest.mark.parametrize("change", [drop, repeat, swap, cut])
def test_lines_dropped_repeated_swapped_or_cut_are_found(
    full: Office, change: Callable[[list[bytes], int], list[bytes]]
) -> None:
    for path in journals(full):
        good = path.read_bytes()
        raws = good.splitlines(keepends=True)
        for i in range(len(raws)):
            bad = change(raws, i)
            if bad == raws:
                continue
            path.write_bytes(b"".join(bad))
            assert refused(full), (path.name, change.__name__, i)
        path.write_bytes(good)
    assert not refused(full)


def test_a_log_under_another_year_or_punto_is_found(full: Office) -> None:
    path = next(p for p in journals(full) if p.name == "VU1.jsonl")
    other = path.with_name("VU9.jsonl")
    path.rename(other)
    assert not verify.verify(Office(full.home)).ok
    other.rename(path)
    year = path.parent
    earlier = year.with_name(str(int(year.name) - 1))
    earlier.mkdir()
    for file in year.glob("VU1*"):
        file.rename(earlier / file.name)
    assert refused(full)


def test_flipped_bits_of_documents_are_found_and_named(full: Office) -> None:
    for path in sorted((full.home / "vault").glob("??/*")):
        path.chmod(0o640)
        good = path.read_bytes()
        for position in {0, len(good) // 2, len(good) - 1}:
            bad = bytearray(good)
            bad[position] ^= 4
            path.write_bytes(bytes(bad))
            report = verify.verify(Office(full.home), complete=True)
            assert not report.ok
            assert any(path.name[:64] in f.mensaje + f.archivo for f in report.hallazgos)
        path.write_bytes(good)
    assert verify.verify(Office(full.home), complete=True).ok


def test_a_missing_document_is_found(full: Office) -> None:
    path = next((full.home / "vault").glob("??/*.bin"), None) or next(
        (full.home / "vault").glob("??/*.pdf")
    )
    path.unlink()
    assert not verify.verify(Office(full.home)).ok


def test_an_unnamed_file_of_the_vault_is_hashed_by_complete_only(full: Office) -> None:
    folder = full.home / "vault" / "00"
    folder.mkdir(exist_ok=True)
    (folder / f"{'0' * 64}.pdf").write_bytes(b"ajeno")
    assert verify.verify(Office(full.home)).ok
    assert not verify.verify(Office(full.home), complete=True).ok


def test_an_exchanged_certificate_is_found(full: Office) -> None:
    ring = full.home / "keys"
    (ring / "VU1.cert.pem").write_bytes((ring / "AUT.cert.pem").read_bytes())
    assert not verify.verify(Office(full.home)).ok


def test_an_exchanged_root_is_found(full: Office) -> None:
    (full.home / "keys" / "raiz.pub").write_text("00" * 32)
    assert refused(full)


def test_an_edited_index_is_found_and_rebuilt(full: Office) -> None:
    import sqlite3

    full.index.close()
    with sqlite3.connect(full.home / "index.sqlite") as db:
        db.execute("UPDATE registro SET asunto='otro'")
    db.close()
    report = verify.verify(Office(full.home))
    assert [f.codigo for f in report.hallazgos] == ["indice"]
    (full.home / "index.sqlite").unlink()
    assert verify.verify(Office(full.home)).ok


LIES: dict[str, Callable[[Office, str, str], Fact]] = {
    "seals twice": lambda office, subject, other: sealed(office, subject),
    "seals another's original": lambda office, subject, other: sealed(
        office, subject, original="0" * 64
    ),
    "revives what was numbered": lambda office, subject, other: ReceptionRevived(
        recepcion=subject, carril="ventanilla"
    ),
    "files a wrong image": lambda office, subject, other: ImageFiled(
        radicado=office.ver(radicado_of(office, subject)).radicado, recepcion=other, sha256="0" * 64
    ),
    "discards for another": lambda office, subject, other: ReceptionDiscarded(
        recepcion=other, motivo="prueba"
    ),
}


def radicado_of(office: Office, subject: str) -> str:
    return office.index.radicado_of(subject) or ""


def sealed(office: Office, subject: str, original: str | None = None) -> RecordSealed:
    known = office.estado(subject).sellado
    assert known is not None
    return msgspec.structs.replace(known, original=original or known.original)


@pytest.mark.parametrize("lie", LIES)
def test_an_insider_with_the_puntos_key_is_found(office: Office, lie: str) -> None:
    """The chain and the signature are right; what is said is not."""
    subject, other = receive(office, 2)
    office.radicar(subject, {})
    office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    fact = LIES[lie](office, subject, other)
    with office.journal.writing(office.keys.point_ed("VU1")) as writer:
        office.index.catch_up()
        head = office.index.head(subject)
        writer.append(fact, subject=subject, actor="demo", after=(head or "",))
    report = verify.verify(Office(office.home))
    assert "historia" in [f.codigo for f in report.hallazgos]


def test_the_writer_itself_refuses_a_gap_and_a_repeat(office: Office) -> None:
    first, second = receive(office, 2)
    office.radicar(first, {})
    fact = office.estado(first).numero
    assert fact is not None
    seq = next(e.seq for e in office.index.events(first) if e.type == "radicado.asignado")
    for n, previous, text in (
        (3, seq, "000003"),
        (1, None, "000001"),
        (2, None, "000002"),
        (2, seq, "000077"),
        (2, seq, "000020"),
    ):
        wrong = msgspec.structs.replace(
            fact, n=n, anterior=previous, recepcion=second, radicado=fact.radicado[:-6] + text
        )
        with (
            pytest.raises(Broken),
            office.journal.writing(office.keys.point_ed("VU1")) as writer,
        ):
            writer.append(wrong, subject=second, actor="demo")
    assert office.radicar(second, {}).radicado.endswith("000002")


def test_a_punto_that_the_authority_never_admitted_is_found(office: Office) -> None:
    source = next((office.home / "journal").glob("*/AUT.jsonl"))
    raws = source.read_bytes().splitlines(keepends=True)
    with office.authority_journal.writing(office.keys.point_ed("AUT")):
        kept = [r for r in raws if b'"punto.alta"' not in r]
    assert len(kept) == len(raws) - 2
    source.write_bytes(b"".join(kept))
    assert not verify.verify(Office(office.home)).ok
