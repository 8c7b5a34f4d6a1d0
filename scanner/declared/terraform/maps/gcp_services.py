"""Google Cloud keys, secrets, queues, registries, disks, clusters and pipelines."""

from __future__ import annotations

from scanner.declared.terraform.checks import (
    NO,
    YES,
    Check,
    Fact,
    Kind,
    View,
    always,
    among,
    every,
    flag,
    given,
    number,
    unknown_of,
)
from scanner.declared.terraform.maps.gcp import bound, parts
from scanner.declared.terraform.values import address_of
from scanner.model import Basis


def _rotation(view: View) -> Fact | None:
    """90 days at the longest (CIS Google Cloud Foundations 1.10)."""
    if view.word("purpose", "encrypt_decrypt") != "encrypt_decrypt":
        return None
    return number("rotation_period", lambda seconds: seconds <= 7_776_000)(view)


def _kept(view: View) -> Fact | None:
    return flag("lifecycle.prevent_destroy")(view)


def _sink_bucket(view: View) -> Fact | None:
    """A log sink's bucket keeps what it receives for a locked time."""
    destination = view.get("destination")
    address = address_of(destination)
    for one in view.estate.by_type.get("google_storage_bucket", ()):
        named = (
            not address
            and isinstance(destination, str)
            and one.attributes.get("name") == destination.rpartition("/")[2]
        )
        if one.address == address or named:
            return flag("retention_policy.is_locked")(View(one, view.estate))
    return None


def _dataproc(view: View) -> Fact | None:
    return given("cluster_config.encryption_config.kms_key_name")(view)


def _registry(view: View) -> Fact | None:
    return bound("google_container_registry", "google_storage_bucket")(view)


def _raw_key(view: View) -> Fact | None:
    """A disk's key that stands in the code."""
    for path in ("disk_encryption_key.raw_key", "boot_disk.disk_encryption_key_raw", "snapshot_encryption_key.raw_key",
                 "image_encryption_key.raw_key", "attached_disk.disk_encryption_key_raw"):  # fmt: skip
        value = view.get(path)
        if isinstance(value, str) and value and unknown_of(value) is None:
            return Fact(NO, Basis.EXPLICIT, path, None, "", view.resource)
    return None


def _cluster_database(view: View) -> Fact | None:
    return among("database_encryption.state", ["ENCRYPTED"])(view)


def _all_data(view: View) -> Fact | None:
    """Reads and writes of data are logged, with nobody exempted."""
    blocks = view.blocks("audit_log_config")
    kinds, exempted = set(), False
    for one in blocks:
        if isinstance(one, dict):
            kinds.add(str(one.get("log_type")).upper())
            exempted = exempted or bool(one.get("exempted_members"))
    good = {"DATA_READ", "DATA_WRITE"} <= kinds and not exempted
    return Fact(YES if good else NO, Basis.EXPLICIT, "audit_log_config", None, "", view.resource)


def _notebook_disk(view: View) -> Fact | None:
    return given("kms_key", "gce_setup.boot_disk.kms_key", "gce_setup.data_disks.kms_key",
                 "virtual_machine.virtual_machine_config.encryption_config.kms_key")(view)  # fmt: skip


_ENCRYPTED: Check = always(YES, "Google Cloud always encrypts")
_DISK: dict[str, Check] = {
    "encryption_at_rest": _ENCRYPTED, "no_plaintext_secret": _raw_key,
    "customer_managed_key": given("disk_encryption_key.raw_key", "disk_encryption_key.kms_key_self_link",
                                  "disk_encryption_key.rsa_encrypted_key"),
}  # fmt: skip
_MACHINE: dict[str, Check] = {
    "no_plaintext_secret": _raw_key,
    "customer_managed_key": given("boot_disk.disk_encryption_key_raw", "boot_disk.kms_key_self_link",
                                  "disk.disk_encryption_key.kms_key_self_link"),
}  # fmt: skip


def _cmek(*paths: str) -> dict[str, Check]:
    return {"customer_managed_key": given(*paths)}


