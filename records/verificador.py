#!/usr/bin/env python3
"""Verifica los diarios de Ventanilla (formato v1) sin Ventanilla.

    python3 verificador.py CARPETA [--raiz HEX|ARCHIVO] [--json]

Mira journal/ con la llave de keys/raiz.pub o, si se da, de --raiz: compárela con la que la entidad
anotó en papel. Donde estén, mira también vault/ y checkpoints/. No mira las firmas de los PDF.
Termina con 0 si todo verifica, con 3 si halla algo, con 2 si la orden está mal.
Necesita Python 3.9 o posterior y la biblioteca cryptography.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Data = dict[str, Any]
Place = tuple[str, int, int]  # file, line, byte
MAX_LINE, MAX_FICHA, MAX_SMALL, MAX_INT, MAX_OPEN = 65_535, 2**24, 2**18, 2**53 - 1, 5_000
TAIL = re.compile(rb',"k":"([0-9a-f]{16})","s":"([0-9a-f]{128})"\}')
LOG_FILE = re.compile(r"[0-9]{4}/([A-Z][A-Z0-9]{1,7})(\.fichas)?\.jsonl")
NOTE = re.compile(
    "(ventanilla/[0-9a-f]{16}(?:/[1-9][0-9]*)?)\n(0|[1-9][0-9]{0,9})\n([A-Za-z0-9+/]{43}=)\n\n"
    "((?:— [^\\x00-\\x20\\s+]+ [A-Za-z0-9+/]+={0,2}\n){1,64})"
)
KEY, SERIES = re.compile("[a-z0-9_]+"), re.compile("[A-Z]{1,4}/[0-9]{4}")
DAY, HOUR = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
# What a field may be, as a pattern over its JSON; days and moments must exist besides.
FORMS = {"i": "-?[0-9]+", "n": "[0-9]+|null", "t": '".*"', "l": r"\[.*\]", "o": r"\{.*\}"}
FORMS |= {"d": f'"{DAY}"', "m": rf'"{DAY}T{HOUR}\.[0-9]{{3}}-05:00"', "c": '"[A-Z]{1,4}"'}
FORMS |= {"y": '"[a-z_.]+"', "f": '"([0-9a-f]{64})?"', "z": r'\{("[a-z0-9_]+":-?[0-9]+,?)*\}'}
FORMS |= {x: f'"[0-9a-f]{{{n}}}"' for x, n in {"k": 16, "s": 32, "h": 64, "g": 128}.items()}
BODY = (
    "v:i log:k punto:t epoch:i seq:i prev:h at:m actor:t type:y subject:t after:l data:o ficha?:h"
)
# Types; whose log (* all, P puntos, A AUT); subject (- a record's); fields (? may be absent).
TABLE = """
log.abierto * log entidad:t punto:t clave:h raiz:h delegacion:g
clave.rotada * log clave:h delegacion:g prueba:g
ancla * log series:o frontera:l ultimos?:l abiertas?:o hora?:m ficha?:f vigencia?:i actas?:l
    serie?:t clave?:h delegacion?:g
recuperacion * log motivo:t bytes:i sha256?:h
documento.recibido P {P}.{S} reclamo:t sha256?:h bytes?:i formato?:t carril?:t canal?:t recibido?:m
    fuente?:t declarado_por?:t
radicado.asignado P {recepcion} radicado:t clase:c vigencia:i n:i anterior:n recepcion:t
    recibido?:m fuente?:t carril?:t canal?:t tipo?:t dependencia?:t responsable?:t folios?:i
    anexos?:i vence?:t saltadas?:l saltadas_total?:i imagen?:h lote?:t
recepcion.descartada P {recepcion} recepcion:t motivo:t de?:t
recepcion.revivida P {recepcion} recepcion:t carril:t
imagen.incorporada P - radicado:t recepcion:t sha256:h
registro.sellado P - radicado:t sha256:h original:h paginas:i bytes:i certificado:h lectura?:h
    sello?:t
