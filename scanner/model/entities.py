"""The public names of entity types, their groups and what the law says of them.

Names are Presidio's own where it has one. The table in `docs/entity-types.md` is
generated from this module.
"""

from __future__ import annotations

import dataclasses

from scanner.model.states import Sensitivity


@dataclasses.dataclass(frozen=True, slots=True)
class EntityType:
    name: str
    group: str
    """What counts as the same kind of thing when two names compete for one span."""
    sensitivity: Sensitivity
    """Band of a holding that has this type alone."""
    title: str
    """Plain English, for the data protection officer."""
    personal: bool = True
    """False for types that say nothing of a person by themselves (a date, a place)."""
    identifies: bool = False
    """True where distinct values approximate distinct people."""
    special: str | None = None
    """Article 9 category."""
    offence: bool = False
    """Article 10 data, or data that places a person in the justice system."""


def _rows() -> tuple[EntityType, ...]:
    s1, s2, s3 = Sensitivity.S1, Sensitivity.S2, Sensitivity.S3

    def t(name: str, group: str, sens: Sensitivity, title: str, **kw: object) -> EntityType:
        return EntityType(name, group, sens, title, **kw)  # type: ignore[arg-type]

    return (
        t("PERSON", "person", s1, "name", identifies=True),
        t("ADDRESS", "where", s1, "postal address"),
        t("UK_POSTCODE", "where", s1, "postcode"),
        t("LOCATION", "where", s1, "place name", personal=False),
        t("UK_UPRN", "where", s1, "property reference (UPRN)"),
        t("DATE_OF_BIRTH", "when", s1, "date of birth"),
        t("DATE_TIME", "when", s1, "date", personal=False),
        t("AGE", "when", s1, "age"),
        t("EMAIL_ADDRESS", "online", s1, "e-mail address", identifies=True),
        t("PHONE_NUMBER", "online", s1, "telephone number", identifies=True),
        t("URL", "online", s1, "web address", personal=False),
        t("IP_ADDRESS", "online", s1, "IP address"),
        t("MAC_ADDRESS", "online", s1, "network card address"),
        t("USERNAME", "online", s1, "user name", identifies=True),
        t("PASSWORD", "online", s2, "password"),
        t("DEVICE_ID", "online", s1, "device or session id"),
        t("IMEI", "online", s1, "mobile handset number (IMEI)"),
        t("CREDIT_CARD", "money", s2, "payment card number"),
        t("IBAN_CODE", "money", s2, "bank account (IBAN)"),
        t("UK_SORT_CODE", "money", s2, "bank sort code"),
        t("UK_BANK_ACCOUNT", "money", s2, "bank account number"),
        t("UK_UTR", "money", s2, "taxpayer reference (UTR)", identifies=True),
        t("UK_VAT_NUMBER", "money", s1, "VAT number"),
        t("SALARY", "money", s2, "pay"),
        t("UK_NINO", "state", s2, "National Insurance number", identifies=True),
        t("UK_PASSPORT", "state", s2, "passport number", identifies=True),
        t("PASSPORT_MRZ", "state", s2, "passport machine-readable zone", identifies=True),
        t("UK_DRIVING_LICENCE", "state", s2, "driving licence number", identifies=True),
        t("UK_VEHICLE_REGISTRATION", "state", s1, "vehicle registration"),
        t("VIN", "state", s1, "vehicle identification number"),
        t("UK_ELECTORAL_NUMBER", "state", s1, "electoral number"),
        t("UK_COUNCIL_TAX_REFERENCE", "state", s1, "council tax reference"),
        t("UK_BRP", "state", s2, "biometric residence permit number", identifies=True),
        t("UK_HOME_OFFICE_REFERENCE", "state", s2, "Home Office reference"),
        t("UK_SHARE_CODE", "state", s2, "immigration share code"),
        t("UK_SERVICE_NUMBER", "state", s2, "armed forces service number", identifies=True),
        t("UK_BLUE_BADGE", "state", s3, "Blue Badge number", special="health"),
        t("UK_DBS_CERTIFICATE", "state", s2, "DBS certificate number"),
        t("US_SSN", "state", s2, "US social security number", identifies=True),
        t("US_ITIN", "state", s2, "US taxpayer number", identifies=True),
        t("US_PASSPORT", "state", s2, "US passport number", identifies=True),
        t("US_DRIVER_LICENSE", "state", s2, "US driving licence number", identifies=True),
        t("US_BANK_NUMBER", "money", s2, "US bank account number"),
        t("UK_NHS", "health_id", s2, "NHS number", identifies=True),
        t("UK_CHI", "health_id", s2, "Scottish health number (CHI)", identifies=True),
        t("UK_HCN", "health_id", s2, "Northern Irish health number", identifies=True),
        t("UK_GMC_NUMBER", "health_id", s1, "doctor's GMC number", identifies=True),
        t("UK_NMC_PIN", "health_id", s1, "nurse's NMC PIN", identifies=True),
        t("UK_UPN", "education", s2, "pupil number (UPN)", identifies=True),
        t("UK_ULN", "education", s2, "learner number (ULN)", identifies=True),
        t("UK_UCI", "education", s2, "exam candidate identifier", identifies=True),
        t("UK_PNC_ID", "justice", s3, "police computer number (PNC)", identifies=True, offence=True),
        t("UK_CRO_NUMBER", "justice", s3, "criminal records number", identifies=True, offence=True),
        t("UK_ARREST_SUMMONS_NUMBER", "justice", s3, "arrest/summons number", offence=True),
        t("UK_PRISONER_NUMBER", "justice", s3, "prisoner number", identifies=True, offence=True),
        t("UK_PROBATION_CRN", "justice", s3, "probation case number", identifies=True, offence=True),
        t("UK_COURT_CASE_REFERENCE", "justice", s3, "court case reference", offence=True),
        t("UK_CRIME_REFERENCE", "justice", s3, "crime reference", offence=True),
        t("GENDER", "attribute", s1, "sex or gender"),
        t("MARITAL_STATUS", "attribute", s1, "marital status"),
        t("NATIONALITY", "attribute", s1, "nationality"),
        t("HEALTH", "special", s3, "health", special="health"),
        t("GENETIC", "special", s3, "genetic data", special="genetic"),
        t("BIOMETRIC", "special", s3, "biometric data", special="biometric"),
        t("ETHNICITY", "special", s3, "ethnicity", special="ethnicity"),
        t("RELIGION", "special", s3, "religion or belief", special="religion"),
        t("POLITICAL_OPINION", "special", s3, "political opinion", special="political opinion"),
        t("TRADE_UNION", "special", s3, "trade union membership", special="trade union"),
        t("SEXUAL_ORIENTATION", "special", s3, "sex life or orientation", special="sexual orientation"),
        t("CRIMINAL_OFFENCE", "offence", s3, "criminal offence or allegation", offence=True),
    )


ENTITY_TYPES: dict[str, EntityType] = {row.name: row for row in _rows()}
SPECIAL_CATEGORIES: tuple[str, ...] = tuple(
    sorted({row.special for row in ENTITY_TYPES.values() if row.special})
)


def entity(name: str) -> EntityType:
    """The registered type, or an ordinary personal one for a user's custom recogniser."""
    return ENTITY_TYPES.get(name) or EntityType(
        name, "custom", Sensitivity.S1, name.replace("_", " ").lower(), identifies=False
    )
