"""One identifier as the text pass needs it: the public `Identifier`, and how to look for it."""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Callable

from scanner.contracts import Identifier
from scanner.recognisers.uk import bulk

S = "[ \u00a0\u2009\u202f.\u2010\u2011\u2013-]?"
"""What people type between groups: at most one space, no-break space, stop, hyphen or dash."""


class Route(enum.Enum):
    """How the text pass comes upon a candidate."""

    CODE = "code"
    """At a digit, or at one to five letters before a digit."""
    ANCHOR = "anchor"
    """Around a match of one of its `anchors`, cheap expressions that begin with a literal."""
    LABEL = "label"
    """Only straight after a label, as in `Username: jsmith4`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Spec:
    """An identifier with its place in the text pass."""

    identifier: Identifier
    title: str
    """Short name for reasons: `NHS number`."""
    route: Route = Route.CODE
    leads: tuple[int, ...] = (0,)
    """CODE: how many letters (up to six) may stand before the first digit (0 = starts with a digit)."""
    anchors: tuple[str, ...] = ()
    """ANCHOR: expressions that lie inside every value."""
    reach: int = 0
    """ANCHOR: how many characters before its anchor a value may begin."""
    labels: tuple[str, ...] = ()
    """LABEL: words that introduce the value, lower case."""
    explicit: bool = False
    """LABEL: a colon or equals sign must stand between (the value alone says nothing)."""
    strong: re.Pattern[str] | None = None
    """Values so written (grouping, prefix) need no context words. RE2 reads it too."""
    base: float = 0.5
    """Score without context words (where it may be reported without)."""
    check_name: str = ""
    """For reasons: `modulus 11 and issued range`."""


def spec(
    entity_type: str,
    title: str,
    pattern: str,
    *,
    source: str,
    check: Callable[[str], bool] | None = None,
    check_name: str = "",
    chance: float = 1.0,
    test_range: Callable[[str], bool] | None = None,
    context: str = "",
    headers: str = "",
    needs_context: bool = True,
    ignore_case: bool = True,
    route: Route = Route.CODE,
    leads: tuple[int, ...] = (0,),
    anchors: tuple[str, ...] = (),
    reach: int = 0,
    explicit: bool = False,
    labels: str = "",
    strong: str = "",
    base: float = 0.5,
) -> Spec:
    """Build a `Spec`; `context`, `headers` and `labels` are written as `one|two words|three`."""

    def words(text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word.strip() for word in text.split("|") if word.strip()))

    identifier = Identifier(
        entity_type=entity_type,
        pattern=pattern,
        check=check,
        chance=chance,
        test_range=test_range,
        context=words(context) or words(labels),
        headers=words(headers),
        needs_context=needs_context,
        ignore_case=ignore_case,
        source=source,
        check_many=bulk.CHECKS.get(check) if check else None,
        test_many=bulk.TESTS.get(test_range) if test_range else None,
    )
    return Spec(
        identifier,
        title,
        route,
        leads,
        anchors,
        reach,
        words(labels),
        explicit,
        re.compile(strong) if strong else None,
        base,
        check_name or "format",
    )
