"""A second corpus, written apart from the first and after the judgement: columns as other people's tools
make them (Faker in three locales), and of offices, codes and habits of naming that the first has not.

Values are synthetic. Where Faker writes numbers that no office ever issued, that is on purpose: test systems
are full of them.
"""

from __future__ import annotations

import base64
import datetime as dt
import random
from collections.abc import Callable, Iterator

from faker import Faker

from tests.corpus import values as v
from tests.corpus.concepts import Concept
from tests.corpus.tables import Table
from tests.corpus.values import Rng, pick

_NAMES = (
    ("Chidinma", "Okonkwo"), ("Mohammed", "Iqbal"), ("Agnieszka", "Kowalczyk"), ("Thanh", "Nguyen"), ("Priya", "Raghunathan"),
    ("Oluwaseun", "Adeyemi-Brown"), ("Siân", "Llewellyn"), ("Fionnuala", "Mac Giolla"), ("Xiu Ying", "Zhao"), ("Ioana", "Popescu"),
    ("Kwame", "Boateng"), ("Harpreet", "Kaur"), ("Rhys", "ap Gwilym"), ("Fatima", "al-Sayed"), ("D'Angelo", "O'Shaughnessy"),
    ("Yusuf", "Demir"), ("Margaret", "Thwaite"), ("Alan", "Pickering"), ("Joanne", "Hepworth"), ("Gareth", "Prosser"),
)  # fmt: skip
WHERE = frozenset({"ADDRESS", "LOCATION", "UK_POSTCODE"})


class _Source:
    """Makers of one table's cells."""

    def __init__(self, seed: str, locale: str) -> None:
        self.rng = random.Random(seed)
        self.fake = Faker(locale)
        self.fake.seed_instance(seed)

    def person(self) -> tuple[str, str]:
        if self.rng.random() < 0.5:
            return self.rng.choice(_NAMES)
        return self.fake.first_name(), self.fake.last_name()

    def day(self, low: int, high: int, form: str) -> str:
        """A day between so many years ago and so many, written as `strftime` says."""
        back = self.rng.randint(int(low * 365.25), int(high * 365.25))
        return (dt.date(2025, 6, 1) - dt.timedelta(days=back)).strftime(form)


def _address(s: _Source) -> str:
    return str(s.fake.address()).replace("\n", ", ")


def _street(s: _Source) -> str:
    return str(s.fake.street_address()).replace("\n", ", ")


def _template(rng: Rng) -> str:
    return base64.b64encode(rng.randbytes(120)).decode()


def _login(s: _Source) -> str:
    fore, sur = s.person()
    return f"{fore[0]}{sur}".lower().replace(" ", "").replace("'", "") + str(s.rng.randint(1, 99))


_Maker = Callable[[_Source], str]


def _words(text: str) -> _Maker:
    return lambda s: pick(s.rng, text)


def _faked(method: str, **options: object) -> _Maker:
    return lambda s: str(getattr(s.fake, method)(**options))


