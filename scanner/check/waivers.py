"""Findings accepted in the code itself, by somebody, for a reason, until a date.

    # dpscan:accept OBJ-08,OBJ-09 owner=head-of-casework reason="synthetic test data" until=2027-01-31

The comment stands in the resource or directly above it. One without owner, reason or expiry, one that has
expired, that names an unknown rule or that the configuration vetoes accepts nothing and is a finding itself.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import fnmatch
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.check.comments import Comment, comments
from scanner.check.outcome import Accepted, Reported
from scanner.check.own_rules import SUPPRESSION
from scanner.declared.model import Location
from scanner.declared.pipeline import Checked
from scanner.model import Severity

if TYPE_CHECKING:
    from scanner.config import WaiverConfig
    from scanner.config_check import InlineWaivers

EXAMPLE = 'dpscan:accept OBJ-01 owner=ROLE reason="WHY" until=2027-01-31'
_FIELD = re.compile(r"""(\w+)\s*=\s*("[^"]*"|'[^']*'|“[^”]*”|[^\s,;]+)""")
_RULES = re.compile(r"^\s*([A-Za-z][A-Za-z0-9]*-\d+(?:\s*,\s*[A-Za-z][A-Za-z0-9]*-\d+)*)(?=\s|$)")
_KEYS = ("owner", "reason", "until")


@dataclasses.dataclass(frozen=True, slots=True)
class Acceptance:
    """A comment as read; `faults` are sentences, and with any of them it accepts nothing."""

    at: Location
    rules: tuple[str, ...] = ()
    owner: str = ""
    reason: str = ""
    until: dt.date | None = None
    faults: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """The lines of one resource; several instances (`count`) share them."""

    file: str
    first: int
    last: int
    address: str


def accept(
    checked: Checked,
    reported: Sequence[Reported],
    folder: Path,
    today: dt.date,
    rules: Iterable[str],
    policy: InlineWaivers | None,
    central: Sequence[WaiverConfig],
    prefix: str = "",
) -> tuple[Reported, ...]:
    """The findings with those marked that are accepted, and one more for every comment that is not in order.

    `rules`: ids of all rules there are. `prefix`: from the top of the repository to the folder checked.
    """
    spans = _spans(checked)
    known = {rule.upper() for rule in rules}
    found = list(reported)
    wrong: list[Reported] = []
    for comment in comments(folder, checked.files):
        read = examine(parse(comment), known, today, policy, prefix)
        span = _around(spans, comment)
        if not read.faults and span is None:
            read = dataclasses.replace(read, faults=("it stands in no store, nor directly above one",))
        if read.faults:
            wrong += [
                _finding(read, f"This acceptance does not count: {fault}.", span, prefix)
                for fault in read.faults
            ]
            continue
        assert span is not None and read.until is not None
        accepted = Accepted(read.owner, read.reason, read.until, f"{comment.file}:{comment.line}")
        used = False
        for number, one in enumerate(found):
            open_ = one.failed or one.untold
            if open_ and one.finding.rule_id in read.rules and _within(one, span, checked):
                found[number] = dataclasses.replace(one, accepted=accepted)
                used = True
        if not used:
            nothing = _finding(
                read, "There is nothing left to accept here: the comment can go.", span, prefix
            )
            finding = dataclasses.replace(nothing.finding, severity=Severity.INFO)
            wrong.append(dataclasses.replace(nothing, finding=finding))
    return (*centrally(found, checked, today, central), *wrong)


def centrally(
    reported: Iterable[Reported], checked: Checked, today: dt.date, central: Sequence[WaiverConfig]
) -> tuple[Reported, ...]:
    """The findings with those marked that the configuration accepts."""
    return tuple(
        one if one.accepted is not None else _centrally(one, checked, today, central) for one in reported
    )


def parse(comment: Comment) -> Acceptance:
    """A comment's fields, and what is missing of them."""
    at = Location(comment.file, comment.line, comment.line)
    match = _RULES.match(comment.text)
    if match is None:
        return Acceptance(at, faults=(f"it names no rule first; expected {EXAMPLE}",))
    rules = tuple(rule.strip().upper() for rule in match[1].split(","))
    rest = comment.text[match.end() :]
    fields = {key.lower(): value.strip("\"'“”").strip() for key, value in _FIELD.findall(rest)}
    faults = [f"{key} is not a field; expected owner, reason and until" for key in fields if key not in _KEYS]
    if _FIELD.sub("", rest).strip(" ,;"):
        faults.append(f"part of it cannot be read; expected {EXAMPLE}")
    names = {"owner": "an owner", "reason": "a reason", "until": "an expiry date (until=YYYY-MM-DD)"}
    faults += [f"it lacks {names[key]}" for key in _KEYS if not fields.get(key)]
    until = None
    if fields.get("until"):
        try:
            until = dt.date.fromisoformat(fields["until"])
        except ValueError:
            faults.append("until is no date; expected YYYY-MM-DD, such as 2027-01-31")
    return Acceptance(at, rules, fields.get("owner", ""), fields.get("reason", ""), until, tuple(faults))


