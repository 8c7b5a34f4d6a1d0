"""The page as a reader without eyes, without colour, without a network and without scripts has it."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import html.parser
import itertools
import re
from pathlib import Path

import pytest

from scanner.cli.reckoning import reference
from scanner.contracts import ShowsPeriod
from scanner.maturity import period
from scanner.model import Exposure, Inspected, Presence, Report, Sensitivity, Severity, Workflow
from scanner.reporters.html import LIMIT, HtmlReporter
from scanner.reporters.page.digest import Digest
from scanner.reporters.triage import TriageReporter
from scanner.testing.reports import HOSTILE
from scanner.testing.reports import full_report as hostile_report
from tests.history.sample import BUCKET, DAY, FOLDER, NOON, TABLE, finding, full_report, report, summary
from tests.reporters.large import large_report
from tests.reporters.test_csv import with_history

_VOID = {"meta", "br", "input", "rect"}


class Page(html.parser.HTMLParser):
    """Tags with attributes in order, the text, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        self.text += " "
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self.text += data

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def said(self) -> str:
        return " ".join(self.text.split())


def written(run: Report, folder: Path, reporter: type[HtmlReporter] = HtmlReporter) -> str:
    (path,) = reporter().write(run, str(folder / "out"))
    return Path(path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(with_history(full_report()), tmp_path_factory.mktemp("html"))


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


# --- what it says -------------------------------------------------------------------


def test_the_three_things_first(page: Page) -> None:
    said = page.said
    for sentence in (
        "2 of 2 stores hold personal data.",
        "The most people are in",
        "2 findings to act on: 1 Critical, 1 Medium.",
        "2 new, 0 overdue, 1 without an owner.",
        "2 of 2 stores covered, in 2 of 2 scopes.",
        "2 questions have no answer. Unknown is not fine.",
    ):
        assert sentence in said
    assert (
        said.index("What was found") < said.index("What is unsafeguarded") < said.rindex("What to do first")
    )


def test_each_finding_with_its_evidence_and_explanation(page: Page) -> None:
    for words in (
        "Anybody on the internet can list and read this bucket.",
        "Turn public access off now; check logs for downloads; tell the DPO today.",
        "No public access by ACL",
        "s3:GetBucketAcl",
        "everybody may list",
        "UK_NINO, shape AA######A, 212 of 300 values, 209 distinct (column nino)",
        "UK GDPR Art 5(1)(f), Art 32(1)(b)",
        "Head of Licensing",
        "4 March 2026",
        "assess now (Art 33): for the DPO to decide",
    ):
        assert words in page.said


def test_unknowns_by_cause_and_what_was_left_out(page: Page) -> None:
    assert "reading the encryption settings was refused" in page.said
    assert "s3:GetEncryptionConfiguration" in page.said
    assert page.said.index("Could not be seen") < page.said.index("Left out by choice")


def test_run_facts(page: Page) -> None:
    for words in ("run-1", "seed", "r1", "c1", "2 March 2026, 12:00 UTC", "Exit code"):
        assert words in page.said


def test_the_map_counts_every_store_once() -> None:
    unread = dataclasses.replace(
        summary(FOLDER, Inspected.NONE), sensitivity=None, personal=Presence.NOT_ASSESSED
    )
    run = report(
        finding(exposure=Exposure.E3), finding("RET-01", exposure=Exposure.E1),
        finding("RET-01", FOLDER, exposure=None), summaries=(summary(), unread),
    )  # fmt: skip
    assert Digest(run).map == {(Sensitivity.S2, Exposure.E3): 1, (None, None): 1}


def test_wording_is_neutral(source: str, tmp_path: Path) -> None:
    sheet = written(with_history(full_report()), tmp_path, TriageReporter)  # type: ignore[arg-type]
    for text in (source, sheet):
        assert not re.search(r"\bbreach of\b|complian|violat|illegal|unlawful", text, re.IGNORECASE)


def test_actions_are_grouped_by_rule_and_owner_and_say_what_is_late() -> None:
    run = with_history(
        report(
            finding("A-1", BUCKET, severity=Severity.LOW), finding("A-1", FOLDER, severity=Severity.HIGH),
            finding("B-1", FOLDER, place=TABLE, severity=Severity.HIGH), at=NOON,
        )
    )  # fmt: skip
    later = dataclasses.replace(run, context=dataclasses.replace(run.context, today=NOON.date() + 15 * DAY))
    first, second = Digest(later).actions
    assert (first.rule_id, first.severity, first.findings, first.overdue) == ("A-1", Severity.HIGH, 2, 1)
    assert first.due == dt.date(2026, 3, 16) and first.places == ("applications", "share")
    assert (second.rule_id, second.overdue) == ("B-1", 1)


def test_what_people_settled_asks_for_no_action_but_is_shown(tmp_path: Path) -> None:
    run = with_history(report(finding(), finding("RET-01", FOLDER, exposure=Exposure.E1)))
    key = finding().fingerprint
    entry = dataclasses.replace(run.history[key], workflow=Workflow.ACCEPTED, accepted_by="SIRO")
    run = dataclasses.replace(run, history={**run.history, key: entry})
    digest = Digest(run)
    assert [standing.finding.rule_id for standing in digest.acting] == ["RET-01"]
    assert [standing.finding.rule_id for standing in digest.to_assess] == ["OBJ-01"]
    said = Page(written(run, tmp_path)).said
    assert "accepted" in said and "SIRO" in said


def test_what_was_decided_needs_no_assessment() -> None:
    run = with_history(report(finding()))
    key = finding().fingerprint
    entry = dataclasses.replace(
        run.history[key], triage="decided: no breach, REF-1", assigned_to="Storage team"
    )
    digest = Digest(dataclasses.replace(run, history={key: entry}))
    assert digest.to_assess == []
    assert digest.acting[0].owner == "Storage team"


def test_maturity_is_shown_where_a_profile_is_given(tmp_path: Path) -> None:
    run = with_history(full_report())
    later = dataclasses.replace(
        run, run=dataclasses.replace(run.run, id="run-2", finished=NOON + DAY, rulepack_digest="r2")
    )
    reporter = HtmlReporter()
    assert isinstance(reporter, ShowsPeriod) and "Observed maturity" not in written(run, tmp_path)
    reporter.period = period([run, later], reference())
    (path,) = reporter.write(later, str(tmp_path))
    page = Page(Path(path).read_text(encoding="utf-8"))
    profile = reporter.period.profile
    for domain in profile.domains:
        assert f"{domain.title} {domain.id}" in page.said
    assert f"Level {profile.headline}, the lowest of the core domains" in page.said
    assert {"#maturity", "#figures"} <= {a["href"] for a in page.named("a")}
    assert "#period" not in {a["href"] for a in page.named("a")}, "no beginning was asked for"
    (line,) = [a["aria-label"] for a in page.named("svg") if a.get("aria-label", "").startswith("Index")]
    assert line.endswith("rules changed on 3 Mar 2026")
    for figure in reporter.period.figures:
        assert f"{figure.kpi.title} {figure.kpi.id}" in page.said


# --- who reads it ---------------------------------------------------------------------


def test_landmarks_and_headings(page: Page) -> None:
    assert page.named("html") == [{"lang": "en-GB"}]
    for tag in ("header", "nav", "main", "footer", "h1", "title"):
        assert len(page.named(tag)) == 1
    assert page.named("a")[0] == {"class": "skip", "href": "#content"}
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_link_leads_somewhere_and_ids_are_unique(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(set(ids)) == len(ids)
    assert {attrs["href"] for attrs in page.named("a")} <= {f"#{id_}" for id_ in ids}
    for _, attrs in page.tags:
        assert set(attrs.get("aria-labelledby", "").split()) <= set(ids)


def test_tables_have_captions_and_scopes(page: Page) -> None:
    assert len(page.named("caption")) == len(page.named("table")) > 4
    assert all(attrs.get("scope") in ("col", "row") for attrs in page.named("th"))
    # What scrolls can be reached by keyboard and has a name.
    scrolling = [attrs for attrs in page.named("div") if attrs.get("class") == "scroll"]
    assert len(scrolling) == len(page.named("table"))
    assert all(attrs["tabindex"] == "0" and attrs["aria-labelledby"] for attrs in scrolling)


def test_charts_say_their_numbers(page: Page) -> None:
    charts = [attrs for attrs in page.named("svg") if attrs.get("role") == "img"]
    assert next(chart["aria-label"] for chart in charts) == (
        "Findings to act on: Critical 1, High 0, Medium 1, Low 0, Info 0"
    )
    assert all(
        attrs.get("role") == "img" or attrs.get("aria-hidden") == "true" for attrs in page.named("svg")
    )


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_of_every_colour_of_text(source: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1. A rule without a background stands on white."""
    css = source.partition("<style>")[2].partition("</style>")[0]
    css = re.sub(r"#([0-9a-f])([0-9a-f])([0-9a-f])\b(?![0-9a-f])", r"#\1\1\2\2\3\3", css)
    checked = 0
    for rule in re.findall(r"\{([^{}]*)\}", css):
        front = re.search(r"(?<![-\w])color: (#[0-9a-f]{6})", rule)
        back = re.search(r"background: (#[0-9a-f]{6})", rule)
        if front or back:
            one = _luminance(front[1] if front else "#1b1f24")
            two = _luminance(back[1] if back else "#ffffff")
            assert (max(one, two) + 0.05) / (min(one, two) + 0.05) >= 4.5, rule
            checked += 1
    assert checked > 10


# --- what it must not do ------------------------------------------------------------------


def test_nothing_is_fetched_and_only_our_style_and_script_may_run(source: str, page: Page) -> None:
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", source, re.IGNORECASE)
    assert not any("src" in attrs or "style" in attrs for _, attrs in page.tags)
    policy = next(
        a["content"] for a in page.named("meta") if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_names(name: str, tmp_path: Path) -> None:
    page = Page(written(hostile_report(name), tmp_path))
    plain = Page(written(hostile_report("cases"), tmp_path))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    assert not re.search("[\x00-\x08\x0b-\x1f\u200b\u202e]", page.text)


def test_findings_without_usual_fingerprints_get_an_id_too(tmp_path: Path) -> None:
    run = report(finding(fingerprint="a b"), finding("X-1", fingerprint='"><b>'))
    page = Page(written(run, tmp_path))
    assert page.named("b") == []
    assert len([a for a in page.named("article") if a.get("class") == "finding"]) == 2


def test_a_large_report_shows_the_first_and_says_so(tmp_path: Path) -> None:
    run = large_report(2_000)
    source = written(run, tmp_path)
    page = Page(source)
    assert len([a for a in page.named("article") if a.get("class") == "finding"]) == LIMIT
    assert f"The first {LIMIT} of 1,800 findings" in page.said
    assert len(source) < 4_000_000


def test_order_of_work_changes_nothing(tmp_path: Path) -> None:
    one = with_history(full_report())
    other = dataclasses.replace(
        one,
        findings=one.findings[::-1],
        stores=one.stores[::-1],
        summaries=one.summaries[::-1],
        gaps=one.gaps[::-1],
        history=dict(reversed(one.history.items())),
    )
    assert written(one, tmp_path / "a") == written(other, tmp_path / "b")
