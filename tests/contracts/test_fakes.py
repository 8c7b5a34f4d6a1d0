"""The shipped fakes: contracts kept, and a scan survives whatever fails, saying so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scanner import scan as pipeline
from scanner.config import Config
from scanner.contracts import Connector
from scanner.history import History
from scanner.model import GapReason, Report, Stage, State, Verdict
from scanner.ruleset import RuleSet, load_rules
from scanner.targets import build_targets
from scanner.testing.connectors import ConnectorContract, access
from scanner.testing.fakes import SECRET, FailingConnector, FailingOptions, MemoryConnector, installed

CONTENT = {
    "staff.csv": b"name,email\nAda Synthetic,ada@example.com\nBela Fictional,bela@example.com\n",
    "letter.txt": b"Dear Ada,\nwrite to ada@example.com\n",
}
EVIDENCE = {
    "encryption_at_rest": True,
    "versioning": False,
    "region": "eu-west-2",
    "replica_regions": ["eu-west-1"],
    "access_logging": "denied",
    "object_lock": "failed",
    "customer_managed_key": "not observable",
    "static_website_disabled": "not applicable",
}
STAGES = {
    "scopes": Stage.ENUMERATE,
    "stores": Stage.ENUMERATE,
    "evidence": Stage.EVIDENCE,
    "units": Stage.LIST,
}


class TestMemory(ConnectorContract):
    @pytest.fixture
    def connector(self) -> Connector:
        return MemoryConnector.holding(CONTENT, **EVIDENCE)  # type: ignore[arg-type]


class TestFailingOnDemand(ConnectorContract):
    """As long as nothing is to fail, it is like the other."""

    @pytest.fixture
    def connector(self) -> Connector:
        options = FailingOptions(content=CONTENT, evidence=EVIDENCE, fails=())  # type: ignore[arg-type]
        return FailingConnector(options, access())


def test_memory_writes_down_what_it_was_asked() -> None:
    connector = MemoryConnector.holding(CONTENT)
    TestMemory().test_a_unit_can_be_read_twice_alike(connector)
    assert connector.calls == ["scopes", "stores", "units", "open letter.txt", "open letter.txt"]


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


Scan = Callable[..., Report]


@pytest.fixture
def scan(rules: RuleSet) -> Scan:
    """A whole scan of one fake store, in this process."""

    def run(connector: type[MemoryConnector] = FailingConnector, **options: Any) -> Report:
        target = {"connector": connector.kind, "content": CONTENT, **options}
        config = Config.model_validate(
            {"targets": [target], "runner": "serial", "detection": {"names": False}}
        )
        with installed("connectors", connector.kind, connector), History.open() as history:
            return pipeline.scan(config, build_targets(config, "test"), rules, history, pipeline.Quiet())

    return run


def test_a_scan_of_memory(scan: Scan) -> None:
    report = scan(MemoryConnector, evidence={"anonymous_read_blocked": False, "region": "eu-west-2"})
    assert {holding.place.text for holding in report.holdings} == set(CONTENT)
    failed = {finding.rule_id for finding in report.findings if finding.verdict is Verdict.FAIL}
    assert "OBJ-01" in failed
    assert not report.gaps


@pytest.mark.parametrize("how", ["gap", "read error", "bug"])
@pytest.mark.parametrize("call", ["scopes", "stores", "evidence", "units", "open", "read"])
@pytest.mark.parametrize("after", [0, 1])
def test_whatever_fails_is_a_gap(scan: Scan, call: str, how: str, after: int) -> None:
    """A scan goes on to its end, says what failed and why, and quotes nothing."""
    evidence = {"anonymous_read_blocked": False, "versioning": False}
    report = scan(fails=(call,), how=how, after=after, evidence=evidence)
    if after and call in ("scopes", "stores"):
        assert len(report.holdings) == len(CONTENT), "what came before the failure counts"
    reasons = {gap.reason for gap in report.gaps}
    assert (GapReason.FAULT if how == "bug" else GapReason.UNREACHABLE) in reasons, report.gaps
    if call in STAGES:
        assert {gap.stage for gap in report.gaps} == {STAGES[call]}
    assert SECRET not in repr(report)
    if call == "evidence":
        assert len(report.holdings) == len(CONTENT), "content is read although posture is not seen"
    else:
        assert report.exit_code == 3, "not all that was asked for was covered"
    seen = {item.safeguard for item in report.evidence if item.state is not State.UNKNOWN}
    passed = [finding for finding in report.findings if finding.verdict is Verdict.PASS]
    assert all(item.safeguard in seen for finding in passed for item in finding.evidence)


def test_a_bug_while_closing_does_not_lose_the_run(scan: Scan) -> None:
    report = scan(fails=("close",), how="bug")
    assert len(report.holdings) == len(CONTENT)
