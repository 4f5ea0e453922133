"""Verifica un paquete de transferencia de Ventanilla en un equipo donde no hay nada instalado.

    python3 data/verificar.py [CARPETA] [--raiz HEX|ARCHIVO] [--json]

Basta Python 3.8. CARPETA es la que tiene bagit.txt, o METS.xml si el paquete es E-ARK; si no se
da, es la del paquete donde está este archivo. Con --raiz se exige la llave raíz de la entidad,
recibida por otro camino. Termina con 0 si todo verifica, 3 si algo no, 2 si se usó mal. Nada
escribe y nada repara.

Mira los manifiestos o los METS, sin que falte ni sobre un archivo; los índices electrónicos contra
los documentos; y de cada línea del diario de la entidad la firma del punto, la delegación de su
llave por la raíz, su ficha, y la prueba de que está en el diario que se selló."""
from __future__ import annotations

import base64
import functools
import hashlib
import json
import os
import re
import sys
import unicodedata
import xml.etree.ElementTree as ET
from typing import Any, Callable, Dict, List, Tuple
from urllib.parse import unquote

UNSEEN = """No se miran aquí: las firmas de los PDF (pdfsig ARCHIVO.pdf), la del índice (xmlsec1
--verify --enabled-reference-uris empty,same-doc indice.xml), los actos firmados por personas, ni
si es cierto lo que dicen los documentos. Lo que el diario no nombra (premis.xml, inventarios, los
campos copiados en los .json) vale lo que valga la huella del paquete."""
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
LINE = re.compile(rb'\{"b":.*,"k":"([0-9a-f]{16})","s":"([0-9a-f]{128})"\}', re.DOTALL)
NOTE = re.compile(
    "((ventanilla/[0-9a-f]{16}(?:/[1-9][0-9]*)?)\n([1-9][0-9]{0,9})\n([A-Za-z0-9+/]{43}=)\n)\n"
    "(?:— [^\n]+\n)*?— \\2 ([A-Za-z0-9+/]{91}=)\n(?:— [^\n]+\n)*")
HREF = "{http://www.w3.org/1999/xlink}href"
KEY, SERIES, HEX = re.compile("[a-z0-9_]+"), re.compile("[A-Z]{1,4}/[0-9]{4}"), "[0-9a-f]{64}"
FIELDS = set("v log punto epoch seq prev at actor type subject after data".split())
NUMBERING = ("radicado.asignado", "registro.importado")
NAMING = ("documento.recibido", "imagen.incorporada", "registro.sellado")
Data = Dict[str, Any]
Point = Tuple[int, int, int, int]
Places = Dict[str, List[Tuple[int, int]]]

class Falta(ValueError):
    """What does not verify."""

def need(holds: object, why: str) -> None:
    if not holds:
        raise Falta(why)

# -- Ed25519 (RFC 8032, 5.1): slow and plain, for machines without the library `cryptography` -----

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

def added(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)

@functools.lru_cache(maxsize=64)
def point(raw: bytes) -> Point | None:
    sign, y = divmod(int.from_bytes(raw, "little"), 1 << 255)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return (x, y, 1, x * y % P)

@functools.lru_cache(maxsize=64)
def multiples(start: Point) -> list[list[Point]]:  # 0 to 15 times 16^i, for each digit i
    rows = []
    for _ in range(64):
        row: list[Point] = [(0, 1, 1, 0)]
        for _ in range(16):
            row.append(added(row[-1], start))
        start = row.pop()
        rows.append(row)
    return rows

def times(start: Point, number: int) -> Point:
    digits = [row[number >> 4 * i & 15] for i, row in enumerate(multiples(start))]
    return functools.reduce(added, digits)

def plainly(key: bytes, signature: bytes, what: bytes) -> bool:
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    owner, s = point(key), int.from_bytes(signature[32:], "little")
    if base is None or owner is None or s >= L or (len(key), len(signature)) != (32, 64):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + what).digest(), "little") % L
    minus = (P - owner[0], owner[1], 1, P - owner[3])
    x, y, z, _ = added(times(base, s), times(minus, h))
    z = pow(z, P - 2, P)
    return (y * z % P | (x * z % P & 1) << 255).to_bytes(32, "little") == signature[:32]

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    def verifies(key: bytes, signature: bytes, what: bytes) -> bool:
        try:
            return Ed25519PublicKey.from_public_bytes(key).verify(signature, what) is None
        except (InvalidSignature, ValueError):
            return False
