"""A mail server for tests, on this machine."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar


class Smtp(socketserver.StreamRequestHandler):
    """A mail server that takes all but one address, and breaks off at another (RFC 5321)."""

    taken: ClassVar[list[tuple[list[str], bytes]]] = []
    logins: ClassVar[list[str]] = []
    starttls: ClassVar[ssl.SSLContext | None] = None

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 prueba ESMTP")
        whom: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                more = "250-STARTTLS\r\n" if self.starttls else ""
                self.say(f"250-prueba\r\n250-AUTH PLAIN\r\n{more}250 8BITMIME")
            elif verb == "STARTTLS" and self.starttls:
                self.say("220 siga")
                try:
                    self.connection = self.starttls.wrap_socket(self.connection, server_side=True)
                except ssl.SSLError:
                    return  # the client does not trust us
                self.rfile = self.connection.makefile("rb", -1)
                self.wfile = self.connection.makefile("wb", 0)
            elif verb == "AUTH":
                self.logins.append(line.split()[-1])
                self.say("235 ok")
            elif verb == "RCPT" and "corte@" in line:
                return
            elif verb == "RCPT":
                bad = "nadie@" in line
                whom += [] if bad else [line.partition("<")[2].partition(">")[0]]
                self.say("550 no existe" if bad else "250 ok")
            elif verb == "DATA":
                self.say("354 siga")
                body = []
                while (row := self.rfile.readline()) != b".\r\n":
                    body.append(row.removeprefix(b"."))
                self.taken.append((whom, b"".join(body)))
                whom = []
                self.say("250 ok")
            else:
                whom = []
                self.say("221 adiós" if verb == "QUIT" else "250 ok")


@contextmanager
def serving() -> Iterator[int]:
    """A server that has taken nothing yet; its port."""
    Smtp.taken.clear()
    Smtp.logins.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
