"""One store seen twice is one store, and evidence keeps its basis."""

from __future__ import annotations

from scanner.merge import merge_evidence, merge_stores
from scanner.model import Basis, Evidence, State, Store


def store(id: str, *aliases: str, target: str = "a", tags: dict[str, str] | None = None) -> Store:
    return Store(id, "scope", "database", "sql", "cases", aliases, target=target, tags=tags)


def test_stores_that_share_an_alias_are_one() -> None:
    (merged,) = merge_stores(
        [store("pg:1/cases", "db:5432/cases"), store("pg:1/cases", "127.0.0.1:5432/cases")], {}
    )
    assert merged.store.id == "pg:1/cases"
    assert merged.store.aliases == ("127.0.0.1:5432/cases", "db:5432/cases")
    assert len(merged.records) == 2


def test_a_chain_of_aliases_joins() -> None:
    records = [store("rds", "host-a"), store("pg:1/cases", "host-b"), store("other", "host-a", "host-b")]
    (merged,) = merge_stores(records, {})
    assert set(merged.store.aliases) | {merged.store.id} == {"rds", "pg:1/cases", "other", "host-a", "host-b"}


def test_stores_without_a_common_name_stay_apart() -> None:
    assert len(merge_stores([store("pg:1/a"), store("pg:1/b")], {})) == 2


def test_an_identity_of_its_own_goes_before_an_endpoint() -> None:
    (merged,) = merge_stores([store("pg:db.internal:5432/cases", "x"), store("pg:73/cases", "x")], {})
    assert merged.store.id == "pg:73/cases"


def test_the_id_of_an_earlier_run_is_kept() -> None:
    known = {"pg:73/cases": frozenset({"pg:73/cases", "db:5432/cases"})}
    (merged,) = merge_stores([store("pg:db:5432/cases", "db:5432/cases")], known)
    assert merged.store.id == "pg:73/cases"


def test_tags_that_could_not_be_read_do_not_hide_those_that_could() -> None:
    (merged,) = merge_stores([store("s", tags=None), store("s", tags={"owner": "x"})], {})
    assert merged.store.tags == {"owner": "x"}


def test_evidence_gets_the_one_id_and_is_kept_once() -> None:
    def say(basis: Basis, state: State) -> Evidence:
        return Evidence("old", "tls_enforced", state, basis, "source")

    explicit, denied = say(Basis.EXPLICIT, State.PRESENT), say(Basis.DENIED, State.UNKNOWN)
    merged = merge_evidence("new", [explicit, denied, explicit])
    assert {(e.subject_id, e.basis) for e in merged} == {("new", Basis.EXPLICIT), ("new", Basis.DENIED)}
    assert len(merged) == 2
