"""Odd types, names and kinds of tables of MariaDB."""

from __future__ import annotations

import pytest

from scanner.model import GapReason
from tests.connectors.sql_reading import PASSWORD, connect, listing, read

NAMES = (
    "with `ticks`",
    'with "quotes"',
    "it's",
    "select",
    "Ünïcode 表",
    "back\\slash",
    "per%cent :colon %s",
    "x" * 64,
)
TYPES = {
    "mood": ("ENUM('sad', 'glad')", "'sad'", "sad"),
    "many": ("SET('a', 'b', 'c')", "'a,c'", "a,c"),
    "doc": ("JSON", """'{"a": ["synthetic"]}'""", "synthetic"),
    "bits": ("BIT(8)", "b'1000001'", "1000001"),
    "year": ("YEAR", "1999", "1999"),
    "took": ("TIME", "'-838:59:59'", "838:59:59"),
    "zero": ("DATE", "'0000-00-00'", "0000-00-00"),
    "half": ("DATE", "'2026-00-00'", "2026-00-00"),
    "when": ("DATETIME(6)", "'9999-12-31 23:59:59.999999'", "9999-12-31"),
    "cost": ("DECIMAL(65, 30)", "1.5", "1.5"),
    "big": ("BIGINT UNSIGNED", "18446744073709551615", "18446744073709551615"),
    "raw": ("BLOB", "'synthetic'", "synthetic"),
    "odd": ("VARBINARY(9)", "0xff00", ""),
    "place": ("POINT", "ST_GeomFromText('POINT(1 2)')", "POINT(1 2)"),
    "uid": ("UUID", "'00000000-0000-4000-8000-000000000001'", "00000000-0000-4000-8000-000000000001"),
    "net": ("INET6", "'2001:db8::1'", "2001:db8::1"),
    "latin": ("VARCHAR(20) CHARACTER SET latin1", "'café'", "café"),
    "emoji": ("VARCHAR(20) CHARACTER SET utf8mb4", "'✓ 😀'", "😀"),
    "made": ("INT AS (1 + 2) PERSISTENT", None, "3"),
}


def quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


SCHEMA = (
    "SET sql_mode = ''",
    f"CREATE TABLE types ({', '.join(f'{quoted(n)} {kind}' for n, (kind, _, _) in TYPES.items())})",
    f"INSERT INTO types ({', '.join(quoted(n) for n, t in TYPES.items() if t[1])}) "
    f"VALUES ({', '.join(t[1] for t in TYPES.values() if t[1])})",
    *(f"CREATE TABLE {quoted(n)} ({quoted(n[:60])} TEXT, `column_0` TEXT)" for n in NAMES),
    *(f"INSERT INTO {quoted(n)} VALUES ('first', 'second')" for n in NAMES),
    "CREATE TABLE empty (a TEXT)",
    "CREATE TABLE kept (a TEXT) WITH SYSTEM VERSIONING",
    "INSERT INTO kept VALUES ('now')",
    "CREATE SEQUENCE numbers",
    "CREATE TABLE parts (k INT, a TEXT) PARTITION BY HASH (k) PARTITIONS 4",
    "INSERT INTO parts VALUES (1, 'x'), (2, 'y'), (3, 'z')",
    "CREATE TABLE memory_only (a VARCHAR(9)) ENGINE = MEMORY",
    "INSERT INTO memory_only VALUES ('x')",
    "CREATE TABLE aria (a VARCHAR(9)) ENGINE = Aria",
    "INSERT INTO aria VALUES ('x')",
    "CREATE TABLE big_key (id BIGINT UNSIGNED PRIMARY KEY, a TEXT)",
    "INSERT INTO big_key VALUES (0, 'x'), (18446744073709551615, 'y')",
    "CREATE VIEW seen AS SELECT a FROM kept",
    "CREATE VIEW broken AS SELECT a FROM aria",
    "CREATE TABLE gone (a INT)",
    "CREATE VIEW lost AS SELECT a FROM gone",
    "DROP TABLE gone",
    "GRANT SELECT ON `odd db`.* TO dpscan_reader@'%'",
)  # fmt: skip


@pytest.fixture(scope="module")
def odd(mariadb_server):
    mariadb_server.create_database("odd db")
    mariadb_server.run(*SCHEMA, database="odd db")
    yield mariadb_server
    mariadb_server.run("REVOKE SELECT ON `odd db`.* FROM dpscan_reader@'%'", "DROP DATABASE `odd db`")


@pytest.fixture(autouse=True)
def _password(monkeypatch, mariadb_server):
    monkeypatch.setenv(PASSWORD, mariadb_server.reader_password)


@pytest.fixture
def connector(odd):
    made = connect(odd.url("odd%20db"))
    yield made
    made.close()


def test_every_type_comes_as_text(connector):
    found = read(connector, "types")
    assert not found.gaps
    assert found.rows == 1
    for name, (_, _, part) in TYPES.items():
        assert name in found.columns, name
        assert part in (found.columns[name][0] or ""), (name, found.columns[name])


@pytest.mark.parametrize("name", NAMES)
def test_every_name(connector, name):
    found = read(connector, name)
    assert not found.gaps
    assert found.columns == {name[:60]: ["first"], "column_0": ["second"]}


def test_every_kind_of_table_is_listed(connector):
    units, gaps = listing(connector)
    assert {"kept", "parts", "memory_only", "aria", "empty", "types", "big_key"} <= set(units)
    views = {gap.place.text for gap in gaps if gap.reason is GapReason.SAMPLED_OUT}
    assert {"seen", "lost", "broken"} <= views
    assert not [gap for gap in gaps if gap.reason is not GapReason.SAMPLED_OUT]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("kept", ["now"]),
        ("parts", ["x", "y", "z"]),
        ("memory_only", ["x"]),
        ("aria", ["x"]),
        ("big_key", ["x", "y"]),
    ],
)
def test_rows(connector, name, cells):
    found = read(connector, name)
    assert not found.gaps
    assert sorted(found.columns["a"]) == cells
