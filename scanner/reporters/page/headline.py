"""The three things to know first, in sentences: what was found, what is unsafeguarded, what
could not be seen."""

from __future__ import annotations

from scanner.model import Estimate, Inspected, Observed, Verdict
from scanner.reporters.page.digest import Digest

SMALL = 5
"""Fewer people than this are not told apart in what goes to a board."""


def counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def people(estimate: Estimate, masked: bool = False) -> str:
    """`200 to 215 people`; small numbers only as `fewer than 5`, where `masked`."""
    if masked and estimate.high < SMALL:
        return f"fewer than {SMALL} people"
    if masked and estimate.low < SMALL:
        return f"up to {estimate.high:,} people"
    if estimate.high == estimate.low:
        return counted(estimate.low, "person", "people")
    return f"{estimate} people"


def found(digest: Digest, masked: bool = False) -> list[str]:
    stores = len(digest.report.stores)
    if not stores:
        return ["No store was seen."]
    held = len(digest.personal)
    out = [f"{held:,} of {counted(stores, 'store')} {'holds' if held == 1 else 'hold'} personal data."]
    if digest.gravest:
        verb = "holds" if digest.gravest == 1 else "hold"
        out.append(f"{digest.gravest:,} {verb} special category or offence data, for certain or possibly.")
    if digest.largest is not None:
        name = digest.view.name(digest.largest.store_id)
        out.append(f"The most people are in {name}: {people(digest.largest.individuals, masked)}.")
    return out


def unsafeguarded(digest: Digest) -> list[str]:
    acting = len(digest.acting)
    if not acting:
        return [_nothing_open(digest)]
    bands = [f"{count:,} {severity.label}" for severity, count in digest.by_severity.items() if count]
    out = [f"{counted(acting, 'finding')} to act on: {', '.join(bands)}."]
    held = len(digest.personal)
    if digest.unsafeguarded:
        out.append(
            f"{digest.unsafeguarded:,} of the {counted(held, 'store')} with personal data "
            f"{'has' if digest.unsafeguarded == 1 else 'have'} at least one."
        )
    out.append(f"{digest.new:,} new, {digest.overdue:,} overdue, {digest.unowned:,} without an owner.")
    return out


def _nothing_open(digest: Digest) -> str:
    if not digest.verdicts[Verdict.PASS] and not digest.standings:
        return "Nothing could be judged."
    return "No finding is waiting for anybody to act."


def unseen(digest: Digest) -> list[str]:
    seen = digest.report.coverage
    unread, open_questions = digest.inspected[Inspected.NONE], digest.verdicts[Verdict.UNKNOWN]
    suffered = sum(not cause.chosen for cause in digest.causes)
    out = [
        f"{seen.stores_covered:,} of {counted(seen.stores_enumerated, 'store')} covered, "
        f"in {seen.scopes_reached:,} of {counted(seen.scopes_declared, 'scope')}."
    ]
    if unread:
        out.append(f"{counted(unread, 'store')}: content not inspected.")
    if open_questions:
        verb = "has" if open_questions == 1 else "have"
        out.append(f"{counted(open_questions, 'question')} {verb} no answer. Unknown is not fine.")
    if suffered:
        out.append(f"{counted(suffered, 'cause')} of that, each with what would lift it.")
    if not digest.report.run.complete:
        out.append("The scan was stopped before its end.")
    return out


def changes(digest: Digest) -> str:
    """`3 new, 2 fixed, 1 reopened`."""
    parts = [f"{digest.new:,} new"]
    for observed in (Observed.FIXED, Observed.GONE, Observed.REOPENED, Observed.NOT_RECHECKED):
        if number := digest.closed(observed):
            parts.append(f"{number:,} {observed.value}")
    for status in ("accepted", "false positive"):
        if digest.statuses[status]:
            parts.append(f"{digest.statuses[status]:,} {status}")
    return ", ".join(parts)
