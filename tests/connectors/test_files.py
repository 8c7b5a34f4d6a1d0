"""Files: what a share's permission bits tell, and a walk that never leaves the root."""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.connectors.files import FilesConnector, FilesOptions, mounts, walk
from scanner.contracts import Ask
from scanner.errors import ConfigError, ReadError
from scanner.model import Evidence, Gap, GapReason, State, Store, Unit
from scanner.testing.connectors import ConnectorContract, access

ASK = Ask(seed="s")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    (root / "hr" / "old").mkdir(parents=True)
    (root / "hr" / "staff.csv").write_text("name\nA\n" * 60)
    (root / "hr" / "old" / "notes.txt").write_text("x" * 300)
    (root / "dpscan-report").mkdir()
    (root / "dpscan-report" / "findings.csv").write_text("a")
    (root / "link").symlink_to("/etc")
    os.mkfifo(root / "pipe")
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o700 if path.is_dir() else 0o600)
    return root


def connect(root: Path, **options: object) -> FilesConnector:
    return FilesConnector(FilesOptions(path=root, **options), access())  # type: ignore[arg-type]


def the_store(connector: FilesConnector) -> Store:
    (scope,) = connector.scopes()
    (store,) = connector.stores(scope)  # type: ignore[arg-type]
    assert isinstance(store, Store)
    return store


def stated(connector: FilesConnector) -> dict[str, Evidence]:
    return {e.safeguard: e for e in connector.evidence(the_store(connector)) if isinstance(e, Evidence)}


class TestContract(ConnectorContract):
    @pytest.fixture
    def connector(self, share: Path) -> Iterator[FilesConnector]:
        yield connect(share)


def test_only_regular_files_below_the_root(share: Path) -> None:
    items = list(connect(share).units(the_store(connect(share)), ASK))
    assert sorted(u.id for u in items if isinstance(u, Unit)) == ["hr/old/notes.txt", "hr/staff.csv"]
    assert {(g.reason, g.detail) for g in items if isinstance(g, Gap)} == {
        (GapReason.EXCLUDED, "symbolic links are not followed"),
        (GapReason.EXCLUDED, "pipes, sockets and devices are not opened"),
        (GapReason.EXCLUDED, "dpscan's own reports are not scanned"),
    }


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_a_target_that_is_no_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "pipe":
        os.mkfifo(path)
    else:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
    (gap,) = connect(path).scopes()
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.detail) == (GapReason.UNSUPPORTED, "neither a folder nor a file")


def test_a_target_may_itself_be_a_link(share: Path) -> None:
    (share.parent / "shortcut.csv").symlink_to(share / "hr" / "staff.csv")
    connector = connect(share.parent / "shortcut.csv")
    (unit,) = connector.units(the_store(connector), ASK)
    assert isinstance(unit, Unit)
    assert connector.open(unit).read(4) == b"name"
    (share.parent / "shortcut").symlink_to(share)
    assert len(list(connect(share.parent / "shortcut").units(the_store(connect(share)), ASK))) == 5


def test_what_the_kernel_makes_up_is_left_out(share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "kernel_folders", lambda: frozenset({str(share / "hr" / "old")}))
    items = list(connect(share).units(the_store(connect(share)), ASK))
    assert [u.id for u in items if isinstance(u, Unit)] == ["hr/staff.csv"]
    assert "file systems that the kernel makes up are not scanned" in {
        g.detail for g in items if isinstance(g, Gap)
    }
    if sys.platform == "linux":
        assert "/proc" in mounts.kernel_folders()


def test_escapes_of_the_mount_table() -> None:
    assert mounts._plain("/srv/a\\040b\\134c") == "/srv/a b\\c"


def test_a_closed_share(share: Path) -> None:
    evidence = stated(connect(share))
    assert evidence["world_read_restricted"].state is State.PRESENT
    assert evidence["world_write_restricted"].state is State.PRESENT
    assert evidence["encryption_at_rest"].state is State.UNKNOWN


def test_open_files_in_open_folders_count(share: Path) -> None:
    for folder in (share, share / "hr"):
        folder.chmod(0o755)
    (share / "hr" / "staff.csv").chmod(0o646)
    evidence = stated(connect(share))
    assert evidence["world_read_restricted"].state is State.ABSENT
    assert evidence["world_read_restricted"].reason.startswith("3 of ")
    assert evidence["world_write_restricted"].reason.startswith("1 of ")


