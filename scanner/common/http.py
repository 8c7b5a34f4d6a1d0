"""Bounded HTTP sessions for SDKs built on `requests`."""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from scanner.contracts import Access


class BoundedAdapter(HTTPAdapter):
    """At most `connections_per_host` connections, and the configured `ca_bundle`.

    The bundle is set here because on a session REQUESTS_CA_BUNDLE would override it.
    """

    def __init__(self, access: Access, retries: Retry | int) -> None:
        self._bundle = access.ca_bundle
        super().__init__(
            max_retries=retries, pool_maxsize=access.limits.connections_per_host, pool_block=True
        )

    def send(self, request: requests.PreparedRequest, *args: Any, **keywords: Any) -> requests.Response:
        if self._bundle:
            keywords["verify"] = self._bundle
        response = super().send(request, *args, **keywords)
        if response.status_code >= 400:
            # A refusal asked for as a stream would keep its connection: SDKs send a request again
            # after a 401 without reading the first answer, and would wait for a free one for ever.
            response.content  # noqa: B018 - reads it
        return response


def bound(session: requests.Session, access: Access, retries: Retry | int = 0) -> None:
    """Make a session keep to `access`. Proxies come from the environment, as `requests` reads it."""
    adapter = BoundedAdapter(access, retries)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
