"""The golden table of severities, every cell, and what exposure is read from."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from scanner.model import (
    Basis,
    Evidence,
    Exposure,
    Place,
    Registration,
    Sensitivity,
    Severity,
    State,
)
from scanner.severity import Found, exposure, severity

I, L, M, H, C = Severity  # noqa: E741 - the bands' own letters
GOLDEN = {
    Sensitivity.S0: (I, I, L, L, M),
    Sensitivity.S1: (I, L, M, H, C),
    Sensitivity.S2: (L, M, H, H, C),
    Sensitivity.S3: (M, H, H, C, C),
}
CELLS = [(s, e, GOLDEN[s][e]) for s in Sensitivity for e in Exposure]
PUBLIC = Registration(
    intended_public=True, intended_public_owner="Head of Open Data", intended_public_date=dt.date(2025, 4, 1)
)


def found(sensitivity: Sensitivity | None, people: int = 0) -> Found:
    return Found(sensitivity, None if sensitivity is None else sensitivity > 0, people)


@pytest.mark.parametrize(("sensitivity", "reach", "expected"), CELLS)
def test_matrix(sensitivity: Sensitivity, reach: Exposure, expected: Severity) -> None:
    band, reason = severity(None, False, found(sensitivity), reach)
    assert band is expected
    assert f"(S{int(sensitivity)})" in reason
    assert f"(E{int(reach)})" in reason


@pytest.mark.parametrize("reach", list(Exposure))
def test_matrix_not_inspected_counts_as_s2(reach: Exposure) -> None:
    band, reason = severity(None, False, found(None), reach)
    assert band is GOLDEN[Sensitivity.S2][reach]
    assert "sensitivity not assessed, counted as S2" in reason


@pytest.mark.parametrize("sensitivity", list(Sensitivity))
def test_matrix_unknown_exposure_counts_as_e2(sensitivity: Sensitivity) -> None:
    band, reason = severity(None, False, found(sensitivity), None)
    assert band is GOLDEN[sensitivity][Exposure.E2]
    assert "exposure unknown, counted as E2" in reason


@pytest.mark.parametrize("base", list(Severity))
@pytest.mark.parametrize("raises", [False, True])
@pytest.mark.parametrize("sensitivity", [None, *Sensitivity])
@pytest.mark.parametrize("people", [0, 99_999, 100_000])
def test_fixed_bases(base: Severity, raises: bool, sensitivity: Sensitivity | None, people: int) -> None:
    band, reason = severity(base, raises, found(sensitivity, people), Exposure.E4)
    expected = min(base, L) if sensitivity is Sensitivity.S0 else base
    if raises and sensitivity is Sensitivity.S3:
        expected = Severity(min(expected + 1, C))
    if people >= 100_000:
        expected = Severity(min(expected + 1, C))
    assert band is expected
    assert ("not assessed" in reason) == (sensitivity is None)


def test_many_people_raise_the_matrix_too_and_critical_is_the_cap() -> None:
    assert severity(None, False, found(Sensitivity.S1, 100_000), Exposure.E2)[0] is H
    band, reason = severity(None, False, found(Sensitivity.S3, 5_000_000), Exposure.E4)
    assert band is C
    assert "at least 5,000,000 people" in reason


def test_published_on_purpose_is_info_at_s0_only_and_only_with_owner_and_date() -> None:
    none, ordinary = found(Sensitivity.S0), found(Sensitivity.S1)
    assert severity(None, False, none, Exposure.E4, PUBLIC)[0] is I
    assert severity(None, False, ordinary, Exposure.E4, PUBLIC)[0] is C
    assert severity(None, False, found(None), Exposure.E4, PUBLIC)[0] is C
    for missing in ("intended_public_owner", "intended_public_date"):
        partly = dataclasses.replace(PUBLIC, **{missing: None})
        assert severity(None, False, none, Exposure.E4, partly)[0] is M
    # Publishing on purpose excuses who can reach a store, not who can write to it.
    assert severity(C, False, none, Exposure.E4, PUBLIC)[0] is L


def test_an_account_holds_nothing_itself() -> None:
    band, reason = severity(H, False, found(None), None, about_content=False)
    assert band is H
    assert "not assessed" not in reason


# --- exposure -------------------------------------------------------------------------

P, A, U, N = State.PRESENT, State.ABSENT, State.UNKNOWN, State.NOT_APPLICABLE


def facts(place: Place | None = None, **states: State | tuple[str, ...]) -> list[Evidence]:
    out = []
    for name, state in states.items():
        value = state if isinstance(state, tuple) else None
        kind = State.PRESENT if isinstance(state, tuple) else state
        basis = Basis.DENIED if kind is State.UNKNOWN else Basis.EXPLICIT
        out.append(Evidence("x", name, kind, basis, "test", value, place=place or Place()))
    return out


EXPOSURES = [
    ("bucket", {"anonymous_read_blocked": A}, Exposure.E4),
    ("bucket", {"anonymous_read_blocked": P, "anonymous_write_blocked": A}, Exposure.E4),
    ("bucket", {"acl_not_public": P, "policy_not_public": A, "public_access_blocked": A}, Exposure.E4),
    ("bucket", {"acl_not_public": P, "policy_not_public": A, "public_access_blocked": U}, None),
    ("bucket", {"public_access_blocked": P, "policy_not_public": A, "external_accounts": ()}, Exposure.E0),
    ("bucket", {"anonymous_read_blocked": P, "external_accounts": ()}, Exposure.E0),
    ("bucket", {"anonymous_read_blocked": P, "external_accounts": ("1",)}, Exposure.E2),
    ("bucket", {"anonymous_read_blocked": U, "external_accounts": ("1",)}, Exposure.E2),
    ("bucket", {"anonymous_read_blocked": U, "external_accounts": ()}, None),
    ("bucket", {"anonymous_read_blocked": P, "external_accounts": U}, None),
    ("container", {"anonymous_read_blocked": P, "public_endpoint_disabled": A}, Exposure.E3),
    (
        "container",
        {"anonymous_read_blocked": P, "public_endpoint_disabled": A, "network_firewall_restricted": P},
        None,
    ),
    ("bucket", {}, None),
    ("database", {}, None),
    ("database", {"auth_required": A, "public_endpoint_disabled": A}, Exposure.E4),
    ("database", {"auth_required": P, "public_endpoint_disabled": A}, Exposure.E3),
    (
        "database",
        {"auth_required": P, "public_endpoint_disabled": P, "least_privilege_grants": A},
        Exposure.E1,
    ),
    (
        "database",
        {"auth_required": P, "public_endpoint_disabled": P, "least_privilege_grants": P},
        Exposure.E0,
    ),
    ("database", {"auth_required": P, "least_privilege_grants": P}, None),
    ("share", {"world_read_restricted": A}, Exposure.E1),
    ("share", {"world_read_restricted": P}, Exposure.E0),
    ("share", {"world_read_restricted": U}, None),
    ("queue", {}, None),
]


@pytest.mark.parametrize(("kind", "states", "expected"), EXPOSURES)
def test_exposure(kind: str, states: dict[str, State], expected: Exposure | None) -> None:
    level, why = exposure(facts(**states), kind)
    assert level is expected
    assert why


@pytest.mark.parametrize(("kind", "states", "expected"), EXPOSURES)
def test_forgetting_never_lowers_what_exposure_counts_as(
    kind: str, states: dict[str, State], expected: Exposure | None
) -> None:
    """Losing a piece of evidence never makes a store count as less exposed than E2, or than it was."""
    before = Exposure.E2 if expected is None else expected
    for name in states:
        left = {key: (U if key == name else value) for key, value in states.items()}
        level, _ = exposure(facts(**left), kind)
        assert (Exposure.E2 if level is None else level) >= min(before, Exposure.E2)


def test_exposure_of_a_place_overrides_its_store() -> None:
    open_prefix = Place((("prefix", "downloads/"),))
    evidence = facts(anonymous_read_blocked=P, external_accounts=()) + facts(
        open_prefix, anonymous_read_blocked=A
    )
    assert exposure(evidence, "bucket")[0] is Exposure.E0
    assert exposure(evidence, "bucket", open_prefix)[0] is Exposure.E4
    inside = Place((("object", "downloads/form.pdf"),))
    assert exposure(evidence, "bucket", inside)[0] is Exposure.E4
