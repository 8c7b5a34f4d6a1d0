"""Runs over time to observed maturity and key figures. Pure: reads no clock, does no I/O.

`profile` gives ten domains with their levels, `kpis` the figures K1 to K25, `caf_evidence` what
there is to show towards outcomes of the Cyber Assessment Framework. The words and formulas are in
`docs/maturity.md`, `docs/kpis.md` and `docs/caf.md`.
"""

from scanner.maturity.attestations import Attestations, Attested, parse
from scanner.maturity.caf import OUTSIDE, CafEvidence, caf_evidence
from scanner.maturity.dma import DmaEvidence, dma_evidence
from scanner.maturity.domains import DOMAIN_OF, DOMAINS, OF, Control, Domain, Reference
from scanner.maturity.kpi_table import DEFINITIONS, Definition, Kpi
from scanner.maturity.kpis import kpis
from scanner.maturity.levels import TITLES
from scanner.maturity.period import Change, Figure, Period, Point, period
from scanner.maturity.profile import DomainScore, Profile, TrendPoint, profile
from scanner.maturity.trend import series

__all__ = [
    "DEFINITIONS",
    "DOMAINS",
    "DOMAIN_OF",
    "OF",
    "OUTSIDE",
    "TITLES",
    "Attestations",
    "Attested",
    "CafEvidence",
    "Change",
    "Control",
    "Definition",
    "DmaEvidence",
    "Domain",
    "DomainScore",
    "Figure",
    "Kpi",
    "Period",
    "Point",
    "Profile",
    "Reference",
    "TrendPoint",
    "caf_evidence",
    "dma_evidence",
    "kpis",
    "parse",
    "period",
    "profile",
    "series",
]
