"""The configuration: pydantic at the edge, one typed `Config` inside.

`load` reads a file; `targets.from_targets` takes command-line targets and gives the same type.
Every problem of a file is reported at once, with file, line and key.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from scanner import plugins
from scanner.config_check import CheckConfig
from scanner.config_formats import FormatConfig, OcrConfig
from scanner.config_mistakes import mistakes, unknown_key
from scanner.config_types import FailOn, Part, Seconds, Share, Size
from scanner.contracts import Ask
from scanner.errors import ConfigError, Problem
from scanner.examine import DetectorOptions
from scanner.model import Severity
from scanner.yamlfile import Document


class TargetConfig(BaseModel):
    """One thing to scan. Keys beside these are the connector's own (`dpscan connectors`)."""

    model_config = ConfigDict(extra="allow", frozen=True)

    connector: str
    name: str | None = None
    environment: str | None = None
    ca_bundle: Path | None = None
    limits: dict[str, Any] = {}


class Exclusion(Part):
    """Something not to read, with who decided it and why. All given conditions must hold."""

    store: str | None = Field(default=None, description="Glob over store ids and names.")
    prefix: str | None = Field(default=None, description="Beginning of an object key or file path.")
    tag: str | None = Field(default=None, description="key or key=value of a store's tags.")
    type: str | None = Field(default=None, description="Glob over file names, e.g. *.iso.")
    larger_than: Size | None = None
    by: str
    reason: str

    @model_validator(mode="after")
    def _some_condition(self) -> Exclusion:
        if all(c is None for c in (self.store, self.prefix, self.tag, self.type, self.larger_than)):
            raise ValueError("says nothing to leave out: give store, tag, prefix, type or larger_than")
        return self


class RegisterEntry(Part):
    """What the department's register says of the stores that match."""

    store: str
    business_area: str | None = None
    information_asset: str | None = None
    owner: str | None = None
    technical_owner: str | None = None
    ropa_ref: str | None = None
    dpia_ref: str | None = None
    contract_ref: str | None = None
    classification: str | None = None
    environment: str | None = None
    supplier: str | None = None
    location: str | None = Field(default=None, description="Where it lies, for stores that cannot tell.")
    retention_days: int | None = Field(default=None, ge=0)
    retention_rule: str | None = None
    intended_public: bool = False
    intended_public_owner: str | None = None
    intended_public_date: date | None = None
    access_reviewed: date | None = Field(default=None, description="Day outside access was last reviewed.")
    restore_tested: date | None = Field(default=None, description="Day a restore was last tried.")
    system_of_record: bool | None = None
    declared_categories: tuple[str, ...] | None = None
    legal_regime: Literal["uk_gdpr", "dpa2018_part3", "both"] = "uk_gdpr"


class Policy(Part):
    """The department's own thresholds; what is not said stays unknown."""

    approved_regions: tuple[str, ...] | None = None
    trusted_accounts: tuple[str, ...] | None = None
    minimum_tls: str = "1.2"
    require_customer_managed_key: bool | None = None
    require_masking: bool | None = None
    mandatory_tags: tuple[str, ...] | None = None
    supported_engines: dict[str, str] = Field(
        default={}, description="Oldest version of an engine that the department still supports, by engine."
    )


class WaiverConfig(Part):
    """A finding accepted by a named role until a date."""

    rule: str
    store: str
    place: str = "*"
    owner: str
    reason: str
    expires: date


class Sampling(Part):
    seed: str | None = None
    rows: int = Field(default=4_000, ge=100)
    whole_table_rows: int = Field(default=20_000, ge=0)
    objects: int = Field(default=4_000, ge=1)
    full: bool = False
    views: tuple[str, ...] = ()


