"""Disposal as an archive lives it: through all its steps, and nothing left of what it erased."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from records import (
    absence,
    backup,
    copies,
    disposal,
    healing,
    keys,
    lines,
    scrubbing,
    verificador,
    verify,
)
from records.errors import Damaged, Refused
from records.lines import sha256
from records.office import Office
from records.trd import Row, Table
from retention.archive import Archivo
from tests.conftest import page_pdf, text_of
from tests.program import here
from tests.retention.conftest import Clock
from tests.retention.test_expedientes import holds, no

Letter = Callable[..., str]
PHRASE = "frase de una persona"
ROWS = [
    Row(codigo="140.01.01", dependencia="140", serie="01", nombre_serie="ACCIONES",
        subserie="01", nombre_subserie="Acciones de tutela", ag=0, ac=1, disposicion=["CT"]),
    Row(codigo="140.02.01", dependencia="140", serie="02", nombre_serie="DERECHOS DE PETICIÓN",
        subserie="01", nombre_subserie="Peticiones", ag=0, ac=1, disposicion=["E"]),
    Row(codigo="120.03", dependencia="120", serie="03", nombre_serie="CONTRATOS", ag=0, ac=1,
        disposicion=["S"], evento="liquidación del contrato", muestra=10),
]  # fmt: skip
TABLE = Table(
    version="2", entidad="Alcaldía", acto="Resolución 30 de 2026", desde="2026-03-01", series=ROWS
)
DUE, DECIDED = "2027-03-05", "2027-07-01"
"""A day after the retention of what is closed in March 2026; one after its publication."""


@dataclass
class Town:
    """An archive with the people that a disposal needs."""

    archive: Archivo
    clock: Clock
    letter: Letter

    def by(self, who: str) -> Archivo:
        """The archive as another person uses it."""
        return Archivo(Office(self.archive.office.home, persona=who))

    def closed(self, *letters: str, serie: str = "140.02.01", name: str = "Petición") -> str:
        """A closed expediente with these letters."""
        made = self.archive.abrir(serie, name, con=list(letters) or [self.letter()]).expediente
        self.archive.cerrar(made, "respondida")
        return made

    def later(self) -> None:
        """Go on to the day on which the expedientes of petitions are due."""
        self.clock.to(DUE)
        self.archive.office.abrir_vigencia(2027)

    def approved(self, *names: str, **more: Any) -> str:
        """A disposal of these up to the committee's approval."""
        keeper = self.by("rosa")
        number = keeper.proponer(list(names), **more).propuesta
        keeper.publicar(number)
        self.clock.to(DECIDED)
        keeper.aprobar(number, "Acta 4 de 2027")
        return number

    def erased(self, number: str) -> Any:
        """Both signatures."""
        self.by("rosa").ejecutar(number, PHRASE)
        return self.by("hugo").ejecutar(number, PHRASE)


