"""Targets: from words of the command line to a configuration, and from a configuration to what workers get."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from scanner import plugins
from scanner.config import Config, LimitsConfig, read_text
from scanner.config_formats import OcrConfig
from scanner.config_mistakes import located, mistakes
from scanner.contracts import Access, Limits
from scanner.errors import ConfigError, MissingExtra, Problem
from scanner.examine import Target
from scanner.yamlfile import Document

M = TypeVar("M", bound=BaseModel)


def from_targets(targets: Sequence[str]) -> Config:
    """The configuration that command-line targets stand for. Raises ConfigError."""
    made = []
    for number, given in enumerate(targets):
        if not given.strip():
            # Most likely a variable that is not set: "." is not what was meant.
            raise ConfigError(f"target {number + 1} is empty (is a variable not set?)")
        scheme, separator, rest = given.partition("://")
        text = scheme.lower() + separator + rest if separator else given
        kind = _connector_of(text)
        options = plugins.load("connectors", kind).options_from_url(text)
        made.append({"connector": kind, "name": f"target-{number + 1}", **options})
    return Config.model_validate({"targets": made})


def _connector_of(target: str) -> str:
    scheme, separator, _ = target.partition("://")
    scheme = scheme.partition("+")[0]
    if not separator or scheme == "file":
        return "files"
    if scheme in plugins.available("schemes"):
        return str(plugins.load("schemes", scheme).kind)
    raise ConfigError(f"no connector takes {scheme}:// targets (`dpscan connectors` lists them)")


def build_targets(config: Config, version: str, file: Path | None = None) -> dict[str, Target]:
    """Targets with their options checked by their connectors.

    Raises ConfigError, all at once, with line numbers if the `file` that was read is given.
    """
    problems: list[Problem] = []
    targets: dict[str, Target] = {}
    for number, item in enumerate(config.targets):
        key = f"targets.{number}"
        name = item.name or f"{item.connector}-{number + 1}"
        if name in targets:
            problems.append(Problem(f"another target is named {name!r} already", key=f"{key}.name"))
        try:
            kind = plugins.load("connectors", item.connector)
        except (ConfigError, MissingExtra) as error:
            problems.append(Problem(str(error), key=f"{key}.connector"))
            continue
        options = _checked(kind.Options, item.model_extra or {}, key, problems)
        said = {**config.limits.model_dump(), **item.limits}
        limits = _checked(LimitsConfig, said, f"{key}.limits", problems)
        if options is None or limits is None:
            continue
        ca_bundle = item.ca_bundle or os.environ.get("SSL_CERT_FILE")
        access = Access(name, _limits(limits, config.ocr), f"dpscan/{version}", str(ca_bundle) if ca_bundle else None,
                        item.environment)  # fmt: skip
        targets[name] = Target(name, item.connector, options.model_dump(mode="python"), access)
    if problems:
        wrong = ConfigError(*problems)
        raise located(wrong, Document(read_text(file), str(file))) if file is not None else wrong
    return targets


def _checked(model: type[M], said: Mapping[str, Any], key: str, problems: list[Problem]) -> M | None:
    """The part of the model; None where what is said of it is wrong, with the mistakes noted."""
    try:
        return model.model_validate(dict(said))
    except ValidationError as error:
        problems += [
            Problem(message, key=".".join([key, *map(str, path)])) for path, message in mistakes(error, model)
        ]
        return None


def _limits(limits: LimitsConfig, ocr: OcrConfig) -> Limits:
    names = {field.name for field in dataclasses.fields(Limits)} - {"formats"}
    return Limits(
        **{name: value for name, value in limits.model_dump().items() if name in names},
        formats={name: cap.cap() for name, cap in limits.formats.items()},
        **{f"ocr_{name}": value for name, value in ocr.model_dump().items()},
    )
