"""Lines to add to manifests and Compose files: YAML all of them, and with them the safeguard is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.declared import pipeline
from scanner.declared.fixes import fix, templates
from scanner.declared.model import DeclaredStore
from tests.declared.kubernetes.test_manifests import database


def _all() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for language in ("kubernetes", "compose"):
        for safeguard, given in templates(language)["*"].items():
            for one in given if isinstance(given, list) else [given]:
                yield language, safeguard, one


@pytest.mark.parametrize(("language", "safeguard", "template"), list(_all()))
def test_every_template_is_yaml(language: str, safeguard: str, template: dict[str, Any]) -> None:
    lines = template["lines"].format(name="db")
    assert list(yaml.safe_load_all(lines)) and template["where"].format(name="db")


def _store(folder: Path, file: str, text: str) -> DeclaredStore:
    (folder / file).write_text(text)
    return pipeline.check(folder / file).stores[0]


def _verdict(store: DeclaredStore, safeguard: str) -> str:
    return next(item.state.value for item in store.evidence if item.safeguard == safeguard)


def _lines(store: DeclaredStore, safeguard: str, text: str) -> tuple[str, ...]:
    made = fix(store, [safeguard], text.split("\n"), all_of=True)
    assert made is not None and made.where
    return made.lines


def test_a_network_policy(tmp_path: Path) -> None:
    text = database()
    store = _store(tmp_path, "db.yaml", text)
    assert _verdict(store, "network_firewall_restricted") == "absent"
    policy = "\n".join(_lines(store, "network_firewall_restricted", text)).replace("db-client", "web")
    fixed = _store(tmp_path, "db.yaml", f"{text}{policy}\n".replace("namespace: cases", ""))
    assert _verdict(fixed, "network_firewall_restricted") == "present"


@pytest.mark.parametrize("image", ["postgres:16", "mysql:8.4", "redis:7", "mongo:7", "elasticsearch:8.15.0"])
def test_a_port_of_the_host_alone(tmp_path: Path, image: str) -> None:
    text = f"services:\n  db:\n    image: {image}\n    ports:\n      - PORT\n"
    ports = {"postgres": 5432, "mysql": 3306, "redis": 6379, "mongo": 27017, "elasticsearch": 9200}
    port = ports[image.partition(":")[0]]
    store = _store(tmp_path, "compose.yaml", text.replace("PORT", f'"{port}:{port}"'))
    assert _verdict(store, "public_endpoint_disabled") == "absent"
    [line] = _lines(store, "public_endpoint_disabled", text)
    fixed = _store(tmp_path, "compose.yaml", text.replace("- PORT", line))
    assert _verdict(fixed, "public_endpoint_disabled") == "present"


def test_logins(tmp_path: Path) -> None:
    text = "services:\n  cache:\n    image: redis:7\n"
    store = _store(tmp_path, "compose.yaml", text)
    assert _verdict(store, "auth_required") == "absent"
    [line] = _lines(store, "auth_required", text)
    (tmp_path / ".env").write_text("REDIS_PASSWORD=\n")
    assert _verdict(_store(tmp_path, "compose.yaml", f"{text}    {line}\n"), "auth_required") == "present"
