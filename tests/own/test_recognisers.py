"""Recognisers of a department's own: read from YAML, at work in texts and columns, and their mistakes."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from scanner import Detector
from scanner.errors import ConfigError
from scanner.own.reading import read

HOUSING = """
recognisers:
  - name: tenancy-reference
    entity_type: TENANCY_REFERENCE
    pattern: 'TN[- ]?[0-9]{7}'
    check: {weights: [7, 6, 5, 4, 3, 2, 1], modulus: 11}
    context: [tenancy]
    headers: [tenancy ref]
    examples:
      match: ['Tenancy TN-1000004 began in May']
      no_match: ['TN-1000005', 'TN-0000000', 'XTN-1000004']
  - name: depot-code
    entity_type: DEPOT_CODE
    pattern: '[A-Z]{3}/[0-9]{2}'
    context: [depot]
    needs_context: true
    case_sensitive: true
    examples:
      match: ['the depot LDS/04']
      no_match: ['see LDS/04', 'the depot lds/04']
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(HOUSING)
    return path


def _tenancy(number: int) -> str | None:
    digits = f"{number:06d}"
    total = sum(int(d) * w for d, w in zip(digits, (7, 6, 5, 4, 3, 2), strict=True))
    last = -total % 11
    return f"TN{digits}{last}" if last < 10 else None


def test_a_check_and_words_nearby_decide_in_texts(file: Path) -> None:
    [found, wrong, depot, bare] = Detector(names=False, own=[file]).text(
        ["Tenancy: TN1000004.", "Tenancy: TN1000005.", "Fetch it at depot LDS/04", "LDS/04"]
    )
    [hit] = found
    assert (hit.entity_type, hit.start, hit.end, hit.validated) == ("TENANCY_REFERENCE", 9, 18, True)
    assert hit.reasons == ("pattern tenancy-reference", "check weighted", "context tenancy (label)")
    assert not wrong
    assert [d.entity_type for d in depot] == ["DEPOT_CODE"]
    assert not bare


def test_columns_are_judged_by_the_same(file: Path) -> None:
    good = [ref for number in range(100_000, 100_080) if (ref := _tenancy(number * 7))]
    almost = [ref[:-1] + str((int(ref[-1]) + 1) % 10) for ref in good]
    results = Detector(names=False, own=[file]).columns({"tenancy_ref": good, "C2": almost})
    assert results["tenancy_ref"].entity_type == "TENANCY_REFERENCE"
    assert results["C2"].entity_type is None


def test_it_survives_the_way_to_a_worker(file: Path) -> None:
    detector = pickle.loads(pickle.dumps(Detector(names=False, own=[file])))
    assert [d.entity_type for d in detector.text(["TN1000004"])[0]] == ["TENANCY_REFERENCE"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("pattern: 'TN[- ]?[0-9]{7}'", "pattern: 'TN[0-9'"), "ours.yaml:5.*not a regular expression"),
        (("pattern: 'TN[- ]?[0-9]{7}'", "pattern: '(?=T)N[0-9]{7}'"), "ours.yaml:5.*linear time"),
        (("pattern: 'TN[- ]?[0-9]{7}'", "pattern: '[0-9]*'"), "matches nothing"),
        (("entity_type: TENANCY_REFERENCE", "entity_type: tenancy"), "ours.yaml:4.*capitals"),
        (("modulus: 11", "modulus: 1"), "ours.yaml:6.*2 to 1000"),
        (
            ("weights: [7, 6, 5, 4, 3, 2, 1], modulus: 11", "kind: crc"),
            "is `weighted` where weights are given",
        ),
        (("headers: [tenancy ref]", "header: [tenancy ref]"), "ours.yaml:8.*not a key here"),
        (("TN-1000005'", "TN-1000004'"), "no_match.0.*is recognised, and should not be"),
        (("name: depot-code", "name: tenancy-reference"), "is called 'tenancy-reference' already"),
        (("    context: [depot]\n", ""), "though needs_context is true"),
    ],
)
def test_mistakes_are_told_with_their_line(change: tuple[str, str], message: str) -> None:
    text = HOUSING.replace(*change)
    assert text != HOUSING
    with pytest.raises(ConfigError, match=message):
        read(text, "ours.yaml")


def test_a_configuration_with_a_wrong_file_is_refused(tmp_path: Path) -> None:
    from scanner.config import load

    (tmp_path / "ours.yaml").write_text("recognisers: []\n")
    config = tmp_path / "dpscan.yaml"
    config.write_text("targets: [{connector: files, path: .}]\ndetection: {recognisers: [ours.yaml]}\n")
    with pytest.raises(ConfigError, match=r"ours\.yaml.*recognisers: needs a list"):
        load(config)
