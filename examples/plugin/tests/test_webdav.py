"""The connector against a real server on loopback. All people in it are invented."""

from __future__ import annotations

import os
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dav_server import DavServer, serving
from dpscan_webdav import WebdavConnector, WebdavOptions
from pydantic import ValidationError

from scanner.contracts import Ask
from scanner.errors import ConfigError, ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, State, Store, Unit
from scanner.testing.connectors import ConnectorContract, access

LOGIN = "dpscan:correct-horse-battery"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    (root / "hr" / "Case notes & more").mkdir(parents=True)
    (root / "staff.csv").write_text("name,email\nAda Synthetic,ada@example.com\n")
    (root / "hr" / "empty.txt").write_bytes(b"")
    (root / "hr" / "Case notes & more" / "50% ünïcode #1.txt").write_text("synthetic")
    (root / "large.bin").write_bytes(bytes(range(256)) * 40_000)  # 10 MB: read in parts
    return root


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DavServer]:
    monkeypatch.setenv("DAV_PASSWORD", LOGIN.partition(":")[2])
    with serving(DavServer(folder, LOGIN)) as running:
        yield running


def connect(server: DavServer, **options: Any) -> WebdavConnector:
    options = {"url": server.address, "user": "dpscan", "password": "env:DAV_PASSWORD"} | options
    return WebdavConnector(WebdavOptions(**options), access(connect_timeout=2, read_timeout=5))


def store_of(connector: WebdavConnector) -> Store:
    [scope] = connector.scopes()
    [store] = connector.stores(scope)  # type: ignore[arg-type]
    assert isinstance(store, Store)
    return store


def evidence(connector: WebdavConnector) -> tuple[dict[str, Evidence], list[Gap]]:
    found = list(connector.evidence(store_of(connector)))
    return (
        {item.safeguard: item for item in found if isinstance(item, Evidence)},
        [item for item in found if isinstance(item, Gap)],
    )


def units(connector: WebdavConnector) -> tuple[dict[str, Unit], list[Gap]]:
    found = list(connector.units(store_of(connector), Ask(seed="s")))
    return (
        {item.id: item for item in found if isinstance(item, Unit)},
        [item for item in found if isinstance(item, Gap)],
    )


class TestContract(ConnectorContract):
    secrets = ("correct-horse-battery",)

    @pytest.fixture
    def connector(self, server: DavServer) -> WebdavConnector:
        return connect(server)


def test_every_file_is_a_unit(server: DavServer, folder: Path) -> None:
    connector = connect(server)
    store = store_of(connector)
    server.asked.clear()
    found = {item.id: item for item in connector.units(store, Ask(seed="s")) if isinstance(item, Unit)}
    assert len(server.asked) == 3, "each folder is listed once"
    assert set(found) == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name, unit in found.items():
        with connector.open(unit) as file:
            assert file.read() == (folder / name).read_bytes()


def test_reads_parts_of_a_large_file(server: DavServer, folder: Path) -> None:
    connector = connect(server)
    unit = units(connector)[0]["large.bin"]
    with connector.open(unit) as file:
        file.seek(-10, os.SEEK_END)
        assert file.read() == (folder / "large.bin").read_bytes()[-10:]
        server.ranges = False
        file.seek(0)
        with pytest.raises(ReadError) as caught:
            file.read(10)
    assert caught.value.reason is GapReason.UNSUPPORTED


def test_a_file_replaced_since_the_listing_has_vanished(server: DavServer, folder: Path) -> None:
    connector = connect(server)
    unit = units(connector)[0]["staff.csv"]
    (folder / "staff.csv").write_text("another,file\n" * 4)
    with connector.open(unit) as file, pytest.raises(ReadError) as caught:
        file.read()
    assert caught.value.reason is GapReason.VANISHED


def test_a_closed_folder_costs_that_folder(server: DavServer) -> None:
    server.closed = ("hr",)
    found, [gap] = units(connect(server))
    assert set(found) == {"staff.csv", "large.bin"}
    assert (gap.reason, gap.place.text) == (GapReason.DENIED, "hr/")


