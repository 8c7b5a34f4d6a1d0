"""Mentions of special categories and offences in running text, through lexicons."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.common.mentions import LEXICONS, mentions
from scanner.model import Detection
from scanner.recognisers.attributes import attributes

_SCORE = 0.45
"""A mention: the text speaks of it, perhaps of nobody in particular."""


class CategoriesRecogniser:
    """Article 9 and Article 10 words, nationality and marital status. Everything it finds is possible, never validated."""

    name = "categories"
    entity_types: tuple[str, ...] = (*LEXICONS, "NATIONALITY", "MARITAL_STATUS")

    def text(self, texts: Sequence[str]) -> Sequence[Sequence[Detection]]:
        """Mentions in each text, in order, without overlaps."""
        return [
            [
                Detection(
                    entity_type,
                    start,
                    end,
                    _SCORE,
                    reasons=("lexicon " + entity_type.lower().replace("_", " "),),
                    recogniser=self.name,
                )
                for entity_type, start, end in mentions(text)
            ]
            + list(attributes(text))
            for text in texts
        ]
