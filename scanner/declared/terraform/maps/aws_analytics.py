"""AWS analytics, machine learning and other services that keep data."""

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
    among,
    doubt,
    every,
    flag,
    given,
    own_key,
    truth,
    unknown_of,
    when,
)
from scanner.declared.terraform.decode import decoded
from scanner.declared.terraform.maps.common import pointed
from scanner.declared.terraform.policies import not_public, policy
from scanner.model import Basis


def _emr_disk(view: View) -> Fact | None:
    document = decoded(view.get("configuration"))
    if isinstance(document, Unknown) or not isinstance(document, Mapping):
        return doubt(view, "configuration", "configuration that cannot be read")
    settings = document.get("EncryptionConfiguration") or {}
    on = truth(settings.get("EnableAtRestEncryption", False))
    mode = ((settings.get("AtRestEncryptionConfiguration") or {}).get("S3EncryptionConfiguration") or {}).get(
        "EncryptionMode")  # fmt: skip
    good = bool(on) and mode in ("SSE-S3", "SSE-KMS", "CSE-KMS", "CSE-Custom")
    return Fact(YES if good else NO, Basis.EXPLICIT, "configuration", None, "", view.resource)


def _emr_tls(view: View) -> Fact | None:
    document = decoded(view.get("configuration"))
    if isinstance(document, Unknown) or not isinstance(document, Mapping):
        return doubt(view, "configuration", "configuration that cannot be read")
    settings = document.get("EncryptionConfiguration") or {}
    on = truth(settings.get("EnableInTransitEncryption", False))
    return Fact(YES if on else NO, Basis.EXPLICIT, "configuration", None, "", view.resource)


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


def _connection(*keys: str, good: tuple[str, ...] | None = None) -> Check:
    """One of a connection's properties; without `good`, whether a secret stands there as a literal."""

    def check(view: View) -> Fact | None:
        properties = view.get("connection_properties")
        if not isinstance(properties, Mapping):
            return None
        for key in keys:
            value = properties.get(key)
            if value is None:
                continue
            known = isinstance(value, str) and unknown_of(value) is None
            held = str(value).lower() in good if good is not None else not known
            if good is not None and not known and not isinstance(value, bool):
                return doubt(view, "connection_properties", "value that is not known")
            return Fact(YES if held else NO, Basis.EXPLICIT, "connection_properties", None, "", view.resource)
        return None

    return check


def _security_configuration(view: View) -> Fact | None:
    """As the security configuration that the cluster names; without one nothing is encrypted."""
    named = view.get("security_configuration")
    if named in (None, ""):
        return Fact(NO, Basis.PROVIDER_DEFAULT, "security_configuration", None, "not set", view.resource)
    one = pointed(view, "security_configuration", ("aws_emr_security_configuration",))
    return _emr_disk(one) if one is not None else given("security_configuration")(view)


def _cmk(*paths: str) -> dict[str, Check]:
    return {"customer_managed_key": own_key(*paths)}


_MONITORS = ("data_quality", "model_quality", "model_bias", "model_explainability")
_SECURITY: dict[str, Check] = {"encryption_at_rest": given("security_configuration")}

