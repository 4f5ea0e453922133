"""Letters of an invented office, each with the área it is for: for `bench.sugerencia`.

What is asked for is told in one of the ways of `areas.toml`; around it stand what all letters say,
now and then a sentence that belongs to another área, misread words, senders who write again. Each
matter has two ways of being told: an office learns from one and is asked about the other, under
other subject lines; and one matter in five is never told to it at all.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

FOLDS = 2
Way = Literal["known", "reworded", "unheard"]
"""As in the history; the same matters in other words; matters that the history does not have."""
_OPEN = (
    "En ejercicio del derecho de petición consagrado en el artículo 23 de la Constitución Política "
    "me dirijo a ustedes con el fin de exponer lo siguiente",
    "Reciba un cordial saludo. Por medio de la presente me permito manifestar",
    "Yo, identificado como aparece al pie de mi firma, residente en este municipio, acudo a su "
    "despacho respetuosamente",
    "Buenos días. Escribo para contarles lo que pasa",
    "De manera atenta y según el asunto de la referencia informo lo siguiente",
    "Como usuario y ciudadano colombiano vengo ante ustedes",
    "Con toda atención nos permitimos comunicar",
)
_FILL = (
    "Adjunto copia de mi documento de identidad y los soportes en tres folios",
    "He llamado varias veces y nadie me da una respuesta clara",
    "Esta situación se presenta desde el mes pasado y afecta a mi familia",
    "Agradezco su pronta colaboración y quedo atento a cualquier inquietud",
    "Lo anterior con fundamento en la Ley 1755 de 2015 y demás normas concordantes",
    "Recibo notificaciones en mi correo electrónico y en el teléfono que aparece abajo",
    "Solicito que se me responda por escrito dentro del término legal",
    "Ya había radicado una solicitud igual y no obtuve contestación",
    "Pido que se dé traslado a quien corresponda si no es de su competencia",
    "Anexo fotografías y un disco con la información",
    "Soy una persona de escasos recursos y madre de dos hijos",
    "Los vecinos del sector firman esta comunicación en señal de apoyo",
    "Mi casa queda en el barrio, frente a la tienda, y vivo allí hace años",
    "Esperamos una solución de fondo y no evasivas",
    "La oficina nos atendió por ventanilla y nos indicó que debíamos escribir",
)
_VAGUE = (
    "Derecho de petición",
    "Solicitud",
    "Solicitud de información",
    "Petición respetuosa",
    "Queja",
    "Reclamo",
    "Comunicación",
    "Reiteración de solicitud",
    "",
)
_FIRST = "María Ana Luz Rosa Carlos Jorge Luis Pedro Juan Sandra Martha Diego Camila Andrés"
_LAST = """
Gómez Rojas Peña Díaz Mora Castro Ortiz Silva Vargas Ríos León Cruz Niño Pardo Ayala Lara
Suárez Acosta Torres Mejía Quintero Salcedo Ospina Cárdenas Benítez
"""
_NAMES, _SURNAMES = _FIRST.split(), _LAST.split()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: its fields as a form has them, its text, and the área that it is for."""

    campos: dict[str, str]
    texto: str
    area: str


class Town:
    """An office of `areas.toml` as its letters are: the same seed gives the same letters."""

    def __init__(self, name: str, seed: int, *, fold: int = 0) -> None:
        text = (Path(__file__).parent / "areas.toml").read_text(encoding="utf-8")
        (office,) = (o for o in tomllib.loads(text)["oficina"] if o["nombre"] == name)
        self.areas: dict[str, str] = {
            str(110 + 10 * i): area["nombre"] for i, area in enumerate(office["area"])
        }
        self._told: dict[str, dict[str, Any]] = dict(zip(self.areas, office["area"], strict=True))
        self._weights = [int(area["peso"]) for area in office["area"]]
        self._random = random.Random(f"{name}/{seed}/{fold}")
        self._fold = fold
        self._regulars = [self._person() for _ in range(150)]
        habit = random.Random(seed)
        codes = list(self.areas)
        self._habit = [habit.choices(codes, self._weights)[0] for _ in self._regulars]

    def letter(self, way: Way, *, noise: float = 0.0) -> Letter:
        """One letter; *noise* is how often it went to another área than it should."""
        rnd = self._random
        sender, area = self._person(), rnd.choices(list(self.areas), self._weights)[0]
        if rnd.random() < 0.25:  # somebody who writes again, mostly to the same
            at = rnd.randrange(len(self._regulars))
            sender = self._regulars[at]
            area = self._habit[at] if rnd.random() < 0.75 else area
        told = self._told[area]
        subject = self._subject(told, way).format(n=rnd.randint(100, 999))
        subject = rnd.choice(_VAGUE) if rnd.random() < 0.45 else subject
        said = [rnd.choice(_OPEN), self._matter(told, way)]
        if rnd.random() < 0.12:
            other = self._told[rnd.choice(list(self.areas))]
            said.append(self._matter(other, way))
        said += rnd.sample(_FILL, rnd.randint(1, 4))
        text = ". ".join(said)
        page = f"Señores\nALCALDÍA\nCiudad\n\nAsunto: {subject}\n\n{self._misread(text)}\n\n"
        fields = {**sender, "asunto": subject}
        if rnd.random() < 0.5:
            fields["tipo"] = rnd.choice(told["tipos"])
        if rnd.random() < noise:
            area = rnd.choices(list(self.areas), self._weights)[0]
        return Letter({k: v for k, v in fields.items() if v}, page + sender["remitente"], area)

    def _subject(self, told: dict[str, Any], way: Way) -> str:
        first = way == "known"
        lines = [s for i, s in enumerate(told["asuntos"]) if (i % FOLDS == self._fold) is first]
        return str(self._random.choice(lines))

    def _matter(self, told: dict[str, Any], way: Way) -> str:
        matters = list(enumerate(zip(told["frases"], told["otras"], strict=True)))
        at, ways = self._random.choice(
            [m for m in matters if (m[0] % 5 == 4) is (way == "unheard")]
        )
        return str(ways[(at + self._fold + (way == "reworded")) % 2])

    def _person(self) -> dict[str, str]:
        rnd = self._random
        name = f"{rnd.choice(_NAMES)} {rnd.choice(_SURNAMES)} {rnd.choice(_SURNAMES)}"
        number = str(rnd.randint(10_000_000, 1_199_999_999))
        return {"remitente": name, "tipo_documento": "CC", "cedula": number}

    def _misread(self, text: str) -> str:
        """A word in forty as a poor scan gives it."""
        rnd = self._random
        out = []
        for word in text.split():
            if len(word) > 4 and rnd.random() < 0.025:
                at = rnd.randrange(len(word))
                word = word[:at] + rnd.choice("ceilnorst1") + word[at + 1 :]
            out.append(word)
        return " ".join(out)