@pytest.fixture
def town(
    archive: Archivo, clock: Clock, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    monkeypatch.setattr(keys, "_ARGON", {"iterations": 1, "lanes": 1, "memory_cost": 64})
    office = archive.office
    office.adoptar_trd(TABLE)
    for who, role in (("rosa", "archivista"), ("hugo", "jefe_area"), ("ana", "ventanilla")):
        office.agregar_persona(
            who, nombre=who.title(), cargo="Técnica", roles=[role], passphrase=PHRASE
        )
    yield Town(archive, clock, letter)


def grep(home: Path, *needles: bytes) -> list[str]:
    """Files of the home in whose names or bytes one of these is."""
    found = []
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        data = path.read_bytes() if path.is_file() else b""
        if any(n in data or n.decode() in name for n in needles):
            found.append(name)
    return found


def test_the_whole_way_and_nothing_is_left(town: Town) -> None:
    office = town.archive.office
    gone = [
        town.letter(asunto="Hueco en la calle Candelaria", remitente="Zulema Quintanilla"),
        town.letter(asunto="Segundo reclamo por ruido nocturno", remitente="Zulema Quintanilla"),
    ]
    stays = town.letter(asunto="Permiso para una feria de barrio", remitente="Berta Lugo")
    office.constancia(gone[0])
    office.guardar_etiqueta(gone[0])
    two, other = town.closed(*gone), town.closed(stays, name="Otra")
    papers = [d.sha256 for r in gone for d in office.ver(r).documentos]
    salts = [
        str(e.ficha["sal"]).encode()
        for r in gone
        for e in office.index.events(office.subject(r))
        if e.ficha
    ]
    words = [b"Candelaria", b"ruido nocturno", b"Zulema"]
    assert grep(office.home, *words) and len(papers) >= 5
    town.later()
    number = town.approved(two)
    done = town.erased(number)
    office = Office(office.home)
    assert done.estado == "eliminada" and done.avisos == []
    assert (done.eliminado.registros, done.eliminado.expedientes) == (2, 1)
    assert grep(office.home, *words, *salts) == []
    held = [sha256(data) for path in office.home.rglob("*") if path.is_file()
           for data in [path.read_bytes()]]  # fmt: skip
    assert not {*papers} & {*held}
    assert not grep(office.home / "salida" / "constancias", b"%PDF")
    page = text_of(Path(done.prueba).read_bytes())
    for said in ("Acta 4 de 2027", two, "140.02.01", "Resolución 30 de 2026", "Rosa", "Hugo"):
        assert said in page, page
    assert "Candelaria" not in page
    seen = office.ver(gone[0])
    assert (seen.estado, seen.campos.get("asunto")) == ("eliminado", None)
    assert seen.eliminacion is not None
    assert seen.eliminacion["acta"] == "Acta 4 de 2027"
    assert seen.eliminacion["firman"] == ["rosa", "hugo"]
    assert set(seen.eliminacion["documentos"]) >= set(papers[:2])
    assert all(d.archivo is None for d in seen.documentos)
    found = office.buscar(f"radicado:{gone[0]}")
    assert [(r.radicado, r.asunto, r.remitente) for r in found.radicados] == [(gone[0], "", "")]
    assert office.buscar("candelaria").total == 0 and office.buscar("feria").total == 1
    assert office.ver(stays).campos["remitente"] == "Berta Lugo"
    assert town.archive.ver(two).eliminacion == number and town.archive.ver(other).nombre == "Otra"
    holds(office)
    assert verify.verify(office, complete=True).ok and verify.verify_record(office, gone[0]).ok
    for act in (
        lambda: office.constancia(gone[0]),
        lambda: office.etiqueta(gone[0]),
        lambda: office.anotar(gone[0], "x"),
        lambda: town.archive.retener([two], "tarde"),
        lambda: town.archive.reabrir(two, "tarde"),
    ):
        with pytest.raises(Refused, match="elimin"):
            act()
    after = town.letter(asunto="Lo que sigue")
    assert office.ver(after).estado == "radicado"
    proof = town.archive.probar(number)
    assert proof.acta == done.prueba and proof.ausencia.restos == []
    review = town.archive.revisar()
    assert review.completa and review.sound
    holds(Office(office.home))


def test_no_step_is_skipped(town: Town) -> None:
    name = town.closed()
    kept = town.closed(serie="140.01.01", name="Tutela")
    opened = town.archive.abrir("140.02.01", "Abierto", con=[town.letter()]).expediente
    keeper = town.by("rosa")
    no("antes_de_tiempo", "art. 24", lambda: keeper.proponer([name]))
    no("abierto", "2.8.2.2.5", lambda: keeper.proponer([opened]))
    no("se_conserva", "594 de 2000, art. 19", lambda: keeper.proponer([kept]))
    with pytest.raises(Refused, match="archivista"):
        town.by("ana").proponer([name])
    town.later()
    no("se_conserva", "594 de 2000, art. 19", lambda: keeper.proponer([kept]))
    number = keeper.proponer([name]).propuesta
    assert number == "2027-VU1-ELM-000001"
    no("en_otra", "2.8.2.2.5", lambda: keeper.proponer([name]))
    no("fuera_de_paso", "4.5.4", lambda: keeper.aprobar(number, "Acta 1"))
    no("fuera_de_paso", "4.5.4", lambda: keeper.observar(number, "Ana", "¿por qué?"))
    no("fuera_de_paso", "2.8.2.2.5", lambda: keeper.ejecutar(number, PHRASE))
    seen = keeper.publicar(number)
    # Sixty worked days after Friday 5 March 2027, Holy Week and the rest days left out.
    assert seen.publicada == {"desde": DUE, "hasta": "2027-06-04"}
    page = (town.archive.office.home / f"salida/eliminaciones/{number}/inventario.html").read_text()
    assert name in page and "4 jun 2027" in page and "<script" not in page
    no("fuera_de_paso", "2.8.2.2.5", lambda: keeper.publicar(number))
    town.clock.to("2027-06-04", 23)
    no("en_publicacion", "4.5.4", lambda: keeper.aprobar(number, "Acta 1"))
    town.by("ana").observar(number, "Veeduría ciudadana", "Falta un concepto")
    town.clock.to(DECIDED)
    no("sin_responder", "4.5.4", lambda: keeper.aprobar(number, "Acta 1"))
    no("no_existe", "4.5.4", lambda: keeper.resolver(number, 2, "no", acoge=False))
    keeper.resolver(number, 1, "el concepto está en el acta", acoge=False)
    no("sin_acta", "2.8.2.2.5", lambda: keeper.aprobar(number, " "))
    no("fuera_de_paso", "2.8.2.2.5", lambda: keeper.ejecutar(number, PHRASE))
    keeper.aprobar(number, "Acta 1")
    with pytest.raises(Refused, match="archivista"):
        town.by("hugo").ejecutar(number, PHRASE)
    assert keeper.ejecutar(number, PHRASE).estado == "firmada"
    again = no("misma_persona", "2.8.2.2.5", lambda: keeper.ejecutar(number, PHRASE))
    assert "hugo" in again.consejo
    with pytest.raises(Refused, match="jefe_area"):
        town.by("ana").ejecutar(number, PHRASE)
    with pytest.raises(Refused):
        town.by("hugo").ejecutar(number, "otra frase cualquiera")
    holds(Office(town.archive.office.home))
    assert town.by("hugo").ejecutar(number, PHRASE).estado == "eliminada"
    no("tarde", "2.8.2.2.5", lambda: keeper.retirar_eliminacion(number, "tarde"))
    holds(Office(town.archive.office.home))


def test_a_hold_stops_each_step_and_what_is_reopened_too(town: Town) -> None:
    name, other = town.closed(), town.closed()
    town.later()
    keeper = town.by("rosa")

    def stops(act: Callable[[], object]) -> None:
        keeper.retener([name], "proceso 2028-11")
        assert "2028-11" in no("retenido", "art. 24", act).mensaje
        keeper.liberar(name)

    stops(lambda: keeper.proponer([name]))
    number = keeper.proponer([name, other]).propuesta
    stops(lambda: keeper.publicar(number))
    keeper.publicar(number)
    town.clock.to(DECIDED)
    stops(lambda: keeper.aprobar(number, "Acta 1"))
    keeper.aprobar(number, "Acta 1")
    stops(lambda: keeper.ejecutar(number, PHRASE))
    keeper.ejecutar(number, PHRASE)
    stops(lambda: town.by("hugo").ejecutar(number, PHRASE))
    told = no("en_eliminacion", "4.3.2.4", lambda: keeper.reabrir(other, "llegó un fallo"))
    assert number in told.mensaje and f"eliminar retirar {number}" in told.consejo
    assert keeper.eliminacion(number).estado == "firmada"
    keeper.retirar_eliminacion(number, "llegó un fallo para uno")
    no("fuera_de_paso", "2.8.2.2.5", lambda: town.by("hugo").ejecutar(number, PHRASE))
    keeper.reabrir(other, "llegó un fallo")
    keeper.proponer([name])
    holds(Office(town.archive.office.home))


@pytest.mark.parametrize("signed", [False, True])
def test_what_was_put_in_after_the_proposal_is_never_erased_with_it(
    town: Town, monkeypatch: pytest.MonkeyPatch, signed: bool
) -> None:
    name = town.closed()
    town.later()
    keeper = town.by("rosa")
    number = town.approved(name) if signed else keeper.proponer([name]).propuesta
    if signed:
        keeper.ejecutar(number, PHRASE)
    live = town.letter(asunto="Lo que nadie publicó")
    with monkeypatch.context() as older:  # a version that let it be reopened
        older.setattr(Archivo, "_must_not_be_doomed", lambda *_: None)
        keeper.reabrir(name, "llegó un fallo")
    act = (lambda: town.by("hugo").ejecutar(number, PHRASE)) if signed else (
        lambda: keeper.publicar(number))  # fmt: skip
    no("reabierto", "2.8.2.2.5", act)
    keeper.incorporar(name, [live])
    keeper.cerrar(name, "otra vez")
    assert f"Retire {number}" in no("reabierto", "2.8.2.2.5", act).consejo
    office = Office(town.archive.office.home)
    assert office.ver(live).campos["asunto"] == "Lo que nadie publicó"
    holds(office)
    with monkeypatch.context() as older:  # what such a version wrote is no sound log
        older.setattr(Archivo, "_must_be_free", lambda *_: None)
        act()
    told = [one.mensaje for one in verify.verify(Office(office.home)).hallazgos]
    assert any("se reabrió después de proponerse" in one for one in told), told


def test_an_observation_takes_an_expediente_out_and_it_stays(town: Town) -> None:
    mine = [town.letter(asunto=f"Asunto muy propio número {n}") for n in range(2)]
    one, two = (town.closed(r) for r in mine)
    town.later()
    keeper = town.by("rosa")
    number = keeper.proponer([one, two]).propuesta
    keeper.publicar(number)
    keeper.observar(number, "Una vecina", "El segundo sirve en un proceso")
    no("excluye", "4.5.4", lambda: keeper.resolver(number, 1, "no", acoge=False, excluye=[two]))
    keeper.resolver(number, 1, "tiene razón", acoge=True, excluye=[two])
    town.clock.to(DECIDED)
    keeper.aprobar(number, "Acta 1")
    assert town.erased(number).eliminado.registros == 1
    office = Office(town.archive.office.home)
    assert office.ver(mine[0]).estado == "eliminado"
    assert office.ver(mine[1]).campos["asunto"] == "Asunto muy propio número 1"
    fates = [row.destino for row in keeper.eliminacion_vista(number).expedientes]
    assert fates == ["eliminar", "excluido"]
    holds(office)


def test_a_selection_keeps_a_sample_that_anybody_draws_again(town: Town) -> None:
    names = []
    for n in range(4):
        made = town.archive.abrir("120.03", f"Contrato {n}", con=[town.letter()]).expediente
        town.archive.anotar_hecho(made, town.clock.moment.date(), "se liquidó")
        town.archive.cerrar(made, "liquidado")
        names.append(made)
    town.later()
    seen = town.by("rosa").proponer(names, muestra=50)
    sample = seen.muestra
    assert sample is not None and sample.grupos[0].porcentaje == 50
    seed = disposal.seed(seen.propuesta, sample.raiz)
    assert sample.conservados == disposal.keeps(seed, names, 50) and len(sample.conservados) == 2
    kept = [row.expediente for row in seen.expedientes if row.destino == "conservar"]
    assert sorted(kept) == sorted(sample.conservados)
    holds(Office(town.archive.office.home))


def test_what_a_sample_keeps_is_not_proposed_until_another_gives_it_up(town: Town) -> None:
    names = []
    for n in range(2):
        made = town.archive.abrir("120.03", f"Contrato {n}", con=[town.letter()]).expediente
        town.archive.anotar_hecho(made, town.clock.moment.date(), "se liquidó")
        town.archive.cerrar(made, "liquidado")
        names.append(made)
    plain = town.closed()
    town.later()
    keeper = town.by("rosa")
    no("sin_seleccion", "2.8.2.2.5", lambda: keeper.proponer([plain], muestra=50))
    no("vacia", "2.8.2.2.5", lambda: keeper.proponer(names[:1]))
    no("vacia", "2.8.2.2.5", lambda: keeper.proponer(names, muestra=100))
    assert keeper.eliminaciones() == []
    number = keeper.proponer(names).propuesta
    (kept,) = keeper.eliminacion(number).conservados

    def again() -> None:
        told = no("conservado_por_muestra", "2.8.2.2.5", lambda: keeper.proponer([kept, plain]))
        assert number in told.mensaje

    again()
    keeper.publicar(number)
    town.clock.to(DECIDED)
    keeper.aprobar(number, "Acta 4")
    again()
    town.erased(number)
    again()
    other = keeper.proponer([plain]).propuesta
    assert keeper.eliminacion(other).condenados == [plain]
    holds(Office(town.archive.office.home))


def test_an_empty_acta_is_refused_and_what_was_erased_is_not_migrated(
    town: Town, tmp_path: Path
) -> None:
    letter = town.letter()
    name = town.closed(letter)
    town.later()
    keeper = town.by("rosa")
    number = keeper.proponer([name]).propuesta
    keeper.publicar(number)
    town.clock.to(DECIDED)
    paper, empty = tmp_path / "acta.pdf", tmp_path / "vacia.pdf"
    paper.write_bytes(page_pdf("Acta 4"))
    empty.write_bytes(b"")
    no("sin_archivo", "", lambda: keeper.aprobar(number, "Acta 4", documento=empty))
    assert keeper.aprobar(number, "Acta 4", documento=paper).estado == "aprobada"
    town.erased(number)
    done = here("migrar", letter, "--documento", "original", "--archivo", paper, "--herramienta",
                "LibreOffice 25.2", "--json", "--casa", town.archive.office.home)  # fmt: skip
    assert (done.code, done.json["error"]["codigo"]) == (1, "eliminado"), done.err


def test_what_another_living_record_names_stays(town: Town) -> None:
    office = town.archive.office
    subjects = [
        office.recibir(b"%PDF-1.7 lo mismo", reclamo=f"doble-{n}", nombre="x.pdf",
                       carril="ventanilla", extension="pdf")
        for n in range(3)
    ]  # fmt: skip
    numbers = []
    for subject, about in zip(subjects, ("La primera de las dos", "La segunda de las dos"),
                              strict=False):  # fmt: skip
        numbers.append(office.radicar(subject, {"asunto": about, "folios": "1"}).radicado)
        office.sellar(subject, page_pdf(about), hueco=None, paginas=1, lectura=None)
    office.descartar(subjects[2], "duplicado", de=numbers[0])
    first, second = (town.closed(r) for r in numbers)
    town.later()
    done = town.erased(town.approved(first))
    digest = sha256(b"%PDF-1.7 lo mismo")
    assert done.eliminado.compartidos == [digest]
    office = Office(office.home)
    assert office.vault.find(digest) is not None
    holds(office)
    town.clock.to("2027-07-02")
    number = town.by("rosa").proponer([second]).propuesta
    town.by("rosa").publicar(number)
    town.clock.to("2027-12-03")
    town.by("rosa").aprobar(number, "Acta 9")
    assert town.erased(number).eliminado.compartidos == []
    assert Office(office.home).vault.find(digest) is None
    holds(Office(office.home))
    # The same bytes may come again: they are kept like any others.
    again = office.recibir(b"%PDF-1.7 lo mismo", reclamo="otra-vez", nombre="y.pdf",
                           carril="ventanilla", extension="pdf")  # fmt: skip
    assert office.vault.find(digest) is not None and office.estado(again).estado == "por_radicar"
    holds(Office(office.home))


def test_the_one_person_of_a_demonstration_is_told_how_to_be_two(
    archive: Archivo, clock: Clock, letter: Letter
) -> None:
    archive.office.adoptar_trd(TABLE)
    town = Town(archive, clock, letter)
    name = town.closed()
    town.later()
    number = archive.proponer([name]).propuesta
    archive.publicar(number)
    clock.to(DECIDED)
    archive.aprobar(number, "Acta 1")
    first = archive.ejecutar(number)
    assert first.estado == "firmada" and "persona agregar" in first.avisos[0]
    told = no("misma_persona", "2.8.2.2.5", lambda: archive.ejecutar(number))
    assert "persona agregar" in told.consejo


@pytest.mark.parametrize("points", [(2, 8, 13), pytest.param(range(60), marks=pytest.mark.largo)])
def test_a_cut_at_any_point_is_finished_by_the_next_start(
    town: Town, points: Sequence[int], tmp_path: Path
) -> None:
    name = town.closed(town.letter(asunto="Asunto que se borra a medias"))
    town.later()
    number = town.approved(name)
    town.by("rosa").ejecutar(number, PHRASE)
    town.archive.office.index.close()
    home, marks = town.archive.office.home, Path(os.environ["VENTANILLA_MARCAS"])
    kept = [shutil.copytree(one, tmp_path / "antes" / one.name) for one in (home, marks)]
    ended = False
    for n in points:
        ended = _killed(home, number, n, town) or ended
        for one, before in zip((home, marks), kept, strict=True):
            _put_back(one, before)
    assert ended is (len(points) > 3)


def _put_back(folder: Path, before: Path) -> None:
    """The folder as it was; it and `journal` stay the same ones, else the home is a copy."""
    for path in folder.iterdir():
        if path.name == "journal":
            _put_back(path, before / path.name)
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    for path in before.iterdir():
        if path.is_dir():
            shutil.copytree(path, folder / path.name, dirs_exist_ok=True)
        else:
            shutil.copy2(path, folder / path.name)


def _killed(home: Path, number: str, n: int, town: Town) -> bool:
    """Execute and die at the *n*-th lasting act; start again; whether it had come to its end."""
    script = Path(__file__).with_name("killing.py")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, script, home, number, str(n), town.clock.moment.isoformat(), PHRASE],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, -9), done.stderr
    office = Office(home, persona="hugo")
    office.recuperar()
    state = Archivo(office).eliminacion(number)
    assert (state.ejecutada is None) is (state.estado == "firmada")
    if state.ejecutada is not None:
        assert state.estado == "eliminada", n
        assert grep(home, b"se borra a medias") == [], n
        assert absence.look(office, number).restos == []
    holds(office)
    office.index.close()
    return done.returncode == 0


