"""Months, weekdays and feasts with what belongs to them: `3-5 May`, `mid-June 1952`, `last Thursday night`.

Each function is given a text, the same in small letters, and where one of its words stands there;
it returns the span of the whole expression, or None where the word means something else.
"""

from __future__ import annotations

import re

from scanner.recognisers.prose.around import next_word, previous, starts_capital

Span = tuple[int, int]

_FULL = "january february march april may june july august september october november december".split()
_SHORT = "jan feb mar apr jun jul aug sep sept oct nov dec".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SHORT_DAYS = "mon tue tues wed weds thu thur thurs fri sat sun".split()

MONTHS = frozenset((*_FULL, *_SHORT))
WEEKDAYS = frozenset((*_DAYS, *(day + "s" for day in _DAYS)))
SHORT_WEEKDAYS = frozenset(_SHORT_DAYS)
FEASTS = frozenset("christmas easter boxing halloween hogmanay eve".split())

_WORDS_TOO = frozenset(("may", "march", "mar", "sat", "sun", "dec", "jan", "jun", "sep"))
"""Words, names or parts of codes where they are written small."""
_NAMES_TOO = frozenset(("march", "april", "may", "june", "august"))
_UNMISTAKABLE = frozenset(("tues", "weds", "thurs", "thur"))
_BEFORE_MONTH = frozenset(
    "in since until till during through throughout last next this early late mid mid- from by".split()
)
_RARELY_NAMES = frozenset(("march", "august"))
_OF = re.compile(
    r"(?:end|beginning|middle|start|month|week|part|half|night|morning|evening|[0-9](?:st|nd|rd|th)|first|last) of \Z"
)
_MONTH_BEFORE = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|[0-9]) "
    r"(?:to|and|or|until) \Z"
)
_MONTH_AFTER = re.compile(
    r" ?(?:to|and|until|till|–|-) ?(?:[0-9]{1,2} )?(?:january|february|march|april|may|june|july|august|september|"
    r"october|november|december)(?![a-z])"
)
_DAY_BEFORE = re.compile(
    r"(?<![\w£$€#/:.,+-])[0-3]?[0-9](?:st|nd|rd|th)?"
    r"(?:\s?(?:-|–|to|and|&|or|/|,)\s?[0-3]?[0-9](?:st|nd|rd|th)?){0,2}(?:\s?day)?(?:\sof)?[\s.,/-]{0,2}\Z"
)
_NUMBER_WORDS = frozenset(
    "section article part page clause chapter schedule paragraph rule room flat table figure".split()
)
_AFTER_MONTH = re.compile(
    r"\.?(?P<day>[\s-](?:the\s)?[0-3]?[0-9](?:st|nd|rd|th)?(?:\s?(?:-|–|to|and)\s?[0-3]?[0-9](?:st|nd|rd|th)?)?"
    r"(?![\w:%]|[.,/][0-9]|\s?[ap]\.?m))?"
    r"(?P<year>,?[\s/-]{0,2}(?:of\s)?(?:1[0-9]{3}|20[0-9]{2})(?:\s?[–-]\s?[0-9]{2})?(?![\w–-]*[0-9])|"
    r"\s['’][0-9]{2}(?![\w]))?"
)
_LEADING = frozenset(("early", "mid", "late", "last", "next", "this", "mid-", "early-", "late-"))
_ONLY_DAY_NUMBERS = re.compile("[0-9]+")
PARTS_OF_DAY = frozenset("morning afternoon evening night lunchtime teatime".split())
_FIRST_LETTERS = frozenset("maenlt")
_LEADS = {
    "of": tuple(
        f"the {part} of " for part in ("night", "morning", "evening", "afternoon", "early hours", "week")
    ),
    "on": ("early on ", "late on ", "later on "),
    "commencing": ("week commencing ",),
    "ending": ("week ending ",),
}
_BEFORE_DAY = frozenset("last next this coming early late good easter".split())
_DAY_NUMBER = re.compile(r",? (?:the )?[0-3]?[0-9](?:st|nd|rd|th)(?![a-z])")
_PAPER = frozenset(
    "times telegraph mirror express mercury mail post herald world people sport sun star chronicle review brunch "
    "school schools club dinner lights addams football league driver roast lunch rugby club trust united".split()
)
_NIGHT_OF = re.compile(r" Night (?:[Dd]inner|[Ll]ights|[Ll]ive|[Ff]ootball|[Ff]ever|[Pp]roject)(?![a-z])")
_NAMED = frozenset(("sheffield", "ruby", "happy", "freaky", "black", "bloody", "super", "wednesday", "mad"))
_SHORT_DAY_AFTER = re.compile(
    r"\.?(?:,?\s[0-3]?[0-9](?![0-9%])|\s?[-–:]\s|\s(?:morning|afternoon|evening|night|at|am|pm)\b|"
    r"\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
)
_BEFORE_WEEKDAY = frozenset(
    "on last next this by until till since from for and every of late early coming each before after to".split()
)
_SHORT_DAY_BEFORE = frozenset("on last next this until till by every from".split())
_NEW_YEARS = ("new year's ", "new year’s ", "new years ")
_GIFTS = frozenset("card cards present presents party dinner tree".split())
_FEAST_YEAR = re.compile(r",? (?:1[0-9]{3}|20[0-9]{2})(?![0-9])")
_FEAST_BEFORE = frozenset("at since until till by before after last next this over every for".split())


