"""Every installed extractor keeps the contract."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from scanner import plugins
from scanner.contracts import Extractor
from scanner.testing.extractors import ExtractorContract, media_type_of
from tests.extractors import samples as made


class TestExtractors(ExtractorContract):
    secrets = (made.MARK, "QQ123456A")

    @pytest.fixture(params=plugins.available("extractors"))
    def extractor(self, request: pytest.FixtureRequest) -> Extractor:
        return plugins.load("extractors", request.param)()  # type: ignore[no-any-return]

    @pytest.fixture
    def samples(self, extractor: Extractor) -> Mapping[str, bytes]:
        """Of all sample files those it reads. None: add one to `tests/extractors/samples.py`."""
        return {n: made.good(n) for n in made.GOOD if media_type_of(made.good(n), n) in extractor.media_types}
