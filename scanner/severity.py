"""How much a failing rule matters: one function, one table.

    matrix        E0 restricted  E1 internal  E2 third party  E3 internet+login  E4 public
    S0 none       Info           Info         Low             Low                Medium
    S1 ordinary   Info           Low          Medium          High               Critical
    S2 higher     Low            Medium       High            High               Critical
    S3 special    Medium         High         High            Critical           Critical

The thresholds are dpscan's own judgement; they come from no standard.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from scanner.model import (
    WHOLE_STORE,
    Evidence,
    Exposure,
    Holding,
    Place,
    Presence,
    Registration,
    Sensitivity,
    Severity,
    State,
    StoreSummary,
)
from scanner.resolve import resolve

_I, _L, _M, _H, _C = Severity
MATRIX: Mapping[Sensitivity, tuple[Severity, ...]] = {
    Sensitivity.S0: (_I, _I, _L, _L, _M),
    Sensitivity.S1: (_I, _L, _M, _H, _C),
    Sensitivity.S2: (_L, _M, _H, _H, _C),
    Sensitivity.S3: (_M, _H, _H, _C, _C),
}
UNKNOWN_EXPOSURE = Exposure.E2
"""What counts where nobody can tell who reaches a store."""
MANY_PEOPLE = 100_000
"""From this low estimate of people on, a finding is one band more severe."""

_SENSITIVITY = {
    Sensitivity.S0: "no personal data found (S0)",
    Sensitivity.S1: "ordinary personal data (S1)",
    Sensitivity.S2: "higher-impact personal data (S2)",
    Sensitivity.S3: "special category or offence data (S3)",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What is known of the personal data that counts (test data left out unless treated as real)."""

    sensitivity: Sensitivity | None
    """None: nothing was found and too little was read to say no."""
    personal: bool | None
    individuals_low: int = 0


NOT_INSPECTED = Found(None, None)


def found_in(
    holdings: Sequence[Holding], summary: StoreSummary | None, complete: bool, treat_test_data_as_real: bool
) -> Found:
    """Fold holdings and summary. `complete`: what is not among the holdings is not there."""
    counted = [h for h in holdings if treat_test_data_as_real or not h.mostly_test_data]
    presences = {t.presence for h in counted for t in h.types}
    if summary is not None:
        presences.add(summary.personal)
    personal: bool | None = None
    if Presence.YES in presences:
        personal = True
    elif complete and Presence.POSSIBLE not in presences:
        personal = False
    bands = [h.sensitivity for h in counted]
    if summary is not None and summary.sensitivity:
        bands.append(summary.sensitivity)
    people = max((h.individuals.low for h in counted), default=0)
    if summary is not None and len(counted) == len(holdings):
        people = max(people, summary.individuals.low)
    highest = max(bands, default=Sensitivity.S0)
    if highest is Sensitivity.S0 and not complete:
        return Found(None, personal, people)
    return Found(highest, personal, people)


def severity(
    base: Severity | None,
    sensitivity_raises: bool,
    found: Found,
    exposure: Exposure | None,
    registration: Registration | None = None,
    *,
    about_content: bool = True,
) -> tuple[Severity, str]:
    """The band of a failing rule, and the reason in words.

    `base` None is `X` (the matrix). `exposure` None is unknown and counts as E2.
    `about_content` is False for scopes, which hold nothing themselves: a fixed base stands.
    """
    sensitivity = found.sensitivity
    reasons: list[str] = []
    if base is None:
        row = Sensitivity.S2 if sensitivity is None else sensitivity
        column = UNKNOWN_EXPOSURE if exposure is None else exposure
        band = MATRIX[row][column]
        what = "sensitivity not assessed, counted as S2" if sensitivity is None else _SENSITIVITY[row]
        who = "exposure unknown, counted as E2" if exposure is None else f"{column.label} (E{int(column)})"
        reasons.append(f"{band.label}: {what} × {who}")
    elif about_content and sensitivity is Sensitivity.S0 and base > Severity.LOW:
        band = Severity.LOW
        reasons.append(f"Low: base {base.label}, but all was read and no personal data was found")
    else:
        band = base
        unread = about_content and sensitivity is None
        reasons.append(
            f"{base.label}: base of the rule{', sensitivity not assessed, counted as S2' if unread else ''}"
        )
    if sensitivity_raises and sensitivity is Sensitivity.S3:
        band = Severity(min(band + 1, Severity.CRITICAL))
        reasons.append("one band up for special category or offence data (S3)")
    if found.individuals_low >= MANY_PEOPLE:
        band = Severity(min(band + 1, Severity.CRITICAL))
        reasons.append(f"one band up for at least {found.individuals_low:,} people")
    if base is None and sensitivity is Sensitivity.S0 and registration is not None and intended(registration):
        # Publishing on purpose answers who can reach a store; it excuses nothing else.
        return Severity.INFO, f"Info: published on purpose, registered with owner and date; {reasons[0]}"
    return band, "; ".join(reasons)


