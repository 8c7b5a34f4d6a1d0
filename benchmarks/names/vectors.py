"""What the word table of the light names model begins with: word vectors of a spaCy pipeline."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import torch

from scanner.common.lexicon import words
from scanner.recognisers.light.features import WORDS


def row(word: str) -> int:
    """The row of a known word in the word table; row 0 is that of all others."""
    return max(1, crc32(word.encode("utf-8", "surrogatepass")) & (WORDS - 1))


class Vectors:
    """Word vectors of a spaCy pipeline, cut down to the width of the table."""

    def __init__(self, name: str) -> None:
        import spacy

        from scanner.recognisers.name_models import users_pipeline

        folder = users_pipeline(name)[0]
        vocab = spacy.load(
            folder, exclude=["tagger", "parser", "ner", "lemmatizer", "attribute_ruler", "senter", "tok2vec"]
        ).vocab
        written = {vocab.strings[key]: at for key, at in vocab.vectors.key2row.items()}
        self._rows = {word.lower(): at for word, at in reversed(written.items())}
        self._rows.update((word, at) for word, at in written.items() if word.islower())
        data = vocab.vectors.data.astype(np.float32)
        data = data / np.maximum(1e-6, np.linalg.norm(data, axis=1, keepdims=True))
        self._data = data

    def listed(self) -> set[str]:
        parts = {
            part
            for name in ("forenames", "surnames", "places", "world_places", "gazetteer")
            for entry in words(name)
            for part in entry.replace("-", " ").split(" ")
        }
        return {p for p in parts if p in self._rows}

    def put(self, table: torch.Tensor, used: np.ndarray, known: set[str]) -> None:
        """Writes the vectors of known words into their rows; rows of several words hold their mean.
        `used`: the rows of the full table that `table` holds."""
        have = sorted(w for w in known if w in self._rows)
        matrix = self._data[[self._rows[w] for w in have]]
        matrix = matrix - matrix.mean(axis=0)
        _, _, axes = np.linalg.svd(matrix[:20000], full_matrices=False)
        small = matrix @ axes[: table.shape[1]].T
        small *= 0.3 / small.std()
        total = np.zeros(table.shape, np.float32)
        number = np.zeros((len(table), 1), np.float32)
        for word, vector in zip(have, small, strict=True):
            at = np.searchsorted(used, row(word))
            total[at] += vector
            number[at] += 1
        table.data[:] = torch.from_numpy(total / np.maximum(1, number)) + 0.02 * table.data
