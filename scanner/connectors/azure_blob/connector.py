"""The `azblob` connector: accounts are scopes, containers are stores, blobs are units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, ClassVar

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.storage.blob import BlobServiceClient, ContainerProperties

from scanner.common.objects import list_units, open_unit
from scanner.common.stating import Unseen, ask, dig
from scanner.common.tags import tag_evidence
from scanner.connectors.azure_blob import doctor, options
from scanner.connectors.azure_blob.client import (
    DATA_ROLE,
    PAGE_SIZE,
    BlobClient,
    account_of,
    answers_anybody,
    identity,
    quieten,
    read_error,
    service_client,
    session,
)
from scanner.connectors.azure_blob.container import container_evidence, container_tags, public_level
from scanner.connectors.azure_blob.management import Management
from scanner.connectors.azure_blob.options import AzureBlobOptions
from scanner.connectors.azure_blob.posture import account_evidence, trail_evidence, transport_evidence
from scanner.connectors.azure_blob.view import NO_MANAGEMENT, AccountView, Answer, container_properties, view
from scanner.contracts import Access, Ask, Permission
from scanner.errors import ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Scope, Stage, Store, Unit

LIST_CONTAINERS = (
    f"grant the role Reader or {DATA_ROLE} on the account "
    "(Microsoft.Storage/storageAccounts/blobServices/containers/read), or name `containers`"
)
_ACCOUNT_SCOPE = "$account-encryption-key"


class AzureBlobConnector:
    """Reads containers and blobs of one storage account, or of all accounts of a subscription."""

    kind: ClassVar[str] = "azblob"
    schemes: ClassVar[tuple[str, ...]] = ("azblob",)
    Options: ClassVar[type[AzureBlobOptions]] = AzureBlobOptions

    page_size: ClassVar[int] = PAGE_SIZE

    def __init__(self, options: AzureBlobOptions, access: Access) -> None:
        quieten()
        self._options, self._access = options, access
        self._session = session(access)
        self._credential: TokenCredential | None = None
        self._manager: Management | None = None
        self._services: dict[str, BlobServiceClient] = {}
        self._views: dict[str, AccountView] = {}
        self._listed: dict[tuple[str, str], ContainerProperties] = {}
        self._told: set[Gap] = set()

    @classmethod
    def options_from_url(cls, url: str) -> Mapping[str, Any]:
        return options.options_from_url(url)

    def close(self) -> None:
        for service in self._services.values():
            service.close()
        if self._manager is not None:
            self._manager.close()
        self._session.close()

    # --- enumerating --------------------------------------------------------------

    def scopes(self) -> Iterable[Scope | Gap]:
        if self._options.account:
            yield self._scope(self._options.account, {})
            return
        management = self._management()
        assert management is not None and self._options.subscription  # the options see to it
        try:
            for account in management.accounts():
                yield self._scope(str(account.get("name", "")).lower(), account.get("tags") or {})
        except ReadError as error:
            yield Gap(f"azure:{self._options.subscription}", Stage.ENUMERATE, error.reason,
                      f"the subscription's storage accounts cannot be listed: {error.detail}",
                      remedy=error.remedy)  # fmt: skip

    def _scope(self, account: str, tags: Mapping[str, str]) -> Scope:
        return Scope(
            f"azure:{account}", "account", "azure", account, tags, exhaustive=not self._options.named
        )

    def stores(self, scope: Scope) -> Iterable[Store | Gap]:
        account = account_of(scope.id)
        try:
            found = self._named(account) if self._options.named else self._all(account)
            for container in found:
                yield container if isinstance(container, Gap) else self._store(account, container)
        except ReadError as error:
            yield Gap(scope.id, Stage.ENUMERATE, error.reason,
                      f"the containers cannot be listed: {error.detail}", remedy=error.remedy)  # fmt: skip

    def _named(self, account: str) -> Iterator[str | Gap]:
        for name in self._options.named:
            try:
                self._listed[account, name] = container_properties(self._service(account), name)
            except ReadError as error:
                # A SAS for one container may read blobs and yet not its container's properties.
                if error.reason is not GapReason.DENIED:
                    yield Gap(f"azure:{account}/{name}", Stage.ENUMERATE, error.reason,
                              f"the container cannot be seen: {error.detail}", remedy=error.remedy)  # fmt: skip
                    continue
            yield name

    def _all(self, account: str) -> Iterator[str | Gap]:
        """Names of all containers, by the data plane or, where that is denied, Resource Manager."""
        try:
            for container in self._service(account).list_containers(include_metadata=True):
                self._listed[account, str(container.name)] = container
                yield str(container.name)
            return
        except AzureError as error:
            refused = read_error(error, LIST_CONTAINERS)
        except ReadError as error:
            refused = error
        id = self._view(account).account_id if self._options.subscription else None
        management = self._management()
        if refused.reason is not GapReason.DENIED or id is None or management is None:
            raise refused
        for found in management.containers(id):
            yield str(found.get("name", ""))

    def _store(self, account: str, name: str) -> Store:
        seen = self._view(account) if self._options.subscription else None
        aliases = [f"https://{account}.blob.core.windows.net/{name}"]
        if seen is not None and seen.account_id:
            aliases.append(f"{seen.account_id}/blobServices/default/containers/{name}")
        properties = self._listed.get((account, name))
        return Store(
            id=f"azure:{account}/{name}",
            scope_id=f"azure:{account}",
            kind="container",
            provider="azure",
            name=name,
            aliases=tuple(aliases),
            region=seen.region if seen is not None else None,
            tags=container_tags(seen, properties),
            environment=self._access.environment,
            target=self._access.target,
        )

    # --- evidence -----------------------------------------------------------------

    def evidence(self, subject: Scope | Store) -> Iterable[Evidence | Gap]:
        account = account_of(subject.id)
        seen = self._view(account)
        # A call that failed for the account is one gap, however many containers it has.
        for gap in seen.gaps:
            if gap not in self._told:
                self._told.add(gap)
                yield gap
        yield transport_evidence(subject.id, self._options.endpoint(account))
        if isinstance(subject, Scope):
            yield from account_evidence(subject.id, seen)
            yield trail_evidence(subject.id)
            tags = None if isinstance(seen.tags, Unseen) else seen.tags
            basis = seen.tags.basis if isinstance(seen.tags, Unseen) else Basis.EXPLICIT
            yield from tag_evidence(subject.id, tags, "arm:storageAccounts.tags", basis=basis)
            return
        gaps: list[Gap] = []
        properties = self._properties(subject, account, gaps)
        lock = self._immutability(subject, seen, properties, gaps)
        key = self._key_source(subject, seen, properties, gaps)
        yield from gaps
        answers = self._answers_anybody(account, subject.name, seen, properties)
        yield from container_evidence(subject.id, subject.name, seen, properties, lock, key, answers)

    def _answers_anybody(
        self, account: str, name: str, seen: AccountView, container: ContainerProperties | Unseen
    ) -> bool | None:
        """Tried only on a public container whose account, which may override it, was not seen."""
        if isinstance(container, Unseen) or not isinstance(seen.account, Unseen):
            return None
        level = public_level(container)
        if level is None:
            return None
        endpoint = self._options.endpoint(account)
        return answers_anybody(self._service(account), endpoint, name, level, self._access, self._session)

    def _properties(self, store: Store, account: str, gaps: list[Gap]) -> ContainerProperties | Unseen:
        known = self._listed.get((account, store.name))
        if known is not None:
            return known
        return ask(
            store.id,
            "the container's public access and immutability",
            gaps,
            lambda: container_properties(self._service(account), store.name),
        )

    def _immutability(
        self, store: Store, seen: AccountView, container: ContainerProperties | Unseen, gaps: list[Gap]
    ) -> Answer:
        """The container through Resource Manager; only it tells whether a policy is locked."""
        if isinstance(container, Unseen):
            return container
        if not container.has_immutability_policy and not container.immutable_storage_with_versioning_enabled:
            return {}
        management, id = self._management(), seen.account_id
        if management is None or id is None:
            return seen.account if isinstance(seen.account, Unseen) else NO_MANAGEMENT
        return ask(store.id, "the immutability policy", gaps, lambda: management.container(id, store.name))

    def _key_source(
        self, store: Store, seen: AccountView, container: ContainerProperties | Unseen, gaps: list[Gap]
    ) -> str | Unseen | None:
        """Key source of the container's own encryption scope; None where the account's holds."""
        if isinstance(container, Unseen):
            return container
        scope = container.encryption_scope
        name = scope.default_encryption_scope if scope is not None else None
        if not name or name == _ACCOUNT_SCOPE:
            return None
        management, id = self._management(), seen.account_id
        if management is None or id is None:
            return seen.account if isinstance(seen.account, Unseen) else NO_MANAGEMENT
        found = ask(
            store.id, "the encryption scope", gaps, lambda: management.encryption_scope(id, str(name))
        )
        return found if isinstance(found, Unseen) else str(dig(found, "properties", "source") or "")

    # --- reading ------------------------------------------------------------------

    def units(self, store: Store, ask: Ask) -> Iterable[Unit | Gap]:  # noqa: ARG002 - the core samples
        try:
            service = self._service(account_of(store.id))
        except ReadError as error:
            yield Gap(store.id, Stage.LIST, error.reason, error.detail, remedy=error.remedy)
            return
        if self._options.prefix:
            yield Gap(store.id, Stage.LIST, GapReason.EXCLUDED,
                      "only blobs under the configured prefix were listed", remedy="prefix")  # fmt: skip
        client = BlobClient(service, self.page_size, self._options.read_costly)
        yield from list_units(client, store, target=self._access.target, prefix=self._options.prefix)

    def open(self, unit: Unit) -> BinaryIO:
        return open_unit(BlobClient(self._service(account_of(unit.store_id))), unit)

    # --- doctor -------------------------------------------------------------------

    def permissions(self) -> Iterable[Permission]:
        for scope in self.scopes():
            if isinstance(scope, Gap):
                yield Permission(
                    "Microsoft.Storage/storageAccounts/read",
                    False,
                    "listing storage accounts",
                    scope.subject_id,
                )
                continue
            account = account_of(scope.id)
            try:
                service: BlobServiceClient | ReadError = self._service(account)
            except ReadError as error:
                service = error
            yield from doctor.permissions(account, self._options.named, service, self._management())

    def policy(self) -> str:
        return doctor.policy(self._options)

    # --- clients, made when first needed ------------------------------------------

    def _service(self, account: str) -> BlobServiceClient:
        """Raises ReadError(DENIED) if the credential cannot be had."""
        if account not in self._services:
            credential = self._identity() if self._options.uses_identity else None
            self._services[account] = service_client(
                self._options, account, self._access, self._session, credential
            )
        return self._services[account]

    def _identity(self) -> TokenCredential:
        if self._credential is None:
            self._credential = identity(self._access, self._session)
        return self._credential

    def _management(self) -> Management | None:
        if self._manager is None and self._options.subscription:
            self._manager = Management(
                self._options.management_url,
                self._options.subscription,
                self._options.resource_group,
                self._access,
                self._session,
                self._identity(),
            )
        return self._manager

    def _view(self, account: str) -> AccountView:
        if account not in self._views:
            try:
                service: BlobServiceClient | ReadError = self._service(account)
            except ReadError as error:
                service = error
            self._views[account] = view(f"azure:{account}", account, service, self._management())
        return self._views[account]
