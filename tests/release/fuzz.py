"""Damage files of every family and look through them: nothing may be raised but what says that a file is damaged.

python -m tests.release.fuzz SECONDS [SEED]
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scanner.errors import ReadError
from scanner.model import ColumnResult, Detection
from scanner.release.fixing import clean_ending, fix
from scanner.release.judging import Judge
from scanner.release.looking import look
from tests.release import binary, documents, legacy, opendocument, pages, pictures, texts, workbooks

FORMATS = {
    ".xlsx": workbooks.CASES, ".xls": legacy.CASES, ".xlsb": binary.CASES, ".ods": opendocument.ODS, ".odt": opendocument.ODT,
    ".odp": opendocument.ODP, ".docx": documents.DOCX, ".pptx": documents.PPTX, ".pdf": pages.CASES,
    ".jpg": pictures.JPEG, ".png": pictures.PNG, ".tif": pictures.TIFF, ".csv": texts.CASES,
}  # fmt: skip
_SPICE = (b"99999999999", b"-1", b"", b"<a>", b'"', b"NaN", b"1e999")
_SLOW = ("far below",)


class Nothing:
    """A detector that sees nothing: reading is what is tried here."""

    names_model = "none"

    def text(self, texts: Sequence[str]) -> list[list[Detection]]:
        return [[] for _ in texts]

    def columns(self, columns: Mapping[str, Sequence[str | None]]) -> dict[str, ColumnResult]:
        return {name: ColumnResult(None) for name in columns}


def damaged(seed: int) -> Iterator[tuple[str, bytes]]:
    """(suffix, bytes) without end, the same for the same seed."""
    chance = random.Random(seed)
    made: dict[tuple[str, str], bytes] = {}
    while True:
        suffix = chance.choice(list(FORMATS))
        name = chance.choice([n for n in FORMATS[suffix] if not n.startswith(_SLOW)])
        if (suffix, name) not in made:
            made[suffix, name] = FORMATS[suffix][name][0](True)
        data = made[suffix, name]
        packed = (
            suffix in (".xlsx", ".xlsb", ".ods", ".odt", ".odp", ".docx", ".pptx") and chance.random() < 0.8
        )
        yield suffix, _in_a_part(data, chance) if packed else _anywhere(data, chance)


def _anywhere(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    if chance.random() < 0.15:
        return bytes(changed[: chance.randrange(1, len(changed))])
    for _ in range(chance.choice((1, 3, 10, 50))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _in_a_part(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        names = source.namelist()
        hit = chance.choice([n for n in names if n.endswith((".xml", ".rels", ".bin"))])
        for name in names:
            part = bytearray(source.read(name))
            if name == hit:
                for _ in range(chance.choice((1, 2, 6))):
                    at = chance.randrange(len(part) + 1)
                    part[at : at + chance.choice((0, 1, 20))] = chance.choice(_SPICE)
            target.writestr(name, bytes(part))
    return out.getvalue()


def try_one(path: Path, out: Path) -> str:
    """What went wrong; "" where the file was read, or refused in words."""
    judge = Judge(Nothing())
    try:
        for piece in look(path, {}):
            if not isinstance(piece, str):
                judge.take(piece)
        judge.finish()
    except (ReadError, OSError):
        return ""
    except Exception as error:
        return f"looking: {type(error).__name__}: {error}"
    failed = fix(path, out, Nothing()).failed
    return failed if "dpscan failed" in failed else ""


def main(seconds: float, seed: int) -> int:
    end, count, faults = time.process_time() + seconds, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for suffix, data in damaged(seed):
            path, out = Path(folder) / f"f{suffix}", Path(folder) / f"out{clean_ending(suffix)}"
            path.write_bytes(data)
            out.unlink(missing_ok=True)
            wrong = try_one(path, out)
            count += 1
            if wrong:
                faults += 1
                print(suffix, wrong)
            if time.process_time() > end:
                break
    print(f"{count:,} files, {faults:,} faults, seed {seed}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
