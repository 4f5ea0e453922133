"""What an insider who holds a punto's key may say, each a lie that both verifiers must refuse."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.records import forgery, golden
from tests.records.forgery import Body, Edit, forge, seq_of

Files = dict[str, bytes]
LATER = "2027-01-13T08:02:00.000-05:00"
REVIVED, FAX, FIRST = "VU1.4", "VU1.3", "VU1.2"
SCAN, DESK, TWICE = "VU1.5", "VU1.13", "VU1.11"
LIES: dict[str, Callable[[], Files]] = {}
FORMS = {
    "nothing said of the number before",
    "an original that is null",
    "the closing of a day that never was",
    "what only the authority says",
    "a series on the subject of another",
    "a stand-in on another's subject",
    "a person on another's subject",
    "a punto on another's subject",
    "another day's closing",
    "another year's closing",
    "a year opened on another's subject",
    "a log opened on another subject",
    "an ancla on another subject",
    "an ancla: another last seq",
    "an ancla: not sorted",
    "an ancla: nothing open",
    "an ancla: open in another lane",
    "an ancla: an open one more",
    "an ancla: an empty lane",
    "an ancla: another hour",
    "an ancla: another ficha",
    "an ancla: no ficha yet",
    "an ancla: another year",
    "an ancla: an acta more",
    "an ancla: no actas",
}
"""Lies of one who holds the punto's key about the form of a field, the log or the subject on which
a type stands, or what an `ancla` repeats: the second verifier does not judge them, as the format's
page says."""


def said(**fields: Any) -> Edit:
    """An edit that puts *fields* into `data`; an Ellipsis takes one out."""

    def edit(body: Body) -> None:
        for name, value in fields.items():
            if value is ...:
                body["data"].pop(name, None)
            else:
                body["data"][name] = value

    return edit


def whole(**fields: Any) -> Edit:
    """An edit of the body itself."""
    return lambda body: body.update(fields)


def both(*edits: Edit) -> Edit:
    def edit(body: Body) -> None:
        for one in edits:
            one(body)

    return edit


def lie(name: str, kind: str, edit: Edit, n: int = 0, punto: str = "VU1", **more: Any) -> None:
    """The *n*-th event of a type is changed."""

    def told() -> Files:
        return forge(punto, {seq_of(punto, kind, n): edit}, **more)

    assert name not in LIES, name
    LIES[name] = told


def event(kind: str, subject: str, data: dict[str, Any], at: str = LATER, **more: Any) -> Edit:
    return whole(type=kind, subject=subject, data=data, at=at, **more)


def added(name: str, *edits: Edit, punto: str = "VU1") -> None:
    """Events are added at the end."""
    assert name not in LIES, name
    LIES[name] = lambda: forge(punto, more=edits)


def data_of(punto: str, kind: str, n: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = forgery.body_of(forgery.rows(punto)[seq_of(punto, kind, n)][1])["data"]
    return data


def hash_of(punto: str, kind: str, n: int = 0) -> str:
    return golden.lines.sha256(forgery.rows(punto)[seq_of(punto, kind, n)][1])


# -- numbers --------------------------------------------------------------------------------------
NUMBER = "radicado.asignado"
lie("a gap", NUMBER, said(n=43, radicado="2026-VU1-E-000043"), 1)
lie("a repeat", NUMBER, said(n=41, radicado="2026-VU1-E-000041"), 1)
lie("a repeat under another spelling", NUMBER, said(n=41, radicado="2026-VU1-E-0000041"), 1)
lie("zero", NUMBER, said(n=0, radicado="2026-VU1-S-000000"), 2)
lie("the year before", NUMBER, said(vigencia=2025, radicado="2025-VU1-S-000001"), 2)
lie("the year after", NUMBER, said(vigencia=2027, radicado="2027-VU1-S-000001"), 2)
lie("another number before", NUMBER, said(anterior=3), 1)
lie("no number before", NUMBER, said(anterior=None), 1)
lie("nothing said of the number before", NUMBER, said(anterior=...), 2)
lie("a number before a first one", NUMBER, said(anterior=1), 2)
lie("a number without reception", NUMBER, said(recepcion=...), 1)
lie("a number by approval", NUMBER, said(recepcion=..., aprobacion="VU1.3"), 1)
lie("a number for a reception that never was", NUMBER, said(recepcion="VU1.999"), 1)
lie("a number for another's reception", NUMBER, said(recepcion=REVIVED), 1)
lie("a number on another's subject", NUMBER, whole(subject=REVIVED), 1)
lie("a number of the actas' class", NUMBER, said(clase="ACTA", radicado="2026-VU1-ACTA-000001"), 2)
lie("a class in lower case", NUMBER, said(clase="s", radicado="2026-VU1-s-000001"), 2)
lie("a radicado without its punto", NUMBER, said(radicado="2026-XX-E-000042"), 1)
lie("a radicado without its year", NUMBER, said(radicado="VU1-E-000042"), 1)
lie("a radicado without its class", NUMBER, said(radicado="2026-VU1-X-000042"), 1)
lie("a radicado with another number", NUMBER, said(radicado="2026-VU1-E-000043"), 1)
lie("a radicado with a longer number", NUMBER, said(radicado="2026-VU1-E-0000421"), 1)
lie("another's original", NUMBER, said(imagen="ab" * 32), 1)
lie("an original that is not there yet", NUMBER, said(imagen="ab" * 32), 3)
lie("received after it was numbered", NUMBER, said(recibido="2026-11-23T08:07:00.001-05:00"), 1)
lie("received on a day that never was", NUMBER, said(recibido="2026-02-30T08:00:00.000-05:00"), 1)
lie("a number said as true", NUMBER, said(n=True), 2)
lie("a year said as a text", NUMBER, said(vigencia="2026"), 2)
again = event("serie.abierta", "serie.e", {**data_of("VU1", "serie.abierta")})
added("a series opened after its numbers", both(again, said(vigencia=2027)))
fresh = {"clase": "T", "vigencia": 2027, "desde": 5, "acto": "x"}
added("a series opened twice", *[event("serie.abierta", "serie.t", dict(fresh)) for _ in "12"])
lie("a series that begins at zero", "serie.abierta", said(desde=0))
lie("a series on the subject of another", "serie.abierta", whole(subject="serie.s"))
lie("numbers go on below the series' opening", "serie.abierta", said(desde=40))

# -- receptions and records -----------------------------------------------------------------------
RECEIVED = "documento.recibido"
lie("a reception under another's name", RECEIVED, whole(subject="VU1.77"), 6)
lie("a reception from the future", RECEIVED, said(recibido="2026-11-24T00:00:00.000-05:00"))
lie("a reception at no hour", RECEIVED, said(recibido="2026-11-23T24:00:00.000-05:00"))
lie("a reception with an odd hash", RECEIVED, said(sha256="AB" * 32))
lie("an original that is null", RECEIVED, said(sha256=None), 5)
lie("revived in another lane", "recepcion.revivida", said(carril="fax"))
lie("revived on another's subject", "recepcion.revivida", whole(subject=FAX))
lie("another revived", "recepcion.revivida", said(recepcion=FAX))
added(
    "revived without discard",
    event("recepcion.revivida", FIRST, {"recepcion": FIRST, "carril": "ventanilla"}),
)
added(
    "discarded after its number",
    event("recepcion.descartada", FIRST, {"recepcion": FIRST, "motivo": "otro"}),
)
added(
    "discarded twice", event("recepcion.descartada", TWICE, {"recepcion": TWICE, "motivo": "otro"})
)
lie("another discarded", "recepcion.descartada", said(recepcion=FIRST), 1)
lie("a discard on another's subject", "recepcion.descartada", whole(subject=FIRST), 1)
IMAGE = "imagen.incorporada"
lie("another's image", IMAGE, said(sha256="ab" * 32))
lie("the image of a closed reception", IMAGE, said(recepcion=FAX))
lie("an image on another's record", IMAGE, whole(subject=FIRST))
lie("an image under another's number", IMAGE, said(radicado="2026-VU1-E-000041"))
late = [event(RECEIVED, "VU1.55", {"reclamo": "r", "sha256": "ab" * 32})]
late += [event(IMAGE, DESK, {**data_of("VU1", IMAGE), "recepcion": "VU1.55", "sha256": "ab" * 32})]
added("a second image", *late)
SEAL = "registro.sellado"
lie("the seal of another's original", SEAL, said(original="ab" * 32))
lie("a seal under another's number", SEAL, said(radicado="2026-VU1-E-000042"))
lie("a seal on another's record", SEAL, whole(subject=FAX))
lie("a seal by a certificate never admitted", SEAL, said(certificado="ab" * 32))
lie("a seal by another punto's certificate", SEAL, said(certificado=golden.fingerprint("VU2")))
added("sealed twice", event(SEAL, FIRST, data_of("VU1", SEAL)))
lie("issued under another's number", "documento.expedido", said(radicado="2026-VU1-E-000042"))
lie("issued on another's record", "documento.expedido", whole(subject=FAX))
lie("issued by a certificate never admitted", "documento.expedido", said(certificado="ab" * 32))
lie("corrected under another's number", "radicado.rectificado", said(radicado="2026-VU1-E-000042"))
lie("corrected on what has no number", "radicado.rectificado", whole(subject=TWICE))

# -- annulment, actas, acts of persons ------------------------------------------------------------
ASKED, DENIED, ANNULLED = "anulacion.solicitada", "anulacion.negada", "radicado.anulado"
lie("asked under another's number", ASKED, said(radicado="2026-VU1-E-000041"))
lie("asked for what has no number", ASKED, whole(subject=TWICE))
lie("denied what nobody asked", DENIED, said(solicitud="ab" * 32))
lie("denied under another's number", DENIED, said(radicado="2026-VU1-E-000041"))
lie("denied on another's record", DENIED, whole(subject=FIRST))
signed = whole(_acto="marta")
lie("annulled without request", ANNULLED, both(said(solicitud="ab" * 32), signed))
lie(
    "annulled by a request that was denied",
    ANNULLED,
    both(lambda b: b["data"].update(solicitud=hash_of("VU1", ASKED, 0)), signed),
)
lie(
    "annulled by what is no request",
    ANNULLED,
    both(lambda b: b["data"].update(solicitud=hash_of("VU1", NUMBER, 0)), signed),
)
lie("annulled under another's number", ANNULLED, both(said(radicado="2026-VU1-E-000041"), signed))
lie(
    "another's number annulled",
    ANNULLED,
    both(said(radicado="2026-VU1-E-000041"), whole(subject=FIRST), signed),
)
lie("an acta that is not the next", ANNULLED, both(said(n=2, acta="2026-VU1-ACTA-000002"), signed))
lie("an acta after none", ANNULLED, both(said(anterior=1), signed))
lie(
    "an acta of another year",
    ANNULLED,
    both(said(vigencia=2025, acta="2025-VU1-ACTA-000001"), signed),
)
lie("an acta that says another number", ANNULLED, both(said(acta="2026-VU1-ACTA-000003"), signed))
lie("an acta of another punto", ANNULLED, both(said(acta="2026-XX-ACTA-000001"), signed))
lie(
    "an acta of the epoch before",
    ANNULLED,
    both(said(acta="2026-VU1-ACTA-000001"), whole(_acto="marta.2")),
    1,
)
lie(
    "actas that go on in a new epoch",
    ANNULLED,
    both(said(acta="2026-VU1R1-ACTA-000002", n=2), whole(_acto="marta.2")),
    1,
)


def act_of(**fields: Any) -> Edit:
    return lambda body: body["data"]["acto"].update(fields)


def by(name: str) -> Edit:
    """Signed by another, or with another's key."""
    return lambda body: golden.sign_act(body, name)


