"""A small WebDAV server over a folder, from the standard library: enough for tests, and real HTTP.

Speaks PROPFIND (Depth 0 and 1) and GET with ranges and conditions, asks for a login if told to,
and keeps a list of what it was asked.
"""

from __future__ import annotations

import base64
import contextlib
import email.utils
import hashlib
import re
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape


class DavServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path, login: str | None = None, closed: tuple[str, ...] = ()) -> None:
        """`login` is `user:password`, None lets strangers in; `closed` are paths that nobody may open."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.login, self.closed = folder, login, closed
        self.ranges = True
        """Whether parts of files are served."""
        self.redirect = ""
        self.asked: list[tuple[str, str, str]] = []
        """(method, path, Authorization header or "")."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/dav/"


@contextlib.contextmanager
def serving(server: DavServer, tls: ssl.SSLContext | None = None) -> Iterator[DavServer]:
    """The server, answering until the block ends."""
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: DavServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_PROPFIND(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self._open()
        if path is None:
            return
        found = [path]
        if self.headers.get("Depth") == "1" and path.is_dir():
            found += sorted(path.iterdir(), reverse=True)
        body = "".join(self._response(item) for item in found)
        text = f'<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">{body}</D:multistatus>'
        self._send(207, text.encode(), {"Content-Type": "application/xml; charset=utf-8"})

    def do_GET(self) -> None:
        path = self._open()
        if path is None:
            return
        if path.is_dir():
            self._send(405)
            return
        data, headers = path.read_bytes(), {"ETag": _etag(path)}
        wanted = self.headers.get("If-Match")
        if wanted is not None and wanted != _etag(path):
            self._send(412)
            return
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if match is None or not self.server.ranges:
            self._send(200, data, headers)
        elif int(match[1]) >= len(data):
            self._send(416)
        else:
            part = data[int(match[1]) : int(match[2]) + 1]
            headers["Content-Range"] = f"bytes {match[1]}-{int(match[1]) + len(part) - 1}/{len(data)}"
            self._send(206, part, headers)

    def _open(self) -> Path | None:
        """The file or folder asked for, or None where an answer has been given already."""
        authorization = self.headers.get("Authorization", "")
        self.server.asked.append((self.command, self.path, authorization))
        if self.server.redirect:
            self._send(302, headers={"Location": self.server.redirect})
            return None
        if self.server.login is not None:
            expected = "Basic " + base64.b64encode(self.server.login.encode()).decode()
            if authorization != expected:
                self._send(401, headers={"WWW-Authenticate": 'Basic realm="files"'})
                return None
        relative = unquote(self.path).removeprefix("/dav/").strip("/")
        if relative in self.server.closed:
            self._send(403)
            return None
        path = self.server.folder / relative
        if ".." in relative or not path.exists():
            self._send(404)
            return None
        return path

    def _response(self, path: Path) -> str:
        relative = path.relative_to(self.server.folder).as_posix().removeprefix(".")
        href = "/dav/" + quote(relative) + ("/" if path.is_dir() and relative else "")
        status = path.stat()
        properties = (
            f"<D:getlastmodified>{email.utils.formatdate(status.st_mtime, usegmt=True)}</D:getlastmodified>"
        )
        if path.is_dir():
            properties += "<D:resourcetype><D:collection/></D:resourcetype>"
        else:
            properties += (
                f"<D:resourcetype/><D:getcontentlength>{status.st_size}</D:getcontentlength>"
                f"<D:getetag>{escape(_etag(path))}</D:getetag>"
            )
        return (
            f"<D:response><D:href>{escape(href)}</D:href><D:propstat><D:prop>{properties}</D:prop>"
            "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
        )

    def _send(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _etag(path: Path) -> str:
    return f'"{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"'
