"""Evidence towards topics of the Data Maturity Assessment for Government, and what it does not show.

The assessment is answered by people, area by area; a scan can put figures beside some of their
answers. No level of the assessment is claimed: its five levels are about more than settings.
Topics are named as published (Central Digital and Data Office, March 2023).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from scanner.maturity.kpi_table import Kpi
from scanner.maturity.profile import DomainScore, Profile


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """One of the ten topics."""

    title: str
    domains: tuple[str, ...]
    """Observed domains that bear on it; empty: a scan has nothing to say."""
    kpis: tuple[str, ...]
    shows: str
    not_shown: str


TOPICS: tuple[Topic, ...] = (
    Topic("Engaging with others", (), (), "", "sharing and working with others on data"),
    Topic("Having the right data skills and knowledge", (), (), "", "skills, training and capacity"),
    Topic("Having the right systems", (), (), "", "whether systems fit what people need them for"),
    Topic(
        "Knowing the data you have", ("D1", "D2", "D7"), ("K1", "K2", "K3", "K4", "K12"),
        "which stores exist in the scopes reached, what kinds of personal data they hold, whether records of "
        "processing refer to them and schedules are recorded",
        "data that is not personal, data in systems that were not connected, meaning and lineage",
    ),
    Topic("Making decisions with data", (), (), "", "whether and how data is used to decide"),
    Topic(
        "Managing and using data ethically", (), (), "",
        "purposes, fairness, transparency; a scan sees what is held, not what it is used for",
    ),
    Topic(
        "Managing your data", ("D7",), ("K11", "K12", "K13", "K14"),
        "records past their schedule, copies, personal data outside production",
        "quality, standards, documentation and life cycle of data in general",
    ),
    Topic(
        "Protecting your data", ("D2", "D4", "D5", "D6", "D8", "D10"),
        ("K6", "K7", "K10", "K15", "K16", "K19", "K20"),
        "exposure, encryption, logging and recovery of the stores seen, and how fast findings are closed",
        "people's behaviour, physical protection, response to incidents, anything not connected",
    ),
    Topic("Setting your data direction", (), (), "", "strategy, leadership and investment"),
    Topic(
        "Taking responsibility for data", ("D3",), ("K5", "K25"),
        "which stores have an owner named, and which of high risk refer to an impact assessment",
        "whether owners know, have authority and act; governance bodies",
    ),
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class DmaEvidence:
    """One row of the table."""

    topic: str
    domains: tuple[str, ...]
    figures: tuple[str, ...]
    """What was observed, one short line each; empty where a scan has nothing to say."""
    shows: str
    not_shown: str

    @property
    def evidence(self) -> str:
        """In words, never a level of the assessment."""
        return "; ".join(self.figures) if self.figures else "nothing a scan can show"


def dma_evidence(found: Profile, figures: Iterable[Kpi]) -> tuple[DmaEvidence, ...]:
    """The table of a profile and its key figures, topics in the alphabet's order."""
    scores = {domain.id: domain for domain in found.domains}
    values = {kpi.id: kpi for kpi in figures}
    return tuple(
        DmaEvidence(
            topic.title,
            topic.domains,
            tuple(
                [_score(scores[id]) for id in topic.domains if id in scores]
                + [_figure(values[id]) for id in topic.kpis if id in values]
            ),
            topic.shows,
            topic.not_shown,
        )
        for topic in TOPICS
    )


def _score(domain: DomainScore) -> str:
    if domain.low is None or domain.high is None:
        return f"{domain.id} {domain.title}: not assessed"
    return f"{domain.id} {domain.title}: {domain.low:.0%} to {domain.high:.0%} passed, {domain.coverage:.0%} covered"


def _figure(kpi: Kpi) -> str:
    if kpi.value is None:
        return f"{kpi.id} {kpi.title}: not available"
    value = f"{kpi.value:.0%}" if kpi.kind == "share" else f"{kpi.value:,.0f}"
    if kpi.kind == "share" and kpi.numerator is not None and kpi.denominator is not None:
        value += f" ({kpi.numerator:,.0f} of {kpi.denominator:,.0f})"
    return f"{kpi.id} {kpi.title}: {value}" + (" (small n)" if kpi.small_n else "")


def page() -> str:
    """`docs/dma.md`."""
    lines = [
        "<!-- Generated from scanner/maturity/dma.py (`page()`); edit that instead. -->",
        "",
        "# Evidence towards the Data Maturity Assessment",
        "",
        "`dpscan maturity --dma` prints a table to attach to an assessment (`--format csv` or `json` for other tools;",
        "a period's workbook has it as a sheet). For each of the ten topics of the Data Maturity Assessment for",
        "Government it gives the observed domains and [key figures](kpis.md) that bear on it.",
        "",
        "- It is **evidence beside** people's answers, never a level. The assessment's 97 areas are about more than",
        "  settings of stores, and for six topics a scan has nothing to say.",
        "- It speaks of the stores that were scanned. What is not known counts against a figure.",
        "- Which domain bears on which topic is dpscan's own judgement.",
        "",
        "| topic | domains, figures | what the evidence is about | what it does not show |",
        "|---|---|---|---|",
    ]
    for topic in TOPICS:
        named = ", ".join((*topic.domains, *topic.kpis)) or "none"
        lines.append(f"| {topic.title} | {named} | {topic.shows or 'nothing'} | {topic.not_shown} |")
    lines += ["", "The domains are those of [observed maturity](maturity.md).", ""]
    return "\n".join(lines)