documento.expedido P - rol:t radicado:t documento:h certificado:h
anulacion.solicitada P - radicado:t
anulacion.negada P - radicado:t solicitud:h
radicado.anulado P - radicado:t acta:t vigencia:i n:i anterior:n solicitud:h acto:o
radicado.rectificado P - radicado:t antes?:o despues?:o vence?:t
ajuste_reloj * reloj.{P} antes:m
ajuste_reloj.ratificado * reloj.{P} ajuste:h acto:o
vigencia.abierta P vigencia.{P}.{vigencia} vigencia:i
dia.cerrado P dia.{P}.{fecha} fecha:d tamano:i raiz:h documento:h certificado:h
vigencia.cerrada P vigencia.{P}.{vigencia} vigencia:i acta:t acta_vigencia:i n:i anterior:n
    tamano:i raiz:h documento:h certificado:h acto:o
respaldo.hecho P log manifiesto:h tamano:i raiz:h archivos:i bytes:i
epoca.cerrada * log destino?:t
restauracion * log clave:h delegacion:g serie:t autoriza:t sabido_seq?:i sabido_hash?:h
bifurcacion.conservada P log desde:i lineas:i sha256:h
serie.abierta P serie.{C} clase:c vigencia:i desde:i acto:t
punto.alta A punto.{punto} punto:t clave:h certificado:h
punto.llave A punto.{punto} punto:t epoch:i clave:h certificado:h
persona.alta A persona.{persona} persona:t roles:l clave?:h
persona.cambiada A persona.{persona} persona:t roles:l clave?:h
area.alta A area.{codigo} codigo:t nombre:t jefe?:t
clave.revocada A ? clave:h tamanos:z certificado?:h punto?:t persona?:t
clave.frase A clave.{llave} llave:t
encargo A persona.{persona} persona:t de:t desde:d hasta:d acto:t
catalogo.publicado A catalogo.{catalogo} catalogo:t sha256:h
"""
TYPES = {row.split()[0]: row.split(None, 3)[1:] for row in re.split(r"\n(?! )", TABLE) if row}
OUTCOMES = {  # a reception's state, before and after
    "radicado.asignado": ("abierta", "radicada"),
    "recepcion.descartada": ("abierta", "descartada"),
    "recepcion.revivida": ("descartada", "abierta"),
    "imagen.incorporada": ("abierta", "incorporada"),
}
ANSWERS = {  # which field names what is answered
    "anulacion.negada": "solicitud",
    "radicado.anulado": "solicitud",
    "ajuste_reloj.ratificado": "ajuste",
}
SIGNED = ("registro.sellado", "documento.expedido", "dia.cerrado", "vigencia.cerrada")
STORED = ("documento.recibido", "imagen.incorporada", "registro.sellado", "catalogo.publicado")
ACTS = ("radicado.anulado", "ajuste_reloj.ratificado", "vigencia.cerrada")


class Falta(ValueError):
    """What does not verify, said for whoever reads the findings."""


TROUBLE = (ValueError, OSError, RecursionError, MemoryError)


def need(holds: object, why: str) -> None:
    if not holds:
        raise Falta(why)


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def kid(key: str) -> str:
    return sha(bytes.fromhex(key)).hex()[:16]


def write(value: object) -> bytes:
    """The canonical form: its one spelling."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parse(raw: bytes) -> Data:
    """The object that *raw* spells, in canonical form."""
    value = json.loads(raw.decode())
    todo = [(value, 1, KEY)]
    while todo:
        inner, level, keys = todo.pop()
        need(level <= 16, "más de 16 niveles")
        if isinstance(inner, dict):
            need(all(map(keys.fullmatch, inner)), "una clave que no se admite")
            todo += [(v, level + 1, SERIES if k == "series" else KEY) for k, v in inner.items()]
        elif isinstance(inner, list):
            todo += [(v, level + 1, KEY) for v in inner]
        elif isinstance(inner, str):
            need(unicodedata.is_normalized("NFC", inner), "un texto fuera de la forma normal C")
        elif inner is not None:
            need(isinstance(inner, int) and abs(inner) <= MAX_INT, "un número que no se admite")
    need(isinstance(value, dict) and write(value) == raw, "no está en la forma canónica")
    return dict(value)


