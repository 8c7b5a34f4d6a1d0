"""What a column's name says, read as words.

`NHS_No`, `nhsNumber`, `Patient NHS number` and `nhsno` all say the same. A name is evidence
with a strength from 0 to 1; it decides alone only where the values cannot be checked.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping, Sequence

from scanner.columns.fields import FIELDS
from scanner.columns.vocabulary import ATTRIBUTES, HARMLESS, MODIFIERS, NEUTRAL, TOPIC_TAILS
from scanner.columns.wording import topic
from scanner.contracts import Identifier

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_QUESTION = re.compile(r"(?:[Qq]|Question |question )\d{1,3}[a-z]?[-_.: )]+(?=[A-Za-z])")
"""Number of a survey's question before what it asks: `Q14_sexual_orientation`."""
_WORD = re.compile(r"[a-z]+|[0-9]+")
_ABBREVIATIONS = {
    "no": "number", "num": "number", "nbr": "number", "nr": "number", "nos": "number", "numb": "number", "ref": "reference",
    "refno": "reference", "addr": "address", "add": "address", "adr": "address", "tel": "telephone", "telno": "telephone", "phno": "phone",
    "acc": "account", "acct": "account", "fname": "forename", "firstname": "forename", "lname": "surname",
    "lastname": "surname", "sname": "surname", "surn": "surname", "fore": "forename", "fn": "forename", "ln": "surname", "mname": "middlename",
    "nm": "name", "nme": "name", "desc": "description", "descr": "description", "dt": "date", "dte": "date", "org": "organisation",
    "organization": "organisation", "dept": "department", "cust": "customer", "emp": "employee", "pat": "patient",
    "eth": "ethnic", "mh": "mental health", "oh": "occupational health", "bbv": "blood borne virus", "hx": "history", "tx": "treatment", "pmh": "medical history", "preg": "pregnancy", "allergen": "allergy", "natlty": "nationality", "natnlty": "nationality", "ntnlty": "nationality", "adj": "adjustment", "adjs": "adjustments", "vacc": "vaccine", "vaccs": "vaccines", "vax": "vaccine", "ethn": "ethnic", "relig": "religion", "natl": "nationality", "nat": "national", "ins": "insurance",
    "cd": "code", "grp": "group", "cat": "category", "mob": "mobile", "pcode": "postcode",
    "postcd": "postcode", "pstcd": "postcode", "yr": "year", "qty": "quantity", "amt": "amount", "val": "value", "stat": "status",
    "ind": "indicator", "flg": "flag", "diag": "diagnosis", "dx": "diagnosis", "med": "medication", "meds": "medication",
    "dob": "dob", "doc": "document", "lic": "licence", "license": "licence", "veh": "vehicle", "reg": "reg",
    "pers": "person", "cond": "condition", "disab": "disability", "orient": "orientation", "sexualorientation": "sexual orientation",
    "mar": "marital", "marit": "marital", "sts": "status", "gend": "gender", "gndr": "gender", "sx": "sex", "ethncty": "ethnicity", "ntlty": "nationality", "srname": "surname", "frname": "forename", "usr": "user", "uname": "username", "emailaddr": "email",
    "postalcode": "postal code", "zipcode": "zip code", "buildingnumber": "building number", "housenumber": "house number", "pymt": "payment", "ph": "phone", "cntct": "contact", "appl": "applicant", "cnty": "county", "prem": "premises",
}  # fmt: skip
_CODES = re.compile(
    r"(?:c|col|column|field|f|v|var|x|attr|attribute|unnamed|q)?\s?\d{0,4}|column|field|value|data|key"
)


@functools.lru_cache(maxsize=8192)
def header_words(name: str) -> tuple[str, ...]:
    """`custDOB_2` becomes `customer`, `dob`, `2`: lower case, abbreviations written out."""
    text = _CAMEL.sub(" ", _QUESTION.sub("", name).replace("&", " and ")).lower()
    return tuple(w for token in _WORD.findall(text) for w in _ABBREVIATIONS.get(token, token).split(" "))


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """What a column's name says."""

    words: tuple[str, ...]
    types: Mapping[str, float]
    """Entity type to strength, 0 to 1."""
    harmless: bool
    """The name says something that is not personal (`order number`, `product name`)."""
    cryptic: bool
    """The name says nothing (`C1`, `column_0`)."""

    def says(self, entity_type: str) -> float:
        return self.types.get(entity_type, 0.0)

    @property
    def other(self) -> bool:
        """The name is a word, yet none that we know."""
        return not self.cryptic and not self.types


