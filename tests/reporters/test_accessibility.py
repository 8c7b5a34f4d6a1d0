"""The pages as a real browser has them, judged by axe-core: WCAG 2.2 AA and good practice, at two widths.

Runs where Chromium or Chrome is installed (`CHROMIUM` names another); it is skipped elsewhere. Nothing is
fetched: axe-core comes with a package of the test dependencies.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from scanner.cli.reckoning import reference
from scanner.maturity import period
from scanner.reporters.board import BoardReporter
from scanner.reporters.html import HtmlReporter
from scanner.reporters.triage import TriageReporter
from tests.history.sample import DAY, NOON, full_report
from tests.reporters.test_csv import with_history

BROWSER = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def axe() -> str:
    pytest.importorskip("axe_playwright_python")
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report, the board's page and the triage sheet; and the two that show a period."""
    folder = tmp_path_factory.mktemp("pages")
    run = with_history(full_report())
    runs = [run]
    for n in range(1, 4):
        later = dataclasses.replace(
            run.run, id=f"run-{n}", finished=NOON + n * 7 * DAY, rulepack_digest="r2" if n > 1 else "r1"
        )
        runs.append(with_history(dataclasses.replace(run, run=later), dict(runs[-1].history)))
    shown = period(runs, reference(), since=dt.date(2026, 1, 1))
    made = {}
    for name, reporter, given in (
        ("report", HtmlReporter(), None),
        ("board", BoardReporter(), None),
        ("triage", TriageReporter(), None),
        ("report over a period", HtmlReporter(), shown),
        ("board over a period", BoardReporter(), shown),
    ):
        if given is not None:
            reporter.period = given
        (path,) = reporter.write(runs[-1], str(folder / name.replace(" ", "-")))
        made[name] = Path(path)
    return made


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", ["report", "board", "triage", "report over a period", "board over a period"])
def test_no_violations_and_no_sideways_scrolling(
    browser: Any, axe: str, pages: dict[str, Path], name: str, width: int
) -> None:
    # The page's own policy keeps foreign scripts out, axe among them.
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    try:
        page = context.new_page()
        page.goto(pages[name].as_uri())
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), (
            "wider than the window"
        )
        page.evaluate(axe)
        found = page.evaluate("tags => axe.run(document, { runOnly: tags })", TAGS)
    finally:
        context.close()
    assert [f"{v['id']}: {v['help']} ({v['nodes'][0]['html']})" for v in found["violations"]] == []
    assert len(found["passes"]) > 20, "axe looked at the page"


def test_the_page_works_without_its_script_and_fetches_nothing(browser: Any, pages: dict[str, Path]) -> None:
    asked: list[str] = []
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(pages["report over a period"].as_uri())
        assert page.locator("h1").count() == 1
        assert page.locator("article.finding").first.is_visible()
    finally:
        context.close()
    assert asked == [pages["report over a period"].as_uri()]


def test_the_board_fits_one_sheet_of_paper(browser: Any, pages: dict[str, Path]) -> None:
    import re

    for name in ("board", "board over a period"):
        context = browser.new_context()
        try:
            page = context.new_page()
            page.goto(pages[name].as_uri())
            printed = page.pdf(prefer_css_page_size=True)
        finally:
            context.close()
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1, name
