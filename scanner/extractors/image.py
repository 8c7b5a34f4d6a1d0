"""Pictures: the text in them, by optical character recognition, within the configuration's budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scanner.common import ocr, sniff
from scanner.common.extracting import gap, read_whole
from scanner.contracts import Content, Fragment, TextFragment
from scanner.model import Gap, GapReason


class ImageExtractor:
    name: ClassVar[str] = "image"
    media_types: ClassVar[tuple[str, ...]] = (
        sniff.PNG, sniff.JPEG, sniff.GIF, sniff.TIFF, sniff.WEBP, sniff.BMP, sniff.AVIF,
    )  # fmt: skip
    splittable: ClassVar[bool] = False

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        data = read_whole(content)
        if not content.limits.ocr_pages:
            yield gap(content, GapReason.COSTLY, ocr.BEYOND, ocr.RAISE)
            return
        for number, frame in enumerate(ocr.frames(data), 1):
            # asked here: a damaged picture takes nothing from the budget
            if not content.budget.take():
                yield gap(content, GapReason.COSTLY, ocr.BEYOND, ocr.RAISE)
                return
            text = ocr.text_of(frame, content.limits)
            if text:
                yield TextFragment(
                    text, content.place.child("page", str(number)) if number > 1 else content.place
                )
