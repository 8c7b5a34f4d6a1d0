"""Days, weeks, years and centuries told from where one stands, or counted: `two years ago`, `last week`."""

from __future__ import annotations

import re

from scanner.recognisers.prose.around import next_word, previous
from scanner.recognisers.prose.calendar import PARTS_OF_DAY, with_part_of_day

Span = tuple[int, int]

_ONE = (
    "day week month year decade century weekend fortnight night morning afternoon evening hour minute".split()
)
_SEASONS = frozenset("weekend spring summer autumn winter quarter season".split())
UNITS = frozenset((*_ONE, *(unit + "s" for unit in _ONE if unit != "century"), "centuries", *_SEASONS))
TODAY = frozenset("today yesterday tomorrow tonight tmrw tomoz".split())
NOON = frozenset(("noon", "midnight"))
DECADES = frozenset("twenties thirties forties fifties sixties seventies eighties nineties noughties".split())

_COUNTED = frozenset("hours day days week weeks month months year years decades fortnights centuries".split())
_POINTING = frozenset("last next this past previous following coming same that recent".split())
_THIS = frozenset("this that same next".split())
_CLOCKED = frozenset("hour minute".split())
_LAST_OF_ALL = (" of the proms", " of his ", " of her ", " of their ")
_BEFORE_POINTING = frozenset("earlier later early late the".split())
_COUNTS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred several few".split()
)
_SINGLE = frozenset(("a", "an", "one", "few", "couple", "of"))
_THEN = re.compile(r" (?:ago|later|earlier)(?![a-z])")
_COUNT_BEFORE = re.compile(
    r"(?:(?:the )?(?:past|last|next|previous|following|first|coming|another) )?(?:just |only |about |nearly |over )?"
    r"(?:a few|a couple of|several|half a|[0-9]{1,3}(?:-[0-9]{1,3}| to [0-9]{1,3}| or [0-9]{1,3})?|an?|"
    r"[a-z]+(?:-[a-z]+)?(?: or [a-z]+)?) \Z"
)
_POINTED_COUNT = re.compile(
    r"(?:the )?(?:past|last|next|previous|following|coming)(?: few| couple of| [a-z]+(?:-[a-z]+)?| [0-9]{1,3}) \Z"
)
_ENDING = frozenset("week weekend month year decade century summer winter season".split())
_OLD = re.compile(r"[ -](?:old|of age|pregnant|gestation)(?![a-z])")
_ORDINAL = re.compile(
    r"(?:the )?(?:(?:early|mid|late|middle|turn of the|end of the)[- ](?:to[- ](?:mid|late)[- ])?(?:the )?)?"
    r"(?:[0-9]{1,2}(?:st|nd|rd|th)|[a-z]+(?:-[a-z]+)?(?:st|nd|rd|th))"
    r"(?:(?: and | to |[-–]| or )(?:the )?(?:[0-9]{1,2}(?:st|nd|rd|th)|[a-z]+(?:-[a-z]+)?(?:st|nd|rd|th)))?[- ]\Z"
)
_NEW_YEAR = re.compile(r"['’]s (?:day|eve)(?![a-z])")
_ERA = re.compile(r" (?:BC|BCE|AD|CE)(?![A-Za-z])")
_ORDINALS = frozenset("first second third fourth final".split())
_WITHIN = frozenset("in till during over throughout by since until this every of".split())
_EARLIER = frozenset("earlier later early late".split())
_LAST_LETTERS = "rye"
"""Of the words that may stand before `today` and belong to it."""
_DAY_BEFORE = ("the day before ", "the day after ")
_AT_NOON = frozenset("at by until till before after around about to from and since".split())
_SENTENCE = ".!?\n\"'“‘:(#-*•"


def unit(text: str, lowered: str, at: int, word: str) -> Span | None:
    """A day, week, month, year, season or century that is pointed at or counted."""
    before = previous(lowered, at)
    if not before:
        return None
    end = at + len(word)
    if before in _POINTING:
        return _pointed(text, lowered, at, end, word, before) if lowered[at - 1] != "-" else None
    if word in PARTS_OF_DAY:
        return None
    if word in ("century", "centuries"):
        return _century(text, lowered, at, end)
    if before == "the":
        if word in _ENDING and lowered.endswith("end of the ", 0, at):
            begin = at - len("end of the ")
            return begin - 4 * lowered.endswith("the ", 0, begin), end
        return _the_season(text, lowered, at, end, word) if word in _SEASONS and word != "season" else None
    if word == "quarter":
        quarter = before in _ORDINALS and lowered.endswith("the ", 0, at - 1 - len(before))
        return (at - 5 - len(before), end) if quarter else None
    if before == "new" and word == "year" and text[at].isupper():
        day = _NEW_YEAR.match(lowered, end)
        return (at - 4, day.end()) if day else None
    return _counted(lowered, at, end, word, before) if lowered[at - 1] != "-" else None


