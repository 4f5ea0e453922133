"""What the office's own letters teach of where a letter goes: counts, and a suggestion; pure.

Of every letter received and numbered it is counted, once each, in which área's letters a word
stands: nothing else is kept, so no letter's text can be had from it. A new letter's words then say
how the letters that had them were shared out (naive Bayes, in the form P(área | word) / P(área),
with Laplace's additions in proportion to each área's letters). Where an área's name claims a word
(`records.matters`) some letters more are imagined that went there. What stands in all letters
weighs little; few words decide, so that a figure can be told for each. The constants were chosen
with `bench.sugerencia`, on wordings that its history does not have.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from records.numbering import RECEIVED
from records.tramite import UNASSIGNED
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from records.state import State

ALL = ""
"""The feature that every letter has: by it the letters of an área are counted."""
KIND = "tipo:"
READ, MOST = 12_000, 600
"""Characters of a letter that are looked at, and different words of it that count."""
FEWEST = 15
"""Of fewer letters nothing is read: only the names of áreas speak."""
LEAST = 20
"""Below this confidence nothing is suggested."""
_SHOWN, _OTHERS = 3, 3
"""How many áreas are told at most, and the least confidence of the second and third."""
_DECIDE = 12
_ADDED, _ADDED_SENDER, _NAMED = 2.0, 1.0, 4.0
"""Imagined letters: shared out as all letters are (Laplace), and to the áreas that claim a word."""
_YOUNG = 4.0
"""Letters of an área, on average, with which what is counted weighs half: before, what is imagined
weighs more, by the square."""
_RARE, _CLEAR, _ENOUGH, _CLAIMED = 3, 2.0, 3, 0.8
_SUBJECT = 1.5
_COOL = 1.5
"""Words of one letter repeat each other: their sum is divided."""
_NEVER_SURER, _UNTRIED, _TRIED = 0.97, 0.12, 8
"""Nothing is surer than the first; an área without letters is less sure by the second, and by half
of it with so many letters."""
_WORD = re.compile(r"[^\W\d_]{3,24}")
_IDLE_WORDS = """
    que los las una uno unos unas del por con para sin sobre entre hasta desde como mas pero
    porque cuando donde cual cuales quien quienes este esta estos estas ese esa esos esas aquel
    aquella eso esto fue ser son soy sea era han has hay haya habia sido tiene tengo tienen
    tener muy tan sus mis nos les ante bajo cada todo toda todos todas otro otra otros otras
    mismo misma tambien segun solo asi aun hace hacer hago usted ustedes ello ella ellos ellas
    dicho dicha cuyo cuya mediante conforme respecto senor senora senores doctor doctora asunto
    referencia ciudad cordial saludo atentamente cordialmente atento atenta respetuosamente
    favor presente agradezco gracias respuesta solicito solicitud peticion derecho pido carta
    oficio fecha nombre cedula ciudadania telefono celular correo direccion firma anexo anexos
    adjunto copia quiero queremos quisiera quisieramos necesito necesitamos pedimos ruego
    rogamos deseo deseamos requiero requerimos exijo exigimos espero esperamos agradecemos
    presento adjuntamos aporto allego remito remitimos envio enviamos informo informamos
    comunico manifiesto escribo permito dirijo acudo llamo nuestro nuestra nuestros nuestras dos
    tres cuatro cinco seis siete ocho nueve diez doce quince veinte treinta primero primera
    segundo segunda tercero ultimo ultima ano anos mes meses semana semanas dia dias hora horas
    hoy ayer manana tarde noche siempre nunca ahora antes despues luego aqui alli alla cerca
    lejos frente lado parte vez veces mucho mucha muchos muchas poco poca pocos algo alguien
    alguno alguna algunos algunas nada nadie ninguno ninguna tanto tanta bien mal mejor peor
    mayor gran grande nuevo nueva viejo pesos mil millones puede pueden puedo podemos poder
    podria podrian debe deben debo debemos debia dice dicen dijo dijeron decir hacen hizo
    hicieron hecho haga hagan haciendo estoy estan estamos estaba estaban estado estar seria
    sera seran fueron eran somos llevo lleva llevan llevamos llego llegan llega llegaron viene
    vienen vino van voy vamos iba ido queda quedo quedan paso pasa pasan sigue siguen sale salio
    tuvo tenia teniendo tendra habra haber saber sabe cuanto cuanta cuantos pues entonces ademas
    aunque mientras durante hacia contra menos tampoco igual cosa cosas caso casos forma manera
    razon motivo fin tema virtud efecto efectos articulo numero ley colaboracion pronta pronto
    inquietud constitucion politica ejercicio consagrado calidad persona personas gente
    estimados buenos buenas tardes enero febrero marzo abril mayo junio julio agosto septiembre
    octubre noviembre diciembre
