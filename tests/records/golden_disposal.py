"""Writes docs/format/eliminacion: expedientes disposed of by two persons, one kept by its sample.

    python -m tests.records.golden_disposal FOLDER

Keys, salts and hours follow the rules of `golden`. Erased fichas are empty lines, erased documents
are not there.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from records import disposal
from records.lines import sha256
from records.tail import Broken
from tests.records import golden
from tests.records.golden import Book, Scribe, fingerprint, public

DAY, LATER, LAST = "2026-11-23T", "2027-02-23T", "2027-03-01T"
ORDER = "2026-VU1-ELM-000001"
KEEPER, HEAD = "rosa", "hugo"


def build(lie: str = "", *, erased: bool = True, **told: Any) -> dict[str, bytes]:
    """The folder's files, by their names in it; of the step *lie* *told* is said instead; without
    *erased* nothing was erased yet of what the tombstones name.

    Where no log may go on after it, the lie is the last line.
    """
    book = Book()
    authority(book)
    story = Story(book, lie, told)
    with suppress(*([Broken] if lie else [])):
        story.tell()
    if erased:
        story.erase()
    return golden.finished(book, "AUT", "VU1")


def authority(book: Book) -> None:
    """AUT: the punto, a clerk, and the two persons who sign."""
    aut = Scribe(book, "AUT")
    day = "2026-11-22T"
    aut.open(f"{day}10:00:00")
    for n, punto in enumerate(("AUT", "VU1")):
        data = {"punto": punto, "clave": public(punto), "certificado": fingerprint(punto)}
        aut.add(f"{day}10:00:0{n + 1}", "punto.alta", data, f"punto.{punto}")
    ca = {"catalogo": "ca", "sha256": fingerprint("ca")}
    aut.add(f"{day}10:01:00", "catalogo.publicado", ca, "catalogo.ca")
    people = (
        ("ana", ["ventanilla"], ""), (KEEPER, ["archivista"], KEEPER),
        (HEAD, ["jefe_area"], HEAD), ("marta", ["archivista", "jefe_area"], "marta"),
    )  # fmt: skip
    for n, (who, roles, key) in enumerate(people):
        data = {"persona": who, "roles": roles, **({"clave": public(key)} if key else {})}
        ficha = {"nombre": who.title(), "cargo": "Técnica"}
        aut.add(f"{day}10:0{n + 2}:00", "persona.alta", data, f"persona.{who}", ficha=ficha)


class Story:
    """VU1: four letters in three expedientes; one of these is kept, and one letter repeats."""

    def __init__(self, book: Book, lie: str, told: dict[str, Any]) -> None:
        self.book, self.vu = book, Scribe(book, "VU1")
        self.lie, self.told = lie, dict(told)
        self.fichas: dict[str, list[str]] = {}
        self.papers: dict[str, list[str]] = {}
        self.subjects: dict[str, str] = {}
        self.gone: set[str] = set()
        self.erased: set[str] = set()
        """Subjects with a tombstone."""

    def add(self, at: str, step: str, kind: str, data: dict[str, Any], **more: Any) -> str:
        """Add an event; its hash. A step is lied of once."""
        subject = more.pop("subject", f"eliminacion.{ORDER}")
        signs = more.pop("signs", "")
        if self.lie == "ambas" and signs:
            signs = "marta"
        if step == self.lie:
            self.lie = ""
            signs = self.told.pop("signs", signs)
            subject = self.told.pop("subject", subject)
            kind = self.told.pop("kind", kind)
            if "ficha" in self.told:
                more["ficha"] = self.told.pop("ficha")
            if self.told.pop("left_out", False):
                return "0" * 64
            data = {**data, **self.told}
        actor = signs or more.pop("actor", KEEPER)
        line = self.vu.add(at, kind, data, subject, signs=signs, actor=actor, **more)
        self._note(subject, line.body.ficha)
        return line.hash

    def _note(self, subject: str, ficha: str | None) -> None:
        if ficha is not None:
            self.fichas.setdefault(subject, []).append(ficha)

    def tell(self) -> None:
        """The whole way."""
        vu = self.vu
        vu.open(f"{DAY}08:00:00")
        numbers = [self.letter(f"{DAY}08:0{n + 1}:00", f"carta {n}") for n in range(4)]
        again = self.received(f"{DAY}08:20:00", "carta 0")
        gone = {"recepcion": again, "motivo": "duplicado", "de": numbers[0]}
        self.add(f"{DAY}08:21:00", "repite", "recepcion.descartada", gone, subject=again)
        names = [f"2026-VU1-EXP-00000{n}" for n in (1, 2, 3)]
        for n, (name, inside) in enumerate(zip(names, (numbers[:2], numbers[2:3], numbers[3:]),
                                               strict=True)):  # fmt: skip
            self.opened(f"{DAY}09:0{n}:00", name, n + 1, inside)
        vu.anchor("2026-11-24T08:00:00")
        kept, left = self.proposed("2026-11-24T08:01:00", names)
        page = self.book.document(b"<html>inventario</html>", "html")
        about = {"eliminacion": ORDER}
        days = {"desde": "2026-11-24", "hasta": "2027-02-22"}
        self.add("2026-11-24T09:00:00", "publicada", "eliminacion.publicada",
                 {**about, **days, "documento": page})  # fmt: skip
        self.add("2026-11-25T09:00:00", "observada", "eliminacion.observada",
                 {**about, "n": 1}, ficha={"quien": "Veeduría", "texto": "¿por qué?"})  # fmt: skip
        answer = {**about, "n": 1, "acoge": False}
        self.add("2026-11-26T09:00:00", "resuelta", "eliminacion.resuelta", answer,
                 ficha={"motivo": "cumplió su tiempo"})  # fmt: skip
        vu.anchor(f"{LATER}08:00:00")
        self.add(f"{LATER}08:01:00", "aprobada", "eliminacion.aprobada",
                 {**about, "acta": "Acta 4 de 2027", "fecha": "2027-02-23"})  # fmt: skip
        first = self.add(f"{LAST}08:01:00", "firmada", "eliminacion.firmada", about, signs=KEEPER)
        signed = {**about, "firma": first}
        order = self.add(f"{LAST}08:02:00", "ejecutada", "eliminacion.ejecutada", signed,
                         signs=HEAD, ficha={"nota": "ambos"})  # fmt: skip
        count = self.buried(order, left, numbers, again)
        done = {**about, "documentos": count[0], "fichas": count[1]}
        self.add(f"{LAST}08:05:00", "cumplida", "eliminacion.cumplida", done)
        acta = vu.signed_document("acta de eliminación")
        self.add(f"{LAST}08:06:00", "certificada", "eliminacion.certificada", {**about, **acta})
        self.given_up(kept)
        gone = next(r for r in numbers if self.subjects[r] in self.erased)
        if self.lie == "despues":
            self.add(f"{LAST}08:07:00", "despues", "tramite.nota", {"radicado": gone},
                     subject=self.subjects[gone])  # fmt: skip
        if self.lie == "forja":
            alone = next(r for r in numbers if self.subjects[r] not in self.erased)
            mine = self.subjects[alone]
            said = {"radicado": alone, "eliminacion": ORDER, "orden": order,
                    "documentos": self.papers[mine], "fichas": self.fichas[mine]}  # fmt: skip
            self.gone |= {*self.papers[mine], *self.fichas[mine]}
            self.add(f"{LAST}08:07:00", "forja", "registro.eliminado", said, subject=mine)
        other = self.letter(f"{LAST}09:00:00", "carta de después")
        assert other == "2027-VU1-E-000001"
        vu.note()

    def given_up(self, names: list[str]) -> None:
        """Another disposal, of what the sample kept, that is withdrawn."""
        other = "2027-VU1-ELM-000001"
        page = self.vu.signed_document("otro inventario")
        made = {"eliminacion": other, "vigencia": 2027, "n": 1, "anterior": None,
                "expedientes": names, "inventario": page["documento"],
                "certificado": page["certificado"]}  # fmt: skip
        subject = f"eliminacion.{other}"
        self.add(f"{LAST}08:06:30", "otra", "eliminacion.propuesta", made, subject=subject)
        self.add(f"{LAST}08:06:40", "retirada", "eliminacion.retirada", {"eliminacion": other},
                 subject=subject, ficha={"motivo": "se propuso por error"})  # fmt: skip

    def received(self, at: str, text: str) -> str:
        subject = self.vu.receive(at, text)
        raw = self.book.files[f"journal/{self.vu.year}/VU1.fichas.jsonl"].splitlines()[-1]
        self._note(subject, sha256(raw))
        self.papers.setdefault(subject, []).append(sha256(text.encode()))
        return subject

    def letter(self, at: str, text: str) -> str:
        subject = self.received(at, text)
        number = self.vu.number(at, subject)
        raw = self.book.files[f"journal/{self.vu.year}/VU1.fichas.jsonl"].splitlines()[-1]
        self._note(subject, sha256(raw))
        self.vu.seal(at, subject, number, text)
        self.papers[subject].append(sha256(f"%PDF-1.7 sello de {number}".encode()))
        self.subjects[number] = subject
        return number

    def opened(self, at: str, name: str, n: int, inside: list[str]) -> None:
        subject = f"expediente.{name}"
        end = self.vu.tail.archivo.get(("EXP", 2026))
        table = self.book.document(b"una TRD", "json")
        made = {"expediente": name, "vigencia": 2026, "n": n, "serie": "140.02", "trd": table,
                "anterior": end.seq if end else None, "dependencia": "140"}  # fmt: skip
        self.add(at, "abierto", "expediente.abierto", made, subject=subject,
                 ficha={"nombre": f"Petición {n}"})  # fmt: skip
        self.fichas[subject].clear()  # its name stays
        for orden, radicado in enumerate(inside, start=1):
            put = {"expediente": name, "orden": orden, "radicado": radicado}
            self.add(at, "incorporado", "expediente.incorporado", put, subject=subject)
        index = self.vu.book.document(f"<indice {name}>".encode(), "xml")
        self.papers[subject] = [index]
        shut = {"expediente": name, "fecha": "2026-11-23", "documentos": len(inside), "folios": 0,
                "indice": index, "certificado": fingerprint("VU1")}  # fmt: skip
        self.add(at, "cerrado", "expediente.cerrado", shut, subject=subject,
                 ficha={"motivo": "respondida"})  # fmt: skip
        if self.lie == "retenido":
            self.lie = ""
            held = {"expediente": name}
            self.add(at, "", "expediente.retenido", held, subject=subject)

    def proposed(self, at: str, names: list[str]) -> tuple[list[str], list[str]]:
        tree = self.vu.tree()
        seed = disposal.seed(ORDER, tree["raiz"])
        kept = disposal.keeps(seed, names, 33)
        groups = [{"serie": "140.02", "porcentaje": 33, "conservados": kept}]
        sample = {"regla": disposal.RULE, **tree, "semilla": seed, "grupos": groups}
        made = {"eliminacion": ORDER, "vigencia": 2026, "n": 1, "anterior": None,
                "expedientes": names, "muestra": sample}  # fmt: skip
        page = self.vu.signed_document("inventario")
        made |= {"inventario": page["documento"], "certificado": page["certificado"]}
        self.add(at, "propuesta", "eliminacion.propuesta", made, ficha={"motivo": "cumplió"})
        return kept, [one for one in names if one not in kept]

    def buried(
        self, order: str, left: list[str], numbers: list[str], again: str
    ) -> tuple[int, int]:
        inside = {"1": numbers[:2], "2": numbers[2:3], "3": numbers[3:]}
        papers = fichas = 0
        for n, name in enumerate(left):
            at = f"{LAST}08:03:0{n}"
            graves = [(self.subjects[r], r) for r in inside[name[-1]]]
            for subject, radicado in [*graves, (f"expediente.{name}", "")]:
                also = [again] if radicado == numbers[0] else []
                named = sorted({p for s in (subject, *also) for p in self.papers[s]})
                held = sorted(f for s in (subject, *also) for f in self.fichas.get(s, []))
                said: dict[str, Any] = {"eliminacion": ORDER, "orden": order}
                said |= {"documentos": named, "fichas": held}
                said |= {"radicado": radicado} if radicado else {"expediente": name}
                kind = "registro.eliminado" if radicado else "expediente.eliminado"
                self.add(at, kind, kind, said, subject=subject)
                papers, fichas = papers + len(named), fichas + len(held)
                self.gone |= {*named, *held}
                self.erased.add(subject)
        return papers, fichas

    def erase(self) -> None:
        """What the tombstones name is there no more."""
        for name, raw in list(self.book.files.items()):
            if name.endswith("fichas.jsonl"):
                rows = raw.split(b"\n")
                self.book.files[name] = b"\n".join(
                    b"" if sha256(row) in self.gone else row for row in rows
                )
            elif name.startswith("vault/") and name.split("/")[-1][:64] in self.gone:
                del self.book.files[name]


if __name__ == "__main__":
    golden.write(build(), Path(sys.argv[1]))
