"""What a resource policy of AWS says, live or declared. Pure; three-valued where conditions decide.

The meaning of "public" follows AWS's own ("The meaning of 'public'", Amazon S3 User Guide,
access-control-block-public-access): a statement that allows everybody is public unless a
condition ties it to fixed values of a key that an outsider cannot choose.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

READ = ("s3:getobject", "s3:getobjectversion", "s3:listbucket", "s3:listbucketversions")
WRITE = (
    "s3:putobject",
    "s3:deleteobject",
    "s3:deleteobjectversion",
    "s3:putobjectacl",
    "s3:putbucketacl",
    "s3:putbucketpolicy",
    "s3:deletebucket",
)

# Keys that an outsider cannot choose (S3 User Guide, "The meaning of 'public'").
_TYING = frozenset(
    "aws:sourceip aws:vpcsourceip aws:sourcearn aws:sourcevpc aws:sourcevpce aws:sourceowner "
    "aws:sourceaccount aws:sourceorgid aws:userid aws:principalorgid aws:principalorgpaths "
    "aws:principalaccount aws:principalarn s3:dataaccesspointaccount s3:dataaccesspointarn".split()
)
_ACCOUNT_KEYS = ("aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "s3:dataaccesspointaccount")
_ORGANISATION_KEYS = ("aws:principalorgid", "aws:sourceorgid")
_ACCOUNT = re.compile(r"(?:arn:[a-z-]+:(?:iam|sts)::)?(\d{12})(?::.*)?")
_EQUAL = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress")


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """One statement, its single values made lists and its words lower case where IAM ignores case."""

    allow: bool
    everybody: bool
    accounts: tuple[str, ...]
    """Account ids and `canonical:` ids named as principals."""
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    """(operator, key, values), operator and key in lower case."""

    def covers(self, action: str) -> bool:
        if self.not_actions:
            return not any(_matches(pattern, action) for pattern in self.not_actions)
        return any(_matches(pattern, action) for pattern in self.actions)

    def reaches(self, resource: str) -> bool:
        if self.not_resources:
            return not any(_matches(pattern, resource) for pattern in self.not_resources)
        if not self.resources:
            return True  # policies of file systems and repositories stand on what they are for
        return any(_matches(pattern, resource) for pattern in self.resources)

    @property
    def tied(self) -> bool:
        """True if some condition ties it to values an outsider cannot choose."""
        return any(_ties(operator, key, values) for operator, key, values in self.conditions)


class Policy:
    """A parsed resource policy (of a bucket, queue, topic, key, repository)."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._statements = tuple(statements)

    @property
    def statements(self) -> tuple[Statement, ...]:
        return self._statements

    @classmethod
    def parse(cls, text: str) -> Policy:
        """Raises ValueError (without quoting the text) if it is no policy document."""
        try:
            document = json.loads(text)
        except ValueError:
            raise ValueError("the policy is no JSON") from None
        return cls.of(document)

    @classmethod
    def of(cls, document: Any) -> Policy:
        """A policy document in plain types. Raises ValueError if it is none."""
        if not isinstance(document, Mapping) or "Statement" not in document:
            raise ValueError("the policy has no statements")
        statements = document["Statement"]
        statements = statements if isinstance(statements, list) else [statements]
        if not all(isinstance(item, Mapping) for item in statements):
            raise ValueError("the policy's statements are no objects")
        return cls(_statement(item) for item in statements)

    def lets_anybody(self, actions: Iterable[str]) -> bool | None:
        """Whether anybody at all may do one of `actions`. None: a conditional Deny may prevent it."""
        answer: bool | None = False
        for action in actions:
            granted = self._anybody(action)
            if granted:
                return True
            if granted is None:
                answer = None
        return answer

    def _anybody(self, action: str) -> bool | None:
        if not any(s.allow and s.everybody and not s.tied and s.covers(action) for s in self._statements):
            return False
        denials = [s for s in self._statements if not s.allow and s.everybody and s.covers(action)]
        if any(not s.conditions and any(r in ("*", "arn:aws:s3:::*") for r in s.resources) for s in denials):
            return False
        # "Deny unless from our network" takes back what the Allow gave; how much is not worked out.
        if any(key in _TYING for s in denials for _, key, _ in s.conditions) or any(
            not s.conditions for s in denials
        ):
            return None
        return True

    @property
    def public(self) -> bool:
        """Whether any statement allows everybody anything (AWS's meaning)."""
        return any(s.allow and s.everybody and not s.tied for s in self._statements)

    @property
    def open_to_everybody(self) -> bool | None:
        """Whether everybody may do anything: as `public`, but None where a conditional Deny may prevent it."""
        actions = {
            action.replace("*", "x").replace("?", "x")
            for s in self._statements
            if s.allow and s.everybody and not s.tied
            for action in s.actions or ("x",)
        }
        return self.lets_anybody(sorted(actions))

    def tls_only(
        self, bucket_arn: str, actions: Iterable[str] = ("s3:getobject", "s3:putobject", "s3:listbucket")
    ) -> tuple[bool, str]:
        """Whether plain HTTP is refused for everybody and everything, and if not, why not."""
        actions = tuple(actions)
        partly = False
        for s in self._statements:
            if s.allow or not s.everybody:
                continue
            plain = [
                values
                for operator, key, values in s.conditions
                if key == "aws:securetransport"
                and operator.removesuffix("ifexists") in ("bool", "stringequals")
            ]
            if not plain or [v.lower() for v in plain[0]] != ["false"]:
                continue
            whole = all(s.covers(action) for action in actions)
            if len(s.conditions) == 1 and whole and s.reaches(f"{bucket_arn}/object"):
                return True, ""
            partly = True
        if partly:
            return False, "the policy refuses plain HTTP only for some requests"
        return False, "no statement of the policy refuses plain HTTP"

    @property
    def tls_wherever_allowed(self) -> bool:
        """Whether every Allow asks for TLS (which refuses nothing that other policies allow)."""
        allows = [s for s in self._statements if s.allow]
        return bool(allows) and all(
            any(
                key == "aws:securetransport"
                and operator == "bool"
                and [v.lower() for v in values] == ["true"]
                for operator, key, values in s.conditions
            )
            for s in allows
        )

    def min_tls(self) -> str | None:
        """The lowest TLS version that a Deny on `s3:TlsVersion` leaves."""
        found = [
            float(values[0])
            for s in self._statements
            if not s.allow and s.everybody and s.covers("s3:getobject") and len(s.conditions) == 1
            for operator, key, values in s.conditions
            if key == "s3:tlsversion" and operator == "numericlessthan" and _is_number(values[0])
        ]
        return f"{max(found):g}" if found else None

    def outside_accounts(self, own: str) -> tuple[str, ...]:
        """Accounts other than `own` that an Allow names, and organisations it is tied to."""
        found: set[str] = set()
        for s in self._statements:
            if not s.allow:
                continue
            found.update(s.accounts)
            if s.everybody:
                for operator, key, values in s.conditions:
                    named = operator.startswith("string") and "not" not in operator
                    if named and key in (*_ACCOUNT_KEYS, *_ORGANISATION_KEYS):
                        found.update(values)
        return tuple(sorted(found - {own}))


