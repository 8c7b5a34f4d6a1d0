"""The closed registry of safeguards, as data.

A connector states evidence only under these ids; a rule may name only these. PRESENT
always means the protective reading (`acl_not_public` PRESENT = not public). Thresholds
(how many days are enough, which regions are approved) live in rules or context.
"""

from __future__ import annotations

from scanner.model import Safeguard, Value

_OBJECTS = ("bucket", "container")
_DB = ("database",)


def _s(
    id: str,
    title: str,
    present: str,
    type: str = "bool",
    unit: str = "",
    kinds: tuple[str, ...] = (),
    absent: Value = None,
) -> Safeguard:
    return Safeguard(id, type, title, present, unit, kinds, absent)


_ALL = (
    # Encryption
    _s("encryption_at_rest", "Encrypted at rest", "the store's content is encrypted on disk"),
    _s("customer_managed_key", "Customer-managed key", "encrypted under a key the department controls"),
    _s("infrastructure_encryption", "Double encryption", "a second layer of encryption is on"),
    _s("backup_encrypted", "Backups encrypted", "backups and snapshots are encrypted"),
    _s("tls_in_use", "Encrypted connection", "this scan's own connection was encrypted"),
    _s("tls_enforced", "Encryption in transit enforced", "unencrypted connections are refused"),
    _s("min_tls_version", "Lowest TLS version accepted", "value such as 1.2", "string"),
    _s("key_rotation", "Key rotation", "the encryption key is rotated automatically"),
    # Exposure
    _s(
        "public_access_blocked",
        "Public access blocked",
        "a setting overrides any grant to the public (for a scope: for every store in it)",
    ),
    _s("acl_not_public", "No public access by ACL", "no ACL or container setting lets anybody read or list"),
    _s("policy_not_public", "No public access by policy", "no policy or IAM grant lets anybody read or list"),
    _s(
        "anonymous_read_blocked",
        "No anonymous read",
        "nobody without an account can read or list, all settings taken together",
    ),
    _s("anonymous_write_blocked", "No anonymous write", "nobody without an account can write or delete"),
    _s("uniform_access_control", "Access by policy only", "per-object ACLs are switched off", kinds=_OBJECTS),
    _s(
        "world_read_restricted",
        "Not readable by every local account",
        "files and folders are not readable by accounts outside owner and group",
        kinds=("share",),
    ),
    _s(
        "world_write_restricted",
        "Not writable by every local account",
        "files and folders are not writable by accounts outside owner and group",
        kinds=("share",),
    ),
    _s("static_website_disabled", "Not a website", "the store is not served as a website", kinds=_OBJECTS),
    _s("public_endpoint_disabled", "No public endpoint", "not reachable from the internet"),
    _s("network_firewall_restricted", "Firewall denies by default", "only listed networks may connect"),
    _s(
        "external_accounts",
        "Outside accounts with access",
        "value: accounts outside this one that a policy lets in",
        "list(string)",
    ),
    _s("cors_restricted", "Cross-origin use restricted", "not every web origin may read", kinds=_OBJECTS),
    _s(
        "cross_tenant_replication_disabled",
        "No replication to other tenants",
        "objects cannot be replicated to another organisation's account",
    ),
    # Access
    _s("auth_required", "Login required", "every connection must authenticate with a strong method"),
    _s(
        "authentication_methods",
        "Authentication methods",
        "value: methods the server accepts",
        "list(string)",
    ),
    _s("local_auth_disabled", "Managed identity only", "shared keys or local passwords are not accepted"),
    _s(
        "shared_key_disabled", "Shared keys refused", "account-wide shared keys and SAS from them are refused"
    ),
    _s(
        "least_privilege_grants",
        "No blanket grants",
        "no grant to everybody (PUBLIC) and no superuser or wildcard administrator beyond the built-in owner",
    ),
    _s(
        "row_level_security",
        "Row-level security",
        "rows are filtered by policy for ordinary users",
        kinds=_DB,
    ),
    _s("masking_configured", "Masking configured", "columns are masked for ordinary users", kinds=_DB),
    # Logging
    _s("access_logging", "Access logging", "reads and writes of objects are logged"),
    _s("audit_logging", "Audit logging", "logins and statements are logged"),
    _s("trail_enabled", "Audit trail", "management actions are recorded in every region"),
    # Integrity and recovery
    _s("versioning", "Versioning", "old versions of objects are kept", kinds=_OBJECTS),
    _s("mfa_delete", "MFA to delete", "deleting a version needs a second factor", kinds=_OBJECTS),
    _s("object_lock", "Object lock", "objects cannot be changed or deleted for a set time", kinds=_OBJECTS),
    _s("soft_delete", "Soft delete", "deleted objects can be recovered for a set time"),
    _s("soft_delete_days", "Soft delete period", "value in days", "int", "days", absent=0),
    _s("container_soft_delete", "Container soft delete", "deleted containers can be recovered"),
    _s("backup_enabled", "Automatic backup", "backups are made automatically"),
    _s("backup_retention_days", "Backups kept", "value in days", "int", "days", absent=0),
    _s("deletion_protection", "Deletion protection", "the store cannot be deleted by a single call"),
    # Retention
    _s("lifecycle_expiry", "Expiry rule", "a lifecycle rule deletes content after a set age"),
    _s("lifecycle_expiry_days", "Expiry age", "value: greatest age in days before deletion", "int", "days"),
    # Location
    _s("region", "Location", "value: the provider's region code", "string"),
    _s(
        "replica_regions",
        "Replica locations",
        "value: regions content is replicated to",
        "list(string)",
        absent=(),
    ),
    # Engine and estate
    _s("engine_version", "Server version", "value such as `postgresql 15.18`", "string"),
    _s("engine_version_supported", "Supported version", "the version still gets security fixes", kinds=_DB),
    _s("owner_tag", "Owner tag", "value: who the tags name as owner", "string", absent=""),
    _s("classification_tag", "Classification tag", "value: what the tags declare", "string", absent=""),
    _s("retention_tag", "Retention tag", "value: retention rule the tags name", "string", absent=""),
    _s("asset_register_ref", "Asset register reference", "value: reference in the tags", "string", absent=""),
    _s("file_owner", "File owner", "value: owning account of the share's root", "string", kinds=("share",)),
    # Further words of stores that are declared or managed as services
    _s("node_to_node_encryption", "Encryption between nodes", "traffic inside the cluster is encrypted"),
    _s(
        "client_encryption_enforced",
        "Encryption settings enforced",
        "a client cannot switch the encryption of its results off",
    ),
    _s("key_policy_restricted", "Key policy restricted", "no policy lets everybody use or manage the key"),
    _s(
        "key_deletion_protection",
        "Keys protected from deletion",
        "a deleted key or vault can be recovered and not purged at once",
    ),
    _s("key_enabled", "Key enabled", "the key can be used"),
    _s("hsm_backed_key", "Key in hardware", "the key lives in a hardware security module"),
    _s("key_expiry_set", "Key expires", "the key has an expiry date"),
    _s("secret_rotation", "Secret rotation", "the secret is rotated automatically"),
    _s("secret_expiry_set", "Secret expires", "the secret has an expiry date"),
    _s("no_plaintext_secret", "No secret in code", "no password or key stands in the code as a literal"),
    _s("network_private", "Private network", "the store lives in a private network"),
    _s(
        "trusted_services_bypass",
        "Provider's services admitted",
        "the provider's own backup and monitoring services pass the firewall",
    ),
    _s("exfiltration_protection", "Exfiltration protection", "data cannot be sent to unapproved targets"),
    _s("snapshot_not_public", "Snapshots not public", "no snapshot is shared with everybody"),
    _s("cross_account_restricted", "No use across accounts", "no other account may use or copy it"),
    _s("iam_auth", "Central identities", "accounts of the cloud's identity service are used to log in"),
    _s("access_token_expiry", "Access tokens expire", "shared tokens have a longest life"),
    _s(
        "fine_grained_access_control",
        "Fine-grained access",
        "what an account may do is limited below the level of the whole store",
    ),
    _s("least_privilege_policy", "Policy without wildcards", "no policy grants every action or resource"),
    _s("data_event_logging", "Data events logged", "reads and writes of content reach the audit trail"),
    _s("log_export", "Logs exported", "the service's logs are sent to a log store"),
    _s("query_logging", "Statements logged", "statements or slow searches are logged"),
    _s("connection_logging", "Connections logged", "connections and the engine's own events are logged"),
    _s("audit_log_retention_days", "Audit logs kept", "value in days", "int", "days", absent=0),
    _s("trail_integrity", "Trail tamper-evident", "log files are signed, so that a change shows"),
    _s("threat_detection", "Threat detection", "unusual access raises an alert"),
    _s("vulnerability_assessment", "Vulnerability assessment", "it is checked for known weaknesses"),
    _s("security_alert_contacts", "Alerts reach somebody", "security alerts are sent to named people"),
    _s("ledger_tamper_evidence", "Tamper-evident ledger", "changes to records can be proved"),
    _s("point_in_time_recovery", "Point-in-time recovery", "it can be restored to any recent moment"),
    _s("geo_redundant_backup", "Backups in a second region", "backups survive the loss of a region"),
    _s("high_availability", "Survives a zone", "the loss of one data centre does not stop it"),
    _s("copy_tags_to_snapshot", "Tags on snapshots", "snapshots carry the tags of their store"),
    _s("auto_minor_upgrade", "Automatic minor upgrades", "security fixes are installed automatically"),
    _s("event_notifications", "Event notifications", "events of the store are sent to somebody"),
    _s("default_port_changed", "Not the default port", "the engine listens on a port of its own choice"),
    _s("predictable_admin_name", "Administrator's name", "the administrator's name cannot be guessed"),
    _s("tags_present", "Tagged", "at least one tag is set"),
    _s("image_immutability", "Immutable image tags", "a pushed image cannot be replaced"),
    _s("local_file_access_disabled", "No local files", "statements cannot read the server's files"),
    _s("privilege_chaining_disabled", "No privilege chaining", "rights in one database do not reach others"),
)

SAFEGUARDS: dict[str, Safeguard] = {safeguard.id: safeguard for safeguard in _ALL}
