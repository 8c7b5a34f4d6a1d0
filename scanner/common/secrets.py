"""Credentials by reference: resolved where they are used, kept nowhere."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from scanner.errors import ReadError
from scanner.model import GapReason

FORMS = "env:NAME, file:PATH, keyring:SERVICE/USER or a Secrets Manager ARN"


def is_reference(text: str) -> bool:
    """True for the forms that `resolve` takes; anything else would be the secret itself."""
    return text.startswith(("env:", "file:", "keyring:", "arn:aws:secretsmanager:"))


def resolve(reference: str) -> str:
    """The secret behind a reference.

    Raises ReadError(DENIED) naming the reference, never the secret.
    """
    kind, _, rest = reference.partition(":")
    if kind == "env":
        if rest in os.environ:
            return os.environ[rest]
        raise _denied(reference, f"set the environment variable {rest}")
    if kind == "file":
        return _from_file(reference, Path(rest).expanduser())
    if kind == "keyring":
        return _from_keyring(reference, rest)
    if reference.startswith("arn:aws:secretsmanager:"):
        return _from_secrets_manager(reference)
    raise _denied("(a secret given in place of a reference)", f"use {FORMS}")


def _denied(reference: str, remedy: str) -> ReadError:
    return ReadError(GapReason.DENIED, f"the credential {reference} cannot be had", remedy)


def _from_file(reference: str, path: Path) -> str:
    try:
        if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH) and path.parent != Path("/run/secrets"):
            raise _denied(reference, f"make {path} readable by its owner only (chmod 600)")
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise _denied(reference, f"make {path} readable ({error.strerror})") from None


def _from_keyring(reference: str, rest: str) -> str:
    try:
        import keyring
        import keyring.errors
    except ModuleNotFoundError:
        raise _denied(reference, 'pip install "dpscan[keyring]"') from None
    service, _, user = rest.partition("/")
    try:
        secret = keyring.get_password(service, user)
    except keyring.errors.KeyringError:
        secret = None
    if secret is None:
        raise _denied(reference, f"store it: keyring set {service} {user}")
    return str(secret)


def _from_secrets_manager(reference: str) -> str:
    import boto3
    import botocore.exceptions

    region = reference.split(":")[3]
    try:
        client = boto3.client("secretsmanager", region_name=region)
        return str(client.get_secret_value(SecretId=reference)["SecretString"])
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError, KeyError):
        raise _denied(reference, "grant secretsmanager:GetSecretValue on it") from None
