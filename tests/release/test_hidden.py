"""Each hidden thing, in each format, with people in it and without; and its clean copy."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from scanner.release.decision import Level
from scanner.release.fixing import clean_ending, fix
from tests.release import binary, documents, legacy, opendocument, pages, pictures, texts, workbooks
from tests.release.people import says

_FORMATS = {
    ".xlsx": workbooks.CASES, ".xls": legacy.CASES, ".xlsb": binary.CASES, ".ods": opendocument.ODS, ".odt": opendocument.ODT,
    ".odp": opendocument.ODP, ".docx": documents.DOCX, ".pptx": documents.PPTX, ".pdf": pages.CASES,
    ".jpg": pictures.JPEG, ".png": pictures.PNG, ".tif": pictures.TIFF, ".csv": texts.CASES,
}  # fmt: skip
CASES = [
    pytest.param(suffix, name, id=f"{suffix[1:]}: {name}")
    for suffix, cases in _FORMATS.items()
    for name in cases
]


@pytest.mark.parametrize(("suffix", "name"), CASES)
def test_people_in_it_stop_the_release_and_the_place_is_named(suffix, name, tmp_path, check, detector):
    make, hiding, words, *_ = _FORMATS[suffix][name]
    path = tmp_path / f"response{suffix}"
    path.write_bytes(make(True))
    verdict = check(path)
    stops = [
        line
        for line in verdict.lines
        if line.level is Level.FAIL and line.hiding == hiding and words in line.where.text
    ]
    assert stops, [(line.level, line.hiding, line.where.text) for line in verdict.lines]
    _and_its_clean_copy_passes(path, hiding, check, detector)


def _and_its_clean_copy_passes(path: Path, hiding: str, check, detector) -> None:
    before = path.read_bytes()
    out = path.with_name(f"clean{clean_ending(path.suffix)}")
    result = fix(path, out, detector)
    assert not result.failed
    assert result.done
    again = check(out)
    assert again.level in (Level.NOTE, Level.WARN), [(line.headline, line.where.text) for line in again.lines]
    assert not [line for line in again.lines if line.hiding], (
        "nothing hidden is left, whether or not people are in it"
    )
    assert path.read_bytes() == before, "the original is never touched"


@pytest.mark.parametrize(("suffix", "name"), CASES)
def test_nobody_in_it_is_no_reason_to_stop(suffix, name, tmp_path, check):
    make, _, _, *rest = _FORMATS[suffix][name]
    path = tmp_path / f"response{suffix}"
    path.write_bytes(make(False))
    verdict = check(path)
    expected = Level[rest[0]] if rest else Level.WARN if name == "covered object" else Level.NOTE
    assert verdict.level is expected, [(line.level, line.headline, line.where.text) for line in verdict.lines]


@pytest.mark.parametrize(
    ("suffix", "name"), [(".xlsx", "hidden sheet"), (".pdf", "black box"), (".docx", "comment")]
)
def test_no_value_leaves(suffix, name, tmp_path, check):
    make, *_ = _FORMATS[suffix][name]
    path = tmp_path / f"response{suffix}"
    path.write_bytes(make(True))
    said = repr(check(path))
    for value in ("Okonkwo", "07700", "example.org"):
        assert value not in said


@pytest.mark.parametrize(
    ("name", "level"), [("hidden-text.doc", Level.UNCHECKED), ("hidden-text.rtf", Level.FAIL)]
)
def test_formats_that_are_read_without_a_family_of_their_own(name, level, check):
    verdict = check(Path(__file__).parent / "samples" / name)
    assert verdict.level is level, "what is not told apart is not checked, which is never clean"


def test_a_workbook_whose_window_is_hidden_opens_as_if_it_were_empty(tmp_path, check):
    path = tmp_path / "response.xlsx"
    path.write_bytes(workbooks.hidden_window(True))
    verdict = check(path)
    assert verdict.level is Level.FAIL
    assert {line.hiding for line in verdict.lines if line.level is Level.FAIL} == {"hidden sheet"}


def test_a_link_to_a_mailbox_is_seen_under_the_mouse(tmp_path, check):
    made = workbooks.book()
    made.active["F2"] = "contact"
    made.active["F2"].hyperlink = "mailto:jane.okonkwo%40example.org"
    path = tmp_path / "response.xlsx"
    path.write_bytes(workbooks.saved(made))
    said = [(line.level, line.headline, line.where.text) for line in check(path).lines]
    assert said == [
        (
            Level.WARN,
            "visible: contact details of one person",
            "sheet “Spend”, addresses and tips of links (F2)",
        )
    ]


def test_a_black_box_in_front_of_text_is_pointed_at(tmp_path, check):
    path = tmp_path / "letter.docx"
    path.write_bytes(documents.black_box(False))
    assert [(line.level, line.hiding) for line in check(path).lines if line.hiding == "covered text"] == [
        (Level.WARN, "covered text")
    ]


def test_white_letters_in_a_dark_cell_are_seen(tmp_path, check):
    path = tmp_path / "letter.docx"
    path.write_bytes(documents.white_on_dark_table(True))
    assert not [line for line in check(path).lines if line.hiding in ("invisible text", "covered text")]


def test_bookmarks_and_links_of_a_pdf_are_seen_beside_the_page(tmp_path, check):
    path = tmp_path / "report.pdf"
    path.write_bytes(pages.bookmark_and_link(True))
    said = {line.headline: line.where.text for line in check(path).lines}
    assert said["visible: contact details of one person"] == "addresses of links; bookmarks"
    path.write_bytes(pages.bookmark_and_link(False))
    assert check(path).level is Level.NOTE


def test_one_person_under_a_table_of_figures_is_found(tmp_path, check):
    path = tmp_path / "figures.csv"
    path.write_text("ward,spend,change\n" + "North,120,3\n" * 10 + "\n" * 30 + "Jane,Okonkwo,JX482157C\n")
    stops = [line for line in check(path).lines if line.level is Level.FAIL]
    assert [(line.hiding, line.where.text) for line in stops] == [
        ("far cells", "the table, row 42 (far from the table)")
    ]


def test_codes_out_of_sight_are_no_people(tmp_path, check):
    path = tmp_path / "figures.csv"
    path.write_text("ward,spend,change\n" + "North,120,3\n" * 10 + "\n" * 30 + "Grace Street,H01,ABC\n")
    assert check(path).level is Level.NOTE


def test_the_comment_of_an_archive_is_read(tmp_path, check):
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "Totals of the second quarter.")
        archive.comment = says(True).encode()
    stops = [line for line in check(path).lines if line.level is Level.FAIL]
    assert [(line.hiding, line.where.text) for line in stops] == [("hidden part", "comment of the archive")]


def test_names_of_files_are_shown_on_one_line_and_in_one_direction(tmp_path, check):
    path = tmp_path / "report\u202excod.csv"
    path.write_text("a,b\n1,2\n")
    shown = check(path).file.where.shown
    assert "\u202e" not in shown
    assert shown.isprintable()
