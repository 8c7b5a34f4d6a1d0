"""AWS keys, secrets, trails, logs, registries and what watches over an account."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.declared.model import Unknown
from scanner.declared.terraform.checks import (
    NO,
    YES,
    Check,
    Fact,
    Kind,
    View,
    always,
    among,
    declared_so,
    doubt,
    either,
    every,
    flag,
    given,
    is_,
    joined,
    lists,
    number,
    own_key,
    when,
)
from scanner.declared.terraform.maps.common import open_policy
from scanner.declared.terraform.policies import not_public, policy
from scanner.model import Basis

_OPEN: Check = policy("policy", not_public)


def _kms_policy(view: View) -> Fact | None:
    fact = _OPEN(view) or joined("aws_kms_key_policy", _OPEN, None)(view)
    return fact or Fact(YES, Basis.PROVIDER_DEFAULT, "policy", None, "AWS's own policy", view.resource)


def _data_events(view: View) -> Fact | None:
    for one in view.blocks("event_selector"):
        if isinstance(one, Unknown):
            return doubt(view, "event_selector", one)
        resources = one.get("data_resource")
        for resource in resources if isinstance(resources, list) else []:
            if isinstance(resource, Mapping) and str(resource.get("type")) == "AWS::S3::Object":
                return Fact(YES, Basis.EXPLICIT, "event_selector", None, "", view.resource)
    if view.blocks("advanced_event_selector"):
        return Fact(YES, Basis.EXPLICIT, "advanced_event_selector", None, "", view.resource)
    return Fact(NO, Basis.PROVIDER_DEFAULT, "event_selector", None, "not set", view.resource)


def _trail_on(view: View) -> Fact | None:
    return every(
        flag("enable_logging", YES), flag("is_multi_region_trail"), flag("include_global_service_events", YES)
    )(view)


def _symmetric(view: View) -> bool:
    """Keys that AWS can rotate: not those to sign with, nor those in a key store of one's own."""
    spec = view.word("customer_master_key_spec") or view.word("key_spec")
    if view.get("custom_key_store_id") is not None or spec.startswith(
        ("rsa", "ecc", "hmac", "sm2", "ml_dsa")
    ):
        return False
    return view.word("key_usage", "encrypt_decrypt") == "encrypt_decrypt"


def _registry_expiry(view: View) -> Fact | None:
    return joined("aws_ecr_lifecycle_policy", declared_so(YES), None)(view)


def _plain_artifacts(view: View) -> Fact | None:
    """Neither artifacts nor logs are written without encryption."""
    paths = ("artifacts.encryption_disabled", "secondary_artifacts.encryption_disabled",
             "logs_config.s3_logs.encryption_disabled")  # fmt: skip
    return every(*(flag(path, YES, off=True) for path in paths))(view)


def _shared_document(view: View) -> Fact | None:
    value = view.get("permissions.account_ids")
    if value is None:
        return Fact(YES, Basis.PROVIDER_DEFAULT, "permissions", None, "not set", view.resource)
    return among("permissions.account_ids", ["all"], bad=True)(view)


_RETENTION = number("retention_in_days", lambda n: n == 0 or n >= 1, NO)
_EKS = ("api", "audit", "authenticator", "controllermanager", "scheduler")
_SECRETS = ("aws_secretsmanager_secret_rotation",)

