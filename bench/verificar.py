"""Verification of a log against bare Ed25519 over the same lines, and without event signatures.

The log is an office's own: receptions, numbers, seals, anclas, fichas, written by the journal
itself. Bare: `cryptography` alone checks the same signatures, messages ready in memory, one process
a core.

    python -m bench.verificar [--json FILE] [--eventos 100000] [--rondas 3]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench.diario import Hurried
from bench.medida import arguments, median, report, timed
from records import checking_logs, keys, lines, segments, verify
from records import tail as tails
from records.checking import Checker
from records.events import (
    DocumentReceived,
    NumberAssigned,
    ReceptionDiscarded,
    RecordSealed,
)
from records.journal import PREVIOUS, Draft, Journal, Writer
from records.lines import Line
from records.office import Office
from records.signatures import Later

ROOT = Path(__file__).resolve().parents[1]
GOAL = 50_000
"""Events a second without their signatures that the project asks of itself."""
LETTERS = 330
"""Letters a write: with its `ancla`, about as many lines as lie between two."""


def build(home: Path, events: int) -> Office:
    """An office whose punto has a log of about *events* lines."""
    office, _ = Office.found(home, ROOT / "config.toml", demo=True)
    certificate = keys.fingerprint(office.keys.certificate(office.punto))
    journal = Journal(home, office.punto, Hurried())
    with journal.writing(office.keys.point_ed(office.punto)) as writer:
        while writer.tail.seq < events - 1:
            writer.append_all(_letters(writer, certificate))
    return Office(home)


def _letters(writer: Writer, certificate: str) -> list[Draft]:
    """Receptions with their numbers and seals; one in fifty is discarded."""
    drafts: list[Draft] = []
    at, seq, punto = writer.at(), writer.next_seq(), writer.tail.punto
    vigencia = int(at[:4])
    end = writer.tail.series.get(("E", vigencia), tails.SeriesEnd(0, None))
    for i in range(LETTERS):
        subject, original = f"{punto}.{seq}", lines.sha256(b"%d" % seq)
        received = DocumentReceived(
            reclamo=original[:32], sha256=original, bytes=48_211, formato="pdf", recibido=at
        )
        ficha = {"archivo": f"carta {seq}.pdf"}
        drafts.append(Draft(received, subject, "sistema", ficha=ficha))
        seq += 1
        if i % 50 == 49:
            gone = ReceptionDiscarded(recepcion=subject, motivo="publicidad")
            drafts.append(Draft(gone, subject, "ana", PREVIOUS))
            seq += 1
            continue
        number = NumberAssigned(
            radicado=f"{vigencia}-{punto}-E-{end.n + 1:06d}",
            clase="E", vigencia=vigencia, n=end.n + 1, anterior=end.seq, recepcion=subject,
            recibido=at, fuente="mostrador", carril="ventanilla", canal="fisico", tipo="peticion",
            dependencia="100", folios=2, anexos=1, imagen=original,
        )  # fmt: skip
        sealed = RecordSealed(
            radicado=number.radicado, sha256=lines.sha256(original.encode()), original=original,
            paginas=2, bytes=71_904, certificado=certificate, lectura=original,
        )  # fmt: skip
        ficha = {
            "remitente": "María Peñaloza Güiza", "asunto": "Petición de información del predio",
            "direccion": "Calle 10 # 4-33", "correo": "maria@ejemplo.co",
        }  # fmt: skip
        drafts.append(Draft(number, subject, "ana", PREVIOUS, ficha))
        drafts.append(Draft(sealed, subject, "sistema", PREVIOUS))
        end = tails.SeriesEnd(end.n + 1, seq)
        seq += 2
    return drafts


class WithoutSignatures(Later):
    """The key that a line names, and nothing of its signature; fichas as ever."""

    def __call__(self, line: Line, clave: str) -> bool:
        return line.k == lines.k_of(clave)


def rules(office: Office) -> None:
    """All logs of the office but for the lines' signatures: chain, rules, fichas, tree."""
    check = Checker(office)
    for punto in ("AUT", office.punto):
        with WithoutSignatures() as later:
            read = checking_logs.check_log(check, punto, later, later.ficha) and later.all_hold()
        if not read or check.report.hallazgos:
            raise SystemExit(f"no verifica: {check.report.hallazgos}")


