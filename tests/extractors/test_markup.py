"""XML and HTML."""

from __future__ import annotations

from scanner.contracts import Limits
from scanner.model import GapReason
from tests.extractors import samples
from tests.extractors.reading import read


def test_repeated_elements_become_rows() -> None:
    out = read(samples.xml(), "x.xml")
    assert sorted(out.columns) == ["people.person.email", "people.person.name", "people.person.nino"]
    assert out.column("people.person.nino") == [r[3] for r in samples.PEOPLE]


def test_records_right_below_the_root() -> None:
    data = (
        b"<people><person id='1'><name>Ann</name></person><person id='2'><name>Bob</name></person></people>"
    )
    out = read(data, "x.xml")
    assert out.rows == [("1", "Ann"), ("2", "Bob")]


def test_large_containers_are_streamed() -> None:
    person = "<person><name>Ann</name><email>a{}@example.com</email></person>"
    data = "<r><made>2024</made><people>" + "".join(person.format(i) for i in range(60_000)) + "</people></r>"
    out = read(data.encode(), "x.xml", Limits(batch_rows=5000))
    emails = [
        cell
        for t in out.tables
        for name, cells in t.columns.items()
        if name.endswith("email")
        for cell in cells
    ]
    assert emails == [f"a{i}@example.com" for i in range(60_000)]
    assert "2024" in out.everything
    assert not out.gaps


def test_namespaces_comments_and_mixed_text() -> None:
    out = read(b"<n:a xmlns:n='u'><n:p>Ask <b>Ann</b> now</n:p><!-- old: bob@example.com --></n:a>", "x.xml")
    assert "bob@example.com" in out.hidden
    assert "Ann" in out.everything
    assert "now" in out.everything


def test_entities_are_neither_expanded_nor_fetched() -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]><r><a>&l9;</a><a>x</a></r>'
    out = read(bomb.encode(), "x.xml")
    assert len(out.everything) < 10_000
    external = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]><r><a>&e;</a></r>'
    )
    import socket

    assert socket.gethostname() not in read(external.encode(), "x.xml").everything


def test_deep_xml() -> None:
    out = read(b"<r>" + b"<a>" * 20_000 + b"ann" + b"</a>" * 20_000 + b"</r>", "x.xml")
    assert out.reasons == [GapReason.CORRUPT]


def test_windows_1252_without_a_declaration() -> None:
    assert "Béla" in read("<r><n>Béla</n><n>Zoë</n></r>".encode("cp1252"), "x.xml").everything


def test_html_tables_text_and_hidden_parts() -> None:
    out = read(samples.html(), "x.html")
    assert out.columns == samples.HEADER
    assert out.column("Email") == [r[2] for r in samples.PEOPLE]
    assert "Our staff list" in out.visible
    for word in ("hidden@example.com", "secret line", "token-77"):
        assert word in out.hidden
        assert word not in out.visible


def test_html_layout_tables_are_text() -> None:
    out = read(b"<html><body><table><tr><td>Dear Ann</td></tr><tr><td>bye</td></tr></table></body></html>")
    assert not out.tables
    assert "Dear Ann" in out.visible


def test_html_nested_tables_scripts_and_links() -> None:
    out = read(
        b"<html><script>var u='script@example.com'</script><style>.x{}</style><a href='mailto:l@example.com'>x</a>"
        b"<table><tr><td>a<table><tr><td>Name</td><td>Age</td></tr><tr><td>Ann</td><td>3</td></tr></table></td>"
        b"<td>b</td></tr><tr><td>c</td><td>d</td></tr></table></html>"
    )
    assert {"Name", "Age"} in [set(t.columns) for t in out.tables]
    assert "script@example.com" in out.hidden
    assert "l@example.com" in out.hidden
    assert ".x{}" not in out.everything
