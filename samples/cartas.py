"""Texts of the demo letters. Every person, number, address and office in here is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["line", "paragraph", "gap", "signature", "rule", "emblem", "row", "foot"]
Align = Literal["left", "center", "right"]
Action = Literal["radicar", "dejar", "descartar", "cuarentena"]

LETTER = (612.0, 792.0)
A4 = (595.3, 841.9)

ALCALDIA = "ALCALDÍA MUNICIPAL DE SAN JACINTO DEL RÍO"


@dataclass(frozen=True)
class Block:
    """One piece of a letter, from top to bottom; sizes are relative to the body text."""

    kind: Kind
    text: str = ""
    bold: bool = False
    align: Align = "left"
    scale: float = 1.0
    height: float = 0.0
    justify: bool = False


@dataclass(frozen=True)
class Letter:
    """A letter: how it looks, its pages of blocks and the fields printed on it."""

    file: str
    action: Action
    family: str
    size: float
    leading: float
    paper: tuple[float, float]
    margins: tuple[float, float, float]
    pages: tuple[tuple[Block, ...], ...]
    fields: dict[str, str]
    header: str = ""


def line(text: str, *, bold: bool = False, align: Align = "left", scale: float = 1.0) -> Block:
    """Return a line that is never wrapped."""
    return Block("line", text, bold, align, scale)


def para(text: str, *, bold: bool = False, justify: bool = False) -> Block:
    """Return a paragraph, wrapped to the width of the page."""
    return Block("paragraph", text, bold, justify=justify)


def gap(lines: float = 1.0) -> Block:
    """Return white space, counted in lines."""
    return Block("gap", height=lines)


def sign(align: Align = "left") -> Block:
    """Return a scribbled signature."""
    return Block("signature", align=align, height=2.6)


def rule() -> Block:
    """Return a horizontal rule."""
    return Block("rule", height=0.7)


def emblem() -> Block:
    """Return a small drawn emblem at the left margin, which takes no room."""
    return Block("emblem")


def foot(text: str) -> Block:
    """Return a line at the foot of the page, on its right."""
    return Block("foot", text, align="right", scale=0.85)


def row(*cells: str, bold: bool = False) -> Block:
    """Return a row of a three-column table."""
    return Block("row", "|".join(cells), bold)


PETICION_DOCUMENTOS = Letter(
    "01-derecho-de-peticion.pdf",
    "radicar",
    "serif",
    12,
    1.25,
    LETTER,
    (80, 96, 72),
    (
        (
            line("San Jacinto del Río, 12 de noviembre de 2026"),
            gap(1.5),
            line("Señores"),
            line(ALCALDIA, bold=True),
            line("Secretaría de Planeación"),
            line("Ciudad"),
            gap(),
            para(
                "Asunto: Derecho de petición de documentos - copia del expediente de la licencia de"
                " construcción 114 de 2024",
                bold=True,
            ),
            gap(),
            line("Respetados señores:"),
            gap(0.6),
            para(
                "Yo, Beatriz Elena Castañeda Güiza, identificada como aparece al pie de mi firma,"
                " en ejercicio del derecho consagrado en el artículo 23 de la Constitución"
                " Política y en la Ley 1755 de 2015, solicito que se me expida copia simple de los"
                " siguientes documentos:",
                justify=True,
            ),
            gap(0.5),
            para(
                "1. El expediente completo de la licencia de construcción 114 de 2024, otorgada"
                " para el predio vecino al mío, con sus planos y el estudio de suelos."
            ),
            para(
                "2. El acta de la visita que los funcionarios de esa Secretaría hicieron a la obra"
                " el 18 de agosto de 2026."
            ),
            para(
                "3. La constancia de la citación a los vecinos colindantes, si la hubo. ¿En qué"
                " fecha y a qué dirección se envió?"
            ),
            gap(0.5),
            para(
                "Necesito estos documentos porque en el muro que comparto con la obra aparecieron"
                " grietas de hasta 6 milímetros y quiero saber qué obligaciones tenía el"
                " constructor. Asumo el costo de la reproducción, que pagaré en la tesorería el"
                " día que me lo indiquen.",
                justify=True,
            ),
            gap(),
            line("Atentamente,"),
            sign(),
            line("Beatriz Elena Castañeda Güiza", bold=True),
            line("C.C. 51.234.567 de Tunja"),
            line("Dirección: Calle 10 # 23-45, barrio El Progreso"),
            line("San Jacinto del Río"),
            line("Teléfono: 310 555 0142"),
            line("Correo: beatriz.castaneda@ejemplo.com"),
        ),
    ),
    {
        "remitente": "Beatriz Elena Castañeda Güiza",
        "cedula": "51.234.567",
        "direccion": "Calle 10 # 23-45, barrio El Progreso",
        "municipio": "San Jacinto del Río",
        "correo": "beatriz.castaneda@ejemplo.com",
        "telefono": "310 555 0142",
        "asunto": "Derecho de petición de documentos - copia del expediente de la licencia de"
        " construcción 114 de 2024",
        "fecha": "2026-11-12",
        "destinatario": "Secretaría de Planeación",
        "tipo": "documentos",
    },
)

QUEJA_ALUMBRADO = Letter(
    "02-queja-alumbrado.jpg",
    "radicar",
    "sans",
    11.5,
    1.3,
    A4,
    (74, 88, 70),
    (
        (
            line("San Jacinto del Río, 9 de octubre de 2026"),
            gap(1.2),
            line("Señor"),
            line("SECRETARIO DE OBRAS PÚBLICAS", bold=True),
            line("Alcaldía Municipal de San Jacinto del Río"),
            line("E. S. D."),
            gap(),
            para(
                "Referencia: Queja por la falta de alumbrado público en la vereda Los Guayacanes",
                bold=True,
            ),
            gap(),
            line("Cordial saludo, señor Secretario:"),
            gap(0.6),
            para(
                "Por medio de la presente pongo una queja formal contra la cuadrilla de"
                " mantenimiento del alumbrado. Desde el 3 de septiembre están apagadas nueve (9)"
                " luminarias entre la escuela rural y el puente de la quebrada La Peñuela, y la"
                " gente que vuelve del trabajo tiene que andar a oscuras más de 800 metros."
            ),
            gap(0.6),
            para(
                "Llamé cuatro veces a la línea de atención. La última vez, el 28 de septiembre a"
                " las 4:15 p. m., el funcionario que contestó me dijo que dejara de molestar y"
                " colgó. No me dio número de reporte ni su nombre. ¿Así se atiende a quien paga"
                " cumplidamente $ 14.380 mensuales por ese servicio?"
            ),
            gap(0.6),
            para(
                "Pido que se reparen las luminarias, que se averigüe quién atendió esa llamada y"
                " que se me informe por escrito qué se hizo. Los niños de la jornada de la tarde"
                " salen a las 6:00 p. m. y ya hubo un atraco el pasado 1 de octubre."
            ),
            gap(),
            line("Cordialmente,"),
            sign(),
            line("HÉCTOR JULIO NIÑO PEÑALOZA"),
            line("C.C. 7.654.321 de Duitama"),
            line("Dirección: Vereda Los Guayacanes, Finca El Rocío"),
            line("Celular: 312 555 0187"),
            line("Anexos: dos (2) fotografías"),
        ),
    ),
    {
        "remitente": "HÉCTOR JULIO NIÑO PEÑALOZA",
        "cedula": "7.654.321",
        "direccion": "Vereda Los Guayacanes, Finca El Rocío",
        "municipio": "San Jacinto del Río",
        "telefono": "312 555 0187",
        "asunto": "Queja por la falta de alumbrado público en la vereda Los Guayacanes",
        "fecha": "2026-10-09",
        "destinatario": "SECRETARIO DE OBRAS PÚBLICAS",
        "tipo": "queja",
    },
)

FAX_ESTANDAR = Letter(
    "03-fax-estandar.tif",
    "radicar",
    "mono",
    12,
    1.3,
    LETTER,
    (76, 96, 62),
    (
        (
            line("Tunja, 19 de octubre de 2026"),
            gap(),
            line("Señores"),
            line("ALCALDÍA MUNICIPAL"),
            line("San Jacinto del Río"),
            gap(),
            para("ASUNTO: Petición de arreglo de la vía a la vereda El Salitre", bold=True),
            gap(),
            line("Respetados señores:"),
            gap(0.5),
            para(
                "Soy propietario de una finca en la vereda El Salitre y vivo en Tunja. El invierno"
                " se llevó la banca de la vía en el kilómetro 4 y desde el 30 de septiembre no"
                " pasa el camión que recoge la leche."
            ),
            gap(0.5),
            para(
                "Solicito que se envíe maquinaria para despejar el derrumbe y que se me diga en qué"
                " fecha se harán las cunetas que se prometieron el año pasado."
            ),
            gap(0.5),
            para("Recibo la respuesta en la dirección que escribo abajo."),
            gap(),
            line("Atentamente,"),
            sign(),
            line("Tobías Muñoz Cárdenas"),
            line("C.C. 4.123.987 de Tunja"),
            line("Dirección: Carrera 9 # 18-60"),
            line("Tunja"),
            line("Teléfono: 608 555 0117"),
        ),
    ),
    {
        "remitente": "Tobías Muñoz Cárdenas",
        "cedula": "4.123.987",
        "direccion": "Carrera 9 # 18-60",
        "municipio": "Tunja",
        "telefono": "608 555 0117",
        "asunto": "Petición de arreglo de la vía a la vereda El Salitre",
        "fecha": "2026-10-19",
        "destinatario": "ALCALDÍA MUNICIPAL",
        "tipo": "peticion",
    },
    header="19/10/2026  14:32   DE: 608 555 0117   A: 608 555 0100   P.0{page}",
)

FAX_FINO = Letter(
    "04-fax-fino.tif",
    "radicar",
    "serif",
    13,
    1.6,
    LETTER,
    (78, 76, 66),
    (
        (
            line("REPÚBLICA DE COLOMBIA", bold=True, align="center"),
            line("RAMA JUDICIAL DEL PODER PÚBLICO", bold=True, align="center"),
            line("JUZGADO SEGUNDO PROMISCUO MUNICIPAL", bold=True, align="center"),
            line("San Jacinto del Río", align="center"),
            gap(),
            line("San Jacinto del Río, 28 de octubre de 2026"),
            line("Oficio No. 2026-0718"),
            gap(),
            line("Señor"),
            line("ALCALDE MUNICIPAL DE SAN JACINTO DEL RÍO", bold=True),
            line("Ciudad"),
            gap(),
            para(
                "Referencia: Acción de tutela 2026-00231 de Aurora Inés Güechá Rincón contra la"
                " Alcaldía Municipal - notificación de la admisión",
                bold=True,
            ),
            gap(),
            line("Cordial saludo:"),
            gap(0.5),
            para(
                "Comedidamente le notifico que por auto de la fecha este despacho admitió la"
                " acción de tutela de la referencia, en la que la accionante pide la protección"
                " de sus derechos de petición y a la vivienda digna.",
                justify=True,
            ),
            gap(0.5),
            para(
                "En la misma providencia se dispuso correr traslado a la entidad que usted"
                " representa por el término de dos (2) días, contados desde el recibo de este"
                " oficio, para que se pronuncie sobre los hechos y aporte las pruebas que quiera"
                " hacer valer. El silencio hará presumir ciertos los hechos, según el artículo 20"
                " del Decreto 2591 de 1991.",
                justify=True,
            ),
        ),
        (
            para("Así mismo, se ordenó que dentro del mismo término informe lo siguiente:"),
            gap(0.5),
            para(
                "a) ¿Qué respuesta se dio a la petición radicada por la accionante el 7 de julio"
                " de 2026 y por qué medio se le comunicó?"
            ),
            gap(0.3),
            para(
                "b) Si la vivienda ubicada en la ribera está incluida en el censo de zonas de"
                " riesgo y desde qué año."
            ),
            gap(0.3),
            para("c) Nombre, cargo y dirección del funcionario encargado de resolver el asunto."),
            gap(0.5),
            para(
                "La contestación puede enviarse al correo juzgado02@ejemplo.com, con la"
                " indicación del número del proceso.",
                justify=True,
            ),
            gap(1.2),
            line("Atentamente,"),
            sign(),
            line("MARÍA DEL PILAR ECHEVERRÍA ÑUSTES", bold=True),
            line("Secretaria"),
            gap(),
            line("Dirección: Carrera 3 # 5-18, piso 2"),
            line("Teléfono: 608 555 0133"),
            line("Anexos: escrito de tutela, dieciséis (16) folios"),
        ),
    ),
    {
        "remitente": "MARÍA DEL PILAR ECHEVERRÍA ÑUSTES",
        "entidad": "JUZGADO SEGUNDO PROMISCUO MUNICIPAL",
        "direccion": "Carrera 3 # 5-18, piso 2",
        "municipio": "San Jacinto del Río",
        "correo": "juzgado02@ejemplo.com",
        "telefono": "608 555 0133",
        "asunto": "Acción de tutela 2026-00231 de Aurora Inés Güechá Rincón contra la Alcaldía"
        " Municipal - notificación de la admisión",
        "fecha": "2026-10-28",
        "oficio": "2026-0718",
        "destinatario": "ALCALDE MUNICIPAL DE SAN JACINTO DEL RÍO",
        "tipo": "tutela",
    },
    header="28-OCT-2026 09:07   DE: 608 555 0133   JUZGADO 2 PROMISCUO   P.0{page}/02",
)

GIRADA = Letter(
    "05-girada.jpg",
    "radicar",
    "sans",
    11,
    1.3,
    LETTER,
    (76, 62, 70),
    (
        (
            emblem(),
            line("FERRETERÍA LA CABUYA AZUL S.A.S.", bold=True, align="center", scale=1.25),
            line("NIT 901.555.012-9", align="center"),
            line("Avenida 4 # 12-08, local 3 - Chiquinquirá", align="center", scale=0.95),
            rule(),
            gap(0.6),
            line("Chiquinquirá, 4 de noviembre de 2026"),
            gap(),
            line("Doctora"),
            line("TESORERA MUNICIPAL", bold=True),
            line("Alcaldía Municipal de San Jacinto del Río"),
            line("Calle 6 # 4-21"),
            gap(),
            para(
                "Asunto: Solicitud de pago de la factura FE-1187 por suministro de cemento y"
                " tubería",
                bold=True,
            ),
            gap(),
            line("Apreciada doctora:"),
            gap(0.5),
            para(
                "El 14 de agosto de 2026 entregamos en el almacén municipal los materiales del"
                " contrato de suministro 067 de 2026: 120 bultos de cemento gris y 45 tubos de"
                " 4 pulgadas. La entrada fue firmada por el almacenista sin ninguna observación.",
                justify=True,
            ),
            gap(0.5),
            para(
                "La factura electrónica FE-1187, por valor de $ 6.842.500, se presentó el 20 de"
                " agosto y el plazo pactado era de treinta días. Han pasado más de dos meses y no"
                " hemos recibido el pago ni una explicación de la demora.",
                justify=True,
            ),
            gap(0.5),
            para(
                "Pedimos respetuosamente que se nos informe en qué estado está la cuenta, qué"
                " documento hace falta y la fecha en que se hará el giro a la cuenta de ahorros que"
                " figura en el contrato.",
                justify=True,
            ),
            gap(1.2),
            line("Cordialmente,"),
            sign(),
            line("Jhon Fredy Ibáñez Sagüí", bold=True),
            line("Representante legal"),
            line("C.C. 1.054.678.321 de Chiquinquirá"),
            line("Teléfono: 318 555 0126"),
            line("Correo: cartera@ejemplo.com"),
            line("Anexos: tres (3) folios"),
        ),
    ),
    {
        "remitente": "Jhon Fredy Ibáñez Sagüí",
        "entidad": "FERRETERÍA LA CABUYA AZUL S.A.S.",
        "cedula": "1.054.678.321",
        "nit": "901.555.012-9",
        "direccion": "Avenida 4 # 12-08, local 3",
        "municipio": "Chiquinquirá",
        "correo": "cartera@ejemplo.com",
        "telefono": "318 555 0126",
        "asunto": "Solicitud de pago de la factura FE-1187 por suministro de cemento y tubería",
        "fecha": "2026-11-04",
        "destinatario": "TESORERA MUNICIPAL",
        "tipo": "peticion",
    },
)

TRES_PAGINAS = Letter(
    "06-tres-paginas.pdf",
    "radicar",
    "dejavu-serif",
    12,
    1.7,
    LETTER,
    (76, 72, 70),
    (
        (
            line("JUNTA DE ACCIÓN COMUNAL DEL BARRIO VILLA NIÑA", bold=True),
            line("NIT 900.555.208-1"),
            gap(),
            line("San Jacinto del Río, 23 de octubre de 2026"),
            gap(),
            line("Señores"),
            line(ALCALDIA, bold=True),
            line("Secretaría de Gobierno"),
            line("Ciudad"),
            gap(0.8),
            para(
                "Asunto: Petición de interés general sobre el acueducto, las vías y el salón"
                " comunal del barrio Villa Niña",
                bold=True,
            ),
            gap(0.8),
            line("Respetados señores:"),
            gap(0.4),
            para(
                "La Junta de Acción Comunal, en reunión del 10 de octubre, a la que asistieron"
                " 74 afiliados, resolvió presentar esta petición en nombre de las 312 familias"
                " del barrio. Exponemos primero los hechos y después lo que pedimos."
            ),
            gap(0.4),
            line("I. HECHOS", bold=True),
            gap(0.4),
            para(
                "1. El agua llega tres veces por semana, de 5:00 a 8:00 a. m., aunque la red se"
                " renovó en 2023. En la parte alta la presión no alcanza para llenar los tanques"
                " y las familias compran agua en carrotanque."
            ),
            foot("Página 1 de 3"),
        ),
        (
            para(
                "2. Las vías internas no tienen mantenimiento desde hace seis años. Con el"
                " aguacero del 2 de octubre se hundió la calzada frente a la tienda de la"
                " esquina y el carro de la basura dejó de subir. Resumimos los daños así:"
            ),
            gap(0.6),
            rule(),
            row("Vía", "Longitud", "Estado", bold=True),
            row("Calle 14", "180 metros", "Hundimiento"),
            row("Calle 15", "95 metros", "Sin cunetas"),
            row("Carrera 8", "240 metros", "Huecos"),
            row("Pasaje Los Búhos", "60 metros", "Sin afirmado"),
            rule(),
            gap(0.6),
            para(
                "3. El salón comunal está cerrado desde marzo porque el techo se desplomó en un"
                " costado. Allí funcionaban el comedor de los abuelos y las clases de refuerzo"
                " de treinta y ocho niños."
            ),
            gap(0.4),
            para(
                "4. El ingeniero de la Secretaría de Obras visitó el barrio el 6 de mayo y"
                " prometió un informe en quince días. Hasta hoy no lo conocemos. ¿Se hizo ese"
                " informe? ¿Quién lo tiene?"
            ),
            gap(0.4),
            para(
                "5. La comunidad ya aportó la mano de obra para dos jornadas de limpieza y está"
                " dispuesta a seguir colaborando si el municipio pone los materiales."
            ),
            foot("Página 2 de 3"),
        ),
        (
            line("II. PETICIONES", bold=True),
            gap(0.4),
            para(
                "Primera. Que se publique un horario cierto del servicio de agua y se revise la"
                " válvula de la parte alta."
            ),
            gap(0.4),
            para(
                "Segunda. Que se incluya el arreglo de la Calle 14 en el plan de obras de 2027 y"
                " se haga mientras tanto un relleno provisional."
            ),
            gap(0.4),
            para(
                "Tercera. Que se nos entregue copia del informe de la visita y el presupuesto"
                " estimado para la reparación del salón comunal."
            ),
            gap(0.4),
            para(
                "Recibiremos la respuesta en la sede de la Junta o en el correo que aparece"
                " abajo. Agradecemos la atención y confiamos en una pronta solución."
            ),
            gap(1.2),
            line("Atentamente,"),
            sign(),
            line("Rosalba Ñungo Saavedra", bold=True),
            line("Presidenta de la Junta"),
            line("C.C. 23.456.789 de San Jacinto del Río"),
            line("Dirección: Calle 15 # 8-32, barrio Villa Niña"),
            line("Teléfono: 314 555 0164"),
            line("Correo: jac.villanina@ejemplo.com"),
            gap(0.5),
            line("Anexos: listado de asistencia, cuatro (4) folios"),
            foot("Página 3 de 3"),
        ),
    ),
    {
        "remitente": "Rosalba Ñungo Saavedra",
        "entidad": "JUNTA DE ACCIÓN COMUNAL DEL BARRIO VILLA NIÑA",
        "cedula": "23.456.789",
        "nit": "900.555.208-1",
        "direccion": "Calle 15 # 8-32, barrio Villa Niña",
        "municipio": "San Jacinto del Río",
        "correo": "jac.villanina@ejemplo.com",
        "telefono": "314 555 0164",
        "asunto": "Petición de interés general sobre el acueducto, las vías y el salón comunal"
        " del barrio Villa Niña",
        "fecha": "2026-10-23",
        "destinatario": "Secretaría de Gobierno",
        "tipo": "peticion",
    },
)

OFICIO_DIGITAL = Letter(
    "07-oficio-digital.pdf",
    "radicar",
    "sans",
    11,
    1.32,
    LETTER,
    (79, 62, 72),
    (
        (
            emblem(),
            line("PERSONERÍA MUNICIPAL DE VILLA CLARA", bold=True, align="center", scale=1.2),
            line("NIT 800.555.731-1", align="center"),
            line("«Guarda de los derechos de la gente»", align="center", scale=0.9),
            rule(),
            gap(0.8),
            line("OFI26-000482", bold=True),
            line("Villa Clara, 6 de noviembre de 2026"),
            gap(1.2),
            line("Doctor"),
            line("FABIÁN AUGUSTO QUIÑONES LARA", bold=True),
            line("Secretario General"),
            line("Alcaldía Municipal de San Jacinto del Río"),
            line("Calle 6 # 4-21"),
            line("San Jacinto del Río"),
            gap(),
            para(
                "Asunto: Solicitud de información entre autoridades sobre el transporte escolar"
                " intermunicipal",
                bold=True,
            ),
            gap(),
            line("Respetado doctor Quiñones:"),
            gap(0.6),
            para(
                "Esta Personería adelanta una actuación preventiva por la suspensión del"
                " transporte escolar que comparten los dos municipios. Con fundamento en el"
                " artículo 30 de la Ley 1437 de 2011, sustituido por la Ley 1755 de 2015, le"
                " solicito que en un término no mayor a diez (10) días remita la siguiente"
                " información:",
                justify=True,
            ),
            gap(0.6),
            para(
                "1. Copia del convenio 021 de 2026, de su acta de inicio y de las modificaciones."
            ),
            gap(0.2),
            para(
                "2. Número de estudiantes de San Jacinto del Río que usan la ruta, por sede y"
                " grado."
            ),
            gap(0.2),
            para(
                "3. ¿Qué recursos se han girado al operador y con qué certificados de"
                " disponibilidad presupuestal?"
            ),
            gap(0.6),
            para(
                "La información puede remitirse en medio digital. Si esa entidad no es la"
                " competente, le pido dar traslado a quien corresponda e informarlo a este"
                " despacho.",
                justify=True,
            ),
            gap(1.2),
            line("Atentamente,"),
            sign(),
            line("Ángela Yaneth Pedraza Güiza", bold=True),
            line("Personera Municipal"),
            gap(0.8),
            line("Dirección: Carrera 5 # 7-40, Villa Clara", scale=0.9),
            line("Teléfono: 608 555 0175", scale=0.9),
            line("Correo: personeria.villaclara@ejemplo.com", scale=0.9),
        ),
    ),
    {
        "remitente": "Ángela Yaneth Pedraza Güiza",
        "entidad": "PERSONERÍA MUNICIPAL DE VILLA CLARA",
        "nit": "800.555.731-1",
        "direccion": "Carrera 5 # 7-40",
        "municipio": "Villa Clara",
        "correo": "personeria.villaclara@ejemplo.com",
        "telefono": "608 555 0175",
        "asunto": "Solicitud de información entre autoridades sobre el transporte escolar"
        " intermunicipal",
        "fecha": "2026-11-06",
        "oficio": "OFI26-000482",
        "destinatario": "FABIÁN AUGUSTO QUIÑONES LARA",
        "tipo": "autoridades",
    },
)

SOLICITUD_VISITA = Letter(
    "08-solicitud-visita.tif",
    "radicar",
    "narrow",
    13,
    1.28,
    LETTER,
    (85, 110, 80),
    (
        (
            line("San Jacinto del Río, 13 de octubre de 2026"),
            gap(1.3),
            line("Ingeniera"),
            line("Lucía Fernanda Monsalve"),
            line("COORDINADORA DE GESTIÓN DEL RIESGO", bold=True),
            line("Alcaldía Municipal de San Jacinto del Río"),
            line("Presente"),
            gap(),
            para("Ref.: Solicitud de visita técnica por agrietamiento de un talud", bold=True),
            gap(),
            line("Estimada ingeniera:"),
            gap(0.6),
            para(
                "Le escribo para solicitar una visita técnica al talud que queda detrás de mi"
                " casa. Con las lluvias de la semana pasada se abrió una grieta de unos 12 metros"
                " de largo y un árbol de guadua quedó inclinado hacia la cocina."
            ),
            gap(0.6),
            para(
                "En la vivienda habitamos siete personas, entre ellas mi mamá, de 81 años, y dos"
                " niños pequeños. ¿Debemos desocupar mientras se hace la revisión? ¿A qué número se"
                " puede llamar de noche si la tierra se mueve?"
            ),
            gap(0.6),
            para(
                "Estamos en la casa todos los días después de las 2:00 p. m. y podemos guiar a los"
                " técnicos, porque el camino no tiene señalización."
            ),
            gap(1.2),
            line("Muchas gracias. Atentamente,"),
            sign(),
            line("Wilmar Andrés Toloza Ñañez", bold=True),
            line("Cédula de ciudadanía 1.098.555.204 de San Gil"),
            line("Dirección: Transversal 2 # 1-77, sector La Ceiba"),
            line("San Jacinto del Río"),
            line("Celular 320 555 0109"),
        ),
    ),
    {
        "remitente": "Wilmar Andrés Toloza Ñañez",
        "cedula": "1.098.555.204",
        "direccion": "Transversal 2 # 1-77, sector La Ceiba",
        "municipio": "San Jacinto del Río",
        "telefono": "320 555 0109",
        "asunto": "Solicitud de visita técnica por agrietamiento de un talud",
        "fecha": "2026-10-13",
        "destinatario": "Lucía Fernanda Monsalve",
        "tipo": "peticion",
    },
)

RECLAMO_PREDIAL = Letter(
    "09-reclamo-predial.png",
    "radicar",
    "dejavu",
    12.5,
    1.31,
    LETTER,
    (34, 28, 34),
    (
        (
            line("San Jacinto del Río, octubre 30 de 2026", align="right"),
            line("Señores"),
            line("SECRETARÍA DE HACIENDA - Alcaldía Municipal de San Jacinto del Río"),
            line("Ciudad"),
            para(
                "Asunto: Reclamo por el cobro del impuesto predial unificado de 2026 del predio con"
                " matrícula inmobiliaria 070-155501",
                bold=True,
            ),
            line("Respetados señores:"),
            para(
                "Yo, Consuelo Amparo Bermúdez Peñuela, mayor de edad, dueña del predio ubicado en"
                " la Carrera 6 # 11-29 de este municipio, presento reclamo contra la factura"
                " 26-004417, en la que me cobran $ 2.318.000 por el impuesto predial unificado de"
                " este año. El año pasado pagué $ 486.000, con el descuento por pronto pago, de"
                " modo que el cobro se multiplicó casi por cinco sin que yo haya construido ni"
                " vendido nada.",
                justify=True,
            ),
            para(
                "Los errores que encuentro en la factura son los siguientes. Primero, el área del"
                " terreno aparece como 1.240 metros cuadrados, pero en la escritura 318 de 1997 y"
                " en el certificado de tradición son 240 metros cuadrados; alguien añadió un uno"
                " al comienzo. Segundo, el destino económico figura como comercial, y allí nunca"
                " ha funcionado negocio alguno: es la casa donde vivo con mi hermana desde hace"
                " veintinueve años. Tercero, me cobran intereses de mora por 2024, aunque tengo el"
                " recibo de pago con el sello del banco, del 27 de febrero de 2024, por $ 455.000."
                " Cuarto, la sobretasa ambiental se liquidó sobre ese avalúo equivocado, y también"
                " la tasa de bomberos.",
                justify=True,
            ),
            para(
                "El 5 de octubre fui a la ventanilla de Hacienda con todos los papeles. La persona"
                " que me atendió reconoció que el área estaba mal digitada, pero me explicó que no"
                " podía corregirla sin una orden y que, si no pagaba antes del 30 de noviembre,"
                " empezaría el cobro coactivo. ¿Cómo es posible que se persiga una deuda que la"
                " misma oficina sabe que no existe? ¿Quién responde por los intereses que se sigan"
                " causando mientras se resuelve este reclamo?",
                justify=True,
            ),
            para(
                "Por todo lo anterior pido: que se corrijan el área y el destino económico del"
                " predio; que se anule la factura 26-004417 y se expida una nueva con los valores"
                " que corresponden; que se retiren los intereses de 2024, que ya está pagado; que"
                " se suspenda cualquier cobro coactivo mientras se decide; y que la respuesta se"
                " me envíe por escrito a mi casa, porque no tengo computador y el teléfono sólo me"
                " sirve para llamadas. Si hace falta una inspección del predio, pueden hacerla"
                " cualquier mañana; mi hermana o yo siempre estamos. Quiero dejar constancia de"
                " que en veintinueve años nunca me he atrasado en el pago de los impuestos y que"
                " no busco ninguna rebaja: quiero pagar lo justo, ni un peso más ni un peso menos,"
                " y que el error no se repita en la factura del año entrante.",
                justify=True,
            ),
            line("Agradezco de antemano la atención a este reclamo. Atentamente,", align="center"),
            sign("center"),
            line("Consuelo Amparo Bermúdez Peñuela, C.C. 40.022.118 de Tunja", align="center"),
            line(
                "Dirección: Carrera 6 # 11-29, San Jacinto del Río - Teléfono: 311 555 0198",
                align="center",
            ),
            line(
                "Anexos: escritura, certificado de tradición y recibos, once (11) folios",
                align="center",
            ),
        ),
    ),
    {
        "remitente": "Consuelo Amparo Bermúdez Peñuela",
        "cedula": "40.022.118",
        "direccion": "Carrera 6 # 11-29",
        "municipio": "San Jacinto del Río",
        "telefono": "311 555 0198",
        "asunto": "Reclamo por el cobro del impuesto predial unificado de 2026 del predio con"
        " matrícula inmobiliaria 070-155501",
        "fecha": "2026-10-30",
        "destinatario": "SECRETARÍA DE HACIENDA",
        "tipo": "reclamo",
    },
)

PERSONAL = Letter(
    "10-personal.jpg",
    "descartar",
    "dejavu-serif",
    12,
    1.5,
    A4,
    (90, 120, 90),
    (
        (
            line("PERSONAL", bold=True, scale=1.15),
            gap(),
            line("Villa de Leyva, 10 de noviembre de 2026"),
            gap(),
            line("Señora"),
            line("Martha Cecilia Acuña"),
            line("Alcaldía Municipal de San Jacinto del Río"),
            gap(1.5),
            line("Querida Marthica:"),
            gap(0.6),
            para(
                "¡Feliz cumpleaños! Te escribo a la oficina porque no encontré la dirección de tu"
                " casa nueva. Toda la familia te manda un abrazo; la abuela pregunta por ti a cada"
                " rato y dice que le debes una visita desde la Semana Santa."
            ),
            gap(0.6),
            para(
                "El sábado 5 de diciembre vamos a hacer un ajiaco en la finca para celebrar"
                " también el grado de Toñito. ¿Puedes venir con los niños? Trae la cobija gruesa,"
                " que por la noche hace mucho frío, y la guitarra, si todavía suena."
            ),
            gap(0.6),
            para("Te quiere mucho tu prima,"),
            sign(),
            line("Liliana Agüero"),
        ),
    ),
    {
        "remitente": "Liliana Agüero",
        "municipio": "Villa de Leyva",
        "fecha": "2026-11-10",
        "destinatario": "Martha Cecilia Acuña",
    },
)

USO_SUELO = Letter(
    "12-consulta-uso-suelo.tif",
    "dejar",
    "sans",
    12,
    1.28,
    LETTER,
    (82, 100, 76),
    (
        (
            line("Bogotá D.C., 18 de noviembre de 2026"),
            gap(1.3),
            line("Señores"),
            line(ALCALDIA, bold=True),
            line("Secretaría de Planeación"),
            line("San Jacinto del Río"),
            gap(),
            para("Asunto: Consulta sobre el uso del suelo para una panadería", bold=True),
            gap(),
            line("Buenos días, señores:"),
            gap(0.6),
            para(
                "Estoy por tomar en arriendo el local de la Calle 8 # 3-15 de su municipio para"
                " abrir una panadería con horno de gas. Antes de firmar el contrato quiero hacerles"
                " una consulta, con base en el artículo 14 de la Ley 1437 de 2011."
            ),
            gap(0.6),
            para(
                "¿Permite el Esquema de Ordenamiento Territorial ese uso en la zona? ¿Se exige"
                " algún número de parqueaderos? ¿Cuánto vale y cuánto tarda el certificado de uso"
                " del suelo?"
            ),
            gap(0.6),
            para(
                "También agradecería saber si en ese sector hay restricción de horario, porque el"
                " trabajo empezaría a las 3:30 de la mañana y no quiero incomodar a los vecinos."
            ),
            gap(1.2),
            line("Cordialmente,"),
            sign(),
            line("Óscar Iván Argüello Patiño", bold=True),
            line("C.C. 79.555.316 de Bogotá"),
            line("Dirección: Carrera 68B # 74-10, apto. 302"),
            line("Bogotá D.C."),
            line("Teléfono: 300 555 0151"),
            line("Correo: oscar.arguello@ejemplo.com"),
        ),
    ),
    {
        "remitente": "Óscar Iván Argüello Patiño",
        "cedula": "79.555.316",
        "direccion": "Carrera 68B # 74-10, apto. 302",
        "municipio": "Bogotá D.C.",
        "correo": "oscar.arguello@ejemplo.com",
        "telefono": "300 555 0151",
        "asunto": "Consulta sobre el uso del suelo para una panadería",
        "fecha": "2026-11-18",
        "destinatario": "Secretaría de Planeación",
        "tipo": "consulta",
    },
)

LETTERS = (
    PETICION_DOCUMENTOS,
    QUEJA_ALUMBRADO,
    FAX_ESTANDAR,
    FAX_FINO,
    GIRADA,
    TRES_PAGINAS,
    OFICIO_DIGITAL,
    SOLICITUD_VISITA,
    RECLAMO_PREDIAL,
    PERSONAL,
    USO_SUELO,
)
DAMAGED = "11-danada.pdf"
