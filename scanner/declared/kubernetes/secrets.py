"""Secrets: what stands in the file for every reader of the repository, and what is fetched or sealed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scanner.declared.assembling import assemble
from scanner.declared.containers import is_secret
from scanner.declared.kubernetes.cluster import Cluster
from scanner.declared.kubernetes.load import Manifest
from scanner.declared.model import DeclaredStore
from scanner.declared.stating import Said

_FETCHED = {
    "ExternalSecret": "fetched from a secret store", "ClusterExternalSecret": "fetched from a secret store",
    "SealedSecret": "sealed: only the cluster can open it", "SecretProviderClass": "fetched from a secret store",
    "VaultStaticSecret": "fetched from Vault", "VaultDynamicSecret": "made by Vault", "SopsSecret": "encrypted with SOPS",
}  # fmt: skip
_FILLED = re.compile(
    r"^\s*(?:\$\{?\w+\}?|\$\(\w+\)|<[^<>]+>|\{\{.*\}\}|ref\+\w+://\S+|ENC\[.*|vault:\S+|AVP\S*)\s*$"
)
"""Placeholders that a later step replaces (Flux, envsubst, Argo CD Vault plugin, SOPS)."""
_PUBLIC = frozenset(
    ("ca.crt", "tls.crt", "username", "user", "host", "port", "database", "dbname", "url-scheme")
)


def secrets(cluster: Cluster) -> Iterator[DeclaredStore]:
    """Every secret, and the literals of secret generators and ConfigMaps that are plainly passwords."""
    for one in cluster.manifests:
        said = list(_said(one))
        if said:
            yield assemble(
                one.look.resource, said, kind="secret", provider="kubernetes", tags=one.tags, name=one.name,
            )  # fmt: skip


def _said(one: Manifest) -> Iterator[Said]:
    if one.kind in _FETCHED:
        yield one.look.say("no_plaintext_secret", True, "spec", _FETCHED[one.kind])
    elif one.kind == "Secret" and one.group == "":
        yield _secret(one)
    elif one.kind == "ConfigMap":
        yield from _config(one)
    elif one.kind == "Kustomization":
        for path, generator in one.items("secretGenerator"):
            if isinstance(generator, Mapping) and generator.get("literals"):
                yield one.look.say(
                    "no_plaintext_secret", False, f"{path}.literals", "literals of a secret generator"
                )


def _secret(one: Manifest) -> Said:
    """A secret in a manifest is base64, which anybody can read."""
    if isinstance(one.get("sops"), Mapping):
        return one.look.say("no_plaintext_secret", True, "sops", "encrypted with SOPS")
    filled = False
    for part in ("stringData", "data"):
        values = one.get(part)
        for key, value in values.items() if isinstance(values, Mapping) else ():
            text = str(value or "")
            if not text.strip() or key in _PUBLIC:
                continue
            if _FILLED.match(text):
                filled = True
                continue
            return one.look.say("no_plaintext_secret", False, f"{part}.{key}", "a secret stands in the file")
    reason = "filled in at deployment" if filled else "it holds no value here"
    return one.look.say("no_plaintext_secret", True, "", reason)


def _config(one: Manifest) -> Iterator[Said]:
    values = one.get("data")
    for key, value in values.items() if isinstance(values, Mapping) else ():
        text = str(value or "").strip()
        if is_secret(str(key)) and text and "\n" not in text and not _FILLED.match(text):
            yield one.look.say(
                "no_plaintext_secret", False, f"data.{key}", "a password stands in a ConfigMap"
            )
            return