def month(text: str, lowered: str, at: int, word: str) -> Span | None:
    """A month with its day, its year or a word that makes it one."""
    end = at + len(word)
    capital = text[at].isupper()
    after = _AFTER_MONTH.match(lowered, end)
    year = after is not None and after["year"] is not None
    days = _days_before(lowered, at)
    if days is not None and (capital or word not in _WORDS_TOO or year or _ordinal(lowered, days, at)):
        return led(lowered, days, previous(lowered, days)), after.end(
            "year"
        ) if after is not None and year else end
    if after is not None and (year or after["day"]) and (capital or year or word not in _WORDS_TOO):
        numbers = _ONLY_DAY_NUMBERS.findall(after["day"] or "")
        if all(1 <= int(number) <= 31 for number in numbers):
            return _led(lowered, at), after.end("year") if year else after.end("day")
    before = previous(lowered, at)
    if not _month_alone(text, lowered, at, end, word, before):
        return None
    return _led(lowered, at), end


def _month_alone(text: str, lowered: str, at: int, end: int, word: str, before: str) -> bool:
    """Is a month without day and year one, and not a name or a word?"""
    capital = text[at].isupper()
    if text[end : end + 1] in ("-", "_", "@", "/", "(") or text[at - 1 : at] in (
        "/",
        "_",
        "@",
        "#",
        ".",
        "&",
    ):
        return False
    if before in ("from", "between") and _MONTH_AFTER.match(lowered, end):
        return True
    led = before in _BEFORE_MONTH
    if word not in _NAMES_TOO:
        if word in _SHORT:
            return led and capital and word not in _WORDS_TOO and not starts_capital(text, end)
        return led or not capital or not starts_capital(text, end)
    if not capital or lowered.startswith(("'s", "’s"), end):
        return False
    if starts_capital(text, end) and next_word(lowered, end) not in WEEKDAYS:
        return False
    if before in ("from", "by"):
        return word in _RARELY_NAMES or (before == "from" and not next_word(lowered, end))
    if led:
        return True
    near = max(0, at - 24)
    if before == "of":
        return _OF.search(lowered, near, at) is not None
    return before in ("to", "and", "or", "until") and _MONTH_BEFORE.search(lowered, near, at) is not None


def _days_before(lowered: str, at: int) -> int | None:
    """Where the days before a month begin: `3`, `3rd and 5th of`."""
    if at < 2 or not (lowered[at - 1].isdigit() or lowered[at - 1] in " \u00a0\n.,/-"):
        return None
    last = lowered[at - 2]
    if not (last.isdigit() or last in "htdf,./-" or lowered[at - 1].isdigit()):
        return None
    match = _DAY_BEFORE.search(lowered, max(0, at - 30), at)
    if match is None:
        return None
    if any(not 1 <= int(number) <= 31 for number in _ONLY_DAY_NUMBERS.findall(match[0])):
        return None
    if previous(lowered, match.start()) in _NUMBER_WORDS:
        return None
    return match.start()


