"""Which detections tell of a person, in the light of what stands beside them.

A detector says what a string is. Before something is published the question is another:
does it tell of somebody? `foi@council.gov.uk`, a switchboard, a list of offences or a policy
on asthma do not, and a gate that stops them is a gate that people learn to walk around.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scanner.model import Detection, entity

_ROLE_WORDS = frozenset(
    """
    accessibility accounts admin administration ask branch bookings bot care careers central clerk comms
    communications communities complaints contact contactus contracts council customer customerservice
    customerservices data democratic desk donotreply dpo editor education elections email enquiries
    enquiry environment estates events facilities feedback finance foi freedom general hello help
    helpdesk helpline hi housing hr info information inbox invoices it jobs legal library licensing
    mail mailbox marketing media membership news newsdesk newsletter no noreply office orders parking
    payments payroll planning policy post postmaster press pressoffice privacy procurement publications
    publicity query recruitment registrar registry reception records reply reports research returns sales school schools
    secretariat secretary security service services shop statistics stats statisticsenquiries support
    team technical tenders training transparency trees web webmaster website welcome
    """.split()
)
_SPLIT = re.compile(r"[^a-z]+")
_REFERENCE = re.compile(
    r"\b(ref(erence)?|invoice|order|case|claim|contract|application|tender|po|purchase|doc(ument)?|serial|tracking"
    r"|consignment|asset|batch|isbn|issn|doi|uprn|grant|project)\b[^\n]{0,25}$",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"\b(card|visa|mastercard|amex|maestro|debit|credit|pan|expir|cvv|cvc|payment)", re.IGNORECASE
)
_CARD_START = re.compile(r"(?:3[0-9]|4|5[0-9]|6[0-9]|2[2-7])")
_MOBILE = re.compile(r"(?:\+?44\s*\(?0?\)?\s*|0)7[1-9]")
_NEAR = 240
"""Characters within which two things are taken to be said of one person."""

_ISSUED = frozenset({"state", "money", "education", "justice", "health_id"})
"""Groups of identifiers whose written forms are also those of codes and references."""
_WIDE = frozenset({"UK_VEHICLE_REGISTRATION"})
"""Those whose check nearly every short code passes."""
ATTRIBUTES = frozenset({"GENDER", "MARITAL_STATUS", "NATIONALITY", "AGE", "SALARY"})
_TECHNICAL = frozenset({"IP_ADDRESS", "MAC_ADDRESS", "DEVICE_ID", "UK_VAT_NUMBER", "UK_UPRN", "PASSWORD"})
_NEEDS_PERSON = frozenset({"ADDRESS", "UK_POSTCODE", "UK_COURT_CASE_REFERENCE", "UK_CRIME_REFERENCE"})
CONTACTS = frozenset({"EMAIL_ADDRESS", "PHONE_NUMBER", "ADDRESS"})


def needs_company(name: str) -> bool:
    """True for types that tell of somebody only beside something that says of whom."""
    kind = entity(name)
    return kind.group in ("special", "offence") or name in ATTRIBUTES or name in _NEEDS_PERSON


def technical(name: str) -> bool:
    """Types that lead to a person only with further means: shown, never decisive."""
    return name in _TECHNICAL


def points_at_somebody(name: str) -> bool:
    """True for types that by themselves single a person out."""
    return not needs_company(name) and not technical(name) and entity(name).personal


def form_only(name: str, validated: bool, in_context: bool) -> bool:
    """True for an identifier that only looks like one: no check passed, no word or header speaks for it.

    `H01` has the form of an old vehicle registration and is a code in most tables.
    """
    return entity(name).group in _ISSUED and not in_context and (not validated or name in _WIDE)


def is_role_mailbox(address: str) -> bool:
    """`foi@…`, `press.office@…`: every word before the @ names an office, not a person."""
    local = address.partition("@")[0].lower()
    parts = [p for p in _SPLIT.split(local) if p]
    return not parts or any(p in _ROLE_WORDS for p in parts)


def is_mobile(number: str) -> bool:
    return _MOBILE.match(number.strip().removeprefix("(")) is not None


def is_reference(text: str, hit: Detection) -> bool:
    """A long number that passes a card's check by chance: no issuer begins so, or a word before it
    says that it is a reference. (One number in ten passes the check digit.)"""
    value = text[hit.start : hit.end]
    if not _CARD_START.match(value):
        return True
    before = text[max(0, hit.start - 60) : hit.start].rpartition("\n")[2]
    around = text[max(0, hit.start - 80) : hit.end + 40]
    return _REFERENCE.search(before) is not None and _CARD.search(around) is None


def split(text: str, hits: Sequence[Detection]) -> tuple[list[Detection], list[Detection]]:
    """(what tells of somebody, what does not) of one text's personal detections."""
    personal = [h for h in hits if entity(h.entity_type).personal]
    anchors = [h for h in personal if _alone(text, h)]
    people = [h for h in anchors if h.entity_type in ("PERSON", "EMAIL_ADDRESS") or _numbered(h)]
    strong: list[Detection] = []
    weak: list[Detection] = []
    for hit in personal:
        counts = hit in anchors or _accompanied(hit, people)
        (strong if counts else weak).append(hit)
    return strong, weak


def _numbered(hit: Detection) -> bool:
    kind = entity(hit.entity_type)
    return kind.identifies and kind.group not in ("person", "online")


def _alone(text: str, hit: Detection) -> bool:
    name = hit.entity_type
    if not points_at_somebody(name):
        return False
    value = text[hit.start : hit.end]
    if name == "EMAIL_ADDRESS":
        return not is_role_mailbox(value)
    if name == "PHONE_NUMBER":
        return is_mobile(value)
    if name == "CREDIT_CARD":
        return not is_reference(text, hit)
    return not form_only(name, hit.validated, any(r.startswith(("context", "header")) for r in hit.reasons))


def _accompanied(hit: Detection, people: Sequence[Detection]) -> bool:
    """A switchboard, an address or a condition counts where a person is named close by."""
    name = hit.entity_type
    if technical(name) or name in ("EMAIL_ADDRESS", "CREDIT_CARD"):
        return False
    return any(hit.start - p.end <= _NEAR and p.start - hit.end <= _NEAR for p in people)
