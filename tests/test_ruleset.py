"""Loading, linting and asking rules."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scanner.cli.rule_code import terraform
from scanner.cli.rules import rules as cli
from scanner.errors import RuleError
from scanner.model import ENTITY_TYPES
from scanner.ruleset import load_rules, shipped_folder
from scanner.ruleset.cel import BadExpression, RuleFault, compile_condition
from scanner.ruleset.docs import outdated
from scanner.ruleset.lint import tokens
from scanner.ruleset.variables import HOLDING_FIELDS, VARIABLES

ROOT = Path(__file__).resolve().parent.parent
RULES = load_rules()

GOOD = """\
id: HR-01
title: Payroll exports lie about
pack: hr
severity: medium
applies_to:
  subject: store
  kinds: [bucket]
when: personal_data
require: safeguards.encryption_at_rest
why: Because.
explain: Something is so.
remedy: Change it.
references:
  uk_gdpr: [Art 32]
  ncsc_caf: {version: "4.0", outcomes: [B3.c]}
examples:
  - name: in order
    verdict: pass
    given: {safeguards: {encryption_at_rest: present}, holdings: [{types: [PERSON]}]}
  - name: not in order
    verdict: fail
    given: {safeguards: {encryption_at_rest: absent}, holdings: [{types: [PERSON]}]}
  - name: denied
    verdict: cannot-tell
    given: {safeguards: {encryption_at_rest: denied}, holdings: [{types: [PERSON]}]}
