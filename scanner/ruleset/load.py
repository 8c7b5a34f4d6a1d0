"""Rule files to a `RuleSet`; every error of every file is collected and reported together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from scanner.errors import Problem, RuleError
from scanner.model import Severity, Verdict
from scanner.ruleset import law
from scanner.ruleset.cel import BadExpression, Condition, compile_condition
from scanner.ruleset.examples import read_example
from scanner.ruleset.rule import REFERENCE_KEYS, SUBJECT_KINDS, AppliesTo, Example, Rule, RuleSet
from scanner.safeguards import SAFEGUARDS
from scanner.yamlfile import Document

_KEYS = (
    "id", "title", "pack", "severity", "sensitivity_raises", "policy", "applies_to", "when", "require",
    "alternatives", "yields_to", "why", "explain", "remedy", "terraform", "references", "examples",
)  # fmt: skip
_SEVERITIES = {severity.name.lower(): severity for severity in Severity}
_ID = re.compile(r"[A-Z][A-Z0-9]*-[0-9]{2,3}")
_PROVIDER = re.compile(r"[a-z][a-z0-9_]*")
# A report is disclosable and judges nobody: the law is relevant, not broken.
_LOADED_WORDS = re.compile(
    r"\b(breach(es)? of|in breach|complian\w*|violat\w*|illegal\w*|unlawful\w*)\b", re.I
)
_LONGEST_EXPLANATION = 300


def shipped_folder() -> Path:
    """The rules that come with dpscan: in the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "rules"


def load_rules(
    paths: Sequence[Path] | None = None,
    packs: Sequence[str] | None = None,
    off: Sequence[str] = (),
    *,
    shipped: bool = True,
    examples: bool = True,
) -> RuleSet:
    """The rules in force.

    `paths` are the department's own files or folders, added to the shipped ones unless
    `shipped` is False; `packs` keeps only those packs (None: all); `off` switches single
    rules off by id. Without `examples` these are neither read nor checked, for a quick start.
    Raises RuleError listing every problem of every file.
    """
    problems: list[Problem] = []
    rules: dict[str, Rule] = {}
    for path in [*([shipped_folder()] if shipped else []), *(paths or ())]:
        for file in _files(path, problems):
            rule = _load(file, problems, examples)
            if rule is None:
                continue
            if rule.id in rules:
                problems.append(
                    Problem(f"{rule.id} is already in {rules[rule.id].file}", str(file), 1, 1, "id")
                )
            else:
                rules[rule.id] = rule
    known_packs = {rule.pack for rule in rules.values()}
    for pack in packs or ():
        if pack not in known_packs:
            problems.append(
                Problem(f"no pack is called {pack!r}; there are {', '.join(sorted(known_packs))}")
            )
    for rule_id in off:
        if rule_id not in rules:
            problems.append(Problem(f"no rule is called {rule_id!r}, so it cannot be switched off"))
    if problems:
        raise RuleError(*problems)
    kept = sorted(
        (r for r in rules.values() if r.id not in off and (packs is None or r.pack in packs)),
        key=lambda rule: rule.id,
    )
    if not kept:
        # Nothing asked would read as nothing wrong.
        raise RuleError(Problem("no rule is left in force: see rules.packs and rules.switch_off"))
    digest = hashlib.sha256("\n".join([*(f"{r.id} {r.digest}" for r in kept), *sorted(off)]).encode())
    return RuleSet(tuple(kept), digest.hexdigest(), tuple(sorted(off)))


def _files(path: Path, problems: list[Problem]) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        problems.append(Problem("no such file or folder of rules", str(path)))
        return []
    found = sorted(p for p in path.rglob("*.y*ml") if p.suffix in (".yaml", ".yml"))
    if not found:
        problems.append(Problem("holds no rules (files that end in .yaml)", str(path)))
    return found


def _load(file: Path, problems: list[Problem], with_examples: bool) -> Rule | None:
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(f"cannot be read: {type(error).__name__}", str(file)))
        return None
    document = Document(text if with_examples else _EXAMPLES.sub(_blank, text), str(file))
    digest = hashlib.sha256(raw).hexdigest()
    rule = _rule(document, file, digest, with_examples) if not document.problems else None
    problems.extend(sorted(document.problems, key=lambda p: (p.line, p.column)))
    return None if document.problems else rule


