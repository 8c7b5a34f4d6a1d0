"""Names by a transformers or GLiNER model in a folder, through Presidio's own recognisers.

Nothing is downloaded: both libraries are told to stay offline before they are imported, and the
folder must hold everything. What they cost and find: `docs/detector.md`.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from scanner.errors import ConfigError, MissingExtra

_KINDS = {"PER": "PERSON", "PERSON": "PERSON", "LOC": "LOCATION", "LOCATION": "LOCATION", "GPE": "LOCATION"}
_EXTRAS = {"transformers": ("transformers", "torch"), "GLiNER": ("gliner",)}
_WANTED = ["PERSON", "LOCATION"]
_LABELS = {"person": "PERSON", "location": "LOCATION"}
"""What a GLiNER model is asked for."""


def check(kind: str, folder: Path) -> None:
    """Raises MissingExtra without the packages that load it, ConfigError if the folder lacks its weights."""
    for package in _EXTRAS[kind]:
        if importlib.util.find_spec(package) is None:
            raise MissingExtra(f"spacy_model: a {kind} model", kind.lower())
    if (
        not any(folder.glob("*.safetensors"))
        and not any(folder.glob("*.bin"))
        and not any(folder.glob("*.onnx"))
    ):
        raise ConfigError(
            f"spacy_model: the folder {str(folder)!r} holds no weights (*.safetensors, *.bin, *.onnx); "
            "models are never downloaded, so copy all of its files there"
        )


def entities(
    kind: str, folder: Path
) -> Callable[[Iterable[str]], Iterator[tuple[str, list[tuple[int, int, str]]]]]:
    """The model, ready to read pieces of text. Raises ConfigError if it cannot be loaded from the folder."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[name] = "1"
    try:
        recogniser = _transformers(folder) if kind == "transformers" else _gliner(folder)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise ConfigError(
            f"spacy_model: the {kind} model in {str(folder)!r} could not be loaded ({type(error).__name__}); "
            "does the folder hold its configuration, tokenizer and weights?"
        ) from error

    def run(distinct: Iterable[str]) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
        for chunk in distinct:
            found = recogniser.analyze(chunk, _WANTED, None) or ()
            yield chunk, sorted((r.start, r.end, r.entity_type) for r in found if r.entity_type in _WANTED)

    return run


def _transformers(folder: Path) -> Any:
    from presidio_analyzer.predefined_recognizers import HuggingFaceNerRecognizer

    recogniser: Any = HuggingFaceNerRecognizer(model_name=str(folder), label_mapping=_KINDS, device="cpu")
    labels = {
        str(label).rpartition("-")[2].upper()
        for label in recogniser.ner_pipeline.model.config.id2label.values()
    }
    if not labels & _KINDS.keys():
        raise ValueError("no label of the model is a person or a place")
    return recogniser


def _gliner(folder: Path) -> Any:
    from presidio_analyzer.predefined_recognizers import GLiNERRecognizer

    return GLiNERRecognizer(
        model_name=str(folder), entity_mapping=_LABELS, map_location="cpu", local_files_only=True
    )