def by_key(name: str, person: str) -> Edit:
    def edit(body: Body) -> None:
        acto = {**body["data"]["acto"], "person": person}
        acto["firma"] = golden.key_of(name).sign(golden.act_bytes(body, acto)).hex()
        body["data"]["acto"] = acto

    return edit


def over(**fields: Any) -> Edit:
    """The act was signed over other words of the event's body."""

    def edit(body: Body) -> None:
        acto, other = body["data"]["acto"], {**body, **fields}
        acto["firma"] = golden.key_of("marta").sign(golden.act_bytes(other, acto)).hex()

    return edit


lie("an act by a person without the role", ANNULLED, by("luis"))
lie("an act by a person without a key", ANNULLED, by_key("marta", "ana"))
lie("an act by nobody known", ANNULLED, by_key("marta", "nadie"))
lie("an act with another's key", ANNULLED, by_key("luis", "marta"))
lie("an act with the punto's key", ANNULLED, by_key("VU1", "marta"))
lie("an act with a revoked key", ANNULLED, by_key("marta", "marta"), 1)
lie(
    "an act before the person had the role",
    ANNULLED,
    both(act_of(at="2026-11-22T10:02:59.999-05:00"), over()),
)
lie("an act over another subject", ANNULLED, over(subject=FIRST))
lie("an act over another type", ANNULLED, over(type=DENIED))
lie("an act over another log", ANNULLED, over(log="ab" * 8))
lie("an act after something else", ANNULLED, over(after=[]))
lie("an act over another ficha", ANNULLED, over(ficha=None))
lie("an act over other data", ANNULLED, said(motivo="otro"))
lie(
    "an act replayed",
    ANNULLED,
    lambda b: b["data"].update(acto=data_of("VU1", ANNULLED, 0)["acto"]),
    1,
)
lie("an act of another day", ANNULLED, act_of(at="2026-11-24T08:00:00.000-05:00"))
lie("an act with another nonce", ANNULLED, act_of(nonce="ab" * 16))
lie("an act with a field nobody signed", ANNULLED, act_of(nota="firmado"))
lie("an act without its person", ANNULLED, lambda b: b["data"]["acto"].pop("person"))
lie("an act that is a text", ANNULLED, said(acto="marta"))
lie("no act at all", ANNULLED, said(acto=...))
asks = {"radicado": "2026-VU1-E-000042"}
fax = [event(ASKED, FAX, asks)]
grant = {
    "radicado": "2026-VU1-E-000042",
    "vigencia": 2027,
    "n": 2,
    "acta": "2027-VU1R1-ACTA-000002",
}


