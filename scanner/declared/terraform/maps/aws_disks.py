"""AWS disks, images, machines, file shares, desktops, transfer and backups."""

from __future__ import annotations

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
    joined,
    lists,
    number,
    own_key,
    truth,
    unknown_of,
    when,
)
from scanner.declared.terraform.maps.common import open_policy, pointed, taken_over
from scanner.declared.terraform.policies import not_public, policy, tls_only
from scanner.model import Basis


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


def _volume(*attributes: str) -> Check:
    """A snapshot is encrypted as its volume is; the argument itself only where there is one."""

    def check(view: View) -> Fact | None:
        for name in attributes:
            source = pointed(view, name, ("aws_ebs_volume", "aws_ebs_snapshot"))
            if source is not None:
                return flag("encrypted")(source)
        return flag("encrypted", None)(view)

    return check


def _dlm(path: str, what: str) -> Check:
    """Every copy that a snapshot policy makes in another region; a reference to a key is a key."""

    def check(view: View) -> Fact | None:
        blocks = view.blocks(path)
        for one in blocks:
            if isinstance(one, Unknown):
                return doubt(view, path, one)
            value = one.get(what, one.get("encryption") if what == "encrypted" else None)
            if what == "cmk_arn":
                good = isinstance(value, Unknown) or bool(value)
            elif isinstance(value, Unknown):
                return doubt(view, path, value)
            else:
                good = truth(value if value is not None else False) is True
            if not good:
                return Fact(NO, Basis.EXPLICIT, path, None, "", view.resource)
        return Fact(YES, Basis.EXPLICIT, path, None, "", view.resource) if blocks else None

    return check


_EVENT_COPY = "policy_details.action.cross_region_copy.encryption_configuration"
_SCHEDULE_COPY = "policy_details.schedule.cross_region_copy_rule"


def _backup_plan(view: View) -> Fact | None:
    return joined("aws_backup_selection", declared_so(YES))(view)


def _not_shared(view: View) -> Fact | None:
    names = [view.get(n) for n in ("group", "organization_arn", "organizational_unit_arn")]
    if any(name is not None for name in names):
        return Fact(NO, Basis.EXPLICIT, "group", None, "", view.resource)
    image = view.get("image_id")
    alike = [
        r for r in view.estate.by_type["aws_ami_launch_permission"] if r.attributes.get("image_id") == image
    ]
    return Fact(NO if len(alike) > 1 else YES, Basis.EXPLICIT, "account_id", None, "", view.resource)


def _launch_public(view: View) -> Fact | None:
    return among("group", ["all"], YES, bad=True)(view)


def _workspace(view: View) -> Fact | None:
    return every(flag("root_volume_encryption_enabled"), flag("user_volume_encryption_enabled"))(view)


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


def _windows_audit(view: View) -> Fact | None:
    return among("audit_log_configuration.file_access_audit_log_level", ["*success*", "*failure*"])(view)


def _fsx(days: int | None, audit: bool = False, zones: bool = True) -> Kind:
    """A file system of FSx; `days` is how long backups are kept where nothing is set."""
    plain = YES if days else NO
    checks: dict[str, Check] = {
        "customer_managed_key": own_key("kms_key_id"),
        "encryption_at_rest": always(YES, "FSx always encrypts"),
        "copy_tags_to_snapshot": flag("copy_tags_to_backups", None),
        "backup_enabled": number("automatic_backup_retention_days", lambda n: n > 0, plain, plain=days),
        "backup_retention_days": number(
            "automatic_backup_retention_days", lambda n: n >= 7, plain, plain=days
        ),
    }
    if zones:
        checks["high_availability"] = among("deployment_type", ["MULTI_AZ*"], NO)
    if audit:
        checks["audit_logging"] = _windows_audit
    return Kind("share", checks)


_ANYWHERE = ("0.0.0.0/0", "::/0", "*")
_clients: Check = lists("client_list", lambda i: bool(i) and not any(one in _ANYWHERE for one in i))


def _gateway(path: str = "kms_key_arn") -> Check:
    """Shares and volumes of a gateway are under the department's key only where that is asked for."""
    return every(flag("kms_encrypted"), own_key(path))


def _protocols(view: View) -> Fact | None:
    return lists("protocols", lambda items: bool(items) and "ftp" not in items, YES)(view)