def test_what_is_put_back_is_found_and_told(town: Town) -> None:
    name = town.closed(town.letter(asunto="Asunto que alguien devuelve"))
    office = town.archive.office
    digest = office.ver(office.buscar("devuelve").radicados[0].radicado).documentos[0].sha256
    data = office.vault.read(digest)
    town.later()
    number = town.approved(name)
    town.erased(number)
    office = Office(office.home)
    office.vault.put(data, "pdf")
    assert [f.codigo for f in verify.verify(office).hallazgos] == ["por_borrar"]
    assert verificador.examine(office.home, office.keys.root_public())["hallazgos"]
    with pytest.raises(Damaged, match="queda algo"):
        town.archive.probar(number)
    assert lines.sha256(data) == digest


def test_a_backup_forgets_and_does_not_bring_back(town: Town, tmp_path: Path) -> None:
    office = town.archive.office
    about = b"Asunto que tambien estaba en el respaldo"
    name = town.closed(town.letter(asunto=about.decode()), town.letter(asunto="Otra carta"))
    stays = town.letter(asunto="La carta que se queda")
    usb, old = tmp_path / "usb", tmp_path / "viejo"
    for folder in (usb, old):
        folder.mkdir()
        backup.crear(office, folder)
    town.later()
    number = town.approved(name)
    backup.crear(office, usb)
    assert grep(usb, about)
    town.erased(number)
    office = Office(office.home)
    with pytest.raises(Refused, match="guarda todavía") as told:
        backup.crear(office, usb)
    assert "eliminar limpiar" in told.value.consejo
    done = scrubbing.scrub(office, usb)
    assert grep(usb, about) == [] and len(done.retiradas) == 2 and done.archivos >= 4
    copy = copies.find_copy(usb)
    assert copy.name == done.copia and copies.examine(copy, office.keys.root_public()).ok
    assert scrubbing.scrub(office, usb).retiradas == []
    backup.crear(office, usb)
    # Healing from a copy of before brings back what is lost, and nothing that was erased.
    lost = office.ver(stays).documentos[0].sha256
    path = office.vault.find(lost)
    assert path is not None
    path.unlink()
    log = office.home / "journal" / "2026" / "VU1.jsonl"
    log.write_bytes(log.read_bytes()[:-40])
    found = healing.sanar(office, old)
    assert found.sanados and not found.bifurcaciones
    office = Office(office.home)
    assert office.vault.find(lost) is not None and grep(office.home / "journal", about) == []
    assert absence.look(office, number).restos == []
    holds(office)
    with pytest.raises(Refused):
        scrubbing.scrub(office, tmp_path)