def _pointed(text: str, lowered: str, at: int, end: int, word: str, before: str) -> Span | None:
    """`last week`, `earlier this year`, `the same day`."""
    plural = word.endswith("s")
    if before in _THIS:
        if plural or word in _CLOCKED:
            return None
    elif before == "last":
        if lowered.startswith(_LAST_OF_ALL, end):
            return None
    elif before == "recent" and not plural:
        return None
    start = at - 1 - len(before)
    if text[at].isupper() and start > 0 and text[start].islower():
        return None  # `last Night of the Proms`
    if lowered.endswith("this time ", 0, start):
        return start - 10, end
    lead = previous(lowered, start)
    return (start - 1 - len(lead) if lead in _BEFORE_POINTING else start), end


def _the_season(text: str, lowered: str, at: int, end: int, word: str) -> Span | None:
    """`in the summer`, `at the weekend`; a season with its year is told by the year."""
    if text[at].isupper() and text[at - 2].islower():
        return None
    if word != "weekend" and previous(lowered, at - 4) not in _WITHIN:
        return None
    return None if next_word(lowered, end) in ("olympics", "water", "games") else (at - 4, end)


def _counted(lowered: str, at: int, end: int, word: str, before: str) -> Span | None:
    """`two years ago`, `the past three months`, `18 months`."""
    number = before.isdigit() and len(before) < 4
    if not number and before not in _COUNTS and before not in _SINGLE and "-" not in before:
        return None
    low = max(0, at - 40)
    if then := _THEN.match(lowered, end):
        start = _COUNT_BEFORE.search(lowered, low, at)
        return (_word_start(lowered, start.start()) if start else at - 1 - len(before)), then.end()
    if before in ("a", "an"):
        return None
    if pointed := _POINTED_COUNT.search(lowered, low, at):
        return _word_start(lowered, pointed.start()), end
    if word not in _COUNTED or not (word.endswith("s") or before in ("1", "one")):
        return None
    if before in ("of", "couple") or "-" in before or _OLD.match(lowered, end):
        return None
    start_of = at - 1 - len(before)
    if number and (int(before) < 1 or lowered[start_of - 1 : start_of] in tuple("£$€./:-,")):
        return None
    return start_of, end


def _word_start(lowered: str, at: int) -> int:
    """The same place, or the next word's where it stands inside one."""
    if at and lowered[at - 1].isalnum():
        gap = lowered.find(" ", at)
        return gap + 1 if gap >= 0 else at
    return at


def _century(text: str, lowered: str, at: int, end: int) -> Span | None:
    """`the late 19th century`, `fifth and sixth centuries BC`."""
    match = _ORDINAL.search(lowered, max(0, at - 48), at)
    era = _ERA.match(text, end)
    if match:
        return _word_start(lowered, match.start()), era.end() if era else end
    before = previous(lowered, at)
    if before in ("last", "this", "next", "past", "previous"):
        return at - 1 - len(before), end
    if lowered.endswith("turn of the ", 0, at):
        return at - 12, end
    return _counted(lowered, at, end, "centuries", before)


def today(text: str, lowered: str, at: int, word: str) -> Span | None:
    """`today`, `yesterday morning`, `the day before yesterday`."""
    if text[at].isupper() and _inside(text, at):
        return None  # `USA Today`
    end = at + len(word)
    start = at
    if text[at - 1 : at] == ".":
        return None  # `date.today`
    if lowered[at - 2 : at - 1] in _LAST_LETTERS:
        before = previous(lowered, at)
        if before in _EARLIER:
            start -= 1 + len(before)
        elif before in ("before", "after") and lowered.endswith(_DAY_BEFORE, 0, at):
            start -= 9 + len(before)
    return start, with_part_of_day(lowered, end)


def noon(text: str, lowered: str, at: int, word: str) -> Span | None:
    """`at noon`, `until midnight`."""
    end = at + len(word)
    if previous(lowered, at) not in _AT_NOON or text[end : end + 1] == "-" or text[at].isupper():
        return None
    return at, end


def _inside(text: str, at: int) -> bool:
    """True of a word with one capital that begins no sentence."""
    sentence = text[max(0, at - 3) : at].rstrip(" \u00a0")
    return bool(sentence) and sentence[-1] not in _SENTENCE and not text[at + 1 : at + 2].isupper()


def decade(_text: str, lowered: str, at: int, word: str) -> Span | None:
    """`the nineties`; `in her nineties` is an age."""
    for lead in ("the ", "the early ", "the late ", "the mid-", "the mid ", "early ", "late "):
        if lowered.endswith(lead, 0, at) and previous(lowered, at - len(lead)) not in (
            "his",
            "her",
            "their",
            "my",
        ):
            return at - len(lead), at + len(word)
    return None
