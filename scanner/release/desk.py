"""One run of `dpscan release`: files in, verdicts out, clean copies written and checked again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from scanner.errors import ConfigError
from scanner.release.decision import FileVerdict, Level, Verdict, judge_file
from scanner.release.fixing import clean_ending
from scanner.release.gathering import gather, long_path
from scanner.release.worker import FixResult, Worker, WorkerOptions

Progress = Callable[[int, int, str], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    audience: str = "public"
    allowed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    timeout: float = 300.0
    names: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Fixed:
    """A clean copy, and what checking it again said."""

    original: str
    result: FixResult
    verdict: FileVerdict | None


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    verdict: Verdict
    fixed: tuple[Fixed, ...] = ()

    @property
    def exit_code(self) -> int:
        """That of the clean copies where they were asked for, else that of the files."""
        if not self.fixed:
            return self.verdict.exit_code
        checked = [f.verdict for f in self.fixed if f.verdict is not None]
        code = Verdict(self.verdict.audience, {}, tuple(checked)).exit_code
        failed = {f.original for f in self.fixed if f.result.failed}
        stopped = any(v.level is Level.FAIL for v in self.verdict.files if v.file.path in failed)
        return 1 if stopped or code == 1 else 3 if failed or code == 3 else 0


class Desk:
    """Holds the worker; use as a context manager."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._worker = Worker(WorkerOptions(names=request.names), request.timeout)

    def __enter__(self) -> Desk:
        self._worker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._worker.close()

    def run(
        self, names: Sequence[str], fix_to: Path | None = None, progress: Progress | None = None
    ) -> Report:
        """Raises ConfigError for names that are not there and for an OUT that would harm something."""
        found = gather(names)
        outs = targets(found.files, fix_to) if fix_to is not None else {}
        verdicts = []
        for number, (path, shown) in enumerate(found.files):
            if progress:
                progress(number, len(found.files), shown)
            verdicts.append(self.check(path, shown))
        if progress:
            progress(len(found.files), len(found.files), "")
        verdict = Verdict(
            self._request.audience, self._request.allowed, tuple(verdicts), tuple(found.skipped)
        )
        fixed = (
            [self._fix(path, shown, outs[shown]) for path, shown in found.files] if fix_to is not None else []
        )
        return Report(verdict, tuple(fixed))

    def check(self, path: Path, shown: str) -> FileVerdict:
        return judge_file(
            self._worker.inspect(str(path), shown), self._request.audience, self._request.allowed
        )

    def _fix(self, path: Path, shown: str, out: Path) -> Fixed:
        result = self._worker.fix(str(path), shown, str(out))
        again = self.check(long_path(Path(result.path)), result.path) if result.path else None
        return Fixed(shown, result, again)


def targets(files: Iterable[tuple[Path, str]], out: Path) -> dict[str, Path]:
    """Where each clean copy goes. Nothing that exists is ever overwritten. Raises ConfigError."""
    listed = list(files)
    single = len(listed) == 1 and not out.is_dir() and out.suffix != ""
    if single and out.suffix.lower() != clean_ending(listed[0][0].suffix).lower():
        raise ConfigError(f"--fix {out}: give it the ending {clean_ending(listed[0][0].suffix)}")
    names: dict[str, Path] = {}
    taken: set[Path] = set()
    for path, shown in listed:
        ending = clean_ending(path.suffix)
        to = out if single else out / f"{path.stem}{ending}"
        number = 1
        while to in taken:
            number += 1
            to = out / f"{path.stem} ({number}){ending}"
        taken.add(to)
        names[shown] = to
    problems = [
        f"--fix {to}: exists already; nothing is overwritten, give another name"
        for to in names.values()
        if to.exists()
    ]
    if problems:
        raise ConfigError(*problems)
    try:
        (out.parent if single else out).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"--fix {out}: cannot be written ({(error.strerror or '').lower()})") from error
    return names
