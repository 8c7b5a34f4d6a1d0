"""The few requests of WebDAV that reading takes: PROPFIND of one folder, GET of a range.

`read_range` is what `scanner.common.objects` asks for, so a seekable file, read-ahead and
repeated attempts come from there.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import email.utils
import functools
import http.client
import ssl
import urllib.error
import urllib.request
from typing import Any, cast
from urllib.parse import quote, unquote, urljoin, urlsplit

from scanner.common import xmlread
from scanner.common.secrets import resolve
from scanner.contracts import Access
from scanner.errors import ReadError
from scanner.model import GapReason, Unit

_ASKED = (
    b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/>'
    b"<getlastmodified/><getetag/></prop></propfind>"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder, named by its path below the share's root (folders end in `/`)."""

    key: str = dataclasses.field(repr=False)
    folder: bool
    size: int | None
    modified: dt.datetime | None
    version: str


class Refused(ReadError):
    """Nothing listens at that port."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """urllib would take the Authorization header along to whatever host a redirect names."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Client:
    def __init__(self, root: str, access: Access, user: str | None, password: str | None) -> None:
        self.root = root
        self._access, self._user, self._password = access, user, password

    def send(
        self, method: str, url: str, headers: dict[str, str] | None = None, *, stranger: bool = False
    ) -> http.client.HTTPResponse:
        """The server's answer, whatever its status. Raises ReadError(UNREACHABLE or TIMEOUT)."""
        headers = {"User-Agent": self._access.user_agent, **(headers or {})}
        if self._user and not stranger:
            headers["Authorization"] = self._authorization
        data = None
        if method == "PROPFIND":
            data, headers["Content-Type"] = _ASKED, "application/xml"
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            answer = self._opener.open(request, timeout=self._access.limits.read_timeout)
        except urllib.error.HTTPError as refused:
            answer = refused  # an answer like any other, but for its status
        except (OSError, http.client.HTTPException) as error:
            raise unreachable(error) from None
        return cast(http.client.HTTPResponse, answer)

    def entries(self, folder: str) -> list[Entry]:
        """What lies directly in a folder (`""` or `a/b/`), sorted. Raises ReadError."""
        url = self.root + quote(folder)
        found: list[Entry | None] = []
        with self.send("PROPFIND", url, {"Depth": "1"}) as answer:
            if answer.status != 207:
                raise refusal(answer.status)
            try:
                for event, element in xmlread.events(answer):
                    if event == "end" and xmlread.local(element.tag) == "response":
                        found.append(self._entry(element))
                        xmlread.discard(element)
            except (OSError, http.client.HTTPException) as error:
                raise unreachable(error) from None
        # Only what lies in the folder asked for: a server must not lead us elsewhere.
        inside = {e.key: e for e in found if e and e.key != folder and e.key.startswith(folder)}
        return [
            inside[key] for key in sorted(inside) if "/" not in key.removeprefix(folder).removesuffix("/")
        ]

    def read_range(self, unit: Unit, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end` of the version that was listed. Raises ReadError."""
        headers = {"Range": f"bytes={start}-{end - 1}"}
        if unit.version.startswith('"'):
            headers["If-Match"] = unit.version  # a weak tag (W/"…") may not be used here
        elif unit.modified is not None:
            headers["If-Unmodified-Since"] = email.utils.format_datetime(unit.modified, usegmt=True)
        with self.send("GET", self.root + quote(unit.id), headers) as answer:
            if answer.status == 200 and (start or end != unit.size):
                raise ReadError(GapReason.UNSUPPORTED, "the server does not serve parts of files")
            if answer.status not in (200, 206):
                raise refusal(answer.status)
            try:
                return answer.read(end - start)
            except (OSError, http.client.HTTPException) as error:
                raise unreachable(error) from None

    def _entry(self, response: Any) -> Entry | None:
        """One `response` element; None for what lies outside the root."""
        said = {xmlread.local(element.tag): element.text or "" for element in response.iter()}
        folder = any(xmlread.local(element.tag) == "collection" for element in response.iter())
        url, root = urlsplit(urljoin(self.root, said.get("href", "").strip())), urlsplit(self.root)
        path, above = unquote(url.path), unquote(root.path)
        if url.netloc.lower() != root.netloc or not path.startswith(above) or "/../" in path:
            return None
        name, size = path.removeprefix(above).rstrip("/"), said.get("getcontentlength", "")
        try:
            modified = email.utils.parsedate_to_datetime(said.get("getlastmodified", ""))
        except ValueError:
            modified = None
        return Entry(
            key=name + "/" if name and folder else name,
            folder=folder,
            size=int(size) if size.isascii() and size.isdigit() else None,
            modified=modified,
            version=said.get("getetag") or said.get("getlastmodified", ""),
        )

    @functools.cached_property
    def _authorization(self) -> str:
        """Made at the first use; the secret itself is in no option, repr or pickle."""
        secret = resolve(self._password) if self._password else ""
        return "Basic " + base64.b64encode(f"{self._user}:{secret}".encode()).decode("ascii")

    @functools.cached_property
    def _opener(self) -> urllib.request.OpenerDirector:
        # Proxies come from the environment, as urllib reads it.
        tls = ssl.create_default_context(cafile=self._access.ca_bundle)
        return urllib.request.build_opener(_NoRedirects, urllib.request.HTTPSHandler(context=tls))


def refusal(status: int) -> ReadError:
    """What a status means. Statuses only: a server's own words may quote names."""
    said = f"the server answered {status}"
    if status in (401, 403, 423):
        return ReadError(GapReason.DENIED, said, "let this account list and read the folder (GET, PROPFIND)")
    if status in (404, 410, 412, 416):
        return ReadError(GapReason.VANISHED, said)
    if status in (301, 302, 303, 307, 308):
        return ReadError(GapReason.UNSUPPORTED, f"{said}, a redirect", "give the address it redirects to")
    if status in (200, 405, 501):
        return ReadError(GapReason.UNSUPPORTED, f"{said}: it does not speak WebDAV here", "check the path")
    return ReadError(GapReason.TIMEOUT if status == 504 else GapReason.UNREACHABLE, said)


def unreachable(error: Exception) -> ReadError:
    """What a broken connection means, by the kind of error."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return ReadError(GapReason.TIMEOUT, "the server did not answer in time")
    if isinstance(cause, ConnectionRefusedError):
        return Refused(GapReason.UNREACHABLE, "the connection was refused")
    if isinstance(cause, ssl.SSLCertVerificationError):
        return ReadError(
            GapReason.UNREACHABLE, "the server's certificate is not trusted", "set ca_bundle of the target"
        )
    return ReadError(GapReason.UNREACHABLE, f"no connection ({type(cause).__name__})")