except ImportError:
    verifies = plainly

def signed(key: str, kind: str, what: bytes, signature: str) -> bool:  # no kind: without PAE
    name = f"application/vnd.ventanilla.{kind}.v1+json".encode()
    pae = b"DSSEv1 %d %s %d %s" % (len(name), name, len(what), what) if kind else what
    return verifies(bytes.fromhex(key), bytes.fromhex(signature), pae)

# -- the journal, as docs/format of the program tells it ------------------------------------------

def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()

def key_id(key: str) -> str:
    return sha(bytes.fromhex(key)).hex()[:16]

def written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

def admitted(value: object, level: int = 1, keys: re.Pattern[str] = KEY) -> bool:
    if isinstance(value, dict):
        return level < 17 and all(
            keys.fullmatch(k) and admitted(v, level + 1, SERIES if k == "series" else KEY)
            for k, v in value.items())
    if isinstance(value, list):
        return level < 17 and all(admitted(one, level + 1) for one in value)
    if isinstance(value, str):
        return level < 17 and unicodedata.normalize("NFC", value) == value
    return level < 17 and (value is None or (isinstance(value, int) and abs(value) < 2**53))

class Line:
    def __init__(self, raw: bytes) -> None:
        tail = LINE.fullmatch(raw) if len(raw) < 65536 else None
        if not tail:
            raise Falta("no tiene la forma de una línea del diario")
        self.raw, self.hash, self.body = raw, sha(raw).hex(), raw[5:-159]
        self.k, self.signature = tail[1].decode(), tail[2].decode()
        self.b: Data = json.loads(self.body.decode())
        canonical = admitted(self.b) and written(self.b) == self.body
        need(canonical, "una línea no está en la forma canónica")
        self.type, self.data, self.seq = self.b["type"], self.b["data"], self.b["seq"]
        need(self.b.keys() - {"ficha"} == FIELDS and self.b["v"] == 1, "no es de la versión 1")

