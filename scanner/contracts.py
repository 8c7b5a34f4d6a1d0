"""What plugins satisfy, and what an error return means.

Every producer yields its own type *or* a `Gap`; it raises `errors.ReadError` only from
the calls that read one unit. Anything else raised is a bug in the plugin and becomes
`Gap(FAULT)` naming the exception's type. Optional powers are small protocols of their
own; the core asks with `isinstance`.

Contract suites to subclass are in `scanner.testing`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, ClassVar, Protocol, runtime_checkable

from scanner.limits import FormatCap as FormatCap
from scanner.limits import Limits as Limits
from scanner.limits import PageBudget as PageBudget
from scanner.model import (
    ColumnResult,
    Detection,
    Evidence,
    Gap,
    Place,
    Report,
    Sampled,
    Scope,
    Span,
    Store,
    Unit,
    UnitResult,
)

# --- connectors -------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class Ask:
    """How much of a store to read. The same for every connector."""

    seed: str
    rows: int = 4_000
    """Rows to draw from a table larger than `whole_table_rows`."""
    whole_table_rows: int = 20_000
    full: bool = False
    """Read everything."""
    views: tuple[str, ...] = ()
    """Views to read content of (`schema.name`); others by structure only."""


@dataclasses.dataclass(frozen=True, slots=True)
class Access:
    """What a connector gets besides its options. Picklable; holds references, no secrets.

    Options that need a secret hold a reference (`env:NAME`, `file:PATH`,
    `keyring:SERVICE/USER`, a secret-manager ARN); resolve it with
    `common.secrets.resolve(reference)` where it is used, and keep it nowhere.
    """

    target: str
    """The configured target's name; goes into `Store.target` and `Unit.target`."""
    limits: Limits
    user_agent: str
    """`dpscan/VERSION`: send it, so that a security operations centre knows who reads."""
    ca_bundle: str | None = None
    """Path of a PEM file, from `ca_bundle:` of the target or `SSL_CERT_FILE`."""
    environment: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Permission:
    """One thing a connector needs, as `dpscan doctor` found it."""

    name: str
    """The provider's own word: `s3:GetBucketPolicy`, `SELECT on public.cases`."""
    held: bool | None
    """None: could not be tried."""
    needed_for: str
    subject: str = ""


