"""The shared core of the object stores, on a client that fails when told to."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pytest

from scanner.common.objects import ObjectInfo, Page, RangedFile, list_units, open_unit
from scanner.common.tags import tag_evidence
from scanner.errors import ReadError
from scanner.model import Basis, Gap, GapReason, Place, Stage, State, Store, Unit

STORE = Store("aws:s3:::synthetic", "aws:000000000000", "bucket", "aws", "synthetic")
NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)


class Client:
    """Pages of `per_page` objects; errors are raised once each, in order, before answering."""

    def __init__(self, objects: list[ObjectInfo], per_page: int = 2, body: bytes = b"") -> None:
        self.objects, self.per_page, self.body = objects, per_page, body
        self.errors: dict[str | None, list[ReadError]] = {}
        self.read_errors: list[ReadError] = []
        self.short: list[int] = []
        self.tokens: list[str | None] = []
        self.ranges: list[tuple[int, int]] = []

    def list_page(self, store: Store, prefix: str, token: str | None) -> Page:
        self.tokens.append(token)
        if self.errors.get(token):
            raise self.errors[token].pop(0)
        matching = [info for info in self.objects if info.key.startswith(prefix)]
        start = int(token or 0)
        end = start + self.per_page
        return Page(tuple(matching[start:end]), str(end) if end < len(matching) else None)

    def read_range(self, unit: Unit, start: int, end: int) -> bytes:
        self.ranges.append((start, end))
        if self.read_errors:
            raise self.read_errors.pop(0)
        return self.body[start : end - (self.short.pop(0) if self.short else 0)]


def infos(*keys: str, size: int = 10, costly: str | None = None) -> list[ObjectInfo]:
    return [ObjectInfo(key, size, NOON, "v1", costly) for key in keys]


def run(client: Client, prefix: str = "", pauses: list[float] | None = None) -> list[Unit | Gap]:
    waited = pauses if pauses is not None else []
    return list(list_units(client, STORE, target="t", prefix=prefix, pause=waited.append))


def unit(size: int) -> Unit:
    return Unit("k", STORE.id, "t", Place((("object", "k"),)), size=size, version="v1", params={"key": "k"})


def test_units_carry_key_place_size_time_and_version() -> None:
    (only,) = run(Client(infos("a/b.csv")))
    assert isinstance(only, Unit)
    assert (only.id, only.place, only.size) == ("a/b.csv", Place((("object", "a/b.csv"),)), 10)
    assert (only.modified, only.version, only.params) == (
        NOON,
        "v1",
        {"store": "synthetic", "key": "a/b.csv"},
    )
    assert (only.store_id, only.target) == (STORE.id, "t")
    assert "a/b.csv" not in repr(only)


def test_all_pages_and_only_the_prefix() -> None:
    client = Client(infos("a/1", "a/2", "a/3", "a/4", "a/5", "b/1"))
    assert [u.id for u in run(client, "a/") if isinstance(u, Unit)] == ["a/1", "a/2", "a/3", "a/4", "a/5"]
    assert client.tokens == [None, "2", "4"]


def test_listing_is_lazy() -> None:
    client = Client(infos(*(f"k{n}" for n in range(1000))))
    listing = list_units(client, STORE, target="t")
    next(listing)
    assert client.tokens == [None]


def test_folder_markers_are_left_out_but_empty_files_are_not() -> None:
    client = Client([*infos("a/", "empty", size=0), *infos("odd/")])
    assert [u.id for u in run(client) if isinstance(u, Unit)] == ["empty", "odd/"]


def test_costly_objects_are_folded_by_cause() -> None:
    client = Client(
        [
            *infos("1", "2", costly="in Glacier", size=5),
            *infos("3"),
            *infos("4", costly="requester pays", size=7),
            *infos("5", costly="in Glacier", size=1),
        ]
    )
    units = run(client)
    assert [u.id for u in units if isinstance(u, Unit)] == ["3"]
    gaps = [g for g in units if isinstance(g, Gap)]
    assert [(g.reason, g.count, g.bytes) for g in gaps] == [
        (GapReason.COSTLY, 3, 11),
        (GapReason.COSTLY, 1, 7),
    ]
    assert "in Glacier" in gaps[0].detail
    assert gaps[0].stage is Stage.LIST


def test_a_failed_page_is_asked_again_with_its_token() -> None:
    client = Client(infos("1", "2", "3", "4"))
    client.errors["2"] = [ReadError(GapReason.UNREACHABLE, "gone"), ReadError(GapReason.TIMEOUT, "slow")]
    pauses: list[float] = []
    assert [u.id for u in run(client, pauses=pauses) if isinstance(u, Unit)] == ["1", "2", "3", "4"]
    assert client.tokens == [None, "2", "2", "2"]
    assert pauses == [0.5, 1.0]


def test_a_listing_that_cannot_go_on_says_how_far_it_came() -> None:
    client = Client([*infos("1"), *infos("2", costly="in Glacier"), *infos("3", "4")])
    client.errors["2"] = [ReadError(GapReason.UNREACHABLE, "no answer", "look at the network")] * 9
    *units, costly, stopped = run(client)
    assert [u.id for u in units if isinstance(u, Unit)] == ["1"]
    assert isinstance(costly, Gap)
    assert costly.reason is GapReason.COSTLY
    assert isinstance(stopped, Gap)
    assert stopped.reason is GapReason.UNREACHABLE
    assert "after 2 objects" in stopped.detail
    assert stopped.remedy == "look at the network"
    assert len(client.tokens) == 1 + 4


def test_denied_is_not_repeated() -> None:
    client = Client(infos("1"))
    client.errors[None] = [ReadError(GapReason.DENIED, "the listing was refused", "s3:ListBucket")]
    (gap,) = run(client)
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.detail, gap.remedy) == (
        GapReason.DENIED,
        "the listing was refused",
        "s3:ListBucket",
    )
    assert client.tokens == [None]


def test_a_server_that_repeats_its_page_does_not_hang_us() -> None:
    class Stuck(Client):
        def list_page(self, store: Store, prefix: str, token: str | None) -> Page:
            return Page(tuple(self.objects), "again")

    *_, gap = run(Stuck(infos("1")))
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.UNSUPPORTED


# --- reading ----------------------------------------------------------------------


BODY = bytes(n * 7 % 251 for n in range(100_000))


@pytest.fixture
def file() -> Iterator[tuple[Client, RangedFile]]:
    client = Client([], body=BODY)
    yield client, RangedFile(client, unit(len(BODY)), block=1000, whole=10, pause=lambda _: None)


def test_small_objects_are_one_request() -> None:
    client = Client([], body=BODY)
    with open_unit(client, unit(len(BODY))) as file:
        assert file.read(10) == BODY[:10]
        file.seek(-5, io.SEEK_END)
        assert file.read() == BODY[-5:]
        file.seek(0)
        assert file.read() == BODY
    assert client.ranges == [(0, len(BODY))]


def test_empty_objects_are_no_request() -> None:
    client = Client([])
    with open_unit(client, unit(0)) as file:
        assert file.read() == b""
    assert client.ranges == []


def test_reads_ahead_by_block(file: tuple[Client, RangedFile]) -> None:
    client, ranged = file
    assert ranged.read(10) == BODY[:10]
    assert ranged.read(500) == BODY[10:510]
    ranged.seek(5000)
    assert ranged.read(600) == BODY[5000:5600]
    assert client.ranges == [(0, 1000), (5000, 6000)]


def test_a_footer_costs_one_request(file: tuple[Client, RangedFile]) -> None:
    client, ranged = file
    ranged.seek(-8, io.SEEK_END)
    assert ranged.read(8) == BODY[-8:]
    ranged.seek(-700, io.SEEK_END)
    assert ranged.read(692) == BODY[-700:-8]
    assert client.ranges == [(99_000, 100_000)]


def test_long_reads_pass_through_without_being_kept(file: tuple[Client, RangedFile]) -> None:
    client, ranged = file
    assert ranged.read(50_000) == BODY[:50_000]
    assert ranged._held == b""
    assert client.ranges == [(0, 50_000)]


def test_any_pattern_of_seeks_gives_the_same_bytes(file: tuple[Client, RangedFile]) -> None:
    import random

    _, ranged = file
    plain, buffered = io.BytesIO(BODY), io.BufferedReader(ranged, 128)
    draw = random.Random(4)
    for _ in range(500):
        at, n = draw.randrange(len(BODY) + 50), draw.choice([0, 1, 7, 127, 999, 1000, 1001, 2500])
        assert buffered.seek(at) == plain.seek(at)
        assert buffered.read(n) == plain.read(n)
    assert buffered.seek(0, io.SEEK_END) == len(BODY)
    with pytest.raises(ValueError, match="before the start"):
        ranged.seek(-1)


def test_a_broken_or_short_answer_is_asked_for_again(file: tuple[Client, RangedFile]) -> None:
    client, ranged = file
    client.read_errors = [ReadError(GapReason.TIMEOUT, "slow")]
    client.short = [3]
    assert ranged.read(20) == BODY[:20]
    assert client.ranges == [(0, 1000)] * 3


def test_a_vanished_object_raises_at_once(file: tuple[Client, RangedFile]) -> None:
    client, ranged = file
    client.read_errors = [ReadError(GapReason.VANISHED, "replaced since it was listed")]
    with pytest.raises(ReadError) as caught:
        io.BufferedReader(ranged).read(5)
    assert caught.value.reason is GapReason.VANISHED
    assert len(client.ranges) == 1


def test_repr_and_closing(file: tuple[Client, RangedFile]) -> None:
    _, ranged = file
    ranged.read(5)
    assert repr(ranged) == "<object of 100000 bytes>"
    ranged.close()
    assert ranged._held == b""
    with pytest.raises(ValueError, match="closed"):
        ranged.read(1)


# --- tags -------------------------------------------------------------------------


def test_tags_by_meaning() -> None:
    tags = {"Information-Asset-Owner": "Head of Cases", "Owner": "web team", "classification": " "}
    found = {e.safeguard: e for e in tag_evidence("s", tags, "tags")}
    assert (found["owner_tag"].state, found["owner_tag"].value) == (State.PRESENT, "Head of Cases")
    assert found["classification_tag"].state is State.ABSENT
    assert len(found) == 4


def test_unreadable_tags_are_not_absent_tags() -> None:
    assert {(e.state, e.basis) for e in tag_evidence("s", None, "tags")} == {(State.UNKNOWN, Basis.DENIED)}
