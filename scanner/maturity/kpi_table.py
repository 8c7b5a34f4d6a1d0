"""The key figures K1 to K25 as data: what they are, how they are reckoned, what is aimed at.

`docs/kpis.md` is generated from this table. Targets are dpscan's own; a department may set others.
"""

from __future__ import annotations

import dataclasses

SURVEY = (
    "a survey of 200 decision-makers in central and local government, commissioned by ArvatoConnect and "
    "reported on 9 May 2024"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Definition:
    id: str
    title: str
    formula: str
    kind: str
    """`share` (0 to 1), `count`, `days` or `records`."""
    direction: str
    """`up` or `down`: which way is better."""
    target: float | None
    """None: none beside the direction, or one by severity (see `target_text`)."""
    target_text: str
    survey: str = ""
    """The survey's figure it bears on, where that is honest."""


@dataclasses.dataclass(frozen=True, slots=True)
class Kpi:
    """One key figure."""

    id: str
    title: str
    formula: str
    kind: str
    """`share` (0 to 1), `count`, `days` or `records`."""
    value: float | None
    """None: not available, see `why`. Never 0 for want of data."""
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    """Bounds, where something is not known or the figure is an estimate."""
    direction: str = "up"
    target: float | None = None
    target_text: str = ""
    met: bool | None = None
    """The worse bound meets the target; None without a target or a value."""
    small_n: bool = False
    why: str = ""
    """Why it is not available."""
    note: str = ""
    detail: tuple[str, ...] = ()
    """Further lines: by severity, by state."""
    survey: str = ""
    rulepack_digest: str = ""


def _d(id: str, title: str, formula: str, kind: str, way: str, target: float | None, text: str, survey: str = "") -> Definition:  # fmt: skip
    return Definition(id, title, formula, kind, way, target, text, survey)


DEFINITIONS: tuple[Definition, ...] = (
    _d("K1", "Scopes reached", "scopes listed ÷ scopes declared", "share", "up", 1.0, "100%"),
    _d("K2", "Stores described", "stores all of whose settings could be seen ÷ stores known of", "share", "up", 0.98, "≥ 98%", "71%"),
    _d("K3", "Content looked at", "stores read whole or sampled to the bound ÷ stores known of", "share", "up", 0.90, "≥ 90%"),
    _d("K4", "Linked to a record of processing", "stores with personal data that refer to one (OWN-03 passes) ÷ stores with personal data", "share", "up", 0.95, "≥ 95%", "71%"),
    _d("K5", "Personal data without an owner", "stores with personal data where OWN-01 fails", "count", "down", 0, "0"),
    _d("K6", "Fully safeguarded", "stores with personal data that pass every control of exposure, encryption, logging and recovery asked of them ÷ stores with personal data", "share", "up", 0.95, "≥ 95%", "68%"),
    _d("K7", "Public stores with personal data", "stores with personal data where OBJ-01, OBJ-11, DB-05, WH-01 or WH-06 fails", "count", "down", 0, "0"),
    _d("K8", "Records exposed to the public", "sum of the estimated records of the stores of K7, low to high", "records", "down", 0, "0"),
    _d("K9", "Special category data without a key of our own (policy)", "stores with special category or offence data where a customer-managed key is absent", "count", "down", 0, "0"),
    _d("K10", "Personal data not encrypted", "stores with personal data where encryption at rest is absent or plain connections are accepted", "count", "down", 0, "0"),
    _d("K11", "Beyond retention", "stores with personal data past their schedule (RET-02 does not pass) ÷ stores with personal data and a schedule in days", "share", "down", 0.02, "≤ 2%"),
    _d("K12", "No retention schedule", "stores with personal data without one (RET-01 does not pass) ÷ stores with personal data", "share", "down", 0.05, "≤ 5%"),
    _d("K13", "Personal data outside production", "stores where DB-12 fails", "count", "down", 0, "0"),
    _d("K14", "Unregistered copies", "stores that hold dumps, exports or copies with personal data (RET-04 fails)", "count", "down", None, "falling"),
    _d("K15", "Personal data without an access log", "stores with personal data where no access or audit log is seen to be on ÷ stores with personal data", "share", "down", 0.05, "≤ 5%"),
    _d("K16", "Personal data without a protected backup", "stores with personal data where OBJ-10, BAK-01 or BAK-02 does not pass ÷ those asked one of them", "share", "down", 0.02, "≤ 2%"),
    _d("K17", "Personal data outside approved locations", "stores with personal data where LOC-01 or LOC-02 fails", "count", "down", 0, "0"),
    _d("K18", "Days to close", "median days from opened to closed, of findings closed in the last 90 days; by severity with mean, 90th percentile and the age of those still open", "days", "down", None, "Critical 2, High 14, Medium 60"),
    _d("K19", "Closed in time", "closed by the due date ÷ fell due, or closed, in the last 90 days", "share", "up", 0.90, "≥ 90%"),
    _d("K20", "Came back", "reopened ÷ closed, of findings closed in the last 180 days", "share", "down", 0.02, "≤ 2%"),
    _d("K21", "Stopped in CI", "failures stopped in CI ÷ (stopped + first seen live)", "share", "up", 0.80, "≥ 80%"),
    _d("K22", "Age of the last scan", "days since the last complete scan, of the scope that waits longest", "days", "down", 7, "≤ 7"),
    _d("K23", "Accepted risks", "findings accepted and still open; those whose acceptance has expired", "count", "down", None, "0 expired"),
    _d("K24", "Precision of detection", "findings confirmed ÷ (confirmed + marked false positive), as people reviewed them", "share", "up", 0.85, "≥ 85%"),
    _d("K25", "High risk without an impact assessment", "stores where OWN-05 fails", "count", "down", 0, "0"),
)  # fmt: skip

BY_ID: dict[str, Definition] = {definition.id: definition for definition in DEFINITIONS}

NOTE = "<!-- Generated from scanner/maturity/kpi_table.py (`page()`); edit that instead. -->"


def page() -> str:
    """`docs/kpis.md`."""
    lines = [
        NOTE,
        "",
        "# Key figures",
        "",
        "`dpscan kpis` reckons them from the stored runs; `--format csv` and `--format json` for other tools.",
        "All of them count stores, never columns. A store with personal data is one where it was found; where",
        "content was not looked at, that is said beside the figure and counts against it.",
        "",
        "- A **share** counts what is not known against the department; `high` or `low` shows how far it could",
        "  be better.",
        "- A **count** is what is known to be so; what cannot be told is added in `high`, and the target is met",
        "  only if `high` meets it.",
        "- A figure that the runs cannot give is shown as not available, with the reason; never as 0.",
        "- **Small n** is said below ten. Targets are dpscan's own and come from no standard. A department sets others",
        "  in its configuration, and they are shown as such: `kpi_targets: {K6: 90%, K22: 14}` (a share as 0.9 or 90%,",
        "  else a number; the worse bound must meet it).",
        "",
        "| | figure | formula | better | target | survey |",
        "|---|---|---|---|---|---|",
    ]
    for d in DEFINITIONS:
        arrow = "↑" if d.direction == "up" else "↓"
        lines.append(f"| {d.id} | {d.title} | {d.formula} | {arrow} | {d.target_text} | {d.survey} |")
    lines += [
        "",
        f"The last column names figures of {SURVEY}, where a key figure bears on the same matter. It is what",
        "decision-makers said of themselves, so the two are not to be compared number by number. The survey's",
        "78% (no key figures for technology spending), 65%, 83% and 87% are about things that no scan can see.",
        "",
        "K9 is policy: no law asks for customer-managed keys. K21 needs continuous integration to report back",
        "and is shown only where it does. K24 says how often people agreed with a finding, among those they",
        "reviewed; it is no measurement of the detector.",
        "",
    ]
    return "\n".join(lines)
