"""Google Cloud: buckets, SQL, BigQuery, disks, keys and what is bound to them."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.declared.engines import supported
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
from scanner.declared.terraform.maps.account_wide import prevented
from scanner.declared.terraform.values import first_unknown
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


def _sql_version(view: View) -> Fact | None:
    """`POSTGRES_16`, `MYSQL_8_0_31`, `SQLSERVER_2019_STANDARD`."""
    value = view.get("database_version")
    if not isinstance(value, str) or unknown_of(value) is not None:
        return None
    engine, _, version = value.partition("_")
    years = {"2008": "10", "2012": "11", "2014": "12", "2016": "13", "2017": "14", "2019": "15", "2022": "16"}
    answer = supported(engine, years.get(version.partition("_")[0], version))
    return None if answer is None else Fact(
        YES if answer else NO, Basis.EXPLICIT, "database_version", None, "", view.resource)  # fmt: skip


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
    entries = joined("google_bigquery_dataset_access", _entry, None, all=True)
    apart = every(bound("google_bigquery_dataset"), entries)(view)
    return apart if apart is not None and apart.state is not YES else own


def _entry(view: View) -> Fact | None:
    """One entry of a dataset's access list."""
    for path in ("special_group", "iam_member"):
        if view.word(path) in _EVERYBODY:
            return Fact(NO, Basis.EXPLICIT, path, None, "", view.resource)
    unknown = first_unknown(unknown_of(view.get("special_group")), unknown_of(view.get("iam_member")))
    if unknown is not None:
        return doubt(view, "role", unknown)
    return Fact(YES, Basis.EXPLICIT, "role", None, "", view.resource)


def _sql_users(view: View) -> Fact | None:
    """Logins are checked against IAM."""
    if _sqlserver(view):
        return None
    name = "cloudsql.iam_authentication" if _postgres(view) else "cloudsql_iam_authentication"
    return db_flag(name, ("on", "true", "1"))(view)


def _sql_kept(view: View) -> Fact | None:
    path = "settings.backup_configuration.backup_retention_settings.retained_backups"
    return number(path, lambda n: n >= 7, None)(view)


def _sql_logs(view: View) -> Fact | None:
    """Flags of the engine's own log; said only of those that are set."""
    wanted = {
        "log_checkpoints": ("on",), "log_lock_waits": ("on",), "log_temp_files": ("0",),
        "log_min_error_statement": ("error", "warning", "notice", "info", "log", "debug*"),
        "log_executor_stats": ("off",), "log_parser_stats": ("off",), "log_planner_stats": ("off",),
        "log_statement_stats": ("off",), "log_min_duration_statement": ("-1",),
    }  # fmt: skip
    return every(*(db_flag(name, good, None) for name, good in wanted.items()))(view)


def _expires(view: View) -> Fact | None:
    """A rule deletes content; one that only changes the storage class does not."""
    rules = view.blocks("lifecycle_rule")
    for rule in rules:
        if isinstance(rule, Unknown):
            return doubt(view, "lifecycle_rule", rule)
        actions = rule.get("action")
        for action in actions if isinstance(actions, list) else [actions]:
            if isinstance(action, Unknown):
                return doubt(view, "lifecycle_rule", action)
            if isinstance(action, Mapping) and str(action.get("type")).lower() == "delete":
                return Fact(YES, Basis.EXPLICIT, "lifecycle_rule", None, "", view.resource)
    basis = Basis.EXPLICIT if rules else Basis.PROVIDER_DEFAULT
    return Fact(NO, basis, "lifecycle_rule", None, "no rule deletes content", view.resource)


def _logged(view: View) -> Fact | None:
    """Accesses are logged, and not into the bucket itself."""
    target = view.get("logging.log_bucket")
    if isinstance(target, str) and target == view.get("name"):
        return Fact(
            NO, Basis.EXPLICIT, "logging.log_bucket", None, "the bucket logs into itself", view.resource
        )
    return given("logging")(view)


