"""Templates to one self-contained page: style and script inside it, nothing fetched."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
import re
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from scanner.model import Evidence, Sensitivity
from scanner.reporters import words
from scanner.reporters.cells import clean, shortened
from scanner.reporters.page import charts, overtime
from scanner.reporters.page.headline import counted
from scanner.reporters.view import day
from scanner.safeguards import SAFEGUARDS

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

SENSITIVITY = {
    Sensitivity.S3: "special category or offence data",
    Sensitivity.S2: "higher impact: identity numbers, bank details",
    Sensitivity.S1: "ordinary personal data",
    Sensitivity.S0: "no personal data recognised",
}


def page(template: str, **values: Any) -> bytes:
    """The page, in UTF-8. Equal values give equal bytes."""
    css, script = _asset("style.css"), _asset("filter.js") if values.get("filters") else Markup()
    policy = f"default-src 'none'; style-src '{_digest(css)}'; base-uri 'none'; form-action 'none'"
    policy += f"; script-src '{_digest(script)}'" if script else ""
    text = _environment().get_template(template).render(
        css=css, script=script, policy=policy, **values
    )  # fmt: skip
    return text.encode("utf-8")


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("scanner.reporters.page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters |= {
        "date": date,
        "moment": moment,
        "size": size,
        "number": "{:,}".format,
        "anchor": anchor,
        "value": value_text,
        "safeguard": safeguard_title,
        "count": counted,
        "day": day,
        "shortened": shortened,
    }
    environment.globals |= {
        "words": words,
        "charts": charts,
        "overtime": overtime,
        "SENSITIVITY": SENSITIVITY,
    }
    return environment


def _shown(value: object) -> object:
    """Texts come from stores, tags and files: no control characters, no direction overrides."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean(value)
    return "" if value is None else value


@functools.cache
def _asset(name: str) -> Markup:
    text = resources.files("scanner.reporters.page").joinpath(name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - a file of this package


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


# --- filters ----------------------------------------------------------------------


def date(value: dt.date | None) -> str:
    """`2 March 2026`, whatever the locale."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}" if value is not None else ""


def moment(value: dt.datetime | None) -> str:
    """`2 March 2026, 12:00 UTC`."""
    if value is None:
        return ""
    utc = value.astimezone(dt.UTC)
    return f"{date(utc.date())}, {utc:%H:%M} UTC"


def size(number: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:,.0f} {unit}" if unit == "bytes" else f"{number:,.1f} {unit}"
        number /= 1000
    return f"{number:,.1f} TB"


def anchor(fingerprint: str) -> str:
    """An id for a finding that any fingerprint gives, the same from run to run."""
    if re.fullmatch(r"[A-Za-z0-9-]+", fingerprint):
        return f"finding-{fingerprint}"
    return "finding-" + hashlib.sha256(fingerprint.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def safeguard_title(name: str) -> str:
    return SAFEGUARDS[name].title if name in SAFEGUARDS else name


def value_text(item: Evidence) -> str:
    """The value of a piece of evidence, with its unit; empty where it has none."""
    if item.value is None or isinstance(item.value, bool):
        return ""
    if isinstance(item.value, tuple):
        return ", ".join(item.value)
    known = SAFEGUARDS.get(item.safeguard)
    return f"{item.value} {known.unit}".strip() if known is not None else str(item.value)
