"""Lines of a repository as they may be shown: no character of a value, and of nothing beside it."""

from __future__ import annotations

import re

LONGEST = 120
_QUOTED = re.compile(r"(?P<quote>['\"])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)")
_KEY = re.compile(r"\s*(?::|=>|=(?!=))")
_FIGURES = re.compile(r"(?<![A-Za-z_])[A-Za-z]{0,2}\d[\w.\-/ ]*\d\w*")
_WORD = re.compile(r"[A-Za-z_][\w-]*\Z")


def masked(line: str) -> str:
    """A line of code with every literal taken out: `nino = "…"`. Keys and names of the code stay.

    A line without quotes keeps only what stands before its first `:` or `=`, for in a CSV file, a
    dump or a note every word may be a value.
    """
    line = line.strip()
    if not _QUOTED.search(line):
        head, mark, _ = _split(line)
        return f"{head}{mark} …" if mark and _WORD.match(head.strip(" -\t\"'`")) else "…"
    out, at = "", 0
    for match in _QUOTED.finditer(line):
        out += _outside(line[at : match.start()])
        is_key = _KEY.match(line, match.end()) is not None and _WORD.match(match["text"]) is not None
        out += match[0] if is_key else f"{match['quote']}…{match['quote']}"
        at = match.end()
    out += _outside(line[at:])
    return out if len(out) <= LONGEST else f"{out[: LONGEST - 1]}…"


def _outside(code: str) -> str:
    """Code between quotes; figures in it may be values, and an open quote runs on to the next line."""
    code = re.sub(r"['\"].*", "…", code, flags=re.S)
    code = re.sub(r"(?:#|//|--|/\*).*", "…", code, flags=re.S)
    return _FIGURES.sub("…", code)


def _split(line: str) -> tuple[str, str, str]:
    found = re.search(r":|=", line)
    return (line[: found.start()], found[0], line[found.end() :]) if found else (line, "", "")
