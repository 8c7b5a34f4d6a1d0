"""Until when the makers of database servers publish security fixes.

Dates are data and go out of date: a department overrides them with `supported_engines` in its
context (engine to the lowest version it accepts). An engine or branch that is not listed gives
no answer. As published by the makers, read in 2025:

- PostgreSQL: https://www.postgresql.org/support/versioning/
- MariaDB: https://mariadb.org/about/#maintenance-policy (long-term branches)
- MySQL: Oracle Lifetime Support Policy, end of extended support
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

_D = dt.date

END_OF_FIXES: Mapping[str, Mapping[str, dt.date]] = {
    "postgresql": {
        "9.6": _D(2021, 11, 11),
        "10": _D(2022, 11, 10),
        "11": _D(2023, 11, 9),
        "12": _D(2024, 11, 21),
        "13": _D(2025, 11, 13),
        "14": _D(2026, 11, 12),
        "15": _D(2027, 11, 11),
        "16": _D(2028, 11, 9),
        "17": _D(2029, 11, 8),
        "18": _D(2030, 11, 14),
    },
    "mariadb": {
        "10.3": _D(2023, 5, 25),
        "10.4": _D(2024, 6, 18),
        "10.5": _D(2025, 6, 24),
        "10.6": _D(2026, 7, 6),
        "10.11": _D(2028, 2, 16),
        "11.4": _D(2029, 5, 29),
    },
    "mysql": {"5.6": _D(2021, 2, 5), "5.7": _D(2023, 10, 21), "8.0": _D(2026, 4, 30), "8.4": _D(2032, 4, 30)},
}


def supported(version: str, today: dt.date, minimum: Mapping[str, str]) -> bool | None:
    """Whether `postgresql 15.18` still gets fixes on `today`; None where nobody can say.

    `minimum` maps an engine to the lowest version the department accepts, and goes first.
    """
    engine, _, rest = version.strip().partition(" ")
    engine = engine.lower()
    numbers = _numbers(rest)
    if not numbers:
        return None
    lowest = {name.lower(): text for name, text in minimum.items()}.get(engine)
    if lowest is not None:
        return numbers >= _numbers(lowest)
    branches = END_OF_FIXES.get(engine, {})
    ends = next(
        (day for branch, day in branches.items() if numbers[: len(_numbers(branch))] == _numbers(branch)),
        None,
    )
    if ends is not None:
        return today <= ends
    oldest = min((_numbers(branch) for branch in branches), default=None)
    return False if oldest is not None and numbers < oldest else None


def _numbers(text: str) -> tuple[int, ...]:
    found = re.match(r"\s*(\d+(?:\.\d+)*)", text)
    return tuple(int(part) for part in found[1].split(".")) if found else ()
