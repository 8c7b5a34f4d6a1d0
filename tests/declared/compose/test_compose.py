"""Compose files: databases, their ports, passwords and logins."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.declared import pipeline
from scanner.declared.pipeline import Checked


def check(folder: Path, services: str, **files: str) -> Checked:
    (folder / "docker-compose.yml").write_text(f"services:\n{services}")
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return pipeline.check(folder)


def verdicts(checked: Checked, resource: str = "db") -> dict[str, str]:
    return {line.safeguard: line.verdict for line in checked.lines({}) if line.resource == resource}


@pytest.mark.parametrize(
    ("ports", "verdict"),
    [
        ('["5432:5432"]', "fail"),
        ('["0.0.0.0:5432:5432"]', "fail"),
        ("[5432]", "fail"),
        ('["127.0.0.1:5432:5432"]', "pass"),
        ('["[::1]:5432:5432"]', "pass"),
        ('["${PORT:-5432}:5432"]', "fail"),
        ("[{target: 5432, published: 5432, host_ip: 127.0.0.1}]", "pass"),
        ("[{target: 5432, published: 5432}]", "fail"),
        ("[]", "pass"),
    ],
)
def test_ports(tmp_path: Path, ports: str, verdict: str) -> None:
    checked = check(tmp_path, f"  db:\n    image: postgres:16\n    ports: {ports}\n")
    assert verdicts(checked)["public_endpoint_disabled"] == verdict


@pytest.mark.parametrize(
    ("password", "verdict"),
    [("synthetic", "fail"), ("${P:-synthetic}", "fail"), ("${P}", "pass"), ("${P:?}", "pass")],
)
def test_passwords(tmp_path: Path, password: str, verdict: str) -> None:
    text = f"  db:\n    image: mysql:8.4\n    environment:\n      MYSQL_ROOT_PASSWORD: {password}\n"
    checked = check(tmp_path, text)
    assert verdicts(checked)["no_plaintext_secret"] == verdict
    store = checked.stores[0]
    assert store.locations["no_plaintext_secret"].line == 5


def test_lists_files_and_secrets(tmp_path: Path) -> None:
    text = (
        "  db:\n    image: postgres:16\n    environment: [POSTGRES_PASSWORD_FILE=/run/secrets/p]\n"
        "  cache:\n    image: redis:7\n    command: redis-server --requirepass $$P\n"
        "  docs:\n    image: mongo:7\n    env_file: db.env\n"
    )
    checked = check(
        tmp_path, text, db__env="MONGO_INITDB_ROOT_USERNAME=root\nMONGO_INITDB_ROOT_PASSWORD=synthetic\n"
    )
    assert verdicts(checked)["no_plaintext_secret"] == "pass"
    assert verdicts(checked, "cache")["auth_required"] == "pass"
    assert verdicts(checked, "docs")["auth_required"] == "pass"
    assert verdicts(checked, "docs")["no_plaintext_secret"] == "fail"


def test_extended_services_and_what_is_no_database(tmp_path: Path) -> None:
    text = (
        "  base:\n    image: postgres:16\n    environment: {POSTGRES_HOST_AUTH_METHOD: trust}\n"
        "  db:\n    extends: base\n    ports: ['5432:5432']\n"
        "  web:\n    image: nginx\n  migrate:\n    image: postgres:16\n    command: psql -f /x.sql\n"
    )
    checked = check(tmp_path, text)
    assert {store.address for store in checked.stores} == {"base", "db"}
    assert verdicts(checked)["auth_required"] == "fail"


def test_a_broken_file_names_its_line(tmp_path: Path) -> None:
    checked = check(tmp_path, "  db:\n   image: postgres\n  bad indentation\n")
    [gap] = checked.gaps
    assert "docker-compose.yml:" in gap.detail
