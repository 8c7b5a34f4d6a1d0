"""Google Cloud: buckets, SQL, BigQuery, disks, keys and what is bound to them."""

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
    first,
    flag,
    given,
    is_,
    joined,
    number,
    unknown_of,
    when,
)
from scanner.declared.terraform.decode import decoded
from scanner.model import Basis, State

_EVERYBODY = ("allusers", "allauthenticatedusers")


def members(view: View) -> Fact | None:
    """Nobody without an account of the organisation is bound to a role."""
    for path in ("member", "members", "policy_data"):
        value = view.get(path)
        if value is None:
            continue
        if path == "policy_data":
            document = decoded(value)
            if isinstance(document, Unknown):
                return _from_data(view, document)
            if not isinstance(document, Mapping):
                return doubt(view, path, "policy is not an object")
            value = [m for b in document.get("bindings", []) for m in b.get("members", [])]
        listed = value if isinstance(value, list) else [value]
        if any(str(m).lower() in _EVERYBODY for m in listed if not isinstance(m, Unknown)):
            return Fact(NO, Basis.EXPLICIT, path, None, "", view.resource)
        unknown = next((m for m in listed if isinstance(m, Unknown)), None)
        if unknown is not None and getattr(unknown, "address", "") == "":
            return doubt(view, path, unknown)
        return Fact(YES, Basis.EXPLICIT, path, None, "", view.resource)
    return None


def data_items(binding: object, key: str) -> list[object]:
    value = binding.get(key) if isinstance(binding, Mapping) else None
    return value if isinstance(value, list) else [] if value is None else [value]


def _from_data(view: View, why: Unknown) -> Fact | None:
    """`data "google_iam_policy"` holds the bindings that a policy resource hands on."""
    from scanner.declared.terraform.values import address_of

    address = address_of(view.get("policy_data"))
    for one in view.estate.by_type.get("data.google_iam_policy", ()):
        if one.address == address:
            data = View(one, view.estate)
            for binding in data.blocks("binding"):
                listed = [m for key in ("members", "member") for m in data_items(binding, key)]
                if any(str(m).lower() in _EVERYBODY for m in listed):
                    return Fact(NO, Basis.EXPLICIT, "policy_data", None, "", view.resource)
            return Fact(YES, Basis.EXPLICIT, "policy_data", None, "", view.resource)
    return doubt(view, "policy_data", why)


def bound(*kinds: str) -> Check:
    names = tuple(f"{kind}_iam_{how}" for kind in kinds for how in ("member", "binding", "policy"))
    return joined(names, members, YES, all=True)


def parts(kind: str, safeguard: str = "policy_not_public") -> dict[str, Kind]:
    return {
        f"{kind}_iam_{how}": Kind("", {safeguard: members}, parents=(kind,))
        for how in ("member", "binding", "policy")
    }


def db_flag(name: str, good: tuple[str, ...], default: State | None = NO) -> Check:
    """One of the instance's database flags."""

    def check(view: View) -> Fact | None:
        for one in view.blocks("settings.database_flags"):
            if isinstance(one, Unknown):
                return doubt(view, "settings.database_flags", one)
            if str(one.get("name")).lower() == name:
                value = one.get("value")
                unknown = unknown_of(value)
                if unknown is not None:
                    return doubt(view, "settings.database_flags", unknown)
                state = YES if str(value).lower() in good else NO
                return Fact(state, Basis.EXPLICIT, "settings.database_flags", None, "", view.resource)
        if default is None:
            return None
        return Fact(
            default, Basis.PROVIDER_DEFAULT, "settings.database_flags", None, "not set", view.resource
        )

    return check


_postgres = is_("database_version", "postgres*")
_mysql = is_("database_version", "mysql*")
_sqlserver = is_("database_version", "sqlserver*")


def _sql_public(view: View) -> Fact | None:
    if view.get("settings") is None:
        return Fact(NO, Basis.PROVIDER_DEFAULT, "settings", None, "not set", view.resource)
    return flag("settings.ip_configuration.ipv4_enabled", NO, off=True)(view)


def _networks(view: View) -> Fact | None:
    for one in view.blocks("settings.ip_configuration.authorized_networks"):
        if isinstance(one, Unknown):
            return doubt(view, "settings.ip_configuration", one)
        if str(one.get("value")).endswith("/0"):
            return Fact(NO, Basis.EXPLICIT, "settings.ip_configuration", None, "", view.resource)
    return Fact(YES, Basis.EXPLICIT, "settings.ip_configuration", None, "", view.resource)