@runtime_checkable
class Connector(Protocol):
    """Lists stores, states evidence, and hands out units. Read-only, always.

    Entry-point group `dpscan.connectors`; the name is the `connector:` word in the
    configuration. Instances are made anew in every worker from the same options.
    """

    kind: ClassVar[str]
    """The entry point's name: `s3`, `sql`, `files`."""
    schemes: ClassVar[tuple[str, ...]]
    """URL schemes taken on the command line (`s3`, `postgresql`); `files` has none."""
    Options: ClassVar[type[Any]]
    """Pydantic model of the target's keys, `extra="forbid"`. Each field has a description."""

    def __init__(self, options: Any, access: Access) -> None: ...

    @classmethod
    def options_from_url(cls, url: str) -> Mapping[str, Any]:
        """Keys for `Options` from a command-line target. Raises ConfigError with an example."""
        ...

    def scopes(self) -> Iterable[Scope | Gap]: ...

    def stores(self, scope: Scope) -> Iterable[Store | Gap]: ...

    def evidence(self, subject: Scope | Store) -> Iterable[Evidence | Gap]:
        """Everything observable of the subject. Denied or failed calls are Evidence with
        State.UNKNOWN (basis DENIED or FAILED), one for every safeguard they block, *and* one
        Gap for the call, whose `remedy` is the permission to grant."""
        ...

    def units(self, store: Store, ask: Ask) -> Iterable[Unit | Gap]:
        """Every unit there is (listing is never sampled; choosing is the core's job).
        Objects that are costly to read come as Gap(COSTLY) folded per cause."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class DescribesStores(Protocol):
    """Power: `stores` only names stores, and what takes calls of its own (tags, region) is asked after."""

    def describe(self, store: Store) -> Store:
        """The same store with all that `Store` can tell of it. What cannot be seen stays None; raises nothing
        for that."""
        ...


@runtime_checkable
class AnswersTogether(Protocol):
    """Power: several threads may call `describe`, `evidence` and `units` of stores at once."""

    def together(self) -> int:
        """How many at most. Asked once stores were listed."""
        ...


@runtime_checkable
class OpensUnits(Protocol):
    """Power: units are bytes."""

    def open(self, unit: Unit) -> BinaryIO:
        """A seekable binary file over the whole object. Each read may be one ranged request. Raises ReadError
        here or from `read`: VANISHED, DENIED, UNREACHABLE, ENCRYPTED, TIMEOUT."""
        ...


@runtime_checkable
class ReadsBatches(Protocol):
    """Power: units are rows (tables)."""

    def batches(self, unit: Unit) -> Iterator[TableFragment | Sampled | Gap]:
        """Batches of rows; exactly one `Sampled` somewhere if less than all was read."""
        ...


@runtime_checkable
class ExplainsAccess(Protocol):
    """Power: `dpscan doctor`."""

    def permissions(self) -> Iterable[Permission]:
        """Try each permission without reading content."""
        ...

    def policy(self) -> str:
        """The least-privilege policy to grant: JSON, SQL or a role definition, ready to paste."""
        ...


# --- contents ---------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class TextFragment:
    """Running text. Exists only inside `examine`; its repr shows sizes only."""

    text: str
    place: Place
    """Reduced by the core before it leaves; extractors give true names."""
    hidden: bool = False
    """True where a reader of the document would not see it."""

    def __repr__(self) -> str:
        return f"<text, {len(self.text)} characters>"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class TableFragment:
    """A batch of rows, as columns of equal length. Its repr shows sizes only."""

    columns: Mapping[str, Sequence[str | None]]
    """Header to cells in order; `column_0`, … where there is no header. None = empty."""
    place: Place
    hidden: bool = False
    declared_types: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Column to the store's own type word, where it has one (`date`, `integer`)."""
    first_row: int = 0

    @property
    def rows(self) -> int:
        return max((len(cells) for cells in self.columns.values()), default=0)

    def __repr__(self) -> str:
        return f"<table batch, {self.rows} rows of {len(self.columns)} columns>"


Fragment = TextFragment | TableFragment


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Content:
    """Bytes to extract from: an object or a member of an archive."""

    file: BinaryIO
    """Seekable."""
    name: str
    """True name (a hint for the type, never trusted alone)."""
    place: Place
    size: int | None
    limits: Limits
    head: bytes
    """The first 64 KiB at most, already read; `file` is at 0."""
    span: Span | None = None
    """Read only this part (text and CSV; align to line ends). None = everything."""
    depth: int = 0
    """How many archives deep."""
    nested: Callable[[Content], Iterator[Fragment | Gap]] | None = None
    """Given by the core: examine a member found inside (it applies limits and sniffing)."""
    budget: PageBudget = dataclasses.field(default_factory=lambda: PageBudget(0))
    """Given by the core, shared by everything inside one object."""

    def __repr__(self) -> str:
        return f"<content, {self.size} bytes>"


class Extractor(Protocol):
    """Bytes to fragments. Entry-point group `dpscan.extractors`."""

    name: ClassVar[str]
    media_types: ClassVar[tuple[str, ...]]
    """As `common.sniff.media_type` names them: `text/csv`, `application/pdf`, …"""
    splittable: ClassVar[bool]
    """True if a span can be read without the rest (text, CSV, JSON lines). Two optional marks beside it:
    `splittable_types`, if only some of the media types are; `streamed = True`, if a file of any
    size is read piece by piece (else one larger than `limits.object_bytes` is not given to it)."""

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        """Yields as it reads; memory stays bounded whatever the size. Raises ReadError
        (CORRUPT, ENCRYPTED, LIMIT, UNSUPPORTED, MISSING_EXTRA) when nothing more can be
        had; what was yielded before counts."""
        ...


