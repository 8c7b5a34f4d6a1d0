"""Ages as notes of cases write them: `71F`, `34 yrs`, `he's 16 next month`, `kids (9, 6, 11 months)`, `ninety-one`.

Formats that need no more than `aged` or `years old` beside them are read with the formats, in columns too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.common.reading import Cues, Reading
from scanner.model import Detection

_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPELLED = Cues(_TENS)
_DECADES = Cues("twenties thirties forties fifties sixties seventies eighties nineties".split())
_IN_HIS = re.compile(r"(?<![a-z])in (?P<who>(?:his|her|their|my) (?:early |mid |mid-|late )?)\Z")
_SHORT = "birthday f m y yr yrs yo mth mths wk wks".split()
_WHO = "he she hes shes who both kids kid children child baby infant siblings grandchildren sons daughters".split()
_ABOUT = "about around approx roughly".split()
_MALE_OR_FEMALE = (
    "defendant victim complainant suspect claimant tenant driver deceased appellant resident twins toddler brother "
    "sister partner nan gran grandson granddaughter nephew niece wife husband son daughter mother father mum dad boy girl male female man woman caller patient pt person lad "
    "youth".split()
)
CUES = Cues((*_TENS, *_DECADES, *_SHORT, *_WHO, *_ABOUT, *_MALE_OR_FEMALE))
"""One of these runs of letters stands wherever an age does."""
_CARE = Cues(
    "pt pts patient nhs ed gp hx pmh bed ward biba bibp male female dob admitted admission nok obs hosp hospital triage "
    "crew ecg cxr bloods meds clinic rm referral handover".split()
)
"""Where a number with M or F behind it is an age and a sex, and no size."""
_AFTER = re.compile(
    r"(?P<sex>[ ]?[mf](?![a-z0-9]))|(?P<years>[ ]?(?:y(?:rs?|ears?)?|yo)(?![a-z]))"
    r"|(?P<months>[ ]?(?:months?|mths?|weeks?|wks?)(?![a-z]))"
    r"|(?P<stop>[.,;)](?![0-9])|\s*\Z|[ ](?:next|now|and|but|with|who|this|soon|so|on|in)(?![a-z]))"
)
_STOP = re.compile(r"[.,;)/]|\s*\Z|[ ](?:old|and|but|who)(?![a-z])|\n")
_KIN = re.compile(
    r"(?<![a-z])(?:wife|husband|son|daughter|mother|father|mum|dad|child|kid|boy|girl|male|female|pt|patient|caller|man|"
    r"woman|lady|gentleman|occupier|driver|baby|toddler|nan|gran|brother|sister|partner|victim|suspect|person|informant|"
    r"casualty|[mf])[ ,/]{1,2}\Z|/ ?\Z"
)
_IS = re.compile(
    r"(?<![a-z])(?:(?:he|she|who)(?:['’]?s| is)|i['’]?m|i am|(?:they|we)(?:['’]re| are)|(?:my|his|her|their|our|the) "
    r"(?:son|daughter|baby|boy|girl|mum|dad|mother|father|brother|sister|wife|husband|partner|nan|gran) is|baby|aged?|turn(?:s|ed|ing))"
    r"[ ](?:now |only |just |nearly |almost |about )?\Z"
)
_BOUND = re.compile(
    r"(?<![a-z])(?:kids?|children|child|both|(?:he|she|who) is|(?:he|she|who)['’]s|(?:we|they) are)[ ]"
    r"(?:(?:aged|all|both|well|just) )?(?:under|over)[ ]\Z"
)
_ROUGHLY = re.compile(
    r"(?<![a-z])(?:white|black|asian|mixed|male|female|man|woman|lad|boy|girl|person|youth|bloke|guy),?[ ]"
    r"(?:aged )?(?:about|around|approx\.?|roughly|maybe)[ ]\Z"
)
_LISTED = re.compile(
    r"(?<![a-z])(?:kids|children|sons|daughters|siblings|boys|girls|grandchildren)[ ]?[(,:][ ]?(?:aged )?"
    r"(?:[0-9]{1,2}(?:[ ]?(?:months?|mths?|wks?|weeks?|yrs?))?(?:,[ ]?(?:and )?|[ ]and[ ]|[ ]?&[ ]?))*\Z"
)
_SPELLED_AFTER = re.compile(
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?(?=[.,;)!?]|\s*\Z|[ ](?:and|but|now|next|years|yrs|in)(?![a-z]))"
)


def ages(reading: Reading, here: frozenset[str]) -> Iterator[Detection]:
    """AGE; `here`: which of `CUES` stand in the text."""
    lowered = reading.lowered
    for start, end in reading.numbers:
        if end - start > 2 or lowered[start] == "0" or (start and lowered[start - 1] in _JOINED):
            continue
        following = lowered[end : end + 1]
        if following in _FOLLOWING:
            if following == " " and lowered[end + 1 : end + 2] not in _FOLLOWING_SPACE:
                continue
            after = _AFTER.match(lowered, end)
            if after and (stop := _age(reading, lowered, start, end, after)):
                yield _detection(start, stop)
        elif following in _ENDINGS and (told := _birthday_or_decade(lowered, start, end)):
            yield _detection(*told)
    if here.isdisjoint(_SPELLED | _DECADES):
        return
    for at in reading.begins(_DECADES):
        if possessive := _IN_HIS.search(lowered, max(0, at - 20), at):
            yield _detection(possessive.start("who"), lowered.index("ties", at) + 4)
    if not here.isdisjoint(_TENS):
        for at in reading.begins(_SPELLED):
            tens = lowered[at : at + 7].partition("y")[0] + "y"
            match = _SPELLED_AFTER.match(lowered, at + len(tens))
            if match and _IS.search(lowered, max(0, at - 30), at):
                yield _detection(at, match.end())


def _birthday_or_decade(lowered: str, start: int, end: int) -> tuple[int, int] | None:
    """`92nd birthday`, `in her mid 30s`."""
    if lowered.startswith(" birthday", end + 2) and lowered.startswith(_NTH, end):
        return start, end + 2
    if lowered.startswith(("0s", "0's", "0’s"), start + 1):
        possessive = _IN_HIS.search(lowered, max(0, start - 20), start)
        return (possessive.start("who"), lowered.index("s", end) + 1) if possessive else None
    return None


_ENDINGS = ("s", "n", "r", "t", "'", "’")
_FOLLOWING_SPACE = ("", "m", "f", "y", "w", "n", "a", "b", "t", "s", "i", "o", "\n", " ")
"""First letters of what `_AFTER` takes after a space."""
_NTH = ("st", "nd", "rd", "th")
_FOLLOWING = (" ", ".", ",", ";", ")", "m", "f", "y", "w", "\n", "")
_JOINED = "_/=&+£$.:-#0123456789abcdefghijklmnopqrstuvwxyz"


def _age(reading: Reading, lowered: str, start: int, end: int, after: re.Match[str]) -> int:
    """Where the age that begins with the number ends; 0 if it is none."""
    low = max(0, start - 40)
    if after["sex"]:
        sex = str(reading)[after.end() - 1]
        fits = end - start == 2 and sex.isupper() and _STOPS.match(lowered, after.end())
        return after.end() if fits and reading.speaks(_CARE) and not _PLACE.search(lowered, low, start) else 0
    if after["years"]:
        return (
            after.end() if _KIN.search(lowered, low, start) and not _LASTS.match(lowered, after.end()) else 0
        )
    if after["months"]:
        if old := _OLD.match(lowered, after.end()):
            return old.end()
        if not _STOP.match(lowered, after.end()):
            return 0
        return after.end() if _IS.search(lowered, low, start) or _LISTED.search(lowered, low, start) else 0
    return end if _said(lowered, low, start) else 0


def _said(lowered: str, low: int, start: int) -> bool:
    """True if the words before a number make it an age; the last of them says what to look for."""
    last = lowered[low:start].rsplit(None, 1)[-1:]
    word = last[0] if last else ""
    if word[-1:] in ("(", ",") and _SOMEBODY.search(lowered, low, start):
        return True
    if word in ("under", "over"):
        expression = _BOUND
    elif word in _NEARLY:
        expression = _ROUGHLY
    elif word[-1:] in (",", "(", ":", "&") or word == "and" or word.startswith("("):
        expression = _LISTED
    elif word in _IS_WORDS or word.endswith(("'s", "’s", "'m", "’m", "'re", "’re")):
        expression = _IS
    else:
        return False
    return expression.search(lowered, low, start) is not None


_SOMEBODY = re.compile(
    r"(?<![a-z])(?:boy|girl|son|daughter|baby|toddler|brother|sister|mum|dad|mother|father|wife|husband|partner|nan|gran|"
    r"grandson|granddaughter|nephew|niece|twins)[ ]?\(\Z"
    r"|(?<![a-z])(?:defendant|victim|complainant|suspect|claimant|tenant|patient|driver|deceased|appellant|resident), \Z"
)
_NEARLY = frozenset((*_ABOUT, "approx.", "maybe"))
_IS_WORDS = frozenset(
    "is are hes shes im am now only just nearly almost about baby age aged turns turned turning".split()
)
_OLD = re.compile(r"[ -]old(?![a-z])")
_PLACE = re.compile(r"(?<![a-z])(?:bed|room|rm|ward|bay|gate|seat|size|flat|unit|bus|route)[ ]\Z")
_LASTS = re.compile(r"[ ](?:ago|later|in|of|experience|service|sentence|at|as|custody|old)(?![a-z])")
_STOPS = re.compile(r"[.,;)/]|\s|\Z")


def _detection(start: int, end: int) -> Detection:
    return Detection("AGE", start, end, 0.55, False, ("pattern age", "context who"), "prose")
