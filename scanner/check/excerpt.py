"""A line of code as it may be shown: what is set stays readable, literals do not.

A pull request, a log or a report is read by more people than the code is, and code holds passwords and
people's data where it should not. Kept are names, references, true and false, small numbers and a
provider's own words for a setting.
"""

from __future__ import annotations

import re

MASK = "***"
_LONGEST = 160
_WRITTEN = 2_000
"""Longer lines are a program's, with a whole file on one: any excerpt would tell nothing of the finding."""

_HEADER = re.compile(
    r"""^\s*(resource|data|module|provider|variable|output|locals|terraform|param|var|dynamic)\b"""
    r"""[\w\s"'./@-]*[={\s]*$"""
)
_SETTING = re.compile(
    r"(?i)(public-?read(-?write)?|authenticated-read|private|enabled?|disabled?|suspended|on|off|allow|deny|none|"
    r"tls\w*[\d_.]*|1\.[0-3]|aes-?256|aws:kms|blob|container|standard|premium|inherited|enforced|required|optional|"
    r"(en|dis)able|0\.0\.0\.0/0|\*|allusers|allauthenticatedusers|aws::[\w:]+|microsoft\.[\w./@-]+)"
)
_NUMBER = re.compile(r"(?<![\w.])\d{5,}(?![\w.])")
_STRING = re.compile(r'"(?P<double>(?:[^"\\]|\\.)*)"(?P<key>\s*:)?|' r"'(?P<single>(?:[^'\\]|\\.)*)'")
_COMMENT = re.compile(r"\s*(?:(?<=\s)#|^#|//|/\*).*$")
_YAML = re.compile(r"^(?P<key>\s*(?:-\s+)?[\w.:/-]+\s*:)(?P<gap>\s+)(?P<value>[^\s].*)$")
_REFERENCE = re.compile(r"^(![\w:]+)(\s+[\w.:-]+)?$")
_HCL = re.compile(r'^\s*[\w."-]+\s*=|^\s*[\w-]+(\s+"[^"]*")*\s*\{|^\s*[\]})]+,?$')
_BICEP = re.compile(r"^\s*[\w']+\s*:|^\s*[\]})]+$")


def shown(line: str, file: str) -> str:
    """One line of `file` with its literals masked, without comment and margin."""
    if len(line) > _WRITTEN:
        return MASK
    text = line.strip()
    if _HEADER.match(text):
        return text[:_LONGEST]
    text = _without_comment(text)
    lower = file.lower()
    if lower.endswith((".yaml", ".yml", ".template")) and not text.startswith(("{", '"')):
        text = _yaml(text)
    elif lower.endswith(".bicep"):
        text = _masked(text) if _BICEP.match(text) else MASK
    elif lower.endswith((".tf", ".tofu", ".tfvars")):
        text = _masked(text) if _HCL.match(text) else MASK
    else:
        text = _masked(text) if text.startswith(('"', "{", "}", "[", "]")) else MASK
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _without_comment(text: str) -> str:
    """Up to a comment outside of texts."""
    blank = _STRING.sub(lambda m: "x" * len(m[0]), text)
    match = _COMMENT.search(blank)
    return text[: match.start()].rstrip() if match else text


def _masked(text: str) -> str:
    return _NUMBER.sub(MASK, _STRING.sub(_string, text))


def _string(match: re.Match[str]) -> str:
    if match["key"] is not None:
        return match[0]
    quote = match[0][0]
    inner = match["double"] if match["double"] is not None else match["single"]
    return match[0] if not inner or _SETTING.fullmatch(inner) else f"{quote}{MASK}{quote}"


def _yaml(text: str) -> str:
    match = _YAML.match(text)
    if match is None:
        return text if re.fullmatch(r"[\w.-]+:|-", text) else MASK
    value = match["value"]
    if value[0] in "\"'":
        value = _masked(value)
    elif not (
        _REFERENCE.match(value)
        or _SETTING.fullmatch(value)
        or re.fullmatch(r"(?i)true|false|null|\d{1,4}|[|>][+-]?", value)
    ):
        value = MASK
    return match["key"] + match["gap"] + value
