"""The closed vocabularies: states, bases, reasons, verdicts, bands.

Denied, absent and default are three different things everywhere, so none of
these enumerations may be used as a truth value: `bool(State.UNKNOWN)` raises.
"""

from __future__ import annotations

import enum
from typing import NoReturn


class _NotATruthValue(enum.Enum):
    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has more than two answers; compare it by name")


class State(_NotATruthValue):
    """What is known of one safeguard at one place."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


class Verdict(_NotATruthValue):
    """What a rule says of one subject (three-valued logic, plus "does not apply")."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


class Presence(_NotATruthValue):
    """Whether a category of personal data was seen (free-text mentions are only possible)."""

    YES = "yes"
    POSSIBLE = "possible"
    NOT_FOUND = "not found"
    NOT_ASSESSED = "not assessed"


class Basis(enum.Enum):
    """How a piece of evidence came to be known."""

    EXPLICIT = "explicit"
    """Read from an API answer, a system view or an attribute."""
    PROVIDER_DEFAULT = "provider default"
    """Not set by the department; the provider documents what then holds."""
    COMPUTED = "computed after apply"
    """A declared store whose value exists only once it is built."""
    DENIED = "denied"
    """We asked and were refused."""
    NOT_OBSERVABLE = "not observable"
    """This connector has no way to see it (a mounted share's disk encryption, say)."""
    FAILED = "failed"
    """We asked and the call broke (time-out, server error)."""

    @property
    def strength(self) -> int:
        """Greater is stronger; a finding is fixed only on evidence no weaker than before."""
        return _STRENGTH[self]


_STRENGTH = {
    Basis.EXPLICIT: 3,
    Basis.PROVIDER_DEFAULT: 2,
    Basis.COMPUTED: 1,
    Basis.DENIED: 0,
    Basis.NOT_OBSERVABLE: 0,
    Basis.FAILED: 0,
}


class Origin(enum.Enum):
    """Whether a store was seen through an API or in infrastructure code."""

    LIVE = "live"
    DECLARED = "declared"


class GapReason(enum.Enum):
    """Why something was not read or not seen."""

    DENIED = "denied"
    UNREACHABLE = "unreachable"
    VANISHED = "vanished"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    UNSUPPORTED = "unsupported"
    MISSING_EXTRA = "missing extra"
    LIMIT = "limit"
    TIMEOUT = "timeout"
    COSTLY = "costly"
    EXCLUDED = "excluded"
    SAMPLED_OUT = "sampled out"
    FAULT = "fault"

    @property
    def chosen(self) -> bool:
        """True where we decided not to read; False where we could not."""
        return self in (GapReason.COSTLY, GapReason.EXCLUDED, GapReason.SAMPLED_OUT)


class Stage(enum.Enum):
    """Where in the flow a gap arose."""

    ENUMERATE = "enumerate"
    EVIDENCE = "evidence"
    LIST = "list"
    READ = "read"
    EXTRACT = "extract"
    DETECT = "detect"
    JUDGE = "judge"


class Inspected(enum.Enum):
    """How much of a store's content was looked at."""

    ALL = "all"
    SAMPLED = "sampled"
    NONE = "none"


class Sensitivity(enum.IntEnum):
    """S0 none found, S1 ordinary, S2 higher impact, S3 Article 9/10 or people at risk."""

    S0 = 0
    S1 = 1
    S2 = 2
    S3 = 3


class Exposure(enum.IntEnum):
    """Who can reach a store, from named staff (E0) to anybody (E4)."""

    E0 = 0
    E1 = 1
    E2 = 2
    E3 = 3
    E4 = 4

    @property
    def label(self) -> str:
        return ("restricted", "internal", "third party", "internet+login", "public")[self]


class Severity(enum.IntEnum):
    """Bands in rising order."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.capitalize()


class Observed(enum.Enum):
    """What the scanner saw of a finding over time. People never set this."""

    OPEN = "open"
    FIXED = "fixed"
    NOT_RECHECKED = "not re-checked"
    GONE = "gone"
    REOPENED = "reopened"


class Workflow(enum.Enum):
    """What people decided about a finding. The scanner never sets this."""

    NEW = "new"
    IN_PROGRESS = "in progress"
    ACCEPTED = "accepted"
    FALSE_POSITIVE = "false positive"
    DONE = "done"
