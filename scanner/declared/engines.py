"""What is known of database engines whatever the language: ports, logins tried first, versions with fixes.

Versions: end dates published by the projects and by the clouds (RDS, Cloud SQL, Azure), looked up in
November 2026. Only what is past its end everywhere counts as unsupported; paid extended support is a
choice that code does not show.
"""

from __future__ import annotations

import re

DEFAULT_PORTS = {
    "mysql": 3306,
    "mariadb": 3306,
    "aurora": 3306,
    "aurora-mysql": 3306,
    "postgres": 5432,
    "aurora-postgresql": 5432,
    "oracle": 1521,
    "sqlserver": 1433,
    "redis": 6379,
    "valkey": 6379,
    "memcached": 11211,
    "redshift": 5439,
    "docdb": 27017,
    "neptune": 8182,
}

PREDICTABLE_LOGINS = (
    "", "admin", "administrator", "sqladmin", "root", "user", "azure_admin", "azure_administrator", "guest", "test",
    "azureuser", "sa", "dbadmin", "postgres", "mysql", "awsuser", "dba",
)  # fmt: skip

_OLDEST: dict[str, tuple[int, ...]] = {
    "postgres": (13,),
    "aurora-postgresql": (13,),
    "mysql": (8,),
    "mariadb": (10, 6),
    "oracle": (19,),
    "sqlserver": (13,),  # 2016
    "activemq": (5, 16),
    "rabbitmq": (3, 11),
    "redis": (6,),
    "elasticsearch": (6, 8),
}
"""Engine (by the start of its name) to the oldest version that still gets fixes somewhere."""


def supported(engine: str, version: str) -> bool | None:
    """Whether a version still gets fixes; None where the engine or the version is not known here."""
    name = engine.strip().lower()
    oldest = next((bound for key, bound in _OLDEST.items() if name.startswith(key)), None)
    found = re.match(r"\D{0,12}(\d+(?:[._]\d+)*)", version)
    if oldest is None or found is None:
        return None
    number = tuple(int(part) for part in re.split(r"[._]", found[1]))
    if len(number) < len(oldest) and number == oldest[: len(number)]:
        return None  # "10" of a bound at 10.6
    return number[: len(oldest)] >= oldest
