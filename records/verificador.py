#!/usr/bin/env python3
"""Verifica los diarios de Ventanilla (formato v1, docs/format) sin Ventanilla.

    python3 verificador.py CARPETA [--raiz HEX|ARCHIVO] [--json]

Mira journal/ con la llave de keys/raiz.pub o, si se da, de --raiz: compárela con la que la entidad
anotó en papel. Donde estén, mira también vault/ y checkpoints/. No mira las firmas de los PDF.
Termina con 0 si todo verifica, 3 si halla algo, 2 si la orden está mal. Pide cryptography."""
from __future__ import annotations
import base64, hashlib, json, re, sys, unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAX_LINE, MAX_FICHA, MAX_SMALL, MAX_INT, MAX_OPEN = 65_535, 2**24, 2**18, 2**53 - 1, 5_000
Data = dict[str, Any]
TAIL = re.compile(rb'\{"b":.*,"k":"([0-9a-f]{16})","s":"([0-9a-f]{128})"\}', re.DOTALL)
NOTE = re.compile("((ventanilla/[0-9a-f]{16}(?:/[1-9][0-9]*)?)\n([1-9][0-9]{0,9})\n([A-Za-z0-9+/]"
                  "{43}=)\n)\n((?:— [^\\x00-\\x20\\s+]+ [A-Za-z0-9+/]+={0,2}\n){1,64})")
KEY, SERIES, TYPE, HEX, SALT = map(re.compile, (
    "[a-z0-9_]+", "[A-Z]{1,4}/[0-9]{4}", "[a-z_.]+", "[0-9a-f]{64}", "[0-9a-f]{32}"))
AT = re.compile(r"[0-9-]{10}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}-05:00")
FIELDS = set("v log punto epoch seq prev at actor type subject after data".split())  # noqa: SIM905
NUMBERED = ("radicado.asignado", "recepcion.descartada", "recepcion.revivida")
OF_RECORD = ("imagen.incorporada", "registro.sellado", "documento.expedido", "radicado.anulado",
             "anulacion.solicitada", "anulacion.negada", "radicado.rectificado")
SIGNED = ("registro.sellado", "documento.expedido", "dia.cerrado", "vigencia.cerrada")
STORED = ("documento.recibido", "imagen.incorporada", "registro.sellado", "catalogo.publicado")

class Falta(ValueError): """What does not verify, said for whoever reads the findings."""
def need(holds: object, why: str) -> None:
    if not holds: raise Falta(why)
def same(data: Data, **want: object) -> None:
    for name, value in want.items():
        need(write(data.get(name)) == write(value), f"{name} debe decir {str(value)[:80]}")
def sha(*parts: bytes) -> bytes: return hashlib.sha256(b"".join(parts)).digest()
def kid(key: str) -> str: return sha(bytes.fromhex(key)).hex()[:16]
def moment(text: str) -> datetime:
    need(AT.fullmatch(text), "una hora mal escrita")
    return datetime.fromisoformat(text)
def write(value: object) -> bytes:  # in the canonical form
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
def admitted(value: object, level: int = 1, keys: re.Pattern[str] = KEY) -> bool:
    """Whether a value is within the limits of the canonical form."""
    if level > 16: return False
    if isinstance(value, dict): return all(keys.fullmatch(k) and admitted(
        v, level + 1, SERIES if k == "series" else KEY) for k, v in value.items())
    if isinstance(value, list): return all(admitted(v, level + 1) for v in value)
    if isinstance(value, str): return unicodedata.is_normalized("NFC", value)
    return value is None or (isinstance(value, int) and abs(value) <= MAX_INT)
def parse(raw: bytes) -> Data:
    value = json.loads(raw.decode())
    need(admitted(value) and write(value) == raw, "no está en la forma canónica")
    return {**value}
def signed(key: str, kind: str, what: bytes, signature: str) -> bool:
    """Whether *signature* is *key*'s over PAE(kind, what), or over *what* where *kind* is empty."""
    name = f"application/vnd.ventanilla.{kind}.v1+json".encode()
    pae = b"DSSEv1 %d %s %d %s" % (len(name), name, len(what), what) if kind else what
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    with suppress(InvalidSignature): return public.verify(bytes.fromhex(signature), pae) is None
    return False
