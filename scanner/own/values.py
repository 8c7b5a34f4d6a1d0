"""Values the department has decided on: never to report (allow list), always to report (deny list).

Kept as keyed digests, never as values: HMAC with BLAKE2b over the letters and digits of a value in
lower case, so that `943 476 5919` and `9434765919` are one value. The key lies in a file of mode
0600 beside the list; without it the list says nothing, and with it somebody could try out guesses.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from scanner.common import private
from scanner.errors import ConfigError, Problem

VERSION = 1
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 8
"""Words that a denied value may have when written apart."""

Kind = Literal["allow", "deny"]


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One value, as the list keeps it."""

    digest: str
    kind: Kind
    length: int
    """Letters and digits of the value: spares nearly all digests when texts are searched."""
    entity_type: str | None
    """Deny list: what to report it as."""
    reason: str
    by: str
    added: dt.date


def bare(value: str) -> str:
    """What counts of a value: letters and digits, lower case, accents composed."""
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", value).casefold()))


class ValueLists:
    """Both lists of one file, ready to be asked."""

    def __init__(self, key: bytes, entries: Iterable[Entry] = ()) -> None:
        self._key = key
        self.entries = {(entry.kind, entry.digest): entry for entry in entries}
        self._index()

    def __repr__(self) -> str:
        return f"<value lists, {len(self.allowed)} allowed, {len(self.denied)} denied>"

    def _index(self) -> None:
        self.allowed = frozenset(e.digest for e in self.entries.values() if e.kind == "allow")
        self.denied = {e.digest: e.entity_type or "PERSON" for e in self.entries.values() if e.kind == "deny"}
        self._lengths = {
            kind: frozenset(e.length for e in self.entries.values() if e.kind == kind)
            for kind in ("allow", "deny")
        }

    def digest(self, value: str) -> str:
        return blake2b(bare(value).encode(), digest_size=16, key=self._key).hexdigest()

    def allows(self, value: str) -> bool:
        """True if the value is never to be reported."""
        core = bare(value)
        return len(core) in self._lengths["allow"] and self.digest(core) in self.allowed

    def denies(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and entity type of each denied value in a text; values are whole words."""
        if not self.denied:
            return
        lengths = self._lengths["deny"]
        longest = max(lengths)
        words = [(m.start(), m.end(), bare(m[0])) for m in _WORD.finditer(text)]
        for first, (start, _, _) in enumerate(words):
            core = ""
            for _, end, word in words[first : first + _MOST_WORDS]:
                core += word
                if len(core) > longest:
                    break
                if len(core) in lengths and (entity_type := self.denied.get(self.digest(core))):
                    yield start, end, entity_type

    def add(
        self, kind: Kind, value: str, *, entity_type: str | None, reason: str, by: str, day: dt.date
    ) -> bool:
        """False if it was there already, or has no letter and no digit."""
        core = bare(value)
        digest = self.digest(core)
        if not core or (kind, digest) in self.entries:
            return False
        self.entries[kind, digest] = Entry(digest, kind, len(core), entity_type, reason, by, day)
        self._index()
        return True

    def remove(self, kind: Kind, value: str) -> bool:
        """False if it was not there."""
        gone = self.entries.pop((kind, self.digest(value)), None)
        self._index()
        return gone is not None


def key_file(path: Path) -> Path:
    return path.with_name(path.name + ".key")


def load(path: Path) -> ValueLists:
    """Read a list and its key. Raises ConfigError."""
    try:
        key = key_file(path).read_bytes()
        content = json.loads(path.read_text("utf-8"))
        entries = [_entry(item) for item in content["values"]]
    except OSError as error:
        why = f"cannot be read ({(error.strerror or '').lower()}); `dpscan values` makes it"
        raise ConfigError(Problem(why, error.filename or str(path))) from None
    except (ValueError, KeyError, TypeError):
        raise ConfigError(Problem("is not a list that `dpscan values` has written", str(path))) from None
    if content.get("version") != VERSION:
        raise ConfigError(Problem(f"is of version {content.get('version')}, expected {VERSION}", str(path)))
    if len(key) < 32:
        raise ConfigError(Problem("is no key: expected 32 bytes", str(key_file(path))))
    return ValueLists(key[:64], entries)


def load_or_new(path: Path) -> ValueLists:
    """Read a list, or begin one. Raises ConfigError, also where only one of list and key is there."""
    if not path.exists() and not key_file(path).exists():
        return ValueLists(secrets.token_bytes(32))
    return load(path)


def save(lists: ValueLists, path: Path) -> None:
    """Write the list and, where it is new, its key; both mode 0600. Raises OSError."""
    keys = key_file(path)
    if not keys.exists():
        private.write_atomically(keys, lists._key)
    listed = [_plain(entry) for entry in sorted(lists.entries.values(), key=lambda e: (e.kind, e.digest))]
    text = json.dumps({"version": VERSION, "values": listed}, indent=1, ensure_ascii=False)
    private.write_atomically(path, (text + "\n").encode())


def _plain(entry: Entry) -> dict[str, Any]:
    return {**dataclasses.asdict(entry), "added": entry.added.isoformat()}


def _entry(item: Mapping[str, Any]) -> Entry:
    known = {field.name for field in dataclasses.fields(Entry)}
    if set(item) != known or item["kind"] not in ("allow", "deny"):
        raise ValueError
    return Entry(**{**item, "added": dt.date.fromisoformat(item["added"])})
