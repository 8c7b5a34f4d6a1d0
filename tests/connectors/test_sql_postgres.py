"""PostgreSQL, on two real servers: a plain one and one with TLS."""

from __future__ import annotations

import logging
import os
import pickle
import time

import pytest

from scanner.connectors.sql import SqlConnector, SqlOptions
from scanner.contracts import Ask, Limits
from scanner.errors import ReadError
from scanner.model import Basis, Gap, GapReason, Scope, State, Store
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

# Synthetic throughout.
SCHEMA = (
    "CREATE TABLE people (id serial PRIMARY KEY, name text, born date, doc jsonb, raw bytea, tags text[], at timestamptz)",
    "INSERT INTO people (name, born, doc, raw, tags, at) SELECT 'person ' || i, date '1970-01-01' + i, "
    """'{"a": "b"}', convert_to('café', 'UTF8'), '{x,y}', '2020-01-02 03:04:05+00' FROM generate_series(1, 1000) i""",
    "INSERT INTO people (name, born, raw) VALUES (NULL, 'infinity', '\\xff00')",
    "CREATE TABLE notes (body text)",
    "INSERT INTO notes SELECT 'note ' || i FROM generate_series(1, 1000) i",
    "CREATE TABLE wide (body text) WITH (fillfactor = 10)",
    "INSERT INTO wide SELECT i || ' ' || repeat('x', 200) FROM generate_series(1, 6000) i",
    "CREATE TABLE sparse (id bigint PRIMARY KEY, body text)",
    "INSERT INTO sparse SELECT i * 1000000000::bigint, 'v' || i FROM generate_series(1, 1000) i",
    "CREATE TABLE split (k int, body text) PARTITION BY RANGE (k)",
    "CREATE TABLE split_1 PARTITION OF split FOR VALUES FROM (0) TO (400)",
    "CREATE TABLE split_2 PARTITION OF split FOR VALUES FROM (400) TO (2000)",
    "INSERT INTO split SELECT i, 'v' || i FROM generate_series(1, 1000) i",
    "CREATE VIEW everybody AS SELECT * FROM people",
    "CREATE VIEW slow AS SELECT pg_sleep(20)::text AS nap",
    "CREATE MATERIALIZED VIEW kept AS SELECT id, name FROM people",
    "CREATE TABLE hidden (a int)",
    "CREATE TABLE partly (seen text, unseen text)",
    "INSERT INTO partly VALUES ('yes', 'no')",
    'CREATE SCHEMA "Odd: 100%"',
    'CREATE TABLE "Odd: 100%"."a.b:c ""d"" %s" ("x:y %s" text)',
    """INSERT INTO "Odd: 100%"."a.b:c ""d"" %s" VALUES ('odd')""",
    "CREATE TABLE open_house (a int)",
    "GRANT SELECT, INSERT ON open_house TO PUBLIC",
    "CREATE TABLE ward (id int PRIMARY KEY, team text)",
    "INSERT INTO ward VALUES (1, 'mine'), (2, 'theirs')",
    "ALTER TABLE ward ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY mine ON ward USING (team = 'mine')",
    "CREATE TABLE wide_open (id int PRIMARY KEY)",
    "ALTER TABLE wide_open ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY anybody ON wide_open USING (true)",
    "CREATE TABLE switched_off (id int PRIMARY KEY)",
    "CREATE POLICY idle ON switched_off USING (false)",
    "GRANT SELECT ON people, notes, wide, sparse, split, everybody, slow, kept, ward, wide_open, switched_off"
    " TO dpscan_reader",
    "GRANT SELECT (seen) ON partly TO dpscan_reader",
    'GRANT USAGE ON SCHEMA "Odd: 100%" TO dpscan_reader',
    'GRANT SELECT ON ALL TABLES IN SCHEMA "Odd: 100%" TO dpscan_reader',
)
HBA_GRANTS = (
    "GRANT SELECT ON pg_hba_file_rules TO dpscan_reader",
    "GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO dpscan_reader",
)


