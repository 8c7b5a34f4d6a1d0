"""What the words of one short cell are about, where no list has the cell as it stands.

Answers to closed questions are written in a thousand ways (`White - British`, `A White: British`,
`British (White)`), yet with few words: a cell made of nothing but words of one category, at least one of them
telling, is of that category. Illnesses and offences are told by single words among others.
"""

from __future__ import annotations

import functools
import re

from scanner.common.lexicon import words

_WORD = re.compile(r"[a-z]+(?:['+-][a-z]+)*\+?")
_LONGEST = 9
"""Words beyond which a cell is a sentence."""


def _w(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILLERS = _w(
    "a an any another all and or of the other not else both in with to from i my am is as background group groups ethnic "
    "origin heritage descent ethnicity describe self described please specify multiple mixed british mainly including only "
    "nos unspecified person asked does know sure identify identifies identity category minority"
)
"""Words of forms, in answers of every category."""

_TELLING: dict[str, frozenset[str]] = {
    "ETHNICITY": _w(
        "caribbean carib afro-caribbean afrocaribbean bangladeshi pakistani gypsy roma romany traveller travellers hispanic nonhispanic "
        "non-hispanic latino latina latinx latine caucasian africanamerican african-american hawaiian alaska aboriginal maori "
        "mulatto mestizo biracial multiracial multi-racial bame bme inuit torres kashmiri sephardi ashkenazi"
    ),
    "RELIGION": frozenset(
        "christian christianity catholic catholicism muslim islam islamic hindu hinduism sikh sikhism buddhist buddhism jewish judaism "
        "atheist atheism agnostic agnosticism protestant protestantism anglican methodist baptist presbyterian pentecostal evangelical "
        "quaker mormon lutheran humanist humanism pagan paganism rastafarian jain bahai baha'i zoroastrian shia sunni ahmadi shi'a "
        "jehovah jehovah's jehovahs adventist coptic wiccan wicca spiritualist pantheism deism salafi sufi ismaili yazidi mandaean "
        "taoist taoism shinto confucianism scientologist druze unitarian religion religious denominations denomination".split()
    ),
    "SEXUAL_ORIENTATION": _w(
        "heterosexual heterosexuality homosexual homosexuality same-sex opposite-sex msm wsw gay lesbian bisexual bi-sexual pansexual asexual demisexual queer sexual"
    ),
    "POLITICAL_OPINION": _w(
        "conservative conservatives tory labour liberal democrat democrats libdem libdems snp ukip plaid cymru greens communist communism "
        "socialist socialism marxist anarchist anarchism fascism fascist libertarian libertarianism republican conservatism liberalism "
        "independence pro-union pro-independence unionist sinn fein dup sdlp reform nationalist left-wing right-wing voted vote voter"
    ),
    "TRADE_UNION": _w(
        "unison unite nasuwt usdaw aslef gmb neu pcs rcn bma fbu rmt ucu cwu naht ascl nipsa tssa"
    ),
    "MARITAL_STATUS": _w(
        "married unmarried divorced widowed widow widower separated cohabiting co-habiting spouse husband wife"
    ),
    "GENDER": _w(
        "male female man woman men women non-binary nonbinary genderqueer genderfluid agender bigender polygender transgender intersex "
        "trans-female trans-male transwoman transman cis cisgender trans androgyne m f"
    ),
    "NATIONALITY": _w("national nationals citizen citizens citizenship nationality stateless"),
}
"""Words of which one suffices, the rest being the category's own or fillers."""
_OWN: dict[str, frozenset[str]] = {
    "ETHNICITY": _w(
        "wht blk asn oth bri car white black asian arab african indian chinese irish english scottish welsh northern north south east west european eastern "
        "western central american america latin native pacific islander indigenous polish turkish cypriot greek somali nigerian ghanaian "
        "sri lankan tamil filipino vietnamese japanese korean persian iranian kurdish afghan jamaican appearance mediterranean middle "
        "oriental dark skinned light heritage two more races race dual colour people australian strait jewish sikh refused born b afr carib pak ind bang brit eng"
    ),
    "RELIGION": _w(
        "no none church england scotland ireland wales roman orthodox greek russian eastern reformed free born again witness witnesses "
        "latter-day saints saint seventh day united salvation army secular society belief believer faith convert practising non-practising "
        "lapsed spiritual secularist new age tradition traditional chinese folk tribal shamanism strict reform progressive"
    ),
    "SEXUAL_ORIENTATION": _w(
        "couple couples male female partner partners both single straight man woman men women same sex opposite attracted orientation undecided questioning unsure bi ace"
    ),
    "POLITICAL_OPINION": _w(
        "strong weak soft firm lean leans probable definite yes to for against view party green scottish national welsh english uk workers independent alliance lab con lib dem social democratic moderate apathetic "
        "centrist centre left right far wing member supporter leaning lean none no won't wouldn't will would dk don't spoiled ballot "
        "undecided co-operative cooperative"
    ),
    "TRADE_UNION": _w(
        "subscription subscriptions subs contribution contributions deduction deductions levy dues fee union the member members of non no not branch rep steward"
    ),
    "MARITAL_STATUS": _w(
        "single never civil partner partnership partnered partners registered formerly now legally dissolved surviving still but "
        "relationship common law living together couple engaged re-married remarried"
    ),
    "GENDER": _w(
        "binary fluid queer he she they him her them prefer indeterminate unknown at birth assigned"
    ),
    "NATIONALITY": _w("uk eu eea non dual foreign habitually resident with leave settled other"),
}
_SERVICES = _w(
    "clinic ward unit team service services course training department dept centre center hospital nurse nursing officer manager "
    "consultant therapist physio physiotherapist doctor specialist practitioner coordinator adviser advisor analyst assistant worker "
    "fund charity uk trust society foundation association research policy guide guidance leaflet form forms poster insurance programme "
    "project pathway strategy awareness training screening audit act law ltd plc limited office desk line helpline network "
    "committee board panel register directorate division cover kit alarm sign sensor detector test testing review prevention "
    "magazine journal book month week day campaign solicitor solicitors consultancy forum conference policy procedure procedures equipment"
)
"""Words of offices, posts, papers and things: `Stroke Unit` is a place of work, `Mental Health Nurse` a post."""

_OFFICES = _w("officer office committee branch")
"""Which unions have as well."""

_HEADS = {
    "HEALTH": "health_heads",
    "CRIMINAL_OFFENCE": "offences_heads",
    "RELIGION": "religion_heads",
    "TRADE_UNION": "trade_union_heads",
    "POLITICAL_OPINION": "political_opinion_heads",
    "GENETIC": "genetic_heads",
    "BIOMETRIC": "biometric_heads",
}
_NAMING = ("HEALTH", "CRIMINAL_OFFENCE")
"""Categories whose words make a column's name one of theirs by themselves."""
_STEMS = re.compile(
    r"\b(?:SP[1-6]0|CU[1-8]0|DR[1-9]0|IN10|TS[1-7]0|DD[1-9]0|CD[1-9]0|LC[2-5]0|MS[1-9]0|BA[1346]0|AC[123]0|TT99)\b",
    re.IGNORECASE,
)
"""A driving endorsement, with its points or what it was for."""
_COURT = re.compile(
    r"\b(?:committed for (?:sentence|trial)|sent(?:enced)? to|fined|disqualif\w+ (?:for )?\d|\d+ penalty points|s ?\d{1,3}(?:\(\d\))? (?:aoabh|abh|gbh|theft|assault|wound\w*|poa)|"
    r"\d+ ?(?:m|mths?|wks?|yrs?|hrs?|h)\.? (?:imp|susp|co|sso|cust|custody|upw|disq|disch|dto|yro|yoi)|cond(?:itional)? disch\w*|imp susp|disq\.? \d+|"
    r"£\d+ (?:fine|costs|compensation|surcharge)|victim surcharge|unpaid work|\d+ (?:months?|weeks?|years?|yrs?|days?)(?:'|s)? (?:custody|imprisonment|prison|ycs?|dto))\b"
)  # fmt: skip


_SEMANTIC_TAG = re.compile(
    r"\((?:disorder|finding|situation|procedure|morphologic abnormality|regime/therapy)\)\Z"
)
"""What ends a fully specified name in SNOMED CT."""


@functools.cache
def _heads(entity_type: str) -> tuple[frozenset[str], frozenset[str]]:
    """Single words, and phrases of two to four."""
    listed = words(_HEADS[entity_type])
    single = frozenset(e for e in listed if _WORD.fullmatch(e))
    return single, frozenset(" ".join(_WORD.findall(e)) for e in listed - single)


def cell_words(text: str) -> list[str]:
    """The words of one normalised cell; none where it is no short answer in words."""
    if "_" in text:
        return []
    found = _WORD.findall(text)
    return found if len(found) <= _LONGEST + 3 else []


_FIGURES = _w(
    "property item items goods vehicle deaths cases incidence prevalence mortality admissions episodes registrations numbers recorded population count counts number total sum average avg mean median rate ratio percentage percent pct budget cost costs price amount target rank per "
    "date time year month length width angle engine bore stroke_length index file path url id team page code_list version email"
)
"""Words that make an illness or an offence in a column's name a figure about many, or another thing."""
_MEASURED = _w(
    "glucose cholesterol bmi hba1c creatinine haemoglobin hemoglobin triglycerides systolic diastolic insulin"
)
"""Measured of one person only, averaged or not."""


@functools.lru_cache(maxsize=4096)
def topic(header: tuple[str, ...]) -> str | None:
    """The category that a column's name is a word of (`hypertension`, `heart_disease`, `Infection risk`), or None."""
    if not _MEASURED.isdisjoint(header):
        return None if not {"count", "rate", "target"}.isdisjoint(header) else "HEALTH"
    if len(header) > 6 or not (_FIGURES | _SERVICES).isdisjoint(header):
        return None
    text = " ".join(header)
    if text in words("health") or text in words("medications"):
        return "HEALTH"
    if text in words("offences"):
        return "CRIMINAL_OFFENCE"
    return next((t for t in _NAMING if _headed(t, text, list(header))), None)


def worded(entity_type: str, text: str, found: list[str]) -> int:
    """2 if the words tell of the category, 0 if not. `text` is one cell, normalised; `found` its `cell_words`."""
    if not found:
        return 0
    if entity_type in _HEADS and _headed(entity_type, text, found):
        return 2
    if (
        entity_type == "RELIGION"
        and 2 <= len(found) <= 6
        and (found[-1] in HOUSES or not _MEETING.isdisjoint(found))
    ):
        return 1
    telling = _TELLING.get(entity_type)
    if telling is None or len(found) > _LONGEST or sum(map(len, found)) < 0.6 * len(text.replace(" ", "")):
        return 0
    if entity_type == "TRADE_UNION" and any(map(str.isdigit, text)):
        return 0  # `10 pcs`
    own = _OWN[entity_type]
    hit = False
    for word in found:
        if word in telling:
            hit = True
        elif not (
            word in own
            or word in _FILLERS
            or len(word) == 1
            or (entity_type == "NATIONALITY" and word in words("nationalities"))
        ):
            return 0
    if not hit and entity_type == "ETHNICITY":
        hit = _coloured(found)
    return 2 if hit else 0


HOUSES = tuple(
    "church chapel cathedral minster mosque masjid synagogue shul gurdwara mandir temple tabernacle vihara".split()
)
"""Who goes there is told, what the place is is not: a weak sign."""
_MEETING = _w("mosque masjid synagogue shul gurdwara")
_COLOURS = _w("wht blk asn white black asian mixed arab")
_PEOPLES = _w(
    "british irish english scottish welsh caribbean pakistani bangladeshi african indian chinese european other asian american black background polish afr pak ind bang brit"
)


def _coloured(found: list[str]) -> bool:
    """`White British`, `Asian other`: a colour or continent with a people."""
    return len(found) >= 2 and not _COLOURS.isdisjoint(found) and any(w in _PEOPLES for w in found[1:])


def _headed(entity_type: str, text: str, found: list[str]) -> int:
    if entity_type == "CRIMINAL_OFFENCE" and (_STEMS.search(text) or _COURT.search(text)):
        return 2
    if not (_SERVICES - _OFFICES if entity_type == "TRADE_UNION" else _SERVICES).isdisjoint(found):
        return 0
    single, phrases = _heads(entity_type)
    if not single.isdisjoint(found):
        return 2
    if any(" ".join(found[i : i + n]) in phrases for n in (2, 3, 4) for i in range(len(found) - n + 1)):
        return 2
    return 2 if entity_type == "HEALTH" and _SEMANTIC_TAG.search(text) else 0
