"""Everything else a bucket's settings say: keys, versions, logs, retention, place, tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.common.names import reduce_place
from scanner.common.tags import tag_evidence
from scanner.connectors.s3 import calls
from scanner.connectors.s3.calls import Answer, Call, Status
from scanner.model import Basis, Evidence, Place, State, Store


def _yes(store: Store, name: str, answer: Answer, **more: Any) -> Evidence:
    return Evidence(store.id, name, State.PRESENT, Basis.EXPLICIT, answer.source, **more)


def _no(store: Store, name: str, answer: Answer, reason: str) -> Evidence:
    return Evidence(store.id, name, State.ABSENT, Basis.EXPLICIT, answer.source, reason=reason)


def posture(store: Store, answers: Mapping[Call, Answer], *, aws: bool) -> Iterator[Evidence]:
    """Evidence that needs no further call. Keys and replicas are in `connector`, which asks on."""
    yield _encryption(store, answers[calls.ENCRYPTION], aws)
    yield from _versioning(store, answers[calls.VERSIONING])
    yield _lock(store, answers[calls.LOCK])
    yield _logging(store, answers[calls.LOGGING])
    yield from _lifecycle(store, answers[calls.LIFECYCLE], answers[calls.VERSIONING])
    yield _website(store, answers[calls.WEBSITE])
    yield _cors(store, answers[calls.CORS])
    yield _region(store, aws)
    yield from _tags(store, answers[calls.TAGGING])


def default_encryption(answer: Answer) -> Mapping[str, Any] | None:
    """`SSEAlgorithm` and `KMSMasterKeyID` of the bucket, or None where nothing is set."""
    rules = answer.data.get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
    for rule in rules:
        applied: Mapping[str, Any] = rule.get("ApplyServerSideEncryptionByDefault", {})
        if applied.get("SSEAlgorithm"):
            return applied
    return None


def _encryption(store: Store, answer: Answer, aws: bool) -> Evidence:
    name = "encryption_at_rest"
    if not answer.known:
        return answer.unknown(store.id, name)
    applied = default_encryption(answer)
    if applied is not None:
        return _yes(store, name, answer, reason=f"encrypted with {applied['SSEAlgorithm']}")
    if aws:
        # S3 User Guide, "Amazon S3 now automatically encrypts all new objects": 5 January 2023.
        reason = "nothing is set; S3 encrypts every object written since January 2023"
        return Evidence(store.id, name, State.PRESENT, Basis.PROVIDER_DEFAULT, answer.source, reason=reason)
    reason = "the bucket sets none, and whether the server encrypts its disks cannot be seen"
    return Evidence(store.id, name, State.UNKNOWN, Basis.NOT_OBSERVABLE, answer.source, reason=reason)


def _versioning(store: Store, answer: Answer) -> Iterator[Evidence]:
    if not answer.known:
        yield answer.unknown(store.id, "versioning")
        yield answer.unknown(store.id, "mfa_delete")
        return
    status = answer.data.get("Status")
    if status == "Enabled":
        yield _yes(store, "versioning", answer)
    else:
        reason = "suspended" if status == "Suspended" else "never switched on"
        yield _no(store, "versioning", answer, reason)
    if answer.data.get("MFADelete") == "Enabled":
        yield _yes(store, "mfa_delete", answer)
    else:
        yield _no(store, "mfa_delete", answer, "versions can be deleted without a second factor")


def _lock(store: Store, answer: Answer) -> Evidence:
    name = "object_lock"
    if not answer.known:
        return answer.unknown(store.id, name)
    configuration = answer.data.get("ObjectLockConfiguration", {})
    if configuration.get("ObjectLockEnabled") != "Enabled":
        return _no(store, name, answer, "not switched on")
    if "Rule" not in configuration:
        reason = "on, but without a default period: only objects written with a lock of their own are held"
        return _yes(store, name, answer, reason=reason)
    return _yes(store, name, answer)


def _logging(store: Store, answer: Answer) -> Evidence:
    if not answer.known:
        return answer.unknown(store.id, "access_logging")
    if answer.data.get("LoggingEnabled"):
        return _yes(store, "access_logging", answer)
    reason = "server access logging is off (CloudTrail data events are not looked at)"
    return _no(store, "access_logging", answer, reason)


def _website(store: Store, answer: Answer) -> Evidence:
    name = "static_website_disabled"
    if not answer.known:
        return answer.unknown(store.id, name)
    if answer.status is Status.UNSET or not answer.data:
        return _yes(store, name, answer)
    return _no(store, name, answer, "it is served as a website")


def _cors(store: Store, answer: Answer) -> Evidence:
    name = "cors_restricted"
    if not answer.known:
        return answer.unknown(store.id, name)
    rules = answer.data.get("CORSRules", ())
    if any("*" in rule.get("AllowedOrigins", ()) for rule in rules):
        return _no(store, name, answer, "a rule lets pages of every origin read")
    return _yes(store, name, answer)


def _region(store: Store, aws: bool) -> Evidence:
    source = calls.LOCATION.source
    if store.region:
        return Evidence(store.id, "region", State.PRESENT, Basis.EXPLICIT, source, value=store.region)
    if aws:
        reason, basis = "the bucket's region could not be seen", Basis.DENIED
    else:
        reason, basis = "a private server's region name says nothing of where it stands", Basis.NOT_OBSERVABLE
    return Evidence(store.id, "region", State.UNKNOWN, basis, source, reason=reason)


def tags(answer: Answer) -> dict[str, str] | None:
    """The bucket's tags; None where they could not be read."""
    if not answer.known:
        return None
    return {str(tag["Key"]): str(tag["Value"]) for tag in answer.data.get("TagSet", ())}


