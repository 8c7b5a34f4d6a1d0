"""One table in, one `ColumnResult` per column out."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Mapping, Sequence

from scanner.columns import attributes, categories, numbers
from scanner.columns.counting import finish
from scanner.columns.evidence import Formats, formats
from scanner.columns.headers import Header, HeaderReader
from scanner.columns.identify import Candidate, candidates
from scanner.columns.profile import Profile
from scanner.columns.told import SPECIAL, told
from scanner.contracts import Identifier
from scanner.model import ColumnResult, Detection

Ask = Callable[[Sequence[str]], list[list[Detection]]]

_HEALTH_IDS = frozenset({"UK_NHS", "UK_CHI", "UK_HCN"})
_JUSTICE_IDS = frozenset(
    {
        "UK_PNC_ID",
        "UK_CRO_NUMBER",
        "UK_ARREST_SUMMONS_NUMBER",
        "UK_PRISONER_NUMBER",
        "UK_COURT_CASE_REFERENCE",
    }
)
_PERSONAL = (
    frozenset(
        {"PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "UK_NINO", "UK_UPN", "UK_ULN", "GENDER", "UK_PASSPORT"}
    )
    | _HEALTH_IDS
    | _JUSTICE_IDS
)


@functools.lru_cache(maxsize=8)
def _known(identifiers: tuple[Identifier, ...]) -> tuple[Formats, HeaderReader]:
    return formats(identifiers), HeaderReader(identifiers)


class _Column:
    """A column while it is judged."""

    def __init__(self, profile: Profile, header: Header) -> None:
        self.profile, self.header = profile, header
        self.seen = attributes.looks(profile)
        self.options: list[Candidate] = []

    @property
    def chosen(self) -> Candidate | None:
        return max(self.options, key=lambda c: (c.rank, c.score, c.entity_type), default=None)

    @property
    def type(self) -> str | None:
        chosen = self.chosen
        return chosen.entity_type if chosen else None


def judge_columns(
    columns: Mapping[str, Sequence[str | None]],
    *,
    identifiers: Sequence[Identifier],
    detect_text: Callable[[Sequence[str]], list[list[Detection]]],
    detect_names: Callable[[Sequence[str]], list[list[Detection]]] | None,
) -> dict[str, ColumnResult]:
    """What each column of a table holds.

    `columns`: name to cells in table order, None for empty. `detect_text` finds patterns in
    running text; `detect_names` finds people's names, None where there is no names model.
    Every non-empty cell is accounted for: `hits` holds the row numbers of all that were found.
    """
    known, reader = _known(tuple(identifiers))
    today = dt.date.today()
    table = [_Column(Profile(name, cells), reader.read(name)) for name, cells in columns.items()]
    for column in table:
        _alone(column, known, detect_names, today)
    _together(table, known, today)
    return {c.profile.name: finish(c.profile, c.chosen, known, detect_text, detect_names) for c in table}


def _alone(column: _Column, known: Formats, names: Ask | None, today: dt.date) -> None:
    """Readings that need no look at the other columns."""
    profile, header, seen = column.profile, column.header, column.seen
    if not profile.counts:
        return
    column.options = candidates(profile, header, known, {})
    category = categories.judge(profile, header)
    if category is not None:
        rank = (
            1.4
            + category.score
            + (0.8 if "header" in category.reasons[0] else 0.0)
            - (0.9 if category.coded else 0)
        )
        column.options.append(Candidate(category.entity_type, category.score, rank, category.reasons))
    if not profile.wordy:
        for option in (
            attributes.person(profile, header, seen, names),
            attributes.age(profile, header),
            attributes.pay(profile, header),
            attributes.login(profile, header, seen),
            attributes.secret(profile, header),
            attributes.device(profile, header),
            numbers.dialled(profile, header),
            numbers.unissued(profile, header),
            numbers.bare_mac(profile, header),
        ):
            if option:
                column.options.append(option)
    for option in (
        attributes.address(profile, header, seen, beside=False),
        attributes.birth(profile, header, seen, today, people_near=False),
    ):
        if option:
            column.options.append(option)


def _together(table: list[_Column], known: Formats, today: dt.date) -> None:
    """What a column's neighbours say of it."""
    types = {c.type for c in table}
    people = bool(types & _PERSONAL)
    justice = bool(types & _JUSTICE_IDS) or "CRIMINAL_OFFENCE" in types
    for index, column in enumerate(table):
        if not column.profile.counts:
            continue
        near = {table[i].type for i in (index - 2, index - 1, index + 1, index + 2) if 0 <= i < len(table)}
        next_to = {table[i].type for i in (index - 1, index + 1) if 0 <= i < len(table)}
        if column.type is None:
            bonus: dict[str, float] = {}
            if "UK_SORT_CODE" in next_to:
                bonus["UK_BANK_ACCOUNT"] = 18.0
            if justice:
                bonus |= {"UK_PRISONER_NUMBER": 7.0, "UK_PROBATION_CRN": 12.5, "UK_COURT_CASE_REFERENCE": 8.0}
            if bonus:
                column.options += candidates(
                    column.profile, column.header, {t: known[t] for t in bonus if t in known}, bonus
                )
            option = attributes.birth(column.profile, column.header, column.seen, today, people_near=people)
            if option:
                column.options.append(option)
            option = numbers.zip_code(column.profile, column.header, beside="ADDRESS" in near)
            if option:
                column.options.append(option)
        if column.type in (None, "PERSON"):
            beside = (
                bool(near & {"ADDRESS", "UK_POSTCODE"} or "PERSON" in types)
                if column.header.says("ADDRESS")
                else bool(next_to & {"ADDRESS", "UK_POSTCODE"})
            )
            option = attributes.address(column.profile, column.header, column.seen, beside=beside)
            if option and (column.type is None or column.header.says("ADDRESS") >= 0.7):
                column.options.append(option)
    _taken_at_their_word(table)
    _of_animals(table)
    _account_pairs(table, known)
    _earliest_birth(table)


