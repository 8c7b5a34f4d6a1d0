"""What CloudFormation says of queues, topics, streams, brokers and search.

Property names and defaults: "AWS resource and property types reference", CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.declared.cloudformation.databases import fixes
from scanner.declared.cloudformation.look import plaintext, policy_of
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
    text,
    tls,
    truth,
    whole,
)

_NOT_ENCRYPTED = Default(False, "not encrypted unless set")


def _queue(look: Look) -> Iterator[Said]:
    key, managed = look.get("KmsMasterKeyId"), look.get("SqsManagedSseEnabled")
    if key is not MISSING and not (isinstance(key, Unknown) and not refers(key)):
        yield look.say("encryption_at_rest", True, "KmsMasterKeyId")
    elif isinstance(key, Unknown):
        yield look.unknown("encryption_at_rest", key, "KmsMasterKeyId")
    elif isinstance(managed, Unknown):
        yield look.unknown("encryption_at_rest", managed, "SqsManagedSseEnabled")
    elif managed is MISSING:
        says = "queues are encrypted with SSE-SQS unless set, since October 2022"
        yield look.say("encryption_at_rest", True, "SqsManagedSseEnabled", says, default=True)
    else:
        yield look.say("encryption_at_rest", truth(managed) is True, "SqsManagedSseEnabled")


def _stream(look: Look) -> Iterator[Said]:
    kind, key = look.get("StreamEncryption.EncryptionType"), look.get("StreamEncryption.KeyId")
    path = "StreamEncryption"
    unknown = next((v for v in (look.get(path), kind, key) if isinstance(v, Unknown) and not refers(v)), None)
    if unknown is not None:
        yield look.unknown("encryption_at_rest", unknown, path)
    else:
        held = str(kind).upper() == "KMS" and key is not MISSING
        reason = "not encrypted unless set" if kind is MISSING and key is MISSING else ""
        if not held and not reason:
            reason = "both the type and the key must be named"
        yield look.say("encryption_at_rest", held, path, reason, default=look.get(path) is MISSING)


def _msk(look: Look) -> Iterator[Said]:
    path = "EncryptionInfo"
    info = look.get(path)
    if isinstance(info, Unknown):
        yield look.unknown("tls_enforced", info, path)
        return
    mode = look.get(f"{path}.EncryptionInTransit.ClientBroker")
    inside = look.get(f"{path}.EncryptionInTransit.InCluster")
    yield from _msk_key(look, mode, inside)
    yield from _msk_login(look)
    for safeguard, value, good in (
        ("tls_enforced", mode, str(mode).upper() == "TLS" or mode is MISSING),
        ("node_to_node_encryption", inside, inside is MISSING or truth(inside) is True),
    ):
        if isinstance(value, Unknown):
            yield look.unknown(safeguard, value, path)
        else:
            yield look.say(
                safeguard, good, path, "TLS unless set" if value is MISSING else "", default=value is MISSING
            )


def _msk_key(look: Look, mode: Any, inside: Any) -> Iterator[Said]:
    """Encrypted under a key that is named, and nowhere in the clear on the way there."""
    path = "EncryptionInfo"
    key = look.get(f"{path}.EncryptionAtRest.DataVolumeKMSKeyId")
    unknown = next((v for v in (mode, inside) if isinstance(v, Unknown)), None)
    if unknown is not None:
        yield look.unknown("encryption_at_rest", unknown, path)
        return
    plain = (mode is not MISSING and str(mode).upper() != "TLS") or truth(inside) is False
    reason = "records travel in the clear" if plain else "no key is named" if key is MISSING else ""
    default = key is MISSING and not plain
    yield look.say("encryption_at_rest", not plain and key is not MISSING, path, reason, default=default)


def _msk_login(look: Look) -> Iterator[Said]:
    path = "ClientAuthentication"
    if truth(look.get(f"{path}.Unauthenticated.Enabled")) is True:
        yield look.say("auth_required", False, path, "clients may connect without login")
        return
    ways = ("Sasl.Iam.Enabled", "Sasl.Scram.Enabled", "Tls.Enabled")
    answers = [look.get(f"{path}.{way}") for way in ways]
    tls = look.get(f"{path}.Tls.CertificateAuthorityArnList")
    held = any(truth(a) is True for a in answers) or tls is not MISSING
    if not held and (unknown := next((a for a in answers if isinstance(a, Unknown)), None)) is not None:
        yield look.unknown("auth_required", unknown, path)
    else:
        yield look.say("auth_required", held, path, default=look.get(path) is MISSING)


def _msk_logs(look: Look) -> Iterator[Said]:
    path = "LoggingInfo.BrokerLogs"
    logs = look.get(path)
    if isinstance(logs, Unknown):
        yield look.unknown("log_export", logs, path)
        return
    answers = [look.get(f"{path}.{kind}.Enabled") for kind in ("CloudWatchLogs", "Firehose", "S3")]
    if any(truth(answer) is True for answer in answers):
        yield look.say("log_export", True, path)
    elif (unknown := next((a for a in answers if isinstance(a, Unknown)), None)) is not None:
        yield look.unknown("log_export", unknown, path)
    else:
        yield look.say("log_export", False, path, "no broker log is sent anywhere", default=logs is MISSING)


def _search(look: Look) -> Iterator[Said]:
    path = "LogPublishingOptions"
    options = look.get(path)
    if isinstance(options, Unknown):
        yield look.unknown("log_export", options, path)
        return

    def on(name: str) -> bool:
        option = options.get(name) if isinstance(options, Mapping) else None
        # A kind that is named and not switched on is off.
        return isinstance(option, Mapping) and truth(option.get("Enabled")) is True

    declared = list(options) if isinstance(options, Mapping) else []
    kinds = [k for k in declared if on(k)]
    off = [k for k in declared if k not in kinds]
    slow = [k for k in kinds if "SLOW" in k]
    reason = f"{off[0]} is off" if off else "" if kinds else "no log is published"
    yield look.say("log_export", bool(kinds) and not off, path, reason, default=options is MISSING)
    yield look.say(
        "query_logging",
        len(slow) > 0,
        path,
        "" if slow else "no slow log is published",
        default=options is MISSING,
    )
    yield look.say("audit_logging", on("AUDIT_LOGS"), path, default=options is MISSING)


def _search_access(look: Look) -> Iterator[Said]:
    fine = look.get("AdvancedSecurityOptions.Enabled")
    if isinstance(fine, Unknown):
        yield look.unknown("fine_grained_access_control", fine, "AdvancedSecurityOptions.Enabled")
    else:
        yield look.say(
            "fine_grained_access_control",
            truth(fine) is True,
            "AdvancedSecurityOptions.Enabled",
            default=fine is MISSING,
        )
    policies = look.get("AccessPolicies")
    if policies is MISSING:
        yield look.say("iam_auth", False, "AccessPolicies", "no access policy is set", default=True)
        return
    parsed = policy_of(policies)
    if parsed is None or isinstance(parsed, Unknown):
        yield look.unknown(
            "iam_auth",
            parsed or "the policy could not be read" if parsed is None else parsed,
            "AccessPolicies",
        )
        return
    answer = parsed.public
    yield look.say("policy_not_public", not answer, "AccessPolicies")
    yield look.say("iam_auth", not answer, "AccessPolicies", "a statement allows everybody" if answer else "")


def _broker_logs(look: Look) -> Iterator[Said]:
    for safeguard, names in (("log_export", ("General", "Audit")), ("audit_logging", ("Audit",))):
        answers = [look.get(f"Logs.{name}") for name in names]
        if any(truth(a) is True for a in answers):
            yield look.say(safeguard, True, "Logs")
        elif (unknown := next((a for a in answers if isinstance(a, Unknown)), None)) is not None:
            yield look.unknown(safeguard, unknown, "Logs")
        else:
            yield look.say(
                safeguard, False, "Logs", "no such log is sent", default=look.get("Logs") is MISSING
            )


def _broker(look: Look) -> Iterator[Said]:
    own, options = look.get("EncryptionOptions.UseAwsOwnedKey"), look.get("EncryptionOptions")
    said = options is not MISSING
    reason = "" if said else "AWS's own key, chosen by nobody"
    yield look.say("encryption_at_rest", said, "EncryptionOptions", reason, default=not said)
    if isinstance(own, Unknown):
        yield look.unknown("customer_managed_key", own, "EncryptionOptions")
    else:
        key = look.get("EncryptionOptions.KmsKeyId") is not MISSING
        yield look.say(
            "customer_managed_key",
            key or truth(own) is False,
            "EncryptionOptions",
            default=options is MISSING,
        )
    users = look.get("Users")
    for index, user in enumerate(users if isinstance(users, list) else ()):
        if isinstance(user, Mapping) and "Password" in user:
            yield from plaintext(look, f"Users.{index}.Password")


def _zones(look: Look) -> Iterator[Said]:
    """Three nodes over several zones, or masters of their own."""
    for name in ("ClusterConfig", "ElasticsearchClusterConfig"):
        config = look.get(name)
        if config is MISSING:
            continue
        if isinstance(config, Unknown):
            yield look.unknown("high_availability", config, name)
            return
        count = whole(look.get(f"{name}.InstanceCount")) or 1
        zones = truth(look.get(f"{name}.ZoneAwarenessEnabled")) is True
        masters = truth(look.get(f"{name}.DedicatedMasterEnabled")) is True
        yield look.say("high_availability", (count >= 3 and zones) or masters, name)
        return
    yield look.say("high_availability", False, "ClusterConfig", "one node in one zone", default=True)


_SEARCH: tuple[Check, ...] = (
    flag("encryption_at_rest", "EncryptionAtRestOptions.Enabled", default=_NOT_ENCRYPTED),
    customer_key("EncryptionAtRestOptions.KmsKeyId"),
    flag("node_to_node_encryption", "NodeToNodeEncryptionOptions.Enabled"),
    flag("tls_enforced", "DomainEndpointOptions.EnforceHTTPS"),
    text(
        "min_tls_version",
        "DomainEndpointOptions.TLSSecurityPolicy",
        tls,
        Default("1.0", "TLS 1.0 is accepted unless set"),
    ),
    given("network_private", "VPCOptions"),
    _zones,
    _search,
    _search_access,
)


CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "AWS::SQS::Queue": (
        "queue",
        (_queue, customer_key("KmsMasterKeyId"), always("policy_not_public", "no policy is attached")),
    ),
    "AWS::SNS::Topic": (
        "topic",
        (
            given("encryption_at_rest", "KmsMasterKeyId", default=Default(False, "not encrypted unless set")),
            customer_key("KmsMasterKeyId"),
            always("policy_not_public", "the default policy names the account"),
        ),
    ),
    "AWS::Kinesis::Stream": (
        "stream",
        (
            _stream,
            customer_key("StreamEncryption.KeyId"),
        ),
    ),
    "AWS::KinesisFirehose::DeliveryStream": (
        "stream",
        (
            given("encryption_at_rest", "DeliveryStreamEncryptionConfigurationInput", default=_NOT_ENCRYPTED),
            customer_key("DeliveryStreamEncryptionConfigurationInput.KeyARN"),
        ),
    ),
    "AWS::MSK::Cluster": (
        "stream",
        (
            _msk,
            _msk_logs,
            customer_key("EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId"),
            chosen(
                "public_endpoint_disabled",
                "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type",
                ["DISABLED"],
                Default("DISABLED", "off unless set"),
            ),
        ),
    ),
    "AWS::AmazonMQ::Broker": (
        "queue",
        (
            flag(
                "public_endpoint_disabled",
                "PubliclyAccessible",
                want=False,
                default=Default(False, "off unless set"),
            ),
            flag("auto_minor_upgrade", "AutoMinorVersionUpgrade"),
            chosen("high_availability", "DeploymentMode", ["ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ"]),
            fixes(engine="EngineType"),
            _broker_logs,
            _broker,
        ),
    ),
    "AWS::Elasticsearch::Domain": ("search", _SEARCH),
    "AWS::OpenSearchService::Domain": ("search", _SEARCH),
}
"""Type: (kind of store, questions)."""
