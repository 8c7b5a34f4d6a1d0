"""What a project's and a bucket's settings mean as evidence. Pure: no calls, no clock.

Names of settings are those of the public JSON API reference. Where a setting is missing from an
answer, the provider's documented default holds and the basis says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.common.stating import Speaker, Unseen, dig
from scanner.common.tags import tag_evidence
from scanner.connectors.gcs.exposure import ORGANISATION, SETTINGS, exposure
from scanner.connectors.gcs.view import HTTPS, PUBLIC, TLS, Answer, BucketView, ProjectView
from scanner.model import Basis, Evidence

AUDIT = "cloudresourcemanager:getIamPolicy.auditConfigs"
DOCUMENTED = "gcp:documented default"

_SECONDS_A_DAY = 24 * 60 * 60
# Predefined dual-regions, from the public list of bucket locations.
_DUAL = {
    "asia1": ("asia-northeast1", "asia-northeast2"),
    "eur4": ("europe-north1", "europe-west4"),
    "nam4": ("us-central1", "us-east1"),
}
_TLS_VERSIONS = (("TLS_VERSION_1", "1.0"), ("TLS_VERSION_1_1", "1.1"), ("TLS_VERSION_1_2", "1.2"))
_BY_BUCKET = (
    "customer_managed_key",
    "versioning",
    "object_lock",
    "soft_delete",
    "soft_delete_days",
    "lifecycle_expiry",
    "lifecycle_expiry_days",
    "region",
    "replica_regions",
    "cors_restricted",
    "static_website_disabled",
    "network_firewall_restricted",
)


def transport_evidence(subject_id: str, endpoint: str) -> Evidence:
    """Whether this scan's own connection is encrypted, by the scheme of the endpoint in use."""
    return Speaker(subject_id).flag("tls_in_use", endpoint.startswith("https://"), "endpoint in use")


def project_evidence(subject_id: str, seen: ProjectView) -> Iterator[Evidence]:
    """Evidence of a project itself."""
    say = Speaker(subject_id)
    source = f"{ORGANISATION}:{PUBLIC}"
    if isinstance(seen.public_prevented, Unseen):
        yield say.unknown("public_access_blocked", seen.public_prevented, source)
    else:
        yield say.flag("public_access_blocked", seen.public_prevented, source)
    yield from _transport(say, seen)
    yield say.flag(
        "trail_enabled", True, DOCUMENTED, "Admin Activity audit logs are always written", default=True
    )


def bucket_evidence(
    subject_id: str,
    bucket: BucketView,
    project: ProjectView,
    project_names: tuple[str, ...],
    own_domains: tuple[str, ...],
) -> Iterator[Evidence]:
    """Evidence of one bucket. `project_names`: `project:ID` and `project:NUMBER` of its own project."""
    say = Speaker(subject_id)
    yield from exposure(say, bucket, project, project_names, own_domains)
    yield from _transport(say, project)
    yield say.flag(
        "encryption_at_rest", True, DOCUMENTED, "Cloud Storage encrypts everything; it cannot be switched off",
        default=True,
    )  # fmt: skip
    yield _logging(say, bucket.settings, project.audit)
    settings = bucket.settings
    if isinstance(settings, Unseen):
        for safeguard in _BY_BUCKET:
            yield say.unknown(safeguard, settings, SETTINGS)
        yield from tag_evidence(subject_id, None, f"{SETTINGS}.labels", basis=settings.basis)
        return
    yield from _protection(say, settings)
    yield from _soft_delete(say, settings)
    yield from _expiry(say, settings)
    yield from _location(say, settings)
    yield from _sharing(say, settings)
    yield from tag_evidence(subject_id, labels(settings), f"{SETTINGS}.labels")


def labels(settings: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(text) for key, text in (settings.get("labels") or {}).items()}


def _transport(say: Speaker, seen: ProjectView) -> Iterator[Evidence]:
    source = f"{ORGANISATION}:{HTTPS}"
    if isinstance(seen.https_only, Unseen):
        yield say.unknown("tls_enforced", seen.https_only, source)
    elif seen.https_only:
        yield say.flag("tls_enforced", True, source)
    else:
        reason = f"the XML API answers plain HTTP unless the organisation enforces {HTTPS}"
        yield say.flag("tls_enforced", False, source, reason, default=True)
    source = f"{ORGANISATION}:{TLS}"
    if isinstance(seen.tls_denied, Unseen):
        yield say.unknown("min_tls_version", seen.tls_denied, source)
        return
    denied = seen.tls_denied
    lowest = next((version for name, version in _TLS_VERSIONS if name not in denied), "1.3")
    reason = "" if denied else f"Google accepts TLS 1.0 unless the organisation sets {TLS}"
    yield say.value("min_tls_version", lowest, source, reason, default=not denied)


def _protection(say: Speaker, settings: Mapping[str, Any]) -> Iterator[Evidence]:
    key = dig(settings, "encryption", "defaultKmsKeyName")
    yield say.flag(
        "customer_managed_key",
        bool(key),
        f"{SETTINGS}.encryption.defaultKmsKeyName",
        "" if key else "encrypted under Google's keys",
        default=not key,
    )
    kept = dig(settings, "versioning", "enabled")
    yield say.flag("versioning", kept is True, f"{SETTINGS}.versioning", default=kept is None)
    yield _lock(say, settings)


