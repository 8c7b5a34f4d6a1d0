"""Column concepts: how cells are made, what informative headers they have, and what they are."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from tests.corpus import values as v
from tests.corpus.values import Rng, pick


@dataclasses.dataclass(frozen=True)
class Concept:
    name: str
    label: str | None
    """Entity type, None where harmless."""
    make: Callable[[Rng, int], str]
    """Random source and row number to a cell."""
    headers: tuple[str, ...]
    decidable: bool = True
    """False where values alone cannot tell (eight digits, coded flags)."""
    contains: frozenset[str] = frozenset()
    """For free text: types inside."""
    also: frozenset[str] = frozenset()
    """Other types that are as right."""


CONCEPTS: dict[str, Concept] = {}


def add(
    name: str,
    label: str | None,
    make: Callable[[Rng, int], str],
    headers: str,
    decidable: bool = True,
    contains: str = "",
) -> None:
    CONCEPTS[name] = Concept(
        name,
        label,
        make,
        tuple(h.strip() for h in headers.split("|")),
        decidable,
        frozenset(contains.split()),
    )


def choice(text: str) -> Callable[[Rng, int], str]:
    return lambda r, _i: pick(r, text)


add(
    "full_name",
    "PERSON",
    lambda r, i: f"{r.choice(v.FORE)} {v.sur(r)}",
    "Full Name|client_name|CustomerName|Name|applicant",
)
add("forename", "PERSON", lambda r, i: r.choice(v.FORE), "forename|First Name|fname|GivenName|FIRST_NM")
add("surname", "PERSON", lambda r, i: v.sur(r), "surname|Last Name|lname|FamilyName|SNAME")
add(
    "surname_first",
    "PERSON",
    lambda r, i: f"{v.sur(r).upper()}, {r.choice(v.FORE)}",
    "Tenant|name_of_claimant|Pupil Name|PAT_NAME",
)
add(
    "titled",
    "PERSON",
    lambda r, i: f"{r.choice(('Mr', 'Mrs', 'Ms', 'Dr'))} {r.choice(v.FORE)[0]} {v.sur(r)}",
    "account holder|Next of kin|social_worker|Case Officer",
)
add("nhs", "UK_NHS", lambda r, i: v.nhs(r), "NHS Number|nhs_no|NHSNumber|nhsno|PatientNHS")
add("chi", "UK_CHI", lambda r, i: v.chi(r), "CHI|chi_number|CHI No")
add("hcn", "UK_HCN", lambda r, i: v.hcn(r), "H&C Number|hcn|health_and_care_number")
add("nino", "UK_NINO", lambda r, i: v.nino(r), "NI Number|nino|NationalInsuranceNumber|ni_no|NAT_INS_NO")
add("utr", "UK_UTR", lambda r, i: v.utr(r), "UTR|unique_taxpayer_reference|tax_ref|SA UTR")
add("uln", "UK_ULN", lambda r, i: v.uln(r), "ULN|unique_learner_number|LearnerULN")
add("upn", "UK_UPN", lambda r, i: v.upn(r), "UPN|unique_pupil_number|PupilUPN|Former UPN")
add(
    "passport",
    "UK_PASSPORT",
    lambda r, i: v.passport(r),
    "Passport No|passport_number|TravelDocNo",
    decidable=False,
)
add(
    "licence",
    "UK_DRIVING_LICENCE",
    lambda r, i: v.licence(r),
    "Driving licence number|driver_no|DVLA Driver Number",
)
add("vrm", "UK_VEHICLE_REGISTRATION", lambda r, i: v.vrm(r), "VRM|vehicle_reg|Registration Number|car reg")
add("pnc", "UK_PNC_ID", lambda r, i: v.pnc(r), "PNC ID|pnc|PNC_Number")
add("cro", "UK_CRO_NUMBER", lambda r, i: v.cro(r), "CRO|cro_number|CRO No")
add(
    "prison_no",
    "UK_PRISONER_NUMBER",
    lambda r, i: f"A{v.digits(r, 4)}{r.choice('ABCDEFGHJKLMNPRTVWXYZ')}{r.choice('ABCDEFGHJKLMNPRTVWXYZ')}",
    "Prison Number|noms_id|NOMIS_NO",
)
add("iban", "IBAN_CODE", lambda r, i: v.iban(r), "IBAN|iban_number|Payee IBAN")
add("card", "CREDIT_CARD", lambda r, i: v.card(r), "Card Number|card_no|PAN|CreditCard")
add("sort_code", "UK_SORT_CODE", lambda r, i: v.sort_code(r), "Sort Code|sort_code|SortCode")
add("account", "UK_BANK_ACCOUNT", lambda r, i: v.digits(r, 8), "Account Number|acc_no|bank account|AcctNo")
add("phone", "PHONE_NUMBER", lambda r, i: v.phone(r), "Telephone|phone|Mobile No|contact_number|TEL")
add("mobile10", "PHONE_NUMBER", lambda r, i: v.mobile_no_zero(r), "mobile|Mobile Phone|MOB_NO")
add("email", "EMAIL_ADDRESS", lambda r, i: v.email(r), "Email|e-mail address|email_addr|EmailAddress")
add(
    "ip",
    "IP_ADDRESS",
    lambda r, i: (
        f"{r.choice((81, 86, 92, 192, 51))}.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}"
    ),
    "IP Address|client_ip|src_ip",
)
add(
    "mac",
    "MAC_ADDRESS",
    lambda r, i: ":".join(f"{r.randint(0, 63) * 4 if k == 0 else r.randint(0, 255):02x}" for k in range(6)),
    "MAC|mac_address|DeviceMAC",
)
add("username", "USERNAME", lambda r, i: v.username(r), "username|Login|user_name|Network ID")
add("password", "PASSWORD", lambda r, i: v.password(r), "password|pwd|UserPassword", decidable=False)
add("device", "DEVICE_ID", lambda r, i: v.guid(r), "device_id|Session ID|cookie_id|IDFA", decidable=False)
add("address", "ADDRESS", lambda r, i: v.address(r), "Address|home_address|Full Address|PropertyAddress")
add("street", "ADDRESS", lambda r, i: v.street(r), "Address Line 1|addr1|Address1|street_address")
add("street2", "ADDRESS", lambda r, i: r.choice(v.STREETS), "Street|street_name|Address Line 2")
add("town", "ADDRESS", lambda r, i: r.choice(v.TOWNS), "Town|post_town|City|Address Line 3")
add("postcode", "UK_POSTCODE", lambda r, i: v.postcode(r), "Postcode|post_code|PCODE|PostCode")
add(
    "dob",
    "DATE_OF_BIRTH",
    lambda r, i: v.birthday(r).strftime("%d/%m/%Y"),
    "DOB|date_of_birth|DateOfBirth|Birth Date",
)
add("dob_iso", "DATE_OF_BIRTH", lambda r, i: v.birthday(r).isoformat(), "dob|birth_date|BIRTH_DT|D.O.B.")
add(
    "dob_child",
    "DATE_OF_BIRTH",
    lambda r, i: v.birthday(r, 2007, 2020).strftime("%d-%b-%Y"),
    "Pupil DOB|child_dob|Date of birth",
)
add("age", "AGE", lambda r, i: str(r.randint(1, 95)), "Age|age_years|AgeAtReferral", decidable=False)
add("gender", "GENDER", choice("M|F|M|F|M|F|U"), "Gender|sex|SEX_CODE|gender_cd")
add(
    "gender_words",
    "GENDER",
    choice("Male|Female|Female|Male|Non-binary|Prefer not to say"),
    "Gender|gender_identity|Sex",
)
add("gender_code", "GENDER", choice("1|2|1|2|9"), "sex|gender_code|Person Gender Code", decidable=False)
add(
    "marital",
    "MARITAL_STATUS",
    choice("Single|Married|Divorced|Widowed|Civil partnership|Separated|Not stated"),
    "Marital Status|marital_status|MAR_STAT",
)
add(
    "nationality",
    "NATIONALITY",
    choice(
        "British|British|British|Polish|Indian|Nigerian|Pakistani|Romanian|Irish|Somali|Chinese|Portuguese"
    ),
    "Nationality|nationality|Citizenship",
)
add(
    "salary",
    "SALARY",
    lambda r, i: f"{r.randint(19000, 98000)}{r.choice(('', '.00'))}",
    "Salary|annual_salary|Gross Pay|base_pay",
    decidable=False,
)
add(
    "ctax",
    "UK_COUNCIL_TAX_REFERENCE",
    lambda r, i: f"{r.choice('78')}{v.digits(r, 7)}",
    "Council Tax Ref|ctax_account_no|council tax account number",
    decidable=False,
)
add(
    "crime_ref",
    "UK_CRIME_REFERENCE",
    lambda r, i: f"13/{v.digits(r, 6)}/{r.randint(19, 25)}",
    "Crime Ref|crime_reference_number|Crime No",
    decidable=False,
)
add(
    "gmc",
    "UK_GMC_NUMBER",
    lambda r, i: r.choice("34567") + v.digits(r, 6),
    "GMC Number|gmc_no|Consultant GMC",
    decidable=False,
)
add("uprn", "UK_UPRN", lambda r, i: f"1000{v.digits(r, 8)}", "UPRN|uprn|Unique Property Reference Number")
# --- Article 9
add(
    "ethnicity",
    "ETHNICITY",
    choice(
        "White British|White Irish|Any other White background|Pakistani|Indian|Bangladeshi|Black Caribbean|Black African|Mixed - White and Asian|Chinese|Arab|Not stated"
    ),
    "Ethnicity|ethnic_origin|EthnicGroup|ETHNIC_CAT",
)
add(
    "ethnicity_ons",
    "ETHNICITY",
    choice(
        "White: English, Welsh, Scottish, Northern Irish or British|White: Irish|Asian, Asian British or Asian Welsh: Indian|Asian, Asian British or Asian Welsh: Pakistani|Mixed or Multiple ethnic groups: White and Black African|Black, Black British, Black Welsh, Caribbean or African: African|Other ethnic group: Arab"
    ),
    "ethnic group|Ethnicity (ONS)",
)
add(
    "ethnicity_nhs",
    "ETHNICITY",
    choice("A|A|A|A|A|A|A|B|C|D|F|G|H|J|K|L|M|N|P|R|S|Z"),
    "ethnic_category|EthnicCode|Ethnic Category Code",
)
add(
    "ethnicity_police",
    "ETHNICITY",
    choice("W1|W1|W1|W2|W9|A1|A2|B1|B2|M1|O9|NS"),
    "self_defined_ethnicity|SDE|Officer Defined Ethnicity",
)
add(
    "ethnicity_school",
    "ETHNICITY",
    choice("WBRI|WBRI|WIRI|WOTH|APKN|AIND|ABAN|BCRB|BAFR|MWBC|CHNE|REFU"),
    "Ethnicity|ethnicity_code|Pupil Ethnicity",
)
add(
    "religion",
    "RELIGION",
    choice(
        "Christian|Muslim|Hindu|Sikh|No religion|Jewish|Buddhist|C of E|Roman Catholic|Not stated|Any other religion"
    ),
    "Religion|faith|religion_or_belief|REL",
)
add(
    "religion_code",
    "RELIGION",
    choice("1|2|3|4|5|6|7|9"),
    "religion|Religion Code|religious_belief",
    decidable=False,
)
add(
    "orientation",
    "SEXUAL_ORIENTATION",
    choice("Heterosexual|Straight|Gay|Lesbian|Bisexual|Prefer not to say|Gay or lesbian"),
    "Sexual Orientation|sexuality|SexualOrientation",
)
add(
    "politics",
    "POLITICAL_OPINION",
    choice("Labour|Conservative|Liberal Democrat|Green|Reform UK|SNP|Plaid Cymru|Undecided"),
    "voting_intention|Political Party|PartySupport",
)
add(
    "union",
    "TRADE_UNION",
    choice("UNISON|GMB|Unite|PCS|NEU|RCN|None|None"),
    "Trade Union|union_name|TU Membership",
)
add("union_flag", "TRADE_UNION", choice("Y|N|N|N"), "union_member|Trade Union Member", decidable=False)
add(
    "diagnosis",
    "HEALTH",
    choice(
        "Asthma|Type 2 diabetes mellitus|Hypertension|COPD|Depression|Chronic kidney disease stage 3|Osteoarthritis of knee|Atrial fibrillation|Epilepsy|Breast cancer|Fractured neck of femur|Generalised anxiety disorder|Hypothyroidism|Migraine|Iron deficiency anaemia|Ulcerative colitis"
    ),
    "Diagnosis|primary_diagnosis|DIAG|presenting complaint",
)
add(
    "diagnosis_abbr",
    "HEALTH",
    choice("COPD|T2DM|IHD|CKD3|AF|HTN|CVA|OA|RA|MS|IBS|GORD|TIA"),
    "problem|LTC|comorbidities|conditions",
)
add(
    "icd10",
    "HEALTH",
    choice("J45.9|E11.9|I10|F32.1|N18.3|M17.1|C50.9|I48.0|G40.9|K21.0|F41.1|S72.0|J44.1|E03.9|D50.9"),
    "ICD-10|icd10_code|Diagnosis Code|DIAG_01",
)
add(
    "medication",
    "HEALTH",
    choice(
        "Metformin 500mg tablets|Ramipril 5mg|Sertraline 50 mg|Salbutamol 100mcg inhaler|Levothyroxine 75mcg|Atorvastatin 20mg|Omeprazole 20mg|Insulin glargine|Amlodipine|Citalopram 20mg|Warfarin 3mg"
    ),
    "Medication|current_meds|drug_name|Prescription",
)
add(
    "disability",
    "HEALTH",
    choice(
        "Visual impairment|Hearing impairment|Mobility|Learning disability|Mental health condition|None|Autism|Long-term illness|Not stated"
    ),
    "Disability|disability_type|Impairment",
)
add("disability_flag", "HEALTH", choice("Y|N|N|N|N"), "disabled|Disability Flag|is_disabled", decidable=False)
add(
    "sen_need",
    "HEALTH",
    choice("ASD|SEMH|SLCN|MLD|SpLD|PD|VI|HI|PMLD|SLD"),
    "SEN Primary Need|sen_need|PrimaryNeed",
    decidable=False,
)
add(
    "sick_reason",
    "HEALTH",
    choice(
        "Back pain|Stress|Anxiety/depression|Cold/flu|Migraine|Surgery|Gastroenteritis|Covid-19|Musculoskeletal|Pregnancy related"
    ),
    "Absence Reason|sickness_reason|Reason for absence",
)
add("bloods", "HEALTH", choice("O+|A+|B+|O-|A-|AB+|B-"), "blood_group|Blood Type")
add(
    "gene",
    "GENETIC",
    choice(
        "BRCA1 positive|BRCA2 positive|No pathogenic variant|Lynch syndrome|CFTR carrier|c.68_69delAG|Heterozygous C282Y|VUS"
    ),
    "Genetic Test Result|genotype|gene_variant",
)
add(
    "biometric",
    "BIOMETRIC",
    lambda r, i: "".join(r.choice("ABCDEFGHijklmnop0123456789+/") for _ in range(44)) + "==",
    "fingerprint_template|Face Template|BiometricHash",
    decidable=False,
)
add(
    "finger",
    "BIOMETRIC",
    choice("Left index|Right index|Right thumb|Left thumb|Left iris|Right iris"),
    "finger_position|Biometric Type|bio modality",
)
# --- Article 10
add(
    "offence",
    "CRIMINAL_OFFENCE",
    choice(
        "Common assault|Theft from shop|Criminal damage|Possession of cannabis|Drunk and disorderly|Burglary dwelling|Drive whilst disqualified|Assault occasioning ABH|Harassment|Fraud by false representation|Handling stolen goods|Breach of restraining order"
    ),
    "Offence|offence_description|Main Offence|crime type|Charge",
)
add(
    "offence_code",
    "CRIMINAL_OFFENCE",
    choice("TH68010|CJ88116|OF61131|RT88191|MD71530|PU86116|CD71039|SX03001|RT88026|CJ67002"),
    "offence_code|CJS Code|Offence Code",
)
add(
    "disposal",
    "CRIMINAL_OFFENCE",
    choice(
        "Conditional caution|Community order|Suspended sentence|Absolute discharge|Fine|12 months imprisonment|Conditional discharge|No further action"
    ),
    "Disposal|court_outcome|Sentence",
)
add(
    "convicted_flag",
    "CRIMINAL_OFFENCE",
    choice("Yes|No|No|No"),
    "previous_convictions|Unspent Convictions|has_convictions",
    decidable=False,
)
# --- free text
add(
    "notes",
    None,
    lambda r, i: v.case_note(r),
    "Notes|case_notes|Comments|Free text",
    contains="UK_NINO PHONE_NUMBER EMAIL_ADDRESS UK_NHS",
)
# --- harmless
H = (
    ("row_id", lambda r, i: str(i + 1), "id|row_no|ID|Seq"),
    ("case_id", lambda r, i: f"CAS-{r.randint(2018, 2025)}-{v.digits(r, 5)}", "Case Ref|case_id|CaseNumber"),
    ("order10", lambda r, i: v.digits(r, 10), "Order Number|order_ref|OrderNo"),
    ("order8", lambda r, i: f"{10000000 + i * 3}", "PO Number|purchase_order|Requisition"),
    ("invoice", lambda r, i: f"INV{v.digits(r, 7)}", "Invoice No|invoice_number|Invoice"),
    ("project", lambda r, i: f"PRJ-{r.randint(100, 999)}-{r.choice('ABCDEF')}", "Project Code|project|ProjRef"),
    ("project9", lambda r, i: f"PC{v.digits(r, 6)}{r.choice('ABCD')}", "Project Code|proj_cd|Work package"),
    ("costcentre", lambda r, i: f"{r.choice('ABCDE')}{v.digits(r, 4)}", "Cost Centre|cost_ctr|CC"),
    ("sku", lambda r, i: f"{r.choice(('BK', 'TL', 'PN'))}{v.digits(r, 3)}{r.choice('XYZ')}", "SKU|item_code|Product Code"),
    ("product", choice("Stanley knife|A4 paper 80gsm|Desk lamp|Laptop dock|Toner cartridge|Office chair|Whiteboard pens|HDMI cable|Hi-vis vest|Safety boots|Hard hat|Stapler"), "Product|item_description|ProductName"),
    ("amount", lambda r, i: f"{r.uniform(5, 9000):.2f}", "Amount|net_amount|Total Cost|GBP"),
    ("amount_pound", lambda r, i: f"£{r.uniform(5, 9000):,.2f}", "Amount paid|Spend|cost"),
    ("count", lambda r, i: str(r.randint(0, 40)), "Count|qty|Number of visits|attendances"),
    ("small", lambda r, i: str(r.randint(1, 5)), "Priority|rating|Band|score"),
    ("percent", lambda r, i: f"{r.uniform(0, 100):.1f}", "Percent|pct_complete|Rate"),
    ("date", lambda r, i: v.recent(r).strftime("%d/%m/%Y"), "Date|created_date|Date received|start_dt"),
    ("date_iso", lambda r, i: v.recent(r, 9).isoformat(), "Review date|end_date|last_updated|ClosedOn"),
    ("stamp", lambda r, i: v.recent(r, 2).isoformat() + f"T{r.randint(7, 19):02d}:{r.randint(0, 59):02d}:00Z", "timestamp|created_at|modified"),
    ("epoch", lambda r, i: str(1_600_000_000 + r.randint(0, 140_000_000)), "epoch|ts|event_time"),
    ("status", choice("Open|Closed|Pending|Cancelled|On hold|Completed"), "Status|case_status|Stage"),
    ("status2", choice("Approved|Rejected|Suspended|Discharged|Withdrawn|Under review"), "Status|Outcome|state"),
    ("department", choice("Housing|Adult Social Care|Highways|Finance|Legal Services|Planning|Human Resources|Libraries|Customer Services"), "Department|directorate|Service area"),
    ("specialty", choice("Cardiology|Oncology|Paediatrics|General Medicine|Orthopaedics|Radiology|Pharmacy|Maternity"), "Specialty|hospital_dept|Clinic"),
    ("job", choice("Social Worker|Planning Officer|Teaching Assistant|Administrator|Service Manager|Refuse Driver|Head of Finance|Business Analyst|Grade HEO|Caseworker"), "Job Title|post|Role|JobTitle"),
    ("grade", choice("AO|EO|HEO|SEO|Grade 7|Grade 6|SCS1|Band 5|Band 6"), "Grade|pay_band|Payscale"),
    ("course", choice("GCSE Mathematics|BTEC Health and Social Care|A level Biology|Level 3 Plumbing|ESOL Entry 2|Functional Skills English|NVQ Hairdressing"), "Course|course_title|Qualification"),
    ("organisation", lambda r, i: f"{r.choice(v.SUR)} {r.choice(('Ltd', '& Sons', 'Construction Ltd', 'Care Services', 'Consulting LLP', 'Primary School', 'Medical Practice'))}", "Supplier|organisation|Company Name|Vendor"),
    ("school", lambda r, i: f"{r.choice(('St Mary', 'Holy Trinity', 'Oakfield', 'Park View', 'Hillcrest', 'St Thomas', 'King Edward'))} {r.choice(('Primary School', 'Academy', 'High School', 'C of E Primary'))}", "School|school_name|Establishment"),
    ("ward", choice("Abbey|Castle|Park|St James|Hyde Park|Moortown|Riverside|Priory|Weetwood|Kirkstall|Beeston|Harehills|Alwoodley|Otley & Yeadon"), "Ward|ward_name|Electoral Ward"),
    ("region", choice("North East|North West|Yorkshire and The Humber|East Midlands|West Midlands|East of England|London|South East|South West|Wales|Scotland"), "Region|gov_region|Area"),
    ("colour", choice("Red|Blue|Green|White|Black|Silver|Grey|Olive|Amber"), "Colour|vehicle_colour|Paint"),
    ("isbn10", lambda r, i: isbn10(r), "ISBN|isbn10"),
    ("isbn13", lambda r, i: "978" + v.digits(r, 10), "ISBN13|barcode|EAN"),
    ("lat", lambda r, i: f"{r.uniform(50, 58):.6f}", "lat|Latitude|Y"),
    ("easting", lambda r, i: str(r.randint(400000, 450000)), "easting|X coordinate"),
    ("hash", lambda r, i: f"{r.getrandbits(160):040x}", "sha1|checksum|row_hash"),
    ("uuid", lambda r, i: v.guid(r), "uuid|record_guid|RowGUID"),
    ("url", lambda r, i: f"https://www.example.org/page/{r.randint(1, 9999)}", "URL|link|web_page"),
    ("filename", lambda r, i: f"scan_{v.digits(r, 6)}.pdf", "File Name|filename|attachment"),
    ("version", lambda r, i: f"{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}.{r.randint(0, 9)}", "Version|build|app_version"),
    ("lsoa", lambda r, i: f"E010{v.digits(r, 5)}", "LSOA|lsoa_code|Output area"),
    ("year", lambda r, i: str(r.randint(2010, 2025)), "Year|financial_year|yr"),
    ("language", choice("English|Polish|Urdu|Punjabi|Bengali|Arabic|Romanian|Welsh|Somali|BSL"), "Language|first_language|Preferred Language"),
    ("yesno", choice("Y|N"), "active|is_current|Approved?|email_sent"),
    ("plain_notes", lambda r, i: v.note(r), "Notes|Comments|action taken|remarks"),
    ("housing_type", choice("Detached|Semi-detached|Terraced|Flat|Maisonette|Bungalow"), "Property Type|dwelling|House Type"),
    ("condition", choice("Good|Fair|Poor|Very poor|As new"), "Condition|asset_condition|State of repair"),
    ("ctax_band", choice("A|B|C|D|E|F|G|H"), "Council Tax Band|CT Band|Band"),
    ("epc", choice("A|B|C|D|E|F|G"), "EPC|epc_rating|Energy Band"),
    ("room", choice("Single|Double|Twin|Family|Studio"), "Room Type|Unit type|Accommodation"),
    ("vehicle", choice("Ford Transit|Vauxhall Vivaro|Dennis Eagle|Toyota Yaris|Nissan Leaf|Mercedes Sprinter|Land Rover"), "Vehicle|make_model|Fleet item"),
    ("weekday", choice("Monday|Tuesday|Wednesday|Thursday|Friday"), "Collection Day|day|Weekday"),
    ("month", choice("January|February|March|April|May|June|July"), "Month|Period|mth"),
    ("temperature", lambda r, i: f"{r.uniform(-3, 24):.1f}", "Temp|temperature_c|Reading"),
    ("hours", lambda r, i: f"{r.choice((37, 37, 18.5, 22.2, 30))}", "Hours|contracted_hours|FTE"),
    ("trackingno", lambda r, i: f"{r.choice('ABCDJ')}{r.choice('ABCDJ')}{v.digits(r, 9)}GB", "Tracking No|consignment|Parcel ID"),
    ("sixdigit", lambda r, i: v.digits(r, 6), "Batch|Licence plate ref|asset_no|Job No"),
    ("ninedigit", lambda r, i: f"{300000000 + i * 7}", "Ticket|transaction_id|Document No"),
    ("tree", choice("Oak|Ash|Silver Birch|Rowan|Holly|Hazel|London Plane|Sycamore|Beech|Elm|Cherry"), "Species|Tree|Common name"),
    ("event", choice("Annual Conference|Open Day|Team Briefing|Fire Drill|Budget Meeting|Job Fair|Coffee Morning"), "Event|event_name|Meeting"),
    ("hashtag", choice("Facebook|Twitter|Leaflet|Website|Word of mouth|Radio"), "Source|How did you hear|Channel"),
)  # fmt: skip


def isbn10(r: Rng) -> str:
    body = r.choice("01") + v.digits(r, 8)
    check = (11 - sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True)) % 11) % 11
    return body + ("X" if check == 10 else str(check))


for _name, _make, _headers in H:
    add(_name, None, _make, _headers)