class HeaderReader:
    """Phrases of identifiers and attributes, indexed by their words."""

    def __init__(self, identifiers: Sequence[Identifier]) -> None:
        phrases: dict[tuple[str, ...], set[str]] = {}
        for identifier in identifiers:
            for phrase in identifier.headers:
                if phrase not in _TOO_VAGUE:
                    phrases.setdefault(header_words(phrase), set()).add(identifier.entity_type)
        for entity_type, listed in ATTRIBUTES.items():
            for phrase in listed:
                phrases.setdefault(header_words(phrase), set()).add(entity_type)
        self._phrases = phrases
        self._longest = max(map(len, phrases), default=1)
        self._squashed: dict[str, set[str]] = {}
        for words, types in phrases.items():
            if len("".join(words)) >= 5:
                self._squashed.setdefault("".join(words), set()).update(types)
        for identifier in identifiers:
            for phrase in identifier.headers:
                if len(phrase.replace(" ", "")) >= 5 and phrase not in _TOO_VAGUE:
                    self._squashed.setdefault(phrase.replace(" ", ""), set()).add(identifier.entity_type)
        self._cache: dict[str, Header] = {}

    def read(self, name: str) -> Header:
        found = self._cache.get(name)
        if found is None:
            if len(self._cache) > 20_000:
                self._cache.clear()
            found = self._cache[name] = self._read(name)
        return found

    def _read(self, name: str) -> Header:
        whole = header_words(name)
        words = header_words(_ASIDE.sub(" ", name)) or whole
        plain = " ".join(words)
        if not words or _CODES.fullmatch(plain):
            return Header(words, {}, harmless=False, cryptic=True)
        types: dict[str, float] = {}
        core = _strip(words)
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                for entity_type in self._phrases.get(words[start:end], ()):
                    strength = _strength(entity_type, words, start, end)
                    types[entity_type] = max(types.get(entity_type, 0.0), strength)
        squashed = "".join(words)
        for text in {squashed, "".join(core), re.sub(r"[^a-z]", "", name.lower())}:
            for entity_type in self._squashed.get(text, ()):
                types[entity_type] = max(types.get(entity_type, 0.0), 1.0)
        types = {entity_type: s for entity_type, s in types.items() if s > 0}
        _settle(types, words)
        if not types:
            about = topic(words)
            if about:
                types = {about: 0.9}
        published = FIELDS.get(name.strip().lower().rpartition(".")[2])
        if published:
            types = {published: 1.0}
        harmless = not any(s >= 0.8 for s in types.values()) and _is_harmless(whole)
        if harmless:
            types = {t: s * 0.5 for t, s in types.items()}
        return Header(words, types, harmless=harmless, cryptic=False)


# Single words in the identifiers' lists that head too many other columns.
_TOO_VAGUE = frozenset({
    "account", "card", "pan", "plate", "registration", "reg", "sort", "sc", "pc", "user", "mail", "pay", "income",
    "session", "pass", "permit", "sender", "recipient", "ni", "index number", "cell", "roll no", "roll number", "ct ref",
    "birth", "born", "asn", "uid", "handle", "fax", "claim number", "claim no", "vehicle no", "licence no",
    "licence number", "permit number", "property reference number", "learner no", "court number", "vehicle number", "reg number", "reg no", "registration number", "disclosure no", "disclosure number",
    "account name", "as number", "upi", "unique property reference", "client id ga", "hourly rate", "pay rate", "tracking id", "occurrence number", "device serial number", "hardware id", "created by", "modified by", "updated by", "last modified by", "last updated by", "entered by", "assigned user", "noms", "cookie", "disclosure ref", "uci", "index", "case number", "pupil number", "learner number",
})  # fmt: skip
# ... but which, alone and whole, still are some evidence.
_VAGUE_ALONE: Mapping[str, str] = {
    "ni": "UK_NINO", "mail": "EMAIL_ADDRESS", "plate": "UK_VEHICLE_REGISTRATION", "reg": "UK_VEHICLE_REGISTRATION",
    "registration": "UK_VEHICLE_REGISTRATION", "reg number": "UK_VEHICLE_REGISTRATION", "registration number": "UK_VEHICLE_REGISTRATION",
    "user": "USERNAME", "uid": "USERNAME", "card": "CREDIT_CARD", "pan": "CREDIT_CARD", "account": "UK_BANK_ACCOUNT",
    "cell": "PHONE_NUMBER", "fax": "PHONE_NUMBER", "pc": "UK_POSTCODE", "pay": "SALARY", "income": "SALARY", "cookie": "DEVICE_ID",
    "sort": "UK_SORT_CODE", "bank sc": "UK_SORT_CODE", "sc": "UK_SORT_CODE", "ppt number": "UK_PASSPORT", "ppt": "UK_PASSPORT", "asn": "UK_ARREST_SUMMONS_NUMBER", "uci": "UK_UCI", "noms": "UK_PRISONER_NUMBER", "licence number": "UK_DRIVING_LICENCE",
    "birth": "DATE_OF_BIRTH", "born": "DATE_OF_BIRTH", "pass": "PASSWORD", "session": "DEVICE_ID", "handle": "USERNAME",
    "national": "NATIONALITY", "pupil number": "UK_UPN", "learner number": "UK_ULN", "hourly rate": "SALARY", "pay rate": "SALARY",
    "claim number": "UK_COURT_CASE_REFERENCE", "case number": "UK_COURT_CASE_REFERENCE", "index number": "UK_VEHICLE_REGISTRATION", "vehicle number": "UK_VEHICLE_REGISTRATION",
}  # fmt: skip


