"""Small questions to a declared resource, each answered with one safeguard's state.

A front end's tables are lists of such questions, so that what holds when nothing is set (a provider's
default) stands beside the attribute it belongs to, with the date it was looked up.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from scanner.declared.model import Resource, Unknown
from scanner.model import Basis, State, Value


class _Missing:
    """Nothing is declared there."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


@dataclasses.dataclass(frozen=True, slots=True)
class Default:
    """What holds where nothing is set, as the provider documents it."""

    value: Value
    says: str = ""
    """For people: `encrypted by default since January 2023`."""
    seen: str = "2026-11"
    """When this was last looked up (year-month)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What one resource says of one safeguard."""

    safeguard: str
    state: State
    basis: Basis
    source: str
    value: Value = None
    reason: str = ""
    line: int = 0


class Look:
    """Reads the attributes of one resource; names are found in any case where the language allows it."""

    def __init__(
        self, resource: Resource, *, fold: bool = False, raw: Mapping[str, Any] | None = None
    ) -> None:
        self.resource = resource
        self.raw: Mapping[str, Any] = raw or {}
        """The attributes as written, before evaluation."""
        self._fold = fold
        self._folded: dict[str, int] | None = None

    @property
    def type(self) -> str:
        return self.resource.type

    def get(self, path: str, within: Any = None) -> Any:
        """The value at a dotted path, `MISSING`, or the `Unknown` that stands in the way."""
        return self.find(path, self.resource.attributes if within is None else within)

    def find(self, path: str, at: Any) -> Any:
        for key in path.split("."):
            if isinstance(at, Unknown):
                return at
            if isinstance(at, list) and key.isdigit():
                at = at[int(key)] if int(key) < len(at) else MISSING
                continue
            if not isinstance(at, Mapping):
                return MISSING
            if key in at:
                at = at[key]
            elif self._fold:
                at = next((v for k, v in at.items() if k.casefold() == key.casefold()), MISSING)
            else:
                return MISSING
        return MISSING if at is None else at

    def first(self, *paths: str) -> tuple[str, Any]:
        """The first path at which something is declared, else the first path and `MISSING`."""
        for path in paths:
            if (value := self.get(path)) is not MISSING:
                return path, value
        return paths[0], MISSING

    def written(self, path: str) -> Any:
        """The value at a path before evaluation (a call of a function stays one)."""
        return self.find(path, self.raw)

    def line(self, path: str = "") -> int:
        """The line of an attribute, or of the nearest thing around it."""
        lines = self.resource.lines
        if self._fold and self._folded is None:
            self._folded = {key.casefold(): line for key, line in lines.items()}
        folded = lines if self._folded is None else self._folded
        while path:
            if (key := path.casefold() if self._fold else path) in folded:
                return folded[key]
            path = path.rpartition(".")[0]
        return self.resource.location.line

    # --- answers --------------------------------------------------------------------------

    def say(
        self,
        safeguard: str,
        present: bool,
        path: str = "",
        reason: str = "",
        *,
        value: Value = None,
        default: bool = False,
    ) -> Said:
        return Said(
            safeguard,
            State.PRESENT if present else State.ABSENT,
            Basis.PROVIDER_DEFAULT if default else Basis.EXPLICIT,
            f"{self.type} {path}".strip(),
            value,
            reason,
            self.line(path),
        )

    def unknown(self, safeguard: str, why: Unknown | str, path: str = "") -> Said:
        reason = why.reason if isinstance(why, Unknown) else why
        source = f"{self.type} {path}".strip()
        return Said(safeguard, State.UNKNOWN, Basis.COMPUTED, source, None, reason, self.line(path))


Check = Callable[[Look], Iterable[Said]]

_TRUE = frozenset(("true", "yes", "on", "1", "enabled", "enable"))
_FALSE = frozenset(("false", "no", "off", "0", "disabled", "disable"))


