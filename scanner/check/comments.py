"""Where `dpscan:accept` stands in code: in comments, never in texts that only look like one.

HCL has `#`, `//` and `/* */`, YAML `#`, Bicep `//` and `/* */`. JSON has no comments: a text that begins with
`dpscan:accept` counts, wherever the language takes one (`Metadata` of CloudFormation, `metadata` and
`comments` of ARM, the key `//` of Terraform's JSON); YAML takes such texts too.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

MARK = "dpscan:accept"

_HCL = re.compile(
    r"<<[-~]?(?P<end>\w+)\r?\n.*?^\s*(?P=end)\b"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?P<comment>(?:#|//)[^\n]*|/\*.*?\*/)",
    re.S | re.M,
)
_BICEP = re.compile(r"'''.*?'''|'(?:[^'\\\n]|\\.)*'|(?P<comment>//[^\n]*|/\*.*?\*/)", re.S)
_JSON = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"|(?P<comment>//[^\n]*|/\*.*?\*/)', re.S)
_YAML = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.M)


@dataclasses.dataclass(frozen=True, slots=True)
class Comment:
    """One `dpscan:accept`, with what is written behind it."""

    file: str
    line: int
    """1-based."""
    text: str


def comments(folder: Path, files: Iterable[str]) -> Iterator[Comment]:
    """Every one in `files` (relative to `folder`), in order."""
    for name in files:
        try:
            content = (folder / name).read_bytes()
        except OSError:
            continue  # stated as a gap where the file is read
        if MARK.encode() in content:
            yield from sorted(_in_text(name, content.decode("utf-8", "replace")), key=lambda c: c.line)


def _in_text(name: str, text: str) -> Iterator[Comment]:
    lower = name.lower()
    if lower.endswith((".tf", ".tofu", ".tfvars", ".hcl")):
        found = _commented(_HCL, text)
    elif lower.endswith((".bicep", ".bicepparam")):
        found = _commented(_BICEP, text)
    elif lower.endswith((".json", ".tfstate")) or text.lstrip().startswith("{"):
        found = _in_json(text)
    else:
        found = _in_yaml(text)
    for at, words in found:
        for offset, line in enumerate(words.split("\n")):
            before, mark, behind = line.partition(MARK)
            if mark and not before.strip(" \t#/*"):
                number = text.count("\n", 0, at) + 1 + offset
                yield Comment(name, number, behind.removesuffix("*/").strip())


def _commented(language: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    return ((m.start(), m["comment"]) for m in language.finditer(text) if m["comment"])


def _in_json(text: str) -> Iterator[tuple[int, str]]:
    for match in _JSON.finditer(text):
        if match["comment"]:
            yield match.start(), match["comment"]
        elif match["text"].startswith(MARK):
            try:
                yield match.start(), json.loads(match[0]).replace("\n", " ")
            except ValueError:
                continue  # the file's own reader says where


def _in_yaml(text: str) -> Iterator[tuple[int, str]]:
    import yaml

    spans: list[tuple[int, int]] = []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for token in yaml.scan(text, Loader=loader):
            if isinstance(token, yaml.ScalarToken):
                spans.append((token.start_mark.index, token.end_mark.index))
                if token.value.startswith(MARK):
                    yield token.start_mark.index, token.value.replace("\n", " ")
    except yaml.YAMLError:
        pass  # what stood before the fault counts; the file's own reader says where it is
    at = 0
    for match in _YAML.finditer(text):
        while at < len(spans) and spans[at][1] <= match.start():
            at += 1
        if at == len(spans) or not spans[at][0] <= match.start() < spans[at][1]:
            yield match.start(), match[0]
