"""Are these names of people? By word lists first; a names model is asked only in doubt."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Sequence

from scanner.columns.written import as_names
from scanner.common.lexicon import normalise, words

_TOKEN = re.compile(r"[a-z][a-z'\-]*")
_ORGANISATION = frozenset(
    "ltd limited plc llp inc corp council nhs trust school academy college university services service group co cic "
    "charity association department team centre center hospital surgery practice clinic pharmacy solutions partners "
    "partnership society club church foundation institute agency authority board committee ministry office bank "
    "holdings company consulting consultants contractors builders systems technologies software networks hotel inn arms "
    "house court lodge nursery library museum park station depot unit ward division directorate federation union store stores supplies "
    "industries engineering construction logistics transport energy properties homes housing estates sons brothers international "
    "uk global media studio gallery theatre cafe restaurant bakery garage motors "
    "gmbh kg ag ohg mbh ev gbr kgaa stiftung sarl sas srl spa bv nv oy ab sl sa lda inc llc llp pty cic".split()
)
_NO_FIRST = frozenset("king queen st saint royal lord duke marquis earl the".split())
"""First words of inns, hospitals, schools and churches that bear a name."""
_STREET = frozenset(
    "road street avenue lane close drive crescent terrace way place gardens grove court square hill rise mews row park "
    "view walk green rd st ave ln cl dr cres gdns parade croft bank wharf quay mount vale gate yard".split()
)


@dataclasses.dataclass(frozen=True, slots=True)
class Names:
    """Shares of distinct values, 0 to 1."""

    full: float
    """Look like forename and surname together (initials and titles understood)."""
    fore: float
    """One word, a forename."""
    sur: float
    """One word (or double-barrelled), a surname."""
    weak: float
    """Of the single words found, those that are everyday words too."""
    place: float
    """Whole value is a town or county."""
    organisation: float
    single: float
    """Values of one word."""
    lettered: float
    """Values made of letters and name punctuation only."""
    titled: float
    """Begin with a title (Mr, Dr)."""
    comma: float
    """Written `SURNAME, Forename`."""
    dull: float
    """Hold an everyday word that is no name."""

    @property
    def best(self) -> float:
        return (
            max(self.full + max(self.fore, self.sur) * self.single, self.fore, self.sur)
            if self.single
            else self.full
        )


_FIRM = re.compile(r"[\w'-]+, [\w'-]+ (?:and|&) [\w'-]+|[\w'-]+ (?:and|&) (?:sons?|daughters?|co)\.?")
"""`Turley, Hickey and Sugrue`: partners, not one person."""
_LETTERED = re.compile(r"[^\W\d_][^\d_@/\\:;!?<>=+*#|]*")
_SPLIT = re.compile(r"[ \t]+")


@functools.cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    return words("forenames"), words("surnames"), words("everyday"), words("places"), words("titles")


def _is(token: str, listed: frozenset[str]) -> bool:
    if token in listed:
        return True
    if "-" in token:
        parts = [p for p in token.split("-") if p]
        return len(parts) > 1 and all(p in listed for p in parts)
    return token.replace("'", "") in listed if "'" in token else False


def full_name(value: str) -> float:
    """0 to 1: how much a value of several words looks like one person's name. `value` is normalised."""
    fore, sur, everyday, _, titles = _lists()
    text = value
    turned = False
    if "," in text:
        left, _, right = text.partition(",")
        if "," in right or not right.strip():
            return 0.0
        text, turned = f"{right.strip()} {left.strip()}", True
    tokens = [t.strip('.()"') for t in _SPLIT.split(text.replace(".", ". ").strip())]
    tokens = [t for t in tokens if t]
    titled = False
    while tokens and tokens[0] in titles:
        tokens, titled = tokens[1:], True
    while tokens and tokens[-1] in ("jr", "snr", "sr", "esq", "obe", "mbe", "phd", "kc", "mp", "bem", "cbe"):
        tokens = tokens[:-1]
    if not tokens or len(tokens) > 5:
        return 0.0
    if any(t in _ORGANISATION for t in tokens) or (
        tokens[-1] in _STREET and tokens[-1] not in ("hill", "park", "green", "lane", "bank", "court", "rowe")
    ):
        return 0.0
    if not all(_TOKEN.fullmatch(t) for t in tokens):
        return 0.0
    last = tokens[-1]
    if len(tokens) == 1:
        return 0.9 if titled and _is(last, sur) else 0.6 if titled else 0.0
    if tokens[-1] == "ville" or (tokens[0] in _NO_FIRST and not titled and not turned):
        return 0.0
    firsts = tokens[:-1]
    initials = all(len(t) == 1 or (len(t) == 2 and t not in fore) for t in firsts)
    short = len(last) == 1 or (len(last) == 2 and len(tokens) == 2 and last not in sur)
    if short and (_is(tokens[0], sur) or _is(tokens[0], fore)):
        return 0.7  # `Smith J`, `OKONKWO C`
    known_last = _is(last, sur)
    known_first = any(_is(t, fore) for t in firsts[:2])
    weak = firsts[0] in everyday
    if initials:
        return (
            (0.9 if known_last else 0.5)
            if len(firsts) <= 3 and last not in everyday
            else 0.6
            if known_last
            else 0.0
        )
    if known_first and known_last:
        return 0.5 if weak and last in everyday else 1.0
    if _is(last, fore) and _is(tokens[0], sur):
        return 0.8  # surname first
    if known_first and last not in everyday and not weak:
        return 0.75
    if known_last and last not in everyday and firsts[0] not in everyday:
        return 0.6 if turned or titled else 0.5
    return 0.55 if turned and last not in everyday else 0.3 if titled else 0.0


def look(raw: Sequence[str]) -> Names:
    """Shares over distinct values (as they stand, not normalised)."""
    fore, sur, everyday, places, titles = _lists()
    total = len(raw)
    if not total:
        return Names(*[0.0] * 11)
    n_full = n_fore = n_sur = n_weak = n_place = n_org = n_single = n_letters = n_title = n_comma = n_dull = (
        0.0
    )
    for value in as_names(raw):
        if not _LETTERED.fullmatch(value):
            continue
        n_letters += 1
        text = normalise(value)
        tokens = text.split()
        n_place += text in places
        titled = len(tokens) > 1 and tokens[0].strip(".") in titles
        n_dull += any(
            len(t) > 2 and t in everyday and t not in fore and t not in sur for t in tokens[titled:]
        )
        if len(tokens) > 1:
            n_org += any(t.strip(".,()") in _ORGANISATION for t in tokens) or bool(_FIRM.fullmatch(text))
            n_title += titled
            n_comma += "," in text
            n_full += full_name(text)
            if len(tokens) == 2 and (
                _is(text, sur)
                or tokens[0] in ("de", "van", "al", "el", "le", "la", "mac", "mc", "st", "ap", "o")
            ):
                n_sur += 0.5
            continue
        n_single += 1
        in_fore, in_sur = _is(text, fore), _is(text, sur)
        n_fore += in_fore
        n_sur += in_sur
        n_weak += (in_fore or in_sur) and text in everyday
    return Names(
        n_full / total, n_fore / total, n_sur / total, n_weak / total, n_place / total, n_org / total,
        n_single / total, n_letters / total, n_title / total, n_comma / total, n_dull / total,
    )  # fmt: skip
