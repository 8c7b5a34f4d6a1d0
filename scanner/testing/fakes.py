"""Two connectors without anything behind them: one that remembers, one that fails.

    connector = MemoryConnector.holding({"staff.csv": b"name\\nAda\\n"}, encryption_at_rest=True)
    with installed("connectors", "memory", MemoryConnector):
        ...  # `connector: memory` works in a configuration, in this process

They are not entry points, so nobody meets them in `dpscan connectors`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import importlib.metadata
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO, ClassVar, Literal, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field

from scanner import plugins
from scanner.contracts import Access, Ask
from scanner.errors import ConfigError, ReadError
from scanner.model import (
    Basis,
    Evidence,
    Gap,
    GapReason,
    Place,
    Scope,
    Stage,
    State,
    Store,
    Unit,
)
from scanner.testing.connectors import access as test_access

T = TypeVar("T")
Said = bool | int | str | list[str]

_MODIFIED = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
_UNKNOWN = {
    "denied": Basis.DENIED,
    "failed": Basis.FAILED,
    "not observable": Basis.NOT_OBSERVABLE,
}


@contextlib.contextmanager
def installed(group: str, name: str, plugin: type[Any]) -> Iterator[None]:
    """`plugin` is found under `name` in this process, as if a package had registered it.

    It must be importable (defined at the top of a module). Worker processes do not see it:
    use the `serial` runner.
    """
    found = cast(dict[str, importlib.metadata.EntryPoint], plugins.available(group))
    point = importlib.metadata.EntryPoint(
        name, f"{plugin.__module__}:{plugin.__qualname__}", f"dpscan.{group}"
    )
    before = found.get(name)
    found[name] = point
    try:
        yield
    finally:
        del found[name]
        if before is not None:
            found[name] = before


class MemoryOptions(BaseModel):
    """Keys of a `memory` target."""

    model_config = ConfigDict(extra="forbid")

    content: dict[str, bytes] = Field(default={}, description="Object names and their bytes.")
    evidence: dict[str, Said] = Field(
        default={},
        description="Safeguards: true, false, a value, or one of `denied`, `failed`, `not observable`, "
        "`not applicable`.",
    )
    name: str = Field(default="memory", description="Name of the one store.")
    kind: str = Field(default="bucket", description="Kind of the store; decides which rules apply.")
    tags: dict[str, str] | None = Field(default={}, description="The store's tags; null: not readable.")


class MemoryConnector:
    """One store of named bytes that writes down every call made to it (`calls`)."""

    kind: ClassVar[str] = "memory"
    schemes: ClassVar[tuple[str, ...]] = ("memory",)
    Options: ClassVar[type[MemoryOptions]] = MemoryOptions

    def __init__(self, options: MemoryOptions, access: Access) -> None:
        self._options, self._access = options, access
        self.calls: list[str] = []
        """Names of the methods called, in order; `open` with the object's name."""

    @classmethod
    def holding(cls, content: Mapping[str, bytes], **evidence: Said) -> Self:
        """A connector over `content` that states `evidence`, with access as in `testing.connectors`."""
        return cls(cls.Options(content=dict(content), evidence=evidence), test_access())

    @classmethod
    def options_from_url(cls, url: str) -> Mapping[str, Any]:
        name = url.partition("://")[2]
        if not name:
            raise ConfigError("expected memory://NAME")
        return {"name": name}

    def scopes(self) -> Iterable[Scope | Gap]:
        self.calls.append("scopes")
        yield Scope("memory:", "account", "memory", "memory")

    def stores(self, scope: Scope) -> Iterable[Store | Gap]:
        self.calls.append("stores")
        o = self._options
        yield Store(
            id=f"memory:{o.name}",
            scope_id=scope.id,
            kind=o.kind,
            provider="memory",
            name=o.name,
            tags=o.tags,
            environment=self._access.environment,
            target=self._access.target,
        )

    def evidence(self, subject: Scope | Store) -> Iterable[Evidence | Gap]:
        self.calls.append("evidence")
        if isinstance(subject, Scope):
            return
        for safeguard, said in self._options.evidence.items():
            yield _evidence(subject.id, safeguard, said)
            if said in ("denied", "failed"):
                reason = GapReason.DENIED if said == "denied" else GapReason.UNREACHABLE
                yield Gap(subject.id, Stage.EVIDENCE, reason, f"{safeguard} not seen: {said}")

    def units(self, store: Store, ask: Ask) -> Iterable[Unit | Gap]:  # noqa: ARG002 - the core samples
        self.calls.append("units")
        for name, data in sorted(self._options.content.items()):
            yield Unit(
                id=name,
                store_id=store.id,
                target=self._access.target,
                place=Place((("object", name),)),
                size=len(data),
                modified=_MODIFIED,
                version=hashlib.sha256(data).hexdigest()[:16],
            )

    def open(self, unit: Unit) -> BinaryIO:
        self.calls.append(f"open {unit.id}")
        data = self._options.content.get(unit.id)
        if data is None:
            raise ReadError(GapReason.VANISHED, "the object is no longer there")
        return io.BytesIO(data)

    def close(self) -> None:
        self.calls.append("close")