def granted(body: Body) -> None:
    request = body["prev"]
    seq = seq_of("VU1", "vigencia.cerrada")
    data = {**grant, "anterior": seq, "solicitud": request}
    event(ANNULLED, FAX, data)(body)
    body.update(after=[request], _after=True, _acto="marta.2")


added("annulled twice", *fax, granted)
other = [event(ASKED, "VU1.20", {"radicado": "2026-VU1-E-000044"})]


def granted_for_another(body: Body) -> None:
    request = body["prev"]
    data = {**grant, "anterior": seq_of("VU1", "vigencia.cerrada"), "solicitud": request}
    data["radicado"] = "2026-VU1-E-000041"
    event(ANNULLED, FIRST, data)(body)
    body.update(_acto="marta.2")


def denied_for_another(body: Body) -> None:
    data = {"radicado": "2026-VU1-E-000041", "solicitud": body["prev"]}
    event(DENIED, FIRST, data)(body)


added("annulled by the request for another", *other, granted_for_another)
added("denied by the request for another", *other, denied_for_another)
CLOSED = "vigencia.cerrada"
second = whole(_acto="marta.2")
lie(
    "a year closed with a wrong acta",
    CLOSED,
    both(said(n=2, acta="2027-VU1R1-ACTA-000002"), second),
)
lie(
    "a year closed with last year's acta",
    CLOSED,
    both(said(acta_vigencia=2026, acta="2026-VU1R1-ACTA-000001"), second),
)
lie("a year closed by another", CLOSED, by("luis"))
lie(
    "a year closed by a certificate never admitted",
    CLOSED,
    both(said(certificado="ab" * 32), second),
)
lie("another year's closing", CLOSED, both(whole(subject="vigencia.VU1.2025"), second))
lie("a year's closing of another tree", CLOSED, both(said(raiz="ab" * 32), second))
lie("a day's closing of another tree", "dia.cerrado", said(raiz="ab" * 32))
lie("a day's closing of a tree to come", "dia.cerrado", said(tamano=50))
lie("a day's closing of no tree", "dia.cerrado", said(tamano=-1))
lie("another day's closing", "dia.cerrado", whole(subject="dia.VU1.2026-11-22"))
lie(
    "the closing of a day that never was",
    "dia.cerrado",
    both(said(fecha="2026-11-31"), whole(subject="dia.VU1.2026-11-31")),
)
lie("a day closed by a certificate never admitted", "dia.cerrado", said(certificado="ab" * 32))
lie("a backup of another tree", "respaldo.hecho", said(raiz="ab" * 32))
lie("a backup of more than there is", "respaldo.hecho", said(tamano=99))

