"""The `gcs` connector: projects are scopes, buckets are stores, objects are units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, ClassVar

import google.auth.credentials
import google.auth.transport.requests
from google.cloud import storage

from scanner.common.objects import list_units, open_unit
from scanner.common.stating import unseen
from scanner.connectors.gcs import doctor, options
from scanner.connectors.gcs.client import (
    PAGE_SIZE,
    REQUESTER_PAYS,
    ObjectsClient,
    credentials,
    quieten,
    session,
    storage_client,
)
from scanner.connectors.gcs.options import GcsOptions
from scanner.connectors.gcs.posture import bucket_evidence, labels, project_evidence, transport_evidence
from scanner.connectors.gcs.rest import Rest
from scanner.connectors.gcs.view import (
    NO_CREDENTIALS,
    NO_PROJECT,
    BucketView,
    ProjectView,
    bucket_view,
    project_view,
    requester_pays,
)
from scanner.contracts import Access, Ask, Permission
from scanner.errors import ReadError
from scanner.model import Evidence, Gap, GapReason, Scope, Stage, Store, Unit


class GcsConnector:
    """Reads buckets and objects of one Google Cloud project, or named buckets."""

    kind: ClassVar[str] = "gcs"
    schemes: ClassVar[tuple[str, ...]] = ("gs",)
    Options: ClassVar[type[GcsOptions]] = GcsOptions

    page_size: ClassVar[int] = PAGE_SIZE

    def __init__(self, options: GcsOptions, access: Access) -> None:
        quieten()
        self._options, self._access = options, access
        self._made: _Clients | None = None
        self._buckets: dict[str, Mapping[str, Any]] = {}
        self._views: dict[str, BucketView] = {}
        self._projects: dict[str, ProjectView] = {}
        self._told: set[Gap] = set()

    @classmethod
    def options_from_url(cls, url: str) -> Mapping[str, Any]:
        return options.options_from_url(url)

    def close(self) -> None:
        if self._made is not None:
            self._made.session.close()  # type: ignore[no-untyped-call]

    # --- enumerating --------------------------------------------------------------

    def scopes(self) -> Iterable[Scope | Gap]:
        try:
            project = self._clients().project or self._project_number()
        except ReadError as error:
            yield Gap(self._subject(), Stage.ENUMERATE, error.reason, error.detail, remedy=error.remedy)
            return
        if not project:
            yield Gap(self._subject(), Stage.ENUMERATE, GapReason.DENIED,
                      "the credentials name no project", remedy="set `project`")  # fmt: skip
            return
        yield Scope(f"gcp:{project}", "project", "gcp", project, exhaustive=not self._options.named)

    def _subject(self) -> str:
        return f"gcp:{self._options.project}" if self._options.project else self._access.target

    def _project_number(self) -> str | None:
        """The number of the first named bucket's project, where no project is named. Raises ReadError."""
        if not self._options.named:
            return None
        number = self._settings(self._options.named[0]).get("projectNumber")
        return str(number) if number else None

    def stores(self, scope: Scope) -> Iterable[Store | Gap]:
        try:
            if self._options.named:
                yield from self._named(scope)
                return
            for bucket in self._clients().rest.buckets(scope.name):
                name = str(bucket.get("name", ""))
                self._buckets[name] = bucket
                yield self._store(scope, name, bucket)
        except ReadError as error:
            yield Gap(scope.id, Stage.ENUMERATE, error.reason,
                      f"the buckets cannot be listed: {error.detail}", remedy=error.remedy)  # fmt: skip

    def _named(self, scope: Scope) -> Iterator[Store | Gap]:
        for name in self._options.named:
            try:
                settings: Mapping[str, Any] | None = self._settings(name)
            except ReadError as error:
                # Objects may be readable where the bucket's settings are not.
                if error.reason not in (GapReason.DENIED, GapReason.COSTLY):
                    yield Gap(f"gs:{name}", Stage.ENUMERATE, error.reason,
                              f"the bucket cannot be seen: {error.detail}", remedy=error.remedy)  # fmt: skip
                    continue
                settings = None
            yield self._store(scope, name, settings)

    def _settings(self, name: str) -> Mapping[str, Any]:
        if name not in self._buckets:
            self._buckets[name] = self._clients().rest.bucket(name)
        return self._buckets[name]

    def _store(self, scope: Scope, name: str, settings: Mapping[str, Any] | None) -> Store:
        return Store(
            id=f"gs:{name}",
            scope_id=scope.id,
            kind="bucket",
            provider="gcp",
            name=name,
            aliases=(f"gs://{name}", f"//storage.googleapis.com/projects/_/buckets/{name}"),
            region=str(settings.get("location") or "").lower() or None if settings is not None else None,
            tags=labels(settings) if settings is not None else None,
            environment=self._access.environment,
            target=self._access.target,
        )

    # --- evidence -----------------------------------------------------------------

    def evidence(self, subject: Scope | Store) -> Iterable[Evidence | Gap]:
        yield transport_evidence(subject.id, self._options.endpoint_url)
        if isinstance(subject, Scope):
            seen = self._project(subject.name)
            yield from self._once(seen.gaps)
            yield from project_evidence(subject.id, seen)
            return
        project, names = self._project_of(subject)
        bucket = self._bucket(subject, project)
        yield from self._once((*bucket.gaps, *project.gaps))
        yield from bucket_evidence(subject.id, bucket, project, names, self._options.own_domains)

    def _once(self, gaps: Iterable[Gap]) -> Iterator[Gap]:
        """A call that failed for a project is one gap, however many buckets it has."""
        for gap in gaps:
            if gap not in self._told:
                self._told.add(gap)
                yield gap

    def _bucket(self, store: Store, project: ProjectView) -> BucketView:
        if store.name not in self._views:
            try:
                known, prevented = self._buckets.get(store.name), project.public_prevented is True
                rest = self._clients().rest
                self._views[store.name] = bucket_view(store.id, store.name, known, prevented, rest)
            except ReadError as error:
                why = unseen(error)
                gap = Gap(store.id, Stage.EVIDENCE, error.reason, error.detail, remedy=error.remedy)
                self._views[store.name] = BucketView(why, why, why, why, (gap,))
        return self._views[store.name]

    def _project_of(self, store: Store) -> tuple[ProjectView, tuple[str, ...]]:
        """The view of a bucket's own project, and the names that project goes by in IAM.

        A bucket that was named may belong to another project than the one that scans; its
        settings give that project's number.
        """
        scanning = store.scope_id.removeprefix("gcp:")
        number = self._buckets.get(store.name, {}).get("projectNumber")
        own = str(number) if number and self._options.named and not self._options.project else scanning
        return self._project(own), tuple(f"project:{name}" for name in {own, str(number or own), scanning})

    def _project(self, project: str) -> ProjectView:
        if project not in self._projects:
            if self._options.anonymous:
                self._projects[project] = ProjectView.unseen(NO_CREDENTIALS)
            elif not project:
                self._projects[project] = ProjectView.unseen(NO_PROJECT)
            else:
                self._projects[project] = project_view(f"gcp:{project}", project, self._clients().rest)
        return self._projects[project]

    # --- reading ------------------------------------------------------------------

    def units(self, store: Store, ask: Ask) -> Iterable[Unit | Gap]:  # noqa: ARG002 - the core samples
        try:
            clients = self._clients()
            if self._requester_pays(store.name):
                yield Gap(store.id, Stage.LIST, GapReason.COSTLY, REQUESTER_PAYS,
                          remedy="ask the bucket's owner to scan it, or to switch requester pays off")  # fmt: skip
                return
        except ReadError as error:
            yield Gap(store.id, Stage.LIST, error.reason, error.detail, remedy=error.remedy)
            return
        if self._options.prefix:
            yield Gap(store.id, Stage.LIST, GapReason.EXCLUDED,
                      "only objects under the configured prefix were listed", remedy="prefix")  # fmt: skip
        client = ObjectsClient(clients.storage, self._access, self.page_size, self._options.read_costly)
        yield from list_units(client, store, target=self._access.target, prefix=self._options.prefix)

    def _requester_pays(self, name: str) -> bool:
        """False where the settings are denied: then listing itself is refused if it would cost."""
        try:
            return requester_pays(self._settings(name))
        except ReadError as error:
            if error.reason is GapReason.DENIED:
                return False
            raise

    def open(self, unit: Unit) -> BinaryIO:
        return open_unit(ObjectsClient(self._clients().storage, self._access), unit)

    # --- doctor -------------------------------------------------------------------

    def permissions(self) -> Iterable[Permission]:
        try:
            clients = self._clients()
        except ReadError as error:
            yield Permission("Google credentials", False, error.detail)
            return
        yield from doctor.permissions(
            clients.project, self._options.named, clients.rest, self._options.anonymous
        )

    def policy(self) -> str:
        return doctor.policy(self._options.project)

    # --- clients, made when first needed ------------------------------------------

    def _clients(self) -> _Clients:
        """Raises ReadError(DENIED) if no credentials can be had."""
        if self._made is None:
            found, project = credentials(self._options, self._access)
            self._made = _Clients(self._options, project, found, self._access)
        return self._made


class _Clients:
    """One session, and the two ways to use it."""

    def __init__(
        self,
        options: GcsOptions,
        project: str | None,
        found: google.auth.credentials.Credentials,
        access: Access,
    ) -> None:
        self.project = project
        self.session = session(found, access)
        self.rest = Rest(options, self.session, access)
        self.storage: storage.Client = storage_client(options, project, found, self.session, access)
