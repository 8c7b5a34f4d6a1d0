"""SQL databases through SQLAlchemy: SQLite files, PostgreSQL, MariaDB and MySQL.

Stores are databases, units are tables. See `docs/connectors/sql.md`.
"""

from scanner.connectors.sql.connector import SqlConnector
from scanner.connectors.sql.options import SqlOptions

__all__ = ["SqlConnector", "SqlOptions"]
