"""Which of several proposals for the same characters stands: the one with the best evidence."""

from __future__ import annotations

import bisect
import functools
from collections.abc import Iterable, Sequence

from scanner.joined import addresses, after_names
from scanner.model import Detection, entity


def resolve(text: str, proposals: Sequence[Detection]) -> list[Detection]:
    """One detection for each stretch of text: the best supported, sorted by start.

    Order of evidence: a whole address or machine-readable zone over its parts; a check passed
    and a word nearby; a check passed; a word nearby; a distinctive pattern; a model or word
    list. Dates and places that say nothing of a person give way to what does. Then the longer,
    then the better scored.
    """
    merged = _same_span(proposals)
    if len(merged) == 1 and merged[0].entity_type != "PERSON":
        return merged
    merged.extend(addresses(text, merged))
    merged.sort(key=_weight, reverse=True)
    return after_names(text, _apart(merged))


def _apart(candidates: Iterable[Detection]) -> list[Detection]:
    """The candidates that overlap none before them, sorted by start."""
    starts: list[int] = []
    kept: list[Detection] = []
    for candidate in candidates:
        at = bisect.bisect_left(starts, candidate.end)
        if at and kept[at - 1].end > candidate.start:
            continue
        starts.insert(at, candidate.start)
        kept.insert(at, candidate)
    return kept


def _weight(d: Detection) -> tuple[float, int, float, int, str]:
    rank = 1 + d.score if d.recogniser == "names" and _personal(d.entity_type) else _rank(d)
    return rank, d.end - d.start, d.score, -d.start, d.entity_type


def _rank(d: Detection) -> float:
    return _strength(d.entity_type, d.validated, d.recogniser, d.reasons)


@functools.cache
def _personal(entity_type: str) -> bool:
    return entity(entity_type).personal


@functools.lru_cache(maxsize=8192)
def _strength(entity_type: str, validated: bool, recogniser: str, reasons: tuple[str, ...]) -> float:
    """How strong the evidence is; the higher wins an overlap."""
    if entity_type in ("ADDRESS", "PASSPORT_MRZ"):
        return 8 if validated else 5
    labelled = any(r.startswith("context") and r.endswith("(label)") for r in reasons)
    context = labelled or any(r.startswith("context") for r in reasons)
    if not _personal(entity_type):
        if entity_type == "URL":
            return 2.6
        return 2.2 if validated else 0.5 if recogniser == "names" else 2
    if validated:
        return 7 if labelled else 6 if context else 4.5
    return 5.5 if labelled else 4 if context else 3


def _same_span(proposals: Sequence[Detection]) -> list[Detection]:
    """Proposals of one type for one span become one, with the reasons of all."""
    groups: dict[tuple[str, int, int], list[Detection]] = {}
    for d in proposals:
        groups.setdefault((d.entity_type, d.start, d.end), []).append(d)
    if len(groups) == len(proposals):
        return list(proposals)
    return [group[0] if len(group) == 1 else _merged(group) for group in groups.values()]


def _merged(group: list[Detection]) -> Detection:
    best = max(group, key=lambda d: (d.validated, d.score))
    return Detection(
        best.entity_type,
        best.start,
        best.end,
        max(d.score for d in group),
        any(d.validated for d in group),
        tuple(dict.fromkeys(r for d in group for r in d.reasons)),
        best.recogniser,
        any(d.test_range for d in group),
    )