KINDS: dict[str, Kind] = {
    "aws_glue_crawler": Kind("job", _SECURITY),
    "aws_glue_job": Kind("job", _SECURITY),
    "aws_glue_dev_endpoint": Kind("job", _SECURITY),
    "aws_glue_ml_transform": Kind("job", {"encryption_at_rest": given("transform_encryption")}),
    "aws_glue_connection": Kind("", {
        "no_plaintext_secret": _connection("PASSWORD", "password"),
        "tls_enforced": _connection("JDBC_ENFORCE_SSL", good=("true",))}),
    "aws_glue_data_catalog_encryption_settings": Kind("catalogue", {
        "encryption_at_rest": _glue_catalog,
        **_cmk("data_catalog_encryption_settings.encryption_at_rest.sse_aws_kms_key_id")}),
    "aws_glue_security_configuration": Kind("", {"encryption_at_rest": _glue_security}),
    "aws_glue_resource_policy": Kind("", {"policy_not_public": policy("policy", not_public)}),
    "aws_lakeformation_data_lake_settings": Kind("", {"least_privilege_policy": flag(
        "create_database_default_permissions", None, off=True)}),
    "aws_emr_security_configuration": Kind("", {"encryption_at_rest": _emr_disk, "tls_enforced": _emr_tls}),
    "aws_emr_cluster": Kind("cluster", {
        "auth_required": when(lambda v: v.get("kerberos_attributes") is not None,
                              given("kerberos_attributes.realm")),
        "encryption_at_rest": _security_configuration,
        "log_export": given("log_uri"), "deletion_protection": flag("termination_protection", None),
        "network_private": given("ec2_attributes.subnet_id", "ec2_attributes.subnet_ids", "subnet_id")}),
    "aws_emr_block_public_access_configuration": Kind("setting", {"public_access_blocked": flag(
        "block_public_security_group_rules")}, ("-",)),
    "aws_emr_studio": Kind("job", {"encryption_at_rest": given("encryption_key_arn")}),
    "aws_sagemaker_notebook_instance": Kind("disk", {
        **_cmk("kms_key_id"), "network_private": given("subnet_id"),
        "public_endpoint_disabled": flag("direct_internet_access", NO, off=True)}),
    "aws_sagemaker_domain": Kind("disk", {
        **_cmk("kms_key_id"), "network_private": among("app_network_access_type", ["VpcOnly"])}, ("domain_name",)),
    "aws_sagemaker_endpoint_configuration": Kind("disk", {
        **_cmk("kms_key_arn"), "encryption_at_rest": given("kms_key_arn")}),
    "aws_sagemaker_feature_group": Kind("database", _cmk(
        "online_store_config.security_config.kms_key_id", "offline_store_config.s3_storage_config.kms_key_id"),
        ("feature_group_name",)),
    **{f"aws_sagemaker_{name}_job_definition": Kind("job", {
        "customer_managed_key": every(own_key(f"{name}_job_output_config.kms_key_id"),
                                      own_key("job_resources.cluster_config.volume_kms_key_id")),
        "node_to_node_encryption": flag("network_config.enable_inter_container_traffic_encryption"),
        "network_private": given("network_config.vpc_config", default=None)}) for name in _MONITORS},
    "aws_sagemaker_flow_definition": Kind("job", _cmk("output_config.kms_key_id"), ("flow_definition_name",)),
    "aws_sagemaker_model": Kind("job", {"exfiltration_protection": flag("enable_network_isolation")}),
    "aws_comprehend_entity_recognizer": Kind("job", _cmk("model_kms_key_id", "volume_kms_key_id")),
    "aws_comprehend_document_classifier": Kind("job", _cmk("model_kms_key_id", "volume_kms_key_id")),
    "aws_bedrockagent_agent": Kind("job", _cmk("customer_encryption_key_arn"), ("agent_name",)),
    "aws_bedrock_custom_model": Kind("job", _cmk("custom_model_kms_key_id"), ("custom_model_name",)),
    "aws_quicksight_data_source": Kind("replication", {"tls_enforced": flag("ssl_properties.disable_ssl", YES, off=True)}),
    "aws_mwaa_environment": Kind("job", {
        **_cmk("kms_key"), "public_endpoint_disabled": among("webserver_access_mode", ["PRIVATE_ONLY"], YES),
        "log_export": every(*(flag(f"logging_configuration.{kind}.enabled") for kind in (
            "scheduler_logs", "worker_logs", "webserver_logs")))}),
    "aws_appflow_flow": Kind("replication", _cmk("kms_arn")),
    "aws_appflow_connector_profile": Kind("replication", _cmk("kms_arn")),
    "aws_connect_instance_storage_config": Kind("stream", _cmk(
        "storage_config.kinesis_video_stream_config.encryption_config.key_id",
        "storage_config.s3_config.encryption_config.key_id")),
    "aws_healthlake_fhir_datastore": Kind("database", _cmk("sse_configuration.kms_encryption_config.kms_key_id")),
    "aws_location_tracker": Kind("database", _cmk("kms_key_id"), ("tracker_name",)),
    "aws_customerprofiles_domain": Kind("database", _cmk("default_encryption_key"), ("domain_name",)),
    "aws_sfn_state_machine": Kind("job", {
        "customer_managed_key": own_key("encryption_configuration.kms_key_id", default=None),
        "log_export": among("logging_configuration.level", ["ALL", "ERROR", "FATAL"])}),
}  # fmt: skip