def _sql_tls(view: View) -> Fact | None:
    mode = view.get("settings.ip_configuration.ssl_mode")
    if mode is not None:
        return among("settings.ip_configuration.ssl_mode", ["ENCRYPTED_ONLY", "TRUSTED_CLIENT*"])(view)
    return flag("settings.ip_configuration.require_ssl")(view)


def _anyone_logs_in(view: View) -> Fact | None:
    """An account of MySQL that may come from anywhere needs a password of its own."""
    for one in view.joined("google_sql_user"):
        if one.word("host", "%") == "%" and one.word("name").startswith("root"):
            return Fact(NO, Basis.EXPLICIT, "host", None, "", one.resource)
    return Fact(YES, Basis.PROVIDER_DEFAULT, "", None, "", view.resource)


def _queries(view: View) -> Fact | None:
    return either(db_flag("log_statement", ("all", "ddl", "mod")), db_flag("log_duration", ("on",)))(view)


def _connections(view: View) -> Fact | None:
    return every(
        *(db_flag(name, ("on",)) for name in ("log_connections", "log_disconnections", "log_hostname"))
    )(view)


def _dataset(view: View) -> Fact | None:
    for one in view.blocks("access"):
        if isinstance(one, Unknown):
            return doubt(view, "access", one)
        if (
            str(one.get("special_group")).lower() in _EVERYBODY
            or str(one.get("iam_member")).lower() in _EVERYBODY
        ):
            return Fact(NO, Basis.EXPLICIT, "access", None, "", view.resource)
        given_to = ("user_by_email", "group_by_email", "domain", "view", "routine", "dataset", "special_group",
                    "iam_member")  # fmt: skip
        if not any(one.get(name) not in (None, "") for name in given_to):
            return Fact(
                NO, Basis.EXPLICIT, "access", None, "a role without a holder is for all users", view.resource
            )
    own = Fact(YES, Basis.EXPLICIT, "access", None, "", view.resource)
    apart = bound("google_bigquery_dataset")(view)
    return apart if apart is not None and apart.state is not YES else own


def _rotation(view: View) -> Fact | None:
    """90 days at the longest (CIS Google Cloud Foundations 1.10)."""
    if view.word("purpose", "encrypt_decrypt") != "encrypt_decrypt":
        return None
    return number("rotation_period", lambda seconds: seconds <= 7_776_000)(view)


def _kept(view: View) -> Fact | None:
    return flag("lifecycle.prevent_destroy")(view)


def _sink_bucket(view: View) -> Fact | None:
    """A log sink's bucket keeps what it receives for a locked time."""
    from scanner.declared.terraform.values import address_of

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


_ENCRYPTED: Check = always(YES, "Google Cloud always encrypts")

_SQL: dict[str, Check] = {
    "encryption_at_rest": _ENCRYPTED,
    "customer_managed_key": given("encryption_key_name"),
    "public_endpoint_disabled": _sql_public,
    "network_firewall_restricted": _networks,
    "tls_enforced": _sql_tls,
    "backup_enabled": flag("settings.backup_configuration.enabled"),
    "point_in_time_recovery": either(flag("settings.backup_configuration.point_in_time_recovery_enabled"),
                                     flag("settings.backup_configuration.binary_log_enabled")),
    "high_availability": among("settings.availability_type", ["REGIONAL"]),
    "deletion_protection": flag("deletion_protection", YES),
    "audit_logging": when(_postgres, every(db_flag("cloudsql.enable_pgaudit", ("on",)))),
    "query_logging": when(_postgres, _queries),
    "connection_logging": when(_postgres, _connections),
    "local_auth_disabled": when(_sqlserver, db_flag("contained database authentication", ("off",), YES)),
    "privilege_chaining_disabled": when(_sqlserver, db_flag("cross db ownership chaining", ("off",), YES)),
    "local_file_access_disabled": when(_mysql, db_flag("local_infile", ("off",), YES)),
    "auth_required": when(_mysql, _anyone_logs_in),
}  # fmt: skip
_BUCKET: dict[str, Check] = {
    "encryption_at_rest": _ENCRYPTED,
    "customer_managed_key": given("encryption.default_kms_key_name"),
    "public_access_blocked": among("public_access_prevention", ["enforced"]),
    "uniform_access_control": first(flag("uniform_bucket_level_access", None), flag("bucket_policy_only", NO)),
    "versioning": flag("versioning.enabled"),
    "access_logging": given("logging"),
    "object_lock": given("retention_policy"),
    "lifecycle_expiry": given("lifecycle_rule"),
    "static_website_disabled": given("website", default=YES, then=NO),
    "policy_not_public": bound("google_storage_bucket"),
    "anonymous_read_blocked": first(
        when(is_("public_access_prevention", "enforced"), declared_so(YES, "public_access_prevention")),
        bound("google_storage_bucket")),
}  # fmt: skip

