"""What a document's child may still do, when a decoder was taken over."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from ingest import landlock
from ingest.child import Child, confined
from ingest.facts import Limits
from ingest.lectura import Unreadable
from ingest.worker import result

if TYPE_CHECKING:
    from collections.abc import Callable


def _try(folder: Path, document: Path, key: Path, home: Path, address: tuple[str, int]) -> None:
    """The child's life: what of all this is it let do?"""
    tries: dict[str, Callable[[], object]] = {
        "document": document.read_bytes,
        "own": lambda: (folder / "x").write_bytes(b"x"),
        "moves": lambda: (folder / "x").rename(folder / "y"),
        "library": Path(os.__file__).read_bytes,
        "key": key.read_bytes,
        "overwrite": lambda: document.write_bytes(b"otro"),
        "beside": lambda: (home / "nuevo").write_bytes(b"x"),
        "away": lambda: (folder / "y").rename(home / "y"),
        "listing": lambda: list(home.iterdir()),
        "link": lambda: (folder / "z").symlink_to(key),
        "pipe": lambda: os.mkfifo(folder / "w"),
        "network": lambda: socket.create_connection(address, 1),
    }

    def work() -> None:
        let = []
        for name, act in tries.items():
            try:
                act()
            except OSError:
                continue
            let.append(name)
        (folder / "let").write_text(" ".join(let))

    confined(work, folder, Limits(), document)


@pytest.mark.skipif(not landlock.version(), reason="este núcleo no tiene Landlock")
def test_the_child_reaches_neither_keys_nor_network_nor_other_files(tmp_path: Path) -> None:
    folder, home = tmp_path / "propia", tmp_path / "oficina"
    folder.mkdir()
    home.mkdir()
    document, key = home / "carta.pdf", home / "VU1.ed25519.pem"
    document.write_bytes(b"%PDF-")
    key.write_text("secreto")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with Child(folder, Limits(), _try, folder, document, key, home, address) as child:
            child.attend()
    assert (folder / "let").read_text().split() == ["document", "own", "moves", "library"]
    assert document.read_bytes() == b"%PDF-"
    assert sys.platform == "linux"


def test_a_result_is_a_file_of_the_folder_or_none(tmp_path: Path) -> None:
    key = tmp_path / "VU1.ed25519.pem"
    key.write_text("secreto")
    folder = tmp_path / "propia"
    folder.mkdir()
    with pytest.raises(Unreadable):
        result(folder, Limits())
    (folder / "salida.pdf").symlink_to(key)
    with pytest.raises(Unreadable):
        result(folder, Limits())
    (folder / "salida.pdf").unlink()
    (folder / "salida.pdf").mkdir()
    with pytest.raises(Unreadable):
        result(folder, Limits())
    (folder / "salida.pdf").rmdir()
    (folder / "salida.pdf").write_bytes(b"%PDF-")
    assert result(folder, Limits()) == b"%PDF-"
    with pytest.raises(Unreadable, match="demasiado"):
        result(folder, msgspec.structs.replace(Limits(), archivo=4))
