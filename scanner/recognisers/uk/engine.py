"""One pass over running text for every UK identifier.

Most characters of a text are never looked at twice: the pass stops at digits, at a few
literal anchors (`@`, `<<`, `:`) and at labels, and tries there only the formats that can
begin with what it sees. Whether a match counts is decided by its check, by the words
around it, and by what else could be meant (`_judge`).
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator

from scanner.common.nearby import Near, lower_same_length
from scanner.model import Detection
from scanner.recognisers.uk import SPECS, address, dates
from scanner.recognisers.uk.spec import Route, Spec

_RUN = re.compile(r"[0-9]+")
_LEAD = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,6})[ \u00a0./-]?\Z")
_LETTERS = {code: 32 for code in range(128) if not chr(code).isalpha()}
_SEPARATORS = " \u00a0./-"
_UUID = re.compile(
    r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])"
)
_GUARD = r"(?![A-Za-z0-9]|\.[0-9])"
_AFTER_LABEL = re.compile(
    r"(?:[ _](?:number|no|num|ref|reference|id|code)(?![a-z])\.?){0,2}(?: ?\([^)\n]{0,20}\))?"
    r"(\s{0,3}[:=]\s{0,3}| is | was |\s{1,3}[-–#]\s{0,3}|[\"']\s?[:=]\s?|\s{1,3})[\"'#]?"
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Ready:
    """A spec with its expressions compiled."""

    spec: Spec
    match: re.Pattern[str]


@dataclasses.dataclass(frozen=True, slots=True)
class _Lead:
    """The formats that may begin at one kind of place, and one expression for "none of them does"."""

    any: re.Pattern[str]
    each: tuple[_Ready, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Tables:
    by_lead: tuple[_Lead, ...]
    anchors: tuple[tuple[re.Pattern[str], _Ready], ...]
    literals: tuple[str, ...]
    """The character that each anchor begins with."""
    labels: tuple[tuple[str, _Ready], ...]
    by_word: dict[str, tuple[tuple[str, _Ready], ...]]
    """The labels by the first run of letters in them."""
    plus: _Lead


@functools.cache
def _tables() -> _Tables:
    def ready(spec: Spec, guard: str = _GUARD) -> _Ready:
        flags = re.IGNORECASE if spec.identifier.ignore_case else 0
        return _Ready(spec, re.compile(f"(?:{spec.identifier.pattern}){guard}", flags))

    def lead(each: Iterable[_Ready]) -> _Lead:
        each = tuple(each)
        parts = (
            f"(?{'i' if r.spec.identifier.ignore_case else ''}:{r.spec.identifier.pattern})" for r in each
        )
        return _Lead(re.compile(f"(?:{'|'.join(parts)}){_GUARD}"), each)

    code = [ready(s) for s in SPECS if s.route is Route.CODE and s.identifier.entity_type != "DATE_OF_BIRTH"]
    labels = tuple(
        (label, r)
        for s in SPECS
        if s.route is Route.LABEL
        for r in (ready(s, r"(?![A-Za-z0-9])"),)
        for label in sorted(s.labels, key=len, reverse=True)
    )
    by_word: dict[str, tuple[tuple[str, _Ready], ...]] = {}
    for pair in labels:
        word = pair[0].translate(_LETTERS).split()[0]
        by_word[word] = (*by_word.get(word, ()), pair)
    return _Tables(
        by_lead=tuple(lead(r for r in code if n in r.spec.leads) for n in range(7)),
        anchors=tuple(
            (re.compile(anchor), r)
            for s in SPECS
            if s.route is Route.ANCHOR
            for r in (ready(s, r"(?![A-Za-z0-9])"),)
            for anchor in s.anchors
        ),
        literals=tuple(
            anchor.removeprefix("\\")[0] for s in SPECS if s.route is Route.ANCHOR for anchor in s.anchors
        ),
        labels=labels,
        by_word=by_word,
        plus=lead(r for r in code if r.spec.title == "telephone number"),
    )


def scan(text: str) -> list[Detection]:
    """Every detection of the UK formats in one text; spans may overlap."""
    lowered = lower_same_length(text)
    found: list[Detection] = []
    if any(c in text for c in "0123456789"):
        found.extend(_from_digits(text, lowered))
    found.extend(_from_anchors(text, lowered))
    found.extend(_from_labels(text, lowered))
    postcodes = [(d.start, d.end) for d in found if d.entity_type == "UK_POSTCODE"]
    for start, end in postcodes:
        if whole := address.before_postcode(text, start, end):
            found.append(whole)
    if postcodes:
        found.extend(_lower_addresses(text, postcodes))
    return found


def _lower_addresses(text: str, postcodes: list[tuple[int, int]]) -> Iterator[Detection]:
    for pc_start, _ in postcodes:
        for run in _RUN.finditer(text, max(0, pc_start - 100), pc_start):
            if run.start() == 0 or not text[run.start() - 1].isalnum():
                whole = address.from_number_lower(text, run.start(), postcodes)
                if whole:
                    yield whole


def _from_digits(text: str, lowered: str) -> Iterator[Detection]:
    tables = _tables()
    by_lead, skip = tables.by_lead, 0
    hyphens = text.count("-") >= 4
    for run in _RUN.finditer(text):
        start, end = run.span()
        if start < skip:
            continue
        if hyphens and (uuid := _UUID.search(text, max(0, start - 8), end + 36)) and uuid.start() <= start:
            skip = uuid.end()
            continue
        before = text[start - 1] if start else " "
        fraction = before == "." and start > 1 and text[start - 2].isdigit()
        lead = None
        if before.isalpha() or (before in _SEPARATORS and start > 1 and text[start - 2].isalpha()):
            lead = _LEAD.search(text, max(0, start - 8), start)
        if not before.isalnum() and not fraction:
            if before in "+(":
                for first in (start - 1, start - 2):
                    if first >= 0 and text[first] in "+(":
                        yield from _at(text, lowered, first, tables.plus)
            yield from _at(text, lowered, start, by_lead[0])
            if end - start <= 8 and (date := dates.date_at(text, lowered, start)):
                yield date
            elif end - start <= 4:
                if age := dates.age_at(lowered, start, end):
                    yield age
                if where := address.from_number(text, start):
                    yield where
        if lead is not None:
            yield from _at(text, lowered, lead.start(1), by_lead[len(lead[1])])
    yield from dates.month_first(text, lowered)


def _from_anchors(text: str, lowered: str) -> Iterator[Detection]:
    tables = _tables()
    for literal, (anchor, ready) in zip(tables.literals, tables.anchors, strict=True):
        if literal not in text:
            continue
        done = 0
        for hit in anchor.finditer(text):
            if hit.start() < done:
                continue
            low = max(done, hit.start() - ready.spec.reach)
            for match in ready.match.finditer(text, low, hit.end() + 260):
                if match.end() <= hit.start():
                    continue
                if match.start() > hit.start():
                    break
                done = match.end()
                before = text[match.start() - 1] if match.start() else " "
                if not (before.isalnum() or (before in ":@" and ready.spec.title != "e-mail address")):
                    yield from _judge(lowered, [(ready.spec, match)])
                break


def _labels_in(lowered: str) -> Iterable[tuple[str, _Ready]]:
    """The labels that may stand in a text: a label stands between characters that are no letters,
    so its first run of letters is one of the text's own."""
    tables = _tables()
    if not lowered.isascii():
        return tables.labels
    runs = tables.by_word.keys() & lowered.translate(_LETTERS).split()
    return [pair for run in runs for pair in tables.by_word[run]]


