"""WebDAV shares for dpscan."""

from dpscan_webdav.connector import WebdavConnector, WebdavOptions

__all__ = ["WebdavConnector", "WebdavOptions"]
