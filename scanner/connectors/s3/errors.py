"""What the SDK's errors mean. Only error codes are looked at: messages may quote names or keys."""

from __future__ import annotations

import re

import botocore.exceptions as sdk

from scanner.errors import ReadError
from scanner.model import GapReason

SDK_ERRORS = (sdk.ClientError, sdk.BotoCoreError)
"""Everything botocore raises."""

_DENIED = frozenset(
    "AccessDenied AccessDeniedException AllAccessDisabled AccountProblem Forbidden Unauthorized "
    "UnauthorizedAccess UnauthorizedOperation NotSignedUp 401 403".split()
)
_CREDENTIALS = frozenset(
    "InvalidAccessKeyId InvalidClientTokenId SignatureDoesNotMatch ExpiredToken ExpiredTokenException "
    "InvalidToken TokenRefreshRequired UnrecognizedClientException AuthFailure InvalidSecurity".split()
)
_VANISHED = frozenset("NoSuchBucket NoSuchKey NoSuchVersion NotFound InvalidRange 404 416".split())
_UNSUPPORTED = frozenset("NotImplemented MethodNotAllowed UnsupportedOperation 405 501".split())
_TIMEOUT = frozenset("RequestTimeout RequestTimeoutException 408 504".split())
_BUSY = frozenset(
    "SlowDown ServiceUnavailable InternalError InternalFailure Throttling ThrottlingException "
    "TooManyRequestsException RequestLimitExceeded BadGateway OperationAborted 429 500 502 503".split()
)
_CODE = re.compile(r"[A-Za-z0-9._-]{1,60}")

LOG_IN = "check the target's credentials: access keys by reference, profile, role_arn, or the SDK's own chain"


def code_of(error: sdk.ClientError) -> str:
    """The error's code, cut down to what a code can look like."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code if _CODE.fullmatch(code) else "unnamed"


def status_of(error: sdk.ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def read_error(error: Exception, action: str) -> ReadError:
    """The reason, in our words. `action` is the IAM action that a refusal is lifted by."""
    if isinstance(error, sdk.ClientError):
        return _from_answer(error, action)
    if isinstance(error, (sdk.NoCredentialsError, sdk.PartialCredentialsError, sdk.CredentialRetrievalError)):
        return ReadError(GapReason.DENIED, "no usable credentials were found", LOG_IN)
    if isinstance(error, (sdk.TokenRetrievalError, sdk.SSOError)):
        return ReadError(GapReason.DENIED, "the single sign-on session has ended", "aws sso login")
    if isinstance(error, (sdk.ProfileNotFound, sdk.ConfigParseError, sdk.ConfigNotFound)):
        return ReadError(GapReason.DENIED, "the AWS profile cannot be read", LOG_IN)
    if isinstance(error, (sdk.ConnectTimeoutError, sdk.ReadTimeoutError)):
        return ReadError(GapReason.TIMEOUT, "the server did not answer in time", "limits.read_timeout")
    if isinstance(error, sdk.SSLError):
        return ReadError(
            GapReason.UNREACHABLE,
            "the server's certificate is not trusted, or TLS could not be agreed",
            "ca_bundle: the PEM file of the authority that signed it",
        )
    if isinstance(error, sdk.ProxyConnectionError):
        return ReadError(GapReason.UNREACHABLE, "the proxy does not answer", "HTTPS_PROXY and NO_PROXY")
    if isinstance(error, (sdk.IncompleteReadError, sdk.ResponseStreamingError)):
        return ReadError(GapReason.UNREACHABLE, "the answer broke off")
    if isinstance(error, (sdk.HTTPClientError, sdk.ConnectionError)):
        return ReadError(
            GapReason.UNREACHABLE,
            "the server cannot be reached",
            "endpoint_url, HTTPS_PROXY and NO_PROXY, or the network's rules",
        )
    return ReadError(GapReason.FAULT, f"the SDK failed with {type(error).__name__}")


def _from_answer(error: sdk.ClientError, action: str) -> ReadError:
    code, status = code_of(error), status_of(error)
    if error.operation_name in ("AssumeRole", "AssumeRoleWithWebIdentity"):
        return ReadError(
            GapReason.DENIED,
            f"the role could not be assumed ({code})",
            "sts:AssumeRole, and the role's trust policy",
        )
    if code in _CREDENTIALS:
        return ReadError(GapReason.DENIED, f"the credentials were refused ({code})", LOG_IN)
    if code in _DENIED or status in (401, 403):
        return ReadError(GapReason.DENIED, f"{action} is not granted ({code})", action)
    if code in _VANISHED:
        return ReadError(GapReason.VANISHED, f"it does not exist or no longer does ({code})")
    if code in _UNSUPPORTED or status in (405, 501):
        return ReadError(GapReason.UNSUPPORTED, f"the server does not offer {error.operation_name} ({code})")
    if code in _TIMEOUT:
        return ReadError(GapReason.TIMEOUT, f"the server did not answer in time ({code})")
    if code in _BUSY or status >= 500:
        return ReadError(GapReason.UNREACHABLE, f"the server is busy or broken ({code})")
    return ReadError(GapReason.FAULT, f"{error.operation_name} failed ({code})")
