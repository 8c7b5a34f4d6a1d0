"""The live twin of a declared store, out of an index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from scanner.check.judging import Twin
from scanner.declared.model import DeclaredStore
from scanner.known import classification, handles
from scanner.known.index import Entry, Index, Keys
from scanner.known.state import States
from scanner.model import Estimate, Inspected, Presence, Sensitivity, StoreSummary
from scanner.severity import MANY_PEOPLE

_FOUND = {
    Sensitivity.S0: "no personal data found (S0)",
    Sensitivity.S1: "ordinary personal data (S1)",
    Sensitivity.S2: "higher-impact personal data (S2)",
    Sensitivity.S3: "special category or offence data (S3)",
}


class KnownStores:
    """What `check` asks for the live twin of a store: an index, else the classification tags."""

    def __init__(
        self,
        index: Index | None = None,
        keys: Keys | None = None,
        *,
        today: dt.date,
        folder: Path | None = None,
        show_holdings: bool = False,
    ) -> None:
        """`folder`: where the code is; Terraform states in it tell live ids. Without an index, only tags
        count. `show_holdings`: say what is known, not only that it counts."""
        self._keys, self._today, self._show = keys, today, show_holdings
        self._by_digest: dict[str, list[Entry]] = {}
        for entry in index.entries if index is not None else ():
            for digest in entry.names:
                self._by_digest.setdefault(digest, []).append(entry)
        self._states = States(folder)
        self.matched = 0
        """Declared stores whose twin was found so far."""
        self.outdated = 0
        """Of these, stores of which the index knows nothing recent enough."""

    def twin(self, store: DeclaredStore) -> Twin | None:
        """What is known of a declared store; None where that is nothing at all."""
        entries = self._entries(store)
        if entries:
            self.matched += 1
            recent = [entry for entry in entries if entry.expires >= self._today]
            if recent:
                return _twin(store, recent, self._show)
            self.outdated += 1
            last = max(entry.seen for entry in entries)
            note = f"What the register knows of it is from {last.isoformat()} and has expired: not counted."
            return _tagged(store, note) or Twin(note=note)
        return _tagged(store)

    def _entries(self, store: DeclaredStore) -> list[Entry]:
        """Entries by id and name; only where there are none, those of the same registered asset."""
        if self._keys is None or not self._by_digest:
            return []
        names = {store.store.name, *store.store.aliases}
        if store.type.startswith("AWS::"):
            names -= {store.address}  # a logical id is a name within its template only
        own = handles.of_names(names)
        loose = frozenset(handle for handle in own if handle.startswith(handles.LOOSE))
        if not loose:
            own |= handles.of_type(store.type, names)
        own |= self._states.handles(store.location.file, store.address)
        found = self._look_up(_own(own - loose)) or self._look_up(handles.of_tags(store.store.tags))
        if found or not loose:
            return found
        alike = self._look_up(loose)
        return alike if len(alike) == 1 else []

    def _look_up(self, names: Iterable[str]) -> list[Entry]:
        assert self._keys is not None
        found: dict[int, Entry] = {}
        for digest in self._keys.digests(names):
            found.update((id(entry), entry) for entry in self._by_digest.get(digest, ()))
        return list(found.values())


def _own(found: frozenset[str]) -> frozenset[str]:
    """Of a container its own handle, without that of the account which others share."""
    containers = frozenset(handle for handle in found if handle.startswith("container:"))
    return containers or found


def _twin(store: DeclaredStore, entries: list[Entry], show: bool) -> Twin:
    """Several entries (the containers of an account, the databases of a server) count as the worst of them."""
    bands = [entry.sensitivity for entry in entries if entry.sensitivity is not None]
    nothing = all(entry.complete and entry.sensitivity is Sensitivity.S0 for entry in entries)
    presences = {entry.personal for entry in entries}
    personal = next((p for p in (Presence.YES, Presence.POSSIBLE) if p in presences), Presence.NOT_ASSESSED)
    band = max(bands, default=None)
    if band is Sensitivity.S0 and not nothing:
        band = None
    reaches = [entry.exposure for entry in entries if entry.exposure is not None]
    summary = _summary(
        store.store.id,
        band,
        Presence.NOT_FOUND if nothing else personal,
        many=any(entry.many_people for entry in entries),
        # With holdings left out, a rule that asks about each of them may not take silence for "none".
        complete=nothing,
        inspected=Inspected.ALL if nothing else Inspected.SAMPLED if band is not None else Inspected.NONE,
    )
    return Twin(
        summary=summary,
        note=_told(entries, band) if show else "",
        exposure=max(reaches, default=None),
        discreet=not show,
    )


def _tagged(store: DeclaredStore, note: str = "") -> Twin | None:
    """What classification tags declare. They stand in the code, so there is nothing to be discreet about."""
    band, key = classification.sensitivity(store.store.tags)
    if band is None:
        return None
    summary = _summary(
        store.store.id, band, Presence.YES, many=False, complete=False, inspected=Inspected.NONE
    )
    said = f"Its tag {key} counts as {_FOUND[band].rpartition(' ')[0]}, as it is not known otherwise."
    return Twin(summary=summary, note=f"{note} {said}".strip(), note_on_change=not note)


def _summary(
    store_id: str, band: Sensitivity | None, personal: Presence, *, many: bool, complete: bool,
    inspected: Inspected,
) -> StoreSummary:  # fmt: skip
    people = Estimate(MANY_PEOPLE if many else 0, MANY_PEOPLE if many else 0, "not estimated")
    return StoreSummary(
        store_id=store_id,
        inspected=inspected,
        bound_reached=complete,
        bound=None,
        strata=(),
        sensitivity=band,
        personal=personal,
        records=Estimate(0, 0, "not estimated"),
        individuals=people,
        test_range_share=0.0,
        mostly_test_data=False,
    )


def _told(entries: list[Entry], band: Sensitivity | None) -> str:
    seen = max(entry.seen for entry in entries)
    parts = [_FOUND[band] if band is not None else "sensitivity not assessed"]
    categories = sorted({name for entry in entries for name in entry.categories or ()})
    people = [entry.people for entry in entries if entry.people is not None]
    if not people and any(entry.many_people for entry in entries):
        people = [f"{MANY_PEOPLE:,}+"]
    if categories:
        parts.append(", ".join(categories))
    if people:
        parts.append(f"{max(people, key=_least)} people")
    if any(entry.categories is None for entry in entries):
        parts.append("the index was made without kinds of data")
    return f"Known of its live twin (seen {seen.isoformat()}): {'; '.join(parts)}."


def _least(band: str) -> int:
    digits = "".join(char for char in band if char.isdigit())
    return int(digits) if band.endswith("+") else 0
