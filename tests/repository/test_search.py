"""What is found in a repository's files, at which lines, and what is left alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from scanner.repository.kinds import Kind, kind_of
from scanner.repository.search import Committed, search
from tests.repository.invented import Person, people

PEOPLE = people(12)
_HEADER = ("first_name", "last_name", "nhs_number", "date_of_birth", "diagnosis")


def found_in(folder: Path, name: str, text: str) -> Committed | None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    searched = search(folder)
    assert not [gap for gap in searched.gaps if not gap.reason.chosen], searched.gaps
    return searched.found[0] if searched.found else None


def types(one: Committed | None) -> set[str]:
    assert one is not None
    return {item.entity_type for item in one.holding.types}


def rows(some: Sequence[Person] = PEOPLE) -> list[tuple[str, ...]]:
    return [(p.given, p.family, p.nhs, p.born, "Asthma") for p in some]


def as_csv() -> str:
    return "\n".join(",".join(row) for row in (_HEADER, *rows())) + "\n"


def as_json() -> str:
    return json.dumps([dict(zip(_HEADER, row, strict=True)) for row in rows()], indent=1)


def as_yaml() -> str:
    return "".join(
        f"- model: app.person\n  fields:\n    full_name: {p.given} {p.family}\n    nino: {p.nino}\n    date_of_birth: {p.born}\n"
        for p in PEOPLE
    )


def as_insert() -> str:
    values = ",\n".join(f"('{p.given} O''{p.family}', '{p.nino}', '{p.born}')" for p in PEOPLE)
    return f"INSERT INTO person (full_name, nino, date_of_birth) VALUES\n{values};\n"


def as_mysqldump() -> str:
    made = "CREATE TABLE `person` (\n  `id` int,\n  `full_name` text,\n  `nino` text,\n  PRIMARY KEY (`id`)\n);\n"
    return made + "".join(
        f"INSERT INTO `person` VALUES ({n},'{p.given} {p.family}','{p.nino}');\n"
        for n, p in enumerate(PEOPLE)
    )


def as_copy() -> str:
    lines = "\n".join(f"{n}\t{p.given} {p.family}\t{p.email}\t{p.born}" for n, p in enumerate(PEOPLE))
    return f"COPY public.person (id, full_name, email, date_of_birth) FROM stdin;\n{lines}\n\\.\n"


def as_notebook() -> str:
    head = "<table><tr><th></th><th>full_name</th><th>nhs_number</th></tr>"
    body = "".join(
        f"<tr><th>{n}</th><td>{p.given} {p.family}</td><td>{p.nhs}</td></tr>\n" for n, p in enumerate(PEOPLE)
    )
    output = {"output_type": "execute_result", "data": {"text/html": [head, body, "</table>"]}}
    return json.dumps(
        {"cells": [{"cell_type": "code", "source": ["df"], "outputs": [output]}], "nbformat": 4}
    )


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("fixtures/patients.csv", as_csv(), {"PERSON", "UK_NHS", "DATE_OF_BIRTH", "HEALTH"}),
        ("fixtures/patients.json", as_json(), {"PERSON", "UK_NHS", "DATE_OF_BIRTH", "HEALTH"}),
        ("fixtures/people.yaml", as_yaml(), {"PERSON", "UK_NINO", "DATE_OF_BIRTH"}),
        ("db/seed.sql", as_insert(), {"PERSON", "UK_NINO", "DATE_OF_BIRTH"}),
        ("db/backup.sql", as_mysqldump(), {"PERSON", "UK_NINO"}),
        ("db/people.dump", as_copy(), {"PERSON", "EMAIL_ADDRESS", "DATE_OF_BIRTH"}),
        ("explore.ipynb", as_notebook(), {"PERSON", "UK_NHS"}),
    ],
)
def test_records_in_the_files_that_keep_them(
    tmp_path: Path, name: str, text: str, expected: set[str]
) -> None:
    one = found_in(tmp_path, name, text)
    assert types(one) >= expected
    assert one is not None and one.path == name and one.holding.individuals.low >= 10


def test_workbooks_databases_and_archives_are_opened(tmp_path: Path) -> None:
    import sqlite3
    import zipfile

    import openpyxl

    book = openpyxl.Workbook()
    for row in (_HEADER, *rows()):
        book.active.append(row)
    book.save(tmp_path / "people.xlsx")
    with sqlite3.connect(tmp_path / "cases.sqlite3") as database:
        database.execute(f"CREATE TABLE person ({', '.join(_HEADER)})")
        database.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", rows())
    database.close()
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("patients.csv", as_csv())
    found = {one.path: one for one in search(tmp_path).found}
    assert set(found) == {"people.xlsx", "cases.sqlite3", "old.zip"}
    for one in found.values():
        assert types(one) >= {"PERSON", "UK_NHS", "HEALTH"} and one.lines == (1,)


def test_special_categories_raise_the_band(tmp_path: Path) -> None:
    one = found_in(tmp_path, "patients.csv", as_csv())
    assert one is not None and one.holding.sensitivity.name == "S3" and one.lines[0] == 2


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        (".env", "TEST_NHS_NUMBER={p.nhs}", "UK_NHS"),
        ("src/test_claims.py", 'claim = make(nino="{p.nino}")', "UK_NINO"),
        ("infra/terraform.tfvars", 'nhs_number = "{p.nhs}"', "UK_NHS"),
        ("README.md", "For example, the NHS number {p.nhs}.", "UK_NHS"),
    ],
)
def test_numbers_in_code_and_text(tmp_path: Path, name: str, line: str, expected: str) -> None:
    one = found_in(tmp_path, name, f"# a comment\n{line.format(p=PEOPLE[0])}\n")
    assert types(one) == {expected} and one is not None and one.lines == (2,)
    assert not any(value in one.shown for value in PEOPLE[0].values)


def test_a_record_in_variables_needs_more_than_one_kind(tmp_path: Path) -> None:
    p = PEOPLE[3]
    record = f'users = [{{ dob = "{p.born}", email = "{p.email}", phone = "{p.phone}" }}]\n'
    assert types(found_in(tmp_path, "dev.tfvars", record)) == {
        "DATE_OF_BIRTH",
        "EMAIL_ADDRESS",
        "PHONE_NUMBER",
    }
    assert found_in(tmp_path / "other", "alerts.tf", f'endpoint = "{p.email}"\n') is None


def test_people_by_name_and_contact_in_code(tmp_path: Path) -> None:
    record = '  {{ name = "{p.given} {p.family}", email = "{p.email}" }},\n'
    text = "locals {\n  staff = [\n" + "\n\n\n\n".join(record.format(p=p) for p in PEOPLE[:3]) + "  ]\n}\n"
    assert types(found_in(tmp_path / "a", "users.tf", text)) == {"PERSON", "EMAIL_ADDRESS"}
    one = 'contact = {{ name = "{p.given} {p.family}", email = "{p.email}" }}\n'.format(p=PEOPLE[0])
    assert found_in(tmp_path / "b", "main.tf", one) is None
    doe = 'users = [{ name = "John Doe", email = "john@doe.com" }, { name = "Jane Doe", email = "jane@doe.com" }]\n'
    assert found_in(tmp_path / "c", "main.tf", doe) is None


_KEPT_FOR_TESTS = (
    'u = dict(email="jo@example.com", phone="07700 900123", dob="1980-01-01", nhs="999 123 4560", nino="QQ123456C")\n'
    'card = "4111 1111 1111 1111"; iban = "GB00 0000 0000 0000 0000 00"; ip = "192.0.2.7"; n = "1234567890"\n'
    'nino = "AB123456C"\n'
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("conftest.py", _KEPT_FOR_TESTS),
        ("pyproject.toml", 'authors = [{name = "A. Person", email = "a.person@gov.uk"}]\n'),
        ("package.json", json.dumps({"contributors": [{"name": p.given, "email": p.email} for p in PEOPLE]})),
        ("CONTRIBUTORS.md", "".join(f"- {p.given} {p.family} <{p.email}>\n" for p in PEOPLE)),
        ("hashes.py", "".join(f'H{n} = "{n * 7919 % 10**9:032x}"\n' for n in range(200))),
        ("versions.txt", "".join(f"tool 1.{n}.2{n:05d} 2024-01-{n % 28 + 1:02d}\n" for n in range(200))),
        (
            "constants.c",
            "".join(f"static const long k{n} = {n * 6700417 % 10**16:016d};\n" for n in range(300)),
        ),
        ("main.tf", 'policy = jsonencode({ Version = "2012-10-17", account = "123456789012" })\n'),
        (
            "schools.csv",
            "urn,school,postcode\n" + "".join(f"{n},Hill School {n},LS{n} 2AB\n" for n in range(1, 9)),
        ),
    ],
)
def test_ordinary_files_are_left_alone(tmp_path: Path, name: str, text: str) -> None:
    assert found_in(tmp_path, name, text) is None


def test_a_fixture_of_reserved_addresses_is_test_data(tmp_path: Path) -> None:
    rows = "".join(f"{p.given},{p.family},user{n}@example.com\n" for n, p in enumerate(PEOPLE))
    assert found_in(tmp_path, "fixtures/users.csv", f"first_name,last_name,email\n{rows}") is None


def test_only_added_lines_count(tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text(as_csv())
    assert search(tmp_path, added={"patients.csv": ()}).found == ()
    [one] = search(tmp_path, added={"patients.csv": {3, 4}}).found
    assert one.lines == (3, 4)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("LICENSE", Kind.CREDITS), ("docs/CONTRIBUTORS.md", Kind.CREDITS), ("AUTHORS.txt", Kind.CREDITS),
        ("package.json", Kind.CREDITS), ("openapi.yaml", Kind.CREDITS), ("CHANGES.rst", Kind.CREDITS),
        ("data/history.csv", Kind.DELIMITED), ("support_tickets.json", Kind.JSON), ("security_users.sql", Kind.SQL),
        ("authors.yaml", Kind.YAML), ("notice.py", Kind.TEXT), ("main.tf", Kind.TEXT), ("Makefile", Kind.TEXT),
    ],
)  # fmt: skip
def test_kinds_by_name(name: str, kind: Kind) -> None:
    assert kind_of(name) is kind


def test_ignored_files_locks_and_binaries(tmp_path: Path) -> None:
    for name in ("kept.csv", "private/people.csv", "vendor/people.csv", "package-lock.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(as_csv())
    (tmp_path / "logo.bin").write_bytes(bytes(range(256)) * 20)
    (tmp_path / ".gitignore").write_text("/private/\n")
    (tmp_path / ".dpscanignore").write_text("vendor\n")
    searched = search(tmp_path)
    assert [one.path for one in searched.found] == ["kept.csv"]
    assert {gap.detail.partition(",")[0] for gap in searched.gaps} == {
        "binary files", "lock files and files made by machines",
    }  # fmt: skip


def test_a_long_file_is_searched_at_its_beginning_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.repository.walking.LARGEST", 400)
    (tmp_path / "people.csv").write_text(as_csv())
    searched = search(tmp_path)
    assert searched.found and any("only its first" in gap.detail for gap in searched.gaps)


def test_names_alone_need_the_model(tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text(
        "post,holder\n" + "".join(f"{n},{p.given} {p.family}\n" for n, p in enumerate(PEOPLE))
    )
    assert search(tmp_path).found == ()
    note = "\n\n".join(
        f"Spoke to {p.given} {p.family} about the hearing and promised to ring back." for p in PEOPLE
    )
    (tmp_path / "handover.txt").write_text(note)
    assert search(tmp_path).found == ()
    one = next(found for found in search(tmp_path, names=True).found if found.path == "handover.txt")
    assert types(one) == {"PERSON"} and one.lines[0] == 1 and one.shown == "…"


def test_nothing_is_loaded_for_code_without_figures(tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "main.tf").write_text('resource "aws_s3_bucket" "b" {}\n')
    code = (
        "import sys; from pathlib import Path; from scanner.repository.search import search; "
        f"search(Path({str(tmp_path)!r})); "
        "print([m for m in ('presidio_analyzer', 'spacy', 'numpy', 'pyarrow', 'scanner.columns', 'scanner.recognisers.uk') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
