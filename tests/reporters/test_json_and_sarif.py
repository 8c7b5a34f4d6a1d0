"""Files for programs: valid against their schemas, stable, and complete."""

from __future__ import annotations

import dataclasses
import json
import os
import stat
import warnings
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import scanner.reporters
from scanner.contracts import Reporter
from scanner.model import Gap, GapReason, Place, Report, Stage, Verdict, Workflow
from scanner.reporters import json_schema
from scanner.reporters.csv import CsvReporter
from scanner.reporters.json import JsonReporter
from scanner.reporters.sarif import SarifReporter
from tests.history.sample import BUCKET, DAY, FOLDER, NOON, finding, full_report, report
from tests.reporters.test_csv import with_history

OWN_SARIF = Path(scanner.reporters.__file__).parent / "schemas" / "sarif-2.1.0.json"


def sarif_schemas() -> list[Path]:
    shared = Path(os.environ.get("DPSCAN_SHARED_SCHEMAS") or Path(__file__).parents[3] / "shared" / "schemas")
    more = shared / "sarif-schema-2.1.0.json"
    return [OWN_SARIF, more] if more.exists() else [OWN_SARIF]


def written(reporter: Reporter, run: Report, folder: Path) -> Any:
    (path,) = reporter.write(run, str(folder))
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    return json.loads(Path(path).read_text(encoding="utf-8"))


def two_runs() -> Report:
    """A second run with something not re-checked, fixed, open and unknown."""
    first = with_history(full_report())
    second = dataclasses.replace(
        full_report(), run=dataclasses.replace(report(at=NOON + DAY).run, id="run-2")
    )
    fixed = finding("RET-01", FOLDER, verdict=Verdict.PASS)
    unknown = finding(verdict=Verdict.UNKNOWN, missing=("acl_not_public",), strength=0)
    kept = [f for f in second.findings if f.verdict is not Verdict.FAIL]
    return with_history(dataclasses.replace(second, findings=(fixed, unknown, *kept)), dict(first.history))


def hostile() -> Report:
    store = dataclasses.replace(
        BUCKET, name="[click](https://evil.example) ‮x\udc80\0", id="aws:s3:::[x](y)\udc80"
    )
    place = Place((("object", "=1\n[a](b)"),))
    gap = Gap(store.id, Stage.READ, GapReason.CORRUPT, "[a](b)\n", place=place, count=3, bytes=9)
    run = report(
        finding(store=store, place=place, title="{0} [t](u)"), stores=(store,), gaps=(gap,), summaries=()
    )
    return with_history(run)


REPORTS = {"full": full_report, "two runs": two_runs, "hostile": hostile, "empty": lambda: report(stores=())}


@pytest.mark.parametrize("name", REPORTS)
def test_json_is_valid(name: str, tmp_path: Path) -> None:
    document = written(JsonReporter(), REPORTS[name](), tmp_path / "out")
    schema = json.loads(
        Path(__file__).parents[2].joinpath("docs/report.schema.json").read_text(encoding="utf-8")
    )
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(document)


def test_the_schema_is_current_and_says_what_things_are() -> None:
    schema = json_schema.schema()
    assert (
        json.loads(Path(__file__).parents[2].joinpath("docs/report.schema.json").read_text(encoding="utf-8"))
        == schema
    ), "run `python -m scanner.reporters.json_schema > docs/report.schema.json`"
    assert all(definition["description"] for definition in schema["$defs"].values())
    assert schema["$defs"]["Gap"]["properties"]["remedy"]["description"].startswith("What would lift it")


def test_the_schema_refuses_what_is_not_in_it() -> None:
    schema = json.loads(
        Path(__file__).parents[2].joinpath("docs/report.schema.json").read_text(encoding="utf-8")
    )
    validator = jsonschema.Draft202012Validator(schema)
    from scanner.reporters.json import document

    good = document(with_history(full_report()))
    assert validator.is_valid(good)
    assert not validator.is_valid(good | {"more": 1})
    assert not validator.is_valid({key: value for key, value in good.items() if key != "coverage"})
    good["findings"][0]["verdict"] = "maybe"
    assert not validator.is_valid(good)


def test_json_says_it_all(tmp_path: Path) -> None:
    document = written(JsonReporter(), two_runs(), tmp_path / "out")
    assert document["exit_code"] == 1 and document["exit_reasons"]
    assert document["coverage"]["stores_share"] == 1.0
    assert document["unknowns_by_cause"][0]["reason"] in ("denied", "not stated")
    by_rule = {(f["rule_id"], f["subject_id"]): f for f in document["findings"]}
    obj = by_rule["OBJ-01", BUCKET.id]
    assert (obj["verdict"], obj["history"]["observed"], obj["where"]) == (
        "unknown", "not re-checked", "(whole store)",
    )  # fmt: skip
    assert by_rule["RET-01", FOLDER.id]["history"]["observed"] == "fixed"
    assert by_rule["OBJ-09", BUCKET.id]["history"] is None
    away = dataclasses.replace(two_runs(), findings=())
    earlier = written(JsonReporter(), away, tmp_path / "more")["earlier_findings"]
    assert {f["rule_id"] for f in earlier} == {"OBJ-01", "RET-01"}


