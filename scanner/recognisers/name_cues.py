"""One bit for each family of written patterns for names: which of them a text could match."""

from __future__ import annotations

TITLED, DEAR, SEVERAL, SINGLE, SUBJECT, LABEL, COMMA, RUN = (1 << i for i in range(8))
RELATIVE, RANK, GIVEN, KIND, TOWN, AGED, SMALL, SPEAKER = (1 << i for i in range(8, 16))
EVERYTHING = (1 << 16) - 1
