"""Names of files are reduced by patterns and lexicon; the department's own words stay."""

from __future__ import annotations

import pytest

from scanner.common.names import reduce_column, reduce_name, reduce_place
from scanner.model import Place


@pytest.mark.parametrize(
    ("name", "reduced"),
    [
        ("hr/Okonkwo, Chidinma/appraisal.docx", "hr/(name)/appraisal.docx"),
        ("letters/John Smith 2024.pdf", "letters/(name) ####.pdf"),
        ("letters/SmithJohn.pdf", "letters/(name).pdf"),
        ("export-2024-01-31.csv.gz", "export-####-##-##.csv.gz"),
        ("QQ123456C.pdf", "(id).pdf"),
        ("case qq 12 34 56 c notes.txt", "case (id) notes.txt"),
        ("to jane.doe@example.org.eml", "to (e-mail).eml"),
        ("visit SW1A 2AA.txt", "visit (postcode).txt"),
        ("logs/app.log", "logs/app.log"),
        ("May sales report.xlsx", "May sales report.xlsx"),
        ("post/complaint.eml", "post/complaint.eml"),
        ("data/street list.csv", "data/street list.csv"),
        ("photo IMG_2201.JPG", "photo IMG_####.JPG"),
        ("home/jane.smith/Mail/1", "home/(name)/Mail/#"),
        ("amina.khan", "(name)"),
        ("john.smith.docx", "(name).docx"),
        ("jane smith.pages", "(name).pages"),
        ("old.bak", "old.bak"),
        ("report.page", "report.page"),
    ],
)
def test_reduced(name: str, reduced: str) -> None:
    assert reduce_name(name) == reduced


def test_reducing_twice_changes_nothing() -> None:
    for name in ("hr/Okonkwo, Chidinma/2024 QQ123456C.docx", "a/b/c.txt", "jane@example.org"):
        assert reduce_name(reduce_name(name)) == reduce_name(name)


def test_tables_and_columns_of_databases_stay() -> None:
    place = Place((("schema", "smith"), ("table", "john_smith_2024"), ("column", "QQ123456C")))
    assert reduce_place(place) == place


def test_columns_of_files_lose_values_taken_for_headers() -> None:
    assert reduce_column("National Insurance number") == "National Insurance number"
    assert reduce_column("line 2") == "line 2"
    assert reduce_column("QQ123456C") == "(id)"
    assert reduce_column("jane@example.org") == "(e-mail)"
    assert reduce_column("07700900123") == "###########"
    place = Place((("object", "a.csv"), ("column", "QQ123456C")))
    assert reduce_place(place).column == "(id)"


def test_a_reduced_prefix_covers_the_reduced_objects_under_it() -> None:
    prefix = reduce_place(Place((("prefix", "exports/2024/"),)))
    assert prefix.covers(reduce_place(Place((("object", "exports/2024/q1/people.csv"),))))
    assert not prefix.covers(reduce_place(Place((("object", "imports/2024/people.csv"),))))
