"""Field names of published data sets and of widely used products, which no rule of words would read.

A name counts only whole and as it is spelt there (without regard to case). Taken from the public documentation
of each: HESA's student record, the Individualised Learner Record, the school census (CBDS), the NHS data
dictionary, OMOP, SAP's HR and customer tables, LDAP (RFC 4519, RFC 2798) and Active Directory.
"""

from __future__ import annotations

from collections.abc import Mapping


def _fields(text: str) -> dict[str, str]:
    """`TYPE: name name; TYPE: …` to name by name."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        entity_type, _, names = part.strip().partition(":")
        found.update(dict.fromkeys(names.lower().split(), entity_type))
    return found


FIELDS: Mapping[str, str] = {
    # SAP: personnel master data (PA0000 to PA0105), customers and vendors (KNA1, LFA1), addresses (ADRC).
    **_fields(
        "PERSON: nachn vorna nach2 midnm rufnm gbnam ename cname inits emftx koinh sname famsa fanam favor name_first name_last bname_full;"
        "DATE_OF_BIRTH: gbdat fgbdt gbjhr; GENDER: gesch fasex; MARITAL_STATUS: famst; NATIONALITY: natio nati2 nati3 fanat;"
        "RELIGION: konfe confe ktconf; UK_POSTCODE: pstlz post_code1; ADDRESS: stras ort01 ort02 locat hsnmr street_name house_num1 city1 str_suppl1;"
        "PHONE_NUMBER: telnr telf1 telf2 telfx tel_number; UK_BANK_ACCOUNT: bankn; UK_SORT_CODE: bankl;"
        "USERNAME: uname usrid bname ernam aenam; EMAIL_ADDRESS: usrid_long smtp_addr; SALARY: bet01 ansal;"
        "HEALTH: schwb sbgru behgr; UK_NINO: perid ninum; UK_PASSPORT: passn"
    ),
    # HESA student and staff records; the Individualised Learner Record.
    **_fields(
        "DATE_OF_BIRTH: birthdte dateofbirth; GENDER: sexid gender genderid; ETHNICITY: ethnic ethnicity; HEALTH: disable disability disall llddhealthprob "
        "llddcat llddandhealthproblem lldd primarylldd lsracode; RELIGION: relblf religiousbelief; SEXUAL_ORIENTATION: sexort sexorient; NATIONALITY: nation natid; "
        "PERSON: fnames surname familyname givennames sname16; UK_POSTCODE: pcode postcodeprior ttpcode; UK_NINO: ninumber; MARITAL_STATUS: marstat"
    ),
    # School census and pupil data (CBDS).
    **_fields(
        "UK_UPN: upn formerupn pupilupn; UK_ULN: uniquelearnernumber; PERSON: preferredsurname preferredforename formersurname;"
        "HEALTH: senneedtype sentype sentyperank senprovision senneed ehcplan disabilitycode medicalflag; ETHNICITY: ethnicitycode ethnicitysource;"
        "DATE_OF_BIRTH: dob; GENDER: sex"
    ),
    # NHS data dictionary and commissioning data sets.
    **_fields(
        "UK_NHS: nhs_number pseudo_nhs newnhsno; DATE_OF_BIRTH: person_birth_date dob_full birthdate mydob; GENDER: person_stated_gender_code "
        "person_phenotypic_sex sexofpatient gendercode; ETHNICITY: ethnos ethcat ethniccategory ethnic_category; HEALTH: diag_01 diag_02 diag_03 diag3 diag4 "
        "opertn_01 opertn_02 opertn3 opertn4 primdiag secdiag procedure_code_opcs accdiag prescribedbnfcode mhdiag prov_diag primdiagcode disabcode disabilitycode "
        "gestat delmeth birweit biresus deadoralive cause_of_death underlying_cause dnadiag treat_code_01 investcode; "
        "RELIGION: religiouscode religion_code; SEXUAL_ORIENTATION: sexorientcode person_sexual_orientation_code; MARITAL_STATUS: maritalstatus marstatus;"
        "UK_POSTCODE: homepostcode pcd postcode_of_usual_address; UK_GMC_NUMBER: consult_gmc"
    ),
    # OMOP common data model, MIMIC, FHIR.
    **_fields(
        "GENDER: gender_concept_id gender_source_value; ETHNICITY: race_concept_id ethnicity_concept_id race_source_value ethnicity_source_value;"
        "HEALTH: condition_concept_id condition_source_value drug_concept_id drug_source_value procedure_concept_id procedure_source_value measurement_concept_id "
        "observation_concept_id icd9_code icd10_code icd_code icd_9 diag_1 diag_2 diag_3 reasoncode reasondescription cause_concept_id;"
        "DATE_OF_BIRTH: birth_datetime birthdate"
    ),
    # Directories.
    **_fields(
        "PERSON: sn givenname displayname gecos personaltitle_name commonname; USERNAME: samaccountname userprincipalname mailnickname "
        "user_login user_nicename loginid; EMAIL_ADDRESS: mail proxyaddresses; PHONE_NUMBER: telephonenumber homephone mobile facsimiletelephonenumber;"
        "ADDRESS: postaladdress streetaddress homepostaladdress; PASSWORD: userpassword unicodepwd user_pass passwd; UK_POSTCODE: postalcode"
    ),
}  # fmt: skip