def test_a_wrong_password_is_denied(server: DavServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAV_PASSWORD", "wrong")
    [gap] = connect(server).scopes()
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.DENIED


def test_credentials_do_not_follow_a_redirect(server: DavServer, folder: Path) -> None:
    with serving(DavServer(folder)) as elsewhere:
        server.redirect = elsewhere.address
        [gap] = connect(server).scopes()
        assert isinstance(gap, Gap)
        assert gap.reason is GapReason.UNSUPPORTED
        assert not elsewhere.asked


def test_strangers_are_really_asked(server: DavServer) -> None:
    found, gaps = evidence(connect(server))
    assert found["anonymous_read_blocked"].state is State.PRESENT
    assert {method for method, _, login in server.asked if not login} == {"PROPFIND", "GET"}
    assert not gaps
    server.login = None
    found, _ = evidence(connect(server))
    assert found["anonymous_read_blocked"].state is State.ABSENT


def test_without_tls(server: DavServer) -> None:
    found, _ = evidence(connect(server))
    assert found["tls_in_use"].state is found["tls_enforced"].state is State.ABSENT
    assert found["region"].basis is Basis.NOT_OBSERVABLE


def test_with_tls(server: DavServer, folder: Path, tmp_path: Path) -> None:
    certificate = tmp_path / "cert.pem"
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost "
        f"-addext subjectAltName=IP:127.0.0.1 -keyout {certificate} -out {certificate}.crt".split(),
        check=True,
        capture_output=True,
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(f"{certificate}.crt", certificate)
    with serving(DavServer(folder, LOGIN), tls) as encrypted:
        options = WebdavOptions(
            url=encrypted.address.replace("http:", "https:"),
            user="dpscan",
            password="env:DAV_PASSWORD",
            plain_port=server.server_address[1],
        )
        trusting = access()
        object.__setattr__(trusting, "ca_bundle", f"{certificate}.crt")
        found, _ = evidence(WebdavConnector(options, trusting))
        assert found["tls_in_use"].state is State.PRESENT
        assert found["tls_enforced"].state is State.ABSENT, "the other server asks for a login in clear"
        server.redirect = "https://127.0.0.1/dav/"
        found, _ = evidence(WebdavConnector(options, trusting))
        assert found["tls_enforced"].state is State.PRESENT
        server.redirect = "http://127.0.0.1/elsewhere/"
        found, [gap] = evidence(WebdavConnector(options, trusting))
        assert found["tls_enforced"].basis is Basis.FAILED
        assert gap.reason is GapReason.UNSUPPORTED
        closed = options.model_copy(update={"plain_port": 9})  # nobody serves "discard" any more
        found, _ = evidence(WebdavConnector(closed, trusting))
        assert found["tls_enforced"].state is State.PRESENT
        [untrusted] = WebdavConnector(options, access()).scopes()
        assert isinstance(untrusted, Gap)
        assert "certificate" in untrusted.detail


def test_one_share_whatever_the_scheme() -> None:
    ids = set()
    for url in ("http://Files.example/dav", "https://files.example/dav/", "https://files.example:443/dav/"):
        connector = WebdavConnector(WebdavOptions(url=url), access())
        ids.add(connector._name)
    assert ids == {"files.example/dav/"}


def test_targets_of_the_command_line() -> None:
    assert WebdavConnector.options_from_url("webdavs://h/hr") == {"url": "https://h/hr"}
    assert WebdavConnector.options_from_url("webdav://me@h:81/hr") == {
        "url": "http://h:81/hr",
        "user": "me",
        "password": "env:WEBDAV_PASSWORD",
    }
    with pytest.raises(ConfigError) as caught:
        WebdavConnector.options_from_url("webdavs://me:hunter2@h/")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {"url": "https://me:hunter2@h/"},
        {"url": "ftp://h/hunter2"},
        {"url": "https://h/", "password": "hunter2"},
    ],
)
def test_refused_options_are_not_shown(options: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        WebdavOptions(**options)
    assert "hunter2" not in str(caught.value)