def _ordinal(lowered: str, start: int, end: int) -> bool:
    return any(mark in lowered[start:end] for mark in ("st", "nd", "rd", "th"))


def _led(lowered: str, at: int) -> int:
    """The start with `early`, `mid-` or `last` before it."""
    before = previous(lowered, at)
    if before in _LEADING:
        return lowered.rindex(before, 0, at)
    return at


def led(lowered: str, start: int, before: str) -> int:
    """The start with the part of the day before it: `the night of 3 May`, `early on Sunday`."""
    for lead in _LEADS.get(before, ()):
        if lowered.endswith(lead, 0, start):
            return start - len(lead)
    return start


def with_part_of_day(lowered: str, end: int) -> int:
    """The end with `morning` or `night` after it."""
    if lowered[end + 1 : end + 2] not in _FIRST_LETTERS:
        return end
    following = next_word(lowered, end)
    return end + 1 + len(following) if following in PARTS_OF_DAY else end


def _before_a_capital(lowered: str, end: int, before: str) -> bool:
    """Is a weekday with another capital after it one? `on Friday Mr Okafor`, but `Friday Okafor rang`."""
    following = next_word(lowered, end)
    if following in _PAPER:
        return False
    return before in _BEFORE_WEEKDAY or following in MONTHS or following in PARTS_OF_DAY


def _with_number(lowered: str, end: int) -> int:
    """The end with the day's number after it: `Friday the 13th`."""
    number = _DAY_NUMBER.match(lowered, end)
    return number.end() if number else end


def weekday(text: str, lowered: str, at: int, word: str) -> Span | None:
    """A weekday with `last` or `next` before it and a part of the day after it."""
    end = at + len(word)
    before = previous(lowered, at)
    if text[at].isupper():
        if starts_capital(text, end) and not _before_a_capital(lowered, end, before):
            return None
        if _NIGHT_OF.match(text, end):
            return None
        if before in _NAMED and (before != "happy" or word.endswith("s")):
            return None
        if before == "on" and lowered.endswith("mail on ", 0, at):
            return None
    start = at - 1 - len(before) if before in _BEFORE_DAY else led(lowered, at, before)
    return start, _with_number(lowered, with_part_of_day(lowered, end))


def short_weekday(text: str, lowered: str, at: int, word: str) -> Span | None:
    """`Mon 4 March`, `Tues night`, `on Sat`; most of these are words, newspapers or initials too."""
    if not text[at].isupper() or text[at - 1 : at] in ("/", "-", "_", "@", "#", "'"):
        return None
    end = at + len(word)
    before = previous(lowered, at)
    if word not in _UNMISTAKABLE and (
        before == "the" or (before not in _SHORT_DAY_BEFORE and not _SHORT_DAY_AFTER.match(lowered, end))
    ):
        return None
    if lowered.startswith(".", end) and lowered[end + 1 : end + 3].strip().isdigit():
        end += 1
    start = at - 1 - len(before) if before in _BEFORE_DAY else led(lowered, at, before)
    return start, _with_number(lowered, with_part_of_day(lowered, end))


def feast(text: str, lowered: str, at: int, word: str) -> Span | None:
    """`Christmas Day`, `at Easter`, `New Year's Eve 1999`."""
    end = at + len(word)
    if word == "eve":
        for name in _NEW_YEARS:
            if lowered.endswith(name, 0, at):
                return at - len(name), _with_year(lowered, end)
        return None
    if not text[at].isupper():
        return None
    following = next_word(lowered, end)
    if following in ("day", "eve"):
        return at, _with_year(lowered, end + 4)
    before = previous(lowered, at)
    if word == "boxing" or starts_capital(text, end) or before not in _FEAST_BEFORE or following in _GIFTS:
        return None
    return (at - 1 - len(before) if before in ("last", "next", "this") else at), end


def _with_year(lowered: str, end: int) -> int:
    year = _FEAST_YEAR.match(lowered, end)
    return year.end() if year else end
