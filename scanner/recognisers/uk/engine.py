"""One pass over running text for every UK identifier.

Most characters of a text are never looked at twice: the pass stops at digits, at a few
literal anchors (`@`, `<<`, `:`) and at labels, and tries there only the formats that can
begin with what it sees. Whether a match counts is decided by its check, by the words
around it, and by what else could be meant (`_judge`).
"""

from __future__ import annotations

import bisect
import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator

from scanner.common.nearby import Context, Near, context
from scanner.common.reading import Cues, Reading, read, runs
from scanner.model import Detection
from scanner.recognisers.uk import SPECS, address, dates, handles
from scanner.recognisers.uk.expressions import LONGEST, openings
from scanner.recognisers.uk.spec import Route, Spec

_RUN = re.compile(r"[0-9]+")
_LEAD = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,6})[ \u00a0./-]?\Z")
_SEPARATORS = " \u00a0./-"
_MAY_BE_DATE = re.compile(r"[/.-]|[ ][01][0-9][ ](?:19|20)|(?:st|nd|rd|th)?[ \u00a0/.-]{0,2}[jfmasondo]")
"""What follows the day or year of every date."""
_MAY_BE_HOUSE = re.compile(r"[A-Za-z]?(?:\s?[-–/]\s?[0-9]{1,4}[A-Za-z]?)?,?[ \u00a0]+[A-Z]")
"""What follows the number of every house in a street."""
_UUID = re.compile(
    r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])"
)
_GUARD = r"(?![A-Za-z0-9]|\.[0-9])"
_DULL = re.compile(r"[,;!?%'\"\n\r\t]|\Z|[.:)]\s(?![0-9(])|[ \u00a0-][A-Za-z]{2}|[A-Za-z]{2,}(?![A-Za-z0-9])")
"""What no format has after its first digits where these are five at most and something must follow."""
_AFTER_LABEL = re.compile(
    r"\.?(?:[ _](?:number|no|num|ref|reference|id|code)(?![a-z])\.?){0,2}(?: ?\([^)\n]{0,20}\))?"
    r"(\s{0,3}[:=]\s{0,3}| is | was |\s{1,3}[-–#]\s{0,3}|[\"']\s?[:=]\s?|\s{1,3})[\"'#]?"
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Ready:
    """A spec with its expressions compiled."""

    spec: Spec
    match: re.Pattern[str]
    support: Context
    silent: bool
    """True if it is never reported without a word beside it."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Lead:
    """The formats that may begin at one kind of place, and one expression that tries them all."""

    every: re.Pattern[str]
    """Matches everywhere; the group of each format that fits is set."""
    each: tuple[_Ready, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Anchor:
    """A character, how many of it every value holds at least, and the formats around it."""

    literal: str
    least: int
    formats: tuple[tuple[re.Pattern[str], _Ready], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Tables:
    anchors: tuple[_Anchor, ...]
    labels: tuple[tuple[str, _Ready], ...]
    by_word: dict[str, tuple[tuple[str, _Ready], ...]]
    """The labels by the first run of letters in them."""
    words: Cues
    """The words of `by_word`."""
    plus: _Lead


_LEAST = {"<": 2, ":": 2, "-": 5, ".": 2}


def _ready(spec: Spec, guard: str = _GUARD) -> _Ready:
    flags = re.IGNORECASE if spec.identifier.ignore_case else 0
    expression = re.compile(f"(?:{spec.identifier.pattern}){guard}", flags)
    if expression.groups:
        raise ValueError(f"{spec.title}: a format has no groups of its own")
    silent = spec.identifier.needs_context and spec.strong is None
    return _Ready(spec, expression, context(spec.identifier.context), silent)


def _lead(each: Iterable[_Ready]) -> _Lead:
    each = tuple(each)
    parts = (
        f"(?:(?=((?{'i' if r.spec.identifier.ignore_case else ''}:{r.spec.identifier.pattern})){_GUARD}))?"
        for r in each
    )
    return _Lead(re.compile("".join(parts)), each)


@functools.cache
def _code() -> tuple[tuple[_Ready, frozenset[tuple[int, int]]], ...]:
    """The formats that are come upon at digits, with how they can begin."""
    return tuple(
        (_ready(s), openings(s.identifier.pattern))
        for s in SPECS
        if s.route is Route.CODE and s.identifier.entity_type != "DATE_OF_BIRTH"
    )


@functools.cache
def _beginning(letters: int, digits: int) -> _Lead | None:
    """The formats that can begin with so many letters and a run of so many digits."""
    each = [r for r, begins in _code() if letters in r.spec.leads and (letters, digits) in begins]
    return _lead(each) if each else None


@functools.cache
def _tables() -> _Tables:
    labels = tuple(
        (label, r)
        for s in SPECS
        if s.route is Route.LABEL
        for r in (_ready(s, r"(?![A-Za-z0-9])"),)
        for label in sorted(s.labels, key=len, reverse=True)
    )
    by_word: dict[str, tuple[tuple[str, _Ready], ...]] = {}
    for pair in labels:
        word = runs(pair[0])[0]
        by_word[word] = (*by_word.get(word, ()), pair)
    anchors: dict[str, list[tuple[re.Pattern[str], _Ready]]] = {}
    for s in SPECS:
        if s.route is Route.ANCHOR:
            ready = _ready(s, r"(?![A-Za-z0-9])")
            for anchor in s.anchors:
                literal = anchor.removeprefix("\\")[0]
                anchors.setdefault(literal, []).append((re.compile(anchor), ready))
    return _Tables(
        anchors=tuple(_Anchor(at, _LEAST.get(at, 1), tuple(each)) for at, each in anchors.items()),
        labels=labels,
        by_word=by_word,
        words=Cues(by_word),
        plus=_lead(r for r, _ in _code() if r.spec.title == "telephone number"),
    )


def scan(text: str) -> list[Detection]:
    """Every detection of the UK formats in one text; spans may overlap."""
    reading = read(text)
    text = str(text)
    found: list[Detection] = []
    if reading.numbers:
        _from_digits(reading, found)
    if "@" in text:
        found.extend(handles.handles(reading))
    _from_anchors(reading, found)
    found.extend(dates.month_first(text, reading.lowered))
    tables = _tables()
    if called := reading.speaks(tables.words):
        found.extend(_from_labels(text, reading.lowered, sorted(called)))
    _addresses(reading, found)
    return found


_NEAREST = 3
"""Streets before a postcode that it may belong to; several may end alike."""


def _addresses(reading: Reading, found: list[Detection]) -> None:
    """Add addresses beside those that begin with a number, which are found already."""
    text = str(reading)
    numbered = sorted((d for d in found if d.entity_type == "ADDRESS"), key=lambda d: d.end)
    ends = [d.end for d in numbered]
    found.extend(address.unnumbered(reading, numbered))
    alone = []
    for start, end in [(d.start, d.end) for d in found if d.entity_type == "UK_POSTCODE"]:
        before = bisect.bisect_right(ends, start)
        whole = address.after_street(text, numbered[max(0, before - _NEAREST) : before], start, end)
        if whole is None:
            alone.append((start, end))
            whole = address.before_postcode(text, start, end)
        if whole is not None:
            found.append(whole)
    if alone:
        found.extend(_lower_addresses(text, alone))


def _lower_addresses(text: str, postcodes: list[tuple[int, int]]) -> Iterator[Detection]:
    for pc_start, _ in postcodes:
        for run in _RUN.finditer(text, max(0, pc_start - 100), pc_start):
            if run.start() == 0 or not text[run.start() - 1].isalnum():
                whole = address.from_number_lower(text, run.start(), postcodes)
                if whole:
                    yield whole


def _from_digits(reading: Reading, found: list[Detection]) -> None:
    text, lowered = str(reading), reading.lowered
    skip = 0
    hyphens = text.count("-") >= 4
    for start, end in reading.numbers:
        if start < skip:
            continue
        if hyphens and (uuid := _UUID.search(text, max(0, start - 8), end + 36)) and uuid.start() <= start:
            skip = uuid.end()
            continue
        before = text[start - 1] if start else " "
        size = end - start
        dull = size < 6 and _DULL.match(text, end) is not None
        lead = None
        if before.isalpha():
            lead = _LEAD.search(text, max(0, start - 8), start)
        elif before in _SEPARATORS and start > 1 and text[start - 2].isalpha():
            # Of the formats with a separator here, only Northern Irish plates stop after so few digits.
            lead = _LEAD.search(text, max(0, start - 8), start)
            if dull and lead is not None and not (lead[1].isupper() and ("I" in lead[1] or "Z" in lead[1])):
                lead = None
        if not before.isalnum() and not (before == "." and start > 1 and text[start - 2].isdigit()):
            if before in "+(":
                for first in (start - 1, start - 2):
                    if first >= 0 and text[first] in "+(":
                        _at(reading, first, _tables().plus, found)
            if not dull:
                _at(reading, start, _beginning(0, min(size, LONGEST)), found)
            if size > 4:
                pass
            elif _MAY_BE_DATE.match(lowered, end) and (date := dates.date_at(text, lowered, start)):
                found.append(date)
            else:
                if age := dates.age_at(lowered, start, end):
                    found.append(age)
                if _MAY_BE_HOUSE.match(text, end) and (where := address.from_number(text, start)):
                    found.append(where)
        if lead is not None:
            _at(reading, lead.start(1), _beginning(len(lead[1]), min(size, LONGEST)), found)


def _from_anchors(reading: Reading, found: list[Detection]) -> None:
    text = str(reading)
    for anchor in _tables().anchors:
        if anchor.literal not in text or (anchor.least > 1 and text.count(anchor.literal) < anchor.least):
            continue
        for expression, ready in anchor.formats:
            done = 0
            for hit in expression.finditer(text):
                if hit.start() >= done:
                    done = _around(reading, hit, ready, done, found)


def _around(reading: Reading, hit: re.Match[str], ready: _Ready, done: int, found: list[Detection]) -> int:
    """Judge the value around an anchor; where it ends, or `done` if there is none."""
    text, low = hit.string, max(done, hit.start() - ready.spec.reach)
    for match in ready.match.finditer(text, low, hit.end() + 260):
        if match.end() <= hit.start():
            continue
        if match.start() > hit.start():
            break
        before = text[match.start() - 1] if match.start() else " "
        if not (before.isalnum() or (before in ":@" and ready.spec.title != "e-mail address")):
            found.extend(_judge(reading, [(ready, *match.span(), match[0])]))
        return match.end()
    return done


def _from_labels(text: str, lowered: str, called: Iterable[str]) -> Iterator[Detection]:
    """Values after labels. A label stands between characters that are no letters, so its first run of
    letters is one of the text's own: `called` are those that begin a label."""
    by_word = _tables().by_word
    for label, ready in (pair for word in called for pair in by_word[word]):
        at = lowered.find(label)
        while at >= 0:
            end = at + len(label)
            if not (at and lowered[at - 1].isalpha()) and not lowered[end : end + 1].isalnum():
                gap = _AFTER_LABEL.match(lowered, end)
                if gap:
                    match = ready.match.match(text, gap.end())
                    explicit = ":" in gap[1] or "=" in gap[1]
                    plain = explicit or gap[1] in (" is ", " was ") or not ready.spec.explicit
                    if (
                        match
                        and (plain or _telling(ready.spec, match[0]))
                        and _labelled(ready.spec, label, match, explicit=explicit)
                        and text[match.end() : match.end() + 1] != "@"  # half an e-mail address
                    ):
                        yield _detection(ready.spec, *match.span(), match[0], label, adjacent=True)
            at = lowered.find(label, end)


_LOGIN = re.compile(r"[a-z]{2,}(?:[._-][a-z]+)?[0-9]{1,4}")


def _telling(spec: Spec, value: str) -> bool:
    """True if a value is so written that its label need not be followed by a colon: `user putton3`."""
    if spec.identifier.entity_type == "USERNAME":
        return _LOGIN.fullmatch(value) is not None
    if spec.identifier.entity_type != "PASSWORD":
        return False
    return (
        len(value) >= 6
        and any(c.isdigit() for c in value)
        and any(c.isupper() for c in value)
        and any(c.islower() for c in value)
    )


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


_Match = tuple[_Ready, int, int, str]
"""A format that fits, where, and the text it fits."""


def _at(reading: Reading, start: int, lead: _Lead | None, found: list[Detection]) -> None:
    if lead is None:
        return
    fits = lead.every.match(reading, start)
    if fits is None or fits.lastindex is None:
        return
    matched = [
        (ready, start, start + len(value), value)
        for ready, value in zip(lead.each, fits.groups(), strict=True)
        if value is not None
    ]
    found.extend(_judge(reading, matched))


def _judge(reading: Reading, matched: list[_Match]) -> list[Detection]:
    """Which of the formats that fit at one place are meant.

    A label right before the value decides between formats: `UTR: 4010232137` is no NHS number
    although it passes that check. Otherwise a format needs its check to pass and, unless it is
    distinctive, a supporting word nearby; a word for a thing's number speaks against all.
    """
    around: dict[int, Near] = {}
    weighed = []
    labelled = False
    for ready, start, end, value in matched:
        near = around.get(end)
        if near is None:
            near = around[end] = Near(reading, start, end)
        support = near.support(ready.support)
        if support is None:
            if ready.silent:
                continue
        elif support[1]:
            labelled = True
        weighed.append((ready.spec, start, end, value, near, support))
    out = []
    for spec, start, end, value, near, support in weighed:
        ident = spec.identifier
        adjacent = support is not None and support[1]
        unsupported = support is None or (labelled and not adjacent)
        if (
            unsupported
            and ident.needs_context
            and not (spec.strong is not None and spec.strong.fullmatch(value))
        ):
            continue
        if ident.check is not None and not ident.check(value):
            continue
        if not adjacent and ident.chance >= 0.01 and near.opposed():
            continue
        out.append(_detection(spec, start, end, value, support[0] if support else "", adjacent=adjacent))
    return out


@functools.lru_cache(maxsize=4096)
def _reasons(title: str, check_name: str, word: str, adjacent: bool) -> tuple[str, ...]:
    reasons = [f"pattern {title}"]
    if check_name:
        reasons.append(f"check {check_name}")
    if word:
        reasons.append(f"context {word} (label)" if adjacent else f"context {word}")
    return tuple(reasons)


def _detection(spec: Spec, start: int, end: int, value: str, word: str, *, adjacent: bool) -> Detection:
    ident = spec.identifier
    validated = ident.check is not None and ident.chance <= 0.3
    score = spec.base
    if word:
        if validated:
            score = max(0.96 if adjacent else 0.88, spec.base)
        else:
            score = max(0.8 if adjacent else 0.6, spec.base)
    reasons = _reasons(spec.title, spec.check_name if ident.check is not None else "", word, adjacent)
    test = ident.test_range is not None and ident.test_range(value)
    return Detection(ident.entity_type, start, end, round(score, 2), validated, reasons, "uk", test)
