"""The same screens in a browser of this machine: each tab has a program of its own.

textual-serve gives the terminal that runs in the page and the packets to and from a program; the
page, its files and who is let in are ours. It listens on 127.0.0.1 only. Everybody on a machine can
reach that, and so can a page of any site in a browser of it, hence: a secret in the address without
which nothing is answered, and requests only from a page of this very server (`Host` against DNS
rebinding, `Origin` against other sites' websockets).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import secrets
import signal
import sys
from contextlib import redirect_stdout, suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from records.errors import MachineCannot, reason
from tui import terminal_texts as texts

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Awaitable, Callable

ADDRESS = "127.0.0.1"
MAX_TABS = 8
"""Programs at once: each takes some 180 MB, with what reads its letters."""
MAX_CELLS = 1000
PATIENCE = 15.0
"""Seconds that a tab's program has to put everything on disk; more than `tasks.PATIENCE` needs."""
_THEIRS = {
    "textual.js": ("static/js/textual.js", "text/javascript"),
    "xterm.css": ("static/css/xterm.css", "text/css"),
    "recta.ttf": ("static/fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
    "cursiva.ttf": ("static/fonts/RobotoMono-Italic-VariableFont_wght.ttf", "font/ttf"),
}
_OURS = {"pagina.css": "text/css", "pagina.js": "text/javascript"}
_FOREIGN = ("NO_COLOR", "COLORFGBG", "TMUX", "STY", "WT_SESSION", "TERM_PROGRAM")
"""What the environment tells of the terminal in which the server runs, and not of the browser."""


class Tab(AppService):
    """The program of one tab, in a session of its own: Ctrl+C on the server's terminal does not
    reach it, and whatever it started ends with it.
    """

    def __init__(self, order: list[str], base: str, **options: Any) -> None:
        super().__init__("", **options)
        self._order, self._base = order, base

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        known = self._build_environment(width, height)
        env = {k: v for k, v in known.items() if k not in _FOREIGN and k[:4] != "SSH_"} | {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TEXTUAL_DRIVER": "tui.driver:TabDriver",
            "PYTHONPATH": os.pathsep.join(p for p in (_root(), known.get("PYTHONPATH")) if p),
        }
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *self._order, stdin=pipe, stdout=pipe, stderr=pipe, env=env, start_new_session=True
        )
        self._stdin = self._process.stdin
        return self._process

    async def run(self) -> None:
        """Pass on what the program draws; when it has ended, the page says so."""
        try:
            await super().run()
        finally:
            await self.remote_close()

    async def stop(self) -> None:
        """Ask it to end, as Ctrl+Q does; then make it."""
        task, self._task = self._task, None
        if task is None or self._process is None:
            return
        await self._download_manager.cancel_app_downloads(app_service_id=self.app_service_id)
        await self.send_meta({"type": "quit"})
        try:
            await asyncio.wait_for(self._process.wait(), PATIENCE)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        finally:
            with suppress(ProcessLookupError):  # nothing that it had started is left
                os.killpg(self._process.pid, signal.SIGKILL)
        await task

    async def on_meta(self, data: bytes) -> None:
        """What the program asks of the page: to end, or to take a file."""
        meta = json.loads(data)
        if meta["type"] == "exit":
            await self.remote_close()
        elif meta["type"] == "deliver_file_start":
            key = str(meta["key"])
            await self._download_manager.create_download(
                app_service=self,
                delivery_key=key,
                file_name=Path(meta["path"]).name,
                open_method="download",
                mime_type=meta["mime_type"] or "application/octet-stream",
            )
            url = f"{self._base}bajar/{key}"
            await self.remote_write_str(json.dumps(["open_url", {"url": url, "new_tab": True}]))


def _root() -> str:
    return str(Path(__file__).resolve().parents[1])


