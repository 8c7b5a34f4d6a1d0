"""Manifests: what a database in a container, its services, disks and secrets say together."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.declared import kubernetes, pipeline
from scanner.declared.pipeline import Checked

_DATABASE = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: cases}
spec:
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: server
          image: IMAGE
          env: ENV
          args: ARGS
          volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {storageClassName: fast}
"""


def database(image: str = "postgres:16.3", env: str = "[]", args: str = "[]", more: str = "") -> str:
    return _DATABASE.replace("IMAGE", image).replace("ENV", env).replace("ARGS", args) + more


def check(folder: Path, **files: str) -> Checked:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return pipeline.check(folder)


def verdicts(checked: Checked, resource: str = "StatefulSet/db") -> dict[str, str]:
    return {line.safeguard: line.verdict for line in checked.lines({}) if line.resource == resource}


def service(kind: str, more: str = "") -> str:
    return (
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: cases" + more + "}\n"
        f"spec: {{type: {kind}, selector: {{app: db}}}}\n"
    )


_INTERNAL = ', annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: "true"}'


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("", "pass"),
        (service("ClusterIP"), "pass"),
        (service("LoadBalancer"), "fail"),
        (service("LoadBalancer", _INTERNAL), "pass"),
        (service("NodePort"), "unknown"),
        (service("LoadBalancer").replace("app: db", "app: other"), "pass"),
    ],
)
def test_who_can_reach_it(tmp_path: Path, more: str, verdict: str) -> None:
    assert verdicts(check(tmp_path, db=database(more=more)))["public_endpoint_disabled"] == verdict


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("[{from: [{podSelector: {matchLabels: {app: web}}}]}]", "pass"),
        ("[]", "pass"),
        ("[{}]", "fail"),
        ('[{from: [{ipBlock: {cidr: "0.0.0.0/0"}}]}]', "fail"),
    ],
)
def test_network_policies(tmp_path: Path, rule: str, verdict: str) -> None:
    policy = (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: cases}\n"
        f"spec: {{podSelector: {{matchLabels: {{app: db}}}}, policyTypes: [Ingress], ingress: {rule}}}\n"
    )
    assert verdicts(check(tmp_path, db=database(more=policy)))["network_firewall_restricted"] == verdict


@pytest.mark.parametrize(
    ("provisioner", "parameters", "verdict"),
    [
        ("ebs.csi.aws.com", '{encrypted: "true"}', "pass"),
        ("ebs.csi.aws.com", "{type: gp3}", "fail"),
        ("pd.csi.storage.gke.io", "{}", "pass"),
        ("disk.csi.azure.com", "{}", "pass"),
        ("driver.longhorn.io", '{encrypted: "true"}', "pass"),
        ("rancher.io/local-path", "{}", "unknown"),
    ],
)
def test_disks_by_their_class(tmp_path: Path, provisioner: str, parameters: str, verdict: str) -> None:
    made = (
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\n"
        f"provisioner: {provisioner}\nparameters: {parameters}\n"
    )
    checked = check(tmp_path, db=database(), classes__storage=made)
    assert verdicts(checked)["encryption_at_rest"] == verdict
    at = next(s for s in checked.stores if s.address == "StatefulSet/db").locations["encryption_at_rest"]
    assert at.file == "classes/storage.yaml"


def test_a_class_that_is_not_here_is_unknown_and_named(tmp_path: Path) -> None:
    checked = check(tmp_path, db=database())
    [line] = [one for one in checked.lines({}) if one.safeguard == "encryption_at_rest"]
    assert (line.verdict, line.reason) == ("unknown", "StorageClass fast is not among these files")


