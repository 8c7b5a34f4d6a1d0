"""The commands as people use them: help with examples, errors that say what to do, no values shown."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner import config
from scanner.cli import _COMMANDS, cli
from scanner.errors import ConfigError
from scanner.own import values
from tests.department import ROOT, dpscan
from tests.end_to_end.data import PEOPLE

OWN_RECOGNISERS = """
recognisers:
  - name: tenancy-reference
    entity_type: TENANCY_REFERENCE
    pattern: 'TN[0-9]{7}'
    examples: {match: [TN1000004], no_match: [XTN1000004]}
"""


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=True)


@pytest.mark.parametrize("command", list(_COMMANDS))
def test_every_command_helps_with_an_example(command: str) -> None:
    shown = invoke(command, "--help")
    assert shown.exit_code == 0, shown.output
    assert "dpscan " + command in shown.output, "an example to copy"


def test_help_answers_at_once() -> None:
    """0.3 s of processor time, imports included (the best of three: the machine may be busy)."""
    times = []
    for _ in range(3):
        before = os.times()
        subprocess.run(
            [sys.executable, "-m", "scanner", "--help"], check=True, stdout=subprocess.DEVNULL, cwd=ROOT
        )
        after = os.times()
        times.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
    assert min(times) < 0.3


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from scanner.cli import cli; "
        "CliRunner().invoke(cli, ['--help']); CliRunner().invoke(cli, ['scan', '--help']); "
        "print([m for m in ('sqlalchemy', 'presidio_analyzer', 'spacy', 'boto3', 'pyarrow', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert out.stdout.strip() == "[]"


def test_init_writes_a_configuration_that_loads(tmp_path: Path) -> None:
    file = tmp_path / "dpscan.yaml"
    assert invoke("init", "-o", file).exit_code == 0
    loaded = config.load(file)
    assert loaded.targets[0].connector == "files"
    again = invoke("init", "-o", file)
    assert isinstance(again.exception, ConfigError)
    assert "nothing was changed" in str(again.exception)


def test_every_line_of_the_template_is_valid_when_uncommented(tmp_path: Path) -> None:
    from scanner.cli.template import TEMPLATE

    lines = []
    for line in TEMPLATE.splitlines():
        key = line.lstrip().removeprefix("#").strip().removeprefix("- ").partition(":")[0]
        # A prose comment has no colon, or a space before its first one.
        commented = line.lstrip().startswith("# ") and ":" in line and key.replace("_", "").isalnum()
        lines.append(line.replace("# ", "", 1) if commented else line)
    file = tmp_path / "dpscan.yaml"
    file.write_text("\n".join(lines) + "\n")
    (tmp_path / "our-recognisers.yaml").write_text(OWN_RECOGNISERS)
    values.save(values.ValueLists(b"k" * 32), tmp_path / "decided-values.json")
    loaded = config.load(file)
    assert loaded.detector_options().own == (str(tmp_path / "our-recognisers.yaml"),)
    assert {t.connector for t in loaded.targets} == {"files", "sql", "s3", "azblob", "gcs"}
    assert loaded.policy.approved_regions is not None
    assert loaded.register_
    assert loaded.waivers
    assert loaded.exclude


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("targets: [{connector: files, path: .}]\nfail_on: loud\n", "dpscan.yaml:2:10: fail_on: expected critical"),
        ("targets: [{connector: files, path: .}]\ntargets: []\n", "dpscan.yaml:2:1: targets: given twice"),
        ("targets:\n  - path: .\n", "targets.0.connector: is required"),
        ("targets: [{connector: files, path: .}]\nsampling:\n  rwos: 3\n", "dpscan.yaml:3:9: sampling.rwos: is not a key"),
        ("targets: [\n", "not valid YAML"),
        ("- a\n", "expected keys such as"),
        ("targets: [{connector: files, path: .}]\nlimits: {max_time: soon}\n", "expected a time such as 90s"),
    ],
)  # fmt: skip
def test_mistakes_name_file_line_and_key(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "dpscan.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as error:
        config.load(file)
    assert said in str(error.value)


def test_all_mistakes_at_once_and_exit_2(tmp_path: Path) -> None:
    file = tmp_path / "dpscan.yaml"
    file.write_text("targets: [{connector: files, path: .}]\nfail_on: loud\nmin_coverage: 300\nrunnner: x\n")
    done = dpscan("scan", "-c", file, home=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("dpscan.yaml:") == 3
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/no/such/folder", "no such file or folder"),
        ("ftp://host/x", "no connector takes ftp:// targets"),
    ],
)
def test_bad_targets(target: str, said: str) -> None:
    done = invoke("scan", target)
    assert isinstance(done.exception, ConfigError)
    assert said in str(done.exception)


def test_connector_keys_are_listed() -> None:
    shown = invoke("connectors", "s3")
    assert "endpoint_url" in shown.output
    everything = invoke("connectors")
    for name in ("azblob", "files", "gcs", "s3", "sql"):
        assert name in everything.output


def test_inspect_shows_positions_never_values(tmp_path: Path) -> None:
    person = PEOPLE[0]
    text = f"Dear {person.name},\nyour NHS number is {person.nhs}.\n"
    file = tmp_path / "letter.txt"
    file.write_text(text)
    done = dpscan("inspect", file, "--format", "jsonl", home=tmp_path)
    assert done.returncode == 0, done.stderr
    found = {row["type"]: row for row in map(json.loads, done.stdout.splitlines())}
    nhs = found["UK_NHS"]
    assert text[nhs["start"] : nhs["end"]] == person.nhs
    assert found["PERSON"]
    assert nhs["reasons"]
    for secret in (person.surname, person.nhs, person.forename):
        assert secret not in done.stdout + done.stderr


def test_inspect_reads_standard_input(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        cli,
        ["inspect", "-", "--no-names", "--format", "jsonl"],
        input=f"a,nhs number\n1,{PEOPLE[0].nhs}\n2,{PEOPLE[1].nhs}\n",
    )
    rows = [json.loads(line) for line in done.output.splitlines()]
    assert [row["type"] for row in rows] == ["UK_NHS"]


def test_inspect_reads_a_pipe(tmp_path: Path) -> None:
    """As the shell's <(…) gives it: a path that cannot be gone back in."""
    command = f"{sys.executable} -m scanner inspect <(echo NHS number 943 476 5919) --no-names --format jsonl"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["type"] == "UK_NHS"


