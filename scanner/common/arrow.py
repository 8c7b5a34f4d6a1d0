"""Arrow record batches as table fragments: what Parquet, ORC and Feather come down to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scanner.common.extracting import gap
from scanner.contracts import Content, Fragment, TableFragment
from scanner.model import Gap, GapReason

MAX_DEPTH = 8
JOIN = "; "


def fragments(content: Content, batches: Iterable[Any]) -> Iterator[Fragment | Gap]:
    """Record batches of one schema, as tables of strings; lists of structs become tables of their own."""
    state = _State(content)
    first: dict[str, int] = {}
    for batch in batches:
        types = {field.name: str(field.type) for field in batch.schema}
        columns: dict[str, Any] = {}
        children: dict[str, list[Any]] = {}
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            _flatten(name, array, columns, children, 0)
        tables = [("", columns)]
        while children:
            name, arrays = children.popitem()
            inner: dict[str, Any] = {}
            for array in arrays:
                _flatten(name, array, inner, children, 1)
            tables.append((name, inner))
        for name, table in tables:
            yield from _table(content, state, first, name, table, types)
    if state.cut:
        yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")


def _table(
    content: Content,
    state: _State,
    first: dict[str, int],
    name: str,
    table: dict[str, Any],
    types: dict[str, str],
) -> Iterator[Fragment]:
    from scanner.common.cells import Cells

    cells = {column: state.strings(array) for column, array in table.items()}
    if not cells:
        return
    height = max(map(len, cells.values()))
    # Lists beside each other can differ in length: the shorter ones end early, none is left out.
    cells = {k: _padded(v, height) for k, v in cells.items()}
    declared = {k: str(table[k].type) for k in cells} | {k: v for k, v in types.items() if k in cells}
    # A row may hold lists: the table of their elements is longer than the batch it comes from.
    most = content.limits.batch_rows
    for start in range(0, height, most):
        part = {k: Cells(v[start : start + most] if height > most else v) for k, v in cells.items()}
        at = first.get(name, 0) + start
        yield TableFragment(part, content.place, declared_types=declared, first_row=at)
    first[name] = first.get(name, 0) + height


def _padded(array: Any, height: int) -> Any:
    import pyarrow as pa

    return (
        array
        if len(array) == height
        else pa.concat_arrays([array, pa.nulls(height - len(array), array.type)])
    )


def readable(type_: Any, depth: int) -> bool:
    """Strings, numbers, dates and bytes, at any depth; truth values and nulls say nothing of a person."""
    import pyarrow.types as t

    if depth > MAX_DEPTH:
        return False
    if t.is_struct(type_):
        return any(readable(type_.field(i).type, depth + 1) for i in range(type_.num_fields))
    if t.is_map(type_):
        return readable(type_.key_type, depth + 1) or readable(type_.item_type, depth + 1)
    if t.is_list(type_) or t.is_large_list(type_) or t.is_fixed_size_list(type_) or t.is_dictionary(type_):
        return readable(type_.value_type, depth + 1)
    return not (t.is_boolean(type_) or t.is_null(type_))


def _flatten(
    name: str, array: Any, columns: dict[str, Any], children: dict[str, list[Any]], depth: int
) -> None:
    """Structs become dotted columns, lists of structs rows of their own, lists of scalars one cell."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as t

    kind = array.type
    if depth > MAX_DEPTH or not readable(kind, depth):
        return
    if t.is_dictionary(kind):
        _flatten(name, array.dictionary_decode(), columns, children, depth)
    elif t.is_struct(kind):
        for i, part in enumerate(array.flatten()):
            _flatten(f"{name}.{kind.field(i).name}", part, columns, children, depth + 1)
    elif t.is_map(kind):
        entries = pa.StructArray.from_arrays([array.keys, array.items], names=["key", "value"])
        children.setdefault(name, []).append(entries)
    elif t.is_list(kind) or t.is_large_list(kind) or t.is_fixed_size_list(kind):
        inner = kind.value_type
        if t.is_nested(inner) or t.is_map(inner):
            children.setdefault(name, []).append(pc.list_flatten(array))
        else:
            columns[name] = array
    else:
        columns[name] = array


class _State:
    def __init__(self, content: Content) -> None:
        self._most = content.limits.cell_chars
        self.cut = False

    def strings(self, array: Any) -> Any:
        """The cells as an Arrow array of strings, none longer than allowed. Raises ArrowInvalid
        for strings that are no UTF-8."""
        import pyarrow as pa
        import pyarrow.compute as pc

        cells = _strings(array)
        cells.validate(full=True)
        most = self._most
        if (pc.max(pc.binary_length(cells)).as_py() or 0) > most and pc.max(
            pc.utf8_length(cells)
        ).as_py() > most:
            self.cut = True
            cells = pc.utf8_slice_codeunits(cells, 0, most)
        return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def _strings(array: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as t

    from scanner.common.cells import Cells

    kind = array.type
    if t.is_string(kind) or t.is_large_string(kind):
        return array
    if t.is_binary(kind) or t.is_large_binary(kind) or t.is_fixed_size_binary(kind):
        return Cells.of([None if v is None else _printable(v) for v in array.to_pylist()]).array
    if t.is_list(kind) or t.is_large_list(kind) or t.is_fixed_size_list(kind):
        joined = (None if v is None else (_scalar(x) for x in v if x is not None) for v in array.to_pylist())
        return Cells.of([None if v is None else JOIN.join(v) for v in joined]).array
    try:
        return pc.cast(array, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return Cells.of([None if v is None else str(v) for v in array.to_pylist()]).array


def _scalar(value: Any) -> str:
    return (_printable(value) or "") if isinstance(value, bytes) else str(value)


def _printable(raw: bytes) -> str | None:
    """Bytes as text where they are text; None for pictures, keys and the like."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() or all(c.isprintable() or c.isspace() for c in text[:200]) else None
