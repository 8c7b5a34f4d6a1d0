"""How sizes, times and severities are written in a configuration, and what its sections share."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from scanner.model import Severity

_SIZES = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_SIZES |= {"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}
_TIMES = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def parse_size(value: Any) -> Any:
    """`500MB`, `2GiB` or a number, as bytes."""
    return _scaled(value, _SIZES, "a size such as 500MB or 2GiB")


def parse_time(value: Any) -> Any:
    """`90s`, `30m`, `4h` or a number, as seconds."""
    return _scaled(value, _TIMES, "a time such as 90s, 30m or 4h")


def _scaled(value: Any, units: dict[str, Any], expected: str) -> Any:
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", value)
    if not match or match[2].lower() not in units:
        raise ValueError(f"expected {expected}")
    number = float(match[1]) * units[match[2].lower()]
    return int(number) if isinstance(units[""], int) else number


def parse_share(value: Any) -> Any:
    """`90%` as 0.9; a number as it is."""
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(%?)\s*", value)
    if not match:
        raise ValueError("expected a number such as 0.9 or 14, or a percentage such as 90%")
    return float(match[1]) / (100 if match[2] else 1)


def parse_severity(value: Any) -> Any:
    """`high` and the like; `never` is None."""
    if isinstance(value, str):
        if value.lower() in ("never", "none"):
            return None
        if value.upper() in Severity.__members__:
            return Severity[value.upper()]
        raise ValueError("expected critical, high, medium, low, info or never")
    return value


Size = Annotated[int, BeforeValidator(parse_size), Field(ge=0)]
Seconds = Annotated[float, BeforeValidator(parse_time), Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, BeforeValidator(parse_share), Field(ge=0, allow_inf_nan=False)]
FailOn = Annotated[Severity | None, BeforeValidator(parse_severity)]


class Part(BaseModel):
    """A section of the file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
