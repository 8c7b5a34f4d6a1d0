"""What the posture modules of all engines share."""

from __future__ import annotations

import dataclasses
import datetime as dt
import ipaddress
from collections.abc import Iterator

from scanner.common.stating import Speaker, Unseen
from scanner.connectors.sql.end_of_life import AS_OF, support
from scanner.model import Basis, Evidence, Place


def at(place: Place, evidence: Evidence) -> Evidence:
    """The same, said of one place of the store."""
    return dataclasses.replace(evidence, place=place)


def version_evidence(say: Speaker, version: str | Unseen, source: str) -> Iterator[Evidence]:
    """`engine_version` and whether the vendor still mends it."""
    if isinstance(version, Unseen):
        yield say.unknown("engine_version", version, source)
        yield say.unknown("engine_version_supported", version, source)
        return
    yield say.value("engine_version", version, source)
    known = support(version)
    held = known.held_on(dt.datetime.now(dt.UTC).date())
    where = f"{source}; {known.policy} as of {AS_OF}"
    if held is None:
        why = Unseen(
            Basis.NOT_OBSERVABLE,
            f"{known.policy}: version line {known.line} is not in the table that dpscan carries (as of {AS_OF})",
        )
        yield say.unknown("engine_version_supported", why, where)
        return
    yield say.flag(
        "engine_version_supported",
        held,
        where,
        f"version line {known.line}: security fixes {'until' if held else 'ended on'} {known.until}",
    )


def is_local(address: str) -> bool:
    """True for loopback addresses and names."""
    if address in ("localhost", "samehost"):
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def listening(say: Speaker, addresses: str, source: str, *, none_is_none: bool) -> Evidence:
    """Whether the network can reach the server at all. `addresses`: as configured, with commas between.
    `none_is_none`: where no address is named, the engine listens on none, and not on all."""
    named = [part.strip() for part in addresses.split(",") if part.strip()]
    if (named or none_is_none) and all(is_local(address) for address in named):
        reason = "the server listens on this computer's own addresses only"
        return say.flag("public_endpoint_disabled", True, source, reason)
    why = Unseen(Basis.NOT_OBSERVABLE, f"the server listens on network addresses; {FIREWALL}")
    return say.unknown("public_endpoint_disabled", why, source)


def from_inside(say: Speaker, source: str, safeguards: dict[str, str]) -> Iterator[Evidence]:
    """What no database can say of itself, each with its reason."""
    for safeguard, reason in safeguards.items():
        yield say.unknown(safeguard, Unseen(Basis.NOT_OBSERVABLE, reason), source)


BACKUP = "backups are made outside the database and cannot be seen from here"
DISK = "encryption of the disk below the server cannot be seen from here"
MASKING = "masking is done by views or extensions and cannot be told from here"
FIREWALL = "whether a firewall or network boundary stands before it cannot be seen from here"
