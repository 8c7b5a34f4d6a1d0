"""The page for the board, the sheet for public exposure, and the summary in Markdown."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from scanner.model import Estimate, Inspected, Presence, Registration, Report
from scanner.reporters.board import BoardReporter
from scanner.reporters.markdown import MarkdownReporter, text
from scanner.reporters.page import headline
from scanner.reporters.triage import TriageReporter
from tests.history.sample import BUCKET, finding, full_report, report, summary
from tests.reporters.test_csv import with_history
from tests.reporters.test_html import Page


def read(reporter: BoardReporter | TriageReporter, run: Report, folder: Path) -> Page:
    (path,) = reporter.write(run, str(folder))
    return Page(Path(path).read_text(encoding="utf-8"))


# --- board ------------------------------------------------------------------------


def test_board(tmp_path: Path) -> None:
    page = read(BoardReporter(), with_history(full_report()), tmp_path)
    assert "1 finding of data open to anybody is with the data protection officer to assess." in page.said
    assert "What is needed first (2 of 2 actions)" in page.said
    assert page.named("script") == [] and page.named("a")[1:] == []
    assert "nino" not in page.said, "no evidence on the board's page"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(3, 4, "fewer than 5 people"), (0, 4, "fewer than 5 people"), (2, 40, "up to 40 people"),
     (5, 5, "5 people"), (200, 215, "200 to 215 people")],
)  # fmt: skip
def test_small_numbers_are_masked(low: int, high: int, said: str, tmp_path: Path) -> None:
    few = dataclasses.replace(summary(), individuals=Estimate(low, high))
    run = report(finding(), stores=(BUCKET,), summaries=(few,))
    page = read(BoardReporter(), run, tmp_path)
    assert f"The most people are in applications: {said}." in page.said


def test_people_are_given_in_full_to_the_officer() -> None:
    assert headline.people(Estimate(1, 1)) == "1 person"
    assert headline.people(Estimate(3, 4)) == "3 to 4 people"


# --- triage -----------------------------------------------------------------------


def test_triage_holds_what_a_notification_describes(tmp_path: Path) -> None:
    page = read(TriageReporter(), with_history(full_report()), tmp_path)
    for words in (
        "1 store to assess.",
        "this is for the data protection officer to decide",
        "within 72 hours of the controller becoming aware",
        "National Insurance number; name; health (possible)",
        "200 to 215",
        "212 to 240",
        "grave: special category or offence data",
        "Turn public access off now",
        "First seen by a scan 2 March 2026, 12:00 UTC",
        "eu-west-2, United Kingdom",
        "Date and time the controller became aware",
        "UK GDPR Art 33",
    ):
        assert words in page.said


@pytest.mark.parametrize(
    ("regime", "named", "not_named"),
    [("dpa2018_part3", "s. 67", "Art 33"), ("uk_gdpr", "Art 33", "s. 67"), ("both", "s. 67", "breach of")],
)
def test_law_follows_the_regime(regime: str, named: str, not_named: str, tmp_path: Path) -> None:
    run = full_report()
    said = Registration(legal_regime=regime)
    run = dataclasses.replace(run, context=dataclasses.replace(run.context, registrations={BUCKET.id: said}))
    page = read(TriageReporter(), with_history(run), tmp_path)
    assert named in page.said and not_named not in page.said


def test_content_not_inspected_is_not_harmless(tmp_path: Path) -> None:
    unread = dataclasses.replace(
        summary(BUCKET, Inspected.NONE), sensitivity=None, personal=Presence.NOT_ASSESSED
    )
    page = read(TriageReporter(), with_history(report(finding(), summaries=(unread,))), tmp_path)
    assert "assume the worst until somebody has looked" in page.said
    assert "People, approximately not known: content not inspected" in page.said


def test_nothing_to_assess_is_said_with_what_was_seen(tmp_path: Path) -> None:
    page = read(TriageReporter(), report(), tmp_path)
    assert "That is no proof that there is none: 2 of 2 stores covered." in page.said


# --- Markdown -----------------------------------------------------------------------


def test_markdown(tmp_path: Path) -> None:
    (path,) = MarkdownReporter().write(with_history(full_report()), str(tmp_path))
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Personal data and its safeguards: Licensing"
    assert "**1 finding of data open to anybody: for the data protection officer to assess today.**" in lines
    row = next(line for line in lines if line.startswith("| Critical |"))
    assert row.count(" | ") == 4 and "Head of Licensing | 4 March 2026 |" in row
    assert any("s3:GetEncryptionConfiguration" in line for line in lines)
    assert len(lines) < 60


def test_texts_stay_texts() -> None:
    assert text("a|b") == "a\\|b"
    assert text("[x](javascript:alert)") == "\\[x\\](javascript:alert)"
    assert text("<img> & `code` *b*") == "&lt;img&gt; &amp; \\`code\\` \\*b\\*"
    assert text("@team, a@example.org") == "`@`team, a@example.org"
    assert text("https://example.org") == "https:\\//example.org"
