"""Reads bytes the way the core does, and looks at what came out."""

from __future__ import annotations

import dataclasses
import io

from scanner.contents import open_content, read_content
from scanner.contracts import Limits, TableFragment, TextFragment
from scanner.model import Gap, GapReason, Place, Span


@dataclasses.dataclass
class Out:
    tables: list[TableFragment]
    texts: list[TextFragment]
    gaps: list[Gap]

    @property
    def reasons(self) -> list[GapReason]:
        return [gap.reason for gap in self.gaps]

    @property
    def everything(self) -> str:
        """All cells and texts."""
        words = [t.text for t in self.texts]
        for table in self.tables:
            for cells in table.columns.values():
                words += [cell for cell in cells if cell]
        return "\n".join(words)

    @property
    def hidden(self) -> str:
        return "\n".join(t.text for t in self.texts if t.hidden)

    @property
    def visible(self) -> str:
        return "\n".join(t.text for t in self.texts if not t.hidden)

    @property
    def columns(self) -> list[str]:
        return list(self.tables[0].columns) if self.tables else []

    @property
    def places(self) -> set[str]:
        return {f.place.text for f in [*self.tables, *self.texts]}

    def column(self, name: str) -> list[str | None]:
        return [cell for t in self.tables for cell in t.columns.get(name, ())]

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        return [row for t in self.tables for row in zip(*t.columns.values(), strict=True)]


def read(
    data: bytes, name: str = "file", limits: Limits | None = None, span: tuple[int, int] | None = None
) -> Out:
    place = Place((("object", name),))
    content = open_content(
        io.BytesIO(data), name, place, len(data), limits or Limits(), Span(*span) if span else None
    )
    out = Out([], [], [])
    for item in read_content(content):
        if isinstance(item, TableFragment):
            assert len({len(cells) for cells in item.columns.values()}) <= 1, "columns of equal length"
            out.tables.append(item)
        elif isinstance(item, TextFragment):
            out.texts.append(item)
        else:
            assert isinstance(item, Gap)
            out.gaps.append(item)
    return out
