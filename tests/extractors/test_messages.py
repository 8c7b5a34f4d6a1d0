"""Outlook, calendars, contacts, notebooks: what is inside what."""

from __future__ import annotations

import base64

from scanner.model import GapReason
from tests.extractors import samples, samples_binary, samples_more
from tests.extractors.reading import read


def test_message_with_attachments() -> None:
    out = read(samples.good("mail.msg"), "mail.msg")
    assert {
        "mail.msg › headers",
        "mail.msg › recipients",
        "mail.msg › staff.csv",
        "mail.msg › message",
    } <= out.places
    assert "call Chi on 01632 960003" in out.everything, "a message attached to a message"
    (recipients,) = [t for t in out.tables if t.place.text == "mail.msg › recipients"]
    assert list(recipients.columns["smtp address"]) == ["bela@example.com"]


def test_attachments_of_attachments() -> None:
    inner = samples_binary.message({"staff.zip": samples.zipped()})
    out = read(samples_binary.message({"inner.msg": inner}), "outer.msg")
    assert "outer.msg › inner.msg › staff.zip › hr/staff.csv" in out.places


def test_store_with_folders() -> None:
    out = read(samples.good("mail.pst"), "mail.pst")
    assert {"mail.pst › Inbox", "mail.pst › Inbox › headers", "mail.pst › Inbox › staff.csv"} <= out.places
    assert "QQ123456A" in out.visible


def test_contacts_are_rows() -> None:
    out = read(samples.good("staff.vcf"), "staff.vcf")
    assert out.column("email") == [row[2] for row in samples.PEOPLE]
    assert out.column("postcode") == ["ZZ1 1ZZ"] * 4
    assert out.column("note")[0] == "National insurance, as told: QQ123456A"


def test_old_contacts_in_quoted_printable() -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:B=C3=A9la =\r\nFictional\r\n"
        "TEL;HOME:01632 960002\r\nEND:VCARD\r\n"
    )
    out = read(card.encode(), "x.vcf")
    assert out.column("full name") == ["Béla Fictional"]
    assert out.column("telephone") == ["01632 960002"]


def test_events_and_what_is_attached() -> None:
    out = read(samples.good("review.ics"), "review.ics")
    event = next(t for t in out.tables if "summary" in t.columns)
    assert event.columns["organizer"] == ["ada@example.com"]
    assert event.columns["organizer name"] == ["Ada Synthetic"]
    assert event.columns["description"] == ["Bring the file of QQ223456B, and the letter."]
    assert "review.ics › attach-1" in out.places


def test_notebook_outputs_are_tables_and_text() -> None:
    out = read(samples.good("staff.ipynb"), "staff.ipynb")
    assert out.columns == samples.HEADER
    assert out.tables[0].place.text == "staff.ipynb › output"
    assert "found dia@example.com" in out.everything
    assert "staff.head()" in out.everything


def test_rtf_hides_and_embeds() -> None:
    picture = samples_more.line().hex()
    text = (
        r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\author Zoe Author}}Seen b\'e9la \u233?{\v unseen words}"
        r"{\field{\*\fldinst HYPERLINK mailto:hidden@example.com}{\fldrslt link}}\par"
        rf"{{\pict\pngblip {picture}}}}}"
    )
    out = read(text.encode("ascii"), "x.rtf")
    assert "Seen béla é" in out.visible
    assert "unseen words" not in out.visible
    for words in ("unseen words", "Zoe Author", "hidden@example.com"):
        assert words in out.hidden
    assert "ada@example.com" in out.everything, "the picture was read"
    assert "Arial" not in out.everything


def test_an_unclosed_picture_in_a_card_is_a_gap_not_an_end() -> None:
    photo = base64.b64encode(b"\x89PNG\r\n\x1a\n damaged").decode()
    out = read(
        f"BEGIN:VCARD\nFN:Ada\nPHOTO;ENCODING=b;TYPE=PNG:{photo}\nEMAIL:ada@example.com\nEND:VCARD\n".encode(),
        "x.vcf",
    )
    assert samples.MARK in out.everything
    assert out.reasons == [GapReason.CORRUPT]