def _from_labels(text: str, lowered: str) -> Iterator[Detection]:
    for label, ready in _labels_in(lowered):
        at = lowered.find(label)
        while at >= 0:
            end = at + len(label)
            if not (at and lowered[at - 1].isalpha()) and not lowered[end : end + 1].isalnum():
                gap = _AFTER_LABEL.match(lowered, end)
                if gap and (
                    not ready.spec.explicit or ":" in gap[1] or "=" in gap[1] or gap[1] in (" is ", " was ")
                ):
                    match = ready.match.match(text, gap.end())
                    if match and _labelled(ready.spec, label, match, explicit=":" in gap[1] or "=" in gap[1]):
                        yield _detection(ready.spec, match, label, adjacent=True)
            at = lowered.find(label, end)


# Labels that code and prose use for much else: what follows must look like an account's name.
_LOOSE = frozenset(("user", "login", "logon", "handle", "uid", "user account", "client id", "session"))


def _labelled(spec: Spec, label: str, match: re.Match[str], *, explicit: bool) -> bool:
    """Does what follows a label look like a value, and not like the next word or like code?"""
    value, check = match[0], spec.identifier.check
    if check is not None and not check(value):
        return False
    if any(c in value for c in "(){}[]$<>`") or match.string[match.end() : match.end() + 1] in ("(", "["):
        return False
    if spec.identifier.entity_type == "USERNAME" and value.lower().replace("_", " ") in spec.labels:
        return False
    if any(c.isdigit() for c in value):
        return not (label in _LOOSE and match.string[max(0, match.start() - 40) : match.start()].count("::"))
    before = match.string[match.start() - 1]
    if label in _LOOSE and not any(c in value for c in "._-\\"):
        return explicit and value.islower() and before == "="
    if spec.identifier.entity_type == "PASSWORD" and value.isalpha() and value.islower():
        return explicit and value not in spec.labels and match.string[: match.start()].rstrip()[-1:] == ":"
    return explicit


