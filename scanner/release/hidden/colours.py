"""Colours of workbooks as RRGGBB, and which two of them nobody can tell apart (ECMA-376 18.8.3, 18.8.19)."""

from __future__ import annotations

import re
from typing import Any

_THEME = {"0": 255, "1": 0}
"""Theme colours 0 and 1 are the window's background and text (Office's own themes keep them white and black)."""
INDEXED = {"0": "000000", "1": "FFFFFF", "8": "000000", "9": "FFFFFF", "64": "000000", "65": "FFFFFF"}
_HEX = re.compile(r"[0-9A-F]{6}$")
_NEAR = 16
"""Steps of 255 in every channel that no eye tells apart on a screen: F0F0F0 on white is the edge."""


def alike(front: str | None, back: str | None) -> bool:
    """True if text of the one colour cannot be read on the other."""
    if front is None or back is None:
        return False
    if front == back:
        return True
    if not (_HEX.match(front) and _HEX.match(back)):
        return False
    return all(abs(int(front[i : i + 2], 16) - int(back[i : i + 2], 16)) <= _NEAR for i in (0, 2, 4))


def colour(element: Any) -> str | None:
    """RRGGBB, `theme:N:tint` for what only equals itself, or None for automatic."""
    if element.get("auto") in ("1", "true"):
        return "000000"
    rgb = element.get("rgb")
    if rgb:
        return str(rgb[-6:]).upper()
    if element.get("theme") is not None:
        return theme_colour(str(element.get("theme")), _tint(element.get("tint")))
    if element.get("indexed") is not None:
        return INDEXED.get(str(element.get("indexed")), f"indexed:{element.get('indexed')}")
    return None


def theme_colour(theme: str, tint: float) -> str:
    return _grey(_THEME[theme], tint) if theme in _THEME else f"theme:{theme}:{tint:.3f}"


def _tint(value: str | None) -> float:
    try:
        return max(-1.0, min(1.0, float(value or 0)))
    except ValueError:
        return 0.0


def _grey(level: int, tint: float) -> str:
    """18.8.3: a tint below 0 darkens towards black, above 0 lightens towards white."""
    value = level * (1 + tint) if tint < 0 else level * (1 - tint) + 255 * tint
    return f"{round(value):02X}" * 3
