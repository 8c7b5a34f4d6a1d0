"""A third corpus: tables as products and further offices export them, written apart after the second.

Field names are those of the products (SAP, Salesforce, Workday, WordPress, Synthea, HESA); values are synthetic.
A column's maker is words to choose from, `%`-templates of digits (`#`), capitals (`?`) and hexadecimals (`^`),
or a function. A star before the header: the values alone cannot tell.
"""

from __future__ import annotations

import datetime as dt
import random
import string
from collections.abc import Callable, Iterator

from faker import Faker

from tests.corpus import values as v
from tests.corpus.apart import DULL, LIES, WHERE
from tests.corpus.concepts import Concept
from tests.corpus.tables import Table

_Maker = Callable[[random.Random, Faker], str]
_SETS = {
    "#": string.digits,
    "?": string.ascii_uppercase,
    "^": "0123456789abcdef",
    "~": string.ascii_letters + string.digits,
}


def _form(template: str) -> _Maker:
    return lambda r, _: "".join(r.choice(_SETS[c]) if c in _SETS else c for c in template)


def _of(text: str) -> _Maker:
    return lambda r, _: v.pick(r, text)


def _day(low: int, high: int, form: str) -> _Maker:
    def make(r: random.Random, _: Faker) -> str:
        back = r.randint(int(low * 365.25), int(high * 365.25))
        return (dt.date(2025, 6, 1) - dt.timedelta(days=back)).strftime(form)

    return make


def _name(form: str) -> _Maker:
    """`{t}` title, `{f}` forename, `{s}` surname, `{i}` initial, `{n}` a number."""

    def make(r: random.Random, f: Faker) -> str:
        fore = f.first_name()
        return form.format(
            t=v.pick(r, "Mr|Mrs|Ms|Dr|Cllr"), f=fore, s=f.last_name(), i=fore[0], n=r.randint(1, 999)
        )

    return make


_FIRST, _LAST, _WHOLE = _name("{f}"), _name("{s}"), _name("{f} {s}")
_CITY: _Maker = lambda _, f: f.city()  # noqa: E731
_STREET: _Maker = lambda _, f: f.street_address().replace("\n", ", ")  # noqa: E731
_POSTCODE: _Maker = lambda r, _: v.postcode(r)  # noqa: E731
_MAIL: _Maker = lambda _, f: f.ascii_safe_email()  # noqa: E731
_PHONE: _Maker = lambda r, _: v.phone(r)  # noqa: E731
_NHS: _Maker = lambda r, _: v.nhs(r)  # noqa: E731
_NINO: _Maker = lambda r, _: v.nino(r)  # noqa: E731
_PNC: _Maker = lambda r, _: v.pnc(r)  # noqa: E731
_VRM: _Maker = lambda r, _: v.vrm(r)  # noqa: E731

