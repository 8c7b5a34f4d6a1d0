"""What a WebDAV client can see of a share's safeguards, by trying it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote, urlsplit

from dpscan_webdav.client import Client, Refused, refusal
from scanner.common.stating import Speaker, Unseen, ask
from scanner.model import Basis, Evidence, Gap

_NOT_SEEN = Unseen(Basis.NOT_OBSERVABLE, "WebDAV has no request that shows it")
_NOT_SEEN_HERE = (
    "region", "encryption_at_rest", "customer_managed_key", "min_tls_version", "access_logging",
    "anonymous_write_blocked", "external_accounts", "uniform_access_control", "backup_enabled",
    "lifecycle_expiry", "versioning", "soft_delete", "object_lock", "static_website_disabled",
    "replica_regions", "owner_tag", "classification_tag", "retention_tag", "asset_register_ref",
)  # fmt: skip

Answer = tuple[bool, str]
"""Whether the safeguard is there, and what was seen."""


def evidence(store_id: str, client: Client, plain_port: int) -> Iterator[Evidence | Gap]:
    """Two safeguards are tried, one is plain to see, and the rest is said not to be seen.

    A trial that fails is an unknown *and* a gap; it is never taken for a yes or a no.
    """
    say = Speaker(store_id)
    gaps: list[Gap] = []
    yield say.flag("tls_in_use", client.root.startswith("https:"), "scheme of the URL")
    trials: tuple[tuple[str, str, Callable[[], Answer]], ...] = (
        ("tls_enforced", "a request over plain HTTP", lambda: _refuses_plain_http(client, plain_port)),
        ("anonymous_read_blocked", "a request without credentials", lambda: _refuses_strangers(client)),
    )
    for safeguard, trial, look in trials:
        seen = ask(store_id, f"the answer to {trial}", gaps, look)
        if isinstance(seen, Unseen):
            yield say.unknown(safeguard, seen, trial)
        else:
            yield say.flag(safeguard, seen[0], trial, seen[1])
    for safeguard in _NOT_SEEN_HERE:
        yield say.unknown(safeguard, _NOT_SEEN, "WebDAV")
    yield from gaps


def _refuses_plain_http(client: Client, port: int) -> Answer:
    root = urlsplit(client.root)
    if root.scheme == "http":
        return False, "the server answered this scan unencrypted"
    url = f"http://{root.hostname}:{port}{root.path}"
    try:
        with client.send("PROPFIND", url, {"Depth": "0"}, stranger=True) as answer:
            status, where = answer.status, answer.headers.get("Location", "")
    except Refused:
        return True, f"nothing answers unencrypted on port {port}"
    if status == 426 or (300 <= status < 400 and where.startswith("https://")):
        return True, f"port {port} sends clients on to an encrypted connection"
    if status < 300 or status == 401:
        return False, f"port {port} serves the share unencrypted (it answered {status})"
    raise refusal(status)


def _refuses_strangers(client: Client) -> Answer:
    """Lists the root folder and reads one byte of one file in it, from here, without credentials."""
    asked = [("PROPFIND", client.root, {"Depth": "0"})]
    files = [entry.key for entry in client.entries("") if not entry.folder]
    asked += [("GET", client.root + quote(key), {"Range": "bytes=0-0"}) for key in files[:1]]
    for method, url, headers in asked:
        with client.send(method, url, headers, stranger=True) as answer:
            status = answer.status
        if status < 300:
            return False, f"{method} without credentials was answered"
        if status not in (401, 403):
            raise refusal(status)
    return True, f"{' and '.join(method for method, _, _ in asked)} without credentials were refused"
