"""What departments' databases hold beside text and numbers: odd types, odd names, odd kinds of tables."""

from __future__ import annotations

import pytest

from scanner.model import GapReason
from tests.connectors.sql_reading import PASSWORD, connect, listing, read

LONG = "x" * 63
NAMES = (
    'Name with "quotes"',
    "it's",
    "select",
    "user",
    "Ünïcode ✓ 表",
    "a\nb",
    "back\\slash",
    "per%cent :colon",
    LONG,
)
TYPES = {
    "mood": ("mood", "'sad'", "sad"),
    "email": ("email", "'someone@example.org'", "someone@example.org"),
    "during": ("daterange", "'[2026-01-01,2026-02-01)'", "2026-01-01"),
    "spans": ("datemultirange", "'{[2026-01-01,2026-02-01)}'", "2026-01-01"),
    "grid": ("text[][]", "'{{a,b},{c,d}}'", "a"),
    "place": ("address", "ROW('1 High Street', 'AB1 2CD')", "1 High Street"),
    "places": ("address[]", "ARRAY[ROW('1 High Street', 'AB1 2CD')::address]", "1 High Street"),
    "doc": ("json", """'{"a": {"b": ["synthetic"]}}'""", "synthetic"),
    "docb": ("jsonb", """'[{"a": "synthetic"}, null]'""", "synthetic"),
    "docs": ("jsonb[]", """ARRAY['{"a": "synthetic"}'::jsonb]""", "synthetic"),
    "bits": ("bit varying", "B'101'", "101"),
    "net": ("inet", "'192.0.2.7/24'", "192.0.2.7"),
    "mac": ("macaddr", "'00:00:5e:00:53:01'", "00:00:5e:00:53:01"),
    "uid": ("uuid", "'00000000-0000-4000-8000-000000000001'", "00000000-0000-4000-8000-000000000001"),
    "cost": ("money", "12.34", "12.34"),
    "size": ("numeric", "'NaN'", "NaN"),
    "old": ("date", "'0044-03-15 BC'", "0044"),
    "never": ("timestamptz", "'-infinity'", "infinity"),
    "far": ("timestamp", "'12026-01-01'", "12026"),
    "took": ("interval", "'1 year 2 months 3 days'", "1 year"),
    "words": ("tsvector", "to_tsvector('simple', 'synthetic words')", "synthetic"),
    "at": ("point", "'(1,2)'", "1"),
    "shape": ("polygon", "'((0,0),(1,1),(1,0))'", "1"),
    "letters": ("character(10)", "'ab'", "ab"),
    "single": ('"char"', "'z'", "z"),
    "who": ("name", "'synthetic'", "synthetic"),
    "flag": ("boolean", "true", "true"),
    "what": ("regclass", "'pg_class'::regclass", "pg_class"),
    "made": ("int GENERATED ALWAYS AS (2 + 1) STORED", None, "3"),
}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


SCHEMA = (
    "CREATE TYPE mood AS ENUM ('sad', 'glad')",
    "CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%')",
    "CREATE TYPE address AS (line text, postcode text)",
    f"CREATE TABLE types ({', '.join(f'{quoted(n)} {kind}' for n, (kind, _, _) in TYPES.items())})",
    f"INSERT INTO types ({', '.join(quoted(n) for n, t in TYPES.items() if t[1])}) "
    f"VALUES ({', '.join(t[1] for t in TYPES.values() if t[1])})",
    *(f'CREATE TABLE {quoted(n)} ({quoted(n)} text, "column_0" text, "A" text, a text)' for n in NAMES),
    *(f"INSERT INTO {quoted(n)} VALUES ('first', 'second', 'upper', 'lower')" for n in NAMES),
    "CREATE TABLE empty (a text, b int)",
    "CREATE TABLE no_columns ()",
    "INSERT INTO no_columns DEFAULT VALUES",
    "CREATE TABLE parent (a text)",
    "CREATE TABLE child (b text) INHERITS (parent)",
    "INSERT INTO parent VALUES ('of parent')",
    "INSERT INTO child VALUES ('of child', 'more')",
    "CREATE TABLE deep (k int, j int, body text) PARTITION BY LIST (k)",
    "CREATE TABLE deep_1 PARTITION OF deep FOR VALUES IN (1) PARTITION BY RANGE (j)",
    "CREATE TABLE deep_1_1 PARTITION OF deep_1 FOR VALUES FROM (0) TO (10)",
    "CREATE TABLE deep_rest PARTITION OF deep DEFAULT",
    "INSERT INTO deep VALUES (1, 1, 'a'), (2, 2, 'b')",
    "CREATE TABLE no_partitions (k int) PARTITION BY HASH (k)",
    "CREATE UNLOGGED TABLE unlogged (a text)",
    "INSERT INTO unlogged VALUES ('x')",
    "CREATE TABLE keyed (id uuid PRIMARY KEY, a text)",
    "INSERT INTO keyed SELECT gen_random_uuid(), 'x' FROM generate_series(1, 50)",
    "CREATE TABLE pair (a int, b text, PRIMARY KEY (a, b))",
    "INSERT INTO pair VALUES (1, 'x')",
    "CREATE TABLE huge_key (id numeric(60) PRIMARY KEY)",
    "INSERT INTO huge_key VALUES (1e50), (2)",
    "CREATE TABLE negative (id bigint PRIMARY KEY, a text)",
    "INSERT INTO negative VALUES (-9223372036854775808, 'x'), (9223372036854775807, 'y')",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO dpscan_reader",
)


@pytest.fixture(scope="module")
def odd(postgres_server):
    postgres_server.create_database('odd ""db"" ✓')
    postgres_server.run(*SCHEMA, database='odd "db" ✓')
    yield postgres_server
    postgres_server.run('DROP DATABASE "odd ""db"" ✓" WITH (FORCE)')


@pytest.fixture(autouse=True)
def _password(monkeypatch, postgres_server):
    monkeypatch.setenv(PASSWORD, postgres_server.reader_password)


@pytest.fixture
def connector(odd):
    made = connect(odd.url("odd%20%22db%22%20%E2%9C%93"))
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
    assert found.columns[name] == ["first"]
    assert (found.columns["A"], found.columns["a"], found.columns["column_0"]) == (
        ["upper"],
        ["lower"],
        ["second"],
    )


def test_tables_without_rows_or_columns_are_no_gaps(connector):
    units, gaps = listing(connector)
    assert {"empty", "no_columns", "no_partitions"} <= set(units)
    for name in ("empty", "no_columns", "no_partitions"):
        found = read(connector, name)
        assert not found.gaps, name
        assert not found.rows
    assert not [gap for gap in gaps if gap.reason is not GapReason.SAMPLED_OUT]


def test_partitions_are_read_once_and_heirs_are_not_lost(connector):
    units, _ = listing(connector)
    assert not {name for name in units if name.startswith("deep_")}
    assert sorted(read(connector, "deep").columns["body"]) == ["a", "b"]
    assert read(connector, "child").columns == {"a": ["of child"], "b": ["more"]}
    assert sorted(read(connector, "parent").columns["a"]) == ["of child", "of parent"]


@pytest.mark.parametrize(
    ("name", "rows"), [("unlogged", 1), ("keyed", 50), ("pair", 1), ("huge_key", 2), ("negative", 2)]
)
def test_every_kind_of_key(connector, name, rows):
    found = read(connector, name)
    assert not found.gaps
    assert found.rows == rows