@pytest.mark.parametrize("reporter", [JsonReporter(), SarifReporter(), CsvReporter()])
def test_same_report_same_bytes(reporter: Reporter, tmp_path: Path) -> None:
    one = two_runs()
    other = dataclasses.replace(
        one,
        findings=tuple(reversed(one.findings)),
        evidence=tuple(reversed(one.evidence)),
        stores=tuple(reversed(one.stores)),
        history=dict(reversed(one.history.items())),
    )
    for folder, run in (("a", one), ("b", one), ("c", other)):
        reporter.write(run, str(tmp_path / folder))
    for path in (tmp_path / "a").iterdir():
        for folder in ("b", "c"):
            assert path.read_bytes() == (tmp_path / folder / path.name).read_bytes()


def validate_sarif(document: Any) -> None:
    for path in sarif_schemas():
        schema = json.loads(path.read_text(encoding="utf-8"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(document)


@pytest.mark.parametrize("name", REPORTS)
def test_sarif_is_valid(name: str, tmp_path: Path) -> None:
    validate_sarif(written(SarifReporter(), REPORTS[name](), tmp_path / "out"))


def sarif_run(run: Report, folder: Path) -> Any:
    return written(SarifReporter(), run, folder)["runs"][0]


def test_sarif_results(tmp_path: Path) -> None:
    run = sarif_run(with_history(full_report()), tmp_path / "out")
    results = {(r["ruleId"], r["partialFingerprints"]["dpscanFinding/v1"]): r for r in run["results"]}
    public = results["OBJ-01", finding().fingerprint]
    assert (public["kind"], public["level"]) == ("fail", "error")
    assert public["properties"]["security-severity"] == "9.5"
    assert public["locations"][0]["logicalLocations"][0] == {
        "name": "applications", "fullyQualifiedName": BUCKET.id, "kind": "bucket",
    }  # fmt: skip
    unknown = results["DB-03", finding("DB-03").fingerprint]
    assert (unknown["kind"], unknown["level"]) == ("open", "none")
    assert unknown["properties"]["would_be"] == "High"
    assert {r["ruleId"] for r in run["results"]} == {"OBJ-01", "DB-03", "RET-01"}  # passes are left out
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    assert all(rule["help"]["text"] and rule["properties"]["security-severity"] for rule in rules)
    invocation = run["invocations"][0]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (1, True)
    notes = {n["descriptor"]["id"]: n for n in invocation["toolExecutionNotifications"]}
    assert notes["evidence/denied"]["level"] == "warning"
    assert notes["list/excluded"]["level"] == "note"


def test_sarif_keeps_what_was_not_rechecked_and_drops_what_was_fixed(tmp_path: Path) -> None:
    run = sarif_run(two_runs(), tmp_path / "out")
    by_rule: dict[str, list[Any]] = {}
    for result in run["results"]:
        by_rule.setdefault(result["ruleId"], []).append(result)
    (public,) = by_rule["OBJ-01"]  # one result, though this run's own answer is unknown
    assert (public["kind"], public["properties"]["observed"]) == ("fail", "not re-checked")
    assert "RET-01" not in by_rule


def test_sarif_suppressions(tmp_path: Path) -> None:
    run = with_history(full_report())
    entry = dataclasses.replace(
        run.history[finding().fingerprint],
        workflow=Workflow.ACCEPTED,
        accepted_by="Head of Licensing: moved in May",
        acceptance_expires=NOON.date(),
    )
    history = {**run.history, entry.fingerprint: entry}
    document = written(SarifReporter(), dataclasses.replace(run, history=history), tmp_path / "out")
    validate_sarif(document)
    suppressed = [r for r in document["runs"][0]["results"] if "suppressions" in r]
    assert [r["suppressions"][0]["justification"] for r in suppressed] == [
        "accepted by Head of Licensing: moved in May, until 2026-03-02"
    ]


def test_sarif_messages_hold_no_links_or_control_characters(tmp_path: Path) -> None:
    text = json.dumps(sarif_run(hostile(), tmp_path / "out"), ensure_ascii=False)
    assert "\\\\[click\\\\](https" in text
    assert "\u202e" not in text and "\\u0000" not in text and "\\udc80" not in text


def test_an_incomplete_look_is_no_success(tmp_path: Path) -> None:
    run = dataclasses.replace(full_report(), exit_code=3, exit_reasons=("Nothing was read.",))
    invocation = sarif_run(run, tmp_path / "out")["invocations"][0]
    assert (invocation["executionSuccessful"], invocation["exitCodeDescription"]) == (
        False,
        "Nothing was read.",
    )
