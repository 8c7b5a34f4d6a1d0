"""The index of known stores: a signed file without names, for machines that must not see the history.

Names are digests: HMAC-SHA256 of a handle under a key that only the department and its CI have. The
whole is signed with HMAC-SHA256 too. A signature with a public key would let a reader verify without
being able to forge; but whoever checks needs the key of the digests anyway, without which no name can
be looked up, and with it a forger could only deceive a check that he runs himself. One secret is
enough, and verifying takes no further library.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scanner.errors import ConfigError, Problem
from scanner.model import Exposure, Inspected, Presence, Sensitivity

FORMAT = "dpscan known stores"
VERSION = 1
KEY_BYTES = 32
ENVIRONMENT = "DPSCAN_INDEX_KEY"
_LARGEST = 100_000_000


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one live store. Holds none of its names."""

    names: frozenset[str]
    """Digests of its handles."""
    sensitivity: Sensitivity | None
    """None: not inspected, or nothing found in what was read."""
    personal: Presence
    exposure: Exposure | None
    inspected: Inspected
    complete: bool
    """Read whole, or sampled to the bound: only then does "none found" count."""
    many_people: bool
    """At least as many as raise a severity (`severity.MANY_PEOPLE`)."""
    seen: dt.date
    expires: dt.date
    categories: tuple[str, ...] | None = None
    """Kinds of data in words; None where the index was made without them."""
    people: str | None = None
    """`10,000+`, `under 100`; None where the index was made without it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Index:
    """A verified index."""

    made: dt.datetime
    expires: dt.date
    entries: tuple[Entry, ...]
    file: str = ""


class Keys:
    """What is derived from the one key: digests of names, the signature, and a mark of the key itself."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ConfigError(Problem(f"the key of an index has {KEY_BYTES} bytes; this one has {len(key)}"))
        self._names = _derived(key, b"names")
        self._signature = _derived(key, b"signature")
        self.mark = _derived(key, b"mark").hex()[:8]
        """Tells a wrong key from a forged file; says nothing of the key."""

    def digest(self, handle: str) -> str:
        return hmac.digest(self._names, handle.encode(), hashlib.sha256).hex()[:32]

    def digests(self, handles: Iterable[str]) -> frozenset[str]:
        return frozenset(map(self.digest, handles))

    def sign(self, document: Mapping[str, Any]) -> str:
        text = json.dumps(
            {name: value for name, value in document.items() if name != "signature"},
            sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False,
        )  # fmt: skip
        return hmac.digest(self._signature, text.encode(), hashlib.sha256).hex()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, b"dpscan index 1: " + purpose, hashlib.sha256)


def key_text(key: bytes) -> str:
    """The key as it is given to CI as a secret."""
    return base64.b64encode(key).decode("ascii")


def read_key(file: Path | None, environment: Mapping[str, str]) -> bytes:
    """The key from a file, else from the environment. Raises ConfigError, which never shows any of it."""
    if file is None:
        text = environment.get(ENVIRONMENT)
        if not text:
            raise ConfigError(
                Problem(
                    f"--known needs the key of the index: set {ENVIRONMENT} (`dpscan history index-key` prints it), "
                    "or name its file with --index-key"
                )
            )
        return _decoded(text.encode(), ENVIRONMENT)
    try:
        return _decoded(file.read_bytes()[:1_000], str(file))
    except OSError as error:
        raise ConfigError(Problem(f"cannot be read ({(error.strerror or '').lower()})", str(file))) from None


def _decoded(data: bytes, where: str) -> bytes:
    if len(data) == KEY_BYTES:
        return data
    try:
        key = base64.b64decode(data.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigError(
            Problem(f"expected {KEY_BYTES} bytes in base64, as `dpscan history index-key` prints", where)
        )
    return key


def write(index: Index, keys: Keys) -> str:
    """The signed text of an index."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "key": keys.mark,
        "made": index.made.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "expires": index.expires.isoformat(),
        # Sorted by digest, so that the order says nothing of the stores.
        "stores": [_plain(entry) for entry in sorted(index.entries, key=lambda e: sorted(e.names))],
    }
    document["signature"] = keys.sign(document)
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def _plain(entry: Entry) -> dict[str, Any]:
    out: dict[str, Any] = {
        "names": sorted(entry.names),
        "sensitivity": entry.sensitivity.name if entry.sensitivity is not None else None,
        "personal": entry.personal.value,
        "exposure": entry.exposure.name if entry.exposure is not None else None,
        "inspected": entry.inspected.value,
        "complete": entry.complete,
        "many_people": entry.many_people,
        "seen": entry.seen.isoformat(),
        "expires": entry.expires.isoformat(),
    }
    if entry.categories is not None:
        out["categories"] = list(entry.categories)
    if entry.people is not None:
        out["people"] = entry.people
    return out


def read(file: Path, keys: Keys, today: dt.date) -> Index:
    """A verified index. Raises ConfigError where it is no index, was made with another key, was changed,
    or is out of date: nothing of such a file is believed."""
    name = str(file)
    try:
        if file.stat().st_size > _LARGEST:
            raise ConfigError(Problem("is too large for an index", name))
        document = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(Problem(f"cannot be read ({(error.strerror or '').lower()})", name)) from None
    except (ValueError, RecursionError):
        raise ConfigError(Problem("is not JSON; expected what `dpscan history index` writes", name)) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ConfigError(Problem("is no index of known stores; `dpscan history index` writes one", name))
    if document.get("version") != VERSION:
        raise ConfigError(
            Problem(f"is of another version than {VERSION}; write it anew", name, key="version")
        )
    if document.get("key") != keys.mark:
        raise ConfigError(Problem("was signed with another key than the one given", name, key="key"))
    given = document.get("signature")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), keys.sign(document).encode()):
        raise ConfigError(Problem("was changed after it was signed; write it anew", name, key="signature"))
    try:
        expires = dt.date.fromisoformat(document["expires"])
        made = dt.datetime.fromisoformat(document["made"])
        entries = tuple(_entry(plain) for plain in document["stores"])
    except (KeyError, TypeError, ValueError):
        raise ConfigError(Problem("does not hold what this version expects; write it anew", name)) from None
    if today > expires:
        raise ConfigError(
            Problem(
                f"expired on {expires.isoformat()}; write it anew with `dpscan history index`",
                name,
                key="expires",
            )
        )
    return Index(made, expires, entries, name)


def _entry(plain: Mapping[str, Any]) -> Entry:
    sensitivity, exposure = plain["sensitivity"], plain["exposure"]
    categories, people = plain.get("categories"), plain.get("people")
    return Entry(
        names=frozenset(map(str, plain["names"])),
        sensitivity=Sensitivity[sensitivity] if sensitivity is not None else None,
        personal=Presence(plain["personal"]),
        exposure=Exposure[exposure] if exposure is not None else None,
        inspected=Inspected(plain["inspected"]),
        complete=plain["complete"] is True,
        many_people=plain["many_people"] is True,
        seen=dt.date.fromisoformat(plain["seen"]),
        expires=dt.date.fromisoformat(plain["expires"]),
        categories=tuple(map(str, categories)) if categories is not None else None,
        people=str(people) if people is not None else None,
    )
