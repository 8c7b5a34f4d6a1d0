"""Presidio behind our contract: right names, right offsets, no network."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from scanner.recognisers.presidio import PresidioRecogniser


def found(text: str, **options: object) -> set[tuple[str, str]]:
    recogniser = PresidioRecogniser(**options)  # type: ignore[arg-type]
    return {(d.entity_type, text[d.start : d.end]) for d in recogniser.text([text])[0]}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("see https://www.gov.uk/guidance/x?y=1 now", "URL", "https://www.gov.uk/guidance/x?y=1"),
        ("at www.leeds.gov.uk today", "URL", "www.leeds.gov.uk"),
        ("write to josé@exämple.com today", "EMAIL_ADDRESS", "josé@exämple.com"),
        ("at 2026-03-01T10:20:31+01:00 the", "DATE_TIME", "2026-03-01T10:20:31+01:00"),
        ("card 4111 1111 1111 1111.", "CREDIT_CARD", "4111 1111 1111 1111"),
        ("GB29 NWBK 6016 1331 9268 19", "IBAN_CODE", "GB29 NWBK 6016 1331 9268 19"),
    ],
)
def test_hits(text: str, kind: str, value: str) -> None:
    assert (kind, value) in found(text)


@pytest.mark.parametrize(
    "text", ["card 4111 1111 1111 1112", "GB29 NWBK 6016 1331 9268 18", "a.b.c and e.g. this"]
)
def test_near_misses(text: str) -> None:
    assert found(text) == set()


def test_us_identifiers_only_when_asked_for() -> None:
    text = "SSN 536-90-4399 and passport 912345678, US bank account 123456789012"
    assert not {k for k, _ in found(text) if k.startswith("US_")}
    asked = found(text, us=True)
    assert ("US_SSN", "536-90-4399") in asked
    assert ("US_PASSPORT", "912345678") in asked
    assert ("US_BANK_NUMBER", "123456789012") in asked
    assert not {k for k, _ in found("parcel 123456789012 sent", us=True)}


def test_a_recogniser_of_the_users_own() -> None:
    from presidio_analyzer import Pattern, PatternRecognizer

    badge = PatternRecognizer(
        supported_entity="STAFF_BADGE", patterns=[Pattern("badge", r"\bSB-[0-9]{4}\b", 0.7)], name="Badges"
    )
    recogniser = PresidioRecogniser(extra=[badge])
    assert "STAFF_BADGE" in recogniser.entity_types
    [[hit]] = recogniser.text(["badge SB-1234 lost"])
    assert (hit.entity_type, hit.start, hit.end, hit.score) == ("STAFF_BADGE", 6, 13, 0.7)
    assert hit.reasons == ("pattern Presidio Badges",)


def test_presidio_is_not_imported_before_it_is_needed() -> None:
    code = (
        "import sys; from scanner.recognisers.presidio import PresidioRecogniser as P;"
        "P().text(['plain text, 12 of them, nothing else']); assert 'presidio_analyzer' not in sys.modules;"
        "from scanner import Detector; d = Detector();"
        "assert not {'presidio_analyzer', 'spacy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
