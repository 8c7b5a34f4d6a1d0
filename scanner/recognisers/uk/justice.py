"""Police, courts, prisons and probation."""

from __future__ import annotations

from scanner.recognisers.uk import checks
from scanner.recognisers.uk.spec import Route, Spec, spec

_LETTER = "[A-HJ-NP-RT-Z]"

SPECS: tuple[Spec, ...] = (
    spec(
        "UK_PNC_ID",
        "PNC number",
        f"(?:19|20)?[0-9]{{2}}[/-][0-9]{{1,7}}{_LETTER}",
        check=checks.pnc,
        check_name="modulus 23 letter",
        chance=0.0385,
        needs_context=False,
        base=0.7,
        context="pnc|pnc id|pncid|police national computer|police|arrest|offender|conviction|custody|nominal",
        headers="pnc|pnc id|pncid|pnc number|pnc no|pnc ref|pnc reference|police national computer id|"
        "police national computer number|offender pnc|pnc identifier|pnc num",
        source="criminaljusticehub.org.uk, PNC ID; Ministry of Justice offender-search tests",
    ),
    spec(
        "UK_CRO_NUMBER",
        "criminal records number",
        f"[0-9]{{1,6}}/[0-9]{{2}}{_LETTER}|SF[ /-]?[0-9]{{2}}[/-][0-9]{{1,6}}{_LETTER}",
        check=checks.cro,
        check_name="modulus 23 letter",
        chance=0.0385,
        leads=(0, 2),
        needs_context=False,
        base=0.65,
        context="cro|cro number|criminal records office|criminal record|criminal records|police|offender",
        headers="cro|cro number|cro no|cro ref|criminal records office number|criminal record office number|"
        "criminal record number|cro num|offender cro",
        source="Ministry of Justice offender-search tests; criminaljusticehub.org.uk, CRO number",
    ),
    spec(
        "UK_ARREST_SUMMONS_NUMBER",
        "arrest/summons number",
        f"[0-9]{{2}}/?[0-9]{{2}}[A-Z0-9]{{2}}/?[A-Z0-9]{{2}}/?[0-9]{{11}}{_LETTER}",
        check=checks.asn,
        check_name="modulus 23 letter",
        chance=0.0385,
        needs_context=False,
        base=0.8,
        context="asn|arrest summons|arrest/summons|arrest|charge|charged|police|court",
        headers="asn|arrest summons number|arrest summons no|arrest summons|arrest summons ref|as number|"
        "arrest and summons number|arrest or summons number|asn number",
        source="Ministry of Justice, Bichard 7 (ASN check character)",
    ),
    spec(
        "UK_PRISONER_NUMBER",
        "prisoner number",
        "[A-Z][0-9]{4}[A-Z]{2}",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        leads=(1,),
        ignore_case=True,
        context="prisoner|prison|hmp|hm prison|noms|nomis|offender|inmate|custody|released|cell|wing|yoi|sentence|cellmate|"
        "canteen|landing|acct|adjudication|licence recall|key worker|governor|cell mate|padmate",
        headers="prisoner number|prisoner no|prison number|prison no|noms|noms number|noms no|noms id|nomis|"
        "nomis id|nomis number|nomis no|offender no|offender number|prisoner id|prisoner ref|hmp number|"
        "prisoner noms number|offender noms id",
        source="Ministry of Justice, prison offender numbers (A9999AA)",
    ),
    spec(
        "UK_PROBATION_CRN",
        "probation case number",
        "[A-Z][0-9]{6}",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        leads=(1,),
        context="crn|probation|delius|ndelius|case reference number|offender manager|licence conditions",
        headers="crn|probation crn|delius crn|ndelius crn|probation number|case reference number crn|crn number|"
        "crn no|delius id|probation case number|delius number",
        source="Ministry of Justice, community-api case reference numbers (A999999)",
    ),
    spec(
        "UK_COURT_CASE_REFERENCE",
        "court case reference",
        f"[0-9]{{2}}/[0-9]{{4}}/[0-9]{{1,6}}{_LETTER}|[TSAUB](?:19|20)[0-9]{{6}}"
        "|[A-Z][0-9]{2}[A-Z]{2}[0-9]{3}|[0-9][A-Z]{2}[0-9]{5}|[A-Z]{2}[0-9]{2}[A-Z][0-9]{5}",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        leads=(0, 1, 2),
        context="court|magistrates|crown court|county court|family court|hearing|claim number|claim no|"
        "case number|case no|indictment|hmcts|libra|tribunal|court ref|court reference",
        headers="court case reference|court case ref|court case number|court case no|court reference|court ref|"
        "court case|case number court|claim number|claim no|crown court case number|court number|"
        "court case id|magistrates court reference|court file number|indictment number|libra case number|"
        "hmcts case number|hmcts reference|court claim number",
        source="criminaljusticehub.org.uk, court case reference (its check letter is not confirmed)",
    ),
    spec(
        "UK_CRIME_REFERENCE",
        "crime reference",
        "[A-Z]{0,4}[/ -]?[0-9]{1,10}(?:[/-][A-Z0-9]{1,10}){0,3}",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        route=Route.LABEL,
        labels="psni ref|psni reference|crime reference number|crime reference|crime ref|crime number|crime no|crn ref|police reference|"
        "police ref|incident number|cad number|cad ref|crime report number|police urn|niche reference|"
        "occurrence number|action fraud reference",
        headers="crime reference|crime reference number|crime ref|crime ref no|crime number|crime no|police ref|"
        "police reference|police reference number|police urn|crime report number|crime id|cad number|cad ref|"
        "niche reference|niche occurrence number|occurrence number|crime report no|action fraud reference|"
        "incident crime number",
        source="no national format is published: label or column name needed",
    ),
    spec(
        "UK_CRIME_REFERENCE",
        "log of a day",
        "[0-9]{1,5}(?:-| of )[0-9]{1,2}[/.-]?[0-9]{1,2}[/.-]?(?:20)?[0-9]{2}",
        check=checks.varied,
        check_name="number and day",
        chance=0.9,
        route=Route.LABEL,
        labels="log number|log no|log ref|incident number|incident no|incident ref|cad number|cad no|cad ref|cad",
        source="as police control rooms number their logs: a number and the day; label needed",
    ),
    spec(
        "UK_CRIME_REFERENCE",
        "crime or occurrence number",
        "[0-9]{2}/[0-9]{4,7}/[0-9]{2}|CR/?[0-9]{3,8}/[0-9]{2,4}|[1-9][0-9]{10}",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        leads=(0, 2),
        context="crime|crimes|occurrence|police|pcso|offence|niche|burglary|theft|assault|arrested|officers|101|"
        "constable|reported to",
        source="as police forces write them: force or area, number, year; eleven digits in newer systems",
    ),
)