@pytest.fixture(scope="module")
def plain(postgres_server):
    postgres_server.create_database("cases")
    postgres_server.run(*SCHEMA, database="cases")
    return postgres_server


@pytest.fixture(scope="module")
def tls(postgres_tls):
    postgres_tls.create_database("cases")
    postgres_tls.run("CREATE TABLE t (a int)", *HBA_GRANTS, "GRANT SELECT ON t TO PUBLIC", database="cases")
    postgres_tls.run("GRANT pg_read_all_settings TO dpscan_reader")
    return postgres_tls


@pytest.fixture(autouse=True)
def _password(monkeypatch, postgres_server):
    monkeypatch.setenv(PASSWORD, postgres_server.reader_password)


class TestContract(ConnectorContract):
    secrets = ("synthetic:reader/p@ss", "synthetic%3Areader")

    @pytest.fixture
    def connector(self, plain):
        options = SqlOptions(url=plain.url("cases"), password=f"env:{PASSWORD}", exclude_tables=["slow"])
        connector = SqlConnector(options, access())
        yield connector
        connector.close()


# --- identity ---


def test_one_server_under_three_names_is_one_store(plain):
    found = [connect(url) for url in (
        plain.url("cases"), plain.url("cases", host="localhost"), plain.socket_url("cases"))]  # fmt: skip
    assert len({only_scope(connector).id for connector in found}) == 1
    assert len({only_store(connector).id for connector in found}) == 1
    assert only_store(found[0]).id.startswith("pg:7")
    assert only_store(found[0]).id.endswith("/cases")
    assert str(plain.port) not in only_store(found[0]).id


def test_two_servers_are_two_stores(plain, tls):
    assert only_store(connect(plain.url("cases"))).id != only_store(connect(tls.url("cases"))).id


def test_loopback_is_no_alias_but_a_named_endpoint_is(plain):
    assert only_store(connect(plain.url("cases"))).aliases == ()
    store = only_store(connect(plain.url("cases"), endpoint="DB.example.org.:5433"))
    assert store.aliases == ("db.example.org:5433/cases",)


def test_a_server_that_will_not_say_who_it_is_goes_by_its_address(plain):
    plain.run("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC", database="cases")
    try:
        gap, scope = connect(plain.url("cases"), endpoint="db.example.org:5433").scopes()
        assert isinstance(gap, Gap)
        assert isinstance(scope, Scope)
        assert scope.id == gap.subject_id == "pg:db.example.org:5433"
        assert gap.reason is GapReason.DENIED
        assert gap.remedy == 'GRANT EXECUTE ON FUNCTION pg_control_system() TO "dpscan_reader";'
    finally:
        plain.run("GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC", database="cases")


