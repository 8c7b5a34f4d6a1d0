"""MariaDB, on a real server with TLS."""

from __future__ import annotations

import contextlib
import logging
import time

import pytest

from scanner.connectors.sql import SqlConnector, SqlOptions
from scanner.contracts import Ask, Limits
from scanner.errors import ReadError
from scanner.model import Basis, Gap, GapReason, State, Store
from scanner.testing.connectors import ConnectorContract, access
from tests.connectors.sql_reading import (
    PASSWORD,
    connect,
    facts,
    listing,
    only_scope,
    only_store,
    read,
    read_unit,
)

SMALL = Ask(seed="one", rows=50, whole_table_rows=100)
STORE = "(whole store)"
READER = "'dpscan_reader'@'%'"

# Synthetic throughout.
SCHEMA = (
    "SET SESSION sql_mode = ''",
    "CREATE TABLE people (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40), born DATE, raw BLOB, flags BIT(3),"
    " doc JSON, spot POINT, kind ENUM('a', 'b'), pay DECIMAL(8, 2))",
    "INSERT INTO people (name, born, raw, flags, doc, spot, kind, pay) SELECT CONCAT('person ', seq), '0000-00-00',"
    """ 'café', 5, '{"a": 1}', POINT(1, 2), 'b', 12.5 FROM seq_1_to_1000""",
    "CREATE TABLE notes (body TEXT)",
    "INSERT INTO notes SELECT CONCAT('note ', seq) FROM seq_1_to_1000",
    "CREATE TABLE sparse (id BIGINT UNSIGNED PRIMARY KEY, body TEXT)",
    "INSERT INTO sparse SELECT seq * 1000000000 + 9223372036854775808, 'v' FROM seq_1_to_1000",
    "CREATE TABLE pair (a INT, b INT, PRIMARY KEY (a, b))",
    "INSERT INTO pair SELECT seq, seq FROM seq_1_to_1000",
    "CREATE TABLE `odd ``name`` %s:x` (`x %s:y` TEXT)",
    "INSERT INTO `odd ``name`` %s:x` VALUES ('odd')",
    "CREATE TABLE hidden (a INT)",
    "CREATE TABLE unseen (a INT)",
    "CREATE TABLE partly (seen TEXT, unseen TEXT)",
    "INSERT INTO partly VALUES ('yes', 'no')",
    "CREATE VIEW everybody AS SELECT id, name FROM people",
    "CREATE VIEW slow AS SELECT SLEEP(20) AS nap",
)
GRANTS = (
    *(
        f"GRANT SELECT ON cases.{table} TO {READER}"
        for table in ("people", "notes", "sparse", "pair", "`odd ``name`` %s:x`", "everybody", "slow")
    ),
    f"GRANT SELECT (seen) ON cases.partly TO {READER}",
    f"GRANT INSERT ON cases.hidden TO {READER}",
)
POSTURE_GRANTS = (
    "SELECT ON mysql.user",
    "SELECT ON mysql.db",
    "SELECT ON mysql.tables_priv",
    "PROCESS ON *.*",
)


@pytest.fixture(scope="module")
def server(mariadb_server):
    mariadb_server.create_database("cases")
    mariadb_server.run(*SCHEMA, *GRANTS, database="cases")
    return mariadb_server


@pytest.fixture
def posture(server):
    server.run(*(f"GRANT {what} TO {READER}" for what in POSTURE_GRANTS))
    yield server
    server.run(*(f"REVOKE {what} FROM {READER}" for what in POSTURE_GRANTS))


@pytest.fixture(autouse=True)
def _password(monkeypatch, mariadb_server):
    monkeypatch.setenv(PASSWORD, mariadb_server.reader_password)


@contextlib.contextmanager
def temporarily(server, do, undo):
    server.run(*do)
    try:
        yield
    finally:
        server.run(*undo)


class TestContract(ConnectorContract):
    secrets = ("synthetic:reader/p@ss", "synthetic%3Areader")

    @pytest.fixture
    def connector(self, server):
        options = SqlOptions(url=server.url("cases"), password=f"env:{PASSWORD}", exclude_tables=["slow"])
        connector = SqlConnector(options, access())
        yield connector
        connector.close()


# --- identity and listing ---


