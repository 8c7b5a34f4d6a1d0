"""Model records to plain JSON data and back, directed by their declared types.

The set of types is closed: the model's frozen dataclasses and enumerations, strings,
numbers, dates, bytes, tuples, frozensets and mappings of these. Anything else is a
TypeError, so nothing can be smuggled in or executed (no pickle). A field that stored
data lacks takes its default; a field that this version does not know is ignored: old
histories stay readable.

How things look in JSON: enumerations by value (`"not applicable"`), ordered bands by
name (`"S2"`, `"HIGH"`), times as ISO 8601 in UTC, bytes as base64, a `Place` as its
steps `[["schema", "public"], ["table", "cases"]]`, a mapping with compound keys as a
list of pairs. Mappings and frozensets are sorted, so equal records give equal text.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime as dt
import enum
import functools
import json
import types
import typing
import zlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")

_SCALARS = (bool, int, float, str)


class CodecError(ValueError):
    """Stored data does not fit the record. Names the field, never the data."""


def to_plain(record: object) -> Any:
    """JSON-ready data of a model record."""
    kind: Any = type(record)
    return _encoder(kind)(record)


def from_plain(kind: type[T], data: Any) -> T:
    """The record of type `kind` that `data` describes. Raises CodecError."""
    wanted: Any = kind
    result: T = _decoder(wanted)(data)
    return result


def pack(record: object) -> bytes:
    """Compressed JSON, for storing."""
    text = json.dumps(to_plain(record), separators=(",", ":"), allow_nan=False)
    return zlib.compress(text.encode("ascii"), 3)


def unpack(kind: type[T], data: bytes) -> T:
    """What `pack` stored. Raises CodecError."""
    try:
        plain = json.loads(zlib.decompress(data))
    except (zlib.error, ValueError):
        raise CodecError(f"stored {kind.__name__} is damaged") from None
    return from_plain(kind, plain)


def _same(value: Any) -> Any:
    return value


# --- to JSON ----------------------------------------------------------------------


@functools.cache
def _encoder(kind: Any) -> Callable[[Any], Any]:
    if kind in _SCALARS or kind is type(None):
        return _same
    special = _ENCODE.get(kind)
    if special is not None:
        return special
    if isinstance(kind, type) and issubclass(kind, enum.IntEnum):
        return lambda value: value.name
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return lambda value: value.value
    if dataclasses.is_dataclass(kind):
        return _dataclass_encoder(kind)
    return _container_encoder(kind)


def _dataclass_encoder(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    if _is_place(kind):
        return lambda value: [list(step) for step in value.steps]
    # Encoders are looked up at the first use: a record may hold its own kind.
    names = [field.name for field in dataclasses.fields(kind)]

    def encode(value: Any) -> Any:
        return {name: _encoder(hints[name])(getattr(value, name)) for name in names}

    return encode


def _container_encoder(kind: Any) -> Callable[[Any], Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _union_encoder(arguments)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            item = _encoder(arguments[0])
            return lambda value: [item(one) for one in value]
        items = [_encoder(argument) for argument in arguments]
        return lambda value: [item(one) for item, one in zip(items, value, strict=True)]
    if origin is frozenset:
        item = _encoder(arguments[0])
        return lambda value: sorted(item(one) for one in value)
    if origin is Mapping:
        key, item = (_encoder(argument) for argument in arguments)
        if arguments[0] is str:
            return lambda value: {name: item(value[name]) for name in sorted(value)}
        return lambda value: sorted(([key(name), item(one)] for name, one in value.items()), key=_first)
    raise TypeError(f"the codec does not know {kind!r}")


def _first(pair: list[Any]) -> Any:
    return pair[0]


def _union_encoder(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    members = [argument for argument in arguments if argument is not type(None)]
    if len(members) == 1:
        inner = _encoder(members[0])
        return lambda value: None if value is None else inner(value)
    _only_scalars_and_texts(members)
    return lambda value: list(value) if isinstance(value, tuple) else value


def _only_scalars_and_texts(members: list[Any]) -> None:
    if any(member not in _SCALARS and member != tuple[str, ...] for member in members):
        raise TypeError(f"the codec does not know the union {members!r}")


def _utc_text(value: dt.datetime) -> str:
    aware = value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
    return aware.isoformat()


_ENCODE: dict[Any, Callable[[Any], Any]] = {
    dt.datetime: _utc_text,
    dt.date: lambda value: value.isoformat(),
    bytes: lambda value: base64.b64encode(value).decode("ascii"),
}


# --- from JSON --------------------------------------------------------------------


@functools.cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    if kind in _SCALARS:
        return functools.partial(_scalar, kind)
    special = _DECODE.get(kind)
    if special is not None:
        return functools.partial(_checked, special, kind.__name__)
    if isinstance(kind, type) and issubclass(kind, enum.IntEnum):
        return functools.partial(_checked, kind.__getitem__, kind.__name__)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return functools.partial(_checked, kind, kind.__name__)
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(kind)
    return _container_decoder(kind)


def _scalar(kind: type, data: Any) -> Any:
    if kind is float and type(data) is int:
        return float(data)
    if type(data) is not kind:
        raise CodecError(f"expected {kind.__name__}")
    return data


def _checked(make: Callable[[Any], Any], what: str, data: Any) -> Any:
    try:
        return make(data)
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise CodecError(f"not a {what}") from None


def _is_place(kind: Any) -> bool:
    return [field.name for field in dataclasses.fields(kind)] == ["steps"]


def _dataclass_decoder(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    if _is_place(kind):
        return lambda data: kind(_decoder(hints["steps"])(data))
    names = [field.name for field in dataclasses.fields(kind)]

    def decode(data: Any) -> Any:
        if not isinstance(data, dict):
            raise CodecError(f"{kind.__name__}: expected an object")
        found = {}
        for name in names:
            if name in data:
                try:
                    found[name] = _decoder(hints[name])(data[name])
                except CodecError as error:
                    raise CodecError(f"{kind.__name__}.{name}: {error}") from None
        try:
            return kind(**found)
        except TypeError:
            raise CodecError(f"{kind.__name__}: a field is missing") from None

    return decode


def _container_decoder(kind: Any) -> Callable[[Any], Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _union_decoder(arguments)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _decoder(arguments[0])
        return lambda data: tuple(item(one) for one in _list(data))
    if origin is tuple:
        items = [_decoder(argument) for argument in arguments]
        return lambda data: tuple(item(one) for item, one in zip(items, _list(data, len(items)), strict=True))
    if origin is frozenset:
        item = _decoder(arguments[0])
        return lambda data: frozenset(item(one) for one in _list(data))
    if origin is Mapping:
        key, item = (_decoder(argument) for argument in arguments)
        if arguments[0] is str:
            return lambda data: {name: item(one) for name, one in _object(data).items()}
        return lambda data: {key(one[0]): item(one[1]) for one in (_list(pair, 2) for pair in _list(data))}
    raise TypeError(f"the codec does not know {kind!r}")


def _list(data: Any, length: int | None = None) -> list[Any]:
    if not isinstance(data, list) or (length is not None and len(data) != length):
        raise CodecError("expected a list")
    return data


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise CodecError("expected an object")
    return data


def _union_decoder(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    members = [argument for argument in arguments if argument is not type(None)]
    if len(members) == 1:
        inner = _decoder(members[0])
        return lambda data: None if data is None else inner(data)
    _only_scalars_and_texts(members)
    texts = _decoder(tuple[str, ...])

    def decode(data: Any) -> Any:
        if isinstance(data, list):
            return texts(data)
        if data is not None and not isinstance(data, _SCALARS):
            raise CodecError("expected a plain value")
        return data

    return decode


_DECODE: dict[Any, Callable[[Any], Any]] = {
    dt.datetime: dt.datetime.fromisoformat,
    dt.date: dt.date.fromisoformat,
    bytes: functools.partial(base64.b64decode, validate=True),
}
