"""What is stopped, for whom; and what is let through by name and reason."""

from __future__ import annotations

import pytest

from scanner.errors import ConfigError
from scanner.model import Gap, GapReason, Stage
from scanner.release.allowing import parse_allows
from scanner.release.decision import FileVerdict, Level, Verdict, judge_file
from scanner.release.pieces import Where, safe_name
from scanner.release.results import FileResult, Seen, TypeCount


def _file(*seen: Seen, contacts: int = 0, names: int = 0, gaps: tuple[Gap, ...] = ()) -> FileResult:
    return FileResult(
        "a.xlsx", seen=seen, contacts=contacts, names=names, gaps=gaps, where=Where.of("{}", "a.xlsx")
    )


def _seen(hiding: str, *types: tuple[str, int], people: int = 0, rows: int = 0) -> Seen:
    return Seen(
        Where.of("sheet 1"), hiding, tuple(TypeCount(n, c, c) for n, c in types), people=people, rows=rows
    )


GAP = Gap("", Stage.EXTRACT, GapReason.ENCRYPTED, "protected by a password")


@pytest.mark.parametrize(
    ("file", "public", "named", "internal"),
    [
        (_file(), "NOTE", "NOTE", "NOTE"),
        (_file(_seen("hidden sheet", ("PERSON", 1), people=1)), "FAIL", "FAIL", "WARN"),
        (_file(_seen("hidden sheet", ("PERSON", 9483), people=500, rows=9483)), "FAIL", "FAIL", "FAIL"),
        (_file(_seen("comments", ("UK_NINO", 1), people=1)), "FAIL", "FAIL", "FAIL"),
        (_file(_seen("hidden sheet")), "NOTE", "NOTE", "NOTE"),
        (_file(_seen("", ("HEALTH", 3))), "FAIL", "WARN", "NOTE"),
        (_file(_seen("", ("CRIMINAL_OFFENCE", 3))), "FAIL", "WARN", "NOTE"),
        (_file(_seen("", ("UK_NINO", 1))), "FAIL", "WARN", "NOTE"),
        (_file(_seen("", ("UK_BANK_ACCOUNT", 1))), "FAIL", "WARN", "NOTE"),
        (_file(_seen("", ("EMAIL_ADDRESS", 5)), contacts=5), "FAIL", "WARN", "NOTE"),
        (_file(_seen("", ("EMAIL_ADDRESS", 4)), contacts=4), "WARN", "NOTE", "NOTE"),
        (_file(_seen("", ("PERSON", 4)), names=4), "WARN", "NOTE", "NOTE"),
        (_file(_seen("", ("UK_GMC_NUMBER", 1))), "WARN", "NOTE", "NOTE"),
        (
            _file(Seen(Where.of("x"), "authors", detail="d", level="warn", kind="author")),
            "WARN",
            "WARN",
            "NOTE",
        ),
        (
            _file(Seen(Where.of("x"), "gps", detail="d", level="fail", kind="personal")),
            "FAIL",
            "FAIL",
            "WARN",
        ),
        (_file(_seen("properties", ("PERSON", 1), people=1)), "WARN", "WARN", "WARN"),
        (_file(gaps=(GAP,)), "UNCHECKED", "UNCHECKED", "UNCHECKED"),
    ],
)
def test_level_for_each_audience(file, public, named, internal):
    assert [judge_file(file, a, {}).level.name for a in ("public", "named", "internal")] == [
        public,
        named,
        internal,
    ]


def test_not_checked_is_never_clean_and_a_stop_weighs_more():
    unread, leak = (
        judge_file(_file(gaps=(GAP,)), "public", {}),
        judge_file(_file(_seen("notes", ("PERSON", 1))), "public", {}),
    )
    clean = judge_file(_file(), "public", {})

    def code(*files: FileVerdict) -> int:
        return Verdict("public", {}, files).exit_code

    assert (code(clean), code(clean, unread), code(clean, unread, leak), code(leak)) == (0, 3, 1, 1)


def test_an_allowed_type_passes_with_its_reason_and_nothing_else_does():
    file = _file(_seen("", ("UK_BANK_ACCOUNT", 1), ("UK_NINO", 1)), _seen("comments", ("UK_BANK_ACCOUNT", 2)))
    verdict = judge_file(file, "public", {"UK_BANK_ACCOUNT": "our own account"})
    assert verdict.level is Level.FAIL
    assert [line.what[0].entity_type for line in verdict.lines if line.level is Level.FAIL] == ["UK_NINO"]
    assert {line.allowed for line in verdict.lines if line.allowed} == {"our own account"}


def test_allowing_needs_a_known_kind_and_a_reason():
    assert parse_allows(["uk_nino: own  staff agreed", "authors:named on the cover"]) == {
        "UK_NINO": "own staff agreed", "authors": "named on the cover",
    }  # fmt: skip
    for wrong in (
        ["UK_NINO"],
        ["UK_NINO:"],
        ["UK_NINO:x"],
        ["NINO:because it is ours"],
        ["UK_NINO:one two", "UK_NINO:three"],
    ):
        with pytest.raises(ConfigError, match="--allow"):
            parse_allows(wrong)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Sheet2", "Sheet2"),
        ("Q1 2024", "Q1 2024"),
        ("Okonkwo, Chidinma QQ123456C", None),
        ("jane.okonkwo@example.org.xlsx", None),
    ],
)
def test_names_leave_the_terminal_only_without_people(name, shown):
    place = Where.of("sheet “{}”, row {}", name, 12)
    assert place.text == f"sheet “{name}”, row 12"
    assert place.shown.endswith("row 12")
    if shown:
        assert safe_name(name) == shown
    else:
        assert not {"Okonkwo", "Chidinma", "QQ123456C", "jane"} & set(
            place.shown.replace(",", " ").replace("”", " ").replace(".", " ").split()
        )
