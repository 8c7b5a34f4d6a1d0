"""Word lists shipped with the package, loaded only when asked for.

A lexicon is a text file (UTF-8, plain `.txt` or gzip `.txt.gz`) in `lexicons/`, one entry a
line, already normalised by `normalise`; `#` starts a comment. Where every list comes from
and under which licence is in `docs/lexicons.md`.
"""

from __future__ import annotations

import functools
import gzip
import importlib.resources
import re
import unicodedata

_FOLDS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "æ": "ae", "Æ": "ae", "œ": "oe", "đ": "d", "ð": "d"}
    | {"Đ": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i", "’": "'", "‘": "'", "ʻ": "'", "`": "'"}
    | {"–": "-", "—": "-", "‐": "-", "‑": "-", "\u00a0": " "}
)
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Lower case, accents and typographic quotes folded, one space between words."""
    if text.isalpha() and text.isascii():
        return text.lower()
    if text.isascii():
        return " ".join(text.replace("`", "'").split()).lower()
    text = text.translate(_FOLDS)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _SPACES.sub(" ", text).strip().casefold()


@functools.cache
def words(name: str) -> frozenset[str]:
    """The entries of one lexicon, e.g. `forenames`. Raises KeyError if there is none of that name."""
    folder = importlib.resources.files("scanner.common") / "lexicons"
    packed, plain = folder / f"{name}.txt.gz", folder / f"{name}.txt"
    if packed.is_file():
        text = gzip.decompress(packed.read_bytes()).decode("utf-8")
    elif plain.is_file():
        text = plain.read_text("utf-8")
    else:
        raise KeyError(f"no lexicon named {name!r}")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return frozenset(line for line in lines if line)


def names() -> tuple[str, ...]:
    """Names of the lexicons there are, sorted (`own_…` files are sources of `lexicons/build.py`)."""
    folder = importlib.resources.files("scanner.common") / "lexicons"
    found = {f.name.partition(".")[0] for f in folder.iterdir() if ".txt" in f.name}
    return tuple(sorted(name for name in found if not name.startswith("own_")))