# -- hours ----------------------------------------------------------------------------------------
ADJUSTED, RATIFIED = "ajuste_reloj", "ajuste_reloj.ratificado"
lie("an adjustment that hides the hour", ADJUSTED, said(antes="2026-11-24T17:00:00.000-05:00"))
lie("an adjustment forward", ADJUSTED, whole(at="2026-12-24T08:00:00.000-05:00"))
lie("an adjustment on another's subject", ADJUSTED, whole(subject="reloj.VU2"))
lie("ratified what was never adjusted", RATIFIED, both(said(ajuste="ab" * 32), whole(_acto="luis")))
lie(
    "ratified on another's subject", RATIFIED, both(whole(subject="reloj.VU2"), whole(_acto="luis"))
)
lie(
    "ratified out of the stand-in's days",
    RATIFIED,
    both(act_of(at="2026-11-24T23:59:59.999-05:00"), lambda b: golden.sign_act(b, "luis")),
)
lie("ratified by one who may not", RATIFIED, by_key("marta", "ana"))


def ratified(body: Body) -> None:
    event(RATIFIED, "reloj.VU1", data_of("VU1", RATIFIED), actor="marta", _acto="marta.2")(body)


added("ratified twice", ratified)
lie("another year opened", "vigencia.abierta", said(vigencia=2028))
lie("a year opened on another's subject", "vigencia.abierta", whole(subject="vigencia.VU1.2026"))
lie("an hour of a year to come", RECEIVED, whole(at="2027-01-01T00:00:00.000-05:00"), 6)
lie("an hour that never was", RECEIVED, whole(at="2026-11-23T23:59:60.000-05:00"), 6)
lie("another zone", RECEIVED, whole(at="2026-11-23T08:00:00.000-04:00"), 6)
lie("digits of another script", RECEIVED, whole(at="2026-11-23T08:00:00.00٣-05:00"), 6)