class LimitsConfig(Part):
    """Politeness and bounds; a target's own `limits:` override them."""

    workers: int | None = Field(default=None, ge=1)
    max_time: Seconds | None = None
    max_bytes: Size | None = None
    connections_per_host: int = Field(default=2, ge=1)
    requests_in_flight: int = Field(
        default=8, ge=1, description="Stores of a target that are asked about at once, before reading."
    )
    connect_timeout: Seconds = 10.0
    read_timeout: Seconds = 30.0
    statement_timeout: Seconds = 30.0
    lock_timeout: Seconds = 1.0
    unit_timeout: Seconds = 120.0
    object_bytes: Size = 256 * 1024 * 1024
    span_bytes: Size = 1024 * 1024
    spans: int = Field(default=32, ge=1)
    archive_depth: int = Field(default=10, ge=1)
    archive_members: int = Field(default=1_000_000, ge=1)
    archive_bytes: Size = 1024 * 1024 * 1024
    archive_ratio: int = Field(default=200, ge=2)
    formats: dict[str, FormatConfig] = Field(
        default={}, description="Bounds by format, as extractors are named: pdf, spreadsheet, …"
    )

    @field_validator("formats")
    @classmethod
    def _known(cls, formats: dict[str, FormatConfig]) -> dict[str, FormatConfig]:
        known = plugins.available("extractors")
        strange = [name for name in formats if name not in known]
        if strange:
            raise ValueError(f"no format named {strange[0]!r}; there are {', '.join(known)}")
        return formats


class DetectionConfig(Part):
    names: bool = True
    spacy_model: str | None = None
    us: bool = False
    test_data: Literal["count_apart", "treat_as_real"] = "count_apart"
    recognisers: tuple[Path, ...] = Field(default=(), description="YAML files with recognisers of your own.")
    values: Path | None = Field(default=None, description="Decided values, as `dpscan values` keeps them.")


class RulesConfig(Part):
    packs: tuple[str, ...] | None = None
    switch_off: tuple[str, ...] = Field(default=(), description="Ids of rules not to ask.")
    paths: tuple[Path, ...] = ()
    packages: tuple[str, ...] = Field(default=(), description="Installed packages with a folder `rules`.")
    pin: str | None = Field(
        default=None, min_length=12, description="Digest of the rules in force; other rules are refused."
    )


class ReportConfig(Part):
    folder: Path = Path("dpscan-report")
    formats: tuple[str, ...] = ("csv", "html", "json", "sarif")


class Config(Part):
    """A whole configuration file."""

    version: Literal[1] = 1
    department: str | None = None
    targets: tuple[TargetConfig, ...] = ()
    exclude: tuple[Exclusion, ...] = ()
    register_: tuple[RegisterEntry, ...] = Field(default=(), alias="register")
    assets: Path | tuple[RegisterEntry, ...] | None = Field(
        default=None, description="Asset register, a CSV or XLSX file; its entries once it is read."
    )
    policy: Policy = Policy()
    waivers: tuple[WaiverConfig, ...] = ()
    sampling: Sampling = Sampling()
    limits: LimitsConfig = LimitsConfig()
    ocr: OcrConfig = OcrConfig()
    detection: DetectionConfig = DetectionConfig()
    rules: RulesConfig = RulesConfig()
    report: ReportConfig = ReportConfig()
    history: str | None = None
    history_password: str | None = Field(default=None, description="A reference such as env:NAME.")
    runner: str | None = None
    fail_on: FailOn = Severity.HIGH
    min_coverage: float = Field(default=95.0, ge=0, le=100, description="Percent of stores.")
    fail_on_unknown: bool = False
    kpi_targets: dict[str, Share] = Field(
        default={},
        description="Key figure (K1 to K25) to your own target: 0.9 or 90% for a share, else a number.",
    )
    check: CheckConfig = CheckConfig()

    def digest(self) -> str:
        """Recognises what is read and how: a killed run of the same can be resumed."""
        parts = {"targets", "exclude", "sampling", "detection", "ocr"}
        text = json.dumps(self.model_dump(mode="json", include=parts), sort_keys=True)
        own = [file for file in (*self.detection.recognisers, self.detection.values) if file is not None]
        return hashlib.sha256(text.encode() + b"".join(f.read_bytes() for f in own)).hexdigest()[:16]

    def detector_options(self) -> DetectorOptions:
        d = self.detection
        own = tuple(str(file) for file in d.recognisers)
        return DetectorOptions(d.names, d.spacy_model, d.us, own, str(d.values) if d.values else None)

    def ask(self, seed: str) -> Ask:
        s = self.sampling
        return Ask(seed=seed, rows=s.rows, whole_table_rows=s.whole_table_rows, full=s.full, views=s.views)