def pieces(path: Path, limit: int) -> Iterator[bytes]:
    """The lines of a file with their ends, none read beyond *limit*; none where no file is."""
    need(path.is_file() or not path.exists(), f"{path.name} no es un archivo")
    if path.exists():
        with path.open("rb") as file: yield from iter(lambda: file.readline(limit + 1), b"")

class Authority:
    """What AUT's log, as a whole, says of keys, certificates and persons."""
    def __init__(self, events: list[tuple[str, str, Data]]) -> None:
        for i in range(len(events) - 2, -1, -1):  # said, at the latest, when the next one was
            events[i] = (min(events[i][0], events[i + 1][0]), *events[i][1:])
        self.persons = [(at, d) for at, k, d in events if k in ("persona.alta", "persona.cambiada")]
        self.charges = [d for _, k, d in events if k == "encargo"]
        self.given = {(d["punto"], d[name]) for name in ("clave", "certificado")
                      for _, k, d in events if k in ("punto.alta", "punto.llave")}
        self.revoked = {kid(d["clave"]): d["tamanos"] for _, t, d in events if t[:9] == "clave.rev"}
    def holds(self, k: str, log: str, seq: int) -> bool:  # may line seq of log stand on the key k?
        return k not in self.revoked or bool(seq < self.revoked[k].get(log, 0))
    def heads(self, person: str, at: str) -> bool:  # the correspondence unit, or stands in
        roles = {d["persona"]: d["roles"] for said, d in self.persons if said <= at}
        them = [d["de"] for d in self.charges if d["persona"] == person
                and d["desde"] <= at[:10] <= d["hasta"]]
        return any("jefe_correspondencia" in roles.get(one, []) for one in [person, *them])