# -- anchors --------------------------------------------------------------------------------------
ANCHOR = "ancla"
lie("an ancla: a number more", ANCHOR, lambda b: b["data"]["series"].update({"E/2026": 44}))
lie("an ancla: a series less", ANCHOR, lambda b: b["data"]["series"].pop("S/2026"))
lie("an ancla: a series more", ANCHOR, lambda b: b["data"]["series"].update({"T/2026": 1}))
lie("an ancla: true for one", ANCHOR, lambda b: b["data"]["series"].update({"S/2026": True}))
lie("an ancla: another frontier", ANCHOR, lambda b: b["data"]["frontera"].reverse())
lie("an ancla: no frontier", ANCHOR, said(frontera=[]))
lie("an ancla: another last seq", ANCHOR, lambda b: b["data"]["ultimos"][0].__setitem__(2, 1))
lie("an ancla: not sorted", ANCHOR, lambda b: b["data"]["ultimos"].reverse())
lie("an ancla: nothing open", ANCHOR, said(abiertas={}))
lie("an ancla: open in another lane", ANCHOR, said(abiertas={"ventanilla": [20]}))
lie("an ancla: an open one more", ANCHOR, said(abiertas={"fax": [20], "ventanilla": [11]}))
lie("an ancla: an empty lane", ANCHOR, said(abiertas={"fax": [20], "ventanilla": []}))
lie("an ancla: another hour", ANCHOR, said(hora="2026-11-23T08:00:00.000-05:00"))
lie("an ancla: another ficha", ANCHOR, said(ficha="ab" * 32))
lie("an ancla: no ficha yet", ANCHOR, said(ficha=""))
lie("an ancla: another year", ANCHOR, said(vigencia=2027))
lie("an ancla: an acta more", ANCHOR, said(actas=[[2026, 1, 3]]))
lie("an ancla: no actas", ANCHOR, said(actas=[]), 1)
lie("an ancla: another code", ANCHOR, said(serie="VU1R1"))
lie("an ancla: silent of the code", ANCHOR, said(serie=...), 4)
lie("an ancla: its own code said", ANCHOR, said(serie="VU1"))
lie("an ancla: silent of the key", ANCHOR, said(clave=..., delegacion=...), 1)
lie("an ancla: silent of the root's word", ANCHOR, said(delegacion=...), 1)
lie("an ancla: another key", ANCHOR, said(clave=golden.public("VU2")), 1)
lie("an ancla: a key where the first holds", ANCHOR, said(clave=golden.public("VU1")))
lie("an ancla: another word of the root", ANCHOR, said(delegacion="ab" * 64), 1)
lie("an ancla on another subject", ANCHOR, whole(subject="reloj.VU1"))

# -- keys, epochs ---------------------------------------------------------------------------------
ROTATED, RESTORED = "clave.rotada", "restauracion"


def delegated(by_whom: str, name: str, epoch: int, punto: str = "VU1") -> str:
    word = golden.lines.delegation_bytes(golden.public(name), golden.ENTITY, epoch, punto)
    return golden.key_of(by_whom).sign(word).hex()


def later(epoch: int, serie: str, name: str = "VU1.3", punto: str = "VU1") -> Edit:
    """A new epoch of that number and code, by the root's word for it."""
    word = delegated("raiz", name, epoch, punto)
    return both(whole(epoch=epoch), said(serie=serie, delegacion=word))