# Half of a file's text, of which a start that does not test the rules need read nothing.
_EXAMPLES = re.compile(r"^examples:[ ]*\n(?:[ \-#].*\n?|\n)*", re.M)


def _blank(match: re.Match[str]) -> str:
    """As many lines, so that positions stay right."""
    return "\n" * match[0].count("\n")


def _rule(doc: Document, file: Path, digest: str, with_examples: bool) -> Rule | None:
    doc.keys((), _KEYS)
    rule_id = doc.string(("id",), required=True)
    if rule_id and not _ID.fullmatch(rule_id):
        doc.note(("id",), "needs capitals, a hyphen and two or three digits, such as OBJ-01")
    elif rule_id and file.stem != rule_id:
        doc.note(("id",), f"the file must be called {rule_id}.yaml")
    base = _severity(doc)
    applies_to = _applies_to(doc)
    when = _condition(doc, "when", applies_to) if doc.get(("when",)) is not None else None
    require = _condition(doc, "require", applies_to, required=True)
    texts = {key: _prose(doc, key) for key in ("title", "why", "explain")}
    if len(texts["explain"]) > _LONGEST_EXPLANATION:
        doc.note(("explain",), f"has {len(texts['explain'])} characters; {_LONGEST_EXPLANATION} at most")
    remedy, remedies = _remedy(doc)
    references, caf_version = _references(doc)
    alternatives = _alternatives(doc, require)
    yields_to = _yields_to(doc, rule_id)
    examples = _examples(doc, applies_to) if with_examples else ()
    pack = doc.string(("pack",), required=True)
    if require is None or doc.problems:
        return None
    return Rule(
        id=rule_id,
        title=texts["title"],
        pack=pack,
        base=base,
        sensitivity_raises=doc.flag(("sensitivity_raises",)),
        policy=doc.flag(("policy",)),
        applies_to=applies_to,
        when=when,
        require=require,
        alternatives=alternatives,
        yields_to=yields_to,
        why=texts["why"],
        explain=texts["explain"],
        remedy=remedy,
        remedies=remedies,
        terraform=_terraform(doc),
        references=references,
        caf_version=caf_version,
        examples=examples,
        file=file,
        digest=digest,
    )


def _severity(doc: Document) -> Severity | None:
    for key in ("sensitivity_raises", "policy"):
        doc.flag((key,))
    word = doc.choice(("severity",), ("X", *_SEVERITIES), required=True)
    if word == "X" and doc.get(("sensitivity_raises",)):
        doc.note(("sensitivity_raises",), "the matrix of X already counts sensitivity")
    return _SEVERITIES.get(word)


def _applies_to(doc: Document) -> AppliesTo:
    at = ("applies_to",)
    doc.keys(at, ("subject", "kinds", "providers", "places"))
    subjects = doc.strings((*at, "subject"))
    for subject in subjects:
        if subject not in SUBJECT_KINDS:
            doc.note((*at, "subject"), f"is {subject!r}; expected scope, store or place")
    if not subjects:
        doc.note((*at, "subject"), "is missing; expected scope, store or place")
    if "scope" in subjects and len(subjects) > 1:
        doc.note((*at, "subject"), "a rule on scopes cannot apply to stores or places as well")
    providers = doc.strings((*at, "providers"))
    for index, provider in enumerate(providers):
        if not _PROVIDER.fullmatch(provider):
            doc.note((*at, "providers", index), "needs a provider's word such as aws")
    return AppliesTo(subjects, doc.strings((*at, "kinds")), providers, doc.strings((*at, "places")))


def _condition(doc: Document, key: str, applies_to: AppliesTo, required: bool = False) -> Condition | None:
    value = doc.get((key,))
    if not isinstance(value, str):
        doc.string((key,), required)
        return None
    try:
        return compile_condition(value, applies_to.subjects)
    except BadExpression as error:
        for mistake in error.mistakes:
            doc.note((key,), mistake.message, mistake.line, mistake.column)
        return None


def _prose(doc: Document, key: str) -> str:
    text = " ".join(doc.string((key,), required=True).split())
    _neutral(doc, (key,), text)
    return text


def _neutral(doc: Document, path: tuple[str, ...], text: str) -> None:
    if found := _LOADED_WORDS.search(text):
        doc.note(
            path, f"says {found[0]!r}: write what is so and which law is relevant; judging is for people"
        )


