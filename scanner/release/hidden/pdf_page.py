"""Which characters of a PDF page a reader sees, found by drawing the page with and without its text.

A character that changes no pixel when the text is taken away cannot be seen, whatever keeps
it from view: a black box or a picture above it, its own colour, its size, a clip, a layer that
is off, or lying off the page. The one exception is text in invisible mode over a scan, which is how text
recognition is stored: there the pixels below the word tell whether the picture shows something.
"""

from __future__ import annotations

import ctypes
import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

MAX_CHARS = 200_000
"""Characters of one page that are looked at."""
SCALE = 100 / 72
"""Pixels per point: 100 dots per inch."""
_MAX_PIXELS = 25_000_000
_SEEN = 24
"""Change of brightness (of 255) from which a character counts as seen."""
_TEXTURE = 40
"""Difference of brightness below an invisible word from which the picture shows something there."""
_RUN = 2
"""Unseen characters in a row, from which on they are text and not a speck."""
_DEPTH = 8


@dataclasses.dataclass(slots=True)
class Char:
    text: str
    box: tuple[float, float, float, float]
    """left, bottom, right, top in points; zeros for spaces."""
    mode: int
    """Text render mode (PDF 32000-1, 9.3.6): 3 draws nothing."""
    white: bool
    hidden: str = ""
    """Key of the hiding."""

    @property
    def blank(self) -> bool:
        """True for spaces and line ends, which have no box."""
        return not any(self.box)


@dataclasses.dataclass(slots=True)
class PageText:
    visible: str
    hidden: dict[str, str]
    """Hiding key to text."""
    covered_picture: list[tuple[int, int, int, int]]
    """Pixel boxes (left, top, right, bottom) where an opaque box is drawn over a picture."""
    picture_share: float
    """Part of the page that its largest picture takes (0 to 1)."""
    uncovered: Any = None
    """The page drawn without the boxes over pictures (PIL image), where there are any."""


def read_page(page: Any, layers_off: bool) -> PageText:
    """Everything on one page by whether it can be seen. `layers_off`: the document has layers switched off.

    Raises PdfiumError for a damaged page. The page is changed in memory: close it, do not save.
    """
    import pypdfium2.raw as raw

    objects = list(_objects(page, raw))
    chars = _chars(page, raw)
    kinds = {raw.FPDFPageObj_GetType(o) for o in objects}
    pictures = raw.FPDF_PAGEOBJ_IMAGE in kinds
    boxes = _covering(objects, raw) if pictures else []
    result = PageText("", {}, [], _share(page, objects, raw) if pictures else 0.0)
    if chars and _doubtful(chars, kinds, page, raw):
        _mark(page, objects, chars, raw, layers_off)
    if boxes:
        _under_boxes(page, boxes, raw, result)
    result.visible, result.hidden = _joined(chars)
    return result


def _share(page: Any, objects: Sequence[Any], raw: Any) -> float:
    width, height = page.get_size()
    areas = [
        (box[2] - box[0]) * (box[3] - box[1])
        for item in objects
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_IMAGE and (box := _bounds(item, raw))
    ]
    return float(min(1.0, max(areas, default=0.0) / max(width * height, 1.0)))


def _objects(page: Any, raw: Any) -> Iterator[Any]:
    """All objects of a page, those inside forms too, back to front."""
    for i in range(min(raw.FPDFPage_CountObjects(page), 100_000)):
        yield from _with_inner(raw.FPDFPage_GetObject(page, i), raw, 0)


def _with_inner(item: Any, raw: Any, depth: int) -> Iterator[Any]:
    yield item
    if depth < _DEPTH and raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_FORM:
        for i in range(min(raw.FPDFFormObj_CountObjects(item), 100_000)):
            yield from _with_inner(raw.FPDFFormObj_GetObject(item, i), raw, depth + 1)


def _chars(page: Any, raw: Any) -> list[Char]:
    textpage = page.get_textpage()
    try:
        count = min(textpage.count_chars(), MAX_CHARS)
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        known: dict[int, tuple[int, bool]] = {}
        found = []
        for i in range(count):
            code = raw.FPDFText_GetUnicode(textpage, i)
            text = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
            if code == 0xFFFE:
                text = "-"
            if not text or text.isspace():
                found.append(Char(text or "", (0, 0, 0, 0), 0, False))
                continue
            item = raw.FPDFText_GetTextObject(textpage, i)
            key = ctypes.cast(item, ctypes.c_void_p).value or 0
            if key not in known:
                mode = raw.FPDFTextObj_GetTextRenderMode(item) if item else 0
                raw.FPDFText_GetFillColor(textpage, i, red, green, blue, alpha)
                light = min(red.value, green.value, blue.value) >= 232 or alpha.value < 16
                known[key] = (mode, light)
            raw.FPDFText_GetCharBox(textpage, i, left, right, bottom, top)
            found.append(Char(text, (left.value, bottom.value, right.value, top.value), *known[key]))
        return found
    finally:
        textpage.close()


