"""ARM templates in JSON: expressions, the ways of writing children, joins, broken files. Synthetic data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.declared.arm import claims, declared
from scanner.declared.arm.evaluate import Evaluator
from scanner.declared.arm.nodes import Shown
from scanner.declared.model import DeclaredStore, Unknown
from scanner.model import Evidence, GapReason, State


def check(folder: Path, *resources: dict[str, Any], **template: Any) -> dict[str, DeclaredStore]:
    text = json.dumps({**template, "resources": list(resources)}, indent=1)
    (folder / "template.json").write_text(text, encoding="utf-8")
    stores, gaps = declared(folder, ["template.json"])
    assert gaps == ()
    return {store.address: store for store in stores}


def said(store: DeclaredStore, safeguard: str) -> Evidence:
    return next(e for e in store.evidence if e.safeguard == safeguard)


def account(**properties: Any) -> dict[str, Any]:
    return {
        "type": "Microsoft.Storage/storageAccounts",
        "apiVersion": "2023-05-01",
        "name": "cases",
        "location": "uksouth",
        "properties": properties,
    }


def test_claims() -> None:
    assert claims("main.bicep", b"")
    assert claims(
        "t.json", b'{"$schema": "https://schema.management.azure.com/schemas/2019/deploymentTemplate.json#"'
    )
    assert not claims("package.json", b'{"name": "x"}')


def values(**names: Any) -> Evaluator:
    def find(name: str) -> Any:
        return names.get(name, Shown(f"parameter {name} has no default", f"${{{name}}}"))

    return Evaluator(find, find, find)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[concat('a', 'b', parameters('n'))]", "ab7"),
        ("[toLower(format('{0}-{1}', 'A', 'B'))]", "a-b"),
        ("[if(equals(parameters('n'), 7), 'yes', 'no')]", "yes"),
        ("[variables('o').inner[1]]", "y"),
        ("[[literal]", "[literal]"),
        ("plain", "plain"),
        ("[last(split('a/b/c', '/'))]", "c"),
        ("[createObject('a', 1).a]", 1),
        ("[and(true(), false())]", False),
        ("[length(concat(createArray(1), createArray(2)))]", 2),
        ("[coalesce(null(), 'x')]", "x"),
        ("[not(empty(''))]", False),
        ("[resourceId('Microsoft.Sql/servers', 'a')]", "Microsoft.Sql/servers:a"),
    ],
)
def test_expressions(text: str, value: Any) -> None:
    assert values(n=7, o={"Inner": ["x", "y"]}).text(text) == value


def test_what_azure_alone_knows_is_unknown_and_alike_texts_are_alike() -> None:
    once = values().text("[concat('s', uniqueString(resourceGroup().id))]")
    again = values().text("[concat('s', uniqueString(resourceGroup().id))]")
    assert isinstance(once, Unknown)
    assert once == again
    assert isinstance(values().text("[if(parameters('x'), 1, 2)]"), Unknown)
    assert values().text("[if(parameters('x'), 1, 1)]") == 1
    assert values().text("[and(parameters('x'), false())]") is False


def test_an_account_and_its_blob_service_are_one_store(tmp_path: Path) -> None:
    child = {
        "type": "blobServices",
        "name": "default",
        "properties": {"isVersioningEnabled": True, "deleteRetentionPolicy": {"enabled": True, "days": 14}},
    }
    store = check(tmp_path, {**account(minimumTlsVersion="TLS1_2"), "resources": [child]})["cases"]
    assert said(store, "versioning").state is State.PRESENT
    assert said(store, "soft_delete_days").value == 14
    assert said(store, "min_tls_version").value == "1.2"
    assert said(store, "region").value == "uksouth"
    assert said(store, "network_firewall_restricted").state is State.ABSENT
    assert "azure:cases" in store.store.aliases


_AUDIT = {"state": "Enabled", "retentionDays": 30}


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param(
            [
                {
                    "type": "Microsoft.Sql/servers",
                    "name": "[parameters('server')]",
                    "resources": [{"type": "auditingSettings", "name": "default", "properties": _AUDIT}],
                }
            ],
            id="nested, short type",
        ),
        pytest.param(
            [
                {
                    "type": "Microsoft.Sql/servers",
                    "name": "[parameters('server')]",
                    "resources": [
                        {
                            "type": "Microsoft.Sql/servers/auditingSettings",
                            "name": "[concat(parameters('server'), '/default')]",
                            "properties": _AUDIT,
                        }
                    ],
                }
            ],
            id="nested, full type",
        ),
        pytest.param(
            [
                {"type": "Microsoft.Sql/servers", "name": "[parameters('server')]"},
                {
                    "type": "Microsoft.Sql/servers/auditingSettings",
                    "name": "[format('{0}/default', parameters('server'))]",
                    "properties": _AUDIT,
                },
            ],
            id="beside it",
        ),
    ],
)
def test_children_in_every_form(tmp_path: Path, resources: list[dict[str, Any]]) -> None:
    stores = check(tmp_path, *resources, parameters={"server": {"type": "string"}})
    server = stores["[parameters('server')]"]
    assert len(stores) == 1
    assert said(server, "audit_logging").state is State.PRESENT
    assert said(server, "audit_log_retention_days").value == 30


def test_auditing_of_a_server_covers_its_databases(tmp_path: Path) -> None:
    stores = check(
        tmp_path,
        {"type": "Microsoft.Sql/servers", "name": "s"},
        {"type": "Microsoft.Sql/servers/databases", "name": "s/cases"},
        {"type": "Microsoft.Sql/servers/auditingSettings", "name": "s/default", "properties": _AUDIT},
    )
    assert said(stores["s/cases"], "audit_logging").state is State.PRESENT


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        ("0.0.0.0", "255.255.255.255", State.ABSENT),
        ("192.0.2.1", "192.0.2.9", State.PRESENT),
        ("[parameters('x')]", "192.0.2.9", State.UNKNOWN),
    ],
)
def test_firewall_rules(tmp_path: Path, start: str, end: str, state: State) -> None:
    rule = {"startIpAddress": start, "endIpAddress": end}
    stores = check(
        tmp_path,
        {"type": "Microsoft.Sql/servers", "name": "s"},
        {"type": "Microsoft.Sql/servers/firewallRules", "name": "s/r", "properties": rule},
        parameters={"x": {"type": "string"}},
    )
    assert said(stores["s"], "network_firewall_restricted").state is state
    assert stores["s"].parts[0].address == "s/r"


def test_nested_deployments_and_api_defaults(tmp_path: Path) -> None:
    old = {**account(), "apiVersion": "2018-07-01", "name": "[parameters('name')]"}
    deployment = {
        "type": "Microsoft.Resources/deployments",
        "name": "inner",
        "properties": {
            "expressionEvaluationOptions": {"scope": "inner"},
            "parameters": {"name": {"value": "cases"}},
            "template": {"parameters": {"name": {"type": "string"}}, "resources": [old]},
        },
    }
    store = check(tmp_path, deployment)["[parameters('name')]"]
    assert "cases" in store.store.aliases
    assert said(store, "tls_enforced").state is State.ABSENT


def test_a_parameter_without_default_is_unknown(tmp_path: Path) -> None:
    store = check(
        tmp_path,
        account(supportsHttpsTrafficOnly="[parameters('https')]"),
        parameters={"https": {"type": "bool"}},
    )["cases"]
    assert said(store, "tls_enforced").state is State.UNKNOWN
    assert said(store, "tls_enforced").reason == "parameter https has no default"


def test_a_setting_without_its_server_stands_alone(tmp_path: Path) -> None:
    stores = check(
        tmp_path,
        {
            "type": "Microsoft.DBforPostgreSQL/flexibleServers/configurations",
            "name": "pg/log_connections",
            "properties": {"value": "off"},
        },
    )
    assert said(stores["pg/log_connections"], "connection_logging").state is State.ABSENT


def test_comments_are_read_and_broken_files_are_gaps(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(
        '{ // the cases\n "resources": [ /* one */ {"type": "Microsoft.Storage/storageAccounts", "name": "a"} ] }'
    )
    (tmp_path / "bad.json").write_text('{\n "resources": [\n  {"type": }\n ]\n}')
    stores, gaps = declared(tmp_path, ["bad.json", "good.json"])
    assert [store.address for store in stores] == ["a"]
    assert gaps[0].reason is GapReason.CORRUPT
    assert gaps[0].detail == "line 3, column 12: expected a value"
