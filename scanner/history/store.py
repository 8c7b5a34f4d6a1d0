"""The history: runs, the journal of a running scan, findings over time, keys and locks."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from scanner.errors import ConfigError, DpscanError
from scanner.history import over_time
from scanner.history.decided import Decision, by_subject, overlay
from scanner.history.home import data_home, default_url
from scanner.history.keys import KeyRing
from scanner.history.over_time import KnownStore, Observation
from scanner.history.rows import (
    RunRecord,
    finding_history,
    moment,
    moment_text,
    run_record,
    storable,
    unpack_report,
)
from scanner.model import CiRun, FindingHistory, Report, UnitResult, Workflow
from scanner.model.codec import CodecError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from scanner.history.upkeep import Size

RESUME_WITHIN = dt.timedelta(days=2)
"""An interrupted run older than this is read afresh: its results no longer tell of today."""
_JOURNAL_KEPT = dt.timedelta(days=7)


@dataclasses.dataclass(frozen=True, slots=True)
class RunStart:
    """What is known of a run when it starts."""

    started: dt.datetime
    tool_version: str
    config_digest: str
    rulepack_digest: str
    seed: str
    targets: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Unfinished:
    """An interrupted run of the same configuration. Resume it under its id and seed."""

    id: str
    started: dt.datetime
    touched: dt.datetime
    """Its last sign of life."""
    seed: str
    rulepack_digest: str


class History:
    """Use as a context manager: `with History.open(None) as history: ...`."""

    def __init__(self, engine: Engine, keys: Path) -> None:
        from scanner.history.journal import Journal

        self._engine = engine
        self._keys = KeyRing(keys)
        self._journal = Journal(engine)

    @classmethod
    def open(cls, url: str | None = None, password: str | None = None, *, create: bool = True) -> History:
        """Open (and create or upgrade) a history.

        `create`: False where there is nothing to do with a new one: a mistyped name must not make a file.

        `url`: None for the SQLite file in `data_home()`, else `sqlite:////path` or
        `postgresql://user@host/db`. `password`: a reference (`env:NAME`, `file:PATH`, …).
        Raises ConfigError if it cannot be opened, ReadError if the password cannot be had.
        """
        from scanner.common import secrets as references
        from scanner.history import engine as engines

        parsed = engines.parse(
            url or default_url(), references.resolve(password) if password is not None else None
        )
        if not create and url is not None:
            engines.require(parsed)
        engine = engines.connect(parsed)
        if engine.dialect.name == "sqlite":
            keys = Path(str(parsed.database)).with_suffix(".keys")
        else:
            keys = data_home() / "keys" / _history_id(engine)
        return cls(engine, keys)

    def __enter__(self) -> History:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Commit what waits and let go of the database."""
        try:
            self._journal.close()
        finally:
            self._engine.dispose()

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    # --- keys and locks -----------------------------------------------------------

    def key(self, scope: str) -> bytes:
        """32 random bytes for digests of one scope's people and units; made at first use."""
        return self._keys.key(scope)

    def key_file(self, scope: str) -> Path:
        """Path of the scope's key, for workers that read it themselves."""
        return self._keys.file(scope)

    def renew_key(self, scope: str) -> bytes:
        """A new key: to be called when a new run is about to read the whole scope again."""
        return self._keys.renew(scope)

    def lock(self, scope_ids: Iterable[str]) -> contextlib.AbstractContextManager[None]:
        """Hold these scopes while they are scanned. Raises LockedError on entering."""
        from scanner.history import locks

        return locks.hold(data_home() / "locks", scope_ids)

    # --- the journal of a running scan ----------------------------------------------

    def begin(self, start: RunStart) -> str:
        """Note that a run starts; gives its id. Call with the scopes locked.

        Interrupted runs of the same configuration can no longer be resumed afterwards.
        """
        import sqlalchemy as sa

        from scanner.history.tables import journal, runs

        stamp = start.started.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
        run_id = f"{stamp}-{secrets.token_hex(4)}"
        values = dataclasses.asdict(start) | {
            "id": run_id,
            "state": "running",
            "started": moment_text(start.started),
            "touched": moment_text(self.now()),
            "targets": json.dumps(start.targets),
        }
        self._journal.flush()
        same = sa.and_(runs.c.config_digest == start.config_digest, runs.c.targets == values["targets"])
        stale = runs.c.touched < moment_text(self.now() - _JOURNAL_KEPT)
        with self._engine.begin() as connection:
            connection.execute(
                runs.update().where(runs.c.state == "running", sa.or_(same, stale)).values(state="abandoned")
            )
            dropped = sa.select(runs.c.id).where(
                sa.or_(runs.c.state == "abandoned", sa.and_(runs.c.state == "stopped", sa.or_(same, stale)))
            )
            connection.execute(journal.delete().where(journal.c.run_id.in_(dropped)))
            connection.execute(runs.insert().values(values))
        return run_id

    def unfinished(
        self, config_digest: str, targets: Iterable[str], within: dt.timedelta = RESUME_WITHIN
    ) -> Unfinished | None:
        """The latest interrupted run of this configuration, targets and program version.

        Call with the scopes locked: else it may be a run that is still going.
        """
        import scanner
        from scanner.history.tables import journal, runs

        query = (
            runs.select()
            .where(
                runs.c.state.in_(("running", "stopped")),
                runs.c.config_digest == config_digest,
                runs.c.targets == json.dumps(tuple(targets)),
                runs.c.tool_version == scanner.__version__,
                runs.c.touched >= moment_text(self.now() - within),
                runs.c.id.in_(journal.select().with_only_columns(journal.c.run_id)),
            )
            .order_by(runs.c.started.desc())
            .limit(1)
        )
        self._journal.flush()
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return Unfinished(row.id, moment(row.started), moment(row.touched), row.seed, row.rulepack_digest)

    def record(self, run_id: str, result: UnitResult) -> None:
        """Append one examined unit (committed within half a second)."""
        self._journal.record(run_id, result)

    def results(self, run_id: str) -> Iterator[UnitResult]:
        """Everything recorded for a run that has not been saved yet."""
        return self._journal.results(run_id)

    def done_keys(self, run_id: str) -> set[str]:
        """Unit keys recorded for a run that has not been saved yet."""
        return self._journal.done_keys(run_id)

    def holding_unit_keys(self, store_id: str) -> set[str]:
        """Keys of the store's units that held something: always read these again."""
        from scanner.history.tables import held_units

        query = (
            held_units.select()
            .with_only_columns(held_units.c.unit_key)
            .where(held_units.c.store_id == storable(store_id))
        )
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    # --- findings and runs ------------------------------------------------------------

    def findings(self) -> dict[str, FindingHistory]:
        """Every finding ever, closed ones too, by fingerprint, with what people decided."""
        from scanner.history import deciding
        from scanner.history.tables import findings

        with self._engine.connect() as connection:
            rows = connection.execute(findings.select().order_by(findings.c.fingerprint)).all()
            made = by_subject(deciding.read(connection))
        return {row.fingerprint: overlay(finding_history(row), made.get(row.fingerprint, ())) for row in rows}

    def known_stores(self) -> tuple[KnownStore, ...]:
        """Stores of earlier runs with all their names, so that ids stay the same over time."""
        from scanner.history.tables import stores

        with self._engine.connect() as connection:
            rows = connection.execute(stores.select().order_by(stores.c.id)).all()
        return tuple(
            KnownStore(row.id, row.scope_id, tuple(json.loads(row.aliases)), moment(row.last_seen))
            for row in rows
        )

    def advance(
        self, report: Report, rules: Iterable[str], not_applicable: Mapping[str, int]
    ) -> dict[str, FindingHistory]:
        """Where every finding stands after this run; changes nothing (see `over_time`).

        `rules`: ids of the rules evaluated. `not_applicable`: fingerprint to evidence
        strength of what was asked and did not apply. The report's own history is ignored.
        """
        seen = Observation.of(report, rules, not_applicable, self.known_stores())
        return over_time.advance(self.findings(), seen)

    def save(self, report: Report) -> None:
        """Store a run with its report and findings, and close its journal.

        The journal of a run that was stopped early is kept, so that it can be resumed.
        Workflow states in the report (from waivers, say) are not taken over: they are set
        by `decide` only.
        """
        from scanner.history.saving import save

        self._journal.flush()
        with self._engine.begin() as connection:
            save(connection, report)

    def decide(
        self,
        fingerprint: str,
        workflow: Workflow,
        by: str,
        expires: dt.date | None = None,
        reason: str = "",
    ) -> None:
        """Set what people decided. `by`: a role, not a person's name, where that will do.

        Raises ConfigError if there is no such finding, or an acceptance has no end.
        """
        self.record_decisions(
            [Decision(fingerprint, 0, self.now(), by, "workflow", workflow.value, reason, expires)]
        )

    def record_decisions(self, made: Sequence[Decision]) -> list[Decision]:
        """Add decisions, all or none; gives them back numbered. Raises ConfigError."""
        from scanner.history import deciding

        with self._engine.begin() as connection:
            return deciding.record(connection, made)

    def decisions(self, fingerprint: str | None = None) -> list[Decision]:
        """Everything decided or written, or that of one finding, by finding and in order."""
        from scanner.history import deciding

        with self._engine.connect() as connection:
            return deciding.read(connection, fingerprint)

    def runs(self) -> tuple[RunRecord, ...]:
        """All runs, latest first."""
        from scanner.history.tables import runs

        columns = [column for column in runs.c if column is not runs.c.report]
        query = runs.select().with_only_columns(*columns).order_by(runs.c.started.desc(), runs.c.id.desc())
        with self._engine.connect() as connection:
            return tuple(run_record(row) for row in connection.execute(query))

    def load_report(self, run_id: str = "latest", outline: bool = False) -> Report:
        """The report of a run, or its outline (see `rows.unpack_report`). Raises ConfigError if there
        is none."""
        from scanner.history.tables import runs

        query = runs.select().with_only_columns(runs.c.report).where(runs.c.report.is_not(None))
        if run_id == "latest":
            query = query.order_by(runs.c.finished.desc(), runs.c.id.desc()).limit(1)
        else:
            query = query.where(runs.c.id == run_id)
        with self._engine.connect() as connection:
            packed = connection.execute(query).scalar()
        if packed is None:
            what = "no finished run" if run_id == "latest" else f"no report of a run {run_id}"
            raise ConfigError(f"the history holds {what}; run `dpscan scan` first")
        try:
            return unpack_report(packed, outline)
        except CodecError as error:
            raise DpscanError(f"the stored report cannot be read: {error}") from None

    def record_ci(self, run: CiRun) -> None:
        """Store what one run of `dpscan check` in CI reported back."""
        from scanner.history import ci

        with self._engine.begin() as connection:
            ci.record(connection, run)

    def ci_runs(self) -> list[CiRun]:
        """Everything that CI reported back, oldest first."""
        from scanner.history import ci

        with self._engine.connect() as connection:
            return ci.read(connection)

    def forget(self, before: dt.datetime) -> int:
        """Delete runs that finished before a moment, with their reports, and findings closed
        and last checked before it. Gives the number of runs deleted."""
        from scanner.history.saving import forget

        with self._engine.begin() as connection:
            return forget(connection, moment_text(before))

    def drop(self, run_ids: Iterable[str]) -> int:
        """Delete these runs with their reports. Findings stay, and when they changed."""
        from scanner.history.saving import drop

        with self._engine.begin() as connection:
            return drop(connection, run_ids)

    def size(self) -> Size:
        """How large the history is."""
        from scanner.history import upkeep

        return upkeep.size(self._engine)

    def compact(self) -> None:
        """Give the space of what was deleted back to the disk."""
        from scanner.history import upkeep

        upkeep.compact(self._engine)


def _history_id(engine: Engine) -> str:
    """A random name made when the history was: keys of two histories never mix."""
    from scanner.history.tables import about, insert

    with engine.begin() as connection:
        connection.execute(
            insert(about, engine.dialect)
            .values(name="history_id", value=secrets.token_hex(8))
            .on_conflict_do_nothing()
        )
        query = about.select().with_only_columns(about.c.value).where(about.c.name == "history_id")
        return str(connection.execute(query).scalar_one())