def test_one_server_under_three_names_is_one_store(server):
    found = [connect(url) for url in (
        server.url("cases"), server.url("cases", host="localhost"), server.socket_url("cases"),
        server.url("cases").replace("mysql:", "mariadb+pymysql:"))]  # fmt: skip
    assert len({only_scope(connector).id for connector in found}) == 1
    (identifier,) = {only_store(connector).id for connector in found}
    assert identifier.startswith("mysql:")
    assert identifier.count("/") == 1
    assert identifier.endswith("/cases")


def test_every_database_and_what_is_hidden(server):
    server.create_database("other")
    connector = connect(server.url("cases"), databases="all")
    found = list(connector.stores(only_scope(connector)))
    assert [s.name for s in found if isinstance(s, Store)] == ["cases"]
    (gap,) = [item for item in found if isinstance(item, Gap)]
    assert (gap.reason, gap.subject_id) == (GapReason.DENIED, only_scope(connector).id)
    assert gap.remedy == f"GRANT SHOW DATABASES ON *.* TO {READER};"
    with temporarily(server, [gap.remedy], [f"REVOKE SHOW DATABASES ON *.* FROM {READER}"]):
        connector = connect(server.url("cases"), databases="all")
        assert {s.name for s in connector.stores(only_scope(connector))} == {"cases", "other"}
    server.run("DROP DATABASE other")


def test_listing(server):
    units, gaps = listing(connect(server.url("cases")))
    assert sorted(units) == ["notes", "odd `name` %s:x", "pair", "partly", "people", "sparse"]
    said = {(gap.reason, gap.place.text) for gap in gaps}
    assert said == {
        (GapReason.SAMPLED_OUT, "everybody"),
        (GapReason.SAMPLED_OUT, "slow"),
        (GapReason.DENIED, "hidden"),
        (GapReason.DENIED, STORE),  # tables without any right do not even show
    }
    (whole,) = [gap for gap in gaps if gap.place.is_store]
    with temporarily(server, [whole.remedy], [f"REVOKE SELECT ON cases.* FROM {READER}"]):
        units, gaps = listing(connect(server.url("cases")))
        assert {"hidden", "unseen"} <= set(units)
        assert {gap.reason for gap in gaps} == {GapReason.SAMPLED_OUT}


# --- reading ---


def test_cells_are_text(server):
    reading = read(connect(server.url("cases")), "people")
    assert (reading.rows, reading.sampled) == (1000, None)
    assert {name: cells[0] for name, cells in reading.columns.items()} == {
        "id": "1", "name": "person 1", "born": "0000-00-00", "raw": "café", "flags": "101", "doc": '{"a": 1}',
        "spot": "POINT(1 2)", "kind": "b", "pay": "12.50",
    }  # fmt: skip
    assert reading.types["name"] == "varchar(40)"


def test_odd_names(server):
    assert read(connect(server.url("cases")), "odd `name` %s:x", SMALL).columns == {"x %s:y": ["odd"]}


@pytest.mark.parametrize("table", ["people", "notes", "sparse", "pair"])
def test_large_tables_are_drawn_at_random_and_alike_for_a_seed(server, table):
    connector = connect(server.url("cases"))
    first, again = (read(connector, table, SMALL) for _ in range(2))
    other = read(connector, table, Ask(seed="two", rows=50, whole_table_rows=100))
    assert first.columns == again.columns
    assert first.columns != other.columns or table == "sparse"
    assert 25 <= first.rows <= 80
    assert (first.sampled.random, first.sampled.what) == (True, "rows")
    assert 900 <= first.sampled.population <= 1100


def test_everything_in_pages(server):
    connector = connect(server.url("cases"), limits=Limits(batch_rows=400))
    for table in ("people", "notes", "sparse"):
        reading = read(connector, table, Ask(seed="one", whole_table_rows=10, full=True))
        assert (reading.rows, reading.sampled, reading.batches) == (1000, None, 3)


def test_columns_without_a_right_are_a_gap_and_the_others_are_read(server):
    reading = read(connect(server.url("cases")), "partly")
    assert reading.columns == {"seen": ["yes"]}


def test_a_lock_is_a_gap_within_a_second_or_so(server):
    connector = connect(server.url("cases"))
    holder = server.connect("cases")
    try:
        with holder.cursor() as cursor:
            cursor.execute("LOCK TABLES people WRITE")
        started = time.monotonic()
        units, _ = listing(connector)
        with pytest.raises(ReadError) as caught:
            read_unit(connector, units["people"])
        assert time.monotonic() - started < 8
        assert caught.value.reason is GapReason.TIMEOUT
        assert "1205" in caught.value.detail
        assert read_unit(connector, units["notes"]).rows == 1000
    finally:
        holder.close()
    assert read_unit(connector, units["people"]).rows == 1000


