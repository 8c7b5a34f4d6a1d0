"""Bucket policies as text: what counts as public, as TLS only, as outside."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.connectors.s3.policy import READ, WRITE, Policy

OWN, PARTNER = "123456789012", "111122223333"
EVERYTHING = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]


def policy(*statements: dict[str, Any]) -> Policy:
    whole = [{"Effect": "Allow", "Resource": EVERYTHING, **statement} for statement in statements]
    return Policy.parse(json.dumps({"Version": "2012-10-17", "Statement": whole}))


def condition(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {"Principal": "*", "Action": "s3:GetObject", "Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    ("statement", "public"),
    [
        pytest.param({"Principal": "*", "Action": "s3:GetObject"}, True, id="star"),
        pytest.param({"Principal": {"AWS": "*"}, "Action": "s3:GetObject"}, True, id="aws star"),
        pytest.param({"Principal": {"AWS": ["*"]}, "Action": "s3:*"}, True, id="aws star list"),
        pytest.param(
            {"NotPrincipal": {"AWS": f"arn:aws:iam::{OWN}:root"}, "Action": "*"}, True, id="all but one"
        ),
        pytest.param(
            {"Principal": {"AWS": f"arn:aws:iam::{PARTNER}:root"}, "Action": "*"}, False, id="account"
        ),
        pytest.param(
            {"Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "*"}, False, id="service"
        ),
        pytest.param(condition("IpAddress", "aws:SourceIp", "192.0.2.0/24"), False, id="network"),
        pytest.param(condition("IpAddress", "aws:SourceIp", "0.0.0.0/0"), True, id="every network"),
        pytest.param(condition("IpAddress", "aws:SourceIp", ["192.0.2.0/24", "0.0.0.0/1"]), True, id="half"),
        pytest.param(condition("NotIpAddress", "aws:SourceIp", "192.0.2.0/24"), True, id="all but a network"),
        pytest.param(condition("StringEquals", "aws:PrincipalOrgID", "o-example"), False, id="organisation"),
        pytest.param(
            condition("StringEqualsIfExists", "aws:PrincipalOrgID", "o-example"), True, id="if exists"
        ),
        pytest.param(condition("StringLike", "aws:PrincipalArn", "*"), True, id="any principal"),
        pytest.param(condition("StringEquals", "aws:sourceVpce", "vpce-1a2b"), False, id="endpoint"),
        pytest.param(condition("Bool", "aws:SecureTransport", "true"), True, id="tls only"),
        pytest.param(condition("StringLike", "aws:Referer", "https://www.example.org/*"), True, id="referer"),
    ],
)
def test_public(statement: dict[str, Any], public: bool) -> None:
    assert policy(statement).public is public
    assert policy(statement).lets_anybody(READ) is public


def test_read_and_write_are_told_apart() -> None:
    assert policy({"Principal": "*", "Action": "s3:Get*"}).lets_anybody(READ) is True
    assert policy({"Principal": "*", "Action": "s3:Get*"}).lets_anybody(WRITE) is False
    assert policy({"Principal": "*", "Action": "s3:PutObject"}).lets_anybody(READ) is False
    assert policy({"Principal": "*", "Action": "S3:putobject"}).lets_anybody(WRITE) is True
    assert policy({"Principal": "*", "Action": "s3:List?ucket"}).lets_anybody(READ) is True
    everything_else = {"Principal": "*", "NotAction": ["s3:Put*", "s3:Delete*"]}
    assert policy(everything_else).lets_anybody(READ) is True
    assert policy(everything_else).lets_anybody(WRITE) is False


def test_a_denial_takes_back() -> None:
    allow = {"Principal": "*", "Action": "s3:GetObject"}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*"}
    assert policy(allow, {**deny, "Resource": "*"}).lets_anybody(READ) is False
    # A denial of some objects, or outside a network, leaves an answer we do not work out.
    assert policy(allow, {**deny, "Resource": "arn:aws:s3:::b/x/*"}).lets_anybody(READ) is None
    elsewhere = {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    assert policy(allow, {**deny, "Condition": elsewhere}).lets_anybody(READ) is None
    # The usual "no plain HTTP" takes nothing back from anybody with TLS.
    http = {"Bool": {"aws:SecureTransport": "false"}}
    assert policy(allow, {**deny, "Condition": http}).lets_anybody(READ) is True


@pytest.mark.parametrize(
    ("change", "enforced"),
    [
        pytest.param({}, True, id="whole"),
        pytest.param({"Resource": "*"}, True, id="every resource"),
        pytest.param({"Condition": {"Bool": {"aws:SecureTransport": False}}}, True, id="bare boolean"),
        pytest.param({"Principal": {"AWS": "*"}}, True, id="aws star"),
        pytest.param({"Action": "s3:GetObject"}, False, id="only reads"),
        pytest.param({"Resource": "arn:aws:s3:::b"}, False, id="only the bucket itself"),
        pytest.param({"Principal": {"AWS": f"arn:aws:iam::{PARTNER}:root"}}, False, id="only one account"),
        pytest.param(
            {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False, id="the wrong way round"
        ),
        pytest.param(
            {
                "Condition": {
                    "Bool": {"aws:SecureTransport": "false"},
                    "IpAddress": {"aws:SourceIp": "192.0.2.0/24"},
                }
            },
            False,
            id="only from a network",
        ),
        pytest.param({"Effect": "Allow"}, False, id="allowed"),
    ],
)
def test_tls_only(change: dict[str, Any], enforced: bool) -> None:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        **change,
    }
    answer, reason = policy(statement).tls_only("arn:aws:s3:::b")
    assert answer is enforced
    assert bool(reason) is not enforced


def test_lowest_tls_version() -> None:
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Condition": {"NumericLessThan": {"s3:TlsVersion": 1.2}},
    }
    assert policy(deny).min_tls() == "1.2"
    assert policy({**deny, "Effect": "Allow"}).min_tls() is None


def test_outside_accounts() -> None:
    found = policy(
        {
            "Principal": {"AWS": [f"arn:aws:iam::{PARTNER}:role/reader", OWN, "444455556666"]},
            "Action": "s3:*",
        },
        {"Principal": {"CanonicalUser": "79a5"}, "Action": "s3:*"},
        {"Effect": "Deny", "Principal": {"AWS": "999999999999"}, "Action": "s3:*"},
        condition("StringEquals", "aws:PrincipalOrgID", "o-example"),
        {"Principal": {"AWS": "AIDAEXAMPLEDELETED"}, "Action": "s3:*"},
    ).outside_accounts(OWN)
    assert found == (PARTNER, "444455556666", "canonical:79a5", "o-example")


@pytest.mark.parametrize("text", ["", "<ListBucketResult/>", "[]", "{}", '{"Statement": ["x"]}'])
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the policy") as caught:
        Policy.parse(text)
    assert "ListBucketResult" not in str(caught.value)


def test_a_single_statement_needs_no_list() -> None:
    text = json.dumps({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}})
    assert Policy.parse(text).public
