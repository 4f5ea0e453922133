"""The tables of the index, and what two indexes of the same journals must agree on."""

from records import expedientes_index
from records.grammar import PENDING

SCHEMA_VERSION = 20
"""Another number makes every index be built anew."""
JOINED = "acumulado"
"""How the table `vinculo` calls what is decided together; other ties by their own words."""

SCHEMA = """
CREATE TABLE posicion(punto TEXT PRIMARY KEY, vigencia INT, inicio INT, largo INT, seq INT,
  hash TEXT, ficha_fin INT) STRICT;
CREATE TABLE fichero(punto TEXT, vigencia INT, nodo INT, PRIMARY KEY(punto, vigencia))
  STRICT, WITHOUT ROWID;
CREATE TABLE evento(punto TEXT, seq INT, hash TEXT, subject TEXT, tipo TEXT, at TEXT, actor TEXT,
  vigencia INT, inicio INT, largo INT, ficha_inicio INT, ficha_largo INT,
  PRIMARY KEY(punto, seq)) STRICT, WITHOUT ROWID;
CREATE INDEX evento_subject ON evento(subject);
CREATE INDEX evento_ejecutada ON evento(subject) WHERE tipo='eliminacion.ejecutada';
CREATE TABLE recepcion(subject TEXT PRIMARY KEY, punto TEXT, seq INT, reclamo TEXT, sha256 TEXT,
  carril TEXT, recibido TEXT, estado TEXT, incorporado TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE registro(id INTEGER PRIMARY KEY, subject TEXT UNIQUE, radicado TEXT UNIQUE, punto TEXT,
  clase TEXT, vigencia INT, n INT, fecha TEXT, recibido TEXT, asunto TEXT, remitente TEXT,
  dependencia TEXT, responsable TEXT, tipo TEXT, canal TEXT, estado TEXT, vence TEXT,
  vence_legal TEXT, imagen_pendiente INT, sello_pendiente INT, original TEXT, registro TEXT,
  lectura TEXT, nivel TEXT, reserva_hasta TEXT, papel TEXT, rechazo TEXT, prioritario INT,
  protegida INT, origen TEXT, respondido TEXT, por_remitente TEXT, por_asunto TEXT) STRICT;
CREATE TABLE vinculo(id INT, con TEXT, como TEXT) STRICT;
CREATE INDEX vinculo_id ON vinculo(id);
CREATE INDEX vinculo_con ON vinculo(con, como);
CREATE INDEX registro_nivel ON registro(nivel, reserva_hasta) WHERE nivel IS NOT NULL;
CREATE INDEX registro_protegida ON registro(radicado) WHERE protegida=1;
CREATE TABLE permiso(id INT, persona TEXT, dependencia TEXT, hasta TEXT) STRICT;
CREATE INDEX permiso_id ON permiso(id);
CREATE TABLE planilla(numero TEXT PRIMARY KEY, punto TEXT, dependencia TEXT, fecha TEXT,
  estado TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE conocido(clave TEXT, id INT, PRIMARY KEY(clave, id)) STRICT, WITHOUT ROWID;
CREATE INDEX conocido_id ON conocido(id);
CREATE TABLE espera(lugar INTEGER PRIMARY KEY AUTOINCREMENT, id INT, bandeja TEXT,
  dependencia TEXT, persona TEXT, desde TEXT, hasta TEXT) STRICT;
CREATE INDEX espera_id ON espera(id);
CREATE INDEX espera_dependencia ON espera(dependencia);
CREATE INDEX espera_persona ON espera(persona);
CREATE TABLE carta(subject TEXT PRIMARY KEY, clase TEXT, tipo TEXT, radicado TEXT, estado TEXT,
  asunto TEXT, destinatario TEXT, dependencia TEXT, firmante TEXT, movido TEXT)
  STRICT, WITHOUT ROWID;
CREATE TABLE carta_a(subject TEXT, radicado TEXT, PRIMARY KEY(subject, radicado))
  STRICT, WITHOUT ROWID;
CREATE INDEX carta_a_radicado ON carta_a(radicado);
CREATE TABLE carta_espera(lugar INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT, bandeja TEXT,
  dependencia TEXT, persona TEXT, desde TEXT) STRICT;
CREATE INDEX carta_espera_subject ON carta_espera(subject);
CREATE TABLE envio(subject TEXT, destinatario INT, intento INT, medio TEXT, guia TEXT, enviado TEXT,
  estado TEXT, PRIMARY KEY(subject, destinatario, intento)) STRICT, WITHOUT ROWID;
CREATE INDEX envio_guia ON envio(guia);
CREATE TABLE acuse(id INT, de TEXT, destinatario INT, intento INT, medio TEXT, correo TEXT,
  telefono TEXT, desde TEXT, PRIMARY KEY(id, de, destinatario, intento)) STRICT, WITHOUT ROWID;
CREATE TABLE ensena(id INTEGER PRIMARY KEY, dependencia TEXT) STRICT;
CREATE TABLE aprendido(rasgo TEXT, dependencia TEXT, n INT, PRIMARY KEY(rasgo, dependencia))
  STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE texto USING fts5(radicado, remitente, asunto, campos, cuerpo,
  tokenize="unicode61 remove_diacritics 2");
"""
SCHEMA += expedientes_index.SCHEMA
LISTS = {
    "recepcion_reclamo": "recepcion(reclamo)",
    "recepcion_sha": "recepcion(sha256, seq)",
    "recepcion_por_radicar": "recepcion(punto, seq) WHERE estado='por_radicar'",
    "registro_original": "registro(original)",
    "registro_fecha": "registro(fecha)",
    "registro_dependencia": "registro(dependencia, estado)",
    "registro_responsable": "registro(responsable, estado)",
    "registro_tipo": "registro(tipo, estado)",
    "registro_canal": "registro(canal, estado)",
    "registro_estado": "registro(estado)",
    "registro_numero": "registro(id)",
    "registro_remitente": "registro(por_remitente, id DESC)",
    "registro_asunto": "registro(por_asunto, id DESC)",
    "registro_vence": f"registro(vence, id) WHERE vence IS NOT NULL AND {PENDING.sql}",
    "registro_respondido": "registro(respondido, vence) WHERE respondido IS NOT NULL",
    "registro_abierto": f"registro(dependencia, vence) WHERE {PENDING.sql}",
    "registro_pendiente": f"registro(id) WHERE {PENDING.sql}",
    "registro_sin_imagen": "registro(id) WHERE imagen_pendiente=1",
    "registro_sin_sello": "registro(id) WHERE sello_pendiente=1",
}
"""What only questions need: lists, counts, orders; `registro_numero` gives all ids and reads no
record. Made when the journals were taken in for the first time: to sort a million rows once is
cheaper than to put each in its place."""
# What two indexes of the same journals must agree on; ids and FTS internals may differ.
COMPARED = {
    "evento": "SELECT * FROM evento ORDER BY punto, seq",
    "recepcion": "SELECT * FROM recepcion ORDER BY subject",
    "registro": "SELECT subject,radicado,punto,clase,vigencia,n,fecha,recibido,asunto,remitente,"
    "dependencia,responsable,tipo,canal,estado,vence,vence_legal,imagen_pendiente,sello_pendiente,"
    "original,registro,lectura,nivel,reserva_hasta,papel,rechazo,prioritario,protegida,"
    "origen,respondido"
    " FROM registro ORDER BY subject",
    "vinculo": "SELECT r.subject, v.con, v.como FROM vinculo v JOIN registro r ON r.id = v.id"
    " ORDER BY r.subject, v.con, v.como",
    "permiso": "SELECT r.subject, p.persona, p.dependencia, p.hasta FROM permiso p"
    " JOIN registro r ON r.id = p.id ORDER BY r.subject, p.persona, p.dependencia, p.hasta",
    "planilla": "SELECT * FROM planilla ORDER BY numero",
    "conocido": "SELECT r.subject, c.clave FROM conocido c JOIN registro r ON r.id = c.id "
    "ORDER BY r.subject, c.clave",
    "espera": "SELECT r.subject, e.bandeja, e.dependencia, e.persona, e.desde, e.hasta FROM espera"
    " e JOIN registro r ON r.id = e.id"
    " ORDER BY r.subject, e.bandeja, e.dependencia, e.persona, e.desde",
    "carta": "SELECT * FROM carta ORDER BY subject",
    "carta_a": "SELECT * FROM carta_a ORDER BY subject, radicado",
    "carta_espera": "SELECT subject, bandeja, dependencia, persona, desde FROM carta_espera"
    " ORDER BY subject, bandeja, dependencia, persona",
    "envio": "SELECT * FROM envio ORDER BY subject, destinatario, intento",
    "acuse": "SELECT r.subject, a.de, a.destinatario, a.intento, a.medio, a.correo, a.telefono,"
    " a.desde FROM acuse a JOIN registro r ON r.id = a.id"
    " ORDER BY r.subject, a.de, a.destinatario, a.intento",
    "ensena": "SELECT r.subject, e.dependencia FROM ensena e JOIN registro r ON r.id = e.id "
    "ORDER BY r.subject",
    "aprendido": "SELECT * FROM aprendido ORDER BY rasgo, dependencia",
    "texto": "SELECT r.subject, t.radicado, t.remitente, t.asunto, t.campos, t.cuerpo FROM texto t "
    "JOIN registro r ON r.id = t.rowid ORDER BY r.subject",
    **expedientes_index.COMPARED,
}