def _bucket_cors(view: View) -> Fact | None:
    rules = view.blocks("cors")
    for rule in rules:
        if isinstance(rule, Unknown):
            return doubt(view, "cors", rule)
        origins = rule.get("origin")
        if isinstance(origins, list) and "*" in origins:
            return Fact(NO, Basis.EXPLICIT, "cors", None, "", view.resource)
    basis = Basis.EXPLICIT if rules else Basis.PROVIDER_DEFAULT
    return Fact(YES, basis, "cors", None, "", view.resource)


def entity_not_public(view: View) -> Fact | None:
    """An access control entry, or a list of `ROLE:entity`, names nobody in particular."""
    for path in ("entity", "role_entity"):
        value = view.get(path)
        if value is None:
            continue
        if isinstance(value, Unknown):
            return doubt(view, path, value)
        items = value if isinstance(value, list) else [value]
        public = any(str(item).rpartition(":")[2].lower() in _EVERYBODY for item in items)
        return Fact(NO if public else YES, Basis.EXPLICIT, path, None, "", view.resource)
    return among("predefined_acl", ["*public*", "authenticatedread"], None, bad=True)(view)


_ACLS = ("google_storage_bucket_acl", "google_storage_bucket_access_control", "google_storage_default_object_acl",
         "google_storage_default_object_access_control")  # fmt: skip
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
    "backup_retention_days": _sql_kept,
    "iam_auth": _sql_users,
    "network_private": either(given("settings.ip_configuration.private_network"), flag(
        "settings.ip_configuration.psc_config.psc_enabled", None)),
    "engine_version_supported": _sql_version,
    "audit_logging": when(_postgres, every(db_flag("cloudsql.enable_pgaudit", ("on",)))),
    "query_logging": when(_postgres, _queries),
    "connection_logging": when(_postgres, every(_connections, _sql_logs)),
    "local_auth_disabled": when(_sqlserver, db_flag("contained database authentication", ("off",), YES)),
    "privilege_chaining_disabled": when(_sqlserver, db_flag("cross db ownership chaining", ("off",), YES)),
    "local_file_access_disabled": when(_mysql, db_flag("local_infile", ("off",), YES)),
    "auth_required": when(_mysql, _anyone_logs_in),
}  # fmt: skip
_BUCKET: dict[str, Check] = {
    "encryption_at_rest": _ENCRYPTED,
    "customer_managed_key": given("encryption.default_kms_key_name"),
    "public_access_blocked": first(prevented, among("public_access_prevention", ["enforced"])),
    "uniform_access_control": first(flag("uniform_bucket_level_access", None), flag("bucket_policy_only", NO)),
    "versioning": flag("versioning.enabled"),
    "access_logging": _logged,
    "object_lock": given("retention_policy"),
    "lifecycle_expiry": _expires,
    "soft_delete": number("soft_delete_policy.retention_duration_seconds", lambda n: n > 0, YES),
    "cors_restricted": _bucket_cors,
    "acl_not_public": joined(_ACLS, entity_not_public, None, all=True),
    "static_website_disabled": given("website", default=YES, then=NO),
    "policy_not_public": bound("google_storage_bucket"),
    "anonymous_read_blocked": first(
        when(is_("public_access_prevention", "enforced"), declared_so(YES, "public_access_prevention")), prevented,
        bound("google_storage_bucket")),
}  # fmt: skip