COLUMNS: dict[str, tuple[str | None, str, _Maker]] = {
    # as other people's tools write them
    "first": ("PERSON", "First Name|first_name|GivenName", _faked("first_name")),
    "last": ("PERSON", "Last Name|last_name|FamilyName", _faked("last_name")),
    "whole": ("PERSON", "Name|fullName|holder|owner", _faked("name")),
    "mail": ("EMAIL_ADDRESS", "Email|email|emailAddress", _faked("ascii_company_email")),
    "phone": ("PHONE_NUMBER", "Phone 1|homePhone|mobile", _faked("phone_number")),
    "postal": ("ADDRESS", "Address|residence|Mailing Address", _address),
    "street": ("ADDRESS", "street|ShipAddress|Address Line 1", _street),
    "city": ("ADDRESS", "City|town|ShipCity", _faked("city")),
    "birth": ("DATE_OF_BIRTH", "Date of birth|birth_date", _faked("date_of_birth", minimum_age=18, maximum_age=90)),
    "sex": ("GENDER", "Sex|gender", _words("Male|Female|Female|Male|Non-binary|Agender|Polygender")),
    "card": ("CREDIT_CARD", "credit_card|card_number", _faked("credit_card_number")),
    "iban": ("IBAN_CODE", "iban|IBAN", _faked("iban")),
    "ipv4": ("IP_ADDRESS", "ip_address|src_ip", _faked("ipv4")),
    "ipv6": ("IP_ADDRESS", "dst_ip6|client address v6", _faked("ipv6")),
    "mac": ("MAC_ADDRESS", "mac|MacAddress", _faked("mac_address")),
    "user": ("USERNAME", "username|user", _faked("user_name")),
    "secret": ("PASSWORD", "password|passwd", _faked("password")),
    "vin": ("VIN", "vin|Chassis VIN", _faked("vin")),
    "company": (None, "Company|CustomerName 2|Employer", _faked("company")),
    "job": (None, "job_title|Job Title|title", _faked("job")),
    "hired": (None, "hire_date|Subscription Date", _faked("date_between", start_date="-9y", end_date="-1y")),
    "agent": (None, "user_agent", _faked("user_agent")),
    "uuid": (None, "uuid|guid", _faked("uuid4")),
    "sha": (None, "sha1|checksum", _faked("sha1")),
    "path": (None, "path|file", _faked("file_path")),
    "ean": (None, "ean13|barcode", _faked("ean13")),
    "isbn": (None, "isbn|ISBN-10", _faked("isbn10")),
    "phrase": (None, "slogan|notes", _faked("bs")),
    "changed": (None, "modified|ts", _faked("iso8601")),
    "latitude": (None, "lat|latitude", _faked("latitude")),
    "number": (None, "Index|emp_no|id", lambda s: str(s.rng.randint(1, 99_999))),
    "money": (None, "balance|Freight|amt", lambda s: f"{s.rng.random() * 900:.2f}"),
    # offices
    "nhs_spaced": ("UK_NHS", "PT_NHS|NHS No.|nhs", lambda s: "{}{}{} {}{}{} {}{}{}{}".format(*v.nhs(s.rng).replace(" ", ""))),
    "chi": ("UK_CHI", "CHI|chi_no", lambda s: v.chi(s.rng)),
    "nino": ("UK_NINO", "N.I. No|NINo|nat insurance", lambda s: v.nino(s.rng).lower()),
    "upn": ("UK_UPN", "UPN|pupil_upn", lambda s: v.upn(s.rng)),
    "pnc": ("UK_PNC_ID", "PNCID|pnc id", lambda s: v.pnc(s.rng)),
    "utr": ("UK_UTR", "UTR|utr ref", lambda s: v.utr(s.rng)),
    "uln": ("UK_ULN", "ULN|uln", lambda s: v.uln(s.rng)),
    "surname_caps": ("PERSON", "SURNAME|Legal Surname|Pt Surname", lambda s: s.person()[1].upper()),
    "comma": ("PERSON", "Suspect|Nurse|borrower", lambda s: "{1}, {0}".format(*s.person())),
    "initialled": ("PERSON", "Liable Party|Employee|payer", lambda s: (lambda p: f"{pick(s.rng, 'Mr|Mrs|Ms|Dr')} {p[0][0]} {p[1]}")(s.person())),
    "gp": ("PERSON", "Usual GP|Consultant", lambda s: f"Dr {s.person()[1]}"),
    "dob_named": ("DATE_OF_BIRTH", "D.O.B|Birth Dt|born", lambda s: s.day(1, 95, "%d-%b-%Y")),
    "dob_plain": ("DATE_OF_BIRTH", "DoB|birthdate", lambda s: s.day(18, 67, "%Y%m%d")),
    "tel": ("PHONE_NUMBER", "parent tel|mob|Contact Tel", lambda s: v.phone(s.rng)),
    "postcode": ("UK_POSTCODE", "PCode|postcd|PC", lambda s: v.postcode(s.rng)),
    "login": ("USERNAME", "login|user id", _login),
    "licence": ("UK_DRIVING_LICENCE", "DVLA no|licence_no", lambda s: v.licence(s.rng)),
    "vrm": ("UK_VEHICLE_REGISTRATION", "Vehicle Reg|VRM", lambda s: v.vrm(s.rng)),
    "marital": ("MARITAL_STATUS", "Mar St|marital", _words("Single|Married|Civil partner|Divorced|Widowed|Cohabiting")),
    "problem": ("HEALTH", "Main Problem|dx|Condition", _words("Type 2 diabetes|Asthma|COPD|Hypertension|Depression|CKD stage 3|Epilepsy|Migraine|Coeliac disease")),
    "drug": ("HEALTH", "Repeat Rx|meds", _words("Metformin 500mg tablets|Salbutamol 100mcg inhaler|Amlodipine 5mg|Sertraline 50mg|Apixaban 5mg")),
    "icd": ("HEALTH", "ICD|diag_code", _words("J45.9|I10|E11.9|S72.0|N39.0|F32.1|K35.8|C50.9|M54.5|G40.9")),
    "sen": ("HEALTH", "SEN Need|primary_need", _words("ASD|MLD|SEMH|SLCN|SPLD|HI|VI|PD|SLD")),
    "absence": ("HEALTH", "absence_reason|Sickness", _words("Anxiety/stress|Back pain|Cold, cough, flu|Covid-19|Pregnancy related|Bereavement|Cancer")),
    "ethnic_school": ("ETHNICITY", "Eth|ethnicity", _words("WBRI|WBRI|WOTH|APKN|BAFR|MWBC|AIND|CHNE|NOBT|REFU")),
    "ethnic_officer": ("ETHNICITY", "Officer def eth", _words("IC1|IC2|IC3|IC4|IC5|IC6")),
    "faith": ("RELIGION", "Faith|belief", _words("Christian|Muslim|None|Hindu|Prefer not to say|Sikh|C of E|RC|Jewish|Buddhist")),
    "orientation": ("SEXUAL_ORIENTATION", "sex_orient|Sexual Orientation", _words("Heterosexual/Straight|Gay man|Gay woman/Lesbian|Bisexual|Prefer not to say")),
    "union": ("TRADE_UNION", "TU|tu_member", _words("PCS|UNISON|None|GMB|Prospect|FDA|Unite")),
    "votes": ("POLITICAL_OPINION", "voted_for|canvass intention", _words("Labour|Conservative|Lib Dem|Green|SNP|Reform UK|Plaid Cymru|Won't say")),
    "gene": ("GENETIC", "BRCA result|variant", _words("BRCA1 c.68_69delAG pathogenic|BRCA2 negative|MLH1 c.350C>T|APOE e4/e4|HLA-B*57:01 positive")),
    "print": ("BIOMETRIC", "fp template|fingerprint", lambda s: _template(s.rng)),
    "offence": ("CRIMINAL_OFFENCE", "Offence|offn", _words("Theft from shop|Assault occasioning ABH|Drive whilst disqualified|Burglary dwelling|Robbery|Harassment|Going equipped")),
    "sentence": ("CRIMINAL_OFFENCE", "sentence", _words("24 months custody|Community order 12m|Suspended sentence 6m/18m|Life - tariff 15y|IPP")),
    "endorsed": ("CRIMINAL_OFFENCE", "endorsement", _words("SP30|SP50|DR10|IN10|CU80|TS10|CD10")),
    # harmless
    "supplier_goods": (None, "Description", _words("Stanley Knife blades x10|Harris paint brush|Black & Decker drill|Philips monitor|Parker pen set|Dyson fan")),
    "landmark": (None, "Asset", _words("Victoria Bridge|Albert Dock|St Mary's School|Queen Elizabeth Hospital|Nelson Mandela House")),
    "wards": (None, "Ward", _words("Churchill|Kings Heath|St Paul's|Harold Hill|Grove Park")),
    "models": (None, "Model", _words("Ford Transit|Vauxhall Vivaro|Mercedes Sprinter|Ford Ranger|Austin Maxi")),
    "operations": (None, "Project", _words("Project Aurora|Operation Larch|Programme Mercury|Project Florence")),
    "grades": (None, "SRO grade|Band", _words("SCS1|SCS2|G6|Grade HEO|AO")),
    "grid": (None, "Grid ref", lambda s: f"SU{s.rng.randint(0, 99999):05d}{s.rng.randint(0, 99999):05d}"),
    "order": (None, "W/O|Trans No", lambda s: f"{s.rng.randrange(10**10):010d}"),
    "nine": (None, "nine|consignment", lambda s: f"{s.rng.randrange(10**9):09d}"),
    "invoice": (None, "invoice", lambda s: f"INV{s.rng.randrange(10**8):08d}"),
    "epoch": (None, "epoch", lambda s: str(s.rng.randint(1_600_000_000, 1_740_000_000))),
    "version": (None, "ver", _words("1.2.3.4|10.0.0.1|2.14.0.9|3.0.1.0")),
    "last_seen": (None, "Last Seen|Arrest dt|due", lambda s: s.day(0, 2, "%d/%m/%Y")),
    "tyre": (None, "Tyre", _words("195/65 R15|205/55 R16|225/45 R17")),
    "band": (None, "triage|Cond", _words("1|2|3|4|5")),
    "comment": (None, "Comment", _words("On track|Awaiting legal advice|Board agreed re-baseline|Risk raised with finance|Slipped by two weeks")),
}  # fmt: skip
"""Name to label, informative headers and maker."""