lie("an epoch without the root's word", RESTORED, said(delegacion=delegated("VU1.2", "VU1.3", 1)))
lie(
    "an epoch by the word for the old one", RESTORED, said(delegacion=delegated("raiz", "VU1.3", 0))
)
lie(
    "an epoch by the word for another",
    RESTORED,
    said(delegacion=delegated("raiz", "VU1.3", 1, "VU2")),
)
lie("an epoch signed by the old key", RESTORED, whole(), keys={seq_of("VU1", RESTORED): "VU1.2"})
lie(
    "an epoch with the old key",
    RESTORED,
    said(clave=golden.public("VU1.2"), delegacion=delegated("raiz", "VU1.2", 1)),
    keys={seq_of("VU1", RESTORED): "VU1.2"},
)
lie(
    "an epoch with a key AUT never gave",
    RESTORED,
    said(clave=golden.public("luis"), delegacion=delegated("raiz", "luis", 1)),
    keys={seq_of("VU1", RESTORED): "luis"},
)
lie("an epoch that keeps its series", RESTORED, said(serie="VU1"))
lie("an epoch with a series of its choice", RESTORED, said(serie="VU1R9"))
lie("a later epoch under the next one's code", RESTORED, later(2, "VU1R1"))
lie("an epoch that is none", RESTORED, whole(epoch=0))
lie(
    "numbers go on in a new epoch",
    NUMBER,
    said(n=45, anterior=seq_of("VU1", NUMBER, 5), radicado="2026-VU1R1-E-000045"),
    6,
)
lie("a new epoch's number under the old code", NUMBER, said(radicado="2026-VU1-E-000001"), 6)
lie("an epoch that goes back", RESTORED, later(0, "VU1R0"))
lie("an epoch that is true", RESTORED, later(True, "VU1RTrue"))
lie("an epoch before the last one", RESTORED, later(1, "VU2R1", "VU2.4", "VU2"), 1, "VU2")
lie("the same epoch again", RESTORED, later(1, "VU2", "VU2.4", "VU2"), 1, "VU2")
lie("another key goes on after a closing", RESTORED, said(serie="VU2"), 1, "VU2")
lie(
    "another key's first number goes on after a closing",
    NUMBER,
    said(n=3, anterior=6, radicado="2026-VU2R3-E-000003"),
    2,
    "VU2",
)
lie("a closing for the key in force", "epoca.cerrada", said(clave=golden.public("VU2")), 0, "VU2")
lie(
    "a closing for another key than went on",
    "epoca.cerrada",
    said(clave=golden.public("VU2.3")),
    0,
    "VU2",
)
lie("a move that changes the series", RESTORED, said(serie="VU2R1"), punto="VU2")
lie(
    "a move and numbers anew",
    NUMBER,
    said(n=1, anterior=None, radicado="2026-VU2-E-000001"),
    1,
    "VU2",
)
lie("a line in another epoch", NUMBER, whole(epoch=1), 1)
closing = event("epoca.cerrada", "log", {"clave": golden.public("luis")})
added("a line after the epoch was closed", closing, event(RECEIVED, "VU1.56", {"reclamo": "r"}))
lie("a rotation without proof", ROTATED, said(prueba="ab" * 64))
lie(
    "a rotation by the word for another epoch",
    ROTATED,
    said(delegacion=delegated("raiz", "VU1.2", 1)),
)
lie("a rotation without the root's word", ROTATED, said(delegacion=delegated("VU1", "VU1.2", 0)))
opening = {**data_of("VU1", "log.abierto")}
added("a log that is opened twice", event("log.abierto", "log", opening))
lie(
    "a log opened in a later epoch",
    "log.abierto",
    both(whole(epoch=1), said(delegacion=delegated("raiz", "VU1", 1))),
)
lie("a log opened for another", "log.abierto", said(punto="VU2"))
lie("a log of another entity", "log.abierto", said(entidad="Otra"))
lie(
    "a log of another root",
    "log.abierto",
    said(raiz=golden.public("marta"), delegacion=delegated("marta", "VU1", 0)),
)
lie("a log opened on another subject", "log.abierto", whole(subject="reloj.VU1"))
lie("another log's identity", RECEIVED, whole(log="ab" * 8), 3)
lie("another punto's line", RECEIVED, whole(punto="VU2"), 3)
lie("a seq left out", RECEIVED, lambda b: b.update(seq=b["seq"] + 1), 3)
lie("another line before", RECEIVED, whole(prev="ab" * 32), 3)
lie("a version to come", RECEIVED, whole(v=2), 3)
lie("a version that is true", RECEIVED, whole(v=True), 3)
lie("a field more", RECEIVED, whole(nota="x"), 3)
lie("an empty ficha", "serie.abierta", whole(ficha=None))
lie("a type in capitals", RECEIVED, whole(type="Documento.recibido"), 3)
lie("after nothing", NUMBER, whole(after=[], _after=True), 1)
lie("after something else", NUMBER, whole(after=["ab" * 32], _after=True), 1)
lie("after a later one twice", NUMBER, lambda b: b.update(after=b["after"] * 2, _after=True), 1)
lie("another punto's key signs", RECEIVED, whole(), 3, keys={seq_of("VU1", RECEIVED, 3): "VU2"})
lie("the old key goes on", NUMBER, whole(), 5, keys={seq_of("VU1", NUMBER, 5): "VU1"})
added(
    "what only the authority says",
    event("persona.alta", "persona.pepe", {"persona": "pepe", "roles": ["jefe_correspondencia"]}),
)
added("a reception of the authority", event(RECEIVED, "AUT.28", {"reclamo": "r"}), punto="AUT")

