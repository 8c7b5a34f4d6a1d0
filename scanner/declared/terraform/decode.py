"""Policies as code writes them: JSON text or an object."""

from __future__ import annotations

import json
import re
from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.values import MARK_START

_TRAILING = re.compile(r",(\s*[}\]])")
_MISSING = re.compile(r"([\"}\]])(\s*\n\s*\")")


def decoded(value: Any) -> Any:
    """A policy: JSON text or an object; Unknown where it cannot be read."""
    if isinstance(value, (dict, list, Unknown)) or value is None:
        return value
    text = str(value)
    try:
        return json.loads(text, strict=False)
    except ValueError:
        pass
    try:
        # A comma too many or too few is common in policies written by hand; the intent is plain.
        return json.loads(_MISSING.sub(r"\1,\2", _TRAILING.sub(r"\1", text)), strict=False)
    except ValueError:
        return Unknown(
            "policy made of parts that are not known" if MARK_START in text else "policy is not JSON"
        )
