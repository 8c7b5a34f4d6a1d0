"""Text to tokens: one pass of one expression whose matches cover every character.

A match carries at most one trailing space, so the places of tokens are running sums of the
lengths of matches and nothing has to be searched for again.
"""

from __future__ import annotations

import re

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


def tokens(text: str) -> list[str]:
    """The tokens of `text`; joined together they are `text` again."""
    return TOKEN.findall(text)
