"""Azure Blob Storage: storage accounts, their containers and blobs."""

from scanner.connectors.azure_blob.connector import AzureBlobConnector
from scanner.connectors.azure_blob.options import AzureBlobOptions

__all__ = ["AzureBlobConnector", "AzureBlobOptions"]
