"""What sort of file it is, by its name: which passes it gets, and what is expected to stand in it."""

from __future__ import annotations

import enum
import re


class Kind(enum.Enum):
    """How a file is read."""

    DELIMITED = "delimited"
    JSON = "json"
    JSON_LINES = "json lines"
    YAML = "yaml"
    SQL = "sql"
    NOTEBOOK = "notebook"
    TEXT = "text"
    """Source code, configuration, variables, notes: literals are looked at where they stand."""
    CREDITS = "credits"
    """Licences, manifests, documentation: their authors and support desks are named on purpose, so
    that only numbers of the state, of banks and of the health service count there."""


_ENDINGS = {
    ".csv": Kind.DELIMITED, ".tsv": Kind.DELIMITED, ".psv": Kind.DELIMITED, ".tab": Kind.DELIMITED,
    ".json": Kind.JSON, ".geojson": Kind.JSON, ".jsonl": Kind.JSON_LINES, ".ndjson": Kind.JSON_LINES,
    ".yaml": Kind.YAML, ".yml": Kind.YAML, ".sql": Kind.SQL, ".ipynb": Kind.NOTEBOOK, ".dump": Kind.SQL,
    ".md": Kind.CREDITS, ".rst": Kind.CREDITS, ".html": Kind.CREDITS, ".htm": Kind.CREDITS, ".adoc": Kind.CREDITS,
    ".gemspec": Kind.CREDITS, ".cff": Kind.CREDITS, ".po": Kind.CREDITS, ".pot": Kind.CREDITS,
}  # fmt: skip
_CREDITS = re.compile(
    r"(?:licen[cs]e|copying|notice|authors?|contributors?|maintainers?|credits|thanks|changelog|changes|history|news|"
    r"readme|humans|security|support)[\w-]*(?:\.(?:apache|mit|bsd|[\d.]+))?(?:\.(?:md|rst|txt|html?|adoc))?\Z|"
    r"codeowners|\.mailmap|metadata|pkg-info|(?:package|composer|codemeta|bower)\.json|"
    r"(?:pyproject|cargo)\.toml|setup\.(?:py|cfg)|pom\.xml|\.all-contributorsrc|(?:openapi|swagger)[\w.-]*\.(?:json|ya?ml)\Z",
    re.IGNORECASE,
)


def kind_of(path: str) -> Kind:
    """By name alone: what a file claims to be is how its readers treat it."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    by_ending = _ENDINGS.get(name[dot:].lower(), Kind.TEXT) if dot >= 0 else Kind.TEXT
    if by_ending in (Kind.DELIMITED, Kind.SQL, Kind.NOTEBOOK, Kind.JSON_LINES):
        return by_ending
    return Kind.CREDITS if _CREDITS.fullmatch(name) else by_ending


_OPENED = frozenset(
    ".xlsx .xlsm .xls .xlsb .ods .docx .doc .odt .rtf .pptx .parquet .avro .feather .sqlite .sqlite3 .db .db3 .mdb .accdb "
    ".dbf .sav .dta .gz .bz2 .xz .zip .7z .msg .pst".split()
)


_PROSE = (".txt", ".text", ".eml", ".log", ".vtt", ".srt")


def is_prose(path: str) -> bool:
    """Whether people are written about in sentences there, so that looking for names makes sense."""
    return path.lower().endswith(_PROSE)


def opens(path: str) -> bool:
    """Whether a file that is no text is of a kind in which records are kept."""
    name = path.rpartition("/")[2].lower()
    return name[name.rfind(".") :] in _OPENED if "." in name else False