def examine(
    read: Acceptance, known: set[str], today: dt.date, policy: InlineWaivers | None, prefix: str
) -> Acceptance:
    """The acceptance with what speaks against it."""
    faults = [*read.faults, *(f"no rule is called {rule}" for rule in read.rules if rule not in known)]
    if read.until is not None and read.until < today:
        faults.append(f"it expired on {read.until.isoformat()}")
    if policy is not None:
        faults += _against(read, policy, today, prefix + read.at.file)
    return dataclasses.replace(read, faults=tuple(faults))


def _against(read: Acceptance, policy: InlineWaivers, today: dt.date, path: str) -> Iterator[str]:
    if not policy.allowed:
        yield "the configuration allows no acceptance in code"
    if policy.owners is not None and read.owner and read.owner not in policy.owners:
        yield f"the configuration does not name {read.owner} among those who may accept"
    if policy.longest_days is not None and read.until is not None:
        latest = today + dt.timedelta(days=policy.longest_days)
        if read.until > latest:
            yield f"the configuration allows {policy.longest_days} days, so until {latest.isoformat()} at most"
    for veto in policy.veto:
        for rule in read.rules:
            if fnmatch.fnmatchcase(rule, veto.rule.upper()) and fnmatch.fnmatchcase(path, veto.path):
                yield f"{rule} cannot be accepted here: vetoed by {veto.by} ({veto.reason})"


def _spans(checked: Checked) -> dict[str, list[Span]]:
    out: dict[str, list[Span]] = {}
    for store in checked.stores:
        for at, address in (
            (store.location, store.address),
            *((part.location, part.address) for part in store.parts),
        ):
            out.setdefault(at.file, []).append(Span(at.file, at.line, max(at.line, at.end_line), address))
    return {file: sorted(set(spans), key=lambda s: (s.first, s.last)) for file, spans in out.items()}


def _around(spans: dict[str, list[Span]], comment: Comment) -> Span | None:
    """The innermost resource that holds the line, else the one that begins right below it."""
    here = spans.get(comment.file, ())
    inside = [s for s in here if s.first <= comment.line <= s.last]
    if inside:
        return max(inside, key=lambda s: s.first)
    if comment.file.endswith(".json"):
        # JSON's readers know where a resource begins, and where its last key stands.
        return max((s for s in here if s.first <= comment.line), key=lambda s: s.first, default=None)
    below = min((s for s in here if s.first > comment.line), key=lambda s: s.first, default=None)
    return below if below is not None and below.first - comment.line <= _ABOVE else None


_ABOVE = 3
"""Lines from a comment to the resource that it stands above: several comments may follow each other."""


def _within(one: Reported, span: Span, checked: Checked) -> bool:
    store = checked.store_of(one.finding)
    if store is not None and (store.location.file, store.location.line) == (span.file, span.first):
        return True
    return one.at.file == span.file and span.first <= one.at.line <= span.last


def _centrally(one: Reported, checked: Checked, today: dt.date, central: Sequence[WaiverConfig]) -> Reported:
    store = checked.store_of(one.finding)
    names = {one.resource, one.finding.subject_id}
    if store is not None:
        names |= {store.store.name, *store.store.aliases}
    for waiver in central:
        if (
            waiver.rule == one.finding.rule_id
            and waiver.expires >= today
            and any(fnmatch.fnmatchcase(name, waiver.store) for name in names)
            and fnmatch.fnmatchcase(one.finding.place.text, waiver.place)
        ):
            return dataclasses.replace(
                one, accepted=Accepted(waiver.owner, waiver.reason, waiver.expires, "the configuration")
            )
    return one


def _finding(read: Acceptance, says: str, span: Span | None, prefix: str) -> Reported:
    resource = span.address if span is not None else read.at.file
    what = f"{resource} {','.join(read.rules)} {says}"
    return Reported(SUPPRESSION.finding(prefix + read.at.file, what, says), read.at, resource)
