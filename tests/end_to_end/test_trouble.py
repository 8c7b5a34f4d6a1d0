"""Everything goes wrong at once: gaps are named, exit 3, nothing else is lost, memory stays bounded."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from tests.department import ROOT
from tests.end_to_end import data
from tests.servers.postgres import PostgresServer
from tests.servers.s3 import MotoS3

GIB = 1024**3


def _big_csv(path: Path, size: int) -> None:
    """`size` bytes of rows; 3 GB of them are written in a few seconds from one block."""
    header, body = data.as_csv(60).split(b"\r\n", 1)
    block = body * (64 * 1024 * 1024 // len(body))
    with path.open("wb") as file:
        file.write(header + b"\r\n")
        while file.tell() < size:
            file.write(block)


def _zip_bomb(path: Path) -> None:
    """10 MB that unpack to 10 GB, a second one inside."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as member:
        for _ in range(500):
            member.write(bytes(1024 * 1024))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", data.as_csv(5))
        for n in range(20):
            archive.writestr(f"{n}.zip", inner.getvalue())


def _locked_workbook(path: Path) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile
    from openpyxl import Workbook

    plain, locked = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    OOXMLFile(plain).encrypt("synthetic", locked)
    path.write_bytes(locked.getvalue())


def _truncated_parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"n": list(range(10_000))}), path)
    path.write_bytes(path.read_bytes()[:-500])


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.department import generator

    root = tmp_path_factory.mktemp("trouble") / "share"
    root.mkdir()
    (root / "good.csv").write_bytes(data.as_csv())
    _truncated_parquet(root / "truncated.parquet")
    _locked_workbook(root / "locked.xlsx")
    _zip_bomb(root / "bomb.zip")
    generator()._locked(root / "locked.zip", data.PEOPLE[:5])
    _big_csv(root / "big.csv", 3 * GIB)
    return root


def run_and_watch(config: dict[str, Any], folder: Path, **env: str) -> tuple[int, dict[str, Any], int]:
    """(exit code, report, peak memory in bytes of all its processes together)."""
    file = folder / "dpscan.yaml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    process = start(file, folder, **env)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        time.sleep(0.1)
    assert process.stderr is not None
    assert process.returncode in (0, 1, 3), process.stderr.read()[-3000:]
    return process.returncode, json.loads((folder / "out" / "report.json").read_text()), peak


def start(config: Path, folder: Path, *more: str, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "scanner", "scan", "-c", str(config), "-o", str(folder / "out"), *more],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=folder,
        env={**os.environ, "DPSCAN_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), **env},
    )  # fmt: skip


def _memory(pid: int) -> int:
    total = 0
    try:
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        return total
    return total


@pytest.fixture(scope="module")
def outcome(
    share: Path, tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer, moto_s3: MotoS3
) -> tuple[int, dict[str, Any], int]:
    folder = tmp_path_factory.mktemp("trouble-run")
    postgres_server.create_database("trouble")
    postgres_server.run(
        data.create_table("open_people"), data.insert("open_people", data.rows()),
        data.create_table("closed_people"), data.insert("closed_people", data.rows()),
        f"GRANT USAGE ON SCHEMA public TO {postgres_server.reader_user}",
        f"GRANT SELECT ON open_people TO {postgres_server.reader_user}",
        database="trouble",
    )  # fmt: skip
    moto_s3.bucket("trouble-people")
    moto_s3.client().put_object(Bucket="trouble-people", Key="people.csv", Body=data.as_csv())
    config = {
        "targets": [
            {"name": "share", "connector": "files", "path": str(share)},
            {
                "name": "pg",
                "connector": "sql",
                "url": postgres_server.url("trouble"),
                "password": "env:E2E_PASSWORD",
            },
            {"name": "s3", "connector": "s3", "bucket": "trouble-people", "service": "aws"},
        ],
        "detection": {"test_data": "treat_as_real"},
    }
    allowed = {"Effect": "Allow", "Action": ["s3:List*", "s3:GetObject", "s3:GetBucketTagging", "sts:*"],
               "Resource": "*"}  # fmt: skip
    with moto_s3.as_user(allowed) as env:
        return run_and_watch(config, folder, **env, E2E_PASSWORD=postgres_server.reader_password)


