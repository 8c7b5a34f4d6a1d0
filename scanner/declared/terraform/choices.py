"""Values that a condition decides: where every outcome gives the same answer, that is the answer."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.declared.model import Resource
from scanner.declared.terraform.checks import Check, Fact, View
from scanner.declared.terraform.values import Either
from scanner.model import State

_MOST = 3
"""Conditions tried at once; each doubles the outcomes."""


def whichever(check: Check, view: View) -> Fact | None:
    """The check's answer if it is the same whatever the conditions turn out to be; else None."""
    open_: list[Either] = []
    _collect(view.resource.attributes, open_)
    if not open_ or len(open_) > _MOST:
        return None
    answers = [check(View(one, view.estate)) for one in _outcomes(view.resource, open_)]
    first = answers[0]
    if first is None or first.state is State.UNKNOWN:
        return None
    if any(answer is None or answer.state is not first.state for answer in answers):
        return None
    same = all(answer is not None and answer.value == first.value for answer in answers)
    reason = first.reason or "whatever its condition gives"
    resource = (
        view.resource
        if first.resource is not None and first.resource.address == view.resource.address
        else first.resource
    )
    return dataclasses.replace(first, value=first.value if same else None, reason=reason, resource=resource)


def _outcomes(resource: Resource, open_: list[Either]) -> Iterator[Resource]:
    for picks in itertools.product((0, 1), repeat=len(open_)):
        chosen = {id(one): one.values[pick] for one, pick in zip(open_, picks, strict=True)}
        yield dataclasses.replace(resource, attributes=_picked(resource.attributes, chosen))


def _collect(value: Any, into: list[Either]) -> None:
    if isinstance(value, Either):
        if not any(one is value for one in into):
            into.append(value)
    elif isinstance(value, Mapping):
        for inner in value.values():
            _collect(inner, into)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, into)


def _picked(value: Any, chosen: Mapping[int, Any]) -> Any:
    if isinstance(value, Either):
        return chosen[id(value)]
    if isinstance(value, Mapping):
        return {key: _picked(inner, chosen) for key, inner in value.items()}
    return [_picked(inner, chosen) for inner in value] if isinstance(value, list) else value