@pytest.mark.parametrize(
    ("image", "env", "args", "verdict"),
    [
        ("postgres:16", "[]", "[]", "pass"),
        ("postgres:16", "[{name: POSTGRES_HOST_AUTH_METHOD, value: trust}]", "[]", "fail"),
        ("redis:7", "[]", "[]", "fail"),
        ("redis:7", "[]", "[--requirepass, $(P)]", "pass"),
        ("mongo:7", "[]", "[]", "fail"),
        ("mongo:7", "[{name: MONGO_INITDB_ROOT_USERNAME, value: root}]", "[]", "pass"),
        ("docker.elastic.co/elasticsearch/elasticsearch:8.15.0", "[]", "[]", "pass"),
        ("docker.elastic.co/elasticsearch/elasticsearch:7.17.0", "[]", "[]", "fail"),
        ("docker.io/bitnami/mariadb:11.4", '[{name: ALLOW_EMPTY_PASSWORD, value: "yes"}]', "[]", "fail"),
    ],
)
def test_logins_by_image_and_settings(tmp_path: Path, image: str, env: str, args: str, verdict: str) -> None:
    assert verdicts(check(tmp_path, db=database(image, env, args)))["auth_required"] == verdict


def test_passwords_in_the_file_and_from_a_secret(tmp_path: Path) -> None:
    literal = "[{name: POSTGRES_PASSWORD, value: synthetic}]"
    assert verdicts(check(tmp_path / "a", db=database(env=literal)))["no_plaintext_secret"] == "fail"
    taken = "[{name: POSTGRES_PASSWORD, valueFrom: {secretKeyRef: {name: s, key: p}}}]"
    assert verdicts(check(tmp_path / "b", db=database(env=taken)))["no_plaintext_secret"] == "pass"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("stringData: {password: synthetic}", "fail"),
        ("data: {password: c3ludGhldGlj}", "fail"),
        ("stringData: {password: '${DB_PASSWORD}'}", "pass"),
        ("data: {}", "pass"),
        ("data: {password: 'ENC[AES256_GCM,data:x]'}\nsops: {version: 3.9.0}", "pass"),
    ],
)
def test_secrets(tmp_path: Path, text: str, verdict: str) -> None:
    checked = check(tmp_path, s=f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n{text}\n")
    assert verdicts(checked, "Secret/s") == {"no_plaintext_secret": verdict}


def test_clients_and_exporters_are_no_databases(tmp_path: Path) -> None:
    exporter = database("prometheuscommunity/postgres-exporter:v0.15")
    client = database(args="[sh, -c, pg_dump cases > /data/x]").replace("name: db,", "name: dump,")
    assert check(tmp_path, a=exporter, b=client).stores == ()


@pytest.mark.parametrize(
    ("args", "runs"),
    [
        ("[psql, -U, postgres]", False),
        ("[/usr/bin/pg_dump, cases]", False),
        ('[bash, -c, "until pg_isready; do sleep 1; done; psql -U postgres -f /x.sql"]', False),
        ("[postgres, -c, ssl=on]", True),
        ('[bash, -c, "sleep 5; exec docker-entrypoint.sh postgres -c log_statement=all"]', True),
        ("[-c, max_connections=300]", True),
        ("[]", True),
    ],
)
def test_what_runs_and_what_asks(tmp_path: Path, args: str, runs: bool) -> None:
    assert bool(check(tmp_path, db=database(args=args)).stores) is runs


def test_lines_of_ones_own_take_a_default_away(tmp_path: Path) -> None:
    text = (
        "apiVersion: acid.zalan.do/v1\nkind: postgresql\nmetadata: {name: a}\n"
        "spec: {volume: {size: 1Gi}, enableMasterLoadBalancer: true, allowedSourceRanges: [192.0.2.0/24]PATRONI}\n"
    )
    usual = verdicts(check(tmp_path / "a", db=text.replace("PATRONI", "")), "postgresql/a")
    assert (usual["tls_enforced"], usual["network_firewall_restricted"]) == ("pass", "pass")
    own = ', patroni: {pg_hba: ["host all all 0.0.0.0/0 md5"]}'
    assert (
        verdicts(check(tmp_path / "b", db=text.replace("PATRONI", own)), "postgresql/a")["tls_enforced"]
        == "fail"
    )


def test_operators(tmp_path: Path) -> None:
    text = """
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: cases}
spec:
  imageName: ghcr.io/cloudnative-pg/postgresql:17.2
  storage: {size: 1Gi, storageClass: managed-csi}
  managed: {services: {additional: [{serviceTemplate: {spec: {type: LoadBalancer}}}]}}
---
apiVersion: postgresql.cnpg.io/v1
kind: ScheduledBackup
metadata: {name: nightly}
spec: {cluster: {name: cases}}
"""
    found = verdicts(check(tmp_path, db=text), "Cluster/cases")
    assert found["backup_enabled"] == "pass"
    assert found["public_endpoint_disabled"] == "fail"
    assert found["encryption_at_rest"] == "pass"
    assert found["tls_enforced"] == "fail"


def test_buckets_and_databases_by_controllers(tmp_path: Path) -> None:
    text = """
apiVersion: s3.aws.upbound.io/v1beta1
kind: Bucket
metadata: {name: cases}
spec: {forProvider: {region: eu-west-2}}
---
apiVersion: s3.aws.upbound.io/v1beta1
kind: BucketPublicAccessBlock
metadata: {name: block}
spec:
  forProvider:
    bucketRef: {name: cases}
    blockPublicAcls: true
    blockPublicPolicy: true
    ignorePublicAcls: true
    restrictPublicBuckets: true
---
apiVersion: sql.cnrm.cloud.google.com/v1beta1
kind: SQLInstance
metadata: {name: cases}
spec: {databaseVersion: POSTGRES_15, settings: {ipConfiguration: {ipv4Enabled: true}}}
---
apiVersion: rds.services.k8s.aws/v1alpha1
kind: DBInstance
metadata: {name: cases}
spec: {engine: postgres, storageEncrypted: true, publiclyAccessible: true}
"""
    checked = check(tmp_path, all=text)
    assert verdicts(checked, "Bucket/cases")["public_access_blocked"] == "pass"
    assert verdicts(checked, "SQLInstance/cases")["public_endpoint_disabled"] == "fail"
    found = verdicts(checked, "DBInstance/cases")
    assert (found["encryption_at_rest"], found["public_endpoint_disabled"]) == ("pass", "fail")
    bucket = next(s for s in checked.stores if s.address == "Bucket/cases")
    assert "aws:s3:::cases" in bucket.store.aliases


def test_charts_are_told_once_and_broken_files_by_line(tmp_path: Path) -> None:
    template = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}\n{{- if .Values.x }}\ndata: {}\n{{ end }}\n"
    broken = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: [\n"
    checked = check(
        tmp_path, chart__templates__a=template, chart__templates__b=template, bad=broken, db=database()
    )
    told = {gap.place.text: gap for gap in checked.gaps}
    assert set(told) == {"chart", "bad.yaml"}
    assert told["chart"].count == 2 and "helm template chart" in told["chart"].detail
    assert "bad.yaml:5:" in told["bad.yaml"].detail
    assert "StatefulSet/db" in {store.address for store in checked.stores}


def test_a_patch_is_no_manifest(tmp_path: Path) -> None:
    patch = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {template: {spec: {containers: [{name: s, image: 'postgres:17'}]}}}\n"
    kustomization = (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{path: patch.yaml}]\n"
    )
    assert check(tmp_path, patch=patch, kustomization=kustomization).stores == ()


def test_what_is_no_manifest_is_not_claimed() -> None:
    assert not kubernetes.claims("values.yaml", b"image: postgres\nreplicas: 1\n")
    assert not kubernetes.claims("Chart.yaml", b"apiVersion: v2\nname: cases\n")
    assert kubernetes.claims("db.yml", b"---\napiVersion: v1\nkind: Pod\n")
