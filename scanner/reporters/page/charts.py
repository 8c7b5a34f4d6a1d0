"""Small charts as inline SVG: labels are text, shares are told by length and pattern, never by
colour alone. No style attributes and no ids but `hatch`, so that a strict content policy holds."""

from __future__ import annotations

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


def trend(title: str, points: Sequence[tuple[str, float, bool]]) -> Markup:
    """A line of (date, 0 to 100, rules changed) over time. Where the rules changed it is broken:
    what lies before and after is not to be compared."""
    high, left = 120, 34
    step = (_WIDTH - left - 14) / max(len(points) - 1, 1)
    parts = [
        Markup(
            '<line x1="{l}" x2="{r}" y1="{y}" y2="{y}" stroke="#767e87"/><text x="0" y="{t}">{n}</text>'
        ).format(l=left, r=_WIDTH, y=10 + high - high * n / 100, t=15 + high - high * n / 100, n=n)
        for n in (0, 50, 100)
    ]
    lines: list[list[str]] = []
    for number, (_, value, broken) in enumerate(points):
        x, y = round(left + 6 + number * step, 1), round(10 + high - high * value / 100, 1)
        if broken or not lines:
            lines.append([])
        lines[-1].append(f"{x},{y}")
        parts.append(Markup('<circle cx="{x}" cy="{y}" r="3" fill="#24405e"/>').format(x=x, y=y))
    parts += [
        Markup('<polyline points="{p}" fill="none" stroke="#24405e" stroke-width="2"/>').format(
            p=" ".join(line)
        )
        for line in lines
    ]
    told = ", ".join(
        f"{date} {value:.0f}" + (" (rules changed)" if broken else "") for date, value, broken in points
    )
    return _svg(f"{title}: {told}", high + 20, parts)


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
