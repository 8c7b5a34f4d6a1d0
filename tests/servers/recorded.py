"""A small HTTP server of recorded answers, for APIs that no emulator answers.

Used only for posture: Azure Resource Manager, and Google's bucket settings, IAM and organisation
policies. The answers are *recorded shapes*: JSON objects as the providers' public REST references
show them, with invented names. Real HTTP (and TLS), real status codes, nothing patched.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.tls import Certificate

SHAPES = Path(__file__).parent / "recorded_shapes"


def shape(name: str) -> Any:
    """A fresh copy of one recorded shape: `recorded_shapes/NAME.json`."""
    return json.loads((SHAPES / f"{name}.json").read_text(encoding="utf-8"))


@dataclasses.dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Message
    """Looked up without case; None where there is none."""


Answer = tuple[int, Any]
"""Status and JSON body (or bytes)."""


@dataclasses.dataclass
class Recorded:
    """The running server. `answers` may be changed while it runs."""

    url: str
    answers: dict[tuple[str, str], Answer | Callable[[Asked], Answer]]
    """(method, path without query) to an answer, or to a function that makes one."""
    asked: list[Asked] = dataclasses.field(default_factory=list)
    ca_bundle: str | None = None
    headers: dict[tuple[str, str], dict[str, str]] = dataclasses.field(default_factory=dict)
    """Further response headers, by the same keys."""

    def get(self, path: str, body: Any, status: int = 200) -> None:
        self.answers["GET", path] = (status, body)

    def deny(self, path: str, body: Any, method: str = "GET") -> None:
        self.answers[method, path] = (403, body)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    recorded: Recorded

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        asked = Asked(self.command, parts.path, parse_qs(parts.query), self.headers)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.recorded.asked.append(asked)
        missing = (404, {"error": {"code": 404, "message": "not recorded"}})
        answer = self.recorded.answers.get((self.command, parts.path), missing)
        status, body = answer(asked) if callable(answer) else answer
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in self.recorded.headers.get((self.command, parts.path), {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_POST = do_HEAD = _answer

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextlib.contextmanager
def run_recorded(certificate: Certificate | None = None) -> Iterator[Recorded]:
    """Serve on a free loopback port; with `certificate` over TLS."""
    recorded = Recorded("", {})
    handler = type("Handler", (_Handler,), {"recorded": recorded})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme, recorded.ca_bundle = "https", certificate.certificate
    recorded.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield recorded
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