"""
_IDLE = frozenset(_IDLE_WORDS.split())


class Suggestion(msgspec.Struct, frozen=True):
    """An área, how probably it is the one (0 to 100), and why, for a clerk."""

    dependencia: str
    confianza: int
    motivo: str
    cartas: bool = True
    """Letters speak for it, and not its name alone."""


class History(msgspec.Struct, frozen=True):
    """What was counted of one letter's features."""

    cartas: Mapping[str, int]
    """Área → letters."""
    rasgos: Mapping[str, Mapping[str, int]]
    """Feature → área → letters that have it."""
    remitente: tuple[str, Sequence[str]] | None = None
    """By what the sender was found, and where his letters went, the newest first."""


def taught_by(state: State) -> str | None:
    """The área that a record is an example of; None where it is none.

    Not what was annulled, nor what is or was classified: its words are not shown beside others'
    letters, also after its last day. Nor what a batch numbered as it stood: nobody looked at its
    área, and a suggestion that was merely let stand is no reason for the next.
    """
    number = state.numero
    area = state.publicos.get("dependencia")
    if number is None or number.clase != RECEIVED or state.anulado is not None:
        return None
    if state.eliminado is not None:
        return None
    if state.acceso.clasificado is not None:
        return None
    looked_at = len(state.tramite.tramos) > 1  # corrected, assigned or given to a person
    if not area or area == UNASSIGNED or (number.lote is not None and not looked_at):
        return None
    return str(area)


def stem(word: str) -> str:
    """A plain word without plural, gender, or what follows its seventh letter."""
    if len(word) >= 5 and word.endswith("ces"):
        word = word[:-3] + "z"
    elif len(word) >= 5 and word.endswith("es") and word[-3] not in "aeiou":
        word = word[:-2]
    elif len(word) >= 4 and word.endswith("s"):
        word = word[:-1]
    if len(word) >= 5 and word[-1] in "aeo":
        word = word[:-1]
    return word[:7]


def words(text: str) -> dict[str, str]:
    """The stems of a text's words, each with the word as it first stands there."""
    out: dict[str, str] = {}
    for word in _WORD.findall(text[:READ]):
        root = _root(word)
        if root and root not in out:
            out[root] = word.lower()
            if len(out) == MOST:
                break
    return out


@lru_cache(20_000)
def _root(word: str) -> str:
    """The stem of a word as it stands; empty where it tells nothing."""
    flat = plain(word)
    return stem(flat) if flat not in _IDLE and flat.isascii() else ""


def features(asunto: str, cuerpo: str, tipo: str | None) -> dict[str, str]:
    """What a letter is counted by: feature → how it is told."""
    out = {**words(cuerpo), **words(asunto)}
    return {**out, f"{KIND}{tipo}": tipo.replace("_", " ")} if tipo else out


