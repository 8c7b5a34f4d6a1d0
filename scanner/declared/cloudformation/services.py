"""What CloudFormation says of registries, keys, secrets, trails, firewalls and analytics.

Property names and defaults: "AWS resource and property types reference", CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.declared.cloudformation.look import AwsLook, open_policy, plaintext
from scanner.declared.cloudformation.storage import customer_key
from scanner.declared.model import Unknown
from scanner.declared.stating import (
    MISSING,
    Check,
    Default,
    Look,
    Said,
    always,
    chosen,
    flag,
    given,
    refers,
    truth,
    whole,
)


def policy(path: str) -> Check:
    def check(look: Look) -> Iterator[Said]:
        if look.get(path) is MISSING:
            yield look.say("policy_not_public", True, path, "no policy is set", default=True)
        else:
            yield from open_policy(look, path)

    return check


def attached(path: str = "PolicyDocument") -> Check:
    """A policy resource of its own, joined to what it names."""

    def check(look: Look) -> Iterator[Said]:
        yield from open_policy(look, path)

    return check


def wildcard_actions(look: Look) -> Iterator[Said]:
    """`least_privilege_policy`: no statement allows every action of the service."""
    document = look.get("PolicyDocument")
    if isinstance(document, Unknown):
        yield look.unknown("least_privilege_policy", document, "PolicyDocument")
        return
    statements = look.find("Statement", document)
    if isinstance(statements, Unknown):
        yield look.unknown("least_privilege_policy", statements, "PolicyDocument")
        return
    for one in statements if isinstance(statements, list) else [statements]:
        if not isinstance(one, Mapping) or str(one.get("Effect")).lower() != "allow":
            continue
        actions = one.get("Action")
        for action in actions if isinstance(actions, list) else [actions]:
            if isinstance(action, str) and (action == "*" or action.endswith(":*")):
                reason = "a statement allows every action"
                yield look.say("least_privilege_policy", False, "PolicyDocument", reason)
                return
    yield look.say("least_privilege_policy", True, "PolicyDocument")


def _key(look: Look) -> Iterator[Said]:
    spec, usage = str(look.get("KeySpec")).upper(), str(look.get("KeyUsage")).upper()
    rotation = look.get("EnableKeyRotation")
    special = spec.startswith(("RSA", "ECC", "HMAC", "SM2", "ML_")) or usage in (
        "SIGN_VERIFY",
        "GENERATE_VERIFY_MAC",
    )
    if special:
        pass  # only symmetric encryption keys can rotate
    elif isinstance(rotation, Unknown):
        yield look.unknown("key_rotation", rotation, "EnableKeyRotation")
    else:
        yield look.say(
            "key_rotation", truth(rotation) is True, "EnableKeyRotation", default=rotation is MISSING
        )
    window = whole(look.get("PendingWindowInDays"))
    yield look.say(
        "key_deletion_protection",
        window is None or 7 <= window <= 30,
        "PendingWindowInDays",
        default=window is None,
    )
    if look.get("KeyPolicy") is MISSING:
        return
    yield from open_policy(look, "KeyPolicy", "key_policy_restricted")


def _trail(look: Look) -> Iterator[Said]:
    # Both at once make a trail of the whole account: all regions and services without one.
    for path in ("IsMultiRegionTrail", "IncludeGlobalServiceEvents", "IsLogging"):
        value = look.get(path)
        if isinstance(value, Unknown):
            yield look.unknown("trail_enabled", value, path)
            return
        held = truth(value) is True or (value is MISSING and path != "IsMultiRegionTrail")
        if not held:
            reason = "one region only unless set" if value is MISSING else f"{path} is off"
            yield look.say("trail_enabled", False, path, reason, default=value is MISSING)
            return
    yield look.say("trail_enabled", True, "IsMultiRegionTrail")


def _trail_logs(look: Look) -> Iterator[Said]:
    """CloudWatch needs both: the group to write to and the role that may."""
    path = "CloudWatchLogsLogGroupArn"
    values = [look.get(path), look.get("CloudWatchLogsRoleArn")]
    unknown = next((v for v in values if isinstance(v, Unknown) and not refers(v)), None)
    if unknown is not None:
        yield look.unknown("log_export", unknown, path)
    else:
        held = all(v is not MISSING for v in values)
        reason = "" if held else "a log group and a role are both needed"
        yield look.say("log_export", held, path, reason, default=values[0] is MISSING)


def _data_events(look: Look) -> Iterator[Said]:
    selectors = look.get("EventSelectors")
    if isinstance(selectors, Unknown):
        yield look.unknown("data_event_logging", selectors, "EventSelectors")
        return
    found = "AWS::S3::Object" in repr(selectors) or "AWS::S3::Object" in repr(
        look.get("AdvancedEventSelectors")
    )
    yield look.say("data_event_logging", found, "EventSelectors", default=selectors is MISSING)


def _emr_configuration(look: Look) -> Iterator[Said]:
    path = "SecurityConfiguration.EncryptionConfiguration"
    for safeguard, name, settings in (
        ("encryption_at_rest", "EnableAtRestEncryption", "AtRestEncryptionConfiguration"),
        ("tls_enforced", "EnableInTransitEncryption", "InTransitEncryptionConfiguration"),
    ):
        value = look.get(f"{path}.{name}")
        if isinstance(value, Unknown):
            yield look.unknown(safeguard, value, path)
        else:
            detailed = value is MISSING and look.get(f"{path}.{settings}") is not MISSING
            disks = look.get(f"{path}.{settings}.LocalDiskEncryptionConfiguration.EnableEbsEncryption")
            detailed = detailed and truth(disks) is not False
            yield look.say(safeguard, truth(value) is True or detailed, path, default=value is MISSING)


def _emr(look: Look) -> Iterator[Said]:
    subnet = (
        look.get("Instances.Ec2SubnetId") is not MISSING or look.get("Instances.Ec2SubnetIds") is not MISSING
    )
    yield look.say(
        "network_private", subnet, "Instances", "" if subnet else "no subnet is named", default=not subnet
    )
    path = "SecurityConfiguration"
    value = look.get(path)
    if value is MISSING:
        yield look.say("encryption_at_rest", False, path, "no security configuration is named", default=True)
    elif isinstance(value, Unknown) and not refers(value):
        yield look.unknown("encryption_at_rest", value, path)
    else:
        named = look.links(path) if isinstance(look, AwsLook) else []
        if (
            isinstance(look, AwsLook)
            and named
            and look.peers[named[0]].type == "AWS::EMR::SecurityConfiguration"
        ):
            for said in _emr_configuration(look.peers[named[0]]):
                yield (
                    look.say(said.safeguard, said.state.value == "present", path)
                    if said.state.value != "unknown"
                    else said
                )
        else:
            # The configuration stands elsewhere: what it says is not to be seen here.
            yield look.unknown(
                "encryption_at_rest", "the security configuration is not in this template", path
            )


def _glue_data(look: Look) -> Iterator[Said]:
    path = (
        "EncryptionConfiguration"
        if look.type.endswith("SecurityConfiguration")
        else "DataCatalogEncryptionSettings"
    )
    if look.type.endswith("SecurityConfiguration"):
        modes = [
            look.get(f"{path}.CloudWatchEncryption.CloudWatchEncryptionMode"),
            look.get(f"{path}.JobBookmarksEncryption.JobBookmarksEncryptionMode"),
            look.get(f"{path}.S3Encryptions.0.S3EncryptionMode"),
        ]
        good = all(mode is not MISSING and str(mode).upper() != "DISABLED" for mode in modes)
    else:
        modes = [
            look.get(f"{path}.EncryptionAtRest.CatalogEncryptionMode"),
            look.get(f"{path}.ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted"),
        ]
        good = str(modes[0]).upper().startswith("SSE-KMS") and truth(modes[1]) is True
    if (unknown := next((m for m in modes if isinstance(m, Unknown)), None)) is not None:
        yield look.unknown("encryption_at_rest", unknown, path)
    else:
        yield look.say("encryption_at_rest", good, path, default=all(m is MISSING for m in modes))


def _secret(look: Look) -> Iterator[Said]:
    if look.get("SecretString") is not MISSING:
        yield from plaintext(look, "SecretString")
    elif look.get("GenerateSecretString") is not MISSING:
        yield look.say("no_plaintext_secret", True, "GenerateSecretString")
    rotations = (
        list(look.referring("AWS::SecretsManager::RotationSchedule", "SecretId"))
        if isinstance(look, AwsLook)
        else []
    )
    yield look.say(
        "secret_rotation",
        bool(rotations),
        "",
        "" if rotations else "no rotation schedule names it",
        default=not rotations,
    )


_OPEN = ("0.0.0.0/0", "::/0")


def _ingress(*keys: str) -> Check:
    """`network_firewall_restricted`: no rule lets the whole internet, or more than a /8's worth, in."""

    def check(look: Look) -> Iterator[Said]:
        path, rules = look.first(*keys)
        if isinstance(rules, Unknown):
            yield look.unknown("network_firewall_restricted", rules, path)
            return
        items: list[Any] = (
            rules if isinstance(rules, list) else [look.resource.attributes] if not keys[1:] else [rules]
        )
        unknown: Unknown | None = None
        for item in items:
            for key in ("CidrIp", "CIDRIP", "CidrIpv6"):
                cidr = item.get(key) if isinstance(item, Mapping) else None
                if isinstance(cidr, Unknown):
                    unknown = cidr
                elif isinstance(cidr, str) and wide(cidr):
                    yield look.say(
                        "network_firewall_restricted",
                        False,
                        path,
                        "a rule lets a very large range of addresses in",
                    )
                    return
        if unknown is not None:
            yield look.unknown("network_firewall_restricted", unknown, path)
        else:
            yield look.say("network_firewall_restricted", True, path, default=rules is MISSING)

    return check


