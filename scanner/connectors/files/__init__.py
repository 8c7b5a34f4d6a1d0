"""A local folder, a mounted share, or a single file."""

from __future__ import annotations

from scanner.connectors.files.connector import FilesConnector as FilesConnector
from scanner.connectors.files.connector import FilesOptions as FilesOptions
