"""Text to tokens, in two steps: words at the spaces, each distinct word once into its tokens.

A word is what stands between single spaces; most are one token. Where a word ends in its text is a
running sum of lengths, so nothing has to be searched for again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

GAP = "\0\0\0"
"""Between texts that are read together: as many empty tokens as the network looks to either side."""

_LETTERS = r"[^\W\d_]"
TOKEN = re.compile(
    rf"""(?:
      {_LETTERS}{{2,}}(?=[ \n,])                       # most words, tried first
    | \d+(?:[.,:/-]\d+)*
    | (?:Mr|Mrs|Ms|Dr|Prof|Rev|St|Sgt|Capt|Cllr|Hon|Jr|Sr|Mx|Fr|Lt|Col|Gen|Sen|Rep|Gov)\.(?!\w)
    | (?:https?://|www\.)[^\s<>"\0]+
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | (?:[A-Z]\.){{2,}} | [A-Z]\.(?=[ ]?[A-Z])
    | [A-Z]['’](?=[A-Z]){_LETTERS}+
    | {_LETTERS}+
    | ['’](?:s|t|d|m|re|ve|ll|S)(?!\w)
    | @\w+
    | \n+ | [^\S\n ]+ | [ ]{{2,}}
    | [-=_*~.]{{2,}}
    | .
    )[ ]?""",
    re.X | re.S,
)
_OUTER = re.compile("(?<! ) | (?! )")
"""Of three spaces or more the first and the last; what is between them stands as a word."""


def tokens(text: str) -> list[str]:
    """The tokens of `text`; joined together they are `text` again. Each carries at most one trailing space."""
    return TOKEN.findall(text)


def words(texts: Iterable[str]) -> list[str]:
    """What stands between single spaces in the texts, of which none holds a NUL; a `GAP` before each and at the end.

    Joined by spaces they are the texts again, each with a space added where it does not begin or end
    with one. An empty word is the second of two spaces.
    """
    padded = (f"{'' if t[0] == ' ' else ' '}{t}{'' if t[-1] == ' ' else ' '}" if t else " " for t in texts)
    joined = GAP + GAP.join(padded) + GAP
    return _OUTER.split(joined) if "   " in joined else joined.split(" ")