class Log:
    """One log, walked line by line; its first offence is raised, and `place` says where it is."""
    id = entity = key = delegation = hour = ficha = last = successor = ""
    seq, epoch, reached, prev = 0, 0, 0, "0" * 64
    def __init__(self, folder: Path, punto: str, root: str, said: Authority | None) -> None:
        self.folder, self.punto, self.root, self.said, self.code = folder, punto, root, said, punto
        self.place, self.documents = (f"journal/*/{punto}.jsonl", 0, 0), Data()
        self.keys: list[tuple[int, str, int]] = []  # from which size on; key; epoch
        self.events: list[tuple[str, str, Data]] = []  # of AUT: hour, type, data
        self.frontier, self.roots = list[bytes](), [sha()]  # of the tree; its root at each size
        self.newest, self.waiting = Data(), Data()  # hash by subject; subject by hash of what waits
        self.series, self.actas = Data(), Data()  # class/year → the last n, and the seq of it
        self.things, self.open, self.taken = Data(), dict[int, str](), set[str]()  # open: lanes
    def walk(self) -> None:
        for year in sorted(self.folder.glob("journal/" + "[0-9]" * 4)):
            name, offset = f"journal/{year.name}/{self.punto}", 0
            fichas = pieces(self.folder / f"{name}.fichas.jsonl", MAX_FICHA)
            for number, raw in enumerate(pieces(self.folder / f"{name}.jsonl", MAX_LINE), 1):
                self.place, offset = (f"{name}.jsonl", number, offset), offset + len(raw)
                need(raw.endswith(b"\n"), "una línea cortada o demasiado larga")
                self.line(raw[:-1], int(year.name), fichas)
            need(next(fichas, None) is None, f"sobran fichas en {name}.fichas.jsonl")
        need(self.key, "el diario no tiene líneas")
        if self.punto == "AUT" and not self.said: self.said = Authority(self.events)
    def line(self, raw: bytes, year: int, fichas: Iterator[bytes]) -> None:
        tail, body, own_hash = TAIL.fullmatch(raw), raw[5:-159], sha(raw).hex()
        if not tail: raise Falta("no tiene la forma de una línea")
        b, k, signature = parse(body), tail[1].decode(), tail[2].decode()
        kind, at, d, subject, now = b["type"], b["at"], b["data"], b["subject"], moment(b["at"])
        good = b.keys() - {"ficha"} == FIELDS and TYPE.fullmatch(kind) and b["actor"] + subject + ""
        need(good and int(at[:4]) <= year, "el cuerpo no tiene la forma debida, o es de otro año")
        self.follow(kind, {**d}, b["epoch"])
        same(b, v=1, log=self.id, punto=self.punto, epoch=self.epoch, seq=self.seq, prev=self.prev,
             after=[self.newest[subject]] if subject in self.newest else [])
        good = k == kid(self.key) and signed(self.key, "evento", body, signature)
        good = good and (not self.said or self.said.holds(k, self.id, self.seq))
        need(good, "la firma no es de la llave del diario, o la llave está revocada")
        if "ficha" in b:
            self.ficha, ficha = b["ficha"], next(fichas, b"")
            good = sha(ficha[:-1]).hex() == self.ficha not in self.taken and ficha[-1:] == b"\n"
            need(good and SALT.fullmatch(parse(ficha[:-1])["sal"]), "su ficha es otra, o no es una")
        self.taken.add(self.ficha)
        self.rules(kind, b, d, own_hash)
        latest = moment(self.hour or at)  # a year is reached near the line before, or by a person
        near = latest.year <= self.reached < now.year and now - latest <= timedelta(days=7)
        if near or kind == "vigencia.abierta" or not self.hour: self.reached = now.year
        self.hour = at if kind == "ajuste_reloj" else max(self.hour, at)
        self.newest[subject], self.prev, self.last = own_hash, own_hash, kind
        self.events += [(at, kind, d)] if self.punto == "AUT" else []
        node, size, self.seq = sha(b"\0", raw), self.seq, self.seq + 1  # RFC 6962's tree grows
        while size & 1: node, size = sha(b"\1", self.frontier.pop(), node), size >> 1
        self.frontier.append(node)
        for left in self.frontier[-2::-1]: node = sha(b"\1", left, node)
        self.roots.append(node)
    def follow(self, kind: str, d: Data, epoch: Any) -> None:
        """What may come here, and the key that signs it."""
        first, renews, closed = self.seq == 0, kind == "restauracion", self.last == "epoca.cerrada"
        need(first == (kind == "log.abierto") and (renews or not closed), "aquí no puede estar")
        if first:
            same(d, punto=self.punto, raiz=self.root)
            self.entity, self.key = d["entidad"], d["clave"]
            self.id = sha(f"{self.entity}\n{self.key}".encode()).hex()[:16]
        elif renews:
            need(epoch > self.epoch and d["clave"] != self.key, "pide otra época, y otra llave")
            self.epoch, self.key = epoch, d["clave"]
            if not closed or self.key != self.successor:
                self.code, self.series, self.actas = f"{self.punto}R{epoch}", {}, {}
            same(d, serie=self.code)
        if first or renews or kind == "clave.rotada":
            key, self.delegation = d["clave"], d["delegacion"]
            word = {"clave": key, "entidad": self.entity, "epoch": self.epoch, "punto": self.punto}
            need(signed(self.root, "delegacion", write(word), self.delegation), "la raíz no delegó")
            good = not self.said or (self.punto, key) in self.said.given
            need(good or (renews and self.punto == "AUT"), "AUT no dio esa llave a este punto")
            self.keys.append((self.seq + 1, key, self.epoch))
    def rules(self, kind: str, b: Data, d: Data, own_hash: str) -> None:
        """Section 5: each reception's one outcome, the next number or acta, what a line may say."""
        at, subject, record, good = b["at"], b["subject"], self.things.get(b["subject"], {}), True
        punto, year = self.punto, d.get("vigencia")
        own = {"documento.recibido": f"{punto}.{self.seq}", "ajuste_reloj": f"reloj.{punto}",
               "ancla": "log", "log.abierto": "log", "dia.cerrado": f"dia.{punto}.{d.get('fecha')}",
               "vigencia.cerrada": f"vigencia.{punto}.{year}",
               "vigencia.abierta": f"vigencia.{punto}.{year}"}
        same(b, subject=d["recepcion"] if kind in NUMBERED else own.get(kind, subject))
        if kind in OF_RECORD: same(d, radicado=record.get("radicado", "el número del registro"))
        if kind in ("documento.recibido", "radicado.asignado"):
            need(moment(str(d.get("recibido", at))) <= moment(at), "recibido después de su hora")
        if kind in ("radicado.asignado", "recepcion.descartada", "imagen.incorporada"):
            thing = self.things[d["recepcion"]]
            need(self.open.pop(thing["seq"], None) is not None, "la recepción no está abierta")
            thing["gone"] = kind == "recepcion.descartada"
        if kind == "documento.recibido":
            self.open[self.seq] = lane = d.get("carril", "ventanilla")
            self.things[subject] = {"seq": self.seq, "lane": lane, "original": d.get("sha256")}
        elif kind == "recepcion.revivida":
            good = record.pop("gone", False) and d["carril"] == record["lane"]
            self.open[record["seq"]] = record["lane"]
        elif kind == "radicado.asignado":
            good = d["clase"] != "ACTA" and d["radicado"] not in self.taken
            good = good and d.get("imagen", record["original"]) == record["original"]
            record["radicado"] = d["radicado"]
            self.number(self.series, d, at, d["vigencia"], d["clase"], d["radicado"])
            self.taken.add(d["radicado"])
        elif kind == "imagen.incorporada":
            good = not record["original"] and d["sha256"] == thing["original"]
            record["original"] = d["sha256"]
        elif kind == "serie.abierta":
            name, start = f"{d['clase']}/{d['vigencia']}", (d["desde"] - 1, None)
            good = self.series.setdefault(name, start) is start and d["desde"] > 0
        elif kind == "vigencia.abierta": same(d, vigencia=int(at[:4]))
        elif kind == "ancla": self.anchor(d)
        elif kind == "clave.rotada":
            good = signed(d["clave"], "", self.prev.encode(), d["prueba"]); self.key = d["clave"]
        elif kind == "epoca.cerrada": good = d["clave"] != self.key; self.successor = d["clave"]
        elif kind == "ajuste_reloj": good = at < self.hour == d["antes"]
        elif kind == "registro.sellado": same(d, original=record["original"])
        if kind in ("registro.sellado", "radicado.anulado"):
            good = record.setdefault(kind, own_hash) == own_hash  # only once
        if kind in ("radicado.anulado", "vigencia.cerrada"):
            year = d["vigencia" if kind == "radicado.anulado" else "acta_vigencia"]
            self.number(self.actas, d, at, year, "ACTA", d["acta"])
        if kind in ("dia.cerrado", "vigencia.cerrada", "respaldo.hecho"):
            same(d, raiz=self.roots[d["tamano"]].hex() if 0 <= d["tamano"] <= self.seq else None)
        if kind in ("anulacion.negada", "radicado.anulado", "ajuste_reloj.ratificado"):
            asked = d["ajuste" if kind == "ajuste_reloj.ratificado" else "solicitud"]
            good = good and self.waiting.pop(asked, None) == subject
        if kind in ("anulacion.solicitada", "ajuste_reloj"): self.waiting[own_hash] = subject
        if kind in SIGNED and self.said: good &= (self.punto, d["certificado"]) in self.said.given
        need(good, f"{kind} no sigue las reglas de la sección 5, o no es de AUT su certificado")
        document = d.get("sha256") if kind in STORED else d["documento"] if kind in SIGNED else None
        if document and d.get("catalogo") != "ca": self.documents.setdefault(document, self.place)
        acts = ("radicado.anulado", "ajuste_reloj.ratificado", "vigencia.cerrada")
        if kind in acts and self.said: self.act({**d["acto"]}, b, {**d}, self.said)
    def number(self, series: Data, d: Data, at: str, year: int, clase: str, text: str) -> None:
        n, seq = series.get(f"{clase}/{year}", (0, None))
        same(d, n=n + 1, anterior=seq)
        rest = re.sub(rf"(?<!\d){year}(?!\d)", "-", text.replace(self.code, "-", 1), count=1)
        good = all(re.search(rf"(?<!\d)0*{n + 1}(?!\d)", part) for part in (text, rest))
        good = good and all(part in text for part in (str(year), self.code, clase))
        good = good and SERIES.fullmatch(f"{clase}/{year}") is not None and year == int(at[:4])
        need(good, f"{text[:80]!r} no dice su año, código, clase y número")
        series[f"{clase}/{year}"] = (n + 1, self.seq)
    def act(self, acto: Data, b: Data, data: Data, aut: Authority) -> None:
        """Section 3: a head of correspondence signed this with a key of their own."""
        person, at, firma, _ = acto["person"], acto["at"], acto.pop("firma"), data.pop("acto")
        what = write({**acto, **{name: b[name] for name in ("after", "log", "subject", "type")},
                      "payload": {"data": data, "ficha": b.get("ficha")}})
        keys = {d["clave"] for _, d in aut.persons if d["persona"] == person and "clave" in d}
        keys = {key for key in keys if aut.holds(kid(key), self.id, self.seq)}
        good = any(signed(key, "acto", what, firma) for key in keys) and aut.heads(person, at)
        good = good and acto.keys() == {"person", "at", "nonce"} and moment(at) is not None
        need(good, "el acto no es de quien podía")
    def anchor(self, d: Data) -> None:
        last = sorted((*name.split("/"), *end) for name, end in self.series.items())
        lanes = {lane: sorted(n for n in self.open if self.open[n] == lane)
                 for lane in set(self.open.values())} if len(self.open) <= MAX_OPEN else None
        may = {"ultimos": [[c, int(y), seq] for c, y, _, seq in last if seq is not None],
               "abiertas": lanes, "hora": self.hour, "ficha": self.ficha, "vigencia": self.reached,
               "actas": sorted([int(name[5:]), *end] for name, end in self.actas.items())}
        same(d, **{n: may[n] for n in may if n in d and (n, d[n]) != ("ultimos", [])})
        key, word = (self.key, self.delegation) if len(self.keys) > 1 else (None, None)
        same(d, frontera=[node.hex() for node in self.frontier], clave=key, delegacion=word,
             series={name: n for name, (n, _) in self.series.items()},
             serie=self.code if self.code != self.punto else None)
    def note(self, path: Path) -> None:
        """A checkpoint (C2SP signed note): the tree's root at its size, by that size's key."""
        good = path.is_file() and path.stat().st_size <= MAX_SMALL
        match = NOTE.fullmatch(path.read_bytes().decode()) if good else None
        if not match: raise Falta("no tiene la forma de un sello del diario")
        text, origin, size, rows = match[1], match[2], int(match[3]), match[5].splitlines()
        need(path.name == f"{size:010d}.note" and size <= self.seq, "el diario tiene otro tamaño")
        _, key, epoch = [one for one in self.keys if one[0] <= size][-1]
        good = origin == f"ventanilla/{self.id}" + (f"/{epoch}" if epoch else "")
        need(good and match[4] == base64.b64encode(self.roots[size]).decode(), "es de otro árbol")
        mark, mine = sha(origin.encode(), b"\n\1", bytes.fromhex(key))[:4], []
        for _, signer, blob in (row.split(" ") for row in rows):
            raw = base64.b64decode(blob, validate=True)
            need(len(raw) > 4 and base64.b64encode(raw).decode() == blob, "base64 mal escrito")
            mine += [raw[4:].hex()] if (signer, raw[:4]) == (origin, mark) else []
        good = len(set(rows)) == len(rows) and len(mine) == 1
        need(good and signed(key, "", text.encode(), mine[0]), "no lo firma su diario una vez")

