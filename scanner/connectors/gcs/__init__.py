"""Google Cloud Storage: projects, their buckets and objects."""

from scanner.connectors.gcs.connector import GcsConnector
from scanner.connectors.gcs.options import GcsOptions

__all__ = ["GcsConnector", "GcsOptions"]