# --- detection --------------------------------------------------------------------


@runtime_checkable
class Recogniser(Protocol):
    """Finds entities in texts. Entry-point group `dpscan.recognisers`."""

    name: str
    entity_types: tuple[str, ...]

    def text(self, texts: Sequence[str]) -> Sequence[Sequence[Detection]]:
        """One list of detections per text, in any order, overlaps allowed."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Identifier:
    """A format with its check, usable on texts and on whole columns alike."""

    entity_type: str
    pattern: str
    """Regular expression (stdlib `re`, no named groups) of one value, without anchors or
    look-around, tolerant of what people type (spaces, hyphens, NBSP, lower case)."""
    check: Callable[[str], bool] | None = None
    """True if the matched text passes check digit, issued range, embedded date, …"""
    chance: float = 1.0
    """Share of random strings of this shape that pass `check` (1.0 without a check)."""
    test_range: Callable[[str], bool] | None = None
    """True if the value is reserved for tests or fiction (still a hit, counted apart)."""
    context: tuple[str, ...] = ()
    """Lower-case words near a value that support it in running text."""
    headers: tuple[str, ...] = ()
    """Column names that support it, lower case, words separated by one space."""
    needs_context: bool = True
    """True if, in running text, a match without context words is not reported."""
    ignore_case: bool = True
    source: str = ""
    """Where format and check are published."""
    check_many: Callable[[Sequence[str]], Sequence[bool]] | None = None
    """`check` for many ASCII values that match the pattern, at once; must agree with it on each."""
    test_many: Callable[[Sequence[str]], Sequence[bool]] | None = None
    """`test_range` likewise."""


@runtime_checkable
class OffersIdentifiers(Protocol):
    """Power of a recogniser: its formats can be judged on whole columns."""

    def identifiers(self) -> Sequence[Identifier]: ...


@runtime_checkable
class Skims(Protocol):
    """Power of a recogniser: it tells at a stroke which of many texts may hold something."""

    def skim(self, texts: Any) -> Any:
        """`texts`: a `scanner.common.manytexts.ManyTexts`. One truth value per text (a NumPy array);
        False only where `text` would find nothing personal."""
        ...


class Detects(Protocol):
    """What `examine` needs of `scanner.Detector`."""

    names_model: str

    def text(self, texts: Sequence[str]) -> list[list[Detection]]: ...

    def columns(self, columns: Mapping[str, Sequence[str | None]]) -> dict[str, ColumnResult]: ...


# --- running ----------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a runner gives back for one unit, in whatever order they finish."""

    unit: Unit
    result: UnitResult


class Runner(Protocol):
    """Runs `examine` over units. Entry-point group `dpscan.runners`."""

    name: ClassVar[str]

    def map(self, job: Any, units: Iterable[Unit]) -> Iterator[Outcome]:
        """`job` is a picklable `examine.Job`. Owns prefetching and concurrency; keeps at most
        a bounded number of units in flight; a worker that dies costs its unit a
        Gap(FAULT), never the run."""
        ...

    def close(self) -> None: ...


# --- output -----------------------------------------------------------------------


class Reporter(Protocol):
    """Renders a `Report` into files. Entry-point group `dpscan.reporters`."""

    name: ClassVar[str]
    """`csv`, `json`, `sarif`: the word in `report.formats`."""

    def write(self, report: Report, folder: str) -> Sequence[str]:
        """Write with mode 0600 and give back the paths written."""
        ...


@runtime_checkable
class ShowsPeriod(Protocol):
    """Power of a reporter: shows figures over a period where it is given them before `write`."""

    period: Any
    """A `scanner.maturity.Period` (observed maturity, key figures, what came and went), or None: then
    nothing of it is shown."""
