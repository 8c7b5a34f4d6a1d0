"""Write a clean copy of one file, by family. The original is only ever read."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from scanner.common import sniff
from scanner.contents import media_type, open_content
from scanner.contracts import Detects
from scanner.errors import ReadError
from scanner.model import Place
from scanner.release import weighing
from scanner.release.fix.clean import DAMAGE, CannotFix, Done
from scanner.release.looking import LIMITS
from scanner.release.worker import FixResult

_FAMILIES = {
    sniff.XLSX: "xlsx", sniff.XLSB: "xlsx", sniff.XLS: "xls", sniff.ODS: "odf", sniff.ODT: "odf", sniff.ODP: "odf", sniff.DOCX: "docx",
    sniff.PPTX: "pptx", sniff.PDF: "pdf", sniff.CSV: "delimited", sniff.TSV: "delimited",
    "image/png": "image", "image/jpeg": "image", "image/tiff": "image", "image/gif": "image", "image/bmp": "image",
    "image/webp": "image", "image/avif": "image",
}  # fmt: skip
_BY_HAND = {
    sniff.ZIP: "unpack it, clean the files in it, and pack them again",
    sniff.MAIL: "save its attachments, clean those, and write the message again",
}
NEW_ENDINGS = {".xlsm": ".xlsx", ".xls": ".xlsx", ".xlsb": ".xlsx", ".xltx": ".xlsx", ".xltm": ".xlsx", ".docm": ".docx", ".dotx": ".docx",
               ".pptm": ".pptx", ".ppsx": ".pptx", ".bmp": ".png", ".webp": ".png", ".avif": ".png"}  # fmt: skip
"""Endings of clean copies that are written in another format: without macros, or in a newer one."""


def can_clean(media_type: str) -> bool:
    """Whether clean copies are made of files of this kind."""
    return media_type in _FAMILIES


def clean_ending(suffix: str) -> str:
    """The ending that a clean copy of a file with this ending has."""
    return NEW_ENDINGS.get(suffix.lower(), suffix)


def fix(path: Path, out: Path, detector: Detects) -> FixResult:
    """Never raises for what the file holds; nothing is left at `out` where it fails."""
    done = Done(personal=_asks(detector))
    try:
        with path.open("rb") as file:
            content = open_content(file, path.name, Place(), path.stat().st_size, LIMITS)
            kind = media_type(content)
            if kind in sniff.ENCRYPTED:
                return FixResult(failed="it is protected by a password: save a copy without one first")
            family = _FAMILIES.get(kind)
            if family is None:
                return FixResult(
                    failed=_BY_HAND.get(kind, f"no clean copies are made of {kind}: clean it by hand")
                )
            write = importlib.import_module(f"scanner.release.fix.{family}").write
            _write_whole(out, lambda to: write(content, to, done))
    except CannotFix as error:
        return FixResult(failed=str(error))
    except ReadError as error:
        return FixResult(failed=error.detail)
    except OSError as error:
        return FixResult(failed=f"writing failed: {(error.strerror or 'i/o error').lower()}")
    except MemoryError:
        return FixResult(failed="needs more memory than there is")
    except DAMAGE:
        return FixResult(
            failed="it is damaged, or written in a way that cannot be followed: save it anew and try that"
        )
    except Exception as error:  # noqa: BLE001 - the boundary: a bug costs one copy, and says so
        return FixResult(
            failed=f"dpscan failed on it ({type(error).__name__}); please report it with the file's format"
        )
    return FixResult(str(out), done.lines(), tuple(done.left))


def _asks(detector: Detects) -> Callable[[str], bool]:
    def personal(text: str) -> bool:
        return bool(weighing.split(text, detector.text([text])[0])[0])

    return personal


def _write_whole(out: Path, write: Callable[[Path], None]) -> None:
    """A copy appears at `out` whole or not at all, and never over something else."""
    descriptor, name = tempfile.mkstemp(dir=out.parent, prefix=".dpscan-", suffix=out.suffix)
    os.close(descriptor)
    temporary = Path(name)
    try:
        write(temporary)
        if out.exists():
            raise CannotFix(f"{out.name} appeared meanwhile; nothing is overwritten")
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)