def test_a_slow_statement_is_stopped(server):
    connector = connect(server.url("cases"), views=["slow"], limits=Limits(statement_timeout=1.5))
    started = time.monotonic()
    with pytest.raises(ReadError) as caught:
        read(connector, "slow")
    assert caught.value.reason is GapReason.TIMEOUT
    assert time.monotonic() - started < 8


def test_sessions_are_read_only_and_named(server):
    connector = connect(server.url("cases"))
    with pytest.raises(ReadError) as caught, connector._engines.session("cases") as session:
        session.exec_driver_sql("INSERT INTO hidden VALUES (1)")
    assert caught.value.reason is GapReason.DENIED
    assert "1792" in caught.value.detail
    count = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'dpscan_reader'"
    before = server.run(count)[0][0]
    for table in ("people", "notes", "pair"):
        read(connector, table, SMALL)
    assert server.run(count)[0][0] - before <= Limits().connections_per_host
    with connector._engines.session("cases") as session:
        assert session.connection.driver_connection._connect_attrs["program_name"] == "dpscan/test"
    connector.close()
    assert server.run("SELECT COUNT(*) FROM cases.hidden") == [(0,)]


# --- evidence ---


def test_what_a_plain_reader_sees(server):
    stated, gaps = facts(connect(server.url("cases")))
    assert stated["tls_in_use", STORE].state is State.PRESENT
    assert stated["min_tls_version", STORE].value == "1.2"
    assert stated["audit_logging", STORE].state is State.ABSENT
    assert stated["engine_version", STORE].value.startswith("mariadb 10.")
    assert stated["public_endpoint_disabled", STORE].state is State.PRESENT
    assert stated["row_level_security", STORE].state is State.NOT_APPLICABLE
    for safeguard in (
        "tls_enforced", "auth_required", "authentication_methods", "local_auth_disabled", "least_privilege_grants",
        "encryption_at_rest",
    ):  # fmt: skip
        assert stated[safeguard, STORE].state is State.UNKNOWN, safeguard
        assert stated[safeguard, STORE].basis is Basis.DENIED, safeguard
    assert {gap.reason for gap in gaps} == {GapReason.DENIED}
    assert {gap.remedy for gap in gaps} == {f"GRANT {what} TO {READER};" for what in POSTURE_GRANTS}


def test_with_the_rights_that_the_gaps_ask_for(posture):
    stated, gaps = facts(connect(posture.url("cases")))
    assert not gaps
    assert stated["tls_enforced", STORE].state is State.ABSENT
    assert stated["auth_required", STORE].state is State.PRESENT
    assert stated["authentication_methods", STORE].value == ("mysql_native_password",)
    assert stated["least_privilege_grants", STORE].state is State.PRESENT
    # The server's own encryption is off; the disk below may be encrypted all the same.
    assert stated["encryption_at_rest", STORE].basis is Basis.NOT_OBSERVABLE


def test_tls_enforced_by_the_server_or_for_every_account(posture):
    with temporarily(
        posture, ["SET GLOBAL require_secure_transport = ON"], ["SET GLOBAL require_secure_transport = OFF"]
    ):
        stated, _ = facts(connect(posture.url("cases")))
        assert stated["tls_enforced", STORE].state is State.PRESENT
        (gap,) = connect(posture.url("cases"), ssl_mode="disable").scopes()
        assert gap.reason is GapReason.DENIED
    with temporarily(posture, [f"ALTER USER {READER} REQUIRE SSL"], [f"ALTER USER {READER} REQUIRE NONE"]):
        stated, _ = facts(connect(posture.url("cases")))
        assert stated["tls_enforced", STORE].state is State.PRESENT


def test_certificates_are_checked_where_asked(server):
    (gap,) = connect(
        server.url("cases"), ca="/etc/ssl/certs/ca-certificates.crt", ssl_mode="verify-full"
    ).scopes()
    assert gap.reason is GapReason.UNREACHABLE
    assert "encrypted" in gap.detail
    connector = connect(server.url("cases", host="localhost"), ca=server.ca, ssl_mode="verify-full")
    stated, _ = facts(connector)
    assert stated["tls_in_use", STORE].state is State.PRESENT


