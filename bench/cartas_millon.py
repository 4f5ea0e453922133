"""The letters of an invented office over years, for `bench.millon`: who writes, about what, when it
is done. The same seed gives the same letters; nothing here knows the journal."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

FIRST = [
    "María",
    "Ana",
    "Luz",
    "Rosa",
    "Carlos",
    "Jorge",
    "Luis",
    "Pedro",
    "Juan",
    "Sandra",
    "Martha",
    "Diego",
    "Camila",
    "Andrés",
    "Álvaro",
    "Nubia",
    "Ximena",
    "Óscar",
    "Inés",
    "Germán",
    "Yolanda",
    "Hernán",
    "Gloria",
    "Wílmer",
    "Ángela",
    "Édgar",
    "Paola",
    "Fabián",
    "Mónica",
    "Iván",
]
LAST = [
    "Gómez",
    "Rojas",
    "Peñaloza",
    "Díaz",
    "Mora",
    "Castro",
    "Ortiz",
    "Silva",
    "Vargas",
    "Ríos",
    "León",
    "Cruz",
    "Niño",
    "Pardo",
    "Ayala",
    "Lara",
    "Suárez",
    "Acosta",
    "Torres",
    "Mejía",
    "Quintero",
    "Salcedo",
    "Ospina",
    "Cárdenas",
    "Benítez",
    "Güiza",
    "Muñoz",
    "Ñáñez",
    "Ibáñez",
    "Zuluaga",
    "Echeverri",
    "Córdoba",
    "Múnera",
    "Arévalo",
    "Bolaños",
    "Sánchez",
    "Ramírez",
    "Hernández",
    "Buitrago",
    "Tovar",
]
STREETS = ("Calle", "Carrera", "Avenida", "Diagonal", "Transversal", "Vereda")
TOWNS = [
    "Zipaquirá",
    "Tunja",
    "Sogamoso",
    "Duitama",
    "Chiquinquirá",
    "Girardot",
    "Facatativá",
    "Ubaté",
    "Villeta",
    "Guateque",
    "Moniquirá",
    "Honda",
    "Mariquita",
    "Espinal",
    "Ibagué",
    "Neiva",
]
ENTITIES = (
    "Contraloría General de la República", "Procuraduría Provincial", "Personería Municipal",
    "Defensoría del Pueblo Regional", "Juzgado Segundo Promiscuo Municipal",
    "Corporación Autónoma Regional", "Empresa de Servicios Públicos del Río S.A. E.S.P.",
    "Junta de Acción Comunal Vereda El Salitre", "Junta de Acción Comunal Barrio La Esperanza",
    "Cooperativa de Transportadores del Valle", "Hospital San Rafael E.S.E.",
    "Institución Educativa Técnica Agropecuaria", "Fundación Caminos de Paz",
    "Constructora Altos del Río S.A.S.", "Ministerio de Hacienda y Crédito Público",
    "Departamento Nacional de Planeación", "Superintendencia de Notariado y Registro",
)  # fmt: skip
OPENINGS = (
    "Solicitud de", "Derecho de petición sobre", "Queja por", "Reclamo por",
    "Información acerca de",
    "Reiteración de la solicitud de", "Remisión de documentos de", "Traslado por competencia de",
    "Invitación a reunión sobre", "Respuesta a su oficio sobre",
)  # fmt: skip
MATTERS = {
    "110": ("audiencia con el alcalde", "el plan de desarrollo", "la rendición de cuentas",
            "el patrocinio de las ferias y fiestas"),
    "120": ("la conciliación prejudicial", "el proceso disciplinario", "un concepto jurídico",
            "la representación judicial del municipio", "la acción de tutela"),
    "130": ("la liquidación del impuesto predial", "el paz y salvo de industria y comercio",
            "el acuerdo de pago", "la devolución de un saldo a favor", "la exención tributaria"),
    "140": ("la licencia de construcción", "el arreglo de la vía", "el alumbrado público",
            "el hueco frente al colegio", "la estratificación del predio", "el uso del suelo"),
    "150": ("el ruido de un establecimiento", "la ocupación del espacio público",
            "la riña entre vecinos", "el permiso para un evento", "la protección policiva"),
    "160": ("la encuesta del Sisbén", "el subsidio de adulto mayor", "el cupo en el jardín",
            "el mercado de familias vulnerables", "la atención de un habitante de calle"),
    "170": ("la copia de un contrato", "una certificación laboral", "la copia de mi historia",
            "la devolución de anexos", "el inventario de bienes"),
    "180": ("la ruta de transporte escolar", "el cupo escolar", "la alimentación escolar"),
    "190": ("la brigada de vacunación", "la afiliación al régimen subsidiado", "el aseo urbano"),
    "200": ("la tala de un árbol", "el vertimiento en la quebrada", "el manejo de residuos"),
    "210": ("la escuela de fútbol", "el préstamo del coliseo", "el festival de la guabina"),
    "220": ("el semáforo de la plaza", "un comparendo de tránsito", "el parqueo en la zona azul"),
}  # fmt: skip
"""Área → what it is written to about."""
EXTRA_AREAS = {
    "180": "Secretaría de Educación",
    "190": "Secretaría de Salud",
    "200": "Oficina de Ambiente y Gestión del Riesgo",
    "210": "Instituto de Cultura y Deporte",
    "220": "Secretaría de Tránsito y Movilidad",
}
WEIGHTS = {"130": 18, "140": 20, "150": 10, "160": 14, "170": 9}
"""How many of a hundred letters or so go to an área; the others get five each."""
RARE = ("guacamaya", "petroglifo", "trapiche", "telégrafo", "astrolabio", "zarigüeya")
KINDS = {
    "sin_termino": 40, "peticion": 24, "documentos": 9, "queja": 7, "reclamo": 7, "consulta": 4,
    "felicitacion": 1, "autoridades": 3, "denuncia": 2, "tutela": 1, "sugerencia": 1, "tramite": 1,
}  # fmt: skip
CHANNELS = {
    "fisico": ("ventanilla", 46), "correo_electronico": ("correo", 34),
    "correo_postal": ("lote_postal", 12), "fax": ("fax", 1), "web": ("correo", 7),
}  # fmt: skip
CLASS_DIGIT = {"E": "2", "S": "1", "I": "3"}
"""How a former system's numbers end."""
SENTENCES = (
    "En ejercicio del derecho de petición consagrado en el artículo 23 de la Constitución Política "
    "me dirijo a ustedes con el fin de exponer lo siguiente.",
    "Esta situación se presenta desde el mes pasado y afecta a mi familia y a los vecinos.",
    "Adjunto copia de mi documento de identidad y los soportes en tres folios.",
    "Solicito que se me responda por escrito dentro del término legal.",
    "Anexo fotografías del lugar y la firma de los habitantes del sector.",
    "Pido que se dé traslado a quien corresponda si no es de su competencia.",
    "Agradezco su pronta colaboración y quedo atento a cualquier inquietud.",
    "La oficina nos atendió por ventanilla y nos indicó que debíamos escribir.",
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes; the fields of the form."""

    campos: dict[str, str]


@dataclass(slots=True)
class Letter:
    """A letter as it is numbered, and what becomes of it."""

    campos: dict[str, str]
    area: str
    tipo: str
    canal: str
    carril: str
    folios: int
    minuto: int
    """Minutes after the office opened."""
    cierre: int | None
    """After how many days it is done; None: never."""
    por_carta: bool
    """Done by a letter of the office."""
    a_persona: int | None
    """Which of the área's people has it."""
    texto: int | None
    """Which of the texts is its own."""
    imagen: bool
    nivel: str | None = None
    """How it is withheld; None: it is public."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A letter that another system numbered, years ago."""

    campos: dict[str, str]
    dias: int
    """How many days before the first one of our own."""
    clase: str
    area: str
    tipo: str
    canal: str
    folios: int


def _level(tipo: str, draw: float) -> str | None:
    """One in two hundred or so is withheld; of complaints about misdeeds one in six."""
    often = 16 if tipo == "denuncia" else 1
    if draw < 0.004 * often:
        return "clasificada"
    return "reservada" if draw < 0.005 * often else None


@dataclass(slots=True)
class Post:
    """The post of an office: letters one after the other."""

    semilla: int
    areas: tuple[str, ...] = tuple(MATTERS)
    _rnd: random.Random = field(init=False)
    _known: list[Sender] = field(init=False)

    def __post_init__(self) -> None:
        self._rnd = random.Random(self.semilla)
        self._known = [self._sender() for _ in range(4000)]

    def texts(self, how_many: int) -> list[str]:
        """What pages of letters say."""
        rnd = random.Random(f"{self.semilla}/textos")
        out = []
        for n in range(how_many):
            about = rnd.choice(MATTERS[rnd.choice(self.areas)])
            told = rnd.sample(SENTENCES, 4)
            rare = f" {RARE[n // 7 % len(RARE)].capitalize()}." if n % 97 == 0 else ""
            out.append(f"Señores Alcaldía Municipal. Asunto: {about}. {' '.join(told)}{rare}")
        return out

    def letters(self, how_many: int, texts: int) -> list[Letter]:
        """So many letters of one half of a day, by the minute in which they came."""
        rnd = self._rnd
        weights = [WEIGHTS.get(a, 5) for a in self.areas]
        areas = rnd.choices(self.areas, weights, k=how_many)
        kinds = rnd.choices(list(KINDS), list(KINDS.values()), k=how_many)
        ways = rnd.choices(list(CHANNELS), [w for _, w in CHANNELS.values()], k=how_many)
        out = [self._letter(*one, texts) for one in zip(areas, kinds, ways, strict=True)]
        return sorted(out, key=lambda one: one.minuto)

    def _letter(self, area: str, tipo: str, canal: str, texts: int) -> Letter:
        rnd = self._rnd
        draw = rnd.random()
        subject = f"{rnd.choice(OPENINGS)} {rnd.choice(MATTERS[area])}"
        if draw < 0.0001:
            subject += f", {rnd.choice(RARE)}"
        who = rnd.choice(self._known) if draw < 0.7 else self._sender()
        campos = {**who.campos, "asunto": subject}
        if draw > 0.8:
            campos["oficio"] = f"{rnd.randrange(1, 9999)}-{rnd.randrange(2015, 2027)}"
        return Letter(
            campos, area, tipo, canal, CHANNELS[canal][0],
            folios=rnd.choice((1, 1, 1, 2, 2, 3, 4, 8, 15)), minuto=rnd.randrange(0, 230),
            cierre=self._closed(tipo), por_carta=rnd.random() < 0.02,
            a_persona=rnd.randrange(3) if rnd.random() < 0.6 else None,
            texto=rnd.randrange(texts) if rnd.random() < 0.3 else None,
            imagen=canal != "fisico" or rnd.random() < 0.999, nivel=_level(tipo, rnd.random()),
        )  # fmt: skip

    def foreign(self, how_many: int) -> list[Foreign]:
        """So many letters of the system that the office had before, the oldest first."""
        rnd = random.Random(f"{self.semilla}/importados")
        out = []
        for _ in range(how_many):
            area = rnd.choice(self.areas)
            subject = f"{rnd.choice(OPENINGS)} {rnd.choice(MATTERS[area])}"
            out.append(Foreign(
                {**rnd.choice(self._known).campos, "asunto": subject}, rnd.randrange(1, 1400),
                rnd.choices(("E", "S", "I"), (80, 15, 5))[0], area, rnd.choice(list(KINDS)),
                rnd.choice(list(CHANNELS)), rnd.choice((1, 2, 3, 8)),
            ))  # fmt: skip
        return sorted(out, key=lambda one: -one.dias)

    def _closed(self, tipo: str) -> int | None:
        draw = self._rnd.random()
        if tipo in ("sin_termino", "felicitacion"):
            return None if draw < 0.001 else self._rnd.randrange(0, 6)
        if draw < 0.012:
            return None
        return self._rnd.randrange(1, 20) if draw < 0.93 else self._rnd.randrange(20, 75)

    def _sender(self) -> Sender:
        rnd = self._rnd
        name = f"{rnd.choice(FIRST)} {rnd.choice(LAST)} {rnd.choice(LAST)}"
        campos: dict[str, Any] = {
            "remitente": name,
            "direccion": f"{rnd.choice(STREETS)} {rnd.randrange(1, 99)} # {rnd.randrange(1, 60)}-"
            f"{rnd.randrange(1, 99):02d}",
            "municipio": rnd.choice(TOWNS),
        }
        if rnd.random() < 0.6:
            campos |= {"tipo_documento": "CC", "cedula": str(rnd.randrange(10**7, 12 * 10**8))}
        if rnd.random() < 0.2:
            campos["entidad"] = rnd.choice(ENTITIES)
        if rnd.random() < 0.4:
            campos["correo"] = f"{name.split()[0].lower()}.{rnd.randrange(9999)}@ejemplo.co"
        return Sender(campos)