_SUMMED = frozenset("average avg mean median total sum percentage percent typical".split())
"""Words before a phrase that make it a figure about many people."""
_ASIDE = re.compile(r"\(.*?\)|\[.*?\]")
"""What stands in brackets explains: `Age (yrs)`, `Nationality (as on passport)`."""
_KEYS = frozenset("id identifier number reference code key".split())


def _strip(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(w for w in words if w not in NEUTRAL) or words


def _strength(entity_type: str, words: tuple[str, ...], start: int, end: int) -> float:
    """1.0 if the phrase is the whole name, less where words around it change its meaning."""
    tail = words[end:]
    allowed = TOPIC_TAILS if entity_type in _TOPICS else _TAILS.get(entity_type, frozenset())
    if any(w in MODIFIERS and w not in allowed for w in tail) or _SUMMED.intersection(words[:start]):
        return 0.0
    if entity_type == "PERSON" and any(w in HARMLESS or w in MODIFIERS for w in words[:start]):
        return 0.0
    if entity_type == "PERSON" and _KEYS.intersection(tail):
        return 0.0  # `CustomerID`
    loose = [w for w in (*words[:start], *tail) if w not in NEUTRAL and w not in allowed]
    if not loose:
        return 1.0
    if any(w not in NEUTRAL and w not in allowed for w in tail):
        return 0.4
    return 0.9 if end - start >= 2 or len(words[start]) >= 6 else 0.7


_TOPICS = frozenset({
    "HEALTH", "GENETIC", "BIOMETRIC", "ETHNICITY", "RELIGION", "POLITICAL_OPINION", "TRADE_UNION", "SEXUAL_ORIENTATION",
    "CRIMINAL_OFFENCE", "GENDER", "MARITAL_STATUS", "NATIONALITY",
})  # fmt: skip


_TAILS: Mapping[str, frozenset[str]] = {
    "PASSWORD": frozenset({"hash", "hashed", "digest", "salt", "encrypted"}),
    "SALARY": frozenset(
        "amount annualized annualised ytd pa pcm fte date to rate band range total year value".split()
    ),
}
"""Words after a phrase that leave it what it is, by type."""
_PRINTED = frozenset(
    "card key ssh certificate cert file browser device public audio acoustic gpg pgp tls host payment rsa".split()
)
"""What has a fingerprint and no fingers."""


def _settle(types: dict[str, float], words: tuple[str, ...]) -> None:
    """Where two readings stand, the more particular one holds."""
    core = " ".join(_strip(words))
    vague = _VAGUE_ALONE.get(" ".join(words)) or _VAGUE_ALONE.get(core)
    if vague:
        types[vague] = max(types.get(vague, 0.0), 0.7)
    if "UK_COUNCIL_TAX_REFERENCE" in types:
        types.pop("UK_BANK_ACCOUNT", None)
    if "BIOMETRIC" in types and _PRINTED.intersection(words):
        types.pop("BIOMETRIC")
    if types.get("EMAIL_ADDRESS", 0) >= 0.7:
        types.pop("ADDRESS", None)
    if any(t in types for t in ("IP_ADDRESS", "MAC_ADDRESS")):
        types.pop("ADDRESS", None)
    if types.get("USERNAME", 0) >= 0.9:
        types.pop("PERSON", None)
    if "SEXUAL_ORIENTATION" in types:
        types.pop("GENDER", None)
    if "TRADE_UNION" in types and types.get("PERSON"):
        types.pop("PERSON")


def _is_harmless(words: tuple[str, ...]) -> bool:
    return any(w in HARMLESS for w in words)
