"""No personal value of the example data, nor a recognisable piece of one, leaves `examine`.

The whole command runs at -vv on a department of invented people; then everything it wrote
anywhere is searched for everything that was planted.
"""

from __future__ import annotations

import lzma
import re
import sqlite3
import zipfile
import zlib
from pathlib import Path

import pytest

from scanner import plugins
from tests.department import dpscan, generator, make

SEED = 20260101


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Everything a run leaves behind, by where it was."""
    folder, home = tmp_path_factory.mktemp("department"), tmp_path_factory.mktemp("home")
    config = make(folder, SEED)
    out = folder / "out"
    first = dpscan("scan", "-c", config, "-o", out, "-vv", home=home)
    assert first.returncode == 0, first.stderr[-2000:]
    every = [word for name in plugins.available("reporters") for word in ("--format", name)]
    again = dpscan("report", "-o", folder / "again", *every, home=home)
    assert again.returncode == 0, again.stderr[-2000:]
    doctor = dpscan("doctor", "-c", config, home=home)
    seen = {
        "terminal": (first.stdout + first.stderr).encode(),
        "report command": (again.stdout + again.stderr).encode(),
        "doctor": (doctor.stdout + doctor.stderr).encode(),
    }
    for root in (out, folder / "again", home):
        for path in root.rglob("*"):
            if path.is_file():
                seen[str(path)] = path.read_bytes()
    for path in folder.rglob("again/*.xlsx"):
        with zipfile.ZipFile(path) as members:
            # The theme is Office's own and the same in every workbook; one of its fonts is called Euphemia.
            names = [name for name in members.namelist() if not name.startswith("xl/theme/")]
            seen[f"{path}: members"] = b"\n".join(members.read(name) for name in names)
    for path in home.rglob("*.sqlite"):
        seen[f"{path} (unpacked)"] = _unpacked(path)
    assert any("findings.csv" in name for name in seen)
    assert any("unpacked" in name for name in seen)
    assert any("report.html" in name for name in seen) and any(
        "report.xlsx: members" in name for name in seen
    )
    return seen


def _unpacked(database: Path) -> bytes:
    """Every cell of a SQLite file, compressed blobs opened."""
    out = []
    connection = sqlite3.connect(database)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in connection.execute(f'SELECT * FROM "{table}"'):
            for cell in row:
                data = cell if isinstance(cell, bytes) else str(cell).encode()
                out.append(data)
                if isinstance(cell, bytes):
                    out.append(_opened(cell))
    connection.close()
    return b"\n".join(out)


def _opened(blob: bytes) -> bytes:
    """What a compressed blob holds; nothing where it is none (a digest, a key)."""
    for decompress, error in ((zlib.decompress, zlib.error), (lzma.decompress, lzma.LZMAError)):
        try:
            return decompress(blob)
        except error:
            continue
    return b""


def test_no_planted_value_anywhere(traces: dict[str, bytes]) -> None:
    people = generator().people(SEED)
    planted = {secret for person in people for secret in person.secrets}
    assert len(planted) > 1500
    pattern = re.compile(
        b"|".join(sorted((re.escape(p.encode()) for p in planted), key=len, reverse=True)), re.I
    )
    leaks = {
        (name, match.group().decode()) for name, data in traces.items() for match in pattern.finditer(data)
    }
    assert not leaks


def test_the_search_would_find_one(traces: dict[str, bytes]) -> None:
    """Guards the test above: tables, columns and types are there to be found."""
    reports = next(data for name, data in traces.items() if name.endswith("out/report.json"))
    history = next(data for name, data in traces.items() if name.endswith("(unpacked)"))
    for expected in (b"person", b"UK_NINO", b"AA######A", b"conviction", b"absence-####.xlsx"):
        assert expected in reports
        assert expected in history


def test_files_are_private(traces: dict[str, bytes]) -> None:
    for name in traces:
        path = Path(name)
        if path.is_absolute() and path.exists():
            assert path.stat().st_mode & 0o077 == 0, name
            assert path.parent.stat().st_mode & 0o077 == 0, path.parent
