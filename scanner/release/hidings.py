"""The ways in which something hides in a file: what people call it, and what to do about it by hand."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Hiding:
    key: str
    title: str
    """What it is, for a reader who is no engineer."""
    remedy: str
    """How to remove it by hand, in the program that made the file."""


def _all() -> tuple[Hiding, ...]:
    h = Hiding
    paste = "copy the visible cells into a new workbook as values (Paste Special › Values)"
    return (
        h("hidden sheet", "hidden sheet", "right-click any sheet tab › Unhide, then delete the sheet"),
        h("very hidden sheet", "very hidden sheet (not listed under Unhide)", paste),
        h("hidden rows", "hidden rows", "select all, Unhide rows, delete them"),
        h("zero-height rows", "rows of no height", "select all, set a row height, delete them"),
        h("filtered rows", "rows filtered out of view", "clear the filter and delete the rows not meant to go"),
        h("hidden columns", "hidden columns", "select all, Unhide columns, delete them"),
        h("zero-width columns", "columns of no width", "select all, set a column width, delete them"),
        h("invisible cells", "cells whose text cannot be seen (white on white, same colour, or format ;;;)",
          "clear the formats of the sheet and look again; delete what should not go"),
        h("covered cells", "cells under a picture, a filled box or a merged cell",
          "move the picture or box aside, unmerge the cells, and delete what is under them"),
        h("validation", "drop-down list or prompt", "Excel: Data › Data Validation › Clear All; Word: Developer › Properties of the field"),
        h("formula", "text inside a formula", paste),
        h("comments", "comments and notes", "Review › delete all comments"),
        h("pivot cache", "pivot cache (a copy of the source data kept behind a pivot table)",
          "copy the pivot table and paste it as values into a new workbook"),
        h("external cache", "cached values of a linked workbook", "Data › Edit Links › Break Link"),
        h("defined names", "defined names", "Formulas › Name Manager › delete"),
        h("connection", "data connection or query", "Data › Queries & Connections › delete"),
        h("custom xml", "custom XML part", "File › Info › Check for Issues › Inspect Document › remove"),
        h("properties", "document properties", "File › Info › Inspect Document › remove personal information"),
        h("authors", "names of authors and editors",
          "remove document information (Office: File › Info › Inspect Document), or write a clean copy with --fix"),
        h("preview", "small preview picture of the first page", "save a copy under a new name without a preview"),
        h("previous version", "earlier version kept inside the file", "print to a new PDF, or save a copy under a new name"),
        h("embedded", "embedded file (the whole file behind an object or chart)",
          "paste the object as a picture instead of embedding it"),
        h("macro", "macro code", "save as a format without macros"),
        h("hidden object", "hidden or off-page object", "show all objects (Selection Pane) and delete it"),
        h("alternative text", "alternative text or object name", "edit the object's alternative text"),
        h("tracked changes", "tracked changes", "Review › Accept (or Reject) All Changes, then turn tracking off"),
        h("hidden text", "hidden text", "show hidden text (Home › ¶), delete it"),
        h("field code", "field code or mail-merge link", "select all, Ctrl+Shift+F9 to turn fields into text"),
        h("notes", "speaker notes", "File › Info › Inspect Document › Presentation Notes › remove"),
        h("hidden slide", "hidden slide", "unhide it and look, or delete it"),
        h("covered text", "text under a box, picture or black bar (redaction that is only drawn)",
          "redact with a tool that removes text, or print the page as a picture"),
        h("invisible text", "text that cannot be seen (invisible mode, white, tiny or off the page)",
          "print the page as a picture, or remove the text layer"),
        h("hidden layer", "layer that is switched off", "flatten or delete the layer"),
        h("attachment", "file attached inside the document", "delete the attachment"),
        h("annotation", "comment or note on the page", "delete all annotations"),
        h("form data", "filled form data", "flatten or clear the form"),
        h("gps", "position where the picture was taken (EXIF GPS)", "save the picture without its metadata"),
        h("thumbnail", "preview picture unlike the picture itself", "save the picture without its metadata"),
        h("picture metadata", "picture metadata", "save the picture without its metadata"),
        h("cropped", "cut-off part of a picture", "Picture Format › Compress Pictures › delete cropped areas"),
        h("far cells", "rows or columns far beyond the visible table", "delete everything after the table"),
        h("comment lines", "comment lines", "delete the lines"),
        h("undeclared bytes", "data after the end of the file or in an unlisted part", "save a copy under a new name"),
        h("other part", "part of the file that no page shows", "save a copy under a new name, or write one with --fix"),
        h("hidden part", "part that a reader does not see", "remove it, or copy what is meant to go into a new file"),
    )  # fmt: skip


HIDINGS: dict[str, Hiding] = {hiding.key: hiding for hiding in _all()}


def title(key: str) -> str:
    return HIDINGS[key].title if key else "visible"