_FAKED = (
    "number first last company city phone mail hired", "first last mail sex ipv4 card job mac", "whole sex birth job postal user",
    "number birth first last sex hired", "number company street money hired", "iban card whole money", "changed ipv4 ipv6 agent user",
    "whole phone mail street city phrase", "whole vin secret", "ean isbn money company", "path sha uuid changed", "latitude company money",
)  # fmt: skip
_OFFICES = (
    "nhs_spaced surname_caps dob_named problem drug gp last_seen", "chi icd band last_seen", "comma tel faith orientation grades",
    "initialled nino absence union postcode", "upn surname_caps dob_plain ethnic_school sen tel", "pnc comma offence ethnic_officer vrm last_seen",
    "initialled sentence postcode", "initialled postcode login utr", "nino marital dob_plain problem", "comma votes postcode",
    "licence initialled endorsed", "uln comma login", "gene print gp", "supplier_goods money order last_seen", "landmark wards band grid invoice",
    "operations grades comment nine", "models tyre epoch version", "wards order money comment",
)  # fmt: skip
LIES = (
    "nino",
    "NHS Number",
    "Surname",
    "email",
    "dob",
    "Religion",
    "Offence",
    "Passport",
    "phone",
    "postcode",
    "diagnosis",
)
DULL = ("order_ref", "Status", "batch", "Category", "asset", "notes2", "source", "Department")


