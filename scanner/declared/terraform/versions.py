"""Checks of a least version: the value counts, for a department may ask for more than is common."""

from __future__ import annotations

from scanner.declared.stating import tls
from scanner.declared.terraform.checks import Check, Fact, View, doubt, unknown_of
from scanner.model import Basis, State


def least_tls(path: str, default: str | None = "1.0") -> Check:
    """The lowest version of TLS taken; `default` is the provider's where none is set, None where it is not known."""

    def check(view: View) -> Fact | None:
        value = view.get(path)
        if value is None:
            if default is None:
                return None
            return Fact(_state(default), Basis.PROVIDER_DEFAULT, path, default, "not set", view.resource)
        unknown = unknown_of(value)
        if unknown is not None:
            return doubt(view, path, unknown)
        version = tls(str(value))
        return Fact(_state(version), Basis.EXPLICIT, path, version, "", view.resource)

    return check


def _state(version: str) -> State:
    """TLS 1.0 and 1.1 are versions and no protection (RFC 8996)."""
    return State.PRESENT if version >= "1.2" else State.ABSENT


def endpoints_of_aws(view: View) -> Fact:
    """TLS 1.2 became the least version of all AWS API endpoints in February 2024 (AWS Security Blog)."""
    reason = "AWS endpoints refuse TLS below 1.2 since February 2024"
    return Fact(State.PRESENT, Basis.PROVIDER_DEFAULT, "", "1.2", reason, view.resource)