def check(data: Data, spec: str) -> None:
    """Each field of *spec* is there in its form."""
    for name, optional, form in re.findall(r"(\w+)(\??):(\w)", spec):
        if name in data or not optional:
            text = write(data[name]).decode() if name in data else ""
            need(re.fullmatch(FORMS[form], text, re.DOTALL), f"el campo {name} falta o está mal")
            if form in "dm":
                datetime.fromisoformat(data[name])


def same(data: Data, want: Data) -> None:
    """Each value that the rules *want* is the one there."""
    for name, value in want.items():
        wrong = f"{name} dice {str(data.get(name))[:80]} y debe decir {str(value)[:80]}"
        need(write(data.get(name)) == write(value), wrong)


def signed(key: str, kind: str, what: bytes, signature: str) -> bool:
    """Whether *signature* is *key*'s over PAE(kind, what), or over *what* where *kind* is empty."""
    label = f"application/vnd.ventanilla.{kind}.v1+json".encode()
    pae = b"DSSEv1 %d %s %d %s" % (len(label), label, len(what), what) if kind else what
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), pae)
    except InvalidSignature:
        return False
    return True


def pieces(path: Path, limit: int) -> Iterator[bytes]:
    """The lines of a file with their ends, none read beyond *limit*; none where no file is."""
    if path.exists():
        need(path.is_file(), f"{path.name} no es un archivo")
        with path.open("rb") as file:
            while raw := file.readline(limit + 1):
                yield raw


def small(path: Path) -> bytes:
    """The bytes of a file that cannot be large."""
    need(path.is_file() and path.stat().st_size <= MAX_SMALL, "no es un archivo, o es muy grande")
    return path.read_bytes()


class Authority:
    """What AUT's log, as a whole, says of keys, certificates and persons."""

    def __init__(self, events: list[tuple[str, str, Data]]) -> None:
        for i in range(len(events) - 2, -1, -1):  # said, at the latest, when the next one was
            events[i] = (min(events[i][0], events[i + 1][0]), *events[i][1:])
        self.persons = [e for e in events if e[1] in ("persona.alta", "persona.cambiada")]
        self.charges = [d for _, kind, d in events if kind == "encargo"]
        points = [d for _, kind, d in events if kind in ("punto.alta", "punto.llave")]
        self.given = {(d["punto"], d[name]) for d in points for name in ("clave", "certificado")}
        self.catalogs = {
            d["catalogo"]: d["sha256"] for _, k, d in events if k == "catalogo.publicado"
        }
        revoked = [d for _, kind, d in events if kind == "clave.revocada"]
        self.revoked: dict[str, Data] = {kid(d["clave"]): d["tamanos"] for d in revoked}

    def holds(self, k: str, log: str, seq: int) -> bool:
        """Whether line *seq* of *log* may stand on the key *k*."""
        return k not in self.revoked or bool(seq < self.revoked[k].get(log, 0))

    def heads(self, person: str, at: str) -> bool:
        """Whether *person* headed the correspondence unit at *at*, or stood in for who did."""
        roles = {d["persona"]: d["roles"] for said, _, d in self.persons if said <= at}
        mine = [d for d in self.charges if d["persona"] == person]
        others = [d["de"] for d in mine if d["desde"] <= at[:10] <= d["hasta"]]
        return any("jefe_correspondencia" in roles.get(one, []) for one in [person, *others])


