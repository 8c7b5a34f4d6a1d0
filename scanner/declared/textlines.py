"""Lines of names in a text that a program wrote: JSON without positions of its own."""

from __future__ import annotations

import json


class TextLines:
    """The line at which a name next stands as a text.

    Names are asked in the order of the file, so that one of thousands of resources is looked for from where the
    last one stood; a name that is not behind it is looked for from the top.
    """

    def __init__(self, text: str) -> None:
        self._text, self._at, self._line = text, 0, 1

    def of(self, name: str) -> int:
        """1-based; 1 where the text does not hold it."""
        quoted = json.dumps(name)
        at = self._text.find(quoted, self._at)
        if at < 0:
            at = self._text.find(quoted)
            return self._text.count("\n", 0, at) + 1 if at >= 0 else 1
        self._line += self._text.count("\n", self._at, at)
        self._at = at
        return self._line
