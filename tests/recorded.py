"""A disk that writes down what it is told, and the disks that a power cut would leave of it.

After ALICE (OSDI 2014): what was not synced may be there or not, whole or torn at a sector of 512
bytes, in any combination; a name that was not synced with its folder may be missing. The recorder
does the real work on a real disk; then disks are built from a prefix of what it wrote down.
"""

from __future__ import annotations

import itertools
import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from records.disk import Disk
from records.marks import PlaceMark

SECTOR = 512
EXHAUSTIVE = 6
"""Up to this many pending operations, every subset is tried where there are samples for it."""


@dataclass(frozen=True)
class Op:
    """One operation: on a file's content (`ino`) or on a name."""

    kind: str  # write, cut, sync, name, unname, move, folder, syncfolder
    ino: int = 0
    path: str = ""
    offset: int = 0
    data: bytes = b""
    source: str = ""


@dataclass
class Recorder(Disk):
    """A disk that works and writes down what it was told."""

    root: Path
    ops: list[Op] = field(default_factory=list)
    inos: dict[str, int] = field(default_factory=dict)
    fds: dict[int, tuple[str, bool, int]] = field(default_factory=dict)
    next_ino: int = 1

    def name(self, path: Path) -> str:
        return str(path.relative_to(self.root))

    def known(self, path: Path) -> int:
        name = self.name(path)
        if name not in self.inos:
            self.inos[name] = self.next_ino
            self.next_ino += 1
        return self.inos[name]

    def open(self, path: Path, flags: int, mode: int) -> int:
        new = bool(flags & os.O_CREAT) and not path.exists()
        fd = super().open(path, flags, mode)
        name = self.name(path)
        if flags & os.O_DIRECTORY:
            self.fds[fd] = (name, True, 0)
            return fd
        if new:
            self.inos.pop(name, None)
            self.ops.append(Op("name", self.known(path), name))
        elif flags & os.O_TRUNC:
            self.ops.append(Op("cut", self.known(path), name))
        else:
            self.known(path)
        at = path.stat().st_size if flags & os.O_APPEND else 0
        self.fds[fd] = (name, False, at)
        return fd

    def write(self, fd: int, data: bytes) -> int:
        done = super().write(fd, data)
        name, _, at = self.fds[fd]
        self.ops.append(Op("write", self.inos[name], name, at, data[:done]))
        self.fds[fd] = (name, False, at + done)
        return done

    def fsync(self, fd: int) -> None:
        super().fsync(fd)
        name, folder, _ = self.fds[fd]
        self.ops.append(
            Op("syncfolder", path=name) if folder else Op("sync", self.inos[name], name)
        )

    def truncate(self, fd: int, size: int) -> None:
        super().truncate(fd, size)
        name = self.fds[fd][0]
        self.ops.append(Op("cut", self.inos[name], name, size))

    def rename(self, source: Path, target: Path) -> None:
        ino = self.known(source)
        super().rename(source, target)
        old, new = self.name(source), self.name(target)
        self.inos[new] = self.inos.pop(old)
        if source.parent == target.parent:
            self.ops += [Op("name", ino, new), Op("unname", ino, old)]
        else:  # a file system with a journal moves it whole or not at all
            self.ops.append(Op("move", ino, new, source=old))

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self.ops.append(Op("unname", self.inos.pop(self.name(path), 0), self.name(path)))

    def mkdir(self, path: Path) -> None:
        super().mkdir(path)
        self.ops.append(Op("folder", path=self.name(path)))


def pending(ops: list[Op]) -> list[int]:
    """Positions of the operations that a cut after *ops* may undo."""
    open_ops: list[int] = []
    for i, op in enumerate(ops):
        if op.kind == "sync":
            open_ops = [
                j
                for j in open_ops
                if not (ops[j].kind in ("write", "cut") and ops[j].ino == op.ino)
            ]
        elif op.kind == "syncfolder":
            open_ops = [
                j
                for j in open_ops
                if ops[j].kind in ("write", "cut") or str(Path(ops[j].path).parent) != op.path
            ]
        else:
            open_ops.append(i)
    return open_ops


class Image:
    """A disk that is built from operations, over what was there before."""

    def __init__(self, before: dict[str, bytes], first_inos: dict[str, int]) -> None:
        self.names = dict(first_inos)
        self.contents = {first_inos[name]: bytearray(data) for name, data in before.items()}
        self.folders: set[str] = set()

    def apply(self, op: Op, torn: bytes | None = None) -> None:
        match op.kind:
            case "write":
                data = op.data if torn is None else torn
                content = self.contents.setdefault(op.ino, bytearray())
                content.extend(bytes(max(0, op.offset - len(content))))
                content[op.offset : op.offset + len(data)] = data
            case "cut":
                del self.contents.setdefault(op.ino, bytearray())[op.offset :]
            case "name":
                self.names[op.path] = op.ino
                self.contents.setdefault(op.ino, bytearray())
            case "unname":
                if self.names.get(op.path) == op.ino:
                    del self.names[op.path]
            case "move":
                self.apply(Op("name", op.ino, op.path))
                self.apply(Op("unname", op.ino, op.source))
            case "folder":
                self.folders.add(op.path)

    def lay(self, target: Path) -> None:
        """Write this disk into a folder."""
        for folder in self.folders:
            (target / folder).mkdir(parents=True, exist_ok=True)
        for name, ino in self.names.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(self.contents[ino]))
        # Another folder is another inode; to the office it is the same disk after a cut.
        for place in (target / "oficina" / "journal").glob("*.lugar.json"):
            mark = msgspec.json.decode(place.read_bytes(), type=PlaceMark)
            here = (target / "oficina" / "journal").stat().st_ino
            place.write_bytes(msgspec.json.encode(msgspec.structs.replace(mark, carpeta=here)))


def torn(op: Op, chance: random.Random) -> bytes | None:
    """A write as a cut may tear it: only its first sectors, or zeros where the first should be."""
    if op.kind != "write" or chance.random() < 0.5:
        return None
    edge = SECTOR - op.offset % SECTOR
    edges = list(range(edge, len(op.data), SECTOR))
    if not edges:
        return None
    cut = chance.choice(edges)
    return op.data[:cut] if chance.random() < 0.6 else bytes(cut) + op.data[cut:]


def published(op: Op) -> bool:
    """Whether it is never synced by design: shown marks, labels, a name that moves on."""
    moved_on = op.kind == "name" and ".nuevos/" in op.path
    return moved_on or ".mostrado.json" in op.path or "salida/" in op.path


def choices(ops: list[Op], chance: random.Random, samples: int) -> list[set[int]]:
    """Which of the pending operations reached the disk: every subset where they are few.

    What is never synced stays pending for ever, and is thrown for each choice; else nothing would
    be few. Where there are more, some subsets, none and all among them.
    """
    open_ops = pending(ops)
    loose = [i for i in open_ops if published(ops[i])]
    held = [i for i in open_ops if i not in loose]
    if len(held) <= EXHAUSTIVE and 2 ** len(held) <= samples:
        subsets = itertools.chain.from_iterable(
            itertools.combinations(held, n) for n in range(len(held) + 1)
        )
        return [{*some, *_some(loose, chance)} for some in subsets]
    picked = [set[int](), set(open_ops)]
    while len(picked) < samples:
        picked.append(_some(open_ops, chance))
    return picked[:samples]


def _some(ops: list[int], chance: random.Random) -> set[int]:
    return {i for i in ops if chance.random() < 0.5}