def stored(path: Path) -> None:
    seen = hashlib.sha256()
    for piece in pieces(path, 2**20): seen.update(piece)
    good = path.name[:65] == f"{seen.hexdigest()}." and path.name[:2] == path.parent.name
    need(good, "su nombre no es su SHA-256")
def examine(folder: Path, root: str) -> Data:
    """All that is found in *folder*, a home or an export of the entity that has this root key."""
    found: Data = {"raiz": root, "diarios": {}, "faltan": [], "hallazgos": [], "sellos": 0}
    def tried(at: Any, job: Callable[..., None], *given: Any) -> bool:
        """Whether a job finds nothing; else it is told, with the place (a path, a log, a tuple)."""
        try: job(*given)
        except Exception as error:  # data of another shape than the format's are an offence too
            path = at.relative_to(folder).as_posix() if isinstance(at, Path) else ""
            file, line, byte = (path, 0, 0) if path else getattr(at, "place", at)
            why = str(error) if isinstance(error, Falta) else f"mal formado: {type(error).__name__}"
            found["hallazgos"] += [{"archivo": file, "linea": line, "byte": byte, "que": why}]
            return False
        return True
    puntos, named, vault = set(), Data(), sorted(folder.glob("vault/*/*"))
    for path in folder.glob("journal/[0-9]*/*.jsonl"):
        name = re.fullmatch(r"([A-Z][A-Z0-9]{1,7})(\.fichas)?\.jsonl", path.name)
        tried(path, need, name, "no es el nombre de un diario")
        if name and (not path.is_file() or path.stat().st_size): puntos.add(name[1])
    aut = Log(folder, "AUT", root, None)
    said = aut.said if tried(aut, aut.walk) else None
    for punto in sorted(puntos if said else puntos - {"AUT"}):
        log = Log(folder, punto, root, said)
        if tried(log, log.walk):
            named.update(log.documents)
            tree, notes = log.roots[-1].hex(), folder.glob(f"checkpoints/{punto}/[!.]*")
            found["diarios"][punto] = {"log": log.id, "lineas": log.seq, "arbol": tree}
            found["sellos"] += sum(tried(path, log.note, path) for path in sorted(notes))
    found["faltan"] = sorted({punto for punto, _ in said.given} - puntos) if said else []
    found["documentos"] = sum(tried(path, stored, path) for path in vault)
    for one in sorted(named.keys() - {path.name[:64] for path in vault}) if vault else []:
        tried(named[one], need, False, f"el documento {one} no está en vault/")
    return found
