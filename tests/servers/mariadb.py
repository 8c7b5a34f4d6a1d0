"""A real MariaDB server on loopback, with TLS, from the distribution's own binaries."""

from __future__ import annotations

import dataclasses
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pymysql
import pytest

from tests.servers.common import free_port, unavailable, wait_for
from tests.servers.tls import self_signed

ROOT_PASSWORD = "synthetic-root-pass"
READER = "dpscan_reader"
READER_PASSWORD = "synthetic:reader/p@ss"


@dataclasses.dataclass(frozen=True)
class MariadbServer:
    """Where the running server is, and the accounts that exist on it."""

    host: str
    port: int
    socket: str
    log: Path
    ca: str
    admin_user: str = "root"
    admin_password: str = ROOT_PASSWORD
    reader_user: str = READER
    reader_password: str = READER_PASSWORD

    def admin_url(self, database: str = "mysql") -> str:
        return f"mysql://root:{ROOT_PASSWORD}@{self.host}:{self.port}/{database}"

    def url(self, database: str, host: str | None = None) -> str:
        """The reader's URL, without a password."""
        return f"mysql://{READER}@{host or self.host}:{self.port}/{database}"

    def socket_url(self, database: str) -> str:
        return f"mysql://{READER}@/{database}?unix_socket={self.socket}"

    def connect(self, database: str | None = None) -> Any:
        """The administrator's connection through the unix socket, committing each statement."""
        return pymysql.connect(
            unix_socket=self.socket, user="root", password=ROOT_PASSWORD, database=database, autocommit=True
        )

    def run(self, *statements: str, database: str | None = None) -> Sequence[Any]:
        """Run each; gives back the rows of the last."""
        connection = self.connect(database)
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def create_database(self, name: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS `{name}`", f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")


def _find(*names: str) -> str | None:
    # Daemons live in sbin, which an ordinary account's PATH may leave out.
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/sbin"])
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariadbServer]:
    daemon, installer = _find("mariadbd", "mysqld"), _find("mariadb-install-db", "mysql_install_db")
    if not daemon or not installer:
        unavailable("MariaDB", "mariadbd is not installed (apt install mariadb-server)")
    base = Path(tempfile.mkdtemp(prefix="dpm-", dir="/tmp"))
    process: subprocess.Popen[bytes] | None = None
    try:
        base.chmod(0o755)
        data, socket = base / "data", base / "sock"
        data.mkdir()
        certificate = self_signed(base)
        user: list[str] = []
        if os.geteuid() == 0:
            try:
                account = pwd.getpwnam("mysql")
            except KeyError:
                unavailable("MariaDB", "it refuses to run as root and there is no account mysql")
            user = ["--user=mysql"]
            for path in (base, data, Path(certificate.certificate), Path(certificate.key)):
                os.chown(path, account.pw_uid, account.pw_gid)
        made = subprocess.run(
            [
                installer, "--no-defaults", *user, f"--datadir={data}",
                "--auth-root-authentication-method=normal", "--skip-test-db",
            ],
            capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        if made.returncode != 0:
            unavailable("MariaDB", f"mariadb-install-db failed: {made.stderr.strip()[-200:]}")
        port, log = free_port(), base / "server.log"
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [
                    daemon, "--no-defaults", *user, f"--datadir={data}", f"--socket={socket}",
                    f"--port={port}", "--bind-address=127.0.0.1", f"--ssl-cert={certificate.certificate}",
                    f"--ssl-key={certificate.key}", "--innodb-buffer-pool-size=32M",
                    "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin", f"--pid-file={base / 'pid'}",
                ],
                stdout=sink, stderr=sink, cwd="/",
            )  # fmt: skip
        server = MariadbServer("127.0.0.1", port, str(socket), log, certificate.certificate)
        wait_for(lambda: _bootstrap(server), "MariaDB")
        server.run(
            f"CREATE USER '{READER}'@'%' IDENTIFIED BY '{READER_PASSWORD}'",
            # What the installer makes for convenience is not what a department would keep.
            "DROP USER IF EXISTS ''@'localhost'",
            f"DROP USER IF EXISTS ''@'{os.uname().nodename.lower()}'",
            f"DROP USER IF EXISTS 'root'@'{os.uname().nodename.lower()}'",
        )
        yield server
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
        shutil.rmtree(base, ignore_errors=True)


def _bootstrap(server: MariadbServer) -> bool:
    """True once the server answers; gives root its password on the first answer."""
    try:
        connection = pymysql.connect(unix_socket=server.socket, user="root", password="")
    except pymysql.err.MySQLError:
        return False
    with connection, connection.cursor() as cursor:
        for (host,) in _rows(cursor, "SELECT Host FROM mysql.user WHERE User = 'root'"):
            cursor.execute(f"SET PASSWORD FOR 'root'@'{host}' = PASSWORD('{ROOT_PASSWORD}')")
    return True


def _rows(cursor: Any, statement: str) -> Sequence[Any]:
    cursor.execute(statement)
    return list(cursor.fetchall())