def suggest(
    told: Mapping[str, str],
    subject: Collection[str],
    history: History,
    names: Mapping[str, str],
    claims: Mapping[str, Collection[str]],
) -> list[Suggestion]:
    """Up to three áreas, the likeliest first; none where neither history nor names tell.

    *told*: the letter's `features`; *subject*: the stems of its subject; *names*: the áreas that
    there are, by code; *claims*: feature → the áreas whose name claims it. The same history and
    letter give the same, in whatever order they come.
    """
    cartas = {a: max(0, history.cartas.get(a, 0)) for a in sorted(names)}
    counted = history
    if sum(cartas.values()) < FEWEST:
        counted, cartas = History({}, {}), dict.fromkeys(cartas, 0)
    model = _Model(cartas, claims)
    evidence = [
        e
        for feature in told
        if (e := model.weigh(feature, counted.rasgos.get(feature, {}), feature in subject))
    ]
    evidence.sort(key=lambda e: (-e.worth, e.feature))
    sender = model.sender(counted.remitente)
    deciding = evidence[:_DECIDE]
    out: list[Suggestion] = []
    for area, chance in model.probabilities(deciding, sender)[:_SHOWN]:
        sure, why = round(100 * chance), _why(area, deciding, sender, told, names)
        if why is not None and sure >= (_OTHERS if out else LEAST):
            out.append(Suggestion(area, sure, why.motivo, cartas=why.cartas))
        elif not out:
            return []  # that many letters go there is no reason for this one
    return out


class _Evidence(msgspec.Struct, frozen=True):
    """What one feature says: by how much (in nats) it raises each área, and how it counts."""

    feature: str
    cartas: Mapping[str, int]
    raises: Mapping[str, float]
    weight: float
    worth: float
    claimed: Collection[str] = ()
    """The áreas whose name claims it."""

    def speaks_for(self, area: str) -> float:
        """By how much it raises an área that has such letters or claims them; else 0."""
        known = self.cartas.get(area) or area in self.claimed
        return self.raises[area] * self.weight if known else 0.0


