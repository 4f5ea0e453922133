"""Verifica los diarios de Ventanilla (formato v1) sin Ventanilla; pide la biblioteca cryptography.
    python3 verificador.py CARPETA [--raiz HEX|ARCHIVO] [--json]     (sin --raiz: keys/raiz.pub)
Mira journal/, vault/ y checkpoints/, no las firmas de los PDF. 0: verifica, 3: no, 2: mal uso."""
from __future__ import annotations; import base64, hashlib, json, re, sys, unicodedata
if __name__ == "__main__" and not getattr(sys.flags, "safe_path", 0): del sys.path[0]
from collections.abc import Callable, Iterator; from functools import reduce; from typing import Any
from contextlib import suppress; from datetime import datetime; from pathlib import Path
from cryptography import x509; from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
HASHES = re.compile(b'"([0-9a-f]{64})"')
TAIL = re.compile(rb'\{"b":.*,"k":"([0-9a-f]{16})","s":"([0-9a-f]{128})"\}', re.DOTALL)
NOTE = re.compile("((ventanilla/[0-9a-f]{16}(?:/[1-9][0-9]*)?)\n([1-9][0-9]{0,9})\n([A-Za-z0-9+/]"
                  "{43}=)\n)\n(?:— [^\n]+\n)*?— \\2 ([A-Za-z0-9+/]{91}=)\n(?:— [^\n]+\n)*")
Data = dict[str, Any]; KEY, SERIES, TYPE, HEX, SALT, ASKS = map(re.compile, (
    "[a-z0-9_]+", "[A-Z]{1,4}/[0-9]{4}", "[a-z_.]+", "[0-9a-f]{64}\n?", "[0-9a-f]{32}", "anulacion."
    "solicitada|ajuste_reloj|tramite.(informado|vobo_pedido)|respuesta.(aprobada|firmada)"))
AT = re.compile(r"[0-9-]{10}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}-05:00")
FIELDS = set("v log punto epoch seq prev at actor type subject after data".split())  # noqa: SIM905
OF_RECORD = ("acceso", "anulacion", "documento.e", "envio", "imagen", "papel", "radicado.an",
             "radicado.r", "registro.m", "registro.s", "registro.e", "tramite")
OWN = ("planilla", "expediente", "transferencia", "eliminacion", "integridad", "fondo")
SIGNED = ("registro.sellado", "documento.expedido", "dia.cerrado", "vigencia.cerrada")
NUMBERED = ("radicado.asignado", "recepcion.descartada", "recepcion.revivida")
KEPT = {"env": "prueba", "exp": "indice", "tra": "acta", "int": "informe", "eli": "documento",
        "fon": "documento", **dict.fromkeys((
    "acc", "cat", "doc", "ima", "pla", "reg", "res", "trd"), "sha256")}
ACTS = ("radicado.anulado", "ajuste_reloj.ratificado", "vigencia.cerrada", "respuesta.aprobada",
        "eliminacion.firmada", "eliminacion.ejecutada")
ROLES = {ACTS[3]: (), ACTS[4]: ("archivista",),  # any of them; else the correspondence unit's head
         ACTS[5]: ("jefe_area", "jefe_correspondencia", "admin")}
STEPS = {"publicada": "propuesta", "observada": "publicada", "resuelta": "publicada", "aprobada":
         "publicada", "firmada": "aprobada", "ejecutada": "firmada", "cumplida": "ejecutada",
         "certificada": "cumplida"}  # of a disposal: each may be said at one step alone
TOMBS = ("registro.eliminado", "expediente.eliminado")
ANSWERS = {ACTS[0]: "solicitud", ACTS[1]: "ajuste", "anulacion.negada": "solicitud",
           "tramite.enterado": "informe", "tramite.vobo_dado": "pedido",
           "tramite.informado": "en_vez", "tramite.vobo_pedido": "en_vez"}
class Falta(ValueError): """What does not verify, said for whoever reads the findings."""
def need(holds: object, why: str) -> None:
    if not holds: raise Falta(why)
def same(data: Data, **want: object) -> None:
    for name in want: need(write(data.get(name)) == write(want[name]), f"{name} no es el que debe")
