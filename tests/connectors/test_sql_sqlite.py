"""SQLite files, good and bad."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import stat
import time

import pytest

from scanner.connectors.sql import SqlConnector, SqlOptions
from scanner.contracts import Ask, Limits
from scanner.errors import ReadError
from scanner.model import Basis, Gap, GapReason, State
from scanner.testing.connectors import ConnectorContract, access
from tests.connectors.sql_reading import connect, facts, listing, only_scope, only_store, read, read_unit

SMALL = Ask(seed="one", rows=50, whole_table_rows=100)


@pytest.fixture
def cases(tmp_path):
    """A case system with tables of every sort; all names and numbers are invented."""
    path = tmp_path / "cases.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, born DATE, photo BLOB, note)")
        db.executemany(
            "INSERT INTO people VALUES (?, ?, ?, ?, ?)",
            [(i, f"person {i}", "1970-01-01", b"\xff\x00", i / 2) for i in range(1, 1001)],
        )
        db.execute("CREATE TABLE codes (code TEXT PRIMARY KEY, label TEXT) WITHOUT ROWID")
        db.executemany("INSERT INTO codes VALUES (?, ?)", [(f"c{i}", "x") for i in range(1000)])
        db.execute("CREATE TABLE sparse (id INTEGER PRIMARY KEY, label TEXT)")
        db.executemany("INSERT INTO sparse VALUES (?, ?)", [(i * 10**9, f"v{i}") for i in range(1000)])
        db.execute("CREATE TABLE few (a TEXT, rowid TEXT, _rowid_ TEXT, oid TEXT)")
        db.execute("INSERT INTO few VALUES ('1', 'x', 'y', 'z')")
        db.execute("CREATE TABLE vacant (a TEXT)")
        db.execute("CREATE VIEW everybody AS SELECT * FROM people")
        db.execute("CREATE VIRTUAL TABLE notes USING fts5(body)")
        db.execute("INSERT INTO notes VALUES ('synthetic note')")
    db.close()
    return path


class TestContract(ConnectorContract):
    @pytest.fixture
    def connector(self, cases):
        connector = SqlConnector(SqlOptions(url=f"sqlite:///{cases}"), access())
        yield connector
        connector.close()


def test_tables_are_units_and_views_are_not(cases):
    units, gaps = listing(connect(f"sqlite:///{cases}"))
    assert sorted(units) == ["codes", "few", "notes", "people", "sparse", "vacant"]
    assert [(g.reason, g.place.text) for g in gaps] == [(GapReason.SAMPLED_OUT, "everybody")]


def test_a_view_that_is_listed_is_read(cases):
    reading = read(connect(f"sqlite:///{cases}", views=["everybody"]), "everybody")
    assert reading.rows == 1000
    reading = read(
        connect(f"sqlite:///{cases}"),
        "everybody",
        Ask(seed="one", rows=20, whole_table_rows=30, views=("everybody",)),
    )
    assert (reading.rows, reading.sampled.random) == (20, False)


def test_small_tables_are_read_whole(cases):
    reading = read(connect(f"sqlite:///{cases}"), "people")
    assert reading.rows == 1000
    assert reading.sampled is None
    assert reading.types["born"] == "date"
    assert reading.columns["note"][0] == "0.5"
    assert reading.columns["photo"][0] is None, "bytes that are no text are left out"


def test_columns_that_hide_the_row_number_do_not_disturb(cases):
    reading = read(connect(f"sqlite:///{cases}"), "few", SMALL)
    assert reading.columns == {"a": ["1"], "rowid": ["x"], "_rowid_": ["y"], "oid": ["z"]}


def test_an_empty_table_shows_its_columns(cases):
    reading = read(connect(f"sqlite:///{cases}"), "vacant")
    assert (list(reading.columns), reading.rows) == (["a"], 0)


@pytest.mark.parametrize("table", ["people", "codes", "sparse"])
def test_large_tables_are_drawn_at_random_and_alike_for_a_seed(cases, table):
    connector = connect(f"sqlite:///{cases}")
    first = read(connector, table, SMALL)
    again = read(connector, table, SMALL)
    other = read(connector, table, Ask(seed="two", rows=50, whole_table_rows=100))
    assert first.columns == again.columns
    assert first.columns != other.columns
    assert 25 <= first.rows <= 80
    assert first.sampled.random
    assert first.sampled.read == first.rows
    assert not first.sampled.complete
    # An exact count where the table was passed over, an estimate where keys were drawn.
    assert 900 <= first.sampled.population <= 1100
    key = next(iter(first.columns.values()))
    assert len(set(key)) == first.rows, "no row twice"


@pytest.mark.parametrize("table", ["sparse", "codes"])
def test_tables_too_large_to_pass_over_claim_no_bound(cases, table, monkeypatch):
    monkeypatch.setattr("scanner.connectors.sql.sqlite._SCAN_BYTES", 0)
    connector = connect(f"sqlite:///{cases}")
    first, again = (read(connector, table, SMALL) for _ in range(2))
    assert first.columns == again.columns
    assert 40 <= first.rows <= 50
    assert (first.sampled.random, first.sampled.population, first.sampled.read) == (False, None, first.rows)
    if table == "sparse":  # by nearest key: spread over the table, no row twice
        keys = [int(key) for key in first.columns["id"]]
        assert len(set(keys)) == len(keys)
        assert max(keys) - min(keys) > 800 * 10**9


def test_draws_cover_the_whole_table(cases):
    """1,000 rows, 40 draws of 50: a row that can be drawn is missed by all with 12 % chance."""
    connector = connect(f"sqlite:///{cases}")
    seen = set()
    for number in range(40):
        seen |= set(
            read(connector, "people", Ask(seed=str(number), rows=50, whole_table_rows=100)).columns["id"]
        )
    assert 800 < len(seen) < 950
    assert min(map(int, seen)) < 50
    assert max(map(int, seen)) > 950


def test_everything_is_read_page_by_page(cases):
    connector = connect(f"sqlite:///{cases}", limits=Limits(batch_rows=300))
    reading = read(connector, "people", Ask(seed="one", whole_table_rows=10, full=True))
    assert (reading.rows, reading.sampled) == (1000, None)
    assert reading.batches == 4
    assert len(set(reading.columns["id"])) == 1000
    assert read(connector, "codes", Ask(seed="one", whole_table_rows=10, full=True)).rows == 1000


def test_cells_are_cut(tmp_path):
    path = tmp_path / "long.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t (body TEXT, raw BLOB)")
        db.execute("INSERT INTO t VALUES (?, ?)", ("é" * 500, ("é" * 500).encode()))
    db.close()
    reading = read(connect(f"sqlite:///{path}", limits=Limits(cell_chars=101)), "t")
    assert reading.columns["body"] == ["é" * 101]
    assert reading.columns["raw"] == ["é" * 50], "101 bytes cut inside a character"


def test_text_that_is_not_utf8_is_read_all_the_same(tmp_path):
    path = tmp_path / "latin.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t (body TEXT)")
        db.execute("INSERT INTO t VALUES (CAST(X'636166E9' AS TEXT))")
    db.close()
    assert read(connect(f"sqlite:///{path}"), "t").columns["body"] == ["caf\ufffd"]


def test_include_and_exclude(cases):
    units, gaps = listing(connect(f"sqlite:///{cases}", tables=["p*", "codes"], exclude_tables=["codes"]))
    assert list(units) == ["people"]
    (excluded,) = [gap for gap in gaps if gap.reason is GapReason.EXCLUDED]
    assert excluded.count == 6


def test_evidence(cases):
    cases.chmod(0o640)
    stated, gaps = facts(connect(f"sqlite:///{cases}"))
    assert not gaps
    assert stated["encryption_at_rest", "(whole store)"].state is State.ABSENT
    assert stated["engine_version", "(whole store)"].value == f"sqlite {sqlite3.sqlite_version}"
    assert stated["engine_version_supported", "(whole store)"].state is State.NOT_APPLICABLE
    assert stated["tls_enforced", "(whole store)"].state is State.NOT_APPLICABLE
    assert stated["backup_enabled", "(whole store)"].basis is Basis.NOT_OBSERVABLE
    assert stated["least_privilege_grants", "(whole store)"].state is State.PRESENT
    cases.chmod(0o644)
    stated, _ = facts(connect(f"sqlite:///{cases}"))
    assert stated["least_privilege_grants", "(whole store)"].state is State.ABSENT


def test_identity_is_the_real_path(cases, tmp_path):
    (tmp_path / "link.db").symlink_to(cases)
    one = only_store(connect(f"sqlite:///{cases}", server_name="share01"))
    two = only_store(connect(f"sqlite:///{tmp_path}/./link.db", server_name="share01"))
    assert one.id == two.id == f"sqlite:share01/{str(cases).lstrip('/')}"
    assert only_scope(connect(f"sqlite:///{cases}")).exhaustive is False


def test_a_file_that_is_not_there_is_a_gap(tmp_path):
    connector = connect(f"sqlite:///{tmp_path}/none.db")
    (gap,) = connector.stores(only_scope(connector))
    assert (gap.reason, gap.subject_id) == (GapReason.VANISHED, only_scope(connector).id)
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a database" * 50, os.urandom(4096)])
def test_a_file_that_is_no_database_is_a_gap(tmp_path, content):
    path = tmp_path / "wrong.db"
    path.write_bytes(content)
    connector = connect(f"sqlite:///{path}")
    units, gaps = listing(connector)
    assert not units
    assert [gap.reason for gap in gaps] == [GapReason.CORRUPT]
    stated, gaps = facts(connector)
    assert stated["encryption_at_rest", "(whole store)"].state is State.UNKNOWN
    assert stated["encryption_at_rest", "(whole store)"].basis is Basis.FAILED
    assert [gap.reason for gap in gaps] == [GapReason.CORRUPT]


def test_a_damaged_file_yields_what_can_be_read(cases):
    connector = connect(f"sqlite:///{cases}")
    units, _ = listing(connector)
    connector.close()
    size = cases.stat().st_size
    with cases.open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(size - 8192))
    outcomes = {}
    for name, unit in units.items():
        try:
            outcomes[name] = [gap.reason for gap in read_unit(connector, unit).gaps]
        except ReadError as error:
            outcomes[name] = [error.reason]
    assert [GapReason.CORRUPT] in outcomes.values()
    assert all(set(reasons) <= {GapReason.CORRUPT} for reasons in outcomes.values())


def test_a_locked_file_is_a_gap_soon(cases):
    connector = connect(f"sqlite:///{cases}", limits=Limits(lock_timeout=0.3))
    units, _ = listing(connector)
    writer = sqlite3.connect(cases, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    try:
        started = time.monotonic()
        with pytest.raises(ReadError) as caught:
            read_unit(connector, units["people"])
        assert caught.value.reason is GapReason.TIMEOUT
        assert time.monotonic() - started < 8
        (gap,) = connector.units(only_store(connector), SMALL)
        assert isinstance(gap, Gap)
        assert gap.reason is GapReason.TIMEOUT
    finally:
        writer.rollback()
        writer.close()
    assert read_unit(connector, units["people"]).rows == 1000


def test_a_statement_that_takes_too_long_is_stopped(tmp_path):
    path = tmp_path / "slow.db"
    with sqlite3.connect(path) as db:
        db.execute(
            "CREATE VIEW slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        )
    db.close()
    connector = connect(f"sqlite:///{path}", views=["slow"], limits=Limits(statement_timeout=0.3))
    units, _ = listing(connector)
    started = time.monotonic()
    with pytest.raises(ReadError) as caught:
        read_unit(connector, dataclass_with(units["slow"], whole="100000000"))
    assert caught.value.reason is GapReason.TIMEOUT
    assert time.monotonic() - started < 8


def dataclass_with(unit, **params):
    return dataclasses.replace(unit, params={**unit.params, **params})


def test_sessions_cannot_write(cases):
    connector = connect(f"sqlite:///{cases}")
    before = cases.read_bytes()
    for statement in ("DELETE FROM people", "CREATE TABLE x (a)", "PRAGMA user_version = 7"):
        with pytest.raises(ReadError) as caught, connector._engines.session(str(cases)) as session:
            session.exec_driver_sql(statement)
            session.commit()
        assert caught.value.reason is GapReason.DENIED
    connector.close()
    assert cases.read_bytes() == before


def _wal(path):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    return db


def test_reading_a_database_in_write_ahead_mode_leaves_no_trace(cases):
    _wal(cases).close()
    before = sorted(os.listdir(cases.parent))
    connector = connect(f"sqlite:///{cases}")
    assert read(connector, "people").rows == 1000
    assert sorted(os.listdir(cases.parent)) == before


def test_a_database_in_write_ahead_mode_is_read_while_it_is_written(cases):
    writer = _wal(cases)
    writer.execute("INSERT INTO people (name) VALUES ('pending')")
    assert "pending" in read(connect(f"sqlite:///{cases}"), "people").columns["name"]
    writer.close()


def test_a_left_behind_write_ahead_log_is_said_not_touched(cases, tmp_path):
    writer = _wal(cases)
    writer.execute("INSERT INTO people (name) VALUES ('pending')")
    other = tmp_path / "copy"
    other.mkdir()
    for suffix in ("", "-wal"):
        (other / f"copy.db{suffix}").write_bytes((cases.parent / f"cases.db{suffix}").read_bytes())
    writer.close()
    _, gaps = listing(connect(f"sqlite:///{other}/copy.db"))
    assert [gap.reason for gap in gaps] == [GapReason.UNSUPPORTED]
    assert sorted(os.listdir(other)) == ["copy.db", "copy.db-wal"]


def test_an_unreadable_file_is_denied(cases):
    cases.chmod(0)
    if os.access(cases, os.R_OK):
        pytest.skip("this account can read every file")
    units, gaps = listing(connect(f"sqlite:///{cases}"))
    assert not units
    assert gaps[0].reason is GapReason.DENIED
    cases.chmod(stat.S_IRUSR | stat.S_IWUSR)
