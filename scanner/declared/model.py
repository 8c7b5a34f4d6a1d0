"""What every language's front end gives: resources with positions, and values that may be unknown."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from scanner.model import Evidence, Gap, Store


@dataclasses.dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be known from the code, with the reason, for people.

    It stands wherever a plain value could: an attribute, a list item, a whole block.
    """

    reason: str
    """`computed after apply`, `variable region has no default`, `remote module not present`, …"""

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false; test with isinstance")


@dataclasses.dataclass(frozen=True, slots=True)
class Location:
    """Where in the repository something stands; lines are 1-based."""

    file: str
    """Path relative to the folder checked, with forward slashes."""
    line: int
    end_line: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Resource:
    """One resource as the language declares it, values evaluated as far as they can be."""

    address: str
    """As the language addresses it: `aws_s3_bucket.b`, `module.x.aws_db_instance.y[0]`, a logical id."""
    type: str
    """`aws_s3_bucket`, `AWS::S3::Bucket`, `Microsoft.Storage/storageAccounts`, …"""
    attributes: Mapping[str, Any]
    """Plain values (dict, list, str, int, float, bool, None) with `Unknown` where need be.
    Nested blocks are lists of dicts."""
    location: Location
    lines: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Attribute path (`versioning.enabled`) to its line in the same file."""
    provider: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """What the provider block or template says that matters: `region`, `version`, `default_tags`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """What one of a store's joined resources (a bucket policy, a firewall rule) says by itself."""

    address: str
    type: str
    location: Location
    evidence: tuple[Evidence, ...] = ()
    locations: Mapping[str, Location] = dataclasses.field(default_factory=dict)
    """Safeguard id to the line that decides it (or the resource's own)."""


@dataclasses.dataclass(frozen=True, slots=True)
class DeclaredStore:
    """A store as declared, after joining the resources it is split over."""

    store: Store
    """origin DECLARED; `aliases` hold its address and every name it could have live."""
    evidence: tuple[Evidence, ...]
    location: Location
    locations: Mapping[str, Location] = dataclasses.field(default_factory=dict)
    """Safeguard id to the line that decides it (or the resource's own)."""
    address: str = ""
    type: str = ""
    parts: tuple[Part, ...] = ()
    """Satellites that took part in the join; a message can then name the resource that decides."""
    partial: bool = False
    """A part of a store that is declared elsewhere: of the rest nothing is known, and nothing is asked."""


@dataclasses.dataclass(frozen=True, slots=True)
class Parsed:
    """What one folder or file gave."""

    resources: tuple[Resource, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """Files that do not parse: place is the file, detail says line and what was expected."""
    files: tuple[str, ...] = ()
    """Files read, whether or not they declare a store."""
