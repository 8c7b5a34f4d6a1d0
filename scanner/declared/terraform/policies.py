"""Resource policies in AWS's JSON language: who is let in, and what is refused.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.common.aws_policy import Policy, Statement
from scanner.declared.model import Unknown
from scanner.declared.terraform.checks import NO, YES, Check, Fact, View, doubt
from scanner.declared.terraform.decode import decoded
from scanner.declared.terraform.values import MARK_START, marked, readable
from scanner.model import Basis, State

# A condition on one of these narrows "everybody" to somebody. An address range (aws:SourceIp) is no
# login: whoever is in that network gets in without an account.
_NARROWING = ("sourcearn", "sourceaccount", "sourceowner", "principalorgid", "principalorgpaths", "principalarn",
              "principalaccount", "sourcevpc", "sourcevpce", "vpceaccount", "vpceorgid", "vpceorgpaths", "viaawsservice",
              "calleraccount", "userid", "principaltag", "sourceorgid", "username", "referer", "viaservice",
              "accesspointnetworkorigin", "dataaccesspointaccount", "principaltype", "principalisawsservice",
              "accessedviamounttarget")  # fmt: skip


def parsed(document: Any) -> Policy | None:
    """The document with `${…}` for what is not known; None if it is no policy."""
    try:
        return Policy.of(_plain(document))
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return "${unknown}"
    if isinstance(value, str):
        return readable(value).replace("…", "${unknown}") if marked(value) else value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def items(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def policy(path: str, judge: Any, none: State | None = None) -> Check:
    """A check over the policy at a path; `judge(document)` is True where the safeguard holds."""

    def check(view: View) -> Fact | None:
        value = view.get(path)
        if value in (None, ""):
            return (
                None
                if none is None
                else Fact(none, Basis.PROVIDER_DEFAULT, path, None, "no policy", view.resource)
            )
        document = decoded(value)
        if isinstance(document, Unknown):
            return doubt(view, path, document)
        good = judge(document)
        if good is None or (_hidden(document) and good is not (judge is tls_only)):
            return doubt(view, path, "policy made of parts that are not known")
        return Fact(YES if good else NO, Basis.EXPLICIT, path, None, "", view.resource)

    return check


def _hidden(document: Any) -> bool:
    """Whether a part that could decide is not known: a statement, an effect, who is meant."""
    if not isinstance(document, Mapping):
        return True
    for one in items(document.get("Statement")):
        if not isinstance(one, Mapping) or any(isinstance(v, Unknown) for v in one.values()):
            return True
        principal = one.get("Principal")
        named = list(principal.values()) if isinstance(principal, Mapping) else [principal]
        texts = [name for group in named for name in items(group)] + [one.get("Effect")]
        # A reference names one principal, whichever; only a value without a source could be "*".
        if any(marked(text) and not str(text).startswith(f"{MARK_START}ref:") and str(text)[0] == MARK_START
               for text in texts):  # fmt: skip
            return True
    return False


def _narrowed(statement: Statement) -> bool:
    """Whether a condition makes somebody of everybody."""
    for operator, key, values in statement.conditions:
        if operator.startswith("forallvalues"):
            continue  # true as well where the request has no such value
        name = key.rpartition(":")[2].partition("/")[0]
        if name in _NARROWING and not all(
            v == "*" or v.startswith("arn:aws:iam::*") for v in values or ("-",)
        ):
            return True
    return False


def not_public(document: Any) -> bool | None:
    found = parsed(document)
    if found is None:
        return None
    return not any(s.allow and s.everybody and not _narrowed(s) for s in found.statements)


def not_writable(document: Any) -> bool | None:
    """No statement lets everybody change or delete something."""
    found = parsed(document)
    if found is None:
        return None
    return not any(
        s.allow and s.everybody and not _narrowed(s) and (s.not_actions or any(map(_writes, s.actions)))
        for s in found.statements
    )


def _writes(action: str) -> bool:
    name = action.rpartition(":")[2]
    return name.startswith(("*", "put", "delete", "restore", "abort", "replicate", "bypass"))


def signed_in(document: Any) -> bool | None:
    """Nobody is let in without an identity, whatever the conditions are."""
    found = parsed(document)
    return None if found is None else not any(s.allow and s.everybody for s in found.statements)


def not_wildcard_actions(document: Any) -> bool | None:
    found = parsed(document)
    if found is None:
        return None
    return not any(s.allow and any(a == "*" or a.endswith(":*") for a in s.actions) for s in found.statements)


def no_lockout(document: Any) -> bool | None:
    """No statement denies everything to everybody, which would leave the root user alone."""
    found = parsed(document)
    if found is None:
        return None
    return not any(
        not s.allow and s.everybody and not s.conditions and any(a in ("*", "s3:*") for a in s.actions)
        for s in found.statements
    )


def tls_only(document: Any) -> bool | None:
    """Requests without TLS are refused to everybody, or only those with TLS are allowed."""
    found = parsed(document)
    if found is None:
        return None
    for s in found.statements:
        wanted = "true" if s.allow else "false"
        tls = any(
            operator.startswith("bool") and key == "aws:securetransport" and values[:1] == (wanted,)
            for operator, key, values in s.conditions
        )
        if tls and (s.allow or s.everybody) and any(map(_all_traffic, s.actions)):
            return True
    return None if any(marked(str(one.get("Effect"))) for one in items(document.get("Statement"))) else False


def _all_traffic(action: str) -> bool:
    """Every action of a service, or reading objects of S3; other services have few actions that carry data."""
    return action == "*" or action.endswith(":*") or "getobject" in action or not action.startswith("s3:")