def sha(*parts: bytes) -> bytes: return hashlib.sha256(b"".join(parts)).digest()
def kid(key: str) -> str: return sha(bytes.fromhex(key)).hex()[:16]
def year_of(at: str) -> int: return datetime.fromisoformat(at if AT.fullmatch(at) else "").year
def write(value: object) -> bytes:  # in the canonical form
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
def admitted(value: object, level: int = 1, keys: re.Pattern[str] = KEY) -> bool:
    if isinstance(value, dict): return level < 17 and all(keys.fullmatch(k) and admitted(
        v, level + 1, SERIES if k == "series" else KEY) for k, v in value.items())
    if isinstance(value, list): return level < 17 and all(admitted(v, level + 1) for v in value)
    if isinstance(value, str): return level < 17 and unicodedata.is_normalized("NFC", value)
    return level < 17 and (value is None or (isinstance(value, int) and abs(value) <= 2**53 - 1))
def parse(raw: bytes) -> Data:
    value: Data = json.loads(raw.decode())
    need(admitted(value) and write(value) == raw, "no está en la forma canónica"); return value
def signed(key: str, kind: str, what: bytes, signature: str) -> bool:  # no kind: without PAE
    name = f"application/vnd.ventanilla.{kind}.v1+json".encode()
    pae = b"DSSEv1 %d %s %d %s" % (len(name), name, len(what), what) if kind else what
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    with suppress(InvalidSignature): return public.verify(bytes.fromhex(signature), pae) is None
    return False
def pieces(path: Path, limit: int) -> Iterator[bytes]:  # lines with their ends, none beyond limit
    if path.exists():
        with path.open("rb") as file: yield from iter(lambda: file.readline(limit + 1), b"")
class Authority:  # what AUT's log, as a whole, says of keys, certificates and persons
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
    def holds_role(self, person: str, at: str, asked: tuple[str, ...]) -> bool:  # or stands in
        roles = {d["persona"]: d["roles"] for said, d in self.persons if said <= at}
        them = [d["de"] for d in self.charges if d["persona"] == person
                and d["desde"] <= at[:10] <= d["hasta"]]
        return any(role in roles.get(one, []) for one in [person, *them] for role in asked)
