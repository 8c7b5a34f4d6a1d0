"""May this go? What was seen, weighed for an audience. Pure: no clock, no files.

| | public | named | internal |
|---|---|---|---|
| hidden, about people | fail | fail | fail where sensitive or five people or more, else warn |
| visible special category, offence, state or bank identifier | fail | warn | note |
| visible contact details of five people or more | fail | warn | note |
| visible contact details of fewer, names | warn | note | note |
| author metadata | warn | warn | note |
| anything not checked | not checked | not checked | not checked |
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping

from scanner.model import Gap, GapReason, entity
from scanner.release.hidings import HIDINGS, title
from scanner.release.pieces import NOWHERE, Where
from scanner.release.results import FileResult, Seen, TypeCount

MANY = 5
"""People from whom on contact details are more than a business card."""
_STRONG_GROUPS = frozenset({"special", "offence", "state", "health_id", "education", "justice"})
_BANK = frozenset({"CREDIT_CARD", "IBAN_CODE", "UK_SORT_CODE", "UK_BANK_ACCOUNT", "UK_UTR", "US_BANK_NUMBER"})
_REGISTERED = frozenset({"UK_GMC_NUMBER", "UK_NMC_PIN"})
"""Numbers of professional registers that anybody may look up."""
QUIET = frozenset(
    {
        "properties",
        "custom xml",
        "alternative text",
        "defined names",
        "picture metadata",
        "field code",
        "formula",
        "validation",
        "other part",
    }
)
"""Hidings that nearly every file has: told only where somebody is in them."""
_MOSTLY_TITLES = frozenset({"properties", "alternative text", "defined names", "formula", "other part"})
"""Where a name alone is as good as an author's: in titles, labels and conditions."""
AUDIENCES = ("public", "named", "internal")


class Level(enum.IntEnum):
    """How much a line weighs; the heaviest decides."""

    NOTE = 0
    WARN = 1
    UNCHECKED = 2
    FAIL = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One thing to tell about one file."""

    level: Level
    headline: str
    """What it is."""
    where: Where
    what: tuple[TypeCount, ...] = ()
    rows: int = 0
    people: int = 0
    remedy: str = ""
    hiding: str = ""
    allowed: str = ""
    """The reason given with `--allow`, where that is why it does not count."""


@dataclasses.dataclass(frozen=True, slots=True)
class FileVerdict:
    file: FileResult
    lines: tuple[Line, ...]

    @property
    def level(self) -> Level:
        return max((line.level for line in self.lines), default=Level.NOTE)


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    audience: str
    allowed: Mapping[str, str]
    """Entity type (or hiding key) to the reason given."""
    files: tuple[FileVerdict, ...]
    skipped: tuple[str, ...] = ()
    """Names of files left out, with the reason in words."""

    @property
    def level(self) -> Level:
        """The heaviest of the files'. No file at all is nothing checked, and nothing checked is not clean."""
        return max((file.level for file in self.files), default=Level.UNCHECKED)

    @property
    def exit_code(self) -> int:
        """1: do not release. 3: something was not checked. 0: nothing stands against it."""
        return {Level.FAIL: 1, Level.UNCHECKED: 3}.get(self.level, 0)


def judge_file(file: FileResult, audience: str, allowed: Mapping[str, str]) -> FileVerdict:
    lines: list[Line] = []
    for seen in file.seen:
        if seen.level:
            lines.append(_presence(seen, audience, allowed))
        elif seen.hiding:
            lines.extend(_hidden(seen, audience, allowed))
    lines += _visible(file, audience, allowed)
    lines += [_unchecked(gap) for gap in file.gaps]
    return FileVerdict(file, tuple(sorted(lines, key=lambda line: -line.level)))


def _unchecked(gap: Gap) -> Line:
    times = f" ({gap.count:,} times)" if gap.count > 1 else ""
    return Line(Level.UNCHECKED, f"not checked: {gap.detail}{times}", NOWHERE, remedy=_advice(gap))


def _advice(gap: Gap) -> str:
    """What lifts a gap; settings of `scan` are none of this command's."""
    if gap.reason is GapReason.ENCRYPTED:
        return "save a copy without a password and check that"
    if not gap.remedy or "limits." in gap.remedy:
        return "check it by hand, or split it and check the parts"
    return gap.remedy


def _presence(seen: Seen, audience: str, allowed: Mapping[str, str]) -> Line:
    level = Level[seen.level.upper()]
    if seen.kind in ("author", "records") and audience != "public":
        level = Level.NOTE if audience == "internal" or seen.kind == "records" else Level.WARN
    if seen.kind == "personal" and audience == "internal":
        level = Level.WARN
    name = title(seen.hiding) if seen.hiding else "visible table"
    if seen.kind == "author":
        # One point with many places, not as many points.
        line = Line(
            level, name, seen.where.plus(f": {seen.detail}"), remedy=_remedy(seen.hiding), hiding=seen.hiding
        )
    else:
        line = Line(
            level, f"{name}: {seen.detail}", seen.where, remedy=_remedy(seen.hiding), hiding=seen.hiding
        )
    return _with_allowance(line, allowed, [seen.hiding])


def _remedy(hiding: str) -> str:
    return HIDINGS[hiding].remedy if hiding else ""


