"""What a text remembers is what looking at it anew would tell."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from scanner.common.nearby import Context, Near
from scanner.common.reading import Cues, read, runs

_TEXTS = st.text(st.one_of(st.sampled_from("aZ09 .-é٣İß\n\ud800"), st.characters()), max_size=60)


@given(_TEXTS)
def test_numbers_and_runs(text: str) -> None:
    reading = read(text)
    assert reading.numbers == [m.span() for m in re.finditer("[0-9]+", text)]
    assert len(reading.lowered) == len(text)
    assert reading.runs == re.findall("[a-z]+", reading.lowered) == runs(reading.lowered)


@given(_TEXTS, st.sets(st.text("az", min_size=1, max_size=2), max_size=4))
def test_begins(text: str, words: set[str]) -> None:
    expression = re.compile(r"(?<![^\W_])[a-z]+(?![^\W\d_])")
    lowered = read(text).lowered
    wanted = [m.start() for m in expression.finditer(lowered) if m[0] in words]
    assert read(text).begins(Cues(words)) == read(text).begins(frozenset(words)) == wanted


def test_words_told_after_a_text_was_asked_are_found_in_it() -> None:
    reading = read("A xylotheque, once.")
    assert "xylotheque" not in reading.cues
    assert reading.speaks(Cues(("xylotheque",))) == {"xylotheque"}


def test_words_told_by_many_threads_at_once_are_all_waited_for() -> None:
    words = [f"zq{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(300)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda word: Context((word,)), words))
    text = read(" ".join(words))
    assert text.cues >= set(words)
    assert Context.every >= set(words)


def test_words_that_begin_with_no_letter_support_too() -> None:
    wanted = Context(("№", "(ref)"))
    assert Near("№ 12345", 2, 7).support(wanted) == ("№", True)
    assert Near("see (ref) 12345", 10, 15).support(wanted) == ("(ref)", True)
