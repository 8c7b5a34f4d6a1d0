"""What CloudFormation says of machines' disks, file systems, transfer, desktops and backup plans.

Property names and defaults: "AWS resource and property types reference", CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.declared.cloudformation.storage import customer_key
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
    given,
    truth,
    whole,
)

_CONFIGURATIONS = (
    "WindowsConfiguration",
    "OntapConfiguration",
    "OpenZFSConfiguration",
    "LustreConfiguration",
)


def _blocks(prefix: str = "") -> Check:
    """`encryption_at_rest` of the disks that a machine or its template brings."""
    path = f"{prefix}BlockDeviceMappings"

    def check(look: Look) -> Iterator[Said]:
        mappings = look.get(path)
        if isinstance(mappings, Unknown):
            yield look.unknown("encryption_at_rest", mappings, path)
            return
        if mappings is MISSING and prefix:
            return  # a template that names no disk leaves them to the image
        disks = [m for m in mappings if isinstance(m, Mapping)] if isinstance(mappings, list) else []
        answers: list[Any] = [
            look.find("Ebs.Encrypted", m) for m in disks if look.find("Ebs", m) is not MISSING
        ]
        if any(
            answer is MISSING or truth(answer) is False
            for answer in answers
            if not isinstance(answer, Unknown)
        ):
            yield look.say("encryption_at_rest", False, path, "a disk is not encrypted")
        elif (unknown := next((a for a in answers if isinstance(a, Unknown)), None)) is not None:
            yield look.unknown("encryption_at_rest", unknown, path)
        elif answers:
            yield look.say("encryption_at_rest", True, path)
        else:
            yield look.say(
                "encryption_at_rest", False, path, "no disk is declared as encrypted", default=True
            )

    return check


def _fsx(look: Look) -> Iterator[Said]:
    """Backups and zones, in whichever of the four configurations."""
    name = next((c for c in _CONFIGURATIONS if look.get(c) is not MISSING), _CONFIGURATIONS[0])
    kind = str(look.get("FileSystemType")).upper()
    plain = 7 if kind == "WINDOWS" else 0
    yield from days(
        "backup_retention_days", f"{name}.AutomaticBackupRetentionDays",
        default=Default(plain, "backups are kept for 7 days unless set" if plain else "no backup unless set"),
        also="backup_enabled",
    )(look)  # fmt: skip
    if kind != "LUSTRE":
        mode = look.get(f"{name}.DeploymentType")
        if isinstance(mode, Unknown):
            yield look.unknown("high_availability", mode, f"{name}.DeploymentType")
        else:
            held = str(mode).upper().startswith("MULTI_AZ")
            yield look.say("high_availability", held, f"{name}.DeploymentType", default=mode is MISSING)


def _transfer(look: Look) -> Iterator[Said]:
    protocols = look.get("Protocols")
    if isinstance(protocols, Unknown):
        yield look.unknown("tls_enforced", protocols, "Protocols")
        return
    names = [str(p).upper() for p in protocols] if isinstance(protocols, list) else ["SFTP"]
    reason = "FTP sends everything in the clear" if "FTP" in names else ""
    yield look.say("tls_enforced", "FTP" not in names, "Protocols", reason, default=protocols is MISSING)


def _plan(look: Look) -> Iterator[Said]:
    """The shortest time that a rule of the plan keeps backups; nothing said where none names one."""
    path = "BackupPlan.BackupPlanRule"
    rules = look.get(path)
    if isinstance(rules, Unknown):
        yield look.unknown("backup_retention_days", rules, path)
        return
    kept = []
    for rule in rules if isinstance(rules, list) else ():
        value = look.find("Lifecycle.DeleteAfterDays", rule)
        if isinstance(value, Unknown):
            yield look.unknown("backup_retention_days", value, path)
            return
        if (number := whole(value)) is not None:
            kept.append(number)
    if kept:
        yield look.say("backup_retention_days", True, path, value=min(kept))


def _copies(look: Look) -> Iterator[Said]:
    """Copies that a snapshot policy makes in another region."""
    rules: list[Any] = []
    for index, schedule in enumerate(_list(look.get("PolicyDetails.Schedules"))):
        path = f"PolicyDetails.Schedules.{index}.CrossRegionCopyRules"
        rules += [(path, rule) for rule in _list(look.find("CrossRegionCopyRules", schedule))]
    for index, action in enumerate(_list(look.get("PolicyDetails.Actions"))):
        path = f"PolicyDetails.Actions.{index}.CrossRegionCopy"
        for copy in _list(look.find("CrossRegionCopy", action)):
            rules.append((path, look.find("EncryptionConfiguration", copy)))
    for path, rule in rules:
        on, key = look.find("Encrypted", rule), look.find("CmkArn", rule)
        if isinstance(on, Unknown):
            yield look.unknown("backup_encrypted", on, path)
        else:
            yield look.say("backup_encrypted", truth(on) is True, path, default=on is MISSING)
        yield look.say("customer_managed_key", key is not MISSING, path, default=key is MISSING)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _desk(look: Look) -> Iterator[Said]:
    for path in ("UserVolumeEncryptionEnabled", "RootVolumeEncryptionEnabled"):
        value = look.get(path)
        if isinstance(value, Unknown):
            yield look.unknown("encryption_at_rest", value, path)
            return
    user, root = (truth(look.get(f"{kind}VolumeEncryptionEnabled")) for kind in ("User", "Root"))
    path = "UserVolumeEncryptionEnabled" if user is not True else "RootVolumeEncryptionEnabled"
    yield look.say("encryption_at_rest", user is True and root is not False, path, default=user is None)


_SHARED = "FSx always encrypts"

CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "AWS::EC2::Instance": ("disk", (_blocks(),)),
    "AWS::EC2::LaunchTemplate": ("disk", (_blocks("LaunchTemplateData."),)),
    "AWS::AutoScaling::LaunchConfiguration": ("disk", (_blocks(),)),
    "AWS::EC2::SnapshotBlockPublicAccess": (
        "account",
        (chosen("snapshot_not_public", "State", ["block-all-sharing", "block-new-sharing"]),),
    ),
    "AWS::FSx::FileSystem": (
        "share",
        (always("encryption_at_rest", _SHARED), customer_key("KmsKeyId"), _fsx),
    ),
    "AWS::WorkSpaces::Workspace": ("disk", (_desk, customer_key("VolumeEncryptionKey"))),
    "AWS::Transfer::Server": (
        "share",
        (
            chosen(
                "public_endpoint_disabled", "EndpointType", ["VPC", "VPC_ENDPOINT"],
                Default("PUBLIC", "public unless set"),
            ),
            _transfer,
            given("access_logging", "LoggingRole", "StructuredLogDestinations"),
        ),
    ),
    "AWS::Backup::BackupPlan": ("backup", (_plan,)),
    "AWS::DLM::LifecyclePolicy": ("backup", (_copies,)),
    "AWS::ImageBuilder::Component": ("registry", (customer_key("KmsKeyId"),)),
}  # fmt: skip
"""Type: (kind of store, questions)."""