def wide(cidr: str) -> bool:
    """A range with more than 256 public addresses (or any ::/0): more than an office has."""
    import ipaddress

    try:
        network = ipaddress.ip_network(cidr.strip(), strict=False)
    except ValueError:
        return False
    if network.prefixlen == 0:
        return True
    return network.version == 4 and network.num_addresses > 256 and not network.is_private


def _scan(look: Look) -> Iterator[Said]:
    value = look.get("ImageScanningConfiguration.ScanOnPush")
    if isinstance(value, Unknown):
        yield look.unknown("vulnerability_assessment", value, "ImageScanningConfiguration")
    else:
        yield look.say(
            "vulnerability_assessment",
            truth(value) is True,
            "ImageScanningConfiguration",
            default=value is MISSING,
        )


def _repository_key(look: Look) -> Iterator[Said]:
    kind = look.get("EncryptionConfiguration.EncryptionType")
    yield look.say(
        "encryption_at_rest",
        True,
        "EncryptionConfiguration",
        "always encrypted (AES-256 unless set)",
        default=True,
    )
    if isinstance(kind, Unknown):
        yield look.unknown("customer_managed_key", kind, "EncryptionConfiguration")
    else:
        yield look.say(
            "customer_managed_key",
            str(kind).upper().startswith("KMS"),
            "EncryptionConfiguration",
            default=kind is MISSING,
        )