def test_a_closed_folder_closes_what_is_in_it(share: Path) -> None:
    (share / "hr" / "staff.csv").chmod(0o666)
    assert stated(connect(share))["world_read_restricted"].state is State.PRESENT


def test_a_file_that_vanishes(share: Path) -> None:
    connector = connect(share)
    unit = next(u for u in connector.units(the_store(connector), ASK) if isinstance(u, Unit))
    (share / unit.id).unlink()
    with pytest.raises(ReadError) as error:
        connector.open(unit)
    assert error.value.reason is GapReason.VANISHED


def test_a_link_put_in_place_of_a_file_is_not_followed(share: Path) -> None:
    connector = connect(share)
    unit = next(u for u in connector.units(the_store(connector), ASK) if isinstance(u, Unit))
    (share / unit.id).unlink()
    (share / unit.id).symlink_to("/etc/passwd")
    with pytest.raises(ReadError):
        connector.open(unit)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another account")
def test_a_denied_file_and_folder_are_gaps(share: Path) -> None:
    for path in (share, *share.parents):
        if path != Path("/"):
            path.chmod(path.stat().st_mode | 0o055)
    (share / "hr").chmod(0o755)
    seen = set(as_nobody(share))
    assert ("denied", "hr/staff.csv") in seen
    assert ("denied", "hr/old") in seen


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another account")
@pytest.mark.parametrize(("mode", "state"), [(0o711, "unknown"), (0o700, "present")])
def test_what_cannot_be_listed_is_not_closed(share: Path, mode: int, state: str) -> None:
    """Who may enter a folder without listing it can open files in it whose names he knows."""
    for path in share.parents:
        if path != Path("/"):
            path.chmod(path.stat().st_mode | 0o055)
    share.chmod(0o751)
    os.chown(share, 0, 65534)
    (share / "hr").chmod(mode)
    seen = dict(as_nobody(share, 65534))
    assert seen["world_read_restricted"] == state


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another account")
def test_names_that_can_be_listed_but_not_asked_about_cost_nothing_else(share: Path) -> None:
    for path in (share, *share.parents):
        if path != Path("/"):
            path.chmod(path.stat().st_mode | 0o055)
    (share / "hr").chmod(0o744)  # may be listed, not entered
    (share / "open.txt").write_text("x")
    (share / "open.txt").chmod(0o644)
    seen = as_nobody(share)
    assert ("read", "open.txt") in seen, "a closed neighbour does not end the listing"
    assert ("denied", "hr/staff.csv") in seen


def as_nobody(root: Path, group: int | None = None) -> list[tuple[str, str]]:
    """(reason, place) of all that another account cannot list or open below `root`, (`read`, place) of what
    it can, and (safeguard, state)."""
    answers, questions = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534 if group is not None else 65533)
        os.setuid(65534)
        connector = connect(root)
        out = [(e.safeguard, e.state.value) for e in stated(connector).values()]
        for item in connector.units(the_store(connector), ASK):
            if isinstance(item, Gap):
                out.append((item.reason.value, item.place.text))
                continue
            try:
                connector.open(item).close()
                out.append(("read", item.id))
            except ReadError as error:
                out.append((error.reason.value, item.id))
        questions.send(out)
        os._exit(0)
    questions.close()
    seen: list[tuple[str, str]] = answers.recv()
    os.waitpid(child, 0)
    return seen


def test_names_that_are_not_utf8(share: Path) -> None:
    os.close(os.open(os.fsencode(share) + b"/caf\xe9.txt", os.O_CREAT | os.O_WRONLY, 0o600))
    connector = connect(share)
    unit = next(
        u for u in connector.units(the_store(connector), ASK) if isinstance(u, Unit) and "caf" in u.id
    )
    assert unit.place.text == "caf\ufffd.txt"
    connector.open(unit).close()


def test_a_single_file(share: Path) -> None:
    connector = connect(share / "hr" / "staff.csv")
    (unit,) = connector.units(the_store(connector), ASK)
    assert isinstance(unit, Unit)
    assert connector.open(unit).read(4) == b"name"


def test_a_share_keeps_its_identity_when_named(share: Path) -> None:
    store = the_store(connect(share, share="//server/hr"))
    assert store.id == "file:server/hr"
    assert str(share) in store.aliases[0]


def test_a_missing_folder() -> None:
    (gap,) = connect(Path("/no/such/folder")).scopes()
    assert isinstance(gap, Gap)
    with pytest.raises(ConfigError, match="no such file or folder"):
        FilesConnector.options_from_url("/no/such/folder")
