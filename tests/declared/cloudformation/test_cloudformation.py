"""CloudFormation and SAM: values, conditions, joins, nested stacks, broken files. All data is synthetic."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.declared.cloudformation import claims, declared
from scanner.declared.model import DeclaredStore
from scanner.model import Basis, Evidence, GapReason, Origin, State


def check(folder: Path, text: str, name: str = "template.yaml") -> dict[str, DeclaredStore]:
    (folder / name).write_text(text, encoding="utf-8")
    stores, gaps = declared(folder, [name])
    assert gaps == ()
    return {store.address: store for store in stores}


def said(store: DeclaredStore, safeguard: str) -> Evidence:
    return next(e for e in store.evidence if e.safeguard == safeguard)


def test_claims() -> None:
    assert claims("a/b.yaml", b"AWSTemplateFormatVersion: 2010-09-09\n")
    assert claims("b.json", b'{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}')
    assert not claims("values.yaml", b"image: nginx\n")
    assert not claims("main.tf", b"AWSTemplateFormatVersion")


BUCKET = """\
Parameters:
  Stage: {Type: String, Default: live}
  Key: {Type: String}
  Password: {Type: String, NoEcho: true}
Conditions:
  IsLive: !Equals [!Ref Stage, live]
  HasKey: !Not [!Equals [!Ref Key, ""]]
Resources:
  Cases:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "${Stage}-cases"
      VersioningConfiguration: !If
        - IsLive
        - Status: Enabled
        - !Ref AWS::NoValue
      BucketEncryption: !If [HasKey, {ServerSideEncryptionConfiguration: []}, !Ref "AWS::NoValue"]
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: "true"
        RestrictPublicBuckets: true
      Tags:
        - {Key: Owner, Value: records@example.gov.uk}
  CasesPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Cases
      PolicyDocument:
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: [!GetAtt Cases.Arn, !Sub "${Cases.Arn}/*"]
            Condition: {Bool: {"aws:SecureTransport": "false"}}
"""


def test_a_bucket_and_its_policy_are_one_store(tmp_path: Path) -> None:
    stores = check(tmp_path, BUCKET)
    assert list(stores) == ["Cases"]
    bucket = stores["Cases"]
    assert bucket.store.origin is Origin.DECLARED
    assert "s3://live-cases" in bucket.store.aliases
    assert said(bucket, "versioning").state is State.PRESENT
    assert said(bucket, "public_access_blocked").state is State.PRESENT
    assert said(bucket, "tls_enforced").state is State.PRESENT
    assert bucket.locations["tls_enforced"].line == 29
    assert bucket.parts[0].address == "CasesPolicy"
    assert said(bucket, "access_logging").state is State.ABSENT
    assert said(bucket, "owner_tag").value == "records@example.gov.uk"


def test_a_condition_nobody_can_know_is_unknown_with_its_reason(tmp_path: Path) -> None:
    bucket = check(tmp_path, BUCKET)["Cases"]
    encryption = said(bucket, "encryption_at_rest")
    assert (encryption.state, encryption.basis) == (State.UNKNOWN, Basis.COMPUTED)
    assert "HasKey" in encryption.reason


def test_a_provider_default_is_said_to_be_one(tmp_path: Path) -> None:
    bucket = check(tmp_path, "Resources:\n  B:\n    Type: AWS::S3::Bucket\n")["B"]
    encryption = said(bucket, "encryption_at_rest")
    assert (encryption.state, encryption.basis) == (State.PRESENT, Basis.PROVIDER_DEFAULT)
    assert "2023" in encryption.reason


@pytest.mark.parametrize(
    ("password", "held"),
    [
        pytest.param("!Ref Given", State.PRESENT, id="parameter"),
        pytest.param("!Ref Weak", State.ABSENT, id="parameter with a default"),
        pytest.param(
            '"{{resolve:secretsmanager:db:SecretString:password}}"', State.PRESENT, id="secret store"
        ),
        pytest.param('!Sub "{{resolve:secretsmanager:${Secret}::password}}"', State.PRESENT, id="own secret"),
        pytest.param("synthetic-password", State.ABSENT, id="literal"),
    ],
)
def test_passwords(tmp_path: Path, password: str, held: State) -> None:
    text = f"""\
Parameters:
  Given: {{Type: String, NoEcho: true}}
  Weak: {{Type: String, NoEcho: true, Default: synthetic}}
Resources:
  Secret: {{Type: AWS::SecretsManager::Secret}}
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MasterUserPassword: {password}
"""
    assert said(check(tmp_path, text)["Db"], "no_plaintext_secret").state is held


def test_values_of_functions(tmp_path: Path) -> None:
    text = """\
Mappings:
  Days: {live: {kept: 30}}
Parameters:
  Stage: {Type: String, Default: live}
  Secret: {Type: "AWS::SSM::Parameter::Value<String>"}
Resources:
  A:
    Type: AWS::RDS::DBCluster
    Properties:
      BackupRetentionPeriod: !FindInMap [Days, !Ref Stage, kept]
      StorageEncrypted: !Select [1, !Split [",", "false,true"]]
      DeletionProtection: !Ref Secret
      DBClusterIdentifier: !Join ["-", [cases, !Ref Stage]]
