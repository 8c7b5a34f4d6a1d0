"""JSON and JSON lines: shapes, keys that are data, size, damage."""

from __future__ import annotations

import json
import tracemalloc

from scanner.contracts import Limits
from scanner.model import GapReason
from tests.extractors.reading import read


def _json(value: object, **kw: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, **kw).encode()  # type: ignore[arg-type]


def test_nested_records() -> None:
    out = read(
        _json(
            [
                {
                    "name": "Ann",
                    "address": {"postcode": "ZZ1 1ZZ", "lines": ["1 High St", "Anytown"]},
                    "active": True,
                    "pay": 12.5,
                    "children": [{"name": "Eve", "dob": "2015-01-01"}, {"name": "Flo"}],
                },
                {"name": "Bob", "address": None},
            ]
        )
    )
    people, children = out.tables
    assert people.columns == {
        "name": ["Ann", "Bob"],
        "address.postcode": ["ZZ1 1ZZ", None],
        "address.lines": ["1 High St; Anytown", None],
        "active": ["true", None],
        "pay": ["12.5", None],
    }
    assert children.columns == {"children.name": ["Eve", "Flo"], "children.dob": ["2015-01-01", None]}


def test_wrapped_list_and_scalars() -> None:
    out = read(_json({"count": 2, "data": [{"email": "a@example.com"}, {"email": "b@example.com"}]}))
    assert out.column("data.email") == ["a@example.com", "b@example.com"]
    assert read(_json(["a@example.com", "b@example.com"])).column("value") == [
        "a@example.com",
        "b@example.com",
    ]


def test_keys_that_are_identifiers_become_cells() -> None:
    out = read(_json({"users": {"a@example.com": {"age": 3}, "b@example.com": {"age": 4}}}))
    assert out.column("users.key") == ["a@example.com", "b@example.com"]
    assert out.column("users.entry.age") == ["3", "4"]


def test_registers_keyed_by_names_become_cells() -> None:
    out = read(_json({"staff": {"Ann Lee": {"age": 3, "town": "York"}, "Bob Ray": {"age": 4}}}))
    assert out.column("staff.key") == ["Ann Lee", "Bob Ray"]
    assert not any("Ann" in name for table in out.tables for name in table.columns)
    plain = read(
        _json({"home": {"postcode": "ZZ1 1ZZ"}, "person": {"name": "Ann"}, "job": {"title": "Clerk"}})
    )
    assert plain.columns == ["home.postcode", "person.name", "job.title"]


def test_many_keys_become_cells() -> None:
    out = read(_json({f"user{chr(97 + i // 26)}{chr(97 + i % 26)}": i for i in range(400)}))
    assert out.column("key")[:2] == ["useraa", "userab"]
    assert sum(map(len, (t.columns for t in out.tables))) < 10


def test_wide_records_keep_their_columns() -> None:
    rows = [{f"question {chr(97 + i // 26)}{chr(97 + i % 26)}": "x" for i in range(300)} for _ in range(3)]
    assert len(read(_json(rows)).columns) == 300


def test_data_keys_spread_over_records() -> None:
    rows = [{"name": "Ann", "scores": {f"k{chr(97 + i % 26)}{chr(97 + i // 26)}": 1}} for i in range(600)]
    out = read(b"\n".join(_json(r) for r in rows), "x.jsonl")
    assert max(len(t.columns) for t in out.tables) < 260
    assert len(out.column("name")) == 600


def test_json_lines_in_batches_and_spans() -> None:
    data = b"".join(_json({"id": i, "email": f"a{i}@example.com"}) + b"\n" for i in range(3000))
    out = read(data, "x.dat", Limits(batch_rows=1000))
    assert [t.rows for t in out.tables] == [1000, 1000, 1000]
    assert [t.first_row for t in out.tables] == [0, 1000, 2000]
    found: list[str | None] = []
    for start, end in ((0, 10_000), (10_000, 50_001), (50_001, len(data))):
        found += read(data, "x.jsonl", span=(start, end)).column("id")
    assert found == [str(i) for i in range(3000)]


def test_a_bad_line_costs_only_itself() -> None:
    out = read(b'{"id": 1}\n{"id": 2, oops ann@example.com}\n{"id": 3}\n{"id": 4}\n', "x.jsonl")
    assert [v for v in out.column("id") if v in ("1", "3", "4")] == ["1", "3", "4"]
    assert "ann@example.com" in out.everything
    assert out.reasons == [GapReason.CORRUPT]


def test_values_one_after_the_other() -> None:
    assert read(b'{\n "id": 1\n}\n{\n "id": 2\n}\n', "x.json").column("id") == ["1", "2"]


def test_large_json_is_streamed() -> None:
    rows = [{"id": i, "email": f"a{i}@example.com", "note": "x" * 100} for i in range(120_000)]
    data = _json({"meta": {"made": "2024-01-01"}, "people": rows}, indent=1)
    del rows
    assert len(data) > 15_000_000
    tracemalloc.start()
    out = read(data, "x.json", Limits(batch_rows=1000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(out.column("people.id")) == 120_000
    assert out.column("meta.made") == ["2024-01-01"]
    assert not out.gaps
    # `out` keeps every cell; what is held besides is small
    assert peak < 150_000_000


def test_deep_nesting_is_a_gap_not_a_crash() -> None:
    for data in (b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000):
        out = read(data, "x.json")
        assert out.reasons
        assert set(out.reasons) <= {GapReason.LIMIT, GapReason.CORRUPT}


def test_damaged_json_is_read_as_far_as_it_goes_and_the_rest_as_text() -> None:
    out = read(b'[{"id": "1"}, {"id": "2"}, {"id": ann@example.com}, {"id": "4"}]', "x.json")
    assert out.column("id")[:2] == ["1", "2"]
    assert "ann@example.com" in out.everything
    assert out.reasons == [GapReason.CORRUPT]


def test_long_strings_are_cut_with_a_gap() -> None:
    out = read(_json([{"note": "x" * 500}]), "x.json", Limits(cell_chars=100))
    assert out.column("note") == ["x" * 100]
    assert out.reasons == [GapReason.LIMIT]


def test_huge_numbers() -> None:
    assert read(b'[{"n": ' + b"9" * 6000 + b"}]", "x.json").column("n") == ["9" * 6000]
