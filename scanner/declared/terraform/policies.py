"""Resource policies in AWS's JSON language: who is let in, and what is refused.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.checks import NO, YES, Check, Fact, View, doubt
from scanner.declared.terraform.decode import decoded
from scanner.declared.terraform.values import MARK_START, marked
from scanner.model import Basis, State

# A condition on one of these narrows "everybody" to somebody. An address range (aws:SourceIp) is no
# login: whoever is in that network gets in without an account.
_NARROWING = ("sourcearn", "sourceaccount", "sourceowner", "principalorgid", "principalorgpaths", "principalarn",
              "principalaccount", "sourcevpc", "sourcevpce", "vpceaccount", "vpceorgid", "vpceorgpaths", "viaawsservice",
              "calleraccount", "userid", "principaltag", "sourceorgid", "username", "referer", "viaservice",
              "accesspointnetworkorigin", "dataaccesspointaccount", "principaltype", "principalisawsservice",
              "accessedviamounttarget")  # fmt: skip


def items(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def statements(document: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(document, Mapping):
        for one in items(document.get("Statement")):
            if isinstance(one, Mapping):
                yield one


def everybody(statement: Mapping[str, Any]) -> bool:
    """Whether the statement's principal is anyone at all."""
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        named = [name for key in ("AWS", "*") for name in items(principal.get(key))]
    else:
        named = items(principal)
    if "NotPrincipal" in statement:
        return str(statement.get("Effect")) == "Allow"
    return any(
        isinstance(n, str) and (n == "*" or n.startswith("arn:aws:iam::*") or n == "AWS:*") for n in named
    )


def narrowed(statement: Mapping[str, Any]) -> bool:
    condition = statement.get("Condition")
    if not isinstance(condition, Mapping):
        return False
    for operator, test in condition.items():
        if str(operator).lower().startswith("forallvalues"):
            continue  # true as well where the request has no such value
        for variable, values in test.items() if isinstance(test, Mapping) else ():
            name = str(variable).lower().rpartition(":")[2].partition("/")[0]
            texts = [v for v in items(values) if isinstance(v, str)]
            if name in _NARROWING and not all(
                v == "*" or v.startswith("arn:aws:iam::*") for v in texts or ["-"]
            ):
                return True
    return False


def allowed(statement: Mapping[str, Any]) -> bool:
    return str(statement.get("Effect", "")).lower() == "allow"


def actions(statement: Mapping[str, Any]) -> list[str]:
    return [str(a).lower() for a in items(statement.get("Action"))]


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


def not_public(document: Any) -> bool | None:
    return not any(allowed(s) and everybody(s) and not narrowed(s) for s in statements(document))


def not_writable(document: Any) -> bool | None:
    """No statement lets everybody change or delete something."""
    return not any(
        allowed(s)
        and everybody(s)
        and not narrowed(s)
        and ("NotAction" in s or any(map(_writes, actions(s))))
        for s in statements(document)
    )


def _writes(action: str) -> bool:
    name = action.rpartition(":")[2]
    return name.startswith(("*", "put", "delete", "restore", "abort", "replicate", "bypass"))


def signed_in(document: Any) -> bool | None:
    """Nobody is let in without an identity, whatever the conditions are."""
    return not any(allowed(s) and everybody(s) for s in statements(document))


def not_wildcard_actions(document: Any) -> bool | None:
    return not any(
        allowed(s) and any(a == "*" or a.endswith(":*") for a in actions(s)) for s in statements(document)
    )


def no_lockout(document: Any) -> bool | None:
    """No statement denies everything to everybody, which would leave the root user alone."""
    for one in statements(document):
        denies = str(one.get("Effect")) == "Deny" and "Condition" not in one
        if denies and everybody(one) and any(a in ("*", "s3:*") for a in actions(one)):
            return False
    return True


def tls_only(document: Any) -> bool | None:
    """Requests without TLS are refused to everybody, or only those with TLS are allowed."""
    for one in statements(document):
        effect = str(one.get("Effect", "")).lower()
        wanted = {"deny": "false", "allow": "true"}.get(effect)
        condition = one.get("Condition")
        if not isinstance(condition, Mapping):
            continue
        for test, variables in condition.items():
            if not str(test).lower().startswith("bool") or not isinstance(variables, Mapping):
                continue
            for variable, values in variables.items():
                if (
                    str(variable).lower() == "aws:securetransport"
                    and str(items(values)[:1][0]).lower() == wanted
                ):
                    if effect == "deny" and not everybody(one):
                        continue
                    if any(
                        a in ("*", "s3:*") or a.endswith(":*") or "getobject" in a or not a.startswith("s3:")
                        for a in actions(one)
                    ):
                        return True
    return None if any(marked(str(s.get("Effect"))) for s in statements(document)) else False
