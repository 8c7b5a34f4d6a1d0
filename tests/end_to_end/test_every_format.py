"""`dpscan scan` over a folder with a file of every format finds who is in each, and says what it could not read."""

from __future__ import annotations

import pytest

from scanner.common.names import reduce_name
from tests.end_to_end.running import Ran, Scanner
from tests.extractors import samples, samples_more

ONLY_ADDRESSES = {
    "letter.txt",
    "letter.pdf",
    "scan.pdf",
    "slides.pptx",
    "slides.ppt",
    "slides.odp",
    "staff.parquet",
}
"""Samples without a National Insurance number (or, on the scan, with one that the engine misreads)."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("formats")
    files = folder / "files"
    files.mkdir()
    for name, make in {
        **samples.GOOD,
        **samples.ENCRYPTED,
        **samples_more.NAMED,
        "scan.pdf": samples_more.scanned_pdf,
    }.items():
        (files / name).write_bytes(make())
    target = {"connector": "files", "name": "share", "path": str(files)}
    return Scanner(folder, {"version": 1, "targets": [target], "detection": {"names": False}}).run()


def _types(ran: Ran) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for holding in ran.report["holdings"]:
        found.setdefault(holding["place"][0][1], set()).update(
            item["entity_type"] for item in holding["types"]
        )
    return found


def test_people_are_found_in_every_format(ran: Ran) -> None:
    found = _types(ran)
    for name in samples.GOOD:
        wanted = {"EMAIL_ADDRESS"} if name in ONLY_ADDRESSES else {"EMAIL_ADDRESS", "UK_NINO"}
        assert wanted <= found.get(reduce_name(name), set()), name


def test_scanned_pages_are_read(ran: Ran) -> None:
    assert "EMAIL_ADDRESS" in _types(ran)["scan.pdf"]


def test_protected_files_are_told(ran: Ran) -> None:
    told = {gap["place"][0][1] for gap in ran.gaps("encrypted")}
    assert {reduce_name(name) for name in (*samples.ENCRYPTED, *samples_more.NAMED)} <= told


def test_nothing_else_was_left(ran: Ran) -> None:
    assert not ran.gaps("corrupt", "unsupported", "missing extra", "limit", "timeout", "fault", "costly")
