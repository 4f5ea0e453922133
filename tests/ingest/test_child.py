"""What a document's child may still do, when a decoder was taken over."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from ingest import landlock, worker
from ingest.facts import Limits


def in_child(folder: Path, document: Path, tries: dict[str, object]) -> dict[str, bool]:
    """Do each of *tries* in a process bound like a document's child: which were let through."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        worker.confine(Limits())
        worker.shut_in(folder, document)
        for name, work in tries.items():
            try:
                work()  # type: ignore[operator]
            except OSError:
                os.write(write, f"{name}=no\n".encode())
            else:
                os.write(write, f"{name}=yes\n".encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as told:
        return {row.split("=")[0]: row.strip().endswith("yes") for row in told}


@pytest.mark.skipif(not landlock.version(), reason="este núcleo no tiene Landlock")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_the_child_reaches_neither_keys_nor_network_nor_other_files(tmp_path: Path) -> None:
    folder, home = tmp_path / "propia", tmp_path / "oficina"
    folder.mkdir()
    home.mkdir()
    document, key = home / "carta.pdf", home / "VU1.ed25519.pem"
    document.write_bytes(b"%PDF-")
    key.write_text("secreto")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        allowed = in_child(
            folder,
            document,
            {
                "document": document.read_bytes,
                "own": lambda: (folder / "x").write_bytes(b"x"),
                "moves": lambda: (folder / "x").rename(folder / "y"),
                "library": Path(os.__file__).read_bytes,
                "key": key.read_bytes,
                "overwrite": lambda: document.write_bytes(b"otro"),
                "beside": lambda: (home / "nuevo").write_bytes(b"x"),
                "away": lambda: (folder / "y").rename(home / "y"),
                "listing": lambda: list(home.iterdir()),
                "network": lambda: socket.create_connection(address, 1),
            },
        )
    assert [name for name, let in allowed.items() if let] == ["document", "own", "moves", "library"]
    assert document.read_bytes() == b"%PDF-"
    assert sys.platform == "linux"