def truth(value: Any) -> bool | None:
    """True or false as a template may write it; None if it is neither."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, str | int) else ""
    return True if text in _TRUE else False if text in _FALSE else None


def flag(safeguard: str, *paths: str, want: bool = True, default: Default | None = None) -> Check:
    """On (or, with `want=False`, off) at the first of `paths` that is set."""
    held = default or Default(not want)

    def check(look: Look) -> Iterator[Said]:
        path, value = look.first(*paths)
        if isinstance(value, Unknown):
            yield look.unknown(safeguard, value, path)
        elif value is MISSING or truth(value) is None:
            reason = held.says or f"{_leaf(path)} is not set"
            yield look.say(safeguard, held.value is want, path, reason, default=True)
        else:
            yield look.say(safeguard, truth(value) is want, path)

    return check


def chosen(safeguard: str, path: str, good: Iterable[str], default: Default | None = None) -> Check:
    """One of `good` (any case) at `path`; `default` holds the word that counts when it is not set."""
    words = frozenset(word.lower() for word in good)

    def check(look: Look) -> Iterator[Said]:
        value = look.get(path)
        if isinstance(value, Unknown):
            yield look.unknown(safeguard, value, path)
        elif value is MISSING:
            held = str(default.value).lower() in words if default else False
            reason = default.says if default and default.says else f"{_leaf(path)} is not set"
            yield look.say(safeguard, held, path, reason, default=True)
        else:
            yield look.say(safeguard, str(value).lower() in words, path)

    return check


def given(safeguard: str, *paths: str, default: Default | None = None, known: bool = False) -> Check:
    """Something is set at one of `paths`. A reference counts as set unless `known` asks for its value."""

    def check(look: Look) -> Iterator[Said]:
        path, value = look.first(*paths)
        if isinstance(value, Unknown) and (known or not refers(value)):
            yield look.unknown(safeguard, value, path)
        elif value is MISSING or (not isinstance(value, Unknown) and value in ("", [], {})):
            held = bool(default.value) if default else False
            reason = default.says if default and default.says else f"{_leaf(path)} is not set"
            yield look.say(safeguard, held, path, reason, default=True)
        else:
            yield look.say(safeguard, True, path)

    return check


def days(safeguard: str, *paths: str, default: Default, also: str = "") -> Check:
    """A number of days; with `also`, whether it is more than none is stated too."""

    def check(look: Look) -> Iterator[Said]:
        path, value = look.first(*paths)
        if isinstance(value, Unknown):
            yield look.unknown(safeguard, value, path)
            if also:
                yield look.unknown(also, value, path)
            return
        number = whole(value)
        isdefault = number is None
        if number is None:
            number = whole(default.value) or 0
        reason = (default.says or f"{_leaf(path)} is not set") if isdefault else ""
        yield look.say(safeguard, number > 0, path, reason, value=number, default=isdefault)
        if also:
            yield look.say(also, number > 0, path, reason, default=isdefault)

    return check


def text(
    safeguard: str, path: str, shape: Callable[[str], str] = str, default: Default | None = None
) -> Check:
    """A value such as a version or a region; nothing is said where neither it nor a default is."""

    def check(look: Look) -> Iterator[Said]:
        value = look.get(path)
        if isinstance(value, Unknown):
            yield look.unknown(safeguard, value, path)
        elif value is not MISSING and not isinstance(value, Mapping | list):
            yield look.say(safeguard, True, path, value=shape(str(value)))
        elif default is not None:
            reason = default.says or f"{_leaf(path)} is not set"
            yield look.say(safeguard, True, path, reason, value=default.value, default=True)

    return check


def always(safeguard: str, says: str) -> Check:
    """What the service does whatever is declared."""

    def check(look: Look) -> Iterator[Said]:
        yield look.say(safeguard, True, "", says, default=True)

    return check


def never(safeguard: str, says: str) -> Check:
    """What does not hold unless another resource, joined later, says so."""

    def check(look: Look) -> Iterator[Said]:
        yield look.say(safeguard, False, "", says, default=True)

    return check


def inapplicable(safeguard: str, says: str) -> Check:
    """What has no meaning for such a resource."""

    def check(look: Look) -> Iterator[Said]:
        yield Said(safeguard, State.NOT_APPLICABLE, Basis.PROVIDER_DEFAULT, look.type, None, says)

    return check


def unset(safeguard: str, path: str) -> Check:
    """Nothing is set at `path`."""

    def check(look: Look) -> Iterator[Said]:
        value = look.get(path)
        if isinstance(value, Unknown) and not refers(value):
            yield look.unknown(safeguard, value, path)
        else:
            yield look.say(safeguard, value in (MISSING, [], {}, ""), path, default=value is MISSING)

    return check


def unless(condition: Callable[[Look], bool], *checks: Check) -> Check:
    """The checks, unless the resource is of a sort they do not apply to."""

    def check(look: Look) -> Iterator[Said]:
        if not condition(look):
            for inner in checks:
                yield from inner(look)

    return check


def refers(value: Unknown) -> bool:
    """Whether the value is a reference to something declared: unknown what, but surely set."""
    return any(getattr(value, name, "") for name in ("target", "text", "address"))


def whole(value: Any) -> int | None:
    """A whole number as a template may write it."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value)
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d+", value.strip()) else None


def tls(word: str) -> str:
    """`TLS1_2`, `TLS12`, `TLSv1.2`, `Policy-Min-TLS-1-2-2019-07` as `1.2`; `0` where none is asked for."""
    if "disabled" in word.lower():
        return "0"
    match = re.search(r"tls(?:enforcement)?v?[-_]?(1)[-_.]?([0-3])?", word.lower())
    match = match or re.fullmatch(r"(1)\.([0-3])", word)
    if match is None:
        return "1.0" if word.lower() == "tls" else word
    return f"{match[1]}.{match[2] or 0}"


def _leaf(path: str) -> str:
    return path.rpartition(".")[2]