def _lock(say: Speaker, settings: Mapping[str, Any]) -> Evidence:
    policy = settings.get("retentionPolicy")
    if isinstance(policy, Mapping):
        if policy.get("isLocked") is True:
            return say.flag("object_lock", True, f"{SETTINGS}.retentionPolicy")
        reason = "the retention policy is not locked: it can be removed"
        if dig(settings, "objectRetention", "mode") != "Enabled":
            return say.flag("object_lock", False, f"{SETTINGS}.retentionPolicy", reason)
    if dig(settings, "objectRetention", "mode") == "Enabled":
        why = Unseen(Basis.NOT_OBSERVABLE, "retention is set object by object here, which is not looked at")
        return say.unknown("object_lock", why, f"{SETTINGS}.objectRetention")
    return say.flag("object_lock", False, f"{SETTINGS}.retentionPolicy", default=True)


def _soft_delete(say: Speaker, settings: Mapping[str, Any]) -> Iterator[Evidence]:
    source = f"{SETTINGS}.softDeletePolicy"
    seconds = dig(settings, "softDeletePolicy", "retentionDurationSeconds")
    if seconds is None:
        # Google's own endpoint always states it.
        why = Unseen(Basis.NOT_OBSERVABLE, "this endpoint does not state a soft delete policy")
        yield say.unknown("soft_delete", why, source)
        yield say.unknown("soft_delete_days", why, source)
        return
    days = int(seconds) // _SECONDS_A_DAY
    yield say.flag("soft_delete", int(seconds) > 0, source)
    yield say.value("soft_delete_days", days, source, present=int(seconds) > 0)


def _expiry(say: Speaker, settings: Mapping[str, Any]) -> Iterator[Evidence]:
    """Rules that delete every object by age, old versions included."""
    source = f"{SETTINGS}.lifecycle"
    versions = dig(settings, "versioning", "enabled") is True
    everything: list[int] = []
    live: list[int] = []
    partly = False
    for rule in dig(settings, "lifecycle", "rule") or ():
        if dig(rule, "action", "type") != "Delete":
            continue
        condition = {
            key: value for key, value in (rule.get("condition") or {}).items() if value not in (None, [])
        }
        age = condition.pop("age", None)
        if age is not None and not condition:
            everything.append(int(age))
        elif age is not None and condition == {"isLive": True}:
            live.append(int(age))
        else:
            partly = True
    whole = everything if versions else everything + live
    if whole:
        yield say.flag("lifecycle_expiry", True, source)
        yield say.value("lifecycle_expiry_days", min(whole), source)
        return
    if live:
        reason = "old versions are kept and no rule deletes all of them by age"
    else:
        reason = "deletion rules cover only some objects" if partly else "no rule deletes by age"
    yield say.flag("lifecycle_expiry", False, source, reason, default=not settings.get("lifecycle"))
    yield say.inapplicable("lifecycle_expiry_days", source, reason)


def _location(say: Speaker, settings: Mapping[str, Any]) -> Iterator[Evidence]:
    source = f"{SETTINGS}.location"
    location = str(settings.get("location") or "").lower()
    if not location:
        why = Unseen(Basis.FAILED, "the answer names no location")
        yield say.unknown("region", why, source)
        yield say.unknown("replica_regions", why, source)
        return
    yield say.value("region", location, source)
    kind = str(settings.get("locationType") or "region")
    placed = tuple(
        str(each).lower() for each in dig(settings, "customPlacementConfig", "dataLocations") or ()
    )
    if kind == "region":
        yield say.value("replica_regions", (), source, "kept in one region only")
    elif kind == "dual-region":
        yield say.value("replica_regions", placed or _DUAL.get(location, (location,)), source)
    else:
        yield say.value("replica_regions", (location,), source, "kept in several regions that Google chooses")


def _sharing(say: Speaker, settings: Mapping[str, Any]) -> Iterator[Evidence]:
    rules = settings.get("cors") or ()
    everyone = any("*" in (rule.get("origin") or ()) for rule in rules)
    yield say.flag(
        "cors_restricted",
        not everyone,
        f"{SETTINGS}.cors",
        "every web origin may read" if everyone else "" if rules else "no cross-origin rule",
        default=not rules,
    )
    website = settings.get("website")
    yield say.flag("static_website_disabled", not website, f"{SETTINGS}.website", default=not website)
    if dig(settings, "ipFilter", "mode") == "Enabled":
        yield say.flag("network_firewall_restricted", True, f"{SETTINGS}.ipFilter")
    else:
        why = "no IP filter on the bucket; VPC Service Controls, which may restrict it, are not looked at"
        yield say.unknown(
            "network_firewall_restricted", Unseen(Basis.NOT_OBSERVABLE, why), f"{SETTINGS}.ipFilter"
        )


def _logging(say: Speaker, settings: Answer, audit: Answer) -> Evidence:
    """Usage logs of the bucket, or Data Access audit logs of its project."""
    source = f"{SETTINGS}.logging"
    if not isinstance(settings, Unseen) and dig(settings, "logging", "logBucket"):
        return say.flag("access_logging", True, source)
    if not isinstance(audit, Unseen) and {"DATA_READ", "DATA_WRITE"} <= _audited(audit):
        return say.flag("access_logging", True, AUDIT)
    for part, place in ((settings, source), (audit, AUDIT)):
        if isinstance(part, Unseen):
            return say.unknown("access_logging", part, place)
    reason = (
        "neither usage logs on the bucket nor Data Access audit logs on its project (folders not looked at)"
    )
    return say.flag("access_logging", False, source, reason, default=True)


def _audited(policy: Mapping[str, Any]) -> set[str]:
    """Kinds of access that are logged for everybody: entries that exempt members do not count."""
    return {
        str(entry.get("logType"))
        for service in policy.get("auditConfigs") or ()
        if service.get("service") in ("allServices", "storage.googleapis.com")
        for entry in service.get("auditLogConfigs") or ()
        if not entry.get("exemptedMembers")
    }