class Log:
    """The log of a punto: its keys, by the lines that gave them, and the head that it signed."""

    def __init__(self, punto: str, root: str) -> None:
        self.punto, self.root, self.id, self.entity = punto, root, "", ""
        self.keys: list[tuple[int, str, int]] = []
        self.size, self.tree = 0, b""

    def take_key(self, line: Line, given: set[tuple[str, str]]) -> None:
        b, d, later = line.b, line.data, line.type == "clave.rotada"
        if line.type == "log.abierto":
            own = line.seq == 0 and (d["punto"], d["raiz"]) == (self.punto, self.root)
            need(own, "no abre este diario, o es de otra llave raíz")
            self.entity = d["entidad"]
            self.id = sha(f"{self.entity}\n{d['clave']}".encode()).hex()[:16]
        word = written({"clave": d["clave"], "entidad": self.entity, "epoch": b["epoch"],
                        "punto": self.punto})
        need(signed(self.root, "delegacion", word, d["delegacion"]), "la raíz no delegó esa llave")
        need(not later or signed(d["clave"], "", b["prev"].encode(), d["prueba"]), "no se probó")
        alone = (line.type, self.punto) == ("restauracion", "AUT")
        need(alone or (self.punto, d["clave"]) in given, "AUT no dio esa llave al punto")
        self.keys.append((line.seq + later, d["clave"], b["epoch"]))

    def key_at(self, seq: int) -> tuple[str, int]:
        return [(key, epoch) for start, key, epoch in self.keys if start <= seq][-1]

    def judge(self, line: Line, revoked: Data) -> None:
        key, epoch = self.key_at(line.seq)
        said = (line.b["log"], line.b["punto"], line.b["epoch"], line.k)
        need(said == (self.id, self.punto, epoch, key_id(key)), "es de otro diario, época o llave")
        need(signed(key, "evento", line.body, line.signature), "la firma de la línea no es válida")
        good = line.k not in revoked or line.seq < revoked[line.k].get(self.id, 0)
        need(good, "la firma una llave revocada")

    def take_note(self, raw: bytes) -> None:  # C2SP checkpoint, by the key in force at its size
        found, rows = NOTE.fullmatch(raw.decode()), raw.splitlines()
        if not found or len(set(rows)) < len(rows):
            raise Falta("no es un sello del diario")
        origin, size, mark = found[2], int(found[3]), base64.b64decode(found[5])
        key, epoch = self.key_at(size)
        need(origin == f"ventanilla/{self.id}" + (f"/{epoch}" if epoch else ""), "es de otro")
        own = mark[:4] == sha(origin.encode(), b"\n\1", bytes.fromhex(key))[:4]
        need(own and signed(key, "", found[1].encode(), mark[4:].hex()), "no lo firma su diario")
        self.size, self.tree = size, base64.b64decode(found[4])
        again = [base64.b64encode(one).decode() for one in (self.tree, mark)]
        need(again == [found[4], found[5]], "está mal escrito")

    def includes(self, line: Line, proof: Data) -> None:  # RFC 9162, 2.1.3.2
        said = (proof["log"], proof["punto"], proof["seq"], proof["tamano"])
        need(said == (self.id, self.punto, line.seq, self.size), "la prueba es de otra línea")
        here, last, value = line.seq, self.size - 1, sha(b"\0", line.raw)
        need(0 <= here <= last, "la línea no cabe en el diario sellado")
        for step in map(bytes.fromhex, proof["camino"]):
            need(last and len(step) == 32, "el camino de la prueba está mal hecho")
            left = here & 1 or here == last
            value = sha(b"\1", step, value) if left else sha(b"\1", value, step)
            while left and here and not here & 1:
                here, last = here >> 1, last >> 1
            here, last = here >> 1, last >> 1
        need(last == 0 and value == self.tree, "la prueba no lleva al sello del diario")

# -- the package ----------------------------------------------------------------------------------

def sums_of(path: str) -> tuple[str, str, int]:
    seen, size = (hashlib.sha256(), hashlib.sha512()), 0
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            size += len(chunk)
            for one in seen:
                one.update(chunk)
    return seen[0].hexdigest(), seen[1].hexdigest(), size