_OPEN_TO = ("google_pubsub_subscription", "google_pubsub_schema", "google_secret_manager_regional_secret", "google_compute_disk",
            "google_compute_image", "google_compute_instance", "google_compute_snapshot", "google_healthcare_dataset",
            "google_healthcare_fhir_store", "google_healthcare_dicom_store", "google_healthcare_hl7_v2_store",
            "google_data_catalog_tag_template", "google_data_fusion_instance", "google_dataproc_job", "google_dataproc_autoscaling_policy",
            "google_dataproc_metastore_service", "google_data_catalog_entry_group", "google_data_catalog_policy_tag",
            "google_data_catalog_taxonomy", "google_sourcerepo_repository", "google_notebooks_instance", "google_notebooks_runtime",
            "google_workbench_instance", "google_storage_managed_folder", "google_bigquery_connection",
            "google_bigquery_analytics_hub_listing", "google_bigquery_analytics_hub_data_exchange", "google_project",
            "google_folder", "google_organization", "google_cloudfunctions_function", "google_cloudfunctions2_function",
            "google_cloud_run_service", "google_cloud_run_v2_service", "google_vertex_ai_featurestore",
            "google_bigquery_datapolicy_data_policy", "google_gke_backup_backup_plan", "google_dataplex_lake")  # fmt: skip

