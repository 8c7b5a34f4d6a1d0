"""AWS disks, file shares, queues, streams, keys, secrets, trails, registries and backups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    first,
    flag,
    given,
    is_,
    joined,
    lists,
    number,
    own_key,
    truth,
    unknown_of,
    when,
)
from scanner.declared.terraform.policies import not_public, not_wildcard_actions, policy
from scanner.model import Basis

_OPEN_SNS: Check = policy("policy", not_public)
_QUEUE = ("aws_sqs_queue",)


def _key_policy(document: Any) -> bool | None:
    return not_public(document)


def _kms_policy(view: View) -> Fact | None:
    fact = policy("policy", _key_policy)(view)
    apart = joined("aws_kms_key_policy", policy("policy", _key_policy), None)(view)
    return (
        fact or apart or Fact(YES, Basis.PROVIDER_DEFAULT, "policy", None, "AWS's own policy", view.resource)
    )


def _trail_logs(view: View) -> Fact | None:
    return either(given("cloud_watch_logs_group_arn"))(view)


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


def _image_disks(view: View) -> Fact | None:
    disks = view.blocks("ebs_block_device")
    facts: list[Fact] = []
    for one in disks:
        if isinstance(one, Unknown):
            return doubt(view, "ebs_block_device", one)
        if isinstance(one.get("encrypted"), Unknown):
            return doubt(view, "ebs_block_device", one["encrypted"])
        on = truth(one.get("encrypted") or False)
        facts.append(Fact(YES if on else NO, Basis.EXPLICIT, "ebs_block_device", None, "", view.resource))
    failed = [f for f in facts if f.state is NO]
    if failed:
        return failed[0]
    return (
        facts[0]
        if facts
        else Fact(NO, Basis.PROVIDER_DEFAULT, "ebs_block_device", None, "not set", view.resource)
    )


def _ebs_snapshot(view: View) -> Fact | None:
    from scanner.declared.terraform.values import address_of

    address = address_of(view.get("volume_id"))
    for one in view.estate.by_type.get("aws_ebs_volume", ()):
        if one.address == address:
            return flag("encrypted")(View(one, view.estate))
    return flag("encrypted", None)(view)


def _dlm(path: str, what: str) -> Check:
    def check(view: View) -> Fact | None:
        blocks = view.blocks(path)
        for one in blocks:
            if isinstance(one, Unknown):
                return doubt(view, path, one)
            value = one.get(what, one.get("encryption") if what == "encrypted" else None)
            good = bool(value) if what == "cmk_arn" else truth(value if value is not None else False)
            if isinstance(value, Unknown) and what != "cmk_arn":
                return doubt(view, path, value)
            if not good:
                return Fact(NO, Basis.EXPLICIT, path, None, "", view.resource)
        return Fact(YES, Basis.EXPLICIT, path, None, "", view.resource) if blocks else None

    def safe(view: View) -> Fact | None:
        try:
            return check(view)
        except TypeError:
            return Fact(YES, Basis.EXPLICIT, path, None, "", view.resource)

    return safe


_EVENT_COPY = "policy_details.action.cross_region_copy.encryption_configuration"
_SCHEDULE_COPY = "policy_details.schedule.cross_region_copy_rule"


def _emr_disk(view: View) -> Fact | None:
    from scanner.declared.terraform.decode import decoded

    document = decoded(view.get("configuration"))
    if isinstance(document, Unknown) or not isinstance(document, Mapping):
        return doubt(view, "configuration", "configuration that cannot be read")
    settings = document.get("EncryptionConfiguration") or {}
    on = truth(settings.get("EnableAtRestEncryption", False))
    mode = ((settings.get("AtRestEncryptionConfiguration") or {}).get("S3EncryptionConfiguration") or {}).get(
        "EncryptionMode")  # fmt: skip
    good = bool(on) and mode in ("SSE-S3", "SSE-KMS", "CSE-KMS", "CSE-Custom")
    return Fact(YES if good else NO, Basis.EXPLICIT, "configuration", None, "", view.resource)


def _glue_catalog(view: View) -> Fact | None:
    base = "data_catalog_encryption_settings"
    return every(
        flag(f"{base}.connection_password_encryption.return_connection_password_encrypted"),
        given(f"{base}.connection_password_encryption.aws_kms_key_id"),
        among(f"{base}.encryption_at_rest.catalog_encryption_mode", ["SSE-KMS*"]),
        given(f"{base}.encryption_at_rest.sse_aws_kms_key_id"),
    )(view)


def _glue_security(view: View) -> Fact | None:
    base = "encryption_configuration"
    return every(
        among(f"{base}.cloudwatch_encryption.cloudwatch_encryption_mode", ["SSE-KMS"]),
        given(f"{base}.cloudwatch_encryption.kms_key_arn"),
        among(f"{base}.job_bookmarks_encryption.job_bookmarks_encryption_mode", ["CSE-KMS"]),
        given(f"{base}.job_bookmarks_encryption.kms_key_arn"),
        among(f"{base}.s3_encryption.s3_encryption_mode", ["SSE-KMS", "SSE-S3"]),
    )(view)


def _firehose(view: View) -> Fact | None:
    if view.get("kinesis_source_configuration") is not None:
        # A stream as source brings its own encryption, and none can be set here.
        return Fact(
            NO, Basis.PROVIDER_DEFAULT, "server_side_encryption", None, "taken from the source", view.resource
        )
    return every(
        flag("server_side_encryption.enabled"),
        first(when(is_("server_side_encryption.key_type", "customer_managed_cmk"),
                   given("server_side_encryption.key_arn")),
              among("server_side_encryption.key_type", ["AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"], YES)),
    )(view)  # fmt: skip


def _msk(view: View) -> Fact | None:
    base = "encryption_info"
    return every(
        given(f"{base}.encryption_at_rest_kms_key_arn"),
        among(f"{base}.encryption_in_transit.client_broker", ["TLS"], YES),
        flag(f"{base}.encryption_in_transit.in_cluster", YES),
    )(view)


def _mq_minor(view: View) -> Fact | None:
    return flag("auto_minor_version_upgrade")(view)


def _backup_plan(view: View) -> Fact | None:
    return joined("aws_backup_selection", declared_so(YES))(view)


def _launch(view: View) -> Fact | None:
    return declared_so(NO, "account_id", "the image is shared with another account")(view)


def _not_shared(view: View) -> Fact | None:
    names = [view.get(n) for n in ("group", "organization_arn", "organizational_unit_arn")]
    if any(name is not None for name in names):
        return Fact(NO, Basis.EXPLICIT, "group", None, "", view.resource)
    image = view.get("image_id")
    alike = [
        r for r in view.estate.by_type["aws_ami_launch_permission"] if r.attributes.get("image_id") == image
    ]
    return Fact(NO if len(alike) > 1 else YES, Basis.EXPLICIT, "account_id", None, "", view.resource)


def _sse(view: View) -> Fact | None:
    """SQS encrypts with its own key unless told otherwise (since October 2022)."""
    if view.get("kms_master_key_id") not in (None, ""):
        return given("kms_master_key_id")(view)
    return flag("sqs_managed_sse_enabled", YES)(view)


def _workspace(view: View) -> Fact | None:
    return every(flag("root_volume_encryption_enabled"), flag("user_volume_encryption_enabled"))(view)


def _trail_on(view: View) -> Fact | None:
    return every(
        flag("enable_logging", YES), flag("is_multi_region_trail"), flag("include_global_service_events", YES)
    )(view)


def _machine_disks(view: View) -> Fact | None:
    """Every disk that a machine brings is encrypted; the root disk counts where it is not named."""
    facts = []
    for path in ("root_block_device", "ebs_block_device"):
        for one in view.blocks(path):
            if isinstance(one, Unknown) or isinstance(one.get("encrypted"), Unknown):
                return doubt(view, path, one if isinstance(one, Unknown) else one["encrypted"])
            on = truth(one.get("encrypted") or False)
            facts.append(Fact(YES if on else NO, Basis.EXPLICIT, path, None, "", view.resource))
    if not view.blocks("root_block_device"):
        facts.append(Fact(NO, Basis.PROVIDER_DEFAULT, "root_block_device", None, "not set", view.resource))
    return next((f for f in facts if f.state is NO), facts[0])


def _template_disks(view: View) -> Fact | None:
    for one in view.blocks("block_device_mappings.ebs"):
        if isinstance(one, Unknown) or isinstance(one.get("encrypted"), Unknown):
            return doubt(view, "block_device_mappings", one if isinstance(one, Unknown) else one["encrypted"])
        if truth(one.get("encrypted") or False) is not True:
            return Fact(NO, Basis.EXPLICIT, "block_device_mappings", None, "", view.resource)
    stated = bool(view.blocks("block_device_mappings.ebs"))
    return Fact(YES, Basis.EXPLICIT, "block_device_mappings", None, "", view.resource) if stated else None


_LOG_GROUP: dict[str, Check] = {
    "customer_managed_key": own_key("kms_key_id"),
    "audit_log_retention_days": number("retention_in_days", lambda n: n == 0 or n >= 1, NO),
}
_EKS = ("api", "audit", "authenticator", "controllermanager", "scheduler")

KINDS: dict[str, Kind] = {
    "aws_ebs_volume": Kind("disk", {
        "encryption_at_rest": flag("encrypted"), "backup_encrypted": flag("encrypted"),
        "customer_managed_key": own_key("kms_key_id"), "backup_enabled": _backup_plan}, ("id",)),
    "aws_ebs_snapshot": Kind("snapshot", {"backup_encrypted": _ebs_snapshot, "encryption_at_rest": _ebs_snapshot}),
    "aws_ebs_snapshot_copy": Kind("snapshot", {
        "customer_managed_key": own_key("kms_key_id"), "backup_encrypted": flag("encrypted"),
        "encryption_at_rest": flag("encrypted")}),
    "aws_ebs_encryption_by_default": Kind("account", {"encryption_at_rest": flag("enabled", YES)}),
    "aws_ami": Kind("snapshot", {"encryption_at_rest": _image_disks}),
    "aws_ami_copy": Kind("snapshot", {"encryption_at_rest": flag("encrypted"),
                                      "customer_managed_key": own_key("kms_key_id")}),
    "aws_ami_launch_permission": Kind("", {"cross_account_restricted": _not_shared}, parents=("aws_ami",)),
    "aws_efs_file_system": Kind("share", {
        "encryption_at_rest": flag("encrypted"), "customer_managed_key": own_key("kms_key_id"),
        "backup_enabled": joined("aws_efs_backup_policy", among("backup_policy.status", ["ENABLED"]))},
        ("creation_token",)),
    "aws_efs_file_system_policy": Kind("", {"policy_not_public": policy("policy", not_public)},
                                       parents=("aws_efs_file_system",)),
    **{f"aws_fsx_{kind}_file_system": Kind("share", {
        "customer_managed_key": own_key("kms_key_id"), "encryption_at_rest": always(YES, "FSx always encrypts"),
        "backup_retention_days": number("automatic_backup_retention_days", lambda n: n > 0, None)})
       for kind in ("lustre", "windows", "ontap", "openzfs")},
    "aws_fsx_ontap_file_system": Kind("share", {
        "customer_managed_key": own_key("kms_key_id"), "encryption_at_rest": always(YES, "FSx always encrypts")}),
    "aws_sqs_queue": Kind("queue", {
        "encryption_at_rest": _sse, "customer_managed_key": own_key("kms_master_key_id"),
        "policy_not_public": first(policy("policy", not_public), joined(
            "aws_sqs_queue_policy", policy("policy", not_public), YES)),
        "least_privilege_policy": policy("policy", not_wildcard_actions)}),
    "aws_sqs_queue_policy": Kind("", {
        "policy_not_public": policy("policy", not_public),
        "least_privilege_policy": policy("policy", not_wildcard_actions)}, parents=_QUEUE),
    "aws_sns_topic": Kind("queue", {
        "encryption_at_rest": given("kms_master_key_id"), "customer_managed_key": own_key("kms_master_key_id"),
        "policy_not_public": first(_OPEN_SNS, joined("aws_sns_topic_policy", _OPEN_SNS, YES))}),
    "aws_sns_topic_policy": Kind("", {"policy_not_public": _OPEN_SNS}, parents=("aws_sns_topic",)),
    "aws_kinesis_stream": Kind("stream", {
        "encryption_at_rest": among("encryption_type", ["KMS"]),
        "customer_managed_key": every(among("encryption_type", ["KMS"]), own_key("kms_key_id"))}),
    "aws_kinesis_video_stream": Kind("stream", {"customer_managed_key": own_key("kms_key_id")}),
    "aws_kinesis_firehose_delivery_stream": Kind("stream", {
        "encryption_at_rest": _firehose,
        "customer_managed_key": every(given("server_side_encryption.key_arn"), among(
            "server_side_encryption.key_type", ["CUSTOMER_MANAGED_CMK"]))}),
    "aws_kms_key": Kind("key", {
        "key_rotation": when(lambda v: not v.word("customer_master_key_spec").startswith(
            ("rsa", "ecc", "hmac")), flag("enable_key_rotation")),
        "key_policy_restricted": _kms_policy, "key_enabled": flag("is_enabled", YES),
        "key_deletion_protection": number("deletion_window_in_days", lambda n: n >= 7, YES, plain=30)}, ("-",)),
    "aws_kms_key_policy": Kind("", {"key_policy_restricted": policy("policy", _key_policy)}, parents=("aws_kms_key",)),
    "aws_secretsmanager_secret": Kind("secret", {
        "customer_managed_key": own_key("kms_key_id"),
        "secret_rotation": either(given("rotation_lambda_arn"), joined("aws_secretsmanager_secret_rotation",
                                                                      declared_so(YES))),
        "policy_not_public": first(policy("policy", not_public), joined(
            "aws_secretsmanager_secret_policy", policy("policy", not_public), YES))}),
    "aws_secretsmanager_secret_policy": Kind("", {"policy_not_public": policy("policy", not_public)},
                                             parents=("aws_secretsmanager_secret",)),
    "aws_secretsmanager_secret_version": Kind("secret", {}, ("-",)),
    "aws_ssm_parameter": Kind("secret", {
        "encryption_at_rest": among("type", ["SecureString"]),
        "customer_managed_key": when(is_("type", "securestring"), own_key("key_id"))}),
    "aws_cloudtrail": Kind("trail", {
        "trail_enabled": _trail_on, "trail_integrity": flag("enable_log_file_validation"),
        "customer_managed_key": own_key("kms_key_id"), "encryption_at_rest": always(YES, "S3 encrypts"),
        "log_export": _trail_logs, "data_event_logging": _data_events}),
    "aws_cloudwatch_log_group": Kind("log", _LOG_GROUP),
    "aws_cloudwatch_log_destination_policy": Kind("", {"policy_not_public": policy("access_policy", not_public)}),
    "aws_glue_crawler": Kind("job", {"encryption_at_rest": given("security_configuration")}),
    "aws_glue_job": Kind("job", {"encryption_at_rest": given("security_configuration")}),
    "aws_glue_dev_endpoint": Kind("job", {"encryption_at_rest": given("security_configuration")}),
    "aws_glue_data_catalog_encryption_settings": Kind("catalogue", {"encryption_at_rest": _glue_catalog}),
    "aws_glue_security_configuration": Kind("", {"encryption_at_rest": _glue_security}),
    "aws_glue_resource_policy": Kind("", {"policy_not_public": policy("policy", not_public)}),
    "aws_mq_broker": Kind("queue", {
        "encryption_at_rest": given("encryption_options"),
        "customer_managed_key": own_key("encryption_options.kms_key_id"),
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "audit_logging": flag("logs.audit"), "log_export": flag("logs.general"),
        "auto_minor_upgrade": _mq_minor}, ("broker_name",)),
    "aws_msk_cluster": Kind("stream", {
        "encryption_at_rest": _msk, "customer_managed_key": own_key("encryption_info.encryption_at_rest_kms_key_arn"),
        "tls_enforced": among("encryption_info.encryption_in_transit.client_broker", ["TLS"], YES),
        "public_endpoint_disabled": among("broker_node_group_info.connectivity_info.public_access.type",
                                          ["DISABLED"], YES),
        "log_export": either(flag("logging_info.broker_logs.cloudwatch_logs.enabled"),
                             flag("logging_info.broker_logs.firehose.enabled"),
                             flag("logging_info.broker_logs.s3.enabled"))}, ("cluster_name",)),
    "aws_workspaces_workspace": Kind("disk", {
        "encryption_at_rest": _workspace, "customer_managed_key": own_key("volume_encryption_key")}),
    "aws_ecr_repository": Kind("registry", {
        "image_immutability": among("image_tag_mutability", ["IMMUTABLE*"]),
        "vulnerability_assessment": flag("image_scanning_configuration.scan_on_push"),
        "encryption_at_rest": always(YES, "ECR always encrypts"),
        "customer_managed_key": every(among("encryption_configuration.encryption_type", ["KMS*"]), own_key(
            "encryption_configuration.kms_key")),
        "policy_not_public": joined("aws_ecr_repository_policy", policy("policy", not_public), YES)}),
    "aws_ecr_repository_policy": Kind("", {"policy_not_public": policy("policy", not_public)},
                                      parents=("aws_ecr_repository",)),
    "aws_ecr_registry_policy": Kind("", {"policy_not_public": policy("policy", not_public)}),
    "aws_backup_vault": Kind("backup", {"backup_encrypted": own_key("kms_key_arn", default=YES),
                                        "customer_managed_key": own_key("kms_key_arn"),
                                        "policy_not_public": joined("aws_backup_vault_policy", policy(
                                            "policy", not_public), YES)}),
    "aws_backup_vault_policy": Kind("", {"policy_not_public": policy("policy", not_public)},
                                    parents=("aws_backup_vault",)),
    "aws_dlm_lifecycle_policy": Kind("backup", {
        "backup_encrypted": first(_dlm(_EVENT_COPY, "encrypted"), _dlm(_SCHEDULE_COPY, "encrypted")),
        "customer_managed_key": first(_dlm(_EVENT_COPY, "cmk_arn"), _dlm(_SCHEDULE_COPY, "cmk_arn"))}),
    "aws_emr_security_configuration": Kind("", {"encryption_at_rest": _emr_disk}),
    "aws_emr_cluster": Kind("cluster", {
        "auth_required": when(lambda v: v.get("kerberos_attributes") is not None,
                              given("kerberos_attributes.realm")),
        "network_private": given("ec2_attributes.subnet_id", "ec2_attributes.subnet_ids", "subnet_id")}),
    "aws_kendra_index": Kind("search", {"customer_managed_key": own_key(
        "server_side_encryption_configuration.kms_key_id")}),
    "aws_eks_cluster": Kind("cluster", {
        "log_export": lists("enabled_cluster_log_types", lambda i: all(name in i for name in _EKS)),
        "encryption_at_rest": given("encryption_config"),
        "public_endpoint_disabled": flag("vpc_config.endpoint_public_access", NO, off=True)}),
    "aws_datasync_location_object_storage": Kind("replication", {
        "no_plaintext_secret": lambda view: _plain_secret(view, "secret_key")}),
    "aws_sagemaker_notebook_instance": Kind("disk", {"customer_managed_key": own_key("kms_key_id")}),
    "aws_sagemaker_domain": Kind("disk", {"customer_managed_key": own_key("kms_key_id")}, ("domain_name",)),
    "aws_sagemaker_endpoint_configuration": Kind("disk", {"customer_managed_key": own_key("kms_key_arn")}),
    "aws_sagemaker_feature_group": Kind("database", {"customer_managed_key": own_key(
        "online_store_config.security_config.kms_key_id",
        "offline_store_config.s3_storage_config.kms_key_id")}, ("feature_group_name",)),
    "aws_cloudtrail_event_data_store": Kind("trail", {"customer_managed_key": own_key("kms_key_id")}),
    "aws_instance": Kind("disk", {"encryption_at_rest": _machine_disks}, ("-",)),
    "aws_launch_configuration": Kind("disk", {"encryption_at_rest": _machine_disks}),
    "aws_launch_template": Kind("disk", {"encryption_at_rest": _template_disks}),
    "aws_codebuild_project": Kind("job", {"customer_managed_key": own_key("encryption_key")}),
    "aws_comprehend_entity_recognizer": Kind("job", {"customer_managed_key": own_key(
        "model_kms_key_id", "volume_kms_key_id")}),
    "aws_connect_instance_storage_config": Kind("stream", {"customer_managed_key": own_key(
        "storage_config.kinesis_video_stream_config.encryption_config.key_id",
        "storage_config.s3_config.encryption_config.key_id")}),
    "aws_scheduler_schedule": Kind("job", {"customer_managed_key": own_key("kms_key_arn")}),
    "aws_imagebuilder_component": Kind("registry", {"customer_managed_key": own_key("kms_key_id")}),
    "aws_imagebuilder_image_recipe": Kind("registry", {
        "encryption_at_rest": flag("block_device_mapping.ebs.encrypted"),
        "customer_managed_key": own_key("block_device_mapping.ebs.kms_key_id")}),
    "aws_glacier_vault": Kind("bucket", {"policy_not_public": policy("access_policy", not_public, YES)}),
    "aws_glacier_vault_policy": Kind("", {"policy_not_public": policy("policy", not_public)}),
    "aws_secretsmanager_secret_rotation": Kind("", {"secret_rotation": number(
        "rotation_rules.automatically_after_days", lambda n: n <= 90, YES)}, parents=("aws_secretsmanager_secret",)),
    "aws_ecs_task_definition": Kind("job", {"tls_enforced": when(
        lambda v: v.get("volume.efs_volume_configuration") is not None,
        among("volume.efs_volume_configuration.transit_encryption", ["ENABLED"]))}, ("family",)),
    "aws_efs_access_point": Kind("", {"uniform_access_control": given("posix_user")}),
    "aws_appsync_api_cache": Kind("cache", {"encryption_at_rest": flag("at_rest_encryption_enabled"),
                                            "tls_enforced": flag("transit_encryption_enabled")}),
    "aws_lightsail_database": Kind("database", {
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True)}, ("relational_database_name",)),
    "aws_codecommit_repository": Kind("registry", {"customer_managed_key": own_key("kms_key_id")}),
    "aws_transfer_server": Kind("share", {"public_endpoint_disabled": among("endpoint_type", ["VPC*"])}),
}  # fmt: skip


def _plain_secret(view: View, path: str) -> Fact | None:
    value = view.get(path)
    if value is None:
        return Fact(YES, Basis.PROVIDER_DEFAULT, path, None, "not set", view.resource)
    unknown = unknown_of(value)
    good = unknown is not None or not value
    return Fact(YES if good else NO, Basis.EXPLICIT, path, None, "", view.resource)
