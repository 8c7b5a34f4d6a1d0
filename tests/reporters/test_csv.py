"""The data protection officer's files, read back as a spreadsheet would."""

from __future__ import annotations

import csv
import dataclasses
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scanner.history import Observation, advance
from scanner.model import (
    Estimate,
    FindingHistory,
    Holding,
    Inspected,
    Observed,
    Place,
    Presence,
    Registration,
    Report,
    Scope,
    Sensitivity,
    Severity,
    Store,
    Verdict,
    Workflow,
)
from scanner.reporters.columns import FINDINGS, GAPS, HOLDINGS, document
from scanner.reporters.countries import country, restricted_transfer
from scanner.reporters.csv import CsvReporter
from tests.history.sample import (
    ACCOUNT,
    BUCKET,
    DAY,
    FOLDER,
    NOON,
    TABLE,
    finding,
    full_report,
    holding,
    report,
    summary,
)

Rows = dict[str, list[dict[str, str]]]


def with_history(run: Report, before: dict[str, FindingHistory] | None = None) -> Report:
    rules = {found.rule_id for found in run.findings}
    return dataclasses.replace(run, history=advance(before or {}, Observation.of(run, rules, {})))


def read(folder: Path) -> Rows:
    found = {}
    for name in ("findings", "holdings", "gaps", "dpo-notes"):
        path = folder / f"{name}.csv"
        if not path.exists():
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.DictReader(file, strict=True))
    return found


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Report], Rows]:
    def writing(run: Report) -> Rows:
        CsvReporter().write(run, str(tmp_path / "out"))
        return read(tmp_path / "out")

    return writing


def test_files(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        paths = CsvReporter().write(with_history(full_report()), str(tmp_path / "a" / "out"))
    finally:
        os.umask(before)
    names = ["findings.csv", "holdings.csv", "gaps.csv"]
    assert [Path(path).name for path in paths] == [*names, ".dpscan-written.json"]
    for path in paths[:3]:
        content = Path(path).read_bytes()
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\n") == content.count(b"\r\n") > 1
    assert stat.S_IMODE((tmp_path / "a" / "out").stat().st_mode) == 0o700


def test_same_report_same_bytes(tmp_path: Path) -> None:
    one = with_history(full_report())
    other = dataclasses.replace(
        one,
        findings=tuple(reversed(one.findings)),
        holdings=tuple(reversed(one.holdings)),
        stores=tuple(reversed(one.stores)),
        gaps=tuple(reversed(one.gaps)),
        history=dict(reversed(one.history.items())),
    )
    for name, run in (("a", one), ("b", other)):
        CsvReporter().write(run, str(tmp_path / name))
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_working_folder_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").touch()
    tmp_path.chmod(0o755)
    CsvReporter().write(full_report(), str(tmp_path))
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "findings.csv").stat().st_mode) == 0o600


def test_columns_in_the_published_order() -> None:
    asked = """schema_version finding_id scan_id rulepack_version department business_area information_asset
    information_asset_owner technical_owner owner_source ropa_ref dpia_ref contract_ref store_type store_name
    store_locator environment supplier location_region location_country restricted_transfer_flag
    classification_declared categories_of_personal_data categories_of_individuals individuals_basis art9_flag
    art9_types art10_flag children_flag records_low records_high individuals_low individuals_high estimate_method
    retention_rule oldest_record_date exposure rule_id rule_title safeguard_missing severity impact_to_people
    likelihood severity_reason relevant_law standard_reference plain_explanation recommended_action action_owner
    due_date status status_reason accepted_by acceptance_expires first_seen last_seen times_reopened breach_triage
    evidence_masked detector_confidence scan_coverage sample_note dpo_notes revision""".split()
    names = [name for name, _ in FINDINGS]
    assert [name for name in names if name != "place"] == asked
    of_holdings = [name for name, _ in HOLDINGS]
    assert [name for name in asked if name in of_holdings] == [name for name in of_holdings if name in asked]
    assert len(set(of_holdings)) == len(of_holdings)


def test_every_column_is_documented_and_written(write: Callable[[Report], Rows]) -> None:
    text = Path(__file__).parents[2].joinpath("docs/csv.md").read_text(encoding="utf-8")
    assert text == document(), "run `python -m scanner.reporters.columns > docs/csv.md`"
    rows = write(with_history(full_report()))
    for name, columns in (("findings", FINDINGS), ("holdings", HOLDINGS), ("gaps", GAPS)):
        assert list(rows[name][0]) == [column for column, _ in columns]


