"""Known, default and not seen stay apart."""

from __future__ import annotations

from scanner.common.stating import Speaker, Unseen, ask, dig
from scanner.errors import ReadError
from scanner.model import Basis, Gap, GapReason, State


def test_a_failed_call_is_one_gap_and_says_why() -> None:
    gaps: list[Gap] = []

    def refused() -> bool:
        raise ReadError(GapReason.DENIED, "refused (HTTP 403)", "grant it")

    def broken() -> bool:
        raise ReadError(GapReason.UNREACHABLE, "no connection")

    assert ask("s", "settings", gaps, lambda: 3) == 3
    assert ask("s", "settings", gaps, refused) == Unseen(Basis.DENIED, "refused (HTTP 403)")
    assert ask("s", "settings", gaps, broken) == Unseen(Basis.FAILED, "no connection")
    assert [(gap.reason, gap.remedy) for gap in gaps] == [
        (GapReason.DENIED, "grant it"),
        (GapReason.UNREACHABLE, ""),
    ]
    assert "settings" in gaps[0].detail


def test_statements() -> None:
    say = Speaker("s")
    assert say.flag("versioning", True, "x").basis is Basis.EXPLICIT
    assert say.flag("versioning", False, "x", default=True).basis is Basis.PROVIDER_DEFAULT
    unknown = say.unknown("versioning", Unseen(Basis.DENIED, "refused"), "x")
    assert (unknown.state, unknown.value, unknown.reason) == (State.UNKNOWN, None, "refused")
    assert say.value("region", "uksouth", "x").value == "uksouth"
    assert say.inapplicable("lifecycle_expiry_days", "x", "no rule").state is State.NOT_APPLICABLE


def test_digging_stops_at_what_is_not_there() -> None:
    assert dig({"a": {"b": 0}}, "a", "b") == 0
    assert dig({"a": None}, "a", "b") is None
    assert dig({"a": [1]}, "a", "b") is None