class Site:
    """The server."""

    def __init__(self, home: Path, persona: str | None) -> None:
        self._order = [sys.executable, "-P", "-m", "tui.tab", str(home), *filter(None, [persona])]
        self._token = secrets.token_urlsafe(24)
        self._downloads = DownloadManager()
        self._runner: web.AppRunner | None = None
        self._tabs: set[Tab] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """The address, with its secret."""
        return f"http://{ADDRESS}:{self.port}/{self._token}/"

    @property
    def tabs(self) -> tuple[int, ...]:
        """The ids of the programs that run."""
        return tuple(tab._process.pid for tab in self._tabs if tab._process is not None)

    # -- life ---------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Listen; on a free port where none is named.

        Raises:
            MachineCannot: it cannot be had.
        """
        app = web.Application(middlewares=[self._let_in])
        app.add_routes(
            [
                web.get("/{token}/", self._page),
                web.get("/{token}/ws", self._websocket),
                web.get("/{token}/bajar/{key}", self._download),
                web.get("/{token}/{name}", self._file),
            ]
        )
        app.on_response_prepare.append(self._head)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, ADDRESS, port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            told = texts.NO_PORT.format(port=port, why=reason(error))
            raise MachineCannot("puerto", told, consejo=texts.OTHER_PORT) from error
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop every program and the server; nothing is left."""
        await asyncio.gather(*(tab.stop() for tab in list(self._tabs)), return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    # -- who is let in ------------------------------------------------------------------------

    @web.middleware
    async def _let_in(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        token = request.match_info.get("token", "")
        right = hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode())
        origin = request.headers.get("Origin")
        own = request.headers.get("Host", "") in self._hosts()
        asked_by = origin is None or origin in {f"http://{host}" for host in self._hosts()}
        if request.path.endswith("/ws"):
            asked_by = asked_by and origin is not None  # each browser says who opens a websocket
        if not (right and own and asked_by):
            return web.Response(status=403, text=texts.FORBIDDEN)
        return await handler(request)

    def _hosts(self) -> tuple[str, str]:
        return f"{ADDRESS}:{self.port}", f"localhost:{self.port}"

    async def _head(self, request: web.Request, response: web.StreamResponse) -> None:
        sockets = " ".join(f"ws://{host}" for host in self._hosts())
        response.headers.update(
            {
                # xterm.js writes its own style elements, hence 'unsafe-inline' for styles alone.
                "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
                "style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
                f"connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; "
                "frame-ancestors 'none'",
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Cache-Control": "no-store",
            }
        )
        response.headers.pop("Server", None)

    # -- what is served -----------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.Response:
        page = files("tui").joinpath("web/pagina.html").read_text(encoding="utf-8")
        size = request.query.get("letra", "16")
        size = size if size.isascii() and size.isdigit() and 8 <= int(size[:3]) <= 40 else "16"
        socket = f"ws://{request.headers['Host']}/{self._token}/ws"
        page = page.replace("{websocket}", socket).replace("{letra}", size)
        return web.Response(text=page, content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name in _OURS:
            body, kind = files("tui").joinpath("web", name).read_bytes(), _OURS[name]
        elif name in _THEIRS:
            path, kind = _THEIRS[name]
            body = files("textual_serve").joinpath(path).read_bytes()
        else:
            raise web.HTTPNotFound
        return web.Response(body=body, content_type=kind)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        key = request.match_info["key"]
        try:
            meta = await self._downloads.get_download_metadata(key)
        except KeyError:
            raise web.HTTPNotFound from None
        response = web.StreamResponse()
        response.headers["Content-Type"] = meta.mime_type
        name = quote(meta.file_name, safe="")
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        await response.prepare(request)
        async for chunk in self._downloads.download(key):
            await response.write(chunk)
        await response.write_eof()
        return response

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        if len(self._tabs) >= MAX_TABS:
            return web.Response(status=503, text=texts.TOO_MANY_TABS.format(count=MAX_TABS))
        socket = web.WebSocketResponse(heartbeat=15)
        tab = Tab(
            self._order,
            f"http://{request.headers['Host']}/{self._token}/",
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=lambda: _close(socket),
            download_manager=self._downloads,
        )
        self._tabs.add(tab)
        try:
            await socket.prepare(request)
            await tab.start(_cells(request, "width", 80), _cells(request, "height", 24))
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await _pass_on(message.json(), tab, socket)
        except (ValueError, TypeError, KeyError, IndexError):
            await socket.close(code=WSCloseCode.UNSUPPORTED_DATA)  # no page of ours said that
        finally:
            await tab.stop()
            self._tabs.discard(tab)
        return socket


async def _close(socket: web.WebSocketResponse) -> None:
    await socket.close()


def _cells(request: web.Request, name: str, usual: int) -> int:
    said = request.query.get(name, "")
    return max(1, min(int(said[:6]), MAX_CELLS)) if said.isascii() and said.isdigit() else usual


async def _pass_on(said: Any, tab: Tab, socket: web.WebSocketResponse) -> None:
    """What the page says, to the program."""
    what = said[0]
    data: Any = said[1] if len(said) > 1 else None
    if what == "stdin":
        await tab.send_bytes(data.encode("utf-8"))
    elif what == "resize":
        width, height = (max(1, min(int(data[side]), MAX_CELLS)) for side in ("width", "height"))
        await tab.set_terminal_size(width, height)
    elif what == "ping":
        await socket.send_json(["pong", data])
    elif what == "blur":
        await tab.blur()
    elif what == "focus":
        await tab.focus()


def serve(home: Path, persona: str | None, port: int, say: Callable[[str], None]) -> None:
    """Serve until Ctrl+C; *say* gets the address."""

    async def go() -> None:
        site = Site(home, persona)
        end = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, end.set)
        await site.start(port)
        say(site.url)
        try:
            # textual-serve prints there what a program that could not start had to say.
            with redirect_stdout(sys.stderr):
                await end.wait()
        finally:
            await site.stop()

    logging.getLogger("textual-serve").setLevel(logging.CRITICAL)
    asyncio.run(go())
