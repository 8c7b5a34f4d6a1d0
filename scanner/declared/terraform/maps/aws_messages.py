"""AWS queues, topics, streams and event buses."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.declared.terraform.checks import (
    NO,
    YES,
    Check,
    Fact,
    Kind,
    View,
    always,
    among,
    either,
    every,
    first,
    flag,
    given,
    is_,
    joined,
    own_key,
    unknown_of,
    when,
)
from scanner.declared.terraform.maps.common import fixed_version, open_policy
from scanner.declared.terraform.policies import not_public, not_wildcard_actions, policy, tls_only
from scanner.model import Basis


def _sse(view: View) -> Fact | None:
    """SQS encrypts with its own key unless told otherwise (since October 2022)."""
    if view.get("kms_master_key_id") not in (None, ""):
        return given("kms_master_key_id")(view)
    return flag("sqs_managed_sse_enabled", YES)(view)


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


def _broker_secret(view: View) -> Fact | None:
    """Users' passwords in the code."""
    for one in view.blocks("user"):
        value = one.get("password") if isinstance(one, Mapping) else None
        if isinstance(value, str) and value and unknown_of(value) is None:
            return Fact(NO, Basis.EXPLICIT, "user.password", None, "", view.resource)
    return Fact(YES, Basis.EXPLICIT, "user", None, "", view.resource) if view.blocks("user") else None


def _broker_key(view: View) -> Fact | None:
    return every(
        flag("encryption_options.use_aws_owned_key", YES, off=True), own_key("encryption_options.kms_key_id")
    )(view)


def _kafka_login(view: View) -> Fact | None:
    """Clients must prove who they are: by certificate, IAM or a name with a password."""
    base = "client_authentication"
    if view.word(f"{base}.unauthenticated") == "true":
        return Fact(NO, Basis.EXPLICIT, f"{base}.unauthenticated", None, "", view.resource)
    return either(given(f"{base}.tls.certificate_authority_arns"), flag(f"{base}.sasl.iam", NO),
                  flag(f"{base}.sasl.scram", NO))(view)  # fmt: skip


def _topic_tls(view: View) -> Fact | None:
    """Said only where a policy is: most topics have none, and publishers use TLS by themselves."""
    return first(
        policy("policy", tls_only), joined("aws_sns_topic_policy", policy("policy", tls_only), None)
    )(view)


def _abroad(view: View) -> Fact | None:
    """Everybody is every other account too; of named accounts nobody can tell whose they are."""
    fact = policy("policy", not_public)(view)
    return fact if fact is not None and fact.state is NO else None


_OPEN: Check = policy("policy", not_public)
_QUEUE = ("aws_sqs_queue",)
_TLS = "encryption_info.encryption_in_transit"

