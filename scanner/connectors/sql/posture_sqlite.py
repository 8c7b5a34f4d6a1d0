"""What protects an SQLite file: it has no accounts, no network and no log of its own."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from scanner.common.stating import Speaker, Unseen, ask
from scanner.connectors.sql.posture import BACKUP, MASKING, from_inside
from scanner.errors import ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Store

# First bytes of every unencrypted database file (sqlite.org/fileformat2.html, section 1.3).
MAGIC = b"SQLite format 3\0"
_WRITER = slice(96, 100)
"""SQLITE_VERSION_NUMBER of the library that last wrote the file, big-endian."""


def header(path: Path) -> bytes:
    """The file's first 100 bytes. Raises ReadError."""
    try:
        with path.open("rb") as file:
            return file.read(100)
    except FileNotFoundError:
        raise ReadError(GapReason.VANISHED, "the file is not there", "check the path in the URL") from None
    except OSError as error:
        raise ReadError(
            GapReason.DENIED, f"the file cannot be opened ({error.strerror})", "let the account read the file"
        ) from None


def written_by(path: Path) -> str:
    """`sqlite 3.40.1`, or `sqlite 3` where the file does not say. Raises ReadError."""
    head = header(path)
    if head and not head.startswith(MAGIC):
        raise ReadError(GapReason.CORRUPT, "the file does not begin as an SQLite database does")
    number = int.from_bytes(head[_WRITER], "big")
    if not number:
        return "sqlite 3"
    return f"sqlite {number // 1_000_000}.{number // 1_000 % 1_000}.{number % 1_000}"


def evidence(path: Path, store: Store) -> Iterator[Evidence | Gap]:
    say = Speaker(store.id)
    gaps: list[Gap] = []
    version = ask(store.id, "the file's header", gaps, lambda: written_by(path))
    if isinstance(version, Unseen):
        yield say.unknown("encryption_at_rest", version, "file header")
        yield say.unknown("engine_version", version, "file header")
    else:
        yield say.flag(
            "encryption_at_rest",
            False,
            "file header",
            "the file itself is plain: whoever can read it has it all",
        )
        yield say.value("engine_version", version, "file header", "library that last wrote the file")
    yield say.inapplicable(
        "engine_version_supported", "product", "the library belongs to the programs that open the file"
    )
    try:
        mode = path.stat().st_mode
        yield say.flag(
            "least_privilege_grants",
            not mode & (stat.S_IROTH | stat.S_IWOTH),
            "st_mode",
            "every local account may open the file" if mode & (stat.S_IROTH | stat.S_IWOTH) else "",
        )
    except OSError as error:
        why = Unseen(Basis.FAILED, f"the file's permissions cannot be read ({error.strerror})")
        yield say.unknown("least_privilege_grants", why, "st_mode")
    for safeguard, reason in (
        ("tls_in_use", "a file, read without a network protocol of its own"),
        ("tls_enforced", "a file, read without a network protocol of its own"),
        ("min_tls_version", "a file, read without a network protocol of its own"),
        ("auth_required", "the product has no accounts: the file's permissions decide"),
        ("local_auth_disabled", "the product has no accounts: the file's permissions decide"),
        ("row_level_security", "the product has none"),
    ):
        yield say.inapplicable(safeguard, "product", reason)
    yield say.flag(
        "public_endpoint_disabled", True, "product", "the product opens no network port", default=True
    )
    yield say.flag(
        "audit_logging", False, "product", "the product keeps no log of logins or statements", default=True
    )
    yield from from_inside(
        say,
        "product",
        {"backup_enabled": BACKUP, "backup_retention_days": BACKUP, "masking_configured": MASKING},
    )
    yield from gaps
