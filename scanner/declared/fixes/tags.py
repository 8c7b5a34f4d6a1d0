"""Tags that a department asks for, as lines to add. Values are placeholders that begin with example-."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scanner.declared.fixes import Fix, hcl, structured
from scanner.declared.fixes.regions import Region
from scanner.declared.model import DeclaredStore

_PLAIN = re.compile(r"[A-Za-z_][\w-]*")


def tag_fix(store: DeclaredStore, missing: Sequence[str], text: Sequence[str]) -> Fix | None:
    """Lines for the tags that are `missing`; None for languages and resources that know none."""
    wanted = {name: f"example-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}" for name in missing}
    if not wanted:
        return None
    if store.type.startswith("AWS::"):
        return structured.tags(store, [{"Key": key, "Value": value} for key, value in wanted.items()], text)
    if store.type.lower().startswith("microsoft."):
        return structured.tags(store, wanted, text)
    if store.location.file.endswith((".tf", ".tofu")) and "." in store.address:
        return _terraform(store, wanted, text)
    return None


def _terraform(store: DeclaredStore, wanted: dict[str, str], text: Sequence[str]) -> Fix:
    name = "tags"
    if store.type.startswith("google_"):  # labels are lower case
        name, wanted = "labels", {re.sub(r"[^a-z0-9_-]", "_", key.lower()): v for key, v in wanted.items()}
    width = max(map(len, wanted))
    plain = all(_PLAIN.fullmatch(key) for key in wanted)
    rows = [f'  {key:{width}} = "{v}"' if plain else f'  "{key}" = "{v}"' for key, v in wanted.items()]
    body = [f"{name} = {{", *rows, "}"]
    region = Region(store.location.line, max(store.location.line, store.location.end_line))
    own = text[region.first - 1 : region.last]
    there = [line for line in own if re.match(rf"\s*{name}\s*=", line)]
    if not plain or any(not line.rstrip().endswith("= {") for line in there):
        return Fix(tuple(body), store.location.file, f"in {store.address}")  # merged, or made elsewhere
    return hcl.inside(store.location.file, store.address, region, body, text)