_Column = tuple[str | None, str, _Maker]
TABLES: dict[str, tuple[str, tuple[_Column, ...]]] = {
    "sap_personnel": ("de_DE", (
        ("PERSON", "NACHN", _LAST), ("PERSON", "VORNA", _FIRST), ("DATE_OF_BIRTH", "GBDAT", _day(19, 66, "%Y%m%d")),
        ("GENDER", "*GESCH", _of("1|2")), ("RELIGION", "*KONFE", _of("RK|EV|--|LT|IS")), ("MARITAL_STATUS", "*FAMST", _of("0|1|2|3")),
        ("ADDRESS", "ORT01", _CITY), (None, "BEGDA", _day(0, 15, "%Y%m%d")), (None, "KOSTL", _form("00004#####")),
    )),
    "synthea": ("en_US", (
        (None, "Id", _form("^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^")), ("PERSON", "FIRST", _name("{f}{n}")), ("PERSON", "LAST", _name("{s}{n}")),
        ("DATE_OF_BIRTH", "BIRTHDATE", _day(1, 90, "%Y-%m-%d")), ("ETHNICITY", "RACE", _of("white|white|black|asian|native|hawaiian")),
        ("ADDRESS", "ADDRESS", _STREET), ("ADDRESS", "CITY", _CITY), ("ADDRESS", "*ZIP", _form("#####")), (None, "LAT", _form("42.##########")),
    )),
    "synthea_conditions": ("en_US", (
        (None, "START", _day(0, 9, "%Y-%m-%d")), (None, "ENCOUNTER", _form("^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^")),
        ("HEALTH", "DESCRIPTION", _of("Viral sinusitis (disorder)|Acute viral pharyngitis (disorder)|Prediabetes|Normal pregnancy|Sprain of ankle|Body mass index 30+ - obesity (finding)")),
    )),
    "salesforce": ("en_GB", (
        (None, "Id", _form("003#k00000~~~~~~~~")), ("PERSON", "LastName", _LAST), ("ADDRESS", "MailingStreet", _STREET), ("ADDRESS", "MailingCity", _CITY),
        ("UK_POSTCODE", "MailingPostalCode", _POSTCODE), ("PHONE_NUMBER", "MobilePhone", _PHONE), ("EMAIL_ADDRESS", "Email", _MAIL),
        (None, "LeadSource", _of("Web|Phone Inquiry|Partner Referral|Purchased List")), (None, "CleanStatus", _of("Pending|Matched|Different")),
    )),
    "workday": ("en_GB", (
        ("PERSON", "Worker", _name("{f} {s} (10{n:04})")), ("SALARY", "*Total Base Pay Annualized - Amount", _form("4####")),
        ("HEALTH", "*Disability Status", _of("Yes|No|I do not wish to answer")), ("UK_NINO", "National Identifier", _NINO),
        ("ETHNICITY", "Race/Ethnicity", _of("White (United Kingdom)|Asian or Asian British - Indian (United Kingdom)|Black or Black British - African (United Kingdom)|Prefer Not to Disclose (United Kingdom)")),
        (None, "Cost Center", _of("CC4100 Operations|CC4200 Finance|CC5100 Digital")), (None, "FTE", _of("100%|60%|80%")),
    )),
    "wordpress": ("en_GB", (
        ("USERNAME", "user_login", lambda r, _: v.username(r)), ("PASSWORD", "user_pass", _form("$P$B~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~")),
        ("EMAIL_ADDRESS", "user_email", _MAIL), (None, "user_registered", _day(0, 9, "%Y-%m-%d 09:12:44")), (None, "user_status", _of("0")), ("PERSON", "display_name", _WHOLE),
    )),
    "stripe": ("en_GB", (
        (None, "id", _form("cus_~~~~~~~~~~~~~~")), ("PERSON", "Card Name", _WHOLE), (None, "Card Fingerprint", _form("~~~~~~~~~~~~~~~~")),
        (None, "Card Brand", _of("Visa|MasterCard|American Express")), ("ADDRESS", "Card Address Line1", _STREET), (None, "Currency", _of("gbp|eur")),
    )),
    "hesa": ("en_GB", (
        (None, "COURSEID", _form("?###")), ("HEALTH", "*DISABLE", _of("00|08|51|53|55|57|95")), ("RELIGION", "*RELBLF", _of("01|02|03|09|11|13|80")),
        ("SEXUAL_ORIENTATION", "*SEXORT", _of("10|11|12|13|98")), ("PERSON", "SURNAME", _LAST), (None, "QUALENT3", _of("P41|P62|C20|J30")), (None, "NETFEE", _of("9250|6165|0")),
    )),
    "stroke_set": ("en_US", (
        (None, "id", _form("#####")), ("GENDER", "gender", _of("Male|Female|Other")), ("HEALTH", "*hypertension", _of("0|1")), ("HEALTH", "*heart_disease", _of("0|1")),
        (None, "work_type", _of("Private|Self-employed|Govt_job|children")), ("HEALTH", "smoking_status", _of("formerly smoked|never smoked|smokes|Unknown")),
    )),
    "custody": ("en_GB", (
        (None, "Custody No", _form("13AB/#####/##")), ("UK_PNC_ID", "PNC", _PNC), ("PERSON", "DP Surname", _LAST), ("CRIMINAL_OFFENCE", "Disposal", _of("Charged|NFA|Bailed s47(3)|RUI|Adult caution|PND")),
        ("CRIMINAL_OFFENCE", "Offence 1", _of("S47 AOABH|D&D|Fail to appear|Breach of bail|PWITS class A|Affray")), ("ETHNICITY", "Ethnic appearance", _of("1 - White North European|2 - White South European|3 - Black|4 - Asian|6 - Arab")),
        (None, "Cell", _of("M1|M12|F3|J2")), (None, "OIC collar", _form("PC ####")),
    )),
    "magistrates": ("en_GB", (
        ("PERSON", "Defendant", _name("{f} {s}")), ("CRIMINAL_OFFENCE", "Charge", _of("Use a vehicle with no insurance|Theft by employee|Exceed 30 mph on restricted road|Possess bladed article in a public place|Assault by beating of an emergency worker")),
        ("CRIMINAL_OFFENCE", "*Plea", _of("Guilty|Not Guilty|No plea")), ("CRIMINAL_OFFENCE", "*Result", _of("Fined £200, surcharge £80|Disqualified 12 months|Committed for sentence|Withdrawn")), (None, "Courtroom", _of("1|2|3|Court 5")),
    )),
    "blue_badge": ("en_GB", (
        ("PERSON", "Holder surname", _LAST), ("UK_NINO", "NINO", _NINO), ("HEALTH", "Mobility condition", _of("Osteoarthritis both knees|COPD - breathless after 20m|Lower limb amputation|Stroke 2019 left-sided weakness|Motor neurone disease")),
        ("HEALTH", "*Walking aid", _of("Walking stick|Zimmer frame|Electric wheelchair|None|Crutches")), (None, "Delivery option", _of("Home|Council")), (None, "Cancelled reason", _of("Lost|Stolen|Damaged")),
    )),
    "maternity": ("en_GB", (
        ("UK_NHS", "Mother NHS", _NHS), ("HEALTH", "*Gest", lambda r, _: f"{r.randint(34, 41)}+{r.randint(0, 6)}"), ("HEALTH", "*Outcome of birth", _of("SVD|Emergency LSCS|Forceps|Ventouse|Elective LSCS")),
        ("HEALTH", "Blood Grp", _of("O Pos|A Neg|B Pos|AB Pos|O Neg")), ("PERSON", "Midwife", _WHOLE), (None, "Room", _of("1|2|Pool|Theatre 1")),
    )),
    "practice_list": ("en_GB", (
        ("UK_NHS", "NHS", _NHS), ("HEALTH", "Read code", _of("G20..00|C10F.00|H3...00|14A3.00|E2B..00|H33..00")), ("HEALTH", "HPO", _of("HP:0001250|HP:0001263|HP:0000252|HP:0001249")),
        ("HEALTH", "Smoking", _of("Current smoker|Ex-smoker|Never smoked tobacco")), (None, "Batch", _form("?#???#?")), (None, "Ward", _of("J43|Ward 12|AMU|CCU|Nightingale")),
    )),
    "couples": ("en_GB", (
        (None, "Plot", _form("##?")), ("PERSON", "Holder", _name("{f} & {f} {s}")), ("PERSON", "Foster Carer", _name("Mr & Mrs {s}")), ("PERSON", "Candidate", _name("{s}:{f}")),
        (None, "Site", _of("Victoria Rd|Burley Model|Hollin Lane|King George's Field|Albert Mount")), (None, "Rods", _of("2|5|10")),
    )),
    "parking_notices": ("en_GB", (
        (None, "PCN", _form("LD########")), ("UK_VEHICLE_REGISTRATION", "VRM", _VRM), (None, "Photo file", _form("IMG_20240###_######.jpg")), (None, "Cost Code", _form("RJ####")),
        (None, "Reg", _of("7A|8B|9C|10X|11Z")), (None, "Contravention", _of("01 - Parked in a restricted street|12 - Residents bay without permit|40 - Disabled bay without badge")), (None, "Deck", _form("C##")),
    )),
    "buildings": ("en_GB", (
        (None, "Building", _of("Elizabeth Fry House|Nightingale Building|Darwin Block|Bevan House|Churchill Annexe")), (None, "Hospital", _of("St Thomas|Guy's|Royal Victoria|Queen Elizabeth|King George")),
        (None, "Bus Stop", _of("Royal Infirmary|Victoria Square|Burley Park Road|St James Hospital|Gordon Street")), (None, "Book", _of("Emma|Jane Eyre|The Thursday Murder Club|Great Expectations|David Copperfield|Mrs Dalloway|Silas Marner")),
        (None, "Item", _of("Baxi boiler|Stanley door closer|Jacob's ladder|Otis lift")), (None, "app_version", _form("#.#.##")),
    )),
    "animals": ("en_GB", (
        ("PERSON", "Owner", _name("{t} {s}")), (None, "Species", _of("Canine|Feline|Rabbit|Guinea pig")), (None, "Vaccine", _of("DHP/L4|RHD2|FeLV|Kennel cough")), ("PHONE_NUMBER", "Owner phone", _PHONE), (None, "Microchip", _form("9#############")),
    )),
    "area_statistics": ("en_GB", (
        (None, "LA name", _of("Leeds|Bath and North East Somerset|Reading|Kent|Barnsley")), (None, "Disability rate %", _form("1#.#")), (None, "Deaths from cancer", _form("###")),
        (None, "Crime count", _form("####")), (None, "Year", _of("2021/22|2022/23")),
    )),
}  # fmt: skip


def tables(dressing: str, seed: int = 7) -> Iterator[Table]:
    """Every table once. `dressing`: informative, cryptic or misleading."""
    for name, (locale, listed) in TABLES.items():
        rng = random.Random(f"{seed}/{name}")
        fake = Faker(locale)
        fake.seed_instance(f"{seed}/{name}")
        size = rng.choice((45, 120, 250))
        columns: dict[str, list[str | None]] = {}
        truth: dict[str, Concept] = {}
        for index, (label, named, make) in enumerate(listed):
            plain = named.removeprefix("*")
            header = plain
            if dressing == "cryptic":
                header = f"C{index + 1}"
            elif dressing == "misleading":
                header = rng.choice(DULL if label else LIES)
            while header in columns:
                header += "_"
            columns[header] = [None if rng.random() < 0.03 else make(rng, fake) for _ in range(size)]
            also: frozenset[str] = WHERE if label in WHERE else frozenset()
            key = plain.lower().replace(" ", "_")
            truth[header] = Concept(key, label, lambda _rng, _row: "", (plain,), named == plain, also=also)
        yield Table(name, dressing, columns, truth)
