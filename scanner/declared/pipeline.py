"""A folder of infrastructure code to declared stores, and to one verdict per safeguard.

Every front end is a package beside this module with `claims(path, head)` and
`declared(folder, files)`; it is imported only if it claims a file.
"""

from __future__ import annotations

import codecs
import dataclasses
import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from scanner.declared.model import DeclaredStore, Location
from scanner.errors import ConfigError, Problem
from scanner.model import Evidence, Finding, Gap, GapReason, Place, Stage, State

if TYPE_CHECKING:
    from scanner.ruleset import RuleSet

# Pulumi's first: its stacks name the types of the others' resources.
FRONT_ENDS = ("pulumi", "terraform", "cloudformation", "arm", "kubernetes", "compose")
# A front end whose files are known by their ending is asked only about these.
_ENDINGS = (
    ".tf",
    ".tofu",
    ".tfvars",
    ".tfstate",
    ".json",
    ".yaml",
    ".yml",
    ".template",
    ".bicep",
    ".bicepparam",
)
_SKIPPED = {".git", ".terraform", "node_modules", ".venv", "__pycache__", ".hg", ".svn"}
_LARGEST = 20_000_000
_HEAD = 4096


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One verdict on one safeguard of one store, or of a resource that a store is joined from."""

    file: str
    line: int
    resource: str
    safeguard: str
    verdict: str
    """`pass`, `fail` or `unknown`."""
    basis: str
    rules: tuple[str, ...]
    """Ids of the rules that ask for this safeguard."""
    reason: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """What a check of one folder found."""

    stores: tuple[DeclaredStore, ...]
    gaps: tuple[Gap, ...]
    files: tuple[str, ...]
    """Files that a front end read."""
    by_id: Mapping[str, DeclaredStore] = dataclasses.field(default_factory=dict)
    """The stores again, by store id."""

    def lines(self, rules: Mapping[str, tuple[str, ...]]) -> Iterator[Line]:
        """Every verdict by safeguard, in the order of files and lines."""
        rows = [row for store in self.stores for row in _lines(store, rules)]
        return iter(sorted(rows, key=lambda r: (r.file, r.line, r.resource, r.safeguard)))

    def where(self, finding: Finding) -> Location | None:
        """The line that a finding is about."""
        store = self.store_of(finding)
        if store is None:
            return None
        decides = (store.locations[e.safeguard] for e in finding.evidence if e.safeguard in store.locations)
        return next(decides, store.location)

    def store_of(self, finding: Finding) -> DeclaredStore | None:
        return self.by_id.get(finding.subject_id)


def check(path: Path, skip: Callable[[str], str] | None = None) -> Checked:
    """Everything declared under `path` (a folder or one file). Raises ConfigError.

    `skip` gives the reason for which a file is left out by choice, or nothing.
    """
    if not path.exists():
        raise ConfigError(Problem("no such file or folder", file=str(path)))
    folder = path if path.is_dir() else path.parent
    gaps: list[Gap] = []
    names = sorted(_walk(path, gaps)) if path.is_dir() else [path.name]
    claimed: dict[str, list[str]] = {name: [] for name in FRONT_ENDS}
    for name in names:
        if skip is not None and (why := skip(name)):
            gaps.append(gap(name, GapReason.EXCLUDED, why))
            continue
        front = _claimed_by(folder, name, gaps)
        if front is not None:
            claimed[front].append(name)
    stores: list[DeclaredStore] = []
    for front, files in claimed.items():
        if files:
            found, missing = _guarded(front, folder, files)
            stores += found
            gaps += missing
    read = tuple(sorted(name for files in claimed.values() for name in files))
    return Checked(tuple(stores), tuple(gaps), read, {one.store.id: one for one in stores})


def _guarded(
    front: str, folder: Path, files: Sequence[str]
) -> tuple[tuple[DeclaredStore, ...], tuple[Gap, ...]]:
    """The one boundary of a check: a front end's own bug is a gap, and other folders go on."""
    try:
        result: tuple[tuple[DeclaredStore, ...], tuple[Gap, ...]] = _front_end(front).declared(folder, files)
        return result
    except Exception as error:  # noqa: BLE001 - the boundary; only the kind of error is told
        groups: dict[str, list[str]] = {}
        for name in files:
            groups.setdefault(name.rpartition("/")[0], []).append(name)
        if len(groups) == 1:
            return (), (gap(files[0], GapReason.FAULT, f"dpscan failed here ({type(error).__name__})"),)
    stores: list[DeclaredStore] = []
    gaps: list[Gap] = []
    for group in groups.values():
        found, missing = _guarded(front, folder, group)
        stores += found
        gaps += missing
    return tuple(stores), tuple(gaps)


