"""Synthetic public-sector tables in three dressings: informative, cryptic and misleading headers."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator

from tests.corpus.concepts import CONCEPTS, Concept

TABLES: dict[str, str] = {
    "gp_patients": "row_id nhs forename surname dob gender postcode diagnosis medication date",
    "hospital_episodes": "case_id nhs dob_iso icd10 specialty date date_iso ethnicity_nhs gender_code notes",
    "scottish_clinic": "chi surname_first gender phone diagnosis_abbr status date",
    "ni_trust": "hcn full_name dob street town postcode disability status2",
    "screening": "uuid nhs gene bloods date_iso small yesno",
    "payroll": "row_id nino full_name salary sort_code account job grade union hours",
    "hr_diversity": "case_id username gender_words ethnicity religion orientation disability_flag department grade",
    "sickness": "row_id surname forename sick_reason date date_iso count department",
    "starters": "email passport nationality dob phone address job date marital",
    "benefits": "case_id nino surname forename dob_iso address amount status mobile10",
    "council_tax": "ctax full_name street street2 town postcode ctax_band amount uprn",
    "housing_register": "case_id titled address phone email disability housing_type room small",
    "parking": "invoice vrm amount date street2 colour vehicle status",
    "electoral_canvass": "row_id full_name address politics date yesno ward",
    "school_census": "upn surname forename dob_child gender ethnicity_school sen_need postcode language year",
    "college": "uln forename surname dob email course disability religion status",
    "police_custody": "pnc cro surname_first dob offence date ethnicity_police yesno disposal",
    "court_register": "case_id full_name offence_code disposal date amount status",
    "prison": "prison_no surname dob_iso offence religion nationality room date",
    "youth_justice": "row_id forename surname dob_child offence convicted_flag notes status2",
    "taxpayers": "utr full_name address salary amount year status",
    "suppliers": "organisation order10 iban amount_pound date department project",
    "donations": "email card titled amount date postcode yesno",
    "library_members": "row_id full_name email phone dob postcode status date",
    "licensing": "invoice licence titled address date_iso status2 amount",
    "web_log": "stamp ip username url version count device",
    "wifi": "mac ip stamp username count",
    "crime_reports": "crime_ref date offence street2 town postcode notes ethnicity_police",
    "social_care": "row_id nhs titled age gender_words ethnicity_ons religion diagnosis notes phone",
    "biometric_enrolment": "uuid full_name finger biometric date_iso status",
    "doctors": "gmc titled specialty email date hospital",
    "union_roll": "row_id surname forename union_flag date amount email",
    "books": "isbn10 isbn13 product amount count date department",
    "assets": "costcentre sku product amount condition date_iso region sixdigit",
    "spend": "order8 organisation amount_pound date department project9 status",
    "buildings": "row_id lat easting housing_type epc year condition percent",
    "fleet": "vehicle colour percent year date condition ninedigit",
    "tickets": "ninedigit status small date plain_notes department weekday",
    "schools": "school ward region count percent lsoa year",
    "courses": "course organisation hours count date amount month",
    "events": "event date ward count plain_notes hashtag",
    "trees": "tree ward date condition temperature easting",
    "files": "filename hash stamp version url count",
    "parcels": "trackingno status2 epoch amount region yesno",
    "survey": "row_id small yesno language region hashtag plain_notes",
    "religion_codes": "row_id religion_code age gender month status",
    "order_refs": "order10 epoch sixdigit job event grade",
}

# A misleading header says one thing; what stands below is another.
_LIES = (
    "nino",
    "NHS Number",
    "email",
    "date_of_birth",
    "surname",
    "postcode",
    "Passport Number",
    "phone",
    "ethnicity",
    "religion",
    "offence",
    "sort_code",
    "UTR",
    "vehicle_reg",
    "diagnosis",
)
_DULL = (
    "order_ref",
    "product_code",
    "Status",
    "batch",
    "Notes 2",
    "asset_id",
    "Category",
    "Reference",
    "Amount",
    "Department",
    "remarks",
    "source",
)


@dataclasses.dataclass(frozen=True)
class Table:
    name: str
    dressing: str
    columns: dict[str, list[str | None]]
    truth: dict[str, Concept]


def _cells(concept: Concept, rng: random.Random, rows: int) -> list[str | None]:
    """Cells in the style of one source: case and blanks, a few dirty rows."""
    missing = rng.choice((0.0, 0.0, 0.05, 0.2))
    dirty = rng.choice((0.0, 0.02, 0.05))
    upper = rng.random() < 0.2 and concept.label not in ("PASSWORD", "BIOMETRIC", "USERNAME", "EMAIL_ADDRESS")
    cells: list[str | None] = []
    for i in range(rows):
        value = concept.make(rng, i)
        roll = rng.random()
        if roll < missing:
            cells.append(rng.choice((None, "", None)))
        elif roll < missing + dirty:
            cells.append(rng.choice(("n/a", "unknown", "TBC", "-", "see file", value[:3], value + "?")))
        else:
            cells.append((value.upper() if upper else value) + (" " if rng.random() < 0.02 else ""))
    return cells


def tables(dressing: str, seed: int = 7, rows: int = 150) -> Iterator[Table]:
    """Every table once. `dressing`: informative, cryptic or misleading."""
    for number, (name, listed) in enumerate(TABLES.items()):
        rng = random.Random(f"{seed}/{name}")
        size = rng.choice((40, rows, rows, 2 * rows))
        concepts = [CONCEPTS[c] for c in listed.split() if c in CONCEPTS]
        columns: dict[str, list[str | None]] = {}
        truth: dict[str, Concept] = {}
        for index, concept in enumerate(concepts):
            cells = _cells(concept, rng, size)
            header = rng.choice(concept.headers)
            if dressing == "cryptic":
                header = f"C{index + 1}"
            elif dressing == "misleading":
                header = rng.choice(_DULL if concept.label else _LIES)
            while header in columns:
                header += f"_{number}"
            columns[header] = cells
            truth[header] = concept
        yield Table(name, dressing, columns, truth)
