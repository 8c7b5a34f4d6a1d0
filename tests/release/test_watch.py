"""The folder watcher: settled files only, verdicts elsewhere, a changed file again."""

from __future__ import annotations

import os

import pytest

from scanner.errors import ConfigError
from scanner.release.desk import Request
from scanner.release.watch import watch
from tests.release import pages, workbooks


class _Days:
    """Stands in for sleeping: each call is one look further, with something happening before it."""

    def __init__(self, *happenings) -> None:
        self.happenings = list(happenings)

    def __call__(self, seconds: float) -> None:
        if not self.happenings:
            raise KeyboardInterrupt
        self.happenings.pop(0)()


def test_a_file_is_checked_once_it_stands_still_and_again_when_it_changes(tmp_path):
    outbox, verdicts = tmp_path / "outbox", tmp_path / "verdicts"
    outbox.mkdir()
    path = outbox / "response.xlsx"
    leak, clean = workbooks.names_only(), workbooks.saved(workbooks.book())
    seen: list[list[str]] = []

    def look() -> None:
        seen.append(sorted(p.name for p in verdicts.iterdir()))

    def put(data: bytes) -> None:
        look()
        path.write_bytes(data)
        os.utime(path, ns=(len(seen) * 10**9, len(seen) * 10**9))

    said: list[str] = []
    days = _Days(lambda: put(leak[:500]), lambda: put(leak), look, look, lambda: put(clean), look, look)
    assert watch(Request(names=True), outbox, verdicts, say=said.append, sleep=days) == 0
    stop, ok = ["STOP response.xlsx.html"], ["OK response.xlsx.html"]
    assert seen == [[], [], [], stop, stop, stop, ok]
    assert said[-1] == "Stopped."


def test_once_gives_the_worst_exit_code(tmp_path):
    outbox = tmp_path / "outbox"
    (outbox / "deep").mkdir(parents=True)
    (outbox / "deep" / "a.pdf").write_bytes(pages.one())
    (outbox / "b.pdf").write_bytes(pages.one()[:200])
    assert watch(Request(names=False), outbox, None, once=True) == 3
    assert sorted(p.name for p in (tmp_path / "outbox-verdicts").iterdir()) == [
        "OK deep__a.pdf.html",
        "UNCHECKED b.pdf.html",
    ]


def test_verdicts_never_land_in_the_outbox(tmp_path):
    with pytest.raises(ConfigError, match="lies in the outbox"):
        watch(Request(), tmp_path, tmp_path / "verdicts", once=True)
    with pytest.raises(ConfigError, match="no such folder"):
        watch(Request(), tmp_path / "nowhere", None, once=True)