def _taken_at_their_word(table: list[_Column]) -> None:
    """Special categories that a name tells, in tables about people."""
    given = [c.type for c in table]
    for column in table:
        if column.type is not None or not column.profile.counts:
            continue
        others = frozenset(t for c, t in zip(table, given, strict=True) if c is not column)
        if not others & (_PERSONAL | SPECIAL):
            continue
        verdict = told(column.profile, column.header, column.seen, others)
        if verdict is not None:
            column.options.append(Candidate(verdict.entity_type, verdict.score, 1.2, verdict.reasons))


_ANIMALS = frozenset(
    "species breed pet pets animal animals microchip livestock herd cattle horse horses dog dogs kennel vet".split()
)


def _of_animals(table: list[_Column]) -> None:
    """Illnesses and vaccines in tables of animals are nobody's health."""
    words = set().union(*(c.header.words for c in table))
    if words.isdisjoint(_ANIMALS) or {c.type for c in table} & _HEALTH_IDS:
        return
    for column in table:
        column.options = [c for c in column.options if c.entity_type != "HEALTH"]


def _earliest_birth(table: list[_Column]) -> None:
    """Of two unnamed columns of dates, births come ten years and more before the rest."""
    births = [c for c in table if c.type == "DATE_OF_BIRTH" and c.seen.days.count]
    for column in births:
        if column.header.says("DATE_OF_BIRTH") >= 0.7:
            continue
        middle = column.seen.days.at(0.5)
        if any((middle - other.seen.days.at(0.5)).days > 3650 for other in births if other is not column):
            column.options = [c for c in column.options if c.entity_type != "DATE_OF_BIRTH"]


def _account_pairs(table: list[_Column], known: Formats) -> None:
    """Six digits beside eight, both unnamed: a sort code with its account number."""
    if "UK_SORT_CODE" not in known or "UK_BANK_ACCOUNT" not in known:
        return
    for left, right in itertools.pairwise(table):
        for sort, account in ((left, right), (right, left)):
            if (
                sort.type
                or account.type
                or sort.header.harmless
                or account.header.harmless
                or account.profile.sequential
            ):
                continue
            account_options = candidates(
                account.profile,
                account.header,
                {"UK_BANK_ACCOUNT": known["UK_BANK_ACCOUNT"]},
                {"UK_BANK_ACCOUNT": 14.0},
            )
            if (
                not account_options
                or not all(len(v) == 6 for v in sort.profile.decide[:50])
                or sort.profile.sequential
            ):
                continue
            sort_options = candidates(
                sort.profile, sort.header, {"UK_SORT_CODE": known["UK_SORT_CODE"]}, {"UK_SORT_CODE": 12.0}
            )
            if sort_options:
                sort.options += sort_options
                account.options += account_options
