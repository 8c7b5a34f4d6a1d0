"""Names models in folders: transformers for real (a tiny one with random weights), and refusals."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from scanner.errors import ConfigError, MissingExtra
from scanner.recognisers.light.presidio import LightNamesRecognizer, blank_engine
from scanner.recognisers.name_folders import entities
from scanner.recognisers.name_models import choose
from scanner.recognisers.names import NamesRecogniser

_TRANSFORMERS = importlib.util.find_spec("transformers") and importlib.util.find_spec("torch")
_WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] mr smith lives in leeds and met aisha khan . , the".split()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="never downloaded"):
        NamesRecogniser(str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("marker", "kind"), [("config.json", "transformers"), ("gliner_config.json", "gliner")]
)
def test_what_is_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marker: str, kind: str
) -> None:
    (tmp_path / marker).write_text("{}", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(importlib.util, "find_spec", lambda _: None)
        with pytest.raises(MissingExtra, match=rf"dpscan\[{kind}\]"):
            choose(str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    with pytest.raises(ConfigError, match="holds no weights"):
        choose(str(tmp_path))


def _tiny(folder: Path, labels: dict[int, str]) -> Path:
    """A BERT of one layer with random weights, saved as its library saves models."""
    import torch
    import transformers

    torch.manual_seed(4)
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(_WORDS), "utf-8")
    config = transformers.BertConfig(
        vocab_size=len(_WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        id2label=labels, label2id={name: i for i, name in labels.items()},
    )  # fmt: skip
    model = transformers.BertForTokenClassification(config)
    model.classifier.bias.data[1] = 8.0  # every token is the second label
    model.save_pretrained(folder)
    transformers.BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.mark.skipif(not _TRANSFORMERS, reason="needs the extra `transformers`")
def test_a_transformers_model_reads_names(tmp_path: Path) -> None:
    recogniser = NamesRecogniser(str(_tiny(tmp_path / "tiny", {0: "O", 1: "B-PER", 2: "I-PER"})))
    assert recogniser.model == "transformers model tiny (unverified: chosen by the user)"
    text = "Aisha Khan lives in Leeds"
    found = recogniser.text([text])[0]
    assert any("model transformers" in d.reasons for d in found)


@pytest.mark.skipif(not _TRANSFORMERS, reason="needs the extra `transformers`")
def test_a_transformers_model_without_people_or_places_is_refused(tmp_path: Path) -> None:
    recogniser = NamesRecogniser(str(_tiny(tmp_path / "tiny", {0: "O", 1: "B-CHEMICAL"})))
    with pytest.raises(ConfigError, match="could not be loaded"):
        recogniser.text(["Aisha Khan lives in Leeds"])


@pytest.mark.skipif(not _TRANSFORMERS, reason="needs the extra `transformers`")
def test_a_damaged_transformers_folder_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    folder = _tiny(tmp_path / "tiny", {0: "O", 1: "B-PER"})
    (folder / "config.json").write_text(json.dumps({"model_type": "no such"}), "utf-8")
    with pytest.raises(ConfigError, match="could not be loaded"):
        NamesRecogniser(str(folder)).text(["Aisha Khan lives in Leeds"])


@pytest.mark.skipif(
    not (_TRANSFORMERS and importlib.util.find_spec("gliner")), reason="needs the extra `gliner`"
)
def test_a_gliner_model_reads_names(tmp_path: Path) -> None:
    import gliner
    import transformers

    encoder = tmp_path / "encoder"
    encoder.mkdir()
    words = [*_WORDS, *"person location <<ENT>> <<SEP>> [FLERT]".split()]
    (encoder / "vocab.txt").write_text("\n".join(words), "utf-8")
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    transformers.BertModel(config).save_pretrained(encoder)
    transformers.BertTokenizerFast(vocab_file=str(encoder / "vocab.txt")).save_pretrained(encoder)
    made = gliner.GLiNER.from_config(
        gliner.GLiNERConfig(
            model_name=str(encoder), hidden_size=16, max_width=4, max_len=64, num_rnn_layers=1
        )
    )
    made.save_pretrained(str(tmp_path / "model"))
    recogniser = NamesRecogniser(str(tmp_path / "model"))
    assert recogniser.model == "GLiNER model model (unverified: chosen by the user)"
    assert recogniser.text(["Aisha Khan lives in Leeds"])[0]
    given = entities("GLiNER", tmp_path / "model")(["Aisha Khan lives in Leeds"])
    assert all(kind in ("PERSON", "LOCATION") and a < b for _, found in given for a, b, kind in found)


def test_light_names_in_a_plain_presidio_analyzer() -> None:
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

    registry = RecognizerRegistry(supported_languages=["en"])
    registry.add_recognizer(LightNamesRecognizer())
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=blank_engine(), supported_languages=["en"])
    text = "Chidinma Okonkwo moved from Swindon to Leeds with Mrs Patel."
    results = analyzer.analyze(text, language="en")
    found = {(r.entity_type, text[r.start : r.end]) for r in results}
    assert {("PERSON", "Chidinma Okonkwo"), ("PERSON", "Patel"), ("LOCATION", "Leeds")} <= found
    only = analyzer.analyze(text, language="en", entities=["LOCATION"])
    assert {r.entity_type for r in only} == {"LOCATION"}
    assert all(
        r.analysis_explanation.recognizer == "LightNamesRecognizer" for r in only if r.analysis_explanation
    )
