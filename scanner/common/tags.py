"""What tags and labels say of a store, as evidence: the same words for every provider.

Tag keys are compared without case, spaces, hyphens, underscores and colons, so `Information
Asset Owner`, `information-asset-owner` and `informationAssetOwner` are one key. Where several
keys of one meaning are set, the one listed first here counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scanner.model import Basis, Evidence, State

_KEYS: dict[str, tuple[str, ...]] = {
    "owner_tag": (
        "informationassetowner",
        "dataowner",
        "assetowner",
        "businessowner",
        "serviceowner",
        "owner",
        "iao",
        "owneremail",
        "team",
        "teamname",
    ),
    "classification_tag": (
        "dataclassification",
        "classification",
        "securityclassification",
        "protectivemarking",
        "datasensitivity",
        "sensitivity",
    ),
    "retention_tag": (
        "retention",
        "retentionrule",
        "retentionschedule",
        "retentionperiod",
        "dataretention",
    ),
    "asset_register_ref": (
        "assetregisterref",
        "assetregister",
        "informationasset",
        "informationassetid",
        "assetid",
        "iarref",
        "ropa",
        "roparef",
    ),
}


def tag_evidence(
    subject_id: str, tags: Mapping[str, str] | None, source: str, *, basis: Basis = Basis.DENIED
) -> Iterator[Evidence]:
    """One piece of evidence per tag safeguard. `tags=None` (not readable) is UNKNOWN on `basis`."""
    if tags is None:
        for safeguard in _KEYS:
            reason = "the tags could not be read"
            yield Evidence(subject_id, safeguard, State.UNKNOWN, basis, source, reason=reason)
        return
    plain = {re.sub(r"[\s_:.\-]", "", key).lower(): text for key, text in tags.items() if text.strip()}
    for safeguard, keys in _KEYS.items():
        named = next((plain[key] for key in keys if key in plain), None)
        if named is None:
            yield Evidence(
                subject_id, safeguard, State.ABSENT, Basis.EXPLICIT, source, reason="no tag of this meaning"
            )
        else:
            yield Evidence(subject_id, safeguard, State.PRESENT, Basis.EXPLICIT, source, value=named)