def test_a_public_bucket(write: Callable[[Report], Rows]) -> None:
    row = write(with_history(full_report()))["findings"][0]
    expected = {
        "rule_id": "OBJ-01",
        "store_locator": BUCKET.id,
        "location_country": "United Kingdom",
        "restricted_transfer_flag": "no",
        "information_asset_owner": "Head of Licensing",
        "categories_of_personal_data": "National Insurance number; name; health (possible)",
        "art9_flag": "possible",
        "art9_types": "health (possible)",
        "art10_flag": "not found",
        "records_low": "212",
        "individuals_high": "215",
        "exposure": "public",
        "safeguard_missing": "No public access by ACL",
        "severity": "Critical",
        "relevant_law": "UK GDPR Art 5(1)(f), Art 32(1)(b)",
        "due_date": "2026-03-04",
        "status": "open",
        "status_reason": "new in this scan",
        "breach_triage": "assess now (Art 33): for the DPO to decide",
        "action_owner": "Head of Licensing",
        "dpo_notes": "",
    }
    assert {name: row[name] for name in expected} == expected
    assert "UK_NINO, shape AA######A, 212 of 300 values, 209 distinct (column nino)" in row["evidence_masked"]


def test_only_failures_are_findings_and_unknowns_are_gaps(write: Callable[[Report], Rows]) -> None:
    rows = write(with_history(full_report()))
    assert [(row["rule_id"], row["severity"]) for row in rows["findings"]] == [
        ("OBJ-01", "Critical"),
        ("RET-01", "Medium"),
    ]
    denied = rows["gaps"][0]
    assert (denied["reason"], denied["rules_blocked"], denied["remedy"], denied["would_be"]) == (
        "denied",
        "DB-03",
        "s3:GetEncryptionConfiguration",
        "High",
    )
    assert [row["chosen"] for row in rows["gaps"]] == ["no", "no", "no", "yes"]
    assert rows["gaps"][-1]["count"] == "12"


def test_a_store_without_holdings_has_a_row(write: Callable[[Report], Rows]) -> None:
    nothing = dataclasses.replace(
        summary(FOLDER, Inspected.SAMPLED),
        sensitivity=Sensitivity.S0,
        personal=Presence.NOT_FOUND,
        records=Estimate(0, 0),
        individuals=Estimate(0, 0),
        note="Nothing recognised in a random sample: at most 0.10% of units (95 % sure).",
    )
    unread = dataclasses.replace(
        summary(BUCKET, Inspected.NONE), sensitivity=None, personal=Presence.NOT_ASSESSED
    )
    folder, bucket = sorted(
        write(report(summaries=(nothing, unread)))["holdings"],
        key=lambda row: row["store_locator"],
        reverse=True,
    )
    assert (folder["categories_of_personal_data"], folder["art9_flag"], folder["sensitivity"]) == (
        "none found", "not found", "S0",
    )  # fmt: skip
    assert "at most 0.10%" in folder["sample_note"] and folder["inspected"] == "sampled"
    assert (bucket["categories_of_personal_data"], bucket["art9_flag"], bucket["sensitivity"]) == (
        "not inspected", "not assessed", "not assessed",
    )  # fmt: skip
    assert bucket["records_low"] == bucket["individuals_high"] == ""
    assert bucket["estimate_method"] == "not inspected"
    for row in (folder, bucket):
        assert row["purpose"] == row["lawful_basis"] == row["recipients"] == ""


