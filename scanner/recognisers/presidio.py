"""Presidio's own recognisers behind our contract.

Ours already cover what a UK text holds; Presidio adds web addresses, e-mail addresses in
other scripts, dates with time zones, a second opinion on cards and IBANs, and (when asked)
the identifiers of the United States. Any Presidio recogniser of the user's own can be added.

Presidio takes two seconds to import, so it is loaded only when a text holds something one of
its recognisers could want. Nothing here uses the network: the e-mail check of Presidio asks
for the public suffix list, so it is given the copy that is packaged with tldextract.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from scanner.common.nearby import Near, context
from scanner.common.reading import read
from scanner.model import Detection

if TYPE_CHECKING:
    from scanner.common.manytexts import ManyTexts, Truth

_CARD = 12
"""Digits in the shortest card number that `CreditCardRecognizer` is shown, one space or hyphen between."""
_LEAST = 0.5
"""Presidio's score below which a match without context is dropped (its weak patterns)."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Bridge:
    """One Presidio recogniser and the pieces of text worth showing to it."""

    entity_type: str
    load: Callable[[], Any]
    trigger: re.Pattern[str]
    """The pieces; each match of it is analysed by itself."""
    gate: re.Pattern[str] | None = None
    """Cheap first look: this must be found in the text."""
    context: tuple[str, ...] = ()
    """Without one of these nearby, matches under `_LEAST` are dropped and others reported as they are."""


def _email() -> Any:
    import tldextract
    from presidio_analyzer.predefined_recognizers import EmailRecognizer

    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)

    class PinnedEmailRecognizer(EmailRecognizer):
        """Presidio's, with the packaged public suffix list instead of a download."""

        def validate_result(self, pattern_text: str) -> bool:
            return extract(pattern_text).fqdn != ""

    return PinnedEmailRecognizer()


def _make(name: str) -> Any:
    import presidio_analyzer.predefined_recognizers as predefined

    return getattr(predefined, name)()


def _predefined(name: str) -> Callable[[], Any]:
    return functools.partial(_make, name)


_BRIDGES: tuple[_Bridge, ...] = (
    _Bridge(
        "URL",
        _predefined("UrlRecognizer"),
        re.compile(
            r"(?<![\w@.-])(?:https?://[^\s<>\"'\])]{3,300}|www\.[^\s<>\"'\])]{3,300}"
            r"|[a-z0-9][a-z0-9-]{1,62}(?:\.[a-z0-9-]{1,63}){0,3}\.(?:gov|nhs|ac|co|org|police)\.uk"
            r"(?:/[^\s<>\"'\])]{0,200})?)"
        ),
        gate=re.compile(r"://|www\.|\.uk"),
    ),
    _Bridge(
        "EMAIL_ADDRESS",
        _email,
        re.compile(r"[^\s<>(),;:\"@]{1,64}@[^\s<>(),;:\"@]{3,255}"),
        gate=re.compile("@"),
    ),
    _Bridge(
        "DATE_TIME",
        _predefined("DateRecognizer"),
        re.compile(
            r"(?<![\w.-])[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[0-9:.]{0,13}[+-][0-9]{2}:[0-9]{2}"
        ),
        gate=re.compile("-[0-9]{2}T[0-2]"),
    ),
    _Bridge(
        "CREDIT_CARD",
        _predefined("CreditCardRecognizer"),
        re.compile(r"(?<![\w.-])[1-6][0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9]{1,4}(?![\w-])"),
        gate=re.compile("[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}"),
    ),
    _Bridge(
        "IBAN_CODE",
        _predefined("IbanRecognizer"),
        re.compile(r"(?<![\w-])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{4}){3,7}(?:[ -]?[A-Z0-9]{1,3})?(?![\w-])"),
        gate=re.compile("[A-Z]{2}[0-9]{2}[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{4}"),
    ),
)
_US: tuple[_Bridge, ...] = (
    _Bridge(
        "US_SSN",
        _predefined("UsSsnRecognizer"),
        re.compile(r"(?<![\w-])[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{4}(?![\w-])"),
        context=("ssn", "social security", "social-security"),
    ),
    _Bridge(
        "US_ITIN",
        _predefined("UsItinRecognizer"),
        re.compile(r"(?<![\w-])9[0-9]{2}[ -]?[5-9][0-9][ -]?[0-9]{4}(?![\w-])"),
        context=("itin", "taxpayer", "tax id"),
    ),
    _Bridge(
        "US_PASSPORT",
        _predefined("UsPassportRecognizer"),
        re.compile(r"(?<![\w-])[A-Z0-9][0-9]{8}(?![\w-])"),
        context=("passport", "us passport"),
    ),
    _Bridge(
        "US_DRIVER_LICENSE",
        _predefined("UsLicenseRecognizer"),
        re.compile(r"(?<![\w-])[A-Z]{0,2}[0-9][0-9A-Z]{5,13}(?![\w-])"),
        context=("driver license", "driver's license", "drivers license", "driver permit", "dmv", "dl"),
    ),
    _Bridge(
        "US_BANK_NUMBER",
        _predefined("UsBankRecognizer"),
        re.compile(r"(?<![\w-])[0-9]{8,17}(?![\w-])"),
        context=("account", "bank", "routing", "checking", "aba"),
    ),
)
_US_TYPES = tuple(bridge.entity_type for bridge in _US)


