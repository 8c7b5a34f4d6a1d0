"""Pieces in, what was seen out: asks the detector what words and tables are about."""

from __future__ import annotations

import dataclasses

from scanner.contracts import Detects
from scanner.model import Gap
from scanner.release import grids, weighing
from scanner.release.pieces import Found, Grid, Presence, TextPiece, Where
from scanner.release.results import Seen
from scanner.release.tallying import Tally

_TEXTS_AT_ONCE = 64
_CHARS_AT_ONCE = 1_000_000


@dataclasses.dataclass(slots=True)
class _Words:
    strong: Tally = dataclasses.field(default_factory=Tally)
    weak: Tally = dataclasses.field(default_factory=Tally)
    size: int = 0


class Judge:
    """Takes the pieces of one file; `finish` gives what may leave the worker."""

    def __init__(self, detector: Detects) -> None:
        self._detector = detector
        self._texts: list[TextPiece] = []
        self._chars = 0
        self._words: dict[tuple[Where, str], _Words] = {}
        self._seen: list[Seen] = []
        self._said: set[Seen] = set()
        """What was told once: a thousand comments have few authors."""
        self._visible = Tally()
        self.gaps: list[Gap] = []

    def take(self, piece: Found) -> None:
        if isinstance(piece, Gap):
            self.gaps.append(piece)
        elif isinstance(piece, Presence):
            seen = Seen(piece.where, piece.hiding, detail=piece.detail, level=piece.level, kind=piece.kind)
            if seen not in self._said:
                self._said.add(seen)
                self._seen.append(seen)
        elif isinstance(piece, Grid):
            judged = grids.judge(piece, self._detector)
            self._seen.extend(judged.seen)
            self._visible.merge(judged.visible)
        elif piece.text.strip():
            self._texts.append(piece)
            self._chars += len(piece.text)
            if len(self._texts) >= _TEXTS_AT_ONCE or self._chars >= _CHARS_AT_ONCE:
                self._flush()

    def finish(self) -> tuple[Seen, ...]:
        self._flush()
        return self.found()

    def found(self) -> tuple[Seen, ...]:
        """What was judged so far."""
        for (where, hiding), words in self._words.items():
            self._seen.append(
                Seen(
                    where,
                    hiding,
                    words.strong.counts(),
                    words.weak.counts(),
                    0,
                    words.size,
                    words.strong.people,
                )
            )
        self._words.clear()
        return tuple(self._seen)

    @property
    def contacts(self) -> int:
        return self._visible.contacts

    @property
    def names(self) -> int:
        return self._visible.names

    def _flush(self) -> None:
        pieces, self._texts, self._chars = self._texts, [], 0
        if not pieces:
            return
        for piece, hits in zip(pieces, self._detector.text([p.text for p in pieces]), strict=True):
            words = self._words.setdefault((piece.where, piece.hiding), _Words())
            words.size += len(piece.text)
            for tally, found in zip(
                (words.strong, words.weak), weighing.split(piece.text, hits), strict=True
            ):
                for hit in found:
                    tally.add(hit.entity_type, (piece.text[hit.start : hit.end],))
                    if tally is words.strong and not piece.hiding:
                        self._visible.add(hit.entity_type, (piece.text[hit.start : hit.end],))
