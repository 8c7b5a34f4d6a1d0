"""Read the marked texts, and score detections against their marks."""

from __future__ import annotations

import collections
import re
from pathlib import Path

from scanner.model import Detection, entity

_MARK = re.compile(r"\[\[([A-Z_]+)\|(.*?)\]\]", re.S)
Span = tuple[str, int, int]


def read(path: Path) -> list[tuple[str, str, list[Span]]]:
    """(kind, text, marked spans) of each text."""
    out = []
    body = "\n".join(line for line in path.read_text("utf-8").split("\n") if not line.startswith("# "))
    for part in body.split("=====\n"):
        kind, _, marked = part.partition("\n")
        text, spans, at = "", [], 0
        for match in _MARK.finditer(marked):
            text += marked[at : match.start()]
            spans.append((match[1], len(text), len(text) + len(match[2])))
            text += match[2]
            at = match.end()
        out.append((kind, text + marked[at:], spans))
    return out


def score(
    gold: list[list[Span]], found: list[list[Detection]], types: set[str] | None = None
) -> tuple[float, float, list[tuple[int, str, str, int, int]]]:
    """Precision and recall of partial matches (same group, half the marked span), and the errors.

    Types that are not personal (dates, places, links) and mere mentions are left out.
    """
    hit = wanted = given = 0
    errors: list[tuple[int, str, str, int, int]] = []
    for i, (spans, detections) in enumerate(zip(gold, found, strict=True)):
        mine = [d for d in detections if entity(d.entity_type).personal and d.recogniser != "categories"]
        if types:
            mine = [d for d in mine if d.entity_type in types]
            spans = [s for s in spans if s[0] in types]
        used: collections.Counter[int] = collections.Counter()
        for kind, start, end in spans:
            wanted += 1
            for j, d in enumerate(mine):
                common = min(end, d.end) - max(start, d.start)
                if common * 2 >= end - start and entity(d.entity_type).group == entity(kind).group:
                    used[j] += 1
                    hit += 1
                    break
            else:
                errors.append((i, "missed", kind, start, end))
        given += len(mine)
        errors.extend((i, "false", d.entity_type, d.start, d.end) for j, d in enumerate(mine) if not used[j])
    false = sum(1 for e in errors if e[1] == "false")
    return (given - false) / max(1, given), hit / max(1, wanted), errors
