"""What CloudFormation says of queues, topics, streams, brokers and search.

Property names and defaults: "AWS resource and property types reference", CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
    yield look.say(
        "encryption_at_rest", True, path, "MSK always encrypts; AWS's own key unless set", default=True
    )
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


def _msk_logs(look: Look) -> Iterator[Said]:
    path = "LoggingInfo.BrokerLogs"
    logs = look.get(path)
    if isinstance(logs, Unknown):
        yield look.unknown("log_export", logs, path)
        return
    answers = [look.get(f"{path}.{kind}.Enabled") for kind in ("CloudWatchLogs", "Firehose", "S3")]
    if any(truth(answer) is True for answer in answers):
        yield look.say("log_export", True, path)
    elif unknown := next((a for a in answers if isinstance(a, Unknown)), None):
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
        elif unknown := next((a for a in answers if isinstance(a, Unknown)), None):
            yield look.unknown(safeguard, unknown, "Logs")
        else:
            yield look.say(
                safeguard, False, "Logs", "no such log is sent", default=look.get("Logs") is MISSING
            )


def _broker(look: Look) -> Iterator[Said]:
    own, options = look.get("EncryptionOptions.UseAwsOwnedKey"), look.get("EncryptionOptions")
    yield look.say("encryption_at_rest", True, "EncryptionOptions", "brokers always encrypt", default=True)
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
            _broker_logs,
            _broker,
        ),
    ),
    "AWS::Elasticsearch::Domain": ("search", _SEARCH),
    "AWS::OpenSearchService::Domain": ("search", _SEARCH),
}
"""Type: (kind of store, questions)."""
