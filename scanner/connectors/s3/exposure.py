"""Who can reach a bucket: block settings, policy, ACL and ownership taken together.

AWS applies the most restrictive combination of the account's and the bucket's block settings
(S3 User Guide, "Blocking public access to your Amazon S3 storage"): IgnorePublicAcls makes
public ACLs void, RestrictPublicBuckets makes public policies void; the two Block… settings
only refuse new ones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from scanner.connectors.s3 import calls
from scanner.connectors.s3.calls import Answer, Call, Status
from scanner.connectors.s3.policy import READ, WRITE, Policy
from scanner.model import Basis, Evidence, State

FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
_AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
_ACL_READ = ("READ", "FULL_CONTROL", "WRITE_ACP")
_ACL_WRITE = ("WRITE", "FULL_CONTROL", "WRITE_ACP")


def _and(*parts: bool | None) -> bool | None:
    return False if False in parts else None if None in parts else True


def _or(*parts: bool | None) -> bool | None:
    return True if True in parts else None if None in parts else False


def _not(part: bool | None) -> bool | None:
    return None if part is None else not part


def flags(answer: Answer) -> dict[str, bool | None]:
    """The four settings; None where they could not be seen. A server without them blocks nothing."""
    if answer.status is Status.SET:
        settings = answer.data.get("PublicAccessBlockConfiguration", {})
        return {flag: bool(settings.get(flag, False)) for flag in FLAGS}
    nothing = answer.status in (Status.UNSET, Status.UNSUPPORTED)
    return dict.fromkeys(FLAGS, False if nothing else None)


def account_block(subject_id: str, answer: Answer) -> Evidence:
    """`public_access_blocked` of a whole account."""
    return _block_evidence(subject_id, flags(answer), (answer,))


def _block_evidence(
    subject_id: str, settings: Mapping[str, bool | None], answers: tuple[Answer, ...]
) -> Evidence:
    name, source = "public_access_blocked", " + ".join(answer.source for answer in answers)
    unseen = next((a for a in answers if a.status in (Status.DENIED, Status.FAILED)), None)
    if all(answer.status is Status.UNSUPPORTED for answer in answers):
        return answers[0].unknown(subject_id, name)
    explicit = any(answer.status is Status.SET for answer in answers)
    basis = Basis.EXPLICIT if explicit else Basis.PROVIDER_DEFAULT
    if all(settings.values()):
        return Evidence(subject_id, name, State.PRESENT, basis, source)
    if unseen is not None:
        return unseen.unknown(subject_id, name)
    off = [flag for flag in FLAGS if not settings[flag]]
    reason = "no block is set" if len(off) == len(FLAGS) else f"only partly on; off: {', '.join(off)}"
    return Evidence(subject_id, name, State.ABSENT, basis, source, reason=reason)


@dataclasses.dataclass(frozen=True, slots=True)
class Exposed:
    """The answers that decide who gets in."""

    store_id: str
    bucket: str
    answers: Mapping[Call, Answer]
    account: Answer
    """The account's own block settings."""
    own: str | None
    """The account's id."""
    aws: bool
    encrypted: bool
    """Whether this scan's own connection used TLS."""

    def evidence(self) -> Iterator[Evidence]:
        yield _block_evidence(self.store_id, self._blocked(), self._block_answers())
        yield self._policy_not_public()
        yield self._acl_not_public()
        yield self._uniform()
        yield self._anonymous("anonymous_read_blocked", READ, _ACL_READ, single_objects=True)
        yield self._anonymous("anonymous_write_blocked", WRITE, _ACL_WRITE, single_objects=False)
        yield self._external_accounts()
        yield from self._tls()

    # --- pieces -------------------------------------------------------------------

    def _block_answers(self) -> tuple[Answer, ...]:
        bucket = self.answers[calls.BLOCK]
        return (bucket, self.account) if self.aws else (bucket,)

    def _blocked(self) -> dict[str, bool | None]:
        each = [flags(answer) for answer in self._block_answers()]
        return {flag: _or(*(one[flag] for one in each)) for flag in FLAGS}

    def _policy(self) -> Policy | None:
        """The bucket's policy; None where there is none or it cannot be had (see `_policy_answer`)."""
        answer = self._policy_answer()
        return Policy.parse(answer.data["Policy"]) if answer.status is Status.SET else None

    def _policy_answer(self) -> Answer:
        answer = self.answers[calls.POLICY]
        if answer.status is not Status.SET:
            return answer
        try:
            Policy.parse(str(answer.data.get("Policy", "")))
        except ValueError:
            # Some S3 look-alikes answer unknown calls with something else and status 200.
            return Answer(answer.source, Status.UNSUPPORTED)
        return answer

    def _is_public_policy(self) -> tuple[bool | None, Answer]:
        """Whether the policy is public, and the answer that says so (or says why not known)."""
        status, read = self.answers[calls.POLICY_STATUS], self._policy_answer()
        policy = self._policy()
        if status.status is Status.SET and "PolicyStatus" in status.data:
            stated = bool(status.data["PolicyStatus"].get("IsPublic", False))
            # AWS's own word decides there; other servers' may be cruder than our reading.
            if not self.aws and policy is not None and policy.public:
                return True, read
            return stated, status
        if read.status is Status.UNSET or status.status is Status.UNSET:
            return False, read if read.status is Status.UNSET else status
        if policy is not None:
            return policy.public, read
        return None, read if read.status is not Status.SET else status

    def _policy_lets_anybody(self, actions: tuple[str, ...]) -> bool | None:
        public, _ = self._is_public_policy()
        policy = self._policy()
        if public is False:
            return False
        if policy is None:
            # Public, they say, but whether to read or to write cannot be told.
            return None
        return policy.lets_anybody(actions)

    def _grants(self, groups: tuple[str, ...]) -> set[str] | None:
        """Permissions that the bucket's ACL gives to `groups`; None where it cannot be seen."""
        answer = self.answers[calls.ACL]
        if answer.status is Status.UNSUPPORTED or not self._acl_real(answer):
            return None
        return {
            str(grant.get("Permission"))
            for grant in answer.data.get("Grants", ())
            if grant.get("Grantee", {}).get("URI") in groups
        }

    @staticmethod
    def _acl_real(answer: Answer) -> bool:
        return answer.status is Status.SET and ("Owner" in answer.data or "Grants" in answer.data)

    def _acls_off(self) -> bool | None:
        """Whether ACLs are switched off for the bucket."""
        answer = self.answers[calls.OWNERSHIP]
        if answer.status is Status.SET:
            rules = answer.data.get("OwnershipControls", {}).get("Rules", ())
            return any(rule.get("ObjectOwnership") == "BucketOwnerEnforced" for rule in rules)
        if answer.status is Status.UNSET and self.aws:
            return False
        if not self.aws and self.answers[calls.ACL].status is Status.UNSUPPORTED:
            return True  # a server without ACLs
        return None

    # --- safeguards ---------------------------------------------------------------

    def _policy_not_public(self) -> Evidence:
        public, answer = self._is_public_policy()
        if public is None:
            return answer.unknown(self.store_id, "policy_not_public")
        reason = "the policy lets anybody in" if public else ""
        if answer.status is Status.UNSET:
            reason = "there is no policy"
        state = State.ABSENT if public else State.PRESENT
        return Evidence(
            self.store_id, "policy_not_public", state, Basis.EXPLICIT, answer.source, reason=reason
        )

    def _acl_not_public(self) -> Evidence:
        answer, name = self.answers[calls.ACL], "acl_not_public"
        everyone, members = self._grants((_ALL_USERS,)), self._grants((_AUTHENTICATED,))
        if everyone is None or members is None:
            if answer.status is Status.SET:
                answer = Answer(answer.source, Status.UNSUPPORTED)
            return answer.unknown(self.store_id, name)
        if everyone:
            reason = f"the ACL gives everybody: {', '.join(sorted(everyone))}"
        elif members:
            reason = f"the ACL gives anybody with any AWS account: {', '.join(sorted(members))}"
        else:
            return Evidence(self.store_id, name, State.PRESENT, Basis.EXPLICIT, answer.source)
        return Evidence(self.store_id, name, State.ABSENT, Basis.EXPLICIT, answer.source, reason=reason)

    def _uniform(self) -> Evidence:
        answer, name = self.answers[calls.OWNERSHIP], "uniform_access_control"
        if answer.status is Status.SET:
            state = State.PRESENT if self._acls_off() else State.ABSENT
            reason = "" if state is State.PRESENT else "ACLs are on"
            return Evidence(self.store_id, name, state, Basis.EXPLICIT, answer.source, reason=reason)
        if answer.status is Status.UNSET:
            if self.aws:
                reason = "nothing is set: ACLs are on for buckets without ownership controls"
                return Evidence(
                    self.store_id, name, State.ABSENT, Basis.PROVIDER_DEFAULT, answer.source, reason=reason
                )
            reason = "nothing is set, and what this server then does is not known"
            return Evidence(
                self.store_id, name, State.UNKNOWN, Basis.NOT_OBSERVABLE, answer.source, reason=reason
            )
        return answer.unknown(self.store_id, name)

    def _anonymous(
        self, name: str, actions: tuple[str, ...], permissions: tuple[str, ...], *, single_objects: bool
    ) -> Evidence:
        blocked = self._blocked()
        acls_work = _and(_not(blocked["IgnorePublicAcls"]), _not(self._acls_off()))
        grants = self._grants((_ALL_USERS,))
        granted = None if grants is None else any(p in grants for p in permissions)
        by_acl = _and(granted, acls_work)
        by_policy = _and(self._policy_lets_anybody(actions), _not(blocked["RestrictPublicBuckets"]))
        # An ACL of a single object can open that object alone; reading them all costs a call each.
        by_object = _and(None, acls_work) if single_objects else False
        source = " + ".join(
            dict.fromkeys(
                (
                    *(answer.source for answer in self._block_answers()),
                    self._is_public_policy()[1].source,
                    calls.ACL.source,
                    calls.OWNERSHIP.source,
                )
            )
        )
        open_to_all = _or(by_acl, by_policy, by_object)
        if open_to_all is None:
            basis, reason = self._why_unknown(by_acl, by_policy)
            return Evidence(self.store_id, name, State.UNKNOWN, basis, source, reason=reason)
        if open_to_all:
            ways = [way for way, is_open in (("the policy", by_policy), ("the ACL", by_acl)) if is_open]
            reason = f"open through {' and '.join(ways)}; no block setting prevents it"
            return Evidence(self.store_id, name, State.ABSENT, Basis.EXPLICIT, source, reason=reason)
        return Evidence(self.store_id, name, State.PRESENT, Basis.EXPLICIT, source)

    def _why_unknown(self, by_acl: bool | None, by_policy: bool | None) -> tuple[Basis, str]:
        """Basis and reason, from the answers that would have decided."""
        involved = [*self._block_answers(), self.answers[calls.OWNERSHIP]]
        if by_acl is None:
            involved.append(self.answers[calls.ACL])
        if by_policy is None:
            involved += [self.answers[calls.POLICY], self.answers[calls.POLICY_STATUS]]
        for status, basis in ((Status.DENIED, Basis.DENIED), (Status.FAILED, Basis.FAILED)):
            unseen = [answer for answer in involved if answer.status is status]
            if unseen:
                names = ", ".join(answer.source for answer in unseen)
                return basis, f"not all settings that decide could be seen: {names}"
        if by_policy is None and self._policy() is not None:
            return Basis.NOT_OBSERVABLE, "the policy lets anybody in and takes some of it back on conditions"
        return (
            Basis.NOT_OBSERVABLE,
            "ACLs are on and not blocked, so single objects may be open by their own ACLs, which are not read",
        )

    def _external_accounts(self) -> Evidence:
        name, answer = "external_accounts", self._policy_answer()
        if self.own is None:
            reason = "which account is our own could not be found out"
            return Evidence(
                self.store_id,
                name,
                State.UNKNOWN,
                Basis.NOT_OBSERVABLE,
                "sts:GetCallerIdentity",
                reason=reason,
            )
        policy = self._policy()
        if policy is None and answer.status is not Status.UNSET:
            return answer.unknown(self.store_id, name)
        found = set(policy.outside_accounts(self.own)) if policy is not None else set()
        source = answer.source
        acl = self.answers[calls.ACL]
        if self._acl_real(acl) and self._acls_off() is not True:
            source += f" + {acl.source}"
            owner = acl.data.get("Owner", {}).get("ID")
            found.update(
                f"canonical:{grant['Grantee']['ID']}"
                for grant in acl.data.get("Grants", ())
                if grant.get("Grantee", {}).get("Type") == "CanonicalUser"
                and grant["Grantee"].get("ID") not in (None, owner)
            )
        return Evidence(
            self.store_id, name, State.PRESENT, Basis.EXPLICIT, source, value=tuple(sorted(found))
        )

    def _tls(self) -> Iterator[Evidence]:
        answer, policy = self._policy_answer(), self._policy()
        in_use = State.PRESENT if self.encrypted else State.ABSENT
        yield Evidence(self.store_id, "tls_in_use", in_use, Basis.EXPLICIT, "endpoint_url")
        yield self._tls_enforced(answer, policy)
        least = policy.min_tls() if policy is not None else None
        if least is not None:
            yield Evidence(
                self.store_id, "min_tls_version", State.PRESENT, Basis.EXPLICIT, answer.source, value=least
            )
        elif self.aws:
            # "TLS 1.2 to become the minimum TLS protocol level for all AWS API endpoints", AWS
            # Security Blog; complete since February 2024.
            yield Evidence(
                self.store_id,
                "min_tls_version",
                State.PRESENT,
                Basis.PROVIDER_DEFAULT,
                "AWS API endpoints",
                value="1.2",
                reason="AWS endpoints refuse TLS below 1.2 since February 2024",
            )
        else:
            yield Evidence(
                self.store_id,
                "min_tls_version",
                State.UNKNOWN,
                Basis.NOT_OBSERVABLE,
                answer.source,
                reason="the policy names no TLS version, and the server's own setting cannot be seen",
            )

    def _tls_enforced(self, answer: Answer, policy: Policy | None) -> Evidence:
        name = "tls_enforced"
        if not self.encrypted and not self.aws:
            reason = "this scan itself came in by plain HTTP"
            return Evidence(self.store_id, name, State.ABSENT, Basis.EXPLICIT, "endpoint_url", reason=reason)
        if policy is None and answer.status is not Status.UNSET:
            return answer.unknown(self.store_id, name)
        enforced, reason = False, "there is no policy, and S3 accepts plain HTTP without one"
        if policy is not None:
            enforced, reason = policy.tls_only(f"arn:aws:s3:::{self.bucket}")
        if not enforced and not self.aws:
            reason = f"{reason}; whether the server itself refuses it cannot be seen"
            return Evidence(
                self.store_id, name, State.UNKNOWN, Basis.NOT_OBSERVABLE, answer.source, reason=reason
            )
        state = State.PRESENT if enforced else State.ABSENT
        return Evidence(self.store_id, name, state, Basis.EXPLICIT, answer.source, reason=reason)