def test_every_database_of_the_server(plain):
    plain.create_database("closed")
    plain.run("REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
    try:
        connector = connect(plain.url("cases"), databases="all")
        assert only_scope(connector).exhaustive
        stores = {store.name: store for store in connector.stores(only_scope(connector))}
        assert {"cases", "closed", "postgres"} <= set(stores)
        assert "template1" not in stores
        (gap,) = connector.units(stores["closed"], SMALL)
        assert gap.reason is GapReason.DENIED
        assert all(isinstance(store, Store) for store in stores.values())
    finally:
        plain.run("DROP DATABASE closed")


def test_a_database_that_is_not_there_is_a_gap(plain):
    (gap,) = connect(plain.url("no_such")).scopes()
    assert gap.reason is GapReason.VANISHED
    connector = connect(plain.url("cases"), databases=["cases", "no_such"])
    first, second = connector.stores(only_scope(connector))
    assert first.name == "cases"
    assert second.reason is GapReason.VANISHED
    assert not only_scope(connector).exhaustive


# --- listing ---


def test_listing(plain):
    units, gaps = listing(connect(plain.url("cases")))
    assert sorted(units) == [
        'a.b:c "d" %s', "kept", "notes", "open_house", "partly", "people", "sparse", "split", "switched_off", "ward",
        "wide", "wide_open",
    ]  # fmt: skip
    said = {(gap.reason, gap.place.text) for gap in gaps}
    assert said == {
        (GapReason.SAMPLED_OUT, "public.everybody"),
        (GapReason.SAMPLED_OUT, "public.slow"),
        (GapReason.DENIED, "public.hidden"),
        (GapReason.DENIED, "public.ward"),  # its rows are filtered
        (GapReason.DENIED, "public.wide_open"),
    }
    (denied,) = [gap for gap in gaps if gap.place.text == "public.hidden"]
    assert 'GRANT SELECT ON "public"."hidden" TO "dpscan_reader"' in denied.remedy
    assert "hidden" not in denied.detail


def test_the_remedy_works(plain):
    _, gaps = listing(connect(plain.url("cases")))
    (denied,) = [gap for gap in gaps if gap.place.text == "public.hidden"]
    plain.run(*filter(str.strip, denied.remedy.split(";")), database="cases")
    try:
        assert "hidden" in listing(connect(plain.url("cases")))[0]
    finally:
        plain.run("REVOKE ALL ON hidden FROM dpscan_reader", database="cases")


def test_schemas_and_tables_can_be_chosen(plain):
    units, gaps = listing(connect(plain.url("cases"), schemas=["public"], tables=["pe*", "public.notes"]))
    assert sorted(units) == ["notes", "people"]
    assert [gap.reason for gap in gaps] == [GapReason.EXCLUDED]
    assert gaps[0].count > 10


def test_a_listed_view_is_read(plain):
    assert read(connect(plain.url("cases"), views=["public.everybody"]), "everybody").rows == 1001


# --- reading ---


def test_cells_are_text(plain):
    reading = read(connect(plain.url("cases")), "people")
    assert (reading.rows, reading.sampled) == (1001, None)
    row = {name: cells[0] for name, cells in reading.columns.items()}
    assert row == {
        "id": "1", "name": "person 1", "born": "1970-01-02", "doc": '{"a": "b"}', "raw": "café", "tags": "{x,y}",
        "at": row["at"],
    }  # fmt: skip
    assert row["at"].startswith("2020-01-02")
    last = {name: cells[-1] for name, cells in reading.columns.items()}
    assert (last["name"], last["born"], last["raw"]) == (None, "infinity", None)
    assert reading.types["born"] == "date"
    assert reading.types["tags"] == "text[]"


def test_odd_names(plain):
    reading = read(connect(plain.url("cases")), 'a.b:c "d" %s', SMALL)
    assert reading.columns == {"x:y %s": ["odd"]}


def test_keys_are_drawn_evenly_and_alike_for_a_seed(plain):
    connector = connect(plain.url("cases"))
    first, again = (read(connector, "people", SMALL) for _ in range(2))
    other = read(connector, "people", Ask(seed="two", rows=50, whole_table_rows=100))
    assert first.columns == again.columns
    assert first.columns != other.columns
    assert first.rows == 50
    assert (first.sampled.what, first.sampled.random, first.sampled.read) == ("rows", True, 50)
    assert 950 <= first.sampled.population <= 1050


@pytest.mark.parametrize(
    ("table", "population"), [("notes", 1000), ("sparse", 1000), ("split", 1000), ("kept", 1001)]
)
def test_small_tables_without_a_usable_key_are_sampled_by_rows(plain, table, population):
    connector = connect(plain.url("cases"))
    first, again = (read(connector, table, SMALL) for _ in range(2))
    assert first.columns == again.columns
    assert (first.sampled.what, first.sampled.random, first.sampled.population) == ("rows", True, population)
    assert 25 <= first.rows <= 80


def test_large_tables_without_a_usable_key_are_sampled_by_blocks(plain):
    connector = connect(plain.url("cases"))
    first, again = (read(connector, "wide", SMALL) for _ in range(2))
    other = read(connector, "wide", Ask(seed="two", rows=50, whole_table_rows=100))
    assert first.columns == again.columns
    assert first.columns != other.columns
    sampled = first.sampled
    assert (sampled.what, sampled.random) == ("blocks", True)
    with plain.connect("cases") as admin:
        blocks = admin.execute("SELECT pg_relation_size('wide') / 8192").fetchone()[0]
    assert sampled.population == blocks
    assert 20 <= first.rows <= 90
    assert first.rows == sampled.read, "one row a block"


def test_everything_in_pages(plain):
    connector = connect(plain.url("cases"), limits=Limits(batch_rows=400))
    reading = read(connector, "people", Ask(seed="one", whole_table_rows=10, full=True))
    assert (reading.rows, reading.sampled, reading.batches) == (1001, None, 3)
    reading = read(connector, "notes", Ask(seed="one", whole_table_rows=10, full=True))
    assert (reading.rows, reading.sampled, reading.batches) == (1000, None, 3)


def test_columns_without_a_right_are_a_gap_and_the_others_are_read(plain):
    reading = read(connect(plain.url("cases")), "partly")
    assert reading.columns == {"seen": ["yes"]}
    (gap,) = reading.gaps
    assert (gap.reason, gap.count) == (GapReason.DENIED, 1)


def test_filtered_rows_are_never_called_complete(plain):
    reading = read(connect(plain.url("cases")), "ward")
    assert reading.columns["team"] == ["mine"]
    assert reading.sampled.random is False
    assert reading.sampled.complete is False


def test_a_lock_is_a_gap_within_a_second_and_costs_nothing_else(plain):
    connector = connect(plain.url("cases"), limits=Limits(lock_timeout=0.5))
    with plain.connect("cases") as admin:
        admin.execute("BEGIN")
        admin.execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        units, _ = listing(connector)
        with pytest.raises(ReadError) as caught:
            read_unit(connector, units["people"])
        assert time.monotonic() - started < 8
        assert caught.value.reason is GapReason.TIMEOUT
        assert "lock" in caught.value.detail
        assert read_unit(connector, units["notes"]).rows == 1000
        admin.execute("ROLLBACK")
    assert read_unit(connector, units["people"]).rows == 1001


def test_a_slow_statement_is_stopped(plain):
    connector = connect(plain.url("cases"), views=["slow"], limits=Limits(statement_timeout=1.5))
    started = time.monotonic()
    with pytest.raises(ReadError) as caught:
        read(connector, "slow")
    assert caught.value.reason is GapReason.TIMEOUT
    assert "57014" in caught.value.detail
    assert time.monotonic() - started < 8


def test_a_table_that_vanishes_is_a_gap(plain):
    plain.run("CREATE TABLE brief (a int)", "GRANT SELECT ON brief TO dpscan_reader", database="cases")
    connector = connect(plain.url("cases"))
    units, _ = listing(connector)
    plain.run("DROP TABLE brief", database="cases")
    with pytest.raises(ReadError) as caught:
        read_unit(connector, units["brief"])
    assert caught.value.reason is GapReason.VANISHED


def test_a_server_that_goes_away_midway_costs_the_rest_only(plain):
    connector = connect(plain.url("cases"), limits=Limits(batch_rows=100))
    units, _ = listing(connector, Ask(seed="one", whole_table_rows=10, full=True))
    stream = connector.batches(units["notes"])
    next(stream)
    with plain.connect() as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dpscan/test'"
        )
    rest = list(stream)
    gap, sampled = rest[-2:]
    assert gap.reason is GapReason.UNREACHABLE
    assert sampled.random is False


