"""dpscan: which stores hold personal data, and which of those are unprotected.

    >>> from scanner import Detector
    >>> Detector(names=False).text(["NHS number 943 476 5919"])  # doctest: +SKIP

Nothing heavy is imported until `Detector` is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scanner.detector import Detector
    from scanner.model import ColumnResult, Detection

__version__ = "0.1.0"
__all__ = ["ColumnResult", "Detection", "Detector", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "Detector":
        from scanner.detector import Detector

        return Detector
    if name in ("Detection", "ColumnResult"):
        import scanner.model

        return getattr(scanner.model, name)
    raise AttributeError(f"module 'scanner' has no attribute {name!r}")