KINDS: dict[str, Kind] = {
    "aws_sqs_queue": Kind("queue", {
        "encryption_at_rest": _sse, "customer_managed_key": own_key("kms_master_key_id"),
        "policy_not_public": open_policy("policy", "aws_sqs_queue_policy"),
        "tls_enforced": first(policy("policy", tls_only), joined("aws_sqs_queue_policy", policy("policy", tls_only), None)),
        "least_privilege_policy": first(policy("policy", not_wildcard_actions), joined(
            "aws_sqs_queue_policy", policy("policy", not_wildcard_actions), None))}),
    "aws_sqs_queue_policy": Kind("", {
        "policy_not_public": _OPEN, "tls_enforced": policy("policy", tls_only),
        "least_privilege_policy": policy("policy", not_wildcard_actions)}, parents=_QUEUE),
    "aws_sns_topic": Kind("queue", {
        "encryption_at_rest": given("kms_master_key_id"), "customer_managed_key": own_key("kms_master_key_id"),
        "tls_enforced": _topic_tls, "policy_not_public": open_policy("policy", "aws_sns_topic_policy")}),
    "aws_sns_topic_policy": Kind("", {
        "policy_not_public": _OPEN, "cross_account_restricted": _abroad, "tls_enforced": policy("policy", tls_only)}, parents=("aws_sns_topic",)),
    "aws_sns_topic_subscription": Kind("", {"tls_enforced": among("protocol", ["http"], None, bad=True)},
                                       parents=("aws_sns_topic",)),
    "aws_cloudwatch_event_bus": Kind("queue", {
        "customer_managed_key": own_key("kms_key_identifier"),
        "policy_not_public": open_policy("-policy", "aws_cloudwatch_event_bus_policy")}),
    "aws_cloudwatch_event_bus_policy": Kind("", {"policy_not_public": _OPEN}, parents=("aws_cloudwatch_event_bus",)),
    "aws_cloudwatch_event_permission": Kind("", {"policy_not_public": first(
        given("condition", default=None), among("principal", ["*"], bad=True))}),
    "aws_kinesis_stream": Kind("stream", {
        "encryption_at_rest": among("encryption_type", ["KMS"]),
        "policy_not_public": open_policy("-policy", "aws_kinesis_resource_policy", default=None),
        "customer_managed_key": every(among("encryption_type", ["KMS"]), own_key("kms_key_id"))}),
    "aws_kinesis_resource_policy": Kind("", {"policy_not_public": _OPEN}, parents=("aws_kinesis_stream",)),
    "aws_kinesis_video_stream": Kind("stream", {
        "customer_managed_key": own_key("kms_key_id"), "encryption_at_rest": always(YES, "always encrypted")}),
    "aws_kinesis_firehose_delivery_stream": Kind("stream", {
        "encryption_at_rest": _firehose,
        "customer_managed_key": every(given("server_side_encryption.key_arn"), among(
            "server_side_encryption.key_type", ["CUSTOMER_MANAGED_CMK"]))}),
    "aws_mq_broker": Kind("queue", {
        "encryption_at_rest": given("encryption_options"), "customer_managed_key": _broker_key,
        "public_endpoint_disabled": flag("publicly_accessible", YES, off=True),
        "audit_logging": when(lambda v: v.word("engine_type") != "rabbitmq", flag("logs.audit")),
        "log_export": flag("logs.general"), "no_plaintext_secret": _broker_secret,
        "high_availability": among("deployment_mode", ["ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ"]),
        "engine_version_supported": fixed_version(engine="engine_type"),
        "auto_minor_upgrade": flag("auto_minor_version_upgrade")}, ("broker_name",)),
    "aws_mq_configuration": Kind("", {"engine_version_supported": fixed_version(engine="engine_type")}),
    "aws_msk_cluster": Kind("stream", {
        "encryption_at_rest": _msk, "customer_managed_key": own_key("encryption_info.encryption_at_rest_kms_key_arn"),
        "tls_enforced": among(f"{_TLS}.client_broker", ["TLS"], YES),
        "node_to_node_encryption": flag(f"{_TLS}.in_cluster", YES), "auth_required": _kafka_login,
        "public_endpoint_disabled": among("broker_node_group_info.connectivity_info.public_access.type",
                                          ["DISABLED"], YES),
        "log_export": either(flag("logging_info.broker_logs.cloudwatch_logs.enabled"),
                             flag("logging_info.broker_logs.firehose.enabled"),
                             flag("logging_info.broker_logs.s3.enabled"))}, ("cluster_name",)),
    "aws_msk_serverless_cluster": Kind("stream", {
        "encryption_at_rest": always(YES, "serverless clusters are always encrypted"),
        "tls_enforced": always(YES, "serverless clusters take TLS only"),
        "iam_auth": flag("client_authentication.sasl.iam.enabled")}, ("cluster_name",)),
    "aws_msk_cluster_policy": Kind("", {"policy_not_public": _OPEN}, parents=("aws_msk_cluster",)),
    "aws_mskconnect_connector": Kind("stream", {
        "tls_enforced": among("kafka_cluster_encryption_in_transit.encryption_type", ["TLS"]),
        "auth_required": among("kafka_cluster_client_authentication.authentication_type", ["IAM"])}),
    "aws_appsync_api_cache": Kind("cache", {"encryption_at_rest": flag("at_rest_encryption_enabled"),
                                            "tls_enforced": flag("transit_encryption_enabled")}),
    "aws_api_gateway_method_settings": Kind("cache", {"encryption_at_rest": when(
        lambda v: v.word("settings.caching_enabled") == "true", flag("settings.cache_data_encrypted"))}, ("-",)),
    "aws_scheduler_schedule": Kind("job", {"customer_managed_key": own_key("kms_key_arn")}),
    "aws_ses_configuration_set": Kind("", {"tls_enforced": among("delivery_options.tls_policy", ["Require"])}),
    "aws_sesv2_configuration_set": Kind("", {"tls_enforced": among("delivery_options.tls_policy", ["REQUIRE"])}),
}  # fmt: skip