def test_sessions_are_read_only_and_few_and_named(plain):
    connector = connect(plain.url("cases"))
    for statement in ("INSERT INTO open_house VALUES (1)", "CREATE TABLE x (a int)", "SELECT lo_create(0)"):
        with pytest.raises(ReadError) as caught, connector._engines.session("cases") as session:
            session.exec_driver_sql(statement)
        assert caught.value.reason is GapReason.DENIED
        assert "25006" in caught.value.detail, statement
    for table in ("people", "notes", "wide"):
        read(connector, table, SMALL)
    with plain.connect() as admin:
        rows = admin.execute(
            "SELECT state FROM pg_stat_activity WHERE application_name = 'dpscan/test' AND datname = 'cases'"
        ).fetchall()
    assert 1 <= len(rows) <= Limits().connections_per_host
    assert {state for (state,) in rows} == {"idle"}, "no transaction is left open"
    connector.close()


# --- evidence ---


def test_what_a_plain_reader_sees(plain):
    plain.run(*(s.replace("GRANT", "REVOKE").replace(" TO ", " FROM ") for s in HBA_GRANTS), database="cases")
    stated, gaps = facts(connect(plain.url("cases")))
    assert stated["tls_in_use", STORE].state is State.ABSENT
    assert stated["tls_enforced", STORE].state is State.ABSENT
    assert stated["min_tls_version", STORE].state is State.NOT_APPLICABLE
    assert stated["audit_logging", STORE].state is State.ABSENT
    assert stated["public_endpoint_disabled", STORE].state is State.PRESENT
    assert stated["engine_version", STORE].value.startswith("postgresql 18.")
    assert stated["engine_version_supported", STORE].state is State.PRESENT
    for safeguard in ("auth_required", "authentication_methods", "local_auth_disabled"):
        assert stated[safeguard, STORE].state is State.UNKNOWN
        assert stated[safeguard, STORE].basis is Basis.DENIED
    for safeguard in ("encryption_at_rest", "backup_enabled", "masking_configured"):
        assert stated[safeguard, STORE].basis is Basis.NOT_OBSERVABLE
    (gap,) = gaps
    assert (gap.reason, gap.count) == (GapReason.DENIED, 1)
    assert "GRANT SELECT ON pg_hba_file_rules" in gap.remedy