def _kept(look: Look) -> Iterator[Said]:
    """`audit_log_retention_days`: a time is set; without one logs are kept for ever, on purpose or not."""
    path = "RetentionInDays"
    value = look.get(path)
    if isinstance(value, Unknown):
        yield look.unknown("audit_log_retention_days", value, path)
    elif value is MISSING:
        reason = "no time is set, logs are kept for ever"
        yield look.say("audit_log_retention_days", False, path, reason, default=True)
    else:
        yield look.say("audit_log_retention_days", True, path, value=whole(value))


CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "AWS::ECR::Repository": (
        "registry",
        (
            chosen(
                "image_immutability",
                "ImageTagMutability",
                ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"],
                Default("MUTABLE", "tags can be moved unless set"),
            ),
            _scan,
            _repository_key,
            policy("RepositoryPolicyText"),
            given("lifecycle_expiry", "LifecyclePolicy"),
        ),
    ),
    "AWS::KMS::Key": (
        "key",
        (_key, flag("key_enabled", "Enabled", default=Default(True, "on unless set"))),
    ),
    "AWS::SecretsManager::Secret": (
        "secret",
        (customer_key("KmsKeyId"), always("encryption_at_rest", "always encrypted"), _secret),
    ),
    "AWS::CloudTrail::Trail": (
        "trail",
        (
            _trail,
            _data_events,
            flag("trail_integrity", "EnableLogFileValidation", default=Default(False, "off unless set")),
            _trail_logs,
            customer_key("KMSKeyId", "KmsKeyId"),
        ),
    ),
    "AWS::Logs::LogGroup": (
        "log",
        (
            customer_key("KmsKeyId"),
            always("encryption_at_rest", "always encrypted"),
            _kept,
            flag("deletion_protection", "DeletionProtectionEnabled"),
        ),
    ),
    "AWS::Athena::WorkGroup": (
        "warehouse",
        (
            flag(
                "client_encryption_enforced",
                "WorkGroupConfiguration.EnforceWorkGroupConfiguration",
                "WorkGroupConfigurationUpdates.EnforceWorkGroupConfiguration",
                default=Default(True, "enforced unless set"),
            ),
            given(
                "encryption_at_rest",
                "WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration",
                "WorkGroupConfigurationUpdates.ResultConfigurationUpdates.EncryptionConfiguration",
            ),
        ),
    ),
    "AWS::EMR::Cluster": ("warehouse", (_emr,)),
    "AWS::EMR::SecurityConfiguration": ("warehouse", (_emr_configuration,)),
    "AWS::Glue::Crawler": ("warehouse", (given("encryption_at_rest", "CrawlerSecurityConfiguration"),)),
    "AWS::Glue::DevEndpoint": ("warehouse", (given("encryption_at_rest", "SecurityConfiguration"),)),
    "AWS::Glue::Job": ("warehouse", (given("encryption_at_rest", "SecurityConfiguration"),)),
    "AWS::Glue::SecurityConfiguration": ("warehouse", (_glue_data,)),
    "AWS::Glue::DataCatalogEncryptionSettings": ("warehouse", (_glue_data,)),
    "AWS::EC2::SecurityGroup": ("firewall", (_ingress("SecurityGroupIngress", "SecurityGroupIngress"),)),
    "AWS::EC2::SecurityGroupIngress": ("firewall", (_ingress("Ingress"),)),
    "AWS::RDS::DBSecurityGroup": (
        "firewall",
        (_ingress("DBSecurityGroupIngress", "DBSecurityGroupIngress"),),
    ),
    "AWS::RDS::DBSecurityGroupIngress": ("firewall", (_ingress("Ingress"),)),
}
"""Type: (kind of store, questions)."""
