"""Writes docs/format/completo: logs of three puntos that hold every type of event, byte for byte.

    python -m tests.records.golden FOLDER

Nothing here is secret and nothing is drawn by lot: keys, salts and hours follow the rules that
docs/format/README.md, section 10, tells. Lines are sealed by `records.lines`; an `ancla` says what
`records.tail` gives.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from records import checkpoint, lines
from records import tail as tails
from records.lines import Line
from records.tail import Tail

ENTITY = "Alcaldía de Prueba"
ACT = "application/vnd.ventanilla.acto.v1+json"
MANIFEST = "MANIFIESTO"


def key_of(name: str) -> Ed25519PrivateKey:
    """The key whose seed is SHA-256 of a name; the root's is 32 bytes 01."""
    seed = bytes([1]) * 32 if name == "raiz" else hashlib.sha256(name.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def public(name: str) -> str:
    return lines.raw_public(key_of(name)).hex()


def certificate(name: str) -> x509.Certificate:
    """A certificate that the test CA gives; it signs nothing here."""
    subject, issuer = (
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)]) for text in (name, "ca")
    )
    builder = x509.CertificateBuilder(
        issuer,
        subject,
        key_of(name).public_key(),
        int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"),
        datetime(2026, 1, 1),
        datetime(2036, 1, 1),
    )
    return builder.sign(key_of("ca"), None)


def fingerprint(name: str) -> str:
    return lines.sha256(certificate(name).public_bytes(Encoding.DER))


def revocations() -> bytes:
    """The CA's list of revoked certificates, as `keys/ca.crl.pem` holds it."""
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ca")])
    gone = x509.RevokedCertificateBuilder().serial_number(certificate("VU1.2").serial_number)
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer)
    builder = builder.last_update(datetime(2026, 12, 1)).next_update(datetime(2036, 1, 1))
    builder = builder.add_revoked_certificate(gone.revocation_date(datetime(2026, 12, 1)).build())
    return builder.sign(key_of("ca"), None).public_bytes(Encoding.PEM)


