"""The keys of an `s3` target."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from scanner.common.secrets import FORMS, is_reference

_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")
_ACCOUNT = re.compile(r"\d{12}")

Costly = Literal["glacier-instant-retrieval", "intelligent-tiering", "requester-pays"]


class Options(BaseModel):
    """An account's buckets, or some of them, on AWS or on another server that speaks S3."""

    # A wrong value may be a secret put in place of its reference: never quote it.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    bucket: str | None = Field(
        None, description="One bucket to scan. Without it: every bucket of the account."
    )
    buckets: tuple[str, ...] = Field((), description="Several buckets to scan.")
    prefix: str = Field("", description="Read only objects whose key starts with this.")
    region: str | None = Field(
        None,
        description="Region to sign requests for and to ask first, such as eu-west-2. Default: the SDK's own.",
    )
    endpoint_url: str | None = Field(
        None,
        description="Address of a private endpoint or of another S3 server, such as https://s3.example.org.",
    )
    service: Literal["aws", "other"] | None = Field(
        None,
        description="What answers at endpoint_url. Default: aws if the host is under amazonaws.com, else other. "
        "Decides store names and which defaults may be relied on.",
    )
    addressing_style: Literal["auto", "path", "virtual"] = Field(
        "auto",
        description="Whether the bucket stands in the path or the host name. Most other servers need path.",
    )
    profile: str | None = Field(
        None, description="Profile of the AWS configuration files to take credentials from."
    )
    role_arn: str | None = Field(None, description="Role to assume before anything else.")
    external_id: str | None = Field(
        None, description="External id for role_arn: the id itself, or a reference to it."
    )
    access_key_id: str | None = Field(None, description=f"Access key id, by reference: {FORMS}.")
    secret_access_key: str | None = Field(None, description=f"Secret access key, by reference: {FORMS}.")
    session_token: str | None = Field(None, description=f"Session token, by reference: {FORMS}.")
    account_id: str | None = Field(
        None,
        description="Twelve digits: the account that must own the buckets. Requests to a bucket of another account "
        "are then refused by AWS.",
    )
    read_costly: Annotated[
        tuple[Costly, ...], Field(description="Objects to read although it costs money.")
    ] = ()

    @field_validator("access_key_id", "secret_access_key", "session_token")
    @classmethod
    def _by_reference(cls, text: str | None) -> str | None:
        if text is not None and not is_reference(text):
            raise ValueError(f"give a reference, not the secret itself: {FORMS}")
        return text

    @field_validator("bucket", "buckets")
    @classmethod
    def _bucket_names(cls, names: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        for name in (names,) if isinstance(names, str) else names or ():
            if not _BUCKET.fullmatch(name):
                raise ValueError(
                    "a bucket name has 3 to 63 lower-case letters, digits, dots and hyphens (no s3://, no path)"
                )
        return names

    @field_validator("account_id")
    @classmethod
    def _account(cls, text: str | None) -> str | None:
        if text is not None and not _ACCOUNT.fullmatch(text):
            raise ValueError("an account id has twelve digits (put it in quotes)")
        return text

    @field_validator("endpoint_url")
    @classmethod
    def _endpoint(cls, text: str | None) -> str | None:
        if text is not None and not re.fullmatch(r"https?://[^/@\s]+/?", text):
            raise ValueError("an endpoint looks like https://s3.example.org:9000, without path or password")
        return text

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.bucket and self.buckets:
            raise ValueError("give bucket or buckets, not both")
        if (self.access_key_id is None) != (self.secret_access_key is None):
            raise ValueError("access_key_id and secret_access_key belong together")
        if self.access_key_id and self.profile:
            raise ValueError("give access keys or a profile, not both")
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """The buckets asked for; none means all."""
        return (self.bucket,) if self.bucket else tuple(dict.fromkeys(self.buckets))