def intended(registration: Registration) -> bool:
    """True if the store is meant for the public and the register says who decided and when."""
    return bool(
        registration.intended_public
        and registration.intended_public_owner
        and registration.intended_public_date
    )


_OBJECTS = ("bucket", "container")


def exposure(
    evidence: Iterable[Evidence], kind: str = "", place: Place = WHOLE_STORE
) -> tuple[Exposure | None, str]:
    """Who can reach a store (or a place of it), worst first; None where that cannot be told.

    A worse exposure that could not be excluded makes the answer unknown, unless the known one
    is E2 or more (unknown counts as E2, so saying "unknown" would only lower it). `kind` says
    which evidence has to be there before anything counts as restricted.
    """
    return reached(resolve(evidence, place), kind)


def reached(seen: Mapping[str, Evidence], kind: str) -> tuple[Exposure | None, str]:
    """`exposure`, from the one piece of evidence that holds for each safeguard."""
    steps = (
        (Exposure.E4, _anybody(seen, kind)),
        (Exposure.E3, _internet(seen, kind)),
        (Exposure.E2, _outsiders(seen, kind)),
        (Exposure.E1, _everyone_inside(seen, kind)),
    )
    doubts: list[str] = []
    for level, (answer, why) in steps:
        if answer is True:
            if doubts and level < Exposure.E2:
                break
            return level, why
        if answer is None:
            doubts.append(why)
    if doubts:
        return None, f"not known: {doubts[0]}"
    return Exposure.E0, "every way in that was looked at is restricted"


_Step = tuple[bool | None, str]


def _holds(seen: Mapping[str, Evidence], safeguard: str) -> bool | None:
    """True where the safeguard is there or has nothing to protect, None where unknown or not stated."""
    item = seen.get(safeguard)
    if item is None or item.state is State.UNKNOWN:
        return None
    return item.state is not State.ABSENT


def _anybody(seen: Mapping[str, Evidence], kind: str) -> _Step:
    if _holds(seen, "anonymous_read_blocked") is False:
        return True, "anybody can read or list it without an account"
    if _holds(seen, "anonymous_write_blocked") is False:
        return True, "anybody can write to it without an account"
    if _holds(seen, "auth_required") is False and _holds(seen, "public_endpoint_disabled") is False:
        return True, "it answers the internet and asks for no login"
    if kind not in _OBJECTS:
        return False, ""
    by_acl, by_policy = _holds(seen, "acl_not_public"), _holds(seen, "policy_not_public")
    block = seen.get("public_access_blocked")
    # A store that has no such setting is not protected by it.
    blocked = block is not None and block.state is State.PRESENT
    if _holds(seen, "anonymous_read_blocked") or blocked:
        return False, ""
    if _holds(seen, "anonymous_read_blocked") is None and "anonymous_read_blocked" not in seen:
        if by_acl and by_policy:
            return False, ""
        if False in (by_acl, by_policy) and _holds(seen, "public_access_blocked") is False:
            return True, "an ACL or policy lets anybody read it"
    return None, "whether anybody can read it without an account"


def _internet(seen: Mapping[str, Evidence], kind: str) -> _Step:
    closed, firewall = (
        _holds(seen, "public_endpoint_disabled"),
        _holds(seen, "network_firewall_restricted"),
    )
    if closed is False and not firewall:
        return True, "it can be reached from the internet with a login"
    asked = kind == "database" or "public_endpoint_disabled" in seen
    if closed is None and not firewall and asked:
        return None, "whether it can be reached from the internet"
    return False, ""


def _outsiders(seen: Mapping[str, Evidence], kind: str) -> _Step:
    item = seen.get("external_accounts")
    if item is None or item.state is State.UNKNOWN:
        if kind in _OBJECTS:
            return None, "which outside accounts have access"
        return False, ""
    names = item.value if isinstance(item.value, tuple) else ()
    if names or item.state is State.ABSENT:
        return True, "accounts outside the organisation's own have access"
    return False, ""


def _everyone_inside(seen: Mapping[str, Evidence], kind: str) -> _Step:
    for safeguard, why in (
        ("world_read_restricted", "every local account can read it"),
        ("world_write_restricted", "every local account can write to it"),
        ("least_privilege_grants", "a grant lets every account in"),
        ("auth_required", "it asks for no login"),
    ):
        if _holds(seen, safeguard) is False:
            return True, why
    needed = {"share": ("world_read_restricted",), "database": ("auth_required", "least_privilege_grants")}
    for safeguard in needed.get(kind, ()):
        if _holds(seen, safeguard) is None:
            return None, "who inside the organisation has access"
    if kind and kind not in (*needed, *_OBJECTS):
        return None, "who has access"
    return False, ""
