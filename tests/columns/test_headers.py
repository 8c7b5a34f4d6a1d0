"""Column names read as words."""

from __future__ import annotations

import pytest

from scanner.columns.headers import HeaderReader
from scanner.recognisers.uk import UkRecogniser

READER = HeaderReader(UkRecogniser().identifiers())


@pytest.mark.parametrize(
    ("name", "entity_type"),
    [
        ("nhsNumber", "UK_NHS"), ("NHS_NO", "UK_NHS"), ("Patient NHS number", "UK_NHS"), ("nhsno", "UK_NHS"),
        ("custDOB", "DATE_OF_BIRTH"), ("Date of Birth (dd/mm/yyyy)", "DATE_OF_BIRTH"), ("fname", "PERSON"), ("SURNAME", "PERSON"),
        ("applicant_nino", "UK_NINO"), ("home_tel_no", "PHONE_NUMBER"), ("AddrLine2", "ADDRESS"), ("e-mail", "EMAIL_ADDRESS"),
        ("EthnicGroupDesc", "ETHNICITY"), ("religion_or_belief", "RELIGION"), ("OffenceDescription", "CRIMINAL_OFFENCE"),
        ("Annual Salary", "SALARY"), ("ctax_account_no", "UK_COUNCIL_TAX_REFERENCE"), ("is_disabled", "HEALTH"),
    ],
)  # fmt: skip
def test_says(name: str, entity_type: str) -> None:
    assert READER.read(name).says(entity_type) >= 0.7


@pytest.mark.parametrize(
    ("name", "entity_type"),
    [
        ("passport_expiry_date", "UK_PASSPORT"), ("card_type", "CREDIT_CARD"), ("product_name", "PERSON"), ("email_sent_flag", "EMAIL_ADDRESS"),
        ("file name", "PERSON"), ("account_type", "UK_BANK_ACCOUNT"), ("course name", "PERSON"), ("phone model", "PHONE_NUMBER"),
        ("ip address", "ADDRESS"), ("email address", "ADDRESS"), ("company_name", "PERSON"),
    ],
)  # fmt: skip
def test_does_not_say(name: str, entity_type: str) -> None:
    assert READER.read(name).says(entity_type) < 0.7


@pytest.mark.parametrize("name", ["C1", "column_0", "field12", "F7", "", "12", "Unnamed: 3", "col_b"])
def test_cryptic(name: str) -> None:
    header = READER.read(name)
    assert header.cryptic or not header.types
    assert not header.harmless


@pytest.mark.parametrize(
    "name", ["Order Number", "product_code", "created_at", "Ward", "department", "lat", "row_hash"]
)
def test_harmless(name: str) -> None:
    assert READER.read(name).harmless
