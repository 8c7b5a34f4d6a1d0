"""Until when vendors publish security fixes for a version line, as data.

Sources: PostgreSQL, https://www.postgresql.org/support/versioning/ ; MariaDB community
server, https://mariadb.org/about/#maintenance-policy ; MySQL, Oracle's lifetime support
policy (end of extended support), https://www.mysql.com/support/eol-notice.html . Taken down
on `AS_OF`; a line that is not listed is not judged.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

AS_OF = dt.date(2026, 11, 22)

POLICY = {
    "postgresql": "PostgreSQL versioning policy",
    "mariadb": "MariaDB maintenance policy",
    "mysql": "MySQL support policy",
}

_DATES: dict[str, dict[str, str]] = {
    "postgresql": {
        "9.4": "2020-02-13", "9.5": "2021-02-11", "9.6": "2021-11-11", "10": "2022-11-10",
        "11": "2023-11-09", "12": "2024-11-21", "13": "2025-11-13", "14": "2026-11-12",
        "15": "2027-11-11", "16": "2028-11-09", "17": "2029-11-08", "18": "2030-11-14",
    },
    "mariadb": {
        "5.5": "2020-04-11", "10.0": "2019-03-31", "10.1": "2020-10-17", "10.2": "2022-05-23",
        "10.3": "2023-05-25", "10.4": "2024-06-18", "10.5": "2025-06-24", "10.6": "2026-07-06",
        "10.7": "2023-02-09", "10.8": "2023-05-20", "10.9": "2023-08-22", "10.10": "2023-11-17",
        "10.11": "2028-02-16", "11.0": "2024-06-06", "11.1": "2024-08-21", "11.2": "2024-11-21",
        "11.3": "2024-05-29", "11.4": "2029-05-29", "11.5": "2024-11-21", "11.6": "2025-02-13",
        "11.7": "2025-05-12", "11.8": "2028-06-04", "12.0": "2025-11-18", "12.1": "2026-02-13",
        "12.2": "2026-05-13", "12.3": "2029-06-30",
    },
    "mysql": {
        "5.5": "2018-12-31", "5.6": "2021-02-28", "5.7": "2023-10-31", "8.0": "2026-04-30",
        # Innovation releases end with the next release.
        "8.1": "2023-10-25", "8.2": "2023-12-14", "8.3": "2024-04-10", "8.4": "2032-04-30",
        "9.0": "2024-10-15", "9.1": "2025-01-21", "9.2": "2025-04-15", "9.3": "2025-07-22",
        "9.4": "2025-10-21", "9.5": "2026-01-20", "9.6": "2026-04-21",
    },
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Support:
    """What the table says of one version."""

    line: str
    """Version line, such as `15` or `10.11`."""
    until: dt.date | None
    """Last day of support; None if the table does not know the line."""
    policy: str

    def held_on(self, day: dt.date) -> bool | None:
        """True if supported on that day; None if unknown."""
        return None if self.until is None else day <= self.until


def support(engine_version: str) -> Support:
    """For `postgresql 15.18`, `mariadb 10.11.19` and the like."""
    product, _, number = engine_version.partition(" ")
    parts = number.split(".")
    # Since release 10 a PostgreSQL line is one number; before, and elsewhere, it is two.
    one = product == "postgresql" and parts[0].isdigit() and int(parts[0]) >= 10
    line = parts[0] if one else ".".join(parts[:2])
    known = _DATES.get(product, {})
    until = dt.date.fromisoformat(known[line]) if line in known else _older(known, line)
    return Support(line, until, POLICY.get(product, "no published policy"))


def _older(known: dict[str, str], line: str) -> dt.date | None:
    """A line older than all listed ended no later than the oldest of them."""

    def order(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in text.split(".") if part.isdigit())

    if known and order(line) and order(line) < min(map(order, known)):
        return min(dt.date.fromisoformat(day) for day in known.values())
    return None
