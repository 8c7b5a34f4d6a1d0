"""Blocks cut into columns by Arrow give the rows that Python's `csv` gives, to the cell."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanner.contracts import Limits
from scanner.extractors import delimited
from tests.extractors.reading import read

_CELL = st.text(st.sampled_from("ab1 ,;\"'\n\r\t£é😀x\\"), max_size=6)
_QUOTED = _CELL.map(lambda cell: '"' + cell.replace('"', '""') + '"')
_PLAIN = st.text(st.sampled_from('ab1 -£é😀"x'), max_size=5)
_LINE = st.lists(st.one_of(_PLAIN, _PLAIN, _QUOTED), min_size=3, max_size=3).map(",".join)
_ODD = st.one_of(st.just(""), st.lists(_PLAIN, min_size=1, max_size=6).map(",".join), _CELL)
_END = st.sampled_from(["\n", "\n", "\r\n"])
_TEXT = st.lists(st.tuples(st.one_of(_LINE, _LINE, _LINE, _ODD), _END), max_size=30).map(
    lambda lines: "".join(line + end for line, end in lines)
)


def _rows(data: bytes, monkeypatch: pytest.MonkeyPatch, *, columns: bool, limits: Limits) -> object:
    with monkeypatch.context() as patch:
        if not columns:
            patch.setattr(delimited._Reading, "_in_columns", lambda self, text: None)
        out = read(data, "x.csv", limits)
    names = list(out.tables[-1].columns) if out.tables else []
    rows = [
        tuple((table.columns.get(name) or [None] * table.rows)[i] for name in names)
        for table in out.tables
        for i in range(table.rows)
    ]
    starts = [table.first_row for table in out.tables]
    assert starts == sorted(starts)
    return names, rows, [gap.reason for gap in out.gaps]


@settings(max_examples=150, deadline=None)
@given(text=_TEXT, block=st.sampled_from([120, 300, 1 << 20]))
@example(text='1,"abc,x\n2,"def,x\n', block=1 << 20)
@example(text='1,2,"a\nb\n\n"\n' * 20, block=120)
@example(text="1,2\n1,2,3,4,5\n\n1,2,3\n", block=1 << 20)
def test_same_rows(text: str, block: int) -> None:
    head = "Ref,Name,Note\n" + "1,Ann,x\n2,Bob,y\n3,Cat,z\n" * 3
    patch = pytest.MonkeyPatch()
    with patch.context() as inner:
        limits = Limits(cell_chars=20)
        data = (head + text).encode()
        slow = _rows(data, patch, columns=False, limits=limits)
        inner.setattr(delimited, "BLOCK", block)
        inner.setattr(delimited, "PIECE", 30)
        fast = _rows(data, patch, columns=True, limits=limits)
    assert fast == slow


def test_notes_of_many_lines_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records are neither cut nor doubled where a block ends inside a quoted cell."""
    rng = random.Random(4)
    notes = [
        "\n".join("line" + " word" * rng.randrange(9) for _ in range(rng.randrange(1, 9))) for _ in range(400)
    ]
    text = "ref,note,by\n" + "".join(f'{i},"{note}",AB\n' for i, note in enumerate(notes))
    monkeypatch.setattr(delimited, "BLOCK", 1000)
    out = read(text.encode(), "x.csv")
    assert [c for t in out.tables for c in t.columns["note"]] == notes
    assert [c for t in out.tables for c in t.columns["ref"]] == [str(i) for i in range(400)]
    assert [t.first_row for t in out.tables] == [
        sum(t.rows for t in out.tables[:i]) for i in range(len(out.tables))
    ]


def test_columns_are_not_strings_until_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A regular file never passes through Python's `csv`, whatever stands in it."""

    def refuse(*_: object) -> None:
        raise AssertionError("read row by row")

    monkeypatch.setattr(delimited._Reading, "_in_rows", refuse)
    text = "ref;name;note\n" + 'a1;Ann;"said ""no"""\n\n' * 50 + "a2;Bob\na3;Cat;x;y\n"
    [table] = read(text.encode("cp1252"), "x.csv").tables
    assert table.rows == 52
    assert table.columns["note"][-2:] == [None, "x"]
    assert table.columns["column_3"][-1] == "y"


def test_header_cells_of_several_lines() -> None:
    text = '"Ref\nno","Full\nname",Note\n' + "1,Ann,x\n2,Bob,y\n" * 30
    [table] = read(text.encode(), "x.csv").tables
    assert list(table.columns) == ["Ref no", "Full name", "Note"]
    assert table.rows == 60