def _evidence(store_id: str, safeguard: str, said: Said) -> Evidence:
    source = "memory"
    if isinstance(said, str) and said in _UNKNOWN:
        return Evidence(
            store_id, safeguard, State.UNKNOWN, _UNKNOWN[said], source, reason=f"told to be {said}"
        )
    if said == "not applicable":
        return Evidence(store_id, safeguard, State.NOT_APPLICABLE, Basis.EXPLICIT, source, reason="told so")
    if isinstance(said, bool):
        return Evidence(
            store_id,
            safeguard,
            State.PRESENT if said else State.ABSENT,
            Basis.EXPLICIT,
            source,
            reason="told so",
        )
    value = tuple(said) if isinstance(said, list) else said
    return Evidence(store_id, safeguard, State.PRESENT, Basis.EXPLICIT, source, value=value)


Call = Literal["scopes", "stores", "evidence", "units", "open", "read", "close"]
How = Literal["gap", "read error", "bug"]


class FailingOptions(MemoryOptions):
    """Keys of a `failing` target."""

    fails: tuple[Call, ...] = Field(
        default=("scopes",),
        description="Calls that fail: scopes, stores, evidence, units, open, read, close.",
    )
    how: How = Field(
        default="gap",
        description="`gap`: the call yields one (open and read raise ReadError); `read error`: it raises "
        "ReadError; `bug`: it raises what no contract allows.",
    )
    reason: GapReason = Field(default=GapReason.UNREACHABLE, description="Reason of gaps and read errors.")
    after: int = Field(default=0, description="Items (or bytes, for read) that come before the failure.")


SECRET = "synthetic content that a bug quotes in its message"  # noqa: S105 - no password
"""In the message of every `bug`; must appear nowhere."""


class FailingConnector(MemoryConnector):
    """A store of which the calls in `fails` fail, after `after` items."""

    kind: ClassVar[str] = "failing"
    schemes: ClassVar[tuple[str, ...]] = ("failing",)
    Options: ClassVar[type[FailingOptions]] = FailingOptions
    _options: FailingOptions

    def scopes(self) -> Iterable[Scope | Gap]:
        return self._failing("scopes", Stage.ENUMERATE, "memory:", super().scopes())

    def stores(self, scope: Scope) -> Iterable[Store | Gap]:
        return self._failing("stores", Stage.ENUMERATE, scope.id, super().stores(scope))

    def evidence(self, subject: Scope | Store) -> Iterable[Evidence | Gap]:
        return self._failing("evidence", Stage.EVIDENCE, subject.id, super().evidence(subject))

    def units(self, store: Store, ask: Ask) -> Iterable[Unit | Gap]:
        return self._failing("units", Stage.LIST, store.id, super().units(store, ask))

    def open(self, unit: Unit) -> BinaryIO:
        if "open" in self._options.fails:
            raise self._error()
        file = super().open(unit)
        if "read" in self._options.fails:
            return cast(BinaryIO, FailingFile(file, self._options.after, self._error))
        return file

    def close(self) -> None:
        super().close()
        if "close" in self._options.fails:
            raise self._error()

    def _failing(
        self, call: str, stage: Stage, subject_id: str, items: Iterable[T | Gap]
    ) -> Iterator[T | Gap]:
        if call not in self._options.fails:
            yield from items
            return
        for number, item in enumerate(items):
            if number >= self._options.after:
                break
            yield item
        if self._options.how == "gap":
            yield Gap(subject_id, stage, self._options.reason, "told to fail", remedy="ask it not to")
            return
        raise self._error()

    def _error(self) -> Exception:
        if self._options.how == "bug":
            return ZeroDivisionError(SECRET)
        return ReadError(self._options.reason, "told to fail", "ask it not to")


class FailingFile(io.RawIOBase):
    """A file of which reading fails when more than `after` bytes are asked for in all."""

    def __init__(self, file: BinaryIO, after: int, error: Callable[[], Exception]) -> None:
        super().__init__()
        self._file, self._left, self._error = file, after, error

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        if len(data) > self._left:
            raise self._error()  # never a short read first, which would look like a file cut off
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)