def whole(office: Office, cores: set[int]) -> None:
    """What `verificar` does with the logs, on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        found = verify.verify_logs(office)
    finally:
        os.sched_setaffinity(0, before)
    if not found.ok:
        raise SystemExit(f"no verifica: {found.hallazgos}")


def messages(office: Office) -> list[tuple[bytes, bytes]]:
    """(signature, signed bytes) of every line of the punto's log."""
    out = []
    for segment in segments.segments(office.home, office.punto):
        for _, raw in segments.read_raw(segment.path):
            line = lines.read_line(raw)
            out.append(
                (bytes.fromhex(raw[-130:-2].decode()), lines.pae(lines.EVENT, line.body_bytes))
            )
    return out


def bare(clave: bytes, told: list[tuple[bytes, bytes]]) -> None:
    """Nothing but the signatures."""
    public = Ed25519PublicKey.from_public_bytes(clave)
    for signature, message in told:
        public.verify(signature, message)


def bare_beside(clave: bytes, told: list[tuple[bytes, bytes]], cores: int) -> None:
    """The same, a part for each core, the messages there before a process begins."""
    fork = get_context("fork")
    share = -(-len(told) // cores)
    parts = [told[i : i + share] for i in range(0, len(told), share)]
    children = [fork.Process(target=bare, args=(clave, part)) for part in parts[1:]]
    for child in children:
        child.start()
    bare(clave, parts[0])
    for child in children:
        child.join()
        if child.exitcode:
            raise SystemExit("una firma del banco no verifica")


MEMORY = """
import resource, sys
from pathlib import Path
from records import verify
from records.office import Office
def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])
office = Office(Path(sys.argv[1]))
before = peak()
assert verify.verify_logs(office).ok
print(before, peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def memory(home: Path) -> dict[str, float]:
    """MB at most of a fresh process that verifies the logs, and of one that checks signatures."""
    command = [sys.executable, "-c", MEMORY, str(home)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    before, after, worker = (int(word) / 1024 for word in said.split())
    return {
        "memory_mb": after,
        "memory_mb_before_reading": before,
        "memory_mb_of_a_worker": worker,
    }


def processor() -> float:
    """Seconds of processor so far, of this process and of those that it waited for."""
    return sum(os.times()[:4])


def over(theirs: list[float], mine: list[float]) -> float:
    """The median of the rounds' ratios."""
    return median([t / m for t, m in zip(theirs, mine, strict=True)])


def measure(office: Office, rounds: int) -> dict[str, float]:
    """Interleaved rounds of all, so that a busy machine spoils all alike."""
    cores = os.sched_getaffinity(0)
    told = messages(office)
    clave = bytes.fromhex(office.authority.puntos[office.punto].clave)
    works: dict[str, Callable[[], None]] = {
        "bare": lambda: bare_beside(clave, told, len(cores)),
        "all": lambda: whole(office, cores),
        "rules": lambda: rules(office),
        "bare_one": lambda: bare(clave, told),
        "all_one": lambda: whole(office, {min(cores)}),
    }
    walls: dict[str, list[float]] = {name: [] for name in works}
    cpus: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            before = processor()
            walls[name].append(timed(work)[0])
            cpus[name].append(processor() - before)
    rate = {name: len(told) / median(wall) for name, wall in walls.items()}
    return {
        "without_signatures_over_goal_of_50000_a_second": rate["rules"] / GOAL,
        "all_over_bare_ed25519": over(walls["bare"], walls["all"]),
        "all_over_bare_ed25519_by_processor_time": over(cpus["bare"], cpus["all"]),
        "all_over_bare_ed25519_in_one_process": over(walls["bare_one"], walls["all_one"]),
        "events_a_second_without_signatures_one_process": rate["rules"],
        "events_a_processor_second_without_signatures": len(told) / median(cpus["rules"]),
        "events_a_second": rate["all"],
        "events_a_second_one_process": rate["all_one"],
        "bare_ed25519_a_second": rate["bare"],
        "bare_ed25519_a_second_one_process": rate["bare_one"],
        **memory(office.home),
        "events": len(told),
        "cores": len(cores),
        "rounds": rounds,
    }


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--eventos", type=int, default=100_000)
    parser.add_argument("--rondas", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        os.environ["VENTANILLA_MARCAS"] = str(Path(name) / "marcas")
        office = build(Path(name) / "oficina", options.eventos)
        report("verificar", measure(office, options.rondas), options.json)


if __name__ == "__main__":
    main()