KINDS: dict[str, Kind] = {
    "google_storage_bucket": Kind("bucket", _BUCKET),
    **parts("google_storage_bucket"),
    **{kind: Kind("", {"acl_not_public": entity_not_public}, parents=("google_storage_bucket",)) for kind in _ACLS},
    **{kind: Kind("object", {"acl_not_public": entity_not_public}, ("object",))
       for kind in ("google_storage_object_acl", "google_storage_object_access_control")},
    "google_storage_bucket_object": Kind("object", {"customer_managed_key": given("kms_key_name", default=None)}),
    "google_sql_database_instance": Kind("database", _SQL),
    "google_bigquery_dataset": Kind("dataset", {
        "encryption_at_rest": _ENCRYPTED, "policy_not_public": _dataset,
        "customer_managed_key": given("default_encryption_configuration.kms_key_name"),
        "lifecycle_expiry": given("default_table_expiration_ms")}, ("dataset_id",)),
    **parts("google_bigquery_dataset"),
    "google_bigquery_table": Kind("dataset", {
        "deletion_protection": flag("deletion_protection", YES),
        "customer_managed_key": given("encryption_configuration.kms_key_name"),
        "lifecycle_expiry": given("expiration_time", default=None),
        "policy_not_public": bound("google_bigquery_table")}, ("table_id",)),
    **parts("google_bigquery_table"),
    **{kind: Kind("", {"policy_not_public": _entry}, parents=("google_bigquery_dataset",))
       for kind in ("google_bigquery_dataset_access",)},
    "google_sql_user": Kind("", {}, parents=("google_sql_database_instance",)),
    "google_spanner_database": Kind("database", {
        "customer_managed_key": given("encryption_config.kms_key_name", "encryption_config.kms_key_names"),
        "encryption_at_rest": _ENCRYPTED, "point_in_time_recovery": given("version_retention_period"),
        "policy_not_public": bound("google_spanner_database"),
        "deletion_protection": every(flag("deletion_protection", YES), flag("enable_drop_protection", None))}),
    "google_spanner_instance": Kind("database", {"policy_not_public": bound("google_spanner_instance")}),
    "google_bigtable_instance": Kind("database", {
        "deletion_protection": flag("deletion_protection", YES), "encryption_at_rest": _ENCRYPTED,
        "policy_not_public": bound("google_bigtable_instance"),
        "customer_managed_key": given("cluster.kms_key_name")}),
    "google_bigtable_table": Kind("database", {
        "deletion_protection": among("deletion_protection", ["PROTECTED"]),
        "backup_enabled": given("automated_backup_policy", default=None)}),
    "google_firestore_database": Kind("database", {
        "encryption_at_rest": _ENCRYPTED, "customer_managed_key": given("cmek_config.kms_key_name"),
        "deletion_protection": among("delete_protection_state", ["DELETE_PROTECTION_ENABLED"]),
        "point_in_time_recovery": among("point_in_time_recovery_enablement", ["POINT_IN_TIME_RECOVERY_ENABLED"])}),
    "google_redis_instance": Kind("cache", {
        "auth_required": flag("auth_enabled"), "tls_enforced": among("transit_encryption_mode", ["SERVER_AUTHENTICATION"]),
        "high_availability": among("tier", ["STANDARD_HA"]), "encryption_at_rest": _ENCRYPTED,
        "backup_enabled": among("persistence_config.persistence_mode", ["RDB"], None),
        "customer_managed_key": given("customer_managed_key")}),
    "google_redis_cluster": Kind("cache", {
        "auth_required": among("authorization_mode", ["AUTH_MODE_IAM_AUTH"]), "customer_managed_key": given("kms_key"),
        "tls_enforced": among("transit_encryption_mode", ["TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"]),
        "deletion_protection": flag("deletion_protection_enabled", YES)}),
    "google_memorystore_instance": Kind("cache", {
        "auth_required": among("authorization_mode", ["IAM_AUTH"]), "customer_managed_key": given("kms_key"),
        "tls_enforced": among("transit_encryption_mode", ["SERVER_AUTHENTICATION"]),
        "deletion_protection": flag("deletion_protection_enabled", YES)}, ("instance_id",)),
    "google_alloydb_cluster": Kind("database", {
        "encryption_at_rest": _ENCRYPTED, "customer_managed_key": given("encryption_config.kms_key_name"),
        "backup_enabled": flag("automated_backup_policy.enabled", YES),
        "deletion_protection": flag("deletion_protection", None),
        "point_in_time_recovery": flag("continuous_backup_config.enabled", YES)}, ("cluster_id",)),
    "google_alloydb_instance": Kind("database", {
        "public_endpoint_disabled": flag("network_config.enable_public_ip", YES, off=True),
        "tls_enforced": among("client_connection_config.ssl_config.ssl_mode", ["ENCRYPTED_ONLY"], YES)}, ("instance_id",)),
    "google_alloydb_backup": Kind("backup", {"customer_managed_key": given("encryption_config.kms_key_name")}, ("backup_id",)),
    **{key: value for kind in ("google_spanner_database", "google_spanner_instance", "google_bigtable_instance",
                               "google_bigtable_table") for key, value in parts(kind).items()},
}  # fmt: skip