def test_login_rules(plain):
    plain.run(*HBA_GRANTS, database="cases")
    stated, gaps = facts(connect(plain.url("cases")))
    assert not gaps
    # The socket lets the administrator in without a password.
    assert stated["auth_required", STORE].state is State.ABSENT
    assert "trust" in stated["auth_required", STORE].reason
    assert stated["authentication_methods", STORE].value == ("scram-sha-256", "trust")
    assert stated["local_auth_disabled", STORE].state is State.ABSENT


def test_a_hardened_server(tls):
    stated, gaps = facts(connect(tls.url("cases"), ca=tls.ca, ssl_mode="verify-full"))
    assert not gaps
    assert stated["tls_in_use", STORE].state is State.PRESENT
    assert stated["tls_in_use", STORE].reason == "TLSv1.3"
    assert stated["tls_enforced", STORE].state is State.PRESENT
    assert stated["min_tls_version", STORE].value == "1.2"
    assert stated["audit_logging", STORE].state is State.PRESENT


def test_certificates_are_checked_where_asked(tls):
    (gap,) = connect(
        tls.url("cases"), ca="/etc/ssl/certs/ca-certificates.crt", ssl_mode="verify-full"
    ).scopes()
    assert gap.reason is GapReason.UNREACHABLE
    assert "certificate" in gap.detail
    assert only_scope(connect(tls.url("cases", host="localhost"), ca=tls.ca, ssl_mode="verify-full"))


def test_a_server_without_tls_is_refused_where_it_is_required(plain):
    (gap,) = connect(plain.url("cases"), ssl_mode="require").scopes()
    assert gap.reason is GapReason.UNREACHABLE
    assert "ssl_mode" in gap.remedy


def test_plain_text_to_a_hardened_server_is_denied(tls):
    (gap,) = connect(tls.url("cases"), ssl_mode="disable").scopes()
    assert gap.reason is GapReason.DENIED


def test_grants_per_table_and_superusers(plain):
    stated, _ = facts(connect(plain.url("cases")))
    assert stated["least_privilege_grants", STORE].state is State.PRESENT
    assert stated["least_privilege_grants", "public.open_house"].state is State.ABSENT
    assert "INSERT, SELECT" in stated["least_privilege_grants", "public.open_house"].reason
    assert ("least_privilege_grants", "public.people") not in stated
    plain.run("CREATE ROLE synthetic_admin SUPERUSER LOGIN", "CREATE SCHEMA shared", "GRANT CREATE ON SCHEMA shared TO PUBLIC",
              database="cases")  # fmt: skip
    try:
        stated, _ = facts(connect(plain.url("cases")))
        evidence = stated["least_privilege_grants", STORE]
        assert evidence.state is State.ABSENT
        assert "1 superuser" in evidence.reason
        assert "1 schema" in evidence.reason
        assert "synthetic_admin" not in evidence.reason
    finally:
        plain.run("DROP ROLE synthetic_admin", "DROP SCHEMA shared", database="cases")