def _hidden(seen: Seen, audience: str, allowed: Mapping[str, str]) -> Iterable[Line]:
    kept = [t for t in seen.types if t.entity_type not in allowed]
    let = [t for t in seen.types if t.entity_type in allowed]
    for one in let:
        yield Line(Level.NOTE, f"{title(seen.hiding)}, allowed", seen.where, (one,), hiding=seen.hiding,
                   allowed=allowed[one.entity_type])  # fmt: skip
    if kept:
        level = Level.FAIL
        if (
            audience == "internal"
            and seen.people < MANY
            and seen.rows < MANY
            and not any(map(_sensitive, kept))
        ):
            level = Level.WARN
        if seen.hiding in _MOSTLY_TITLES and not any(t.entity_type != "PERSON" for t in kept):
            level = Level.WARN  # a person named in a title or keyword is as good as an author
        line = Line(level, f"people in {_article(seen.hiding)}", seen.where, tuple(kept), seen.rows, seen.people,
                    _remedy(seen.hiding), seen.hiding)  # fmt: skip
        yield _with_allowance(line, allowed, [seen.hiding])
    elif not let and (seen.hiding not in QUIET or seen.weak):
        level = Level.NOTE
        said = f"{title(seen.hiding)}: nobody recognised in it"
        if seen.hiding == "covered text":
            level, said = (
                Level.WARN,
                "text under a drawn box can be copied: nobody recognised in it, but it was meant to be gone",
            )
        elif seen.hiding in ("gps", "thumbnail"):
            level = Level.WARN
        yield _with_allowance(
            Line(level, said, seen.where, seen.weak, remedy=_remedy(seen.hiding), hiding=seen.hiding),
            allowed,
            [seen.hiding],
        )


_ONE = frozenset(
    {"hidden sheet", "very hidden sheet", "pivot cache", "connection", "custom xml", "previous version", "embedded",
     "hidden object", "field code", "other part", "hidden slide", "hidden layer", "attachment", "annotation", "hidden part"}
)  # fmt: skip
"""Hidings whose title is one thing, with an article before it."""


def _article(hiding: str) -> str:
    words = title(hiding).partition(" (")[0]
    if hiding not in _ONE:
        return words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _with_allowance(line: Line, allowed: Mapping[str, str], keys: Iterable[str]) -> Line:
    for key in keys:
        if key and key in allowed and line.level is not Level.NOTE:
            return dataclasses.replace(line, level=Level.NOTE, allowed=allowed[key])
    return line


def _sensitive(count: TypeCount) -> bool:
    """Article 9 and 10 data, and what state or bank tell people apart by."""
    kind = entity(count.entity_type)
    if count.entity_type in _REGISTERED:
        return False
    return bool(kind.group in _STRONG_GROUPS or kind.special or kind.offence or count.entity_type in _BANK)


def _visible(file: FileResult, audience: str, allowed: Mapping[str, str]) -> Iterable[Line]:
    places: dict[str, list[tuple[Seen, TypeCount]]] = {}
    for seen in file.seen:
        if not seen.hiding and not seen.level:
            for count in seen.types:
                places.setdefault(count.entity_type, []).append((seen, count))
    grave = {"public": Level.FAIL, "named": Level.WARN, "internal": Level.NOTE}[audience]
    slight = Level.WARN if audience == "public" else Level.NOTE
    for name, found in places.items():
        total = TypeCount(name, sum(c.values for _, c in found), sum(c.distinct for _, c in found))
        if name in allowed:
            yield Line(Level.NOTE, "visible, allowed", _places(found), (total,), allowed=allowed[name])
        elif _sensitive(total):
            yield Line(grave, f"visible: {_what(name)}", _places(found), (total,),
                       remedy="remove it, or state with --allow why it may be published")  # fmt: skip
    contacts = [n for n in ("EMAIL_ADDRESS", "PHONE_NUMBER", "ADDRESS") if n in places and n not in allowed]
    if contacts:
        many = file.contacts >= MANY
        found = [pair for n in contacts for pair in places[n]]
        counts = tuple(
            TypeCount(n, sum(c.values for _, c in places[n]), sum(c.distinct for _, c in places[n]))
            for n in contacts
        )
        words = f"visible: contact details of {_number(file.contacts)}"
        yield Line(grave if many else slight, words, _places(found), counts, people=file.contacts,
                   remedy="remove them" if many else "check that they are meant to be published")  # fmt: skip
    others = [n for n in places if n not in contacts and n not in allowed and not _sensitive(places[n][0][1])]
    if "PERSON" in others:
        found = places["PERSON"]
        count = TypeCount("PERSON", sum(c.values for _, c in found), file.names)
        few = f"visible: {file.names:,} name{'s' * (file.names != 1)}"
        yield Line(slight, few, _places(found), (count,), people=file.names,
                   remedy="check that these people are meant to be named")  # fmt: skip
    rest = [n for n in others if n != "PERSON"]
    if rest:
        found = [pair for n in rest for pair in places[n]]
        counts = tuple(
            TypeCount(n, sum(c.values for _, c in places[n]), sum(c.distinct for _, c in places[n]))
            for n in rest
        )
        yield Line(slight, "visible: other details about people", _places(found), counts,
                   remedy="check that they are meant to be published")  # fmt: skip


def _what(name: str) -> str:
    kind = entity(name)
    if kind.group == "special" or (kind.special and kind.group != "state"):
        return "special-category data (Article 9)"
    if kind.offence:
        return "criminal-offence data (Article 10)"
    return "bank identifier" if name in _BANK else "identifier issued by the state"


def _number(people: int) -> str:
    return "one person" if people == 1 else f"{people:,} people"


def _places(found: Iterable[tuple[Seen, TypeCount]]) -> Where:
    """Up to three places in a line, the rest as a count."""
    every = list(dict.fromkeys(seen.where for seen, _ in found))
    more = f" and {len(every) - 3:,} more places" if len(every) > 3 else ""
    return Where(
        "; ".join(w.text for w in every[:3]) + more,
        "; ".join(w.shown for w in every[:3]) + more,
    )
