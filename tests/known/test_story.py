"""The whole way: a bucket is scanned, the history makes an index, and a pull request is judged by it."""

from __future__ import annotations

import dataclasses
import json
import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner.cli import cli
from scanner.errors import ConfigError
from scanner.known.index import ENVIRONMENT
from tests.department import dpscan
from tests.end_to_end.running import Scanner
from tests.servers.s3 import MotoS3

BUCKET = "story-synthetic-cases"
_CODE = f'resource "aws_s3_bucket" "cases" {{\n  bucket = "{BUCKET}"\n}}\n'
_WORDS = r"special categor|health|epilepsy|asthma|\bS3\b|\d\+ people|offence data|higher-impact"


def _many() -> bytes:
    """More people than raise a severity, with numbers from a range that is never given to anybody."""
    conditions = ("asthma", "epilepsy", "type 2 diabetes")
    rows = (f"QQ{n:06d}{'ABCD'[n % 4]},{conditions[n % 3]}" for n in range(112_000))
    return "\n".join(("nino,health_condition", *rows)).encode()


@dataclasses.dataclass
class Story:
    """A department with a history, an index and a repository."""

    folder: Path
    key: str

    @property
    def index(self) -> Path:
        return self.folder / "index.json"

    def check(
        self, *arguments: str, known: bool = True, key: str | None = None, code: str = "infra"
    ) -> Result:
        more = ["--known", str(self.index)] if known and "--known" not in arguments else []
        return CliRunner().invoke(
            cli, ["check", str(self.folder / code), "--no-personal-data", *more, *arguments],
            env={ENVIRONMENT: self.key if key is None else key},
        )  # fmt: skip

    def refused(self, *arguments: str, key: str | None = None) -> str:
        """Why a check does not start (exit 2)."""
        done = self.check(*arguments, key=key)
        assert isinstance(done.exception, ConfigError), done.output
        return str(done.exception)

    def severities(self, *arguments: str, known: bool = True) -> dict[str, str]:
        rows = [
            json.loads(line)
            for line in self.check("--format", "jsonl", *arguments, known=known).stdout.splitlines()
        ]
        return {row["rule"]: row["severity"] for row in rows if row["verdict"] == "fail"}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, moto_s3: MotoS3) -> Story:
    folder = tmp_path_factory.mktemp("story")
    moto_s3.bucket(BUCKET)
    moto_s3.client().put_object(Bucket=BUCKET, Key="people.csv", Body=_many())
    targets = [{"name": "s3", "connector": "s3", "bucket": BUCKET, "service": "aws"}]
    config = {"targets": targets, "detection": {"test_data": "treat_as_real"}, "fail_on": "never"}
    Scanner(folder, config, **moto_s3.env).run()
    home = folder / "home"
    written = dpscan("history", "index", "-o", folder / "index.json", "--with-holdings", home=home)
    assert written.returncode == 0, written.stderr
    key = dpscan("history", "index-key", home=home).stdout.strip()
    (folder / "infra").mkdir()
    (folder / "infra" / "main.tf").write_text(_CODE)
    (folder / "empty-home").mkdir()
    return Story(folder, key)


def test_severity_follows_what_the_live_bucket_holds(story: Story) -> None:
    plain, informed = story.severities(known=False), story.severities()
    order = ["Info", "Low", "Medium", "High", "Critical"]
    raised = {rule for rule in plain if order.index(informed[rule]) > order.index(plain[rule])}
    assert raised
    said = " ".join(story.check().stdout.split())
    assert said.count("The department's register raised its severity.") >= len(raised)


@pytest.mark.parametrize("form", ["text", "jsonl", "github", "sarif", "markdown", "junit", "gitlab"])
def test_no_format_says_what_it_holds(story: Story, form: str) -> None:
    without = re.findall(_WORDS, story.check("--format", form, known=False).stdout, re.I)
    informed = story.check("--format", form)
    assert informed.exit_code in (0, 1), informed.output
    # What the rules' own prose says stands there either way.
    assert sorted(re.findall(_WORDS, informed.stdout, re.I)) == sorted(without)


def test_shown_only_where_asked_and_to_one_reader(story: Story) -> None:
    told = story.check("--show-holdings").stdout
    flat = " ".join(told.split())
    assert "special category or offence data (S3)" in flat and "100,000+ people" in flat and "health" in flat
    for form in ("github", "sarif", "markdown", "junit", "gitlab"):
        assert "repository_is_private" in story.refused("--show-holdings", "--format", form)
        assert "repository_is_private" in story.refused(
            "--show-holdings", "-o", f"{form}:{story.folder / 'x'}"
        )
    config = story.folder / "private.yaml"
    config.write_text("check: {repository_is_private: true}\n")
    shown = story.check("--show-holdings", "--format", "markdown", "-c", str(config))
    assert shown.exit_code in (0, 1), shown.output


def test_the_index_names_nothing_and_is_for_its_owner(story: Story) -> None:
    text = story.index.read_text()
    assert stat.S_IMODE(story.index.stat().st_mode) == 0o600
    for word in (BUCKET, "story", "aws", "123456789012", "people.csv", "arn:", "bucket", "eu-west-2"):
        assert word not in text
    keys = list((story.folder / "home").rglob("*.key"))
    assert keys and all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in keys)


def test_a_false_index_or_key_is_refused(story: Story, tmp_path: Path) -> None:
    document = json.loads(story.index.read_text())
    document["stores"][0]["sensitivity"] = "S0"
    (story.folder / "changed.json").write_text(json.dumps(document))
    assert "changed after it was signed" in story.refused("--known", str(story.folder / "changed.json"))
    assert "another key" in story.refused(key="A" * 43 + "=")
    assert ENVIRONMENT in story.refused(key="")
    file = tmp_path / "key"
    file.write_text(story.key)
    assert story.check("--index-key", str(file), key="").exit_code in (0, 1)


def test_a_bucket_named_by_the_state_alone(story: Story) -> None:
    """The code takes the name from a variable; the state beside it tells the live bucket."""
    folder = story.folder / "by-state"
    folder.mkdir()
    (folder / "main.tf").write_text(
        'variable "n" {}\nresource "aws_s3_bucket" "cases" {\n  bucket = var.n\n}\n'
    )
    assert "department's register" not in story.check(code="by-state").stdout
    attributes = {"id": BUCKET, "bucket": BUCKET, "arn": f"arn:aws:s3:::{BUCKET}"}
    state = {
        "version": 4, "terraform_version": "1.9.0", "resources": [
            {"mode": "managed", "type": "aws_s3_bucket", "name": "cases", "instances": [{"attributes": attributes}]}
        ],
    }  # fmt: skip
    (folder / "terraform.tfstate").write_text(json.dumps(state))
    said = " ".join(story.check(code="by-state").stdout.split())
    assert "main.tf:2" in said and "The department's register raised its severity." in said