KINDS: dict[str, Kind] = {
    "google_storage_bucket": Kind("bucket", _BUCKET),
    **parts("google_storage_bucket"),
    "google_storage_bucket_acl": Kind("", {"acl_not_public": among("predefined_acl", ["*public*"], YES, bad=True)},
                                      parents=("google_storage_bucket",)),
    "google_sql_database_instance": Kind("database", _SQL),
    "google_bigquery_dataset": Kind("dataset", {
        "encryption_at_rest": _ENCRYPTED, "policy_not_public": _dataset,
        "customer_managed_key": given("default_encryption_configuration.kms_key_name"),
        "lifecycle_expiry": given("default_table_expiration_ms")}, ("dataset_id",)),
    **parts("google_bigquery_dataset"),
    "google_bigquery_table": Kind("dataset", {
        "deletion_protection": flag("deletion_protection", YES),
        "customer_managed_key": given("encryption_configuration.kms_key_name"),
        "policy_not_public": bound("google_bigquery_table")}, ("table_id",)),
    **parts("google_bigquery_table"),
    "google_compute_disk": Kind("disk", {
        "encryption_at_rest": _ENCRYPTED,
        "customer_managed_key": given("disk_encryption_key.raw_key", "disk_encryption_key.kms_key_self_link",
                                      "disk_encryption_key.rsa_encrypted_key")}),
    "google_kms_crypto_key": Kind("key", {
        "key_rotation": _rotation, "key_deletion_protection": _kept,
        "key_policy_restricted": bound("google_kms_crypto_key")}),
    **parts("google_kms_crypto_key", "key_policy_restricted"),
    "google_kms_key_ring": Kind("key", {"key_policy_restricted": bound("google_kms_key_ring")}),
    **parts("google_kms_key_ring", "key_policy_restricted"),
    "google_spanner_database": Kind("database", {
        "customer_managed_key": given("encryption_config.kms_key_name"),
        "deletion_protection": every(flag("deletion_protection", YES), flag("enable_drop_protection", None))}),
    "google_spanner_instance": Kind("database", {}),
    "google_redis_instance": Kind("cache", {
        "auth_required": flag("auth_enabled"), "tls_enforced": among("transit_encryption_mode",
                                                                     ["SERVER_AUTHENTICATION"]),
        "customer_managed_key": given("customer_managed_key")}),
    "google_bigtable_instance": Kind("database", {
        "deletion_protection": flag("deletion_protection", YES),
        "customer_managed_key": given("cluster.kms_key_name")}),
    "google_pubsub_topic": Kind("queue", {"customer_managed_key": given("kms_key_name"),
                                          "policy_not_public": bound("google_pubsub_topic")}),
    **parts("google_pubsub_topic"),
    "google_dataflow_job": Kind("pipeline", {"customer_managed_key": given("kms_key_name"),
                                             "public_endpoint_disabled": among("ip_configuration",
                                                                               ["WORKER_IP_PRIVATE"])}),
    "google_dataproc_cluster": Kind("cluster", {"customer_managed_key": _dataproc,
                                                "policy_not_public": bound("google_dataproc_cluster")}),
    **parts("google_dataproc_cluster"),
    "google_container_registry": Kind("registry", {"policy_not_public": _registry}),
    "google_artifact_registry_repository": Kind("registry", {
        "customer_managed_key": given("kms_key_name"),
        "policy_not_public": bound("google_artifact_registry_repository")}),
    **parts("google_artifact_registry_repository"),
    "google_secret_manager_secret": Kind("secret", {"secret_rotation": given("rotation")}, ("secret_id",)),
    "google_data_fusion_instance": Kind("pipeline", {"public_endpoint_disabled": flag("private_instance")}),
    **{f"google_logging_{scope}_sink": Kind("", {"object_lock": _sink_bucket})
       for scope in ("folder", "organization", "project")},
    **{f"google_vertex_ai_{kind}": Kind("dataset", {"customer_managed_key": given("encryption_spec.kms_key_name")})
       for kind in ("dataset", "featurestore", "tensorboard", "metadata_store")},
    **{kind: Kind("disk", {"customer_managed_key": given(
        "boot_disk.disk_encryption_key_raw", "boot_disk.kms_key_self_link")})
       for kind in ("google_compute_instance", "google_compute_instance_template")},
    "google_dataproc_metastore_service": Kind("database", {"customer_managed_key": given("encryption_config.kms_key")}),
    "google_alloydb_cluster": Kind("database", {"customer_managed_key": given("encryption_config.kms_key_name")}),
    "google_filestore_instance": Kind("share", {"customer_managed_key": given("kms_key_name")}),
}  # fmt: skip
