"""The public detector: shape, conflicts, test ranges, documentation."""

from __future__ import annotations

import doctest
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import scanner
from scanner import Detection, Detector
from scanner.errors import ConfigError
from scanner.model import ENTITY_TYPES
from scanner.overlaps import resolve

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def plain() -> Detector:
    return Detector(names=False)


@pytest.fixture(scope="module")
def full() -> Detector:
    return Detector()


def test_shape(plain: Detector) -> None:
    [hits, none] = plain.text(["NHS number: 943 476 5919", ""])
    assert none == []
    [hit] = hits
    assert isinstance(hit, scanner.Detection)
    assert (hit.entity_type, hit.start, hit.end, hit.validated, hit.test_range) == (
        "UK_NHS",
        12,
        24,
        True,
        True,
    )
    assert "pattern NHS number" in hit.reasons
    assert "943" not in repr(hit)


def test_reported_types_are_public_ones(full: Detector) -> None:
    assert set(full.entity_types) <= set(ENTITY_TYPES)


def test_names_model_is_named(plain: Detector, full: Detector) -> None:
    assert plain.names_model == "none: switched off"
    assert re.fullmatch(r"dpscan light names model \d+ \(sha256 [0-9a-f]{12}\)", full.names_model)


def test_unknown_pipeline_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="spacy_model"):
        Detector(spacy_model="no_such_pipeline")


def test_pickles(full: Detector) -> None:
    texts = ["Mrs Patel, NHS number 943 476 5919, lives in Leeds."]
    before = full.text(texts)
    assert pickle.loads(pickle.dumps(full)).text(texts) == before


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("NINO: QQ123456C", ["UK_NINO"]),
        ("mail bob.smith@example.com", ["EMAIL_ADDRESS"]),
        ("card 4111 1111 1111 1111 for Mrs Patel", ["CREDIT_CARD", "PERSON"]),
        ("12 High Street, Leeds, LS1 4AP", ["ADDRESS"]),
        ("call 020 7946 0123 on 03/04/2025", ["PHONE_NUMBER", "DATE_TIME"]),
        ("sort code 12-34-56 account 12345678", ["UK_SORT_CODE", "UK_BANK_ACCOUNT"]),
        ("NHS no. 401 023 2137 or UTR 2234567890", ["UK_NHS", "UK_UTR"]),
    ],
)
def test_conflicts(full: Detector, text: str, kinds: list[str]) -> None:
    assert [d.entity_type for d in full.text([text])[0]] == kinds


def test_evidence_decides_not_the_score_alone() -> None:
    model = Detection("DATE_TIME", 0, 11, 0.85, False, ("model spaCy",), "names")
    checked = Detection("PHONE_NUMBER", 0, 11, 0.75, True, ("pattern telephone number", "check plan"), "uk")
    labelled = Detection(
        "UK_PASSPORT", 0, 9, 0.8, False, ("pattern passport number", "context passport (label)"), "uk"
    )
    guess = Detection("PERSON", 0, 30, 0.9, False, ("model spaCy",), "names")
    assert resolve("x" * 40, [model, checked]) == [checked]
    assert resolve("x" * 40, [guess, labelled]) == [labelled]
    assert resolve("x" * 40, [model, checked, labelled, guess]) == [labelled]


def test_order_of_proposals_does_not_matter() -> None:
    a = Detection("PERSON", 0, 8, 0.7, False, ("model spaCy",), "names")
    b = Detection("LOCATION", 4, 12, 0.7, False, ("model spaCy",), "names")
    c = Detection("PERSON", 0, 8, 0.8, False, ("pattern forename and surname",), "names")
    one, other = resolve("x" * 12, [a, b, c]), resolve("x" * 12, [c, b, a])
    assert [(d.entity_type, d.start, d.end, d.score) for d in one] == [("PERSON", 0, 8, 0.8)]
    assert [(d.entity_type, d.start, d.end, d.score) for d in other] == [("PERSON", 0, 8, 0.8)]


