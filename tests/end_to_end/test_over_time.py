"""Five runs: a revoked permission, a narrower target, another seed, a rule off. Nothing is resolved by them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.end_to_end import data
from tests.end_to_end.running import Ran, Scanner
from tests.servers.postgres import PostgresServer

CLOSED = ("fixed", "gone", "reopened")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[list[Ran]]:
    server, folder = postgres_server, tmp_path_factory.mktemp("over-time")
    server.create_database("overtime")
    server.run(
        data.create_table("people", "id serial PRIMARY KEY, "),
        data.insert("people", data.rows()),
        data.create_table("archive", "id serial PRIMARY KEY, "),
        *(data.insert("archive", data.rows()) for _ in range(400)),
        "ANALYZE",
        f"GRANT USAGE ON SCHEMA public TO {server.reader_user}",
        f"GRANT SELECT ON people, archive TO {server.reader_user}",
        "GRANT SELECT ON people, archive TO PUBLIC",
        database="overtime",
    )
    share = folder / "share"
    (share / "hr").mkdir(parents=True)
    (share / "hr" / "people.csv").write_bytes(data.as_csv())
    for n in range(30):
        (share / f"memo-{'abcdefghijklmnopqrstuvwxyzabcd'[n]}{'x' * (n // 26)}.txt").write_text(
            "Nothing here.\n"
        )
    (share / "hr.txt").write_text(f"NHS number {data.PEOPLE[0].nhs}, NI number {data.PEOPLE[0].nino}\n")
    pg = {"name": "pg", "connector": "sql", "url": server.url("overtime"), "password": "env:E2E_PASSWORD"}
    files = {"name": "share", "connector": "files", "path": str(share), "share": "srv/share"}
    config = {
        "targets": [files, pg],
        "detection": {"test_data": "treat_as_real"},
        "sampling": {"seed": "one", "objects": 8, "rows": 200, "whole_table_rows": 1000},
        "fail_on": "never",
        "min_coverage": 0,
    }
    scanner = Scanner(folder, config, E2E_PASSWORD=server.reader_password)
    done = [scanner.run(sampling={**config["sampling"], "full": True})]  # type: ignore[dict-item]
    server.run("REVOKE SELECT ON people FROM PUBLIC", f"REVOKE SELECT ON people FROM {server.reader_user}",
               database="overtime")  # fmt: skip
    done.append(scanner.run())
    server.run(f"GRANT SELECT ON people TO PUBLIC, {server.reader_user}", database="overtime")
    done.append(scanner.run(targets=[files]))
    done.append(scanner.run(sampling={**config["sampling"], "seed": "another"}))  # type: ignore[dict-item]
    done.append(scanner.run(rules={"switch_off": ["DB-07", "OWN-01"]}))
    yield done


def test_the_first_run_finds_things(runs: list[Ran]) -> None:
    rules = {rule for rule, _, _ in runs[0].failing}
    assert {"DB-07", "OWN-01", "FS-01"} <= rules
    assert runs[0].new == len(runs[0].failing)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_nothing_is_resolved_or_reopened(runs: list[Ran], number: int) -> None:
    closed = runs[number].standing(*CLOSED)
    if number == 1:
        # The grant to PUBLIC on `people` was taken away and seen to be: that one is truly fixed.
        closed = [e for e in closed if not (e["rule_id"] == "DB-07" and e["where"].endswith("people"))]
    if number == 3:
        # It was granted again, and seen to be.
        closed = [e for e in closed if not (e["rule_id"] == "DB-07" and e["where"].endswith("people"))]
    assert not closed


def test_every_open_finding_is_still_listed(runs: list[Ran]) -> None:
    first = {f["fingerprint"] for f in runs[0].failing.values()}
    for run in runs[1:]:
        assert first <= {f["fingerprint"] for f in run.history} | resolved(runs)


def resolved(runs: list[Ran]) -> set[str]:
    """The one finding that run 2 truly fixed (the grant to PUBLIC on `people`)."""
    return {f["fingerprint"] for f in runs[1].standing("fixed")}


def test_what_was_not_rechecked_says_why(runs: list[Ran]) -> None:
    for run in runs[1:]:
        for finding in run.standing("not re-checked"):
            assert finding["history"]["note"], finding


def test_a_rule_switched_off_leaves_its_findings_open(runs: list[Ran]) -> None:
    off = {finding["rule_id"] for finding in runs[4].standing("not re-checked")}
    assert {"DB-07", "OWN-01"} <= off


def test_nothing_is_new_after_the_first_run(runs: list[Ran]) -> None:
    assert [run.new for run in runs[1:]] == [0, 0, 0, 0]