def test_plain_text_and_sockets(server):
    stated, _ = facts(connect(server.url("cases"), ssl_mode="disable"))
    assert stated["tls_in_use", STORE].state is State.ABSENT
    stated, _ = facts(connect(server.socket_url("cases")))
    assert stated["tls_in_use", STORE].state is State.NOT_APPLICABLE


def test_accounts_that_should_not_be(posture):
    do = ["CREATE USER 'synthetic_empty'@'%'", "CREATE USER ''@'%'", "CREATE USER 'synthetic_admin'@'%' IDENTIFIED BY 'synthetic'",
          "GRANT ALL ON *.* TO 'synthetic_admin'@'%'"]  # fmt: skip
    undo = ["DROP USER 'synthetic_empty'@'%'", "DROP USER ''@'%'", "DROP USER 'synthetic_admin'@'%'"]
    with temporarily(posture, do, undo):
        stated, _ = facts(connect(posture.url("cases")))
    login, grants = stated["auth_required", STORE], stated["least_privilege_grants", STORE]
    assert login.state is State.ABSENT
    assert "without a name" in login.reason
    assert "without a password" in login.reason
    assert grants.state is State.ABSENT
    assert "synthetic" not in login.reason + grants.reason


def test_grants_to_everybody_on_a_table_and_on_the_database(posture):
    with temporarily(
        posture, ["GRANT SELECT ON cases.notes TO PUBLIC"], ["REVOKE SELECT ON cases.notes FROM PUBLIC"]
    ):
        stated, _ = facts(connect(posture.url("cases")))
        assert stated["least_privilege_grants", "notes"].state is State.ABSENT
        assert stated["least_privilege_grants", STORE].state is State.PRESENT
    with temporarily(
        posture, ["GRANT SELECT ON cases.* TO PUBLIC"], ["REVOKE SELECT ON cases.* FROM PUBLIC"]
    ):
        stated, _ = facts(connect(posture.url("cases")))
        assert stated["least_privilege_grants", STORE].state is State.ABSENT


def test_a_store_is_not_called_fine_where_grants_on_tables_are_hidden(posture):
    what = "SELECT ON mysql.tables_priv"
    with temporarily(posture, [f"REVOKE {what} FROM {READER}"], [f"GRANT {what} TO {READER}"]):
        stated, gaps = facts(connect(posture.url("cases")))
    assert stated["least_privilege_grants", STORE].state is State.UNKNOWN
    assert [gap.remedy for gap in gaps] == [f"GRANT {what} TO {READER};"]


def test_the_general_log_counts_as_audit(server):
    with temporarily(server, ["SET GLOBAL general_log = ON"], ["SET GLOBAL general_log = OFF"]):
        stated, _ = facts(connect(server.url("cases")))
    assert stated["audit_logging", STORE].state is State.PRESENT


# --- the account that scans ---


def test_doctor_and_the_policy_it_prints(server):
    connector = connect(server.url("cases"))
    held = {p.name: p.held for p in connector.permissions()}
    assert held["SELECT on mysql.user"] is False
    assert held["SELECT on `cases`.*"] is False
    script = (
        connector.policy().replace("'dpscan_reader'", "'synthetic_other'").replace("<password>", "synthetic")
    )
    statements = [line for line in script.splitlines() if line and not line.startswith("--")]
    with temporarily(server, statements, ["DROP USER 'synthetic_other'@'%'"]):
        grants = " ".join(row[0] for row in server.run("SHOW GRANTS FOR 'synthetic_other'@'%'"))
    assert "GRANT SELECT ON `cases`.*" in grants
    assert "REQUIRE SSL" in grants
    assert "INSERT" not in grants


def test_the_password_is_shown_nowhere(server, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    secret = server.reader_password
    connector = connect(server.url("cases"))
    shown = [repr(vars(connector))]
    shown += [repr(item) for item in connector.evidence(only_store(connector))]
    read(connector, "people", SMALL)
    connector.close()
    monkeypatch.setenv(PASSWORD, secret + "x")
    (gap,) = connect(server.url("cases")).scopes()
    assert gap.reason is GapReason.DENIED
    shown += [repr(gap), *(record.getMessage() + repr(record.args) for record in caplog.records)]
    assert not any(secret in text or "person 1" in text for text in shown)
