"""Every format: read, renamed, cut off, protected, and mutated at random."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.contracts import Limits
from scanner.model import GapReason, Stage
from tests.extractors import mutations, samples, samples_more
from tests.extractors.reading import read

SEEDS = 6
"""Mutated copies of each sample."""
LINE_FORMATS = {
    "staff.csv", "letter.txt", "staff.jsonl", "staff.html", "mail.mbox", "mail.eml", "staff-fixed.txt", "staff.yaml",
    "staff.md", "web.log", "staff-utf16.csv", "staff-1252.csv", "staff.tsv", "mssql.sql",
}  # fmt: skip
"""Half of these is still a whole, if shorter, file."""


@pytest.mark.parametrize("name", samples.GOOD)
def test_good(name: str) -> None:
    out = read(samples.good(name), name)
    assert samples.MARK in out.everything
    assert not out.gaps


@pytest.mark.parametrize("name", samples.GOOD)
@pytest.mark.parametrize("other", ["file", "file.txt", "file.csv", "file.xlsx", "file.jpg"])
def test_renamed(name: str, other: str) -> None:
    out = read(samples.good(name), other)
    assert samples.MARK in out.everything
    assert not out.gaps


@pytest.mark.parametrize("name", samples.ENCRYPTED)
@pytest.mark.parametrize("renamed", [False, True])
def test_protected(name: str, renamed: bool) -> None:
    data = samples.ENCRYPTED[name]()
    out = read(data, "file.txt" if renamed else name)
    assert out.reasons == [GapReason.ENCRYPTED]
    assert out.gaps[0].stage is Stage.EXTRACT


def cut(name: str, share: float) -> bytes:
    """A sample without its end; at least something that matters is missing."""
    data = samples_more.PICTURES[name]() if name in samples_more.PICTURES else samples.good(name)
    at = int(len(data) * share)
    if name == "staff.tar":
        # the end of a tar is 10 KB of zeros: cut inside a member
        at = int(1200 * share)
    elif name in ("staff.tar.gz", "staff.tar.xz") and share > 0.9:
        at -= 60  # not just the packed zeros and the checksum
    elif name in ("mail.msg", "slides.ppt", "postgres.sql", "postgres-inserts.sql") and share > 0.9:
        at -= 600  # not just padding, or what comes after the line that ends a dump
    return data[:at]


@pytest.mark.parametrize("name", sorted(set(samples.GOOD) - LINE_FORMATS))
@pytest.mark.parametrize("share", [0.35, 0.7, 0.97])
def test_cut_off(name: str, share: float) -> None:
    out = read(cut(name, share), name)
    assert out.reasons, "a cut file must leave a gap"
    assert set(out.reasons) <= {GapReason.CORRUPT, GapReason.UNSUPPORTED}, out.gaps


def test_what_came_before_the_cut_counts() -> None:
    # (not Parquet: without its footer, at the very end, nothing can be found in it)
    for name in ("staff.zip", "staff.json", "staff.xml"):
        data = samples.good(name)
        out = read(data[: int(len(data) * 0.7)], name)
        assert samples.MARK in out.everything, name
        assert GapReason.CORRUPT in out.reasons, name


def test_no_content_in_gaps() -> None:
    for name in samples.GOOD:
        data = samples.good(name)
        for share in (0.3, 0.6, 0.9):
            for g in read(data[: int(len(data) * share)], name).gaps:
                assert "@" not in g.detail
                assert name not in g.detail


@pytest.mark.parametrize("name", [*samples.GOOD, *samples.ENCRYPTED])
def test_nothing_but_fragments_and_gaps(name: str) -> None:
    """`read` itself asserts that only fragments and gaps come out; anything else is raised.

    The first seeds of those that `benchmarks/fuzz_formats.py` tries by the thousand.
    """
    data = samples.good(name) if name in samples.GOOD else samples.ENCRYPTED[name]()
    limits = Limits(archive_bytes=32 * 1024 * 1024, object_bytes=8 * 1024 * 1024, ocr_pages=1)
    for number in range(SEEDS):
        start = time.process_time()
        read(mutations.mutated(data, f"{name}/{number}"), name if number % 2 else "file", limits)
        assert time.process_time() - start < 10, "seconds for one small file"


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(st.binary(max_size=2000), st.sampled_from(["", "x.csv", "x.json", "x.eml", "x.zip", "x.txt"]))
def test_any_bytes(data: bytes, name: str) -> None:
    read(data, name)


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(
    st.text(alphabet='ab,;"\n\r\t{}[]:1<>/&!=@ \x00é', max_size=400),
    st.sampled_from(["x.csv", "x.json", "x.xml", "x"]),
)
def test_any_text(text: str, name: str) -> None:
    read(text.encode(), name)