def _at(text: str, lowered: str, start: int, lead: _Lead) -> list[Detection]:
    if lead.any.match(text, start) is None:
        return []
    matched = []
    for ready in lead.each:
        match = ready.match.match(text, start)
        if match is not None:
            matched.append((ready.spec, match))
    return _judge(lowered, matched) if matched else []


def _judge(lowered: str, matched: list[tuple[Spec, re.Match[str]]]) -> list[Detection]:
    """Which of the formats that fit at one place are meant.

    A label right before the value decides between formats: `UTR: 4010232137` is no NHS number
    although it passes that check. Otherwise a format needs its check to pass and, unless it is
    distinctive, a supporting word nearby; a word for a thing's number speaks against all.
    """
    weighed = []
    for spec, match in matched:
        near = Near(lowered, *match.span())
        weighed.append((spec, match, near, near.support(spec.identifier.context)))
    labelled = any(support and support[1] for _, _, _, support in weighed)
    out = []
    for spec, match, near, support in weighed:
        value, ident = match[0], spec.identifier
        adjacent = bool(support and support[1])
        if ident.check is not None and not ident.check(value):
            continue
        distinctive = not ident.needs_context or (spec.strong is not None and spec.strong(value))
        if not distinctive and (support is None or (labelled and not adjacent)):
            continue
        if not adjacent and ident.chance >= 0.01 and near.opposed():
            continue
        out.append(_detection(spec, match, support[0] if support else "", adjacent=adjacent))
    return out


def _detection(spec: Spec, match: re.Match[str], word: str, *, adjacent: bool) -> Detection:
    ident = spec.identifier
    value = match[0]
    validated = ident.check is not None and ident.chance <= 0.3
    score = spec.base
    if word:
        if validated:
            score = max(0.96 if adjacent else 0.88, spec.base)
        else:
            score = max(0.8 if adjacent else 0.6, spec.base)
    reasons = [f"pattern {spec.title}"]
    if ident.check is not None:
        reasons.append(f"check {spec.check_name}")
    if word:
        reasons.append(
            f"{'label' if adjacent else 'context'} {word}" if not adjacent else f"context {word} (label)"
        )
    test = ident.test_range is not None and ident.test_range(value)
    return Detection(
        ident.entity_type, match.start(), match.end(), round(score, 2), validated, tuple(reasons), "uk", test
    )