def _walk(root: Path, gaps: list[Gap]) -> Iterator[str]:
    def denied(error: OSError) -> None:
        inner = Path(error.filename).relative_to(root).as_posix()
        gaps.append(gap(inner, GapReason.DENIED, "the folder cannot be listed"))

    for here, folders, files in os.walk(root, onerror=denied):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED)
        for name in files:
            if name.endswith(_ENDINGS):
                yield Path(here, name).relative_to(root).as_posix()


def _claimed_by(folder: Path, name: str, gaps: list[Gap]) -> str | None:
    try:
        with (folder / name).open("rb") as file:
            head = file.read(_HEAD)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        gaps.append(gap(name, GapReason.VANISHED, "a link that leads nowhere, or a file that was taken away"))
        return None
    except OSError:
        gaps.append(gap(name, GapReason.DENIED, "the file cannot be read"))
        return None
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if wide:
        head = head.decode("utf-16", "ignore").encode()
    for front in FRONT_ENDS:
        if _front_end(front).claims(name, head):
            if wide:
                gaps.append(gap(name, GapReason.UNSUPPORTED, _WIDE))
                return None
            if size > _LARGEST:
                gaps.append(gap(name, GapReason.LIMIT, f"larger than {_LARGEST // 1_000_000} MB"))
                return None
            return front
    return None


_WIDE = (
    "UTF-16, where every tool that reads this language expects UTF-8; Windows PowerShell writes it with `>`: "
    "use `| Out-File -Encoding utf8`"
)


def gap(name: str, reason: GapReason, detail: str, count: int = 1) -> Gap:
    """What a check says of a file or folder that it did not read."""
    return Gap("repository", Stage.ENUMERATE, reason, detail, Place((("object", name),)), count=count)


def _front_end(name: str) -> ModuleType:
    return importlib.import_module(f"scanner.declared.{name}")


# --- verdicts ---------------------------------------------------------------------

_VERDICTS = {State.PRESENT: "pass", State.ABSENT: "fail", State.UNKNOWN: "unknown"}
# Reported through rules only: what they ask depends on the department, not on the code.
_NOT_A_VERDICT = {"region", "owner_tag", "classification_tag", "retention_tag", "asset_register_ref"}


def _lines(store: DeclaredStore, rules: Mapping[str, tuple[str, ...]]) -> Iterator[Line]:
    yield from _rows(store.address, store.evidence, store.location, store.locations, rules)
    for part in store.parts:
        yield from _rows(part.address, part.evidence, part.location, part.locations, rules)


def _rows(
    address: str, evidence: Iterable[Evidence], whole: Location, lines: Mapping[str, Location],
    rules: Mapping[str, tuple[str, ...]],
) -> Iterator[Line]:  # fmt: skip
    for item in evidence:
        verdict = _VERDICTS.get(item.state)
        if verdict is None or item.safeguard in _NOT_A_VERDICT:
            continue
        decides = lines.get(item.safeguard, whole)
        line = decides.line if decides.file == whole.file else whole.line
        yield Line(
            whole.file, line, address, item.safeguard, verdict, item.basis.value,
            rules.get(item.safeguard, ()), item.reason,
        )  # fmt: skip


def rules_by_safeguard(rules: RuleSet) -> dict[str, tuple[str, ...]]:
    """Which rules ask for each safeguard."""
    out: dict[str, list[str]] = {}
    for rule in rules.rules:
        for safeguard in rule.safeguards:
            out.setdefault(safeguard, []).append(rule.id)
    return {name: tuple(ids) for name, ids in out.items()}
