"""Manifests and Compose files with anything anywhere: nothing may break on a wrong shape."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.declared import compose, kubernetes
from tests.declared.kubernetes.test_manifests import database, service

_JUNK = (None, [], {}, "x", 7, True, [None], [{}], {"a": None}, [[]], 1.5, "${X}", {"name": None})
_CLUSTER = """
apiVersion: s3.services.k8s.aws/v1alpha1
kind: Bucket
metadata: {name: b}
spec:
  encryption: {rules: [{applyServerSideEncryptionByDefault: {sseAlgorithm: aws:kms}}]}
  logging: {loggingEnabled: {targetBucket: logs}}
  policy: "{}"
---
apiVersion: rds.aws.upbound.io/v1beta1
kind: Instance
metadata: {name: db}
spec: {forProvider: {kmsKeyIdRef: {name: k}, subnetSelector: {matchLabels: {a: b}}, passwordSecretRef: {name: s}}}
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: c}
spec: {storage: {storageClass: x}, postgresql: {pg_hba: [hostnossl all all all reject], parameters: {log_statement: all}}}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: {name: k}
spec: {kafka: {listeners: [{type: ingress, tls: true}], storage: {volumes: [{class: x, size: 1Gi}]}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec: {podSelector: {matchExpressions: [{key: app, operator: In, values: [db]}]}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}
"""
_COMPOSE = {
    "services": {
        "db": {"image": "postgres:16", "ports": ["5432:5432", {"target": 1, "published": 2}], "environment": {"P": "$X"}},
        "x": {"image": "mongo", "extends": {"service": "db"}, "env_file": ["a"], "environment": ["A=b", "C"],
              "volumes": ["a:b", {"source": "x", "target": "y"}], "labels": ["a=b"], "configs": [{"target": "x"}]},
    }
}  # fmt: skip


def _changed(node: Any, choice: random.Random, share: float) -> Any:
    if choice.random() < share:
        return choice.choice(_JUNK)
    if isinstance(node, dict):
        return {k: _changed(v, choice, share) for k, v in node.items() if choice.random() > share}
    if isinstance(node, list):
        return [_changed(item, choice, share) for item in node]
    return node


@pytest.mark.parametrize("seed", range(60))
def test_any_shape(tmp_path: Path, seed: int) -> None:
    choice = random.Random(seed)
    documents = list(yaml.safe_load_all(database(more=service("LoadBalancer")) + "---" + _CLUSTER))
    changed = [_changed(document, choice, choice.choice((0.02, 0.05, 0.15))) for document in documents]
    (tmp_path / "a.yaml").write_text(yaml.safe_dump_all(changed))
    kubernetes.declared(tmp_path, ["a.yaml"])
    (tmp_path / "compose.yaml").write_text(yaml.safe_dump(_changed(_COMPOSE, choice, 0.08)))
    compose.declared(tmp_path, ["compose.yaml"])