def test_hostile_names(write: Callable[[Report], Rows]) -> None:
    """Names come from tags, objects and tables that strangers may choose."""
    evil = "=cmd|' /C calc'!A0\r\n@x"
    store = Store(
        "file:h/+1",
        FOLDER.scope_id,
        "share",
        "files",
        evil,
        environment="＝1",
        region="‮gnp",
        tags={"a": evil},
    )
    place = Place((("object", "=HYPERLINK(1)"), ("sheet", "@x\n\u2028"), ("member", "\udc80")))
    said = Registration(
        owner="@SUM(A1)", supplier="\t=1", ropa_ref="00123456789012", information_asset='a\nb,"c"'
    )
    held = dataclasses.replace(holding(store, place), coverage="-1", oldest=None)
    run = report(
        finding(store=store, place=place, explanation="+" + "x" * 400, remedy="=1", title="-t"),
        stores=(store,),
        summaries=(dataclasses.replace(summary(store), note="=note"),),
        holdings=(held,),
        scopes=(Scope(FOLDER.scope_id, "share", "files", "=s"),),
        context=dataclasses.replace(report().context, registrations={store.id: said}),
    )
    rows = write(with_history(run))
    for table in rows.values():
        for row in table:
            for name, text in row.items():
                first = text.strip(" �")[:1]
                assert first not in tuple("=+-@＝＋－＠"), name
                assert not set("\r\n\t\0\u2028\u202e") & set(text), name
    row = rows["findings"][0]
    assert row["store_name"] == "'=cmd|' /C calc'!A0 @x"
    assert row["ropa_ref"] == "'00123456789012"
    assert row["information_asset"] == 'a b,"c"'
    assert len(row["plain_explanation"]) <= 301


def statuses(rows: Rows) -> dict[str, tuple[str, str]]:
    return {row["rule_id"]: (row["status"], row["status_reason"]) for row in rows["findings"]}


def test_life_of_a_finding(write: Callable[[Report], Rows]) -> None:
    first = with_history(report(finding(), finding("RET-01", FOLDER), finding("DB-07", place=TABLE)))
    assert statuses(write(first))["OBJ-01"] == ("open", "new in this scan")
    second = with_history(
        report(
            finding(verdict=Verdict.PASS),
            finding("RET-01", FOLDER, verdict=Verdict.UNKNOWN, missing=("retention_tag",)),
            finding("DB-07", place=TABLE),
            at=NOON + DAY,
        ),
        dict(first.history),
    )
    found = statuses(write(second))
    assert found["OBJ-01"] == ("fixed", "")
    assert found["RET-01"][0] == "not re-checked" and "since 2026-03-02" in found["RET-01"][1]
    assert found["DB-07"] == ("open", "")
    third = with_history(
        report(finding(), finding("RET-01", FOLDER), at=NOON + 2 * DAY), dict(second.history)
    )
    found = statuses(write(third))
    assert found["OBJ-01"] == ("reopened", "came back, 1 times in all")


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [
        (Workflow.ACCEPTED, "accepted"),
        (Workflow.FALSE_POSITIVE, "false positive"),
        (Workflow.IN_PROGRESS, "in progress"),
        (Workflow.DONE, "open"),
    ],
)
def test_what_people_decided(write: Callable[[Report], Rows], workflow: Workflow, expected: str) -> None:
    run = with_history(full_report())
    entry = dataclasses.replace(
        run.history[finding().fingerprint], workflow=workflow, accepted_by="Head of Licensing"
    )
    row = write(dataclasses.replace(run, history={entry.fingerprint: entry}))["findings"][0]
    assert (row["status"], row["accepted_by"]) == (expected, "Head of Licensing")
    assert (row["breach_triage"] == "none") is (workflow is Workflow.FALSE_POSITIVE)


def test_breach_triage_depends_on_exposure_content_and_regime(write: Callable[[Report], Rows]) -> None:
    def triage(run: Report) -> str:
        return write(with_history(run))["findings"][0]["breach_triage"]

    assert triage(full_report()).startswith("assess now (Art 33)")
    inside = dataclasses.replace(full_report(), findings=(finding(exposure=None),))
    assert triage(inside) == "none"
    empty = dataclasses.replace(summary(), sensitivity=Sensitivity.S0, personal=Presence.NOT_FOUND)
    assert triage(report(finding(), summaries=(empty,))) == "none"
    unread = dataclasses.replace(summary(), inspected=Inspected.NONE)
    assert "content not inspected" in triage(report(finding(), summaries=(unread,)))
    police = Registration(legal_regime="dpa2018_part3")
    context = dataclasses.replace(report().context, registrations={BUCKET.id: police})
    assert triage(report(finding(), context=context)) == "assess now: for the DPO to decide"


