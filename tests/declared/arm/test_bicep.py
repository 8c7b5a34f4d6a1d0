"""Bicep: the reader, children and parents, modules, loops, broken statements. Synthetic data."""

from __future__ import annotations

from pathlib import Path

from scanner.declared.arm import declared
from scanner.declared.arm.bicep import read_bicep
from scanner.declared.model import DeclaredStore
from scanner.model import Evidence, GapReason, State


def check(folder: Path, text: str, **others: str) -> dict[str, DeclaredStore]:
    (folder / "main.bicep").write_text(text, encoding="utf-8")
    for name, other in others.items():
        (folder / f"{name}.bicep").write_text(other, encoding="utf-8")
    stores, gaps = declared(folder, ["main.bicep", *(f"{name}.bicep" for name in others)])
    assert gaps == ()
    return {store.address: store for store in stores}


def said(store: DeclaredStore, safeguard: str) -> Evidence:
    return next(e for e in store.evidence if e.safeguard == safeguard)


MAIN = """\
targetScope = 'resourceGroup'

@description('Where it stands: it\\'s synthetic')
@allowed([
  'uksouth'
  'ukwest'
])
param location string = 'uksouth'
@secure()
param password string
param live bool = true
param minimum string
var prefix = toLower('CASES')
var name = '${prefix}store${live ? '' : 'test'}' // an interpolation with texts inside

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = if (live) {
  name: name
  location: location
  properties: {
    allowBlobPublicAccess: !live
    minimumTlsVersion: minimum
    networkAcls: live ? {
      defaultAction: 'Deny'
      bypass: 'AzureServices, Logging'
    } : null
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: { isVersioningEnabled: true, deleteRetentionPolicy: { enabled: true, days: 7 } }
  }
}

resource public 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [for n in ['a', 'b']: {
  parent: account::blobs
  name: n
  properties: {
    publicAccess: 'Blob'
  }
}]

resource server 'Microsoft.Sql/servers@2022-05-01-preview' = {
  name: 'sql-${uniqueString(resourceGroup().id)}'
  location: location
  properties: {
    administratorLoginPassword: password
  }
}

resource rule 'Microsoft.Sql/servers/firewallRules@2022-05-01-preview' = {
  parent: server
  name: 'all'
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '255.255.255.255'
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account
  name: 'logs'
  properties: {
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

output id string = account.id
"""


def test_a_whole_file(tmp_path: Path) -> None:
    stores = check(tmp_path, MAIN)
    assert set(stores) == {"account", "public", "server"}
    account = stores["account"]
    assert account.location.line == 16
    assert "casesstore" in account.store.aliases
    assert said(account, "public_access_blocked").state is State.PRESENT
    assert said(account, "network_firewall_restricted").state is State.PRESENT
    assert account.locations["network_firewall_restricted"].line == 23
    assert said(account, "trusted_services_bypass").state is State.PRESENT
    assert said(account, "versioning").state is State.PRESENT
    assert said(account, "access_logging").state is State.PRESENT
    assert said(account, "min_tls_version").reason == "parameter minimum has no default"
    server = stores["server"]
    assert said(server, "network_firewall_restricted").state is State.ABSENT
    assert server.locations["network_firewall_restricted"].line == 55
    assert said(server, "no_plaintext_secret").state is State.PRESENT


def test_the_default_of_a_secure_parameter_is_in_the_code(tmp_path: Path) -> None:
    text = MAIN.replace("param password string", "param password string = 'synthetic'")
    assert said(check(tmp_path, text)["server"], "no_plaintext_secret").state is State.ABSENT


def test_a_module_is_judged_with_what_it_is_given(tmp_path: Path) -> None:
    main = "module store 'store.bicep' = {\n  name: 'store'\n  params: {\n    https: false\n  }\n}\n"
    inner = """\
param https bool = true
resource a 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'cases'
  properties: {
    supportsHttpsTrafficOnly: https
  }
}
"""
    stores = check(tmp_path, main, store=inner)
    assert list(stores) == ["store.a"]
    assert said(stores["store.a"], "tls_enforced").state is State.ABSENT
    assert stores["store.a"].location.file == "store.bicep"


def test_an_existing_server_takes_what_is_put_on_it(tmp_path: Path) -> None:
    text = """\
resource server 'Microsoft.Sql/servers@2022-05-01-preview' existing = {
  name: 'sql'
}
resource audit 'Microsoft.Sql/servers/auditingSettings@2022-05-01-preview' = {
  parent: server
  name: 'default'
  properties: {
    state: 'Disabled'
  }
}
"""
    server = check(tmp_path, text)["server"]
    assert said(server, "audit_logging").state is State.ABSENT
    # Nothing is known of the server itself: no default of a new one is claimed.
    assert "min_tls_version" not in {e.safeguard for e in server.evidence}


def test_a_broken_statement_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text(
        """\
resource broken 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name 'x'
}

resource good 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'x'
}
"""
    )
    stores, gaps = declared(tmp_path, ["main.bicep"])
    assert [store.address for store in stores] == ["good"]
    assert gaps[0].reason is GapReason.CORRUPT
    assert gaps[0].detail == "line 2, column 8: expected : after the key"


def test_texts_and_operators() -> None:
    found, broken = read_bicep(
        """\
var a = '''
as it ${stands}
'''
var b = 1 + 2 * 3 == 7 && !(false || true)
  ? 'yes'
  : 'no'
var c = [
  ...a
  { x: 1, 'y-z': b }
]
var d = map(range(0, 3), i => i * 2)
func f(x string) string => '${x}!'
type t = {
  x: string?
}
@export()
var e = c[0].?x ?? any(d)!
"""
    )
    assert broken == []
    assert [declaration.name for declaration in found] == ["a", "b", "c", "d", "e"]


def test_a_text_left_open_hides_only_what_follows() -> None:
    found, broken = read_bicep("var a = 1\nvar b = 'open\nvar c = 3\n")
    assert [d.name for d in found] == ["a"]
    assert (broken[0].line, broken[0].what) == (2, "expected ' to close the text")