def _tags(store: Store, answer: Answer) -> Iterator[Evidence]:
    yield from tag_evidence(store.id, tags(answer), answer.source, basis=answer.basis)


# --- retention --------------------------------------------------------------------


def _lifecycle(store: Store, answer: Answer, versioning: Answer) -> Iterator[Evidence]:
    """Expiry of the whole bucket, and of each prefix that has a rule of its own.

    In a bucket that keeps versions, expiry only hides an object: content goes when old versions
    expire too. Of several rules S3 applies the one that deletes first.
    """
    names = ("lifecycle_expiry", "lifecycle_expiry_days")
    if not answer.known:
        for name in names:
            yield answer.unknown(store.id, name)
        return
    if not versioning.known and any("Expiration" in rule for rule in answer.data.get("Rules", ())):
        for name in names:
            yield versioning.unknown(store.id, name)
        return
    versioned = versioning.data.get("Status") == "Enabled"
    rules = [rule for rule in answer.data.get("Rules", ()) if rule.get("Status") == "Enabled"]
    old = [
        rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in rules
        if _reach(rule) == "" and "NoncurrentDays" in rule.get("NoncurrentVersionExpiration", {})
    ]
    added = min(old) if versioned and old else 0
    whole: int | None = None
    by_place: dict[Place, int] = {}
    dated = False
    for rule in rules:
        expiry, reach = rule.get("Expiration", {}), _reach(rule)
        if reach is None or not ("Days" in expiry or "Date" in expiry):
            continue
        if "Days" not in expiry:
            dated = dated or reach == ""
            continue
        days = int(expiry["Days"]) + added
        if reach == "":
            whole = days if whole is None else min(whole, days)
        else:
            # Two prefixes may reduce to one name: the longer age is then the safe thing to say.
            place = reduce_place(Place((("prefix", reach),)))
            by_place[place] = max(days, by_place.get(place, days))
    if versioned and not old and (whole is not None or dated or by_place):
        reason = "objects expire but their old versions are kept for ever"
        for name in names:
            yield _no(store, name, answer, reason)
        return
    yield from _whole_bucket(store, answer, whole, dated, bool(by_place))
    for place, days in by_place.items():
        yield _yes(store, names[0], answer, place=place)
        yield _yes(store, names[1], answer, place=place, value=days)


def _whole_bucket(
    store: Store, answer: Answer, days: int | None, dated: bool, partly: bool
) -> Iterator[Evidence]:
    if days is not None:
        yield _yes(store, "lifecycle_expiry", answer)
        yield _yes(store, "lifecycle_expiry_days", answer, value=days)
    elif dated:
        yield _yes(store, "lifecycle_expiry", answer, reason="everything expires on a fixed date")
        yield _no(store, "lifecycle_expiry_days", answer, "everything expires on a fixed date, at no set age")
    else:
        reason = "only some prefixes expire" if partly else "no rule deletes content after a set age"
        for name in ("lifecycle_expiry", "lifecycle_expiry_days"):
            yield _no(store, name, answer, reason)


def _reach(rule: Mapping[str, Any]) -> str | None:
    """The prefix a rule covers whole ("" is the bucket); None where tags or sizes narrow it."""
    chosen = rule.get("Filter")
    if chosen is None:
        return str(rule.get("Prefix", ""))
    if "And" in chosen or any(key != "Prefix" for key in chosen):
        return None
    return str(chosen.get("Prefix", ""))