def _remedy(doc: Document) -> tuple[str, dict[str, str]]:
    if isinstance(doc.get(("remedy",)), str) or doc.get(("remedy",)) is None:
        return _prose(doc, "remedy"), {}
    remedies = doc.get(("remedy",))
    if not isinstance(remedies, dict):
        doc.note(("remedy",), "needs a text, or `text:` and texts by provider")
        return "", {}
    out = {key: " ".join(doc.string(("remedy", key), required=True).split()) for key in remedies}
    for key, text in out.items():
        _neutral(doc, ("remedy", key), text)
    if "text" not in out:
        doc.note(("remedy",), "needs `text:` for providers that are not listed")
    return out.pop("text", ""), out


def _terraform(doc: Document) -> dict[str, str]:
    """Provider to a few resources as they should be; whole texts, line breaks kept."""
    given = doc.get(("terraform",))
    if given is None:
        return {}
    if not isinstance(given, dict):
        doc.note(("terraform",), "needs code by provider, such as `aws: |`")
        return {}
    for key in given:
        if not _PROVIDER.fullmatch(str(key)):
            doc.note(("terraform", key), "needs a provider's word such as aws")
    return {key: doc.string(("terraform", key), required=True).rstrip("\n") for key in given}


def _references(doc: Document) -> tuple[dict[str, tuple[str, ...]], str]:
    at = ("references",)
    given = doc.keys(at, REFERENCE_KEYS)
    out = {key: doc.strings((*at, key)) for key in REFERENCE_KEYS if key in given and key != "ncsc_caf"}
    version = ""
    if "ncsc_caf" in given:
        doc.keys((*at, "ncsc_caf"), ("version", "outcomes"))
        version = doc.string((*at, "ncsc_caf", "version"), required=True)
        out["ncsc_caf"] = doc.strings((*at, "ncsc_caf", "outcomes"))
    _known(doc, out, version)
    return {key: value for key, value in out.items() if value}, version


def _known(doc: Document, given: Mapping[str, Sequence[str]], caf_version: str) -> None:
    """Every reference to law or the CAF is one that `law.yaml` dates."""
    for key, values in given.items():
        for index, value in enumerate(values):
            path = ("references", key, index) if key != "ncsc_caf" else ("references", key, "outcomes", index)
            if law.unknown(key, value):
                doc.note(
                    path, f"{value} is not among the provisions of {law.instruments()[key].title} known here"
                )
    if caf_version and caf_version not in {v.id for v in law.instruments()["ncsc_caf"].versions}:
        doc.note(("references", "ncsc_caf", "version"), f"no version {caf_version} is known")


def _alternatives(doc: Document, require: Condition | None) -> tuple[str, ...]:
    ids = doc.strings(("alternatives",))
    for index, safeguard in enumerate(ids):
        if safeguard not in SAFEGUARDS:
            doc.note(("alternatives", index), f"no safeguard is called {safeguard}")
        elif SAFEGUARDS[safeguard].type != "bool":
            doc.note(("alternatives", index), "only yes-or-no safeguards can stand in for each other")
        elif require is not None and f"safeguards.{safeguard}" not in require.inputs:
            doc.note(("alternatives", index), f"`require` does not name safeguards.{safeguard}")
    return ids


def _yields_to(doc: Document, rule_id: str) -> tuple[str, ...]:
    ids = doc.strings(("yields_to",))
    for index, other in enumerate(ids):
        if not _ID.fullmatch(other) or other == rule_id:
            doc.note(("yields_to", index), "needs the id of another rule, such as OBJ-01")
    return ids


def _examples(doc: Document, applies_to: AppliesTo) -> tuple[Example, ...]:
    given = doc.get(("examples",))
    if not isinstance(given, list):
        doc.note(("examples",), "needs a list with a pass, a fail and a cannot-tell")
        return ()
    examples = [e for i in range(len(given)) if (e := read_example(doc, ("examples", i), applies_to))]
    seen = [example.verdict for example in examples]
    for verdict, word in ((Verdict.PASS, "pass"), (Verdict.FAIL, "fail"), (Verdict.UNKNOWN, "cannot-tell")):
        if verdict not in seen and not doc.problems:
            doc.note(("examples",), f"has no example of {word}")
    names = [example.name for example in examples]
    for index, name in enumerate(names):
        if name in names[:index]:
            doc.note(("examples", index, "name"), f"{name!r} is already the name of an example")
    return tuple(examples)