KINDS: dict[str, Kind] = {
    "aws_kms_key": Kind("key", {
        "key_rotation": when(_symmetric, flag("enable_key_rotation")),
        "key_policy_restricted": _kms_policy, "key_enabled": flag("is_enabled", YES),
        "key_deletion_protection": number("deletion_window_in_days", lambda n: 7 <= n <= 30, YES, plain=30)}, ("-",)),
    **{kind: Kind("key", {"key_policy_restricted": open_policy(), "key_enabled": flag("enabled", YES),
                          "key_deletion_protection": number("deletion_window_in_days", lambda n: 7 <= n <= 30, YES, plain=30)},
                  ("-",)) for kind in ("aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key")},
    "aws_kms_key_policy": Kind("", {"key_policy_restricted": _OPEN}, parents=("aws_kms_key",)),
    "aws_secretsmanager_secret": Kind("secret", {
        "customer_managed_key": own_key("kms_key_id"),
        "secret_rotation": either(given("rotation_lambda_arn"), joined(_SECRETS, declared_so(YES))),
        "soft_delete": number("recovery_window_in_days", lambda n: n > 0, YES, plain=30),
        "policy_not_public": open_policy("policy", "aws_secretsmanager_secret_policy")}),
    "aws_secretsmanager_secret_policy": Kind("", {"policy_not_public": _OPEN}, parents=("aws_secretsmanager_secret",)),
    "aws_secretsmanager_secret_rotation": Kind("", {"secret_rotation": number(
        "rotation_rules.automatically_after_days", lambda n: n <= 90, YES)}, parents=("aws_secretsmanager_secret",)),
    "aws_secretsmanager_secret_version": Kind("secret", {}, ("-",)),
    "aws_ssm_parameter": Kind("secret", {
        "encryption_at_rest": among("type", ["SecureString"]),
        "customer_managed_key": when(is_("type", "securestring"), own_key("key_id"))}),
    "aws_ssm_document": Kind("", {"policy_not_public": _shared_document}),
    "aws_cloudtrail": Kind("trail", {
        "trail_enabled": _trail_on, "trail_integrity": flag("enable_log_file_validation"),
        "customer_managed_key": own_key("kms_key_id"), "encryption_at_rest": always(YES, "S3 encrypts"),
        "log_export": given("cloud_watch_logs_group_arn"), "data_event_logging": _data_events,
        "event_notifications": given("sns_topic_name")}),
    "aws_cloudtrail_event_data_store": Kind("trail", {
        "customer_managed_key": own_key("kms_key_id"), "deletion_protection": flag("termination_protection_enabled", YES),
        "audit_log_retention_days": number("retention_period", lambda n: n >= 90, YES, plain=2555),
        "trail_enabled": flag("multi_region_enabled", YES)}),
    "aws_cloudwatch_log_group": Kind("log", {
        "customer_managed_key": own_key("kms_key_id"), "audit_log_retention_days": _RETENTION,
        "encryption_at_rest": always(YES, "log groups are always encrypted")}),
    "aws_cloudwatch_log_destination_policy": Kind("", {"policy_not_public": policy("access_policy", not_public)}),
    "aws_cloudwatch_log_resource_policy": Kind("", {"policy_not_public": policy("policy_document", not_public)}),
    "aws_config_configuration_recorder_status": Kind("", {"trail_enabled": flag("is_enabled")}),
    "aws_guardduty_detector": Kind("", {"threat_detection": flag("enable", YES)}),
    "aws_macie2_account": Kind("", {"threat_detection": among("status", ["ENABLED"], YES)}),
    "aws_securityhub_account": Kind("", {"threat_detection": always(YES, "on once declared")}),
    "aws_ecr_repository": Kind("registry", {
        "image_immutability": among("image_tag_mutability", ["IMMUTABLE*"]),
        "vulnerability_assessment": flag("image_scanning_configuration.scan_on_push"),
        "encryption_at_rest": always(YES, "ECR always encrypts"), "lifecycle_expiry": _registry_expiry,
        "customer_managed_key": every(among("encryption_configuration.encryption_type", ["KMS*"]), own_key(
            "encryption_configuration.kms_key")),
        "policy_not_public": open_policy("-policy", "aws_ecr_repository_policy")}),
    "aws_ecr_repository_policy": Kind("", {"policy_not_public": _OPEN}, parents=("aws_ecr_repository",)),
    "aws_ecr_registry_policy": Kind("", {"policy_not_public": _OPEN}),
    "aws_ecrpublic_repository": Kind("registry", {"policy_not_public": declared_so(
        NO, reason="a public registry is read by everybody")}, ("repository_name",)),
    "aws_codeartifact_domain": Kind("registry", {"customer_managed_key": own_key("encryption_key")}, ("domain",)),
    "aws_codeartifact_domain_permissions_policy": Kind("", {"policy_not_public": policy("policy_document", not_public)}),
    "aws_codeartifact_repository_permissions_policy": Kind("", {
        "policy_not_public": policy("policy_document", not_public)}),
    "aws_codecommit_repository": Kind("registry", {"customer_managed_key": own_key("kms_key_id")}, ("repository_name",)),
    "aws_codebuild_project": Kind("job", {
        "customer_managed_key": own_key("encryption_key"), "encryption_at_rest": _plain_artifacts}),
    "aws_codebuild_report_group": Kind("job", {"encryption_at_rest": flag(
        "export_config.s3_destination.encryption_disabled", None, off=True)}),
    "aws_codepipeline": Kind("job", {"customer_managed_key": own_key("artifact_store.encryption_key.id")}),
    "aws_codegurureviewer_repository_association": Kind("", {"customer_managed_key": own_key(
        "kms_key_details.kms_key_id")}),
    "aws_eks_cluster": Kind("cluster", {
        "log_export": lists("enabled_cluster_log_types", lambda i: all(name in i for name in _EKS)),
        "encryption_at_rest": given("encryption_config"), "customer_managed_key": given("encryption_config.provider.key_arn"),
        "public_endpoint_disabled": flag("vpc_config.endpoint_public_access", NO, off=True)}),
    "aws_lambda_function": Kind("job", {"customer_managed_key": when(
        lambda v: v.get("environment") is not None, own_key("kms_key_arn"))}, ("function_name",)),
    "aws_cognito_identity_pool": Kind("", {"auth_required": flag(
        "allow_unauthenticated_identities", YES, off=True)}, ("identity_pool_name",)),
    "aws_ecs_cluster": Kind("cluster", {"customer_managed_key": when(
        lambda v: v.get("configuration.execute_command_configuration") is not None,
        own_key("configuration.execute_command_configuration.kms_key_id"))}),
}  # fmt: skip
