"""Expedientes as those who keep them see them: from the first document to the signed index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from records import verificador, verify
from records.errors import Refused
from records.office import Office
from retention import indice, xades
from retention.archive import Archivo
from retention.dossiers import Paper
from tests.conftest import text_of
from tests.retention.conftest import Clock

Letter = Callable[..., str]


def no(code: str, article: str, act: Callable[[], object]) -> Refused:
    """What an act is refused with, and by which norm."""
    with pytest.raises(Refused) as told:
        act()
    assert told.value.codigo == code, told.value
    assert article in (told.value.norma or ""), told.value.norma
    return told.value


def holds(office: Office) -> None:
    """Both verifiers accept all that was written."""
    report = verify.verify(office)
    assert report.ok, report.hallazgos
    office.index.close()
    found = verificador.examine(office.home, office.keys.root_public())
    assert not found["hallazgos"], found["hallazgos"]


def test_an_expediente_begins_with_its_first_document_and_is_closed_with_its_index(
    archive: Archivo, letter: Letter
) -> None:
    first, second = letter(tipo="peticion", dependencia="140"), letter(asunto="La respuesta")
    made = archive.abrir("140.02.01", "Petición de Ana Peña", con=[first])
    assert made.expediente == "2026-VU1-EXP-000001" and made.documentos == 1
    archive.incorporar(made.expediente, [second], tipo="respuesta a la peticion")
    seen = archive.ver(made.expediente)
    assert [(m.radicado, m.tipo, m.folios) for m in seen.documentos] == [
        (first, "Petición", 2),
        (second, "Respuesta a la petición", 2),
    ]
    no("sin_responder", "4.3.2.4", lambda: archive.cerrar(made.expediente))
    shut = archive.cerrar(made.expediente, "se contestó en audiencia")
    assert shut.documentos == 2 and shut.folios == 4 and shut.abiertas == [first, second]
    xml = Path(shut.indice).read_bytes()
    items = indice.rows_of(xml)
    assert [i.id for i in items] == [first, second]
    assert [(i.pagina_inicio, i.pagina_fin) for i in items] == [(1, 1), (2, 2)]
    record = archive.office.ver(first)
    sealed = next(d for d in record.documentos if d.rol == "registro")
    assert items[0].huella == sealed.sha256 and "Un hueco" in items[0].nombre
    assert archive.ver(made.expediente).estado == "cerrado"
    assert "Petición" in text_of(Path(shut.hoja).read_bytes())
    holds(archive.office)


def test_a_closed_one_takes_and_gives_nothing_until_it_is_reopened_with_a_reason(
    archive: Archivo, letter: Letter
) -> None:
    one, two = letter(), letter()
    name = archive.abrir("140.01.01", "Tutela 1", con=[one]).expediente
    archive.cerrar(name, "fallo en firme")
    no("expediente_cerrado", "", lambda: archive.incorporar(name, [two]))
    no("expediente_cerrado", "", lambda: archive.retirar(name, one, "error"))
    no("expediente_cerrado", "", lambda: archive.cerrar(name, "otra vez"))
    no("sin_motivo", "", lambda: archive.reabrir(name, " "))
    archive.reabrir(name, "llegó el desacato")
    archive.incorporar(name, [two])
    again = archive.cerrar(name, "desacato resuelto")
    state = archive.expediente(name)
    assert again.documentos == 2 and len(state.cierres) == 2
    assert state.cierres[0].indice != state.cierres[1].indice
    holds(archive.office)


def test_what_the_trd_does_not_know_is_refused_and_never_added(
    archive: Archivo, letter: Letter
) -> None:
    one = letter()
    told = no("fuera_de_trd", "art. 24", lambda: archive.abrir("02.01", "Sin serie"))
    assert "140.02.01" in told.consejo
    name = archive.abrir("140.02.01", "Una").expediente
    told = no("tipo_fuera_de_trd", "art. 24", lambda: archive.incorporar(name, [one], tipo="Acta"))
    assert "Petición; Respuesta a la petición" in told.consejo
    assert archive.ver(name).documentos == []
    no("otra_dependencia", "art. 24", lambda: archive.abrir("140.02.01", "x", dependencia="120"))


def test_a_document_lies_in_one_expediente_and_others_refer_to_it(
    archive: Archivo, letter: Letter
) -> None:
    one, two = letter(), letter()
    first = archive.abrir("140.01.01", "Una", con=[one]).expediente
    other = archive.abrir("140.01.01", "Otra", con=[two]).expediente
    no("ya_incorporado", "", lambda: archive.incorporar(other, [one]))
    archive.referir(other, one)
    archive.referir(other, first)
    assert archive.ver(other).referencias == [one, first]
    no("ya_referido", "", lambda: archive.referir(other, first))
    archive.retirar(first, one, "era de la otra")
    archive.incorporar(other, [one])
    assert [m.radicado for m in archive.ver(other).documentos] == [two, one]
    holds(archive.office)


def test_what_waits_for_its_image_keeps_an_expediente_open(
    archive: Archivo, letter: Letter
) -> None:
    waiting = letter(sealed=False)
    name = archive.abrir("140.01.01", "Una", con=[waiting]).expediente
    told = no("sin_imagen", "4.3.2.4", lambda: archive.cerrar(name, "ya"))
    assert waiting in told.mensaje
    empty = archive.abrir("140.01.01", "Vacía").expediente
    no("vacio", "4.3.2.4", lambda: archive.cerrar(empty, "ya"))


def test_the_paper_of_a_hybrid_one_has_its_place_and_is_lent_until_a_day(
    archive: Archivo, letter: Letter, clock: Clock
) -> None:
    name = archive.abrir("140.01.01", "Tutela", con=[letter()], soporte="hibrido").expediente
    archive.incorporar_papel(name, Paper("Plano de la obra", 3, date(2025, 12, 1)), tipo="Demanda")
    archive.ubicar(name, {"caja": "12", "carpeta": "3", "estante": "A"})
    seen = archive.ver(name)
    assert seen.ubicacion == {"caja": "12", "carpeta": "3", "estante": "A"} and seen.folios == 5
    assert seen.documentos[1].asunto == "Plano de la obra" and not seen.documentos[1].radicado
    archive.prestar(name, "Juan Ruiz, Personería")
    assert [(e.numero, e.prestado) for e in archive.prestados()] == [(name, "2026-03-12")]
    no("prestado", "", lambda: archive.prestar(name, "otro"))
    archive.devolver(name)
    assert archive.prestados() == []
    electronic = archive.abrir("140.02.01", "Sin papel").expediente
    no("sin_papel", "", lambda: archive.ubicar(electronic, {"caja": "1"}))
    shut = archive.cerrar(name, "fallo")
    items = indice.rows_of(Path(shut.indice).read_bytes())
    assert len(items) == 1 and shut.documentos == 2
    assert "Plano de la obra" in text_of(Path(shut.hoja).read_bytes())
    holds(archive.office)


def test_the_index_is_signed_by_the_punto_and_a_changed_one_is_found(
    archive: Archivo, letter: Letter
) -> None:
    name = archive.abrir("140.01.01", "Tutela", con=[letter()]).expediente
    shut = archive.cerrar(name, "fallo")
    xml = Path(shut.indice).read_bytes()
    office = archive.office
    checked = xades.check(xml, [office.keys.certificate("ca")], crls=[office.keys.crl()])
    assert checked.certificate == office.signer.certificate
    place = office.vault.place(shut.sha256)
    place.chmod(0o644)
    place.write_bytes(xml.replace(b"<Pagina_Fin>1<", b"<Pagina_Fin>2<"))
    assert not verify.verify(office, complete=True).ok


def test_a_suggestion_comes_from_the_table_and_then_from_what_people_did(
    archive: Archivo, letter: Letter
) -> None:
    like = {"tipo": "peticion", "dependencia": "140"}
    one, two = letter(**like), letter(**like)
    first = archive.sugerir(one)[0]
    assert (first.serie, first.tipo) == ("140.02.01", "Petición") and "comparte" in first.razon
    archive.abrir("140.01.01", "Por costumbre", con=[one])
    again = archive.sugerir(two)
    assert again[0].serie == "140.01.01" and "una vez" in again[0].razon
    assert "140.02.01" in [g.serie for g in again]


def test_who_works_elsewhere_keeps_their_hands_off(archive: Archivo, letter: Letter) -> None:
    name = archive.abrir("140.01.01", "Tutela", con=[letter()]).expediente
    other = Archivo(Office(archive.office.home, persona="cruiz"))
    no("sin_permiso", "", lambda: other.cerrar(name, "sí"))
    no("sin_permiso", "", lambda: other.abrir("140.01.01", "Mía"))
    head = Archivo(Office(archive.office.home, persona="mquintero"))
    head.cerrar(name, "fallo en firme")
    no("sin_permiso", "", lambda: head.reabrir(name, "yo quiero"))


def test_the_index_of_searches_tells_what_the_journal_does(
    archive: Archivo, letter: Letter
) -> None:
    name = archive.abrir("140.01.01", "Tutela", con=[letter(), letter()]).expediente
    archive.retener([name], "proceso 2026-1")
    archive.cerrar(name, "fallo")
    archive.office.index.catch_up()
    assert archive.office.index.differences() == []
    archive.office.index.rebuild()
    found = archive.office.buscar(f"expediente:{name.lower()}").radicados
    assert len(found) == 2 and archive.office.index.expediente_of(found[0].radicado) == [name]
    assert [e.numero for e in archive.lista(estado="cerrado")] == [name]