KINDS: dict[str, Kind] = {
    "google_kms_crypto_key": Kind("key", {
        "key_rotation": _rotation, "key_deletion_protection": _kept,
        "hsm_backed_key": among("version_template.protection_level", ["HSM"]),
        "key_policy_restricted": bound("google_kms_crypto_key")}),
    **parts("google_kms_crypto_key", "key_policy_restricted"),
    "google_kms_key_ring": Kind("key", {"key_policy_restricted": bound("google_kms_key_ring")}),
    **parts("google_kms_key_ring", "key_policy_restricted"),
    **{kind: Kind("secret", {
        "secret_rotation": given("rotation"), "policy_not_public": bound(kind),
        "secret_expiry_set": given("ttl", "expire_time"),
        "customer_managed_key": given("replication.user_managed.replicas.customer_managed_encryption",
                                      "replication.auto.customer_managed_encryption", "customer_managed_encryption"),
    }, ("secret_id",)) for kind in ("google_secret_manager_secret", "google_secret_manager_regional_secret")},
    **parts("google_secret_manager_secret"),
    "google_secret_manager_secret_version": Kind("", {}),
    "google_pubsub_topic": Kind("queue", {**_cmek("kms_key_name"), "policy_not_public": bound("google_pubsub_topic"),
                                          "encryption_at_rest": _ENCRYPTED}),
    **parts("google_pubsub_topic"),
    "google_dataflow_job": Kind("pipeline", {
        **_cmek("kms_key_name"), "public_endpoint_disabled": among("ip_configuration", ["WORKER_IP_PRIVATE"])}),
    "google_dataflow_flex_template_job": Kind("pipeline", {
        **_cmek("kms_key_name"), "public_endpoint_disabled": among("ip_configuration", ["WORKER_IP_PRIVATE"])}),
    "google_dataproc_cluster": Kind("cluster", {
        "customer_managed_key": _dataproc, "policy_not_public": bound("google_dataproc_cluster"),
        "public_endpoint_disabled": flag("cluster_config.gce_cluster_config.internal_ip_only", NO)}),
    **parts("google_dataproc_cluster"),
    "google_container_registry": Kind("registry", {"policy_not_public": _registry}),
    "google_artifact_registry_repository": Kind("registry", {
        **_cmek("kms_key_name"), "policy_not_public": bound("google_artifact_registry_repository"),
        "image_immutability": flag("docker_config.immutable_tags"), "lifecycle_expiry": given("cleanup_policies")}),
    **parts("google_artifact_registry_repository"),
    "google_data_fusion_instance": Kind("pipeline", {
        **_cmek("crypto_key_config.key_reference"), "public_endpoint_disabled": flag("private_instance"),
        "log_export": flag("enable_stackdriver_logging")}),
    **{f"google_logging_{scope}_sink": Kind("", {"object_lock": _sink_bucket})
       for scope in ("folder", "organization", "project")},
    **{f"google_logging_{scope}_bucket_config": Kind("log", {
        "audit_log_retention_days": number("retention_days", lambda n: n >= 90, NO, plain=30), "object_lock": flag("locked", None),
        "customer_managed_key": given("cmek_settings.kms_key_name", default=None)}, ("bucket_id",))
       for scope in ("folder", "organization", "project", "billing_account")},
    **{f"google_{scope}_iam_audit_config": Kind("trail", {"data_event_logging": _all_data}, ("service",))
       for scope in ("folder", "organization", "project")},
    **{f"google_vertex_ai_{kind}": Kind("dataset", _cmek("encryption_spec.kms_key_name"))
       for kind in ("dataset", "featurestore", "tensorboard", "metadata_store", "endpoint", "feature_online_store")},
    "google_vertex_ai_index_endpoint": Kind("dataset", {"public_endpoint_disabled": flag("public_endpoint_enabled", YES, off=True)}),
    "google_notebooks_instance": Kind("disk", {
        "customer_managed_key": _notebook_disk, "public_endpoint_disabled": flag("no_public_ip")}),
    "google_notebooks_runtime": Kind("disk", {
        "customer_managed_key": _notebook_disk,
        "public_endpoint_disabled": flag("virtual_machine.virtual_machine_config.internal_ip_only")}),
    "google_workbench_instance": Kind("disk", {
        "customer_managed_key": _notebook_disk, "public_endpoint_disabled": flag("gce_setup.disable_public_ip")}),
    "google_document_ai_processor": Kind("dataset", _cmek("kms_key_name"), ("display_name",)),
    "google_document_ai_warehouse_location": Kind("dataset", _cmek("kms_key"), ("-",)),
    "google_compute_disk": Kind("disk", _DISK),
    "google_compute_region_disk": Kind("disk", _DISK),
    "google_compute_snapshot": Kind("snapshot", {
        "backup_encrypted": _ENCRYPTED, "no_plaintext_secret": _raw_key,
        **_cmek("snapshot_encryption_key.raw_key", "snapshot_encryption_key.kms_key_self_link")}),
    "google_compute_image": Kind("snapshot", {
        "no_plaintext_secret": _raw_key, "policy_not_public": bound("google_compute_image"),
        **_cmek("image_encryption_key.kms_key_self_link", "image_encryption_key.raw_key")}),
    "google_compute_instance": Kind("disk", _MACHINE),
    "google_compute_instance_template": Kind("disk", _MACHINE),
    "google_filestore_instance": Kind("share", {
        **_cmek("kms_key_name"), "encryption_at_rest": _ENCRYPTED,
        "deletion_protection": flag("deletion_protection_enabled", None)}),
    "google_filestore_backup": Kind("backup", {"backup_encrypted": _ENCRYPTED}),
    "google_netapp_volume": Kind("share", {"encryption_at_rest": _ENCRYPTED}),
    "google_netapp_storage_pool": Kind("share", _cmek("kms_config")),
    "google_dataproc_metastore_service": Kind("database", {
        **_cmek("encryption_config.kms_key"), "deletion_protection": flag("deletion_protection", None)}, ("service_id",)),
    "google_composer_environment": Kind("pipeline", {
        **_cmek("config.encryption_config.kms_key_name"),
        "public_endpoint_disabled": flag("config.private_environment_config.enable_private_endpoint")}),
    "google_container_cluster": Kind("cluster", {
        "encryption_at_rest": _cluster_database,
        "public_endpoint_disabled": flag("private_cluster_config.enable_private_endpoint"),
        "customer_managed_key": given("database_encryption.key_name")}),
    "google_cloudbuild_worker_pool": Kind("job", {"public_endpoint_disabled": every(
        flag("worker_config.no_external_ip"))}),
    "google_healthcare_dataset": Kind("dataset", {
        "policy_not_public": bound("google_healthcare_dataset"), **_cmek("encryption_spec.kms_key_name")}),
    "google_backup_dr_backup_vault": Kind("backup", {"object_lock": given("backup_minimum_enforced_retention_duration")},
                                          ("backup_vault_id",)),
    "google_sourcerepo_repository": Kind("registry", {"policy_not_public": bound("google_sourcerepo_repository")}),
    **{key: value for kind in _OPEN_TO for key, value in parts(kind).items()},
}  # fmt: skip
