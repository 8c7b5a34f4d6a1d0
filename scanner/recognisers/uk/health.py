"""Health: patients' numbers of the four nations, and registrants."""

from __future__ import annotations

from scanner.recognisers.uk import checks
from scanner.recognisers.uk.spec import S, Spec, spec

_GROUPED = (
    "[0-9]{3}[ \u00a0\u2009\u202f\u2010\u2011\u2013-][0-9]{3}[ \u00a0\u2009\u202f\u2010\u2011\u2013-][0-9]{4}"
)
"""Written 3-3-4, the layout the NHS asks for on letters."""

SPECS: tuple[Spec, ...] = (
    spec(
        "UK_NHS",
        "NHS number",
        f"[0-9]{{3}}{S}[0-9]{{3}}{S}[0-9]{{4}}",
        check=checks.nhs,
        check_name="modulus 11 and issued range",
        chance=0.0363,
        test_range=checks.nhs_test,
        strong=_GROUPED,
        base=0.6,
        context="nhs|national health service|nhs number|nhs no|health number|health id|patient|hospital|"
        "clinic|gp practice|ward|nhsno|nhs_number|nhs_no|pds|s1|emis",
        headers="nhs number|nhs no|nhs num|nhs nbr|nhs id|nhs ref|nhs reference|nhsno|nhsnumber|nhs|n h s no|"
        "n h s number|new nhs number|new nhs no|patient nhs number|patient nhs no|client nhs number|"
        "pat nhs no|child nhs number|mother nhs number|baby nhs number|nhs number patient|"
        "national health service number|nhs identifier|pds nhs number|traced nhs number|nhs number traced|"
        "service user nhs number|su nhs no|resident nhs number",
        source="NHS Data Dictionary, NHS NUMBER; issued ranges as in the nhs-number package 2.2",
    ),
    spec(
        "UK_CHI",
        "CHI number",
        f"[0-9]{{6}}{S}[0-9]{{4}}",
        check=checks.chi,
        check_name="modulus 11 and birth date",
        chance=0.0036,
        context="chi|chi number|chi no|community health index|nhs scotland|scottish health|patient",
        headers="chi|chi number|chi no|chi num|chino|community health index|community health index number|"
        "patient chi|patient chi number|upi chi|upi",
        source="NHS Data Dictionary, COMMUNITY HEALTH INDEX NUMBER; Public Health Scotland phsmethods",
    ),
    spec(
        "UK_HCN",
        "Health and Care number",
        f"[0-9]{{3}}{S}[0-9]{{3}}{S}[0-9]{{4}}",
        check=checks.hcn,
        check_name="modulus 11 and issued range",
        chance=0.0073,
        strong=_GROUPED,
        base=0.55,
        context="h&c|hcn|h and c|h & c|health and care|health & care|hsc|health and social care|h+c|patient",
        headers="hcn|h c number|h c no|hc number|hc no|h and c number|health and care number|health care number|"
        "hsc number|hsc no|h & c number|h&c number|h&c no|health and social care number|h c num",
        source="NHS Data Dictionary (archive), HEALTH AND CARE NUMBER",
    ),
    spec(
        "UK_GMC_NUMBER",
        "GMC number",
        "[0-9]{7}",
        check=lambda v: checks.varied(v) and v[0] in "01234567",
        check_name="seven digits",
        chance=0.8,
        context="gmc|general medical council",
        headers="gmc|gmc number|gmc no|gmc num|gmc ref|gmc reference|gmc reference number|gmc code|"
        "gmc registration|gmc registration number|consultant gmc|doctor gmc number|consultant gmc code",
        source="General Medical Council, list of registered medical practitioners (seven digits)",
    ),
    spec(
        "UK_NMC_PIN",
        "NMC PIN",
        f"[0-9]{{2}}{S}[A-L]{S}[0-9]{{4}}{S}[ESWNCO]",
        check=lambda v: checks.varied(v) and 1 <= ord(checks.bare(v)[2]) - 64 <= 12,
        check_name="month letter and country letter",
        chance=0.107,
        context="nmc|nursing and midwifery|nursing & midwifery|nurse pin|registration pin|nmc pin|pin",
        headers="nmc|nmc pin|nmc no|nmc number|nmc registration|nmc registration number|nurse pin|nmc pin number|"
        "nursing pin|professional registration pin",
        source="Nursing and Midwifery Council, PIN: year, month letter, four digits, country letter",
    ),
)