class Scribe:
    """Writes one punto's log into memory, as a program that follows the format would."""

    def __init__(self, book: Book, punto: str) -> None:
        self.book, self.punto = book, punto
        self.tail = Tail(punto)
        self.key = key_of(punto)
        self.heads: dict[str, str] = {}
        self.raws: list[bytes] = []
        self.year = 0

    def add(
        self,
        at: str,
        kind: str,
        data: dict[str, Any],
        subject: str = "log",
        *,
        ficha: dict[str, Any] | None = None,
        actor: str = "ana",
        signs: str = "",
        act_at: str = "",
        epoch: int | None = None,
    ) -> Line:
        """Add one event; *signs* names the person whose act it holds."""
        seq = self.tail.seq + 1
        stamp = f"{at}.000-05:00"
        self.year = max(self.year, int(at[:4]))
        after = [self.heads[subject]] if subject in self.heads else []
        body: dict[str, Any] = {
            "v": 1,
            "log": self.tail.log,
            "punto": self.punto,
            "epoch": self.tail.epoch if epoch is None else epoch,
            "seq": seq,
            "prev": self.tail.prev,
            "at": stamp,
            "actor": actor,
            "type": kind,
            "subject": subject,
            "after": after,
            "data": dict(data),
        }
        if kind == "log.abierto":
            body["log"] = lines.log_id(ENTITY, lines.raw_public(self.key))
        if ficha is not None:
            salt = lines.sha256(f"{self.punto}{seq}".encode())[:32]
            raw = lines.canonical({**ficha, "sal": salt})
            body["ficha"] = lines.sha256(raw)
            self.book.put(self._path("fichas.jsonl"), raw + b"\n")
        if signs:
            sign_act(body, signs, act_at)
        line = lines.seal_line(body, self.key)
        self.heads[subject] = line.hash
        self.raws.append(line.raw)
        self.book.put(self._path("jsonl"), line.raw + b"\n")
        tails.advance(self.tail, lines.read_line(line.raw))
        return line

    def _path(self, ending: str) -> str:
        return f"journal/{self.year}/{self.punto}.{ending}"

    def open(self, at: str) -> None:
        self.add(
            at,
            "log.abierto",
            {
                "entidad": ENTITY,
                "punto": self.punto,
                "clave": public(self.punto),
                "raiz": public("raiz"),
                "delegacion": self.delegation(self.punto, 0),
            },
        )

    def delegation(self, name: str, epoch: int) -> str:
        said = lines.delegation_bytes(public(name), ENTITY, epoch, self.punto)
        return key_of("raiz").sign(said).hex()

    def anchor(self, at: str) -> None:
        said = lines.parse(msgspec.json.encode(self.tail.anchor(), order="sorted"))
        self.add(at, "ancla", said, actor="sistema")

    def rotate(self, at: str, name: str) -> None:
        proof = key_of(name).sign(self.tail.prev.encode()).hex()
        epoch = self.tail.epoch
        data = {"clave": public(name), "delegacion": self.delegation(name, epoch), "prueba": proof}
        self.add(at, "clave.rotada", data, actor="marta")
        self.key = key_of(name)

    def close(self, at: str, name: str, **where: Any) -> None:
        """A planned move: the key *name* alone goes on with the series."""
        data = {"clave": public(name), **where}
        self.add(at, "epoca.cerrada", data, ficha={"motivo": "mudanza"}, actor="marta")

    def restore(
        self, at: str, name: str, serie: str, epoch: int | None = None, **known: Any
    ) -> None:
        self.key, epoch = key_of(name), epoch or self.tail.epoch + 1
        data = {
            "clave": public(name),
            "delegacion": self.delegation(name, epoch),
            "serie": serie,
            "autoriza": "marta",
            **known,
        }
        why = {"motivo": "mudanza" if serie == self.tail.serie else "se dañó el disco"}
        self.add(at, "restauracion", data, ficha=why, actor="marta", epoch=epoch)

    def receive(self, at: str, text: str | None, *, pila: str = "", **more: Any) -> str:
        subject = f"{self.punto}.{self.tail.seq + 1}"
        data: dict[str, Any] = {"reclamo": f"{self.punto}-{self.tail.seq + 1}", **more}
        if text is not None:
            raw = text.encode()
            data |= {"sha256": self.book.document(raw, "txt"), "bytes": len(raw), "formato": "txt"}
        ficha = {"archivo": "carta.txt", **({"pila": pila} if pila else {})}
        self.add(at, "documento.recibido", data, subject, ficha=ficha)
        return subject

    def number(self, at: str, subject: str, clase: str = "E", **more: Any) -> str:
        year = int(at[:4])
        end = self.tail.series.get((clase, year))
        n = end.n + 1 if end else 1
        text = f"{year}-{self.tail.serie}-{clase}-{n:06d}"
        data = {
            "radicado": text,
            "clase": clase,
            "vigencia": year,
            "n": n,
            "anterior": end.seq if end else None,
            "recepcion": subject,
            **more,
        }
        ficha = {"remitente": "Peña Ñáñez, José", "asunto": "Solicitud «con eñes»"}
        self.add(at, "radicado.asignado", data, subject, ficha=ficha)
        return text

    def seal(self, at: str, subject: str, radicado: str, original: str, name: str = "") -> None:
        raw = f"%PDF-1.7 sello de {radicado}".encode()
        data = {
            "radicado": radicado,
            "sha256": self.book.document(raw, "pdf"),
            "original": hashlib.sha256(original.encode()).hexdigest(),
            "paginas": 1,
            "bytes": len(raw),
            "certificado": fingerprint(name or self.punto),
        }
        self.add(at, "registro.sellado", data, subject, actor="sistema")

    def tree(self) -> dict[str, Any]:
        return {
            "tamano": self.tail.seq + 1,
            "raiz": checkpoint.root(self.tail.frontier).hex(),
        }

    def signed_document(self, text: str, name: str = "") -> dict[str, Any]:
        raw = f"%PDF-1.7 {text}".encode()
        return {
            "documento": self.book.document(raw, "pdf"),
            "certificado": fingerprint(name or self.punto),
        }

    def acta(self, year: int) -> dict[str, Any]:
        end = self.tail.actas.get(year)
        n = end.n + 1 if end else 1
        text = f"{year}-{self.tail.serie}-ACTA-{n:06d}"
        return {"acta": text, "n": n, "anterior": end.seq if end else None}

    def note(self) -> None:
        """A signed note (C2SP) over the log as it stands, by its key in force."""
        epoch = f"/{self.tail.epoch}" if self.tail.epoch else ""
        origin = f"ventanilla/{self.tail.log}{epoch}"
        size, root = self.tail.seq + 1, checkpoint.root(self.tail.frontier)
        text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
        raw = lines.raw_public(self.key)
        mark = hashlib.sha256(origin.encode() + b"\n\x01" + raw).digest()[:4]
        blob = base64.b64encode(mark + self.key.sign(text.encode())).decode()
        name = f"checkpoints/{self.punto}/{size:010d}.note"
        self.book.put(name, f"{text}\n— {origin} {blob}\n".encode())