class Log:  # walked line by line; its first offence is raised, and `place` says where it is
    id = entity = key = delegation = hour = last = successor = ""; seq, epoch, prev = 0, 0, "0" * 64
    def __init__(self, folder: Path, punto: str, root: str, said: Authority | None) -> None:
        self.folder, self.punto, self.root, self.said, self.code = folder, punto, root, said, punto
        self.place, self.documents, self.asked = (f"journal/*/{punto}.jsonl", 0, 0), Data(), Data()
        self.keys, self.events = list[tuple[int, str, int]](), list[tuple[str, str, Data]]()
        self.newest, self.things, self.roots, self.frontier = Data(), Data(), [sha()], list[bytes]()
        self.series, self.actas, self.taken = Data(), Data(), set[str]()  # class/year → n, its seq
        self.where, self.bearer, self.tied = dict[str, str](), dict[str, str](), dict[str, str]()
        self.blank, self.held, self.graves = Data(), Data(), Data()  # erased: fichas, by subject
    def walk(self) -> None:
        for year in sorted(self.folder.glob("journal/" + "[0-9]" * 4)):
            name, offset = f"journal/{year.name}/{self.punto}", 0
            fichas = pieces(self.folder / f"{name}.fichas.jsonl", 2**24)
            for number, raw in enumerate(pieces(self.folder / f"{name}.jsonl", 65_535), 1):
                self.place, offset = (f"{name}.jsonl", number, offset), offset + len(raw)
                need(raw.endswith(b"\n"), "una línea cortada o demasiado larga")
                self.line(raw[:-1], int(year.name), fichas)
            need(next(fichas, None) is None, f"sobran fichas en {name}.fichas.jsonl")
        gone = {one for named in self.graves.values() for one in named}
        for one in self.blank:
            self.place = self.blank[one]; need(one in gone, "falta su ficha, y nadie lo ordenó")
        need(gone & self.taken <= self.blank.keys(), "sigue una ficha que se eliminó")
        if self.punto == "AUT" and not self.said: self.said = Authority(self.events)
    def line(self, raw: bytes, year: int, fichas: Iterator[bytes]) -> None:
        tail, body, own_hash = TAIL.fullmatch(raw), raw[5:-159], sha(raw).hex()
        if not tail: raise Falta("no tiene la forma de una línea")
        b, k, signature = parse(body), tail[1].decode(), tail[2].decode()
        kind, at, d, subject = b["type"], b["at"], b["data"], b["subject"]
        need(b.keys() - {"ficha"} == FIELDS and TYPE.fullmatch(kind) and b["actor"] + ".", "otro")
        need(year_of(at) <= year, "año posterior"); self.follow(kind, {**d}, b["epoch"])
        same(b, v=1, log=self.id, punto=self.punto, epoch=self.epoch, seq=self.seq, prev=self.prev,
             after=[self.newest[subject]] if subject in self.newest else [])
        need(k == kid(self.key) and signed(self.key, "evento", body, signature), "firma ajena")
        need(not self.said or self.said.holds(k, self.id, self.seq), "firma una llave revocada")
        if "ficha" in b:
            ficha = next(fichas, b"")
            own = sha(ficha[:-1]).hex() == b["ficha"] and ficha[-1:] == b"\n"
            if ficha == b"\n": self.blank[b["ficha"]] = self.place  # a tombstone has to name it
            else: need(own and SALT.fullmatch(parse(ficha[:-1])["sal"]), "su ficha es otra")
            need(b["ficha"] not in self.taken, "su ficha es de otro"); self.taken.add(b["ficha"])
        need(kind in TOMBS or self.owner(subject) not in self.graves, "habla de lo eliminado")
        named = HASHES.findall(body, body.index(b',"data":'), body.rindex(b',"log":'))
        if kind not in TOMBS: self.held.setdefault(subject, set()).update(named)
        self.rules(kind, b, d, own_hash); self.newest[subject] = self.prev = own_hash
        self.last, self.hour = kind, at if kind == "ajuste_reloj" else max(self.hour, at)
        self.events += [(at, kind, d)] if self.punto == "AUT" else []
        node, size, self.seq = sha(b"\0", raw), self.seq, self.seq + 1  # RFC 6962's tree grows
        while size & 1: node, size = sha(b"\1", self.frontier.pop(), node), size >> 1
        self.frontier.append(node)
        self.roots.append(reduce(lambda a, b: sha(b"\1", b, a), self.frontier[-2::-1], node))
    def follow(self, kind: str, d: Data, epoch: Any) -> None:
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
            good = (renews and self.punto == "AUT") or not self.said
            need(good or (self.said and (self.punto, key) in self.said.given), "AUT no la dio")
            self.keys.append((self.seq + 1, key, self.epoch))
    def rules(self, kind: str, b: Data, d: Data, line: str) -> None:  # what a line may say
        at, subject, good = b["at"], b["subject"], True
        own, came = (self.things.get(str(x), {}) for x in (subject, d.get("recepcion", subject)))
        if kind.startswith(OF_RECORD): same(d, radicado=own.get("radicado"))
        need(own.get("now") != "told" or kind[:6] == "acceso" or kind[8:] in (
            "nota", ".migrado"), "se importó")
        if kind in NUMBERED and own.get("by"):
            same(d, recepcion=None); good = self.asked.pop(d["aprobacion"], "") == subject
        elif kind in NUMBERED: same(b, subject=d["recepcion"]); same(d, aprobacion=None)
        if kind in ("radicado.asignado", "recepcion.descartada", "imagen.incorporada"):
            good &= came.get("now") == "open"; came["now"] = kind[:9]
            whose = {"rec": d.get("de"), "ima": subject}.get(kind[:3])  # no life but a record's
            if whose and whose != d["recepcion"]:
                self.tied[d["recepcion"]] = self.bearer.get(whose, whose)
        if kind in ("documento.recibido", "radicado.asignado"):
            good &= d.get("recibido", at) <= at and year_of(str(d.get("recibido", at))) > 0
        if kind in ("documento.recibido", "respuesta.presentada"):  # again: another version of it
            new = {"now": "open", "lane": d.get("carril", "ventanilla"), "image": d.get("sha256"),
                   "of": d.get("documento"), "by": line if kind[:9] == "respuesta" else "",
                   "asks": d.get("revisan", [])}
            self.things[subject], born = new, subject == f"{self.punto}.{self.seq}"
            good &= own["now"] == "open" and new["by"] != "" if own.get("by") else born
        elif kind == "registro.importado":  # another system's number: seen, and no more
            n = d["radicado"]; good = subject == f"{self.punto}.{self.seq}" and n not in self.taken
            roles = [*d.get("documentos", []), ("lote", d["lote"]), ("", d.get("historia"))]
            self.things[subject] = {**d, "now": "told", "image": dict(roles).get("original")}
            for rol, one in roles: self.name(one, subject if rol != "lote" else "lote")
            self.taken.add(n); self.bearer[n] = subject
        elif kind[:9] == "respuesta":
            same({"sha256": own["of"], **d, **own}, now="open", version=own["by"], sha256=own["of"])
            good = {*d.get("por", [])} <= {*own["asks"]}
            own.update({"retirada": {"now": ""}, "firmada": {"image": None}}.get(kind[10:], {}))
        elif kind[:5] == "envio":  # each addressee's attempts are counted from 1
            n, t = d.get("intento", 0), own.get(d["destinatario"], 0) + (kind[6:9] == "reg")
            own[d["destinatario"]] = t; good = (t - n) * (kind[6:9] == "reg") == 0 <= t - n
        elif kind == "recepcion.revivida":
            good, own["now"] = own["now"] == "recepcion", "open"; same(d, carril=own["lane"])
            self.tied.pop(subject, None)
        elif kind == "radicado.asignado":
            good &= d["clase"] != "ACTA" and d["radicado"] not in self.taken
            self.number(self.series, d, at, d["vigencia"], d["clase"], d["radicado"])
            own["radicado"] = d["radicado"]; self.bearer[d["radicado"]] = subject
            good &= d.get("imagen", own["image"]) == own["image"]
        elif kind in ("imagen.incorporada", "planilla.devuelta"):
            good &= d["sha256"] == came["image"]; kept = d.get("rol") == "acuse" or kind[0] == "p"
            if not kept: good &= not own["image"]; own["image"] = d["sha256"]
        elif kind == "planilla.creada":
            self.number(self.actas, d, at, d["vigencia"], "PL", d["planilla"])
            self.name(d["documento"], subject); self.things[subject] = own = d
        elif kind in ("expediente.abierto", "transferencia.preparada"):
            name, clase = kind.partition(".")[0], "EXP" if kind[0] == "e" else "TRF"
            self.number(self.actas, d, at, d["vigencia"], clase, d[name])
            self.things[subject] = own = {**d, "in": {}, "holds": {}}
        elif kind == "expediente.recibido":
            self.things[subject] = own = {**d, "in": {}, "holds": {}}
        elif kind in TOMBS: good = self.bury(subject, own, d)
        elif kind[:10] == "expediente": self.keep(kind[11:], own, d, line)
        elif kind == "eliminacion.propuesta":
            self.number(self.actas, d, at, d["vigencia"], "ELM", d["eliminacion"])
            self.things[subject] = own = {**d, "now": "propuesta", "asked": set(), "kept": set()}
            good = all(self.free(one, at[:10]) for one in d["expedientes"])
            if "muestra" in d: own["kept"] = self.drawn(d, d["muestra"])
        elif kind[:11] == "eliminacion": good = self.dispose(kind[12:], own, b, line)
        elif kind == "registro.migrado":
            good = subject in self.documents.get(d["de"], {}) and d["de"] != d["a"]
        elif kind == "fondo.inventariado":
            good = d["fondo"] not in self.taken; self.taken.add(d["fondo"])
            self.things[subject] = own = d
        elif kind.startswith(("registro", "acceso.v")): same(d, original=own["image"])
        elif kind == "serie.abierta":
            good = f"{d['clase']}/{d['vigencia']}" not in self.series and d["desde"] > 0
            self.series[f"{d['clase']}/{d['vigencia']}"] = (d["desde"] - 1, None)
        elif kind == "vigencia.abierta": same(d, vigencia=int(at[:4]))
        elif kind == "ancla": self.anchor(d)
        elif kind == "clave.rotada":
            good = signed(d["clave"], "", self.prev.encode(), d["prueba"]); self.key = d["clave"]
        elif kind == "epoca.cerrada": good = d["clave"] != self.key; self.successor = d["clave"]
        elif kind == "ajuste_reloj": good = at < self.hour == d["antes"]
        if kind.startswith(OWN): same(d, **{x: own.get(x) for x in [kind.partition(".")[0]]})
        if kind in (SIGNED[0], ACTS[0]): good &= own.setdefault(kind, line) == line  # only once
        if ASKS.fullmatch(kind): self.asked |= {line: subject, "en_vez": subject}  # or none
        if to := ANSWERS.get(kind): good &= self.asked.pop(d.get(to, to), "") == subject
        if kind in ("dia.cerrado", "vigencia.cerrada", "respaldo.hecho"):
            good &= d["tamano"] >= 0; same(d, raiz=self.roots[d["tamano"]].hex())
        if kind in ("radicado.anulado", "vigencia.cerrada"):
            year = d["vigencia" if kind == "radicado.anulado" else "acta_vigencia"]
            self.number(self.actas, d, at, year, "ACTA", d["acta"])
        sealed = kind in SIGNED or (kind.startswith(OWN) and "certificado" in d)
        if sealed and self.said: good &= (self.punto, d["certificado"]) in self.said.given
        need(good, f"{kind} no sigue las reglas de la sección 5, o no es de AUT su certificado")
        one = d["documento"] if kind in SIGNED[1:] else d.get(KEPT.get(kind[:3], ""))
        more = [d.get(x) for x in ("hoja", "recibo", "inventario") if kind.startswith(OWN)]
        more += [d.get({"registro.migrado": "a", "expediente.recibido": "trd"}.get(kind, ""))]
        for each in (one, *more) if d.get("catalogo") != "ca" else ():
            self.name(each, subject)
        if kind in ACTS and self.said: self.act({**d["acto"]}, b, {**d}, self.said)
    def name(self, document: Any, subject: str) -> None:
        if document: self.documents.setdefault(document, {}).setdefault(subject, self.place)
    def owner(self, subject: str) -> str:  # the record to which a reception belongs, or itself
        for _ in self.tied:
            if subject not in self.tied: break
            subject = self.tied[subject]
        return subject
    def dead(self) -> set[str]:  # subjects that keep no document: erased, or without a life
        return {s for s in {*self.things, *self.tied, *self.graves} if self.owner(s) in self.graves
                or self.things.get(s, {}).get("now") in ("recepcion", "imagen.in")}
    def free(self, expediente: str, day: str) -> bool:  # closed, still there, held by nobody
        own = self.things[f"expediente.{expediente}"]
        return own.get("now") == "cerrado" and not any(day <= h for h in own["holds"].values())
    def keep(self, what: str, own: Data, d: Data, line: str) -> None:  # an expediente
        if what in ("cerrado", "reabierto"): own["now"] = what
        if what == "retenido": own["holds"][line] = d.get("hasta", "9")
        if what == "liberado": own["holds"].pop(d["retencion"], None)
        if what == "incorporado" and "radicado" in d:
            own["in"][d["orden"]] = d["radicado"]; self.where[d["radicado"]] = d["expediente"]
        if what == "retirado": self.where.pop(own["in"].pop(d["orden"], ""), None)
    def drawn(self, d: Data, m: Data) -> set[str]:  # a sample, drawn again
        seed = sha(f"{d['eliminacion']}\n{self.roots[m['tamano']].hex()}".encode()).hex()
        same(m, raiz=self.roots[m["tamano"]].hex(), semilla=seed)
        for s in m["grupos"]:
            of = {e: self.things[f"expediente.{e}"]["serie"] for e in d["expedientes"]}
            own = [e for e in of if of[e] == s["serie"]]
            own.sort(key=lambda e: (sha(f"{seed}\n{e}".encode()), e))
            same(s, conservados=own[:-(-len(own) * s["porcentaje"] // 100)])
        return {e for s in m["grupos"] for e in s["conservados"]}
    def dispose(self, what: str, own: Data, b: Data, line: str) -> bool:
        d, day, left = b["data"], b["at"][:10], set(own["expedientes"]) - own["kept"]
        good = bool(STEPS.get(what, own["now"]) == own["now"])
        if what == "retirada": good = own["now"] in {*STEPS.values()} - {"ejecutada", "cumplida"}
        if what in ("publicada", "aprobada", "firmada", "ejecutada"):
            good &= bool(left) and all(self.free(one, day) for one in left)
        if what == "publicada": own["until"] = d["hasta"]; good &= d["desde"] == day < d["hasta"]
        if what == "observada": own["asked"].add(d["n"])
        if what == "resuelta": own["asked"].remove(d["n"]); own["kept"] |= {*d.get("excluye", [])}
        if what == "aprobada": good &= own["until"] < d["fecha"] <= day and not own["asked"]
        if what == "firmada": own.update(signature=line, signer=d["acto"]["person"])
        if what == "ejecutada":
            good &= d["acto"]["person"] != own["signer"] and "ficha" in b
            same(d, firma=own["signature"]); own["order"] = line
        if what == "cumplida": good &= all(f"expediente.{one}" in self.graves for one in left)
        if what not in ("observada", "resuelta"): own["now"] = what
        return good
    def bury(self, subject: str, own: Data, d: Data) -> bool:  # a tombstone, by two persons' order
        order = self.things[f"eliminacion.{d['eliminacion']}"]
        name = d.get("expediente") or self.where.get(d["radicado"]); same(d, orden=order["order"])
        records = [self.bearer.get(r, "") for r in own.get("in", {}).values()]
        also = [subject, *(one for one in self.tied if self.owner(one) == subject)]
        theirs = {one.decode() for each in also for one in self.held.get(each, ())}
        named = {*d.get("documentos", []), *d.get("fichas", [])}
        self.graves.setdefault(subject, set()).update(named); own["now"] = "gone"
        good = order["now"] == "ejecutada" and named <= theirs
        good &= {*records} <= {*self.graves, ""}
        return bool(good and name in {*order["expedientes"]} - order["kept"])
    def number(self, series: Data, d: Data, at: str, year: int, clase: str, text: str) -> None:
        n, seq = series.get(f"{clase}/{year}", (0, None)); same(d, n=n + 1, anterior=seq)
        rest = re.sub(rf"(?<!\d){year}(?!\d)", "-", text.replace(self.code, "-", 1), count=1)
        good = all(re.search(rf"(?<!\d)0*{n + 1}(?!\d)", part) for part in (text, rest))
        good = good and all(part in text for part in (str(year), self.code, clase))
        need(good and year == int(at[:4]), f"{text[:80]!r} no dice su año, código, clase y número")
        series[f"{clase}/{year}"] = (n + 1, self.seq); self.taken.add(text)
    def act(self, acto: Data, b: Data, data: Data, aut: Authority) -> None:
        person, at, firma, _ = acto["person"], acto["at"], acto.pop("firma"), data.pop("acto")
        what = write({**acto, **{name: b[name] for name in ("after", "log", "subject", "type")},
                      "payload": {"data": data, "ficha": b.get("ficha")}})
        keys = {d["clave"] for _, d in aut.persons if d["persona"] == person and "clave" in d}
        roles = ROLES.get(b["type"], ("jefe_correspondencia",))
        good = year_of(at) and (not roles or aut.holds_role(person, at, roles)) and any(
            signed(k, "acto", what, firma) for k in keys if aut.holds(kid(k), self.id, self.seq))
        need(good and acto.keys() == {"person", "at", "nonce"}, "el acto no es de quien podía")
    def anchor(self, d: Data) -> None:
        key, word = (self.key, self.delegation) if len(self.keys) > 1 else (None, None)
        same(d, frontera=[node.hex() for node in self.frontier], clave=key, delegacion=word,
             series={name: n for name, (n, _) in self.series.items()},
             serie=self.code if self.code != self.punto else None)
    def note(self, path: Path) -> None:  # C2SP: the tree's root at its size, by that size's key
        match, rows = NOTE.fullmatch(path.read_bytes().decode()), path.read_bytes().splitlines()
        if not match or len(set(rows)) < len(rows): raise Falta("no es un sello del diario")
        text, origin, size, raw = match[1], match[2], int(match[3]), base64.b64decode(match[5])
        need(path.name == f"{size:010d}.note" and size <= self.seq, "el diario tiene otro tamaño")
        _, key, epoch = [one for one in self.keys if one[0] <= size][-1]
        good = origin == f"ventanilla/{self.id}" + (f"/{epoch}" if epoch else "")
        need(good and match[4] == base64.b64encode(self.roots[size]).decode(), "es de otro árbol")
        mark = sha(origin.encode(), b"\n\1", bytes.fromhex(key))[:4]
        need(raw[:4] == mark and base64.b64encode(raw).decode() == match[5] and signed(
            key, "", text.encode(), raw[4:].hex()), "no lo firma su diario")
def revoked(folder: Path, said: list[Data]) -> None:  # the CA's last list holds all before it
    ca = x509.load_pem_x509_certificate((folder / "keys/ca.cert.pem").read_bytes())
    named = [d["sha256"] for d in said if d["catalogo"] == "crl"]; key: Any = ca.public_key()
    lists = [(one, x509.load_pem_x509_crl(path.read_bytes())) for one in named
             for path in folder.glob(f"vault/*/{one}.pem")]
    own = [(one, crl) for one, crl in lists if crl.is_signature_valid(key)]  # nobody's word binds
    numbers = [max([0, *(e.value.crl_number for e in crl.extensions
                         if isinstance(e.value, x509.CRLNumber))]) for _, crl in own]
    gone = [{row.serial_number for row in crl} for _, crl in own]
    good = not lists or bool(own and own[-1][0] == named[-1] and numbers[-1] == max(numbers))
    need(good and all(one <= gone[-1] for one in gone), "la última lista de revocados no es de la "
         "autoridad de certificación, o calla lo que dijo una anterior")
def examine(folder: Path, root: str) -> Data:
    found: Data = {"raiz": root, "diarios": {}, "hallazgos": [], "sellos": 0, "documentos": 0}
    def tried(at: Any, job: Callable[..., None], *given: Any) -> bool:
        try: need(not isinstance(at, Path) or at.is_file(), "no es un archivo"); job(*given)
        except Exception as error:  # data of another shape than the format's are an offence too
            f, n, b = (str(at), 0, 0) if isinstance(at, Path) else getattr(at, "place", at)
            why = str(error) if isinstance(error, Falta) else f"mal formado: {type(error).__name__}"
            found["hallazgos"] += [{"archivo": f, "linea": n, "byte": b, "que": why}]; return False
        return True
    puntos = {path.name.split(".")[0] for path in folder.glob("journal/*/*.jsonl")}
    aut, named, vault = Log(folder, "AUT", root, None), Data(), sorted(folder.glob("vault/[!.]*/*"))
    said, dead, gone = aut.said if tried(aut, aut.walk) else None, set[str](), set[str]()
    told = [d for _, kind, d in aut.events if said and kind == "catalogo.publicado"]
    if vault and told: tried(("keys/ca.crl.pem", 0, 0), revoked, folder, told)
    for punto in sorted(puntos if said else puntos - {"AUT"}):
        log = Log(folder, punto, root, said)
        if tried(log, log.walk):
            for one, by in log.documents.items(): named.setdefault(one, {}).update(by)
            dead |= log.dead(); gone |= {one for names in log.graves.values() for one in names}
            found["diarios"][punto] = {"lineas": log.seq, "raiz": log.roots[-1].hex()}
            for path in sorted(folder.glob(f"checkpoints/{punto}/[!.]*")):
                found["sellos"] += tried(path, log.note, path)
    found["documentos"] = sum(tried(p, lambda q: need(
        q.name[:65] == f"{sha(q.read_bytes()).hex()}.", "su SHA-256 es otro"), p) for p in vault)
    there = {path.name[:64] for path in vault}
    for one in sorted({*named, *gone}) if vault else []:
        by = named.get(one, {}); erased = one in gone and by.keys() <= dead
        why = "se eliminó y sigue ahí" if erased else "no está en vault/"
        at = next(iter(by.values()), ("vault/", 0, 0))
        tried(at, need, (one in there) != erased, f"el documento {one} {why}")
    return found
def main(words: list[str]) -> int:
    rest, root = [word for word in words if word != "--json"], ""
    i = rest.index("--raiz") if "--raiz" in rest else len(rest)
    home, given = Path(*(rest[:i] + rest[i + 2:])[:1]), "".join(rest[i + 1:i + 2])
    with suppress(OSError, ValueError):
        root = given if HEX.fullmatch(given) else Path(given or home / "keys/raiz.pub").read_text()
    if len(rest) != 1 + 2 * ("--raiz" in rest) or not home.is_dir() or not HEX.fullmatch(root):
        print(f"{__doc__}\nFalta la carpeta o su llave raíz.", file=sys.stderr); return 2
    found = examine(home, root[:64])
    texts = [f"{punto}: {one}" for punto, one in found["diarios"].items()] + [
        "HALLAZGO {archivo}, línea {linea}, byte {byte}: {que}".format(**one)
        for one in found["hallazgos"]] + [
        "Llave raíz {raiz}: compárela con la anotada. Verifican {documentos} documentos y {sellos} "
        "sellos; las firmas de los PDF no se miran aquí.".format(**found),
        "NO verifica." if found["hallazgos"] else "Todo verifica."]
    for text in [json.dumps(found)] if "--json" in words else texts:
        safe = "".join(c if c.isprintable() else "?" for c in text)
        print(safe.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))
    return 3 if found["hallazgos"] else 0
if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