def test_row_level_security_per_table(plain):
    stated, _ = facts(connect(plain.url("cases")))
    assert stated["row_level_security", "public.ward"].state is State.PRESENT
    assert stated["row_level_security", "public.wide_open"].state is State.ABSENT
    assert stated["row_level_security", "public.switched_off"].state is State.ABSENT
    assert stated["row_level_security", STORE].state is State.ABSENT
    assert ("row_level_security", "public.people") not in stated


def test_settings_of_the_scanning_account_alone_prove_nothing(plain):
    plain.run("ALTER ROLE dpscan_reader SET log_statement = 'all'")
    try:
        stated, _ = facts(connect(plain.url("cases")))
        assert stated["audit_logging", STORE].state is State.UNKNOWN
    finally:
        plain.run("ALTER ROLE dpscan_reader RESET log_statement")


# --- the account that scans ---


def test_doctor_and_the_policy_it_prints(plain):
    connector = connect(plain.url("cases"))
    held = {p.name: p.held for p in connector.permissions()}
    assert held['SELECT on "public"."people"'] is True
    assert held['SELECT on "public"."hidden"'] is False
    script = connector.policy().replace('"dpscan_reader"', '"synthetic_other"')
    statements = [line for line in script.splitlines() if line and not line.startswith(("--", "\\"))]
    plain.run(*statements, database="cases")
    try:
        with plain.connect("cases") as admin:
            may = "SELECT has_table_privilege('synthetic_other', 'hidden', %s)"
            assert admin.execute(may, ["SELECT"]).fetchone() == (True,)
            assert admin.execute(may, ["INSERT"]).fetchone() == (False,)
    finally:
        plain.run("DROP OWNED BY synthetic_other", "DROP ROLE synthetic_other", database="cases")


def test_a_refused_login_is_a_gap(plain, monkeypatch):
    monkeypatch.setenv(PASSWORD, "synthetic-wrong-password")
    (gap,) = connect(plain.url("cases")).scopes()
    assert (gap.reason, gap.subject_id) == (GapReason.DENIED, "test")


def test_the_password_is_shown_nowhere(plain, caplog, monkeypatch):
    secret, url_secret = plain.reader_password, "synthetic%3Areader%2Fp%40ss"
    caplog.set_level(logging.DEBUG)
    url = plain.url("cases").replace("dpscan_reader@", f"dpscan_reader:{url_secret}@")
    with pytest.warns(UserWarning) as warned:
        options = SqlOptions(**SqlConnector.options_from_url(url))
    connector = SqlConnector(options, access())
    shown = [repr(options), repr(connector), repr(vars(connector)), str(warned[0].message)]
    shown.append(repr(pickle.dumps(options)))
    for scope in connector.scopes():
        shown.append(repr(scope))
        for store in connector.stores(scope):
            shown += [repr(store), repr(list(connector.evidence(store)))]
            for unit in connector.units(store, SMALL):
                shown += [repr(unit), repr(getattr(unit, "params", ""))]
    shown += [repr(engine) + repr(engine.url) for engine in connector._engines._engines.values()]
    connector.close()
    monkeypatch.setenv(options.password.removeprefix("env:"), secret + "x")
    shown += [repr(item) for item in SqlConnector(options, access()).scopes()]
    shown += [record.getMessage() for record in caplog.records] + [repr(r.args) for r in caplog.records]
    for text in shown:
        assert secret not in text
        assert url_secret not in text
    # What was read is not logged either.
    assert not any("person 1" in text for text in shown)
    del os.environ[options.password.removeprefix("env:")]
