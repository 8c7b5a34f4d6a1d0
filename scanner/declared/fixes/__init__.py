"""Lines to add to code so that a safeguard is there: added lines only, in the language at hand.

What they are is data: `terraform.yaml`, `cloudformation.yaml`, `azure.yaml` and so on, by resource type and safeguard.
`fix` fits them to a resource as it stands in its file; `lines` gives them by themselves, for documentation.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.declared.fixes.regions import LONGEST

if TYPE_CHECKING:
    from scanner.declared.model import DeclaredStore

LANGUAGES = ("terraform", "cloudformation", "azure", "kubernetes", "compose")
_SHOWN = {"kubernetes": "kubernetes", "docker": "compose"}
"""Providers whose lines are shown by themselves: what they belong to may stand in another file."""


@dataclasses.dataclass(frozen=True, slots=True)
class Edit:
    """Lines put behind line `after` (1-based; 0: at the top), in place of the lines up to `until`."""

    after: int
    until: int
    lines: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Fix:
    """What to add for one finding."""

    lines: tuple[str, ...]
    """The added lines as they are shown, without the file's indentation."""
    file: str
    where: str
    """For people: `in aws_db_instance.d, in place of line 9`."""
    edits: tuple[Edit, ...] = ()
    """The same as changes of the file; empty where its layout does not show where they belong."""


@functools.cache
def templates(language: str) -> Mapping[str, Mapping[str, Any]]:
    """Resource type to safeguard to what to add (one template, or several with conditions)."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (Path(__file__).parent / f"{language}.yaml").read_text("utf-8")
    made: Mapping[str, Mapping[str, Any]] = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader
    return made


def lines(resource_type: str, safeguard: str, label: str = "records") -> str:
    """What to add to a Terraform resource called `label`, as HCL; empty where nothing is known.

    Attributes of the resource itself stand in its block: `resource "aws_db_instance" "records" { … }`.
    """
    from scanner.declared.fixes import hcl

    template = _variant(templates("terraform").get(resource_type, {}).get(safeguard))
    return hcl.alone(template, resource_type, label) if template is not None else ""


def fix(store: DeclaredStore, safeguards: Iterable[str], text: Sequence[str], *, all_of: bool) -> Fix | None:
    """What to add so that the safeguards are there; None where nothing is known.

    `text`: the lines of the file in which the store is declared. `all_of`: every safeguard is needed;
    otherwise the first for which something is known is enough.
    """
    language = _language(store)
    if language is None:
        return None
    by_type = templates(language)
    known = by_type.get(store.type if language != "azure" else store.type.lower(), by_type.get("*", {}))
    written = text[store.location.line - 1 : max(store.location.line, store.location.end_line)]
    own = "\n".join(line for line in written if len(line) <= LONGEST)
    chosen: list[Mapping[str, Any]] = []
    for safeguard in safeguards:
        template = _variant(known.get(safeguard), own)
        if template is not None and template not in chosen:
            chosen.append(template)
    if not chosen:
        return None
    return _fitted(language, store, chosen if all_of else chosen[:1], text)


def _variant(template: Any, own: str = "") -> Mapping[str, Any] | None:
    """Of several templates the first whose condition fits the resource's own lines."""
    variants = template if isinstance(template, list) else [template] if template is not None else []
    return next((one for one in variants if re.search(one.get("if", ""), own, re.I)), None)


def _language(store: DeclaredStore) -> str | None:
    file = store.location.file
    if store.store.provider in _SHOWN:
        return _SHOWN[store.store.provider]
    if file.endswith((".tf", ".tofu")):
        return "terraform"
    if store.type.startswith("AWS::"):
        return "cloudformation"
    # Terraform's JSON, plans and previews are written by programs: their sources are elsewhere.
    return "azure" if store.type.lower().startswith("microsoft.") and "azapi_" not in store.address else None


def _fitted(
    language: str, store: DeclaredStore, chosen: Sequence[Mapping[str, Any]], text: Sequence[str]
) -> Fix | None:
    if language in _SHOWN.values():
        return together([_shown(store, template) for template in chosen])
    from scanner.declared.fixes import hcl, structured

    fitted = hcl.fitted if language == "terraform" else structured.fitted
    parts = [made for template in chosen if (made := fitted(store, template, text)) is not None]
    if not parts:
        return None
    return together(parts)


def _shown(store: DeclaredStore, template: Mapping[str, Any]) -> Fix:
    name = store.store.name
    lines = str(template["lines"]).format(name=name).splitlines()
    return Fix(tuple(lines), store.location.file, str(template["where"]).format(name=name))


def together(parts: Sequence[Fix]) -> Fix:
    """Several fixes of one file as one."""
    return Fix(
        tuple(line for part in parts for line in part.lines),
        parts[0].file,
        "; ".join(dict.fromkeys(part.where for part in parts)),
        tuple(edit for part in parts for edit in part.edits) if all(part.edits for part in parts) else (),
    )
