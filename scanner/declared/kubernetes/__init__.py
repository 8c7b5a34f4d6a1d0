"""Kubernetes manifests, and what Helm and Kustomize render, to declared stores.

Read are databases in containers and under operators, claims of volumes with their classes, secrets, and
the buckets and databases that controllers (Crossplane, ACK, Config Connector) make in a cloud. A Helm
chart's templates are no manifests yet: they are told once a chart, with the command that renders them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from scanner.declared.model import DeclaredStore
from scanner.model import Gap, GapReason, Place, Stage

__all__ = ["claims", "declared"]

_MANIFEST = re.compile(rb"""(?m)^[\s-]*["']?apiVersion["']?\s*:""")
_KIND = re.compile(rb"""(?m)^[\s-]*["']?kind["']?\s*:""")
_CHART = re.compile(r"(?:^|/)templates/")


def claims(path: str, head: bytes) -> bool:
    """Whether a file looks like a manifest, or like a template of a Helm chart."""
    if not path.lower().endswith((".yaml", ".yml", ".json")):
        return False
    if _CHART.search(path) and b"{{" in head:
        return True
    return _MANIFEST.search(head) is not None and _KIND.search(head) is not None


def declared(folder: Path, files: Sequence[str]) -> tuple[tuple[DeclaredStore, ...], tuple[Gap, ...]]:
    """The stores that the manifests `files` (relative to `folder`) declare, and what could not be read."""
    from scanner.declared.kubernetes.load import Unrendered, manifests
    from scanner.declared.kubernetes.stores import stores
    from scanner.declared.located import Broken

    found = []
    gaps: list[Gap] = []
    charts: dict[str, int] = {}
    for file in files:
        try:
            found += manifests(folder / file, file)
        except Unrendered:
            chart = _CHART.split(file)[0] if _CHART.search(file) else file
            charts[chart] = charts.get(chart, 0) + 1
        except Broken as error:
            gaps.append(_gap(file, GapReason.CORRUPT, f"{file}:{error.line}:{error.column}: {error.what}"))
        except (OSError, UnicodeDecodeError):
            gaps.append(
                _gap(file, GapReason.UNSUPPORTED, "the manifest is no UTF-8 text or cannot be opened")
            )
    gaps += [_unrendered(chart, number) for chart, number in sorted(charts.items())]
    return tuple(stores(found)), tuple(gaps)


def _gap(file: str, reason: GapReason, detail: str) -> Gap:
    place = Place((("object", file),))
    return Gap(file, Stage.READ, reason, detail, place, "correct the file and check again")


def _unrendered(chart: str, number: int) -> Gap:
    """As a module that was not downloaded: told, and no fault of the files."""
    name = chart or "."
    what = (
        f"{number} templates that have to be rendered" if number > 1 else "a template that has to be rendered"
    )
    return Gap(
        name, Stage.READ, GapReason.UNREACHABLE,
        f"holds {what} first: helm template {name} > rendered.yaml, then dpscan check rendered.yaml",
        Place((("object", name),)), f"helm template {name} > rendered.yaml", count=number,
    )  # fmt: skip
