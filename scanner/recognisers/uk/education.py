"""Pupils, learners and exam candidates."""

from __future__ import annotations

from scanner.recognisers.uk import checks
from scanner.recognisers.uk.spec import S, Spec, spec

SPECS: tuple[Spec, ...] = (
    spec(
        "UK_UPN",
        "unique pupil number",
        f"[A-HJ-NP-RT-Z]{S}[0-9]{{3}}{S}[0-9]{{4}}{S}[0-9]{{2}}{S}[0-9]{{2}}[0-9A-HJ-NP-RT-Z]",
        check=checks.upn,
        check_name="modulus 23 letter",
        chance=0.031,
        leads=(1,),
        needs_context=False,
        base=0.75,
        context="upn|pupil|unique pupil number|school|student|child|former upn",
        headers="upn|unique pupil number|pupil upn|upn no|upn number|former upn|student upn|unique pupil no|"
        "unique pupil ref|pupil number|child upn|current upn|pupil no|upn current|upn former",
        source="Department for Education, Unique pupil numbers guide; python-stdnum gb.upn",
    ),
    spec(
        "UK_ULN",
        "unique learner number",
        "[0-9]{10}",
        check=checks.uln,
        check_name="modulus 11",
        chance=0.0818,
        context="uln|learner|unique learner number|learner number|lrs|learning records|student",
        headers="uln|unique learner number|learner number|unique learner no|uln number|uln no|learner uln|"
        "unique learner ref|learner no|student uln|learner unique number",
        source="HESA C17051, field ULN; Learning Records Service",
    ),
    spec(
        "UK_UCI",
        "exam candidate identifier",
        "[0-9]{5}[A-Z0-9][0-9]{6}[A-HJ-NP-RT-Y]",
        check=checks.varied,
        check_name="layout",
        chance=0.84,
        context="uci|unique candidate identifier|candidate|exam|exams|awarding",
        headers="uci|unique candidate identifier|candidate identifier|candidate uci|uci number|uci no|"
        "exam candidate identifier|unique candidate id|exams uci",
        source="JCQ, formats for the exchange of examination related data (thirteen characters)",
    ),
)
