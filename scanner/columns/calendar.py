"""Which of many values are calendar days: those of the usual build at a stroke, others one by one."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from scanner.columns.dates import parse
from scanner.columns.strings import Strings, Truth
from scanner.common.buffers import buffer_of, rows

_DAY_FIRST = re.compile(r"99[/.\- ]99[/.\- ]9999")
_YEAR_FIRST = re.compile(r"9999[/.\- ]99[/.\- ]99(?:[T ]99:99(?::99)?)?")
"""Shapes whose digits stand where `dates.parse` looks for them."""
_LAST = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def are_days(values: Strings) -> Truth:
    """What `dates.parse` reads as a day."""
    found = np.zeros(len(values), dtype=np.bool_)
    done = found.copy()
    raw, starts = buffer_of(values.array)
    for code, shape in enumerate(values.shapes):
        day_first = _DAY_FIRST.fullmatch(shape) is not None
        if not day_first and not _YEAR_FIRST.fullmatch(shape):
            continue
        places = values.of_shape(code)
        places = places[values.bytes[places] == len(shape)]  # digits of other scripts have more bytes
        signs = rows(raw, starts, len(shape), places).astype(np.int32) - 48
        done[places] = True
        if day_first:
            one, other, year = _number(signs, 0, 2), _number(signs, 3, 5), _number(signs, 6, 10)
            found[places] = _there_is(year, other, one) | _there_is(year, one, other)
        else:
            found[places] = _there_is(_number(signs, 0, 4), _number(signs, 5, 7), _number(signs, 8, 10))
    rest = np.flatnonzero(~done)
    found[rest] = [parse(value) is not None for value in values.at(rest)]
    return found


def _number(signs: Any, start: int, end: int) -> Any:
    number = signs[:, start]
    for column in range(start + 1, end):
        number = number * 10 + signs[:, column]
    return number


def _there_is(year: Any, month: Any, day: Any) -> Any:
    """Which of these are days of the calendar, between 1850 and 2150."""
    leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _LAST[np.clip(month, 0, 12)] + leap
    return (year >= 1850) & (year <= 2150) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)