# -- what AUT says --------------------------------------------------------------------------------
REVOKED, KEYED, ADMITTED = "clave.revocada", "punto.llave", "punto.alta"
lie(
    "revoked from an earlier line",
    REVOKED,
    lambda b: b["data"]["tamanos"].update(dict.fromkeys(b["data"]["tamanos"], 36)),
    punto="AUT",
)
lie("revoked from the first line", REVOKED, said(tamanos={}), punto="AUT")
lie("a person's key revoked from the first line", REVOKED, said(tamanos={}), 1, punto="AUT")
lie("a size that is a text", REVOKED, said(tamanos={"ab" * 8: "1"}), punto="AUT")
lie("a key never given", KEYED, said(clave=golden.public("luis")), 1, punto="AUT")
lie(
    "a punto never admitted",
    ADMITTED,
    both(said(punto="VU9"), whole(subject="punto.VU9")),
    2,
    punto="AUT",
)
lie("a certificate never given", ADMITTED, said(certificado="ab" * 32), 1, punto="AUT")
lie("the head's role never given", "persona.cambiada", said(roles=["admin"]), punto="AUT")
lie("the head's key never given", "persona.alta", said(clave=golden.public("luis")), 1, punto="AUT")
lie("a stand-in for another", "encargo", said(de="ana"), punto="AUT")
lie("a stand-in of later days", "encargo", said(desde="2026-11-26"), punto="AUT")
lie("a stand-in on another's subject", "encargo", whole(subject="persona.marta"), punto="AUT")
lie("a person on another's subject", "persona.alta", whole(subject="persona.luis"), punto="AUT")
lie("a punto on another's subject", ADMITTED, whole(subject="punto.VU9"), 2, punto="AUT")
lie("AUT's key by rotation never given", KEYED, said(clave=golden.public("luis")), 2, punto="AUT")


def exchanged() -> Files:
    name = "journal/2026/VU1.fichas.jsonl"
    out, (one, two, *rest) = dict(forgery.files()), forgery.files()[name].splitlines(keepends=True)
    return {**out, name: b"".join([two, one, *rest])}


def shared() -> Files:
    """Two events name one ficha, and it lies there twice."""
    name = "journal/2026/VU1.fichas.jsonl"
    kept = forgery.files()[name].splitlines(keepends=True)
    digest = golden.lines.sha256(kept[0][:-1])
    out = forge("VU1", {seq_of("VU1", RECEIVED, 1): whole(ficha=digest)})
    return {**out, name: b"".join([kept[0], kept[0], *kept[2:]])}


def ficha_of(raw: bytes) -> Files:
    """The first ficha is another, and its event names it."""
    name = "journal/2026/VU1.fichas.jsonl"
    kept = forgery.files()[name].splitlines(keepends=True)
    out = forge("VU1", {seq_of("VU1", RECEIVED): whole(ficha=golden.lines.sha256(raw))})
    anchor = out  # the ancla names the last ficha, which stays
    return {**anchor, name: b"".join([raw + b"\n", *kept[1:]])}


LIES["fichas exchanged"] = exchanged
LIES["a ficha shared by two"] = shared
LIES["a ficha without salt"] = partial(ficha_of, b'{"archivo":"x"}')
LIES["a ficha with a short salt"] = partial(ficha_of, b'{"sal":"ab"}')
LIES["a ficha that is no object"] = partial(ficha_of, b'["sal"]')
LIES["a ficha with blanks"] = partial(ficha_of, b'{"sal": "' + b"ab" * 16 + b'"}')