def _doubtful(chars: Sequence[Char], kinds: set[int], page: Any, raw: Any) -> bool:
    """False where nothing on the page could keep text from view, so that drawing it can be saved."""
    if kinds - {raw.FPDF_PAGEOBJ_TEXT} or raw.FPDFPage_GetAnnotCount(page):
        return True
    left, bottom, right, top = page.get_cropbox()
    for char in chars:
        if char.blank:
            continue
        x0, y0, x1, y1 = char.box
        tiny = 0 < y1 - y0 < 1.5
        if char.mode in (3, 7) or char.white or tiny or x0 < left or x1 > right or y0 < bottom or y1 > top:
            return True
    return False


def _render(page: Any, scale: float) -> Any:
    import numpy as np

    bitmap = page.render(scale=scale, draw_annots=True, may_draw_forms=True, grayscale=True)
    try:
        array = np.array(bitmap.to_numpy(), dtype=np.int16)
        return array if array.ndim == 2 else array[:, :, 0]
    finally:
        bitmap.close()


def _scale(page: Any) -> float:
    width, height = page.get_size()
    area = max(width * height, 1.0)
    return float(min(SCALE, (_MAX_PIXELS / area) ** 0.5))


def _mark(page: Any, objects: Sequence[Any], chars: Sequence[Char], raw: Any, layers_off: bool) -> None:
    import numpy as np

    scale = _scale(page)
    whole = _render(page, scale)
    for item in objects:
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFTextObj_SetTextRenderMode(item, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    bare = _render(page, scale)
    change = np.abs(whole - bare)
    place = _Placer(page, raw, bare.shape)
    for char in chars:
        if char.blank or char.mode in (3, 7):
            continue
        area = place.pixels(char.box)
        if area is None or not _seen(change, area):
            small = max(char.box[2] - char.box[0], char.box[3] - char.box[1]) < 1.8
            char.hidden = "invisible text" if char.white or area is None or small else "covered text"
            if (
                char.hidden == "covered text"
                and layers_off
                and area
                and bare[area[1] : area[3], area[0] : area[2]].min() > 230
            ):
                char.hidden = "hidden layer"
    for word in _words(chars):
        area = place.pixels(_union(word))
        region = None if area is None else _inner(bare, area)
        if region is None or region.size == 0 or int(region.max()) - int(region.min()) < _TEXTURE:
            dark = region is not None and region.size > 0 and float(region.mean()) < 128
            for char in word:
                char.hidden = "covered text" if dark else "invisible text"
    _forgive(chars)


def _seen(change: Any, area: tuple[int, int, int, int]) -> bool:
    region = change[area[1] : area[3], area[0] : area[2]]
    return bool(region.size) and int(region.max()) >= _SEEN


def _inner(array: Any, area: tuple[int, int, int, int]) -> Any:
    """The middle of a box: its edge may touch what stands beside it."""
    width, height = area[2] - area[0], area[3] - area[1]
    dx, dy = int(width * 0.1), int(height * 0.2)
    return array[
        area[1] + dy : max(area[3] - dy, area[1] + dy + 1), area[0] + dx : max(area[2] - dx, area[0] + dx + 1)
    ]


class _Placer:
    """Points to pixels, with the page's rotation and crop."""

    def __init__(self, page: Any, raw: Any, shape: tuple[int, int]) -> None:
        self._page, self._raw = page, raw
        self._height, self._width = shape

    def pixels(self, box: tuple[float, float, float, float]) -> tuple[int, int, int, int] | None:
        """(left, top, right, bottom), or None where nothing of it lies on the page."""
        x, y = ctypes.c_int(), ctypes.c_int()
        corners = []
        for px, py in ((box[0], box[1]), (box[2], box[3])):
            self._raw.FPDF_PageToDevice(self._page, 0, 0, self._width, self._height, 0, px, py, x, y)
            corners.append((x.value, y.value))
        left, right = sorted(c[0] for c in corners)
        top, bottom = sorted(c[1] for c in corners)
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right + 1, self._width), min(bottom + 1, self._height)
        return (left, top, right, bottom) if right > left and bottom > top else None


