"""Driver errors to `ReadError`: by code, never by passing on a message.

A driver's message may quote a value, a statement, an account or a host, so only the error
code goes on. Codes: PostgreSQL's SQLSTATE (manual, appendix A), MySQL's and MariaDB's error
numbers, SQLite's primary result codes (sqlite.org/rescode.html).
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import psycopg
import sqlalchemy.exc

from scanner.errors import ReadError
from scanner.model import GapReason as Why

_POSTGRES = {
    "42501": (Why.DENIED, "the account lacks a privilege"),
    "57014": (Why.TIMEOUT, "the statement ran longer than the statement timeout"),
    "55P03": (Why.TIMEOUT, "another session holds a lock on it"),
    "25P03": (Why.TIMEOUT, "the server ended a transaction that waited too long"),
    "40001": (Why.TIMEOUT, "the read conflicted with recovery on a standby"),
    "25006": (Why.DENIED, "the session is read-only"),
    "42P01": (Why.VANISHED, "the table is no longer there"),
    "42703": (Why.VANISHED, "a column is no longer there"),
    "3F000": (Why.VANISHED, "the schema is no longer there"),
    "3D000": (Why.VANISHED, "there is no such database"),
    "53300": (Why.UNREACHABLE, "the server has no connection to spare"),
    "58030": (Why.CORRUPT, "the server could not read its files"),
}
_POSTGRES_CLASSES = {
    "28": (Why.DENIED, "the login was refused"),
    "08": (Why.UNREACHABLE, "the connection was lost"),
    "57": (Why.UNREACHABLE, "the server is shutting down or not accepting connections"),
    "53": (Why.LIMIT, "the server is short of a resource"),
    "XX": (Why.CORRUPT, "the server reports damaged data or an internal fault"),
    "0A": (Why.UNSUPPORTED, "the server does not support the statement"),
    "22": (Why.UNSUPPORTED, "the server could not compute a value"),
}
_MYSQL = {
    **dict.fromkeys((1045, 1698, 1130, 1131, 1132, 1820, 3118, 4151), (Why.DENIED, "the login was refused")),
    **dict.fromkeys((1044, 1142, 1143, 1227, 1370, 1356), (Why.DENIED, "the account lacks a privilege")),
    **dict.fromkeys((1290, 1792, 1836), (Why.DENIED, "the session is read-only")),
    3159: (Why.DENIED, "the server takes encrypted connections only"),
    1049: (Why.VANISHED, "there is no such database"),
    1146: (Why.VANISHED, "the table is no longer there"),
    1054: (Why.VANISHED, "a column is no longer there"),
    1205: (Why.TIMEOUT, "another session holds a lock on it"),
    **dict.fromkeys((1969, 3024, 1317), (Why.TIMEOUT, "the statement ran longer than the statement timeout")),
    **dict.fromkeys((1034, 1035, 1194, 1195, 1712, 1932), (Why.CORRUPT, "the table is damaged")),
    **dict.fromkeys((1040, 1203, 1226, 1129), (Why.UNREACHABLE, "the server has no connection to spare")),
    **dict.fromkeys((1053, 1077, 2002, 2003, 2005), (Why.UNREACHABLE, "the server cannot be reached")),
    **dict.fromkeys((1927, 2006, 2013, 2055), (Why.UNREACHABLE, "the connection was lost")),
    2026: (Why.UNREACHABLE, "no encrypted connection could be agreed"),
    1235: (Why.UNSUPPORTED, "the server does not support the statement"),
}
_SQLITE = {
    sqlite3.SQLITE_BUSY: (Why.TIMEOUT, "another program holds a lock on the file"),
    sqlite3.SQLITE_LOCKED: (Why.TIMEOUT, "another program holds a lock on the file"),
    sqlite3.SQLITE_INTERRUPT: (Why.TIMEOUT, "the statement ran longer than the statement timeout"),
    sqlite3.SQLITE_CORRUPT: (Why.CORRUPT, "the database file is damaged"),
    sqlite3.SQLITE_NOTADB: (
        Why.CORRUPT,
        "the file is not an SQLite database: damaged, encrypted as a whole, or something else",
    ),
    sqlite3.SQLITE_CANTOPEN: (Why.DENIED, "the database file cannot be opened"),
    sqlite3.SQLITE_PERM: (Why.DENIED, "the database file cannot be opened"),
    sqlite3.SQLITE_AUTH: (Why.DENIED, "the database file cannot be opened"),
    sqlite3.SQLITE_READONLY: (Why.DENIED, "the session is read-only"),
    sqlite3.SQLITE_IOERR: (Why.UNREACHABLE, "the database file cannot be read"),
    sqlite3.SQLITE_TOOBIG: (Why.LIMIT, "a value is larger than SQLite allows"),
}

# libpq gives no SQLSTATE for a refused connection, only a message; matched, never shown.
_CONNECTING = (
    (r"certificate verify failed|does not match host name|certificate has expired", Why.UNREACHABLE,
     "the server's certificate is not trusted", "set ca_bundle to the authority that signed it, or ssl_mode"),
    (r"does not support SSL|SSL is not supported|SSL error", Why.UNREACHABLE,
     "no encrypted connection could be agreed", "turn TLS on at the server, or set ssl_mode: prefer"),
    (r"password authentication failed|no password supplied|no pg_hba\.conf entry|authentication failed|"
     r"role .* does not exist|peer authentication|permission denied|not permitted to log in", Why.DENIED,
     "the login was refused", "check user and password, and that pg_hba.conf admits this computer"),
    (r"database .* does not exist", Why.VANISHED, "there is no such database", "check the URL"),
    (r"could not translate host name|failed to resolve|Name or service not known", Why.UNREACHABLE,
     "the host name is not known", "check the URL and DNS"),
    (r"timeout expired|timed out", Why.UNREACHABLE, "the server did not answer in time",
     "check the network path, or raise limits.connect_timeout"),
    (r"too many (clients|connections)|remaining connection slots", Why.UNREACHABLE,
     "the server has no connection to spare", ""),
    (r"refused|No such file|unreachable|No route", Why.UNREACHABLE, "nothing listens there",
     "check host, port and firewall"),
    # Whatever the server's language: it answered, and said no.
    (r"FATAL", Why.DENIED, "the server refused the connection", "see the server's log"),
)  # fmt: skip


def read_error(error: sqlalchemy.exc.SQLAlchemyError, remedy: str = "") -> ReadError:
    """What a failed call means. `remedy` is used where the reason is a missing privilege."""
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return ReadError(Why.TIMEOUT, "all connections allowed to this server were busy",
                         "raise limits.connections_per_host")  # fmt: skip
    original = getattr(error, "orig", None)
    if isinstance(original, ReadError):
        return original
    if isinstance(original, sqlite3.Error):
        reason, detail, advice = _sqlite(original)
    elif isinstance(original, psycopg.Error):
        reason, detail, advice = _postgres(original)
    elif original is not None:
        reason, detail, advice = _mysql(original)
    else:
        reason, detail, advice = Why.FAULT, f"the database layer failed ({type(error).__name__})", ""
    return ReadError(reason, detail, (remedy if reason is Why.DENIED else "") or advice)


def _postgres(original: psycopg.Error) -> tuple[Why, str, str]:
    code = original.sqlstate
    if code is None:
        for pattern, reason, detail, advice in _CONNECTING:
            if re.search(pattern, str(original), re.IGNORECASE):
                return reason, detail, advice
        return Why.UNREACHABLE, "the connection failed or was lost", ""
    reason, detail = (
        _POSTGRES.get(code) or _POSTGRES_CLASSES.get(code[:2]) or (Why.FAULT, "the server reports an error")
    )
    return reason, f"{detail} (SQLSTATE {code})", ""


def _mysql(original: Any) -> tuple[Why, str, str]:
    code = original.args[0] if original.args and isinstance(original.args[0], int) else 0
    if code == 0:
        # PyMySQL raises without a number when a connection breaks under it.
        return Why.UNREACHABLE, f"the connection was lost ({type(original).__name__})", ""
    if code == 2003 and "CERTIFICATE_VERIFY_FAILED" in str(original):
        code = 2026
    reason, detail = _MYSQL.get(code, (Why.FAULT, "the server reports an error"))
    advice = "set ca_bundle and ssl_mode to what the server offers" if code in (2026, 3159) else ""
    return reason, f"{detail} (error {code})", advice


def _sqlite(original: sqlite3.Error) -> tuple[Why, str, str]:
    code = getattr(original, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _SQLITE:
        return (*_SQLITE[code], "")
    # SQLITE_ERROR covers everything else; its wording is SQLite's own and stable.
    message = str(original)
    if "no such table" in message or "no such column" in message:
        return Why.VANISHED, "the table or a column of it is no longer there", ""
    if "no such module" in message:
        return Why.UNSUPPORTED, "a virtual table of an extension that is not loaded", ""
    return Why.FAULT, f"SQLite reports an error (code {code})", ""
