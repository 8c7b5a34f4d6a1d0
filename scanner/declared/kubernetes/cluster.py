"""The manifests of a folder as one cluster would see them: who selects whom, which claim has which class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.declared.kubernetes.load import Manifest


class Cluster:
    """Finds the manifests that belong to another one.

    Overlays of one application stand in folders of their own and share their names, so a match is
    looked for beside a manifest first: in its folder, and elsewhere only within a namespace that both
    name, or where the whole repository has just one of that name.
    """

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        self.manifests = [one for one in manifests if not _is_patch(one, manifests)]
        self._by_kind: dict[str, list[Manifest]] = {}
        for one in self.manifests:
            self._by_kind.setdefault(one.kind, []).append(one)

    def of(self, kind: str, group: str | None = None) -> list[Manifest]:
        found = self._by_kind.get(kind, [])
        return found if group is None else [one for one in found if one.group == group]

    def near(self, kind: str, to: Manifest) -> Iterator[Manifest]:
        """Manifests of a kind that are applied together with another one."""
        for one in self._by_kind.get(kind, ()):
            same = one.namespace == to.namespace or not (one.namespace and to.namespace)
            if same and (one.folder == to.folder or (one.namespace and one.namespace == to.namespace)):
                yield one

    def named(self, kind: str, name: str, to: Manifest) -> Manifest | None:
        """The one of that name: beside `to`, else the only one there is."""
        beside = [one for one in self.near(kind, to) if one.name == name]
        if beside:
            return beside[0]
        anywhere = [one for one in self._by_kind.get(kind, ()) if one.name == name]
        return anywhere[0] if len(anywhere) == 1 else None

    def services(self, workload: Manifest, labels: Mapping[str, str]) -> list[Manifest]:
        """Services that lead to pods with these labels."""
        return [
            one for one in self.near("Service", workload)
            if isinstance(selector := one.get("spec.selector"), Mapping) and selector
            and all(labels.get(str(k)) == str(v) for k, v in selector.items())
        ]  # fmt: skip

    def policies(self, workload: Manifest, labels: Mapping[str, str]) -> list[Manifest]:
        """Network policies that choose pods with these labels."""
        return [
            one for one in self.near("NetworkPolicy", workload)
            if chosen(one.get("spec.podSelector"), labels)
        ]  # fmt: skip


def chosen(selector: Any, labels: Mapping[str, str]) -> bool:
    """Whether a label selector chooses an object ("Labels and Selectors", Kubernetes documentation)."""
    if not isinstance(selector, Mapping):
        return False
    matching = selector.get("matchLabels")
    if isinstance(matching, Mapping) and any(labels.get(str(k)) != str(v) for k, v in matching.items()):
        return False
    expressions = selector.get("matchExpressions")
    return all(_holds(one, labels) for one in expressions) if isinstance(expressions, list) else True


def _holds(expression: Any, labels: Mapping[str, str]) -> bool:
    if not isinstance(expression, Mapping):
        return False
    value = labels.get(str(expression.get("key")))
    wanted = expression.get("values")
    values = {str(item) for item in wanted} if isinstance(wanted, list) else set()
    operator = str(expression.get("operator"))
    if operator == "In":
        return value in values
    if operator == "NotIn":
        return value not in values
    return (value is not None) is (operator == "Exists")


def _is_patch(one: Manifest, manifests: Sequence[Manifest]) -> bool:
    """Whether a kustomization uses the file as a patch: it holds parts of an object, and no more."""
    for other in manifests:
        if other.kind != "Kustomization" or other.folder != one.folder:
            continue
        named = [item for _, item in other.items("spec.patches")]  # Flux
        named += [
            item
            for key in ("patches", "patchesStrategicMerge", "patchesJson6902")
            for _, item in other.items(key)
        ]
        for item in named:
            path = item.get("path") if isinstance(item, Mapping) else item
            if isinstance(path, str) and one.file == f"{one.folder}/{path.removeprefix('./')}".lstrip("/"):
                return True
    return False