class Log:
    """One log, walked line by line; its first offence is raised, and `place` says where it is."""

    def __init__(self, folder: Path, punto: str, root: str, said: Authority | None) -> None:
        self.folder, self.punto, self.root, self.said = folder, punto, root, said
        self.place: Place = (f"journal/*/{punto}.jsonl", 0, 0)
        self.id = self.entity = self.key = self.delegation = self.hour = self.ficha = self.last = ""
        self.code, self.seq, self.epoch, self.reached, self.prev = punto, 0, 0, 0, "0" * 64
        self.keys: list[tuple[int, str, int]] = []  # from which size on; key; epoch
        self.frontier: list[bytes] = []
        self.roots = [sha()]  # of the tree of each size
        self.newest: dict[str, str] = {}  # subject → hash of its newest line
        self.waiting: dict[str, str] = {}  # hash of what nobody answered → subject
        self.series: dict[tuple[str, int], tuple[int, int | None]] = {}  # last n, and its seq
        self.actas: dict[tuple[str, int], tuple[int, int | None]] = {}
        self.things: dict[str, Data] = {}  # receptions, and the records they become
        self.open: dict[int, str] = {}  # seq of each open reception → its lane
        self.radicados: set[str] = set()
        self.fichas: set[str] = set()
        self.documents: dict[str, Place] = {}
        self.events: list[tuple[str, str, Data]] = []  # kept of AUT only

    def walk(self) -> None:
        for year in sorted(self.folder.glob("journal/" + "[0-9]" * 4)):
            name, offset = f"journal/{year.name}/{self.punto}", 0
            fichas = pieces(self.folder / f"{name}.fichas.jsonl", MAX_FICHA)
            for number, raw in enumerate(pieces(self.folder / f"{name}.jsonl", MAX_LINE), 1):
                self.place = (f"{name}.jsonl", number, offset)
                need(raw.endswith(b"\n"), "una línea cortada o demasiado larga")
                self.line(raw[:-1], int(year.name), fichas)
                offset += len(raw)
            need(next(fichas, None) is None, f"sobran fichas en {name}.fichas.jsonl")
        need(self.key or self.punto != "AUT", "el diario AUT no tiene líneas")

    def line(self, raw: bytes, year: int, fichas: Iterator[bytes]) -> None:
        """Take one line (without its end); nothing of the log's state changes before `rules`
        but by a line that brings its own key."""
        tail = TAIL.fullmatch(raw, max(0, len(raw) - 159))
        if not tail or not raw.startswith(b'{"b":'):
            raise Falta("no tiene la forma de una línea")
        body, k, signature = raw[5:-159], tail[1].decode(), tail[2].decode()
        b, own_hash = parse(body), sha(raw).hex()
        check(b, BODY)
        need(len(b) == 12 + ("ficha" in b), "un campo que el cuerpo no tiene")
        kind, at, d, subject = b["type"], b["at"], b["data"], b["subject"]
        whose, own, spec = TYPES.get(kind, ("*", "", ""))
        check(d, spec)
        self.follow(kind, d)
        same(b, {"v": 1, "log": self.id, "punto": self.punto, "epoch": self.epoch})
        same(b, {"seq": self.seq, "prev": self.prev})
        good = k == kid(self.key) and signed(self.key, "evento", body, signature)
        need(good, "la firma no es de la llave del diario")
        need(not self.said or self.said.holds(k, self.id, self.seq), "firma una llave revocada")
        if "ficha" in b:
            ficha = next(fichas, b"")
            need(sha(ficha[:-1]).hex() == b["ficha"], "su ficha falta o es otra")
            need(ficha.endswith(b"\n"), "su ficha está cortada")
            check(parse(ficha[:-1]), "sal:s")
            need(b["ficha"] not in self.fichas, "su ficha es la de otro evento")
        same(b, {"after": [self.newest[subject]] if subject in self.newest else []})
        need(int(at[:4]) <= year, "su hora es de un año posterior al de su archivo")
        need(whose in ("*", "A" if self.punto == "AUT" else "P"), f"{kind} no va en este diario")
        if own == "?":
            own = "punto.{punto}" if "punto" in d else "persona.{persona}"
        names = {**d, "P": self.punto, "S": self.seq, "C": str(d.get("clase")).lower()}
        if own not in ("", "-"):
            same(b, {"subject": own.format_map(defaultdict(str, names))})
        if kind in TYPES:
            self.receptions(kind, b, d)
            self.rules(kind, b, d)
            self.asked(kind, b, d, own_hash)
        if self.punto == "AUT":
            self.events.append((at, kind, d))
        self.clock(kind, at)
        self.ficha, self.last = b.get("ficha", self.ficha), kind
        self.fichas.add(self.ficha)
        self.newest[subject] = self.prev = own_hash
        self.grow(sha(b"\0", raw))

    def follow(self, kind: str, d: Data) -> None:
        """What may come here, and the key that signs it."""
        first, renews = kind == "log.abierto", kind == "restauracion"
        need(first == (self.seq == 0), "log.abierto es la primera línea y ninguna otra")
        need(renews or self.last != "epoca.cerrada", "la época estaba cerrada")
        if first:
            same(d, {"punto": self.punto, "raiz": self.root})
            self.entity, self.key = d["entidad"], d["clave"]
            self.id = sha(f"{self.entity}\n{self.key}".encode()).hex()[:16]
        elif renews:
            self.epoch += 1
            if self.last != "epoca.cerrada":
                self.code, self.series, self.actas = f"{self.punto}R{self.epoch}", {}, {}
            same(d, {"serie": self.code})
            need(d["clave"] != self.key, "una época nueva pide otra llave")
            self.key = d["clave"]
        if first or renews or kind == "clave.rotada":
            told = {"clave": d["clave"], "entidad": self.entity, "epoch": self.epoch}
            root_says = write({**told, "punto": self.punto})
            need(signed(self.root, "delegacion", root_says, d["delegacion"]), "la raíz no delegó")
            given = not self.said or (self.punto, d["clave"]) in self.said.given
            need(given or (renews and self.punto == "AUT"), "AUT no dio esa llave a este punto")
            self.keys.append((self.seq + 1, d["clave"], self.epoch))
            self.delegation = d["delegacion"]

    def receptions(self, kind: str, b: Data, d: Data) -> None:
        """Section 5: receptions and their one outcome; numbers and actas, each the next one."""
        subject, at = b["subject"], b["at"]
        if kind in ("documento.recibido", "radicado.asignado"):
            need(d.get("recibido", at) <= at, "recibido después de su propia hora")
        thing: Data = self.things.get(d["recepcion"], {}) if kind in OUTCOMES else {}
        if kind in OUTCOMES:
            before, after = OUTCOMES[kind]
            need(thing.get("state") == before, f"la recepción no está {before}")
            thing["state"] = after
        if kind == "documento.recibido":
            thing = {"seq": self.seq, "lane": d.get("carril", "ventanilla"), "state": "abierta"}
            self.things[subject] = {**thing, "original": d.get("sha256")}
        elif kind == "recepcion.revivida":
            same(d, {"carril": thing["lane"]})
        elif kind == "radicado.asignado":
            need(d["clase"] != "ACTA" and d["radicado"] not in self.radicados, "número repetido")
            self.number(self.series, d, at, d["vigencia"], d["clase"], d["radicado"])
            same(d, {"imagen": thing["original"]} if "imagen" in d else {})
            self.radicados.add(d["radicado"])
            thing["radicado"] = d["radicado"]
        elif kind == "imagen.incorporada":
            record = self.things.get(subject, {})
            need(not record.get("original"), "el registro ya tenía imagen")
            same(d, {"sha256": thing["original"]})
            record["original"] = d["sha256"]
        elif kind in ("radicado.anulado", "vigencia.cerrada"):
            year = d["vigencia" if kind == "radicado.anulado" else "acta_vigencia"]
            self.number(self.actas, d, at, year, "ACTA", d["acta"])
        elif kind == "serie.abierta":
            name = (d["clase"], d["vigencia"])
            need(name not in self.series and d["desde"] > 0, "esa serie ya estaba abierta")
            self.series[name] = (d["desde"] - 1, None)
        if thing.get("state") == "abierta":
            self.open[thing["seq"]] = thing["lane"]
        elif thing:
            self.open.pop(thing["seq"], None)

    def number(
        self, series: dict[Any, Any], d: Data, at: str, year: int, clase: str, text: str
    ) -> None:
        n, seq = series.get((clase, year), (0, None))
        same(d, {"n": n + 1, "anterior": seq})
        need(year == int(at[:4]), "la vigencia no es el año de su hora")
        parts = all(part in text for part in (str(year), self.code, clase))
        rest = re.sub(rf"(?<!\d){year}(?!\d)", "-", text.replace(self.code, "-", 1), count=1)
        alone = all(re.search(rf"(?<!\d)0*{n + 1}(?!\d)", part) for part in (text, rest))
        need(parts and alone, f"{text[:80]!r} no dice año, código, clase y número")
        series[clase, year] = (n + 1, self.seq)

    def rules(self, kind: str, b: Data, d: Data) -> None:
        """What a record, the log's keys, its hour and its tree allow."""
        record = self.things.get(b["subject"], {})
        if TYPES[kind][1] == "-":
            same(d, {"radicado": record.get("radicado")})
        if kind in ("registro.sellado", "radicado.anulado"):
            need(kind not in record, "ya estaba sellado, o anulado")
            record[kind] = True
        if kind == "registro.sellado":
            same(d, {"original": record["original"]})
        elif kind == "clave.rotada":
            proof = signed(d["clave"], "", self.prev.encode(), d["prueba"])
            need(proof, "la llave nueva no prueba que se posee")
            self.key = d["clave"]
        elif kind == "ajuste_reloj":
            same(d, {"antes": self.hour})
            need(b["at"] < self.hour, "el ajuste no atrasa la hora")
        elif kind == "vigencia.abierta":
            same(d, {"vigencia": int(b["at"][:4])})
        elif kind in ("dia.cerrado", "vigencia.cerrada", "respaldo.hecho"):
            known = 0 <= d["tamano"] <= self.seq
            same(d, {"raiz": self.roots[d["tamano"]].hex() if known else None})
        elif kind == "ancla":
            self.anchor(d)
        if kind in SIGNED and self.said:
            given = (self.punto, d["certificado"]) in self.said.given
            need(given, "AUT no dio ese certificado a este punto")
        document = d.get("sha256") if kind in STORED else d["documento"] if kind in SIGNED else None
        if document and d.get("catalogo") != "ca":
            self.documents.setdefault(document, self.place)

    def asked(self, kind: str, b: Data, d: Data, own_hash: str) -> None:
        """Requests and their answers; acts, which a head of correspondence signed in person."""
        if kind in ("anulacion.solicitada", "ajuste_reloj"):
            self.waiting[own_hash] = b["subject"]
        if kind in ANSWERS:
            answered = self.waiting.pop(d[ANSWERS[kind]], None)
            need(answered == b["subject"], "responde a lo que nadie pidió, o a lo ya respondido")
        if kind not in ("radicado.anulado", "ajuste_reloj.ratificado", "vigencia.cerrada"):
            return
        acto = d["acto"]
        check(acto, "person:t at:m nonce:s firma:g")
        need(len(acto) == 4, "un acto con un campo de más")
        said = {n: b[n] for n in ("after", "log", "subject", "type")}
        said |= {n: acto[n] for n in ("at", "nonce", "person")}
        payload = {"data": {n: d[n] for n in d if n != "acto"}, "ficha": b.get("ficha")}
        what, person = write({**said, "payload": payload}), acto["person"]
        if self.said:
            need(self.said.heads(person, acto["at"]), f"{person[:80]} no podía firmar ese acto")
            mine = [p for _, _, p in self.said.persons if p["persona"] == person and "clave" in p]
            keys = [
                p["clave"] for p in mine if self.said.holds(kid(p["clave"]), b["log"], self.seq)
            ]
            good = any(signed(key, "acto", what, acto["firma"]) for key in keys)
            need(good, f"la firma del acto no es de {person[:80]}, o su llave está revocada")

    def clock(self, kind: str, at: str) -> None:
        """The latest hour, and the year reached: near the line before, or by a person's word."""
        now, latest = (datetime.fromisoformat(moment) for moment in (at, self.hour or at))
        near = latest.year <= self.reached and now - latest <= timedelta(days=7)
        if kind == "vigencia.abierta" or not self.hour or (near and now.year > self.reached):
            self.reached = now.year
        self.hour = at if kind == "ajuste_reloj" else max(self.hour, at)

    def anchor(self, d: Data) -> None:
        """An ancla says what this walk gives."""
        series = [(c, y, n, seq) for (c, y), (n, seq) in sorted(self.series.items())]
        lanes: dict[str, list[int]] = defaultdict(list)
        for place, lane in sorted(self.open.items()):
            lanes[lane].append(place)
        want = {
            "series": {f"{c}/{y}": n for c, y, n, _ in series},
            "frontera": [node.hex() for node in self.frontier],
            "ultimos": [[c, y, seq] for c, y, _, seq in series if seq is not None],
            "abiertas": lanes if len(self.open) <= MAX_OPEN else None,
            "hora": self.hour,
            "ficha": self.ficha,
            "vigencia": self.reached,
            "actas": [[y, n, seq] for (_, y), (n, seq) in sorted(self.actas.items())],
        }
        said = [name for name in want if name in d and (name, d[name]) != ("ultimos", [])]
        same(d, {name: want[name] for name in said})
        changed = len(self.keys) > 1
        same(d, {"serie": self.code if self.code != self.punto else None})
        same(d, {"clave": self.key if changed else None})
        same(d, {"delegacion": self.delegation if changed else None})

    def grow(self, node: bytes) -> None:
        """RFC 6962's tree with one leaf more, and its root."""
        size, self.seq = self.seq, self.seq + 1
        while size & 1:
            node, size = sha(b"\1", self.frontier.pop(), node), size >> 1
        self.frontier.append(node)
        for left in self.frontier[-2::-1]:
            node = sha(b"\1", left, node)
        self.roots.append(node)

    def note(self, path: Path) -> None:
        """A checkpoint (C2SP signed note): the tree's root at its size, by that size's key."""
        match = NOTE.fullmatch(small(path).decode())
        if not match:
            raise Falta("no tiene la forma de un sello del diario")
        origin, size, root, rows = match[1], int(match[2]), match[3], match[4].splitlines()
        need(path.name == f"{size:010d}.note", "su nombre no es su tamaño")
        need(0 < size <= self.seq, f"dice {size} líneas y el diario tiene {self.seq}")
        expected = base64.b64encode(self.roots[size]).decode()
        need(root == expected, f"la raíz del árbol de {size} líneas es otra")
        _, key, epoch = [one for one in self.keys if one[0] <= size][-1]
        name = f"ventanilla/{self.id}" + (f"/{epoch}" if epoch else "")
        need(origin == name, "el sello es de otro diario, o de otra época")
        mark, signatures = sha(origin.encode(), b"\n\1", bytes.fromhex(key))[:4], []
        for _, signer, blob in (row.split(" ") for row in rows):
            raw = base64.b64decode(blob, validate=True)
            need(len(raw) > 4 and base64.b64encode(raw).decode() == blob, "base64 mal escrito")
            signatures += [raw[4:].hex()] if (signer, raw[:4]) == (origin, mark) else []
        need(len(set(rows)) == len(rows) and len(signatures) == 1, "no lo firma su diario una vez")
        text = f"{origin}\n{size}\n{root}\n".encode()
        need(signed(key, "", text, signatures[0]), "su firma no es de la llave del diario")