def _words(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Words of invisible-mode text."""
    word: list[Char] = []
    for char in chars:
        if char.mode in (3, 7) and not char.blank:
            word.append(char)
        elif word:
            yield word
            word = []
    if word:
        yield word


def _union(word: Sequence[Char]) -> tuple[float, float, float, float]:
    return (
        min(c.box[0] for c in word), min(c.box[1] for c in word),
        max(c.box[2] for c in word), max(c.box[3] for c in word),
    )  # fmt: skip


def _forgive(chars: Sequence[Char]) -> None:
    """Single unseen characters between seen ones (a thin dot, a hairline) are specks, not hidden text."""
    solid = [c for c in chars if not c.blank]
    start = 0
    while start < len(solid):
        end = start
        while end < len(solid) and bool(solid[end].hidden) == bool(solid[start].hidden):
            end += 1
        if solid[start].hidden and (
            end - start < _RUN or not any(c.text.isalnum() for c in solid[start:end])
        ):
            for char in solid[start:end]:
                char.hidden = ""
        elif solid[start].hidden:
            # One stretch of text is hidden in one way: a dot or a thin letter does not know better.
            ways = Counter(c.hidden for c in solid[start:end])
            for char in solid[start:end]:
                char.hidden = ways.most_common(1)[0][0]
        start = end


def _joined(chars: Sequence[Char]) -> tuple[str, dict[str, str]]:
    visible: list[str] = []
    hidden: dict[str, list[str]] = {}
    last = ""
    for char in chars:
        if char.blank:
            (hidden[last] if last else visible).append(char.text)
            continue
        if char.hidden != last:
            if last:
                hidden[last].append("\n")
            elif char.hidden:
                visible.append(" ")
            last = char.hidden
        (hidden.setdefault(last, []) if last else visible).append(char.text)
    text = "".join(visible).replace("\r\n", "\n")
    return text, {
        key: "".join(parts).replace("\r\n", "\n") for key, parts in hidden.items() if "".join(parts).strip()
    }


def _covering(objects: Sequence[Any], raw: Any) -> list[Any]:
    """Opaque filled boxes drawn after a picture that lies below them."""
    pictures: list[tuple[float, float, float, float]] = []
    found = []
    for item in objects:
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            box = _bounds(item, raw)
            if box:
                pictures.append(box)
        elif kind == raw.FPDF_PAGEOBJ_PATH and pictures and _is_filled(item, raw):
            box = _bounds(item, raw)
            if box and box[2] - box[0] > 4 and box[3] - box[1] > 4 and any(_inside(box, p) for p in pictures):
                found.append(item)
    return found[:2000]


def _bounds(item: Any, raw: Any) -> tuple[float, float, float, float] | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    return left.value, bottom.value, right.value, top.value


def _inside(inner: tuple[float, float, float, float], outer: tuple[float, float, float, float]) -> bool:
    return (
        inner[0] >= outer[0] - 2
        and inner[1] >= outer[1] - 2
        and inner[2] <= outer[2] + 2
        and inner[3] <= outer[3] + 2
    )


def _is_filled(item: Any, raw: Any) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, mode, stroke) or mode.value == raw.FPDF_FILLMODE_NONE:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    return alpha.value >= 250


def _under_boxes(page: Any, boxes: Sequence[Any], raw: Any, result: PageText) -> None:
    """Whether the picture under a drawn box shows something: then the box hides nothing for good."""
    scale = 200 / 72
    width, height = page.get_size()
    scale = min(scale, (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    limits = [_bounds(item, raw) for item in boxes]
    for item in boxes:
        raw.FPDFPageObj_SetIsActive(item, False)
    bitmap = page.render(scale=scale, draw_annots=False, grayscale=True)
    image = bitmap.to_pil().copy()
    bitmap.close()
    import numpy as np

    array = np.asarray(image)
    place = _Placer(page, raw, array.shape[:2])
    for box in limits:
        area = place.pixels(box) if box else None
        if area and int(array[area[1] : area[3], area[0] : area[2]].max()) - int(
            array[area[1] : area[3], area[0] : area[2]].min()
        ) > 80:  # fmt: skip
            result.covered_picture.append(area)
    if result.covered_picture:
        result.uncovered = image
