"""Small charts as inline SVG: labels are text, shares are told by length and pattern, never by
colour alone. No style attributes and no ids but `hatch`, so that a strict content policy holds."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from markupsafe import Markup, escape

_WIDTH = 340
_LABEL = 84
_ROW = 26

PATTERNS = Markup(
    '<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#fff"/><rect width="2" height="6" fill="#333"/></pattern>'
    "</defs></svg>"
)
"""Once in a page, before any chart."""

_FILL = ("#24405e", "url(#hatch)", "#fff")


def bars(title: str, rows: Sequence[tuple[str, int]]) -> Markup:
    """One bar a row, its number at its end."""
    most = max((value for _, value in rows), default=0)
    room = _WIDTH - _LABEL - 60
    parts = []
    for number, (label, value) in enumerate(rows):
        y = number * _ROW
        length = round(room * value / most, 1) if most else 0
        parts.append(
            Markup('<text x="{x}" y="{t}" text-anchor="end">{label}</text>').format(
                x=_LABEL - 8, t=y + 18, label=label
            )
        )
        if value:
            parts.append(
                Markup('<rect x="{x}" y="{y}" width="{w}" height="18" fill="{f}"/>').format(
                    x=_LABEL, y=y + 4, w=max(length, 2), f=_FILL[0]
                )
            )
        parts.append(
            Markup('<text x="{x}" y="{t}">{value}</text>').format(
                x=_LABEL + max(length, 2 if value else 0) + 6, t=y + 18, value=f"{value:,}"
            )
        )
    told = ", ".join(f"{label} {value:,}" for label, value in rows)
    return _svg(f"{title}: {told}", len(rows) * _ROW + 4, parts)


def strip(title: str, parts: Sequence[tuple[str, int]]) -> Markup:
    """One bar in up to three parts: solid, hatched, empty. Nothing to show gives an empty bar."""
    total = sum(value for _, value in parts)
    drawn: list[Markup] = []
    x = 1.0
    for (_, value), fill in zip(parts, _FILL, strict=False):
        if not value or not total:
            continue
        width = (_WIDTH - 2) * value / total
        drawn.append(
            Markup('<rect x="{x}" y="1" width="{w}" height="20" fill="{f}" stroke="#333"/>').format(
                x=round(x, 1), w=round(width, 1), f=fill
            )
        )
        x += width
    if not drawn:
        drawn.append(Markup('<rect x="1" y="1" width="338" height="20" fill="#fff" stroke="#333"/>'))
    told = ", ".join(f"{label} {value:,}" for label, value in parts)
    return _svg(f"{title}: {told}", 22, drawn)


def interval(title: str, low: float, high: float) -> Markup:
    """A share that is known only to lie between two: solid up to `low`, hatched up to `high`."""
    solid, doubt = round(118 * low, 1), round(118 * max(high - low, 0.0), 1)
    return Markup(
        '<svg class="interval" role="img" aria-label="{t}: {low:.0%} to {high:.0%}" viewBox="0 0 120 16" '
        'width="120" height="16"><rect x="1" y="1" width="118" height="14" fill="#fff" stroke="#333"/>'
        '<rect x="1" y="1" width="{a}" height="14" fill="{solid}"/>'
        '<rect x="{x}" y="1" width="{b}" height="14" fill="{hatch}"/></svg>'
    ).format(
        t=title, low=low, high=high, a=solid, x=round(1 + solid, 1), b=doubt, solid=_FILL[0], hatch=_FILL[1]
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart over time."""

    name: str
    values: Sequence[float | None]
    """None: not known then; the line has a gap."""
    dashed: bool = False


_HIGH, _LEFT, _RIGHT = 120, 40, 12


