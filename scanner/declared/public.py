"""Whether somebody without a login gets in, all settings of a declared store of objects taken together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from scanner.declared.model import Resource
from scanner.declared.stating import Said
from scanner.model import Basis, State

_GRANTS = ("acl_not_public", "policy_not_public")


def taken_together(
    kind: str, provider: str, decided: Mapping[str, tuple[Resource, Said]]
) -> Iterator[tuple[str, tuple[Resource, Said]]]:
    """`anonymous_read_blocked`, and `anonymous_write_blocked` where it follows; nothing where they are stated.

    A block overrides any grant; without one, one open grant is enough; a grant that cannot be told leaves it
    unknown.
    """
    if kind not in ("bucket", "container"):
        return
    read = decided.get("anonymous_read_blocked") or _read(decided)
    if read is None:
        return
    if "anonymous_read_blocked" not in decided:
        yield "anonymous_read_blocked", _as(read, "anonymous_read_blocked")
    if "anonymous_write_blocked" in decided:
        return
    if read[1].state is State.PRESENT:
        yield "anonymous_write_blocked", _as(read, "anonymous_write_blocked")
    elif provider == "azure":
        said = dataclasses.replace(
            read[1],
            state=State.PRESENT,
            basis=Basis.PROVIDER_DEFAULT,
            reason="anonymous access is for reading only",
        )
        yield "anonymous_write_blocked", _as((read[0], said), "anonymous_write_blocked")


def _read(decided: Mapping[str, tuple[Resource, Said]]) -> tuple[Resource, Said] | None:
    """The statement that decides: the block, else the grant that is open or cannot be told."""
    block = decided.get("public_access_blocked")
    if block is not None and block[1].state is State.PRESENT:
        return block
    grants = [decided[name] for name in _GRANTS if name in decided]
    for state in (State.ABSENT, State.UNKNOWN, State.PRESENT):
        found = next((grant for grant in grants if grant[1].state is state), None)
        if found is not None:
            return found
    return None


def _as(stated: tuple[Resource, Said], safeguard: str) -> tuple[Resource, Said]:
    return stated[0], dataclasses.replace(stated[1], safeguard=safeguard)
