"""Names of columns as forms, databases and surveys write them: what each says, read without its values."""

from __future__ import annotations

import pytest

from scanner.columns.headers import HeaderReader
from scanner.recognisers.uk import UkRecogniser

_READER = HeaderReader(UkRecogniser().identifiers())

_SAYS = """
DATE_OF_BIRTH            Please state your date of birth (DD/MM/YYYY)
ETHNICITY                What is your ethnic group?
HEALTH                   Do you consider yourself to have a disability?
PHONE_NUMBER             Contact telephone number (mobile preferred)
SEXUAL_ORIENTATION       Q14_sexual_orientation
ETHNICITY                Ethnic Group Code (18+1)
RELIGION                 religion_cd
CRIMINAL_OFFENCE         Any unspent convictions?
HEALTH                   Is the applicant pregnant
TRADE_UNION              Trade Union Subs (monthly)
HEALTH                   Pupil Premium / Disability
PERSON                   Forename(s)
PERSON                   cust_last_nm
PERSON                   txtSurname
PERSON                   strFirstName
PERSON                   PersonGivenName1
DATE_OF_BIRTH            dtmBirth
DATE_OF_BIRTH            DOBirth
UK_NHS                   Patient.NHSNo
UK_NINO                  NATIONAL INSURANCE NO
UK_NINO                  Nat_Ins_No
UK_BANK_ACCOUNT          Bank A/C No
UK_BANK_ACCOUNT          BACS account number
UK_PASSPORT              passportNumber
UK_VEHICLE_REGISTRATION  Vehicle Registration Mark
UK_VEHICLE_REGISTRATION  car_reg_1
EMAIL_ADDRESS            e-Mail (work)
UK_POSTCODE              Post Code
UK_POSTCODE              PostalCode
ADDRESS                  Property_Address
SALARY                   annual_gross_salary_gbp
SALARY                   Basic pay (£)
SALARY                   FTE_Salary
AGE                      Employee Age
AGE                      Age (yrs)
AGE                      age_at_referral
GENDER                   Sex/Gender
GENDER                   gndr
MARITAL_STATUS           Marital/Civil status
NATIONALITY              Nationality (as on passport)
HEALTH                   mental_health_flag
HEALTH                   Long term condition 1
HEALTH                   Primary_Diag_ICD
HEALTH                   medication_1_name
CRIMINAL_OFFENCE         offence_cat
CRIMINAL_OFFENCE         crime_type_desc
CRIMINAL_OFFENCE         DBS_result
POLITICAL_OPINION        political_party_member
TRADE_UNION              union_code
USERNAME                 userLogin
USERNAME                 AD_Username
PASSWORD                 pwd_plain
IP_ADDRESS               client_ip_addr
PERSON                   Carer's name
PERSON                   Reporting Officer
PERSON                   Account Manager
""".strip().splitlines()

_SAYS_NOTHING = """
Emergency contact - relationship
Contract Start Date
Date of Death
Case Ref
Name of Project
File name
Address Verified
Email Sent
Phone Model
Passport Expiry
Number of children
Bank Name
Race Date
Union Street parking
Health and Safety training
Party size
Charge point id
Condition of road
Faith school
Disabled parking bays
Crime rate per 1000
Average age
Median salary
Gender pay gap %
Ethnic minority %
Asset Owner Team
Sample date
Age of building
Vaccine centre
Drug seizures count
Treatment plant
Surname count
""".strip().splitlines()


@pytest.mark.parametrize("line", _SAYS)
def test_what_a_name_says(line: str) -> None:
    entity_type, name = line.split(maxsplit=1)
    assert _READER.read(name).says(entity_type) >= 0.7, _READER.read(name)


@pytest.mark.parametrize("name", _SAYS_NOTHING)
def test_names_of_other_things(name: str) -> None:
    strong = {t: s for t, s in _READER.read(name).types.items() if s >= 0.7}
    assert not strong
