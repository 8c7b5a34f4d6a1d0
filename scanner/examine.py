"""One unit to one result: the only place where raw text lives.

Pure of globals; what a worker needs arrives in a picklable `Job` of names and references.
Every fault stops here: what a connector or an extractor could not do becomes a `Gap`.
"""

from __future__ import annotations

import dataclasses
import errno
import logging
import random
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from scanner import plugins
from scanner.collect import Collector
from scanner.common import digests
from scanner.common.names import reduce_gap, reduce_place
from scanner.contents import (
    extractor_for,
    media_type,
    most_bytes,
    open_content,
    read_content,
    splittable,
    streamed,
)
from scanner.contracts import (
    Access,
    Ask,
    Connector,
    Detects,
    OpensUnits,
    ReadsBatches,
    TableFragment,
    TextFragment,
)
from scanner.deadline import Deadline, UnitTimeout
from scanner.errors import MissingExtra, ReadError
from scanner.model import Gap, GapReason, Sampled, Span, Stage, Unit, UnitResult

_LOG = logging.getLogger(__name__)

# What lifts a gap whose own maker could not say.
_REMEDIES = {
    GapReason.CORRUPT: "restore it from a good copy, or exclude it with a reason",
    GapReason.ENCRYPTED: "put a readable copy where it may be scanned, or exclude it with a reason",
    GapReason.VANISHED: "nothing, if it was meant to go: the next scan will tell",
    GapReason.UNREACHABLE: "check the network path to it and run again",
    GapReason.UNSUPPORTED: "look at it by hand, or exclude it with a reason",
    GapReason.TIMEOUT: "run again when the store is less busy, or raise the limit",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """A configured target as workers need it: names and references to credentials only."""

    name: str
    kind: str
    options: Mapping[str, Any]
    """Keys of the connector's Options, JSON-like."""
    access: Access


@dataclasses.dataclass(frozen=True, slots=True)
class DetectorOptions:
    """Keywords of `scanner.Detector`."""

    names: bool = True
    spacy_model: str | None = None
    us: bool = False
    own: tuple[str, ...] = ()
    values: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """All that examining needs besides the unit."""

    targets: Mapping[str, Target]
    detector: DetectorOptions
    ask: Ask
    key_files: Mapping[str, str]
    """Store id to the path of its scope's digest key; workers read it themselves."""


def connect(target: Target) -> Connector:
    """The target's connector. Raises MissingExtra, ConfigError, ReadError."""
    kind = plugins.load("connectors", target.kind)
    connector: Connector = kind(kind.Options(**target.options), target.access)
    return connector


def close_all(connectors: Mapping[str, Connector]) -> None:
    """Let go of connectors. The work is done by then: one that fails costs nothing, and is logged."""
    for name, connector in connectors.items():
        try:
            connector.close()
        except Exception as error:  # noqa: BLE001 - a plugin's bug here must not lose the run
            _LOG.warning("%s: closing failed (%s)", name, type(error).__name__)


class Examiner:
    """Examines units of one job; keeps connectors and the detector between units."""

    def __init__(self, job: Job, detector: Detects | None = None) -> None:
        self._job = job
        self._detector = detector
        self._connectors: dict[str, Connector] = {}

    def connector(self, target: str) -> Connector:
        if target not in self._connectors:
            self._connectors[target] = connect(self._job.targets[target])
        return self._connectors[target]

    @property
    def detector(self) -> Detects:
        if self._detector is None:
            from scanner.detector import Detector

            self._detector = Detector(**dataclasses.asdict(self._job.detector))
        return self._detector

    def fetch(self, unit: Unit) -> BinaryIO | Gap | None:
        """Open a unit's bytes ahead of examining it. None for units that are rows."""
        try:
            connector = self.connector(unit.target)
            return connector.open(unit) if isinstance(connector, OpensUnits) else None
        except (ReadError, MissingExtra, OSError) as error:
            return _gap(unit, Stage.READ, error)

    def examine(self, unit: Unit, fetched: BinaryIO | Gap | None = None) -> UnitResult:
        """Read, extract, detect and count one unit. Never raises for what a unit holds."""
        limits = self._job.targets[unit.target].access.limits
        seconds = None if self._job.ask.full else limits.unit_timeout
        key = digests.read_key(Path(self._job.key_files[unit.store_id]))
        reading = _Reading(unit, Collector(self.detector, key))
        started = time.monotonic()
        try:
            with Deadline(seconds):
                for item in self._fragments(unit, fetched, reading):
                    reading.take(item)
                    if seconds is not None and time.monotonic() - started > seconds:
                        raise UnitTimeout
                reading.finish()
        except UnitTimeout:
            reading.gap(Stage.READ, GapReason.TIMEOUT, f"stopped after {seconds:.0f} s; what was read counts",
                        "raise limits.unit_timeout")  # fmt: skip
        except (ReadError, MissingExtra, OSError) as error:
            reading.gaps.append(_gap(unit, Stage.READ, error))
        except MemoryError:
            reading.gap(Stage.EXTRACT, GapReason.LIMIT, "needs more memory than there is")
        except Exception as error:  # noqa: BLE001 - the one boundary: a bug costs one unit, and says so
            reading.gap(Stage.DETECT, GapReason.FAULT, f"dpscan failed on it ({type(error).__name__})",
                        "please report it with the file's format")  # fmt: skip
        return reading.result(digests.unit_key(key, unit))

    def close(self) -> None:
        close_all(self._connectors)
        self._connectors.clear()

    def _fragments(
        self, unit: Unit, fetched: BinaryIO | Gap | None, reading: _Reading
    ) -> Iterator[TextFragment | TableFragment | Sampled | Gap]:
        if isinstance(fetched, Gap):
            yield fetched
            return
        connector = self.connector(unit.target)
        if isinstance(connector, ReadsBatches) and not isinstance(connector, OpensUnits):
            yield from connector.batches(unit)
            return
        assert isinstance(connector, OpensUnits)
        with fetched or connector.open(unit) as file:
            counted = _Counted(file, reading)
            yield from self._contents(unit, counted)  # type: ignore[arg-type]

    def _contents(self, unit: Unit, file: BinaryIO) -> Iterator[TextFragment | TableFragment | Sampled | Gap]:
        limits = self._job.targets[unit.target].access.limits
        name = unit.place.steps[-1][1] if unit.place.steps else ""
        content = open_content(file, name, unit.place, unit.size, limits)
        size = content.size or 0
        media = media_type(content)
        whole = size <= most_bytes(media, limits) or self._job.ask.full or streamed(media)
        # Where nothing reads such a file, its size is not what stands in the way.
        if whole or extractor_for(media) is None:
            yield from read_content(content)
            return
        if not splittable(media):
            raise ReadError(
                GapReason.LIMIT,
                f"{size:,} bytes of {media} are more than is read at once",
                "raise limits.object_bytes or scan with --full",
            )
        spans = -(-size // limits.span_bytes)
        chosen = sorted(_choose(spans, limits.spans, f"{self._job.ask.seed}\0{unit.id}"))
        for number in chosen:
            start = number * limits.span_bytes
            span = Span(start, min(size, start + limits.span_bytes))
            yield from read_content(dataclasses.replace(content, span=span))
        yield Sampled(spans, len(chosen), True, "spans")


class _Reading:
    """What one unit has shown so far."""

    def __init__(self, unit: Unit, collector: Collector) -> None:
        self.unit = unit
        self.gaps: list[Gap] = []
        self.bytes = 0
        self._collector = collector
        self._sampled: Sampled | None = None
        self._fragments = 0
        self._finished = False

    def take(self, item: TextFragment | TableFragment | Sampled | Gap) -> None:
        if isinstance(item, Gap):
            remedy = item.remedy or _REMEDIES.get(item.reason, "")
            self.gaps.append(dataclasses.replace(item, subject_id=self.unit.store_id, remedy=remedy))
        elif isinstance(item, Sampled):
            self._sampled = item
        else:
            self._fragments += 1
            self._collector.add(item)
            if isinstance(item, TableFragment) and self.unit.size is None:
                self.bytes += sum(len(cell) for cells in item.columns.values() for cell in cells if cell)

    def gap(self, stage: Stage, reason: GapReason, detail: str, remedy: str = "") -> None:
        self.gaps.append(
            Gap(self.unit.store_id, stage, reason, detail, self.unit.place, remedy, self.unit.size or 0)
        )

    def finish(self) -> None:
        self._finished = True

    def result(self, key: str) -> UnitResult:
        gaps = [
            reduce_gap(g if g.place.steps else dataclasses.replace(g, place=self.unit.place))
            for g in self.gaps
        ]
        return UnitResult(
            unit_key=key,
            store_id=self.unit.store_id,
            stratum_key=reduce_place(self.unit.place).text if self.unit.stratum else "",
            tallies=self._collector.tallies(),
            gaps=tuple(gaps),
            # A format that seeks reads some bytes twice; nobody asks how often.
            bytes_read=self.bytes if self.unit.size is None else min(self.bytes, self.unit.size),
            sampled=self._sampled,
            modified=self.unit.modified,
            read=bool(self._fragments) or (self._finished and not gaps),
        )


class _Counted:
    """A binary file that counts distinct positions read, roughly: bytes handed out."""

    def __init__(self, file: BinaryIO, reading: _Reading) -> None:
        self._file, self._reading = file, reading

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._reading.bytes += len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        count = self._file.readinto(buffer)  # type: ignore[attr-defined]
        self._reading.bytes += count or 0
        return int(count or 0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __iter__(self) -> Iterator[bytes]:
        for line in self._file:
            self._reading.bytes += len(line)
            yield line

    def __enter__(self) -> _Counted:
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()


def _choose(population: int, wanted: int, seed: str) -> list[int]:
    """Which spans to read. (A table's header is taken from the head, whichever these are.)"""
    if population <= wanted:
        return list(range(population))
    return random.Random(seed).sample(range(population), wanted)  # noqa: S311 - sampling, not secrecy


def _gap(unit: Unit, stage: Stage, error: ReadError | MissingExtra | OSError) -> Gap:
    place, size = unit.place, unit.size or 0
    if isinstance(error, MissingExtra):
        return Gap(unit.store_id, stage, GapReason.MISSING_EXTRA, str(error), place, error.install, size)
    if isinstance(error, ReadError):
        remedy = error.remedy or _REMEDIES.get(error.reason, "")
        return Gap(unit.store_id, stage, error.reason, error.detail, place, remedy, size)
    reason = {
        errno.ENOENT: GapReason.VANISHED,
        errno.ESTALE: GapReason.VANISHED,
        errno.EACCES: GapReason.DENIED,
        errno.EPERM: GapReason.DENIED,
        errno.ETIMEDOUT: GapReason.TIMEOUT,
    }.get(error.errno or 0, GapReason.UNREACHABLE)
    return Gap(unit.store_id, stage, reason, f"reading failed: {(error.strerror or 'i/o error').lower()}", place,
               bytes=size)  # fmt: skip
