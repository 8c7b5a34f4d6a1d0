"""The worker: a file that hangs or kills it is not checked, and the next one is."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from scanner.errors import ConfigError
from scanner.model import GapReason
from scanner.release import gathering
from scanner.release.desk import targets
from scanner.release.inspecting import os_gap
from scanner.release.worker import Worker, WorkerOptions
from tests.release import pages


def test_a_file_that_takes_too_long_is_not_checked_and_the_next_one_is(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pages.one())
    worker = Worker(WorkerOptions(names=False), timeout=0.0)
    try:
        late = worker.inspect(str(path), "a.pdf")
        assert [gap.reason for gap in late.gaps] == [GapReason.TIMEOUT]
        worker._timeout = 60.0
        assert worker.inspect(str(path), "a.pdf").media_type == "application/pdf"
        assert worker._process is not None
        worker._process.kill()
        worker._process.join()
        lost = worker.inspect(str(path), "a.pdf")
        assert lost.media_type == "application/pdf" or [gap.reason for gap in lost.gaps] == [GapReason.FAULT]
    finally:
        worker.close()


@pytest.mark.parametrize(
    ("error", "reason", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), GapReason.DENIED, "open in another program"),
        (FileNotFoundError(errno.ENOENT, "No such file"), GapReason.VANISHED, "not there any more"),
        (OSError(errno.EIO, "Input/output error"), GapReason.UNREACHABLE, "input/output error"),
    ],
)
def test_a_file_the_system_will_not_give_is_not_checked(error, reason, words):
    gap = os_gap(error)
    assert gap.reason is reason
    assert words in gap.detail


def test_locks_and_system_files_are_left_out_with_a_word(tmp_path):
    for name in ("a.xlsx", "~$a.xlsx", ".~lock.b.ods#", "Thumbs.db", ".DS_Store"):
        (tmp_path / name).write_bytes(b"x")
    found = gathering.gather([str(tmp_path)])
    assert [shown for _, shown in found.files] == [str(tmp_path / "a.xlsx")]
    assert len(found.skipped) == 4
    assert any("lock of “a.xlsx”" in text for text in found.skipped)
    assert any("lock of “b.ods”" in text for text in found.skipped)


def test_long_paths_get_their_windows_form_there(monkeypatch):
    class _Long(type(Path())):  # type: ignore[misc]
        def resolve(self, strict: bool = False) -> Path:
            return self

    monkeypatch.setattr(gathering.sys, "platform", "win32")
    assert str(gathering.long_path(_Long("C:\\" + "a" * 300))).startswith("\\\\?\\C:")
    assert str(gathering.long_path(_Long("\\\\server\\share\\" + "a" * 300))).startswith("\\\\?\\UNC\\server")


def test_clean_copies_never_overwrite(tmp_path):
    one, other = tmp_path / "one" / "a.xls", tmp_path / "other" / "a.xls"
    files = [(one, str(one)), (other, str(other))]
    out = tmp_path / "out"
    assert [p.name for p in targets(files, out).values()] == ["a.xlsx", "a (2).xlsx"]
    (out / "a.xlsx").write_bytes(b"x")
    with pytest.raises(ConfigError, match="exists already"):
        targets(files, out)
    with pytest.raises(ConfigError, match=r"\.xlsx"):
        targets(files[:1], tmp_path / "b.xls")
