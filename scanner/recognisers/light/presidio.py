"""The names recogniser as a Presidio recogniser, for an `AnalyzerEngine` of your own.

    >>> from presidio_analyzer import AnalyzerEngine
    >>> from scanner.recognisers.light.presidio import LightNamesRecognizer, blank_engine
    >>> analyzer = AnalyzerEngine(nlp_engine=blank_engine(), supported_languages=["en"])
    >>> analyzer.registry.add_recognizer(LightNamesRecognizer())

It needs no spaCy model: `blank_engine` gives Presidio the tokens it asks for and no entities.
"""

from __future__ import annotations

from typing import Any

from presidio_analyzer import AnalysisExplanation, LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpEngineProvider

from scanner.recognisers.names import NamesRecogniser


def blank_engine() -> Any:
    """Presidio's engine without a language model."""
    return NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "no_op",
            "models": [{"lang_code": "en", "model_name": "no_op"}],
        }
    ).create_engine()


class LightNamesRecognizer(LocalRecognizer):
    """PERSON and LOCATION by the light names model, its patterns and word lists."""

    name: str

    def __init__(self, supported_language: str = "en") -> None:
        self._names = NamesRecogniser()
        super().__init__(
            supported_entities=list(self._names.entity_types),
            supported_language=supported_language,
            name="LightNamesRecognizer",
        )

    def load(self) -> None:
        """Nothing to do: the model loads at its first text."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002 - Presidio's signature
        """People and places in the text, overlaps left to Presidio."""
        [found] = self._names.text([text])
        return [
            RecognizerResult(
                entity_type=d.entity_type,
                start=d.start,
                end=d.end,
                score=d.score,
                analysis_explanation=AnalysisExplanation(
                    recognizer=self.name, original_score=d.score, textual_explanation="; ".join(d.reasons)
                ),
            )
            for d in found
            if not entities or d.entity_type in entities
        ]
