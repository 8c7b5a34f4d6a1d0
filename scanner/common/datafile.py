"""Data files that magic numbers at the start alone do not tell: DBF, Stata, SAS, encrypted databases.

Sources: dBASE III to VII table headers (Library of Congress fdd000325); Stata `help dta`;
"SAS7BDAT Database Binary Format" (Shotwell); Apache Arrow IPC streaming format; SQLCipher design.
"""

from __future__ import annotations

import math
import struct
from collections import Counter

from scanner.common.encoding import detect

_SAS_MAGIC = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_DBF_VERSIONS = frozenset(bytes.fromhex("020304053031324363838b8ecbf5fb"))
_STATA_VERSIONS = frozenset((*range(102, 112), 113, 114, 115))
_DATABASES = frozenset({".db", ".db3", ".sqlite", ".sqlite3", ".s3db", ".gpkg"})
_RANDOM = 7.9
"""Bits of entropy a byte from which contents are ciphertext or packed."""


def media_type(head: bytes, extension: str) -> str | None:
    """The type of a data file that begins with `head`, or None."""
    if head.startswith(_SAS_MAGIC):
        return "application/x-sas-data"
    if b"SPSS PORT FILE" in head[:512] and len(head) > 463:
        return "application/x-spss-por"
    if head[8:20] == b"ENCRYPTEDSAV" or head[8:20] == b"ENCRYPTEDSPS":
        return "application/x-spss-encrypted"
    if len(head) > 60 and head[0] in _STATA_VERSIONS and head[1] in (1, 2) and head[2:4] == b"\x01\x00":
        return "application/x-stata-dta"
    if is_dbf(head):
        return "application/vnd.dbf"
    if (
        head.startswith(b"\xff\xff\xff\xff")
        and 16 <= struct.unpack_from("<i", head.ljust(8, b"\0"), 4)[0] < 2**24
    ):
        return "application/vnd.apache.arrow.stream"
    if extension in _DATABASES and len(head) >= 1024 and detect(head) is None and _entropy(head) > _RANDOM:
        return "application/x-sqlite-encrypted"
    return None


def is_dbf(head: bytes) -> bool:
    """True for a dBASE table: version, a date, and a first field that makes sense."""
    if len(head) < 65 or head[0] not in _DBF_VERSIONS or not 1 <= head[2] <= 12 or not 1 <= head[3] <= 31:
        return False
    header, record = struct.unpack_from("<HH", head, 8)
    name = head[32:43].split(b"\0")[0]
    return header >= 65 and record >= 2 and bool(name) and name.isascii() and head[43:44].isalpha()


def _entropy(data: bytes) -> float:
    # Fewer bytes than this cannot show eight bits of entropy, however random they are.
    correction = 255 / (2 * math.log(2) * len(data))
    counts = Counter(data)
    return correction - sum(n / len(data) * math.log2(n / len(data)) for n in counts.values())
