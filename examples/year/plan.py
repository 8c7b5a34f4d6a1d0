"""An invented department and what happens to it in a year. Synthetic throughout.

Everything that the scans of the year can find is written here, in weeks 0 to 51: which stores there
are, how many people are in them, how they are set up, and from when until when something is wrong.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

START = dt.datetime(2026, 1, 5, 3, 0, tzinfo=dt.UTC)
"""A Monday; one scan a week from here on."""
WEEKS = 52
ALWAYS = (0, WEEKS)
SCOPES = {"cloud": "account", "datacentre": "server"}
"""Scope to its kind; both are declared all year."""


def moment(week: int) -> dt.datetime:
    return START + dt.timedelta(weeks=week)


Weeks = tuple[int, int]
"""From the first week (inclusive) until the second (exclusive)."""


@dataclasses.dataclass(frozen=True)
class Trouble:
    """A safeguard that is missing for some weeks."""

    safeguard: str
    weeks: Weeks


@dataclasses.dataclass(frozen=True)
class Planned:
    """One store over the year."""

    name: str
    kind: str
    scope: str
    people: int
    """Rows of its one file or table; 0: nothing personal."""
    health: bool = False
    lives: Weeks = ALWAYS
    region: str = "eu-west-2"
    troubles: tuple[Trouble, ...] = ()
    unseen: tuple[Weeks, ...] = ()
    """Its settings and its content may not be read."""
    owner_from: int = 0
    record_from: int = 0
    """From this week on the register refers to a record of processing."""
    retention_from: int = 0
    assessed_from: int = 0
    public_on_purpose: bool = False

    def there(self, week: int) -> bool:
        return self.lives[0] <= week < self.lives[1]

    def seen(self, week: int) -> bool:
        return self.there(week) and not any(a <= week < b for a, b in self.unseen)

    def lacks(self, safeguard: str, week: int) -> bool:
        return any(t.safeguard == safeguard and t.weeks[0] <= week < t.weeks[1] for t in self.troubles)


def _t(safeguard: str, start: int, end: int) -> Trouble:
    return Trouble(safeguard, (start, end))


def _public(start: int, end: int) -> tuple[Trouble, Trouble]:
    return _t("public_access_blocked", start, end), _t("anonymous_read_blocked", start, end)


STORES: tuple[Planned, ...] = (
    Planned("case-files", "bucket", "cloud", 40, True, troubles=(
        _t("access_logging", 0, 9), _t("versioning", 0, 14), _t("customer_managed_key", 0, 52)), assessed_from=12),
    Planned("applications", "bucket", "cloud", 90, troubles=(
        *_public(17, 18), _t("tls_enforced", 0, 6), _t("lifecycle_expiry", 0, 30)), record_from=8),
    Planned("scanned-letters", "bucket", "cloud", 25, troubles=(
        _t("access_logging", 0, 21), _t("versioning", 4, 12), _t("versioning", 33, 36),
        _t("versioning", 49, 52)), owner_from=10, retention_from=25),
    Planned("analytics-extract", "bucket", "cloud", 70, lives=(11, 40), region="us-east-1", troubles=(
        _t("lifecycle_expiry", 11, 40), _t("access_logging", 11, 40)), owner_from=52, record_from=52, retention_from=52),
    Planned("published-statistics", "bucket", "cloud", 0, troubles=(
        *_public(0, 52), _t("access_logging", 0, 52)), public_on_purpose=True),
    Planned("supplier-exchange", "bucket", "cloud", 12, troubles=(
        *_public(28, 31), *_public(44, 45), _t("tls_enforced", 0, 28)),
        unseen=((37, 39),), record_from=20, retention_from=16),
    Planned("web-assets", "bucket", "cloud", 0, troubles=(_t("versioning", 0, 52),)),
    Planned("backups", "bucket", "cloud", 30, lives=(6, 52), troubles=(_t("lifecycle_expiry", 6, 23),), owner_from=9),
    Planned("licensing", "database", "datacentre", 120, troubles=(
        _t("audit_logging", 0, 16), _t("backup_enabled", 0, 5), _t("tls_enforced", 0, 25)), record_from=3),
    Planned("inspections", "database", "datacentre", 60, True, troubles=(
        _t("encryption_at_rest", 0, 33), _t("audit_logging", 0, 52)), assessed_from=52, retention_from=40),
    Planned("test-copy", "database", "datacentre", 50, lives=(14, 27), owner_from=52, record_from=52, retention_from=52,
            troubles=(_t("audit_logging", 14, 27), _t("backup_enabled", 14, 27))),
    Planned("payroll", "database", "datacentre", 8, unseen=((0, 2), (22, 24))),
    Planned("shared-drive", "share", "datacentre", 15, troubles=(_t("world_read_restricted", 0, 19),), owner_from=15),
    Planned("old-projects", "share", "datacentre", 6, troubles=(_t("world_read_restricted", 0, 52),),
            lives=(0, 46), owner_from=52, record_from=52, retention_from=52),
)  # fmt: skip

DARK: tuple[Weeks, ...] = ((24, 26),)
"""Weeks in which the data centre could not be reached at all."""
PACK_CHANGES = 26
"""Until this week the department had rule OBJ-05 switched off."""
OFF = "OBJ-05"

ACCEPTED = ("old-projects", "FS-01", 20, 34)
"""Store, rule, and from when until when the risk of it was accepted."""
FALSE = ("scanned-letters", "RET-01", 13)
"""Called a false positive in this week."""
CONFIRMED = (("case-files", "OBJ-08", 2), ("inspections", "DB-03", 6), ("licensing", "DB-09", 10))
"""Taken on by the teams in this week."""

CI = (("records", 40, True, 3), ("records", 47, True, 2), ("licensing", 49, False, 1))
"""Repository, week, whether the build was stopped, and how many High violations it had."""


def reached(scope: str, week: int) -> bool:
    return scope == "cloud" or not any(a <= week < b for a, b in DARK)