def test_notes_are_carried_over(tmp_path: Path) -> None:
    run, folder = with_history(full_report()), tmp_path / "out"
    CsvReporter().write(run, str(folder))

    def edit(name: str, key: str, changes: dict[str, dict[str, str]], **how: Any) -> None:
        rows = read(folder)[name]
        with (folder / f"{name}.csv").open(
            "w", encoding=how.pop("encoding", "utf-8-sig"), newline=""
        ) as file:
            writer = csv.DictWriter(file, list(rows[0]), **how)
            writer.writeheader()
            for row in rows:
                writer.writerow(row | changes.get(row[key], {}))

    holdings = read(folder)["holdings"]
    edit("holdings", "holding_id", {holdings[0]["holding_id"]: {"dpo_notes": "see ROPA"}})
    fingerprint = finding().fingerprint
    edit(
        "findings",
        "finding_id",
        {
            fingerprint: {"dpo_notes": "'=asked René", "breach_triage": "Decided: no breach, ref 7"},
            finding("RET-01", FOLDER).fingerprint: {"dpo_notes": "waits for schedule"},
        },
        delimiter=";",
        encoding="cp1252",
    )
    CsvReporter().write(run, str(folder))
    rows = read(folder)
    assert rows["findings"][0]["dpo_notes"] == "'=asked René"
    assert rows["findings"][0]["breach_triage"] == "Decided: no breach, ref 7"
    assert rows["holdings"][0]["dpo_notes"] == "see ROPA"
    # A report without the findings keeps the notes aside, and gives them back later.
    CsvReporter().write(report(findings=()), str(folder))
    assert len(read(folder)["dpo-notes"]) == 3
    CsvReporter().write(report(findings=()), str(folder))
    CsvReporter().write(run, str(folder))
    rows = read(folder)
    assert rows["findings"][0]["dpo_notes"] == "'=asked René"
    assert rows["findings"][1]["dpo_notes"] == "waits for schedule"
    assert "dpo-notes" not in rows


def test_a_file_that_is_no_csv_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "findings.csv").write_text('finding_id,dpo_notes\na,"' + "x" * 200_000 + '"\n')
    raised = csv.field_size_limit(131_072)  # the limit is the process's, and reading files raises it
    try:
        CsvReporter().write(full_report(), str(tmp_path))
    finally:
        csv.field_size_limit(raised)
    assert (tmp_path / "findings.unreadable.csv").stat().st_size > 200_000
    assert read(tmp_path)["findings"]


def test_a_finding_on_a_scope(write: Callable[[Report], Rows]) -> None:
    on_scope = dataclasses.replace(
        finding("OBJ-03"), subject_id=ACCOUNT.id, subject_kind="scope", exposure=None
    )
    row = write(with_history(report(on_scope)))["findings"][0]
    assert (row["store_type"], row["store_name"], row["records_low"]) == ("account", "licensing-prod", "")
    assert (row["exposure"], row["breach_triage"], row["location_region"]) == ("unknown", "none", "unknown")


def test_a_finding_whose_store_is_gone(write: Callable[[Report], Rows]) -> None:
    first = with_history(report(finding()))
    run = report(at=NOON + DAY, stores=(FOLDER,), summaries=(summary(FOLDER),))
    entry = dataclasses.replace(
        first.history[finding().fingerprint], observed=Observed.GONE, note="not there"
    )
    row = write(dataclasses.replace(run, history={entry.fingerprint: entry}))["findings"][0]
    assert (row["status"], row["status_reason"], row["store_name"]) == ("gone", "not there", BUCKET.id)
    assert (row["scan_coverage"], row["severity"]) == ("not inspected", "High")


def test_countries() -> None:
    assert (country("UK South"), country("eu-west-2"), country("EUROPE-WEST2")) == ("United Kingdom",) * 3
    assert country("United Kingdom") == "United Kingdom"
    assert [restricted_transfer(r) for r in ("uksouth", "us-east-1", "moon-1", None)] == [
        "no", "check", "unknown", "unknown",
    ]  # fmt: skip


def test_no_numbers_from_text(write: Callable[[Report], Rows]) -> None:
    many: tuple[Holding, ...] = tuple(holding(BUCKET, Place((("object", name),))) for name in ("a", "b"))
    inside = finding(
        place=Place((("prefix", ""),)), holdings=tuple(h.place for h in many), severity=Severity.LOW
    )
    row = write(with_history(report(inside, holdings=many)))["findings"][0]
    assert row["records_low"] == ""  # the same people may be in both places
    assert row["estimate_method"] == "see holdings.csv: several places"