@pytest.mark.parametrize(
    ("reason", "where"),
    [
        ("corrupt", "truncated.parquet"),
        ("encrypted", "locked.xlsx"),
        ("encrypted", "locked.zip"),
        ("limit", "bomb.zip"),
        ("denied", "closed_people"),
    ],
)
def test_what_could_not_be_read_is_named(
    outcome: tuple[int, dict[str, Any], int], reason: str, where: str
) -> None:
    found = [g for g in outcome[1]["gaps"] if any(where in name for _, name in g["place"])]
    assert reason in {g["reason"] for g in found}, found
    assert all(g["detail"] for g in found)


def test_a_denied_call_names_its_permission(outcome: tuple[int, dict[str, Any], int]) -> None:
    denied = [
        g
        for g in outcome[1]["gaps"]
        if g["reason"] == "denied" and g["subject_id"] == "aws:s3:::trouble-people"
    ]
    assert any("GetBucketPolicy" in g["remedy"] for g in denied), denied
    unknown = {e["safeguard"] for e in outcome[1]["evidence"] if e["basis"] == "denied"}
    assert "policy_not_public" in unknown


def test_the_rest_is_read(outcome: tuple[int, dict[str, Any], int]) -> None:
    held = {"/".join(name for _, name in h["place"]) for h in outcome[1]["holdings"]}
    assert {"good.csv", "big.csv", "people.csv", "public/open_people"} <= held
    assert any(place.startswith("bomb.zip/people.csv") for place in held), "members before the bomb count"


def test_a_huge_file_is_sampled_and_says_so(outcome: tuple[int, dict[str, Any], int]) -> None:
    (big,) = [h for h in outcome[1]["holdings"] if h["place"] == [["object", "big.csv"]]]
    assert "spans" in big["coverage"]
    assert big["records"]["high"] > 10 * big["records"]["low"]


def test_exit_3(outcome: tuple[int, dict[str, Any], int]) -> None:
    assert outcome[0] == 3
    assert outcome[1]["exit_code"] == 3


def test_memory_below_a_gigabyte(outcome: tuple[int, dict[str, Any], int]) -> None:
    assert outcome[2] < 1e9, f"{outcome[2] / 1e6:.0f} MB"


def test_killed_half_way_and_resumed(tmp_path: Path) -> None:
    share, folder = tmp_path / "share", tmp_path / "run"
    share.mkdir()
    folder.mkdir()
    for n in range(400):
        (share / f"{''.join('abcdefghij'[int(d)] for d in f'{n:03d}')}.csv").write_bytes(data.as_csv(40))
    config = {
        "targets": [{"name": "share", "connector": "files", "path": str(share)}],
        "detection": {"test_data": "treat_as_real", "names": False},
        "sampling": {"seed": "s"},
        "runner": "processes",
        "fail_on": "never",
    }
    file = folder / "dpscan.yaml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    process = start(file, folder)
    database = folder / "home" / "history.sqlite"
    deadline = time.monotonic() + 60
    while journalled(database) < 60 and time.monotonic() < deadline:
        time.sleep(0.05)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    psutil.wait_procs(children, timeout=20)
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    done = journalled(database)
    assert 60 <= done < 400
    again = start(file, folder)
    _, err = again.communicate(timeout=200)
    assert again.returncode == 0, err[-2000:]
    assert f"{done:,} units are" in " ".join(err.split())
    resumed = json.loads((folder / "out" / "report.json").read_text())
    fresh = start(file, folder, "--restart")
    fresh.communicate(timeout=200)
    whole = json.loads((folder / "out" / "report.json").read_text())
    for part in ("holdings", "summaries", "gaps"):
        assert resumed[part] == whole[part]


def journalled(database: Path) -> int:
    if not database.exists():
        return 0
    try:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        try:
            return int(connection.execute("SELECT count(*) FROM dpscan_journal").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return 0


def test_a_file_that_vanishes_mid_scan(tmp_path: Path) -> None:
    from scanner.model import GapReason
    from tests.pipeline import scan
    from tests.pipeline import share as target
    from tests.test_scan import KilledAfter

    for n in range(10):
        (tmp_path / f"{'abcdefghij'[n]}.txt").write_text("x" * 50)

    class Deleting(KilledAfter):
        def examined(self, outcome: Any) -> None:
            for path in tmp_path.glob("*.txt"):
                path.unlink()

    report = scan([target(tmp_path)], Deleting(0))
    vanished = [g for g in report.gaps if g.reason is GapReason.VANISHED]
    assert sum(g.count for g in vanished) >= 8
    assert report.exit_code == 3
