"""Keys of a `gcs` target and what a URL on the command line means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from scanner.common.secrets import FORMS, is_reference
from scanner.errors import ConfigError

EXAMPLE = "gs:// (the whole project), gs://BUCKET or gs://BUCKET/PREFIX"
STORAGE = "https://storage.googleapis.com"
RESOURCE_MANAGER = "https://cloudresourcemanager.googleapis.com"


class GcsOptions(BaseModel):
    """Keys of a `gcs` target."""

    # A secret given by mistake in place of a reference must not come back in the error.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    project: str | None = Field(
        default=None,
        description="Project id, e.g. example-records-prod. Left out: the project of the credentials.",
    )
    bucket: str | None = Field(default=None, description="One bucket to scan, e.g. example-letters.")
    buckets: tuple[str, ...] = Field(
        default=(), description="Several, e.g. [letters, scans]. Left out: all of the project."
    )
    prefix: str = Field(default="", description="Only objects whose name starts with this, e.g. 2024/.")
    read_costly: tuple[Literal["coldline", "archive"], ...] = Field(
        default=(), description="Storage classes to read too, although retrieval is charged."
    )
    endpoint_url: str = Field(
        default=STORAGE,
        description="Storage endpoint where it is not Google's public one: Private Service Connect, "
        "an emulator.",
    )
    resource_manager_url: str = Field(
        default=RESOURCE_MANAGER,
        description="Cloud Resource Manager, asked for organisation policies and audit settings.",
    )
    credentials: str | None = Field(
        default=None,
        description="Reference to the JSON of a service-account key or a user's credentials: "
        f"{FORMS}. Left out: Application Default Credentials.",
    )
    anonymous: bool = Field(
        default=False, description="Send no credentials: for emulators, or to see what the public sees."
    )
    own_domains: tuple[str, ...] = Field(
        default=(),
        description="The department's own sign-in domains, e.g. [example.gov.uk]. With it, accounts "
        "outside are listed; without it, a user's e-mail domain cannot be judged.",
    )

    @field_validator("credentials")
    @classmethod
    def _by_reference(cls, text: str | None) -> str | None:
        if text is not None and not is_reference(text):
            raise ValueError(f"give a reference, not the secret itself: {FORMS}")
        return text

    @field_validator("endpoint_url", "resource_manager_url")
    @classmethod
    def _plain_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("give a URL such as https://storage-example.p.googleapis.com")
        if parts.query or parts.username or parts.password:
            raise ValueError("leave credentials out of the URL; use `credentials`")
        return url.rstrip("/")

    @field_validator("own_domains")
    @classmethod
    def _lower(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(domain.lower().lstrip("@") for domain in domains)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.anonymous and self.credentials:
            raise ValueError("give `credentials` or `anonymous`, not both")
        if self.anonymous and not self.project and not self.named:
            raise ValueError("without credentials name the `project` or the `buckets`")
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """Buckets that were named, each once."""
        return tuple(dict.fromkeys(filter(None, (self.bucket, *self.buckets))))


def options_from_url(url: str) -> Mapping[str, Any]:
    """`gs://bucket/prefix` as keys. Raises ConfigError with an example."""
    parts = urlsplit(url)
    if parts.scheme != "gs":
        raise ConfigError(f"a Google Cloud Storage target is {EXAMPLE}")
    if "@" in parts.netloc or parts.query:
        raise ConfigError(
            f"a Google target on the command line holds no credentials ({EXAMPLE}); "
            "use Application Default Credentials, or `credentials: file:PATH` in dpscan.yaml"
        )
    keys: dict[str, Any] = {}
    if parts.netloc:
        keys["buckets"] = (parts.netloc,)
        prefix = parts.path.lstrip("/")
        if prefix:
            keys["prefix"] = prefix
    elif parts.path.strip("/"):
        raise ConfigError(f"name the bucket before the prefix: {EXAMPLE}")
    return keys