class Package:
    def __init__(self, folder: str, required: str) -> None:
        self.folder, self.required, self.root = folder, required, ""
        self.found: list[Data] = []
        self.notes: list[str] = []
        self.sums: dict[str, tuple[str, str, int]] = {}
        self.logs: dict[str, Log] = {}
        self.given: set[tuple[str, str]] = set()
        self.revoked: Data = {}
        self.mark, self.proofs = "tagmanifest-sha256.txt", "data/confianza/"
        self.base = "data/expedientes/"
        self.count = dict.fromkeys(("expedientes", "registros", "documentos", "eventos"), 0)

    def say(self, path: str, what: str) -> None:
        self.found.append({"ruta": path, "que": what})

    def tried(self, path: str, job: Callable[..., Any], *given: Any) -> Any:
        try:  # one part of the work; what does not verify is told, and the rest goes on
            return job(*given)
        except Falta as error:
            self.say(path, str(error))
        except Exception as error:  # data of another shape than they must have
            self.say(path, f"mal formado: {type(error).__name__} {error}"[:200])

    def read(self, path: str) -> bytes:
        need(path in self.sums, f"falta {path}")
        with open(os.path.join(self.folder, *path.split("/")), "rb") as file:
            data = file.read()
        need(sha(data).hex() == self.sums[path][0], f"{path} cambió mientras se leía")
        return data

    def files(self) -> None:
        for place, folders, names in os.walk(self.folder):
            for name in folders + names:
                full = os.path.join(place, name)
                path = os.path.relpath(full, self.folder).replace(os.sep, "/")
                if os.path.islink(full) or not (name in folders or os.path.isfile(full)):
                    self.say(path, "es un enlace, o no es un archivo")
                elif name in names:
                    self.sums[path] = self.tried(path, sums_of, full) or ("", "", 0)

    def bag(self) -> None:  # every file is in the manifests with its sums, and none besides
        for n, algorithm in enumerate(("sha256", "sha512")):
            for name in (f"manifest-{algorithm}.txt", f"tagmanifest-{algorithm}.txt"):
                self.tried(name, self.manifest, name, n)
        good = self.read("bagit.txt") == BAGIT and "fetch.txt" not in self.sums
        need(good, "no es un paquete BagIt 1.0 completo")

    def manifest(self, name: str, n: int) -> None:
        *rows, rest = self.read(name).decode().split("\n")
        found = [re.fullmatch(f"([0-9a-f]{{{64 << n}}})  ([^\r]+)", row) for row in rows]
        listed = {match[2]: match[1] for match in found if match}
        need(len(listed) == len(rows) and not rest, "una línea está mal escrita o repetida")
        payload = name[0] != "t"
        there = {p for p in self.sums if (p[:5] == "data/") == payload and p[:11] != "tagmanifest"}
        for path in sorted(there | set(listed)):
            if path not in there or path not in listed:
                self.say(path, f"{'sobra' if path in there else 'falta'}, según {name}")
            elif self.sums[path][n] != listed[path]:
                self.say(path, f"no es el que dice {name}")

    def mets(self) -> None:  # the same of a package after E-ARK: each file is in one METS
        self.mark, self.proofs = "METS.xml", "documentation/confianza/"
        self.base = "representations/expedientes/data/"
        listed: dict[str, tuple[str, str]] = {}
        for path in (self.mark, "representations/expedientes/METS.xml"):
            self.tried(path, self.inventory, path, listed)
        for path in sorted((set(self.sums) | set(listed)) - {self.mark}):
            sums = self.sums.get(path, ("", "", 0))
            if path not in self.sums or path not in listed:
                self.say(path, f"{'sobra' if path in self.sums else 'falta'}, según METS.xml")
            elif listed[path] != (sums[0], str(sums[2])):
                self.say(path, "no es el que dice METS.xml")

    def inventory(self, path: str, listed: dict[str, tuple[str, str]]) -> None:
        raw, owner, base = self.read(path), None, path[: -len("METS.xml")]
        simple = raw[:5] == b"<?xml" and b"<!DOCTYPE" not in raw and b"<!ENTITY" not in raw
        need(simple, "no es un METS simple")
        for e in ET.fromstring(raw).iter():
            tag = e.tag.split("}")[-1]
            owner = e if tag in ("file", "mdRef") else owner
            if tag in ("FLocat", "mdRef") and owner is not None:
                one = base + unquote(e.attrib[HREF])
                need(one not in listed, f"nombra dos veces {one}")
                need(owner.attrib["CHECKSUMTYPE"] == "SHA-256", f"no da el SHA-256 de {one}")
                listed[one] = (owner.attrib["CHECKSUM"].lower(), owner.attrib["SIZE"])

    def trust(self) -> None:  # the root's key; AUT's whole log; of each punto its keys and head
        base, prev = self.proofs, "0" * 64
        self.root = self.read(base + "raiz.pub").decode().strip()
        need(re.fullmatch(HEX, self.root), "la llave raíz está mal escrita")
        need(self.required in ("", self.root), "la llave raíz no es la que se exige")
        *rows, rest = self.read(base + "AUT.jsonl").split(b"\n")
        lines, aut = [Line(raw) for raw in rows], Log("AUT", self.root)
        for line in lines:
            if line.type in ("punto.alta", "punto.llave"):
                self.given.add((line.data["punto"], line.data["clave"]))
            elif line.type == "clave.revocada":
                self.revoked[key_id(line.data["clave"])] = line.data["tamanos"]
        frontier: list[bytes] = []
        for seq, line in enumerate(lines):
            need((line.seq, line.b["prev"]) == (seq, prev), f"AUT.jsonl no es una cadena: {seq}")
            if line.type in ("log.abierto", "restauracion", "clave.rotada"):
                aut.take_key(line, self.given)
            aut.judge(line, self.revoked)
            prev, node, size = line.hash, sha(b"\0", line.raw), seq
            while size & 1:
                node, size = sha(b"\1", frontier.pop(), node), size >> 1
            frontier.append(node)
        aut.take_note(self.read(base + "AUT.note"))
        tree = functools.reduce(lambda right, left: sha(b"\1", left, right), frontier[::-1])
        same = (aut.size, aut.tree, rest) == (len(rows), tree, b"")
        need(same, "AUT.jsonl no es el diario que se selló")
        self.logs["AUT"] = aut
        for path in sorted(self.sums):
            if match := re.fullmatch(base + "([A-Z0-9]+)[.]llaves[.]json", path):
                self.tried(path, self.punto, path, match[1])

    def punto(self, path: str, name: str) -> None:
        log, said = Log(name, self.root), json.loads(self.read(path).decode())
        lines = [(Line(one["linea"].encode()), one["prueba"]) for one in said]
        for line, _ in lines:
            log.take_key(line, self.given)
        log.take_note(self.read(f"{self.proofs}{name}.note"))
        for line, proof in lines:
            log.judge(line, self.revoked)
            log.includes(line, proof)
        self.logs[name] = log

    def events(self, path: str, rows: list[Data]) -> list[Line]:  # each signed, in the log, linked
        newest: dict[tuple[str, str], str] = {}
        lines = [Line(one["linea"].encode()) for one in rows]
        for line, one in zip(lines, rows):
            punto, place = line.b["punto"], f"línea {line.seq} de {line.b['punto']}"
            need(punto in self.logs, f"{place}: no vino lo que prueba su diario")
            self.logs[punto].judge(line, self.revoked)
            need(one.get("prueba"), f"{place}: no trae su prueba")
            self.logs[punto].includes(line, one["prueba"])
            subject = (punto, line.b["subject"])
            after = [newest[subject]] if subject in newest else []
            need(line.b["after"] == after, f"{place}: falta o sobra una línea antes de ella")
            newest[subject] = line.hash
            self.count["eventos"] += 1
            if one.get("omitida"):
                self.notes.append(f"{path}: {place}, ficha no entregada: {one['omitida']}")
            else:
                ficha = sha(one["ficha"].encode()).hex() if one["ficha"] else None
                need(ficha == line.b.get("ficha"), f"{place}: su ficha falta o es otra")
        return lines

    def expediente(self, path: str) -> None:
        base, about = path[: -len("ficha.json")], json.loads(self.read(path).decode())
        self.count["expedientes"] += 1
        own = self.tried(path, self.events, path, about["eventos"]) or []
        listed = [f"{base}registros/{name}" for name in about["registros"]]
        there = sorted(p for p in self.sums if p.startswith(base + "registros/"))
        need(sorted(listed) == there, "no nombra los mismos registros que trae la carpeta")
        order: Places = {}
        given = [self.tried(one, self.record, base, one, own, order) or [] for one in listed]
        held = {document for some in given for document in some}
        for extra in sorted(p for p in self.sums if p.startswith(base + "documentos/")):
            if extra not in held:
                self.say(extra, "ningún registro lo nombra")
        self.tried(base + "indice.xml", self.index, base + "indice.xml", order)

    def record(self, base: str, path: str, own: list[Line], order: Places) -> list[str]:
        about = json.loads(self.read(path).decode())
        self.count["registros"] += 1
        lines, documents = self.events(path, about["eventos"]), about["documentos"]
        named = b" ".join(line.raw for line in [*lines, *own])
        numbers = [line.data["radicado"] for line in lines if line.type in NUMBERING]
        if numbers != [about["radicado"]] * bool(about["radicado"]):
            self.say(path, "sus líneas no dan ese radicado, una sola vez")
        for one in documents:
            full, digest = base + one["ruta"], one["sha256"]
            self.count["documentos"] += 1
            sums = self.sums.get(full, ("", "", 0))
            if (sums[0], sums[2]) != (digest, one["bytes"]):
                self.say(full, "falta, o no es el que dice su registro")
            elif b'"' + digest.encode() + b'"' not in named:
                self.say(full, "ninguna línea del diario lo nombra")
            for known in sums[:2]:
                order.setdefault(known, []).append((about["orden"], one["bytes"]))
        for line in lines:
            wants = {line.data.get("sha256")} if line.type in NAMING else set()
            if line.type == "registro.importado":  # its history is a document too
                wants = {one for _, one in line.data.get("documentos", [])}
                wants.add(line.data.get("historia"))
            if wants - {None, *(one["sha256"] for one in documents)}:
                self.say(path, f"falta un documento que nombra {line.type}, línea {line.seq}")
        return [base + one["ruta"] for one in documents]

    def index(self, path: str, order: Places) -> None:
        raw, last, seen = self.read(path), 0, set()
        need(b"<!DOCTYPE" not in raw and b"<!ENTITY" not in raw, "no es un índice simple")
        every = ET.fromstring(raw).iter()
        items = [e for e in every if e.tag.split("}")[-1] == "DocumentoIndizado"]
        for n, item in enumerate(items, 1):
            told = {e.tag.split("}")[-1]: (e.text or "").strip() for e in item}
            need(told["Orden_Documento_Expediente"] == str(n), f"el documento {n} no está en orden")
            if told.get("Valor_Huella"):  # without it, it is on paper
                places = order.get(told["Valor_Huella"].lower(), [])
                need(places, f"el documento {n} no está entre los entregados")
                last, size = min((p for p in places if p[0] >= last), default=(0, 0))
                need(last, f"el documento {n} no sigue el orden de los registros")
                need(told["Tamano"] in (str(size), f"{size} bytes"), f"el {n} tiene otro tamaño")
                seen.add(last)
        missing = {place for places in order.values() for place, _ in places} - seen
        need(not missing, f"no nombra documento alguno de los registros {sorted(missing)}")

    def examine(self) -> Data:
        self.tried("", self.files)
        after_eark = "METS.xml" in self.sums and "bagit.txt" not in self.sums
        self.tried(*(("METS.xml", self.mets) if after_eark else ("bagit.txt", self.bag)))
        self.tried(self.proofs[:-1], self.trust)
        for path in sorted(self.sums):
            if re.fullmatch(self.base + "[^/]+/[^/]+/[^/]+/ficha.json", path):
                self.tried(path, self.expediente, path)
        mark = self.sums.get(self.mark, ("", "", 0))[0]
        return {"verifica": not self.found, "raiz": self.root, "huella": mark, **self.count,
                "hallazgos": self.found, "avisos": self.notes}