class _Model:
    """The letters of each área, and what follows from a feature's counts."""

    def __init__(self, cartas: Mapping[str, int], claims: Mapping[str, Collection[str]]) -> None:
        self.cartas, self.claims = cartas, claims
        self.total = sum(cartas.values())
        self.share = {a: (n + 1) / (self.total + len(cartas)) for a, n in cartas.items()}
        each = self.total / max(len(cartas), 1)
        self.imagined = 1 + (_YOUNG / (each + 0.1)) ** 2
        # Good and Turing: as often as an área was seen once, the next letter is of an unseen one.
        named = {a for areas in claims.values() for a in areas}
        hardly = sum(n < 2 for a, n in cartas.items() if a not in named)
        self.seen = 1 - hardly / max(self.total + len(cartas), 1)

    def weigh(self, feature: str, counts: Mapping[str, int], subject: bool) -> _Evidence | None:
        """What a feature says; None where it was never seen and no área claims it."""
        held = {a: n for a in self.share if (n := counts.get(a, 0))}
        claimed = self.claims.get(feature, ())
        if not held and not claimed:
            return None
        raises, after = self._raises(held, _ADDED, claimed)
        told = sum(after[a] * r for a, r in raises.items())
        weight = max(self._weight(held), _CLAIMED if claimed else 0.0)
        weight *= _SUBJECT if subject else 1.0
        return _Evidence(feature, held, raises, weight, told * weight, claimed)

    def _weight(self, held: Mapping[str, int]) -> float:
        """A word of few letters counts by being rare; one of more by not being shared out as all
        letters are."""
        seen = sum(held.values())
        if not seen:
            return 0.0
        rare = (math.log((self.total + 1) / seen) / math.log(self.total + 1)) ** _RARE
        off = sum((held.get(a, 0) - seen * s) ** 2 / (seen * s) for a, s in self.share.items())
        clear = max(0.0, 1 - _CLEAR * (len(self.share) - 1) / off) if off > 0 else 0.0
        return max(rare, clear if seen >= _ENOUGH else 0.0)

    def sender(self, found: tuple[str, Sequence[str]] | None) -> _Evidence | None:
        """What the sender's letters say."""
        counts = Counter(a for a in found[1] if a in self.share) if found else Counter()
        if found is None or not counts:
            return None
        raises, _ = self._raises(counts, _ADDED_SENDER)
        return _Evidence(found[0], counts, raises, 1.0, 0.0)

    def _raises(
        self, held: Mapping[str, int], added: float, claimed: Collection[str] = ()
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Área → log of P(área | feature) / P(área); and P(área | feature)."""
        named = _NAMED * self.imagined if claimed else 0.0
        added *= self.imagined
        whole = sum(held.values()) + added + named
        each = named / max(len(claimed), 1)
        after = {
            a: (held.get(a, 0) + added * s + (each if a in claimed else 0.0)) / whole
            for a, s in self.share.items()
        }
        return {a: math.log(after[a] / s) for a, s in self.share.items()}, after

    def probabilities(
        self, evidence: Sequence[_Evidence], sender: _Evidence | None
    ) -> list[tuple[str, float]]:
        """(área, probability), the likeliest first."""
        score = {
            a: math.log(s)
            + math.fsum(e.weight * e.raises[a] for e in evidence) / _COOL
            + (sender.raises[a] if sender else 0.0)
            for a, s in self.share.items()
        }
        top = max(score.values(), default=0.0)
        whole = math.fsum(math.exp(v - top) for v in score.values())
        chances = {a: self._tried(a) * math.exp(v - top) / whole for a, v in score.items()}
        return sorted(chances.items(), key=lambda c: (-c[1], c[0]))

    def _tried(self, area: str) -> float:
        """How sure an área can be at most: more with each letter that taught it."""
        return self.seen * (_NEVER_SURER - _UNTRIED / (1 + self.cartas[area] / _TRIED))


_WHOSE = {
    "correo": "las últimas {n} cartas de este correo",
    "dominio": "las últimas {n} cartas de ese dominio de correo",
    "ent": "las últimas {n} cartas de esa entidad",
}


class _Reason(msgspec.Struct, frozen=True):
    """A reason, and whether letters are part of it."""

    motivo: str
    cartas: bool


def _why(
    area: str,
    evidence: Iterable[_Evidence],
    sender: _Evidence | None,
    told: Mapping[str, str],
    names: Mapping[str, str],
) -> _Reason | None:
    """The reason for an área: figures of the history, each true as it stands, or its name."""
    name = names[area] if len(names[area]) <= 48 else names[area][:47] + "…"
    clauses = []
    if sender and sender.cartas.get(area):
        clauses.append(_of_sender(sender, area, name))
    for_it = [e for e in evidence if e.speaks_for(area) > 0.05]
    for_it.sort(key=lambda e: (-e.speaks_for(area), e.feature))
    first = next((e for e in for_it if e.cartas.get(area)), None)
    if first:
        clauses.append(_of_feature(first, area, told, "allí" if clauses else f"a {name}"))
        more = [e for e in for_it if e is not first and not e.feature.startswith(KIND)]
        clauses += [f"también por {_listed(more[:2], told)}"] if more else []
    elif for_it and not clauses:
        usually = "suele ser asunto" if len(for_it) == 1 else "suelen ser asuntos"
        by_name = f"{_listed(for_it[:3], told)} {usually} de {name}, por su nombre"
        return _Reason(by_name, cartas=False)
    return _Reason("; ".join(clauses), cartas=True) if clauses else None


def _listed(evidence: Sequence[_Evidence], told: Mapping[str, str]) -> str:
    *most, last = [f"«{told[e.feature]}»" for e in evidence]
    return f"{', '.join(most)} y {last}" if most else last


def _of_feature(first: _Evidence, area: str, told: Mapping[str, str], where: str) -> str:
    count, seen = first.cartas[area], sum(first.cartas.values())
    of = "carta" if seen == 1 else "cartas"
    by = "de tipo" if first.feature.startswith(KIND) else "con"
    went = "fue" if count == 1 else "fueron"
    return f"{count} de {seen} {of} {by} «{told[first.feature]}» {went} {where}"


def _of_sender(sender: _Evidence, area: str, name: str) -> str:
    count, seen = sender.cartas[area], sum(sender.cartas.values())
    whose = _WHOSE.get(sender.feature, "sus últimas {n} cartas").format(n=seen)
    if seen == 1:
        whose = whose.replace("las últimas 1 cartas", "la última carta")
        whose = whose.replace("sus últimas 1 cartas", "su última carta")
        return f"{whose} fue a {name}"
    if count < seen:
        return f"{count} de {whose} {'fue' if count == 1 else 'fueron'} a {name}"
    return f"{whose} fueron a {name}"
