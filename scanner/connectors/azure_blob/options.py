"""Keys of an `azblob` target and what a URL on the command line means."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from scanner.common.secrets import FORMS, is_reference
from scanner.errors import ConfigError

EXAMPLE = "azblob://ACCOUNT, azblob://ACCOUNT/CONTAINER or azblob://ACCOUNT/CONTAINER/PREFIX"
PUBLIC_MANAGEMENT = "https://management.azure.com"

_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")


class AzureBlobOptions(BaseModel):
    """Keys of an `azblob` target."""

    # A secret given by mistake in place of a reference must not come back in the error.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    account: str | None = Field(
        default=None,
        description="Storage account, e.g. contosohr. Left out: every account of `subscription`.",
    )
    container: str | None = Field(default=None, description="One container to scan, e.g. letters.")
    containers: tuple[str, ...] = Field(
        default=(), description="Several, e.g. [letters, scans]. Left out: all of the account."
    )
    prefix: str = Field(default="", description="Only blobs whose name starts with this, e.g. 2024/.")
    read_costly: tuple[Literal["cold"], ...] = Field(
        default=(), description="[cold]: read blobs of the Cold tier too, although retrieval is charged."
    )
    endpoint_url: str | None = Field(
        default=None,
        description="Blob endpoint where it is not https://ACCOUNT.blob.core.windows.net: a private "
        "endpoint, a custom domain, an emulator. {account} is replaced by the account's name.",
    )
    connection_string: str | None = Field(
        default=None, description=f"Reference to a connection string: {FORMS}."
    )
    account_key: str | None = Field(default=None, description=f"Reference to an account key: {FORMS}.")
    sas: str | None = Field(default=None, description=f"Reference to a SAS token: {FORMS}.")
    subscription: str | None = Field(
        default_factory=lambda: os.environ.get("AZURE_SUBSCRIPTION_ID") or None,
        description="Subscription id (default: AZURE_SUBSCRIPTION_ID). Account settings such as HTTPS "
        "only, lowest TLS version, public access and firewall are seen only with it.",
    )
    resource_group: str | None = Field(
        default=None, description="Resource group of the account; saves listing the subscription."
    )
    management_url: str = Field(
        default=PUBLIC_MANAGEMENT, description="Azure Resource Manager, where not the public cloud's."
    )

    @field_validator("account")
    @classmethod
    def _account_name(cls, name: str | None) -> str | None:
        if name is None:
            return None
        if not _ACCOUNT.fullmatch(name.lower()):
            raise ValueError("an account name is 3 to 24 lower-case letters and digits")
        return name.lower()

    @field_validator("connection_string", "account_key", "sas")
    @classmethod
    def _by_reference(cls, text: str | None) -> str | None:
        if text is not None and not is_reference(text):
            raise ValueError(f"give a reference, not the secret itself: {FORMS}")
        return text

    @field_validator("endpoint_url", "management_url")
    @classmethod
    def _plain_url(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("give a URL such as https://contosohr.privatelink.blob.core.windows.net")
        if parts.query or parts.username or parts.password:
            raise ValueError("leave credentials out of the URL; use `sas` or `account_key`")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if len([key for key in (self.connection_string, self.account_key, self.sas) if key]) > 1:
            raise ValueError("give one of connection_string, account_key and sas")
        if self.account is None and self.subscription is None:
            raise ValueError(
                "name the `account`, or give a `subscription` whose accounts are all to be scanned"
            )
        if self.account is None and (self.connection_string or self.account_key or self.sas):
            raise ValueError("a connection string, key or SAS belongs to one account: name the `account`")
        if (
            self.endpoint_url
            and self.endpoint_url.startswith("http://")
            and not (self.connection_string or self.account_key or self.sas)
        ):
            raise ValueError("Azure identity tokens are sent only over https; use https in `endpoint_url`")
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """Containers that were named, each once."""
        return tuple(dict.fromkeys(filter(None, (self.container, *self.containers))))

    @property
    def uses_identity(self) -> bool:
        return not (self.connection_string or self.account_key or self.sas)

    def endpoint(self, account: str) -> str:
        """The blob endpoint of an account."""
        if self.endpoint_url:
            return self.endpoint_url.replace("{account}", account)
        return f"https://{account}.blob.core.windows.net"


def options_from_url(url: str) -> Mapping[str, Any]:
    """`azblob://account/container/prefix` as keys. Raises ConfigError with an example."""
    parts = urlsplit(url)
    if parts.scheme != "azblob" or not parts.netloc:
        raise ConfigError(f"an Azure target is {EXAMPLE}")
    if "@" in parts.netloc or parts.query:
        # Not quoted: this may be a key or a SAS.
        raise ConfigError(
            f"an Azure target on the command line holds no credentials ({EXAMPLE}); "
            "put `account_key: env:NAME` or `sas: env:NAME` into dpscan.yaml"
        )
    container, _, prefix = parts.path.lstrip("/").partition("/")
    keys: dict[str, Any] = {"account": parts.netloc}
    if container:
        keys["containers"] = (container,)
    if prefix:
        keys["prefix"] = prefix
    return keys
