"""Clients of the SDK: credentials, endpoints, proxies, time-outs. Made lazily, one of each."""

from __future__ import annotations

import functools
import logging
import threading
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.config
import botocore.credentials
import botocore.loaders
import botocore.session

from scanner.common.secrets import is_reference, resolve
from scanner.connectors.s3.errors import LOG_IN
from scanner.connectors.s3.options import Options
from scanner.contracts import Access
from scanner.errors import ReadError
from scanner.model import GapReason

# Where the SDK itself knows no region and the call needs one: London.
_REGION = "eu-west-2"
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")

for _name in ("boto3", "botocore", "s3transfer", "urllib3"):
    # At DEBUG these print headers and bodies, whatever -vv says.
    logging.getLogger(_name).setLevel(logging.WARNING)


@functools.cache
def _loader(data_path: str | None) -> Any:
    """The SDK's descriptions of services; read once for all targets, as each takes 0.2 s."""
    return botocore.loaders.create_loader(data_path)


class Clients:
    """The SDK clients of one target, each made once. For several threads; never pickled."""

    def __init__(self, options: Options, access: Access) -> None:
        self._options, self._access = options, access
        self._kept: dict[tuple[str, str], Any] = {}
        # Clients are thread-safe, and the session that makes them is not (boto3's guide, "Multithreading").
        self._making = threading.RLock()

    def __repr__(self) -> str:
        return f"<S3 clients of {self._access.target}>"

    @property
    def s3(self) -> Any:
        return self._client("s3")

    @property
    def sts(self) -> Any:
        return self._client("sts")

    @property
    def control(self) -> Any:
        return self._client("s3control")

    def kms(self, region: str) -> Any:
        return self._client("kms", region)

    @property
    def endpoint(self) -> str:
        """Host and port that S3 requests go to, wherever that was configured."""
        return str(urlsplit(self.s3.meta.endpoint_url).netloc)

    @property
    def encrypted(self) -> bool:
        return bool(urlsplit(self.s3.meta.endpoint_url).scheme == "https")

    @property
    def aws(self) -> bool:
        """Whether AWS answers (then account calls are made and AWS's defaults hold)."""
        if self._options.service is not None:
            return self._options.service == "aws"
        host = urlsplit(self.s3.meta.endpoint_url).hostname or ""
        return host.endswith(_AWS)

    @property
    def partition(self) -> str:
        return str(self.s3.meta.partition)

    def close(self) -> None:
        while self._kept:
            self._kept.popitem()[1].close()

    def _client(self, service: str, region: str = "") -> Any:
        with self._making:
            if (service, region) not in self._kept:
                self._kept[service, region] = self._made(service, region)
            return self._kept[service, region]

    def _made(self, service: str, region: str) -> Any:
        limits = self._access.limits
        config = botocore.config.Config(
            user_agent_extra=self._access.user_agent,
            connect_timeout=limits.connect_timeout,
            read_timeout=limits.read_timeout,
            max_pool_connections=max(1, limits.connections_per_host),
            # Two attempts: the core repeats pages and ranges itself. Proxies come from the environment.
            retries={"mode": "standard", "total_max_attempts": 2},
            s3={"addressing_style": self._options.addressing_style},
        )
        session = self._session
        return session.client(
            service,
            endpoint_url=self._options.endpoint_url if service == "s3" else None,
            region_name=region or self._options.region or session.region_name or _REGION,
            config=config,
        )

    @functools.cached_property
    def _session(self) -> Any:
        options = self._options
        core = self._core_session()
        keys: dict[str, str] = {}
        for name, reference in (
            ("aws_access_key_id", options.access_key_id),
            ("aws_secret_access_key", options.secret_access_key),
            ("aws_session_token", options.session_token),
        ):
            if reference is not None:
                keys[name] = resolve(reference)
        session = boto3.Session(botocore_session=core, profile_name=options.profile, **keys)
        return self._assume(session) if options.role_arn else session

    def _core_session(self) -> Any:
        core = botocore.session.Session()
        core.register_component("data_loader", _loader(core.get_config_variable("data_path")))
        if self._access.ca_bundle:
            core.set_config_variable("ca_bundle", self._access.ca_bundle)
        return core

    def _assume(self, source: Any) -> Any:
        """A session under `role_arn` that renews itself, for scans longer than an hour."""
        options = self._options
        credentials = source.get_credentials()
        if credentials is None:
            raise ReadError(GapReason.DENIED, "no credentials to assume the role with", LOG_IN)
        extra = {"RoleSessionName": "dpscan"}
        if options.external_id:
            reference = options.external_id
            extra["ExternalId"] = resolve(reference) if is_reference(reference) else reference
        region = options.region or source.region_name or _REGION

        def sts(service: str, **keys: Any) -> Any:
            return source.client(service, region_name=region, **keys)

        fetcher = botocore.credentials.AssumeRoleCredentialFetcher(
            client_creator=sts,
            source_credentials=credentials,
            role_arn=options.role_arn,
            extra_args=extra,
        )
        core = self._core_session()
        core._credentials = botocore.credentials.DeferredRefreshableCredentials(
            method="assume-role", refresh_using=fetcher.fetch_credentials
        )
        return boto3.Session(botocore_session=core, region_name=region)
