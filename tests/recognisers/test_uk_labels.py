"""Labels and anchors looked for by their first letters are the ones that stand in a text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.common.reading import read
from scanner.recognisers.uk import engine

_LABELS = sorted({label for label, _ in engine._tables().labels})
_PIECES = st.one_of(
    st.sampled_from(_LABELS),
    st.sampled_from([": ", "=", " is ", "_", "-", "'", "7", "é", " ", "x", "\n", "K4711", "jsmith4", "’"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=8).map("".join))
def test_no_label_is_left_out(text: str) -> None:
    reading = read(text)
    lowered, by_word = reading.lowered, engine._tables().by_word
    looked_for = {label for word in by_word.keys() & reading.runs for label, _ in by_word[word]}
    for label in _LABELS:
        at = lowered.find(label)
        while at >= 0:
            end = at + len(label)
            stands = not (at and lowered[at - 1].isalpha()) and not lowered[end : end + 1].isalnum()
            assert not stands or label in looked_for
            at = lowered.find(label, end)
