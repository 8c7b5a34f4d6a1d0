"""Names of accounts on social networks in running text: `@coreyb_91 on Instagram`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.common.nearby import Context, Near
from scanner.common.reading import Reading
from scanner.model import Detection

_HANDLE = re.compile(r"(?<![\w@./-])@[A-Za-z0-9_][A-Za-z0-9_.]{1,28}[A-Za-z0-9_](?![\w@])")
_NETWORKS = Context(
    (
        "instagram", "insta", "twitter", "snapchat", "tiktok", "facebook", "telegram", "discord", "youtube", "threads",
        "mastodon", "bluesky", "social media", "handle", "username", "profile", "messages", "account", "dm",
    )
)  # fmt: skip


def handles(text: Reading) -> Iterator[Detection]:
    """Every `@name` with a word for a social network nearby; without one it may be anything."""
    for match in _HANDLE.finditer(text):
        support = Near(text, *match.span()).support(_NETWORKS)
        if support:
            reasons = ("pattern account name", f"context {support[0]}")
            yield Detection("USERNAME", *match.span(), 0.7, False, reasons, "uk")