def over_time(
    title: str, days: Sequence[dt.date], lines: Sequence[Line], breaks: Sequence[bool], top: float
) -> Markup:
    """Lines over days, each with its number at its end. At a break (other rules from then on) every
    line is cut and the place is marked: what lies before and after is not to be compared."""
    top = top or 1.0
    span = max((days[-1] - days[0]).days, 1)
    room = _WIDTH - _LEFT - _RIGHT - 30
    xs = [round(_LEFT + 6 + room * (day - days[0]).days / span, 1) for day in days]

    def y(value: float) -> float:
        return round(10 + _HIGH - _HIGH * value / top, 1)

    parts = [
        Markup(
            '<line x1="{l}" x2="{r}" y1="{y}" y2="{y}" stroke="#767e87"/><text x="{l}" y="{t}" text-anchor="end" dx="-4">'
            "{n}</text>"
        ).format(l=_LEFT, r=_WIDTH - _RIGHT, y=y(n), t=y(n) + 5, n=f"{n:,.0f}")
        for n in (0, top / 2, top)
        if top >= 2 or n != top / 2
    ]
    parts += [
        Markup(
            '<line x1="{x}" x2="{x}" y1="6" y2="{b}" stroke="#1b1f24" stroke-dasharray="1 3"/>'
            '<text x="{x}" y="{t}" text-anchor="middle">rules</text>'
        ).format(x=x, b=10 + _HIGH, t=_HIGH + 44)
        for x, broken in zip(xs, breaks, strict=True)
        if broken
    ]
    for line in lines:
        dash = Markup(' stroke-dasharray="5 3"') if line.dashed else Markup("")
        for piece in _pieces(xs, line.values, breaks):
            if len(piece) == 1:
                parts.append(
                    Markup('<circle cx="{x}" cy="{y}" r="3" fill="#24405e"/>').format(
                        x=piece[0][0], y=y(piece[0][1])
                    )
                )
                continue
            at = " ".join(f"{x},{y(value)}" for x, value in piece)
            parts.append(
                Markup('<polyline points="{p}" fill="none" stroke="#24405e" stroke-width="2"{d}/>').format(
                    p=at, d=dash
                )
            )
        if line.values[-1] is not None:
            parts.append(
                Markup('<text x="{x}" y="{y}">{n}</text>').format(
                    x=xs[-1] + 6, y=y(line.values[-1]) + 5, n=f"{line.values[-1]:,.0f}"
                )
            )
    parts.append(
        Markup('<text x="{l}" y="{y}">{a}</text><text x="{r}" y="{y}" text-anchor="end">{b}</text>').format(
            l=_LEFT, r=xs[-1] + 6, y=_HIGH + 28, a=_short(days[0]), b=_short(days[-1])
        )
    )
    return _svg(f"{title}: {_told(days, lines, breaks)}", _HIGH + 50, parts)


def _pieces(
    xs: Sequence[float], values: Sequence[float | None], breaks: Sequence[bool]
) -> list[list[tuple[float, float]]]:
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, value, broken in zip(xs, values, breaks, strict=True):
        if broken or value is None:
            pieces.append([])
        if value is not None:
            pieces[-1].append((x, value))
    return [piece for piece in pieces if piece]


def _told(days: Sequence[dt.date], lines: Sequence[Line], breaks: Sequence[bool]) -> str:
    """The numbers for those who hear them: start, end, lowest, highest, and where the rules changed."""
    out = []
    for line in lines:
        known = [(day, value) for day, value in zip(days, line.values, strict=True) if value is not None]
        if known:
            (first, a), (last, b) = known[0], known[-1]
            numbers = [value for _, value in known]
            out.append(
                f"{line.name} {a:,.0f} on {_short(first)}, {b:,.0f} on {_short(last)}, between {min(numbers):,.0f} "
                f"and {max(numbers):,.0f}"
            )
    changed = [_short(day) for day, broken in zip(days, breaks, strict=True) if broken]
    if changed:
        out.append(f"rules changed on {', '.join(changed)}")
    return "; ".join(out) or "nothing known"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _short(day: dt.date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def spark(title: str, values: Sequence[float | None], breaks: Sequence[bool]) -> Markup:
    """A small line without axes, for a table cell; its ends are in the cells beside it."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup("–")
    low, high = min(known), max(known)
    width, height = 110, 24
    step = (width - 8) / max(len(values) - 1, 1)
    xs = [round(4 + n * step, 1) for n in range(len(values))]
    parts = []
    for piece in _pieces(xs, values, breaks):
        at = [
            (x, round(height - 4 - (height - 8) * (value - low) / ((high - low) or 1.0), 1))
            for x, value in piece
        ]
        if len(at) == 1:
            parts.append(Markup('<circle cx="{}" cy="{}" r="2" fill="#24405e"/>').format(*at[0]))
        else:
            parts.append(
                Markup('<polyline points="{p}" fill="none" stroke="#24405e" stroke-width="2"/>').format(
                    p=" ".join(f"{x},{y}" for x, y in at)
                )
            )
    return Markup(
        '<svg class="spark" role="img" aria-label="{t}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">{inner}</svg>'
    ).format(t=title, w=width, h=height, inner=Markup("").join(parts))


def key(number: int) -> Markup:
    """The sample of a fill, for a legend beside `strip`."""
    return Markup(
        '<svg class="key" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" focusable="false">'
        '<rect x="1" y="1" width="12" height="12" fill="{}" stroke="#333"/></svg>'
    ).format(_FILL[number])


def _svg(told: str, height: int, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="chart" role="img" aria-label="{told}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
        "{inner}</svg>"
    ).format(told=escape(told), w=_WIDTH, h=height, inner=Markup("").join(parts))