def tables(dressing: str, seed: int = 7) -> Iterator[Table]:
    """Every table once, those of Faker in three locales. `dressing`: informative, cryptic or misleading."""
    for locale in ("en_GB", "en_US", "en_IE"):
        for number, listed in enumerate(_FAKED):
            yield _table(f"{locale}/{number}", listed, dressing, seed, locale)
    for number, listed in enumerate(_OFFICES):
        yield _table(f"office/{number}", listed, dressing, seed, "en_GB")


def _table(name: str, listed: str, dressing: str, seed: int, locale: str) -> Table:
    source = _Source(f"{seed}/{name}", locale)
    size = source.rng.choice((45, 120, 250))
    columns: dict[str, list[str | None]] = {}
    truth: dict[str, Concept] = {}
    for index, key in enumerate(listed.split()):
        label, headers, make = COLUMNS[key]
        header = pick(source.rng, headers)
        if dressing == "cryptic":
            header = f"C{index + 1}"
        elif dressing == "misleading":
            header = source.rng.choice(DULL if label else LIES)
        while header in columns:
            header += "_"
        columns[header] = [None if source.rng.random() < 0.03 else make(source) for _ in range(size)]
        also: frozenset[str] = WHERE if label == "ADDRESS" else frozenset()
        truth[header] = Concept(key, label, lambda _rng, _row: "", (header,), also=also)
    return Table(name, dressing, columns, truth)