def main(words: list[str]) -> int:
    rest, root = [word for word in words if word != "--json"], ""
    if "--raiz" in rest:
        at = rest.index("--raiz")
        given, rest = "".join(rest[at + 1 : at + 2]), rest[:at] + rest[at + 2 :]
        if os.path.isfile(given):
            with open(given, encoding="ascii", errors="replace") as file:
                given = file.read(100)
        root = given.strip() if re.fullmatch(HEX, given.strip()) else "-"
    folder = rest[0] if rest else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if len(rest) > 1 or root == "-" or not os.path.isdir(folder):
        print(f"{__doc__}\nFalta la carpeta, o la llave raíz no es tal.", file=sys.stderr)
        return 2
    told = Package(folder, root).examine()
    texts = [f"AVISO {text}" for text in told["avisos"]]
    texts += [f"HALLAZGO {one['ruta']}: {one['que']}" for one in told["hallazgos"]]
    counted = "{expedientes} expedientes, {registros} registros, {documentos} documentos, {eventos}"
    texts += [counted.format(**told) + " líneas del diario.",
              f"Llave raíz {told['raiz']}: compárela con la anotada.",
              f"Huella del paquete {told['huella']}: compárela con la del acta.",
              *UNSEEN.split("\n"),
              "NO verifica." if told["hallazgos"] else "Todo lo demás verifica."]
    for text in [json.dumps(told)] if "--json" in words else texts:
        safe, encoding = "".join(c if c.isprintable() else "?" for c in text), sys.stdout.encoding
        print(safe.encode(encoding or "ascii", "replace").decode(encoding or "ascii"))
    return 0 if told["verifica"] else 3

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
