"""Blocks on public access that are set once for an account or a project, and cover the buckets in it.

AWS applies the stricter of the account's and the bucket's settings, each by itself (S3 User Guide, "Blocking
public access to your Amazon S3 storage"). A Google bucket with `inherited` takes what the organisation policy
`storage.publicAccessPrevention` of its project says (Cloud Storage, "Public access prevention").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.checks import DOUBT, YES, Check, Fact, View, either, every, flag, is_, truth
from scanner.declared.terraform.values import address_of
from scanner.model import Basis

_BY_REGION = ("alias", "region", "default_tags", "ignore_tags", "endpoints", "version")
"""What two configurations of one account may differ in."""
_CONSTRAINT = "storage.publicAccessPrevention"


def accounts(view: View) -> list[View]:
    """The account's own block, where the bucket is made with the same credentials."""
    return [
        View(one, view.estate)
        for one in view.estate.by_type.get("aws_s3_account_public_access_block", ())
        if one.attributes.get("account_id") is None
        and _credentials(one.provider) == _credentials(view.resource.provider)
    ]


def _credentials(provider: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in provider.items() if name not in _BY_REGION}


def with_account(own: Check, each: Mapping[str, Check]) -> Check:
    """The bucket's own block, or what it and the account's come to; never less than the bucket's own.

    `each`: by setting, how a bucket says it.
    """

    def check(view: View) -> Fact | None:
        fact = own(view)
        above = accounts(view)
        if not above or (fact is not None and fact.state is YES):
            return fact
        settings = [either(said, *(_of(one, flag(name)) for one in above)) for name, said in each.items()]
        both = every(*settings)(view)
        return both if both is not None and both.state in (YES, DOUBT) else fact

    return check


def _of(other: View, check: Check) -> Check:
    return lambda _: check(other)


def prevented(view: View) -> Fact | None:
    """`public_access_prevention` of the bucket, or the policy of its project where it inherits."""
    stated = view.get("public_access_prevention")
    if isinstance(stated, Unknown) or is_("public_access_prevention", "enforced")(view):
        return None
    project = view.get("project") or view.resource.provider.get("project")
    for one in _policies(view):
        same = one.get("project") or _parent(one)
        if project is not None and same is not None and _project(project) == _project(same):
            return Fact(YES, Basis.EXPLICIT, "", None, "the project's policy enforces it", one.resource)
    return None


def _policies(view: View) -> Iterator[View]:
    """Policies that enforce the constraint without conditions."""
    for one in view.estate.by_type.get("google_project_organization_policy", ()):
        policy = View(one, view.estate)
        if str(policy.get("constraint")).endswith(_CONSTRAINT) and truth(
            policy.get("boolean_policy.enforced")
        ):
            yield policy
    for one in view.estate.by_type.get("google_org_policy_policy", ()):
        policy = View(one, view.estate)
        rules = policy.blocks("spec.rules")
        if len(rules) != 1 or not isinstance(rules[0], Mapping) or rules[0].get("condition") is not None:
            continue
        if str(policy.get("name")).endswith(f"policies/{_CONSTRAINT}") and truth(rules[0].get("enforce")):
            yield policy


def _parent(policy: View) -> Any:
    parent = policy.get("parent")
    return parent if isinstance(parent, str) and parent.startswith("projects/") else None


def _project(value: Any) -> str:
    """A project's id, or the resource that makes it."""
    return address_of(value) or str(value).removeprefix("projects/")
