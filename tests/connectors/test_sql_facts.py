"""Judging login rules and version tables: no server needed."""

from __future__ import annotations

import datetime as dt

import pytest

from scanner.common.stating import Speaker, Unseen
from scanner.connectors.sql import end_of_life
from scanner.connectors.sql.family import is_loopback
from scanner.connectors.sql.posture_hba import Rule, evidence
from scanner.connectors.sql.sampling import text_of
from scanner.model import Basis, State


def rule(kind: str, method: str, address: str = "all", database: str = "all", user: str = "all") -> Rule:
    return Rule(kind, (database,), (user,), "" if kind == "local" else address, "", method)


def judged(*rules: Rule, ssl: str = "on"):
    return {e.safeguard: e for e in evidence(Speaker("s"), list(rules), {"ssl": (ssl, "default")})}


@pytest.mark.parametrize(
    ("rules", "enforced"),
    [
        ([rule("hostssl", "scram-sha-256")], State.PRESENT),
        ([rule("host", "scram-sha-256")], State.ABSENT),
        ([rule("hostnossl", "reject"), rule("host", "scram-sha-256")], State.PRESENT),
        ([rule("hostnossl", "reject", "10.0.0.0"), rule("host", "scram-sha-256")], State.ABSENT),
        ([rule("host", "scram-sha-256"), rule("hostnossl", "reject")], State.ABSENT),
        ([rule("hostssl", "scram-sha-256"), rule("host", "md5", "127.0.0.1")], State.PRESENT),
        ([rule("host", "md5", "127.0.0.1")], State.ABSENT),
        ([rule("host", "reject"), rule("hostnossl", "trust")], State.PRESENT),
        ([rule("local", "peer")], State.NOT_APPLICABLE),
    ],
)
def test_tls_enforced_is_what_the_first_fitting_rule_says(rules, enforced):
    assert judged(*rules)["tls_enforced"].state is enforced


def test_tls_switched_off_outweighs_the_rules():
    assert judged(rule("hostssl", "scram-sha-256"), ssl="off")["tls_enforced"].state is State.ABSENT


@pytest.mark.parametrize(
    ("rules", "required"),
    [
        ([rule("local", "peer"), rule("hostssl", "scram-sha-256")], State.PRESENT),
        ([rule("hostssl", "md5")], State.PRESENT),
        ([rule("local", "trust"), rule("hostssl", "scram-sha-256")], State.ABSENT),
        ([rule("host", "trust", "127.0.0.1")], State.ABSENT),
        ([rule("host", "ident")], State.ABSENT),
        ([rule("host", "password")], State.ABSENT),
        ([rule("hostssl", "password")], State.PRESENT),
        ([rule("host", "reject"), rule("hostssl", "trust")], State.UNKNOWN),
    ],
)
def test_auth_required(rules, required):
    assert judged(*rules)["auth_required"].state is required


def test_methods_and_central_logins():
    stated = judged(rule("local", "peer"), rule("hostssl", "ldap", user="ann"), rule("hostssl", "cert"))
    assert stated["authentication_methods"].value == ("cert", "ldap", "peer")
    assert stated["local_auth_disabled"].state is State.PRESENT


def test_rules_that_cannot_be_seen_leave_everything_unknown():
    denied = Unseen(Basis.DENIED, "no")
    for item in evidence(Speaker("s"), denied, denied):
        assert item.state is State.UNKNOWN


@pytest.mark.parametrize(
    ("version", "day", "held"),
    [
        ("postgresql 15.18", "2027-11-11", True),
        ("postgresql 15.18", "2027-11-12", False),
        ("postgresql 9.6.24", "2026-01-01", False),
        ("postgresql 8.4", "2026-01-01", False),
        ("postgresql 99.1", "2026-01-01", None),
        ("mariadb 10.11.19", "2026-11-22", True),
        ("mariadb 10.6.20", "2026-11-22", False),
        ("mysql 8.0.40", "2026-11-22", False),
        ("mysql 8.4.3", "2026-11-22", True),
        ("someotherdb 1.0", "2026-11-22", None),
    ],
)
def test_end_of_life(version, day, held):
    assert end_of_life.support(version).held_on(dt.date.fromisoformat(day)) is held


def test_loopback_names():
    assert all(map(is_loopback, (None, "", "localhost", "LOCALHOST.", "127.0.0.1", "::1", "[::1]", "/run/x")))
    assert not any(map(is_loopback, ("db.example.org", "192.0.2.1", "localhost.example.org")))


def test_cells():
    assert text_of(None, 9) is None
    assert text_of(b"caf\xc3\xa9", 9) == "café"
    assert text_of(b"caf\xc3", 9) is None, "not cut by us: no text"
    assert text_of(b"caf\xc3", 4) == "caf"
    assert text_of(12.5, 9) == "12.5"