def certificate(path: Path, said: Authority) -> None:
    """A file of keys/ is one that AUT named, where its name is one that AUT speaks of."""
    raw, (name, _, kind) = small(path), path.name.partition(".")
    if kind == "crl.pem":
        need(sha(raw).hex() == said.catalogs.get("crl"), "no es la lista que AUT publicó")
    known = {d for punto, d in said.given if punto == name}
    if name in said.catalogs:
        known.add(said.catalogs[name])
    if kind == "cert.pem" and known:
        body = re.search(b"-----BEGIN CERTIFICATE-----(.+?)-----END", raw, re.DOTALL)
        der = base64.b64decode(body[1]) if body else b""
        need(sha(der).hex() in known, "no es un certificado que AUT diera")


def documents(folder: Path, named: dict[str, Place]) -> Iterator[tuple[Place, str]]:
    """The vault: each file has its hash for a name, and what a line *named* is there."""
    seen = set()
    for path in sorted(folder.glob("vault/*/*")):
        digest = hashlib.sha256()
        for piece in pieces(path, 2**20):
            digest.update(piece)
        seen.add(digest.hexdigest())
        if not re.match(digest.hexdigest() + r"\.", path.name) or path.name[:2] != path.parent.name:
            yield (path.relative_to(folder).as_posix(), 0, 0), "su nombre no es su SHA-256"
    for name in named.keys() - seen:
        yield named[name], f"el documento {name} no está en vault/"


