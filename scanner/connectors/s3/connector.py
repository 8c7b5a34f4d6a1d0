"""The S3 connector: an account's buckets, or named ones, on AWS or another S3 server."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, ClassVar
from urllib.parse import urlsplit

from scanner.common.objects import list_units, open_unit
from scanner.connectors.s3 import calls, doctor, further
from scanner.connectors.s3.calls import Answer, Status
from scanner.connectors.s3.errors import SDK_ERRORS, read_error
from scanner.connectors.s3.exposure import Exposed, account_block
from scanner.connectors.s3.options import Options as S3Options
from scanner.connectors.s3.posture import posture, tags
from scanner.connectors.s3.reading import S3Objects
from scanner.connectors.s3.session import Clients
from scanner.contracts import Access, Ask, Permission
from scanner.errors import ConfigError, ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Scope, Stage, State, Store, Unit

_ACCOUNT_BLOCK = "s3control:GetPublicAccessBlock"
_ACCOUNT_ACTION = "s3:GetAccountPublicAccessBlock"
UNKNOWN_ACCOUNT = "unknown"


class S3Connector:
    """Lists buckets, states their evidence, hands out objects."""

    kind: ClassVar[str] = "s3"
    schemes: ClassVar[tuple[str, ...]] = ("s3",)
    Options: ClassVar[type[S3Options]] = S3Options

    def __init__(self, options: S3Options, access: Access) -> None:
        self._options, self._access = options, access
        self._clients = Clients(options, access)
        self._account_answer: Answer | None = None
        self._asking_account = threading.RLock()
        self._caller: str | None = None

    @classmethod
    def options_from_url(cls, url: str) -> Mapping[str, Any]:
        """`s3://bucket/prefix`; `s3://` alone is every bucket of the account."""
        parts = urlsplit(url)
        if parts.scheme != "s3" or parts.query or parts.fragment or "@" in parts.netloc:
            raise ConfigError("an S3 target looks like s3://bucket/prefix (or s3:// for every bucket)")
        found: dict[str, Any] = {}
        if parts.netloc:
            found["bucket"] = parts.netloc
        if prefix := parts.path.lstrip("/"):
            if not parts.netloc:
                raise ConfigError("a prefix needs its bucket: s3://bucket/prefix")
            found["prefix"] = prefix
        return found

    # --- scopes -------------------------------------------------------------------

    def scopes(self) -> Iterator[Scope | Gap]:
        try:
            aws = self._clients.aws
        except ReadError as error:
            yield Gap(self._access.target, Stage.ENUMERATE, error.reason, error.detail, remedy=error.remedy)
            return
        except SDK_ERRORS as error:
            yield self._no_scope(read_error(error, "sts:GetCallerIdentity"))
            return
        exhaustive = not self._options.named
        if not aws:
            host = self._clients.endpoint
            yield Scope(f"s3:{host}", "server", "s3", host, exhaustive=exhaustive)
            return
        account = self._options.account_id
        # With account and buckets given there is nothing to ask, and private networks may have no STS.
        if account is None or exhaustive:
            try:
                self._caller = str(self._clients.sts.get_caller_identity()["Account"])
            except (*SDK_ERRORS, ReadError) as error:
                known = error if isinstance(error, ReadError) else read_error(error, "sts:GetCallerIdentity")
                yield self._no_scope(known)
        account = account or self._caller or UNKNOWN_ACCOUNT
        yield Scope(f"aws:{account}", "account", "aws", account, exhaustive=exhaustive)

    def _no_scope(self, error: ReadError) -> Gap:
        detail = f"which account this is could not be found out: {error.detail}"
        return Gap(self._access.target, Stage.ENUMERATE, error.reason, detail, remedy=error.remedy)

    @property
    def _account(self) -> str | None:
        with self._asking_account:
            if self._options.account_id is None and self._caller is None and self._clients.aws:
                for _ in self.scopes():
                    pass
            return self._options.account_id or self._caller

    # --- stores -------------------------------------------------------------------

    def stores(self, scope: Scope) -> Iterator[Store | Gap]:
        if self._options.named:
            for name in self._options.named:
                yield from self._named(scope, name)
            return
        if self._caller and self._options.account_id not in (None, self._caller):
            detail = (
                "the credentials belong to another account than account_id says, and list only its buckets"
            )
            yield Gap(
                scope.id,
                Stage.ENUMERATE,
                GapReason.DENIED,
                detail,
                remedy="role_arn of a role in that account, or name the buckets",
            )
            return
        try:
            for bucket in self._all_buckets():
                yield self._store(
                    scope, bucket["Name"], bucket.get("BucketRegion"), bucket.get("CreationDate")
                )
        except SDK_ERRORS as error:
            known = read_error(error, "s3:ListAllMyBuckets")
            yield Gap(
                scope.id,
                Stage.ENUMERATE,
                known.reason,
                f"the buckets could not be listed: {known.detail}",
                remedy=known.remedy,
            )

    def _all_buckets(self) -> Iterator[Mapping[str, Any]]:
        client = self._clients.s3
        if client.can_paginate("list_buckets"):
            for page in client.get_paginator("list_buckets").paginate():
                yield from page.get("Buckets", ())
        else:
            yield from client.list_buckets().get("Buckets", ())

    def _named(self, scope: Scope, name: str) -> Iterator[Store | Gap]:
        answer = calls.ask(self._clients.s3, calls.LOCATION, name, self._options.account_id)
        error = answer.error
        if error is not None and error.reason in (
            GapReason.VANISHED,
            GapReason.UNREACHABLE,
            GapReason.TIMEOUT,
        ):
            detail = f"the bucket {name} could not be found: {error.detail}"
            yield Gap(scope.id, Stage.ENUMERATE, error.reason, detail, remedy=error.remedy)
            return
        # A refused bucket is still a store: it counts as not covered instead of disappearing.
        client, owner = self._clients.s3, self._options.account_id
        region = further.region_of(client, name, owner, answer) if self._clients.aws else None
        yield self._store(scope, name, region, None)

    def describe(self, store: Store) -> Store:
        """The bucket with its tags and region."""
        client, owner = self._clients.s3, self._options.account_id
        region = store.region
        if region is None and self._clients.aws:
            region = further.region_of(client, store.name, owner)
        found = tags(calls.ask(client, calls.TAGGING, store.name, owner))
        return dataclasses.replace(store, region=region, tags=found)

    def together(self) -> int:
        """On AWS each bucket is a host of its own; elsewhere all are on one."""
        limits = self._access.limits
        most = limits.requests_in_flight
        return most if self._clients.aws else min(most, limits.connections_per_host)

    def _store(self, scope: Scope, name: str, region: str | None, created: dt.datetime | None) -> Store:
        identity, aliases = f"s3:{self._clients.endpoint}/{name}", tuple[str, ...]()
        if self._clients.aws:
            identity, aliases = f"aws:s3:::{name}", (f"arn:{self._clients.partition}:s3:::{name}",)
        return Store(
            id=identity,
            scope_id=scope.id,
            kind="bucket",
            provider=scope.provider,
            name=name,
            aliases=aliases,
            region=region if self._clients.aws else None,
            environment=self._access.environment,
            created=created.astimezone(dt.UTC) if created is not None else None,
            target=self._access.target,
        )

    # --- evidence -----------------------------------------------------------------

    def evidence(self, subject: Scope | Store) -> Iterator[Evidence | Gap]:
        if isinstance(subject, Scope):
            yield from self._scope_evidence(subject)
            return
        client, owner, aws = self._clients.s3, self._options.account_id, self._clients.aws
        answers = calls.ask_all(client, subject.name, owner)
        yield from calls.gaps(subject.id, answers)
        exposed = Exposed(
            store_id=subject.id,
            bucket=subject.name,
            answers=answers,
            account=self._account_block() if aws else Answer(_ACCOUNT_BLOCK, Status.UNSUPPORTED),
            own=self._account,
            aws=aws,
            encrypted=self._clients.encrypted,
        )
        yield from exposed.evidence()
        yield from posture(subject, answers, aws=aws)
        kms = self._clients.kms if aws else None
        yield from further.customer_managed_key(subject, answers[calls.ENCRYPTION], kms)
        yield from further.replica_regions(subject, answers[calls.REPLICATION], client if aws else None)

    def _scope_evidence(self, scope: Scope) -> Iterator[Evidence | Gap]:
        if not self._clients.aws:
            reason = "this server has no setting for all its buckets"
            yield Evidence(
                scope.id,
                "public_access_blocked",
                State.UNKNOWN,
                Basis.NOT_OBSERVABLE,
                _ACCOUNT_BLOCK,
                reason=reason,
            )
            return
        answer = self._account_block()
        if answer.status in (Status.DENIED, Status.FAILED) and answer.error is not None:
            detail = f"the account's public access block could not be seen: {answer.error.detail}"
            yield Gap(scope.id, Stage.EVIDENCE, answer.error.reason, detail, remedy=answer.error.remedy)
        yield account_block(scope.id, answer)

    def _account_block(self) -> Answer:
        """The account's own block settings; asked once."""
        with self._asking_account:
            if self._account_answer is None:
                self._account_answer = self._ask_account_block()
            return self._account_answer

    def _ask_account_block(self) -> Answer:
        account = self._account
        if account is None:
            error = ReadError(
                GapReason.DENIED, "which account this is could not be found out", "account_id: twelve digits"
            )
            return Answer(_ACCOUNT_BLOCK, Status.DENIED, error=error)
        try:
            data = self._clients.control.get_public_access_block(AccountId=account)
        except SDK_ERRORS as failure:
            unset = ("NoSuchPublicAccessBlockConfiguration",)
            return calls.failed(failure, _ACCOUNT_BLOCK, _ACCOUNT_ACTION, unset)
        return Answer(_ACCOUNT_BLOCK, Status.SET, data)

    # --- content ------------------------------------------------------------------

    def units(self, store: Store, ask: Ask) -> Iterator[Unit | Gap]:  # noqa: ARG002 - listing is never sampled
        payment = calls.ask(self._clients.s3, calls.PAYMENT, store.name, self._options.account_id)
        if self._options.prefix:
            yield Gap(
                store.id,
                Stage.LIST,
                GapReason.EXCLUDED,
                "only objects under the configured prefix were listed",
                remedy="prefix",
            )
        yield from list_units(
            self._objects(requester_pays=payment.data.get("Payer") == "Requester"),
            store,
            target=self._access.target,
            prefix=self._options.prefix,
        )

    def open(self, unit: Unit) -> BinaryIO:
        return open_unit(self._objects(), unit)

    def _objects(self, *, requester_pays: bool = False) -> S3Objects:
        try:
            client = self._clients.s3
        except SDK_ERRORS as error:
            raise read_error(error, "s3:GetObject") from None
        return S3Objects(
            client,
            owner=self._options.account_id,
            read_costly=self._options.read_costly,
            requester_pays=requester_pays,
        )

    # --- doctor -------------------------------------------------------------------

    def permissions(self) -> Iterable[Permission]:
        return doctor.permissions(self, self._clients, self._options, self._account_block)

    def policy(self) -> str:
        return doctor.policy(self._options)

    def close(self) -> None:
        self._clients.close()
