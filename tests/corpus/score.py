"""How well columns are judged on the development corpus.

python -m tests.corpus.score [--apart | --products] [--names] [--wrong] [--seed N]
"""

from __future__ import annotations

import argparse
import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from scanner.columns import judge_columns
from scanner.model import ColumnResult, entity
from tests.corpus import apart, products
from tests.corpus.tables import Table, tables

Judge = Callable[[Mapping[str, Sequence[str | None]]], dict[str, ColumnResult]]
Source = Callable[[str, int], Iterable[Table]]
_SPECIAL_GROUPS = ("special", "offence")


@dataclasses.dataclass(frozen=True)
class Mistake:
    """One column not judged as it should be."""

    kind: str
    """`miss` a type, `label` on a harmless column, or a type `inside` a text not seen."""
    wanted: str | None
    given: str | None
    seen: tuple[str, ...]
    table: str
    concept: str
    header: str
    dressing: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        where = f"{self.dressing} {self.table}.{self.concept} [{self.header}]"
        return f"{self.kind:6} {self.wanted} {where}: {self.given} {list(self.seen)} {self.reasons}"


@dataclasses.dataclass
class Score:
    hit: Counter[str]
    wrong: Counter[str]
    """By the type given."""
    missed: Counter[str]
    harmless: int = 0
    labelled: int = 0
    special: int = 0
    special_found: int = 0
    inside: int = 0
    """Types that stand in free text."""
    inside_found: int = 0
    errors: list[Mistake] = dataclasses.field(default_factory=list)

    @property
    def f1(self) -> float:
        hit, wrong, missed = (
            sum(n for name, n in counted.items() if entity(name).group not in _SPECIAL_GROUPS)
            for counted in (self.hit, self.wrong, self.missed)
        )
        return 2 * hit / (2 * hit + wrong + missed) if hit else 0.0

    @property
    def harmless_rate(self) -> float:
        return self.labelled / self.harmless if self.harmless else 0.0

    @property
    def special_rate(self) -> float:
        return self.special_found / self.special if self.special else 0.0


def patterns_only() -> Judge:
    """Columns judged without a names model."""
    from scanner.recognisers.uk import UkRecogniser

    uk = UkRecogniser()

    def text(texts: Sequence[str]) -> list[list]:  # type: ignore[type-arg]
        return [list(found) for found in uk.text(texts)]

    return lambda columns: judge_columns(
        columns, identifiers=uk.identifiers(), detect_text=text, detect_names=None
    )


def score(
    judge: Judge, dressing: str, seed: int = 7, *, all_columns: bool = False, source: Source = tables
) -> Score:
    """Identifiers are scored by F1; Article 9/10 columns by whether they were found; the rest must stay None.

    Under misleading headers, columns whose values cannot tell are left out unless `all_columns`.
    """
    total = Score(Counter(), Counter(), Counter())
    for table in source(dressing, seed):
        found = judge(table.columns)
        _count(total, table, found, all_columns)
    return total


def _count(total: Score, table: Table, found: dict[str, ColumnResult], all_columns: bool) -> None:
    for header, concept in table.truth.items():
        result = found[header]
        given, wanted = result.entity_type, concept.label

        def note(kind: str, type_: str | None, result: ColumnResult = result, header: str = header) -> None:
            total.errors.append(
                Mistake(
                    kind, type_, result.entity_type, tuple(sorted(result.types)), table.name,
                    table.truth[header].name, header, table.dressing, result.reasons,
                )
            )  # fmt: skip

        for inside in concept.contains:
            total.inside += 1
            total.inside_found += inside in result.types
            if inside not in result.types:
                note("inside", inside)
        if wanted is None:
            total.harmless += 1
            if given is not None or (result.types and not concept.contains):
                total.labelled += given is not None
                note("label", None)
            if given is not None and entity(given).group not in _SPECIAL_GROUPS:
                total.wrong[given] += 1
            continue
        if table.dressing != "informative" and not concept.decidable and not all_columns:
            continue
        if entity(wanted).group in _SPECIAL_GROUPS:
            total.special += 1
            ok = given == wanted
            (total.hit if ok else total.missed)[wanted] += 1
            total.special_found += ok
            if not ok:
                note("miss", wanted)
            continue
        if given == wanted or given in concept.also:
            total.hit[wanted] += 1
        else:
            total.missed[wanted] += 1
            if given is not None:
                total.wrong[given] += 1
            note("miss", wanted)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Score column judgement on the synthetic development corpus."
    )
    parser.add_argument("--apart", action="store_true", help="the second corpus (tests/corpus/apart.py)")
    parser.add_argument("--products", action="store_true", help="the third corpus (tests/corpus/products.py)")
    parser.add_argument("--names", action="store_true", help="with the installed names model")
    parser.add_argument("--wrong", action="store_true", help="list what is wrong")
    parser.add_argument("--types", action="store_true", help="precision and recall per type")
    parser.add_argument("--all", action="store_true", help="also columns whose values cannot tell")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    judge = patterns_only()
    if args.names:
        from scanner import Detector

        judge = Detector().columns
    source = apart.tables if args.apart else products.tables if args.products else tables
    for dressing in ("informative", "cryptic", "misleading"):
        s = score(judge, dressing, args.seed, all_columns=args.all, source=source)
        print(
            f"{dressing:12} identifier F1 {s.f1:.3f}  harmless labelled {s.labelled}/{s.harmless} = {s.harmless_rate:.3f}"
            f"  Art 9/10 found {s.special_found}/{s.special} = {s.special_rate:.3f}  in text {s.inside_found}/{s.inside}"
        )
        if args.types:
            for name in sorted(s.hit | s.wrong | s.missed):
                hit, wrong, missed = s.hit[name], s.wrong[name], s.missed[name]
                print(
                    f"    {name:28} precision {hit / max(1, hit + wrong):.2f} recall {hit / max(1, hit + missed):.2f} n {hit + missed}"
                )
        if args.wrong:
            print("\n".join(f"  {e}" for e in s.errors))


if __name__ == "__main__":
    main()
