"""Identity documents and government references of people."""

from __future__ import annotations

from scanner.recognisers.uk import checks
from scanner.recognisers.uk.spec import Route, S, Spec, spec


def _share(value: str) -> bool:
    """Share codes mix letters and digits; a plain word is none."""
    v = checks.bare(value)
    return any(c.isdigit() for c in v) and any(c.isalpha() for c in v)


def _service_number(value: str) -> bool:
    return checks.varied(value)


def _foreign_passport(value: str) -> bool:
    return checks.varied(value) and sum(c.isdigit() for c in value) >= 3


def _badge(value: str) -> bool:
    """Six characters, letters and digits mixed."""
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value) and value == value.upper()


SPECS: tuple[Spec, ...] = (
    spec(
        "UK_NINO",
        "National Insurance number",
        f"(?:[A-CEGHJ-PR-TW-Z]{S}[A-CEGHJ-NPR-TW-Z]|OO|FY|QQ){S}[0-9]{{2}}{S}[0-9]{{2}}{S}[0-9]{{2}}(?:{S}[A-D])?",
        check=checks.nino,
        check_name="prefix in use",
        chance=0.086,
        test_range=checks.nino_test,
        leads=(2,),
        needs_context=True,
        strong=f"[A-Z]{S}[A-Z]{S}[0-9]{{2}}{S}[0-9]{{2}}{S}[0-9]{{2}}{S}[A-D]",
        base=0.8,
        context="national insurance|ni number|ni no|nino|n.i.|insurance number|ni:|nat ins|hmrc|dwp|"
        "national ins|ni num|benefit|payroll|universal credit|ni",
        headers="nino|ni number|ni no|ni num|n i no|n i number|national insurance|national insurance number|"
        "national insurance no|nat ins no|nat ins number|nat insurance no|ni|ninumber|nino number|insurance no|"
        "insurance number|national ins no|employee ni number|employee nino|claimant nino|customer nino|"
        "ni ref|nat ins num|partner nino|applicant nino|natinsno|nino no|staff ni number|citizen nino",
        source="gov.uk, National Insurance Manual NIM39110; dwp/nino-format-validation",
    ),
    spec(
        "UK_NINO",
        "temporary reference number",
        f"[0-9]{{2}}{S}[A-Z]{S}[0-9]{S}[0-9]{{2}}{S}[0-9]{{2}}",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        context="temporary reference|trn|temporary national insurance|temporary ni",
        headers="trn|temporary reference number|temporary ni number|temporary nino|temp ni number",
        source="gov.uk, National Insurance Manual NIM39110 (temporary reference numbers)",
    ),
    spec(
        "UK_PASSPORT",
        "passport number",
        "[0-9]{3}[ \u00a0]?[0-9]{3}[ \u00a0]?[0-9]{3}|[A-Z][0-9]{6}|[0-9]{6}[A-Z]",
        check=checks.varied,
        check_name="nine digits",
        chance=1.0,
        leads=(0, 1),
        context="passport|passport no|passport number|travel document|hmpo|id document|passport:",
        headers="passport|passport number|passport no|passport num|passport ref|uk passport|uk passport number|"
        "travel document number|travel doc no|passport id|passportno|passport nbr|applicant passport number|"
        "british passport number|passport details",
        source="criminaljusticehub.org.uk, passport number (nine digits; older books seven characters)",
    ),
    spec(
        "UK_PASSPORT",
        "passport number of another country",
        "[A-Z]{1,2}[0-9]{6,8}|[A-Z][A-Z0-9]{7,8}",
        check=_foreign_passport,
        check_name="letters and digits",
        chance=0.9,
        ignore_case=False,
        route=Route.LABEL,
        labels="passport number|passport no|passport num|passport",
        source="ICAO Doc 9303: up to nine letters and digits; label needed",
    ),
    spec(
        "PASSPORT_MRZ",
        "machine-readable zone",
        "(?:P[A-Z<][A-Z<]{3}[A-Z<]{39}[ \t\r\n]*)?[A-Z0-9<]{9}[0-9][A-Z<]{3}[0-9]{6}[0-9][MFX<][0-9]{6}[0-9]"
        "[A-Z0-9<]{14}[0-9<][0-9]"
        "|(?:[PACIV][A-Z<][A-Z<]{34}[ \t\r\n]*)?[A-Z0-9<]{9}[0-9][A-Z<]{3}[0-9]{6}[0-9][MFX<][0-9]{6}[0-9]"
        "[A-Z0-9<]{7}[0-9]"
        "|[ACI][A-Z<][A-Z<]{3}[A-Z0-9<]{9}[0-9<][A-Z0-9<]{15}[ \t\r\n]*[0-9]{6}[0-9][MFX<][0-9]{6}[0-9][A-Z<]{3}"
        "[A-Z0-9<]{11}[0-9](?:[ \t\r\n]*[A-Z<]{30})?",
        check=checks.mrz,
        check_name="digits of number, birth and expiry",
        chance=0.001,
        test_range=checks.mrz_test,
        needs_context=False,
        ignore_case=False,
        route=Route.ANCHOR,
        anchors=("<<",),
        reach=92,
        base=0.98,
        context="passport|mrz|machine readable|travel document",
        headers="mrz|machine readable zone|mrz line|mrz line 1|mrz line 2|mrz1|mrz2|passport mrz|mrz text",
        source="ICAO Doc 9303 parts 4 to 6",
    ),
    spec(
        "PASSPORT_MRZ",
        "name line of a machine-readable zone",
        "P[A-Z<][A-Z]{3}[A-Z]+(?:<[A-Z]+){0,4}<<[A-Z]+(?:<[A-Z]+){0,4}<{5,38}",
        chance=0.01,
        check=lambda v: 40 <= len(v) <= 46,
        check_name="length",
        needs_context=False,
        ignore_case=False,
        route=Route.ANCHOR,
        anchors=("<<",),
        reach=92,
        base=0.9,
        context="passport|mrz|machine readable|travel document",
        source="ICAO Doc 9303 part 4: the first line has no check digits",
    ),
    spec(
        "UK_DRIVING_LICENCE",
        "driving licence number",
        "[A-Z9]{5}[ \u00a0-]?[0-9](?:[05][1-9]|[16][0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9][ \u00a0-]?"
        "[A-Z9]{2}[A-Z0-9][ \u00a0-]?[A-Z]{2}(?:[ \u00a0-]?[0-9]{2})?",
        check=checks.driver,
        check_name="name padding and birth date",
        chance=0.074,
        test_range=checks.driver_test,
        leads=(1, 2, 3, 4, 5),
        needs_context=False,
        base=0.9,
        context="driving licence|driver number|driver licence|driving license|dvla|licence number|licence no|driver",
        headers="driving licence|driving licence number|driving licence no|driver number|driver no|licence number|"
        "licence no|driving license|driver licence|dl number|dl no|dvla number|drivers licence|"
        "drivers licence number|driving lic no|driver licence number|driving license number|dvla driver number",
        source="DVLA driver number layout as read by Bichard 7 and Presidio (algorithm of the tail unpublished)",
    ),
    spec(
        "UK_DRIVING_LICENCE",
        "Northern Ireland driving licence number",
        "[0-9]{8}",
        check=checks.varied,
        check_name="eight digits",
        chance=1.0,
        context="driving licence|driver number|driving license|dva|ni licence|driver licence",
        headers="ni driving licence|ni driver number|dva driver number|dva licence number|northern ireland licence",
        source="Driver and Vehicle Agency: eight digits",
    ),
    spec(
        "UK_ELECTORAL_NUMBER",
        "electoral number",
        "[A-Z]{1,3}[0-9]?[ /-]?[0-9]{1,5}(?:/[0-9]{1,2})?",
        check=None,
        chance=1.0,
        route=Route.LABEL,
        labels="electoral number|electoral roll number|electoral register number|elector number|electoral no|"
        "elector no|electoral roll no|poll number|roll number",
        headers="electoral number|electoral no|elector number|elector no|electoral roll number|roll number|"
        "electoral roll no|electoral register number|elector id|electoral ref|poll number|elector number suffix|"
        "electoral reference|elector ref|roll no",
        source="Electoral Commission: polling district letters and a number; label or column name needed",
    ),
    spec(
        "UK_COUNCIL_TAX_REFERENCE",
        "council tax reference",
        "[A-Z]?[0-9]{6,12}[A-Z0-9]?",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        route=Route.LABEL,
        labels="council tax reference number|council tax reference|council tax ref|council tax account number|"
        "council tax account|council tax number|council tax no|ctax ref|ctax account|ct account|ctax",
        headers="council tax reference|council tax ref|council tax account|council tax account number|ctax ref|"
        "ctax account|ct ref|council tax number|council tax no|ct account no|ctax reference|ctax no|ctax|"
        "council tax account no|council tax acc|ctr ref|ctax acc no|ct account ref|ctax account ref|ct reference",
        source="no national format is published: label or column name needed",
    ),
    spec(
        "UK_COUNCIL_TAX_REFERENCE",
        "council tax account",
        "[0-9]{8,11}",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        context="council tax|council-tax|c/tax|c.tax|ctax|c tax|ct account|ctax account|ctax acc",
        source="no national format is published: eight to eleven digits beside a word for council tax",
    ),
    spec(
        "UK_BRP",
        "residence permit number",
        "[A-Z]{2}[X0-9][0-9]{6}",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        leads=(2, 3),
        context="brp|biometric residence|residence permit|visa|immigration|leave to remain|right to work",
        headers="brp|brp number|brp no|biometric residence permit|biometric residence permit number|"
        "residence permit|residence permit number|brp ref|brc number|residence permit no|permit number brp",
        source="Home Office BRP guidance as reported second-hand: two letters, X or a digit, six digits",
    ),
    spec(
        "UK_SHARE_CODE",
        "share code",
        "[WRS][A-Z0-9]{2}[ \u00a0-]?[A-Z0-9]{3}[ \u00a0-]?[A-Z0-9]{3}",
        check=_share,
        check_name="letters and digits",
        chance=0.1,
        route=Route.LABEL,
        labels="share code|sharecode|right to work code|right to rent code|evisa code",
        headers="share code|sharecode|right to work share code|rtw share code|rtw code|right to rent share code|"
        "share code rtw|evisa share code",
        source="gov.uk share codes: nine characters, W, R or S first",
    ),
    spec(
        "UK_SHARE_CODE",
        "share code in three groups",
        "[WRS][A-Z0-9]{2}[ -][A-Z0-9]{3}[ -][A-Z0-9]{3}",
        check=_share,
        check_name="letters and digits",
        chance=0.1,
        ignore_case=False,
        route=Route.LABEL,
        labels="code|right to work|right to rent",
        source="gov.uk share codes: nine characters in three groups, W, R or S first",
    ),
    spec(
        "UK_HOME_OFFICE_REFERENCE",
        "Home Office reference",
        "[A-Z][ /-]?[0-9]{7}(?:[/-][0-9]{1,3})?",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        leads=(1,),
        context="home office|ho ref|ho reference|ukvi|immigration|asylum|cid|nass|ukba|home office reference",
        headers="home office reference|home office ref|ho ref|ho reference|home office no|home office number|"
        "ho number|ho ref no|cid reference|nass ref|nass reference|nass number|home office id|ukvi reference",
        source="Home Office references as reported second-hand: a letter and seven digits",
    ),
    spec(
        "UK_HOME_OFFICE_REFERENCE",
        "visa application reference",
        "GWF[ ]?[0-9]{9}|[0-9]{2}/[0-9]{2}/[0-9]{5}(?:/[0-9]{3})?|[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{4}(?:/[0-9]{2})?",
        check=checks.varied,
        check_name="layout",
        chance=1.0,
        leads=(0, 3),
        strong="(?i:GWF)[ ]?[0-9]{9}",
        base=0.75,
        context="gwf|uan|nass|asylum support|unique application number|visa application|ukvi|application number|home office",
        headers="gwf|gwf number|gwf reference|gwf ref|uan|unique application number|visa reference|visa ref|"
        "visa application number|uan number|gwf no",
        source="UK Visas and Immigration application references (no published check)",
    ),
    spec(
        "UK_SERVICE_NUMBER",
        "service number",
        "[0-9]{8}|[A-Z][0-9]{6}[A-Z]|[A-Z][0-9]{7}|[A-Z]{1,2}/?[0-9]{6,8}",
        check=_service_number,
        check_name="layout",
        chance=1.0,
        leads=(0, 1, 2),
        context="service number|service no|army number|army no|army|navy no|raf no|military|armed forces|regiment|royal navy|royal air force|"
        "raf|veteran|regimental|serving",
        headers="service number|service no|army number|army no|military service number|armed forces number|"
        "service num|regimental number|raf number|navy number|veteran service number|mod service number|svc no|"
        "service number military",
        source="no single published format: Army eight digits, Navy and RAF with letters",
    ),
    spec(
        "UK_BLUE_BADGE",
        "Blue Badge number",
        "[A-Z0-9]{6}(?: [0-9] [0-9]{4}[XPM][0-9]{4})?|[A-Z]{2}[0-9]{4}[ ]?[0-9][ ]?[0-9]{4}[XPM][0-9]{4}",
        check=checks.varied,
        check_name="layout",
        chance=0.8,
        route=Route.LABEL,
        labels="blue badge number|blue badge no|blue badge serial|blue badge ref|blue badge reference|"
        "blue badge|badge serial number|disabled badge number",
        headers="blue badge|blue badge number|blue badge no|blue badge ref|blue badge serial|bb number|"
        "blue badge serial number|blue badge reference|disabled badge number|disabled parking badge number|bbis ref",
        source="Department for Transport, Blue Badge serial numbers (six characters; longer printed form)",
    ),
    spec(
        "UK_BLUE_BADGE",
        "Blue Badge serial",
        "[A-Z0-9]{6}",
        check=_badge,
        check_name="letters and digits",
        chance=0.8,
        ignore_case=False,
        leads=(0, 1, 2, 3, 4),
        context="blue badge|bluebadge|disabled badge|parking badge|badge no|badge number|bb no",
        source="Department for Transport, Blue Badge serial numbers (six characters)",
    ),
    spec(
        "UK_DBS_CERTIFICATE",
        "DBS certificate number",
        "00[0-9]{10}|[0-9]{12}",
        check=checks.varied,
        check_name="twelve digits",
        chance=1.0,
        context="dbs|disclosure|barring|certificate number|certificate no|cert no|cert number|crb|enhanced check|"
        "disclosure and barring",
        headers="dbs|dbs number|dbs no|dbs certificate|dbs certificate number|dbs certificate no|dbs ref|"
        "dbs cert no|disclosure number|disclosure no|crb number|dbs reference|dbs disclosure number|crb no|"
        "enhanced dbs number|dbs cert number|crb disclosure number|dbs check number",
        source="Disclosure and Barring Service: twelve digits",
    ),
)
