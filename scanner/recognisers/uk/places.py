"""Postcodes, property references and birth dates, as formats."""

from __future__ import annotations

from scanner.recognisers.uk import checks
from scanner.recognisers.uk.spec import Spec, spec

_SPACED = "[A-Z]{1,2}[0-9][0-9A-Z]?[ \u00a0]{1,2}[0-9][A-Z]{2}|GIR 0AA"
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)"
)
DATE_PATTERN = (
    "[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{4}|[0-9]{2})"
    "|(?:19|20)[0-9]{2}[/.-][0-9]{1,2}[/.-][0-9]{1,2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\\.[0-9]+)?Z?)?"
    "|[0-3][0-9][ ][01][0-9][ ](?:19|20)[0-9]{2}"
    f"|[0-9]{{1,2}}(?:st|nd|rd|th)?[ \u00a0/.-]{{0,2}}(?:of[ ])?{_MONTH}[ \u00a0/.,-]{{0,2}}(?:(?:19|20)[0-9]{{2}}|[0-9]{{2}})"
)
"""A whole date, day first or ISO, written with digits or a month's name."""


SPECS: tuple[Spec, ...] = (
    spec(
        "UK_POSTCODE",
        "postcode",
        "[A-Z]{1,2}[0-9][0-9A-Z]?[ \u00a0]{0,2}[0-9][ABD-HJLNP-UW-Z]{2}|GIR[ ]?0AA",
        check=checks.postcode,
        check_name="postcode area and layout",
        chance=0.1,
        leads=(1, 2, 3),
        strong=_SPACED,
        base=0.75,
        context="postcode|post code|address|postal|zip|road|street|avenue|lane|close|house|flat|lives at|living at|"
        "drive|way|court|gardens|crescent|terrace|london|uk|pcode|post_code|st|rd|ave|town|county|po box|unit|estate|"
        "surgery|school|mews|green|square|grove|row|hill|park|chambers|buildings|hall|centre|manchester|birmingham|"
        "leeds|glasgow|edinburgh|cardiff|belfast|liverpool|bristol|sheffield|newcastle|nottingham|leicester|bradford|"
        "hull|coventry|swansea|norwich|oxford|cambridge|york|kent|essex|surrey|sussex|devon|cornwall|somerset|"
        "norfolk|suffolk|yorkshire|lancashire|cheshire|cumbria|durham|hampshire|dorset|wiltshire",
        headers="postcode|post code|pcode|p code|pc|postal code|zip|zip code|zipcode|home postcode|address postcode|"
        "postcode sector|pcd|pcds|pcd2|pcd7|pcd8|addr postcode|client postcode|patient postcode|pupil postcode|"
        "postcode of usual address|site postcode|correspondence postcode|delivery postcode|property postcode|"
        "pstcde|current postcode|billing postcode",
        source="Royal Mail PAF programmers' guide (postcode formats and areas)",
    ),
    spec(
        "UK_UPRN",
        "property reference",
        "[0-9]{6,12}",
        check=checks.varied,
        check_name="digits",
        chance=1.0,
        context="uprn|unique property reference|property reference",
        headers="uprn|unique property reference number|unique property reference|unique property ref|property uprn|"
        "llpg uprn|uprn number|address uprn|property reference number|llpg ref|parent uprn|uprn no",
        source="GeoPlace: up to twelve digits, no check digit (six and more are looked for)",
    ),
    spec(
        "DATE_OF_BIRTH",
        "date of birth",
        f"{DATE_PATTERN}|(?:19|20)[0-9]{{2}}[01][0-9][0-3][0-9]",
        check=checks.dated,
        check_name="calendar",
        chance=1.0,
        context="born|dob|d.o.b|date of birth|birth date|birthdate|birthday|d o b|b.",
        headers="dob|d o b|date of birth|birth date|birthdate|dateofbirth|birth dt|dt of birth|date birth|birthday|"
        "dte of birth|d o birth|dob date|patient dob|pupil dob|client dob|child dob|birth|person birth date|"
        "customer dob|date of birth ddmmyyyy|claimant dob|bdate|brth dt|born|date born|service user dob|"
        "employee dob|applicant dob|partner dob|yob dob|dob ddmmyy|persondob|birth date dd mm yyyy",
        source="calendar; only beside a word for birth",
    ),
)