"""


def write(folder: Path, text: str, name: str = "HR-01.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def problems(folder: Path) -> list[str]:
    with pytest.raises(RuleError) as caught:
        load_rules([folder], shipped=False)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


# --- the shipped rules ----------------------------------------------------------------


def test_at_least_25_rules_are_shipped_each_with_pass_fail_and_cannot_tell() -> None:
    assert len(RULES.rules) >= 25
    for rule in RULES.rules:
        assert {e.verdict.value for e in rule.examples} >= {"pass", "fail", "unknown"}, rule.id


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_shipped_rule_is_complete(rule: object) -> None:
    from scanner.ruleset import Rule

    assert isinstance(rule, Rule)
    assert rule.file.parent.name == rule.pack
    assert rule.caf_version == "4.0"
    assert rule.references.get("ncsc_caf")
    assert rule.inputs, "a rule that looks at nothing"
    if "uk_gdpr" not in rule.references:
        assert rule.policy
    for text in (rule.title, rule.why, rule.explain, rule.remedy):
        assert text == " ".join(text.split())


def test_entity_types_named_in_rules_exist() -> None:
    """A text inside an expression is not checked by types: a misspelt one would never match."""
    for rule in RULES.rules:
        for condition in filter(None, (rule.when, rule.require)):
            for token in tokens(condition.source):
                word = token.text.strip("\"'")
                if token.kind == "text" and word.isupper():
                    assert word in ENTITY_TYPES, (rule.id, word)


def test_loading_and_compiling_is_fast() -> None:
    def once() -> float:
        start = time.process_time()  # processor time: other work on the machine does not count
        load_rules()
        return time.process_time() - start

    assert min(once() for _ in range(3)) < 0.15


def test_pages_about_rules_are_current() -> None:
    assert outdated(ROOT / "docs" / "rules", RULES, terraform) == [], "run `dpscan rules docs`"


def test_the_guide_names_every_field_of_a_rule() -> None:
    from scanner.ruleset.load import _KEYS

    guide = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    for key in _KEYS:
        assert f"`{key}`" in guide, key


def test_the_guides_example_loads_and_its_examples_hold(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    write(tmp_path, "id:" + guide.partition("```yaml\nid:")[2].partition("```")[0])
    assert run("test", str(tmp_path))[0] == 0


# --- loading --------------------------------------------------------------------------


def test_a_good_rule_loads(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (rule,) = load_rules([tmp_path], shipped=False).rules
    assert rule.inputs == ("personal_data", "safeguards.encryption_at_rest")
    assert rule.safeguards == ("encryption_at_rest",)
    assert rule.severity_label == "Medium"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("severity: medium", "severity: medium\nseverity: high", "HR-01.yaml:5:1: severity: given twice"),
        ("severity: medium", "severity: bad", "HR-01.yaml:4:11: severity: is 'bad'"),
        ("pack: hr", "pack: hr\ncolour: red", "HR-01.yaml:4:9: colour: not a key here"),
        ("id: HR-01", "id: HR-02", "HR-01.yaml:1:5: id: the file must be called HR-02.yaml"),
        ("why: Because.", "why:", "why: is missing"),
        ("subject: store", "subject: bucket", "applies_to.subject: is 'bucket'"),
        ("safeguards.encryption_at_rest\n", "safeguards.encryption_at_rst\n",
         "HR-01.yaml:9:10: require: nothing is called safeguards.encryption_at_rst; "
         "did you mean safeguards.encryption_at_rest?"),
        ("require: safeguards.encryption_at_rest", "require: |\n  safeguards.encryption_at_rest &&\n"
         "    holdings.exists(h, h.specal)",
         "HR-01.yaml:11:24: require: holdings have no field specal; did you mean special?"),
        ("require: safeguards.encryption_at_rest", 'require: "safeguards.encryption_at_rest == 3"',
         "HR-01.yaml:9:41: require: found no matching overload"),
        ("when: personal_data", "when: place.name == 'x'", "place.name is not known for a store"),
        ("encryption_at_rest: present", "encryption: present", "no safeguard is called encryption"),
        ("encryption_at_rest: present", "encryption_at_rest: on", "needs one of present, absent"),
        ("explain: Something", f"explain: {'very ' * 70}Something", "300 at most"),
        ("explain: Something is so.", "explain: This is a breach of the law.", "says 'breach of'"),
        ("remedy: Change it.", "remedy: {aws: Change it.}", "needs `text:`"),
        ("verdict: cannot-tell", "verdict: fail", "has no example of cannot-tell"),
        ("name: denied", "name: in order", "is already the name of an example"),
        ('version: "4.0"', "version: 4.0", "needs a text (put it in quotes)"),
        ("references:", "alternatives: [versioning]\nreferences:", "does not name safeguards.versioning"),
        ("references:", "yields_to: [anything]\nreferences:", "needs the id of another rule"),
        ("severity: medium", "severity: X\nsensitivity_raises: true", "already counts sensitivity"),
        ("why: Because.", "why: [unclosed", "not valid YAML"),
    ],
)  # fmt: skip
def test_mistakes_are_errors_with_their_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new, 1))
    assert any(expected in problem for problem in problems(tmp_path)), problems(tmp_path)


def test_every_error_of_every_file_is_reported_together(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("pack: hr", "pack: hr\nx: 1").replace("why: Because.", "why:"))
    second = (
        GOOD.replace("HR-01", "HR-02")
        .replace("personal_data", "personal_dat")
        .replace("severity: medium", "severity: 3")
    )
    write(tmp_path, second, "HR-02.yaml")
    found = problems(tmp_path)
    assert [p.split(":")[0] for p in found] == ["HR-01.yaml"] * 2 + ["HR-02.yaml"] * 2


def test_an_id_is_used_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "more").mkdir()
    write(tmp_path / "more", GOOD)
    assert "HR-01 is already in" in problems(tmp_path)[0]


def test_own_rules_are_added_packs_chosen_and_rules_switched_off(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    everything = load_rules([tmp_path])
    assert everything.get("hr-01") is not None
    assert len(everything.rules) == len(RULES.rules) + 1
    assert {r.pack for r in load_rules([tmp_path], packs=["hr"]).rules} == {"hr"}
    without = load_rules(off=["OBJ-01"])
    assert without.get("OBJ-01") is None
    assert without.off == ("OBJ-01",)
    assert len({everything.digest, RULES.digest, without.digest}) == 3
    assert load_rules().digest == RULES.digest
    with pytest.raises(RuleError, match="no rule is called 'OBJ-99'"):
        load_rules(off=["OBJ-99"])
    with pytest.raises(RuleError, match="no pack is called 'x'"):
        load_rules(packs=["x"])
    with pytest.raises(RuleError, match="no such file or folder"):
        load_rules([tmp_path / "nowhere"])


# --- the linter -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        ("has(store.region)", 1, 1, "has()"),
        ("store.?region.orValue('x') == 'x'", 1, 6, "optional"),
        ("optional.none() == optional.none()", 1, 1, "optional"),
        ("personal_data != true", 1, 18, "neither true, false nor null"),
        ("personal_data == (true)", 1, 19, "neither true, false nor null"),
        ("store.region != null", 1, 17, "neither true, false nor null"),
        ("personal_data ? true : false", 1, 17, "neither true, false nor null"),
        ("holdings.exists_one(h, h.special)", 1, 10, "exists_one"),
        ("holdings.filter(h, h.special).size() > 0", 1, 10, "filter"),
        ("safeguards.external_accounts.filter(a, a != 'x').size() == 0", 1, 30, "filter"),
        ("holdings.map(h, h.records).size() > 1", 1, 10, "map"),
        ("size(holdings) > 0", 1, 6, "never known to be complete"),
        ("holdings.size() > 0", 1, 1, "never known to be complete"),
        ("'x' in holdings", 1, 8, "never known to be complete"),
        ("holdings[0].special", 1, 1, "never known to be complete"),
        ("(holdings).exists(h, h.special)", 1, 2, "never known to be complete"),
        ("holdings == holdings", 1, 1, "never known to be complete"),
        ("holdings.exists(x, x.special)", 1, 17, "name the holding h"),
        ("holdings.exists(h, h.specal)", 1, 20, "did you mean special?"),
        ("holdings.exists(h, h == h)", 1, 20, "name a field"),
        ("holdings.exists(h, holdings.all(h, h.special))", 1, 20, "from within holdings"),
        ("holdings.exists(h,\n  h.special > 3)", 2, 13, "no matching overload"),
        ("dyn(personal_data)", 1, 1, "type checking"),
        ("store.region", 1, 1, "gives STRING"),
        ("personal_data &&", 1, 17, "Syntax error"),
        ("nobody && personal_data", 1, 1, "undeclared"),
        ("safeguards.backup_retention_days >= '7'", 1, 34, "no matching overload"),
        ("register.has_ownr", 1, 1, "did you mean register.has_owner?"),
        ("  // only a comment", 1, 1, "an expression is needed"),
    ],
)  # fmt: skip
def test_refused(source: str, line: int, column: int, message: str) -> None:
    with pytest.raises(BadExpression) as caught:
        compile_condition(source, ("store",))
    hits = [m for m in caught.value.mistakes if message in m.message]
    assert hits, caught.value.mistakes
    assert (hits[0].line, hits[0].column) == (line, column)


def test_words_inside_texts_and_comments_are_no_code() -> None:
    condition = compile_condition("store.name == 'has(true)' // holdings != true", ("store",))
    assert condition.inputs == ("store.name",)


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_every_variable_compiles_with_its_type(name: str) -> None:
    ask = {
        "bool": name,
        "int": f"{name} > 1",
        "string": f"{name} == 'x'",
        "list(string)": f"'x' in {name}",
        "map(string, string)": f"'x' in {name}",
    }[VARIABLES[name].type]
    condition = compile_condition(ask, VARIABLES[name].subjects[:1])
    assert condition.inputs == (name,)
    assert condition.ask({}, (), True) is None


# --- three answers --------------------------------------------------------------------

KLEENE = st.sampled_from([True, False, None])


def kleene_or(a: bool | None, b: bool | None) -> bool | None:
    return True if True in (a, b) else None if None in (a, b) else False


def negate(a: bool | None) -> bool | None:
    return None if a is None else not a


@given(KLEENE, KLEENE, KLEENE)
def test_logic_is_kleenes(a: bool | None, b: bool | None, c: bool | None) -> None:
    names = ("safeguards.versioning", "safeguards.soft_delete", "safeguards.object_lock")
    bound = {name: value for name, value in zip(names, (a, b, c), strict=True) if value is not None}
    either = compile_condition("{} || !{} && {}".format(*names), ("store",))
    both = negate(kleene_or(b, negate(c)))
    assert either.ask(bound, (), True) is kleene_or(a, both)


FIELDS = st.fixed_dictionaries(
    {}, optional={"special": st.booleans(), "hidden": st.booleans(), "types": st.lists(st.sampled_from("AB"))}
)
PREDICATES = (
    "h.special",
    "!h.hidden || h.special",
    "h.types.exists(t, t == 'A')",
    "safeguards.versioning && h.special",
    "safeguards.versioning || h.special",
    "safeguards.versioning",
)


@given(st.lists(FIELDS, max_size=4), st.booleans(), KLEENE, st.sampled_from(PREDICATES))
def test_what_is_said_of_holdings_stays_true_whatever_the_unseen_ones_are(
    holdings: list[dict[str, object]], more: bool, versioning: bool | None, predicate: str
) -> None:
    """An answer given while holdings may be missing is the answer for every way to complete them."""
    bound = {} if versioning is None else {"safeguards.versioning": versioning}
    others: list[list[dict[str, object]]] = [[]]
    if more:
        others += [[{"special": s, "hidden": h, "types": t}] for s in (True, False) for h in (True, False)
                   for t in ([], ["A"])]  # fmt: skip
    for kind in ("exists", "all"):
        condition = compile_condition(f"holdings.{kind}(h, {predicate})", ("store",))
        answer = condition.ask(bound, holdings, more)
        complete = [condition.ask(bound, [*holdings, *extra], False) for extra in others]
        if answer is not None:
            assert all(c is answer for c in complete)


def test_holdings_of_a_large_store() -> None:
    """CEL alone gives up after 10,000 iterations."""
    condition = compile_condition("holdings.exists(h, h.types.exists(t, t == 'X'))", ("store",))
    holdings = [{"types": [f"T{i}", "Y", "Z"]} for i in range(20_000)]
    assert condition.ask({}, holdings, False) is False
    assert condition.ask({}, holdings, True) is None
    assert condition.ask({}, [*holdings, {"types": ["X"]}], True) is True


def test_an_error_with_all_inputs_known_is_a_fault_of_the_rule() -> None:
    condition = compile_condition("int(store.name) > 3", ("store",))
    assert condition.ask({}, (), True) is None
    with pytest.raises(RuleFault):
        condition.ask({"store.name": "seven"}, (), True)


def test_every_holding_field_is_asked_by_its_type() -> None:
    for field in HOLDING_FIELDS.values():
        ask = {"bool": "{}", "int": "{} > 1", "string": "{} == 'x'", "list(string)": "'x' in {}"}[field.type]
        condition = compile_condition(f"holdings.exists(h, {ask.format('h.' + field.name)})", ("store",))
        assert condition.ask({}, [{}], False) is None


# --- the command ----------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, list(arguments))
    if isinstance(result.exception, RuleError):
        return 2, str(result.exception)
    return result.exit_code, result.output


def test_list_and_show() -> None:
    code, text = run("list", "--json")
    document = json.loads(text)
    assert code == 0
    assert document["digest"] == RULES.digest
    assert [r["id"] for r in document["rules"]] == [r.id for r in RULES.rules]
    code, text = run("list")
    assert code == 0
    assert all(rule.id in text for rule in RULES.rules)
    code, text = run("show", "obj-01")
    assert code == 0
    assert "Anybody can read or list the store" in text
    code, text = run("show", "OBJ-0")
    assert code == 2
    assert "Did you mean" in text


def test_lint_and_test_own_rules(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert run("lint", str(tmp_path)) == (0, "1 rules, no mistakes.\n")
    assert run("test", str(tmp_path))[0] == 0
    write(tmp_path, GOOD.replace("encryption_at_rest: absent", "encryption_at_rest: default"))
    code, text = run("test", str(tmp_path))
    assert code == 1
    assert "HR-01.yaml:20: HR-01: 'not in order': expected fail, got pass" in text
    write(tmp_path, GOOD.replace("severity: medium", "severity: no"))
    code, text = run("lint", str(tmp_path))
    assert code == 2
    assert "HR-01.yaml:4:11" in text
    assert run("test", "--rule", "NO-*")[0] == 2


def test_docs(tmp_path: Path) -> None:
    assert run("docs", str(tmp_path), "--check")[0] == 1
    assert run("docs", str(tmp_path))[0] == 0
    assert run("docs", str(tmp_path), "--check")[0] == 0
    (tmp_path / "OLD-01.md").write_text("gone")
    assert "OLD-01.md: out of date" in run("docs", str(tmp_path), "--check")[1]


def test_every_command_has_help_with_an_example() -> None:
    for name in cli.commands:
        assert "Example" in run(name, "--help")[1]


def test_shipped_folder_is_the_checkouts_or_the_packages() -> None:
    assert shipped_folder().is_dir()
    assert shipped_folder().name == "rules"
