"""The department's own targets for key figures, in place of those of `kpi_table`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from scanner.maturity.kpi_table import BY_ID, Kpi

OWN = "set by the department"


def mistake(id: str, value: float) -> str:
    """What is wrong with a target, and what was expected; "" if nothing is."""
    definition = BY_ID.get(id)
    if definition is None:
        return f"there is no key figure {id}; expected K1 to K{len(BY_ID)}"
    if definition.kind == "share" and value > 1:
        return f"{id} is a share: expected 0 to 1, or 0% to 100%"
    return ""


def aimed(kpi: Kpi, targets: Mapping[str, float]) -> Kpi:
    """The figure against the department's own target, if it has one. As with dpscan's own, the worse bound counts."""
    target = targets.get(kpi.id)
    if target is None:
        return kpi
    up = kpi.direction == "up"
    bound = kpi.low if up else kpi.high
    worse = kpi.value if bound is None else bound
    met = None if worse is None else worse >= target if up else worse <= target
    number = f"{target * 100:g}%" if kpi.kind == "share" else f"{target:g}"
    return dataclasses.replace(
        kpi, target=target, target_text=f"{'≥' if up else '≤'} {number} ({OWN})", met=met
    )
