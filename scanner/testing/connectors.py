"""The contract suite for connectors: subclass it, give it a connector, and run pytest.

    class TestMine(ConnectorContract):
        @pytest.fixture
        def connector(self, my_server):
            return MyConnector(MyConnector.Options(url=my_server.url), access("mine"))

        secrets = ("the password used above",)

The suite reads only; it needs a source with at least one store and one readable unit.
"""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest

from scanner.contracts import (
    Access,
    AnswersTogether,
    Ask,
    Connector,
    DescribesStores,
    ExplainsAccess,
    Limits,
    OpensUnits,
    Permission,
    ReadsBatches,
    TableFragment,
)
from scanner.model import Basis, Evidence, Gap, Sampled, Scope, State, Store, Unit
from scanner.safeguards import SAFEGUARDS

UNKNOWABLE = (Basis.DENIED, Basis.NOT_OBSERVABLE, Basis.FAILED)


def access(target: str = "test", **limits: Any) -> Access:
    """An `Access` as the core would give it, with the default limits unless told."""
    return Access(target=target, limits=Limits(**limits), user_agent="dpscan/test")


class ConnectorContract:
    """Promises every connector keeps, whatever it connects to."""

    secrets: ClassVar[tuple[str, ...]] = ()
    """Strings that must appear nowhere in what the connector yields."""

    @pytest.fixture
    def connector(self) -> Iterator[Connector]:
        raise AssertionError("give the suite a `connector` fixture")

    def _scopes(self, connector: Connector) -> list[Scope]:
        scopes = [scope for scope in connector.scopes() if isinstance(scope, Scope)]
        assert scopes, "a reachable source has at least one scope"
        return scopes

    def _stores(self, connector: Connector) -> list[Store]:
        stores = [
            store
            for scope in self._scopes(connector)
            for store in connector.stores(scope)
            if isinstance(store, Store)
        ]
        assert stores, "the suite needs a source with at least one store"
        return stores

    def _units(self, connector: Connector, ask: Ask) -> list[Unit]:
        units = [
            unit
            for store in self._stores(connector)
            for unit in itertools.islice(connector.units(store, ask), 200)
            if isinstance(unit, Unit)
        ]
        assert units, "the suite needs a store with at least one readable unit"
        return units

    def test_is_a_connector(self, connector: Connector) -> None:
        assert isinstance(connector, Connector)
        assert isinstance(connector, (OpensUnits, ReadsBatches))

    def test_every_option_is_described(self, connector: Connector) -> None:
        fields = type(connector).Options.model_fields
        assert not [name for name, field in fields.items() if not field.description]

    def test_ids_are_stable_unique_and_free_of_secrets(self, connector: Connector) -> None:
        first, second = self._stores(connector), self._stores(connector)
        assert [s.id for s in first] == [s.id for s in second]
        assert len({s.id for s in first}) == len(first)
        for store in first:
            assert store.target == "test"
            for secret in self.secrets:
                assert secret not in repr(store)

    def test_stores_name_their_scope(self, connector: Connector) -> None:
        for scope in self._scopes(connector):
            for store in connector.stores(scope):
                assert isinstance(store, Gap) or store.scope_id == scope.id

    def test_evidence_is_of_the_registry_and_honest(self, connector: Connector) -> None:
        subjects: list[Scope | Store] = [*self._scopes(connector), *self._stores(connector)]
        for subject in subjects:
            for item in connector.evidence(subject):
                if isinstance(item, Gap):
                    assert item.detail
                    continue
                assert isinstance(item, Evidence)
                assert item.safeguard in SAFEGUARDS, f"{item.safeguard} is not registered"
                assert item.subject_id == subject.id
                assert item.source, "evidence says where it comes from"
                if item.basis in UNKNOWABLE:
                    assert item.state is State.UNKNOWN
                if item.state is State.UNKNOWN:
                    assert item.reason, "an unknown says why"
                    assert item.value is None
                for secret in self.secrets:
                    assert secret not in repr(item)

    def test_a_described_store_is_the_same_store(self, connector: Connector) -> None:
        if not isinstance(connector, DescribesStores):
            pytest.skip("its stores are whole when they are listed")
        for store in self._stores(connector):
            described = connector.describe(store)
            assert (described.id, described.aliases, described.name) == (store.id, store.aliases, store.name)

    def test_several_threads_get_the_same_answers(self, connector: Connector) -> None:
        if not isinstance(connector, AnswersTogether):
            pytest.skip("is asked one question after another")
        stores = self._stores(connector) * 4

        def answers(store: Store) -> tuple[list[object], list[object]]:
            return list(connector.evidence(store)), list(connector.units(store, Ask(seed="seed")))

        one_by_one = [answers(store) for store in stores]
        with ThreadPoolExecutor(max(2, connector.together())) as pool:
            assert list(pool.map(answers, stores)) == one_by_one

    def test_a_safeguard_is_stated_once_per_place(self, connector: Connector) -> None:
        for store in self._stores(connector):
            stated = [(e.safeguard, e.place) for e in connector.evidence(store) if isinstance(e, Evidence)]
            assert len(stated) == len(set(stated))

    def test_units_are_stable_for_a_seed_and_picklable(self, connector: Connector) -> None:
        first = self._units(connector, Ask(seed="s"))
        second = self._units(connector, Ask(seed="s"))
        assert [u.id for u in first] == [u.id for u in second]
        assert len({(u.store_id, u.id) for u in first}) == len(first)
        for unit in first:
            assert pickle.loads(pickle.dumps(unit)) == unit  # noqa: S301 - our own bytes
            assert unit.target == "test"
            for secret in self.secrets:
                assert secret not in str(dict(unit.params)) + unit.id

    def test_a_unit_can_be_read_twice_alike(self, connector: Connector) -> None:
        unit = self._units(connector, Ask(seed="s"))[0]
        if isinstance(connector, ReadsBatches) and not isinstance(connector, OpensUnits):
            first, second = (
                [
                    (batch.columns if isinstance(batch, TableFragment) else batch)
                    for batch in connector.batches(unit)
                ]
                for _ in range(2)
            )
            assert first == second
            assert len([item for item in first if isinstance(item, Sampled)]) <= 1
            return
        assert isinstance(connector, OpensUnits)
        with connector.open(unit) as one, connector.open(unit) as two:
            assert one.seekable()
            head = one.read(100)
            assert two.read(100) == head
            one.seek(0)
            assert one.read(100) == head

    def test_units_say_nothing_of_names_in_repr(self, connector: Connector) -> None:
        for unit in self._units(connector, Ask(seed="s")):
            assert unit.place.text not in repr(unit)

    def test_doctor_explains(self, connector: Connector) -> None:
        if not isinstance(connector, ExplainsAccess):
            return
        for permission in connector.permissions():
            assert isinstance(permission, Permission)
            assert permission.name
            assert permission.needed_for
        policy = connector.policy()
        assert policy.strip()
        for secret in self.secrets:
            assert secret not in policy