def act_bytes(body: dict[str, Any], acto: dict[str, str]) -> bytes:
    """What a person signs: the event *body* as it will be, and *acto*'s own fields."""
    said = {
        **{name: body[name] for name in ("after", "log", "subject", "type")},
        **{name: acto[name] for name in ("at", "nonce", "person")},
        "payload": {
            "data": {k: v for k, v in body["data"].items() if k != "acto"},
            "ficha": body.get("ficha"),
        },
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return lines.pae(ACT, text.encode())


def sign_act(body: dict[str, Any], name: str, at: str = "") -> None:
    """Put a person's own signature into the event *body*; *name* is of the person's key."""
    old = body["data"].get("acto", {})
    acto = {
        "person": name.partition(".")[0],
        "at": at or old.get("at") or body["at"],
        "nonce": lines.sha256(f"acto{body['punto']}{body['seq']}".encode())[:32],
    }
    acto["firma"] = key_of(name).sign(act_bytes(body, acto)).hex()
    body["data"]["acto"] = acto


class Book:
    """The files of the folder, by their names in it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, name: str, more: bytes) -> None:
        self.files[name] = self.files.get(name, b"") + more

    def document(self, raw: bytes, ending: str) -> str:
        digest = hashlib.sha256(raw).hexdigest()
        self.files[f"vault/{digest[:2]}/{digest}.{ending}"] = raw
        return digest


def first_punto(book: Book) -> Scribe:
    """VU1: all that befalls letters; a rotation, a clock that ran ahead, a restored epoch."""
    vu = Scribe(book, "VU1")
    day = "2026-11-23T"
    vu.open(f"{day}08:00:00")
    serie = {"clase": "E", "vigencia": 2026, "desde": 41, "acto": "Resolución 014 de 2026"}
    vu.add(f"{day}08:01:00", "serie.abierta", serie, "serie.e", actor="marta")
    first = vu.receive(f"{day}08:02:00", "carta uno", recibido=f"{day}08:01:30.000-05:00")
    fax = vu.receive(f"{day}08:03:00", "fax dos", carril="fax", canal="fax", fuente="fax")
    junk = vu.receive(f"{day}08:04:00", "publicidad")
    scan = vu.receive(f"{day}08:05:00", "papel del mostrador")
    one = vu.number(f"{day}08:06:00", first, folios=2, tipo="peticion", dependencia="120")
    image = hashlib.sha256(b"fax dos").hexdigest()
    two = vu.number(f"{day}08:07:00", fax, imagen=image, lote="a1")
    gone = {"recepcion": junk, "motivo": "otro"}
    vu.add(f"{day}08:08:00", "recepcion.descartada", gone, junk, ficha={"nota": "un catálogo"})
    vu.add(
        f"{day}08:09:00",
        "recepcion.revivida",
        {"recepcion": junk, "carril": "ventanilla"},
        junk,
    )
    vu.number(f"{day}08:10:00", junk, "S")
    twice = vu.receive(f"{day}08:11:00", "repetida")
    gone = {"recepcion": twice, "motivo": "duplicado", "de": one}
    vu.add(f"{day}08:12:00", "recepcion.descartada", gone, twice)
    desk = vu.receive(f"{day}08:13:00", None, carril="mostrador")
    three = vu.number(f"{day}08:14:00", desk)
    filed = {"radicado": three, "recepcion": scan}
    filed["sha256"] = hashlib.sha256(b"papel del mostrador").hexdigest()
    vu.add(f"{day}08:15:00", "imagen.incorporada", filed, desk, actor="sistema")
    vu.seal(f"{day}08:16:00", first, one, "carta uno")
    vu.seal(f"{day}08:17:00", desk, three, "papel del mostrador")
    vu.number(f"{day}08:18:00", vu.receive(f"{day}08:17:30", "interna"), "I")
    issued = {"rol": "constancia", "radicado": one, **vu.signed_document("constancia")}
    vu.add(f"{day}08:19:00", "documento.expedido", issued, first)
    waits = vu.receive(f"{day}08:20:00", "espera", carril="fax")
    asked = vu.add(
        f"{day}09:00:00",
        "anulacion.solicitada",
        {"radicado": two},
        fax,
        ficha={"motivo": "se radicó dos veces"},
    )
    denied = {"radicado": two, "solicitud": asked.hash}
    vu.add(f"{day}09:10:00", "anulacion.negada", denied, fax, ficha={"motivo": "no"}, actor="marta")
    vu.add(
        f"{day}16:59:00",
        "dia.cerrado",
        {"fecha": "2026-11-23", **vu.tree(), **vu.signed_document("cierre del 23")},
        "dia.VU1.2026-11-23",
    )
    vu.note()

    day = "2026-11-24T"
    vu.anchor(f"{day}08:00:00")
    lost = {"motivo": "cola_rota", "bytes": 412, "sha256": lines.sha256(b"cola")}
    vu.add(f"{day}08:00:01", "recuperacion", lost, actor="sistema")
    asked = vu.add(
        f"{day}08:01:00",
        "anulacion.solicitada",
        {"radicado": two},
        fax,
        ficha={"motivo": "ahora sí"},
    )
    vu.add(
        f"{day}08:05:00",
        "radicado.anulado",
        {"radicado": two, "vigencia": 2026, "solicitud": asked.hash, **vu.acta(2026)},
        fax,
        ficha={"motivo": "duplicado"},
        actor="marta",
        signs="marta",
        act_at=f"{day}08:04:58.500-05:00",
    )
    issued = {"rol": "acta", "radicado": two, **vu.signed_document("acta de anulación")}
    vu.add(f"{day}08:06:00", "documento.expedido", issued, fax, actor="marta")
    vu.add(
        f"{day}08:10:00",
        "radicado.rectificado",
        {"radicado": one, "antes": {"folios": 2}, "despues": {"folios": 3}},
        first,
        ficha={"motivo": "mal contados", "antes": {}, "despues": {"asunto": "otro asunto"}},
    )
    vu.rotate(f"{day}09:00:00", "VU1.2")
    vu.anchor(f"{day}09:00:01")
    vu.number(f"{day}09:01:00", waits)
    backup = {"manifiesto": lines.sha256(b"manifiesto"), **vu.tree(), "archivos": 40, "bytes": 9000}
    vu.add(f"{day}17:00:00", "respaldo.hecho", backup)
    # The clock ran ahead by a month.
    vu.receive("2026-12-24T08:00:00", "del futuro")
    moved = vu.add(
        "2026-11-25T08:00:00",
        "ajuste_reloj",
        {"antes": vu.tail.at},
        "reloj.VU1",
        ficha={"motivo": "el reloj estaba un mes adelantado"},
    )
    vu.anchor("2026-11-25T08:00:01")
    vu.add(
        "2026-11-25T09:00:00",
        "ajuste_reloj.ratificado",
        {"ajuste": moved.hash},
        "reloj.VU1",
        actor="luis",
        signs="luis",
    )
    # The disk was lost, and a backup does not know the last lines.
    vu.anchor("2026-12-01T08:00:00")
    vu.restore(
        "2026-12-01T08:00:01",
        "VU1.3",
        "VU1R1",
        sabido_seq=vu.tail.seq + 3,
        sabido_hash=lines.sha256(b"perdida"),
    )
    kept = {"desde": vu.tail.seq, "lineas": 3, "sha256": lines.sha256(b"rama")}
    vu.add("2026-12-01T08:05:00", "bifurcacion.conservada", kept)
    again = vu.receive("2026-12-01T08:06:00", "tras la restauración")
    text = vu.number("2026-12-01T08:07:00", again)
    vu.seal("2026-12-01T08:08:00", again, text, "tras la restauración", "VU1.3")
    asked = vu.add(
        "2026-12-02T08:00:00", "anulacion.solicitada", {"radicado": text}, again, ficha={}
    )
    vu.add(
        "2026-12-02T08:01:00",
        "radicado.anulado",
        {"radicado": text, "vigencia": 2026, "solicitud": asked.hash, **vu.acta(2026)},
        again,
        ficha={"motivo": "prueba"},
        actor="marta",
        signs="marta.2",
    )
    vu.anchor("2026-12-02T08:02:00")
    # The year after, more than a week later; the vigencia before is closed.
    vu.anchor("2027-01-12T08:00:00")
    year = {"vigencia": 2027}
    vu.add("2027-01-12T08:01:00", "vigencia.abierta", year, "vigencia.VU1.2027", actor="marta")
    closed = vu.acta(2027)
    vu.add(
        "2027-01-12T08:02:00",
        "vigencia.cerrada",
        {
            "vigencia": 2026,
            "acta_vigencia": 2027,
            **closed,
            **vu.tree(),
            **vu.signed_document("cierre de 2026", "VU1.3"),
        },
        "vigencia.VU1.2026",
        actor="marta",
        signs="marta.2",
    )
    last = vu.receive("2027-01-12T08:03:00", "la primera del año")
    vu.number("2027-01-12T08:04:00", last)
    vu.anchor("2027-01-13T08:00:00")
    # A type that today's programs do not know is kept.
    vu.add("2027-01-13T08:01:00", "futuro.tipo", {"clave": [1, None, True]}, last)
    vu.note()
    return vu


def second_punto(book: Book) -> Scribe:
    """VU2: a planned move, whose series go on; another, of which only an old backup is left."""
    vu = Scribe(book, "VU2")
    vu.open("2026-11-23T10:00:00")
    vu.number(
        "2026-11-23T10:02:00", vu.receive("2026-11-23T10:01:00", "a la sede dos"), tipo="queja"
    )
    waits = vu.receive("2026-11-23T10:03:00", "espera la mudanza")
    vu.close("2026-11-23T11:00:00", "VU2.2", destino="el equipo nuevo")
    vu.restore("2026-11-23T12:00:00", "VU2.2", "VU2")
    vu.number("2026-11-23T12:01:00", waits)
    vu.anchor("2026-11-24T08:00:00")
    vu.note()
    # The home was closed for VU2.3 and lost on its way, after it had begun epoch 2 there.
    vu.close("2026-11-24T17:00:00", "VU2.3")
    vu.restore("2026-11-25T08:00:00", "VU2.4", "VU2R3", 3)
    vu.number("2026-11-25T08:02:00", vu.receive("2026-11-25T08:01:00", "en la época tres"))
    vu.anchor("2026-11-26T08:00:00")
    vu.note()
    return vu


def authority(book: Book, first: Scribe, second: Scribe) -> Scribe:
    """AUT: who is who, and from when; written after the others only because it names their ids."""
    aut = Scribe(book, "AUT")
    day = "2026-11-22T"
    aut.open(f"{day}10:00:00")

    def point(at: str, punto: str, name: str = "", epoch: int | None = None) -> None:
        data: dict[str, Any] = {"punto": punto, "clave": public(name or punto)}
        data["certificado"] = fingerprint(name or punto)
        kind = "punto.alta"
        if epoch is not None:
            kind, data["epoch"] = "punto.llave", epoch
        aut.add(at, kind, data, f"punto.{punto}")

    def person(at: str, who: str, roles: list[str], key: str = "", kind: str = "alta") -> None:
        data: dict[str, Any] = {"persona": who, "roles": roles}
        if key:
            data["clave"] = public(key)
        ficha = {"nombre": who.title(), "cargo": "Técnica"}
        aut.add(at, f"persona.{kind}", data, f"persona.{who}", ficha=ficha)

    point(f"{day}10:00:01", "AUT")
    point(f"{day}10:00:02", "VU1")
    for n, (name, digest) in enumerate(
        {
            "ca": fingerprint("ca"),
            "config": book.document(b"# config.toml de prueba\n", "toml"),
        }.items()
    ):
        aut.add(
            f"{day}10:01:0{n}",
            "catalogo.publicado",
            {"catalogo": name, "sha256": digest},
            f"catalogo.{name}",
        )
    person(f"{day}10:02:00", "ana", ["ventanilla"])
    person(f"{day}10:03:00", "marta", ["admin", "jefe_correspondencia"], "marta")
    person(f"{day}10:04:00", "luis", ["ventanilla"], "luis")
    area = {"codigo": "120", "nombre": "Oficina Asesora Jurídica", "jefe": "luis"}
    aut.add(f"{day}10:05:00", "area.alta", area, "area.120")
    aut.add(f"{day}10:06:00", "clave.frase", {"llave": "raiz"}, "clave.raiz")
    day = "2026-11-23T"
    aut.anchor(f"{day}09:00:00")
    point(f"{day}09:30:00", "VU2")
    point(f"{day}11:30:00", "VU2", "VU2.2", 1)
    stands = {"persona": "luis", "de": "marta", "desde": "2026-11-25", "hasta": "2026-11-30"}
    stands["acto"] = "Resolución 020 de 2026"
    aut.add(f"{day}15:00:00", "encargo", stands, "persona.luis")
    # AUT's own clock ran ahead, and what it said meanwhile held before.
    person("2026-12-23T08:00:00", "marta", ["jefe_correspondencia"], kind="cambiada")
    aut.add(
        "2026-11-24T07:00:00",
        "ajuste_reloj",
        {"antes": aut.tail.at},
        "reloj.AUT",
        ficha={"motivo": "un mes adelantado"},
    )
    point("2026-11-24T08:30:00", "VU1", "VU1.2", 0)
    point("2026-11-24T08:40:00", "AUT", "AUT.2", 0)
    aut.rotate("2026-11-24T08:50:00", "AUT.2")
    point("2026-11-25T07:30:00", "VU2", "VU2.4", 3)
    aut.anchor("2026-12-01T07:00:00")
    point("2026-12-01T07:30:00", "VU1", "VU1.3", 1)
    lost = next(n for n, raw in enumerate(first.raws) if b'"restauracion"' in raw)
    revoked: dict[str, Any] = {
        "clave": public("VU1.2"),
        "tamanos": {first.tail.log: lost},
        "certificado": fingerprint("VU1.2"),
        "punto": "VU1",
    }
    aut.add("2026-12-01T09:00:00", "clave.revocada", revoked, "punto.VU1")
    crl = {"catalogo": "crl", "sha256": book.document(revocations(), "pem")}
    aut.add("2026-12-01T09:01:00", "catalogo.publicado", crl, "catalogo.crl")
    mine = {first.tail.log: lost, second.tail.log: 5}
    revoked = {"clave": public("marta"), "tamanos": mine, "persona": "marta"}
    aut.add("2026-12-01T09:02:00", "clave.revocada", revoked, "persona.marta")
    person("2026-12-01T09:03:00", "marta", ["jefe_correspondencia"], "marta.2", "cambiada")
    aut.close("2026-12-01T18:00:00", "AUT.3")
    aut.restore("2026-12-01T19:00:00", "AUT.3", "AUT")
    aut.anchor("2027-01-12T07:00:00")
    aut.note()
    return aut


def build() -> dict[str, bytes]:
    """Every file of the folder, `MANIFIESTO` among them."""
    book = Book()
    first, second = first_punto(book), second_punto(book)
    authority(book, first, second)
    book.put("keys/ca.crl.pem", revocations())
    return finished(book, "AUT", "VU1", "VU2")


def finished(book: Book, *puntos: str) -> dict[str, bytes]:
    """The files of *book* with the root's key, certificates and the manifest."""
    book.put("keys/raiz.pub", f"{public('raiz')}\n".encode())
    for name in ("ca", *puntos):
        book.put(f"keys/{name}.cert.pem", certificate(name).public_bytes(Encoding.PEM))
    rows = [f"{lines.sha256(raw)}  {name}\n" for name, raw in sorted(book.files.items())]
    return {**book.files, MANIFEST: "".join(rows).encode()}


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write the folder anew."""
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


if __name__ == "__main__":
    write(build(), Path(sys.argv[1]))
