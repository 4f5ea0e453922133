"""The same screens in a browser: only for whoever has the address, and nothing from outside."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pyte
import pytest

from records.errors import MachineCannot
from tests.conftest import ROOT
from tests.tui.conftest import USUAL, House, reading
from tui.web_server import Site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

SPANISH = "Por radicar"


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@asynccontextmanager
async def served(home: Path) -> AsyncIterator[tuple[Site, aiohttp.ClientSession]]:
    site = Site(home, None)
    await site.start()
    try:
        async with aiohttp.ClientSession() as client:
            yield site, client
    finally:
        await site.stop()


def own(site: Site) -> dict[str, str]:
    return {"Origin": f"http://127.0.0.1:{site.port}"}


async def test_only_the_whole_address_is_answered(tmp_path: Path) -> None:
    async with served(tmp_path) as (site, client):
        root = f"http://127.0.0.1:{site.port}/"
        token = site.url.removeprefix(root)
        for url, headers, status in (
            (site.url, {}, 200),
            (site.url.replace("127.0.0.1", "localhost"), {}, 200),
            (site.url + "no-hay.txt", {}, 404),
            (root, {}, 403),
            (root + "x" * (len(token) - 1) + "/", {}, 403),
            (root + "x/ws", own(site), 403),
            (site.url, {"Host": "ventanilla.ejemplo.com"}, 403),
            (site.url, {"Host": "127.0.0.1:1"}, 403),
            (site.url, {"Origin": "https://ejemplo.com"}, 403),
            (site.url + "ws", {"Origin": "https://ejemplo.com"}, 403),
            (site.url + "ws", {"Origin": "null"}, 403),
            (site.url + "ws", {}, 403),
        ):
            async with client.get(url, headers=headers) as answer:
                assert answer.status == status, (url, headers)
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert not site.tabs
        with pytest.raises(MachineCannot, match=str(site.port)):
            await Site(tmp_path, None).start(site.port)


async def test_page_and_assets_ask_nothing_of_the_network(tmp_path: Path) -> None:
    outside = re.compile(rb"""(?:src|href|url|import|fetch)\s*[=(]\s*["']?\s*(?:https?:)?//""")
    async with served(tmp_path) as (site, client):
        async with client.get(site.url) as answer:
            page = await answer.text()
        assert '<html lang="es">' in page and "<style" not in page and "<script>" not in page
        assert not re.search(r"\son\w+=", page)
        names = re.findall(r'(?:src|href)="([^":]+)"', page)
        assert len(names) == 4
        async with client.get(site.url + "pagina.css") as answer:
            names += re.findall(r'url\("([^"]+)"\)', await answer.text())
        for name in names:
            async with client.get(site.url + name) as answer:
                assert answer.status == 200
                body = await answer.read()
            assert not outside.search(body) and b"googleapis" not in body, name


async def test_a_tab_is_a_program_that_ends_with_it(house: House) -> None:
    house.receive(reading("Yo, María Muñoz, pido copia.", **USUAL))
    screen = pyte.Screen(100, 30)
    stream = pyte.ByteStream(screen)
    async with served(house.home) as (site, client):
        socket = site.url.replace("http", "ws") + "ws?width=100&height=30"
        async with client.ws_connect(socket, headers=own(site)) as tab:

            async def until(true: Callable[[str], bool]) -> str:
                limit = time.monotonic() + 20
                while not true(text := "\n".join(screen.display)):
                    assert time.monotonic() < limit, text
                    message = await tab.receive(timeout=20)
                    if message.type is aiohttp.WSMsgType.BINARY:
                        stream.feed(message.data.replace(b"\x1b[>", b"\x1b["))
                    else:
                        told.append(json.loads(message.data))
                return text

            told: list[Any] = []
            await until(lambda s: SPANISH in s and "Enter acepta" in s)
            (pid,) = site.tabs
            await tab.send_json(["stdin", "\x1b[18~"])  # F7: the letter's file
            await until(lambda s: "baja en el navegador" in s and bool(told))
            ((what, order),) = told
            assert what == "open_url" and order["url"].startswith(site.url)
            async with client.get(order["url"]) as answer:
                body = await answer.read()
                disposition = answer.headers["Content-Disposition"]
            assert disposition.startswith("attachment;") and body.startswith(b"%PDF")
        limit = time.monotonic() + 20
        while site.tabs and time.monotonic() < limit:
            await asyncio.sleep(0.05)
        assert not site.tabs and not alive(pid)


@pytest.mark.largo
def test_ctrl_c_ends_it_all(house: House) -> None:
    order = [sys.executable, "-m", "cli.main", "--casa", str(house.home), "tui", "--web", "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(order, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as server:
        assert server.stdout is not None and server.stderr is not None
        url = json.loads(server.stdout.readline())["direccion"]

        async def open_a_tab() -> None:
            socket = url.replace("http", "ws") + "ws"
            origin = {"Origin": url[: url.index("/", 8)]}
            async with (
                aiohttp.ClientSession() as client,
                client.ws_connect(socket, headers=origin) as tab,
            ):
                await tab.receive(timeout=20)
                assert len(children(server.pid)) == 1
                server.send_signal(signal.SIGINT)
                while not (await tab.receive(timeout=20)).type.name.startswith("CLOS"):
                    pass

        asyncio.run(open_a_tab())
        assert server.wait(20) == 0
        assert not children(server.pid)
        assert "Traceback" not in server.stderr.read()


def children(pid: int) -> list[str]:
    """The programs that a process has started."""
    listed = subprocess.run(["ps", "-eo", "ppid=,pid=,args="], capture_output=True, text=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return [row[2] for row in rows if row[0] == str(pid) and "tui.tab" in row[2]]