# -- second spellings of the same value, signed ---------------------------------------------------
SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "an escaped letter": lambda b: b.replace(b'"ana"', b'"\\u0061na"'),
    "an escaped slash": lambda b: b.replace(b'"n\\u', b'"n\\u').replace(b"x/y", b"x\\/y"),
    "an escaped accent": lambda b: b.replace("é".encode(), b"\\u00e9"),
    "a decomposed accent": lambda b: b.replace("é".encode(), "e\u0301".encode()),
    "upper hex in an escape": lambda b: b.replace(b"\\u001f", b"\\u001F"),
    "a raw control": lambda b: b.replace(b"\\u001f", b"\x1f"),
    "a long escape of a newline": lambda b: b.replace(b"\\n", b"\\u000a"),
    "a blank after a colon": lambda b: b.replace(b'"v":1', b'"v": 1'),
    "a blank at the end": lambda b: b + b" ",
    "a blank before": lambda b: b" " + b,
    "a tab": lambda b: b.replace(b",", b",\t", 1),
    "a carriage return": lambda b: b + b"\r",
    "keys in another order": lambda b: b'{"v":1,' + b[1:].replace(b',"v":1}', b"}"),
    "a key twice": lambda b: b'{"actor":"ana",' + b[1:],
    "a key twice, last": lambda b: b[:-1] + b',"v":1}',
    "a fraction": lambda b: b.replace(b'"v":1', b'"v":1.0'),
    "an exponent": lambda b: b.replace(b'"v":1', b'"v":1e0'),
    "minus zero": lambda b: b.replace(b'"cero":0', b'"cero":-0'),
    "a leading zero": lambda b: b.replace(b'"cero":0', b'"cero":00'),
    "a plus": lambda b: b.replace(b'"v":1', b'"v":+1'),
    "too great": lambda b: b.replace(b'"cero":0', b'"cero":9007199254740992'),
    "far too great": lambda b: b.replace(b'"cero":0', b'"cero":' + b"9" * 6000),
    "not a number": lambda b: b.replace(b'"cero":0', b'"cero":NaN'),
    "infinity": lambda b: b.replace(b'"cero":0', b'"cero":-Infinity'),
    "a ficha that is null": lambda b: b.replace(b',"log"', b',"ficha":null,"log"'),
    "a lone surrogate": lambda b: b.replace(b'"ana"', b'"\\ud800"'),
    "a surrogate in bytes": lambda b: b.replace(b'"ana"', b'"\xed\xa0\x80"'),
    "an escaped pair": lambda b: b.replace(b'"ana"', b'"\\ud83d\\ude00"'),
    "odd UTF-8": lambda b: b.replace(b'"ana"', b'"\xc1\xa1na"'),
    "a byte order mark": lambda b: b"\xef\xbb\xbf" + b,
    "another encoding": lambda b: b.decode().encode("utf-16-le"),
    "a key in capitals": lambda b: b.replace(b'"cero"', b'"Cero"'),
    "a key with an accent": lambda b: b.replace(b'"cero"', '"ñero"'.encode()),
    "a series' key elsewhere": lambda b: b.replace(b'"cero"', b'"E/2026"'),
    "a plain key in series": lambda b: b.replace(b'"cero":0', b'"series":{"e":1}'),
    "seventeen levels": lambda b: b.replace(b'"cero":0', b'"cero":' + b"[" * 15 + b"]" * 15),
    "very many levels": lambda b: b.replace(b'"cero":0', b'"cero":' + b"[" * 30000 + b"]" * 30000),
    "a comment": lambda b: b + b"/**/",
    "two values": lambda b: b + b"{}",
    "an array": lambda b: b"[" + b + b"]",
    "nothing": lambda b: b"",
    "a line that is too long": lambda b: b.replace(b'"cero":0', b'"cero":"' + b"x" * 65_600 + b'"'),
}
TEXT = "é x/y \x1f\n"


def respelled(name: str) -> Files:
    """The last event of VU2, with one value in a second spelling, signed as it stands."""
    plain = event(
        "recuperacion",
        "log",
        {"bytes": 0, "cero": 0, "motivo": TEXT},
        at="2026-11-24T09:00:00.000-05:00",
        actor="ana",
    )

    def spelled(body: bytes) -> bytes:
        out = SPELLINGS[name](body)
        assert out != body or name == "plain", name
        return out

    return forge("VU2", more=(plain,), spelled=spelled)


SPELLINGS["plain"] = lambda b: b


# -- what came to a record after its image ---------------------------------------------------------
def receipt(subject: str = DESK, **more: Any) -> tuple[Edit, Edit]:
    """A further document that comes and is filed to a record."""
    data = {**data_of("VU1", IMAGE), "recepcion": "VU1.55", "sha256": "ab" * 32, "rol": "acuse"}
    return late[0], event(IMAGE, subject, {**data, "lectura": "cd" * 32, **more})


added("an acuse under another's number", *receipt(radicado="2026-VU1-E-000041"))
added("an acuse on another's record", *receipt(FIRST))
added("an acuse of a closed reception", *receipt(recepcion=TWICE))

TRUE = {"plain": lambda: respelled("plain")}
TRUE["another actor"] = lambda: forge("VU1", {1: whole(actor="luis")})
TRUE["another motive"] = lambda: forge(
    "VU1", {seq_of("VU1", "recepcion.descartada"): said(motivo="prueba")}
)
TRUE["an acuse"] = lambda: forge("VU1", more=receipt())
TRUE["another actor of AUT"] = lambda: forge("AUT", {1: whole(actor="luis")})
TRUE["an unknown field"] = lambda: forge("VU1", {2: said(nuevo={"a": [1, None]}, raiz="x")})
TRUE["sixteen levels"] = lambda: forge("VU1", {2: said(nuevo=json_levels(13))})
TRUE["lines more"] = lambda: forge(
    "VU1", more=(event(RECEIVED, "VU1.55", {"reclamo": "r"}), closing)
)
TRUE["an epoch skipped"] = lambda: forge(
    "VU2", {seq_of("VU2", RESTORED, 1): later(3, "VU2R3", "VU2.4", "VU2")}
)
TRUE["received a moment before"] = lambda: forge("VU1", {2: said(recibido=...)})


def json_levels(n: int) -> Any:
    value: Any = 1
    for _ in range(n):
        value = [value]
    return value