def load(file: Path, *, targets: bool = True) -> Config:
    """Read a configuration file; relative paths in it are relative to it.

    `targets`: whether it must name something to scan. Raises ConfigError listing every problem.
    """
    document = Document(read_text(file), str(file))
    if not document.problems and not isinstance(document.data, dict):
        document.note((), "expected keys such as `targets:` (see `dpscan init`)")
    if document.problems:
        raise ConfigError(*document.problems)
    if targets and not document.data.get("targets"):
        document.note(("targets",), "is required: at least one thing to scan")
    try:
        config = Config.model_validate(document.data)
    except ValidationError as error:
        for path, message in mistakes(error, Config):
            document.note(path, message)
        _note_misspelt_connectors(document)
        raise ConfigError(*sorted(document.problems, key=lambda p: (p.line, p.column))) from None
    _note_odd_targets(document, config.kpi_targets)
    if document.problems:
        raise ConfigError(*document.problems)
    config = _anchored(config, file.absolute().parent)
    _try_own(config.detection)
    return _with_assets(config, file)


def _note_misspelt_connectors(document: Document) -> None:
    """A target's other keys are its connector's, so that a misspelt `connector` is only missing."""
    targets = document.data.get("targets")
    for number, target in enumerate(targets if isinstance(targets, list) else ()):
        if isinstance(target, dict) and "connector" not in target:
            for key in target:
                if (said := unknown_key(key, ("connector",))).endswith("?"):
                    document.note(("targets", number, key), said)


def _note_odd_targets(document: Document, targets: dict[str, float]) -> None:
    if targets:
        from scanner.maturity.targets import mistake

        for id, value in targets.items():
            if said := mistake(id, value):
                document.note(("kpi_targets", id), said)


def _try_own(detection: DetectionConfig) -> None:
    """Mistakes in recognisers and lists of the department's own are told before a scan. Raises ConfigError."""
    if detection.recognisers:
        from scanner.own.reading import read_files

        read_files(detection.recognisers)
    if detection.values:
        from scanner.own.values import load as load_values

        load_values(detection.values)


def _with_assets(config: Config, file: Path) -> Config:
    """The configuration with the asset register read: its mistakes are told before a scan, not after."""
    from scanner import assets

    if not isinstance(config.assets, Path):
        return config
    name = config.assets.name
    try:
        content = config.assets.read_bytes()
    except OSError as error:
        why = f"{config.assets} cannot be read ({(error.strerror or '').lower()})"
        raise ConfigError(Problem(why, str(file), key="assets")) from None
    entries, problems = [], []
    for row, said in assets.read(content, name, RegisterEntry.model_fields.keys()):
        try:
            entries.append(RegisterEntry.model_validate(said))
        except ValidationError as error:
            problems += [
                Problem(message, name, row, key=".".join(map(str, path)))
                for path, message in mistakes(error, RegisterEntry)
            ]
    if problems:
        raise ConfigError(*problems)
    return config.model_copy(update={"assets": tuple(entries)})


def read_text(file: Path) -> str:
    """A configuration file. Raises ConfigError if it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(Problem(f"cannot be read ({(error.strerror or '').lower()})", str(file))) from None
    except UnicodeDecodeError:
        raise ConfigError(Problem("is not UTF-8 text", str(file))) from None


def _anchored(config: Config, folder: Path) -> Config:
    """Relative paths of a file hold from where the file lies, wherever dpscan is started."""
    targets = []
    for item in config.targets:
        extra = dict(item.model_extra or {})
        if item.connector == "files" and isinstance(extra.get("path"), str) and extra["path"]:
            extra["path"] = str(folder / Path(extra["path"]).expanduser())
        url = extra.get("url")
        if isinstance(url, str) and (match := re.fullmatch(r"sqlite:///(?!/)(.+)", url)):
            extra["url"] = f"sqlite:///{folder / match[1]}"
        known = {k: v for k, v in item.model_dump(exclude_unset=True).items() if k not in extra}
        if item.ca_bundle:
            known["ca_bundle"] = folder / item.ca_bundle
        targets.append(TargetConfig.model_validate({**known, **extra}))
    rules = config.rules.model_copy(update={"paths": tuple(folder / p for p in config.rules.paths)})
    assets = folder / config.assets.expanduser() if isinstance(config.assets, Path) else config.assets
    update: dict[str, Any] = {"targets": tuple(targets), "rules": rules}
    detection = config.detection
    if detection.recognisers or detection.values:
        values = folder / detection.values.expanduser() if detection.values else None
        own = tuple(folder / file.expanduser() for file in detection.recognisers)
        update["detection"] = detection.model_copy(update={"recognisers": own, "values": values})
    # Not said is not the same as said to be nothing (see `cli.scan.override`).
    return config.model_copy(update=update | ({"assets": assets} if assets is not None else {}))
