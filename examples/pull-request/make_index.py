"""Scans a bucket with invented health records and writes what a check in CI may know of it.

    python examples/pull-request/make_index.py      (needs dpscan[test]: moto stands in for AWS)

Nothing in `known-index.json` can be read without its key, and with the key only a name that one knows
already can be looked up. The key lies beside it here because all of it is invented; a department's own
goes to the CI's secret store (`dpscan history index-key | gh secret set DPSCAN_INDEX_KEY`).
"""

from __future__ import annotations

import csv
import io
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUCKET = "example-synthetic-referrals"
REGION = "eu-west-2"
CONFIG = f"""\
targets:
  - {{name: referrals, connector: s3, bucket: {BUCKET}, service: aws}}
detection: {{test_data: treat_as_real}}
fail_on: never
"""
# In years: the example is to work for as long as the repository does. A real one is believed for days.
AGES = ("--valid", "36500d", "--stores-valid", "36500d")


def records(number: int = 112_000) -> bytes:
    """Invented referrals, of so many people that a severity is raised.

    The National Insurance numbers are of a range that is never given out.
    """
    conditions = ("asthma", "epilepsy", "type 2 diabetes", "depression")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["nino", "date_of_birth", "health_condition", "note"])
    for n in range(number):
        born = f"{1940 + n % 60}-{n % 12 + 1:02}-{n % 28 + 1:02}"
        writer.writerow([f"QQ{n:06d}{'ABCD'[n % 4]}", born, conditions[n % 4], "SYNTHETIC"])
    return out.getvalue().encode()


def main() -> None:
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        make(f"http://{host}:{port}", HERE, records())
    finally:
        server.stop()


def make(endpoint: str, target: Path, content: bytes) -> None:
    """Scan the bucket on an S3 server and write `known-index.json` and `index.key` into `target`."""
    aws = {
        "AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "synthetic", "AWS_SECRET_ACCESS_KEY": "synthetic",
        "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip
    import boto3

    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name=REGION,
        aws_access_key_id="synthetic", aws_secret_access_key="synthetic",
    )  # fmt: skip
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_object(Bucket=BUCKET, Key="referrals.csv", Body=content)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "dpscan.yaml").write_text(CONFIG, "utf-8")
        environment = {**os.environ, **aws, "DPSCAN_HOME": str(folder / "home")}
        _dpscan(folder, environment, "scan", "-c", "dpscan.yaml", "--quiet")
        index = target / "known-index.json"
        _dpscan(folder, environment, "history", "index", *AGES, "-o", str(index))
        index.chmod(0o644)
        key = _dpscan(folder, environment, "history", "index-key")
        (target / "index.key").write_text(key, "utf-8")


def _dpscan(folder: Path, environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "scanner", *arguments],
        cwd=folder, env={**environment, "PYTHONPATH": str(HERE.parents[1])},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"dpscan {arguments[0]}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
