"""Claims of volumes and the classes that make them: is what lies on the disk encrypted?

Parameters of storage classes: "Storage Classes" in the Kubernetes documentation and the manuals of the
drivers (AWS EBS CSI, Azure Disk CSI, GCE PD CSI, Longhorn, Portworx, Ceph), looked up in November 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.declared.assembling import Piece
from scanner.declared.kubernetes.cluster import Cluster
from scanner.declared.kubernetes.load import Manifest, is_set
from scanner.declared.stating import MISSING, Look, Said, truth

_EBS = ("ebs.csi.aws.com", "kubernetes.io/aws-ebs", "ebs.csi.eks.amazonaws.com")
_ALWAYS = {
    "pd.csi.storage.gke.io": "Google encrypts every disk", "kubernetes.io/gce-pd": "Google encrypts every disk",
    "filestore.csi.storage.gke.io": "Google encrypts every share", "disk.csi.azure.com": "Azure encrypts every disk",
    "kubernetes.io/azure-disk": "Azure encrypts every disk", "file.csi.azure.com": "Azure encrypts every share",
    "kubernetes.io/azure-file": "Azure encrypts every share", "disk.csi.digitalocean": "the provider encrypts every disk",
    "dobs.csi.digitalocean.com": "DigitalOcean encrypts every volume", "fsx.csi.aws.com": "AWS encrypts every FSx file system",
}  # fmt: skip
_ASKED = {
    "driver.longhorn.io": "encrypted", "rbd.csi.ceph.com": "encrypted", "cephfs.csi.ceph.com": "encrypted",
    "kubernetes.io/portworx-volume": "secure", "pxd.portworx.com": "secure", "csi.hetzner.cloud": "encrypted",
    "linodebs.csi.linode.com": "linodebs.csi.linode.com/luks-encrypted", "csi.scaleway.com": "encrypted",
    "secrets.hashicorp.com": "encrypted", "csi.exoscale.com": "encrypted",
}  # fmt: skip
_KEYS = ("kmsKeyId", "kmskeyid", "disk-encryption-kms-key", "diskEncryptionSetID", "diskencryptionsetid")
_BY_NAME = {
    "managed-csi": "Azure encrypts every disk", "managed-csi-premium": "Azure encrypts every disk",
    "managed-premium": "Azure encrypts every disk", "managed": "Azure encrypts every disk",
    "azurefile": "Azure encrypts every share", "azurefile-csi": "Azure encrypts every share",
    "azurefile-premium": "Azure encrypts every share", "standard-rwo": "Google encrypts every disk",
    "premium-rwo": "Google encrypts every disk", "do-block-storage": "DigitalOcean encrypts every volume",
}  # fmt: skip
"""Classes that managed clusters bring along."""


def of_class(one: Manifest) -> Iterator[Said]:
    """What a StorageClass says of every disk that it makes."""
    look = one.look
    by = str(one.get("provisioner") or "").lower()
    parameters = one.get("parameters")
    words = {str(k).lower(): v for k, v in parameters.items()} if isinstance(parameters, dict) else {}
    if by in _EBS:
        value = words.get("encrypted", MISSING)
        if value is MISSING:
            says = "EBS volumes are not encrypted unless the class, or the account's default, says so"
            yield look.say("encryption_at_rest", False, "parameters", says, default=True)
        else:
            yield look.say("encryption_at_rest", truth(value) is True, _line(look, "encrypted"))
    elif by in _ALWAYS:
        yield look.say("encryption_at_rest", True, "provisioner", _ALWAYS[by], default=True)
    elif by in _ASKED:
        name = _ASKED[by]
        value = words.get(name.lower(), MISSING)
        yield look.say(
            "encryption_at_rest", truth(value) is True, _line(look, name),
            "" if value is not MISSING else f"{name} is not set", default=value is MISSING,
        )  # fmt: skip
    else:
        yield look.unknown(
            "encryption_at_rest", f"whether {by or 'its provisioner'} encrypts is not in the manifests"
        )
    key = next((name for name in _KEYS if is_set(words.get(name.lower(), MISSING))), None)
    if key is not None:
        yield look.say("customer_managed_key", True, _line(look, key))
    elif by in _EBS or by in _ALWAYS:
        yield look.say(
            "customer_managed_key", False, "parameters", "no key of one's own is named", default=True
        )


def _line(look: Look, name: str) -> str:
    return next((p for p in look.resource.lines if p.lower() == f"parameters.{name}".lower()), "parameters")


_CLASS = ("storageClassName", "storageClass", "class")
"""How claims and operators name a class."""


def of_claim(look: Look, path: str, spec: Any, cluster: Cluster, near: Manifest) -> Piece:
    """What is known of a claim's disk, said by the class where that is among the manifests, else by the
    claim's own resource. `path` is where the claim's `spec` stands in `look`.
    """

    def own(*said: Said) -> Piece:
        return Piece(look.resource, said)

    if isinstance(spec, dict) and is_set(spec.get("volumeName", MISSING)):
        reason = "it takes a volume that was made by hand"
        return own(look.unknown("encryption_at_rest", reason, f"{path}.volumeName"))
    key = next((k for k in _CLASS if isinstance(spec, dict) and is_set(spec.get(k, MISSING))), _CLASS[0])
    name = spec.get(key, MISSING) if isinstance(spec, dict) else MISSING
    at = f"{path}.{key}"
    if not is_set(name):
        default = [one for one in cluster.of("StorageClass") if _is_default(one)]
        if len(default) != 1:
            return own(look.unknown("encryption_at_rest", "the cluster's default StorageClass decides", path))
        name = default[0].name
    found = cluster.named("StorageClass", str(name), near)
    if found is not None:
        return Piece(found.look.resource, tuple(of_class(found)))
    if str(name) in _BY_NAME:
        return own(look.say("encryption_at_rest", True, at, _BY_NAME[str(name)], default=True))
    return own(look.unknown("encryption_at_rest", f"StorageClass {name} is not among these files", at))


def _is_default(one: Manifest) -> bool:
    return any(
        one.annotations.get(f"storageclass{part}.kubernetes.io/is-default-class") == "true"
        for part in ("", ".beta")
    )
