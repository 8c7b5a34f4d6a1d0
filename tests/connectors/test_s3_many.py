"""An account with many buckets: asked about several at once, with the same estate as one by one.

`python -m tests.connectors.test_s3_many BUCKETS MILLISECONDS` measures it, each call delayed.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from scanner.estate import Estate, enumerate_estate
from scanner.examine import Target
from scanner.model import Evidence, Gap
from scanner.testing.connectors import access
from tests.servers.s3 import MotoS3

BUCKETS = 24


class Slow:
    """Delays every call of boto3 clients, and counts how many are under way."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.calls, self.now, self.most = seconds, 0, 0, 0
        self._lock = threading.Lock()

    def send(self, original: Any) -> Any:
        def delayed(*arguments: Any, **keys: Any) -> Any:
            with self._lock:
                self.calls, self.now = self.calls + 1, self.now + 1
                self.most = max(self.most, self.now)
            time.sleep(self.seconds)
            try:
                return original(*arguments, **keys)
            finally:
                with self._lock:
                    self.now -= 1

        return delayed


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    import botocore.httpsession

    made = Slow(0.02)
    session = botocore.httpsession.URLLib3Session
    monkeypatch.setattr(session, "send", made.send(session.send))
    return made


@pytest.fixture
def account(moto_s3: MotoS3, monkeypatch: pytest.MonkeyPatch) -> Iterator[MotoS3]:
    for name, text in moto_s3.proxied_env.items():
        monkeypatch.setenv(name, text)
    fill(moto_s3, BUCKETS)
    yield moto_s3
    moto_s3.recorded.clear()
    for number in range(BUCKETS):
        moto_s3.client().delete_bucket(Bucket=f"synthetic-many-{number:03}")


def fill(server: MotoS3, buckets: int) -> None:
    client = server.client()
    for number in range(buckets):
        name = f"synthetic-many-{number:03}"
        server.bucket(name)
        if number % 3 == 0:
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        if number % 4 == 0:
            tags = {"TagSet": [{"Key": "owner", "Value": f"team {number}"}]}
            client.put_bucket_tagging(Bucket=name, Tagging=tags)


def estate(at_once: int) -> Estate:
    target = Target("aws", "s3", {}, access("aws", requests_in_flight=at_once))
    found = enumerate_estate({"aws": target}, {}, lambda _: None, lambda _: None)
    found.close()
    return found


def facts(found: Estate) -> tuple[list[Any], list[Evidence], list[Gap], set[str]]:
    return [merged.store for merged in found.stores], found.evidence, found.gaps, found.cut_short


def test_several_at_once_say_the_same_in_the_same_order(account: MotoS3, slow: Slow) -> None:
    one_by_one = estate(1)
    assert slow.most == 1
    assert len(one_by_one.stores) >= BUCKETS
    together = estate(8)
    assert 1 < slow.most <= 8
    assert facts(together) == facts(one_by_one)
    tagged = {m.store.name: m.store.tags for m in together.stores if m.store.tags}
    assert tagged["synthetic-many-004"] == {"owner": "team 4"}
    assert all(m.store.region for m in together.stores)


def test_refusals_are_told_alike(account: MotoS3, slow: Slow) -> None:
    slow.seconds = 0.0
    refused = b"<Error><Code>AccessDenied</Code><Message>synthetic</Message></Error>"
    for word in ("tagging", "versioning", "publicAccessBlock"):
        account.recorded[word] = (403, refused)
    one_by_one, together = estate(1), estate(8)
    assert facts(together) == facts(one_by_one)
    assert len([gap for gap in together.gaps if gap.reason.value == "denied"]) >= BUCKETS


def measure(buckets: int, milliseconds: float) -> None:
    import os

    import botocore.httpsession

    from tests.servers import s3

    made = Slow(milliseconds / 1000)
    session = botocore.httpsession.URLLib3Session
    with s3.running_moto() as server:
        os.environ.update(server.proxied_env)
        fill(server, buckets)
        session.send = made.send(session.send)
        for at_once in (1, 8):
            made.calls, started, cpu = 0, time.monotonic(), time.process_time()
            found = estate(at_once)
            seconds, cpu = time.monotonic() - started, time.process_time() - cpu
            print(
                f"{len(found.stores)} buckets, {made.calls} calls delayed by {milliseconds:g} ms, "
                f"{at_once} at once: {seconds:.1f} s ({cpu:.1f} s of them computing)"
            )


if __name__ == "__main__":
    measure(int(sys.argv[1]), float(sys.argv[2]))
