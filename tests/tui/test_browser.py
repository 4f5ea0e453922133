"""All of it in a real browser, where there is one: drawn, typed into, nothing from outside."""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import json
import os
import shutil
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from PIL import Image

from tests.tui.conftest import House
from tests.tui.test_web import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_SANDBOX = ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []


class Page:
    """A page, by the browser's own protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self.events: list[dict[str, Any]] = []

    async def do(self, method: str, **params: Any) -> dict[str, Any]:
        ident = next(self._ids)
        await self._socket.send_json({"id": ident, "method": method, "params": params})
        while True:
            message = json.loads((await self._socket.receive(timeout=30)).data)
            if message.get("id") == ident:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result
            self.events.append(message)

    async def value(self, script: str) -> Any:
        answer = await self.do("Runtime.evaluate", expression=script, returnByValue=True)
        return answer["result"].get("value")

    async def until(self, true: Callable[[], Any], what: str) -> None:
        limit = time.monotonic() + 30
        while not await true():
            assert time.monotonic() < limit, what
            await asyncio.sleep(0.1)

    async def press(self, key: str, code: int) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            await self.do(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code
            )

    async def picture(self) -> Image.Image:
        shot = await self.do("Page.captureScreenshot", format="png")
        return Image.open(io.BytesIO(base64.b64decode(shot["data"])))

    def of(self, method: str) -> list[dict[str, Any]]:
        return [event["params"] for event in self.events if event.get("method") == method]


@asynccontextmanager
async def browser(folder: Path, client: aiohttp.ClientSession) -> AsyncIterator[Page]:
    assert CHROMIUM
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *NO_SANDBOX,
        *("--headless=new", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"),
        *(f"--user-data-dir={folder}", "--window-size=1000,600", "about:blank"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        told = folder / "DevToolsActivePort"
        limit = time.monotonic() + 60
        while not (told.exists() and told.read_text().count("\n")):
            assert time.monotonic() < limit, "el navegador no abre"
            await asyncio.sleep(0.1)
        port = told.read_text().split("\n")[0]
        async with client.get(f"http://127.0.0.1:{port}/json/list") as answer:
            pages = await answer.json()
        address = next(p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page")
        async with client.ws_connect(address, max_msg_size=0) as socket:
            yield Page(socket)
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.largo
@pytest.mark.skipif(CHROMIUM is None, reason="no hay Chromium en este equipo")
async def test_a_letter_is_written_in_a_real_browser(house: House, tmp_path: Path) -> None:
    (ident,) = house.receive(None)

    def typed() -> dict[str, str]:
        return dict(house.reception().drafts.get(ident).escritos)

    async with served(house.home) as (site, client), browser(tmp_path / "b", client) as page:
        for domain in ("Page", "Runtime", "Network", "Log"):
            await page.do(f"{domain}.enable")
        began = time.monotonic()
        await page.do("Page.navigate", url=site.url)
        first = "document.body.classList.contains('-first-byte')"
        await page.until(lambda: page.value(first), "el primer dibujo")
        print(f"abrir: {time.monotonic() - began:.2f} s")
        await asyncio.sleep(2)  # a page has no sign that an app behind it is at rest
        (pid,) = site.tabs
        memory = Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split("kB")[0]
        print(f"memoria: {int(memory) / 1024:.0f} MB")
        picture = await page.picture()
        if where := os.environ.get("VENTANILLA_FOTO"):
            picture.save(where)
        shades = picture.convert("L").getcolors(256) or []
        assert len(shades) > 20  # letters with smooth edges, not an empty page
        assert await page.value("document.fonts.check('16px \"Roboto Mono\"')")
        await page.press("Tab", 9)
        await page.do("Input.insertText", text="Peña Ñandú @ü")
        await page.press("Tab", 9)

        async def kept() -> bool:
            return "Peña Ñandú @ü" in typed().values()

        await page.until(kept, f"lo escrito: {typed()}")
        asked = [r["request"]["url"] for r in page.of("Network.requestWillBeSent")]
        asked += [r["url"] for r in page.of("Network.webSocketCreated")]
        own = (site.url, site.url.replace("http", "ws"), "data:")
        assert len(asked) > 4 and all(url.startswith(own) for url in asked)
        wrong = [e["entry"] for e in page.of("Log.entryAdded") if e["entry"]["level"] == "error"]
        wrong += [str(e) for e in page.of("Runtime.exceptionThrown")]
        assert not wrong
    assert not site.tabs
