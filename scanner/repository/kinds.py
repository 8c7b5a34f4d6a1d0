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
    r"(?:licen[cs]e|copying|notice|authors?|contributors?|maintainers?|credits|thanks|codeowners|changelog|changes|"
    r"history|news|readme|humans|\.mailmap|metadata|pkg-info|package\.json|composer\.json|codemeta\.json|bower\.json|"
    r"pyproject\.toml|setup\.(?:py|cfg)|cargo\.toml|pom\.xml|\.all-contributorsrc|security|support|openapi|swagger)",
    re.IGNORECASE,
)


def kind_of(path: str) -> Kind:
    """By name alone: what a file claims to be is how its readers treat it."""
    name = path.rpartition("/")[2]
    if _CREDITS.match(name):
        return Kind.CREDITS
    dot = name.rfind(".")
    return _ENDINGS.get(name[dot:].lower(), Kind.TEXT) if dot >= 0 else Kind.TEXT


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
