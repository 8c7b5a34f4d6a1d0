"""The index: signed, without names, refused when it is not what it says, and what a twin counts for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from scanner.check.judging import judged
from scanner.check.outcome import Reported
from scanner.declared import pipeline
from scanner.errors import ConfigError
from scanner.known import disclosing, handles
from scanner.known.index import Entry, Index, Keys, key_text, read, read_key, write
from scanner.known.joining import KnownStores
from scanner.known.making import band
from scanner.model import Context, Exposure, Inspected, Presence, Sensitivity, Severity, Verdict
from scanner.ruleset import load_rules

TODAY = dt.date(2026, 11, 22)
KEY = bytes(range(32))
KEYS = Keys(KEY)


def entry(*names: str, **changed: Any) -> Entry:
    plain = Entry(
        names=KEYS.digests(handles.of_names(names)),
        sensitivity=Sensitivity.S3,
        personal=Presence.YES,
        exposure=None,
        inspected=Inspected.ALL,
        complete=True,
        many_people=False,
        seen=TODAY - dt.timedelta(days=2),
        expires=TODAY + dt.timedelta(days=90),
    )
    return dataclasses.replace(plain, **changed)


def index(*entries: Entry, expires: dt.date = TODAY) -> Index:
    return Index(dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC), expires, entries)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    made = index(
        entry("aws:s3:::a", categories=("health",), people="10,000+"),
        entry("gs:b", sensitivity=None, personal=Presence.NOT_ASSESSED, exposure=Exposure.E3, complete=False),
    )
    file = tmp_path / "index.json"
    file.write_text(write(made, KEYS))
    again = read(file, KEYS, TODAY)
    assert set(again.entries) == set(made.entries)
    assert (again.made, again.expires) == (made.made, made.expires)
    assert "aws" not in file.read_text() and "bucket" not in file.read_text()


def _changed(**values: Any) -> str:
    document = json.loads(write(index(entry("aws:s3:::a")), KEYS))
    return json.dumps({**document, **values})


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("not json", KEY, "is not JSON"),
        ('{"a": 1}', KEY, "no index of known stores"),
        (_changed(version=2), KEY, "another version"),
        (_changed(), bytes(32), "another key"),
        (_changed(expires="2099-01-01"), KEY, "changed after it was signed"),
        (_changed(signature="0" * 64), KEY, "changed after it was signed"),
        (_changed(signature="é"), KEY, "changed after it was signed"),
        (_changed(signature=None), KEY, "changed after it was signed"),
        (
            write(index(entry("aws:s3:::a"), expires=TODAY - dt.timedelta(days=1)), KEYS),
            KEY,
            "expired on 2026-11-21",
        ),
    ],
)
def test_what_is_not_right_is_refused(tmp_path: Path, text: str, key: bytes, says: str) -> None:
    file = tmp_path / "index.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match=says):
        read(file, Keys(key), TODAY)


def test_keys_from_file_and_environment(tmp_path: Path) -> None:
    raw, text = tmp_path / "raw", tmp_path / "text"
    raw.write_bytes(KEY)
    text.write_text(key_text(KEY) + "\n")
    assert (
        read_key(raw, {}) == read_key(text, {}) == read_key(None, {"DPSCAN_INDEX_KEY": key_text(KEY)}) == KEY
    )
    for given in ("", "c2hvcnQ=", "not base64!"):
        with pytest.raises(ConfigError) as caught:
            read_key(None, {"DPSCAN_INDEX_KEY": given})
        assert not given or given not in str(caught.value)


# --- what it counts for ------------------------------------------------------------------

_DATABASE = """
resource "aws_db_instance" "cases" {
  identifier          = "cases"
  publicly_accessible = true
TAGS
}
"""


def told(
    folder: Path, *entries: Entry, show: bool = False, tags: str = "", name: str = "cases"
) -> dict[str, Reported]:
    folder.mkdir(exist_ok=True)
    (folder / "main.tf").write_text(_DATABASE.replace("TAGS", tags).replace('= "cases"', f'= "{name}"'))
    known = KnownStores(index(*entries), KEYS, today=TODAY, folder=folder, show_holdings=show)
    found = judged(pipeline.check(folder), load_rules(), Context(today=TODAY), known)
    return {one.finding.rule_id: one for one in found}


_LIVE = "arn:aws:rds:eu-west-2:123456789012:db:cases"


def test_the_twin_decides_the_severity(tmp_path: Path) -> None:
    plain = told(tmp_path / "a")["DB-01"].finding
    special = told(tmp_path / "b", entry(_LIVE))["DB-01"]
    empty = told(tmp_path / "c", entry(_LIVE, sensitivity=Sensitivity.S0, personal=Presence.NOT_FOUND))[
        "DB-01"
    ]
    other = told(tmp_path / "d", entry(_LIVE), name="another")["DB-01"]
    assert (plain.severity, special.finding.severity) == (Severity.HIGH, Severity.CRITICAL)
    assert special.note == "The department's register raised its severity."
    assert special.finding.severity_reason.endswith("by what the department's register knows of this store")
    assert empty.finding.severity is Severity.LOW
    assert other.finding == dataclasses.replace(plain, subject_id=other.finding.subject_id)


def test_nothing_found_in_too_little_is_not_nothing(tmp_path: Path) -> None:
    plain = told(tmp_path / "a")["DB-01"].finding
    part = told(tmp_path / "b", entry(_LIVE, sensitivity=None, personal=Presence.NOT_FOUND, complete=False))
    assert part["DB-01"].finding.severity is plain.severity


def test_a_rule_that_would_tell_stays_open(tmp_path: Path) -> None:
    """OWN-01 holds only where personal data is: its failing would say so."""
    quiet = told(tmp_path / "a", entry(_LIVE))["OWN-01"]
    assert quiet.finding.verdict is Verdict.UNKNOWN and quiet.note == disclosing.WITHHELD
    # The same sentence where the register knows that there is none: silence would be the answer.
    none = told(tmp_path / "b", entry(_LIVE, sensitivity=Sensitivity.S0, personal=Presence.NOT_FOUND))[
        "OWN-01"
    ]
    assert none.finding.verdict is Verdict.UNKNOWN and none.note == disclosing.WITHHELD
    shown = told(tmp_path / "c", entry(_LIVE, categories=("health",), people="10,000+"), show=True)["OWN-01"]
    assert shown.finding.verdict is Verdict.FAIL
    assert "health" in shown.note and "10,000+ people" in shown.note


def test_a_logical_id_is_no_name(tmp_path: Path) -> None:
    def severity(properties: str) -> Severity | None:
        text = f"Resources:\n  cases:\n    Type: AWS::RDS::DBInstance\n    Properties: {{PubliclyAccessible: true{properties}}}\n"
        (tmp_path / "template.yaml").write_text(text)
        known = KnownStores(index(entry(_LIVE)), KEYS, today=TODAY)
        found = judged(pipeline.check(tmp_path), load_rules(), Context(today=TODAY), known)
        return next(one for one in found if one.finding.rule_id == "DB-01").finding.severity

    assert severity("") is Severity.HIGH
    assert severity(", DBInstanceIdentifier: Cases") is Severity.CRITICAL


def test_what_has_expired_counts_as_not_known_and_says_so(tmp_path: Path) -> None:
    old = entry(_LIVE, expires=TODAY - dt.timedelta(days=1))
    one = told(tmp_path, old)["DB-01"]
    assert one.finding.severity is Severity.HIGH
    assert "2026-11-20" in one.note and "has expired: not counted" in one.note


def test_of_several_twins_the_worst_counts(tmp_path: Path) -> None:
    entries = (
        entry(f"{_LIVE}", sensitivity=Sensitivity.S1),
        entry("cases.x1.eu-west-2.rds.amazonaws.com:5432/b"),
    )
    assert told(tmp_path, *entries)["DB-01"].finding.severity is Severity.CRITICAL


def test_a_live_exposure_counts_where_the_code_cannot_tell(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "open" {}\n' + _DATABASE.replace("= true", "= var.open").replace("TAGS", "")
    )
    checked = pipeline.check(tmp_path)

    def exposure(*entries: Entry) -> Severity | None:
        known = KnownStores(index(*entries), KEYS, today=TODAY, show_holdings=True)
        found = judged(checked, load_rules(), Context(today=TODAY), known)
        return next(one for one in found if one.finding.rule_id == "DB-01").finding.would_be

    assert exposure(entry(_LIVE)) is Severity.HIGH
    assert exposure(entry(_LIVE, exposure=Exposure.E0)) is Severity.HIGH
    assert exposure(entry(_LIVE, exposure=Exposure.E3)) is Severity.CRITICAL


def test_tags_count_where_nothing_is_known(tmp_path: Path) -> None:
    health = '  tags = { data_classification = "special category" }'
    tagged = told(tmp_path / "a", tags=health)["DB-01"]
    assert tagged.finding.severity is Severity.CRITICAL and "data_classification" in tagged.note
    known = told(tmp_path / "b", entry(_LIVE, sensitivity=Sensitivity.S1), tags=health)["DB-01"]
    assert known.finding.severity is Severity.HIGH


def test_the_asset_register_links_what_no_name_does(tmp_path: Path) -> None:
    twin = dataclasses.replace(entry(), names=KEYS.digests([handles.asset("IAR-17")]))
    tags = '  tags = { asset_register_ref = "iar-17" }'
    assert told(tmp_path, twin, tags=tags, name="x")["DB-01"].finding.severity is Severity.CRITICAL


@pytest.mark.parametrize(("people", "says"), [(0, "under 100"), (99, "under 100"), (100, "100+"), (41_233, "10,000+"), (2_000_000, "1,000,000+")])  # fmt: skip
def test_bands_of_people(people: int, says: str) -> None:
    assert band(people) == says


# --- twins without a name of their own ---------------------------------------------------

_INSIDE = "app-20260101.abc1.eu-west-2.rds.amazonaws.com:5432/cases"


@pytest.mark.parametrize(
    ("code", "entries", "raised"),
    [
        ('db_name = "cases"', (entry(_INSIDE),), True),
        ('db_name = "cases"\n  identifier_prefix = "app-"', (entry(_INSIDE),), True),
        # The name of a database is no server's name, and not one that several share.
        ('db_name = "cases"', (entry(_LIVE),), False),
        ('db_name = "cases"', (entry(_INSIDE), entry(_INSIDE.replace("app", "test"))), False),
        ('db_name = "other"', (entry(_INSIDE),), False),
        ('db_name = "cases"\n  identifier = "else"', (entry(_INSIDE),), False),
        # What the register says goes before.
        ('db_name = "cases"\n  tags = { asset_register_ref = "iar-17" }',
         (entry(_INSIDE), dataclasses.replace(entry(sensitivity=Sensitivity.S1), names=KEYS.digests([handles.asset("IAR-17")]))),
         False),
    ],
    ids=["by its database", "with a prefix", "another server's name", "two of that name", "another database",
         "an identifier of its own", "by the register first"],
)  # fmt: skip
def test_an_instance_without_identifier(
    code: str, entries: tuple[Entry, ...], raised: bool, tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(
        f'resource "aws_db_instance" "x" {{\n  publicly_accessible = true\n  {code}\n}}\n'
    )
    assert _severity(tmp_path, *entries) is (Severity.CRITICAL if raised else Severity.HIGH)


def _severity(folder: Path, *entries: Entry, rule: str = "DB-01") -> Severity | None:
    known = KnownStores(index(*entries), KEYS, today=TODAY, folder=folder)
    found = judged(pipeline.check(folder), load_rules(), Context(today=TODAY), known)
    return next(one for one in found if one.finding.rule_id == rule).finding.severity


def test_a_state_tells_the_identifier_that_was_made_up(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_db_instance" "x" {\n  publicly_accessible = true\n  db_name = "app"\n}\n'
    )
    attributes = {
        "identifier": "terraform-2026",
        "endpoint": "terraform-2026.abc.eu-west-2.rds.amazonaws.com:5432",
    }
    state = {"version": 4, "terraform_version": "1.9.0", "resources": [
        {"mode": "managed", "type": "aws_db_instance", "name": "x", "instances": [{"attributes": attributes}]}]}  # fmt: skip
    live = entry("terraform-2026.abc.eu-west-2.rds.amazonaws.com:5432/app")
    (tmp_path / "x.tfstate").write_text(json.dumps(state))
    assert _severity(tmp_path, live, entry("b.abc.eu-west-2.rds.amazonaws.com:5432/app")) is Severity.CRITICAL


_CONTAINER = """
resource "azurerm_storage_account" "a" {
  name = "ACCOUNT"
}
resource "azurerm_storage_container" "c" {
  name                  = "letters"
  ACCOUNT_IS
  container_access_type = "blob"
}
"""


@pytest.mark.parametrize(
    "link",
    [
        "storage_account_name = azurerm_storage_account.a.name",
        "storage_account_id = azurerm_storage_account.a.id",
        'storage_account_name = "acc"',
        'storage_account_id = "/subscriptions/0/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acc"',
    ],
)
def test_a_container_is_known_by_its_account_without_a_state(link: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_CONTAINER.replace("ACCOUNT_IS", link).replace("ACCOUNT", "acc"))
    ordinary = {"sensitivity": Sensitivity.S1, "exposure": Exposure.E4}
    known = KnownStores(
        index(entry("azure:acc/letters", **ordinary), entry("azure:acc/health")),
        KEYS,
        today=TODAY,
        show_holdings=True,
    )
    container = next(one for one in pipeline.check(tmp_path).stores if one.store.name == "letters")
    twin = known.twin(container)
    assert twin is not None and twin.summary is not None
    assert twin.summary.sensitivity is Sensitivity.S1, "of the containers beside it nothing is said"
    account = next(one for one in pipeline.check(tmp_path).stores if one.store.name == "acc")
    whole = known.twin(account)
    assert whole is not None and whole.summary is not None and whole.summary.sensitivity is Sensitivity.S3


def test_a_container_of_an_account_with_a_name_made_up_has_no_twin(tmp_path: Path) -> None:
    code = _CONTAINER.replace("ACCOUNT_IS", "storage_account_id = azurerm_storage_account.a.id")
    (tmp_path / "main.tf").write_text(code.replace('"ACCOUNT"', "random_string.s.result"))
    known = KnownStores(index(entry("azure:acc/letters")), KEYS, today=TODAY)
    assert all(known.twin(one) is None for one in pipeline.check(tmp_path).stores)