def _latest_policy(view: View) -> Fact | None:
    """Policies of 2018 and 2020 take old ciphers."""
    return among("security_policy_name", ["*-2018-11", "*-2020-06", "*-fips-2020-06"], NO, bad=True)(view)


_CMK = own_key("kms_key_id")

KINDS: dict[str, Kind] = {
    "aws_ebs_volume": Kind("disk", {
        "encryption_at_rest": first(flag("encrypted", None), given("kms_key_id", default=None),
                                    taken_over(("snapshot_id",), ("aws_ebs_snapshot", "aws_ebs_snapshot_copy"),
                                               _volume("volume_id")), flag("encrypted")),
        "backup_encrypted": flag("encrypted"),
        "customer_managed_key": _CMK, "backup_enabled": _backup_plan}, ("id",)),
    "aws_ebs_snapshot": Kind("snapshot", {
        "backup_encrypted": _volume("volume_id"), "encryption_at_rest": _volume("volume_id"),
        "snapshot_not_public": joined("aws_snapshot_create_volume_permission", declared_so(YES), None)}),
    "aws_ebs_snapshot_copy": Kind("snapshot", {
        "customer_managed_key": _CMK, "backup_encrypted": flag("encrypted"), "encryption_at_rest": flag("encrypted")}),
    "aws_ebs_snapshot_import": Kind("snapshot", {
        "customer_managed_key": _CMK, "backup_encrypted": flag("encrypted"), "encryption_at_rest": flag("encrypted")}),
    "aws_ebs_snapshot_block_public_access": Kind("account", {"snapshot_not_public": among(
        "state", ["block-all-sharing", "block-new-sharing"])}, ("-",)),
    "aws_ec2_image_block_public_access": Kind("account", {"snapshot_not_public": among(
        "state", ["block-new-sharing"])}, ("-",)),
    "aws_ebs_encryption_by_default": Kind("account", {"encryption_at_rest": flag("enabled", YES)}, ("-",)),
    "aws_ebs_default_kms_key": Kind("account", {"customer_managed_key": own_key("key_arn")}, ("-",)),
    "aws_ami": Kind("snapshot", {"encryption_at_rest": _image_disks}),
    "aws_ami_copy": Kind("snapshot", {"encryption_at_rest": flag("encrypted"), "customer_managed_key": _CMK}),
    "aws_ami_launch_permission": Kind("", {
        "cross_account_restricted": _not_shared, "snapshot_not_public": _launch_public}, parents=("aws_ami",)),
    "aws_instance": Kind("disk", {"encryption_at_rest": _machine_disks}, ("-",)),
    "aws_spot_instance_request": Kind("disk", {"encryption_at_rest": _machine_disks}, ("-",)),
    "aws_launch_configuration": Kind("disk", {"encryption_at_rest": _machine_disks}),
    "aws_launch_template": Kind("disk", {"encryption_at_rest": _template_disks}),
    "aws_imagebuilder_image_recipe": Kind("registry", {
        "encryption_at_rest": flag("block_device_mapping.ebs.encrypted"),
        "customer_managed_key": own_key("block_device_mapping.ebs.kms_key_id")}),
    "aws_imagebuilder_container_recipe": Kind("registry", {"customer_managed_key": _CMK}),
    "aws_imagebuilder_component": Kind("registry", {"customer_managed_key": _CMK}),
    "aws_imagebuilder_distribution_configuration": Kind("registry", {"customer_managed_key": own_key(
        "distribution.ami_distribution_configuration.kms_key_id")}),
    "aws_workspaces_workspace": Kind("disk", {
        "encryption_at_rest": _workspace, "customer_managed_key": own_key("volume_encryption_key")}),
    "aws_efs_file_system": Kind("share", {
        "encryption_at_rest": flag("encrypted"), "customer_managed_key": _CMK,
        "policy_not_public": open_policy("-policy", "aws_efs_file_system_policy", default=None),
        "tls_enforced": joined("aws_efs_file_system_policy", policy("policy", tls_only), None),
        "high_availability": given("availability_zone_name", default=YES, then=NO),
        "backup_enabled": either(joined("aws_efs_backup_policy", among("backup_policy.status", ["ENABLED"])),
                                 _backup_plan)},
        ("creation_token",)),
    "aws_efs_file_system_policy": Kind("", {
        "policy_not_public": policy("policy", not_public), "tls_enforced": policy("policy", tls_only)},
        parents=("aws_efs_file_system",)),
    "aws_efs_access_point": Kind("", {"uniform_access_control": given("posix_user"),
                                      "fine_grained_access_control": given("root_directory.path")}),
    "aws_efs_backup_policy": Kind("", {"backup_enabled": among("backup_policy.status", ["ENABLED"])},
                                  parents=("aws_efs_file_system",)),
    "aws_fsx_windows_file_system": _fsx(7, audit=True),
    "aws_fsx_lustre_file_system": _fsx(0, zones=False),
    "aws_fsx_ontap_file_system": _fsx(0),
    "aws_fsx_openzfs_file_system": _fsx(0),
    "aws_fsx_file_cache": Kind("cache", {"customer_managed_key": _CMK,
                                         "encryption_at_rest": always(YES, "FSx always encrypts")}),
    "aws_storagegateway_nfs_file_share": Kind("share", {
        "customer_managed_key": _gateway(), "network_firewall_restricted": _clients}),
    "aws_storagegateway_smb_file_share": Kind("share", {
        "customer_managed_key": _gateway(), "auth_required": among("authentication", ["GuestAccess"], YES, bad=True),
        "audit_logging": given("audit_destination_arn", default=None)}),
    "aws_storagegateway_cached_iscsi_volume": Kind("disk", {"customer_managed_key": _gateway("kms_key")}),
    "aws_storagegateway_stored_iscsi_volume": Kind("disk", {"customer_managed_key": _gateway("kms_key")}),
    "aws_storagegateway_tape_pool": Kind("backup", {
        "object_lock": among("retention_lock_type", ["COMPLIANCE", "GOVERNANCE"])}, ("pool_name",)),
    "aws_transfer_server": Kind("share", {
        "public_endpoint_disabled": among("endpoint_type", ["VPC*"]), "tls_enforced": _protocols,
        "min_tls_version": when(lambda v: v.get("security_policy_name") is not None, _latest_policy),
        "access_logging": given("logging_role", "structured_log_destinations")}),
    "aws_datasync_location_object_storage": Kind("replication", {
        "tls_enforced": among("server_protocol", ["HTTP"], YES, bad=True),
        "no_plaintext_secret": lambda view: _plain_secret(view, "secret_key")}),
    "aws_datasync_location_smb": Kind("replication", {}, ("server_hostname",)),
    "aws_datasync_location_fsx_windows_file_system": Kind("replication", {}, ("-",)),
    "aws_ecs_task_definition": Kind("job", {"tls_enforced": when(
        lambda v: v.get("volume.efs_volume_configuration") is not None,
        among("volume.efs_volume_configuration.transit_encryption", ["ENABLED"]))}, ("family",)),
    "aws_backup_vault": Kind("backup", {
        "backup_encrypted": own_key("kms_key_arn", default=YES), "customer_managed_key": own_key("kms_key_arn"),
        "object_lock": joined("aws_backup_vault_lock_configuration", declared_so(YES)),
        "policy_not_public": open_policy("-policy", "aws_backup_vault_policy")}),
    "aws_backup_logically_air_gapped_vault": Kind("backup", {
        "object_lock": always(YES, "always locked"), "encryption_at_rest": always(YES, "always encrypted"),
        "customer_managed_key": own_key("encryption_key_arn")}),
    "aws_backup_vault_policy": Kind("", {"policy_not_public": policy("policy", not_public)},
                                    parents=("aws_backup_vault",)),
    "aws_backup_plan": Kind("backup", {
        "backup_retention_days": number("rule.lifecycle.delete_after", lambda n: n >= 7, None)}),
    "aws_dlm_lifecycle_policy": Kind("backup", {
        "backup_encrypted": first(_dlm(_EVENT_COPY, "encrypted"), _dlm(_SCHEDULE_COPY, "encrypted")),
        "customer_managed_key": first(_dlm(_EVENT_COPY, "cmk_arn"), _dlm(_SCHEDULE_COPY, "cmk_arn"))}),
}  # fmt: skip


def _plain_secret(view: View, path: str) -> Fact | None:
    value = view.get(path)
    if value is None:
        return Fact(YES, Basis.PROVIDER_DEFAULT, path, None, "not set", view.resource)
    unknown = unknown_of(value)
    good = unknown is not None or not value
    return Fact(YES if good else NO, Basis.EXPLICIT, path, None, "", view.resource)