class Badges:
    """A user's own recogniser."""

    name = "badges"
    entity_types = ("STAFF_BADGE",)

    def text(self, texts: Sequence[str]) -> list[list[Detection]]:
        return [
            [
                Detection("STAFF_BADGE", m.start(), m.end(), 0.7, False, ("pattern badge",), self.name)
                for m in re.finditer(r"SB-[0-9]{4}", text)
            ]
            for text in texts
        ]


def test_own_recogniser() -> None:
    detector = Detector(names=False, recognisers=[Badges()])
    assert [d.entity_type for d in detector.text(["badge SB-1234"])[0]] == ["STAFF_BADGE"]


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 20_000,
        "12-" * 20_000,
        "A" * 50_000,
        "a1" * 25_000,
        "<" * 50_000,
        "@" * 50_000,
        "a@" * 25_000,
        ":" * 50_000,
        "0:" * 25_000,
        "Aa " * 20_000,
        "A, " * 20_000,
        "é" * 50_000 + "@",
        "http://" * 8_000,
        "password=" * 6_000,
        "Mr Mr " * 9_000,
        "7" * 50_000,
        "1 Aa " * 10_000 + "LS1 4AP",
        "\n" * 50_000,
        "(+44" * 12_000,
        "GB29 NWBK " * 5_000,
    ],
    ids=lambda text: text[:9].strip() or "blank",
)
@pytest.mark.timeout(20)
def test_no_text_takes_for_ever(plain: Detector, text: str) -> None:
    plain.text([text])


def test_patterns_of_names_take_bounded_time() -> None:
    from scanner.recognisers.name_patterns import names_in

    for text in (
        "Aa " * 20_000,
        "A. " * 20_000,
        "Smith, " * 9_000,
        "Mr & Mrs " * 6_000,
        "Name: " * 9_000,
        "O'" * 20_000,
    ):
        list(names_in(text))


def test_offsets_hold_where_lower_case_is_longer(plain: Detector) -> None:
    text = "İİİİ NHS number 943 476 5919"
    [hit] = [d for d in plain.text([text])[0] if d.entity_type == "UK_NHS"]
    assert text[hit.start : hit.end] == "943 476 5919"


def test_columns(full: Detector) -> None:
    results = full.columns(
        {
            "nhs_no": ["943 476 5919", "999 012 3454", "999 012 3462", None],
            "colour": ["red", "blue", "green", "red"],
        }
    )
    assert results["nhs_no"].entity_type == "UK_NHS"
    assert results["nhs_no"].test_range_share == 1.0
    assert results["colour"].entity_type is None


def test_documentation_examples_run() -> None:
    results = doctest.testfile(
        str(DOCS / "detector.md"),
        module_relative=False,
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS,
    )
    assert results.attempted > 5
    assert results.failed == 0


def test_docstring_example_runs() -> None:
    import scanner.detector

    results = doctest.testmod(scanner.detector)
    assert results.attempted
    assert results.failed == 0


def test_entity_page_is_current() -> None:
    from scanner.model.entity_page import page

    assert (DOCS / "entity-types.md").read_text("utf-8") == page(), "run: python -m scanner.model.entity_page"


def test_an_address_given_as_a_login_is_an_address() -> None:
    text = "user=ada@example.com"
    [found] = Detector(names=False).text([text])
    assert [(d.entity_type, text[d.start : d.end]) for d in found] == [("EMAIL_ADDRESS", "ada@example.com")]


def test_the_order_of_words_in_memory_decides_nothing() -> None:
    """Python hashes strings anew in every process: the same texts must give the same detections all the same."""
    program = (
        "import sys; from scanner import Detector; from tests.recognisers.corpus import read; from pathlib import Path\n"
        "texts = [text for _, text, _ in read(Path('tests/corpus/text/notes.txt'))]\n"
        "print(Detector().text(texts + [' '.join(texts)]))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert len(said[0]) > 10_000
    assert said[0] == said[1]
