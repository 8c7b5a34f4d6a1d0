"""How fast `dpscan check` is: writes docs/check-speed.md.

    python benchmarks/check_speed.py [--checkov PATH/TO/bin/checkov]

Three trees are written first, of the size that the goals name: one file of a hundred lines; 47 files with 133
resources of three clouds (the size of TerraGoat); 2,600 folders with one small file each. Each is checked by a
process of its own; CPU seconds and peak memory are the operating system's. Checkov is measured beside, from an
environment of its own, on the first two and on a tenth of the third.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

ROOT = pathlib.Path(__file__).parents[1]
PAGE = ROOT / "docs" / "check-speed.md"
_FOLDERS = 2600

_BLOCKS = (
    'resource "aws_s3_bucket" "b{0}" {{\n  bucket = "example-${{var.env}}-{0}"\n  tags = merge(local.tags, {{ n = "{0}" }})\n}}\n',
    'resource "aws_s3_bucket_versioning" "v{0}" {{\n  bucket = aws_s3_bucket.b{0}.id\n  versioning_configuration {{\n'
    '    status = var.keep ? "Enabled" : "Suspended"\n  }}\n}}\n',
    'resource "aws_s3_bucket_policy" "p{0}" {{\n  bucket = aws_s3_bucket.b{0}.id\n  policy = jsonencode({{\n    Statement = [{{\n'
    '      Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "${{aws_s3_bucket.b{0}.arn}}/*"\n'
    '      Condition = {{ Bool = {{ "aws:SecureTransport" = "false" }} }}\n    }}]\n  }})\n}}\n',
    'resource "aws_db_instance" "d{0}" {{\n  engine = "postgres"\n  instance_class = "db.t3.micro"\n  storage_encrypted = true\n'
    "  kms_key_id = aws_kms_key.k{0}.arn\n  backup_retention_period = var.days\n  username = \"owner\"\n  password = var.password\n}}\n",
    'resource "aws_kms_key" "k{0}" {{\n  enable_key_rotation = true\n}}\n',
    'resource "aws_security_group" "s{0}" {{\n  name = "s{0}"\n  ingress {{\n    from_port = 5432\n    to_port = 5432\n    protocol = "tcp"\n'
    '    cidr_blocks = ["10.0.0.0/16"]\n  }}\n}}\n',
    'resource "aws_iam_role" "r{0}" {{\n  name = "r{0}"\n  assume_role_policy = <<EOF\n{{"Version":"2012-10-17","Statement":[]}}\nEOF\n}}\n',
    'resource "azurerm_storage_account" "a{0}" {{\n  name = "example{0}"\n  account_tier = "Standard"\n  account_replication_type = "GRS"\n'
    "  min_tls_version = \"TLS1_2\"\n  blob_properties {{\n    versioning_enabled = true\n  }}\n}}\n",
    'resource "azurerm_mssql_server" "q{0}" {{\n  name = "q{0}"\n  version = "12.0"\n  minimum_tls_version = "1.2"\n}}\n',
    'resource "google_storage_bucket" "g{0}" {{\n  name = "example-g{0}"\n  location = "EU"\n  uniform_bucket_level_access = true\n}}\n',
    'resource "google_sql_database_instance" "i{0}" {{\n  database_version = "POSTGRES_16"\n  settings {{\n    tier = "db-f1-micro"\n'
    "    ip_configuration {{\n      ipv4_enabled = false\n      private_network = \"n\"\n    }}\n  }}\n}}\n",
)  # fmt: skip
_VARIABLES = (
    'variable "env" {\n  default = "prod"\n}\nvariable "keep" {\n  default = true\n}\nvariable "days" {\n  default = 30\n}\n'
    'variable "password" {\n  sensitive = true\n}\nlocals {\n  tags = { owner = "records", env = var.env }\n}\n'
)


def resources(count: int, start: int = 0) -> Iterator[str]:
    """So many resources of every sort in turn, those of one number belonging together."""
    for index in range(count):
        yield _BLOCKS[index % len(_BLOCKS)].format(start + index // len(_BLOCKS))


def one_file(folder: pathlib.Path) -> None:
    lines = (_VARIABLES + "".join(resources(11))).splitlines()
    lines += ["# a comment"] * (100 - len(lines))
    (folder / "main.tf").write_text("\n".join(lines) + "\n", "utf-8")


def forty_seven(folder: pathlib.Path) -> None:
    (folder / "variables.tf").write_text(_VARIABLES, "utf-8")
    blocks = list(resources(133))
    for index in range(46):
        (folder / f"part{index:02}.tf").write_text("".join(blocks[index::46]), "utf-8")


def folders(count: int) -> Callable[[pathlib.Path], None]:
    def write(folder: pathlib.Path) -> None:
        for index in range(count):
            place = folder / f"group{index % 50:02}" / f"case{index:04}"
            place.mkdir(parents=True)
            block = _BLOCKS[index % len(_BLOCKS)].format(index)
            (place / "main.tf").write_text(_VARIABLES + block, "utf-8")

    return write


def measured(command: list[str], folder: pathlib.Path, cache: str) -> tuple[float, float, int]:
    """(CPU seconds, peak memory in MB, exit code) of a process of its own, with bytecode as an installation has it."""
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = cache
    with open(os.devnull, "wb") as nowhere:
        child = subprocess.Popen(command, cwd=folder, stdout=nowhere, stderr=nowhere, env=environment)
        _, status, used = os.wait4(child.pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checkov", help="Checkov's program, in an environment of its own")
    given = parser.parse_args()
    ours = [sys.executable, "-m", "scanner", "check", ".", "--fail-on", "never"]
    trees: list[tuple[str, Callable[[pathlib.Path], None], str, list[str]]] = [
        ("one file of 100 lines", one_file, "≤ 0.6 s, ≤ 100 MB", ours),
        ("47 files, 133 resources", forty_seven, "≤ 1.2 s", ours),
        (f"{_FOLDERS:,} small folders in one run", folders(_FOLDERS), "≤ 8 s, ≤ 300 MB", ours),
    ]
    if given.checkov:
        theirs = [given.checkov, "-d", ".", "--compact", "--quiet", "--soft-fail"]
        trees += [
            ("one file of 100 lines", one_file, "", theirs),
            ("47 files, 133 resources", forty_seven, "", theirs),
            (f"{_FOLDERS // 10:,} small folders in one run", folders(_FOLDERS // 10), "", theirs),
        ]
    rows = []
    cache = tempfile.TemporaryDirectory()
    for about, write, goal, command in trees:
        with tempfile.TemporaryDirectory() as place:
            write(pathlib.Path(place))
            if write is one_file:
                measured(command, pathlib.Path(place), cache.name)  # writes the bytecode
            runs = [
                measured(command, pathlib.Path(place), cache.name) for _ in range(3 if command is ours else 1)
            ]
        if any(code not in (0, 1) for _, _, code in runs):
            sys.exit(f"{command[0]} failed on {about}: exit {[code for _, _, code in runs]}")
        cpu, memory = min(run[0] for run in runs), max(run[1] for run in runs)
        rows.append(
            f"| {about} | {'dpscan' if command is ours else 'Checkov'} | {cpu:.2f} | {memory:.0f} | {goal} |"
        )
        print(rows[-1])
    today = dt.datetime.now(dt.UTC).date().isoformat()
    PAGE.write_text(
        "# How fast `dpscan check` is\n\n"
        f"Written by `python benchmarks/check_speed.py` on {today}: {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.1f} at the end. CPU seconds of the whole process, start\n"
        "included (dpscan: the best of three runs, the largest memory of them), after one run that compiled the bytecode, on trees\n"
        "that the command writes.\n\n"
        "| what | tool | CPU s | peak memory, MB | goal |\n|---|---|--:|--:|---|\n" + "\n".join(rows) + "\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