def _statement(item: Mapping[str, Any]) -> Statement:
    everybody, accounts = _principals(item)
    condition = item.get("Condition")
    return Statement(
        allow=str(item.get("Effect", "")).lower() == "allow",
        everybody=everybody,
        accounts=accounts,
        actions=tuple(text.lower() for text in _list(item.get("Action"))),
        not_actions=tuple(text.lower() for text in _list(item.get("NotAction"))),
        resources=tuple(_list(item.get("Resource"))),
        not_resources=tuple(_list(item.get("NotResource"))),
        conditions=tuple(
            (str(operator).lower(), str(key).lower(), tuple(_list(values)))
            for operator, keys in (condition.items() if isinstance(condition, Mapping) else ())
            if isinstance(keys, Mapping)
            for key, values in keys.items()
        ),
    )


def _principals(item: Mapping[str, Any]) -> tuple[bool, tuple[str, ...]]:
    if "NotPrincipal" in item:
        # Everybody but a few: an Allow of it is public; a Deny of it is not a denial to everybody.
        return str(item.get("Effect", "")).lower() == "allow", ()
    principal = item.get("Principal")
    if principal == "*" or (isinstance(principal, list) and "*" in principal):
        return True, ()
    if not isinstance(principal, Mapping):
        return False, ()
    named = _list(principal.get("AWS"))
    # In a resource policy {"AWS": "*"} means the same as "*": anonymous callers too.
    everybody = any(name in ("*", "AWS:*") or name.startswith("arn:aws:iam::*") for name in named)
    accounts = {match[1] for text in named if (match := _ACCOUNT.fullmatch(text))}
    accounts.update(f"canonical:{text}" for text in _list(principal.get("CanonicalUser")))
    return everybody, tuple(sorted(accounts))


def _ties(operator: str, key: str, values: tuple[str, ...]) -> bool:
    # "…IfExists" and "ForAllValues:" let a request pass that lacks the key, as anonymous ones do.
    if operator.startswith("foranyvalue:"):
        operator = operator.removeprefix("foranyvalue:")
    if key not in _TYING or operator not in _EQUAL or not values:
        return False
    if key in ("aws:sourceip", "aws:vpcsourceip"):
        return all(_narrow(value) for value in values)
    # A value made of wildcards or variables only is no fixed value.
    return all(re.sub(r"\$\{[^}]*\}|[*?:/]|arn|aws", "", value) for value in values)


def _narrow(text: str) -> bool:
    """Narrower than AWS's own bound for public ranges: /8 (IPv4) and /32 (IPv6)."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= (8 if network.version == 4 else 32)


def _matches(pattern: str, text: str) -> bool:
    regex = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch(regex, text) is not None


def _list(value: Any) -> list[str]:
    if value is None:
        return []
    return [_text(item) for item in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None
