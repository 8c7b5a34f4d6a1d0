"""Names and texts as people may be shown them: one line, nothing in it that is not to be seen."""

from __future__ import annotations

import re
import unicodedata

_NEWLINES = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def clean(text: str) -> str:
    """One line, without characters that are not to be seen."""
    if text.isprintable():
        # No control, format or surrogate character and no separator but the space: nearly every text.
        return text
    text = _NEWLINES.sub(" ", text).replace("\t", " ")
    return "".join("�" if _unseen(char) else char for char in text)


def _unseen(char: str) -> bool:
    if char <= "~":
        return char < " "
    # Cc control, Cf format (zero width, direction overrides), Cs lone surrogates.
    return unicodedata.category(char) in ("Cc", "Cf", "Cs")