"""
    store = check(tmp_path, text)["A"]
    assert said(store, "backup_retention_days").value == 30
    assert said(store, "encryption_at_rest").state is State.PRESENT
    assert said(store, "deletion_protection").state is State.UNKNOWN
    assert "parameter store" in said(store, "deletion_protection").reason
    assert "cases-live" in store.store.aliases


def test_json_reads_like_yaml(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "Resources": {
                "Q": {"Type": "AWS::SQS::Queue", "Properties": {"SqsManagedSseEnabled": False}},
                "P": {
                    "Type": "AWS::SQS::QueuePolicy",
                    "Properties": {
                        "Queues": [{"Ref": "Q"}],
                        "PolicyDocument": {
                            "Statement": {
                                "Effect": "Allow",
                                "Principal": "*",
                                "Action": "sqs:*",
                                "Resource": "*",
                            }
                        },
                    },
                },
            }
        },
        indent=1,
    )
    queue = check(tmp_path, text, "template.json")["Q"]
    assert said(queue, "encryption_at_rest").state is State.ABSENT
    assert said(queue, "policy_not_public").state is State.ABSENT
    assert queue.location.line == 3


def test_a_policy_for_a_bucket_elsewhere_stands_alone(tmp_path: Path) -> None:
    text = """\
Resources:
  P:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: somewhere-else
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*"}]
"""
    assert said(check(tmp_path, text)["P"], "policy_not_public").state is State.ABSENT


def test_sam_globals_reach_tables(tmp_path: Path) -> None:
    text = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  SimpleTable: {SSESpecification: {SSEEnabled: true, KMSMasterKeyId: alias/cases}}
Resources:
  T: {Type: AWS::Serverless::SimpleTable}
"""
    store = check(tmp_path, text)["T"]
    assert store.type == "AWS::DynamoDB::Table"
    assert said(store, "customer_managed_key").state is State.PRESENT


def test_a_nested_stack_is_judged_with_what_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text(
        """\
Parameters: {Encrypted: {Type: String}}
Resources:
  Disk:
    Type: AWS::EC2::Volume
    Properties: {Encrypted: !Ref Encrypted}
"""
    )
    (tmp_path / "outer.yaml").write_text(
        """\
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./inner.yaml
      Parameters: {Encrypted: "true"}
"""
    )
    stores, gaps = declared(tmp_path, ["inner.yaml", "outer.yaml"])
    assert gaps == ()
    assert [store.address for store in stores] == ["Inner.Disk"]
    assert said(stores[0], "encryption_at_rest").state is State.PRESENT
    assert stores[0].location.file == "inner.yaml"


def test_security_groups_count_where_they_guard(tmp_path: Path) -> None:
    text = """\
Resources:
  Open:
    Type: AWS::EC2::SecurityGroup
    Properties:
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}]
  Db:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, VPCSecurityGroups: [!GetAtt Open.GroupId]}
"""
    store = check(tmp_path, text)["Db"]
    assert said(store, "network_firewall_restricted").state is State.ABSENT
    assert store.parts[0].address == "Open"


@pytest.mark.parametrize(
    ("name", "text", "line", "expected"),
    [
        pytest.param(
            "a.json", '{"Resources": {\n "B": {"Type" "AWS::S3::Bucket"}}}', 2, "expected :", id="json"
        ),
        pytest.param("a.yaml", "Resources:\n  B:\n    Type: a: b\n", 3, "expected", id="yaml"),
        pytest.param("a.yaml", "Resources:\n  B: [1, 2\n", 3, "expected", id="open list"),
    ],
)
def test_a_broken_file_is_a_gap_and_the_rest_goes_on(
    tmp_path: Path, name: str, text: str, line: int, expected: str
) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "good.yaml").write_text("Resources:\n  B:\n    Type: AWS::S3::Bucket\n")
    stores, gaps = declared(tmp_path, [name, "good.yaml"])
    assert [store.address for store in stores] == ["B"]
    assert gaps[0].reason is GapReason.CORRUPT
    assert gaps[0].detail.startswith(f"line {line}, ")
    assert expected in gaps[0].detail


def test_aliases_cannot_grow_without_bound(tmp_path: Path) -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for above, name in zip("abcdefgh", "bcdefghi", strict=True):
        rows.append(f"{name}: &{name} [{', '.join(['*' + above] * 9)}]")
    (tmp_path / "bomb.yaml").write_text("\n".join(rows) + "\nResources:\n  B: {Type: AWS::S3::Bucket}\n")
    (tmp_path / "good.yaml").write_text("Resources:\n  B: {Type: AWS::S3::Bucket}\n")
    stores, gaps = declared(tmp_path, ["bomb.yaml", "good.yaml"])
    assert [gap.place.text for gap in gaps] == ["bomb.yaml"]
    assert [store.location.file for store in stores] == ["good.yaml"]


def test_a_policy_with_parts_of_the_wrong_shape_is_still_read(tmp_path: Path) -> None:
    text = """\
Resources:
  B: {Type: AWS::S3::Bucket}
  P:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref B
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*", Condition: never}]
"""
    assert said(check(tmp_path, text)["B"], "policy_not_public").state is State.ABSENT


def test_a_template_that_begins_with_parameters_is_claimed() -> None:
    assert claims("t.yaml", b"Parameters:\n  Stage:\n    Type: String\n")
    assert claims("t.json", b'{\n "Parameters": {\n  "Stage": {"Type": "String"}}')
    assert not claims("t.yaml", b"parameters:\n  - name: x\n    type: string\n")


def test_a_template_on_one_line_takes_its_share_of_time_and_no_more(tmp_path: Path) -> None:
    """A program writes such; the whole file was once looked through for each of its findings."""
    import time

    from scanner.check.run import Options, run
    from scanner.check.settings import Settings

    resources = {
        f"B{n}": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": f"b{n}"}} for n in range(400)
    }
    (tmp_path / "t.json").write_text(json.dumps({"Resources": resources}))
    settings = Settings()
    settings.rules()
    start = time.process_time()
    outcome = run(Options(tmp_path, settings))
    assert time.process_time() - start < 6
    shown = {one.shown for one in outcome.reported if one.failed}
    assert shown == {"***"}
