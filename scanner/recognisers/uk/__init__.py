"""UK identifiers: formats with their checks, and one fast pass over running text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scanner.contracts import Identifier
from scanner.model import Detection
from scanner.recognisers.uk import education, health, justice, money, online, places, state, vehicles
from scanner.recognisers.uk.spec import Spec

if TYPE_CHECKING:
    from scanner.common.manytexts import ManyTexts, Truth

SPECS: tuple[Spec, ...] = (
    *health.SPECS,
    *money.SPECS,
    *state.SPECS,
    *vehicles.SPECS,
    *education.SPECS,
    *justice.SPECS,
    *online.SPECS,
    *places.SPECS,
)


class UkRecogniser:
    """Every UK identifier with a published format, plus addresses, dates and ages in text."""

    name = "uk"
    entity_types: tuple[str, ...] = (
        *dict.fromkeys(spec.identifier.entity_type for spec in SPECS),
        "ADDRESS",
        "AGE",
        "DATE_TIME",
    )

    def identifiers(self) -> Sequence[Identifier]:
        """The formats, for judging whole columns."""
        return tuple(spec.identifier for spec in SPECS)

    def text(self, texts: Sequence[str]) -> Sequence[Sequence[Detection]]:
        """Detections of each text; overlaps are possible."""
        from scanner.recognisers.uk.engine import scan

        return [scan(text) for text in texts]

    def skim(self, texts: ManyTexts) -> Truth:
        """Which of many texts may hold anything but a date."""
        from scanner.recognisers.uk.skim import skim

        return skim(texts)
