"""A column whose kind is decided, counted over all its cells; and what else stands in it."""

from __future__ import annotations

import numpy as np

from scanner.columns.calendar import are_days
from scanner.columns.evidence import Formats
from scanner.columns.freetext import Ask, Found, rare, read, roomy
from scanner.columns.identify import HEALTH_NUMBERS, Candidate, is_isbn
from scanner.columns.profile import Profile
from scanner.columns.results import nothing, result
from scanner.columns.strings import Truth
from scanner.model import ColumnResult

_IN_PARTS = ("ADDRESS", "HEALTH", "CRIMINAL_OFFENCE", "PERSON")
"""Types whose cells may hold other things beside: read if they are long."""
_LONG = 40
"""Characters of a usual cell from which such cells are read."""


def finish(
    profile: Profile, chosen: Candidate | None, known: Formats, patterns: Ask, names: Ask | None
) -> ColumnResult:
    """Count over all cells, and look for what else is there."""
    if not profile.total:
        return nothing()
    accepted = _accepted(profile, chosen, known)
    found = Found.empty()
    without = {chosen.entity_type} if chosen else set()
    rare(profile, known, accepted, without | HEALTH_NUMBERS if is_isbn(profile) else without, found)
    if chosen is None or chosen.entity_type not in _IN_PARTS or profile.mean_length >= _LONG:
        skip = accepted.copy()
        for places in found.whole.values():
            skip[places] = True
        if chosen is not None and chosen.entity_type in _IN_PARTS:
            skip &= ~accepted
        prose = chosen is None and profile.wordy and not profile.by_machine
        inside = np.flatnonzero(~skip)
        if len(inside):
            inside = inside[roomy(profile.values)[inside]]
        own = frozenset((chosen.entity_type,)) if chosen is not None else frozenset()
        if own.intersection(_IN_PARTS):
            own |= {"UK_POSTCODE", "ADDRESS"}
        read(profile, inside, patterns, names if prose else None, found, prose=prose, without=own)
        for entity_type in own:
            found.drop(entity_type)
    return result(profile, chosen, accepted, known.get(chosen.entity_type) if chosen else None, found)


_ANYTHING = frozenset({"PERSON", "ADDRESS", "PASSWORD", "DEVICE_ID", "USERNAME"})


def _accepted(profile: Profile, chosen: Candidate | None, known: Formats) -> Truth:
    """Which distinct values are of the chosen type."""
    values = profile.values
    accepted = np.zeros(len(values), dtype=np.bool_)
    if chosen is None:
        return accepted
    if chosen.fit is not None:
        fmt = known[chosen.entity_type]
        fits = np.append(fmt.fitting(values.shapes), False)[values.shape_codes]
        places = np.flatnonzero(fits)
        accepted[places] = fmt.passing_of(values if len(places) == len(values) else values.take(places))
        return accepted
    if chosen.entity_type == "DATE_OF_BIRTH":
        years = np.array([*(shape == "9999" for shape in values.shapes), False])[values.shape_codes]
        accepted |= are_days(values) | years
        return accepted
    if any(reason == "values are codes" for reason in chosen.reasons) and chosen.entity_type not in _ANYTHING:
        return ~accepted
    return profile.telling
