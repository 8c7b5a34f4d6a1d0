"""Amazon S3, and other servers that speak its protocol."""

from __future__ import annotations

from scanner.connectors.s3.connector import S3Connector

__all__ = ["S3Connector"]
