"""What CloudFormation says of newer databases, stores for tables and files, machine learning and the account's watch.

Property names and defaults: "AWS resource and property types reference", CloudFormation User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.declared.cloudformation.databases import passwords
from scanner.declared.cloudformation.look import open_policy, plaintext
from scanner.declared.cloudformation.storage import customer_key, point_access
from scanner.declared.model import Unknown
from scanner.declared.stating import (
    MISSING,
    Check,
    Default,
    Look,
    Said,
    always,
    chosen,
    days,
    flag,
    given,
    truth,
)

_OFF = Default(False, "off unless set")
_ON = Default(True, "on unless set")


def _public(path: str, default: Default = _OFF) -> Check:
    return flag("public_endpoint_disabled", path, want=False, default=default)


def _proxy(look: Look) -> Iterator[Said]:
    modes = [look.find("IAMAuth", one) for one in _list(look.get("Auth"))]
    unknown = next((m for m in modes if isinstance(m, Unknown)), None)
    if unknown is not None:
        yield look.unknown("iam_auth", unknown, "Auth")
    else:
        held = bool(modes) and all(str(m).upper() in ("REQUIRED", "ENABLED") for m in modes)
        yield look.say("iam_auth", held, "Auth", default=not modes)


def _network_policy(look: Look) -> Iterator[Said]:
    """A policy of OpenSearch Serverless: who reaches a collection, or under whose key it is."""
    kind, text = str(look.get("Type")).lower(), look.get("Policy")
    if isinstance(text, Unknown):
        yield look.unknown(
            "public_endpoint_disabled" if kind == "network" else "customer_managed_key", text, "Policy"
        )
        return
    try:
        document = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return
    rules = document if isinstance(document, list) else [document]
    found = [rule for rule in rules if isinstance(rule, Mapping)]
    if kind == "network":
        open_ = any(truth(rule.get("AllowFromPublic")) for rule in found)
        yield look.say(
            "public_endpoint_disabled", not open_, "Policy", "anybody may connect" if open_ else ""
        )
    elif kind == "encryption":
        own = any("KmsARN" in rule for rule in found)
        yield look.say("customer_managed_key", own, "Policy")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _monitor(output: str) -> tuple[Check, ...]:
    return (
        customer_key(f"{output}.KmsKeyId"),
        customer_key("JobResources.ClusterConfig.VolumeKmsKeyId"),
        flag("node_to_node_encryption", "NetworkConfig.EnableInterContainerTrafficEncryption"),
    )


def _artifacts(look: Look) -> Iterator[Said]:
    """`encryption_at_rest`: neither artifacts nor logs are written without encryption."""
    paths = ("Artifacts.EncryptionDisabled", "LogsConfig.S3Logs.EncryptionDisabled")
    for path in paths:
        value = look.get(path)
        if isinstance(value, Unknown):
            yield look.unknown("encryption_at_rest", value, path)
            return
        if truth(value) is True:
            yield look.say("encryption_at_rest", False, path)
            return
    yield look.say("encryption_at_rest", True, paths[0], default=look.get(paths[0]) is MISSING)


def _caches(look: Look) -> Iterator[Said]:
    """Answers that an API keeps."""
    for index, settings in enumerate(_list(look.get("MethodSettings"))):
        if truth(look.find("CachingEnabled", settings)) is True:
            value = look.find("CacheDataEncrypted", settings)
            path = f"MethodSettings.{index}.CacheDataEncrypted"
            if isinstance(value, Unknown):
                yield look.unknown("encryption_at_rest", value, path)
            else:
                yield look.say("encryption_at_rest", truth(value) is True, path, default=value is MISSING)


def _cluster_logs(look: Look) -> Iterator[Said]:
    path = "Logging.ClusterLogging.EnabledTypes"
    types = look.get(path)
    if isinstance(types, Unknown):
        yield look.unknown("log_export", types, path)
        return
    names = {str(look.find("Type", one)).lower() for one in _list(types)}
    wanted = {"api", "audit", "authenticator", "controllermanager", "scheduler"}
    yield look.say("log_export", wanted <= names, path, default=types is MISSING)


def _bus(look: Look) -> Iterator[Said]:
    """A policy on an event bus; the older form names a principal by itself."""
    principal = look.get("Principal")
    if principal is not MISSING and not isinstance(principal, Unknown):
        tied = look.get("Condition") is not MISSING
        yield look.say("policy_not_public", principal != "*" or tied, "Principal")
        return
    statement = look.get("Statement")
    if isinstance(statement, Mapping):
        open_ = str(statement.get("Effect")).lower() == "allow" and statement.get("Principal") in (
            "*",
            {"AWS": "*"},
        )
        tied = isinstance(statement.get("Condition"), Mapping)
        yield look.say("policy_not_public", not open_ or tied, "Statement")


_WORDS = ("password", "passwd", "secret", "apikey", "api_key", "token", "credential")


def _parameter(look: Look) -> Iterator[Said]:
    """A parameter that is a secret by its name or its value, in the clear."""
    name, value = look.get("Name"), look.get("Value")
    if not isinstance(value, str) or str(look.get("Type")) == "SecureString":
        return
    named = isinstance(name, str) and any(word in name.lower() for word in _WORDS)
    if named or value.startswith(("AKIA", "ASIA")) or "PRIVATE KEY" in value:
        yield from plaintext(look, "Value")


def policy_at(path: str) -> Check:
    def check(look: Look) -> Iterator[Said]:
        if look.get(path) is not MISSING:
            yield from open_policy(look, path)

    return check


_KEY = customer_key("KmsKeyId")

CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "AWS::RDS::DBProxy": ("database", (flag("tls_enforced", "RequireTLS"), _proxy)),
    "AWS::DocDB::DBInstance": ("database", (flag("auto_minor_upgrade", "AutoMinorVersionUpgrade", default=_ON),)),
    "AWS::Neptune::DBInstance": ("database", (flag("auto_minor_upgrade", "AutoMinorVersionUpgrade", default=_ON),)),
    "AWS::DocDBElastic::Cluster": (
        "database",
        (
            always("encryption_at_rest", "always encrypted"), _KEY, passwords("AdminUserPassword"),
            days("backup_retention_days", "BackupRetentionPeriod", default=Default(1, "1 day unless set"), also="backup_enabled"),
        ),
    ),
    "AWS::NeptuneGraph::Graph": (
        "database",
        (
            always("encryption_at_rest", "always encrypted"), _public("PublicConnectivity"),
            flag("deletion_protection", "DeletionProtection", default=_ON), customer_key("KmsKeyIdentifier"),
        ),
    ),
    "AWS::DSQL::Cluster": ("database", (flag("deletion_protection", "DeletionProtectionEnabled"), customer_key("KmsEncryptionKey"))),
    "AWS::Timestream::InfluxDBInstance": (
        "database",
        (
            _public("PubliclyAccessible"), passwords("Password"), always("encryption_at_rest", "always encrypted"),
            chosen("high_availability", "DeploymentType", ["WITH_MULTIAZ_STANDBY"]),
        ),
    ),
    "AWS::ElastiCache::User": ("cache", (flag("auth_required", "NoPasswordRequired", want=False, default=_OFF),)),
    "AWS::OpenSearchServerless::SecurityPolicy": ("search", (_network_policy,)),
    "AWS::OpenSearchServerless::Collection": ("search", (always("encryption_at_rest", "always encrypted"),)),
    "AWS::Kendra::Index": ("search", (customer_key("ServerSideEncryptionConfiguration.KmsKeyId"),)),
    "AWS::S3::MultiRegionAccessPoint": ("bucket", (point_access,)),
    "AWS::S3Tables::TableBucket": (
        "bucket",
        (always("encryption_at_rest", "S3 always encrypts"), customer_key("EncryptionConfiguration.KMSKeyArn"),
         always("public_access_blocked", "never public")),
    ),
    "AWS::S3Express::DirectoryBucket": (
        "bucket",
        (always("encryption_at_rest", "S3 always encrypts"), always("public_access_blocked", "never public")),
    ),
    "AWS::KinesisVideo::Stream": ("stream", (_KEY, always("encryption_at_rest", "always encrypted"))),
    "AWS::SNS::Subscription": ("topic", (chosen("tls_enforced", "Protocol", [
        "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"]),)),
    "AWS::Events::EventBusPolicy": ("queue", (_bus,)),
    "AWS::Events::EventBus": ("queue", (customer_key("KmsKeyIdentifier"), policy_at("Policy"))),
    "AWS::KMS::ReplicaKey": ("key", (
        flag("key_enabled", "Enabled", default=_ON),
        lambda look: open_policy(look, "KeyPolicy", "key_policy_restricted"))),
    "AWS::CloudTrail::EventDataStore": (
        "trail",
        (_KEY, flag("deletion_protection", "TerminationProtectionEnabled", default=_ON),
         flag("trail_enabled", "MultiRegionEnabled", default=_ON)),
    ),
    "AWS::SSM::Parameter": (
        "secret",
        (chosen("encryption_at_rest", "Type", ["SecureString"]), _parameter),
    ),
    "AWS::CodeArtifact::Domain": ("registry", (customer_key("EncryptionKey"), policy_at("PermissionsPolicyDocument"))),
    "AWS::CodeBuild::Project": ("job", (customer_key("EncryptionKey"), _artifacts)),
    "AWS::CodePipeline::Pipeline": ("job", (customer_key("ArtifactStore.EncryptionKey.Id"),)),
    "AWS::CodeCommit::Repository": ("registry", (_KEY,)),
    "AWS::SageMaker::NotebookInstance": (
        "disk",
        (_KEY, flag("public_endpoint_disabled", "DirectInternetAccess", want=False, default=Default(True, "on unless set")),
         given("network_private", "SubnetId")),
    ),
    "AWS::SageMaker::Domain": (
        "disk", (_KEY, chosen("network_private", "AppNetworkAccessType", ["VpcOnly"])),
    ),
    "AWS::SageMaker::EndpointConfig": ("disk", (_KEY,)),
    "AWS::SageMaker::Model": ("job", (flag("exfiltration_protection", "EnableNetworkIsolation"),)),
    "AWS::SageMaker::FeatureGroup": ("table", (customer_key(
        "OnlineStoreConfig.SecurityConfig.KmsKeyId", "OfflineStoreConfig.S3StorageConfig.KmsKeyId"),)),
    **{f"AWS::SageMaker::{kind}JobDefinition": ("job", _monitor(f"{kind}JobOutputConfig"))
       for kind in ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")},
    "AWS::Bedrock::Agent": ("job", (customer_key("CustomerEncryptionKeyArn"),)),
    "AWS::Comprehend::DocumentClassifier": ("job", (customer_key("ModelKmsKeyId", "VolumeKmsKeyId"),)),
    "AWS::EKS::Cluster": (
        "cluster",
        (given("encryption_at_rest", "EncryptionConfig"), _cluster_logs,
         _public("ResourcesVpcConfig.EndpointPublicAccess", Default(True, "public unless set"))),
    ),
    "AWS::AppSync::ApiCache": (
        "cache", (flag("encryption_at_rest", "AtRestEncryptionEnabled"), flag("tls_enforced", "TransitEncryptionEnabled")),
    ),
    "AWS::ApiGateway::Stage": ("cache", (_caches,)),
    "AWS::Serverless::Api": ("cache", (_caches,)),
    "AWS::Cognito::IdentityPool": ("account", (flag(
        "auth_required", "AllowUnauthenticatedIdentities", want=False, default=_OFF),)),
    "AWS::GuardDuty::Detector": ("account", (flag("threat_detection", "Enable", default=_ON),)),
    "AWS::Macie::Session": ("account", (chosen("threat_detection", "Status", ["ENABLED"], Default("ENABLED", "on unless set")),)),
    "AWS::EMR::Studio": ("job", (given("encryption_at_rest", "EncryptionKeyArn"),)),
    "AWS::MWAA::Environment": (
        "job", (customer_key("KmsKey"), chosen("public_endpoint_disabled", "WebserverAccessMode", ["PRIVATE_ONLY"],
                                               Default("PRIVATE_ONLY", "private unless set"))),
    ),
    "AWS::AppFlow::Flow": ("replication", (customer_key("KMSArn"),)),
    "AWS::AppFlow::ConnectorProfile": ("replication", (customer_key("KMSArn"),)),
    "AWS::Scheduler::Schedule": ("job", (customer_key("KmsKeyArn"),)),
    "AWS::HealthLake::FHIRDatastore": ("database", (customer_key("SseConfiguration.KmsEncryptionConfig.KmsKeyId"),)),
}  # fmt: skip
"""Type: (kind of store, questions)."""
