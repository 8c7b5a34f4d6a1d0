"""Archives: bombs, nesting, protected members, names."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest

from scanner.contracts import Limits
from scanner.model import GapReason
from tests.extractors import samples
from tests.extractors.reading import read

SMALL = Limits(object_bytes=4 * 1024 * 1024, archive_bytes=16 * 1024 * 1024)


def _zip(**parts: bytes) -> bytes:
    return samples.zipped({name.replace("__", "."): data for name, data in parts.items()})


def test_places_name_members() -> None:
    out = read(samples.zipped(), "staff.zip")
    assert out.places == {"staff.zip › hr/staff.csv", "staff.zip › hr/letter.txt"}


def test_climbing_names_are_only_names() -> None:
    out = read(samples.tar(), "staff.tar")
    assert "staff.tar › ../../etc/letter.txt" in out.places


def test_protected_members_are_named_and_the_others_read() -> None:
    out = read(samples.zip_encrypted(), "closed.zip")
    assert samples.MARK in out.everything
    (gap,) = out.gaps
    assert gap.reason is GapReason.ENCRYPTED
    assert gap.place.steps[-1] == ("member", "closed.csv")


def test_bomb_is_stopped_and_the_rest_counts() -> None:
    data = _zip(a__csv=samples.csv(), bomb__txt=b"\0" * (64 * 1024 * 1024), z__csv=samples.csv())
    assert len(data) < 100_000
    out = read(data, "bomb.zip", Limits())
    assert out.reasons == [GapReason.LIMIT]
    assert out.gaps[0].place.steps[-1] == ("member", "bomb.txt")
    assert {p.rpartition(" › ")[2] for p in out.places} == {"a.csv", "z.csv"}


def test_gzip_bomb() -> None:
    out = read(gzip.compress(b" " * (80 * 1024 * 1024)), "bomb.gz", Limits())
    assert out.reasons == [GapReason.LIMIT]
    assert not out.texts


def test_tar_gz_bomb_keeps_what_came_before() -> None:
    out_file = io.BytesIO()
    with tarfile.open(fileobj=out_file, mode="w:gz") as archive:
        for name, size in (("staff.csv", 0), ("zeros", 100 * 1024 * 1024)):
            info = tarfile.TarInfo(name)
            info.size = size or len(samples.csv())
            archive.addfile(info, io.BytesIO(samples.csv() if not size else bytes(size)))
    out = read(out_file.getvalue(), "bomb.tar.gz", Limits())
    assert samples.MARK in out.everything
    assert GapReason.LIMIT in out.reasons


def test_too_many_bytes_in_all() -> None:
    import random

    noise = random.Random(1).randbytes(3 * 1024 * 1024).hex().encode()[: 3 * 1024 * 1024]
    parts = {f"{i}.txt": noise for i in range(8)}
    out = read(samples.zipped({"first.csv": samples.csv(), **parts}), "big.zip", SMALL)
    assert samples.MARK in out.everything
    assert GapReason.LIMIT in out.reasons


def test_too_many_members() -> None:
    parts: dict[str, str | bytes] = {f"{i}.txt": b"hello there" for i in range(50)}
    out = read(samples.zipped(parts), "many.zip", Limits(archive_members=20))
    assert len(out.texts) == 20
    assert out.reasons == [GapReason.LIMIT]


def test_depth_is_bounded() -> None:
    data: bytes = samples.csv()
    for i in range(6):
        data = samples.zipped(
            {f"{i}.zip" if i else "staff.csv": data, f"note{i}.txt": b"a note of this level"}
        )
    out = read(data, "deep.zip", Limits(archive_depth=3))
    assert out.reasons == [GapReason.LIMIT]
    assert len(out.texts) == 3
    deeper = read(data, "deep.zip", Limits(archive_depth=8))
    assert samples.MARK in deeper.everything
    assert not deeper.gaps


def test_ten_levels_are_read_and_eleven_are_not() -> None:
    def nested(levels: int) -> bytes:
        data: bytes = samples.csv()
        for i in range(levels):
            data = samples.zipped({f"{i}.zip" if i else "staff.csv": data})
        return data

    out = read(nested(10), "deep.zip")
    assert samples.MARK in out.everything
    assert not out.gaps
    assert read(nested(11), "deep.zip").reasons == [GapReason.LIMIT]


def test_protected_members_of_rar_are_named() -> None:
    out = read(samples.ENCRYPTED["closed.rar"](), "closed.rar")
    (gap,) = out.gaps
    assert gap.reason is GapReason.ENCRYPTED
    assert gap.place.steps[-1] == ("member", "staff.csv")


def test_wide_nesting_shares_one_allowance() -> None:
    inner = samples.zipped({f"{i}.txt": b"hello there" for i in range(30)})
    data = samples.zipped({f"{i}.zip": inner for i in range(30)})
    out = read(data, "wide.zip", Limits(archive_members=100))
    assert len(out.texts) < 100
    assert set(out.reasons) == {GapReason.LIMIT}
    assert len(out.gaps) <= 3, "alike gaps are folded"


def test_member_larger_than_an_object_is_read_in_part() -> None:
    rows = "id,Email\n" + "".join(f"{i},a{i}@example.com\n" for i in range(60_000))
    out = read(samples.zipped({"big.csv": rows}), "x.zip", Limits(object_bytes=200_000))
    assert 5_000 < len(out.rows) < 60_000
    assert out.reasons == [GapReason.LIMIT]


def test_unsupported_members_are_folded() -> None:
    sound = b"ID3\x04" + bytes(100)
    out = read(samples.zipped({f"{i}.mp3": sound for i in range(5)}), "songs.zip")
    (gap,) = out.gaps
    assert (gap.reason, gap.count) == (GapReason.UNSUPPORTED, 5)
    assert "audio/mpeg" in gap.detail


def test_damaged_member_does_not_stop_the_others() -> None:
    data = bytearray(samples.zipped({"a.csv": samples.csv(), "b.csv": samples.csv()}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        info = archive.getinfo("a.csv")
    start = info.header_offset + 30 + len("a.csv")
    data[start + 20 : start + 40] = b"\xff" * 20
    out = read(bytes(data), "x.zip")
    assert GapReason.CORRUPT in out.reasons
    assert "x.zip › b.csv" in out.places


def test_a_zip_named_csv_and_a_member_without_a_name_hint() -> None:
    out = read(samples.zipped({"data": samples.xlsx()}), "report.csv")
    assert samples.MARK in out.everything


def test_stored_office_file_does_not_make_the_zip_one() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("staff.xlsx", samples.xlsx())
        archive.writestr("staff.csv", samples.csv())
    out = read(file.getvalue(), "both.zip")
    assert "both.zip › staff.csv" in out.places
    assert "both.zip › staff.xlsx › Leavers" in out.places


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_cut_packed_tars_give_their_first_members(mode: str) -> None:
    import random

    random_ = random.Random(2)
    noise, more = random_.randbytes(400_000), random_.randbytes(800_000)
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in (("noise.bin", noise), ("staff.csv", samples.csv()), ("more.bin", more)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    raw = file.getvalue()
    out = read(raw[: int(len(raw) * 0.7)], "x.tar")
    assert GapReason.CORRUPT in out.reasons
    if mode != "w:bz2":  # its blocks are of 900 KB, and only whole ones can be read
        assert samples.MARK in out.everything