def examine(folder: Path, root: str) -> Data:
    """All that is found in *folder*, a home or an export of the entity that has this root key."""
    found: Data = {"raiz": root, "diarios": {}, "faltan": [], "hallazgos": []}
    found |= {"documentos": 0, "sellos": 0}

    def tell(place: Place | Path, what: object) -> None:
        if isinstance(place, Path):
            place = (place.relative_to(folder).as_posix(), 0, 0)
        known = isinstance(what, (str, Falta))
        why = str(what) if known else f"no se deja leer ({type(what).__name__})"
        one = {"archivo": place[0], "linea": place[1], "byte": place[2], "que": why}
        found["hallazgos"].append(one)

    def walked(punto: str, said: Authority | None) -> Log | None:
        log = Log(folder, punto, root, said)
        try:
            log.walk()
        except TROUBLE as error:
            tell(log.place, error)
            return None
        return log

    puntos, named = set(), {}
    for path in folder.glob("journal/*/*.jsonl"):
        match = LOG_FILE.fullmatch(f"{path.parent.name}/{path.name}")
        if match:
            puntos.add(match[1])
        else:
            tell(path, "no es el nombre de un diario")
    authority = walked("AUT", None)
    said = Authority(authority.events) if authority else None
    checks: list[tuple[Path, Callable[[Path], None]]] = []
    if said:
        keys = sorted(folder.glob("keys/*.pem"))
        checks += [(path, partial(certificate, said=said)) for path in keys]
    for punto in sorted(puntos if said else puntos - {"AUT"}):
        log = walked(punto, said)
        if log and not log.key:
            puntos.remove(punto)
        elif log:
            one = {"log": log.id, "lineas": log.seq, "arbol": log.roots[-1].hex()}
            found["diarios"][punto] = one
            named.update(log.documents)
            notes = sorted(folder.glob(f"checkpoints/{punto}/[!.]*"))
            found["sellos"] += len(notes)
            checks += [(path, log.note) for path in notes]
    found["faltan"] = sorted({punto for punto, _ in said.given} - puntos) if said else []
    for path, look in checks:
        try:
            look(path)
        except TROUBLE as error:
            tell(path, error)
    if (folder / "vault").exists():
        found["documentos"] = len(list(folder.glob("vault/*/*")))
        try:
            for place, what in documents(folder, named):
                tell(place, what)
        except TROUBLE as error:
            tell(folder / "vault", error)
    return found