def test_init_where_nothing_can_be_written(tmp_path: Path) -> None:
    made = invoke("init", "-o", tmp_path / "nowhere" / "dpscan.yaml")
    assert isinstance(made.exception, ConfigError)
    assert "cannot be written (no such file or directory)" in str(made.exception)


def test_report_renders_a_stored_run_again(tmp_path: Path) -> None:
    (tmp_path / "srv").mkdir()
    (tmp_path / "srv" / "a.txt").write_text(f"NHS number {PEOPLE[0].nhs}\n")
    scanned = dpscan(
        "scan", tmp_path / "srv", "--no-names", "-o", tmp_path / "one", home=tmp_path, cwd=tmp_path
    )
    assert scanned.returncode in (0, 1), scanned.stderr
    again = dpscan("report", "-o", tmp_path / "two", home=tmp_path)
    assert again.returncode == 0, again.stderr
    for name in ("findings.csv", "holdings.csv", "report.json", "report.sarif"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert "finished" in dpscan("report", "--list", home=tmp_path).stdout


def test_locate_prints_true_paths_on_a_terminal_only(tmp_path: Path) -> None:
    root = tmp_path / "srv"
    root.mkdir()
    name = f"{PEOPLE[0].surname}, {PEOPLE[0].forename}.log"
    (root / name).write_text(f"NHS number {PEOPLE[0].nhs}\n" * 5)
    file = tmp_path / "dpscan.yaml"
    file.write_text(
        f"targets: [{{connector: files, path: {root}}}]\ndetection: {{names: false, test_data: treat_as_real}}\n"
    )
    assert dpscan("scan", "-c", file, "-o", tmp_path / "out", home=tmp_path).returncode in (0, 1)
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert PEOPLE[0].surname not in json.dumps(report)
    (finding,) = [f for f in report["findings"] if f["rule_id"] == "LOG-03" and f["verdict"] == "fail"]
    refused = dpscan("locate", finding["fingerprint"], "-c", file, home=tmp_path)
    assert refused.returncode == 2
    assert "terminal only" in refused.stderr
    shown = on_a_terminal(["locate", finding["fingerprint"][:10], "-c", str(file)], tmp_path)
    assert name in shown


def on_a_terminal(arguments: list[str], home: Path) -> str:
    ours, theirs = pty.openpty()
    env = {**os.environ, "DPSCAN_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "scanner", *arguments], stdout=theirs, stderr=theirs, env=env, cwd=home
    )
    os.close(theirs)
    seen, deadline = b"", time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    process.wait(timeout=30)
    os.close(ours)
    return seen.decode()


def test_a_password_on_the_command_line_is_taken_out_with_a_warning(tmp_path: Path) -> None:
    done = dpscan(
        "scan",
        "postgresql://reader:hunter2secret@127.0.0.1:1/cases",
        "-o",
        tmp_path / "out",
        "-vv",
        home=tmp_path,
    )
    assert done.returncode == 3, done.stderr
    assert "password" in done.stderr
    everything = done.stdout + done.stderr
    for path in tmp_path.rglob("*"):
        if path.is_file():
            everything += path.read_bytes().decode("latin-1")
    assert "hunter2secret" not in everything
    assert "unreachable" in done.stdout
