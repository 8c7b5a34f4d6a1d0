"""The services of a Compose file: which are databases, who can reach them, and what their settings say.

"Compose file reference", Docker's documentation: ports without an address are published on every
address of the host, past the host's own firewall; `${NAME:-word}` takes a word where nothing is set.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.declared.assembling import assemble
from scanner.declared.containers import Container, Setting, is_client, said
from scanner.declared.images import Engine, engine_of
from scanner.declared.located import Block, Broken, line_paths, read_yaml
from scanner.declared.model import DeclaredStore, Location, Resource, Unknown
from scanner.declared.stating import Look, Said

_LARGEST = 4 * 1024 * 1024
_VARIABLE = re.compile(r"\$\$|\$(?:\{(?P<name>\w+)(?:(?P<mark>:?[-?+])(?P<word>[^}]*))?\}|(?P<plain>\w+))")
_LOOPBACK = ("127.", "localhost", "[::1]", "::1")
_MOST_EXTENDED = 8


def read(path: Path) -> Block | None:
    """The document; None where it holds no services. Raises `Broken`, OSError, UnicodeDecodeError."""
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise Broken(1, 1, f"expected a Compose file of at most {_LARGEST // 1024 // 1024} MB")
    documents = read_yaml(data.decode("utf-8-sig"), lambda _, value: value)
    document = documents[0] if documents else None
    return document if isinstance(document, Block) and isinstance(document.get("services"), Block) else None


class Project:
    """One Compose file with what lies beside it."""

    def __init__(self, folder: Path, file: str, document: Block, others: Mapping[str, Block | None]) -> None:
        self._folder, self._file, self._document, self._others = folder, file, document, others
        self._here = file.rpartition("/")[0]
        self._defaults = self._env_file(".env") or {}

    def stores(self) -> Iterator[DeclaredStore]:
        services = self._document["services"]
        for name, node in services.items():
            if not isinstance(node, Block):
                continue
            merged = self._extended(node, self._document, 0)
            line = services.lines.get(name, node.line)
            lines = line_paths(merged)
            resource = Resource(
                name,
                "service",
                merged,
                Location(self._file, line, max([line, *line_paths(node).values()])),
                lines,
            )
            look = Look(resource, raw=merged)
            container = self._container(merged)
            engine = engine_of(container.image)
            if engine is None or is_client(container):
                continue
            told = [*said(look, container, engine), *self._exposed(look, merged, engine), *_disk(look)]
            labels = merged.get("labels")
            yield assemble(
                resource, told, kind=engine.kind, provider="docker", name=name, tags=_labels(labels)
            )  # fmt: skip

    def _extended(self, node: Block, document: Block, depth: int) -> Block:
        """The service with what it extends, its own keys first."""
        source = node.get("extends")
        if source is None or depth > _MOST_EXTENDED:
            return node
        name = source.get("service") if isinstance(source, Mapping) else source
        file = source.get("file") if isinstance(source, Mapping) else None
        if isinstance(file, str):
            path = posixpath.normpath(posixpath.join(self._here, file))
            other = self._others.get(path)
            if other is None:
                return node
            document = other
        services = document.get("services")
        base = services.get(name) if isinstance(services, Block) and isinstance(name, str) else None
        if not isinstance(base, Block):
            return node
        merged = Block(node.line)
        # Lines of another file would point into this one, so what is taken from there has the service's.
        elsewhere = isinstance(file, str)
        for part in (self._extended(base, document, depth + 1), node):
            for key, value in part.items():
                merged[key] = value
                merged.lines[key] = (
                    node.line if part is not node and elsewhere else part.lines.get(key, node.line)
                )
        return merged

    # --- one service ------------------------------------------------------------------

    def _container(self, node: Block) -> Container:
        env: dict[str, Setting] = {}
        unknown = ""
        for path, name in _files(node.get("env_file")):
            values = self._env_file(name)
            if values is None:
                unknown = f"{name} is not among these files"
            else:
                env |= {key: Setting(value, path) for key, value in values.items()}
        environment = node.get("environment")
        if isinstance(environment, Mapping):
            for key, value in environment.items():
                env[str(key)] = Setting(self._word(value), f"environment.{key}")
        elif isinstance(environment, list):
            for number, item in enumerate(environment):
                key, equals, value = str(item).partition("=")
                given = self._word(value) if equals else Unknown(f"{key} is taken from whoever starts it")
                env[key] = Setting(given, f"environment.{number}")
        words = [*_words(node.get("entrypoint")), *_words(node.get("command"))]
        args_path = "command" if "command" in node else "entrypoint" if "entrypoint" in node else ""
        mounts = [target for _, target in _volumes(node)]
        configs = node.get("configs")
        for item in configs if isinstance(configs, list) else ():
            if isinstance(item, Mapping) and isinstance(item.get("target"), str):
                mounts.append(item["target"])
        return Container(self._word(node.get("image")), "", env, words, args_path, mounts, unknown)

    def _word(self, value: Any) -> Any:
        """A value with variables filled in by their defaults and `.env`; Unknown if one has neither."""
        if isinstance(value, bool):
            return str(value).lower()
        if not isinstance(value, str):
            return "" if value is None else str(value)
        missing = ""

        def fill(match: re.Match[str]) -> str:
            nonlocal missing
            if match[0] == "$$":
                return "$"
            name = match["name"] or match["plain"]
            known = self._defaults.get(name, "")
            if known or (match["mark"] or "").endswith("-"):
                return known or match["word"] or ""
            missing = missing or name
            return ""

        filled = _VARIABLE.sub(fill, value)
        return Unknown(f"variable {missing} has no default") if missing else filled

    def _env_file(self, name: str) -> dict[str, Any] | None:
        """The variables of a file beside this one; None if it is not there or lies outside."""
        path = posixpath.normpath(posixpath.join(self._here, name))
        if path.startswith(("..", "/")):
            return None
        try:
            text = (self._folder / path).read_bytes()[:1_000_000].decode("utf-8", "replace")
        except OSError:
            return None
        found = {}
        for line in text.splitlines():
            key, equals, value = line.strip().removeprefix("export ").partition("=")
            if equals and not key.startswith("#"):
                found[key.strip()] = value.strip().strip("\"'")
        return found

    def _exposed(self, look: Look, node: Block, engine: Engine) -> Iterator[Said]:
        if node.get("network_mode") == "host":
            reason = "it listens on the host's own addresses; who reaches the host is not in the file"
            yield look.unknown("public_endpoint_disabled", reason, "network_mode")
            return
        ports = node.get("ports")
        published = ""
        for number, port in enumerate(ports if isinstance(ports, list) else ()):
            path = f"ports.{number}"
            address, target, to_host = self._port(port)
            if isinstance(address, Unknown):
                yield look.unknown("public_endpoint_disabled", address, path)
                return
            known = target == 0 or target in engine.ports
            if to_host and known and not address.startswith(_LOOPBACK):
                published = path
        if published:
            reason = "its port is published on every address of the host, past the host's firewall"
            yield look.say("public_endpoint_disabled", False, published, reason)
        elif isinstance(ports, list) and ports:
            yield look.say("public_endpoint_disabled", True, "ports", "published on the host itself only")
        else:
            yield look.say("public_endpoint_disabled", True, "", "no port is published", default=True)

    def _port(self, port: Any) -> tuple[Any, int, bool]:
        """(address or "", port inside the container or 0, whether it is published) of an item of `ports`."""
        if isinstance(port, Mapping):
            address = self._word(port.get("host_ip"))
            target = str(port.get("target", ""))
            return address, int(target) if target.isdigit() else 0, "published" in port
        word = self._word(port)
        if isinstance(word, Unknown):
            # Where the variable is only the host's port, the address is known: there is none.
            return (
                ("", 0, True)
                if not str(port).startswith("${") or str(port).count(":") == 1
                else (word, 0, True)
            )
        plain = word.partition("/")[0]
        address, _, rest = plain.rpartition("]:") if plain.startswith("[") else ("", "", plain)
        parts = rest.split(":")
        if not address and len(parts) >= 3:
            address, parts = ":".join(parts[:-2]), parts[-2:]
        target = parts[-1].partition("-")[0]
        # A port alone gets one of the host's, on every address.
        return address.lstrip("["), int(target) if target.isdigit() else 0, True


def _disk(look: Look) -> Iterator[Said]:
    yield look.unknown("encryption_at_rest", "the disk of the host that runs it is not in the file")
    yield look.unknown("backup_enabled", "no backup is declared with it; one may be made from outside")


def _files(given: Any) -> Iterator[tuple[str, str]]:
    """(path, name) of every env file."""
    listed = given if isinstance(given, list) else [given] if given else []
    for number, item in enumerate(listed):
        name = item.get("path") if isinstance(item, Mapping) else item
        if isinstance(name, str):
            yield (f"env_file.{number}" if isinstance(given, list) else "env_file"), name


def _words(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    if not isinstance(value, str):
        return []
    try:
        return shlex.split(value)
    except ValueError:
        return value.split()


def _volumes(node: Block) -> Iterator[tuple[str, str]]:
    """(source, path in the container) of every mount."""
    volumes = node.get("volumes")
    for item in volumes if isinstance(volumes, list) else ():
        if isinstance(item, Mapping):
            yield str(item.get("source", "")), str(item.get("target", ""))
        else:
            parts = str(item).split(":")
            yield (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])


def _labels(labels: Any) -> dict[str, str]:
    if isinstance(labels, Mapping):
        return {str(k).rpartition("/")[2]: str(v) for k, v in labels.items()}
    pairs = (str(item).partition("=") for item in labels) if isinstance(labels, list) else ()
    return {key: value for key, equals, value in pairs if equals}