def main(words: list[str]) -> int:
    """Do what the command line says; its exit code."""
    options = [word for word in words if word != "--json"]
    given = options.pop(options.index("--raiz") + 1) if "--raiz" in options[:-1] else ""
    folders = [Path(word) for word in options if word != "--raiz"]
    if len(folders) != 1 or not folders[0].is_dir() or bool(given) != ("--raiz" in options):
        print(__doc__, file=sys.stderr)
        return 2
    root, source = given, Path(given or folders[0] / "keys" / "raiz.pub")
    try:
        if not re.fullmatch("[0-9a-f]{64}", given):
            root = source.read_text("utf-8")
            need(re.fullmatch("[0-9a-f]{64}\n?", root), "no es una llave")
            root = root.rstrip("\n")
    except TROUBLE:
        print(f"{source} no es una llave raíz: 64 cifras hexadecimales.", file=sys.stderr)
        return 2 if given else 3
    found = examine(folders[0], root)
    if "--json" in words:
        print(json.dumps(found))
        return 3 if found["hallazgos"] else 0
    texts = [
        f"{punto}: {one['lineas']} líneas verifican, raíz del árbol {one['arbol']}"
        for punto, one in found["diarios"].items()
    ]
    texts += [
        "HALLAZGO {archivo}, línea {linea}, byte {byte}: {que}".format(**one)
        for one in found["hallazgos"]
    ]
    texts += [
        f"AUT nombra el punto {punto}, y aquí no está su diario." for punto in found["faltan"]
    ]
    texts += [f"Llave raíz {root}: compárela con la que la entidad anotó."]
    texts += [f"Mirados: {found['documentos']} documentos, {found['sellos']} sellos del diario."]
    texts += ["Las firmas de los PDF no se miran aquí."]
    texts += ["NO verifica." if found["hallazgos"] else "Todo verifica."]
    for text in texts:
        safe = "".join(c if c.isprintable() else "?" for c in text)
        sys.stdout.buffer.write(safe.encode(sys.stdout.encoding, "replace") + b"\n")
    return 3 if found["hallazgos"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
