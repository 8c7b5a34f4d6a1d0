"""Calls into compiled readers that may give up loudly on damaged files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from scanner.errors import ReadError
from scanner.model import GapReason


@contextlib.contextmanager
def contained(detail: str) -> Iterator[None]:
    """A panic inside a Rust library becomes ReadError(CORRUPT, detail).

    Its message, which may quote what was read, would go to standard error: that is closed
    meanwhile. Keep the block short; it must not span a `yield`.
    """
    with _silent():
        try:
            yield
        except BaseException as error:
            # pyo3's exception derives from BaseException and can be imported from nowhere.
            if type(error).__name__ != "PanicException":
                raise
            raise ReadError(GapReason.CORRUPT, detail) from None


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """File descriptor 2 leads nowhere."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