def main(words: list[str]) -> int:
    rest = [word for word in words if word != "--json"]
    i = rest.index("--raiz") if "--raiz" in rest else len(rest)
    folders, given = rest[:i] + rest[i + 2:], "".join(rest[i + 1:i + 2])
    if len(folders) != 1 or not Path(folders[0]).is_dir() or bool(given) != (i < len(rest)):
        print(__doc__, file=sys.stderr); return 2
    source = Path(given or Path(folders[0], "keys", "raiz.pub"))
    try: root = given if HEX.fullmatch(given) else source.read_text("utf-8").partition("\n")[0]
    except (OSError, ValueError): root = ""
    if not HEX.fullmatch(root):
        print(f"{source} no es una llave raíz: 64 cifras hexadecimales.", file=sys.stderr)
        return 2 if given else 3
    found = examine(Path(folders[0]), root)
    texts = [f"{punto}: {{lineas}} líneas verifican, raíz del árbol {{arbol}}".format(**one)
             for punto, one in found["diarios"].items()]
    texts += ["HALLAZGO {archivo}, línea {linea}, byte {byte}: {que}".format(**one)
              for one in found["hallazgos"]]
    texts += [f"AUT nombra {punto}, y aquí no está su diario." for punto in found["faltan"]] + [
        "Llave raíz {raiz}: compárela con la que la entidad anotó. Verifican {documentos} "
        "documentos, {sellos} sellos. Las firmas de los PDF no se miran aquí.".format(**found),
        "NO verifica." if found["hallazgos"] else "Todo verifica."]
    for text in [json.dumps(found)] if "--json" in words else texts:
        safe = "".join(c if c.isprintable() else "?" for c in text)
        sys.stdout.buffer.write(safe.encode(sys.stdout.encoding, "replace") + b"\n")
    return 3 if found["hallazgos"] else 0
if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