def test_the_commands_lead_through_it_by_their_contract(town: Town, tmp_path: Path) -> None:
    home = town.archive.office.home
    name = town.closed(town.letter(asunto="Lo que las órdenes eliminan"))
    radicado = town.archive.expediente(name).radicados[0]
    phrase = tmp_path / "frase"
    phrase.write_text(PHRASE)
    usb = tmp_path / "usb"
    usb.mkdir()
    backup.crear(town.archive.office, usb)
    town.later()

    def does(who: str, *words: str, code: int = 0) -> Any:
        done = here("eliminar", *words, "--persona", who, "--clave-archivo", str(phrase),
                    "--casa", home, "--json")  # fmt: skip
        assert done.code == code, done.err
        return done

    made = does("rosa", "proponer", name).json
    number = made["propuesta"]
    assert made["estado"] == "propuesta" and "publicar" in made["siguiente"]
    assert Path(does("rosa", "publicar", number).json["pagina"]).is_file()
    does("ana", "observar", number, "--quien", "Una vecina", "--texto", "¿y el fallo?")
    error = does("rosa", "aprobar", number, "--acta", "4", code=1).json["error"]
    assert error["codigo"] == "en_publicacion" and "4.5.4" in error["norma"]
    does("rosa", "resolver", number, "1", "--niega", "--motivo", "no hay fallo")
    town.clock.to(DECIDED)
    assert does("rosa", "aprobar", number, "--acta", "4").json["estado"] == "aprobada"
    assert does("rosa", "ejecutar", number).json["estado"] == "firmada"
    done = does("hugo", "ejecutar", number, "--respaldo", str(usb))
    assert done.json["estado"] == "eliminada" and Path(done.json["prueba"]).is_file()
    assert done.json["respaldos"][0]["retiradas"] and "respaldos" in done.err
    assert grep(home, "Lo que las órdenes".encode()) == [] == grep(usb, "las órdenes".encode())
    assert does("rosa", "prueba", number).json["ausencia"]["restos"] == []
    assert does("rosa", "ver", number).json["eliminados"]["documentos"] >= 3
    assert does("rosa", "lista").json["eliminaciones"][0]["estado"] == "eliminada"
    shown = here("ver", radicado, "--casa", home)
    assert "ELIMINADO" in shown.out and "Ana Peña" not in shown.out
    assert here("verificar", "--completo", "--casa", home).code == 0
    assert "eliminado" in here("constancia", radicado, "--casa", home, "--json").out