class PresidioRecogniser:
    """Presidio recognisers on the pieces of a text that could concern them."""

    name = "presidio"

    def __init__(self, *, us: bool = False, extra: Sequence[Any] = ()) -> None:
        """`us`: look for identifiers of the United States too. `extra`: instances of Presidio's
        `EntityRecognizer` that need no language model; they see whole texts."""
        self._us = _US if us else ()
        self._extra = tuple(extra)
        types = [bridge.entity_type for bridge in (*_BRIDGES, *self._us)]
        for recogniser in self._extra:
            types.extend(recogniser.supported_entities)
        self.entity_types: tuple[str, ...] = tuple(dict.fromkeys(types))

    def text(self, texts: Sequence[str]) -> Sequence[Sequence[Detection]]:
        if not self._us and not self._extra:
            return [list(self._one(text)) if _wanted(text) else [] for text in texts]
        return [list(self._one(text)) for text in texts]

    def skim(self, texts: ManyTexts) -> Truth:
        """Which of many texts may hold anything."""
        if self._us or self._extra:
            return texts.digits >= 0
        gates = [
            bridge.gate.pattern
            for bridge in _BRIDGES
            if bridge.gate and bridge.entity_type not in (*texts.without, "EMAIL_ADDRESS")
        ]
        marked = texts.strange | texts.has("@")
        return marked | texts.matching("|".join(gates), ~marked) if gates else marked

    def _one(self, text: str) -> Iterator[Detection]:
        reading = read(text)
        for bridge in (*(_BRIDGES if _wanted(text) else ()), *self._us):
            if bridge.gate and not bridge.gate.search(text):
                continue
            if bridge.load is _email and text.isascii():
                continue  # the UK pass reads those
            words = context(bridge.context) if bridge.context else None
            for piece in bridge.trigger.finditer(text):
                if bridge.load is _email and piece[0].isascii():
                    continue
                support = Near(reading, *piece.span()).support(words) if words else None
                if words and support is None:
                    continue
                yield from self._analyse(bridge, piece, support[0] if support else "")
        for recogniser in self._extra:
            for result in recogniser.analyze(text, list(recogniser.supported_entities), None) or ():
                yield _detection(result, 0, f"pattern Presidio {recogniser.name}", "")

    def _analyse(self, bridge: _Bridge, piece: re.Match[str], word: str) -> Iterator[Detection]:
        recogniser = _loaded(bridge)
        for result in recogniser.analyze(piece[0], list(recogniser.supported_entities), None) or ():
            if result.score >= _LEAST or word:
                yield _detection(result, piece.start(), f"pattern Presidio {recogniser.name}", word)


def _wanted(text: str) -> bool:
    """Cheaply, whether the gate of any of `_BRIDGES` could open."""
    if "@" in text or "://" in text or "www." in text or ".uk" in text:
        return True
    together, last = 0, -2
    for start, end in read(text).numbers:
        size = end - start
        together = together + size if start - last == 1 and text[last] in " -" else size
        last = end
        if together >= _CARD or (size == 4 and text[end : end + 1] == "-" and "T" in text):
            return True
        if (
            start > 1
            and size >= 2
            and text[start - 2 : start].isupper()
            and text[start - 2 : start].isalpha()
        ):
            return True  # perhaps an IBAN
    return False


@functools.cache
def _loaded(bridge: _Bridge) -> Any:
    """Each recogniser is made once a process, at its first use."""
    return bridge.load()


def _detection(result: Any, offset: int, pattern: str, word: str) -> Detection:
    validated = result.score >= 1.0
    score = min(0.96, max(result.score, 0.6) if word else result.score)
    reasons = [pattern]
    if validated:
        reasons.append("check passed")
    if word:
        reasons.append(f"context {word}")
    return Detection(
        result.entity_type,
        offset + result.start,
        offset + result.end,
        round(score, 2),
        validated,
        tuple(reasons),
        "presidio",
    )
