"""URLs and keys: what is taken out of them, and what is never shown."""

from __future__ import annotations

import os
import warnings

import pytest
from pydantic import ValidationError

from scanner.connectors.sql import SqlConnector, SqlOptions
from scanner.errors import ConfigError
from tests.connectors.sql_reading import connect

SECRET = "synthetic-p@ss:w/rd"
QUOTED = "synthetic-p%40ss%3Aw%2Frd"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith("DPSCAN_URL_PASSWORD_"):
            monkeypatch.delenv(name)
    yield
    for name in list(os.environ):
        if name.startswith("DPSCAN_URL_PASSWORD_"):
            del os.environ[name]


def test_password_in_a_url_moves_to_the_environment_with_a_warning():
    with pytest.warns(UserWarning, match="visible to other users"):
        options = SqlConnector.options_from_url(f"postgresql://ann:{QUOTED}@db.example.org/cases")
    assert options == {
        "url": "postgresql://ann@db.example.org/cases",
        "password": "env:DPSCAN_URL_PASSWORD_1",
    }
    assert os.environ["DPSCAN_URL_PASSWORD_1"] == SECRET


def test_each_password_has_a_variable_and_the_same_one_is_kept_once():
    with pytest.warns(UserWarning):
        first = SqlConnector.options_from_url("mysql://a:one@db.example.org/x")
        second = SqlConnector.options_from_url("mysql://b:two@db.example.org/x")
        again = SqlConnector.options_from_url("mysql://c:one@db.example.org/y")
    assert [o["password"][-1] for o in (first, second, again)] == ["1", "2", "1"]


def test_password_as_a_parameter_is_found_too():
    with pytest.warns(UserWarning):
        options = SqlConnector.options_from_url(f"postgresql:///cases?host=/run/x&password={QUOTED}&user=ann")
    assert options["user"] == "ann"
    assert SECRET not in options["url"]
    assert QUOTED not in options["url"]
    assert os.environ[options["password"].removeprefix("env:")] == SECRET


def test_password_in_a_configured_url_is_taken_out_as_well():
    with pytest.warns(UserWarning):
        options = SqlOptions(url=f"mysql://ann:{QUOTED}@db.example.org/cases")
    assert QUOTED not in repr(options)
    assert SECRET not in options.model_dump_json()
    # Workers build the options anew from the dumped ones.
    assert SqlOptions(**options.model_dump()) == options


def test_parameters_with_a_key_of_their_own_become_keys():
    options = SqlConnector.options_from_url("postgresql://db.example.org/cases?sslmode=verify-full")
    assert options == {"url": "postgresql://db.example.org/cases", "ssl_mode": "verify-full"}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (f"postgresql://ann:{QUOTED}@db.example.org:port/x", "not a database URL"),
        (f"oracle://ann:{QUOTED}@db.example.org/x", "not a database URL this connector takes"),
        (f"postgresql://ann:{QUOTED}@db.example.org", "names no database"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql://db.example.org/x?options=-csearch_path%3Dx", "parameters that dpscan does not take"),
    ],
)
def test_a_wrong_url_is_refused_without_being_quoted(url, message):
    with _no_matter(), pytest.raises(ConfigError, match=message) as caught:
        SqlConnector.options_from_url(url)
    assert "synthetic" not in str(caught.value)


def _no_matter():
    return warnings.catch_warnings(record=True)


@pytest.mark.parametrize(
    "keys",
    [
        {"url": "postgresql://db.example.org/x", "password": SECRET},
        {"url": f"postgresql://a:{QUOTED}@db.example.org/x", "password": "env:OTHER"},
        {"url": f"postgresql://a:{QUOTED}@db.example.org/x", "unknown": SECRET},
        {"url": f"nonsense://a:{QUOTED}@db.example.org/x"},
        {"url": "postgresql://db.example.org/"},
        {"url": "sqlite:////tmp/x.db", "databases": "all"},
        {"url": "postgresql://db.example.org/x", "client_cert": "/x"},
    ],
)
def test_wrong_keys_are_refused_without_being_quoted(keys):
    with _no_matter(), pytest.raises(ValidationError) as caught:
        SqlOptions(**keys)
    for shown in (str(caught.value), repr(caught.value)):
        assert SECRET not in shown
        assert QUOTED not in shown


def test_a_secret_that_is_not_there_is_a_gap_that_names_the_reference():
    connector = connect("postgresql://ann@127.0.0.1:1/x", password="env:DPSCAN_NO_SUCH_VARIABLE")
    (gap,) = connector.scopes()
    assert gap.reason.name == "DENIED"
    assert "DPSCAN_NO_SUCH_VARIABLE" in gap.detail


def test_nothing_listening_is_a_gap_for_both_servers():
    for scheme in ("postgresql", "mysql"):
        (gap,) = connect(f"{scheme}://ann@127.0.0.1:1/x", password=None).scopes()
        assert gap.reason.name == "UNREACHABLE"
        assert gap.subject_id == "test"
        assert "127.0.0.1" not in gap.detail
