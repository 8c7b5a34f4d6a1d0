"""Whole registries: everything loads, nothing is named twice, everything public is documented."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from scanner import plugins, safeguards
from scanner.cli import cli
from scanner.contracts import Connector, OpensUnits, ReadsBatches
from scanner.model import ENTITY_TYPES, entities
from scanner.model.entity_page import page
from scanner.ruleset import load_rules
from tests.department import ROOT

DOCS = ROOT / "docs"
ENTRY_POINTS = [(group, name) for group in plugins.GROUPS for name in plugins.available(group)]


# --- plugins ----------------------------------------------------------------------


@pytest.mark.parametrize(("group", "name"), ENTRY_POINTS)
def test_every_entry_point_loads_under_its_own_name(group: str, name: str) -> None:
    plugin = plugins.load(group, name)
    if group == "connectors":
        assert plugin.kind == name
    elif group == "schemes":
        assert name in plugin.schemes
        assert plugins.load("connectors", plugin.kind) is plugin
    else:
        assert plugin.name == name


@pytest.mark.parametrize("name", plugins.available("connectors"))
def test_connectors(name: str) -> None:
    plugin = plugins.load("connectors", name)
    # Protocols with data members cannot be asked of a class, so its attributes are.
    wanted = [word for word in vars(Connector) if not word.startswith("_")]
    assert not [word for word in wanted if not hasattr(plugin, word)]
    assert issubclass(plugin, OpensUnits) or issubclass(plugin, ReadsBatches)
    assert set(plugin.schemes) <= set(plugins.available("schemes")), "each scheme is an entry point"
    assert plugin.Options.model_config["extra"] == "forbid"
    assert not [key for key, field in plugin.Options.model_fields.items() if not field.description]


@pytest.mark.parametrize("name", plugins.available("connectors"))
def test_every_connector_runs_the_contract_suite(name: str) -> None:
    """By the text: its class is named in a test module that subclasses the suite."""
    called = plugins.load("connectors", name).__name__
    modules = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "connectors").glob("*.py")]
    assert [text for text in modules if "(ConnectorContract" in text and re.search(rf"\b{called}\b", text)]


def test_every_media_type_belongs_to_one_extractor() -> None:
    owners = Counter(
        kind
        for name in plugins.available("extractors")
        for kind in plugins.load("extractors", name).media_types
    )
    assert [kind for kind, count in owners.items() if count > 1] == []


# --- words ------------------------------------------------------------------------


def test_safeguards_are_named_once() -> None:
    assert len(safeguards._ALL) == len(safeguards.SAFEGUARDS)


def test_safeguards_are_well_formed() -> None:
    for safeguard in safeguards.SAFEGUARDS.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", safeguard.id)
        assert safeguard.type in ("bool", "int", "string", "list(string)")
        assert safeguard.title
        assert safeguard.present_means
        assert bool(safeguard.unit) == (safeguard.type == "int"), "numbers have a unit"


NOT_YET: set[str] = set()
"""Safeguards that wait for a connector, a rule or a front end for declared stores."""


def test_every_safeguard_is_used() -> None:
    """A rule asks for it, a connector or infrastructure code states it; what waits is named above."""
    assert set(safeguards.SAFEGUARDS) - _asked() - _stated() - _declared() == NOT_YET


def test_what_rules_ask_for_is_stated_somewhere() -> None:
    """A rule that neither a connector nor infrastructure code can answer would be UNKNOWN for ever."""
    assert _asked() - _stated() - _declared() == set()


def _asked() -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "rules").rglob("*.yaml"))
    return set(re.findall(r"safeguards\.([a-z0-9_]+)", text))


def _stated() -> set[str]:
    return _named_in(ROOT / "scanner" / "connectors", ROOT / "scanner" / "common")


def _declared() -> set[str]:
    """What the front ends for infrastructure code can state."""
    return _named_in(ROOT / "scanner" / "declared")


def _named_in(*folders: Path) -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))
    return set(re.findall(r'"([a-z0-9_]+)"', text)) & set(safeguards.SAFEGUARDS)


def test_entity_types_are_named_once() -> None:
    names = [row.name for row in entities._rows()]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert set(names) == set(ENTITY_TYPES)


def test_every_entity_type_is_on_the_page() -> None:
    published = (DOCS / "entity-types.md").read_text(encoding="utf-8")
    assert published == page(), "python -m scanner.model.entity_page > docs/entity-types.md"
    assert not [name for name in ENTITY_TYPES if f"| `{name}` |" not in published]


def test_every_rule_has_a_page() -> None:
    rules = load_rules().rules
    assert len({rule.id for rule in rules}) == len(rules)
    assert not [rule.id for rule in rules if not (DOCS / "rules" / f"{rule.id}.md").exists()]


# --- the command line -------------------------------------------------------------


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _commands(inner, (*path, name))


@pytest.mark.parametrize("path", list(_commands(cli)), ids=" ".join)
def test_every_command_shows_an_example(path: tuple[str, ...]) -> None:
    context = click.Context(cli, info_name="dpscan")
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(context, name)
        assert found is not None
        command, context = found, click.Context(found, info_name=name, parent=context)
    text = command.get_help(context)
    assert re.search(r"Examples?:", text)
    assert " ".join(["dpscan", *path]) in text.partition("Example")[2]


@pytest.mark.parametrize("path", list(_commands(cli)), ids=" ".join)
def test_every_option_is_explained(path: tuple[str, ...]) -> None:
    context, command = click.Context(cli), cli
    for name in path:
        command = command.get_command(context, name)  # type: ignore[assignment]
    assert not [o.name for o in command.params if isinstance(o, click.Option) and not o.help]


# --- documentation ----------------------------------------------------------------

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
PAGES = sorted(
    path
    for folder in (ROOT / "docs", ROOT / "examples")
    for path in folder.rglob("*.md")
    if "node_modules" not in path.parts
)


def _links(page: Path) -> Iterator[Path]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in _LINK.findall(text):
        if "://" not in target and not target.startswith("mailto:"):
            yield (page.parent / target).resolve()


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert [str(target) for target in _links(page) if not target.exists()] == []


def test_every_page_is_linked() -> None:
    """From the front page or the index; pages of rules from their own index."""
    linked = {
        target
        for index in (ROOT / "README.md", DOCS / "README.md", DOCS / "rules" / "index.md")
        for target in _links(index)
    }
    assert [str(page.relative_to(ROOT)) for page in PAGES if page not in {*linked, DOCS / "README.md"}] == []


def test_forgetting_works_as_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = (DOCS / "running-dpscan-lawfully.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    exec(compile(block, "running-dpscan-lawfully.md", "exec"), {})
    assert capsys.readouterr().out == "0\n"
