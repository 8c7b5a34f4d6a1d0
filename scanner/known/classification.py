"""What a tag such as `data_classification = OFFICIAL-SENSITIVE` says of a store that is not known otherwise.

A tag may raise a severity and never lowers one: it is written by whoever writes the change, and
`public` or `none` is no proof that nobody's data is in there. Keys are compared without case and
punctuation, so that `DataClassification`, `data-classification` and `data_classification` are one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from scanner.model import Sensitivity

_CLASS_KEYS = frozenset((
    "dataclassification", "classification", "dataclass", "dataclassificationlevel", "classificationlevel",
    "securityclassification", "informationclassification", "protectivemarking", "gscp", "datasensitivity",
    "sensitivity", "sensitivitylevel", "datacategory", "datacategories", "datatype", "informationtype",
    "confidentiality", "dataprotection", "privacy", "privacylevel",
))  # fmt: skip
_YES_KEYS = {
    "pii": Sensitivity.S2, "containspii": Sensitivity.S2, "haspii": Sensitivity.S2, "personaldata": Sensitivity.S2,
    "containspersonaldata": Sensitivity.S2, "personal": Sensitivity.S2, "gdpr": Sensitivity.S2,
    "gdprrelevant": Sensitivity.S2, "ukgdpr": Sensitivity.S2, "dpa": Sensitivity.S2, "phi": Sensitivity.S3,
    "containsphi": Sensitivity.S3, "healthdata": Sensitivity.S3, "hipaa": Sensitivity.S3,
    "specialcategory": Sensitivity.S3, "specialcategorydata": Sensitivity.S3, "criminaloffencedata": Sensitivity.S3,
}  # fmt: skip
"""Keys that ask yes or no."""
_YES = frozenset(("true", "yes", "y", "1", "on", "high", "contains", "required", "relevant"))
_S3 = re.compile(
    r"\b(?:special|health|medical|clinical|patient|phi|criminal|offen[cs]e|justice|biometric|genetic|"
    r"safeguarding|article ?9|art ?9|article ?10|top ?secret|secret|highly ?confidential|highly ?restricted)\b"
)
_S2 = re.compile(
    r"\b(?:official sensitive|officialsensitive|o s|sensitive|confidential|restricted|personal|pii|gdpr|"
    r"personally identifiable|customer|citizen|staff|hr|private)\b"
)
_NOT = re.compile(r"\b(?:no|not|none|non|without|never)\b")


def sensitivity(tags: Mapping[str, str] | None) -> tuple[Sensitivity | None, str]:
    """(what the tags declare at least, the key that says so); None where they declare nothing that raises."""
    found: tuple[Sensitivity | None, str] = (None, "")
    for key, value in (tags or {}).items():
        band = _said(re.sub(r"[\s_:.\-/]", "", key).lower(), value)
        if band is not None and (found[0] is None or band > found[0]):
            found = (band, key)
    return found


def _said(key: str, value: str) -> Sensitivity | None:
    words = re.sub(r"[^a-z0-9]+", " ", value.lower()).strip()
    if key in _YES_KEYS and words in _YES:
        return _YES_KEYS[key]
    if key not in _CLASS_KEYS and key not in _YES_KEYS:
        return None
    if _NOT.search(words):
        return None
    if _S3.search(words):
        return Sensitivity.S3
    return Sensitivity.S2 if _S2.search(words) else None
